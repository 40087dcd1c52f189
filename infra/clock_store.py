"""The second outbox in PostgreSQL, as the clock that leads writes it.

One connection holds the leader's lock, reads and writes: whoever lost it can no longer write. What is
told is never changed afterwards; the tables see to that.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from typing import Any, Self
from uuid import UUID

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from domain.crossings import Crossing, CrossingKind, Due, Notice, Noticed
from domain.errors import JournalCorruptError
from infra import header
from infra.doorbell import CHANNEL, Doorbell
from infra.errors import JournalUnavailableError
from infra.keys import KeyRing
from infra.sealing import Row, journey_records
from infra.session import PROJECTOR, connect, explained
from infra.view_tables import shape

_LOCK = 0x636C6F636B  # "clock"
_MANY = 2_000
_SELECT_STANDING = """
SELECT c.position, c.day, c.program, CASE h.state WHEN 'loading' THEN c.position ELSE h.position END
  FROM kette.clock AS c, kette.log_head AS h
"""
_SELECT_TOLD_ALL = """
SELECT (h.state = 'loading' OR c.position >= h.position) AND c.day >= %s
       AND NOT EXISTS (SELECT FROM kette.clock_journeys WHERE next_day <= c.day)
  FROM kette.clock AS c, kette.log_head AS h
"""
_NOTE_FACTS = """
INSERT INTO kette.clock_journeys AS kept (journey_id, next_day)
SELECT DISTINCT journey_id, %s::date FROM kette.events WHERE position > %s AND position <= %s
    ON CONFLICT (journey_id) DO UPDATE SET next_day = least(kept.next_day, excluded.next_day)
"""
_NOTE_ALL = "UPDATE kette.clock_journeys SET next_day = least(next_day, %s)"
_MOVE = "UPDATE kette.clock SET position = %s, day = %s, program = %s"
_SELECT_DUE = """
SELECT journey_id, version FROM kette.clock_journeys
 WHERE next_day <= (SELECT day FROM kette.clock) ORDER BY next_day, journey_id LIMIT %s
"""
_SELECT_FACTS = """
SELECT header, ciphertext FROM kette.events
 WHERE journey_id = ANY(%s) AND position <= (SELECT position FROM kette.clock)
 ORDER BY journey_id, version
"""
_SELECT_TOLD = """
SELECT seq, basis_position, journey_id, kind, name, key, day, noticed_at, told, undoes, round
  FROM kette.crossings WHERE journey_id = ANY(%s) ORDER BY seq
"""
_LOCK_PLACE = """
SELECT c.seq, c.position,
       greatest(clock_timestamp(), (SELECT noticed_at FROM kette.crossings AS last WHERE last.seq = c.seq))
  FROM kette.clock AS c FOR UPDATE
"""
_COPY = (
    "COPY kette.crossings (seq, basis_position, journey_id, noticed_at, kind, name, key, day, told,"
    " undoes, round) FROM STDIN"
)
_LOOKED_AT = """
UPDATE kette.clock_journeys AS kept SET version = looked.version, next_day = looked.next_day
  FROM unnest(%s::uuid[], %s::bigint[], %s::date[]) AS looked (journey_id, version, next_day)
 WHERE kept.journey_id = looked.journey_id
