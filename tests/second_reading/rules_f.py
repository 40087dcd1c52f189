"""Case management, links, handovers and data: all rules of F but those of ``rules_start_cases``."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.second_reading.basis import (
    Days,
    Row,
    Told,
    View,
    active,
    before,
    bound,
    case_history,
    counts_on,
    days_of,
    facts_after,
    facts_before,
    in_force,
    later,
    living,
    next_working_day,
    of,
    plus_days,
    same_or_missing,
    settle,
    since,
    window_of_lead,
)
from tests.second_reading.rules_start_cases import Office, offices_after

# First day and ``due_on``, counted from a day; true where the instance is begun anew
Window = Callable[[date, bool], tuple[date, date | None]]

# Terms: case steering


def of_case(facts: Iterable[Told], trigger: Told) -> View:
    """Those with the same ``case_id``: equal, or missing on either side."""
    return [one for one in facts if same_or_missing(one, trigger, "case_id")]


def _any_of_case(cases: list[str | None], fact: Told) -> bool:
    named = fact.get("case_id")
    return any(named is None or case in (None, named) for case in cases)


@dataclass(frozen=True)
class Rest:
    """A rest of the case of a fact: what begins it and what ends it."""

    begin: Told
    end: Told | None


def rests(view: View, trigger: Told) -> list[Rest]:
    found: list[Rest] = []
    begun: Told | None = None
    for fact, _, after in case_history(view):
        is_active = _any_of_case(active(after), trigger)
        if fact.type in ("CaseSuspended", "CaseClosed") and begun is None:
            if same_or_missing(fact, trigger, "case_id") and not is_active:
                begun = fact
        elif fact.type in ("CaseOpened", "CaseResumed") and begun is not None and is_active:
            found.append(Rest(begun, fact))
            begun = None
    if begun is not None:
        found.append(Rest(begun, None))
    return found


def _rests_at(all_rests: list[Rest], trigger: Told) -> bool:
    return any(
        before(rest.begin, trigger) and (rest.end is None or before(trigger, rest.end))
        for rest in all_rests
    )


def case_work(
    rule: str,
    view: View,
    trigger: Told,
    window: Window,
    *,
    key: str | None = None,
    kind: str = "gap",
    followed: View,
    cancelled: Iterable[Told] = (),
    superseded: Iterable[Told] = (),
) -> list[Row]:
    """The instance of the trigger's own and those begun anew; ``window`` counts from a day."""
    all_rests = rests(view, trigger)
    cancelled, superseded = list(cancelled), list(superseded)
    begins = [rest.begin for rest in all_rests if before(trigger, rest.begin)]
    rows: list[Row] = []

    def add(day: date, own_key: str | None, after: Told) -> None:
        anew = after is not trigger
        begins_on, due_on = window(day, anew)
        rows.extend(
            settle(
                rule,
                view,
                trigger,
                begins_on,
                due_on,
                key=own_key,
                kind=kind,
                followed=[one for one in followed if not anew or before(after, one)],
                cancelled=[
                    *[one for one in cancelled if not anew or before(after, one)],
                    *[one for one in begins if before(after, one)][:1],
                ],
                superseded=[one for one in superseded if not anew or before(after, one)],
            )
        )

    if not _rests_at(all_rests, trigger):
        add(trigger.latest, key, trigger)
    for rest in all_rests:
        end = rest.end
        if end is None or not before(trigger, end):
            continue
        if end.type == "CaseOpened":
            break
        if any(before(one, end) for one in [*followed, *cancelled, *superseded]):
            break
        add(max(trigger.latest, end.latest), f"{key or trigger.id}+{end.id}", end)
    return rows


def _days_from(name: str) -> Window:
    return lambda day, anew: (day, later(day, name))


# F01


def f01(view: View) -> list[Row]:
    triggers = [
        fact
        for fact, _, after in case_history(view)
        if fact.type == "FirstContactRecorded" and not living(after)
    ]
    answers = ("CaseOpened", "CaseResumed", "ReferralElsewhere", "ShortAdviceEnded")
    rows: list[Row] = []
    for trigger in triggers:
        rows += settle(
            "F01",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "F01.response"),
            followed=since(view, trigger, *answers),
            cancelled=of_case(since(view, trigger, "CaseClosed"), trigger),
            superseded=[one for one in triggers if before(trigger, one)],
        )
    return rows


