"""The organisation: the tree with its posts and what they carry, and which office is there for whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from domain.organisations import Municipality, UnitKind
from projections.figures import UnitFigures
from projections.organisation import (
    BY_ADDRESS,
    Branch,
    Organisation,
    Seat,
    figures_query,
    organisation,
    per_post,
    responsible_by_town,
)
from web.moment import moment_of
from web.pages import page, ports_of, texts_of
from web.texts import Texts

router = APIRouter(include_in_schema=False)

_DEEPEST = 5
_STEERING = frozenset({UnitKind.INTEGRATION_CENTRE, UnitKind.REGION})
_LONGEST_BAR = 72


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a unit carries and has done, as people read it; what is nothing is left empty.

    Attributes:
        bar: Length of the bar beside the caseload, in pixels.
    """

    active: str
    per_fte: str
    bar: int
    participants: str
    consultations: str
    enquiries: str


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A post in words: who holds it as what, and how much of it by which building block."""

    who: str
    share: str


@dataclass(frozen=True, slots=True)
class Partner:
    """A unit without posts of the programme, with which its units work."""

    name: str
    what: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit in words.

    Attributes:
        depth: How deep it stands in the tree.
        where: Address, neighbour, and the places that it is there for.
    """

    depth: int
    name: str
    kind: str
    where: tuple[str, ...]
    seats: tuple[SeatLine, ...]
    fte: str
    numbers: Numbers


@router.get("/organisation")
def show(request: Request) -> HTMLResponse:
    """Show the organisation on a day."""
    moment, texts, ports = moment_of(request), texts_of(request), ports_of(request)
    place = ports.place
    figures = ports.counts.figures(figures_query(place, moment.as_of, moment.known_at))
    shown = organisation(place, moment.as_of, figures)
    carrying = _carrying(shown)
    return page(
        request,
        "organisation.html",
        moment=moment,
        rows=(
            *(_row(one, place, texts) for one in shown.branches if one.unit.key in carrying),
            *(_stranger(one, texts) for one in shown.elsewhere),
        ),
        partners=tuple(_partners(shown, carrying, place, texts)),
        total=figures.total,
        fte=texts.tenth(shown.fte),
        case_fte=texts.tenth(shown.case_fte),
        per_fte=texts.tenth(shown.per_fte),
        offices=[one.label for one in BY_ADDRESS],
        towns=[
            (town.name, ["" if unit is None else unit.name for unit in found.values()])
            for town, found in responsible_by_town(place)
        ],
        freshness=ports.register.freshness(),
    )


def _carrying(shown: Organisation) -> frozenset[str]:
    """Return the units that have posts or cases or steer the others, and all units above them."""
    kept: set[str] = set()
    for one in reversed(shown.branches):
        unit, counted = one.unit, one.figures is not None and one.figures.participants > 0
        if unit.key in kept or one.seats or counted or unit.kind in _STEERING:
            kept |= {unit.key} | ({unit.parent} if unit.parent is not None else set())
    return frozenset(kept)


def _partners(
    shown: Organisation, carrying: frozenset[str], place: Municipality, texts: Texts
) -> Iterator[tuple[str, list[Partner]]]:
    """Yield the other units, under the unit to which they belong."""
    beneath: dict[str, list[Partner]] = {}
    for one in shown.branches:
        unit = one.unit
        if unit.key not in carrying and unit.parent is not None and unit.kind is not UnitKind.TOWN:
            beneath.setdefault(unit.parent, []).append(_partner(one, texts))
    for key, partners in beneath.items():
        yield place.unit(key).name, partners


def _partner(branch: Branch, texts: Texts) -> Partner:
    unit = branch.unit
    linked = ", ".join(texts.label(one.label) for one in unit.offers)
    said = [texts.label(unit.kind.label), branch.carrier]
    if unit.beside:
        said.append(texts.say("Tür an Tür mit %s") % texts.name(unit.beside))
    if linked:
        said.append(texts.say("Vermittlung: %s") % linked)
    return Partner(unit.name, " · ".join(said))


def _row(branch: Branch, place: Municipality, texts: Texts) -> UnitRow:
    unit = branch.unit
    kind = texts.label(unit.kind.label)
    return UnitRow(
        depth=min(branch.depth, _DEEPEST),
        name=unit.name,
        kind=" · ".join(one for one in (kind, branch.carrier) if one != unit.name),
        where=tuple(_where(branch, place, texts)),
        seats=tuple(_seat(one, texts) for one in branch.seats),
        fte=texts.tenth(branch.fte) if branch.fte else "",
        numbers=_numbers(branch.figures or UnitFigures(unit.key), branch.case_fte, texts),
    )


def _stranger(one: UnitFigures, texts: Texts) -> UnitRow:
    """Return the row of a unit that the municipality's file does not know."""
    return UnitRow(
        depth=0,
        name=one.unit or texts.say("ohne Einheit"),
        kind=texts.say("steht nicht in der Datei der Kommune"),
        where=(),
        seats=(),
        fte="",
        numbers=_numbers(one, Decimal(0), texts),
    )


def _where(branch: Branch, place: Municipality, texts: Texts) -> Iterator[str]:
    unit = branch.unit
    if unit.address:
        yield unit.address
    if unit.beside:
        yield texts.say("Tür an Tür mit %s") % place.unit(unit.beside).name
    if unit.serves:
        yield texts.say("Bezirk %s") % ", ".join(unit.serves)
    if unit.quarters:
        yield texts.say("Quartier %s") % ", ".join(unit.quarters)
    if unit.competent_for and place.towns:
        yield texts.say("für %s") % ", ".join(texts.name(one) for one in unit.competent_for)
    if unit.answers_for:
        names = ", ".join(place.unit(one).name for one in unit.answers_for)
        yield texts.say("beantwortet Anfragen statt: %s") % names


def _seat(seat: Seat, texts: Texts) -> SeatLine:
    post, role = seat.post, seat.post.role
    if seat.role is not None:
        role = seat.role.de if texts.language == "de" else seat.role.en
    holder = post.holder if seat.held and post.holder else texts.say("unbesetzt")
    share = texts.say("Baustein %s") % post.baustein.value
    return SeatLine(f"{holder}, {role}", f"{texts.tenth(post.fte)} · {share}")


def _numbers(one: UnitFigures, posts: Decimal, texts: Texts) -> Numbers:
    each = per_post(one, posts)

    def told(value: int) -> str:
        return texts.number(value) if value else ""

    return Numbers(
        active=told(one.active),
        per_fte=texts.tenth(each) if each else "",
        bar=min(round(each or 0), _LONGEST_BAR),
        participants=told(one.participants),
        consultations=told(one.consultations),
        enquiries=told(one.enquiries),
    )
