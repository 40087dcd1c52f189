"""The livelihood as § 10 (1) Nr. 3 StAG asks for it: without SGB II or XII, with its exceptions."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from domain.chain.calendar import plus_days
from domain.chain.checklists.checklist import Days
from domain.chain.checklists.spans_of_law import else_unknown, periods, within
from domain.chain.derived import Derived
from domain.chain.reading import Seen, View
from domain.chain.spans import Span, intersection, union
from domain.chain.states.family import Child
from domain.chain.states.work import Stint, full_time_stints, jobs

_NEED = ("SGB_XII", "ASYLBLG")
_NEED_ITSELF = ("SGB_II", "BSHG")
_FULL = "full"
_DAYS_OF_MONTH = 30
_DAYS_LOOKED_BACK = 730
_ADULT = 18


def secured_only(journey: Derived) -> Days:
    """Return the days on which the livelihood is secured in full, no exception counted."""
    return else_unknown(_secured(journey), _not_secured(journey))


def secured_or_excepted(journey: Derived) -> Days:
    """Return the days on which it is secured in full, or an exception holds."""
    met = union([*_secured(journey), *worked_enough(journey), *_spouse_worked_enough(journey)])
    return else_unknown(met, _not_secured(journey))


def means_need(rechtskreis: str | None) -> bool:
    """Say whether a benefit is one of those without which the livelihood has to be secured."""
    return rechtskreis is not None and (
        rechtskreis in _NEED_ITSELF or rechtskreis.startswith(_NEED)
    )


def _secured(journey: Derived) -> list[Span]:
    """Return the days as told: until lost, secured to a lesser degree, or such a benefit begins."""
    found = []
    for one in journey.view.of("LivelihoodSecured"):
        if one.get("degree") == _FULL:
            ends = [plus_days(day, -1) for day in _no_longer(journey, one)]
            found.append(Span(one.latest, min(ends, default=None), (one,)))
    return [one for one in found if one.last is None or one.last >= one.first]


def _no_longer(journey: Derived, secured: Seen) -> Iterator[date]:
    for one in journey.view.after(secured, "LivelihoodLost", "LivelihoodSecured"):
        if one.type == "LivelihoodLost" or one.get("degree") not in (None, _FULL):
            yield one.latest
    for regime in journey.regimes:
        if means_need(regime.rechtskreis) and regime.first > secured.latest:
            yield regime.first


def _not_secured(journey: Derived) -> list[Span]:
    """Return the days that speak against it: lost, secured in part only, or such a benefit is paid."""
    found = [
        Span(one.first, one.last, (one.grant,))
        for one in journey.regimes
        if means_need(one.rechtskreis) and (one.last is None or one.last >= one.first)
    ]
    told = journey.view.of("LivelihoodLost", "LivelihoodSecured")
    for place, one in enumerate(told):
        if one.type == "LivelihoodSecured" and one.get("degree") in (None, _FULL):
            continue
        following = told[place + 1] if place + 1 < len(told) else None
        last = None if following is None else plus_days(following.latest, -1)
        if last is None or last >= one.latest:
            found.append(Span(one.latest, last, (one,)))
    return found


def worked_enough(journey: Derived) -> list[Span]:
    """Return the days on which full-time work fills 20 of the last 24 months (§ 10 (1) Nr. 3 b StAG)."""
    return list(_by_law(journey, _full_time(journey.stints)))


def _spouse_worked_enough(journey: Derived) -> list[Span]:
    """Return the days on which the partner in the household has worked so and a minor child lives there (c)."""
    minors = [
        Span(child.born.latest, plus_days(adult.earliest, -1), _told_by(child))
        for child in journey.children
        if child.born is not None and (adult := child.reaches(_ADULT)) is not None
    ]
    if not minors:
        return []
    found: list[Span] = []
    for together, view in _partners(journey):
        worked = _by_law(journey, _full_time(full_time_stints(view, jobs(view))))
        found += intersection([[together], union(minors), list(_without_facts(worked))])
    return found


def _told_by(child: Child) -> tuple[Seen, ...]:
    return () if child.fact is None else (child.fact,)


def _without_facts(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the same days without the facts of another person's journey."""
    return (Span(one.first, one.last) for one in spans)


