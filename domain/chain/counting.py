"""When one fact counts for another: lines G4 and G5 of the rules."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from domain.chain.calendar import plus_days
from domain.chain.reading import Seen
from domain.days import PartialDate


class Range(NamedTuple):
    """The possible days of something: first and last, both inclusive."""

    earliest: date
    latest: date

    @property
    def exact(self) -> bool:
        """Say whether there is one possible day only."""
        return self.earliest == self.latest

    @property
    def unsure_from(self) -> date | None:
        """Return the first possible day; None if there is one only."""
        return None if self.exact else self.earliest

    @property
    def next_day(self) -> "Range":
        """Return the possible days after it."""
        return Range(plus_days(self.earliest, 1), plus_days(self.latest, 1))


def range_of(day: PartialDate | None) -> Range | None:
    """Return the possible days of a partial date; None if nothing is known."""
    if day is None or day.earliest is None or day.latest is None:
        return None
    return Range(day.earliest, day.latest)


def possible_from(one: Seen | None, day: date) -> date | None:
    """Return the first day that a day given by a fact may be; None if the fact's day is known exactly.

    A fact gives its own day or the day after it. Where it gives another, only that this is unsure is known.
    """
    if one is None or one.exact:
        return None
    shift = (day - one.latest).days
    if shift not in (0, 1):
        return day
    return plus_days(one.earliest, shift) if one.dated else date.min


def counts_from(trigger: Seen, one: Seen, since: date | None = None) -> bool:
    """Say whether a fact counts from a trigger on (G4), or from a day that the rule names instead."""
    if one.dated and (trigger.dated or since is not None):
        return one.latest >= (since or trigger.earliest)
    return one.rank > trigger.rank


def counting(trigger: Seen, facts: Iterable[Seen], since: date | None = None) -> Iterator[Seen]:
    """Yield the facts that count from a trigger on."""
    return (one for one in facts if one is not trigger and counts_from(trigger, one, since))


def counting_between(trigger: Seen, facts: Iterable[Seen]) -> Iterator[Seen]:
    """Yield the facts of one journey that count from a trigger in another on: their days decide.

    An undated fact has the day on which it was recorded (G1); its place in its own file says nothing here.
    """
    return (one for one in facts if one.latest >= trigger.earliest)


def earlier(trigger: Seen, facts: Iterable[Seen]) -> list[Seen]:
    """Return the facts that do not count from a trigger on: what they prove, they proved before it."""
    return [one for one in facts if one is not trigger and not counts_from(trigger, one)]


def counted_day(one: Seen, due_on: date | None) -> date:
    """Return the day on which a follow-up or cancellation counts (G5)."""
    if not one.dated:
        return one.recorded if due_on is None else due_on
    if due_on is not None and one.earliest <= due_on:
        return min(one.latest, due_on)
    return one.latest


def same(one: object, other: object) -> bool:
    """Say whether two values are equal or one of them is unknown."""
    return one is None or other is None or one == other
