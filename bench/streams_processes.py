"""What processes cost: their CPU seconds, their peak memory, and real commands run to their end."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.streams_place import Bench

CORES = os.cpu_count() or 1
_MEBIBYTE = 1024 * 1024
_STOP_SECONDS = 30.0
_LOOK_SECONDS = 0.05


def cpu(pid: int) -> float:
    """Return the CPU seconds of a process and all that it started, also of those that ended."""
    try:
        process = psutil.Process(pid)
        alive = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    return sum(map(_own, alive)) + sum(map(_ended, alive))


def _own(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def _ended(process: psutil.Process) -> float:
    """Return what children used that were waited for."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.children_user + times.children_system)


def peak_mebibytes(pid: int) -> float:
    """Return the highest resident set of a process so far, as the kernel kept it; 0 if it ended."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    for line in text.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / _MEBIBYTE
    return 0.0


def shared_mebibytes(pid: int) -> float:
    """Return the memory of a process and all that it started, what they share counted once."""
    process = psutil.Process(pid)
    alive = [process, *process.children(recursive=True)]
    return float(sum(one.memory_full_info().pss for one in alive)) / _MEBIBYTE


class Meter:
    """The CPU of all servers and of some more processes, from now on."""

    def __init__(self, made: Bench, **others: int) -> None:
        pids = {
            "broker": made.kafka.nodes[0].pid,
            "PostgreSQL": made.store.server.pid,
            "key store": made.store.key_server.pid,
            **others,
        }
        self._pids = {name: pid for name, pid in pids.items() if pid is not None}
        self._begun = self._now()
        self._machine_begun = _machine()

    def used(self) -> Mapping[str, float]:
        """Return the CPU seconds since the beginning, by process."""
        return {name: now - self._begun[name] for name, now in self._now().items()}

    def machine(self) -> tuple[float, float]:
        """Return the CPU seconds since the beginning that the whole machine was busy, and idle."""
        busy, idle = _machine()
        return busy - self._machine_begun[0], idle - self._machine_begun[1]

    def _now(self) -> Mapping[str, float]:
        return {name: cpu(pid) for name, pid in self._pids.items()}


def _machine() -> tuple[float, float]:
    times = psutil.cpu_times()
    idle = float(times.idle + times.iowait)
    return float(times.user + times.nice + times.system + times.irq + times.softirq), idle


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that ran to its end."""

    wall: float
    cpu: float
    peak: float


def run(made: Bench, *words: str) -> Ended:
    """Run a command of ``kette`` to its end and measure it.

    Raises:
        RuntimeError: If it fails.
    """
    begun = time.monotonic()
    with started(made, *words) as process:
        used = peak = 0.0
        while process.poll() is None:
            used = max(used, cpu(process.pid))
            peak = max(peak, peak_mebibytes(process.pid))
            time.sleep(_LOOK_SECONDS)
        if process.returncode:
            said = process.stdout.read() if process.stdout else ""
            raise RuntimeError(f"kette {' '.join(words)} ended with {process.returncode}: {said}")
    return Ended(time.monotonic() - begun, used, peak)


@contextmanager
def started(made: Bench, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """Start a command of ``kette``; what it says can be read line by line; it is stopped at the end."""
    environment = os.environ | made.store.settings | {"KETTE_KAFKA": made.kafka.bootstrap}
    with program("-m", "kette", *words, environment=environment, errors=subprocess.STDOUT) as one:
        yield one


@contextmanager
def program(
    *words: str, environment: Mapping[str, str] | None = None, errors: int | None = None
) -> Iterator["subprocess.Popen[str]"]:
    """Start a Python program with pipes; it is stopped at the end."""
    with subprocess.Popen(
        [sys.executable, *words],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(_STOP_SECONDS)


def until(process: "subprocess.Popen[str]", part: str) -> str:
    """Wait for a line with some text.

    Raises:
        RuntimeError: If the process ends before.
    """
    said: list[str] = []
    for line in process.stdout or ():
        said.append(line.strip())
        if part in line:
            return said[-1]
    raise RuntimeError(f"it ended without saying {part!r}: {' / '.join(said[-3:])}")


def say(process: "subprocess.Popen[str]", line: str) -> None:
    """Write a line to a process."""
    if process.stdin is not None:
        process.stdin.write(f"{line}\n")
        process.stdin.flush()


def told(used: Mapping[str, float], wall: float) -> str:
    """Return CPU seconds in one line."""
    parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in used.items())
    return f"{wall:.1f} s on {CORES} cores: {parts} CPU s"
