"""What can go wrong around the relay, one thing at a time, on a real broker and a real database."""

import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from uuid import UUID, uuid4

import psycopg
import pytest
from confluent_kafka import IsolationLevel, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic, OffsetSpec

from domain.days import PartialDate
from domain.events.record import JourneyErased
from domain.events.registry import read_fact
from domain.journal import Append, Entry, Recorded
from infra.broker.cluster import Cluster
from infra.embedded import EmbeddedServer
from infra.errors import JournalBusyError
from infra.journal import open_journal
from infra.writer import Writer
from tests.keyring import keys_of
from tests.streams.reading import Comparison, arrivals, compare, expected, states
from tests.streams.relay_program import DIVERGED, FENCED, topics_of
from tests.streams.relays import RelayProcess, restart_database, take_lead_away

EVENTS, MANY = 1_000, 4_000
RETRYING = {"begin": 20.0, "delivery": 4.0, "publish": 60.0, "transaction": 120.0}
Filled = Callable[[int], str]
pytestmark = pytest.mark.faults


def record(dsn: str, *type_names: str, journey: UUID | None = None, silently: bool = False) -> UUID:
    """Append facts to a journey, a new one unless it is given, and ring unless silently; return it."""
    journey = journey or uuid4()
    with open_journal(dsn, keys_of(dsn)) as journal:
        after = len(journal.read(journey))
        entries = tuple(
            Entry(f"x{place}", read_fact(one, {}), PartialDate(2026, 5))
            for place, one in enumerate(type_names, after)
        )
        if silently:
            journal._doorbell.close()
        (answer,) = journal.append([Append(uuid4(), b"", journey, after, entries)])
    assert answer.count == len(type_names)
    return journey


def publish_all(dsn: str, broker: Cluster, topic: str) -> None:
    with RelayProcess(dsn, broker.bootstrap, topic) as relay:
        assert relay.end() == 0


def verdict(dsn: str, broker: Cluster, topic: str) -> Comparison:
    with open_journal(dsn, keys_of(dsn)) as journal:
        return compare(expected(journal), arrivals(broker.bootstrap, topic))


# The database


def test_the_lead_is_lost_in_the_middle_and_taken_again(
    filled: Filled, broker: Cluster, topic: str
) -> None:
    dsn = filled(MANY)
    with RelayProcess(dsn, broker.bootstrap, topic, batch=20) as relay:
        for _ in range(3):
            relay.until("reached", 2)
            take_lead_away(dsn)
        assert relay.end() == 0
    assert relay.lines.count("failed journal-unavailable") == 3
    assert verdict(dsn, broker, topic) == Comparison(MANY, 0, 0, 0, 0)


def test_a_restart_while_it_waits_for_the_doorbell_costs_it_nothing(
    filled: Filled, own_server: EmbeddedServer, broker: Cluster, topic: str
) -> None:
    dsn = filled(EVENTS)
    with RelayProcess(dsn, broker.bootstrap, topic, follow=True) as relay:
        relay.until(f"reached {EVENTS} ")
        restart_database(own_server, signal.SIGINT)
        record(dsn, "CaseOpened")
        relay.until(f"reached {EVENTS + 1} ")
    assert verdict(dsn, broker, topic) == Comparison(EVENTS + 1, 0, 0, 0, 0)


def test_an_open_append_holds_back_those_behind_it_and_undone_it_leaves_no_hole(
    filled: Filled, broker: Cluster, topic: str
) -> None:
    dsn = filled(EVENTS)
    with RelayProcess(dsn, broker.bootstrap, topic, follow=True) as relay:
        relay.until(f"reached {EVENTS} ")
        with psycopg.connect(dsn) as connection:
            assert append_within(connection, dsn) == EVENTS + 1
            with pytest.raises(JournalBusyError):
                record(dsn, "CaseOpened")
            connection.rollback()
        record(dsn, "CaseOpened")
        relay.until(f"reached {EVENTS + 1} ")
    assert verdict(dsn, broker, topic) == Comparison(EVENTS + 1, 0, 0, 0, 0)


