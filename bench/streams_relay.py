"""The relay against kafka-python with everything prepared, and both clients bare.

All sides send the same messages (topic, partition, key, headers, value) in the same batches onto fresh
topics. The relay reads, opens, maps, encodes and stores its progress besides; the others send what was
encoded beforehand. What comes before the first record (connecting, ending a predecessor) is not counted.
"""

import gc
import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn
from uuid import uuid4

import confluent_kafka
from kafka import KafkaProducer

from bench.figures import Figure, ratio
from bench.streams_place import BATCH, SOURCE, Bench, batches, onto
from consumers.relay import Orders, Relay, World
from consumers.relay_batch import Places, Step
from domain.publishing import Progress, RecordRefusedError
from infra.streams.outbox import JournalOutbox
from infra.streams.publisher import KafkaPublisher
from kette.memory import keep_what_is_there
from schemas.topics import Topic
from schemas.wire import Message

_AT_LEAST = 0.50
_ACK_SECONDS = 60.0
Batches = Sequence[Sequence[Message]]
Topics = tuple[Topic, Topic]


class Timed:
    """Messages a second, and the CPU of this process for each."""

    def __init__(self, messages: int) -> None:
        self._messages = messages
        self._wall = time.perf_counter()
        self._cpu = time.process_time()
        self.rate = self.microseconds = 0.0

    def end(self) -> None:
        """End here, or later if it is called again."""
        self.rate = self._messages / (time.perf_counter() - self._wall)
        self.microseconds = (time.process_time() - self._cpu) / self._messages * 1e6


class Watch:
    """Looks at its clock when the relay begins and whenever a batch is committed."""

    def __init__(self, messages: int) -> None:
        self._messages = messages
        self.timed: Timed | None = None

    def reached(self, _progress: Progress, done: Sequence[Step]) -> None:
        """The lead was taken, or a batch was committed."""
        if self.timed is None:
            self.timed = Timed(self._messages)
        elif done:
            self.timed.end()

    def standby(self, _seen: Progress | None) -> NoReturn:
        """Nobody else may publish here."""
        raise RuntimeError("another relay publishes")

    def failed(self, error: Exception, *_more: object) -> NoReturn:
        """No failure may be in a measurement."""
        raise error

    def refused(self, step: Step, error: RecordRefusedError) -> NoReturn:
        """No record may be refused."""
        raise RuntimeError(f"position {step.position}: {error}")

    def fenced(self) -> NoReturn:
        """Nobody may take the place."""
        raise RuntimeError("another relay took the place")


def figures(made: Bench, rounds: int) -> list[Figure]:
    """Run all sides in turn, on fresh topics each."""
    sides: Mapping[str, Callable[[Bench, Topics, Batches], Timed]] = {
        "relay": relay,
        "transactional": _transactional,
        "plain": _plain,
        "confluent, transactional": _confluent_transactional,
        "confluent, plain": _confluent_plain,
    }
    ready = batches(made)
    gc.collect()
    keep_what_is_there()  # as `kette relay` does; what was made ready would be looked through again and again
    found: dict[str, list[Timed]] = {name: [] for name in sides}
    for place in range(rounds):
        names = list(sides)
        for name in names[place % 2 :] + names[: place % 2]:
            topics = made.fresh_topics()
            found[name].append(sides[name](made, topics, onto(ready, topics)))
    return [_compared(found, other) for other in list(sides)[1:]]


def _compared(found: Mapping[str, Sequence[Timed]], other: str) -> Figure:
    pairs = [
        (ours.rate, theirs.rate) for ours, theirs in zip(found["relay"], found[other], strict=True)
    ]
    client = "raw " + (other if other.startswith("confluent") else f"kafka-python, {other}")
    made = ratio(f"relay / {client}", pairs, _AT_LEAST if other == "transactional" else None)
    ours, theirs = (_middle(one.microseconds for one in found[name]) for name in ("relay", other))
    beside = f"{made.beside}; CPU {ours:.0f} and {theirs:.0f} us a message"
    return Figure(made.name, made.measured, made.unit, made.at_least, beside=beside)


def _middle(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def relay(made: Bench, topics: Topics, ready: Batches) -> Timed:
    """Let the relay publish the whole journal; the messages made ready are only counted."""
    watch = Watch(sum(map(len, ready)))
    Relay(
        JournalOutbox(made.dsn, made.store.keys, topics[0].name),
        KafkaPublisher(made.client, topics[0]),
        watch,
        Places(*topics, SOURCE),
        Orders(uuid4(), BATCH, until_caught_up=True),
        World(lambda: False, threading.Event().wait, random.random, time.monotonic),
    ).run()
    if watch.timed is None:
        raise RuntimeError("the relay never began")
    return watch.timed


def _producer(made: Bench, topics: Topics, *, transactional: bool) -> Any:
    """Return a producer with the very settings of the relay's."""
    publisher = KafkaPublisher(made.client, topics[0], transactional=transactional)
    producer = KafkaProducer(**publisher._configuration())  # noqa: SLF001  whatever they become
    for one in topics:
        producer.partitions_for(one.name)
    return producer


def _send(producer: Any, messages: Iterable[Message]) -> list[Any]:
    return [
        producer.send(one.topic, one.value, one.key, list(one.headers), one.partition)
        for one in messages
    ]


def _transactional(made: Bench, topics: Topics, ready: Batches) -> Timed:
    producer = _producer(made, topics, transactional=True)
    producer.init_transactions()
    timed = Timed(sum(map(len, ready)))
    for messages in ready:
        producer.begin_transaction()
        sent = _send(producer, messages)
        producer.flush(_ACK_SECONDS)
        for one in sent:
            one.get(0)
        producer.commit_transaction()
    timed.end()
    producer.close()
    return timed


def _plain(made: Bench, topics: Topics, ready: Batches) -> Timed:
    producer = _producer(made, topics, transactional=False)
    timed = Timed(sum(map(len, ready)))
    before: list[Any] = []
    for messages in ready:
        sent = _send(producer, messages)
        for one in before:
            one.get(_ACK_SECONDS)
        before = sent
    for one in before:
        one.get(_ACK_SECONDS)
    timed.end()
    producer.close()
    return timed


def _confluent(made: Bench, topics: Topics, **settings: Any) -> Any:
    producer = confluent_kafka.Producer(
        {
            "bootstrap.servers": made.kafka.bootstrap,
            "compression.type": "lz4",
            "enable.idempotence": True,
            "linger.ms": 5,
            "log_level": 0,
            **settings,
        }
    )
    for one in topics:
        producer.list_topics(one.name, _ACK_SECONDS)
    return producer


def _confluent_transactional(made: Bench, topics: Topics, ready: Batches) -> Timed:
    producer = _confluent(made, topics, **{"transactional.id": topics[0].name})
    producer.init_transactions(_ACK_SECONDS)
    timed = Timed(sum(map(len, ready)))
    for messages in ready:
        producer.begin_transaction()
        _produce(producer, messages)
        producer.commit_transaction(_ACK_SECONDS)
    timed.end()
    return timed


def _confluent_plain(made: Bench, topics: Topics, ready: Batches) -> Timed:
    producer = _confluent(made, topics)
    timed = Timed(sum(map(len, ready)))
    for messages in ready:
        _produce(producer, messages)
    if producer.flush(_ACK_SECONDS):
        raise RuntimeError("the broker did not take all")
    timed.end()
    return timed


def _produce(producer: Any, messages: Iterable[Message]) -> None:
    for one in messages:
        producer.produce(
            one.topic, one.value, one.key, partition=one.partition, headers=list(one.headers)
        )
    producer.poll(0)
