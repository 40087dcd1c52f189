"""Late, refused, and won in court: A24 (late application, W01), A25 (refused, W03), A27 (court order, W24)."""

from collections.abc import Iterator

from domain.chain.calendar import working_day_from
from domain.chain.counting import Range, counting, range_of
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import ClosedBy, Responsible, Severity, State, Step, StepName
from domain.chain.reading import Seen
from domain.chain.rule import LEFT, NATURALISED, Closing, Draft, Found, Pattern, Refused, Rule
from domain.chain.rules.titles import run_out
from domain.chain.states.asylum import positive
from domain.chain.windows import after, lead_start
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_ENDINGS = (NATURALISED, LEFT)
_NOT_LATE = Label(
    "an diesem Tag war kein Titel ohne Antrag abgelaufen",
    "on that day no title had run out without an application",
)
_INACTION = "untaetigkeit"


def _a24(journey: Derived) -> Found:
    triggers = []
    for one in journey.view.of("TitleApplied"):
        if _is_late(journey, one):
            triggers.append(one)
        else:
            yield Refused(one, _NOT_LATE)
    for place, one in enumerate(triggers):
        yield _a24_of(journey, one, triggers[place + 1 :])


def _is_late(journey: Derived, application: Seen) -> bool:
    """Say whether A02 of the latest title before an application is open on its day."""
    title = journey.titles.before(application)
    instance = None if title is None else run_out(journey, title)
    return instance is not None and instance.state(application.latest) is State.OPEN


def _a24_of(journey: Derived, application: Seen, later: list[Seen]) -> Draft:
    view = journey.view
    response = journey.bounds.in_force("A24.response", application.latest)
    decided = [one for one in view.of("AsylumDecisionIssued") if positive(one)]
    granted = view.of("ContinuationOrdered", "TitleGranted", "RightOfFreeMovementRecorded")
    otherwise = view.of("TitleRefused", "ToleranceIssued", "TemporaryPermissionIssued")
    title = journey.titles.before(application)
    return Draft(
        application,
        application.latest,
        after(application.latest, response),
        followed=counting(application, [*granted, *decided]),
        cancelled=counting(application, otherwise),
        superseded=later,
        partial=not application.exact,
        evidence=() if title is None else (title.grant,),
    )


def _a25(journey: Derived) -> Found:
    refused = journey.view.of("TitleRefused")
    for place, one in enumerate(refused):
        yield _a25_of(journey, one, refused[place + 1 :])


def _a25_of(journey: Derived, refusal: Seen, later: list[Seen]) -> Draft:
    view = journey.view
    served = _served(journey, refusal)
    term = journey.bounds.in_force("A25.appeal", served.latest)
    due_on = working_day_from(after(served.latest, term))
    urgent = lead_start(due_on, journey.bounds.in_force("A25.urgent", refusal.latest))
    appeals = [one for one in counting(refusal, view.of("AppealFiled")) if _fights(one, refusal)]
    tolerated = counting(refusal, view.of("ToleranceIssued"))
    return Draft(
        refusal,
        refusal.latest,
        due_on,
        followed=[*appeals, *tolerated],
        cancelled=counting(refusal, _undone(journey, refusal)),
        superseded=later,
        closings=[
            Closing(min(one.latest, due_on), ClosedBy.IN_TIME, one, one.unsure_from)
            for one in counting(refusal, view.of("AppealDecided"))
            if _fights(one, refusal)
        ],
        partial=not (refusal.exact and served.exact),
        steps=(Step(max(refusal.latest, urgent), StepName.URGENT),),
    )


def _served(journey: Derived, refusal: Seen) -> Range:
    """Return the days of service: as told, else some days after the decision."""
    told = range_of(refusal.day("served_on"))
    if told is not None:
        return told
    return Range(
        *(
            after(day, journey.bounds.in_force("A25.service", day))
            for day in (refusal.earliest, refusal.latest)
        )
    )


def _fights(one: Seen, refusal: Seen) -> bool:
    """Say whether a remedy is against a refusal, as far as is told; one for inaction never is."""
    against = one.get("against") in (None, refusal.type, refusal.id)
    return against and one.get("kind") != _INACTION


def _undone(journey: Derived, refusal: Seen) -> Iterator[Seen]:
    view = journey.view
    yield from view.of("TitleGranted", "RightOfFreeMovementRecorded")
    for one in view.of("DecisionAnnulledRetroactively"):
        if one.get("target") == refusal.id:
            yield one


