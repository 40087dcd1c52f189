"""The store behind the commands: missing, of a newer program, bare, rebuilt."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from infra import sealing, view_tables
from kette import chain_commands

Run = Callable[..., Any]


def positions(invoked: Run) -> int:
    return len(invoked("events", "--json").rows)


UNREACHABLE: list[tuple[dict[str, str], int, str]] = [
    ({"KETTE_DSN": "quatsch geheim"}, 5, "KETTE_DSN: the database's address cannot be read"),
    ({"KETTE_DSN": "postgresql://u:geheim@localhost:1/x"}, 5, "KETTE_DSN: the database cannot"),
    ({"KETTE_DSN": "postgresql:///x?host=/nowhere"}, 5, "KETTE_DSN: the database cannot"),
    ({"KETTE_DSN": "", "KETTE_DATA_DIR": "/proc/kette"}, 5, "cannot make /proc/kette"),
    ({"KETTE_DSN": "", "KETTE_DATA_DIR": "/dev/null"}, 5, "cannot make /dev/null"),
    ({"KETTE_PORT": "acht"}, 2, "KETTE_PORT: "),
    ({"KETTE_PORT": "0"}, 2, "KETTE_PORT: "),
    ({"KETTE_LANG": "fr"}, 2, "KETTE_LANG: "),
]


@pytest.mark.parametrize(("settings", "code", "complaint"), UNREACHABLE)
@pytest.mark.parametrize(
    "words",
    [("gaps",), ("events",), ("rebuild",), ("record", "new", "JourneyStarted", "--on", "2024")],
    ids=lambda words: words[0],
)
def test_a_store_that_cannot_be_had_is_named_with_its_setting(
    invoked: Run, words: tuple[str, ...], settings: dict[str, str], code: int, complaint: str
) -> None:
    said = invoked(*words, **settings)
    assert said.code == code
    assert said.err.startswith(f"kette: {complaint}")
    assert "geheim" not in said.err
    assert said.err.count("\n") == 1


def test_a_database_that_is_missing_is_named(invoked: Run, module_dsn: str) -> None:
    missing = module_dsn.replace("test_", "no_such_")
    said = invoked("gaps", KETTE_DSN=missing)
    assert said.code == 5
    assert "does not exist" in said.err


@pytest.fixture
def bare_dsn(module_dsn: str) -> Iterator[str]:
    """Make a database without anything in it."""
    name = f"bare_{uuid4().hex}"
    with psycopg.connect(module_dsn, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield module_dsn.replace(module_dsn.split("/")[3].split("?")[0], name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_database_without_a_journal_gets_one(invoked: Run, bare_dsn: str) -> None:
    said = invoked("gaps", "--json", KETTE_DSN=bare_dsn)
    assert (said.code, said.out, said.err) == (0, "", "")
    assert invoked("record", "new", "JourneyStarted", "--on", "2024", KETTE_DSN=bare_dsn).code == 0


def test_a_database_of_a_newer_program_is_left_alone(invoked: Run, bare_dsn: str) -> None:
    invoked("gaps", KETTE_DSN=bare_dsn)
    with psycopg.connect(bare_dsn) as connection:
        connection.execute("INSERT INTO kette.migrations VALUES (9999, 'future', '')")
    said = invoked("gaps", KETTE_DSN=bare_dsn)
    assert said.code == 5
    assert "newer than this program" in said.err
    assert "install the newer program" in said.err


def test_a_rebuild_says_how_far_it_came(invoked: Run, journey: str) -> None:
    assert invoked("rebuild").out == f"rebuilt up to position {positions(invoked)}\n"


def test_a_server_lost_amid_a_list_is_told_in_one_sentence(
    invoked: Run, journey: str, module_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    explain = chain_commands.interval_row

    def lost_meanwhile(*what: Any) -> Any:
        with psycopg.connect(module_dsn, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        return explain(*what)

    monkeypatch.setattr(chain_commands, "interval_row", lost_meanwhile)
    monkeypatch.setattr(view_tables, "_BLOCK", 1)
    monkeypatch.setattr(sealing, "_BLOCK", 1)
    (other,) = invoked("record", "new", "JourneyStarted", "--on", "2024", "--json").rows
    invoked("record", other["journey"], "CaseOpened", "--on", "2024-03-04")
    said = invoked("gaps", "--as-of", "2024-03-12")
    assert said.code == 5
    assert said.err.startswith("kette: the database cannot be used: ")
    assert said.err.count("\n") == 1
