"""What the read API tells, and what it keeps back.

Events of class identity, sensitive or notes keep their place in the order and nothing else: neither type
nor attributes nor day. The same goes for what a correction or a retraction says about such an event, and for
every event of a journey that was erased. Of timeline and gaps, what rests on such an event is left out, also
on one of somebody else's; what it closed counts as closed on the day on which it was recorded.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from domain.chain.calendar import berlin_day, plus_days
from domain.chain.intervals import Certainty, ClosedBy, Interval, Kind, Responsible, Severity, State
from domain.chain.reading import told
from domain.events.record import EventCorrected, EventRetracted, JourneyErased
from domain.fields import DataClass
from domain.journal import Recorded
from domain.labels import Label
from projections.history import history
from projections.strands import (
    LinkState,
    Mark,
    MarkKind,
    Span,
    SpanKind,
    Strand,
    StrandName,
    Timeline,
)
from projections.timeline import timeline_of


class Event(BaseModel):
    """One event of the journal; withheld ones keep their position only."""

    position: int = Field(description="Place in the whole journal, dense from 1")
    journey: UUID
    version: int = Field(description="Place within the journey, dense from 1")
    recorded_at: datetime
    withheld: bool = Field(description="The event is of class identity, sensitive or notes")
    type: str | None = None
    id: str | None = None
    occurred_on: str | None = Field(
        default=None, description="A day, a month or a year; null: happened, day unknown"
    )
    attributes: dict[str, Any] | None = None


class Events(BaseModel):
    """A page of the journal; ``next_after`` asks for the page that follows."""

    items: tuple[Event, ...]
    next_after: int


class Words(BaseModel):
    """A label in German and English."""

    de: str
    en: str


class TimelineSpan(BaseModel):
    """A stretch of time on a strand, both days inclusive."""

    start: date
    end: date | None = Field(description="null: still running")
    label: Words
    kind: SpanKind
    detail: str
    certainty: Certainty
    rule: str | None = None
    events: tuple[str, ...]


class TimelineMark(BaseModel):
    """A milestone."""

    on: date
    label: Words
    kind: MarkKind
    event: str
    late_days: int


class TimelineStrand(BaseModel):
    """One strand with its spans, milestones and contacts."""

    name: StrandName
    state: LinkState
    note: Words
    spans: tuple[TimelineSpan, ...]
    marks: tuple[TimelineMark, ...]
    contacts: tuple[date, ...]


class ChainLink(BaseModel):
    """One link of the chain."""

    name: Words
    state: LinkState
    note: Words


class TimelineView(BaseModel):
    """A journey's timeline as of a day, as it was known at a day."""

    journey: UUID
    as_of: date
    known_at: date | None
    chain: tuple[ChainLink, ...]
    strands: tuple[TimelineStrand, ...]


class Gap(BaseModel):
    """One gap, chance or missing value of a journey."""

    rule: str
    key: str
    kind: Kind
    state: State
    certainty: Certainty
    begins_on: date
    opens_on: date
    due_on: date | None
    closes_on: date | None
    closed_by: ClosedBy | None
    severity: Severity
    responsible: tuple[Responsible, ...]
    evidence: tuple[str, ...]
    missing: tuple[str, ...]


class Gaps(BaseModel):
    """The gaps of a journey as of a day, as it was known at a day."""

    journey: UUID
    as_of: date
    known_at: date | None
    items: tuple[Gap, ...]


def events_of(
    records: Sequence[Recorded], after: int, read: Callable[[UUID], Sequence[Recorded]]
) -> Events:
    """Return a page of events; ``read`` gives the whole journey that an event belongs to."""
    withheld = {
        journey: withheld_ids(read(journey)) for journey in {one.journey for one in records}
    }
    items = tuple(_event(one, withheld[one.journey]) for one in records)
    return Events(items=items, next_after=records[-1].position if records else after)


def withheld_ids(records: Sequence[Recorded]) -> frozenset[str]:
    """Return the facts of a journey that are kept back."""
    if any(isinstance(one.entry.fact, JourneyErased) for one in records):
        return frozenset(one.entry.id for one in records)
    hidden = {one.entry.id for one in records if _is_closed(one)}
    for one in records:
        fact = one.entry.fact
        if isinstance(fact, EventCorrected | EventRetracted) and fact.target in hidden:
            hidden.add(one.entry.id)
    return frozenset(hidden)


