"""`kette consume` and `kette subscribe`: what they print, live, and how they say what is wrong."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from kafka import KafkaAdminClient

from domain.crossings import Crossing, CrossingKind
from infra.broker.cluster import Cluster
from infra.journal import JournalRecorder
from projections.catalogue import KEPT, STREAMED
from schemas.derived import crossing_event
from schemas.topics import JOURNEY
from schemas.wire import Origin, crossing_message
from tests.kette.conftest import Run
from tests.streams.filling import fill
from tests.streams.groups import MemberProcess, Publisher, until

NOWHERE = "127.0.0.1:1"
Started = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def topic(kafka: Cluster) -> str:
    """Return a fresh topic of events."""
    name = f"test-{uuid4().hex[:12]}"
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    admin.create_topics(
        {name: {"num_partitions": JOURNEY.partitions}, f"{name}.dlq": {"num_partitions": 1}},
        wait_for_metadata=True,
    )
    admin.close()
    return name


@pytest.fixture
def publisher(
    dsn: str, journal: JournalRecorder, kafka: Cluster, topic: str
) -> Iterator[Publisher]:
    """Return what publishes a small journal."""
    fill(journal, 120, journeys=12)
    with Publisher(dsn, kafka.bootstrap, topic) as made:
        yield made


class Listening:
    """`kette subscribe` while it runs; what it prints is read line by line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self._lines: Queue[str] = Queue()
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))

    def line(self, seconds: float = 30.0) -> str:
        return self._lines.get(timeout=seconds)

    def silent(self) -> bool:
        try:
            self._lines.get_nowait()
        except Empty:
            return True
        return False