# F03, F04, F05


def f03(view: View) -> list[Row]:
    triggers = [
        fact
        for fact, cases, after in case_history(view)
        if fact.type == "CaseOpened" and set(active(after)) - set(active(cases))
    ]
    rows: list[Row] = []
    for trigger in triggers:
        rows += case_work(
            "F03",
            view,
            trigger,
            _days_from("F03.response"),
            followed=of_case(since(view, trigger, "AssessmentCompleted"), trigger),
            superseded=[one for one in of_case(triggers, trigger) if before(trigger, one)],
        )
    return rows


def f04(view: View) -> list[Row]:
    rows: list[Row] = []
    for trigger in of(view, "AssessmentCompleted"):
        rows += case_work(
            "F04",
            view,
            trigger,
            _days_from("F04.response"),
            followed=of_case(since(view, trigger, "PlanAgreed", "PlanReviewed"), trigger),
            superseded=of_case(facts_after(view, trigger, "AssessmentCompleted"), trigger),
        )
    return rows


def f05(view: View) -> list[Row]:
    rows: list[Row] = []
    for trigger in of(view, "PlanAgreed", "PlanReviewed"):
        rows += case_work(
            "F05",
            view,
            trigger,
            _window_of_review(trigger),
            followed=of_case(facts_after(view, trigger, "PlanReviewed"), trigger),
            superseded=of_case(facts_after(view, trigger, "PlanAgreed"), trigger),
        )
    return rows


def _window_of_review(trigger: Told) -> Window:
    review = trigger.day("next_review")

    def window(day: date, anew: bool) -> tuple[date, date | None]:
        passed = review is not None and anew and review < day
        return day, later(day, "F05.review") if review is None or passed else review

    return window


# F07


def _is_missed(contact: Told) -> bool:
    return contact.get("no_show") is True


def f07_triggers(view: View) -> View:
    triggers: View = []
    missed: View = []
    waits = False
    for fact in of(view, "ContactHeld", "CaseOpened"):
        if fact.type == "CaseOpened":
            missed = []
        elif not _is_missed(fact):
            if waits:
                missed = []
            waits = False
        elif not waits:
            missed.append(fact)
            if len(missed) >= 3 and _close_together(missed[-3], fact):
                triggers.append(fact)
                waits = True
    return triggers


def _close_together(first: Told, third: Told) -> bool:
    return third.latest <= plus_days(first.latest, bound("F07.within", third.latest))


def f07(view: View) -> list[Row]:
    triggers = f07_triggers(view)
    rows: list[Row] = []
    for trigger in triggers:
        held = [one for one in facts_after(view, trigger, "ContactHeld") if not _is_missed(one)]
        outreach = [one for one in held if one.get("channel") in ("outreach", "home")]
        rows += case_work(
            "F07",
            view,
            trigger,
            _days_from("F07.response"),
            followed=outreach,
            cancelled=[one for one in held if one not in outreach],
            superseded=[one for one in triggers if before(trigger, one)],
        )
    return rows


# F08


def f08(view: View) -> list[Row]:
    rows: list[Row] = []
    for plan in of(view, "PlanAgreed", "PlanReviewed"):
        for number, goal in enumerate(plan.get("goals") or [], 1):
            rows += _f08_of(view, plan, number, goal)
    return rows


def _f08_of(view: View, plan: Told, number: int, goal: dict[str, Any]) -> list[Row]:
    goal_id = goal.get("goal_id")
    settled = of_case(facts_before(view, plan, "GoalReached", "GoalAbandoned"), plan)
    if goal_id is not None and any(one.get("goal_id") == goal_id for one in settled):
        return []
    followed = [
        one
        for one in of_case(since(view, plan, "GoalReached", "GoalAbandoned"), plan)
        if None in (goal_id, one.get("goal_id")) or one.get("goal_id") == goal_id
    ]
    due = goal.get("due")
    return case_work(
        "F08",
        view,
        plan,
        _window_of_goal(None if due is None else days_of(due)),
        key=f"{plan.id}+{number}",
        kind="data" if due is None else "gap",
        followed=[*followed, *of_case(facts_after(view, plan, "PlanReviewed"), plan)],
        superseded=of_case(facts_after(view, plan, "PlanAgreed"), plan),
    )


