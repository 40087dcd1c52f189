"""16 writers in four processes and one following reader: nothing is missed, doubled or out of order.

The same run on a journal without its head-row lock must be found out: else it would prove nothing.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from domain.errors import JournalCorruptError
from infra.sealing import records
from infra.tail import Tail
from tests.faults.journals import asked
from tests.faults.seen import Seen
from tests.faults.writing import Acknowledged, Orders, acknowledged, started
from tests.keyring import keys_of

pytestmark = pytest.mark.faults

PROCESSES, THREADS = 4, 4


class Reader(Seen):
    """A reader that follows the journal, and what it saw."""

    def __init__(self, dsn: str) -> None:
        super().__init__()
        self._dsn = dsn
        self.stop = threading.Event()

    def follow(self) -> None:
        """Read until stopped, or until a position is missing."""
        try:
            for rows in Tail(self._dsn).rows(0, self.stop):
                self.take(records(rows, keys_of(self._dsn)))
        except JournalCorruptError as error:
            self.wrong.append(str(error))


@contextmanager
def following(dsn: str) -> Iterator[Reader]:
    """Follow the journal in a thread."""
    reader = Reader(dsn)
    thread = threading.Thread(target=reader.follow)
    thread.start()
    yield reader
    reader.stop.set()
    thread.join()


def written(orders: list[Orders], folder: Path) -> tuple[list[Acknowledged], list[str]]:
    """Let a process carry out each of the orders; return what was acknowledged, and what failed."""
    files = [folder / f"{one.seed}.acknowledged" for one in orders]
    running = [started(one, path) for one, path in zip(orders, files, strict=True)]
    for one in running:
        one.join()
    failed = [f"a process ended with {one.exitcode}" for one in running if one.exitcode]
    told = [acknowledged(path) for path in files]
    return [one for done, _ in told for one in done], [why for _, w in told for why in w] + failed


def found_wrong(dsn: str, folder: Path, orders: list[Orders]) -> list[str]:
    """Write with many processes while a reader follows; return everything that is not as it must be."""
    with following(dsn) as reader:
        done, wrong = written(orders, folder)
        rows, last, head = asked(
            dsn,
            "SELECT count(*), coalesce(max(position), 0), (SELECT position FROM kette.log_head)"
            " FROM kette.events",
        )
        deadline = time.monotonic() + 10 + rows / 10_000
        while reader.position < rows and not reader.wrong and time.monotonic() < deadline:
            time.sleep(0.05)
    reader.check(done)
    if reader.position != rows:
        wrong.append(f"the reader missed {rows - reader.position} of {rows}")
    if not rows == last == head == sum(one.count for one in done):
        wrong.append(f"{rows} rows up to {last}, head {head}, {len(done)} appends acknowledged")
    return wrong + reader.wrong


def orders(dsn: str, events: int) -> list[Orders]:
    each = events // (PROCESSES * THREADS)
    return [Orders(dsn, keys_of(dsn), seed, THREADS, each) for seed in range(PROCESSES)]


@pytest.mark.parametrize(
    "events", [50_000, pytest.param(1_000_000, marks=pytest.mark.soak)], ids="{:_}".format
)
def test_sixteen_writers_and_a_following_reader_miss_nothing(
    dsn: str, tmp_path: Path, events: int
) -> None:
    begun = time.monotonic()
    assert found_wrong(dsn, tmp_path, orders(dsn, events)) == []
    seconds = time.monotonic() - begun
    print(
        f"\nwriters  events   missed  seconds  events/s\n     16  {events:7}       0  {seconds:7.0f}  {events / seconds:8.0f}"
    )
    assert asked(dsn, "SELECT count(*), max(position) FROM kette.events") == (events, events)


WITHOUT_KEYS = """
ALTER TABLE kette.events DROP CONSTRAINT events_pkey, DROP CONSTRAINT events_journey_id_version_key;
CREATE INDEX ON kette.events (position);
CREATE INDEX ON kette.events (journey_id, version);
"""
BROKEN = {
    "no-lock": ("", [(" FOR UPDATE", "")]),
    "no-lock-and-no-keys": (WITHOUT_KEYS, [(" FOR UPDATE", "")]),
    "a-sequence": (
        "CREATE SEQUENCE kette.places",
        [(" FOR UPDATE", ""), ("place := place + 1;", "place := nextval('kette.places');")],
    ),
}


def break_journal(dsn: str, how: str) -> None:
    """Take from the writing function what keeps positions dense and in the order of commits."""
    before, changes = BROKEN[how]
    (function,) = asked(dsn, "SELECT pg_get_functiondef('kette.write'::regproc)")
    for old, new in changes:
        assert function.count(old) == 1, f"kette.write has no {old!r} any more: break it otherwise"
        function = function.replace(old, new)
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute(before)
        owner.execute(function)


SIGN = {
    "no-lock": "duplicate key value",
    "no-lock-and-no-keys": "is missing from the journal",
    "a-sequence": "is missing from the journal",
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_journal_without_its_lock_is_found_out(dsn: str, tmp_path: Path, how: str) -> None:
    """The sequence hands out single places: an append of several would be torn even by one writer."""
    break_journal(dsn, how)
    single = {"sizes": (1,), "conflicts": 0.0, "shared": 0} if how == "a-sequence" else {}
    asks = [Orders(dsn, keys_of(dsn), seed, THREADS, 250, **single) for seed in range(PROCESSES)]

    wrong = found_wrong(dsn, tmp_path, asks)

    assert any(SIGN[how] in one for one in wrong), wrong


def test_what_a_sequence_writes_alone_is_in_order(dsn: str, tmp_path: Path) -> None:
    """One writer is not found out: what the test above finds comes of writers at the same time."""
    break_journal(dsn, "a-sequence")
    alone = [Orders(dsn, keys_of(dsn), 0, 1, 250, sizes=(1,), conflicts=0.0, shared=0)]
    assert found_wrong(dsn, tmp_path, alone) == []
