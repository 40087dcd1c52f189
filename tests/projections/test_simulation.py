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
