"""`kette relay` and `kette republish` as a user calls them, on a real broker and a real database."""

import re
import signal
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import confluent_kafka
import psycopg
import pytest
from confluent_kafka.admin import AdminClient

from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.journal import Append, Entry
from infra.broker.cluster import Cluster
from infra.broker.ports import free_ports
from infra.journal import open_journal
from infra.streams.publisher import KafkaPublisher
from infra.streams.topics import ClusterTopics
from kette import relay_commands
from kette.output import FENCED, REFUSED, UNREACHABLE, UNREADABLE
from schemas.topics import JOURNEY, SUBJECTS, generation
from tests.kette.conftest import Run, Said
from tests.keyring import keys_of

Started = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def own(kafka_cluster: Callable[..., Cluster]) -> Cluster:
    """Return a broker without the topics of other tests: these are the real names."""
    return kafka_cluster()


@pytest.fixture
def clean(own: Cluster) -> Cluster:
    """Return the broker without any topic."""
    admin = AdminClient({"bootstrap.servers": own.bootstrap})
    names = [one for one in admin.list_topics(timeout=30).topics if one.startswith("kette.")]
    for future in (admin.delete_topics(names) if names else {}).values():
        future.result(30)
    return own


@pytest.fixture
def called(dsn: str, clean: Cluster, without_store: Run) -> Callable[..., Said]:
    return lambda *words: without_store(*words, KETTE_DSN=dsn, KETTE_KAFKA=clean.bootstrap)


