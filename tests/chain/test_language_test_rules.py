"""S11, S12, S13: what follows a test of language."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.derived import Derived
from domain.chain.evaluation import turned
from domain.chain.explanation import explain
from domain.chain.intervals import Certainty, Kind, Responsible, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]

BELOW = "LanguageTestTaken 2025-03-03 result=A2"
FOLLOWS = "f1 2025-03-03..2025-06-01"
B1 = "LanguageTestTaken 2025-03-03 result=B1"
CIVICS = "f1 2025-03-03..2025-07-01"
LID = "CivicsTestTaken 2025-03-10 kind=LID points=20"
CERTIFICATE = "f2 2025-03-10..2025-05-05"


def reasons(given: Given, rule: str, *lines: str) -> list[str]:
    """Return why triggers make no instance."""
    return [one.reason.en for one in turned(Derived(read(given(*lines).told)), RULES[rule])]


def said(given: Given, rule: str, *lines: str) -> Any:
    """Return what is said of the only instance of a rule."""
    past = given(*lines)
    one = past.only(rule)
    return explain(one, read(past.told), one.begins_on)


# S11


def test_s11_something_must_follow_within_90_days(given: Given) -> None:
    past = given(BELOW)
    assert past.rows("S11") == [FOLLOWS]
    days = ("2025-03-02", "2025-03-03", "2025-06-01", "2025-06-02")
    assert [past.state("S11", day) for day in days] == [
        State.NOT_APPLICABLE,
        State.DUE,
        State.DUE,
        State.OPEN,
    ]
    one = past.only("S11")
    assert (one.severity, one.responsible[0]) == (Severity.HIGH, Responsible.CASE_MANAGER)


def test_s11_example_a_repetition_of_2012_comes_late(given: Given) -> None:
    past = given(
        "LanguageTestTaken 2012-06-15 test_kind=DTZ result=A2",
        "RepetitionGranted 2012-09-17 kind=IK_ALLGEMEIN",
    )
    assert past.rows("S11") == ["f1 2012-06-15..2012-09-13 late 2012-09-17 f2"]


def test_s11_an_undated_test_is_answered_by_what_stands_after_it(given: Given) -> None:
    past = given(
        "CourseCompleted 2012-06-15",
        "LanguageTestTaken - result=A2",
        "RepetitionGranted 2012-09-17",
    )
    assert past.rows("S11") == ["f2 2012-09-17..2012-12-16 in_time 2012-09-17 f3"]


@pytest.mark.parametrize(
    ("test", "below"),
    [
        ("result=PRE_A1", True),
        ("result=A1", True),
        ("result=A2", True),
        ("result=B1", False),
        ("result=C1", False),
        ('result=B1 per_skill={"listening":"B1","reading":"B1","writing":"A2"}', True),
        ('result=A2 per_skill={"listening":"B1","reading":"B1"}', False),
        ("result=A2 test_kind=DTZ", True),
        ("result=A1 test_kind=EINSTUFUNG", False),
        ("result=A1 test_kind=LID", False),
        ("result=A1 test_kind=EBT", False),
    ],
)
def test_w25_s11_a_test_is_below_b1_if_one_skill_is(given: Given, test: str, below: bool) -> None:
    assert bool(given(f"LanguageTestTaken 2025-03-03 {test}").rows("S11")) is below


@pytest.mark.parametrize(
    ("line", "how"),
    [
        ("RepetitionGranted 2025-06-01 kind=IK_ALPHA", "in_time 2025-06-01"),
        ("RepetitionGranted 2025-06-02 kind=IK_FOERDER", "late 2025-06-02"),
        ("RepetitionGranted 2025-05-01", "in_time 2025-05-01"),
        ("VocationalLanguageEntitlementIssued 2025-05-01 target=B1", "in_time 2025-05-01"),
        ("VocationalCourseRegistered 2025-05-01", "in_time 2025-05-01"),
        ("VocationalCourseStarted 2025-05-01 kind=BSK_A2", "in_time 2025-05-01"),
        ("CourseRegistered 2025-05-01 kind=VHS_SELF", "in_time 2025-05-01"),
        ("CourseStarted 2025-05-01 kind=LAND_BASIS", "in_time 2025-05-01"),
        ("LanguageTestTaken 2025-05-01 result=B1", "in_time 2025-05-01"),
        ("IntegrationCourseCertificateIssued 2025-05-01", "in_time 2025-05-01"),
        ("EmploymentStarted 2025-05-01", "cancelled 2025-05-01"),
        ("TrainingStarted 2025-05-01", "cancelled 2025-05-01"),
        ("SchoolStarted 2025-05-01", "cancelled 2025-05-01"),
        ("LeftGermany 2025-05-01", "cancelled 2025-05-01"),
    ],
)
def test_s11_is_closed_by_what_follows(given: Given, line: str, how: str) -> None:
    assert given(BELOW, line).rows("S11") == [f"{FOLLOWS} {how} f2"]


@pytest.mark.parametrize(
    "line",
    [
        "RepetitionGranted 2025-05-01 kind=IK_ALLGEMEIN",
        "RepetitionGranted 2025-05-01 kind=IK_ZWEITSCHRIFT",
        "SchoolStarted 2025-05-01 child_ref=c1",
        "CourseAdmissionRefused 2025-05-01 reason=repetition_used_up",
        "CourseCompleted 2025-05-01",
    ],
)
def test_s11_is_not_closed_by_what_the_law_does_not_give(given: Given, line: str) -> None:
    assert given(BELOW, line).rows("S11") == [FOLLOWS]


@pytest.mark.parametrize(("day", "counts"), [("2024-12-06", True), ("2024-12-07", False)])
def test_d16_s11_a_general_course_could_be_repeated_until_6_december_2024(
    given: Given, day: str, counts: bool
) -> None:
    past = given(
        "LanguageTestTaken 2024-11-04 result=A2", f"RepetitionGranted {day} kind=IK_ALLGEMEIN"
    )
    assert past.rows("S11") == [
        f"f1 2024-11-04..2025-02-02{f' in_time {day} f2' if counts else ''}"
    ]


@pytest.mark.parametrize(
    ("course", "test", "names"),
    [
        ("IK_ALLGEMEIN", "2024-12-06", True),
        ("IK_ALLGEMEIN", "2024-12-07", False),
        ("IK_ZWEITSCHRIFT", "2025-03-03", False),
        ("IK_ALPHA", "2025-03-03", True),
        ("IK_FOERDER", "2025-03-03", True),
    ],
)
def test_s11_names_the_repetition_only_where_the_law_gives_one(
    given: Given, course: str, test: str, names: bool
) -> None:
    lines = (f"CourseStarted 2024-01-10 kind={course}", f"LanguageTestTaken {test} result=A2")
    text = said(given, "S11", *lines)
    assert ("Wiederholung (300 Unterrichtseinheiten)" in text.de) is names
    assert ("repetition (300 units)" in text.en) is names
    assert "Landeskurs" in text.de


def test_s11_the_last_told_kind_of_course_says_whether_it_may_be_repeated(given: Given) -> None:
    lines = ("CourseStarted 2024-01-10 kind=IK_ALPHA", "CourseStarted 2024-06-10", BELOW)
    assert "Wiederholung" in said(given, "S11", *lines).de


@pytest.mark.parametrize(
    ("earlier", "reason"),
    [
        ("LanguageTestTaken 2025-01-10 result=B1", "B1 is proven"),
        ("IntegrationCourseCertificateIssued 2025-01-10", "B1 is proven"),
        ("EmploymentStarted 2025-01-10", "running already"),
        ("EmploymentStarted 2025-01-10 fixed_term_until=2025-03-03", "running already"),
        ("TrainingStarted 2025-01-10", "running already"),
        ("SchoolStarted 2025-01-10", "running already"),
    ],
)
def test_d21_s11_nothing_must_follow_where_something_runs_and_the_reason_is_said(
    given: Given, earlier: str, reason: str
) -> None:
    assert given(earlier, BELOW).rows("S11") == []
    assert any(reason in one for one in reasons(given, "S11", earlier, BELOW))


@pytest.mark.parametrize(
    "earlier",
    [
        ["EmploymentStarted 2025-01-10", "EmploymentEnded 2025-02-28"],
        ["EmploymentStarted 2025-01-10 fixed_term_until=2025-03-02"],
        ["TrainingStarted 2025-01-10", "TrainingAborted 2025-02-28"],
        ["TrainingStarted 2025-01-10", "TrainingInterrupted 2025-02-28"],
        ["SchoolStarted 2025-01-10", "SchoolLeft 2025-02-28"],
        ["SchoolStarted 2025-01-10 child_ref=c1"],
        ["CourseStarted 2024-08-10 kind=IK_ALLGEMEIN"],
        ["VocationalCourseStarted 2024-08-10"],
    ],
)
def test_s11_what_has_ended_or_is_the_course_itself_is_no_next_step(
    given: Given, earlier: list[str]
) -> None:
    past = given(*earlier, BELOW)
    assert past.rows("S11") == [f"f{len(earlier) + 1} 2025-03-03..2025-06-01"]


def test_d6_s11_the_next_test_below_b1_supersedes(given: Given) -> None:
    past = given(BELOW, "LanguageTestTaken 2025-05-05 result=A2")
    assert past.rows("S11") == [f"{FOLLOWS} superseded 2025-05-05 f2", "f2 2025-05-05..2025-08-03"]


def test_d17_s11_a_test_of_unknown_result_is_a_row_of_missing_data(given: Given) -> None:
    past = given("LanguageTestTaken 2025-03-03 test_kind=DTZ")
    assert past.rows("S11") == [f"data {FOLLOWS}"]
    assert past.only("S11").severity is Severity.LOW
    closed = given("LanguageTestTaken 2025-03-03", "EmploymentStarted 2025-03-10")
    assert closed.rows("S11") == [f"data {FOLLOWS} cancelled 2025-03-10 f2"]


# S12


def test_s12_civics_are_due_within_120_days(given: Given) -> None:
    past = given(B1)
    assert past.rows("S12") == [CIVICS]
    days = ("2025-03-02", "2025-03-03", "2025-07-01", "2025-07-02")
    assert [past.state("S12", day) for day in days] == [
        State.NOT_APPLICABLE,
        State.DUE,
        State.DUE,
        State.OPEN,
    ]
    assert past.only("S12").severity is Severity.MEDIUM


def test_s12_example_of_2014(given: Given) -> None:
    past = given(
        "LanguageTestTaken 2014-05-16 result=B2", "CivicsTestTaken 2014-05-21 kind=LID points=33"
    )
    assert past.rows("S12") == ["f1 2014-05-16..2014-09-13 in_time 2014-05-21 f2"]


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("CivicsTestTaken 2025-07-01 points=15", f"{CIVICS} in_time 2025-07-01 f2"),
        ("CivicsTestTaken 2025-07-02 kind=LID points=33", f"{CIVICS} late 2025-07-02 f2"),
        ("CivicsTestTaken 2025-04-01 kind=LID points=14", CIVICS),
        ("CivicsTestTaken 2025-04-01 passed_ok=true", f"{CIVICS} in_time 2025-04-01 f2"),
        ("CivicsTestTaken 2025-04-01 passed_natural=true", f"{CIVICS} in_time 2025-04-01 f2"),
        ("CivicsTestTaken 2025-04-01 passed_ok=false", CIVICS),
        ("CivicsTestTaken 2025-04-01 passed_natural=false", CIVICS),
        ("CivicsTestTaken 2025-04-01 kind=EBT points=17", f"{CIVICS} cancelled 2025-04-01 f2"),
        ("CivicsTestTaken 2025-04-01 kind=EBT points=16", CIVICS),
        ("CivicsTestTaken 2025-04-01 kind=EBT passed_ok=true", CIVICS),
        ("NaturalisationTestTaken 2025-04-01 points=17", f"{CIVICS} cancelled 2025-04-01 f2"),
        ("NaturalisationTestTaken 2025-04-01 points=16", CIVICS),
        ("NaturalisationTestTaken 2025-04-01", CIVICS),
        ("IntegrationCourseCertificateIssued 2025-04-01", f"{CIVICS} in_time 2025-04-01 f2"),
        ("CourseStarted 2025-04-01 kind=OK_ONLY", CIVICS),
        ("LeftGermany 2025-04-01", f"{CIVICS} cancelled 2025-04-01 f2"),
    ],
)
def test_s12_is_closed_by_civics_passed(given: Given, line: str, row: str) -> None:
    assert given(B1, line).rows("S12") == [row]


@pytest.mark.parametrize(
    ("test", "counts"),
    [
        ("result=B1", True),
        ("result=C2", True),
        ("result=A2", False),
        ("", False),
        ("result=B1 test_kind=EINSTUFUNG", False),
        ('result=B1 per_skill={"reading":"A2","speaking":"B1"}', False),
        ('per_skill={"reading":"B1","speaking":"B1"}', True),
    ],
)
def test_w25_s12_b1_must_be_reached_in_every_skill(given: Given, test: str, counts: bool) -> None:
    assert bool(given(f"LanguageTestTaken 2025-03-03 {test}").rows("S12")) is counts


@pytest.mark.parametrize(
    "earlier",
    [
        "CivicsTestTaken 2025-03-02 points=15",
        "CivicsTestTaken 2025-03-02 kind=EBT points=17",
        "NaturalisationTestTaken 2025-03-02 points=20",
        "IntegrationCourseCertificateIssued 2025-03-02",
    ],
)
def test_s12_nothing_is_missing_where_civics_were_passed_before(given: Given, earlier: str) -> None:
    assert given(earlier, B1).rows("S12") == []


def test_d4_s12_civics_of_the_same_day_close_it_in_any_order(given: Given) -> None:
    past = given("CivicsTestTaken 2025-03-03 points=15", B1)
    assert past.rows("S12") == ["f2 2025-03-03..2025-07-01 in_time 2025-03-03 f1"]


def test_s12_only_the_first_test_of_b1_counts(given: Given) -> None:
    past = given(B1, "LanguageTestTaken 2025-06-10 result=B2")
    assert past.rows("S12") == [CIVICS]
    assert "B1 is proven already" in reasons(given, "S12", B1, "LanguageTestTaken - result=B2")


@pytest.mark.parametrize(
    "civics", ["CivicsTestTaken 2025-04-01", "CivicsTestTaken 2025-01-10 kind=EBT"]
)
def test_d17_s12_a_civics_test_of_unknown_outcome_makes_a_row_of_missing_data(
    given: Given, civics: str
) -> None:
    past = given(B1, civics)
    assert past.rows("S12") == [f"data {CIVICS}"]
    assert past.only("S12").kind is Kind.DATA
    closed = given(B1, civics, "CivicsTestTaken 2025-05-02 points=30")
    assert closed.rows("S12") == [f"data {CIVICS} in_time 2025-05-02 f3"]


# S13


def test_s13_the_certificate_is_due_56_days_after_both_tests(given: Given) -> None:
    past = given(B1, LID)
    assert past.rows("S13") == [CERTIFICATE]
    days = ("2025-03-09", "2025-03-10", "2025-05-05", "2025-05-06")
    assert [past.state("S13", day) for day in days] == [
        State.NOT_APPLICABLE,
        State.DUE,
        State.DUE,
        State.OPEN,
    ]
    one = past.only("S13")
    assert (one.kind, one.severity) == (Kind.GAP, Severity.LOW)
    assert one.evidence == ("f2", "f1")


def test_s13_the_later_of_the_two_sets_it_off_in_either_order(given: Given) -> None:
    past = given("CivicsTestTaken 2025-03-01 points=15", B1)
    assert past.rows("S13") == ["f2 2025-03-03..2025-04-28"]


def test_s13_of_the_two_only_the_later_can_set_it_off(given: Given) -> None:
    past = given(B1, LID, "LanguageTestTaken 2025-03-20 result=B1")
    found = turned(Derived(read(past.told)), RULES["S13"])
    assert [one.trigger for one in found] == ["f1", "f3"]


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("IntegrationCourseCertificateIssued 2025-05-05", f"{CERTIFICATE} in_time 2025-05-05 f3"),
        (
            "IntegrationCourseCertificateIssued - date=2025-05-06",
            f"{CERTIFICATE} late 2025-05-06 f3",
        ),
        ("IntegrationCourseCertificateIssued 2025-03-09", None),
        ("IntegrationCourseCertificateIssued 2025-03-10", f"{CERTIFICATE} in_time 2025-03-10 f3"),
        ("LeftGermany 2025-04-01", f"{CERTIFICATE} cancelled 2025-04-01 f3"),
    ],
)
def test_s13_is_closed_by_the_certificate(given: Given, line: str, row: str | None) -> None:
    assert given(B1, LID, line).rows("S13") == ([] if row is None else [row])


@pytest.mark.parametrize(
    "lines",
    [
        [B1],
        [LID],
        [BELOW, LID],
        [B1, "CivicsTestTaken 2025-03-10 kind=LID points=14"],
        [B1, "CivicsTestTaken 2025-03-10 kind=EBT points=33"],
        [B1, "NaturalisationTestTaken 2025-03-10 points=33"],
        [B1, "CivicsTestTaken 2025-03-10"],
        ['LanguageTestTaken 2025-03-03 result=B1 per_skill={"writing":"A2"}', LID],
    ],
)
def test_s13_needs_both_tests_of_the_course(given: Given, lines: list[str]) -> None:
    assert given(*lines).rows("S13") == []
    assert set(reasons(given, "S13", *lines)) <= {
        "language test and civics test are not both passed"
    }


def test_s13_later_tests_change_nothing(given: Given) -> None:
    past = given(B1, LID, "LanguageTestTaken 2025-06-10 result=B2", "CivicsTestTaken - points=33")
    assert past.rows("S13") == [CERTIFICATE]


def test_d3_s13_a_test_of_a_month_makes_the_days_possible_only(given: Given) -> None:
    one = given(B1, "CivicsTestTaken 2025-04 points=20").only("S13")
    assert (one.begins_on, one.due_on) == (date(2025, 4, 30), date(2025, 6, 25))
    assert one.certainty is Certainty.POSSIBLY
