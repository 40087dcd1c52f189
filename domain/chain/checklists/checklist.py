"""A checklist of the law: its items, and what each answers for a journey on a day.

An item says on which days it is met and on which nothing is known; on all others it is not met. Where all
items are met at once the right or the chance exists (:meth:`Checklist.full`); where all are met or unknown
it may exist (:meth:`Checklist.unsure`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from domain.chain.derived import Derived
from domain.chain.reading import Seen
from domain.chain.spans import Span, apart, intersection, unbroken, without
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
class Exclusion:
    """An exception: what takes the right away although every item is met.

    Attributes:
        name: Its name within the checklist.
        label: What excludes.
        source: The paragraph.
        find: Returns the days on which it excludes.
    """

    name: str
    label: Label
    source: str
    find: Callable[[Derived], tuple[Span, ...]]

    def answer(self, journey: Derived, day: date) -> Answer:
        """Return what it answers on a day: met, where it does not exclude."""
        for one in journey.once(self.find):
            if one.holds_on(day):
                return Answer(Verdict.NOT_MET, one.facts)
        return Answer(Verdict.MET)


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
        for_whom: Whether it says for whom the right is at all: a title, a marriage, not years or papers that may come.
    """

    name: str
    label: Label
    source: str
    find: Callable[[Derived], Days]
    only_missing: bool = False
    presumed: bool = False
    for_whom: bool = False

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

    def told(self, journey: Derived) -> list[Span]:
        """Return the days on which a chance may be told as far as this item goes."""
        return self.met_or_unknown(journey) if self.presumed else self.met(journey)

    def met(self, journey: Derived) -> list[Span]:
        """Return the days on which it is met, each once."""
        return journey.once(self._rows)[0]

    def met_or_unknown(self, journey: Derived) -> list[Span]:
        """Return the days on which it is not known to be unmet, each once."""
        return journey.once(self._rows)[1]

    def _rows(self, journey: Derived) -> tuple[list[Span], list[Span]]:
        days = journey.once(self.find)
        met = apart(days.met)
        unsure = [left for one in days.unknown for left in without(one, met)]
        return met, apart([*met, *unsure]) if unsure else met


@dataclass(frozen=True, slots=True)
class Checklist:
    """The items of one right or chance.

    Attributes:
        id: Its name, such as ``STAG_10``.
        label: What it leads to.
        source: The paragraph.
        rule: The rule that tells the chance.
        items: What is required; the first one says of which status the chance is.
        exceptions: What excludes.
    """

    id: str
    label: Label
    source: str
    rule: str
    items: tuple[Item, ...]
    exceptions: tuple[Exclusion, ...] = ()

    def full(self, journey: Derived) -> list[Span]:
        """Return the days on which every item is met, presumed, or the one that may be missing."""
        return journey.once(self._full)

    def unsure(self, journey: Derived) -> list[Span]:
        """Return the days on which no item is known to be unmet, and one at least is unknown."""
        possible = unbroken(self._everywhere(journey, Item.met_or_unknown))
        full = self.full(journey) if possible else []
        return [left for one in possible for left in without(one, full)]

    def answers(self, journey: Derived, day: date) -> tuple[tuple[Item, Answer], ...]:
        """Return what every item answers on a day."""
        return tuple((one, one.answer(journey, day)) for one in self.items)

    def unknown_on(self, journey: Derived, day: date) -> tuple[Item, ...]:
        """Return the items without which there is no chance and of which nothing is known on a day."""
        return tuple(
            item
            for item, answer in self.answers(journey, day)
            if answer.verdict is Verdict.UNKNOWN and not (item.only_missing or item.presumed)
        )

    def first_unmet_on(self, journey: Derived, day: date) -> Item | None:
        """Return the first item, of those without which there is no chance, that is unmet on a day."""
        return next(
            (
                item
                for item in self.items
                if not item.only_missing and item.answer(journey, day).verdict is Verdict.NOT_MET
            ),
            None,
        )

    def _full(self, journey: Derived) -> list[Span]:
        return unbroken(self._everywhere(journey, Item.told))

    def _everywhere(
        self, journey: Derived, days: Callable[[Item, Derived], list[Span]]
    ) -> list[Span]:
        """Return the days common to the items needed, whichever one of the others is missing."""
        needed = [item for item in self.items if not item.only_missing]
        common = _common(needed, journey, days)
        spared = [item for item in self.items if item.only_missing]
        if common and len(spared) > 1:
            rows = [days(item, journey) for item in spared]
            kept = (intersection([common, *others]) for others in _all_but_one(rows))
            common = apart(one for spans in kept for one in spans)
        for exclusion in self.exceptions if common else ():
            excluded = journey.once(exclusion.find)
            common = [left for one in common for left in without(one, excluded)]
        return common


def _common(
    items: Sequence[Item], journey: Derived, days: Callable[[Item, Derived], list[Span]]
) -> list[Span]:
    """Return the days common to all items; it stops at the first that leaves none."""
    common: list[Span] = []
    for place, item in enumerate(items):
        row = days(item, journey)
        common = row if place == 0 else intersection([common, row])
        if not common:
            break
    return common


def _all_but_one(rows: list[list[Span]]) -> Iterator[list[list[Span]]]:
    for place in range(len(rows)):
        yield rows[:place] + rows[place + 1 :]
