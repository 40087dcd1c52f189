"""Implausible dates (A29) and residence duties (A19, A20)."""

from dataclasses import dataclass
from datetime import date

from tests.second_reading.basis import (
    Days,
    Row,
    Told,
    View,
    before,
    bound,
    facts_after,
    facts_before,
    of,
    plus_days,
    plus_years,
    row_of_missing_end,
    settle,
    since,
    window_of_lead,
)
from tests.second_reading.courses import is_integration_course
from tests.second_reading.jobs import jobs_of
from tests.second_reading.titles import is_void

# A29

DECISIONS = (
    *("TitleGranted", "AsylumDecisionIssued", "TitleRefused", "WorkPermitGranted"),
    *("WorkPermitRefused", "RecognitionDecided", "FamilyReunificationDecided"),
    *("NaturalisationApproved", "NaturalisationRefused"),
)
NOT_BEFORE_ENTRY = (
    *("AsylumApplicationFiled", "AsylumHearingHeld", "AsylumDecisionIssued"),
    *("TemporaryPermissionIssued", "ToleranceIssued", "FictionCertificateIssued"),
    *("AddressRegistered", "AddressChanged", "CourseStarted", "TrainingStarted"),
    *("EmploymentStarted", "WorkPermitRequested", "NaturalisationApplied"),
)
WITH_CONFLICT = (
    *NOT_BEFORE_ENTRY,
    *DECISIONS,
    *("EntryRegistered", "TitleApplied", "TitleShortened", "RecognitionApplied"),
    *("FamilyReunificationApplied", "DepartureObligationArisen", "MarriageRecorded"),
    *("PartnershipEnded", "EmploymentEnded", "EmploymentEndAnnounced", "ChildBorn"),
    "BenefitGranted",
)
REQUESTS = {
    "AsylumApplicationFiled": ("AsylumDecisionIssued",),
    "TitleApplied": ("TitleRefused",),
    "WorkPermitRequested": ("WorkPermitGranted", "WorkPermitRefused"),
    "RecognitionApplied": ("RecognitionDecided",),
    "FamilyReunificationApplied": ("FamilyReunificationDecided",),
    "NaturalisationApplied": ("NaturalisationApproved", "NaturalisationRefused"),
}


def first_known_entry(view: View) -> Days | None:
    registered = of(view, "EntryRegistered")
    if registered:
        return registered[0].days("entry_date") or registered[0].own
    told = [one.days("entry_date") for one in of(view, "JourneyStarted") if one.get("entry_date")]
    return told[0] if told else None


def _before_entry(view: View) -> View:
    entry = first_known_entry(view)
    if entry is None or any(one.latest <= entry.latest for one in of(view, "LeftGermany")):
        return []
    dated = [one for one in of(view, *NOT_BEFORE_ENTRY) if one.dated]
    return [one for one in dated if one.latest < entry.earliest]


def _before_its_own(fact: Told) -> bool:
    days = [fact.day("served_on"), fact.day("final_on")]
    return fact.dated and any(day is not None and fact.earliest > day for day in days)


def _after_decision(view: View) -> View:
    found: View = []
    for kind, decisions in REQUESTS.items():
        asked, decided = of(view, kind), of(view, *decisions)
        if len(asked) != 1 or len(decided) != 1:
            continue
        request, decision = asked[0], decided[0]
        if kind == "AsylumApplicationFiled" and request.get("procedure") == "folge":
            continue
        if request.dated and decision.dated and request.earliest > decision.latest:
            found.append(request)
    return found


def a29(view: View) -> list[Row]:
    kinds = {
        "two_dates": [one for one in of(view, *WITH_CONFLICT) if one.get("conflict") is not None],
        "before_entry": _before_entry(view),
        "before_decision": [one for one in of(view, *DECISIONS) if _before_its_own(one)],
        "after_decision": _after_decision(view),
    }
    rows: list[Row] = []
    for kind, facts in kinds.items():
        for fact in facts:
            key = f"{kind}:{fact.id}"
            rows += settle("A29", view, fact, fact.latest, None, key=key, kind="data")
    return rows


# Residence duties (terms of A19, A20)

RECOGNISED_BY = ("22", "23_1", "23_2", "23_4", "24", "25_1", "25_2_FL", "25_2_SUB", "25_3")
ENDS_OF_DUTY = ("ResidenceObligationLifted", "ResidenceObligationEnded")


@dataclass(frozen=True)
class Duty:
    """A residence duty; ``until`` is None where it is not known."""

    fact: Told
    by_law: bool
    scope: str | None
    area: str | None
    until: Days | None
    own_until: bool


