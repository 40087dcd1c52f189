"""Language courses: S01, S03, S05, S15, S16."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.chain.bounds import Bounds
from domain.chain.calendar import plus_days
from domain.chain.counting import Range, counting, range_of
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import (
    Consequence,
    Kind,
    Responsible,
    Severity,
    Step,
    StepName,
)
from domain.chain.reading import Seen, View
from domain.chain.rule import LEFT, NATURALISED, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.courses import (
    claims_course,
    integration_course,
    integration_course_running,
    integration_courses,
    own_school,
    own_school_running,
    proofs_of_b1,
)
from domain.chain.states.titles import Title
from domain.chain.states.work import FULL_TIME
from domain.chain.windows import after, imprecise, lead_window
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_NO_CLAIM = Label("kein Kursanspruch aus diesem Titel", "no claim to a course from this title")
_NOT_FIRST = Label("nicht der erste Titel mit Kursanspruch", "not the first title with a claim")
_B1 = Label("B1 ist schon nachgewiesen", "B1 is proven already")
_RUNS = Label("ein Integrationskurs läuft schon", "an integration course is running already")
_AT_SCHOOL = Label("die Person geht zur Schule", "the person goes to school")
_NOT_OBLIGED = Label("keine Verpflichtung", "no obligation")
_NO_LAW = Label("vor dem Beginn der Regelung", "before the law began")
_OTHER_COURSE = Label("kein Integrationskurs", "no integration course")
_STEP_RUNS = Label("ein nächster Schritt läuft schon", "a next step is running already")
_SAME_COURSE = Label("gehört zum schon beendeten Kurs", "belongs to the course already finished")
_REFUSALS = frozenset({"low_need", "b1_present", "school"})


def _s01(journey: Derived) -> Found:
    claims = [title for title in journey.titles.all if claims_course(title.grant)]
    for title in journey.titles.all:
        if title not in claims:
            yield Refused(title.grant, _NO_CLAIM)
    for title in claims[1:]:
        yield Refused(title.grant, _NOT_FIRST)
    if claims:
        yield _s01_of(journey, claims[0])


def _s01_of(journey: Derived, title: Title) -> Draft | Refused:
    grant, view = title.grant, journey.view
    reason = _why_no_need(view, grant)
    if reason is not None:
        return Refused(grant, reason)
    first = after(grant.latest, journey.bounds.in_force("S01.warning", grant.latest))
    due_on = after(grant.latest, journey.bounds.in_force("S01.claim", grant.latest))
    second = after(grant.latest, journey.bounds.in_force("S01.second_warning", grant.latest))
    refused = [one for one in view.of("CourseAdmissionRefused") if one.get("reason") in _REFUSALS]
    return Draft(
        grant,
        first,
        due_on,
        followed=counting(grant, integration_courses(view)),
        cancelled=[
            *counting(grant, [*proofs_of_b1(view), *own_school(view), *refused]),
            *title.losses,
        ],
        kind=Kind.GAP if grant.get("course_claim") else Kind.DATA,
        partial=not grant.exact,
        steps=(Step(first, StepName.WARNING), Step(second, StepName.URGENT)),
        consequence=Consequence("claim_lapsed", plus_days(due_on, 1)),
    )


def _why_no_need(view: View, grant: Seen) -> Label | None:
    if any(one.rank < grant.rank for one in proofs_of_b1(view)):
        return _B1
    if integration_course_running(view, grant) is not None:
        return _RUNS
    return _AT_SCHOOL if own_school_running(view, grant) is not None else None


def _s03(journey: Derived) -> Found:
    view = journey.view
    obliging = [one for one in view.of("CourseEntitlementIssued") if _obliges(one)]
    for one in view.of("CourseEntitlementIssued"):
        if one not in obliging:
            yield Refused(one, _NOT_OBLIGED)
    for place, one in enumerate(obliging):
        yield _s03_of(journey, one, obliging[place + 1 :])


def _obliges(one: Seen) -> bool:
    obligated = one.get("obligated")
    return obligated is True or (obligated is None and (one.get("basis") or "").startswith("44a_"))


def _s03_of(journey: Derived, one: Seen, following: list[Seen]) -> Draft | Refused:
    view = journey.view
    response = journey.bounds.on("S03.response", one.latest)
    if response is None:
        return Refused(one, _NO_LAW)
    if integration_course_running(view, one) is not None:
        return Refused(one, _RUNS)
    full_time = [
        job for job in view.of("EmploymentStarted") if job.get("employment_kind") == FULL_TIME
    ]
    others = [*view.of("TrainingStarted", "StudyAdmitted"), *own_school(view)]
    return Draft(
        one,
        one.latest,
        after(one.latest, response),
        followed=counting(one, integration_courses(view)),
        cancelled=counting(one, [*full_time, *others]),
        superseded=following,
        partial=not one.exact,
    )


def _s05(journey: Derived) -> Found:
    view = journey.view
    registered = [one for one in view.of("CourseRegistered") if integration_course(one)]
    for one in view.of("CourseRegistered"):
        if not integration_course(one):
            yield Refused(one, _OTHER_COURSE)
    for place, one in enumerate(registered):
        response = journey.bounds.on("S05.weeks", one.latest)
        if response is None:
            yield Refused(one, _NO_LAW)
            continue
        yield Draft(
            one,
            one.latest,
            after(one.latest, response),
            followed=counting(one, view.of("CourseStarted", "CourseStartAnnounced")),
            cancelled=counting(one, view.of("CourseNotRealised")),
            superseded=registered[place + 1 :],
            partial=not one.exact,
        )


_COURSE_DONE = ("CourseCompleted", "IntegrationCourseCertificateIssued")
_STEP_ENDS = {
    "VocationalCourseStarted": ("VocationalCourseCompleted", "VocationalCourseAborted"),
    "TrainingStarted": ("TrainingCompleted", "TrainingAborted", "TrainingFinallyFailed"),
    "MeasureStarted": ("MeasureEnded",),
    "BridgingMeasureStarted": ("BridgingMeasureEnded",),
    "StudyAdmitted": ("StudyCompleted", "StudyEnded"),
    "SelfEmploymentStarted": (),
}
_STEPS = ("CourseStarted", "EmploymentStarted", *_STEP_ENDS)


@dataclass(slots=True)
class _Finished:
    """A finished course: the fact that came first, and the types told of it."""

    trigger: Seen
    types: set[str] = field(default_factory=set)


def _s15(journey: Derived) -> Found:
    view = journey.view
    courses: list[_Finished] = []
    for one in view.of(*_COURSE_DONE):
        known = _course_of(journey.bounds, one, courses)
        if known is not None:
            known.types.add(one.type)
            yield Refused(one, _SAME_COURSE)
            continue
        courses.append(_Finished(one, {one.type}))
        if any(_running_steps(journey, one)):
            yield Refused(one, _STEP_RUNS)
            continue
        barriers = [
            barrier
            for barrier in view.of("HealthBarrierReported")
            if barrier.get("severity") in ("moderate", "severe")
        ]
        yield Draft(
            one,
            one.latest,
            after(one.latest, journey.bounds.in_force("S15.response", one.latest)),
            followed=counting(one, [*view.of(*_STEPS), *own_school(view)]),
            cancelled=counting(one, [*view.of("ChildBorn"), *barriers]),
            partial=not one.exact,
        )


def _course_of(bounds: Bounds, one: Seen, courses: list[_Finished]) -> _Finished | None:
    """Return the latest course that still lacks this type and was finished not too long before."""
    within = bounds.in_force("S15.same_course", one.latest)
    for course in reversed(courses):
        if one.type not in course.types:
            return course if one.latest <= after(course.trigger.latest, within) else None
    return None


def _running_steps(journey: Derived, at: Seen) -> Iterator[Seen]:
    """Yield the next steps begun before a fact that still run there."""
    view = journey.view
    for job in journey.jobs:
        start = job.start
        if start is not None and start.rank < at.rank and job.runs_on(at.latest, at):
            yield start
    school = own_school_running(view, at)
    if school is not None:
        yield school
    for step, ends in _STEP_ENDS.items():
        for begun in view.before(at, step)[-1:]:
            if not any(one.rank < at.rank for one in view.after(begun, *ends)):
                yield begun


def _s16(journey: Derived) -> Found:
    view = journey.view
    issued = view.of("VocationalLanguageEntitlementIssued")
    for place, one in enumerate(issued):
        lead = journey.bounds.on("S16.lead", one.latest)
        entitlement = journey.bounds.on("S16.entitlement", one.latest)
        if lead is None or entitlement is None:
            yield Refused(one, _NO_LAW)
            continue
        told = range_of(one.day("lapses_on"))
        end = told or Range(after(one.earliest, entitlement), after(one.latest, entitlement))
        first = lead_window(one, end, lead, own_end=told is not None)
        begun = view.of("VocationalCourseRegistered", "VocationalCourseStarted")
        yield Draft(
            one,
            first,
            end.latest,
            followed=counting(one, begun),
            superseded=issued[place + 1 :],
            partial=imprecise(one, first, end),
            consequence=Consequence("claim_lapsed", plus_days(end.latest, 1)),
        )


_LAPSED = Label("Anspruch verfallen seit {since}", "claim lapsed since {since}")

S01 = Rule(
    id="S01",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.SPRACHE,
    label=Label("Kursanspruch ungenutzt", "Course claim unused", "ungenutzt"),
    watches=Label(
        "Ein Anspruch auf einen Kurs verfällt ein Jahr nach dem Titel ungenutzt.",
        "A claim to a course will lapse unused a year after the title.",
    ),
    sentence=Label(
        "Der {day} erteilte Titel gibt Anspruch auf einen Integrationskurs; er verfällt nach dem {due}, und noch ist kein Kurs angemeldet.",
        "The title granted {day} gives a claim to an integration course; it lapses after {due}, and no course is registered yet.",
    ),
    next_step=Label("Kurs anmelden", "Register for a course"),
    source="§ 44 Abs. 2 AufenthG",
    severity=Severity.HIGH,
    responsible=(Responsible.CLIENT, Responsible.CASE_MANAGER),
    bounds=("S01.claim", "S01.warning", "S01.second_warning"),
    triggers=("TitleGranted",),
    missing=("CourseRegistered", "CourseStarted"),
    find=_s01,
    entry=Entry(
        trigger="The first `TitleGranted` of the journey with `course_claim` true (or as under data row). None if B1 is proven before it, or an integration course or own school begun before it still runs. * *B1 proven*: `IntegrationCourseCertificateIssued`; `LanguageTestTaken` with B1, B2, C1 or C2 in every skill of `per_skill`, if missing in `result`.",
        window="From the grant + 270 days through the grant + 1 year.",
        followed_by="An integration course.",
        cancelled_by="B1 proven; own school; `CourseAdmissionRefused` with `reason` low_need, b1_present or school; loss of this title, on any day.",
        data_row="`course_claim` is missing and `basis` is one of `18A 18B 18D 18G 19C 21 23_2 23_4 25_1 25_2_FL 25_2_SUB 25_4A 25B 28 29 30 32 36 36A 38A`.",
        series="One instance per journey.",
        severity="high; steps at 270 and 330 days after the grant.",
        consequence="`claim_lapsed`.",
        example="Grant on 29 February 2024: due from 25 November 2024 through 28 February 2025.",
    ),
    ended_by=(NATURALISED, LEFT),
    reasons=(
        GapReason.NO_CHILDCARE,
        GapReason.NO_CAPACITY,
        GapReason.ILLNESS,
        GapReason.WORKS,
        GapReason.OTHER,
    ),
    consequence=_LAPSED,
    unknown="course_claim",
)

S03 = Rule(
    id="S03",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.SPRACHE,
    label=Label("Verpflichtet, nicht angemeldet", "Obliged, not registered", "nicht angem."),
    watches=Label(
        "Es besteht eine Verpflichtung zum Kurs, und keine Anmeldung liegt vor.",
        "The client is obliged to attend a course and not registered.",
    ),
    sentence=Label(
        "Verpflichtung ausgesprochen {day}; die Anmeldung bei einem Kursträger ist bis zum {due} fällig.",
        "Obliged {day}; registration with a course provider is due by {due}.",
    ),
    next_step=Label("Anmeldung begleiten", "Help to register"),
    source="§ 7 Abs. 2 IntV; Frist Praxisvorgabe",
    severity=Severity.HIGH,
    responsible=(Responsible.CLIENT, Responsible.CASE_MANAGER),
    bounds=("S03.response",),
    triggers=("CourseEntitlementIssued",),
    missing=("CourseRegistered", "CourseStarted"),
    find=_s03,
    entry=Entry(
        trigger="`CourseEntitlementIssued` with `obligated` true, or missing with `basis` `44a_*`; none if an integration course begun before it still runs (it supersedes all the same).",
        window="28 days.",
        followed_by="An integration course.",
        cancelled_by="`EmploymentStarted` with `employment_kind` `SV_VOLLZEIT`, `TrainingStarted`, `StudyAdmitted`, own school.",
        severity="high.",
    ),
    ended_by=(NATURALISED, LEFT),
    reasons=(
        GapReason.NO_CAPACITY,
        GapReason.NO_CHILDCARE,
        GapReason.ILLNESS,
        GapReason.WORKS,
        GapReason.OTHER,
    ),
)

S05 = Rule(
    id="S05",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.SPRACHE,
    label=Label("Angemeldet, kein Kursstart", "Registered, no start", "kein Start"),
    watches=Label(
        "Sechs Wochen nach der Anmeldung hat der Kurs keinen Beginn.",
        "Six weeks after registration the course has no start.",
    ),
    sentence=Label(
        "Angemeldet {day}; bis zum {due} soll der Kurs beginnen oder sein Beginn mitgeteilt sein.",
        "Registered {day}; the course should start, or its start be announced, by {due}.",
    ),
    next_step=Label("Kursbeginn beim Träger erfragen", "Ask the provider for the start"),
    source="§ 7 Abs. 4 IntV",
    severity=Severity.MEDIUM,
    responsible=(Responsible.COURSE_PROVIDER, Responsible.BAMF),
    bounds=("S05.weeks",),
    triggers=("CourseRegistered",),
    missing=("CourseStarted", "CourseStartAnnounced"),
    find=_s05,
    entry=Entry(
        trigger="`CourseRegistered` for an integration course.",
        window="42 days.",
        followed_by="`CourseStarted` (any `kind`), `CourseStartAnnounced`.",
        cancelled_by="`CourseNotRealised`.",
        severity="medium.",
    ),
    reasons=(GapReason.NO_CAPACITY, GapReason.ADMISSION_STOP, GapReason.OTHER),
)

S15 = Rule(
    id="S15",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.SPRACHE,
    label=Label(
        "Kein nächster Schritt nach dem Kurs", "No next step after the course", "kein Anschluss"
    ),
    watches=Label(
        "Ein Kurs ist beendet, und 90 Tage lang folgt nichts.",
        "A course is finished and nothing follows for 90 days.",
    ),
    sentence=Label(
        "Kurs beendet {day}; bis zum {due} soll ein nächster Schritt begonnen haben.",
        "Course finished {day}; a next step should have begun by {due}.",
    ),
    next_step=Label("Anschluss planen", "Plan what follows"),
    source="Praxisvorgabe, 90 Tage",
    severity=Severity.HIGH,
    responsible=(
        Responsible.CASE_MANAGER,
        Responsible.JOBCENTER,
        Responsible.EMPLOYMENT_AGENCY,
    ),
    bounds=("S15.response", "S15.same_course"),
    triggers=_COURSE_DONE,
    missing=(*_STEPS, "SchoolStarted"),
    find=_s15,
    entry=Entry(
        trigger='Once per course, `CourseCompleted` or `IntegrationCourseCertificateIssued`, whichever comes first; the other type up to 180 days later belongs to the latest such course still without it. None if a step ("Followed up by", except `CourseStarted`) begun before it still runs: a job until `EmploymentEnded`, else its last `fixed_term_until`; own school; the others until `VocationalCourseCompleted`, `VocationalCourseAborted`; `TrainingCompleted`, `TrainingAborted`, `TrainingFinallyFailed`; `MeasureEnded`; `BridgingMeasureEnded`; `StudyCompleted`, `StudyEnded`; self-employment has no end.',
        window="90 days.",
        followed_by="`CourseStarted`, `VocationalCourseStarted`, `TrainingStarted`, `EmploymentStarted`, `MeasureStarted`, `BridgingMeasureStarted`, `SelfEmploymentStarted`, own school, `StudyAdmitted`.",
        cancelled_by="`ChildBorn`; `HealthBarrierReported` with `severity` moderate or severe.",
        series="Series: the course.",
        severity="high.",
    ),
    reasons=(GapReason.NO_CHILDCARE, GapReason.ILLNESS, GapReason.NO_CAPACITY, GapReason.OTHER),
)

S16 = Rule(
    id="S16",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.SPRACHE,
    label=Label(
        "Berechtigung zum Berufssprachkurs verfällt",
        "Berufssprachkurs: entitlement lapses",
        "verfällt",
    ),
    watches=Label(
        "Die Berechtigung verfällt bald ungenutzt.", "The entitlement will soon lapse unused."
    ),
    sentence=Label(
        "Die {day} ausgestellte Berechtigung gilt bis zum {due}; bis dahin muss ein Berufssprachkurs angemeldet sein.",
        "The entitlement issued {day} is valid until {due}; a Berufssprachkurs must be registered for by then.",
    ),
    next_step=Label("Berufssprachkurs anmelden", "Register for a Berufssprachkurs"),
    source="§ 6 Abs. 3 DeuFöV",
    severity=Severity.HIGH,
    responsible=(
        Responsible.CLIENT,
        Responsible.JOBCENTER,
        Responsible.EMPLOYMENT_AGENCY,
    ),
    bounds=("S16.lead", "S16.entitlement"),
    triggers=("VocationalLanguageEntitlementIssued",),
    missing=("VocationalCourseRegistered", "VocationalCourseStarted"),
    find=_s16,
    entry=Entry(
        trigger="`VocationalLanguageEntitlementIssued`.",
        window="Lead 30 days to `lapses_on`, the last valid day; if missing, to 3 months after the trigger: of its earliest day for the first day of the window, of its latest for `due_on`. Both bounds as on the trigger's day.",
        followed_by="From the trigger on (G4) `VocationalCourseRegistered`, `VocationalCourseStarted`. One that counts before the window's first day leaves no instance (G5).",
        severity="high.",
        consequence="`claim_lapsed`.",
    ),
    reasons=(GapReason.NO_CAPACITY, GapReason.NO_CHILDCARE, GapReason.ILLNESS, GapReason.OTHER),
    consequence=_LAPSED,
)
