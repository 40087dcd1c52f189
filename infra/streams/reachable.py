"""Whether a broker can be reached at all, asked before a client is made.

kafka-python's clients leave a thread and sockets behind when they are made while no broker answers.
"""

import socket
from contextlib import suppress


def reachable(brokers: str, seconds: float) -> bool:
    """Say whether a connection to one of the brokers (``host:port``, by commas) comes about in time."""
    places = [one.strip().rpartition(":") for one in brokers.split(",")]
    for host, _, port in places:
        with suppress(OSError, ValueError):
            address = (host.strip("[]"), int(port))
            with socket.create_connection(address, seconds / len(places)):
                return True
    return False
