"""Consents, links to services, disclosures and handovers of a case."""

from datetime import date

from domain.events.consent import ConsentGranted, ConsentWithdrawn, DataDisclosed
from domain.events.linking import (
    HandoverAccepted,
    HandoverOffered,
    HandoverRejected,
    LinkConfirmed,
    LinkFailed,
    ServiceLinked,
)
from domain.fields import Handlungsfeld, LegalBasis, Recorder
from domain.organisations import Municipality
from domain.vocabulary.case import (
    AssignmentReason,
    ConsentForm,
    ConsentKind,
    DataCategory,
    Direction,
    FailReason,
    HandoverReason,
)
from infra.population.counselling import Desk, assign, release
from infra.population.draws import after
from infra.population.ledger import Offer, Seed
from infra.population.life import Life, exactly
from infra.population.months import months_later
from infra.population.people import LANGUAGES

_SERVICES = {
    "jobcenter": (Handlungsfeld.LEISTUNGEN, DataCategory.BENEFITS),
    "vhs": (Handlungsfeld.SPRACHE, DataCategory.EDUCATION),
    "wohnungsamt": (Handlungsfeld.WOHNEN, DataCategory.MASTER),
    "arbeitsagentur": (Handlungsfeld.ARBEIT, DataCategory.WORK),
    "mbe-caritas": (Handlungsfeld.SOZIALE_BERATUNG, DataCategory.MASTER),
    "jmd-awo": (Handlungsfeld.BILDUNG, DataCategory.EDUCATION),
}

_AUTHORITIES = ("abh", "jobcenter", "sozialamt")
_LAST_DAY = 14


def consent(life: Life, desk: Desk, on: date) -> str:
    """Grant the consent that most of what follows rests on."""
    number = f"e-{life.draw.token()}"
    language = LANGUAGES[life.person.nationality][0]
    recipients = [*_AUTHORITIES, *(one for one in _SERVICES if life.draw.chance(0.93))]
    life.tell(
        ConsentGranted(
            case_id=desk.case_id,
            consent_id=number,
            kind=ConsentKind.DISCLOSURE,
            recipients=tuple(dict.fromkeys(recipients)),
            direction=Direction.MUTUAL,
            language_of_form=language,
            interpreter_present=life.draw.chance(0.5),
            form=ConsentForm.WRITTEN,
            granted_on=exactly(on),
            valid_until=exactly(months_later(on, 24)),
        ),
        on,
    )
    withdrawn = after(on, life.draw.between(120, 500))
    if withdrawn <= desk.last and life.draw.chance(0.03):
        told = ConsentWithdrawn(consent_id=number, withdrawn_on=exactly(withdrawn))
        life.tell(told, withdrawn, Recorder.CLIENT)
    return number


def links(life: Life, desk: Desk, consent_id: str) -> None:
    """Link to services and hear what became of it."""
    for provider in life.draw.some(tuple(_SERVICES), life.draw.between(0, 3)):
        on = life.draw.day(after(desk.case.opened, 5), desk.last)
        if on > desk.last:
            continue
        field, category = _SERVICES[provider]
        link = f"v-{life.draw.token()}"
        life.tell(
            ServiceLinked(
                case_id=desk.case_id,
                link_id=link,
                provider=provider,
                field=field,
                data_categories=(category,),
                legal_basis=LegalBasis.CONSENT,
                consent_id=consent_id,
                warm_handover=life.draw.chance(0.6),
            ),
            on,
        )
        _answer(life, desk, link, provider, after(on, life.draw.between(2, 30)))
    if life.draw.chance(0.3):
        _disclose(life, desk, consent_id)


def _answer(life: Life, desk: Desk, link: str, provider: str, on: date) -> None:
    if on > desk.last or life.draw.chance(0.12):
        return
    if life.draw.chance(0.8):
        told = LinkConfirmed(case_id=desk.case_id, link_id=link, provider=provider)
        life.tell(told, on, Recorder.COUNSELLING)
        return
    reason = life.draw.one((FailReason.NO_CAPACITY, FailReason.NO_ANSWER, FailReason.NOT_ELIGIBLE))
    failed = LinkFailed(case_id=desk.case_id, link_id=link, provider=provider, fail_reason=reason)
    life.tell(failed, on, Recorder.COUNSELLING)


def _disclose(life: Life, desk: Desk, consent_id: str) -> None:
    by_consent = life.draw.chance(0.7)
    life.tell(
        DataDisclosed(
            case_id=desk.case_id,
            recipient=life.draw.one(_AUTHORITIES),
            field=Handlungsfeld.AUFENTHALT,
            data_categories=(DataCategory.RESIDENCE,),
            legal_basis=LegalBasis.CONSENT if by_consent else LegalBasis.TINTG9,
            consent_id=consent_id if by_consent else None,
        ),
        life.draw.day(after(desk.case.opened, 1), desk.last),
    )


def handovers(life: Life, desk: Desk, municipality: Municipality) -> None:
    """Offer the case to another office; a seeded offer is not answered."""
    offices = [one.key for one in municipality.case_offices()]
    others = [one for one in (*offices, "jobcenter") if one != life.office]
    to = life.draw.one(others)
    if life.seeded(Seed.F11):
        back = life.draw.between(1, 13) if life.draw.chance(0.2) else life.draw.between(15, 50)
        on = max(after(life.today, -back), after(desk.case.opened, 1))
        _offer(life, desk, to, on)
        if life.draw.chance(0.25) and after(on, 6) <= life.today:
            _offer(life, desk, to, after(on, 6))
        return
    room = (desk.last - desk.case.opened).days
    if room < 80 or not life.draw.chance(0.2):
        return
    on = life.draw.day(after(desk.case.opened, 20), after(desk.last, -40))
    offer = _offer(life, desk, to, on)
    if _accepted(life, desk, offer) and to in offices:
        _taken_over(life, desk, offer, municipality)


def _offer(life: Life, desk: Desk, to: str, on: date) -> Offer:
    number = life.tell(
        HandoverOffered(
            case_id=desk.case_id,
            from_=life.office,
            to=to,
            reason=HandoverReason.RECHTSKREIS if to == "jobcenter" else HandoverReason.MOVE,
        ),
        on,
    )
    offer = Offer(number, on, to)
    life.ledger.offers.append(offer)
    return offer


def _accepted(life: Life, desk: Desk, offer: Offer) -> bool:
    """Answer an offer and return whether it was accepted."""
    days = life.draw.weighted({life.draw.between(1, 13): 75, _LAST_DAY: 13, 25: 12})
    on = after(offer.day, days)
    accepted = life.draw.chance(0.75)
    kind = HandoverAccepted if accepted else HandoverRejected
    told = kind(case_id=desk.case_id, from_=life.office, to=offer.to)
    life.tell(told, on, Recorder.COUNSELLING)
    offer.answered = on
    return accepted


def _taken_over(life: Life, desk: Desk, offer: Offer, municipality: Municipality) -> None:
    """Let somebody of the other office take the case over, where one person had led it so far."""
    on, offices = offer.answered, desk.case.offices
    if on is None or len(offices) != 1 or offices[0].ended is not None:
        return
    release(life, desk, offices[0], on, AssignmentReason.HANDOVER)
    assign(life, desk, on, life.draw.one(municipality.staff(offer.to, on)).key)
