"""Lawful stay, absences and clocks (terms "Naturalisation")."""

from dataclasses import dataclass
from datetime import date

from tests.second_reading.basis import Told, View, bound, of, plus_days, plus_months, plus_years
from tests.second_reading.residence import Stretch, standing
from tests.second_reading.rules_a4 import Period

PROTECTED = ("25_1", "25_2_FL", "25_2_SUB")
TITLES = ("title", "fiktion", "free_movement")
SIGNS_OF_RETURN = (
    *("EntryRegistered", "AddressRegistered", "AddressChanged"),
    *("ContactHeld", "AbsenceAbroadRecorded"),
)
DAYS_OF_A_YEAR = 365


# The lawful stay


def is_lawful(stay: list[Stretch], place: int) -> bool:
    one = stay[place]
    if one.status == "gestattung":
        following = [two for two in stay[place:] if two.status != "gestattung"][:1]
        return any(
            two.status in ("protected", "title") and two.basis in PROTECTED for two in following
        )
    return one.status in TITLES or (one.status == "protected" and one.basis in PROTECTED)


def lawful_stretches(view: View, stay: list[Stretch]) -> list[Period]:
    """Days of lawful status and harmless gaps that follow each other."""
    found: list[Period] = []
    for place, one in enumerate(stay):
        goes_on = bool(found) and plus_days(found[-1].last, 1) == one.first
        if is_lawful(stay, place):
            first = found.pop().first if goes_on else one.first
            found.append(Period(first, one.last))
        elif goes_on and _is_harmless(view, stay, place, found[-1]):
            found[-1] = Period(found[-1].first, one.last)
    return found


def _is_harmless(view: View, stay: list[Stretch], place: int, held: Period) -> bool:
    gap = stay[place]
    if gap.status != "without_title" or gap.fact is None or gap.fact.type != "TitleGranted":
        return False
    if place + 1 == len(stay) or stay[place + 1].status not in TITLES:
        return False
    refused = any(gap.has(one.latest) for one in of(standing(view), "TitleRefused"))
    return not refused and plus_days(gap.last, 1) - gap.first <= gap.first - held.first


# Absences


@dataclass(frozen=True)
class Absence:
    """Days abroad; ``last`` None: no end is known."""

    fact: Told
    first: date
    last: date | None

    @property
    def due(self) -> date:
        """The last day on which one is back in time."""
        months = plus_months(self.first, bound("N09.months", self.first))
        return max(months, self.fact.day("allowed_until") or months)

    @property
    def too_long(self) -> bool:
        return self.last is None or self.last > self.due


def _last_abroad(view: View, fact: Told, first: date) -> date | None:
    if fact.get("until") is not None:
        return fact.day("until")
    signs = [
        one.latest
        for one in of(view, *SIGNS_OF_RETURN)
        if one is not fact and one.latest > first and _is_here(one)
    ]
    return plus_days(min(signs), -1) if signs else None


def _is_here(fact: Told) -> bool:
    return fact.type != "ContactHeld" or (
        fact.get("no_show") is not True
        and fact.get("channel") in ("office", "home", "outreach", None)
    )


def absences(view: View) -> list[Absence]:
    found = []
    for fact in of(view, "AbsenceAbroadRecorded"):
        first = fact.day("from") or fact.latest
        last = _last_abroad(view, fact, first)
        if last is None or last >= first:
            found.append(Absence(fact, first, last))
    return sorted(found, key=lambda one: (one.first, one.fact.rank))


@dataclass(frozen=True)
class Interruption:
    """Days of an absence that interrupt the habitual residence."""

    absence: Absence
    days: Period
    by_sum: bool


def interruptions(view: View) -> list[Interruption]:
    found: list[Interruption] = []
    counted: list[Absence] = []
    for absence in absences(view):
        if absence.too_long or absence.last is None:
            days = Period(plus_days(absence.due, 1), absence.last or date.max)
            found.append(Interruption(absence, days, by_sum=False))
            counted = []
            continue
        counted.append(absence)
        first = _first_day_of_sum(counted, absence)
        if first is not None:
            found.append(Interruption(absence, Period(first, absence.last), by_sum=True))
            counted = []
    return found


def _first_day_of_sum(counted: list[Absence], absence: Absence) -> date | None:
    """The first day of the absence on which the days abroad are too many."""
    assert absence.last is not None
    abroad = {
        plus_days(one.first, number)
        for one in counted
        if one.last is not None
        for number in range((one.last - one.first).days + 1)
    }
    day = absence.first
    while day <= absence.last:
        years = bound("N01.years", day)
        begun = plus_years(plus_days(day, 1), -years)
        counted_days = len([one for one in abroad if begun <= one <= day])
        if 100 * counted_days > bound("N09.half", day) * years * DAYS_OF_A_YEAR:
            return day
        day = plus_days(day, 1)
    return None


# Clocks


@dataclass(frozen=True)
class Clock:
    """Days of lawful stay between interruptions, and the fact with which it begins."""

    fact: Told
    days: Period

    def full(self, count: int, unit: str = "years") -> date:
        months = 12 * count if unit == "years" else count
        return plus_months(self.days.first, months)


def clocks(view: View, stay: list[Stretch]) -> list[Clock]:
    found: list[Clock] = []
    for lawful in lawful_stretches(view, stay):
        begun: date | None = lawful.first
        fact = next(one.rests_on for one in stay if one.has(lawful.first))
        for one in sorted(interruptions(view), key=lambda one: one.days.first):
            if begun is None or one.days.last < begun or one.days.first > lawful.last:
                continue
            if one.days.first > begun:
                assert fact is not None
                found.append(Clock(fact, Period(begun, plus_days(one.days.first, -1))))
            begun = None if one.days.last == date.max else plus_days(one.days.last, 1)
            fact = one.absence.fact
        if begun is not None and begun <= lawful.last:
            assert fact is not None
            found.append(Clock(fact, Period(begun, lawful.last)))
    return found
