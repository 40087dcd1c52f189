"""The store of the read models: what the driver writes to and the pages read from."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import psycopg
from eventsourcing.persistence import PersistenceError
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import tuple_row

from domain.journal import Recorded
from infra import view_answers, view_rebuild, view_tables, view_tracking
from infra.header import unpack
from infra.session import PROJECTOR, READER, JournalDatastore, Session, explained, lost
from infra.view_answers import Reading
from infra.view_tables import LIVE, Change, Journey
from projections.catalogue import KEPT
from projections.history import History
from projections.projection import Projection
from projections.worklist import (
    Caseload,
    Choices,
    Freshness,
    GapPage,
    GapQuery,
    Header,
    Tiles,
)

Progress = Callable[[int, int], None]


def _silent(_done: int, _of: int) -> None:
    """Tell nobody."""


def open_views(
    dsn: str,
    projections: Sequence[Projection[History]] = KEPT,
    progress: Progress = _silent,
) -> "ViewStore":
    """Open the read models; where this program reads the journal otherwise than the tables, rebuild.

    Raises:
        JournalUnavailableError: If the database cannot be reached.
        MigrationError: If the database holds no journal.
    """
    store = ViewStore(dsn, projections)
    if store.outdated():
        store.rebuild(progress)
    return store


class ViewStore:
    """The tables of the read models; reading is safe from many threads, writing from one."""

    def __init__(self, dsn: str, projections: Sequence[Projection[History]] = KEPT) -> None:
        self.dsn = dsn
        self._projections = tuple(projections)
        self._shape = view_tables.shape(self._projections)
        options = str(conninfo_to_dict(dsn).get("options") or "")
        self._readers = JournalDatastore(
            make_conninfo(dsn, options=f"{options} -csearch_path=views".strip()), READER
        )
        self._writing = Session(dsn, PROJECTOR)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back every connection."""
        self._readers.close()
        with self._writing.lock:
            self._writing.drop()

    # What the pages ask

    def gap_list(self, query: GapQuery) -> GapPage:
        """Return one page of the gap list; another day of knowledge is read on the spot."""
        with self._knowing(query.known_at) as cursor:
            return view_answers.gap_list(cursor, query)

    def tiles(self, query: GapQuery) -> Tiles:
        """Return the figures over everything that the filters leave."""
        with self._knowing(query.known_at) as cursor:
            return view_answers.tiles(cursor, query)

    def gap_list_with_tiles(self, query: GapQuery) -> tuple[GapPage, Tiles]:
        """Return both at once: another day of knowledge is then read only once."""
        with self._knowing(query.known_at) as cursor:
            return view_answers.gap_list(cursor, query), view_answers.tiles(cursor, query)

    def choices(self) -> Choices:
        """Return what the filters can be set to."""
        with self._reading() as cursor:
            return view_answers.choices(cursor)

    def journey_header(self, journey: UUID) -> Header | None:
        """Return who a journey is about; None if the tables do not know it (yet)."""
        with self._reading() as cursor:
            return view_answers.header(cursor, journey)

    def register_search(self, text: str, limit: int = 20) -> tuple[Header, ...]:
        """Return the journeys whose name or case number has a word that begins with a text."""
        with self._reading() as cursor:
            return view_answers.search(cursor, text, limit)

    def caseload(self, as_of: date) -> tuple[Caseload, ...]:
        """Return what each case manager of each unit carries on a day."""
        with self._reading() as cursor:
            return view_answers.caseload(cursor, as_of)

    def open_by_rule(self, as_of: date) -> dict[str, int]:
        """Return how many gaps of each rule are open on a day."""
        with self._reading() as cursor:
            return view_answers.open_by_rule(cursor, as_of)

    def freshness(self) -> Freshness:
        """Return how far the tables have read, and how long the oldest unread record waits."""
        with self._reading() as cursor:
            row = cursor.execute(_FRESHNESS, {"name": view_tracking.NAME}).fetchone()
        assert row is not None  # noqa: S101  the journal has a head row
        position, head, recorded_at, updated_at, unread, now = row
        waited = (
            0.0 if unread is None else (now - unpack(bytes(unread)).recorded_at).total_seconds()
        )
        return Freshness(position, head - position, recorded_at, updated_at, max(0.0, waited))

    # What the driver does

    def position(self) -> int:
        """Return the position up to which the tables hold the journal."""
        with self._reading() as cursor:
            return view_tracking.position(cursor.connection)

    def journeys(self, ids: Iterable[UUID], upto: int) -> Iterator[Journey]:
        """Yield the records of journeys up to a position, journey by journey."""
        with self._reading() as cursor:
            yield from view_tables.journeys_of(cursor.connection, ids, upto)

    def replace(self, change: Change, after: int, last: Recorded) -> bool:
        """Replace the rows of journeys and move the position in one transaction.

        Returns:
            False, and nothing is written, if the tables no longer stand at ``after``.
        """
        with self._writing.lock:
            try:
                return self._replace(change, after, last.position)
            except psycopg.Error as error:
                self._writing.drop()
                if lost(error):
                    return False
                raise explained(error) from error

    def _replace(self, change: Change, after: int, reached: int) -> bool:
        connection = self._writing.connection()
        with connection.transaction():
            connection.execute("SET LOCAL statement_timeout = '60s'")
            if view_tracking.lock_position(connection) != after:
                return False
            view_tables.replace(connection, LIVE, self._projections, change)
            view_tracking.move_position(connection, self._shape, reached)
        return True

    def outdated(self) -> bool:
        """Say whether the tables are not as this program would fill them."""
        with self._reading() as cursor:
            return view_tracking.kept_shape(cursor.connection) != self._shape

    def rebuild(self, progress: Progress = _silent) -> int:
        """Build every table beside, catch up, and swap; return the position reached."""
        try:
            return view_rebuild.rebuild(self.dsn, self._projections, self._shape, progress)
        except psycopg.Error as error:
            raise explained(error) from error

    @contextmanager
    def _reading(self) -> Iterator[Reading]:
        try:
            with self._readers.get_connection() as connection:
                reading: Any = connection
                reading.row_factory = tuple_row
                yield reading.cursor()
        except PersistenceError as error:
            cause = error.__cause__
            if isinstance(cause, psycopg.Error):
                raise explained(cause) from error
            raise

    @contextmanager
    def _knowing(self, known_at: date | None) -> Iterator[Reading]:
        """Lend a cursor that reads the tables, or those of another day of knowledge, made on the spot."""
        with self._reading() as cursor:
            if known_at is None:
                yield cursor
                return
            with cursor.connection.transaction(force_rollback=True):
                self._make_known_at(cursor, known_at)
                yield cursor

    def _make_known_at(self, cursor: Reading, known_at: date) -> None:
        start = History(known_at=known_at)
        projections = [replace(one, start=start) for one in self._projections]
        view_rebuild.fill_on_the_spot(cursor.connection, projections)


_FRESHNESS = """
SELECT coalesce(t.notification_id, 0), h.position, f.recorded_at, f.updated_at,
       (SELECT header FROM kette.events WHERE position = coalesce(t.notification_id, 0) + 1),
       clock_timestamp()
  FROM kette.log_head h
  LEFT JOIN kette.tracking t ON t.application_name = %(name)s
  LEFT JOIN views.freshness f ON f.name = %(name)s
"""
