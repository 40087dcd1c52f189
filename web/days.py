"""Days as people type them: TT.MM.JJJJ, MM.JJJJ or JJJJ; the form of the standard is understood as well."""

import re
from datetime import date

from domain.days import UNKNOWN_DAY, PartialDate
from domain.errors import UnreadableDateError

_GERMAN = re.compile(r"(?:(?:(\d{1,2})\.\s?)?(\d{1,2})\.\s?)?(\d{4})", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def typed_day(text: str) -> PartialDate:
    """Read a day, a month or a year; the empty text is the unknown day.

    Raises:
        UnreadableDateError: If the text is none of these, or lies centuries away.
    """
    text = text.strip()
    if not text:
        return UNKNOWN_DAY
    day = _read(text)
    if day.year is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise UnreadableDateError("the day lies centuries away")
    return day


def _read(text: str) -> PartialDate:
    found = _GERMAN.fullmatch(text)
    if found is None:
        return PartialDate.parse(text)
    day, month, year = (None if part is None else int(part) for part in found.groups())
    return PartialDate(year, month, day)


def typed_exact(text: str) -> date:
    """Read a day that must be known exactly.

    Raises:
        UnreadableDateError: If the text is no day.
    """
    exact = typed_day(text).exact
    if exact is None:
        raise UnreadableDateError("this is no day: write DD.MM.YYYY")
    return exact


def written_day(day: PartialDate | None) -> str:
    """Return a day as it is typed."""
    if day is None or day.year is None:
        return ""
    parts = [f"{part:02d}" for part in (day.day, day.month) if part is not None]
    return ".".join([*parts, f"{day.year:04d}"])
