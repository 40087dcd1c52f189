"""The topics, declared as data: what they are called, how long they keep, who may do what.

Numbers of partitions never change: another number is another topic. A topic of events stamps records
with the moment they arrive (LogAppendTime), or a republished old event would be deleted at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

_MINUTE = 60_000
_DAY = 24 * 60 * _MINUTE
_WEEK = 7 * _DAY

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
        name_of: What a journey is called on this topic; never the same on two audiences.
    """

    name: str
    partitions: int
    cleanup: Cleanup
    retention_ms: int | None
    config: Mapping[str, str]
    relay_partition: int
    purpose: str
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
    relay_partition=15,
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
)
DEAD_LETTERS = Topic(
    "kette.journey.v1.dlq",
    1,
    Cleanup.DELETE,
    4 * _WEEK,
    _EVENTS,
    relay_partition=0,
    purpose="Bytes that no reader could read, with the place where they lay.",
)
TOPICS = (JOURNEY, SUBJECTS, PROGRESS, DEAD_LETTERS)


def generation(topic: Topic, number: int) -> Topic:
    """Return a topic's generation: the first is the topic itself, the second ``….g2``.

    Its relay has a partition of progress of its own, shared only with one 15 generations away.
    """
    if number < 1:
        raise ValueError("generations are numbered from 1")
    if number == 1:
        return topic
    return replace(
        topic,
        name=f"{topic.name}.g{number}",
        relay_partition=(topic.relay_partition + number - 1) % 15,
    )


def dead_letters(topic: Topic) -> Topic:
    """Return where the bytes of a topic go that no reader could read."""
    return replace(DEAD_LETTERS, name=f"{topic.name}.dlq")


def acl_lines(topic: Topic) -> tuple[AclLine, ...]:
    """Return who may do what with a topic of events: the relay writes, the house's groups read."""
    dead = dead_letters(topic).name
    return (
        AclLine(RELAY, "WRITE", "TOPIC", topic.name),
        AclLine(RELAY, "DESCRIBE", "TOPIC", topic.name),
        AclLine(RELAY, "WRITE", "TRANSACTIONAL_ID", TRANSACTIONS, "PREFIXED"),
        AclLine(RELAY, "DESCRIBE", "TRANSACTIONAL_ID", TRANSACTIONS, "PREFIXED"),
        *(AclLine(RELAY, may, "TOPIC", PROGRESS.name) for may in ("READ", "WRITE", "DESCRIBE")),
        AclLine(CONSUMER, "READ", "TOPIC", topic.name),
        AclLine(CONSUMER, "DESCRIBE", "TOPIC", topic.name),
        AclLine(CONSUMER, "READ", "GROUP", GROUPS, "PREFIXED"),
        AclLine(CONSUMER, "WRITE", "TOPIC", dead),
        AclLine(CONSUMER, "DESCRIBE", "TOPIC", dead),
    )
