"""Restoring exports: everything is there again, byte for byte; what is broken leaves the store empty."""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from domain.journal import Outcome
from infra.embedded import EmbeddedServer
from infra.errors import ExportError, JournalUnavailableError, StoreNotEmptyError
from infra.export_form import Trailer
from infra.restore import restore_exports
from tests.conftest import fresh_database
from tests.infra.exporting import (
    TODAY,
    Change,
    exported,
    files,
    fill,
    grow,
    kept,
    opened,
    retold,
    rewritten,
    tell,
)
from tests.keyring import TENANT, keys_of

Stores = Callable[[], str]


def restored(dsn: str, folders: Sequence[Path]) -> Trailer:
    return restore_exports(dsn, folders, keys_of(dsn).store)


@pytest.fixture
def empty(server: EmbeddedServer) -> Iterator[Stores]:
    """Make empty stores."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(fresh_database(server))


@pytest.fixture(scope="module")
def target(server: EmbeddedServer) -> Iterator[str]:
    """Return an empty store that stays empty: nothing of what these tests restore is taken."""
    with fresh_database(server) as made:
        before = kept(made)
        yield made
        assert kept(made) == before


@pytest.fixture(scope="module")
def parts(module_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return an export and two that continue it; the last brings crossings, but no event."""
    with psycopg.connect(module_dsn) as connection:
        connection.execute("UPDATE kette.log_head SET epoch = %s", [UUID(int=7)])
    place = tmp_path_factory.mktemp("exports")
    made = [place / name for name in ("one", "two", "three")]
    grow(module_dsn, 0)
    exported(module_dsn, made[0])
    grow(module_dsn, 1)
    exported(module_dsn, made[1], made[0])
    tell(module_dsn, TODAY + timedelta(days=400))
    exported(module_dsn, made[2], made[1])
    return made


@pytest.fixture(scope="module")
def whole(parts: list[Path], module_dsn: str) -> Path:
    """Return an export of the same journal in one."""
    target = parts[0].with_name("whole")
    exported(module_dsn, target)
    return target


def test_everything_is_there_again(
    whole: Path, module_dsn: str, empty: Stores, tmp_path: Path
) -> None:
    target = empty()
    made = restored(target, [whole])
    assert kept(target) == kept(module_dsn)
    assert made.size == len(kept(target)["events"])
    exported(target, tmp_path / "again")
    assert files(tmp_path / "again") == files(whole)


def test_exports_that_follow_each_other_are_one_log(
    parts: list[Path], whole: Path, module_dsn: str, empty: Stores, tmp_path: Path
) -> None:
    target = empty()
    restored(target, parts)
    assert kept(target) == kept(module_dsn)
    exported(target, tmp_path / "again")
    assert files(tmp_path / "again") == files(whole)


def test_a_restored_log_is_continued_by_the_same_export(
    parts: list[Path], empty: Stores, tmp_path: Path
) -> None:
    target = empty()
    restored(target, parts)
    exported(target, tmp_path / "more", parts[0])
    exported(target, tmp_path / "nothing", parts[2])
    fill(target, [77])
    exported(target, tmp_path / "next", parts[2])
    other = empty()
    restored(other, [parts[0], tmp_path / "more", tmp_path / "nothing", tmp_path / "next"])
    assert kept(other)["events"] == kept(target)["events"]


def test_a_restored_journal_goes_on(parts: list[Path], empty: Stores) -> None:
    target = empty()
    restored(target, parts)
    with opened(target) as journal:
        before = journal.head()
        assert (before.epoch, before.tenant) == (UUID(int=7), TENANT)
    fill(target, [2, 90], ("ContactHeld",))
    with opened(target) as journal:
        after = journal.head()
        assert after.position == before.position + 2
        assert before.recorded_at is not None
        assert after.recorded_at is not None
        assert after.recorded_at > before.recorded_at
        assert journal.read(UUID(int=2))[-1].position == before.position + 1


