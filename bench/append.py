"""Appending against the stock library: same server, interleaved rounds, medians of ratios.

``python -m bench.append`` prints the ratios; :func:`ratios` returns them.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from uuid import UUID, uuid4

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from bench.figures import Figure, interleaved, ratio
from bench.store import Store, fresh_store
from domain.commands import RecordFacts, StartJourney
from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.handling import HotJourneys, handle
from domain.journal import Actor, Append, Entry
from infra.embedded import EmbeddedServer
from infra.group import GroupAppender
from infra.journal import JournalRecorder, open_journal

_DAY = date(2024, 3, 1)
_PAYLOAD = b'{"note": "' + b"x" * 380 + b'"}'
_CALLERS = 8
Run = Callable[[int], None]


class Case(Aggregate):
    """The stock library's own way: an aggregate with one kind of event."""

    @event("ContactHeld")
    def hold_contact(self, channel: str, day: str, by: str) -> None:
        """Record a contact."""
        self.contacts = getattr(self, "contacts", 0) + 1
        self.last_contact = (channel, day, by)


class Cases(Application[UUID]):
    """The stock application: get, trigger, save."""

    name = "stock"

    def open(self) -> UUID:
        """Open a case."""
        case = Case()
        self.save(case)
        return case.id

    def hold_contact(self, case_id: UUID) -> None:
        """Get, trigger, save."""
        case: Case = self.repository.get(case_id)
        case.hold_contact(channel="phone", day=_DAY.isoformat(), by="anna")
        self.save(case)


@contextmanager
def _store() -> Iterator[Store]:
    with fresh_store() as store:
        with psycopg.connect(store.server.dsn("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE stock")
        yield store


def _stock_recorder(server: EmbeddedServer) -> PostgresApplicationRecorder:
    datastore = PostgresDatastore(
        "stock", str(server.socket_dir), 5432, "postgres", "", pool_size=_CALLERS
    )
    recorder = PostgresApplicationRecorder(datastore, events_table_name="bare_events")
    recorder.create_table()
    return recorder


def _insert(recorder: PostgresApplicationRecorder | JournalRecorder) -> Callable[[], None]:
    return lambda: _ignore(recorder.insert_events([StoredEvent(uuid4(), 1, "base", _PAYLOAD)]))


def _ignore(_result: object) -> None:
    """Drop a result."""


def _alone(action: Callable[[], None]) -> Run:
    def run(count: int) -> None:
        for _ in range(count):
            action()

    return run


def _together(action: Callable[[], None], pool: ThreadPoolExecutor) -> Run:
    def run(count: int) -> None:
        share = count // _CALLERS
        for done in [pool.submit(_alone(action), share) for _ in range(_CALLERS)]:
            done.result()

    return run


def _rate(run: Run, count: int) -> float:
    start = time.perf_counter()
    run(count)
    return count / (time.perf_counter() - start)


def compare(name: str, ours: Run, stock: Run, at_least: float, count: int, rounds: int) -> Figure:
    """Run both in turn and compare them round by round."""
    for run in (ours, stock):
        run(max(count // 4, _CALLERS))
    pairs = interleaved(lambda: _rate(ours, count), lambda: _rate(stock, count), rounds)
    return ratio(name, pairs, at_least)


def _entry(number: int, kind: str, attributes: Mapping[str, object]) -> Entry:
    return Entry(
        f"f{number}",
        read_fact(kind, attributes),
        PartialDate.of(_DAY),
        Actor("anna", "case_manager"),
    )


def _append_one(journal: GroupAppender) -> Callable[[], None]:
    entry = _entry(1, "ContactHeld", {"channel": "phone"})
    return lambda: _ignore(journal.append([Append(uuid4(), b"body", uuid4(), 0, (entry,))]))


def _commands(journal: JournalRecorder, journeys: Sequence[UUID]) -> Run:
    hot = HotJourneys()
    numbers = iter(range(1, 10**9))
    for journey in journeys:
        started = (_entry(0, "JourneyStarted", {}),)
        handle(journal, StartJourney(uuid4(), journey, started, _DAY), hot)

    def run(count: int) -> None:
        for place in range(count):
            entry = _entry(next(numbers), "ContactHeld", {"channel": "phone"})
            journey = journeys[place % len(journeys)]
            handle(journal, RecordFacts(uuid4(), journey, (entry,), _DAY), hot)

    return run


def _stock_commands(application: Cases, journeys: int) -> Run:
    cases = [application.open() for _ in range(journeys)]

    def run(count: int) -> None:
        for place in range(count):
            application.hold_contact(cases[place % len(cases)])

    return run


def ratios(count: int = 80, rounds: int = 31) -> list[Figure]:
    """Measure every figure on one server."""
    with _store() as store, open_journal(store.dsn, store.keys) as journal:
        recorder = _stock_recorder(store.server)
        application = Cases(
            env={
                "PERSISTENCE_MODULE": "eventsourcing.postgres",
                "POSTGRES_DBNAME": "stock",
                "POSTGRES_HOST": str(store.server.socket_dir),
                "POSTGRES_PORT": "5432",
                "POSTGRES_USER": "postgres",
                "POSTGRES_PASSWORD": "",
            }
        )
        try:
            with GroupAppender(journal) as group, ThreadPoolExecutor(_CALLERS) as pool:
                return [
                    compare(
                        "bare append, 1 writer",
                        _alone(_insert(journal)),
                        _alone(_insert(recorder)),
                        1.3,
                        count,
                        rounds,
                    ),
                    compare(
                        f"bare append, {_CALLERS} callers in one process",
                        _together(_append_one(group), pool),
                        _together(_insert(recorder), pool),
                        2.5,
                        count,
                        rounds,
                    ),
                    compare(
                        "whole command: get, decide, save",
                        _commands(journal, [uuid4() for _ in range(20)]),
                        _stock_commands(application, 20),
                        2.0,
                        count,
                        rounds,
                    ),
                ]
        finally:
            application.close()
            recorder.datastore.close()


def main() -> None:
    """Print the figures."""
    for one in ratios():
        print(f"{one.name:42} {one.measured:6.2f} x  {one.beside}")


if __name__ == "__main__":
    main()
