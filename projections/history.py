"""What is remembered of a journey: all that was told, and what follows from it, worked out once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from domain.chain.bounds import Bounds
from domain.chain.derived import Derived
from domain.chain.evaluation import intervals
from domain.chain.intervals import Interval
from domain.chain.reading import Told, View, read
from domain.journal import Recorded
from projections.practice import practice

Beside = tuple[tuple[str, tuple[Told, ...]], ...]
"""What was told of the other journeys of a household, by their ids."""


@dataclass(frozen=True)
class History:
    """The facts told of one journey, and their corrected view as it was known at a day.

    Attributes:
        told: What was told, in order.
        known_at: The last day whose recordings count; None counts everything.
        beside: What was told of the others of the household.
        bounds: The law and the practice to judge by; None: those of this process.
    """

    told: tuple[Told, ...] = ()
    known_at: date | None = None
    beside: Beside = ()
    bounds: Bounds | None = None

    @cached_property
    def view(self) -> View:
        """Return the corrected view; empty after erasure."""
        return read(self.told, self.known_at)

    @cached_property
    def derived(self) -> Derived:
        """Return the states derived from the view."""
        household = {journey: read(told, self.known_at) for journey, told in self.beside}
        return Derived(self.view, self.bounds or practice(), household)

    @cached_property
    def intervals(self) -> tuple[Interval, ...]:
        """Return every gap, chance and missing value, those ahead included."""
        return intervals(self.derived)


NOTHING = History()


def history(
    told: Sequence[Told],
    known_at: date | None = None,
    beside: Beside = (),
    bounds: Bounds | None = None,
) -> History:
    """Return the history of what was told."""
    return History(tuple(told), known_at, beside, bounds)


def remember(before: History, recorded: Recorded) -> History:
    """Return the history with one record more."""
    entry = recorded.entry
    told = Told(entry.id, entry.fact, entry.occurred_on, recorded.recorded_at)
    return replace(before, told=(*before.told, told))
