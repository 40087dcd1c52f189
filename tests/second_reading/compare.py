"""``python -m tests.second_reading.compare RULE ...``: where chain and second reading differ, and on what facts.

Journeys are drawn from the facts of the rule in question, so that few of them are silent; with ``--directed`` they are
made of what the rule looks at.
"""

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import replace

from domain.chain.catalogue import RULES
from domain.chain.reading import Told
from domain.chain.rule import Rule
from tests.second_reading.cases_drawn import DIRECTED, directed, undirected
from tests.second_reading.directed import Household
from tests.second_reading.test_agreement import differences_in, rows_of_chain, tell


def smallest(rule: Rule, one: Household) -> Household:
    """Leave out facts one by one while the two still differ, the person's own and those of the others."""
    for name in ("", *one.others):
        place = 0
        while place < len(_of(one, name)):
            fewer = _without(one, name, place)
            if list(differences_in(rule, fewer)):
                one = fewer
            else:
                place += 1
    return one


def _of(one: Household, name: str) -> Sequence[Told]:
    return one.others[name] if name else one.told


def _without(one: Household, name: str, place: int) -> Household:
    left = tuple(told for at, told in enumerate(_of(one, name)) if at != place)
    return replace(one, others={**one.others, name: left}) if name else replace(one, told=left)


def compare(rule: Rule, drawn: Iterable[Household], most: int) -> bool:
    """Print how many journeys agree, on how many the rule is silent, and the first that differ."""
    differing: list[Household] = []
    count = silent = 0
    for one in drawn:
        count += 1
        if list(differences_in(rule, one)):
            differing.append(one)
        elif not rows_of_chain(rule, one.told, one.known_at, one.others):
            silent += 1
    agreeing = count - len(differing)
    print(f"{rule.id}: {agreeing} of {count} agree; on {silent} the rule is silent")
    for one in differing[:most]:
        print(tell(rule, smallest(rule, one)))
    return not differing


def main(words: Sequence[str] | None = None) -> None:
    """Compare the rules named, or all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rules", nargs="*")
    parser.add_argument("--journeys", type=int, default=1500)
    parser.add_argument("--show", type=int, default=3)
    parser.add_argument("--directed", action="store_true")
    given = parser.parse_args(words)
    draw = directed if given.directed else undirected
    agreed = [
        compare(rule, (draw(seed, rule) for seed in range(given.journeys)), given.show)
        for rule in (RULES[name] for name in given.rules or (DIRECTED if given.directed else RULES))
    ]
    print(f"{sum(agreed)} of {len(agreed)} rules agree on every journey")


if __name__ == "__main__":
    main()
