"""The drawing: nothing overlaps, everything has a name, the same timeline gives the same bytes."""

import itertools
import re
from datetime import date, timedelta
from html import unescape
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.labels import Label
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
from web.drawing.layout import lay_out
from web.drawing.scale import Period, Scale, scale_of
from web.drawing.strip import strips
from web.drawing.svg import swimlanes
from web.drawing.widths import Weight, fitting, text_width
from web.texts import texts_in

TODAY = date(2026, 11, 22)
WIDTH = 1158
SVG = "{http://www.w3.org/2000/svg}"

days = st.dates(date(2015, 1, 1), date(2031, 12, 31))
words = st.sampled_from(
    [
        Label("Gemeinschaftsunterkunft", "communal accommodation", "Gem.-Unterk."),
        Label("SGB II", "SGB II"),
        Label("Titel läuft ab & „endet“", "title <ends>", "Titelende"),
        Label("Aufenthaltserlaubnis nach § 25 Abs. 2 AufenthG", "residence permit", "§ 25 (2)"),
    ]
)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(days)
    end = draw(st.none() | st.integers(0, 2000).map(lambda n: start + timedelta(days=n)))
    kind = draw(st.sampled_from(list(SpanKind)))
    ref = f"f{draw(st.integers(0, 999))}"
    return Span(start, end, draw(words), kind, draw(st.sampled_from(["", "Jobcenter"])), (ref,))


marks = st.builds(
    Mark,
    on=days,
    label=words,
    kind=st.sampled_from(list(MarkKind)),
    ref=st.integers(0, 999).map(str),
    late_days=st.integers(0, 90),
)


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    strands = tuple(
        Strand(
            name,
            tuple(draw(st.lists(spans(), max_size=6))),
            tuple(draw(st.lists(marks, max_size=5))),
            tuple(draw(st.lists(days, max_size=5))),
            Label("keine Angaben", "nothing recorded"),
            LinkState.UNKNOWN,
        )
        for name in draw(st.permutations(list(StrandName)))[:3]
    )
    return Timeline(UUID(int=1), TODAY, None, strands, (), ())


periods = st.sampled_from(list(Period))


def drawn(timeline: Timeline, period: Period) -> str:
    texts = texts_in("de")
    layout = lay_out(timeline, scale_of(timeline, period, WIDTH), texts)
    return swimlanes(layout, texts, lambda _: "#ereignisse", "Heute, 22.11.2026")


def element(svg: str) -> ET.Element:
    return ET.fromstring(svg.replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1))  # noqa: S314  our own


@given(timelines(), periods)
def test_no_two_spans_overlap_in_a_row_and_none_has_negative_width(
    timeline: Timeline, period: Period
) -> None:
    layout = lay_out(timeline, scale_of(timeline, period, WIDTH), texts_in("de"))
    for lane in layout.lanes:
        rows: dict[int, list[tuple[float, float]]] = {}
        for placed in lane.spans:
            assert 0 <= placed.left < placed.right <= WIDTH
            rows.setdefault(placed.row, []).append((placed.left, placed.right))
        for taken in rows.values():
            ordered = sorted(taken)
            assert all(a[1] <= b[0] for a, b in itertools.pairwise(ordered))


@given(timelines(), periods)
def test_no_rectangle_is_drawn_with_a_negative_size(timeline: Timeline, period: Period) -> None:
    for rectangle in element(drawn(timeline, period)).iter(f"{SVG}rect"):
        assert float(rectangle.get("width", "0")) >= 0
        assert float(rectangle.get("height", "0")) >= 0


@given(timelines(), periods)
def test_every_link_has_a_name_that_begins_with_its_visible_text(
    timeline: Timeline, period: Period
) -> None:
    for link in element(drawn(timeline, period)).iter(f"{SVG}a"):
        name = link.get("aria-label", "")
        visible = "".join(text.text or "" for text in link.iter(f"{SVG}text"))
        assert name
        assert name.startswith(visible.rstrip("…"))


@given(timelines(), periods)
def test_the_same_timeline_gives_the_same_bytes(timeline: Timeline, period: Period) -> None:
    assert drawn(timeline, period) == drawn(timeline, period)


