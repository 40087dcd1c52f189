"""Roles: each may do its one thing; what was written stays as it was written, whoever asks."""

from collections.abc import Callable
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors

from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.journal import Append, Entry
from infra.journal import JournalRecorder, open_journal
from infra.session import LOADER, PROJECTOR, READER, WRITER, connect
from tests.keyring import keys_of

pytestmark = pytest.mark.both_servers

JOURNEY = UUID(int=1)
TABLES = ("events", "commands", "log_head", "tracking", "checkpoints", "crossings", "migrations")


@pytest.fixture(scope="module")
def acting(module_dsn: str) -> Callable[[str, str], list[tuple[object, ...]]]:
    entry = Entry("f1", read_fact("ContactHeld", {}), PartialDate(2024))
    with open_journal(module_dsn, keys_of(module_dsn)) as journal:
        journal.append([Append(uuid4(), b"", JOURNEY, 0, (entry,))])

    def act(role: str, statement: str) -> list[tuple[object, ...]]:
        with connect(module_dsn, role) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    return act


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("role", [WRITER, LOADER, READER])
@pytest.mark.parametrize("statement", ["DELETE FROM", "TRUNCATE", "INSERT INTO"])
def test_nobody_writes_a_table_by_hand(
    acting: Callable[[str, str], object], role: str, table: str, statement: str
) -> None:
    values = " DEFAULT VALUES" if statement.startswith("INSERT") else ""
    with pytest.raises(errors.InsufficientPrivilege):
        acting(role, f"{statement} kette.{table}{values}")


@pytest.mark.parametrize("role", [WRITER, LOADER])
@pytest.mark.parametrize("table", TABLES)
def test_who_writes_does_not_read(
    acting: Callable[[str, str], object], role: str, table: str
) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        acting(role, f"SELECT * FROM kette.{table}")


def test_the_reader_reads_the_journal_but_no_command(
    acting: Callable[[str, str], list[tuple[object, ...]]],
) -> None:
    assert acting(READER, "SELECT position FROM kette.events") == [(1,)]
    with pytest.raises(errors.InsufficientPrivilege):
        acting(READER, "SELECT * FROM kette.commands")


@pytest.mark.parametrize(
    ("role", "call"),
    [
        (READER, "kette.append(NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL)"),
        (PROJECTOR, "kette.append(NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL)"),
        (WRITER, "kette.load(NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL)"),
        (WRITER, "kette.write(NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL)"),
        (LOADER, "kette.append(NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL)"),
        (LOADER, "kette.write(NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL)"),
        (WRITER, "kette.finish_load()"),
    ],
)
def test_each_function_belongs_to_its_role(
    acting: Callable[[str, str], object], role: str, call: str
) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        acting(role, f"SELECT * FROM {call}")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kette.events SET version = 2",
        "UPDATE kette.events SET ciphertext = 'other'",
        "UPDATE kette.events SET ciphertext = NULL, class = 'notes'",
        "UPDATE kette.events SET leaf = NULL, ciphertext = NULL",
        "DELETE FROM kette.events",
        "TRUNCATE kette.events",
        "DELETE FROM kette.log_head",
        "INSERT INTO kette.log_head (singleton) VALUES (true)",
    ],
)
def test_not_even_the_owner_changes_what_was_written(
    module_dsn: str, acting: Callable[[str, str], object], statement: str
) -> None:
    with (
        psycopg.connect(module_dsn) as connection,
        pytest.raises(psycopg.DatabaseError) as told,
    ):
        connection.execute(statement)
    assert told.value.sqlstate == "KT002"


_EVIL = """
CREATE FUNCTION pg_temp.evil() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'CREATE TABLE kette.taken_over ()';
    RETURN true;
END $$;
CREATE DOMAIN pg_temp.bytea AS pg_catalog.bytea CHECK (pg_temp.evil());
"""
_CALL = """
SELECT * FROM kette.append(
    ARRAY[gen_random_uuid()], ARRAY['h'::pg_catalog.bytea], {counts}, ARRAY[gen_random_uuid()],
    ARRAY[gen_random_uuid()], ARRAY[1::bigint], ARRAY['base'], ARRAY['{{}}'::pg_catalog.bytea],
    ARRAY[gen_random_uuid()],
    decode(repeat('00', {fingerprint}), 'hex'))
"""


def test_a_writer_gets_no_more_rights_by_types_of_its_own(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("SET ROLE kette_writer")
        owner.execute(_EVIL)
        owner.execute(_CALL.format(counts="ARRAY[1]", fingerprint=16))
        owner.execute("RESET ROLE")
        taken = owner.execute("SELECT to_regclass('kette.taken_over')").fetchone()
        written = owner.execute("SELECT position FROM kette.log_head").fetchone()
    assert (taken, written) == ((None,), (1,))


@pytest.mark.parametrize(
    ("counts", "fingerprint"),
    [
        ("ARRAY[-1]", 16),
        ("ARRAY[NULL::int]", 16),
        ("ARRAY[0]", 16),
        ("ARRAY[2]", 16),
        ("ARRAY[1]", 1),
    ],
)
def test_a_writer_that_sends_nonsense_writes_nothing(
    dsn: str, counts: str, fingerprint: int
) -> None:
    with connect(dsn, WRITER) as writer, pytest.raises(psycopg.DatabaseError):
        writer.execute(_CALL.format(counts=counts, fingerprint=fingerprint).encode())
    with psycopg.connect(dsn) as owner:
        assert owner.execute("SELECT position FROM kette.log_head").fetchone() == (0,)
        assert owner.execute("SELECT count(*) FROM kette.commands").fetchone() == (0,)


def test_the_owner_may_blank_a_ciphertext(dsn: str, journal: JournalRecorder) -> None:
    entry = Entry("f1", read_fact("ContactHeld", {}), PartialDate(2024))
    journal.append([Append(uuid4(), b"", JOURNEY, 0, (entry,))])
    with psycopg.connect(dsn) as connection:
        connection.execute("UPDATE kette.events SET ciphertext = NULL")
    (kept,) = journal.select_notifications(1, 1)
    assert kept.state == b""


def test_the_request_path_has_its_time_limits(
    acting: Callable[[str, str], list[tuple[object, ...]]],
) -> None:
    for name, limit in (("lock_timeout", "2s"), ("statement_timeout", "5s")):
        assert acting(WRITER, f"SHOW {name}") == [(limit,)]
