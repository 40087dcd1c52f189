"""Upcasts, by the one that was needed: why a case rests, in free text first, then by a word of a list."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from domain.chain.reading import Told, read
from domain.commands import RecordFacts
from domain.days import PartialDate
from domain.events.record import EventCorrected
from domain.events.registry import brought_up, read_fact, read_fact_leniently
from domain.fact import Fact
from domain.journal import Entry, Recorded
from domain.journey import decide, fold

REST = "CaseSuspended"


@pytest.mark.parametrize(
    ("told", "now"),
    [
        ({}, {}),
        ({"case_id": "c1"}, {"case_id": "c1"}),
        ({"reason": "absence"}, {"rest_reason": "absence", "reason_told": None}),
        ({"reason": "Kur bis Mai"}, {"rest_reason": None, "reason_told": "Kur bis Mai"}),
        ({"reason": None}, {"rest_reason": None, "reason_told": None}),
        ({"rest_reason": "waiting"}, {"rest_reason": "waiting"}),
    ],
)
def test_a_reason_in_free_text_becomes_a_word_only_where_it_was_one(
    told: dict[str, Any], now: dict[str, Any]
) -> None:
    before = dict(told)
    assert brought_up(REST, told)[1] == now
    assert brought_up(REST, now)[1] == now
    assert told == before
    assert read_fact(REST, told).known_attributes() == now


def test_a_version_is_brought_up_by_the_upcasts_after_it_alone() -> None:
    assert brought_up(REST, {"reason": "absence"}, 2)[1] == {"reason": "absence"}


def test_leniently_an_attribute_of_an_earlier_version_is_known() -> None:
    fact, dropped = read_fact_leniently(REST, {"reason": "absence", "mood": "x"})
    assert fact.known_attributes() == {"rest_reason": "absence", "reason_told": None}
    assert dropped == ("mood",)


def told(fact_id: str, fact: Fact) -> Told:
    return Told(fact_id, fact, PartialDate(2024, 3, 1), datetime(2024, 3, 1, tzinfo=UTC))


def correction(**attributes: Any) -> EventCorrected:
    return EventCorrected(target="f1", attributes_=attributes)


@pytest.mark.parametrize(
    ("corrected", "word", "wording"),
    [
        ({"reason": "absence"}, "absence", None),
        ({"reason": "Elternzeit"}, None, "Elternzeit"),
        ({"reason": None}, None, None),
        ({"rest_reason": "waiting"}, "waiting", "Kur"),
    ],
)
def test_a_correction_of_any_version_corrects_a_fact_of_any_version(
    corrected: dict[str, Any], word: str | None, wording: str | None
) -> None:
    facts = [told("f1", read_fact(REST, {"reason": "Kur"})), told("f2", correction(**corrected))]
    seen = read(facts).by_id("f1")
    assert seen is not None
    assert (seen.get("rest_reason"), seen.get("reason_told")) == (word, wording)


def test_a_journey_goes_on_after_a_correction_of_an_earlier_version() -> None:
    entries = [
        Entry("f1", read_fact(REST, {"reason": "Kur"}), PartialDate(2024)),
        Entry("f2", correction(reason="absence"), PartialDate(2024)),
    ]
    journey, moment = UUID(int=1), datetime(2025, 1, 1, tzinfo=UTC)
    past = [
        Recorded(number, journey, number, moment, UUID(int=number), one)
        for number, one in enumerate(entries, 1)
    ]
    again = Entry("f3", correction(goals_summary="B1"), PartialDate(2025))
    asked = RecordFacts(UUID(int=9), journey, (again,), date(2025, 1, 2))
    assert decide(fold(journey, past), asked) == (again,)
