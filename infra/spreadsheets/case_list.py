"""Reads case lists as offices keep them: one row a person, mapped to facts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pydantic import JsonValue

from domain.days import UNKNOWN_DAY
from infra.spreadsheets.cells import Cell, Place
from infra.spreadsheets.columns import normal
from infra.spreadsheets.days import read_day
from infra.spreadsheets.errors import unreadable
from infra.spreadsheets.findings import Findings
from infra.spreadsheets.mappings import CaseListMapping, MappedFact, Source
from infra.spreadsheets.reading import (
    Told,
    is_valid,
    read_attribute,
    read_cell,
    read_file_number,
    read_person,
)
from infra.spreadsheets.rows import FactRow, Sourced
from infra.spreadsheets.table import Line

_DASHES = frozenset({"-", "\u2013", "\u2014", "/", "./."})


def check_mapped_columns(
    sheet: Place, columns: Mapping[str, Place], mapping: CaseListMapping, findings: Findings
) -> None:
    """Refuse columns that the mapping neither maps nor ignores; hint at those that are missing.

    Raises:
        UnreadableFileError: Naming every such column.
    """
    unknown = [place for name, place in columns.items() if name not in mapping.known]
    if unknown:
        named = ", ".join(f"{place.column} „{place.header}“" for place in unknown)
        raise unreadable("unmapped-columns", sheet, columns=named, mapping=mapping.name)
    missing = [name for name in mapping.columns if normal(name) not in columns]
    if missing:
        findings.warn("columns-missing", sheet, columns=", ".join(f"„{one}“" for one in missing))


def read_cases(
    lines: Iterable[Line], mapping: CaseListMapping, findings: Findings
) -> Iterator[Told]:
    """Yield what every row tells; refusals and hints go to the findings."""
    for line in map(_without_dashes, lines):
        before = findings.refused_count
        person = read_file_number(line, normal(mapping.person), findings)
        told = person is not None and line.whole
        facts = _facts(line, person or "", mapping, findings) if told else None
        yield Told(line.place, person, facts if findings.refused_count == before else None)


def _without_dashes(line: Line) -> Line:
    """Take cells that hold but a dash as empty: so offices write that there is nothing to tell."""
    cells = {name: cell for name, cell in line.cells.items() if not _is_dash(cell)}
    return line if len(cells) == len(line.cells) else replace(line, cells=cells)


def _is_dash(cell: Cell) -> bool:
    return isinstance(cell.value, str) and cell.value.strip() in _DASHES


def _facts(
    line: Line, person: str, mapping: CaseListMapping, findings: Findings
) -> tuple[Sourced, ...]:
    told = [one for one in mapping.facts if not one.signs.isdisjoint(line.cells)]
    used = {normal(name) for one in told for name in one.columns}
    for one in mapping.facts:
        for name in {normal(name) for name in one.columns} & line.cells.keys() - used:
            findings.warn("not-told", line.at(name), fact=one.fact.about.label)
    number = read_cell(line, normal(mapping.number or ""), read_person, findings)
    return tuple(
        Sourced(
            line.at(one.sign(line.cells)),
            _fact(line, person, one, mapping.fact_id(number, one), findings),
        )
        for one in told
    )


def _fact(
    line: Line, person: str, told: MappedFact, number: str | None, findings: Findings
) -> FactRow:
    attributes: dict[str, JsonValue] = {}
    for name, source in told.attributes.items():
        if source.column is None:
            attributes[name] = source.value
        elif normal(source.column) in line.cells:
            attributes[name] = _value(line, told, name, source, findings)
    attributes = {name: value for name, value in attributes.items() if value is not None}
    headers = {
        name: normal(source.column) for name, source in told.attributes.items() if source.column
    }
    is_valid(told.fact, attributes, lambda name: line.at(headers.get(name, "")), findings)
    day = read_cell(line, normal(told.date), read_day, findings) if told.date else None
    return FactRow(person, told.type_name, number, day or UNKNOWN_DAY, attributes)


def _value(
    line: Line, told: MappedFact, name: str, source: Source, findings: Findings
) -> JsonValue | None:
    """Read an attribute; the office's own words come before the program's."""
    header = normal(source.column or "")
    said = line.cells[header].value
    if isinstance(said, str) and (meant := source.meant(said)) is not None:
        return meant
    return read_attribute(line, header, told.attribute(name), findings)
