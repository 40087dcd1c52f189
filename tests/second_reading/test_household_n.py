"""Naturalisation in a household: the work of a partner counts (terms "Naturalisation", livelihood)."""

import random
from datetime import date, timedelta

import pytest

from domain.chain.catalogue import RULES
from domain.chain.reading import Told
from domain.days import PartialDate
from domain.events.registry import read_fact
from tests.second_reading.test_agreement import differences_of, rows_of_chain

JOURNEYS = 60

Facts = list[Told]


def fact(facts: Facts, name: str, day: date, **attributes: object) -> None:
    told = {key: value for key, value in attributes.items() if value is not None}
    place = f"{name[0]}{len(facts) + 1}"
    facts.append(Told(place, read_fact(name, told), PartialDate.of(day), None))


def person(draw: random.Random) -> Facts:
    """All is proven but the livelihood, which rests on a benefit."""
    facts: Facts = []
    fact(facts, "TitleGranted", date(2016, 3, 1), basis="AUFENTHG_25_1")
    fact(facts, "IdentityClarified", date(2017, 3, 1), means="pass")
    fact(facts, "LanguageTestTaken", date(2018, 3, 1), result="B1")
    fact(facts, "CivicsTestTaken", date(2018, 3, 1), points=20)
    fact(facts, "BenefitGranted", date(2020, 3, 1), rechtskreis="SGB_II")
    for _ in range(draw.randint(1, 5)):
        day = date(2021, 1, 1) + timedelta(days=draw.randint(0, 2200))
        name = draw.choice(("MemberJoined", "MemberJoined", "MemberLeft", "ChildBorn"))
        if name == "ChildBorn":
            born = draw.choice((None, "2007-05-01", "2007", "2019-02", day.isoformat()))
            fact(facts, name, day, birth_date=born)
            continue
        role = draw.choice(("partner", "partner", "child"))
        journey = draw.choice(("p", "p", None)) if role == "partner" else "c"
        fact(facts, name, day, role=role, member_journey_id=journey)
    return facts


def partner(draw: random.Random) -> Facts:
    facts: Facts = []
    kinds = ("SV_VOLLZEIT", "SV_VOLLZEIT", "SV_TEILZEIT")
    for _ in range(draw.randint(1, 3)):
        day = date(2021, 1, 1) + timedelta(days=draw.randint(0, 1500))
        name = draw.choice(("EmploymentStarted", "EmploymentStarted", "EmploymentChanged"))
        fact(facts, name, day, employment_kind=draw.choice(kinds), employer="a")
    if draw.random() < 0.4:
        fact(facts, "EmploymentEnded", date(2025, 1, 1), employer="a")
    return facts


def child(draw: random.Random) -> Facts:
    facts: Facts = []
    fact(facts, "PersonIdentified", date(2020, 1, 1), birth_date=draw.choice(("2015-01", "2008")))
    return facts


@pytest.mark.parametrize("rule", ["N01", "N02"])
def test_both_readings_agree_on_a_household(rule: str) -> None:
    for seed in range(JOURNEYS):
        draw = random.Random(seed)
        own, others = person(draw), {"p": partner(draw), "c": child(draw)}
        assert not list(differences_of(RULES[rule], own, None, others)), seed


def test_the_work_of_a_partner_makes_naturalisation_possible() -> None:
    own: Facts = []
    fact(own, "TitleGranted", date(2016, 3, 1), basis="AUFENTHG_25_1")
    fact(own, "IdentityClarified", date(2017, 3, 1), means="pass")
    fact(own, "LanguageTestTaken", date(2018, 3, 1), result="B1")
    fact(own, "CivicsTestTaken", date(2018, 3, 1), points=20)
    fact(own, "BenefitGranted", date(2020, 3, 1), rechtskreis="SGB_II")
    fact(own, "ChildBorn", date(2019, 3, 1))
    fact(own, "MemberJoined", date(2020, 1, 1), role="partner", member_journey_id="p")
    works: Facts = []
    fact(works, "EmploymentStarted", date(2023, 3, 1), employment_kind="SV_VOLLZEIT")
    six_hundredth_day = date(2023, 3, 1) + timedelta(days=599)
    chance = [
        row for row in rows_of_chain(RULES["N01"], own, None, {"p": works}) if row.kind == "chance"
    ]
    assert [row.begins_on for row in chance] == [six_hundredth_day]
    assert not rows_of_chain(RULES["N01"], own, None)
