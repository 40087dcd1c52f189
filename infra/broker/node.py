"""One node of a cluster: its folder, its configuration, and the commands that format and run it."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from infra.broker.errors import BrokerError
from infra.broker.jars import class_path
from infra.broker.ports import HOST, Ports

_HERE = Path(__file__).parent
# A quick start and little memory count here, not throughput.
_JAVA_OPTIONS = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")

SECURED: Mapping[str, str] = {
    "listeners": "CLIENT://127.0.0.1:$port,SASL://127.0.0.1:$secured_port,CONTROLLER://127.0.0.1:$controller_port",
    "advertised.listeners": "CLIENT://127.0.0.1:$port,SASL://127.0.0.1:$secured_port",
    "listener.security.protocol.map": "CLIENT:PLAINTEXT,SASL:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
    "sasl.enabled.mechanisms": "SCRAM-SHA-256",
    "listener.name.sasl.scram-sha-256.sasl.jaas.config": (
        "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    ),
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": "User:admin;User:ANONYMOUS",
}
"""Properties of a cluster that also listens for users with passwords and keeps access rules.

ANONYMOUS is the broker itself, and whoever else reaches the listener without passwords.
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a cluster is: where it lies, who it is, and what differs from the usual."""

    folder: Path
    cluster_id: str
    ports: tuple[Ports, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
    passwords: Mapping[str, str] = field(default_factory=dict)

    @property
    def bootstrap(self) -> str:
        """Return the addresses for clients."""
        return ",".join(f"{HOST}:{one.client}" for one in self.ports)

    @property
    def secured_bootstrap(self) -> str:
        """Return the addresses for users with passwords, where the properties are ``SECURED``."""
        return ",".join(f"{HOST}:{one.secured}" for one in self.ports)

    def voters(self) -> str:
        """Return the controllers, as every node must know them."""
        return ",".join(
            f"{number}@{HOST}:{one.controller}" for number, one in enumerate(self.ports, 1)
        )


class NodePlace:
    """The folder of one node and the commands on it; ``number`` counts from 1."""

    def __init__(self, plan: Plan, number: int) -> None:
        self.number = number
        self.ports = plan.ports[number - 1]
        self.folder = plan.folder / f"node{number}"
        self.log = self.folder / "broker.log"
        self.pid_file = self.folder / "broker.pid"
        self._plan = plan
        self.configuration = self.folder / "server.properties"
        self._data = self.folder / "data"

    def configure(self) -> None:
        """Write the configuration as the plan has it now."""
        self.folder.mkdir(parents=True, exist_ok=True)
        text = (_HERE / "server.properties").read_text(encoding="ascii")
        text += "".join(f"{key}={value}\n" for key, value in self._plan.properties.items())
        nodes = len(self._plan.ports)
        filled = Template(text).substitute(
            node_id=self.number,
            voters=self._plan.voters(),
            data_dir=self._data,
            port=self.ports.client,
            controller_port=self.ports.controller,
            secured_port=self.ports.secured,
            replicas=min(3, nodes),
            min_insync=min(2, nodes),
        )
        self.configuration.write_text(filled, encoding="utf-8")

    def formatting(self, java: Path) -> "subprocess.Popen[str] | None":
        """Begin to format the data folder; None if that was done before."""
        if (self._data / "meta.properties").exists():
            return None
        users = [
            word
            for name, password in self._plan.passwords.items()
            for word in ("--add-scram", f"SCRAM-SHA-256=[name={name},password={password}]")
        ]
        tool = ("kafka.tools.StorageTool", "format", "-t", self._plan.cluster_id)
        return subprocess.Popen(  # noqa: S603
            [*_java(java, "256m"), *tool, "-c", str(self.configuration), *users],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def command(self, java: Path) -> list[str]:
        """Return the command that runs the broker."""
        heap = "512m" if len(self._plan.ports) == 1 else "256m"
        return [*_java(java, heap), "kafka.Kafka", str(self.configuration)]

    def last_words(self) -> str:
        """Return the end of the broker's log."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return " / ".join(text.splitlines()[-5:])[-1000:]


def format_all(places: list[NodePlace], java: Path) -> None:
    """Write every configuration and format what is new, all nodes at once."""
    for place in places:
        place.configure()
    begun = [one for one in (place.formatting(java) for place in places) if one is not None]
    said = [process.communicate()[0] for process in begun]
    for process, words in zip(begun, said, strict=True):
        if process.returncode:
            raise BrokerError(f"Kafka's data folder could not be formatted: {words.strip()[-500:]}")


def _java(java: Path, heap: str) -> list[str]:
    logging = f"-Dlog4j2.configurationFile={_HERE / 'log4j2.properties'}"
    return [str(java), f"-Xmx{heap}", *_JAVA_OPTIONS, logging, "-cp", class_path()]
