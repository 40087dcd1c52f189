"""Small work only: B06."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tests.second_reading.basis import (
    Row,
    Told,
    View,
    facts_after,
    later,
    plus_days,
    settle,
)
from tests.second_reading.courses import is_own_school
from tests.second_reading.jobs import Job, jobs_of
from tests.second_reading.trainings import trainings_of

SMALL = ("MINIJOB", "AUSHILFE_KURZFRISTIG")


@dataclass(frozen=True)
class Doing:
    """Days of a job of one kind (small, other, unknown) or of something else (kind: else)."""

    kind: str
    first: date
    last: date
    begun: Told
    ended: Told | None

    def has(self, day: date) -> bool:
        return self.first <= day <= self.last


def _kind(fact: Told) -> str:
    told = fact.get("employment_kind")
    if told is None:
        return "unknown"
    return "small" if told in SMALL else "other"


def _of_job(job: Job) -> list[Doing]:
    begins: list[tuple[str, Told]] = []
    for fact in job.facts:
        if fact.type not in ("EmploymentStarted", "EmploymentChanged"):
            continue
        kind = _kind(fact)
        if not begins or kind not in ("unknown", begins[-1][0]):
            begins.append((kind, fact))
    named = job.last_told("fixed_term_until")
    term = None if named is None else named.day("fixed_term_until")
    end, by = (term or date.max, named)
    if job.end is not None:
        end, by = job.end.latest, job.end
    found = []
    for place, (kind, fact) in enumerate(begins):
        last, ended = end, by
        if place + 1 < len(begins):
            changed = begins[place + 1][1]
            if plus_days(changed.latest, -1) < last:
                last, ended = plus_days(changed.latest, -1), changed
        found.append(Doing(kind, fact.latest, last, fact, ended))
    return found


def _until_next(fact: Told, following: Sequence[Told]) -> Doing:
    if not following:
        return Doing("else", fact.latest, date.max, fact, None)
    return Doing("else", fact.latest, following[0].latest, fact, following[0])


def _ends_of_else(view: View, fact: Told) -> View | None:
    """What may end the something else that the fact begins; None: it begins none."""
    if fact.type == "SelfEmploymentStarted":
        return []
    if is_own_school(fact):
        left = facts_after(view, fact, "SchoolLeft")
        return [one for one in left if one.get("child_ref") is None]
    if fact.type == "StudyAdmitted":
        return facts_after(view, fact, "StudyCompleted", "StudyEnded")
    if fact.type == "HealthBarrierReported" and fact.get("severity") == "severe":
        return facts_after(view, fact, "HealthBarrierResolved")
    return None


def _something_else(view: View) -> list[Doing]:
    found = [
        _until_next(one.start, [one.end] if one.end else [])
        for one in trainings_of(view)
        if one.start is not None
    ]
    for fact in view:
        ends = _ends_of_else(view, fact)
        if ends is not None:
            found.append(_until_next(fact, ends))
    return found


def doings_of(view: View) -> list[Doing]:
    found = [one for job in jobs_of(view) for one in _of_job(job)]
    found += _something_else(view)
    return [one for one in found if one.first <= one.last]


def _is_small_only(doings: list[Doing], day: date) -> bool:
    kinds = {one.kind for one in doings if one.has(day)}
    return bool(kinds) and kinds <= {"small", "unknown"}


def _stretches(doings: list[Doing]) -> list[tuple[date, date]]:
    days = {one.first for one in doings}
    days |= {plus_days(one.last, 1) for one in doings if one.last < date.max}
    found: list[tuple[date, date]] = []
    ordered = sorted(days)
    for place, day in enumerate(ordered):
        last = plus_days(ordered[place + 1], -1) if place + 1 < len(ordered) else date.max
        if not _is_small_only(doings, day):
            continue
        if found and plus_days(found[-1][1], 1) == day:
            found[-1] = (found[-1][0], last)
        else:
            found.append((day, last))
    return found


def _trigger(doings: list[Doing], first: date, last: date) -> tuple[Told, str]:
    """The trigger and the key."""
    on_first = [
        one.begun for one in doings if one.kind in ("small", "unknown") and one.first == first
    ]
    if on_first:
        trigger = min(on_first, key=lambda fact: fact.rank)
        return trigger, trigger.id
    ended = [
        one.ended
        for one in doings
        if one.kind in ("other", "else") and one.last == plus_days(first, -1) and one.ended
    ]
    trigger = min(ended, key=lambda fact: fact.rank)
    begun = [
        one.begun
        for one in doings
        if one.kind in ("small", "unknown") and one.first <= last and one.last >= first
    ]
    return trigger, f"{min(begun, key=lambda fact: fact.rank).id}+{trigger.id}"


def b06(view: View) -> list[Row]:
    doings = doings_of(view)
    rows: list[Row] = []
    for first, last in _stretches(doings):
        trigger, key = _trigger(doings, first, last)
        unknown = any(
            one.kind == "unknown" and one.first <= last and one.last >= first for one in doings
        )
        followed: list[Told | date] = []
        cancelled: list[Told | date] = []
        if last < date.max:
            after = plus_days(last, 1)
            more = any(_is_more(one) and one.first == after for one in doings)
            (followed if more else cancelled).append(after)
        rows += settle(
            "B06",
            view,
            trigger,
            first,
            later(first, "B06.after"),
            key=key,
            kind="data" if unknown else "gap",
            followed=followed,
            cancelled=cancelled,
        )
    return rows


def _is_more(one: Doing) -> bool:
    return one.kind == "other" or one.begun.type == "SelfEmploymentStarted"


READERS = {"B06": b06}
