"""Values of attributes to cells and back, as German offices write them."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from types import MappingProxyType

from pydantic import JsonValue

from domain.days import PartialDate
from domain.labels import Vocabulary
from infra.spreadsheets.cells import Cell, UnreadableCellError, present
from infra.spreadsheets.columns import normal
from infra.spreadsheets.days import UNKNOWN_WORD, german_day, read_day
from infra.spreadsheets.kinds import Form, Kind
from infra.spreadsheets.suggestions import meant

Written = str | float | date
"""What is written into a cell."""

_YES = {"ja", "j", "x", "yes", "y", "wahr", "true", "1"}
_NO = {"nein", "n", "no", "falsch", "false", "0", "-"}
_GERMAN_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?", re.ASCII)
_GERMAN = re.compile(r"[+-]?\d+(?:,\d+)?", re.ASCII)
_POINT = re.compile(r"[+-]?\d+\.\d{1,2}|[+-]?\d+\.\d{4,}", re.ASCII)
_UNIT = re.compile(r"\s*(?:€|EUR|Euro)\s*$", re.IGNORECASE)
_PLAIN_TEXT_CHOICES = 12


def read_value(cell: Cell, kind: Kind) -> JsonValue:
    """Read the value of a cell as JSON; None is a value that is known to be unknown.

    Raises:
        UnreadableCellError: If the cell does not hold a value of this kind.
    """
    present(cell)
    return _READERS[kind.form](cell, kind)


def read_text(cell: Cell) -> str:
    """Read plain text; a whole number loses its decimal point.

    Raises:
        UnreadableCellError: If the cell holds a date or a truth value.
    """
    value = present(cell)
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")
    raise UnreadableCellError("no-text")


def _day(cell: Cell, _kind: Kind) -> JsonValue:
    return str(read_day(cell)) or None


def _flag(cell: Cell, _kind: Kind) -> JsonValue:
    if isinstance(cell.value, bool):
        return cell.value
    word = normal(read_text(cell))
    if word in _YES:
        return True
    if word in _NO:
        return False
    if word == UNKNOWN_WORD:
        return None
    raise UnreadableCellError("no-flag")


def read_number(cell: Cell) -> Decimal:
    """Read a number: 1.234,56 and 1234,56 as well as Excel's own.

    Raises:
        UnreadableCellError: If the cell holds none.
    """
    if isinstance(cell.value, float):
        return Decimal(repr(cell.value))
    words = _UNIT.sub("", read_text(cell)).replace("\u00a0", "").replace(" ", "")
    if _GERMAN_THOUSANDS.fullmatch(words):
        words = words.replace(".", "")
    elif not (_GERMAN.fullmatch(words) or _POINT.fullmatch(words)):
        raise UnreadableCellError("no-number")
    try:
        return Decimal(words.replace(",", "."))
    except InvalidOperation:  # pragma: no cover - the patterns leave nothing else
        raise UnreadableCellError("no-number") from None


def _whole(cell: Cell, _kind: Kind) -> JsonValue:
    number = read_number(cell)
    if number != int(number):
        raise UnreadableCellError("no-whole-number")
    return int(number)


def _number(cell: Cell, _kind: Kind) -> JsonValue:
    return float(read_number(cell))


def _money(cell: Cell, _kind: Kind) -> JsonValue:
    number = read_number(cell)
    return str(int(number)) if number == int(number) else str(round(number, 2))


def _code(cell: Cell, kind: Kind) -> JsonValue:
    assert kind.vocabulary is not None  # noqa: S101  a code has a vocabulary
    word = read_text(cell)
    code = codes(kind.vocabulary).get(normal(word))
    if code is None:
        offered = labels(kind.vocabulary)
        raise UnreadableCellError("no-choice", meant=meant(word, offered), choices=_some(offered))
    return code


def _text(cell: Cell, _kind: Kind) -> JsonValue:
    return read_text(cell)


def _list(cell: Cell, kind: Kind) -> JsonValue:
    text = read_text(cell)
    if text.startswith("["):
        return _json(cell, kind)
    return [read_value(Cell(part), _inner(kind)) for part in _parts(text)]


def _map(cell: Cell, kind: Kind) -> JsonValue:
    text = read_text(cell)
    if text.startswith("{"):
        return _json(cell, kind)
    found: dict[str, JsonValue] = {}
    for part in _parts(text):
        name, colon, value = part.partition(":")
        if not colon or kind.key is None:
            raise UnreadableCellError("no-map")
        found[str(read_value(Cell(name), kind.key))] = read_value(Cell(value), _inner(kind))
    return found


def _json(cell: Cell, _kind: Kind) -> JsonValue:
    try:
        found: JsonValue = json.loads(read_text(cell))
    except ValueError:
        raise UnreadableCellError("no-json") from None
    return found


_READERS: Mapping[Form, Callable[[Cell, Kind], JsonValue]] = MappingProxyType(
    {
        Form.DAY: _day,
        Form.FLAG: _flag,
        Form.WHOLE: _whole,
        Form.NUMBER: _number,
        Form.MONEY: _money,
        Form.CODE: _code,
        Form.TEXT: _text,
        Form.LIST: _list,
        Form.MAP: _map,
        Form.JSON: _json,
    }
)


def write_value(value: JsonValue, kind: Kind) -> Written | None:
    """Return what is written into a cell so that it is read back as this value; None: nothing."""
    if value is None:
        return UNKNOWN_WORD if kind.form in {Form.DAY, Form.FLAG} else None
    written = _written(value, kind)
    if kind.form in {Form.LIST, Form.MAP} and not _reads_back(written, value, kind):
        return json.dumps(value, ensure_ascii=False)
    return written


def _written(value: JsonValue, kind: Kind) -> Written:
    match kind.form:
        case Form.DAY:
            return written_day(PartialDate.parse(str(value)))
        case Form.FLAG:
            return "ja" if value else "nein"
        case Form.CODE:
            return _label(str(value), kind)
        case Form.LIST if isinstance(value, list):
            return "; ".join(str(write_value(one, _inner(kind))) for one in value)
        case Form.MAP if isinstance(value, dict) and kind.key is not None:
            return "; ".join(_pairs(value, kind, kind.key))
        case Form.WHOLE | Form.NUMBER | Form.MONEY:
            return float(str(value))
        case Form.TEXT:
            return str(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def written_day(day: PartialDate) -> str | date:
    """Return a day as a date, a month or a year as text."""
    return day.exact or german_day(day)


def _pairs(value: Mapping[str, JsonValue], kind: Kind, key: Kind) -> Iterator[str]:
    for name, inner in value.items():
        yield f"{write_value(name, key)}: {write_value(inner, _inner(kind))}"


def _reads_back(written: Written, value: JsonValue, kind: Kind) -> bool:
    try:
        return read_value(Cell(str(written)), kind) == value
    except UnreadableCellError:
        return False


def _inner(kind: Kind) -> Kind:
    return kind.inner or Kind(Form.JSON)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]


@cache
def codes(vocabulary: type[Vocabulary]) -> Mapping[str, str]:
    """Return the codes of a vocabulary by their compared label in either language, and by code."""
    found: dict[str, str] = {}
    for one in reversed(list(vocabulary)):
        found[normal(one.label.en)] = one.value
    for one in reversed(list(vocabulary)):
        found[normal(one.label.de)] = one.value
    found |= {normal(one.value): one.value for one in vocabulary}
    return MappingProxyType(found)


def _label(code: str, kind: Kind) -> str:
    """Return the German label of a code where it leads back to the code, else the code."""
    if kind.vocabulary is None:
        return code
    label = next(one.label.de for one in kind.vocabulary if one.value == code)
    return label if codes(kind.vocabulary)[normal(label)] == code else code


def labels(vocabulary: type[Vocabulary]) -> list[str]:
    """Return what a drop-down of this vocabulary offers."""
    return [_label(str(one.value), Kind(Form.CODE, vocabulary)) for one in vocabulary]


def _some(offered: Sequence[str]) -> str:
    more = " …" if len(offered) > _PLAIN_TEXT_CHOICES else ""
    return ", ".join(offered[:_PLAIN_TEXT_CHOICES]) + more


def shown(value: datetime | date | str | float) -> str:
    """Return a written value as text, for a file of plain text."""
    if isinstance(value, float):
        return (str(int(value)) if value.is_integer() else repr(value)).replace(".", ",")
    return value if isinstance(value, str) else f"{value:%d.%m.%Y}"
