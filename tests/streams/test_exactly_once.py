"""Each event once and in its order, whatever is killed, frozen or restarted meanwhile.

The reader is confluent-kafka at read_committed; the journal says what it must find. The control runs
at the end publish wrongly on purpose: if they passed, these tests would prove nothing.
"""

import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import pytest

from infra.broker.cluster import Cluster
from infra.embedded import EmbeddedServer
from infra.journal import open_journal
from tests.keyring import keys_of
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
WITHIN = ("after_send", "before_commit", "after_commit")
PATIENT = {"begin": 60.0, "delivery": 120.0, "publish": 180.0, "transaction": 300.0}
IMPATIENT = {"limits": {"begin": 3.0, "delivery": 2.0, "publish": 30.0, "transaction": 60.0}}
Filled = Callable[[int], str]
Start = Callable[..., RelayProcess]


def verdict(dsn: str, bootstrap: str, topic: str) -> tuple[Comparison, Comparison]:
    """Compare the topic with the journal and with the second outbox."""
    found = arrivals(bootstrap, topic)
    with open_journal(dsn, keys_of(dsn)) as journal:
        return compare(expected(journal), found), compare_crossings(dsn, found)


def told(run: str, facts: Comparison, crossings: Comparison) -> None:
    """Print a row of the table in docs/reference/streams-faults.md; ``make soak`` shows it."""
    figures = (facts.read, facts.lost, facts.doubled, facts.disordered, crossings.read)
    print(f"\n| {run} | {' | '.join(str(one) for one in figures)} |")


@dataclass(frozen=True, slots=True)
class Torment:
    """How often the relay is killed and frozen while it publishes the journal once.

    Attributes:
        points: Where it is killed -9, in turn.
        at_random: How often it is killed -9 at any moment.
        frozen: Where, within a transaction, it is frozen while another takes its place.
        batch: How many facts are in a transaction: so few that there is work left for the last.
    """

    points: Sequence[str]
    at_random: int
    frozen: Sequence[str]
    batch: int


IN_THE_GATE = Torment(POINTS, at_random=4, frozen=["after_send"], batch=250)
IN_THE_SOAK = Torment(POINTS * 4, 16, ["after_send", "before_commit"] * 2, batch=100)


@pytest.mark.parametrize(
    "torment",
    [
        pytest.param(IN_THE_GATE, marks=pytest.mark.faults, id="10 kills"),
        pytest.param(IN_THE_SOAK, marks=pytest.mark.soak, id="40 kills"),
    ],
)
def test_kills_frozen_relays_and_restarts_of_broker_and_database(
    torment: Torment, filled: Filled, own_server: EmbeddedServer, broker: Cluster, topic: str
) -> None:
    rng = random.Random(11)
    dsn = filled(EVENTS)
    relay = partial(RelayProcess, dsn, broker.bootstrap, topic, batch=torment.batch)

    for point in torment.points:
        kill_at(relay, point, rng)
    for _ in range(torment.at_random):
        kill_at_random(relay, rng)
    for point in torment.frozen:
        freeze_and_fence(relay, dsn, point)
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
    kills = len(torment.points) + torment.at_random
    told(f"{kills} kills, {len(torment.frozen)} fenced, 3 restarts", facts, crossings)
    assert facts == Comparison(EVENTS, 0, 0, 0, 0)
    assert crossings == Comparison(CROSSINGS, 0, 0, 0, 0)


def kill_at(relay: Start, point: str, rng: random.Random) -> None:
    """Let it kill itself -9 where it begins, or within one of its first transactions."""
    nth = rng.randrange(1, 6) if point in WITHIN else 1
    with relay(halt=(point, [nth], signal.SIGKILL)) as killed:
        assert killed.end() == -signal.SIGKILL
        assert killed.lines[-1] == f"at {point}"


def kill_at_random(relay: Start, rng: random.Random) -> None:
    with relay() as killed:
        killed.until("reached", rng.randrange(1, 6))
        time.sleep(rng.uniform(0, 0.1))  # any moment of a batch, not only its end
        killed.kill()


