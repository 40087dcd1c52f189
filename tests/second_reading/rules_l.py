"""Livelihood: L02, L03, L04, L05, L08."""

from datetime import date
from itertools import combinations

from tests.second_reading.basis import (
    Row,
    Told,
    View,
    facts_after,
    facts_before,
    later,
    of,
    plus_days,
    row_of_missing_end,
    settle,
    since,
    window_of_lead,
)
from tests.second_reading.benefits import (
    Paid,
    common_days,
    is_law_fitting,
    is_own,
    law_of,
    means,
    rechtskreis_of,
    runs_of_benefits,
)
from tests.second_reading.jobs import jobs_of


def left_from(view: View, trigger: Told, day: date) -> View:
    """Leavings that count from the trigger or the first day of the instance on."""
    first = min(trigger.earliest, day)
    return [one for one in of(view, "LeftGermany") if one.dated and one.latest >= first]


# L02


def l02(view: View) -> list[Row]:
    rows: list[Row] = []
    reached: Paid | None = None
    for paid in [*means(view), None]:
        if reached is not None and (paid is None or paid.first > plus_days_or_max(reached.end)):
            rows += _l02_of(view, reached, paid)
            reached = None
        if paid is not None and (reached is None or paid.end > reached.end):
            reached = paid
    return rows


def plus_days_or_max(day: date) -> date:
    return day if day == date.max else plus_days(day, 1)


def _l02_of(view: View, paid: Paid, following: Paid | None) -> list[Row]:
    if paid.last is None:
        return []
    begins = plus_days(paid.last, 1)
    own = following is not None and is_own(following)
    next_day = [] if following is None else [following.first]
    return settle(
        "L02",
        view,
        paid.last_by,
        begins,
        paid.last,
        followed=[] if own else next_day,
        cancelled=next_day if own else [],
        ends_from=min(paid.last_by.earliest, begins),
    )


# L03


def l03(view: View) -> list[Row]:
    laws = ("AsylbLG", "SGB_II", "SGB XII")
    runs = [run for run in runs_of_benefits(view) if law_of(run.of) in laws]
    rows: list[Row] = []
    for one, other in combinations(runs, 2):
        if law_of(one.of) != law_of(other.of):
            first, second = sorted((one, other), key=lambda run: (run.first, run.begun.rank))
            rows += _l03_of(view, first, second)
    return rows


def _l03_of(view: View, first: Paid, second: Paid) -> list[Row]:
    common = common_days(first, second)
    if common is None:
        return []
    ends = [] if common.latest == date.max else [plus_days(common.latest, 1)]
    return settle(
        "L03",
        view,
        second.begun,
        common.earliest,
        plus_days(common.earliest, -1),
        key=f"{first.begun.id}+{second.begun.id}",
        followed=ends,
        ends_from=min(second.begun.earliest, common.earliest),
    )


# L04

GRANTS = ("BenefitGranted", "BenefitExtended", "HelpContinued")
NO_OFFICE = ("OWN_INCOME", "FAMILY", "NONE", "DONATIONS")


def _fits(one: Told, other: Told) -> bool:
    return is_law_fitting(rechtskreis_of(one), rechtskreis_of(other))


def _l04_cancelled(view: View, trigger: Told) -> View:
    found = [one for one in facts_after(view, trigger, "BenefitEnded") if _fits(one, trigger)]
    found += [one for one in facts_after(view, trigger, *GRANTS) if not _fits(one, trigger)]
    found += [
        one
        for one in facts_after(view, trigger, "RechtskreisChangeCompleted")
        if not is_law_fitting(one.get("to"), rechtskreis_of(trigger))
    ]
    found += [
        one for one in since(view, trigger, "LivelihoodSecured") if one.get("degree") == "full"
    ]
    return found


def l04(view: View) -> list[Row]:
    rows: list[Row] = []
    for trigger in of(view, *GRANTS):
        if rechtskreis_of(trigger) not in NO_OFFICE:
            rows += _l04_of(view, trigger)
    return rows


def _l04_of(view: View, trigger: Told) -> list[Row]:
    end = trigger.days("until")
    applied = facts_after(view, trigger, "BenefitApplied")
    followed = [
        one for one in [*applied, *facts_after(view, trigger, *GRANTS)] if _fits(one, trigger)
    ]
    cancelled = _l04_cancelled(view, trigger)
    if end is None:
        rechtskreis = rechtskreis_of(trigger)
        if law_of(rechtskreis) in ("AsylbLG", "SGB_VIII", "SGB_V_KRANKENGELD"):
            return []
        return row_of_missing_end("L04", view, trigger, followed=followed, cancelled=cancelled)
    begins = window_of_lead(trigger, end, "L04.lead", own_end=True)
    followed += [
        one
        for one in applied
        if not _fits(one, trigger) and (not one.dated or one.latest >= begins)
    ]
    return settle("L04", view, trigger, begins, end.latest, followed=followed, cancelled=cancelled)


# L05


def _asks_for_insurance(view: View, fact: Told) -> bool:
    if fact.type == "EmploymentStarted" and fact.get("employment_kind") == "MINIJOB":
        return False
    insured = facts_before(view, fact, "HealthInsuranceRegistered")
    kinds: tuple[str | None, ...] = ("gkv", "pkv", None)
    if fact.type == "RechtskreisChangeCompleted" and (fact.get("to") or "").startswith("ASYLBLG_"):
        kinds = ("aok_auftrag_264", "asylblg_schein", None)
    return not (insured and insured[-1].get("kind") in kinds)


def l05(view: View) -> list[Row]:
    triggers = [
        one
        for one in of(view, "RechtskreisChangeCompleted", "EmploymentStarted")
        if _asks_for_insurance(view, one)
    ]
    ends = {job.start.id: job.end for job in jobs_of(view) if job.start and job.end}
    rows: list[Row] = []
    for trigger in triggers:
        rows += settle(
            "L05",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "L05.response"),
            followed=since(view, trigger, "HealthInsuranceRegistered", "HealthCardReceived"),
            cancelled=[ends[trigger.id]] if trigger.id in ends else [],
            superseded=facts_after(triggers, trigger),
        )
    return rows


# L08


def l08(view: View) -> list[Row]:
    triggers = [
        one for one in of(view, "JobcenterAppointmentMissed") if one.get("excused") is not True
    ]
    rows: list[Row] = []
    for trigger in triggers:
        talks = [
            one for one in since(view, trigger, "ContactHeld") if one.get("no_show") is not True
        ]
        rows += settle(
            "L08",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "L08.response"),
            followed=talks,
            superseded=facts_after(triggers, trigger),
        )
    return rows


READERS = {"L02": l02, "L03": l03, "L04": l04, "L05": l05, "L08": l08}