@pytest.fixture
def running(dsn: str, clean: Cluster, started: Started) -> Iterator[Started]:
    """Start a relay as a process that is gone at the end."""
    processes: list[subprocess.Popen[str]] = []

    def start(*words: str, **settings: object) -> "subprocess.Popen[str]":
        given = {"KETTE_DSN": dsn, "KETTE_KAFKA": clean.bootstrap, **settings}
        process = started(*words, settings=given, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def record(dsn: str, *types: str, journey: UUID | None = None, after: int = 0) -> None:
    entries = tuple(
        Entry(f"f{after + n}", read_fact(name, {}), PartialDate(2026, 3, 4))
        for n, name in enumerate(types)
    )
    with open_journal(dsn, keys_of(dsn)) as journal:
        journal.append([Append(uuid4(), b"", journey or uuid4(), after, entries)])


def said_until(process: "subprocess.Popen[str]", wanted: str) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if wanted in line:
            return line
    raise AssertionError(f"the relay ended with {process.wait()} and never said {wanted!r}")


def arrived(kafka: Cluster, topic: str) -> list[dict[str, str]]:
    """Return the headers of what committed readers see, in the order of positions."""
    consumer = confluent_kafka.Consumer(
        {
            "bootstrap.servers": kafka.bootstrap,
            "group.id": uuid4().hex,
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
        }
    )
    begin = confluent_kafka.OFFSET_BEGINNING
    consumer.assign([confluent_kafka.TopicPartition(topic, n, begin) for n in range(12)])
    found: list[dict[str, str]] = []
    ended: set[int | None] = set()
    while len(ended) < 12:
        message = consumer.poll(30)
        assert message is not None
        if message.error() is None:
            found.append({name: value.decode() for name, value in message.headers() or ()})
        else:
            ended.add(message.partition())
    consumer.close()
    return sorted(found, key=lambda one: int(one["ce_position"]))


def test_it_makes_what_is_missing_publishes_everything_and_ends(
    called: Callable[..., Said], dsn: str, clean: Cluster
) -> None:
    record(dsn, "CaseOpened", "ContactHeld")
    said = called("relay", "--until-caught-up", "--no-clock")
    assert said.code == 0, said.err
    assert "relay: made kette.journey.v1, " in said.err
    assert said.out == "kette.journey.v1 stands at position 2, crossing 0\n"
    types = [one["ce_type"].rpartition(".")[2] for one in arrived(clean, JOURNEY.name)]
    assert types == ["CaseOpened", "JourneyAdvanced"]
    record(dsn, "CaseOpened")
    again = called("relay", "--until-caught-up", "--no-clock")
    assert "publishes kette.journey.v1 from position 2" in again.err
    assert "made" not in again.err
    assert len(arrived(clean, JOURNEY.name)) == 3
    assert len(arrived(clean, SUBJECTS.name)) == 2


def test_the_clock_tells_before_it_ends(
    called: Callable[..., Said], dsn: str, clean: Cluster
) -> None:
    record(dsn, "CaseOpened")
    said = called("relay", "--until-caught-up")
    told = re.fullmatch(r"kette\.journey\.v1 stands at position 1, crossing (\d+)\n", said.out)
    assert told is not None, said
    ids = [one["ce_id"].split("/")[1] for one in arrived(clean, JOURNEY.name)]
    assert int(told[1]) == len(ids) - 1 > 0
    assert set(ids[1:]) <= {"gap", "status"}


def test_at_least_once_publishes_as_well(
    called: Callable[..., Said], dsn: str, clean: Cluster
) -> None:
    record(dsn, "CaseOpened", "CaseClosed")
    for _ in range(2):
        said = called("relay", "--until-caught-up", "--no-clock", "--at-least-once")
        assert said.code == 0, said.err
    assert [one["ce_position"] for one in arrived(clean, JOURNEY.name)] == ["1", "2"]


def test_it_follows_until_sigterm_and_shows_its_figures(
    running: Started, dsn: str, clean: Cluster
) -> None:
    port = free_ports(1)[0].client
    process = running("relay", "--no-clock", "--metrics-port", str(port))
    said_until(process, "from position 0")
    journey = uuid4()
    record(dsn, "CaseOpened", "ContactHeld", "PersonIdentified", journey=journey)

    def figures() -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            return str(answer.read().decode())

    name = '{topic="kette.journey.v1"}'
    while f"kette_relay_published_total{name} 3.0" not in figures():
        assert process.poll() is None
    shown = figures()
    lines = set(shown.splitlines())
    assert {
        f"kette_relay_leading{name} 1.0",
        f"kette_relay_lag_events{name} 0.0",
        f"kette_relay_lag_seconds{name} 0.0",
        f"kette_relay_refused_position{name} 0.0",
        f"kette_relay_fenced_total{name} 0.0",
        'kette_relay_suppressed_total{reason="class",topic="kette.journey.v1"} 1.0',
        'kette_relay_suppressed_total{reason="not_published",topic="kette.journey.v1"} 1.0',
        'kette_relay_suppressed_total{reason="erased",topic="kette.journey.v1"} 0.0',
    } <= lines
    assert str(journey) not in shown
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert out == "kette.journey.v1 stands at position 3, crossing 0\n"


def test_it_waits_for_a_broker_and_ctrl_c_ends_the_wait(running: Started) -> None:
    port = free_ports(1)[0].client
    process = running("relay", KETTE_KAFKA=f"127.0.0.1:{port}")
    assert f"no Kafka answers at 127.0.0.1:{port}" in said_until(process, "waits for it")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 0


def test_without_a_broker_catching_up_fails_after_a_while(
    without_store: Run, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_commands, "_PATIENCE_SECONDS", 0.5)
    said = without_store(
        "relay", "--until-caught-up", "--no-clock", KETTE_DSN=dsn, KETTE_KAFKA="127.0.0.1:1"
    )
    assert said.code == UNREACHABLE
    assert "no Kafka answers at 127.0.0.1:1; `make kafka-up` starts one" in said.err


def test_a_second_relay_waits_and_takes_over(running: Started, dsn: str, clean: Cluster) -> None:
    record(dsn, "CaseOpened")
    first = running("relay", "--no-clock")
    said_until(first, "from position")
    second = running("relay", "--no-clock")
    said_until(second, "this one waits to take over")
    record(dsn, "CaseOpened")
    first.kill()
    said_until(second, "publishes kette.journey.v1 from position")
    record(dsn, "CaseOpened")
    second.send_signal(signal.SIGTERM)
    second.communicate(timeout=30)
    positions = [one["ce_position"] for one in arrived(clean, JOURNEY.name)]
    assert positions in (["1", "2"], ["1", "2", "3"])


def test_catching_up_beside_a_relay_ends_when_that_one_has_published_all(
    running: Started, called: Callable[..., Said], dsn: str, clean: Cluster
) -> None:
    record(dsn, "CaseOpened", "CourseStarted")
    said_until(running("relay"), "publishes kette.journey.v1 from position 0")
    beside = called("relay", "--until-caught-up")
    assert beside.code == 0, beside.err
    assert "another relay publishes kette.journey.v1" in beside.err
    assert beside.out.startswith("kette.journey.v1 stands at position 2,")
    assert len(arrived(clean, JOURNEY.name)) >= 2


def test_a_relay_that_lost_its_lock_in_its_sleep_waits_behind_its_successor(
    running: Started, dsn: str, clean: Cluster
) -> None:
    record(dsn, "CaseOpened")
    old = running("relay", "--no-clock")
    said_until(old, "from position 0")
    old.send_signal(signal.SIGSTOP)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database"
            " = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
    new = running("relay", "--no-clock")
    said_until(new, "publishes kette.journey.v1 from position")
    old.send_signal(signal.SIGCONT)
    said_until(old, "waits to take over")
    assert new.poll() is None


def test_a_relay_whose_place_on_the_topic_is_taken_ends_with_its_own_code(
    running: Started, dsn: str, clean: Cluster
) -> None:
    relay = running("relay", "--no-clock")
    said_until(relay, "from position 0")
    other = KafkaPublisher({"bootstrap_servers": clean.bootstrap}, JOURNEY)
    assert other.begin() is None
    record(dsn, "CaseOpened")
    _, err = relay.communicate(timeout=60)
    assert relay.returncode == FENCED
    assert "another relay publishes this topic now" in err
    other.abandon()
    assert arrived(clean, JOURNEY.name) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE kette.log_head SET epoch = gen_random_uuid()", "another journal"),
        ("UPDATE kette.log_head SET position = 1", "the journal ends at 1"),
        (
            "UPDATE kette.events SET leaf = sha256(leaf) WHERE position = 2",
            "at position 2 the topic holds another record",
        ),
    ],
    ids=["foreign epoch", "position ahead", "other leaf"],
)
def test_a_topic_of_another_journal_stops_it_with_the_cure(
    called: Callable[..., Said], dsn: str, change: str, said: str
) -> None:
    record(dsn, "CaseOpened", "CaseClosed")
    assert called("relay", "--until-caught-up", "--no-clock").code == 0
    with psycopg.connect(dsn) as connection:
        connection.execute("ALTER TABLE kette.events DISABLE TRIGGER ALL")
        connection.execute(change)
    stopped = called("relay", "--until-caught-up", "--no-clock")
    assert stopped.code == REFUSED
    assert said in stopped.err
    assert "`kette republish --generation N`" in stopped.err


