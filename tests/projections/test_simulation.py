"""A population under changed bounds: the counts of both, and only where they differ."""

from collections import Counter
from datetime import date

import pytest

from domain.chain.bounds import STANDARD, Change, Unit
from domain.chain.derived import Derived
from domain.chain.evaluation import intervals
from domain.chain.intervals import Kind, State
from domain.chain.reading import Told, read
from domain.days import PartialDate
from domain.events.registry import read_fact
from infra.municipalities import municipality
from infra.population.generation import DEMO_DAY, generate
from infra.population.vignette import peopled, vignettes
from projections.simulation import Difference, Simulation

TODAY = date(2026, 11, 23)
EIGHT_WEEKS = [Change("S05.weeks", 8, Unit.WEEKS)]


def told(*lines: str) -> list[Told]:
    facts = []
    for place, line in enumerate(lines, 1):
        name, day, *rest = line.split()
        attributes = dict(word.split("=") for word in rest)
        facts.append(Told(f"f{place}", read_fact(name, attributes), PartialDate.parse(day)))
    return facts


WAITS_SEVEN_WEEKS = told("CaseOpened 2026-01-05 org_unit=kim-mitte", "CourseRegistered 2026-10-05")
WAITS_TEN_WEEKS = told("CaseOpened 2026-01-05 org_unit=kim-wanne", "CourseRegistered 2026-09-14")
NEVER_REGISTERED = told("CaseOpened 2026-01-05 org_unit=kim-mitte")


def simulated(changes: list[Change], *people: list[Told]) -> Simulation:
    one = Simulation(STANDARD.changed(changes), frozenset(it.id for it in changes), TODAY)
    for facts in people:
        one.add(facts)
    return one


def test_what_is_open_under_the_law_is_only_due_under_a_longer_bound() -> None:
    found = simulated(EIGHT_WEEKS, WAITS_SEVEN_WEEKS, WAITS_TEN_WEEKS, NEVER_REGISTERED)
    assert [one for one in found.differences() if one.rule == "S05"] == [
        Difference("S05", "kim-mitte", Kind.GAP, State.DUE, 0, 1),
        Difference("S05", "kim-mitte", Kind.GAP, State.OPEN, 1, 0),
    ]
    assert (found.journeys, found.differing) == (3, 1)


def test_the_counts_of_both_are_those_of_two_evaluations() -> None:
    people = (WAITS_SEVEN_WEEKS, WAITS_TEN_WEEKS, NEVER_REGISTERED)
    found = simulated(EIGHT_WEEKS, *people)
    for bounds, counted in (
        (STANDARD, found.before),
        (STANDARD.changed(EIGHT_WEEKS), found.after),
    ):
        expected = Counter(
            (one.rule, one.state(TODAY))
            for facts in people
            for one in intervals(Derived(read(facts), bounds))
            if one.state(TODAY) in (State.DUE, State.OPEN)
        )
        by_rule: Counter[tuple[str, State]] = Counter()
        for (rule, _, _, state), count in counted.items():
            by_rule[rule, state] += count
        assert by_rule == expected


def test_parts_counted_elsewhere_add_up() -> None:
    whole = simulated(EIGHT_WEEKS, WAITS_SEVEN_WEEKS, WAITS_TEN_WEEKS)
    first, second = (simulated(EIGHT_WEEKS, one) for one in (WAITS_SEVEN_WEEKS, WAITS_TEN_WEEKS))
    first.merge(second.counts())
    assert first.differences() == whole.differences()
    assert (first.journeys, first.differing) == (whole.journeys, whole.differing)


@pytest.mark.parametrize("weeks", [1, 4, 6])
def test_a_tighter_bound_never_closes_a_gap(weeks: int) -> None:
    tighter = [Change("S05.weeks", weeks, Unit.WEEKS)]
    for one in simulated(tighter, WAITS_SEVEN_WEEKS, WAITS_TEN_WEEKS).differences():
        assert one.state is not State.OPEN or one.after >= one.before


@pytest.mark.parametrize(
    "change",
    [
        Change("S05.weeks", 8, Unit.WEEKS),
        Change("N09.months", 8, Unit.MONTHS),
        Change("A05.service", 9, Unit.DAYS),
    ],
    ids=lambda one: one.id,
)
def test_a_rule_that_rests_on_a_changed_bound_through_its_states_is_read_anew(
    change: Change,
) -> None:
    rows = generate(municipality("herne"), 40, 3).rows
    people: dict[str, list[Told]] = {}
    for row in rows:
        fact = read_fact(row.type, row.attributes)
        one = Told(row.number or "", fact, row.occurred_on, row.recorded_at)
        people.setdefault(row.person, []).append(one)
    found = simulated([change], *people.values())
    for bounds, counted in ((STANDARD, found.before), (STANDARD.changed([change]), found.after)):
        expected = Counter(
            (one.rule, one.kind, one.state(TODAY))
            for facts in people.values()
            for one in intervals(Derived(read(facts), bounds))
            if one.state(TODAY) in {State.DUE, State.OPEN}
        )
        assert (
            Counter(
                (rule, kind, state)
                for (rule, _, kind, state), number in counted.items()
                for _ in range(number)
            )
            == expected
        )


@pytest.mark.parametrize(
    "change",
    [
        Change("T05.pension", 180, Unit.MONTHS),
        Change("A11.years_with_child", 18, Unit.YEARS),
        Change("A12.duldung_months", 36, Unit.MONTHS),
        Change("L09.suspension", 6, Unit.MONTHS),
    ],
    ids=lambda one: one.id,
)
def test_a_bound_that_is_read_row_by_row_is_heard(change: Change) -> None:
    rule = change.id[:3]
    day = DEMO_DAY
    lives = {one.person for one in vignettes() if one.rule == rule}
    people: dict[str, list[Told]] = {}
    for row in peopled(municipality("herne"), 1, day).rows:
        if row.person in lives:
            fact = read_fact(row.type, row.attributes)
            one = Told(row.number or "", fact, row.occurred_on, row.recorded_at)
            people.setdefault(row.person, []).append(one)
    found = simulated([change], *people.values())
    changed = STANDARD.changed([change])
    expected = Counter(
        (one.rule, one.kind, one.state(TODAY))
        for facts in people.values()
        for one in intervals(Derived(read(facts), changed))
        if one.state(TODAY) in {State.DUE, State.OPEN}
    )
    assert (
        Counter(
            (name, kind, state)
            for (name, _, kind, state), number in found.after.items()
            for _ in range(number)
        )
        == expected
    )
    assert found.differing
