"""The gap list, the start page: figures, filters in the address, groups, one strip and one next step a row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from domain.chain.catalogue import RULES
from domain.chain.intervals import Kind, Responsible, State
from domain.competence import offices
from domain.events.registry import FACTS
from domain.labels import Vocabulary
from domain.organisations import Municipality
from projections.strands import StrandName
from projections.worklist import Choices, GapPage, GapQuery, GapRow, Group, Tiles
from web.cards import acting_words, rests
from web.drawing.strip import Strips, strips
from web.moment import Moment, moment_of
from web.naming import title_of
from web.pages import page, ports_of, texts_of
from web.ports import GapLists
from web.problems import BadQueryError
from web.texts import Texts, marked

router = APIRouter(include_in_schema=False)

Word = TypeVar("Word", bound=Vocabulary)

_FOLDED = (Group.RESTING, Group.UNKNOWN)
_LONGEST_BAR = 72
_PAGE_SIZE = 30
_PER_GROUP = 6
_DAYS_A_PIXEL = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list in words.

    Attributes:
        tone: How it looks: ``open``, ``due``, ``chance`` or ``data``.
        bar: Length of the bar beside the age, in pixels.
        responsible: Who has to act first: the office of the person's town where it is known, else in general.
        beside: The office that has to act as well; empty: none is known.
        rests: Until when it waits, and why; empty: it does not.
    """

    address: str
    name: str
    case_number: str
    strip: str
    strand: str
    title: str
    severity: str
    tone: str
    age: str
    bar: int
    responsible: str
    beside: str
    nobody: bool
    next_step: str
    form: str
    rests: str


@dataclass(frozen=True, slots=True)
class Section:
    """A group of the list, and how many rows it has over all pages.

    Attributes:
        cut: Whether only its first rows are shown, because other groups are shown as well.
    """

    group: Group
    label: str
    total: int
    folded: bool
    cut: bool
    lines: tuple[Line, ...]


@router.get("/")
@router.get("/luecken")
def show(request: Request) -> HTMLResponse:
    """Show the gap list."""
    moment = moment_of(request)
    query = query_of(request, moment)
    texts, ports = texts_of(request), ports_of(request)
    freshness = ports.register.freshness()
    found, tiles = _found(ports.gaps, query, freshness.position)
    if found.page > found.pages:
        raise BadQueryError(_NO_PAGE)
    drawing = strips(moment.as_of, texts)
    return page(
        request,
        "gaps.html",
        moment=moment,
        query=query,
        found=found,
        tiles=tiles,
        sections=sections(found, query, drawing, moment, texts, ports.place),
        towns=[(one.ags, one.name) for one in ports.place.towns],
        choices=_choices(ports.gaps, freshness.position),
        named=lambda words: [(one, texts.label(one.label)) for one in words],
        plain=lambda keys: [(one, texts.name(one)) for one in keys],
        ruled=lambda ids: [(one, f"{one} {texts.label(RULES[one].label)}") for one in ids],
        strands=tuple(StrandName),
        groups=tuple(Group),
        filtered=bool(_address(request.query_params, {})),
        freshness=freshness,
        axis=(texts.month(drawing.scale.start), texts.month(drawing.scale.end)),
        link=lambda **changes: "/?" + urlencode(_address(request.query_params, changes)),
    )


@lru_cache(maxsize=2)
def _choices(gaps: GapLists, _position: int) -> Choices:
    """Return what the filters can be set to; it changes only when the tables read on."""
    return gaps.choices()


@lru_cache(maxsize=64)
def _found(gaps: GapLists, query: GapQuery, _position: int) -> tuple[GapPage, Tiles]:
    """Return a page of the list with the figures; they change only when the tables read on."""
    return gaps.gap_list_with_tiles(query)


