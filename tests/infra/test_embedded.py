"""The embedded server: starting, stopping, sharing, and coming back after any kind of death."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from infra.embedded import EmbeddedServer
from infra.errors import DataFolderError, DataFolderInUseError, ServerStartError
from infra.journal import open_journal
from infra.migrations import migrate
from tests.keyring import keys_of

_OWN_AND_DIE = """
import os, signal, sys
from infra.embedded import EmbeddedServer
server = EmbeddedServer(sys.argv[1])
server.start()
print(server.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
_JOIN = """
import sys
from infra.embedded import EmbeddedServer
from infra.journal import open_journal
from infra.migrations import migrate
from tests.keyring import keys_of
server = EmbeddedServer(sys.argv[1])
dsn = server.join()
migrate(dsn)
with open_journal(dsn, keys_of(dsn)) as journal:
    print(journal.head().position, flush=True)
sys.stdin.readline()
server.stop()
"""
_OWN_AND_FAIL = """
import sys
from infra.embedded import EmbeddedServer
server = EmbeddedServer(sys.argv[1])
server.start()
print(server.pid, flush=True)
raise SystemExit(1)
"""
_OWN_UNTIL_TOLD = """
import sys
from infra.embedded import EmbeddedServer
with EmbeddedServer(sys.argv[1]):
    print("up", flush=True)
    sys.stdin.readline()
"""


def answer(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT 42").fetchone()
    assert row is not None
    return int(row[0])


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        return not Path(f"/proc/{pid}/stat").read_text().split(") ")[1].startswith("Z")
    except FileNotFoundError:
        return False


def test_what_was_written_is_there_after_the_next_start(data_dir: Path) -> None:
    with EmbeddedServer(data_dir) as server, psycopg.connect(server.dsn()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        pid = server.pid
    assert pid is not None
    assert not alive(pid)

    with EmbeddedServer(data_dir) as server, psycopg.connect(server.dsn()) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_the_server_is_safe_and_listens_on_no_network(server: EmbeddedServer) -> None:
    wanted = {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "data_checksums": "on",
        "listen_addresses": "",
        "server_encoding": "UTF8",
        "TimeZone": "UTC",
    }
    with psycopg.connect(server.dsn()) as connection:
        found = {name: connection.execute(f"SHOW {name}").fetchone() for name in wanted}
    assert found == {name: (value,) for name, value in wanted.items()}
    assert server.socket_dir.stat().st_mode & 0o077 == 0


def test_a_second_owner_is_told_who_is_first(data_dir: Path) -> None:
    with (
        EmbeddedServer(data_dir) as server,
        pytest.raises(DataFolderInUseError, match=f"in use by process {os.getpid()}"),
    ):
        EmbeddedServer(data_dir).start()
    assert server.pid is None


def test_a_second_process_may_join_and_is_waited_for(data_dir: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", _OWN_UNTIL_TOLD, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with owner:
        assert owner.stdin is not None
        assert owner.stdout is not None
        assert owner.stdout.readline() == "up\n"
        joined = EmbeddedServer(data_dir)
        dsn = joined.join()
        owner.stdin.write("\n")
        owner.stdin.flush()

        assert answer(dsn) == 42
        assert owner.poll() is None
        joined.stop()
        assert owner.wait(timeout=20) == 0
    with pytest.raises(psycopg.OperationalError):
        answer(dsn)


def test_processes_that_begin_at_once_share_one_server(data_dir: Path) -> None:
    many = [
        subprocess.Popen(
            [sys.executable, "-c", _JOIN, str(data_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    said = [one.stdout.readline() for one in many if one.stdout]
    for one in many:
        one.communicate("\n", timeout=30)

    assert said == ["0\n"] * 3
    assert [one.returncode for one in many] == [0] * 3


def test_joining_a_folder_that_nobody_owns_is_owning_it(data_dir: Path) -> None:
    server = EmbeddedServer(data_dir)
    assert answer(server.join()) == 42
    pid = server.pid
    assert pid is not None
    server.stop()
    assert not alive(pid)


def test_a_killed_owner_leaves_a_server_that_the_next_one_replaces(data_dir: Path) -> None:
    died = subprocess.run(
        [sys.executable, "-c", _OWN_AND_DIE, str(data_dir)],
        capture_output=True,
        text=True,
        check=False,
    )
    left_over = int(died.stdout)
    assert died.returncode == -signal.SIGKILL
    assert alive(left_over)

    with EmbeddedServer(data_dir) as server:
        assert answer(server.dsn()) == 42
        assert not alive(left_over)


def test_a_process_that_ends_without_stopping_it_leaves_no_server(data_dir: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _OWN_AND_FAIL, str(data_dir)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert not alive(int(ended.stdout))


def test_a_stale_process_id_is_forgotten(data_dir: Path) -> None:
    with EmbeddedServer(data_dir):
        stale = (data_dir / "postgres" / "postmaster.pid").read_text()
    for pid in (os.getpid(), 2**22 - 1):
        (data_dir / "postgres" / "postmaster.pid").write_text(
            "\n".join([str(pid), *stale.splitlines()[1:]]) + "\n"
        )
        with EmbeddedServer(data_dir) as server:
            assert answer(server.dsn()) == 42


def test_the_server_of_another_folder_is_left_alone(data_dir: Path, server: EmbeddedServer) -> None:
    pid_file = data_dir / "postgres" / "postmaster.pid"
    with EmbeddedServer(data_dir):
        stale = pid_file.read_text()
    pid_file.write_text("\n".join([str(server.pid), *stale.splitlines()[1:]]) + "\n")

    before = server.pid
    with EmbeddedServer(data_dir) as started:
        assert answer(started.dsn()) == 42

    assert answer(server.dsn("postgres")) == 42
    assert server.pid == before


def test_a_server_that_is_killed_comes_back(data_dir: Path) -> None:
    with EmbeddedServer(data_dir) as server:
        migrate(server.dsn())
        with open_journal(server.dsn(), keys_of(server.dsn())) as journal:
            for _ in range(2):
                killed = server.pid
                assert killed is not None
                os.kill(killed, signal.SIGKILL)
                until(lambda killed=killed: server.pid != killed)  # type: ignore[misc]
                assert journal.head().position == 0


@pytest.mark.parametrize("name", ["x" * 200, "Datenordner für Kette, 'eins'"])
def test_any_folder_name_will_do(tmp_path: Path, name: str) -> None:
    with EmbeddedServer(tmp_path / name) as server:
        assert answer(server.dsn()) == 42
        assert len(str(server.socket_dir)) < 90


def test_a_half_made_cluster_is_made_again(data_dir: Path) -> None:
    partial = data_dir / "postgres.partial"
    partial.mkdir(parents=True)
    (partial / "PG_VERSION").write_text("18\n")

    with EmbeddedServer(data_dir) as server:
        assert answer(server.dsn()) == 42
    assert not partial.exists()


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataFolderError, match="file/kette"):
        EmbeddedServer(tmp_path / "file" / "kette").start()


@pytest.mark.parametrize(
    ("path", "text", "complaint"),
    [
        ("postgres/letter.txt", "dear reader", "neither empty nor"),
        ("postgres/PG_VERSION", "14\n", "made by PostgreSQL 14"),
    ],
)
def test_a_foreign_folder_is_left_alone(
    data_dir: Path, path: str, text: str, complaint: str
) -> None:
    (data_dir / "postgres").mkdir(parents=True)
    (data_dir / path).write_text(text)
    with pytest.raises(DataFolderError, match=complaint):
        EmbeddedServer(data_dir).start()
    assert (data_dir / path).read_text() == text
    with pytest.raises(DataFolderError):
        EmbeddedServer(data_dir).start()


def test_a_server_that_cannot_start_says_why(data_dir: Path) -> None:
    with EmbeddedServer(data_dir):
        pass
    (data_dir / "postgres" / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(ServerStartError, match="configuration file"):
        EmbeddedServer(data_dir).start()
