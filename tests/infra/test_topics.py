"""The declared topics on a real cluster: planned, made, verified; and rights that hold."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition, errors
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ConfigResource,
    ConfigResourceType,
    ResourcePattern,
    ResourceType,
    UserScramCredentialUpsertion,
)

from infra.broker.cluster import Cluster
from infra.broker.node import SECURED
from infra.streams.topic_differences import Cure, Difference, Kind
from infra.streams.topics import (
    ClusterTopics,
    KafkaUnreachableError,
    TopicsRefusedError,
    declared,
)
from schemas.topics import JOURNEY, SUBJECTS, TOPICS, AclLine, Topic, dead_letters


@pytest.fixture
def topic() -> Topic:
    """Return a journey topic of this test's own."""
    return replace(JOURNEY, name=f"test-{uuid4()}", partitions=3)


@pytest.fixture
def cluster(kafka: Cluster) -> ClusterTopics:
    return ClusterTopics({"bootstrap_servers": kafka.bootstrap})


@pytest.fixture
def admin(kafka: Cluster) -> Iterator[Any]:
    client = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    yield client
    client.close()


def alter(admin: Any, topic: Topic, **settings: str) -> None:
    """Change settings by hand, and wait until the broker says so."""
    named = {name.replace("_", "."): value for name, value in settings.items()}
    asked = [ConfigResource(ConfigResourceType.TOPIC, topic.name, configs=named)]
    assert admin.alter_configs(asked) == {"topic": {topic.name: "OK"}}
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        found = admin.describe_configs(asked, config_filter="all")["topic"][topic.name]
        if all(found[name]["value"] == value for name, value in named.items()):
            return
    pytest.fail("the broker does not say what it was told")


def told(found: tuple[Difference, ...]) -> list[tuple[str, str, str | None, str | None]]:
    return [(one.kind, one.name, one.wanted, one.found) for one in found]


def test_applying_twice_changes_nothing_the_second_time(
    cluster: ClusterTopics, topic: Topic
) -> None:
    (missing,) = cluster.differences([topic])
    assert (missing.kind, missing.cure) == (Kind.TOPIC, Cure.CREATE)
    assert cluster.apply([topic]) == (missing,)
    assert cluster.apply([topic]) == ()
    assert cluster.differences([topic]) == ()


def test_what_is_made_is_what_was_declared(
    cluster: ClusterTopics, topic: Topic, admin: Any
) -> None:
    compacted = replace(SUBJECTS, name=f"{topic.name}-subjects")
    cluster.apply([topic, compacted])
    made = {one["name"]: one for one in admin.describe_topics([topic.name, compacted.name])}
    assert len(made[topic.name]["partitions"]) == 3
    assert len(made[compacted.name]["partitions"]) == SUBJECTS.partitions
    asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in made]
    settings = admin.describe_configs(asked, config_filter="all")["topic"]
    assert settings[topic.name]["cleanup.policy"]["value"] == "delete"
    assert settings[topic.name]["retention.ms"]["value"] == str(7 * 24 * 3_600_000)
    assert settings[topic.name]["message.timestamp.type"]["value"] == "LogAppendTime"
    assert settings[compacted.name]["cleanup.policy"]["value"] == "compact"


def test_settings_that_were_changed_or_added_by_hand_are_named_and_cured(
    cluster: ClusterTopics, topic: Topic, admin: Any
) -> None:
    cluster.apply([topic])
    alter(admin, topic, retention_ms="60000", cleanup_policy="compact", retention_bytes="1000")
    found = cluster.differences([topic])
    assert sorted(told(found)) == [
        ("setting", "cleanup.policy", "delete", "compact"),
        ("setting", "retention.bytes", None, "1000"),
        ("setting", "retention.ms", "604800000", "60000"),
    ]
    assert cluster.apply([topic]) == found
    assert cluster.differences([topic]) == ()


def test_another_number_of_partitions_is_refused_and_nothing_else_is_changed(
    cluster: ClusterTopics, topic: Topic, admin: Any
) -> None:
    cluster.apply([topic])
    alter(admin, topic, retention_ms="60000")
    wider = replace(topic, partitions=4)
    assert ("partitions", "partitions", "4", "3") in told(cluster.differences([wider]))
    with pytest.raises(TopicsRefusedError, match="take a new generation"):
        cluster.apply([wider])
    assert told(cluster.differences([topic])) == [("setting", "retention.ms", "604800000", "60000")]


def test_several_that_apply_at_once_all_succeed(cluster: ClusterTopics, topic: Topic) -> None:
    with ThreadPoolExecutor(4) as several:
        for done in [several.submit(cluster.apply, [topic]) for _ in range(4)]:
            assert {one.cure for one in done.result()} <= {Cure.CREATE}
    assert cluster.differences([topic]) == ()


def test_a_later_generation_has_its_topics_and_its_dead_letters_beside_the_first() -> None:
    assert declared() == TOPICS
    names = [one.name for one in declared(2)]
    assert names[len(TOPICS) :] == [
        "kette.journey.v1.g2",
        "kette.journey.v1.g2.dlq",
    ]


