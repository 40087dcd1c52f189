"""S19: whether language goes on at all while somebody is accompanied."""

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

PLACED = "PlacementTestTaken 2025-01-10 level=A1"
OPENED = "CaseOpened 2025-03-01"
STRETCH = "f2 2025-03-01..2025-08-28"
LANGUAGE_EVENTS = [
    "PlacementTestTaken",
    "CourseEntitlementIssued",
    "CourseRegistered",
    "CourseStartAnnounced",
    "CourseStarted",
    "ModuleCompleted",
    "CourseResumed",
    "CourseCompleted",
    "LanguageTestTaken",
    "CivicsTestTaken",
    "RepetitionGranted",
    "VocationalLanguageEntitlementIssued",
    "VocationalCourseRegistered",
    "VocationalCourseStarted",
    "VocationalCourseCompleted",
    "OrientationCourseStarted",
    "OrientationCourseCompleted",
]
NO_PROGRESS = [
    "CourseInterrupted",
    "CourseAborted",
    "CourseNotRealised",
    "CourseAdmissionRefused",
    "FeeExemptionGranted",
    "AttendanceWarningIssued",
    "VocationalCourseAborted",
    "ContactHeld",
    "CaseManagerAssigned",
    "NoteTaken",
]


def reasons(given: Given, *lines: str) -> list[str]:
    """Return why triggers make no instance."""
    return [one.reason.en for one in turned(Derived(read(given(*lines).told)), RULES["S19"])]


def test_s19_example_a_case_opened_on_1_march_2025(given: Given) -> None:
    past = given(PLACED, OPENED)
    assert past.rows("S19") == [STRETCH]
    past = given(PLACED, OPENED, "ModuleCompleted 2025-07-01")
    assert past.rows("S19") == [
        f"{STRETCH} in_time 2025-07-01 f3",
        "f3 2025-07-01..2025-12-28",
    ]


def test_d5_s19_the_days_before_on_and_after_its_bounds(given: Given) -> None:
    past = given(PLACED, OPENED)
    days = ("2025-02-28", "2025-03-01", "2025-08-28", "2025-08-29")
    assert [past.state("S19", day) for day in days] == [
        State.NOT_APPLICABLE,
        State.DUE,
        State.DUE,
        State.OPEN,
    ]
    assert past.only("S19").severity is Severity.MEDIUM


@pytest.mark.parametrize("event", LANGUAGE_EVENTS)
def test_s19_every_step_in_language_begins_the_next_stretch(given: Given, event: str) -> None:
    past = given(PLACED, OPENED, f"{event} 2025-09-10")
    assert past.rows("S19")[0] == f"{STRETCH} late 2025-09-10 f3"
    assert past.rows("S19")[1] == "f3 2025-09-10..2026-03-09"


@pytest.mark.parametrize("other", NO_PROGRESS)
def test_s19_what_is_no_step_changes_nothing(given: Given, other: str) -> None:
    assert given(PLACED, OPENED, f"{other} 2025-07-01").rows("S19") == [STRETCH]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("CaseClosed", "2025-07-01"),
        ("CaseSuspended", "2025-07-01"),
        ("HealthBarrierReported", "2025-07-01 severity=severe"),
        ("HealthBarrierReported", "2025-07-01 severity=moderate"),
        ("SchoolStarted", "2025-07-01"),
        ("LeftGermany", "2025-07-01"),
    ],
)
def test_s19_is_cancelled_where_nobody_waits_for_progress(
    given: Given, line: str, day: str
) -> None:
    assert given(PLACED, OPENED, f"{line} {day}").rows("S19") == [
        f"{STRETCH} cancelled 2025-07-01 f3"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "HealthBarrierReported 2025-07-01",
        "HealthBarrierReported 2025-07-01 severity=none",
        "SchoolStarted 2025-07-01 child_ref=c1",
        "NaturalisationCertificateHandedOver 2025-07-01",
    ],
)
def test_s19_is_not_cancelled_by_less(given: Given, line: str) -> None:
    assert given(PLACED, OPENED, line).rows("S19") == [STRETCH]