def append_within(connection: psycopg.Connection[tuple[object, ...]], dsn: str) -> int:
    """Append a fact in the open transaction of a connection; return its position."""
    entry = Entry("open", read_fact("CaseOpened", {}))
    with open_journal(dsn, keys_of(dsn)) as journal:
        (request,) = journal.sealer.requests([Append(uuid4(), b"", uuid4(), 0, (entry,))])
    writer = Writer(dsn)
    connection.execute("SET LOCAL ROLE kette_writer")
    connection.pgconn.exec_params(
        writer.statement, writer.arguments([request]), writer.oids, [1] * len(writer.oids)
    )
    connection.execute("RESET ROLE")
    row = connection.execute("SELECT position FROM kette.log_head").fetchone()
    assert row is not None
    return int(str(row[0]))


def test_a_missed_ring_is_found_by_looking(filled: Filled, broker: Cluster, topic: str) -> None:
    dsn = filled(EVENTS)
    with RelayProcess(dsn, broker.bootstrap, topic, follow=True) as relay:
        relay.until(f"reached {EVENTS} ")
        record(dsn, "CaseOpened", silently=True)
        relay.until(f"reached {EVENTS + 1} ")


def test_a_journal_that_lost_its_end_stops_the_relay(
    filled: Filled, broker: Cluster, topic: str
) -> None:
    whole, lost, another = (filled(EVENTS) for _ in range(3))
    record(whole, "CaseOpened", "CaseClosed")
    publish_all(whole, broker, topic)
    record(another, "CaseOpened", "ContactHeld", "CaseClosed")

    stops(lost, broker, topic, f"stands at position {EVENTS + 2}, the journal ends at {EVENTS}")
    stops(another, broker, topic, "another record than the journal")
    assert verdict(whole, broker, topic) == Comparison(EVENTS + 2, 0, 0, 0, 0)


def test_another_journal_stops_the_relay(
    filled: Filled, dsn: str, broker: Cluster, topic: str
) -> None:
    publish_all(filled(EVENTS), broker, topic)
    record(dsn, "CaseOpened")
    stops(dsn, broker, topic, "another journal")


def stops(dsn: str, broker: Cluster, topic: str, because: str) -> None:
    with RelayProcess(dsn, broker.bootstrap, topic) as relay:
        assert relay.end() == DIVERGED
        assert because in relay.lines[-1]
        assert "kette republish" in relay.lines[-1]


# The broker


def test_an_answer_that_comes_too_late_doubles_nothing(
    filled: Filled, broker: Cluster, topic: str
) -> None:
    dsn = filled(EVENTS)
    halt = ("after_send", [2, 4], signal.SIGSTOP)
    with RelayProcess(dsn, broker.bootstrap, topic, batch=100, halt=halt, limits=RETRYING) as relay:
        for _ in range(2):
            relay.until("at after_send")
            relay.freeze_when_stopped()
            broker.pause()
            relay.thaw()
            # Longer than a request may take (half of the delivery), shorter than the delivery.
            threading.Event().wait(RETRYING["delivery"] * 0.7)
            broker.resume()
        assert relay.end() == 0
    assert verdict(dsn, broker, topic) == Comparison(EVENTS, 0, 0, 0, 0)


def test_a_commit_whose_answer_is_not_waited_for_any_longer_counts_once(
    filled: Filled, broker: Cluster, topic: str
) -> None:
    dsn = filled(EVENTS)
    limits = {"begin": 4.0, "delivery": 2.0, "publish": 3.0, "transaction": 60.0}
    halt = ("before_commit", [2, 4], signal.SIGSTOP)
    with RelayProcess(dsn, broker.bootstrap, topic, batch=100, halt=halt, limits=limits) as relay:
        for _ in range(2):
            relay.until("at before_commit")
            relay.freeze_when_stopped()
            broker.pause()
            relay.thaw()
            relay.until("failed")
            broker.resume()
        assert relay.end() == 0
    assert verdict(dsn, broker, topic) == Comparison(EVENTS, 0, 0, 0, 0)


