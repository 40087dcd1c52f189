"""A checklist of the law: its items, and what each answers for a journey on a day.

An item says on which days it is met and on which nothing is known; on all others it is not met. Where all
items are met at once the right or the chance exists (:meth:`Checklist.full`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from domain.chain.derived import Derived
from domain.chain.reading import Seen
from domain.chain.spans import Span, intersection
from domain.labels import Label, Vocabulary


class Verdict(Vocabulary):
    """What an item answers."""

    MET = "met", "erfüllt", "met"
    NOT_MET = "not_met", "nicht erfüllt", "not met"
    UNKNOWN = "unknown", "unbekannt", "unknown"


@dataclass(frozen=True, slots=True)
class Days:
    """The days on which an item is met, and those on which nothing is known; overlapping, met counts.

    On all others it is not met; ``against`` holds the facts that say so, where facts do.
    """

    met: tuple[Span, ...] = ()
    unknown: tuple[Span, ...] = ()
    against: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What an item answers on a day, with the facts that say so."""

    verdict: Verdict
    facts: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One requirement of a checklist.

    Attributes:
        name: Its name within the checklist.
        label: What is required.
        source: The paragraph.
        find: Returns the days on which it is met, and on which nothing is known.
        only_missing: Whether a chance may be told although this item alone is not met yet.
        presumed: Whether a chance may be told while it is unknown: it is looked at in the procedure only.
    """

    name: str
    label: Label
    source: str
    find: Callable[[Derived], Days]
    only_missing: bool = False
    presumed: bool = False

    def answer(self, journey: Derived, day: date) -> Answer:
        """Return what it answers on a day."""
        days = journey.once(self.find)
        for one in days.met:
            if one.holds_on(day):
                return Answer(Verdict.MET, one.facts)
        for one in days.unknown:
            if one.holds_on(day):
                return Answer(Verdict.UNKNOWN, one.facts)
        against = next((one.facts for one in days.against if one.holds_on(day)), ())
        return Answer(Verdict.NOT_MET, against)


@dataclass(frozen=True, slots=True)
class Checklist:
    """The items of one right or chance.

    Attributes:
        id: Its name, such as ``STAG_10``.
        label: What it leads to.
        source: The paragraph.
        rule: The rule that tells the chance.
        items: What is required.
    """

    id: str
    label: Label
    source: str
    rule: str
    items: tuple[Item, ...]

    def full(self, journey: Derived) -> list[Span]:
        """Return the days on which every item is met."""
        return intersection([one.find(journey).met for one in self.items])

    def answers(self, journey: Derived, day: date) -> tuple[tuple[Item, Answer], ...]:
        """Return what every item answers on a day."""
        return tuple((one, one.answer(journey, day)) for one in self.items)
