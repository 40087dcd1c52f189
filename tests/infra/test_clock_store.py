"""The second outbox in PostgreSQL: written once, by one clock, and there again after kill, loss and restore."""

import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from consumers.clock import catch_up, follow
from domain.crossings import CrossingKind, Notice, Noticed
from domain.days import PartialDate
from domain.errors import JournalCorruptError
from domain.events.registry import read_fact
from domain.fact import Fact
from domain.journal import Append, Entry
from infra.backup import back_up, restore
from infra.clock_store import ClockStore
from infra.doorbell import CHANNEL
from infra.embedded import EmbeddedServer
from infra.history import HistoryLoad
from infra.journal import JournalRecorder, open_journal
from infra.migrations import migrate
from infra.session import PROJECTOR, READER, WRITER, connect
from tests.keyring import keys_of

TODAY = date(2026, 3, 1)
COLUMNS = "seq, basis_position, journey_id, kind, name, key, day, round, told, undoes"
_PROGRAM = """
import sys, threading
from datetime import date
import consumers.clock
from consumers.clock import catch_up
from tests.keyring import keys_of
from infra.clock_store import ClockStore

class Told(ClockStore):
    def take_in(self, today):
        print("taking in", flush=True)
        return super().take_in(today)

    def tell(self, notices):
        print("telling", flush=True)
        super().tell(notices)
        print("told", flush=True)

consumers.clock._JOURNEYS = 2
catch_up(Told(sys.argv[1]), date.fromisoformat(sys.argv[2]))
print("done", flush=True)
"""


@pytest.fixture
def clock(dsn: str) -> Iterator[ClockStore]:
    with ClockStore(dsn, keys_of(dsn)) as opened:
        yield opened


class Recording:
    """Records facts, one command each."""

    def __init__(self, journal: JournalRecorder) -> None:
        self._journal = journal
        self._versions: dict[UUID, int] = {}

    def __call__(self, number: int, fact: Fact | str, day: str = "2024-03-01") -> int:
        """Record a fact of a journey and return its position."""
        journey = UUID(int=number)
        version = self._versions.get(journey, 0)
        made = read_fact(fact, {}) if isinstance(fact, str) else fact
        entry = Entry(f"fact-{number}-{version + 1}", made, PartialDate.parse(day))
        command = UUID(int=number * 10_000 + version + 1)
        (answer,) = self._journal.append([Append(command, b"", journey, version, (entry,))])
        self._versions[journey] = version + 1
        assert answer.first_position is not None
        return answer.first_position


@pytest.fixture
def record(journal: JournalRecorder) -> Recording:
    return Recording(journal)


def fill(record: Recording, journeys: int = 20) -> None:
    rng = random.Random(3)
    for number in range(1, journeys + 1):
        for name in ("CaseOpened", "CourseRegistered", "HandoverOffered", "ContactHeld"):
            record(number, name, f"2024-0{rng.randrange(1, 10)}-{rng.randrange(10, 28)}")


def crossings(dsn: str) -> list[tuple[Any, ...]]:
    with connect(dsn, READER) as connection:
        return connection.execute(f"SELECT {COLUMNS} FROM kette.crossings ORDER BY seq").fetchall()


def told(dsn: str) -> list[tuple[str, str, str, str]]:
    """Return what was told of gaps, in order."""
    return [
        (row[3], row[4], row[5], row[6].isoformat()) for row in crossings(dsn) if row[3] != "status"
    ]


def test_crossings_are_numbered_densely_after_what_was_known(
    clock: ClockStore, dsn: str, record: Recording
) -> None:
    fill(record, 5)
    catch_up(clock, TODAY)
    first = crossings(dsn)
    last = record(1, "CourseStarted", "2024-10-05")
    catch_up(clock, TODAY)
    rows = crossings(dsn)
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert {row[1] for row in first} == {20}
    assert {row[1] for row in rows[len(first) :]} == {last}
    assert rows[: len(first)] == first


def test_a_store_with_history_is_told_journey_by_journey_and_day_by_day(
    clock: ClockStore, dsn: str, record: Recording
) -> None:
    for number in (40, 7, 23, 99, 61, 5, 88, 12):
        record(number, "CourseRegistered", "2024-03-01")
        record(number, "HandoverOffered", "2024-02-01")
    catch_up(clock, TODAY)
    order = [(row[2], row[6]) for row in crossings(dsn)]
    assert order == sorted(order)
    assert len({journey for journey, _ in order}) == 8


