"""A population under changed bounds: how many instances are due, open or closed, by rule and unit.

A rule that asks for none of the changed bounds, itself or through what it is derived from, finds the same under both
and is read once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from typing import Any, TypeVar

from typing_extensions import override

from domain.chain.bounds import STANDARD, Bound, Bounds
from domain.chain.catalogue import RULES
from domain.chain.derived import Derived
from domain.chain.evaluation import intervals
from domain.chain.intervals import Interval, Kind, State
from domain.chain.reading import Told, View, read
from domain.chain.rule import Rule
from projections.stretches.counselling import tenures

Found = TypeVar("Found")

Place = tuple[str, str, Kind, State]
"""Rule, unit, kind and state."""

_LIVE = frozenset({State.DUE, State.OPEN})


@dataclass(frozen=True, slots=True)
class Difference:
    """How many instances of a rule in a unit stand in a state, before and after."""

    rule: str
    unit: str
    kind: Kind
    state: State
    before: int
    after: int


class Watched(Derived):
    """The states of a journey, each remembering which of the changed bounds it was derived from.

    Args:
        view: The corrected view.
        bounds: Bounds that note in ``asked`` which of the changed ones they are asked for.
        asked: What was asked for since it was last cleared; a state that is asked for again adds what it rests on.
    """

    def __init__(self, view: View, bounds: Bounds, asked: set[str]) -> None:
        self._asked = asked
        self._noted: dict[object, tuple[Any, frozenset[str]]] = {}
        super().__init__(view, bounds)

    @override
    def on(self, view: View) -> "Watched":
        """Return the states of another view, watched in the same way."""
        return Watched(view, self.bounds, self._asked)

    @override
    def once(self, find: Callable[[Derived], Found]) -> Found:
        """Return what a function finds in this journey; it looks only once."""
        asked, noted = self._asked, self._noted.get(find)
        if noted is None:
            before = set(asked)
            asked.clear()
            noted = self._noted[find] = find(self), frozenset(asked)
            asked |= before
        found: Found
        found, rests_on = noted
        asked |= rests_on
        return found


def _watch_states() -> None:
    """Let every state of a watched journey be looked for by ``once``."""
    for name, state in vars(Derived).items():
        if isinstance(state, cached_property):
            setattr(Watched, name, property(partial(Watched.once, find=state.func)))


_watch_states()


class Simulation:
    """The counts of a population under two sets of bounds.

    Args:
        changed: The bounds in question.
        names: Which of them differ from ``usual``.
        day: The day on which states are told.
        usual: The bounds as they are.
    """

    def __init__(
        self, changed: Bounds, names: frozenset[str], day: date, usual: Bounds = STANDARD
    ) -> None:
        self._changed = changed
        self._day = day
        self._names = names
        self._usual, self._asked = _listening(usual, names) if names else (usual, set[str]())
        self.before: Counter[Place] = Counter()
        self.after: Counter[Place] = Counter()
        self.journeys = 0
        self.differing = 0

    def add(self, told: Iterable[Told]) -> None:
        """Count one journey."""
        view = read(tuple(told))
        journey: Derived = Derived(view, self._usual)
        if not self._names:
            self._count(journey, intervals(journey), (), ())
            return
        journey = Watched(view, self._usual, self._asked)
        kept: list[Interval] = []
        old: list[Interval] = []
        touched: list[Rule] = []
        for rule in RULES.values():
            self._asked.clear()
            found = intervals(journey, (rule,))
            (old if self._asked else kept).extend(found)
            if self._asked:
                touched.append(rule)
        new = intervals(Derived(view, self._changed), touched) if touched else ()
        self._count(journey, kept, old, new)

    def _count(
        self,
        journey: Derived,
        same: Iterable[Interval],
        old: Iterable[Interval],
        new: Iterable[Interval],
    ) -> None:
        """Count what is the same under both bounds, and what differs."""
        unit = _unit(journey, self._day)
        kept = list(self._places(same, unit))
        was, becomes = (Counter(self._places(one, unit)) for one in (old, new))
        for total, other in ((self.before, was), (self.after, becomes)):
            total.update(kept)
            total.update(other)
        self.journeys += 1
        self.differing += was != becomes

    def merge(self, other: "Counts") -> None:
        """Add what was counted elsewhere."""
        self.before.update(other.before)
        self.after.update(other.after)
        self.journeys += other.journeys
        self.differing += other.differing

    def counts(self) -> "Counts":
        """Return what was counted, as plain values."""
        return Counts(self.before, self.after, self.journeys, self.differing)

    def _places(self, found: Iterable[Interval], unit: str) -> Iterator[Place]:
        for one in found:
            state = one.state(self._day)
            if state in _LIVE:
                yield one.rule, unit, one.kind, state

    def differences(self) -> tuple[Difference, ...]:
        """Return where the counts differ, in the order of rule, unit and state."""
        places = sorted(self.before.keys() | self.after.keys())
        return tuple(
            Difference(*place, self.before[place], self.after[place])
            for place in places
            if self.before[place] != self.after[place]
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """What a simulation has counted."""

    before: Counter[Place]
    after: Counter[Place]
    journeys: int
    differing: int


class _Heard(Mapping[str, tuple[Bound, ...]]):
    """The rows of bounds; it notes which of some names are looked up."""

    def __init__(
        self, rows: Mapping[str, tuple[Bound, ...]], names: frozenset[str], asked: set[str]
    ) -> None:
        self._rows, self._names, self._asked = rows, names, asked

    @override
    def __getitem__(self, name: str) -> tuple[Bound, ...]:
        if name in self._names:
            self._asked.add(name)
        return self._rows[name]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    @override
    def __len__(self) -> int:
        return len(self._rows)


def _listening(usual: Bounds, names: frozenset[str]) -> tuple[Bounds, set[str]]:
    """Return bounds that note which of some names they are asked for, by the day or row by row."""
    asked: set[str] = set()
    heard = replace(usual, rows=_Heard(usual.rows, names, asked))

    def on(name: str, day: date) -> Bound | None:
        if name in names:
            asked.add(name)
        return usual.on(name, day)

    object.__setattr__(heard, "on", on)
    return heard, asked


def _unit(journey: Derived, day: date) -> str:
    """Return the unit that leads the case on a day, else the one that led it last."""
    led = [one for one in tenures(journey) if one.since.latest <= day]
    return led[-1].unit if led else ""
