"""A file of any kind as sheets."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from infra.spreadsheets.cells import Place, Sheet
from infra.spreadsheets.errors import unreadable
from infra.spreadsheets.plain_text import csv_sheets
from infra.spreadsheets.xlsx import xlsx_sheets

_XLSX = {".xlsx", ".xlsm", ".xltx"}
_TEXT = {".csv", ".txt", ".tsv"}
_ZIP = b"PK"


def sheets(path: Path) -> AbstractContextManager[Iterator[Sheet]]:
    """Open a file and yield its visible sheets.

    Raises:
        UnreadableFileError: If it is neither XLSX nor CSV, or cannot be read.
    """
    place = Place(path.name)
    if path.is_dir():
        raise unreadable("no-file", place, why="Ordner")
    try:
        with path.open("rb") as stream:
            start = stream.read(2)
    except OSError as error:
        raise unreadable("no-file", place, why=error.strerror) from None
    if not start:
        raise unreadable("empty-file", place)
    suffix = path.suffix.casefold()
    if suffix in _XLSX or start == _ZIP or suffix == ".xls":
        return xlsx_sheets(path)
    if suffix in _TEXT:
        return csv_sheets(path)
    raise unreadable("unknown-kind", place)
