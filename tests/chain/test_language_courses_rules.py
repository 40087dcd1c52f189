"""S08, S09, S10: while an integration course runs, and when it ends."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.derived import Derived
from domain.chain.evaluation import turned
from domain.chain.intervals import Certainty, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]

INTERRUPTED = "CourseInterrupted 2024-08-31"
YEAR = "f1 2025-02-28..2025-08-31"
WARNED = "AttendanceWarningIssued 2025-03-03"
TALK = "f1 2025-03-03..2025-03-17"
COMPLETED = "CourseCompleted 2025-03-03"
TEST = "f1 2025-03-03..2025-04-28"


def reasons(given: Given, rule: str, *lines: str) -> list[str]:
    """Return why triggers make no instance."""
    return [one.reason.en for one in turned(Derived(read(given(*lines).told)), RULES[rule])]


# S08


def test_s08_example_an_interruption_on_31_august_2024(given: Given) -> None:
    past = given(INTERRUPTED)
    assert past.rows("S08") == [YEAR]
    assert [step.on for step in past.only("S08").steps] == [date(2025, 2, 28), date(2025, 6, 30)]


def test_d5_s08_the_days_before_on_and_after_its_bounds(given: Given) -> None:
    past = given(INTERRUPTED)
    days = ("2025-02-27", "2025-02-28", "2025-08-31", "2025-09-01")
    assert [past.state("S08", day) for day in days] == [
        State.NOT_APPLICABLE,
        State.DUE,
        State.DUE,
        State.OPEN,
    ]


@pytest.mark.parametrize(
    ("interrupted", "row"),
    [
        ("2024-02-29", "f1 2024-08-29..2025-02-28"),
        ("2023-08-31", "f1 2024-02-29..2024-08-31"),
        ("2024-12-31", "f1 2025-06-30..2025-12-31"),
    ],
)
def test_s08_counts_by_the_calendar(given: Given, interrupted: str, row: str) -> None:
    assert given(f"CourseInterrupted {interrupted}").rows("S08") == [row]


def test_s08_is_high_urgent_from_ten_months_and_says_that_the_entitlement_may_lapse(
    given: Given,
) -> None:
    one = given(INTERRUPTED).only("S08")
    assert one.severity is Severity.HIGH
    assert not one.urgent(date(2025, 6, 29))
    assert one.urgent(date(2025, 6, 30))
    assert one.consequence.code == "entitlement_may_lapse"
    assert one.consequence.since == date(2025, 9, 1)


@pytest.mark.parametrize(
    ("line", "how"),
    [
        ("CourseResumed 2025-08-31", "in_time 2025-08-31"),
        ("CourseResumed 2025-09-01", "late 2025-09-01"),
        ("CourseStarted 2025-06-10 kind=IK_ALPHA", "in_time 2025-06-10"),
        ("CourseCompleted 2025-06-10", "cancelled 2025-06-10"),
        ("CourseAborted 2025-06-10", "cancelled 2025-06-10"),
        ("LanguageTestTaken 2025-06-10 result=B1", "cancelled 2025-06-10"),
        ("NaturalisationCertificateHandedOver 2025-06-10", "cancelled 2025-06-10"),
        ("LeftGermany 2025-06-10", "cancelled 2025-06-10"),
        ("CourseResumed 2025-08", "in_time 2025-08-31"),
        ("CourseResumed -", "in_time 2025-08-31"),
    ],
)
def test_s08_is_closed_by_the_return_or_the_end_of_the_course(
    given: Given, line: str, how: str
) -> None:
    assert given(INTERRUPTED, line).rows("S08") == [f"{YEAR} {how} f2"]


def test_d4_s08_a_return_before_the_window_prevents_it(given: Given) -> None:
    assert given(INTERRUPTED, "CourseResumed 2025-02-27").rows("S08") == []
    assert given(INTERRUPTED, "CourseResumed 2024-08-31").rows("S08") == []


@pytest.mark.parametrize(
    "line", ["CourseStarted 2025-06-10 kind=EOK", "CourseRegistered 2025-06-10", "ContactHeld -"]
)
def test_s08_is_not_closed_by_less_than_a_return(given: Given, line: str) -> None:
    assert given(INTERRUPTED, line).rows("S08") == [YEAR]


def test_g3_s08_the_start_of_the_course_itself_is_no_return_to_it(given: Given) -> None:
    past = given("CourseStarted 2024-08-05", "CourseInterrupted 2024-08")
    assert past.rows("S08") == ["f2 2025-02-28..2025-08-31"]
    assert past.only("S08").certainty is Certainty.POSSIBLY


def test_s08_a_second_interruption_without_a_return_does_not_begin_the_year_anew(
    given: Given,
) -> None:
    again = "CourseInterrupted 2025-03-10"
    assert given(INTERRUPTED, again).rows("S08") == [YEAR]
    assert "interrupted before" in reasons(given, "S08", INTERRUPTED, again)[0]
    past = given(INTERRUPTED, "CourseResumed 2025-03-01", again)
    assert past.rows("S08") == [f"{YEAR} in_time 2025-03-01 f2", "f3 2025-09-10..2026-03-10"]


@pytest.mark.parametrize("between", ["CourseStarted", "CourseCompleted", "CourseAborted"])
def test_s08_an_interruption_of_the_next_course_is_another(given: Given, between: str) -> None:
    past = given(INTERRUPTED, f"{between} 2024-10-01", "CourseInterrupted 2024-12-02")
    assert past.rows("S08") == ["f3 2025-06-02..2025-12-02"]


def test_s08_watches_integration_courses_since_2005(given: Given) -> None:
    assert given("CourseStarted 2024-01-10 kind=EOK", INTERRUPTED).rows("S08") == []
    assert given("CourseInterrupted 2004-12-31").rows("S08") == []
    assert given("CourseInterrupted 2005-01-01").rows("S08") == ["f1 2005-07-01..2006-01-01"]


# S09


def test_s09_a_talk_is_due_within_14_days(given: Given) -> None:
    past = given(WARNED)
    assert past.rows("S09") == [TALK]
    days = ("2025-03-02", "2025-03-03", "2025-03-17", "2025-03-18")
    assert [past.state("S09", day) for day in days] == [
        State.NOT_APPLICABLE,
        State.DUE,
        State.DUE,
        State.OPEN,
    ]
    assert past.only("S09").severity is Severity.HIGH


def test_s09_an_abort_calls_for_a_talk_too(given: Given) -> None:
    assert given("CourseAborted 2025-03-03 reason=work").rows("S09") == [TALK]


@pytest.mark.parametrize(
    ("contact", "row"),
    [
        ("ContactHeld 2025-03-17", f"{TALK} in_time 2025-03-17 f2"),
        ("ContactHeld 2025-03-03", f"{TALK} in_time 2025-03-03 f2"),
        ("ContactHeld 2025-03-18", f"{TALK} late 2025-03-18 f2"),
        ('ContactHeld 2025-03-10 fields=["arbeit","sprache"]', f"{TALK} in_time 2025-03-10 f2"),
        ("ContactHeld 2025-03-10 fields=[]", f"{TALK} in_time 2025-03-10 f2"),
        ('ContactHeld 2025-03-10 fields=["arbeit"]', TALK),
        ("ContactHeld 2025-03-10 no_show=true", TALK),
        ("ContactHeld 2025-03-10 no_show=false", f"{TALK} in_time 2025-03-10 f2"),
        ("ContactHeld 2025-03-02", TALK),
        ("AssessmentCompleted 2025-03-10", TALK),
    ],
)
def test_s09_is_followed_up_by_a_contact_that_may_have_been_about_language(
    given: Given, contact: str, row: str
) -> None:
    assert given(WARNED, contact).rows("S09") == [row]


@pytest.mark.parametrize("line", ["CourseResumed 2025-03-10", "CourseStarted 2025-03-10 kind=EOK"])
def test_s09_is_cancelled_where_the_person_attends_again(given: Given, line: str) -> None:
    assert given(WARNED, line).rows("S09") == [f"{TALK} cancelled 2025-03-10 f2"]


def test_g3_s09_a_start_of_the_same_day_before_the_abort_is_no_return(given: Given) -> None:
    past = given("CourseStarted 2025-03-03", "CourseAborted 2025-03-03")
    assert past.rows("S09") == ["f2 2025-03-03..2025-03-17"]


def test_s09_excused_absence_needs_no_talk(given: Given) -> None:
    assert given(f"{WARNED} excused=true").rows("S09") == []
    assert given(f"{WARNED} excused=false").rows("S09") == [TALK]
    assert "excused" in reasons(given, "S09", f"{WARNED} excused=true")[0]


def test_s09_example_a_second_warning_does_not_put_the_talk_off(given: Given) -> None:
    again = "AttendanceWarningIssued 2025-03-10"
    assert given(WARNED, again).rows("S09") == [TALK]
    assert "waits" in reasons(given, "S09", WARNED, again)[0]


@pytest.mark.parametrize(
    ("between", "how"),
    [("ContactHeld 2025-03-05", "in_time"), ("CourseResumed 2025-03-05", "cancelled")],
)
def test_s09_a_warning_after_the_talk_is_another_occasion(
    given: Given, between: str, how: str
) -> None:
    past = given(WARNED, between, "AttendanceWarningIssued 2025-03-10")
    assert past.rows("S09") == [f"{TALK} {how} 2025-03-05 f2", "f3 2025-03-10..2025-03-24"]


def test_d6_s09_an_abort_supersedes_the_warning_before_it(given: Given) -> None:
    past = given(WARNED, "CourseAborted 2025-03-10")
    assert past.rows("S09") == [f"{TALK} superseded 2025-03-10 f2", "f2 2025-03-10..2025-03-24"]


def test_s09_an_excused_warning_leaves_the_one_before_as_it_is(given: Given) -> None:
    past = given(WARNED, "AttendanceWarningIssued 2025-03-10 excused=true")
    assert past.rows("S09") == [TALK]


# S10


def test_s10_a_test_is_due_within_56_days(given: Given) -> None:
    past = given(COMPLETED)
    assert past.rows("S10") == [TEST]
    days = ("2025-03-02", "2025-03-03", "2025-04-28", "2025-04-29")
    assert [past.state("S10", day) for day in days] == [
        State.NOT_APPLICABLE,
        State.DUE,
        State.DUE,
        State.OPEN,
    ]
    assert past.only("S10").severity is Severity.MEDIUM


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("LanguageTestTaken 2025-04-28", f"{TEST} in_time 2025-04-28 f2"),
        ("LanguageTestTaken 2025-04-29 test_kind=DTZ result=A2", f"{TEST} late 2025-04-29 f2"),
        ("LanguageTestTaken 2025-04-10 test_kind=EINSTUFUNG", TEST),
        ("LanguageTestTaken 2025-04-10 test_kind=LID", TEST),
        ("LanguageTestTaken 2025-04-10 test_kind=EBT", TEST),
        ("CivicsTestTaken 2025-04-10", TEST),
        ("IntegrationCourseCertificateIssued 2025-04-10", f"{TEST} in_time 2025-04-10 f2"),
        ("CourseStarted 2025-04-10", f"{TEST} cancelled 2025-04-10 f2"),
        ("CourseStarted 2025-04-10 kind=BSK_B2", TEST),
        ("LeftGermany 2025-04-10", f"{TEST} cancelled 2025-04-10 f2"),
    ],
)
def test_s10_is_closed_by_a_language_test(given: Given, line: str, row: str) -> None:
    assert given(COMPLETED, line).rows("S10") == [row]


def test_d4_s10_a_test_of_the_same_day_closes_it_in_any_order(given: Given) -> None:
    past = given("LanguageTestTaken 2025-03-03", COMPLETED)
    assert past.rows("S10") == ["f2 2025-03-03..2025-04-28 in_time 2025-03-03 f1"]


@pytest.mark.parametrize(
    "before",
    [
        ["CourseStarted 2024-09-02", "LanguageTestTaken 2025-02-28 result=A2"],
        ["LanguageTestTaken 2025-02-28 result=A2"],
        ["CourseCompleted 2024-06-03", "LanguageTestTaken 2024-07-01 result=A2"],
    ],
)
def test_s10_a_test_since_the_course_began_is_enough(given: Given, before: list[str]) -> None:
    past = given(*before, COMPLETED)
    assert [row for row in past.rows("S10") if row.startswith(f"f{len(before) + 1} ")] == []


def test_s10_example_a_test_of_the_course_before_does_not_count(given: Given) -> None:
    past = given(
        "CourseStarted 2011-10-31 kind=IK_ALLGEMEIN",
        "CourseCompleted 2012-06-15",
        "LanguageTestTaken - result=A2",
        "RepetitionGranted 2012-09-17 kind=IK_ALLGEMEIN",
        "CourseStarted 2013-02-04 kind=IK_ALLGEMEIN",
        "CourseCompleted 2013-04-30",
    )
    assert past.rows("S10") == [
        "f2 2012-06-15..2012-08-10 in_time 2012-08-10 f3",
        "f6 2013-04-30..2013-06-25",
    ]


@pytest.mark.parametrize(
    ("before", "counts"),
    [
        ("CourseStarted 2024-09-02 kind=IK_ALPHA", True),
        ("CourseStarted 2024-09-02", True),
        ("CourseStarted 2024-09-02 kind=OK_ONLY", False),
        ("CourseStarted 2024-09-02 kind=EOK", False),
        ("CourseRegistered 2024-09-02 kind=LAND_BASIS", False),
        ("CourseRegistered 2024-09-02 kind=IK_FOERDER", True),
    ],
)
def test_s10_watches_courses_with_a_language_part(given: Given, before: str, counts: bool) -> None:
    assert bool(given(before, COMPLETED).rows("S10")) is counts


def test_s10_the_start_says_what_the_course_was_not_the_registration(given: Given) -> None:
    past = given("CourseRegistered 2024-09-02 kind=EOK", "CourseStarted 2024-09-09", COMPLETED)
    assert past.rows("S10") == ["f3 2025-03-03..2025-04-28"]


def test_d6_s10_the_next_course_supersedes(given: Given) -> None:
    past = given(COMPLETED, "CourseCompleted 2025-04-07")
    assert past.rows("S10") == [f"{TEST} superseded 2025-04-07 f2", "f2 2025-04-07..2025-06-02"]


def test_d3_s10_a_course_that_ended_in_a_month_is_due_late(given: Given) -> None:
    one = given("CourseCompleted 2025-02").only("S10")
    assert (one.begins_on, one.due_on) == (date(2025, 2, 28), date(2025, 4, 25))
    assert one.certainty is Certainty.POSSIBLY
