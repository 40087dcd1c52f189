"""O01: assigned and not reached. O02: no offer of orientation for people without a claim to a course."""

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

ASSIGNED = "AssignedToMunicipality 2001-04-11"
DULDUNG = "ToleranceIssued 2016-04-07 basis=AUFENTHG_60A"


def refusals(past: Any, rule: str) -> set[str]:
    """Return why the triggers of a rule make no instance."""
    return {one.reason.de for one in turned(Derived(read(past.told)), RULES[rule])}


def test_o01_c80_is_due_through_the_28th_day_after_the_assignment(given: Given) -> None:
    past = given(ASSIGNED)
    assert past.rows("O01") == ["f1 2001-04-11..2001-05-09"]
    assert past.state("O01", "2001-04-10") is State.NOT_APPLICABLE
    assert past.state("O01", "2001-05-09") is State.DUE
    assert past.state("O01", "2001-05-10") is State.OPEN


@pytest.mark.parametrize(
    "contact",
    ["InitialAdviceGiven", "FirstContactRecorded", "IntakeHeld", "CaseOpened", "ContactHeld"],
)
def test_o01_any_contact_reaches_the_person(given: Given, contact: str) -> None:
    assert given(ASSIGNED, f"{contact} 2001-05-09").rows("O01") == [
        "f1 2001-04-11..2001-05-09 in_time 2001-05-09 f2"
    ]
    assert given(ASSIGNED, f"{contact} 2001-05-10").rows("O01") == [
        "f1 2001-04-11..2001-05-09 late 2001-05-10 f2"
    ]
    assert given(f"{contact} 2001-04-01", ASSIGNED).rows("O01") in (
        ["f2 2001-04-11..2001-05-09"],
        [],
    )


def test_o01_a_missed_consultation_reaches_nobody(given: Given) -> None:
    past = given(ASSIGNED, "ContactHeld 2001-04-20 no_show=true")
    assert past.state("O01", "2001-05-10") is State.OPEN


def test_o01_an_advice_before_the_assignment_does_not_count(given: Given) -> None:
    past = given("InitialAdviceGiven 2001-04-10", ASSIGNED)
    assert past.state("O01", "2001-05-10") is State.OPEN


def test_o01_whoever_has_an_active_case_is_reached(given: Given) -> None:
    assert given("CaseOpened 2001-03-01", ASSIGNED).rows("O01") == []
    closed = given("CaseOpened 2001-03-01", "CaseClosed 2001-04-01", ASSIGNED)
    assert closed.rows("O01") == ["f3 2001-04-11..2001-05-09"]


def test_d6_o01_the_next_assignment_supersedes(given: Given) -> None:
    past = given(ASSIGNED, "AssignedToMunicipality 2001-06-01")
    assert past.rows("O01") == [
        "f1 2001-04-11..2001-05-09 superseded 2001-06-01 f2",
        "f2 2001-06-01..2001-06-29",
    ]


def test_d3_o01_a_month_counts_by_its_last_day_and_says_possibly(given: Given) -> None:
    one = given("AssignedToMunicipality 2001-04").only("O01")
    assert (one.begins_on, one.due_on) == (date(2001, 4, 30), date(2001, 5, 28))
    assert one.certainty is Certainty.POSSIBLY


def test_d15_o01_ends_when_the_person_leaves(given: Given) -> None:
    past = given(ASSIGNED, "LeftGermany 2001-05-20")
    assert past.rows("O01") == ["f1 2001-04-11..2001-05-09 cancelled 2001-05-20 f2"]


def test_w07_o02_c21_one_stay_with_two_papers_is_due_through_the_90th_day(given: Given) -> None:
    past = given(
        DULDUNG,
        "TemporaryPermissionIssued 2016-07-05",
        "CourseAdmissionRefused 2016-07-20 reason=other",
    )
    assert past.rows("O02") == ["f1 2016-04-07..2016-07-06"]
    assert past.state("O02", "2016-04-06") is State.NOT_APPLICABLE
    assert past.state("O02", "2016-07-06") is State.DUE
    assert past.state("O02", "2016-07-07") is State.OPEN
    assert past.only("O02").severity is Severity.MEDIUM


@pytest.mark.parametrize(
    "fact", ["AsylumApplicationFiled 2016-04-07", "DepartureObligationArisen 2016-04-07"]
)
def test_w07_o02_the_status_counts_without_any_paper(given: Given, fact: str) -> None:
    assert given(fact).rows("O02") == ["f1 2016-04-07..2016-07-06"]


def test_o02_temporary_protection_without_a_claim_counts(given: Given) -> None:
    title = "TitleGranted 2024-05-01 basis=AUFENTHG_24 valid_until=2025-03-04"
    ends = "cancelled 2027-03-05 f1"
    assert given(title).rows("O02") == [f"f1 2024-05-01..2024-07-30 {ends}"]
    assert given(f"{title} course_claim=false").rows("O02") == [f"f1 2024-05-01..2024-07-30 {ends}"]
    assert given(f"{title} course_claim=true").rows("O02") == []


