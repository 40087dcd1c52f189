"""What the pages and other programs learn of the tree: how it stands, what was signed, proofs of one journey."""

import base64
import re
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import orjson
import psycopg

from domain.errors import KetteError, UnknownJourneyError
from domain.integrity import AlteredError, Broken, Check, Checkpoint, Cosignature, Refusal, Standing
from infra import header, merkle
from infra.errors import NoteError, TileError, UnsignedError
from infra.inspection import bounds
from infra.notary_store import CHECKPOINT, PUBLIC_KEY
from infra.notes import Note, TreeHead, VerifierKey
from infra.recount import Recount
from infra.session import READER, connect, explained, translated
from infra.tiles import TileFolder, TileReader

WITNESSES = "witness"
_PATIENCE_SECONDS = 2.0
_REST = 10
_TILE = re.compile(r"tile/[0-9]/(x[0-9]{3}/){0,5}[0-9]{3}(\.p/[0-9]{1,3})?", re.ASCII)
_SELECT_STANDING = """
SELECT h.position, c.size, c.root, c.note, c.signed_at, r.at, r.position, r.reason,
       (SELECT header FROM kette.events WHERE position = coalesce(c.size, 0) + 1)
  FROM kette.log_head AS h
  LEFT JOIN (SELECT * FROM kette.checkpoints ORDER BY size DESC LIMIT 1) AS c ON true
  LEFT JOIN (SELECT * FROM kette.refusals ORDER BY at DESC LIMIT 1) AS r ON true
"""
_SELECT_JOURNEY = """
SELECT header, ciphertext FROM kette.events WHERE journey_id = %s ORDER BY version
"""


class Integrity:
    """The tree of one journal, read; safe to use from many threads.

    Args:
        dsn: The journal.
        folder: The folder of the log.
        witnesses: The witnesses whose cosignatures count here.
    """

    def __init__(self, dsn: str, folder: Path, witnesses: Sequence[VerifierKey] = ()) -> None:
        self._dsn = dsn
        self._folder = TileFolder(folder)
        self._witnesses = tuple(witnesses)
        self._lock = threading.Lock()
        self._pass: _Pass | None = None

    def standing(self) -> Standing:
        """Return how far the journal is signed."""
        with translated(), connect(self._dsn, READER) as connection:
            row = connection.execute(_SELECT_STANDING, binary=True).fetchone()
        if row is None:
            return Standing(0, None, None, None, (), "")
        head, size, root, note, signed_at, at, position, reason, waiting = row
        checkpoint = None if size is None else Checkpoint(size, root, note, signed_at)
        goes_on = at is None or (checkpoint is not None and checkpoint.signed_at > at)
        refusal = None if goes_on else Refusal(at, position, reason)
        since = None if waiting is None else header.unpack(waiting).recorded_at
        return Standing(head, checkpoint, since, refusal, self._cosignatures(), self._written_key())

    def check(self, *, anew: bool = False) -> Check:
        """Compare all events with all that was signed, and wait for it for two seconds at most.

        What was found stays found for ten times as long as the finding took, unless it is to be found anew.
        """
        with self._lock:
            one = self._pass
            if one is None or (one.ended and (anew or one.is_old)):
                one = self._pass = _Pass(self._dsn, self._folder.folder, self._key())
                one.start()
        one.wait(_PATIENCE_SECONDS)
        return one.check()

    def proof(self, journey: UUID) -> bytes:
        """Return the proof of one journey: JSON in the form ``kette-proof-1``.

        Raises:
            UnknownJourneyError: If there is none of this id.
            UnsignedError: If its last events are not signed yet.
            TileError: If a file of the tree is missing or damaged.
        """
        with translated(), connect(self._dsn, READER) as connection:
            rows = connection.execute(_SELECT_JOURNEY, [journey], binary=True).fetchall()
        if not rows:
            raise UnknownJourneyError(f"no journey {journey}")
        last = self.standing().checkpoint
        if last is None or header.position(rows[-1][0]) > last.size:
            raise UnsignedError(f"the last events of journey {journey} are not signed yet")
        reader = TileReader(self._folder.fetch, last.size)
        return orjson.dumps(
            {
                "format": "kette-proof-1",
                "journey": str(journey),
                "checkpoint": last.note.decode(),
                "key": self._written_key(),
                "events": [_proven(reader, last, *row) for row in rows],
            },
            option=orjson.OPT_INDENT_2,
        )

    def published(self, path: str) -> bytes | None:
        """Return the newest checkpoint or a tile by its path; None if there is none."""
        known = path == CHECKPOINT or _TILE.fullmatch(path)
        return self._folder.fetch(path) if known else None

    def _written_key(self) -> str:
        return (self._folder.fetch(PUBLIC_KEY) or b"").decode().strip()

    def _key(self) -> VerifierKey | None:
        written = self._written_key()
        return VerifierKey.parse(written) if written else None

    def _cosignatures(self) -> tuple[Cosignature, ...]:
        """Return the newest cosignature of each witness among the checkpoints that were handed back."""
        newest: dict[str, Cosignature] = {}
        for path in sorted((self._folder.folder / WITNESSES).glob("*")):
            for one in _cosignatures(path.read_bytes(), self._witnesses):
                known = newest.get(one.witness)
                if known is None or known.at < one.at:
                    newest[one.witness] = one
        return tuple(newest.values())


