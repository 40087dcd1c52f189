"""Verify exports and proof packs of a Kette journal, without Kette.

``python kette_verify.py EXPORT... --key VKEY [--checkpoint NOTE]... [--witness VKEY]... [--keys RELEASED]``

One file for auditors: Python 3.11, its standard library, ``cryptography``, and ``zstandard`` where Python
reads no Zstandard by itself. Written from docs/reference/journal-format.md. Exit code 0: verified,
1: altered, 2: could not be checked. Whatever stands in an export is material to judge: it is never trusted.
"""

import argparse
import hashlib
import heapq
import importlib
import json
import os
import re
import stat
import sys
from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, TypeVar
from uuid import UUID

T = TypeVar("T")
Shape = Mapping[str, Any]

VERIFIED, ALTERED, UNCHECKED = 0, 1, 2
HEADER = 233
NOT_PROTECTED = (
    "crossings, commands, the list of imports and the trailer: no signature covers them, the digests in the "
    "unsigned trailer show damage only; command ids are also in the signed headers and were compared",
    "whether a blanked event was erased rightly: compare with the municipality's record of erasures",
    "that all see the same log: only witnesses, or auditors who compare checkpoints, notice a split view",
)
_EVENT = re.compile(
    rb'\{"header":"([A-Za-z0-9+/]{311}=)","ciphertext":(?:(null)|"([A-Za-z0-9+/]+={0,2})")\}'
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ORIGIN = re.compile(rf"kette/{_UUID.pattern}/{_UUID.pattern}")
_DAY = re.compile(r"(?:\d{4}(?:-\d\d(?:-\d\d)?)?)?", re.ASCII)
_VKEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
_FILE = re.compile(
    r"(?:(events|crossings)-(\d{12})|(commands|imported|checkpoints))\.jsonl\.zst", re.ASCII
)
_TEXT_OR_NULL, _NUMBER_OR_NULL = (str, type(None)), (int, type(None))
_TRAILER_NAME = "trailer.json"
_TRAILER: Shape = {
    **dict.fromkeys(("tenant", "epoch"), str),
    **dict.fromkeys(("after", "size", "crossings_after", "crossings"), int),
    "files": list,
    "checkpoint": str,
    "previous": _TEXT_OR_NULL,
    "consistency": list,
}
_COMMAND: Shape = {
    "id": str,
    "body_hash": str,
    "first_position": _NUMBER_OR_NULL,
    "n": int,
    "answer": str,
}
_CHECKPOINT: Shape = {"size": int, "note": str, "signed_at": str}
_CROSSING: Shape = {
    "seq": int,
    "basis_position": int,
    **dict.fromkeys(("journey_id", "kind", "name", "key", "day"), str),
    "round": int,
    "noticed_at": str,
    "told": dict,
    "undoes": _NUMBER_OR_NULL,
}
_PROOF: Shape = {"header": str, "ciphertext": _TEXT_OR_NULL, "proof": list}
_RELEASED: Shape = dict.fromkeys(("id", "journey", "class", "key"), str)
_SIGNER, _WITNESS = 1, 4
_ZEROS = bytes(32)
_PER_FILE = 100_000
_LINE, _SMALL_LINE, _WHOLE, _KEYS = 1 << 24, 1 << 20, 1 << 24, 1 << 28
_WINDOW_LOG = 27
_CHUNK = 1 << 18
_HIGHEST = (1 << 63) - 1
_FINDINGS = 50
_LISTED = 1000
_TOLD = 20


# ---- what is told


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written.

    Attributes:
        problem: What is wrong.
        position: The first position that can be the wrong one; None if the place is no event.
        until: The last position that can be.
        journey: The journey's id.
        file: Name of the file.
        line: Line in it, uncompressed, from 1.
    """

    problem: str
    position: int | None = None
    until: int | None = None
    journey: str | None = None
    file: str | None = None
    line: int | None = None

    def words(self) -> str:
        """Return the finding with its place, as one line."""
        last = f" to {self.until}" if self.until != self.position else ""
        words = (
            self.position is not None and f"position {self.position}{last}",
            self.journey and f"journey {self.journey}",
            self.file and (f"{self.file} line {self.line}" if self.line else self.file),
        )
        place = ", ".join(word for word in words if word)
        return f"{place}: {self.problem}" if place else self.problem


class AlteredError(Exception):
    """Reading cannot go on behind a finding."""

    def __init__(self, problem: str, **place: Any) -> None:
        super().__init__(problem)
        self.finding = Finding(problem, **place)


class UncheckedError(Exception):
    """The check could not be made: something is missing, unreadable or of another format."""


@dataclass
class Report:
    """What was checked and found."""

    findings: list[Finding] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    logs: list[dict[str, Any]] = field(default_factory=list)
    supplied: list[int] = field(default_factory=list)
    witnesses: dict[str, dict[str, int]] = field(default_factory=dict)
    blanked: dict[str, int] = field(default_factory=dict)

    def add(self, problem: str, **place: Any) -> None:
        """Keep a finding; more than 50 end the reading."""
        if len(self.findings) >= _FINDINGS:
            raise AlteredError(f"more than {_FINDINGS} findings; the rest was not read")
        self.findings.append(Finding(problem, **place))

    def count(self, name: str, more: int = 1) -> None:
        """Count something that was checked."""
        self.counts[name] = self.counts.get(name, 0) + more

    @property
    def code(self) -> int:
        """Return the exit code."""
        return ALTERED if self.findings else UNCHECKED if self.unchecked else VERIFIED

    def ordered(self) -> list[Finding]:
        """Return the findings: those with a position first, in the order in which they show."""
        return sorted(self.findings, key=lambda one: (one.position is None, one.until or 0))

    @property
    def first(self) -> dict[str, int] | None:
        """Return between which positions the first wrong one lies; None if no event is known to be wrong."""
        placed = [(one.position, one.until) for one in self.findings if one.position and one.until]
        if not placed:
            return None
        return {"position": min(one for one, _ in placed), "until": min(one for _, one in placed)}

    def as_json(self) -> dict[str, Any]:
        """Return the report as one JSON object."""
        return {
            "format": "kette-verification-1",
            "result": ("verified", "altered", "unchecked")[self.code],
            "first_wrong": self.first,
            "findings": [asdict(one) for one in self.ordered()],
            "unchecked": self.unchecked,
            "checked": self.counts,
            "logs": self.logs,
            "supplied_checkpoints": sorted(self.supplied),
            "witnesses": self.witnesses,
            "blanked": dict(list(self.blanked.items())[:_LISTED]),
            "notes": self.notes,
            "not_protected": NOT_PROTECTED,
        }


def shown(value: object) -> str:
    """Return something of an export so that it can do no harm in a terminal."""
    return ascii(value)[:100]


# ---- reading what nobody vouches for


def parsed(text: bytes | str) -> Any:
    """Return a JSON value; a ValueError if it is none, or too deep."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("is no JSON, or too deep") from error


def fields(value: Any, shape: Shape, *, exact: bool = False) -> tuple[Any, ...]:
    """Return the values of an object; a ValueError names the key that is missing or of another type."""
    if not isinstance(value, dict) or (exact and list(value) != list(shape)):
        raise ValueError(f"is no JSON object of {', '.join(shape)}")
    for name, kind in shape.items():
        found = value.get(name, ...)
        right = isinstance(found, kind) and not isinstance(found, bool)
        if not right or (isinstance(found, int) and not 0 <= found <= _HIGHEST):
            raise ValueError(f"has no right {name}")
    return tuple(value[name] for name in shape)


def binary(text: Any, length: int | None = None) -> bytes:
    """Return what base64 stands for; a ValueError if it is none or of another length."""
    if not isinstance(text, str) or not text.isascii():
        raise ValueError("is no base64")
    try:
        found = a2b_base64(text, strict_mode=True)
    except Base64Error as error:
        raise ValueError("is no base64") from error
    if length is not None and len(found) != length:
        raise ValueError(f"holds {len(found)} bytes instead of {length}")
    return found


def identity(text: Any) -> bytes:
    """Return the bytes of a UUID in lower case."""
    if not isinstance(text, str) or not _UUID.fullmatch(text):
        raise ValueError("is no UUID in lower case")
    return bytes.fromhex(text.replace("-", ""))


def opened(path: Path) -> BinaryIO:
    """Open a regular file, no link and no pipe."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise UncheckedError(f"{shown(str(path))} is no regular file")
    return path.open("rb")


def whole(path: Path, limit: int = _WHOLE) -> bytes:
    """Return a small file."""
    with opened(path) as file:
        if os.fstat(file.fileno()).st_size > limit:
            raise UncheckedError(f"{shown(str(path))} is larger than {limit >> 20} MiB")
        return file.read()


@cache
def decompressor() -> tuple[Callable[[BinaryIO], Any], tuple[type[Exception], ...]]:
    """Return what reads Zstandard, and its errors: Python's own, or the package."""
    try:
        own = importlib.import_module("compression.zstd")
    except ImportError:
        pass
    else:
        limits = {own.DecompressionParameter.window_log_max: _WINDOW_LOG}
        return (lambda file: own.ZstdFile(file, options=limits)), (own.ZstdError, EOFError)
    package = importlib.import_module("zstandard")

    def streaming(
        file: BinaryIO,
    ) -> Any:  # each file a decompressor of its own: several are read at once
        made = package.ZstdDecompressor(max_window_size=1 << _WINDOW_LOG)
        return made.stream_reader(file, read_across_frames=True)

    return streaming, (package.ZstdError,)


def raw_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a compressed file, in bounded memory."""
    reading, errors = decompressor()
    rest = b""
    with opened(path) as file:
        try:
            source = reading(file)
            while chunk := source.read(_CHUNK):
                *lines, rest = (rest + chunk).split(b"\n")
                yield from lines
                if len(rest) > _LINE:
                    raise AlteredError(f"a line is longer than {_LINE >> 20} MiB", file=path.name)
        except errors as error:
            raise AlteredError("is no whole Zstandard file", file=path.name) from error
    if rest:
        raise AlteredError("the last line has no end", file=path.name)


# ---- checkpoints and keys


@dataclass(frozen=True, slots=True)
class Key:
    """A verifier key: of the log, or of a witness."""

    name: str
    hash: bytes
    public: bytes

    def accepts(self, signature: bytes, text: bytes) -> bool:
        """Say whether a signature of a text is this key's."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


def verifier_key(text: str, kind: int) -> Key:
    """Read a verifier key; a ValueError if it is none of this kind."""
    match = _VKEY.fullmatch(text)
    if not match:
        raise ValueError("is no verifier key")
    named = binary(match[3], 33)
    if named[0] != kind:
        raise ValueError(f"is a key of type {named[0]} instead of {kind}")
    if hashlib.sha256(match[1].encode() + b"\n" + named).digest()[:4].hex() != match[2]:
        raise ValueError("is a key whose hash is another one")
    return Key(match[1], bytes.fromhex(match[2]), named[1:])


@dataclass(frozen=True, slots=True)
class Note:
    """A checkpoint with its signatures, not yet believed."""

    origin: str
    size: int
    root: bytes
    text: bytes
    signatures: tuple[tuple[str, bytes, bytes], ...]

    def by(self, key: Key) -> bytes | None:
        """Return what stands under a key's name and hash."""
        named = (
            sig for name, hashed, sig in self.signatures if (name, hashed) == (key.name, key.hash)
        )
        return next(named, None)


def note_of(text: str) -> Note:
    """Read a signed note; a ValueError if it is none."""
    body, _, signed = text.partition("\n\n")
    lines = body.split("\n")
    if (
        len(lines) != 3
        or not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1])
        or int(lines[1]) > _HIGHEST
    ):
        raise ValueError("is no checkpoint")
    signatures = []
    for line in signed.removesuffix("\n").split("\n")[:100]:
        dash, name, value = [*line.split(" "), "", ""][:3]
        if dash != "\u2014" or not name or line.count(" ") != 2:
            raise ValueError("has a signature line that is none")
        found = binary(value)
        signatures.append((name, found[:4], found[4:]))
    if not signed.endswith("\n"):
        raise ValueError("has no end")
    root = binary(lines[2], 32)
    try:
        return Note(lines[0], int(lines[1]), root, (body + "\n").encode(), tuple(signatures))
    except UnicodeEncodeError as error:
        raise ValueError("is no text") from error


