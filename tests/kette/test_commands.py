"""The commands that read: with what they are for, and with what they cannot read."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from domain.chain.catalogue import RULES

Run = Callable[..., Any]
CASE_NUMBER = "K-2024-7"


@pytest.mark.parametrize(
    ("rule", "day", "state", "reason"),
    [
        ("F02", "2024-03-05", "due", "Due by 11 March 2024"),
        ("F02", "2024-03-12", "open", "Open since 12 March 2024"),
        ("F02", "2024-03-21", "closed", "Closed on 20 March 2024"),
        ("A01", "2024-06-01", "not_applicable", ""),
        ("A01", "2021-02-01", "not_applicable", "before the window"),
        ("S16", "2024-06-01", "not_applicable", "No event in the journey sets it off"),
    ],
    ids=["due", "open", "closed", "not begun", "turned", "untriggered"],
)
def test_why_tells_where_a_rule_stands_and_the_reason(
    invoked: Run, journey: str, rule: str, day: str, state: str, reason: str
) -> None:
    (row,) = invoked("why", journey, rule, "--as-of", day, "--json").rows
    assert row["state"] == state
    assert row["findings"]
    assert reason in " ".join(one["en"] for one in row["findings"])
    told = invoked("why", journey, rule, "--as-of", day, "--lang", "en").out
    for one in row["findings"]:
        assert one["en"] in told.replace("\n", " ") or len(one["en"]) > 200
    german = invoked("why", journey, rule, "--as-of", day).out
    assert row["findings"][0]["de"][:40] in german.replace("\n", " ")


def test_why_knows_what_was_known(invoked: Run, journey: str) -> None:
    (row,) = invoked(
        "why", journey, "F02", "--as-of", "2024-03-12", "--known-at", "2024-03-12", "--json"
    ).rows
    assert row["state"] == "not_applicable"
    assert row["known_at"] == "2024-03-12"


def test_gaps_lists_what_is_due_or_open_and_if_asked_what_is_closed(
    invoked: Run, journey: str
) -> None:
    def states(*words: str) -> set[str]:
        rows = invoked("gaps", journey, "--rule", "F02", "--json", *words).rows
        return {row["state"] for row in rows}

    assert states("--as-of", "2024-03-12") == {"open"}
    assert states("--as-of", "2024-04-12") == set()
    assert states("--as-of", "2024-04-12", "--closed") == {"closed"}
    everybody = invoked("gaps", "--as-of", "2024-03-12", "--rule", "F02", "--json").rows
    assert journey in {row["journey"] for row in everybody}


@pytest.fixture(scope="module")
def unmanned(invoked: Run) -> dict[str, str]:
    """Record a case without case manager in two units; return the journeys by unit."""
    found: dict[str, str] = {}
    for number, unit in enumerate(("Herne-Mitte", "Wanne"), 1):
        (begun,) = invoked("record", "new", "JourneyStarted", "--on", "2019-03-04", "--json").rows
        opened = (f"case_id=U-{number}", f"org_unit={unit}", "carrier=DRK", "intensity=intensiv")
        said = invoked("record", begun["journey"], "CaseOpened", "--on", "2019-03-04", *opened)
        assert said.code == 0, said.err
        found[unit] = begun["journey"]
    return found


def test_gaps_tells_what_opens_in_the_coming_days_by_unit(
    invoked: Run, journey: str, unmanned: dict[str, str]
) -> None:
    def told(*words: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = invoked("gaps", "--as-of", "2019-03-04", "--json", *words).rows
        return rows

    rows = told("--opens-within", "30", "--unit", "Wanne")
    assert [(row["rule"], row["opens_on"]) for row in rows] == [
        ("F02", "2019-03-12"),
        ("F03", "2019-04-02"),
    ]
    assert {(row["unit"], row["journey"]) for row in rows} == {("Wanne", unmanned["Wanne"])}
    assert rows[0] == {
        "unit": "Wanne",
        "opens_on": "2019-03-12",
        "journey": unmanned["Wanne"],
        "case_number": "U-2",
        "name": "",
        "rule": "F02",
        "key": rows[0]["key"],
        "due_on": "2019-03-11",
        "severity": "high",
    }
    everywhere = told("--opens-within", "30")
    assert [row["unit"] for row in everywhere] == ["Herne-Mitte"] * 2 + ["Wanne"] * 2
    assert [row for row in everywhere if row["unit"] == "Wanne"] == rows
    assert [row["rule"] for row in told("--opens-within", "8", "--unit", "Wanne")] == ["F02"]
    assert told("--opens-within", "7", "--unit", "Wanne") == []
    assert told("--opens-within", "30", "--unit", "Eickel") == []


def test_what_opens_soon_is_a_table_in_german_or_english(
    invoked: Run, unmanned: dict[str, str]
) -> None:
    words = ("gaps", "--as-of", "2019-03-04", "--opens-within", "30", "--unit", "Wanne", "--lang")
    for lang, said in (("de", ("Einheit", "öffnet am")), ("en", ("unit", "opens on"))):
        table = invoked(*words, lang).out
        for word in (*said, "Wanne", "U-2", "2019-03-12", "F02"):
            assert word.casefold() in table.casefold()
        assert "Herne-Mitte" not in table


@pytest.mark.parametrize(
    ("command", "lang", "words"),
    [
        ("gaps", "de", ("Verlauf", "Regel", "offen")),
        ("gaps", "en", ("Journey", "Rule", "open")),
        ("timeline", "de", ("Strang", "Aufenthalt")),
        ("timeline", "en", ("Strand", "residence")),
        ("events", "de", ("Fassung", "Fall aufgenommen")),
        ("events", "en", ("Version", "case opened")),
    ],
)
def test_tables_are_german_or_english(
    invoked: Run, journey: str, command: str, lang: str, words: tuple[str, ...]
) -> None:
    when = () if command == "events" else ("--as-of", "2024-03-12")
    said = invoked(command, journey, *when, "--lang", lang)
    assert said.code == 0
    for word in words:
        assert word.casefold() in said.out.casefold()


def test_a_timeline_has_strands_spans_and_marks(invoked: Run, journey: str) -> None:
    (row,) = invoked("timeline", journey, "--as-of", "2024-06-01", "--json").rows
    strands = {one["strand"]: one for one in row["strands"]}
    assert len(strands) == 9
    assert any(span["start"] == "2024-03-15" for span in strands["aufenthalt"]["spans"])
    (nothing,) = invoked("timeline", journey, "--known-at", "2020-01-01", "--json").rows
    assert not any(one["spans"] or one["marks"] for one in nothing["strands"])


MISREAD: list[tuple[tuple[str, ...], int, str]] = [
    (("gaps", "--as-of", "2024-13-01"), 2, "--as-of: '2024-13-01' is no day; write YYYY-MM-DD"),
    (("gaps", "--known-at", "gestern"), 2, "--known-at: 'gestern' is no day; write YYYY-MM-DD"),
    (("gaps", "--rule", "Z99"), 2, "unknown rule 'Z99'; `kette rules` lists"),
    (("gaps", "--lang", "fr"), 2, "--lang: 'fr' is not offered; choose de or en"),
    (("gaps", "--unit", "Wanne"), 2, "--unit goes with --opens-within"),
    (("gaps", "--opens-within", "30", "--closed"), 2, "--opens-within goes with --as-of, --unit"),
    (("gaps", CASE_NUMBER, "--opens-within", "30"), 2, "--opens-within goes with --as-of, --unit"),
    (("gaps", "nope"), 4, "no journey has this id or case number; `kette gaps`"),
    (("gaps", "\udcff"), 4, "no journey"),
    (("gaps", "%"), 4, "no journey has this id"),
    (("why", "nope", "A01"), 4, "no journey has this id"),
    (("why", CASE_NUMBER, "Z9"), 2, "unknown rule 'Z9'"),
    (("why", CASE_NUMBER, "A01", "--as-of", "x"), 2, "--as-of"),
    (("timeline", "nope"), 4, "no journey has this id"),
    (("timeline", CASE_NUMBER, "--as-of", "0000-01-01"), 2, "--as-of"),
    (("events", "nope"), 4, "no journey has this id"),
    (("events", str(uuid4())), 4, "`kette events` lists"),
    (
        ("organisations", "atlantis"),
        2,
        "no municipality 'atlantis'; known: muelheim (05117000), gelsenkirchen",
    ),
    (("organisations", "--as-of", "x"), 2, "--as-of"),
    (("rules", "--lang", "xx"), 2, "--lang"),
]


@pytest.mark.parametrize(("words", "code", "complaint"), MISREAD)
def test_a_question_that_cannot_be_read_is_told_in_one_sentence(
    invoked: Run, journey: str, words: tuple[str, ...], code: int, complaint: str
) -> None:
    said = invoked(*words)
    assert said.code == code
    assert said.err.startswith("kette: ")
    assert complaint in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.parametrize(
    "words",
    [
        ("tanzen",),
        ("gaps", "--tanzen"),
        ("gaps", "--opens-within", "0"),
        ("gaps", "--opens-within", str(10**12)),
        ("why", CASE_NUMBER),
        ("evaluate", "facts.jsonl"),
        ("events", "--after", "-1"),
        ("events", "--limit", "0"),
        ("record", CASE_NUMBER, "ContactHeld", "--on", "2024", "--command-id", "x"),
        ("generate", "--out", "x.xlsx", "--people", "0"),
        ("serve", "--port", "0"),
    ],
)
def test_a_command_line_that_is_wrong_shows_how_to_ask(
    invoked: Run, words: tuple[str, ...]
) -> None:
    said = invoked(*words)
    assert said.code == 2
    assert "--help" in said.err
    assert "Error" in said.err


def test_any_day_of_the_calendar_can_be_asked_about(invoked: Run, journey: str) -> None:
    for day in (date.min, date.max):
        for words in (("gaps",), ("timeline", journey), ("why", journey, "A01")):
            assert invoked(*words, "--as-of", str(day), "--known-at", str(day)).code == 0
        assert invoked("gaps", "--as-of", str(day), "--opens-within", "36525").code == 0


def test_rules_name_bounds_and_sources(invoked: Run) -> None:
    rows = {row["id"]: row for row in invoked("rules", "--json").rows}
    assert list(rows) == list(RULES)
    assert all(
        row["source"] and row["labels"]["de"] and row["labels"]["en"] for row in rows.values()
    )
    assert all(bound["source"] for row in rows.values() for bound in row["bounds"])
    assert "A01" in invoked("rules", "--lang", "en").out
    unverified = invoked("rules", "--unverified", "--json").rows
    assert all(row["status"] == "unverified" for row in unverified)


def test_organisations_show_units_and_posts_of_a_day(invoked: Run) -> None:
    german, english = (invoked("organisations", "--lang", lang).out for lang in ("de", "en"))
    assert "Herne (05916000)" in german
    assert "VZÄ" in german
    assert "case manager" in english
    assert "FTE" in english
    (row,) = invoked("organisations", "herne", "--json").rows
    assert {unit["name"] for unit in row["units"]} >= {"Kommunales Integrationszentrum"}


def test_config_names_every_variable_and_hides_secrets(invoked: Run) -> None:
    hidden = {"KETTE_KEYS_DSN": "postgresql://u:pw@h/k", "KETTE_DSN": "postgresql://u:pw@h/d"}
    said = invoked("config", "--json", **hidden)
    shown = {row["variable"]: row["value"] for row in said.rows}
    assert shown["KETTE_DSN"] == shown["KETTE_KEYS_DSN"] == "(set)"
    assert shown["KETTE_ACTOR"] == "anna"
    assert shown["KETTE_PORT"] == "8000"
    assert all(row["meaning"] for row in said.rows)
    assert "KETTE_DATA_DIR" in invoked("config").out
