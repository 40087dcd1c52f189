"""The tree of a municipality with its posts and what they carry: the file and the figures in one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.fields import Recorder
from domain.organisations import Municipality, Post, Role, Town, Unit
from projections.figures import Figures, FiguresQuery, UnitFigures

BY_ADDRESS = (Recorder.ABH, Recorder.EBH, Recorder.JOBCENTER, Recorder.SOZIALAMT)
"""The offices that are told for each town."""

_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Seat:
    """A post on a day, and whether somebody holds it."""

    post: Post
    role: Role | None
    held: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit in its place in the tree.

    Attributes:
        depth: How many units stand above it.
        fte: Full posts that are filled.
        case_fte: Those of them in which somebody leads cases.
        figures: What it carries; None where no journal was asked.
    """

    unit: Unit
    depth: int
    carrier: str
    seats: tuple[Seat, ...]
    fte: Decimal
    case_fte: Decimal
    figures: UnitFigures | None

    @property
    def per_fte(self) -> Decimal | None:
        """Return the active cases for each full post that leads cases; None where there is none."""
        return per_post(self.figures, self.case_fte)


@dataclass(frozen=True, slots=True)
class Organisation:
    """The whole tree, in its order, and its sums.

    Attributes:
        elsewhere: What stands under units that the file does not know.
    """

    branches: tuple[Branch, ...]
    fte: Decimal
    case_fte: Decimal
    total: UnitFigures | None
    elsewhere: tuple[UnitFigures, ...]

    @property
    def per_fte(self) -> Decimal | None:
        """Return the active cases of all for each full post that leads cases."""
        return per_post(self.total, self.case_fte)


def figures_query(place: Municipality, as_of: date, known_at: date | None = None) -> FiguresQuery:
    """Return the question for the figures of a municipality."""
    offices = {one.key for one in place.units if one.recorder is Recorder.ABH}
    posts = tuple((one.key, one.unit) for one in place.posts)
    return FiguresQuery(as_of, posts, frozenset({Recorder.ABH.value, *offices}), known_at)


def organisation(place: Municipality, day: date, figures: Figures | None) -> Organisation:
    """Return the tree of a municipality on a day, depth first, in the order of the file."""
    found = {one.unit: one for one in figures.units} if figures is not None else None
    branches = tuple(_grown(place, day, found, None, 0))
    known = {one.key for one in place.units}
    elsewhere = () if figures is None else tuple(o for o in figures.units if o.unit not in known)
    return Organisation(
        branches,
        sum((one.fte for one in branches), start=Decimal(0)),
        sum((one.case_fte for one in branches), start=Decimal(0)),
        None if figures is None else figures.total,
        elsewhere,
    )


def _grown(
    place: Municipality,
    day: date,
    found: Mapping[str, UnitFigures] | None,
    parent: str | None,
    depth: int,
) -> Iterator[Branch]:
    for unit in place.children(parent):
        yield Branch(
            unit,
            depth,
            place.carrier(unit.carrier).name,
            tuple(_seats(place, unit, day)),
            place.fte(unit.key, day),
            place.case_fte(unit.key, day),
            None if found is None else found.get(unit.key, UnitFigures(unit.key)),
        )
        yield from _grown(place, day, found, unit.key, depth + 1)


def _seats(place: Municipality, unit: Unit, day: date) -> Iterator[Seat]:
    roles = {one.key: one for one in place.roles}
    for post in place.posts:
        if post.unit == unit.key and post.exists_on(day):
            yield Seat(post, roles.get(post.role), post.held_on(day))


def per_post(figures: UnitFigures | None, posts: Decimal) -> Decimal | None:
    """Return the active cases for each full post, to a tenth."""
    return (figures.active / posts).quantize(_TENTH) if figures is not None and posts else None


def responsible_by_town(
    place: Municipality,
) -> tuple[tuple[Town, Mapping[Recorder, Unit | None]], ...]:
    """Return which office is there for whom, town by town."""
    return tuple(
        (town, {one: place.office(one, town.ags) for one in BY_ADDRESS})
        for town in place.home_towns()
    )
