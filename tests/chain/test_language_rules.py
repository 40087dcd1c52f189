"""S01, S03, S05, S15, S16: from the claim to a course to what follows it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.intervals import Certainty, Kind, Severity, State

Given = Callable[..., Any]

CLAIM = "TitleGranted 2024-02-29 course_claim=true"
CLAIMED = "f1 2024-11-25..2025-02-28"
OBLIGED = "CourseEntitlementIssued 2025-03-03 obligated=true"
REGISTERED = "CourseRegistered 2025-03-03 kind=IK_ALLGEMEIN"
COMPLETED = "CourseCompleted 2025-03-03"
ENTITLED = "VocationalLanguageEntitlementIssued 2025-03-03 lapses_on=2025-06-30"

CLAIM_BASES = (
    "18A 18B 18D 18G 19C 21 23_2 23_4 25_1 25_2_FL 25_2_SUB 25_4A 25B 28 29 30 32 36 36A 38A"
)
INTEGRATION_COURSES = ("kind=IK_ALLGEMEIN", "kind=IK_ALPHA", "kind=OK_ONLY", "")
OTHER_COURSES = ("kind=EOK", "kind=BSK_B2", "kind=LAND_BASIS", "kind=VHS_SELF")


# S01


def test_s01_example_a_grant_on_29_february_2024(given: Given) -> None:
    assert given(CLAIM).rows("S01") == [CLAIMED]


@pytest.mark.parametrize(
    ("grant", "first", "due"),
    [
        ("2024-03-01", "2024-11-26", "2025-03-01"),
        ("2023-03-01", "2023-11-26", "2024-03-01"),
        ("2023-02-28", "2023-11-25", "2024-02-28"),
        ("2024-12-31", "2025-09-27", "2025-12-31"),
    ],
)
def test_s01_runs_from_270_days_through_one_year_after_the_grant(
    given: Given, grant: str, first: str, due: str
) -> None:
    past = given(f"TitleGranted {grant} course_claim=true")
    assert past.rows("S01") == [f"f1 {first}..{due}"]


def test_d5_s01_the_days_before_on_and_after_its_bounds(given: Given) -> None:
    past = given(CLAIM)
    assert past.state("S01", "2024-11-24") is State.NOT_APPLICABLE
    assert past.state("S01", "2024-11-25") is State.DUE
    assert past.state("S01", "2025-02-28") is State.DUE
    assert past.state("S01", "2025-03-01") is State.OPEN


def test_s01_is_high_with_steps_at_270_and_330_days_and_a_lapsed_claim(given: Given) -> None:
    one = given(CLAIM).only("S01")
    assert one.severity is Severity.HIGH
    assert [step.on for step in one.steps] == [date(2024, 11, 25), date(2025, 1, 24)]
    assert (one.consequence.code, one.consequence.since) == ("claim_lapsed", date(2025, 3, 1))


def test_s01_leaves_no_lapsed_claim_where_the_course_came_in_time(given: Given) -> None:
    one = given(CLAIM, "CourseRegistered 2025-02-28").only("S01")
    assert (one.closed_by, one.consequence) == ("in_time", None)


@pytest.mark.parametrize("way", ["CourseRegistered", "CourseStarted"])
@pytest.mark.parametrize("kind", INTEGRATION_COURSES)
def test_s01_is_followed_up_by_an_integration_course(given: Given, way: str, kind: str) -> None:
    past = given(CLAIM, f"{way} 2025-02-28 {kind}")
    assert past.rows("S01") == [f"{CLAIMED} in_time 2025-02-28 f2"]


def test_s01_a_course_after_the_year_is_late_and_the_claim_stays_lapsed(given: Given) -> None:
    past = given(CLAIM, "CourseRegistered 2025-03-10 kind=IK_ALLGEMEIN")
    assert past.rows("S01") == [f"{CLAIMED} late 2025-03-10 f2"]
    assert past.only("S01").consequence.code == "claim_lapsed"


@pytest.mark.parametrize("kind", OTHER_COURSES)
def test_s01_is_not_followed_up_by_another_course(given: Given, kind: str) -> None:
    assert given(CLAIM, f"CourseStarted 2024-12-01 {kind}").rows("S01") == [CLAIMED]


def test_d4_s01_a_course_before_the_window_prevents_it(given: Given) -> None:
    assert given(CLAIM, "CourseRegistered 2024-11-24").rows("S01") == []
    on_the_first_day = given(CLAIM, "CourseRegistered 2024-11-25").rows("S01")
    assert on_the_first_day == [f"{CLAIMED} in_time 2024-11-25 f2"]


def test_s01_does_not_begin_where_b1_is_proven_before(given: Given) -> None:
    assert given("IntegrationCourseCertificateIssued 2024-01-10", CLAIM).rows("S01") == []
    assert given("LanguageTestTaken 2024-01-10 result=B1", CLAIM).rows("S01") == []


@pytest.mark.parametrize(
    ("test", "proven"),
    [
        ("result=B1", True),
        ("result=B2", True),
        ("result=C1", True),
        ("result=C2", True),
        ("result=A2", False),
        ("", False),
        ('per_skill={"listening":"B1","reading":"B2","writing":"B1","speaking":"C1"}', True),
        ('result=B1 per_skill={"listening":"B1","reading":"B1","writing":"A2"}', False),
        ('result=A2 per_skill={"listening":"B1","reading":"B1"}', True),
    ],
)
def test_s01_b1_is_proven_by_every_skill_or_else_by_the_result(
    given: Given, test: str, proven: bool
) -> None:
    past = given(CLAIM, f"LanguageTestTaken 2025-01-10 {test}")
    assert past.rows("S01") == [f"{CLAIMED} cancelled 2025-01-10 f2" if proven else CLAIMED]


def test_s01_is_cancelled_by_the_certificate_on_its_own_date(given: Given) -> None:
    past = given(CLAIM, "IntegrationCourseCertificateIssued - date=2025-01-10")
    assert past.rows("S01") == [f"{CLAIMED} cancelled 2025-01-10 f2"]


def test_s01_does_not_begin_while_a_course_runs(given: Given) -> None:
    course = "CourseStarted 2024-01-10 kind=IK_ALLGEMEIN"
    assert given(course, CLAIM).rows("S01") == []
    assert given("CourseRegistered 2024-01-10", CLAIM).rows("S01") == []
    assert given(course, CLAIM, "CourseCompleted 2024-04-01").rows("S01") == []


@pytest.mark.parametrize("end", ["CourseCompleted", "CourseAborted", "CourseNotRealised"])
def test_s01_begins_where_the_course_before_has_ended(given: Given, end: str) -> None:
    past = given("CourseStarted 2024-01-10", f"{end} 2024-02-01", CLAIM)
    assert past.rows("S01") == ["f3 2024-11-25..2025-02-28"]


def test_s01_an_interrupted_course_still_runs(given: Given) -> None:
    past = given("CourseStarted 2024-01-10", "CourseInterrupted 2024-02-01", CLAIM)
    assert past.rows("S01") == []


def test_s01_another_course_before_is_no_course(given: Given) -> None:
    past = given("CourseStarted 2024-01-10 kind=EOK", CLAIM)
    assert past.rows("S01") == ["f2 2024-11-25..2025-02-28"]


def test_g3_s01_on_one_day_the_place_in_the_file_decides_what_runs_before(given: Given) -> None:
    course, end = "CourseStarted 2024-01-10 kind=IK_ALLGEMEIN", "CourseAborted 2024-02-29"
    assert given(course, end, CLAIM).rows("S01") == ["f3 2024-11-25..2025-02-28"]
    assert given(course, CLAIM, end).rows("S01") == []


def test_g4_s01_a_course_on_the_day_of_the_grant_counts_in_any_order(given: Given) -> None:
    course, end = "CourseStarted 2024-02-29 kind=IK_ALLGEMEIN", "CourseAborted 2024-02-29"
    assert given(course, end, CLAIM).rows("S01") == []
    assert given(CLAIM, course).rows("S01") == []


def test_s01_own_school_prevents_and_cancels_but_not_a_childs(given: Given) -> None:
    assert given("SchoolStarted 2024-01-10", CLAIM).rows("S01") == []
    assert given("SchoolStarted 2024-01-10", "SchoolLeft 2024-02-01", CLAIM).rows("S01") != []
    a_childs = "SchoolLeft 2024-02-01 child_ref=k1"
    assert given("SchoolStarted 2024-01-10", a_childs, CLAIM).rows("S01") == []
    assert given("SchoolStarted 2024-01-10 child_ref=k1", CLAIM).rows("S01") != []
    assert given(CLAIM, "SchoolStarted 2025-01-10").rows("S01") == [
        f"{CLAIMED} cancelled 2025-01-10 f2"
    ]
    assert given(CLAIM, "SchoolStarted 2025-01-10 child_ref=k1").rows("S01") == [CLAIMED]


@pytest.mark.parametrize("reason", ["low_need", "b1_present", "school"])
def test_s01_is_cancelled_by_a_refusal_that_takes_the_claim_away(given: Given, reason: str) -> None:
    past = given(CLAIM, f"CourseAdmissionRefused 2025-01-10 reason={reason}")
    assert past.rows("S01") == [f"{CLAIMED} cancelled 2025-01-10 f2"]


@pytest.mark.parametrize("reason", ["reason=no_prospect", "reason=quota_stop_2026", ""])
def test_s01_is_not_cancelled_by_another_refusal(given: Given, reason: str) -> None:
    past = given(CLAIM, f"CourseAdmissionRefused 2025-01-10 {reason}")
    assert past.rows("S01") == [CLAIMED]


@pytest.mark.parametrize("loss", ["TitleRevoked", "TitleExpired"])
def test_s01_is_cancelled_by_the_loss_of_this_title_on_any_day(given: Given, loss: str) -> None:
    assert given(CLAIM, f"{loss} 2025-01-10").rows("S01") == [f"{CLAIMED} cancelled 2025-01-10 f2"]
    assert given(CLAIM, f"{loss} 2025-09-10").rows("S01") == [f"{CLAIMED} cancelled 2025-09-10 f2"]
    assert given(CLAIM, f"{loss} 2024-06-10").rows("S01") == []


def test_s01_is_not_cancelled_by_the_loss_of_another_title(given: Given) -> None:
    newer = "TitleGranted 2024-12-01 valid_until=2027-12-01"
    assert given(CLAIM, newer, "TitleRevoked 2025-01-10").rows("S01") == [CLAIMED]
    assert given(CLAIM, newer, "TitleRevoked 2025-01-10 title=f1").rows("S01") == [
        f"{CLAIMED} cancelled 2025-01-10 f3"
    ]


def test_s01_has_one_instance_a_journey_that_of_the_first_claim(given: Given) -> None:
    past = given(CLAIM, "TitleGranted 2024-12-01 course_claim=true")
    assert past.rows("S01") == [CLAIMED]


def test_s01_a_later_title_does_not_stand_in_for_a_first_one_that_needs_nothing(
    given: Given,
) -> None:
    past = given(
        "CourseStarted 2024-01-10",
        CLAIM,
        "CourseAborted 2024-05-01",
        "TitleGranted 2024-12-01 course_claim=true",
    )
    assert past.rows("S01") == []


def test_s01_a_title_without_claim_before_does_not_matter(given: Given) -> None:
    past = given("TitleGranted 2023-02-01 course_claim=false basis=AUFENTHG_25_1", CLAIM)
    assert past.rows("S01") == ["f2 2024-11-25..2025-02-28"]


@pytest.mark.parametrize("basis", CLAIM_BASES.split())
def test_d17_s01_a_missing_claim_is_a_data_row_with_the_days_of_the_gap(
    given: Given, basis: str
) -> None:
    past = given(f"TitleGranted 2024-02-29 basis=AUFENTHG_{basis}")
    assert past.rows("S01") == [f"data {CLAIMED}"]
    one = past.only("S01")
    assert (one.kind, one.severity) == (Kind.DATA, Severity.LOW)
    assert (past.state("S01", "2025-02-28"), past.state("S01", "2025-03-01")) == ("due", "open")


@pytest.mark.parametrize(
    "basis", ["basis=AUFENTHG_25_5", "basis=AUFENTHG_24", "basis=AUFENTHG_16B", ""]
)
def test_s01_a_missing_claim_is_no_data_row_under_another_basis(given: Given, basis: str) -> None:
    assert given(f"TitleGranted 2024-02-29 {basis}").rows("S01") == []


def test_s01_a_claim_told_as_false_is_neither_gap_nor_data(given: Given) -> None:
    assert given("TitleGranted 2024-02-29 basis=AUFENTHG_25_1 course_claim=false").rows("S01") == []


def test_g9_s01_the_same_facts_close_the_data_row(given: Given) -> None:
    past = given("TitleGranted 2024-02-29 basis=AUFENTHG_25_1", "CourseStarted 2025-01-10")
    assert past.rows("S01") == [f"data {CLAIMED} in_time 2025-01-10 f2"]


def test_d3_s01_a_grant_known_by_month_counts_from_its_last_day(given: Given) -> None:
    past = given("TitleGranted 2024-02 course_claim=true")
    assert past.rows("S01") == [CLAIMED]
    assert past.only("S01").certainty is Certainty.POSSIBLY
    assert given(CLAIM).only("S01").certainty is Certainty.CERTAINLY


# S03


def test_s03_is_due_28_days_from_the_obligation(given: Given) -> None:
    past = given(OBLIGED)
    assert past.rows("S03") == ["f1 2025-03-03..2025-03-31"]
    assert past.state("S03", "2025-03-02") is State.NOT_APPLICABLE
    assert past.state("S03", "2025-03-03") is State.DUE
    assert past.state("S03", "2025-03-31") is State.DUE
    assert past.state("S03", "2025-04-01") is State.OPEN
    assert past.only("S03").severity is Severity.HIGH


@pytest.mark.parametrize(
    ("issued", "due"),
    [("2024-02-01", "2024-02-29"), ("2023-02-01", "2023-03-01"), ("2025-12-10", "2026-01-07")],
)
def test_s03_counts_days_across_leap_days_and_years(given: Given, issued: str, due: str) -> None:
    past = given(f"CourseEntitlementIssued {issued} obligated=true")
    assert past.rows("S03") == [f"f1 {issued}..{due}"]


@pytest.mark.parametrize("basis", ["44a_nr1", "44a_nr2", "44a_nr3", "44a_nr4"])
def test_s03_is_obliging_by_its_basis_where_nothing_else_is_told(given: Given, basis: str) -> None:
    assert given(f"CourseEntitlementIssued 2025-03-03 basis={basis}").rows("S03") == [
        "f1 2025-03-03..2025-03-31"
    ]


@pytest.mark.parametrize(
    "told", ["", "basis=44_1", "obligated=false", "obligated=false basis=44a_nr2"]
)
def test_s03_does_not_begin_without_an_obligation(given: Given, told: str) -> None:
    assert given(f"CourseEntitlementIssued 2025-03-03 {told}").rows("S03") == []


def test_g1_s03_an_undated_entitlement_counts_on_the_day_of_issue(given: Given) -> None:
    past = given("CourseEntitlementIssued - obligated=true issued_on=2025-03-03")
    assert past.rows("S03") == ["f1 2025-03-03..2025-03-31"]


@pytest.mark.parametrize("way", ["CourseRegistered", "CourseStarted"])
@pytest.mark.parametrize("kind", INTEGRATION_COURSES)
def test_s03_is_followed_up_by_an_integration_course(given: Given, way: str, kind: str) -> None:
    in_time = given(OBLIGED, f"{way} 2025-03-31 {kind}")
    late = given(OBLIGED, f"{way} 2025-04-01 {kind}")
    assert in_time.rows("S03") == ["f1 2025-03-03..2025-03-31 in_time 2025-03-31 f2"]
    assert late.rows("S03") == ["f1 2025-03-03..2025-03-31 late 2025-04-01 f2"]


@pytest.mark.parametrize("kind", OTHER_COURSES)
def test_s03_is_not_followed_up_by_another_course(given: Given, kind: str) -> None:
    assert given(OBLIGED, f"CourseRegistered 2025-03-10 {kind}").rows("S03") == [
        "f1 2025-03-03..2025-03-31"
    ]


def test_d4_s03_a_registration_on_the_day_of_the_obligation_counts(given: Given) -> None:
    past = given(OBLIGED, "CourseRegistered 2025-03-03")
    assert past.rows("S03") == ["f1 2025-03-03..2025-03-31 in_time 2025-03-03 f2"]


def test_d6_s03_the_next_obligation_supersedes(given: Given) -> None:
    past = given(OBLIGED, "CourseEntitlementIssued 2025-04-10 basis=44a_nr1")
    assert past.rows("S03") == [
        "f1 2025-03-03..2025-03-31 superseded 2025-04-10 f2",
        "f2 2025-04-10..2025-05-08",
    ]
    no_obligation = given(OBLIGED, "CourseEntitlementIssued 2025-03-10 basis=44_1")
    assert no_obligation.rows("S03") == ["f1 2025-03-03..2025-03-31"]


def test_s03_does_not_begin_while_an_integration_course_runs(given: Given) -> None:
    assert given("CourseRegistered 2025-03-01", OBLIGED).rows("S03") == []
    assert given("CourseRegistered 2025-03-01 kind=EOK", OBLIGED).rows("S03") != []
    aborted = given("CourseStarted 2025-02-01", "CourseAborted 2025-03-02", OBLIGED)
    assert aborted.rows("S03") == ["f3 2025-03-03..2025-03-31"]


def test_s03_an_obligation_during_a_course_begins_nothing_but_supersedes_all_the_same(
    given: Given,
) -> None:
    """The undated course stands before the second obligation; for the first it counts on 31 March."""
    past = given(OBLIGED, "CourseStarted -", "CourseEntitlementIssued 2025-03-20 obligated=true")
    assert past.rows("S03") == ["f1 2025-03-03..2025-03-31 superseded 2025-03-20 f3"]


@pytest.mark.parametrize(
    "fact",
    [
        "EmploymentStarted 2025-03-10 employment_kind=SV_VOLLZEIT",
        "TrainingStarted 2025-03-10",
        "StudyAdmitted 2025-03-10",
        "SchoolStarted 2025-03-10",
    ],
)
def test_s03_is_cancelled_by_work_training_study_or_own_school(given: Given, fact: str) -> None:
    assert given(OBLIGED, fact).rows("S03") == ["f1 2025-03-03..2025-03-31 cancelled 2025-03-10 f2"]


@pytest.mark.parametrize(
    "fact",
    [
        "EmploymentStarted 2025-03-10 employment_kind=SV_TEILZEIT",
        "EmploymentStarted 2025-03-10",
        "EmploymentChanged 2025-03-10 employment_kind=SV_VOLLZEIT",
        "SchoolStarted 2025-03-10 child_ref=k1",
        "TrainingContractSigned 2025-03-10",
        "EmploymentStarted 2025-03-02 employment_kind=SV_VOLLZEIT",
    ],
)
def test_s03_is_not_cancelled_by_less_nor_by_what_came_before(given: Given, fact: str) -> None:
    assert given(OBLIGED, fact).rows("S03") == ["f1 2025-03-03..2025-03-31"]


def test_g12_s03_and_s05_have_no_instance_before_2005(given: Given) -> None:
    for rule, fact in (
        ("S03", "CourseEntitlementIssued {} obligated=true"),
        ("S05", "CourseRegistered {}"),
    ):
        assert given(fact.format("2004-12-31")).rows(rule) == []
        assert len(given(fact.format("2005-01-01")).rows(rule)) == 1


# S05


def test_s05_is_due_42_days_from_the_registration(given: Given) -> None:
    past = given(REGISTERED)
    assert past.rows("S05") == ["f1 2025-03-03..2025-04-14"]
    assert past.state("S05", "2025-04-14") is State.DUE
    assert past.state("S05", "2025-04-15") is State.OPEN
    assert past.only("S05").severity is Severity.MEDIUM


@pytest.mark.parametrize("kind", INTEGRATION_COURSES)
def test_s05_watches_registrations_for_integration_courses(given: Given, kind: str) -> None:
    assert given(f"CourseRegistered 2024-01-31 {kind}").rows("S05") == ["f1 2024-01-31..2024-03-13"]


@pytest.mark.parametrize("kind", OTHER_COURSES)
def test_s05_does_not_watch_other_courses(given: Given, kind: str) -> None:
    assert given(f"CourseRegistered 2024-01-31 {kind}").rows("S05") == []


@pytest.mark.parametrize(
    "fact", ["CourseStarted {} kind=EOK", "CourseStarted {}", "CourseStartAnnounced {}"]
)
def test_s05_is_followed_up_by_any_start_or_its_announcement(given: Given, fact: str) -> None:
    in_time = given(REGISTERED, fact.format("2025-04-14"))
    late = given(REGISTERED, fact.format("2025-04-15"))
    assert in_time.rows("S05") == ["f1 2025-03-03..2025-04-14 in_time 2025-04-14 f2"]
    assert late.rows("S05") == ["f1 2025-03-03..2025-04-14 late 2025-04-15 f2"]


def test_s05_is_cancelled_when_the_course_is_not_realised(given: Given) -> None:
    past = given(REGISTERED, "CourseNotRealised 2025-03-20")
    assert past.rows("S05") == ["f1 2025-03-03..2025-04-14 cancelled 2025-03-20 f2"]


def test_s05_the_next_registration_supersedes_unless_it_is_for_another_course(given: Given) -> None:
    past = given(REGISTERED, "CourseRegistered 2025-03-20 kind=IK_ALPHA")
    assert past.rows("S05") == [
        "f1 2025-03-03..2025-04-14 superseded 2025-03-20 f2",
        "f2 2025-03-20..2025-05-01",
    ]
    other = given(REGISTERED, "CourseRegistered 2025-03-20 kind=BSK_B2")
    assert other.rows("S05") == ["f1 2025-03-03..2025-04-14"]


def test_g2_s05_a_start_narrows_the_month_of_its_registration(given: Given) -> None:
    past = given("CourseRegistered 2025-03", "CourseStarted 2025-03-20")
    assert past.rows("S05") == ["f1 2025-03-20..2025-05-01 in_time 2025-03-20 f2"]


def test_g4_s05_a_start_before_the_registration_does_not_count(given: Given) -> None:
    past = given("CourseStarted 2025-03-02", REGISTERED)
    assert past.rows("S05") == ["f2 2025-03-03..2025-04-14"]


def test_s05_goes_on_after_naturalisation(given: Given) -> None:
    past = given(REGISTERED, "NaturalisationCertificateHandedOver 2025-03-20")
    assert past.rows("S05") == ["f1 2025-03-03..2025-04-14"]


# S15


@pytest.mark.parametrize("end", ["CourseCompleted", "IntegrationCourseCertificateIssued"])
def test_s15_is_due_90_days_from_the_end_of_the_course(given: Given, end: str) -> None:
    past = given(f"{end} 2025-03-03")
    assert past.rows("S15") == ["f1 2025-03-03..2025-06-01"]
    assert past.state("S15", "2025-06-01") is State.DUE
    assert past.state("S15", "2025-06-02") is State.OPEN
    assert past.only("S15").severity is Severity.HIGH


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("CourseCompleted", "IntegrationCourseCertificateIssued"),
        ("IntegrationCourseCertificateIssued", "CourseCompleted"),
    ],
)
def test_s15_the_other_fact_up_to_180_days_later_belongs_to_the_same_course(
    given: Given, first: str, second: str
) -> None:
    same = given(f"{first} 2025-01-01", f"{second} 2025-06-30")
    other = given(f"{first} 2025-01-01", f"{second} 2025-07-01")
    assert same.rows("S15") == ["f1 2025-01-01..2025-04-01"]
    assert other.rows("S15") == ["f1 2025-01-01..2025-04-01", "f2 2025-07-01..2025-09-29"]


def test_s15_the_same_fact_again_is_another_course(given: Given) -> None:
    past = given("CourseCompleted 2025-01-01", "CourseCompleted 2025-02-01")
    assert past.rows("S15") == ["f1 2025-01-01..2025-04-01", "f2 2025-02-01..2025-05-02"]


def test_s15_a_certificate_belongs_to_the_latest_course_still_without_one(given: Given) -> None:
    past = given(
        "CourseCompleted 2025-01-01",
        "CourseCompleted 2025-02-01",
        "IntegrationCourseCertificateIssued 2025-03-01",
        "IntegrationCourseCertificateIssued 2025-03-02",
        "IntegrationCourseCertificateIssued 2025-03-03",
    )
    assert [row.split()[0] for row in past.rows("S15")] == ["f1", "f2", "f5"]


def test_d6_s15_courses_run_side_by_side_and_one_step_closes_both(given: Given) -> None:
    past = given(
        "CourseCompleted 2025-01-01", "CourseCompleted 2025-02-01", "MeasureStarted 2025-03-01"
    )
    assert past.rows("S15") == [
        "f1 2025-01-01..2025-04-01 in_time 2025-03-01 f3",
        "f2 2025-02-01..2025-05-02 in_time 2025-03-01 f3",
    ]


@pytest.mark.parametrize(
    "step",
    [
        "CourseStarted",
        "VocationalCourseStarted",
        "TrainingStarted",
        "EmploymentStarted",
        "MeasureStarted",
        "BridgingMeasureStarted",
        "SelfEmploymentStarted",
        "SchoolStarted",
        "StudyAdmitted",
    ],
)
def test_s15_is_followed_up_by_every_next_step(given: Given, step: str) -> None:
    in_time = given(COMPLETED, f"{step} 2025-06-01")
    late = given(COMPLETED, f"{step} 2025-06-02")
    assert in_time.rows("S15") == ["f1 2025-03-03..2025-06-01 in_time 2025-06-01 f2"]
    assert late.rows("S15") == ["f1 2025-03-03..2025-06-01 late 2025-06-02 f2"]


@pytest.mark.parametrize(
    "fact",
    [
        "CourseRegistered 2025-04-01",
        "VocationalCourseRegistered 2025-04-01",
        "TrainingContractSigned 2025-04-01",
        "SchoolStarted 2025-04-01 child_ref=k1",
        "LanguageTestTaken 2025-04-01 result=B2",
    ],
)
def test_s15_is_not_followed_up_by_what_only_leads_to_a_step(given: Given, fact: str) -> None:
    assert given(COMPLETED, fact).rows("S15") == ["f1 2025-03-03..2025-06-01"]


@pytest.mark.parametrize(
    ("step", "end"),
    [
        ("VocationalCourseStarted", "VocationalCourseCompleted"),
        ("VocationalCourseStarted", "VocationalCourseAborted"),
        ("TrainingStarted", "TrainingCompleted"),
        ("TrainingStarted", "TrainingAborted"),
        ("TrainingStarted", "TrainingFinallyFailed"),
        ("EmploymentStarted", "EmploymentEnded"),
        ("MeasureStarted", "MeasureEnded"),
        ("BridgingMeasureStarted", "BridgingMeasureEnded"),
        ("StudyAdmitted", "StudyCompleted"),
        ("StudyAdmitted", "StudyEnded"),
        ("SchoolStarted", "SchoolLeft"),
    ],
)
def test_s15_does_not_begin_while_a_step_begun_before_still_runs(
    given: Given, step: str, end: str
) -> None:
    begun = f"{step} 2025-01-10"
    assert given(begun, COMPLETED).rows("S15") == []
    assert given(begun, COMPLETED, f"{end} 2025-03-04").rows("S15") == []
    assert given(begun, f"{end} 2025-03-02", COMPLETED).rows("S15") == ["f3 2025-03-03..2025-06-01"]


def test_s15_an_interrupted_training_still_runs(given: Given) -> None:
    past = given("TrainingStarted 2025-01-10", "TrainingInterrupted 2025-02-01", COMPLETED)
    assert past.rows("S15") == []


def test_s15_self_employment_has_no_end(given: Given) -> None:
    assert given("SelfEmploymentStarted 2015-01-10", COMPLETED).rows("S15") == []


def test_s15_a_course_begun_before_is_no_running_step(given: Given) -> None:
    assert given("CourseStarted 2025-01-10", COMPLETED).rows("S15") == ["f2 2025-03-03..2025-06-01"]


def test_s15_a_job_runs_through_its_last_fixed_term(given: Given) -> None:
    def job(until: str) -> str:
        return f"EmploymentStarted 2024-10-01 fixed_term_until={until}"

    assert given(job("2025-03-03"), COMPLETED).rows("S15") == []
    assert given(job("2025-03-02"), COMPLETED).rows("S15") == ["f2 2025-03-03..2025-06-01"]
    longer = "EmploymentChanged 2025-02-01 fixed_term_until=2025-12-31"
    assert given(job("2025-03-02"), longer, COMPLETED).rows("S15") == []


def test_s15_a_job_past_its_term_still_runs_where_it_is_ended_later(given: Given) -> None:
    past = given(
        "EmploymentStarted 2024-10-01 fixed_term_until=2025-02-01",
        COMPLETED,
        "EmploymentEnded 2025-05-01",
    )
    assert past.rows("S15") == []


def test_s15_is_cancelled_by_a_birth_on_the_childs_birthday(given: Given) -> None:
    assert given(COMPLETED, "ChildBorn 2025-04-01").rows("S15") == [
        "f1 2025-03-03..2025-06-01 cancelled 2025-04-01 f2"
    ]
    assert given(COMPLETED, "ChildBorn - birth_date=2025-04-02").rows("S15") == [
        "f1 2025-03-03..2025-06-01 cancelled 2025-04-02 f2"
    ]
    assert given("ChildBorn 2025-03-02", COMPLETED).rows("S15") == ["f2 2025-03-03..2025-06-01"]


@pytest.mark.parametrize(
    ("severity", "cancels"),
    [
        ("severity=moderate", True),
        ("severity=severe", True),
        ("severity=none", False),
        ("severity=unknown", False),
        ("", False),
    ],
)
def test_s15_is_cancelled_by_a_moderate_or_severe_health_barrier(
    given: Given, severity: str, cancels: bool
) -> None:
    past = given(COMPLETED, f"HealthBarrierReported 2025-04-01 {severity}")
    closed = " cancelled 2025-04-01 f2" if cancels else ""
    assert past.rows("S15") == [f"f1 2025-03-03..2025-06-01{closed}"]


def test_g5_s15_a_step_known_by_month_is_in_time_if_any_of_its_days_is(given: Given) -> None:
    past = given(COMPLETED, "EmploymentStarted 2025-06")
    assert past.rows("S15") == ["f1 2025-03-03..2025-06-01 in_time 2025-06-01 f2"]
    assert past.only("S15").certainty is Certainty.POSSIBLY
    july = given(COMPLETED, "EmploymentStarted 2025-07")
    assert july.rows("S15") == ["f1 2025-03-03..2025-06-01 late 2025-07-31 f2"]


# S16


def test_s16_leads_30_days_to_the_last_valid_day(given: Given) -> None:
    past = given(ENTITLED)
    assert past.rows("S16") == ["f1 2025-05-31..2025-06-30"]
    assert past.state("S16", "2025-05-30") is State.NOT_APPLICABLE
    assert past.state("S16", "2025-05-31") is State.DUE
    assert past.state("S16", "2025-06-30") is State.DUE
    assert past.state("S16", "2025-07-01") is State.OPEN
    one = past.only("S16")
    assert one.severity is Severity.HIGH
    assert (one.consequence.code, one.consequence.since) == ("claim_lapsed", date(2025, 7, 1))


@pytest.mark.parametrize(
    ("issued", "first", "due"),
    [
        ("2025-03-03", "2025-05-04", "2025-06-03"),
        ("2023-11-30", "2024-01-30", "2024-02-29"),
        ("2024-11-30", "2025-01-29", "2025-02-28"),
        ("2025-10-31", "2026-01-01", "2026-01-31"),
    ],
)
def test_s16_lapses_three_months_after_issue_where_no_day_is_told(
    given: Given, issued: str, first: str, due: str
) -> None:
    past = given(f"VocationalLanguageEntitlementIssued {issued}")
    assert past.rows("S16") == [f"f1 {first}..{due}"]


@pytest.mark.parametrize("way", ["VocationalCourseRegistered", "VocationalCourseStarted"])
def test_s16_is_followed_up_by_a_registration_or_start(given: Given, way: str) -> None:
    assert given(ENTITLED, f"{way} 2025-06-30").rows("S16") == [
        "f1 2025-05-31..2025-06-30 in_time 2025-06-30 f2"
    ]
    late = given(ENTITLED, f"{way} 2025-07-01")
    assert late.rows("S16") == ["f1 2025-05-31..2025-06-30 late 2025-07-01 f2"]
    assert given(ENTITLED, f"{way} 2025-05-30").rows("S16") == []
    assert given(ENTITLED, f"{way} 2025-05-31").rows("S16") == [
        "f1 2025-05-31..2025-06-30 in_time 2025-05-31 f2"
    ]


def test_s16_the_next_entitlement_supersedes(given: Given) -> None:
    past = given(ENTITLED, "VocationalLanguageEntitlementIssued 2025-06-10")
    assert past.rows("S16") == [
        "f1 2025-05-31..2025-06-30 superseded 2025-06-10 f2",
        "f2 2025-08-11..2025-09-10",
    ]


def test_g6_s16_no_window_begins_before_the_day_of_issue(given: Given) -> None:
    past = given("VocationalLanguageEntitlementIssued 2025-06-20 lapses_on=2025-06-30")
    assert past.rows("S16") == ["f1 2025-06-20..2025-06-30"]


def test_g6_s16_an_undated_entitlement_with_a_known_end_sets_no_such_bound(given: Given) -> None:
    past = given(
        "VocationalLanguageEntitlementIssued - lapses_on=2025-06-30", "NoteTaken 2025-06-20"
    )
    assert past.rows("S16") == ["f1 2025-05-31..2025-06-30"]


def test_g6_s16_a_partial_end_warns_from_its_earliest_and_is_due_to_its_latest_day(
    given: Given,
) -> None:
    past = given("VocationalLanguageEntitlementIssued 2025-03-03 lapses_on=2025-06")
    assert past.rows("S16") == ["f1 2025-05-02..2025-06-30"]
    assert past.only("S16").certainty is Certainty.POSSIBLY


def test_g6_s16_a_partial_issue_gives_a_partial_end(given: Given) -> None:
    past = given("VocationalLanguageEntitlementIssued 2025-01")
    assert past.rows("S16") == ["f1 2025-03-02..2025-04-30"]
    assert past.only("S16").certainty is Certainty.POSSIBLY


def test_g1_s16_an_entitlement_dated_by_its_attribute(given: Given) -> None:
    past = given("VocationalLanguageEntitlementIssued - issued_on=2025-03-03")
    assert past.rows("S16") == ["f1 2025-05-04..2025-06-03"]
    assert past.only("S16").certainty is Certainty.CERTAINLY


def test_g12_s16_has_no_instance_before_july_2016(given: Given) -> None:
    assert given("VocationalLanguageEntitlementIssued 2016-06-30").rows("S16") == []
    assert given("VocationalLanguageEntitlementIssued 2016-07-01").rows("S16") == [
        "f1 2016-09-01..2016-10-01"
    ]


def test_g11_s16_a_corrected_end_moves_the_window_as_it_was_known(given: Given) -> None:
    past = given(
        ENTITLED, 'EventCorrected 2025-07-10 target=f1 attributes={"lapses_on":"2025-08-31"}'
    )
    assert past.rows("S16") == ["f1 2025-08-01..2025-08-31"]
    assert past.rows("S16", known_at="2025-07-09") == ["f1 2025-05-31..2025-06-30"]


def test_g11_s16_null_overwrites_the_end(given: Given) -> None:
    past = given(ENTITLED, 'EventCorrected 2025-07-10 target=f1 attributes={"lapses_on":null}')
    assert past.rows("S16") == ["f1 2025-05-04..2025-06-03"]
