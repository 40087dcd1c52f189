"""A stretch of time on a strand, told without a day "today": what runs has no end."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from domain.chain.calendar import plus_days
from domain.chain.intervals import Certainty
from domain.chain.reading import Seen, View
from domain.labels import Label, Vocabulary
from projections.strands import StrandName


@dataclass(frozen=True, slots=True)
class Stretch:
    """Something that lasted or lasts, both days inclusive.

    Attributes:
        end: Last day; None: no end is known.
        state: Where the person stands in the field while it lasts.
        refs: Ids of the facts behind it, the one that began it first.
    """

    strand: StrandName
    start: date
    end: date | None
    label: Label
    state: Vocabulary | None = None
    detail: str = ""
    refs: tuple[str, ...] = ()
    certainty: Certainty = Certainty.CERTAINLY

    def until(self, day: date | None) -> "Stretch":
        """Return the stretch ended by a day at the latest, but never before it began."""
        if day is None or (self.end is not None and self.end <= day):
            return self
        return Stretch(
            self.strand,
            self.start,
            max(day, self.start),
            self.label,
            self.state,
            self.detail,
            self.refs,
            self.certainty,
        )


def stretch(
    strand: StrandName,
    begin: Seen,
    end: Seen | date | None,
    label: Label,
    *,
    start: date | None = None,
    state: Vocabulary | None = None,
    detail: str = "",
) -> Stretch:
    """Return the stretch that a fact began and that lasted through another's day or a day."""
    first = begin.latest if start is None else start
    closing = end if isinstance(end, Seen) else None
    last = closing.latest if closing is not None else end
    last = last if isinstance(last, date) else None
    exact = begin.exact and (closing is None or closing.exact)
    return Stretch(
        strand,
        first,
        None if last is None else max(first, last),
        label,
        state,
        detail,
        (begin.id,) if closing is None else (begin.id, closing.id),
        Certainty.CERTAINLY if exact else Certainty.POSSIBLY,
    )


def one_after_another(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Let each stretch end the day before the next begins; of several on one day the last stands."""
    begun = {one.start: one for one in sorted(stretches, key=lambda one: one.start)}
    ends = [plus_days(day, -1) for day in begun]
    return tuple(one.until(day) for one, day in zip_longest(begun.values(), ends[1:]))


def joined(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Yield stretches without those that only say again how the one before them stands."""
    before: Stretch | None = None
    for one in stretches:
        if before is None or one.state is None or one.state is not before.state:
            yield one
            before = one


def runs(
    view: View, begins: Iterable[str], ends: Iterable[str]
) -> Iterator[tuple[Seen, Seen | None]]:
    """Yield every beginning with the next fact that ends it or begins anew; None: it runs on."""
    beginning, ending = frozenset(begins), frozenset(ends)
    running: Seen | None = None
    for one in view.of(*beginning, *ending):
        if running is not None:
            yield running, one
            running = None
        if one.type in beginning:
            running = one
    if running is not None:
        yield running, None


def last_day(closing: Seen | None, begins: Iterable[str]) -> Seen | date | None:
    """Return what ends a run: the ending fact, or the day before the next beginning."""
    if closing is not None and closing.type in frozenset(begins):
        return plus_days(closing.latest, -1)
    return closing
