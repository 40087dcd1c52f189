"""The application: pages for people, a read API for programs, over the ports that the wiring fills."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles

from web import (
    api,
    gap_page,
    integrity_page,
    journey_page,
    organisation_page,
    problems,
    recording,
    reference_pages,
    registry,
)
from web.event_stream import StreamLimits, Streams
from web.pages import ports_of
from web.ports import Ports
from web.security import Guard

_LIMITS = StreamLimits()
_STATIC = Path(__file__).with_name("static")


def create_app(ports: Ports, limits: StreamLimits = _LIMITS) -> FastAPI:
    """Return the application; it loads nothing from elsewhere and answers on its own machine only.

    A server that stops waits for every answer; its open streams are ended by ``app.state.streams.close()``.
    """
    streams = Streams(ports.records, ports.tail, limits)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await streams.closed()

    app = FastAPI(
        title="Kette",
        version=api.VERSION,
        description=api.DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=lifespan,
    )
    app.state.ports = ports
    app.state.streams = streams
    app.add_middleware(Guard)
    problems.install(app)
    for room in (
        gap_page,
        journey_page,
        organisation_page,
        integrity_page,
        recording,
        reference_pages,
        api,
        registry,
    ):
        app.include_router(room.router)
    app.add_api_route("/metrics", metrics, include_in_schema=False)
    app.add_api_route("/healthz", healthz, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    return app


def metrics(request: Request) -> Response:
    """Return the figures in the text format of Prometheus."""
    return Response(ports_of(request).metrics(), media_type="text/plain; version=0.0.4")


def healthz(request: Request) -> JSONResponse:
    """Say that the service answers and can read its database."""
    freshness = ports_of(request).register.freshness()
    return JSONResponse({"status": "ok", "position": freshness.position})
