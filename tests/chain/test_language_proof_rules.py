"""S14, S18: what a proof of language is good for, and how long."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.derived import Derived
from domain.chain.evaluation import turned
from domain.chain.explanation import explain
from domain.chain.intervals import Certainty, Kind, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]

ENTITLED = "CourseEntitlementIssued 2023-06-01"
B1 = "LanguageTestTaken 2025-03-03 result=B1"
LID = "CivicsTestTaken 2025-03-10 kind=LID points=20"
REFUND = "f3 2025-03-10..2025-06-01"
PLACED = "PlacementTestTaken 2024-08-31 level=B1"
OLD = "f2 2025-03-01.."


def reasons(given: Given, rule: str, *lines: str) -> list[str]:
    """Return why triggers make no instance."""
    return [one.reason.en for one in turned(Derived(read(given(*lines).told)), RULES[rule])]


# S14


def test_s14_example_of_2012(given: Given) -> None:
    past = given(
        "CourseEntitlementIssued 2012-06-01 lapses_on=2014-05-31",
        "LanguageTestTaken 2014-05-16 result=B2",
        "CivicsTestTaken 2014-05-21 kind=LID points=33",
        "FeeRefundApplied 2014-07-28",
        "FeeRefundRefused 2014-07-31",
    )
    assert past.rows("S14") == ["f3 2014-05-21..2014-06-01 late 2014-07-28 f4"]
    days = ("2014-05-20", "2014-05-21", "2014-06-01", "2014-06-02", "2014-07-28")
    assert [past.state("S14", day) for day in days] == [
        State.NOT_APPLICABLE,
        State.DUE,
        State.DUE,
        State.OPEN,
        State.CLOSED,
    ]


def test_s14_is_a_chance(given: Given) -> None:
    one = given(ENTITLED, B1, LID).only("S14")
    assert (one.kind, one.severity) == (Kind.CHANCE, Severity.CHANCE)
    assert one.evidence == ("f3", "f2", "f1")
    assert one.certainty is Certainty.CERTAINLY
    assert given(ENTITLED, B1, LID).rows("S14") == [REFUND]


@pytest.mark.parametrize(
    ("success", "row"),
    [
        ("2025-05-31", "f3 2025-05-31..2025-06-01"),
        ("2025-06-01", "f3 2025-06-01..2025-06-01"),
        ("2025-06-02", None),
        ("2025-06", "f3 2025-06-30..2025-06-01"),
        ("2025-07", None),
    ],
)
def test_d3_s14_the_success_must_possibly_lie_within_two_years(
    given: Given, success: str, row: str | None
) -> None:
    past = given(ENTITLED, B1, f"CivicsTestTaken {success} points=20")
    assert past.rows("S14") == ([] if row is None else [row])


def test_s14_a_success_of_a_month_across_the_end_is_open_at_once(given: Given) -> None:
    past = given(ENTITLED, B1, "CivicsTestTaken 2025-06 points=20")
    assert past.state("S14", "2025-06-30") is State.OPEN
    assert past.only("S14").certainty is Certainty.POSSIBLY


def test_s14_both_tests_must_lie_in_time(given: Given) -> None:
    late = "LanguageTestTaken 2025-06-02 result=B1"
    past = given(ENTITLED, "CivicsTestTaken - points=20", late)
    assert past.rows("S14") == []
    assert any("after the time" in one for one in reasons(given, "S14", ENTITLED, LID, late))


@pytest.mark.parametrize(
    ("kind", "years"),
    [
        ("kind=IK_ALPHA", 3),
        ("kind=IK_ZWEITSCHRIFT", 3),
        ("kind=IK_FOERDER", 3),
        ("kind=IK_JUGEND", 3),
        ("kind=IK_ELTERN_FRAUEN", 3),
        ("kind=IK_ALLGEMEIN", 2),
        ("kind=IK_INTENSIV", 2),
        ("kind=OK_ONLY", 2),
        ("", 2),
    ],
)
@pytest.mark.parametrize("way", ["CourseRegistered", "CourseStarted"])
def test_s14_special_courses_have_three_years(
    given: Given, way: str, kind: str, years: int
) -> None:
    past = given(ENTITLED, f"{way} 2023-09-04 {kind}", B1, LID)
    assert past.only("S14").due_on == date(2023 + years, 6, 1)


def test_s14_the_last_told_kind_of_course_before_the_success_decides(given: Given) -> None:
    courses = (
        "CourseStarted 2023-09-04 kind=IK_ALLGEMEIN",
        "CourseStarted 2024-09-04 kind=IK_ALPHA",
    )
    past = given(ENTITLED, *courses, "CourseStarted 2024-10-04", B1, LID)
    assert past.only("S14").due_on == date(2026, 6, 1)
    past = given(ENTITLED, courses[0], B1, LID, "CourseStarted 2025-04-04 kind=IK_ALPHA")
    assert past.only("S14").due_on == date(2025, 6, 1)


@pytest.mark.parametrize(
    ("entitled", "due"), [("2023-01-31", date(2025, 1, 31)), ("2023-02-01", date(2026, 2, 1))]
)
def test_d16_s14_three_years_hold_for_entitlements_since_february_2023(
    given: Given, entitled: str, due: date
) -> None:
    past = given(
        f"CourseEntitlementIssued {entitled}",
        "CourseStarted 2023-09-04 kind=IK_ALPHA",
        "LanguageTestTaken 2024-11-04 result=B1",
        "CivicsTestTaken 2024-11-05 points=20",
    )
    assert past.only("S14").due_on == due


@pytest.mark.parametrize(
    ("line", "how"),
    [
        ("FeeRefundApplied 2025-06-01", "in_time 2025-06-01"),
        ("FeeRefundGranted 2025-06-02", "late 2025-06-02"),
        ("FeeExemptionGranted 2025-04-01", "cancelled 2025-04-01"),
        ("FeeRefundRefused 2025-04-01", "cancelled 2025-04-01"),
        ("LeftGermany 2025-04-01", "cancelled 2025-04-01"),
    ],
)
def test_s14_is_closed_by_the_application(given: Given, line: str, how: str) -> None:
    assert given(ENTITLED, B1, LID, line).rows("S14") == [f"{REFUND} {how} f4"]


@pytest.mark.parametrize(
    ("earlier", "reason"),
    [
        ("FeeExemptionGranted 2023-07-01", "exempt"),
        ("FeeRefundApplied 2025-03-09", "applied for already"),
        ("FeeRefundGranted 2025-03-09", "applied for already"),
    ],
)
def test_d21_s14_there_is_no_chance_where_nothing_was_paid_or_it_was_asked_before(
    given: Given, earlier: str, reason: str
) -> None:
    assert given(ENTITLED, earlier, B1, LID).rows("S14") == []
    assert any(reason in one for one in reasons(given, "S14", ENTITLED, earlier, B1, LID))


def test_s14_the_certificate_alone_shows_the_success(given: Given) -> None:
    certificate = "IntegrationCourseCertificateIssued 2025-04-14"
    assert given(ENTITLED, certificate).rows("S14") == ["f2 2025-04-14..2025-06-01"]
    assert given(ENTITLED, B1, certificate).rows("S14") == ["f3 2025-04-14..2025-06-01"]
    assert given(ENTITLED, B1, LID, certificate).rows("S14") == [REFUND]
    late = given(ENTITLED, "IntegrationCourseCertificateIssued 2025-06-02")
    assert late.rows("S14") == []


@pytest.mark.parametrize(
    "lines",
    [
        [ENTITLED],
        [ENTITLED, B1],
        [ENTITLED, LID],
        [ENTITLED, B1, "CivicsTestTaken 2025-03-10 kind=EBT points=33"],
        [ENTITLED, 'LanguageTestTaken 2025-03-03 result=B1 per_skill={"writing":"A2"}', LID],
    ],
)
def test_w25_s14_needs_both_tests_of_the_course(given: Given, lines: list[str]) -> None:
    assert given(*lines).rows("S14") == []


def test_s14_the_first_entitlement_counts_by_the_day_of_issue(given: Given) -> None:
    second = "CourseEntitlementIssued 2024-06-01 basis=44a_nr2"
    assert given(ENTITLED, second, B1, LID).only("S14").due_on == date(2025, 6, 1)
    issued = given(f"{ENTITLED} issued_on=2023-05-20", B1, LID)
    assert issued.only("S14").due_on == date(2025, 5, 20)
    month = given("CourseEntitlementIssued 2023-06", B1, LID).only("S14")
    assert (month.due_on, month.certainty) == (date(2025, 6, 30), Certainty.POSSIBLY)


def test_d17_s14_without_the_day_of_the_first_entitlement_there_is_a_row_of_missing_data(
    given: Given,
) -> None:
    assert given(B1, LID).rows("S14") == ["data f2 2025-03-10.."]
    undated = given("CourseEntitlementIssued -", B1, LID)
    assert undated.rows("S14") == ["data f3 2025-03-10.."]
    by_attribute = given("CourseEntitlementIssued - issued_on=2023-06-01", B1, LID)
    assert by_attribute.rows("S14") == [REFUND]
    closed = given(B1, LID, "FeeRefundApplied 2025-04-01")
    assert closed.rows("S14") == ["data f2 2025-03-10.. in_time 2025-04-01 f3"]


def test_s14_further_tests_begin_no_further_chance(given: Given) -> None:
    past = given(ENTITLED, B1, LID, "LanguageTestTaken 2025-04-03 result=B2")
    assert past.rows("S14") == [REFUND]
    assert "not the fact by which" in reasons(given, "S14", ENTITLED, B1, LID)[0]


# S18


def test_s18_example_a_placement_older_than_six_months(given: Given) -> None:
    past = given(PLACED, "VocationalCourseRegistered 2025-03-01")
    assert past.rows("S18") == [OLD]
    assert past.state("S18", "2025-02-28") is State.NOT_APPLICABLE
    assert past.state("S18", "2025-03-01") is State.OPEN
    one = past.only("S18")
    assert (one.severity, one.evidence) == (Severity.LOW, ("f2", "f1"))
    assert given(PLACED, "VocationalCourseRegistered 2025-02-28").rows("S18") == []


def test_s18_the_two_ages_are_said_in_words(given: Given) -> None:
    vocational = given(PLACED, "VocationalCourseRegistered 2025-03-01")
    course = given("LanguageTestTaken 2024-02-29 result=B1", "CourseRegistered 2025-03-01")
    texts = [
        explain(past.only("S18"), read(past.told), date(2025, 3, 1))
        for past in (vocational, course)
    ]
    assert ["älter als sechs Monate" in one.de for one in texts] == [True, False]
    assert ["older than a year" in one.en for one in texts] == [False, True]


@pytest.mark.parametrize(
    ("proof", "old"),
    [
        ("LanguageTestTaken 2024-08-31 result=A2", True),
        ("LanguageTestTaken 2024-09-01 result=A2", False),
        ("LanguageTestTaken 2024-08-01 certificate_date=2024-09-01 result=B1", False),
        ("LanguageTestTaken 2024-09-10 certificate_date=2024-08-31 result=B1", True),
        ("LanguageTestTaken 2024-08-31", None),
        ("IntegrationCourseCertificateIssued 2024-08-31", True),
        ("IntegrationCourseCertificateIssued 2024-09-01", False),
        ("PlacementTestTaken 2024-08-31", True),
        ("PlacementTestTaken 2024-08", True),
        ("PlacementTestTaken 2024-09", False),
    ],
)
def test_s18_for_a_vocational_course_a_proof_counts_for_six_months(
    given: Given, proof: str, old: bool | None
) -> None:
    past = given(proof, "VocationalCourseRegistered 2025-03-01")
    assert past.rows("S18") == ([OLD] if old else [])
    if not old:
        expected = "no proof" if old is None else "recent enough"
        lines = (proof, "VocationalCourseRegistered 2025-03-01")
        assert expected in reasons(given, "S18", *lines)[0]


def test_s18_the_latest_proof_counts(given: Given) -> None:
    past = given(
        PLACED, "LanguageTestTaken 2025-01-10 result=B1", "VocationalCourseRegistered 2025-03-01"
    )
    assert past.rows("S18") == []


@pytest.mark.parametrize(
    ("proof", "old"),
    [
        ("LanguageTestTaken 2024-02-29 result=B1", True),
        ("LanguageTestTaken 2024-03-01 result=B1", False),
        ("LanguageTestTaken 2020-03-01 result=C1 test_kind=TELC_B2", True),
        ("LanguageTestTaken 2020-03-01 result=B1 test_kind=DTZ", False),
        ("LanguageTestTaken 2020-03-01 result=A2", False),
        ("LanguageTestTaken 2020-03-01 result=B1 test_kind=EINSTUFUNG", False),
        ("PlacementTestTaken 2020-03-01 level=B1", False),
        ("IntegrationCourseCertificateIssued 2020-03-01", False),
    ],
)
def test_s18_for_an_integration_course_another_certificate_of_b1_counts_for_a_year(
    given: Given, proof: str, old: bool
) -> None:
    assert given(proof, "CourseRegistered 2025-03-01").rows("S18") == ([OLD] if old else [])


def test_s18_other_courses_ask_for_no_certificate(given: Given) -> None:
    past = given("LanguageTestTaken 2020-03-01 result=B1", "CourseRegistered 2025-03-01 kind=EOK")
    assert past.rows("S18") == []


@pytest.mark.parametrize(
    ("line", "how"),
    [
        ("LanguageTestTaken 2025-03-20 result=A2", "in_time 2025-03-20"),
        ("PlacementTestTaken 2025-03-20", "in_time 2025-03-20"),
        ("PlacementTestTaken 2025-03-01", "in_time 2025-03-01"),
        ("VocationalCourseStarted 2025-03-20", "in_time 2025-03-20"),
        ("VocationalCourseCompleted 2025-03-20", "in_time 2025-03-20"),
        ("VocationalCourseAborted 2025-03-20", "cancelled 2025-03-20"),
        ("LeftGermany 2025-03-20", "cancelled 2025-03-20"),
        ("CourseNotRealised 2025-03-20", ""),
        ("LanguageTestTaken 2025-03-20 test_kind=EINSTUFUNG result=B1", ""),
    ],
)
def test_s18_is_closed_by_a_new_test_or_the_start_of_the_course(
    given: Given, line: str, how: str
) -> None:
    past = given(PLACED, "VocationalCourseRegistered 2025-03-01", line)
    assert past.rows("S18") == [f"{OLD} {how} f3" if how else OLD]


@pytest.mark.parametrize(
    ("line", "how"),
    [
        ("LanguageTestTaken 2025-03-20", "in_time 2025-03-20"),
        ("IntegrationCourseCertificateIssued 2025-03-20", "in_time 2025-03-20"),
        ("CourseNotRealised 2025-03-20", "cancelled 2025-03-20"),
        ("CourseAborted 2025-03-20", "cancelled 2025-03-20"),
        ("PlacementTestTaken 2025-03-20", ""),
        ("CourseStarted 2025-03-20", ""),
    ],
)
def test_s18_for_an_integration_course_only_a_language_test_renews_the_proof(
    given: Given, line: str, how: str
) -> None:
    past = given("LanguageTestTaken 2024-02-29 result=B1", "CourseRegistered 2025-03-01", line)
    assert past.rows("S18") == [f"{OLD} {how} f3" if how else OLD]


def test_d6_d19_s18_the_two_kinds_of_course_are_two_series(given: Given) -> None:
    past = given(
        "LanguageTestTaken 2024-01-10 result=B1",
        "CourseRegistered 2025-03-01",
        "VocationalCourseRegistered 2025-03-10",
        "VocationalCourseRegistered 2025-04-10",
    )
    assert past.rows("S18") == [
        "f2 2025-03-01..",
        "f3 2025-03-10.. superseded 2025-04-10 f4",
        "f4 2025-04-10..",
    ]


def test_d17_s18_an_undated_proof_is_a_row_of_missing_data(given: Given) -> None:
    past = given("LanguageTestTaken - result=B1", "VocationalCourseRegistered 2025-03-01")
    assert past.rows("S18") == [f"data {OLD}"]
    told = given(
        "LanguageTestTaken - result=B1 certificate_date=2025-01-10",
        "VocationalCourseRegistered 2025-03-01",
    )
    assert told.rows("S18") == []


def test_d16_s18_holds_since_the_law_of_each_course(given: Given) -> None:
    old = "LanguageTestTaken 2003-01-10 result=B1"
    for line, count in [
        ("CourseRegistered 2004-12-31", 0),
        ("CourseRegistered 2005-01-01", 1),
        ("VocationalCourseRegistered 2016-06-30", 0),
        ("VocationalCourseRegistered 2016-07-01", 1),
    ]:
        assert len(given(old, line).rows("S18")) == count, line
