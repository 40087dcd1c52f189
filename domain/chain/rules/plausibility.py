"""Dates that cannot be right: A29, a row about the record and never about the person (cases W33)."""

from collections.abc import Iterator
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import Kind, Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import LEFT, NATURALISED, Draft, Found, Pattern, Refused, Rule
from domain.days import PartialDate
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_ENTRY = "EntryRegistered"
_SUBSEQUENT = "folge"
_ONLY_HERE = (
    "AsylumApplicationFiled",
    "AsylumHearingHeld",
    "AsylumDecisionIssued",
    "TemporaryPermissionIssued",
    "ToleranceIssued",
    "FictionCertificateIssued",
    "AddressRegistered",
    "AddressChanged",
    "CourseStarted",
    "TrainingStarted",
    "EmploymentStarted",
    "WorkPermitRequested",
    "NaturalisationApplied",
)
"""What can happen only to somebody who is in Germany."""

_DECIDED = {
    "AsylumApplicationFiled": ("AsylumDecisionIssued",),
    "TitleApplied": ("TitleRefused",),
    "WorkPermitRequested": ("WorkPermitGranted", "WorkPermitRefused"),
    "RecognitionApplied": ("RecognitionDecided",),
    "FamilyReunificationApplied": ("FamilyReunificationDecided",),
    "NaturalisationApplied": ("NaturalisationApproved", "NaturalisationRefused"),
}
"""Requests, and the decisions on them."""

_DECISIONS = ("TitleGranted", *(name for names in _DECIDED.values() for name in names))
_LATER_DAYS = ("served_on", "final_on")
_TOLD_TWICE = (
    _ENTRY,
    *_ONLY_HERE,
    *_DECISIONS,
    "TitleApplied",
    "TitleShortened",
    "RecognitionApplied",
    "FamilyReunificationApplied",
    "DepartureObligationArisen",
    "MarriageRecorded",
    "PartnershipEnded",
    "EmploymentEnded",
    "EmploymentEndAnnounced",
    "ChildBorn",
    "BenefitGranted",
)
_TRIGGERS = tuple(dict.fromkeys(_TOLD_TWICE))
_RIGHT = Label("nichts spricht gegen das Datum", "nothing speaks against the date")


def _a29(journey: Derived) -> Found:
    found = [
        *_two_dates(journey),
        *_before_the_entry(journey),
        *_before_their_decision(journey),
        *_after_the_decision(journey),
    ]
    yield from found
    facts = journey.view.of(*_TRIGGERS)
    if facts and not found:
        yield Refused(facts[-1], _RIGHT)


def _row(name: str, one: Seen, what: Label, *evidence: Seen) -> Draft:
    return Draft(
        one,
        one.latest,
        None,
        key=f"{name}:{one.id}",
        partial=not one.exact,
        evidence=evidence,
        details=(("what", what),),
    )


def _two_dates(journey: Derived) -> Iterator[Draft]:
    for one in journey.view.of(*_TRIGGERS):
        other = one.day("conflict")
        if other is not None:
            yield _row(
                "two_dates",
                one,
                Label(
                    f"eine zweite Quelle nennt {_written(other)}", f"a second source says {other}"
                ),
            )


def _written(day: PartialDate) -> str:
    """Return a date as Germans write it, as exactly as it is known."""
    return ".".join(reversed(str(day).split("-")))


def _tolerated(journey: Derived, day: date) -> date:
    return plus_days(day, journey.bounds.in_force("A29.tolerance", day).number)


def _before_the_entry(journey: Derived) -> Iterator[Draft]:
    entry = journey.entry
    if entry is None or any(
        left.latest <= entry.days.latest for left in journey.view.of("LeftGermany")
    ):
        return
    for one in journey.view.of(*_ONLY_HERE):
        if one.dated and _tolerated(journey, one.latest) < entry.days.earliest:
            what = Label("es läge vor der Einreise", "it would lie before the entry")
            yield _row("before_entry", one, what, entry.fact)


