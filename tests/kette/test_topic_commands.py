"""`kette topics` as a user calls it, on a broker of its own."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from kafka import KafkaAdminClient

from infra.broker.cluster import Cluster
from infra.streams.topics import ClusterTopics
from schemas.topics import JOURNEY, TOPICS, Cleanup
from tests.kette.conftest import Run


@pytest.fixture(scope="module")
def own(kafka_cluster: Callable[..., Cluster]) -> Cluster:
    """Return a broker without the topics of other tests: these are the real names."""
    return kafka_cluster()


@pytest.fixture
def topics(own: Cluster, without_store: Run) -> Iterator[Run]:
    before = logging.getLogger("kafka").level
    yield lambda *words: without_store("topics", *words, KETTE_KAFKA=own.bootstrap)
    logging.getLogger("kafka").setLevel(before)


def test_planned_made_verified_and_made_again(topics: Run) -> None:
    plan = topics("plan", "--json")
    names = [one["topic"] for one in plan.rows if one["kind"] == "topic"]
    assert (plan.code, names) == (0, [one.name for one in TOPICS])
    assert {one["state"] for one in plan.rows if one["kind"] == "right"} == {"not kept"}
    assert topics("verify").code == 1
    assert "changed 4" in topics("apply").err
    again = topics("apply")
    assert (again.code, again.out) == (0, "")
    assert "nothing to do" in again.err
    verified = topics("verify")
    assert verified.code == 0
    assert "the topics are as declared" in verified.err
    assert "nothing to do" in topics("plan").err


def test_verify_names_each_difference_and_ends_with_1(topics: Run, own: Cluster) -> None:
    topics("apply")
    other = replace(JOURNEY, cleanup=Cleanup.COMPACT, retention_ms=60_000)
    ClusterTopics({"bootstrap_servers": own.bootstrap}).apply([other])
    verified = topics("verify")
    assert verified.code == 1
    assert "retention.ms is 60000, declared is 604800000" in verified.err
    assert "cleanup.policy is compact, declared is delete" in verified.err
    assert "2 differences" in verified.err
    assert topics("apply").code == 0
    assert topics("verify").code == 0


def test_a_topic_with_other_partitions_is_refused_with_the_cure(topics: Run, own: Cluster) -> None:
    admin = KafkaAdminClient(bootstrap_servers=own.bootstrap)
    admin.create_topics({f"{JOURNEY.name}.g3": {"num_partitions": 3}}, wait_for_metadata=True)
    admin.close()
    plan = topics("plan", "--generation", "3")
    assert plan.code == 0
    assert "partitions never change: take a new generation" in plan.err
    refused = topics("apply", "--generation", "3")
    assert refused.code == 3
    assert "partitions is 3, declared is 12" in refused.err


def test_an_unreachable_broker_is_named_with_the_cure(without_store: Run) -> None:
    said = without_store("topics", "verify", KETTE_KAFKA="127.0.0.1:1,nonsense")
    assert said.code == 5
    assert "no Kafka answers at 127.0.0.1:1,nonsense" in said.err
    assert "make kafka-up" in said.err
