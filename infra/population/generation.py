"""Generates a population of a municipality: the same seed, the same people, to the byte."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from domain.organisations import Baustein, Municipality
from infra.population.asylum import pending, protection, tolerated
from infra.population.benefits import carried_on, of_own_means, under_temporary_protection
from infra.population.counselling import (
    Desk,
    close,
    consult,
    free_days,
    intake,
    keep_in_touch,
    open_case,
    plan,
    rest,
)
from infra.population.draws import Draw, after, weekday
from infra.population.home import family, health, housing, passport
from infra.population.household import Child, household, rows_of
from infra.population.language import language
from infra.population.ledger import Seed
from infra.population.life import Life
from infra.population.names import Name
from infra.population.naturalisation import naturalisation
from infra.population.partners import consent, enquiries, handovers, links
from infra.population.people import WEIGHTS, Cohort, Person, Stay, person
from infra.population.seeding import seeded
from infra.population.telling import Telling
from infra.population.titles import free_movement, ukraine, visa
from infra.population.truth import Verdict, verdicts
from infra.population.work import recognition, working_life
from infra.spreadsheets.rows import FactRow

DEMO_DAY = date(2026, 11, 23)
"""The day of the demonstration; a population tells what was known up to the evening before."""

EARLIEST_DAY = date(2025, 6, 1)
"""No population before this day: the lives know the law since 2022."""

CONSULTATIONS_EACH = 5
"""How many consultations there are for each person on average."""

PEOPLE_EACH = 48
"""How many people come to a full post of case management in two years: Herne's 500 to its eleven posts."""

