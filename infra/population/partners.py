"""Consents, links to services, disclosures and handovers of a case."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from domain.events.consent import ConsentGranted, ConsentWithdrawn, DataDisclosed
from domain.events.intake import EnquiryAnswered
from domain.events.linking import (
    HandoverAccepted,
    HandoverOffered,
    HandoverRejected,
    LinkConfirmed,
    LinkFailed,
    ServiceLinked,
)
from domain.fields import Handlungsfeld, LegalBasis, Recorder
from domain.organisations import Municipality, Unit
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
from infra.population.draws import after, weekday
from infra.population.ledger import Offer, Seed
from infra.population.life import Life, exactly
from infra.population.months import months_later
from infra.population.people import LANGUAGES

_CATEGORIES: Mapping[Handlungsfeld, DataCategory] = MappingProxyType(
    {
        Handlungsfeld.LEISTUNGEN: DataCategory.BENEFITS,
        Handlungsfeld.SPRACHE: DataCategory.EDUCATION,
        Handlungsfeld.BILDUNG: DataCategory.EDUCATION,
        Handlungsfeld.ARBEIT: DataCategory.WORK,
    }
)
"""What a service is told, by the field in which it helps; others, volunteers among them, the least."""

_AUTHORITIES = (Recorder.ABH, Recorder.JOBCENTER, Recorder.SOZIALAMT)
_ASKED = (
    Handlungsfeld.AUFENTHALT,
    Handlungsfeld.AUFENTHALT,
    Handlungsfeld.ARBEIT,
    Handlungsfeld.EINBUERGERUNG,
)
_LAST_DAY = 14


def consent(life: Life, desk: Desk, on: date) -> str:
    """Grant the consent that most of what follows rests on."""
    number = f"e-{life.draw.token()}"
    language = LANGUAGES[life.person.nationality][0]
    services = [one.key for one in _services(life) if life.draw.chance(0.93)]
    recipients = [*_authorities(life), *services]
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


def _authorities(life: Life) -> list[str]:
    return [life.key_of(one) for one in _AUTHORITIES]


def _services(life: Life) -> tuple[Unit, ...]:
    return life.place.providers(life.home)


def enquiries(life: Life, desk: Desk) -> None:
    """Answer what would have been asked elsewhere, where the office does so."""
    for instead in life.place.unit(life.office).answers_for:
        for _ in range(life.draw.between(0, 3)):
            on = max(weekday(life.draw.day(desk.case.opened, desk.last)), desk.case.opened)
            told = EnquiryAnswered(instead_of=instead, field=life.draw.one(_ASKED))
            life.tell(told, on)


def links(life: Life, desk: Desk, consent_id: str) -> None:
    """Link to services and hear what became of it."""
    for unit in life.draw.some(_services(life), life.draw.between(0, 3)):
        on = life.draw.day(after(desk.case.opened, 5), desk.last)
        if on > desk.last:
            continue
        field = unit.offers[0]
        link = f"v-{life.draw.token()}"
        life.tell(
            ServiceLinked(
                case_id=desk.case_id,
                link_id=link,
                provider=unit.key,
                field=field,
                data_categories=(_CATEGORIES.get(field, DataCategory.MASTER),),
                legal_basis=LegalBasis.CONSENT,
                consent_id=consent_id,
                warm_handover=life.draw.chance(0.6),
            ),
            on,
        )
        _answer(life, desk, link, unit.key, after(on, life.draw.between(2, 30)))
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
            recipient=life.draw.one(_authorities(life)),
            field=Handlungsfeld.AUFENTHALT,
            data_categories=(DataCategory.RESIDENCE,),
            legal_basis=LegalBasis.CONSENT if by_consent else LegalBasis.TINTG9,
            consent_id=consent_id if by_consent else None,
        ),
        life.draw.day(after(desk.case.opened, 1), desk.last),
    )


def handovers(life: Life, desk: Desk, municipality: Municipality) -> None:
    """Offer the case to another office; a seeded offer is not answered."""
    offices = _other_offices(life)
    to = life.draw.one([*offices, life.key_of(Recorder.JOBCENTER)])
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


def _other_offices(life: Life) -> list[str]:
    """Return the case offices that may take the case: after a move to another town those of that town."""
    offices = [one for one in life.place.case_offices() if one.key != life.office]
    return [
        one.key
        for one in offices
        if not one.competent_for
        or (life.next_home != life.home and life.next_home in one.competent_for)
    ]


def _offer(life: Life, desk: Desk, to: str, on: date) -> Offer:
    number = life.tell(
        HandoverOffered(
            case_id=desk.case_id,
            from_=life.office,
            to=to,
            reason=HandoverReason.MOVE if _leads(life, to) else HandoverReason.RECHTSKREIS,
        ),
        on,
    )
    offer = Offer(number, on, to)
    life.ledger.offers.append(offer)
    return offer


def _leads(life: Life, unit: str) -> bool:
    """Say whether a unit leads cases."""
    return any(one.key == unit for one in life.place.case_offices())


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
    assign(life, desk, on, life.draw.one(municipality.case_managers(offer.to, on)).key)
