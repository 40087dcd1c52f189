"""The group appender: what waits in one process goes out as one call, so commits share their flush.

Callers in many threads hand in requests and wait; one writer thread sends what has gathered.
"""

import threading
from collections import deque
from collections.abc import Sequence
from typing import Self
from uuid import UUID

from domain.journal import Answer, Append, Journal, Recorded
from infra.errors import JournalBusyError, JournalUnavailableError

_MOST_REQUESTS = 512


class _Parcel:
    """The requests of one caller, and what became of them."""

    __slots__ = ("answers", "done", "error", "requests")

    def __init__(self, requests: Sequence[Append]) -> None:
        self.requests = requests
        self.answers: Sequence[Answer] = ()
        self.error: Exception | None = None
        self.done = threading.Lock()
        self.done.acquire()


class GroupAppender:
    """A journal in front of another that gathers concurrent appends into one call."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._waiting: deque[_Parcel] = deque()
        self._condition = threading.Condition(threading.Lock())
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="group-appender", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    def append(self, requests: Sequence[Append]) -> Sequence[Answer]:
        """Append by the next call; errors of other callers stay with them.

        Raises:
            JournalUnavailableError: If the appender is closed.
        """
        parcel = _Parcel(requests)
        with self._condition:
            if self._closed:
                raise JournalUnavailableError("the journal is closed")
            self._waiting.append(parcel)
            self._condition.notify()
        parcel.done.acquire()
        if parcel.error is not None:
            raise parcel.error
        return parcel.answers

    def answered(self, command_id: UUID, body: bytes) -> Answer | None:
        """Return the answer a command got before."""
        return self._journal.answered(command_id, body)

    def read(self, journey: UUID) -> Sequence[Recorded]:
        """Return a journey's records."""
        return self._journal.read(journey)

    def page(self, after: int, limit: int) -> Sequence[Recorded]:
        """Return records after a position."""
        return self._journal.page(after, limit)

    def close(self) -> None:
        """Send what waits, then stop; later appends are refused. The journal behind stays open."""
        with self._condition:
            self._closed = True
            self._condition.notify()
        self._thread.join()

    def _serve(self) -> None:
        while parcels := self._gather():
            self._send(parcels)

    def _gather(self) -> list[_Parcel]:
        """Wait for parcels and take what is there, up to a limit; nothing once closed and empty."""
        with self._condition:
            while not self._waiting and not self._closed:
                self._condition.wait()
            parcels: list[_Parcel] = []
            size = 0
            while self._waiting and (not parcels or size < _MOST_REQUESTS):
                parcels.append(self._waiting.popleft())
                size += len(parcels[-1].requests)
            return parcels

    def _send(self, parcels: Sequence[_Parcel]) -> None:
        """Send parcels as one call; if that fails for one of them, each alone."""
        requests = [request for parcel in parcels for request in parcel.requests]
        try:
            answers = self._journal.append(requests)
        except Exception as error:  # noqa: BLE001  whatever it is, the callers get it
            if len(parcels) == 1 or isinstance(error, JournalUnavailableError):
                _fail(parcels, error)
            else:
                self._send_each(parcels)
            return
        first = 0
        for parcel in parcels:
            parcel.answers = answers[first : first + len(parcel.requests)]
            first += len(parcel.requests)
            parcel.done.release()

    def _send_each(self, parcels: Sequence[_Parcel]) -> None:
        """Send each parcel alone; once the journal does not answer, the rest does not wait for it."""
        for place, parcel in enumerate(parcels, start=1):
            self._send([parcel])
            if isinstance(parcel.error, JournalBusyError | JournalUnavailableError):
                _fail(parcels[place:], parcel.error)
                return


def _fail(parcels: Sequence[_Parcel], error: Exception) -> None:
    for parcel in parcels:
        parcel.error = error
        parcel.done.release()
