"""Who works where: a municipality's tree of units, their carriers, posts and roles.

No two municipalities are built alike, so nothing here knows a particular shape. The values come from
one file per municipality; :mod:`domain.complaints` says with place and cure what does not fit together.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field

from domain.chain.bounds import STANDARD, Bounds, Change
from domain.errors import KetteError
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Vocabulary

Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
"""A short name of a unit, a carrier or a post: lower case, digits, hyphens."""

Ags = Annotated[str, Field(pattern=r"^\d{8}$")]
"""An Amtlicher Gemeindeschlüssel: eight digits; that of a Kreis ends in 000."""

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
    REGION = "region", "Teilregion", "sub-region"
    TOWN = "town", "Stadt oder Gemeinde", "town"
    CITY_OFFICE = "city_office", "Städtisches Büro", "city office"
    DISTRICT_OFFICE = "district_office", "Büro im Bezirk", "district office"
    QUARTER_OFFICE = "quarter_office", "Büro im Quartier", "quarter office"
    CARRIER_OFFICE = "carrier_office", "Büro des Trägers", "carrier's office"
    AUTHORITY = "authority", "Behörde", "authority"
    SERVICE = "service", "Dienst", "service"
    VOLUNTEERS = "volunteers", "Ehrenamt", "volunteers"


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


class Town(_Part):
    """A town or commune of a Kreis; addresses name it by its AGS."""

    ags: Ags
    name: Words


class Quarter(_Part):
    """A part of a town that is smaller than a district."""

    name: Words
    district: Words | None = None


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
        quarters: The quarters that it works in.
        competent_for: The towns, by AGS, whose residents it is there for; empty: all whom no other unit
            of its kind names.
        offers: The fields of action in which people are linked to it; empty: nobody is.
        answers_for: The units whose enquiries it answers instead.
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
    quarters: tuple[Words, ...] = ()
    competent_for: tuple[Ags, ...] = ()
    offers: tuple[Handlungsfeld, ...] = ()
    answers_for: tuple[Key, ...] = ()
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

    def exists_on(self, day: date) -> bool:
        """Say whether there is the post on a day, filled or vacant."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def held_on(self, day: date) -> bool:
        """Say whether somebody holds the post on a day."""
        return self.holder is not None and self.exists_on(day)


class UnknownOrganisationError(KetteError):
    """No municipality, unit, carrier or post has this name."""

    code = "unknown-organisation"


class InvalidMunicipalityError(KetteError):
    """A municipality's file does not fit together; the message names each place and its cure."""

    code = "invalid-municipality"


class OwnBound(_Part):
    """A bound as the municipality sets it: its id, and a period such as ``P2W`` or a whole number."""

    id: Words
    value: Words


class Municipality(_Part):
    """A municipality with its units, carriers, roles and posts.

    Attributes:
        towns: The towns of a Kreis; empty: the municipality is one town.
        bounds: Practice that it sets otherwise, and law that it wants to be warned of earlier.
    """

    ags: Ags
    name: Words
    slug: Key
    districts: tuple[Words, ...] = ()
    quarters: tuple[Quarter, ...] = ()
    towns: tuple[Town, ...] = ()
    carriers: tuple[Carrier, ...]
    units: tuple[Unit, ...]
    roles: tuple[Role, ...]
    posts: tuple[Post, ...]
    bounds: tuple[OwnBound, ...] = ()

    @property
    def tenant(self) -> UUID:
        """Return the id under which its journal is kept."""
        return uuid5(NAMESPACE_URL, f"urn:kette:municipality:{self.ags}")

    def practice(self) -> Bounds:
        """Return the bounds to judge by.

        Raises:
            BoundRefusedError: If a bound does not exist, or law would be loosened.
        """
        if not self.bounds:
            return STANDARD
        return STANDARD.adapted(Change.read(one.id, one.value) for one in self.bounds)

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

    def home_towns(self) -> tuple[Town, ...]:
        """Return the towns that people of the municipality live in: those of a Kreis, or itself."""
        return self.towns or (Town(ags=self.ags, name=self.name),)

    def office(self, recorder: Recorder, ags: str) -> Unit | None:
        """Return the one office that does a task for whoever lives in a town.

        An office that names the town stands before one that names none. None: the town is another
        municipality's, nobody does the task, or several do without saying for whom.
        """
        if all(one.ags != ags for one in self.home_towns()):
            return None
        offices = [one for one in self.units if one.recorder is recorder and one.kind in _OFFICES]
        found = [one for one in offices if ags in one.competent_for] or [
            one for one in offices if not one.competent_for
        ]
        return found[0] if len(found) == 1 else None

    def providers(self, ags: str | None) -> tuple[Unit, ...]:
        """Return the units to which people who live in a town are linked, volunteers among them.

        Where the town is not known, those of every town.
        """
        return tuple(
            one
            for one in self.units
            if one.offers and (ags is None or not one.competent_for or ags in one.competent_for)
        )

    def names(self) -> dict[str, str]:
        """Return the names of towns, units and post holders by their keys."""
        towns = {self.ags: self.name} | {one.ags: one.name for one in self.towns}
        holders = {one.key: one.holder for one in self.posts if one.holder}
        return towns | {one.key: one.name for one in self.units} | holders

    def case_offices(self) -> tuple[Unit, ...]:
        """Return the units that hold posts of case management, in the order of the file."""
        holding = {one.unit for one in self.posts if one.baustein is Baustein.CASE_MANAGEMENT}
        return tuple(one for one in self.units if one.key in holding)

    def staff(self, unit: str, day: date) -> tuple[Post, ...]:
        """Return the posts of a unit that somebody holds on a day."""
        return tuple(one for one in self.posts if one.unit == unit and one.held_on(day))

    def case_managers(self, unit: str, day: date) -> tuple[Post, ...]:
        """Return those of the staff who lead cases."""
        staff = self.staff(unit, day)
        return tuple(one for one in staff if one.baustein is Baustein.CASE_MANAGEMENT)

    def fte(self, unit: str, day: date) -> Decimal:
        """Return the full posts of a unit that are filled on a day."""
        return sum((one.fte for one in self.staff(unit, day)), start=Decimal(0))

    def case_fte(self, unit: str, day: date) -> Decimal:
        """Return the full posts of a unit in which somebody leads cases on a day."""
        return sum((one.fte for one in self.case_managers(unit, day)), start=Decimal(0))


_OFFICES = frozenset(UnitKind) - {UnitKind.SERVICE, UnitKind.VOLUNTEERS}
"""The kinds of which one is responsible by address; of services people choose."""


_Named = TypeVar("_Named", Carrier, Unit, Post)


def _named(parts: Iterable[_Named], key: str, what: str) -> _Named:
    """Return the part of this key."""
    for one in parts:
        if one.key == key:
            return one
    raise UnknownOrganisationError(f"no {what} {key[:60]!r}; `kette organisations` lists them")
