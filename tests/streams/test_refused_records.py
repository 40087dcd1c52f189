"""A record that the broker refuses: the relay stops at it, says where, and goes on once it passes."""

import random
from collections.abc import Callable

import pytest

from infra.broker.cluster import Cluster
from infra.journal import open_journal
from tests.keyring import keys_of
from tests.streams.reading import Comparison, arrivals, compare, expected
from tests.streams.relays import RelayProcess, change_topic, fresh_topic

EVENTS = 1_000
LIMIT = 40_000
Filled = Callable[[int], str]


@pytest.mark.faults
def test_a_record_that_is_too_large_stops_the_relay_until_the_topic_takes_it(
    filled: Filled, broker: Cluster
) -> None:
    dsn = filled(EVENTS)
    with open_journal(dsn, keys_of(dsn)) as journal:
        journeys = [one.journey for one in expected(journal)]
        late = max(set(journeys), key=journeys.index)
        position = journeys.index(late) + 1
        # Facts are small; what makes this journey's records large is its name on the topic.
        names = {late: random.Random(1).randbytes(LIMIT // 2 + 1).hex()}
        wanted = expected(journal, names)
    topic = fresh_topic(broker.bootstrap, {"max.message.bytes": str(LIMIT)})

    with RelayProcess(dsn, broker.bootstrap, topic, names=names, batch=100) as relay:
        assert relay.until("refused") == f"refused {position}"
        assert relay.until("refused") == f"refused {position}"
        before = arrivals(broker.bootstrap, topic)
        assert compare(wanted[: position - 1], before) == Comparison(position - 1, 0, 0, 0, 0)
        for one in (topic, f"{topic}.subjects"):
            change_topic(broker.bootstrap, one, {"max.message.bytes": str(100 * LIMIT)})
        assert relay.end() == 0

    assert compare(wanted, arrivals(broker.bootstrap, topic)) == Comparison(EVENTS, 0, 0, 0, 0)
