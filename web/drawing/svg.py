"""The swimlane as SVG: every span and milestone is a link with a name that begins with its visible text.

Colours are classes only (light, dark, print and forced colours are the style sheet's business); places are
attributes, because a strict content security policy knows no inline styles.
"""

from collections.abc import Callable, Iterable
from datetime import date
from html import escape

from projections.strands import Mark, MarkKind, Span, SpanKind
from web.drawing.layout import (
    AXIS,
    BAR,
    GAP_MARGIN,
    MARK_ROW,
    MARK_SIZE,
    PAD,
    ROW,
    SPAN_SIZE,
    WARNING,
    Lane,
    Layout,
    PlacedMark,
    PlacedSpan,
    mark_text,
    uncertain,
)
from web.drawing.scale import months_from
from web.drawing.widths import Weight, fitting, text_width
from web.texts import Texts

Anchor = Callable[[Span | Mark], str]
"""Gives the address that a span or a milestone leads to."""

_SMALLEST_WITH_ICON = 34

_GLYPHS = {
    MarkKind.REACHED: '<circle r="6.5"/><path class="in" d="M-3 0l2.2 2.4 4-4.6"/>',
    MarkKind.FAILED: '<circle r="6.5"/><path class="in" d="M-2.6-2.6l5.2 5.2m0-5.2l-5.2 5.2"/>',
    MarkKind.HANDOVER: (
        '<rect x="-7" y="-7" width="14" height="14" rx="3"/>'
        '<path class="in" d="M-3.6 0h6.6m-2.8-3l3 3-3 3"/>'
    ),
    MarkKind.BROKEN: (
        '<rect x="-7" y="-7" width="14" height="14" rx="3"/>'
        '<path class="in" d="M-2.6-2.6l5.2 5.2m0-5.2l-5.2 5.2"/>'
    ),
    MarkKind.DEADLINE: '<path class="diamond" d="M0-8l8 8-8 8-8-8z"/>',
    MarkKind.PLANNED: '<circle r="6"/>',
}


def swimlanes(layout: Layout, texts: Texts, anchor: Anchor, flag: str) -> str:
    """Return the picture of a journey; the same timeline gives the same bytes.

    Args:
        layout: Where everything lies.
        texts: The language.
        anchor: Where spans and milestones lead to.
        flag: What the line of the day says.
    """
    width, height = layout.scale.width, layout.height
    title = escape(texts.say("Zeitleiste der Integrationskette"))
    told = escape(
        texts.say(
            "Parallele Stränge von links nach rechts. Dieselben Angaben stehen als Tabelle unten."
        )
    )
    parts = [
        f'<svg class="tl" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="group"'
        f' aria-labelledby="tl-titel" aria-describedby="tl-text"><title id="tl-titel">{title}</title>'
        f'<desc id="tl-text">{told}</desc>',
        *_ground(layout),
        *_axis(layout, texts),
        *(part for lane in layout.lanes for part in _strand(lane, layout, texts, anchor)),
        _today(layout, flag),
        "</svg>",
    ]
    return "".join(parts)


def _ground(layout: Layout) -> Iterable[str]:
    for index, lane in enumerate(layout.lanes):
        alt = " alt" if index % 2 else ""
        yield (
            f'<rect class="lane{alt}" y="{lane.top}" width="{layout.scale.width}"'
            f' height="{lane.height}"/>'
        )
    x = layout.today_x
    yield (
        f'<rect class="future" x="{x}" y="{AXIS}" width="{layout.scale.width - x:.1f}"'
        f' height="{layout.height - AXIS}"/>'
    )


