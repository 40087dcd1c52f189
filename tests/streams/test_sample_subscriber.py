"""The subscriber printed in the documentation, run exactly as it is printed."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from infra.broker.cluster import Cluster
from infra.journal import JournalRecorder
from schemas.codec import decode
from schemas.wire import Message
from tests.streams.filling import fill
from tests.streams.groups import Publisher, until

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "subscribe.md"
EVENTS = 600


def printed() -> str:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert isinstance(program, str)
    return program


class Subscriber:
    """The program in a process of its own, and the file that it keeps."""

    def __init__(self, folder: Path, bootstrap: str, topic: str) -> None:
        self.file = folder / "kept.sqlite"
        self._program = folder / "subscriber.py"
        self._program.write_text(printed(), encoding="utf-8")
        self._said = folder / "said.txt"
        self._told = {"KETTE_KAFKA": bootstrap, "TOPIC": topic, "KEPT": str(self.file)}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._said.open("ab") as said:
            self._process = subprocess.Popen(
                [sys.executable, str(self._program)],
                env={**os.environ, **self._told, "PYTHONPATH": str(ROOT)},
                stdout=said,
                stderr=said,
                cwd=self._program.parent,
            )

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    @property
    def said(self) -> str:
        return self._said.read_text(encoding="utf-8")

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.file, timeout=30) as kept:
            found = kept.execute(statement).fetchall()
        kept.close()
        return found


@pytest.fixture
def subscriber(tmp_path: Path, broker: Cluster, topic: str) -> Iterator[Subscriber]:
    made = Subscriber(tmp_path, broker.bootstrap, topic)
    made.start()
    yield made
    made.kill()


@pytest.fixture
def messages(journal: JournalRecorder, publisher: Publisher) -> Sequence[Message]:
    fill(journal, EVENTS, journeys=40)
    return list(publisher.messages(EVENTS))


@pytest.fixture
def publisher(dsn: str, broker: Cluster, topic: str) -> Iterator[Publisher]:
    with Publisher(dsn, broker.bootstrap, topic) as made:
        yield made


def starts(messages: Sequence[Message]) -> list[tuple[object, ...]]:
    """Return what the program must keep of messages."""
    told = [decode(one.value) for one in messages]
    return sorted(
        (one.value["journey"], one.value["version"]) for one in told if one.name == "CourseStarted"
    )


def test_it_is_at_most_sixty_lines() -> None:
    assert len(printed().splitlines()) <= 60


def test_killed_and_told_twice_it_keeps_each_event_once(
    subscriber: Subscriber, publisher: Publisher, messages: Sequence[Message]
) -> None:
    half = EVENTS // 2
    publisher.send(messages[:half])
    until(subscriber.file.exists, "it began")
    until(lambda: read_offsets(subscriber) >= half, "it read the first half")
    subscriber.kill()
    publisher.send(messages[half - 50 : half])
    publisher.send(messages[half:])
    subscriber.start()
    until(lambda: read_offsets(subscriber) >= EVENTS + 50, "it read all")

    kept = subscriber.ask("SELECT journey, version FROM starts ORDER BY journey, version")
    assert kept == starts(messages)
    assert len(kept) == len(set(kept)) > 10
    assert subscriber.ask("SELECT journey FROM aside") == []


def read_offsets(subscriber: Subscriber) -> int:
    ((read,),) = subscriber.ask("SELECT coalesce(sum(next_offset), 0) FROM places")
    assert isinstance(read, int)
    return read


def test_a_lost_event_puts_its_journey_aside_and_unreadable_bytes_are_named(
    subscriber: Subscriber, publisher: Publisher, messages: Sequence[Message]
) -> None:
    key = messages[0].key
    mine = [place for place, one in enumerate(messages) if one.key == key]
    lost = mine[2]
    broken = replace(messages[0], value=b"nothing")
    publisher.send([*messages[:lost], broken, *messages[lost + 1 :]])
    until(subscriber.file.exists, "it began")
    until(lambda: read_offsets(subscriber) >= EVENTS, "it read all")

    assert subscriber.ask("SELECT journey, since FROM aside") == [(key.decode(), 2)]
    assert f"gap: {key.decode()} after version 2" in subscriber.said
    assert subscriber.said.count("unreadable at") == 1
    others = [one for place, one in enumerate(messages) if one.key != key or place < lost]
    kept = subscriber.ask("SELECT journey, version FROM starts ORDER BY journey, version")
    assert kept == starts(others)
