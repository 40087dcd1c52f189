"""From a list to the gaps and back, as it is shown to a newcomer."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

Run = Callable[..., Any]
ROOT = Path(__file__).parents[2]
DAY = "2026-11-23"
MINUTES = "Dauer in Minuten"
COUNTS = ("appended", "corrections", "journeys_started", "vanished_facts")


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory, without_store: Run) -> Path:
    """Generate people in both forms; return the folder."""
    folder = tmp_path_factory.mktemp("population")
    for name in ("people.xlsx", "people.jsonl"):
        assert without_store("generate", "--people", "12", "--out", folder / name).code == 0
    return folder


def counted(said: Any) -> tuple[int, ...]:
    assert said.code == 0, said.err
    return tuple(said.rows[0][one] for one in COUNTS)


def change_one_cell(path: Path, target: Path, *, when: Callable[[dict[str, Any]], bool]) -> str:
    """Change the minutes of the first row that fits; return the number of the row's fact."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headers = {cell.value: at for at, cell in enumerate(sheet[1])}
    for row in sheet.iter_rows(min_row=2):
        told = {name: row[at].value for name, at in headers.items()}
        if when(told):
            row[headers[MINUTES]].value = int(told[MINUTES]) + 5
            book.save(target)
            return str(told["Vorgangsnummer"])
    raise AssertionError("no row fits")


def test_a_list_twice_adds_nothing_and_a_changed_cell_is_one_correction(
    kette: Run, population: Path, module_dsn: str, tmp_path: Path
) -> None:
    def run(*words: str | Path) -> Any:
        return kette(*words, "--json", KETTE_DSN=module_dsn, KETTE_ACTOR="anna")

    lines = [json.loads(one) for one in (population / "people.jsonl").read_text().splitlines()]
    facts, people = len(lines), len({one["journey"] for one in lines})
    path = population / "people.xlsx"
    assert counted(run("import", path)) == (facts, 0, people, 0)
    assert counted(run("import", path)) == (0, 0, 0, 0)

    changed = tmp_path / "changed.xlsx"
    corrected = change_one_cell(
        path, changed, when=lambda row: bool(row[MINUTES]) and "Beratung" in row["Ereignis"]
    )
    assert counted(run("import", changed, "--dry-run")) == (0, 1, 0, 0)
    assert counted(run("import", changed)) == (0, 1, 0, 0)
    assert counted(run("import", changed)) == (0, 0, 0, 0)

    events = run("events").rows
    assert len(events) == facts + 1
    assert events[-1]["type"] == "EventCorrected"
    assert events[-1]["attributes"]["target"] == corrected


def test_the_open_cases_hold(without_store: Run) -> None:
    path = ROOT / "tests" / "cases" / "cases-open.jsonl"
    cases = [json.loads(line) for line in path.read_text().splitlines()]
    checks = [one for case in cases for one in case["checks"] if one.get("set") == "A"]
    said = without_store("check", path, "--set", "A", "--json")
    assert said.code == 0, said.err
    assert len(said.rows) == len(checks) > 0
    assert all(row["holds"] for row in said.rows)
    assert "0 differ, 0 not judged" in said.err


def test_what_was_seeded_is_found_by_evaluate(without_store: Run, population: Path) -> None:
    truth = [
        json.loads(one) for one in (population / "people.truth.jsonl").read_text().splitlines()
    ]
    rules = sorted({one["rule"] for one in truth})
    words = [word for rule in rules for word in ("--rule", rule)]
    said = without_store("evaluate", population / "people.jsonl", "--as-of", DAY, "--json", *words)
    keys = ("journey", "rule", "key", "state", "opens_on", "due_on")
    seeded = {tuple(one[key] for key in keys) for one in truth if "key" in one}
    found = {
        tuple(row[key] for key in keys)
        for row in said.rows
        if row["state"] in {"due", "open"} and row["kind"] == "gap"
    }
    assert seeded == found
    assert len(seeded) > 10
    turned_down = {(one["journey"], one["rule"], one["trigger"]) for one in truth if "why" in one}
    assert turned_down
    assert not turned_down & {(one[0], one[1], one[2]) for one in found}


def test_what_is_backed_up_is_there_again_in_another_folder(
    kette: Run, without_store: Run, tmp_path: Path
) -> None:
    first, second = ({"KETTE_DATA_DIR": tmp_path / name} for name in ("first", "second"))
    begin = ("record", "new", "JourneyStarted", "--on", "2024-01")
    assert without_store(*begin, KETTE_ACTOR="anna", **first).code == 0
    made = kette("backup", tmp_path / "backup", **first)
    assert made.code == 0, made.err
    assert "1 positions" in made.out
    without_keys = without_store("restore", tmp_path / "backup", **second)
    assert without_keys.code == 5
    assert "holds no key of an epoch" in without_keys.err
    shutil.copytree(tmp_path / "first" / "kek", tmp_path / "second" / "kek")
    again = kette("restore", tmp_path / "backup", **second)
    assert again.code == 0, again.err
    before, after = (without_store("events", "--json", **where) for where in (first, second))
    assert before.rows == after.rows
    assert len(after.rows) == 1
    twice = without_store("restore", tmp_path / "backup", **second)
    assert twice.code == 5
    assert "restore into an empty folder" in twice.err


@pytest.mark.parametrize("name", ["nowhere", "file", "folder"])
def test_what_is_no_backup_is_not_restored(without_store: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("dear reader")
    (tmp_path / "folder").mkdir()
    said = without_store("restore", tmp_path / name, KETTE_DATA_DIR=tmp_path / "kette")
    assert said.code == 2
    assert "is no backup" in said.err
    assert not (tmp_path / "kette").exists()


def test_a_backup_goes_into_a_new_folder(
    without_store: Run, module_dsn: str, tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("dear reader")
    said = without_store("backup", tmp_path, KETTE_DSN=module_dsn)
    assert said.code == 2
    assert "exists already: name a new folder" in said.err
    refused = without_store("restore", tmp_path, KETTE_DSN=module_dsn)
    assert refused.code == 2
    assert "unset KETTE_DSN" in refused.err
