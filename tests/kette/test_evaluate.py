"""`kette evaluate` and `kette check`: the chain on files, as somebody without a database calls it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Lines = Callable[..., Path]

OPENED = {"journey": "C01", "id": "f1", "type": "CaseOpened", "occurred_on": "2024-03-04"}
ASSIGNED = {
    "journey": "C01",
    "id": "f2",
    "type": "CaseManagerAssigned",
    "occurred_on": "2024-03-20",
    "recorded_at": "2024-04-10T10:00:00Z",
    "attributes": {"cm": "anna"},
}
KEYS = {
    "journey", "rule", "key", "kind", "state", "certainty", "opens_on", "due_on", "closes_on",
    "closed_by", "severity", "responsible", "evidence", "explanation",
}  # fmt: skip


@pytest.fixture
def lines(tmp_path: Path) -> Lines:
    """Write objects, or text as it is, one a line."""

    def write(*rows: Any) -> Path:
        path = tmp_path / "facts.jsonl"
        texts = (row if isinstance(row, str) else json.dumps(row) for row in rows)
        path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
        return path

    return write


def state(without_store: Run, path: Path, day: str, *words: str) -> dict[str, str]:
    said = without_store("evaluate", path, "--as-of", day, "--rule", "F02", "--json", *words)
    assert said.code == 0, said.err
    return {row["journey"]: row["state"] for row in said.rows}


def test_an_instance_says_all_that_a_program_needs(without_store: Run, lines: Lines) -> None:
    path = lines(OPENED)
    said = without_store("evaluate", path, "--as-of", "2024-03-12", "--json")
    (row,) = [one for one in said.rows if one["rule"] == "F02"]
    assert set(row) >= KEYS
    assert row["state"] == "open"
    assert row["kind"] == "gap"
    assert row["evidence"] == ["f1"]
    assert (row["due_on"], row["opens_on"], row["closes_on"]) == ("2024-03-11", "2024-03-12", None)
    assert {"de", "en"} == set(row["explanation"])
    assert said.err == ""


def test_what_is_known_later_counts_later(without_store: Run, lines: Lines) -> None:
    path = lines(OPENED, ASSIGNED)
    assert state(without_store, path, "2024-03-08") == {"C01": "due"}
    assert state(without_store, path, "2024-03-25") == {"C01": "closed"}
    assert state(without_store, path, "2024-03-25", "--known-at", "2024-04-09") == {"C01": "open"}
    assert state(without_store, path, "2024-03-25", "--known-at", "2024-04-10") == {"C01": "closed"}
    assert state(without_store, path, "2024-03-03") == {}


def test_journeys_may_be_told_in_turns(without_store: Run, lines: Lines) -> None:
    path = lines(OPENED, OPENED | {"journey": "C02"}, "", ASSIGNED)
    assert state(without_store, path, "2024-03-25") == {"C01": "closed", "C02": "open"}


@pytest.mark.parametrize("day", [None, "2024-03", "2024"])
def test_a_day_may_be_unknown_or_a_month_or_a_year(
    without_store: Run, lines: Lines, day: str | None
) -> None:
    told = {"journey": "C01", "id": "f0", "type": "LanguageTestTaken", "occurred_on": day}
    path = lines(told, OPENED, ASSIGNED | {"occurred_on": day})
    assert state(without_store, path, "2024-12-31") == {"C01": "closed"}


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (OPENED | {"type": "CaseOpend"}, "unknown fact type 'CaseOpend'"),
        (
            OPENED | {"attributes": {"colour": "red"}},
            "CaseOpened has no attribute of the name that was given",
        ),
        (OPENED | {"attributes": {"intensity": "riesig"}}, "CaseOpened.intensity"),
        (OPENED | {"occurred_on": "gestern"}, "occurred_on"),
        (OPENED | {"occurred_on": "2024-02-30"}, "occurred_on"),
        (OPENED | {"recorded_at": "bald"}, "recorded_at"),
        (OPENED | {"place": "Herne"}, "unknown key 'place'"),
        (OPENED | {"attributes": [1]}, "'attributes' must be an object"),
        ({"journey": "C01", "type": "CaseOpened", "id": "f1"}, "'occurred_on' is missing"),
        ({"journey": "C01", "type": "CaseOpened", "occurred_on": None}, "the fact has no 'id'"),
        ("{", "no JSON"),
        ("[1]", "a JSON object is expected"),
        ("null", "a JSON object is expected"),
        ('{"id": "\\ud800"}', "no JSON"),
    ],
)
def test_strict_reading_names_file_line_and_what_does_not_fit(
    without_store: Run, lines: Lines, line: Any, complaint: str
) -> None:
    path = lines(OPENED | {"id": "f0"}, line)
    said = without_store("evaluate", path, "--as-of", "2024-03-12", "--json")
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("kette: facts.jsonl, line 2")
    assert complaint in said.err
    assert said.err.count("\n") == 1


def test_two_facts_of_a_journey_with_one_id_are_refused(without_store: Run, lines: Lines) -> None:
    said = without_store("evaluate", lines(OPENED, OPENED), "--as-of", "2024-03-12")
    assert said.code == 2
    assert "line 2" in said.err
    assert "'f1' stands on line 1 already" in said.err


def test_a_value_of_identity_is_never_repeated(without_store: Run, lines: Lines) -> None:
    told = {"family_name": "Geheim", "birth_date": "Geheimtag"}
    line = OPENED | {"type": "PersonIdentified", "attributes": told}
    for words in ((), ("--lenient",)):
        said = without_store("evaluate", lines(line), "--as-of", "2024-03-12", *words)
        assert "birth_date" in said.err
        assert "Geheim" not in said.err + said.out


def test_lenient_reading_drops_just_that_part_and_says_so(without_store: Run, lines: Lines) -> None:
    path = lines(
        OPENED | {"attributes": {"intensity": "riesig", "org_unit": "KIM"}, "place": "Herne"},
        OPENED | {"id": "f9", "type": "CaseOpend"},
    )
    said = without_store("evaluate", path, "--as-of", "2024-03-12", "--lenient", "--json")
    assert said.code == 0
    assert [row["rule"] for row in said.rows if row["rule"] == "F02"] == ["F02"]
    assert said.err.splitlines() == [
        "dropped: facts.jsonl, line 1, fact f1: place",
        "dropped: facts.jsonl, line 1, fact f1: CaseOpened.intensity",
        "dropped: facts.jsonl, line 2, fact f9: CaseOpend",
    ]


@pytest.mark.parametrize(
    ("lang", "words"),
    [("de", ("Verlauf", "offen", "Seit dem 04.03.2024")), ("en", ("Journey", "open", "4 March"))],
)
def test_the_table_is_german_or_english(
    without_store: Run, lines: Lines, lang: str, words: tuple[str, ...]
) -> None:
    said = without_store("evaluate", lines(OPENED), "--as-of", "2024-03-12", "--lang", lang)
    assert said.code == 0
    for word in words:
        assert word in said.out


@pytest.mark.parametrize("command", ["evaluate", "check"])
@pytest.mark.parametrize("name", [".", "missing.jsonl"])
def test_what_is_no_file_is_named(without_store: Run, command: str, name: str) -> None:
    words = ("--as-of", "2024-03-12") if command == "evaluate" else ()
    said = without_store(command, name, *words)
    assert said.code == 2
    assert said.err.startswith(f"kette: {name}: ")
    assert said.err.count("\n") == 1


def test_an_empty_file_has_no_gaps(without_store: Run, lines: Lines) -> None:
    assert without_store("evaluate", lines(), "--as-of", "2024-03-12", "--json").rows == []


def a_case(**check: Any) -> dict[str, Any]:
    return {
        "case": "K1",
        "facts": [OPENED | {"attributes": {"colour": "red"}}],
        "checks": [{"on": "2024-03-12", "rule": "F02", "state": "open", "set": "A"} | check],
    }


def test_a_check_that_holds_says_what_was_dropped(without_store: Run, lines: Lines) -> None:
    said = without_store("check", lines(a_case()), "--json")
    assert said.code == 0
    (row,) = said.rows
    assert (row["expected"], row["got"], row["holds"]) == ("open", "open", True)
    assert said.err == "1 checks: 1 hold, 0 differ, 0 not judged; 1 parts dropped\n"


@pytest.mark.parametrize(
    ("check", "summary"),
    [
        ({"state": "closed"}, "1 checks: 0 hold, 1 differ, 0 not judged"),
        ({"state": "due"}, "1 checks: 0 hold, 1 differ, 0 not judged"),
        ({"rule": "Z99"}, "1 checks: 0 hold, 0 differ, 1 not judged"),
    ],
)
def test_a_difference_is_told_and_ends_with_one(
    without_store: Run, lines: Lines, check: dict[str, str], summary: str
) -> None:
    said = without_store("check", lines(a_case(**check)), "--lang", "en")
    assert said.code == 1
    assert summary in said.err


def test_a_difference_shows_expected_got_and_why(without_store: Run, lines: Lines) -> None:
    said = without_store("check", lines(a_case(state="closed")), "--lang", "en")
    for word in ("Case", "expected", "got", "K1", "closed", "open", "Nobody has been in office"):
        assert word in said.out


@pytest.mark.parametrize(
    ("case", "complaint"),
    [
        (a_case(on="bald"), "line 1, case K1: a check has an unreadable day"),
        ({"case": "K1", "checks": [{"rule": "F02"}]}, "case K1: a check lacks"),
        ({"case": "K1", "facts": {}}, "'facts' must be a list of objects"),
        ("kein JSON", "line 1: no JSON"),
    ],
)
def test_a_case_that_cannot_be_read_is_named(
    without_store: Run, lines: Lines, case: Any, complaint: str
) -> None:
    said = without_store("check", lines(case))
    assert said.code == 2
    assert complaint in said.err
    assert said.err.count("\n") == 1


def test_only_the_rules_and_the_set_that_are_asked_for_are_judged(
    without_store: Run, lines: Lines
) -> None:
    path = lines(a_case(state="closed"), a_case(set="B"))
    assert without_store("check", path, "--set", "B").code == 0
    assert "0 checks" in without_store("check", path, "--rule", "A01").err
    assert without_store("check", path, "--rule", "F02").code == 1
