"""Facts and cases as JSON lines: one fact a line for `evaluate`, one case a line for `check`.

Strict reading refuses what it does not know and names file, line and name; lenient reading drops just
that part and says so.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import orjson

from domain.chain.calendar import BERLIN
from domain.chain.reading import Told
from domain.days import PartialDate
from domain.errors import (
    InvalidFactError,
    KetteError,
    UnknownFactTypeError,
    UnreadableDateError,
)
from domain.events.record import EventCorrected
from domain.events.registry import read_fact, read_fact_leniently
from domain.fact import Fact

_FACT_KEYS = frozenset(
    {"journey", "id", "type", "occurred_on", "recorded_at", "attributes", "wording", "note"}
    | {"recorded_by", "source", "confidence", "legal_basis", "unit", "position", "version"}
)


class UnreadableLineError(KetteError):
    """A line of a file cannot be read; the message names file, line, name and cure."""

    code = "unreadable-line"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A part that lenient reading left out."""

    place: str
    what: str


OnDropped = Callable[[Dropped], None]


def read_facts(
    path: Path, on_dropped: OnDropped | None = None, *, unnamed: str = ""
) -> dict[str, list[Told]]:
    """Return the facts of a file by journey, both in the order of the file.

    Args:
        path: A file with one JSON object a line.
        on_dropped: Called for every part left out; None reads strictly.
        unnamed: What a fact without an id is called, with the number of its line; empty: it must have one.

    Raises:
        UnreadableLineError: If a line cannot be read.
    """
    journeys: dict[str, list[Told]] = {}
    lines: dict[tuple[str, str], int] = {}
    for number, row in _rows(path):
        place = f"{path.name}, line {number}"
        journey = str(row.get("journey") or "")
        named = {"id": f"{unnamed} {number}", **row} if unnamed else row
        told = _told(named, place, on_dropped)
        if told is None:
            continue
        if (journey, told.id) in lines:
            raise UnreadableLineError(
                f"{place}: id {told.id!r} stands on line {lines[journey, told.id]} already; "
                "give every fact of a journey its own id"
            )
        lines[journey, told.id] = number
        journeys.setdefault(journey, []).append(told)
    return {
        journey: _fitted(facts, _place_in(path, journey, lines), on_dropped)
        for journey, facts in journeys.items()
    }


def _place_in(
    path: Path, journey: str, lines: Mapping[tuple[str, str], int]
) -> Callable[[str], str]:
    """Return what names the place of a fact in a file."""
    return lambda fact_id: f"{path.name}, line {lines[journey, fact_id]}, fact {fact_id}"


