"""Jobs and training: which facts belong to which job, what it is, and when it ends (terms, B03, B07)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from domain.chain.counting import Range, range_of, same
from domain.chain.reading import Seen, View

FULL_TIME = "SV_VOLLZEIT"
MARGINAL = "MINIJOB"
_JOB = ("EmploymentStarted", "EmploymentChanged", "EmploymentEndAnnounced", "EmploymentEnded")
TRAINING_ENDS = (
    "TrainingAborted",
    "TrainingInterrupted",
    "TrainingCompleted",
    "TrainingFinallyFailed",
)


@dataclass(slots=True)
class Job:
    """One job: its facts in order; ``start`` is None where only its change or end is told."""

    start: Seen | None
    facts: list[Seen] = field(default_factory=list)
    ended: Seen | None = None

    @property
    def employer(self) -> str | None:
        """Return the employer, as first told."""
        return next((one.get("employer") for one in self.facts if one.get("employer")), None)

    @property
    def fixed_term(self) -> tuple[Seen, Range] | None:
        """Return the fact that last names a fixed term, and its possible last days."""
        for one in reversed(self.facts):
            until = range_of(one.day("fixed_term_until"))
            if until is not None:
                return one, until
        return None

    def kind_by(self, one: Seen) -> str | None:
        """Return the employment kind as last told by a fact of this job."""
        kind = None
        for earlier in self.facts:
            if earlier.rank > one.rank:
                break
            kind = earlier.get("employment_kind") or kind
        return kind

    def runs_on(self, day: date, before: Seen) -> bool:
        """Say whether the job, begun before a fact, still runs on its day."""
        if self.ended is not None:
            return self.ended.rank > before.rank
        term = self.fixed_term
        return term is None or term[1].latest >= day


def jobs(view: View) -> list[Job]:
    """Return the jobs of a journey, in the order of their first fact."""
    found: list[Job] = []
    for one in view.of(*_JOB):
        job = None if one.type == "EmploymentStarted" else _job_of(one, found)
        if job is None:
            job = Job(one if one.type == "EmploymentStarted" else None)
            found.append(job)
        job.facts.append(one)
        if one.type == "EmploymentEnded":
            job.ended = one
    return found


def _job_of(one: Seen, found: list[Job]) -> Job | None:
    """Return the job that a change or an end belongs to: the named one, else the latest that fits."""
    running = [job for job in found if job.ended is None]
    named = one.get("employment")
    for job in running:
        if named is not None and job.start is not None and job.start.id == named:
            return job
    fitting = [job for job in running if same(job.employer, one.get("employer"))]
    return fitting[-1] if fitting else None


@dataclass(frozen=True, slots=True)
class NamedEnd:
    """An end of a job, and the first fact that names it.

    Attributes:
        fact: The fact.
        days: The possible last days.
        known: The possible days on which the end was known.
        marginal: Whether the job is a Minijob by then: such an end has no instance.
    """

    fact: Seen
    days: Range
    known: Range
    marginal: bool


def named_ends(job: Job) -> list[NamedEnd]:
    """Return the ends of a job in the order of their naming; one that shares a day with the last is the same."""
    found: list[NamedEnd] = []
    for one in job.facts:
        days = _end_named_by(one)
        if days is None or (found and _share_a_day(found[-1].days, days)):
            continue
        known = range_of(one.day("known_since")) or Range(one.earliest, one.latest)
        found.append(NamedEnd(one, days, known, job.kind_by(one) == MARGINAL))
    return found


def _end_named_by(one: Seen) -> Range | None:
    match one.type:
        case "EmploymentStarted" | "EmploymentChanged":
            return range_of(one.day("fixed_term_until"))
        case "EmploymentEndAnnounced":
            return range_of(one.day("end"))
        case _:
            return Range(one.earliest, one.latest) if one.dated else None


def _share_a_day(one: Range, other: Range) -> bool:
    return one.earliest <= other.latest and other.earliest <= one.latest


@dataclass(frozen=True, slots=True)
class Stint:
    """Full-time work or training: from the fact that begins it to the fact or term that ends it."""

    begin: Seen
    end: Seen | None
    term: tuple[Seen, Range] | None = None


def full_time_stints(view: View, all_jobs: list[Job]) -> Iterator[Stint]:
    """Yield every stretch of full-time work and of training."""
    for job in all_jobs:
        yield from _full_time(job)
    starts = view.of("TrainingStarted")
    for start in starts:
        ends = view.after(start, *TRAINING_ENDS, "TrainingStarted")
        yield Stint(start, ends[0] if ends else None)


def _full_time(job: Job) -> Iterator[Stint]:
    begin: Seen | None = None
    for one in job.facts:
        kind = one.get("employment_kind") if one.type != "EmploymentEnded" else None
        if begin is None:
            begin = one if kind == FULL_TIME and one.type != "EmploymentEndAnnounced" else None
        elif one.type == "EmploymentEnded" or (kind is not None and kind != FULL_TIME):
            yield Stint(begin, one)
            begin = None
    if begin is not None:
        yield Stint(begin, None, job.fixed_term)
