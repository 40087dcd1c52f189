"""T03, T04: what follows a training, and the measures before one."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.evaluation import why
from domain.chain.intervals import Certainty, ClosedBy, Kind, Responsible, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]

UNDER_60C = "ToleranceIssued 2022-06-01 basis=AUFENTHG_60C"
DONE = "TrainingCompleted 2025-08-31"
WINDOW = "2025-08-31..2026-02-28"
EQ = "BridgingMeasureStarted 2024-10-01 kind=EQ months=10"


# T03


def test_t03_example_work_and_title_are_two_duties_of_half_a_year(given: Given) -> None:
    past = given(UNDER_60C, DONE)
    assert past.rows("T03") == [f"f2+job {WINDOW}", f"f2+title {WINDOW}"]
    assert set(past.states("T03", "2026-02-28").values()) == {State.DUE}
    assert set(past.states("T03", "2026-03-01").values()) == {State.OPEN}
    assert past.states("T03", "2025-08-30") == {}
    job, title = past.intervals("T03")
    assert job.severity is Severity.HIGH
    assert job.steps[0].on == date(2025, 12, 30)
    assert title.responsible == (
        Responsible.CASE_MANAGER,
        Responsible.CLIENT,
        Responsible.ABH,
    )


@pytest.mark.parametrize(
    ("done", "due"),
    [("2023-08-31", "2024-02-29"), ("2025-07-15", "2026-01-15"), ("2025-03-31", "2025-09-30")],
)
def test_d1_t03_half_a_year_is_clipped_to_the_end_of_the_month(
    given: Given, done: str, due: str
) -> None:
    assert given(f"TrainingCompleted {done}").rows("T03")[0] == f"f1+job {done}..{due}"


@pytest.mark.parametrize(
    ("line", "job", "title"),
    [
        ("EmploymentStarted 2025-10-01", ClosedBy.IN_TIME, None),
        ("EmploymentStarted 2026-03-02", ClosedBy.LATE, None),
        ("EmploymentStarted 2025-10-01 employment_kind=MINIJOB", None, None),
        ("SelfEmploymentStarted 2025-10-01", ClosedBy.IN_TIME, None),
        ("TrainingContractSigned 2025-10-01", ClosedBy.IN_TIME, ClosedBy.CANCELLED),
        ("TrainingStarted 2025-10-01", ClosedBy.IN_TIME, ClosedBy.CANCELLED),
        ("StudyAdmitted 2025-10-01", ClosedBy.CANCELLED, ClosedBy.CANCELLED),
        ("TitleApplied 2025-10-01 basis=AUFENTHG_19D", None, ClosedBy.IN_TIME),
        ("TitleApplied 2025-10-01", None, ClosedBy.IN_TIME),
        ("TitleApplied 2025-10-01 basis=AUFENTHG_16A", None, None),
        ("TitleGranted 2025-10-01 basis=AUFENTHG_18A", None, ClosedBy.IN_TIME),
        ("AsylumDecisionIssued 2025-10-01 outcome=asyl", None, ClosedBy.CANCELLED),
        ("RightOfFreeMovementRecorded 2025-10-01", None, ClosedBy.CANCELLED),
        (
            "NaturalisationCertificateHandedOver 2025-10-01",
            ClosedBy.CANCELLED,
            ClosedBy.CANCELLED,
        ),
        ("LeftGermany 2025-10-01", ClosedBy.CANCELLED, ClosedBy.CANCELLED),
    ],
)
def test_t03_what_closes_which_duty(
    given: Given, line: str, job: ClosedBy | None, title: ClosedBy | None
) -> None:
    found = given(UNDER_60C, DONE, line).intervals("T03")
    by_key = {one.key: one.closed_by for one in found}
    assert (by_key["f2+job"], by_key["f2+title"]) == (job, title)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (UNDER_60C, Kind.GAP),
        ("ToleranceIssued 2022-06-01 basis=AUFENTHG_60A", Kind.GAP),
        ("TitleGranted 2022-06-01 basis=AUFENTHG_16A", Kind.GAP),
        ("TitleGranted 2022-06-01 basis=AUFENTHG_16G", Kind.GAP),
        ("TitleGranted 2022-06-01 basis=AUFENTHG_16A valid_until=2025-07-31", Kind.GAP),
        ("TitleGranted 2022-06-01 basis=AUFENTHG_25_2_FL", None),
        ("TitleGranted 2022-06-01", Kind.DATA),
        ("AsylumApplicationFiled 2022-06-01", None),
        ("AsylumDecisionIssued 2022-06-01 outcome=asyl", None),
        ("RightOfFreeMovementRecorded 2022-06-01", None),
        ("NoteTaken 2022-06-01", Kind.DATA),
    ],
)
def test_t03_a_title_is_due_where_the_stay_rests_on_the_training_or_on_nothing(
    given: Given, status: str, kind: Kind | None
) -> None:
    found = {one.key: one.kind for one in given(status, DONE).intervals("T03")}
    assert found["f2+job"] is Kind.GAP
    assert found.get("f2+title") is kind


def test_t03_an_application_that_waits_already_is_the_next_step(given: Given) -> None:
    applied = "TitleApplied 2025-07-01 basis=AUFENTHG_19D"
    assert given(UNDER_60C, applied, DONE).rows("T03") == [f"f3+job {WINDOW}"]
    refused = given(UNDER_60C, applied, "TitleRefused 2025-08-01", DONE)
    assert len(refused.rows("T03")) == 2
    for_training = given(UNDER_60C, "TitleApplied 2025-07-01 basis=AUFENTHG_16A", DONE)
    assert len(for_training.rows("T03")) == 2


@pytest.mark.parametrize(
    ("lines", "works"),
    [
        (["EmploymentStarted 2025-08-01"], True),
        (["EmploymentStarted 2025-08-01 employment_kind=MINIJOB"], False),
        (["EmploymentStarted 2025-02-01", "EmploymentEnded 2025-08-30"], False),
        (["EmploymentStarted 2025-02-01 fixed_term_until=2025-08-30"], False),
        (["EmploymentStarted 2025-02-01 fixed_term_until=2025-08-31"], True),
    ],
)
def test_t03_a_job_that_runs_already_leaves_none_to_find(
    given: Given, lines: list[str], works: bool
) -> None:
    keys = {one.key.split("+")[1] for one in given(UNDER_60C, *lines, DONE).intervals("T03")}
    assert ("job" not in keys) is works


def test_t03_a_search_period_granted_sets_the_last_day(given: Given) -> None:
    past = given(UNDER_60C, DONE, "SearchPeriodGranted 2025-09-10 until=2026-03-31")
    assert past.rows("T03")[0] == "f2+job 2025-08-31..2026-03-31"
    before = given(UNDER_60C, "SearchPeriodGranted 2025-03-10 until=2025-09-30", DONE)
    assert before.rows("T03")[0] == f"f3+job {WINDOW}"
    untold = given(UNDER_60C, DONE, "SearchPeriodGranted 2025-09-10")
    assert untold.rows("T03")[0] == f"f2+job {WINDOW}"


def test_d6_t03_the_next_training_completed_supersedes_both(given: Given) -> None:
    past = given(UNDER_60C, "TrainingCompleted 2025-01-31", DONE)
    assert past.rows("T03")[:2] == [
        "f2+job 2025-01-31..2025-07-31 superseded 2025-08-31 f3",
        "f2+title 2025-01-31..2025-07-31 superseded 2025-08-31 f3",
    ]


def test_d3_t03_a_completion_known_by_month_counts_from_its_last_day(given: Given) -> None:
    past = given(UNDER_60C, "TrainingCompleted 2025-08")
    assert past.rows("T03")[0] == f"f2+job {WINDOW}"
    assert {one.certainty for one in past.intervals("T03")} == {Certainty.POSSIBLY}


# T04


def test_t04_example_a_lead_of_sixty_days_to_the_end_of_the_measure(given: Given) -> None:
    past = given(EQ)
    assert past.rows("T04") == ["f1 2025-06-01..2025-07-31"]
    assert past.state("T04", "2025-05-31") is State.NOT_APPLICABLE
    assert past.state("T04", "2025-07-31") is State.DUE
    assert past.state("T04", "2025-08-01") is State.OPEN
    one = past.only("T04")
    assert (one.severity, one.responsible[0]) == (Severity.HIGH, Responsible.EMPLOYMENT_AGENCY)


@pytest.mark.parametrize(
    ("measure", "row"),
    [
        ("2024-10-01 kind=EQ", "f1 2025-08-01..2025-09-30"),
        ("2024-10-01 kind=EQ months=14", "f1 2025-08-01..2025-09-30"),
        ("2024-10-01 kind=EQ months=0", "f1 2025-08-01..2025-09-30"),
        ("2024-10-01 kind=BVB months=14", "f1 2025-10-01..2025-11-30"),
        ("2024-10-01 months=6", "f1 2025-01-30..2025-03-31"),
        ("2024-08-31 kind=BVB months=6", "f1 2024-12-30..2025-02-28"),
        ("2024-10-01 kind=BVB months=1", "f1 2024-10-01..2024-10-31"),
        ("2024-10-01 kind=BVB", "data f1 2024-10-01.."),
        ("2024-10-01", "data f1 2024-10-01.."),
        ("2024-10-01 months=0", "data f1 2024-10-01.."),
    ],
)
def test_t04_the_end_follows_from_the_months_an_eq_has_twelve_at_most(
    given: Given, measure: str, row: str
) -> None:
    assert given(f"BridgingMeasureStarted {measure}").rows("T04") == [row]


def test_t04_the_end_as_told_stands_above_the_months(given: Given) -> None:
    past = given(EQ, "BridgingMeasureEnded 2025-03-31")
    assert past.rows("T04") == ["f1 2025-01-30..2025-03-31"]
    undated = given(EQ, "BridgingMeasureEnded - @2025-03-31")
    assert undated.rows("T04") == ["f1 2025-06-01..2025-07-31"]
    other = given(EQ, "BridgingMeasureEnded 2025-03-31 kind=BVB")
    assert other.rows("T04") == [
        "f1 2025-06-01..2025-07-31",
        "f2 2025-03-31..2025-03-31",
    ]


def test_t04_an_end_by_itself_is_due_on_its_day(given: Given) -> None:
    past = given("BridgingMeasureEnded 2025-03-31")
    assert past.rows("T04") == ["f1 2025-03-31..2025-03-31"]
    assert past.state("T04", "2025-04-01") is State.OPEN


@pytest.mark.parametrize(
    ("line", "by"),
    [
        ("TrainingContractSigned 2025-06-10", ClosedBy.IN_TIME),
        ("TrainingStarted 2025-08-01", ClosedBy.LATE),
        ("EmploymentStarted 2025-06-10", ClosedBy.IN_TIME),
        ("EmploymentStarted 2025-06-10 employment_kind=MINIJOB", None),
        ("StudyAdmitted 2025-06-10", ClosedBy.CANCELLED),
        ("SchoolStarted 2025-06-10", ClosedBy.CANCELLED),
        ("SchoolStarted 2025-06-10 child_ref=c", None),
        ("BridgingMeasureStarted 2025-06-10 kind=BVB months=10", ClosedBy.SUPERSEDED),
        ("LeftGermany 2025-06-10", ClosedBy.CANCELLED),
    ],
)
def test_t04_what_closes_it(given: Given, line: str, by: ClosedBy | None) -> None:
    assert given(EQ, line).intervals("T04")[0].closed_by is by


def test_d4_t04_a_contract_during_the_measure_leaves_nothing_to_find(given: Given) -> None:
    assert given(EQ, "TrainingContractSigned 2025-02-10").rows("T04") == []


def test_t04_a_contract_from_before_counts_if_it_begins_after_the_measure_did(
    given: Given,
) -> None:
    assert given("TrainingContractSigned 2024-09-02 start=2025-08-01", EQ).rows("T04") == []
    past = given("TrainingContractSigned 2024-09-02 start=2024-10-01", EQ)
    assert past.rows("T04") == ["f2 2025-06-01..2025-07-31"]


def test_w08_t04_an_end_narrows_a_begin_known_by_month(given: Given) -> None:
    past = given("BridgingMeasureStarted 2025-03 kind=BVB", "BridgingMeasureEnded 2025-03-20")
    assert past.rows("T04") == ["f1 2025-03-20..2025-03-20"]


@pytest.mark.parametrize(
    ("rule", "lines", "reason"),
    [
        ("T03", ["EmploymentStarted 2025-08-01", DONE], "a job runs"),
        ("T03", ["TitleGranted 2022-06-01 basis=AUFENTHG_25_2_FL", DONE], "does not rest"),
        ("T03", [UNDER_60C, "TitleApplied 2025-07-01", DONE], "applied for already"),
        ("T04", ["TrainingContractSigned 2024-09-02 start=2025-08-01", EQ], "signed already"),
    ],
)
def test_d21_where_there_is_no_instance_the_first_failing_condition_is_named(
    given: Given, rule: str, lines: list[str], reason: str
) -> None:
    standing = why(read(given(*lines).told), RULES[rule], date(2025, 9, 1))
    assert any(reason in one.reason.en for one in standing.turned)
