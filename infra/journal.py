"""The journal on PostgreSQL: the library's recorder port and the domain's journal in one object."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, Self
from uuid import UUID, uuid4

import psycopg
from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    PersistenceError,
    StoredEvent,
)
from eventsourcing.postgres import PostgresTrackingRecorder
from psycopg.rows import tuple_row
from typing_extensions import override

from domain.journal import Answer, Append, Outcome, Recorded
from infra import header
from infra.doorbell import Doorbell
from infra.errors import HistoryLoadError
from infra.keys import KeyRing
from infra.request import NOBODY, UNSEALED, Request, Sealer, SealingPacker
from infra.sealing import journey_records, records
from infra.session import (
    PROJECTOR,
    READER,
    JournalDatastore,
    check_address,
    check_server,
    connect,
    disk_full,
    explained,
    lost,
    translated,
)
from infra.subscription import JournalSubscription, notification
from infra.tail import SELECT_AFTER, check_dense
from infra.writer import Writer

_ALL = 2**62
_BLOCK = 2_000
_PATIENCE_SECONDS = 10.0
_PAUSE_SECONDS = 0.05
_SELECT_EVENTS = (
    "SELECT header, ciphertext FROM kette.events WHERE journey_id = %b AND version > %b"
    " AND version <= %b ORDER BY version {order} LIMIT %b"
)
_UP, _DOWN = (_SELECT_EVENTS.format(order=order) for order in ("ASC", "DESC"))
_SELECT_ANSWERED = "SELECT * FROM kette.answered(%b, %b)"
_SELECT_HEAD = (
    "SELECT position, nullif(last_recorded_at, '-infinity'), epoch, tenant FROM kette.log_head"
)


class Head(NamedTuple):
    """How far the journal has come.

    Attributes:
        position: The highest position; 0 if nothing is recorded.
        recorded_at: When that was; None if nothing is recorded.
        epoch: The log's identity.
        tenant: Whose journal it is.
    """

    position: int
    recorded_at: datetime | None
    epoch: UUID
    tenant: UUID


def head_of(dsn: str) -> Head:
    """Return how far the journal of a migrated database has come."""
    check_address(dsn)
    with translated(), connect(dsn, READER) as connection:
        (row,) = connection.execute(_SELECT_HEAD).fetchall()
    return Head(*row)


def open_journal(dsn: str, keys: KeyRing) -> "JournalRecorder":
    """Open the journal of a migrated database.

    Args:
        dsn: The database.
        keys: Seal what is written and open what is read.

    Raises:
        JournalUnavailableError: If the database cannot be reached.
        UnsafeServerError: If the server may lose what it acknowledged.
        MigrationError: If the database holds no journal.
    """
    check_address(dsn)
    try:
        with connect(dsn, READER) as connection:
            warnings = check_server(connection)
    except psycopg.Error as error:
        raise explained(error, dsn) from error
    return JournalRecorder(dsn, keys, warnings)


class JournalRecorder(ApplicationRecorder):
    """Appends and reads; safe to use from many threads.

    Attributes:
        warnings: What is worth knowing about the server.
    """

    def __init__(self, dsn: str, keys: KeyRing, warnings: Sequence[str] = ()) -> None:
        self.dsn = dsn
        self.keys = keys
        self.datastore = JournalDatastore(dsn)
        self.warnings = tuple(warnings)
        self._writer = Writer(dsn)
        self._doorbell = Doorbell(dsn)
        self.sealer = Sealer(keys.secret, SealingPacker(keys, self.head().tenant))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back every connection."""
        self._writer.close()
        self._doorbell.close()
        self.datastore.close()

    # The domain's journal

    def append(self, requests: Sequence[Append]) -> list[Answer]:
        """Append independent requests in one transaction; one answer each, in their order.

        Raises:
            JournalUnavailableError: If the database does not come back in time.
            HistoryLoadError: If a request brings its own ``recorded_at``.
        """
        if any(request.recorded_at is not None for request in requests):
            raise HistoryLoadError("only a history load says when something was recorded")
        return self._write(self.sealer.requests(requests))

    def answered(self, command_id: UUID, body: bytes) -> Answer | None:
        """Return the answer a command got before (refused: same id, other body); None if it is new."""
        (row,) = self._rows(_SELECT_ANSWERED, (command_id, self.sealer.digest(body)))
        return None if row[0] is None else Answer(Outcome(row[0]), row[1], row[2])

    def read(self, journey: UUID, after_version: int = 0) -> list[Recorded]:
        """Return a journey's records after a version, in order; empty if there is none.

        Raises:
            JournalCorruptError: If a record was altered, moved or taken away.
            KeyMissingError: If the key of a record is not there.
        """
        rows = self._rows(_UP, (journey, after_version, _ALL, None))
        return journey_records(rows, self.keys, journey, after_version)

    def page(self, after: int, limit: int) -> list[Recorded]:
        """Return at most ``limit`` records after a position, dense and in order.

        Raises:
            JournalCorruptError: If a position is missing.
        """
        after = max(after, 0)
        rows = self._rows(SELECT_AFTER, (after, limit))
        check_dense(rows, after)
        return records(rows, self.keys)

    def head(self) -> Head:
        """Return how far the journal has come, read off its head row."""
        (row,) = self._rows(_SELECT_HEAD, ())
        return Head(*row)

    # The library's recorder port

    @override
    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Append events as one all-or-nothing request; ``command_id`` makes it repeatable."""
        if not stored_events:
            return []
        command_id = kwargs.get("command_id") or uuid4()
        body_hash = self.sealer.body_hash(stored_events)
        keys = [UNSEALED] * len(stored_events)
        request = Request(command_id, body_hash, NOBODY, stored_events, keys)
        (answer,) = self._write([request])
        if answer.first_position is None:
            raise IntegrityError(
                f"the events do not go on from where their streams stand: {answer.outcome}"
            )
        return list(range(answer.first_position, answer.first_position + answer.count))

    @override
    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return the events of a journey; the topic is the data class."""
        bounds = (-1 if gt is None else gt, _ALL if lte is None else lte, limit)
        rows = self._rows(_DOWN if desc else _UP, (originator_id, *bounds))
        return [_stored_event(*row) for row in rows]

    @override
    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return events by position; topics are data classes."""
        after = max((start or 0) - inclusive_of_start, 0)
        upto = _ALL if stop is None else stop
        block = max(limit, _BLOCK) if topics else limit
        found: list[Notification] = []
        while len(found) < limit and after < upto:
            rows = self._rows(SELECT_AFTER, (after, min(block, upto - after)))
            check_dense(rows, after)
            after += len(rows)
            read = [notification(*row) for row in rows]
            found += [one for one in read if not topics or one.topic in topics]
            if not topics or not rows:
                break
        return found[:limit]

    @override
    def max_notification_id(self) -> int | None:
        """Return the highest position, or None if nothing is recorded."""
        return self.head().position or None

    @override
    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> JournalSubscription:
        """Follow the journal after a position by the tail reader."""
        return JournalSubscription(self, self.dsn, gt, topics)

    def _write(self, requests: Sequence[Request]) -> list[Answer]:
        answers = self._writer.write(requests)
        if any(answer.outcome is Outcome.APPENDED for answer in answers):
            self._doorbell.ring()
        return answers

    def _rows(self, statement: str, arguments: Sequence[object]) -> list[Any]:
        """Read rows; a lost connection is replaced by another for a while."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                with self.datastore.get_connection() as connection:
                    cursor = connection.cursor(binary=True, row_factory=tuple_row)
                    return cursor.execute(statement, arguments, prepare=True).fetchall()
            except PersistenceError as error:
                cause = error.__cause__
                if not isinstance(cause, psycopg.Error):
                    raise
                if not lost(cause) or time.monotonic() > deadline or disk_full(self.dsn):
                    raise explained(cause, self.dsn) from error
            time.sleep(_PAUSE_SECONDS)


def _stored_event(stored_header: bytes, payload: bytes | None) -> StoredEvent:
    fields = header.unpack(stored_header)
    return StoredEvent(fields.journey_id, fields.version, fields.class_name, payload or b"")


def tracking_recorder(dsn: str) -> PostgresTrackingRecorder:
    """Return the library's tracking recorder on the journal's own tracking table."""
    datastore = JournalDatastore(dsn, PROJECTOR)
    return PostgresTrackingRecorder(datastore, tracking_table_name="tracking")
