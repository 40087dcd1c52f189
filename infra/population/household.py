"""The strand of the household: a small child with a journey of its own, and its place in day care."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from domain.events.belonging import HouseholdFormed, MemberJoined
from domain.events.childcare import (
    ChildcareRequested,
    ChildcareRequestWithdrawn,
    ChildcareStarted,
)
from domain.events.journey import FileNumberRecorded, JourneyStarted, PersonIdentified
from domain.fact import Fact
from domain.fields import Recorder
from domain.journal import Actor
from domain.vocabulary.person import HouseholdRole, Sex
from infra.population.draws import after
from infra.population.ledger import PlaceRequest, Seed
from infra.population.life import Life, exactly
from infra.population.months import months_later
from infra.population.names import Name, name_of
from infra.spreadsheets.rows import FactRow

_WITH_CHILD = 0.14
_LEAP_DAY = (2, 29)


@dataclass(frozen=True, slots=True)
class Child:
    """A child of somebody in the caseload.

    Attributes:
        number: Its file number: that of the parent with a mark behind it.
        joined: The day since which it belongs to the parent's household.
        household: The id that the facts of both journeys share.
    """

    number: str
    name: Name
    sex: Sex
    born: date
    joined: date
    household: str


def household(life: Life) -> Child | None:
    """Write a parent's household and the request for a place in day care; return the child, if there is one."""
    draw, waits = life.draw, life.seeded(Seed.M02)
    if not waits and not (life.person.parent and draw.chance(_WITH_CHILD)):
        return None
    first = after(life.person.entered, 20)
    back = draw.between(3, 400) if waits else draw.between(230, 700)
    asked = max(first, after(life.today, -back))
    child = _child(life, asked)
    wanted = after(asked, draw.between(30, 330))
    joined = _join(life, child)
    number = life.tell(
        ChildcareRequested(child_ref=joined, from_=exactly(wanted)), asked, Recorder.CLIENT
    )
    due_on = max(months_later(asked, 6), wanted, months_later(child.born, 12))
    request = PlaceRequest(number, asked, due_on)
    life.ledger.requests.append(request)
    if not waits:
        _answer(life, joined, request)
    return child


def _child(life: Life, asked: date) -> Child:
    person, draw = life.person, life.draw
    born = after(asked, -draw.between(200, 1500))
    if (born.month, born.day) == _LEAP_DAY:
        born = after(born, 1)
    sex = draw.one((Sex.FEMALE, Sex.MALE))
    return Child(
        number=f"{person.number}-K1",
        name=Name(name_of(person.nationality, sex, draw, set()).given, person.name.family),
        sex=sex,
        born=born,
        joined=after(max(person.entered, born), draw.between(3, 15)),
        household=f"h-{draw.token()}",
    )


def _join(life: Life, child: Child) -> str:
    life.tell(
        HouseholdFormed(household_id=child.household, role=HouseholdRole.PARENT),
        child.joined,
        Recorder.REGISTRATION,
    )
    told = MemberJoined(
        household_id=child.household, member_journey_id=child.number, role=HouseholdRole.CHILD
    )
    return life.tell(told, child.joined, Recorder.REGISTRATION)


def _answer(life: Life, child_ref: str, request: PlaceRequest) -> None:
    """Let the child begin in day care, in time, on the last day or late; or take the request back."""
    draw = life.draw
    days = (request.due_on - request.day).days
    withdrawn = draw.chance(0.15)
    wait = draw.weighted(
        {draw.between(20, days - 1): 70, days: 10, draw.between(days + 1, days + 90): 20}
    )
    on = after(request.day, draw.between(10, days) if withdrawn else wait)
    if on > life.today:
        return
    if withdrawn:
        life.tell(ChildcareRequestWithdrawn(child_ref=child_ref), on, Recorder.CLIENT)
        request.withdrawn = on
    else:
        life.tell(ChildcareStarted(child_ref=child_ref), on, Recorder.JUGENDAMT)
        request.answered = on


def rows_of(child: Child, life: Life) -> list[FactRow]:
    """Return the child's own journey, as the office that leads the parent's case begins it."""
    person, office = life.person, life.place.unit(life.office)
    on = max(person.opened, child.joined)
    started = JourneyStarted(birth_year=child.born.year, sex=child.sex)
    identified = PersonIdentified(
        given_names=child.name.given,
        family_name=child.name.family,
        birth_date=exactly(child.born),
    )
    joined = MemberJoined(
        household_id=child.household, member_journey_id=person.number, role=HouseholdRole.PARENT
    )
    told: list[tuple[Fact, date]] = [
        (started, on),
        (identified, on),
        (FileNumberRecorded(number=child.number, authority=office.key), on),
        (HouseholdFormed(household_id=child.household, role=HouseholdRole.CHILD), child.joined),
        (joined, child.joined),
    ]
    return [
        FactRow(
            person=child.number,
            type=fact.type_name(),
            number=f"V{next(life.numbers):06d}",
            occurred_on=exactly(day),
            attributes=fact.known_attributes(),
            recorded_at=datetime.combine(on, time(9, minute), UTC),
            recorded_by=Actor(office.key, Recorder.CASE_MANAGER.value, office.key),
            controller=office.carrier,
        )
        for minute, (fact, day) in enumerate(told)
    ]
