"""Crossings: a gap opened, escalated, closed or was undone, or a status changed, on a day.

They are the journal's second outbox (design 4, line 22): written once by the clock, never rebuilt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import JsonValue

from domain.journal import Recorded


class CrossingKind(StrEnum):
    """What happened."""

    OPENED = "opened"
    ESCALATED = "escalated"
    CLOSED = "closed"
    REVOKED = "revoked"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Crossing:
    """One crossing in its place in the second outbox.

    Attributes:
        seq: Number, dense from 1 over all journeys.
        basis_position: The journal up to here was known when it was noticed; published after that.
        kind: What happened.
        name: The rule's id; for a status change the field of action.
        key: Which instance of the rule, its facts named by their versions; empty for a status.
        day: The day in life on which it happened; of a revocation, the day of what is undone.
        noticed_at: When it was written.
        told: The fields of the public event beyond those above; published as they stand.
        undoes: Number of the crossing that a revocation takes back, or that a status told anew replaces.
        round: How often the same was told on the same day before; not 0 only where it was undone since.
    """

    seq: int
    basis_position: int
    journey: UUID
    kind: CrossingKind
    name: str
    key: str
    day: date
    noticed_at: datetime
    told: Mapping[str, JsonValue]
    undoes: int | None = None
    round: int = 0


@dataclass(frozen=True, slots=True)
class Noticed:
    """A crossing that is to be told and has no place in the outbox yet; its fields are those of a crossing."""

    kind: CrossingKind
    name: str
    key: str
    day: date
    told: Mapping[str, JsonValue]
    undoes: int | None = None
    round: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """A journey that has to be looked at.

    Attributes:
        records: What is known of it; nothing once it is erased.
        considered: The version up to which it was known when it was last looked at.
        version: The version up to which it is known now.
        told: All that was told of it, in order.
    """

    journey: UUID
    records: Sequence[Recorded]
    considered: int
    version: int
    told: Sequence[Crossing]


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be told of a journey.

    Attributes:
        version: The version up to which it was known.
        crossings: What is told, in order.
        next_day: The first day on which something crosses by itself; None: none is known.
        withheld: How many instances are kept back because they rest on more than class base.
    """

    journey: UUID
    version: int
    crossings: Sequence[Noticed]
    next_day: date | None
    withheld: int