def cosigned(note: Note, witness: Key, signature: bytes) -> int | None:
    """Return when a witness cosigned, in POSIX seconds; None if it did not."""
    seconds = int.from_bytes(signature[:8], "big")
    text = f"cosignature/v1\ntime {seconds}\n".encode() + note.text
    return seconds if witness.accepts(signature[8:], text) else None


# ---- the tree (RFC 9162)


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """The right edge of a Merkle tree: enough to grow it and to know its root."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def grow(self, leaf: bytes) -> None:
        """Add a leaf."""
        index = self.size
        while index & 1:
            leaf = _node(self.peaks.pop(), leaf)
            index >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root."""
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        root = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            root = _node(peak, root)
        return root


def included(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that an inclusion proof leads to; None if its length is wrong."""
    last, root = size - 1, leaf
    for one in proof:
        if last == 0:
            return None
        if index & 1 or index == last:
            root = _node(one, root)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            root = _node(root, one)
        index, last = index >> 1, last >> 1
    return root if last == 0 else None


def continued(old: Note, new: Note, proof: Sequence[bytes]) -> list[bytes] | None:
    """Return the peaks of the old tree out of a consistency proof; None if the proof does not hold."""
    if old.size == new.size:
        return [old.root] if old.root == new.root and not proof else None
    path = [old.root, *proof] if old.size & (old.size - 1) == 0 else list(proof)
    if not path or not 0 < old.size < new.size:
        return None
    index, last = old.size - 1, new.size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    before = after = path[0]
    peaks = [before]
    for one in path[1:]:
        if last == 0:
            return None
        if index & 1 or index == last:
            before, after = _node(one, before), _node(one, after)
            peaks.insert(0, one)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            after = _node(after, one)
        index, last = index >> 1, last >> 1
    return peaks if (last, before, after) == (0, old.root, new.root) else None


# ---- what the auditor brings


@dataclass(frozen=True, slots=True)
class Released:
    """A data key that was released for the audit; ``opens`` decrypts with it."""

    journey: bytes
    kind: bytes
    opens: Callable[[bytes, bytes, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the auditor already has, and trusts."""

    keys: tuple[Key, ...]
    witnesses: tuple[Key, ...] = ()
    checkpoints: tuple[tuple[str, Note], ...] = ()
    released: Mapping[bytes, Released] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """Return the name of the log."""
        return self.keys[0].name

    def believed(self, note: Note, report: Report, **place: Any) -> bool:
        """Say whether a checkpoint is of this log and signed; findings say why not."""
        if note.origin != self.origin:
            report.add(f"the checkpoint is of another log, {shown(note.origin)}", **place)
            return False
        signed = [(key, found) for key in self.keys if (found := note.by(key)) is not None]
        if not signed or not all(key.accepts(found, note.text) for key, found in signed):
            report.add(f"the checkpoint of {note.size} is not signed with the given key", **place)
            return False
        for witness in self.witnesses:
            self._cosignature(note, witness, report, place)
        return True

    @staticmethod
    def _cosignature(note: Note, witness: Key, report: Report, place: Mapping[str, Any]) -> None:
        found = note.by(witness)
        if found is None:
            return
        seconds = cosigned(note, witness, found)
        if seconds is None:
            report.add(
                f"the cosignature of {shown(witness.name)} at {note.size} is not its own", **place
            )
        elif note.size >= report.witnesses.get(witness.name, {"size": 0})["size"]:
            report.witnesses[witness.name] = {"size": note.size, "time": seconds}


def released_keys(text: bytes) -> dict[bytes, Released]:
    """Read a file of released keys; a ValueError names the line that is none."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    made: dict[bytes, Released] = {}
    form, keys = fields(parsed(text), {"format": str, "keys": list})
    if form != "kette-keys-1":
        raise ValueError(f"has the format {shown(form)} instead of kette-keys-1")
    for number, one in enumerate(keys, 1):
        try:
            named, journey, kind, key = fields(one, _RELEASED)
            made[identity(named)] = Released(
                identity(journey), kind.encode(), AESGCM(binary(key, 32)).decrypt
            )
        except ValueError as error:
            raise ValueError(f"has a key, number {number}, that {error}") from error
    return made


# ---- the events of one log


@dataclass(slots=True)
class Row:
    """An event as it lies in a file: what is read at which place."""

    position: int
    header: bytes
    ciphertext: bytes | None
    file: str
    line: int

    @property
    def journey(self) -> str:
        """Return the journey's id."""
        return str(UUID(bytes=self.header[41:57]))

    def place(self, first: int = 0) -> dict[str, Any]:
        """Return the place for a finding; ``first`` if an earlier position can be the wrong one."""
        return {
            "position": first or self.position,
            "until": self.position,
            "journey": self.journey,
            "file": self.file,
            "line": self.line,
        }


class Events:
    """The events of one log in their order: what has to follow from what was before.

    ``proven`` is the size of the auditor's own checkpoint that held last, ``begins`` the position before the first.
    """

    def __init__(self, asked: Asked, report: Report) -> None:
        self.asked = asked
        self.report = report
        self.opening = b""
        self.begins = 0
        self.proven = 0
        self.moment = -(1 << 63)
        self.journeys: dict[bytes, bytes] = {}  # next version, leaf, position

    def take(self, row: Row) -> bytes:
        """Check an event against its header and its journey; return its leaf."""
        header = row.header
        leaf = hashlib.sha256(b"\x00" + header).digest()
        version, moment = _number(header, 57), _number(header, 113)
        before = self.journeys.get(header[41:57])
        if before is None:
            self._begun(row, version)
        elif header[57:65] != before[:8] or header[121:153] != before[8:40]:
            self._follows(row, version, before)
        if header[:33] != self.opening:
            self._wrong("format, tenant or epoch is not that of the log", row)
        if moment < self.moment:
            self._wrong("recorded_at falls back", row, max(row.position - 1, self.proven + 1))
        self.moment = moment
        self._content(row)
        state = _eight(min(version, _HIGHEST - 1) + 1) + leaf + _eight(row.position)
        self.journeys[header[41:57]] = state
        return leaf

    def _wrong(self, problem: str, row: Row, first: int = 0) -> None:
        self.report.add(problem, **row.place(first))

    def _begun(self, row: Row, version: int) -> None:
        linked = row.header[121:153] != _ZEROS
        if self.begins and linked and version > 0:
            self.report.count("journeys begun before")
            return
        if linked or version not in {0, 1}:
            problem = (
                f"the journey begins with version {version}, or names an event before its first"
            )
            self._wrong(problem, row, self.proven + 1)

    def _follows(self, row: Row, version: int, before: bytes) -> None:
        expected, earlier = _number(before, 0), _number(before, 40)
        problem = "its link is not the leaf of the journey's event before"
        if version != expected:
            problem = f"version {version} where {expected} has to be"
        self._wrong(
            f"{problem}: it was changed, or what is of its journey since {earlier}",
            row,
            max(earlier, self.proven + 1),
        )

    def _content(self, row: Row) -> None:
        named = row.header[185:201]
        if row.ciphertext is None:
            self.report.count("blanked")
            self.report.blanked[row.journey] = self.report.blanked.get(row.journey, 0) + 1
        elif hashlib.sha256(row.ciphertext).digest() != row.header[153:185]:
            self._wrong("the ciphertext is not the one that was written", row)
        elif named == _ZEROS[:16]:
            self.report.count("not sealed")
        elif key := self.asked.released.get(named):
            if problem := unsealed(row.header, row.ciphertext, key):
                self._wrong(problem, row)
            else:
                self.report.count("decrypted")


def _number(data: bytes, offset: int) -> int:
    return int.from_bytes(data[offset : offset + 8], "big", signed=True)


def _eight(number: int) -> bytes:
    return number.to_bytes(8, "big", signed=True)


def unsealed(header: bytes, ciphertext: bytes, key: Released) -> str | None:
    """Open a payload; return what is wrong with it, never what it says."""
    from cryptography.exceptions import InvalidTag

    if (header[41:57], header[65:97].rstrip(b"\0")) != (key.journey, key.kind):
        return "the released key is of another journey or class"
    if len(ciphertext) < 28:
        return "the ciphertext is too short to be sealed"
    try:
        text = key.opens(ciphertext[:12], ciphertext[12:], header[1:17] + header[41:113])
        kind, day = fields(parsed(text), {"type": str, "occurred_on": str})
    except InvalidTag:
        return "the released key does not open it under this header"
    except ValueError:
        return "the payload is no JSON object with type and occurred_on"
    return None if kind and _DAY.fullmatch(day) else "the payload has no right type or occurred_on"


# ---- export folders


@dataclass(frozen=True, slots=True)
class Export:
    """An export folder with its trailer."""

    folder: Path
    origin: str
    opening: bytes
    after: int
    size: int
    crossings_after: int
    crossings: int
    files: Mapping[str, tuple[int, str]]
    checkpoint: Note
    previous: Note | None
    consistency: tuple[bytes, ...]

    def of(self, kind: str) -> list[str]:
        """Return the names of the files of a kind, in order."""
        return sorted(name for name in self.files if name.startswith(kind))

    def lines(self, name: str, report: Report) -> Iterator[tuple[int, bytes]]:
        """Yield the numbered lines of a file, as many as the trailer says."""
        number, limit = 0, self.files[name][0]
        for number, line in enumerate(raw_lines(self.folder / name), 1):
            if number > limit:
                raise AlteredError(f"has more lines than the {limit} of the trailer", file=name)
            yield number, line
        if number != limit:
            report.add(f"has {number} lines instead of the {limit} of the trailer", file=name)

    def read(
        self, kind: str, report: Report, reading: Callable[[int, Any], T]
    ) -> Iterator[tuple[Finding, T]]:
        """Yield what the lines of a kind say, with their places; a ValueError gets its place."""
        for name in self.of(kind):
            for number, line in self.lines(name, report):
                try:
                    value = reading(number, parsed(line[: _SMALL_LINE + 1]))
                except ValueError as error:
                    raise AlteredError(f"the line {error}", file=name, line=number) from error
                yield Finding("", file=name, line=number), value


def export_of(folder: Path) -> Export:
    """Read the trailer of an export; an ``AlteredError`` if it is not as the format has it."""
    found = _json_of(folder / _TRAILER_NAME, "kette-export-1")
    try:
        return _export(folder, *fields(found, _TRAILER))
    except ValueError as error:
        raise AlteredError(f"the trailer {error}", file=_TRAILER_NAME) from error


def _json_of(path: Path, form: str) -> Any:
    try:
        found = parsed(whole(path))
    except ValueError as error:
        raise UncheckedError(f"{path} is no JSON") from error
    said = found.get("format") if isinstance(found, dict) else None
    if said != form:
        raise UncheckedError(f"{path} has the format {shown(said)} instead of {form}")
    return found


def _export(folder: Path, tenant: str, epoch: str, after: int, size: int, *more: Any) -> Export:
    crossings_after, crossings, files, checkpoint, previous, consistency = more
    if after > size or crossings_after > crossings or (previous is None) != (after == 0):
        raise ValueError("names sizes that do not fit")
    return Export(
        folder=folder,
        origin=f"kette/{tenant}/{epoch}",
        opening=b"\x01" + identity(tenant) + identity(epoch),
        after=after,
        size=size,
        crossings_after=crossings_after,
        crossings=crossings,
        files=dict(_listed(one) for one in files),
        checkpoint=note_of(checkpoint),
        previous=None if previous is None else note_of(previous),
        consistency=tuple(binary(one, 32) for one in consistency[:200]),
    )


def _listed(value: Any) -> tuple[str, tuple[int, str]]:
    name, lines, digest = fields(value, {"name": str, "lines": int, "sha256": str})
    if not _FILE.fullmatch(name):
        raise ValueError(f"lists {shown(name)}, which is no file of an export")
    return name, (lines, digest)


@dataclass(frozen=True, slots=True)
class Mark:
    """A root that the log has to have at a size; ``supplied`` by the auditor, or in the export."""

    size: int
    root: bytes
    supplied: bool


@dataclass(frozen=True, slots=True)
class Command:
    """A command that wrote the positions ``first`` to ``last``; none if ``first`` is 0."""

    id: bytes
    first: int
    last: int


def _command(_number: int, value: Any) -> Command:
    named, body, first, count, _ = fields(value, _COMMAND, exact=True)
    binary(body, 32)
    if (first is None) != (count == 0) or first == 0:
        raise ValueError("has a first position without events, or events without one")
    return Command(identity(named), first or 0, (first or 0) + count - 1)


def _checkpoint(_number: int, value: Any) -> Note:
    size, text, _ = fields(value, _CHECKPOINT, exact=True)
    note = note_of(text)
    if note.size != size:
        raise ValueError("has a note of another size")
    return note


def _crossing(_number: int, value: Any) -> tuple[int, int]:
    seq, basis, journey, *_, undoes = fields(value, _CROSSING, exact=True)
    identity(journey)
    if (undoes or 0) >= seq:
        raise ValueError("undoes what is not before it")
    return seq, basis


def _imported(_number: int, value: Any) -> None:
    for one in fields(value, {"list_id": str, "journey_id": str}, exact=True):
        identity(one)


class Log:
    """One log: an export, and those that continue it."""

    def __init__(self, asked: Asked, report: Report) -> None:
        self.asked = asked
        self.report = report
        self.events = Events(asked, report)
        self.tree = Tree()
        self.started = False
        self.parted = False
        self.claimed = 0
        self.ends = 0
        self.crossings = 0
        self.marks: Iterator[Mark] = iter(())
        self.mark: Mark | None = None
        self.commands: Iterator[Command] = iter(())
        self.command = Command(b"", 0, 0)

    def take(self, export: Export) -> bool:
        """Check an export that follows the ones before; say whether it could be read to its end."""
        if self.started and export.after != self.tree.size:
            raise UncheckedError(
                f"{export.folder} begins behind {export.after}, the export before it ends at {self.tree.size}"
            )
        self.ends = export.size
        if not self._guarded(self._joined, export) or not self._guarded(self._digests, export):
            return False
        self.started = True
        steps = (self._read, self._read_crossings, self._read_imported)
        complete = [self._guarded(step, export) for step in steps]
        return all(complete)

    def _guarded(self, step: Callable[[Export], None], export: Export) -> bool:
        try:
            step(export)
        except AlteredError as error:
            self.report.findings.append(error.finding)
            return False
        return True

    def _joined(self, export: Export) -> None:
        """Check where the export joins on: the checkpoints of its ends and their consistency."""
        if export.origin != self.asked.origin:
            self._trailer(f"the export is of another log, {shown(export.origin)}")
        if self.asked.believed(export.checkpoint, self.report, file=_TRAILER_NAME):
            self.report.count("checkpoints")
        if export.checkpoint.size != export.size:
            self._trailer("the checkpoint is not of the export's size")
        self.events.opening = export.opening
        if not self.started:
            self.events.begins = self.events.proven = self.tree.size = export.after
            self.crossings = export.crossings_after
        if export.crossings_after != self.crossings:
            self._trailer("the crossings do not follow those of the export before")
        if export.previous is not None:
            self._continued(export, export.previous)

    def _continued(self, export: Export, previous: Note) -> None:
        self.asked.believed(previous, self.report, file=_TRAILER_NAME)
        peaks = continued(previous, export.checkpoint, export.consistency)
        if peaks is None or previous.size != export.after:
            self._trailer("the consistency proof does not hold from the previous checkpoint")
        elif self.started and self.tree.root() != previous.root:
            self._trailer("the previous checkpoint is not that of the export before")
        else:
            self.tree.peaks = peaks
            self.report.count("consistency proofs")
        if not self.tree.peaks:  # nothing to grow on: the rest is read all the same, without roots
            self.parted = True
            self.tree.peaks = [_ZEROS] * export.after.bit_count()

    def _trailer(self, problem: str) -> None:
        self.report.add(problem, file=_TRAILER_NAME)

    def _digests(self, export: Export) -> None:
        present = {one.name for one in export.folder.iterdir() if one.name.endswith(".jsonl.zst")}
        for name in sorted(present - set(export.files)):
            self.report.add(f"{shown(name)} is not in the trailer")
        for name, (_, digest) in sorted(export.files.items()):
            if name not in present:
                raise AlteredError("is in the trailer, and missing in the folder", file=name)
            if _digest(export.folder / name) != digest:
                self.report.add("is not the file whose digest is in the trailer", file=name)
            self.report.count("files")

    def _read(self, export: Export) -> None:
        self.marks = heapq.merge(
            self._exported(export), self._supplied(export), key=lambda one: one.size
        )
        self.commands = self._commands(export)
        self.mark = next(self.marks, None)
        self._compare(self.tree.size)
        for name in export.of("events"):
            if int(name[7:19]) != self.tree.size + 1 or export.files[name][0] > _PER_FILE:
                problem = f"does not begin at position {self.tree.size + 1}, or is too long"
                raise AlteredError(
                    problem, position=self.tree.size + 1, until=self.tree.size + 1, file=name
                )
            for number, line in export.lines(name, self.report):
                self._event(name, number, line)
        self._ended(export)

    def _event(self, name: str, number: int, line: bytes) -> None:
        position = self.tree.size + 1
        row = _row(position, name, number, line)
        if row.header[33:41] != _eight(position):
            found = _number(row.header, 33)
            problem = f"position {found} where {position} has to be; what follows was not read"
            raise AlteredError(problem, **row.place())
        self.tree.grow(self.events.take(row))
        if position > self.command.last or row.header[201:217] != self.command.id:
            self._commanded(row)
        if self.mark and self.mark.size <= position:
            self._compare(position)

    def _ended(self, export: Export) -> None:
        size = self.tree.size
        while self.mark and self.mark.size <= size:
            self.mark = next(self.marks, None)
        ends = max(export.size, self.mark.size if self.mark else 0)
        if size != ends:
            self.report.add(
                f"the events end at {size}; by the trailer and its checkpoints at {ends}",
                position=min(size, ends, max(self.events.proven, self.claimed)) + 1,
                until=max(size, ends),
            )
        if next(self.commands, None) is not None:
            self.report.add("tells of events that are not there", file="commands.jsonl.zst")
        elif size < self.command.last < _HIGHEST:
            self.report.notes.append(
                f"the last command goes on behind the export, to {self.command.last}"
            )

    # Commands: those with events cover the positions without a hole.

    def _commands(self, export: Export) -> Iterator[Command]:
        empty = b""
        for at, command in export.read("commands", self.report, _command):
            self.report.count("commands")
            if empty and (command.first or command.id <= empty):
                raise AlteredError("the line is out of order", file=at.file, line=at.line)
            if command.first:
                yield command
            else:
                empty = command.id

    def _commanded(self, row: Row) -> None:
        """Go on to the command that wrote the event."""
        if row.position > self.command.last:
            command = next(self.commands, None)
            first = command.first if command else _HIGHEST
            if row.position == self.events.begins + 1 > 1 and first > row.position:
                self.commands = chain([command] if command else [], self.commands)
                command = Command(row.header[201:217], row.position, first - 1)
                self.report.notes.append("the first command began before the export")
            self.command = command or Command(b"", 0, _HIGHEST)
            if (self.command.first, self.command.id) == (row.position, row.header[201:217]):
                return
        self.report.add("its command is another one than commands.jsonl.zst names", **row.place())

    # Roots: at every checkpoint, in the order of sizes.

    def _supplied(self, export: Export) -> Iterator[Mark]:
        for note in sorted((note for _, note in self.asked.checkpoints), key=lambda one: one.size):
            if (
                export.after < note.size <= export.size
                or note.size == self.events.begins == export.after
            ):
                yield Mark(note.size, note.root, supplied=True)

    def _exported(self, export: Export) -> Iterator[Mark]:
        before = -1
        try:
            for at, note in export.read("checkpoints", self.report, _checkpoint):
                if note.size <= before:
                    self.report.add("the line is out of order", file=at.file, line=at.line)
                    break
                before = note.size
                if self.asked.believed(note, self.report, file=at.file, line=at.line):
                    self.report.count("checkpoints")
                yield Mark(note.size, note.root, supplied=False)
        except AlteredError as error:
            self.report.findings.append(error.finding)
        if export.checkpoint.size >= export.size:
            yield Mark(export.checkpoint.size, export.checkpoint.root, supplied=False)

    def _compare(self, size: int) -> None:
        while (mark := self.mark) and mark.size <= size:
            if mark.size == size and mark.root == self.tree.root():
                self._held(mark)
            elif not self.parted:
                self._parted(mark)
            self.mark = next(self.marks, None)

    def _held(self, mark: Mark) -> None:
        if mark.supplied:
            self.report.supplied.append(mark.size)
        if mark.supplied and not self.parted:
            self.events.proven = mark.size
        self.claimed = mark.size

    def _parted(self, mark: Mark) -> None:
        """Tell since when the log is another one: by one's own checkpoints if the export's all hold."""
        self.parted = True
        since = self.events.proven if mark.supplied else max(self.events.proven, self.claimed)
        whose = "your checkpoint" if mark.supplied else "the checkpoint"
        self.report.add(
            f"the root at {whose} of {mark.size} is another one: an event was changed, removed or added",
            position=min(since + 1, mark.size),
            until=mark.size,
        )

    # What the tree does not hold.

    def _read_crossings(self, export: Export) -> None:
        basis, self.crossings = 0, export.crossings_after
        for at, (seq, known) in export.read("crossings", self.report, _crossing):
            if seq != self.crossings + 1 or known < basis:
                problem = (
                    f"crossing {seq} where {self.crossings + 1} has to be, or its basis falls back"
                )
                raise AlteredError(problem, file=at.file, line=at.line)
            self.crossings, basis = seq, known
            self.report.count("crossings")
        if self.crossings != export.crossings:
            self._trailer(f"the crossings end at {self.crossings} instead of {export.crossings}")

    def _read_imported(self, export: Export) -> None:
        for _ in export.read("imported", self.report, _imported):
            self.report.count("lines of imports")


def _row(position: int, name: str, number: int, line: bytes) -> Row:
    match = _EVENT.fullmatch(line)
    try:
        if match:
            sealed = None if match[2] else a2b_base64(match[3], strict_mode=True)
            return Row(position, a2b_base64(match[1]), sealed, name, number)
    except Base64Error:
        pass
    problem = "the line is no event of the format; what follows was not read"
    raise AlteredError(problem, position=position, until=position, file=name, line=number)


def _digest(path: Path) -> str:
    made = hashlib.sha256()
    with opened(path) as file:
        while chunk := file.read(_CHUNK):
            made.update(chunk)
    return made.hexdigest()


# ---- the proof of one journey


def check_pack(path: Path, asked: Asked, report: Report) -> Note | None:
    """Check a proof pack; return its checkpoint if it is believed."""
    found = _json_of(path, "kette-proof-1")
    try:
        return _pack(path.name, found, asked, report)
    except ValueError as error:
        report.findings.append(Finding(str(error), file=path.name))
    except AlteredError as error:
        report.findings.append(error.finding)
    return None


def _pack(name: str, found: Any, asked: Asked, report: Report) -> Note | None:
    journey, checkpoint, listed = fields(found, {"journey": str, "checkpoint": str, "events": list})
    note, named = note_of(checkpoint), identity(journey)
    if not asked.believed(note, report, file=name):
        return None
    report.count("checkpoints")
    events, before = Events(asked, report), 0
    events.opening = b"\x01" + b"".join(identity(one) for one in note.origin.split("/")[1:])
    for number, one in enumerate(listed, 1):
        try:
            row, proof = _proof(one, name, number)
        except ValueError as error:
            raise AlteredError(f"event {number} {error}", journey=journey, file=name) from error
        if row.header[41:57] != named or not before < row.position <= note.size:
            raise AlteredError("is of another journey, or out of order", **row.place())
        before = row.position
        if included(row.position - 1, note.size, events.take(row), proof) != note.root:
            report.add("its proof does not lead to the root of the checkpoint", **row.place())
        report.count("inclusion proofs")
    report.notes.append(
        f"{name}: whether a later event of the journey was left out, no proof can show"
    )
    return note


def _proof(value: Any, name: str, number: int) -> tuple[Row, list[bytes]]:
    text, sealed, path = fields(value, _PROOF)
    header = binary(text, HEADER)
    ciphertext = None if sealed is None else binary(sealed)
    row = Row(_number(header, 33), header, ciphertext, name, number)
    return row, [binary(one, 32) for one in path[:64]]


# ---- the command


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line; end with 2 if it cannot be understood."""
    made = argparse.ArgumentParser(description="Verify exports and proofs of a Kette journal.")
    made.add_argument("export", nargs="+", type=Path, help="an export folder, or a journey's proof")
    made.add_argument("--key", action="append", required=True, help="the log's key, or its file")
    made.add_argument(
        "--checkpoint", action="append", default=[], type=Path, help="a note that you have"
    )
    made.add_argument("--witness", action="append", default=[], help="a witness's key, or its file")
    made.add_argument("--keys", type=Path, help="data keys that were released for the audit")
    made.add_argument("--json", type=Path, help="where to write the report")
    return made.parse_args(words)


def asked_for(given: argparse.Namespace) -> Asked:
    """Read what the auditor has; an ``UncheckedError`` names what cannot be read."""
    keys = tuple(_key(one, _SIGNER) for one in given.key)
    if len({key.name for key in keys}) > 1 or not _ORIGIN.fullmatch(keys[0].name):
        raise UncheckedError("the keys are not those of one log of Kette")
    return Asked(
        keys=keys,
        witnesses=tuple(_key(one, _WITNESS) for one in given.witness),
        checkpoints=tuple(
            (str(one), _usable(one, lambda found: note_of(found.decode())))
            for one in given.checkpoint
        ),
        released=_usable(given.keys, released_keys) if given.keys else {},
    )


def _key(text: str, kind: int) -> Key:
    if not _VKEY.fullmatch(text):
        return _usable(Path(text), lambda found: verifier_key(found.decode().strip(), kind))
    try:
        return verifier_key(text, kind)
    except ValueError as error:
        raise UncheckedError(f"{text} {error}") from error


def _usable(path: Path, reading: Callable[[bytes], T]) -> T:
    try:
        return reading(whole(path, _KEYS))
    except ValueError as error:
        raise UncheckedError(f"{shown(str(path))} {error}") from error


def check(paths: Sequence[Path], asked: Asked, report: Report) -> None:
    """Check exports that follow each other, and proofs of journeys, into the report."""
    own = [one for one in asked.checkpoints if asked.believed(one[1], report, file=one[0])]
    asked = replace(asked, checkpoints=tuple(own))
    folders = [path for path in paths if path.is_dir()]
    for path in paths:
        if path not in folders and (note := check_pack(path, asked, report)):
            _compare_pack(note, asked, report)
    log = _checked(folders, asked, report) if folders else None
    for _, note in own:
        if note.size not in report.supplied:
            _uncompared(note, log, report)
    for witness in asked.witnesses:
        if witness.name not in report.witnesses:
            report.unchecked.append(f"no checkpoint is cosigned by {shown(witness.name)}")


def _checked(folders: Sequence[Path], asked: Asked, report: Report) -> Log:
    log = Log(asked, report)
    for export in sorted(map(export_of, folders), key=lambda one: (one.after, one.size)):
        complete = log.take(export)
        told = {"export": str(export.folder), "origin": export.origin, "after": export.after}
        report.logs.append({**told, "size": log.tree.size, "root": log.tree.root().hex()})
        if not complete:
            break
    if log.events.begins:
        report.notes.append(f"what is before position {log.events.begins + 1} was not read")
    report.count("events", log.tree.size - log.events.begins)
    report.count("journeys", len(log.events.journeys))
    return log


def _compare_pack(note: Note, asked: Asked, report: Report) -> None:
    for name, own in asked.checkpoints:
        if own.size == note.size and own.root != note.root:
            report.add(f"it has another root at {own.size} than the proof: a split view", file=name)
        elif own.size == note.size:
            report.supplied.append(own.size)


def _uncompared(note: Note, log: Log | None, report: Report) -> None:
    """Tell of a checkpoint of the auditor's that was not compared."""
    if log is None:
        report.unchecked.append(
            f"a proof does not reach your checkpoint of {note.size}: an export does"
        )
    elif note.size > log.ends:
        report.add(
            f"by your checkpoint the log was {note.size} long; the export ends at {log.ends}",
            position=log.events.proven + 1,
            until=note.size,
        )
    elif note.size < log.events.begins:
        report.unchecked.append(f"your checkpoint of {note.size} needs the exports before these")


def told(report: Report) -> Iterator[str]:
    """Yield the lines for people."""
    if first := report.first:
        several = f" to {first['until']}" if first["until"] > first["position"] else ""
        yield f"ALTERED   the first wrong position: {first['position']}{several}"
    yield from (f"ALTERED   {finding.words()}" for finding in report.ordered())
    yield from (f"UNCHECKED {problem}" for problem in report.unchecked)
    if not report.code:
        yield "VERIFIED  " + (str(report.logs[0]["origin"]) if report.logs else "proof")
    counts = (f"{name} {found}" for name, found in report.counts.items())
    yield "checked: " + (", ".join(counts) or "nothing")
    held = ", ".join(map(str, sorted(report.supplied)))
    yield f"your checkpoints that hold: {held or 'none'}"
    for name, seen in report.witnesses.items():
        yield f"witness {shown(name)}: cosigned {seen['size']} at {seen['time']} (POSIX seconds)"
    for journey, count in list(report.blanked.items())[:_TOLD]:
        yield f"key destroyed: {count} events of journey {journey}; nobody can read them"
    if len(report.blanked) > _TOLD:
        yield f"key destroyed: in {len(report.blanked) - _TOLD} more journeys"
    yield from (f"note: {note}" for note in report.notes)
    yield from (f"not protected: {one}" for one in NOT_PROTECTED)


def main(words: Sequence[str] | None = None) -> int:
    """Check what the command line names, tell it, and return the exit code."""
    given = arguments(words)
    report = Report()
    try:
        check(given.export, asked_for(given), report)
    except UncheckedError as error:
        report.unchecked.append(str(error))
    except AlteredError as error:
        report.findings.append(error.finding)
    except ImportError as error:
        report.unchecked.append(f"the package {error.name} is missing: pip install {error.name}")
    except OSError as error:
        report.unchecked.append(f"{shown(error.filename)}: {error.strerror}")
    try:
        if given.json:
            given.json.write_text(json.dumps(report.as_json(), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        report.unchecked.append(f"the report cannot be written: {error.strerror}")
    for line in told(report):
        print(line.encode("ascii", "backslashreplace").decode())
    return report.code


if __name__ == "__main__":
    sys.exit(main())
