"""The broker kit: a real Kafka that keeps what it acknowledged and goes when its owner goes."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from infra.broker.cluster import Cluster
from infra.broker.ports import answering_brokers


def make_topic(bootstrap: str, name: str, replicas: int) -> None:
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([NewTopic(name, 1, replicas)])[name].result(30)


def write(bootstrap: str, topic: str, values: list[bytes]) -> None:
    failed: list[object] = []
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all"})
    for value in values:
        producer.produce(topic, value, on_delivery=lambda error, _m: error and failed.append(error))
    assert producer.flush(60) == 0
    assert failed == []


def read(bootstrap: str, topic: str, wanted: int) -> list[bytes]:
    consumer = Consumer(
        {"bootstrap.servers": bootstrap, "group.id": topic, "auto.offset.reset": "earliest"}
    )
    consumer.subscribe([topic])
    got: list[bytes] = []
    while len(got) < wanted and (message := consumer.poll(30)) is not None:
        value = message.value()
        assert isinstance(value, bytes)
        got.append(value)
    consumer.close()
    return got


def test_the_broker_of_the_run_keeps_what_it_is_given(kafka: Cluster) -> None:
    make_topic(kafka.bootstrap, "kept", 1)
    write(kafka.bootstrap, "kept", [b"a", b"b"])
    assert read(kafka.bootstrap, "kept", 2) == [b"a", b"b"]


@pytest.fixture(scope="module")
def harmed(kafka_cluster: Callable[..., Cluster]) -> Cluster:
    """Return one broker that these tests may kill and pause."""
    return kafka_cluster()


def test_a_killed_broker_comes_back_with_its_records_on_the_same_port(harmed: Cluster) -> None:
    make_topic(harmed.bootstrap, "survives", 1)
    write(harmed.bootstrap, "survives", [b"before"])
    before = harmed.nodes[0].pid
    harmed.kill()
    assert harmed.nodes[0].pid is None
    assert answering_brokers(harmed.nodes[0].port) == 0
    harmed.restart()
    assert harmed.nodes[0].pid not in {None, before}
    assert read(harmed.bootstrap, "survives", 1) == [b"before"]


def test_a_paused_broker_says_nothing_until_it_goes_on(harmed: Cluster) -> None:
    harmed.pause()
    assert answering_brokers(harmed.nodes[0].port) == 0
    harmed.resume()
    harmed.wait_ready()
    assert answering_brokers(harmed.nodes[0].port) == 1


def test_two_of_three_brokers_acknowledge_while_the_third_is_dead(
    kafka_cluster: Callable[..., Cluster],
) -> None:
    kafka = kafka_cluster(nodes=3)
    make_topic(kafka.bootstrap, "replicated", 3)
    kafka.kill(2)
    write(kafka.bootstrap, "replicated", [b"one"])
    kafka.restart(2)
    assert read(kafka.bootstrap, "replicated", 1) == [b"one"]


_OWNER = """
import sys
from pathlib import Path
from infra.broker.cluster import Cluster
kafka = Cluster(Path(sys.argv[1]))
kafka.start()
print(kafka.nodes[0].pid, flush=True)
sys.stdin.read()
"""


def test_a_broker_dies_with_its_owner_even_when_that_one_is_killed(
    kafka: Cluster, tmp_path: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _OWNER, str(tmp_path / "own")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout
        broker = psutil.Process(int(owner.stdout.readline()))
        assert "kafka.Kafka" in broker.cmdline()
        os.kill(owner.pid, signal.SIGKILL)
    try:
        broker.wait(10)
    except psutil.TimeoutExpired:
        pytest.fail("the broker outlived its owner")
