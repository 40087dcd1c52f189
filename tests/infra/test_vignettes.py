"""The chain finds in every vignette what was written down beside it, and nothing else of that rule."""

from collections import Counter
from datetime import date

import pytest

from domain.chain.catalogue import RULES
from domain.chain.evaluation import evaluate
from domain.chain.intervals import ClosedBy, Interval, Kind, State
from domain.chain.reading import Told, read
from domain.events.registry import read_fact
from infra.municipalities import municipality
from infra.population.generation import DEMO_DAY
from infra.population.vignette import Vignette, peopled, shifted, vignettes

DAYS = (DEMO_DAY, date(2026, 3, 31), date(2026, 7, 15))
SLEEPING = {"L07"}  # its law is not in force, so nothing of it ever stands
STANDING = {State.DUE, State.OPEN}

HOLDING = [(one, day) for one in vignettes() for day in ((one.on,) if one.on else DAYS)]
POPULATIONS = {day: peopled(municipality("herne"), 1, day) for day in {day for _, day in HOLDING}}


def told(person: str, today: date) -> list[Told]:
    return [
        Told(
            row.number or "", read_fact(row.type, row.attributes), row.occurred_on, row.recorded_at
        )
        for row in POPULATIONS[today].rows
        if row.person == person
    ]


def standing(one: Vignette, today: date) -> list[Interval]:
    return [it for it in instances(one, today) if it.state(today) in STANDING]


def instances(one: Vignette, today: date) -> tuple[Interval, ...]:
    household = {one.other: read(told(one.other, today))} if one.relative else {}
    return evaluate(told(one.person, today), None, (RULES[one.rule],), household=household)


@pytest.mark.parametrize(
    ("one", "today"), HOLDING, ids=lambda it: it.name if isinstance(it, Vignette) else str(it)
)
def test_what_is_written_beside_a_vignette_is_what_the_chain_finds(
    one: Vignette, today: date
) -> None:
    found = standing(one, today)
    if not one.positive:
        assert found == [], one.why
        return
    wanted = (
        one.state,
        one.kind,
        None if one.opens is None else shifted(one.opens, today),
        None if one.due is None else shifted(one.due, today),
    )
    assert wanted in [(it.state(today), it.kind, it.opens_on, it.due_on) for it in found], one.why
    if one.instance:
        assert one.instance in {it.key for it in found}


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_who_did_everything_in_time_never_had_a_gap(today: date) -> None:
    for one in (one for one in vignettes() if one.state == "in_time"):
        found = [it for it in instances(one, today) if it.kind is Kind.GAP]
        assert not any(it.was_open and it.opens_on <= today for it in found), one.name
        assert not any(it.closed_by is ClosedBy.LATE for it in found), one.name


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_who_came_a_day_late_came_late(today: date) -> None:
    for one in (one for one in vignettes() if one.state == "late"):
        ways = {it.closed_by for it in instances(one, today)}
        assert ClosedBy.LATE in ways, f"{one.name}: {one.why}"


def test_the_same_seed_gives_the_same_people() -> None:
    place = municipality("herne")
    assert peopled(place, 3, DEMO_DAY) == peopled(place, 3, DEMO_DAY)
    there = [one for one in vignettes() if one.on in (None, DEMO_DAY)]
    people = [one.person for one in there]
    relatives = [one.other for one in there if one.relative]
    assert {row.person for row in peopled(place, 3, DEMO_DAY).rows} == {*people, *relatives}


def test_every_rule_has_lives_of_every_kind() -> None:
    counted = Counter((one.rule, one.positive or one.state) for one in vignettes())
    for rule in RULES:
        for kind in (True, "in_time", "not_applicable"):
            sleeps = kind is True and rule in SLEEPING
            assert counted[rule, kind] or sleeps, f"{rule} has no vignette of kind {kind}"
