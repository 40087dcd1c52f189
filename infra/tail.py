"""The tail reader: everything after a position, in blocks and in order, for as long as one wants.

The doorbell is a hint, polling is the truth: a lost notification costs at most a second. A lost
connection or a restarted server costs a reconnection; the position is the reader's.
"""

from collections.abc import Iterator, Sequence
from threading import Event
from typing import NamedTuple
from uuid import UUID

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from domain.errors import JournalCorruptError
from infra import header
from infra.doorbell import CHANNEL
from infra.sealing import Row, unpacked
from infra.session import READER, connect, explained, lost

SELECT_AFTER = (
    "SELECT header, ciphertext FROM kette.events WHERE position > %b ORDER BY position LIMIT %b"
)
_BLOCK = 2_000
_POLL_SECONDS = 0.5


class Place(NamedTuple):
    """That something was recorded: where, and of which journey."""

    position: int
    journey: UUID


def place(stored: bytes) -> Place:
    """Return the place that a stored header tells."""
    fields = unpacked(stored)
    return Place(fields.position, fields.journey_id)


class Tail:
    """Follows the journal of one database."""

    def __init__(self, dsn: str, block: int = _BLOCK) -> None:
        self._dsn = dsn
        self._block = block

    def blocks(self, after: int, stop: Event) -> Iterator[Sequence[Place]]:
        """Yield the places of what was recorded after a position, then of what is recorded, until stopped.

        Raises:
            JournalCorruptError: If a position is missing.
        """
        for rows in self.rows(after, stop):
            yield [place(stored) for stored, _ in rows]

    def rows(self, after: int, stop: Event) -> Iterator[Sequence[Row]]:
        """Yield header and ciphertext in the same way, unread.

        Raises:
            JournalCorruptError: If a position is missing.
        """
        while not stop.is_set():
            try:
                with connect(self._dsn, READER) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    while not stop.is_set():
                        found = read_after(connection, after, self._block)
                        if found:
                            yield found
                            after += len(found)
                        if len(found) < self._block:
                            _await_ring(connection)
            except psycopg.Error as error:
                if not lost(error):
                    raise explained(error) from error
                stop.wait(0.1)


def read_after(connection: Connection[TupleRow], after: int, limit: int) -> list[Row]:
    """Read the rows after a position and make sure that none is missing."""
    cursor = connection.execute(SELECT_AFTER, [after, limit], prepare=True, binary=True)
    rows: list[Row] = cursor.fetchall()
    check_dense(rows, after)
    return rows


def check_dense(rows: Sequence[Row], after: int) -> None:
    """Stop at a hole: it cannot come from use, only from damage.

    Raises:
        JournalCorruptError: If a position is missing.
    """
    for place, row in enumerate(rows, start=after + 1):
        if header.position(row[0]) != place:
            raise JournalCorruptError(f"position {place} is missing from the journal")


def _await_ring(connection: Connection[TupleRow]) -> None:
    """Wait for a ring; those that gathered while the reader was busy count as one."""
    for _ in connection.notifies(timeout=_POLL_SECONDS, stop_after=1):
        pass
