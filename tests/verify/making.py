"""A writer of exports that shares no code with Kette or its verifiers: docs/reference/journal-format.md alone.

``Story`` holds a log as rows that a test may change; whoever writes it recomputes what needs no signing key:
digests of files, numbers of lines, commands.
"""

import base64
import hashlib
import json
import random
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TENANT = UUID(int=0x5916)
EPOCH = UUID(int=0xE70C, version=4)
LAYOUT = struct.Struct(">B16s16sq16sq32s16sq32s32s16s16s16s")
NAMES = (
    *("format", "tenant", "epoch", "position", "journey", "version", "kind", "fingerprint"),
    *("moment", "previous", "digest", "key", "command", "actor"),
)
CLASSES = ("base", "identity", "sensitive", "notes")
Row = tuple[bytes, bytes | None]


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def leaf(row: Row) -> bytes:
    return sha(b"\0" + row[0])


def named(header: bytes) -> dict[str, Any]:
    return dict(zip(NAMES, LAYOUT.unpack(header), strict=True))


def changed(header: bytes, **values: Any) -> bytes:
    return LAYOUT.pack(*(named(header) | values).values())


# The tree, as RFC 9162 defines it, over whole lists.


def split(n: int) -> int:
    return 1 << ((n - 1).bit_length() - 1)


def root(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) < 2:
        return leaves[0] if leaves else sha(b"")
    k = split(len(leaves))
    return sha(b"\1" + root(leaves[:k]) + root(leaves[k:]))


def inclusion(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*inclusion(m, leaves[:k]), root(leaves[k:])]
    return [*inclusion(m - k, leaves[k:]), root(leaves[:k])]


