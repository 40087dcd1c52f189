"""Numbered SQL migrations, applied at start under a lock, each in a transaction of its own.

A file is ``NNNN_name.sql`` and is never edited once it was applied anywhere: its digest is kept.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from uuid import UUID

import psycopg

from infra.errors import JournalUnavailableError, MigrationError
from infra.session import check_address

_FILE = re.compile(r"(\d{4})_(\w+)\.sql", re.ASCII)
_LOCK = 0x6B65747465  # "kette"
_JOURNAL = "journal"
_BOOTSTRAP = """
CREATE SCHEMA IF NOT EXISTS kette;
CREATE TABLE IF NOT EXISTS kette.migrations (
    number     int         PRIMARY KEY,
    name       text        NOT NULL,
    digest     text        NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file of SQL."""

    number: int
    name: str
    sql: str

    @property
    def digest(self) -> str:
        """Return the digest by which a later change of the file is noticed."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def shipped(folder: str = "sql") -> tuple[Migration, ...]:
    """Return the migrations of this program in their order: the journal's, or the key store's (``key_sql``)."""
    found = [
        Migration(int(match[1]), match[2], entry.read_text(encoding="utf-8"))
        for entry in files("infra").joinpath(folder).iterdir()
        if (match := _FILE.fullmatch(entry.name))
    ]
    return tuple(sorted(found, key=lambda one: one.number))


def migrate(
    dsn: str, tenant: UUID | None = None, migrations: Sequence[Migration] | None = None
) -> tuple[int, ...]:
    """Bring a database up to this program and return the numbers that were applied.

    Args:
        dsn: The database.
        tenant: Written into every header; it can be named only while the journal is empty.
        migrations: The files to apply; those that this program ships unless given.

    Raises:
        MigrationError: If the database is newer than the program, or an old file was changed.
        JournalUnavailableError: If the database cannot be reached.
    """
    wanted = shipped() if migrations is None else tuple(migrations)
    check_address(dsn)
    try:
        with psycopg.connect(dsn, autocommit=True, connect_timeout=10) as connection:
            return _migrate(connection, wanted, tenant)
    except psycopg.OperationalError as error:
        raise JournalUnavailableError(
            f"the database cannot be reached: {_first_line(error)}"
        ) from error
    except psycopg.Error as error:
        raise MigrationError(
            f"a migration failed and was rolled back: {_first_line(error)}"
        ) from error


def _migrate(
    connection: psycopg.Connection, wanted: Sequence[Migration], tenant: UUID | None
) -> tuple[int, ...]:
    connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    applied = _applied(connection)
    _check(applied, wanted)
    missing = [one for one in wanted if one.number not in applied]
    for one in missing:
        with connection.transaction():
            connection.execute(_BOOTSTRAP)
            connection.execute(one.sql.encode())
            connection.execute(
                "INSERT INTO kette.migrations (number, name, digest) VALUES (%s, %s, %s)",
                [one.number, one.name, one.digest],
            )
    if tenant is not None:
        connection.execute("UPDATE kette.log_head SET tenant = %s WHERE state = 'empty'", [tenant])
    return tuple(one.number for one in missing)


def _applied(connection: psycopg.Connection) -> dict[int, str]:
    """Return the digests of what was applied; a database that is not ours is left as it is."""
    found = connection.execute("SELECT to_regclass('kette.migrations') IS NOT NULL").fetchone()
    if found is None or not found[0]:
        return {}
    rows = connection.execute("SELECT number, digest FROM kette.migrations").fetchall()
    return {int(number): str(digest) for number, digest in rows}


def _check(applied: Mapping[int, str], wanted: Sequence[Migration]) -> None:
    known = {one.number: one for one in wanted}
    newer = sorted(set(applied) - set(known))
    if newer:
        raise MigrationError(
            f"the database is newer than this program: it has migration {newer[-1]:04d}, "
            f"which is unknown here; install the newer program"
        )
    for number, digest in applied.items():
        if known[number].digest != digest and known[number].name == _JOURNAL:
            raise MigrationError(
                "this store was made by an earlier version of Kette, which kept the journal in another "
                "form: import the lists again into a new data folder (KETTE_DATA_DIR)"
            )
        if known[number].digest != digest:
            raise MigrationError(
                f"migration {number:04d}_{known[number].name} was changed after it was applied; "
                "install the program that the database was made with"
            )


def _first_line(error: psycopg.Error) -> str:
    return str(error).strip().split("\n", 1)[0]
