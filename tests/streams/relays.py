"""Relays in processes of their own, and the topics they publish to."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import psycopg
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
)

from infra.embedded import EmbeddedServer
from tests.streams.relay_program import topics_of

_ROOT = Path(__file__).parents[2]
_PATIENCE_SECONDS = 60.0
POINTS = (
    "before_init",
    "after_init",
    "after_progress_read",
    "after_send",
    "before_commit",
    "after_commit",
)


class RelayProcess:
    """One relay; it ends with the block that it was started in."""

    def __init__(self, dsn: str, bootstrap: str, topic: str, **orders: Any) -> None:
        told = {"dsn": dsn, "client": {"bootstrap_servers": bootstrap}, "topic": topic, **orders}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.streams.relay_program", json.dumps(told)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
        )
        self.lines: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def said(self) -> Iterator[str]:
        """Yield what it says, line by line, until it ends."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line.strip())
            yield self.lines[-1]

    def until(self, begin: str, times: int = 1) -> str:
        """Wait until it said so many lines that begin so; return the last of them.

        Raises:
            AssertionError: If it ends before.
        """
        for line in self.said():
            times -= line.startswith(begin)
            if times == 0:
                return line
        raise AssertionError(f"the relay ended with {self._process.wait()}: {self.lines[-10:]}")

    def kill(self) -> None:
        """Kill -9."""
        self._process.kill()
        self._process.wait()

    def freeze_when_stopped(self) -> None:
        """Wait until it has stopped itself by SIGSTOP."""
        _, status = os.waitpid(self._process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status), status

    def thaw(self) -> None:
        """Let it go on."""
        self._process.send_signal(signal.SIGCONT)

    def end(self) -> int:
        """Read it to its end and return its exit code."""
        for _ in self.said():
            pass
        return self._process.wait()


def fresh_topic(bootstrap: str, settings: Mapping[str, str] | None = None) -> str:
    """Make a topic of events with its companions and return its name; settings win over the usual."""
    name = f"test-{uuid4().hex[:12]}"
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    made = admin.create_topics(
        [
            NewTopic(one.name, one.partitions, config={**one.settings, **(settings or {})})
            for one in topics_of(name)
        ]
    )
    for future in made.values():
        future.result(30)
    return name


def change_topic(bootstrap: str, name: str, settings: Mapping[str, str]) -> None:
    """Change settings of a topic."""
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    entries = [
        ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET)
        for key, value in settings.items()
    ]
    resource = ConfigResource(ConfigResource.Type.TOPIC, name, incremental_configs=entries)
    for future in admin.incremental_alter_configs([resource]).values():
        future.result(30)


def take_lead_away(dsn: str) -> int:
    """End every session that holds an advisory lock, as a lost way to the database would; count them."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        return connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        ).rowcount


def restart_database(server: EmbeddedServer, how: int) -> None:
    """Stop PostgreSQL by a signal; whoever runs it starts it again."""
    before = server.pid
    assert before is not None
    os.kill(before, how)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while server.pid == before or not _answers(server):
        assert time.monotonic() < deadline, "PostgreSQL does not come back"
        time.sleep(0.01)


def _answers(server: EmbeddedServer) -> bool:
    try:
        psycopg.connect(server.dsn("postgres")).close()
    except psycopg.OperationalError:
        return False
    return True
