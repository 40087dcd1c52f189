"""The way to recognition: advice, receipt, decision, compensation (E01 to E04)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.evaluation import why
from domain.chain.intervals import Certainty, ClosedBy, Kind, Responsible, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]

REPORTED = "QualificationReported 2025-01-10"
APPLIED = "RecognitionApplied 2017-01-17"
PARTIAL = "RecognitionDecided 2025-02-10 outcome=PARTIAL"


# E01


def test_e01_ninety_days_from_the_report_to_the_advice(given: Given) -> None:
    past = given(REPORTED)
    assert past.rows("E01") == ["f1 2025-01-10..2025-04-10"]
    assert past.state("E01", "2025-01-09") is State.NOT_APPLICABLE
    assert past.state("E01", "2025-01-10") is State.DUE
    assert past.state("E01", "2025-04-10") is State.DUE
    assert past.state("E01", "2025-04-11") is State.OPEN
    assert past.only("E01").severity is Severity.MEDIUM


@pytest.mark.parametrize(
    "step",
    [
        "RecognitionAdvised 2025-03-01",
        "RecognitionApplied 2025-03-01",
        "RecognitionDecided 2025-03-01 outcome=FULL",
    ],
)
def test_e01_advice_and_everything_after_it_follow_up(given: Given, step: str) -> None:
    assert given(REPORTED, step).rows("E01") == ["f1 2025-01-10..2025-04-10 in_time 2025-03-01 f2"]
    late = step.replace("2025-03-01", "2025-05-02")
    assert given(REPORTED, late).rows("E01") == ["f1 2025-01-10..2025-04-10 late 2025-05-02 f2"]


def test_e01_advice_before_the_report_leaves_nothing_to_advise(given: Given) -> None:
    assert given("RecognitionAdvised 2025-01-09", REPORTED).rows("E01") == []
    same_day = given("RecognitionAdvised 2025-01-10", REPORTED)
    assert same_day.rows("E01") == ["f2 2025-01-10..2025-04-10 in_time 2025-01-10 f1"]


@pytest.mark.parametrize(
    ("isced", "rows"),
    [("isced=2", 0), ("isced=ISCED-2", 0), ("isced=3", 1), ("isced=6", 1), ("", 1), ("isced=x", 1)],
)
def test_e01_schooling_is_no_vocational_qualification_an_unknown_level_counts(
    given: Given, isced: str, rows: int
) -> None:
    assert len(given(f"{REPORTED} {isced}".strip()).rows("E01")) == rows


def test_e01_only_an_offer_of_recognition_declined_cancels(given: Given) -> None:
    declined = "OfferDeclined 2025-02-03 field=anerkennung"
    assert given(REPORTED, declined).rows("E01") == [
        "f1 2025-01-10..2025-04-10 cancelled 2025-02-03 f2"
    ]
    for other in ("OfferDeclined 2025-02-03", "OfferDeclined 2025-02-03 field=sprache"):
        assert given(REPORTED, other).rows("E01") == ["f1 2025-01-10..2025-04-10"]


def test_d6_e01_the_next_report_supersedes(given: Given) -> None:
    past = given(REPORTED, "QualificationReported 2025-02-10", "RecognitionAdvised 2025-03-03")
    assert past.rows("E01") == [
        "f1 2025-01-10..2025-04-10 superseded 2025-02-10 f2",
        "f2 2025-02-10..2025-05-11 in_time 2025-03-03 f3",
    ]


def test_d3_e01_a_report_known_by_month_counts_from_its_last_day(given: Given) -> None:
    past = given("QualificationReported 2024-02")
    assert past.rows("E01") == ["f1 2024-02-29..2024-05-29"]
    assert past.only("E01").certainty is Certainty.POSSIBLY


# E02


@pytest.mark.parametrize(
    ("applied", "due"),
    [
        ("2017-01-17", "2017-02-17"),
        ("2025-01-31", "2025-02-28"),
        ("2024-01-31", "2024-02-29"),
        ("2025-04-25", "2025-05-26"),
        ("2025-04-26", "2025-05-26"),
        ("2025-03-18", "2025-04-22"),
    ],
)
def test_w09_e02_a_month_and_a_weekend_or_holiday_moves_it(
    given: Given, applied: str, due: str
) -> None:
    past = given(f"RecognitionApplied {applied}")
    assert past.rows("E02") == [f"f1 {applied}..{due}"]


def test_e02_on_its_last_day_it_is_due_and_open_the_day_after(given: Given) -> None:
    past = given(APPLIED)
    assert past.state("E02", "2017-01-16") is State.NOT_APPLICABLE
    assert past.state("E02", "2017-02-17") is State.DUE
    assert past.state("E02", "2017-02-18") is State.OPEN
    one = past.only("E02")
    assert (one.kind, one.severity) == (Kind.GAP, Severity.LOW)
    assert one.responsible[0] is Responsible.RECOGNITION_BODY


def test_d16_e02_and_e03_have_no_instance_before_april_2012(given: Given) -> None:
    assert given("RecognitionApplied 2012-03-31").rows("E02") == []
    assert given("RecognitionApplied 2012-03-31").rows("E03") == []
    assert given("RecognitionApplied 2012-04-01").rows("E02") == ["f1 2012-04-01..2012-05-02"]
    assert given("RecognitionApplied 2012-04-01").rows("E03") == ["f1 2012-05-01..2012-08-01"]


@pytest.mark.parametrize(
    "answer",
    [
        "ReceiptConfirmed 2017-02-10",
        "DocumentsRequested 2017-02-10",
        "RecognitionPeriodExtended 2017-02-10",
        "QualificationAnalysisStarted 2017-02-10",
        "RecognitionDecided 2017-02-10",
        "ProfessionalLicenceGranted 2017-02-10 kind=Approbation",
    ],
)
def test_e02_any_answer_of_the_body_confirms(given: Given, answer: str) -> None:
    assert given(APPLIED, answer).rows("E02") == ["f1 2017-01-17..2017-02-17 in_time 2017-02-10 f2"]


def test_w08_e02_an_answer_known_by_month_counts_on_its_latest_day(given: Given) -> None:
    past = given(APPLIED, "ReceiptConfirmed 2017-02")
    assert past.rows("E02") == ["f1 2017-01-17..2017-02-17 late 2017-02-28 f2"]
    assert past.state("E02", "2017-02-20") is State.OPEN
    assert past.only("E02").certainty is Certainty.POSSIBLY


def test_g5_e02_an_undated_answer_counts_on_the_last_day_in_time(given: Given) -> None:
    past = given(APPLIED, "ReceiptConfirmed - @2017-06-01")
    assert past.rows("E02") == ["f1 2017-01-17..2017-02-17 in_time 2017-02-17 f2"]


def test_w08_e02_an_answer_narrows_an_application_known_by_month(given: Given) -> None:
    past = given("RecognitionApplied 2017-01", "ReceiptConfirmed 2017-01-20")
    assert past.rows("E02") == ["f1 2017-01-20..2017-02-20 in_time 2017-01-20 f2"]


def test_e02_an_answer_belongs_to_the_application_it_names_or_to_its_body(given: Given) -> None:
    first = "RecognitionApplied 2025-01-10 body=hwk occupation=a"
    second = "RecognitionApplied 2025-01-13 body=ihk occupation=b"
    named = given(first, second, "ReceiptConfirmed 2025-01-20 application=f1")
    assert named.rows("E02") == [
        "f1 2025-01-10..2025-02-10 in_time 2025-01-20 f3",
        "f2 2025-01-13..2025-02-13",
    ]
    by_body = given(first, second, "ReceiptConfirmed 2025-01-20 body=ihk")
    assert by_body.rows("E02") == [
        "f1 2025-01-10..2025-02-10",
        "f2 2025-01-13..2025-02-13 in_time 2025-01-20 f3",
    ]
    unnamed = given(first, second, "ReceiptConfirmed 2025-01-20")
    assert [one.closed_by for one in unnamed.intervals("E02")] == [ClosedBy.IN_TIME] * 2


def test_d6_e02_only_the_same_application_made_again_supersedes(given: Given) -> None:
    first = "RecognitionApplied 2025-01-10 body=hwk occupation=a"
    again = given(first, "RecognitionApplied 2025-01-20 occupation=a")
    assert again.rows("E02")[0] == "f1 2025-01-10..2025-02-10 superseded 2025-01-20 f2"
    for other in ("body=ihk occupation=a", "body=hwk occupation=b"):
        beside = given(first, f"RecognitionApplied 2025-01-20 {other}")
        assert beside.rows("E02")[0] == "f1 2025-01-10..2025-02-10"


# E03


def test_w37_e03_without_a_list_the_papers_are_complete_a_month_after_receipt(
    given: Given,
) -> None:
    past = given(APPLIED)
    assert past.rows("E03") == ["f1 2017-02-17..2017-05-17"]
    assert past.state("E03", "2017-02-16") is State.NOT_APPLICABLE
    assert past.state("E03", "2017-05-17") is State.DUE
    assert past.state("E03", "2017-05-18") is State.OPEN


def test_w09_e03_the_last_day_of_26_may_2019_was_a_sunday(given: Given) -> None:
    past = given("RecognitionApplied 2019-01-26")
    assert past.rows("E03") == ["f1 2019-02-26..2019-05-27"]


def test_e03_completeness_as_told_begins_the_window(given: Given) -> None:
    assert given(f"{APPLIED} complete_on=2017-03-01").rows("E03") == ["f1 2017-03-01..2017-06-01"]
    early = given(f"{APPLIED} complete_on=2016-12-01")
    assert early.rows("E03") == ["f1 2017-01-17..2017-04-18"]
    by_month = given(f"{APPLIED} complete_on=2017-03")
    assert by_month.rows("E03") == ["f1 2017-03-31..2017-06-30"]
    assert by_month.only("E03").certainty is Certainty.POSSIBLY
    assert given("RecognitionApplied - complete_on=2017-03-01 @2018-01-02").rows("E03") == [
        "f1 2017-03-01..2017-06-01"
    ]


def test_e03_a_confirmation_of_completeness_within_the_month_counts(given: Given) -> None:
    past = given(APPLIED, "ReceiptConfirmed 2017-02-01 complete=true")
    assert past.rows("E03") == ["f1 2017-02-01..2017-05-02"]
    last = given(APPLIED, "ReceiptConfirmed 2017-02-17 complete=true")
    assert last.rows("E03") == ["f1 2017-02-17..2017-05-17"]
    late = given(APPLIED, "ReceiptConfirmed 2017-04-03 complete=true")
    assert late.rows("E03") == ["f1 2017-02-17..2017-05-17"]


@pytest.mark.parametrize(
    "listed", ["DocumentsRequested 2017-02-17", "ReceiptConfirmed 2017-02-17 complete=false"]
)
def test_d17_e03_a_list_in_time_and_nothing_after_it_is_a_data_row(
    given: Given, listed: str
) -> None:
    past = given(APPLIED, listed)
    assert past.rows("E03") == ["data f1 2017-02-17.."]
    assert past.state("E03", "2017-02-17") is State.OPEN
    closed = given(APPLIED, listed, "RecognitionDecided 2018-10-30")
    assert closed.rows("E03") == ["data f1 2017-02-17.. in_time 2018-10-30 f3"]
    complete = given(APPLIED, listed, "ReceiptConfirmed 2017-06-01 complete=true")
    assert complete.rows("E03") == ["f1 2017-06-01..2017-09-01"]


def test_e03_a_list_after_the_month_delays_nothing(given: Given) -> None:
    past = given(APPLIED, "DocumentsRequested 2017-02-18")
    assert past.rows("E03") == ["f1 2017-02-17..2017-05-17"]


def test_e03_a_decision_or_a_lasting_licence_closes_on_its_latest_day(given: Given) -> None:
    decided = given(APPLIED, "RecognitionDecided 2018-10-30")
    assert decided.rows("E03") == ["f1 2017-02-17..2017-05-17 late 2018-10-30 f2"]
    by_month = given(APPLIED, "RecognitionDecided 2017-05")
    assert by_month.rows("E03") == ["f1 2017-02-17..2017-05-17 late 2017-05-31 f2"]
    early = given(APPLIED, "RecognitionDecided 2017-02-10 outcome=FULL")
    assert early.rows("E03") == []


@pytest.mark.parametrize(
    ("licence", "decides"),
    [
        ("kind=Approbation", True),
        ("kind=APPROBATION valid_until=2020-01-01", True),
        ("", True),
        ("valid_until=2018-01-01", False),
        ("kind=Berufserlaubnis", False),
    ],
)
def test_e03_a_temporary_permission_to_practise_is_no_decision(
    given: Given, licence: str, decides: bool
) -> None:
    line = f"ProfessionalLicenceGranted 2017-04-03 {licence}".strip()
    assert (given(APPLIED, line).only("E03").closed_by is not None) is decides


def test_e03_an_analysis_of_the_qualification_cancels(given: Given) -> None:
    past = given(APPLIED, "QualificationAnalysisStarted 2017-04-03")
    assert past.rows("E03") == ["f1 2017-02-17..2017-05-17 cancelled 2017-04-03 f2"]


def test_e03_one_extension_told_in_time_moves_the_last_day(given: Given) -> None:
    extended = given(APPLIED, "RecognitionPeriodExtended 2017-05-17 until=2017-08-19")
    assert extended.rows("E03") == ["f1 2017-02-17..2017-08-19"]
    late = given(APPLIED, "RecognitionPeriodExtended 2017-05-18 until=2017-08-19")
    assert late.rows("E03") == ["f1 2017-02-17..2017-05-17"]
    shorter = given(APPLIED, "RecognitionPeriodExtended 2017-03-01 until=2017-04-01")
    assert shorter.rows("E03") == ["f1 2017-02-17..2017-05-17"]
    untold = given(APPLIED, "RecognitionPeriodExtended 2017-03-01")
    assert untold.rows("E03") == ["f1 2017-02-17..2017-05-17"]
    twice = given(
        APPLIED,
        "RecognitionPeriodExtended 2017-03-01 until=2017-08-19",
        "RecognitionPeriodExtended 2017-05-02 until=2017-12-19",
    )
    assert twice.rows("E03") == ["f1 2017-02-17..2017-08-19"]


def test_d8_e03_a_correction_of_completeness_moves_the_window(given: Given) -> None:
    past = given(
        f"{APPLIED} complete_on=2017-03-01",
        'EventCorrected 2017-07-03 target=f1 attributes={"complete_on":"2017-04-03"}',
    )
    assert past.rows("E03") == ["f1 2017-04-03..2017-07-03"]
    assert past.rows("E03", "2017-06-30") == ["f1 2017-03-01..2017-06-01"]


# E04


@pytest.mark.parametrize("outcome", ["PARTIAL", "COMPENSATION_REQUIRED"])
def test_e04_half_a_year_to_begin_the_compensation(given: Given, outcome: str) -> None:
    past = given(f"RecognitionDecided 2025-02-10 outcome={outcome}")
    assert past.rows("E04") == ["f1 2025-02-10..2025-08-09"]
    assert past.state("E04", "2025-08-09") is State.DUE
    assert past.state("E04", "2025-08-10") is State.OPEN
    assert past.only("E04").severity is Severity.HIGH


@pytest.mark.parametrize("outcome", ["FULL", "REJECTED", "ZAB_STATEMENT", "DIGITAL_INFO_18G"])
def test_e04_other_decisions_ask_for_no_compensation(given: Given, outcome: str) -> None:
    assert given(f"RecognitionDecided 2025-02-10 outcome={outcome}").rows("E04") == []


def test_d17_e04_a_decision_without_outcome_is_a_data_row(given: Given) -> None:
    past = given(
        "RecognitionDecided 2018-10-30",
        "RecognitionDecided 2019-02-20",
        "RecognitionDecided 2019-12-16 outcome=REJECTED",
    )
    assert past.rows("E04") == [
        "data f1 2018-10-30..2019-04-28 superseded 2019-02-20 f2",
        "data f2 2019-02-20..2019-08-19 cancelled 2019-12-16 f3",
    ]


@pytest.mark.parametrize(
    ("line", "by"),
    [
        ("CompensationStarted 2025-08-09", ClosedBy.IN_TIME),
        ("CompensationStarted 2025-08-10", ClosedBy.LATE),
        ("CompensationStarted 2025-08", ClosedBy.IN_TIME),
        ("CompensationCompleted 2025-06-02", ClosedBy.IN_TIME),
        ("ProfessionalLicenceGranted 2025-06-02 kind=Approbation", ClosedBy.IN_TIME),
        ("ProfessionalLicenceGranted 2025-06-02 kind=Berufserlaubnis", None),
        ("RecognitionDecided 2025-06-02 outcome=FULL", ClosedBy.CANCELLED),
        ("RecognitionDecided 2025-06-02 outcome=REJECTED", ClosedBy.CANCELLED),
        ("RecognitionDecided 2025-06-02 outcome=ZAB_STATEMENT", None),
    ],
)
def test_e04_what_closes_it(given: Given, line: str, by: ClosedBy | None) -> None:
    assert given(PARTIAL, line).only("E04").closed_by is by


def test_e04_a_compensation_that_runs_already_leaves_nothing_to_begin(given: Given) -> None:
    begun = "CompensationStarted 2024-11-04"
    assert given(begun, PARTIAL).rows("E04") == []
    over = given(begun, "CompensationCompleted 2025-01-31", PARTIAL)
    assert over.rows("E04") == ["f3 2025-02-10..2025-08-09"]


# all


def test_g10_recognition_ends_with_leaving_and_not_with_the_naturalisation(given: Given) -> None:
    german = "NaturalisationCertificateHandedOver 2025-03-03"
    left = "LeftGermany 2025-03-03"
    for rule, line in (("E01", REPORTED), ("E04", PARTIAL)):
        assert given(line, german).only(rule).closed_by is None
        assert given(line, left).only(rule).closed_by is ClosedBy.CANCELLED


@pytest.mark.parametrize(
    ("rule", "lines", "reason"),
    [
        ("E01", ["QualificationReported 2025-01-10 isced=1"], "no vocational"),
        ("E01", ["RecognitionApplied 2024-05-01", REPORTED], "already"),
        ("E02", ["RecognitionApplied 2011-05-01"], "before the law"),
        ("E03", ["RecognitionApplied 2011-05-01"], "before the law"),
        ("E04", ["RecognitionDecided 2025-02-10 outcome=FULL"], "nothing to compensate"),
        ("E04", ["CompensationStarted 2024-11-04", PARTIAL], "runs already"),
    ],
)
def test_d21_where_there_is_no_instance_the_first_failing_condition_is_named(
    given: Given, rule: str, lines: list[str], reason: str
) -> None:
    standing = why(read(given(*lines).told), RULES[rule], date(2025, 6, 1))
    assert standing.state is State.NOT_APPLICABLE
    assert any(reason in one.reason.en for one in standing.turned)