def _cosignatures(raw: bytes, witnesses: Sequence[VerifierKey]) -> list[Cosignature]:
    try:
        note = Note.parse(raw)
        size = TreeHead.parse(note.text).size
    except NoteError:
        return []
    times = [(one.name, note.cosigned_at(one)) for one in witnesses]
    return [
        Cosignature(name, size, datetime.fromtimestamp(seconds, UTC))
        for name, seconds in times
        if seconds is not None
    ]


def _proven(
    reader: TileReader, last: Checkpoint, stored: bytes, ciphertext: bytes | None
) -> dict[str, object]:
    """Return an event with its proof, which is verified before anybody gets it."""
    index = header.position(stored) - 1
    proof = merkle.inclusion(reader.nodes, index, last.size)
    if not merkle.includes(last.root, last.size, header.leaf(stored), index, proof):
        raise TileError(f"the tree does not hold the event at position {index + 1}", index + 1)
    return {
        "header": _base64(stored),
        "ciphertext": None if ciphertext is None else _base64(ciphertext),
        "proof": [_base64(one) for one in proof],
    }


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


class _Pass:
    """One comparison in a thread of its own."""

    def __init__(self, dsn: str, folder: Path, key: VerifierKey | None) -> None:
        self._dsn = dsn
        self._folder = folder
        self._key = key
        self._at = datetime.now(UTC)
        self._began = time.monotonic()
        self._took: float | None = None
        self._recount: Recount | None = None
        self._broken: Broken | None = None
        self._error: KetteError | None = None
        self._done = threading.Event()

    @property
    def ended(self) -> bool:
        return self._done.is_set()

    @property
    def is_old(self) -> bool:
        took = self._took or 0.0
        return time.monotonic() - self._began > (1 + _REST) * took

    def start(self) -> None:
        threading.Thread(target=self._run, name="recount", daemon=True).start()

    def wait(self, seconds: float) -> None:
        self._done.wait(seconds)

    def check(self) -> Check:
        """Return what was found so far.

        Raises:
            KetteError: If the database or the folder could not be read.
        """
        if self._error is not None:
            raise self._error
        recount = self._recount
        done, of, points, root = (
            (0, 0, 0, b"")
            if recount is None
            else (recount.done, recount.of, recount.checkpoints, recount.root)
        )
        seconds = time.monotonic() - self._began if self._took is None else self._took
        return Check(done, of, points, root, seconds, self._at, not self.ended, self._broken)

    def _run(self) -> None:
        try:
            with connect(self._dsn, READER) as connection:
                found = bounds(connection)
                self._recount = Recount(connection, found, self._folder, self._key)
                for _ in self._recount.steps():
                    time.sleep(0)  # others want their turn
        except AlteredError as error:
            self._broken = error.broken
        except KetteError as error:
            self._error = error
        except psycopg.Error as error:
            self._error = explained(error)
        finally:
            self._took = time.monotonic() - self._began
            self._done.set()
