"""The strands of housing, family and health."""

from datetime import date

from domain.events.education import SchoolStarted
from domain.events.identity import AddressChanged, AddressRegistered, PassportIssued
from domain.events.life import ChildBorn, HealthBarrierReported, HousingAssigned, LeaseSigned
from domain.fields import Handlungsfeld, Recorder
from domain.vocabulary.education import SchoolForm
from domain.vocabulary.person import HousingKind, Severity
from domain.vocabulary.residence import PassportKind
from infra.population.draws import after
from infra.population.ledger import Seed
from infra.population.life import Life, exactly
from infra.population.months import months_later
from infra.population.people import Cohort

_ASYLUM = frozenset({Cohort.PROTECTION, Cohort.PENDING, Cohort.TOLERATED})


def housing(life: Life) -> None:
    """Write where somebody lives: facilities first for those who asked for asylum, then a flat."""
    entered = life.person.entered
    if life.person.cohort in _ASYLUM:
        _facilities(life)
        leased = after(life.access or entered, life.draw.wait(240, 900))
        likely = 0.7 if life.access is not None else 0.1
    else:
        _register(life, entered, HousingKind.PRIVATE_SUBLET)
        leased = after(entered, life.draw.wait(70, 300))
        likely = 0.85
    if leased <= life.today and life.draw.chance(likely):
        _lease(life, leased)


def _facilities(life: Life) -> None:
    life.tell(
        HousingAssigned(kind=HousingKind.LAND_FACILITY), life.person.entered, Recorder.SOZIALAMT
    )
    if life.housing_from is not None:
        life.tell(
            HousingAssigned(kind=HousingKind.COMMUNAL, rooms=1, ags=life.home),
            life.housing_from,
            Recorder.SOZIALAMT,
        )
        _register(life, life.housing_from, HousingKind.COMMUNAL)


def _register(life: Life, moved: date, kind: HousingKind) -> None:
    on = min(after(moved, life.draw.between(2, 13)), life.today)
    life.tell(
        AddressRegistered(
            move_in=exactly(moved), registered_on=exactly(on), ags=life.home, housing_kind=kind
        ),
        on,
        Recorder.REGISTRATION,
    )


def _lease(life: Life, on: date) -> None:
    persons = life.draw.between(2, 6) if life.person.parent else 1
    life.tell(
        LeaseSigned(
            kind=HousingKind.PRIVATE_LEASE,
            rooms=life.draw.one((1.5, 2, 2.5, 3, 4)),
            persons=persons,
            ags=life.next_home,
        ),
        on,
        Recorder.HOUSING,
    )
    moved = after(on, life.draw.between(5, 40))
    registered = after(moved, life.draw.between(2, 20))
    if registered <= life.today:
        life.tell(
            AddressChanged(
                move_in=exactly(moved),
                registered_on=exactly(registered),
                ags=life.next_home,
                housing_kind=HousingKind.PRIVATE_LEASE,
            ),
            registered,
            Recorder.REGISTRATION,
        )


def family(life: Life) -> None:
    """Write births and the children's school."""
    person = life.person
    if not person.parent:
        return
    first = max(person.entered, after(life.today, -1100))
    may_be_born = person.age(life.today) < 42 and not life.seeded(Seed.S15)
    if may_be_born and life.draw.chance(0.18):
        born = life.draw.day(first, after(life.today, -5))
        life.tell(ChildBorn(birth_date=exactly(born)), born, Recorder.REGISTRATION)
        life.ledger.hindrances.append(born)
    if life.draw.chance(0.6):
        began = life.draw.day(first, life.today)
        form = SchoolForm.GS if life.draw.chance(0.6) else SchoolForm.GE
        life.tell(
            SchoolStarted(child_ref="kind-1", form=form, erstfoerderung=True),
            began,
            Recorder.SCHOOL,
        )


def health(life: Life) -> None:
    """Write a coarse flag where health stands in the way."""
    if not life.draw.chance(0.09):
        return
    severity = life.draw.weighted(
        {Severity.NONE: 15, Severity.MODERATE: 55, Severity.SEVERE: 20, Severity.UNKNOWN: 10}
    )
    hinders = severity in {Severity.MODERATE, Severity.SEVERE}
    if hinders and life.seeded(Seed.S15):
        severity, hinders = Severity.NONE, False
    on = life.draw.day(life.person.opened, life.today)
    life.tell(HealthBarrierReported(severity=severity, field_effect=(Handlungsfeld.SPRACHE,)), on)
    if hinders:
        life.ledger.hindrances.append(on)


def passport(life: Life) -> None:
    """Write a passport or travel document for some, and its renewals; a few forget one."""
    if life.access is None or not life.draw.chance(0.4):
        return
    refugee = life.person.cohort is Cohort.PROTECTION
    kind = PassportKind.REFUGEE if refugee else PassportKind.NATIONAL
    on = after(life.access, life.draw.between(20, 200))
    while on <= life.today:
        ends = months_later(on, 36)
        life.tell(PassportIssued(kind=kind, valid_until=exactly(ends)), on, Recorder.ABH)
        on = after(ends, -life.draw.between(10, 150))
        if life.draw.chance(0.1):
            return
