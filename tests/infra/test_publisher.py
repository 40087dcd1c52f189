"""Publishing onto a real Kafka: whole or not at all, and how far it came is kept with it."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import confluent_kafka
import pytest
from confluent_kafka.admin import AdminClient
from typing_extensions import override

from domain.publishing import (
    DivergedError,
    FencedError,
    Progress,
    PublishingFailedError,
    RecordRefusedError,
)
from infra.broker.cluster import Cluster
from infra.streams.bounded import Bounded
from infra.streams.publisher import KafkaPublisher, Limits, Point
from infra.streams.topics import ClusterTopics
from schemas.topics import JOURNEY, PROGRESS, Topic
from schemas.wire import Message

EPOCH, RUN = UUID(int=1), UUID(int=2)
SHORT = Limits(begin=15, delivery=2, publish=4, transaction=10)
Publishing = Callable[..., KafkaPublisher]


def client(kafka: Cluster) -> dict[str, Any]:
    return {"bootstrap_servers": kafka.bootstrap}


def make(kafka: Cluster, *topics: Topic) -> None:
    ClusterTopics(client(kafka)).apply(topics)


@pytest.fixture
def topic(kafka: Cluster) -> Topic:
    made = replace(JOURNEY, name=f"test-{uuid4().hex}")
    make(kafka, made, progress_of(made))
    return made


def progress_of(topic: Topic) -> Topic:
    return replace(PROGRESS, name=f"{topic.name}.progress")


@pytest.fixture
def publishing(kafka: Cluster) -> Iterator[Publishing]:
    """Make publishers of a topic, thrown away at the end."""
    made: list[KafkaPublisher] = []

    def publisher(topic: Topic, **how: Any) -> KafkaPublisher:
        one = KafkaPublisher(client(kafka), topic, progress=progress_of(topic), **how)
        made.append(one)
        return one

    yield publisher
    for one in made:
        one.abandon()


def messages(topic: Topic, *values: bytes) -> list[Message]:
    return [
        Message(topic.name, value[0] % topic.partitions, b"k", value, (("h", b"1"),))
        for value in values
    ]


def reached(position: int) -> Progress:
    return Progress(position, position.to_bytes(32, "big"), 3, EPOCH, RUN, complete=True)


def publish(publisher: KafkaPublisher, messages: Sequence[Message], progress: Progress) -> None:
    publisher.start(messages, progress)
    publisher.finish()


def committed(kafka: Cluster, topic: Topic) -> list[bytes]:
    """Return what a subscriber of committed records sees, by partition and offset."""
    consumer = confluent_kafka.Consumer(
        {
            "bootstrap.servers": kafka.bootstrap,
            "group.id": uuid4().hex,
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
            "enable.auto.commit": False,
        }
    )
    begin = confluent_kafka.OFFSET_BEGINNING
    consumer.assign(
        [confluent_kafka.TopicPartition(topic.name, one, begin) for one in range(topic.partitions)]
    )
    values: list[bytes] = []
    ended: set[int | None] = set()
    while len(ended) < topic.partitions:
        message = consumer.poll(30)
        assert message is not None, "the topic cannot be read to its end"
        error = message.error()
        if error is None:
            values.append(message.value() or b"")
        else:
            assert error.code() == confluent_kafka.KafkaError._PARTITION_EOF, error
            ended.add(message.partition())
    consumer.close()
    return sorted(values)


def test_a_batch_and_its_progress_are_there_together(
    kafka: Cluster, topic: Topic, publishing: Publishing
) -> None:
    publisher = publishing(topic)
    assert publisher.begin() is None
    publish(publisher, messages(topic, b"a", b"b"), reached(2))
    publish(publisher, messages(topic, b"c"), reached(3))
    assert committed(kafka, topic) == [b"a", b"b", b"c"]
    assert publishing(topic).begin() == reached(3)


def test_at_least_once_keeps_its_progress_after_the_acknowledgements(
    kafka: Cluster, topic: Topic, publishing: Publishing
) -> None:
    publisher = publishing(topic, transactional=False)
    assert publisher.begin() is None
    publish(publisher, messages(topic, b"a", b"b"), reached(2))
    assert committed(kafka, topic) == [b"a", b"b"]
    assert publishing(topic, transactional=False).begin() == reached(2)


def test_a_successor_ends_what_was_left_open_and_fences_who_left_it(
    kafka: Cluster, topic: Topic, publishing: Publishing
) -> None:
    passed: list[Point] = []

    def die(point: Point) -> None:
        passed.append(point)
        if point == "before_commit" and passed.count(point) == 2:
            raise OSError("killed")

    first = publishing(topic, at=die)
    first.begin()
    publish(first, messages(topic, b"a"), reached(1))
    with pytest.raises(PublishingFailedError):
        publish(first, messages(topic, b"b"), reached(2))
    assert publishing(topic).begin() == reached(1)
    assert committed(kafka, topic) == [b"a"]
    assert passed == [
        "before_init",
        "after_init",
        "after_progress_read",
        "after_send",
        "before_commit",
        "after_commit",
        "after_send",
        "before_commit",
    ]


def test_who_was_overtaken_is_fenced_and_nothing_of_it_counts(
    kafka: Cluster, topic: Topic, publishing: Publishing
) -> None:
    old, new = publishing(topic), publishing(topic)
    old.begin()
    publish(old, messages(topic, b"a"), reached(1))
    assert new.begin() == reached(1)
    with pytest.raises(FencedError):
        publish(old, messages(topic, b"x"), reached(2))
    publish(new, messages(topic, b"b"), reached(2))
    assert committed(kafka, topic) == [b"a", b"b"]


def test_a_relay_that_is_overtaken_in_the_middle_of_a_batch_is_fenced(
    kafka: Cluster, topic: Topic, publishing: Publishing
) -> None:
    new = publishing(topic)

    def overtake(point: Point) -> None:
        if point == "before_commit":
            new.begin()

    old = publishing(topic, at=overtake)
    old.begin()
    with pytest.raises(FencedError):
        publish(old, messages(topic, b"x"), reached(1))
    publish(new, messages(topic, b"a"), reached(1))
    assert committed(kafka, topic) == [b"a"]


class SentByHalves(KafkaPublisher):
    """Tells when the first of several messages is at the broker and the others are not even sent."""

    half_sent: Callable[[], object]

    @override
    def send(self, messages: Iterable[Message], sent: list[Any]) -> list[Any]:
        """Hand one over, make sure of it, then hand the others over."""
        first, *others = messages
        super().send([first], sent)
        self.confirm(sent)
        if others:
            self.half_sent()
        return super().send(others, sent)


def test_a_call_that_was_left_behind_commits_nothing_of_what_follows_it(
    kafka: Cluster, topic: Topic
) -> None:
    left: list[threading.Thread] = []
    held, go_on = threading.Event(), threading.Event()

    def hold(point: Point) -> None:
        if point == "before_commit" and not left:
            left.append(threading.current_thread())
            held.set()
            assert go_on.wait(60)

    def release() -> None:
        go_on.set()
        left[0].join(2)

    publisher = SentByHalves(client(kafka), topic, progress=progress_of(topic), at=hold)
    publisher.half_sent = release
    publisher.begin()
    publisher.start(messages(topic, b"a"), reached(1))
    assert held.wait(30)
    publisher.abandon()

    assert publisher.begin() is None
    publish(publisher, messages(topic, b"b", b"c"), reached(2))

    assert publisher.begin() == reached(2)
    assert committed(kafka, topic) == [b"b", b"c"]
    publisher.abandon()


@pytest.mark.parametrize("transactional", [True, False])
def test_a_record_that_the_topic_refuses_is_told_apart_and_nothing_of_its_batch_counts(
    kafka: Cluster, publishing: Publishing, transactional: bool
) -> None:
    config = {**JOURNEY.config, "max.message.bytes": "2000"}
    small = replace(JOURNEY, name=f"test-{uuid4().hex}", partitions=1, config=config)
    make(kafka, small, progress_of(small))
    publisher = publishing(small, transactional=transactional)
    publisher.begin()
    with pytest.raises(RecordRefusedError):
        publish(publisher, messages(small, b"a", os.urandom(3000), b"c"), reached(3))
    assert publisher.begin() is None
    publish(publisher, messages(small, b"a"), reached(1))
    assert committed(kafka, small)[-1:] == [b"a"]
    assert publishing(small, transactional=transactional).begin() == reached(1)


def test_a_batch_too_large_only_as_a_whole_is_refused_or_taken_whole(
    kafka: Cluster, publishing: Publishing
) -> None:
    config = {**JOURNEY.config, "max.message.bytes": "2000"}
    small = replace(JOURNEY, name=f"test-{uuid4().hex}", partitions=1, config=config)
    make(kafka, small, progress_of(small))
    publisher = publishing(small)
    publisher.begin()
    values = sorted(b"%d" % n + os.urandom(600) for n in range(8))
    try:
        publish(publisher, messages(small, *values), reached(8))
    except RecordRefusedError:
        assert committed(kafka, small) == []
    else:
        assert committed(kafka, small) == values


def test_a_record_beyond_the_client_is_refused_as_well(
    kafka: Cluster, topic: Topic, publishing: Publishing
) -> None:
    publisher = publishing(topic)
    publisher.begin()
    with pytest.raises(RecordRefusedError):
        publish(publisher, messages(topic, b"a", bytes(65 * 1024 * 1024)), reached(2))
    assert publisher.begin() is None
    assert committed(kafka, topic) == []


def test_a_broker_that_stands_still_is_given_up_in_time_and_nothing_is_lost(
    kafka_cluster: Callable[..., Cluster],
) -> None:
    kafka = kafka_cluster()
    topic = replace(JOURNEY, name="test-still")
    make(kafka, topic, PROGRESS)
    halts: dict[Point, Callable[[], None]] = {}
    publisher = KafkaPublisher(
        client(kafka), topic, limits=SHORT, at=lambda point: halts.get(point, lambda: None)()
    )
    publisher.begin()
    publish(publisher, messages(topic, b"a"), reached(1))
    for point in ("after_send", "before_commit"):
        halts = {point: kafka.pause}
        begun = time.monotonic()
        with pytest.raises(PublishingFailedError):
            publish(publisher, messages(topic, b"b"), reached(2))
        assert time.monotonic() - begun < SHORT.publish + 2
        halts = {}
        kafka.resume()
        stored = publisher.begin()
        assert stored in (reached(1), reached(2))
        if stored == reached(2):
            break
    expected = [b"a", b"b"] if stored == reached(2) else [b"a"]
    assert committed(kafka, topic) == expected
    kafka.kill()
    with pytest.raises(PublishingFailedError):
        publish(publisher, messages(topic, b"c"), reached(3))
    kafka.restart()
    assert publisher.begin() == stored
    publish(publisher, messages(topic, b"c"), reached(3))
    assert committed(kafka, topic) == [*expected, b"c"]
    publisher.abandon()


def test_without_a_broker_the_beginning_fails_in_time(kafka: Cluster) -> None:
    nobody = {"bootstrap_servers": "127.0.0.1:1"}
    publisher = KafkaPublisher(nobody, JOURNEY, limits=replace(SHORT, begin=1))
    begun = time.monotonic()
    with pytest.raises(PublishingFailedError):
        publisher.begin()
    assert time.monotonic() - begun < 5


def test_a_topic_that_is_not_there_is_named_with_the_cure(kafka: Cluster, topic: Topic) -> None:
    missing = replace(topic, name="test-not-there")
    publisher = KafkaPublisher(client(kafka), missing, progress=progress_of(topic))
    with pytest.raises(PublishingFailedError, match=r"test-not-there.*kette topics apply"):
        publisher.begin()


def test_a_topic_made_anew_stops_it(kafka: Cluster, topic: Topic, publishing: Publishing) -> None:
    publisher = publishing(topic)
    publisher.begin()
    publish(publisher, messages(topic, b"a"), reached(1))
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
    for future in admin.delete_topics([topic.name]).values():
        future.result(30)
    make(kafka, topic)
    with pytest.raises(DivergedError, match=r"made anew since position 1.*kette republish"):
        publisher.begin()


def test_records_without_a_progress_stop_it(
    kafka: Cluster, topic: Topic, publishing: Publishing
) -> None:
    publisher = publishing(topic)
    publisher.begin()
    publish(publisher, messages(topic, b"a"), reached(1))
    lost = replace(PROGRESS, name=f"test-{uuid4().hex}")
    make(kafka, lost)
    with pytest.raises(DivergedError, match="its progress is gone"):
        KafkaPublisher(client(kafka), topic, progress=lost).begin()


def test_a_neighbours_open_transaction_does_not_hide_the_newest_progress(
    kafka: Cluster, topic: Topic, publishing: Publishing
) -> None:
    neighbour = replace(topic, name=f"test-{uuid4().hex}")
    make(kafka, neighbour)
    left_open = threading.Event()

    def halt(point: Point) -> None:
        if point == "before_commit":
            left_open.set()
            raise OSError("killed")

    shared: dict[str, Any] = {"progress": progress_of(topic)}
    other = KafkaPublisher(
        client(kafka), neighbour, at=halt, limits=replace(SHORT, transaction=3), **shared
    )
    mine = publishing(topic)
    mine.begin()
    publish(mine, messages(topic, b"a"), reached(1))
    other.begin()
    with pytest.raises(PublishingFailedError):
        publish(other, messages(neighbour, b"x"), reached(1))
    assert left_open.is_set()
    publish(mine, messages(topic, b"b"), reached(2))
    assert publishing(topic).begin() == reached(2)


def test_a_call_that_never_returns_is_left_behind() -> None:
    calls, never = Bounded("test"), threading.Event()
    assert calls.run(lambda: 3, 5) == 3
    with pytest.raises(TimeoutError):
        calls.run(never.wait, 0.01)
    never.set()
    calls.leave()


def test_what_a_call_raises_is_raised_where_it_is_waited_for() -> None:
    calls = Bounded("test")
    with pytest.raises(ZeroDivisionError):
        calls.run(lambda: 1 // 0, 5)
    calls.leave()
