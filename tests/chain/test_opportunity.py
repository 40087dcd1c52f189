"""E05 stands for the pattern opportunity: a chance, never an accusation."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.chain.intervals import ClosedBy, Kind, Severity, State

Given = Callable[..., Any]

JOB = "EmploymentStarted 2024-02-29 qualification_level=HELFER employer=Lager"
SKILLED = "QualificationReported 2024-01-10 isced=ISCED-3"


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2025-02-27", State.NOT_APPLICABLE),
        ("2025-02-28", State.DUE),
        ("2025-05-29", State.DUE),
        ("2025-05-30", State.OPEN),
    ],
)
def test_a_chance_is_there_from_the_day_its_conditions_are_full(
    given: Given, day: str, state: State
) -> None:
    past = given(SKILLED, JOB)
    assert past.state("E05", day) is state
    assert past.only("E05").kind is Kind.CHANCE
    assert past.only("E05").severity is Severity.CHANCE


def test_a_report_that_comes_later_fills_the_conditions_on_its_own_day(given: Given) -> None:
    past = given(JOB, "QualificationReported 2025-08-01 isced=6")
    assert past.state("E05", "2025-07-31") is State.NOT_APPLICABLE
    assert past.state("E05", "2025-08-01") is State.DUE


@pytest.mark.parametrize(
    ("follow_up", "by"),
    [
        ("RecognitionApplied 2025-03-10", ClosedBy.IN_TIME),
        ("RecognitionDecided 2025-03-10 outcome=FULL", ClosedBy.IN_TIME),
        ("EmploymentStarted 2025-07-01 level=FACHKRAFT", ClosedBy.LATE),
        ("EmploymentChanged 2025-07-01 employer=Lager level=FACHKRAFT", ClosedBy.LATE),
        ("EmploymentEnded 2025-03-10 employer=Lager", ClosedBy.CANCELLED),
    ],
)
def test_what_takes_the_chance_or_ends_it(given: Given, follow_up: str, by: ClosedBy) -> None:
    assert given(SKILLED, JOB, follow_up).only("E05").closed_by is by


def test_it_never_comes_into_being_if_taken_before(given: Given) -> None:
    assert given(SKILLED, JOB, "RecognitionApplied 2024-06-01").intervals("E05") == ()


def test_no_vocational_qualification_no_chance(given: Given) -> None:
    assert given("QualificationReported 2024-01-10 isced=2", JOB).intervals("E05") == ()


def test_an_unknown_level_of_education_is_a_data_row(given: Given) -> None:
    (row,) = given("QualificationReported 2024-01-10", JOB).data_rows("E05")
    assert row.severity is Severity.LOW


@pytest.mark.parametrize(
    ("fact", "rows"),
    [
        ("RecognitionApplied 2023-10-01", 0),
        ("RecognitionDecided 2023-12-01 outcome=FULL", 0),
        ("RecognitionDecided 2023-12-01 outcome=REJECTED", 1),
    ],
)
def test_e05_recognition_sought_before_the_report_needs_no_advice(
    given: Given, fact: str, rows: int
) -> None:
    assert len(given(fact, SKILLED, JOB).intervals("E05")) == rows
