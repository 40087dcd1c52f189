"""The dated bounds of the rules: the law and the practice of the day in question, read once.

A bound is never changed in place: the old record ends and a new one begins.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any


class BoundKind(StrEnum):
    """What a bound rests on: law, law with a practice default, or practice alone."""

    LAW = "LAW"
    LAW_DEF = "LAW+DEF"
    DEF = "DEF"


class Unit(StrEnum):
    """What the value counts."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Bound:
    """One value of one bound for the days from ``valid_from`` through ``valid_until``.

    Attributes:
        id: Rule and name, such as ``S05.response``.
        kind: What it rests on.
        value: How many of the unit.
        unit: What is counted.
        valid_from: First day of the law or practice; None: always.
        valid_until: Last day; None: still in force.
        source: Paragraph, or the practice that it is taken from.
        status: Whether the text could be checked.
    """

    id: str
    kind: BoundKind
    value: int
    unit: Unit
    valid_from: date | None
    valid_until: date | None
    source: str
    status: str

    def holds_on(self, day: date) -> bool:
        """Say whether the bound is in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


@cache
def bounds() -> Mapping[str, tuple[Bound, ...]]:
    """Return every bound by its id, oldest first."""
    table = tomllib.loads(Path(__file__).with_name("bounds.toml").read_text(encoding="utf-8"))
    found: dict[str, list[Bound]] = {}
    for row in table["bound"]:
        one = _bound(row)
        found.setdefault(one.id, []).append(one)
    return {
        name: tuple(sorted(rows, key=lambda one: one.valid_from or date.min))
        for name, rows in found.items()
    }


@lru_cache(maxsize=65536)
def bound(name: str, day: date) -> Bound | None:
    """Return the bound in force on a day; None if the rule has no law on that day.

    Raises:
        KeyError: If no bound of this name exists: a fault of the program.
    """
    return next((one for one in reversed(bounds()[name]) if one.holds_on(day)), None)


@lru_cache(maxsize=65536)
def ended_after(name: str, day: date) -> date | None:
    """Return the first day without any law for a bound that held on a day; None if it never ends."""
    held = bound(name, day)
    if held is None or held.valid_until is None:
        return None
    following = date.fromordinal(held.valid_until.toordinal() + 1)
    return following if bound(name, following) is None else ended_after(name, following)


def _bound(row: Mapping[str, Any]) -> Bound:
    return Bound(
        row["id"],
        BoundKind(row["kind"]),
        row["value"],
        Unit(row["unit"]),
        row.get("valid_from"),
        row.get("valid_until"),
        row["source"],
        row.get("status", "in_force"),
    )