@pytest.mark.parametrize(
    ("stop", "go_on"),
    [
        ("CaseSuspended 2025-05-02", "CaseResumed 2025-07-01"),
        ("CaseClosed 2025-05-02", "CaseOpened 2025-07-01"),
        ("HealthBarrierReported 2025-05-02 severity=severe", "HealthBarrierResolved 2025-07-01"),
        ("SchoolStarted 2025-05-02", "SchoolLeft 2025-07-01"),
    ],
)
def test_s19_begins_anew_when_progress_can_be_waited_for_again(
    given: Given, stop: str, go_on: str
) -> None:
    past = given(PLACED, OPENED, stop, "ModuleCompleted 2025-06-01", go_on)
    assert past.rows("S19") == [
        f"{STRETCH} cancelled 2025-05-02 f3",
        "f5 2025-07-01..2025-12-28",
    ]


def test_s19_two_reasons_to_wait_must_both_be_gone(given: Given) -> None:
    past = given(
        PLACED,
        "HealthBarrierReported 2025-02-01 severity=severe",
        "SchoolStarted 2025-02-02",
        OPENED,
        "HealthBarrierResolved 2025-04-01",
        "SchoolLeft 2025-05-01",
    )
    assert past.rows("S19") == ["f6 2025-05-01..2025-10-28"]


def test_g13_s19_a_second_case_changes_nothing_and_one_of_two_closed_neither(
    given: Given,
) -> None:
    past = given(
        PLACED,
        "CaseOpened 2025-03-01 case_id=c1",
        "CaseOpened 2025-04-01 case_id=c2",
        "CaseClosed 2025-05-01 case_id=c1",
    )
    assert past.rows("S19") == [STRETCH]


def test_s19_without_an_active_case_nothing_is_watched(given: Given) -> None:
    assert given(PLACED, "CourseStarted 2025-03-01").rows("S19") == []
    assert given(OPENED, "CaseClosed 2025-03-10", "CourseStarted 2025-04-01", PLACED).rows(
        "S19"
    ) == ["f1 2025-03-01..2025-08-28 cancelled 2025-03-10 f2"]


@pytest.mark.parametrize(
    "proof",
    [
        "LanguageTestTaken 2025-02-10 result=B1",
        "IntegrationCourseCertificateIssued 2025-02-10",
        "PlacementTestTaken 2025-02-10 level=B2",
        "ModuleCompleted 2025-02-10 level_reached=B1",
        "CourseStarted 2025-02-10 level_reached=C1",
        "LanguageTestTaken 2025-02-10 result=B1 test_kind=EINSTUFUNG",
    ],
)
def test_s19_from_b1_on_nobody_is_watched(given: Given, proof: str) -> None:
    assert given(PLACED, proof, OPENED).rows("S19") == []
    assert "B1 or more" in reasons(given, PLACED, proof, OPENED)[0]


def test_s19_b1_proven_once_stays_proven_whatever_a_later_placement_says(given: Given) -> None:
    past = given("LanguageTestTaken 2024-02-10 result=B1", PLACED, OPENED)
    assert past.rows("S19") == []
    placed = given("PlacementTestTaken 2024-02-10 level=B1", PLACED, OPENED)
    assert placed.rows("S19") == ["f3 2025-03-01..2025-08-28"]


def test_w25_s19_b1_in_some_skills_is_below_b1(given: Given) -> None:
    test = 'LanguageTestTaken 2025-02-10 result=B1 per_skill={"reading":"B1","writing":"A2"}'
    assert given(test, OPENED).rows("S19") == [STRETCH]


def test_s19_reaching_b1_ends_the_watch(given: Given) -> None:
    past = given(
        PLACED, OPENED, "LanguageTestTaken 2025-07-01 result=B1", "CivicsTestTaken 2025-08-01"
    )
    assert past.rows("S19") == [f"{STRETCH} in_time 2025-07-01 f3"]


def test_d17_s19_without_any_known_level_there_is_a_row_of_missing_data(given: Given) -> None:
    past = given(OPENED)
    assert past.rows("S19") == ["data f1 2025-03-01..2025-08-28"]
    assert past.only("S19").severity is Severity.LOW
    later = given(OPENED, "PlacementTestTaken 2025-04-01 level=A1")
    assert later.rows("S19") == [
        "data f1 2025-03-01..2025-08-28 in_time 2025-04-01 f2",
        "f2 2025-04-01..2025-09-28",
    ]