_RESIDENCE = (
    "TitleGranted",
    "TitleRefused",
    "FictionCertificateIssued",
    "ContinuationOrdered",
    "ToleranceIssued",
    "ToleranceRefused",
    "TemporaryPermissionIssued",
    "TravelDocumentIssued",
    "ResidenceObligationLifted",
    "WorkPermitGranted",
    "WorkPermitRefused",
)
_NATURALISATION = (
    "NaturalisationAssuranceGranted",
    "NaturalisationApproved",
    "NaturalisationRefused",
    "NaturalisationCertificateHandedOver",
)
_ASYLUM_AND_COURSES = (
    "AsylumDecisionIssued",
    "CourseEntitlementIssued",
    "CourseAdmissionRefused",
    "FeeExemptionGranted",
    "FeeRefundGranted",
    "FeeRefundRefused",
    "RepetitionGranted",
)
_BENEFITS = ("BenefitGranted", "BenefitExtended", "BenefitRefused")
_YOUTH = (*_BENEFITS, "HelpContinued", "ChildcarePlaceOffered", "ChildcareStarted")
_RECOGNITION = ("RecognitionDecided", "ProfessionalLicenceGranted")
_SCHOOL = ("SchoolStarted", "SchoolExemptionGranted")
_ACTS = {
    "abh": _RESIDENCE,
    "ebh": _NATURALISATION,
    "bamf": _ASYLUM_AND_COURSES,
    "sozialamt": _BENEFITS,
    "jobcenter": (*_BENEFITS, "CourseEntitlementIssued"),
    "employment_agency": (*_BENEFITS, "VocationalLanguageEntitlementIssued"),
    "jugendamt": _YOUTH,
    "chamber": _RECOGNITION,
    "school": _SCHOOL,
}
_ANY_ACT = tuple(dict.fromkeys(name for acts in _ACTS.values() for name in acts))


def _a27(journey: Derived) -> Found:
    for order in journey.view.of("CourtOrderIssued"):
        addressee = order.get("addressee")
        told = range_of(order.day("due"))
        served = range_of(order.day("served_on")) or Range(order.earliest, order.latest)
        response = journey.bounds.in_force("A27.response", order.latest)
        reversed_ = [
            one
            for one in journey.view.of("AppealDecided")
            if one.get("against") == order.id and one.get("outcome") in ("granted", "reversed")
        ]
        yield Draft(
            order,
            order.latest,
            after(served.latest, response) if told is None else told.latest,
            followed=counting(order, journey.view.of(*_ACTS.get(addressee, _ANY_ACT))),
            cancelled=counting(order, reversed_),
            partial=not (order.exact and (told or served).exact),
            responsible=_office(addressee),
        )


def _office(addressee: str | None) -> tuple[Responsible, ...]:
    """Return who has to act: the office that the court obliges, if it is one that the chain knows."""
    offices = [one for one in Responsible if one.value == addressee]
    return (*offices, Responsible.CASE_MANAGER)


A24 = Rule(
    id="A24",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Verspätet beantragt", "Applied for too late", "Zu spät"),
    watches=Label(
        "Der Titel war beim Antrag schon abgelaufen; nur eine Fortgeltungsanordnung oder der neue Titel hilft.",
        "The title had run out when it was applied for; only an order of continuation or the new title helps.",
    ),
    sentence=Label(
        "Beantragt {day}, nach dem Ende des Titels: keine Fiktion. Bis zum {due} ist die Fortgeltung nach § 81 Abs. 4 S. 3 zu klären.",
        "Applied for {day}, after the title's end: no Fiktion. Continuation under § 81(4) s. 3 is to be settled by {due}.",
    ),
    next_step=Label(
        "Fortgeltung nach § 81 Abs. 4 S. 3 beantragen, Rechtsrat einholen",
        "Ask for continuation under § 81(4) s. 3, take legal advice",
    ),
    source="§ 81 Abs. 4 S. 3 AufenthG; Frist Praxisvorgabe",
    severity=Severity.CRITICAL,
    responsible=(Responsible.ABH, Responsible.CASE_MANAGER),
    bounds=("A24.response",),
    triggers=("TitleApplied",),
    missing=("ContinuationOrdered", "TitleGranted"),
    find=_a24,
    entry=Entry(
        trigger="`TitleApplied` on whose day A02 of the latest title before it is open.",
        window="14 days.",
        followed_by="`ContinuationOrdered`, `TitleGranted`, `RightOfFreeMovementRecorded`, a positive decision.",
        cancelled_by="`TitleRefused` (A25 goes on), `ToleranceIssued`, `TemporaryPermissionIssued`.",
        severity="critical.",
        example="Title to 31 March 2020, applied for on 3 April: A02 open from 1 April, A24 due through 17 April, open from 18 April.",
        decided="No bound is told (cases W01); 14 days, as for other answers of the office. A02 stays open beside it: the late application mends nothing.",
    ),
    ended_by=_ENDINGS,
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.NOT_INFORMED, GapReason.OTHER),
)

