"""`kette demo --kafka` as its user sees it: what is recorded on a page arrives at a subscriber at once."""

import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import httpx
import psutil
import pytest

from infra.broker.ports import answering_brokers, free_ports

Start = Callable[..., "subprocess.Popen[str]"]
SECONDS = 90.0
AT_ONCE = 5.0  # a second is the aim, on a machine that does nothing else


class Lines:
    """The lines of a process as they come."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._queue: Queue[str] = Queue()
        self._stream = process.stdout
        Thread(target=self._read, daemon=True).start()

    def until(self, wanted: Callable[[str], bool], seconds: float) -> str:
        """Return the first line that is wanted."""
        deadline = time.monotonic() + seconds
        while not wanted(line := self._queue.get(timeout=max(0.1, deadline - time.monotonic()))):
            pass
        return line

    def _read(self) -> None:
        assert self._stream is not None
        for line in self._stream:
            self._queue.put(line)


@pytest.fixture
def demo(started: Start, tmp_path: Path) -> Any:
    """Run a demo with Kafka and a subscriber; what still runs at the end is killed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    kafka = free_ports(1)[0].client
    settings = {
        "KETTE_DATA_DIR": tmp_path / "kette",
        "KETTE_DEMO_PEOPLE": 3,
        "KETTE_KAFKA": f"127.0.0.1:{kafka}",
    }
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    process = started("demo", "--kafka", "--port", str(port), settings=settings, **how)
    subscriber = None
    try:
        said = Lines(process)
        said.until(lambda line: line.startswith("Kette: "), SECONDS)
        said.until(lambda line: line.startswith("relay: publishes"), SECONDS)
        subscriber = started("subscribe", "--from", "earliest", "--json", settings=settings, **how)
        heard = Lines(subscriber)
        heard.until(lambda line: line.startswith("{"), SECONDS)
        yield process, f"http://127.0.0.1:{port}", heard, kafka
    finally:
        for one in filter(None, (subscriber, process)):
            for below in (
                psutil.Process(one.pid).children(recursive=True) if one.poll() is None else ()
            ):
                below.kill()
            one.kill()
            one.communicate()


def record(client: httpx.Client, fact: str, **given: str) -> None:
    """Record a fact by the form, as a browser without scripts would."""
    journey = client.get("/api/v1/events", params={"limit": 1}).json()["items"][0]["journey"]
    place = f"/verlauf/{journey}/erfassen/{fact}"
    form = client.get(place).text
    hidden = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
    answer = client.post(
        place, data=hidden | given, headers={"origin": str(client.base_url).rstrip("/")}
    )
    assert answer.status_code in {200, 303}, answer.text


def test_what_is_recorded_on_a_page_arrives_at_a_subscriber_with_what_follows_from_it(
    demo: Any,
) -> None:
    process, address, heard, kafka = demo
    with httpx.Client(base_url=address, timeout=20) as client:
        record(client, "CourseStarted", kind="IK_ALLGEMEIN", module_no="77")
        event = json.loads(heard.until(lambda line: '"module_no":77' in line, AT_ONCE))
        assert event["type"] == "CourseStarted"
        assert event["data"]["kind"] == "IK_ALLGEMEIN"
        assert event["id"] == f"{event['journey']}/{event['version']}"
        changed = json.loads(heard.until(lambda line: '"StatusChanged"' in line, AT_ONCE))
        assert changed["data"]["field"] == "SPRACHE"
        assert changed["journey"] == event["journey"]

    below = psutil.Process(process.pid).children(recursive=True)
    assert len(below) >= 3, "PostgreSQL, Kafka and the relay"
    process.send_signal(signal.SIGINT)
    assert process.wait(SECONDS) == 0
    assert not [one for one in below if one.is_running()]
    assert answering_brokers(kafka) == 0
