"""Case steering and data protection: F02, F06, F11, F14."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.counting import counting, same
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import (
    ClosedBy,
    Consequence,
    Kind,
    Responsible,
    Severity,
    Step,
    StepName,
)
from domain.chain.reading import Seen
from domain.chain.rule import Closing, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.cases import STEPS, Moment
from domain.chain.states.consents import Consent
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_IN_OFFICE = Label("jemand ist zuständig", "somebody is in office")
_NOT_ACTIVE = Label("kein Fall ist dadurch aktiv", "no case is active by it")
_REMINDER = Label("Erinnerung an ein offenes Angebot", "reminder of an offer still open")
_LAWFUL = Label("andere Rechtsgrundlage vermerkt", "another legal basis is recorded")
_COLD = Label("keine Daten übergeben", "no data were handed over")
_COVERED = Label("eine gültige Einwilligung deckt sie", "a valid consent covers it")
_STEERING = ("CaseOpened", "CaseResumed", "CaseManagerReleased")


def _f02(journey: Derived) -> Found:
    triggers: list[Moment] = []
    for moment in journey.moments:
        if moment.fact.type not in _STEERING:
            continue
        concerned = _concerned(moment)
        if not concerned:
            yield Refused(moment.fact, _NOT_ACTIVE)
        elif all(moment.manned(case_id) for case_id in concerned):
            yield Refused(moment.fact, _IN_OFFICE)
        else:
            triggers.append(moment)
    for place, moment in enumerate(triggers):
        yield _f02_of(journey, moment.fact, [one.fact for one in triggers[place + 1 :]])


def _concerned(moment: Moment) -> tuple[str | None, ...]:
    """Return the active cases that a beginning or a release concerns."""
    if moment.fact.type != "CaseManagerReleased":
        return moment.began
    case_id = moment.fact.get("case_id")
    return tuple(one for one in moment.active if same(one, case_id))


def _f02_of(journey: Derived, trigger: Seen, following: list[Seen]) -> Draft:
    case_id = trigger.get("case_id")
    assigned = journey.view.after(trigger, "CaseManagerAssigned")
    return Draft(
        trigger,
        trigger.latest,
        after(trigger.latest, journey.bounds.in_force("F02.response", trigger.latest)),
        followed=[one for one in assigned if same(one.get("case_id"), case_id)],
        cancelled=list(_case_left(journey, trigger)),
        superseded=[one for one in following if same(one.get("case_id"), case_id)],
        partial=not trigger.exact,
    )


def _case_left(journey: Derived, trigger: Seen) -> Iterator[Seen]:
    """Yield the suspensions and closings after which the trigger's case is not active."""
    case_id = trigger.get("case_id")
    for moment in journey.moments:
        if moment.fact.rank > trigger.rank and moment.fact.type in ("CaseSuspended", "CaseClosed"):
            left = not moment.active if case_id is None else case_id not in moment.active
            if left:
                yield moment.fact


