"""Each event once and in its order, whatever is killed, frozen or restarted meanwhile.

The reader is confluent-kafka at read_committed; the journal says what it must find. The control runs
at the end publish wrongly on purpose: if they passed, these tests would prove nothing.
"""

import os
import random
import signal
import time
from collections.abc import Callable
from functools import partial

import psycopg
import pytest

from infra.broker.cluster import Cluster
from infra.embedded import EmbeddedServer
from infra.journal import open_journal
from tests.streams.reading import Comparison, arrivals, compare, compare_crossings, expected
from tests.streams.relay_program import FENCED
from tests.streams.relays import POINTS, RelayProcess, retried, take_lead_away

EVENTS = 50_000
CROSSINGS = EVENTS // 20
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
        with relay(halt=(point, nth, signal.SIGKILL)) as killed:
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
        restart(own_server, signal.SIGKILL)
        last.until("reached", 3)
        restart(own_server, signal.SIGINT)
        assert last.end() == 0

    facts, crossings = retried(lambda: verdict(dsn, broker.bootstrap, topic))
    assert facts == Comparison(EVENTS, 0, 0, 0, 0)
    assert crossings == Comparison(CROSSINGS, 0, 0, 0, 0)


def kill_at_random(relay: Callable[..., RelayProcess], rng: random.Random) -> None:
    with relay() as killed:
        killed.until("reached", rng.randrange(1, 6))
        time.sleep(rng.uniform(0, 0.1))  # any moment of a batch, not only its end
        killed.kill()


def freeze_and_fence(relay: Callable[..., RelayProcess], dsn: str, point: str) -> None:
    """Freeze a relay within a transaction, let another take its place, and thaw it."""
    with relay(halt=(point, 2, signal.SIGSTOP)) as old:
        old.until(f"at {point}")
        old.freeze_when_stopped()
        assert take_lead_away(dsn) == 1
        with relay() as new:
            new.until("reached", 3)
            old.thaw()
            assert old.end() == FENCED
            assert old.lines[-1] == "fenced"
            new.until("reached", 1)
            new.kill()


def restart(server: EmbeddedServer, how: int) -> None:
    """Stop PostgreSQL by a signal; whoever runs it starts it again."""
    before = server.pid
    assert before is not None
    os.kill(before, how)
    while server.pid == before:
        time.sleep(0.01)
    retried(lambda: psycopg.connect(server.dsn("postgres")).close())
