"""The doorbell: tells listeners that something was committed, from a connection of its own.

A NOTIFY inside the append's transaction would make all commits of the server wait for each other.
"""

import threading

import psycopg

from infra.session import READER, Session

CHANNEL = "kette"
_SILENCE_SECONDS = 0.004


class Doorbell:
    """Rings after commits, at most every four milliseconds; a missed ring is a poll's work."""

    def __init__(self, dsn: str) -> None:
        self._session = Session(dsn, READER)
        self._asked = threading.Event()
        self._stopping = threading.Event()
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None

    def ring(self) -> None:
        """Ask for a ring and return at once."""
        if self._thread is None:
            self._begin()
        self._asked.set()

    def close(self) -> None:
        """Stop ringing."""
        self._stopping.set()
        self._asked.set()
        if self._thread is not None:
            self._thread.join()
        self._session.drop()

    def _begin(self) -> None:
        with self._start:
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="doorbell", daemon=True)
                self._thread.start()

    def _serve(self) -> None:
        while True:
            self._asked.wait()
            if self._stopping.is_set():
                return
            self._asked.clear()
            try:
                self._session.connection().execute(f"NOTIFY {CHANNEL}")
            except psycopg.Error:
                self._session.drop()
            self._stopping.wait(_SILENCE_SECONDS)
