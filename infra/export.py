"""The logical export: the journal with its checkpoints as files that are verified without Kette.

It is taken in one snapshot, up to the newest signed checkpoint, and checks every row on its way. The
same journal gives the same bytes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import Connection, IsolationLevel
from psycopg.rows import TupleRow

from domain.errors import JournalCorruptError
from infra import header
from infra.errors import ExportError
from infra.export_folder import (
    Export,
    half_made,
    read_export,
    write_file,
    write_segments,
    write_trailer,
)
from infra.export_form import (
    CHECKPOINTS,
    COMMANDS,
    CROSSINGS,
    EVENTS,
    IMPORTED,
    SEGMENT,
    SUFFIX,
    Listed,
    Trailer,
    read_note,
)
from infra.export_proof import GrowingProof
from infra.export_rows import Log
from infra.inspection import Bounds, bounds
from infra.notes import TreeHead
from infra.session import CONNECT_SECONDS, check_address, translated

_SELECT_LOG = "SELECT state, (SELECT max(size) FROM kette.checkpoints) FROM kette.log_head"
_SELECT_NOTE = "SELECT note FROM kette.checkpoints WHERE size = %s"


class _Standing(NamedTuple):
    """What the newest checkpoint stands for."""

    of: Bounds
    size: int
    note: str


def export(dsn: str, folder: Path, after: Path | None = None, segment: int = SEGMENT) -> Export:
    """Write an export of all up to the newest signed checkpoint into a new folder.

    Args:
        dsn: The database, as its owner.
        folder: Is made; nothing of it is left if something goes wrong.
        after: The export that this one continues; none: everything.
        segment: How many events a file holds at most.

    Raises:
        ExportError: If the folder is taken or cannot be written, if nothing is signed yet, or if
            ``after`` is not whole or not of this log.
        AlteredError: If a row is not as it was written.
        JournalUnavailableError: If the database cannot be reached.
    """
    before = None if after is None else read_export(after)
    with translated(), _snapshot(dsn) as connection, half_made(folder) as place:
        standing = _standing(connection)
        log = Log(connection, standing.of)
        if before is not None:
            _check_continued(before, standing, log)
        trailer = _write(place, log, standing, before, segment)
        write_trailer(place, trailer)
    return Export(folder, trailer)


def _write(
    place: Path, log: Log, standing: _Standing, before: Export | None, segment: int
) -> Trailer:
    size, head = standing.size, read_note(standing.note)
    after, told = (0, 0) if before is None else (before.trailer.size, before.trailer.crossings)
    events = list(write_segments(place, EVENTS, after + 1, log.events(size), segment))
    if log.frontier.root() != head.root:
        raise JournalCorruptError(
            f"the journal is not what its checkpoint of {size} was signed for: an event before it was changed"
        )
    crossings = list(write_segments(place, CROSSINGS, told + 1, log.crossings(told, size), segment))
    whole = {
        COMMANDS: log.commands(after, size),
        IMPORTED: log.imported(),
        CHECKPOINTS: log.checkpoints(-1 if before is None else after, size),
    }
    others = [write_file(place, f"{name}{SUFFIX}", lines) for name, lines in whole.items()]
    return Trailer(
        standing.of.tenant,
        standing.of.epoch,
        after,
        size,
        told,
        told + sum(one.lines for one in crossings),
        header.unpack(log.last).recorded_at,
        tuple(sorted([*events, *crossings, *others], key=_name)),
        standing.note,
        None if before is None else before.trailer.checkpoint,
        log.proof.hashes(),
    )


def _name(listed: Listed) -> str:
    return listed.name


def _standing(connection: Connection[TupleRow]) -> _Standing:
    """Return what the newest checkpoint stands for.

    Raises:
        ExportError: If there is none yet.
    """
    row = connection.execute(_SELECT_LOG).fetchone()
    if row is None or not row[1]:
        raise ExportError("nothing is signed yet: an export ends at a checkpoint")
    state, size = row
    if state == "loading":
        raise ExportError("history is being loaded: finish that first")
    of = bounds(connection)
    found = connection.execute(_SELECT_NOTE, [size], binary=True).fetchone()
    note = "" if found is None else bytes(found[0]).decode(errors="replace")
    head = _head(note, size)
    if (head.origin, head.size) != (of.origin, size):
        raise JournalCorruptError(f"the checkpoint of {size} is of another log or size")
    return _Standing(of, size, note)


def _head(note: str, size: int) -> TreeHead:
    try:
        return read_note(note)
    except ValueError as error:
        raise JournalCorruptError(f"the checkpoint of {size} cannot be read: {error}") from None


def _check_continued(before: Export, standing: _Standing, log: Log) -> None:
    """Check that another export is the beginning of this log, and build the tree up to its end.

    Raises:
        ExportError: If it is not.
    """
    trailer = before.trailer
    if (trailer.tenant, trailer.epoch) != (standing.of.tenant, standing.of.epoch):
        raise ExportError(f"{before.folder} is the export of another log")
    if trailer.size > standing.size:
        raise ExportError(
            f"{before.folder} ends at position {trailer.size}, this log at {standing.size}"
        )
    if log.last_crossing(standing.size) < trailer.crossings:
        raise ExportError(f"{before.folder} holds crossings that this log does not have")
    log.proof = GrowingProof(trailer.size, standing.size)
    log.grow(trailer.size)
    if log.frontier.root() != read_note(trailer.checkpoint).root:
        raise ExportError(
            f"{before.folder} is not the beginning of this log: its root is another one"
        )


@contextmanager
def _snapshot(dsn: str) -> Iterator[Connection[TupleRow]]:
    """Lend a connection that sees the database as it is now, for as long as it takes."""
    check_address(dsn)
    with psycopg.connect(dsn, connect_timeout=CONNECT_SECONDS) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        connection.execute("SET timezone = 'UTC'")
        yield connection
