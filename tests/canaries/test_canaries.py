"""What is of identity, sensitive or notes stands in clear where it may, and nowhere else.

Every attribute of these classes gets a value of its own by a form, on the command line, in a list, and in a
correction; then everything is called that can be called, and every file that was written is searched.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from domain.events.registry import FACTS
from infra.embedded import EmbeddedServer
from infra.spreadsheets.rows import FactRow
from infra.spreadsheets.writer import write_fact_list
from projections.catalogue import KEPT
from tests.canaries.driving import FORM, Town, new_journey, recorded_by_command
from tests.canaries.planting import HIDDEN_FACTS, words
from tests.canaries.scanning import found_in_files, found_in_tables

pytestmark = pytest.mark.faults

CLEAR_TABLES = frozenset(
    f"{schema}.{one.name}" for schema in ("views", "views_next") for one in KEPT if one.in_clear
)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Drive a municipality through everything; its server has stopped at the end."""
    town = Town(tmp_path_factory.mktemp("canaries") / "town")
    town.serve()
    journey = new_journey(town)
    with town.client() as client:
        town.tell(client, journey)
    recorded_by_command(town, journey)
    yield town
    town.stop()


def test_dev(town: Town) -> None:
    print(found_in_tables(town.planted, EmbeddedServer(town.data).dsn()))
    clear = town.clear_files()
    print(clear)
    town.stop()
    print(found_in_files(town.planted, town.data, town.heard, town.temp, allowed=clear))
    assert 0
