"""Migrations: once each, in order, under a lock, and never backwards."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest

from infra.embedded import EmbeddedServer
from infra.errors import JournalUnavailableError, MigrationError, UnsafeServerError
from infra.journal import head_of, open_journal
from infra.migrations import Migration, migrate, shipped
from tests.keyring import keys_of

pytestmark = pytest.mark.both_servers

ONE = Migration(1, "one", "CREATE TABLE one (); SELECT pg_sleep(0.05)")
TWO = Migration(2, "two", "CREATE TABLE two ()")


@pytest.fixture
def empty(server: EmbeddedServer) -> Iterator[str]:
    name = f"empty_{uuid4().hex}"
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.dsn(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def tables(dsn: str) -> set[str]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {row[0] for row in rows}


def test_what_is_missing_is_applied_in_order_and_once(empty: str) -> None:
    assert migrate(empty, migrations=[ONE]) == (1,)
    assert migrate(empty, migrations=[ONE, TWO]) == (2,)
    assert migrate(empty, migrations=[ONE, TWO]) == ()
    assert tables(empty) == {"one", "two"}


def test_two_programs_at_once_do_not_get_in_each_others_way(empty: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: migrate(empty, migrations=[ONE, TWO]), range(4)))
    assert sorted(done) == [(), (), (), (1, 2)]


def test_a_newer_database_is_refused(empty: str) -> None:
    migrate(empty, migrations=[ONE, TWO])
    with pytest.raises(MigrationError, match="newer than this program"):
        migrate(empty, migrations=[ONE])


def test_a_changed_old_file_is_refused(empty: str) -> None:
    migrate(empty, migrations=[ONE])
    with pytest.raises(MigrationError, match="0001_one was changed"):
        migrate(empty, migrations=[Migration(1, "one", "CREATE TABLE other ()"), TWO])
    assert tables(empty) == {"one"}


def test_a_migration_that_fails_leaves_nothing_behind(empty: str) -> None:
    broken = Migration(2, "two", "CREATE TABLE two (); SELECT 1/0")
    with pytest.raises(MigrationError, match="division by zero"):
        migrate(empty, migrations=[ONE, broken])
    assert tables(empty) == {"one"}
    assert migrate(empty, migrations=[ONE, TWO]) == (2,)


def test_the_database_of_another_program_is_left_as_it_is(empty: str) -> None:
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA views")
        with pytest.raises(MigrationError, match="already exists"):
            migrate(empty)
        assert connection.execute("SELECT to_regnamespace('kette')").fetchone() == (None,)


def test_an_address_that_cannot_be_read_is_not_repeated() -> None:
    for opens in (head_of, migrate):
        with pytest.raises(JournalUnavailableError) as told:
            opens("postgresql://someone:secret@[::/kette")
        assert "secret" not in str(told.value)


def test_the_shipped_files_are_numbered_without_a_double() -> None:
    numbers = [one.number for one in shipped()]
    assert numbers[0] == 1
    assert numbers == sorted(set(numbers))


def test_a_database_without_a_journal_is_named(empty: str) -> None:
    with pytest.raises(MigrationError, match="holds no journal"):
        open_journal(empty, keys_of(empty))


def test_a_missing_database_is_named(server: EmbeddedServer) -> None:
    for opens in (head_of, migrate):
        with pytest.raises(JournalUnavailableError, match='"nowhere" does not exist'):
            opens(server.dsn("nowhere"))


def test_an_unreachable_server_is_named_without_its_password() -> None:
    with pytest.raises(JournalUnavailableError) as told:
        head_of("postgresql://someone:secret@127.0.0.1:1/kette")
    assert "secret" not in str(told.value)


def test_a_server_that_may_lose_commits_is_refused(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET synchronous_commit = off")
    with pytest.raises(UnsafeServerError, match="synchronous_commit off"):
        open_journal(dsn, keys_of(dsn))
