"""Recording: a contact in seconds, any fact, a correction or a retraction by forms made from the classes."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from domain.chain.calendar import berlin_day
from domain.chain.reading import told
from domain.chain.states.address import addresses
from domain.commands import RecordFacts
from domain.days import PartialDate
from domain.errors import (
    CommandIdReusedError,
    CommandRefusedError,
    StreamMovedError,
    UnknownFactTypeError,
)
from domain.events.record import EventCorrected, EventRetracted, JourneyErased
from domain.events.registry import FACTS, fact_class
from domain.fact import Fact
from domain.fields import Handlungsfeld, SourceKind
from domain.journal import Recorded
from projections.history import history
from projections.register import header_of
from projections.worklist import Header
from web.days import written_day
from web.fact_words import fact_details
from web.forms.fields import SHARED, fields_of
from web.forms.submission import Intent, Purpose, Sent, entry_of, standing
from web.forms.values import typed_in
from web.journey_page import records_of
from web.naming import title_of
from web.pages import page, ports_of, texts_of
from web.problems import sentence_of
from web.texts import marked

router = APIRouter(prefix="/verlauf/{journey}", include_in_schema=False)

_BY_THEMSELVES = (EventCorrected, EventRetracted, JourneyErased)
_INCOMPLETE = marked("Das Formular ist nicht vollständig angekommen. Bitte noch einmal speichern.")
_OVERTAKEN = marked(
    "Dieses Ereignis wurde inzwischen von jemand anderem berichtigt. Bitte vergleichen und, wenn es noch nötig ist, noch einmal speichern."
)
_CHECK = marked("Bitte prüfen Sie die markierten Angaben. Es wurde noch nichts gespeichert.")


async def sent_form(request: Request) -> Sent:
    """Read the form of a request; its size is limited before."""
    async with request.form(max_files=0) as form:
        return Sent(typed_in(form))


SentForm = Annotated[Sent, Depends(sent_form)]


@router.get("/erfassen")
def choose(request: Request, journey: UUID) -> HTMLResponse:
    """Offer every kind of fact, by Handlungsfeld."""
    records = records_of(request, journey)
    offered = [fact for fact in FACTS.values() if fact not in _BY_THEMSELVES]
    families = [
        (one, [fact for fact in offered if fact.about.field is one]) for one in Handlungsfeld
    ]
    kept = [(one, facts) for one, facts in families if facts]
    return page(request, "choose.html", **_heading(request, journey, records), families=kept)


def offered_class(type_name: str) -> type[Fact]:
    """Return the class of a fact that the forms offer.

    Raises:
        UnknownFactTypeError: If there is none, or if it is a correction, a retraction or an erasure.
    """
    found = fact_class(type_name)
    if found in _BY_THEMSELVES:
        raise UnknownFactTypeError(f"{type_name} has no form of its own")
    return found


@router.get("/erfassen/{type_name}")
def new_fact(request: Request, journey: UUID, type_name: str) -> HTMLResponse:
    """Show the form of a fact; what the address already says is filled in."""
    records = records_of(request, journey)
    today = berlin_day(ports_of(request).now())
    typed = {name: (value,) for name, value in request.query_params.items()}
    typed.setdefault("occurred_on", (written_day(PartialDate.of(today)),))
    intent = Intent(Purpose.RECORD, offered_class(type_name))
    return _form(request, journey, records, intent, Sent(typed))


@router.get("/berichtigen/{version}")
def new_correction(request: Request, journey: UUID, version: int) -> HTMLResponse:
    """Show a fact as it stands, to be corrected."""
    records = records_of(request, journey)
    target = standing(records, version)
    intent = Intent(Purpose.CORRECT, type(target.fact), target)
    return _form(request, journey, records, intent, Sent(target.typed()))


@router.get("/zuruecknehmen/{version}")
def new_retraction(request: Request, journey: UUID, version: int) -> HTMLResponse:
    """Ask whether a fact that never was is to be retracted."""
    records = records_of(request, journey)
    intent = Intent(Purpose.RETRACT, EventRetracted, standing(records, version))
    return _form(request, journey, records, intent, Sent({}))


@router.post("/erfassen/{type_name}")
async def record_fact(request: Request, journey: UUID, type_name: str, sent: SentForm) -> Response:
    """Record a fact, or show the form again with what is wrong."""
    intent = Intent(Purpose.RECORD, offered_class(type_name))
    return await run_in_threadpool(_record, request, journey, intent, sent)


@router.post("/{purpose}/{version}")
async def record_about(
    request: Request, journey: UUID, purpose: str, version: int, sent: SentForm
) -> Response:
    """Record a correction or a retraction, or show the form again."""
    return await run_in_threadpool(_record_about, request, journey, purpose, version, sent)


def _record_about(
    request: Request, journey: UUID, purpose: str, version: int, sent: Sent
) -> Response:
    records = records_of(request, journey)
    basis = _basis(records, sent)
    target = standing(basis, version)
    if purpose == Purpose.CORRECT:
        if _overtaken(records, len(basis), target.id, sent.text("command_id")):
            sent.general = _OVERTAKEN
            intent = Intent(Purpose.CORRECT, type(target.fact), standing(records, version))
            return _again(request, journey, records, intent, sent)
        return _record(request, journey, Intent(Purpose.CORRECT, type(target.fact), target), sent)
    if purpose == Purpose.RETRACT:
        return _record(request, journey, Intent(Purpose.RETRACT, EventRetracted, target), sent)
    raise CommandRefusedError("unknown-target", "a record is corrected or retracted, nothing else")


def _basis(records: Sequence[Recorded], sent: Sent) -> Sequence[Recorded]:
    """Return the records that the sender saw, so that sending twice asks for the same."""
    seen = sent.text("basis")
    return records[: int(seen[:9])] if seen.isascii() and seen.isdigit() else records


def _overtaken(records: Sequence[Recorded], basis: int, target: str, command_id: str) -> bool:
    """Say whether somebody else corrected a fact after the sender had read it."""
    return any(
        isinstance(one.entry.fact, EventCorrected)
        and one.entry.fact.target == target
        and one.entry.id != command_id
        for one in records[basis:]
    )


def _record(request: Request, journey: UUID, intent: Intent, sent: Sent) -> Response:
    """Record what a form asks for and lead back to the journey, which then shows it."""
    records, ports = records_of(request, journey), ports_of(request)
    command_id = _command_id(sent)
    today = berlin_day(ports.now())
    if command_id is None:
        sent.general = _INCOMPLETE
        return _again(request, journey, records, intent, sent)
    entry = entry_of(intent, sent, command_id, ports.actor, today)
    if entry is None:
        return _again(request, journey, records, intent, sent)
    try:
        answer = ports.record(RecordFacts(command_id, journey, (entry,), today))
    except (CommandRefusedError, CommandIdReusedError, StreamMovedError) as error:
        sent.general = sentence_of(error)
        return _again(request, journey, records, intent, sent)
    return RedirectResponse(
        f"/verlauf/{journey}?erfasst={answer.first_position or 0}#meldung", HTTPStatus.SEE_OTHER
    )


def _command_id(sent: Sent) -> UUID | None:
    try:
        return UUID(sent.text("command_id"))
    except ValueError:
        return None


def _again(
    request: Request, journey: UUID, records: Sequence[Recorded], intent: Intent, sent: Sent
) -> HTMLResponse:
    """Show a form again: everything that was typed, what is wrong, and a fresh command id."""
    sent.general = sent.general or _CHECK
    return _form(request, journey, records, intent, sent, HTTPStatus.UNPROCESSABLE_ENTITY)


def _form(
    request: Request,
    journey: UUID,
    records: Sequence[Recorded],
    intent: Intent,
    sent: Sent,
    status: HTTPStatus = HTTPStatus.OK,
) -> HTMLResponse:
    fields = fields_of(intent.fact) if intent.purpose is not Purpose.RETRACT else ()
    target = intent.target
    return page(
        request,
        "form.html",
        status,
        **_heading(request, journey, records),
        intent=intent,
        own=[one for one in fields if one.key not in SHARED],
        shared=[one for one in fields if one.key in SHARED],
        target_details=fact_details(target.fact, texts_of(request)) if target else "",
        sent=sent,
        units=_units(request, records),
        sources=tuple(SourceKind),
        command_id=ports_of(request).new_id(),
        basis=len(records),
    )


def _units(request: Request, records: Sequence[Recorded]) -> dict[str, str]:
    """Return the units that a form offers where it asks for one: case offices, and whom people are linked to."""
    place = ports_of(request).place
    lived = addresses(history(told(records)).view)
    providers = place.providers(lived[-1].ags if lived else None)
    return {one.key: one.name for one in (*place.case_offices(), *providers)}


def _heading(request: Request, journey: UUID, records: Sequence[Recorded]) -> dict[str, Any]:
    header = header_of(journey, history(told(records))) or Header(journey)
    return {"header": header, "title": title_of(header, texts_of(request))}
