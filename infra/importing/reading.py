"""Reads a file of either shape into a spool, sorted by journey."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from pydantic import JsonValue

from domain.events.registry import NAMES_JOURNEY
from infra.importing.people import SeveralPeopleError
from infra.importing.report import Tally
from infra.importing.spool import Spool
from infra.spreadsheets.case_list import check_mapped_columns, read_cases
from infra.spreadsheets.cells import Place, Sheet
from infra.spreadsheets.columns import CHOICES_SHEET, EXPLANATION_SHEET, Column
from infra.spreadsheets.errors import unreadable
from infra.spreadsheets.fact_list import check_columns, is_fact_list, read_facts
from infra.spreadsheets.files import sheets
from infra.spreadsheets.findings import Findings
from infra.spreadsheets.mappings import CaseListMapping, shipped_mappings
from infra.spreadsheets.reading import Told
from infra.spreadsheets.rows import Sourced
from infra.spreadsheets.table import Table, table

FACT_LIST_SOURCE = "Faktenliste"
"""The lasting name of a fact list that is given none."""

Progress = Callable[[str, int, int | None], None]
"""Called with the stage (``read``, ``check``, ``write``), how much is done, and of how much."""

_EVERY = 500


class _FactList:
    """The shape of a fact list; a case list's shape is its mapping."""


_Shape = _FactList | CaseListMapping
_FACT_LIST = _FactList()


class Waiting(NamedTuple):
    """A row that waits for the others of its person; ``one`` is None if the row is refused."""

    journey: UUID
    place: Place
    one: Sourced | None


class FileRead(NamedTuple):
    """What a file turned out to be: the lasting name of its list, whether it says when."""

    source: str
    tells_recording: bool


def read_file(
    path: Path,
    mapping: CaseListMapping | None,
    journey: Callable[[str], UUID],
    spool: Spool[Waiting],
    tally: Tally,
    progress: Progress,
) -> FileRead:
    """Read every row of a file into the spool.

    Raises:
        UnreadableFileError: If the file cannot be read, or its columns are not understood.
    """
    shape_of = _shape_of(mapping)
    shapes: list[_Shape] = []
    tells_recording = False
    with sheets(path) as found:
        for sheet in found:
            read: Table[_Shape] | None = table(sheet, shape_of, tally.findings)
            if read is None:
                _pass_over(sheet, tally)
                continue
            shapes.append(read.shape)
            tally.columns[read.place.sheet] = read.columns
            tells_recording |= _spool(_told(read, tally), journey, spool, tally, progress)
    if not shapes:
        raise unreadable("no-header", Place(path.name), needed=_needed(mapping))
    first = shapes[0]
    source = first.name if isinstance(first, CaseListMapping) else FACT_LIST_SOURCE
    return FileRead(source, tells_recording)


def _shape_of(mapping: CaseListMapping | None) -> Callable[[frozenset[str]], _Shape | None]:
    """Return what tells a header row: of the mapping that is given, else of any list."""
    known = shipped_mappings() if mapping is None else (mapping,)

    def shape(headers: frozenset[str]) -> _Shape | None:
        if mapping is None and is_fact_list(headers):
            return _FACT_LIST
        fitted = [one.fitted(headers) for one in known]
        best = max(fitted, key=lambda one: one.fit(headers))
        return best if best.fit(headers) else None

    return shape


def _told(read: Table[_Shape], tally: Tally) -> Iterator[Told]:
    if isinstance(read.shape, CaseListMapping):
        check_mapped_columns(read.place, read.columns, read.shape, tally.findings)
        yield from read_cases(read.lines, read.shape, tally.findings)
    else:
        check_columns(read.place, read.columns)
        yield from read_facts(read.lines, tally.findings)


def _spool(
    rows: Iterable[Told],
    journey: Callable[[str], UUID],
    spool: Spool[Waiting],
    tally: Tally,
    progress: Progress,
) -> bool:
    """Spool rows by journey; return whether one says when it was recorded."""
    tells_recording = False
    for told in rows:
        tally.rows += 1
        if tally.rows % _EVERY == 0:
            progress("read", tally.rows, None)
        if told.person is None:
            continue
        try:
            whose = journey(told.person)
        except SeveralPeopleError:
            tally.findings.refuse("two-people", told.place)
            continue
        facts = _all_linked(told, journey, tally.findings)
        for one in facts or ():
            tells_recording |= one.row.recorded_at is not None
            spool.add(whose.bytes, Waiting(whose, told.place, one))
        if facts is None:
            spool.add(whose.bytes, Waiting(whose, told.place, None))
    return tells_recording


def _all_linked(
    told: Told, journey: Callable[[str], UUID], findings: Findings
) -> Sequence[Sourced] | None:
    """Return what a row tells, others named by their journeys; None if the row is refused."""
    if told.facts is None:
        return None
    try:
        return [_linked(one, journey) for one in told.facts]
    except SeveralPeopleError:
        findings.refuse("two-members", told.place)
        return None


def _linked(one: Sourced, journey: Callable[[str], UUID]) -> Sourced:
    """Return a row that names others by their journeys, where the list names them by file numbers."""
    told = dict(one.row.attributes)
    corrected = told.get("attributes")
    if isinstance(corrected, dict):
        told["attributes"] = {**corrected, **_journeys(corrected, journey)}
    told |= _journeys(told, journey)
    if told == one.row.attributes:
        return one
    return replace(one, row=replace(one.row, attributes=told))


def _journeys(
    told: Mapping[str, JsonValue], journey: Callable[[str], UUID]
) -> dict[str, JsonValue]:
    """Return the ids of the journeys that attributes name, by id or by file number."""
    return {
        name: str(_id(str(text)) or journey(str(text)))
        for name, text in told.items()
        if name in NAMES_JOURNEY and text
    }


def _id(text: str) -> UUID | None:
    """Read a journey's id as Kette writes it, in either case; anything else is a file number."""
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None


def _pass_over(sheet: Sheet, tally: Tally) -> None:
    if sheet.place.sheet not in {EXPLANATION_SHEET, CHOICES_SHEET}:
        tally.findings.warn("sheet-not-read", sheet.place)


def _needed(mapping: CaseListMapping | None) -> str:
    if mapping is not None:
        return _listed(mapping.columns)
    columns = [_listed((Column.PERSON.label.de, Column.EVENT.label.de))]
    columns += [f"{_listed(one.columns[:3])} …" for one in shipped_mappings()]
    return " / ".join(columns)


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f"„{one}“" for one in columns)


def by_journey(spool: Spool[Waiting]) -> Iterator[tuple[UUID, list[Waiting]]]:
    """Yield the rows of each person."""
    for journey, rows in groupby(spool.sorted(), key=lambda one: one.journey):
        yield journey, list(rows)
