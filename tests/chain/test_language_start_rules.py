"""S06, S07, S17: from the registration to the first day of a course."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.derived import Derived
from domain.chain.evaluation import turned
from domain.chain.intervals import Certainty, Responsible, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]

FAILED = "CourseNotRealised 2025-03-03"
WAITING = "f1 2025-03-03..2025-03-31"
REGISTERED = "CourseRegistered 2024-02-29 kind=IK_ALLGEMEIN"
YEAR = "f1 2024-12-30..2025-02-28"
VOCATIONAL = "VocationalCourseRegistered 2025-03-03"


def reasons(given: Given, rule: str, *lines: str) -> list[str]:
    """Return why triggers make no instance."""
    return [one.reason.en for one in turned(Derived(read(given(*lines).told)), RULES[rule])]


# S06


def test_s06_example_a_course_that_fell_through_on_3_march_2025(given: Given) -> None:
    assert given(FAILED).rows("S06") == [WAITING]


def test_d5_s06_the_days_before_on_and_after_its_bounds(given: Given) -> None:
    past = given(FAILED)
    states = [past.state("S06", f"2025-{day}") for day in ("03-02", "03-03", "03-31", "04-01")]
    assert states == [State.NOT_APPLICABLE, State.DUE, State.DUE, State.OPEN]


def test_s06_is_high_and_the_bamf_acts_first(given: Given) -> None:
    one = given(FAILED).only("S06")
    assert (one.severity, one.responsible[0]) == (Severity.HIGH, Responsible.BAMF)


@pytest.mark.parametrize(
    ("follow_up", "how"),
    [
        ("CourseRegistered 2025-03-31", "in_time 2025-03-31"),
        ("CourseRegistered 2025-04-01 kind=IK_ALPHA", "late 2025-04-01"),
        ("CourseStarted 2025-03-20", "in_time 2025-03-20"),
        ("CourseStartAnnounced 2025-03-20", "in_time 2025-03-20"),
        ("CourseRegistered 2025-03-03", "in_time 2025-03-03"),
        ("CourseRegistered -", "in_time 2025-03-31"),
    ],
)
def test_s06_is_followed_up_by_another_course(given: Given, follow_up: str, how: str) -> None:
    assert given(FAILED, follow_up).rows("S06") == [f"{WAITING} {how} f2"]


def test_g3_s06_the_registration_that_fell_through_on_the_same_day_is_no_other_course(
    given: Given,
) -> None:
    past = given("CourseRegistered 2025-03-03", FAILED)
    assert past.rows("S06") == ["f2 2025-03-03..2025-03-31"]


def test_g2_s06_a_registration_of_the_month_was_before_the_failure(given: Given) -> None:
    past = given("CourseRegistered 2025-03", FAILED)
    assert past.rows("S06") == ["f2 2025-03-03..2025-03-31"]


@pytest.mark.parametrize("kind", ["kind=EOK", "kind=BSK_B2"])
def test_s06_is_not_closed_by_another_kind_of_course(given: Given, kind: str) -> None:
    assert given(FAILED, f"CourseRegistered 2025-03-20 {kind}").rows("S06") == [WAITING]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["CourseRegistered 2025-01-10 kind=EOK", FAILED], "no integration course"),
        (["VocationalCourseRegistered 2025-01-10", FAILED], "no integration course"),
        ([f"{FAILED} reassignment=true"], "named already"),
        ([f"{FAILED} new_start=2025-04-01"], "named already"),
    ],
)
def test_d21_s06_needs_an_integration_course_and_no_answer_in_the_notice_itself(
    given: Given, lines: list[str], reason: str
) -> None:
    assert given(*lines).rows("S06") == []
    assert any(reason in one for one in reasons(given, "S06", *lines))


def test_s06_a_notice_that_no_other_provider_is_named_counts(given: Given) -> None:
    assert given(f"{FAILED} reassignment=false").rows("S06") == [WAITING]


def test_d6_s06_the_next_failure_supersedes(given: Given) -> None:
    past = given(FAILED, "CourseNotRealised 2025-03-20")
    assert past.rows("S06") == [f"{WAITING} superseded 2025-03-20 f2", "f2 2025-03-20..2025-04-17"]


def test_s06_is_cancelled_by_b1_and_by_leaving_but_not_by_naturalisation(given: Given) -> None:
    for line in ("LanguageTestTaken 2025-03-20 result=B1", "LeftGermany 2025-03-20"):
        assert given(FAILED, line).rows("S06") == [f"{WAITING} cancelled 2025-03-20 f2"]
    past = given(FAILED, "NaturalisationCertificateHandedOver 2025-03-20")
    assert past.rows("S06") == [WAITING]


def test_s05_gives_way_to_s06_where_the_course_fell_through(given: Given) -> None:
    past = given("CourseRegistered 2025-02-03", FAILED)
    assert past.rows("S05") == ["f1 2025-02-03..2025-03-17 cancelled 2025-03-03 f2"]
    assert past.rows("S06") == ["f2 2025-03-03..2025-03-31"]


# S07


def test_s07_example_a_registration_on_29_february_2024(given: Given) -> None:
    assert given(REGISTERED).rows("S07") == [YEAR]


def test_d5_s07_begins_60_days_before_the_year_is_full_and_opens_after_it(given: Given) -> None:
    past = given(REGISTERED)
    days = ("2024-12-29", "2024-12-30", "2025-02-28", "2025-03-01")
    assert [past.state("S07", day) for day in days] == [
        State.NOT_APPLICABLE,
        State.DUE,
        State.DUE,
        State.OPEN,
    ]


def test_s07_is_high_and_says_that_the_entitlement_may_have_lapsed(given: Given) -> None:
    one = given(REGISTERED).only("S07")
    assert one.severity is Severity.HIGH
    assert one.consequence.code == "entitlement_may_lapse"
    assert one.consequence.since == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("line", "how"),
    [
        ("CourseStarted 2025-02-28", "in_time 2025-02-28"),
        ("CourseStarted 2025-03-01 kind=OK_ONLY", "late 2025-03-01"),
        ("ModuleCompleted 2025-01-31", "in_time 2025-01-31"),
        ("CourseInterrupted 2025-01-31", "in_time 2025-01-31"),
        ("CourseCompleted 2025-01-31", "in_time 2025-01-31"),
        ("CourseAborted 2025-01-31", "cancelled 2025-01-31"),
        ("CourseNotRealised 2025-01-31", "cancelled 2025-01-31"),
        ("LanguageTestTaken 2025-01-31 result=B1", "cancelled 2025-01-31"),
        ("LeftGermany 2025-01-31", "cancelled 2025-01-31"),
        ("NaturalisationCertificateHandedOver 2025-01-31", "cancelled 2025-01-31"),
        ("CourseStarted 2025-02", "in_time 2025-02-28"),
        ("CourseStarted -", "in_time 2025-02-28"),
    ],
)
def test_w15_s07_a_start_or_what_proves_one_closes_it(given: Given, line: str, how: str) -> None:
    assert given(REGISTERED, line).rows("S07") == [f"{YEAR} {how} f2"]


@pytest.mark.parametrize("line", ["CourseStarted 2024-12-29", "CourseNotRealised 2024-03-20"])
def test_d4_s07_what_comes_before_the_window_prevents_it(given: Given, line: str) -> None:
    assert given(REGISTERED, line).rows("S07") == []


@pytest.mark.parametrize(
    "line", ["CourseStarted 2025-01-31 kind=EOK", "CourseStartAnnounced 2025-01-31"]
)
def test_s07_an_announcement_or_another_course_is_no_start(given: Given, line: str) -> None:
    assert given(REGISTERED, line).rows("S07") == [YEAR]


def test_d6_s07_a_new_registration_begins_the_year_anew(given: Given) -> None:
    past = given(REGISTERED, "CourseRegistered 2025-01-10")
    assert past.rows("S07") == [f"{YEAR} superseded 2025-01-10 f2", "f2 2025-11-11..2026-01-10"]


def test_s07_a_course_that_fell_through_on_the_day_of_the_new_registration_is_the_old_one(
    given: Given,
) -> None:
    past = given(REGISTERED, "CourseNotRealised 2024-05-02", "CourseRegistered 2024-05-02")
    assert past.rows("S07") == ["f3 2025-03-03..2025-05-02"]


def test_s07_who_attends_a_course_does_not_wait_for_one(given: Given) -> None:
    started = "CourseStarted 2024-01-10"
    assert given(started, REGISTERED).rows("S07") == []
    assert "begun already" in reasons(given, "S07", started, REGISTERED)[0]
    for end in ("CourseCompleted", "CourseAborted"):
        past = given(started, f"{end} 2024-02-10", REGISTERED)
        assert past.rows("S07") == ["f3 2024-12-30..2025-02-28"]


def test_s07_a_mere_registration_before_is_no_course_attended(given: Given) -> None:
    past = given("CourseRegistered 2024-01-10", REGISTERED)
    assert past.rows("S07") == ["f2 2024-12-30..2025-02-28"]


@pytest.mark.parametrize(
    "line", ["CourseRegistered 2024-02-29 kind=EOK", "CourseRegistered 2004-12-31"]
)
def test_d16_s07_watches_integration_courses_since_2005(given: Given, line: str) -> None:
    assert given(line).rows("S07") == []


def test_d3_s07_a_registration_of_a_month_warns_early_and_is_due_late(given: Given) -> None:
    one = given("CourseRegistered 2024-03").only("S07")
    assert (one.begins_on, one.due_on) == (date(2024, 12, 31), date(2025, 3, 31))
    assert one.certainty is Certainty.POSSIBLY


# S17


def test_s17_example_a_registration_on_3_march_2025(given: Given) -> None:
    past = given(VOCATIONAL)
    assert past.rows("S17") == [WAITING]
    assert past.state("S17", "2025-03-31") is State.DUE
    assert past.state("S17", "2025-04-01") is State.OPEN


def test_s17_is_medium_and_the_provider_acts_first(given: Given) -> None:
    one = given(VOCATIONAL).only("S17")
    assert (one.severity, one.responsible[0]) == (Severity.MEDIUM, Responsible.COURSE_PROVIDER)


@pytest.mark.parametrize(
    ("line", "how"),
    [
        ("VocationalCourseStarted 2025-03-31", "in_time 2025-03-31"),
        ("VocationalCourseStarted 2025-04-01", "late 2025-04-01"),
        ("VocationalCourseCompleted 2025-03-31", "in_time 2025-03-31"),
        ("VocationalCourseAborted 2025-03-20", "cancelled 2025-03-20"),
        ("LeftGermany 2025-03-20", "cancelled 2025-03-20"),
    ],
)
def test_s17_is_closed_by_a_start(given: Given, line: str, how: str) -> None:
    assert given(VOCATIONAL, line).rows("S17") == [f"{WAITING} {how} f2"]


def test_s17_the_end_of_an_older_course_closes_nothing(given: Given) -> None:
    past = given("VocationalCourseCompleted 2025-03-03", VOCATIONAL)
    assert past.rows("S17") == ["f2 2025-03-03..2025-03-31"]


def test_d6_s17_a_registration_elsewhere_supersedes(given: Given) -> None:
    past = given(VOCATIONAL, "VocationalCourseRegistered 2025-04-07")
    assert past.rows("S17") == [f"{WAITING} superseded 2025-04-07 f2", "f2 2025-04-07..2025-05-05"]


def test_d16_s17_the_law_begins_on_1_july_2016(given: Given) -> None:
    assert given("VocationalCourseRegistered 2016-06-30").rows("S17") == []
    assert given("VocationalCourseRegistered 2016-07-01").rows("S17") == [
        "f1 2016-07-01..2016-07-29"
    ]


def test_g8_s17_a_registration_before_the_law_supersedes_nothing(given: Given) -> None:
    past = given(
        "VocationalCourseRegistered 2016-07-17",
        "VocationalCourseRegistered - @2016-02-08",
        "NoteTaken 2017-04-01",
    )
    assert past.rows("S17") == ["f1 2016-07-17..2016-08-14"]
