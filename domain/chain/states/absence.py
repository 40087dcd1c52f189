"""Absences from Germany, and which of them interrupt the habitual residence (§ 12b (1), (2) StAG)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.chain.bounds import Bound, Bounds
from domain.chain.calendar import plus_days
from domain.chain.reading import Seen, View
from domain.chain.spans import Span, total_days
from domain.chain.windows import after, lead_start

_HERE = ("EntryRegistered", "AddressRegistered", "AddressChanged", "ContactHeld")
_IN_PERSON = frozenset({None, "office", "home", "outreach"})
_DAYS_OF_YEAR, _PERCENT = 365, 100


@dataclass(frozen=True, slots=True)
class Absence:
    """A stretch abroad.

    Attributes:
        fact: The fact that tells it.
        first: Its first day: ``from``, if missing the fact's day.
        last: Its last day; None: no end is known.
        back: The fact that shows its end: its own where ``until`` is told, else that of the return.
        allowed: The last day of the period that the immigration office set for the return.
        exact: Whether these days are known exactly.
    """

    fact: Seen
    first: date
    last: date | None
    back: Seen | None
    allowed: date | None
    exact: bool

    @property
    def span(self) -> Span:
        """Return its days."""
        return Span(self.first, self.last, (self.fact,))


def absences(view: View) -> list[Absence]:
    """Return the absences in the order of their facts; one that ends before it begins is none."""
    facts = view.of("AbsenceAbroadRecorded")
    found = (_absence(view, one, facts) for one in facts)
    return [one for one in found if one.last is None or one.last >= one.first]


def _absence(view: View, fact: Seen, every: list[Seen]) -> Absence:
    told_from, told_until = fact.day("from_"), fact.day("until")
    first = (told_from.latest if told_from else None) or fact.latest
    exact = fact.exact if told_from is None else told_from.exact is not None
    told_allowed = fact.day("allowed_until")
    exact = exact and (told_allowed is None or told_allowed.exact is not None)
    allowed = None if told_allowed is None else told_allowed.latest
    if told_until is not None:
        exact = exact and told_until.exact is not None
        return Absence(fact, first, told_until.latest, fact, allowed, exact)
    back = _back(view, first, [one for one in every if one is not fact])
    if back is None:
        return Absence(fact, first, None, None, allowed, exact)
    last = plus_days(back.latest, -1)
    return Absence(fact, first, last, back, allowed, exact and back.exact)


def _back(view: View, first: date, others: list[Seen]) -> Seen | None:
    """Return the first fact after the first day that shows the person here, or away once more."""
    seen = [one for one in view.of(*_HERE) if _shows_presence(one)]
    later = [one for one in (*seen, *others) if one.latest > first]
    return min(later, key=lambda one: (one.latest, one.rank), default=None)


def _shows_presence(one: Seen) -> bool:
    if one.type != "ContactHeld":
        return True
    return one.get("no_show") is not True and one.get("channel") in _IN_PERSON


def last_harmless_day(absence: Absence, bounds: Bounds) -> date:
    """Return the last day on which a return leaves the residence whole: six months, or as the office set."""
    limit = after(absence.first, bounds.in_force("N09.months", absence.first))
    return limit if absence.allowed is None else max(limit, absence.allowed)


def _too_long(absence: Absence, bounds: Bounds) -> date | None:
    """Return the first day on which an absence is too long; one without a known end will be."""
    day = last_harmless_day(absence, bounds)
    return plus_days(day, 1) if absence.last is None or absence.last > day else None


@dataclass(frozen=True, slots=True)
class Interruption:
    """Days abroad that interrupt the residence, to the end of the absence that they belong to.

    Attributes:
        first: The first day.
        absence: The absence that is too long, or with which the sum is too great.
        summed: The absences of the sum; none where its own length interrupts.
    """

    first: date
    absence: Absence
    summed: tuple[Absence, ...] = ()

    @property
    def span(self) -> Span:
        """Return its days."""
        return Span(self.first, self.absence.last, (self.absence.fact,))


def interruptions(found: list[Absence], bounds: Bounds) -> list[Interruption]:
    """Return what interrupts the residence: an absence too long, or one with which the sum is too great.

    The sum is that of the absences begun since the last interruption.
    """
    counted: list[Absence] = []
    interrupting: list[Interruption] = []
    for one in sorted(found, key=lambda absence: (absence.first, absence.fact.rank)):
        beyond = _too_long(one, bounds)
        if beyond is not None:
            interrupting.append(Interruption(beyond, one))
            counted = []
            continue
        counted.append(one)
        reached = _sum_too_great(counted, bounds)
        if reached is not None:
            interrupting.append(Interruption(reached, one, tuple(counted)))
            counted = []
    return interrupting


def _sum_too_great(counted: list[Absence], bounds: Bounds) -> date | None:
    """Return the first day of the last absence with which more than half of the required time was abroad."""
    latest = counted[-1]
    if latest.last is None or not _may_reach(counted, bounds):
        return None
    spans = [one.span for one in counted]
    for day in _days(latest.first, latest.last):
        years = bounds.in_force("N01.years", day)
        abroad = total_days(spans, day) - total_days(spans, lead_start(day, years))
        if abroad * _PERCENT > _allowed(bounds, day, years):
            return day
    return None


def _may_reach(counted: list[Absence], bounds: Bounds) -> bool:
    """Say whether the sum may be too great at all: days are walked through only then."""
    least = min(row.number for row in bounds.rows["N01.years"]) * _DAYS_OF_YEAR
    share = min(row.number for row in bounds.rows["N09.half"])
    abroad = sum((one.last - one.first).days + 1 for one in counted if one.last is not None)
    return abroad * _PERCENT > least * share


def _allowed(bounds: Bounds, day: date, years: Bound) -> int:
    """Return how many days may be abroad, in hundredths; a year has 365 days (§ 191 BGB)."""
    return years.number * _DAYS_OF_YEAR * bounds.in_force("N09.half", day).number


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day = plus_days(day, 1)