def test_a_command_is_still_known(parts: list[Path], empty: Stores) -> None:
    target = empty()
    restored(target, parts)
    before = kept(target)["events"]
    with opened(target) as journal:
        answers = [
            journal.answered(UUID(int=number), body)
            for number, body in ((1_000, b"body"), (1_000, b"other"), (5 << 64, b""), (9, b""))
        ]
    outcomes = [None if one is None else one.outcome for one in answers]
    assert outcomes == [Outcome.DUPLICATE, Outcome.REFUSED, None, None]
    assert kept(target)["events"] == before


def test_the_clock_tells_nothing_again_and_goes_on(parts: list[Path], empty: Stores) -> None:
    target = empty()
    restored(target, parts)
    told = kept(target)["crossings"]
    for day in (date(2025, 1, 1), TODAY, TODAY + timedelta(days=400)):
        tell(target, day)
        assert kept(target)["crossings"] == told

    other = empty()
    restored(other, parts)
    fill(other, [11, 2, 500])
    tell(other, TODAY + timedelta(days=401))
    fresh = kept(other)["crossings"][len(told) :]
    assert fresh
    assert [row[0] for row in kept(other)["crossings"]] == list(range(1, len(told + fresh) + 1))
    assert {row[1] for row in fresh} == {kept(other)["log_head"][0][0]}


def test_a_revocation_names_the_fact_as_it_would_have_without_the_restore(
    dsn: str, empty: Stores, tmp_path: Path
) -> None:
    fill(dsn, [1], ("CourseRegistered",))
    tell(dsn)
    exported(dsn, tmp_path / "one")
    target = empty()
    restored(target, [tmp_path / "one"])
    told: list[list[Any]] = []
    for store in (dsn, target):
        fill(store, [1], ("ContactHeld", "CourseStarted"))
        tell(store, TODAY + timedelta(days=1))
        told.append([(*row[:8], *row[9:]) for row in kept(store)["crossings"]])
    assert told[0] == told[1]
    assert any(row[3] == "revoked" for row in told[0])


def test_a_clock_that_was_ahead_takes_nothing_back(dsn: str, empty: Stores, tmp_path: Path) -> None:
    fill(dsn, [1, 2])
    tell(dsn, TODAY + timedelta(days=4000))
    exported(dsn, tmp_path / "one")
    target = empty()
    restored(target, [tmp_path / "one"])
    tell(target, TODAY)
    assert kept(target)["crossings"] == kept(dsn)["crossings"]


def test_what_was_written_still_stays_as_it_was_written(parts: list[Path], empty: Stores) -> None:
    target = empty()
    restored(target, parts)
    for statement in (
        "UPDATE kette.events SET version = 2",
        "DELETE FROM kette.events",
        "TRUNCATE kette.events",
        "DELETE FROM kette.crossings",
        "UPDATE kette.checkpoints SET note = 'x'",
        "DELETE FROM kette.log_head",
        "INSERT INTO kette.clock DEFAULT VALUES",
    ):
        with psycopg.connect(target) as connection, pytest.raises(psycopg.DatabaseError) as told:
            connection.execute(statement)
        assert told.value.sqlstate == "KT002", statement


# What is refused

HELD: dict[str, Callable[[str], object]] = {
    "an event": lambda dsn: fill(dsn, [1]),
    "a command": lambda dsn: fill(dsn, [1], ()),
    "an export": lambda dsn: None,
    "an import": lambda dsn: _execute(
        dsn, "INSERT INTO kette.imported VALUES (gen_random_uuid(), gen_random_uuid())"
    ),
}


