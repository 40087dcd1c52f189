"""A small journal with everything that an export holds, and a notary of the tests' own."""

import base64
import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consumers.clock import catch_up
from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.journal import Append, Entry
from infra import header
from infra.clock_store import ClockStore
from infra.export import export
from infra.export_folder import Export
from infra.journal import JournalRecorder, open_journal
from infra.notes import SigningKey, TreeHead, signed_note
from tests.keyring import keys_of

TODAY = date(2026, 3, 1)
SEGMENT = 7
FACTS = ("CaseOpened", "CourseRegistered", "HandoverOffered", "ContactHeld", "CourseStarted")
_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def opened(dsn: str) -> JournalRecorder:
    """Open a journal; the one place of these tests that knows how."""
    return open_journal(dsn, keys_of(dsn))


def fill(dsn: str, journeys: Sequence[int], facts: Sequence[str] = FACTS) -> None:
    """Record the facts of journeys, two in a command, and a command without events for each."""
    with opened(dsn) as journal:
        for number in journeys:
            journey = UUID(int=number)
            before = len(journal.select_events(journey))
            entries = [
                Entry(
                    f"f{number}-{place}", read_fact(name, {}), PartialDate(2024, 1 + place % 9, 12)
                )
                for place, name in enumerate(facts, before + 1)
            ]
            requests = [
                Append(
                    UUID(int=number * 1_000 + before + place),
                    b"body",
                    journey,
                    before + place,
                    tuple(entries[place : place + 2]),
                )
                for place in range(0, len(entries), 2)
            ]
            nothing = Append(UUID(int=(number << 64) + before), b"nothing", journey, 0, ())
            for one in (*requests, nothing):
                journal.append([one])


def tell(dsn: str, day: date = TODAY) -> None:
    """Have the clock tell what crossed."""
    with ClockStore(dsn, keys_of(dsn)) as clock:
        catch_up(clock, day)


def import_list(dsn: str, number: int, journeys: Sequence[int]) -> None:
    with psycopg.connect(dsn) as connection:
        connection.cursor().executemany(
            "INSERT INTO kette.imported VALUES (%s, %s)",
            [(UUID(int=number), UUID(int=one)) for one in journeys],
        )


def blank(dsn: str, position: int) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "UPDATE kette.events SET ciphertext = NULL WHERE position = %s", [position]
        )


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root of a tree by the recursion of RFC 9162."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    both = root_of(leaves[:split]) + root_of(leaves[split:])
    return hashlib.sha256(b"\1" + both).digest()


def sign(dsn: str) -> int:
    """Sign the head unless that was done, and return its size."""
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("SELECT leaf FROM kette.events ORDER BY position").fetchall()
        row = connection.execute("SELECT tenant, epoch FROM kette.log_head").fetchone()
        assert row is not None
        origin = f"kette/{row[0]}/{row[1]}"
        head = TreeHead(origin, len(rows), root_of([leaf for (leaf,) in rows]))
        note = bytes(signed_note(head, SigningKey(origin, 1, _KEY)))
        connection.execute(
            "INSERT INTO kette.checkpoints (size, root, note) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [head.size, head.root, note],
        )
    return head.size


def exported(dsn: str, folder: Path, after: Path | None = None) -> Export:
    """Sign the head and export up to there, in small segments."""
    sign(dsn)
    return export(dsn, folder, after, SEGMENT)


def grow(dsn: str, round_: int) -> None:
    """Let a journal go on by everything that an export holds."""
    first = round_ * 10 + 1
    with opened(dsn) as journal:
        before = journal.head().position
    fill(dsn, range(first, first + 4))
    fill(dsn, range(1, 3), ("ContactHeld",))
    sign(dsn)
    blank(dsn, before + 1)
    tell(dsn, date(2025 + round_, 3, 1))
    import_list(dsn, round_, (first, first + 1))
    fill(dsn, (first + 5,))


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def kept(dsn: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that a restore has to bring back, table by table."""
    wanted = {
        "events": "position, journey_id, version, class, header, ciphertext, leaf",
        "commands": "id, body_hash, first_position, n, answer",
        "crossings": "seq, basis_position, journey_id, kind, name, key, day, round, noticed_at, told, undoes",
        "checkpoints": "size, root, note, signed_at",
        "imported": "list_id, journey_id",
        "log_head": "position, last_recorded_at::text, epoch, tenant, state",
    }
    with psycopg.connect(dsn) as connection:
        return {
            table: sorted(connection.execute(f"SELECT {columns} FROM kette.{table}").fetchall())
            for table, columns in wanted.items()
        }


def unpacked(path: Path) -> list[bytes]:
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as reader:
        return reader.read().splitlines(keepends=True)


Change = Callable[[list[bytes]], list[bytes]]


def rewritten(export: Path, target: Path, name: str, change: Change) -> Path:
    """Return a copy of an export with a file changed, and its trailer so that this fits."""
    shutil.copytree(export, target)
    lines = change(unpacked(target / name))
    packed = zstandard.ZstdCompressor(3).compress(b"".join(lines))
    (target / name).write_bytes(packed)
    trailer = json.loads((target / "trailer.json").read_text("utf-8"))
    for one in trailer["files"]:
        if one["name"] == name:
            one["lines"], one["sha256"] = len(lines), hashlib.sha256(packed).hexdigest()
    return retold(target, trailer)


def retold(target: Path, trailer: dict[str, Any]) -> Path:
    text = json.dumps(trailer, indent=2, ensure_ascii=False) + "\n"
    (target / "trailer.json").write_text(text, "utf-8")
    return target


def leaves_of(export: Path) -> list[bytes]:
    """Return the leaves of the events of an export."""
    found = [
        json.loads(line)["header"]
        for path in sorted(export.glob("events-*"))
        for line in unpacked(path)
    ]
    return [header.leaf(base64.b64decode(one)) for one in found]