def freeze_and_fence(relay: Start, dsn: str, point: str) -> None:
    """Freeze a relay within a transaction, let another take its place, and thaw it."""
    halt = (point, [2], signal.SIGSTOP)
    with relay(halt=halt, publisher="awaited", limits=PATIENT) as old:
        old.until(f"at {point}")
        old.freeze_when_stopped()
        assert take_lead_away(dsn) == 1
        with relay(halt=("before_commit", [2], signal.SIGSTOP), limits=PATIENT) as new:
            new.until("at before_commit")
            new.freeze_when_stopped()
            old.thaw()
            assert old.end() == FENCED, old.lines[-5:]
            assert old.lines[-1] == "fenced"
            # Who was fenced takes the open transaction of its successor from it neither.
            new.thaw()
            new.until("reached", 3)
            new.kill()


@pytest.mark.soak
def test_of_three_brokers_each_is_killed_once_under_load(
    filled: Filled, kafka_cluster: Callable[..., Cluster]
) -> None:
    dsn = filled(EVENTS)
    brokers = kafka_cluster(nodes=3)
    topic = fresh_topic(brokers.bootstrap)
    with RelayProcess(dsn, brokers.bootstrap, topic, batch=100) as relay:
        for number in (1, 2, 3):
            relay.until("reached", 20)
            brokers.kill(number)
            relay.until("reached", 20)
            brokers.restart(number)
        assert relay.end() == 0

    facts, crossings = verdict(dsn, brokers.bootstrap, topic)
    told("three brokers, each killed once", facts, crossings)
    assert facts == Comparison(EVENTS, 0, 0, 0, 0)
    assert crossings == Comparison(CROSSINGS, 0, 0, 0, 0)


@pytest.mark.parametrize(
    "outages",
    [
        pytest.param(3, marks=pytest.mark.faults),
        pytest.param(20, marks=pytest.mark.soak),
    ],
)
def test_outages_longer_than_the_delivery_timeout_in_the_middle_of_a_transaction(
    outages: int, filled: Filled, broker: Cluster, topic: str
) -> None:
    dsn = filled(FEW)
    halt = ("half_sent", list(range(2, 2 * outages + 1, 2)), signal.SIGSTOP)
    orders = {"batch": 90, "halt": halt, "publisher": "halved", **IMPATIENT}
    with RelayProcess(dsn, broker.bootstrap, topic, **orders) as relay:
        for _ in range(outages):
            take_the_broker_away(relay, broker)
        assert relay.end() == 0
    assert sum(line.startswith("failed") for line in relay.lines) >= outages

    facts, crossings = verdict(dsn, broker.bootstrap, topic)
    told(f"{outages} outages", facts, crossings)
    assert facts == Comparison(FEW, 0, 0, 0, 0)
    assert crossings == Comparison(FEW // 20, 0, 0, 0, 0)


def take_the_broker_away(relay: RelayProcess, broker: Cluster) -> None:
    """Freeze it with a transaction half sent; go on without a broker for longer than it may take."""
    relay.until("at half_sent")
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
    """Say whether a relay reports the end of the journal although the last records are lost."""
    topic = fresh_topic(broker.bootstrap)
    halt = ("half_sent", [FEW // 500], signal.SIGSTOP)
    orders = {"batch": 500, "halt": halt, "publisher": "trusting", **IMPATIENT}
    with RelayProcess(dsn, broker.bootstrap, topic, **orders) as relay:
        take_the_broker_away(relay, broker)
        assert relay.end() == 0
    facts, crossings = verdict(dsn, broker.bootstrap, topic)
    told("control: futures unasked, 1 outage", facts, crossings)
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

    facts, crossings = verdict(dsn, broker.bootstrap, topic)
    told("control: progress after the commit, 2 kills", facts, crossings)
    assert facts.lost == 0
    assert facts.doubled > 0
