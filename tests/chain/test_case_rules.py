"""Case steering: a case without manager (F02), without contact (F06), a handover without answer (F11), and G13."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.intervals import Certainty, Severity, State

Given = Callable[..., Any]


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        ("2025-04-16", "2025-04-25"),
        ("2025-03-03", "2025-03-10"),
        ("2025-03-07", "2025-03-14"),
        ("2025-03-08", "2025-03-14"),
        ("2025-03-09", "2025-03-14"),
        ("2025-12-19", "2025-12-30"),
        ("2025-12-23", "2026-01-02"),
        ("2025-04-30", "2025-05-08"),
        ("2024-02-26", "2024-03-04"),
        ("2025-10-30", "2025-11-06"),
    ],
)
def test_f02_a_case_needs_a_manager_by_the_fifth_working_day_after_it_opens(
    given: Given, opened: str, due: str
) -> None:
    assert given(f"CaseOpened {opened}").rows("F02") == [f"f1 {opened}..{due}"]


@pytest.mark.parametrize(
    ("assigned", "closing"),
    [
        ("2025-04-16", "in_time 2025-04-16 f2"),
        ("2025-04-24", "in_time 2025-04-24 f2"),
        ("2025-04-25", "in_time 2025-04-25 f2"),
        ("2025-04-26", "late 2025-04-26 f2"),
        ("2025-04", "in_time 2025-04-25 f2"),
    ],
)
def test_f02_an_assignment_closes_it(given: Given, assigned: str, closing: str) -> None:
    past = given("CaseOpened 2025-04-16", f"CaseManagerAssigned {assigned} cm=a")
    assert past.rows("F02") == [f"f1 2025-04-16..2025-04-25 {closing}"]


def test_f02_weighs_high(given: Given) -> None:
    assert given("CaseOpened 2025-04-16").only("F02").severity is Severity.HIGH


@pytest.mark.parametrize("office", ["cm=a", "cm=a substitute=true", "case_id=c1", ""])
def test_f02_an_office_begun_before_the_case_opens_needs_no_other(
    given: Given, office: str
) -> None:
    past = given(f"CaseManagerAssigned 2025-04-10 {office}", "CaseOpened 2025-04-16 case_id=c1")
    assert past.rows("F02") == []


def test_f02_an_office_for_another_case_does_not_count(given: Given) -> None:
    before = given("CaseManagerAssigned 2025-04-10 case_id=c2", "CaseOpened 2025-04-16 case_id=c1")
    assert before.rows("F02") == ["f2 2025-04-16..2025-04-25"]
    after = given("CaseOpened 2025-04-16 case_id=c1", "CaseManagerAssigned 2025-04-17 case_id=c2")
    assert after.rows("F02") == ["f1 2025-04-16..2025-04-25"]


def test_f02_an_assignment_before_the_opening_of_the_same_day_is_an_office(given: Given) -> None:
    past = given("CaseManagerAssigned 2025-04-16 cm=a", "CaseOpened 2025-04-16")
    assert past.rows("F02") == []


def test_f02_the_release_of_the_only_manager_begins_the_days_anew(given: Given) -> None:
    past = given(
        "CaseOpened 2025-03-03",
        "CaseManagerAssigned 2025-03-04 cm=a",
        "CaseManagerReleased 2025-06-02",
    )
    assert past.rows("F02") == [
        "f1 2025-03-03..2025-03-10 in_time 2025-03-04 f2",
        "f3 2025-06-02..2025-06-10",
    ]


def test_f02_a_release_leaves_the_offices_of_others(given: Given) -> None:
    past = given(
        "CaseManagerAssigned 2025-03-03 cm=a",
        "CaseManagerAssigned 2025-03-03 cm=b substitute=true",
        "CaseOpened 2025-03-03",
        "CaseManagerReleased 2025-06-02 cm=a",
    )
    assert past.rows("F02") == []


def test_f02_a_release_ends_every_office_of_the_one_it_names(given: Given) -> None:
    past = given(
        "CaseManagerAssigned 2025-03-03 cm=a",
        "CaseManagerAssigned 2025-03-04 cm=a",
        "CaseOpened 2025-03-05",
        "CaseManagerReleased 2025-06-02 cm=a",
    )
    assert past.rows("F02") == ["f4 2025-06-02..2025-06-10"]


def test_f02_a_release_without_a_name_ends_the_office_last_assigned(given: Given) -> None:
    offices = [
        "CaseManagerAssigned 2025-03-03 cm=a",
        "CaseManagerAssigned 2025-03-04 cm=b",
        "CaseOpened 2025-03-05",
        "CaseManagerReleased 2025-06-02",
    ]
    assert given(*offices).rows("F02") == []
    the_other = given(*offices, "CaseManagerReleased 2025-06-03 cm=b")
    assert the_other.rows("F02") == []
    the_last = given(*offices, "CaseManagerReleased 2025-06-03 cm=a")
    assert the_last.rows("F02") == ["f5 2025-06-03..2025-06-11"]


def test_f02_the_release_of_somebody_never_assigned_begins_nothing_where_one_is_in_office(
    given: Given,
) -> None:
    past = given(
        "CaseManagerAssigned 2025-03-03 cm=a",
        "CaseOpened 2025-03-05",
        "CaseManagerReleased 2025-06-02 cm=z",
    )
    assert past.rows("F02") == []


def test_f02_a_release_while_the_case_rests_begins_nothing_until_it_is_resumed(
    given: Given,
) -> None:
    past = given(
        "CaseManagerAssigned 2025-03-03 cm=a",
        "CaseOpened 2025-03-03",
        "CaseSuspended 2025-04-01",
        "CaseManagerReleased 2025-04-10",
        "CaseResumed 2025-06-02",
    )
    assert past.rows("F02") == ["f5 2025-06-02..2025-06-10"]


def test_f02_a_resumption_under_the_old_office_needs_no_other(given: Given) -> None:
    past = given(
        "CaseManagerAssigned 2025-03-03 cm=a",
        "CaseOpened 2025-03-03",
        "CaseSuspended 2025-04-01",
        "CaseResumed 2025-06-02",
    )
    assert past.rows("F02") == []


def test_f02_the_resumption_of_an_active_case_begins_nothing(given: Given) -> None:
    past = given("CaseOpened 2025-03-03", "CaseResumed 2025-03-05")
    assert past.rows("F02") == ["f1 2025-03-03..2025-03-10"]


@pytest.mark.parametrize("end", ["CaseSuspended", "CaseClosed"])
@pytest.mark.parametrize(
    ("opened", "ended"),
    [("", ""), ("case_id=c1", "case_id=c1"), ("case_id=c1", ""), ("", "case_id=c1")],
)
def test_d14_a_case_that_rests_or_is_closed_needs_no_manager(
    given: Given, end: str, opened: str, ended: str
) -> None:
    past = given(f"CaseOpened 2025-03-03 {opened}", f"{end} 2025-03-06 {ended}")
    assert past.rows("F02") == ["f1 2025-03-03..2025-03-10 cancelled 2025-03-06 f2"]


@pytest.mark.parametrize("end", ["CaseSuspended", "CaseClosed"])
def test_f02_the_end_of_another_case_cancels_nothing(given: Given, end: str) -> None:
    past = given("CaseOpened 2025-03-03 case_id=c1", f"{end} 2025-03-06 case_id=c2")
    assert past.rows("F02") == ["f1 2025-03-03..2025-03-10"]


def test_d14_a_resumption_starts_the_days_anew_with_the_full_bound(given: Given) -> None:
    past = given("CaseOpened 2025-03-03", "CaseSuspended 2025-03-06", "CaseResumed 2025-06-02")
    assert past.rows("F02") == [
        "f1 2025-03-03..2025-03-10 cancelled 2025-03-06 f2",
        "f3 2025-06-02..2025-06-10",
    ]


def test_f02_closing_a_case_ends_its_offices(given: Given) -> None:
    past = given(
        "CaseManagerAssigned 2025-03-03 case_id=c1",
        "CaseOpened 2025-03-03 case_id=c1",
        "CaseOpened 2025-03-04 case_id=c2",
        "CaseManagerAssigned 2025-03-04 case_id=c2",
        "CaseClosed 2025-04-01 case_id=c1",
        "CaseOpened 2025-06-02 case_id=c1",
        "CaseManagerReleased 2025-06-03 case_id=c1",
    )
    assert past.rows("F02") == [
        "f3 2025-03-04..2025-03-11 in_time 2025-03-04 f4",
        "f6 2025-06-02..2025-06-10 superseded 2025-06-03 f7",
        "f7 2025-06-03..2025-06-11",
    ]


def test_f02_a_nameless_office_outlives_one_case_while_another_is_active(given: Given) -> None:
    past = given(
        "CaseManagerAssigned 2025-03-03 cm=a",
        "CaseOpened 2025-03-03 case_id=c1",
        "CaseOpened 2025-03-03 case_id=c2",
        "CaseClosed 2025-04-01 case_id=c1",
        "CaseOpened 2025-06-02 case_id=c1",
    )
    assert past.rows("F02") == []


def test_f02_with_no_case_left_every_office_ends(given: Given) -> None:
    past = given(
        "CaseManagerAssigned 2025-03-03 cm=a",
        "CaseOpened 2025-03-03 case_id=c1",
        "CaseClosed 2025-04-01 case_id=c1",
        "CaseOpened 2025-06-02 case_id=c1",
    )
    assert past.rows("F02") == ["f4 2025-06-02..2025-06-10"]


def test_f02_cases_of_their_own_are_series_of_their_own(given: Given) -> None:
    past = given("CaseOpened 2025-03-03 case_id=c1", "CaseOpened 2025-03-05 case_id=c2")
    assert past.rows("F02") == ["f1 2025-03-03..2025-03-10", "f2 2025-03-05..2025-03-12"]


def test_f02_a_trigger_without_a_case_belongs_to_every_series(given: Given) -> None:
    past = given(
        "CaseOpened 2025-03-03 case_id=c1",
        "CaseOpened 2025-03-05 case_id=c2",
        "CaseManagerReleased 2025-03-06",
    )
    assert past.rows("F02") == [
        "f1 2025-03-03..2025-03-10 superseded 2025-03-06 f3",
        "f2 2025-03-05..2025-03-12 superseded 2025-03-06 f3",
        "f3 2025-03-06..2025-03-13",
    ]


def test_f02_a_trigger_without_a_case_is_cancelled_when_no_case_is_active(given: Given) -> None:
    cases = [
        "CaseOpened 2025-03-03 case_id=c1",
        "CaseOpened 2025-03-03 case_id=c2",
        "CaseManagerReleased 2025-03-06",
        "CaseClosed 2025-03-10 case_id=c1",
    ]
    assert given(*cases).rows("F02")[2] == "f3 2025-03-06..2025-03-13"
    both = given(*cases, "CaseSuspended 2025-03-11 case_id=c2")
    assert both.rows("F02")[2] == "f3 2025-03-06..2025-03-13 cancelled 2025-03-11 f5"


def test_g13_a_resumption_without_a_case_resumes_all_that_rest(given: Given) -> None:
    past = given(
        "CaseOpened 2025-03-03 case_id=c1",
        "CaseOpened 2025-03-03 case_id=c2",
        "CaseSuspended 2025-04-01",
        "CaseResumed 2025-06-02",
        "CaseSuspended 2025-06-04 case_id=c1",
    )
    assert past.rows("F02") == [
        "f1 2025-03-03..2025-03-10 cancelled 2025-04-01 f3",
        "f2 2025-03-03..2025-03-10 cancelled 2025-04-01 f3",
        "f4 2025-06-02..2025-06-10",
    ]


def test_g13_a_resumption_of_one_case_leaves_the_other_at_rest(given: Given) -> None:
    past = given(
        "CaseManagerAssigned 2025-03-03 case_id=c2",
        "CaseOpened 2025-03-03 case_id=c1",
        "CaseOpened 2025-03-03 case_id=c2",
        "CaseSuspended 2025-03-04",
        "CaseResumed 2025-06-02 case_id=c2",
    )
    assert past.rows("F02") == ["f2 2025-03-03..2025-03-10 cancelled 2025-03-04 f4"]


def test_g13_a_resumption_begins_a_case_where_none_is_known(given: Given) -> None:
    assert given("CaseResumed 2025-06-02").rows("F02") == ["f1 2025-06-02..2025-06-10"]
    assert given("CaseResumed 2025-06-02").rows("F06") == ["f1 2025-06-02..2025-08-31"]
    named = given("CaseResumed 2025-06-02 case_id=c1")
    assert named.rows("F02") == ["f1 2025-06-02..2025-06-10"]


def test_g13_a_closed_case_can_be_opened_and_resumed_again(given: Given) -> None:
    past = given("CaseOpened 2025-03-03", "CaseClosed 2025-03-04", "CaseResumed 2025-06-02")
    assert past.rows("F02")[1] == "f3 2025-06-02..2025-06-10"
    assert past.rows("F06")[1] == "f3 2025-06-02..2025-08-31"


def test_g13_a_resumption_names_its_case_beside_another_active_one(given: Given) -> None:
    past = given(
        "CaseManagerAssigned 2025-03-03 case_id=c1",
        "CaseOpened 2025-03-03 case_id=c1",
        "CaseResumed 2025-06-02 case_id=c2",
        "CaseClosed 2025-06-03 case_id=c1",
    )
    assert past.rows("F02") == ["f3 2025-06-02..2025-06-10"]
    assert past.rows("F06") == ["f2 2025-03-03..2025-06-01"]


def test_g13_a_resumption_without_a_case_begins_nothing_beside_an_active_one(given: Given) -> None:
    past = given(
        "CaseManagerAssigned 2025-03-03 case_id=c1",
        "CaseOpened 2025-03-03 case_id=c1",
        "CaseResumed 2025-06-02",
    )
    assert past.rows("F02") == []


@pytest.mark.parametrize(
    ("intensity", "due"),
    [
        ("intensity=intensiv", "2025-03-31"),
        ("intensity=begleitung", "2025-04-30"),
        ("intensity=kurzberatung", "2025-05-30"),
        ("", "2025-05-30"),
    ],
)
def test_f06_an_active_case_needs_contact_within_the_days_of_its_intensity(
    given: Given, intensity: str, due: str
) -> None:
    assert given(f"CaseOpened 2025-03-01 {intensity}").rows("F06") == [f"f1 2025-03-01..{due}"]


def test_f06_a_contact_begins_the_next_stretch(given: Given) -> None:
    past = given("CaseOpened 2025-03-01 intensity=begleitung", "ContactHeld 2025-04-10")
    assert past.rows("F06") == [
        "f1 2025-03-01..2025-04-30 in_time 2025-04-10 f2",
        "f2 2025-04-10..2025-06-09",
    ]


@pytest.mark.parametrize(
    ("contact", "closing"),
    [
        ("2025-04-29", "in_time 2025-04-29"),
        ("2025-04-30", "in_time 2025-04-30"),
        ("2025-05-01", "late 2025-05-01"),
        ("2025-05", "late 2025-05-31"),
        ("- @2025-04-20", "in_time 2025-04-20"),
        ("- @2025-05-20", "in_time 2025-04-30"),
    ],
)
def test_f06_a_contact_closes_on_its_day_and_undated_on_its_recorded_day_within_the_days_in_time(
    given: Given, contact: str, closing: str
) -> None:
    past = given("CaseOpened 2025-03-01 intensity=begleitung", f"ContactHeld {contact}")
    assert past.rows("F06")[0] == f"f1 2025-03-01..2025-04-30 {closing} f2"


@pytest.mark.parametrize(
    ("recorded", "day"),
    [("2025-02-20", "2025-03-01"), ("2025-04-20", "2025-04-20"), ("2025-05-20", "2025-04-30")],
)
def test_f06_an_undated_suspension_counts_not_before_the_first_day_of_the_stretch(
    given: Given, recorded: str, day: str
) -> None:
    past = given("CaseOpened 2025-03-01 intensity=begleitung", f"CaseSuspended - @{recorded}")
    assert past.rows("F06") == [f"f1 2025-03-01..2025-04-30 cancelled {day} f2"]


def test_f06_a_contact_of_a_month_counts_in_time_and_begins_the_next_stretch_on_its_latest_day(
    given: Given,
) -> None:
    past = given("CaseOpened 2025-03-10 intensity=intensiv", "ContactHeld 2025-04")
    assert past.rows("F06") == [
        "f1 2025-03-10..2025-04-09 in_time 2025-04-09 f2",
        "f2 2025-04-30..2025-05-30",
    ]


@pytest.mark.parametrize(
    "contact", ["AssessmentCompleted", "PlanAgreed", "PlanReviewed", "ContactHeld"]
)
def test_f06_assessment_plan_and_review_are_contacts(given: Given, contact: str) -> None:
    past = given("CaseOpened 2025-03-01", f"{contact} 2025-04-10")
    assert past.rows("F06")[1] == "f2 2025-04-10..2025-07-09"


@pytest.mark.parametrize(
    "no_contact", ["ContactHeld 2025-04-10 no_show=true", "NoteTaken 2025-04-10"]
)
def test_f06_a_missed_appointment_or_a_note_is_no_contact(given: Given, no_contact: str) -> None:
    assert given("CaseOpened 2025-03-01", no_contact).rows("F06") == ["f1 2025-03-01..2025-05-30"]


@pytest.mark.parametrize("told", ["no_show=false", "no_show=null"])
def test_f06_a_contact_is_held_unless_it_is_told_otherwise(given: Given, told: str) -> None:
    assert len(given("CaseOpened 2025-03-01", f"ContactHeld 2025-04-10 {told}").rows("F06")) == 2


def test_f06_on_the_first_day_of_a_stretch_a_contact_changes_nothing(given: Given) -> None:
    past = given(
        "CaseOpened 2025-03-01", "ContactHeld 2025-03-01", "AssessmentCompleted 2025-03-01"
    )
    assert past.rows("F06") == ["f1 2025-03-01..2025-05-30"]
    twice = given("CaseOpened 2025-03-01", "ContactHeld 2025-03-05", "PlanAgreed 2025-03-05")
    assert twice.rows("F06")[1:] == ["f2 2025-03-05..2025-06-03"]


def test_f06_without_an_active_case_no_contact_is_missed(given: Given) -> None:
    assert given("ContactHeld 2025-03-05").rows("F06") == []
    resting = given("CaseOpened 2025-03-01", "CaseSuspended 2025-03-10", "ContactHeld 2025-03-15")
    assert resting.rows("F06") == ["f1 2025-03-01..2025-05-30 cancelled 2025-03-10 f2"]


@pytest.mark.parametrize("end", ["CaseSuspended", "CaseClosed"])
def test_f06_ends_when_no_case_is_left_active(given: Given, end: str) -> None:
    cases = ["CaseOpened 2025-03-01 case_id=c1", "CaseOpened 2025-03-02 case_id=c2"]
    one = given(*cases, f"{end} 2025-03-10 case_id=c1")
    assert one.rows("F06") == ["f1 2025-03-01..2025-05-30"]
    both = given(*cases, f"{end} 2025-03-10 case_id=c1", f"{end} 2025-03-20 case_id=c2")
    assert both.rows("F06") == ["f1 2025-03-01..2025-05-30 cancelled 2025-03-20 f4"]


def test_d14_a_resumed_case_has_its_full_days_for_a_contact_again(given: Given) -> None:
    past = given(
        "CaseOpened 2025-03-01 intensity=intensiv",
        "CaseSuspended 2025-03-20",
        "CaseResumed 2025-06-01",
    )
    assert past.rows("F06") == [
        "f1 2025-03-01..2025-03-31 cancelled 2025-03-20 f2",
        "f3 2025-06-01..2025-07-01",
    ]


def test_f06_the_intensity_of_the_latest_opening_holds(given: Given) -> None:
    past = given(
        "CaseOpened 2025-03-01 intensity=intensiv case_id=c1",
        "CaseOpened 2025-03-10 intensity=begleitung case_id=c2",
        "ContactHeld 2025-03-15",
    )
    assert past.rows("F06") == [
        "f1 2025-03-01..2025-03-31 in_time 2025-03-15 f3",
        "f3 2025-03-15..2025-05-14",
    ]


def test_f06_an_absence_ends_a_stretch_and_the_next_begins_after_it(given: Given) -> None:
    past = given(
        "CaseOpened 2025-03-01 intensity=intensiv",
        "AbsenceAbroadRecorded 2025-03-15 until=2025-04-20",
    )
    assert past.rows("F06") == [
        "f1 2025-03-01..2025-03-31 cancelled 2025-03-15 f2",
        "f2 2025-04-21..2025-05-21",
    ]


def test_f06_contacts_during_an_absence_begin_nothing(given: Given) -> None:
    past = given(
        "CaseOpened 2025-03-01 intensity=intensiv",
        "AbsenceAbroadRecorded 2025-03-15 until=2025-04-20",
        "ContactHeld 2025-04-02",
        "ContactHeld 2025-04-21",
        "ContactHeld 2025-05-02",
    )
    assert past.rows("F06")[1:] == [
        "f2 2025-04-21..2025-05-21 in_time 2025-05-02 f5",
        "f5 2025-05-02..2025-06-01",
    ]


def test_f06_after_an_absence_without_an_end_the_next_contact_begins(given: Given) -> None:
    absence = ["CaseOpened 2025-03-01 intensity=intensiv", "AbsenceAbroadRecorded 2025-03-15"]
    assert given(*absence).rows("F06") == ["f1 2025-03-01..2025-03-31 cancelled 2025-03-15 f2"]
    contact = given(*absence, "ContactHeld 2025-09-01")
    assert contact.rows("F06")[1:] == ["f3 2025-09-01..2025-10-01"]


def test_f06_no_stretch_begins_before_the_absences_own_latest_day(given: Given) -> None:
    past = given(
        "CaseOpened 2025-03-01 intensity=begleitung",
        "AbsenceAbroadRecorded 2025-04 until=2025-04-10",
    )
    assert past.rows("F06") == [
        "f1 2025-03-01..2025-04-30 cancelled 2025-04-30 f2",
        "f2 2025-04-30..2025-06-29",
    ]


def test_f06_a_partial_end_of_an_absence_counts_with_its_latest_day(given: Given) -> None:
    past = given(
        "CaseOpened 2025-03-01 intensity=intensiv", "AbsenceAbroadRecorded 2025-03-15 until=2025-04"
    )
    assert past.rows("F06")[1] == "f2 2025-05-01..2025-05-31"


@pytest.mark.parametrize(
    ("lines", "certainty"),
    [
        (["CaseOpened 2025-03-01"], Certainty.CERTAINLY),
        (["CaseOpened 2025-03"], Certainty.POSSIBLY),
        (["CaseOpened 2025-03-01", "ContactHeld 2025-03-20"], Certainty.CERTAINLY),
        (
            ["CaseOpened 2025-03-01", "AbsenceAbroadRecorded 2025-03-01 until=2025-04-10"],
            Certainty.CERTAINLY,
        ),
        (
            ["CaseOpened 2025-03-01", "AbsenceAbroadRecorded 2025-03-01 until=2025-04"],
            Certainty.POSSIBLY,
        ),
    ],
)
def test_g6_a_stretch_whose_days_are_partial_is_possible_only(
    given: Given, lines: list[str], certainty: Certainty
) -> None:
    assert given(*lines).intervals("F06")[-1].certainty is certainty


def test_f06_weighs_high_from_twice_the_bound(given: Given) -> None:
    one = given("CaseOpened 2025-03-01 intensity=begleitung").only("F06")
    assert one.severity_on(date(2025, 6, 28)) is Severity.MEDIUM
    assert one.severity_on(date(2025, 6, 29)) is Severity.HIGH


@pytest.mark.parametrize("answer", ["HandoverAccepted", "HandoverRejected"])
@pytest.mark.parametrize(
    ("day", "closing"),
    [
        ("2024-02-29", "in_time"),
        ("2024-03-13", "in_time"),
        ("2024-03-14", "in_time"),
        ("2024-03-15", "late"),
    ],
)
def test_f11_a_handover_is_answered_within_fourteen_days(
    given: Given, answer: str, day: str, closing: str
) -> None:
    past = given("HandoverOffered 2024-02-29 to=jc", f"{answer} {day} to=jc")
    assert past.rows("F11") == [f"f1 2024-02-29..2024-03-14 {closing} {day} f2"]


@pytest.mark.parametrize(
    ("offered", "answered", "fits"),
    [("to=a", "to=a", True), ("to=a", "", True), ("", "to=a", True), ("to=a", "to=b", False)],
)
def test_f11_an_answer_comes_from_the_unit_asked_and_a_missing_one_fits_any(
    given: Given, offered: str, answered: str, fits: bool
) -> None:
    past = given(f"HandoverOffered 2025-03-10 {offered}", f"HandoverAccepted 2025-03-12 {answered}")
    assert (past.state("F11", "2025-03-12") is State.CLOSED) is fits


@pytest.mark.parametrize(
    ("offered", "closed", "fits"),
    [
        ("case_id=c1", "case_id=c1", True),
        ("case_id=c1", "", True),
        ("", "case_id=c1", True),
        ("case_id=c1", "case_id=c2", False),
    ],
)
def test_d14_closing_the_case_cancels_its_handover(
    given: Given, offered: str, closed: str, fits: bool
) -> None:
    past = given(f"HandoverOffered 2025-03-10 {offered}", f"CaseClosed 2025-03-12 {closed}")
    expected = "f1 2025-03-10..2025-03-24" + (" cancelled 2025-03-12 f2" if fits else "")
    assert past.rows("F11") == [expected]


def test_f11_a_suspension_does_not_cancel_a_handover(given: Given) -> None:
    past = given("CaseOpened 2025-03-01", "HandoverOffered 2025-03-10", "CaseSuspended 2025-03-12")
    assert past.rows("F11") == ["f2 2025-03-10..2025-03-24"]


@pytest.mark.parametrize(("first", "second"), [("to=a", "to=a"), ("to=a", ""), ("", "to=a")])
def test_f11_a_reminder_is_no_offer_of_its_own(given: Given, first: str, second: str) -> None:
    past = given(f"HandoverOffered 2025-03-10 {first}", f"HandoverOffered 2025-03-30 {second}")
    assert past.rows("F11") == ["f1 2025-03-10..2025-03-24"]


def test_f11_offers_to_several_units_run_side_by_side(given: Given) -> None:
    past = given(
        "HandoverOffered 2025-03-10 to=a",
        "HandoverOffered 2025-03-12 to=b",
        "HandoverAccepted 2025-03-14 to=b",
    )
    assert past.rows("F11") == [
        "f1 2025-03-10..2025-03-24",
        "f2 2025-03-12..2025-03-26 in_time 2025-03-14 f3",
    ]


@pytest.mark.parametrize("end", ["HandoverRejected 2025-03-14 to=a", "CaseClosed 2025-03-14"])
def test_f11_after_an_answer_or_the_end_of_the_case_an_offer_is_a_new_one(
    given: Given, end: str
) -> None:
    past = given("HandoverOffered 2025-03-10 to=a", end, "HandoverOffered 2025-05-05 to=a")
    assert past.rows("F11")[1] == "f3 2025-05-05..2025-05-19"


def test_g13_a_handover_needs_no_case_and_weighs_high(given: Given) -> None:
    one = given("HandoverOffered 2025-03-10").only("F11")
    assert one.severity is Severity.HIGH
    assert one.missing == ("HandoverAccepted", "HandoverRejected")


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("F02", "CaseOpened"),
        ("F06", "CaseOpened"),
        ("F11", "HandoverOffered"),
        ("F14", "DataDisclosed"),
    ],
)
def test_d15_leaving_or_naturalisation_ends_no_rule_of_the_case_but_death_does(
    given: Given, rule: str, line: str
) -> None:
    start = f"{line} 2025-03-03"
    left = given(start, "LeftGermany 2025-03-05", "NaturalisationCertificateHandedOver 2025-03-05")
    assert left.only(rule).closed_by is None
    died = given(start, "PersonDied 2025-03-05").only(rule)
    assert (died.closed_by, died.closes_on) == ("cancelled", date(2025, 3, 5))


def test_g10_on_the_day_of_death_an_instance_may_still_begin_and_the_day_after_not(
    given: Given,
) -> None:
    on_the_day = given("HandoverOffered 2025-03-05", "PersonDied 2025-03-05")
    assert on_the_day.rows("F11") == ["f1 2025-03-05..2025-03-19 cancelled 2025-03-05 f2"]
    the_day_after = given("HandoverOffered 2025-03-06", "PersonDied 2025-03-05")
    assert the_day_after.rows("F11") == []
