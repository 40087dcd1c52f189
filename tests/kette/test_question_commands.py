"""`kette what-if` and `kette simulate` as a user calls them; the journal stays as it was."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
JOB = {
    "id": "h1",
    "type": "EmploymentStarted",
    "occurred_on": "2026-03-01",
    "attributes": {"employment_kind": "SV_VOLLZEIT", "hours_per_week": 30},
}


@pytest.fixture
def offer(tmp_path: Path) -> Path:
    """Return a file with a job offer."""
    path = tmp_path / "offer.jsonl"
    path.write_text(json.dumps(JOB) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def learner(invoked: Run) -> str:
    """Record somebody who attends a full-time course and waits for another; return the journey."""
    (begun,) = invoked("record", "new", "JourneyStarted", "--on", "2025-01-02", "--json").rows
    found: str = begun["journey"]
    for words in (
        ("CaseOpened", "--on", "2025-01-05", "org_unit=kim-mitte"),
        ("CourseStarted", "--on", "2025-12-01", "kind=IK_ALLGEMEIN", "mode=full"),
        ("CourseRegistered", "--on", "2026-01-10", "kind=IK_ALLGEMEIN"),
    ):
        said = invoked("record", found, *words)
        assert said.code == 0, said.err
    return found


def test_a_job_offer_shows_what_it_would_change_and_stores_nothing(
    invoked: Run, learner: str, offer: Path
) -> None:
    before = invoked("events", learner, "--json").rows
    rows = invoked("what-if", learner, offer, "--as-of", "2026-02-01", "--json").rows
    assert {row["effect"] for row in rows} >= {"opens", "status"}
    assert any(row.get("rule") == "B07" and row["effect"] == "opens" for row in rows)
    (work,) = [row for row in rows if row.get("field") == "arbeit"]
    assert work["after"] == "full"
    assert invoked("events", learner, "--json").rows == before


def test_hypothetical_facts_need_no_id(invoked: Run, learner: str, tmp_path: Path) -> None:
    path = tmp_path / "plain.jsonl"
    path.write_text('{"type": "ContactHeld", "occurred_on": "2026-03-01"}\n' * 2, "utf-8")
    assert invoked("what-if", learner, path, "--as-of", "2026-02-01").code == 0


def test_for_people_the_effects_are_a_table(invoked: Run, learner: str, offer: Path) -> None:
    words = ("what-if", learner, offer, "--as-of", "2026-02-01", "--lang")
    assert "entsteht" in invoked(*words, "de").out
    assert "opens" in invoked(*words, "en").out


def test_a_file_that_cannot_be_read_names_its_place(
    invoked: Run, learner: str, tmp_path: Path
) -> None:
    path = tmp_path / "wrong.jsonl"
    path.write_text('{"id": "h1", "type": "Wishes", "occurred_on": "2026-03-01"}\n', "utf-8")
    said = invoked("what-if", learner, path)
    assert said.code == 2
    assert "wrong.jsonl, line 1" in said.err
    path.write_text("", "utf-8")
    assert "no fact" in invoked("what-if", learner, path).err
    known = invoked("events", learner, "--json").rows[0]["id"]
    path.write_text(json.dumps(JOB | {"id": known}) + "\n", "utf-8")
    assert "give it another" in invoked("what-if", learner, path).err


def test_a_longer_bound_moves_an_open_gap_to_due_in_its_unit(invoked: Run, learner: str) -> None:
    said = invoked(
        "simulate", "--set", "S05.weeks=P8W", "--as-of", "2026-02-25", "--processes", "1", "--json"
    )
    rows = [row for row in said.rows if row["rule"] == "S05"]
    assert {(row["unit"], row["state"], row["difference"]) for row in rows} == {
        ("kim-mitte", "open", -1),
        ("kim-mitte", "due", 1),
    }
    assert "1 differ" in said.err
    two = invoked(
        "simulate", "--set", "S05.weeks=P8W", "--as-of", "2026-02-25", "--processes", "2", "--json"
    )
    assert two.rows == said.rows


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ("S05.weeks", "write a period such as S05.weeks=P8W"),
        ("S05.weeks=acht", "write a period"),
        ("S05.weeks=P8H", "write a period"),
        ("Z99.weeks=P8W", "no bound 'Z99.weeks'"),
        ("law.stag_10_3=P8W", "counts switch"),
    ],
)
def test_a_bound_that_cannot_be_set_names_its_cure(
    without_store: Run, change: str, because: str
) -> None:
    said = without_store("simulate", "--set", change)
    assert said.code == 2
    assert because in said.err
