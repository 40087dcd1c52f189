"""The strand of counselling: intake, case, contacts, plan, and who leads the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from domain.days import PartialDate
from domain.events.case import (
    AssessmentCompleted,
    CaseClosed,
    CaseManagerAssigned,
    CaseManagerReleased,
    CaseOpened,
    CaseResumed,
    CaseSuspended,
    ContactHeld,
    Goal,
    Need,
    PlanAgreed,
    PlanReviewed,
)
from domain.events.journey import (
    ContactDetailsRecorded,
    FileNumberRecorded,
    FirstContactRecorded,
    JourneyStarted,
    NoteTaken,
    PersonIdentified,
)
from domain.fields import Handlungsfeld, Recorder
from domain.organisations import Municipality
from domain.vocabulary.case import (
    AccessPath,
    AssignmentReason,
    CloseReason,
    ContactChannel,
    Intensity,
    Interpreter,
    RestReason,
)
from infra.population.draws import after, weekday
from infra.population.ledger import Case, Office, Seed
from infra.population.life import Life, exactly
from infra.population.months import fifth_working_day_after, months_later
from infra.population.people import LANGUAGES

BOUNDS: Mapping[Intensity, int] = MappingProxyType(
    {Intensity.INTENSIVE: 30, Intensity.ACCOMPANIED: 60, Intensity.ADVICE: 90}
)

_FIELDS = (
    Handlungsfeld.AUFENTHALT,
    Handlungsfeld.SPRACHE,
    Handlungsfeld.ARBEIT,
    Handlungsfeld.WOHNEN,
    Handlungsfeld.FAMILIE,
    Handlungsfeld.LEISTUNGEN,
    Handlungsfeld.BILDUNG,
)

_NOTES = (
    "Unterlagen für die Verlängerung mitgebracht.",
    "Bittet um Termin am Nachmittag.",
    "Bescheid gemeinsam gelesen und erklärt.",
    "Möchte nach dem Kurs in der Pflege arbeiten.",
    "Sprachmittlung für den nächsten Termin bestellt.",
)

_FIRST_WEEKS = 28
_FRIDAY = 4


@dataclass(slots=True)
class Desk:
    """The case while it is led: its fixed words, the days already taken, the posts in the office."""

    case: Case
    case_id: str
    taken: set[date]
    posts: tuple[str, ...]
    last: date


def intake(life: Life, ags_number: str) -> date:
    """Write the intake: who comes, by which way, under which file number; return its day."""
    person, draw = life.person, life.draw
    on = weekday(after(person.opened, -draw.between(1, 12)))
    life.tell(
        JourneyStarted(
            birth_year=person.born.year,
            sex=person.sex,
            nationality=(person.nationality,),
            entry_date=PartialDate(person.entered.year, person.entered.month),
            entry_channel=person.channel,
            languages=LANGUAGES[person.nationality],
            literacy=person.literacy,
            schooling_years=person.schooling,
        ),
        on,
    )
    life.tell(
        PersonIdentified(
            given_names=person.name.given,
            family_name=person.name.family,
            birth_date=exactly(person.born),
        ),
        on,
    )
    life.tell(FileNumberRecorded(number=person.number, authority=ags_number), on)
    if draw.chance(0.6):
        phone = f"01520 5550{draw.between(100, 999)}"
        life.tell(ContactDetailsRecorded(phone=phone), on)
    life.tell(
        FirstContactRecorded(
            access_path=draw.one(tuple(AccessPath)),
            channel=draw.weighted(_CHANNELS),
            reason_fields=tuple(draw.some(_FIELDS, draw.between(1, 3))),
        ),
        on,
    )
    return on


_CHANNELS: Mapping[ContactChannel, float] = MappingProxyType(
    {
        ContactChannel.OFFICE: 60,
        ContactChannel.PHONE: 18,
        ContactChannel.OUTREACH: 8,
        ContactChannel.HOME: 6,
        ContactChannel.MESSENGER: 6,
        ContactChannel.VIDEO: 2,
    }
)


def open_case(life: Life, municipality: Municipality) -> Desk:
    """Open the case in its office and hand it to a case manager, unless nobody is to lead it."""
    person, draw = life.person, life.draw
    unit = municipality.unit(life.office)
    case_id = f"f-{draw.token()}"
    intensity = draw.weighted(
        {Intensity.ACCOMPANIED: 60, Intensity.INTENSIVE: 15, Intensity.ADVICE: 25}
    )
    number = life.tell(
        CaseOpened(case_id=case_id, org_unit=unit.key, carrier=unit.carrier, intensity=intensity),
        person.opened,
    )
    case = Case(number, person.opened, BOUNDS[intensity], closed=person.closes)
    life.ledger.case = case
    posts = tuple(one.key for one in municipality.case_managers(unit.key, person.opened))
    last = after(person.closes, -1) if person.closes is not None else life.today
    desk = Desk(case, case_id, {person.opened}, posts, last)
    if not _left_alone(life, desk):
        _lead(life, desk)
    return desk


def _left_alone(life: Life, desk: Desk) -> bool:
    """Say whether a seeded case is young enough to have had no manager at all."""
    return life.seeded(Seed.F02) and desk.case.opened > after(life.today, -40)


def _lead(life: Life, desk: Desk) -> None:
    """Assign the first case manager; some leave, and a successor comes in time or does not."""
    draw, opened = life.draw, desk.case.opened
    first = assign(life, desk, opened, draw.one(desk.posts))
    if life.seeded(Seed.F02):
        back = draw.between(0, 3) if draw.chance(0.2) else draw.between(11, 40)
        release(life, desk, first, after(life.today, -back), AssignmentReason.STAFF_LEFT)
        return
    left = draw.day(after(opened, 30), after(desk.last, -20))
    if left >= after(desk.last, -15) or len(desk.posts) < 2 or not draw.chance(0.18):
        return
    successor = draw.one([one for one in desk.posts if one != first.post])
    how = draw.weighted({"before": 30, "soon": 50, "last day": 20})
    if how == "before":
        assign(life, desk, after(left, -2), successor)
    release(life, desk, first, left, AssignmentReason.STAFF_LEFT)
    if how == "soon":
        assign(life, desk, after(left, draw.between(1, 4)), successor)
    elif how == "last day":
        assign(life, desk, fifth_working_day_after(left), successor)


def assign(life: Life, desk: Desk, on: date, post: str) -> Office:
    """Put somebody in office for the case."""
    new = not desk.case.offices
    life.tell(
        CaseManagerAssigned(
            case_id=desk.case_id,
            cm=post,
            reason=AssignmentReason.NEW if new else AssignmentReason.HANDOVER,
        ),
        on,
        Recorder.TEAM_LEAD,
    )
    office = Office(post, on)
    desk.case.offices.append(office)
    return office


def release(life: Life, desk: Desk, office: Office, on: date, why: AssignmentReason) -> None:
    """End somebody's office for the case."""
    office.ended = on
    office.ended_by = life.tell(
        CaseManagerReleased(case_id=desk.case_id, cm=office.post, reason=why),
        on,
        Recorder.TEAM_LEAD,
    )