A25 = Rule(
    id="A25",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Titel abgelehnt, kein Rechtsbehelf", "Title refused, no appeal", "Klagefrist"),
    watches=Label(
        "Ein Titel ist abgelehnt; die Frist für den Rechtsbehelf läuft, und eine Duldung ist nicht da.",
        "A title is refused; the time for appeal runs and there is no Duldung.",
    ),
    sentence=Label(
        "Abgelehnt {day}; ein Rechtsbehelf ist bis zum {due} einzulegen, oder eine Duldung wird gebraucht.",
        "Refused {day}; an appeal is to be filed by {due}, or a Duldung is needed.",
    ),
    next_step=Label("Rechtsrat einholen, Rechtsbehelf prüfen", "Take legal advice on an appeal"),
    source="§ 74 VwGO; § 60a Abs. 4 AufenthG",
    severity=Severity.CRITICAL,
    responsible=(Responsible.CLIENT, Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("A25.appeal", "A25.service", "A25.urgent"),
    triggers=("TitleRefused",),
    missing=("AppealFiled", "ToleranceIssued"),
    find=_a25,
    entry=Entry(
        trigger="`TitleRefused`.",
        window="From its day through one month from `served_on`, if missing from its day + 3 days (of 2025 and later: + 4, each possible day by its own law), with § 193 BGB.",
        followed_by="`AppealFiled` with `against` missing, `TitleRefused` or the refusal's id, unless `kind` is untaetigkeit; `ToleranceIssued`. An `AppealDecided` that fits likewise proves an appeal in time: `in_time`, on its latest day, at most on `due_on`.",
        cancelled_by="`TitleGranted`, `RightOfFreeMovementRecorded`, `DecisionAnnulledRetroactively` with the refusal as `target`.",
        series="The next `TitleRefused` supersedes.",
        severity="critical; urgent from 7 days before the due day.",
        example="Refused on 17 August 2021, served on 20 August: due through Monday 20 September 2021.",
        decided="Service as in D 11, since W03 tells only the month. Critical: the time for appeal is lost within days and for good.",
    ),
    ended_by=_ENDINGS,
    reasons=(
        GapReason.NOT_INFORMED,
        GapReason.ILLNESS,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
)

A27 = Rule(
    id="A27",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.AUFENTHALT,
    label=Label(
        "Gericht verpflichtet, Behörde säumig", "Court order not carried out", "Urteil offen"
    ),
    watches=Label(
        "Ein Gericht hat eine Stelle verpflichtet, und sie hat noch nicht gehandelt.",
        "A court has obliged an office and it has not acted yet.",
    ),
    sentence=Label(
        "Ein Gericht hat {day} eine Stelle verpflichtet; bis zum {due} soll sie gehandelt haben.",
        "A court obliged an office {day}; it should have acted by {due}.",
    ),
    next_step=Label("Umsetzung anmahnen", "Ask for it to be carried out"),
    source="Praxisvorgabe, 60 Tage (Fälle W24)",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("A27.response",),
    triggers=("CourtOrderIssued",),
    missing=_ANY_ACT,
    find=_a27,
    entry=Entry(
        trigger="`CourtOrderIssued`.",
        window="From its day through `due`, if missing 60 days from `served_on`, if missing from its day.",
        followed_by="An act of the office that `addressee` names. "
        + " ".join(
            f"{name}: {', '.join(f'`{one}`' for one in acts)}." for name, acts in _ACTS.items()
        )
        + " Any other `addressee`, or none: any of all these.",
        cancelled_by="`AppealDecided` with the order's id as `against` and `outcome` granted or reversed.",
        series="No series: orders run side by side.",
        severity="high.",
        example="Order of 3 March 2025 to the naturalisation office: due through 2 May; only its own act closes it.",
        decided="The judgment that obliges is no act (cases W24). `duty` is free text, so any act of the obliged office counts.",
    ),
    ended_by=_ENDINGS,
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.NO_CAPACITY, GapReason.OTHER),
)
