"""The corrected view: what is known of a journey, each fact with its days and its place in order.

Lines G1 to G3, G11 (`docs/reference/rules.md`) and design 4, lines 3, 8, 23. The as-of day never hides a fact; known-at does.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from operator import attrgetter
from typing import Any

from domain.chain.calendar import berlin_day
from domain.days import PartialDate
from domain.events.record import EventCorrected, EventRetracted, JourneyErased
from domain.events.registry import read_fact, read_fact_leniently
from domain.fact import Fact
from domain.journal import Recorded

# G1: the attributes that give the day of a fact whose own day is unknown.
_DATED_BY: Mapping[str, str] = {
    "JobSeekerRegistered": "on",
    "UnemploymentRegistered": "on",
    "BenefitApplied": "on",
    "CourseEntitlementIssued": "issued_on",
    "VocationalLanguageEntitlementIssued": "issued_on",
    "ConsentGranted": "granted_on",
    "ConsentWithdrawn": "withdrawn_on",
    "IntegrationCourseCertificateIssued": "date",
    "NaturalisationCertificateHandedOver": "date",
    "ChildBorn": "birth_date",
}

# G2: the facts that prove that another happened before.
_PROVEN_BY: Mapping[str, frozenset[str]] = {
    "TitleApplied": frozenset({"FictionCertificateIssued", "TitleRefused", "TitleGranted"}),
    "HandoverOffered": frozenset({"HandoverAccepted", "HandoverRejected"}),
    "CourseRegistered": frozenset({"CourseStarted", "CourseNotRealised"}),
    "CourseStarted": frozenset({"CourseCompleted", "CourseAborted", "CourseInterrupted"}),
    "VocationalCourseRegistered": frozenset({"VocationalCourseStarted"}),
    "TrainingContractSigned": frozenset({"TrainingStarted"}),
    "TrainingStarted": frozenset(
        {"TrainingAborted", "TrainingInterrupted", "TrainingCompleted", "TrainingFinallyFailed"}
    ),
    "EmploymentStarted": frozenset({"EmploymentEnded"}),
    "AsylumDecisionIssued": frozenset({"AppealFiled", "AppealDecided"}),
    "WorkPermitRequested": frozenset({"WorkPermitGranted", "WorkPermitRefused"}),
    "ToleranceApplied": frozenset({"ToleranceRefused"}),
    "RecognitionApplied": frozenset(
        {"ReceiptConfirmed", "DocumentsRequested", "RecognitionDecided"}
    ),
    "CompensationStarted": frozenset({"CompensationCompleted"}),
    "BridgingMeasureStarted": frozenset({"BridgingMeasureEnded"}),
    "CaseManagerAssigned": frozenset({"CaseManagerReleased"}),
    "ConsentGranted": frozenset({"ConsentWithdrawn", "ConsentExpired"}),
}

_CHANGING = (EventCorrected, EventRetracted)


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as it was told, in the order of the file or of the journal.

    ``recorded_at`` may be absent in files; :func:`read` then infers the day (design 4, line 23).
    """

    id: str
    fact: Fact
    occurred_on: PartialDate
    recorded_at: datetime | None = None


@dataclass(slots=True)
class Seen:
    """A fact of the corrected view.

    Attributes:
        id: Id of the fact.
        type: Name of its type.
        fact: The fact, corrections applied.
        earliest: First possible day.
        latest: Last possible day; the day on which a trigger counts.
        dated: Whether a day was told at all; else both days are the recorded day.
        recorded: The day on which it was recorded.
        place: Place in the file.
        stands_on: The day on which it stands in the order of G3.
        rank: Place in the order of G3; "before" and "after" compare it.
        narrowed: Whether a proof made the latest day earlier (G2).
    """

    id: str
    type: str
    fact: Fact
    earliest: date
    latest: date
    dated: bool
    recorded: date
    place: int
    stands_on: date = date.min
    rank: int = 0
    narrowed: bool = False

    def get(self, name: str) -> Any:
        """Return an attribute of the fact; None if it is unknown or the type has none of this name."""
        # a model keeps its attributes there; getattr searches long for a missing one
        return self.fact.__dict__.get(name)

    def day(self, name: str) -> PartialDate | None:
        """Return a day among the attributes; None if it is unknown."""
        value = self.fact.__dict__.get(name)
        return value if isinstance(value, PartialDate) and value.year is not None else None

    def latest_of(self, name: str) -> date | None:
        """Return the latest possible day of an attribute; None if it is unknown."""
        value = self.day(name)
        return None if value is None else value.latest

    @property
    def exact(self) -> bool:
        """Say whether the fact's day is known exactly."""
        return self.dated and self.earliest == self.latest

    @property
    def unsure_from(self) -> date | None:
        """Return the first possible day, undated any; None if the day is known exactly."""
        if self.dated:
            return None if self.earliest == self.latest else self.earliest
        return date.min


