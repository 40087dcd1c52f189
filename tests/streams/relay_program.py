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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from typing_extensions import override

from consumers.relay import Orders, Relay, Report, World
from consumers.relay_batch import Places, Step
from domain.errors import KetteError
from domain.publishing import DivergedError, FencedError, Progress, RecordRefusedError
from infra.streams.outbox import JournalOutbox
from infra.streams.publisher import KafkaPublisher, Limits, Point
from schemas.topics import JOURNEY, PROGRESS, SUBJECTS, Topic
from schemas.wire import Message
from tests.keyring import keys_of

FENCED, DIVERGED = 3, 4
_UNTIL_ALL_STAND = 0.2
"""Seconds; a signal to the process reaches the thread that sends it a moment later than it returns."""


class HalvedPublisher(KafkaPublisher):
    """Tells when one half of a batch is at the broker and the other is not even sent."""

    @override
    def send(self, messages: Sequence[Message], sent: list[Any]) -> list[Any]:
        """Hand one half over, make sure of it, then hand the other over."""
        half = len(messages) // 2
        super().send(messages[:half], sent)
        self._producer.flush()
        self._at("half_sent")
        return super().send(messages[half:], sent)


class TrustingPublisher(HalvedPublisher):
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
        self.confirm(self.send(messages, []))
        self._at("after_send")
        self._producer.commit_transaction()
        self._at("before_commit")
        self._producer.begin_transaction()
        self.confirm([self.send_progress(progress)])
        self._producer.commit_transaction()


class AwaitedPublisher(HalvedPublisher):
    """Sends only when the relay waits for it, and leaves a failed producer time to do harm."""

    _awaited = False

    @override
    def finish(self) -> None:
        """Wait, and let it be known."""
        self._awaited = True
        super().finish()
        self._awaited = False

    @override
    def send(self, messages: Sequence[Message], sent: list[Any]) -> list[Any]:
        """Hand messages over once the relay waits."""
        while not self._awaited:
            time.sleep(0.001)
        return super().send(messages, sent)

    @override
    def failure(self, sent: Sequence[Any], failures: list[Exception]) -> Exception | None:
        """Return why the broker has not every record; if so, dawdle."""
        failure = super().failure(sent, failures)
        if failure is not None:
            time.sleep(1.0)
        return failure


PUBLISHERS: dict[str, Callable[..., KafkaPublisher]] = {
    "exact": KafkaPublisher,
    "at least once": partial(KafkaPublisher, transactional=False),
    "awaited": AwaitedPublisher,
    "halved": HalvedPublisher,
    "trusting": TrustingPublisher,
    "late progress": LateProgressPublisher,
}


class Teller:
    """Tells what the relay reports, one line each."""

    def standby(self, seen: Progress | None) -> None:
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
    """Sends a signal to this process whenever it passes a point for one of the given times."""

    def __init__(self, point: str, times: Sequence[int], signal: int) -> None:
        self._point = point
        self._times = times
        self._signal = signal
        self._passed = 0

    def __call__(self, point: Point) -> None:
        if point != self._point:
            return
        self._passed += 1
        if self._passed in self._times:
            tell(f"at {point}")
            os.kill(os.getpid(), self._signal)
            time.sleep(_UNTIL_ALL_STAND)


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics that a test uses under one name; the progress lies apart from that of other tests."""

    events: Topic
    subjects: Topic
    progress: Topic

    def __iter__(self) -> Iterator[Topic]:
        return iter((self.events, self.subjects, self.progress))


def topics_of(name: str, names: Mapping[str, str] | None = None) -> Topics:
    """Return the topics of a test.

    Args:
        name: Of the topic of events.
        names: What some journeys are called on the topics instead of their ids.
    """

    def called(journey: UUID) -> str:
        return (names or {}).get(str(journey), str(journey))

    return Topics(
        replace(JOURNEY, name=name, name_of=called),
        replace(SUBJECTS, name=f"{name}.subjects", name_of=called),
        replace(PROGRESS, name=f"{name}.progress"),
    )


def relay(
    dsn: str,
    client: Mapping[str, Any],
    topic: str,
    *,
    publisher: Callable[..., KafkaPublisher] = KafkaPublisher,
    at: Callable[[Point], None],
    limits: Mapping[str, float] | None = None,
    batch: int = 500,
    patience: float = 120.0,
    names: Mapping[str, str] | None = None,
    report: Report | None = None,
    follow: bool = False,
) -> Relay:
    """Return the relay with its real outbox and publisher; it ends when all is published.

    Args:
        dsn: The database of the journal.
        client: What every client needs.
        topic: Name of the topic of events.
        publisher: Which publisher.
        at: Called at named points.
        limits: How long things may take.
        batch: At most so many facts in one transaction.
        patience: How long nothing may succeed.
        names: What some journeys are called on the topic.
        report: Who is told; the output otherwise.
        follow: Whether it goes on when all is published.
    """
    topics = topics_of(topic, names)
    return Relay(
        JournalOutbox(dsn, keys_of(dsn), topics.events.name),
        publisher(
            client,
            topics.events,
            progress=topics.progress,
            limits=Limits(**(limits or {})),
            at=at,
        ),
        report or Teller(),
        Places(topics.events, topics.subjects, "/kette/test"),
        Orders(UUID(int=uuid4().int), batch, until_caught_up=not follow, patience=patience),
        World(lambda: False, threading.Event().wait, random.random, time.monotonic),
    )


def main() -> int:
    """Run until all is published; the exit code says if another relay or another journal was there."""
    orders = json.loads(sys.argv[1])
    publisher = PUBLISHERS[orders.pop("publisher", "exact")]
    halt = Halt(*orders.pop("halt", ("", (), 0)))
    try:
        relay(**orders, publisher=publisher, at=halt).run()
    except FencedError:
        return FENCED
    except DivergedError as error:
        tell(f"diverged {error}")
        return DIVERGED
    return 0


if __name__ == "__main__":
    # Without waiting for threads that a wrong publisher may have left behind.
    os._exit(main())
