"""The rows of the journal as an export reads them: in order, whole, and checked one by one."""

from collections.abc import Iterable, Iterator
from typing import Any

from psycopg import Connection
from psycopg.rows import TupleRow

from domain.errors import JournalCorruptError
from infra import header
from infra.errors import ExportError
from infra.export_form import event_line, line, sorted_json, stamp, text
from infra.export_proof import GrowingProof
from infra.inspection import Bounds, Inspector
from infra.merkle import Frontier

CROSSING_KEYS = (
    "seq",
    "basis_position",
    "journey_id",
    "kind",
    "name",
    "key",
    "day",
    "round",
    "noticed_at",
    "told",
    "undoes",
)
COMMAND_KEYS = ("id", "body_hash", "first_position", "n", "answer")
IMPORTED_KEYS = ("list_id", "journey_id")
CHECKPOINT_KEYS = ("size", "note", "signed_at")
_ROWS = 2_000
_SELECT_HEADERS = "SELECT header FROM kette.events WHERE position <= %s ORDER BY position"
_SELECT_CROSSINGS = """
SELECT seq, basis_position, journey_id::text, kind, name, key, day::text, round, noticed_at, told::text, undoes
  FROM kette.crossings WHERE seq > %s AND basis_position <= %s ORDER BY seq
"""
_SELECT_LAST_CROSSING = """
SELECT coalesce(max(seq), 0) FROM kette.crossings WHERE basis_position <= %s
"""
_SELECT_COMMANDS = """
SELECT id::text, body_hash, first_position, n, answer FROM kette.commands
 WHERE first_position IS NULL OR first_position > %s AND first_position <= %s
 ORDER BY first_position NULLS LAST, id
"""
_SELECT_IMPORTED = """
SELECT list_id::text, journey_id::text FROM kette.imported AS i ORDER BY i.list_id, i.journey_id
"""
_SELECT_CHECKPOINTS = """
SELECT size, note, signed_at FROM kette.checkpoints WHERE size > %s AND size <= %s ORDER BY size
"""


class Log:
    """One log, as a connection sees it in one snapshot.

    Attributes:
        frontier: The tree over the events that were read so far.
        proof: Takes their leaves as well.
        last: The header of the last one.
    """

    def __init__(self, connection: Connection[TupleRow], of: Bounds) -> None:
        self._connection = connection
        self._of = of
        self.frontier = Frontier()
        self.proof = GrowingProof(0, 0)
        self.last = b""

    def grow(self, size: int) -> None:
        """Build the tree of the first events; what is not of the log only gives another root."""
        for (stored,) in self._rows(_SELECT_HEADERS, (size,)):
            self._append(stored, header.leaf(stored))

    def events(self, upto: int) -> Iterator[bytes]:
        """Yield the lines of the events behind those that were read so far.

        Raises:
            AlteredError: If one is not as it was written.
        """
        inspector = Inspector(self._connection, self._of, self.frontier.size)
        for rows in inspector.blocks(upto):
            for row in rows:
                self._append(row.header, row.leaf)
                yield event_line(row.header, row.ciphertext)

    def last_crossing(self, size: int) -> int:
        """Return the number of the last crossing that rests on no event behind a position."""
        ((last,),) = self._rows(_SELECT_LAST_CROSSING, (size,))
        return int(last)

    def crossings(self, after: int, size: int) -> Iterator[bytes]:
        """Yield the lines of the crossings after a number that rest on no event behind a position.

        Raises:
            JournalCorruptError: If one is missing.
        """
        for row in self._rows(_SELECT_CROSSINGS, (after, size)):
            after += 1
            if row[0] != after:
                raise JournalCorruptError(
                    f"the second outbox is broken: crossing {after} is missing"
                )
            said = dict(zip(CROSSING_KEYS, row, strict=True))
            moment, told = stamp(said["noticed_at"]), sorted_json(said["told"])
            yield line({**said, "noticed_at": moment, "told": told})

    def commands(self, after: int, size: int) -> Iterator[bytes]:
        """Yield the lines of the commands of these events, and of all without events.

        Raises:
            ExportError: If the last one goes on behind the events.
        """
        for row in self._rows(_SELECT_COMMANDS, (after, size)):
            command, body_hash, first, n, answer = row
            if first is not None and first + n - 1 > size:
                raise ExportError(
                    f"the checkpoint of {size} ends inside a command: sign another one"
                )
            digest = None if body_hash is None else text(body_hash)
            yield line(dict(zip(COMMAND_KEYS, (command, digest, first, n, answer), strict=True)))

    def imported(self) -> Iterator[bytes]:
        """Yield the lines of what lists told something about."""
        for found in self._rows(_SELECT_IMPORTED, ()):
            yield line(dict(zip(IMPORTED_KEYS, found, strict=True)))

    def checkpoints(self, after: int, size: int) -> Iterator[bytes]:
        """Yield the lines of the checkpoints behind a size."""
        for count, note, signed_at in self._rows(_SELECT_CHECKPOINTS, (after, size)):
            said = (count, note.decode(), stamp(signed_at))
            yield line(dict(zip(CHECKPOINT_KEYS, said, strict=True)))

    def _append(self, stored: bytes, leaf: bytes) -> None:
        self.last = stored
        self.frontier.append(leaf)
        self.proof.append(leaf)

    def _rows(self, statement: str, arguments: Iterable[object]) -> Iterator[Any]:
        """Yield rows in blocks from a cursor of the server."""
        with self._connection.cursor("export", binary=True) as cursor:
            cursor.itersize = _ROWS
            yield from cursor.execute(statement.encode(), tuple(arguments))
