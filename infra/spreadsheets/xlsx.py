"""XLSX files: which sheets there are, and their rows in a stream."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from infra.spreadsheets.archive import Archive
from infra.spreadsheets.cells import Row, Sheet
from infra.spreadsheets.errors import unreadable
from infra.spreadsheets.markup import MarkupError
from infra.spreadsheets.number_formats import Style, styles
from infra.spreadsheets.shared_strings import SharedStrings
from infra.spreadsheets.worksheet import Area, SheetParser, merged_areas

_ALL_PARTS = "XLSX"
_TRUE = {"1", "true", "on"}


class _Book(NamedTuple):
    archive: Archive
    strings: SharedStrings
    styles: list[Style]
    from_1904: bool
    sheets: list[tuple[str, str]]


@contextmanager
def xlsx_sheets(path: Path) -> Iterator[Iterator[Sheet]]:
    """Open an XLSX file and yield its visible sheets, one after the other.

    Raises:
        UnreadableFileError: If it is no XLSX file, damaged, encrypted, or unsafe.
    """
    with Archive(path) as archive, SharedStrings() as strings:
        try:
            book = _book(archive, strings)
        except (MarkupError, ValueError) as error:
            raise unreadable("broken-xml", archive.place, part=_ALL_PARTS, why=error) from None
        yield (_sheet(book, name, part) for name, part in book.sheets)


def _book(archive: Archive, strings: SharedStrings) -> _Book:
    main = _main_part(archive)
    related = archive.relations(main)
    parts = dict(related.values())
    if "sharedStrings" in parts:
        strings.spill(archive.chunks(parts["sharedStrings"]))
    looks = styles(archive.elements(parts["styles"])) if "styles" in parts else []
    names, from_1904 = _names(archive, main)
    sheets = [
        (name, related[number][1])
        for name, number in names
        if related.get(number, ("",))[0] == "worksheet"
    ]
    return _Book(archive, strings, looks, from_1904, sheets)


def _main_part(archive: Archive) -> str:
    found = [part for kind, part in archive.relations("").values() if kind == "officeDocument"]
    if not found or not found[0].endswith(".xml") or not archive.has(found[0]):
        raise unreadable("not-xlsx", archive.place)
    return found[0]


def _names(archive: Archive, main: str) -> tuple[list[tuple[str, str]], bool]:
    """Return name and relation of the visible sheets, and whether days count from 1904."""
    names: list[tuple[str, str]] = []
    from_1904 = False
    for name, attributes, _around in archive.elements(main):
        if name == "workbookPr":
            from_1904 = attributes.get("date1904", "0") in _TRUE
        elif name == "sheet" and attributes.get("state", "visible") == "visible":
            names.append((attributes.get("name", ""), attributes.get("id", "")))
    return names, from_1904


def _sheet(book: _Book, name: str, part: str) -> Sheet:
    parser = SheetParser(book.strings.text, book.styles, from_1904=book.from_1904)
    rows = _rows(book, parser, part)
    first = next(rows, None)
    return Sheet(
        place=replace(book.archive.place, sheet=name),
        rows=rows if first is None else chain((first,), rows),
        hidden_columns=frozenset(parser.hidden_columns),
        merged=_merged(book, part),
    )


def _rows(book: _Book, parser: SheetParser, part: str) -> Iterator[Row]:
    try:
        yield from parser.rows(book.archive.chunks(part))
    except (MarkupError, ValueError) as error:
        raise unreadable("broken-xml", book.archive.place, part=part, why=error) from None


def _merged(book: _Book, part: str) -> tuple[Area, ...]:
    try:
        return merged_areas(book.archive.chunks(part))
    except MarkupError as error:
        raise unreadable("broken-xml", book.archive.place, part=part, why=error) from None
