"""B04, B05, B06: a job lost under § 60d, a fixed term that ends, work that stays small."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.evaluation import why
from domain.chain.intervals import Certainty, ClosedBy, Kind, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]

UNDER_60D = "ToleranceIssued 2024-06-03 basis=AUFENTHG_60D"
JOB = "EmploymentStarted 2024-01-08 employer=a employment_kind=SV_TEILZEIT"
LOST = "EmploymentEnded 2025-03-28 employer=a"
CONTACT, NEW_JOB = "f3+contact 2025-03-28..2025-04-02", "f3+job 2025-03-28..2025-04-11"
TERM = "EmploymentStarted 2008-12-01 employer=a fixed_term_until=2010-11-30"
TERM_WINDOW = "f1 2010-08-02..2010-11-30"
MINIJOB = "EmploymentStarted 2024-03-01 employer=a employment_kind=MINIJOB"


# B04


def test_b04_example_contact_in_three_working_days_and_a_new_job_in_two_weeks(
    given: Given,
) -> None:
    past = given(UNDER_60D, JOB, LOST)
    assert past.rows("B04") == [CONTACT, NEW_JOB]
    assert past.states("B04", "2025-04-02") == {
        "f3+contact": State.DUE,
        "f3+job": State.DUE,
    }
    assert past.states("B04", "2025-04-03")["f3+contact"] is State.OPEN
    assert past.states("B04", "2025-04-12")["f3+job"] is State.OPEN
    assert {one.severity for one in past.intervals("B04")} == {Severity.CRITICAL}


@pytest.mark.parametrize(
    ("line", "contact", "job"),
    [
        ("ContactHeld 2025-04-02", ClosedBy.IN_TIME, None),
        ("ContactHeld 2025-04-03", ClosedBy.LATE, None),
        ("ContactHeld 2025-04-01 no_show=true", None, None),
        ("EmploymentStarted 2025-04-01", ClosedBy.CANCELLED, ClosedBy.IN_TIME),
        ("EmploymentStarted 2025-04-01 employment_kind=MINIJOB", None, None),
        ("TrainingStarted 2025-04-14", ClosedBy.CANCELLED, ClosedBy.LATE),
        ("TitleGranted 2025-04-01", ClosedBy.CANCELLED, ClosedBy.CANCELLED),
        (
            "ToleranceIssued 2025-04-01 basis=AUFENTHG_60A",
            ClosedBy.CANCELLED,
            ClosedBy.CANCELLED,
        ),
        ("ToleranceIssued 2025-04-01 basis=AUFENTHG_60D", None, None),
        ("ToleranceIssued 2025-04-01", None, None),
        (
            "NaturalisationCertificateHandedOver 2025-04-01",
            ClosedBy.CANCELLED,
            ClosedBy.CANCELLED,
        ),
    ],
)
def test_b04_what_closes_which_duty(
    given: Given, line: str, contact: ClosedBy | None, job: ClosedBy | None
) -> None:
    found = given(UNDER_60D, JOB, LOST, line).intervals("B04")
    assert [one.closed_by for one in found] == [contact, job]


def test_b04_what_was_done_since_the_end_was_announced_counts(given: Given) -> None:
    announced = "EmploymentEndAnnounced 2025-03-03 employer=a end=2025-03-28"
    talked = given(UNDER_60D, JOB, announced, "ContactHeld 2025-03-10", LOST)
    assert [one.key for one in talked.intervals("B04")] == ["f5+job"]
    before = given(UNDER_60D, JOB, "ContactHeld 2025-02-28", announced, LOST)
    assert [one.key for one in before.intervals("B04")] == ["f5+contact", "f5+job"]
    hired = given(UNDER_60D, JOB, announced, "EmploymentStarted 2025-03-28 employer=b", LOST)
    assert hired.rows("B04") == []


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["ToleranceIssued 2024-06-03 basis=AUFENTHG_60A", JOB, LOST], "no Duldung for"),
        (["TitleGranted 2024-06-03 basis=AUFENTHG_25B", JOB, LOST], "no Duldung for"),
        ([JOB, LOST], "no Duldung for"),
        ([UNDER_60D, "EmploymentStarted 2024-07-01 employment_kind=MINIJOB", LOST], "Minijob"),
        ([UNDER_60D, JOB, "EmploymentStarted 2024-08-01 employer=b", LOST], "still runs"),
    ],
)
def test_d21_b04_where_there_is_no_instance_the_first_failing_condition_is_named(
    given: Given, lines: list[str], reason: str
) -> None:
    past = given(*lines)
    assert past.rows("B04") == []
    standing = why(read(past.told), RULES["B04"], date(2025, 4, 1))
    assert any(reason in one.reason.en for one in standing.turned)


def test_b04_a_small_or_ended_job_beside_is_no_other_job(given: Given) -> None:
    for beside in (
        ["EmploymentStarted 2024-08-01 employer=b employment_kind=MINIJOB"],
        ["EmploymentStarted 2024-08-01 employer=b fixed_term_until=2025-03-27"],
        ["EmploymentStarted 2024-08-01 employer=b", "EmploymentEnded 2025-01-31 employer=b"],
    ):
        assert given(UNDER_60D, JOB, *beside, LOST).intervals("B04")[-1].closed_by is None


def test_d17_b04_a_duldung_without_basis_is_a_data_row(given: Given) -> None:
    past = given("ToleranceIssued 2024-06-03", JOB, LOST)
    assert past.rows("B04") == [f"data {CONTACT}", f"data {NEW_JOB}"]


def test_d6_b04_the_next_loss_supersedes(given: Given) -> None:
    past = given(
        UNDER_60D,
        JOB,
        LOST,
        "EmploymentStarted 2025-04-20 employer=b",
        "EmploymentEnded 2025-05-30 employer=b",
    )
    assert past.rows("B04")[1] == f"{NEW_JOB} late 2025-04-20 f4"
    again = given(UNDER_60D, JOB, LOST, "EmploymentEnded 2025-05-30 employer=b")
    assert again.rows("B04")[0] == f"{CONTACT} superseded 2025-05-30 f4"


# B05


def test_b05_c36_a_hundred_and_twenty_days_before_the_term(given: Given) -> None:
    past = given(TERM)
    assert past.rows("B05") == [TERM_WINDOW]
    assert past.state("B05", "2010-08-01") is State.NOT_APPLICABLE
    assert past.state("B05", "2010-08-02") is State.DUE
    assert past.state("B05", "2010-11-30") is State.DUE
    assert past.state("B05", "2010-12-01") is State.OPEN


@pytest.mark.parametrize(
    ("line", "by"),
    [
        ("EmploymentChanged 2010-09-06 employer=a", ClosedBy.IN_TIME),
        ("EmploymentChanged 2010-08-01 employer=a", None),
        ("EmploymentChanged 2010-09-06 employer=b", None),
        ("EmploymentChanged 2010-09-06 fixed_term_until=2010-11-30", None),
        ("EmploymentChanged 2010-09-06 fixed_term_until=2011-11-30", ClosedBy.SUPERSEDED),
        ("EmploymentStarted 2010-12-01 employer=b", ClosedBy.LATE),
        ("EmploymentStarted 2010-10-01 employer=b", ClosedBy.IN_TIME),
        ("EmploymentStarted 2010-08-01 employer=b", None),
        ("EmploymentStarted 2010-10-01 employer=b employment_kind=MINIJOB", None),
        ("TrainingStarted 2010-09-01", ClosedBy.IN_TIME),
        ("StudyAdmitted 2010-09-01", ClosedBy.CANCELLED),
        ("StudyAdmitted 2010-07-01", None),
        ("SelfEmploymentStarted 2010-09-01", ClosedBy.CANCELLED),
        ("EmploymentEnded 2010-09-30 employer=a", ClosedBy.CANCELLED),
        ("EmploymentEnded 2010-11-30 employer=a", None),
        ("EmploymentEnded 2010-11 employer=a", None),
        ("EmploymentEnded - @2010-09-30", None),
        ("LeftGermany 2010-09-30", ClosedBy.CANCELLED),
        ("NaturalisationCertificateHandedOver 2010-09-30", None),
    ],
)
def test_b05_what_closes_it(given: Given, line: str, by: ClosedBy | None) -> None:
    assert given(TERM, line).intervals("B05")[0].closed_by is by


def test_b05_a_job_that_ended_long_before_has_no_term_left(given: Given) -> None:
    assert given(TERM, "EmploymentEnded 2010-05-31 employer=a").rows("B05") == []


def test_b05_another_term_has_its_own_instance(given: Given) -> None:
    past = given(TERM, "EmploymentChanged 2010-09-06 employer=a fixed_term_until=2011-11-30")
    assert past.rows("B05") == [
        f"{TERM_WINDOW} superseded 2010-09-06 f2",
        "f2 2011-08-02..2011-11-30",
    ]
    early = given(TERM, "EmploymentChanged 2010-05-03 employer=a fixed_term_until=2011-11-30")
    assert early.rows("B05") == ["f2 2011-08-02..2011-11-30"]


def test_b05_a_minijob_is_none(given: Given) -> None:
    assert given(f"{TERM} employment_kind=MINIJOB").rows("B05") == []


def test_d3_b05_a_term_known_by_month_is_warned_of_from_its_first_day(given: Given) -> None:
    past = given("EmploymentStarted 2008-12-01 fixed_term_until=2010-11")
    assert past.rows("B05") == ["f1 2010-07-04..2010-11-30"]
    assert past.only("B05").certainty is Certainty.POSSIBLY


def test_g6_b05_a_term_told_late_begins_on_that_day(given: Given) -> None:
    past = given("EmploymentStarted 2010-10-04 fixed_term_until=2010-11-30")
    assert past.rows("B05") == ["f1 2010-10-04..2010-11-30"]
    undated = given("EmploymentStarted - fixed_term_until=2010-11-30", "NoteTaken 2010-10-04")
    assert undated.rows("B05") == [TERM_WINDOW]


# B06


def test_b06_example_a_year_of_small_work(given: Given) -> None:
    past = given(MINIJOB)
    assert past.rows("B06") == ["f1 2024-03-01..2025-03-01"]
    assert past.state("B06", "2024-02-29") is State.NOT_APPLICABLE
    assert past.state("B06", "2025-03-01") is State.DUE
    assert past.state("B06", "2025-03-02") is State.OPEN
    assert past.only("B06").severity is Severity.LOW
    assert past.only("B06").kind is Kind.GAP


@pytest.mark.parametrize(
    ("lines", "row"),
    [
        (
            ["EmploymentStarted 2024-09-02 employer=b employment_kind=SV_TEILZEIT"],
            "in_time 2024-09-02 f2",
        ),
        (
            ["EmploymentStarted 2025-06-02 employer=b employment_kind=SV_TEILZEIT"],
            "late 2025-06-02 f2",
        ),
        (
            ["EmploymentChanged 2024-09-02 employer=a employment_kind=MIDIJOB"],
            "in_time 2024-09-02 f2",
        ),
        (["SelfEmploymentStarted 2024-09-02"], "in_time 2024-09-02 f2"),
        (["EmploymentEnded 2024-09-02 employer=a"], "cancelled 2024-09-03 f2"),
        (["TrainingStarted 2024-09-02"], "cancelled 2024-09-02 f2"),
        (["SchoolStarted 2024-09-02"], "cancelled 2024-09-02 f2"),
        (["StudyAdmitted 2024-09-02"], "cancelled 2024-09-02 f2"),
        (["HealthBarrierReported 2024-09-02 severity=severe"], "cancelled 2024-09-02 f2"),
        (["HealthBarrierReported 2024-09-02 severity=moderate"], ""),
        (["SchoolStarted 2024-09-02 child_ref=c"], ""),
        (["EmploymentStarted 2024-09-02 employer=b employment_kind=AUSHILFE_KURZFRISTIG"], ""),
        (["EmploymentChanged 2024-09-02 employer=a"], ""),
        (
            [
                "EmploymentChanged 2024-06-03 employer=a",
                "EmploymentChanged 2024-09-02 employer=a employment_kind=MIDIJOB",
            ],
            "in_time 2024-09-02 f3",
        ),
        (
            [
                "EmploymentEndAnnounced 2024-06-03 employer=a",
                "EmploymentChanged 2024-09-02 employer=a employment_kind=MIDIJOB",
            ],
            "in_time 2024-09-02 f3",
        ),
    ],
)
def test_b06_what_ends_the_stretch(given: Given, lines: list[str], row: str) -> None:
    assert given(MINIJOB, *lines).rows("B06")[0] == f"f1 2024-03-01..2025-03-01 {row}".strip()


def test_b06_a_fixed_term_ends_it_on_the_day_after(given: Given) -> None:
    past = given(f"{MINIJOB} fixed_term_until=2024-08-31")
    assert past.rows("B06") == ["f1 2024-03-01..2025-03-01 cancelled 2024-09-01 f1"]


@pytest.mark.parametrize("kind", ["SV_VOLLZEIT", "MINIJOB", "AUSHILFE_KURZFRISTIG"])
def test_b06_a_change_told_after_the_fixed_term_prolongs_nothing(given: Given, kind: str) -> None:
    past = given(
        f"{MINIJOB} fixed_term_until=2024-08-31",
        f"EmploymentChanged 2024-12-02 employer=a employment_kind={kind}",
    )
    assert past.rows("B06") == ["f1 2024-03-01..2025-03-01 cancelled 2024-09-01 f1"]


def test_b06_small_jobs_that_follow_each_other_are_one_stretch(given: Given) -> None:
    ended = "EmploymentEnded 2024-08-31 employer=a"
    following = "EmploymentStarted {} employer=b employment_kind=MINIJOB"
    joined = given(MINIJOB, ended, following.format("2024-09-01"))
    assert joined.rows("B06") == ["f1 2024-03-01..2025-03-01"]
    apart = given(MINIJOB, ended, following.format("2024-09-02"))
    assert apart.rows("B06") == [
        "f1 2024-03-01..2025-03-01 cancelled 2024-09-01 f2",
        "f3 2024-09-02..2025-09-02",
    ]


def test_b06_a_stretch_begins_again_when_the_other_thing_is_over(given: Given) -> None:
    past = given(MINIJOB, "TrainingStarted 2024-09-02", "TrainingAborted 2025-02-10")
    assert past.rows("B06") == [
        "f1 2024-03-01..2025-03-01 cancelled 2024-09-02 f2",
        "f1+f3 2025-02-11..2026-02-11",
    ]
    job = given(
        MINIJOB,
        "EmploymentStarted 2024-04-01 employer=b employment_kind=SV_TEILZEIT",
        "EmploymentEnded 2024-12-31 employer=b",
    )
    assert job.rows("B06")[1] == "f1+f3 2025-01-01..2026-01-01"


def test_b06_of_two_trainings_only_the_later_one_is_over(given: Given) -> None:
    trainings = ("TrainingStarted 2024-09-02", "TrainingStarted 2024-10-01")
    past = given(MINIJOB, *trainings, "TrainingAborted 2025-02-10")
    assert past.rows("B06") == ["f1 2024-03-01..2025-03-01 cancelled 2024-09-02 f2"]


def test_b06_of_several_small_jobs_the_first_one_begins_it_again(given: Given) -> None:
    second = "EmploymentStarted 2024-05-02 employer=b employment_kind=MINIJOB"
    past = given(MINIJOB, second, "TrainingStarted 2024-09-02", "TrainingAborted 2025-02-10")
    assert past.rows("B06")[1] == "f1+f4 2025-02-11..2026-02-11"


def test_b06_beside_a_proper_job_small_work_is_none(given: Given) -> None:
    proper = "EmploymentStarted 2024-01-08 employer=b employment_kind=SV_VOLLZEIT"
    assert given(proper, MINIJOB).rows("B06") == []


def test_d17_b06_a_job_of_unknown_kind_makes_a_data_row(given: Given) -> None:
    past = given("EmploymentStarted 2024-03-01 employer=a")
    assert past.rows("B06") == ["data f1 2024-03-01..2025-03-01"]
    told = given(
        "EmploymentStarted 2024-03-01 employer=a",
        "EmploymentChanged 2024-05-02 employer=a employment_kind=SV_TEILZEIT",
    )
    assert told.rows("B06") == ["data f1 2024-03-01..2025-03-01 in_time 2024-05-02 f2"]
    beside = given(MINIJOB, "EmploymentStarted 2024-06-03 employer=b")
    assert beside.rows("B06") == ["data f1 2024-03-01..2025-03-01"]


def test_b06_a_job_told_by_its_end_alone_has_no_days(given: Given) -> None:
    assert given("EmploymentEnded 2024-12-31", "EmploymentChanged 2025-01-02").rows("B06") == [
        "data f2 2025-01-02..2026-01-02"
    ]


def test_b06_each_stretch_has_its_own_key_even_after_a_fixed_term(given: Given) -> None:
    past = given(
        "EmploymentStarted 2023-01-02 employer=a employment_kind=MINIJOB fixed_term_until=2024-12-31",
        "EmploymentChanged 2023-06-01 employer=a employment_kind=SV_TEILZEIT",
        "EmploymentStarted 2024-01-08 employer=b employment_kind=MINIJOB",
    )
    assert [one.key for one in past.intervals("B06")] == ["f1", "f3+f1"]


def test_b06_the_key_names_the_first_begin_of_the_stretch_in_the_order_of_facts(
    given: Given,
) -> None:
    """An undated begin stands before the next dated fact, whenever it was recorded."""
    past = given(
        "EmploymentStarted - @2025-06-02 employer=b employment_kind=MINIJOB",
        MINIJOB,
        "TrainingStarted 2024-09-02",
        "TrainingAborted 2025-02-10",
    )
    assert [one.key for one in past.intervals("B06")] == ["f2", "f1+f4"]
