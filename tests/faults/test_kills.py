"""kill -9 of the writers and sudden ends of PostgreSQL, again and again, while writing goes on.

After every cycle all that was acknowledged is there and readable, positions and versions are dense, and
in the end the read models, which the killed processes kept, equal those that are built anew.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Self

import psycopg
import pytest

from consumers.views import catch_up
from infra.embedded import EmbeddedServer
from infra.migrations import migrate
from infra.views import open_views
from projections.catalogue import KEPT
from tests.faults.journals import asked, patiently_opened
from tests.faults.seen import Seen
from tests.faults.writing import Acknowledged, Orders, acknowledged, started

pytestmark = pytest.mark.faults

THREADS = 2
WRITERS = "writers"
ENDINGS = {"stopped at once": signal.SIGQUIT, "killed": signal.SIGKILL}


class Stand:
    """A data folder with its servers, and a process that writes to the journal and keeps its views.

    Attributes:
        servers: By name; each cycle ends one of them, or the writers.
        kills: How often the writers were killed.
    """

    def __init__(self, folder: Path, seed: int, *, views: bool = True) -> None:
        self._folder = folder
        self._chance = random.Random(seed)
        self._views = views
        self._stack = ExitStack()
        self._process: ForkServerProcess | None = None
        self.servers: Mapping[str, EmbeddedServer] = {}
        self.kills = 0

    def __enter__(self) -> Self:
        journal = self._stack.enter_context(EmbeddedServer(self._folder / "kette"))
        migrate(journal.dsn())
        self.servers = {"journal": journal}
        self.dsn = journal.dsn()
        open_views(self.dsn).close()
        self._begin()
        return self

    def __exit__(self, *_failure: object) -> None:
        self.kill_writers()
        self._stack.close()

    def cycle(self) -> str:
        """Let some be written, end something, and wait until writing goes on; say what was ended."""
        self._wait_for_writing(self._chance.randint(1, 20))
        time.sleep(self._chance.uniform(0, 0.05))
        victim = self._chance.choice([WRITERS, *self.servers, *self.servers])
        if victim == WRITERS:
            self.kill_writers()
            self._begin()
            told = f"{victim} killed"
        else:
            how, ending = self._chance.choice(list(ENDINGS.items()))
            self._end(self.servers[victim], ending)
            told = f"{victim} {how}"
        self._wait_for_writing(1)
        return told

    def _end(self, server: EmbeddedServer, ending: int) -> None:
        """End a server by a signal and wait until another is started in its place."""
        pid = server.pid
        assert pid is not None
        os.kill(pid, ending)
        deadline = time.monotonic() + 30
        while server.pid == pid:
            assert time.monotonic() < deadline, "the server is not started again"
            time.sleep(0.01)

    def kill_writers(self) -> None:
        """Kill the writing process; what it said stays."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None
            self.kills += 1

    def acknowledged(self) -> list[Acknowledged]:
        """Return every append that was acknowledged so far; no writer gave up."""
        told = [acknowledged(path) for path in self._files()]
        assert [why for _, given_up in told for why in given_up] == []
        return [one for done, _ in told for one in done]

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.acknowledged"))

    def _begin(self) -> None:
        orders = Orders(
            self.dsn,
            self._chance.getrandbits(32),
            THREADS,
            1_000_000,
            sizes=(1, 1, 3),
            pause=0.02,
            views=self._views,
        )
        self._process = started(orders, self._folder / f"{self.kills:04}.acknowledged")

    def _wait_for_writing(self, appends: int) -> None:
        """Wait until so many more appends are acknowledged than there were."""
        before = self._said()
        deadline = time.monotonic() + 60
        while self._said() < before + appends * 40:
            assert self._process is not None
            assert self._process.is_alive(), "the writers ended by themselves"
            assert time.monotonic() < deadline, "nothing is written any more"
            time.sleep(0.01)

    def _said(self) -> int:
        return sum(path.stat().st_size for path in self._files())


class Journal:
    """What stands in the journal, read on from where the last look ended."""

    def __init__(self, stand: Stand) -> None:
        self._stand = stand
        self.seen = Seen()

    def wrong(self) -> list[str]:
        """Read all that is new; return what is lost, doubled, out of order or unreadable so far."""
        done = self._stand.acknowledged()
        with patiently_opened(self._stand.dsn) as journal:
            head = journal.head().position
            if head < self.seen.position:
                self.seen.wrong.append(f"the head fell from {self.seen.position} to {head}")
            while block := journal.page(self.seen.position, 2_000):
                self.seen.take(block)
        self.seen.check(done)
        return self.seen.wrong


def tables(dsn: str) -> dict[str, list[str]]:
    with psycopg.connect(dsn) as connection:
        return {
            one.name: sorted(
                str(row[0]) for row in connection.execute(f"SELECT t::text FROM views.{one.name} t")
            )
            for one in KEPT
        }


def views_equal_a_rebuild(dsn: str) -> bool:
    with patiently_opened(dsn) as journal, open_views(dsn) as views:
        catch_up(journal, views, KEPT)
        assert views.position() == journal.head().position
        kept = tables(dsn)
        assert any(kept.values())
        views.rebuild()
    return tables(dsn) == kept


@pytest.fixture(scope="module")
def told() -> Iterator[list[str]]:
    """Gather a line of each run and print them as a table at the end."""
    lines: list[str] = []
    yield lines
    print("\ncycles  appends  facts  lost  holes  seconds  ended")
    print("\n".join(lines))


@pytest.mark.parametrize("cycles", [20, pytest.param(200, marks=pytest.mark.soak)])
def test_what_was_acknowledged_outlives_every_end(
    tmp_path: Path, told: list[str], cycles: int
) -> None:
    begun = time.monotonic()
    ended: Counter[str] = Counter()
    with Stand(tmp_path, seed=cycles) as stand:
        journal = Journal(stand)
        for _ in range(cycles):
            ended[stand.cycle()] += 1
            assert journal.wrong() == []
        stand.kill_writers()
        assert journal.wrong() == []
        assert views_equal_a_rebuild(stand.dsn)
        done = {one.command.bytes for one in stand.acknowledged()}
        rows, last = asked(stand.dsn, "SELECT count(*), max(position) FROM kette.events")

    stored = journal.seen.commands()
    assert len(stored) == len(set(stored))
    assert len(set(stored) - done) <= THREADS * stand.kills
    assert rows == last == journal.seen.position
    assert len(ended) == 1 + 2 * len(stand.servers)
    seconds = time.monotonic() - begun
    how = ", ".join(f"{what} {times}" for what, times in sorted(ended.items()))
    told.append(f"{cycles:6}  {len(done):7}  {rows:5}     0      0  {seconds:7.0f}  {how}")


def test_what_is_acknowledged_before_it_is_on_the_disk_is_found_out(tmp_path: Path) -> None:
    """The same cycles on a journal that answers before its commit is flushed: else they would prove nothing."""
    with Stand(tmp_path, seed=1, views=False) as stand:
        (function,) = asked(stand.dsn, "SELECT pg_get_functiondef('kette.write'::regproc)")
        early = "BEGIN\n    PERFORM set_config('synchronous_commit', 'off', true);"
        with psycopg.connect(stand.dsn, autocommit=True) as owner:
            owner.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
            owner.execute("SELECT pg_reload_conf()")
            owner.execute(function.replace("BEGIN", early, 1))
        journal = Journal(stand)
        for _ in range(20):
            stand.cycle()
            if journal.wrong():
                break
    assert any("is not there" in one or "the head fell" in one for one in journal.seen.wrong)
