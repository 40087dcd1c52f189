"""The timeline of one journey: parallel strands with their holes, and the chain of links above them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.chain.calendar import plus_days
from domain.chain.catalogue import RULES
from domain.chain.intervals import Certainty, Interval, Kind, State
from domain.chain.reading import Told
from domain.labels import Label
from projections.history import NOTHING, History, history, remember
from projections.links import links, strand_note
from projections.milestones import PlacedMark, contacts, milestones
from projections.places import strand_of_gap, threatens
from projections.projection import Column, ColumnType, Projection, Row
from projections.status import phases, status_on
from projections.strands import Mark, Span, SpanKind, Strand, StrandName, Timeline
from projections.stretches.life import stretches
from projections.stretches.stretch import Stretch


@dataclass(frozen=True, slots=True)
class PlacedGap:
    """An interval and the strand in which it gapes."""

    strand: StrandName
    interval: Interval


def timeline(
    journey: UUID, told: Sequence[Told], as_of: date, known_at: date | None = None
) -> Timeline:
    """Return the picture of one journey on a day, as it was known at a day."""
    return timeline_of(journey, history(told, known_at), as_of)


def timeline_of(journey: UUID, known: History, as_of: date) -> Timeline:
    """Return the picture of one journey on a day."""
    gaps = placed_gaps(known)
    spans = [(one.strand, span_on(one, as_of)) for one in stretches(known.derived)]
    spans += [(gap.strand, hole) for gap in gaps for hole in hole_on(gap.interval, as_of)]
    standing = status_on(phases(known.derived), as_of)
    marks = sorted(milestones(known.derived, as_of), key=lambda one: (one.mark.on, one.mark.ref))
    dots = contacts(known.derived)
    strands = []
    for name in StrandName:
        here = [gap.interval for gap in gaps if gap.strand is name]
        note, state = strand_note(name, here, standing, as_of)
        strands.append(
            Strand(
                name,
                in_order(span for strand, span in spans if strand is name),
                _marks_of(name, marks),
                dots if name is StrandName.BERATUNG else (),
                note,
                state,
            )
        )
    chain = links([(gap.strand, gap.interval) for gap in gaps], standing, as_of)
    return Timeline(journey, as_of, known.known_at, tuple(strands), chain, known.intervals)


def placed_gaps(known: History) -> tuple[PlacedGap, ...]:
    """Return every interval with its strand."""
    return tuple(PlacedGap(strand_of_gap(one, known.view), one) for one in known.intervals)


def span_on(one: Stretch, as_of: date) -> Span:
    """Return a stretch as it is drawn on a day."""
    return Span(
        one.start,
        one.end,
        one.label,
        kind_on(one.start, one.end, as_of),
        one.detail,
        one.refs,
        one.certainty,
    )


def kind_on(start: date, end: date | None, as_of: date) -> SpanKind:
    """Say whether a stretch lies ahead, runs, or is done on a day."""
    if start > as_of:
        return SpanKind.PLANNED
    return SpanKind.DONE if end is not None and end < as_of else SpanKind.RUNNING


def hole_on(interval: Interval, as_of: date) -> Iterator[Span]:
    """Yield the hole that a gap tears on a day: none for chances, missing values and gaps that never open."""
    if interval.kind is not Kind.GAP:
        return
    state = interval.state(as_of)
    found = hole_days(
        interval.rule, state, interval.opens_on, interval.due_on, interval.closes_on, as_of
    )
    if found is not None:
        start, end, kind = found
        label = RULES[interval.rule].label
        yield Span(
            start, end, label, kind, "", interval.evidence, interval.certainty, interval.rule
        )


def hole_days(
    rule: str,
    state: State,
    opens_on: date,
    due_on: date | None,
    closes_on: date | None,
    as_of: date,
) -> tuple[date, date | None, SpanKind] | None:
    """Return first day, last day and kind of a hole; None where there is nothing to draw."""
    match state:
        case State.OPEN:
            return opens_on, None, SpanKind.GAP_OPEN
        case State.DUE if threatens(rule, due_on, as_of):
            end = opens_on if due_on is None else due_on
            return as_of, max(as_of, end), SpanKind.GAP_DUE
        case State.CLOSED if closes_on is not None and closes_on > opens_on:
            return opens_on, plus_days(closes_on, -1), SpanKind.GAP_CLOSED
        case _:
            return None


def in_order(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans oldest first, the longer of two that begin together before the shorter."""
    return tuple(sorted(spans, key=lambda one: (one.start, one.rule, _last(one), one.refs)))


def _last(one: Span) -> int:
    return -(one.end or date.max).toordinal()


def _marks_of(name: StrandName, marks: Iterable[PlacedMark]) -> tuple[Mark, ...]:
    return tuple(one.mark for one in marks if one.strand is name)


def _rows(_: UUID, state: History) -> Iterator[Row]:
    for one in stretches(state.derived):
        yield (
            one.strand.value,
            one.start,
            one.end,
            one.label.de,
            one.label.en,
            one.label.short,
            one.detail,
            one.refs,
            one.certainty.value,
        )


def stored_span(row: Row, as_of: date) -> Span:
    """Return a kept row, without journey and strand, as it is drawn on a day."""
    start, end, de, en, short, detail, refs, certainty = row
    assert isinstance(start, date)  # noqa: S101  columns below
    assert end is None or isinstance(end, date)  # noqa: S101
    return Span(
        start,
        end,
        Label(str(de), str(en), str(short)),
        kind_on(start, end, as_of),
        str(detail),
        tuple(refs) if isinstance(refs, list | tuple) else (),
        _CERTAINTIES[str(certainty)],
    )


_CERTAINTIES = {one.value: one for one in Certainty}
TIMELINE: Projection[History] = Projection(
    "timeline",
    (
        Column("strand", ColumnType.TEXT),
        Column("starts_on", ColumnType.DATE),
        Column("ends_on", ColumnType.DATE),
        Column("label_de", ColumnType.TEXT),
        Column("label_en", ColumnType.TEXT),
        Column("label_short", ColumnType.TEXT),
        Column("detail", ColumnType.TEXT),
        Column("refs", ColumnType.TEXTS),
        Column("certainty", ColumnType.TEXT),
    ),
    NOTHING,
    remember,
    _rows,
)
