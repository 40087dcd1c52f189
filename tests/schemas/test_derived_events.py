from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from pydantic import JsonValue

from domain.chain.intervals import Kind
from domain.crossings import Crossing, CrossingKind
from domain.fields import Handlungsfeld
from schemas.codec import decode, encode
from schemas.derived import crossing_event
from schemas.topics import JOURNEY

PERSON = UUID("0b8f3c1e-5a57-4f0e-9c39-6a7d6b1f2a10")
KEY = "Bescheid vom 3. März/2026-02"
ABOUT = {
    "journey": str(PERSON),
    "seq": 42,
    "basis_position": 17,
    "day": "2026-03-10",
    "noticed_at": 1_773_144_732_000_001,
}
TOLD: dict[CrossingKind, dict[str, JsonValue]] = {
    CrossingKind.OPENED: {
        "kind": "chance",
        "field": "soziale_beratung",
        "severity": "high",
        "certainty": "possibly",
        "due_on": None,
        "responsible": ["client", "case_manager"],
        "evidence": [3, 5],
        "missing": ["CourseStarted"],
    },
    CrossingKind.ESCALATED: {"kind": "gap", "severity": "critical", "step": "urgent"},
    CrossingKind.CLOSED: {"kind": "gap", "closed_by": "late", "by_version": 8},
    CrossingKind.REVOKED: {"kind": "gap", "undoes": 40, "undone": "opened", "by_version": None},
    CrossingKind.STATUS: {"state": "running", "since": "2026-03-09", "versions": [7, 8]},
}


def crossing(kind: CrossingKind, name: str = "L02") -> Crossing:
    noticed = datetime(2026, 3, 10, 12, 12, 12, 1, tzinfo=UTC)
    return Crossing(42, 17, PERSON, kind, name, KEY, date(2026, 3, 10), noticed, TOLD[kind])


def read(one: Crossing) -> tuple[str, dict[str, Any]]:
    event = crossing_event(one)
    data = encode(event.name, event.value)
    assert b"Bescheid" not in data
    assert "März".encode() not in data
    decoded = decode(data)
    assert decoded.value == event.value
    return decoded.name, decoded.value


@pytest.mark.parametrize(
    ("kind", "event", "changed"),
    [
        (CrossingKind.OPENED, "GapOpened", {"kind": "CHANCE", "field": "SOZIALE_BERATUNG"}),
        (CrossingKind.ESCALATED, "GapEscalated", {"kind": "GAP"}),
        (CrossingKind.CLOSED, "GapClosed", {"kind": "GAP"}),
        (CrossingKind.REVOKED, "GapRevoked", {"kind": "GAP", "undone": "OPENED"}),
    ],
)
def test_a_crossing_of_a_gap_is_told_with_an_instance_and_without_its_key(
    kind: CrossingKind, event: str, changed: dict[str, str]
) -> None:
    name, value = read(crossing(kind))
    instance = value.pop("instance")
    assert UUID(instance).version == 5
    assert name == event
    assert value == ABOUT | {"rule": "L02"} | TOLD[kind] | changed


def test_a_change_of_status_is_told_of_its_field() -> None:
    name, value = read(crossing(CrossingKind.STATUS, "sprache"))
    assert name == "StatusChanged"
    assert value == ABOUT | {"field": "SPRACHE"} | TOLD[CrossingKind.STATUS]


def test_all_events_about_an_instance_name_it_alike_and_others_otherwise() -> None:
    opened = crossing(CrossingKind.OPENED)
    same = [crossing(kind) for kind in list(CrossingKind)[1:4]]
    assert {read(one)[1]["instance"] for one in (opened, *same)} == {read(opened)[1]["instance"]}
    others = [
        replace(opened, key="another"),
        replace(opened, name="L03"),
        replace(opened, journey=UUID(int=7)),
    ]
    assert len({read(one)[1]["instance"] for one in (opened, *others)}) == 4


def test_an_instance_bears_another_name_where_the_journey_does() -> None:
    audience = replace(JOURNEY, name_of=lambda journey: f"x-{journey.hex}")
    here, there = (
        crossing_event(crossing(CrossingKind.OPENED), topic).value for topic in (JOURNEY, audience)
    )
    assert there["journey"] == f"x-{PERSON.hex}"
    assert here["instance"] != there["instance"]


@pytest.mark.parametrize("field", Handlungsfeld)
def test_every_field_of_action_can_change_its_status(field: Handlungsfeld) -> None:
    _, value = read(crossing(CrossingKind.STATUS, field.value))
    assert value["field"] == field.name


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_instance_can_open(kind: Kind) -> None:
    opened = crossing(CrossingKind.OPENED)
    _, value = read(replace(opened, told={**opened.told, "kind": kind.value}))
    assert value["kind"] == kind.name


def test_what_the_schema_does_not_know_yet_is_told_as_unknown() -> None:
    opened = crossing(CrossingKind.OPENED)
    _, value = read(replace(opened, told={**opened.told, "kind": "wish", "field": "verkehr"}))
    assert (value["kind"], value["field"]) == ("UNKNOWN", "UNKNOWN")


def test_what_was_told_beyond_the_schema_stays_in_the_house() -> None:
    opened = crossing(CrossingKind.OPENED)
    event = crossing_event(replace(opened, told={**opened.told, "key": KEY, "note": "geheim"}))
    assert "note" not in event.value
    assert "key" not in event.value
