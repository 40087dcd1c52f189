"""The topics, declared as data: what they are called, how long they keep, who may do what.

Numbers of partitions never change: another number is another topic. A topic of events stamps records
with the moment they arrive (LogAppendTime), or a republished old event would be deleted at once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

_MINUTE = 60_000
_DAY = 24 * 60 * _MINUTE
_WEEK = 7 * _DAY
_GENERATIONS = 8

RELAY = "User:kette-relay"
CONSUMER = "User:kette-consumer"
GROUPS = "kette-"
TRANSACTIONS = "kette-relay-"


class Cleanup(StrEnum):
    """What the broker does with old records."""

    DELETE = "delete"
    COMPACT = "compact"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it is to be.

    Attributes:
        name: Its name, with the version of its form.
        partitions: How many partitions it has, for ever.
        cleanup: What the broker does with old records.
        retention_ms: How long a record is kept, in milliseconds; None where the newest of a key stays.
        config: The other settings of the topic, as the broker names them.
        relay_partition: The partition of the progress topic that belongs to its relay alone.
        purpose: What it is for, in a sentence.
        writers: The principals that may write it.
        readers: The principals that may read it.
        name_of: What a journey is called on this topic; never the same on two audiences.
    """

    name: str
    partitions: int
    cleanup: Cleanup
    retention_ms: int | None
    config: Mapping[str, str] = field(hash=False)
    relay_partition: int
    purpose: str
    writers: tuple[str, ...] = (RELAY,)
    readers: tuple[str, ...] = (CONSUMER,)
    name_of: Callable[[UUID], str] = field(default=str, compare=False)

    @property
    def settings(self) -> Mapping[str, str]:
        """Return every setting of the topic as the broker names them."""
        told = {"cleanup.policy": self.cleanup.value, **self.config}
        if self.retention_ms is not None:
            told["retention.ms"] = str(self.retention_ms)
        return told


@dataclass(frozen=True, slots=True)
class AclLine:
    """One line of who may do what; ``pattern`` is ``LITERAL`` or ``PREFIXED``."""

    principal: str
    operation: str
    resource_type: str
    resource: str
    pattern: str = "LITERAL"


_EVENTS = MappingProxyType(
    {
        "message.timestamp.type": "LogAppendTime",
        "segment.ms": str(_DAY),
        "max.message.bytes": "1048588",
    }
)
_STATES = MappingProxyType(
    {
        "message.timestamp.type": "LogAppendTime",
        "segment.ms": str(60 * _MINUTE),
        "min.cleanable.dirty.ratio": "0.1",
        "max.compaction.lag.ms": str(_DAY),
        "delete.retention.ms": str(2 * _WEEK),
    }
)

JOURNEY = Topic(
    "kette.journey.v1",
    12,
    Cleanup.DELETE,
    _WEEK,
    _EVENTS,
    relay_partition=0,
    purpose="Every event of every journey, for readers inside the house.",
)
SUBJECTS = Topic(
    "kette.subjects.v1",
    12,
    Cleanup.COMPACT,
    None,
    _STATES,
    relay_partition=8,
    purpose="Whether a journey is led or was erased: one record per journey.",
)
PROGRESS = Topic(
    "kette.relay.v1",
    16,
    Cleanup.COMPACT,
    None,
    _STATES,
    relay_partition=0,
    purpose="How far each relay has come: one record per topic, each in a partition of its own.",
    readers=(RELAY,),
)
DEAD_LETTERS = Topic(
    "kette.journey.v1.dlq",
    1,
    Cleanup.DELETE,
    _WEEK,
    _EVENTS,
    relay_partition=0,
    purpose="Bytes that no reader could read, with the place where they lay.",
    writers=(CONSUMER,),
)
TOPICS = (JOURNEY, SUBJECTS, PROGRESS, DEAD_LETTERS)


def generation(topic: Topic, number: int) -> Topic:
    """Return a topic's generation: the first is the topic itself, the second ``….g2``.

    Its relay has a partition of progress of its own, which it shares with the eighth before and after.
    """
    if number < 1:
        raise ValueError("generations are numbered from 1")
    if number == 1:
        return topic
    first = topic.relay_partition - topic.relay_partition % _GENERATIONS
    return replace(
        topic,
        name=f"{topic.name}.g{number}",
        relay_partition=first + (topic.relay_partition - first + number - 1) % _GENERATIONS,
    )


def dead_letters(topic: Topic) -> Topic:
    """Return where the bytes of a topic go that no reader could read."""
    return replace(DEAD_LETTERS, name=f"{topic.name}.dlq")


def acl_lines(topic: Topic) -> tuple[AclLine, ...]:
    """Return who may do what with a topic, and what they need besides to do it."""
    return (*_write_lines(topic), *_read_lines(topic))


def _write_lines(topic: Topic) -> Iterator[AclLine]:
    for principal in topic.writers:
        yield AclLine(principal, "WRITE", "TOPIC", topic.name)
        yield AclLine(principal, "DESCRIBE", "TOPIC", topic.name)
    if RELAY in topic.writers:
        yield AclLine(RELAY, "WRITE", "TRANSACTIONAL_ID", TRANSACTIONS, "PREFIXED")
        yield AclLine(RELAY, "DESCRIBE", "TRANSACTIONAL_ID", TRANSACTIONS, "PREFIXED")


def _read_lines(topic: Topic) -> Iterator[AclLine]:
    for principal in topic.readers:
        yield AclLine(principal, "READ", "TOPIC", topic.name)
        yield AclLine(principal, "DESCRIBE", "TOPIC", topic.name)
    if CONSUMER in topic.readers:
        yield AclLine(CONSUMER, "READ", "GROUP", GROUPS, "PREFIXED")
