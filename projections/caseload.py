"""Caseload: which case stood under which unit and case manager, and when."""

from collections.abc import Iterator
from uuid import UUID

from projections.history import NOTHING, History, remember
from projections.projection import Column, ColumnType, Projection, Row
from projections.stretches.counselling import tenures


def _rows(_: UUID, state: History) -> Iterator[Row]:
    for one in tenures(state.derived):
        yield (
            one.case_id,
            one.unit,
            one.carrier,
            one.case_manager,
            one.state.value,
            one.since.latest,
            one.until,
        )


CASELOAD: Projection[History] = Projection(
    "caseload",
    (
        Column("case_id", ColumnType.TEXT),
        Column("unit", ColumnType.TEXT),
        Column("carrier", ColumnType.TEXT),
        Column("case_manager", ColumnType.TEXT),
        Column("state", ColumnType.TEXT),
        Column("since", ColumnType.DATE),
        Column("until", ColumnType.DATE),
    ),
    NOTHING,
    remember,
    _rows,
)
