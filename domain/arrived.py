"""What has arrived from a topic: a record as the broker handed it over, unread."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

BEHIND = "behind a parked event of its journey"


class Arrived(Protocol):
    """A record of a topic with its coordinates."""

    @property
    def topic(self) -> str:
        """Return the topic."""
        ...

    @property
    def partition(self) -> int:
        """Return the partition of the topic."""
        ...

    @property
    def offset(self) -> int:
        """Return the place in the partition."""
        ...

    @property
    def key(self) -> bytes | None:
        """Return the key; None if it has none."""
        ...

    @property
    def value(self) -> bytes | None:
        """Return the value; None if it has none."""
        ...

    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]:
        """Return the headers in their order."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that was put aside and is read again."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


@dataclass(frozen=True, slots=True)
class Parked:
    """A record that waits behind the park of its journey, and why."""

    journey: UUID
    version: int
    reason: str
    raw: Arrived


@dataclass(frozen=True, slots=True)
class Place:
    """How far a partition is read, and the fencing token of who reads it.

    Attributes:
        next_offset: The offset after the last one whose effect is written.
        generation: Raised by whoever takes the partition over.
    """

    next_offset: int
    generation: int


@dataclass(frozen=True, slots=True)
class Span:
    """What a batch covers of a partition: read from one offset up to before another, under a token."""

    partition: int
    first: int
    beyond: int
    generation: int


def told_id(journey: UUID, version: int) -> str:
    """Return the id of a fact that came from a topic, where the id it was recorded under is unknown."""
    return f"{journey}/{version}"
