"""Writes the template of a fact list: headers, drop-downs, an example, and what everything means."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # ships no types

from domain.days import PartialDate
from domain.events.registry import FACTS
from domain.fact import Attribute, Fact
from domain.fields import Confidence, LegalBasis, SourceKind
from domain.labels import Vocabulary
from infra.spreadsheets.cells import letters
from infra.spreadsheets.columns import (
    CHOICES_SHEET,
    EXPLANATION_SHEET,
    EXPLANATIONS,
    FACT_SHEET,
    Column,
    attribute_headers,
    header,
    normal,
)
from infra.spreadsheets.fact_list import EXAMPLE_PERSON
from infra.spreadsheets.kinds import Form, Kind, kind
from infra.spreadsheets.rows import FactRow
from infra.spreadsheets.values import labels
from infra.spreadsheets.writer import FIXED_DAY, Pen, cells

_ROWS = 5_000
_WIDTH = 22
_EXAMPLE = FactRow(
    person=EXAMPLE_PERSON,
    type="TitleGranted",
    number="T-1",
    occurred_on=PartialDate(2024, 3, 15),
    attributes={"basis": "AUFENTHG_24", "valid_until": "2027-03-04"},
    source=SourceKind.DOCUMENT_SEEN,
)
_FORMS: Mapping[Form, str] = {
    Form.DAY: "Datum: 15.03.2024, 03.2024, 2024 oder „unbekannt“",
    Form.FLAG: "ja oder nein",
    Form.WHOLE: "ganze Zahl",
    Form.NUMBER: "Zahl, etwa 19,5",
    Form.MONEY: "Betrag, etwa 1.234,56",
    Form.CODE: "Auswahl",
    Form.TEXT: "Text",
    Form.LIST: "mehrere Werte, getrennt durch Semikolon",
    Form.MAP: "Name: Wert; Name: Wert",
    Form.JSON: "JSON",
}
_COMMON: Mapping[Column, type[Vocabulary]] = {
    Column.SOURCE: SourceKind,
    Column.CONFIDENCE: Confidence,
    Column.LEGAL_BASIS: LegalBasis,
}


def write_template(path: Path) -> None:
    """Write the template of a fact list.

    Raises:
        OSError: If the file cannot be written.
    """
    headers = [*(one.label.de for one in Column), *attribute_headers()]
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"title": "Faktenliste", "created": FIXED_DAY})
        bold = book.add_format({"bold": True})
        facts = book.add_worksheet(FACT_SHEET)
        _explain(book.add_worksheet(EXPLANATION_SHEET), bold)
        choices = _Choices(book.add_worksheet(CHOICES_SHEET))
        _lay_out(book, facts, headers, bold)
        Pen(book, facts).write(1, cells(_EXAMPLE, headers))
        for place, name in enumerate(headers):
            offered = _offered(name)
            if offered:
                choices.offer(facts, place, offered)


def _lay_out(book: Any, sheet: Any, headers: list[str], bold: Any) -> None:
    day, text = book.add_format({"num_format": "dd.mm.yyyy"}), book.add_format({"num_format": "@"})
    for place, name in enumerate(headers):
        forms = {one.form for _fact, _attribute, one in _uses(name)}
        if forms == {Form.DAY} or normal(name) in _DAYS:
            look = day
        else:
            look = text if forms <= {Form.TEXT, Form.CODE, Form.LIST, Form.MAP, Form.JSON} else None
        sheet.set_column(place, place, _WIDTH, look)
    sheet.write_row(0, 0, headers, bold)
    sheet.freeze_panes(1, 3)


_DAYS = frozenset(normal(one.label.de) for one in (Column.DATE, Column.RECORDED_AT))


def _uses(name: str) -> Iterator[tuple[type[Fact], Attribute, Kind]]:
    """Yield the attributes that stand under a header."""
    for fact in FACTS.values():
        for one in fact.attributes():
            if header(one) == name:
                yield fact, one, kind(one)


def _offered(name: str) -> list[str]:
    """Return what a column's drop-down offers; nothing where it would not fit every row."""
    if name == Column.EVENT.label.de:
        return [fact.about.label.de for fact in FACTS.values()]
    for one, vocabulary in _COMMON.items():
        if name == one.label.de:
            return labels(vocabulary)
    kinds = {one for _fact, _attribute, one in _uses(name)}
    if kinds == {Kind(Form.FLAG)}:
        return ["ja", "nein"]
    only = next(iter(kinds)) if len(kinds) == 1 else Kind(Form.TEXT)
    return [] if only.vocabulary is None else labels(only.vocabulary)


class _Choices:
    """The sheet of what drop-downs offer, one column for each."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._sheet.hide()
        self._places: dict[tuple[str, ...], str] = {}

    def offer(self, facts: Any, place: int, offered: list[str]) -> None:
        """Give a column of the fact list a drop-down."""
        words = tuple(offered)
        if words not in self._places:
            at = len(self._places)
            self._sheet.write_column(0, at, offered)
            name = letters(at)
            self._places[words] = f"={CHOICES_SHEET}!${name}$1:${name}${len(offered)}"
        rule = {
            "validate": "list",
            "source": self._places[words],
            "error_title": "Nicht zur Auswahl",
            "error_message": "Bitte einen Wert aus der Liste wählen.",
        }
        facts.data_validation(1, place, _ROWS, place, rule)


def _explain(sheet: Any, bold: Any) -> None:
    sheet.set_column(0, 4, _WIDTH * 1.5)
    rows = [
        ("Spalte", "Ereignis", "Form", "Bedeutung", "Auswahl"),
        *((one.label.de, "alle", "", EXPLANATIONS[one].de, "") for one in Column),
        *_explained(),
    ]
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row, bold if number == 0 else None)
    sheet.freeze_panes(1, 0)


def _explained() -> Iterator[tuple[str, str, str, str, str]]:
    """Yield a row for every fact, and one for each of its attributes."""
    for fact in FACTS.values():
        label = fact.about.label.de
        yield "", label, fact.about.field.label.de, f"Schlüssel: {fact.type_name()}", ""
        for one in fact.attributes():
            how = kind(one)
            inner = how if how.vocabulary else how.inner
            offered = labels(inner.vocabulary) if inner and inner.vocabulary else []
            yield header(one), label, _FORMS[how.form], one.meaning, "; ".join(offered[:60])
