"""Chances of a stay by checklist: A12, A31 (terms "The chances of a stay")."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from tests.second_reading.basis import (
    Days,
    Row,
    Told,
    View,
    bound,
    facts_after,
    later,
    lead,
    of,
    plus_days,
    plus_months,
    plus_years,
    settle,
    since,
)
from tests.second_reading.language import days_of_birth
from tests.second_reading.residence import Stretch, stay_of

SIGNS = (
    *("AsylumSought", "ArrivalCertificateIssued", "AsylumApplicationFiled", "AsylumHearingHeld"),
    *("AsylumDecisionIssued", "TemporaryPermissionIssued", "ToleranceIssued"),
    *("DepartureObligationArisen", "TitleGranted"),
)
DAY = 1


@dataclass(frozen=True)
class Period:
    """From a first through a last day."""

    first: date
    last: date = date.max

    def has(self, day: date) -> bool:
        return self.first <= day <= self.last


def _after(day: date) -> date:
    return day if day == date.max else plus_days(day, DAY)


def here(view: View) -> list[Period]:
    """Stretches of days in Germany."""
    periods: list[Period] = []
    left, told = date.min, []
    for fact in view:
        day = _sign(fact)
        if day is not None and day >= left:
            told.append(day)
        if fact.type == "LeftGermany":
            periods += [Period(min(told), plus_days(fact.latest, -1))] if told else []
            left, told = fact.latest, []
    periods += [Period(min(told))] if told else []
    for fact in of(view, "AbsenceAbroadRecorded"):
        gone, back = fact.day("from") or fact.latest, fact.day("until")
        if back is not None and back > plus_months(gone, bound("A14.absence", gone)):
            periods = [part for one in periods for part in _without(one, gone, back)]
    return [one for one in periods if one.first <= one.last]


def _sign(fact: Told) -> date | None:
    if fact.type == "EntryRegistered":
        return fact.day("entry_date") or fact.latest
    if fact.type == "JourneyStarted":
        return fact.day("entry_date")
    return fact.latest if fact.type in SIGNS else None


def _without(one: Period, gone: date, back: date) -> list[Period]:
    if back < one.first or gone > one.last:
        return [one]
    return [
        Period(one.first, min(one.last, plus_days(gone, -1))),
        Period(max(one.first, plus_days(back, 1)), one.last),
    ]


def stretches_of(stay: list[Stretch], fits: Callable[[Stretch], bool]) -> list[Period]:
    """Unbroken days of a status that fits."""
    periods: list[Period] = []
    for one in stay:
        if not fits(one):
            continue
        if periods and _after(periods[-1].last) == one.first:
            periods[-1] = Period(periods[-1].first, one.last)
        else:
            periods.append(Period(one.first, one.last))
    return periods


def is_tolerated(one: Stretch) -> bool:
    return one.status in ("duldung", "obliged")


def is_104c(one: Stretch) -> bool:
    return one.status == "title" and one.basis == "104C"


def full_day(first: date, count: int, unit: str, slow: Iterable[Period]) -> date:
    """The day from which the clock is full; days under § 60b before it move it on (date.max: it never is)."""
    full = plus_years(first, count) if unit == "years" else plus_months(first, count)
    for one in slow:
        begun = max(first, one.first)
        if begun < full and begun <= one.last:
            if one.last == date.max:
                return date.max
            full = plus_days(full, (one.last - begun).days + 1)
    return full


def clock(
    period: Period, records: list[tuple[int, Period]], unit: str, slow: Iterable[Period] = ()
) -> list[Period]:
    """The days on which the clock of the period is full, each by the law of the day."""
    found = []
    for count, force in records:
        first = max(full_day(period.first, count, unit, slow), force.first)
        last = min(period.last, force.last)
        found += [Period(first, last)] if first <= last else []
    return found


def within(day: date, periods: Iterable[Period]) -> bool:
    return any(one.has(day) for one in periods)


def runs_of(days: list[date], fits: Callable[[date], bool]) -> list[Period]:
    """Unbroken stretches on which it fits; it changes on none but these days."""
    found: list[Period] = []
    ordered = sorted({date.min, *days} - {date.max})
    for place, day in enumerate(ordered):
        last = plus_days(ordered[place + 1], -1) if place + 1 < len(ordered) else date.max
        if not fits(day):
            continue
        if found and _after(found[-1].last) == day:
            found[-1] = Period(found[-1].first, last)
        else:
            found.append(Period(day, last))
    return found


def changes_in(*many: Iterable[Period]) -> list[date]:
    return [day for periods in many for one in periods for day in (one.first, _after(one.last))]


def rests_on(stay: list[Stretch], day: date) -> Told:
    fact = next(one for one in stay if one.first <= day <= one.last).rests_on
    assert fact is not None
    return fact


def taken(view: View, trigger: Told, first: date, bases: tuple[str, ...]) -> View:
    applied = [
        one
        for one in since(view, trigger, "TitleApplied")
        if one.basis in (*bases, None)
        and not any(two.latest <= first for two in facts_after(view, one, "TitleRefused"))
    ]
    granted = facts_after(view, trigger, "TitleGranted")
    return [*applied, *(one for one in granted if one.basis in bases)]


# A31

GRANTS_104C = Period(date(2022, 12, 31), date(2025, 12, 31))


def _convicted_from(view: View) -> date:
    rates = 0
    for fact in of(view, "ConvictionRecorded"):
        rates += fact.get("daily_rates") or 0
        if rates > bound("A31.daily_rates", fact.latest) or (fact.get("months") or 0) > 0:
            return fact.latest
    return date.max


def a31(view: View) -> list[Row]:
    stay = stay_of(view)
    key_date = date(2022, 10, 31)
    tolerated = stretches_of(stay, is_tolerated)
    by_then = [
        Period(key_date, one.last)
        for one in here(view)
        if one.has(key_date) and plus_years(one.first, 5) <= key_date
    ]
    convicted = _convicted_from(view)
    full = runs_of(
        [convicted, *changes_in(tolerated, by_then)],
        lambda day: within(day, tolerated) and within(day, by_then) and day < convicted,
    )
    rows: list[Row] = []
    for one in full:
        first, last = max(one.first, GRANTS_104C.first), min(one.last, GRANTS_104C.last)
        if first > last:
            continue
        trigger = rests_on(stay, first)
        ended = one.last <= GRANTS_104C.last
        rows += settle(
            "A31",
            view,
            trigger,
            first,
            later(first, "A31.action"),
            key=first.isoformat(),
            kind="chance",
            followed=taken(view, trigger, first, ("104C", "25A", "25B")),
            cancelled=[plus_days(last, 1)] if ended else [],
            law_ends=None if ended else plus_days(last, 1),
        )
    return rows


# A12

OLD, NEW = Period(date(2011, 7, 1), date(2022, 12, 30)), Period(date(2022, 12, 31))
AGES = ((21, OLD), (27, NEW))


def _school_facts(view: View) -> View:
    types = ("SchoolStarted", "SchoolChanged", "SchoolLeft")
    own = [one for one in of(view, *types) if one.get("child_ref") is None]
    return sorted([*own, *_certificates(view)], key=lambda one: one.rank)


def _certificates(view: View) -> View:
    return [
        one
        for one in of(view, "SchoolCertificateObtained", "TrainingCompleted")
        if one.get("child_ref") is None and one.get("origin") != "foreign_equivalent"
    ]


def _visits(view: View) -> list[Period]:
    visits: list[Period] = []
    begun = None
    for one in _school_facts(view):
        if one.type in ("SchoolStarted", "SchoolChanged") and begun is None:
            begun = one.latest
        if one.type == "SchoolLeft" and begun is not None:
            visits.append(Period(begun, plus_days(one.latest, -1)))
            begun = None
    return visits if begun is None else [*visits, Period(begun)]


@dataclass(frozen=True)
class Checklist:
    """The days on which § 25a is full, and those on which it is unsure."""

    full: list[Period]
    unsure: list[Period]


def _checklist_25a(view: View, stay: list[Stretch]) -> Checklist:
    tolerated = stretches_of(stay, is_tolerated)
    with_104c = stretches_of(stay, is_104c)
    slow = stretches_of(stay, lambda one: one.status == "duldung" and one.basis == "60B")
    months, years, school = [(0, OLD), (12, NEW)], [(4, OLD), (3, NEW)], [(4, OLD), (3, NEW)]
    long_tolerated = [two for one in tolerated for two in clock(one, months, "months", slow)]
    long_here = [two for one in here(view) for two in clock(one, years, "years", slow)]
    plainly_here = [two for one in here(view) for two in clock(one, years, "years")]
    at_school = [two for one in _visits(view) for two in clock(one, school, "years")]
    at_school += [Period(one.latest) for one in _certificates(view)[:1]]
    told = _school_facts(view)
    known = told[0].latest if told else date.max

    def stays(day: date) -> bool:
        if within(day, with_104c):
            return within(day, plainly_here) or within(day, long_here)
        return within(day, long_tolerated) and within(day, long_here)

    days = [known, OLD.first]
    days += changes_in(with_104c, long_tolerated, long_here, plainly_here, at_school)
    return Checklist(
        runs_of(days, lambda day: stays(day) and within(day, at_school)),
        runs_of(days, lambda day: stays(day) and not within(day, at_school) and day < known),
    )


def _birthday(born: date, age: int) -> date:
    day = plus_years(born, age)
    return plus_days(day, 1) if (born.month, born.day) == (2, 29) and day.day == 28 else day


def a12(view: View) -> list[Row]:
    stay, born = stay_of(view), days_of_birth(view)
    checklist = _checklist_25a(view, stay)
    rows: list[Row] = []
    if born is None:
        for one in checklist.full:
            rows += _a12_row(view, stay, one, one.first, None, "data", None)
        return rows
    for kind, periods in (("gap", checklist.full), ("data", checklist.unsure)):
        for one in periods:
            for age, force in AGES:
                end = Days(
                    plus_days(_birthday(born.earliest, age), -1),
                    plus_days(_birthday(born.latest, age), -1),
                )
                first = max(lead(end.earliest, "A12.lead"), one.first, force.first)
                if first <= min(end.latest, one.last, force.last):
                    rows += _a12_row(view, stay, one, first, end.latest, kind, force)
    return rows


def _a12_row(
    view: View,
    stay: list[Stretch],
    one: Period,
    first: date,
    due: date | None,
    kind: str,
    force: Period | None,
) -> list[Row]:
    trigger = rests_on(stay, first)
    ends = None if force is None or force.last == date.max else plus_days(force.last, 1)
    return settle(
        "A12",
        view,
        trigger,
        first,
        due,
        key=first.isoformat(),
        kind=kind,
        followed=taken(view, trigger, first, ("25A", "25B")),
        cancelled=[] if one.last == date.max else [plus_days(one.last, 1)],
        law_ends=ends,
    )


READERS = {"A12": a12, "A31": a31}
