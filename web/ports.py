"""What the pages need from below: small ports that the wiring fills."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from threading import Event
from typing import Protocol
from uuid import UUID

from domain.commands import Command
from domain.integrity import Check, Standing
from domain.journal import Actor, Answer, Recorded
from domain.organisations import Municipality
from projections.figures import Figures, FiguresQuery
from projections.worklist import Choices, Freshness, GapPage, GapQuery, Header, Tiles


class Records(Protocol):
    """The journal as it is read."""

    def read(self, journey: UUID) -> Sequence[Recorded]:
        """Return a journey's records in order; empty if there is none."""
        ...

    def page(self, after: int, limit: int) -> Sequence[Recorded]:
        """Return at most ``limit`` records after a position, dense and in order."""
        ...


class Tail(Protocol):
    """The journal as it is followed."""

    def rows(self, after: int, stop: Event) -> Iterator[Sequence[object]]:
        """Yield what was recorded after a position, then what is recorded, until stopped."""
        ...


class GapLists(Hashable, Protocol):
    """The gap list over all journeys."""

    def gap_list_with_tiles(self, query: GapQuery) -> tuple[GapPage, Tiles]:
        """Return one page of the list, and the figures over everything that the filters leave."""
        ...

    def choices(self) -> Choices:
        """Return what the filters can be set to."""
        ...


class Register(Protocol):
    """Who a journey is about, and how far the tables have read."""

    def journey_header(self, journey: UUID) -> Header | None:
        """Return who a journey is about; None if the tables do not know it (yet)."""
        ...

    def freshness(self) -> Freshness:
        """Return how far the tables have read."""
        ...


class Counts(Protocol):
    """What the units carry and have done."""

    def figures(self, query: FiguresQuery) -> Figures:
        """Return the figures of every unit, and of all together."""
        ...


class Integrity(Protocol):
    """Whether the journal is as it was written, and what was signed of it."""

    def standing(self) -> Standing:
        """Return how far the journal is signed."""
        ...

    def check(self, *, anew: bool = False) -> Check:
        """Compare all events with all that was signed; return how far that is after two seconds."""
        ...

    def proof(self, journey: UUID) -> bytes:
        """Return the proof of one journey as JSON."""
        ...

    def published(self, path: str) -> bytes | None:
        """Return the newest checkpoint or a tile by its path; None if there is none."""
        ...


@dataclass(frozen=True)
class Ports:
    """Everything that the pages stand on.

    Attributes:
        records: The journal.
        tail: The journal as it grows.
        gaps: The gap list.
        register: The register of journeys.
        counts: The figures of the units.
        integrity: The tree of the journal.
        record: Does what a command asks for.
        now: The clock.
        new_id: Where ids come from.
        metrics: The figures in the text format of Prometheus.
        actor: Who records until access control exists.
        place: Whose data these are, with its units, posts and towns.
    """

    records: Records
    tail: Tail
    gaps: GapLists
    register: Register
    counts: Counts
    integrity: Integrity
    record: Callable[[Command], Answer]
    now: Callable[[], datetime]
    new_id: Callable[[], UUID]
    metrics: Callable[[], bytes]
    actor: Actor
    place: Municipality

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Return the names of towns, units and people by the keys under which facts hold them."""
        return self.place.names()
