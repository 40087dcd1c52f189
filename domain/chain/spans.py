"""Arithmetic on stretches of days: what holds together, what overlaps, what is left open.

Both ends are inclusive; ``last`` None runs on as far as is known.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from domain.chain.calendar import plus_days
from domain.chain.reading import Seen

_SEVERAL = 2


class Span(NamedTuple):
    """Days on which something holds, the facts that say so, and whether every day behind it is known exactly."""

    first: date
    last: date | None
    facts: tuple[Seen, ...] = ()
    exact: bool = True

    def holds_on(self, day: date) -> bool:
        """Say whether a day lies within."""
        return self.first <= day and (self.last is None or day <= self.last)

    @property
    def days(self) -> int | None:
        """Return how many days it has; None: it runs on."""
        return None if self.last is None else (self.last - self.first).days + 1


def common(one: Span, other: Span) -> Span | None:
    """Return the days that two stretches share; None if there are none."""
    first = max(one.first, other.first)
    last = _earlier(one.last, other.last)
    if last is not None and last < first:
        return None
    return Span(first, last, _joined(one.facts, other.facts), one.exact and other.exact)


def intersection(rows: Sequence[Sequence[Span]]) -> list[Span]:
    """Return the days on which every row holds, in order; no rows hold never."""
    if not rows:
        return []
    found = list(rows[0])
    for row in rows[1:]:
        found = [
            shared for one in found for other in row if (shared := common(one, other)) is not None
        ]
    return sorted(found, key=lambda one: one.first)


def union(spans: Iterable[Span], bridge: int = 0) -> list[Span]:
    """Return the days on which any stretch holds; holes of at most ``bridge`` days are passed over."""
    found: list[Span] = []
    for one in sorted(spans, key=lambda span: span.first):
        before = found[-1] if found else None
        if before is not None and _touches(before, one, bridge):
            last = None if before.last is None or one.last is None else max(before.last, one.last)
            exact = before.exact and one.exact
            found[-1] = Span(before.first, last, _joined(before.facts, one.facts), exact)
        else:
            found.append(one)
    return found


def without(one: Span, others: Iterable[Span]) -> list[Span]:
    """Return the days of a stretch on which none of the others holds."""
    left: list[Span] = []
    first: date | None = one.first
    for other in union(others):
        if first is None:
            break
        if other.last is not None and other.last < first:
            continue
        if one.last is not None and other.first > one.last:
            break
        if other.first > first:
            left.append(Span(first, plus_days(other.first, -1), one.facts, one.exact))
        first = None if other.last is None else plus_days(other.last, 1)
    if first is not None and (one.last is None or first <= one.last):
        left.append(Span(first, one.last, one.facts, one.exact))
    return left


def apart(spans: Iterable[Span]) -> list[Span]:
    """Return the stretches in order with no day in two of them: the earlier one keeps it."""
    found: list[Span] = []
    for one in _by_first_day(spans):
        before = found[-1] if found else None
        if before is None or (before.last is not None and before.last < one.first):
            found.append(one)
        elif before.last is not None and (one.last is None or before.last < one.last):
            found.append(Span(plus_days(before.last, 1), one.last, one.facts, one.exact))
    return found


def unbroken(spans: Iterable[Span]) -> list[Span]:
    """Return the stretches in order, those that touch as one that stands on the facts of its beginning."""
    found: list[Span] = []
    for one in _by_first_day(spans):
        before = found[-1] if found else None
        if before is not None and _touches(before, one, 0):
            last = None if before.last is None or one.last is None else max(before.last, one.last)
            found[-1] = Span(before.first, last, before.facts, before.exact)
        else:
            found.append(one)
    return found


def total_days(spans: Iterable[Span], through: date) -> int:
    """Return how many days the stretches have through a day, each day once."""
    return sum(
        (min(one.last or through, through) - one.first).days + 1
        for one in union(spans)
        if one.first <= through
    )


def _by_first_day(spans: Iterable[Span]) -> list[Span]:
    given = list(spans)
    return given if len(given) < _SEVERAL else sorted(given, key=_first_day)


def _first_day(one: Span) -> date:
    return one.first


def _touches(before: Span, one: Span, bridge: int) -> bool:
    return before.last is None or one.first <= plus_days(before.last, bridge + 1)


def _earlier(one: date | None, other: date | None) -> date | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def _joined(one: tuple[Seen, ...], other: tuple[Seen, ...]) -> tuple[Seen, ...]:
    """Return the facts of both, each once; facts are told apart by identity, never by what they say."""
    if not one or not other:
        return one or other
    known = {id(fact) for fact in one}
    return (*one, *(fact for fact in other if id(fact) not in known))
