"""What frees from a residence duty: work of enough hours, training, study, a course (§ 12a (1) S. 2 AufenthG; A19)."""

from collections.abc import Iterator
from datetime import date

from domain.chain.derived import Derived
from domain.chain.reading import Seen
from domain.chain.rule import DIED, LEFT, NATURALISED
from domain.chain.states.courses import integration_course
from domain.chain.states.residence_duty import FACILITY, Duty
from domain.chain.states.work import FULL_TIME, Job

STEPS = ("TrainingStarted", "StudyAdmitted", "VocationalCourseStarted")
_OVER = (NATURALISED, LEFT, DIED)


def binding(journey: Derived, day: date) -> list[Duty]:
    """Return the residence duties that bind on a day: neither over, nor lifted by work, training or a course."""
    if any(one.latest <= day for one in journey.view.of(*_OVER)):
        return []
    working = any(exempting_on(journey, day, day))
    return [
        one
        for one in journey.duties
        if one.binds_on(day)
        and (one.scope == FACILITY or not (working or _learning(journey, one, day)))
    ]


def _learning(journey: Derived, duty: Duty, day: date) -> bool:
    """Say whether training, study or a course began by a day while a duty bound."""
    courses = [one for one in journey.view.of("CourseStarted") if integration_course(one)]
    return any(
        duty.fact.latest <= one.latest <= day for one in (*journey.view.of(*STEPS), *courses)
    )


def exempting_on(journey: Derived, begun_by: date, day: date) -> Iterator[Seen]:
    """Yield the work of enough hours and the training that began by a day and run on another."""
    for job in journey.jobs:
        begun = [one for one in enough_work(journey, job, day) if one.latest <= begun_by]
        if begun and _runs_on(job, day):
            yield begun[-1]
    for stint in journey.stints:
        training = stint.begin.type == "TrainingStarted" and stint.begin.latest <= begun_by
        if training and (stint.end is None or stint.end.latest >= day):
            yield stint.begin


def _runs_on(job: Job, day: date) -> bool:
    if job.ended is not None:
        return job.ended.latest >= day
    term = job.fixed_term
    return term is None or term[1].latest >= day


def enough_work(journey: Derived, job: Job, day: date) -> list[Seen]:
    """Return the facts of a job that tell work of enough hours, or full-time work."""
    hours = journey.bounds.in_force("A19.hours", day).number
    return [
        one
        for one in job.facts
        if one.type in ("EmploymentStarted", "EmploymentChanged") and _enough(one, hours)
    ]


def _enough(one: Seen, hours: int) -> bool:
    told = one.get("hours_per_week")
    if told is None:
        return bool(one.get("employment_kind") == FULL_TIME)
    return bool(told >= hours)
