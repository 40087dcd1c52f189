"""Training and work: E05, T02, B03, B07."""

from dataclasses import dataclass, replace
from datetime import date

from tests.second_reading.basis import (
    Days,
    Row,
    Told,
    View,
    before,
    bound,
    counts_from,
    facts_after,
    facts_before,
    in_force,
    later,
    lead,
    months_before,
    next_working_day,
    of,
    plus_days,
    settle,
    since,
)
from tests.second_reading.jobs import Job, jobs_of
from tests.second_reading.titles import newer_titles

# E05

HIGHER = ("FACHKRAFT", "SPEZIALIST", "EXPERTE")


def _became_unskilled(job: Job) -> Told | None:
    """The fact by which the job was first told to be HELFER."""
    unskilled = [fact for fact in job.facts if fact.get("qualification_level") == "HELFER"]
    return unskilled[0] if unskilled else None


def _level(report: Told) -> int | None:
    """The first digit of ``isced``."""
    digits = [sign for sign in report.get("isced") or "" if sign.isdigit()]
    return int(digits[0]) if digits else None


def _report(view: View) -> tuple[Told, str] | None:
    """The first report of a vocational qualification; else the first that does not say."""
    reports = of(view, "QualificationReported")
    for report in reports:
        if (_level(report) or 0) >= 3:
            return report, "chance"
    for report in reports:
        if report.get("isced") is None:
            return report, "data"
    return None


def _is_recognition(one: Told) -> bool:
    return one.type == "RecognitionApplied" or one.get("outcome") == "FULL"


def _is_on_its_way(view: View, report: Told) -> bool:
    told = of(view, "RecognitionApplied", "RecognitionDecided")
    return any(_is_recognition(one) and not counts_from(one, report) for one in told)


def e05(view: View) -> list[Row]:
    reported = _report(view)
    rows: list[Row] = []
    if reported is None or _is_on_its_way(view, reported[0]):
        return rows
    for job in jobs_of(view):
        trigger = _became_unskilled(job)
        if trigger is not None:
            rows += _e05_of(view, job, trigger, *reported)
    return rows


def _e05_of(view: View, job: Job, trigger: Told, report: Told, kind: str) -> list[Row]:
    begins = max(later(trigger.latest, "E05.after"), report.latest)
    recognised = since(view, report, "RecognitionApplied", "RecognitionDecided")
    followed = [one for one in recognised if _is_recognition(one)]
    followed += [
        one
        for one in since(view, trigger, "EmploymentStarted", "EmploymentChanged")
        if one.get("qualification_level") in HIGHER
    ]
    return settle(
        "E05",
        view,
        trigger,
        begins,
        later(begins, "E05.action"),
        kind=kind,
        followed=followed,
        cancelled=[job.end] if job.end else [],
    )


# T02


def _paper_before(view: View, fact: Told) -> Told | None:
    papers = facts_before(view, fact, "TitleGranted", "ToleranceIssued")
    return papers[-1] if papers else None


def _training_basis(view: View, fact: Told) -> str | None:
    """The basis of the latest paper before the fact; None where it is missing."""
    paper = _paper_before(view, fact)
    return None if paper is None else paper.basis


def _has_contract(view: View, abort: Told) -> bool:
    contracts = facts_before(view, abort, "TrainingContractSigned")
    starts = [one.day("start") for one in contracts]
    return any(start is not None and start >= abort.latest for start in starts)


def t02(view: View) -> list[Row]:
    triggers = [
        one
        for one in of(view, "TrainingAborted")
        if _training_basis(view, one) in ("16G", "60C", None) and not _has_contract(view, one)
    ]
    rows: list[Row] = []
    for trigger in triggers:
        basis = _training_basis(view, trigger)
        name = "T02.search_16g" if basis == "16G" else "T02.search"
        if in_force(name, trigger.latest):
            rows += _t02_of(view, trigger, triggers, name)
    return rows


