"""Tests that fail today; each cites the text. Run: cp to tests/chain/test_failing_b.py."""

from collections.abc import Callable
from typing import Any

Given = Callable[..., Any]


def test_g5_f14_an_undated_death_closes_the_disclosure_on_its_recorded_day(given: Given) -> None:
    """G5: "Undated, it counts on `due_on`; without a `due_on`, and in F14, on its recorded day." """
    past = given("DataDisclosed 2025-05-01 recipient=school", "PersonDied - @2025-06-01")
    assert past.rows("F14") == ["f1 2025-05-01..2025-04-30 cancelled 2025-06-01 f2"]


def test_g5_an_undated_death_counts_on_the_due_day(given: Given) -> None:
    """G5 again; G10's "(undated: the recorded day)" says only after which day nothing begins."""
    past = given("CourseRegistered 2025-05-01", "PersonDied - @2025-05-20")
    assert past.rows("S05") == ["f1 2025-05-01..2025-06-12 cancelled 2025-06-12 f2"]
