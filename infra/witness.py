"""A witness: remembers the largest tree of a log that it saw, and cosigns only what continues it.

It needs nothing of Kette's database: checkpoint and tiles are read from a folder or over HTTP, as C2SP publishes them.
"""

import fcntl
import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.errors import LogUnreachableError, NotaryKeyError, NoteError, TileError, WitnessError
from infra.merkle import EMPTY_ROOT, consistency, continues, root
from infra.notes import (
    Note,
    SigningKey,
    TreeHead,
    VerifierKey,
    cosigned,
    make_key,
    read_key,
    signed_head,
)
from infra.tiles import Fetch, TileFolder, TileReader

_SECONDS = 10
_LIMIT = 64 * 1024
_NAME = re.compile(r"[^\s+]{1,100}")


@dataclass(frozen=True, slots=True)
class Seen:
    """The largest tree of a log that was cosigned; an empty one before the first."""

    origin: str
    size: int = 0
    root: bytes = EMPTY_ROOT


class Witness:
    """One witness of one log, with its key and what it remembers in files of its own.

    Args:
        state: The file that remembers; the key lies beside it as ``.key``.
        log_key: The key of the log's notary, which came another way than the log.
        name: The witness' name, without blanks and plus signs.
    """

    def __init__(self, state: Path, log_key: VerifierKey, name: str) -> None:
        if not _NAME.fullmatch(name):
            raise NotaryKeyError("the name of a witness has no blank and no plus sign")
        self._state = state
        self._log_key = log_key
        path = state.with_name(f"{state.name}.key")
        self._key: SigningKey = read_key(path, name, 4) or make_key(path, name, 4)

    @property
    def key(self) -> VerifierKey:
        """Return the key by which others recognise the cosignatures."""
        return self._key.verifier

    def cosign(self, fetch: Fetch, seconds: int) -> tuple[TreeHead, Note]:
        """Return the newest checkpoint with the witness' line, once it is shown to continue what was seen.

        What was seen is on the disk before the cosignature leaves.

        Raises:
            WitnessError: If the tree is smaller or another one; what was seen stays.
            LogUnreachableError: If the log cannot be read.
        """
        with self._locked():
            seen = self._seen()
            raw = fetch("checkpoint")
            if raw is None:
                raise LogUnreachableError("the log has no checkpoint: is this the right place?")
            head = self._continued(seen, raw, fetch)
            self._remember(head)
        return head, cosigned(Note.parse(raw), self._key, seconds)

    def _continued(self, seen: Seen, raw: bytes, fetch: Fetch) -> TreeHead:
        """Return what a checkpoint says if it continues what was seen."""
        try:
            head = signed_head(raw, self._log_key)
        except NoteError as error:
            raise WitnessError(str(error)) from error
        if head.size < seen.size:
            raise WitnessError(
                f"the log has shrunk: {head.size} events, and {seen.size} were seen before"
            )
        reader = TileReader(fetch, head.size)
        try:
            proof = consistency(reader.nodes, seen.size, head.size)
            whole = root(reader.nodes, head.size) == head.root
        except TileError as error:
            raise WitnessError(
                f"the log does not prove its tree of {head.size}: {error}"
            ) from error
        if not continues(seen.size, seen.root, head.size, head.root, proof) or not whole:
            raise WitnessError(
                f"the tree of {head.size} events does not continue that of {seen.size} seen before"
            )
        return head

    def _seen(self) -> Seen:
        try:
            kept = json.loads(self._state.read_bytes())
            seen = Seen(str(kept["origin"]), int(kept["size"]), bytes.fromhex(kept["root"]))
        except FileNotFoundError:
            return Seen(self._log_key.name)
        except (ValueError, KeyError, TypeError) as error:
            raise NotaryKeyError(f"{self._state} cannot be read: bring it back") from error
        if seen.origin != self._log_key.name:
            raise NotaryKeyError(f"{self._state} remembers another log: {seen.origin}")
        return seen

    def _remember(self, head: TreeHead) -> None:
        kept = {"origin": head.origin, "size": head.size, "root": head.root.hex()}
        folder = TileFolder(self._state.parent)
        folder.replace(self._state.name, json.dumps(kept).encode() + b"\n")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep a second run of the same witness waiting."""
        with self._state.with_name(f"{self._state.name}.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def reader_of(log: str) -> Fetch:
    """Return what reads a published log: a folder, or an address that begins with http."""
    if not log.startswith(("http://", "https://")):
        if not Path(log).is_dir():
            raise LogUnreachableError(f"{log} is no folder and no address")
        return TileFolder(Path(log)).fetch
    base = log.rstrip("/")
    return lambda path: _fetched(f"{base}/{path}")


def _fetched(address: str) -> bytes | None:
    try:
        with urllib.request.urlopen(address, timeout=_SECONDS) as answer:  # noqa: S310  # http only, as checked
            content: bytes = answer.read(_LIMIT)
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 404:
                return None
        raise LogUnreachableError(f"{address} answers {error.code}") from error
    except (OSError, ValueError) as error:
        raise LogUnreachableError(f"{address} does not answer: {error}") from error
    return content
