"""The broker kit: a real Kafka that keeps what it acknowledged and goes when its owner goes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from infra.broker.__main__ import _default_folder
from infra.broker.cluster import Cluster
from infra.broker.jars import cache
from infra.broker.ports import answering_brokers, free_ports
from kette.settings import Settings

pytestmark = pytest.mark.faults


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


def program(*words: object, **settings: object) -> subprocess.CompletedProcess[str]:
    """Call ``python -m infra.broker`` and wait for it."""
    return subprocess.run(
        [sys.executable, "-m", "infra.broker", *map(str, words)],
        env=os.environ | {name: str(value) for name, value in settings.items()},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def started(kafka: Cluster, tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """Start brokers by the program; return the folder and the port."""
    folder, port = tmp_path / "up", free_ports(1)[0].client
    try:
        said = program("up", "--folder", folder, "--port", port)
        assert said.returncode == 0, said.stderr
        assert f"KETTE_KAFKA=127.0.0.1:{port}\n" in said.stdout
        yield folder, port
    finally:
        program("down", "--folder", folder)


def test_up_outlives_its_shell_is_idempotent_and_keeps_the_data(started: tuple[Path, int]) -> None:
    folder, port = started
    bootstrap = f"127.0.0.1:{port}"
    make_topic(bootstrap, "kept", 1)
    write(bootstrap, "kept", [b"before"])
    pid = (folder / "node1" / "broker.pid").read_text()
    assert program("up", "--folder", folder, "--port", port).returncode == 0
    assert (folder / "node1" / "broker.pid").read_text() == pid
    assert program("down", "--folder", folder).stdout == "kafka: 1 stopped\n"
    assert answering_brokers(port) == 0
    assert program("down", "--folder", folder).stdout == "kafka: 0 stopped\n"
    assert program("up", "--folder", folder, "--port", port).returncode == 0
    assert read(bootstrap, "kept", 1) == [b"before"]


def test_up_refuses_what_it_cannot_start_and_names_the_cure(started: tuple[Path, int]) -> None:
    folder, port = started
    beside = program("up", "--folder", folder.with_name("other"), "--port", port)
    assert beside.returncode == 1
    assert f"port {port} is in use" in beside.stderr
    assert "KAFKA_PORT" in beside.stderr
    moved = program("up", "--folder", folder, "--port", port + 500)
    assert "stop it first" in moved.stderr
    more = program("up", "--folder", folder, "--nodes", 3, "--port", port)
    assert "holds a cluster of 1" in more.stderr


def test_down_leaves_a_process_alone_that_got_the_number_of_a_dead_broker(tmp_path: Path) -> None:
    folder = tmp_path / "stale"
    plan = {"cluster_id": "x", "ports": [{"client": 1, "controller": 2, "secured": 3}]}
    (folder / "node1").mkdir(parents=True)
    (folder / "cluster.json").write_text(json.dumps(plan))
    (folder / "node1" / "broker.pid").write_text(str(os.getpid()))
    assert program("down", "--folder", folder).stdout == "kafka: 0 stopped\n"
    (folder / "cluster.json").write_text("{")
    assert "cannot be read; remove it" in program("down", "--folder", folder).stderr


def test_a_jar_that_was_changed_is_named(kafka: Cluster, tmp_path: Path) -> None:
    for jar in cache().glob("*.jar"):
        (tmp_path / jar.name).symlink_to(jar)
    assert program("fetch", KETTE_KAFKA_CACHE=tmp_path).returncode == 0
    changed = tmp_path / "lz4-java-1.10.2.jar"
    changed.unlink()
    changed.write_bytes(b"something else")
    said = program("fetch", KETTE_KAFKA_CACHE=tmp_path)
    assert said.returncode == 1
    assert "lz4-java-1.10.2.jar is not the jar that is expected" in said.stderr
    assert f"remove {tmp_path}" in said.stderr


def test_two_that_fetch_at_once_end_with_one_whole_cache(tmp_path: Path) -> None:
    folder = tmp_path / "kafka"
    with ThreadPoolExecutor() as both:
        said = list(both.map(lambda _: program("fetch", KETTE_KAFKA_CACHE=folder), range(2)))
    assert [one.returncode for one in said] == [0, 0], said
    assert {one.name for one in folder.iterdir()} == {one.name for one in cache().glob("*.jar")}
    assert sorted(one.name for one in tmp_path.iterdir()) == [".kafka.lock", "kafka"]


def test_without_maven_and_without_java_the_cure_is_named(tmp_path: Path) -> None:
    nothing = {"KETTE_KAFKA_CACHE": tmp_path / "none", "PATH": str(tmp_path)}
    assert "apt-get install maven" in program("fetch", **nothing).stderr
    no_java = program("up", "--folder", tmp_path / "up", KETTE_JAVA="/bin/false")
    assert "Kafka needs Java 17 or newer" in no_java.stderr
    assert not (tmp_path / "none").exists()


def test_the_data_lies_beside_the_embedded_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KETTE_DATA_DIR", raising=False)
    assert _default_folder(1) == Settings().data_dir / "kafka"
    monkeypatch.setenv("KETTE_DATA_DIR", "/srv/kette")
    assert _default_folder(3) == Settings().data_dir / "kafka-3"