def _partners(journey: Derived) -> Iterator[tuple[Span, View]]:
    """Yield the partners whose journeys are known, with the days on which they belong to the household."""
    for one in journey.view.of("MemberJoined"):
        name = one.get("member_journey_id")
        view = journey.household.get(name or "")
        if view is None or one.get("role") != "partner":
            continue
        left = [
            gone
            for gone in journey.view.after(one, "MemberLeft")
            if gone.get("member_journey_id") in (None, name)
        ]
        last = plus_days(left[0].latest, -1) if left else None
        if last is None or last >= one.latest:
            yield Span(one.latest, last, (one,)), view


def _full_time(stints: Iterable[Stint]) -> list[Span]:
    """Return the stretches of full-time work; training is none."""
    found = []
    for one in stints:
        if one.begin.type == "TrainingStarted":
            continue
        last = _last_day(one)
        if last is None or last >= one.begin.latest:
            found.append(Span(one.begin.latest, last, (one.begin,)))
    return union(found)


def _last_day(stint: Stint) -> date | None:
    """Return the last day of work: the day of the end, the day before another kind, or the last term."""
    if stint.end is not None:
        ended = stint.end.type == "EmploymentEnded"
        return stint.end.latest if ended else plus_days(stint.end.latest, -1)
    return None if stint.term is None else stint.term[1].latest


def _by_law(journey: Derived, work: list[Span]) -> Iterator[Span]:
    """Yield the days on which work fills the months that the law of the day asks for."""
    for row, days in periods(journey.bounds, "N01.work_months") if work else ():
        yield from within(_filled(work, row.number * _DAYS_OF_MONTH), days)


def _filled(work: list[Span], wanted: int) -> Iterable[Span]:
    """Return the days on which at least so many of the last 730 days were days of work (§ 191 BGB)."""
    if all(one.last for one in work) and sum(one.days or 0 for one in work) < wanted:
        return ()
    facts = tuple(fact for one in work for fact in one.facts)
    bends = sorted(set(_bends(work)))
    met: list[Span] = []
    for first, following in (*pairwise(bends), (bends[-1], None)):
        before = _worked(work, plus_days(first, -1))
        rise = _worked(work, first) - before
        begin, end = _reached(first, following, before, rise, wanted)
        if end is None or begin <= end:
            met.append(Span(begin, end, facts))
    return union(met)


def _bends(work: list[Span]) -> Iterator[date]:
    """Yield the days from which the sum rises, stands or falls in another way."""
    for one in work:
        yield one.first
        yield plus_days(one.first, _DAYS_LOOKED_BACK)
        if one.last is not None:
            yield plus_days(one.last, 1)
            yield plus_days(one.last, _DAYS_LOOKED_BACK + 1)


def _worked(work: list[Span], day: date) -> int:
    """Return how many of the 730 days that end on a day were days of work."""
    begin = plus_days(day, 1 - _DAYS_LOOKED_BACK)
    return sum(max(0, (min(one.last or day, day) - max(one.first, begin)).days + 1) for one in work)


def _reached(
    first: date, following: date | None, before: int, rise: int, wanted: int
) -> tuple[date, date | None]:
    """Return the days of a stretch on which the sum is great enough; the end before the begin: none."""
    last = None if following is None else plus_days(following, -1)
    never = first, plus_days(first, -1)
    if rise == 0:
        return (first, last) if before >= wanted else never
    if rise > 0:
        begin = plus_days(first, max(0, wanted - before - 1))
        return (begin, last)
    if before <= wanted:
        return never
    end = plus_days(first, before - wanted - 1)
    return first, end if last is None else min(end, last)
