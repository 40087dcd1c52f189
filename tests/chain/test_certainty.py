"""Certainty (G6): possibly where a date behind the days is partial or missing, else certainly."""

from collections.abc import Callable
from typing import Any

Given = Callable[..., Any]


def test_g6_a06_begins_not_before_the_latest_day_of_a_partial_decision_and_is_then_possible_only(
    given: Given,
):
    past = given("AsylumDecisionIssued 2025-03 outcome=asyl served_on=2025-03-20")
    assert past.rows("A06") == ["f1 2025-03-31..2025-04-03"]
    assert past.only("A06").certainty == "possibly"


def test_a05_protection_cancels_on_the_day_a06_begins_also_for_a_partial_decision(given: Given):
    past = given(
        "ToleranceIssued 2024-11-10 valid_until=2025-04-10",
        "AsylumDecisionIssued 2025-03 outcome=asyl served_on=2025-03-20",
    )
    assert past.rows("A05") == ["f1 2025-03-20..2025-04-10 cancelled 2025-03-31 f2"]


def test_g6_a_closing_by_finality_is_as_certain_as_the_day_of_finality(given: Given):
    paper = "TemporaryPermissionIssued 2024-11-10 valid_until=2025-04-30"
    partial = given(paper, "AsylumDecisionIssued 2025-03-03 outcome=abgelehnt final_on=2025-04")
    assert partial.rows("A05") == ["f1 2025-04-09..2025-04-30 cancelled 2025-04-30 f2"]
    assert partial.only("A05").certainty == "possibly"
    served = given(paper, "AsylumDecisionIssued 2025-03-03 outcome=abgelehnt served_on=2025-03")
    assert served.rows("A05") == ["f1 2025-04-09..2025-04-30 cancelled 2025-04-15 f2"]
    assert served.only("A05").certainty == "possibly"


def test_g6_a_closing_on_an_exact_day_of_finality_is_certain_though_the_decision_is_partial(
    given: Given,
):
    paper = "TemporaryPermissionIssued 2024-11-10 valid_until=2025-04-30"
    exact = given(paper, "AsylumDecisionIssued 2025-03 outcome=abgelehnt final_on=2025-04-15")
    assert exact.rows("A05") == ["f1 2025-04-09..2025-04-30 cancelled 2025-04-15 f2"]
    assert exact.only("A05").certainty == "certainly"


def test_g6_a_window_that_begins_on_a_partial_day_of_shortening_is_possible_only(given: Given):
    title = "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2026-06-15"
    ahead = given(title, "TitleShortened 2025-04 new_valid_until=2025-06-15")
    assert ahead.rows("A01") == ["f1 2025-04-30..2025-06-15 superseded 2025-06-16"]
    assert ahead.only("A01").certainty == "possibly"
    into_the_past = given(title, "TitleShortened 2025-04 new_valid_until=2025-02-15")
    assert into_the_past.rows("A02") == ["f1 2025-05-01..2025-02-15"]
    assert into_the_past.only("A02").certainty == "possibly"


def test_g6_a_wait_that_begins_with_a_partial_application_is_possible_only(given: Given):
    past = given(
        "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2025-06-15", "TitleApplied 2025-06"
    )
    assert past.rows("A03") == ["f2 2025-06-15..2025-06-15"]
    assert past.only("A03").certainty == "possibly"


def test_g6_a_chance_shortened_on_a_partial_day_is_possible_only(given: Given):
    past = given(
        "TitleGranted 2023-03-15 basis=AUFENTHG_104C valid_until=2024-12-31",
        "TitleShortened 2023-06 new_valid_until=2024-03-31",
    )
    assert past.rows("A10") == ["f1 2023-06-30..2024-03-31 superseded 2024-04-01"]
    assert past.only("A10").certainty == "possibly"
