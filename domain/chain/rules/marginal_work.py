"""Work that stays small: B06."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.counting import Range
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import ClosedBy, Kind, Responsible, Severity
from domain.chain.reading import Seen, View
from domain.chain.rule import PROTECTED, Closing, Draft, Found, Pattern, Rule
from domain.chain.spans import Span, union, without
from domain.chain.states.courses import own_school
from domain.chain.states.work import MARGINAL, Job
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_LONG_AGO = date(1900, 1, 1)
_SMALL = frozenset({MARGINAL, "AUSHILFE_KURZFRISTIG"})


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Days of something, the fact that begins it and the one that ends it; ``small`` None: not told.

    ``ends`` are its possible last days.
    """

    first: date
    ends: Range | None
    begin: Seen
    end: Seen | None
    small: bool | None = False

    @property
    def last(self) -> date | None:
        """Return its last day."""
        return None if self.ends is None else self.ends.latest

    @property
    def span(self) -> Span:
        """Return its days."""
        return Span(self.first, self.last)

    @property
    def ends_exactly(self) -> bool:
        """Say whether its last day is known exactly."""
        return self.ends is None or self.ends.exact


def _b06(journey: Derived) -> Found:
    work = [one for job in journey.jobs for one in _stretches(job)]
    small = [one for one in work if one.small is not False]
    other = [
        *(one for one in work if one.small is False),
        *_learning(journey),
        *_otherwise(journey.view),
    ]
    spans = union(one.span for one in small)
    for whole in spans:
        for span in without(Span(whole.first, whole.last), [one.span for one in other]):
            yield _b06_of(journey, span, small, other)


def _stretches(job: Job) -> Iterator[_Stretch]:
    """Yield the stretches of a job by its kind: small, not small, not told."""
    ends, end = _job_ends(job)
    begin: Seen | None = None
    kind: bool | None = False
    for one in job.facts:
        if one.type not in ("EmploymentStarted", "EmploymentChanged"):
            continue
        told = one.get("employment_kind")
        if begin is not None and (told is None or (told in _SMALL) is kind):
            continue
        before = Range(*(plus_days(day, -1) for day in _days(one)))
        if begin is not None and (ends is None or before.latest < ends.latest):
            yield from _stretch(begin, before, one, kind)
        elif begin is not None:
            yield from _stretch(begin, ends, end, kind)
        begin, kind = one, None if told is None else told in _SMALL
    if begin is not None:
        yield from _stretch(begin, ends, end, kind)


def _stretch(
    begin: Seen, ends: Range | None, end: Seen | None, kind: bool | None
) -> Iterator[_Stretch]:
    if ends is None or ends.latest >= begin.latest:
        yield _Stretch(begin.latest, ends, begin, end, kind)


def _job_ends(job: Job) -> tuple[Range | None, Seen | None]:
    """Return the last days of a job and the fact that tells them: its end, else its last fixed term."""
    if job.ended is not None:
        return _days(job.ended), job.ended
    term = job.fixed_term
    return (None, None) if term is None else (term[1], term[0])


def _days(one: Seen) -> Range:
    """Return the possible days of a fact; an undated one may have happened on any day until it was recorded."""
    return Range(one.earliest if one.dated else _LONG_AGO, one.latest)


def _learning(journey: Derived) -> Iterator[_Stretch]:
    """Yield the days of training, own school and study."""
    view = journey.view
    for training in journey.trainings:
        if training.start is not None:
            yield from _until(training.start, training.end)
    left = [one for one in view.of("SchoolLeft") if one.get("child_ref") is None]
    for one in own_school(view):
        yield from _until(one, _next(left, one))
    for one in view.of("StudyAdmitted"):
        yield from _until(one, _next(view.of("StudyCompleted", "StudyEnded"), one))


def _otherwise(view: View) -> Iterator[_Stretch]:
    """Yield the days of a severe barrier of health, and those from a self-employment on."""
    for one in view.of("HealthBarrierReported"):
        if one.get("severity") == "severe":
            yield from _until(one, _next(view.of("HealthBarrierResolved"), one))
    for one in view.of("SelfEmploymentStarted"):
        yield from _until(one, None)


def _next(facts: list[Seen], one: Seen) -> Seen | None:
    return next((later for later in facts if later.rank > one.rank), None)


def _until(begin: Seen, end: Seen | None) -> Iterator[_Stretch]:
    yield from _stretch(begin, None if end is None else _days(end), end, False)


def _b06_of(journey: Derived, span: Span, small: list[_Stretch], other: list[_Stretch]) -> Draft:
    within = [one for one in small if _overlaps(one, span)]
    trigger, key, exact = _begins_with(span, within, other)
    due_on = after(span.first, journey.bounds.in_force("B06.after", span.first))
    return Draft(
        trigger,
        span.first,
        due_on,
        key=key,
        closings=_closings(span, due_on, within, other),
        kind=Kind.DATA if any(one.small is None for one in within) else Kind.GAP,
        partial=not exact or any(_may_break(one, span, within) for one in within),
        evidence=tuple(one.begin for one in within),
    )


