"""Fixtures for every room: a real PostgreSQL and a real Kafka.

``server``  the embedded server, one for the whole run; tests marked ``both_servers`` run on ``postgres_15`` as well;
``dsn``     a fresh, migrated, empty database on it, for one test (``module_dsn``: for one module);
``journal`` a ``JournalRecorder`` on that database;
``kafka``   one broker for the whole run; whoever harms it harms all others;
``kafka_cluster`` starts a cluster of the module's own: ``kafka_cluster(nodes=3)``, to kill and to pause.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from infra.broker.cluster import Cluster
from infra.broker.jars import fetch
from infra.embedded import EmbeddedServer
from infra.journal import JournalRecorder, open_journal
from infra.migrations import migrate
from tests.keyring import TENANT, keys_of
from tests.system_server import Server, SystemServer

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # programs find modules compiled, as users do
_TEMPLATE = "kette_template"
_OF_A_BROKER = {"broker", "kafka", "kafka_cluster"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a broker: it runs once in the gate, not on every Python."""
    for item in items:
        if _OF_A_BROKER & set(getattr(item, "fixturenames", ())):
            item.add_marker("broker")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked for both servers on each of them."""
    if "server" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both_servers"):
        metafunc.parametrize("server", ["embedded", "postgres_15"], indirect=True, scope="module")


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Server:
    """Return the server that a test runs on: the embedded one, unless it runs on both."""
    running: Server = request.getfixturevalue(getattr(request, "param", "embedded"))
    return running


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """Run one embedded server, with a migrated database to copy from."""
    with EmbeddedServer(tmp_path_factory.mktemp("data") / "kette") as running:
        make_template(running)
        yield running


@pytest.fixture(scope="session")
def postgres_15(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SystemServer]:
    """Run the system's PostgreSQL 15 in the same way."""
    with SystemServer(tmp_path_factory.mktemp("data15") / "postgres") as running:
        make_template(running)
        yield running


def make_template(server: Server) -> None:
    """Make the migrated database that every fresh one is copied from."""
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {_TEMPLATE}")
    migrate(server.dsn(_TEMPLATE), TENANT)


@contextmanager
def fresh_database(server: Server) -> Iterator[str]:
    """Make a fresh, migrated database for as long as it is needed."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        yield server.dsn(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def dsn(server: Server) -> Iterator[str]:
    """Return the connection string of a fresh, migrated database."""
    with fresh_database(server) as made:
        yield made


@pytest.fixture(scope="module")
def module_dsn(server: Server) -> Iterator[str]:
    """Return the connection string of a database that the tests of one module share."""
    with fresh_database(server) as made:
        yield made


@pytest.fixture
def journal(dsn: str) -> Iterator[JournalRecorder]:
    """Return a journal on a fresh database."""
    with open_journal(dsn, keys_of(dsn)) as opened:
        yield opened


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return a data folder that does not exist yet."""
    return tmp_path / "kette"


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Run one broker; tests name their topics so that they do not meet."""
    with _cluster(tmp_path_factory) as running:
        yield running


@pytest.fixture(scope="module")
def kafka_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Cluster]]:
    """Start clusters that the tests of one module may harm; they take what ``Cluster`` takes."""
    with ExitStack() as stack:
        yield lambda **how: stack.enter_context(_cluster(tmp_path_factory, **how))


@contextmanager
def _cluster(places: pytest.TempPathFactory, **how: Any) -> Iterator[Cluster]:
    fetch()
    folder = places.mktemp("kafka") / "cluster"
    with Cluster(folder, **how) as running:
        yield running
        for node in running.nodes:
            node.kill()  # nobody needs the data any more, and three in order take 6 s
    shutil.rmtree(folder)
