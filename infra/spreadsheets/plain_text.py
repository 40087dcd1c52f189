"""CSV files: encoding and separator found by looking, rows in a stream."""

import codecs
import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import TextIO

from infra.spreadsheets.cells import Cell, CellError, Place, Row, Sheet
from infra.spreadsheets.errors import cannot_open, unreadable

_CHUNK = 1 << 16
_SEPARATORS = (";", "\t", ",", "|")
_LOOKED_AT = 20
_LONGEST_CELL = 400_000
_KEPT_TEXT = re.compile(r'="([^"]*)"')
_FAILED = {
    "#NV", "#WERT!", "#BEZUG!", "#ZAHL!", "#NULL!", "#DIV/0!", "#NAME?", "#ÜBERLAUF!",
    "#N/A", "#VALUE!", "#REF!", "#NUM!", "#SPILL!",
}  # fmt: skip
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@contextmanager
def csv_sheets(path: Path) -> Iterator[Iterator[Sheet]]:
    """Open a CSV file and yield its one sheet.

    Raises:
        UnreadableFileError: If it is no text, or its quotation marks do not fit.
    """
    place = Place(path.name)
    encoding = _encoding(path, place)
    separator, announced = _separator(path, encoding, place)
    with _text(path, encoding) as stream:
        if announced:
            stream.readline()
        yield iter((Sheet(place, _rows(stream, separator, place)),))


def _encoding(path: Path, place: Place) -> str:
    """Return the encoding: what a mark says, else UTF-8 if the whole file is, else Windows-1252."""
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
            for mark, name in _BOMS:
                if start.startswith(mark):
                    return name
            stream.seek(0)
            return "utf-8" if _is_utf8(iter(lambda: stream.read(_CHUNK), b""), place) else "cp1252"
    except OSError as error:
        raise cannot_open(place, error) from None


def _is_utf8(chunks: Iterator[bytes], place: Place) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    for chunk in chunks:
        if b"\0" in chunk:
            raise unreadable("no-text-file", place)
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _text(path: Path, encoding: str) -> TextIOWrapper:
    return path.open(encoding=encoding, newline="")


def _separator(path: Path, encoding: str, place: Place) -> tuple[str, bool]:
    """Return the separator, and whether a first line of Excel's (``sep=;``) announces it."""
    try:
        with _text(path, encoding) as stream:
            first = stream.readline(1_000).strip().strip('"')
            if first.casefold().startswith("sep=") and len(first) == 5:
                return first[-1], True
        parted = {one: _parted(path, encoding, one) for one in _SEPARATORS}
    except UnicodeError:
        raise unreadable("wrong-encoding", place) from None
    return max(_SEPARATORS, key=lambda one: parted[one]), False


def _parted(path: Path, encoding: str, separator: str) -> tuple[int, int]:
    """Return how many of the first rows a separator parts, and into how many cells in all."""
    widths: list[int] = []
    with _text(path, encoding) as stream, suppress(csv.Error):
        widths += (len(row) for row in islice(_reader(stream, separator), _LOOKED_AT))
    return sum(width > 1 for width in widths), sum(widths)


def _reader(stream: TextIO, separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(stream, delimiter=separator, strict=True)


def _rows(stream: TextIO, separator: str, place: Place) -> Iterator[Row]:
    number = 0
    reader = _reader(stream, separator)
    while True:
        number += 1
        try:
            texts = next(reader, None)
        except csv.Error as error:
            raise unreadable("broken-csv", replace(place, row=number), why=error) from None
        except UnicodeError:
            raise unreadable("wrong-encoding", replace(place, row=number)) from None
        if texts is None:
            return
        if any("\0" in text for text in texts):
            raise unreadable("no-text-file", replace(place, row=number))
        cells = {at: _cell(text) for at, text in enumerate(texts) if text.strip()}
        if cells:
            yield Row(number, cells)


def _cell(text: str) -> Cell:
    """Return what a text means: Excel exports failed formulas, and text that it kept as ="0012"."""
    if text.strip().upper() in _FAILED:
        return Cell(CellError(text.strip()))
    kept = _KEPT_TEXT.fullmatch(text.strip())
    return Cell(kept[1] if kept else text)
