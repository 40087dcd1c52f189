"""Where everything lies: strands one under the other, spans and milestones packed without overlap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.chain.intervals import Certainty
from projections.strands import Mark, Span, SpanKind, Strand, Timeline
from web.drawing.scale import Scale
from web.drawing.widths import Weight, fitting, text_width
from web.texts import Texts

AXIS = 76
BAR = 32
ROW = 38
MARK_ROW = 24
PAD = 11
DOTS_ROW = 12
HEAD_WIDTH = 156
NARROWEST = 3.0
MARK_SIZE = 13
SPAN_SIZE = 14
WARNING = 22
GAP_MARGIN = 22

_GAPS = (SpanKind.GAP_OPEN, SpanKind.GAP_DUE, SpanKind.GAP_CLOSED)
_ORDER = {kind: place for place, kind in enumerate(_GAPS, start=1)}
_MARK_RADIUS = 9


@dataclass(frozen=True, slots=True)
class PlacedSpan:
    """A span in its row, from pixel to pixel.

    Attributes:
        open_ended: It goes on after today.
        beside: The label of a hole that is too narrow for it, to the right of it; else empty.
    """

    span: Span
    row: int
    left: float
    right: float
    open_ended: bool
    beside: str = ""

    @property
    def is_gap(self) -> bool:
        """Say whether the span is a hole."""
        return self.span.kind in _GAPS


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A milestone in its row; its label stands to the left where it would run into something."""

    mark: Mark
    row: int
    x: float
    label_left: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One strand with its place."""

    strand: Strand
    top: int
    height: int
    mark_rows: int
    spans: tuple[PlacedSpan, ...]
    marks: tuple[PlacedMark, ...]
    dots: tuple[float, ...]

    @property
    def bars_top(self) -> int:
        """Return where the first row of spans begins."""
        return self.top + PAD + self.mark_rows * MARK_ROW


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole picture with every place in it."""

    scale: Scale
    today: date
    lanes: tuple[Lane, ...]
    height: int

    @property
    def today_x(self) -> float:
        """Return where today lies."""
        return self.scale.x(self.today)


def lay_out(timeline: Timeline, scale: Scale, texts: Texts) -> Layout:
    """Place every strand of a timeline on the axis."""
    lanes: list[Lane] = []
    top = AXIS
    for strand in timeline.strands:
        lane = _lane(strand, scale, timeline.as_of, top, texts)
        lanes.append(lane)
        top += lane.height
    return Layout(scale, timeline.as_of, tuple(lanes), top)


def _lane(strand: Strand, scale: Scale, today: date, top: int, texts: Texts) -> Lane:
    spans = packed_spans(strand.spans, scale, today, texts)
    marks = packed_marks(strand.marks, scale, today, texts)
    dots = tuple(scale.x(day) for day in sorted(set(strand.dots)) if scale.shows(day, day))
    bar_rows = max((placed.row for placed in spans), default=0) + 1
    mark_rows = max((placed.row for placed in marks), default=-1) + 1
    height = 2 * PAD + mark_rows * MARK_ROW + bar_rows * ROW - (ROW - BAR)
    height += DOTS_ROW if dots else 0
    return Lane(
        strand, top, max(height, _head_height(strand, texts)), mark_rows, spans, marks, dots
    )


def _head_height(strand: Strand, texts: Texts) -> int:
    """Return the room that the strand's name and note need beside the picture."""
    name = text_width(texts.label(strand.name.label), 15, Weight.SEMIBOLD)
    note = text_width(texts.label(strand.note), 13.5, Weight.MEDIUM) + 14
    lines = 19 * (1 if name <= HEAD_WIDTH else 2) + 18 * (1 if note <= HEAD_WIDTH else 2)
    return lines + 18


