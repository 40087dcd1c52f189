"""How a life is told: late, by months, twice, wrongly and put right. None of it changes the truth.

Only facts that no rule with a known truth looks at lose their day or are told twice; a wrong telling is
put right, and a fact about somebody else is taken back, before the last day.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from pydantic import JsonValue

from domain.days import PartialDate
from domain.events.asylum import AssignedToMunicipality
from domain.events.case import (
    CaseClosed,
    CaseManagerAssigned,
    CaseManagerReleased,
    CaseOpened,
)
from domain.events.common import CaseFact
from domain.events.identity import AddressChanged, AddressRegistered
from domain.events.journey import (
    ContactDetailsRecorded,
    FileNumberRecorded,
    FirstContactRecorded,
    JourneyStarted,
    PersonIdentified,
)
from domain.events.language import CourseAborted, LanguageTestTaken
from domain.events.record import EventCorrected, EventRetracted
from domain.events.work import EmploymentStarted
from domain.fact import Fact
from domain.fields import Recorder, SourceKind
from domain.journal import Actor
from domain.organisations import Municipality, Unit
from domain.vocabulary.language import Cefr
from infra.population.draws import after
from infra.population.life import Happening, Life
from infra.spreadsheets.rows import FactRow

HARMLESS = frozenset(
    {
        "AddressChanged",
        "AddressRegistered",
        "AssignedToMunicipality",
        "AsylumApplicationFiled",
        "BenefitExtended",
        "CivicsTestTaken",
        "CourseEntitlementIssued",
        "EntryRegistered",
        "FictionCertificateIssued",
        "HealthInsuranceRegistered",
        "HousingAssigned",
        "IdentityClarified",
        "JobSeekerRegistered",
        "LeaseSigned",
        "LinkConfirmed",
        "NaturalisationAdvised",
        "PassportIssued",
        "PlacementTestTaken",
        "PrecheckCompleted",
        "QualificationReported",
        "RecognitionApplied",
        "RecognitionDecided",
        "TemporaryPermissionIssued",
        "TrainingContractSigned",
        "UnemploymentRegistered",
        "VocationalCourseRegistered",
        "VocationalLanguageEntitlementIssued",
    }
)
"""The types of which no rule with a known truth takes a day."""

_TOLD_TWICE = HARMLESS | {"LanguageTestTaken"}
_AT_INTAKE = (
    JourneyStarted,
    PersonIdentified,
    FileNumberRecorded,
    ContactDetailsRecorded,
    FirstContactRecorded,
)

_AT_ONCE = (CaseOpened, CaseManagerAssigned, CaseManagerReleased, CaseClosed)

_BY_MONTH, _TWICE, _CORRECTED, _RETRACTED = 0.27, 0.075, 0.02, 0.01
_LATE = 0.45

_NAMED = frozenset({Recorder.COUNSELLING, Recorder.COURSE_PROVIDER})
"""Who is named by what they tell."""

_SOURCES = {
    Recorder.CASE_MANAGER: SourceKind.SELF_REPORT,
    Recorder.TEAM_LEAD: SourceKind.SELF_REPORT,
    Recorder.CLIENT: SourceKind.SELF_REPORT,
    Recorder.COURSE_PROVIDER: SourceKind.PROVIDER_MESSAGE,
    Recorder.COUNSELLING: SourceKind.PROVIDER_MESSAGE,
    Recorder.EMPLOYER: SourceKind.DOCUMENT_COPY,
}


class Telling:
    """One life as it is told to the journal."""

    def __init__(self, life: Life, municipality: Municipality, intake: date, post: str) -> None:
        self._life = life
        self._draw = life.draw
        self._municipality = municipality
        self._intake = intake
        self._post = post
        self._place_of = {one.id: place for place, one in enumerate(life.happenings)}
        self._by_key = {one.key: one for one in municipality.units}
        self._units = {one.recorder: one for one in reversed(municipality.units)}
        self._towns = sorted(_towns(life.happenings))

    def rows(self) -> list[FactRow]:
        """Return the rows of the life in the order of their recording."""
        told = [row for one in self._life.happenings for row in self._told(one)]
        told += [row for _ in self._life.happenings for row in self._of_somebody_else()]
        return sorted(
            told, key=lambda row: (row.recorded_at or _moment(date.min, 0), row.number or "")
        )

    def _told(self, one: Happening) -> Iterator[FactRow]:
        """Tell a fact: exactly, by its month, twice, or wrongly and then rightly."""
        name = one.fact.type_name()
        moment = self._recorded(one)
        if self._draw.chance(_CORRECTED) and _may_be_wrong(one):
            yield from self._wrongly(one, moment)
            return
        day = PartialDate.of(one.on)
        if name in HARMLESS and self._draw.chance(_BY_MONTH):
            day = PartialDate(one.on.year, one.on.month)
        yield self._row(one.id, one.fact, day, moment, one.by)
        if name in _TOLD_TWICE and self._draw.chance(_TWICE):
            yield self._again(one, day, moment)

    def _recorded(self, one: Happening) -> datetime:
        """Draw when a fact was recorded: what came before the intake is told at the intake."""
        draw = self._draw
        if isinstance(one.fact, _AT_INTAKE):
            return _moment(self._intake, _AT_INTAKE.index(type(one.fact)) * 10)
        known = _known_on(one)
        if known < self._intake:
            wait = draw.between(0, 21) if draw.chance(0.75) else draw.between(22, 240)
            return self._at(after(self._intake, wait))
        if isinstance(one.fact, CaseFact):
            return self._at(after(one.on, self._wait_of_case(one.fact)), self._place(one))
        wait = 14 + draw.wait(35, 120) if draw.chance(_LATE) else draw.between(0, 13)
        return self._at(after(known, wait))

    def _wait_of_case(self, fact: Fact) -> int:
        """Draw after how many days a fact of the case is noted; who leads it at once."""
        if isinstance(fact, _AT_ONCE):
            return 0
        draw = self._draw
        return draw.weighted({0: 52, draw.between(1, 5): 23, draw.between(15, 40): 25})

    def _place(self, one: Happening) -> int:
        """Return the seconds that keep the facts of a case noted on one day in their order."""
        return 1800 + self._place_of[one.id] * 60

    def _at(self, day: date, seconds: int | None = None) -> datetime:
        """Return a moment of the working day, on the last day at the latest."""
        drawn = 1800 + self._draw.between(0, 28_000)
        return _moment(min(day, self._life.today), drawn if seconds is None else seconds)

    def _later(self, moment: datetime, first: int, last: int) -> datetime:
        """Return a later moment, on the last day at the latest."""
        day = after(moment.date(), self._draw.between(first, last))
        if day <= self._life.today:
            return _moment(day, 1800 + self._draw.between(0, 28_000))
        return max(moment, _moment(self._life.today, 0)) + timedelta(minutes=7)

    def _wrongly(self, one: Happening, moment: datetime) -> Iterator[FactRow]:
        """Tell a fact with a wrong day or a wrong end, and put it right later."""
        wrong, right = _mistaken_end(one.fact)
        day = PartialDate.of(one.on)
        told = day
        if not right:
            told = PartialDate.of(after(one.on, -self._draw.between(1, 9)))
            right = {"occurred_on": str(day)}
        yield self._row(one.id, wrong, told, moment, one.by)
        later = self._later(moment, 3, 90)
        correction = EventCorrected.model_validate({"target": one.id, "reason": "typo"} | right)
        yield self._record(correction, later)

    def _again(self, one: Happening, day: PartialDate, moment: datetime) -> FactRow:
        """Tell the same fact a second time, from another source."""
        number = self._number()
        later = self._later(moment, 1, 60)
        row = self._row(number, one.fact, day, later, Recorder.CASE_MANAGER)
        return _from(row, SourceKind.DOCUMENT_SEEN)

    def _of_somebody_else(self) -> Iterator[FactRow]:
        """Tell what happened to somebody else, and take it back."""
        first, last = self._intake, after(self._life.today, -8)
        if first >= last or not self._draw.chance(_RETRACTED):
            return
        on = self._draw.day(first, last)
        fact = self._draw.one(
            (
                EmploymentStarted(employer="hotel-am-kanal", hours_per_week=20),
                LanguageTestTaken(result=Cefr.B1),
                CourseAborted(),
                AddressChanged(ags=self._life.home),
            )
        )
        number = self._number()
        moment = self._at(after(on, self._draw.between(0, 3)))
        yield self._row(number, fact, PartialDate.of(on), moment, Recorder.CASE_MANAGER)
        taken_back = EventRetracted(target=number, reason="wrong_person")
        yield self._record(taken_back, self._later(moment, 1, 30))

    def _record(self, fact: Fact, moment: datetime) -> FactRow:
        """Tell a correction or a retraction on the day on which it is made."""
        day = PartialDate.of(moment.date())
        return self._row(self._number(), fact, day, moment, Recorder.CASE_MANAGER)

    def _number(self) -> str:
        return f"V{next(self._life.numbers):06d}"

    def _unit(self, fact: Fact, by: Recorder, day: date) -> Unit | None:
        """Return who tells a fact: the unit that it names, else by the address, else the first of its kind."""
        named = getattr(fact, "to", None) or getattr(fact, "provider", None)
        if by in _NAMED and named in self._by_key:
            return self._by_key[named]
        town = next((ags for on, ags in reversed(self._towns) if on <= day), self._life.home)
        return self._municipality.office(by, town) or self._units.get(by)

    def _row(
        self, number: str, fact: Fact, day: PartialDate, moment: datetime, by: Recorder
    ) -> FactRow:
        """Write a row with the envelope of who tells it."""
        unit = self._unit(fact, by, day.latest or moment.date())
        in_time = moment.date() >= self._intake and (day.latest or date.max) >= self._intake
        own = unit is None or not in_time or by in {Recorder.CASE_MANAGER, Recorder.TEAM_LEAD}
        if own or unit is None:
            here = self._municipality.unit(self._life.office)
            actor = Actor(self._post, Recorder.CASE_MANAGER.value, here.key)
        else:
            here, actor = unit, Actor(unit.key, by.value, unit.key)
        return FactRow(
            person=self._life.person.number,
            type=fact.type_name(),
            number=number,
            occurred_on=day,
            attributes=_given(fact),
            recorded_at=moment,
            recorded_by=actor,
            controller=here.carrier,
            source=_SOURCES.get(by, SourceKind.AUTHORITY_MESSAGE)
            if in_time
            else SourceKind.DOCUMENT_SEEN,
        )


def _towns(happenings: Iterable[Happening]) -> Iterator[tuple[date, str]]:
    """Yield from which day on the person lived in which town."""
    for one in happenings:
        match one.fact:
            case AddressRegistered(ags=str(ags)) | AddressChanged(ags=str(ags)):
                yield one.on, ags
            case AssignedToMunicipality(municipality=str(ags)):
                yield one.on, ags
            case _:
                pass


def _moment(day: date, seconds: int) -> datetime:
    """Return a moment of a working day that falls on the same day in Berlin."""
    return datetime.combine(day, time(7), UTC) + timedelta(seconds=seconds)


def _known_on(one: Happening) -> date:
    """Return the first day on which everything that a fact says has happened."""
    days = (value.latest for attribute, value in one.fact.days() if attribute.happened)
    return max([one.on, *(day for day in days if day is not None)])


def _given(fact: Fact) -> dict[str, JsonValue]:
    """Return the attributes that are known."""
    return {name: value for name, value in fact.known_attributes().items() if value is not None}


def _may_be_wrong(one: Happening) -> bool:
    """Say whether a wrong telling of the fact would be accepted."""
    return one.fact.about.ends is None and not isinstance(one.fact, _AT_INTAKE)


def _mistaken_end(fact: Fact) -> tuple[Fact, dict[str, JsonValue]]:
    """Return the fact with an end a year too late, and what puts it right; else itself and nothing."""
    ends = getattr(fact, "valid_until", None)
    if not isinstance(ends, PartialDate) or ends.exact is None or ends.year is None:
        return fact, {}
    wrong = PartialDate(ends.year + 1, ends.month, min(ends.day or 1, 28))
    return fact.model_copy(update={"valid_until": wrong}), {
        "attributes": {"valid_until": str(ends)}
    }


def _from(row: FactRow, source: SourceKind) -> FactRow:
    """Return the row with another source."""
    return FactRow(
        person=row.person,
        type=row.type,
        number=row.number,
        occurred_on=row.occurred_on,
        attributes=row.attributes,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        controller=row.controller,
        source=source,
    )
