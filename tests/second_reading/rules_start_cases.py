"""Case management and consent: F02, F06, F11, F14."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from tests.second_reading.basis import (
    Cases,
    Row,
    Told,
    View,
    active,
    before,
    case_history,
    counts_on,
    facts_after,
    facts_before,
    later,
    living,
    of,
    plus_days,
    same_or_missing,
    settle,
    since,
)

# F02


@dataclass(frozen=True)
class Office:
    """A case manager's office for a case (None: for every case)."""

    case_id: str | None
    cm: str | None


def case_is_active(cases: Cases, case_id: str | None) -> bool:
    """Is the case of a fact active? Without ``case_id``: any case."""
    if case_id is None:
        return bool(active(cases))
    return "active" in (cases.get(case_id), cases.get(None))


def offices_after(offices: list[Office], fact: Told, after: Cases) -> list[Office]:
    if fact.type == "CaseManagerAssigned":
        return [*offices, Office(fact.get("case_id"), fact.get("cm"))]
    if fact.type == "CaseManagerReleased":
        return _released(offices, fact)
    if fact.type == "CaseClosed":
        if not living(after):
            return []
        return [office for office in offices if office.case_id != fact.get("case_id")]
    return offices


def _released(offices: list[Office], release: Told) -> list[Office]:
    """Those of ``cm``, without ``cm`` the last assigned; of another case none."""
    named = release.get("case_id")
    of_case = [one for one in offices if named is None or one.case_id in (named, None)]
    if release.get("cm") is None:
        ended = of_case[-1:]
    else:
        ended = [one for one in of_case if one.cm == release.get("cm")]
    return [one for one in offices if not any(one is other for other in ended)]


def _cases_asked(fact: Told, cases: Cases, after: Cases) -> list[str | None]:
    """The cases for which the fact asks who manages them from now on."""
    named = fact.get("case_id")
    if fact.type == "CaseOpened" or (fact.type == "CaseResumed" and named is not None):
        return [] if cases.get(named) == "active" else [named]
    if fact.type == "CaseResumed":
        return [case for case in active(after) if cases.get(case) != "active"]
    if fact.type == "CaseManagerReleased":
        return [case for case in active(after) if named is None or case in (named, None)]
    return []


def _in_office(offices: list[Office], case: str | None) -> bool:
    return any(case is None or office.case_id in (case, None) for office in offices)


def f02_triggers(view: View) -> View:
    offices: list[Office] = []
    triggers = []
    for fact, cases, after in case_history(view):
        offices = offices_after(offices, fact, after)
        asked = _cases_asked(fact, cases, after)
        if any(not _in_office(offices, case) for case in asked):
            triggers.append(fact)
    return triggers


def f02(view: View) -> list[Row]:
    triggers = f02_triggers(view)
    rows: list[Row] = []
    for trigger in triggers:
        ended = [
            fact
            for fact, _, after in case_history(view)
            if fact.type in ("CaseSuspended", "CaseClosed")
            and before(trigger, fact)
            and not case_is_active(after, trigger.get("case_id"))
        ]
        assigned = facts_after(view, trigger, "CaseManagerAssigned")
        rows += settle(
            "F02",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "F02.response"),
            followed=[one for one in assigned if same_or_missing(one, trigger, "case_id")],
            cancelled=ended,
            superseded=[
                one
                for one in triggers
                if before(trigger, one) and same_or_missing(one, trigger, "case_id")
            ],
        )
    return rows


# F06

CONTACTS = ("ContactHeld", "AssessmentCompleted", "PlanAgreed", "PlanReviewed")
INTENSITY = {"intensiv": "F06.intensive", "begleitung": "F06.accompanied"}


@dataclass
class Stretch:
    """A contact-free stretch: the fact that begins it and its first day."""

    fact: Told
    first: date
    closing: Told | None = None
    followed: bool = False


def _is_contact(fact: Told) -> bool:
    return fact.type in CONTACTS and not (
        fact.type == "ContactHeld" and fact.get("no_show") is True
    )


def _after_absence(absence: Told) -> Stretch | None:
    until = absence.day("until")
    if until is None:
        return None
    return Stretch(absence, max(plus_days(until, 1), absence.latest))


def stretches(view: View) -> list[Stretch]:
    found: list[Stretch] = []
    running: Stretch | None = None
    for fact, cases, after in case_history(view):
        follower: Stretch | None = None
        if not active(after):
            ends = bool(active(cases))
        elif not active(cases):
            ends, follower = True, Stretch(fact, fact.latest)
        elif fact.type == "AbsenceAbroadRecorded":
            ends, follower = True, _after_absence(fact)
        else:
            ends = _is_contact(fact) and (running is None or fact.latest > running.first)
            follower = Stretch(fact, fact.latest) if ends else None
        if not ends:
            continue
        if running is not None:
            running.closing = fact
            running.followed = _is_contact(fact)
        running = follower
        if follower is not None:
            found.append(follower)
    return found


