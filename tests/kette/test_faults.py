"""kill -9 at any moment of an import or a rebuild: the same command again, and nothing is wrong.

Every round draws its moment from its seed: while the server starts, while the command works, or when
so many facts are written. The victim is the command, the command with all that it started, or the PostgreSQLs under it.
"""

import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from infra.embedded import EmbeddedServer
from infra.journal import open_journal
from infra.municipalities import municipality
from infra.population.generation import generate
from infra.spreadsheets.writer import write_fact_list
from infra.view_tables import NEXT
from infra.views import open_views
from kette.compose import Database, opened_database
from kette.settings import Settings
from projections.catalogue import KEPT

pytestmark = pytest.mark.faults

VICTIMS = ("kette", "tree", "postgres")
COMMANDS = ("history", "list", "rebuild")
Start = Callable[..., "subprocess.Popen[str]"]
Facts = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Course:
    """A command, the folder it starts from, and how it goes where nobody interrupts it."""

    name: str
    folder: Path
    words: tuple[str, ...]
    starting: float
    working: float
    facts: Facts


@dataclass(frozen=True)
class Round:
    """What became of one round."""

    seed: int
    command: str
    victim: str
    moment: str
    reached: int
    ended: int
    facts: int


def copied(folder: Path, target: Path) -> Path:
    """Copy a data folder with its owners."""
    subprocess.run(["cp", "-a", folder, target], check=True)
    return target


def store_of(folder: Path) -> AbstractContextManager[Database]:
    """Own the journal and the key store of a data folder."""
    return opened_database(Settings(data_dir=folder), own=True)


def facts_of(database: Database, *, with_moments: bool) -> Facts:
    """Return what was recorded, in the order of the journal."""
    with open_journal(*database) as journal:
        records = list(journal.page(0, 100_000))
    assert [one.position for one in records] == list(range(1, len(records) + 1))
    return [
        (
            one.journey,
            one.version,
            one.entry.id,
            one.entry.fact,
            one.entry.occurred_on,
            one.recorded_at if with_moments else None,
        )
        for one in records
    ]


def tables_of(database: Database) -> dict[str, list[str]]:
    with psycopg.connect(database.dsn) as connection:
        return {
            one.name: sorted(
                str(row[0]) for row in connection.execute(f"SELECT t::text FROM views.{one.name} t")
            )
            for one in KEPT
        }


