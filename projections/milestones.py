"""Milestones: single days on a strand, what they tell, and how late they were recorded."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from domain.chain.derived import Derived
from domain.chain.reading import Seen
from domain.chain.states.asylum import positive
from domain.labels import Label, Vocabulary
from domain.vocabulary.education import RecognitionOutcome
from projections.places import strand_of_field
from projections.short import shortened
from projections.strands import Mark, MarkKind, StrandName

_Telling = Callable[[Derived, Seen], tuple[Label, MarkKind] | None]
_REFUSED = frozenset({RecognitionOutcome.REJECTED})


class PlacedMark(NamedTuple):
    """A milestone and the strand on which it stands."""

    strand: StrandName
    mark: Mark


def milestones(derived: Derived, as_of: date) -> Iterator[PlacedMark]:
    """Yield the milestones in the order of their days, announced ones and deadlines included."""
    for one in derived.view.of(*_TOLD):
        told = _TOLD[one.type](derived, one)
        if told is not None:
            label, kind = told
            yield PlacedMark(_strand(one), _mark(one, one.latest, label, kind))
    for one in derived.view.of(*_AHEAD):
        attribute, kind, label = _AHEAD[one.type]
        day = one.latest_of(attribute)
        if day is not None and day > as_of:
            yield PlacedMark(_strand(one), _mark(one, day, label, kind))


def contacts(derived: Derived) -> tuple[date, ...]:
    """Return the days of the consultations that took place, in order."""
    held = derived.view.of("ContactHeld", "AssessmentCompleted", "PlanAgreed", "PlanReviewed")
    return tuple(sorted(one.latest for one in held if one.get("no_show") is not True))


def _mark(one: Seen, day: date, label: Label, kind: MarkKind) -> Mark:
    late = (one.recorded - one.latest).days if one.dated else 0
    return Mark(day, label, kind, one.id, max(late, 0))


def _strand(one: Seen) -> StrandName:
    if one.type in _HANDOVERS and one.get("reason") == "rechtskreis":
        return StrandName.RECHTSKREIS
    return _STRANDS.get(one.type) or strand_of_field(one.fact.about.field)


def _as(kind: MarkKind) -> _Telling:
    """Return a telling by the name of the fact's type."""

    def telling(_: Derived, one: Seen) -> tuple[Label, MarkKind]:
        return one.fact.about.label, kind

    return telling


def _asylum(_: Derived, one: Seen) -> tuple[Label, MarkKind]:
    outcome = one.get("outcome")
    label = shortened(outcome) if isinstance(outcome, Vocabulary) else one.fact.about.label
    return label, MarkKind.REACHED if positive(one) else MarkKind.FAILED


def _test(_: Derived, one: Seen) -> tuple[Label, MarkKind]:
    level = one.get("result")
    if not isinstance(level, Vocabulary):
        return one.fact.about.label, MarkKind.REACHED
    reached = Label(f"{level.label.de} erreicht", f"{level.label.en} reached", level.label.de[:14])
    return reached, MarkKind.REACHED


def _civics(_: Derived, one: Seen) -> tuple[Label, MarkKind]:
    failed = one.get("passed_ok") is False
    return one.fact.about.label, MarkKind.FAILED if failed else MarkKind.REACHED


def _recognition(_: Derived, one: Seen) -> tuple[Label, MarkKind]:
    outcome = one.get("outcome")
    label = shortened(outcome) if isinstance(outcome, Vocabulary) else one.fact.about.label
    return label, MarkKind.FAILED if outcome in _REFUSED else MarkKind.REACHED


def _handover(derived: Derived, one: Seen) -> tuple[Label, MarkKind]:
    to = one.get("to")
    label = one.fact.about.label
    if to:
        label = Label(f"Übergabe an {to}", f"handover to {to}", "Übergabe")
    answers = derived.view.after(one, "HandoverAccepted", "HandoverRejected")
    answer = next((other for other in answers if other.get("to") in (to, None) or to is None), None)
    accepted = answer is not None and answer.type == "HandoverAccepted"
    return label, MarkKind.HANDOVER if accepted else MarkKind.BROKEN


_HANDOVERS = frozenset({"HandoverOffered"})
_REACHED = (
    "EntryRegistered",
    "AsylumApplicationFiled",
    "TitleApplied",
    "IdentityClarified",
    "PassportIssued",
    "RechtskreisChangeTriggered",
    "BenefitApplied",
    "FirstContactRecorded",
    "CourseEntitlementIssued",
    "VocationalLanguageEntitlementIssued",
    "CourseRegistered",
    "IntegrationCourseCertificateIssued",
    "QualificationReported",
    "TrainingContractSigned",
    "TrainingCompleted",
    "StudyCompleted",
    "SearchPeriodGranted",
    "JobSeekerRegistered",
    "UnemploymentRegistered",
    "LivelihoodSecured",
    "ChildBorn",
    "AbsenceAbroadRecorded",
    "LeftGermany",
    "NaturalisationAdvised",
    "NaturalisationAssuranceGranted",
    "NaturalisationApproved",
    "NaturalisationCertificateHandedOver",
)
_FAILED = (
    "TitleRefused",
    "TitleRevoked",
    "TitleShortened",
    "ProtectionRevoked",
    "BenefitRefused",
    "CourseAdmissionRefused",
    "CourseNotRealised",
    "CourseAborted",
    "VocationalCourseAborted",
    "TrainingAborted",
    "TrainingFinallyFailed",
    "NaturalisationRefused",
)
_TOLD: Mapping[str, _Telling] = {
    **dict.fromkeys(_REACHED, _as(MarkKind.REACHED)),
    **dict.fromkeys(_FAILED, _as(MarkKind.FAILED)),
    "AsylumDecisionIssued": _asylum,
    "LanguageTestTaken": _test,
    "CivicsTestTaken": _civics,
    "RecognitionDecided": _recognition,
    "HandoverOffered": _handover,
}
_STRANDS = {
    "LeftGermany": StrandName.AUFENTHALT,
    "AddressChanged": StrandName.WOHNEN,
}
_AHEAD: Mapping[str, tuple[str, MarkKind, Label]] = {
    "CourseStartAnnounced": (
        "new_start",
        MarkKind.PLANNED,
        Label("Kursbeginn angekündigt", "course start announced", "Kursbeginn"),
    ),
    "TrainingContractSigned": (
        "start",
        MarkKind.PLANNED,
        Label("Ausbildungsbeginn", "start of training", "Ausb.-Beginn"),
    ),
    "PlanAgreed": (
        "next_review",
        MarkKind.PLANNED,
        Label("Überprüfung des Plans", "review of the plan", "Planprüfung"),
    ),
    "IdentityDocumentsRequested": (
        "due",
        MarkKind.DEADLINE,
        Label("Frist für Identitätsnachweise", "documents due", "Frist"),
    ),
    "NaturalisationAssuranceGranted": (
        "valid_until",
        MarkKind.DEADLINE,
        Label("Zusicherung gilt bis", "assurance valid until", "Zusicherung"),
    ),
}
