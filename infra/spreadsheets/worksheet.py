"""The rows of one sheet of an XLSX file, read in a stream."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from infra.spreadsheets.cells import Cell, CellError, Row, Value
from infra.spreadsheets.markup import Markup, MarkupError
from infra.spreadsheets.number_formats import PLAIN, Style, meant
from infra.spreadsheets.shared_strings import unescaped

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_LONGEST_MERGE = 200
_MOST_MERGES = 20_000
_LAST_COLUMN = 16_384
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)

Area = tuple[int, int, int, int]


class SheetParser:
    """Reads rows; after each piece of the file those that are complete are handed out."""

    def __init__(
        self,
        strings: Callable[[int], str],
        styles: Sequence[Style],
        *,
        from_1904: bool,
    ) -> None:
        self._strings, self._styles, self._from_1904 = strings, styles, from_1904
        self._rows: list[Row] = []
        self._cells: dict[int, Cell] = {}
        self._row, self._hidden = 0, False
        self._column, self._type, self._style = -1, "n", PLAIN
        self._raw: str | None = None
        self._inline: list[str] = []
        self._formula = self._phonetic = False
        self._markup = Markup(self._start, self._end)
        self.hidden_columns: set[int] = set()

    def rows(self, chunks: Iterable[bytes]) -> Iterator[Row]:
        """Yield the rows that are not empty.

        Raises:
            MarkupError: If the sheet is broken.
        """
        for chunk in chunks:
            self._markup.feed(chunk)
            yield from self._rows
            self._rows.clear()
        self._markup.feed(b"", last=True)
        yield from self._rows

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._hidden = attributes.get("hidden") in {"1", "true"}
            self._column, self._cells = -1, {}
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._phonetic = True
        elif name == "col" and attributes.get("hidden") in {"1", "true"}:
            last = min(int(attributes["max"]), _LAST_COLUMN)
            self.hidden_columns |= set(range(int(attributes["min"]) - 1, last))

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        self._column = self._column + 1 if reference is None else _column(reference)
        self._type = attributes.get("t", "n")
        number = int(attributes.get("s", 0))
        self._style = self._styles[number] if number < len(self._styles) else PLAIN
        self._raw, self._inline, self._formula = None, [], False

    def _end(self, name: str, text: str) -> None:
        if name == "v":
            self._raw = text
        elif name == "t" and not self._phonetic:
            self._inline.append(text)
        elif name == "rPh":
            self._phonetic = False
        elif name == "c":
            self._end_cell()
        elif name == "row" and self._cells:
            self._rows.append(Row(self._row, self._cells, self._hidden))

    def _end_cell(self) -> None:
        value = self._value()
        if isinstance(value, str) and not value.strip():
            return
        if value is not None or self._formula:
            self._cells[self._column] = Cell(value, self._formula, self._from_1904)

    def _value(self) -> Value | None:
        try:
            if self._type == "inlineStr":
                return unescaped("".join(self._inline))
            return None if self._raw is None else self._typed(self._raw)
        except (ValueError, IndexError):
            raise MarkupError(f"a cell of row {self._row} is broken") from None

    def _typed(self, raw: str) -> Value | None:
        match self._type:
            case "s":
                return self._strings(int(raw))
            case "str" | "d":
                return unescaped(raw)
            case "b":
                return raw.strip() == "1"
            case "e":
                return CellError(raw)
            case _:
                return meant(float(raw), self._style, from_1904=self._from_1904) if raw else None


@lru_cache(16_384)
def _letters(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _column(reference: str) -> int:
    found = _REFERENCE.fullmatch(reference)
    if found is None or (column := _letters(found[1])) >= _LAST_COLUMN:
        raise MarkupError("a cell stands outside of every sheet")
    return column


def merged_areas(chunks: Iterable[bytes]) -> tuple[Area, ...]:
    """Find the merged areas of a sheet: first row, last row, first column, last column.

    They stand behind the rows, so they are looked for in the bytes before the rows are read.

    Raises:
        MarkupError: If there are too many.
    """
    found: dict[Area, None] = {}
    before = b""
    for chunk in chunks:
        text = before + chunk
        for one in _MERGED.finditer(text):
            left, right = (_letters(one[part].decode("ascii")) for part in (1, 3))
            found[int(one[2]), int(one[4]), left, right] = None
        if len(found) > _MOST_MERGES:
            raise MarkupError("too many merged areas")
        before = text[-_LONGEST_MERGE:]
    return tuple(found)
