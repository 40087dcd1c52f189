"""The embedded PostgreSQL: one server in the data folder, reachable over a Unix socket only.

One process owns the folder; others may :meth:`~EmbeddedServer.join` it while it runs. A server that
a killed owner left behind is stopped and started anew, a server that dies under its owner is
started again.
"""

import atexit
import fcntl
import hashlib
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from typing import Self
from urllib.parse import quote

import psycopg

from infra import cluster
from infra.errors import DataFolderError, DataFolderInUseError, ServerStartError
from infra.session import DATA_LINK

DATABASE = "kette"
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_connections": "100",
    "wal_level": "replica",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
_SAFE_SOCKET_PATH = re.compile(r"[\w./-]{1,85}", re.ASCII)
_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_LEFT_OVER_SECONDS = 10.0


class EmbeddedServer:
    """The PostgreSQL server of one data folder."""

    def __init__(self, data_dir: Path | str) -> None:
        self.data_dir = Path(data_dir).expanduser().resolve()
        self._cluster = self.data_dir / "postgres"
        self._process: subprocess.Popen[bytes] | None = None
        self._owner_lock: TextIOWrapper | None = None
        self._user_lock: TextIOWrapper | None = None
        self._stopping = threading.Event()
        self._watch: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_failure: object) -> None:
        self.stop()

    def start(self) -> str:
        """Own the folder, start the server, and return the DSN of Kette's database.

        Raises:
            DataFolderInUseError: If another process owns the folder.
            DataFolderError: If the folder cannot be used.
            ServerStartError: If the server does not come up.
        """
        self._make_data_dir()
        self._owner_lock = self._lock("owner.lock", fcntl.LOCK_EX)
        if self._owner_lock is None:
            raise DataFolderInUseError(
                f"{self.data_dir} is in use by process {self._owner()}: stop it first, "
                "or choose another folder with KETTE_DATA_DIR"
            )
        try:
            self._own(self._owner_lock)
        except BaseException:
            self.stop()
            raise
        return self.dsn()

    def join(self) -> str:
        """Use the server of a process that owns the folder, or own it if nobody does."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            try:
                return self.start()
            except DataFolderInUseError:
                self._user_lock = self._lock("users.lock", fcntl.LOCK_SH)
            if self._user_lock is not None:
                if self._answers(DATABASE):
                    return self.dsn()
                self._user_lock.close()
            time.sleep(0.02)
        raise ServerStartError("the server of the other process does not answer")

    def stop(self) -> None:
        """Stop the server if this process owns it, once those who joined it are done."""
        self._stopping.set()
        atexit.unregister(self.stop)
        if self._watch is not None:
            self._watch.join()
            self._watch = None
        if self._process is not None:
            self._let_users_finish()
            _stop(self._process)
            self._process = None
        for lock in (self._user_lock, self._owner_lock):
            if lock is not None:
                lock.close()
        self._user_lock = self._owner_lock = None

    def dsn(self, database: str = DATABASE) -> str:
        """Return the connection string of a database of this server."""
        return f"postgresql://{cluster.SUPERUSER}@/{quote(database)}?host={quote(str(self.socket_dir), safe='')}"

    @property
    def socket_dir(self) -> Path:
        """Return the folder of the Unix socket; a short one elsewhere if the path is too long."""
        beside = self.data_dir / "run"
        if _SAFE_SOCKET_PATH.fullmatch(str(beside)):
            return beside
        name = f"kette-{hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:16]}"
        short = Path(tempfile.gettempdir(), name)
        return short if _SAFE_SOCKET_PATH.fullmatch(str(short)) else Path("/tmp", name)  # noqa: S108

    @property
    def pid(self) -> int | None:
        """Return the process id of the server that this process runs."""
        return None if self._process is None else self._process.pid

    def _make_data_dir(self) -> None:
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataFolderError(f"cannot make {self.data_dir}: {error.strerror}") from error
        if not os.access(self.data_dir, os.W_OK | os.X_OK):
            raise DataFolderError(f"{self.data_dir} is not writable")

    def _lock(self, name: str, kind: int) -> TextIOWrapper | None:
        """Take a lock that the kernel gives back when the process dies; None if it is taken."""
        try:
            handle = (self.data_dir / name).open("a+", encoding="ascii")
        except OSError as error:
            raise DataFolderError(f"cannot write to {self.data_dir}: {error.strerror}") from error
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            return None
        return handle

    def _own(self, lock: TextIOWrapper) -> None:
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        self._stopping.clear()
        atexit.register(self.stop)
        left_over = (self._cluster / "postmaster.pid").exists()
        _stop_left_over(self._cluster, self.socket_dir)
        cluster.ensure_cluster(self._cluster)
        cluster.own(self.socket_dir)
        self._link_data()
        self._launch_within(_LEFT_OVER_SECONDS if left_over else 0.0)
        self._ensure_database()
        self._watch = threading.Thread(
            target=self._keep_running, name="postgres-watch", daemon=True
        )
        self._watch.start()

    def _link_data(self) -> None:
        """Name the data folder beside the socket: a short one elsewhere may be on another disk."""
        link = self.socket_dir / DATA_LINK
        link.unlink(missing_ok=True)
        link.symlink_to(self.data_dir)

    def _owner(self) -> str:
        try:
            return (self.data_dir / "owner.lock").read_text(encoding="ascii") or "unknown"
        except OSError:
            return "unknown"

    def _launch_within(self, seconds: float) -> None:
        """Start the server; what a killed one left behind needs a moment to go."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return self._launch()
            except ServerStartError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def _launch(self) -> None:
        """Start the server in a session of its own, so that a Ctrl-C does not reach it."""
        settings = _SETTINGS | {"unix_socket_directories": str(self.socket_dir)}
        command = [str(cluster.binary("postgres")), "-D", str(self._cluster)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.data_dir / "postgres.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603
                command,
                cwd=self._cluster,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=cluster.environment(),
                start_new_session=True,
                **cluster.identity(),
            )
        _until(self._ready, _START_SECONDS, "PostgreSQL did not start")

    def _ready(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise ServerStartError(f"PostgreSQL did not start: {self._last_words()}")
        return self._answers()

    def _answers(self, database: str = cluster.SUPERUSER) -> bool:
        try:
            psycopg.connect(self.dsn(database), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _last_words(self) -> str:
        log = (self.data_dir / "postgres.log").read_text(encoding="utf-8", errors="replace")
        return " / ".join(log.splitlines()[-3:])

    def _ensure_database(self) -> None:
        try:
            self._make_database()
        except psycopg.OperationalError as error:
            reason = str(error).strip().split("\n", 1)[0]
            raise ServerStartError(f"PostgreSQL went away while it started: {reason}") from error

    def _make_database(self) -> None:
        with psycopg.connect(self.dsn(cluster.SUPERUSER), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if found.fetchone() is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _keep_running(self) -> None:
        """Start the server again whenever it dies under us."""
        while not self._stopping.wait(0.1):
            if self._process is not None and self._process.poll() is not None:
                self._restart()

    def _restart(self) -> None:
        """Try until it runs: what a killed server left behind needs a moment to go."""
        while not self._stopping.is_set():
            try:
                self._launch()
            except ServerStartError:
                self._stopping.wait(0.2)
            else:
                return

    def _let_users_finish(self) -> None:
        """Wait a while for those who joined; the server stops in any case."""
        deadline = time.monotonic() + 10.0
        while (lock := self._lock("users.lock", fcntl.LOCK_EX)) is None:
            if time.monotonic() > deadline:
                return
            time.sleep(0.05)
        lock.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stop the server fast but cleanly; kill it if it does not go."""
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        process.send_signal(how)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return


def _stop_left_over(folder: Path, socket_dir: Path) -> None:
    """Stop the server that a killed owner left running; forget a stale process id."""
    pid_file = folder / "postmaster.pid"
    try:
        pid = int(pid_file.read_text(encoding="ascii").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return
    if not _alive(pid):
        return
    if not _serves(pid, folder):
        pid_file.unlink()
        (socket_dir / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        return
    os.kill(pid, signal.SIGINT)
    _until(lambda: not _alive(pid), _STOP_SECONDS, f"the left-over server {pid} does not stop")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _serves(pid: int, folder: Path) -> bool:
    """Say whether the process is the server of this cluster: its number may be another's by now.

    A server works in its cluster's folder. Where no process can be looked at, assume so.
    """
    if not Path("/proc/self/cwd").exists():
        return True
    try:
        return Path(f"/proc/{pid}/cwd").samefile(folder)
    except OSError:
        return False


def _until(condition: Callable[[], bool], seconds: float, complaint: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise ServerStartError(complaint)
        time.sleep(0.02)
