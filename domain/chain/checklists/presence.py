"""How long somebody has been here, and under which status: the clocks of the rights of stay.

The clocks of §§ 25a, 25b and 104c count the days in Germany, whatever the paper; those of permanent
residence count the days with a title. A clock runs by the law of the day (design 4, line 16).
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.counting import Range, range_of
from domain.chain.derived import Derived
from domain.chain.reading import Seen
from domain.chain.spans import Span, union, without
from domain.chain.states.residence import Status, Stay
from domain.chain.states.titles import CHANCE_TITLE
from domain.chain.windows import after

WITHOUT_IDENTITY = "AUFENTHG_60B"
_ADULT = 18
_LEFT = "LeftGermany"
_SIGNS = (
    "JourneyStarted",
    "EntryRegistered",
    "AsylumSought",
    "ArrivalCertificateIssued",
    "AsylumApplicationFiled",
    "AsylumHearingHeld",
    "AsylumDecisionIssued",
    "TemporaryPermissionIssued",
    "ToleranceIssued",
    "DepartureObligationArisen",
    "TitleGranted",
)
_WITH_TITLE = frozenset({Status.TITLE, Status.FIKTION})
_TOLERATED = frozenset({Status.DULDUNG, Status.OBLIGED})


def presence(journey: Derived) -> list[Span]:
    """Return the stretches of days in Germany: from the first sign to the leaving, long absences left out."""
    away = journey.once(long_absences)
    return [left for one in _between_leavings(journey) for left in without(one, away)]


def _between_leavings(journey: Derived) -> Iterator[Span]:
    here: Span | None = None
    left = date.min
    for one in journey.view.of(*_SIGNS, _LEFT):
        if one.type == _LEFT:
            if here is not None and here.first < one.latest:
                yield Span(here.first, plus_days(one.latest, -1), here.facts, here.exact)
            here, left = None, one.latest
            continue
        told = _day_of_sign(one)
        if told is not None and told.latest >= left and (here is None or told.latest < here.first):
            here = Span(told.latest, None, (one,), told.exact)
    if here is not None:
        yield here


def _day_of_sign(one: Seen) -> Range | None:
    """Return the possible days on which a sign tells somebody to be here."""
    entered = range_of(one.day("entry_date"))
    if one.type == "JourneyStarted" or entered is not None:
        return entered
    return Range(one.earliest, one.latest)


def long_absences(journey: Derived) -> list[Span]:
    """Return the absences told with their end that last longer than the law allows."""
    found = []
    for one in journey.view.of("AbsenceAbroadRecorded"):
        first, last = one.latest_of("from_") or one.latest, one.latest_of("until")
        if last is not None and after(first, journey.bounds.in_force("A14.absence", first)) < last:
            found.append(Span(first, last, (one,)))
    return found


def clock(
    journey: Derived,
    name: str,
    stretch: Span,
    start: date | None = None,
    delays: Iterable[Span] = (),
) -> list[Span]:
    """Return the days of a stretch on which the period of a bound is full, by the law of each day.

    The period counts from ``start``, if that is not the stretch's first day; each day of ``delays`` moves the
    full day one on.
    """
    begun, away = start or stretch.first, union(delays)
    found = []
    for law in journey.bounds.rows[name]:
        full = _delayed(begun, after(begun, law), away)
        last = min(stretch.last or date.max, law.valid_until or date.max)
        if full is not None and max(full, stretch.first, law.valid_from or date.min) <= last:
            first = max(full, stretch.first, law.valid_from or date.min)
            told = None if last == date.max else last
            found.append(Span(first, told, stretch.facts, stretch.exact))
    return found


def _delayed(begun: date, full: date, delays: list[Span]) -> date | None:
    """Return the day on which a period is full, each day that does not count before it moving it one on."""
    moved = full
    for one in delays:
        first = max(one.first, begun)
        if first >= moved:
            break
        if one.last is None:
            return None
        moved = plus_days(moved, max((one.last - first).days + 1, 0))
    return moved


def status_spans(journey: Derived, wanted: Callable[[Stay], bool]) -> list[Span]:
    """Return the stretches of one status that are wanted, each with the fact that began it."""
    return [
        Span(one.first, one.last, (one.fact,), one.exact) for one in journey.stays if wanted(one)
    ]


def runs(journey: Derived, wanted: Callable[[Stay], bool]) -> list[Span]:
    """Return the stretches over which a wanted status follows on another without a day between."""
    found: list[Span] = []
    for one in journey.stays:
        if not wanted(one):
            continue
        before = found[-1] if found else None
        if before is not None and before.last == plus_days(one.first, -1):
            found[-1] = Span(before.first, one.last, before.facts, before.exact)
        else:
            found.append(Span(one.first, one.last, (one.fact,), one.exact))
    return found


def tolerated(one: Stay) -> bool:
    """Say whether a stay is tolerated, or obliged to end, which real files often show without a Duldung (W07)."""
    return one.status in _TOLERATED


def with_title(one: Stay, bases: frozenset[str]) -> bool:
    """Say whether a stay rests on a title of these bases, or on its fictional continuation."""
    return one.status in _WITH_TITLE and one.basis in bases


def with_chance_title(one: Stay) -> bool:
    """Say whether a stay rests on the Chancen-Aufenthaltsrecht (§ 104c)."""
    return one.status is Status.TITLE and one.basis == CHANCE_TITLE


def may_stay(one: Stay) -> bool:
    """Say whether §§ 25a and 25b may follow on a stay: tolerated, or with the Chancen-Aufenthaltsrecht."""
    return tolerated(one) or with_chance_title(one)


def without_identity(journey: Derived) -> list[Span]:
    """Return the days with a Duldung under § 60b, which clocks of a tolerated stay leave out."""
    return status_spans(
        journey, lambda one: one.status is Status.DULDUNG and one.basis == WITHOUT_IDENTITY
    )


def with_minor_child(journey: Derived) -> list[Span]:
    """Return the days on which a child is certainly born and certainly under age."""
    found = []
    for child in journey.children:
        adult = child.reaches(_ADULT)
        if child.born is not None and adult is not None:
            last = plus_days(adult.earliest, -1)
            if child.born.latest <= last:
                found.append(Span(child.born.latest, last, _told(child.fact), child.born.exact))
    return found


def _told(*facts: Seen | None) -> tuple[Seen, ...]:
    return tuple(one for one in facts if one is not None)