def _axis(layout: Layout, texts: Texts) -> Iterable[str]:
    """Draw years, and quarters or months as far as there is room for their names."""
    scale = layout.scale
    step = _step(layout)
    yield '<g aria-hidden="true">'
    day = date(max(scale.start.year - scale.start.year % max(step // _YEAR, 1), 1), 1, 1)
    while day <= scale.end:
        following = months_from(day, step)
        if scale.start <= following:
            yield from _tick(layout, day, step, texts)
        day = following
    yield f'<path class="ax" d="M0 {AXIS}H{scale.width}"/></g>'


def _step(layout: Layout) -> int:
    """Return how many months lie between two lines of the grid, so that it stays readable."""
    days = (layout.scale.end - layout.scale.start).days
    if days < _MONTHLY:
        return 1
    month = layout.scale.width / days * _MONTH
    return next((each for each in _STEPS if month * each >= _ROOM[each >= _YEAR]), _STEPS[-1])


_MONTHLY, _MONTH, _YEAR = 500, 30.44, 12
_STEPS = (3, 12, 24, 60, 120, 240, 600, 1200)
_ROOM = (16, 48)
"""Pixels between two quarters, and between two years that bear their number."""


def _tick(layout: Layout, day: date, step: int, texts: Texts) -> Iterable[str]:
    scale, new_year, following = layout.scale, day.month == 1, months_from(day, step)
    x, shown = scale.x(day), day >= scale.start
    if shown:
        yield f'<path class="{"gy" if new_year else "gq"}" d="M{x} {34 if new_year else AXIS - 14}V{layout.height}"/>'
    if new_year or day < scale.start < following or day == scale.start:
        room = scale.x(max(date(day.year + 1, 1, 1), following)) - x
        if room > 40:
            yield f'<text class="ay" x="{x + 6:.1f}" y="{AXIS - 28}">{day.year}</text>'
    if shown and step < _YEAR and scale.x(following) - x > 40:
        name = texts.month_name(day.month)
        yield f'<text class="aq" x="{x + 6:.1f}" y="{AXIS - 7}">{name}</text>'


def _strand(lane: Lane, layout: Layout, texts: Texts, anchor: Anchor) -> Iterable[str]:
    drawn = [
        (placed.span.start, 0, _span(placed, lane, layout, texts, anchor)) for placed in lane.spans
    ]
    drawn += [(placed.mark.on, 1, _mark(placed, lane, texts, anchor)) for placed in lane.marks]
    if drawn:
        name = escape(texts.say("Strang %s") % texts.label(lane.strand.name.label))
        yield f'<g role="list" aria-label="{name}">'
        yield from (svg for _, _, svg in sorted(drawn))
        yield "</g>"
    if lane.dots:
        yield _dots(lane, texts)


def _dots(lane: Lane, texts: Texts) -> str:
    y = lane.top + lane.height - PAD
    told = texts.count("%d Beratungsgespräch", "%d Beratungsgespräche", len(lane.strand.dots))
    last = texts.say("letztes am %s") % texts.day(max(lane.strand.dots))
    circles = "".join(f'<circle cx="{x}" cy="{y}" r="2.6"/>' for x in lane.dots)
    return f'<g class="tick" role="img" aria-label="{escape(told)}, {escape(last)}">{circles}</g>'


def _span(placed: PlacedSpan, lane: Lane, layout: Layout, texts: Texts, anchor: Anchor) -> str:
    y = lane.bars_top + placed.row * ROW
    text = _span_text(placed, layout, texts)
    name = escape(span_name(placed.span, text, texts))
    classes = f"sp {placed.span.kind}{' maybe' if uncertain(placed.span) else ''}"
    body = _fading(placed, layout, y) if placed.open_ended else _bar(placed, y)
    inner = _plate(placed, text, y) if placed.is_gap else _words(placed, text, y)
    return (
        f'<g role="listitem"><a href="{escape(anchor(placed.span))}" class="{classes}"'
        f' aria-label="{name}"><title>{name}</title>{body}{inner}</a></g>'
    )


def _span_text(placed: PlacedSpan, layout: Layout, texts: Texts) -> str:
    """Return the text that fits on a span: long, short, cut, or nothing."""
    span = placed.span
    if placed.beside:
        return placed.beside
    label, short = texts.label(span.label), texts.shorter(span.label)
    full = f"{label} · {span.detail}" if span.detail else label
    if placed.is_gap:
        room = placed.right - placed.left - GAP_MARGIN - (WARNING if _has_icon(placed) else 0)
        return fitting((full, label, short), room, SPAN_SIZE, Weight.SEMIBOLD)
    right = min(placed.right, layout.today_x) if placed.open_ended else placed.right
    return fitting((full, label, short), right - placed.left - 18, SPAN_SIZE)


def span_name(span: Span, visible: str, texts: Texts) -> str:
    """Return the accessible name of a span: first its visible text, then all that is known."""
    label, kind = texts.label(span.label), texts.label(span.kind.label)
    if span.end is None:
        when = texts.say("seit %s") % texts.day(span.start)
    else:
        when = texts.say("%s bis %s") % (texts.day(span.start), texts.day(span.end))
    shown = visible.rstrip("…")
    rest = [
        "" if label in shown else label,
        "" if span.detail and span.detail in shown else span.detail,
        kind,
        when,
        texts.say("Tage nicht genau bekannt") if uncertain(span) else "",
        texts.say("Regel %s") % span.rule if span.rule else "",
    ]
    return ", ".join(part for part in (shown, *rest) if part)


def _bar(placed: PlacedSpan, y: int) -> str:
    inset = 0.0 if placed.is_gap else 0.75
    width = max(placed.right - placed.left - 2 * inset, 1.0)
    radius = 3 if placed.is_gap else 5
    return (
        f'<rect class="b" x="{placed.left + inset:.1f}" y="{y}" width="{width:.1f}" height="{BAR}"'
        f' rx="{radius}"/>'
    )


def _fading(placed: PlacedSpan, layout: Layout, y: int) -> str:
    """Draw what runs on: firm to today, fading after it, for nobody knows the days ahead."""
    left, today = placed.left + 0.75, max(layout.today_x, placed.left + 3)
    ahead = max(placed.right - today, 0.0)
    return (
        f'<rect class="fade" x="{today:.1f}" y="{y}" width="{ahead:.1f}" height="{BAR}"/>'
        f'<path class="b" d="M{left + 5:.1f} {y}H{max(today, left + 5):.1f}V{y + BAR}H{left + 5:.1f}'
        f'a5 5 0 0 1-5-5V{y + 5}a5 5 0 0 1 5-5Z"/>'
    )


def _words(placed: PlacedSpan, text: str, y: int) -> str:
    if not text:
        return ""
    return f'<text x="{placed.left + 10:.1f}" y="{y + 21}">{escape(text)}</text>'


def _has_icon(placed: PlacedSpan) -> bool:
    wide = placed.right - placed.left > _SMALLEST_WITH_ICON
    return wide and placed.span.kind is not SpanKind.GAP_CLOSED


def _plate(placed: PlacedSpan, text: str, y: int) -> str:
    """Draw the label of a hole on a plate, so that the hatch does not run through the letters."""
    icon = _has_icon(placed)
    if placed.beside:
        return f'<text class="beside" x="{placed.right + 8:.1f}" y="{y + 21}">{escape(text)}</text>'
    if not text and not icon:
        return ""
    shift = 20 if icon else 0
    width = (text_width(text, SPAN_SIZE, Weight.SEMIBOLD) if text else -6) + 16 + shift
    x = placed.left + 5
    sign = (
        f'<g transform="translate({x + 6:.1f} {y + 9.5})"><path class="warn" d="M7.5 0 15 13H0Z"/>'
        '<path class="warn-in" d="M6.7 4.2h1.6v4.4H6.7zM6.7 9.7h1.6v1.6H6.7z"/></g>'
        if icon
        else ""
    )
    words = f'<text x="{x + 8 + shift:.1f}" y="{y + 21}">{escape(text)}</text>' if text else ""
    plate = f'<rect class="plate" x="{x:.1f}" y="{y + 5}" width="{width:.1f}" height="{BAR - 10}" rx="3"/>'
    return plate + sign + words


def _mark(placed: PlacedMark, lane: Lane, texts: Texts, anchor: Anchor) -> str:
    mark, x = placed.mark, placed.x
    y = lane.top + PAD + placed.row * MARK_ROW + 11
    text = mark_text(mark, texts)
    name = escape(_mark_name(mark, text, texts))
    shift, side = (-12, "end") if placed.label_left else (12, "start")
    return (
        f'<g role="listitem"><a href="{escape(anchor(mark))}" class="mk {mark.kind}" aria-label="{name}">'
        f'<title>{name}</title><path class="stem" d="M{x} {y + 8}V{lane.bars_top}"/>'
        f'<g transform="translate({x} {y})">{_GLYPHS[mark.kind]}'
        f'<text x="{shift}" y="4.5" text-anchor="{side}" font-size="{MARK_SIZE}">{escape(text)}</text></g></a></g>'
    )


def _mark_name(mark: Mark, visible: str, texts: Texts) -> str:
    label = texts.named(mark.label)
    rest = [
        "" if label == visible else label,
        texts.label(mark.kind.label),
        texts.day(mark.on),
        texts.count("%d Tag später erfasst", "%d Tage später erfasst", mark.late_days)
        if mark.late_days > 0
        else "",
    ]
    return ", ".join(part for part in (visible, *rest) if part)


def _today(layout: Layout, text: str) -> str:
    """Draw today's line and its flag, in a row of its own above the years."""
    x = layout.today_x
    width = text_width(text, MARK_SIZE, Weight.SEMIBOLD) + 18
    left = min(max(x - width / 2, 0), layout.scale.width - width)
    return (
        f'<g class="today"><path d="M{x} 28V{layout.height}"/>'
        f'<rect x="{left:.1f}" y="5" width="{width:.1f}" height="24" rx="4"/>'
        f'<text x="{left + 9:.1f}" y="22">{escape(text)}</text></g>'
    )
