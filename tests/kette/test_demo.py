"""`kette demo` as a newcomer runs it: it starts, goes on, gives way, and leaves nothing behind."""

import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

Run = Callable[..., Any]
Start = Callable[..., "subprocess.Popen[str]"]
PEOPLE = 8
SECONDS = 60.0
SERVERS = {"journal", "keys"}


@dataclass(frozen=True)
class Demo:
    """A running demo."""

    process: "subprocess.Popen[str]"
    port: int
    settings: dict[str, Any]
    seconds: float

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=20)

    def servers(self) -> dict[str, psutil.Process]:
        """Return the two PostgreSQLs that the demo runs: of the journal, and of its keys."""
        found = {}
        for one in psutil.Process(self.process.pid).children():
            words = one.cmdline()
            if "-D" in words:  # not one that ended just now
                folder = Path(words[words.index("-D") + 1])
                found["keys" if folder.parent.name == "keys" else "journal"] = one
        return found

    def stop(self, how: signal.Signals) -> int:
        """Send a signal and return the exit code; no PostgreSQL is left."""
        servers = self.servers()
        assert set(servers) == SERVERS
        self.process.send_signal(how)
        code = self.process.wait(SECONDS)
        assert not [name for name, one in servers.items() if one.is_running()]
        return code


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


Begin = Callable[..., Demo]


