"""Many writers, a following reader, and everything that goes away under them."""

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.journal import Actor, Answer, Append, Entry, Outcome
from infra.embedded import EmbeddedServer
from infra.errors import HistoryLoadError, JournalBusyError, JournalUnavailableError
from infra.group import GroupAppender
from infra.journal import JournalRecorder, open_journal
from infra.memory import MemoryJournal
from infra.migrations import migrate
from infra.tail import Place, Tail
from tests.keyring import keys_of

WRITERS, EVENTS = 8, 20_000
FACT = read_fact("ContactHeld", {})


def entry(number: int) -> Entry:
    return Entry(f"f{number}", FACT, PartialDate(2024), Actor("anna"))


def follow(dsn: str, until: int) -> tuple[threading.Thread, list[Place], threading.Event]:
    """Follow the journal in a thread until a position was seen."""
    seen: list[Place] = []
    stop = threading.Event()

    def read() -> None:
        for block in Tail(dsn, block=700).blocks(0, stop):
            seen.extend(block)
            if seen[-1].position >= until:
                stop.set()

    thread = threading.Thread(target=read)
    thread.start()
    return thread, seen, stop


def test_eight_writers_and_a_following_reader_miss_nothing(dsn: str) -> None:
    """Half of the writers share a process-wide group appender, half have connections of their own."""
    thread, seen, stop = follow(dsn, EVENTS)
    with open_journal(dsn, keys_of(dsn)) as shared, GroupAppender(shared) as group:

        def write(number: int) -> None:
            chance = random.Random(number)
            own = open_journal(dsn, keys_of(dsn))
            journal = group if number % 2 else own
            written = 0
            while written < EVENTS // WRITERS:
                count = min(chance.choice((1, 1, 5, 20)), EVENTS // WRITERS - written)
                journey = UUID(int=chance.getrandbits(128))
                entries = tuple(entry(written + i) for i in range(count))
                conflict = Append(uuid4(), b"", journey, 7, entries)
                requests = [Append(uuid4(), b"", journey, 0, entries)]
                if chance.random() < 0.05:
                    requests.insert(0, conflict)
                assert journal.append(requests)[-1].outcome is Outcome.APPENDED
                written += count
            own.close()

        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(write, range(WRITERS)))
        assert shared.head().position == EVENTS
        thread.join(timeout=30)
        stop.set()
        found = shared.page(0, EVENTS)

    assert [one.position for one in seen] == list(range(1, EVENTS + 1))

    assert [Place(one.position, one.journey) for one in found] == seen
    assert [one.recorded_at for one in found] == sorted(one.recorded_at for one in found)
    versions = Counter(one.journey for one in found)
    assert {one.version for one in found} <= set(range(1, 21))
    assert all(
        len({r.version for r in found if r.journey == j}) == n
        for j, n in list(versions.items())[:20]
    )


@pytest.mark.both_servers
def test_of_many_who_expect_the_same_version_one_wins(journal: JournalRecorder) -> None:
    journey = UUID(int=1)

    def attempt(place: int) -> list[Outcome]:
        with open_journal(journal.dsn, keys_of(journal.dsn)) as mine:
            return [
                mine.append([Append(uuid4(), b"", journey, version, (entry(place),))])[0].outcome
                for version in range(30)
            ]

    with ThreadPoolExecutor(WRITERS) as pool:
        rounds = list(zip(*pool.map(attempt, range(WRITERS)), strict=True))

    won = sum(outcomes.count(Outcome.APPENDED) for outcomes in rounds)
    assert all(outcomes.count(Outcome.APPENDED) <= 1 for outcomes in rounds)
    assert [one.version for one in journal.read(journey)] == list(range(1, won + 1))


@pytest.mark.both_servers
def test_a_clock_that_falls_back_does_not_turn_time_around(
    dsn: str, journal: JournalRecorder
) -> None:
    ahead = datetime.now(UTC) + timedelta(hours=1)
    journal.append([Append(uuid4(), b"", UUID(int=1), 0, (entry(1),))])
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("UPDATE kette.log_head SET last_recorded_at = %s", [ahead])

    journal.append([Append(uuid4(), b"", UUID(int=1), 1, (entry(2),))])

    assert [one.recorded_at for one in journal.page(1, 1)] == [ahead]


