"""The scan that looks for what must not be in clear finds what is, however it is written and packed."""

import base64
import gzip
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.catalogue import IN_CLEAR
from tests.canaries.planting import HIDDEN_FACTS, MARK, UNTRACEABLE, Planted
from tests.canaries.scanning import FORMS, forms, found_in_files, found_in_tables, seen_in


def _zip(path: Path, data: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", data)


WRITERS: dict[str, Callable[[Path, bytes], object]] = {
    "plain": Path.write_bytes,
    "gzip": lambda path, data: path.write_bytes(gzip.compress(data)),
    "zstd": lambda path, data: path.write_bytes(zstandard.compress(data)),
    "xlsx": _zip,
    "gzip in zstd": lambda path, data: path.write_bytes(zstandard.compress(gzip.compress(data))),
}


@pytest.mark.parametrize("how", WRITERS)
def test_a_canary_is_found_in_a_file(how: str, tmp_path: Path) -> None:
    planted = Planted()
    text, day, number = planted.text("a name"), planted.day("a birth"), planted.number("hours")
    (tmp_path / "below").mkdir()
    for name, data in {
        "text": f"before {text} after".encode(),
        "day": f"born {day}".encode(),
        "german": f"geboren {day:%d.%m.%Y}".encode(),
        "number": str(number).encode(),
        "none": b"nothing at all, born 1901-02-03" * 200,
    }.items():
        WRITERS[how](tmp_path / "below" / name, data)
    found = found_in_files(planted, tmp_path)
    assert {Path(one).name for one in found} == {"text", "day", "german", "number"}
    assert found[str(tmp_path / "below" / "text")] == {"a name (utf-8)"}
    allowed = {tmp_path / "below" / "text"}
    assert len(found_in_files(planted, tmp_path, allowed=allowed)) == 3


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=20)
@given(before=st.binary(max_size=40), after=st.binary(max_size=40))
def test_a_canary_is_found_however_it_is_written(name: str, before: bytes, after: bytes) -> None:
    planted = Planted()
    written = forms(planted.text("a name"))[name]
    assert any(seen_in(before + written + after, planted))


@settings(max_examples=20)
@given(before=st.binary(max_size=40), after=st.binary(max_size=40))
def test_base64_of_a_text_with_neighbours_is_found(before: bytes, after: bytes) -> None:
    planted = Planted()
    text = planted.text("a name").encode()
    assert any(seen_in(base64.b64encode(before + text + after), planted))
    assert not any(seen_in(base64.b64encode(before + after), planted))


def test_a_canary_is_found_in_a_row_that_the_database_packed(dsn: str) -> None:
    planted = Planted()
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE kette.beside (note text COMPRESSION pglz)")
        assert found_in_tables(planted, dsn) == {}
        note = f"{'x' * 9_000} {planted.text('a note')} {'y' * 9_000}"
        connection.execute("INSERT INTO kette.beside VALUES (%s)", [note])
        connection.execute("ALTER TABLE kette.beside ADD born date")
        connection.execute("UPDATE kette.beside SET born = %s", [planted.day("a birth")])
    assert set(found_in_tables(planted, dsn)) == {"kette.beside"}
    assert found_in_tables(planted, dsn, allowed={"kette.beside"}) == {}


def test_every_attribute_is_planted_or_cannot_be_told_apart() -> None:
    planted = Planted()
    attributes = {
        f"{fact.type_name()}.{one.name}" for fact in HIDDEN_FACTS for one in fact.attributes()
    }
    for fact in HIDDEN_FACTS:
        planted.attributes(fact, "a test")
    assert planted.traceable | planted.filled == attributes
    assert not planted.traceable & planted.filled
    assert len(HIDDEN_FACTS) > 20
    assert {"PersonIdentified.family_name", "PersonIdentified.birth_date", "NoteTaken.text",
            "ChildcareRequested.hours_per_week", "CounsellingUsed.confidence"} <= planted.traceable  # fmt: skip
    assert {"words", "flag", "whole"} == UNTRACEABLE
    assert all(one.startswith(MARK) for one in planted.texts)
    assert len(planted.days) == len(set(planted.days))


def test_the_page_names_the_tables_that_hold_values_in_clear() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "clear-text.md").read_text()
    (line,) = (one for one in page.splitlines() if one.startswith("| **`views`"))
    assert set(re.findall(r"`(\w+)`", line)) - {"views"} == IN_CLEAR