def test_at_least_once_doubles_but_loses_nothing(
    filled: Filled, broker: Cluster, topic: str
) -> None:
    dsn = filled(EVENTS)
    relay = partial(RelayProcess, dsn, broker.bootstrap, topic, publisher="at least once")
    for _ in range(2):
        with relay(halt=("after_send", [2], signal.SIGKILL), batch=100) as killed:
            assert killed.end() == -signal.SIGKILL
    with relay(batch=50) as last:
        last.until("reached", 3)
        broker.kill()
        broker.restart()
        assert last.end() == 0

    seen = verdict(dsn, broker, topic)
    assert (seen.lost, seen.wrong) == (0, 0)
    assert seen.doubled > 0


def test_a_transaction_that_the_broker_ended_ends_the_relay_and_the_next_goes_on(
    filled: Filled, broker: Cluster, topic: str
) -> None:
    dsn = filled(EVENTS)
    limits = {"begin": 20.0, "delivery": 60.0, "publish": 90.0, "transaction": 1.0}
    halt = ("before_commit", [2], signal.SIGSTOP)
    with RelayProcess(dsn, broker.bootstrap, topic, batch=100, halt=halt, limits=limits) as relay:
        relay.until("at before_commit")
        relay.freeze_when_stopped()
        wait_until_ended(broker, topic)
        relay.thaw()
        assert relay.end() == FENCED
    publish_all(dsn, broker, topic)
    assert verdict(dsn, broker, topic) == Comparison(EVENTS, 0, 0, 0, 0)


def wait_until_ended(broker: Cluster, topic: str) -> None:
    """Wait until no transaction is open on the relay's partition of the progress."""
    admin = AdminClient({"bootstrap.servers": broker.bootstrap, "log_level": 0})
    topics = topics_of(topic)
    place = TopicPartition(topics.progress.name, topics.events.relay_partition)

    def end(isolation: IsolationLevel) -> int:
        asked = admin.list_offsets({place: OffsetSpec.latest()}, isolation_level=isolation)
        return int(asked[place].result(20).offset)

    deadline = time.monotonic() + 60
    while end(IsolationLevel.READ_COMMITTED) < end(IsolationLevel.READ_UNCOMMITTED):
        assert time.monotonic() < deadline, "the broker does not end the transaction"


def test_a_topic_made_anew_stops_the_relay(filled: Filled, broker: Cluster, topic: str) -> None:
    dsn = filled(EVENTS)
    publish_all(dsn, broker, topic)
    admin = AdminClient({"bootstrap.servers": broker.bootstrap, "log_level": 0})
    admin.delete_topics([topic])[topic].result(30)
    record(dsn, "CaseOpened")
    with RelayProcess(dsn, broker.bootstrap, topic) as relay:
        relay.until("failed no-topic")
        admin.create_topics([NewTopic(topic, 12)])[topic].result(30)
        assert relay.end() == DIVERGED
        assert "made anew" in relay.lines[-1]
    assert arrivals(broker.bootstrap, topic) == []


# Erasure


def test_what_was_erased_while_the_relay_was_away_goes_out_unopened(
    filled: Filled, broker: Cluster, topic: str
) -> None:
    dsn = filled(EVENTS)
    publish_all(dsn, broker, topic)
    kept = record(dsn, "CaseOpened", "CourseStarted")
    erased = record(dsn, "CaseOpened", "CourseStarted")
    record(dsn, "JourneyErased", journey=erased)
    publish_all(dsn, broker, topic)

    told = [one for one in arrivals(broker.bootstrap, topic) if one.position > EVENTS]
    assert [one.type for one in told if one.key == str(kept)] == ["CaseOpened", "CourseStarted"]
    assert [one.type for one in told if one.key == str(erased)] == ["JourneyAdvanced"] * 3
    subjects = states(broker.bootstrap, topics_of(topic).subjects.name)
    assert (subjects[str(kept)], subjects[str(erased)]) == ("ACTIVE", "ERASED")
    with open_journal(dsn, keys_of(dsn)) as journal:
        gone = {str(one.journey) for one in journal.page(0, 5_000) if is_erasure(one)}
    assert {journey for journey, state in subjects.items() if state == "ERASED"} == gone


def is_erasure(record: Recorded) -> bool:
    return isinstance(record.entry.fact, JourneyErased)
