"""What `kette export` writes is what both verifiers read: clean, altered, destroyed, continued, restored."""

import base64
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
import zstandard

from infra.embedded import EmbeddedServer
from infra.export import export
from infra.notary_store import NotaryStore
from tests.conftest import fresh_database
from tests.infra.exporting import blank, fill, import_list, tell
from tests.infra.exporting import files as files_of
from tests.keyring import keys_of
from tests.verify.conftest import Verify, case, second
from tests.verify.making import b64, trailer_of, write_trailer

EVENTS = "events-000000000001.jsonl.zst"


@pytest.fixture
def signed(dsn: str, tmp_path: Path) -> Callable[[], tuple[str, str]]:
    """Sign the head; return the verifier key and the checkpoint."""

    def sign() -> tuple[str, str]:
        with NotaryStore(dsn, tmp_path / "log") as log:
            made = log.sign()
            assert made is not None
        key = (tmp_path / "log" / "notary.pub").read_text("utf-8").strip()
        return key, (tmp_path / "log" / "checkpoint").read_text("utf-8")

    return sign


def both(
    verify: Verify, paths: list[Path], key: str, note: str, *more: str | Path
) -> tuple[int, str]:
    """Ask both verifiers; they have to agree."""
    told = verify(paths, key, [note], *more)
    (other,) = second([case(paths, key, [note])])
    assert other["result"] == told.code, (other, told.said)
    return told.code, told.problems


def test_a_real_export_is_verified_by_both_and_one_flipped_bit_is_named(
    dsn: str, tmp_path: Path, verify: Verify, signed: Callable[[], tuple[str, str]]
) -> None:
    fill(dsn, range(1, 9))
    tell(dsn)
    import_list(dsn, 1, (1, 2))
    key, note = signed()
    folder = export(dsn, tmp_path / "one").folder
    assert both(verify, [folder], key, note) == (0, "")

    lines = zstandard.decompress((folder / EVENTS).read_bytes(), 1 << 26).splitlines()
    row = json.loads(lines[11])
    sealed = bytearray(bytes.fromhex(_unbased(row["ciphertext"])))
    sealed[20] ^= 1
    row["ciphertext"] = b64(bytes(sealed))
    lines[11] = json.dumps(row, separators=(",", ":")).encode()
    _rewrite(folder, lines)
    code, said = both(verify, [folder], key, note)
    assert code == 1
    assert "the ciphertext is not the one that was written" in said
    assert verify([folder], key, [note]).report["first_wrong"]["position"] == 12


def test_released_keys_open_what_was_exported_and_foreign_ones_do_not(
    dsn: str, tmp_path: Path, verify: Verify, signed: Callable[[], tuple[str, str]]
) -> None:
    fill(dsn, range(1, 4))
    key, note = signed()
    folder = export(dsn, tmp_path / "one").folder
    found = keys_of(dsn).released([UUID(int=1)])
    keys = [
        {"id": str(one.id), "journey": str(one.journey), "class": one.data_class, "key": b64(raw)}
        for one, raw in found
    ]
    told = verify([folder], key, [note], "--keys", _keys(tmp_path, keys))
    assert told.code == 0
    assert "decrypted 5" in told.said

    keys[0]["key"] = keys[1]["key"] = keys[2]["key"] = keys[3]["key"] = b64(os.urandom(32))
    assert verify([folder], key, [note], "--keys", _keys(tmp_path, keys)).code == 1


def test_blanked_events_and_increments_are_verified(
    dsn: str, tmp_path: Path, verify: Verify, signed: Callable[[], tuple[str, str]]
) -> None:
    fill(dsn, range(1, 5))
    _, old = signed()
    first = export(dsn, tmp_path / "one").folder
    fill(dsn, range(5, 9))
    blank(dsn, 3)
    key, note = signed()
    second_part = export(dsn, tmp_path / "two", first).folder
    whole = export(dsn, tmp_path / "whole").folder
    for paths in ([first, second_part], [whole]):
        for one in (old, note):
            assert both(verify, paths, key, one) == (0, "")


def test_an_export_of_another_journal_is_not_taken_for_this_one(
    server: EmbeddedServer,
    dsn: str,
    tmp_path: Path,
    verify: Verify,
    signed: Callable[[], tuple[str, str]],
) -> None:
    fill(dsn, range(1, 5))
    key, note = signed()
    with fresh_database(server) as other:
        fill(other, range(1, 5))
        with NotaryStore(other, tmp_path / "other-log") as log:
            log.sign()
        folder = export(other, tmp_path / "other").folder
    assert both(verify, [folder], key, note)[0] == 1
    assert files_of(folder)


def _unbased(text: str) -> str:
    return base64.b64decode(text).hex()


def _rewrite(folder: Path, lines: list[bytes]) -> None:
    """Write a changed file with its new digest in the trailer, as somebody who alters it would."""
    data = zstandard.compress(b"".join(one + b"\n" for one in lines))
    (folder / EVENTS).write_bytes(data)
    trailer = trailer_of(folder)
    for one in trailer["files"]:
        if one["name"] == EVENTS:
            one["sha256"] = hashlib.sha256(data).hexdigest()
    write_trailer(folder, trailer)


def _keys(folder: Path, keys: list[dict[str, str]]) -> Path:
    path = folder / "released.json"
    path.write_text(json.dumps({"format": "kette-keys-1", "keys": keys}), "utf-8")
    return path
