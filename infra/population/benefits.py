"""The strand of the Rechtskreise: who pays, and the seams between them."""

from datetime import date

from domain.days import PartialDate
from domain.events.benefits import (
    BenefitApplied,
    BenefitEnded,
    BenefitExtended,
    BenefitGranted,
    HealthInsuranceRegistered,
    RechtskreisChangeTriggered,
)
from domain.events.work import LivelihoodSecured
from domain.fields import Recorder
from domain.vocabulary.benefits import InsuranceKind, Rechtskreis
from domain.vocabulary.person import LivelihoodDegree
from infra.population.draws import after
from infra.population.ledger import Change, Seed
from infra.population.life import Life, exactly
from infra.population.months import last_day_of_period, month_end, months_later
from infra.population.people import Cohort

_UKRAINE_CHANGED = date(2022, 5, 27)
_YEAR = 12


def supported_as_asylum_seeker(life: Life) -> None:
    """Grant support under the AsylbLG from the entry on, after 36 months at the higher rate."""
    entered = life.person.entered
    on = after(entered, life.draw.between(1, 14))
    life.tell(
        BenefitGranted(rechtskreis=Rechtskreis.ASYLBLG_3, from_=exactly(entered)),
        on,
        Recorder.SOZIALAMT,
    )
    life.tell(HealthInsuranceRegistered(kind=InsuranceKind.VOUCHER), on, Recorder.INSURER)


def _higher_rate(life: Life, until: date) -> None:
    """Grant the higher rate where somebody stayed long enough under the AsylbLG."""
    on = months_later(life.person.entered, 36)
    if on < until:
        life.tell(
            BenefitGranted(rechtskreis=Rechtskreis.ASYLBLG_2, from_=exactly(on)),
            on,
            Recorder.SOZIALAMT,
        )


def change_of_rechtskreis(life: Life, trigger: str, on: date) -> None:
    """Leave the AsylbLG: apply for SGB II, live of own income, or miss it where the life is made so."""
    _higher_rate(life, after(on, -3))
    key, day = trigger, on
    if life.draw.chance(0.4):
        day = min(after(on, life.draw.between(0, 5)), life.today)
        key = _told(life, trigger, on, day)
    change = Change(key, day, on)
    life.ledger.change = change
    if not life.seeded(Seed.L01):
        _settle(life, change)
    _end_of_support(life, on)


def _told(life: Life, trigger: str, on: date, day: date) -> str:
    """Tell the change as a fact of its own, with the first month of the new regime."""
    following = months_later(on.replace(day=1), 1)
    return life.tell(
        RechtskreisChangeTriggered(
            from_=Rechtskreis.ASYLBLG_2 if _long_here(life, on) else Rechtskreis.ASYLBLG_3,
            to=Rechtskreis.SGB_II,
            trigger_event=trigger,
            effective_month=PartialDate(following.year, following.month),
        ),
        day,
        Recorder.SOZIALAMT,
    )


def _long_here(life: Life, on: date) -> bool:
    return months_later(life.person.entered, 36) < on


def _settle(life: Life, change: Change) -> None:
    """Apply in time, on the last day, or late; or secure the livelihood by own work."""
    last = month_end(months_later(change.condition_fell, 1))
    way = life.draw.weighted({"soon": 80, "last day": 5, "late": 7, "work": 8})
    if way == "work" and after(change.day, 12) <= life.today:
        change.secured = after(change.day, life.draw.between(3, 12))
        life.tell(LivelihoodSecured(degree=LivelihoodDegree.FULL, basis_months=3), change.secured)
        return
    days = {"last day": last, "late": after(last, life.draw.between(3, 40))}
    soon = after(change.day, life.draw.between(2, 24))
    applied = min(days.get(way, soon), life.today)
    change.applied = applied
    supported_by_jobcenter(life, applied)


