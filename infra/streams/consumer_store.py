"""The tables of a consumer group in PostgreSQL: rows, versions, parked records and offsets together."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Self, TypeVar
from uuid import UUID

import psycopg
from psycopg import Connection, errors
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from domain.arrived import BEHIND, Kept, Parked, Place, Span
from domain.errors import KetteError, UnreadableRecordError
from domain.journal import Recorded
from infra import header, view_tables
from infra.keys import KeyRing
from infra.sealing import Row as StoredRow
from infra.sealing import journey_records, rows_of_erasure, unpacked
from infra.session import PROJECTOR, Session, explained
from infra.streams.errors import GroupError, RowsRefusedError
from projections.change import Change
from projections.folding import Rows
from projections.projection import Projection, Row

LIVE = "streamed"
Answer = TypeVar("Answer")
_REFUSED = (psycopg.DataError, psycopg.IntegrityError)
_AWAY = (psycopg.OperationalError, psycopg.InterfaceError, errors.ReadOnlySqlTransaction)
_SELECT_TOLD = "SELECT header, ciphertext FROM kette.events WHERE journey_id = ANY(%b) ORDER BY journey_id, version"
_TAKE = """
UPDATE kette.streamed_places SET generation = generation + 1
 WHERE group_name = %s AND partition = ANY(%s) RETURNING partition, next_offset, generation
"""
_PLACES = """
SELECT partition, next_offset, generation FROM kette.streamed_places
 WHERE group_name = %s AND partition = ANY(%s) ORDER BY partition
"""
_STANDS = "SELECT FROM streamed.standing WHERE group_name = %s"
_MOVE = """
UPDATE kette.streamed_places AS kept SET next_offset = told.beyond
  FROM unnest(%s::int[], %s::bigint[]) AS told (partition, beyond)
 WHERE kept.group_name = %s AND kept.partition = told.partition
"""
_STANDING = """
SELECT asked.id, kept.version, EXISTS (SELECT FROM kette.parked AS aside
        WHERE aside.group_name = %s AND aside.journey_id = asked.id)
  FROM unnest(%s::uuid[]) AS asked (id)
  LEFT JOIN kette.streamed_journeys AS kept ON kept.group_name = %s AND kept.journey_id = asked.id
"""
_VERSIONS = """
INSERT INTO kette.streamed_journeys AS kept (group_name, journey_id, version)
SELECT %s, told.id, told.version FROM unnest(%s::uuid[], %s::bigint[]) AS told (id, version)
ON CONFLICT (group_name, journey_id) DO UPDATE SET version = excluded.version
"""
_PARK = """
INSERT INTO kette.parked
    (group_name, journey_id, version, reason, partition, "offset", key, value, names, headers)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (group_name, journey_id, version) DO NOTHING
"""
_WAITING = """
SELECT journey_id, version, reason, topic, partition, "offset", key, value, names, headers
  FROM kette.parked JOIN kette.streamed_groups ON name = group_name
 WHERE group_name = %s AND journey_id = %s ORDER BY version
"""
_JOURNEYS_WAITING = """
SELECT journey_id FROM kette.parked WHERE group_name = %s GROUP BY journey_id ORDER BY min(place)
"""
_VERSIONS_WAITING = (
    "SELECT version FROM kette.parked WHERE group_name = %s AND journey_id = %s ORDER BY version"
)
_HOW_MANY_WAIT = "SELECT count(DISTINCT journey_id) FROM kette.parked WHERE group_name = %s AND journey_id = ANY(%s)"
_FREE = "DELETE FROM kette.parked WHERE group_name = %s AND journey_id = %s"
_SELECT_AT = "SELECT header, ciphertext FROM kette.events WHERE position = ANY(%b)"
_LONGER = (
    "SET LOCAL statement_timeout = '60s'; SET LOCAL idle_in_transaction_session_timeout = '20s'"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of some journeys before a batch; the rest is read when it is asked for."""

    versions: Mapping[UUID, int]
    parked: frozenset[UUID]
    store: "ConsumerStore"

    def rows(self, journeys: Iterable[UUID]) -> Mapping[UUID, Row]:
        """Return the one row of each, where the projection goes on from its own row."""
        return self.store.rows(journeys)

    def told(
        self, journeys: Iterable[UUID]
    ) -> Iterator[tuple[UUID, Sequence[Recorded] | KetteError]]:
        """Yield what the journal holds of each, or why it cannot be read."""
        return self.store.told(journeys)

    def erased(self, positions: Iterable[int]) -> frozenset[UUID]:
        """Return the journeys that a record at one of these positions erased."""
        return self.store.erased(positions)


