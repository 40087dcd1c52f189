"""Rebuilding the read models against the library's ProjectionRunner: same events, same apply functions.

``python -m bench.rebuild`` prints the figures; :func:`ratios` returns them. Both sides open with the
same keys, decode with the same codec, apply the same functions and write the same rows; the runner does so event by event, in one
transaction each, as the library has it. Start-up is excluded on both sides.
"""

import gc
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from threading import Event
from typing import Any, ClassVar
from uuid import UUID, uuid5

import psycopg
from eventsourcing.application import Application
from eventsourcing.persistence import Mapper, StoredEvent, Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection as LibraryProjection
from eventsourcing.projection import ProjectionRunner
from typing_extensions import override

from bench.figures import Figure, interleaved, ratio
from bench.store import Store, fresh_store
from domain.events.registry import read_fact
from domain.journal import Append, Entry, Recorded
from infra import codec, view_tables
from infra.embedded import DATABASE
from infra.errors import KeyMissingError
from infra.header import bound_to
from infra.history import HistoryLoad
from infra.journal import JournalRecorder, open_journal
from infra.keys import KeyRing
from infra.municipalities import municipality
from infra.population.generation import generate
from infra.spreadsheets.rows import FactRow
from infra.views import ViewStore
from projections.catalogue import KEPT
from projections.gaps import GAPS
from projections.history import History

_NAMES = UUID(int=0x6B65747465)
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_BUT_GAPS = tuple(one for one in KEPT if one is not GAPS)
_BATCH = 500
_NONCE = 12
_TENANT = municipality("herne").tenant.bytes


class LibraryMapper(Mapper[UUID]):
    """Opens and reads stored events with the journal's own keys and codec."""

    keys: ClassVar[KeyRing]

    @override
    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """Return the record of a stored event."""
        journey, version = UUID(str(stored_event.originator_id)), stored_event.originator_version
        payload = self._opened(journey, version, stored_event.topic, stored_event.state)
        return Recorded(0, journey, version, _EPOCH, _NAMES, codec.decode(payload))

    def _opened(self, journey: UUID, version: int, data_class: str, sealed: bytes) -> bytes:
        key = self.keys.sealing([(journey, data_class)])[journey, data_class]
        bound = bound_to(_TENANT, journey.bytes, version, data_class, codec.fingerprint())
        if key.cipher is None:
            raise KeyMissingError(f"the key of journey {journey} was destroyed")
        return key.cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)


class Journeys(Application[UUID]):
    """The library's application over the journal's recorder, which passes the library's contract."""

    name = "journeys"

    @override
    def construct_recorder(self) -> JournalRecorder:
        """Return the journal."""
        return open_journal(str(self.env["DSN"]), LibraryMapper.keys)

    @override
    def construct_mapper(self) -> LibraryMapper:
        """Return the mapper by the journal's codec."""
        return LibraryMapper(transcoder=self.construct_transcoder())


class View(PostgresTrackingRecorder):
    """The library's materialised view: rows and tracking in one transaction per event."""

    def write(self, journey: UUID, state: History, tracking: Tracking) -> None:
        """Replace the rows of a journey and insert the tracking."""
        rows = {one.name: tuple(one.rows(journey, state)) for one in _BUT_GAPS}
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            view_tables.replace(cursor.connection, "views_stock", _BUT_GAPS, [(journey, rows)])


class Runner(LibraryProjection[View]):
    """The library's projection around the same apply functions."""

    name = "stock"
    wanted = 0
    started: float = 0.0
    done = Event()
    finished: float = 0.0

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._states: dict[UUID, History] = defaultdict(lambda: _BUT_GAPS[0].start)
        self._seen = 0

    @override
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """Apply one record and write what follows from it."""
        if self._seen == 0:
            type(self).started = time.perf_counter()
        journey = domain_event.journey
        self._states[journey] = _BUT_GAPS[0].apply(self._states[journey], domain_event)
        self.view.write(journey, self._states[journey], tracking)
        self._seen += 1
        if self._seen == self.wanted:
            type(self).finished = time.perf_counter()
            self.done.set()


def load(store: Store, people: int) -> int:
    """Load a generated population as history and return the number of records."""
    population = generate(municipality("herne"), people, 1)
    rows = sorted(population.rows, key=lambda row: row.recorded_at or _EPOCH)
    versions: dict[str, int] = defaultdict(int)
    with HistoryLoad(store.dsn, store.keys) as journal:
        for begin in range(0, len(rows), _BATCH):
            journal.append([_append(row, versions) for row in rows[begin : begin + _BATCH]])
        journal.finish()
    return len(rows)


def _append(row: FactRow, versions: dict[str, int]) -> Append:
    version = versions[row.person]
    versions[row.person] += 1
    journey = uuid5(_NAMES, row.person)
    entry = Entry(
        row.number or f"{row.person}-{version}",
        read_fact(row.type, row.attributes),
        row.occurred_on,
    )
    command = uuid5(_NAMES, f"{row.person}/{version}")
    return Append(command, b"", journey, version, (entry,), row.recorded_at)


def _ours(made: Store, projections: Sequence[Any], records: int) -> float:
    """Return the records a second of a rebuild."""
    gc.collect()
    made.keys.forget()
    with ViewStore(made.dsn, made.keys, projections) as store:
        start = time.perf_counter()
        store.rebuild()
        return records / (time.perf_counter() - start)


def _stock(store: Store, records: int) -> float:
    """Return the records a second of the library's runner over the first records."""
    with psycopg.connect(store.dsn, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS views_stock CASCADE; CREATE SCHEMA views_stock")
        connection.execute("DROP TABLE IF EXISTS public.stock_tracking")
        view_tables.create(connection, "views_stock", _BUT_GAPS)
        view_tables.index(connection, "views_stock", _BUT_GAPS)
    Runner.wanted = records
    Runner.done.clear()
    env = {
        "DSN": store.dsn,
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": DATABASE,
        "POSTGRES_HOST": str(store.server.socket_dir),
        "POSTGRES_PORT": "5432",
        "POSTGRES_USER": "postgres",
        "POSTGRES_PASSWORD": "",
    }
    with ProjectionRunner(
        application_class=Journeys, projection_class=Runner, view_class=View, env=env
    ) as runner:
        while not Runner.done.wait(1.0):
            runner.run_forever(timeout=0.01)
    return records / (Runner.finished - Runner.started)


def ratios(people: int = 500, stock_records: int = 1_000, rounds: int = 3) -> list[Figure]:
    """Measure on one server, in turn."""
    with fresh_store() as store:
        records = load(store, people)
        LibraryMapper.keys = store.keys
        pairs = interleaved(
            lambda: _ours(store, _BUT_GAPS, records),
            lambda: _stock(store, stock_records),
            rounds,
        )
        with_gaps = [(_ours(store, KEPT, records), other) for _, other in pairs]
    return [
        ratio("rebuild of all projections but gaps", pairs, 20.0),
        ratio("rebuild with gaps", with_gaps, None),
    ]


def main() -> None:
    """Print the figures."""
    for one in ratios():
        print(f"{one.name:42} {one.measured:6.2f} x  {one.beside}")


if __name__ == "__main__":
    main()
