"""Laws that tie two readings of one random journey: what must not matter does not, what must only tighten does.

Journeys are drawn over every fact and every rule (``journeys.py``); a seed that fails names itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from pydantic import BaseModel

from domain.chain.bounds import STANDARD, Bound, BoundKind, Bounds, Change, Tighter, Unit
from domain.chain.calendar import plus_months
from domain.chain.catalogue import RULES
from domain.chain.derived import Derived
from domain.chain.evaluation import evaluate, intervals
from domain.chain.intervals import Interval, State
from domain.chain.reading import Told, View, read
from domain.chain.rule import Draft, Rule
from domain.days import PartialDate
from domain.events.registry import FACTS, read_fact
from domain.fact import python_name
from tests.chain.journeys import drawn

SEEDS = range(300)
LATEST = datetime(2040, 1, 1, tzinfo=UTC)


def recorded(told: Iterable[Told]) -> list[Told]:
    """Return the facts with a moment of recording each, late enough to cut no partial date."""
    return [
        one if one.recorded_at is not None else replace(one, recorded_at=_after(one))
        for one in told
        if one.occurred_on.known or one.recorded_at is not None
    ]


def _after(one: Told) -> datetime:
    day = one.occurred_on.latest or date(2025, 1, 1)
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def in_order(found: Iterable[Interval]) -> list[Interval]:
    return sorted(found, key=lambda one: (one.rule, one.key, one.begins_on))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_recording_does_not_matter_for_a_later_known_at(seed: int) -> None:
    told = [one for one in recorded(drawn(seed).told) if one.occurred_on.known]
    days = [one.occurred_on for one in told]
    told = [one for one in told if days.count(one.occurred_on) == 1]
    shuffled = list(told)
    Random(seed).shuffle(shuffled)
    late = [replace(one, recorded_at=LATEST + timedelta(days=n)) for n, one in enumerate(shuffled)]
    early = [replace(one, recorded_at=LATEST) for one in told]
    assert in_order(evaluate(late)) == in_order(evaluate(early))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_fact_and_its_retraction_leave_no_trace_on_the_current_view(seed: int) -> None:
    told = recorded(drawn(seed).told)
    if not told:
        return
    extra = recorded(drawn(seed + 10_000).told)[:1]
    added = [replace(one, id="extra") for one in extra]
    undone = Told(
        "undone", read_fact("EventRetracted", {"target": "extra"}), PartialDate(2039), LATEST
    )
    assert evaluate([*told, *added, undone]) == evaluate(told)


@pytest.mark.parametrize("seed", SEEDS)
def test_knowing_more_never_changes_a_past_reading_at_the_same_known_at(seed: int) -> None:
    one = drawn(seed)
    told = recorded(one.told)
    known_at = one.known_at or one.days[2]
    later = [
        replace(more, id=f"later-{more.id}", recorded_at=LATEST)
        for more in recorded(drawn(seed + 20_000).told)
    ]
    assert evaluate([*told, *later], known_at) == evaluate(told, known_at)


class Listening(View):
    """A view that notes which types it is asked for."""

    __slots__ = ("asked",)

    def __init__(self, view: View) -> None:
        super().__init__(view.facts)
        self.asked: set[str] = set()

    def of(self, *types: str) -> Any:
        self.asked |= set(types)
        return super().of(*types)

    def has(self, *types: str) -> bool:
        self.asked |= set(types)
        return super().has(*types)


def _read_by(rule: Rule, view: View) -> set[str]:
    """Return the types that a rule asks for on a journey; what walks over all facts asks for all."""
    listening = Listening(view)
    intervals(Derived(listening), (rule,))
    return listening.asked | set(rule.triggers) | set(rule.ended_by) | {"PersonDied"}


WALKS_OVER_ALL = frozenset({"F06"})


@pytest.mark.parametrize("seed", range(60))
def test_facts_that_a_rule_does_not_read_never_change_it(seed: int) -> None:
    """What a rule does not read may come in any order and may be left out, the ones beside stay.

    Annulments are left out: beside them a view without the void facts is read, to which nothing listens.
    """
    told = [
        one
        for one in recorded(drawn(seed).told)
        if one.occurred_on.known and one.fact.type_name() != "DecisionAnnulledRetroactively"
    ]
    view = read(told)
    for rule in RULES.values():
        if rule.id in WALKS_OVER_ALL:
            continue
        types = _read_by(rule, view)
        kept = [
            one
            for one in told
            if type(one.fact).__name__ in types | {"EventRetracted", "EventCorrected"}
            or _works_as_proof(one, told)
        ]
        assert evaluate(kept, None, (rule,)) == evaluate(told, None, (rule,)), rule.id


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_names_every_fact_that_sets_it_off(rule: Rule) -> None:
    """Without a fact of its triggers a rule has no instance, whatever else it reads is told."""
    types = set(rule.missing)
    for seed in range(25):
        others = replace(rule, triggers=tuple(sorted(types - set(rule.triggers))), missing=())
        told = [
            one for one in drawn(seed, [others]).told if one.fact.type_name() not in rule.triggers
        ]
        listening = Listening(read(told))
        found = list(rule.find(Derived(listening)))
        assert not [one for one in found if isinstance(one, Draft)], [one.fact for one in told]
        types |= listening.asked & set(FACTS)


def _works_as_proof(one: Told, told: Iterable[Told]) -> bool:
    """Say whether a fact may narrow a partial date of another (G2)."""
    return any(other.occurred_on.exact is None for other in told)


class Heard(dict[str, tuple[Bound, ...]]):
    """Rows of bounds that remember which were asked for."""

    def __init__(self, rows: Mapping[str, tuple[Bound, ...]]) -> None:
        super().__init__(rows)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> tuple[Bound, ...]:
        self.asked.add(name)
        return super().__getitem__(name)


def asked_of_law(rule: Rule, told: Iterable[Told]) -> bool:
    """Say whether a rule asks, on a journey, for a bound that is law, has dates or counts working days."""
    heard = Heard(STANDARD.rows)
    evaluate(tuple(told), None, (rule,), replace(STANDARD, rows=heard))
    rows = [row for name in heard.asked for row in STANDARD.rows[name]]
    return any(
        row.kind is BoundKind.LAW or row.valid_from is not None or row.unit is Unit.WORKING_DAYS
        for row in rows
    )


CYCLE = 28 * 12


def _shifted(one: Told) -> Told:
    """Return a fact 28 years earlier, the days inside it as well."""
    attributes = {
        name: _moved(value)
        for name, value in (
            (python_name(it.name), getattr(one.fact, python_name(it.name)))
            for it in FACTS[type(one.fact).__name__].attributes()
        )
        if value is not None
    }
    moment = one.recorded_at
    return Told(
        one.id,
        one.fact.model_copy(update=attributes),
        _earlier(one.occurred_on),
        None if moment is None else moment.replace(year=moment.year - 28),
    )


def _moved(value: Any) -> Any:
    """Return a value with the days inside it 28 years earlier."""
    if isinstance(value, PartialDate):
        return _earlier(value)
    if isinstance(value, tuple):
        return tuple(_moved(one) for one in value)
    if isinstance(value, BaseModel):
        days = {name: _moved(one) for name, one in value if isinstance(one, PartialDate)}
        return value.model_copy(update=days)
    return value


def _earlier(day: PartialDate) -> PartialDate:
    return PartialDate(None if day.year is None else day.year - 28, day.month, day.day)


def _days(one: Interval) -> tuple[date | None, ...]:
    return one.begins_on, one.opens_on, one.due_on, one.closes_on


@pytest.mark.parametrize("seed", range(150))
def test_shifting_all_dates_by_28_years_shifts_what_rests_on_practice(seed: int) -> None:
    """28 years are the calendar's cycle; working days are left out, since holidays have none."""
    rules = list(RULES.values())
    told = [
        one
        for one in drawn(seed, [rules[seed % len(rules)]]).told
        if type(one.fact).__name__ not in {"EventCorrected", "EventRetracted", "JourneyStarted"}
    ]
    past = [_shifted(one) for one in told]
    for rule in rules:
        if asked_of_law(rule, told) or asked_of_law(rule, past):
            continue
        moved = [
            tuple(None if day is None else plus_months(day, -CYCLE) for day in _days(one))
            for one in evaluate(told, None, (rule,))
        ]
        assert [_days(one) for one in evaluate(past, None, (rule,))] == moved, rule.id


