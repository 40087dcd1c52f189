"""All events against all that was signed: the root at every checkpoint, computed from the rows once more."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from psycopg import Connection
from psycopg.rows import TupleRow

from domain.integrity import AlteredError, Broken, Flaw
from infra.errors import NoteError, TileError
from infra.inspection import Bounds, Inspector, Row
from infra.merkle import HASH_SIZE, Frontier
from infra.notes import Note, TreeHead, VerifierKey, signed_head
from infra.tiles import WIDTH, TileFolder, TileReader

_SELECT_CHECKPOINTS = """
SELECT size, root, note FROM kette.checkpoints WHERE size > %s AND size <= %s ORDER BY size
"""
_SELECT_LAST = "SELECT size, note FROM kette.checkpoints ORDER BY size DESC LIMIT 1"


class Recount:
    """One pass over all events.

    Attributes:
        of: How many events there are.
        checkpoints: How many checkpoints were compared.
        root: The computed root at the last of them.
    """

    def __init__(
        self,
        connection: Connection[TupleRow],
        found: Bounds,
        folder: Path,
        key: VerifierKey | None,
    ) -> None:
        self.of = found.position
        self.checkpoints = 0
        self.root = b""
        self._connection = connection
        self._inspector = Inspector(connection, found)
        self._origin = found.origin
        self._edge = Frontier()
        row = connection.execute(_SELECT_LAST, binary=True).fetchone()
        self._signed, self._note = (0, b"") if row is None else row
        self._key = key
        self._tiles = _Leaves(TileReader(TileFolder(folder).fetch, self._signed))
        self._suspect: Row | None = None
        self._elsewhere: Row | None = None
        self._good = 0

    @property
    def done(self) -> int:
        """Return how many events were looked at."""
        return self._inspector.position

    def steps(self) -> Iterator[None]:
        """Go over the events, block by block.

        Raises:
            AlteredError: At the first thing that is wrong.
        """
        if self._signed > self.of:
            raise AlteredError(Broken(Flaw.MISSING, self.of + 1))
        for rows in self._inspector.blocks(self.of):
            self._compare(rows)
            yield
        genuine = self._key is None or not self._signed or _signed_by(self._note, self._key)
        if self._elsewhere is not None:
            row, flaw = self._elsewhere, Flaw.TILE if genuine else Flaw.SIGNED
            raise AlteredError(Broken(flaw, row.position, row.journey))
        if not genuine:
            raise AlteredError(Broken(Flaw.NOTE, self._signed))

    def _compare(self, rows: Sequence[Row]) -> None:
        after, upto = rows[0].position - 1, rows[-1].position
        points = self._connection.execute(_SELECT_CHECKPOINTS, [after, upto], binary=True)
        signed = {size: (root, note) for size, root, note in points}
        for row in rows:
            self._edge.append(row.leaf)
            if self._suspect is None and row.position <= self._signed:
                self._suspect = None if self._tiles.holds(row) else row
            if row.position in signed:
                self._compare_root(row.position, *signed[row.position])

    def _compare_root(self, size: int, root: bytes, note: bytes) -> None:
        found = self._edge.root()
        if not _says(note, TreeHead(self._origin, size, root)):
            raise AlteredError(Broken(Flaw.NOTE, size))
        if found != root:
            if self._suspect is None:
                raise AlteredError(Broken(Flaw.ROOT, self._good + 1))
            raise AlteredError(Broken(Flaw.SIGNED, self._suspect.position, self._suspect.journey))
        self._elsewhere = self._elsewhere or self._suspect
        self._suspect, self._good = None, size
        self.checkpoints += 1
        self.root = found


def _says(note: bytes, head: TreeHead) -> bool:
    try:
        return Note.parse(note).text == str(head)
    except NoteError:
        return False


def _signed_by(note: bytes, key: VerifierKey) -> bool:
    try:
        signed_head(note, key)
    except NoteError:
        return False
    return True


class _Leaves:
    """The leaves as the tiles hold them; a tile that is missing says nothing."""

    def __init__(self, reader: TileReader) -> None:
        self._reader = reader
        self._number = -1
        self._hashes: bytes | None = None

    def holds(self, row: Row) -> bool:
        number, place = divmod(row.position - 1, WIDTH)
        if number != self._number:
            self._number, self._hashes = number, self._read(number)
        at = place * HASH_SIZE
        return self._hashes is None or self._hashes[at : at + HASH_SIZE] == row.leaf

    def _read(self, number: int) -> bytes | None:
        try:
            return self._reader.hashes(self._reader.tile(0, number))
        except TileError:
            return None
