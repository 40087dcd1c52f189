"""Livelihood as an item of naturalisation, by own means or by work, also that of a partner."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from tests.second_reading.basis import Told, View, bound, facts_after, of, plus_days, plus_years
from tests.second_reading.benefits import benefits_of
from tests.second_reading.jobs import Job, jobs_of
from tests.second_reading.language import days_of_birth
from tests.second_reading.rules_a4 import Period
from tests.second_reading.rules_n_clock import LAW_CHANGES
from tests.second_reading.rules_n_procedure import means_need

ALONE: Mapping[str, View] = MappingProxyType({})


def common(one: Period, other: Period) -> list[Period]:
    first, last = max(one.first, other.first), min(one.last, other.last)
    return [Period(first, last)] if first <= last else []


def birthday(born: date, age: int) -> date:
    day = plus_years(born, age)
    return plus_days(day, 1) if (born.month, born.day) == (2, 29) and day.day == 28 else day


def livelihood(
    view: View, way: str, household: Mapping[str, View]
) -> tuple[list[Period], list[Period]]:
    """The days on which it is met, and those on which it is not."""
    paid = [
        Period(one.first, date.max if one.last is None else one.last)
        for one in benefits_of(view)
        if means_need(one.rechtskreis)
    ]
    met, unmet = _by_work(view, household) if way == "10" else [], [*paid]
    told = of(view, "LivelihoodSecured", "LivelihoodLost")
    for fact in told:
        after = facts_after(told, fact)
        if _is_full(fact):
            ends = [one.latest for one in after if _is_less(one)][:1]
            ends += [one.first for one in paid if one.first > fact.latest]
            met += _until_day_before(fact.latest, ends)
        elif _is_less(fact):
            unmet += _until_day_before(fact.latest, [one.latest for one in after][:1])
    return met, unmet


def _is_full(fact: Told) -> bool:
    return fact.type == "LivelihoodSecured" and fact.get("degree") == "full"


def _is_less(fact: Told) -> bool:
    return fact.type == "LivelihoodLost" or fact.get("degree") not in ("full", None)


def _until_day_before(first: date, ends: list[date]) -> list[Period]:
    last = plus_days(min(ends), -1) if ends else date.max
    return [Period(first, last)] if first <= last else []


def _full_time(job: Job) -> list[Period]:
    found: list[Period] = []
    kinds = [one for one in job.facts if one.get("employment_kind") is not None]
    until = job.last_told("fixed_term_until")
    for place, fact in enumerate(kinds):
        if fact.get("employment_kind") != "SV_VOLLZEIT":
            continue
        if found and kinds[place - 1].get("employment_kind") == "SV_VOLLZEIT":
            continue
        others = [o for o in kinds[place:] if o.get("employment_kind") != "SV_VOLLZEIT"]
        if others:
            last = plus_days(others[0].latest, -1)
        elif job.end is not None:
            last = job.end.latest
        else:
            last = date.max if until is None else until.day("fixed_term_until") or date.max
        if fact.latest <= last:
            found.append(Period(fact.latest, last))
    return found


def _by_work(view: View, household: Mapping[str, View]) -> list[Period]:
    """By one's own work, or that of a partner in a household with a child."""
    found = _full_time_enough(view)
    minors = _minors(view, household)
    for fact in of(view, "MemberJoined"):
        journey = household.get(fact.get("member_journey_id"))
        if fact.get("role") != "partner" or journey is None:
            continue
        left = [
            one
            for one in facts_after(view, fact, "MemberLeft")
            if one.get("member_journey_id") in (fact.get("member_journey_id"), None)
        ]
        together = _until_day_before(fact.latest, [one.latest for one in left][:1])
        for work in _full_time_enough(journey):
            for days in together:
                for part in common(work, days):
                    found += [two for minor in minors for two in common(part, minor)]
    return found


def _minors(view: View, household: Mapping[str, View]) -> list[Period]:
    """The days on which a child of the person is surely under 18."""
    births = [
        one.days("birth_date") or one.own
        for one in of(view, "ChildBorn")
        if one.get("birth_date") is not None or one.dated
    ]
    for fact in of(view, "MemberJoined"):
        journey = household.get(fact.get("member_journey_id"))
        if fact.get("role") == "child" and journey is not None:
            births += [born for born in [days_of_birth(journey)] if born is not None]
    return [Period(born.latest, plus_days(birthday(born.earliest, 18), -1)) for born in births]


def _full_time_enough(view: View) -> list[Period]:
    """Days from the new law on, of whose last 730 at least 600 are days of full-time work."""
    work = [one for job in jobs_of(view) for one in _full_time(job)]
    if not work:
        return []
    stop = plus_days(max([LAW_CHANGES, *_finite(work)]), 731)
    worked = {
        plus_days(one.first, number)
        for one in work
        for number in range((min(one.last, stop) - one.first).days + 1)
    }
    needed = 30 * bound("N01.work_months", LAW_CHANGES)
    first = plus_days(LAW_CHANGES, -730)
    counted = len([day for day in worked if first <= day < LAW_CHANGES])
    found: list[Period] = []
    day = LAW_CHANGES
    while day <= stop:
        counted += (day in worked) - (plus_days(day, -730) in worked)
        if counted >= needed:
            found.append(Period(day, date.max if day == stop else day))
        day = plus_days(day, 1)
    return _joined(found)


def _finite(work: list[Period]) -> list[date]:
    return [day for one in work for day in (one.first, one.last) if day != date.max]


def _joined(days: list[Period]) -> list[Period]:
    found: list[Period] = []
    for one in days:
        if found and plus_days(found[-1].last, 1) == one.first:
            found[-1] = Period(found[-1].first, one.last)
        else:
            found.append(one)
    return found
