"""The one call that writes: many independent requests, one transaction, one round trip."""

import threading
import time
from collections.abc import Sequence

import psycopg
from psycopg import errors

from domain.errors import KetteError
from domain.journal import Answer, Outcome
from infra.codec import fingerprint
from infra.errors import HistoryLoadError, JournalUnavailableError
from infra.request import Request
from infra.session import LOADER, WRITER, Session, explained, lost

APPEND = (
    "SELECT * FROM kette.append(%b::uuid[], %b::bytea[], %b::int4[], %b::uuid[],"
    " %b::uuid[], %b::int8[], %b::text[], %b::bytea[], %b::bytea)"
)
LOAD = (
    "SELECT * FROM kette.load(%b::uuid[], %b::bytea[], %b::int4[], %b::uuid[],"
    " %b::uuid[], %b::int8[], %b::text[], %b::bytea[], %b::bytea, %b::timestamptz[])"
)
_PATIENCE_SECONDS = 15.0
_OUTCOMES = {one.value: one for one in Outcome}


class Writer:
    """Sends requests over one connection; the head row makes appends wait for each other anyway.

    A call whose connection was lost is sent again with the same command ids: what had been committed
    is answered as a duplicate, with the first answer.
    """

    def __init__(self, dsn: str, statement: str = APPEND) -> None:
        self._statement = statement
        self._session = Session(dsn, WRITER if statement is APPEND else LOADER)
        self._closing = threading.Event()

    def write(self, requests: Sequence[Request]) -> list[Answer]:
        """Write the requests and return one answer each.

        Raises:
            JournalUnavailableError: If the database does not come back in time.
            JournalBusyError: If it does not answer in time.
        """
        arguments = self._arguments(requests)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        pause = 0.05
        with self._session.lock:
            while True:
                try:
                    return self._send(arguments)
                except psycopg.Error as error:
                    if not self._may_try_again(error, deadline):
                        raise _meaning(error) from error
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
                raise _meaning(error) from error

    def close(self) -> None:
        """Give the connection back; a call that is being retried ends."""
        self._closing.set()
        with self._session.lock:
            self._session.drop()

    def _arguments(self, requests: Sequence[Request]) -> list[object]:
        events = [event for request in requests for event in request.events]
        arguments: list[object] = [
            [request.command_id for request in requests],
            [request.body_hash for request in requests],
            [len(request.events) for request in requests],
            [request.actor for request in requests],
            [event.originator_id for event in events],
            [event.originator_version for event in events],
            [event.topic for event in events],
            [event.state for event in events],
            fingerprint(),
        ]
        if self._statement is LOAD:
            arguments.append([request.moment for request in requests])
        return arguments

    def _send(self, arguments: Sequence[object]) -> list[Answer]:
        connection = self._session.connection()
        row = connection.execute(self._statement, arguments, prepare=True, binary=True).fetchone()
        assert row is not None  # noqa: S101  the function returns one row
        return [
            Answer(_OUTCOMES[outcome], first, length)
            for outcome, first, length in zip(*row, strict=True)
        ]

    def _may_try_again(self, error: psycopg.Error, deadline: float) -> bool:
        if not lost(error):
            return False
        self._session.drop()
        return time.monotonic() < deadline


def _meaning(error: psycopg.Error) -> KetteError:
    if error.sqlstate == "KT001":
        return HistoryLoadError(
            "the journal is not in the state for this: a load needs an empty journal, and until a "
            "load of history is finished by running it again, nothing else is written"
        )
    if error.sqlstate == "KT003":
        return HistoryLoadError("recorded_at of a history load falls back or lies ahead of now")
    if isinstance(error, errors.DataError | errors.IntegrityError | errors.ProgrammingError):
        return JournalUnavailableError(
            f"the database refused the request: {error.diag.message_primary}"
        )
    return explained(error)
