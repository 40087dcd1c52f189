"""The status of every field of action: where the person stands, and since when (reference 2.2)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.chain.derived import Derived
from domain.chain.reading import Seen, Told
from domain.chain.spans import Span, without
from domain.chain.states.livelihood import PAYS_NOTHING
from domain.fields import Handlungsfeld
from domain.labels import Vocabulary
from domain.vocabulary.benefits import Rechtskreis
from domain.vocabulary.education import RecognitionOutcome
from domain.vocabulary.language import Cefr, CourseKind
from domain.vocabulary.residence import TitleWork, WorkNote
from projections.field_states import (
    CounsellingState,
    EducationState,
    LanguageState,
    NaturalisationState,
    Orientation,
    RecognitionState,
    Residence,
    TrainingState,
    WorkState,
)
from projections.history import NOTHING, History, history, remember
from projections.phases import Change, Choice, Phase, by_facts, by_stretches, phases_of
from projections.projection import Column, ColumnType, Projection, Row
from projections.strands import StrandName
from projections.stretches.benefits import benefits
from projections.stretches.counselling import counselling
from projections.stretches.living import family, housing
from projections.stretches.residence import residence
from projections.stretches.stretch import Stretch
from projections.stretches.work import work

_LEVELS = {
    Cefr.PRE_A1: LanguageState.TESTED_BELOW,
    Cefr.A1: LanguageState.TESTED_BELOW,
    Cefr.A2: LanguageState.A2,
    Cefr.B1: LanguageState.B1,
    Cefr.B2: LanguageState.B2,
    Cefr.C1: LanguageState.C1,
    Cefr.C2: LanguageState.C1,
}
_LANGUAGE: Mapping[str, LanguageState | None] = {
    "CourseEntitlementIssued": LanguageState.ENTITLED,
    "VocationalLanguageEntitlementIssued": LanguageState.ENTITLED,
    "CourseAdmissionRefused": LanguageState.NO_ACCESS,
    "CourseRegistered": LanguageState.REGISTERED,
    "VocationalCourseRegistered": LanguageState.REGISTERED,
    "CourseStartAnnounced": LanguageState.WAITING,
    "CourseNotRealised": LanguageState.WAITING,
    "CourseStarted": LanguageState.RUNNING,
    "CourseResumed": LanguageState.RUNNING,
    "CourseInterrupted": LanguageState.INTERRUPTED,
    "VocationalCourseStarted": LanguageState.VOCATIONAL_RUNNING,
    "CourseCompleted": None,
    "CourseAborted": None,
    "VocationalCourseCompleted": None,
    "VocationalCourseAborted": None,
    "LanguageTestTaken": None,
    "IntegrationCourseCertificateIssued": None,
}
_RECOGNITION = {
    RecognitionOutcome.FULL: RecognitionState.FULL,
    RecognitionOutcome.PARTIAL: RecognitionState.PARTIAL,
    RecognitionOutcome.COMPENSATION_REQUIRED: RecognitionState.COMPENSATING,
    RecognitionOutcome.REJECTED: RecognitionState.REJECTED,
    RecognitionOutcome.ZAB_STATEMENT: RecognitionState.ASSESSED,
    RecognitionOutcome.DIGITAL_INFO_18G: RecognitionState.ASSESSED,
}
_WORK_NOTES: Mapping[object, WorkState] = {
    WorkNote.FORBIDDEN: WorkState.NOT_ALLOWED,
    WorkNote.BY_PERMIT: WorkState.PERMIT_POSSIBLE,
    WorkNote.ALLOWED: WorkState.PERMITTED,
    TitleWork.NONE: WorkState.NOT_ALLOWED,
    TitleWork.CERTAIN: WorkState.PERMIT_POSSIBLE,
    TitleWork.UNRESTRICTED: WorkState.PERMITTED,
}
_LASTING = frozenset({Residence.PERMANENT, Residence.GERMAN, Residence.FREE_MOVEMENT})


def _first_course(one: Seen) -> Vocabulary | None:
    return Orientation.RUNNING if one.get("kind") is CourseKind.EOK else None


def _recognised(one: Seen) -> Vocabulary | None:
    return _RECOGNITION.get(one.get("outcome"))


def _own_school(one: Seen) -> Vocabulary | None:
    if one.get("child_ref") is not None:
        return None
    return EducationState.SCHOOL if one.type == "SchoolStarted" else EducationState.LEFT


def _applied(one: Seen) -> Vocabulary:
    missing = one.get("complete") is False
    return NaturalisationState.DOCUMENTS_MISSING if missing else NaturalisationState.APPLIED


_BY_FACTS: Mapping[Handlungsfeld, Mapping[str, Choice]] = {
    Handlungsfeld.ERSTORIENTIERUNG: {
        "JourneyStarted": Orientation.OPEN,
        "FirstContactRecorded": Orientation.ADVISED,
        "CaseOpened": Orientation.ADVISED,
        "CourseStarted": _first_course,
        "AssessmentCompleted": Orientation.DONE,
        "PlanAgreed": Orientation.DONE,
    },
    Handlungsfeld.BILDUNG: {
        "SchoolStarted": _own_school,
        "SchoolLeft": _own_school,
        "StudyAdmitted": EducationState.STUDY,
        "StudyCompleted": EducationState.HIGHER,
        "StudyEnded": EducationState.LEFT,
    },
    Handlungsfeld.ANERKENNUNG: {
        "QualificationReported": RecognitionState.QUALIFIED,
        "RecognitionApplied": RecognitionState.APPLIED,
        "RecognitionDecided": _recognised,
    },
    Handlungsfeld.AUSBILDUNG: {
        "BridgingMeasureStarted": TrainingState.BRIDGING,
        "TrainingContractSigned": TrainingState.CONTRACTED,
        "TrainingStarted": TrainingState.RUNNING,
        "TrainingInterrupted": TrainingState.INTERRUPTED,
        "TrainingAborted": TrainingState.ABORTED,
        "SearchPeriodGranted": TrainingState.SEARCHING,
        "TrainingCompleted": TrainingState.COMPLETED,
        "TrainingFinallyFailed": TrainingState.FAILED,
    },
    Handlungsfeld.EINBUERGERUNG: {
        "NaturalisationAdvised": NaturalisationState.ADVISED,
        "PrecheckCompleted": NaturalisationState.ADVISED,
        "NaturalisationApplied": _applied,
        "NaturalisationAssuranceGranted": NaturalisationState.ASSURANCE,
        "NaturalisationRefused": NaturalisationState.REJECTED,
        "NaturalisationApproved": NaturalisationState.GRANTED,
        "NaturalisationCertificateHandedOver": NaturalisationState.HANDED_OVER,
    },
}


@dataclass(frozen=True, slots=True)
class FieldStatus:
    """Where a field stands on a day; without a state nothing is known of it."""

    field: Handlungsfeld
    state: Vocabulary | None = None
    since: date | None = None
    refs: tuple[str, ...] = ()


def status(
    told: Sequence[Told], as_of: date, known_at: date | None = None
) -> tuple[FieldStatus, ...]:
    """Return the status of every field on a day, as it was known at a day."""
    return status_on(phases(Derived(history(told, known_at).view)), as_of)


def status_on(found: Iterable[Phase], day: date) -> tuple[FieldStatus, ...]:
    """Return the status of every field on a day, out of its phases."""
    standing = {one.field: one for one in found if one.holds_on(day)}
    return tuple(
        FieldStatus(field, one.state, one.since, one.refs)
        if (one := standing.get(field))
        else FieldStatus(field)
        for field in Handlungsfeld
    )


def phases(derived: Derived) -> tuple[Phase, ...]:
    """Return the phases of every field, in the order of the fields and of their days."""
    return tuple(
        phase for field in Handlungsfeld for phase in phases_of(field, _changes(field, derived))
    )


def _changes(field: Handlungsfeld, derived: Derived) -> Iterable[Change]:
    table = _BY_FACTS.get(field)
    if table is not None:
        return by_facts(derived.view, table)
    source = _BY_STRETCHES.get(field)
    return () if source is None else source(derived)


def _residence(derived: Derived) -> Iterator[Change]:
    return by_stretches(residence(derived), _after_title)


def _after_title(one: Stretch) -> Vocabulary | None:
    return None if one.state in _LASTING else Residence.EXPIRED


def _unknown(_: Stretch) -> None:
    return None


def _benefits(derived: Derived) -> Iterator[Change]:
    """Yield the changes of the Rechtskreis; on days without a benefit own means count, where they are known."""
    paid = benefits(derived)
    covered = [Span(one.start, one.end) for one in paid if one.state not in PAYS_NOTHING]
    own = [
        Stretch(
            StrandName.RECHTSKREIS,
            days.first,
            days.last,
            Rechtskreis.OWN_INCOME.label,
            Rechtskreis.OWN_INCOME,
            refs=(one.begin.id,),
        )
        for one in derived.means
        if one.own
        for days in without(Span(one.first, one.last), covered)
    ]
    return by_stretches([*paid, *own], _unknown)


def _housing(derived: Derived) -> Iterator[Change]:
    return by_stretches(housing(derived), _unknown)


def _health(derived: Derived) -> Iterator[Change]:
    return by_stretches(family(derived), _unknown)


def _closed(_: Stretch) -> Vocabulary:
    return CounsellingState.CLOSED


def _case(derived: Derived) -> Iterator[Change]:
    yield from by_facts(derived.view, {"FirstContactRecorded": CounsellingState.CONTACT})
    yield from by_stretches(counselling(derived), _closed)


def _work(derived: Derived) -> Iterator[Change]:
    """Yield the changes of work; what is said of permission or search counts where no job runs."""
    jobs = [one for one in work(derived) if one.state is not None]
    table: Mapping[str, Choice] = {
        "TemporaryPermissionIssued": _permitted,
        "ToleranceIssued": _permitted,
        "TitleGranted": _permitted,
        "JobSeekerRegistered": WorkState.SEARCHING,
        "UnemploymentRegistered": WorkState.UNEMPLOYED,
    }
    for change in by_facts(derived.view, table):
        if not any(
            one.start <= change.day and (one.end is None or change.day <= one.end) for one in jobs
        ):
            yield change
    yield from by_stretches(jobs, _out_of_work)


def _permitted(one: Seen) -> Vocabulary | None:
    return _WORK_NOTES.get(one.get("work_note") or one.get("work"))


def _out_of_work(_: Stretch) -> Vocabulary:
    return WorkState.UNEMPLOYED


def _language(derived: Derived) -> Iterator[Change]:
    """Yield the changes of language; when a course ends, the level reached so far counts."""
    reached: LanguageState | None = None
    for one in derived.view.of(*_LANGUAGE):
        reached = _reached(one, reached)
        state = _LANGUAGE[one.type] or reached or _unproven(one)
        if state is not None:
            yield Change(one.latest, state, (one.id,))


def _reached(one: Seen, before: LanguageState | None) -> LanguageState | None:
    """Return the best level proven after a fact."""
    if one.type == "IntegrationCourseCertificateIssued":
        proven: LanguageState | None = LanguageState.SUCCESSFUL
    elif one.type == "LanguageTestTaken":
        proven = _LEVELS.get(one.get("result"))
    else:
        proven = None
    known = [state for state in (before, proven) if state is not None]
    return max(known, key=list(LanguageState).index, default=None)


def _unproven(one: Seen) -> LanguageState | None:
    return None if one.type == "LanguageTestTaken" else LanguageState.COURSE_DONE


_BY_STRETCHES: Mapping[Handlungsfeld, Callable[[Derived], Iterator[Change]]] = {
    Handlungsfeld.AUFENTHALT: _residence,
    Handlungsfeld.SPRACHE: _language,
    Handlungsfeld.ARBEIT: _work,
    Handlungsfeld.LEISTUNGEN: _benefits,
    Handlungsfeld.WOHNEN: _housing,
    Handlungsfeld.GESUNDHEIT: _health,
    Handlungsfeld.FALLSTEUERUNG: _case,
}


def _rows(_: UUID, state: History) -> Iterator[Row]:
    for one in phases(state.derived):
        label = one.state.label
        yield (one.field.value, one.state.value, label.de, label.en, one.since, one.until, one.refs)


STATUS: Projection[History] = Projection(
    "status",
    (
        Column("field", ColumnType.TEXT),
        Column("state", ColumnType.TEXT),
        Column("label_de", ColumnType.TEXT),
        Column("label_en", ColumnType.TEXT),
        Column("since", ColumnType.DATE),
        Column("until", ColumnType.DATE),
        Column("refs", ColumnType.TEXTS),
    ),
    NOTHING,
    remember,
    _rows,
)
