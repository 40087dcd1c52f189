"""Days as German offices write them: 15.03.2024, 5.3.24, März 2024, 03.2024, 2024, Excel's numbers."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.days import UNKNOWN_DAY, PartialDate
from domain.errors import UnreadableDateError
from infra.spreadsheets.cells import Cell, UnreadableCellError, present

BERLIN = ZoneInfo("Europe/Berlin")
UNKNOWN_WORD = "unbekannt"

_UNKNOWN = {"unbekannt", "unknown", "?"}
_MONTHS = [
    "januar",
    "februar",
    "märz",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "dezember",
]
_SHORT = ["jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"]
_MONTH = (
    {name: number for number, name in enumerate(_MONTHS, 1)}
    | {name: number for number, name in enumerate(_SHORT, 1)}
    | {"maerz": 3, "mrz": 3, "sept": 9, "jänner": 1}
)
_LOWEST_SERIAL, _HIGHEST_SERIAL = 8_500, 80_000  # 1923 or 1927 to 2119 or 2123
_FROM_1900, _FROM_1904 = date(1899, 12, 30), date(1904, 1, 1)
_YEARS = range(1900, 2101)
_PIVOT = 50
_NOON = time(12)


def _german(day: str, month: str, year: str) -> PartialDate:
    return PartialDate(_year(year), int(month), int(day))


def _named(day: str | None, month: str, year: str) -> PartialDate:
    number = _MONTH.get(month.casefold())
    if number is None:
        raise UnreadableCellError("no-date")
    return PartialDate(_year(year), number, int(day) if day else None)


def _year(text: str) -> int:
    """Read a year; two figures lie between 1950 and 2049."""
    year = int(text)
    if len(text) == 4:
        return year
    return 2000 + year if year < _PIVOT else 1900 + year


_FORMS: tuple[tuple[re.Pattern[str], Callable[..., PartialDate]], ...] = tuple(
    (re.compile(pattern, re.ASCII), read)
    for pattern, read in (
        (r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})", _german),
        (r"(\d{4})-(\d{2})-(\d{2})", lambda y, m, d: PartialDate(int(y), int(m), int(d))),
        (r"(\d{4})-(\d{2})", lambda y, m: PartialDate(int(y), int(m))),
        (r"(\d{1,2})[./](\d{4})", lambda m, y: PartialDate(int(y), int(m))),
        (r"(\d{4})", lambda y: PartialDate(int(y))),
    )
)
_WITH_NAME = re.compile(r"(?:(\d{1,2})(?:\.\s*|\s+))?([^\W\d_]+)\.?\s*(\d{4}|\d{2})")
_TIMED = re.compile(
    r"(\d{1,2}\.\d{1,2}\.\d{2,4}|\d{4}-\d{2}-\d{2})[T ,]*(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*"
    r"(Z|[+-]\d{2}:\d{2})?(?:\s*Uhr)?",
    re.ASCII,
)


def read_day(cell: Cell) -> PartialDate:
    """Read a day, a month or a year.

    Raises:
        UnreadableCellError: If the cell holds none.
    """
    value = present(cell)
    if isinstance(value, PartialDate):
        return value
    if isinstance(value, datetime):
        return PartialDate.of(value.date())
    if isinstance(value, str):
        return _from_text(value, from_1904=cell.from_1904)
    if isinstance(value, float):
        return _from_number(value, from_1904=cell.from_1904)
    raise UnreadableCellError("no-date")


def _from_number(number: float, *, from_1904: bool) -> PartialDate:
    """Read a bare number: a year, or a day that lost its format in Excel, with or without a time."""
    if number in _YEARS:
        return PartialDate(int(number))
    if _LOWEST_SERIAL <= number <= _HIGHEST_SERIAL:
        start = _FROM_1904 if from_1904 else _FROM_1900
        return PartialDate.of(start + timedelta(days=int(number)))
    raise UnreadableCellError("no-date")


def _from_text(text: str, *, from_1904: bool) -> PartialDate:
    words = text.strip()
    if words.casefold() in _UNKNOWN:
        return UNKNOWN_DAY
    timed = _TIMED.fullmatch(words)
    if timed:
        words = timed[1]
    try:
        for pattern, read in _FORMS:
            if found := pattern.fullmatch(words):
                return read(*found.groups())
        if found := _WITH_NAME.fullmatch(words):
            return _named(*found.groups())
        if re.fullmatch(r"\d{5}", words, re.ASCII):
            return _from_number(int(words), from_1904=from_1904)
    except UnreadableDateError:
        raise UnreadableCellError("no-such-day") from None
    raise UnreadableCellError("no-date")


def read_moment(cell: Cell) -> datetime:
    """Read when something was recorded; a day alone counts as its noon in Berlin.

    Raises:
        UnreadableCellError: If the cell holds no exact day.
    """
    value = present(cell)
    if isinstance(value, datetime):
        return _in_berlin(value if value.time() != time() else datetime.combine(value, _NOON))
    timed = _TIMED.fullmatch(value.strip()) if isinstance(value, str) else None
    day = read_day(Cell(timed[1]) if timed else cell).exact
    if day is None:
        raise UnreadableCellError("no-exact-day")
    return _moment(day, timed[2], timed[3]) if timed else _in_berlin(datetime.combine(day, _NOON))


def _moment(day: date, clock: str, zone: str | None) -> datetime:
    try:
        moment = datetime.fromisoformat(f"{day}T{clock.zfill(5)}{zone or ''}")
    except ValueError:
        raise UnreadableCellError("no-such-day") from None
    return moment.astimezone(UTC) if moment.tzinfo else _in_berlin(moment)


def _in_berlin(moment: datetime) -> datetime:
    """Return a clock time of Berlin as a moment, to the second."""
    rounded = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    return rounded.replace(tzinfo=BERLIN).astimezone(UTC)


def german_day(day: PartialDate) -> str:
    """Write a day as a German office does."""
    if day.exact:
        return f"{day.exact:%d.%m.%Y}"
    if day.month:
        return f"{day.month:02d}.{day.year}"
    return str(day.year) if day.known else UNKNOWN_WORD