def test_a_fact_that_comes_does_not_wait_behind_a_long_history(
    clock: ClockStore, record: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.clock_store._MANY", 10)
    fill(record, 5)
    assert clock.lead()
    clock.take_in(TODAY)
    assert [one.journey.int for one in clock.due(2)] == [1, 2]
    record(5, "ContactHeld")
    clock.take_in(TODAY)
    assert [one.journey.int for one in clock.due(2)] == [5, 1]


def test_a_new_fact_tells_only_what_it_changes(
    clock: ClockStore, dsn: str, record: Recording
) -> None:
    record(1, "CourseRegistered", "2024-03-01")
    catch_up(clock, TODAY)
    before = len(told(dsn))
    record(1, "CourseStarted", "2024-05-06")
    catch_up(clock, TODAY)
    assert told(dsn)[before:] == [
        ("revoked", "S07", "1", "2025-03-02"),
        ("closed", "S05", "1", "2024-05-06"),
    ]


def test_a_clock_started_anew_tells_nothing_again(dsn: str, record: Recording) -> None:
    fill(record)
    seen = []
    for _ in range(3):
        with ClockStore(dsn, keys_of(dsn)) as clock:
            catch_up(clock, TODAY)
        seen.append(crossings(dsn))
    assert len(seen[0]) > 40
    assert seen[0] == seen[1] == seen[2]


def test_a_day_looks_only_at_the_journeys_on_which_something_crosses(
    clock: ClockStore, record: Recording
) -> None:
    record(1, "CourseRegistered", "2024-03-01")
    record(2, "CourseRegistered", "2024-04-01")
    looked_at: list[int] = []

    def look(day: date) -> list[int]:
        looked_at.clear()
        catch_up(clock, day, observe=lambda one: looked_at.append(one.journey.int))
        return sorted(looked_at)

    assert look(date(2024, 4, 12)) == [1, 2]
    assert look(date(2024, 4, 12)) == []
    assert look(date(2024, 4, 13)) == [1]
    assert look(date(2024, 4, 1)) == []
    assert look(date(2024, 5, 14)) == [2]


def test_another_program_looks_at_everything_anew_and_tells_nothing_again(
    clock: ClockStore, dsn: str, record: Recording
) -> None:
    fill(record, 3)
    catch_up(clock, TODAY)
    before = crossings(dsn)
    with psycopg.connect(dsn) as owner:
        owner.execute("UPDATE kette.clock SET program = 'older'")
    shown: list[Notice] = []
    catch_up(clock, TODAY, observe=shown.append)
    assert len(shown) == 3
    assert crossings(dsn) == before


def test_nothing_is_told_while_history_is_loaded(dsn: str) -> None:
    entry = Entry("a", read_fact("CourseRegistered", {}), PartialDate(2024, 3, 1))
    moment = datetime(2024, 3, 1, 9, tzinfo=UTC)
    with ClockStore(dsn, keys_of(dsn)) as clock, HistoryLoad(dsn, keys_of(dsn)) as load:
        load.append([Append(UUID(int=1), b"", UUID(int=1), 0, (entry,), moment)])
        catch_up(clock, TODAY)
        assert crossings(dsn) == []
        load.finish()
        catch_up(clock, TODAY)
    assert told(dsn) == [
        ("opened", "S05", "1", "2024-04-13"),
        ("opened", "S07", "1", "2025-03-02"),
    ]


def test_a_journey_whose_payload_is_gone_is_taken_back(
    clock: ClockStore, dsn: str, record: Recording
) -> None:
    record(1, "CourseRegistered")
    catch_up(clock, TODAY)
    with psycopg.connect(dsn) as owner:
        owner.execute("UPDATE kette.events SET ciphertext = NULL")
        owner.execute("UPDATE kette.clock_journeys SET next_day = '-infinity'")
    catch_up(clock, TODAY)
    kinds: dict[str, list[str]] = {}
    for kind, rule, _, _ in told(dsn):
        kinds.setdefault(rule, []).append(kind)
    assert kinds == {"S05": ["opened", "revoked"], "S07": ["opened", "revoked"]}
    revoked = [row for row in crossings(dsn) if row[3] == "revoked"]
    assert [row[8]["by_version"] for row in revoked] == [None, None]


# One clock


def test_a_second_clock_waits_until_the_first_is_gone(
    clock: ClockStore, dsn: str, record: Recording
) -> None:
    record(1, "CourseRegistered")
    with ClockStore(dsn, keys_of(dsn)) as first:
        assert first.lead()
        assert first.lead()
        assert not clock.lead()
        assert not clock.told_all(TODAY)
    assert clock.lead()


def test_two_clocks_beside_each_other_tell_everything_once(dsn: str, record: Recording) -> None:
    with following(dsn), following(dsn):
        fill(record)
        await_told(dsn)
    rows = crossings(dsn)
    with ClockStore(dsn, keys_of(dsn)) as clock:
        catch_up(clock, TODAY)
    assert crossings(dsn) == rows
    live = [row for row in rows if row[3] == "opened"]
    undone = {row[9] for row in rows}
    standing = [(row[2], row[4], row[5]) for row in live if row[0] not in undone]
    assert len(standing) == len(set(standing)) > 20


@contextmanager
def following(dsn: str) -> Iterator[None]:
    """Run a clock in a thread."""
    stop = threading.Event()

    def run() -> None:
        with ClockStore(dsn, keys_of(dsn)) as clock:
            follow(clock, lambda: TODAY, stop)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def await_told(dsn: str, seconds: float = 20) -> None:
    """Wait, at most for a while, until all that was recorded is told."""
    with ClockStore(dsn, keys_of(dsn)) as asking, connect(dsn, READER) as listening:
        listening.execute(f"LISTEN {CHANNEL}")
        end = time.monotonic() + seconds
        while not asking.told_all(TODAY):
            assert time.monotonic() < end, "the clock did not tell in time"
            for _ in listening.notifies(timeout=0.2, stop_after=1):
                pass


def test_a_lost_connection_costs_the_lead_and_nothing_else(
    dsn: str, record: Recording, kill_backends: Callable[[], None]
) -> None:
    with following(dsn):
        record(1, "CourseRegistered")
        await_told(dsn)
        kill_backends()
        record(2, "CourseRegistered")
        await_told(dsn)
    opened = [(row[2].int, row[4]) for row in crossings(dsn) if row[3] == "opened"]
    assert sorted(opened) == [(1, "S05"), (1, "S07"), (2, "S05"), (2, "S07")]


@pytest.fixture
def kill_backends(dsn: str) -> Callable[[], None]:
    def kill() -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    return kill


def test_whoever_listens_is_rung_when_something_is_told(
    clock: ClockStore, dsn: str, record: Recording
) -> None:
    record(1, "CourseRegistered")
    assert clock.lead()
    day = clock.take_in(TODAY)
    assert day == TODAY
    with connect(dsn, READER) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        catch_up(clock, TODAY)
        assert list(connection.notifies(timeout=5, stop_after=1))


def test_a_fact_crosses_within_a_tenth_of_a_second(dsn: str, record: Recording) -> None:
    fill(record, 10)
    with following(dsn), connect(dsn, READER) as connection:
        await_told(dsn)
        connection.execute(f"LISTEN {CHANNEL}")
        took = [crossing_time(connection, record, number) for number in range(101, 121)]
    assert sorted(took)[10] < 0.1


def crossing_time(connection: Any, record: Recording, number: int) -> float:
    """Return how long it takes from a recorded fact to its crossing."""
    begun = time.monotonic()
    position = record(number, "CourseRegistered")
    while time.monotonic() < begun + 10:
        (found,) = connection.execute(
            "SELECT count(*) FROM kette.crossings WHERE basis_position >= %s", [position]
        ).fetchone()
        if found:
            break
        for _ in connection.notifies(timeout=0.5, stop_after=1):
            pass
    return time.monotonic() - begun


# Killed


def run_and_kill(dsn: str, lines: int) -> bool:
    """Let a clock tell some lines and kill it there; say whether it had not ended by itself."""
    command = [sys.executable, "-c", _PROGRAM, dsn, TODAY.isoformat()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _ in range(lines)]
        process.kill()
    return "done" not in said


@contextmanager
def copied(server: EmbeddedServer, dsn: str) -> Iterator[str]:
    """Copy a database for as long as the copy is needed."""
    name = str(conninfo_to_dict(dsn)["dbname"])
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        owner.execute(f"CREATE DATABASE {name}_copy TEMPLATE {name}")
        yield server.dsn(f"{name}_copy")
        owner.execute(f"DROP DATABASE {name}_copy WITH (FORCE)")


def test_a_clock_killed_at_any_moment_tells_nothing_twice_and_loses_nothing(
    server: EmbeddedServer, dsn: str, record: Recording
) -> None:
    fill(record)
    rng = random.Random(11)
    with copied(server, dsn) as undisturbed:
        killed = [run_and_kill(dsn, rng.randrange(1, 5)) for _ in range(6)]
        for one in (dsn, undisturbed):
            with ClockStore(one, keys_of(one)) as clock:
                catch_up(clock, TODAY)
        assert crossings(dsn) == crossings(undisturbed)
    assert all(killed)


# Never changed, never told again


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kette.crossings SET day = day",
        "DELETE FROM kette.crossings",
        "TRUNCATE kette.crossings CASCADE",
        "DELETE FROM kette.clock",
        "INSERT INTO kette.clock DEFAULT VALUES",
        "TRUNCATE kette.clock",
        "DELETE FROM kette.clock_journeys",
    ],
)
def test_not_even_the_owner_changes_what_was_told(
    dsn: str, clock: ClockStore, record: Recording, statement: str
) -> None:
    record(1, "CourseRegistered")
    catch_up(clock, TODAY)
    with psycopg.connect(dsn) as owner, pytest.raises(psycopg.DatabaseError) as refused:
        owner.execute(statement)
    assert refused.value.sqlstate == "KT002"