def packed_spans(
    spans: Sequence[Span], scale: Scale, today: date, texts: Texts | None = None
) -> tuple[PlacedSpan, ...]:
    """Place spans in rows without overlap: what is, first; then holes, the worst on top.

    With ``texts``, a standing hole that is too narrow for its label gets it beside, and the room for it.
    """
    rows: list[list[tuple[float, float]]] = []
    placed: list[PlacedSpan] = []
    shown = (span for span in spans if scale.shows(span.start, _end(span, today)))
    for span in sorted(shown, key=lambda one: (_ORDER.get(one.kind, 0), one.start, str(one.refs))):
        left, right = _edges(span, scale, today)
        beside = "" if texts is None else _beside(span, left, right, scale, texts)
        row = _free_row(rows, left, right + (label_width(beside) if beside else 0))
        ends_open = span.end is None and span.kind is SpanKind.RUNNING
        placed.append(PlacedSpan(span, row, left, right, ends_open, beside))
    return tuple(sorted(placed, key=lambda one: (one.span.start, one.row)))


def label_width(text: str) -> float:
    """Return the room that a label beside a hole takes, the gap before it included."""
    return text_width(text, SPAN_SIZE, Weight.SEMIBOLD) + 16


def _beside(span: Span, left: float, right: float, scale: Scale, texts: Texts) -> str:
    """Return the label to write beside a hole; empty if it fits inside, or nowhere."""
    if span.kind not in (SpanKind.GAP_OPEN, SpanKind.GAP_DUE):
        return ""
    label, short = texts.label(span.label), texts.shorter(span.label)
    inside = right - left - GAP_MARGIN - WARNING
    if min(text_width(one, SPAN_SIZE, Weight.SEMIBOLD) for one in (label, short)) <= inside:
        return ""
    return fitting((label, short), scale.width - right - 16, SPAN_SIZE, Weight.SEMIBOLD)


def _end(span: Span, today: date) -> date | None:
    """Return the last day drawn: an open hole reaches to today, what runs on has no end."""
    if span.end is not None:
        return span.end
    return max(today - timedelta(days=1), span.start) if span.kind in _GAPS else None


def _edges(span: Span, scale: Scale, today: date) -> tuple[float, float]:
    end = _end(span, today)
    left = scale.x(span.start)
    right = float(scale.width) if end is None else scale.after(end)
    least = NARROWEST if span.kind in _GAPS else 1.0
    if right - left >= least:
        return left, right
    left = min(left, scale.width - least)
    return left, left + least


def _free_row(rows: list[list[tuple[float, float]]], left: float, right: float) -> int:
    """Return the first row with room, and take the room."""
    for index, taken in enumerate(rows):
        if all(right <= first or left >= last for first, last in taken):
            taken.append((left, right))
            return index
    rows.append([(left, right)])
    return len(rows) - 1


def packed_marks(
    marks: Sequence[Mark], scale: Scale, today: date, texts: Texts
) -> tuple[PlacedMark, ...]:
    """Place milestones with their labels in rows without overlap."""
    rows: list[list[tuple[float, float]]] = []
    placed: list[PlacedMark] = []
    shown = (mark for mark in marks if scale.shows(mark.on, mark.on))
    for mark in sorted(shown, key=lambda one: (one.on, one.ref)):
        x = min(max(scale.x(mark.on), _MARK_RADIUS), scale.width - _MARK_RADIUS)
        width = text_width(mark_text(mark, texts), MARK_SIZE) + 18
        left = _label_left(x, width, scale, today)
        first, last = (x - width, x + _MARK_RADIUS) if left else (x - _MARK_RADIUS, x + width)
        placed.append(PlacedMark(mark, _free_row(rows, first - 4, last), x, left))
    return tuple(placed)


def _label_left(x: float, width: float, scale: Scale, today: date) -> bool:
    """Say whether the label must stand to the left: it would leave the picture or cross today's line."""
    crosses = x < scale.x(today) < x + width
    return x - width > 0 and (crosses or x + width > scale.width - 2)


def mark_text(mark: Mark, texts: Texts) -> str:
    """Return the visible label of a milestone."""
    full = texts.named(mark.label)
    return full if len(full) <= _LONGEST_MARK else texts.shorter(mark.label)


_LONGEST_MARK = 26


def uncertain(span: Span) -> bool:
    """Say whether a day behind the span is not known exactly."""
    return span.certainty is Certainty.POSSIBLY