def _window_of_goal(due: Days | None) -> Window:
    def window(day: date, anew: bool) -> tuple[date, date | None]:
        if due is None:
            return day, None
        first = max(due.latest, day)
        return first, later(first if anew else due.latest, "F08.response")

    return window


# F09, F10


def may_be_same_link(one: Told, other: Told) -> bool:
    if one.get("link_id") is not None and other.get("link_id") is not None:
        return one.get("link_id") == other.get("link_id")
    return same_or_missing(one, other, "provider") and same_or_missing(one, other, "offer")


def is_same_link(one: Told, other: Told) -> bool:
    if one.get("link_id") is not None and other.get("link_id") is not None:
        return one.get("link_id") == other.get("link_id")
    told = one.get("provider") is not None and one.get("provider") == other.get("provider")
    return told and same_or_missing(one, other, "offer")


def _next_of_link(view: View, trigger: Told) -> View:
    return [
        one
        for one in facts_after(view, trigger, trigger.type)
        if one.get("link_id") is not None and one.get("link_id") == trigger.get("link_id")
    ]


def f09(view: View) -> list[Row]:
    rows: list[Row] = []
    for trigger in of(view, "ServiceLinked"):
        answers = since(view, trigger, "LinkConfirmed", "LinkFailed")
        rows += case_work(
            "F09",
            view,
            trigger,
            _days_from("F09.response"),
            followed=[one for one in answers if may_be_same_link(one, trigger)],
            superseded=_next_of_link(view, trigger),
        )
    return rows


def f10(view: View) -> list[Row]:
    rows: list[Row] = []
    for trigger in of(view, "LinkFailed"):
        confirmed = facts_after(view, trigger, "LinkConfirmed")
        abandoned = of_case(since(view, trigger, "GoalAbandoned"), trigger)
        rows += case_work(
            "F10",
            view,
            trigger,
            _days_from("F10.response"),
            followed=[*_alternatives(view, trigger), *abandoned],
            cancelled=[one for one in confirmed if is_same_link(one, trigger)],
            superseded=_next_of_link(view, trigger),
        )
    return rows


def _alternatives(view: View, trigger: Told) -> View:
    earlier = facts_before(view, trigger, "ServiceLinked")
    failed = [one for one in earlier if may_be_same_link(one, trigger)]
    return [
        one
        for one in facts_after(view, trigger, "ServiceLinked")
        if not is_same_link(one, trigger)
        and (not failed or same_or_missing(one, failed[-1], "field"))
    ]


# F12


def f12_triggers(view: View) -> View:
    triggers: View = []
    offices: list[Office] = []
    for fact, _, after in case_history(view):
        offices = offices_after(offices, fact, after)
        if fact.type != "HandoverRejected":
            continue
        closed = of_case(facts_before(view, fact, "CaseClosed"), fact)
        over = bool(closed) and not _any_of_case(living(after), fact)
        if not over and not _any_of_case([one.case_id for one in offices], fact):
            triggers.append(fact)
    return triggers


def f12(view: View) -> list[Row]:
    triggers = f12_triggers(view)
    rows: list[Row] = []
    for trigger in triggers:
        assigned = of_case(facts_after(view, trigger, "CaseManagerAssigned"), trigger)
        rows += settle(
            "F12",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "F12.response"),
            followed=[*assigned, *since(view, trigger, "HandoverAccepted")],
            cancelled=of_case(since(view, trigger, "CaseClosed"), trigger),
            superseded=[one for one in of_case(triggers, trigger) if before(trigger, one)],
        )
    return rows


# F13

ADDRESSES = ("AddressRegistered", "AddressChanged", "AssignedToMunicipality")


