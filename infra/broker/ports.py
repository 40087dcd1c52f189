"""Ports on loopback: which are free, and how many brokers answer on one."""

import random
import socket
import struct
from dataclasses import dataclass

from infra.broker.errors import BrokerError

HOST = "127.0.0.1"
_BELOW_EPHEMERAL = range(20_000, 32_000)  # from above, the kernel gives ports to clients meanwhile
_METADATA_OF_NO_TOPIC = struct.pack(">ihhihi", 14, 3, 1, 1, -1, 0)
_APART = 100


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of one node; ``secured`` is used only by clusters that ask for passwords."""

    client: int
    controller: int
    secured: int


def fixed_ports(nodes: int, first: int) -> tuple[Ports, ...]:
    """Return neighbouring ports, clients' ports from ``first`` on."""
    if not 1 <= first <= 65_535 - 3 * _APART:
        raise BrokerError(f"port {first}: choose one between 1 and {65_535 - 3 * _APART}")
    numbers = range(first, first + nodes)
    return tuple(Ports(one, one + _APART, one + 2 * _APART) for one in numbers)


def free_ports(nodes: int) -> tuple[Ports, ...]:
    """Return ports that nobody uses."""
    found = [one for one in random.sample(_BELOW_EPHEMERAL, 100 * nodes) if not is_taken(one)]
    return tuple(Ports(*found[3 * number : 3 * number + 3]) for number in range(nodes))


def is_taken(port: int) -> bool:
    """Say whether somebody listens there, or the port cannot be had."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def answering_brokers(port: int) -> int:
    """Return how many brokers the one on this port knows to be alive; 0 if it does not answer.

    A broker lists only those that are registered and not fenced.
    """
    try:
        with socket.create_connection((HOST, port), 2) as connection:
            connection.settimeout(2)
            connection.sendall(_METADATA_OF_NO_TOPIC)
            with connection.makefile("rb") as answer:
                _size, _correlation, brokers = struct.unpack(">iii", answer.read(12))
    except (OSError, struct.error):
        return 0
    return int(brokers)
