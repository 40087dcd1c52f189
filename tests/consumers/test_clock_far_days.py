"""Days at the ends of the calendar: registers write 9999-12-31 for "no end", and mistakes write 0001."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from consumers.clock import notice
from domain.crossings import CrossingKind, Due
from domain.days import UNKNOWN_DAY, PartialDate
from domain.events.registry import FACTS, read_fact
from domain.fact import Fact
from domain.journal import Entry, Recorded

JOURNEY = UUID(int=1)
TODAY = date(2026, 3, 1)
FAR = ("9999-12-31", "9999-12", "9999", "0001-01-01", "0001")


def due(*told: tuple[Fact, PartialDate]) -> Due:
    """Return a journey of these facts, recorded in 2024."""
    records = [
        Recorded(
            version,
            JOURNEY,
            version,
            datetime(2024, 1, 1, 12, tzinfo=UTC),
            UUID(int=version),
            Entry(f"fact-{version}", fact, day),
        )
        for version, (fact, day) in enumerate(told, start=1)
    ]
    return Due(JOURNEY, records, 0, len(records), ())


@pytest.mark.parametrize("fact", FACTS.values(), ids=lambda one: one.type_name())
def test_a_day_at_the_end_of_the_calendar_does_not_stop_the_clock(fact: type[Fact]) -> None:
    for far in FAR:
        for one in (one for one in fact.attributes() if one.is_day):
            told = read_fact(fact.type_name(), {one.name: far})
            for own in (PartialDate(2024), UNKNOWN_DAY, PartialDate.parse(far)):
                notice(due((told, own)), TODAY)
        notice(due((read_fact(fact.type_name(), {}), PartialDate.parse(far))), TODAY)


@pytest.mark.parametrize("begun", ["BenefitGranted", "CaseOpened", "CourseStarted"])
def test_what_follows_on_the_first_day_of_the_calendar_does_not_stop_it_either(begun: str) -> None:
    first = PartialDate(1, 1, 1)
    facts = [(read_fact(name, {}), first) for name in (begun, begun, "CaseClosed", "BenefitEnded")]
    notice(due(*facts), TODAY)


def test_a_title_without_end_opens_no_gap_in_a_lifetime() -> None:
    title = read_fact("TitleGranted", {"basis": "AUFENTHG_25_1", "valid_until": "9999-12-31"})
    told = notice(due((title, PartialDate(2024, 1, 1))), date(2100, 1, 1))
    opened = [one.name for one in told.crossings if one.kind is CrossingKind.OPENED]
    assert "A01" not in opened
    assert "A02" not in opened
