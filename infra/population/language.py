"""The strand of language: from the entitlement through the course to the tests and the next step."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from domain.events.education import SchoolLeft, SchoolStarted
from domain.events.language import (
    CivicsTestTaken,
    CourseAborted,
    CourseAdmissionRefused,
    CourseCompleted,
    CourseEntitlementIssued,
    CourseInterrupted,
    CourseNotRealised,
    CourseRegistered,
    CourseResumed,
    CourseStartAnnounced,
    CourseStarted,
    IntegrationCourseCertificateIssued,
    LanguageTestTaken,
    PlacementTestTaken,
)
from domain.fields import Recorder
from domain.vocabulary.education import SchoolForm
from domain.vocabulary.language import (
    AdmissionRefusal,
    Cefr,
    CivicsTest,
    CourseKind,
    CourseMode,
    EntitlementBasis,
    InterruptionReason,
    LanguageTest,
    Skill,
)
from domain.vocabulary.person import Literacy
from infra.population.draws import after, weekday
from infra.population.ledger import Completion, Registration, Seed, Step
from infra.population.life import Life, exactly
from infra.population.people import Cohort
from infra.population.vocational import vocational_course
from infra.population.work import job, measure, training

STOP = date(2026, 2, 9)
"""From this day nobody without a claim or an obligation is admitted to a course."""

_LAST_DAY = 42


class Story(StrEnum):
    """How far a life has come with its course."""

    NOTHING = "nothing"
    UNUSED = "unused"
    WAITING = "waiting"
    JUST_REGISTERED = "just registered"
    RUNNING = "running"
    ABORTED = "aborted"
    STUCK = "stuck"
    JUST_COMPLETED = "just completed"
    MOVED_ON = "moved on"
    MOVED_ON_LATE = "moved on late"
    BROUGHT_ALONG = "brought along"
    LOW_NEED = "low need"
    SCHOOL = "school"


_SEEDED = {Seed.S01: Story.UNUSED, Seed.S05: Story.WAITING, Seed.S15: Story.STUCK}

_BY_SPAN: tuple[tuple[int, Mapping[Story, float]], ...] = (
    (45, {Story.UNUSED: 100}),
    (110, {Story.UNUSED: 30, Story.JUST_REGISTERED: 70}),
    (420, {Story.RUNNING: 80, Story.JUST_REGISTERED: 10, Story.LOW_NEED: 5, Story.SCHOOL: 5}),
    (
        100_000,
        {
            Story.MOVED_ON: 58,
            Story.MOVED_ON_LATE: 7,
            Story.RUNNING: 14,
            Story.JUST_COMPLETED: 4,
            Story.ABORTED: 7,
            Story.LOW_NEED: 4,
            Story.BROUGHT_ALONG: 3,
            Story.JUST_REGISTERED: 3,
        },
    ),
)


def language(life: Life) -> None:
    """Write the way through the integration course as far as the life has come."""
    if life.access is None or life.access > life.today:
        return
    story = _story(life, life.access)
    match story:
        case Story.WAITING | Story.JUST_REGISTERED:
            _wait(life, life.access, story)
        case Story.RUNNING | Story.ABORTED:
            _attend(life, life.access, story)
        case Story.STUCK | Story.JUST_COMPLETED | Story.MOVED_ON | Story.MOVED_ON_LATE:
            _complete(life, life.access, story)
        case Story.LOW_NEED | Story.BROUGHT_ALONG | Story.SCHOOL:
            _no_course(life, life.access, story)
        case Story.NOTHING | Story.UNUSED:
            _not_yet(life, life.access)


def _story(life: Life, access: date) -> Story:
    """Choose how far the life has come; seeds decide, else the time since the access."""
    for seed, story in _SEEDED.items():
        if life.seeded(seed):
            return story
    span = (life.today - access).days
    nothing = {Cohort.PENDING: 0.6, Cohort.EU: 0.5, Cohort.TOLERATED: 0.35}
    if not life.claim and life.draw.chance(nothing.get(life.person.cohort, 0.15)):
        return Story.NOTHING
    return next(life.draw.weighted(stories) for most, stories in _BY_SPAN if span <= most)


def _kind(life: Life) -> CourseKind:
    if life.person.literacy is Literacy.NONE:
        return CourseKind.IK_ALPHA
    if life.person.literacy is Literacy.SECOND_SCRIPT and life.draw.chance(0.15):
        return CourseKind.IK_ZWEITSCHRIFT
    return CourseKind.IK_ALLGEMEIN


def _entitle(life: Life, on: date, obligated: bool) -> None:
    """Issue the entitlement: a claim, an admission, or an obligation by the Jobcenter."""
    basis = EntitlementBasis.CLAIM if life.claim else EntitlementBasis.ADMISSION
    by = Recorder.ABH if life.claim else Recorder.BAMF
    if obligated or (not life.claim and on >= STOP):
        basis, by, obligated = EntitlementBasis.OBLIGED_2, Recorder.JOBCENTER, True
    life.tell(
        CourseEntitlementIssued(
            basis=basis,
            obligated=obligated,
            issued_on=exactly(on),
            lapses_on=exactly(after(on, 365)),
        ),
        on,
        by,
    )


def _register(life: Life, access: date, on: date, kind: CourseKind) -> Registration:
    """Entitle, place and register for a course."""
    entitled = max(access, after(on, -life.draw.between(8, 90)))
    _entitle(life, entitled, life.draw.chance(0.3))
    placed = life.draw.day(entitled, on)
    life.tell(
        PlacementTestTaken(
            level=life.draw.weighted({Cefr.PRE_A1: 55, Cefr.A1: 30, Cefr.A2: 15}),
            recommended_kind=kind,
        ),
        placed,
        Recorder.COURSE_PROVIDER,
    )
    return _registration(life, on, kind)


def _registration(life: Life, on: date, kind: CourseKind) -> Registration:
    number = life.tell(
        CourseRegistered(provider=life.one_of(Recorder.COURSE_PROVIDER), kind=kind),
        on,
        Recorder.CLIENT,
    )
    registration = Registration(number, on)
    life.ledger.registrations.append(registration)
    return registration


def _wait(life: Life, access: date, story: Story) -> None:
    """Register and wait: within the six weeks, or longer than that."""
    kind = _kind(life)
    days = (
        life.draw.between(0, 40) if story is Story.JUST_REGISTERED else life.draw.between(44, 210)
    )
    on = max(after(access, 3), after(life.today, -days))
    first_try = after(on, -life.draw.between(60, 100))
    if story is Story.WAITING and first_try > after(access, 5) and life.draw.chance(0.2):
        registration = _register(life, access, first_try, kind)
        fell_through = after(first_try, life.draw.between(25, 55))
        life.tell(CourseNotRealised(reassignment=True), fell_through, Recorder.COURSE_PROVIDER)
        registration.not_realised = fell_through
        life.ledger.ended_courses.append(fell_through)
        _registration(life, on, kind)
        return
    registration = _register(life, access, on, kind)
    if story is Story.JUST_REGISTERED and (life.today - on).days > 15 and life.draw.chance(0.3):
        announced = after(on, life.draw.between(5, 14))
        life.tell(
            CourseStartAnnounced(new_start=exactly(after(life.today, 30))),
            announced,
            Recorder.COURSE_PROVIDER,
        )
        registration.announced = announced


def _start(life: Life, access: date, start: date, kind: CourseKind) -> None:
    """Register some weeks before and start the course."""
    wait = life.draw.weighted({"soon": 50, "last day": 6, "long": 44})
    days = {"soon": life.draw.between(8, 41), "last day": _LAST_DAY}
    on = max(after(access, 3), after(start, -days.get(wait, life.draw.between(43, 190))))
    registration = _register(life, access, on, kind)
    life.tell(
        CourseStarted(
            provider=life.one_of(Recorder.COURSE_PROVIDER),
            kind=kind,
            course_no=f"IK-{life.draw.between(100, 999)}",
            mode=CourseMode.FULL if life.draw.chance(0.7) else CourseMode.PART,
            ue_total=1000 if kind is CourseKind.IK_ALPHA else 700,
        ),
        start,
        Recorder.COURSE_PROVIDER,
    )
    registration.started = start
    life.ledger.steps.append(Step(start, None, counts_as_running=False))


def _attend(life: Life, access: date, story: Story) -> None:
    """Attend a course that still runs, or break it off."""
    aborted = story is Story.ABORTED
    back = life.draw.between(60, 400) if aborted else life.draw.between(5, 190)
    start = max(after(access, 25), after(life.today, -back))
    _start(life, access, start, _kind(life))
    if aborted:
        end = after(start, life.draw.between(20, max(25, (life.today - start).days)))
        if end <= life.today:
            reason = life.draw.one(tuple(InterruptionReason))
            life.tell(CourseAborted(reason=reason), end, Recorder.COURSE_PROVIDER)
            life.ledger.ended_courses.append(end)


def _complete(life: Life, access: date, story: Story) -> None:
    """Complete a course and let the next step follow in time, late, or not at all."""
    end = weekday(_completed_on(life, access, story))
    start = after(end, -life.draw.between(195, 255))
    kind = _kind(life)
    _start(life, access, start, kind)
    if life.draw.chance(0.1):
        _pause(life, after(start, 60))
    number = life.tell(CourseCompleted(ue_total=700), end, Recorder.COURSE_PROVIDER)
    life.ledger.completions.append(Completion(number, end))
    life.ledger.ended_courses.append(end)
    level = _tests(life, end, kind)
    if story in {Story.MOVED_ON, Story.MOVED_ON_LATE}:
        low, high = (10, 85) if story is Story.MOVED_ON else (96, 260)
        _move_on(life, min(life.today, after(end, life.draw.between(low, high))), level)


def _completed_on(life: Life, access: date, story: Story) -> date:
    today, span = life.today, (life.today - access).days
    if story is Story.JUST_COMPLETED or (story is Story.STUCK and life.draw.chance(0.12)):
        return after(today, -life.draw.between(6, 80))
    if story is Story.STUCK:
        return after(today, -life.draw.between(94, min(420, span - 290)))
    return life.draw.day(after(access, 290), after(today, -110))


def _pause(life: Life, on: date) -> None:
    reason = life.draw.one((InterruptionReason.ILLNESS, InterruptionReason.CHILDCARE))
    life.tell(CourseInterrupted(reason=reason), on, Recorder.COURSE_PROVIDER)
    life.tell(
        CourseResumed(reason=reason),
        after(on, life.draw.between(20, 60)),
        Recorder.COURSE_PROVIDER,
    )


def _tests(life: Life, end: date, kind: CourseKind) -> Cefr:
    """Take the language test and the civics test; who passes both gets the certificate."""
    alpha = kind is CourseKind.IK_ALPHA
    level = life.draw.weighted(
        {Cefr.B1: 17 if alpha else 54, Cefr.A2: 42 if alpha else 37, Cefr.A1: 41 if alpha else 9}
    )
    tested = after(end, life.draw.between(4, 18))
    if tested <= life.today:
        _language_test(life, tested, level)
    civics = after(end, life.draw.between(20, 30))
    points = life.draw.between(17, 33) if life.draw.chance(0.92) else life.draw.between(8, 14)
    if civics <= life.today:
        life.tell(
            CivicsTestTaken(
                kind=CivicsTest.LID,
                points=points,
                passed_ok=points > 14,
                passed_natural=points > 16,
            ),
            civics,
            Recorder.BAMF,
        )
    certified = after(end, life.draw.between(45, 75))
    if level is Cefr.B1 and points > 14 and certified <= life.today:
        life.tell(
            IntegrationCourseCertificateIssued(date=exactly(certified)), certified, Recorder.BAMF
        )
    return level


def _language_test(
    life: Life, on: date, level: Cefr, kind: LanguageTest = LanguageTest.DTZ
) -> None:
    """Take a language test that reaches a level in every skill."""
    life.tell(
        LanguageTestTaken(test_kind=kind, result=level, per_skill=dict.fromkeys(Skill, level)),
        on,
        Recorder.COURSE_PROVIDER,
    )
    if level is Cefr.B1:
        life.ledger.proven_b1.append(on)


def _move_on(life: Life, on: date, level: Cefr) -> None:
    """Take the next step after the course."""
    weights = {"job": 40.0, "measure": 18.0, "training": 0.0, "vocational": 0.0}
    if level is Cefr.B1:
        weights["vocational"] = 40
    if life.person.age(on) < 31:
        weights["training"] = 14
    match life.draw.weighted(weights):
        case "vocational":
            vocational_course(life, on)
        case "training":
            training(life, on)
        case "measure":
            measure(life, on)
        case _:
            job(life, on)


def _no_course(life: Life, access: date, story: Story) -> None:
    """Need no course: low need, a certificate brought along, or school."""
    if story is Story.LOW_NEED:
        on = min(after(access, life.draw.between(20, 60)), life.today)
        life.tell(CourseAdmissionRefused(reason=AdmissionRefusal.LOW_NEED), on, Recorder.BAMF)
        life.ledger.excused.append(on)
    elif story is Story.BROUGHT_ALONG:
        on = after(access, -life.draw.between(20, 40))
        _language_test(life, on, Cefr.B1, LanguageTest.GOETHE_B1)
    else:
        _school(life, access)


def _school(life: Life, access: date) -> None:
    """Attend a vocational college in the place of a course."""
    start = min(after(access, life.draw.between(5, 40)), life.today)
    life.tell(SchoolStarted(form=SchoolForm.BK, erstfoerderung=True), start, Recorder.SCHOOL)
    end = start + timedelta(days=life.draw.between(280, 600))
    over = end <= life.today
    if over:
        life.tell(SchoolLeft(form=SchoolForm.BK), end, Recorder.SCHOOL)
    step = Step(start, end if over else None)
    life.ledger.schools.append(step)
    life.ledger.steps.append(step)


def _not_yet(life: Life, access: date) -> None:
    """Have the entitlement at most; without a claim the stop of admissions stands in the way."""
    asked = after(access, life.draw.between(10, 200))
    if asked > life.today:
        return
    if life.claim:
        _entitle(life, asked, obligated=False)
    elif asked >= STOP:
        life.tell(
            CourseAdmissionRefused(
                reason=AdmissionRefusal.QUOTA_STOP_2026, applied_on=exactly(after(asked, -9))
            ),
            asked,
            Recorder.BAMF,
        )