def f06(view: View) -> list[Row]:
    rows: list[Row] = []
    for stretch in stretches(view):
        opened = [one for one in of(view, "CaseOpened") if one.rank <= stretch.fact.rank]
        intensity = opened[-1].get("intensity") if opened else None
        due = later(stretch.first, INTENSITY.get(intensity, "F06.other"))
        day_of = partial(_closing_day, stretch.first, due)
        days = [] if stretch.closing is None else [day_of(stretch.closing)]
        rows += settle(
            "F06",
            view,
            stretch.fact,
            stretch.first,
            due,
            followed=days if stretch.followed else [],
            cancelled=[] if stretch.followed else days,
            ending_on=day_of,
        )
    return rows


def _closing_day(first: date, due: date, closing: Told) -> date:
    if closing.dated:
        return counts_on(closing, due)
    return max(first, min(closing.latest, due))


# F11


def f11(view: View) -> list[Row]:
    rows: list[Row] = []
    for offer in of(view, "HandoverOffered"):
        if not _is_reminder(view, offer):
            rows += settle(
                "F11",
                view,
                offer,
                offer.latest,
                later(offer.latest, "F11.response"),
                followed=_answers(view, offer),
                cancelled=_case_ends(view, offer),
            )
    return rows


def _answers(view: View, offer: Told) -> View:
    answers = since(view, offer, "HandoverAccepted", "HandoverRejected")
    return [one for one in answers if same_or_missing(one, offer, "to")]


def _case_ends(view: View, offer: Told) -> View:
    ends = since(view, offer, "CaseClosed")
    return [one for one in ends if same_or_missing(one, offer, "case_id")]


def _is_reminder(view: View, offer: Told) -> bool:
    return any(
        same_or_missing(earlier, offer, "to")
        and not any(
            before(one, offer) for one in _answers(view, earlier) + _case_ends(view, earlier)
        )
        for earlier in facts_before(view, offer, "HandoverOffered")
    )


# F14

OTHER_BASES = ("tintg9", "sgb", "aufenthg88a", "art6_1e")
CONSENT_KINDS = ("einwilligung_datenweitergabe", "schweigepflichtentbindung", None)


def _recipient(fact: Told) -> str | None:
    return fact.get("recipient") or fact.get("provider")


def _covers_apart_from_recipient(consent: Told, trigger: Told) -> bool:
    field, fields = trigger.get("field"), consent.get("scope_fields")
    sent, allowed = trigger.get("data_categories"), consent.get("data_categories")
    return (
        consent.get("kind") in CONSENT_KINDS
        and consent.get("direction") in ("send", "mutual", None)
        and (not field or not fields or field in fields)
        and (not sent or not allowed or set(sent) <= set(allowed))
    )


def _covers(consent: Told, trigger: Told) -> bool:
    recipients = consent.get("recipients") or []
    return _covers_apart_from_recipient(consent, trigger) and _recipient(trigger) in recipients


def _perhaps_covers(consent: Told, trigger: Told) -> bool:
    untold = None in (consent.get("recipients"), _recipient(trigger))
    return untold and _covers_apart_from_recipient(consent, trigger)


def _ends_consent(consent: Told, ending: Told) -> bool:
    named = ending.get("consent_id")
    if named is not None:
        return named in (consent.get("consent_id"), consent.id)
    mine, theirs = consent.get("recipients") or [], ending.get("recipients") or []
    return not mine or not theirs or bool(set(mine) & set(theirs))


def last_valid_day(view: View, consent: Told) -> date:
    last = consent.day("valid_until") or later(consent.latest, "F14.default_validity")
    ends = [
        one.latest
        for one in facts_after(view, consent, "ConsentWithdrawn", "ConsentExpired")
        if _ends_consent(consent, one)
    ]
    withdrawn = consent.day("withdrawn_on")
    if withdrawn is not None:
        ends.append(withdrawn)
    return min([last, *(plus_days(day, -1) for day in ends)])


def _valid(view: View, consent: Told, day: date) -> bool:
    return consent.earliest <= day <= last_valid_day(view, consent)


def f14(view: View) -> list[Row]:
    rows: list[Row] = []
    for trigger in of(view, "DataDisclosed", "ServiceLinked"):
        if trigger.type == "ServiceLinked" and trigger.get("warm_handover") is False:
            continue
        if trigger.get("legal_basis") not in OTHER_BASES:
            rows += _f14_of(view, trigger)
    return rows


def _f14_of(view: View, trigger: Told) -> list[Row]:
    day = trigger.latest
    consents = of(view, "ConsentGranted")
    valid = [one for one in consents if _valid(view, one, day)]
    if any(_covers(one, trigger) for one in valid):
        return []
    perhaps = any(_perhaps_covers(one, trigger) for one in valid)
    followed = [
        one.latest
        for one in consents
        if _covers(one, trigger) and one.earliest > day and _valid(view, one, one.latest)
    ]
    return settle(
        "F14",
        view,
        trigger,
        day,
        plus_days(day, -1),
        kind="data" if perhaps else "gap",
        followed=followed,
    )


READERS = {"F02": f02, "F06": f06, "F11": f11, "F14": f14}
