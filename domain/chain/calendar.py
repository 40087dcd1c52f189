"""Days, weeks, months and NRW working days, by §§ 187, 188 and 193 BGB (design 4, line 1).

Nothing is counted beyond the ends of the calendar: ``9999-12-31`` is what registers write for "no end".
"""

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

BERLIN = ZoneInfo("Europe/Berlin")
_SATURDAY = 5
_HOLIDAYS = holidays.country_holidays("DE", subdiv="NW", expand=True)


def berlin_day(moment: datetime) -> date:
    """Return the calendar day of a moment in Berlin."""
    return moment.astimezone(BERLIN).date()


@lru_cache(maxsize=65536)
def plus_days(day: date, n: int) -> date:
    """Return the day n days later, at most the last or first of the calendar."""
    try:
        return day + timedelta(days=n)
    except OverflowError:
        return _end_of_calendar(n)


@lru_cache(maxsize=65536)
def plus_months(day: date, n: int) -> date:
    """Return the same day n months later, or that month's last day (§ 188 (3) BGB)."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    if not MINYEAR <= year <= MAXYEAR:
        return _end_of_calendar(n)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _end_of_calendar(n: int) -> date:
    return date.max if n > 0 else date.min


def months_before_end(end: date, n: int) -> date:
    """Return the last day before the final n months of a period: counted back from the day after its end.

    Three months before 30 November begin on 1 September, so this is 31 August.
    """
    return plus_days(plus_months(plus_days(end, 1), -n), -1)


def last_of_month(day: date) -> date:
    """Return the last day of the day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def first_of_month(day: date) -> date:
    """Return the first day of the day's month."""
    return day.replace(day=1)


def end_of_running_period(start: date, months: int) -> date:
    """Return the last day of a period whose first day counts (§ 188 (2) BGB).

    It is the day before the same day of the last month, or that month's last day if it has no such day.
    """
    reached = plus_months(start, months)
    return plus_days(reached, -1) if reached.day == start.day else reached


@lru_cache(maxsize=65536)
def is_working_day(day: date) -> bool:
    """Say whether a day is a working day in NRW: no Saturday, Sunday or holiday of the Land."""
    return day.weekday() < _SATURDAY and day not in _HOLIDAYS


@lru_cache(maxsize=65536)
def plus_working_days(day: date, n: int) -> date:
    """Return the n-th working day after a day."""
    while n:
        day = plus_days(day, 1)
        n -= is_working_day(day)
    return day


def working_day_from(day: date) -> date:
    """Return the day itself or, by § 193 BGB, the next working day."""
    while not is_working_day(day):
        day = plus_days(day, 1)
    return day
