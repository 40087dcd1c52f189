"""Writes a fact list as XLSX: the same rows give the same bytes."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from pydantic import JsonValue

from domain.events.registry import fact_class
from domain.journal import Actor
from infra.spreadsheets.columns import (
    FACT_SHEET,
    Column,
    attribute_headers,
    attributes_by_header,
    header,
    normal,
)
from infra.spreadsheets.days import BERLIN
from infra.spreadsheets.kinds import kind
from infra.spreadsheets.rows import FactRow
from infra.spreadsheets.values import Written, write_value, written_day

FIXED_DAY = datetime(2024, 1, 1)  # noqa: DTZ001  a file's properties know no zone
"""The day that a written file names as its creation, so that equal rows give equal files."""

_WIDTH = 22
_ROW_LIMIT = 1_048_575


def write_fact_list(
    path: Path, rows: Collection[FactRow], *, created: datetime = FIXED_DAY
) -> tuple[str, ...]:
    """Write a fact list with the columns that its rows need; return their headers.

    Raises:
        ValueError: If a sheet cannot hold as many rows.
        OSError: If the file cannot be written.
    """
    if len(rows) > _ROW_LIMIT:
        raise ValueError(f"a sheet holds at most {_ROW_LIMIT} rows; write several files")
    headers = used_headers(rows)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        book.set_properties({"title": FACT_SHEET, "created": created})
        sheet = book.add_worksheet(FACT_SHEET)
        sheet.set_column(0, len(headers) - 1, _WIDTH)
        sheet.freeze_panes(1, 3)
        sheet.write_row(0, 0, headers, book.add_format({"bold": True}))
        pen = Pen(book, sheet)
        for number, row in enumerate(rows, 1):
            pen.write(number, cells(row, headers))
        sheet.autofilter(0, 0, len(rows), len(headers) - 1)
    return headers


class Pen:
    """Writes values into the cells of a sheet, days and moments in German form."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self._sheet = sheet
        self._day = book.add_format({"num_format": "dd.mm.yyyy"})
        self._moment = book.add_format({"num_format": "dd.mm.yyyy hh:mm:ss"})

    def write(self, number: int, values: Iterable[Written | datetime | None]) -> None:
        """Write a row; None leaves its cell empty."""
        for place, value in enumerate(values):
            if isinstance(value, str):
                self._sheet.write_string(number, place, value)
            elif isinstance(value, datetime):
                self._sheet.write_datetime(number, place, value, self._moment)
            elif isinstance(value, date):
                self._sheet.write_datetime(number, place, value, self._day)
            elif value is not None:
                self._sheet.write_number(number, place, value)


def used_headers(rows: Collection[FactRow]) -> tuple[str, ...]:
    """Return the headers that these rows need, in the order of the template."""
    used = {normal(name) for row in rows for name in _cells(row)}
    always = {normal(one.label.de) for one in (Column.PERSON, Column.EVENT, Column.DATE)}
    order = [one.label.de for one in Column] + list(attribute_headers())
    return tuple(one for one in order if normal(one) in used | always)


def cells(row: FactRow, headers: Sequence[str]) -> Iterator[Written | datetime | None]:
    """Return what stands in the cells of a row under these headers."""
    given = _cells(row)
    return (given.get(one) for one in headers)


def _cells(row: FactRow) -> dict[str, Written | datetime]:
    fact = fact_class(row.type)
    actor = row.recorded_by or Actor("")
    common: dict[Column, Written | datetime | None] = {
        Column.PERSON: row.person,
        Column.NUMBER: row.number,
        Column.EVENT: fact.about.label.de,
        Column.DATE: written_day(row.occurred_on) if row.occurred_on.known else None,
        Column.RECORDED_AT: _clock_time(row.recorded_at) if row.recorded_at else None,
        Column.RECORDED_BY: actor.party,
        Column.ROLE: actor.role,
        Column.UNIT: actor.unit,
        Column.CONTROLLER: row.controller,
        Column.SOURCE: row.source.label.de,
        Column.CONFIDENCE: row.confidence.label.de,
        Column.LEGAL_BASIS: row.legal_basis.label.de if row.legal_basis else None,
        Column.CONSENT: row.consent_id,
        Column.HOUSEHOLD: str(row.household) if row.household else None,
    }
    found = {one.label.de: value for one, value in common.items() if value}
    for attribute in attributes_by_header(fact).values():
        if attribute.name in row.attributes:
            value: JsonValue = row.attributes[attribute.name]
            written = write_value(value, kind(attribute))
            if written is not None:
                found[header(attribute)] = written
    return found


def _clock_time(moment: datetime) -> datetime:
    """Return a moment as the clock in Berlin showed it; spreadsheets know no zones."""
    return moment.astimezone(BERLIN).replace(tzinfo=None)