@pytest.mark.parametrize("table", ["crossings", "clock", "clock_journeys"])
def test_only_the_projector_writes_and_readers_read(dsn: str, table: str) -> None:
    for role in (WRITER, READER):
        with connect(dsn, role) as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(f"INSERT INTO kette.{table} DEFAULT VALUES")
    with connect(dsn, READER) as connection:
        connection.execute(f"SELECT * FROM kette.{table}")
    with connect(dsn, PROJECTOR) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(f"DELETE FROM kette.{table}")


def opening(round_: int = 0) -> Noticed:
    return Noticed(
        CrossingKind.OPENED, "S05", "1", date(2024, 4, 13), {"kind": "gap"}, None, round_
    )


def notice(*new: Noticed) -> Notice:
    return Notice(UUID(int=1), 1, new, None, 0)


def test_what_was_told_cannot_be_told_again(clock: ClockStore, dsn: str, record: Recording) -> None:
    record(1, "CourseRegistered")
    catch_up(clock, TODAY)
    before = crossings(dsn)
    assert clock.lead()
    with pytest.raises(JournalCorruptError, match="stands in the outbox already"):
        clock.tell([notice(opening())])
    assert crossings(dsn) == before
    assert clock.lead()
    clock.tell([notice(opening(1))])
    assert crossings(dsn)[-1][0] == len(before) + 1


