"""`kette export` and `restore`: out of one store, into another, and out of that again, byte for byte."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.keyring import with_keys

Run = Callable[..., Any]
VERIFIER = Path(__file__).parents[2] / "verify" / "kette_verify.py"


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("place")


@pytest.fixture(scope="module")
def exported(invoked: Run, journey: str, place: Path) -> list[Path]:
    """Export a store, let it go on, and export what came since, and then all at once."""
    one, two, whole = (place / name for name in ("one", "two", "whole"))
    first = invoked("export", one, KETTE_DATA_DIR=place)
    assert (first.code, first.out) == (0, f"exported to {one}: 9 positions, up to 9\n")
    invoked("record", journey, "ContactHeld", "--on", "2024-05-06")
    invoked("clock", "--until-caught-up")
    second = invoked("export", two, "--after", one, KETTE_DATA_DIR=place)
    assert (second.code, second.out) == (0, f"exported to {two}: 1 positions, up to 10\n")
    assert invoked("export", whole, KETTE_DATA_DIR=place).code == 0
    return [one, two, whole]


@pytest.fixture(scope="module")
def restored(kette: Run, exported: list[Path], place: Path, module_dsn: str) -> dict[str, str]:
    """Restore the exports into a data folder of their own, beside the key store of the log."""
    own = with_keys({"KETTE_DSN": module_dsn, "KETTE_ACTOR": "anna"})
    own |= {"KETTE_DSN": "", "KETTE_DATA_DIR": str(place / "restored")}
    said = kette("restore", *exported[:2], **own)
    assert said.code == 0, said.err
    assert said.out.startswith("restored 10 positions, root ")
    return own


def test_a_restored_store_is_read_and_exported_again_without_the_notarys_key(
    kette: Run,
    invoked: Run,
    exported: list[Path],
    restored: dict[str, str],
    place: Path,
    journey: str,
) -> None:
    for words in (("events", "--json"), ("timeline", journey, "--as-of", "2026-03-01", "--json")):
        assert kette(*words, **restored).rows == invoked(*words).rows != []
    again = kette("export", place / "again", **restored)
    assert (again.code, again.err) == (0, "")
    assert files(place / "again") == files(exported[2])


def test_an_export_is_verified_without_kette(exported: list[Path], place: Path) -> None:
    for folders in (exported[:2], exported[2:]):
        done = subprocess.run(
            [sys.executable, VERIFIER, *folders, "--key", place / "log" / "notary.pub"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_log_goes_on_with_the_key_that_signed_it(
    kette: Run, exported: list[Path], restored: dict[str, str], place: Path, journey: str
) -> None:
    assert kette("record", journey, "ContactHeld", "--on", "2024-06-06", **restored).code == 0
    refused = kette("export", place / "more", "--after", exported[1], **restored)
    assert refused.code == 2
    assert "notary.key" in refused.err
    assert not (place / "more").exists()

    (place / "restored" / "log").mkdir(exist_ok=True)
    shutil.copy2(place / "log" / "notary.key", place / "restored" / "log")
    more = kette("export", place / "more", "--after", exported[1], **restored)
    assert (more.code, more.out) == (
        0,
        f"exported to {place / 'more'}: 1 positions, up to 11\n",
    )


def test_a_store_that_holds_something_is_not_restored_into(
    invoked: Run, exported: list[Path]
) -> None:
    said = invoked("restore", exported[2])
    assert (said.code, said.out) == (5, "")
    assert said.err == "kette: the store holds something already: restore into an empty one\n"


def test_a_gap_between_exports_is_told(invoked: Run, exported: list[Path]) -> None:
    said = invoked("restore", exported[1])
    assert said.code == 2
    assert "name the exports before it first" in said.err


def test_without_the_keys_nothing_is_begun(
    invoked: Run, exported: list[Path], tmp_path: Path
) -> None:
    own = {"KETTE_DSN": "", "KETTE_KEYS_DSN": "", "KETTE_KEK_DIR": ""}
    for place, code, complaint in (
        (tmp_path / "data", 5, "holds no key of an epoch"),
        (tmp_path / "with", 2, "an export holds no keys"),
    ):
        (tmp_path / "with" / "kek").mkdir(parents=True, exist_ok=True)
        (tmp_path / "with" / "kek" / "epoch-0001.key").write_bytes(bytes(32))
        said = invoked("restore", exported[2], **own, KETTE_DATA_DIR=place)
        assert (said.code, complaint in said.err) == (code, True), said.err
    assert not (tmp_path / "data").exists()


def test_a_backup_of_both_is_restored_and_compared(kette: Run, tmp_path: Path) -> None:
    first = {"KETTE_DATA_DIR": tmp_path / "first", "KETTE_ACTOR": "anna"}
    second = {"KETTE_DATA_DIR": tmp_path / "second", "KETTE_ACTOR": "anna"}
    assert kette("record", "new", "JourneyStarted", "--on", "2024", **first).code == 0
    assert kette("export", tmp_path / "exported", **first).code == 0
    assert kette("backup", tmp_path / "backup", **first).code == 0

    refused = kette("restore", tmp_path / "backup", **second)
    assert refused.code == 5
    assert "second/kek holds no key of an epoch" in refused.err
    assert not (tmp_path / "second").exists()
    shutil.copytree(tmp_path / "first" / "kek", tmp_path / "second" / "kek")
    said = kette("restore", tmp_path / "backup", **second)
    assert said.code == 0, said.err
    assert said.out.splitlines() == [
        f"restored to {tmp_path / 'second'}: 1 positions",
        "every row, every key and the root of the checkpoint of 1 are as they were",
    ]
    assert kette("events", "--json", **second).rows == kette("events", "--json", **first).rows

    shutil.copytree(tmp_path / "first" / "kek", tmp_path / "third" / "kek")
    third = kette(
        "restore",
        tmp_path / "exported",
        "--keys",
        tmp_path / "backup",
        KETTE_DATA_DIR=tmp_path / "third",
    )
    assert (third.code, third.out[:22]) == (0, "restored 1 positions, "), third.err


def test_what_is_neither_backup_nor_export_is_told(invoked: Run, tmp_path: Path) -> None:
    said = invoked("restore", tmp_path, KETTE_DSN="")
    assert said.code == 2
    assert "is no backup" in said.err


def test_a_backup_is_restored_alone(invoked: Run, exported: list[Path], tmp_path: Path) -> None:
    said = invoked("restore", tmp_path, exported[0], KETTE_DSN="")
    assert (said.code, "restored alone" in said.err) == (2, True)
    said = invoked("restore", tmp_path)
    assert (said.code, "unset KETTE_DSN" in said.err) == (2, True)


def test_where_the_notary_is_apart_an_export_signs_nothing(
    invoked: Run, exported: list[Path], journey: str, tmp_path: Path
) -> None:
    invoked("record", journey, "ContactHeld", "--on", "2024-07-06")
    said = invoked("export", tmp_path / "one", KETTE_NOTARY="apart", KETTE_DATA_DIR=tmp_path)
    assert (said.code, said.out) == (0, f"exported to {tmp_path / 'one'}: 10 positions, up to 10\n")
    assert not (tmp_path / "log").exists()
