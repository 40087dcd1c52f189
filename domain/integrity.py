"""Whether the journal is as it was written: what can be wrong with it, and what was signed of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from typing_extensions import override

from domain.errors import JournalCorruptError


class Flaw(StrEnum):
    """What is wrong at a position; the value is stored."""

    MISSING = "missing"
    EXTRA = "extra"
    HEADER = "header"
    COLUMNS = "columns"
    LEAF = "leaf"
    DIGEST = "digest"
    LINK = "link"
    ORDER = "order"
    SIGNED = "signed"
    ROOT = "root"
    TILE = "tile"
    NOTE = "note"
    SET_BACK = "set-back"


_SENTENCES: Mapping[Flaw, str] = MappingProxyType(
    {
        Flaw.MISSING: "the event is missing",
        Flaw.EXTRA: "a row stands where no event was recorded",
        Flaw.HEADER: "the header cannot be read",
        Flaw.COLUMNS: "the header belongs to another place, journey or log than its row says",
        Flaw.LEAF: "the leaf is not the digest of the header",
        Flaw.DIGEST: "the payload is not the one that was recorded",
        Flaw.LINK: "version or previous leaf do not continue the journey",
        Flaw.ORDER: "the moment of recording lies before that of the event before",
        Flaw.SIGNED: "the event is not the one that was signed",
        Flaw.ROOT: "from here on, the events are not those that were signed",
        Flaw.TILE: "its tile is damaged, the event is the one that was signed: remove log/tile, it is made anew",
        Flaw.NOTE: "the checkpoint is not what the notary signed",
        Flaw.SET_BACK: "the folder holds this checkpoint, the database does not: it was set back",
    }
)


@dataclass(frozen=True, slots=True)
class Broken:
    """The first thing that is wrong.

    Attributes:
        position: Where; of a checkpoint, its size.
        journey: Whose event it is; None if that cannot be said.
    """

    flaw: Flaw
    position: int
    journey: UUID | None = None

    @override
    def __str__(self) -> str:
        """Say it for people who look after the service."""
        whose = "" if self.journey is None else f", journey {self.journey}"
        return f"position {self.position}{whose}: {_SENTENCES[self.flaw]}"


class AlteredError(JournalCorruptError):
    """The journal is not as it was written or signed.

    Attributes:
        broken: What is wrong, and where.
    """

    def __init__(self, broken: Broken) -> None:
        super().__init__(f"the journal was altered at {broken}")
        self.broken = broken


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed tree head.

    Attributes:
        note: The signed note.
    """

    size: int
    root: bytes
    note: bytes
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A witness has seen that a checkpoint continues all that it saw before."""

    witness: str
    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """The notary stopped signing.

    Attributes:
        reason: A sentence for people who look after the service; it holds no personal value.
    """

    at: datetime
    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the journal is signed.

    Attributes:
        head: The last position of the journal.
        checkpoint: The newest checkpoint; None before the first.
        unsigned_since: When the first event was recorded that no checkpoint holds yet; None if there is none.
        refusal: Why the notary has not signed since; None if it goes on.
        cosignatures: The newest of each witness that is known here.
        key: The notary's verifier key; empty before the first checkpoint.
    """

    head: int
    checkpoint: Checkpoint | None
    unsigned_since: datetime | None
    refusal: Refusal | None
    cosignatures: tuple[Cosignature, ...]
    key: str

    @property
    def unsigned(self) -> int:
        """Return how many events no checkpoint holds yet."""
        return self.head - (self.checkpoint.size if self.checkpoint else 0)


@dataclass(frozen=True, slots=True)
class Check:
    """How far every event was compared with what was written and signed.

    Attributes:
        done: How many events were looked at.
        of: How many there were to look at.
        checkpoints: How many checkpoints their roots were compared with.
        root: The root at the last of these checkpoints, computed from the events.
        seconds: How long it took so far.
        at: When it began.
        running: Whether it goes on.
        broken: The first thing that is wrong.
    """

    done: int
    of: int
    checkpoints: int
    root: bytes
    seconds: float
    at: datetime
    running: bool
    broken: Broken | None
