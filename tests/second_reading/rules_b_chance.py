"""The chance to ask for leave to work: B01."""

from datetime import date

from tests.second_reading.basis import (
    Row,
    Told,
    View,
    before,
    bound,
    in_force,
    later,
    of,
    plus_days,
    plus_months,
    settle,
)
from tests.second_reading.residence import Stretch, stay_of
from tests.second_reading.rules_b_work import allows_work

NO_CHANCE = ("60B", "60C", "60D", "60A_2_4")
WAITING = ("gestattung", "duldung", "obliged")
REQUESTS = ("WorkPermitRequested", "WorkPermitGranted", "WorkPermitRefused")
STEPS = ("WorkPermitRequested", "WorkPermitGranted", "EmploymentStarted", "TrainingStarted")


def _is_barred(stretch: Stretch, trigger: Told) -> bool:
    if stretch.basis in NO_CHANCE:
        return True
    note = trigger.get("work_note")
    if trigger.type == "ToleranceIssued" and note == "verboten":
        return True
    return note == "gestattet"


def _is_within(fact: Told, stretch: Stretch, trigger: Told) -> bool:
    if fact.id == trigger.id:
        return False
    return fact.latest >= stretch.first if fact.dated else before(trigger, fact)


# The wait


def _begin_of_wait(stay: list[Stretch], stretch: Stretch) -> date:
    """Days of which nothing is known may lie between the stretches."""
    first = stretch.first
    for one in reversed(stay[: stay.index(stretch)]):
        if one.status is None:
            continue
        if one.status not in WAITING:
            break
        first = one.first
    return first


def _housing(fact: Told) -> list[str | None]:
    """What the fact tells of a facility; empty: nothing."""
    if fact.type in ("HousingAssigned", "HousingChanged") and fact.get("kind") is not None:
        return [fact.get("kind")]
    if fact.type in ("AddressRegistered", "AddressChanged"):
        told = fact.get("housing_kind")
        return [] if told is None else [told]
    return [None] if fact.type in ("LeaseSigned", "AssignedToMunicipality") else []


def _in_facility(view: View, day: date) -> bool:
    told = [kind for fact in view if fact.latest <= day for kind in _housing(fact)]
    return bool(told) and told[-1] == "land_facility"


def _months(view: View, day: date) -> int:
    if not _in_facility(view, day):
        return int(bound("B01.months", day))
    if in_force("law.geas", day):
        filed = [one for one in of(view, "AsylumApplicationFiled") if one.latest <= day]
        if not filed or filed[-1].get("procedure") not in ("dublin", "AMMR"):
            return int(bound("B01.months", day))
    return int(bound("B01.facility", day))


def _full_on(view: View, stay: list[Stretch], stretch: Stretch) -> date | None:
    """The first day of the stretch on which the months are full."""
    begun = _begin_of_wait(stay, stretch)
    days = {stretch.first, date(2014, 11, 6), date(2026, 6, 12)}
    days |= {plus_months(begun, months) for months in (3, 6, 9)}
    days |= {fact.latest for fact in view}
    for day in sorted(days):
        if stretch.has(day) and day >= plus_months(begun, _months(view, day)):
            return day
    return None


# What stands in the way


def _from_safe_country(view: View, day: date) -> bool:
    told = [one.get("nationality") for one in of(view, "JourneyStarted") if one.get("nationality")]
    safe = bound("B01.safe_countries", day)
    if not told or not any(one in safe for one in told[-1]):
        return False
    sought = [one.earliest for one in of(view, "AsylumSought", "AsylumApplicationFiled")]
    return bool(sought) and min(sought) >= date(2015, 9, 1)


def _is_asked_for(view: View, stretch: Stretch, trigger: Told, day: date) -> bool:
    earlier = [one for one in of(view, *REQUESTS) if not _is_within(one, stretch, trigger)]
    if earlier and earlier[-1].type == "WorkPermitRequested":
        return True
    ends = [one.day("valid_until") for one in earlier if one.type == "WorkPermitGranted"]
    return any(end is None or end >= day for end in ends)


def b01(view: View) -> list[Row]:
    stay = stay_of(view)
    rows: list[Row] = []
    for stretch in stay:
        if stretch.status not in ("gestattung", "duldung") or stretch.rests_on is None:
            continue
        trigger = stretch.rests_on
        first = _full_on(view, stay, stretch)
        if first is None or _is_barred(stretch, trigger):
            continue
        if _from_safe_country(view, first) or _is_asked_for(view, stretch, trigger, first):
            continue
        rows += _b01_row(view, stretch, trigger, first)
    return rows


def _b01_row(view: View, stretch: Stretch, trigger: Told, first: date) -> list[Row]:
    within = [one for one in view if _is_within(one, stretch, trigger)]
    cancelled: list[Told | date] = [
        one
        for one in within
        if one.type == "ToleranceIssued"
        and (one.basis == "60B" or one.get("work_note") == "verboten")
    ]
    if stretch.last < date.max:
        cancelled.append(plus_days(stretch.last, 1))
    return settle(
        "B01",
        view,
        trigger,
        first,
        later(first, "B01.action"),
        kind="chance",
        followed=[one for one in within if one.type in STEPS or allows_work(one)],
        cancelled=cancelled,
        ends_from=stretch.first,
    )


READERS = {"B01": b01}
