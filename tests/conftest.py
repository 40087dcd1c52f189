"""Fixtures for every room: a real PostgreSQL.

``server``  the embedded server, one for the whole run;
``dsn``     a fresh, migrated, empty database on it, for one test (``module_dsn``: for one module);
``journal`` a ``JournalRecorder`` on that database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from infra.embedded import EmbeddedServer
from infra.journal import JournalRecorder, open_journal
from infra.migrations import migrate

_TEMPLATE = "kette_template"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """Run one embedded server, with a migrated database to copy from."""
    with EmbeddedServer(tmp_path_factory.mktemp("data") / "kette") as running:
        with psycopg.connect(running.dsn("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {_TEMPLATE}")
        migrate(running.dsn(_TEMPLATE))
        yield running


@contextmanager
def fresh_database(server: EmbeddedServer) -> Iterator[str]:
    """Make a fresh, migrated database for as long as it is needed."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        yield server.dsn(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def dsn(server: EmbeddedServer) -> Iterator[str]:
    """Return the connection string of a fresh, migrated database."""
    with fresh_database(server) as made:
        yield made


@pytest.fixture(scope="module")
def module_dsn(server: EmbeddedServer) -> Iterator[str]:
    """Return the connection string of a database that the tests of one module share."""
    with fresh_database(server) as made:
        yield made


@pytest.fixture
def journal(dsn: str) -> Iterator[JournalRecorder]:
    """Return a journal on a fresh database."""
    with open_journal(dsn) as opened:
        yield opened


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return a data folder that does not exist yet."""
    return tmp_path / "kette"
