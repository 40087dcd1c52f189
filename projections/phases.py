"""The states of one field of action, one after another: each with its first and last day."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.reading import Seen, View
from domain.fields import Handlungsfeld
from domain.labels import Vocabulary
from projections.stretches.stretch import Stretch


@dataclass(frozen=True, slots=True)
class Phase:
    """A time in which a field stood in one state; ``until`` None: it still does."""

    field: Handlungsfeld
    state: Vocabulary
    since: date
    until: date | None
    refs: tuple[str, ...] = ()

    def holds_on(self, day: date) -> bool:
        """Say whether the field stood in this state on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Change:
    """A day from which a field stands in another state; None: nothing is known of it."""

    day: date
    state: Vocabulary | None
    refs: tuple[str, ...] = ()


Choice = Vocabulary | Callable[[Seen], Vocabulary | None]


def phases_of(field: Handlungsfeld, changes: Iterable[Change]) -> Iterator[Phase]:
    """Yield the phases that changes make; of several on one day the last stands."""
    last_of_day = {one.day: one for one in sorted(changes, key=lambda one: one.day)}
    begun: Change | None = None
    for change in last_of_day.values():
        if begun is not None and begun.state is change.state:
            continue
        if begun is not None and begun.state is not None:
            yield Phase(field, begun.state, begun.day, plus_days(change.day, -1), begun.refs)
        begun = change
    if begun is not None and begun.state is not None:
        yield Phase(field, begun.state, begun.day, None, begun.refs)


def by_facts(view: View, table: Mapping[str, Choice]) -> Iterator[Change]:
    """Yield the changes that facts make by themselves; a choice of None changes nothing."""
    for one in view.of(*table):
        choice = table[one.type]
        state = choice if isinstance(choice, Vocabulary) else choice(one)
        if state is not None:
            yield Change(one.latest, state, (one.id,))


def by_stretches(
    stretches: Iterable[Stretch], after: Callable[[Stretch], Vocabulary | None]
) -> Iterator[Change]:
    """Yield the changes at the bounds of stretches: the latest begun counts, ``after`` says what follows the last."""
    known = [one for one in stretches if one.state is not None]
    for day, ended in sorted(_bounds(known), key=lambda bound: bound[0]):
        running = [one for one in known if one.start <= day and (one.end is None or day <= one.end)]
        if running:
            latest = max(running, key=lambda one: one.start)
            yield Change(day, latest.state, latest.refs)
        else:
            yield Change(day, after(ended), ended.refs)


def _bounds(stretches: Iterable[Stretch]) -> Iterator[tuple[date, Stretch]]:
    for one in stretches:
        yield one.start, one
        if one.end is not None:
            yield plus_days(one.end, 1), one
