"""The journal as the relay reads it: by one leader, in order, and opened only where that is allowed."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import orjson
import psycopg
from psycopg import Connection
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow

from domain.crossings import Crossing, CrossingKind
from domain.errors import JournalCorruptError
from domain.events.record import EventCorrected, EventRetracted
from domain.events.registry import FACTS
from domain.fact import Fact, Published
from domain.fields import DataClass
from domain.journal import Entry
from domain.outgoing import Outgoing, Target, Withheld
from domain.publishing import Standing
from infra import codec, header
from infra.codec import decode
from infra.doorbell import CHANNEL
from infra.errors import JournalUnavailableError
from infra.keys import KeyRing
from infra.sealing import Keys, keys_of, opened, rows_of_erasure, unpacked
from infra.session import READER, connect, explained
from infra.tail import check_dense

_SCAN = 5_000
_DEAD_PEER = {
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
_OPEN_CLASS = DataClass.BASE.value
_OPEN = _OPEN_CLASS.encode().ljust(32, b"\0")
_POINTING = (EventCorrected, EventRetracted)
_SELECT_STANDING = "SELECT position, (SELECT coalesce(max(seq), 0) FROM kette.crossings), epoch FROM kette.log_head"
_SELECT_LEAF = "SELECT leaf FROM kette.events WHERE position = %b"
_SELECT_FACTS = """
SELECT header, ciphertext
  FROM (SELECT position, header, ciphertext, sum(coalesce(octet_length(ciphertext), 0))
               OVER (ORDER BY position) - coalesce(octet_length(ciphertext), 0) AS before
          FROM (SELECT position, header, ciphertext FROM kette.events
                 WHERE position > %b AND position <= %b ORDER BY position LIMIT %b) AS block) AS summed
 WHERE before < %b
 ORDER BY position
