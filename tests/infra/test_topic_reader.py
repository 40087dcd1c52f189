"""Following a topic: a look at whether silence means nothing loses nothing of what came meanwhile."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from uuid import uuid4

import confluent_kafka
import pytest
from typing_extensions import override

from domain.arrived import Arrived
from infra.broker.cluster import Cluster
from infra.streams.errors import KafkaAwayError
from infra.streams.topic_reader import TopicReader
from infra.streams.topics import ClusterTopics
from schemas.topics import JOURNEY

QUIET = 50


class Late(TopicReader):
    """A reader that gets nothing for so many polls, although something lies there."""

    late = QUIET
    before_look: Callable[[], None]

    @override
    def _poll(self, seconds: float = 0.2) -> Sequence[Arrived]:
        if self.late:
            self.late -= 1
            return ()
        return super()._poll(seconds)

    @override
    def _look(self) -> Sequence[Arrived]:
        self.before_look()
        return super()._look()


@pytest.fixture
def topic(kafka: Cluster) -> str:
    made = replace(JOURNEY, name=f"test-{uuid4().hex}", partitions=1)
    ClusterTopics({"bootstrap_servers": kafka.bootstrap}).apply([made])
    return made.name


@pytest.fixture
def reader(kafka: Cluster, topic: str) -> Iterator[Late]:
    with Late(kafka.bootstrap, topic, earliest=True) as opened:
        yield opened


def test_what_comes_while_it_looks_whether_anything_lies_ahead_is_not_lost(
    kafka: Cluster, topic: str, reader: Late
) -> None:
    producer = confluent_kafka.Producer({"bootstrap.servers": kafka.bootstrap})

    def publish() -> None:
        producer.produce(topic, b"came")
        producer.flush()

    reader.before_look = publish
    arrivals = reader.arrivals()

    found = [one.value for _ in range(QUIET + 2) for one in next(arrivals)]

    assert found == [b"came"]


def test_what_was_undone_while_it_looks_is_no_silence(
    kafka: Cluster, topic: str, reader: Late
) -> None:
    producer = confluent_kafka.Producer(
        {"bootstrap.servers": kafka.bootstrap, "transactional.id": topic}
    )
    producer.init_transactions(20)

    def undo() -> None:
        producer.begin_transaction()
        producer.produce(topic, b"undone")
        producer.flush()
        producer.abort_transaction()

    reader.before_look = undo
    arrivals = reader.arrivals()

    assert not [one for _ in range(QUIET + 2) for one in next(arrivals)]


def test_what_lies_ahead_and_never_arrives_is_told(
    kafka: Cluster, topic: str, reader: Late
) -> None:
    producer = confluent_kafka.Producer({"bootstrap.servers": kafka.bootstrap})
    producer.produce(topic, b"forbidden")
    producer.flush()
    reader.late = QUIET + 1
    reader.before_look = lambda: None
    arrivals = reader.arrivals()

    for _ in range(QUIET - 1):
        assert not next(arrivals)
    with pytest.raises(KafkaAwayError, match=r"1 offsets .* none arrives"):
        next(arrivals)
