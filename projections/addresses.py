"""Addresses: in which town a person lived, and when; the office that has to act follows from it."""

from collections.abc import Iterator
from uuid import UUID

from domain.chain.states.address import addresses
from projections.history import NOTHING, History, remember
from projections.projection import Column, ColumnType, Projection, Row


def _rows(_: UUID, state: History) -> Iterator[Row]:
    for one in addresses(state.view):
        yield one.ags, one.since, one.until


ADDRESSES: Projection[History] = Projection(
    "addresses",
    (
        Column("ags", ColumnType.TEXT),
        Column("since", ColumnType.DATE),
        Column("until", ColumnType.DATE),
    ),
    NOTHING,
    remember,
    _rows,
)
