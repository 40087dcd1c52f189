"""Temporary files are sealed, and a rebuild leaves nothing of a person whose keys are gone."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.journal import Actor, Append, Entry
from infra.importing import spool
from infra.importing.spool import Spool
from infra.journal import JournalRecorder
from infra.sealed_file import SealedFile
from infra.spreadsheets.shared_strings import SharedStrings
from infra.view_tables import LIVE, NEXT, create
from infra.views import ViewStore, open_views
from projections.catalogue import IN_CLEAR, KEPT
from tests.keyring import keys_of

NAME = "Zamarian-Qvelt"


@pytest.fixture
def on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give temporary files a name, so that they can be looked at."""

    def named() -> IO[bytes]:
        return (tmp_path / uuid4().hex).open("w+b")

    monkeypatch.setattr(tempfile, "TemporaryFile", named)
    return tmp_path


def written(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.iterdir())


def test_rows_that_wait_on_disk_are_sealed(on_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "_RUN_BYTES", 2_000)
    monkeypatch.setattr(spool, "_MOST_RUNS", 4)
    with Spool[str]() as waiting:
        for number in range(500):
            waiting.add(f"{NAME}{499 - number:04d}".encode(), f"{NAME} {number}")
        assert list(waiting.sorted()) == [f"{NAME} {number}" for number in range(499, -1, -1)]
        assert len(written(on_disk)) > 30_000
        assert NAME.encode() not in written(on_disk)


def test_strings_of_a_spreadsheet_wait_sealed(on_disk: Path) -> None:
    items = "".join(f"<si><t>{NAME} {number}</t></si>" for number in range(200))
    with SharedStrings() as strings:
        strings.spill([f"<sst>{items}</sst>".encode()])
        assert [strings.text(number) for number in (199, 0, 7)] == [
            f"{NAME} {number}" for number in (199, 0, 7)
        ]
        assert len(written(on_disk)) > 5_000
        assert NAME.encode() not in written(on_disk)
        with pytest.raises(IndexError):
            strings.text(200)


def test_two_sealed_files_share_no_key() -> None:
    first, second = SealedFile(), SealedFile()
    for one in (first, second):
        assert one.write(NAME.encode()) == 0
        one.flush()
        assert one.read(0) == (NAME.encode(), one.end)
    assert first._cipher.encrypt(b"0" * 12, b"", None) != second._cipher.encrypt(
        b"0" * 12, b"", None
    )
    first.close()
    second.close()


@pytest.fixture
def views(dsn: str, journal: JournalRecorder) -> Iterator[tuple[ViewStore, list[UUID]]]:
    """Record two named people; return the tables and their journeys."""
    people = [uuid4(), uuid4()]
    for number, journey in enumerate(people):
        told: list[tuple[str, dict[str, Any]]] = [
            ("JourneyStarted", {}), ("PersonIdentified", {"family_name": f"{NAME}{number}"}),
        ]  # fmt: skip
        entries = tuple(
            Entry(f"f{at}", read_fact(*one), PartialDate(2024), Actor("anna"))
            for at, one in enumerate(told)
        )
        journal.append([Append(uuid4(), b"", journey, 0, entries)])
    with open_views(dsn, keys_of(dsn)) as opened:
        yield opened, people


def names(dsn: str, schema: str = LIVE) -> set[str]:
    with psycopg.connect(dsn) as connection:
        return {row[0] for row in connection.execute(f"SELECT name FROM {schema}.register")}


def test_a_rebuild_drops_who_was_erased_while_it_ran(
    dsn: str, views: tuple[ViewStore, list[UUID]]
) -> None:
    store, (first, _) = views
    assert names(dsn) == {f"{NAME}0", f"{NAME}1"}

    def destroy(done: int, _of: int) -> None:
        if done == 4:
            keys_of(dsn).destroy(first)

    store.rebuild(destroy)
    assert names(dsn) == {f"{NAME}1"}


def test_a_purge_takes_what_a_broken_off_rebuild_left(
    dsn: str, views: tuple[ViewStore, list[UUID]]
) -> None:
    store, _ = views
    with psycopg.connect(dsn) as connection:
        connection.execute("SET ROLE kette_projector")
        create(connection, NEXT, KEPT)
        connection.execute(f"INSERT INTO {NEXT}.register SELECT * FROM {LIVE}.register")
    assert NAME in "".join(names(dsn, NEXT))
    assert store.purge([], store.position())
    with psycopg.connect(dsn) as connection:
        left = connection.execute("SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace"
                                  " AND relkind = 'r'", [NEXT]).fetchall()  # fmt: skip
    assert left == []


def test_tables_in_clear_are_in_no_log_and_no_statistics(
    dsn: str, views: tuple[ViewStore, list[UUID]]
) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("ANALYZE")
        rows = connection.execute(
            "SELECT relname, relpersistence FROM pg_class WHERE relnamespace = 'views'::regnamespace"
            " AND relkind = 'r' AND relname = ANY(%s)", [[one.name for one in KEPT]]
        ).fetchall()  # fmt: skip
        (statistics,) = connection.execute(
            "SELECT array_agg(attname::text) FROM pg_stats WHERE schemaname = 'views' AND tablename = 'register'"
        ).fetchall()
    assert {name for name, how in rows if how == "u"} == IN_CLEAR
    assert statistics[0] == ["journey"]
