"""The small strip of one strand in a row of the gap list, with the hole in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from projections.strands import Span, SpanKind
from web.drawing.layout import PlacedSpan, packed_spans
from web.drawing.scale import Scale, months_from
from web.texts import Texts

WIDTH = 250
HEIGHT = 26
_DEADLINE = 9.0


@dataclass(frozen=True, slots=True)
class Strips:
    """The strips of one page: all on the same axis, so that they can be compared."""

    scale: Scale
    today: date
    texts: Texts
    ground: str

    def draw(self, spans: Sequence[Span]) -> str:
        """Return the strip of one strand: what is, then the holes in front of it."""
        placed = packed_spans(spans, self.scale, self.today)
        ordered = sorted(placed, key=lambda one: (one.is_gap, -one.row))
        shown = [one for one in ordered if one.is_gap or one.row == 0]
        name = "; ".join(self._words(one.span) for one in shown) or self.texts.say("leer")
        return (
            f'<svg class="tl mini" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
            f' role="img" aria-label="{escape(name)}">{self.ground}{"".join(map(self._bar, shown))}'
            f'<g class="today"><path d="M{self.scale.x(self.today)} 0V{HEIGHT}"/></g></svg>'
        )

    def _bar(self, placed: PlacedSpan) -> str:
        """Draw a span: what runs up to the day itself, a deadline ahead wide enough to be seen."""
        right, kind = placed.right, placed.span.kind
        if kind is SpanKind.RUNNING:
            right = min(right, self.scale.x(self.today))
        width = max(right - placed.left - 1.5, _DEADLINE if kind is SpanKind.GAP_DUE else 2.0)
        return (
            f'<g class="sp {kind}"><rect class="b" x="{placed.left + 0.75:.1f}" y="5"'
            f' width="{width:.1f}" height="{HEIGHT - 10}" rx="3"/></g>'
        )

    def _words(self, span: Span) -> str:
        end = self.texts.month(span.end) if span.end else self.texts.say("heute")
        label = self.texts.label(span.label)
        kind = self.texts.label(span.kind.label)
        return f"{label} ({kind}), {self.texts.month(span.start)}–{end}"


def strips(today: date, texts: Texts) -> Strips:
    """Return the strips for a day: three years back, three months ahead."""
    scale = Scale(months_from(today, -36), months_from(today, 4), WIDTH)
    lines = "".join(
        f'<path class="gq" d="M{scale.x(date(year, 1, 1))} 0V{HEIGHT}"/>'
        for year in range(scale.start.year + 1, scale.end.year + 1)
    )
    ground = f'<path class="gq" d="M0 {HEIGHT - 0.5}H{WIDTH}"/>{lines}'
    return Strips(scale, today, texts, ground)
