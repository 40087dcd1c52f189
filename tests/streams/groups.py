"""Members of a consumer group in processes of their own, and a publisher that gives them work bit by bit."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Self
from uuid import uuid4

import psycopg
from kafka import KafkaProducer

from infra.streams.outbox import JournalOutbox
from schemas.public import public_event
from schemas.topics import JOURNEY
from schemas.wire import Message, Origin, fact_message
from tests.keyring import keys_of, with_keys

_ROOT = Path(__file__).parents[2]
_PATIENCE_SECONDS = 90.0


def until(holds: Callable[[], bool], what: str, seconds: float = _PATIENCE_SECONDS) -> None:
    """Look again and again until something holds."""
    moment = Event()
    for _ in range(int(seconds / 0.05)):
        if holds():
            return
        moment.wait(0.05)
    raise AssertionError(f"never within {seconds} s: {what}")


class Publisher:
    """Publishes a journal in its order, in slices, each in a transaction."""

    def __init__(self, dsn: str, bootstrap: str, topic: str) -> None:
        self._topic = replace(JOURNEY, name=topic)
        self._outbox = JournalOutbox(dsn, keys_of(dsn), topic)
        assert self._outbox.lead()
        self.at = 0
        self._producer = KafkaProducer(
            bootstrap_servers=bootstrap,
            transactional_id=f"test-{uuid4()}",
            metrics_enabled=False,
            compression_type="lz4",
        )
        self._producer.init_transactions()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self._producer.close(timeout=2)
        self._outbox.resign()

    def messages(self, upto: int) -> Iterator[Message]:
        """Yield what follows, up to a position."""
        standing = self._outbox.standing()
        origin = Origin("urn:test", standing.epoch)
        while self.at < upto:
            for one in self._outbox.facts(self.at, min(1_000, upto - self.at)):
                self.at = one.position
                yield fact_message(self._topic, origin, one, public_event(one, self._topic))

    def publish(self, upto: int) -> None:
        """Publish what follows, up to a position."""
        self.send(list(self.messages(upto)))

    def send(self, messages: Sequence[Message]) -> None:
        """Publish messages as they are, in one transaction."""
        self._producer.begin_transaction()
        sent = [
            self._producer.send(
                one.topic,
                key=one.key,
                value=one.value,
                headers=list(one.headers),
                partition=one.partition,
            )
            for one in messages
        ]
        self._producer.flush()
        for one in sent:
            one.get(0)
        self._producer.commit_transaction()


class MemberProcess:
    """`kette consume` as a process; what it says goes to a file."""

    def __init__(self, folder: Path, dsn: str, bootstrap: str, topic: str, *words: str) -> None:
        self._file = folder / f"member-{uuid4().hex[:8]}.txt"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("KETTE_")}
        with self._file.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kette", "consume", "--topic", topic, *words],
                env={
                    **clean,
                    **with_keys({"KETTE_DSN": dsn}),
                    "KETTE_KAFKA": bootstrap,
                    "LC_ALL": "C.UTF-8",
                },
                stdout=said,
                stderr=said,
                cwd=_ROOT,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
        self.process.wait()

    @property
    def said(self) -> str:
        """Return all that it said so far."""
        return self._file.read_text(encoding="utf-8")

    def claims(self, partitions: int) -> bool:
        """Say whether it claimed so many partitions last."""
        last = [line for line in self.said.splitlines() if " claimed: " in line][-1:]
        return bool(last) and last[0].count("@") == partitions

    def ends(self) -> int:
        """Wait for its end."""
        return self.process.wait(_PATIENCE_SECONDS)

    def kill(self) -> None:
        """Kill it with -9."""
        self.process.kill()
        self.process.wait()

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self.process.send_signal(number)


class GroupSeen:
    """What stands of a group in the database."""

    def __init__(self, dsn: str, group: str, tables: Sequence[str]) -> None:
        self._dsn = dsn
        self._group = group
        self._tables = tables

    def ask(self, statement: str, *arguments: object) -> list[tuple[object, ...]]:
        """Ask the database; after a loss once more."""
        for _ in range(200):
            with suppress(psycopg.OperationalError), psycopg.connect(self._dsn) as connection:
                return connection.execute(statement, arguments).fetchall()
            Event().wait(0.1)
        raise AssertionError("the database does not come back")

    def offsets(self) -> int:
        """Return how many offsets of all partitions are behind the group."""
        ((read,),) = self.ask(
            "SELECT coalesce(sum(next_offset), 0)::bigint FROM kette.streamed_places"
            " WHERE group_name = %s",
            self._group,
        )
        assert isinstance(read, int)
        return read

    def holds(self, position: int) -> bool:
        """Say whether the group holds every journey as far as the journal's position."""
        lacking = self.ask(
            "SELECT FROM (SELECT journey_id, max(version) AS version FROM kette.events"
            " WHERE position <= %s GROUP BY journey_id) AS told LEFT JOIN kette.streamed_journeys AS kept"
            " ON kept.journey_id = told.journey_id AND kept.group_name = %s"
            " WHERE kept.version IS NULL OR kept.version < told.version LIMIT 1",
            position,
            self._group,
        )
        return not lacking

    def parked(self) -> int:
        """Return how many records are parked."""
        return len(self.ask("SELECT FROM kette.parked WHERE group_name = %s", self._group))

    def rows(self) -> dict[str, list[str]]:
        """Return the rows of every table as text, in an order of their own."""
        return {
            one: sorted(
                str(row[0]) for row in self.ask(f"SELECT kept::text FROM streamed.{one} AS kept")
            )
            for one in self._tables
        }
