"""Joining a group: a join that outlasts a poll must not be forgotten while its batch is worked on."""

import time
from dataclasses import replace
from uuid import uuid4

import pytest
from kafka import KafkaProducer

from infra.broker.cluster import Cluster
from infra.streams.subscription import GroupSubscription
from infra.streams.topics import ClusterTopics
from schemas.topics import JOURNEY

_STARTS = 12
_PATIENCE_SECONDS = 8.0
_POLL_SECONDS = 0.1
_WORK_SECONDS = 0.1


@pytest.fixture
def topic(kafka: Cluster) -> str:
    """Return a topic with a record in each partition."""
    made = replace(JOURNEY, name=f"test-{uuid4()}")
    ClusterTopics({"bootstrap_servers": kafka.bootstrap}).apply([made])
    producer = KafkaProducer(bootstrap_servers=kafka.bootstrap)
    for partition in range(made.partitions):
        producer.send(made.name, b"told", partition=partition).get(10)
    producer.close()
    return made.name


def _reads_something(kafka: Cluster, topic: str) -> bool:
    with GroupSubscription(kafka.bootstrap, topic, f"group-{uuid4()}") as source:
        topic_id, _ = source.identity()
        source.join(topic_id)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            arrived, dealt = source.poll(_POLL_SECONDS, 10)
            if arrived:
                return True
            if dealt is not None:
                time.sleep(_WORK_SECONDS)  # as claiming the partitions takes on a busy machine
                source.start(dict.fromkeys(dealt, 0))
    return False


def test_a_member_that_is_busy_between_polls_reads_on_every_start(
    kafka: Cluster, topic: str
) -> None:
    assert [_reads_something(kafka, topic) for _ in range(_STARTS)] == [True] * _STARTS
