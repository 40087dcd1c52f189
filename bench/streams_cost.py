"""What an event costs, by the real commands: bytes, CPU seconds and memory, in bulk and as it happens.

``docs/scale.md`` computes with these figures.
"""

import time
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import psycopg

from bench.figures import Figure
from bench.streams_consumer import Group
from bench.streams_latency import appended
from bench.streams_place import Bench
from bench.streams_processes import Meter, peak_mebibytes, run, shared_mebibytes, started, until
from consumers import clock
from infra.clock_store import ClockStore
from infra.population.generation import DEMO_DAY
from schemas.topics import JOURNEY

_MEBIBYTES = 150.0
_MICRO = 1e6
_RATE, _SECONDS, _IDLE_SECONDS, _DAYS = 50, 10.0, 4.0, 30
_TABLES = (
    "SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class"
    " WHERE relnamespace = '{}'::regnamespace AND relkind = 'r'"
)
_ROW = "SELECT avg(octet_length(header) + coalesce(octet_length(ciphertext), 0)) FROM kette.events"
_WRITTEN = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"
_HEAD = "SELECT position FROM kette.log_head"
_CROSSINGS = "SELECT count(*) FROM kette.crossings"


def versions(made: Bench) -> dict[UUID, int]:
    """Return the version of every journey."""
    with psycopg.connect(made.dsn) as connection:
        return dict(
            connection.execute(
                "SELECT journey_id, max(version) FROM kette.events GROUP BY journey_id"
            ).fetchall()
        )


def appending(made: Bench, known: dict[UUID, int], rate: int, seconds: float) -> list[Figure]:
    """Append one event at a time, nobody else at work."""
    stored = _one(made, _TABLES.format("kette")) / made.records
    meter, own, wal = Meter(made), time.process_time(), _one(made, _WRITTEN)
    events = len(appended(made.store, rate, seconds, known))
    own = time.process_time() - own
    server = meter.used()["PostgreSQL"]
    wal = _one(made, _WRITTEN) - wal
    beside = f"one at a time, {rate}/s"
    return [
        _figure("journal, stored", stored, "B/event", f"with indexes, {made.records} events"),
        _figure(
            "journal, a row as it is read", _one(made, _ROW), "B/event", "header and ciphertext"
        ),
        _figure("journal, written ahead", wal / events, "B/event", beside),
        _figure("append, CPU of the caller", own / events * _MICRO, "us/event", beside),
        _figure(
            "append, CPU of PostgreSQL",
            server / events * _MICRO,
            "us/event",
            f"{beside}; part of live, PostgreSQL",
        ),
    ]


def publishing(made: Bench) -> list[Figure]:
    """Run ``kette relay`` over the whole journal, to its end."""
    meter = Meter(made)
    ended = run(made, "relay", "--until-caught-up", "--no-clock")
    used = meter.used()
    events = _one(made, _HEAD)
    stored = made.stored_bytes(f"{JOURNEY.name}-") / events
    beside = (
        f"{events:.0f} events in {ended.wall:.1f} s with start-up; relay"
        f" {ended.cpu / events * _MICRO:.0f}, broker {used['broker'] / events * _MICRO:.0f},"
        f" PostgreSQL {used['PostgreSQL'] / events * _MICRO:.0f}"
    )
    return [
        _memory("kette relay", ended.peak, beside=f"{events:.0f} events"),
        _figure(
            "relay in bulk, CPU",
            (ended.cpu + sum(used.values())) / events * _MICRO,
            "us/event",
            beside,
        ),
        _figure(
            "topic in bulk, stored",
            stored,
            "B/event",
            "lz4, transactions of 1,000, markers included",
        ),
    ]


def consuming(group: Group) -> list[Figure]:
    """Run ``kette consume`` over the whole topic, from its beginning to its end."""
    group.reset()
    meter = Meter(group.made)
    words = ("--projection", group.name, "--topic", group.topic, "--until-caught-up")
    ended = run(group.made, "consume", *words)
    group.check()
    used = meter.used()
    events = _one(group.made, _HEAD)
    parts = {"member": ended.cpu, **used}
    told = ", ".join(f"{name} {seconds / events * _MICRO:.0f}" for name, seconds in parts.items())
    return [
        _memory(f"kette consume, {group.name}", ended.peak, f"{events:.0f} events"),
        _figure(
            f"consumer in bulk, {group.name}, CPU",
            sum(parts.values()) / events * _MICRO,
            "us/event",
            f"{told}; start-up included",
        ),
    ]


