"""``python -m tests.second_reading.compare RULE ...``: where chain and second reading differ, and on what facts.

Journeys are drawn from the facts of the rule in question, so that few of them are silent.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace

from domain.chain.catalogue import RULES
from domain.chain.evaluation import evaluate
from domain.chain.rule import Rule
from tests.chain.journeys import Drawn, drawn
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


def compare(rule: Rule, journeys: int, most: int) -> bool:
    """Print how many journeys agree, and the first that do not."""
    differing: list[Drawn] = []
    silent = 0
    for seed in range(journeys):
        others = list(RULES.values())
        company = [rule, others[seed % len(others)]] if seed % 3 == 0 else [rule]
        journey = drawn(seed * 7919 + 13, company)
        found = list(differences_of(rule, journey.told, journey.known_at))
        if found:
            differing.append(journey)
        silent += not found and not _speaks(rule, journey)
    print(
        f"{rule.id}: {journeys - len(differing)} of {journeys} agree; on {silent} the rule is silent"
    )
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
    given = parser.parse_args(words)
    agreed = [
        compare(RULES[name], given.journeys, given.show) for name in given.rules or list(RULES)
    ]
    print(f"{sum(agreed)} of {len(agreed)} rules agree on every journey")


if __name__ == "__main__":
    main()
