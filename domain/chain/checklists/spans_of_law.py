"""Days of an item under the law of the day: a dated bound holds on its own days only."""

from collections.abc import Iterable, Iterator
from datetime import date

from domain.chain.bounds import Bound, Bounds, Status
from domain.chain.checklists.checklist import Days
from domain.chain.spans import Span, common, without

ALWAYS = Span(date.min, None)


def periods(bounds: Bounds, name: str) -> Iterator[tuple[Bound, Span]]:
    """Yield the values of a bound, each with the days on which it holds; asked by day, as any bound is."""
    for row in bounds.rows[name]:
        begin = row.valid_from or date.min
        held = bounds.on(name, begin)
        if held is not None:
            yield held, Span(begin, row.valid_until)


def switched_on(bounds: Bounds, name: str) -> Iterator[Span]:
    """Yield the days on which a switch is on; one that is not verified is off."""
    for row, days in periods(bounds, name):
        if row.status is not Status.UNVERIFIED and row.number > 0:
            yield days


def within(spans: Iterable[Span], days: Span) -> Iterator[Span]:
    """Yield what stretches share with some days."""
    for one in spans:
        shared = common(one, days)
        if shared is not None:
            yield shared


def else_unknown(met: Iterable[Span], against: Iterable[Span]) -> Days:
    """Return the days of an item that is unknown where nothing speaks for or against it; met counts more."""
    met, against = tuple(met), tuple(against)
    return Days(met, tuple(without(ALWAYS, (*met, *against))), against)


def else_not_met(
    met: Iterable[Span], unknown: Iterable[Span] = (), against: Iterable[Span] = ()
) -> Days:
    """Return the days of an item that is not met where nothing speaks for it."""
    return Days(tuple(met), tuple(unknown), tuple(against))
