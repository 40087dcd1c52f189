"""What a person lives on, day by day: benefits, work, training, own means (L02, L09)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.counting import range_of
from domain.chain.reading import Seen, View
from domain.chain.states.regimes import Regime
from domain.chain.states.work import TRAINING_ENDS, Job

PAYS_NOTHING = frozenset({"NONE", "DONATIONS"})
"""The Rechtskreise that are no benefit."""
_OWN = frozenset({"OWN_INCOME", "FAMILY"})
_ENOUGH = frozenset({"full", "predominantly", None})


@dataclass(frozen=True, slots=True)
class Means:
    """Days on which there is something to live on.

    Attributes:
        begin: The fact by which it begins.
        first: First day.
        last: Last day; None: no end is known.
        end: The fact that gives the last day.
        exact: Whether both days are known exactly.
        own: Whether it is no benefit.
    """

    begin: Seen
    first: date
    last: date | None
    end: Seen | None
    exact: bool
    own: bool

    @property
    def begins_unsure_from(self) -> date | None:
        """Return the first day that its first may be; None if that is known exactly."""
        told = range_of(self.begin.day("from_"))
        return self.begin.unsure_from if told is None else told.unsure_from


@dataclass(frozen=True, slots=True)
class Hole:
    """Days without means: after what ended, until what begins; None: nothing is known to begin."""

    after: Means
    first: date
    until: Means | None


def means(
    view: View, all_regimes: list[Regime], jobs: list[Job], no_livelihood: frozenset[str]
) -> list[Means]:
    """Return what the person lives on, by first day.

    Args:
        view: The corrected view.
        all_regimes: The benefits granted.
        jobs: The jobs.
        no_livelihood: The kinds of employment that are none.
    """
    found = [
        *_benefits(all_regimes),
        *_jobs(jobs, no_livelihood),
        *_training_and_business(view),
        *_secured(view),
    ]
    valid = [one for one in found if one.last is None or one.last >= one.first]
    return sorted(valid, key=lambda one: (one.first, one.begin.rank))


def _benefits(all_regimes: list[Regime]) -> Iterator[Means]:
    for one in all_regimes:
        if one.rechtskreis not in PAYS_NOTHING:
            own = one.rechtskreis in _OWN
            yield Means(one.grant, one.first, one.last, one.end, one.exact, own)


def _jobs(jobs: list[Job], no_livelihood: frozenset[str]) -> Iterator[Means]:
    for job in jobs:
        if job.kind_by(job.facts[-1]) in no_livelihood:
            continue
        begin, term = job.facts[0], job.fixed_term
        if job.ended is not None:
            exact = begin.exact and job.ended.exact
            yield Means(begin, begin.latest, job.ended.latest, job.ended, exact, own=True)
        elif term is not None:
            exact = begin.exact and term[1].exact
            yield Means(begin, begin.latest, term[1].latest, term[0], exact, own=True)
        else:
            yield Means(begin, begin.latest, None, None, begin.exact, own=True)


def _training_and_business(view: View) -> Iterator[Means]:
    for one in view.of("SelfEmploymentStarted"):
        yield Means(one, one.latest, None, None, one.exact, own=True)
    for one in view.of("TrainingStarted"):
        ends = view.after(one, *TRAINING_ENDS)
        yield _through(one, ends[0] if ends else None, 0)


def _secured(view: View) -> Iterator[Means]:
    """Yield the stretches of a livelihood told as secured, each to the day before it is told otherwise."""
    for one in view.of("LivelihoodSecured"):
        if one.get("degree") not in _ENOUGH:
            continue
        ends = (
            other
            for other in view.after(one, "LivelihoodLost", "LivelihoodSecured")
            if other.type == "LivelihoodLost" or other.get("degree") not in _ENOUGH
        )
        yield _through(one, next(ends, None), -1)


def _through(begin: Seen, end: Seen | None, shift: int) -> Means:
    """Return means from one fact through another, or through the day before it."""
    last = None if end is None else plus_days(end.latest, shift)
    exact = begin.exact and (end is None or end.exact)
    return Means(begin, begin.latest, last, end, exact, own=True)


def holes(all_means: list[Means]) -> Iterator[Hole]:
    """Yield the days without means after some that ended."""
    reach: Means | None = None
    for one in all_means:
        if reach is not None and reach.last is not None and one.first > plus_days(reach.last, 1):
            yield Hole(reach, plus_days(reach.last, 1), one)
        if reach is None or _reaches_further(one, reach):
            reach = one
    if reach is not None and reach.last is not None and reach.last < date.max:
        yield Hole(reach, plus_days(reach.last, 1), None)


def _reaches_further(one: Means, reach: Means) -> bool:
    return reach.last is not None and (one.last is None or one.last > reach.last)


def lived_on(all_means: list[Means], day: date) -> Means | None:
    """Return what there is to live on on a day; None if nothing is known."""
    return next(
        (one for one in all_means if one.first <= day and (one.last is None or day <= one.last)),
        None,
    )
