"""A life while it is written: the facts told so far, and the ledger beside them."""

from dataclasses import dataclass, field
from datetime import date
from itertools import count

from domain.days import PartialDate
from domain.fact import Fact
from domain.fields import Recorder
from domain.organisations import Municipality
from infra.population.draws import Draw
from infra.population.ledger import Ledger, Seed
from infra.population.people import Person

exactly = PartialDate.of


@dataclass(frozen=True, slots=True)
class Happening:
    """A fact with its day, exactly as it was, and who tells it."""

    id: str
    fact: Fact
    on: date
    by: Recorder


@dataclass(slots=True)
class Life:
    """One person's life up to today.

    Attributes:
        person: Whose life.
        draw: Where its draws come from.
        today: The last day of the generated world.
        place: Where the person lives and is counselled.
        office: The unit that leads the case.
        home: The town of the first address, by AGS.
        next_home: The town of the flat, where there is one.
        numbers: Where the numbers of the facts come from; no number tells the person.
        happenings: What happened, strand by strand.
        ledger: What the truth is read from.
        access: The day from which a course is open to the person; None: none is.
        claim: Whether that access is a claim.
        income_from: The day from which own income suffices; None: it does not.
        benefit_until: The last day for which SGB II is granted.
        housing_from: The day from which the municipality houses the person.
    """

    person: Person
    draw: Draw
    today: date
    place: Municipality
    office: str
    home: str
    next_home: str
    numbers: "count[int]"
    happenings: list[Happening] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    access: date | None = None
    claim: bool = False
    income_from: date | None = None
    benefit_until: date | None = None
    housing_from: date | None = None

    def tell(self, fact: Fact, on: date, by: Recorder = Recorder.CASE_MANAGER) -> str:
        """Add a fact that happened on a day and return its number."""
        if on > self.today:
            raise ValueError(f"{fact.type_name()} on {on} lies after {self.today}")
        number = f"V{next(self.numbers):06d}"
        self.happenings.append(Happening(number, fact, on, by))
        return number

    def may_attend(self, since: date, *, claim: bool = False) -> None:
        """Open a course to the person from a day on, unless that day has not come."""
        if since <= self.today:
            self.access, self.claim = since, claim

    def key_of(self, recorder: Recorder) -> str:
        """Return the office that does a task for the person's first address, by key; else its word."""
        found = self.place.office(recorder, self.home)
        return recorder.value if found is None else found.key

    def one_of(self, recorder: Recorder) -> str:
        """Draw one of the units that record as somebody and are there for the first address, by key."""
        there = [
            one.key
            for one in self.place.units
            if one.recorder is recorder
            and (not one.competent_for or self.home in one.competent_for)
        ]
        return self.draw.one(there) if there else recorder.value

    def seeded(self, *seeds: Seed) -> bool:
        """Say whether the life is to have one of these gaps."""
        return not self.person.seeds.isdisjoint(seeds)
