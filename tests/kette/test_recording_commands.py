"""`kette record` and `events`: what is told is kept once, what cannot be is refused."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

Run = Callable[..., Any]
CASE_NUMBER = "K-2024-7"
EVENT_KEYS = {
    "journey", "version", "position", "type", "occurred_on", "recorded_at", "attributes",
}  # fmt: skip


def positions(invoked: Run) -> int:
    return len(invoked("events", "--json").rows)


def test_what_was_recorded_is_listed_in_order(invoked: Run, journey: str) -> None:
    rows = invoked("events", CASE_NUMBER, "--json").rows
    assert all(set(row) >= EVENT_KEYS for row in rows)
    assert [row["version"] for row in rows] == list(range(1, len(rows) + 1))
    assert {row["journey"] for row in rows} == {journey}
    by_type = {row["type"]: row for row in rows}
    assert by_type["LanguageTestTaken"]["occurred_on"] is None
    assert by_type["ConsentGranted"]["occurred_on"] == "2024-03"
    assert by_type["ConsentGranted"]["attributes"]["recipients"] == ["Jobcenter Herne", "VHS Herne"]
    assert by_type["FileNumberRecorded"]["recorded_by"] == "anna"
    assert by_type["CaseOpened"]["attributes"] == {"intensity": "begleitung"}


def test_events_are_paged_by_position(invoked: Run, journey: str) -> None:
    rows = invoked("events", "--json").rows
    (third,) = invoked("events", "--after", "2", "--limit", "1", "--json").rows
    assert third == rows[2]
    assert invoked("events", journey, "--after", str(rows[-1]["position"]), "--json").rows == []
    assert invoked("events", "--known-at", "2020-01-01", "--json").rows == []


def test_events_are_listed_as_of_a_day(invoked: Run, journey: str) -> None:
    days = {
        row["occurred_on"]
        for row in invoked("events", journey, "--as-of", "2024-03-05", "--json").rows
    }
    assert {None, "2024-01-02", "2024-03", "2024-03-04"} <= days
    assert "2024-03-15" not in days


def test_the_same_command_id_is_done_once(invoked: Run, journey: str) -> None:
    words = ("ContactHeld", "--on", "2024-05-02", "--command-id", str(uuid4()))
    first = invoked("record", journey, *words, "minutes=30", "--json").rows[0]
    before = positions(invoked)
    again = invoked("record", CASE_NUMBER, *words, "minutes=30")
    assert again.code == 0
    assert f"already recorded: position {first['position']}" in again.out
    other = invoked("record", journey, *words, "minutes=31")
    assert other.code == 3
    assert "already used for another request" in other.err
    assert positions(invoked) == before


def test_a_journey_is_begun_once_by_one_command(invoked: Run) -> None:
    words = ("record", "new", "JourneyStarted", "--on", "2024", "--command-id", str(uuid4()))
    first, again = (invoked(*words, "--json").rows[0] for _ in range(2))
    assert (first["outcome"], again["outcome"]) == ("appended", "duplicate")
    assert first["journey"] == again["journey"]


def test_a_version_stands_for_the_fact_that_is_corrected(invoked: Run, journey: str) -> None:
    said = invoked(
        "record", journey, "EventCorrected", "--on", "2024-05-03", "target=3",
        'attributes={"intensity": "intensiv"}', "--json",
    )  # fmt: skip
    assert said.code == 0, said.err
    rows = {row["version"]: row for row in invoked("events", journey, "--json").rows}
    assert rows[max(rows)]["attributes"]["target"] == rows[3]["id"]


REFUSED: list[tuple[tuple[str, ...], int, str]] = [
    (("nope", "ContactHeld", "--on", "2024"), 4, "no journey has this id or case number"),
    ((str(uuid4()), "ContactHeld", "--on", "2024"), 4, "no journey"),
    (("", "ContactHeld", "--on", "2024"), 4, "no journey has this id"),
    (("THIS", "Tanzabend", "--on", "2024"), 2, "unknown fact type 'Tanzabend'; `kette template`"),
    (("THIS", "ContactHeld", "--on", "heute"), 2, "--on: this is no date: write YYYY-MM-DD"),
    (("THIS", "ContactHeld", "--on", "2024-02-30"), 2, "--on: there is no such day"),
    (("THIS", "ContactHeld", "--on", "2024", "minutes"), 2, "attribute 1 has no name or no value; write KEY"),
    (("THIS", "ContactHeld", "--on", "2024", "=3"), 2, "write KEY=VALUE"),
    (("THIS", "ContactHeld", "--on", "2024", "colour=red"), 2, "ContactHeld has no attribute of the name that was given"),
    (("THIS", "ContactHeld", "--on", "2024", "minutes=viele"), 2, "ContactHeld.minutes"),
    (("THIS", "ContactHeld", "--on", "2024", "channel=fax"), 2, "ContactHeld.channel"),
    (("THIS", "ContactHeld", "--on", "2024", "minutes=1", "minutes=2"), 2, "given twice"),
    (("THIS", "ContactHeld", "--on", "2999"), 3, "lies after the day of recording"),
    (("THIS", "EventCorrected", "--on", "2024", "attributes={kaputt"), 2, "this is no JSON"),
    (("THIS", "EventCorrected", "--on", "2024", "target=999"), 3, "holds no fact 999"),
    (("THIS", "EventRetracted", "--on", "2024", "target=x"), 3, "holds no fact x"),
    (("new", "ContactHeld", "--on", "2024"), 3, "begins with the fact JourneyStarted"),
    (("THIS", "EventCorrected", "--on", "2024", "target=2",
      r'attributes={"number": "K\u0000"}'), 3, "the character NUL"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "code", "complaint"), REFUSED)
def test_what_cannot_be_recorded_is_told_in_one_sentence(
    invoked: Run, journey: str, words: tuple[str, ...], code: int, complaint: str
) -> None:
    before = positions(invoked)
    said = invoked("record", *(journey if one == "THIS" else one for one in words))
    assert said.code == code
    assert complaint in said.err
    assert said.err.startswith("kette: ")
    assert said.err.count("\n") == 1
    assert said.out == ""
    assert positions(invoked) == before


def test_nobody_records_namelessly(invoked: Run, journey: str) -> None:
    said = invoked("record", journey, "ContactHeld", "--on", "2024", KETTE_ACTOR="")
    assert said.code == 2
    assert "set KETTE_ACTOR" in said.err


def test_a_value_of_identity_is_never_repeated(invoked: Run, journey: str) -> None:
    wrong = ("family_name=Geheim", "birth_date=Geheimtag")
    direct = invoked("record", journey, "PersonIdentified", "--on", "2024-01-02", *wrong)
    right = ("family_name=Geheim", "birth_date=1990-04-05")
    assert invoked("record", journey, "PersonIdentified", "--on", "2024-01-02", *right).code == 0
    version = invoked("events", journey, "--json").rows[-1]["version"]
    corrected = invoked(
        "record", journey, "EventCorrected", "--on", "2024-05-03", f"target={version}",
        'attributes={"birth_date": "Geheimtag"}',
    )  # fmt: skip
    early = invoked("record", journey, "ContactHeld", "--on", "1980-01-01")
    for said in (direct, corrected, early):
        assert said.code in {2, 3}
        assert "Geheim" not in said.err
        assert "1990" not in said.err
