"""Publishing to Kafka: everything of a batch and the progress after it, or nothing.

What kafka-python cannot be trusted with is done here: every record's future is asked before the
commit (a commit alone may succeed although records were lost), every call has a time limit, and a
producer that met any error is thrown away with all that it holds; the next one ends what it left open.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, TypeVar

from kafka import KafkaProducer, errors

from domain.errors import KetteError
from domain.publishing import (
    DivergedError,
    FencedError,
    Progress,
    PublishingFailedError,
    RecordRefusedError,
)
from infra.streams.bounded import Bounded
from infra.streams.progress import Reader, decoded, encoded
from infra.streams.reachable import reachable
from schemas.topics import PROGRESS, Topic
from schemas.wire import Message

Point = Literal[
    "before_init",
    "after_init",
    "after_progress_read",
    "after_send",
    "before_commit",
    "after_commit",
]
At = Callable[[Point], None]
Answer = TypeVar("Answer")

_MAX_REQUEST_BYTES = 64 * 1024 * 1024
_BATCH_BYTES = 128 * 1024
_FENCED = (errors.ProducerFencedError, errors.InvalidProducerEpochError)
_TOO_LARGE = (errors.MessageSizeTooLargeError, errors.RecordListTooLargeError)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things may take, in seconds.

    Attributes:
        begin: Reaching the broker, ending what a predecessor left open, reading the progress: each.
        delivery: From handing a record over to the broker's acknowledgement, retries included.
        publish: A whole batch with its commit; less than ``transaction``.
        transaction: After this the broker itself ends an open transaction.
    """

    begin: float = 20.0
    delivery: float = 20.0
    publish: float = 30.0
    transaction: float = 60.0


def _nothing(_point: Point) -> None:
    """Do nothing at a named point."""


