"""T02, B03, B07: time after an aborted training, the end of a job, course and work together."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.intervals import Certainty, Kind, Severity, State

Given = Callable[..., Any]

UNDER_60C = "ToleranceIssued 2023-09-01 basis=AUFENTHG_60C"
UNDER_16G = "TitleGranted 2024-04-01 basis=AUFENTHG_16G valid_until=2027-08-31"
ABORT = "TrainingAborted 2025-08-31"
SEARCH = "2025-08-31..2026-02-28"

FULL_COURSE = "CourseStarted 2025-04-01 kind=IK_ALLGEMEIN mode=full"
FULL_JOB = "EmploymentStarted 2025-05-01 employment_kind=SV_VOLLZEIT"
COLLISION = "f2+f1 2025-05-01..2025-05-14"


# T02


def test_t02_example_an_abort_on_31_august_2025(given: Given) -> None:
    past = given(UNDER_60C, ABORT)
    assert past.rows("T02") == [f"f2 {SEARCH}"]
    assert past.only("T02").severity is Severity.CRITICAL
    assert past.state("T02", "2025-08-30") is State.NOT_APPLICABLE
    assert past.state("T02", "2025-08-31") is State.DUE
    assert past.state("T02", "2026-02-28") is State.DUE
    assert past.state("T02", "2026-03-01") is State.OPEN


@pytest.mark.parametrize(
    ("abort", "due"),
    [
        ("2023-08-31", "2024-02-29"),
        ("2024-02-29", "2024-08-29"),
        ("2025-07-15", "2026-01-15"),
        ("2025-03-31", "2025-09-30"),
    ],
)
def test_d1_t02_six_months_are_clipped_to_the_end_of_the_month(
    given: Given, abort: str, due: str
) -> None:
    past = given("ToleranceIssued 2021-01-01 basis=AUFENTHG_60C", f"TrainingAborted {abort}")
    assert past.rows("T02") == [f"f2 {abort}..{due}"]


def test_t02_asks_the_latest_title_or_duldung_before_the_abort_valid_or_not(given: Given) -> None:
    assert given(UNDER_16G, ABORT).rows("T02") == [f"f2 {SEARCH}"]
    expired = "TitleGranted 2024-04-01 basis=AUFENTHG_16G valid_until=2024-12-31"
    assert given(expired, ABORT).rows("T02") == [f"f2 {SEARCH}"]
    assert given(UNDER_60C, "TitleGranted 2025-01-01 basis=AUFENTHG_25_5", ABORT).rows("T02") == []
    assert given("TitleGranted 2025-01-01 basis=AUFENTHG_16A", UNDER_60C, ABORT).rows("T02") == []
    assert given(UNDER_60C, ABORT, "TitleGranted 2025-08-31").rows("T02") == [f"f2 {SEARCH}"]


def test_d17_t02_no_paper_or_no_basis_is_a_data_row_with_the_days_of_the_gap(given: Given) -> None:
    assert given(ABORT).rows("T02") == [f"data f1 {SEARCH}"]
    assert given("ToleranceIssued 2025-01-01", ABORT).rows("T02") == [f"data f2 {SEARCH}"]
    assert given(UNDER_60C, "TitleGranted 2025-01-01", ABORT).rows("T02") == [f"data f3 {SEARCH}"]
    (one,) = given(ABORT).data_rows("T02")
    assert (one.kind, one.severity) == (Kind.DATA, Severity.LOW)


def test_t02_does_not_begin_where_a_following_contract_is_signed_already(given: Given) -> None:
    def contract(start: str) -> str:
        return f"TrainingContractSigned 2025-08-01 start={start}"

    assert given(UNDER_60C, contract("2025-08-31"), ABORT).rows("T02") == []
    assert given(UNDER_60C, contract("2025-10-01"), ABORT).rows("T02") == []
    assert given(UNDER_60C, contract("2025-08-30"), ABORT).rows("T02") == [f"f3 {SEARCH}"]
    unknown = "TrainingContractSigned 2025-08-01"
    assert given(UNDER_60C, unknown, ABORT).rows("T02") == [f"f3 {SEARCH}"]


def test_t02_the_search_period_granted_sets_the_due_day(given: Given) -> None:
    past = given(UNDER_60C, ABORT, "SearchPeriodGranted 2025-09-10 until=2026-04-15")
    assert past.rows("T02") == ["f2 2025-08-31..2026-04-15"]
    shorter = given(UNDER_60C, ABORT, "SearchPeriodGranted 2025-09-10 until=2025-11-30")
    assert shorter.rows("T02") == ["f2 2025-08-31..2025-11-30"]


def test_t02_the_last_of_several_search_periods_counts(given: Given) -> None:
    past = given(
        UNDER_60C,
        ABORT,
        "SearchPeriodGranted 2025-09-10 until=2025-11-30",
        "SearchPeriodGranted 2025-11-10 until=2026-01-31",
        "SearchPeriodGranted 2025-12-10",
    )
    assert past.rows("T02") == ["f2 2025-08-31..2026-01-31"]


def test_t02_a_search_period_granted_on_the_day_of_the_abort_counts(given: Given) -> None:
    past = given(UNDER_60C, ABORT, "SearchPeriodGranted 2025-08-31 until=2025-12-31")
    assert past.rows("T02") == ["f2 2025-08-31..2025-12-31"]


def test_t02_a_second_abort_under_the_same_basis_has_no_search_left(given: Given) -> None:
    past = given(
        "ToleranceIssued 2021-01-01 basis=AUFENTHG_60C",
        "TrainingAborted 2022-05-01",
        "TrainingContractSigned 2022-06-01",
        ABORT,
    )
    assert past.rows("T02") == [
        "f2 2022-05-01..2022-11-01 in_time 2022-06-01 f3",
        "f4 2025-08-31..2025-08-31",
    ]


def test_t02_the_used_up_search_is_due_on_the_day_of_the_abort_and_open_the_next(
    given: Given,
) -> None:
    past = given(UNDER_60C, "TrainingAborted 2024-05-01", ABORT)
    assert past.states("T02", "2025-08-31")["f3"] is State.DUE
    assert past.states("T02", "2025-09-01")["f3"] is State.OPEN


def test_t02_an_earlier_abort_under_another_basis_uses_nothing_up(given: Given) -> None:
    past = given(
        "ToleranceIssued 2021-01-01 basis=AUFENTHG_60C",
        "TrainingAborted 2022-05-01",
        UNDER_16G,
        ABORT,
    )
    assert past.rows("T02")[-1] == f"f4 {SEARCH}"


def test_t02_an_earlier_abort_that_is_no_trigger_uses_nothing_up(given: Given) -> None:
    """The first abort had its next contract in hand, so no search began."""
    past = given(
        "ToleranceIssued 2021-01-01 basis=AUFENTHG_60C",
        "TrainingContractSigned 2022-04-01 start=2022-06-01",
        "TrainingAborted 2022-05-01",
        ABORT,
    )
    assert past.rows("T02") == [f"f4 {SEARCH}"]


def test_t02_an_earlier_search_period_under_the_same_basis_uses_the_search_up(given: Given) -> None:
    past = given(UNDER_60C, "SearchPeriodGranted 2024-05-01 until=2024-11-01", ABORT)
    assert past.rows("T02") == ["f3 2025-08-31..2025-08-31"]
    other = given(UNDER_60C, "SearchPeriodGranted 2024-03-01 until=2024-09-01", UNDER_16G, ABORT)
    assert other.rows("T02") == [f"f4 {SEARCH}"]


def test_t02_a_new_search_period_after_the_second_abort_counts_all_the_same(given: Given) -> None:
    past = given(
        UNDER_60C,
        "TrainingAborted 2024-05-01",
        ABORT,
        "SearchPeriodGranted 2025-09-05 until=2025-12-31",
    )
    assert past.rows("T02")[-1] == "f3 2025-08-31..2025-12-31"


def test_t02_a_search_period_after_the_next_abort_belongs_to_that_one(given: Given) -> None:
    past = given(
        UNDER_60C,
        "TrainingAborted 2025-05-01",
        ABORT,
        "SearchPeriodGranted 2025-09-05 until=2026-08-31",
    )
    assert past.rows("T02")[0] == "f2 2025-05-01..2025-11-01 superseded 2025-08-31 f3"


@pytest.mark.parametrize(
    ("day", "closed"),
    [("2026-02-28", "in_time 2026-02-28 f3"), ("2026-03-01", "late 2026-03-01 f3")],
)
@pytest.mark.parametrize("way", ["TrainingContractSigned", "TrainingStarted"])
def test_t02_is_followed_up_by_a_contract_or_a_new_training(
    given: Given, way: str, day: str, closed: str
) -> None:
    assert given(UNDER_60C, ABORT, f"{way} {day}").rows("T02") == [f"f2 {SEARCH} {closed}"]


def test_t02_a_contract_on_the_day_of_the_abort_counts_but_a_start_only_after_it(
    given: Given,
) -> None:
    contract = given(UNDER_60C, "TrainingContractSigned 2025-08-31", ABORT)
    assert contract.rows("T02") == [f"f3 {SEARCH} in_time 2025-08-31 f2"]
    start_before = given(UNDER_60C, "TrainingStarted 2025-08-31", ABORT)
    assert start_before.rows("T02") == [f"f3 {SEARCH}"]
    start_after = given(UNDER_60C, ABORT, "TrainingStarted 2025-08-31")
    assert start_after.rows("T02") == [f"f2 {SEARCH} in_time 2025-08-31 f3"]


def test_t02_is_cancelled_by_a_newer_title_with_another_known_basis(given: Given) -> None:
    past = given(UNDER_60C, ABORT, "TitleGranted 2025-10-01 basis=AUFENTHG_25B")
    assert past.rows("T02") == [f"f2 {SEARCH} cancelled 2025-10-01 f3"]
    other_clock = given(UNDER_60C, ABORT, UNDER_16G.replace("2024-04-01", "2025-10-01"))
    assert other_clock.rows("T02") == [f"f2 {SEARCH} cancelled 2025-10-01 f3"]


def test_t02_is_not_cancelled_by_the_same_or_an_unknown_basis_or_a_duldung(given: Given) -> None:
    same = UNDER_16G.replace("2024-04-01", "2025-10-01")
    assert given(UNDER_16G, ABORT, same).rows("T02") == [f"f2 {SEARCH}"]
    assert given(UNDER_16G, ABORT, "TitleGranted 2025-10-01").rows("T02") == [f"f2 {SEARCH}"]
    duldung = "ToleranceIssued 2025-10-01 basis=AUFENTHG_60A"
    assert given(UNDER_16G, ABORT, duldung).rows("T02") == [f"f2 {SEARCH}"]


@pytest.mark.parametrize(
    ("basis", "closed"),
    [("16G", ""), ("60C", ""), ("25B", " cancelled 2025-10-01 f2")],
)
def test_t02_the_data_row_is_cancelled_by_neither_16g_nor_60c(
    given: Given, basis: str, closed: str
) -> None:
    past = given(ABORT, f"TitleGranted 2025-10-01 basis=AUFENTHG_{basis}")
    assert past.rows("T02") == [f"data f1 {SEARCH}{closed}"]


def test_g12_t02_has_no_instance_before_its_law(given: Given) -> None:
    old_60c = "ToleranceIssued 2018-01-01 basis=AUFENTHG_60C"
    assert given(old_60c, "TrainingAborted 2019-12-31").rows("T02") == []
    assert given(old_60c, "TrainingAborted 2020-01-01").rows("T02") == ["f2 2020-01-01..2020-07-01"]
    old_16g = "TitleGranted 2023-01-01 basis=AUFENTHG_16G"
    assert given(old_16g, "TrainingAborted 2024-02-29").rows("T02") == []
    assert given(old_16g, "TrainingAborted 2024-03-01").rows("T02") == ["f2 2024-03-01..2024-09-01"]
    assert given("TrainingAborted 2019-12-31").rows("T02") == []
    assert given("TrainingAborted 2020-01-01").rows("T02") == ["data f1 2020-01-01..2020-07-01"]


def test_d3_t02_an_abort_known_by_month_counts_from_its_last_day(given: Given) -> None:
    past = given(UNDER_60C, "TrainingAborted 2025-08")
    assert past.rows("T02") == [f"f2 {SEARCH}"]
    assert past.only("T02").certainty is Certainty.POSSIBLY


# B03


def test_b03_example_known_early_the_last_day_is_moved_from_a_sunday(given: Given) -> None:
    past = given("EmploymentStarted 2024-12-01 fixed_term_until=2025-11-30")
    assert past.rows("B03") == ["f1 2025-07-31..2025-09-01"]
    assert past.only("B03").severity is Severity.HIGH
    assert past.state("B03", "2025-07-30") is State.NOT_APPLICABLE
    assert past.state("B03", "2025-07-31") is State.DUE
    assert past.state("B03", "2025-09-01") is State.DUE
    assert past.state("B03", "2025-09-02") is State.OPEN


def test_b03_example_known_late_three_days_and_past_easter(given: Given) -> None:
    past = given("EmploymentEndAnnounced 2025-04-15 end=2025-05-15")
    assert past.rows("B03") == ["f1 2025-04-15..2025-04-22"]


@pytest.mark.parametrize(
    ("end", "first", "due"),
    [
        ("2025-05-31", "2025-01-31", "2025-02-28"),
        ("2024-05-31", "2024-01-31", "2024-02-29"),
        ("2025-06-30", "2025-02-28", "2025-03-31"),
        ("2025-07-15", "2025-03-15", "2025-04-15"),
        ("2026-03-31", "2025-11-30", "2025-12-31"),
        ("2025-09-14", "2025-05-14", "2025-06-16"),
        ("2025-08-01", "2025-04-01", "2025-05-02"),
        ("2025-03-25", "2024-11-25", "2024-12-27"),
    ],
)
def test_d1_b03_counts_back_from_the_day_after_the_end_and_on_to_a_working_day(
    given: Given, end: str, first: str, due: str
) -> None:
    """14 June 2025 is a Saturday, 1 May a holiday, 25 and 26 December are Christmas."""
    past = given(f"EmploymentStarted 2023-01-01 fixed_term_until={end}")
    assert past.rows("B03") == [f"f1 {first}..{due}"]


@pytest.mark.parametrize(
    ("known", "due"),
    [
        ("2025-08-30", "2025-09-01"),
        ("2025-08-31", "2025-09-01"),
        ("2025-09-01", "2025-09-04"),
        ("2025-09-03", "2025-09-08"),
    ],
)
def test_b03_known_by_three_months_before_or_else_three_days_after(
    given: Given, known: str, due: str
) -> None:
    past = given(f"EmploymentEndAnnounced {known} end=2025-11-30")
    assert past.rows("B03") == [f"f1 {known}..{due}"]


def test_b03_the_trigger_is_the_day_on_which_the_end_was_known(given: Given) -> None:
    past = given("EmploymentEndAnnounced 2025-10-20 end=2025-11-30 known_since=2025-10-01")
    assert past.rows("B03") == ["f1 2025-10-01..2025-10-06"]


def test_b03_a_job_that_just_ended_is_due_three_days_later(given: Given) -> None:
    past = given("EmploymentStarted 2024-01-01", "EmploymentEnded 2025-06-30")
    assert past.rows("B03") == ["f2 2025-06-30..2025-07-03"]


def test_b03_an_undated_end_names_no_end(given: Given) -> None:
    past = given("EmploymentStarted 2024-01-01", "EmploymentEnded -", "NoteTaken 2025-06-30")
    assert past.rows("B03") == []


def test_b03_an_announcement_without_a_day_names_no_end(given: Given) -> None:
    assert given("EmploymentEndAnnounced 2025-06-30").rows("B03") == []


@pytest.mark.parametrize("way", ["JobSeekerRegistered", "UnemploymentRegistered"])
def test_b03_is_followed_up_by_registering_as_seeking_work_or_unemployed(
    given: Given, way: str
) -> None:
    end = "EmploymentEndAnnounced 2025-04-15 end=2025-05-15"
    assert given(end, f"{way} 2025-04-22").rows("B03") == [
        "f1 2025-04-15..2025-04-22 in_time 2025-04-22 f2"
    ]
    assert given(end, f"{way} 2025-04-23").rows("B03") == [
        "f1 2025-04-15..2025-04-22 late 2025-04-23 f2"
    ]
    assert given(end, f"{way} 2025-04-15").rows("B03") == [
        "f1 2025-04-15..2025-04-22 in_time 2025-04-15 f2"
    ]
    assert given(f"{way} 2025-04-14", end).rows("B03") == ["f2 2025-04-15..2025-04-22"]
    assert given(end, f"{way} - on=2025-04-16").rows("B03") == [
        "f1 2025-04-15..2025-04-22 in_time 2025-04-16 f2"
    ]


def test_b03_a_registration_before_the_window_prevents_it(given: Given) -> None:
    term = "EmploymentStarted 2024-12-01 fixed_term_until=2025-11-30"
    assert given(term, "JobSeekerRegistered 2025-03-01").rows("B03") == []
    assert given(term, "JobSeekerRegistered 2024-12-01").rows("B03") == []
    assert given("JobSeekerRegistered 2024-11-30", term).rows("B03") == [
        "f2 2025-07-31..2025-09-01"
    ]


def test_b03_an_undated_registration_counts_after_the_first_fact_that_named_an_end(
    given: Given,
) -> None:
    end = "EmploymentEndAnnounced 2025-04-15 end=2025-05-15"
    assert given(end, "JobSeekerRegistered -").rows("B03") == [
        "f1 2025-04-15..2025-04-22 in_time 2025-04-22 f2"
    ]
    assert given("JobSeekerRegistered -", end).rows("B03") == ["f2 2025-04-15..2025-04-22"]


def test_b03_a_registration_since_an_earlier_named_end_of_the_job_counts(given: Given) -> None:
    past = given(
        "EmploymentStarted 2024-12-01 fixed_term_until=2025-11-30",
        "JobSeekerRegistered 2025-08-20",
        "EmploymentChanged 2025-08-25 fixed_term_until=2026-02-28",
    )
    assert past.rows("B03") == ["f1 2025-07-31..2025-09-01 in_time 2025-08-20 f2"]


def test_b03_an_end_that_shares_a_day_with_the_one_before_is_the_same_end(given: Given) -> None:
    past = given(
        "EmploymentStarted 2024-12-01 fixed_term_until=2025-11-30",
        "EmploymentEndAnnounced 2025-09-20 end=2025-11",
        "EmploymentEnded 2025-11-30",
    )
    assert past.rows("B03") == ["f1 2025-07-31..2025-09-01"]


def test_b03_another_end_supersedes_on_the_day_of_the_fact_that_names_it(given: Given) -> None:
    past = given(
        "EmploymentStarted 2024-12-01 fixed_term_until=2025-11-30",
        "EmploymentEndAnnounced 2025-08-20 end=2025-09-30 known_since=2025-08-10",
    )
    assert past.rows("B03") == [
        "f1 2025-07-31..2025-09-01 superseded 2025-08-20 f2",
        "f2 2025-08-10..2025-08-13",
    ]


def test_b03_an_end_superseded_before_its_window_never_comes_into_being(given: Given) -> None:
    past = given(
        "EmploymentStarted 2024-12-01 fixed_term_until=2025-11-30",
        "EmploymentChanged 2025-07-30 fixed_term_until=2026-11-30",
    )
    assert past.rows("B03") == ["f2 2026-07-31..2026-08-31"]


@pytest.mark.parametrize(
    "work",
    [
        "EmploymentStarted {} employer=other",
        "EmploymentStarted {} employment_kind=SV_TEILZEIT",
        "TrainingStarted {}",
    ],
)
def test_b03_is_cancelled_by_other_work_from_the_first_day_of_the_window(
    given: Given, work: str
) -> None:
    term = "EmploymentStarted 2024-12-01 fixed_term_until=2025-11-30 employer=first"
    assert given(term, work.format("2025-07-31")).rows("B03") == [
        "f1 2025-07-31..2025-09-01 cancelled 2025-07-31 f2"
    ]
    assert given(term, work.format("2025-09-15")).rows("B03") == [
        "f1 2025-07-31..2025-09-01 cancelled 2025-09-15 f2"
    ]
    assert given(term, work.format("2025-07-30")).rows("B03") == ["f1 2025-07-31..2025-09-01"]
    assert given(term, work.format("-")).rows("B03") == [
        "f1 2025-07-31..2025-09-01 cancelled 2025-09-01 f2"
    ]


def test_b03_is_not_cancelled_by_a_minijob(given: Given) -> None:
    past = given(
        "EmploymentStarted 2024-12-01 fixed_term_until=2025-11-30",
        "EmploymentStarted 2025-08-15 employment_kind=MINIJOB",
    )
    assert past.rows("B03") == ["f1 2025-07-31..2025-09-01"]


def test_b03_does_not_watch_a_minijob(given: Given) -> None:
    minijob = "EmploymentStarted 2024-12-01 employment_kind=MINIJOB fixed_term_until=2025-11-30"
    assert given(minijob).rows("B03") == []
    assert given(minijob, "EmploymentEnded 2025-06-30").rows("B03") == []


def test_b03_asks_the_kind_of_the_job_when_the_end_is_named(given: Given) -> None:
    past = given(
        "EmploymentStarted 2024-12-01 employment_kind=MINIJOB",
        "EmploymentChanged 2025-02-01 employment_kind=SV_TEILZEIT",
        "EmploymentEnded 2025-06-30",
    )
    assert past.rows("B03") == ["f3 2025-06-30..2025-07-03"]


def test_b03_a_change_to_a_minijob_with_another_end_supersedes_and_has_no_instance(
    given: Given,
) -> None:
    past = given(
        "EmploymentStarted 2024-12-01 fixed_term_until=2025-11-30",
        "EmploymentChanged 2025-08-15 employment_kind=MINIJOB fixed_term_until=2026-06-30",
    )
    assert past.rows("B03") == ["f1 2025-07-31..2025-09-01 superseded 2025-08-15 f2"]


def test_b03_the_end_belongs_to_the_job_that_it_names(given: Given) -> None:
    past = given(
        "EmploymentStarted 2023-01-01 employer=a",
        "EmploymentStarted 2024-01-01 employer=b employment_kind=MINIJOB",
        "EmploymentEnded 2025-06-30 employment=f1",
    )
    assert past.rows("B03") == ["f3 2025-06-30..2025-07-03"]


def test_b03_without_a_name_the_end_belongs_to_the_latest_running_job_that_fits(
    given: Given,
) -> None:
    jobs = (
        "EmploymentStarted 2023-01-01 employer=a",
        "EmploymentStarted 2024-01-01 employer=b employment_kind=MINIJOB",
    )
    assert given(*jobs, "EmploymentEnded 2025-06-30 employer=a").rows("B03") == [
        "f3 2025-06-30..2025-07-03"
    ]
    assert given(*jobs, "EmploymentEnded 2025-06-30 employer=b").rows("B03") == []
    assert given(*jobs, "EmploymentEnded 2025-06-30").rows("B03") == []
    both = given(*jobs, "EmploymentEnded 2025-06-30", "EmploymentEnded 2025-07-31")
    assert both.rows("B03") == ["f4 2025-07-31..2025-08-04"]


def test_b03_an_end_that_fits_no_job_is_that_of_a_job_of_its_own(given: Given) -> None:
    past = given(
        "EmploymentStarted 2024-12-01 employer=a fixed_term_until=2025-11-30",
        "EmploymentEndAnnounced 2025-08-20 employer=b end=2025-09-30",
    )
    assert past.rows("B03") == ["f1 2025-07-31..2025-09-01", "f2 2025-08-20..2025-08-25"]


def test_d6_b03_two_jobs_are_two_series(given: Given) -> None:
    past = given(
        "EmploymentStarted 2024-12-01 employer=a fixed_term_until=2025-11-30",
        "EmploymentStarted 2024-12-02 employer=b fixed_term_until=2026-11-30",
    )
    assert past.rows("B03") == ["f1 2025-07-31..2025-09-01", "f2 2026-07-31..2026-08-31"]


def test_g6_b03_a_partial_end_warns_from_its_earliest_day(given: Given) -> None:
    """Four months before 1 June 2025 is 1 February; three months before 30 June is 31 March."""
    past = given("EmploymentStarted 2024-12-01 fixed_term_until=2025-06")
    assert past.rows("B03") == ["f1 2025-02-01..2025-03-31"]
    assert past.only("B03").certainty is Certainty.POSSIBLY


def test_g6_b03_an_undated_start_with_a_known_end_sets_no_bound(given: Given) -> None:
    past = given("EmploymentStarted - fixed_term_until=2025-11-30", "NoteTaken 2025-08-20")
    assert past.rows("B03") == ["f1 2025-07-31..2025-09-01"]


def test_g12_b03_is_judged_by_its_due_day_from_2006_on(given: Given) -> None:
    assert given("EmploymentStarted 2004-01-01 fixed_term_until=2006-03-30").rows("B03") == []
    assert given("EmploymentStarted 2004-01-01 fixed_term_until=2006-04-30").rows("B03") == [
        "f1 2005-12-31..2006-01-31"
    ]
    assert given("EmploymentEndAnnounced 2005-12-27 end=2006-01-31").rows("B03") == []
    assert given("EmploymentEndAnnounced 2005-12-30 end=2006-01-31").rows("B03") == [
        "f1 2005-12-30..2006-01-02"
    ]


def test_b03_goes_on_after_naturalisation(given: Given) -> None:
    past = given(
        "EmploymentStarted 2024-12-01 fixed_term_until=2025-11-30",
        "NaturalisationCertificateHandedOver 2025-08-10",
    )
    assert past.rows("B03") == ["f1 2025-07-31..2025-09-01"]


def test_g11_b03_a_term_learnt_late_was_not_known_before(given: Given) -> None:
    past = given("EmploymentStarted 2024-12-01 fixed_term_until=2025-11-30 @2025-10-01")
    assert past.rows("B03", known_at="2025-09-30") == []
    assert past.rows("B03", known_at="2025-10-01") == ["f1 2025-07-31..2025-09-01"]


# B07


def test_b07_example_a_course_from_1_april_and_a_job_from_1_may(given: Given) -> None:
    past = given(FULL_COURSE, FULL_JOB)
    assert past.rows("B07") == [COLLISION]
    assert past.only("B07").severity is Severity.MEDIUM
    assert past.state("B07", "2025-04-30") is State.NOT_APPLICABLE
    assert past.state("B07", "2025-05-01") is State.DUE
    assert past.state("B07", "2025-05-14") is State.DUE
    assert past.state("B07", "2025-05-15") is State.OPEN


def test_b07_the_key_names_the_work_then_the_course(given: Given) -> None:
    past = given("EmploymentStarted 2025-03-01 employment_kind=SV_VOLLZEIT", FULL_COURSE)
    assert past.rows("B07") == ["f1+f2 2025-04-01..2025-04-14"]


@pytest.mark.parametrize("mode", ["part", "online"])
def test_b07_watches_no_course_that_is_not_full_time(given: Given, mode: str) -> None:
    assert given(f"CourseStarted 2025-04-01 mode={mode}", FULL_JOB).rows("B07") == []


def test_d17_b07_a_missing_mode_is_a_data_row_with_the_days_of_the_gap(given: Given) -> None:
    past = given("CourseStarted 2025-04-01", FULL_JOB)
    assert past.rows("B07") == [f"data {COLLISION}"]
    assert past.only("B07").severity is Severity.LOW


@pytest.mark.parametrize("kind", ["SV_TEILZEIT", "MINIJOB", "LEIHARBEIT"])
def test_b07_watches_no_job_that_is_not_full_time(given: Given, kind: str) -> None:
    past = given(FULL_COURSE, f"EmploymentStarted 2025-05-01 employment_kind={kind}")
    assert past.rows("B07") == []
    assert given(FULL_COURSE, "EmploymentStarted 2025-05-01").rows("B07") == []


def test_b07_a_training_is_full_time_work(given: Given) -> None:
    past = given(FULL_COURSE, "TrainingStarted 2025-05-01")
    assert past.rows("B07") == [COLLISION]


@pytest.mark.parametrize(
    "end",
    ["CourseCompleted", "CourseAborted", "CourseInterrupted", "EmploymentEnded"],
)
@pytest.mark.parametrize(
    ("day", "how"), [("2025-05-02", "in_time"), ("2025-05-14", "in_time"), ("2025-05-15", "late")]
)
def test_b07_is_followed_up_by_what_ends_the_course_or_the_job(
    given: Given, end: str, day: str, how: str
) -> None:
    past = given(FULL_COURSE, FULL_JOB, f"{end} {day}")
    assert past.rows("B07") == [f"{COLLISION} {how} {day} f3"]


@pytest.mark.parametrize(
    "end",
    ["TrainingAborted", "TrainingInterrupted", "TrainingCompleted", "TrainingFinallyFailed"],
)
def test_b07_is_followed_up_by_what_ends_the_training(given: Given, end: str) -> None:
    past = given(FULL_COURSE, "TrainingStarted 2025-05-01", f"{end} 2025-05-10")
    assert past.rows("B07") == [f"{COLLISION} in_time 2025-05-10 f3"]


@pytest.mark.parametrize("end", ["CourseCompleted", "CourseInterrupted"])
def test_b07_needs_a_common_day(given: Given, end: str) -> None:
    assert given(FULL_COURSE, f"{end} 2025-04-30", FULL_JOB).rows("B07") == []
    assert given(FULL_COURSE, f"{end} 2025-05-01", FULL_JOB).rows("B07") == []
    assert given(FULL_COURSE, FULL_JOB, f"{end} 2025-05-01").rows("B07") == []


def test_b07_a_change_to_part_time_ends_the_work(given: Given) -> None:
    past = given(FULL_COURSE, FULL_JOB, "EmploymentChanged 2025-05-10 employment_kind=SV_TEILZEIT")
    assert past.rows("B07") == [f"{COLLISION} in_time 2025-05-10 f3"]


def test_b07_a_change_without_a_kind_ends_nothing(given: Given) -> None:
    assert given(FULL_COURSE, FULL_JOB, "EmploymentChanged 2025-05-10").rows("B07") == [COLLISION]


def test_b07_work_begins_with_the_change_that_makes_it_full_time(given: Given) -> None:
    past = given(
        FULL_COURSE,
        "EmploymentStarted 2025-02-01 employment_kind=SV_TEILZEIT",
        "EmploymentChanged 2025-05-01 employment_kind=SV_VOLLZEIT",
    )
    assert past.rows("B07") == ["f3+f1 2025-05-01..2025-05-14"]


def test_b07_a_fixed_term_closes_on_the_day_after_it(given: Given) -> None:
    assert given(FULL_COURSE, f"{FULL_JOB} fixed_term_until=2025-05-13").rows("B07") == [
        f"{COLLISION} in_time 2025-05-14 f2"
    ]
    assert given(FULL_COURSE, f"{FULL_JOB} fixed_term_until=2025-05-14").rows("B07") == [
        f"{COLLISION} late 2025-05-15 f2"
    ]
    longer = "EmploymentChanged 2025-05-05 fixed_term_until=2025-12-31"
    assert given(FULL_COURSE, f"{FULL_JOB} fixed_term_until=2025-05-13", longer).rows("B07") == [
        f"{COLLISION} late 2026-01-01 f3"
    ]


def test_b07_a_job_whose_term_is_over_does_not_collide(given: Given) -> None:
    job = "EmploymentStarted 2024-05-01 employment_kind=SV_VOLLZEIT fixed_term_until={}"
    assert given(job.format("2025-03-31"), FULL_COURSE).rows("B07") == []
    assert given(job.format("2025-04-01"), FULL_COURSE).rows("B07") == [
        "f1+f2 2025-04-01..2025-04-14 in_time 2025-04-02 f1"
    ]


def test_b07_the_end_told_stands_before_the_fixed_term(given: Given) -> None:
    past = given(
        FULL_COURSE, f"{FULL_JOB} fixed_term_until=2025-05-13", "EmploymentEnded 2025-06-30"
    )
    assert past.rows("B07") == [f"{COLLISION} late 2025-06-30 f3"]


@pytest.mark.parametrize("mode", ["part", "online"])
def test_b07_is_cancelled_by_a_part_time_course_that_follows(given: Given, mode: str) -> None:
    past = given(FULL_COURSE, FULL_JOB, f"CourseStarted 2025-05-10 mode={mode}")
    assert past.rows("B07") == [f"{COLLISION} cancelled 2025-05-10 f3"]


def test_b07_the_next_full_time_course_ends_the_one_and_begins_another(given: Given) -> None:
    past = given(FULL_COURSE, FULL_JOB, "CourseStarted 2025-05-10 mode=full")
    assert past.rows("B07") == [
        f"{COLLISION} in_time 2025-05-10 f3",
        "f2+f3 2025-05-10..2025-05-23",
    ]


def test_b07_a_resumed_course_begins_again_with_its_own_id_and_the_same_mode(given: Given) -> None:
    past = given(FULL_COURSE, "CourseInterrupted 2025-04-20", FULL_JOB, "CourseResumed 2025-06-02")
    assert past.rows("B07") == ["f3+f4 2025-06-02..2025-06-15"]
    part = given(
        "CourseStarted 2025-04-01 mode=part",
        "CourseInterrupted 2025-04-20",
        FULL_JOB,
        "CourseResumed 2025-06-02",
    )
    assert part.rows("B07") == []
    unknown = given(
        "CourseStarted 2025-04-01",
        "CourseInterrupted 2025-04-20",
        FULL_JOB,
        "CourseResumed 2025-06-02",
    )
    assert unknown.rows("B07") == ["data f3+f4 2025-06-02..2025-06-15"]


def test_b07_a_course_that_was_not_interrupted_is_not_resumed(given: Given) -> None:
    aborted = given(FULL_COURSE, "CourseAborted 2025-04-20", FULL_JOB, "CourseResumed 2025-06-02")
    assert aborted.rows("B07") == []
    running = given(FULL_COURSE, FULL_JOB, "CourseResumed 2025-06-02")
    assert running.rows("B07") == [COLLISION]


def test_b07_an_interruption_told_twice_is_resumed_all_the_same(given: Given) -> None:
    past = given(
        FULL_COURSE,
        "CourseInterrupted 2025-04-20",
        "CourseInterrupted 2025-04-25",
        FULL_JOB,
        "CourseResumed 2025-06-02",
    )
    assert past.rows("B07") == ["f4+f5 2025-06-02..2025-06-15"]


def test_d6_b07_every_pair_of_course_and_work_is_an_instance_of_its_own(given: Given) -> None:
    past = given(FULL_COURSE, FULL_JOB, "TrainingStarted 2025-05-20")
    assert past.rows("B07") == [COLLISION, "f3+f1 2025-05-20..2025-06-02"]


def test_d3_b07_a_start_known_by_month_counts_from_its_last_day(given: Given) -> None:
    past = given(FULL_COURSE, "EmploymentStarted 2025-05 employment_kind=SV_VOLLZEIT")
    assert past.rows("B07") == ["f2+f1 2025-05-31..2025-06-13"]
    assert past.only("B07").certainty is Certainty.POSSIBLY


def test_g5_b07_an_end_known_by_month_is_in_time_if_any_of_its_days_is(given: Given) -> None:
    past = given(FULL_COURSE, FULL_JOB, "CourseCompleted 2025-05")
    assert past.rows("B07") == [f"{COLLISION} in_time 2025-05-14 f3"]


def test_b07_names_work_and_course_as_its_evidence(given: Given) -> None:
    one = given(FULL_COURSE, FULL_JOB).only("B07")
    assert set(one.evidence) == {"f1", "f2"}
    assert one.begins_on == date(2025, 5, 1)
