"""The log of one journal as its notary keeps it: tiles and checkpoints, each written after it was compared.

Every signing begins from what lies on the disk: the newest checkpoint, the tiles, the rows behind it. So it does not
matter who signed before or where a notary was killed; a lock lets one sign at a time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from domain.integrity import AlteredError, Broken, Checkpoint, Flaw
from infra.errors import JournalBusyError, NotaryKeyError, NoteError, TileError
from infra.inspection import Bounds, Inspector, bounds
from infra.merkle import EMPTY_ROOT, Frontier, consistency, continues, frontier, root
from infra.notes import Note, SigningKey, TreeHead, make_key, read_key, signed_head, signed_note
from infra.recount import Recount
from infra.session import NOTARY, connect, explained
from infra.tiles import TileFolder, TileReader, TileWriter

_NEVER = datetime.min.replace(tzinfo=UTC)
KEY, PUBLIC_KEY, CHECKPOINT = "notary.key", "notary.pub", "checkpoint"
_LOCK = 0x6E6F74617279  # "notary"
_SELECT_LAST = (
    "SELECT size, root, note, signed_at FROM kette.checkpoints ORDER BY size DESC LIMIT 1"
)
_SELECT_UNSIGNED = """
SELECT position - (SELECT coalesce(max(size), 0) FROM kette.checkpoints) FROM kette.log_head
"""
_INSERT = "INSERT INTO kette.checkpoints (size, root, note) VALUES (%s, %s, %s) RETURNING signed_at"
_REFUSE = """
INSERT INTO kette.refusals (position, reason) SELECT %(position)s, %(reason)s
 WHERE (SELECT (position, reason) FROM kette.refusals ORDER BY at DESC LIMIT 1)
       IS DISTINCT FROM (%(position)s::bigint, %(reason)s::text)
