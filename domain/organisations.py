"""Who works where: a municipality's tree of units, their carriers, posts and roles.

No two municipalities are built alike, so nothing here knows a particular shape. The values come from
one file per municipality; :func:`complaints` says with place and cure what does not fit together.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from domain.errors import KetteError
from domain.fields import Recorder
from domain.labels import Vocabulary

Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
"""A short name of a unit, a carrier or a post: lower case, digits, hyphens."""

Words = Annotated[str, Field(min_length=1, max_length=200)]
"""A name or an address as people write it."""


class UnitKind(Vocabulary):
    """What a unit is."""

    MUNICIPALITY = "municipality", "Kommune", "municipality"
    INTEGRATION_CENTRE = (
        "integration_centre",
        "Kommunales Integrationszentrum",
        "integration centre",
    )
    CITY_OFFICE = "city_office", "Städtisches Büro", "city office"
    DISTRICT_OFFICE = "district_office", "Büro im Bezirk", "district office"
    AUTHORITY = "authority", "Behörde", "authority"
    SERVICE = "service", "Dienst", "service"


class CarrierKind(Vocabulary):
    """What kind of body carries a unit."""

    PUBLIC = "public", "öffentlich", "public"
    WELFARE = "welfare", "Freie Wohlfahrtspflege", "welfare organisation"
    ASSOCIATION = "association", "Verein", "association"


class Baustein(Vocabulary):
    """The building block of the programme that funds a post (reference 1.2)."""

    COORDINATION = "1", "Koordination", "coordination"
    CASE_MANAGEMENT = "2", "Case Management", "case management"
    OFFICES = "3", "Ausländer- und Einbürgerungsbehörde", "immigration and naturalisation office"


class _Part(BaseModel):
    """A part of a municipality's file: nothing in it changes, nothing in it is unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Carrier(_Part):
    """A body that carries units and is the controller of their data."""

    key: Key
    name: Words
    kind: CarrierKind


class Unit(_Part):
    """An office or service in the tree.

    Attributes:
        key: How posts, parents and facts name it.
        name: Its name for people.
        kind: What it is.
        parent: The unit above; only the top has none.
        carrier: The body that carries it.
        address: Street and number.
        serves: The districts that it serves; empty: all.
        beside: A unit that sits door to door with it.
        recorder: As whom it records facts.
    """

    key: Key
    name: Words
    kind: UnitKind
    parent: Key | None = None
    carrier: Key
    address: Words | None = None
    serves: tuple[Words, ...] = ()
    beside: Key | None = None
    recorder: Recorder = Recorder.CASE_MANAGER


class Role(_Part):
    """What a post does."""

    key: Key
    de: Words
    en: Words
    recorder: Recorder


class Post(_Part):
    """A post, or a fraction of one, from a day to a day.

    Attributes:
        key: How facts name whoever holds it.
        unit: The unit that it belongs to.
        role: What it does.
        baustein: The building block that funds it.
        fte: Fraction of a full post.
        holder: Name of whoever holds it; none: vacant.
        valid_from: First day.
        valid_to: Last day; none: not limited.
    """

    key: Key
    unit: Key
    role: Key
    baustein: Baustein
    fte: Annotated[Decimal, Field(gt=0, le=1)]
    holder: Words | None = None
    valid_from: date
    valid_to: date | None = None

    def held_on(self, day: date) -> bool:
        """Say whether somebody holds the post on a day."""
        return (
            self.holder is not None
            and self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
        )


class UnknownOrganisationError(KetteError):
    """No municipality, unit, carrier or post has this name."""

    code = "unknown-organisation"


class InvalidMunicipalityError(KetteError):
    """A municipality's file does not fit together; the message names each place and its cure."""

    code = "invalid-municipality"


