"""A projection: a pure fold over the records of one journey, and the table rows that it keeps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from domain.journal import Recorded

State = TypeVar("State")
Row = tuple[object, ...]


class ColumnType(StrEnum):
    """The types of columns that a kept projection may declare."""

    UUID = "uuid"
    TEXT = "text"
    TEXTS = "text[]"
    DATE = "date"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    JSON = "jsonb"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table that a projection keeps.

    Attributes:
        coded: Whether it holds nothing but words of this program. The database then keeps statistics of its
            values also where the table is in clear: they lie beside the table, and in every backup.
    """

    name: str
    type: ColumnType
    coded: bool = False


@dataclass(frozen=True, slots=True)
class Projection(Generic[State]):
    """A reading that is kept as a table, keyed by journey.

    Attributes:
        name: Name of the projection and of its table.
        columns: The columns after the first one, which is always ``journey uuid``.
        start: The state of a journey before its first record.
        apply: Moves the state by one record; pure, total, and blind to what it does not know.
        rows: The rows of a journey without their journey; equal states have equal rows.
        indexed: Columns that are searched by.
        restore: Reads the state back from a journey and its one row; None where only the journey's
            whole history tells it.
        needs: The types of facts that it reads, where it can be restored: published ones only.
        in_clear: Whether it holds values of identity, sensitive or notes. Its table is then left out of
            the write-ahead log and of backups, lost in a crash, and filled anew; it is purged when a key
            is destroyed.
    """

    name: str
    columns: tuple[Column, ...]
    start: State
    apply: Callable[[State, Recorded], State]
    rows: Callable[[UUID, State], Iterable[Row]]
    indexed: tuple[str, ...] = ()
    restore: Callable[[UUID, Row], State] | None = None
    needs: frozenset[str] = frozenset()
    in_clear: bool = False

    def fold(self, records: Iterable[Recorded], state: State | None = None) -> State:
        """Apply records in their order, to the start or to a state that is there already."""
        folded = self.start if state is None else state
        for recorded in records:
            folded = self.apply(folded, recorded)
        return folded
