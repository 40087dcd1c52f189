"""Laws of every projection, over random pasts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.chain.reading import Told
from domain.days import PartialDate
from domain.events.record import EventCorrected, EventRetracted
from domain.events.registry import FACTS
from domain.fact import Fact
from domain.journal import Entry, Recorded
from projections.catalogue import KEPT
from projections.folding import rows_of
from projections.history import History
from projections.projection import ColumnType, Projection
from projections.strands import Span
from projections.timeline import timeline

JOURNEY = UUID(int=7)
START = datetime(2024, 1, 1, 9, tzinfo=UTC)
_KINDS = {
    ColumnType.UUID: (UUID,),
    ColumnType.TEXT: (str,),
    ColumnType.TEXTS: (tuple,),
    ColumnType.DATE: (date,),
    ColumnType.INTEGER: (int,),
    ColumnType.BOOLEAN: (bool,),
    ColumnType.JSON: (list, dict),
}

days = st.one_of(
    st.just(PartialDate()),
    st.dates(date(2019, 1, 1), date(2026, 12, 31)).map(PartialDate.of),
    st.builds(PartialDate, st.integers(2019, 2026), st.integers(1, 12)),
)
ends = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2028, 1, 1)).map(PartialDate.of))


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    cls = FACTS[draw(st.sampled_from(sorted(set(FACTS) - {"JourneyErased"})))]
    values: dict[str, Any] = {}
    for one in cls.attributes():
        if one.is_day:
            values[one.name] = draw(ends)
        if one.name == "target" and cls in (EventCorrected, EventRetracted):
            values[one.name] = f"f{draw(st.integers(1, 12))}"
        if one.name == "case_id":
            values[one.name] = draw(st.sampled_from([None, "K1", "K2"]))
    for name, choices in _CHOICES.items():
        if name in cls.model_fields:
            values[name] = draw(st.sampled_from(choices.get(cls.__name__, (None,))))
    return cls.model_validate({name: value for name, value in values.items() if value is not None})


_CHOICES: dict[str, dict[str, tuple[str | None, ...]]] = {
    "basis": {"TitleGranted": (None, "AUFENTHG_25_3", "AUFENTHG_104C", "AUFENTHG_9")},
    "rechtskreis": {
        "BenefitGranted": (None, "ASYLBLG_3", "SGB_II"),
        "BenefitEnded": (None, "ASYLBLG_3", "SGB_II"),
    },
    "outcome": {"AsylumDecisionIssued": (None, "fluechtling", "abgelehnt")},
    "ags": {
        "AddressRegistered": (None, "05978024", "05978032"),
        "AddressChanged": (None, "05978024", "05978032"),
    },
    "municipality": {"AssignedToMunicipality": (None, "05978040")},
    "employment_kind": {"EmploymentStarted": (None, "MINIJOB", "SV_VOLLZEIT")},
}


@st.composite
def pasts(draw: st.DrawFn) -> list[Recorded]:
    told = draw(st.lists(st.tuples(facts(), days), max_size=14))
    moment = START
    records = []
    for place, (fact, day) in enumerate(told, 1):
        moment += timedelta(days=draw(st.integers(0, 90)))
        entry = Entry(f"f{place}", fact, day)
        records.append(Recorded(place, JOURNEY, place, moment, UUID(int=place), entry))
    return records


@settings(max_examples=150, deadline=None)
@given(pasts())
def test_folding_at_once_equals_folding_one_by_one(records: list[Recorded]) -> None:
    for one in KEPT:
        state = one.start
        for recorded in records:
            state = one.fold([recorded], state)
        assert state == one.fold(records)
        assert tuple(one.rows(JOURNEY, state)) == rows_of(KEPT, JOURNEY, records)[one.name]


@settings(max_examples=150, deadline=None)
@given(pasts())
def test_rows_fit_the_columns_that_were_declared(records: list[Recorded]) -> None:
    for name, rows in rows_of(KEPT, JOURNEY, records).items():
        columns = next(one.columns for one in KEPT if one.name == name)
        for row in rows:
            for column, value in zip(columns, row, strict=True):
                assert value is None or type(value) in _KINDS[column.type], (name, column)


@settings(max_examples=150, deadline=None)
@given(pasts(), st.dates(date(2019, 1, 1), date(2028, 1, 1)))
def test_every_span_ends_no_earlier_than_it_begins(records: list[Recorded], day: date) -> None:
    drawn = timeline(JOURNEY, History(told=_told(records)).told, day)

    for strand in drawn.strands:
        assert list(strand.spans) == sorted(strand.spans, key=lambda one: one.start)
        assert list(strand.marks) == sorted(strand.marks, key=lambda one: one.on)
        assert list(strand.dots) == sorted(strand.dots)
        assert all(_forward(one) for one in strand.spans)


@settings(max_examples=100, deadline=None)
@given(pasts())
def test_a_reading_never_depends_on_what_was_recorded_later(records: list[Recorded]) -> None:
    told = _told(records)
    for place in range(len(told)):
        known_at = records[place].recorded_at.date()
        until_then = [one for one in told if one.recorded_at and one.recorded_at.date() <= known_at]
        assert timeline(JOURNEY, told, known_at, known_at).strands == (
            timeline(JOURNEY, until_then, known_at).strands
        )


def _told(records: list[Recorded]) -> tuple[Told, ...]:
    return tuple(
        Told(one.entry.id, one.entry.fact, one.entry.occurred_on, one.recorded_at)
        for one in records
    )


def _forward(one: Span) -> bool:
    return one.end is None or one.start <= one.end


@pytest.mark.parametrize("kept", KEPT, ids=lambda one: one.name)
def test_nothing_told_makes_no_rows(kept: Projection[History]) -> None:
    assert tuple(kept.rows(JOURNEY, kept.start)) == ()


def test_projections_have_names_of_their_own() -> None:
    names = [one.name for one in KEPT]
    assert len(set(names)) == len(names)