@pytest.fixture
def begun(started: Start) -> Iterator[Begin]:
    """Start demos and wait for their address; what still runs at the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def begin(folder: Path, *words: str, **more: Any) -> Demo:
        port, moment = free_port(), time.monotonic()
        settings = {"KETTE_DATA_DIR": folder, "KETTE_DEMO_PEOPLE": PEOPLE, **more}
        process = started(
            "demo", *words, "--port", str(port), settings=settings, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        running.append(process)
        assert process.stdout is not None
        assert process.stdout.readline().startswith(f"Kette: http://127.0.0.1:{port} ")
        return Demo(process, port, settings, time.monotonic() - moment)

    yield begin
    for process in running:
        if process.poll() is None:
            below = psutil.Process(process.pid).children(recursive=True)
            for one in (process, *below):
                one.kill()
        process.communicate()


def answers(client: httpx.Client, path: str = "/") -> int:
    try:
        return client.get(path).status_code
    except httpx.TransportError:
        return 0


def people(client: httpx.Client) -> int:
    """Count those with a case; their children have journeys of their own and none."""
    after, found = 0, set()
    while (page := client.get("/api/v1/events", params={"after": after, "limit": 1000}).json())[
        "items"
    ]:
        found |= {one["journey"] for one in page["items"] if one["type"] == "CaseOpened"}
        after = page["next_after"]
    return len(found)


def record_a_contact(client: httpx.Client) -> tuple[str, httpx.Response]:
    """Record a contact by the form, as a browser without scripts would."""
    journey = client.get("/api/v1/events", params={"limit": 1}).json()["items"][0]["journey"]
    place = f"/verlauf/{journey}/erfassen/ContactHeld"
    form = client.get(place)
    assert form.status_code == 200
    given = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form.text))
    own = {"origin": f"{client.base_url}".rstrip("/")}
    return journey, client.post(place, data=given | {"minutes": "25"}, headers=own)


def test_a_demo_loads_serves_goes_on_and_gives_way(
    begun: Begin, kette: Run, tmp_path: Path
) -> None:
    first = begun(tmp_path / "kette")
    with first.client() as client:
        until(lambda: answers(client) == 200)
        assert people(client) == PEOPLE
        journey, answer = record_a_contact(client)
        assert answer.status_code in {200, 303}, answer.text
        assert client.get(f"/verlauf/{journey}").status_code == 200
        before = client.get("/api/v1/events", params={"limit": 1000}).json()

    beside = kette("demo", "--port", str(free_port()), **first.settings)
    assert beside.code == 5
    assert f"is in use by process {first.process.pid}" in beside.err
    assert "KETTE_DATA_DIR" in beside.err

    elsewhere = tmp_path / "elsewhere"
    taken = kette(
        "demo", "--port", str(first.port), **first.settings | {"KETTE_DATA_DIR": elsewhere}
    )
    assert taken.code == 5
    assert f"port {first.port} on 127.0.0.1 cannot be used" in taken.err
    assert "--port" in taken.err
    assert not elsewhere.exists()

    meanwhile = kette("events", "--limit", "1", "--json", **first.settings)
    assert meanwhile.code == 0
    assert meanwhile.rows[0]["journey"] == before["items"][0]["journey"]
    assert first.stop(signal.SIGINT) == 0

    second = begun(tmp_path / "kette", KETTE_DEMO_PEOPLE=PEOPLE + 5)
    assert second.seconds < 10
    with second.client() as client:
        until(lambda: answers(client) == 200)
        assert client.get("/api/v1/events", params={"limit": 1000}).json() == before
    assert second.stop(signal.SIGTERM) == 0


def test_two_municipalities_have_their_own_data_and_are_found_again(
    begun: Begin, kette: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "kette"
    herne = begun(folder)
    unna = begun(folder, KETTE_MUNICIPALITY="unna")
    with herne.client() as first, unna.client() as second:
        until(lambda: answers(first) == answers(second) == 200)
        assert "Herne · " in first.get("/").text
        assert "Kreis Unna · " in second.get("/").text
        assert "Fallmanagement Selm" in second.get("/organisation").text
        events = {"params": {"limit": 1000}}
        before = second.get("/api/v1/events", **events).json()
        assert before != first.get("/api/v1/events", **events).json()
    told = kette("events", "--limit", "1", "--json", **unna.settings)
    assert told.rows[0]["journey"] == before["items"][0]["journey"]
    assert unna.stop(signal.SIGTERM) == herne.stop(signal.SIGTERM) == 0

    again = begun(folder, "--municipality", "Kreis Unna")
    with again.client() as client:
        until(lambda: answers(client) == 200)
        assert client.get("/api/v1/events", **events).json() == before
    assert again.stop(signal.SIGTERM) == 0


def test_a_demo_outlives_the_death_of_either_server(begun: Begin, tmp_path: Path) -> None:
    demo = begun(tmp_path / "kette")
    with demo.client() as client:
        until(lambda: answers(client) == 200)
        for which in ("journal", "keys", "journal"):
            killed = demo.servers()[which]
            killed.kill()
            meanwhile: set[int] = set()

            def recovered(killed: psutil.Process = killed, meanwhile: set[int] = meanwhile) -> bool:
                meanwhile.add(answers(client))
                return not killed.is_running() and answers(client) == 200

            until(recovered)
            assert meanwhile <= {200, 503}
            count = len(client.get("/api/v1/events", params={"limit": 1000}).json()["items"])
            _journey, answer = record_a_contact(client)
            assert answer.status_code in {200, 303}, answer.text
            after = client.get("/api/v1/events", params={"limit": 1000}).json()["items"]
            assert len(after) == count + 1
            until(lambda: "kette_database_up 1.0" in client.get("/metrics").text)
            until(lambda: set(demo.servers()) == SERVERS)
    assert demo.stop(signal.SIGTERM) == 0


def test_a_demo_that_is_killed_amid_loading_is_loaded_by_the_next(
    begun: Begin, started: Start, tmp_path: Path
) -> None:
    settings = {"KETTE_DATA_DIR": tmp_path / "kette", "KETTE_DEMO_PEOPLE": PEOPLE}
    process = started(
        "demo", "--port", str(free_port()), settings=settings,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until((tmp_path / "kette" / "demo.xlsx").exists)
    process.kill()
    process.wait(SECONDS)
    demo = begun(tmp_path / "kette")
    with demo.client() as client:
        until(lambda: answers(client) == 200)
        assert people(client) == PEOPLE
    assert demo.stop(signal.SIGINT) == 0


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"KETTE_HOST": "192.0.2.1"}, "KETTE_HOST=192.0.2.1: until access control exists"),
        ({"KETTE_HOST": "kette.example"}, "KETTE_HOST=kette.example"),
        ({"KETTE_MUNICIPALITY": "atlantis"}, "no municipality 'atlantis'"),
        ({"KETTE_DEMO_PEOPLE": "0"}, "KETTE_DEMO_PEOPLE: "),
    ],
)
def test_a_demo_that_cannot_be_is_refused_before_anything_starts(
    without_store: Run, tmp_path: Path, settings: dict[str, str], complaint: str
) -> None:
    said = without_store("demo", KETTE_DATA_DIR=tmp_path / "kette", **settings)
    assert said.code == 2
    assert complaint in said.err
    assert not (tmp_path / "kette").exists()


def test_a_municipality_that_is_not_there_is_refused_by_its_name(
    without_store: Run, tmp_path: Path
) -> None:
    said = without_store("demo", "--municipality", "mond", KETTE_DATA_DIR=tmp_path / "kette")
    assert said.code == 2
    assert "no municipality 'mond'; known: muelheim (05117000)" in said.err
    assert not (tmp_path / "kette").exists()
