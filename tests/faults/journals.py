"""How the fault tests open a journal, and what they ask a database behind its back."""

import time
from typing import Any

import psycopg

from infra.errors import JournalUnavailableError
from infra.journal import JournalRecorder, open_journal
from infra.keys import KeyRing
from tests.keyring import keys_of

_START_SECONDS = 30.0


def opened(dsn: str, keys: KeyRing | None = None) -> JournalRecorder:
    """Open the journal, with the keys of its server unless others are named."""
    return open_journal(dsn, keys or keys_of(dsn))


def patiently_opened(dsn: str, keys: KeyRing | None = None) -> JournalRecorder:
    """Open the journal; a server that ends meanwhile is waited for, as whoever starts anew does."""
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            return opened(dsn, keys)
        except JournalUnavailableError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def asked(dsn: str, query: str) -> tuple[Any, ...]:
    """Return the one row that answers a query, read as the owner of the database."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row
