"""A benefit that does not fit the stay: L09."""

from datetime import date

from tests.second_reading.basis import (
    Row,
    Told,
    View,
    facts_after,
    later,
    of,
    plus_days,
    settle,
    since,
)
from tests.second_reading.benefits import Paid, is_law_fitting, is_own, means, runs_of_benefits
from tests.second_reading.residence import Stretch, status_on, stay_of
from tests.second_reading.responsible_law import LIVELIHOOD_LAWS, days_that_do_not_fit
from tests.second_reading.rules_a4 import Period, stretches_of
from tests.second_reading.rules_l import left_from

LAW_BEGINS = date(2005, 1, 1)


def l09(view: View) -> list[Row]:
    stay = stay_of(view)
    rows: list[Row] = []
    for run in runs_of_benefits(view):
        if run.of not in LIVELIHOOD_LAWS:
            continue
        for one in days_that_do_not_fit(view, stay, run.of):
            rows += _paid(view, stay, run, one, "gap")
        for one in stretches_of(stay, _without_basis):
            rows += _paid(view, stay, run, one, "data")
    return rows + _nobody(view, stay)


# 1: paid by the wrong law


def _without_basis(one: Stretch) -> bool:
    """A title or Fiktion that rests on a ``TitleGranted`` without ``basis``."""
    return (
        one.status in ("title", "fiktion")
        and one.rests_on is not None
        and one.rests_on.type == "TitleGranted"
        and one.rests_on.basis is None
    )


def _paid(view: View, stay: list[Stretch], run: Paid, days: Period, kind: str) -> list[Row]:
    first = max(run.first, days.first, LAW_BEGINS)
    last = min(run.end, days.last)
    if first > last:
        return []
    status = status_on(stay, first).rests_on
    assert status is not None
    trigger = max(run.begun, status, key=lambda fact: fact.rank)
    followed: list[Told | date] = []
    cancelled: list[Told | date] = list(left_from(view, trigger, first))
    if last < date.max:
        (followed if last == run.end else cancelled).append(plus_days(last, 1))
    return settle(
        "L09",
        view,
        trigger,
        first,
        plus_days(later(first, "L09.tolerance"), -1),
        key=f"{status.id}+{run.begun.id}",
        kind=kind,
        followed=followed,
        cancelled=cancelled,
    )


# 2: nobody is responsible


def _first_day(view: View, stay: list[Stretch], trigger: Told) -> date | None:
    rechtskreis = trigger.get("rechtskreis")
    if rechtskreis not in LIVELIHOOD_LAWS:
        return None
    day: date | None = trigger.latest
    if trigger.type == "BenefitApplied":
        unfit = days_that_do_not_fit(view, stay, rechtskreis)
        days = [max(one.first, trigger.latest) for one in unfit if one.last >= trigger.latest]
        day = min(days, default=None)
    return None if day is None or day < LAW_BEGINS else day


def _asks_another(view: View, stay: list[Stretch], fact: Told, day: date) -> bool:
    """Asks an office that may be responsible: the day is none of those that do not fit."""
    rechtskreis = fact.get("rechtskreis")
    return rechtskreis not in LIVELIHOOD_LAWS or not any(
        one.has(day) for one in days_that_do_not_fit(view, stay, rechtskreis)
    )


def _is_pending(view: View, fact: Told, day: date) -> bool:
    return fact.latest <= day and not any(
        one.latest <= day and is_law_fitting(one.get("rechtskreis"), fact.get("rechtskreis"))
        for one in facts_after(view, fact, "BenefitGranted", "BenefitRefused")
    )


def _is_cared_for(view: View, stay: list[Stretch], trigger: Told, day: date) -> bool:
    if any(one.first <= day <= one.end for one in means(view)):
        return True
    return any(
        _asks_another(view, stay, fact, day) and _is_pending(view, fact, day)
        for fact in of(view, "BenefitApplied")
        if fact is not trigger
    )


def _nobody(view: View, stay: list[Stretch]) -> list[Row]:
    triggers = []
    for fact in of(view, "BenefitRefused", "BenefitApplied"):
        day = _first_day(view, stay, fact)
        if day is not None and not _is_cared_for(view, stay, fact, day):
            triggers.append((fact, day))
    rows: list[Row] = []
    for trigger, day in triggers:
        applied: list[Told | date] = [
            one
            for one in since(view, trigger, "BenefitApplied")
            if _asks_another(view, stay, one, one.latest)
        ]
        begun = [one for one in means(view) if one.first > day][:1]
        rows += settle(
            "L09",
            view,
            trigger,
            day,
            plus_days(day, -1),
            key=f"none+{trigger.id}",
            followed=applied + [one.first for one in begun if not is_own(one)],
            cancelled=[one.first for one in begun if is_own(one)],
            superseded=[one for one, _ in triggers if trigger.rank < one.rank],
        )
    return rows


READERS = {"L09": l09}
