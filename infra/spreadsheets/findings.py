"""What was noticed while reading: refused rows one by one, hints gathered by column."""

from collections import Counter
from dataclasses import dataclass, field, replace

from domain.labels import Language
from infra.spreadsheets.cells import Notice, Place
from infra.spreadsheets.texts import text

_KEPT = 1_000
_ROWS_NAMED = 5


@dataclass(frozen=True, slots=True)
class Warned:
    """A hint, the first rows it holds for, and for how many in all."""

    notice: Notice
    rows: tuple[int, ...]
    count: int

    def in_language(self, language: Language) -> str:
        """Return the hint as a sentence that names the rows."""
        sentence = self.notice.in_language(language)
        if not self.rows:
            return sentence
        named = ", ".join(str(row) for row in self.rows)
        more = " …" if self.count > len(self.rows) else ""
        return f"{sentence} {text('warned-rows', language).format(rows=named + more, n=self.count)}"


@dataclass(slots=True)
class Findings:
    """Collects refusals and hints; keeps a bounded number of each, counts them all.

    The refusals of one row come one after the other.

    Attributes:
        refused: The first refusals, each said once.
        refused_count: How many there are.
        refused_rows: How many rows they concern.
    """

    refused: list[Notice] = field(default_factory=list)
    refused_count: int = 0
    refused_rows: int = 0
    _row: Place | None = None
    _said: set[tuple[str, Place]] = field(default_factory=set)
    _warned: dict[tuple[str, Place], tuple[Notice, list[int]]] = field(default_factory=dict)
    _counts: Counter[tuple[str, Place]] = field(default_factory=Counter)

    def refuse(self, code: str, place: Place, **words: object) -> None:
        """Note that a row is refused, and why; the same said twice of a cell counts once."""
        row = replace(place, column="", header="")
        if row != self._row:
            self._row, self._said = row, set()
            self.refused_rows += 1
        if (code, place) in self._said:
            return
        self._said.add((code, place))
        self.refused_count += 1
        if len(self.refused) < _KEPT:
            self.refused.append(Notice(code, place, words))

    def warn(self, code: str, place: Place, **words: object) -> None:
        """Note a hint; hints of one kind about one column become one."""
        column = replace(place, row=0)
        key = (code, column)
        if key not in self._warned and len(self._warned) >= _KEPT:
            return
        _notice, rows = self._warned.setdefault(key, (Notice(code, column, words), []))
        self._counts[key] += 1
        if place.row and len(rows) < _ROWS_NAMED:
            rows.append(place.row)

    def warnings(self) -> tuple[Warned, ...]:
        """Return the hints, each with the rows it holds for."""
        return tuple(
            Warned(notice, tuple(sorted(rows)), self._counts[key])
            for key, (notice, rows) in self._warned.items()
        )
