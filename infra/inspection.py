"""The rows of the journal, compared with their own headers, digests and links.

The notary does it before it signs, the page before it says that nothing was altered.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from domain.errors import JournalCorruptError
from domain.integrity import AlteredError, Broken, Flaw
from infra import header

_BLOCK = 2_000
_JOURNEYS = 100_000
_SELECT_BOUNDS = """
SELECT h.position, h.tenant, h.epoch, (SELECT min(position) FROM kette.events), (SELECT max(position) FROM kette.events)
  FROM kette.log_head AS h
"""
_SELECT_ROWS = """
SELECT position, journey_id, version, class, header, ciphertext, leaf
  FROM kette.events WHERE position > %s AND position <= %s ORDER BY position LIMIT %s
"""
_SELECT_LAST = """
SELECT asked.journey_id, last.version, last.leaf
  FROM unnest(%s::uuid[]) AS asked (journey_id) CROSS JOIN LATERAL (
       SELECT version, leaf FROM kette.events AS e
        WHERE e.journey_id = asked.journey_id AND e.position <= %s ORDER BY e.version DESC LIMIT 1) AS last
"""
_NEVER = -(2**63)


class Row(NamedTuple):
    """A row as it is stored."""

    position: int
    journey: UUID
    version: int
    data_class: str
    header: bytes
    ciphertext: bytes | None
    leaf: bytes


class Bounds(NamedTuple):
    """Whose journal it is and how far it goes."""

    position: int
    tenant: UUID
    epoch: UUID
    first: int | None
    last: int | None

    @property
    def origin(self) -> str:
        """Return the name of the log in its checkpoints."""
        return f"kette/{self.tenant}/{self.epoch}"


def bounds(connection: Connection[TupleRow]) -> Bounds:
    """Return how far the journal goes.

    Raises:
        AlteredError: If rows stand outside of it, or its end is missing.
        JournalCorruptError: If its head row is missing.
    """
    row = connection.execute(_SELECT_BOUNDS).fetchone()
    if row is None:
        raise JournalCorruptError("the head row of the journal is missing")
    found = Bounds(*row)
    if found.first is not None and found.first < 1:
        raise AlteredError(Broken(Flaw.EXTRA, found.first))
    last = found.last or 0
    if last != found.position:
        flaw = Flaw.MISSING if last < found.position else Flaw.EXTRA
        raise AlteredError(Broken(flaw, min(last, found.position) + 1))
    return found


class Inspector:
    """Reads rows back and compares each with what stands before it.

    Attributes:
        position: Everything up to here was compared.
    """

    def __init__(self, connection: Connection[TupleRow], of: Bounds, after: int = 0) -> None:
        self.position = after
        self._connection = connection
        self._of = of
        self._moment = _NEVER
        self._last: dict[UUID, tuple[int, bytes]] = {}
        self._knows_all = after == 0

    def blocks(self, upto: int) -> Iterator[list[Row]]:
        """Yield what was recorded up to a position, block by block, each compared.

        Raises:
            AlteredError: At the first row that is not as it was written, once those before it were yielded.
        """
        while self.position < upto:
            found = self._connection.execute(
                _SELECT_ROWS, [self.position, upto, _BLOCK], prepare=True, binary=True
            ).fetchall()
            rows = [Row(*row) for row in found]
            if not rows:
                raise AlteredError(Broken(Flaw.MISSING, self.position + 1))
            self._look_up(rows)
            right: list[Row] = []
            try:
                for row in rows:
                    self._compare(row)
                    right.append(row)
            except AlteredError:
                if right:
                    yield right
                raise
            yield rows

    def _look_up(self, rows: Sequence[Row]) -> None:
        """Read where journeys stand that are not known any more, or not yet."""
        if len(self._last) > _JOURNEYS:
            self._last.clear()
            self._knows_all = False
        if self._knows_all:
            return
        asked = list({row.journey for row in rows} - self._last.keys())
        if asked:
            found = self._connection.execute(
                _SELECT_LAST, [asked, self.position], prepare=True, binary=True
            )
            self._last |= {journey: (version, leaf) for journey, version, leaf in found}

    def _compare(self, row: Row) -> None:
        expected = self.position + 1
        if row.position != expected:
            raise AlteredError(Broken(Flaw.MISSING, expected))
        flaw, moment = self._flaw(row)
        if flaw is not None:
            raise AlteredError(Broken(flaw, row.position, row.journey))
        self._last[row.journey] = row.version, row.leaf
        self._moment = moment
        self.position = expected

    def _flaw(self, row: Row) -> tuple[Flaw | None, int]:
        """Return what is wrong with a row, and when it was recorded."""
        try:
            fields = header.unpack(row.header)
        except ValueError:
            return Flaw.HEADER, _NEVER
        flaw: Flaw | None = None
        if not self._is_copied(row, fields):
            flaw = Flaw.COLUMNS
        elif header.leaf(row.header) != row.leaf:
            flaw = Flaw.LEAF
        elif not _is_payload(row.ciphertext, fields.payload_digest):
            flaw = Flaw.DIGEST
        elif not self._goes_on(row, fields.previous_leaf):
            flaw = Flaw.LINK
        elif fields.recorded_us < self._moment:
            flaw = Flaw.ORDER
        return flaw, fields.recorded_us

    def _is_copied(self, row: Row, fields: header.Header) -> bool:
        return (
            fields.position == row.position
            and fields.journey == row.journey.bytes
            and fields.version == row.version
            and fields.data_class == row.data_class.encode().ljust(32, b"\0")
            and fields.tenant == self._of.tenant.bytes
            and fields.epoch == self._of.epoch.bytes
        )

    def _goes_on(self, row: Row, previous: bytes) -> bool:
        before = self._last.get(row.journey)
        if before is None:
            return row.version in {0, 1} and previous == header.ZERO_LEAF
        return (row.version - 1, previous) == before


def _is_payload(ciphertext: bytes | None, digest: bytes) -> bool:
    """Say whether a payload is the one of the header; one that was blanked is not compared."""
    return ciphertext is None or hashlib.sha256(ciphertext).digest() == digest
