"""Folding the records of one journey into the rows of every projection."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from domain.journal import Recorded
from projections.projection import Projection, Row

State = TypeVar("State", bound=Hashable)
Rows = Mapping[str, Sequence[Row]]


def rows_of(
    projections: Sequence[Projection[State]], journey: UUID, records: Sequence[Recorded]
) -> Rows:
    """Return the rows of a journey by projection; projections that fold alike share one state."""
    states: dict[tuple[State, Callable[[State, Recorded], State]], State] = {}
    rows: dict[str, Sequence[Row]] = {}
    for one in projections:
        kind = (one.start, one.apply)
        if kind not in states:
            states[kind] = one.fold(records)
        rows[one.name] = tuple(one.rows(journey, states[kind]))
    return rows
