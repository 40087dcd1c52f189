"""Directed journeys and households for rules on which random journeys are mostly silent.

``python -m tests.second_reading.directed RULE ... --journeys 2000`` compares on them, as ``compare`` does.
"""

import argparse
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain.chain.catalogue import RULES
from domain.chain.reading import Told
from domain.days import PartialDate
from domain.events.registry import read_fact
from tests.chain.journeys import Drawn
from tests.second_reading.directed_menus import MENUS, Menu, Near, Offer
from tests.second_reading.test_agreement import differences_of, report, rows_of_chain

Others = Mapping[str, Sequence[Told]]


@dataclass(frozen=True)
class Household:
    """A journey, and the other ones of its household."""

    told: tuple[Told, ...]
    others: Others
    known_at: date | None


def household(seed: int, menu: Menu) -> Household:
    """The household of a seed; the same seed draws the same one."""
    draw = random.Random(seed)
    begin = menu.begin + timedelta(days=draw.randint(0, menu.range))
    span = draw.choice(menu.spans)
    told = _journey(draw, "f", menu.offers, begin, span)
    others = {
        name: _journey(draw, name, offers, begin, span)
        for name, offers in menu.members.items()
        if draw.random() < 0.8
    }
    known = begin + timedelta(days=draw.randint(0, span + 200)) if draw.random() < 0.15 else None
    return Household(told, others, known)


def _journey(
    draw: random.Random, name: str, offers: Sequence[Offer], begin: date, span: int
) -> tuple[Told, ...]:
    surely = [one for one in offers if draw.random() < one.surely]
    chosen = surely + draw.choices(offers, [one.weight for one in offers], k=draw.randint(1, 9))
    draw.shuffle(chosen)
    return tuple(
        _told(draw, f"{name}{place}", one, begin + timedelta(days=draw.randint(0, span)))
        for place, one in enumerate(chosen, 1)
    )


def _told(draw: random.Random, fact_id: str, offer: Offer, day: date) -> Told:
    attributes: dict[str, Any] = {}
    for name, choice in offer.attributes.items():
        if draw.random() < offer.tells:
            attributes[name] = _value(draw, choice, day)
    recorded = None
    if draw.random() < 0.3:
        late = day + timedelta(days=draw.choice((0, 0, 1, 9, 40, 200)))
        recorded = datetime(late.year, late.month, late.day, 10, tzinfo=UTC)
    return Told(fact_id, read_fact(offer.type, attributes), _precision(draw, day), recorded)


def _value(draw: random.Random, choice: Any, day: date) -> Any:
    if not isinstance(choice, Near):
        return draw.choice(choice)
    told = (day + timedelta(days=draw.randint(choice.first, choice.last))).isoformat()
    precise = draw.random()
    if precise < 0.8:
        return told
    return told[:7] if precise < 0.95 else told[:4]


def _precision(draw: random.Random, day: date) -> PartialDate:
    drawn = draw.random()
    if drawn < 0.82:
        return PartialDate.of(day)
    if drawn < 0.92:
        return PartialDate(day.year, day.month)
    return PartialDate(day.year) if drawn < 0.95 else PartialDate()


# Comparing


def found_in(rule: str, one: Household) -> list[tuple[str, Any]]:
    """What differs between the chain and the second reading."""
    return list(differences_of(RULES[rule], one.told, one.known_at, one.others))


def smallest(rule: str, one: Household) -> Household:
    """Leave out facts while the two still differ."""
    for name in ("", *one.others):
        place = 0
        while place < len(_of(one, name)):
            fewer = _without(one, name, place)
            if found_in(rule, fewer):
                one = fewer
            else:
                place += 1
    return one


def _of(one: Household, name: str) -> Sequence[Told]:
    return one.others[name] if name else one.told


def _without(one: Household, name: str, place: int) -> Household:
    left = tuple(told for at, told in enumerate(_of(one, name)) if at != place)
    if not name:
        return Household(left, one.others, one.known_at)
    return Household(one.told, {**one.others, name: left}, one.known_at)


def tell(rule: str, one: Household) -> str:
    """The facts of every journey, then what differs."""
    others = [
        f"  journey {name}:\n{report(Drawn(tuple(facts), None, ()), [])}".rstrip()
        for name, facts in one.others.items()
        if facts
    ]
    return "\n".join([*others, report(Drawn(one.told, one.known_at, ()), found_in(rule, one))])


def compare(rule: str, journeys: int, most: int) -> None:
    """Print how many households agree, on how many the rule is silent, and the first that differ."""
    differing, silent = [], 0
    for seed in range(journeys):
        one = household(seed, MENUS[rule])
        if found_in(rule, one):
            differing.append(one)
        silent += not rows_of_chain(RULES[rule], one.told, one.known_at, one.others)
    print(f"{rule}: {journeys - len(differing)} of {journeys} agree; silent on {silent}")
    for one in differing[:most]:
        print(tell(rule, smallest(rule, one)))


def main(words: Sequence[str] | None = None) -> None:
    """Compare the rules named, or all that have a menu."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rules", nargs="*")
    parser.add_argument("--journeys", type=int, default=500)
    parser.add_argument("--show", type=int, default=3)
    given = parser.parse_args(words)
    for rule in given.rules or sorted(MENUS):
        compare(rule, given.journeys, given.show)


if __name__ == "__main__":
    main()
