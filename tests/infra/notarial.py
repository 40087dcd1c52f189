"""A small journal to sign, and the hands of somebody who may do everything in the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import psycopg

from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.journal import Append, Entry, Outcome
from infra.journal import JournalRecorder, open_journal
from infra.notary_store import NotaryStore
from tests.keyring import keys_of


@contextmanager
def opened(dsn: str) -> Iterator[JournalRecorder]:
    """Open a journal: the one place where these tests say how."""
    with open_journal(dsn, keys_of(dsn)) as journal:
        yield journal


def record(dsn: str, count: int, journeys: int = 3, per_request: int = 5) -> None:
    """Append events to a few journeys in turn; more go on where they stand."""
    with opened(dsn) as journal:
        standing = {UUID(int=one + 1): 0 for one in range(journeys)}
        for journey in standing:
            standing[journey] = len(journal.select_events(journey))
        left, requests = count, []
        while left:
            for journey in standing:
                many = min(per_request, left)
                if many:
                    entries = tuple(entry() for _ in range(many))
                    requests.append(Append(uuid4(), b"", journey, standing[journey], entries))
                    standing[journey] += many
                    left -= many
        for begin in range(0, len(requests), 200):
            answers = journal.append(requests[begin : begin + 200])
            assert {one.outcome for one in answers} == {Outcome.APPENDED}


def entry() -> Entry:
    return Entry(uuid4().hex, read_fact("ContactHeld", {}), PartialDate(2024))


def tamper(dsn: str, *statements: str) -> None:
    """Change tables as their owner can: with every trigger off."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(statement.encode())


def signed(dsn: str, folder: Path) -> int:
    """Sign once; return the size of the newest checkpoint."""
    with NotaryStore(dsn, folder) as log:
        made = log.sign()
    return 0 if made is None else made.size
