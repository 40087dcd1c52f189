"""Kafka beside the pages: a broker where none answers, and the relay in a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from infra.broker.cluster import Cluster, launched_by
from infra.broker.errors import BrokerError
from infra.broker.jars import fetch
from infra.broker.ports import HOST, answering_brokers, fixed_ports
from kette.compose import data_folder
from kette.output import UNREACHABLE, fail, say
from kette.settings import Settings

_STOP_SECONDS = 15


@contextmanager
def kafka_beside(settings: Settings) -> Iterator[None]:
    """Let the journal speak on the Kafka of the settings for as long as the pages are served."""
    with ExitStack() as stack:
        port = _own_port(settings.kafka)
        if port is not None and not answering_brokers(port):
            _start_broker(stack, settings, port)
        stack.enter_context(_relay(settings))
        yield


def _own_port(brokers: str) -> int | None:
    """Return the port where a broker can be started: one address, on this machine; else None."""
    host, _, port = brokers.rpartition(":")
    return int(port) if host in {HOST, "localhost"} and port.isdecimal() else None


def _start_broker(stack: ExitStack, settings: Settings, port: int) -> None:
    """Run one broker that ends with this process; its data stay in the data folder."""
    say("starting Kafka …")
    try:
        fetch()
        broker = Cluster(data_folder(settings) / "kafka", ports=fixed_ports(1, port))
        say(f"Kafka: {stack.enter_context(broker).bootstrap}")
    except BrokerError as error:
        fail(f"Kafka cannot be started: {error}", UNREACHABLE)


@contextmanager
def _relay(settings: Settings) -> Iterator[None]:
    """Run the relay with the settings of this process; it ends with this process, at the latest."""
    process = subprocess.Popen(  # noqa: S603
        [*launched_by(os.getpid()), sys.executable, "-m", "kette", "relay"],
        env=os.environ | {"KETTE_MUNICIPALITY": settings.municipality},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
