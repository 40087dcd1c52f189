"""The read API: the journal's pseudonymous events, and one journey's timeline and gaps.

What may leave, and in which shape, stands in :mod:`web.published`.
"""

from datetime import date
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response

from domain.chain.calendar import berlin_day
from domain.chain.reading import told
from projections.history import history
from projections.household import around
from projections.timeline import timeline_of
from web.event_stream import MEDIA_TYPE, EventStream, asks_for_stream
from web.journey_page import records_of
from web.pages import ports_of
from web.problems import AheadError, Problem
from web.published import Events, Gaps, TimelineView, events_of, gap_views, timeline_view

VERSION = "1.0.0"
DESCRIPTION = (
    "The Integrationskette of a municipality, read only. Journeys are pseudonymous; nothing of identity, "
    "sensitive data or notes leaves. Every answer tells as of which day and as known on which day it holds."
)
_LARGEST_PAGE = 1000

_PROBLEM_CONTENT: dict[str, Any] = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    status.value: {"model": Problem, "description": status.phrase, "content": _PROBLEM_CONTENT}
    for status in (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.SERVICE_UNAVAILABLE,
    )
}
_JOURNEY_RESPONSES: dict[int | str, dict[str, Any]] = {
    status.value: {"model": Problem, "description": status.phrase, "content": _PROBLEM_CONTENT}
    for status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
}
_EVENT_RESPONSES: dict[int | str, dict[str, Any]] = {
    HTTPStatus.OK.value: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}},
    HTTPStatus.CONFLICT.value: {
        "model": Problem,
        "description": HTTPStatus.CONFLICT.phrase,
        "content": _PROBLEM_CONTENT,
    },
}

router = APIRouter(prefix="/api/v1", tags=["Lesen"], responses=_RESPONSES)


After = Annotated[int, Query(ge=0, le=2**63 - 1, description="Position of the last event read")]
LastEventId = Annotated[
    int | None,
    Header(
        ge=0, le=2**63 - 1, description="Position of the last event streamed; wins over `after`"
    ),
]
Limit = Annotated[int, Query(ge=1, le=_LARGEST_PAGE)]
Day = Annotated[date | None, Query(description="YYYY-MM-DD; today if left out")]
KnownAt = Annotated[
    date | None,
    Query(description="Only what was recorded by this day counts; everything if left out"),
]


@router.get(
    "/events",
    summary="Events in the order of the journal",
    response_model=Events,
    responses=_EVENT_RESPONSES,
)
def events(
    request: Request,
    response: Response,
    after: After = 0,
    limit: Limit = 100,
    last_event_id: LastEventId = None,
) -> Events | EventStream:
    """Return the events after a position; a hole in the positions cannot occur.

    Who accepts ``text/event-stream`` gets them as server-sent events, and then what is recorded: `id` is the
    position, `event` is `fact`, `data` is one item of the page. `limit` is for pages only.
    """
    records = ports_of(request).records
    if asks_for_stream(request.headers.get("accept", "")):
        after = after if last_event_id is None else last_event_id
        reached = records.page(max(after - 1, 0), 1)
        if after and not reached:
            raise AheadError(f"the journal does not reach position {after}; read it from the start")
        return EventStream(request.app.state.streams, after)
    response.headers["vary"] = "accept"
    return events_of(records.page(after, limit), after, records.read)


@router.get(
    "/journeys/{journey}/timeline", summary="A journey's timeline", responses=_JOURNEY_RESPONSES
)
def timeline(
    request: Request, journey: UUID, as_of: Day = None, known_at: KnownAt = None
) -> TimelineView:
    """Return strands, holes and the chain of a journey."""
    records = records_of(request, journey)
    day = as_of or _today(request)
    beside = around(journey, records, ports_of(request).records.read)
    drawn = timeline_of(journey, history(told(records), known_at, beside), day)
    return timeline_view(drawn, records)


@router.get("/journeys/{journey}/gaps", summary="A journey's gaps", responses=_JOURNEY_RESPONSES)
def gaps(request: Request, journey: UUID, as_of: Day = None, known_at: KnownAt = None) -> Gaps:
    """Return what is due, open or closed on a day."""
    day = as_of or _today(request)
    records = records_of(request, journey)
    beside = around(journey, records, ports_of(request).records.read)
    found = history(told(records), known_at, beside).intervals
    items = tuple(gap_views(found, records, day))
    return Gaps(journey=journey, as_of=day, known_at=known_at, items=items)


def _today(request: Request) -> date:
    return berlin_day(ports_of(request).now())
