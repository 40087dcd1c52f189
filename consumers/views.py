"""The embedded driver of the read models: follows the journal and keeps the tables.

Each batch is folded in memory; its rows and the position go down in one transaction, so that a
process killed at any moment goes on where the tables stand.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from threading import Event
from typing import Protocol
from uuid import UUID

from domain.errors import KetteError
from domain.journal import Noted, Recorded
from projections.folding import Rows, rows_of
from projections.history import Beside, History
from projections.projection import Projection

Change = Sequence[tuple[UUID, Rows]]
Known = tuple[UUID, Sequence[Recorded], Beside]
"""A journey, its records, and what was told of the others of its household."""

_MOST = 2_000
_LEAST = 16
_AWAY = frozenset({"journal-unavailable", "journal-busy"})
_PAUSE_SECONDS = 0.5


class Tail(Protocol):
    """The journal as it is followed."""

    def blocks(self, after: int, stop: Event) -> Iterator[Sequence[Noted]]:
        """Yield what was recorded after a position, then what is recorded, until stopped."""
        ...


class Pages(Protocol):
    """The journal as it is paged through."""

    def page(self, after: int, limit: int) -> Sequence[Noted]:
        """Return at most ``limit`` records after a position, dense and in order."""
        ...


class Tables(Protocol):
    """The tables of the read models, and what a fold needs to read."""

    def position(self) -> int:
        """Return the position up to which the tables hold the journal."""
        ...

    def behind(self) -> int:
        """Return how many records the tables have not read."""
        ...

    def rebuild(self) -> int:
        """Build the tables anew beside and swap; return the position reached."""
        ...

    def journeys(self, ids: Iterable[UUID], upto: int) -> Iterator[Known]:
        """Yield what has to be read anew when journeys went on: these, and those whose household they belong to."""
        ...

    def replace(self, change: Change, after: int, last: Noted) -> bool:
        """Replace the rows of journeys and move the position in one transaction.

        Returns:
            False, and nothing is written, if the tables no longer stand at ``after``.
        """
        ...

    def purge(self, change: Change, at: int) -> bool:
        """Replace the rows of journeys where the tables stand, and leave no trace of the old ones.

        Returns:
            False, and nothing is written, if the tables no longer stand there.
        """
        ...


class Pace:
    """How many records go into one batch: few while they are dear, many while they are cheap."""

    def __init__(self, seconds: float = 0.5) -> None:
        self.size = _LEAST * 8
        self._seconds = seconds

    def took(self, seconds: float) -> None:
        """Learn how long a batch took."""
        if seconds > self._seconds:
            self.size = max(_LEAST, self.size // 2)
        elif seconds < self._seconds / 4:
            self.size = min(_MOST, self.size * 2)


def follow(
    tail: Tail,
    tables: Tables,
    projections: Sequence[Projection[History]],
    stop: Event,
    clock: Callable[[], float],
) -> None:
    """Keep the tables until stopped; a database that is away is waited for.

    Raises:
        UnreadableRecordError: If a record cannot be read; nothing is skipped and nothing parked.
    """
    pace = Pace()
    while not stop.is_set():
        try:
            _follow(tail, tables, projections, stop, pace, clock)
        except KetteError as error:
            if error.code not in _AWAY:
                raise
            stop.wait(_PAUSE_SECONDS)


def _follow(
    tail: Tail,
    tables: Tables,
    projections: Sequence[Projection[History]],
    stop: Event,
    pace: Pace,
    clock: Callable[[], float],
) -> None:
    """Keep the tables until stopped, or until somebody else moved them."""
    position = _caught_up(tables)
    for block in tail.blocks(position, stop):
        reached = _advance(tables, projections, block, position, pace, clock)
        if reached is None:
            return
        position = reached


def catch_up(
    journal: Pages,
    tables: Tables,
    projections: Sequence[Projection[History]],
    size: int = _MOST,
) -> int:
    """Bring the tables to the head of the journal and return the position reached.

    For whoever reads the tables without a driver running; beside one it does no harm.
    """
    position = _caught_up(tables)
    while batch := journal.page(position, size):
        write(tables, projections, batch, position)
        position = tables.position()
    return position


def purge(
    tables: Tables, projections: Sequence[Projection[History]], journeys: Collection[UUID]
) -> bool:
    """Read journeys anew whose keys were destroyed, so that nothing of them is left in the tables.

    Returns:
        False, and nothing is written, if somebody moved the tables meanwhile.
    """
    position = tables.position()
    change = [
        (journey, rows_of(projections, journey, records, beside))
        for journey, records, beside in tables.journeys(journeys, position)
    ]
    return tables.purge(change, position)


def _caught_up(tables: Tables) -> int:
    """Return the position to go on from; where more is unread than read, a rebuild is the shorter way."""
    position = tables.position()
    if tables.behind() > max(_MOST, position):
        return tables.rebuild()
    return position


def _advance(
    tables: Tables,
    projections: Sequence[Projection[History]],
    block: Sequence[Noted],
    position: int,
    pace: Pace,
    clock: Callable[[], float],
) -> int | None:
    """Write a block batch by batch; return the position reached, None if somebody else moved it."""
    begin = 0
    while begin < len(block):
        batch = block[begin : begin + pace.size]
        started = clock()
        if not write(tables, projections, batch, position):
            return None
        pace.took(clock() - started)
        position = batch[-1].position
        begin += len(batch)
    return position


def write(
    tables: Tables,
    projections: Sequence[Projection[History]],
    batch: Sequence[Noted],
    after: int,
) -> bool:
    """Fold the journeys that a batch touches anew, up to its end, and replace their rows."""
    last = batch[-1]
    touched = dict.fromkeys(one.journey for one in batch)
    change = [
        (journey, rows_of(projections, journey, records, beside))
        for journey, records, beside in tables.journeys(touched, last.position)
    ]
    return tables.replace(change, after, last)