@given(timelines(), periods)
def test_the_picture_has_no_inline_styles(timeline: Timeline, period: Period) -> None:
    assert not re.search(r"\sstyle=|<style|<script", drawn(timeline, period))


@given(st.lists(spans(), max_size=8))
def test_a_strip_of_the_list_is_named_and_well_formed(strand: list[Span]) -> None:
    strip = element(strips(TODAY, texts_in("de")).draw(strand))
    assert strip.get("aria-label")
    assert all(float(one.get("width", "0")) > 0 for one in strip.iter(f"{SVG}rect"))


@given(st.text(max_size=60), st.floats(0, 400))
def test_a_fitted_text_is_never_wider_than_its_room(text: str, room: float) -> None:
    shown = fitting((text,), room, 14)
    assert not shown or text_width(shown, 14) <= room


def test_a_hole_too_narrow_for_its_label_has_it_beside() -> None:
    hole = Span(
        TODAY, TODAY + timedelta(days=3), Label("Titel läuft ab", "title ends"), SpanKind.GAP_DUE
    )
    strand = Strand(StrandName.AUFENTHALT, (hole,), (), (), Label("", ""), LinkState.DUE)
    timeline = Timeline(UUID(int=1), TODAY, None, (strand,), (), ())
    svg = unescape(drawn(timeline, Period.ALL))
    assert 'class="beside"' in svg
    assert 'aria-label="Titel läuft ab, drohende Lücke, 22.11.2026 bis 25.11.2026"' in svg


def test_what_runs_on_fades_after_today() -> None:
    home = Span(date(2024, 1, 1), None, Label("eigene Wohnung", "own flat"), SpanKind.RUNNING)
    strand = Strand(StrandName.WOHNEN, (home,), (), (), Label("", ""), LinkState.DONE)
    timeline = Timeline(UUID(int=1), TODAY, None, (strand,), (), ())
    scale = scale_of(timeline, Period.ALL, WIDTH)
    fade = next(
        one
        for one in element(drawn(timeline, Period.ALL)).iter(f"{SVG}rect")
        if one.get("class") == "fade"
    )
    assert float(fade.get("x", "0")) == scale.x(TODAY)


@given(days, st.integers(1, 3000))
def test_a_scale_keeps_the_order_of_days_and_stays_inside(first: date, length: int) -> None:
    scale = Scale(first, first + timedelta(days=length), WIDTH)
    inside = [
        scale.x(first + timedelta(days=n)) for n in range(-2, length + 3, max(1, length // 7))
    ]
    assert inside == sorted(inside)
    assert inside[0] == 0
    assert scale.after(scale.end) == WIDTH


def test_the_widths_are_those_of_the_typeface() -> None:
    from pathlib import Path

    from fontTools.ttLib import TTFont

    from web.drawing.widths import WIDTHS

    fonts = Path(__file__).parents[2] / "web" / "static" / "lib" / "fira-sans"
    for weight in Weight:
        font = TTFont(fonts / f"FiraSans-{weight}.woff2")
        letters, metrics = font.getBestCmap(), font["hmtx"].metrics
        assert font["head"].unitsPerEm == 1000
        for letter, width in WIDTHS[weight].items():
            assert metrics[letters[ord(letter)]][0] == width


@pytest.mark.parametrize("years", [1, 2, 6, 12, 25, 45, 80, 130, 320])
def test_the_axis_names_its_years_readably_however_long_it_is(years: int) -> None:
    first = date(TODAY.year - years, 3, 1)
    done = Label("fertig", "done")
    strand = Strand(StrandName.SPRACHE, (), (), (first,), done, LinkState.DONE)
    timeline = Timeline(UUID(int=1), TODAY, None, (strand,), (), ())
    root = element(drawn(timeline, Period.ALL))
    places = sorted(
        float(one.attrib["x"]) for one in root.iter(f"{SVG}text") if one.get("class") == "ay"
    )
    lines = [one for one in root.iter(f"{SVG}path") if one.get("class") in {"gy", "gq"}]
    assert len(places) >= 2
    assert all(later - earlier > 40 for earlier, later in itertools.pairwise(places))
    assert len(lines) <= 80