def _tighter(row: Bound) -> Change | None:
    """Return a bound a little tighter than it is; None where no direction is told."""
    if row.unit not in {Unit.DAYS, Unit.WEEKS, Unit.MONTHS} or row.number < 2:
        return None
    match row.tighter:
        case Tighter.LESS:
            return Change(row.id, row.number - 1, row.unit)
        case Tighter.MORE:
            return Change(row.id, row.number + 1, row.unit)
        case _:
            return None


TIGHTENED: list[tuple[str, Bounds]] = [
    (change.id, STANDARD.adapted([change]))
    for name in STANDARD.rows
    if (change := _tighter(STANDARD.rows[name][-1])) is not None and len(STANDARD.rows[name]) == 1
]


@pytest.mark.parametrize(("name", "tightened"), TIGHTENED, ids=[name for name, _ in TIGHTENED])
def test_tightening_a_bound_never_closes_a_gap(name: str, tightened: Bounds) -> None:
    rule = RULES[name.split(".")[0]]
    for seed in range(25):
        one = drawn(seed, [rule])
        before = evaluate(one.told, None, (rule,))
        after = {(it.key): it for it in evaluate(one.told, None, (rule,), tightened)}
        for it in before:
            for day in one.days:
                if it.state(day) is State.OPEN:
                    assert after[it.key].state(day) is State.OPEN, (seed, it)
