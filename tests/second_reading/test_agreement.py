"""The chain and the second reading of the rules find the same rows on random journeys."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import hypothesis
import pytest
from hypothesis import strategies

from domain.chain.catalogue import RULES
from domain.chain.evaluation import evaluate
from domain.chain.intervals import Interval
from domain.chain.reading import Told, read
from domain.chain.rule import Rule
from tests.chain.journeys import Drawn, drawn
from tests.second_reading.basis import Fact, Row
from tests.second_reading.cases_drawn import DIRECTED, directed
from tests.second_reading.directed import Household
from tests.second_reading.rules import READERS, read_rule

JOURNEYS = 25
ALONE: Mapping[str, Sequence[Told]] = {}


def plain(told: Told) -> Fact:
    """The fact as it would stand in a file."""
    return Fact(
        id=told.id,
        type=type(told.fact).__name__,
        occurred_on=str(told.occurred_on) or None,
        recorded_at=None if told.recorded_at is None else told.recorded_at.isoformat(),
        attributes=told.fact.model_dump(mode="json", by_alias=True, exclude_unset=True),
    )


def row_of_chain(found: Interval) -> Row:
    """What the chain finds, as the second reading says it."""
    return Row(
        rule=found.rule,
        key=found.key,
        kind=found.kind.value,
        begins_on=found.begins_on,
        opens_on=found.opens_on,
        due_on=found.due_on,
        closes_on=found.closes_on,
        closed_by=None if found.closed_by is None else found.closed_by.value,
    )


def rows_of_chain(
    rule: Rule,
    told: Sequence[Told],
    known_at: date | None,
    others: Mapping[str, Sequence[Told]] = ALONE,
) -> set[Row]:
    household = {journey: read(facts, known_at) for journey, facts in others.items()}
    return {row_of_chain(found) for found in evaluate(told, known_at, (rule,), household=household)}


def differences_of(
    rule: Rule,
    told: Sequence[Told],
    known_at: date | None,
    others: Mapping[str, Sequence[Told]] = ALONE,
) -> Iterator[tuple[str, Row]]:
    """What only one of the two finds; ``others`` are the other journeys of the household."""
    chain = rows_of_chain(rule, told, known_at, others)
    plainly = {journey: [plain(one) for one in facts] for journey, facts in others.items()}
    second = set(read_rule(rule.id, [plain(one) for one in told], known_at, plainly))
    for row in sorted(chain - second, key=str):
        yield "only the chain", row
    for row in sorted(second - chain, key=str):
        yield "only the second reading", row


def report(journey: Drawn, differences: Sequence[tuple[str, Row]]) -> str:
    """The facts, then what differs."""
    lines = [f"  known at {journey.known_at}"] if journey.known_at else []
    for fact in map(plain, journey.told):
        recorded = f" (recorded {fact.recorded_at[:10]})" if fact.recorded_at else ""
        attributes = " ".join(f"{name}={value}" for name, value in _told(fact))
        lines.append(f"  {fact.id}: {fact.type} {fact.occurred_on}{recorded} {attributes}")
    for who, row in differences:
        lines.append(
            f"  {who}: {row.rule} {row.key} {row.kind} begins {row.begins_on} due {row.due_on}"
            f" opens {row.opens_on} closes {row.closes_on} {row.closed_by}"
        )
    return "\n".join([*lines, ""])


def differences_in(rule: Rule, one: Household) -> Iterator[tuple[str, Row]]:
    """What only one of the two finds in a journey among those of its household."""
    return differences_of(rule, one.told, one.known_at, one.others)


def tell(rule: Rule, one: Household) -> str:
    """The facts of every journey, then what differs."""
    others = [
        f"  journey {name}:\n{report(Drawn(tuple(facts), None, ()), [])}".rstrip()
        for name, facts in one.others.items()
        if facts
    ]
    own = report(Drawn(tuple(one.told), one.known_at, ()), list(differences_in(rule, one)))
    return "\n".join([*others, own])


def _told(fact: Fact) -> list[tuple[str, object]]:
    return [(name, value) for name, value in fact.attributes.items() if value is not None]


def test_every_rule_is_read_twice() -> None:
    assert set(READERS) == set(RULES)


@hypothesis.settings(
    max_examples=30, deadline=None, suppress_health_check=list(hypothesis.HealthCheck)
)
@hypothesis.given(strategies.randoms(use_true_random=False))
def test_all_rules_read_a_journey_alike(draw: random.Random) -> None:
    journey = drawn(draw)
    for rule in RULES.values():
        found = list(differences_of(rule, journey.told, journey.known_at))
        assert not found, report(journey, found)


@pytest.mark.parametrize("rule", sorted(READERS))
def test_both_readings_agree(rule: str) -> None:
    for seed in range(JOURNEYS):
        journey = drawn(seed, [RULES[rule]])
        found = list(differences_of(RULES[rule], journey.told, journey.known_at))
        assert not found, report(journey, found)


@pytest.mark.parametrize("rule", DIRECTED)
def test_both_readings_agree_on_directed_journeys(rule: str) -> None:
    for seed in range(JOURNEYS):
        one = directed(seed, RULES[rule])
        assert not list(differences_in(RULES[rule], one)), tell(RULES[rule], one)
