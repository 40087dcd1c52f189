"""Reading the journal to records against the library's subscription: same events, both sealed, one core.

The peer is the library as it comes: its recorder for PostgreSQL, its subscription, its mapper with the JSON transcoder and
its AES cipher. It hands out plain values; ours are validated facts. ``python -m bench.opening`` prints the figures;
:func:`figures` returns them.
"""

import os
import statistics
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import orjson
import psycopg
from eventsourcing.application import Application
from eventsourcing.cipher import AESCipher
from eventsourcing.domain import DomainEvent, datetime_now_with_tzinfo
from eventsourcing.persistence import Mapper
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from eventsourcing.utils import Environment

from bench import cpu
from bench.figures import Figure, interleaved
from bench.rebuild import load
from bench.store import Store, fresh_store
from domain.journal import Recorded
from infra import codec
from infra.journal import open_journal
from infra.sealing import records
from infra.tail import Tail

_BLOCK = 2_000
_INSERT = 100
_MICRO = 1e6
_AT_LEAST = 1.5
_CIPHER = {"CIPHER_KEY": AESCipher.create_key(32)}


@dataclass(frozen=True)
class FactRecorded(DomainEvent):
    """The library's event with the same values as a payload of the journal."""

    payload: Mapping[str, Any]


class Took(NamedTuple):
    """Microseconds for an event: by the clock, of this process, of the server."""

    elapsed: float
    client: float
    server: float


class Closes(Protocol):
    """What is closed once everything was read."""

    def close(self) -> None:
        """Close it."""
        ...


def figures(people: int = 500, rounds: int = 9) -> list[Figure]:
    """Measure on one server, in turn; this process keeps to one core."""
    with fresh_store() as store, _stock(store) as (recorder, mapper):
        events = load(store, people)
        _copy(store, recorder, mapper)
        store.keys.forget()
        with _one_core():
            cold = _measured(store, events, lambda: _ours(store, events))
            pairs = interleaved(
                lambda: _measured(store, events, lambda: _ours(store, events)),
                lambda: _measured(store, events, lambda: _theirs(recorder, mapper, events)),
                rounds,
            )
    return [_figure(pairs, cold)]


def _figure(pairs: Sequence[tuple[Took, Took]], cold: Took) -> Figure:
    ours, theirs = (_medians([pair[side] for pair in pairs]) for side in range(2))
    rates = statistics.median(other.elapsed / one.elapsed for one, other in pairs)
    return Figure(
        "opening and decoding, against the library's subscription",
        statistics.median(other.client / one.client for one, other in pairs),
        "x",
        at_least=_AT_LEAST,
        beside=f"CPU {ours.client:.1f} us an event against {theirs.client:.1f}, of the server {ours.server:.1f} "
        f"against {theirs.server:.1f}; {_MICRO / ours.elapsed:,.0f}/s against {_MICRO / theirs.elapsed:,.0f}/s "
        f"({rates:.2f}x); with no key at hand {cold.client:.1f} us",
    )


def _medians(rounds: Sequence[Took]) -> Took:
    return Took(*(statistics.median(one) for one in zip(*rounds, strict=True)))


def _measured(store: Store, events: int, read: Callable[[], Closes]) -> Took:
    servers = (store.server, store.key_server)
    server, client, began = cpu.servers(servers), cpu.client(), time.perf_counter()
    with closing(read()):  # whose connection counts as long as it is open
        elapsed, used = time.perf_counter() - began, cpu.client() - client
        took = Took(elapsed, used, cpu.servers(servers) - server)
    return Took(*(one / events * _MICRO for one in took))


def _ours(store: Store, events: int) -> Closes:
    reading = _positions(store)
    _read(reading, events)
    return reading


def _positions(store: Store) -> Generator[int, None, None]:
    for rows in Tail(store.dsn, _BLOCK).rows(0, threading.Event()):
        for one in records(rows, store.keys):
            yield one.position


def _theirs(recorder: PostgresApplicationRecorder, mapper: Mapper[UUID], events: int) -> Closes:
    reading = _domain_events(recorder, mapper)
    _read(reading, events)
    return reading


def _domain_events(
    recorder: PostgresApplicationRecorder, mapper: Mapper[UUID]
) -> Generator[int, None, None]:
    with recorder.subscribe(gt=0) as subscription:
        for one in subscription:
            mapper.to_domain_event(one)
            yield one.id


def _read(reading: Iterator[int], events: int) -> None:
    """Read that many events, and make sure that the last is where it should be."""
    (position,) = deque(islice(reading, events), maxlen=1)
    if position != events:
        raise RuntimeError(f"{position} events were read, not {events}")


@contextmanager
def _one_core() -> Iterator[None]:
    """Keep this thread, and those that it starts, to one core."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


@contextmanager
def _stock(store: Store) -> Iterator[tuple[PostgresApplicationRecorder, Mapper[UUID]]]:
    with psycopg.connect(store.server.dsn("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE stock")
    place = str(store.server.socket_dir)
    datastore = PostgresDatastore("stock", place, 5432, "postgres", "", pool_size=5)
    transcoder = Application[UUID]().construct_transcoder()
    try:
        recorder = PostgresApplicationRecorder(datastore)
        recorder.create_table()
        yield recorder, Mapper(transcoder, cipher=AESCipher(Environment("stock", _CIPHER)))
    finally:
        datastore.close()


def _copy(store: Store, recorder: PostgresApplicationRecorder, mapper: Mapper[UUID]) -> None:
    """Hand the journal's events to the library's recorder, in their order."""
    with open_journal(store.dsn, store.keys) as journal:
        after = 0
        while block := journal.page(after, _INSERT):
            recorder.insert_events([mapper.to_stored_event(_event(one)) for one in block])
            after += len(block)


def _event(one: Recorded) -> FactRecorded:
    payload = orjson.loads(codec.encode(one.entry))
    return FactRecorded(one.journey, one.version, datetime_now_with_tzinfo(), payload)


def main() -> None:
    """Print the figures."""
    for one in figures():
        print(f"{one.name:60} {one.measured:6.2f} {one.unit}  {one.beside}")


if __name__ == "__main__":
    main()
