"""Bounds of a municipality: what it sets is judged by, law is never loosened, and the tables know of it."""

from collections.abc import Iterator
from copy import copy
from datetime import date

import pytest

from domain.chain.bounds import STANDARD, Change
from domain.chain.reading import Told
from domain.days import PartialDate
from domain.events.registry import read_fact
from infra import view_tables
from projections.catalogue import KEPT
from projections.history import history
from projections.practice import judge_by, own, practice

OFFERED = [
    Told(
        "f1",
        read_fact("HandoverOffered", {"to": "Jobcenter"}),
        PartialDate.parse("2026-03-02"),
    )
]


@pytest.fixture
def earlier() -> Iterator[None]:
    """Judge as a municipality that wants handovers answered within a week."""
    judge_by(STANDARD.adapted([Change.read("F11.response", "P1W")]))
    yield
    judge_by(STANDARD)


def due() -> date | None:
    (found,) = [one for one in history(OFFERED).intervals if one.rule == "F11"]
    return found.due_on


def test_practice_of_the_municipality_is_judged_by(earlier: None) -> None:
    assert due() == date(2026, 3, 9)
    assert own() == ("F11.response=1 weeks",)


def test_without_it_the_standard_holds() -> None:
    assert due() == date(2026, 3, 16)
    assert own() == ()


def test_tables_of_other_bounds_are_built_anew(earlier: None) -> None:
    changed = view_tables.shape(KEPT)
    judge_by(STANDARD)
    assert view_tables.shape(KEPT) != changed


def test_another_process_gets_the_same_bounds(earlier: None) -> None:
    restored = copy(practice())  # by the way that other processes use
    assert restored.rows == practice().rows
    assert restored.on("F11.response", date(2026, 3, 2)).value == 1
