"""The system's PostgreSQL 15, run by the tests: a cluster of their own on a Unix socket, as the server's user."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import quote

import psycopg

from infra import cluster

PROGRAMS = Path(os.environ.get("KETTE_TEST_POSTGRES_15", "/usr/lib/postgresql/15/bin"))
_START_SECONDS = 30.0


class Server(Protocol):
    """A server with as many databases as a test likes."""

    def dsn(self, database: str = ...) -> str:
        """Return the connection string of a database."""
        ...


class SystemServer:
    """PostgreSQL 15 on a cluster in a folder: made if it is not there, running within a ``with``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket_dir = Path(tempfile.gettempdir())
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if not (PROGRAMS / "postgres").exists():
            raise FileNotFoundError(
                f"PostgreSQL 15 is missing in {PROGRAMS}: call tests/install_postgres.sh"
            )
        self._socket_dir = Path(tempfile.mkdtemp(prefix="kette-15-"), "run")
        cluster.own(self._socket_dir)
        if not (self._folder / "PG_VERSION").exists():
            self._make()
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_failure: object) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(_START_SECONDS)
            self._process = None
        shutil.rmtree(self._socket_dir.parent)

    def dsn(self, database: str = cluster.SUPERUSER) -> str:
        """Return the connection string of a database."""
        host = quote(str(self._socket_dir), safe="")
        return f"postgresql://{cluster.SUPERUSER}@/{quote(database)}?host={host}"

    def _make(self) -> None:
        cluster.own(self._folder)
        command = [PROGRAMS / "initdb", f"--pgdata={self._folder}", "--auth=trust"]
        command += [f"--username={cluster.SUPERUSER}", "--encoding=UTF8", "--locale=C.UTF-8"]
        made = subprocess.run(
            [*command, "--data-checksums", "--no-sync"],
            cwd=self._folder,
            env=cluster.environment(),
            capture_output=True,
            text=True,
            check=False,
            **cluster.identity(),
        )
        assert made.returncode == 0, made.stderr

    def _start(self) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._socket_dir),
            "timezone": "UTC",
        }
        command = [str(PROGRAMS / "postgres"), "-D", str(self._folder)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = self._folder.with_name(f"{self._folder.name}.log")
        with log.open("ab") as said:
            self._process = subprocess.Popen(
                command,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env=cluster.environment(),
                start_new_session=True,
                **cluster.identity(),
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            assert self._process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.dsn(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True