_TWO_YEARS = 729
_MOVES = 0.2


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict on one journey."""

    journey: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Population:
    """People told as facts, and the truth about their gaps on a day.

    Attributes:
        today: The day on which the truth holds, on all that is recorded.
        rows: The facts, journey by journey in the order of their recording.
        judged: Every verdict of every rule with a known truth.
    """

    today: date
    rows: tuple[FactRow, ...]
    judged: tuple[Judged, ...]

    def with_people(self, others: "Population") -> "Population":
        """Return the population with the people of another one of the same day."""
        return Population(self.today, self.rows + others.rows, self.judged + others.judged)


@dataclass(frozen=True, slots=True)
class _World:
    """What all lives share: the place, the last day, the numbers of the facts, the names given."""

    municipality: Municipality
    eve: date
    numbers: "count[int]"
    taken: set[Name]


@dataclass(slots=True)
class _Started:
    """A life whose strands are written and whose consultations are still to be held."""

    life: Life
    desk: Desk
    intake: date
    consent: str
    free: list[date]
    child: Child | None


def fitting(municipality: Municipality, today: date = DEMO_DAY) -> int:
    """Return how many people fit a municipality: by its posts of case management."""
    posts = sum(municipality.case_fte(one.key, today) for one in municipality.case_offices())
    return max(1, round(posts * PEOPLE_EACH))


def generate(
    municipality: Municipality, people: int, seed: int, today: date = DEMO_DAY
) -> Population:
    """Return a population of a municipality.

    Args:
        municipality: Where the people live; its case offices need staff.
        people: How many.
        seed: Decides every draw.
        today: The day on which the truth holds.

    Raises:
        ValueError: If there is nobody to generate, no office to lead cases, or the day is too early.
    """
    eve = today - timedelta(days=1)
    first = max(after(eve, -_TWO_YEARS), _staffed_from(municipality))
    if people < 1 or today < EARLIEST_DAY or first > after(eve, -4):
        raise ValueError(
            "a population needs at least one person, somebody who leads cases, "
            f"and a day from {EARLIEST_DAY} on"
        )
    draw = Draw(f"{seed}")
    stays = _caseload(people, draw, first, eve)
    seeds = seeded(stays, draw, eve)
    world = _World(municipality, eve, count(1), set())
    started = [
        _start(stay, wanted, world, Draw(f"{seed}/{place}"))
        for place, (stay, wanted) in enumerate(zip(stays, seeds, strict=True))
    ]
    held = _consultations(started, draw, CONSULTATIONS_EACH * people)
    rows: list[FactRow] = []
    judged: list[Judged] = []
    for place, one in enumerate(started):
        rows += _finish(one, held[place], municipality)
        journey = one.life.person.number
        judged += [Judged(journey, it) for it in verdicts(one.life.ledger, today)]
    return Population(today, tuple(rows), tuple(judged))


def _staffed_from(municipality: Municipality) -> date:
    """Return the first working day on which somebody leads cases."""
    posts = [one for one in municipality.posts if one.baustein is Baustein.CASE_MANAGEMENT]
    first = min((one.valid_from for one in posts if one.holder), default=date.max)
    return first if first is date.max else after(first, 2)


def _caseload(people: int, draw: Draw, first: date, eve: date) -> list[Stay]:
    """Draw when cases were opened over two years, in which cohort, and when they were closed."""
    opened = sorted(weekday(draw.day(first, after(eve, -4))) for _ in range(people))
    places: Counter[int] = Counter()
    stays = []
    for day in opened:
        places[day.year] += 1
        number = f"KIM-{day.year}-{places[day.year]:04d}"
        closes = weekday(after(day, 60 + min(draw.wait(380, 900), 1500)))
        stays.append(Stay(number, draw.weighted(WEIGHTS), day, closes if closes < eve else None))
    return stays


def _start(stay: Stay, seeds: frozenset[Seed], world: _World, draw: Draw) -> _Started:
    """Write every strand of a life but its consultations."""
    municipality = world.municipality
    who = person(stay, seeds, draw, world.eve, world.taken)
    life = _life(who, world, draw)
    began = intake(life, life.office)
    _residence(life)
    language(life)
    working_life(life)
    _livelihood(life)
    recognition(life)
    housing(life)
    family(life)
    health(life)
    passport(life)
    naturalisation(life)
    desk = open_case(life, municipality)
    rest(life, desk)
    plan(life, desk)
    agreed, free = consent(life, desk, stay.opened), free_days(life, desk)
    return _Started(life, desk, began, agreed, free, household(life))


def _life(who: Person, world: _World, draw: Draw) -> Life:
    """Return a life yet to be written: with its office, and the towns of its first address and its flat."""
    place = world.municipality
    weights = {
        one.key: float(place.case_fte(one.key, who.opened))
        for one in place.case_offices()
        if place.case_managers(one.key, who.opened)
    }
    if not weights:
        raise ValueError(f"no case office of {place.name} has staff on {who.opened}")
    office = draw.weighted(weights)
    served = place.unit(office).competent_for or [one.ags for one in place.home_towns()]
    home = served[0] if len(served) == 1 else draw.one(served)
    others = [one for one in _led(place) if one != home]
    moves = bool(others) and draw.chance(_MOVES)
    return Life(
        person=who,
        draw=draw,
        today=world.eve,
        place=place,
        office=office,
        home=home,
        next_home=draw.one(others) if moves else home,
        numbers=world.numbers,
    )


def _led(place: Municipality) -> list[str]:
    """Return the towns that a case office names; empty where none names any."""
    named = [ags for one in place.case_offices() for ags in one.competent_for]
    return list(dict.fromkeys(named))


def _residence(life: Life) -> None:
    """Write the strand of residence by the way somebody came."""
    match life.person.cohort:
        case Cohort.PROTECTION:
            protection(life)
        case Cohort.PENDING:
            pending(life)
        case Cohort.TOLERATED:
            tolerated(life)
        case Cohort.UKRAINE:
            ukraine(life)
        case Cohort.FAMILY | Cohort.LABOUR:
            visa(life)
        case Cohort.EU:
            free_movement(life)


def _livelihood(life: Life) -> None:
    """Write what somebody lives of."""
    match life.person.cohort:
        case Cohort.UKRAINE:
            under_temporary_protection(life)
        case Cohort.FAMILY | Cohort.LABOUR | Cohort.EU:
            of_own_means(life)
        case Cohort.PROTECTION | Cohort.PENDING | Cohort.TOLERATED:
            pass
    carried_on(life)


def _consultations(started: Sequence[_Started], draw: Draw, wanted: int) -> list[int]:
    """Draw how many consultations each case has.

    A case's number is gamma-Poisson by the days on which it could be held; given their sum, such
    numbers are shared out by the gamma weights, so the sum is met without counting anything twice.
    """
    room = [len(one.free) * 2 // 3 for one in started]
    weights = [draw.gamma(1.6) * (len(one.free) + 25) if one.free else 0.0 for one in started]
    held = [0] * len(started)
    left = min(wanted, sum(room))
    while left:
        for place in draw.places(
            [w if held[n] < room[n] else 0.0 for n, w in enumerate(weights)], left
        ):
            if held[place] < room[place]:
                held[place] += 1
                left -= 1
    return held


def _finish(one: _Started, held: int, municipality: Municipality) -> list[FactRow]:
    """Hold the consultations, write what hangs on them, and tell the life."""
    life, desk = one.life, one.desk
    consult(life, desk, one.free, held)
    keep_in_touch(life, desk)
    enquiries(life, desk)
    links(life, desk, one.consent)
    handovers(life, desk, municipality)
    close(life, desk)
    post = desk.posts[-1]
    rows = Telling(life, municipality, one.intake, post).rows()
    return rows if one.child is None else rows + rows_of(one.child, life)
