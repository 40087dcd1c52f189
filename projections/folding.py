"""Folding the records of one journey into the rows of every projection."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from domain.journal import Recorded
from projections.history import Beside, History
from projections.projection import Projection, Row

State = TypeVar("State", bound=Hashable)
Rows = Mapping[str, Sequence[Row]]


def rows_of(
    projections: Sequence[Projection[State]],
    journey: UUID,
    records: Sequence[Recorded],
    beside: Beside = (),
) -> Rows:
    """Return the rows of a journey by projection; projections that fold alike share one state.

    Args:
        projections: What is kept.
        journey: Whose rows.
        records: What is recorded of it.
        beside: What was told of the others of its household.
    """
    states: dict[tuple[State, Callable[[State, Recorded], State]], State] = {}
    rows: dict[str, Sequence[Row]] = {}
    for one in projections:
        kind = (one.start, one.apply)
        if kind not in states:
            states[kind] = one.fold(records, _among(one.start, beside))
        rows[one.name] = tuple(one.rows(journey, states[kind]))
    return rows


def _among(start: State, beside: Beside) -> State:
    """Return the start of a history among the others of a household; any other start as it is."""
    return replace(start, beside=beside) if beside and isinstance(start, History) else start
