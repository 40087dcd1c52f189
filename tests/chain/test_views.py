"""What is known when: corrections, retractions and known-at (G11, design 4, lines 8, 16, 23, 24)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.evaluation import evaluate
from domain.chain.intervals import State
from domain.chain.reading import read

Given = Callable[..., Any]

OFFERED = "HandoverOffered 2025-03-10"


def test_g11_the_as_of_day_hides_no_fact(given: Given) -> None:
    past = given(OFFERED, "HandoverAccepted 2025-04-02")
    assert past.rows("F11") == ["f1 2025-03-10..2025-03-24 late 2025-04-02 f2"]
    assert past.state("F11", "2025-03-30") is State.OPEN


def test_g11_a_fact_counts_from_the_day_of_its_recording_on(given: Given) -> None:
    past = given(OFFERED, "HandoverAccepted 2025-03-12 @2025-04-20")
    assert past.state("F11", "2025-04-18", known_at="2025-04-19") is State.OPEN
    assert past.state("F11", "2025-04-18", known_at="2025-04-20") is State.CLOSED
    assert past.rows("F11", known_at="2025-03-09") == []


def test_g11_the_recorded_day_is_the_day_in_berlin(given: Given) -> None:
    (offered,) = given(OFFERED).told
    at_night = replace(offered, recorded_at=datetime(2025, 3, 31, 22, 30, tzinfo=UTC))
    assert evaluate([at_night], date(2025, 3, 31), [RULES["F11"]]) == ()
    assert len(evaluate([at_night], date(2025, 4, 1), [RULES["F11"]])) == 1


def test_g1_a_month_is_cut_at_the_recorded_day_in_berlin(given: Given) -> None:
    (offered,) = given("HandoverOffered 2025-03").told
    at_night = replace(offered, recorded_at=datetime(2025, 3, 19, 23, 30, tzinfo=UTC))
    assert read([at_night]).facts[0].latest == date(2025, 3, 20)


@pytest.mark.parametrize(
    ("day", "hidden", "seen"),
    [
        ("2025-03-10", "2025-03-09", "2025-03-10"),
        ("2025-03", "2025-03-30", "2025-03-31"),
        ("2024-02", "2024-02-28", "2024-02-29"),
        ("2025", "2025-12-30", "2025-12-31"),
    ],
)
def test_d23_without_a_recording_a_fact_is_recorded_on_its_last_possible_day(
    given: Given, day: str, hidden: str, seen: str
) -> None:
    past = given(f"HandoverOffered {day}")
    assert past.rows("F11", known_at=hidden) == []
    assert len(past.rows("F11", known_at=seen)) == 1


def test_d23_an_undated_fact_is_known_with_the_next_dated_fact_of_the_file(given: Given) -> None:
    past = given("HandoverOffered -", "NoteTaken 2025-04-01 @2025-04-09", "NoteTaken 2025-08-01")
    assert past.rows("F11", known_at="2025-04-08") == []
    assert past.rows("F11", known_at="2025-04-09") == ["f1 2025-04-09..2025-04-23"]


def test_g11_a_retracted_fact_does_not_count(given: Given) -> None:
    past = given(OFFERED, "EventRetracted 2025-03-20 target=f1")
    assert past.rows("F11") == []
    assert past.rows("F11", known_at="2025-03-19") == ["f1 2025-03-10..2025-03-24"]


def test_g11_a_retracted_follow_up_opens_the_gap_again(given: Given) -> None:
    past = given(OFFERED, "HandoverAccepted 2025-03-12", "EventRetracted 2025-04-01 target=f2")
    assert past.state("F11", "2025-04-02") is State.OPEN
    assert past.state("F11", "2025-03-31", known_at="2025-03-31") is State.CLOSED


def test_g11_a_retraction_of_a_retraction_lets_the_fact_count_again(given: Given) -> None:
    twice = [
        OFFERED,
        "EventRetracted 2025-03-20 target=f1",
        "EventRetracted 2025-03-25 target=f2",
    ]
    assert given(*twice).rows("F11") == ["f1 2025-03-10..2025-03-24"]
    assert given(*twice).rows("F11", known_at="2025-03-24") == []
    thrice = given(*twice, "EventRetracted 2025-03-28 target=f3")
    assert thrice.rows("F11") == []


def test_g11_one_standing_retraction_of_two_is_enough(given: Given) -> None:
    past = given(
        OFFERED,
        "EventRetracted 2025-03-20 target=f1",
        "EventRetracted 2025-03-21 target=f1",
        "EventRetracted 2025-03-25 target=f2",
    )
    assert past.rows("F11") == []


def test_g11_a_retraction_told_before_its_target_undoes_it(given: Given) -> None:
    past = given("EventRetracted 2025-03-20 target=f2", OFFERED)
    assert past.rows("F11") == []


@pytest.mark.parametrize("target", ["f9", "null"])
def test_g11_a_retraction_or_correction_of_nothing_known_changes_nothing(
    given: Given, target: str
) -> None:
    past = given(
        OFFERED,
        f"EventRetracted 2025-03-20 target={target}",
        f'EventCorrected 2025-03-20 target={target} attributes={{"to":"x"}}',
    )
    assert past.rows("F11") == ["f1 2025-03-10..2025-03-24"]


def test_g11_a_correction_moves_the_day(given: Given) -> None:
    past = given(OFFERED, "EventCorrected 2025-04-01 target=f1 occurred_on=2025-03-20")
    assert past.rows("F11") == ["f1 2025-03-20..2025-04-03"]
    assert past.rows("F11", known_at="2025-03-31") == ["f1 2025-03-10..2025-03-24"]


def test_d24_corrected_attributes_are_merged_over_the_old_ones(given: Given) -> None:
    past = given(
        "TitleGranted 2024-03-15 basis=AUFENTHG_25_1 valid_until=2025-03-15",
        'EventCorrected 2024-05-03 target=f1 attributes={"valid_until":"2027-03-15"}',
    )
    assert past.rows("A02") == ["f1 2027-03-16..2027-03-15"]
    assert past.rows("A02", known_at="2024-05-02") == ["f1 2025-03-16..2025-03-15"]
    (title,) = read(past.told).of("TitleGranted")
    assert title.get("basis") == "AUFENTHG_25_1"


def test_d24_day_and_attributes_can_be_corrected_at_once(given: Given) -> None:
    past = given(
        "FictionCertificateIssued 2025-01-10 valid_until=2025-03-10",
        "EventCorrected 2025-01-20 target=f1 occurred_on=2025-01-15"
        ' attributes={"valid_until":"2025-02-10"}',
    )
    assert past.rows("A04") == ["f1 2025-01-15..2025-02-10"]


def test_g11_null_overwrites(given: Given) -> None:
    paper = "FictionCertificateIssued 2025-01-10 valid_until=2025-06-30"
    no_end = given(paper, 'EventCorrected 2025-02-01 target=f1 attributes={"valid_until":null}')
    assert no_end.rows("A04") == ["data f1 2025-01-10.."]
    no_day = given(OFFERED, "EventCorrected 2025-04-01 target=f1 occurred_on=null")
    assert no_day.rows("F11") == ["f1 2025-03-10..2025-03-24"]
    assert not read(no_day.told).of("HandoverOffered")[0].dated


def test_g11_the_recorded_day_of_a_corrected_fact_stays(given: Given) -> None:
    moved = given(
        "HandoverOffered 2025-03 @2025-03-20",
        "EventCorrected 2025-04-10 target=f1 occurred_on=2025-03",
    )
    assert moved.rows("F11") == ["f1 2025-03-20..2025-04-03"]
    undated = given(
        "HandoverOffered 2025-03-10 @2025-03-17",
        "EventCorrected 2025-04-01 target=f1 occurred_on=null",
    )
    assert undated.rows("F11") == ["f1 2025-03-17..2025-03-31"]


def test_g11_corrections_apply_by_recorded_day_then_as_in_the_file(given: Given) -> None:
    first = "EventCorrected 2025-04-01 target=f1 occurred_on=2025-03-11"
    second = "EventCorrected 2025-04-01 target=f1 occurred_on=2025-03-12"
    assert given(OFFERED, first, second).only("F11").begins_on == date(2025, 3, 12)
    assert given(OFFERED, second, first).only("F11").begins_on == date(2025, 3, 11)
    late = f"{first} @2025-04-05"
    assert given(OFFERED, late, second).only("F11").begins_on == date(2025, 3, 11)


def test_g11_a_correction_of_a_correction_works_on_the_fact_first_corrected(given: Given) -> None:
    past = given(
        OFFERED,
        "EventCorrected 2025-04-01 target=f1 occurred_on=2025-03-11",
        "EventCorrected 2025-04-02 target=f2 occurred_on=2025-03-12",
        "EventCorrected 2025-04-03 target=f3 occurred_on=2025-03-13",
    )
    assert past.rows("F11") == ["f1 2025-03-13..2025-03-27"]
    assert past.only("F11", known_at="2025-04-02").begins_on == date(2025, 3, 12)


def test_g11_a_retracted_correction_is_undone(given: Given) -> None:
    past = given(
        OFFERED,
        "EventCorrected 2025-04-01 target=f1 occurred_on=2025-03-11",
        "EventRetracted 2025-04-02 target=f2",
    )
    assert past.rows("F11") == ["f1 2025-03-10..2025-03-24"]
    assert past.only("F11", known_at="2025-04-01").begins_on == date(2025, 3, 11)


def test_g11_a_corrected_fact_that_is_retracted_does_not_count(given: Given) -> None:
    past = given(
        OFFERED,
        "EventRetracted 2025-03-20 target=f1",
        "EventCorrected 2025-04-01 target=f1 occurred_on=2025-03-11",
    )
    assert past.rows("F11") == []


def test_g2_a_corrected_proof_narrows_by_its_corrected_day(given: Given) -> None:
    past = given(
        "TitleApplied 2024-09",
        "TitleRefused 2024-09-20",
        "EventCorrected 2024-10-05 target=f2 occurred_on=2024-09-15",
    )
    assert read(past.told).of("TitleApplied")[0].latest == date(2024, 9, 15)
    before = read(past.told, date(2024, 10, 4))
    assert before.of("TitleApplied")[0].latest == date(2024, 9, 20)


def test_g2_a_proof_not_yet_known_narrows_nothing(given: Given) -> None:
    past = given("TitleApplied 2024-09", "TitleRefused 2024-09-20 @2024-11-01")
    assert read(past.told, date(2024, 10, 31)).facts[0].latest == date(2024, 9, 30)


def test_d8_a_late_application_known_later_undoes_the_gap_for_the_past(given: Given) -> None:
    past = given(
        "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2025-06-15",
        "TitleApplied 2025-06-10 @2025-07-01",
    )
    assert past.state("A02", "2025-06-30", known_at="2025-06-30") is State.OPEN
    assert past.rows("A02", known_at="2025-07-01") == []
    assert past.state("A01", "2025-06-12", known_at="2025-07-01") is State.CLOSED


@pytest.mark.parametrize("known_at", [None, "2025-03-15", "2025-12-31"])
def test_d15_after_erasure_every_reading_is_empty_for_any_known_at(
    given: Given, known_at: str | None
) -> None:
    past = given(OFFERED, "JourneyErased 2025-06-01")
    assert past.rows("F11", known_at=known_at) == []


def test_d24_dates_within_attributes_may_be_partial(given: Given) -> None:
    past = given("TitleGranted 2024-01-10 basis=AUFENTHG_18A valid_until=2025")
    assert past.rows("A01") == ["f1 2024-10-03..2025-12-31 superseded 2026-01-01"]


def test_d24_a_fact_needs_no_attribute(given: Given) -> None:
    types = ["CaseOpened", "HandoverOffered", "DataDisclosed", "TitleGranted", "TitleShortened"]
    past = given(*(f"{name} 2025-03-10" for name in types))
    assert {one.rule for one in evaluate(past.told)} >= {"F02", "F06", "F11", "F14", "A01"}
