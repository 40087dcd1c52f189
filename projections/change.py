"""What a batch changes in the tables of a consumer group, and what stood there before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from domain.arrived import Parked
from domain.errors import KetteError
from domain.journal import Recorded
from projections.folding import Rows
from projections.projection import Row


@dataclass(frozen=True, slots=True)
class Change:
    """What is written in one transaction.

    Attributes:
        rows: The new rows of journeys, in the place of all that they had.
        versions: The version of each journey up to which its rows hold it.
        parked: What is put aside, in the order of the topic.
        known: How many records told nothing new.
    """

    rows: Sequence[tuple[UUID, Rows]] = ()
    versions: Mapping[UUID, int] = field(default_factory=dict)
    parked: Sequence[Parked] = ()
    known: int = 0


class Standing(Protocol):
    """What stands of some journeys before a batch."""

    @property
    def versions(self) -> Mapping[UUID, int]:
        """Return the version up to which each is held; those never seen are missing."""
        ...

    @property
    def parked(self) -> frozenset[UUID]:
        """Return those that are parked."""
        ...

    def rows(self, journeys: Iterable[UUID]) -> Mapping[UUID, Row]:
        """Return the one row of each, where the projection goes on from its own row."""
        ...

    def told(
        self, journeys: Iterable[UUID]
    ) -> Iterator[tuple[UUID, Sequence[Recorded] | KetteError]]:
        """Yield what the journal holds of each, or why it cannot be read."""
        ...

    def erased(self, positions: Iterable[int]) -> frozenset[UUID]:
        """Return the journeys that a record at one of these positions erased."""
        ...
