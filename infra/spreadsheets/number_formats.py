"""How a number in a cell is meant: as a date, a month, a year, or with leading zeros."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import Enum

from domain.days import PartialDate
from infra.spreadsheets.cells import Value


class Shown(Enum):
    """What a number format shows of a number."""

    NUMBER = "number"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


Style = tuple[Shown, int]
"""What is shown, and to how many figures a whole number is filled with zeros."""

PLAIN: Style = (Shown.NUMBER, 0)

_BUILT_IN = {
    **dict.fromkeys((14, 15, 16, 22, *range(27, 32), 36, *range(50, 59)), (Shown.DAY, 0)),
    17: (Shown.MONTH, 0),
}
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_ZEROS = re.compile(r"0{2,20}")


def style(format_id: int, custom: Mapping[int, str]) -> Style:
    """Return what a number format shows."""
    code = custom.get(format_id)
    return _BUILT_IN.get(format_id, PLAIN) if code is None else _read(code)


def _read(code: str) -> Style:
    shown = _NOT_SHOWN.sub("", code.partition(";")[0]).strip().casefold()
    if _ZEROS.fullmatch(shown):
        return Shown.NUMBER, len(shown)
    if "general" in shown:
        return PLAIN
    year, day, month = "y" in shown, "d" in shown, "m" in shown
    if day or (year and "h" in shown):
        return Shown.DAY, 0
    if year:
        return (Shown.MONTH if month else Shown.YEAR), 0
    return PLAIN


def styles(elements: Iterable[tuple[str, Mapping[str, str], str]]) -> list[Style]:
    """Read the style of every cell format off the style sheet of a workbook."""
    custom: dict[int, str] = {}
    found: list[Style] = []
    for name, attributes, around in elements:
        if name == "numFmt" and around == "numFmts":
            custom[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
        elif name == "xf" and around == "cellXfs":
            found.append(style(int(attributes.get("numFmtId", 0)), custom))
    return found


def meant(number: float, how: Style, *, from_1904: bool) -> Value:
    """Return what a number in a cell means."""
    shown, zeros = how
    if zeros and number.is_integer() and number >= 0:
        return f"{int(number):0{zeros}d}"
    if shown is Shown.NUMBER or number < 1:
        return number
    moment = _moment(number, from_1904=from_1904)
    if moment is None:
        return number
    if shown is Shown.MONTH and moment.day == 1:
        return PartialDate(moment.year, moment.month)
    if shown is Shown.YEAR and (moment.day, moment.month) == (1, 1):
        return PartialDate(moment.year)
    return moment


def _moment(number: float, *, from_1904: bool) -> datetime | None:
    """Return the moment of a serial number; Excel's 29 February 1900 never was."""
    if from_1904:
        start = date(1904, 1, 1)
    elif 60 <= number < 61:
        return None
    else:
        start = date(1899, 12, 30) if number >= 61 else date(1899, 12, 31)
    try:
        return datetime(start.year, start.month, start.day) + timedelta(days=number)  # noqa: DTZ001
    except OverflowError:
        return None
