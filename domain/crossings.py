"""Crossings: a gap opened, escalated, closed or was undone, or a status changed, on a day.

They are the journal's second outbox (design 4, line 22): written once by the clock, never rebuilt.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import JsonValue


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
        key: Which instance of the rule (ids of facts: never leaves the house); empty for a status.
        day: The day in life on which it happened.
        noticed_at: When it was written.
        told: The fields of the public event beyond those above; published as they stand.
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
