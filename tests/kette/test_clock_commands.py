"""`kette clock`: told once, counted for people, ended by a signal."""

import signal
import subprocess
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg

from domain.crossings import Notice
from kette.clock_commands import Tally

Run = Callable[..., Any]
Start = Callable[..., "subprocess.Popen[str]"]


def crossings(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT count(*) FROM kette.crossings").fetchone()
    assert row is not None
    return int(row[0])


def test_the_clock_tells_what_crossed_and_the_second_time_nothing(
    invoked: Run, journey: str, module_dsn: str
) -> None:
    invoked("record", journey, "CourseRegistered", "--on", "2024-03-01")
    first = invoked("clock", "--until-caught-up")
    assert (first.code, first.err) == (0, "")
    assert first.out.startswith(f"told {crossings(module_dsn)} crossings (")
    assert "opened" in first.out
    assert invoked("clock", "--until-caught-up").out == "told 0 crossings\n"


def test_how_much_is_kept_back_is_said_as_it_stands() -> None:
    tally = Tally()
    for number, withheld in ((1, 2), (1, 2), (2, 1), (2, 0)):
        tally(Notice(UUID(int=number), 1, (), None, withheld))
    assert tally.sentence() == "told 0 crossings; 2 instances kept back"


def test_a_running_clock_follows_and_ends_in_order_when_told_to(
    started: Start, invoked: Run, journey: str, module_dsn: str
) -> None:
    invoked("clock", "--until-caught-up")
    before = crossings(module_dsn)
    pipe = subprocess.PIPE
    with (
        psycopg.connect(module_dsn, autocommit=True) as listening,
        started("clock", settings={"KETTE_DSN": module_dsn}, stdout=pipe, stderr=pipe) as process,
    ):
        listening.execute("LISTEN kette")
        invoked("record", journey, "CourseRegistered", "--on", "2024-05-01")
        for _ in listening.notifies(timeout=20):
            if crossings(module_dsn) > before:
                break
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")
    assert out.startswith("told ")
    assert crossings(module_dsn) > before
