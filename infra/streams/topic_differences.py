"""How a cluster's topics differ from the declared ones; pure comparison, nothing is asked or changed here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from typing_extensions import override

from schemas.topics import AclLine, Topic

_SET_WHILE_PARTITIONS_MOVE = frozenset(
    {"leader.replication.throttled.replicas", "follower.replication.throttled.replicas"}
)


class Kind(StrEnum):
    """What differs."""

    TOPIC = "topic"
    PARTITIONS = "partitions"
    REPLICATION = "replication"
    SETTING = "setting"
    ACCESS = "access"


class Cure(StrEnum):
    """What ``apply`` does about it; what is left needs a person."""

    CREATE = "create"
    CHANGE = "change"
    ALLOW = "allow"
    REFUSE = "refuse"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """A topic as the cluster has it; ``overrides`` names the settings made for this topic alone."""

    partitions: int
    replicas: int
    settings: Mapping[str, str]
    overrides: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What the cluster has; ``lines`` is None where it has no authorizer."""

    brokers: int
    topics: Mapping[str, FoundTopic]
    lines: frozenset[AclLine] | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as declared; ``wanted`` and ``found`` are None for what should not or does not exist."""

    kind: Kind
    topic: str
    name: str
    wanted: str | None
    found: str | None
    cure: Cure
    line: AclLine | None = None

    @override
    def __str__(self) -> str:
        """Return the sentence about it, with the cure where ``apply`` does not bring it."""
        told = f"{self.topic}: {self.name} is {self.found or 'missing'}"
        told += f", declared is {self.wanted}" if self.wanted else ", which is not declared"
        match self.kind:
            case Kind.PARTITIONS:
                return f"{told}; partitions never change: take a new generation (--generation N)"
            case Kind.REPLICATION:
                return f"{told}; reassign its partitions with Kafka's own tool, or take a new generation"
            case Kind.ACCESS if self.cure is Cure.LEAVE:
                return f"{told}; remove it with Kafka's own tool, or declare it"
            case _:
                return told


def wanted_replicas(brokers: int) -> int:
    """Return over how many brokers a new topic is spread."""
    return min(3, brokers)


def wanted_settings(topic: Topic, replicas: int) -> dict[str, str]:
    """Return the settings of a topic; of three replicas two must have a record before it counts."""
    return {**topic.settings, "min.insync.replicas": "2" if replicas >= 3 else "1"}


def lines_of(topics: Sequence[Topic], lines: Mapping[str, Sequence[AclLine]]) -> list[AclLine]:
    """Return every declared line once, in the topics' order."""
    return list(dict.fromkeys(line for topic in topics for line in lines[topic.name]))


def differences(
    topics: Sequence[Topic], lines: Mapping[str, Sequence[AclLine]], found: Found
) -> tuple[Difference, ...]:
    """Return what is not as declared, topics in order, rights last."""
    told = [one for topic in topics for one in _of_topic(topic, found)]
    if found.lines is not None:
        told += _of_lines(topics, lines_of(topics, lines), found.lines)
    return tuple(told)


def _of_topic(topic: Topic, found: Found) -> Iterator[Difference]:
    there = found.topics.get(topic.name)
    if there is None:
        spread = f"partitions {topic.partitions}, replicas {wanted_replicas(found.brokers)}"
        yield Difference(Kind.TOPIC, topic.name, "the topic", spread, None, Cure.CREATE)
        return
    if there.partitions != topic.partitions:
        yield _number(Kind.PARTITIONS, topic, topic.partitions, there.partitions, Cure.REFUSE)
    if there.replicas < wanted_replicas(found.brokers):
        wanted = wanted_replicas(found.brokers)
        yield _number(Kind.REPLICATION, topic, wanted, there.replicas, Cure.LEAVE)
    yield from _of_settings(topic, there)


def _number(kind: Kind, topic: Topic, wanted: int, found: int, cure: Cure) -> Difference:
    return Difference(kind, topic.name, kind.value, str(wanted), str(found), cure)


def _of_settings(topic: Topic, there: FoundTopic) -> Iterator[Difference]:
    """Yield declared settings with another value, and settings that nobody declared."""
    wanted = wanted_settings(topic, there.replicas)
    undeclared = there.overrides - wanted.keys() - _SET_WHILE_PARTITIONS_MOVE
    for name in [*wanted, *sorted(undeclared)]:
        value, is_now = wanted.get(name), there.settings.get(name)
        if value != is_now:
            yield Difference(Kind.SETTING, topic.name, name, value, is_now, Cure.CHANGE)


def _of_lines(
    topics: Sequence[Topic], wanted: Sequence[AclLine], found: frozenset[AclLine]
) -> Iterator[Difference]:
    """Yield rights that are missing, and rights on declared topics that nobody declared."""
    for line in wanted:
        if line not in found:
            yield _right(line, f"given to {line.principal}", None, Cure.ALLOW)
    names = {topic.name for topic in topics}
    for line in sorted(found - set(wanted), key=str):
        if line.resource_type == "TOPIC" and _covers(line, names):
            yield _right(line, None, f"given to {line.principal}", Cure.LEAVE)


def _covers(line: AclLine, names: set[str]) -> bool:
    if line.pattern == "PREFIXED":
        return any(name.startswith(line.resource) for name in names)
    return line.resource in {*names, "*"}


def _right(line: AclLine, wanted: str | None, found: str | None, cure: Cure) -> Difference:
    name = f"{line.operation} on {line.resource_type} ({line.pattern.lower()})"
    return Difference(Kind.ACCESS, line.resource, name, wanted, found, cure, line)