def recognition(view: View) -> Told | None:
    for fact in view:
        if fact.type == "AsylumDecisionIssued" and fact.get("outcome") in (
            "asyl",
            "fluechtling",
            "subsidiaer",
        ):
            return fact
        if fact.type == "TitleGranted" and fact.basis in RECOGNISED_BY:
            return fact
    return None


def _three_years_after(fact: Told) -> Days:
    years = bound("A19.years", fact.latest)
    return Days(plus_years(fact.earliest, years), plus_years(fact.latest, years))


def duties_of(view: View) -> list[Duty]:
    recognised = recognition(view)
    duties: list[Duty] = []
    if recognised is not None and recognised.latest >= date(2016, 1, 1):
        assigned = facts_before(view, recognised, "AssignedToMunicipality")
        if assigned:
            town = assigned[-1].get("municipality")
            until = _three_years_after(recognised)
            area = None if town is None else town[:2]
            duties.append(Duty(recognised, True, "land", area, until, False))
    for fact in of(view, "ResidenceObligationImposed"):
        if is_void(view, fact):
            continue
        until = fact.days("until")
        if until is None and recognised is not None and recognised.latest <= fact.latest:
            until = _three_years_after(recognised)
        own = fact.get("until") is not None
        duties.append(Duty(fact, False, fact.get("scope"), fact.get("area"), until, own))
    return duties


def _next_decision(duties: list[Duty], duty: Duty) -> list[Told]:
    if duty.by_law:
        return []
    following = [
        one.fact
        for one in duties
        if not one.by_law
        and before(duty.fact, one.fact)
        and (None in (one.scope, duty.scope) or one.scope == duty.scope)
    ]
    return following[:1]


def lifts(view: View, duty: Duty) -> View:
    return [one for one in since(view, duty.fact) if _lifts(one, duty)]


def _lifts(fact: Told, duty: Duty) -> bool:
    if fact.type == "DecisionAnnulledRetroactively":
        return fact.get("target") == duty.fact.id
    if fact.type == "AppealDecided" and not duty.by_law:
        won = fact.get("outcome") in ("granted", "reversed")
        return won and fact.get("against") in (duty.fact.id, "ResidenceObligationImposed")
    if fact.type not in ENDS_OF_DUTY:
        return False
    if fact.get("obligation") is not None:
        return fact.get("obligation") == duty.fact.id
    if fact.get("scope") is not None:
        return duty.scope in (None, fact.get("scope"))
    by_court = "court" in (fact.get("by"), fact.get("lift_reason"))
    return not (duty.by_law and by_court)


def last_day(view: View, duties: list[Duty], duty: Duty) -> date:
    days = [] if duty.until is None else [duty.until.latest]
    days += [plus_days(one.latest, -1) for one in lifts(view, duty)]
    days += [plus_days(one.latest, -1) for one in _next_decision(duties, duty)]
    return min(days, default=date.max)


def a20(view: View) -> list[Row]:
    duties = duties_of(view)
    rows: list[Row] = []
    for duty in duties:
        if duty.by_law and duty.area is None:
            continue
        lifted = lifts(view, duty)
        followed = [one for one in lifted if one.type == "ResidenceObligationEnded"]
        cancelled = [one for one in lifted if one.type != "ResidenceObligationEnded"]
        following = _next_decision(duties, duty)
        if duty.until is None:
            rows += row_of_missing_end(
                "A20",
                view,
                duty.fact,
                followed=followed,
                cancelled=cancelled,
                superseded=following,
            )
            continue
        end = duty.until.latest
        rows += settle(
            "A20",
            view,
            duty.fact,
            window_of_lead(duty.fact, duty.until, "A20.lead", own_end=duty.own_until),
            end,
            kind="chance",
            followed=followed,
            cancelled=cancelled,
            superseded=[*following, plus_days(end, 1)],
        )
    return rows


# A19

PLACES = ("AddressRegistered", "AddressChanged", "HousingAssigned", "HousingChanged")


@dataclass(frozen=True)
class Place:
    """Where somebody lives from a day to a day."""

    fact: Told
    begins: date
    ends: date


def places_of(view: View) -> list[Place]:
    facts = of(view, *PLACES)
    begins = [fact.day("move_in") or fact.latest for fact in facts]
    ends = [plus_days(day, -1) for day in begins[1:]] + [date.max]
    return [Place(*one) for one in zip(facts, begins, ends, strict=False)]


def _breaks(place: Told, duty: Duty) -> bool | None:
    private = ("private_sublet", "private_lease")
    kinds = (place.get("housing_kind"), place.get("kind"))
    if duty.scope == "einrichtung" and any(kind in private for kind in kinds):
        return True
    ags, area = place.get("ags"), duty.area
    if ags is None or area is None or not area.isdigit():
        return None
    return not ags.startswith(area[:2] if duty.scope == "land" else area)


