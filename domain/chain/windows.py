"""Windows: how bounds turn days into first and last days (line G6)."""

from collections.abc import Callable, Mapping
from datetime import date

from domain.chain.bounds import Bound, Unit
from domain.chain.calendar import (
    months_before_end,
    plus_days,
    plus_months,
    plus_working_days,
)
from domain.chain.counting import Range
from domain.chain.reading import Seen

_DAYS_OF_WEEK = 7
_MONTHS_OF_YEAR = 12


def after(day: date, one: Bound) -> date:
    """Return the last day of a period that begins with an event on a day (§§ 187 (1), 188 BGB)."""
    plus = _PLUS.get(one.unit)
    if plus is None:
        raise TypeError(f"{one.id} counts {one.unit} and is no period")
    return plus(day, one.number)


_PLUS: Mapping[Unit, Callable[[date, int], date]] = {
    Unit.DAYS: plus_days,
    Unit.WORKING_DAYS: plus_working_days,
    Unit.WEEKS: lambda day, n: plus_days(day, n * _DAYS_OF_WEEK),
    Unit.MONTHS: plus_months,
    Unit.YEARS: lambda day, n: plus_months(day, n * _MONTHS_OF_YEAR),
}


def lead_start(end: date, one: Bound) -> date:
    """Return the first day of a lead to an end: n days before it, or (end + 1 day) - n months - 1 day."""
    match one.unit:
        case Unit.MONTHS:
            return months_before_end(end, one.number)
        case Unit.YEARS:
            return months_before_end(end, one.number * _MONTHS_OF_YEAR)
        case Unit.WEEKS:
            return plus_days(end, -one.number * _DAYS_OF_WEEK)
        case _:
            return plus_days(end, -one.number)


def leading(one: Bound) -> Callable[[date], date]:
    """Return what gives the first day of a lead of a length."""
    return lambda end: lead_start(end, one)


def lead_window(trigger: Seen, end: Range, one: Bound, *, own_end: bool = True) -> date:
    """Return the first day of a lead, not before the trigger's day.

    Only an undated trigger whose end stands in an attribute of its own sets no such bound.
    """
    first = lead_start(end.earliest, one)
    if own_end and not trigger.dated:
        return first
    return max(first, trigger.latest)


def imprecise(trigger: Seen, first: date, *behind: Range) -> bool:
    """Say whether a date behind a window is partial or missing."""
    if any(not one.exact for one in behind):
        return True
    return not trigger.exact and first == trigger.latest