@pytest.mark.faults
def test_three_brokers_keep_three_replicas_and_ask_two_before_a_record_counts(
    kafka_cluster: Callable[..., Cluster], topic: Topic
) -> None:
    three = kafka_cluster(nodes=3)
    cluster = ClusterTopics({"bootstrap_servers": three.bootstrap})
    cluster.apply([topic])
    assert cluster.differences([topic]) == ()
    admin = KafkaAdminClient(bootstrap_servers=three.bootstrap)
    (made,) = admin.describe_topics([topic.name])
    thin = replace(topic, name=f"{topic.name}-thin")
    settings = {**thin.settings, "min.insync.replicas": "1"}
    admin.create_topics(
        {thin.name: {"num_partitions": 3, "replication_factor": 1, "configs": settings}},
        wait_for_metadata=True,
    )
    admin.close()
    assert {len(one["replica_nodes"]) for one in made["partitions"]} == {3}
    assert told(cluster.apply([thin])) == [("replication", "replication", "3", "1")]
    three.kill(3)
    assert cluster.differences([topic]) == (), "a broker away is no reason to ask for less"


def test_where_no_broker_answers_the_cure_is_named() -> None:
    nowhere = ClusterTopics({"bootstrap_servers": "127.0.0.1:1"})
    with pytest.raises(KafkaUnreachableError, match="make kafka-up"):
        nowhere.differences(TOPICS)


# Rights


@pytest.fixture(scope="module")
def secured(kafka_cluster: Callable[..., Cluster]) -> Cluster:
    """Return a cluster that keeps rights, with users named as in the declared lines."""
    kafka = kafka_cluster(properties=SECURED, passwords={"admin": "admin-pw"})
    admin = KafkaAdminClient(**login(kafka, "admin"))
    users = ("kette-relay", "kette-consumer")
    admin.alter_user_scram_credentials(
        [UserScramCredentialUpsertion(one, "SCRAM-SHA-256", f"{one}-pw") for one in users]
    )
    admin.close()
    return kafka


def login(kafka: Cluster, user: str) -> dict[str, Any]:
    return {
        "bootstrap_servers": kafka.secured_bootstrap,
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-256",
        "sasl_plain_username": user,
        "sasl_plain_password": f"{user}-pw",
    }


def write(kafka: Cluster, user: str, topic: str, transaction: str | None = None) -> None:
    producer = KafkaProducer(**login(kafka, user), transactional_id=transaction, max_block_ms=5_000)
    try:
        if transaction:
            producer.init_transactions()
            producer.begin_transaction()
        producer.send(topic, b"value", key=b"key", partition=0).get(10)
        if transaction:
            producer.commit_transaction()
    finally:
        producer.close(timeout=1)


def read(kafka: Cluster, user: str, topic: str, group: str | None) -> list[bytes]:
    """Read for three seconds; without a group, reading what is forbidden raises nothing and brings nothing."""
    consumer = KafkaConsumer(
        **login(kafka, user), group_id=group, auto_offset_reset="earliest", enable_auto_commit=False
    )
    consumer.assign([TopicPartition(topic, 0)])
    try:
        return [one.value for records in consumer.poll(3_000).values() for one in records]
    finally:
        consumer.close()


def test_each_may_do_what_is_declared_and_no_more(secured: Cluster, topic: Topic) -> None:
    inside = replace(topic, name=f"{topic.name}-relay", readers=("User:kette-relay",))
    letters = dead_letters(topic)
    cluster = ClusterTopics(login(secured, "admin"))
    made = cluster.apply([topic, inside, letters])
    assert {one.cure for one in made} == {Cure.CREATE, Cure.ALLOW}
    assert cluster.apply([topic, inside, letters]) == ()
    write(secured, "kette-relay", topic.name, "kette-relay-1")
    write(secured, "kette-relay", inside.name, "kette-relay-1")
    with pytest.raises(errors.KafkaError):
        write(secured, "kette-relay", topic.name, "another-1")
    with pytest.raises(errors.TopicAuthorizationFailedError):
        write(secured, "kette-consumer", topic.name)
    write(secured, "kette-consumer", letters.name)
    assert read(secured, "kette-consumer", topic.name, "kette-views") == [b"value"]
    with pytest.raises(errors.GroupAuthorizationFailedError):
        read(secured, "kette-consumer", topic.name, "another")
    assert read(secured, "kette-relay", inside.name, None) == [b"value"]
    with pytest.raises(errors.TopicAuthorizationFailedError):
        read(secured, "kette-consumer", inside.name, "kette-views")
    assert read(secured, "kette-consumer", inside.name, None) == []


def test_a_right_that_nobody_declared_is_named_and_left_to_a_person(
    secured: Cluster, topic: Topic
) -> None:
    cluster = ClusterTopics(login(secured, "admin"))
    cluster.apply([topic])
    admin = KafkaAdminClient(**login(secured, "admin"))
    pattern = ResourcePattern(ResourceType.TOPIC, "test-", ACLResourcePatternType.PREFIXED)
    eve = ACL("User:eve", "*", ACLOperation.READ, ACLPermissionType.ALLOW, pattern)
    admin.create_acls([eve])
    (found,) = cluster.apply([topic])
    admin.delete_acls([eve])
    admin.close()
    assert (found.kind, found.cure) == (Kind.ACCESS, Cure.LEAVE)
    assert found.line == AclLine("User:eve", "READ", "TOPIC", "test-", "PREFIXED")
    assert "given to User:eve" in str(found)


def test_who_may_not_ask_is_told_so(secured: Cluster, topic: Topic) -> None:
    with pytest.raises(TopicsRefusedError, match="forbids"):
        ClusterTopics(login(secured, "kette-consumer")).differences([topic])


def test_a_missing_right_is_named(secured: Cluster, topic: Topic) -> None:
    cluster = ClusterTopics(login(secured, "admin"))
    cluster.apply([replace(topic, readers=())])
    missing = {one.line for one in cluster.differences([topic]) if one.cure is Cure.ALLOW}
    assert AclLine("User:kette-consumer", "READ", "TOPIC", topic.name) in missing
    assert all(line and line.principal == "User:kette-consumer" for line in missing)