def town(address: Told) -> str | None:
    if address.type == "AssignedToMunicipality":
        return address.get("municipality")
    return address.get("ags")


def towns_before(view: View, address: Told) -> View:
    return [one for one in facts_before(view, address, *ADDRESSES) if town(one) is not None]


def towns_of_case(view: View, address: Told) -> str | None:
    known = towns_before(view, address)
    taken = facts_before(view, address, "CaseOpened", "HandoverAccepted")
    at_taking = [one for one in known if taken and before(one, taken[-1])]
    if at_taking:
        return town(at_taking[-1])
    return town(known[0]) if known else None


def _handed_over(view: View, address: Told) -> bool:
    addresses = facts_before(view, address, *ADDRESSES)
    if not addresses:
        return False
    for offer in facts_after(view, addresses[-1], "HandoverOffered"):
        if offer.get("reason") == "move" and before(offer, address):
            rejected = facts_after(view, offer, "HandoverRejected")
            if not any(
                before(one, address) and same_or_missing(one, offer, "to") for one in rejected
            ):
                return True
    return False


def f13_kind(view: View, address: Told) -> str | None:
    known = towns_before(view, address)
    if address.type == "AddressChanged" and (town(address) is None or not known):
        return "data"
    if town(address) is None or not known:
        return None
    moved = town(address) not in (towns_of_case(view, address), town(known[-1]))
    return "gap" if moved else None


def f13(view: View) -> list[Row]:
    triggers = [
        (fact, f13_kind(view, fact))
        for fact, _, after in case_history(view)
        if fact.type in ADDRESSES and active(after) and not _handed_over(view, fact)
    ]
    rows: list[Row] = []
    for trigger, kind in triggers:
        if kind is None:
            continue
        closed = [
            fact
            for fact, _, after in case_history(view)
            if fact.type == "CaseClosed" and before(trigger, fact) and not active(after)
        ]
        home = towns_of_case(view, trigger)
        back = [
            one
            for one in facts_after(view, trigger, *ADDRESSES)
            if kind == "gap" and town(one) == home
        ]
        rows += settle(
            "F13",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "F13.response"),
            kind=kind,
            followed=since(view, trigger, "HandoverOffered", "PlanReviewed"),
            cancelled=[*closed, *back],
            superseded=[one for one, other in triggers if other == "gap" and before(trigger, one)],
        )
    return rows


# F15, F16


def ends_consent(consent: Told, ending: Told) -> bool:
    """As in F14: the consent that ``consent_id`` names, else each with a recipient in common."""
    named = ending.get("consent_id")
    if named is not None:
        return named in (consent.get("consent_id"), consent.id)
    mine, theirs = consent.get("recipients") or [], ending.get("recipients") or []
    return not mine or not theirs or bool(set(mine) & set(theirs))


def withdrawals(view: View, consent: Told) -> View:
    return [
        one for one in facts_after(view, consent, "ConsentWithdrawn") if ends_consent(consent, one)
    ]


def _renews(newer: Told, consent: Told) -> bool:
    mine, theirs = consent.get("recipients") or [], newer.get("recipients") or []
    includes = not mine or not theirs or set(mine) <= set(theirs)
    return includes and same_or_missing(newer, consent, "kind")


def f15(view: View) -> list[Row]:
    rows: list[Row] = []
    for consent in of(view, "ConsentGranted"):
        told = consent.days("valid_until")
        end = told or Days(
            later(consent.earliest, "F14.default_validity"),
            later(consent.latest, "F14.default_validity"),
        )
        withdrawn = consent.day("withdrawn_on")
        newer = facts_after(view, consent, "ConsentGranted")
        rows += settle(
            "F15",
            view,
            consent,
            window_of_lead(consent, end, "F15.lead", own_end=told is not None),
            end.latest,
            followed=[one for one in newer if _renews(one, consent)],
            cancelled=[
                *withdrawals(view, consent),
                *([withdrawn] if withdrawn is not None else []),
                *of_case(since(view, consent, "CaseClosed"), consent),
            ],
        )
    return rows


