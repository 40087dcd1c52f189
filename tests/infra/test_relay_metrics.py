"""The relay's figures: what it lags behind is read off the journal, whatever Kafka does."""

from collections.abc import Iterator
from contextlib import closing
from uuid import UUID, uuid4

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.journal import Append, Entry
from domain.outgoing import Withheld
from domain.publishing import Progress
from infra.journal import JournalRecorder
from infra.streams.relay_metrics import RelayMetrics


def figures(metrics: RelayMetrics) -> dict[str, float]:
    found = {}
    for family in text_string_to_metric_families(metrics.exposition()):
        for one in family.samples:
            assert one.labels["topic"] == "a.topic"
            reason = one.labels.get("reason")
            found[f"{one.name}/{reason}" if reason else one.name] = one.value
    return found


def at(position: int, crossing: int = 0) -> Progress:
    return Progress(position, bytes(32), crossing, UUID(int=1), UUID(int=2))


@pytest.fixture
def metrics(journal: JournalRecorder) -> Iterator[RelayMetrics]:
    entries = tuple(
        Entry(f"f{n}", read_fact("ContactHeld", {}), PartialDate(2024, 5, 6)) for n in range(3)
    )
    journal.append([Append(uuid4(), b"", uuid4(), 0, entries)])
    with psycopg.connect(journal.dsn) as connection:
        connection.execute(
            "INSERT INTO kette.crossings (seq, basis_position, journey_id, kind, name, key, day, round,"
            " noticed_at, told) VALUES (1, 3, gen_random_uuid(), 'opened', 'F01', 'k', '2026-03-04', 0,"
            " now() - interval '1 hour', '{}')"
        )
    with closing(RelayMetrics(journal.dsn, "a.topic")) as made:
        yield made


def test_the_lag_counts_facts_and_crossings_and_is_as_old_as_the_oldest(
    metrics: RelayMetrics,
) -> None:
    metrics.reached(at(1), 0, ())
    shown = figures(metrics)
    assert shown["kette_relay_lag_events"] == 3
    assert shown["kette_relay_lag_seconds"] == pytest.approx(3600, abs=60)
    metrics.reached(at(1, crossing=1), 1, ())
    shown = figures(metrics)
    assert shown["kette_relay_lag_events"] == 2
    assert 0 < shown["kette_relay_lag_seconds"] < 60
    metrics.reached(at(3, crossing=1), 2, ())
    shown = figures(metrics)
    assert (shown["kette_relay_lag_events"], shown["kette_relay_lag_seconds"]) == (0, 0)


def test_before_it_is_known_how_far_the_topic_came_no_lag_is_told(metrics: RelayMetrics) -> None:
    assert "kette_relay_lag_events" not in figures(metrics)


def test_without_a_database_no_lag_is_told() -> None:
    metrics = RelayMetrics("host=/nowhere dbname=none", "a.topic")
    metrics.reached(at(1), 0, ())
    shown = figures(metrics)
    assert "kette_relay_lag_events" not in shown
    assert shown["kette_relay_leading"] == 1


def test_what_happens_is_counted(metrics: RelayMetrics) -> None:
    metrics.reached(at(0), 0, ())
    metrics.reached(at(3), 3, (Withheld.CLASS, Withheld.ERASED, Withheld.CLASS))
    metrics.refused(4)
    metrics.failed("KafkaTimeoutError")
    metrics.fenced()
    shown = figures(metrics)
    assert shown["kette_relay_published_total"] == 3
    assert shown["kette_relay_suppressed_total/class"] == 2
    assert shown["kette_relay_suppressed_total/erased"] == 1
    assert shown["kette_relay_suppressed_total/not_published"] == 0
    assert shown["kette_relay_refused_position"] == 4
    assert shown["kette_relay_rebuilds_total/KafkaTimeoutError"] == 1
    assert shown["kette_relay_fenced_total"] == 1
    assert shown["kette_relay_leading"] == 0
    metrics.reached(at(3), 0, ())
    assert figures(metrics)["kette_relay_refused_position"] == 4
    metrics.reached(at(4), 1, ())
    assert figures(metrics)["kette_relay_refused_position"] == 0
