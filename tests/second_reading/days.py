"""Days, periods, working days (D 1) and the dated bounds of the law."""

import calendar
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays

BOUNDS = Path(__file__).parents[2] / "domain" / "chain" / "bounds.toml"
NRW = holidays.country_holidays("DE", subdiv="NW")
BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Days:
    """The earliest and the latest possible day of a date."""

    earliest: date
    latest: date

    @property
    def partial(self) -> bool:
        return self.earliest != self.latest


def days_of(text: str) -> Days:
    """``2025``, ``2025-03`` or ``2025-03-20``."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return Days(date(parts[0], 1, 1), date(parts[0], 12, 31))
    if len(parts) == 2:
        last = calendar.monthrange(parts[0], parts[1])[1]
        return Days(date(parts[0], parts[1], 1), date(parts[0], parts[1], last))
    day = date(parts[0], parts[1], parts[2])
    return Days(day, day)


def berlin_day(moment: str) -> date:
    """The day of a moment in Berlin; a plain date is that day."""
    if len(moment) == 10:
        return date.fromisoformat(moment)
    read = datetime.fromisoformat(moment)
    return (read if read.tzinfo is None else read.astimezone(BERLIN)).date()


def plus_days(day: date, count: int) -> date:
    return day + timedelta(days=count)


def plus_months(day: date, count: int) -> date:
    """Counted forward, clipped to the end of the month (31 January + 1 month: 28 February)."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def plus_years(day: date, count: int) -> date:
    return plus_months(day, 12 * count)


def months_before(end: date, count: int) -> date:
    """Counted backward from the day after the end (30 November, 3 months: 31 August)."""
    return plus_days(plus_months(plus_days(end, 1), -count), -1)


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    return plus_days(plus_months(first_of_month(day), 1), -1)


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in NRW


def plus_working_days(day: date, count: int) -> date:
    """The count-th working day after the day."""
    while count:
        day = plus_days(day, 1)
        count -= is_working_day(day)
    return day


def next_working_day(day: date) -> date:
    """§ 193 BGB: the day itself, or the next working day after a weekend or holiday."""
    while not is_working_day(day):
        day = plus_days(day, 1)
    return day


@cache
def _bounds() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in tomllib.loads(BOUNDS.read_text(encoding="utf-8"))["bound"]:
        found.setdefault(row["id"], []).append(row)
    return found


def bound_row(name: str, day: date) -> dict[str, Any] | None:
    """The row of the bound that is in force on the day; none where its law is not in force."""
    for row in _bounds()[name]:
        if row.get("valid_from", date.min) <= day <= row.get("valid_until", date.max):
            return row
    return None


def bound(name: str, day: date) -> Any:
    """The value of the bound on the day: a number, a date or a list of codes; None without law."""
    row = bound_row(name, day)
    return None if row is None else row["value"]


def in_force(name: str, day: date) -> bool:
    return bound_row(name, day) is not None


def switch(name: str, day: date) -> bool:
    """Is the switch on? One whose status is unverified is off."""
    row = bound_row(name, day)
    return row is not None and row.get("status") != "unverified" and bool(row["value"])


def _shifted(day: date, value: int, unit: str) -> date:
    if unit == "months":
        return plus_months(day, value)
    if unit == "years":
        return plus_years(day, value)
    if unit == "working_days":
        return plus_working_days(day, value)
    return plus_days(day, value * (7 if unit == "weeks" else 1))


def later(day: date, name: str, law_of: date | None = None) -> date:
    """The day + the bound, in the bound's own unit; the bound is that of ``law_of`` (the day)."""
    row = bound_row(name, law_of or day)
    assert row is not None, f"{name} is not in force"
    return _shifted(day, row["value"], row["unit"])


def lead(end: date, name: str, law_of: date | None = None) -> date:
    """The first day of a lead (G6): n days before the end, or n months counted backward."""
    row = bound_row(name, law_of or end)
    assert row is not None, f"{name} is not in force"
    if row["unit"] == "months":
        return months_before(end, row["value"])
    if row["unit"] == "years":
        return months_before(end, 12 * row["value"])
    return _shifted(end, -row["value"], row["unit"])
