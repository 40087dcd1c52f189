"""The driver of the read models: in order, once, from where the tables stand."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event
from uuid import UUID

import pytest

from consumers.views import Change, Known, Pace, catch_up, follow
from domain.days import PartialDate
from domain.errors import KetteError, UnreadableRecordError
from domain.events.case import ContactHeld
from domain.journal import Append, Entry, Recorded
from infra.memory import MemoryJournal
from projections.catalogue import KEPT
from projections.folding import Rows, rows_of

JOURNEYS = tuple(UUID(int=number) for number in range(1, 4))


class AwayError(KetteError):
    code = "journal-unavailable"


def journal_of(records: int) -> MemoryJournal:
    journal = MemoryJournal()
    for number in range(records):
        journey = JOURNEYS[number % len(JOURNEYS)]
        entry = Entry(f"f{number}", ContactHeld(), PartialDate(2024, 3, number % 28 + 1))
        version = number // len(JOURNEYS)
        journal.append([Append(UUID(int=1000 + number), b"", journey, version, (entry,))])
    return journal


@dataclass
class Blocks:
    """A tail that ends, and stops its reader, when the journal does."""

    journal: MemoryJournal
    size: int = 5
    broken_at: int | None = None

    def blocks(self, after: int, stop: Event) -> Iterator[Sequence[Recorded]]:
        while block := self.journal.page(after, self.size):
            if self.broken_at is not None and block[-1].position >= self.broken_at:
                raise UnreadableRecordError(
                    f"the record at position {self.broken_at} is unreadable"
                )
            yield block
            after = block[-1].position
        stop.set()


@dataclass
class MemoryTables:
    """Tables in memory; ``moved`` moves them once behind the driver's back, ``away`` fails so often."""

    journal: MemoryJournal
    rows: dict[UUID, Rows] = field(default_factory=dict)
    at: int = 0
    moved: int = 0
    away: int = 0
    rebuilt: int = 0
    writes: list[tuple[int, int]] = field(default_factory=list)

    def position(self) -> int:
        if self.away:
            self.away -= 1
            raise AwayError("the database is away")
        return self.at

    def behind(self) -> int:
        return len(self.journal.page(self.at, 10_000))

    def rebuild(self) -> int:
        self.rows = expected(self.journal)
        self.at += self.behind()
        self.rebuilt += 1
        return self.at

    def journeys(self, ids: Iterable[UUID], upto: int) -> Iterator[Known]:
        for journey in ids:
            yield journey, [one for one in self.journal.read(journey) if one.position <= upto], ()

    def replace(self, change: Change, after: int, last: Recorded) -> bool:
        if self.moved:
            self.at, self.moved = self.moved, 0
        if self.at != after:
            return False
        self.rows.update(change)
        self.at = last.position
        self.writes.append((after, last.position))
        return True


def expected(journal: MemoryJournal) -> dict[UUID, Rows]:
    return {journey: rows_of(KEPT, journey, journal.read(journey)) for journey in JOURNEYS}


def test_the_tables_hold_every_journey_up_to_the_head() -> None:
    journal = journal_of(40)
    tables = MemoryTables(journal)

    drive_to_the_end(tables, Blocks(journal))

    assert tables.rows == expected(journal)
    assert tables.at == 40


def drive_to_the_end(tables: MemoryTables, tail: Blocks) -> None:
    stop = Event()
    ticks = itertools.count()
    follow(tail, tables, KEPT, stop, lambda: float(next(ticks)))


def test_batches_join_without_hole_or_overlap() -> None:
    journal = journal_of(400)
    tables = MemoryTables(journal)

    drive_to_the_end(tables, Blocks(journal, size=150))

    assert tables.writes[0][0] == 0
    assert all(end == begin for (_, end), (begin, _) in itertools.pairwise(tables.writes))
    assert tables.writes[-1][1] == 400


def test_a_driver_whose_tables_were_moved_goes_on_from_there() -> None:
    journal = journal_of(20)
    tables = MemoryTables(journal, moved=12)

    drive_to_the_end(tables, Blocks(journal))

    assert tables.writes[0][0] == 12
    assert tables.at == 20


def test_a_database_that_is_away_is_waited_for() -> None:
    journal = journal_of(7)
    tables = MemoryTables(journal, away=1)

    drive_to_the_end(tables, Blocks(journal))

    assert tables.rows == expected(journal)


@pytest.mark.parametrize(
    ("records", "read", "rebuilt"), [(2_100, 0, 1), (2_000, 0, 0), (4_500, 2_400, 0)]
)
def test_where_more_is_unread_than_read_the_tables_are_rebuilt(
    records: int, read: int, rebuilt: int
) -> None:
    journal = journal_of(records)
    tables = MemoryTables(journal, at=read)

    catch_up(journal, tables, KEPT)

    assert tables.rebuilt == rebuilt
    assert tables.rows == expected(journal)
    assert tables.at == records


def test_an_unreadable_record_stops_the_driver_and_is_named() -> None:
    journal = journal_of(20)
    tables = MemoryTables(journal)

    with pytest.raises(UnreadableRecordError, match="position 13"):
        drive_to_the_end(tables, Blocks(journal, broken_at=13))

    assert tables.at == 10


def test_batches_shrink_while_they_are_dear_and_grow_while_they_are_cheap() -> None:
    pace = Pace(seconds=1.0)
    first = pace.size

    pace.took(5.0)
    dear = pace.size
    for _ in range(30):
        pace.took(0.01)
    cheap = pace.size
    for _ in range(30):
        pace.took(9.0)

    assert pace.size < dear < first < cheap
