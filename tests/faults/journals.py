"""How the fault tests open a journal, and what they ask a database behind its back."""

from typing import Any

import psycopg

from infra.journal import JournalRecorder, open_journal


def opened(dsn: str) -> JournalRecorder:
    """Open the journal: the one place in these tests that knows what this takes."""
    return open_journal(dsn)


def asked(dsn: str, query: str) -> tuple[Any, ...]:
    """Return the one row that answers a query, read as the owner of the database."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row