def _end_of_support(life: Life, on: date) -> None:
    """End the support under the AsylbLG with the month in which its condition fell away."""
    last = month_end(on)
    if last <= life.today:
        kind = Rechtskreis.ASYLBLG_2 if _long_here(life, on) else Rechtskreis.ASYLBLG_3
        life.tell(BenefitEnded(rechtskreis=kind, reason="status"), last, Recorder.SOZIALAMT)


def supported_by_jobcenter(life: Life, applied: date) -> None:
    """Apply for SGB II, be granted it and have it extended year by year while it is needed."""
    life.tell(
        BenefitApplied(rechtskreis=Rechtskreis.SGB_II, on=exactly(applied)),
        applied,
        Recorder.CLIENT,
    )
    granted = after(applied, life.draw.between(8, 40))
    if granted > life.today:
        return
    first = applied.replace(day=1)
    until = last_day_of_period(first, _YEAR)
    life.tell(
        BenefitGranted(rechtskreis=Rechtskreis.SGB_II, from_=exactly(first), until=exactly(until)),
        granted,
        Recorder.JOBCENTER,
    )
    life.tell(
        HealthInsuranceRegistered(kind=InsuranceKind.STATUTORY),
        min(after(granted, 10), life.today),
        Recorder.INSURER,
    )
    life.benefit_until = until


def carried_on(life: Life) -> None:
    """Extend what is still needed: SGB II year by year, the AsylbLG at its higher rate."""
    if life.benefit_until is not None:
        _extended(life, life.benefit_until)
    elif life.ledger.change is None and life.person.cohort in {Cohort.PENDING, Cohort.TOLERATED}:
        _higher_rate(life, life.today)


def _extended(life: Life, until: date) -> None:
    """Extend SGB II until today or until own income suffices."""
    enough = life.income_from or life.today
    while until < enough:
        first = after(until, 1)
        until = last_day_of_period(first, _YEAR)
        on = after(first, -life.draw.between(5, 30))
        if on > enough:
            break
        life.tell(
            BenefitExtended(
                rechtskreis=Rechtskreis.SGB_II, from_=exactly(first), until=exactly(until)
            ),
            on,
            Recorder.JOBCENTER,
        )
    if life.income_from is not None:
        life.tell(
            BenefitEnded(rechtskreis=Rechtskreis.SGB_II, reason="own_income"),
            life.income_from,
            Recorder.JOBCENTER,
        )


def under_temporary_protection(life: Life) -> None:
    """Write the benefits of somebody from Ukraine: AsylbLG until May 2022, SGB II from June on."""
    entered = life.person.entered
    applied = after(entered, life.draw.between(3, 40))
    if entered < date(2022, 5, 20):
        on = after(entered, life.draw.between(1, 6))
        life.tell(
            BenefitGranted(rechtskreis=Rechtskreis.ASYLBLG_3, from_=exactly(entered)),
            on,
            Recorder.SOZIALAMT,
        )
        key = life.tell(
            RechtskreisChangeTriggered(
                from_=Rechtskreis.ASYLBLG_3,
                to=Rechtskreis.SGB_II,
                effective_month=PartialDate(2022, 6),
            ),
            _UKRAINE_CHANGED,
            Recorder.SOZIALAMT,
        )
        applied = life.draw.day(date(2022, 5, 28), date(2022, 6, 30))
        life.ledger.change = Change(key, _UKRAINE_CHANGED, date(2022, 5, 27), applied)
    if applied <= life.today:
        supported_by_jobcenter(life, applied)


def of_own_means(life: Life) -> None:
    """Write the benefits of those who came by visa or by free movement: few need SGB II."""
    needs = 0.45 if life.person.cohort is Cohort.FAMILY else 0.25
    on = after(life.person.entered, life.draw.between(100, 400))
    if life.income_from is None and on <= life.today and life.draw.chance(needs):
        supported_by_jobcenter(life, on)
    else:
        day = min(after(life.person.entered, life.draw.between(5, 40)), life.today)
        life.tell(HealthInsuranceRegistered(kind=InsuranceKind.STATUTORY), day, Recorder.INSURER)
