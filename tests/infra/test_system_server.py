"""The system's PostgreSQL 15 is what it says; what needs a server of the program's own version says so."""

from pathlib import Path

import psutil
import psycopg
import pytest

from infra.backup import back_up
from infra.embedded import EmbeddedServer
from infra.errors import BackupError, DataFolderError
from tests.conftest import fresh_database
from tests.system_server import Server, SystemServer


@pytest.mark.both_servers
def test_each_server_is_of_its_version_and_runs_as_no_root(
    server: Server, request: pytest.FixtureRequest
) -> None:
    wanted = {"embedded": 18, "postgres_15": 15}[request.node.callspec.params["server"]]
    with psycopg.connect(server.dsn("postgres")) as connection:
        assert connection.info.server_version // 10_000 == wanted
        assert 0 not in psutil.Process(connection.info.backend_pid).uids()


def test_a_backup_that_could_not_be_verified_is_refused(
    postgres_15: SystemServer, tmp_path: Path
) -> None:
    with (
        fresh_database(postgres_15) as dsn,
        pytest.raises(BackupError, match="PostgreSQL 15, the tools here are of 18"),
    ):
        back_up(dsn, dsn, tmp_path / "backup")
    assert list(tmp_path.iterdir()) == []


def test_the_embedded_server_refuses_a_cluster_of_15(tmp_path: Path) -> None:
    with SystemServer(tmp_path / "kette" / "postgres"):
        pass
    with pytest.raises(DataFolderError, match="made by PostgreSQL 15"):
        EmbeddedServer(tmp_path / "kette").start()