class ConsumerStore:
    """What one member reads and writes; for one thread.

    Reading happens before the transaction that writes: a batch is written only if its partitions still
    stand where they stood and belong to whom they belonged, and only their owner writes their journeys.

    Args:
        dsn: The database.
        keys: Open what is recorded.
        group: The group.
        projections: What it keeps.
        topic_id: The topic that is read, by its own id; None for who reads none.
    """

    def __init__(
        self,
        dsn: str,
        keys: KeyRing,
        group: str,
        projections: Sequence[Projection[Any]],
        *,
        topic_id: UUID | None = None,
    ) -> None:
        self._keys = keys
        self._group = group
        self._topic_id = topic_id
        self._projections = tuple(projections)
        self._shape = view_tables.shape(self._projections)
        self._session = Session(dsn, PROJECTOR)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back."""
        self._session.drop()

    def claim(self, partitions: Collection[int]) -> Mapping[int, Place]:
        """Take partitions over: raise their generation and return where they stand.

        Raises:
            GroupError: If the tables do not know a partition, or are another program's.
        """
        self.check()
        taken = self._places(_TAKE, partitions)
        if len(taken) < len(partitions):  # a rebuild may just have put other rows in their place
            taken = self._places(_TAKE, partitions)
        if len(taken) < len(partitions):
            lacking = sorted(set(partitions) - set(taken))
            raise GroupError(
                f"the tables of group {self._group} know no partition {lacking}: the topic was given "
                "more; run `kette consume --rebuild`"
            )
        return taken

    def check(self) -> None:
        """Make sure that the tables are those that this program fills.

        Raises:
            GroupError: If another version of the program built them meanwhile, or for another topic, or
                nobody did.
        """
        found = self._asked(
            "SELECT shape, topic_id FROM kette.streamed_groups, streamed.standing"
            " WHERE name = %s AND group_name = name",
            self._group,
        )
        if [shape for shape, _ in found] != [self._shape]:
            raise GroupError(
                f"the tables of group {self._group} are not as this program fills them: start "
                "`kette consume` anew, with the same version everywhere"
            )
        if self._topic_id not in (None, found[0][1]):
            raise GroupError(
                f"the tables of group {self._group} follow another topic by now: start `kette consume` "
                "anew, with the same --topic everywhere"
            )

    def places(self, partitions: Collection[int]) -> Mapping[int, Place]:
        """Return where partitions stand."""
        return self._places(_PLACES, partitions)

    def standing(self, journeys: Collection[UUID]) -> Standing:
        """Return what stands of some journeys."""
        told = self._asked(_STANDING, self._group, list(journeys), self._group)
        versions = {journey: version for journey, version, _ in told if version is not None}
        return Standing(versions, frozenset(one for one, _, parked in told if parked), self)

    def rows(self, journeys: Iterable[UUID]) -> Mapping[UUID, Row]:
        """Return the one row of each journey, for a projection that goes on from it."""
        (projection,) = self._projections
        names = SQL(", ").join(Identifier(one.name) for one in projection.columns)
        statement = SQL("SELECT journey, {} FROM {} WHERE journey = ANY(%s)").format(
            names, Identifier(LIVE, projection.name)
        )
        wanted = list(journeys)
        return {row[0]: row[1:] for row in self._asked(statement, wanted)} if wanted else {}

    def told(
        self, journeys: Iterable[UUID]
    ) -> Iterator[tuple[UUID, Sequence[Recorded] | KetteError]]:
        """Yield what the journal holds of each journey, or why it cannot be read.

        Raises:
            JournalCorruptError: If a record was altered.
        """
        wanted = list(journeys)
        found = self._asked(_SELECT_TOLD, wanted, binary=True) if wanted else []
        missing = set(wanted)
        for journey, rows in groupby(found, key=lambda row: header.unpack(row[0]).journey_id):
            missing.discard(journey)
            yield journey, self._read(journey, list(rows))
        for unknown in missing:
            yield unknown, ()

    def erased(self, positions: Iterable[int]) -> frozenset[UUID]:
        """Return the journeys that a record at one of these positions erased."""
        wanted = list(positions)
        if not wanted:
            return frozenset()
        rows = self._asked(_SELECT_AT, wanted, binary=True)
        return frozenset(unpacked(row[0]).journey_id for row in rows_of_erasure(rows, self._keys))

    def write(self, spans: Sequence[Span], change: Change) -> bool:
        """Write a change and move the offsets in one transaction.

        Returns:
            False, and nothing is written, if a partition stands elsewhere, somebody took it over, or a
            journey was freed behind which something was to wait.

        Raises:
            RowsRefusedError: If the database does not take a row.
        """
        return self._guarded(lambda connection: self._write(connection, spans, change))

    def refused(self, change: Change) -> frozenset[UUID]:
        """Return the journeys whose rows the database does not take; nothing is written."""

        def attempt(connection: Connection[TupleRow]) -> frozenset[UUID]:
            with connection.transaction(force_rollback=True):
                return frozenset(
                    journey
                    for journey, rows in change.rows
                    if not self._takes(connection, ((journey, rows),))
                )

        return self._guarded(attempt)

    def waiting(self) -> Sequence[UUID]:
        """Return the parked journeys, the longest parked first."""
        return [journey for (journey,) in self._asked(_JOURNEYS_WAITING, self._group)]

    def parked(self, journey: UUID) -> Sequence[Parked]:
        """Return what waits behind the park of a journey, in its order."""
        return [_parked(*row) for row in self._asked(_WAITING, self._group, journey)]

    def free(self, journey: UUID, seen: Sequence[Parked], change: Change) -> bool:
        """Write what a parked journey comes to, in the place of what was seen to wait.

        Returns:
            False, and nothing is written, if more waits than was seen.
        """
        return self._guarded(lambda connection: self._free(connection, journey, seen, change))

    def _write(
        self, connection: Connection[TupleRow], spans: Sequence[Span], change: Change
    ) -> bool:
        with connection.transaction():
            connection.execute(_LONGER)
            partitions = [one.partition for one in spans]
            if connection.execute(_STANDS, [self._group]).fetchone() is None:
                raise self._emptied()
            rows = connection.execute(f"{_PLACES} FOR UPDATE", [self._group, partitions]).fetchall()
            if rows != [(one.partition, one.first, one.generation) for one in spans]:
                return False
            if not self._all_wait(connection, change.parked):
                return False
            self._put(connection, change)
            beyond = [one.beyond for one in spans]
            connection.execute(_MOVE, [partitions, beyond, self._group])
        return True

    def _emptied(self) -> GroupError:
        return GroupError(
            f"a crash of the database emptied tables of group {self._group}: start `kette consume` anew"
        )

    def _free(
        self,
        connection: Connection[TupleRow],
        journey: UUID,
        seen: Sequence[Parked],
        change: Change,
    ) -> bool:
        with connection.transaction():
            connection.execute(_LONGER)
            if connection.execute(_STANDS, [self._group]).fetchone() is None:
                raise self._emptied()
            partitions = sorted({one.raw.partition for one in seen})
            connection.execute(f"{_PLACES} FOR UPDATE", [self._group, partitions])
            waits = connection.execute(_VERSIONS_WAITING, [self._group, journey]).fetchall()
            if waits != [(one.version,) for one in seen]:
                return False
            connection.execute(_FREE, [self._group, journey])
            self._put(connection, change)
        return True

    def _all_wait(self, connection: Connection[TupleRow], parked: Sequence[Parked]) -> bool:
        """Say whether every journey behind which something is to wait is still parked."""
        reasons = {one.journey: one.reason for one in reversed(parked)}
        behind = [journey for journey, reason in reasons.items() if reason == BEHIND]
        if not behind:
            return True
        waiting = connection.execute(_HOW_MANY_WAIT, [self._group, behind]).fetchall()
        return waiting == [(len(behind),)]

    def _put(self, connection: Connection[TupleRow], change: Change) -> None:
        """Write rows, versions and parked records within the transaction of the connection."""
        if change.rows:
            view_tables.replace(connection, LIVE, self._projections, change.rows)
        if change.versions:
            journeys, versions = list(change.versions), list(change.versions.values())
            connection.execute(_VERSIONS, [self._group, journeys, versions])
        if change.parked:
            with connection.cursor() as cursor:
                cursor.executemany(_PARK, [self._stored(one) for one in change.parked])

    def _read(self, journey: UUID, rows: Sequence[StoredRow]) -> Sequence[Recorded] | KetteError:
        try:
            return journey_records(rows, self._keys, journey)
        except UnreadableRecordError as error:
            return error

    def _stored(self, one: Parked) -> Sequence[object]:
        raw = one.raw
        names = [name for name, _ in raw.headers]
        values = [value for _, value in raw.headers]
        place = (raw.partition, raw.offset, raw.key, raw.value)
        return (self._group, one.journey, one.version, one.reason[:500], *place, names, values)

    def _takes(self, connection: Connection[TupleRow], rows: Sequence[tuple[UUID, Rows]]) -> bool:
        try:
            with connection.transaction():
                view_tables.replace(connection, LIVE, self._projections, rows)
        except _REFUSED:
            return False
        return True

    def _places(self, statement: str, partitions: Collection[int]) -> Mapping[int, Place]:
        rows = self._asked(statement, self._group, sorted(partitions))
        return {partition: Place(offset, generation) for partition, offset, generation in rows}

    def _asked(self, statement: Any, *arguments: object, binary: bool = False) -> list[Any]:
        return self._guarded(
            lambda connection: connection.execute(statement, arguments, binary=binary).fetchall()
        )

    def _guarded(self, call: Callable[[Connection[TupleRow]], Answer]) -> Answer:
        """Call with the connection; after an error of the database the next call has another."""
        try:
            return call(self._session.connection())
        except _REFUSED as error:
            raise RowsRefusedError(f"the database refuses a row: {type(error).__name__}") from error
        except _AWAY as error:
            self._session.drop()
            raise explained(error) from error


def _parked(
    journey: UUID,
    version: int,
    reason: str,
    *place: Any,
) -> Parked:
    topic, partition, offset, key, value, names, headers = place
    pairs = list(zip(names, headers, strict=True))
    return Parked(journey, version, reason, Kept(topic, partition, offset, key, value, pairs))