def consistency(m: int, leaves: Sequence[bytes], whole: bool = True) -> list[bytes]:
    if m == len(leaves):
        return [] if whole else [root(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*consistency(m, leaves[:k], whole), root(leaves[k:])]
    return [*consistency(m - k, leaves[k:], False), root(leaves[:k])]


# Keys and notes.


@dataclass(frozen=True)
class Signer:
    name: str
    private: Ed25519PrivateKey
    kind: int = 1

    @property
    def public(self) -> bytes:
        return bytes([self.kind]) + self.private.public_key().public_bytes_raw()

    @property
    def hash(self) -> bytes:
        return sha(self.name.encode() + b"\n" + self.public)[:4]

    @property
    def verifier(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{b64(self.public)}"

    def note(self, size: int, top: bytes, origin: str | None = None) -> str:
        text = f"{origin or self.name}\n{size}\n{b64(top)}\n"
        signature = self.hash + self.private.sign(text.encode())
        return f"{text}\n\u2014 {self.name} {b64(signature)}\n"

    def cosigned(self, note: str, seconds: int) -> str:
        text = note.split("\n\n")[0] + "\n"
        message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
        signature = self.hash + seconds.to_bytes(8, "big") + self.private.sign(message)
        return f"{note}\u2014 {self.name} {b64(signature)}\n"


def signer(seed: int, name: str = f"kette/{TENANT}/{EPOCH}", kind: int = 1) -> Signer:
    private = Ed25519PrivateKey.from_private_bytes(sha(b"signer" + bytes([seed])))
    return Signer(name, private, kind)


# A log.


@dataclass
class Story:
    """A log that may be written as one export or as several.

    ``notes`` are the checkpoints that were signed, by size; ``signed`` the leaves when they were.
    """

    signer: Signer
    rows: list[Row]
    notes: dict[int, str]
    signed: list[bytes]
    keys: dict[bytes, tuple[bytes, bytes, bytes]] = field(default_factory=dict)
    crossings: int = 5
    per_file: int = 100_000

    def copy(self) -> "Story":
        return Story(self.signer, list(self.rows), dict(self.notes), list(self.signed), self.keys)

    @property
    def size(self) -> int:
        return len(self.rows)

    def leaves(self) -> list[bytes]:
        return [leaf(row) for row in self.rows]

    def sign(self, *sizes: int) -> None:
        """Sign the log as it is now at these sizes: who calls this holds the key."""
        self.signed = self.leaves()
        for size in sizes:
            self.notes[size] = self.signer.note(size, root(self.signed[:size]))

    def linked(self) -> None:
        """Compute the positions, links and digests anew: an insider can."""
        heads: dict[bytes, tuple[int, bytes]] = {}
        for index, (header, sealed) in enumerate(self.rows):
            journey = header[41:57]
            version, previous = heads.get(journey, (0, bytes(32)))
            digest = header[153:185] if sealed is None else sha(sealed)
            header = changed(
                header,
                position=index + 1,
                version=version + 1,
                previous=previous,
                digest=digest,
            )
            self.rows[index] = (header, sealed)
            heads[journey] = (version + 1, leaf(self.rows[index]))

    def write(self, folder: Path, after: int = 0, upto: int | None = None, level: int = 3) -> Path:
        """Write what is behind ``after``, up to ``upto`` or the end, as an export."""
        folder.mkdir(parents=True, exist_ok=True)
        size = self.size if upto is None else upto
        files = self.files(after, size)
        listed = [written(folder / name, lines, level) for name, lines in sorted(files.items())]
        proof = consistency(after, self.signed[:size]) if after else []
        made = trailer(after, size, listed, self.notes.get(size) or self.notes[max(self.notes)])
        made |= {
            "crossings_after": self.crossings if after else 0,
            "crossings": self.crossings,
            "previous": self.notes[after] if after else None,
            "consistency": [b64(one) for one in proof],
        }
        write_trailer(folder, made)
        return folder

    def files(self, after: int, size: int) -> dict[str, list[bytes]]:
        """Return the lines of every file."""
        made: dict[str, list[bytes]] = {}
        for first in range(after, size, self.per_file):
            rows = self.rows[first : min(first + self.per_file, size)]
            made[f"events-{first + 1:012d}.jsonl.zst"] = [event_line(row) for row in rows]
        if self.crossings and not after:
            made["crossings-000000000001.jsonl.zst"] = crossing_lines(self.crossings)
        made["commands.jsonl.zst"] = command_lines(self.rows, after, size)
        made["imported.jsonl.zst"] = imported_lines()
        made["checkpoints.jsonl.zst"] = [
            line(size=one, note=note, signed_at=moment(one))
            for one, note in sorted(self.notes.items())
            if after < one <= size
        ]
        return made

    def parts(self, folder: Path, at: int) -> list[Path]:
        """Write the log as an export up to ``at`` and one that continues it."""
        return [self.write(folder / "1", upto=at), self.write(folder / "2", after=at)]

    def pack(self, journey: bytes, size: int) -> dict[str, Any]:
        """Return the proof of one journey in the checkpoint of a size."""
        leaves = self.leaves()[:size]
        mine = [index for index, row in enumerate(self.rows[:size]) if row[0][41:57] == journey]
        events = [
            {
                "header": b64(self.rows[index][0]),
                "ciphertext": sealed_text(self.rows[index]),
                "proof": [b64(one) for one in inclusion(index, leaves)],
            }
            for index in mine
        ]
        return {
            "format": "kette-proof-1",
            "journey": str(UUID(bytes=journey)),
            "checkpoint": self.notes[size],
            "key": self.signer.verifier,
            "events": events,
        }

    def released(self) -> dict[str, Any]:
        """Return every data key as a file of released keys."""
        keys = [
            {
                "id": str(UUID(bytes=named)),
                "journey": str(UUID(bytes=journey)),
                "class": kind.decode(),
                "key": b64(key),
            }
            for named, (journey, kind, key) in self.keys.items()
        ]
        return {"format": "kette-keys-1", "keys": keys}


def history(seed: int, events: int = 60, journeys: int = 8, signed: Sequence[int] = ()) -> Story:
    """Draw a log with sealed events, signed at some sizes and at its end."""
    rnd = random.Random(seed)
    keys: dict[bytes, tuple[bytes, bytes, bytes]] = {}
    of: dict[tuple[bytes, bytes], bytes] = {}
    rows: list[Row] = []
    heads: dict[bytes, tuple[int, bytes]] = {}
    command = rnd.randbytes(16)
    people = [UUID(bytes=rnd.randbytes(16), version=4).bytes for _ in range(journeys)]
    for position in range(1, events + 1):
        journey, kind = rnd.choice(people), rnd.choice(CLASSES).encode()
        if (journey, kind) not in of:
            of[journey, kind] = rnd.randbytes(16)
            keys[of[journey, kind]] = (journey, kind, rnd.randbytes(32))
        if rnd.random() < 0.7:
            command = rnd.randbytes(16)
        version, previous = heads.get(journey, (0, bytes(32)))
        row = sealed_row(
            payload(position),
            keys[of[journey, kind]][2],
            rnd.randbytes(12),
            position=position,
            journey=journey,
            version=version + 1,
            kind=kind,
            fingerprint=bytes(range(16)),
            moment=1_780_000_000_000_000 + position * 1_000,
            previous=previous,
            key=of[journey, kind],
            command=command,
            actor=rnd.randbytes(16),
        )
        rows.append(row)
        heads[journey] = (version + 1, leaf(row))
    story = Story(signer(1), rows, {}, [], keys)
    story.sign(*signed, events)
    return story


def payload(number: int) -> bytes:
    told = {"id": f"f{number}", "type": "ClubVisited", "occurred_on": "2026-03-02"}
    return json.dumps({**told, "attributes": {"note": "x" * (number % 90)}}).encode()


def sealed_row(text: bytes, secret: bytes, nonce: bytes, **values: Any) -> Row:
    opening = {"format": 1, "tenant": TENANT.bytes, "epoch": EPOCH.bytes}
    header = LAYOUT.pack(*((opening | {"digest": b""} | values)[name] for name in NAMES))
    return resealed(header, text, secret, nonce)


def resealed(header: bytes, text: bytes, key: bytes, nonce: bytes) -> Row:
    """Seal a text under a header, and put its digest there."""
    sealed = nonce + AESGCM(key).encrypt(nonce, text, header[1:17] + header[41:113])
    return changed(header, digest=sha(sealed)), sealed


# Lines and files.


def line(**values: Any) -> bytes:
    return json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode()


def sealed_text(row: Row) -> str | None:
    return None if row[1] is None else b64(row[1])


def event_line(row: Row) -> bytes:
    return line(header=b64(row[0]), ciphertext=sealed_text(row))


def moment(number: int) -> str:
    at = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(microseconds=number)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def command_lines(rows: Sequence[Row], after: int, size: int) -> list[bytes]:
    made = []
    position = 1
    for command, run in groupby(row[0][201:217] for row in rows):
        n = len(list(run))
        if after < position <= size:
            made.append(command_line(command, position, n))
        position += n
    return made + [command_line(bytes([number + 1]) * 16, None, 0) for number in range(3)]


def command_line(named: bytes, first: int | None, n: int) -> bytes:
    body = b64(sha(named))
    return line(
        id=str(UUID(bytes=named)), body_hash=body, first_position=first, n=n, answer="appended"
    )


def crossing_lines(count: int) -> list[bytes]:
    return [
        line(
            seq=seq,
            basis_position=seq,
            journey_id=str(UUID(int=seq)),
            kind="opened",
            name="O03",
            key="1",
            day="2026-03-31",
            round=0,
            noticed_at=moment(seq),
            told={"rule": "O03"},
            undoes=None,
        )
        for seq in range(1, count + 1)
    ]


def imported_lines() -> list[bytes]:
    return [line(list_id=str(UUID(int=1)), journey_id=str(UUID(int=number))) for number in (1, 2)]


def written(path: Path, lines: Sequence[bytes], level: int = 3) -> dict[str, Any]:
    data = zstandard.ZstdCompressor(level=level).compress(b"".join(one + b"\n" for one in lines))
    path.write_bytes(data)
    return {"name": path.name, "lines": len(lines), "sha256": hashlib.sha256(data).hexdigest()}


def trailer(after: int, size: int, files: list[dict[str, Any]], note: str) -> dict[str, Any]:
    return {
        "format": "kette-export-1",
        "tenant": str(TENANT),
        "epoch": str(EPOCH),
        "after": after,
        "size": size,
        "crossings_after": 0,
        "crossings": 0,
        "recorded_at": moment(size),
        "files": sorted(files, key=lambda one: str(one["name"])),
        "checkpoint": note,
        "previous": None,
        "consistency": [],
    }


def trailer_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "trailer.json").read_text("utf-8"))
    return found


def write_trailer(folder: Path, trailer: dict[str, Any]) -> None:
    text = json.dumps(trailer, indent=2, ensure_ascii=False) + "\n"
    (folder / "trailer.json").write_text(text, "utf-8")
