"""The page of one journey: chain, swimlane, reasons, records; folded on the spot, so it is never behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from domain.chain.calendar import berlin_day
from domain.chain.reading import told
from domain.chain.states.address import addresses, town_on
from domain.errors import UnknownJourneyError
from domain.events.case import ContactHeld
from domain.events.record import JourneyErased
from domain.journal import Recorded
from projections.history import history
from projections.household import around
from projections.register import header_of
from projections.strands import Mark, Span, SpanKind, Timeline
from projections.timeline import timeline_of
from projections.worklist import Header
from web.cards import acting, anchors, cards
from web.drawing.layout import Layout, lay_out
from web.drawing.scale import Period, scale_of
from web.drawing.svg import Anchor, swimlanes
from web.event_table import event_rows, recorded_days
from web.forms.fields import fields_of
from web.household import household, others_of, with_people
from web.moment import Moment, moment_of
from web.naming import title_of
from web.pages import page, ports_of, texts_of
from web.problems import ErasedJourneyError, KeysDestroyedError
from web.texts import Texts

router = APIRouter(include_in_schema=False)

PICTURE_WIDTH = 1150


@dataclass(frozen=True, slots=True)
class Picture:
    """The swimlane with what stands beside it."""

    svg: str
    layout: Layout


@router.get("/verlauf/{journey}")
def show(request: Request, journey: UUID) -> HTMLResponse:
    """Show a journey at a moment."""
    records = records_of(request, journey)
    moment = moment_of(request)
    texts = texts_of(request)
    read = ports_of(request).records.read
    known = history(told(records), moment.known_at, around(journey, records, read))
    drawn = timeline_of(journey, known, moment.as_of)
    header = header_of(journey, known) or Header(journey)
    place, town = ports_of(request).place, town_on(addresses(known.view), moment.as_of)
    named = header_of(journey, history(told(records))) or header
    days = steps(records, moment.today)
    others = others_of(known, moment, read)
    people = with_people(texts, known, others)
    return page(
        request,
        "journey.html",
        header=header,
        title=title_of(named, texts),
        moment=moment,
        period_choices=tuple(Period),
        timeline=drawn,
        picture=picture(drawn, records, moment, texts),
        cards=cards(known, records, moment.as_of, people, acting(place, town, texts)),
        household=household(journey, known, others, moment, texts),
        town=texts.name(town) if town else "",
        events=event_rows(records, moment.known_until, people),
        days=days,
        step=sum(day <= moment.known_until for day in days) - 1,
        later=_recorded_later(records, moment),
        quick=quick_fields(),
        command_id=ports_of(request).new_id(),
        recorded=_just_recorded(request, records),
    )


def records_of(request: Request, journey: UUID) -> Sequence[Recorded]:
    """Return the records of a journey.

    Raises:
        UnknownJourneyError: If there is none of this id.
        ErasedJourneyError: If it was erased.
    """
    records = ports_of(request).records.read(journey)
    if not records:
        raise UnknownJourneyError(f"no journey {journey}")
    if any(isinstance(one.entry.fact, JourneyErased) for one in records):
        if isinstance(records[0].entry.fact, JourneyErased):  # no journey begins with its erasure
            raise KeysDestroyedError(f"the keys of journey {journey} were destroyed")
        raise ErasedJourneyError(f"journey {journey} was erased")
    return records


def picture(drawn: Timeline, records: Sequence[Recorded], moment: Moment, texts: Texts) -> Picture:
    """Draw the swimlane."""
    layout = lay_out(drawn, scale_of(drawn, moment.period, PICTURE_WIDTH), texts)
    flag = texts.say("Heute, %s") if moment.as_of == moment.today else texts.say("Stand am %s")
    anchor = _anchor(drawn, records)
    return Picture(swimlanes(layout, texts, anchor, flag % texts.day(moment.as_of)), layout)


def _anchor(drawn: Timeline, records: Sequence[Recorded]) -> Anchor:
    """Lead a hole to its card, everything else to its record."""
    numbers = {one.entry.id: one.position for one in records}
    to_card = anchors(drawn.intervals, drawn.as_of)

    def anchor(drawn_thing: Span | Mark) -> str:
        refs = drawn_thing.refs if isinstance(drawn_thing, Span) else (drawn_thing.ref,)
        if isinstance(drawn_thing, Span) and drawn_thing.kind in _HOLES:
            card = to_card.get((drawn_thing.rule, drawn_thing.refs))
            if card is not None:
                return f"#{card}"
        number = next((numbers[ref] for ref in refs if ref in numbers), None)
        return "#ereignisse" if number is None else f"#ereignis-{number}"

    return anchor


_HOLES = (SpanKind.GAP_OPEN, SpanKind.GAP_DUE)


def quick_fields() -> tuple[object, ...]:
    """Return the fields of the quick entry of a contact."""
    return tuple(one for one in fields_of(ContactHeld) if one.key in {"channel", "minutes"})


def steps(records: Sequence[Recorded], today: date) -> tuple[date, ...]:
    """Return the days to which the Wissensstand can be moved: each day with a record, then today."""
    days = recorded_days(records)
    return (*(day for day in days if day < today), today)


def _recorded_later(records: Sequence[Recorded], moment: Moment) -> int:
    """Return how many records the moment does not know yet."""
    if moment.known_at is None:
        return 0
    return sum(berlin_day(one.recorded_at) > moment.known_at for one in records)


def _just_recorded(request: Request, records: Sequence[Recorded]) -> int:
    """Return the number of the record just made, if it is one of the journey's; 0 for none."""
    asked = request.query_params.get("erfasst", "")
    return next((one.position for one in records if str(one.position) == asked), 0)
