"""The strand of residence of people who asked for asylum: the procedure, and what it ends in."""

from datetime import date

from domain.events.asylum import (
    AppealFiled,
    AssignedToMunicipality,
    AsylumApplicationFiled,
    AsylumDecisionIssued,
    DepartureObligationArisen,
    EntryRegistered,
    TemporaryPermissionIssued,
    ToleranceIssued,
)
from domain.events.belonging import FamilyReunificationNotified
from domain.events.identity import IdentityClarified
from domain.events.intake import OfferDeclined
from domain.events.titles import TitleApplied, TitleRefused
from domain.fields import Handlungsfeld, Recorder
from domain.vocabulary.residence import (
    AppealKind,
    ApplicationKind,
    AsylumOutcome,
    AsylumProcedure,
    IdentityMeans,
    ResidenceBasis,
    WorkNote,
)
from infra.population.benefits import change_of_rechtskreis, supported_as_asylum_seeker
from infra.population.draws import after, weekday
from infra.population.ledger import Seed, Title
from infra.population.life import Life, exactly
from infra.population.months import last_day_of_period
from infra.population.people import Cohort
from infra.population.titles import WITH_CLAIM, apply, carry_on, grant

_CHANCE_BEGAN, _CHANCE_ENDED = date(2022, 12, 31), date(2025, 12, 31)

_SHOW_A_PAPER = {Cohort.PROTECTION: 0.75, Cohort.PENDING: 0.6, Cohort.TOLERATED: 0.25}
"""Who shows a paper in the first months that clarifies the identity."""

_TITLES = {
    AsylumOutcome.REFUGEE: ResidenceBasis.AUFENTHG_25_2_FL,
    AsylumOutcome.SUBSIDIARY: ResidenceBasis.AUFENTHG_25_2_SUB,
    AsylumOutcome.DEPORTATION_BAN: ResidenceBasis.AUFENTHG_25_3,
    AsylumOutcome.ASYLUM: ResidenceBasis.AUFENTHG_25_1,
}


def arrived(life: Life) -> date:
    """Write entry, application and assignment; return the day of the application."""
    entered = life.person.entered
    life.tell(
        EntryRegistered(entry_date=exactly(entered), place="Bochum", azr_registered=True),
        entered,
        Recorder.DISTRICT,
    )
    filed = after(entered, life.draw.between(7, 40))
    life.tell(AsylumApplicationFiled(procedure=AsylumProcedure.REGULAR), filed, Recorder.BAMF)
    assigned = after(filed, life.draw.between(5, 60))
    if assigned <= life.today:
        life.tell(
            AssignedToMunicipality(municipality=life.home, from_facility=True),
            assigned,
            Recorder.DISTRICT,
        )
        life.housing_from = assigned
    shown = after(filed, life.draw.between(20, 170))
    if shown <= life.today and life.draw.chance(_SHOW_A_PAPER.get(life.person.cohort, 0)):
        _identity(life, shown)
    supported_as_asylum_seeker(life)
    return filed


def _permissions(life: Life, filed: date, until: date) -> None:
    """Issue one Aufenthaltsgestattung after the other up to a day."""
    on, months = after(filed, life.draw.between(2, 15)), 6
    while on < min(until, life.today):
        ends = last_day_of_period(on, months)
        note = WorkNote.FORBIDDEN if months < 12 else WorkNote.BY_PERMIT
        life.tell(
            TemporaryPermissionIssued(valid_until=exactly(ends), work_note=note), on, Recorder.ABH
        )
        on, months = after(ends, -life.draw.between(2, 20)), 12


def protection(life: Life) -> None:
    """Write the way to protection and the titles that follow it."""
    filed = arrived(life)
    decided = _decided_on(life, filed)
    _permissions(life, filed, decided)
    outcome = life.draw.weighted(
        {
            AsylumOutcome.REFUGEE: 45,
            AsylumOutcome.SUBSIDIARY: 38,
            AsylumOutcome.ASYLUM: 3,
            AsylumOutcome.DEPORTATION_BAN: 0 if life.person.seeds else 14,
        }
    )
    served = after(decided, life.draw.between(2, 6))
    decision = life.tell(
        AsylumDecisionIssued(outcome=outcome, served_on=exactly(min(served, life.today))),
        decided,
        Recorder.BAMF,
    )
    if outcome is not AsylumOutcome.DEPORTATION_BAN:
        _reunification(life, served)
    title = _first_title(life, _TITLES[outcome], decided)
    trigger = (decision, decided)
    if outcome is AsylumOutcome.DEPORTATION_BAN:
        trigger = (title.id, title.granted) if title is not None else ("", decided)
    if trigger[0]:
        change_of_rechtskreis(life, *trigger)
    if title is not None:
        carry_on(life, title)


def _reunification(life: Life, served: date) -> None:
    """Notify the wish for the family in time, or say that there is nobody to come; some say neither."""
    on = after(served, life.draw.between(7, 95))
    if on > life.today:
        return
    if life.draw.chance(0.25):
        life.tell(FamilyReunificationNotified(), on, Recorder.CLIENT)
    elif life.draw.chance(0.85):
        life.tell(OfferDeclined(field=Handlungsfeld.FAMILIE), on, Recorder.CLIENT)


def _decided_on(life: Life, filed: date) -> date:
    """Draw the day of the decision: recent where the change of Rechtskreis is to be missed."""
    today = life.today
    if life.seeded(Seed.L01):
        recent = life.draw.chance(0.2)
        first, last = (-20, -3) if recent else (-230, -75)
        return weekday(life.draw.day(after(today, first), after(today, last)))
    wait = min(life.draw.wait(210, 600), 900)
    return weekday(max(after(filed, 30), min(after(filed, wait), after(today, -45))))