@dataclass(frozen=True, slots=True)
class Check:
    """What a case file expects of a rule on a day."""

    on: date
    rule: str
    state: str
    known_at: date | None
    set: str
    because: str
    data: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A real history and what must be found in it."""

    name: str
    facts: tuple[Told, ...]
    checks: tuple[Check, ...]


def read_cases(path: Path, on_dropped: OnDropped) -> Iterator[Case]:
    """Yield the cases of a file; always lenient.

    Raises:
        UnreadableLineError: If a line is no case, or a check lacks its day, rule or state.
    """
    for number, row in _rows(path):
        yield _case(row, f"{path.name}, line {number}", on_dropped)


def _case(row: Mapping[str, Any], line: str, on_dropped: OnDropped) -> Case:
    name = str(row.get("case") or line)
    place = f"{line}, case {name}"
    told = [_told(fact, place, on_dropped) for fact in _objects(row, "facts", line)]
    facts = _fitted(
        [one for one in told if one is not None],
        lambda fact_id: f"{place}, fact {fact_id}",
        on_dropped,
    )
    return Case(
        name, tuple(facts), tuple(_check(one, place) for one in _objects(row, "checks", line))
    )


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                if text.strip():
                    yield number, _object(text, f"{path.name}, line {number}")
    except OSError as error:
        raise UnreadableLineError(f"{path}: {error.strerror}; name a readable file") from None


def _object(line: bytes, place: str) -> Mapping[str, Any]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise UnreadableLineError(
            f"{place}: no JSON; write one JSON object a line, in UTF-8"
        ) from None
    if not isinstance(row, dict):
        raise UnreadableLineError(f"{place}: a JSON object is expected, with braces")
    return row


def _objects(row: Mapping[str, Any], key: str, place: str) -> Sequence[Mapping[str, Any]]:
    found = row.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise UnreadableLineError(f"{place}: {key!r} must be a list of objects")
    return found


def _told(row: Mapping[str, Any], place: str, on_dropped: OnDropped | None) -> Told | None:
    """Read one fact; None if lenient reading drops it whole."""
    fact_id = str(row.get("id") or "")
    if not fact_id:
        raise UnreadableLineError(f"{place}: the fact has no 'id'; give it one")
    line = _Line(f"{place}, fact {fact_id}", on_dropped)
    for unknown in sorted(set(row) - _FACT_KEYS):
        line.refuse_or_drop(
            unknown, f"unknown key {unknown!r}; what belongs to the fact stands in 'attributes'"
        )
    fact = line.fact(row)
    if fact is None:
        return None
    return Told(fact_id, fact, line.occurred_on(row), line.recorded_at(row))


@dataclass(frozen=True, slots=True)
class _Line:
    """One fact's place in a file, and what to do with what it does not hold."""

    place: str
    on_dropped: OnDropped | None

    def refuse_or_drop(self, what: str, complaint: str) -> None:
        """Refuse in strict reading; else tell that the part is left out."""
        if self.on_dropped is None:
            raise UnreadableLineError(f"{self.place}: {complaint}")
        self.on_dropped(Dropped(self.place, what))

    def fact(self, row: Mapping[str, Any]) -> Fact | None:
        """Read type and attributes; None if the type is not known."""
        type_name = str(row.get("type") or "")
        attributes = row.get("attributes") or {}
        if not isinstance(attributes, dict):
            self.refuse_or_drop("attributes", "'attributes' must be an object")
            attributes = {}
        try:
            return read_fact(type_name, attributes)
        except UnknownFactTypeError as error:
            self.refuse_or_drop(type_name, str(error))
            return None
        except InvalidFactError as error:
            fact, dropped = read_fact_leniently(type_name, attributes)
            for name in dropped:
                self.refuse_or_drop(f"{type_name}.{name}", str(error))
            return fact

    def occurred_on(self, row: Mapping[str, Any]) -> PartialDate:
        """Read the day; null is the unknown day."""
        if "occurred_on" not in row:
            self.refuse_or_drop("occurred_on", "'occurred_on' is missing; null: day unknown")
        value = row.get("occurred_on")
        try:
            return PartialDate() if value is None else PartialDate.parse(str(value))
        except UnreadableDateError as error:
            self.refuse_or_drop("occurred_on", f"occurred_on: {error}")
            return PartialDate()

    def recorded_at(self, row: Mapping[str, Any]) -> datetime | None:
        """Read the moment; one without an offset is UTC, a bare day is that day in Berlin."""
        value = row.get("recorded_at")
        if value is None:
            return None
        text = str(value)
        try:
            if len(text) == len("2024-04-02"):
                return datetime.combine(date.fromisoformat(text), time(12), BERLIN)
            moment = datetime.fromisoformat(text)
        except ValueError:
            self.refuse_or_drop("recorded_at", "recorded_at: write 2024-04-02T10:00:00Z")
            return None
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _fitted(
    facts: Sequence[Told], place: Callable[[str], str], on_dropped: OnDropped | None
) -> list[Told]:
    """Return the facts with corrections that fit what they correct: misfits are refused or dropped."""
    by_id = {one.id: one for one in facts}
    return [_fitted_one(one, by_id, _Line(place(one.id), on_dropped)) for one in facts]


def _fitted_one(one: Told, by_id: Mapping[str, Told], line: _Line) -> Told:
    target = _first_corrected(one, by_id)
    if target is None or not isinstance(one.fact, EventCorrected) or not one.fact.attributes_:
        return one
    type_name = target.fact.type_name()
    _, dropped = read_fact_leniently(type_name, one.fact.attributes_)
    for name in dropped:
        line.refuse_or_drop(
            f"{type_name}.{name}", f"the corrected {type_name}.{name} does not fit its type"
        )
    kept = {name: value for name, value in one.fact.attributes_.items() if name not in dropped}
    return replace(one, fact=one.fact.model_copy(update={"attributes_": kept}))


def _first_corrected(one: Told, by_id: Mapping[str, Told]) -> Told | None:
    """Return the fact that a correction works on, through corrections of corrections."""
    path: set[str] = set()
    here: Told | None = one
    while here is not None and isinstance(here.fact, EventCorrected) and here.id not in path:
        path.add(here.id)
        here = by_id.get(here.fact.target or "")
    return None if here is None or isinstance(here.fact, EventCorrected) else here


def _check(row: Mapping[str, Any], place: str) -> Check:
    try:
        known_at = row.get("known_at")
        return Check(
            date.fromisoformat(str(row["on"])),
            str(row["rule"]),
            str(row["state"]),
            None if known_at is None else date.fromisoformat(str(known_at)),
            str(row.get("set", "")),
            str(row.get("because", "")),
            row.get("data") is True,
        )
    except KeyError as error:
        raise UnreadableLineError(f"{place}: a check lacks {error}") from None
    except ValueError:
        raise UnreadableLineError(
            f"{place}: a check has an unreadable day; write YYYY-MM-DD"
        ) from None