def _before_their_decision(journey: Derived) -> Iterator[Draft]:
    """Yield the decisions that were served or final before they were made."""
    for one in journey.view.of(*_DECISIONS):
        days = [day for name in _LATER_DAYS if (day := one.latest_of(name)) is not None]
        if one.dated and any(_tolerated(journey, day) < one.earliest for day in days):
            what = Label(
                "die Zustellung oder Bestandskraft läge vor der Entscheidung",
                "it would be served or final before it was decided",
            )
            yield _row("before_decision", one, what)


def _after_the_decision(journey: Derived) -> Iterator[Draft]:
    """Yield the requests that lie after the only decision on them."""
    for request, names in _DECIDED.items():
        requests, decided = journey.view.of(request), journey.view.of(*names)
        if len(requests) != 1 or len(decided) != 1 or not _new(requests[0]):
            continue
        one, decision = requests[0], decided[0]
        dated = one.dated and decision.dated
        if dated and _tolerated(journey, decision.latest) < one.earliest:
            what = Label(
                "es läge nach der Entscheidung darüber", "it would lie after the decision on it"
            )
            yield _row("after_decision", one, what, decision)


def _new(request: Seen) -> bool:
    procedure: str | None = request.get("procedure")
    return procedure != _SUBSEQUENT


A29 = Rule(
    id="A29",
    pattern=Pattern.CONFLICT,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Datum unstimmig", "Date implausible", "Datum prüfen"),
    watches=Label(
        "Ein erfasstes Datum kann so nicht stimmen, oder es gibt zwei.",
        "A recorded date cannot be right as it stands, or there are two.",
    ),
    sentence=Label(
        "Ein {day} erfasstes Ereignis ist zeitlich unstimmig: {what}.",
        "The date of an event recorded {day} does not fit: {what}.",
    ),
    next_step=Label("Datum prüfen und berichtigen", "Check and correct the date"),
    source="Praxisvorgabe (cases W33); Art. 5 Abs. 1 Buchst. d DSGVO",
    severity=Severity.LOW,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("A29.tolerance",),
    triggers=_TRIGGERS,
    missing=("EventCorrected",),
    find=_a29,
    entry=Entry(
        trigger="Four kinds of rows, all of kind data. "
        f"*two_dates*: a fact with `conflict`, of one of the types {', '.join(f'`{one}`' for one in _TRIGGERS)}. "
        f"*before_entry*: a dated fact whose latest day is before the earliest day of the first known entry, of one of the types {', '.join(f'`{one}`' for one in _ONLY_HERE)}; none at all if a `LeftGermany` has its latest day on or before the latest day of that entry. "
        f"*before_decision*: a dated fact whose earliest day is after the latest day of its `served_on` or `final_on`, of one of the types {', '.join(f'`{one}`' for one in _DECISIONS)}. "
        "*after_decision*: a dated request whose earliest day is after the latest day of the dated decision on it, if the journey has exactly one fact of the request's type and exactly one of the decision's types: "
        f"{'; '.join(f'`{request}`: ' + ', '.join(f'`{one}`' for one in names) for request, names in _DECIDED.items())}; an `AsylumApplicationFiled` not with `procedure` folge.",
        window="Open from the trigger's day; `due_on` is null.",
        series="No series. Key: the kind, a colon, and the trigger's id.",
        severity="low.",
        example="`NaturalisationApplied` on 23 October 2018 with `conflict` 2023-10-19 (C54): `two_dates:` and its id, open from 23 October 2018.",
        decided="Both dates are shown; the other rules go by the fact's own date, since a rule that showed two answers would show none. Only what is certain for every possible day is told. A correction or retraction takes the row away by itself. A29.tolerance (0 days) is added to the earlier of the two days.",
    ),
    kind=Kind.DATA,
    ended_by=(NATURALISED, LEFT),
    reasons=(GapReason.DATA_MISSING, GapReason.OTHER),
)