def query_of(request: Request, moment: Moment) -> GapQuery:
    """Read the filters off the address.

    Raises:
        BadQueryError: If a value is not one of the list.
    """
    asked = request.query_params
    rule = asked.get("regel", "")
    if rule and rule not in RULES:
        raise BadQueryError(marked("Diese Regel gibt es nicht."))
    group = _one_of(tuple(Group), asked.get("gruppe", ""), marked("Diese Gruppe gibt es nicht."))
    return GapQuery(
        as_of=moment.as_of,
        known_at=moment.known_at,
        text=_text(asked, "suche", 100),
        strand=_one_of(
            tuple(StrandName), asked.get("strang", ""), marked("Diesen Strang gibt es nicht.")
        ),
        responsible=_one_of(
            tuple(Responsible), asked.get("zustaendig", ""), marked("Diese Stelle gibt es nicht.")
        ),
        unit=_text(asked, "einheit", 200),
        town=_text(asked, "ort", 8),
        case_manager=_text(asked, "fallfuehrung", 200),
        rule=rule,
        group=group,
        unassigned=asked.get("niemand", "") == "1",
        page=_page_number(asked.get("seite", "1")),
        page_size=_PAGE_SIZE,
        per_group=0 if group else _PER_GROUP,
    )


def _text(asked: Mapping[str, str], name: str, longest: int) -> str:
    """Return a text of an address as a table can hold it: no longer than allowed and without a NUL."""
    return asked.get(name, "").replace("\0", "").strip()[:longest]


def _one_of(words: Sequence[Word], asked: str, refusal: str) -> Word | None:
    found = next((one for one in words if one == asked), None)
    if asked and found is None:
        raise BadQueryError(refusal)
    return found


def _page_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) < 1_000_000):
        raise BadQueryError(_NO_PAGE)
    return int(text)


_NO_PAGE = marked("Diese Seite der Liste gibt es nicht.")


def _address(asked: Mapping[str, str], changes: Mapping[str, object]) -> dict[str, str]:
    kept = {name: value for name, value in asked.items() if name not in {"seite", "lang"}}
    kept |= {name: str(value) for name, value in changes.items()}
    return {name: value for name, value in kept.items() if value}


def sections(
    found: GapPage,
    query: GapQuery,
    drawing: Strips,
    moment: Moment,
    texts: Texts,
    place: Municipality,
) -> tuple[Section, ...]:
    """Return the rows of a page in their groups."""
    totals = dict(found.groups)
    return tuple(
        Section(
            group,
            texts.label(group.label),
            totals[group],
            group in _FOLDED,
            0 < query.per_group < totals[group],
            tuple(_lines(rows, drawing, moment, texts, place)),
        )
        for group, rows in groupby(found.rows, key=lambda row: row.group)
    )


def _lines(
    rows: Iterable[GapRow], drawing: Strips, moment: Moment, texts: Texts, place: Municipality
) -> Iterable[Line]:
    for row in rows:
        rule = RULES[row.rule]
        data = row.kind is Kind.DATA
        address = f"/verlauf/{row.header.journey}"
        known = offices(place, row.responsible, row.town)
        acting = acting_words(row.responsible, known, texts)
        first = next(iter(row.responsible), None)
        yield Line(
            address=f"{address}{moment.query()}",
            name=title_of(row.header, texts),
            case_number=row.header.case_number if row.header.name else "",
            strip=drawing.draw(row.strip),
            strand=texts.label(row.strand.label),
            title=texts.label(rule.label),
            severity=texts.label(row.severity.label),
            tone=_tone(row),
            age=_age(row, texts),
            bar=0 if row.state is State.DUE else min(row.days // _DAYS_A_PIXEL + 2, _LONGEST_BAR),
            responsible=acting[0] if acting else "",
            beside=next((one.name for who, one in known.items() if who is not first), ""),
            nobody=row.nobody,
            next_step=texts.say("Angabe nachtragen") if data else texts.label(rule.next_step),
            form=f"{address}#luecken" if data else _form(address, row),
            rests=rests(row.rest_reason, row.rests_until, texts),
        )


def _tone(row: GapRow) -> str:
    if row.kind is not Kind.GAP:
        return "chance" if row.kind is Kind.CHANCE else "data"
    return "open" if row.state is State.OPEN else "due"


def _age(row: GapRow, texts: Texts) -> str:
    if row.state is State.DUE:
        return texts.left(row.days)
    return texts.count("%d Tag", "%d Tage", row.days)


def _form(address: str, row: GapRow) -> str:
    wanted = next((name for name in row.missing if name in FACTS), "")
    return f"{address}/erfassen/{wanted}" if wanted else f"{address}#luecken"
