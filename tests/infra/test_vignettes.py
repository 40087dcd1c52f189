"""The chain finds in every vignette what was written down beside it, and nothing else of that rule."""

from collections import Counter
from datetime import date

import pytest

from domain.chain.catalogue import RULES
from domain.chain.evaluation import evaluate
from domain.chain.intervals import Interval, State
from domain.chain.reading import Told, read
from domain.events.registry import read_fact
from infra.municipalities import municipality
from infra.population.generation import DEMO_DAY
from infra.population.vignette import Vignette, peopled, shifted, vignettes

DAYS = (DEMO_DAY, date(2026, 3, 31), date(2026, 7, 15))
COVERED = "FMNS"
STANDING = {State.DUE, State.OPEN}


POPULATIONS = {day: peopled(municipality("herne"), 1, day) for day in DAYS}


def told(person: str, today: date) -> list[Told]:
    return [
        Told(
            row.number or "", read_fact(row.type, row.attributes), row.occurred_on, row.recorded_at
        )
        for row in POPULATIONS[today].rows
        if row.person == person
    ]


def standing(one: Vignette, today: date) -> list[Interval]:
    household = {one.other: read(told(one.other, today))} if one.relative else {}
    found = evaluate(told(one.person, today), None, (RULES[one.rule],), household=household)
    return [it for it in found if it.state(today) in STANDING]


every_vignette = pytest.mark.parametrize("one", vignettes(), ids=lambda one: one.name)


@every_vignette
@pytest.mark.parametrize("today", DAYS, ids=str)
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


def test_the_same_seed_gives_the_same_people() -> None:
    place = municipality("herne")
    assert peopled(place, 3, DEMO_DAY) == peopled(place, 3, DEMO_DAY)
    people = [one.person for one in vignettes()]
    relatives = [one.other for one in vignettes() if one.relative]
    assert {row.person for row in peopled(place, 3, DEMO_DAY).rows} == {*people, *relatives}


def test_every_rule_has_lives_of_every_kind() -> None:
    counted = Counter((one.rule, one.positive or one.state) for one in vignettes())
    for rule in (rule for rule in RULES if rule[0] in COVERED):
        for kind in (True, "in_time", "not_applicable"):
            assert counted[rule, kind], f"{rule} has no vignette of kind {kind}"


def test_what_rests_on_two_people_is_not_judged_in_a_list() -> None:
    alone = {one.person for one in vignettes() if not one.relative}
    assert {it.journey for it in peopled(municipality("herne"), 1, DEMO_DAY).judged} == alone
