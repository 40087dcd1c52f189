"""What the streams are put to the test with: a filled journal on a server of its own, and fresh topics.

``filled``      makes databases with a journal of so many events and crossings;
``own_server``  the server that they lie on, which a test may restart;
``broker``      a broker that a test may harm, if it brings it back.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from uuid import uuid4

import psycopg
import pytest

from infra.broker.cluster import Cluster
from infra.broker.jars import fetch
from infra.embedded import EmbeddedServer
from infra.journal import open_journal
from infra.migrations import migrate
from tests.keyring import TENANT, keys_of
from tests.streams.filling import fill, fill_crossings
from tests.streams.relays import fresh_topic

Filled = Callable[[int], str]
QUICK = {
    "broker.session.timeout.ms": "1500",
    "broker.heartbeat.interval.ms": "300",
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "500",
}


@pytest.fixture(scope="session")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """Run a PostgreSQL that may be restarted under the relay."""
    with EmbeddedServer(tmp_path_factory.mktemp("streams") / "kette") as running:
        yield running


@pytest.fixture(scope="session")
def templates(own_server: EmbeddedServer) -> dict[int, str]:
    """Return the names of the filled databases by their number of events."""
    return {}


@pytest.fixture
def filled(own_server: EmbeddedServer, templates: dict[int, str]) -> Iterator[Filled]:
    """Return how to make a database with so many events, and a crossing for every twentieth."""
    with ExitStack() as stack:
        connection = stack.enter_context(
            psycopg.connect(own_server.dsn("postgres"), autocommit=True)
        )

        def make(events: int) -> str:
            if events not in templates:
                templates[events] = _template(connection, own_server, events)
            name = f"test_{uuid4().hex}"
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {templates[events]}")
            return own_server.dsn(name)

        yield make


def _template(
    connection: psycopg.Connection[tuple[object, ...]], server: EmbeddedServer, events: int
) -> str:
    name = f"filled_{events}"
    connection.execute(f"CREATE DATABASE {name}")
    dsn = server.dsn(name)
    migrate(dsn, TENANT)
    with open_journal(dsn, keys_of(dsn)) as journal:
        fill(journal, events, journeys=max(10, events // 125))
        fill_crossings(journal, events // 20)
    return name


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Run one broker that a test may kill and freeze; it gives it back running."""
    fetch()
    with Cluster(tmp_path_factory.mktemp("broker") / "cluster", properties=QUICK) as running:
        yield running


@pytest.fixture
def topic(broker: Cluster) -> str:
    """Return the name of a fresh topic of events on that broker; its companions are there as well."""
    return fresh_topic(broker.bootstrap)