@pytest.mark.both_servers
def test_a_following_reader_survives_the_loss_of_its_connection(
    dsn: str, journal: JournalRecorder
) -> None:
    thread, seen, stop = follow(dsn, 60)
    with psycopg.connect(dsn, autocommit=True) as connection:
        for place in range(60):
            journal.append([Append(uuid4(), b"", UUID(int=1), place, (entry(place),))])
            if place % 20 == 10:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
    thread.join(timeout=30)
    stop.set()
    assert [one.position for one in seen] == list(range(1, 61))


@pytest.mark.both_servers
def test_a_reader_is_told_of_what_is_written_at_once(dsn: str, journal: JournalRecorder) -> None:
    stop = threading.Event()
    with open_journal(dsn, keys_of(dsn)) as other:
        other.append([Append(uuid4(), b"", UUID(int=1), 0, (entry(0),))])
        blocks = Tail(dsn).blocks(0, stop)
        assert [one.position for one in next(blocks)] == [1]
        late = threading.Timer(
            0.05,
            lambda: other.append([Append(uuid4(), b"", UUID(int=1), 1, (entry(1),))]),
        )
        late.start()
        assert [one.position for one in next(blocks)] == [2]
        late.join()
        blocks.close()  # type: ignore[attr-defined]  # a generator


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    with EmbeddedServer(tmp_path / "kette") as server:
        migrate(server.dsn())
        yield server


def kill(server: EmbeddedServer) -> None:
    pid = server.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def test_a_killed_server_loses_nothing_and_doubles_nothing(own_server: EmbeddedServer) -> None:
    """Four writers go on while the server is killed three times; retries carry the same command id."""
    thread, seen, stop = follow(own_server.dsn(), 4 * 150)
    acknowledged: list[tuple[UUID, Answer]] = []
    milestones = {number: threading.Event() for number in (60, 200, 400)}

    with (
        open_journal(own_server.dsn(), keys_of(own_server.dsn())) as journal,
        GroupAppender(journal) as group,
    ):

        def write(number: int) -> None:
            journey = UUID(int=number + 1)
            for place in range(150):
                request = Append(uuid4(), b"", journey, place, (entry(place),))
                acknowledged.append((request.command_id, group.append([request])[0]))
                for milestone, reached in milestones.items():
                    if len(acknowledged) >= milestone:
                        reached.set()

        with ThreadPoolExecutor(4) as pool:
            done = [pool.submit(write, number) for number in range(4)]
            for reached in milestones.values():
                assert reached.wait(30)
                kill(own_server)
            for one in done:
                one.result(timeout=60)
        thread.join(timeout=30)
        stop.set()
        stored = journal.page(0, 1_000)

    assert {answer.outcome for _, answer in acknowledged} <= {Outcome.APPENDED, Outcome.DUPLICATE}
    assert {answer.first_position: command for command, answer in acknowledged} == {
        one.position: one.command_id for one in stored
    }
    assert [one.position for one in stored] == list(range(1, 601)) == [one.position for one in seen]


