"""Rebuilding the read models against the library's ProjectionRunner: same events, same apply functions.

``python -m bench.rebuild`` prints the figures; :func:`ratios` returns them. Both sides decode with the
same codec, apply the same functions and write the same rows; the runner does so event by event, in one
transaction each, as the library has it. Start-up is excluded on both sides.
"""

import gc
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event
from typing import Any
from uuid import UUID, uuid5

import psycopg
from eventsourcing.application import Application
from eventsourcing.persistence import Mapper, StoredEvent, Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection as LibraryProjection
from eventsourcing.projection import ProjectionRunner
from typing_extensions import override

from bench.figures import Figure, interleaved, ratio
from domain.events.registry import read_fact
from domain.journal import Append, Entry, Recorded
from infra import codec, view_tables
from infra.embedded import DATABASE, EmbeddedServer
from infra.history import HistoryLoad
from infra.journal import JournalRecorder, open_journal
from infra.migrations import migrate
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


class LibraryMapper(Mapper[UUID]):
    """Reads stored events with the journal's own codec."""

    @override
    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """Return the record of a stored event."""
        return Recorded(
            0,
            UUID(str(stored_event.originator_id)),
            stored_event.originator_version,
            _EPOCH,
            _NAMES,
            codec.decode(stored_event.state),
        )


class Journeys(Application[UUID]):
    """The library's application over the journal's recorder, which passes the library's contract."""

    name = "journeys"

    @override
    def construct_recorder(self) -> JournalRecorder:
        """Return the journal."""
        return open_journal(str(self.env["DSN"]))

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


@contextmanager
def _server() -> Iterator[EmbeddedServer]:
    with (
        tempfile.TemporaryDirectory(prefix="kette-bench-") as folder,
        EmbeddedServer(folder) as server,
    ):
        migrate(server.dsn())
        yield server


def load(dsn: str, people: int) -> int:
    """Load a generated population as history and return the number of records."""
    population = generate(municipality("herne"), people, 1)
    rows = sorted(population.rows, key=lambda row: row.recorded_at or _EPOCH)
    versions: dict[str, int] = defaultdict(int)
    with HistoryLoad(dsn) as journal:
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


def _ours(dsn: str, projections: Sequence[Any], records: int) -> float:
    """Return the records a second of a rebuild."""
    gc.collect()
    with ViewStore(dsn, projections) as store:
        start = time.perf_counter()
        store.rebuild()
        return records / (time.perf_counter() - start)


def _stock(server: EmbeddedServer, records: int) -> float:
    """Return the records a second of the library's runner over the first records."""
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS views_stock CASCADE; CREATE SCHEMA views_stock")
        connection.execute("DROP TABLE IF EXISTS public.stock_tracking")
        view_tables.create(connection, "views_stock", _BUT_GAPS)
        view_tables.index(connection, "views_stock", _BUT_GAPS)
    Runner.wanted = records
    Runner.done.clear()
    env = {
        "DSN": server.dsn(),
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": DATABASE,
        "POSTGRES_HOST": str(server.socket_dir),
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
    with _server() as server:
        records = load(server.dsn(), people)
        pairs = interleaved(
            lambda: _ours(server.dsn(), _BUT_GAPS, records),
            lambda: _stock(server, stock_records),
            rounds,
        )
        with_gaps = [(_ours(server.dsn(), KEPT, records), other) for _, other in pairs]
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
