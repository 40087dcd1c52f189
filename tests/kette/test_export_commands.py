"""`kette export` and `restore`: out of one store, into another, and out of that again, byte for byte."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


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
def restored(kette: Run, exported: list[Path], place: Path) -> Path:
    """Restore the exports into a data folder of their own."""
    folder = place / "restored"
    said = kette("restore", *exported[:2], KETTE_DATA_DIR=folder)
    assert said.code == 0, said.err
    assert said.out.startswith("restored 10 positions, root ")
    return folder


def test_a_restored_store_is_read_and_exported_again_without_the_notarys_key(
    kette: Run, invoked: Run, exported: list[Path], restored: Path, place: Path, journey: str
) -> None:
    for words in (("events", "--json"), ("timeline", journey, "--as-of", "2026-03-01", "--json")):
        assert kette(*words, KETTE_DATA_DIR=restored).rows == invoked(*words).rows != []
    again = kette("export", place / "again", KETTE_DATA_DIR=restored)
    assert (again.code, again.err) == (0, "")
    assert files(place / "again") == files(exported[2])


def test_the_log_goes_on_with_the_key_that_signed_it(
    kette: Run, exported: list[Path], restored: Path, place: Path, journey: str
) -> None:
    own = {"KETTE_DATA_DIR": restored, "KETTE_ACTOR": "anna"}
    assert kette("record", journey, "ContactHeld", "--on", "2024-06-06", **own).code == 0
    refused = kette("export", place / "more", "--after", exported[1], **own)
    assert refused.code == 2
    assert "notary.key" in refused.err
    assert not (place / "more").exists()

    (restored / "log").mkdir(exist_ok=True)
    shutil.copy2(place / "log" / "notary.key", restored / "log")
    more = kette("export", place / "more", "--after", exported[1], **own)
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


def test_a_gap_between_exports_is_told(kette: Run, exported: list[Path], place: Path) -> None:
    said = kette("restore", exported[1], KETTE_DATA_DIR=place / "other")
    assert said.code == 2
    assert "name the exports before it first" in said.err


def test_what_is_neither_backup_nor_export_is_told(invoked: Run, tmp_path: Path) -> None:
    said = invoked("restore", tmp_path, KETTE_DSN="", KETTE_DATA_DIR=tmp_path / "data")
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