def test_a_server_that_stays_away_is_named_in_time(
    own_server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.writer._PATIENCE_SECONDS", 0.3)
    monkeypatch.setattr("infra.journal._PATIENCE_SECONDS", 0.3)
    with open_journal(own_server.dsn(), keys_of(own_server.dsn())) as journal:
        journal.append([Append(uuid4(), b"", UUID(int=1), 0, (entry(1),))])
        own_server.stop()
        with pytest.raises(JournalUnavailableError):
            journal.append([Append(uuid4(), b"", UUID(int=1), 1, (entry(2),))])
        with pytest.raises(JournalUnavailableError):
            journal.read(UUID(int=1))
        own_server.start()
        assert journal.append([Append(uuid4(), b"", UUID(int=1), 1, (entry(2),))])[0].count == 1
        assert len(journal.read(UUID(int=1))) == 2


@pytest.mark.both_servers
def test_a_stuck_writer_makes_others_give_up_in_time(dsn: str, journal: JournalRecorder) -> None:
    with psycopg.connect(dsn) as stuck:
        stuck.execute("SELECT * FROM kette.log_head FOR UPDATE")
        with pytest.raises(JournalBusyError):
            journal.append([Append(uuid4(), b"", UUID(int=1), 0, (entry(1),))])
    assert journal.append([Append(uuid4(), b"", UUID(int=1), 0, (entry(1),))])[0].count == 1


class _Picky(MemoryJournal):
    """A journal that cannot take one journey, and that can be held up."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()
        self.busy = threading.Event()
        self.calls: list[int] = []

    def append(self, requests: Sequence[Append]) -> list[Answer]:
        self.busy.set()
        assert self.free.wait(10)
        self.calls.append(len(requests))
        if any(request.journey == UUID(int=13) for request in requests):
            raise HistoryLoadError("not this one")
        return super().append(requests)


def test_what_waits_goes_out_together_and_errors_stay_with_their_caller() -> None:
    journal = _Picky()
    with GroupAppender(journal) as group, ThreadPoolExecutor(6) as pool:
        first = pool.submit(group.append, [Append(uuid4(), b"", UUID(int=1), 0, (entry(0),))])
        assert journal.busy.wait(10)
        others = [
            pool.submit(group.append, [Append(uuid4(), b"", UUID(int=number), 0, (entry(0),))])
            for number in (12, 13, 14)
        ]
        while len(group._waiting) < 3:
            assert not first.done()
        journal.free.set()

        assert first.result()[0].outcome is Outcome.APPENDED
        assert others[0].result()[0].outcome is Outcome.APPENDED
        assert others[2].result()[0].outcome is Outcome.APPENDED
        with pytest.raises(HistoryLoadError, match="not this one"):
            others[1].result()
    assert journal.calls == [1, 3, 1, 1, 1]


def test_a_request_that_nobody_expects_does_not_stop_the_group(journal: JournalRecorder) -> None:
    with GroupAppender(journal) as group:
        with pytest.raises(OverflowError):
            group.append([Append(uuid4(), b"", UUID(int=1), 2**63, (entry(0),))])
        answers = group.append([Append(uuid4(), b"", UUID(int=1), 0, (entry(0),))])
    assert answers[0].outcome is Outcome.APPENDED


class _Stuck(_Picky):
    """A journal that does not answer in time."""

    def append(self, requests: Sequence[Append]) -> list[Answer]:
        self.busy.set()
        assert self.free.wait(10)
        self.calls.append(len(requests))
        raise JournalBusyError("not in time")


def test_callers_of_a_stuck_journal_do_not_wait_for_one_another() -> None:
    journal = _Stuck()
    with GroupAppender(journal) as group, ThreadPoolExecutor(6) as pool:
        first = pool.submit(group.append, [Append(uuid4(), b"", UUID(int=1), 0, (entry(0),))])
        assert journal.busy.wait(10)
        others = [
            pool.submit(group.append, [Append(uuid4(), b"", UUID(int=number), 0, (entry(0),))])
            for number in range(2, 7)
        ]
        while len(group._waiting) < 5:
            assert not first.done()
        journal.free.set()
        for one in (first, *others):
            with pytest.raises(JournalBusyError):
                one.result(10)
    assert journal.calls == [1, 5, 1]


def test_closing_sends_what_waits_and_refuses_what_comes_later() -> None:
    journal = _Picky()
    group = GroupAppender(journal)
    with ThreadPoolExecutor(2) as pool:
        waiting = [
            pool.submit(group.append, [Append(uuid4(), b"", UUID(int=number), 0, (entry(0),))])
            for number in (1, 2)
        ]
        assert journal.busy.wait(10)
        closing = threading.Thread(target=group.close)
        closing.start()
        journal.free.set()
        closing.join(10)
        done = [one.result(10) for one in waiting]
    assert [answers[0].outcome for answers in done] == [Outcome.APPENDED] * 2
    with pytest.raises(JournalUnavailableError):
        group.append([Append(uuid4(), b"", UUID(int=3), 0, (entry(0),))])
