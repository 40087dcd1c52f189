"""Work: jobs, self-employment, measures."""

from collections.abc import Iterator
from datetime import date

from domain.chain.derived import Derived
from domain.chain.reading import Seen
from domain.chain.states.work import Job
from domain.labels import Label, Vocabulary
from domain.vocabulary.work import EmploymentKind
from projections.field_states import WorkState
from projections.short import shortened
from projections.strands import StrandName
from projections.stretches.stretch import Stretch, last_day, runs, stretch

_STRAND = StrandName.ARBEIT
_JOB = Label("Beschäftigung", "employment", "Arbeit")
_SELF = Label("Selbständigkeit", "self-employment", "selbständig")
_MEASURE = Label("Maßnahme", "measure", "Maßnahme")
_STATES = {
    EmploymentKind.MINIJOB: WorkState.MARGINAL,
    EmploymentKind.SV_TEILZEIT: WorkState.PART,
    EmploymentKind.SV_VOLLZEIT: WorkState.FULL,
    EmploymentKind.SELBSTAENDIG: WorkState.SELF_EMPLOYED,
}


def work(derived: Derived) -> tuple[Stretch, ...]:
    """Return jobs, self-employment and measures."""
    return (*_jobs(derived), *_self_employment(derived), *_measures(derived))


def _jobs(derived: Derived) -> Iterator[Stretch]:
    for job in derived.jobs:
        begin = job.start or job.facts[0]
        kind = _kind(job)
        yield stretch(
            _STRAND,
            begin,
            _end(job),
            _JOB if kind is None else shortened(kind),
            state=WorkState.EMPLOYED if kind is None else _STATES.get(kind, WorkState.EMPLOYED),
            detail=job.employer or "",
        )


def _kind(job: Job) -> EmploymentKind | None:
    kind = job.kind_by(job.facts[-1])
    return kind if isinstance(kind, EmploymentKind) else None


def _end(job: Job) -> Seen | date | None:
    """Return what ends a job: its end, the announced day, or its term."""
    if job.ended is not None:
        return job.ended
    announced = [one.latest_of("end") for one in job.facts if one.type == "EmploymentEndAnnounced"]
    known = [day for day in announced if day is not None]
    if known:
        return known[-1]
    return None if job.fixed_term is None else job.fixed_term[1].latest


def _self_employment(derived: Derived) -> Iterator[Stretch]:
    for one in derived.view.of("SelfEmploymentStarted"):
        yield stretch(_STRAND, one, None, _SELF, state=WorkState.SELF_EMPLOYED)


def _measures(derived: Derived) -> Iterator[Stretch]:
    begins = ("MeasureStarted",)
    for begin, closing in runs(derived.view, begins, ("MeasureEnded",)):
        kind = begin.get("kind")
        yield stretch(
            _STRAND,
            begin,
            last_day(closing, begins),
            shortened(kind) if isinstance(kind, Vocabulary) else _MEASURE,
            detail=str(kind or ""),
        )
