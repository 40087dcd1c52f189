"""The strand of naturalisation, for those who have stayed five years and reached B1."""

from domain.events.naturalisation import (
    NaturalisationAdvised,
    NaturalisationApplied,
    NaturalisationApproved,
    NaturalisationCertificateHandedOver,
    PrecheckCompleted,
)
from domain.fields import Recorder
from domain.vocabulary.naturalisation import ApplicationChannel, NaturalisationBasis
from infra.population.draws import after, weekday
from infra.population.life import Life, exactly
from infra.population.people import Cohort

_FIVE_YEARS = 5 * 365 + 1
_EARLY = 500
_COHORTS = frozenset({Cohort.PROTECTION, Cohort.FAMILY, Cohort.LABOUR})


def naturalisation(life: Life) -> None:
    """Advise, check, apply; hand the certificate over where the case could be closed with it."""
    person, ledger = life.person, life.ledger
    if person.cohort not in _COHORTS or not ledger.proven_b1:
        return
    advised = max(person.opened, after(person.entered, _FIVE_YEARS - _EARLY))
    advised = after(max(advised, ledger.proven_b1[0]), life.draw.between(10, 90))
    if advised > life.today or not life.draw.chance(0.8):
        return
    life.tell(NaturalisationAdvised(missing=("residence", "livelihood")), advised)
    checked = max(after(advised, life.draw.between(5, 40)), after(person.entered, _FIVE_YEARS))
    if checked > life.today:
        return
    life.tell(PrecheckCompleted(missing=()), checked)
    applied = after(checked, life.draw.between(10, 90))
    if applied > life.today or not life.draw.chance(0.7):
        return
    life.tell(
        NaturalisationApplied(
            basis=NaturalisationBasis.STAG_10_1, complete=True, channel=ApplicationChannel.ONLINE
        ),
        applied,
        Recorder.CLIENT,
    )
    approved = weekday(after(applied, life.draw.between(300, 700)))
    handed = after(approved, 14)
    if handed > life.today or person.seeds:
        return
    life.tell(NaturalisationApproved(), approved, Recorder.EBH)
    life.tell(NaturalisationCertificateHandedOver(date=exactly(handed)), handed, Recorder.EBH)
    ledger.naturalised = handed
