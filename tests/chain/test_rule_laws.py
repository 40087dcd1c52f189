"""Laws that every rule keeps on random journeys: certainty (G6), data rows (G9), words for everything."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import pytest

from domain.chain.catalogue import RULES
from domain.chain.derived import Derived
from domain.chain.evaluation import evaluate, turned
from domain.chain.explanation import sentence
from domain.chain.intervals import Certainty, Interval, Kind
from domain.chain.reading import Told, read
from domain.days import PartialDate
from domain.events.registry import read_fact
from tests.chain.journeys import drawn

SEEDS = range(12)
SOMEDAY = PartialDate(2024, 5, 5)
WITHOUT_BIRTH = {"M01", "M02", "U01"}
"""Rules that may be unsure though every day is exact: nobody's birth is told."""

every_rule = pytest.mark.parametrize("rule", RULES)


def exactly(told: Sequence[Told]) -> list[Told]:
    """The same facts, each day of theirs told exactly."""
    return [
        Told(one.id, read_fact(type(one.fact).__name__, _attributes(one)), _exact(one.occurred_on))
        for one in told
    ]


def _attributes(one: Told) -> dict[str, object]:
    values = one.fact.model_dump(mode="json", by_alias=True, exclude_unset=True)
    days = {attribute.name for attribute in type(one.fact).attributes() if attribute.is_day}
    return {
        name: str(_exact(PartialDate.parse(value))) if name in days and value else value
        for name, value in values.items()
    }


def _exact(day: PartialDate) -> PartialDate:
    return PartialDate(day.year, day.month or 7, day.day or 15) if day.year else SOMEDAY


def found(told: Sequence[Told], rule: str) -> dict[str, Interval]:
    """The instances of a rule that miss no value, by key."""
    return {
        one.key: one for one in evaluate(told, None, [RULES[rule]]) if one.kind is not Kind.DATA
    }


def by_month(told: Sequence[Told], one: Told) -> Iterator[list[list[Told]]]:
    """For each day that a fact tells: it on the first and on the last day of the month, and in the month."""
    for name, day in _days_told(one).items():
        if sum(other.startswith(day[:7]) for two in told for other in _days_told(two).values()) > 1:
            continue  # another day of the month may be before or after (G2, G3)
        days = (f"{day[:7]}-01", f"{day[:7]}-{monthrange(int(day[:4]), int(day[5:7]))[1]}", day[:7])
        yield [[_on(two, name, day) if two is one else two for two in told] for day in days]


def _days_told(one: Told) -> dict[str, str]:
    """The days that a fact tells, by attribute; its own by no name."""
    names = {attribute.name for attribute in type(one.fact).attributes() if attribute.is_day}
    told = {name: str(day) for name, day in _attributes(one).items() if name in names and day}
    return {"": str(one.occurred_on), **told}


def _on(one: Told, name: str, day: str) -> Told:
    """The fact with another day."""
    if not name:
        return replace(one, occurred_on=PartialDate.parse(day))
    values = {**_attributes(one), name: day}
    return replace(one, fact=read_fact(type(one.fact).__name__, values))


@every_rule
def test_g6_where_every_day_is_exact_an_instance_is_certain(rule: str) -> None:
    for seed in SEEDS:
        instances = found(exactly(drawn(seed, [RULES[rule]]).told), rule)
        for one in instances.values():
            assert one.certainty is Certainty.CERTAINLY or rule in WITHOUT_BIRTH, (seed, one)


@every_rule
def test_g6_where_the_days_hang_on_a_day_that_is_told_by_month_an_instance_is_possible_only(
    rule: str,
) -> None:
    for seed in SEEDS:
        told = exactly(drawn(seed, [RULES[rule]]).told)
        by_id = {one.id: one for one in told}
        for key, one in found(told, rule).items():
            for facts in by_month(told, by_id[one.evidence[0]]):
                first, last, month = (found(each, rule).get(key) for each in facts)
                if first and last and month and _days(first) != _days(last):
                    assert month.certainty is Certainty.POSSIBLY, (seed, month)


def _days(one: Interval) -> tuple[date, date, date | None]:
    return one.begins_on, one.opens_on, one.due_on


@every_rule
def test_every_instance_can_be_told_in_words_and_a_data_row_names_what_is_missing(
    rule: str,
) -> None:
    for seed in SEEDS:
        told = drawn(seed, [RULES[rule]]).told
        view = read(told)
        for one in evaluate(told, None, [RULES[rule]]):
            assert sentence(one, view, "en")
            assert {name for name, _ in one.details} <= {"unknown"} | _named(rule), (seed, one)
            missing = one.kind is Kind.DATA and RULES[rule].kind is not Kind.DATA
            named = "unknown" in dict(one.details)
            assert not named or missing, (seed, one)
            assert not missing or named or RULES[rule].unknown, (seed, one)


@every_rule
def test_d21_every_trigger_without_an_instance_says_why(rule: str) -> None:
    for seed in SEEDS:
        for one in turned(Derived(read(drawn(seed, [RULES[rule]]).told)), RULES[rule]):
            assert one.reason.de, (seed, one)
            assert one.reason.en, (seed, one)


def _named(rule: str) -> set[str]:
    """The details that the sentence of a rule names in braces."""
    text = RULES[rule].sentence.en
    return {part.split("}")[0] for part in text.split("{")[1:]}