class View:
    """The facts of one journey in the order of G3, and the same by type."""

    __slots__ = ("_by_id", "_by_type", "_found", "facts")

    def __init__(self, facts: Sequence[Seen]) -> None:
        self.facts = tuple(facts)
        by_type = defaultdict[str, list[Seen]](list)
        for one in self.facts:
            by_type[one.type].append(one)
        self._by_type: dict[str, list[Seen]] = by_type
        self._by_id: dict[str, Seen] = {}
        self._found: dict[tuple[str, ...], list[Seen]] = {}

    def of(self, *types: str) -> list[Seen]:
        """Return the facts of these types, in order; not to be changed, the next who asks gets the same."""
        found = self._found.get(types)
        if found is None:
            found = self._found[types] = self._merged(types)
        return found

    def _merged(self, types: tuple[str, ...]) -> list[Seen]:
        known = self._by_type
        rows = [known[one] for one in types if one in known]
        if len(rows) > 1:
            return sorted(chain.from_iterable(rows), key=_rank)
        return rows[0] if rows else []

    def has(self, *types: str) -> bool:
        """Say whether there is a fact of one of these types."""
        return not self._by_type.keys().isdisjoint(types)

    def before(self, place: Seen, *types: str) -> list[Seen]:
        """Return the facts of these types before another, in order."""
        return [one for one in self.of(*types) if one.rank < place.rank]

    def after(self, place: Seen, *types: str) -> list[Seen]:
        """Return the facts of these types after another, in order."""
        return [one for one in self.of(*types) if one.rank > place.rank]

    def by_id(self, fact_id: str) -> Seen | None:
        """Return the fact of this id, if it is seen."""
        if not self._by_id:
            self._by_id = {one.id: one for one in self.facts}
        return self._by_id.get(fact_id)

    def holds(self, one: Seen) -> bool:
        """Say whether a fact stands in this journey, and not in another one."""
        return self.by_id(one.id) is one


def told(records: Iterable[Recorded]) -> list[Told]:
    """Return what the records of one journey tell."""
    return [
        Told(one.entry.id, one.entry.fact, one.entry.occurred_on, one.recorded_at)
        for one in records
    ]


def read(facts: Sequence[Told], known_at: date | None = None) -> View:
    """Return the corrected view of one journey as it was known at the end of a day (None: today)."""
    kinds = {type(one.fact) for one in facts}
    if JourneyErased in kinds:
        return View(())
    visible = [
        (place, one, day)
        for place, (one, day) in enumerate(zip(facts, _recorded_days(facts), strict=True))
        if day is not None and (known_at is None or day <= known_at)
    ]
    if not kinds.isdisjoint(_CHANGING):
        visible = _corrected(visible)
    seen = [_seen(place, one, day) for place, one, day in visible]
    _narrow(seen)
    return View(_in_order(seen))


def _told_day(one: Told) -> PartialDate | None:
    """Return the day that the fact or one of its attributes tells (G1)."""
    if one.occurred_on.known:
        return one.occurred_on
    attribute = _DATED_BY.get(type(one.fact).__name__)
    value = getattr(one.fact, attribute, None) if attribute else None
    return value if value is not None and value.known else None


def _recorded_days(facts: Sequence[Told]) -> list[date | None]:
    """Infer the recorded day of every fact (design 4, line 23); None where nothing tells it."""
    days = [None if one.recorded_at is None else berlin_day(one.recorded_at) for one in facts]
    return _inferred(facts, days) if None in days else days


def _inferred(facts: Sequence[Told], recorded: Sequence[date | None]) -> list[date | None]:
    told_days = [_told_day(one) for one in facts]
    days = [
        told.latest if day is None and told is not None else day
        for day, told in zip(recorded, told_days, strict=True)
    ]
    known = [day for day, told in zip(days, told_days, strict=True) if day and told]
    following = max(known, default=None)
    for place in range(len(facts) - 1, -1, -1):
        if told_days[place] is not None:
            following = days[place]
        elif days[place] is None:
            days[place] = following
    return days