@pytest.mark.parametrize(
    "wrong",
    [
        Noticed(CrossingKind.REVOKED, "S05", "1", date(2024, 4, 13), {}),
        Noticed(CrossingKind.REVOKED, "S05", "1", date(2024, 4, 13), {}, undoes=99),
        Noticed(CrossingKind.OPENED, "S05", "2", date(2024, 4, 13), {}, undoes=1),
        Noticed(CrossingKind.OPENED, "S05", "2", date(2024, 4, 13), {}, round=-1),
    ],
    ids=["undoes nothing", "undoes what is not", "opens by undoing", "negative round"],
)
def test_the_table_refuses_what_makes_no_sense(
    clock: ClockStore, dsn: str, record: Recording, wrong: Noticed
) -> None:
    record(1, "CourseRegistered")
    catch_up(clock, TODAY)
    before = crossings(dsn)
    assert clock.lead()
    with pytest.raises(JournalCorruptError):
        clock.tell([notice(wrong)])
    assert crossings(dsn) == before


def test_after_backup_and_restore_nothing_is_told_again(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path / "first") as server:
        migrate(server.dsn())
        with (
            open_journal(server.dsn(), keys_of(server.dsn())) as journal,
            ClockStore(server.dsn(), keys_of(server.dsn())) as clock,
        ):
            record = Recording(journal)
            fill(record, 6)
            catch_up(clock, TODAY)
            back_up(server.dsn(), server.dsn(), tmp_path / "backup")
        before = crossings(server.dsn())
    restore(tmp_path / "backup", tmp_path / "second", None)
    shutil.copytree(tmp_path / "first" / "run-kek", tmp_path / "second" / "run-kek")
    with EmbeddedServer(tmp_path / "second") as server:
        migrate(server.dsn())
        with ClockStore(server.dsn(), keys_of(server.dsn())) as clock:
            catch_up(clock, TODAY)
            assert crossings(server.dsn()) == before
            catch_up(clock, TODAY + timedelta(days=400))
        assert crossings(server.dsn())[: len(before)] == before
    assert len(before) > 20


def test_an_instance_is_named_by_versions_and_no_id_is_stored(
    clock: ClockStore, dsn: str, record: Recording
) -> None:
    fill(record, 4)
    catch_up(clock, TODAY)
    with connect(dsn, READER) as connection:
        stored = connection.execute("SELECT c::text FROM kette.crossings c").fetchall()
    assert stored
    assert not [row for (row,) in stored if "fact-" in row]