def _is_work(fact: Told) -> bool:
    if fact.type not in ("EmploymentStarted", "EmploymentChanged"):
        return False
    hours = fact.get("hours_per_week")
    if hours is None:
        return fact.get("employment_kind") == "SV_VOLLZEIT"
    return bool(float(hours) >= bound("A19.hours", fact.latest))


def _work_runs(view: View, day: date) -> bool:
    for job in jobs_of(view):
        if not any(_is_work(fact) and fact.latest < day for fact in job.facts):
            continue
        telling = job.last_told("fixed_term_until")
        until = None if telling is None else telling.day("fixed_term_until")
        end = job.end.latest if job.end is not None else until
        if end is None or end >= day:
            return True
    return False


def _training_runs(view: View, day: date) -> bool:
    ends = ("TrainingAborted", "TrainingInterrupted", "TrainingCompleted", "TrainingFinallyFailed")
    for start in of(view, "TrainingStarted"):
        if start.latest >= day:
            continue
        following = facts_after(view, start, "TrainingStarted", *ends)
        if not following or following[0].latest >= day:
            return True
    return False


def _ways_out(view: View, trigger: Told, day: date) -> View:
    """Work, training and study on or after the first common day."""
    others = ("TrainingStarted", "StudyAdmitted", "VocationalCourseStarted")
    found = []
    for fact in view:
        course = fact.type == "CourseStarted" and is_integration_course(fact)
        if _is_work(fact) or fact.type in others or course:
            counts = fact.latest >= day if fact.dated else before(trigger, fact)
            found += [fact] if counts else []
    return found


def a19(view: View) -> list[Row]:
    duties, places = duties_of(view), places_of(view)
    rows: list[Row] = []
    told: list[tuple[date, date]] = []
    for duty in duties:
        for number, place in enumerate(places):
            first = max(duty.fact.latest, place.begins)
            last = min(last_day(view, duties, duty), place.ends)
            breaks = _breaks(place.fact, duty)
            if first > last or breaks is False:
                continue
            if breaks:
                told.append((first, last))
            elif not _tells_a_move(place, duty):
                continue
            rows += _pair(view, duties, duty, place, places[number + 1 : number + 2], first)
    return [*rows, *_breaches(view, duties, told)]


def _tells_a_move(place: Place, duty: Duty) -> bool:
    moved = place.fact.type in ("AddressChanged", "HousingChanged")
    return moved and place.begins >= duty.fact.latest


def _pair(
    view: View,
    duties: list[Duty],
    duty: Duty,
    place: Place,
    following: list[Place],
    first: date,
) -> list[Row]:
    bound_to_home = duty.scope == "einrichtung"
    if not bound_to_home and (_work_runs(view, first) or _training_runs(view, first)):
        return []
    trigger = place.fact if before(duty.fact, place.fact) else duty.fact
    cancelled = lifts(view, duty)
    if not bound_to_home:
        cancelled += _ways_out(view, trigger, first)
    last = last_day(view, duties, duty)
    superseded = [] if last == date.max else [plus_days(last, 1)]
    moved = [one.begins for one in following]
    again = bool(following) and _breaks(following[0].fact, duty) is True
    found = settle(
        "A19",
        view,
        trigger,
        first,
        plus_days(first, -1),
        key=f"{duty.fact.id}+{place.fact.id}",
        kind="gap" if _breaks(place.fact, duty) else "data",
        followed=[] if again else moved,
        cancelled=cancelled,
        superseded=[*superseded, *(moved if again else [])],
    )
    return [row for row in found if row.closes_on is None or row.closes_on > first]


def _breaches(view: View, duties: list[Duty], told: list[tuple[date, date]]) -> list[Row]:
    triggers = [
        one
        for one in of(view, "ResidenceDutyBreached")
        if not any(first <= one.latest <= last for first, last in told)
    ]
    rows: list[Row] = []
    for trigger in triggers:
        day = trigger.latest
        binding = [one for one in duties if one.fact.latest <= day <= last_day(view, duties, one)]
        lifted = [
            one
            for one in since(view, trigger)
            if any(one in lifts(view, duty) for duty in binding)
            or (not binding and one.type in ENDS_OF_DUTY)
        ]
        last = last_day(view, duties, binding[-1]) if binding else date.max
        ended = [] if last == date.max else [plus_days(last, 1)]
        rows += settle(
            "A19",
            view,
            trigger,
            day,
            plus_days(day, -1),
            followed=facts_after(view, trigger, *PLACES),
            cancelled=lifted,
            superseded=[*ended, *(one for one in triggers if before(trigger, one))],
        )
    return rows


READERS = {"A19": a19, "A20": a20, "A29": a29}
