"""Stations: one row a journey, how far it has come by its published facts alone.

The row holds what it was made from, so that a consumer goes on from it without the journal: the same
facts give the same row, read from the journal or told on a topic. Of each fact only the attributes
listed here are kept, all of them published and coded.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from pydantic import JsonValue

from domain.arrived import told_id
from domain.chain.calendar import berlin_day
from domain.days import PartialDate
from domain.events.record import EventCorrected, EventRetracted, JourneyErased
from domain.events.registry import brought_up, read_fact_leniently
from domain.fact import Fact
from domain.journal import Recorded
from projections.projection import Column, ColumnType, Projection, Row

ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "CaseOpened": ("intensity",),
    "CaseClosed": (),
    "HandoverOffered": (),
    "HandoverAccepted": (),
    "TitleGranted": ("basis", "valid_until"),
    "CourseRegistered": ("kind",),
    "CourseStarted": ("kind",),
    "CourseCompleted": (),
    "LanguageTestTaken": ("result",),
    "EmploymentStarted": ("employment_kind",),
    "EmploymentEnded": (),
    "NaturalisationApplied": ("basis",),
    "NaturalisationCertificateHandedOver": ("date",),
}
_RECORD = frozenset({"EventCorrected", "EventRetracted"})
_LAST = -1

Told = Mapping[str, JsonValue]


class Step(NamedTuple):
    """A fact reduced to what the row needs; a correction or retraction with the version it points at."""

    version: int
    type: str
    occurred_on: str | None
    recorded_on: str
    target: int
    told: Told

    @property
    def day(self) -> str:
        """Return the latest possible day; undated or possibly later: the day of recording."""
        earliest, latest = _days(self.occurred_on or str(self.told.get("date") or ""))
        return self.recorded_on if earliest <= self.recorded_on < latest else latest


@lru_cache(8_192)
def _days(text: str) -> tuple[str, str]:
    """Return the first and the last possible day; undated, it may be any."""
    day = PartialDate.parse(text)
    return (day.earliest or date.min).isoformat(), (day.latest or date.max).isoformat()


@lru_cache(1_024)
def _recorded_on(hour: datetime) -> str:
    return berlin_day(hour).isoformat()


@dataclass(frozen=True, slots=True)
class Way:
    """The steps of a journey, and under which id each was recorded; nothing once it was erased."""

    steps: tuple[Step, ...] = ()
    ids: tuple[str, ...] = ()
    erased: bool = False


START = Way()


def _apply(way: Way, recorded: Recorded) -> Way:
    fact = recorded.entry.fact
    if isinstance(fact, JourneyErased):
        return Way(erased=True)
    step = None if way.erased else _step(way, recorded, fact)
    if step is None:
        return way
    return Way((*way.steps, step), (*way.ids, recorded.entry.id))


def _step(way: Way, recorded: Recorded, fact: Fact) -> Step | None:
    name = fact.type_name()
    if name in _RECORD:
        return _about_record(way, recorded, fact)
    kept = ATTRIBUTES.get(name)
    if kept is None:
        return None
    return _made(recorded, name, recorded.entry.occurred_on, 0, _values(fact, kept))


def _made(recorded: Recorded, name: str, day: PartialDate | None, target: int, told: Told) -> Step:
    hour = recorded.recorded_at.replace(minute=0, second=0, microsecond=0)
    on = None if day is None else str(day)
    return Step(recorded.version, name, on, _recorded_on(hour), target, told)


def _values(fact: Fact, names: Iterable[str]) -> Told:
    found = {name: _plain(getattr(fact, name)) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def _plain(value: object) -> JsonValue:
    if isinstance(value, Enum):
        return str(value.value)
    return str(value) if isinstance(value, PartialDate) and value.known else None


def _about_record(way: Way, recorded: Recorded, fact: Fact) -> Step | None:
    """Return a correction or retraction of what is kept here."""
    assert isinstance(fact, EventCorrected | EventRetracted)  # noqa: S101  by its name
    target = _target(way, fact.target)
    if target is None:
        return None
    if isinstance(fact, EventRetracted):
        return _made(recorded, "EventRetracted", None, target.version, {})
    first = _first(way.steps, target)
    day = fact.occurred_on or PartialDate() if "occurred_on" in fact.model_fields_set else None
    told = _corrected(first.type, fact.attributes_ or {})
    if first.type in _RECORD:
        return None
    return _made(recorded, "EventCorrected", day, target.version, told)


def _target(way: Way, fact_id: str | None) -> Step | None:
    for step, known in zip(way.steps, way.ids, strict=True):
        if known == fact_id:
            return step
    return None


def _first(steps: Iterable[Step], target: Step) -> Step:
    """Return the fact that was first corrected, through corrections of corrections."""
    by_version = {one.version: one for one in steps}
    while target.type == "EventCorrected":
        target = by_version[target.target]
    return target


def _corrected(name: str, attributes: Mapping[str, JsonValue]) -> Told:
    """Return the corrected values of what is kept; null where a value is not known after all."""
    _, told = brought_up(name, attributes)
    named = {key: value for key, value in told.items() if key in ATTRIBUTES.get(name, ())}
    if not named:
        return {}
    fact, dropped = read_fact_leniently(name, named)
    return {key: _plain(getattr(fact, key)) for key in named if key not in dropped}


def _standing(steps: tuple[Step, ...]) -> list[Step]:
    """Return the facts that stand, as corrected, in the order of their days."""
    if any(one.type in _RECORD for one in steps):
        steps = _as_corrected(steps)
    return sorted(steps, key=lambda one: (one.day, one.version))


def _as_corrected(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Apply the retractions that stand, then the corrections that stand, in their order.

    A retraction points at an earlier step, so that reading them from the last one on settles each.
    """
    retracted: set[int] = set()
    for one in reversed(steps):
        if one.type == "EventRetracted" and one.version not in retracted:
            retracted.add(one.target)
    now = {one.version: one for one in steps if one.version not in retracted}
    for one in tuple(now.values()):
        if one.type == "EventCorrected":
            _correct(now, _first(steps, one).version, one)
    return tuple(one for one in now.values() if one.type not in _RECORD)


