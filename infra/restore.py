"""Bringing exports back into an empty store: all in one transaction, under the owner of the database.

No role of the running programs may insert an event, and none gets that right for a restore. What is
restored gives the same export again, byte for byte.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from domain.integrity import AlteredError
from infra import header
from infra.errors import ExportError, StoreNotEmptyError
from infra.export_folder import Export, read_chain
from infra.export_form import Trailer, not_whole, read_note
from infra.readback import Keys, check_keys, read_back
from infra.restore_rows import (
    checkpoint_rows,
    command_rows,
    crossing_rows,
    event_rows,
    imported_rows,
)
from infra.session import CONNECT_SECONDS, check_address, check_server, translated

_LOCK = """
SET LOCAL lock_timeout = '5s';
LOCK TABLE kette.events, kette.commands, kette.crossings, kette.checkpoints, kette.imported,
    kette.log_head, kette.clock, kette.clock_journeys IN EXCLUSIVE MODE;
"""
_SELECT_HELD = """
SELECT EXISTS (SELECT FROM kette.events) OR EXISTS (SELECT FROM kette.commands)
    OR EXISTS (SELECT FROM kette.crossings) OR EXISTS (SELECT FROM kette.checkpoints)
    OR EXISTS (SELECT FROM kette.imported) OR state <> 'empty', tenant FROM kette.log_head
"""
_COPY_EVENTS = """
COPY kette.events (position, journey_id, version, class, header, ciphertext, leaf) FROM STDIN (FORMAT BINARY)
"""
_COPY = "COPY kette.{} FROM STDIN"
_SET_HEAD = """
UPDATE kette.log_head SET position = %s, last_recorded_at = %s, epoch = %s, tenant = %s, state = 'open'
"""
# The clock looks at every journey again and tells only what differs. Its day does not fall behind what was
# told; up to where a journey was known when it was last told of names the fact behind a difference.
_SET_CLOCK = """
UPDATE kette.clock SET position = 0, program = '',
       seq = (SELECT coalesce(max(seq), 0) FROM kette.crossings), day = (SELECT max(day) FROM kette.crossings);
INSERT INTO kette.clock_journeys (journey_id, version)
SELECT e.journey_id, max(e.version)
  FROM kette.events AS e
  JOIN (SELECT journey_id, max(basis_position) AS basis FROM kette.crossings GROUP BY journey_id) AS told
    ON told.journey_id = e.journey_id AND e.position <= told.basis
 GROUP BY e.journey_id;
"""


def restore_exports(dsn: str, folders: Sequence[Path], keys: Keys) -> Trailer:
    """Fill an empty store with exports that follow each other, and return the trailer of the last.

    Args:
        dsn: The database, as its owner.
        folders: The exports in their order.
        keys: Where the data keys of the log are kept; an export holds none.

    Raises:
        ExportError: If one is not whole, does not go on where the one before ends, or has not the
            roots of its checkpoints; nothing is restored then.
        StoreNotEmptyError: If anything was recorded in the store.
        KeyMissingError: If the key of an event is not in the key store.
        JournalUnavailableError: If the database cannot be reached.
    """
    exports = read_chain(folders)
    last = exports[-1]
    with translated(), _owner(dsn) as connection:
        connection.execute(_LOCK)
        _check_empty(connection, last)
        for one in exports:
            with _fitting(one):
                _copy_rows(connection, one, last.trailer.size)
        with _fitting(last):
            _copy_whole(connection, last)
            _set_places(connection, last)
            _check(connection, last, keys)
    return last.trailer


def _check_empty(connection: Connection[TupleRow], last: Export) -> None:
    """Make sure that the store is empty, and that of the same municipality.

    Raises:
        StoreNotEmptyError: If it is not empty.
        ExportError: If it is another's.
    """
    ((held, tenant),) = connection.execute(_SELECT_HELD).fetchall()
    if held:
        raise StoreNotEmptyError("the store holds something already: restore into an empty one")
    if tenant not in {UUID(int=0), last.trailer.tenant}:
        raise ExportError(
            f"{last.folder} is of another municipality than this store: name it in KETTE_MUNICIPALITY"
        )


def _copy_rows(connection: Connection[TupleRow], export: Export, last: int) -> None:
    """Copy what each export brings for itself."""
    with connection.cursor() as cursor:
        with cursor.copy(_COPY_EVENTS) as copy:
            for block in event_rows(export):
                copy.write(block)
        for table, rows in (
            ("crossings", crossing_rows(export)),
            ("commands", command_rows(export, last, with_events=True)),
            ("checkpoints", checkpoint_rows(export)),
        ):
            with cursor.copy(_COPY.format(table)) as copy:
                for row in rows:
                    copy.write_row(row)


def _copy_whole(connection: Connection[TupleRow], export: Export) -> None:
    """Copy what the last export holds for all."""
    with connection.cursor() as cursor:
        for table, rows in (
            ("commands", command_rows(export, export.trailer.size, with_events=False)),
            ("imported", imported_rows(export)),
        ):
            with cursor.copy(_COPY.format(table)) as copy:
                for row in rows:
                    copy.write_row(row)


def _set_places(connection: Connection[TupleRow], export: Export) -> None:
    """Put the head and the clock where they were."""
    trailer = export.trailer
    connection.execute(
        _SET_HEAD, [trailer.size, trailer.recorded_at, trailer.epoch, trailer.tenant]
    )
    connection.execute(_SET_CLOCK)


def _check(connection: Connection[TupleRow], last: Export, keys: Keys) -> None:
    """Compare what stands in the tables now with what was signed.

    Raises:
        ExportError: If it differs.
        KeyMissingError: If the key of an event is not in the key store.
    """
    try:
        found = read_back(connection)
    except AlteredError as error:
        raise not_whole(last.folder, str(error.broken)) from None
    if found.root != read_note(last.trailer.checkpoint).root:
        raise not_whole(last.folder, "its events have not the root that was signed")
    if header.unpack(found.last).recorded_at != last.trailer.recorded_at:
        raise not_whole(last.folder, "its last event was recorded at another moment")
    check_keys(connection, keys)


@contextmanager
def _owner(dsn: str) -> Iterator[Connection[TupleRow]]:
    """Lend a connection in a transaction that is committed only if nothing went wrong."""
    check_address(dsn)
    with psycopg.connect(dsn, connect_timeout=CONNECT_SECONDS) as connection:
        check_server(connection)
        yield connection


@contextmanager
def _fitting(export: Export) -> Iterator[None]:
    """Say of rows that the tables do not take where they come from, without a value."""
    try:
        yield
    except (ValueError, TypeError, AttributeError):
        raise not_whole(export.folder, "a line is not in the form in which it is written") from None
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        table = error.diag.table_name or "a table"
        raise ExportError(
            f"{export.folder} does not fit the store: {table} refuses a row"
        ) from error
