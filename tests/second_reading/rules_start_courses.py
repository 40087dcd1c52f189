"""Language courses: S01, S03, S05, S15, S16."""

from tests.second_reading.basis import (
    Days,
    Row,
    Told,
    View,
    before,
    bound,
    facts_after,
    facts_before,
    in_force,
    later,
    of,
    plus_days,
    settle,
    since,
    window_of_lead,
)
from tests.second_reading.courses import (
    course_runs,
    integration_courses,
    is_integration_course,
    is_own_school,
    own_school,
    proves_b1,
    school_runs,
    still_runs,
)
from tests.second_reading.jobs import Job, jobs_of
from tests.second_reading.titles import losses

S01_BASES = (
    *("18A", "18B", "18D", "18G", "19C", "21", "23_2", "23_4", "25_1", "25_2_FL"),
    *("25_2_SUB", "25_4A", "25B", "28", "29", "30", "32", "36", "36A", "38A"),
)


def claim_of(grant: Told) -> str | None:
    if grant.get("course_claim") is None:
        return "data" if grant.basis in S01_BASES else None
    return "gap" if grant.get("course_claim") else None


def s01(view: View) -> list[Row]:
    grants = [one for one in of(view, "TitleGranted") if claim_of(one)]
    if not grants:
        return []
    grant = grants[0]
    proven = any(proves_b1(one) for one in facts_before(view, grant))
    if proven or course_runs(view, grant) or school_runs(view, grant):
        return []
    refused = [
        one
        for one in of(view, "CourseAdmissionRefused")
        if one.get("reason") in ("low_need", "b1_present", "school")
    ]
    cancelled = [
        one for one in since(view, grant) if proves_b1(one) or is_own_school(one) or one in refused
    ]
    return settle(
        "S01",
        view,
        grant,
        later(grant.latest, "S01.warning"),
        later(grant.latest, "S01.claim"),
        kind=claim_of(grant) or "gap",
        followed=[one for one in since(view, grant) if is_integration_course(one)],
        cancelled=[*cancelled, *losses(view, grant)],
    )


def _obliges(fact: Told) -> bool:
    if fact.get("obligated") is None:
        return (fact.get("basis") or "").startswith("44a_")
    return bool(fact.get("obligated"))


def s03(view: View) -> list[Row]:
    triggers = [one for one in of(view, "CourseEntitlementIssued") if _obliges(one)]
    rows: list[Row] = []
    for trigger in triggers:
        if course_runs(view, trigger) or not in_force("S03.response", trigger.latest):
            continue
        full_time = [
            one
            for one in since(view, trigger, "EmploymentStarted")
            if one.get("employment_kind") == "SV_VOLLZEIT"
        ]
        taught = since(view, trigger, "TrainingStarted", "StudyAdmitted")
        school = [one for one in since(view, trigger) if is_own_school(one)]
        rows += settle(
            "S03",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "S03.response"),
            followed=[one for one in since(view, trigger) if is_integration_course(one)],
            cancelled=[*full_time, *taught, *school],
            superseded=[one for one in triggers if before(trigger, one)],
        )
    return rows


def s05(view: View) -> list[Row]:
    triggers = [one for one in integration_courses(view) if one.type == "CourseRegistered"]
    rows: list[Row] = []
    for trigger in triggers:
        if in_force("S05.weeks", trigger.latest):
            rows += settle(
                "S05",
                view,
                trigger,
                trigger.latest,
                later(trigger.latest, "S05.weeks"),
                followed=since(view, trigger, "CourseStarted", "CourseStartAnnounced"),
                cancelled=since(view, trigger, "CourseNotRealised"),
                superseded=[one for one in triggers if before(trigger, one)],
            )
    return rows


# S15

STEPS = {
    "VocationalCourseStarted": ("VocationalCourseCompleted", "VocationalCourseAborted"),
    "TrainingStarted": ("TrainingCompleted", "TrainingAborted", "TrainingFinallyFailed"),
    "MeasureStarted": ("MeasureEnded",),
    "BridgingMeasureStarted": ("BridgingMeasureEnded",),
    "StudyAdmitted": ("StudyCompleted", "StudyEnded"),
    "SelfEmploymentStarted": ("(it has no end)",),
}


def finished_courses(view: View) -> View:
    """The first fact of each finished course: its completion or its certificate."""
    courses: list[list[Told]] = []
    for fact in of(view, "CourseCompleted", "IntegrationCourseCertificateIssued"):
        waiting = [
            course
            for course in courses
            if len(course) == 1
            and course[0].type != fact.type
            and fact.latest <= plus_days(course[0].latest, bound("S15.same_course", fact.latest))
        ]
        if waiting:
            waiting[-1].append(fact)
        else:
            courses.append([fact])
    return [course[0] for course in courses]


def job_runs(job: Job, fact: Told) -> bool:
    if job.start is None or not before(job.start, fact):
        return False
    if job.end is not None:
        return not before(job.end, fact)
    term = job.last_told("fixed_term_until")
    if term is None:
        return True
    until = term.day("fixed_term_until")
    return until is not None and until >= fact.latest


def _step_runs(view: View, fact: Told) -> bool:
    others = (still_runs(view, of(view, kind), fact, *ends) for kind, ends in STEPS.items())
    jobs = (job_runs(job, fact) for job in jobs_of(view))
    return school_runs(view, fact) or any(others) or any(jobs)


def s15(view: View) -> list[Row]:
    rows: list[Row] = []
    for trigger in finished_courses(view):
        if _step_runs(view, trigger):
            continue
        steps = since(view, trigger, "CourseStarted", "EmploymentStarted", *STEPS)
        barriers = [
            one
            for one in since(view, trigger, "HealthBarrierReported")
            if one.get("severity") in ("moderate", "severe")
        ]
        rows += settle(
            "S15",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "S15.response"),
            followed=[*steps, *(one for one in since(view, trigger) if one in own_school(view))],
            cancelled=[*since(view, trigger, "ChildBorn"), *barriers],
        )
    return rows


def s16(view: View) -> list[Row]:
    triggers = of(view, "VocationalLanguageEntitlementIssued")
    rows: list[Row] = []
    for trigger in triggers:
        if not in_force("S16.lead", trigger.latest):
            continue
        lapses = trigger.days("lapses_on")
        end = lapses or Days(
            later(trigger.earliest, "S16.entitlement", trigger.latest),
            later(trigger.latest, "S16.entitlement"),
        )
        rows += settle(
            "S16",
            view,
            trigger,
            window_of_lead(
                trigger, end, "S16.lead", own_end=lapses is not None, law_of=trigger.latest
            ),
            end.latest,
            followed=since(view, trigger, "VocationalCourseRegistered", "VocationalCourseStarted"),
            superseded=facts_after(view, trigger, "VocationalLanguageEntitlementIssued"),
        )
    return rows


READERS = {"S01": s01, "S03": s03, "S05": s05, "S15": s15, "S16": s16}
