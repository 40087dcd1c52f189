"""Months and working days, reckoned for the truth apart from the engine that is measured by it."""

from calendar import monthrange
from datetime import date, timedelta

import holidays

_SATURDAY = 5
_HOLIDAYS = holidays.country_holidays("DE", subdiv="NW")


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day_of_period(first: date, months: int) -> date:
    """Return the last day of a period of months whose first day counts."""
    there = months_later(first, months)
    return there - timedelta(days=1) if there.day == first.day else there


def month_end(day: date) -> date:
    """Return the last day of the day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def fifth_working_day_after(day: date) -> date:
    """Return the fifth working day of NRW after a day."""
    return working_day_after(day, 5)


def working_day_after(day: date, left: int) -> date:
    """Return the n-th working day of NRW after a day."""
    while left > 0:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY and day not in _HOLIDAYS
    return day
