"""The processor time of this process and of the servers beside it: it moves less than rates on a shared machine."""

import time
from collections.abc import Sequence
from pathlib import Path

from infra.embedded import EmbeddedServer

_NANOSECONDS = 1e9


def client() -> float:
    """Return the seconds of all threads of this process so far."""
    return time.process_time()


def servers(running: Sequence[EmbeddedServer]) -> float:
    """Return the seconds of the servers' living processes so far."""
    return sum(_seconds(pid) for server in running for pid in _processes(server))


def _processes(server: EmbeddedServer) -> list[str]:
    main = str(server.pid)
    children = Path(f"/proc/{main}/task/{main}/children").read_text()
    return [main, *children.split()]


def _seconds(pid: str) -> float:
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / _NANOSECONDS
    except FileNotFoundError:  # it ended meanwhile
        return 0.0