def f16(view: View) -> list[Row]:
    rows: list[Row] = []
    for trigger in of(view, "ConsentWithdrawn", "ConsentGranted"):
        day = trigger.latest
        if trigger.type == "ConsentGranted":
            withdrawn = trigger.day("withdrawn_on")
            if withdrawn is None or withdrawals(view, trigger):
                continue
            day = max(day, withdrawn)
        if not in_force("F16.response", day):
            continue
        done = _all_told(trigger, _carried_out(view, trigger))
        rows += settle(
            "F16",
            view,
            trigger,
            day,
            later(day, "F16.response"),
            followed=[] if done is None else [done],
        )
    return rows


def _carried_out(view: View, trigger: Told) -> View:
    """The facts that count, in the order of G3."""
    return [
        one
        for one in of(view, "WithdrawalCarriedOut")
        if (same_or_missing(one, trigger, "consent_id") or one.get("consent_id") == trigger.id)
        and _counts_from_withdrawal(one, trigger)
    ]


def _counts_from_withdrawal(one: Told, trigger: Told) -> bool:
    if trigger.type == "ConsentWithdrawn":
        first = trigger.earliest
        if not trigger.dated:
            return before(trigger, one)
    else:
        first = (trigger.days("withdrawn_on") or trigger.own).earliest
    return one.latest >= first if one.dated else before(trigger, one)


def _all_told(trigger: Told, carried_out: View) -> Told | None:
    """The first with which every recipient is named by it or by one before it."""
    missing = set(trigger.get("recipients") or [])
    for one in carried_out:
        missing -= set(one.get("recipients") or missing)
        if not missing:
            return one
    return None


# F17


def f17(view: View) -> list[Row]:
    rows: list[Row] = []
    for trigger in of(view, "AccessRequestReceived"):
        if in_force("F17.response", trigger.latest):
            answers = since(view, trigger, "AccessAnswered")
            rows += settle(
                "F17",
                view,
                trigger,
                trigger.latest,
                _due_of_request(view, trigger),
                followed=[one for one in answers if same_or_missing(one, trigger, "request_id")],
            )
    return rows


def _due_of_request(view: View, trigger: Told) -> date:
    due = next_working_day(later(trigger.latest, "F17.response"))
    most = next_working_day(later(trigger.latest, "F17.extended"))
    extensions = [
        one
        for one in since(view, trigger, "AccessExtended")
        if same_or_missing(one, trigger, "request_id") and counts_on(one, due) <= due
    ]
    if not extensions:
        return due
    until = extensions[-1].day("until") or most
    return min(max(until, due), most)


# F18


@dataclass(frozen=True)
class Hold:
    """The days on which a hold runs."""

    fact: Told
    first: date
    last: date

    def runs(self, day: date) -> bool:
        return self.first <= day <= self.last


def holds(view: View) -> list[Hold]:
    found = [
        Hold(fact, fact.latest, fact.day("until") or date.max)
        for fact in of(view, "RetentionHoldPlaced")
    ]
    return [hold for hold in found if hold.first <= hold.last]


def f18(view: View) -> list[Row]:
    history = case_history(view)
    triggers = [
        fact for fact, _, after in history if fact.type == "CaseClosed" and not living(after)
    ]
    rows: list[Row] = []
    for trigger in triggers:
        reopened = [
            fact
            for fact, cases, after in history
            if fact.type in ("CaseOpened", "CaseResumed")
            and before(trigger, fact)
            and set(active(after)) - set(active(cases))
        ]
        superseded = [one for one in triggers if before(trigger, one)]
        for key, first, last in _free_stretches(view, trigger):
            next_hold = [hold.first for hold in holds(view) if hold.first > first]
            rows += settle(
                "F18",
                view,
                trigger,
                first,
                last,
                key=key,
                cancelled=[*reopened, *([min(next_hold)] if next_hold else [])],
                superseded=superseded,
            )
    return rows


