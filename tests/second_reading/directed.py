"""Directed households: a journey and those of others, for rules on which random journeys are mostly silent."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain.chain.reading import Told
from domain.days import PartialDate
from domain.events.registry import read_fact
from tests.second_reading.directed_menus import Menu, Near, Offer

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
