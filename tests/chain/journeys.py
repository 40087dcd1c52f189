"""Random journeys over every fact: dense where rules look, told exactly, by month, by year or not at all.

A journey takes the facts of a few rules and of what commonly surrounds them, within a few years, so that
windows, follow-ups and cancellations meet. The same seed gives the same journey.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from domain.chain.catalogue import RULES
from domain.chain.reading import Told
from domain.chain.rule import Rule
from domain.days import PartialDate
from domain.events.registry import FACTS, read_fact
from domain.fact import Attribute, Fact, python_name
from domain.labels import Vocabulary

FIRST, LAST = date(2003, 1, 1), date(2027, 6, 30)
_SPAN_DAYS = 1300
_AROUND = (
    "JourneyStarted",
    "EntryRegistered",
    "CaseOpened",
    "TitleGranted",
    "ToleranceIssued",
    "AsylumApplicationFiled",
    "AsylumDecisionIssued",
    "BenefitGranted",
    "ContactHeld",
    "LeftGermany",
    "EmploymentStarted",
    "ChildBorn",
)
_WORDS = ("a", "b", "c1", "05916000", "05978020")
_ABOUT_A_TITLE = frozenset(
    {"TitleGranted", "TitleShortened", "TitleRefused", "TitleRevoked", "TitleExpired"}
)
_TYPES_NOT_DRAWN = frozenset({"JourneyErased", "NoteTaken", "ContactDetailsRecorded"})


@dataclass(frozen=True)
class Drawn:
    """A journey and the days on which it is to be looked at."""

    told: tuple[Told, ...]
    known_at: date | None
    days: tuple[date, ...]


def drawn(seed: int | random.Random, rules: Sequence[Rule] | None = None) -> Drawn:
    """Return the journey of a seed, or of what hypothesis draws and can make smaller.

    Args:
        seed: Decides everything.
        rules: Whose facts it is made of; None draws some.
    """
    draw = random.Random(seed) if isinstance(seed, int) else seed
    chosen = rules or draw.sample(list(RULES.values()), draw.randint(1, 4))
    types = sorted({name for rule in chosen for name in (*rule.triggers, *rule.missing)})
    types = [name for name in types if name not in _TYPES_NOT_DRAWN] or ["ContactHeld"]
    begin = FIRST + timedelta(days=draw.randint(0, (LAST - FIRST).days - _SPAN_DAYS))
    span = draw.choice((120, 400, _SPAN_DAYS))
    told: list[Told] = []
    for place in range(1, draw.randint(3, 14) + 1):
        name = draw.choice(types if draw.random() < 0.75 else _AROUND)
        told.append(_told(draw, f"f{place}", name, begin, span, told))
    if draw.random() < 0.15:
        told.append(_undoing(draw, told, begin, span))
    days = sorted(begin + timedelta(days=draw.randint(-30, span + 500)) for _ in range(6))
    known = begin + timedelta(days=draw.randint(0, span + 200)) if draw.random() < 0.3 else None
    told += list(_annulments(draw, told, begin, span))
    return Drawn(tuple(told), known, tuple(days))


def _told(
    draw: random.Random, fact_id: str, name: str, begin: date, span: int, earlier: Sequence[Told]
) -> Told:
    day = begin + timedelta(days=draw.randint(0, span))
    attributes = _attributes(draw, FACTS[name], day, [one.id for one in earlier])
    fact = read_fact(name, attributes)
    recorded_at = None
    if draw.random() < 0.4:
        recorded_at = _moment(day + timedelta(days=draw.choice((0, 0, 1, 9, 40, 200))))
    return Told(fact_id, fact, _precision(draw, day), recorded_at)


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


def _precision(draw: random.Random, day: date) -> PartialDate:
    drawn_ = draw.random()
    if drawn_ < 0.78:
        return PartialDate.of(day)
    if drawn_ < 0.9:
        return PartialDate(day.year, day.month)
    return PartialDate(day.year) if drawn_ < 0.95 else PartialDate()


def _undoing(draw: random.Random, told: Sequence[Told], begin: date, span: int) -> Told:
    """Return a retraction or a correction of one of the facts."""
    target = draw.choice(told)
    day = begin + timedelta(days=draw.randint(0, span + 60))
    if draw.random() < 0.5:
        fact = read_fact("EventRetracted", {"target": target.id})
    else:
        moved = begin + timedelta(days=draw.randint(0, span))
        fact = read_fact("EventCorrected", {"target": target.id, "occurred_on": str(moved)})
    return Told("undo", fact, PartialDate.of(day), _moment(day))


def _annulments(
    draw: random.Random, told: Sequence[Told], begin: date, span: int
) -> Iterator[Told]:
    """Yield the annulment of some decisions about a title."""
    decided = [one for one in told if type(one.fact).__name__ in _ABOUT_A_TITLE]
    for one in decided:
        if draw.random() < 0.25:
            day = begin + timedelta(days=draw.randint(0, span + 60))
            annulled = {"target": one.id}
            if draw.random() < 0.6:
                annulled["effective_from"] = _day(draw, day, happened=True)
            fact = read_fact("DecisionAnnulledRetroactively", annulled)
            yield Told(f"{one.id}a", fact, _precision(draw, day), None)


def _attributes(
    draw: random.Random, fact: type[Fact], day: date, ids: Sequence[str]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in fact.attributes():
        if one.name in {"person", "conflict", "confidence"} or draw.random() < 0.35:
            continue
        value = _value(draw, one, _kind(fact, python_name(one.name)), day, ids)
        if value is not None:
            found[one.name] = value
    return _fitting(fact, found)


def _fitting(fact: type[Fact], found: dict[str, Any]) -> dict[str, Any]:
    """Leave out what the fact refuses, such as a number out of its range."""
    kept = {}
    for name, value in found.items():
        try:
            fact.model_validate({name: value})
        except ValueError:
            continue
        kept[name] = value
    return kept


@cache
def _kind(fact: type[Fact], name: str) -> Any:
    """Return the type of an attribute without None."""
    annotation = fact.model_fields[name].annotation
    if get_origin(annotation) in (Union, UnionType):
        parts = [one for one in get_args(annotation) if one is not NoneType]
        return parts[0] if len(parts) == 1 else annotation
    return annotation


def _value(draw: random.Random, one: Attribute, kind: Any, day: date, ids: Sequence[str]) -> Any:
    if one.is_day:
        return _day(draw, day, happened=one.happened)
    if one.name in {"title", "employment", "obligation", "application", "target", "replaces"}:
        return draw.choice(ids) if ids else None
    return _plain(draw, kind)


def _day(draw: random.Random, day: date, *, happened: bool) -> str:
    offset = draw.randint(-200, 0) if happened else draw.choice((-20, 0, 14, 30, 90, 180, 400, 900))
    told = day + timedelta(days=offset + draw.randint(-3, 3) * (not happened))
    precise = draw.random()
    if precise < 0.85:
        return told.isoformat()
    return told.isoformat()[:7] if precise < 0.95 else str(told.year)


def _plain(draw: random.Random, kind: Any) -> Any:
    origin = get_origin(kind)
    if origin is tuple:
        inner = get_args(kind)[0]
        return [_plain(draw, inner) for _ in range(draw.randint(0, 2))]
    if origin is dict:
        key, inner = get_args(kind)
        return {_plain(draw, key): _plain(draw, inner) for _ in range(draw.randint(1, 4))}
    if isinstance(kind, type) and issubclass(kind, Vocabulary):
        return draw.choice(list(kind)).value
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {"due": "2025-05-01", "goal_id": "g1"} if "goal_id" in kind.model_fields else {}
    return _SIMPLE.get(kind, lambda _: None)(draw)


_SIMPLE: dict[Any, Any] = {
    bool: lambda draw: draw.random() < 0.5,
    int: lambda draw: draw.choice((1, 2, 3, 12, 16, 17, 24, 60, 90, 1985, 2004, 2010)),
    float: lambda draw: draw.choice((10.0, 20.0, 39.0)),
    Decimal: lambda draw: draw.choice(("520.00", "1800.00", "3000.00")),
    str: lambda draw: draw.choice(_WORDS),
}
