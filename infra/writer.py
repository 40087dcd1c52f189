"""The one call that writes: many independent requests, one transaction, one round trip."""

import threading
import time
from collections.abc import Sequence
from uuid import UUID

import psycopg
from psycopg import errors, pq
from typing_extensions import override

from domain.errors import KetteError
from domain.journal import Answer, Outcome
from infra import wire
from infra.codec import fingerprint
from infra.errors import HistoryLoadError, JournalUnavailableError
from infra.request import Request
from infra.session import LOADER, WRITER, Session, disk_full, explained, lost

_STATEMENT = b"write"
_OIDS = (
    wire.UUIDS,
    wire.BYTEAS,
    wire.INT4S,
    wire.UUIDS,
    wire.UUIDS,
    wire.INT8S,
    wire.TEXTS,
    wire.BYTEAS,
    wire.UUIDS,
    wire.BYTEA,
)
_APPEND = b"SELECT * FROM kette.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
_LOAD = b"SELECT * FROM kette.load($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
_BINARY = 1
_PATIENCE_SECONDS = 15.0
_OUTCOMES = {one.value.encode(): one for one in Outcome}


class Writer:
    """Sends requests over one connection; the head row makes appends wait for each other anyway.

    A call whose connection was lost is sent again with the same command ids: what had been committed
    is answered as a duplicate, with the first answer.
    """

    role = WRITER
    statement = _APPEND
    oids: tuple[int, ...] = _OIDS

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._session = Session(dsn, self.role)
        self._prepared_on: psycopg.Connection | None = None
        self._closing = threading.Event()

    def write(self, requests: Sequence[Request]) -> list[Answer]:
        """Write the requests and return one answer each.

        Raises:
            JournalUnavailableError: If the database does not come back in time.
            JournalBusyError: If it does not answer in time.
        """
        if not requests:
            return []
        arguments = self.arguments(requests)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        pause = 0.05
        with self._session.lock:
            while True:
                try:
                    return self._send(arguments)
                except psycopg.Error as error:
                    if not self._may_try_again(error, deadline):
                        raise _meaning(error, self._dsn) from error
                if self._closing.wait(pause):
                    raise JournalUnavailableError("the journal was closed while it was retrying")
                pause = min(pause * 2, 0.5)

    def execute(self, statement: str) -> None:
        """Run a statement without a result under the writer's role."""
        with self._session.lock:
            try:
                self._session.connection().execute(statement)
            except psycopg.Error as error:
                self._session.drop()
                raise _meaning(error, self._dsn) from error

    def close(self) -> None:
        """Give the connection back; a call that is being retried ends."""
        self._closing.set()
        with self._session.lock:
            self._session.drop()

    def arguments(self, requests: Sequence[Request]) -> list[bytes]:
        """Return the arguments of the function in binary."""
        events = [event for request in requests for event in request.events]
        return [
            wire.uuids(request.command_id for request in requests),
            wire.byteas(request.body_hash for request in requests),
            wire.int4s(len(request.events) for request in requests),
            wire.uuids(request.actor for request in requests),
            wire.uuids(_uuid(event.originator_id) for event in events),
            wire.int8s(event.originator_version for event in events),
            wire.texts(event.topic for event in events),
            wire.byteas(event.state for event in events),
            wire.uuids(key for request in requests for key in request.keys),
            fingerprint(),
        ]

    def _send(self, arguments: Sequence[bytes]) -> list[Answer]:
        result = self._prepared().exec_prepared(
            _STATEMENT, arguments, [_BINARY] * len(arguments), _BINARY
        )
        if result.status != pq.ExecStatus.TUPLES_OK:
            raise self._failure(result)
        outcomes, firsts, lengths = (wire.elements(result.get_value(0, i)) for i in range(3))
        return [
            Answer(_OUTCOMES[outcome or b""], wire.integer(first), wire.integer(length) or 0)
            for outcome, first, length in zip(outcomes, firsts, lengths, strict=True)
        ]

    def _prepared(self) -> pq.abc.PGconn:
        """Return the connection with the statement prepared on it."""
        connection = self._session.connection()
        if self._prepared_on is not connection:
            prepared = connection.pgconn.prepare(_STATEMENT, self.statement, self.oids)
            if prepared.status != pq.ExecStatus.COMMAND_OK:
                raise self._failure(prepared)
            self._prepared_on = connection
        return connection.pgconn

    def _failure(self, result: pq.abc.PGresult) -> psycopg.Error:
        """Return what a failed result means; one without a code comes of the way, not of the server."""
        told = result.error_field(pq.DiagnosticField.SQLSTATE)
        if told is None or self._session.connection().broken:
            return psycopg.OperationalError("the connection was lost")
        return errors.error_from_result(result)

    def _may_try_again(self, error: psycopg.Error, deadline: float) -> bool:
        if not lost(error):
            return False
        self._session.drop()
        self._prepared_on = None
        return time.monotonic() < deadline and not disk_full(self._dsn)


class HistoryWriter(Writer):
    """Sends requests that bring their own moment of recording, under the loader's role."""

    role = LOADER
    statement = _LOAD
    oids = (*_OIDS, wire.MOMENTS)

    @override
    def arguments(self, requests: Sequence[Request]) -> list[bytes]:
        """Return the arguments with the moments after them."""
        moments = [request.moment for request in requests if request.moment is not None]
        return [*super().arguments(requests), wire.moments(moments)]


def _uuid(journey: UUID | str) -> UUID:
    return journey if isinstance(journey, UUID) else UUID(journey)


def _meaning(error: psycopg.Error, dsn: str) -> KetteError:
    if error.sqlstate == "KT001":
        return HistoryLoadError(
            "the journal is not in the state for this: a load needs an empty journal, and until a "
            "load of history is finished by running it again, nothing else is written"
        )
    if error.sqlstate == "KT003":
        return HistoryLoadError("recorded_at of a history load falls back or lies ahead of now")
    return explained(error, dsn)
