"""A file of any kind as sheets."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from infra.spreadsheets.archive import OLD_EXCEL
from infra.spreadsheets.cells import Place, Sheet
from infra.spreadsheets.errors import cannot_open, unreadable
from infra.spreadsheets.plain_text import csv_sheets
from infra.spreadsheets.xlsx import xlsx_sheets

_EXCEL = {".xlsx", ".xlsm", ".xltx", ".xls"}
_TEXT = {".csv", ".txt", ".tsv"}
_ZIP = b"PK"


def sheets(path: Path) -> AbstractContextManager[Iterator[Sheet]]:
    """Open a file and yield its visible sheets.

    Raises:
        UnreadableFileError: If it is neither XLSX nor CSV, or cannot be read.
    """
    place = Place(path.name)
    start = _start(path, place)
    if not start:
        raise unreadable("empty-file", place)
    suffix = path.suffix.casefold()
    if start.startswith(_ZIP) or start == OLD_EXCEL:
        return xlsx_sheets(path)
    if suffix in _TEXT:
        return csv_sheets(path)
    raise unreadable("text-as-excel" if suffix in _EXCEL else "unknown-kind", place)


def _start(path: Path, place: Place) -> bytes:
    """Return the first bytes of a file."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(OLD_EXCEL))
    except OSError as error:
        raise cannot_open(place, error) from None
