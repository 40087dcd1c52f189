"""Each event once and in its order, whatever is killed, frozen or restarted meanwhile.

The reader is confluent-kafka at read_committed; the journal says what it must find. The control runs
at the end publish wrongly on purpose: if they passed, these tests would prove nothing.
"""

import random
import signal
import time
from collections.abc import Callable
from functools import partial

import pytest

from infra.broker.cluster import Cluster
from infra.embedded import EmbeddedServer
from infra.journal import open_journal
from tests.streams.reading import Comparison, arrivals, compare, compare_crossings, expected
from tests.streams.relay_program import FENCED
from tests.streams.relays import (
    POINTS,
    RelayProcess,
    fresh_topic,
    restart_database,
    take_lead_away,
)

EVENTS = 50_000
CROSSINGS = EVENTS // 20
FEW = 4_000
OUTAGES = ("after_send", [2, 4, 6], signal.SIGSTOP)
PATIENT = {"begin": 60.0, "delivery": 120.0, "publish": 180.0, "transaction": 300.0}
IMPATIENT = {"limits": {"begin": 3.0, "delivery": 2.0, "publish": 30.0, "transaction": 60.0}}
Filled = Callable[[int], str]


def verdict(dsn: str, bootstrap: str, topic: str) -> tuple[Comparison, Comparison]:
    """Compare the topic with the journal and with the second outbox."""
    found = arrivals(bootstrap, topic)
    with open_journal(dsn) as journal:
        return compare(expected(journal), found), compare_crossings(dsn, found)


@pytest.mark.faults
def test_ten_kills_a_frozen_relay_and_restarts_of_broker_and_database(
    filled: Filled, own_server: EmbeddedServer, broker: Cluster, topic: str
) -> None:
    rng = random.Random(11)
    dsn = filled(EVENTS)
    relay = partial(RelayProcess, dsn, broker.bootstrap, topic)

    for point in POINTS:
        nth = rng.randrange(1, 6) if point in POINTS[3:] else 1
        with relay(halt=(point, [nth], signal.SIGKILL)) as killed:
            assert killed.end() == -signal.SIGKILL
            assert killed.lines[-1] == f"at {point}"
    for _ in range(4):
        kill_at_random(relay, rng)
    freeze_and_fence(relay, dsn, "after_send")
    with relay() as last:
        last.until("reached", 3)
        broker.kill()
        broker.restart()
        last.until("reached", 3)
        restart_database(own_server, signal.SIGKILL)
        last.until("reached", 3)
        restart_database(own_server, signal.SIGINT)
        assert last.end() == 0

    facts, crossings = verdict(dsn, broker.bootstrap, topic)
    assert facts == Comparison(EVENTS, 0, 0, 0, 0)
    assert crossings == Comparison(CROSSINGS, 0, 0, 0, 0)


def kill_at_random(relay: Callable[..., RelayProcess], rng: random.Random) -> None:
    with relay() as killed:
        killed.until("reached", rng.randrange(1, 6))
        time.sleep(rng.uniform(0, 0.1))  # any moment of a batch, not only its end
        killed.kill()


def freeze_and_fence(relay: Callable[..., RelayProcess], dsn: str, point: str) -> None:
    """Freeze a relay within a transaction, let another take its place, and thaw it."""
    with relay(halt=(point, [2], signal.SIGSTOP), limits=PATIENT) as old:
        old.until(f"at {point}")
        old.freeze_when_stopped()
        assert take_lead_away(dsn) == 1
        with relay() as new:
            new.until("reached", 3)
            old.thaw()
            assert old.end() == FENCED, old.lines[-5:]
            assert old.lines[-1] == "fenced"
            new.until("reached", 1)
            new.kill()


@pytest.mark.faults
def test_an_outage_longer_than_the_delivery_timeout_in_the_middle_of_a_transaction(
    filled: Filled, broker: Cluster, topic: str
) -> None:
    dsn = filled(FEW)
    with RelayProcess(dsn, broker.bootstrap, topic, halt=OUTAGES, **IMPATIENT) as relay:
        for _ in range(3):
            take_the_broker_away(relay, broker)
        assert relay.end() == 0
    assert sum(line.startswith("failed") for line in relay.lines) >= 3

    facts, crossings = verdict(dsn, broker.bootstrap, topic)
    assert facts == Comparison(FEW, 0, 0, 0, 0)
    assert crossings == Comparison(FEW // 20, 0, 0, 0, 0)


def take_the_broker_away(relay: RelayProcess, broker: Cluster) -> None:
    """Freeze it with a transaction half sent; go on without a broker for longer than it may take."""
    relay.until("at after_send")
    relay.freeze_when_stopped()
    broker.kill()
    away = time.monotonic()
    relay.thaw()
    broker.restart()
    assert time.monotonic() - away > IMPATIENT["limits"]["delivery"]


@pytest.mark.faults
def test_control_without_the_check_of_the_futures_records_are_lost(
    filled: Filled, broker: Cluster
) -> None:
    dsn = filled(FEW)
    assert any(loses_when_nobody_asks(dsn, broker) for _ in range(5))


def loses_when_nobody_asks(dsn: str, broker: Cluster) -> bool:
    topic = fresh_topic(broker.bootstrap)
    halt = ("after_send", [2], signal.SIGSTOP)
    orders = {"halt": halt, "publisher": "trusting", **IMPATIENT}
    with RelayProcess(dsn, broker.bootstrap, topic, **orders) as relay:
        take_the_broker_away(relay, broker)
        assert relay.end() == 0
    facts, _ = verdict(dsn, broker.bootstrap, topic)
    return facts.lost > 0


@pytest.mark.faults
def test_control_with_the_progress_stored_after_the_commit_records_are_doubled(
    filled: Filled, broker: Cluster, topic: str
) -> None:
    dsn = filled(FEW)
    relay = partial(RelayProcess, dsn, broker.bootstrap, topic, publisher="late progress")
    for _ in range(2):
        with relay(halt=("before_commit", [2], signal.SIGKILL)) as killed:
            assert killed.end() == -signal.SIGKILL
    with relay() as last:
        assert last.end() == 0

    facts, _ = verdict(dsn, broker.bootstrap, topic)
    assert facts.lost == 0
    assert facts.doubled > 0