def _free_stretches(view: View, trigger: Told) -> list[tuple[str, date, date]]:
    """Key, first day and ``due_on`` of each stretch of days without a hold."""
    end = date(trigger.latest.year + bound("F18.retention", trigger.latest), 12, 31)
    all_holds = holds(view)
    found: list[tuple[str, date, date]] = []
    if not any(hold.runs(trigger.latest) for hold in all_holds):
        found.append((trigger.id, trigger.latest, end))
    for until in sorted({hold.last for hold in all_holds if hold.last != date.max}):
        first = plus_days(until, 1)
        if until >= trigger.latest and not any(hold.runs(first) for hold in all_holds):
            ended = [hold for hold in all_holds if hold.last == until]
            hold = min(ended, key=lambda one: one.first)
            found.append((f"{trigger.id}+{hold.fact.id}", first, max(end, until)))
    return found


# F19


@dataclass
class Steering:
    """KIM's or another body's: what begins and what ends it."""

    begin: Told
    end: Told | None = None

    @property
    def of_kim(self) -> bool:
        return self.begin.type != "OtherSteeringStarted"


def _same_body(one: Told, other: Told) -> bool:
    return same_or_missing(one, other, "body") and same_or_missing(one, other, "provider")


def steerings(view: View) -> list[Steering]:
    found: list[Steering] = []
    for fact, cases, after in case_history(view):
        running = [one for one in found if one.end is None]
        if active(after) and not active(cases):
            found.append(Steering(fact))
        elif active(cases) and not active(after):
            for one in running:
                one.end = fact if one.of_kim else one.end
        others = [one for one in running if not one.of_kim and _same_body(one.begin, fact)]
        if fact.type == "OtherSteeringStarted" and not others:
            found.append(Steering(fact))
        if fact.type == "OtherSteeringEnded":
            for one in others:
                one.end = fact
    return found


def _settles_lead(conference: Told) -> bool:
    decisions = conference.get("decisions") or []
    return conference.get("lead") is not None or any(
        decision.lower().startswith("federführung") for decision in decisions
    )


def f19(view: View) -> list[Row]:
    rows: list[Row] = []
    found = steerings(view)
    for place, second in enumerate(found):
        for first in found[:place]:
            if first.end is None or before(second.begin, first.end):
                rows += _f19_of(view, first, second)
    return rows


def _f19_of(view: View, first: Steering, second: Steering) -> list[Row]:
    trigger = second.begin
    day = trigger.latest
    ends = [one.end for one in (first, second) if one.end is not None]
    closed = [
        fact
        for fact, _, after in case_history(view)
        if fact.type == "CaseClosed" and before(trigger, fact) and not active(after)
    ]
    conferences = since(view, trigger, "CaseConferenceHeld")
    rows = settle(
        "F19",
        view,
        trigger,
        day,
        plus_days(day, bound("F19.tolerance", day) - 1),
        key=f"{first.begin.id}+{trigger.id}",
        followed=[one for one in ends if one.type == "OtherSteeringEnded"],
        cancelled=[
            *[one for one in ends if one.type != "OtherSteeringEnded"],
            *closed,
            *[one for one in conferences if _settles_lead(one)],
        ],
    )
    return [row for row in rows if row.closes_on is None or row.closes_on > day]


# F20


def _answers_report(decision: Told, report: Told) -> bool:
    if decision.get("report") is not None:
        return decision.get("report") == report.id
    return same_or_missing(decision, report, "code")


def f20(view: View) -> list[Row]:
    rows: list[Row] = []
    for trigger in of(view, "StructuralGapReported"):
        decided = since(view, trigger, "StructuralGapDecided")
        rows += settle(
            "F20",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "F20.response"),
            followed=[one for one in decided if _answers_report(one, trigger)],
            cancelled=of_case(since(view, trigger, "CaseClosed"), trigger),
        )
    return rows


READERS = {
    "F01": f01,
    "F03": f03,
    "F04": f04,
    "F05": f05,
    "F07": f07,
    "F08": f08,
    "F09": f09,
    "F10": f10,
    "F12": f12,
    "F13": f13,
    "F15": f15,
    "F16": f16,
    "F17": f17,
    "F18": f18,
    "F19": f19,
    "F20": f20,
}