def rest(life: Life, desk: Desk) -> None:
    """Let a few cases rest for a while."""
    case = desk.case
    room = (desk.last - case.opened).days
    if life.person.seeds or room < 150 or not life.draw.chance(0.07):
        return
    on = life.draw.day(after(case.opened, 60), after(desk.last, -60))
    life.tell(CaseSuspended(case_id=desk.case_id, rest_reason=RestReason.ABSENCE), on)
    case.suspended = on
    back = after(on, life.draw.between(30, 55))
    case.resumed_id = life.tell(CaseResumed(case_id=desk.case_id), back)
    case.resumed = back
    desk.taken.add(back)


def plan(life: Life, desk: Desk) -> None:
    """Assess, agree a plan, and review it from time to time."""
    last = _last_contact(life, desk)
    assessed = _free(desk, after(desk.case.opened, life.draw.between(10, 28)))
    if assessed > last:
        return
    needs = {
        one: Need(need=life.draw.between(1, 3), resource=life.draw.between(0, 3))
        for one in life.draw.some(_FIELDS, 3)
    }
    _contact(
        desk,
        life.tell(AssessmentCompleted(case_id=desk.case_id, per_field=needs), assessed),
        assessed,
    )
    agreed = _free(desk, after(assessed, life.draw.between(7, 26)))
    if agreed > last:
        return
    goal = Goal(goal_id="z1", field=life.draw.one(_FIELDS), due=exactly(months_later(agreed, 6)))
    review = exactly(after(agreed, 90))
    told = PlanAgreed(case_id=desk.case_id, goals=(goal,), next_review=review)
    _contact(desk, life.tell(told, agreed), agreed)
    reviewed = _free(desk, after(agreed, life.draw.between(75, 130)))
    while reviewed <= last:
        _review(life, desk, reviewed)
        reviewed = _free(desk, after(reviewed, life.draw.between(75, 160)))