"""
_SELECT_OPEN = (
    "SELECT header, ciphertext FROM kette.events WHERE position > %b AND position <= %b AND class = %b"
    " ORDER BY position"
)
_SELECT_EARLIER = (
    "SELECT header, ciphertext FROM kette.events WHERE journey_id = ANY(%b) AND class = %b"
    " AND ciphertext IS NOT NULL ORDER BY journey_id, version"
)
_SELECT_CROSSINGS = (
    "SELECT seq, basis_position, journey_id, kind, name, key, day, noticed_at, told"
    " FROM kette.crossings WHERE seq > %b ORDER BY seq LIMIT %b"
)

_Opened = tuple[header.Header, Entry | None, Withheld | None]
_Earlier = dict[bytes, list[tuple[int, bytes]]]
_uuid = lru_cache(65_536)(lambda raw: UUID(bytes=raw))


class JournalOutbox:
    """The outbox of one topic, on one connection that holds the leader's lock; for one thread."""

    def __init__(self, dsn: str, keys: KeyRing, topic: str, block_bytes: int = 2_000_000) -> None:
        self._keys = keys
        self._dsn = make_conninfo(dsn, **_DEAD_PEER)
        self._key = int.from_bytes(
            hashlib.sha256(f"relay {topic}".encode()).digest()[:8], signed=True
        )
        self._block_bytes = block_bytes
        self._connection: Connection[TupleRow] | None = None
        self._erased: dict[bytes, int] = {}
        self._scanned = 0

    def lead(self) -> bool:
        """Become the one who publishes; False if another is. Ends with the connection.

        Raises:
            JournalUnavailableError: If the database cannot be reached.
        """
        self.resign()
        try:
            self._connection = connect(self._dsn, READER)
            self._connection.execute(f"LISTEN {CHANNEL}")
        except psycopg.Error as error:
            self.resign()
            raise explained(error) from error
        ((leads,),) = self._rows("SELECT pg_try_advisory_lock(%b)", self._key)
        if not leads:
            self.resign()
        return bool(leads)

    def resign(self) -> None:
        """Close the connection, and with it give up the lead."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def ends(self) -> Standing:
        """Return where both outboxes stand, also for who does not lead.

        Raises:
            JournalUnavailableError: If the database cannot be reached.
        """
        try:
            with connect(self._dsn, READER) as connection:
                ((position, crossing, epoch),) = connection.execute(_SELECT_STANDING).fetchall()
        except psycopg.Error as error:
            raise explained(error) from error
        return Standing(position, crossing, epoch)

    def standing(self) -> Standing:
        """Return where both outboxes stand; up to there it is known which journeys are erased."""
        ((position, crossing, epoch),) = self._rows(_SELECT_STANDING)
        if position < self._scanned:
            self._erased.clear()
            self._scanned = 0
        while self._scanned < position:
            upto = min(self._scanned + _SCAN, position)
            self._learn_erasures(upto)
            self._scanned = upto
        return Standing(position, crossing, epoch)

    def leaf(self, position: int) -> bytes | None:
        """Return the digest of the record at a position; None if nothing stands there."""
        rows = self._rows(_SELECT_LEAF, position)
        return bytes(rows[0][0]) if rows else None

    def facts(self, after: int, limit: int) -> Sequence[Outgoing]:
        """Return what follows a position, no further than the last standing and no more than fits.

        Raises:
            JournalCorruptError: If a position is missing or a record was altered.
            UnreadableRecordError: If a record does not fit this program.
        """
        rows = self._rows(_SELECT_FACTS, after, self._scanned, limit, self._block_bytes)
        check_dense(rows, after)
        keys = keys_of(rows, self._keys)
        found = [self._opened(stored, ciphertext, keys) for stored, ciphertext in rows]
        earlier = self._earlier(found)
        return [
            Outgoing(
                fields.position,
                _uuid(fields.journey),
                fields.version,
                fields.recorded_at,
                UUID(bytes=fields.command_id),
                header.leaf(row[0]),
                entry,
                withheld,
                _target(fields, entry, earlier) if entry is not None and earlier else None,
            )
            for row, (fields, entry, withheld) in zip(rows, found, strict=True)
        ]

    def crossings(self, after: int, upto: int, limit: int) -> Sequence[Crossing]:
        """Return the crossings after a number, up to the first whose basis lies beyond a position.

        Raises:
            JournalCorruptError: If a crossing is missing.
        """
        found: list[Crossing] = []
        for seq, row in enumerate(self._rows(_SELECT_CROSSINGS, after, limit), start=after + 1):
            if row[0] != seq:
                raise JournalCorruptError(f"crossing {seq} is missing from the second outbox")
            if row[1] > upto:
                break
            found.append(_crossing(row))
        return found

    def erased_at(self, journey: UUID) -> int | None:
        """Return the position that erased a journey; None if none did, as far as is known."""
        return self._erased.get(journey.bytes)

    def wait(self, seconds: float) -> None:
        """Wait for a ring of the doorbell, at most for a while; rings that gathered count as one."""
        connection = self._led()
        try:
            for _ in connection.notifies(timeout=seconds, stop_after=1):
                pass
        except psycopg.Error as error:
            raise explained(error) from error

    def _learn_erasures(self, upto: int) -> None:
        """Learn which journeys were erased by a record, or by the destruction of the key of a record."""
        rows = self._rows(_SELECT_OPEN, self._scanned, upto, _OPEN_CLASS)
        for stored, _ in rows_of_erasure(rows, self._keys):
            fields = unpacked(stored)
            self._erased.setdefault(fields.journey, fields.position)

    def _opened(self, stored: bytes, ciphertext: bytes | None, keys: Keys) -> _Opened:
        """Return the header, and the entry or why it stays closed."""
        fields = unpacked(stored)
        if ciphertext is None or fields.journey in self._erased:
            return fields, None, Withheld.ERASED
        if fields.data_class != _OPEN:
            return fields, None, Withheld.CLASS
        payload = opened(fields, stored, ciphertext, keys)
        if payload is None:
            return fields, None, Withheld.ERASED
        entry = codec.entry(fields, payload) if _is_published(codec.type_of(payload)) else None
        return fields, entry, Withheld.NOT_PUBLISHED if entry is None else None

    def _earlier(self, found: Sequence[_Opened]) -> _Earlier:
        """Return what may be opened of the journeys in which corrections or retractions stand."""
        journeys = {
            fields.journey
            for fields, entry, _ in found
            if entry and isinstance(entry.fact, _POINTING)
        }
        earlier: _Earlier = {}
        if journeys:
            asked = [UUID(bytes=one) for one in journeys]
            rows = self._rows(_SELECT_EARLIER, asked, _OPEN_CLASS)
            keys = keys_of(rows, self._keys)
            for stored, ciphertext in rows:
                fields = unpacked(stored)
                payload = opened(fields, stored, ciphertext, keys)
                if payload is not None:
                    earlier.setdefault(fields.journey, []).append((fields.version, payload))
        return earlier

    def _rows(self, statement: str, *arguments: object) -> list[Any]:
        connection = self._led()
        try:
            cursor = connection.execute(statement, arguments, prepare=True, binary=True)
            return cursor.fetchall()
        except psycopg.Error as error:
            raise explained(error) from error

    def _led(self) -> Connection[TupleRow]:
        if self._connection is None:
            raise JournalUnavailableError("the outbox is read only by who leads")
        return self._connection


@cache
def _is_published(type_name: str) -> bool:
    fact = FACTS.get(type_name)
    return fact is None or isinstance(fact.about.publish, Published)


def _target(fields: header.Header, entry: Entry, earlier: _Earlier) -> Target | None:
    """Return what a correction or retraction points at, among the journey's earlier records."""
    if not isinstance(entry.fact, _POINTING) or entry.fact.target is None:
        return None
    rows = [one for one in earlier.get(fields.journey, ()) if one[0] < fields.version]
    found = _named(rows, entry.fact.target)
    if found is None:
        return None
    version, fact = found
    return Target(version, fact.type_name(), _root(rows, fact))


def _named(rows: Sequence[tuple[int, bytes]], name: str) -> tuple[int, Fact] | None:
    """Return version and fact of the record that has a name within its journey."""
    mark = b'"id":' + orjson.dumps(name)
    for version, payload in rows:
        if mark in payload and (entry := decode(payload)).id == name:
            return version, entry.fact
    return None


def _root(rows: Sequence[tuple[int, bytes]], fact: Fact) -> str | None:
    """Return the type at the end of a chain of corrections; None if the fact begins none."""
    root = None
    seen: set[str] = set()
    while isinstance(fact, _POINTING):
        if fact.target is None or fact.target in seen:
            return None
        seen.add(fact.target)
        found = _named(rows, fact.target)
        if found is None:
            return None
        fact = found[1]
        root = fact.type_name()
    return root


def _crossing(row: tuple[int, int, UUID, str, str, str, Any, datetime, Any]) -> Crossing:
    seq, basis, journey, kind, *rest = row
    return Crossing(seq, basis, journey, CrossingKind(kind), *rest)
