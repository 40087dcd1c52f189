"""From first contact to goal: intake (F01), assessment (F03), plan (F04), review (F05), goals (F08), and a case at rest."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.derived import Derived
from domain.chain.evaluation import turned
from domain.chain.explanation import explain
from domain.chain.intervals import Certainty, Kind, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]


@pytest.mark.parametrize(
    ("rule", "trigger", "follow_up", "due"),
    [
        ("F01", "FirstContactRecorded 2025-03-03", "CaseOpened", "2025-03-17"),
        ("F01", "FirstContactRecorded 2024-02-20", "ReferralElsewhere", "2024-03-05"),
        ("F01", "FirstContactRecorded 2025-03-03", "ShortAdviceEnded", "2025-03-17"),
        ("F01", "FirstContactRecorded 2025-03-03", "CaseResumed", "2025-03-17"),
        ("F03", "CaseOpened 2025-03-03", "AssessmentCompleted", "2025-03-31"),
        ("F03", "CaseOpened 2024-02-01", "AssessmentCompleted", "2024-02-29"),
        ("F04", "AssessmentCompleted 2025-03-03", "PlanAgreed", "2025-03-31"),
        ("F04", "AssessmentCompleted 2024-02-02", "PlanReviewed", "2024-03-01"),
        ("F05", "PlanAgreed 2025-03-03", "PlanReviewed", "2025-06-01"),
    ],
)
def test_each_step_is_due_within_its_days_and_closed_by_the_next(
    given: Given, rule: str, trigger: str, follow_up: str, due: str
) -> None:
    begun = trigger.split()[1]
    alone = given(trigger)
    assert alone.rows(rule) == [f"f1 {begun}..{due}"]
    assert (alone.only(rule).opens_on - alone.only(rule).due_on).days == 1
    in_time = given(trigger, f"{follow_up} {due}")
    assert in_time.rows(rule)[0] == f"f1 {begun}..{due} in_time {due} f2"
    after = str(alone.only(rule).opens_on)
    assert given(trigger, f"{follow_up} {after}").rows(rule)[0].endswith(f"late {after} f2")


@pytest.mark.parametrize("rule", ["F01", "F03", "F04", "F05", "F08"])
def test_the_steps_of_a_case_weigh_medium_and_concern_the_case_manager(rule: str) -> None:
    assert RULES[rule].severity is Severity.MEDIUM
    assert [one.value for one in RULES[rule].responsible] == ["case_manager"]


# F01


@pytest.mark.parametrize("running", ["CaseOpened 2025-02-01", "CaseResumed 2025-02-01"])
def test_f01_a_contact_while_a_case_runs_or_rests_needs_no_intake(
    given: Given, running: str
) -> None:
    assert given(running, "FirstContactRecorded 2025-03-03").rows("F01") == []
    at_rest = given(running, "CaseSuspended 2025-02-10", "FirstContactRecorded 2025-03-03")
    assert at_rest.rows("F01") == []


def test_f01_a_contact_after_the_case_was_closed_needs_an_intake(given: Given) -> None:
    past = given(
        "CaseOpened 2024-01-01", "CaseClosed 2024-06-01", "FirstContactRecorded 2025-03-03"
    )
    assert past.rows("F01") == ["f3 2025-03-03..2025-03-17"]


def test_f01_the_next_contact_takes_its_place(given: Given) -> None:
    past = given("FirstContactRecorded 2025-03-03", "FirstContactRecorded 2025-03-20")
    assert past.rows("F01") == [
        "f1 2025-03-03..2025-03-17 superseded 2025-03-20 f2",
        "f2 2025-03-20..2025-04-03",
    ]


def test_d14_f01_is_cancelled_by_the_end_of_its_case_only(given: Given) -> None:
    contact = "FirstContactRecorded 2025-03-03 case_id=c1"
    assert given(contact, "CaseClosed 2025-03-10").rows("F01") == [
        "f1 2025-03-03..2025-03-17 cancelled 2025-03-10 f2"
    ]
    assert given(contact, "CaseClosed 2025-03-10 case_id=c2").rows("F01") == [
        "f1 2025-03-03..2025-03-17"
    ]
    assert given(contact, "CaseSuspended 2025-03-10").rows("F01") == ["f1 2025-03-03..2025-03-17"]


def test_d3_a_case_opened_earlier_in_the_month_of_a_partial_contact_answers_it(
    given: Given,
) -> None:
    assert given("FirstContactRecorded 2025-03", "CaseOpened 2025-03-10").rows("F01") == []
    partial = given("FirstContactRecorded 2025-03")
    assert partial.rows("F01") == ["f1 2025-03-31..2025-04-14"]
    assert partial.only("F01").certainty is Certainty.POSSIBLY


def test_g5_an_undated_referral_counts_on_the_due_day(given: Given) -> None:
    past = given("FirstContactRecorded 2025-03-03", "ReferralElsewhere - @2025-05-02")
    assert past.rows("F01") == ["f1 2025-03-03..2025-03-17 in_time 2025-03-17 f2"]


# F03, F04 and cases apart


def test_f03_the_opening_told_twice_does_not_start_the_days_anew(given: Given) -> None:
    past = given("CaseOpened 2025-03-03 case_id=c1", "CaseOpened 2025-03-10 case_id=c1")
    assert past.rows("F03") == ["f1 2025-03-03..2025-03-31"]


def test_f03_each_case_needs_its_own_assessment(given: Given) -> None:
    past = given(
        "CaseOpened 2025-03-03 case_id=c1",
        "CaseOpened 2025-03-10 case_id=c2",
        "AssessmentCompleted 2025-03-20 case_id=c2",
    )
    assert past.rows("F03") == [
        "f1 2025-03-03..2025-03-31",
        "f2 2025-03-10..2025-04-07 in_time 2025-03-20 f3",
    ]


def test_f03_an_assessment_without_a_case_fits_every_case(given: Given) -> None:
    past = given(
        "CaseOpened 2025-03-03 case_id=c1",
        "CaseOpened 2025-03-10 case_id=c2",
        "AssessmentCompleted 2025-03-20",
    )
    assert [row.split()[-3:] for row in past.rows("F03")] == [["in_time", "2025-03-20", "f3"]] * 2


def test_f03_an_assessment_of_an_earlier_round_does_not_count(given: Given) -> None:
    past = given(
        "AssessmentCompleted 2025-03-01",
        "CaseOpened 2025-03-03",
        "AssessmentCompleted 2025-03-03 id=same",
    )
    assert past.rows("F03") == ["f2 2025-03-03..2025-03-31 in_time 2025-03-03 same"]
    assert given("AssessmentCompleted 2025-03-01", "CaseOpened 2025-03-03").rows("F03") == [
        "f2 2025-03-03..2025-03-31"
    ]


def test_f03_f04_the_very_next_trigger_of_the_case_takes_the_place(given: Given) -> None:
    openings = given(
        "CaseOpened 2025-03-03", "CaseOpened 2025-03-10 case_id=c1", "CaseOpened 2025-03-20"
    )
    assert openings.rows("F03") == [
        "f1 2025-03-03..2025-03-31 superseded 2025-03-10 f2",
        "f2 2025-03-10..2025-04-07",
    ]
    assessed = given("AssessmentCompleted 2025-03-03", "AssessmentCompleted 2025-03-10")
    assert assessed.rows("F04")[0] == "f1 2025-03-03..2025-03-31 superseded 2025-03-10 f2"


def test_f04_the_next_assessment_takes_the_place_of_the_last(given: Given) -> None:
    past = given(
        "AssessmentCompleted 2025-03-03 case_id=c1",
        "AssessmentCompleted 2025-03-10 case_id=c2",
        "AssessmentCompleted 2025-03-20 case_id=c1",
    )
    assert past.rows("F04") == [
        "f1 2025-03-03..2025-03-31 superseded 2025-03-20 f3",
        "f2 2025-03-10..2025-04-07",
        "f3 2025-03-20..2025-04-17",
    ]


def test_d6_a_corrected_assessment_moves_the_days(given: Given) -> None:
    past = given(
        "AssessmentCompleted 2025-03-03",
        "EventCorrected 2025-04-15 target=f1 occurred_on=2025-03-20",
    )
    assert past.rows("F04") == ["f1 2025-03-20..2025-04-17"]
    assert past.rows("F04", known_at="2025-04-14") == ["f1 2025-03-03..2025-03-31"]


# A case at rest (D 14)

BEGINNINGS = {
    "F03": ("CaseOpened 2025-03-03", 28, "AssessmentCompleted"),
    "F04": ("AssessmentCompleted 2025-03-03", 28, "PlanAgreed"),
    "F05": ("PlanAgreed 2025-03-03", 90, "PlanReviewed"),
    "F09": ("ServiceLinked 2025-03-03", 14, "LinkConfirmed"),
    "F10": ("LinkFailed 2025-03-03", 21, "ServiceLinked"),
}
DUE_ANEW = {28: "2025-06-29", 90: "2025-08-30", 14: "2025-06-15", 21: "2025-06-22"}
every_duty = pytest.mark.parametrize("rule", BEGINNINGS)


@every_duty
@pytest.mark.parametrize("end", ["CaseSuspended", "CaseClosed"])
def test_d14_a_case_at_rest_asks_for_nothing_and_a_resumption_asks_anew(
    given: Given, rule: str, end: str
) -> None:
    trigger, days, _ = BEGINNINGS[rule]
    past = given(trigger, f"{end} 2025-03-10", "CaseResumed 2025-06-01")
    first, again = past.rows(rule)
    assert first.endswith(" cancelled 2025-03-10 f2")
    assert again == f"f1+f3 2025-06-01..{DUE_ANEW[days]}"
    assert past.intervals(rule)[1].evidence == ("f1", "f3")
    assert past.state(rule, "2025-05-01") is State.CLOSED


@every_duty
def test_d14_what_is_answered_is_not_asked_anew(given: Given, rule: str) -> None:
    trigger, _, answer = BEGINNINGS[rule]
    at_rest = given(
        trigger, "CaseSuspended 2025-03-10", f"{answer} 2025-04-01", "CaseResumed 2025-06-01"
    )
    assert [row for row in at_rest.rows(rule) if row.startswith("f1+")] == []
    assert at_rest.rows(rule)[0].endswith("cancelled 2025-03-10 f2")
    before = given(
        trigger, f"{answer} 2025-03-05", "CaseSuspended 2025-03-10", "CaseResumed 2025-06-01"
    )
    assert before.rows(rule)[0].endswith("in_time 2025-03-05 f2")
    assert [row for row in before.rows(rule) if row.startswith("f1+")] == []


def test_d14_one_answer_before_the_resumption_is_enough(given: Given) -> None:
    past = given(
        "AssessmentCompleted 2025-03-03",
        "CaseSuspended 2025-03-10",
        "PlanReviewed 2025-04-01",
        "CaseResumed 2025-06-01",
        "PlanAgreed 2025-06-10",
    )
    assert past.rows("F04") == ["f1 2025-03-03..2025-03-31 cancelled 2025-03-10 f2"]


@pytest.mark.parametrize("end", ["CaseSuspended", "CaseClosed"])
def test_f03_a_case_opened_again_needs_an_assessment_of_its_own(given: Given, end: str) -> None:
    past = given("CaseOpened 2025-01-01", f"{end} 2025-01-10", "CaseOpened 2025-03-03")
    assert past.rows("F03") == [
        "f1 2025-01-01..2025-01-29 cancelled 2025-01-10 f2",
        "f3 2025-03-03..2025-03-31",
    ]


@every_duty
def test_d14_an_answer_after_the_resumption_closes_what_it_began(given: Given, rule: str) -> None:
    trigger, days, answer = BEGINNINGS[rule]
    past = given(
        trigger, "CaseSuspended 2025-03-10", "CaseResumed 2025-06-01", f"{answer} 2025-06-10"
    )
    assert past.rows(rule)[1] == f"f1+f3 2025-06-01..{DUE_ANEW[days]} in_time 2025-06-10 f4"


@every_duty
def test_d14_each_resumption_asks_anew_and_each_rest_cancels(given: Given, rule: str) -> None:
    trigger, days, _ = BEGINNINGS[rule]
    past = given(
        trigger,
        "CaseSuspended 2025-03-10",
        "CaseResumed 2025-03-20",
        "CaseSuspended 2025-03-25",
        "CaseResumed 2025-06-01",
    )
    rows = past.rows(rule)
    assert [row.split()[0] for row in rows] == ["f1", "f1+f3", "f1+f5"]
    assert rows[1].endswith("cancelled 2025-03-25 f4")
    assert rows[2] == f"f1+f5 2025-06-01..{DUE_ANEW[days]}"


@pytest.mark.parametrize("rule", ["F04", "F05", "F09", "F10"])
def test_d14_what_happens_while_the_case_rests_waits_for_the_resumption(
    given: Given, rule: str
) -> None:
    trigger, days, _ = BEGINNINGS[rule]
    rests = ("CaseOpened 2025-01-01", "CaseSuspended 2025-02-01")
    assert given(*rests, trigger).rows(rule) == []
    assert given(*rests, trigger, "CaseResumed 2025-06-01").rows(rule) == [
        f"f3+f4 2025-06-01..{DUE_ANEW[days]}"
    ]


@pytest.mark.parametrize("rule", ["F04", "F05", "F09", "F10"])
def test_d14_a_new_opening_begins_a_new_round_and_nothing_anew(given: Given, rule: str) -> None:
    trigger, _, _ = BEGINNINGS[rule]
    past = given(
        trigger,
        "CaseClosed 2025-03-10",
        "CaseOpened 2025-05-01",
        "CaseSuspended 2025-05-10",
        "CaseResumed 2025-06-01",
    )
    (only,) = past.rows(rule)
    assert only.endswith("cancelled 2025-03-10 f2")


@every_duty
def test_d14_the_rest_of_another_case_cancels_nothing(given: Given, rule: str) -> None:
    trigger, _, _ = BEGINNINGS[rule]
    past = given(
        f"{trigger} case_id=c1",
        "CaseOpened 2025-03-04 case_id=c2",
        "CaseSuspended 2025-03-10 case_id=c2",
        "CaseClosed 2025-03-20 case_id=c2",
    )
    assert past.intervals(rule)[0].closes_on is None


def test_g13_the_rest_of_one_of_two_cases_leaves_a_duty_without_a_case(given: Given) -> None:
    past = given(
        "CaseOpened 2025-01-01 case_id=c1",
        "CaseOpened 2025-01-01 case_id=c2",
        "AssessmentCompleted 2025-03-03",
        "CaseClosed 2025-03-10 case_id=c1",
        "CaseClosed 2025-03-12 case_id=c2",
    )
    assert past.rows("F04") == ["f3 2025-03-03..2025-03-31 cancelled 2025-03-12 f5"]


def test_g13_two_cases_resumed_by_one_fact_ask_twice(given: Given) -> None:
    past = given(
        "CaseOpened 2025-03-03 case_id=c1",
        "CaseOpened 2025-03-03 case_id=c2",
        "CaseSuspended 2025-03-10",
        "CaseResumed 2025-06-01",
    )
    assert list(past.states("F03", "2025-06-02").values()).count(State.DUE) == 2


def test_d14_the_window_anew_is_certain_where_the_resumption_is_though_the_trigger_is_not(
    given: Given,
) -> None:
    past = given(
        "AssessmentCompleted 2025-02", "CaseSuspended 2025-03-10", "CaseResumed 2025-06-01"
    )
    first, again = past.intervals("F04")
    assert (first.certainty, again.certainty) == (Certainty.POSSIBLY, Certainty.CERTAINLY)
    unsure = given("CaseOpened 2025-03-03", "CaseSuspended 2025-03-10", "CaseResumed 2025-06")
    assert unsure.intervals("F03")[1].certainty is Certainty.POSSIBLY


def test_d21_why_says_that_the_case_rests(given: Given) -> None:
    past = given(
        "CaseOpened 2025-01-01", "CaseSuspended 2025-02-01", "AssessmentCompleted 2025-03-03"
    )
    (only,) = turned(Derived(read(past.told)), RULES["F04"])
    assert (only.trigger, only.reason.de) == ("f3", "der Fall ruht oder ist abgeschlossen")


# F05


def test_f05_the_agreed_day_holds_and_every_review_asks_for_the_next(given: Given) -> None:
    past = given(
        "PlanAgreed 2025-03-03 next_review=2025-05-31",
        "PlanReviewed 2025-05-20 next_review=2025-09-30",
        "PlanReviewed 2025-10-01",
    )
    assert past.rows("F05") == [
        "f1 2025-03-03..2025-05-31 in_time 2025-05-20 f2",
        "f2 2025-05-20..2025-09-30 late 2025-10-01 f3",
        "f3 2025-10-01..2025-12-30",
    ]


def test_f05_a_partial_review_day_counts_with_its_last_day(given: Given) -> None:
    past = given("PlanAgreed 2024-01-03 next_review=2024-02")
    assert past.rows("F05") == ["f1 2024-01-03..2024-02-29"]
    assert past.only("F05").certainty is Certainty.POSSIBLY


def test_f05_a_new_plan_supersedes_and_a_review_of_the_same_day_before_it_is_no_answer(
    given: Given,
) -> None:
    past = given("PlanReviewed 2025-03-03", "PlanAgreed 2025-03-03")
    assert past.rows("F05") == [
        "f1 2025-03-03..2025-06-01 superseded 2025-03-03 f2",
        "f2 2025-03-03..2025-06-01",
    ]


def test_f05_a_review_day_before_the_plan_is_open_at_once(given: Given) -> None:
    past = given("PlanAgreed 2025-03-03 next_review=2025-02-01")
    assert past.state("F05", "2025-03-02") is State.NOT_APPLICABLE
    assert past.state("F05", "2025-03-03") is State.OPEN


@pytest.mark.parametrize(
    ("agreed", "due"),
    [
        ("2025-05-31", "2025-08-30"),
        ("2025-06-01", "2025-06-01"),
        ("2025-07-15", "2025-07-15"),
    ],
)
def test_d14_an_agreed_day_that_passed_at_rest_gives_way_to_the_full_bound(
    given: Given, agreed: str, due: str
) -> None:
    past = given(
        f"PlanAgreed 2025-03-03 next_review={agreed}",
        "CaseSuspended 2025-03-10",
        "CaseResumed 2025-06-01",
    )
    assert past.rows("F05")[1] == f"f1+f3 2025-06-01..{due}"


# F08

GOAL = 'PlanAgreed 2025-03-03 goals=[{"goal_id":"g1","due":"2025-05-31","field":"sprache"}]'


def test_f08_a_goal_is_looked_at_within_fourteen_days_of_its_day(given: Given) -> None:
    past = given(GOAL)
    assert past.rows("F08") == ["f1+1 2025-05-31..2025-06-14"]
    assert past.state("F08", "2025-05-30") is State.NOT_APPLICABLE
    assert past.state("F08", "2025-06-14") is State.DUE
    assert past.state("F08", "2025-06-15") is State.OPEN
    said = explain(past.only("F08"), read(past.told), past.only("F08").opens_on)
    assert "Sprache" in said.de


@pytest.mark.parametrize(
    ("end", "rows"),
    [
        ("GoalReached 2025-05-30 goal_id=g1", []),
        (
            "GoalReached 2025-05-31 goal_id=g1",
            ["f1+1 2025-05-31..2025-06-14 in_time 2025-05-31 f2"],
        ),
        (
            "GoalReached 2025-06-14 goal_id=g1 degree=partial",
            ["f1+1 2025-05-31..2025-06-14 in_time 2025-06-14 f2"],
        ),
        ("GoalAbandoned 2025-06-15", ["f1+1 2025-05-31..2025-06-14 late 2025-06-15 f2"]),
        ("PlanReviewed 2025-06-10", ["f1+1 2025-05-31..2025-06-14 in_time 2025-06-10 f2"]),
        ("PlanAgreed 2025-06-10", ["f1+1 2025-05-31..2025-06-14 superseded 2025-06-10 f2"]),
        ("GoalReached 2025-06-10 goal_id=g2", ["f1+1 2025-05-31..2025-06-14"]),
        (
            "GoalReached 2025-06-10 goal_id=g1 case_id=c9",
            ["f1+1 2025-05-31..2025-06-14 in_time 2025-06-10 f2"],
        ),
        ("CaseClosed 2025-06-10", ["f1+1 2025-05-31..2025-06-14 cancelled 2025-06-10 f2"]),
        ("CaseClosed 2025-05-10", []),
    ],
)
def test_f08_what_becomes_of_a_goal_is_told(given: Given, end: str, rows: list[str]) -> None:
    assert given(GOAL, end).rows("F08") == rows


def test_f08_a_goal_of_another_case_stays(given: Given) -> None:
    past = given(f"{GOAL} case_id=c1", "GoalReached 2025-06-10 goal_id=g1 case_id=c2")
    assert past.rows("F08") == ["f1+1 2025-05-31..2025-06-14"]


def test_f08_each_goal_is_an_instance_and_the_review_carries_it_on(given: Given) -> None:
    past = given(
        'PlanAgreed 2025-03-03 goals=[{"goal_id":"g1","due":"2025-05-31"},{"goal_id":"g2","due":"2025-04-10"}]',
        "GoalReached 2025-04-01 goal_id=g2",
        'PlanReviewed 2025-06-20 goals=[{"goal_id":"g1","due":"2025-09-30"},{"goal_id":"g2","due":"2025-04-10"}]',
    )
    assert past.rows("F08") == [
        "f1+1 2025-05-31..2025-06-14 late 2025-06-20 f3",
        "f3+1 2025-09-30..2025-10-14",
    ]


def test_f08_a_goal_due_before_its_plan_is_open_from_the_plan_on(given: Given) -> None:
    past = given('PlanAgreed 2025-06-20 goals=[{"due":"2025-05-31"}]')
    assert past.state("F08", "2025-06-20") is State.OPEN
    past = given('PlanAgreed 2025-06-10 goals=[{"due":"2025-05-31"}]')
    assert past.rows("F08") == ["f1+1 2025-06-10..2025-06-14"]


def test_d3_a_goal_due_in_a_month_counts_with_its_last_day(given: Given) -> None:
    past = given('PlanAgreed 2024-01-03 goals=[{"due":"2024-02"}]')
    assert past.rows("F08") == ["f1+1 2024-02-29..2024-03-14"]
    assert past.only("F08").certainty is Certainty.POSSIBLY


def test_d17_a_goal_without_a_day_is_a_data_row_that_the_review_closes(given: Given) -> None:
    past = given('PlanAgreed 2025-03-03 goals=[{"goal_id":"g1"}]', "PlanReviewed 2025-06-20")
    assert past.rows("F08") == ["data f1+1 2025-03-03.. in_time 2025-06-20 f2"]
    (one,) = past.data_rows("F08")
    assert (one.kind, one.severity) == (Kind.DATA, Severity.LOW)
    assert one.state(one.begins_on) is State.OPEN


def test_f08_a_plan_without_goals_asks_for_none(given: Given) -> None:
    past = given("PlanAgreed 2025-03-03")
    assert past.rows("F08") == []
    (only,) = turned(Derived(read(past.told)), RULES["F08"])
    assert only.reason.de == "der Plan nennt kein Ziel"


@pytest.mark.parametrize(
    ("resumed", "window"),
    [("2025-04-20", "2025-05-31..2025-06-14"), ("2025-08-01", "2025-08-01..2025-08-15")],
)
def test_d14_a_goal_that_fell_due_at_rest_has_its_full_days_again(
    given: Given, resumed: str, window: str
) -> None:
    past = given(GOAL, "CaseSuspended 2025-04-10", f"CaseResumed {resumed}")
    assert past.rows("F08") == [f"f1+1+f3 {window}"]


@pytest.mark.parametrize(
    ("named", "responsible"),
    [
        ("jobcenter", ("jobcenter", "case_manager")),
        ("client", ("client", "case_manager")),
        ("case_manager", ("case_manager",)),
        ("frau-x", ("case_manager",)),
    ],
)
def test_f08_whoever_the_plan_names_has_to_act(
    given: Given, named: str, responsible: tuple[str, ...]
) -> None:
    past = given(f'PlanAgreed 2025-03-03 goals=[{{"due":"2025-05-31","responsible":"{named}"}}]')
    assert past.only("F08").responsible == responsible