def _correct(now: dict[int, Step], version: int, correction: Step) -> None:
    target = now.get(version)
    if target is None:
        return
    told = {key: value for key, value in {**target.told, **correction.told}.items() if value}
    on = target.occurred_on if correction.occurred_on is None else correction.occurred_on
    now[version] = target._replace(told=told, occurred_on=on)


def _rows(_: UUID, way: Way) -> Iterator[Row]:
    standing = _standing(way.steps)
    if not way.steps:
        return
    by_type: dict[str, Step] = {one.type: one for one in standing}
    yield (
        standing[_LAST].type if standing else None,
        _on(standing[_LAST]) if standing else None,
        len(standing),
        *(_told(by_type, name, what) for name, what in _COLUMNS),
        max(one.version for one in way.steps),
        [[*one[:5], dict(one.told)] for one in way.steps],
    )


def _on(step: Step) -> date:
    return date.fromisoformat(step.day)


def _told(by_type: Mapping[str, Step], name: str, what: str) -> object:
    """Return the day or a value of the latest fact of a type."""
    step = by_type.get(name)
    if step is None:
        return None
    if not what:
        return _on(step)
    value = step.told.get(what)
    return PartialDate.parse(str(value)).latest if value and what == "valid_until" else value


def _restore(journey: UUID, row: Row) -> Way:
    stored = row[_LAST]
    assert isinstance(stored, list)  # noqa: S101  the column is written above
    steps = tuple(Step(*one) for one in stored)
    return Way(steps, tuple(told_id(journey, one.version) for one in steps))


_COLUMNS = (
    ("CaseOpened", ""),
    ("CaseOpened", "intensity"),
    ("CaseClosed", ""),
    ("HandoverOffered", ""),
    ("HandoverAccepted", ""),
    ("TitleGranted", ""),
    ("TitleGranted", "basis"),
    ("TitleGranted", "valid_until"),
    ("CourseRegistered", ""),
    ("CourseStarted", ""),
    ("CourseStarted", "kind"),
    ("CourseCompleted", ""),
    ("LanguageTestTaken", ""),
    ("LanguageTestTaken", "result"),
    ("EmploymentStarted", ""),
    ("EmploymentStarted", "employment_kind"),
    ("EmploymentEnded", ""),
    ("NaturalisationApplied", ""),
    ("NaturalisationCertificateHandedOver", ""),
)
STATIONS: Projection[Way] = Projection(
    "stations",
    (
        Column("station", ColumnType.TEXT),
        Column("since", ColumnType.DATE),
        Column("facts", ColumnType.INTEGER),
        Column("case_opened_on", ColumnType.DATE),
        Column("case_intensity", ColumnType.TEXT),
        Column("case_closed_on", ColumnType.DATE),
        Column("handover_offered_on", ColumnType.DATE),
        Column("handover_accepted_on", ColumnType.DATE),
        Column("title_granted_on", ColumnType.DATE),
        Column("title_basis", ColumnType.TEXT),
        Column("title_until", ColumnType.DATE),
        Column("course_registered_on", ColumnType.DATE),
        Column("course_started_on", ColumnType.DATE),
        Column("course_kind", ColumnType.TEXT),
        Column("course_completed_on", ColumnType.DATE),
        Column("tested_on", ColumnType.DATE),
        Column("test_result", ColumnType.TEXT),
        Column("employed_on", ColumnType.DATE),
        Column("employment_kind", ColumnType.TEXT),
        Column("employment_ended_on", ColumnType.DATE),
        Column("naturalisation_applied_on", ColumnType.DATE),
        Column("naturalised_on", ColumnType.DATE),
        Column("version", ColumnType.INTEGER),
        Column("steps", ColumnType.JSON),
    ),
    START,
    _apply,
    _rows,
    restore=_restore,
    needs=frozenset(ATTRIBUTES) | _RECORD,
)
