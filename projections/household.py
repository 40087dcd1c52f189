"""The household: whom a journey names as belonging to it, and what is known of them.

A reading of one journey may rest on what happened to others of its household, and on nothing beyond. The table
says who has to be read anew when somebody's journey goes on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from uuid import UUID

from domain.chain.reading import told
from domain.chain.states.family import FAMILY_FACTS, members
from domain.errors import UnreadableRecordError
from domain.journal import Recorded
from projections.history import NOTHING, Beside, History, history, remember
from projections.projection import Column, ColumnType, Projection, Row

Known = Iterable[tuple[UUID, Sequence[Recorded] | Exception]]
Load = Callable[[Iterable[UUID]], Known]
Read = Callable[[UUID], Sequence[Recorded]]
"""Gives the records of a journey, none if there is no such journey."""


def beside(journeys: Mapping[UUID, Sequence[Recorded]], load: Load) -> Mapping[UUID, Beside]:
    """Return for every journey what is known of the others of its household.

    Args:
        journeys: The records of the journeys in question.
        load: Returns the records of further journeys; what cannot be read is left out.
    """
    named = {journey: _named(records) for journey, records in journeys.items()}
    missing = {one for ids in named.values() for one in ids} - journeys.keys()
    known = dict(journeys)
    if missing:
        known |= {one: found for one, found in load(missing) if not isinstance(found, Exception)}
    return {
        journey: tuple((str(one), tuple(told(known[one]))) for one in ids if known.get(one))
        for journey, ids in named.items()
    }


def around(journey: UUID, records: Sequence[Recorded], read: Read) -> Beside:
    """Return what is known of the others of the household of one journey."""
    return beside({journey: records}, lambda ids: ((one, _readable(one, read)) for one in ids))[
        journey
    ]


def _readable(journey: UUID, read: Read) -> Sequence[Recorded] | Exception:
    try:
        return read(journey)
    except UnreadableRecordError as error:
        return error


def _named(records: Sequence[Recorded]) -> tuple[UUID, ...]:
    """Return the journeys that a journey names; most name none."""
    if not any(one.entry.fact.type_name() in FAMILY_FACTS for one in records):
        return ()
    return tuple(_journeys(members(history(told(records)).view)))


def _journeys(names: Iterable[str]) -> Iterator[UUID]:
    for name in names:
        with suppress(ValueError):
            yield UUID(name)


def _rows(journey: UUID, state: History) -> Iterator[Row]:
    for one in _journeys(members(state.view)):
        if one != journey:
            yield (one,)


HOUSEHOLD: Projection[History] = Projection(
    "household",
    (Column("member", ColumnType.UUID),),
    NOTHING,
    remember,
    _rows,
    indexed=("member",),
    in_clear=True,
)
