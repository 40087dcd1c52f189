"""``python -m tests.second_reading.compare RULE ...``: where chain and second reading differ, and on what facts.

Journeys are drawn from the facts of the rule in question, so that few of them are silent; with ``--directed``
from what ``directions.py`` names for the rule.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace

from domain.chain.catalogue import RULES
from domain.chain.evaluation import evaluate
from domain.chain.rule import Rule
from tests.chain.journeys import Drawn, drawn
from tests.second_reading.along_directions import directed
from tests.second_reading.directions import DIRECTIONS
from tests.second_reading.test_agreement import differences_of, report


def smallest(rule: Rule, journey: Drawn) -> Drawn:
    """Leave out facts one by one while the two still differ."""
    told = list(journey.told)
    place = 0
    while place < len(told):
        fewer = [*told[:place], *told[place + 1 :]]
        if list(differences_of(rule, fewer, journey.known_at)):
            told = fewer
        else:
            place += 1
    return replace(journey, told=tuple(told))


def undirected(seed: int, rule: Rule) -> Drawn:
    """The journey of a seed, a third of them in the company of another rule."""
    others = list(RULES.values())
    company = [rule, others[seed % len(others)]] if seed % 3 == 0 else [rule]
    return drawn(seed * 7919 + 13, company)


def by_directions(seed: int, rule: Rule) -> Drawn:
    """The directed journey of a seed."""
    return directed(seed, DIRECTIONS[rule.id])


def compare(rule: Rule, journeys: Sequence[Drawn], most: int) -> bool:
    """Print how many journeys agree, and the first that do not."""
    differing: list[Drawn] = []
    silent = 0
    for journey in journeys:
        found = list(differences_of(rule, journey.told, journey.known_at))
        if found:
            differing.append(journey)
        silent += not found and not _speaks(rule, journey)
    agreeing = len(journeys) - len(differing)
    print(f"{rule.id}: {agreeing} of {len(journeys)} agree; on {silent} the rule is silent")
    for journey in differing[:most]:
        small = smallest(rule, journey)
        print(report(small, list(differences_of(rule, small.told, small.known_at))))
    return not differing


def _speaks(rule: Rule, journey: Drawn) -> bool:
    return bool(evaluate(journey.told, journey.known_at, (rule,)))


def main(words: Sequence[str] | None = None) -> None:
    """Compare the rules named, or all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rules", nargs="*")
    parser.add_argument("--journeys", type=int, default=1500)
    parser.add_argument("--show", type=int, default=3)
    parser.add_argument("--directed", action="store_true")
    given = parser.parse_args(words)
    named = given.rules or list(DIRECTIONS if given.directed else RULES)
    draw = by_directions if given.directed else undirected
    agreed = []
    for rule in (RULES[name] for name in named):
        journeys = [draw(seed, rule) for seed in range(given.journeys)]
        agreed.append(compare(rule, journeys, given.show))
    print(f"{sum(agreed)} of {len(agreed)} rules agree on every journey")


if __name__ == "__main__":
    main()