def _review(life: Life, desk: Desk, on: date) -> None:
    told = PlanReviewed(case_id=desk.case_id, next_review=exactly(after(on, 90)))
    _contact(desk, life.tell(told, on), on)


def _contact(desk: Desk, number: str, on: date) -> None:
    desk.case.contacts.append((on, number))
    desk.taken.add(on)


def _last_contact(life: Life, desk: Desk) -> date:
    """Return the last day on which a contact may lie."""
    if life.seeded(Seed.F06):
        return after(life.today, -desk.case.bound - 12)
    return desk.last


def _free(desk: Desk, day: date) -> date:
    """Return this or the next working day on which nothing else was noted and the case is active."""
    while (
        day in desk.taken
        or day.weekday() > _FRIDAY
        or (day <= desk.last and not desk.case.active_on(day))
    ):
        day = after(day, 1)
    return day


def free_days(life: Life, desk: Desk) -> list[date]:
    """Return the days on which a consultation may be held."""
    last = _last_contact(life, desk)
    days = (last - desk.case.opened).days
    candidates = (after(desk.case.opened, n) for n in range(1, days + 1))
    return [
        day
        for day in candidates
        if day.weekday() <= _FRIDAY and day not in desk.taken and desk.case.active_on(day)
    ]


def consult(life: Life, desk: Desk, free: list[date], count: int) -> None:
    """Hold so many consultations, the first weeks denser, and count who did not come besides."""
    early = [day for day in free if day <= after(desk.case.opened, _FIRST_WEEKS)]
    days = life.draw.some(early, round(count * 0.3))
    rest_of_days = [day for day in free if day not in set(days)]
    days += life.draw.some(rest_of_days, count - len(days))
    for day in sorted(days):
        _contact(desk, life.tell(_consultation(life, desk), day), day)
        if life.draw.chance(0.05):
            life.tell(NoteTaken(case_id=desk.case_id, text=life.draw.one(_NOTES)), day)
    missed = [day for day in free if day not in desk.taken]
    absences = sum(life.draw.chance(0.15) for _ in days)
    for day in life.draw.some(missed, absences):
        told = ContactHeld(case_id=desk.case_id, channel=ContactChannel.OFFICE, no_show=True)
        life.tell(told, day)


def _consultation(life: Life, desk: Desk) -> ContactHeld:
    draw = life.draw
    return ContactHeld(
        case_id=desk.case_id,
        channel=draw.weighted(_CHANNELS),
        minutes=draw.one((15, 20, 30, 30, 45, 45, 60, 90)),
        fields=tuple(draw.some(_FIELDS, draw.between(1, 2))),
        interpreter=draw.weighted(
            {
                Interpreter.NONE: 55,
                Interpreter.PERSON: 25,
                Interpreter.PHONE: 12,
                Interpreter.APP: 8,
            }
        ),
    )


def keep_in_touch(life: Life, desk: Desk) -> None:
    """Review the plan where an active case would else be without contact for too long."""
    case, today = desk.case, life.today
    if not case.active_on(today) or life.seeded(Seed.F06):
        return
    latest = max([case.opened, case.resumed or case.opened, *(day for day, _ in case.contacts)])
    if (today - latest).days < case.bound - 4:
        return
    on = after(today, -life.draw.between(0, case.bound - 8))
    while on in desk.taken or on.weekday() > _FRIDAY or not case.active_on(on):
        on = after(on, -1)
    _review(life, desk, on)


def close(life: Life, desk: Desk) -> None:
    """Close the case where its time has come."""
    if desk.case.closed is None:
        return
    reason = life.draw.weighted(
        {
            CloseReason.GOALS_REACHED: 45,
            CloseReason.REGULAR_SYSTEM: 25,
            CloseReason.CLIENT_WITHDREW: 10,
            CloseReason.CONTACT_LOST: 12,
            CloseReason.MOVED_AWAY: 8,
        }
    )
    life.tell(CaseClosed(case_id=desk.case_id, reason=reason), desk.case.closed)