def _begins_with(
    span: Span, within: list[_Stretch], other: list[_Stretch]
) -> tuple[Seen, str, bool]:
    """Return the fact that begins a stretch, its key, and whether its first day is known exactly.

    A job begins it, else what ended the other thing on the day before.
    """
    begun = [one.begin for one in within if one.first == span.first]
    if begun:
        trigger = min(begun, key=_rank)
        return trigger, trigger.id, all(one.exact for one in begun)
    job = min((one.begin for one in within), key=_rank)
    day_before = plus_days(span.first, -1)
    over = [one for one in other if one.last == day_before]
    resumed = min((one.end for one in over if one.end is not None), key=_rank)
    return resumed, f"{job.id}+{resumed.id}", any(one.ends_exactly for one in over)


def _rank(one: Seen) -> int:
    return one.rank


def _may_break(one: _Stretch, span: Span, within: list[_Stretch]) -> bool:
    """Say whether work may have ended within a stretch of days, with none beside it that goes on."""
    if one.ends is None or one.ends_exactly:
        return False
    sure, last = one.ends
    if span.last is not None and span.last <= sure:
        return False
    return not any(
        two.first <= plus_days(sure, 1) and (two.last is None or two.last > last)
        for two in within
        if two is not one
    )


def _overlaps(one: _Stretch, span: Span) -> bool:
    return (span.last is None or one.first <= span.last) and (
        one.last is None or one.last >= span.first
    )


def _closings(
    span: Span, due_on: date, within: list[_Stretch], other: list[_Stretch]
) -> Iterator[Closing]:
    """Yield what closes a stretch: other work fulfils it, everything else ends it."""
    if span.last is None:
        return
    day = plus_days(span.last, 1)
    for one in other:
        if one.first == day:
            works = one.begin.type in ("EmploymentStarted", "EmploymentChanged")
            works = works or one.begin.type == "SelfEmploymentStarted"
            late = ClosedBy.IN_TIME if day <= due_on else ClosedBy.LATE
            by = late if works else ClosedBy.CANCELLED
            yield Closing(day, by, one.begin, one.begin.unsure_from)
    for one in within:
        if one.end is not None and one.ends is not None and one.last == span.last:
            yield Closing(day, ClosedBy.CANCELLED, one.end, one.ends.next_day.unsure_from)


B06 = Rule(
    id="B06",
    pattern=Pattern.ABSENCE,
    field=Handlungsfeld.ARBEIT,
    label=Label("Dauerhaft geringfügig", "Marginal work only", "nur Minijob"),
    watches=Label(
        "Seit einem Jahr gibt es nur einen Minijob oder eine Aushilfe.",
        "For a year there has been a Minijob or a short-term job only.",
    ),
    sentence=Label(
        "Seit dem {first} nur geringfügige Arbeit; bis zum {due} ist zu prüfen, was möglich ist.",
        "Marginal work only since {first}; what is possible is to be looked at by {due}.",
    ),
    next_step=Label("Mehr Stunden oder andere Arbeit suchen", "Look for more hours or other work"),
    source="Praxisvorgabe, 365 Tage",
    severity=Severity.LOW,
    responsible=(Responsible.CASE_MANAGER, Responsible.JOBCENTER),
    bounds=("B06.after",),
    triggers=("EmploymentStarted", "EmploymentChanged"),
    missing=("EmploymentStarted", "EmploymentChanged"),
    find=_b06,
    entry=Entry(
        trigger='A stretch of days on each of which a job runs, every job that runs is small or of an unknown kind, and nothing else is done. *Small*: `employment_kind` `MINIJOB` or `AUSHILFE_KURZFRISTIG`. A job has a kind from the latest day of the first `EmploymentStarted` or `EmploymentChanged` (missing: unknown), and another from the day of a later `EmploymentChanged` that tells one which is small where it was not, or not small where it was, or either where it was unknown; it runs, whatever its kind, through the latest day of its `EmploymentEnded`, without one through its last `fixed_term_until`. A job told by its end alone has no days. *Something else*: a training from its start through its end; own school through the next own `SchoolLeft`; study from `StudyAdmitted` through the next `StudyCompleted` or `StudyEnded`; a `HealthBarrierReported` with `severity` severe through the next `HealthBarrierResolved`; from `SelfEmploymentStarted` on. All by latest days, both ends inclusive, "next" by G3; what ends before it begins has no days. The trigger is the fact that begins the small (or unknown) kind on the first day (the first by G3), else the fact that ended the other job or the something else on the day before (the first by G3).',
        window="From the first day of the stretch through that day + 365.",
        followed_by="An `EmploymentStarted` or `EmploymentChanged` with another kind, or a `SelfEmploymentStarted`, that ends the stretch, on the day after its last.",
        cancelled_by="Whatever else ends the stretch, on the day after its last: `EmploymentEnded`, the fact that names the fixed term, the begin of something else.",
        data_row="`employment_kind` of a job that runs within the stretch is unknown.",
        series="No series. Key: the id of the fact that begins the kind; where another thing ended the day before, the id of the first fact (G3) that begins a kind of this stretch, `+`, and the id of the fact that ended the other.",
        severity="low.",
        example="Minijob from 1 March 2024: due through 1 March 2025, open from 2 March.",
        decided="Days without a job break the stretch; the next day another small job begins, it goes on. A severe barrier stands for not able to work.",
    ),
    reasons=(
        GapReason.NO_CHILDCARE,
        GapReason.ILLNESS,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
    visible_to=PROTECTED,
    unknown="employment_kind",
)
