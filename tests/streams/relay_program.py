"""The real relay in a process of its own, told where to stop; and two that are wrong on purpose.

It says on its output where it passes, and stops itself at a named point by a signal. Run as
``python -m tests.streams.relay_program`` with its orders as JSON.
"""

import json
import os
import random
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from typing_extensions import override

from consumers.relay import Orders, Places, Relay, World
from consumers.relay_batch import Step
from domain.errors import KetteError
from domain.publishing import FencedError, Progress, RecordRefusedError
from infra.streams.outbox import JournalOutbox
from infra.streams.publisher import KafkaPublisher, Limits, Point
from schemas.topics import JOURNEY, SUBJECTS, Topic
from schemas.wire import Message

FENCED = 3


class TrustingPublisher(KafkaPublisher):
    """Wrong on purpose: commits without asking what became of the records."""

    @override
    def confirm(self, sent: Sequence[Any]) -> None:
        """Ask nobody."""


class LateProgressPublisher(KafkaPublisher):
    """Wrong on purpose: stores the progress after the commit of what it speaks of, not with it."""

    @override
    def deliver(self, messages: Sequence[Message], progress: Progress) -> None:
        """Commit the messages, and then the progress."""
        self._producer.begin_transaction()
        self.confirm(self.send(messages))
        self._at("after_send")
        self._producer.commit_transaction()
        self._at("before_commit")
        self._producer.begin_transaction()
        self.confirm([self.send_progress(progress)])
        self._producer.commit_transaction()


PUBLISHERS: dict[str, type[KafkaPublisher]] = {
    "exact": KafkaPublisher,
    "trusting": TrustingPublisher,
    "late progress": LateProgressPublisher,
}


class Teller:
    """Tells what the relay reports, one line each."""

    def standby(self) -> None:
        tell("standby")

    def reached(self, progress: Progress, done: Sequence[Step]) -> None:
        tell(f"reached {progress.position} {progress.crossing} {len(done)}")

    def failed(self, error: KetteError, reason: str, pause: float) -> None:
        tell(f"failed {reason}")

    def refused(self, step: Step, error: RecordRefusedError) -> None:
        tell(f"refused {step.position}")

    def fenced(self) -> None:
        tell("fenced")


def tell(line: str) -> None:
    """Write a line at once; whoever reads them knows where this process is."""
    os.write(1, f"{line}\n".encode())


class Halt:
    """Sends a signal to this process when it passes a point for the n-th time."""

    def __init__(self, point: str, nth: int, signal: int) -> None:
        self._point = point
        self._left = nth
        self._signal = signal

    def __call__(self, point: Point) -> None:
        if point != self._point:
            return
        self._left -= 1
        if self._left == 0:
            tell(f"at {point}")
            os.kill(os.getpid(), self._signal)


def topics_of(name: str) -> tuple[Topic, Topic]:
    """Return the topic of events and the one of subjects that a test uses under a name."""
    return replace(JOURNEY, name=name), replace(SUBJECTS, name=f"{name}.subjects")


def relay(
    dsn: str,
    client: dict[str, Any],
    topic: str,
    *,
    publisher: str = "exact",
    halt: Iterable[Any] = ("", 0, 0),
    limits: dict[str, float] | None = None,
    batch: int = 500,
    patience: float = 120.0,
    until_caught_up: bool = True,
) -> Relay:
    """Return the relay with its real outbox and publisher."""
    events, subjects = topics_of(topic)
    return Relay(
        JournalOutbox(dsn, events.name),
        PUBLISHERS[publisher](client, events, limits=Limits(**(limits or {})), at=Halt(*halt)),
        Teller(),
        Places(events, subjects, "/kette/test"),
        Orders(UUID(int=uuid4().int), batch, until_caught_up, patience),
        World(lambda: False, threading.Event().wait, random.random, time.monotonic),
    )


def main() -> int:
    """Run until all is published; say by the exit code if another relay took the place."""
    try:
        relay(**json.loads(sys.argv[1])).run()
    except FencedError:
        return FENCED
    return 0


if __name__ == "__main__":
    # Without waiting for threads that a wrong publisher may have left behind.
    os._exit(main())
