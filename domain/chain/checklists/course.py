"""How checklists stand day by day: stretches of days on which all answers stay the same, and what they add up to."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from domain.chain.calendar import plus_days
from domain.chain.checklists.checklist import Answer, Checklist, Days, Item, Verdict
from domain.chain.derived import Derived
from domain.chain.intervals import Kind
from domain.chain.reading import Seen
from domain.chain.spans import Span


@dataclass(frozen=True, slots=True)
class Segment:
    """Days on which every item of a checklist answers the same; last None runs on."""

    way: Checklist
    first: date
    last: date | None
    answers: tuple[tuple[Item, Answer], ...]

    def items(self, verdict: Verdict) -> list[Item]:
        """Return the items that answer so, in the order of the checklist."""
        return [item for item, answer in self.answers if answer.verdict is verdict]

    @property
    def not_met(self) -> list[Item]:
        """Return the items that are not met."""
        return self.items(Verdict.NOT_MET)

    @property
    def unknown(self) -> list[Item]:
        """Return the items that are unknown, without those that are looked at in the procedure only."""
        return [one for one in self.items(Verdict.UNKNOWN) if not one.presumed]

    @property
    def facts(self) -> Iterator[Seen]:
        """Yield the facts that say so."""
        for _, answer in self.answers:
            yield from answer.facts


Course = Callable[[Derived], tuple[Segment, ...]]
"""How one checklist stands, in order, on the days on which its first item, the clock, is met."""


def course_of(way: Checklist, may_lack: Callable[[Item], bool]) -> Course:
    """Return what tells how a checklist stands.

    Args:
        way: The checklist.
        may_lack: Says of an item whether anything is told while it alone is not met; where another can
            never be met, or two cannot, there is nothing to tell.
    """
    return lambda journey: tuple(_segments(way, journey, may_lack))


def _segments(
    way: Checklist, journey: Derived, may_lack: Callable[[Item], bool]
) -> Iterator[Segment]:
    days = _days_of(way, journey, may_lack)
    for running in days[0].met if days else ():
        for first, last in _pieces(running, days):
            answers = tuple((item, item.answer(journey, first)) for item in way.items)
            yield Segment(way, first, last, answers)


def _days_of(way: Checklist, journey: Derived, may_lack: Callable[[Item], bool]) -> list[Days]:
    """Return the days of every item; nothing as soon as one that may not lack can never be met."""
    found: list[Days] = []
    lacking = False
    for item in way.items:
        days = journey.once(item.find)
        if not days.met and not days.unknown:
            if lacking or not found or not may_lack(item):
                return []
            lacking = True
        found.append(days)
    return found


def _pieces(running: Span, days: list[Days]) -> Iterator[tuple[date, date | None]]:
    """Yield the stretches of a clock between the days on which any answer may change."""
    begins = {running.first}
    for one in days:
        for span in (*one.met, *one.unknown, *one.against):
            begins.add(span.first)
            if span.last is not None:
                begins.add(plus_days(span.last, 1))
    yield from _between([day for day in begins if running.holds_on(day)], running.last)


def _between(begins: Iterable[date], last: date | None) -> Iterator[tuple[date, date | None]]:
    ordered = sorted(begins)
    for first, following in pairwise(ordered):
        yield first, plus_days(following, -1)
    yield ordered[-1], last


Told = tuple[Kind, Item | None]
"""What is told of a day: a chance or a data row, and which item alone is missing."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A stretch of days of which the same is told.

    Attributes:
        first: Its first day.
        last: Its last day; None: as far as is known.
        kind: A chance, or a data row.
        item: The item that alone is missing, where one is.
        begin: The segment that says so on the first day.
        end: The segment that says so on the last day.
    """

    first: date
    last: date | None
    kind: Kind
    item: Item | None
    begin: Segment
    end: Segment


def standings(
    courses: Sequence[Course],
    journey: Derived,
    tell: Callable[[Segment], Told | None],
    cuts: frozenset[date] = frozenset(),
) -> list[Standing]:
    """Return the stretches in order; on a day of several ways a chance counts before a data row, then the first.

    Of a day on which more than one item is not met nothing is ever told. On the days of ``cuts`` a stretch begins
    anew.
    """
    parts = [
        (segment, told)
        for course in courses
        for segment in journey.once(course)
        if (told := tell(segment)) is not None
    ]
    if not parts:
        return []
    begins = {one.first for one, _ in parts} | cuts
    begins |= {plus_days(one.last, 1) for one, _ in parts if one.last is not None}
    found: list[Standing] = []
    for first, last in _between(begins, None):
        here = [part for part in parts if _holds_on(part[0], first)]
        if here:
            best = min(here, key=lambda part: part[1][0] is Kind.DATA)
            one = Standing(first, last, *best[1], best[0], best[0])
            if first in cuts:
                found.append(one)
            else:
                _add(found, one)
    return found


def _holds_on(one: Segment, day: date) -> bool:
    return one.first <= day and (one.last is None or day <= one.last)


def _add(found: list[Standing], one: Standing) -> None:
    """Add a stretch, joined to the one before where the same is told without a day between."""
    before = found[-1] if found else None
    touches = before is not None and before.last == plus_days(one.first, -1)
    if before is not None and touches and (before.kind, before.item) == (one.kind, one.item):
        found[-1] = Standing(before.first, one.last, one.kind, one.item, before.begin, one.end)
    else:
        found.append(one)


def turned_by(one: Standing, journey: Derived) -> tuple[Item, Answer, Answer] | None:
    """Return the first item that answers otherwise on the day after a stretch, with both answers."""
    if one.last is None:
        return None
    day = plus_days(one.last, 1)
    for item, before in one.end.answers:
        after = item.answer(journey, day)
        if after.verdict is not before.verdict:
            return item, before, after
    return None
