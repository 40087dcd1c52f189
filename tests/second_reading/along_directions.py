"""Directed journeys: of the facts and the values that a rule asks for, so that it speaks.

A journey of ``tests.chain.journeys`` is drawn from a rule's triggers alone; where a rule needs much at once,
such journeys are silent. Here a rule names what its journeys are made of.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from domain.chain.reading import Told
from domain.days import PartialDate
from domain.events.registry import FACTS, read_fact
from tests.chain import journeys

Values = Sequence[Any]
ABOUT_A_TITLE = ("TitleShortened", "TitleRefused", "TitleRevoked", "TitleExpired")


@dataclass(frozen=True)
class Directions:
    """What a journey is made of: facts that come first, facts of which it draws, values told often."""

    first: Sequence[str]
    then: Sequence[str]
    values: Mapping[str, Values] = field(default_factory=dict)
    """By ``Type.attribute``; None leaves it out, ID is that of an earlier fact, DAY any day near.

    DECISION is the id of an earlier fact about a title.
    """
    undated: Sequence[str] = ()
    """Facts of which a third are told without a day."""
    most: int = 12
    spans: Sequence[int] = (120, 400, 1300)
    begin: tuple[date, date] = (date(2003, 1, 1), date(2023, 12, 1))


def directed(seed: int, ways: Sequence[Directions]) -> journeys.Drawn:
    """The journey of a seed, by one of these directions."""
    draw = random.Random(seed)
    directions = ways[seed % len(ways)]
    earliest, latest = directions.begin
    begin = earliest + timedelta(days=draw.randint(0, (latest - earliest).days))
    span = draw.choice(directions.spans)
    names = list(directions.first)
    names += [draw.choice(directions.then) for _ in range(draw.randint(1, directions.most))]
    draw.shuffle(names)
    told: list[Told] = []
    for place, name in enumerate(names, start=1):
        one = _told(draw, f"f{place}", name, begin, span, told, directions.values)
        if name in directions.undated and draw.random() < 0.33:
            one = replace(one, occurred_on=PartialDate())
        told.append(one)
    if draw.random() < 0.1:
        told.append(journeys._undoing(draw, told, begin, span))
    known = begin + timedelta(days=draw.randint(0, span + 200)) if draw.random() < 0.2 else None
    return journeys.Drawn(tuple(told), known, ())


def _told(
    draw: random.Random,
    fact_id: str,
    name: str,
    begin: date,
    span: int,
    earlier: Sequence[Told],
    values: Mapping[str, Values],
) -> Told:
    day = begin + timedelta(days=draw.randint(0, span))
    ids = [one.id for one in earlier]
    attributes = journeys._attributes(draw, FACTS[name], day, ids)
    for place, choices in values.items():
        named, attribute = place.split(".")
        if named == name and draw.random() < 0.9:
            attributes.pop(attribute, None)
            value = draw.choice(choices)
            if value == "ID":
                value = draw.choice(ids) if ids else None
            elif value == "DECISION":
                about = [one.id for one in earlier if type(one.fact).__name__ in ABOUT_A_TITLE]
                value = draw.choice(about) if about else None
            elif value == "DAY":
                value = journeys._day(draw, day, happened=False)
            if value is not None:
                attributes[attribute] = value
    recorded_at = None
    if draw.random() < 0.3:
        recorded_at = journeys._moment(day + timedelta(days=draw.choice((0, 0, 1, 9, 40, 200))))
    return Told(fact_id, read_fact(name, attributes), journeys._precision(draw, day), recorded_at)
