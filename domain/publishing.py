"""Publishing the journal: how far it has come, how far it was published, and what may stop it."""

from dataclasses import dataclass
from uuid import UUID

from domain.errors import KetteError


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the journal and the second outbox stand.

    Attributes:
        position: The last position of the journal; 0 if nothing is recorded.
        crossing: The number of the last crossing; 0 if there is none.
        epoch: The log's identity.
    """

    position: int
    crossing: int
    epoch: UUID


@dataclass(frozen=True, slots=True)
class Progress:
    """Up to where a topic holds the journal; stored in the same transaction as what it speaks of.

    Attributes:
        position: The last position of the journal that was published.
        leaf: Digest of the record at that position; empty before the first.
        crossing: The number of the last crossing that was published.
        epoch: The log's identity.
        run: The run of the relay that wrote it.
        complete: Whether the topic has ever stood where the journal did.
    """

    position: int
    leaf: bytes
    crossing: int
    epoch: UUID
    run: UUID
    complete: bool = False


class DivergedError(KetteError):
    """What the topic holds is not the beginning of this journal; going on would lose or double events."""

    code = "diverged"


class FencedError(KetteError):
    """Another relay took this one's place, or this one stood still for longer than a transaction may."""

    code = "fenced"


class RecordRefusedError(KetteError):
    """A record of the batch is larger than the broker or the client allows."""

    code = "record-refused"


class PublishingFailedError(KetteError):
    """The broker did not take the batch, or did not answer in time; nothing of it counts.

    Attributes:
        reason: The kind of failure, for figures.
    """

    code = "publishing-failed"

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason
