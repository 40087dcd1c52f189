"""What is told of somebody's livelihood, and what speaks against it: full-time work and benefits by need."""

from collections.abc import Sequence
from datetime import date

from tests.second_reading.basis import View, facts_after, of, plus_days
from tests.second_reading.benefits import benefits_of
from tests.second_reading.jobs import Job, jobs_of
from tests.second_reading.rules_a4 import Period


def full_time_of(view: View) -> list[Period]:
    """The days of full-time work."""
    return [one for job in jobs_of(view) for one in _full_time(job)]


def _full_time(job: Job) -> list[Period]:
    """The days of full-time work of a job."""
    telling = job.last_told("fixed_term_until")
    until = None if telling is None else telling.day("fixed_term_until")
    end = job.end.latest if job.end is not None else until or date.max
    kinds = [one for one in job.facts if one.get("employment_kind") is not None]
    found = []
    for place, fact in enumerate(kinds):
        if fact.get("employment_kind") == "SV_VOLLZEIT":
            last = end
            if place + 1 < len(kinds):
                changed = kinds[place + 1].latest
                same = kinds[place + 1].get("employment_kind") == "SV_VOLLZEIT"
                last = min(last, changed if same else plus_days(changed, -1))
            found.append(Period(fact.latest, last))
    return [one for one in found if one.first <= one.last]


def paid_by_need(view: View) -> list[Period]:
    return [
        Period(one.first, date.max if one.last is None else one.last)
        for one in benefits_of(view)
        if (one.rechtskreis or "").startswith(("SGB_XII", "ASYLBLG"))
        or one.rechtskreis in ("SGB_II", "BSHG")
    ]


def livelihood_told(
    view: View, work: Sequence[Period], paid: Sequence[Period]
) -> list[tuple[Period, str | None]]:
    """The stretches of a livelihood told as secured or lost, each with its degree."""
    told: list[tuple[Period, str | None]] = []
    for fact in of(view, "LivelihoodSecured", "LivelihoodLost"):
        following = facts_after(view, fact, "LivelihoodSecured", "LivelihoodLost")[:1]
        ends = [one.latest for one in following]
        degree = fact.get("degree")
        if fact.type == "LivelihoodLost":
            degree = "lost"
            ends += [one.first for one in work if one.first > fact.latest]
        elif degree == "full":
            ends += [one.first for one in paid if one.first > fact.latest]
        last = plus_days(min(ends), -1) if ends else date.max
        told.append((Period(fact.latest, last), degree))
    return told
