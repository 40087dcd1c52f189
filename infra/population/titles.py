"""The strand of residence from the first title on: renewals, Fiktion, permanent titles."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from domain.events.identity import AddressRegistered
from domain.events.stay import TitleCardHandedOver
from domain.events.titles import (
    FictionCertificateIssued,
    RightOfFreeMovementRecorded,
    TitleApplied,
    TitleGranted,
)
from domain.fields import Recorder
from domain.vocabulary.residence import (
    ApplicationKind,
    FictionKind,
    ResidenceBasis,
    TitleWork,
)
from infra.population.draws import after, weekday
from infra.population.ledger import Seed, Title
from infra.population.life import Life, exactly
from infra.population.months import last_day_of_period, months_later
from infra.population.people import Cohort

_MONTHS: Mapping[ResidenceBasis, int] = MappingProxyType(
    {
        ResidenceBasis.AUFENTHG_25_3: 24,
        ResidenceBasis.AUFENTHG_25A: 24,
        ResidenceBasis.AUFENTHG_25B: 24,
        ResidenceBasis.AUFENTHG_104C: 18,
        ResidenceBasis.AUFENTHG_30: 24,
        ResidenceBasis.AUFENTHG_28: 36,
        ResidenceBasis.AUFENTHG_18A: 48,
        ResidenceBasis.AUFENTHG_18B: 48,
        ResidenceBasis.AUFENTHG_18G: 48,
        ResidenceBasis.AUFENTHG_19C: 24,
    }
)

WITH_CLAIM = frozenset(
    {
        ResidenceBasis.AUFENTHG_25_1,
        ResidenceBasis.AUFENTHG_25_2_FL,
        ResidenceBasis.AUFENTHG_25_2_SUB,
        ResidenceBasis.AUFENTHG_25B,
        ResidenceBasis.AUFENTHG_28,
        ResidenceBasis.AUFENTHG_30,
        ResidenceBasis.AUFENTHG_36A,
        ResidenceBasis.AUFENTHG_18A,
        ResidenceBasis.AUFENTHG_18B,
        ResidenceBasis.AUFENTHG_18G,
        ResidenceBasis.AUFENTHG_19C,
    }
)

_PERMANENT: Mapping[ResidenceBasis, ResidenceBasis] = MappingProxyType(
    {
        ResidenceBasis.AUFENTHG_25_1: ResidenceBasis.AUFENTHG_26_3,
        ResidenceBasis.AUFENTHG_25_2_FL: ResidenceBasis.AUFENTHG_26_3,
        ResidenceBasis.AUFENTHG_25_2_SUB: ResidenceBasis.AUFENTHG_26_4,
        ResidenceBasis.AUFENTHG_25_3: ResidenceBasis.AUFENTHG_26_4,
        ResidenceBasis.AUFENTHG_28: ResidenceBasis.AUFENTHG_28_2,
        ResidenceBasis.AUFENTHG_30: ResidenceBasis.AUFENTHG_9,
        ResidenceBasis.AUFENTHG_18A: ResidenceBasis.AUFENTHG_18C,
        ResidenceBasis.AUFENTHG_18B: ResidenceBasis.AUFENTHG_18C,
    }
)

_RUNS_ON = (2024, 2025, 2026)  # years whose 1 February prolongs temporary protection
_LEAD = 90


def grant(life: Life, basis: ResidenceBasis, on: date, until: date | None = None) -> Title:
    """Grant a title and write it into the ledger."""
    natural = until or _natural_end(basis, on)
    runs_out = until is None and _runs_out(life, natural)
    ends = _made_to_end(life, on) if runs_out else natural
    claim = basis in WITH_CLAIM and not any(one.claim for one in life.ledger.titles)
    told = {} if ends is None else {"valid_until": exactly(ends)}
    number = life.tell(
        TitleGranted(
            basis=basis,
            valid_from=exactly(on),
            work=TitleWork.UNRESTRICTED,
            course_claim=claim,
            course_obligation=claim and life.draw.chance(0.5),
            **told,
        ),
        on,
        Recorder.ABH,
    )
    _hand_over(life, number, on)
    title = Title(number, basis, on, _legal_end(basis, on, ends), claim, runs_out=runs_out)
    life.ledger.titles.append(title)
    return title


def _hand_over(life: Life, title: str, granted: date) -> None:
    """Hand over the card of a title, of a few never."""
    on = weekday(after(granted, life.draw.between(18, 60)))
    if on <= life.today and life.draw.chance(0.93):
        life.tell(TitleCardHandedOver(title=title), on, Recorder.ABH)


def _natural_end(basis: ResidenceBasis, on: date) -> date | None:
    """Return the end that the office prints; none for a permanent title."""
    if basis in _PERMANENT.values():
        return None
    return last_day_of_period(on, _MONTHS.get(basis, 36))


def _runs_out(life: Life, natural: date | None) -> bool:
    """Say whether this is the title that a seeded life loses."""
    seeded = life.seeded(Seed.A01, Seed.A02)
    return seeded and natural is not None and natural >= after(life.today, -60)


def _made_to_end(life: Life, on: date) -> date:
    """Return the end of the title that a seeded life loses: soon, or some time ago."""
    if life.seeded(Seed.A01):
        return after(life.today, life.draw.between(2, 88))
    return after(life.today, -life.draw.between(2, min(200, (life.today - on).days - 20)))


def _legal_end(basis: ResidenceBasis, granted: date, printed: date | None) -> date | None:
    """Return the end by law: temporary protection runs on by regulation of the council."""
    ends = printed
    if basis is ResidenceBasis.AUFENTHG_24 and ends is not None:
        for year in _RUNS_ON:
            if granted <= date(year, 2, 1) <= ends:
                ends = max(ends, date(year + 1, 3, 4))
    return ends


def carry_on(life: Life, title: Title) -> None:
    """Renew a title again and again until today, or let it end where the life is made so."""
    here: Title | None = title
    while here is not None:
        here = _renewed(life, here)


def _renewed(life: Life, title: Title) -> Title | None:
    """Apply for the next title and return it; None where the life has come to its present."""
    applied = _applied_on(life, title)
    if applied is None or title.ends is None:
        return None
    basis = _next_basis(life, title, applied)
    apply(life, title, basis, applied)
    granted = weekday(after(applied, 2 + _processing(life)))
    _fiction(life, title, applied, granted)
    if granted > life.today:
        return None
    return grant(life, basis, max(granted, after(applied, 1)))


def apply(life: Life, title: Title, basis: ResidenceBasis, on: date) -> None:
    """Apply for the title that is to follow."""
    kind = ApplicationKind.RENEWAL if basis is title.basis else ApplicationKind.CHANGE
    life.tell(
        TitleApplied(basis=basis, kind=kind, channel=life.draw.one(("online", "office", "mail"))),
        on,
        Recorder.CLIENT,
    )
    title.applied = on


def _applied_on(life: Life, title: Title) -> date | None:
    """Return the day of an application in time; None where there is none up to today."""
    ends = title.ends
    if ends is None or title.runs_out or ends > after(life.today, _LEAD):
        return None
    if life.draw.chance(0.06) and ends < life.today:
        return ends
    applied = weekday(after(ends, -life.draw.between(8, 84)))
    applied = max(applied, after(title.granted, 5))
    if applied > life.today:
        applied = max(after(title.granted, 1), after(life.today, -life.draw.between(1, 25)))
    return min(applied, life.today)


def _processing(life: Life) -> int:
    """Return how many days the office takes; a seeded life is served quickly."""
    if life.seeded(Seed.A01, Seed.A02):
        return life.draw.between(5, 18)
    return min(life.draw.wait(75, 170), 320)


def _next_basis(life: Life, title: Title, day: date) -> ResidenceBasis:
    """Return the basis of the next title: the same, or after five years a permanent one."""
    same = title.basis
    stayed = (day - life.person.entered).days
    settled = stayed > 5 * 365 and not life.seeded(Seed.A01, Seed.A02)
    if settled and life.draw.chance(0.35):
        return _PERMANENT.get(same, same)
    return same


def _fiction(life: Life, title: Title, applied: date, granted: date) -> None:
    """Issue the paper for the wait, for most."""
    if title.ends is None or not life.draw.chance(0.85):
        return
    on = after(applied, life.draw.between(3, 21))
    last = min(granted, life.today)
    while on < last:
        until = last_day_of_period(on, 6)
        life.tell(
            FictionCertificateIssued(
                kind=FictionKind.CONTINUED, valid_until=exactly(until), work_allowed=True
            ),
            on,
            Recorder.ABH,
        )
        on = after(until, -life.draw.between(3, 25))


def ukraine(life: Life) -> None:
    """Write the residence of somebody under temporary protection."""
    entered = life.person.entered
    applied = after(entered, life.draw.between(5, 40))
    life.tell(
        TitleApplied(basis=ResidenceBasis.AUFENTHG_24, kind=ApplicationKind.FIRST),
        min(applied, life.today),
        Recorder.CLIENT,
    )
    granted = weekday(after(applied, life.draw.between(20, 120)))
    fiction = after(applied, life.draw.between(1, 10))
    if fiction <= life.today:
        life.tell(
            FictionCertificateIssued(
                kind=FictionKind.PERMITTED,
                valid_until=exactly(months_later(fiction, 12)),
                work_allowed=True,
            ),
            fiction,
            Recorder.ABH,
        )
    if granted > life.today:
        return
    year = granted.year + (granted > date(granted.year, 2, 1))
    title = grant(life, ResidenceBasis.AUFENTHG_24, granted, date(max(2024, year), 3, 4))
    life.may_attend(after(title.granted, 10))
    _away_from_protection(life, title)


def _away_from_protection(life: Life, title: Title) -> None:
    """Let a few change from temporary protection to a title for work."""
    changed = after(title.granted, life.draw.between(700, 1200))
    if changed > after(life.today, -120) or not life.draw.chance(0.12):
        return
    apply(life, title, ResidenceBasis.AUFENTHG_18B, changed)
    carry_on(
        life, grant(life, ResidenceBasis.AUFENTHG_18B, after(changed, life.draw.between(30, 80)))
    )


def visa(life: Life) -> None:
    """Write the residence of somebody who came with a visa, to family or to work."""
    family = life.person.cohort is Cohort.FAMILY
    weights = (
        {
            ResidenceBasis.AUFENTHG_30: 55,
            ResidenceBasis.AUFENTHG_28: 35,
            ResidenceBasis.AUFENTHG_36A: 10,
        }
        if family
        else {
            ResidenceBasis.AUFENTHG_18A: 35,
            ResidenceBasis.AUFENTHG_18B: 30,
            ResidenceBasis.AUFENTHG_18G: 15,
            ResidenceBasis.AUFENTHG_19C: 20,
        }
    )
    basis = life.draw.weighted(weights)
    applied = after(life.person.entered, life.draw.between(5, 25))
    granted = weekday(after(applied, life.draw.between(10, 18)))
    life.tell(
        TitleApplied(basis=basis, kind=ApplicationKind.FIRST, channel="office"),
        applied,
        Recorder.CLIENT,
    )
    title = grant(life, basis, granted)
    life.may_attend(granted, claim=True)
    carry_on(life, title)


def free_movement(life: Life) -> None:
    """Write the residence of a citizen of the Union."""
    on = after(life.person.entered, life.draw.between(5, 30))
    life.tell(RightOfFreeMovementRecorded(kind="FREIZUEGG_EU", permanent=False), on, Recorder.ABH)
    life.may_attend(on)


def registered(life: Life, ags: str) -> None:
    """Register the first address in the municipality for those who come straight to it."""
    on = after(life.person.entered, life.draw.between(2, 14))
    life.tell(
        AddressRegistered(move_in=exactly(life.person.entered), registered_on=exactly(on), ags=ags),
        on,
        Recorder.REGISTRATION,
    )