class Municipality(_Part):
    """A municipality with its units, carriers, roles and posts."""

    ags: Annotated[str, Field(pattern=r"^\d{8}$")]
    name: Words
    slug: Key
    districts: tuple[Words, ...] = ()
    carriers: tuple[Carrier, ...]
    units: tuple[Unit, ...]
    roles: tuple[Role, ...]
    posts: tuple[Post, ...]

    def unit(self, key: str) -> Unit:
        """Return the unit of this key.

        Raises:
            UnknownOrganisationError: If there is none.
        """
        return _named(self.units, key, "unit")

    def carrier(self, key: str) -> Carrier:
        """Return the carrier of this key.

        Raises:
            UnknownOrganisationError: If there is none.
        """
        return _named(self.carriers, key, "carrier")

    def post(self, key: str) -> Post:
        """Return the post of this key.

        Raises:
            UnknownOrganisationError: If there is none.
        """
        return _named(self.posts, key, "post")

    def children(self, key: str | None) -> tuple[Unit, ...]:
        """Return the units directly below one; None: the top."""
        return tuple(one for one in self.units if one.parent == key)

    def case_offices(self) -> tuple[Unit, ...]:
        """Return the units that hold posts of case management, in the order of the file."""
        holding = {one.unit for one in self.posts if one.baustein is Baustein.CASE_MANAGEMENT}
        return tuple(one for one in self.units if one.key in holding)

    def staff(self, unit: str, day: date) -> tuple[Post, ...]:
        """Return the posts of a unit that somebody holds on a day."""
        return tuple(one for one in self.posts if one.unit == unit and one.held_on(day))

    def fte(self, unit: str, day: date) -> Decimal:
        """Return the full posts of a unit that are filled on a day."""
        return sum((one.fte for one in self.staff(unit, day)), start=Decimal(0))


_Named = TypeVar("_Named", Carrier, Unit, Post)


def _named(parts: Iterable[_Named], key: str, what: str) -> _Named:
    """Return the part of this key."""
    for one in parts:
        if one.key == key:
            return one
    raise UnknownOrganisationError(f"no {what} {key[:60]!r}; `kette organisations` lists them")


def complaints(municipality: Municipality) -> tuple[str, ...]:
    """Return what does not fit together, each with its place and its cure."""
    return (
        *_doubled("carriers", municipality.carriers),
        *_doubled("units", municipality.units),
        *_doubled("roles", municipality.roles),
        *_doubled("posts", municipality.posts),
        *_tree_complaints(municipality),
        *_unit_complaints(municipality),
        *_post_complaints(municipality),
    )


def _doubled(where: str, parts: Iterable[Carrier | Unit | Role | Post]) -> Iterator[str]:
    """Complain of keys that are used twice."""
    for key, count in Counter(one.key for one in parts).items():
        if count > 1:
            yield f"{where}: key {key!r} stands {count} times; give each its own"


def _tree_complaints(municipality: Municipality) -> Iterator[str]:
    """Complain of units that do not hang together as one tree."""
    parents = {one.key: one.parent for one in municipality.units}
    tops = [key for key, parent in parents.items() if parent is None]
    if len(tops) != 1:
        yield f"units: {len(tops)} have no parent; exactly one unit stands at the top"
    for key in parents:
        path = {key}
        above = parents[key]
        while above is not None and above in parents and above not in path:
            path.add(above)
            above = parents[above]
        if above in path:
            yield f"units.{key}.parent: leads in a circle; name a unit nearer to the top"
        elif above is not None:
            yield f"units.{key}.parent: no unit {above!r}; add it or name another"


def _unit_complaints(municipality: Municipality) -> Iterator[str]:
    """Complain of units whose carrier, neighbour or district is not there."""
    carriers = {one.key for one in municipality.carriers}
    units = {one.key for one in municipality.units}
    for one in municipality.units:
        if one.carrier not in carriers:
            yield f"units.{one.key}.carrier: no carrier {one.carrier!r}; add it or name another"
        if one.beside is not None and one.beside not in units:
            yield f"units.{one.key}.beside: no unit {one.beside!r}; add it or name another"
        for district in one.serves:
            if district not in municipality.districts:
                yield f"units.{one.key}.serves: no district {district!r}; add it to `districts`"


def _post_complaints(municipality: Municipality) -> Iterator[str]:
    """Complain of posts whose unit or role is not there, or that end before they begin."""
    units = {one.key for one in municipality.units}
    roles = {one.key for one in municipality.roles}
    for one in municipality.posts:
        if one.unit not in units:
            yield f"posts.{one.key}.unit: no unit {one.unit!r}; add it or name another"
        if one.role not in roles:
            yield f"posts.{one.key}.role: no role {one.role!r}; add it or name another"
        if one.valid_to is not None and one.valid_to < one.valid_from:
            yield f"posts.{one.key}.valid_to: lies before valid_from; correct one of the two"
