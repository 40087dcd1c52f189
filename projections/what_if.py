"""What would follow if something happened: a journey with hypothetical facts beside it as it is.

Nothing here is stored. What opens, what closes, what becomes possible and where the person would stand are the
differences of two readings of the same rules.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.chain.bounds import STANDARD, Bounds
from domain.chain.checklists.catalogue import CHECKLISTS
from domain.chain.checklists.checklist import Answer, Checklist, Item, Verdict
from domain.chain.derived import ALONE, Derived, Household
from domain.chain.evaluation import intervals
from domain.chain.intervals import Interval, Kind, State
from domain.chain.reading import Told, View, read
from domain.chain.residence_freedom import binding
from domain.chain.states.residence_duty import Duty
from domain.fields import Handlungsfeld
from domain.labels import Vocabulary
from projections.status import FieldStatus, phases, status_on


class Effect(Vocabulary):
    """How an instance, a status or an item would be otherwise."""

    OPENS = "opens", "entsteht", "opens"
    CLOSES = "closes", "schließt sich", "closes"
    POSSIBLE = "possible", "wird möglich", "becomes possible"
    NO_LONGER = "no_longer_possible", "ist nicht mehr möglich", "is no longer possible"
    MOVES = "moves", "verschiebt sich", "moves"
    STATUS = "status", "Stand", "status"
    DUTY = "duty", "Wohnsitz", "place of living"
    ITEM = "item", "Voraussetzung", "requirement"


@dataclass(frozen=True, slots=True)
class OfGap:
    """An instance that would be otherwise: as it is, and as it would be."""

    effect: Effect
    before: Interval | None
    after: Interval | None

    @property
    def interval(self) -> Interval:
        """Return the instance as it would be, else as it is."""
        found = self.after or self.before
        if found is None:
            raise LookupError("an effect without an instance")
        return found


@dataclass(frozen=True, slots=True)
class OfField:
    """A field in which the person would stand elsewhere."""

    before: FieldStatus
    after: FieldStatus


@dataclass(frozen=True, slots=True)
class OfItem:
    """A requirement of a right or chance that would be answered otherwise on a day."""

    checklist: Checklist
    item: Item
    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True)
class OfClock:
    """A right whose first day would be another; None: never as far as is known."""

    checklist: Checklist
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True)
class OfDuty:
    """A residence duty, by law (§ 12a AufenthG) or by decision, that would bind on a day, or would not, unlike as it is."""

    duty: Duty
    binds: bool


@dataclass(frozen=True, slots=True)
class WhatIf:
    """All that would be otherwise.

    Attributes:
        day: The day on which statuses and requirements are compared: that asked for, or that of the last
            hypothetical fact if it is later.
        view: The corrected view with the hypothetical facts.
    """

    day: date
    view: View
    gaps: tuple[OfGap, ...]
    fields: tuple[OfField, ...]
    items: tuple[OfItem, ...]
    clocks: tuple[OfClock, ...]
    duties: tuple[OfDuty, ...]


def what_if(
    told: Sequence[Told],
    hypothetical: Sequence[Told],
    as_of: date,
    bounds: Bounds = STANDARD,
    household: Household = ALONE,
) -> WhatIf:
    """Return what would be otherwise if hypothetical facts had been told as well."""
    before = Derived(read(told), bounds, household)
    after = Derived(read([*told, *hypothetical]), bounds, household)
    added = {one.id for one in hypothetical}
    day = max([as_of, *(one.latest for one in after.view.facts if one.id in added)])
    return WhatIf(
        day,
        after.view,
        tuple(_gaps(intervals(before), intervals(after), as_of)),
        tuple(_fields(before, after, day)),
        tuple(_items(before, after, day)),
        tuple(_clocks(before, after, as_of)),
        tuple(_duties(before, after, day)),
    )


def _gaps(before: Iterable[Interval], after: Iterable[Interval], as_of: date) -> Iterator[OfGap]:
    """Yield the instances that differ, save those that are over in both."""
    old, new = _by_instance(before), _by_instance(after)
    for instance in dict.fromkeys((*old, *new)):
        one, other = old.get(instance), new.get(instance)
        if one == other or (_over(one, as_of) and _over(other, as_of)):
            continue
        effect = _effect(one, other)
        if effect is not None:
            yield OfGap(effect, one, other)


def _by_instance(found: Iterable[Interval]) -> Mapping[tuple[str, str], Interval]:
    return {(one.rule, one.key): one for one in found}


def _over(one: Interval | None, day: date) -> bool:
    return one is None or one.state(day) is State.CLOSED


def _effect(one: Interval | None, other: Interval | None) -> Effect | None:
    """Return how two readings of an instance differ; None if only in words."""
    if one is None or other is None:
        return _begins_or_goes(one, other)
    if other.closes_on is not None and (one.closes_on is None or other.closes_on < one.closes_on):
        return Effect.CLOSES
    if one.closes_on is not None and other.closes_on is None:
        return Effect.OPENS
    days = ("begins_on", "opens_on", "due_on", "closes_on", "severity", "kind")
    moved = any(getattr(one, name) != getattr(other, name) for name in days)
    return Effect.MOVES if moved else None


def _begins_or_goes(one: Interval | None, other: Interval | None) -> Effect | None:
    """Return the effect where only one of the two readings has the instance."""
    if other is not None:
        return Effect.POSSIBLE if other.kind is Kind.CHANCE else Effect.OPENS
    if one is not None:
        return Effect.NO_LONGER if one.kind is Kind.CHANCE else Effect.CLOSES
    return None


def _fields(before: Derived, after: Derived, day: date) -> Iterator[OfField]:
    old = {one.field: one for one in status_on(phases(before), day)}
    new = {one.field: one for one in status_on(phases(after), day)}
    for field in Handlungsfeld:
        if old[field].state is not new[field].state:
            yield OfField(old[field], new[field])


def _items(before: Derived, after: Derived, day: date) -> Iterator[OfItem]:
    """Yield the requirements answered otherwise, of the rights that are for such a person at all."""
    for checklist in CHECKLISTS.values():
        old, new = checklist.answers(before, day), checklist.answers(after, day)
        if not (_concerns(old) or _concerns(new)):
            continue
        for (item, one), (_, other) in zip(old, new, strict=True):
            if one.verdict is not other.verdict:
                yield OfItem(checklist, item, one.verdict, other.verdict)


def _concerns(answers: Sequence[tuple[Item, Answer]]) -> bool:
    return not any(item.for_whom and answer.verdict is Verdict.NOT_MET for item, answer in answers)


def _duties(before: Derived, after: Derived, day: date) -> Iterator[OfDuty]:
    old = {one.fact.id: one for one in binding(before, day)}
    new = {one.fact.id: one for one in binding(after, day)}
    for name in dict.fromkeys((*old, *new)):
        if (name in old) is not (name in new):
            yield OfDuty(new.get(name) or old[name], name in new)


def _clocks(before: Derived, after: Derived, as_of: date) -> Iterator[OfClock]:
    for checklist in CHECKLISTS.values():
        one, other = _first(checklist, before, as_of), _first(checklist, after, as_of)
        if one != other:
            yield OfClock(checklist, one, other)


def _first(checklist: Checklist, journey: Derived, as_of: date) -> date | None:
    """Return the first day from a day on, on which every requirement is met."""
    return next(
        (
            max(span.first, as_of)
            for span in checklist.full(journey)
            if span.last is None or span.last >= as_of
        ),
        None,
    )