class KafkaPublisher:
    """Publishes batches onto a topic and keeps its progress; for one thread.

    Args:
        client: What every client needs: ``bootstrap_servers``, and how to sign in.
        topic: The topic whose progress this is; only one publisher at a time keeps it.
        progress: The topic that holds the progress of all.
        beside: The other topics that it writes onto; known early, the first record is not held up.
        transactional: Exactly once; else at least once: the progress follows the acknowledgements.
        limits: How long things may take.
        at: Called at named points of the way.
    """

    def __init__(
        self,
        client: Mapping[str, Any],
        topic: Topic,
        *,
        progress: Topic = PROGRESS,
        beside: Sequence[Topic] = (),
        transactional: bool = True,
        limits: Limits | None = None,
        at: At = _nothing,
    ) -> None:
        self._limits = limits or Limits()
        self._client = _reconnecting(client, self._limits)
        self._topic = topic
        self._progress = progress
        self._beside = tuple(beside)
        self._transactional = transactional
        self._at = at
        self._incarnation: _Incarnation | None = None
        self._under_way: tuple[Future[None], float] | None = None
        self._topic_id = ""

    def begin(self) -> Progress | None:
        """Take the place of whoever published before, and return how far it came.

        Raises:
            DivergedError: If the topic is not the one that the progress speaks of.
            FencedError: If another relay takes the place at the same moment.
            PublishingFailedError: If the broker does not answer in time.
        """
        self.abandon()
        self._at("before_init")
        self._refuse_unreachable()
        incarnation = self._incarnation = _Incarnation()
        self._within(self._limits.begin, lambda: incarnation.open(self._configuration()))
        if self._transactional:
            self._within(self._limits.begin, incarnation.producer.init_transactions)
        self._at("after_init")
        progress = self._within(self._limits.begin, self.stored)
        self._within(self._limits.begin, self._learn_partitions)
        self._at("after_progress_read")
        return progress

    def start(self, messages: Sequence[Message], progress: Progress) -> None:
        """Begin to publish messages and the progress after them, once what was begun before is done."""
        self.finish()
        incarnation = self._begun()
        deadline = time.monotonic() + self._limits.publish
        self._under_way = (
            incarnation.calls.begun(lambda: self.deliver(messages, progress)),
            deadline,
        )

    def finish(self) -> None:
        """Wait until what was begun is published.

        Raises:
            FencedError: If another relay took the place.
            RecordRefusedError: If one of the messages is too large.
            PublishingFailedError: If anything else went wrong; begin anew.
        """
        if self._under_way is None:
            return
        answer, deadline = self._under_way
        self._under_way = None
        self._answered(answer, deadline - time.monotonic())
        self._at("after_commit")

    def abandon(self) -> None:
        """Throw the producer away; nothing that it still holds is sent."""
        self._under_way = None
        if self._incarnation is not None:
            self._incarnation.abandon()
            self._incarnation = None

    def deliver(self, messages: Sequence[Message], progress: Progress) -> None:
        """Send, make sure of every record, then commit; without a limit of its own.

        All by the producer that it began with: left behind, it may run on beside its successor.
        """
        producer = self._producer
        if not self._transactional:
            self.confirm(self.send(messages, []))
            self._at("after_send")
            self.confirm([self.send_progress(progress, producer)])
            self._at("before_commit")
            return
        producer.begin_transaction()
        sent: list[Any] = []
        try:
            self.send(messages, sent)
            sent.append(self.send_progress(progress, producer))
        except errors.KafkaError as error:
            raise self.failure(sent, [error]) or error from error
        self._at("after_send")
        self.confirm(sent)
        self._at("before_commit")
        producer.commit_transaction()

    def send(self, messages: Iterable[Message], sent: list[Any]) -> list[Any]:
        """Hand messages to the producer; add their futures to those of what was sent before."""
        send = self._producer.send
        for one in messages:
            future = send(one.topic, one.value, one.key, list(one.headers), one.partition)
            sent.append(future)
        return sent

    def send_progress(self, progress: Progress, producer: Any = None) -> Any:
        """Hand the progress to a producer, the present one if none is named; return its future."""
        return (producer or self._producer).send(
            self._progress.name,
            encoded(progress, self._topic_id),
            self._topic.name.encode(),
            partition=self._topic.relay_partition,
        )

    def confirm(self, sent: Sequence[Any]) -> None:
        """Make sure that the broker has every record.

        Raises:
            KafkaError: If it has not.
        """
        failure = self.failure(sent, [])
        if failure is not None:
            raise failure

    def failure(self, sent: Sequence[Any], failures: list[Exception]) -> Exception | None:
        """Return why the broker has not every record, or None: fencing and refusal before what follows.

        Args:
            sent: The futures.
            failures: What is known already.
        """
        deadline = time.monotonic() + self._limits.delivery
        with suppress(errors.KafkaError):  # a flush proves nothing; the futures do
            self._producer.flush(self._limits.delivery)
        for one in sent:
            try:
                one.get(max(0.0, deadline - time.monotonic()))
            except errors.KafkaError as error:
                failures.append(error)
        for kinds in (_FENCED, _TOO_LARGE, (errors.KafkaError,)):
            for failure in failures:
                if isinstance(_root(failure), kinds):
                    return failure
        return None

    def seen(self) -> Progress | None:
        """Return how far the topic came, and take nobody's place; None if nothing was published.

        Raises:
            DivergedError: As :meth:`stored`.
            PublishingFailedError: If the broker does not answer.
        """
        try:
            return self.stored()
        except (errors.KafkaError, OSError) as error:
            raise _explained(error) from error

    def stored(self) -> Progress | None:
        """Return how far the topic came by the committed progress; None if it is new.

        Raises:
            DivergedError: If the topic was made anew, or holds records that no progress speaks of.
        """
        reader = Reader(self._client, self._limits.begin)
        topic = self._topic
        self._topic_id = reader.topic_id(topic.name)
        record = reader.last(self._progress.name, topic.relay_partition, topic.name.encode())
        if record is not None:
            progress, topic_id = decoded(record)
            if topic_id != self._topic_id:
                _diverged(f"topic {topic.name} was made anew since position {progress.position}")
            return progress
        if self._transactional and not reader.is_empty(topic.name, topic.partitions):
            _diverged(f"topic {topic.name} holds records, but its progress is gone")
        return None

    def _learn_partitions(self) -> None:
        for topic in (self._topic, self._progress, *self._beside):
            self._producer.partitions_for(topic.name)

    @property
    def _producer(self) -> Any:
        return self._begun().producer

    def _begun(self) -> "_Incarnation":
        if self._incarnation is None:
            raise PublishingFailedError("nothing is published before the beginning", "not-begun")
        return self._incarnation

    def _within(self, seconds: float, call: Callable[[], Answer]) -> Answer:
        """Return what a call returns; on an error or too late an answer the producer is thrown away."""
        return self._answered(self._begun().calls.begun(call), seconds)

    def _answered(self, answer: "Future[Answer]", seconds: float) -> Answer:
        try:
            return answer.result(max(0.0, seconds))
        except KetteError:
            self.abandon()
            raise
        except TimeoutError as error:
            failure: KetteError = PublishingFailedError("Kafka did not answer in time", "stuck")
            failure.__cause__ = error
        except (errors.KafkaError, OSError) as error:
            failure = _explained(error)
            failure.__cause__ = error
        self.abandon()
        raise failure

    def _refuse_unreachable(self) -> None:
        brokers = self._client["bootstrap_servers"]
        if not reachable(brokers, self._limits.begin):
            raise PublishingFailedError(f"no Kafka answers at {brokers}", "unreachable")

    def _configuration(self) -> dict[str, Any]:
        delivery = int(self._limits.delivery * 1000)
        made = {
            **self._client,
            "acks": "all",
            "enable_idempotence": True,
            "compression_type": "lz4",
            "linger_ms": 0,
            "batch_size": _BATCH_BYTES,
            "max_request_size": _MAX_REQUEST_BYTES,
            "metrics_enabled": False,
            "request_timeout_ms": max(1, delivery // 2),
            "delivery_timeout_ms": delivery,
            "max_block_ms": int(self._limits.begin * 1000),
            "retry_backoff_ms": 10,
        }
        if self._transactional:
            made["transactional_id"] = f"kette-relay-{self._topic.name}"
            made["transaction_timeout_ms"] = int(self._limits.transaction * 1000)
        return made


class _Incarnation:
    """One producer and the thread that its calls run in."""

    def __init__(self) -> None:
        self.calls = Bounded("kafka-producer-calls")
        self.producer: Any = None
        self._abandoned = False

    def open(self, configuration: Mapping[str, Any]) -> None:
        """Make the producer."""
        self.producer = KafkaProducer(**configuration)
        _leave_epochs_alone(self.producer)
        if self._abandoned:
            _force_close(self.producer)

    def abandon(self) -> None:
        """Throw the producer away; a call that still runs is left behind with its thread."""
        self._abandoned = True
        if self.producer is not None:
            _force_close(self.producer)
        self.calls.leave()


def _leave_epochs_alone(producer: Any) -> None:
    """Keep a producer with an old epoch from asking for a new one: that would fence its successor."""
    producer._transaction_manager._supports_epoch_bump = lambda: False  # noqa: SLF001  no public way


def _force_close(producer: Any) -> None:
    """Close without sending what waits; its own close() gives up before that if records wait."""
    with suppress(errors.KafkaError):
        producer.close(timeout=0)
    producer._sender.force_close()  # noqa: SLF001  there is no public way


def _reconnecting(client: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    """Return the client's settings with those that keep it quick after a broker's restart."""
    return {
        "reconnect_backoff_ms": 50,
        "reconnect_backoff_max_ms": 1000,
        "bootstrap_timeout_ms": int(limits.begin * 1000),
        **client,
    }


def _root(error: Exception) -> Exception:
    """Return what an error goes back to: the client wraps the first failure in those of later calls."""
    for told in error.args:
        if isinstance(told, errors.KafkaError):
            return _root(told)
    return error


def _explained(error: Exception) -> KetteError:
    """Return what an error of the client means to the relay."""
    error = _root(error)
    if isinstance(error, _FENCED):
        return FencedError(
            "another relay publishes this topic now, or this one stood still for too long; it ends"
        )
    if isinstance(error, _TOO_LARGE):
        return RecordRefusedError(str(error))
    return PublishingFailedError(f"Kafka: {error}", type(error).__name__)


def _diverged(what: str) -> NoReturn:
    raise DivergedError(
        f"{what}: going on would lose or double events; publish a new generation with `kette republish`"
    )