@pytest.mark.parametrize(
    "event", ["PlacementTestTaken 2025-03-01 level=A1", "CourseStarted 2025-03-01"]
)
def test_s19_a_step_on_the_first_day_takes_the_place_of_the_case(given: Given, event: str) -> None:
    past = given(PLACED, OPENED, event)
    assert past.rows("S19") == ["f3 2025-03-01..2025-08-28"]


def test_s19_a_case_closed_on_its_first_day_is_not_watched(given: Given) -> None:
    assert given(PLACED, OPENED, "CaseClosed 2025-03-01").rows("S19") == []


@pytest.mark.parametrize(
    ("recorded", "row"),
    [
        ("@2025-06-10", f"{STRETCH} in_time 2025-06-10 f3"),
        ("@2025-10-10", f"{STRETCH} in_time 2025-08-28 f3"),
    ],
)
def test_s19_an_undated_step_counts_on_its_recorded_day_at_most_on_the_due_day(
    given: Given, recorded: str, row: str
) -> None:
    past = given(
        PLACED, OPENED, f"ModuleCompleted - {recorded}", f"NoteTaken 2025-11-01 {recorded}"
    )
    assert past.rows("S19")[0] == row


def test_d3_s19_a_step_of_a_month_counts_on_its_last_day_at_most_on_the_due_day(
    given: Given,
) -> None:
    past = given(PLACED, OPENED, "ModuleCompleted 2025-08")
    assert past.rows("S19") == [f"{STRETCH} in_time 2025-08-28 f3", "f3 2025-08-31..2026-02-27"]
    assert {one.certainty for one in past.intervals("S19")} == {Certainty.POSSIBLY}


@pytest.mark.parametrize(
    ("birth", "watched"),
    [
        ("PersonIdentified 2025-01-01 birth_date=2009-03-02", False),
        ("PersonIdentified 2025-01-01 birth_date=2009-03-01", True),
        ("PersonIdentified 2025-01-01 birth_date=1960-03-02", True),
        ("PersonIdentified 2025-01-01 birth_date=1960-03-01", False),
        ("JourneyStarted 2025-01-01 birth_year=2009", True),
        ("JourneyStarted 2025-01-01 birth_year=2010", False),
        ("JourneyStarted 2025-01-01 birth_year=1960", True),
        ("JourneyStarted 2025-01-01 birth_year=1959", False),
        ("JourneyStarted 2025-01-01", True),
    ],
)
def test_s19_watches_from_16_to_64_and_where_the_age_is_not_sure(
    given: Given, birth: str, watched: bool
) -> None:
    past = given(PLACED, birth, OPENED)
    assert past.rows("S19") == (["f3 2025-03-01..2025-08-28"] if watched else [])
    assert ("limits of age" in "".join(reasons(given, PLACED, birth, OPENED))) is not watched


def test_d4_a_birthday_on_29_february_falls_on_1_march(given: Given) -> None:
    born = "PersonIdentified 2025-01-01 birth_date=1960-02-29"
    assert given(PLACED, born, "CaseOpened 2025-02-28").rows("S19") != []
    assert given(PLACED, born, "CaseOpened 2025-03-01").rows("S19") == []


def test_d8_s19_a_retracted_step_leaves_the_stretch_as_it_was(given: Given) -> None:
    past = given(
        PLACED, OPENED, "ModuleCompleted 2025-07-01", "EventRetracted 2025-07-10 target=f3"
    )
    assert past.rows("S19") == [STRETCH]
    assert past.rows("S19", known_at="2025-07-09")[0] == f"{STRETCH} in_time 2025-07-01 f3"


def test_s19_a_step_told_late_closes_the_gap_after_the_fact(given: Given) -> None:
    past = given(PLACED, OPENED, "CourseStarted 2025-08-01 @2025-10-06")
    assert past.state("S19", "2025-09-01", known_at="2025-10-05") is State.OPEN
    assert past.intervals("S19")[0].closes_on == date(2025, 8, 1)
