"""A sheet as a table: its header row found and checked, its rows one by one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Generic, TypeVar

from infra.spreadsheets.cells import Cell, Place, Row, Sheet, letters
from infra.spreadsheets.columns import normal
from infra.spreadsheets.errors import unreadable
from infra.spreadsheets.findings import Findings
from infra.spreadsheets.worksheet import Area

_HEADER_WITHIN = 20
Shape = TypeVar("Shape")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its cells by compared header, and where it stands.

    Attributes:
        whole: Whether all its cells are understood; if not, the row is refused already.
    """

    place: Place
    cells: Mapping[str, Cell]
    columns: Mapping[str, Place]
    whole: bool = True

    def at(self, header: str) -> Place:
        """Return the place of the cell under a compared header."""
        column = self.columns.get(header)
        return self.place if column is None else replace(column, row=self.place.row)


@dataclass(frozen=True, slots=True)
class Table(Generic[Shape]):
    """A sheet whose header row was recognised.

    Attributes:
        shape: What the header row was recognised as.
        columns: The place of every column, by its compared header.
    """

    shape: Shape
    place: Place
    columns: Mapping[str, Place]
    lines: Iterator[Line]


def table(
    sheet: Sheet, shape_of: Callable[[frozenset[str]], Shape | None], findings: Findings
) -> Table[Shape] | None:
    """Find the header row of a sheet among its first rows; None if there is none.

    Args:
        sheet: The sheet.
        shape_of: Says what a row of compared headers is the header row of, if of anything.
        findings: Where refused rows and hints go.

    Raises:
        UnreadableFileError: If a header stands twice.
    """
    for row in islice(sheet.rows, _HEADER_WITHIN):
        named = {at: str(cell.value).strip() for at, cell in row.cells.items() if cell.value}
        shape = shape_of(frozenset(normal(one) for one in named.values()))
        if shape is not None:
            columns = _columns(sheet, replace(sheet.place, row=row.number), named)
            for at in sorted(sheet.hidden_columns & named.keys()):
                findings.warn("hidden-column", columns[normal(named[at])])
            headers = {at: normal(name) for at, name in named.items()}
            lines = _lines(sheet, headers, columns, row.number, findings)
            return Table(shape, sheet.place, columns, lines)
    return None


def _columns(sheet: Sheet, header_row: Place, named: Mapping[int, str]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for at, name in sorted(named.items()):
        place = replace(sheet.place, column=letters(at), header=name)
        first = found.setdefault(normal(name), place)
        if first is not place:
            raise unreadable(
                "duplicate-header", replace(place, row=header_row.row), other=first.column
            )
    return found


def _lines(
    sheet: Sheet,
    headers: Mapping[int, str],
    columns: Mapping[str, Place],
    header_row: int,
    findings: Findings,
) -> Iterator[Line]:
    merges = _Merges([area for area in sheet.merged if area[1] > header_row])
    for row in sheet.rows:
        place = replace(sheet.place, row=row.number)
        if row.hidden:
            findings.warn("hidden-row", place)
        filled, torn = merges.filled(row)
        nameless = next((at for at in filled if at not in headers), None)
        if torn is not None:
            findings.refuse("merged-cells", replace(place, column=letters(torn)))
        elif nameless is not None:
            findings.refuse("value-without-header", replace(place, column=letters(nameless)))
        cells = {headers[at]: cell for at, cell in filled.items() if at in headers}
        line = Line(place, cells, columns, whole=torn is None and nameless is None)
        _warn_of_formulas(line, findings)
        yield line


def _warn_of_formulas(line: Line, findings: Findings) -> None:
    for name, cell in line.cells.items():
        if cell.formula and cell.value is not None:
            findings.warn("formula", line.at(name))


class _Merges:
    """Fills the rows of areas merged downwards; areas merged sidewards cannot be understood."""

    def __init__(self, areas: list[Area]) -> None:
        self._coming = sorted(areas, reverse=True)
        self._running: list[tuple[Area, Cell | None]] = []

    def filled(self, row: Row) -> tuple[Mapping[int, Cell], int | None]:
        """Return the cells of a row with what is merged into them, and where an area tears it."""
        while self._coming and self._coming[-1][0] <= row.number:
            area = self._coming.pop()
            anchor = row.cells.get(area[2]) if area[0] == row.number else None
            self._running.append((area, anchor))
        self._running = [one for one in self._running if one[0][1] >= row.number]
        if not self._running:
            return row.cells, None
        fill = {area[2]: cell for area, cell in self._running if cell is not None}
        torn = next((area[2] for area, _cell in self._running if area[2] != area[3]), None)
        return dict(chain(fill.items(), row.cells.items())), torn
