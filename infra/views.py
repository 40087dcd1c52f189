"""The store of the read models: what the driver writes to and the pages read from."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Self, TypeVar
from uuid import UUID

import psycopg
from eventsourcing.persistence import PersistenceError
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import tuple_row

from domain.journal import Noted
from infra import view_answers, view_figures, view_rebuild, view_tables, view_tracking
from infra.keys import KeyRing
from infra.session import PROJECTOR, READER, JournalDatastore, Session, explained, lost
from infra.view_answers import Reading
from infra.view_tables import LIVE, Change, Known
from projections.catalogue import KEPT
from projections.figures import Figures, FiguresQuery
from projections.history import History
from projections.household import HOUSEHOLD
from projections.projection import Projection
from projections.worklist import (
    Caseload,
    Choices,
    Freshness,
    GapPage,
    GapQuery,
    Header,
    StatusCount,
    Tiles,
    Upcoming,
)

Progress = Callable[[int, int], None]
MAX_POSITION = 2**63 - 1
Answer = TypeVar("Answer")


def _silent(_done: int, _of: int) -> None:
    """Tell nobody."""


def open_views(
    dsn: str,
    keys: KeyRing,
    projections: Sequence[Projection[History]] = KEPT,
    progress: Progress = _silent,
) -> "ViewStore":
    """Open the read models; where this program reads the journal otherwise than the tables, rebuild.

    Raises:
        JournalUnavailableError: If the database cannot be reached.
        MigrationError: If the database holds no journal.
    """
    store = ViewStore(dsn, keys, projections)
    if store.outdated():
        store.rebuild(progress)
    return store


class ViewStore:
    """The tables of the read models; reading is safe from many threads, writing from one."""

    def __init__(
        self,
        dsn: str,
        keys: KeyRing,
        projections: Sequence[Projection[History]] = KEPT,
        schema: str = LIVE,
    ) -> None:
        self.dsn = dsn
        self._keys = keys
        self._schema = schema
        self._projections = tuple(projections)
        self._shape = view_tables.shape(self._projections)
        options = str(conninfo_to_dict(dsn).get("options") or "")
        self._readers = JournalDatastore(
            make_conninfo(dsn, options=f"{options} -csearch_path={schema}".strip()), READER
        )
        self._writing = Session(dsn, PROJECTOR)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back every connection."""
        self._readers.close()
        with self._writing.lock:
            self._writing.drop()

    # What the pages ask

    def gap_list(self, query: GapQuery) -> GapPage:
        """Return one page of the gap list; another day of knowledge is read on the spot."""
        return self._ask(lambda cursor: view_answers.gap_list(cursor, query), query.known_at)

    def tiles(self, query: GapQuery) -> Tiles:
        """Return the figures over everything that the filters leave."""
        return self._ask(lambda cursor: view_answers.tiles(cursor, query), query.known_at)

    def gap_list_with_tiles(self, query: GapQuery) -> tuple[GapPage, Tiles]:
        """Return both at once: another day of knowledge is then read only once."""
        return self._ask(
            lambda cursor: (
                view_answers.gap_list(cursor, query),
                view_answers.tiles(cursor, query),
            ),
            query.known_at,
        )

    def upcoming(self, day: date, days: int, unit: str = "") -> tuple[Upcoming, ...]:
        """Return the gaps that open within some days after a day, of one unit or of all."""
        return self._ask(lambda cursor: view_answers.upcoming(cursor, day, days, unit))

    def choices(self) -> Choices:
        """Return what the filters can be set to."""
        return self._ask(view_answers.choices)

    def journey_header(self, journey: UUID) -> Header | None:
        """Return who a journey is about; None if the tables do not know it (yet)."""
        return self._ask(lambda cursor: view_answers.header(cursor, journey))

    def register_search(self, text: str, limit: int = 20) -> tuple[Header, ...]:
        """Return the journeys whose name or case number has a word that begins with a text."""
        return self._ask(lambda cursor: view_answers.search(cursor, text, limit))

    def caseload(self, as_of: date) -> tuple[Caseload, ...]:
        """Return what each case manager of each unit carries on a day."""
        return self._ask(lambda cursor: view_answers.caseload(cursor, as_of))

    def figures(self, query: FiguresQuery) -> Figures:
        """Return what the units of a municipality carry and have done by a day."""
        return self._ask(lambda cursor: view_figures.figures(cursor, query), query.known_at)

    def status_counts(self, as_of: date) -> tuple[StatusCount, ...]:
        """Return how many people stand in which state of which field on a day."""
        return self._ask(lambda cursor: view_answers.status_counts(cursor, as_of))

    def open_by_rule(self, as_of: date) -> dict[str, int]:
        """Return how many gaps of each rule are open on a day."""
        return self._ask(lambda cursor: view_answers.open_by_rule(cursor, as_of))

    def freshness(self) -> Freshness:
        """Return how far the tables have read, and how long the oldest unread record waits."""
        return self._ask(view_answers.freshness)

    # What the driver does

    def position(self) -> int:
        """Return the position up to which the tables hold the journal."""
        return self._ask(lambda cursor: view_tracking.position(cursor.connection))

    def behind(self) -> int:
        """Return how many records the tables have not read."""
        return self.freshness().behind

    def emptied(self) -> bool:
        """Say whether a crash of the database emptied tables, or nothing was ever read."""
        return self.position() == 0 and self.behind() > 0

    def journeys(self, ids: Iterable[UUID], upto: int) -> Iterator[Known]:
        """Yield what has to be read anew when journeys went on: these, and those whose household they belong to."""
        wanted = set(ids)

        def asked(cursor: Reading) -> list[Known]:
            connection = cursor.connection
            every = wanted | self._related(connection, wanted)
            journeys = view_tables.journeys_of(connection, self._keys, every, upto)
            return list(view_tables.known(connection, self._keys, journeys, upto))

        yield from self._ask(asked)

    def _related(self, connection: Any, ids: set[UUID]) -> set[UUID]:
        """Return the journeys whose household some journeys belong to, where the tables keep it."""
        if HOUSEHOLD not in self._projections:
            return set()
        return view_tables.related(connection, LIVE, ids)

    def replace(self, change: Change, after: int, last: Noted) -> bool:
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

    def purge(self, change: Change, at: int) -> bool:
        """Replace the rows of journeys where the tables stand, and leave no trace of the old ones."""
        with self._writing.lock:
            try:
                connection = self._writing.connection()
                with connection.transaction():
                    if view_tracking.lock_position(connection) != at:
                        return False
                    view_tables.replace(connection, LIVE, self._projections, change)
                view_rebuild.leave_nothing(self.dsn, self._projections)
            except psycopg.Error as error:
                self._writing.drop()
                raise explained(error) from error
        return True

    def wipe(self, journeys: Collection[UUID]) -> None:
        """Take journeys out of the tables in clear and their files, whoever keeps these tables."""
        clear = [one for one in self._projections if one.in_clear]
        try:
            view_rebuild.wipe(self.dsn, self._schema, clear, journeys)
        except psycopg.Error as error:
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
        return self._ask(lambda cursor: view_tracking.kept_shape(cursor.connection)) != self._shape

    def rebuild(self, progress: Progress = _silent) -> int:
        """Build every table beside, catch up, and swap; return the position reached."""
        try:
            return view_rebuild.rebuild(
                self.dsn, self._keys, self._projections, self._shape, progress
            )
        except psycopg.Error as error:
            raise explained(error) from error

    def _ask(self, question: Callable[[Reading], Answer], known_at: date | None = None) -> Answer:
        """Answer from the tables; after a lost connection once more from another."""
        try:
            return self._answer(question, known_at)
        except PersistenceError as error:
            if not isinstance(error.__cause__, psycopg.Error) or not lost(error.__cause__):
                raise _explained(error) from error
        try:
            return self._answer(question, known_at)
        except PersistenceError as error:
            raise _explained(error) from error

    def _answer(self, question: Callable[[Reading], Answer], known_at: date | None) -> Answer:
        with self._readers.get_connection() as connection:
            reading: Any = connection
            reading.row_factory = tuple_row
            if known_at is None:
                return question(reading.cursor())
            start = History(known_at=known_at)
            projections = [replace(one, start=start) for one in self._projections]
            with reading.transaction(force_rollback=True):
                view_rebuild.fill_on_the_spot(reading, self._keys, projections)
                return question(reading.cursor())


def _explained(error: PersistenceError) -> Exception:
    """Return what a database error means to a caller."""
    cause = error.__cause__
    return explained(cause) if isinstance(cause, psycopg.Error) else error
