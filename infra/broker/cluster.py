"""A cluster that lives and dies with the process that started it: for tests and demonstrations.

    with Cluster(folder) as kafka:
        client(bootstrap_servers=kafka.bootstrap)
        kafka.kill(1)      # kill -9
        kafka.restart(1)   # the same ports, the same data

Several threads may use it, one of them at a time.
"""

import base64
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

from infra.broker.errors import BrokerError
from infra.broker.java import java, provided_java
from infra.broker.node import NodePlace, Plan, format_all
from infra.broker.ports import Ports, answering_brokers, free_ports

START_SECONDS = 90.0
STOP_SECONDS = 20.0
_LAUNCHER = str(Path(__file__).with_name("launch.py"))


def new_cluster_id() -> str:
    """Return a random name; one with a leading ``-`` would be read as an option."""
    name = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode("ascii").rstrip("=")
    return f"A{name[1:]}" if name.startswith("-") else name


def launched_by(pid: int) -> list[str]:
    """Return the words before a command that lets it die with the process that starts it."""
    return [sys.executable, "-I", "-S", _LAUNCHER, str(pid)]


class Node:
    """One broker of a cluster of this process; ``number`` counts from 1."""

    def __init__(self, place: NodePlace, starter: ThreadPoolExecutor) -> None:
        self.number = place.number
        self.port = place.ports.client
        self.log = place.log
        self._place = place
        self._starter = starter
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Return the process id; None while it does not run."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Start the process unless it runs; `Cluster.wait_ready` waits until it answers."""
        if self.pid is None:
            command = self._place.command(java())
            self._process = self._starter.submit(self._launch, command).result()

    def kill(self) -> None:
        """Kill -9: no flush, no orderly shutdown."""
        self.signal(signal.SIGKILL)
        self._wait(10)

    def stop(self) -> None:
        """Stop in order; kill it if it takes too long (without a quorum no node stops in order)."""
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            self._wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def pause(self) -> None:
        """Freeze the process."""
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen process go on."""
        self.signal(signal.SIGCONT)

    def signal(self, number: int) -> None:
        """Send a signal if the process runs."""
        if self._process is not None:
            self._process.send_signal(number)

    def ready(self, brokers: int) -> bool:
        """Say whether it answers and knows of that many brokers.

        Raises:
            BrokerError: If its process ended.
        """
        if self.pid is None:
            raise BrokerError(f"Kafka's node {self.number} ended: {self._place.last_words()}")
        return answering_brokers(self.port) >= brokers

    def _wait(self, seconds: float) -> None:
        if self._process is not None:
            self._process.wait(seconds)

    def _launch(self, command: list[str]) -> subprocess.Popen[bytes]:
        """Start it in the thread that lives as long as the cluster: it dies with that thread."""
        with self._place.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603
                [*launched_by(os.getpid()), *command],
                cwd=self._place.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


class Cluster:
    """Brokers on free ports of loopback, in a folder that is made if need be and stays."""

    def __init__(
        self,
        folder: Path,
        nodes: int = 1,
        *,
        ports: tuple[Ports, ...] = (),
        properties: Mapping[str, str] | None = None,
        passwords: Mapping[str, str] | None = None,
    ) -> None:
        self._plan = Plan(
            folder=folder.absolute(),
            cluster_id=new_cluster_id(),
            ports=ports or free_ports(nodes),
            properties=properties or {},
            passwords=passwords or {},
        )
        self._places = [NodePlace(self._plan, number + 1) for number in range(nodes)]
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="kafka-starter")
        self.nodes = tuple(Node(place, self._starter) for place in self._places)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_failure: object) -> None:
        self.stop()
        self._starter.shutdown()

    @property
    def bootstrap(self) -> str:
        """Return the addresses for clients."""
        return self._plan.bootstrap

    @property
    def secured_bootstrap(self) -> str:
        """Return the addresses for users with passwords, where the properties are ``SECURED``."""
        return self._plan.secured_bootstrap

    @property
    def folder(self) -> Path:
        """Return the folder of all that the nodes keep."""
        return self._plan.folder

    def start(self) -> None:
        """Start every node that does not run, and wait until all answer."""
        format_all(self._places, provided_java())
        for node in self.nodes:
            node.start()
        self.wait_ready()

    def wait_ready(self, seconds: float = START_SECONDS) -> None:
        """Wait until every node that was started answers and knows of all of them."""
        running = [node for node in self.nodes if node.pid is not None]
        deadline = time.monotonic() + seconds
        for node in running:
            while not node.ready(len(running)):
                if time.monotonic() > deadline:
                    raise BrokerError(f"Kafka's node {node.number} does not answer, see {node.log}")
                time.sleep(0.02)

    def stop(self) -> None:
        """Stop every node; all get the signal first, for a quorum cannot be left one by one."""
        for node in self.nodes:
            node.resume()
            node.signal(signal.SIGTERM)
        for node in self.nodes:
            node.stop()

    def kill(self, number: int = 1) -> None:
        """Kill -9 one node."""
        self.nodes[number - 1].kill()

    def restart(self, number: int = 1) -> None:
        """Start a node that was killed or stopped, and wait until all answer."""
        self.nodes[number - 1].start()
        self.wait_ready()

    def pause(self, number: int = 1) -> None:
        """Freeze one node."""
        self.nodes[number - 1].pause()

    def resume(self, number: int = 1) -> None:
        """Let a frozen node go on."""
        self.nodes[number - 1].resume()
