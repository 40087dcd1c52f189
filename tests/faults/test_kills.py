"""kill -9 of the writers and sudden ends of either PostgreSQL, again and again, while writing goes on.

After every cycle all that was acknowledged is there and readable, positions and versions are dense, no event
is without its key, and in the end the read models, which the killed processes kept, equal those that are built anew.
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
from infra.errors import KeyMissingError
from infra.kek import KekFiles
from infra.keys import KeyRing, open_keys
from infra.migrations import migrate
from infra.views import open_views
from projections.catalogue import KEPT
from tests.faults.journals import asked, patiently_opened
from tests.faults.seen import Seen
from tests.faults.writing import Acknowledged, Orders, acknowledged, started
from tests.keyring import TENANT

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
        folder = self._folder / "kette"
        self.servers = {
            name: self._stack.enter_context(EmbeddedServer(place))
            for name, place in (("journal", folder), ("keys", folder / "keys"))
        }
        self.dsn, self.keys_dsn = (one.dsn() for one in self.servers.values())
        migrate(self.dsn, TENANT)
        self.keys = self._stack.enter_context(
            open_keys(self.keys_dsn, KekFiles(folder / "kek"), TENANT)
        )
        open_views(self.dsn, self.keys).close()
        self._begin()
        return self

    def __exit__(self, *_failure: object) -> None:
        self.kill_writers()
        self._stack.close()

    def cycle(self, victim: str = "") -> str:
        """Let some be written, end something, and wait until writing goes on; say what was ended."""
        self._wait_for_writing(self._chance.randint(1, 20))
        time.sleep(self._chance.uniform(0, 0.05))
        victim = victim or self._chance.choice([WRITERS, *self.servers])
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
            self.keys,
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
        self._stand.keys.forget()
        with patiently_opened(self._stand.dsn, self._stand.keys) as journal:
            head = journal.head().position
            if head < self.seen.position:
                self.seen.wrong.append(f"the head fell from {self.seen.position} to {head}")
            try:
                while block := journal.page(self.seen.position, 2_000):
                    self.seen.take(block)
            except KeyMissingError as error:
                self.seen.wrong.append(str(error))
        self.seen.check(done)
        self.seen.wrong += without_key(self._stand)
        return self.seen.wrong


def without_key(stand: Stand) -> list[str]:
    """Return the events whose key the key store does not have."""
    with psycopg.connect(stand.dsn) as connection:
        used = dict(
            connection.execute("SELECT substr(header, 186, 16), position FROM kette.events")
        )
    with psycopg.connect(stand.keys_dsn) as connection:
        kept = {uuid.bytes for (uuid,) in connection.execute("SELECT id FROM kette.data_keys")}
    return [f"position {used[key]} has no key" for key in used if key not in kept]


def tables(dsn: str) -> dict[str, list[str]]:
    with psycopg.connect(dsn) as connection:
        return {
            one.name: sorted(
                str(row[0]) for row in connection.execute(f"SELECT t::text FROM views.{one.name} t")
            )
            for one in KEPT
        }


def views_equal_a_rebuild(dsn: str, keys: KeyRing) -> bool:
    with patiently_opened(dsn, keys) as journal, open_views(dsn, keys) as views:
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
        assert views_equal_a_rebuild(stand.dsn, stand.keys)
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


EARLY = {
    "journal": ("kette.write", ("is not there", "the head fell")),
    "keys": ("kette.take", ("has no key",)),
}


@pytest.mark.parametrize("server", EARLY)
def test_what_is_acknowledged_before_it_is_on_the_disk_is_found_out(
    tmp_path: Path, server: str
) -> None:
    """The same on servers that answer before their commit is flushed: else all this would prove nothing."""
    name, signs = EARLY[server]
    with Stand(tmp_path, seed=1, views=False) as stand:
        dsn = stand.servers[server].dsn()
        (function,) = asked(dsn, f"SELECT pg_get_functiondef('{name}'::regproc)")
        early = "BEGIN\n    PERFORM set_config('synchronous_commit', 'off', true);"
        with psycopg.connect(dsn, autocommit=True) as owner:
            owner.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
            owner.execute("SELECT pg_reload_conf()")
            owner.execute(function.replace("BEGIN", early, 1))
        journal = Journal(stand)
        for _ in range(20):
            stand.cycle(server)
            if journal.wrong():
                break
    assert any(sign in one for one in journal.seen.wrong for sign in signs), journal.seen.wrong
