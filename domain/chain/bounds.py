"""The dated bounds of the rules: the law and the practice of the day in question, read once.

A bound is never changed in place: the old record ends and a new one begins. A municipality may change what
is practice and tighten what is law (:meth:`Bounds.adapted`); nobody may loosen law.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from typing_extensions import override

from domain.errors import KetteError
from domain.labels import Label

Value = int | date | tuple[str, ...]
"""A number of the unit, a switch (0 or 1), a day, or a list of codes."""


class BoundKind(StrEnum):
    """What a bound rests on: law, law with a practice default, or practice alone."""

    LAW = "LAW"
    LAW_DEF = "LAW+DEF"
    DEF = "DEF"


class Unit(StrEnum):
    """What the value counts."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    HOURS = "hours"
    COUNT = "count"
    SWITCH = "switch"
    DAY = "day"
    CODES = "codes"


class Status(StrEnum):
    """How far the text behind a bound could be checked."""

    IN_FORCE = "in_force"
    ANNOUNCED = "announced"
    UNVERIFIED = "unverified"


class Tighter(StrEnum):
    """In which direction a municipality may move a bound that is law."""

    LESS = "less"
    MORE = "more"
    NEVER = "never"


class BoundRefusedError(KetteError):
    """A bound cannot be changed so; the message names it, its paragraph and the cure."""

    code = "bound-refused"