class Watched:
    """A running command and the journal that it writes."""

    def __init__(self, start: Start, course: Course, folder: Path) -> None:
        self._server = EmbeddedServer(folder)
        self._connection: psycopg.Connection | None = None
        self.said = ""
        self._writes = course.words[0] == "import"
        self._begun = time.monotonic()
        self._said = (folder.parent / f"{folder.name}.err").open("w+")
        self.process = start(
            *course.words,
            settings={"KETTE_DATA_DIR": folder},
            stdout=subprocess.DEVNULL,
            stderr=self._said,
        )

    def until(self, condition: Callable[[], bool]) -> float:
        """Wait for a condition, or the end; return how long after the start that was."""
        while self.process.poll() is None and not condition():
            self.wait(0.005)
        return time.monotonic() - self._begun

    def answers(self) -> bool:
        """Say whether the server takes connections and holds a journal."""
        return self._asked("SELECT position FROM kette.log_head") is not None

    def wrote(self, facts: int) -> bool:
        """Say whether so many facts are written, or the tables beside are begun."""
        beside = f"SELECT count(*) FROM pg_tables WHERE schemaname = '{NEXT}'"
        return self.reached() >= facts if self._writes else bool(self._asked(beside))

    def reached(self) -> int:
        """Return how far the journal is."""
        return self._asked("SELECT position FROM kette.log_head") or 0

    def _asked(self, query: str) -> int | None:
        """Return a number of the database; None where there is none."""
        try:
            if self._connection is None:
                self._connection = psycopg.connect(
                    self._server.dsn(), autocommit=True, connect_timeout=2
                )
            row = self._connection.execute(query).fetchone()
        except psycopg.Error:
            self._connection = None
            return None
        return None if row is None else int(row[0])

    def wait(self, seconds: float) -> bool:
        """Wait for the end, but no longer; say whether it ended."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self, victim: str) -> None:
        """Kill -9 the command, all that it started as well, or the servers under it alone."""
        try:
            own = psutil.Process(self.process.pid)
            servers, below = own.children(), own.children(recursive=True)
        except psutil.NoSuchProcess:
            return
        doomed = {"kette": [own], "tree": [own, *below], "postgres": servers}[victim]
        for one in doomed:
            with suppress(psutil.NoSuchProcess):
                one.kill()

    def end(self) -> int:
        """Wait for the end and return the exit code; what it said is no traceback."""
        code = self.process.wait(60)
        if self._connection is not None:
            self._connection.close()
        self._said.seek(0)
        self.said = self._said.read()
        self._said.close()
        assert "Traceback" not in self.said, self.said
        return code


@pytest.fixture(scope="module")
def courses(
    tmp_path_factory: pytest.TempPathFactory, started: Start
) -> Callable[[int], dict[str, Course]]:
    """Let every command run once undisturbed, on a population of so many people."""

    @cache
    def run(people: int) -> dict[str, Course]:
        place = tmp_path_factory.mktemp("courses")
        rows = generate(municipality("herne"), people, 1).rows
        history, plain = place / "history.xlsx", place / "list.xlsx"
        write_fact_list(history, rows)
        write_fact_list(plain, [replace(one, recorded_at=None) for one in rows])
        empty, loaded = place / "empty", place / "loaded"
        with store_of(empty):
            pass
        made = (
            undisturbed(started, "history", empty, ("import", str(history)), loaded),
            undisturbed(started, "list", empty, ("import", str(plain)), place / "listed"),
            undisturbed(started, "rebuild", loaded, ("rebuild",), place / "built"),
        )
        return {one.name: one for one in made}

    return run


def undisturbed(
    start: Start, name: str, folder: Path, words: tuple[str, ...], target: Path
) -> Course:
    course = Course(name, folder, words, 0, 0, [])
    begun = time.monotonic()
    watched = Watched(start, course, copied(folder, target))
    starting = watched.until(watched.answers)
    assert watched.end() == 0
    working = time.monotonic() - begun - starting
    with store_of(target) as database:
        facts = facts_of(database, with_moments=name != "list")
    assert facts
    return replace(course, starting=starting, working=working, facts=facts)


@pytest.fixture(scope="module")
def rounds() -> Iterator[list[Round]]:
    """Gather the rounds and print them as a table at the end."""
    done: list[Round] = []
    yield done
    print("\nseed  command  victim    moment              reached  exit  facts")
    for one in done:
        print(
            f"{one.seed:4}  {one.command:7}  {one.victim:8}  {one.moment:18}"
            f"  {one.reached:7}  {one.ended:4}  {one.facts:5}"
        )


def killed(watched: Watched, course: Course, victim: str, rng: random.Random) -> tuple[str, int]:
    """Kill at the moment that is drawn; return the moment, and how far the journal was."""
    match rng.choice(("start", "work", "writing", "writing")):
        case "start":
            moment = rng.uniform(0, course.starting)
            watched.wait(moment)
            told = f"start + {moment:.2f} s"
        case "work":
            moment = rng.uniform(0, course.working)
            watched.until(watched.answers)
            watched.wait(moment)
            told = f"work + {moment:.2f} s"
        case _:
            facts, moment = rng.randint(1, len(course.facts)), rng.uniform(0, 0.2)
            watched.until(lambda: watched.wrote(facts))
            watched.wait(moment)
            told = f"fact {facts} + {moment:.2f} s"
    reached = watched.reached()
    watched.kill(victim)
    return told, reached


GATE = [pytest.param(16, seed, id=f"seed{seed}") for seed in range(10)]
SOAK = [
    pytest.param(90, seed, id=f"seed{seed}", marks=pytest.mark.soak) for seed in range(100, 150)
]


@pytest.mark.parametrize(("people", "seed"), GATE + SOAK)
def test_a_kill_at_any_moment_loses_nothing_and_doubles_nothing(
    courses: Callable[[int], dict[str, Course]],
    people: int,
    seed: int,
    rounds: list[Round],
    started: Start,
    tmp_path: Path,
) -> None:
    rng = random.Random(seed)
    course = courses(people)[COMMANDS[seed % 3]]
    victim = VICTIMS[seed // 3 % 3]
    folder = copied(course.folder, tmp_path / "kette")

    watched = Watched(started, course, folder)
    moment, reached = killed(watched, course, victim, rng)
    ended = watched.end()
    assert ended in {0, 5, -signal.SIGKILL}

    again = Watched(started, course, folder)
    assert again.end() == 0, again.said

    with store_of(folder) as database:
        facts = facts_of(database, with_moments=course.name != "list")
        assert facts == course.facts
        kept = tables_of(database)
        with open_views(*database) as views:
            assert views.position() == len(facts)
            views.rebuild()
        assert tables_of(database) == kept
        assert all(kept.values())
    rounds.append(Round(seed, course.name, victim, moment, reached, ended, len(facts)))
    shutil.rmtree(folder)
