"""What is on its way out of the house: a record that may be opened, or only its place.

What may be opened is decided where the journal is read; everything behind it can no longer tell what
it was never given.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.journal import Entry


class Withheld(StrEnum):
    """Why subscribers learn only that a journey advanced."""

    CLASS = "class"
    ERASED = "erased"
    NOT_PUBLISHED = "not_published"


@dataclass(frozen=True, slots=True)
class Target:
    """What a correction or retraction points at.

    Attributes:
        version: Its version in the journey.
        type_name: Its type.
        root: Where it is itself a correction or retraction: the type of the fact at the end of the chain.
    """

    version: int
    type_name: str
    root: str | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record of the journal as the relay reads it.

    Attributes:
        position: Place in the whole journal, dense from 1.
        version: Place within the journey, dense from 1.
        leaf: Digest of the stored header, 32 bytes: says which record stands at the position.
        entry: What was recorded; None if it must not be opened.
        withheld: Why it must not be opened: another class than base, or erased; else None.
        target: What a correction or retraction points at, if it is one and is opened.
    """

    position: int
    journey: UUID
    version: int
    recorded_at: datetime
    command_id: UUID
    leaf: bytes
    entry: Entry | None
    withheld: Withheld | None = None
    target: Target | None = None
