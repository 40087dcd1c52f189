"""Permits asked for, jobs that end: B02, B04, B05."""

from datetime import date

from tests.second_reading.basis import (
    Days,
    Row,
    Told,
    View,
    before,
    counts_from,
    facts_after,
    later,
    of,
    settle,
    since,
    window_of_lead,
)
from tests.second_reading.jobs import Job, jobs_of
from tests.second_reading.residence import Stretch, status_on, stay_of
from tests.second_reading.titles import is_positive
from tests.second_reading.work_terms import fits_employer, is_free_title

PAPERS = ("TemporaryPermissionIssued", "ToleranceIssued")


def allows_work(paper: Told) -> bool:
    """A Gestattung or Duldung that says that the holder may work."""
    return paper.type in PAPERS and (
        paper.get("work_note") == "gestattet" or paper.basis in ("60C", "60D", "60A_2_4")
    )


# B02


def _answers(fact: Told, request: Told) -> bool:
    if fact.type in ("WorkPermitGranted", "WorkPermitRefused"):
        return fits_employer(fact, request)
    return allows_work(fact)


def _makes_needless(fact: Told) -> bool:
    return is_free_title(fact) or is_positive(fact) or fact.type == "RightOfFreeMovementRecorded"


def b02(view: View) -> list[Row]:
    rows: list[Row] = []
    for request in of(view, "WorkPermitRequested"):
        answers = [one for one in since(view, request) if _answers(one, request)]
        rows += settle(
            "B02",
            view,
            request,
            request.latest,
            later(request.latest, "B02.response"),
            followed=[one.latest if one.dated else one for one in answers],
            cancelled=[one for one in since(view, request) if _makes_needless(one)],
            superseded=[
                one
                for one in facts_after(view, request, "WorkPermitRequested")
                if fits_employer(one, request)
            ],
        )
    return rows


# B04


def _other_job_runs(jobs: list[Job], job: Job, trigger: Told) -> bool:
    for other in jobs:
        if other is job or other.start is None or not before(other.start, trigger):
            continue
        if other.known_by("employment_kind", trigger) == "MINIJOB":
            continue
        if other.end is not None:
            if not before(other.end, trigger):
                return True
            continue
        named = other.last_told("fixed_term_until")
        term = None if named is None else named.day("fixed_term_until")
        if term is None or term >= trigger.latest:
            return True
    return False


def _kind_of_loss(stay: list[Stretch], jobs: list[Job], job: Job) -> str | None:
    trigger = job.end
    assert trigger is not None
    status = status_on(stay, trigger.latest)
    if status.status != "duldung" or status.basis not in ("60D", None):
        return None
    if job.known_by("employment_kind", trigger) == "MINIJOB":
        return None
    if _other_job_runs(jobs, job, trigger):
        return None
    return "gap" if status.basis == "60D" else "data"


def b04(view: View) -> list[Row]:
    stay, jobs = stay_of(view), jobs_of(view)
    losses = [
        (job, job.end, kind)
        for job in jobs
        if job.end is not None and (kind := _kind_of_loss(stay, jobs, job)) is not None
    ]
    rows: list[Row] = []
    for job, trigger, kind in losses:
        announced = [one for one in job.facts if one.type == "EmploymentEndAnnounced"]
        since_then = [one for one in view if counts_from(one, (announced or [trigger])[0])]
        new_job = [one for one in since_then if _is_new_job(one, job)]
        contact = [
            one
            for one in since_then
            if one.type == "ContactHeld" and one.get("no_show") is not True
        ]
        cancelled = [
            one
            for one in since(view, trigger, "TitleGranted", "ToleranceIssued")
            if one.type == "TitleGranted" or one.basis not in (None, "60D")
        ]
        newer = [end for _, end, _ in losses if before(trigger, end)]
        duties = (
            ("contact", "B04.contact", contact, [*cancelled, *new_job]),
            ("job", "B04.notice", new_job, cancelled),
        )
        for name, limit, followed, ended in duties:
            rows += settle(
                "B04",
                view,
                trigger,
                trigger.latest,
                later(trigger.latest, limit),
                key=f"{trigger.id}+{name}",
                kind=kind,
                followed=followed,
                cancelled=ended,
                superseded=newer,
            )
    return rows


def _is_new_job(fact: Told, job: Job) -> bool:
    if fact.type == "EmploymentStarted":
        return fact not in job.facts and fact.get("employment_kind") != "MINIJOB"
    return fact.type == "TrainingStarted"


# B05


def _terms(job: Job) -> list[tuple[Told, Days]]:
    """Each fixed term of the job as the fact tells it that first names it."""
    found: list[tuple[Told, Days]] = []
    before_it: Days | None = None
    for fact in job.facts:
        if fact.type not in ("EmploymentStarted", "EmploymentChanged"):
            continue
        term = fact.days("fixed_term_until")
        if term is None:
            continue
        if before_it is None or not _share_a_day(before_it, term):
            found.append((fact, term))
            before_it = term
    return found


def _share_a_day(one: Days, other: Days) -> bool:
    return one.earliest <= other.latest and other.earliest <= one.latest


def b05(view: View) -> list[Row]:
    rows: list[Row] = []
    for job in jobs_of(view):
        terms = _terms(job)
        for fact, term in terms:
            if job.known_by("employment_kind", fact) == "MINIJOB":
                continue
            begins = window_of_lead(fact, term, "B05.lead", own_end=True)
            rows += settle(
                "B05",
                view,
                fact,
                begins,
                term.latest,
                followed=[one for one in _from(view, fact, begins) if _follows(one, job)],
                cancelled=[one for one in _from(view, fact, begins) if _other_way(one)]
                + _ended_earlier(job, term),
                superseded=[one for one, _ in terms if before(fact, one)],
            )
    return rows


def _from(view: View, trigger: Told, begins: date) -> View:
    """From the window's first day on."""
    return [
        one
        for one in view
        if (one.latest >= begins if one.dated else before(trigger, one)) and one is not trigger
    ]


def _follows(fact: Told, job: Job) -> bool:
    if fact.type == "EmploymentChanged":
        return fact in job.facts and fact.get("fixed_term_until") is None
    return _is_new_job(fact, job)


def _other_way(fact: Told) -> bool:
    return fact.type in ("StudyAdmitted", "SelfEmploymentStarted")


def _ended_earlier(job: Job, term: Days) -> View:
    end = job.end
    return [end] if end is not None and end.dated and end.latest < term.earliest else []


READERS = {"B02": b02, "B04": b04, "B05": b05}