def _is_closed(record: Recorded) -> bool:
    return record.entry.data_class is not DataClass.BASE


def _event(record: Recorded, withheld: frozenset[str]) -> Event:
    entry = record.entry
    place: Mapping[str, Any] = {
        "position": record.position,
        "journey": record.journey,
        "version": record.version,
        "recorded_at": record.recorded_at,
    }
    if entry.id in withheld:
        return Event(**place, withheld=True)
    return Event(
        **place,
        withheld=False,
        type=entry.fact.type_name(),
        id=entry.id,
        occurred_on=str(entry.occurred_on) or None,
        attributes=entry.fact.known_attributes(),
    )


def timeline_view(drawn: Timeline, records: Sequence[Recorded]) -> TimelineView:
    """Return a timeline without what rests on facts that are kept back."""
    hidden = withheld_ids(records)
    open_records = [one for one in records if one.entry.id not in hidden]
    openly = timeline_of(drawn.journey, history(told(open_records), drawn.known_at), drawn.as_of)
    notes = {one.name: one for one in openly.strands}
    return TimelineView(
        journey=drawn.journey,
        as_of=drawn.as_of,
        known_at=drawn.known_at,
        chain=tuple(
            ChainLink(name=_words(one.name), state=one.state, note=_words(one.note))
            for one in drawn.chain
        ),
        strands=tuple(
            _strand(one, notes, hidden, {record.entry.id for record in open_records})
            for one in drawn.strands
        ),
    )


def _strand(
    one: Strand,
    openly: Mapping[StrandName, Strand],
    hidden: frozenset[str],
    openly_told: Set[str],
) -> TimelineStrand:
    told_of = openly[one.name] if one.name is StrandName.FAMILIE else one
    return TimelineStrand(
        name=one.name,
        state=told_of.state,
        note=_words(told_of.note),
        spans=tuple(_span(span) for span in one.spans if openly_told >= set(span.refs)),
        marks=tuple(_mark(mark) for mark in one.marks if mark.ref not in hidden),
        contacts=one.dots,
    )


def _span(one: Span) -> TimelineSpan:
    return TimelineSpan(
        start=one.start,
        end=one.end,
        label=_words(one.label),
        kind=one.kind,
        detail=one.detail,
        certainty=one.certainty,
        rule=one.rule or None,
        events=one.refs,
    )


def _mark(one: Mark) -> TimelineMark:
    return TimelineMark(
        on=one.on, label=_words(one.label), kind=one.kind, event=one.ref, late_days=one.late_days
    )


def gap_views(found: Iterable[Interval], records: Sequence[Recorded], day: date) -> Iterator[Gap]:
    """Yield the intervals that apply on a day, without what rests on facts that are kept back."""
    hidden = withheld_ids(records)
    recorded = {one.entry.id: berlin_day(one.recorded_at) for one in records}
    for one in found:
        if recorded.keys() - hidden >= set(one.evidence) and not _names(one.key, hidden):
            shown = (
                _closed_when_told(one, recorded) if one.was_open and one.closing in hidden else one
            )
            if shown.state(day) is not State.NOT_APPLICABLE:
                yield _gap(shown, day)


def _names(key: str, hidden: frozenset[str]) -> bool:
    return any(one in key for one in hidden)


def _closed_when_told(one: Interval, recorded: Mapping[str, date]) -> Interval:
    """Return an interval as closed when the fact that closed it was recorded: its own day says too much."""
    day = max(recorded[one.closing or ""], plus_days(one.opens_on, 1))
    return one._replace(closes_on=day, closing=None)


def _gap(one: Interval, day: date) -> Gap:
    """Return an interval as it stands on a day."""
    return Gap(
        rule=one.rule,
        key=one.key,
        kind=one.kind,
        state=one.state(day),
        certainty=one.certainty,
        begins_on=one.begins_on,
        opens_on=one.opens_on,
        due_on=one.due_on,
        closes_on=one.closes_on,
        closed_by=one.closed_by,
        severity=one.severity_on(day),
        responsible=one.responsible,
        evidence=one.evidence,
        missing=one.missing,
    )


def _words(label: Label) -> Words:
    return Words(de=label.de, en=label.en)