@pytest.fixture
def listening(started: Started, kafka: Cluster, topic: str) -> Iterator[Callable[..., Listening]]:
    processes = []

    def start(*words: str) -> Listening:
        process = started(
            "subscribe",
            "--topic",
            topic,
            *words,
            settings={"KETTE_KAFKA": kafka.bootstrap},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        processes.append(process)
        return Listening(process)

    yield start
    for one in processes:
        one.kill()
        one.communicate()


def test_what_is_published_is_printed_within_a_second(
    listening: Callable[..., Listening], publisher: Publisher, topic: str
) -> None:
    publisher.publish(100)
    live = listening()
    assert live.line().startswith(f"listening to {topic}"), "from now on, not what lay there"
    assert live.silent()

    took = []
    for position in (101, 102, 103):
        sent = time.monotonic()
        publisher.publish(position)
        assert live.line()
        took.append(time.monotonic() - sent)

    assert min(took) < 1.0, took
    live.process.send_signal(2)
    assert live.process.wait(10) == 0


def test_from_the_beginning_it_prints_all_and_ends_after_so_many(
    kette: Run, kafka: Cluster, publisher: Publisher, topic: str
) -> None:
    publisher.publish(120)

    words = ("subscribe", "--topic", topic, "--from", "earliest", "--max")
    told = kette(*words, 120, "--json", KETTE_KAFKA=kafka.bootstrap)

    assert told.code == 0
    rows = told.rows
    assert len(rows) == len({row["id"] for row in rows}) == 120
    assert {row["position"] for row in rows} == set(range(1, 121))
    started = next(row for row in rows if row["type"] == "CourseRegistered")
    assert started["data"]["kind"] == "IK_ALLGEMEIN"
    assert started["id"] == f"{started['journey']}/{started['version']}"

    few = kette(*words, 7, KETTE_KAFKA=kafka.bootstrap)
    lines = few.out.splitlines()
    assert len(lines) == 7
    assert all(len(line.split("  ")) >= 4 for line in lines)


def test_a_subscriber_leaves_no_group_behind(
    kette: Run, kafka: Cluster, publisher: Publisher, topic: str
) -> None:
    publisher.publish(10)
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    before = groups(admin)
    kette(
        *("subscribe", "--topic", topic, "--from", "earliest", "--max", 5),
        KETTE_KAFKA=kafka.bootstrap,
    )
    assert groups(admin) == before
    admin.close()


def groups(admin: Any) -> set[str]:
    return {str(one) for one in admin.list_groups()}


def test_unreadable_bytes_are_named_and_the_rest_is_printed(
    kette: Run, kafka: Cluster, publisher: Publisher, topic: str
) -> None:
    messages = list(publisher.messages(5))
    publisher.send([type(messages[0])(topic, 0, b"key", b"nothing", ()), *messages])

    told = kette(
        *("subscribe", "--topic", topic, "--from", "earliest", "--max", 6, "--json"),
        KETTE_KAFKA=kafka.bootstrap,
    )

    assert told.code == 0
    assert len(told.rows) == 5
    assert "partition 0, offset 0 cannot be read" in told.err


@pytest.mark.parametrize(
    "words", [("subscribe",), ("consume", "--projection", "stations")], ids=lambda one: one[0]
)
def test_a_missing_topic_is_named_with_its_cure(
    kette: Run, kafka: Cluster, dsn: str, words: tuple[str, ...]
) -> None:
    told = kette(*words, "--topic", "test-nowhere", KETTE_KAFKA=kafka.bootstrap, KETTE_DSN=dsn)

    assert told.code == 5
    assert "there is no topic test-nowhere" in told.err
    assert "kette topics apply" in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize(
    "words",
    [
        ("subscribe",),
        ("consume", "--projection", "stations"),
        ("consume", "--projection", "stations", "--show-assignment"),
    ],
    ids=lambda one: one[-1],
)
def test_a_broker_that_does_not_answer_is_named_with_its_cure(
    kette: Run, dsn: str, words: tuple[str, ...]
) -> None:
    told = kette(*words, KETTE_KAFKA=NOWHERE, KETTE_DSN=dsn)

    assert told.code == 5
    assert NOWHERE in told.err
    assert "make kafka-up" in told.err
    assert len(told.err.splitlines()) == 1


def test_a_projection_that_is_not_offered_is_refused_with_the_choice(without_store: Run) -> None:
    told = without_store("consume", "--projection", "weather")

    assert told.code == 2
    offered = ", ".join(one.name for one in (*KEPT, *STREAMED))
    assert f"choose {offered}, all" in told.err


def test_the_assignment_is_shown_before_and_after_a_member_is_killed(
    kette: Run, kafka: Cluster, dsn: str, publisher: Publisher, topic: str, tmp_path: Path
) -> None:
    publisher.publish(120)
    words = ("--projection", "stations", "--session-seconds", "3")

    def member() -> MemberProcess:
        return MemberProcess(tmp_path, dsn, kafka.bootstrap, topic, *words)

    def shown() -> list[str]:
        told = kette(
            *("consume", "--projection", "stations", "--show-assignment"),
            KETTE_KAFKA=kafka.bootstrap,
        )
        assert told.code == 0
        return told.out.splitlines()

    with member() as first, member() as second, member() as third:
        until(lambda: all(one.claims(4) for one in (first, second, third)), "three share")
        before = shown()
        assert len(before) == 4
        assert sorted(partitions(before)) == [*range(12)]

        second.kill()
        until(lambda: first.claims(6) and third.claims(6), "two share")
        after = shown()
        assert len(after) == 3
        assert sorted(partitions(after)) == [*range(12)]
    assert str(second.process.pid) in "".join(before)
    assert str(second.process.pid) not in "".join(after)


def partitions(lines: list[str]) -> Iterator[int]:
    for line in lines[1:]:
        _, _, *dealt = line.split()
        yield from map(int, dealt)


def test_a_group_without_members_says_so(kette: Run, kafka: Cluster) -> None:
    told = kette(
        *("consume", "--projection", "stations", "--group", "nobody", "--show-assignment"),
        KETTE_KAFKA=kafka.bootstrap,
    )

    assert told.code == 0
    assert "group nobody has no member now" in told.out


def test_until_caught_up_ends_with_what_was_done(
    kette: Run, kafka: Cluster, dsn: str, publisher: Publisher, topic: str
) -> None:
    words = ("consume", "--projection", "all", "--topic", topic, "--until-caught-up")
    settings = {"KETTE_KAFKA": kafka.bootstrap, "KETTE_DSN": dsn}
    first = kette(*words, **settings)
    assert first.code == 0
    assert "built up to position 120" in first.err

    publisher.publish(120)
    second = kette(*words, **settings)
    assert second.code == 0
    assert "caught up: 120 records read, 0 journeys written, 120 known before" in second.out


def test_without_anything_parked_a_replay_has_nothing_to_do(
    kette: Run, kafka: Cluster, dsn: str, publisher: Publisher, topic: str
) -> None:
    settings = {"KETTE_KAFKA": kafka.bootstrap, "KETTE_DSN": dsn}
    words = ("consume", "--projection", "stations", "--topic", topic)
    assert kette(*words, "--until-caught-up", **settings).code == 0

    told = kette(*words, "--replay", **settings)

    assert told.code == 0
    assert told.out == "0 journeys stay parked\n"


def test_gaps_are_printed_as_they_are_told(
    kette: Run, kafka: Cluster, publisher: Publisher, topic: str
) -> None:
    opened = Crossing(
        *(7, 100, UUID(int=5), CrossingKind.OPENED, "S01", "f-1", date(2026, 5, 4)),
        datetime(2026, 5, 4, 9, tzinfo=UTC),
        {"kind": "gap", "field": "sprache", "severity": "high", "certainty": "certainly"},
    )
    told = replace(JOURNEY, name=topic)
    publisher.send(
        [crossing_message(told, Origin("urn:test", UUID(int=1)), opened, crossing_event(opened))]
    )

    said = kette(
        *("subscribe", "--topic", topic, "--from", "earliest", "--max", 1),
        KETTE_KAFKA=kafka.bootstrap,
    )

    assert "GapOpened" in said.out
    assert f"{UUID(int=5)}/gap/7" in said.out
    assert "rule=S01" in said.out


def test_json_lines_are_json(listening: Callable[..., Listening], publisher: Publisher) -> None:
    live = listening("--json", "--from", "earliest")
    publisher.publish(3)
    assert {json.loads(live.line())["position"] for _ in range(3)} == {1, 2, 3}
