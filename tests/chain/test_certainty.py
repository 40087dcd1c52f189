"""Certainty (G6): possibly where a date behind the days is partial or missing, else certainly."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.evaluation import evaluate
from domain.chain.reading import read

Given = Callable[..., Any]


def test_g6_a06_begins_not_before_the_latest_day_of_a_partial_decision_and_is_then_possible_only(
    given: Given,
):
    past = given("AsylumDecisionIssued 2025-03 outcome=asyl served_on=2025-03-20")
    assert past.rows("A06") == ["f1 2025-03-31..2025-04-03"]
    assert past.only("A06").certainty == "possibly"


def test_a05_protection_cancels_on_the_day_a06_begins_also_for_a_partial_decision(given: Given):
    past = given(
        "ToleranceIssued 2024-11-10 valid_until=2025-04-10",
        "AsylumDecisionIssued 2025-03 outcome=asyl served_on=2025-03-20",
    )
    assert past.rows("A05") == ["f1 2025-03-20..2025-04-10 cancelled 2025-03-31 f2"]


def test_g6_a_closing_by_finality_is_as_certain_as_the_day_of_finality(given: Given):
    paper = "TemporaryPermissionIssued 2024-11-10 valid_until=2025-04-30"
    partial = given(paper, "AsylumDecisionIssued 2025-03-03 outcome=abgelehnt final_on=2025-04")
    assert partial.rows("A05") == ["f1 2025-04-09..2025-04-30 cancelled 2025-04-30 f2"]
    assert partial.only("A05").certainty == "possibly"
    served = given(paper, "AsylumDecisionIssued 2025-03-03 outcome=abgelehnt served_on=2025-03")
    assert served.rows("A05") == ["f1 2025-04-09..2025-04-30 cancelled 2025-04-15 f2"]
    assert served.only("A05").certainty == "possibly"


def test_g6_a_closing_on_an_exact_day_of_finality_is_certain_though_the_decision_is_partial(
    given: Given,
):
    paper = "TemporaryPermissionIssued 2024-11-10 valid_until=2025-04-30"
    exact = given(paper, "AsylumDecisionIssued 2025-03 outcome=abgelehnt final_on=2025-04-15")
    assert exact.rows("A05") == ["f1 2025-04-09..2025-04-30 cancelled 2025-04-15 f2"]
    assert exact.only("A05").certainty == "certainly"


def test_g6_a_window_that_begins_on_a_partial_day_of_shortening_is_possible_only(given: Given):
    title = "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2026-06-15"
    ahead = given(title, "TitleShortened 2025-04 new_valid_until=2025-06-15")
    assert ahead.rows("A01") == ["f1 2025-04-30..2025-06-15 superseded 2025-06-16"]
    assert ahead.only("A01").certainty == "possibly"
    into_the_past = given(title, "TitleShortened 2025-04 new_valid_until=2025-02-15")
    assert into_the_past.rows("A02") == ["f1 2025-05-01..2025-02-15"]
    assert into_the_past.only("A02").certainty == "possibly"


def test_g6_a_wait_that_begins_with_a_partial_application_is_possible_only(given: Given):
    past = given(
        "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2025-06-15", "TitleApplied 2025-06"
    )
    assert past.rows("A03") == ["f2 2025-06-15..2025-06-15"]
    assert past.only("A03").certainty == "possibly"


def test_g6_a_chance_shortened_on_a_partial_day_is_possible_only(given: Given):
    past = given(
        "TitleGranted 2023-03-15 basis=AUFENTHG_104C valid_until=2024-12-31",
        "TitleShortened 2023-06 new_valid_until=2024-03-31",
    )
    assert past.rows("A10") == ["f1 2023-06-30..2024-03-31 superseded 2024-04-01"]
    assert past.only("A10").certainty == "possibly"


MINIJOB = "employment_kind=MINIJOB"


@pytest.mark.parametrize(
    ("until", "certainty"), [("2024-06-30", "certainly"), ("2024-06", "possibly")]
)
def test_g6_b06_small_work_after_or_before_a_fixed_term_is_as_certain_as_the_term(
    given: Given, until: str, certainty: str
) -> None:
    beside = f"EmploymentStarted 2024-01-10 employment_kind=SV_TEILZEIT fixed_term_until={until}"
    goes_on = given(beside, f"EmploymentStarted 2024-02-01 {MINIJOB}")
    assert goes_on.rows("B06") == ["f2+f1 2024-07-01..2025-07-01"]
    assert goes_on.only("B06").certainty == certainty
    ended = given(f"EmploymentStarted 2024-02-01 {MINIJOB} fixed_term_until={until}")
    assert ended.rows("B06") == ["f1 2024-02-01..2025-01-31 cancelled 2024-07-01 f1"]
    assert ended.only("B06").certainty == certainty
    the_next = f"EmploymentStarted 2024-07-01 {MINIJOB}"
    joined = given(f"EmploymentStarted 2024-02-01 {MINIJOB} fixed_term_until={until}", the_next)
    assert joined.rows("B06") == ["f1 2024-02-01..2025-01-31"]
    assert joined.only("B06").certainty == certainty


@pytest.mark.parametrize(
    ("began", "certainty"),
    [("2024-05-15", "certainly"), ("2024-06-02", "certainly"), ("2024-06-03", "possibly")],
)
def test_g6_b06_a_term_told_by_month_leaves_it_certain_where_another_small_job_runs_beside(
    given: Given, began: str, certainty: str
) -> None:
    past = given(
        f"EmploymentStarted 2024-02-01 {MINIJOB} fixed_term_until=2024-06",
        f"EmploymentStarted {began} {MINIJOB}",
    )
    assert past.rows("B06") == ["f1 2024-02-01..2025-01-31"]
    assert past.only("B06").certainty == certainty


def test_g6_b06_a_term_beyond_what_ends_the_stretch_leaves_it_certain(given: Given) -> None:
    past = given(
        f"EmploymentStarted 2024-02-01 {MINIJOB} fixed_term_until=2024-06",
        "SelfEmploymentStarted 2024-05-02",
    )
    assert past.rows("B06") == ["f1 2024-02-01..2025-01-31 in_time 2024-05-02 f2"]
    assert past.only("B06").certainty == "certainly"


@pytest.mark.parametrize(("ended", "certainty"), [("2024-06-30", "certainly"), ("-", "possibly")])
def test_g6_b06_an_undated_end_is_possible_only(given: Given, ended: str, certainty: str) -> None:
    past = given(f"EmploymentStarted 2024-02-01 {MINIJOB}", f"EmploymentEnded {ended} @2024-06-30")
    assert past.only("B06").certainty == certainty


@pytest.mark.parametrize(
    ("granted", "certainty"), [("2024-03-30", "certainly"), ("2024-03", "possibly")]
)
def test_g6_n11_after_a_title_that_had_run_out_it_is_as_certain_as_the_grant(
    given: Given, granted: str, certainty: str
) -> None:
    past = given(
        "TitleGranted 2022-01-10 basis=AUFENTHG_18A valid_until=2024-06-30",
        f"TitleGranted {granted} basis=AUFENTHG_18A valid_until=2024-03-10",
    )
    assert [one.certainty for one in past.intervals("N11")] == [certainty]


@pytest.mark.parametrize(
    ("day", "certainty"), [("2024-03-31", "certainly"), ("2024-03", "possibly")]
)
@pytest.mark.parametrize(
    "fact",
    [
        "TitleShortened {} new_valid_until=2024-02-10",
        "DecisionAnnulledRetroactively 2024-05-10 target=f1 effective_from={}",
    ],
)
def test_g6_n11_is_as_certain_as_the_day_that_ends_the_title(
    given: Given, fact: str, day: str, certainty: str
) -> None:
    title = "TitleGranted 2022-01-10 basis=AUFENTHG_18A valid_until=2025-06-30"
    past = given(title, fact.format(day))
    assert past.only("N11").certainty == certainty


@pytest.mark.parametrize(
    ("change", "certainty"),
    [
        ("SchoolChanged 2025-03", "possibly"),
        ("SchoolChanged 2025", "possibly"),
        ("SchoolChanged - @2025-04-10", "possibly"),
        ("SchoolChanged 2025-04", "certainly"),
        ("SchoolChanged 2025-03-21", "certainly"),
    ],
)
def test_g6_what_closes_later_but_may_have_come_before_leaves_it_possible_only(
    given: Given, change: str, certainty: str
) -> None:
    past = given(
        "ChildBorn 2015-05-10 id=k",
        "AssignedToMunicipality 2025-03-03 id=a",
        "SchoolStarted 2025-03-20 id=s child_ref=k",
        f"{change} child_ref=k",
    )
    assert past.rows("M01") == ["a+k 2025-03-03..2025-03-31 in_time 2025-03-20 s"]
    assert past.only("M01").certainty == certainty


@pytest.mark.parametrize(
    ("started", "certainty"), [("2025-03-31", "certainly"), ("2025-04-10", "possibly")]
)
def test_g6_a_day_of_its_own_that_may_come_before_the_closing_leaves_it_possible_only(
    given: Given, started: str, certainty: str
) -> None:
    past = given(
        "ChildBorn 2007-04 id=k",
        "AssignedToMunicipality 2025-03-03 id=a",
        f"SchoolStarted {started} id=s child_ref=k",
    )
    assert past.only("M01").closing == "s"
    assert past.only("M01").certainty == certainty


PAPER = "TemporaryPermissionIssued 2024-12-20 valid_until=2025-06-30"
NEW_PAPER = "TemporaryPermissionIssued 2025-06-12"


@pytest.mark.parametrize(
    ("final_on", "closed", "certainty"),
    [
        ("2025-06", "in_time 2025-06-12 f3", "possibly"),
        ("2025-06-12", "in_time 2025-06-12 f3", "certainly"),
        ("2025-06-10", "cancelled 2025-06-10 f2", "certainly"),
        ("2025-07", "in_time 2025-06-12 f3", "certainly"),
    ],
)
def test_g6_a05_a_finality_told_by_month_may_come_before_a_new_paper_though_the_decision_is_exact(
    given: Given, final_on: str, closed: str, certainty: str
) -> None:
    refused = f"AsylumDecisionIssued 2025-03-01 outcome=abgelehnt final_on={final_on}"
    past = given(PAPER, refused, NEW_PAPER)
    assert past.rows("A05")[0].endswith(closed)
    assert past.intervals("A05")[0].certainty == certainty


def test_g6_a05_a_new_paper_before_the_month_of_finality_is_certain_though_the_decision_is_told_by_year(
    given: Given,
) -> None:
    past = given(
        "TemporaryPermissionIssued 2024-12-20 valid_until=2025-07-31",
        "AsylumDecisionIssued 2024 outcome=abgelehnt final_on=2025-08",
        "TemporaryPermissionIssued 2025-07-20",
    )
    assert past.rows("A05")[0].endswith("in_time 2025-07-20 f3")
    assert past.intervals("A05")[0].certainty == "certainly"


@pytest.mark.parametrize(
    ("birth", "certainty"),
    [
        ("birth_date=2007-03", "possibly"),
        ("birth_date=2007-03-25", "certainly"),
        ("birth_date=2007-04", "certainly"),
    ],
)
def test_g6_m01_the_end_of_age_may_come_before_the_school_though_the_birth_is_recorded_exactly(
    given: Given, birth: str, certainty: str
) -> None:
    past = given(
        f"ChildBorn 2007-03-10 id=k {birth}",
        "AssignedToMunicipality 2024-12-10 id=a",
        "SchoolStarted 2025-03-20 id=s child_ref=k",
    )
    assert past.only("M01").closing == "s"
    assert past.only("M01").certainty == certainty


@pytest.mark.parametrize(
    ("own", "certainty"),
    [
        ("PersonIdentified 2024-12-01 birth_date=2007-03", "possibly"),
        ("PersonIdentified 2024-12-01 birth_date=2007-03-25", "certainly"),
        ("JourneyStarted 2024-12-01 birth_year=2007", "possibly"),
    ],
)
def test_g6_m01_the_end_of_age_may_be_told_by_the_journey_of_the_child(
    given: Given, own: str, certainty: str
) -> None:
    past = given(
        "MemberJoined 2024-12-01 id=k member_journey_id=child role=child",
        "AssignedToMunicipality 2024-12-10 id=a",
        "SchoolStarted 2025-03-20 id=s child_ref=child",
    )
    child = given(own)
    (one,) = evaluate(past.told, None, [RULES["M01"]], household={"child": read(child.told)})
    assert one.closing == "s"
    assert one.certainty == certainty


@pytest.mark.parametrize(
    ("until", "certainty"),
    [
        ("2025-06", "possibly"),
        ("2025-06-25", "certainly"),
        ("2025-07", "certainly"),
    ],
)
def test_g6_a07_an_end_told_by_month_may_come_before_the_card(
    given: Given, until: str, certainty: str
) -> None:
    past = given(
        f"TitleGranted 2025-05-20 basis=AUFENTHG_18A valid_until={until}",
        "TitleCardHandedOver 2025-06-20",
    )
    assert past.only("A07").closing == "f2"
    assert past.only("A07").certainty == certainty


@pytest.mark.parametrize(
    ("granted", "certainty"),
    [
        ("2025-03-20 from=2025-03", "possibly"),
        ("2025-03 from=2025-03-31", "certainly"),
    ],
)
def test_g6_l02_means_begin_as_certainly_as_the_first_day_that_is_paid(
    given: Given, granted: str, certainty: str
) -> None:
    past = given(
        "BenefitGranted 2024-01-01 rechtskreis=SGB_II until=2025-01-31",
        f"BenefitGranted {granted} rechtskreis=SGB_II",
    )
    assert past.only("L02").closes_on == date(2025, 3, 31)
    assert past.only("L02").certainty == certainty


@pytest.mark.parametrize(
    ("final_on", "certainty"), [("2025-03", "possibly"), ("2025-03-31", "certainly")]
)
def test_g6_b01_a_status_ends_as_certainly_as_the_day_of_finality(
    given: Given, final_on: str, certainty: str
) -> None:
    past = given(
        "AsylumApplicationFiled 2024-01-10",
        f"AsylumDecisionIssued 2025-02-03 outcome=abgelehnt final_on={final_on}",
    )
    assert past.only("B01").closes_on == date(2025, 3, 31)
    assert past.only("B01").certainty == certainty


def test_g6_an_undated_decision_may_have_come_before_what_closed(given: Given) -> None:
    past = given(PAPER, NEW_PAPER, "AsylumDecisionIssued - outcome=asyl @2025-06-20")
    assert past.intervals("A05")[0].closing == "f2"
    assert past.intervals("A05")[0].certainty == "possibly"


LONG_TITLE = "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2026-06-15"
SHORTENED = "TitleShortened 2025-02-01 new_valid_until=2025-06-15"
ANNULLED = "DecisionAnnulledRetroactively 2025-09-01 target=f2 effective_from="


@pytest.mark.parametrize(
    ("shortened", "effective", "certainty"),
    [
        (SHORTENED, "2025", "possibly"),
        (SHORTENED, "2025-06", "possibly"),
        (SHORTENED, "2025-05", "certainly"),
        (SHORTENED, "2025-07", "certainly"),
        (SHORTENED, "2025-06-17", "certainly"),
        ("TitleShortened 2025-02 new_valid_until=2025-02-10", "2025-02-20", "possibly"),
        ("TitleShortened - @2025-02-01 new_valid_until=2025-01-10", "2025-01-20", "possibly"),
        ("TitleShortened 2025-02-01 new_valid_until=2025-06", "2025-06-20", "possibly"),
    ],
)
def test_g6_a01_and_a02_are_as_certain_as_it_is_that_a_shortening_was_annulled_in_time(
    given: Given, shortened: str, effective: str, certainty: str
) -> None:
    past = given(LONG_TITLE, shortened, f"{ANNULLED}{effective}")
    assert [one.certainty for one in past.intervals("A02")] == [certainty]
    assert {one.certainty for one in past.intervals("A01")} <= {certainty}


@pytest.mark.parametrize(
    ("lost", "effective", "certainty"),
    [
        ("2025-04-10", "2025-04", "possibly"),
        ("2025-04-10", "2025-04-11", "certainly"),
        ("2025-04", "2025-04-15", "possibly"),
        ("2025-04", "2025-04-01", "certainly"),
    ],
)
def test_g6_a01_and_a02_are_as_certain_as_it_is_that_a_loss_was_annulled_in_time(
    given: Given, lost: str, effective: str, certainty: str
) -> None:
    title = "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2025-06-15"
    past = given(title, f"TitleRevoked {lost}", f"{ANNULLED}{effective}")
    assert past.only("A01").certainty == certainty
    assert {one.certainty for one in past.intervals("A02")} <= {certainty}


@pytest.mark.parametrize(
    ("until", "effective", "certainty"),
    [
        ("2026-06-15", "2026", "possibly"),
        ("2026-06-15", "2026-07", "certainly"),
        ("2026-06-15", "2026-06-16", "certainly"),
        ("2026-06", "2026-06-20", "possibly"),
    ],
)
def test_g6_a02_is_as_certain_as_it_is_that_a_refusal_was_annulled_in_time(
    given: Given, until: str, effective: str, certainty: str
) -> None:
    past = given(
        f"TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until={until}",
        "TitleRefused 2026-05-01",
        f"{ANNULLED}{effective}",
        "TitleApplied 2026-04-01",
    )
    assert {one.certainty for one in past.intervals("A01")} == {certainty}
    assert {one.certainty for one in past.intervals("A02")} <= {certainty}


def test_g6_a10_and_n07_are_as_certain_as_what_was_annulled(given: Given) -> None:
    chance = "TitleGranted 2023-03-15 basis=AUFENTHG_104C valid_until=2024-12-31"
    shortened = "TitleShortened 2023-06-01 new_valid_until=2024-03-31"
    applied = "NaturalisationApplied 2023-06-10"
    for effective, certainty in (("2024", "possibly"), ("2024-04-01", "certainly")):
        past = given(chance, shortened, f"{ANNULLED}{effective}", applied)
        assert past.only("A10").certainty == certainty
        assert [one.certainty for one in past.intervals("N07")] == [certainty]
