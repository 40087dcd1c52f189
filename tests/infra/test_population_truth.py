"""The chain finds what the generator seeded, and nothing else."""

import ast
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import infra.population
from domain.chain.catalogue import RULES
from domain.chain.evaluation import evaluate
from domain.chain.intervals import Interval, Kind, State
from domain.chain.reading import Told, read
from domain.chain.states.family import members
from domain.events.registry import read_fact
from infra.municipalities import municipality
from infra.population.generation import DEMO_DAY, Population, generate
from infra.population.ledger import Seed
from infra.population.seeding import SHARES

Row = tuple[str, str, str, str, date | None, date | None]


def told(population: Population) -> dict[str, list[Told]]:
    """Return the facts of a population by journey."""
    journeys: dict[str, list[Told]] = {}
    for row in population.rows:
        fact = read_fact(row.type, row.attributes)
        one = Told(row.number or "", fact, row.occurred_on, row.recorded_at)
        journeys.setdefault(row.person, []).append(one)
    return journeys


def standing(interval: Interval, day: date) -> bool:
    return interval.state(day) in {State.DUE, State.OPEN}


def found(population: Population) -> set[Row]:
    """Return what the chain finds due or open on the day of the population."""
    rules = [RULES[one.value] for one in Seed]
    day = population.today
    rows = set()
    journeys = told(population)
    views = {journey: read(facts, day) for journey, facts in journeys.items()}
    for journey, facts in journeys.items():
        household = {name: views[name] for name in members(views[journey])}
        for one in evaluate(facts, day, rules, household=household):
            if standing(one, day):
                assert one.kind is Kind.GAP
                state = one.state(day).value
                rows.add((journey, one.rule, one.key, state, one.opens_on, one.due_on))
    return rows


def seeded(population: Population) -> set[Row]:
    """Return what the generator says is due or open."""
    return {
        (
            one.journey,
            one.verdict.rule,
            one.verdict.key,
            one.verdict.state,
            one.verdict.opens_on,
            one.verdict.due_on,
        )
        for one in population.judged
        if not one.verdict.why
    }


@pytest.mark.parametrize(
    ("place", "people", "seed", "day"),
    [
        ("herne", 500, 1, DEMO_DAY),
        ("herne", 300, 2, date(2026, 3, 1)),
        ("herne", 300, 3, date(2025, 6, 1)),
        ("herne", 300, 4, date(2027, 5, 15)),
        ("muelheim", 240, 1, DEMO_DAY),
        ("gelsenkirchen", 120, 1, DEMO_DAY),
        ("gladbeck", 120, 1, DEMO_DAY),
        ("unna", 240, 1, DEMO_DAY),
        ("unna", 120, 2, date(2025, 6, 1)),
    ],
)
def test_precision_and_recall_are_one(place: str, people: int, seed: int, day: date) -> None:
    population = generate(municipality(place), people, seed, day)
    chain, truth = found(population), seeded(population)
    assert truth
    assert chain - truth == set(), "the chain finds what is not there"
    assert truth - chain == set(), "the chain misses what is there"


@pytest.mark.soak
def test_precision_and_recall_are_one_for_many_people() -> None:
    for seed in range(20, 32):
        population = generate(municipality("herne"), 2000, seed)
        assert found(population) == seeded(population), f"seed {seed}"


def test_every_rule_has_its_share_of_gaps_and_at_least_as_many_negatives() -> None:
    people = 500
    population = generate(municipality("herne"), people, 1)
    gaps = Counter(one.verdict.rule for one in population.judged if not one.verdict.why)
    without = Counter(one.verdict.rule for one in population.judged if one.verdict.why)
    for rule, share in SHARES.items():
        assert gaps[rule] >= round(share * people), rule
        assert without[rule] >= gaps[rule], rule


def test_near_misses_lie_on_the_last_day() -> None:
    population = generate(municipality("herne"), 2000, 5)
    why = {one.verdict.why for one in population.judged}
    assert {
        "applied on the last day",
        "the course started on the last day",
        "answered on the last day",
        "a reminder of an offer that waits already",
        "the course did not come about",
        "temporary protection runs on by law",
    } <= why


def test_the_truth_is_written_without_the_chain() -> None:
    sources = sorted(Path(infra.population.__path__[0]).glob("*.py"))
    assert len(sources) > 10
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{one.name}" for one in node.names]
            assert not any(name.startswith("domain.chain") for name in names), path.name
