"""The demo from outside: how long it takes to start, how fast it answers, how much memory it takes."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import pages
from bench.figures import Figure

_FIRST_SECONDS, _SECOND_SECONDS, _MEBIBYTES = 90.0, 10.0, 250.0
_STOP_SECONDS = 30.0
_KIBIBYTES = 1_024
_OWN = ("KETTE_DSN", "KETTE_KEYS_DSN", "KETTE_KEK_DIR", "PYTHONDONTWRITEBYTECODE")


def figures() -> list[Figure]:
    """Load the demo into a new folder, start it again, and ask it for its pages."""
    with tempfile.TemporaryDirectory(prefix="kette-bench-") as folder:
        with _started("demo", folder) as (_url, _server, first):
            pass
        with _started("serve", folder) as (url, server, second):
            answered = pages.figures(url)
            peak = _peak_mebibytes(server.pid)
    return [
        Figure(
            "kette demo, first start with its load",
            first,
            "s",
            at_most=_FIRST_SECONDS,
            beside="until the gap list is there",
        ),
        Figure(
            "kette serve, start on the loaded folder",
            second,
            "s",
            at_most=_SECOND_SECONDS,
            beside="until the gap list is there",
        ),
        *answered,
        Figure(
            "kette serve, peak memory without PostgreSQL",
            peak,
            "MB",
            at_most=_MEBIBYTES,
            beside="resident set after the requests above",
        ),
    ]


@contextmanager
def _started(command: str, folder: str) -> Iterator[tuple[str, subprocess.Popen[bytes], float]]:
    """Start the server; yield its address, its process and the seconds until the first page."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | dict.fromkeys(_OWN, "") | {"KETTE_DATA_DIR": folder}
    with Path(folder, "bench.log").open("wb") as log:
        begun = time.perf_counter()
        server = subprocess.Popen(
            [sys.executable, "-m", "kette", command, "--port", str(port)],
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(url, server, Path(folder, "bench.log"))
            yield url, server, time.perf_counter() - begun
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(_STOP_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    while server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=30):  # noqa: S310  an address of our own
                return
        except urllib.error.URLError:
            time.sleep(0.02)
    raise SystemExit(f"the server ended: {log.read_text(errors='replace')}")


def _peak_mebibytes(pid: int) -> float:
    """Return the highest resident set of a process so far, as the kernel kept it."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / _KIBIBYTES
    raise SystemExit("the kernel does not tell the peak memory of a process")