def telling(made: Bench) -> list[Figure]:
    """Let the clock look at every journey once, then let a month go by without new facts."""
    meter = Meter(made)
    with ClockStore(made.dsn, made.store.keys) as store:
        first = _caught_up(store, 0)
        begun = meter.used()["PostgreSQL"]
        told = _one(made, _CROSSINGS)
        month = sum(_caught_up(store, day) for day in range(1, _DAYS + 1))
        server = meter.used()["PostgreSQL"]
    later = _one(made, _CROSSINGS) - told
    days = made.journeys * _DAYS
    return [
        _figure(
            "clock, a journey looked at",
            (first + begun) / made.journeys * _MICRO,
            "us/journey",
            f"{made.journeys} journeys of {made.records / made.journeys:.0f} facts;"
            f" PostgreSQL {begun / made.journeys * _MICRO:.0f}; {told / made.journeys:.1f} crossings each",
        ),
        _figure(
            "clock, a day going by",
            (month + server - begun) / days * _MICRO,
            "us/journey/day",
            f"{_DAYS} days; {later / days * 365:.1f} crossings a journey and year",
        ),
    ]


def _caught_up(store: ClockStore, day: int) -> float:
    begun = time.process_time()
    clock.catch_up(store, DEMO_DAY + timedelta(days=day))
    return time.process_time() - begun


def living(made: Bench, known: dict[UUID, int]) -> list[Figure]:
    """Let relay, clock and both groups follow while events come one at a time."""
    run(made, "relay", "--until-caught-up")
    with (
        started(made, "relay") as relay,
        started(made, "consume", "--projection", "stations") as stations,
        started(made, "consume", "--projection", "all") as kept,
    ):
        until(relay, "publishes")
        for one in (stations, kept):
            until(one, "claimed")
        time.sleep(_IDLE_SECONDS)  # what they found waiting is done
        pids = {"relay and clock": relay.pid, "stations": stations.pid, "all others": kept.pid}
        meter = Meter(made, **pids)
        time.sleep(_IDLE_SECONDS)
        idle = meter.used()
        meter, topic, all_topics = (
            Meter(made, **pids),
            made.stored_bytes(JOURNEY.name),
            made.stored_bytes(),
        )
        begun = time.monotonic()
        events = len(appended(made.store, _RATE, _SECONDS, known))
        time.sleep(1.0)  # the last ones arrive
        wall = time.monotonic() - begun
        used = meter.used()
        return [
            *_lively(idle, used, wall, events),
            *_memory_of_servers(made),
            _memory(
                "kette consume, all", peak_mebibytes(kept.pid), "built from the journal before"
            ),
            _memory("kette relay with its clock", peak_mebibytes(relay.pid), "told all before"),
            _figure(
                "topic one at a time, stored",
                (made.stored_bytes(JOURNEY.name) - topic) / events,
                "B/event",
                f"with progress and transactions {(made.stored_bytes() - all_topics) / events:.0f}",
            ),
            _figure(
                "read models, stored",
                _one(made, _TABLES.format("streamed")) / made.records,
                "B/event",
                "stations and the whole-history tables, with indexes",
            ),
        ]


def _lively(
    idle: Mapping[str, float], used: Mapping[str, float], wall: float, events: int
) -> list[Figure]:
    """Return for each process what an event costs above waiting for one, and what waiting costs."""
    at_rest = {name: seconds / _IDLE_SECONDS for name, seconds in idle.items()}
    told = ", ".join(f"{name} {share * 100:.1f}" for name, share in at_rest.items())
    return [
        *(
            _figure(
                f"live, {name}, CPU",
                max(0.0, seconds - at_rest[name] * wall) / events * _MICRO,
                "us/event",
                f"one at a time, {_RATE}/s",
            )
            for name, seconds in used.items()
        ),
        _figure(
            "at rest, all but the broker",
            sum(share for name, share in at_rest.items() if name != "broker") * 100,
            "% of a core",
            told,
        ),
    ]


def _memory_of_servers(made: Bench) -> list[Figure]:
    pids = {
        "PostgreSQL": made.store.server.pid,
        "key store": made.store.key_server.pid,
        "broker": made.kafka.nodes[0].pid,
    }
    return [
        _figure(f"{name}, memory", shared_mebibytes(pid), "MB", "what is shared counted once")
        for name, pid in pids.items()
        if pid is not None
    ]


def _one(made: Bench, sql: str) -> float:
    """Return the one value that a statement finds."""
    with psycopg.connect(made.dsn) as connection:
        row = connection.execute(sql).fetchone()
    return float(row[0]) if row else 0.0


def _figure(name: str, measured: float, unit: str, beside: str) -> Figure:
    return Figure(name, measured, unit, beside=beside)


def _memory(name: str, peak: float, beside: str) -> Figure:
    return Figure(f"{name}, peak memory", peak, "MB", at_most=_MEBIBYTES, beside=beside)
