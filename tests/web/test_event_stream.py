"""Following the journal by server-sent events: a real server, real clients, nothing twice and nothing missing."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import uvicorn

from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.handling import handle
from domain.journal import Actor, Append, Entry
from infra.group import GroupAppender
from infra.integrity import Integrity
from infra.journal import JournalRecorder, open_journal
from infra.metrics import Metrics
from infra.municipalities import municipality
from infra.tail import Tail
from infra.views import open_views
from tests.keyring import keys_of, with_keys
from web.app import create_app
from web.event_stream import StreamLimits, Streams, asks_for_stream
from web.ports import Ports

SSE = {"accept": "text/event-stream"}
QUICK = StreamLimits(most=3, heartbeat_seconds=0.2, patience_seconds=0.5)


@dataclass(frozen=True)
class Told:
    """One server-sent event."""

    id: int
    event: str
    data: dict[str, Any]


def told(lines: Iterator[str]) -> Iterator[Told]:
    """Read a stream as the HTML standard says; comments and retry times are left out."""
    fields: dict[str, str] = {}
    for line in lines:
        if not line:
            if "data" in fields:
                yield Told(int(fields["id"]), fields["event"], json.loads(fields["data"]))
            fields = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value


def until(met: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


class Following:
    """A site of its own over a database of its own, and whoever writes into that."""

    def __init__(self, journal: JournalRecorder, ports: Ports, limits: StreamLimits) -> None:
        self.journal = journal
        app = create_app(ports, limits)
        self.streams: Streams = app.state.streams
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        until(lambda: self.server.started)
        self.port = int(self.server.servers[0].sockets[0].getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}/api/v1/events"

    def write(self, count: int, journey: UUID | None = None, kind: str = "ContactHeld") -> None:
        """Append so many facts, each for a journey of its own unless one is named."""
        after = len(self.journal.read(journey)) if journey else 0
        requests = [
            Append(uuid4(), b"", journey or uuid4(), after, (self._entry(kind),))
            for _ in range(count)
        ]
        self.journal.append(requests)

    def write_many(self, journeys: int, each: int) -> None:
        """Append so many facts to each of so many journeys of their own."""
        for _ in range(journeys):
            entries = tuple(self._entry("ContactHeld") for _ in range(each))
            self.journal.append([Append(uuid4(), b"", uuid4(), 0, entries)])

    def _entry(self, kind: str) -> Entry:
        day = PartialDate.parse("2024-03")
        return Entry(uuid4().hex, read_fact(kind, {}), day, Actor("anna"))

    def paged(self) -> list[dict[str, Any]]:
        """Return the whole journal as the paged answer tells it."""
        items, after = [], 0
        while page := httpx.get(self.url, params={"after": after, "limit": 1000}).json()["items"]:
            items += page
            after = page[-1]["position"]
        return items

    @contextmanager
    def stream(self, last: int | None = None, **query: object) -> Iterator[Iterator[Told]]:
        """Open a stream."""
        headers = SSE if last is None else SSE | {"last-event-id": str(last)}
        with (
            httpx.Client(timeout=20) as client,
            client.stream("GET", self.url, headers=headers, params=query) as answer,
        ):
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
            yield told(answer.iter_lines())

    def end_streams(self) -> None:
        """End the streams as the serving command does."""
        self.server.servers[0].get_loop().call_soon_threadsafe(self.streams.close)

    def stop(self) -> None:
        """Stop in order."""
        if self.thread.is_alive():
            self.end_streams()
            self.server.should_exit = True
            self.thread.join(10)
        assert not self.thread.is_alive()


@contextmanager
def following(dsn: str, limits: StreamLimits = QUICK) -> Iterator[Following]:
    with (
        open_journal(dsn, keys_of(dsn)) as journal,
        GroupAppender(journal) as group,
        open_views(dsn, keys_of(dsn)) as tables,
    ):
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
            metrics=Metrics(tables, lambda: datetime.now(UTC).date()).exposition,
            actor=Actor("J. Krämer"),
            place=municipality("herne"),
        )
        running = Following(journal, ports, limits)
        yield running
        running.stop()


@pytest.fixture
def site(dsn: str) -> Iterator[Following]:
    with following(dsn) as running:
        yield running


def test_a_stream_tells_what_the_pages_tell_withheld_events_as_well(site: Following) -> None:
    journey = uuid4()
    for kind in ("JourneyStarted", "NoteTaken", "ContactHeld", "PersonIdentified"):
        site.write(1, journey, kind)
    items = site.paged()
    with site.stream() as events:
        seen = [next(events) for _ in items]
    assert [one.data for one in seen] == items
    assert [one.id for one in seen] == [one["position"] for one in items]
    assert {one.event for one in seen} == {"fact"}
    assert [one.data["withheld"] for one in seen] == [False, True, False, True]


def test_it_goes_on_with_what_is_recorded_and_tells_it_at_once(site: Following) -> None:
    site.write(1)
    with site.stream(after=1) as events:
        until(lambda: site.streams.open == 1)
        for position in range(2, 12):
            began = time.monotonic()
            site.write(1)
            assert next(events).id == position
            assert time.monotonic() - began < 1


def test_a_client_that_breaks_off_again_and_again_misses_nothing_and_reads_nothing_twice(
    site: Following,
) -> None:
    total, seen, data = 1_500, [], []

    def append() -> None:
        for _ in range(total // 10):
            site.write(10)

    writer = threading.Thread(target=append)
    writer.start()
    breaks = 0
    while len(seen) < total:
        with site.stream(last=seen[-1] if seen else None, after=0) as events:
            for count, one in enumerate(events, start=1):
                seen.append(one.id)
                data.append(one.data)
                if len(seen) == total or count == 40 + 13 * breaks:
                    break
        breaks += 1
    writer.join()
    assert breaks > 5
    assert seen == list(range(1, total + 1))
    assert data == site.paged()


def test_the_last_event_id_wins_over_after(site: Following) -> None:
    site.write(5)
    with site.stream(last=3, after=1) as events:
        assert next(events).id == 4


def test_silence_is_filled_with_comments_and_the_client_told_when_to_come_back(
    site: Following,
) -> None:
    with httpx.stream("GET", site.url, headers=SSE, timeout=20) as answer:
        lines = answer.iter_lines()
        assert [next(lines), next(lines)] == ["retry: 2000", ""]
        assert [next(lines) for _ in range(4)] == [": ", "", ": ", ""]


def test_many_clients_share_one_follower_and_leave_nothing_behind(site: Following) -> None:
    def followers() -> int:
        return sum(thread.name == "event-streams" for thread in threading.enumerate())

    with ExitStack() as opened:
        streams = [opened.enter_context(site.stream()) for _ in range(3)]
        until(lambda: followers() == 1)
        site.write(3)
        for events in streams:
            assert [next(events).id for _ in range(3)] == [1, 2, 3]
        assert followers() == 1
    until(lambda: site.streams.open == 0)
    until(lambda: followers() == 0)


def test_beyond_the_bound_a_client_is_asked_to_come_later(site: Following) -> None:
    with ExitStack() as opened:
        for _ in range(QUICK.most):
            opened.enter_context(site.stream())
        until(lambda: site.streams.open == QUICK.most)
        refused = httpx.get(site.url, headers=SSE)
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) > 0
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["type"] == "urn:kette:too-many-streams"
        assert httpx.get(site.url).status_code == 200
    until(lambda: site.streams.open == 0)
    with site.stream() as events:
        site.write(1)
        assert next(events).id == 1


def test_a_client_that_takes_nothing_delays_nobody_and_is_let_go(site: Following) -> None:
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(("127.0.0.1", site.port))
        site.write_many(40, 500)
        deaf.sendall(
            f"GET /api/v1/events HTTP/1.1\r\nhost: 127.0.0.1:{site.port}\r\n"
            "accept: text/event-stream\r\n\r\n".encode()
        )
        until(lambda: site.streams.open == 1)
        with site.stream(last=19_999) as events:
            assert next(events).id == 20_000
        until(lambda: site.streams.open == 0)


@pytest.mark.parametrize("last", ["-1", "x", "1.5", "99999999999999999999", ""])
def test_a_last_event_id_that_is_none_is_a_problem(site: Following, last: str) -> None:
    answer = httpx.get(site.url, headers=SSE | {"last-event-id": last})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "last-event-id" in answer.json()["errors"][0]


def test_who_asks_for_the_head_only_is_not_kept(site: Following) -> None:
    site.write(1)
    with httpx.Client(timeout=5) as client:
        head = client.head(site.url, headers=SSE)
        assert (head.status_code, head.text) == (200, "")
        assert head.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert client.get(site.url).json()["next_after"] == 1


def test_the_description_tells_of_both_forms(site: Following) -> None:
    described = httpx.get(site.url.replace("/events", "/openapi.json")).json()
    told = described["paths"]["/api/v1/events"]["get"]
    assert set(told["responses"]["200"]["content"]) == {"application/json", "text/event-stream"}
    assert "application/problem+json" in told["responses"]["409"]["content"]
    assert {one["name"] for one in told["parameters"]} == {"after", "limit", "last-event-id"}


def test_a_position_ahead_of_the_journal_is_a_problem(site: Following) -> None:
    site.write(2)
    answer = httpx.get(site.url, headers=SSE | {"last-event-id": "3"})
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:kette:position-ahead"


@pytest.mark.parametrize(
    ("accept", "streams"),
    [
        ("text/event-stream", True),
        ("application/json;q=0.5, Text/Event-Stream; q=0.9", True),
        ("text/event-stream;q=0, application/json", False),
        ("text/html,*/*", False),
        ("", False),
    ],
)
def test_who_asks_for_a_stream_names_it(accept: str, streams: bool) -> None:
    assert asks_for_stream(accept) is streams


def sample() -> str:
    """Return the client that is printed for people."""
    page = Path(__file__).parents[2] / "docs" / "how-to" / "follow-events-by-http.md"
    return page.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]


def test_the_printed_client_goes_on_where_it_was(site: Following, tmp_path: Path) -> None:
    place, seen = tmp_path / "position", []
    for _ in range(3):
        site.write(3)
        client = subprocess.Popen(
            [sys.executable, "-c", sample(), site.url, str(place)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert client.stdout is not None
        seen += [client.stdout.readline().split()[0::2] for _ in range(3)]
        site.write(1, uuid4(), "NoteTaken")
        seen.append(client.stdout.readline().split()[0::2])
        until(lambda: place.exists() and place.read_text() == seen[-1][0])  # noqa: B023
        client.kill()
        client.communicate()
    kinds = 3 * [*3 * ["ContactHeld"], "withheld"]
    assert seen == [[str(position), kind] for position, kind in enumerate(kinds, start=1)]


def test_a_server_that_stops_ends_its_streams(dsn: str) -> None:
    with following(dsn, StreamLimits()) as site, ExitStack() as opened:
        site.write(1)
        streams = [opened.enter_context(site.stream()) for _ in range(2)]
        assert [next(events).id for events in streams] == [1, 1]
        began = time.monotonic()
        site.stop()
        assert time.monotonic() - began < 3
        assert [list(events) for events in streams] == [[], []]


def test_ctrl_c_ends_the_serving_command_though_streams_are_open(dsn: str, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if "KETTE" not in name}
    serving = subprocess.Popen(
        [sys.executable, "-m", "kette", "serve", "--port", str(port)],
        env=environment | with_keys({"KETTE_DSN": dsn, "KETTE_DATA_DIR": tmp_path}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert serving.stdout is not None
        while "http://" not in serving.stdout.readline():
            assert serving.poll() is None
        url = f"http://127.0.0.1:{port}/api/v1/events"
        until(lambda: _answers(url))
        with httpx.stream("GET", url, headers=SSE, timeout=20) as answer:
            lines = answer.iter_lines()
            assert next(lines) == "retry: 2000"
            serving.send_signal(signal.SIGINT)
            assert list(lines) == [""]
        words = serving.communicate(timeout=10)[0]
        assert serving.returncode == 0, words
        assert "Traceback" not in words
    finally:
        serving.kill()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False