def _first_title(life: Life, basis: ResidenceBasis, decided: date) -> Title | None:
    """Apply for the first title and grant it; None while the office has not decided."""
    applied = after(decided, life.draw.between(4, 18))
    if applied > life.today:
        return None
    life.tell(
        TitleApplied(basis=basis, kind=ApplicationKind.FIRST, channel="office"),
        applied,
        Recorder.CLIENT,
    )
    granted = weekday(after(applied, 3 + min(life.draw.wait(50, 110), 200)))
    if granted > life.today:
        return None
    life.may_attend(granted, claim=basis in WITH_CLAIM)
    return grant(life, basis, granted)


def pending(life: Life) -> None:
    """Write a procedure that still runs, or an appeal that does."""
    filed = arrived(life)
    _permissions(life, filed, life.today)
    life.may_attend(after(filed, 95))
    refused = weekday(after(filed, life.draw.between(200, 420)))
    if refused < after(life.today, -20) and life.draw.chance(0.35):
        decision = life.tell(
            AsylumDecisionIssued(
                outcome=AsylumOutcome.REFUSED, served_on=exactly(after(refused, 4))
            ),
            refused,
            Recorder.BAMF,
        )
        life.tell(
            AppealFiled(
                against=decision,
                kind=AppealKind.ACTION,
                court=life.key_of(Recorder.COURT),
                suspensive=True,
            ),
            after(refused, life.draw.between(6, 16)),
            Recorder.COURT,
        )


def tolerated(life: Life) -> None:
    """Write a refused application, years of Duldung, and for many a title in the end."""
    filed = arrived(life)
    refused = weekday(after(filed, life.draw.between(150, 700)))
    _permissions(life, filed, refused)
    final = after(refused, life.draw.between(20, 400))
    life.tell(
        AsylumDecisionIssued(
            outcome=AsylumOutcome.REFUSED,
            served_on=exactly(after(refused, 4)),
            final_on=exactly(final),
        ),
        refused,
        Recorder.BAMF,
    )
    life.tell(DepartureObligationArisen(enforceable=True), final, Recorder.ABH)
    chance = _chance_granted(life)
    granted = chance or _settled_on(life)
    _tolerances(life, after(final, 10), granted or life.today)
    if granted is not None:
        _identity(life, after(granted, -life.draw.between(20, 200)))
        _after_tolerance(life, granted, chance is not None)


def _tolerances(life: Life, first: date, until: date) -> None:
    """Issue the Duldungen of the last years before a day; older papers nobody keeps."""
    on = max(first, after(until, -life.draw.between(800, 1300)))
    while on < until:
        ends = after(on, life.draw.one((90, 180, 180, 365)))
        life.tell(
            ToleranceIssued(
                basis=ResidenceBasis.AUFENTHG_60A,
                valid_until=exactly(ends),
                work_note=WorkNote.BY_PERMIT,
            ),
            on,
            Recorder.ABH,
        )
        on = after(ends, -life.draw.between(1, 12))


def _chance_granted(life: Life) -> date | None:
    """Draw the day of a Chancen-Aufenthaltsrecht, for those who lived here five years in time."""
    in_time = life.person.entered <= date(2017, 10, 31)
    if not in_time or not life.draw.chance(0.65):
        return None
    last = min(_CHANCE_ENDED, after(life.today, -60))
    return weekday(life.draw.day(after(_CHANCE_BEGAN, 60), last))


def _settled_on(life: Life) -> date | None:
    """Draw the day of a title under § 25b for those who did without § 104c."""
    first = max(after(life.person.entered, 6 * 365), date(2020, 1, 7))
    last = after(life.today, -400)
    if last <= first or not life.draw.chance(0.3):
        return None
    return weekday(life.draw.day(first, last))


def _after_tolerance(life: Life, granted: date, chance: bool) -> None:
    """Write the title after the Duldung and the change of Rechtskreis that it brings."""
    basis = ResidenceBasis.AUFENTHG_104C if chance else ResidenceBasis.AUFENTHG_25B
    title = grant(life, basis, granted)
    life.may_attend(granted, claim=not chance)
    change_of_rechtskreis(life, title.id, granted)
    if not chance:
        carry_on(life, title)
    elif title.ends is not None:
        _after_chance(life, title, title.ends)


def _after_chance(life: Life, title: Title, ends: date) -> None:
    """Apply for § 25b before the eighteen months end: granted to three of four, else Duldung again."""
    applied = weekday(after(ends, -life.draw.between(15, 200)))
    if applied > life.today:
        if ends > after(life.today, 95):
            return
        applied = after(life.today, -life.draw.between(1, 20))
    apply(life, title, ResidenceBasis.AUFENTHG_25B, applied)
    decided = weekday(after(max(ends, applied), life.draw.between(15, 150)))
    if decided > life.today:
        return
    if life.draw.chance(0.74):
        carry_on(life, grant(life, ResidenceBasis.AUFENTHG_25B, decided))
        return
    life.tell(TitleRefused(reason="livelihood"), decided, Recorder.ABH)
    title.refused = decided
    _tolerances(life, after(decided, 3), life.today)


def _identity(life: Life, on: date) -> None:
    """Clarify the identity before a title."""
    life.tell(
        IdentityClarified(
            means=life.draw.weighted(
                {IdentityMeans.PASSPORT: 70, IdentityMeans.ID: 15, IdentityMeans.OTHER: 15}
            ),
            date=exactly(on),
            accepted_by=life.key_of(Recorder.ABH),
            accepted_on=exactly(on),
        ),
        on,
        Recorder.ABH,
    )
