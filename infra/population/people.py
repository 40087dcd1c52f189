"""The people of a population: who they are and how they came, before anything happens to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from domain.vocabulary.countries import Country
from domain.vocabulary.person import EntryChannel, Literacy, Sex
from infra.population.draws import Draw, after
from infra.population.ledger import Seed
from infra.population.names import Name, name_of

YEAR = 365


class Cohort(StrEnum):
    """By which way people came to the case management."""

    PROTECTION = "protection"
    UKRAINE = "ukraine"
    PENDING = "pending"
    TOLERATED = "tolerated"
    FAMILY = "family"
    EU = "eu"
    LABOUR = "labour"


WEIGHTS: Mapping[Cohort, float] = MappingProxyType(
    {
        Cohort.PROTECTION: 34,
        Cohort.UKRAINE: 22,
        Cohort.PENDING: 12,
        Cohort.TOLERATED: 12,
        Cohort.FAMILY: 10,
        Cohort.EU: 8,
        Cohort.LABOUR: 2,
    }
)

_NATIONALITIES: Mapping[Cohort, Mapping[Country, float]] = MappingProxyType(
    {
        Cohort.PROTECTION: {
            Country.SYR: 50,
            Country.AFG: 22,
            Country.IRQ: 12,
            Country.IRN: 8,
            Country.TUR: 5,
            Country.NGA: 3,
        },
        Cohort.UKRAINE: {Country.UKR: 1},
        Cohort.PENDING: {
            Country.AFG: 25,
            Country.TUR: 25,
            Country.SYR: 18,
            Country.GIN: 12,
            Country.IRQ: 10,
            Country.IRN: 10,
        },
        Cohort.TOLERATED: {
            Country.GIN: 25,
            Country.NGA: 22,
            Country.IRQ: 20,
            Country.AFG: 13,
            Country.IRN: 10,
            Country.TUR: 10,
        },
        Cohort.FAMILY: {Country.TUR: 35, Country.SYR: 35, Country.IRQ: 20, Country.NGA: 10},
        Cohort.EU: {Country.BGR: 50, Country.ROU: 50},
        Cohort.LABOUR: {Country.TUR: 40, Country.IRN: 40, Country.NGA: 20},
    }
)

_CHANNELS: Mapping[Cohort, EntryChannel] = MappingProxyType(
    {
        Cohort.PROTECTION: EntryChannel.ASYLUM,
        Cohort.UKRAINE: EntryChannel.UKRAINE,
        Cohort.PENDING: EntryChannel.ASYLUM,
        Cohort.TOLERATED: EntryChannel.ASYLUM,
        Cohort.FAMILY: EntryChannel.FAMILY,
        Cohort.EU: EntryChannel.EU,
        Cohort.LABOUR: EntryChannel.WORK,
    }
)

LANGUAGES: Mapping[Country, tuple[str, ...]] = MappingProxyType(
    {
        Country.SYR: ("ar", "ku"),
        Country.AFG: ("fa", "ps"),
        Country.IRQ: ("ar", "ku"),
        Country.IRN: ("fa",),
        Country.TUR: ("tr", "ku"),
        Country.NGA: ("en",),
        Country.UKR: ("uk", "ru"),
        Country.GIN: ("fr", "ff"),
        Country.BGR: ("bg", "tr"),
        Country.ROU: ("ro",),
    }
)

_LATIN = frozenset({Country.TUR, Country.NGA, Country.GIN, Country.ROU})

_AGES: Mapping[tuple[int, int], float] = MappingProxyType(
    {(18, 24): 18, (25, 34): 34, (35, 44): 27, (45, 54): 14, (55, 63): 7}
)

_SHORTEST_STAY: Mapping[Seed, int] = MappingProxyType(
    {Seed.A01: 700, Seed.A02: 800, Seed.S01: 1100, Seed.S05: 800, Seed.S15: 1300}
)


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person.

    Attributes:
        number: The case number, by year of opening.
        name: An invented name.
        cohort: By which way the person came.
        born: Birth date.
        entered: First day in Germany.
        opened: The day on which the case is opened.
        closes: The day on which it is closed; None: it is still open.
        seeds: The gaps that this life is made to have.
        parent: Whether there are children.
    """

    number: str
    name: Name
    cohort: Cohort
    sex: Sex
    born: date
    nationality: Country
    entered: date
    literacy: Literacy
    schooling: int
    opened: date
    closes: date | None
    seeds: frozenset[Seed]
    parent: bool

    @property
    def channel(self) -> EntryChannel:
        """Return the channel of entry."""
        return _CHANNELS[self.cohort]

    def age(self, day: date) -> int:
        """Return the age in whole years."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))


@dataclass(frozen=True, slots=True)
class Stay:
    """A place in the caseload: from when to when a case runs, by which number, in which cohort."""

    number: str
    cohort: Cohort
    opened: date
    closes: date | None


def person(stay: Stay, seeds: frozenset[Seed], draw: Draw, today: date, taken: set[Name]) -> Person:
    """Return the person who fills a place in the caseload."""
    nationality = draw.weighted(_NATIONALITIES[stay.cohort])
    sex = Sex.FEMALE if draw.chance(_share_of_women(stay.cohort)) else Sex.MALE
    entered = _entry(stay, seeds, draw, today)
    low, high = draw.weighted(_AGES)
    born = draw.day(
        stay.opened - timedelta(days=high * YEAR + YEAR + high // 4),
        stay.opened - timedelta(days=low * YEAR + low // 4 + 1),
    )
    return Person(
        number=stay.number,
        name=name_of(nationality, sex, draw, taken),
        cohort=stay.cohort,
        sex=sex,
        born=born,
        nationality=nationality,
        entered=entered,
        literacy=_literacy(nationality, draw),
        schooling=draw.weighted({0: 5, 4: 8, 6: 10, 8: 15, 9: 20, 10: 12, 12: 25, 16: 5}),
        opened=stay.opened,
        closes=stay.closes,
        seeds=seeds,
        parent=draw.chance(0.5) or Seed.M02 in seeds,
    )


def _share_of_women(cohort: Cohort) -> float:
    """Return the share of women; together they are 52 of 100."""
    shares = {Cohort.UKRAINE: 0.68, Cohort.FAMILY: 0.75, Cohort.TOLERATED: 0.3, Cohort.PENDING: 0.4}
    return shares.get(cohort, 0.48)


def _literacy(nationality: Country, draw: Draw) -> Literacy:
    if draw.chance(0.08):
        return Literacy.NONE
    return Literacy.LATIN if nationality in _LATIN else Literacy.SECOND_SCRIPT


def _entry(stay: Stay, seeds: frozenset[Seed], draw: Draw, today: date) -> date:
    """Draw a day of entry before the case, early enough for what the life is to hold."""
    earliest = {
        Cohort.UKRAINE: date(2022, 3, 1),
        Cohort.TOLERATED: date(2014, 6, 1),
        Cohort.PENDING: after(stay.opened, -900),
        Cohort.EU: after(stay.opened, -6 * YEAR),
    }.get(stay.cohort, date(2015, 6, 1))
    if Seed.L01 in seeds:
        latest = min(after(today, -500), after(stay.opened, -45))
        return draw.day(after(latest, -400), latest)
    shortest = max((_SHORTEST_STAY.get(one, 0) for one in seeds), default=0)
    if stay.cohort is Cohort.PROTECTION and shortest:
        shortest += 500
    latest = min(after(today, -shortest), after(stay.opened, -45))
    if stay.cohort is Cohort.UKRAINE and draw.chance(0.6):
        latest = min(latest, date(2023, 2, 28))
    if stay.cohort is Cohort.TOLERATED:
        latest = min(latest, date(2021, 6, 1))
    back = after(stay.opened, -draw.wait(900, 2800))
    return max(earliest, min(back, latest))