def _t02_due(view: View, abort: Told, triggers: View, name: str) -> date:
    following = [one for one in triggers if before(abort, one)]
    granted = [
        one
        for one in since(view, abort, "SearchPeriodGranted")
        if not (following and before(following[0], one)) and one.get("until") is not None
    ]
    until = granted[-1].day("until") if granted else None
    if until is not None:
        return until
    basis = _training_basis(view, abort)
    earlier = [one for one in triggers if before(one, abort)]
    earlier += [
        one
        for one in facts_before(view, abort, "SearchPeriodGranted")
        if not counts_from(one, abort)
    ]
    if basis and any(_training_basis(view, one) == basis for one in earlier):
        return abort.latest
    return later(abort.latest, name)


def _t02_of(view: View, abort: Told, triggers: View, name: str) -> list[Row]:
    basis = _training_basis(view, abort)
    kept = (basis,) if basis else ("16G", "60C")
    newer = [one for one in newer_titles(view, abort) if one.basis not in (None, *kept)]
    contracts = since(view, abort, "TrainingContractSigned")
    return settle(
        "T02",
        view,
        abort,
        abort.latest,
        _t02_due(view, abort, triggers, name),
        kind="gap" if basis else "data",
        followed=[*contracts, *facts_after(view, abort, "TrainingStarted")],
        cancelled=newer,
        superseded=[one for one in triggers if before(abort, one)],
    )


# B03


@dataclass(frozen=True)
class NamedEnd:
    """An end of a job and the fact that first names it."""

    fact: Told
    end: Days

    @property
    def known(self) -> Days:
        return self.fact.days("known_since") or self.fact.own

    @property
    def trigger(self) -> Told:
        """The fact on the day on which the end was known."""
        return replace(self.fact, earliest=self.known.earliest, latest=self.known.latest)


def _end_named(fact: Told) -> Days | None:
    if fact.type == "EmploymentEnded":
        return fact.own if fact.dated else None
    return fact.days("end" if fact.type == "EmploymentEndAnnounced" else "fixed_term_until")


def ends_named(job: Job) -> list[NamedEnd]:
    found: list[NamedEnd] = []
    last: Days | None = None
    for fact in job.facts:
        end = _end_named(fact)
        if end is None:
            continue
        if last is None or end.earliest > last.latest or end.latest < last.earliest:
            found.append(NamedEnd(fact, end))
            last = end
    return found


def b03(view: View) -> list[Row]:
    rows: list[Row] = []
    for job in jobs_of(view):
        ends = ends_named(job)
        for place in range(len(ends)):
            if job.known_by("employment_kind", ends[place].fact) != "MINIJOB":
                rows += _b03_of(view, job, ends, place)
    return rows


def _b03_of(view: View, job: Job, ends: list[NamedEnd], place: int) -> list[Row]:
    named = ends[place]
    end, known = named.end, named.known.latest
    last = months_before(end.latest, 3)
    due = next_working_day(last if known <= last else plus_days(known, 3))
    if not in_force("B03.notice", due):
        return []
    begins = lead(end.earliest, "B03.window")
    if named.fact.dated or named.fact.get("known_since") is not None:
        begins = max(begins, known)
    first_known = min(one.known.earliest for one in ends[: place + 1])
    first = ends[0].fact
    followed = [
        one
        for one in of(view, "JobSeekerRegistered", "UnemploymentRegistered")
        if (one.latest >= first_known if one.dated and first.dated else before(first, one))
    ]
    mine = {fact.id for fact in job.facts}
    busy = [
        one
        for one in of(view, "EmploymentStarted", "TrainingStarted")
        if one.id not in mine and one.get("employment_kind") != "MINIJOB"
    ]
    cancelled = [
        one for one in busy if (one.latest >= begins if one.dated else before(named.fact, one))
    ]
    return settle(
        "B03",
        view,
        named.trigger,
        begins,
        due,
        followed=followed,
        cancelled=cancelled,
        superseded=[one.fact for one in ends[place + 1 :]],
        ends_from=named.known.earliest,
    )


# B07


