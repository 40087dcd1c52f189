"""Reading a restored journal back: every row, the root of every checkpoint, and a key for every record."""

from collections.abc import Collection, Iterator
from typing import NamedTuple, Protocol
from uuid import UUID

import psycopg
from psycopg import Connection, IsolationLevel
from psycopg.rows import TupleRow

from domain.integrity import AlteredError, Broken, Flaw
from infra.errors import KeyMissingError, NoteError
from infra.inspection import Inspector, bounds
from infra.key_store import Stored
from infra.merkle import Frontier
from infra.notes import Note, TreeHead
from infra.session import CONNECT_SECONDS, translated

_KEYS = 10_000
_ROWS = 1_000
_SELECT_SIGNED = "SELECT size, root, note FROM kette.checkpoints ORDER BY size"
_SELECT_KEYS = "SELECT DISTINCT substr(header, 186, 16) FROM kette.events"


class ReadBack(NamedTuple):
    """What was found to be as it was written.

    Attributes:
        position: Up to where.
        root: The root of the tree over all of it.
        signed: The size of the newest checkpoint; what is behind it was only compared with itself.
        last: The last header; empty in an empty journal.
    """

    position: int
    root: bytes
    signed: int
    last: bytes


class Keys(Protocol):
    """Where the data keys are kept."""

    def find(self, ids: Collection[UUID]) -> list[Stored]:
        """Return keys by their ids; those that were never there are missing."""
        ...


def read_back(connection: Connection[TupleRow]) -> ReadBack:
    """Compare every row with its header, and the tree with every root that was signed.

    Raises:
        AlteredError: At the first that differs.
    """
    of = bounds(connection)
    frontier, signed, last = Frontier(), 0, b""
    checkpoints = _checkpoints(connection, of.origin)
    due = next(checkpoints, None)
    for rows in Inspector(connection, of).blocks(of.position):
        for row in rows:
            frontier.append(row.leaf)
            if due is not None and due.size == frontier.size:
                if due.root != frontier.root():
                    raise AlteredError(Broken(Flaw.ROOT, signed + 1))
                signed, due = due.size, next(checkpoints, None)
        last = rows[-1].header
    if due is not None:
        raise AlteredError(Broken(Flaw.NOTE, due.size))
    return ReadBack(of.position, frontier.root(), signed, last)


def read_back_store(dsn: str, keys: Keys) -> ReadBack:
    """Compare a whole store that was restored, and make sure that its keys are there.

    Raises:
        AlteredError: If the journal is not as it was written or signed.
        KeyMissingError: If the key of an event is not in the key store.
    """
    with translated(), psycopg.connect(dsn, connect_timeout=CONNECT_SECONDS) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        found = read_back(connection)
        check_keys(connection, keys)
    return found


def check_keys(connection: Connection[TupleRow], keys: Keys) -> None:
    """Make sure that every record has its key, be it a destroyed one.

    Raises:
        KeyMissingError: If one is not in the key store.
    """
    with connection.cursor("keys", binary=True) as cursor:
        cursor.execute(_SELECT_KEYS)
        while rows := cursor.fetchmany(_KEYS):
            wanted = {UUID(bytes=row[0]) for row in rows} - {UUID(int=0)}
            missing = wanted - {one.id for one in keys.find(wanted)}
            if missing:
                raise KeyMissingError(
                    f"the key store does not have {len(missing)} of {len(wanted)} keys of this journal: "
                    "it is another one, or older than the journal"
                )


def _checkpoints(connection: Connection[TupleRow], origin: str) -> Iterator[TreeHead]:
    """Yield what was signed.

    Raises:
        AlteredError: If a checkpoint is not what its note says.
    """
    with connection.cursor("signed", binary=True) as cursor:
        cursor.itersize = _ROWS
        for size, root, note in cursor.execute(_SELECT_SIGNED):
            try:
                head = TreeHead.parse(Note.parse(note).text)
            except NoteError:
                head = None
            if head != TreeHead(origin, size, root):
                raise AlteredError(Broken(Flaw.NOTE, size))
            yield head
