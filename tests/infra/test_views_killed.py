"""kill -9 of whoever keeps or rebuilds the tables: the next one goes on, and nothing is wrong."""

import random
import subprocess
import sys
from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest

from consumers.views import catch_up
from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.journal import Append, Entry
from infra.journal import JournalRecorder
from infra.views import open_views
from projections.catalogue import KEPT
from tests.keyring import keys_of

ROUNDS = 3
_FOLLOW = """
import sys, threading, time
from consumers.views import follow
from infra.tail import Tail
from infra.views import ViewStore
from projections.catalogue import KEPT
from tests.keyring import keys_of

class Told(ViewStore):
    def replace(self, change, after, last):
        print("writing", flush=True)
        return super().replace(change, after, last)

follow(Tail(sys.argv[1], block=7), Told(sys.argv[1], keys_of(sys.argv[1])), KEPT, threading.Event(), time.monotonic)
"""
_REBUILD = """
import sys
from tests.keyring import keys_of
from infra.views import ViewStore

while True:
    ViewStore(sys.argv[1], keys_of(sys.argv[1])).rebuild(lambda done, of: print("folded", flush=True))
    print("swapped", flush=True)
"""


def fill(journal: JournalRecorder, journeys: int = 30, facts: int = 8) -> None:
    requests = []
    for number in range(journeys * facts):
        journey, version = UUID(int=number % journeys + 1), number // journeys
        name = ("CaseOpened", "ContactHeld", "TitleGranted", "CourseRegistered")[version % 4]
        day = PartialDate(2024, version % 12 + 1, number % 28 + 1)
        entry = Entry(f"f{number}", read_fact(name, {}), day)
        requests.append(Append(UUID(int=10**9 + number), b"", journey, version, (entry,)))
    journal.append(requests)


def rows(dsn: str) -> dict[str, list[str]]:
    with psycopg.connect(dsn) as connection:
        return {
            one.name: sorted(
                str(row[0])
                for row in connection.execute(f"SELECT t::text FROM views.{one.name} t").fetchall()
            )
            for one in KEPT
        }


def run_and_kill(program: str, dsn: str, lines: int) -> None:
    """Let a process tell some lines, then kill it where it stands."""
    with subprocess.Popen(
        [sys.executable, "-c", program, dsn], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for _ in range(lines):
            assert process.stdout.readline()
        process.kill()


@pytest.mark.parametrize(
    ("program", "most"), [(_FOLLOW, 6), (_REBUILD, 6)], ids=["driver", "rebuild"]
)
def test_a_kill_at_any_moment_loses_nothing(
    journal: JournalRecorder, program: str, most: int
) -> None:
    rng = random.Random(7)
    open_views(journal.dsn, keys_of(journal.dsn)).close()
    fill(journal)

    for _ in range(ROUNDS):
        run_and_kill(program, journal.dsn, rng.randrange(1, most))

    with open_views(journal.dsn, keys_of(journal.dsn)) as views:
        catch_up(journal, views, KEPT)
        kept = rows(journal.dsn)
        views.rebuild()
        assert rows(journal.dsn) == kept
        assert views.position() == journal.head().position


def test_a_server_killed_under_the_tables_comes_back_to_them(
    journal: JournalRecorder, kill_backends: Callable[[], None]
) -> None:
    fill(journal, journeys=3)
    with open_views(journal.dsn, keys_of(journal.dsn)) as views:
        before = views.freshness()
        kill_backends()
        assert views.freshness().position == before.position
        kill_backends()
        views.rebuild()
        catch_up(journal, views, KEPT)
        assert views.position() == journal.head().position


@pytest.fixture
def kill_backends(dsn: str) -> Callable[[], None]:
    def kill() -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    return kill