"""


class NotaryStore:
    """The log of one journal; for one thread."""

    def __init__(self, dsn: str, folder: Path, *, new_key: bool = False) -> None:
        self._dsn = dsn
        self._folder = TileFolder(folder)
        self._new_key = new_key
        self._connection: Connection[TupleRow] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def unsigned(self) -> int:
        """Return how many events no checkpoint holds yet."""
        with self._opened() as connection:
            row = connection.execute(_SELECT_UNSIGNED, prepare=True).fetchone()
        return 0 if row is None else int(row[0])

    def sign(self) -> Checkpoint | None:
        """Compare what was recorded since, write its tiles and sign; return the newest checkpoint.

        Returns:
            None if nothing was ever recorded.

        Raises:
            AlteredError: If a row, the tree or a checkpoint is not as it was written; nothing is signed.
            TileError: If a file of the tree is damaged; nothing is signed.
            LogFolderError: If the tree cannot be written.
            NotaryKeyError: If the key cannot be used.
            JournalBusyError: If another notary signs at this moment.
        """
        with self._locked() as connection:
            try:
                return self._signed(connection)
            except AlteredError as error:
                self._refuse(connection, error.broken.position, str(error))
                raise
            except TileError as error:
                self._refuse(connection, error.position or 0, str(error))
                raise

    def _signed(self, connection: Connection[TupleRow]) -> Checkpoint | None:
        found = bounds(connection)
        last = _last(connection)
        if found.position < last.size:
            raise AlteredError(Broken(Flaw.MISSING, found.position + 1))
        self._check_folder(found.origin, last.size)
        if found.position == 0:
            return None
        key = self._key(found, last)
        edge, writer = self._resumed(connection, found, last, key)
        for rows in Inspector(connection, found, last.size).blocks(found.position):
            for row in rows:
                edge.append(row.leaf)
                writer.append(row.leaf)
        writer.finish()
        self._confirm(last, edge)
        made = last if edge.size == last.size else self._insert(connection, found, edge, key)
        self._publish(made, key)
        return made

    def _check_folder(self, origin: str, size: int) -> None:
        """Refuse a folder that holds another log, or more of this one than the database."""
        kept = self._folder.fetch(CHECKPOINT)
        if kept is None:
            return
        try:
            head = TreeHead.parse(Note.parse(kept).text)
        except NoteError as error:
            place = self._folder.folder / CHECKPOINT
            raise TileError(f"{place} cannot be read ({error}): remove it") from error
        if head.origin != origin:
            raise NotaryKeyError(
                f"{self._folder.folder} holds the tree of another journal ({head.origin}): "
                "use the data folder that belongs to this database"
            )
        if head.size > size:
            raise AlteredError(Broken(Flaw.SET_BACK, head.size))

    def _key(self, found: Bounds, last: Checkpoint) -> SigningKey:
        """Return the key; a new one only before the first checkpoint, or when it was asked for."""
        path = self._folder.folder / KEY
        key = read_key(path, found.origin, 1)
        if not last.size or (key is not None and _is_signed(last, key)):
            return key or make_key(path, found.origin, 1)
        if not self._new_key:
            raise NotaryKeyError(
                f"{path} is not the key of the last checkpoint, or is missing: bring it back, "
                "or begin with another one by `kette notary --new-key` and tell the auditors"
            )
        if found.position == last.size:
            raise NotaryKeyError(
                "another key begins with the next event: record one, then call again"
            )
        return key or make_key(path, found.origin, 1)

    def _resumed(
        self, connection: Connection[TupleRow], found: Bounds, last: Checkpoint, key: SigningKey
    ) -> tuple[Frontier, TileWriter]:
        """Return the edge of the tree at the last checkpoint and what goes on with its tiles."""
        reader = TileReader(self._folder.fetch, last.size)
        try:
            edge = frontier(reader.nodes, last.size)
            if edge.root() == last.root:
                return edge, TileWriter(self._folder, last.size, reader)
        except TileError:  # missing or cut: made anew from the table
            pass
        return self._rebuilt(connection, found, last, key)

    def _rebuilt(
        self, connection: Connection[TupleRow], found: Bounds, last: Checkpoint, key: SigningKey
    ) -> tuple[Frontier, TileWriter]:
        """Write the tiles of what is signed anew, once the table was found to be what was signed."""
        verifier = None if self._new_key else key.verifier
        recount = Recount(connection, found, self._folder.folder, verifier)
        for _ in recount.steps():
            pass
        edge, writer = Frontier(), TileWriter(self._folder, 0)
        for rows in Inspector(connection, found).blocks(last.size):
            for row in rows:
                edge.append(row.leaf)
                writer.append(row.leaf)
        return edge, writer

    def _confirm(self, last: Checkpoint, edge: Frontier) -> None:
        """Read the tiles back and make sure that they say what will be signed, and go on from the last time."""
        reader = TileReader(self._folder.fetch, edge.size)
        proof = consistency(reader.nodes, last.size, edge.size)
        found = root(reader.nodes, edge.size)
        if found != edge.root() or not continues(last.size, last.root, edge.size, found, proof):
            raise TileError("the tiles that were written do not hold the tree of the journal")

    def _insert(
        self, connection: Connection[TupleRow], found: Bounds, edge: Frontier, key: SigningKey
    ) -> Checkpoint:
        head = TreeHead(found.origin, edge.size, edge.root())
        note = bytes(signed_note(head, key))
        row = connection.execute(_INSERT, [head.size, head.root, note]).fetchone()
        if row is None:
            raise JournalBusyError("the checkpoint was not written")
        return Checkpoint(head.size, head.root, note, row[0])

    def _publish(self, made: Checkpoint, key: SigningKey) -> None:
        for path, content in (
            (CHECKPOINT, made.note),
            (PUBLIC_KEY, f"{key.verifier}\n".encode()),
        ):
            if self._folder.fetch(path) != content:
                self._folder.replace(path, content)

    def _refuse(self, connection: Connection[TupleRow], position: int, reason: str) -> None:
        connection.execute(_REFUSE, {"position": position, "reason": reason})

    @contextmanager
    def _locked(self) -> Iterator[Connection[TupleRow]]:
        with self._opened() as connection:
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone()
            if row is None or not row[0]:
                raise JournalBusyError("another notary signs at this moment")
            try:
                yield connection
            finally:
                if not connection.broken:
                    connection.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])

    @contextmanager
    def _opened(self) -> Iterator[Connection[TupleRow]]:
        """Lend the connection; after an error of the database it is closed, and the lock goes with it."""
        try:
            if self._connection is None:
                self._connection = connect(self._dsn, NOTARY)
            yield self._connection
        except psycopg.Error as error:
            self.close()
            raise explained(error) from error


def _last(connection: Connection[TupleRow]) -> Checkpoint:
    """Return the newest checkpoint; an empty tree before the first."""
    row = connection.execute(_SELECT_LAST, binary=True).fetchone()
    if row is None:
        return Checkpoint(0, EMPTY_ROOT, b"", _NEVER)
    return Checkpoint(*row)


def _is_signed(last: Checkpoint, key: SigningKey) -> bool:
    """Say whether a key has signed a checkpoint.

    Raises:
        AlteredError: If it did, but for another size or root.
    """
    try:
        head = signed_head(last.note, key.verifier)
    except NoteError:
        return False
    if (head.size, head.root) != (last.size, last.root):
        raise AlteredError(Broken(Flaw.NOTE, last.size))
    return True
