"""Fixtures for every room: a real PostgreSQL.

``server``  the embedded server, one for the whole run;
``dsn``     a fresh, migrated, empty database on it, for one test;
``journal`` a ``JournalRecorder`` on that database.
"""

from collections.abc import Iterator
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


@pytest.fixture
def dsn(server: EmbeddedServer) -> Iterator[str]:
    """Return the connection string of a fresh, migrated database."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        yield server.dsn(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def journal(dsn: str) -> Iterator[JournalRecorder]:
    """Return a journal on a fresh database."""
    with open_journal(dsn) as opened:
        yield opened


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return a data folder that does not exist yet."""
    return tmp_path / "kette"