_Visible = tuple[int, Told, date]


def _corrected(visible: Sequence[_Visible]) -> list[_Visible]:
    """Apply the retractions and corrections that stand (G11)."""
    changing = [item for item in visible if isinstance(item[1].fact, _CHANGING)]
    retracted = _retracted(one for _, one, _ in changing)
    standing = [item for item in visible if item[1].id not in retracted]
    corrections = [item for item in changing if item[1].id not in retracted]
    first = _first_corrected(one for _, one, _ in changing)
    now: dict[str, Told] = {one.id: one for _, one, _ in standing}
    for _, one, _ in sorted(corrections, key=lambda item: (item[2], item[0])):
        target = now.get(first.get(one.id, ""))
        if target is not None and isinstance(one.fact, EventCorrected):
            now[target.id] = _merged(target, one.fact)
    return [(place, now[one.id], day) for place, one, day in standing]


def _retracted(facts: Iterable[Told]) -> set[str]:
    """Return the ids of the facts undone by a retraction that is itself not undone."""
    targets = {one.id: one.fact.target for one in facts if isinstance(one.fact, EventRetracted)}
    by_target: dict[str | None, list[str]] = {}
    for retraction, target in targets.items():
        by_target.setdefault(target, []).append(retraction)

    def stands(fact_id: str, path: frozenset[str]) -> bool:
        """Follow the chain of retractions; one that bites its own tail undoes nothing."""
        return not any(
            stands(retraction, path | {fact_id})
            for retraction in by_target.get(fact_id, ())
            if retraction not in path
        )

    return {target for target in by_target if target and not stands(target, frozenset())}


def _first_corrected(facts: Iterable[Told]) -> dict[str, str]:
    """Return for every correction the fact that was first corrected, through corrections of corrections."""
    target = {
        one.id: one.fact.target or "" for one in facts if isinstance(one.fact, EventCorrected)
    }
    first: dict[str, str] = {}
    for correction in target:
        path = {correction}
        here = target[correction]
        while here in target and here not in path:
            path.add(here)
            here = target[here]
        first[correction] = here
    return first


def _merged(target: Told, correction: EventCorrected) -> Told:
    """Return the target with the corrected day and attributes; null overwrites, misfits change nothing."""
    fact = target.fact
    if correction.attributes_:
        told, _ = read_fact_leniently(fact.type_name(), correction.attributes_)
        merged = fact.known_attributes() | told.known_attributes()
        fact = read_fact(fact.type_name(), merged)
    day = target.occurred_on
    if "occurred_on" in correction.model_fields_set:
        day = correction.occurred_on or PartialDate()
    return Told(target.id, fact, day, target.recorded_at)


def _seen(place: int, one: Told, recorded: date) -> Seen:
    """Give a fact its days (G1)."""
    day = _told_day(one)
    if day is None:
        earliest = latest = recorded
    else:
        earliest, latest = day.earliest or recorded, day.latest or recorded
        if one.recorded_at is not None and earliest <= recorded < latest:
            latest = recorded
    return Seen(
        one.id,
        type(one.fact).__name__,
        one.fact,
        earliest,
        latest,
        day is not None,
        recorded,
        place,
    )


def _narrow(facts: Sequence[Seen]) -> None:
    """Let proofs narrow the facts whose day is known by month or year only (G2)."""
    partial = [one for one in facts if one.earliest != one.latest and one.type in _PROVEN_BY]
    if not partial:
        return
    proofs = [(one.type, one.latest) for one in facts if one.dated]
    for one in partial:
        proving = _PROVEN_BY[one.type]
        latest = min(
            (
                day
                for type_name, day in proofs
                if type_name in proving and one.earliest <= day <= one.latest
            ),
            default=one.latest,
        )
        one.narrowed = latest < one.latest
        one.latest = latest


def _in_order(facts: Sequence[Seen]) -> list[Seen]:
    """Sort by latest day, narrowed facts first, then as in the file; undated ones before the next dated (G3)."""
    following = max([one.latest for one in facts if one.dated], default=None)
    for one in reversed(facts):
        if one.dated:
            following = one.latest
        one.stands_on = one.latest if following is None else following
    ordered = sorted(facts, key=_standing)
    for rank, one in enumerate(ordered):
        one.rank = rank
    return ordered


def _standing(one: Seen) -> tuple[date, bool, int]:
    return one.stands_on, not one.narrowed, one.place


_rank = attrgetter("rank")
