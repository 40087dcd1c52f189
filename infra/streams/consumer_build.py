"""Building the tables of a group from the journal up to its head; the group follows the topic beyond.

What stands below the ends of the topic was in the journal before them. So the ends are read first, then
the journal; what the topic tells twice is known by its version and skipped.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from infra import view_tables
from infra.keys import KeyRing
from infra.session import PROJECTOR, connect, explained
from infra.streams.consumer_store import LIVE
from infra.streams.errors import GroupError, TopicLostError
from projections.projection import Projection

NEXT = "streamed_next"
_LOCK = "SELECT pg_try_advisory_lock(hashtextextended('kette consume ' || %s, 0))"
_PATIENT = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '30s'"
_JOURNEYS = 50
_WAIT_SECONDS = 0.2

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Begin:
    """Where a group begins: the topic by its own id, and the end of each of its partitions."""

    topic: str
    topic_id: UUID
    ends: Mapping[int, int]


class GroupTables:
    """The tables of one group: checked, and built where they are not as this program fills them."""

    def __init__(
        self, dsn: str, keys: KeyRing, group: str, projections: Sequence[Projection[Any]]
    ) -> None:
        self._dsn = dsn
        self._keys = keys
        self._group = group
        self._projections = tuple(projections)
        self._shape = view_tables.shape(self._projections)

    def epoch(self) -> UUID:
        """Return the log epoch of the journal."""
        with self._connected() as connection:
            return UUID(str(_one(connection, "SELECT epoch FROM kette.log_head")))

    def ensure(self, begin: Callable[[], Begin], tell: Tell, *, anew: bool = False) -> Begin:
        """Build the tables if need be; of several members one builds and the others wait.

        Returns:
            The topic as it is now.

        Raises:
            GroupError: If another group keeps one of the tables.
            TopicLostError: If the topic is another than the one that the tables follow.
        """
        with self._connected() as connection:
            connection.execute(_PATIENT)
            told = False
            while not _one(connection, _LOCK, self._group):
                if not told:
                    tell("waiting: another member builds the tables")
                told = True
                time.sleep(_WAIT_SECONDS)
            here = begin()
            if anew or not self._stands(connection, here):
                self._build(connection, here, tell)
        return here

    def _stands(self, connection: Connection[TupleRow], here: Begin) -> bool:
        row = connection.execute(
            "SELECT shape, topic, topic_id FROM kette.streamed_groups, streamed.standing"
            " WHERE name = %s AND group_name = name",
            [self._group],
        ).fetchone()
        if row is None or row[0] != self._shape or row[1] != here.topic:
            return False
        if row[2] != here.topic_id:
            raise TopicLostError(
                f"topic {here.topic} was deleted and made anew: its offsets mean other records now; stop "
                "every member and run `kette consume --rebuild`"
            )
        return True

    def _build(self, connection: Connection[TupleRow], here: Begin, tell: Tell) -> None:
        """Fill the tables beside and swap them in, all in one transaction: killed, it leaves nothing."""
        self._refuse_others(connection)
        upto = int(_one(connection, "SELECT position FROM kette.log_head"))
        tell(f"building from the journal up to position {upto}")
        with connection.transaction():
            for one in self._projections:
                connection.execute(
                    SQL("DROP TABLE IF EXISTS {}").format(Identifier(NEXT, one.name))
                )
            view_tables.create(connection, NEXT, self._projections)
            connection.execute(
                "CREATE TEMP TABLE versions (id uuid, version bigint) ON COMMIT DROP"
            )
            self._fill(connection, upto)
            view_tables.index(connection, NEXT, self._projections)
            self._swap(connection, here, upto)
        tell(f"built up to position {upto}")

    def _refuse_others(self, connection: Connection[TupleRow]) -> None:
        names = [one.name for one in self._projections]
        row = connection.execute(
            "SELECT projection, group_name FROM kette.streamed_tables"
            " WHERE projection = ANY(%s) AND group_name <> %s",
            [names, self._group],
        ).fetchone()
        if row is not None:
            raise GroupError(
                f"the table {row[0]} is kept by the group {row[1]}; join it with --group {row[1]}"
            )

    def _fill(self, connection: Connection[TupleRow], upto: int) -> None:
        """Fold every journey up to the head."""
        with self._connected() as reading:
            reading.execute(_PATIENT)
            found = view_tables.all_journeys(reading, self._keys, upto)
            with reading.transaction(), closing(found):
                for journeys in _batches(found):
                    change = view_tables.folded(
                        reading, self._keys, self._projections, journeys, upto
                    )
                    for projection in self._projections:
                        table = Identifier(NEXT, projection.name)
                        view_tables.fill(connection, table, projection, change)
                    with connection.cursor().copy("COPY versions FROM STDIN") as copy:
                        for journey, told in journeys:
                            copy.write_row((journey, told[-1].version))

    def _swap(self, connection: Connection[TupleRow], here: Begin, upto: int) -> None:
        """Put the new tables in the place of the old ones; whoever still holds the old places is fenced."""
        places = connection.execute(
            "SELECT partition, generation FROM kette.streamed_places WHERE group_name = %s"
            " ORDER BY partition FOR UPDATE",
            [self._group],
        ).fetchall()
        generations: dict[int, int] = dict(places)
        kept = [
            one
            for (one,) in connection.execute(
                "SELECT projection FROM kette.streamed_tables WHERE group_name = %s", [self._group]
            )
        ]
        connection.execute("DELETE FROM kette.streamed_groups WHERE name = %s", [self._group])
        connection.execute(
            "INSERT INTO kette.streamed_groups (name, topic, topic_id, epoch, shape, built_to)"
            " SELECT %s, %s, %s, epoch, %s, %s FROM kette.log_head",
            [self._group, here.topic, here.topic_id, self._shape, upto],
        )
        connection.execute(
            "INSERT INTO streamed.standing VALUES (%s) ON CONFLICT DO NOTHING", [self._group]
        )
        for one in {*kept, *(one.name for one in self._projections)}:
            connection.execute(SQL("DROP TABLE IF EXISTS {}").format(Identifier(LIVE, one)))
        for projection in self._projections:
            self._put_in_place(connection, projection.name)
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO kette.streamed_places VALUES (%s, %s, %s, %s)",
                [
                    (self._group, one, end, generations.get(one, 0) + 1)
                    for one, end in here.ends.items()
                ],
            )
        connection.execute(
            "INSERT INTO kette.streamed_journeys SELECT %s, id, version FROM versions",
            [self._group],
        )

    def _put_in_place(self, connection: Connection[TupleRow], name: str) -> None:
        statement = SQL("ALTER TABLE {} SET SCHEMA {}")
        connection.execute(statement.format(Identifier(NEXT, name), Identifier(LIVE)))
        connection.execute("INSERT INTO kette.streamed_tables VALUES (%s, %s)", [name, self._group])

    @contextmanager
    def _connected(self) -> Iterator[Connection[TupleRow]]:
        try:
            with connect(self._dsn, PROJECTOR) as connection:
                yield connection
        except psycopg.Error as error:
            raise explained(error) from error


def _one(connection: Connection[TupleRow], statement: Any, *arguments: object) -> Any:
    row = connection.execute(statement, arguments).fetchone()
    assert row is not None  # noqa: S101  each statement has one row
    return row[0]


def _batches(journeys: Iterator[view_tables.Journey]) -> Iterator[list[view_tables.Journey]]:
    while batch := list(islice(journeys, _JOURNEYS)):
        yield batch
