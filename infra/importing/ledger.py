"""What the store remembers about imports: its namespace, and the journeys of each list.

The facts themselves, and what an earlier import said, are read from the journal.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from uuid import UUID, uuid5

from psycopg import Connection
from psycopg.rows import TupleRow

from infra.keys import KeyRing
from infra.session import READER, WRITER, connect, translated

_BLOCK = 2_000


class StoreState(Enum):
    """How far the journal is: history is loaded only into an empty one."""

    EMPTY = "empty"
    LOADING = "loading"
    OPEN = "open"


class Ledger:
    """The lists that were imported into one store, and their journeys."""

    def __init__(self, dsn: str, keys: KeyRing) -> None:
        self._dsn = dsn
        self._namespace = UUID(bytes=keys.derived("imports")[:16])
        self.state = state_of(dsn)

    def list_id(self, source: str) -> UUID:
        """Return the id of the list of this name."""
        return uuid5(self._namespace, f"list\0{source}")

    def journey(self, person: str) -> UUID:
        """Return the journey that an import begins for the person whose file has this number.

        The namespace is the key store's secret: without it no number can be guessed from an id.
        """
        return uuid5(self._namespace, f"person\0{' '.join(person.casefold().split())}")

    def remember(self, list_id: UUID, journeys: Sequence[UUID]) -> None:
        """Note that the list tells something about these journeys; noted before it is recorded."""
        with self._connected(WRITER) as connection:
            connection.execute(
                "INSERT INTO kette.imported SELECT %s, unnest(%s::uuid[]) ON CONFLICT DO NOTHING",
                [list_id, list(journeys)],
            )

    def journeys(self, list_id: UUID) -> Iterator[UUID]:
        """Yield the journeys of the list in the order of their ids."""
        last = UUID(int=0)
        while True:
            with self._connected(READER) as connection:
                rows = connection.execute(
                    "SELECT journey_id FROM kette.imported WHERE list_id = %s AND journey_id > %s"
                    " ORDER BY journey_id LIMIT %s",
                    [list_id, last, _BLOCK],
                ).fetchall()
            yield from (row[0] for row in rows)
            if len(rows) < _BLOCK:
                return
            last = rows[-1][0]

    @contextmanager
    def _connected(self, role: str) -> Iterator[Connection[TupleRow]]:
        with translated(), connect(self._dsn, role) as connection:
            yield connection


def state_of(dsn: str) -> StoreState:
    """Return how far the journal of a database is."""
    with translated(), connect(dsn, READER) as connection:
        ((state,),) = connection.execute("SELECT state FROM kette.log_head").fetchall()
    return StoreState(state)
