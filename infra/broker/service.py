"""Brokers that go on when the shell is gone: ``up`` starts them, ``down`` stops them.

The folder says what the cluster is (``cluster.json``) and which processes run it (``nodeN/broker.pid``).
"""

import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from infra.broker.cluster import START_SECONDS, STOP_SECONDS, new_cluster_id
from infra.broker.errors import BrokerError
from infra.broker.jars import fetch
from infra.broker.java import provided_java
from infra.broker.node import NodePlace, Plan, format_all
from infra.broker.ports import Ports, answering_brokers, fixed_ports, is_taken


def up(folder: Path, nodes: int, port: int) -> str:
    """Start what does not run, wait until all brokers answer, and return their addresses.

    Raises:
        BrokerError: If the folder holds another cluster, a port is taken or a broker does not come up.
    """
    java = provided_java()
    fetch()
    with _alone(folder):
        plan = _plan(folder, nodes, fixed_ports(nodes, port))
        places = _places(plan)
        stopped = [place for place in places if _running(place) is None]
        _refuse_taken_ports(stopped)
        format_all(stopped, java)
        try:
            begun = {place: _launch(place, place.command(java)) for place in stopped}
            _wait_until_ready(places, begun)
        except BaseException:
            _stop(stopped)
            raise
    return plan.bootstrap


def down(folder: Path) -> int:
    """Stop every broker of the folder in order; return how many ran."""
    if not _identity(folder).exists():
        return 0
    with _alone(folder):
        return _stop(_places(_read(folder)))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time start and stop brokers of a folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "cluster.lock").open("ab")
    except OSError as error:
        raise BrokerError(f"cannot write to {folder}: {error.strerror}") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _identity(folder: Path) -> Path:
    return folder / "cluster.json"


def _read(folder: Path) -> Plan:
    try:
        kept = json.loads(_identity(folder).read_text(encoding="ascii"))
        return Plan(folder, kept["cluster_id"], tuple(Ports(**one) for one in kept["ports"]))
    except (KeyError, TypeError, ValueError) as error:
        raise BrokerError(
            f"{_identity(folder)} cannot be read; remove it, the data stays"
        ) from error


def _plan(folder: Path, nodes: int, ports: tuple[Ports, ...]) -> Plan:
    """Return the cluster of the folder, on these ports; a new one where none is."""
    if not _identity(folder).exists():
        return _written(Plan(folder, new_cluster_id(), ports))
    kept = _read(folder)
    if len(kept.ports) != nodes:
        raise BrokerError(
            f"{folder} holds a cluster of {len(kept.ports)}: start that one, or name another folder"
        )
    if kept.ports == ports:
        return kept
    if any(_running(place) for place in _places(kept)):
        raise BrokerError(
            f"the cluster of {folder} already runs on {kept.bootstrap}: stop it first"
        )
    return _written(Plan(folder, kept.cluster_id, ports))


def _written(plan: Plan) -> Plan:
    kept = {"cluster_id": plan.cluster_id, "ports": [asdict(one) for one in plan.ports]}
    _identity(plan.folder).write_text(json.dumps(kept), encoding="ascii")
    return plan


def _places(plan: Plan) -> list[NodePlace]:
    return [NodePlace(plan, number + 1) for number in range(len(plan.ports))]


def _refuse_taken_ports(places: list[NodePlace]) -> None:
    for place in places:
        for port in (place.ports.client, place.ports.controller):
            if is_taken(port):
                raise BrokerError(
                    f"port {port} is in use, perhaps by another Kafka: stop that one, or choose "
                    "other ports (`make kafka-up KAFKA_PORT=9192`, `--port 9192`)"
                )


def _launch(place: NodePlace, command: list[str]) -> "subprocess.Popen[bytes]":
    """Start a broker in a session of its own, and leave it its process id."""
    with place.log.open("ab") as log:
        process = subprocess.Popen(  # noqa: S603
            command,
            cwd=place.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    place.pid_file.write_text(str(process.pid), encoding="ascii")
    return process


def _wait_until_ready(
    places: list[NodePlace], begun: Mapping[NodePlace, "subprocess.Popen[bytes]"]
) -> None:
    for place in places:

        def ready(place: NodePlace = place) -> bool:
            process = begun.get(place)
            if process is not None and process.poll() is not None:
                raise BrokerError(f"Kafka's node {place.number} ended: {place.last_words()}")
            return answering_brokers(place.ports.client) >= len(places)

        if not _within(START_SECONDS, ready):
            raise BrokerError(f"Kafka's node {place.number} does not answer, see {place.log}")


def _stop(places: list[NodePlace]) -> int:
    """Stop in order, all at once; kill what does not go. Return how many ran."""
    running = {place: pid for place in places if (pid := _running(place)) is not None}
    for pid in running.values():
        _signal(pid, signal.SIGCONT)
        _signal(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for pid in running.values():

        def gone(pid: int = pid) -> bool:
            return _ended(pid)

        if not _within(deadline - time.monotonic(), gone):
            _signal(pid, signal.SIGKILL)
    for place in places:
        place.pid_file.unlink(missing_ok=True)
    return len(running)


def _running(place: NodePlace) -> int | None:
    """Return the process of a node if it still is one: its number may be another's by now."""
    try:
        pid = int(place.pid_file.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None
    words = _command_line(pid)
    return pid if "kafka.Kafka" in words and str(place.configuration) in words else None


def _command_line(pid: int) -> str:
    """Return the command of a process; empty if there is none, or it ended."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
    return subprocess.run(  # noqa: S603
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def _ended(pid: int) -> bool:
    """Say whether a process is gone, its files closed; one that nobody waits for may remain as a zombie."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except ProcessLookupError:
        return True
    except FileNotFoundError:
        return False
    return state in {"Z", "X"}


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _within(seconds: float, condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
