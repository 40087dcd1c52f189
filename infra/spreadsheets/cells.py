"""Cells and rows as any file of a spreadsheet gives them, and problems with the place they stand at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.days import PartialDate
from domain.labels import Label, Language
from infra.spreadsheets.texts import text


@dataclass(frozen=True, slots=True)
class CellError:
    """What a spreadsheet shows where a formula failed, such as ``#REF!``."""

    code: str


Value = str | float | bool | datetime | PartialDate | CellError
"""What a cell holds; a date that is shown without its day is a month or a year."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is not empty.

    Attributes:
        value: What stands in it; the last computed value of a formula, None if it has none.
        formula: Whether a formula computes it.
        from_1904: Whether the days of its file are counted from 1904.
    """

    value: Value | None
    formula: bool = False
    from_1904: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row and its cells that are not empty, by column from 0."""

    number: int
    cells: Mapping[int, Cell]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file; what does not apply is empty."""

    file: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    header: str = ""

    def in_language(self, language: Language) -> str:
        """Return the place in words."""
        words = (
            (self.sheet, "place-sheet"),
            (self.row, "place-row"),
            (self.column, "place-column"),
        )
        parts = [text(word, language).format(value) for value, word in words if value]
        head = f" („{self.header}“)" if self.header else ""
        return ", ".join([self.file, *parts]) + head


@dataclass(frozen=True, slots=True)
class Notice:
    """A problem or a hint: what, where, and what to do about it; never a value of a cell."""

    code: str
    place: Place
    words: Mapping[str, object] = field(default_factory=dict)

    def in_language(self, language: Language) -> str:
        """Return the notice as a sentence that names the place."""
        words = {
            name: one.in_language(language) if isinstance(one, Label) else one
            for name, one in self.words.items()
        }
        return f"{self.place.in_language(language)}: {text(self.code, language).format(**words)}"


class UnreadableCellError(Exception):
    """The value of a cell cannot be read as what its column holds."""

    def __init__(self, code: str, **words: object) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


def present(cell: Cell) -> Value:
    """Return what a cell holds.

    Raises:
        UnreadableCellError: If that is a failed formula, or a formula whose value is not stored.
    """
    if cell.value is None:
        raise UnreadableCellError("formula-without-value")
    if isinstance(cell.value, CellError):
        raise UnreadableCellError("error-cell")
    return cell.value


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a file: its rows come one by one, once.

    Attributes:
        place: The file and the sheet.
        rows: The rows that are not empty.
        hidden_columns: The columns that are hidden, from 0.
        merged: Merged areas as (first row, last row, first column, last column).
    """

    place: Place
    rows: Iterator[Row]
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()


def letters(column: int) -> str:
    """Return the letters of a column counted from 0: A, B, …, Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
