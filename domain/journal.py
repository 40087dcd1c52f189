"""The journal's port: the envelope, many independent appends in one call, and the command path.

``handle`` is the one way in: read, fold, decide, append. Implementations of :class:`Journal` live in
``infra``; the envelope is plain data.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.days import UNKNOWN_DAY, PartialDate
from domain.fact import Fact
from domain.fields import Confidence, DataClass, LegalBasis, SourceKind


@dataclass(frozen=True, slots=True)
class Actor:
    """Who recorded: a person or service, in a role, for an organisation unit."""

    party: str
    role: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact as it is handed in: what, when in life, by whom, on what ground.

    Attributes:
        id: Identity of the fact within its journey; corrections and ties name it.
        fact: The fact itself.
        occurred_on: When it happened in life.
        recorded_by: Who says so.
        controller: The controller in the sense of Art. 4(7) GDPR.
        corrected_class: Data class of what a correction corrects, where it is not the correction's own.
    """

    id: str
    fact: Fact
    occurred_on: PartialDate = UNKNOWN_DAY
    recorded_by: Actor = field(default_factory=lambda: Actor("unknown"))
    controller: str = ""
    source: SourceKind = SourceKind.SELF_REPORT
    confidence: Confidence = Confidence.CERTAIN
    legal_basis: LegalBasis | None = None
    consent_id: str | None = None
    household: UUID | None = None
    causation_id: UUID | None = None
    correlation_id: UUID | None = None
    corrected_class: DataClass | None = None

    @property
    def data_class(self) -> DataClass:
        """Return which key seals the entry: a correction is of the class of what it corrects."""
        return self.corrected_class or self.fact.about.data_class


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry in its place in the journal.

    Attributes:
        position: Place in the whole journal, dense from 1.
        journey: The person's pseudonymous journey.
        version: Place within the journey, dense from 1.
        recorded_at: When it was written (UTC, never earlier than the position before).
        command_id: The command that wrote it.
    """

    position: int
    journey: UUID
    version: int
    recorded_at: datetime
    command_id: UUID
    entry: Entry


class Noted(Protocol):
    """That something was recorded."""

    @property
    def position(self) -> int:
        """Return where."""
        ...

    @property
    def journey(self) -> UUID:
        """Return of which journey."""
        ...


class Outcome(StrEnum):
    """What became of one append."""

    APPENDED = "appended"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Append:
    """One all-or-nothing append to one journey.

    Attributes:
        command_id: The same id with the same body gets the same answer.
        body: Canonical bytes of what was asked for; kept only as a digest.
        journey: The journey appended to.
        after_version: The version that the journey must have; 0 for a new journey.
        entries: What is appended.
        recorded_at: Only when an empty store is loaded with history; else None and the server's clock.
    """

    command_id: UUID
    body: bytes
    journey: UUID
    after_version: int
    entries: tuple[Entry, ...]
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an append, and the position of its first event (None if nothing stands)."""

    outcome: Outcome
    first_position: int | None = None
    count: int = 0


class Journal(Protocol):
    """An append-only journal of many journeys."""

    def append(self, requests: Sequence[Append]) -> Sequence[Answer]:
        """Append independent requests in one transaction; one answer each, in their order."""
        ...

    def answered(self, command_id: UUID, body: bytes) -> Answer | None:
        """Return the answer a command got before (refused: same id, other body); None if it is new."""
        ...

    def read(self, journey: UUID) -> Sequence[Recorded]:
        """Return a journey's records in the order of their versions; empty if there is none."""
        ...

    def page(self, after: int, limit: int) -> Sequence[Recorded]:
        """Return at most ``limit`` records after a position, dense and in order."""
        ...