@pytest.mark.parametrize(
    "fact",
    [
        "TitleGranted 2024-05-01 basis=AUFENTHG_25_2_FL",
        "TitleGranted 2024-05-01",
        "AsylumDecisionIssued 2024-05-01 outcome=fluechtling",
    ],
)
def test_o02_who_may_claim_a_course_needs_no_offer(given: Given, fact: str) -> None:
    past = given(fact)
    assert past.rows("O02") == []
    assert "kein Aufenthalt ohne Kursanspruch" in refusals(past, "O02")


@pytest.mark.parametrize(
    "offer",
    [
        "OrientationCourseStarted",
        "CourseStarted",
        "VocationalCourseStarted",
    ],
)
def test_o02_any_course_that_begins_is_an_offer(given: Given, offer: str) -> None:
    assert given(DULDUNG, f"{offer} 2016-07-06").rows("O02") == [
        "f1 2016-04-07..2016-07-06 in_time 2016-07-06 f2"
    ]
    assert given(DULDUNG, f"{offer} 2016-07-07").rows("O02") == [
        "f1 2016-04-07..2016-07-06 late 2016-07-07 f2"
    ]
    assert given(f"{offer} 2016-04-01", DULDUNG).rows("O02") == []


@pytest.mark.parametrize("kind", ["LAND_BASIS", "EHRENAMT", "EOK", "IK_ALLGEMEIN"])
def test_o02_the_kind_of_course_does_not_matter(given: Given, kind: str) -> None:
    past = given(DULDUNG, f"CourseStarted 2016-05-01 kind={kind}")
    assert past.state("O02", "2016-05-01") is State.CLOSED


@pytest.mark.parametrize(
    "fact",
    [
        "CourseEntitlementIssued 2016-05-01 basis=44a_nr4 obligated=true",
        "CourseRegistered 2016-05-01 kind=IK_ALLGEMEIN",
        "SchoolStarted 2016-05-01",
    ],
)
def test_o02_an_entitlement_a_registration_or_school_ends_the_need(given: Given, fact: str) -> None:
    assert given(DULDUNG, fact).rows("O02") == ["f1 2016-04-07..2016-07-06 cancelled 2016-05-01 f2"]
    earlier = fact.replace("2016-05-01", "2016-04-01")
    assert given(earlier, DULDUNG).rows("O02") == []


def test_o02_a_registration_for_a_course_of_the_land_is_no_start_yet(given: Given) -> None:
    past = given(DULDUNG, "CourseRegistered 2016-05-01 kind=LAND_BASIS")
    assert past.state("O02", "2016-05-02") is State.DUE


def test_o02_a_childs_school_is_not_the_persons(given: Given) -> None:
    past = given(DULDUNG, "SchoolStarted 2016-05-01 child_ref=c1")
    assert past.state("O02", "2016-05-02") is State.DUE


def test_o02_ends_on_the_day_of_another_status(given: Given) -> None:
    past = given(DULDUNG, "TitleGranted 2016-05-10 basis=AUFENTHG_25_5 valid_until=2017-05-09")
    assert past.rows("O02") == ["f1 2016-04-07..2016-07-06 cancelled 2016-05-10 f2"]


def test_o02_after_a_title_a_new_duldung_is_a_new_stay(given: Given) -> None:
    past = given(
        DULDUNG,
        "TitleGranted 2016-05-10 basis=AUFENTHG_25_5 valid_until=2017-05-09",
        "ToleranceIssued 2017-06-01",
    )
    assert past.rows("O02")[1] == "f3 2017-06-01..2017-08-30"


@pytest.mark.parametrize(
    ("born", "rows"),
    [
        ("2000-04-08", []),
        ("2000-04-07", ["f2 2016-04-07..2016-07-06"]),
        ("2000", ["f2 2016-04-07..2016-07-06"]),
        ("2001", []),
    ],
)
def test_o02_who_is_certainly_under_sixteen_is_reached_by_school(
    given: Given, born: str, rows: list[str]
) -> None:
    assert given(f"PersonIdentified 2016-01-01 birth_date={born}", DULDUNG).rows("O02") == rows


def test_o02_an_undated_application_counts_on_the_day_of_its_recording(given: Given) -> None:
    past = given("AsylumApplicationFiled -", "NoteTaken 2016-04-07")
    one = past.only("O02")
    assert (str(one.begins_on), str(one.due_on)) == ("2016-04-07", "2016-07-06")
    assert one.certainty is Certainty.POSSIBLY


def test_o02_why_not_names_the_first_reason(given: Given) -> None:
    past = given("CourseEntitlementIssued 2016-04-01", DULDUNG)
    assert refusals(past, "O02") == {"eine Teilnahmeberechtigung liegt schon vor"}
    past = given("SchoolStarted 2016-04-01", DULDUNG)
    assert refusals(past, "O02") == {"die Person geht zur Schule"}