"""


class ClockStore:
    """The second outbox of one database; for one thread."""

    def __init__(self, dsn: str, keys: KeyRing) -> None:
        self._dsn = dsn
        self._keys = keys
        self._doorbell = Doorbell(dsn)
        self._connection: Connection[TupleRow] | None = None
        self._leads = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back the connections, and with them the lead."""
        self.resign()
        self._doorbell.close()

    def lead(self) -> bool:
        """Become the clock that writes, or go on being it; False if another one is."""
        if not self._leads:
            with self._open() as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                row = connection.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone()
                self._leads = row is not None and bool(row[0])
        return self._leads

    def resign(self) -> None:
        """Let another clock lead."""
        self._leads = False
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def take_in(self, today: date) -> date:
        """Note the facts that came and a day that began; return the day to tell up to, which never falls back.

        Nothing is noted while history is loaded. A program that judges otherwise looks at everything anew.
        """
        with self._open() as connection:
            position, kept, program, head = _one(connection.execute(_SELECT_STANDING))
            day = today if kept is None else max(kept, today)
            if (position, kept, program) != (head, day, shape(())):
                with connection.transaction():
                    connection.execute("SET LOCAL statement_timeout = 0")
                    since = day if head - position > _MANY else "-infinity"
                    connection.execute(_NOTE_FACTS, [since, position, head])
                    if program != shape(()):
                        connection.execute(_NOTE_ALL, [day])
                    connection.execute(_MOVE, [head, day, shape(())])
        return day

    def due(self, limit: int) -> Sequence[Due]:
        """Return the next journeys that have to be looked at; empty if none has."""
        with self._open() as connection:
            waiting = connection.execute(_SELECT_DUE, [limit], prepare=True).fetchall()
            journeys = [journey for journey, _ in waiting]
            if not journeys:
                return ()
            facts = connection.execute(_SELECT_FACTS, [journeys], binary=True).fetchall()
            told = connection.execute(_SELECT_TOLD, [journeys], binary=True).fetchall()
        stored = {
            UUID(bytes=journey): list(rows)
            for journey, rows in groupby(facts, key=lambda row: header.unpack(row[0]).journey)
        }
        by_journey: dict[UUID, list[Crossing]] = {journey: [] for journey in journeys}
        for row in told:
            by_journey[row[2]].append(_crossing(row))
        return [
            _due(journey, considered, stored[journey], by_journey[journey], self._keys)
            for journey, considered in waiting
        ]

    def tell(self, notices: Sequence[Notice]) -> None:
        """Write what is told of journeys, and that they were looked at, in one transaction.

        Raises:
            JournalCorruptError: If it was told before.
        """
        with self._open() as connection, connection.transaction():
            seq, basis, now = _one(connection.execute(_LOCK_PLACE))
            with connection.cursor().copy(_COPY) as copy:
                for notice in notices:
                    for one in notice.crossings:
                        seq += 1
                        copy.write_row((seq, basis, notice.journey, now, *_stored(one)))
            connection.execute("UPDATE kette.clock SET seq = %s", [seq])
            connection.execute(
                _LOOKED_AT,
                [
                    [one.journey for one in notices],
                    [one.version for one in notices],
                    [one.next_day for one in notices],
                ],
            )
        if any(one.crossings for one in notices):
            self._doorbell.ring()

    def told_all(self, today: date) -> bool:
        """Say whether whoever leads has told all that was recorded, and all up to a day."""
        with self._open() as connection:
            return bool(_one(connection.execute(_SELECT_TOLD_ALL, [today]))[0])

    def wait(self, seconds: float) -> None:
        """Wait for the doorbell, at most for a while; rings that gathered count as one."""
        with self._open() as connection:
            for _ in connection.notifies(timeout=seconds, stop_after=1):
                pass

    @contextmanager
    def _open(self) -> Iterator[Connection[TupleRow]]:
        """Lend the connection; after an error it is closed, and the lead is lost with it."""
        try:
            if self._connection is None:
                self._connection = connect(self._dsn, PROJECTOR)
            yield self._connection
        except psycopg.IntegrityError as error:
            self.resign()
            raise JournalCorruptError("what was to be told stands in the outbox already") from error
        except psycopg.Error as error:
            self.resign()
            raise explained(error) from error


def _one(cursor: psycopg.Cursor[TupleRow]) -> TupleRow:
    row = cursor.fetchone()
    if row is None:
        raise JournalUnavailableError("the clock's row is missing")
    return row


def _stored(one: Noticed) -> tuple[object, ...]:
    told = Jsonb(dict(one.told))
    return one.kind.value, one.name, one.key, one.day, told, one.undoes, one.round


def _crossing(row: Any) -> Crossing:
    seq, basis, journey, kind, *rest = row
    return Crossing(seq, basis, journey, CrossingKind(kind), *rest)


def _due(
    journey: UUID,
    considered: int,
    stored: Sequence[Row],
    told: Sequence[Crossing],
    keys: KeyRing,
) -> Due:
    """Return a journey with its records; with none if a payload is gone: it was erased."""
    blanked = any(ciphertext is None for _, ciphertext in stored)
    records = () if blanked else journey_records(stored, keys, journey)
    version = max(header.unpack(one).version for one, _ in stored)
    return Due(journey, records, considered, version, told)