_CONTACTS = ("AssessmentCompleted", "PlanAgreed", "PlanReviewed")
_TURNING = (*STEPS, "ContactHeld", *_CONTACTS, "AbsenceAbroadRecorded")
_INTENSITY = {"intensiv": "F06.intensive", "begleitung": "F06.accompanied"}


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A contact-free stretch: what begins it, on which day, and which bound holds."""

    begin: Seen
    first: date
    bound: str


def _f06(journey: Derived) -> Found:
    """Walk through the facts that can change a stretch; at most one runs at a time."""
    stretch: _Stretch | None = None
    bound = "F06.other"
    active = False
    moments = {moment.fact.id: moment for moment in journey.moments}
    for one in journey.view.of(*_TURNING):
        moment = moments.get(one.id)
        if one.type == "CaseOpened":
            bound = _INTENSITY.get(one.get("intensity") or "", "F06.other")
        if moment is not None:
            active = bool(moment.active)
        following = _next_stretch(one, moment, stretch, bound) if active else None
        if following is not stretch and stretch is not None:
            yield _f06_of(journey, stretch, one)
        stretch = following
    if stretch is not None:
        yield _f06_of(journey, stretch, None)


def _next_stretch(
    one: Seen, moment: Moment | None, stretch: _Stretch | None, bound: str
) -> _Stretch | None:
    """Return the stretch that runs after a fact, while a case is active."""
    if moment is not None:
        if moment.began and not moment.was_active:
            return _Stretch(one, one.latest, bound)
        return stretch
    if _is_contact(one):
        return _after_contact(one, stretch, bound)
    return _after_absence(one, bound) if one.type == "AbsenceAbroadRecorded" else stretch


def _is_contact(one: Seen) -> bool:
    return one.type in _CONTACTS or (one.type == "ContactHeld" and one.get("no_show") is not True)


def _after_contact(one: Seen, stretch: _Stretch | None, bound: str) -> _Stretch | None:
    """On the first day of a stretch, and before it begins, a contact changes nothing."""
    if stretch is not None and one.latest <= stretch.first:
        return stretch
    return _Stretch(one, one.latest, bound)


def _after_absence(one: Seen, bound: str) -> _Stretch | None:
    until = one.latest_of("until")
    return None if until is None else _Stretch(one, max(plus_days(until, 1), one.latest), bound)


def _f06_of(journey: Derived, stretch: _Stretch, ending: Seen | None) -> Draft:
    one = journey.bounds.in_force(stretch.bound, stretch.first)
    due_on = after(stretch.first, one)
    until = stretch.begin.day("until") if stretch.begin.type == "AbsenceAbroadRecorded" else None
    contact = ending is not None and _is_contact(ending)
    return Draft(
        stretch.begin,
        stretch.first,
        due_on,
        followed=[ending] if ending is not None and contact else [],
        cancelled=[ending] if ending is not None and not contact else [],
        partial=not stretch.begin.exact or (until is not None and until.exact is None),
        steps=(Step(after(due_on, one), StepName.WORSE, Severity.HIGH),),
        undated=lambda told: max(min(told.recorded, due_on), stretch.first),
    )


def _f11(journey: Derived) -> Found:
    offers: list[Seen] = []
    for offer in journey.view.of("HandoverOffered"):
        if any(_unanswered(journey, earlier, offer) for earlier in offers):
            yield Refused(offer, _REMINDER)
            offers.append(offer)
            continue
        offers.append(offer)
        yield Draft(
            offer,
            offer.latest,
            after(offer.latest, journey.bounds.in_force("F11.response", offer.latest)),
            followed=_answers(journey, offer),
            cancelled=_closed_cases(journey, offer),
            partial=not offer.exact,
        )


def _unanswered(journey: Derived, earlier: Seen, offer: Seen) -> bool:
    """Say whether an earlier offer to the same unit is neither answered nor cancelled when one is made."""
    if not same(earlier.get("to"), offer.get("to")):
        return False
    ends = (*_answers(journey, earlier), *_closed_cases(journey, earlier))
    return not any(one.rank < offer.rank for one in ends)


def _answers(journey: Derived, offer: Seen) -> list[Seen]:
    answers = journey.view.of("HandoverAccepted", "HandoverRejected")
    return [one for one in counting(offer, answers) if same(one.get("to"), offer.get("to"))]


def _closed_cases(journey: Derived, offer: Seen) -> list[Seen]:
    closed = counting(offer, journey.view.of("CaseClosed"))
    return [one for one in closed if same(one.get("case_id"), offer.get("case_id"))]


_OTHER_GROUNDS = frozenset({"tintg9", "sgb", "aufenthg88a", "art6_1e"})


def _f14(journey: Derived) -> Found:
    for one in journey.view.of("DataDisclosed", "ServiceLinked"):
        reason = _why_lawful(one, journey.consents)
        if reason is not None:
            yield Refused(one, reason)
            continue
        unclear = any(
            consent.valid_on(one.latest) and consent.might_cover(one)
            for consent in journey.consents
        )
        yield Draft(
            one,
            one.latest,
            plus_days(one.latest, -1),
            closings=[_covered_later(consent) for consent in _later_cover(one, journey.consents)],
            kind=Kind.DATA if unclear else Kind.GAP,
            partial=not one.exact,
            consequence=Consequence("disclosed_without_basis", one.latest),
            undated=lambda told: told.recorded,
        )


def _why_lawful(one: Seen, consents: list[Consent]) -> Label | None:
    if one.type == "ServiceLinked" and one.get("warm_handover") is False:
        return _COLD
    if one.get("legal_basis") in _OTHER_GROUNDS:
        return _LAWFUL
    covered = any(consent.valid_on(one.latest) and consent.covers(one) for consent in consents)
    return _COVERED if covered else None


def _later_cover(one: Seen, consents: list[Consent]) -> list[Consent]:
    """Return the covering consents given after a disclosure that are valid on their own latest day."""
    return [
        consent
        for consent in consents
        if consent.since > one.latest
        and consent.valid_on(consent.fact.latest)
        and consent.covers(one)
    ]


def _covered_later(consent: Consent) -> Closing:
    return Closing(consent.fact.latest, ClosedBy.LATE, consent.fact, consent.fact.unsure_from)


F02 = Rule(
    id="F02",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label("Fall ohne Case Management", "Case without case manager", "ohne CM"),
    watches=Label(
        "Ein aktiver Fall hat seit mehr als fünf Werktagen niemanden, der ihn führt.",
        "An active case has had no manager for over five working days.",
    ),
    sentence=Label(
        "Seit dem {first} führt niemand den Fall; bis zum {due} muss jemand zuständig sein.",
        "Nobody has been in office for the case since {first}; somebody must be by {due}.",
    ),
    next_step=Label("Zuständigkeit klären", "Assign a case manager"),
    source="Praxisvorgabe, fünf Werktage",
    severity=Severity.HIGH,
    responsible=(Responsible.TEAM_LEAD, Responsible.COORDINATION),
    bounds=("F02.response",),
    triggers=_STEERING,
    missing=("CaseManagerAssigned",),
    find=_f02,
    entry=Entry(
        trigger="A fact after which an active case that it concerns (G13) has nobody in office: `CaseOpened` or `CaseResumed` that makes the case active (an active one is neither opened nor resumed again), or `CaseManagerReleased`. Of several such cases one without anybody is enough. *Office*: begins with `CaseManagerAssigned` (also a substitute's, also before the case opens), for its `case_id`, without one for all cases; a case without `case_id` has all offices. `CaseManagerReleased` ends, of the offices whose `case_id` is its own or missing on either side, those with its `cm` (never one without `cm`); without `cm` only the last assigned of them. `CaseClosed` with a `case_id` ends the offices with just that one; if no case is active or suspended after it, every office ends. `CaseSuspended` ends none. All this in the order of G3.",
        window="From the trigger's day through the fifth NRW working day after it (24, 31 December are no holidays).",
        followed_by="`CaseManagerAssigned` after the trigger (G3), with its `case_id` or where either has none.",
        cancelled_by="`CaseSuspended` or `CaseClosed` after the trigger (G3), after which no case with the trigger's `case_id` is active (for a trigger without `case_id`: no case at all).",
        series="Series: the trigger's own `case_id`; a trigger without one belongs to every series.",
        severity="high.",
        example="Opened on 16 April 2025, before Easter: due through 25 April.",
    ),
    ended_by=(),
    reasons=(GapReason.NO_CAPACITY, GapReason.OTHER),
)

F06 = Rule(
    id="F06",
    pattern=Pattern.ABSENCE,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label("Kein Kontakt", "No contact", "kein Kontakt"),
    watches=Label(
        "Ein aktiver Fall ist zu lange ohne Kontakt.",
        "An active case is without contact for too long.",
    ),
    sentence=Label(
        "Kein Kontakt seit dem {first}; der nächste ist bis zum {due} fällig.",
        "No contact since {first}; the next one is due by {due}.",
    ),
    next_step=Label("Kontakt aufnehmen", "Get in touch"),
    source="Praxisvorgabe nach Intensität (30, 60, 90 Tage)",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("F06.other", "F06.accompanied", "F06.intensive"),
    triggers=("CaseOpened", "CaseResumed", "ContactHeld", *_CONTACTS, "AbsenceAbroadRecorded"),
    missing=("ContactHeld",),
    find=_f06,
    entry=Entry(
        trigger="The fact that begins a contact-free stretch: `CaseOpened` or `CaseResumed` when no case was active; a contact; an absence. Contacts are `ContactHeld` unless `no_show` is true, `AssessmentCompleted`, `PlanAgreed`, `PlanReviewed`, while a case is active.",
        window="From the first day of the stretch 30 days (`intensity` of the latest `CaseOpened` intensiv), 60 (begleitung) or 90 (all else).",
        followed_by="The next contact; it begins the next stretch on its latest day. On the first day of a stretch a contact changes nothing.",
        cancelled_by="`CaseSuspended` or `CaseClosed` that leaves no case active; `AbsenceAbroadRecorded`. After it the next stretch begins on the day after `until`, not before the absence's own latest day, and contacts till then begin nothing; without `until` with the next contact. An undated fact, an ending too, closes on its recorded day, at most on `due_on` and not before the stretch's first day (not G5).",
        series="One stretch at a time. Key: the fact that begins it.",
        severity="medium; high from twice the bound.",
        example="Opened on 1 March 2025, begleitung: due through 30 April. Contact on 10 April: the next is due through 9 June.",
    ),
    ended_by=(),
    reasons=(
        GapReason.NO_CAPACITY,
        GapReason.ILLNESS,
        GapReason.MOVED,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
)

F11 = Rule(
    id="F11",
    pattern=Pattern.HANDOVER,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label("Übergabe nicht beantwortet", "Handover not answered", "ohne Antwort"),
    watches=Label(
        "Eine Übergabe ist angeboten und nicht beantwortet.",
        "A handover is offered and not answered.",
    ),
    sentence=Label(
        "Übergabe {day} angeboten; bis zum {due} muss sie angenommen oder abgelehnt sein.",
        "Handover offered {day}; it must be accepted or rejected by {due}.",
    ),
    next_step=Label("Antwort einholen", "Ask for an answer"),
    source="Praxisvorgabe, 14 Tage",
    severity=Severity.HIGH,
    responsible=(Responsible.RECEIVING_UNIT, Responsible.CASE_MANAGER),
    bounds=("F11.response",),
    triggers=("HandoverOffered",),
    missing=("HandoverAccepted", "HandoverRejected"),
    find=_f11,
    entry=Entry(
        trigger="`HandoverOffered`. None for a reminder: an earlier offer with the same `to` is neither answered nor cancelled. A missing `to` fits any, here and below.",
        window="14 days.",
        followed_by="`HandoverAccepted`, `HandoverRejected` with the same `to`.",
        cancelled_by="`CaseClosed` with the same `case_id` (or missing on either side).",
        series="No series; offers run side by side.",
        severity="high.",
    ),
    ended_by=(),
    reasons=(GapReason.NO_CAPACITY, GapReason.WAITING_FOR_AUTHORITY, GapReason.OTHER),
)

F14 = Rule(
    id="F14",
    pattern=Pattern.PRECEDENCE,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label("Keine Einwilligung", "No consent", "Einwilligung"),
    watches=Label(
        "Daten gingen hinaus, ohne dass an diesem Tag eine Einwilligung sie deckte.",
        "Data went out without a consent that covers it on that day.",
    ),
    sentence=Label(
        "Daten gingen {day} hinaus, und keine an diesem Tag gültige Einwilligung deckt Empfänger und Umfang.",
        "Data went out {day}, and no consent valid on that day covers recipient and extent.",
    ),
    next_step=Label("Einwilligung einholen", "Obtain consent"),
    source="Art. 6, 7, 9 DSGVO, § 67b SGB X, § 203 StGB",
    severity=Severity.CRITICAL,
    responsible=(Responsible.CASE_MANAGER, Responsible.DPO),
    bounds=("F14.default_validity",),
    triggers=("DataDisclosed", "ServiceLinked"),
    missing=("ConsentGranted",),
    find=_f14,
    entry=Entry(
        trigger="`DataDisclosed`, or `ServiceLinked` unless `warm_handover` is false; none with `legal_basis` tintg9, sgb, aufenthg88a or art6_1e, or if a consent valid on that day covers it. * *Covers*: `recipient` (if missing `provider`) is in the consent's `recipients`; `field` in `scope_fields` and `data_categories` in `data_categories`, each only where both sides carry it; the consent's `kind` is einwilligung_datenweitergabe, schweigepflichtentbindung or missing, its `direction` send, mutual or missing. * *Valid*: from the earliest day of `ConsentGranted` through `valid_until`, if missing its latest day + 24 months; at most to the day before `withdrawn_on` and before a `ConsentWithdrawn` or `ConsentExpired` after it (latest days). These end the consent that `consent_id` names (its `consent_id` or fact id); without `consent_id` each with a recipient in common, or where either side names none.",
        window="Open from the trigger's day, `due_on` is the day before.",
        followed_by="A covering consent with its earliest day after the trigger's day, valid on its own latest day: `late`, on that day.",
        data_row="No valid consent covers, but one would if recipients were not missing on one side.",
        series="No series.",
        severity="critical.",
        consequence="`disclosed_without_basis`, lasting.",
        example="Withdrawn on 20 February: a link of 19 February is lawful for good, one of 20 February is open from that day.",
    ),
    ended_by=(),
    reasons=(GapReason.DATA_MISSING, GapReason.OTHER),
    consequence=Label(
        "ohne Grundlage übermittelt am {since}", "disclosed without basis on {since}"
    ),
    unknown="recipient",
)