def _execute(dsn: str, statement: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute(statement)


@pytest.mark.parametrize("held", HELD)
def test_a_store_that_holds_something_is_left_as_it_is(
    parts: list[Path], empty: Stores, held: str
) -> None:
    target = empty()
    if held == "an export":
        restored(target, parts[:1])
    HELD[held](target)
    before = kept(target)
    with pytest.raises(StoreNotEmptyError, match="empty one"):
        restored(target, parts)
    assert kept(target) == before


GAPS = [
    ([1], "name the exports before it first"),
    ([0, 2], "does not go on where"),
    ([0, 0], "does not go on where"),
    ([0, 2, 1], "does not go on where"),
    ([0, 1, 1], "does not go on where"),
    ([1, 0], "name the exports before it first"),
]


@pytest.mark.parametrize(("order", "complaint"), GAPS)
def test_exports_with_a_gap_between_them_are_refused(
    parts: list[Path], target: str, order: list[int], complaint: str
) -> None:
    with pytest.raises(ExportError, match=complaint):
        restored(target, [parts[number] for number in order])
    assert kept(target)["events"] == []


def test_exports_of_two_logs_are_not_one(
    parts: list[Path], dsn: str, target: str, tmp_path: Path
) -> None:
    grow(dsn, 0)
    exported(dsn, tmp_path / "one")
    fill(dsn, [70])
    exported(dsn, tmp_path / "two", tmp_path / "one")
    with pytest.raises(ExportError, match="does not go on where"):
        restored(target, [parts[0], tmp_path / "two"])


def test_what_is_no_export_is_refused(target: str, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ExportError, match="is no export"):
            restored(target, [folder])


def test_a_missing_database_is_told(parts: list[Path], dsn: str) -> None:
    with pytest.raises(JournalUnavailableError):
        restored(dsn.replace("test_", "no_such_"), parts)


# Every byte counts: a change of any file is found, with and without its digest put right.


def _swapped(lines: list[bytes]) -> list[bytes]:
    return [lines[1], lines[0], *lines[2:]]


def _said(change: Callable[[dict[str, Any]], None]) -> Change:
    def changed(lines: list[bytes]) -> list[bytes]:
        said = json.loads(lines[0])
        change(said)
        return [
            json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode() + b"\n",
            *lines[1:],
        ]

    return changed


def _flipped(key: str, place: int) -> Change:
    def flip(said: dict[str, Any]) -> None:
        old = said[key]
        said[key] = old[:place] + ("B" if old[place] != "B" else "C") + old[place + 1 :]

    return _said(flip)


FIRST = "events-000000000001.jsonl.zst"
SECOND = "events-000000000008.jsonl.zst"
LAST = "events-000000000050.jsonl.zst"
TOLD = "crossings-000000000001.jsonl.zst"
MUTANTS: list[tuple[str, Change, str]] = [
    (FIRST, _flipped("header", 0), "position 1, .*: the header cannot be read"),
    (FIRST, _flipped("header", 10), "position 1, .*: the header belongs to another"),
    (FIRST, _flipped("header", 50), "position 1 is missing"),
    (FIRST, _flipped("header", 60), "position 2, .*: version or previous leaf"),
    (FIRST, _flipped("header", 300), "version or previous leaf"),
    (
        LAST,
        lambda all_: [*all_[:-1], *_flipped("header", 300)(all_[-1:])],
        "not those that were signed",
    ),
    (SECOND, _flipped("ciphertext", 9), "position 8, .*: the payload is not the one"),
    (SECOND, _swapped, "position 8 is missing"),
    (SECOND, lambda lines: lines[1:], "does not go on where the file before ends"),
    (SECOND, lambda lines: [lines[0], *lines], "does not go on where the file before ends"),
    (SECOND, lambda lines: lines[:-1], "does not go on where the file before ends"),
    (FIRST, lambda lines: [b" " + lines[0], *lines[1:]], "a line is not in the form"),
    (FIRST, lambda lines: [b"nonsense\n", *lines[1:]], "a line is not in the form"),
    (FIRST, lambda lines: [b"{}\n", *lines[1:]], "a line is not in the form"),
    (TOLD, _swapped, "crossing 1 is missing"),
    (TOLD, _said(lambda said: said.update(basis_position=999)), "rests on what is not there"),
    (TOLD, _said(lambda said: said.update(kind="other")), "crossings refuses a row"),
    (TOLD, _said(lambda said: said.update(journey_id="x")), "refuses a row"),
    ("commands.jsonl.zst", _said(lambda said: said.update(n=99)), "not of these events"),
    ("commands.jsonl.zst", lambda lines: [lines[0], *lines], "commands refuses a row"),
    ("checkpoints.jsonl.zst", _said(lambda said: said.update(size=3)), "of another log or size"),
    ("checkpoints.jsonl.zst", lambda lines: lines[::-1], "out of place"),
    ("imported.jsonl.zst", lambda lines: [lines[0], *lines], "imported refuses a row"),
]


@pytest.mark.parametrize("number", range(len(MUTANTS)))
def test_a_changed_file_is_refused_even_with_its_digest_put_right(
    whole: Path, target: str, tmp_path: Path, number: int
) -> None:
    name, change, complaint = MUTANTS[number]
    before = kept(target)
    with pytest.raises(ExportError, match=complaint):
        restored(target, [rewritten(whole, tmp_path / "mutant", name, change)])
    assert kept(target) == before


def test_a_flipped_bit_of_any_file_is_refused(whole: Path, target: str, tmp_path: Path) -> None:
    before = kept(target)
    for path in sorted(whole.iterdir()):
        shutil.copytree(whole, tmp_path / "mutant")
        content = bytearray(path.read_bytes())
        content[len(content) // 3] ^= 1
        (tmp_path / "mutant" / path.name).write_bytes(content)
        with pytest.raises(ExportError):
            restored(target, [tmp_path / "mutant"])
        shutil.rmtree(tmp_path / "mutant")
    assert kept(target) == before


TRAILERS: dict[str, Callable[[dict[str, Any]], object]] = {
    "another format": lambda said: said.update(format="kette-export-2"),
    "a path out of the folder": lambda said: said["files"][0].update(
        name="../checkpoints.jsonl.zst"
    ),
    "a file less": lambda said: said["files"].pop(0),
    "a size": lambda said: said.update(size=said["size"] - 1),
    "another tenant": lambda said: said.update(tenant=str(UUID(int=8))),
    "a moment": lambda said: said.update(recorded_at="2024-01-01T00:00:00.000000Z"),
    "crossings": lambda said: said.update(crossings=said["crossings"] - 1),
    "no checkpoint": lambda said: said.update(checkpoint=""),
    "another root": lambda said: said.update(
        checkpoint=said["checkpoint"].replace(said["checkpoint"].split("\n")[2], "A" * 43 + "=")
    ),
    "a proof out of nothing": lambda said: said.update(consistency=["A" * 43 + "="]),
    "a list": lambda said: said.update(files=[]),
    "no list": lambda said: said.update(files=7),
    "another order": lambda said: said["files"].reverse(),
}


@pytest.mark.parametrize("change", TRAILERS)
def test_a_changed_trailer_is_refused(
    whole: Path, target: str, tmp_path: Path, change: str
) -> None:
    before = kept(target)
    shutil.copytree(whole, tmp_path / "mutant")
    said = json.loads((whole / "trailer.json").read_text("utf-8"))
    TRAILERS[change](said)
    with pytest.raises(ExportError, match="not whole"):
        restored(target, [retold(tmp_path / "mutant", said)])
    assert kept(target) == before


def test_a_proof_that_proves_nothing_is_refused(
    parts: list[Path], target: str, tmp_path: Path
) -> None:
    said = json.loads((parts[1] / "trailer.json").read_text("utf-8"))
    said["consistency"][0] = "A" * 43 + "="
    shutil.copytree(parts[1], tmp_path / "two")
    with pytest.raises(ExportError, match="does not fit"):
        restored(target, [parts[0], retold(tmp_path / "two", said)])


def test_a_restore_waits_only_a_while_for_who_writes(parts: list[Path], empty: Stores) -> None:
    target = empty()
    with psycopg.connect(target) as writing:
        writing.execute("SELECT FROM kette.log_head FOR UPDATE")
        with pytest.raises(Exception, match="did not answer in time"):
            restored(target, parts)
    restored(target, parts)
