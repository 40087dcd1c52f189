"""What must not leave the house is nowhere in the broker's files; what must, is found by the same scan."""

import signal
from collections.abc import Callable
from functools import partial

import pytest

from infra.broker.cluster import Cluster
from tests.streams.filling import PUBLISHED, SECRETS
from tests.streams.relays import RelayProcess
from tests.streams.segments import batches, found

EVENTS = 4_000
LZ4 = 3


@pytest.mark.faults
def test_no_secret_reaches_the_broker_not_even_in_an_aborted_transaction(
    filled: Callable[[int], str], broker: Cluster, topic: str
) -> None:
    relay = partial(RelayProcess, filled(EVENTS), broker.bootstrap, topic)
    with relay(halt=("before_commit", [2], signal.SIGKILL)) as killed:
        assert killed.end() == -signal.SIGKILL
    with relay() as last:
        assert last.end() == 0

    marks = {mark: what for what, mark in SECRETS.items()}
    seen = found(broker.folder, [one.encode() for one in (*marks, PUBLISHED)])
    assert seen.pop(PUBLISHED.encode()) >= {LZ4}
    assert {marks[mark.decode()]: where for mark, where in seen.items() if where} == {}


@pytest.mark.faults
def test_the_scan_sees_every_record_of_the_topic(
    filled: Callable[[int], str], broker: Cluster, topic: str
) -> None:
    with RelayProcess(filled(EVENTS), broker.bootstrap, topic) as relay:
        assert relay.end() == 0

    text = b"".join(
        batch.records
        for segment in broker.folder.rglob(f"{topic}-*/*.log")
        for batch in batches(segment)
    )
    assert text.count(b"ce_journeyversion") == EVENTS
