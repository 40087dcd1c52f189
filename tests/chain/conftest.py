"""The past written as facts: ``given("TitleGranted 2024-03-15 basis=AUFENTHG_25_1", ...)``."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.evaluation import evaluate
from domain.chain.intervals import Interval, Kind, State
from domain.chain.reading import Told
from domain.days import PartialDate
from domain.events.registry import read_fact


@dataclass(frozen=True)
class Past:
    """Facts of one journey, named f1, f2, ... in their order unless a fact says id=..."""

    told: tuple[Told, ...]

    def intervals(self, rule: str, known_at: str | None = None) -> tuple[Interval, ...]:
        """Return the intervals of one rule."""
        known = date.fromisoformat(known_at) if known_at else None
        return evaluate(self.told, known, [RULES[rule]])

    def only(self, rule: str, known_at: str | None = None) -> Interval:
        """Return the one interval of a rule."""
        (one,) = self.intervals(rule, known_at)
        return one

    def states(self, rule: str, day: str, known_at: str | None = None) -> dict[str, State]:
        """Return the state of every instance on a day, by key; those not begun are left out."""
        on = date.fromisoformat(day)
        found = {one.key: one.state(on) for one in self.intervals(rule, known_at)}
        return {key: state for key, state in found.items() if state is not State.NOT_APPLICABLE}

    def state(self, rule: str, day: str, known_at: str | None = None) -> State:
        """Return the state of the only instance of a rule on a day."""
        states = self.states(rule, day, known_at)
        if not states:
            return State.NOT_APPLICABLE
        (one,) = states.values()
        return one

    def rows(self, rule: str, known_at: str | None = None) -> list[str]:
        """Return the instances as text: ``f1 2025-03-17..2025-06-15 in_time 2025-06-15 f2``."""
        return [_row(one) for one in self.intervals(rule, known_at)]

    def data_rows(self, rule: str) -> tuple[Interval, ...]:
        """Return the rows of kind data."""
        return tuple(one for one in self.intervals(rule) if one.kind is Kind.DATA)


def _row(one: Interval) -> str:
    words = ["data"] if one.kind is Kind.DATA else []
    words += [one.key, f"{one.begins_on}..{one.due_on or ''}"]
    words += [str(word) for word in (one.closed_by, one.closes_on, one.closing) if word]
    return " ".join(words)


def _value(text: str) -> Any:
    """Read an attribute's value: JSON where it is JSON (true, null, 12, ["a"]), else the text itself."""
    if len(text) == 4 and text.isdigit():
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _told(place: int, line: str) -> Told:
    """Read ``Type day name=value ...``; the day ``-`` is unknown; ``@2024-04-02`` is the recorded day."""
    type_name, day, *rest = line.split()
    fact_id, recorded, attributes = f"f{place}", None, {}
    for word in rest:
        if word.startswith("@"):
            recorded = datetime.combine(date.fromisoformat(word[1:]), datetime.min.time(), UTC)
            recorded = recorded.replace(hour=10)
        elif word.startswith("id="):
            fact_id = word[3:]
        else:
            name, _, value = word.partition("=")
            attributes[name] = _value(value)
    occurred_on = PartialDate.parse("" if day == "-" else day)
    return Told(fact_id, read_fact(type_name, attributes), occurred_on, recorded)


@pytest.fixture
def given() -> Callable[..., Past]:
    """Return what turns lines into a past."""
    return lambda *lines: Past(tuple(_told(n, line) for n, line in enumerate(lines, 1)))
