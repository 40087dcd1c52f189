"""A database that goes away: a clear page and a clear problem, and everything works again by itself."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import uvicorn

from domain.commands import StartJourney
from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.handling import handle
from domain.journal import Actor, Entry
from infra.embedded import EmbeddedServer
from infra.group import GroupAppender
from infra.integrity import Integrity
from infra.journal import open_journal
from infra.metrics import Metrics
from infra.migrations import migrate
from infra.municipalities import municipality
from infra.tail import Tail
from infra.views import open_views
from tests.keyring import keys_of
from web.app import create_app
from web.event_stream import StreamLimits
from web.ports import Ports


@pytest.fixture
def lonely(tmp_path: Path) -> Iterator[EmbeddedServer]:
    """Return a server of this test's own, which it may stop."""
    running = EmbeddedServer(tmp_path / "kette")
    running.start()
    yield running
    running.stop()


STREAM = {"accept": "text/event-stream"}
LAST = {"last-event-id": "1"}


def started() -> StartJourney:
    """Return a command that begins a journey."""
    today = datetime.now(UTC).date()
    entry = Entry(uuid4().hex, read_fact("JourneyStarted", {}), PartialDate.of(today))
    return StartJourney(uuid4(), uuid4(), (entry,), today)


def test_the_site_says_so_and_recovers(lonely: EmbeddedServer) -> None:
    dsn = lonely.dsn("postgres")
    migrate(dsn)
    with (
        open_journal(dsn, keys_of(dsn)) as journal,
        GroupAppender(journal) as group,
        open_views(dsn, keys_of(dsn)) as tables,
    ):
        today = datetime.now(UTC).date()
        ports = Ports(
            records=journal,
            tail=Tail(dsn),
            gaps=tables,
            register=tables,
            counts=tables,
            integrity=Integrity(dsn, Path("log")),
            record=partial(handle, group),
            now=lambda: datetime.now(UTC),
            new_id=uuid4,
            metrics=Metrics(tables, lambda: today).exposition,
            actor=Actor("J. Krämer"),
            place=municipality("herne"),
        )
        running = uvicorn.Server(
            uvicorn.Config(
                create_app(ports, StreamLimits(heartbeat_seconds=0.2)),
                host="127.0.0.1",
                port=0,
                log_level="critical",
            )
        )
        thread = threading.Thread(target=running.run, daemon=True)
        thread.start()
        while not running.started:
            thread.join(0.01)
        port = running.servers[0].sockets[0].getsockname()[1]
        with (
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client,
            ThreadPoolExecutor(1) as others,
        ):
            assert client.get("/").status_code == 200
            handle(group, started())
            with client.stream("GET", "/api/v1/events", headers=STREAM) as stream:
                lines = stream.iter_lines()
                assert "id: 1" in (next(lines) for _ in range(9))
                lonely.stop()
                paged = others.submit(client.get, "/api/v1/events")
                assert set(lines) <= {"", ": "}
            page = client.get("/")
            assert page.status_code == 503
            assert "Die Datenbank ist gerade nicht erreichbar" in page.text
            problem = paged.result()
            assert problem.status_code == 503
            assert problem.headers["content-type"] == "application/problem+json"
            assert client.get("/healthz").status_code == 503
            assert "kette_database_up 0.0" in client.get("/metrics").text
            lonely.start()
            assert client.get("/").status_code == 200
            assert client.get("/api/v1/events").json()["next_after"] == 1
            handle(group, started())
            with client.stream("GET", "/api/v1/events", headers=STREAM | LAST) as stream:
                lines = stream.iter_lines()
                assert "id: 2" in (next(lines) for _ in range(9))
        running.should_exit = True
        thread.join(10)
