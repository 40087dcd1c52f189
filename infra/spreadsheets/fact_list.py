"""Reads fact lists: one row a fact."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import JsonValue

from domain.days import UNKNOWN_DAY
from domain.events.record import EventCorrected
from domain.events.registry import FACTS
from domain.fact import Fact
from domain.fields import Confidence, LegalBasis, SourceKind
from domain.journal import Actor
from domain.labels import Vocabulary
from infra.spreadsheets.cells import Cell, Place
from infra.spreadsheets.columns import (
    Column,
    attribute_headers,
    attributes_by_header,
    column,
    fact_type,
    known_headers,
    normal,
)
from infra.spreadsheets.days import read_day, read_moment
from infra.spreadsheets.errors import unreadable
from infra.spreadsheets.findings import Findings
from infra.spreadsheets.kinds import Form, Kind
from infra.spreadsheets.reading import (
    Told,
    is_valid,
    read_attribute,
    read_cell,
    read_file_number,
    read_person,
)
from infra.spreadsheets.rows import FactRow, Sourced
from infra.spreadsheets.suggestions import meant
from infra.spreadsheets.table import Line
from infra.spreadsheets.values import read_text, read_value

EXAMPLE_PERSON = "Beispiel"
"""Whose rows are examples: they are passed over."""

_KEY = {one: normal(one.label.de) for one in Column}
_NEEDED = frozenset({_KEY[Column.PERSON], _KEY[Column.EVENT]})
Code = TypeVar("Code", bound=Vocabulary)
Read = TypeVar("Read")


def is_fact_list(headers: frozenset[str]) -> bool:
    """Say whether a row of compared headers is the header row of a fact list."""
    return headers >= _NEEDED


def check_columns(sheet: Place, columns: Mapping[str, Place]) -> None:
    """Refuse columns that no fact has.

    Raises:
        UnreadableFileError: Naming every unknown column and what may have been meant.
    """
    unknown = [place for name, place in columns.items() if name not in known_headers()]
    if unknown:
        named = ", ".join(_with_suggestion(place) for place in unknown)
        raise unreadable("unknown-columns", sheet, columns=named)


def _with_suggestion(place: Place) -> str:
    known = {normal(one): one for one in [*attribute_headers(), *(one.label.de for one in Column)]}
    close = get_close_matches(normal(place.header), known, 1, 0.75)
    instead = f" (gemeint: „{known[close[0]]}“?)" if close else ""
    return f"{place.column} „{place.header}“{instead}"


def read_facts(lines: Iterable[Line], findings: Findings) -> Iterator[Told]:
    """Yield what every row tells; refusals and hints go to the findings."""
    for line in lines:
        before = findings.refused_count
        person = read_file_number(line, _KEY[Column.PERSON], findings)
        if person is not None and normal(person) == normal(EXAMPLE_PERSON):
            findings.warn("example-row", line.place)
            continue
        row = None if person is None or not line.whole else _row(line, person, findings)
        whole = row is not None and findings.refused_count == before
        facts = (Sourced(line.place, row),) if whole and row is not None else None
        yield Told(line.place, person, facts)


def _row(line: Line, person: str, findings: Findings) -> FactRow | None:
    fact = _fact(line, findings)
    if fact is None:
        return None

    def take(one: Column, read: Callable[[Cell], Read]) -> Read | None:
        return read_cell(line, _KEY[one], read, findings)

    row = FactRow(
        person=person,
        type=fact.type_name(),
        number=take(Column.NUMBER, read_person),
        occurred_on=take(Column.DATE, read_day) or UNKNOWN_DAY,
        attributes=_attributes(line, fact, findings),
        recorded_at=take(Column.RECORDED_AT, read_moment),
        recorded_by=_actor(line, findings),
        controller=take(Column.CONTROLLER, read_text) or "",
        source=take(Column.SOURCE, _word(SourceKind)) or SourceKind.IMPORT,
        confidence=take(Column.CONFIDENCE, _word(Confidence)) or Confidence.CERTAIN,
        legal_basis=take(Column.LEGAL_BASIS, _word(LegalBasis)),
        consent_id=take(Column.CONSENT, read_text),
        household=take(Column.HOUSEHOLD, _household),
    )
    valid = is_valid(fact, row.attributes, lambda name: line.at(_header(fact, name)), findings)
    return row if valid else None


def _header(fact: type[Fact], name: str) -> str:
    """Return the compared header of an attribute, by its name."""
    attributes = attributes_by_header(fact).items()
    return next((key for key, one in attributes if one.name == name), "")


def _fact(line: Line, findings: Findings) -> type[Fact] | None:
    """Return the class of the fact that a row tells."""
    place = line.at(_KEY[Column.EVENT])
    if _KEY[Column.EVENT] not in line.cells:
        findings.refuse("no-event", place)
        return None
    word = read_cell(line, _KEY[Column.EVENT], read_text, findings)
    name = None if word is None else fact_type(word)
    if word is not None and name is None:
        offered = (one.about.label.de for one in FACTS.values())
        findings.refuse("unknown-event", place, meant=meant(word, offered))
    return None if name is None else FACTS[name]


def _attributes(line: Line, fact: type[Fact], findings: Findings) -> dict[str, JsonValue]:
    """Read the attributes; a value under a header that the fact does not have is refused."""
    own = attributes_by_header(fact)
    found: dict[str, JsonValue] = {}
    for name in line.cells:
        if column(name) is not None:
            continue
        if name not in own:
            findings.refuse("foreign-attribute", line.at(name), fact=fact.about.label)
            continue
        value = read_attribute(line, name, own[name], findings)
        if value is not None or fact is EventCorrected:
            found[own[name].name] = value
    return found


def _actor(line: Line, findings: Findings) -> Actor | None:
    columns = (Column.RECORDED_BY, Column.ROLE, Column.UNIT)
    party, role, unit = (read_cell(line, _KEY[one], read_text, findings) or "" for one in columns)
    return Actor(party, role, unit) if party else None


def _word(vocabulary: type[Code]) -> Callable[[Cell], Code]:
    """Return the reading of a code of a vocabulary."""
    how = Kind(Form.CODE, vocabulary)
    return lambda cell: _member(vocabulary, read_value(cell, how))


def _member(vocabulary: type[Code], code: JsonValue) -> Code:
    return next(one for one in vocabulary if one.value == code)


def _household(cell: Cell) -> UUID:
    """Read what the people of a household share; a text that is no UUID stands for one."""
    text = read_person(cell)
    try:
        return UUID(text)
    except ValueError:
        return uuid5(NAMESPACE_URL, f"household:{text}")