@dataclass(frozen=True, slots=True)
class Bound:
    """One value of one bound for the days from ``valid_from`` through ``valid_until``.

    Attributes:
        id: Rule and name, such as ``S05.weeks``; ``law.*`` are switches of the watch list.
        kind: What it rests on.
        value: How many of the unit; a switch is 0 or 1.
        unit: What is counted.
        valid_from: First day of the law or practice; None: always.
        valid_until: Last day; None: still in force.
        source: Paragraph, or the practice that it is taken from.
        status: Whether the text could be checked.
        checked: The day on which the source was last checked.
        tighter: In which direction it may be moved where it is law.
        label: What it is about, in words; a switch has one.
        note: What a reader of the law should know.
    """

    id: str
    kind: BoundKind
    value: Value
    unit: Unit
    valid_from: date | None
    valid_until: date | None
    source: str
    status: Status
    checked: date
    tighter: Tighter = Tighter.NEVER
    label: Label | None = None
    note: str = ""

    def holds_on(self, day: date) -> bool:
        """Say whether the bound is in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    @property
    def undated(self) -> bool:
        """Say whether it is in force on every day."""
        return self.valid_from is None and self.valid_until is None

    @property
    def number(self) -> int:
        """Return the value as a number.

        Raises:
            TypeError: If it is a day or a list of codes: a fault of the program.
        """
        if not isinstance(self.value, int):
            raise TypeError(f"bound {self.id} is no number")
        return self.value

    @property
    def day(self) -> date:
        """Return the value as a day.

        Raises:
            TypeError: If it is none: a fault of the program.
        """
        if not isinstance(self.value, date):
            raise TypeError(f"bound {self.id} is no day")
        return self.value

    @property
    def codes(self) -> frozenset[str]:
        """Return the value as a set of codes.

        Raises:
            TypeError: If it is none: a fault of the program.
        """
        if not isinstance(self.value, tuple):
            raise TypeError(f"bound {self.id} is no list of codes")
        return frozenset(self.value)


@dataclass(frozen=True, slots=True)
class Change:
    """A bound as somebody wants it: another value, and perhaps another unit."""

    id: str
    value: int
    unit: Unit

    @classmethod
    def read(cls, name: str, value: str) -> "Change":
        """Read a period such as ``P8W``, or a whole number of what the bound counts.

        Raises:
            BoundRefusedError: If there is no such bound, or it is neither.
        """
        if name not in STANDARD.rows:
            raise BoundRefusedError(f"no bound {name[:60]!r}; `kette rules --json` lists them")
        period = _PERIOD.fullmatch(value)
        if period is not None:
            return cls(name, int(period[1]), _PERIODS[period[2]])
        if _NUMBER.fullmatch(value):
            return cls(name, int(value), STANDARD.rows[name][-1].unit)
        raise BoundRefusedError(
            f"{name}={value[:40]}: write a period such as {name}=P8W (D, W, M, Y) or a whole number"
        )


_PERIOD = re.compile(r"P(\d{1,4})([DWMY])", re.ASCII)
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)
_PERIODS = {"D": Unit.DAYS, "W": Unit.WEEKS, "M": Unit.MONTHS, "Y": Unit.YEARS}


@dataclass(frozen=True, eq=False)
class Bounds:
    """The bounds by their id, each with its periods, oldest first."""

    rows: Mapping[str, tuple[Bound, ...]]
    _undated: dict[str, Bound] = field(default_factory=dict, init=False, repr=False)
    """Those asked for so far that are in force on every day."""

    def on(self, name: str, day: date) -> Bound | None:
        """Return the bound of a name in force on a day; None if there is no law on that day.

        An unknown name is a ``KeyError``: a fault of the program.
        """
        always = self._undated.get(name)
        if always is not None:
            return always
        rows = self.rows[name]
        if len(rows) == 1 and rows[0].undated:
            self._undated[name] = rows[0]
        return next((one for one in reversed(rows) if one.holds_on(day)), None)

    def in_force(self, name: str, day: date) -> Bound:
        """Return a bound that has no gap in time.

        Raises:
            LookupError: If it has one: a fault of the program.
        """
        found = self._undated.get(name) or self.on(name, day)
        if found is None:
            raise LookupError(f"no bound {name} on {day}")
        return found

    def is_on(self, name: str, day: date) -> bool:
        """Say whether a switch is on; one that is not verified is off."""
        found = self.on(name, day)
        return found is not None and found.status is not Status.UNVERIFIED and found.number > 0

    def ended_after(self, name: str, day: date) -> date | None:
        """Return the first day without any law for a bound that held on a day; None if it never ends."""
        if name in self._undated:
            return None
        held = self.on(name, day)
        if held is None or held.valid_until is None:
            return None
        following = date.fromordinal(held.valid_until.toordinal() + 1)
        return following if self.on(name, following) is None else self.ended_after(name, following)

    def changed(self, changes: Iterable[Change]) -> "Bounds":
        """Return these bounds with other values on every day: for a question, never for a judgement.

        Raises:
            BoundRefusedError: If there is no such bound, or it counts something else.
        """
        rows = dict(self.rows)
        for change in changes:
            _fit(change, rows)
            rows[change.id] = tuple(
                replace(one, value=change.value, unit=change.unit) for one in rows[change.id]
            )
        return Bounds(MappingProxyType(rows))

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        """Return how another process makes the same bounds."""
        return _restored, (dict(self.rows),)

    def adapted(self, changes: Iterable[Change]) -> "Bounds":
        """Return these bounds as a municipality may set them: practice freely, law only tighter.

        Raises:
            BoundRefusedError: If there is no such bound, or law would be loosened; with the paragraph.
        """
        wanted = list(changes)
        for change in wanted:
            _fit(change, self.rows)
            for one in self.rows[change.id]:
                _refuse_looser(one, change)
        return self.changed(wanted)


def _restored(rows: dict[str, tuple[Bound, ...]]) -> Bounds:
    return Bounds(MappingProxyType(rows))


_LENGTHS: Mapping[Unit, float] = {
    Unit.DAYS: 1,
    Unit.WORKING_DAYS: 7 / 5,
    Unit.WEEKS: 7,
    Unit.MONTHS: 365.25 / 12,
    Unit.YEARS: 365.25,
    Unit.HOURS: 1,
    Unit.COUNT: 1,
}


def _fit(change: Change, rows: Mapping[str, tuple[Bound, ...]]) -> None:
    """Refuse a bound that does not exist, and a unit that it does not count in."""
    if change.id not in rows:
        raise BoundRefusedError(f"no bound {change.id[:60]!r}; `kette rules --json` lists them")
    periods = {Unit.DAYS, Unit.WORKING_DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS}
    for one in rows[change.id]:
        if one.unit not in _LENGTHS or (one.unit in periods) != (change.unit in periods):
            raise BoundRefusedError(f"{change.id} counts {one.unit}, not {change.unit}")
        if one.unit not in periods and one.unit is not change.unit:
            raise BoundRefusedError(f"{change.id} counts {one.unit}, not {change.unit}")
    if change.value < 0:
        raise BoundRefusedError(f"{change.id} cannot be less than nothing")


def _refuse_looser(one: Bound, change: Change) -> None:
    """Refuse to loosen a bound that is law; a length is judged in days."""
    if one.kind is BoundKind.DEF:
        return
    before = one.number * _LENGTHS[one.unit]
    after = change.value * _LENGTHS[change.unit]
    tightened = (one.tighter is Tighter.LESS and after <= before) or (
        one.tighter is Tighter.MORE and after >= before
    )
    if not tightened and (change.value, change.unit) != (one.value, one.unit):
        raise BoundRefusedError(
            f"{one.id} is law ({one.source}): {_direction(one)}; leave it at {one.value} {one.unit}"
        )


def _direction(one: Bound) -> str:
    match one.tighter:
        case Tighter.LESS:
            return "it may be made shorter, not longer"
        case Tighter.MORE:
            return "it may be made longer, not shorter"
        case Tighter.NEVER:
            return "it cannot be changed"


def _load() -> Bounds:
    """Read the file of this package."""
    table = tomllib.loads(Path(__file__).with_name("bounds.toml").read_text(encoding="utf-8"))
    found: dict[str, list[Bound]] = {}
    for row in table["bound"]:
        one = _bound(row)
        found.setdefault(one.id, []).append(one)
    return Bounds(
        MappingProxyType(
            {
                name: tuple(sorted(rows, key=lambda one: one.valid_from or date.min))
                for name, rows in found.items()
            }
        )
    )


def _bound(row: Mapping[str, Any]) -> Bound:
    value = row["value"]
    return Bound(
        row["id"],
        BoundKind(row["kind"]),
        tuple(value)
        if isinstance(value, list)
        else int(value)
        if value in (True, False)
        else value,
        Unit(row["unit"]),
        row.get("valid_from"),
        row.get("valid_until"),
        row["source"],
        Status(row.get("status", "in_force")),
        row["checked"],
        Tighter(row.get("tighter", "never")),
        Label(row["de"], row["en"]) if "de" in row else None,
        row.get("note", ""),
    )


STANDARD = _load()
"""The law of the day and the practice that the program proposes."""