@dataclass(frozen=True)
class Busy:
    """A course or work: the fact that begins it, and what ends it (a fact, or a last day)."""

    begins: Told
    ended_by: Told | None
    last_day: Days | None = None
    mode: str | None = None


COURSE_ENDS = ("CourseCompleted", "CourseAborted", "CourseInterrupted", "CourseStarted")
TRAINING_ENDS = (
    "TrainingAborted",
    "TrainingInterrupted",
    "TrainingCompleted",
    "TrainingFinallyFailed",
    "TrainingStarted",
)


def full_courses(view: View) -> list[Busy]:
    """Courses with mode full or missing, interrupted ones begun again."""
    found: list[Busy] = []
    interrupted: Busy | None = None
    running: Busy | None = None
    for fact in of(view, *COURSE_ENDS, "CourseResumed"):
        if fact.type == "CourseResumed":
            if interrupted is not None:
                running, interrupted = Busy(fact, None, mode=interrupted.mode), None
            continue
        if running is not None:
            found.append(Busy(running.begins, fact, mode=running.mode))
        interrupted = running if fact.type == "CourseInterrupted" else None
        running = None
        if fact.type == "CourseStarted":
            running = Busy(fact, None, mode=fact.get("mode"))
    if running is not None:
        found.append(running)
    return [one for one in found if one.mode in ("full", None)]


def full_time_work(view: View) -> list[Busy]:
    found: list[Busy] = []
    for job in jobs_of(view):
        found += _full_time_of(job)
    for start in of(view, "TrainingStarted"):
        ends = facts_after(view, start, *TRAINING_ENDS)
        found.append(Busy(start, ends[0] if ends else None))
    return found


def _full_time_of(job: Job) -> list[Busy]:
    found: list[Busy] = []
    begun: Told | None = None
    for fact in job.facts:
        kind = fact.get("employment_kind")
        changes = kind is not None and kind != "SV_VOLLZEIT"
        if begun is None and kind == "SV_VOLLZEIT":
            begun = fact
        elif begun is not None and (fact.type == "EmploymentEnded" or changes):
            found.append(Busy(begun, fact))
            begun = None
    if begun is not None:
        term = job.last_told("fixed_term_until")
        found.append(Busy(begun, None, term.days("fixed_term_until") if term else None))
    return found


def b07(view: View) -> list[Row]:
    rows: list[Row] = []
    for course in full_courses(view):
        for work in full_time_work(view):
            if not _had_ended(course, work) and not _had_ended(work, course):
                rows += _b07_of(view, course, work)
    return rows


def _had_ended(one: Busy, other: Busy) -> bool:
    """The one had ended before the other began (G3)."""
    return one.ended_by is not None and one.ended_by.rank < other.begins.rank


def _b07_of(view: View, course: Busy, work: Busy) -> list[Row]:
    trigger = max(course.begins, work.begins, key=lambda fact: (fact.latest, fact.rank))
    first = trigger.latest
    due = plus_days(first, bound("B07.tolerance", first) - 1)
    cancelled = [one.ended_by for one in (course, work) if one.ended_by and _lighter(one.ended_by)]
    followed: list[Told | date] = [
        one.ended_by for one in (course, work) if one.ended_by and one.ended_by not in cancelled
    ]
    if work.last_day is not None:
        last = work.last_day.latest
        if plus_days(work.last_day.earliest, 1) <= due:
            last = min(last, plus_days(due, -1))
        followed.append(plus_days(last, 1))
    rows = settle(
        "B07",
        view,
        trigger,
        first,
        due,
        key=f"{work.begins.id}+{course.begins.id}",
        kind="data" if course.mode is None else "gap",
        followed=followed,
        cancelled=cancelled,
    )
    return [row for row in rows if row.closes_on is None or row.closes_on > first]


def _lighter(fact: Told) -> bool:
    return fact.type == "CourseStarted" and fact.get("mode") in ("part", "online")


READERS = {"E05": e05, "T02": t02, "B03": b03, "B07": b07}
