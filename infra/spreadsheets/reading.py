"""What reading a fact list and reading a case list have in common: cells, attributes, refusals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from pydantic import JsonValue, ValidationError
from pydantic_core import ErrorDetails

from domain.fact import Attribute, Fact
from domain.labels import Label
from infra.spreadsheets.cells import Cell, Place, UnreadableCellError
from infra.spreadsheets.findings import Findings
from infra.spreadsheets.kinds import Form, kind
from infra.spreadsheets.rows import Sourced
from infra.spreadsheets.table import Line
from infra.spreadsheets.values import read_text, read_value

_MUNICIPALITY_KEYS = {"ags", "municipality"}
_LENGTH_WITHOUT_ZERO = 7
_LONGEST_NUMBER = 200
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Told:
    """What a row tells about a person; ``facts`` is None where the row is refused."""

    place: Place
    person: str | None
    facts: tuple[Sourced, ...] | None


def read_person(cell: Cell) -> str:
    """Read the number of a person's file, or of a row: without outer or double spaces.

    Raises:
        UnreadableCellError: If the cell holds no text and no number, or too long a one.
    """
    text = " ".join(read_text(cell).split())
    if len(text) > _LONGEST_NUMBER:
        raise UnreadableCellError("too-long", most=_LONGEST_NUMBER)
    return text


def read_cell(
    line: Line, header: str, read: Callable[[Cell], Read], findings: Findings
) -> Read | None:
    """Read the cell under a compared header; None if it is empty or refused."""
    cell = line.cells.get(header)
    if cell is None:
        return None
    try:
        return read(cell)
    except UnreadableCellError as error:
        findings.refuse(error.code, line.at(header), **error.words)
        return None


def read_file_number(line: Line, header: str, findings: Findings) -> str | None:
    """Read whose row it is; a number may have lost its zeros, a row without one is refused."""
    cell = line.cells.get(header)
    if cell is None and line.whole and line.cells:
        findings.refuse("no-person", line.at(header))
    if cell is not None and isinstance(cell.value, float):
        findings.warn("number-as-text", line.at(header))
    return read_cell(line, header, read_person, findings)


def read_attribute(
    line: Line, header: str, attribute: Attribute, findings: Findings
) -> JsonValue | None:
    """Read the cell of an attribute as JSON; hint at figures that may have lost their zeros."""
    how = kind(attribute)
    value = read_cell(line, header, lambda cell: read_value(cell, how), findings)
    cell = line.cells[header]
    if how.form is Form.TEXT and isinstance(cell.value, float):
        if attribute.name in _MUNICIPALITY_KEYS and len(str(value)) == _LENGTH_WITHOUT_ZERO:
            findings.refuse("zero-lost", line.at(header))
        else:
            findings.warn("number-as-text", line.at(header))
    return value


_BOUNDS: Mapping[str, Label] = MappingProxyType(
    {
        "max_length": Label("höchstens {} Zeichen", "at most {} characters"),
        "ge": Label("mindestens {}", "at least {}"),
        "le": Label("höchstens {}", "at most {}"),
    }
)


def _why(error: ErrorDetails) -> Label:
    """Return the bound that a value breaks, in words."""
    for name, bound in error.get("ctx", {}).items():
        if name in _BOUNDS:
            words = _BOUNDS[name]
            return Label(words.de.format(bound), words.en.format(bound))
    return Label(error["msg"], error["msg"])


def is_valid(
    fact: type[Fact],
    attributes: Mapping[str, JsonValue],
    where: Callable[[str], Place],
    findings: Findings,
) -> bool:
    """Say whether a fact may have these attributes; what it may not is refused at its place."""
    try:
        fact.model_validate(attributes)
    except ValidationError as error:
        for one in error.errors(include_input=False, include_url=False):
            name = str(one["loc"][0]) if one["loc"] else ""
            findings.refuse("value-out-of-range", where(name), why=_why(one))
        return False
    return True