def test_a_new_generation_is_filled_from_zero_once_and_goes_on(
    called: Callable[..., Said], dsn: str, clean: Cluster
) -> None:
    record(dsn, "CaseOpened", "CaseClosed", "CaseOpened")
    assert called("relay", "--until-caught-up", "--no-clock").code == 0
    filled = called("republish", "--topic", "kette.journey.v1", "--generation", "2")
    assert filled.code == 0, filled.err
    assert filled.out == "kette.journey.v1.g2 stands at position 3, crossing 0\n"
    second = generation(JOURNEY, 2).name
    assert [one["ce_id"] for one in arrived(clean, second)] == [
        one["ce_id"] for one in arrived(clean, JOURNEY.name)
    ]
    record(dsn, "CaseOpened")
    refused = called("republish", "--generation", "2")
    assert refused.code == REFUSED
    assert "`kette relay --generation 2` goes on with it" in refused.err
    goes_on = called("relay", "--until-caught-up", "--no-clock", "--generation", "2")
    assert goes_on.out == "kette.journey.v1.g2 stands at position 4, crossing 0\n"
    assert len(arrived(clean, second)) == 4
    assert len(arrived(clean, JOURNEY.name)) == 3


def test_a_fill_that_was_killed_goes_on(
    running: Started, called: Callable[..., Said], dsn: str, clean: Cluster
) -> None:
    for _ in range(40):
        record(dsn, *["CaseOpened", "ContactHeld"] * 10)
    killed = running("republish", "--generation", "3", "--batch", "1")
    said_until(killed, "from position 0")
    killed.kill()
    killed.wait()
    goes_on = called("republish", "--generation", "3")
    assert goes_on.code == 0, goes_on.err
    positions = [one["ce_position"] for one in arrived(clean, generation(JOURNEY, 3).name)]
    assert positions == [str(n) for n in range(1, 801)]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--generation", "1"), REFUSED, "take 2 or more"),
        (("--generation", "2", "--topic", "x"), UNREADABLE, "kette.journey.v1 is"),
    ],
)
def test_only_a_later_generation_of_the_journeys_topic_is_filled(
    without_store: Run, words: tuple[str, ...], code: int, said: str
) -> None:
    refused = without_store("republish", *words)
    assert refused.code == code
    assert said in refused.err


def test_a_record_that_kafka_refuses_is_named_with_the_cure_and_goes_out_after_it(
    running: Started, called: Callable[..., Said], dsn: str, clean: Cluster
) -> None:
    assert called("relay", "--until-caught-up", "--no-clock").code == 0
    small = {**JOURNEY.config, "max.message.bytes": "100"}
    ClusterTopics({"bootstrap_servers": clean.bootstrap}).apply([replace(JOURNEY, config=small)])
    journey = uuid4()
    record(dsn, "CaseOpened", "CaseClosed", journey=journey)
    process = running("relay", "--no-clock")
    alarm = said_until(process, "ALARM")
    assert f"position 1, journey {journey}" in alarm
    assert "max.message.bytes" in alarm
    assert arrived(clean, JOURNEY.name) == []
    ClusterTopics({"bootstrap_servers": clean.bootstrap}).apply([JOURNEY])
    while len(found := arrived(clean, JOURNEY.name)) < 2:
        assert process.poll() is None
    assert [one["ce_position"] for one in found] == ["1", "2"]
