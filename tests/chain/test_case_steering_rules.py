"""Who is in charge: a rejected handover (F12), a move (F13), two case managements (F19), a structural gap (F20)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.derived import Derived
from domain.chain.evaluation import turned
from domain.chain.explanation import explain
from domain.chain.intervals import Certainty, Kind, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]

# F12


@pytest.mark.parametrize(
    ("rejected", "due"),
    [
        ("2025-04-17", "2025-04-24"),
        ("2025-03-03", "2025-03-06"),
        ("2025-03-07", "2025-03-12"),
        ("2025-12-23", "2025-12-30"),
    ],
)
def test_f12_a_rejected_handover_needs_somebody_by_the_third_working_day(
    given: Given, rejected: str, due: str
) -> None:
    past = given(f"HandoverRejected {rejected}")
    assert past.rows("F12") == [f"f1 {rejected}..{due}"]
    assert past.only("F12").severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("before", "open_"),
    [
        (("CaseManagerAssigned 2025-01-01 cm=a",), False),
        (("CaseManagerAssigned 2025-01-01 cm=a", "CaseManagerReleased 2025-02-01"), True),
        (("CaseOpened 2025-01-01 case_id=c1",), True),
        (("CaseOpened 2025-01-01", "CaseClosed 2025-02-01"), False),
        (("CaseOpened 2025-01-01", "CaseClosed 2025-02-01 case_id=c2"), True),
        (("CaseOpened 2025-01-01", "CaseSuspended 2025-02-01"), True),
        (("CaseManagerAssigned 2025-01-01 cm=a case_id=c2",), True),
    ],
)
def test_f12_opens_only_where_nobody_is_in_office_and_the_case_is_not_over(
    given: Given, before: tuple[str, ...], open_: bool
) -> None:
    past = given(*before, "HandoverRejected 2025-03-03 case_id=c1")
    assert bool(past.rows("F12")) is open_


@pytest.mark.parametrize(
    ("after", "closing"),
    [
        ("CaseManagerAssigned 2025-03-03", "in_time 2025-03-03 f2"),
        ("CaseManagerAssigned 2025-03-07", "late 2025-03-07 f2"),
        ("HandoverAccepted 2025-03-06 to=other case_id=c9", "in_time 2025-03-06 f2"),
        ("CaseClosed 2025-03-05", "cancelled 2025-03-05 f2"),
        ("CaseClosed 2025-03-05 case_id=c9", ""),
        ("CaseSuspended 2025-03-05", ""),
        ("HandoverOffered 2025-03-05 to=other", ""),
        ("HandoverRejected 2025-03-05 to=other", "superseded 2025-03-05 f2"),
        ("HandoverRejected 2025-03-05 case_id=c9", ""),
    ],
)
def test_f12_ends_when_somebody_takes_the_case_or_it_is_closed(
    given: Given, after: str, closing: str
) -> None:
    rows = given("HandoverRejected 2025-03-03 case_id=c1", after).rows("F12")
    assert rows[0] == f"f1 2025-03-03..2025-03-06 {closing}".strip()


# F13

HERNE, BOCHUM, ESSEN = "ags=05916000", "ags=05911000", "ags=05113000"
CASE = (f"AddressRegistered 2024-01-10 {HERNE}", "CaseOpened 2024-02-01 case_id=c1")
MOVE = f"AddressChanged 2025-03-03 {BOCHUM}"


@pytest.mark.parametrize(
    "move",
    [
        MOVE,
        f"AddressRegistered 2025-03-03 {BOCHUM}",
        "AssignedToMunicipality 2025-03-03 municipality=05911000",
    ],
)
def test_f13_a_move_to_another_municipality_asks_who_goes_on(given: Given, move: str) -> None:
    past = given(*CASE, move)
    assert past.rows("F13") == ["f3 2025-03-03..2025-03-24"]
    assert past.state("F13", "2025-03-25") is State.OPEN
    assert past.only("F13").severity is Severity.HIGH


@pytest.mark.parametrize(
    ("after", "closing"),
    [
        ("HandoverOffered 2025-03-10 case_id=c7", "in_time 2025-03-10 f4"),
        ("PlanReviewed 2025-03-25", "late 2025-03-25 f4"),
        ("CaseClosed 2025-03-10", "cancelled 2025-03-10 f4"),
        ("CaseSuspended 2025-03-10", ""),
        (f"AddressChanged 2025-03-20 {HERNE}", "cancelled 2025-03-20 f4"),
        (f"AddressChanged 2025-03-20 {BOCHUM}", ""),
        ("AddressChanged 2025-03-20", ""),
    ],
)
def test_f13_a_handover_or_a_review_decides_and_moving_back_makes_it_needless(
    given: Given, after: str, closing: str
) -> None:
    assert given(*CASE, MOVE, after).rows("F13")[0] == (
        f"f3 2025-03-03..2025-03-24 {closing}".strip()
    )


def test_f13_the_next_move_takes_its_place(given: Given) -> None:
    past = given(*CASE, MOVE, f"AddressChanged 2025-03-20 {ESSEN}")
    assert past.rows("F13") == [
        "f3 2025-03-03..2025-03-24 superseded 2025-03-20 f4",
        "f4 2025-03-20..2025-04-10",
    ]


def test_f13_a_case_that_stayed_is_not_asked_about_again_within_the_new_town_or_on_the_way_back(
    given: Given,
) -> None:
    past = given(
        *CASE,
        MOVE,
        "PlanReviewed 2025-03-10",
        f"AddressChanged 2025-05-01 {BOCHUM}",
        f"AddressChanged 2025-07-01 {HERNE}",
    )
    assert list(past.states("F13", "2025-08-01")) == ["f3"]


def test_f13_after_an_accepted_handover_the_new_town_is_the_cases(given: Given) -> None:
    past = given(
        *CASE,
        MOVE,
        "HandoverOffered 2025-03-10",
        "HandoverAccepted 2025-03-20",
        f"AddressChanged 2025-09-01 {HERNE}",
    )
    assert past.rows("F13")[1] == "f6 2025-09-01..2025-09-22"


@pytest.mark.parametrize(
    ("before", "open_"),
    [
        (("HandoverOffered 2025-02-20 reason=move to=bo",), False),
        (("HandoverOffered 2025-02-20 reason=staff to=bo",), True),
        (("HandoverOffered 2025-02-20 to=bo",), True),
        (
            (
                "HandoverOffered 2025-02-20 reason=move to=bo",
                "HandoverRejected 2025-02-25 to=bo",
            ),
            True,
        ),
        (
            (
                "HandoverOffered 2025-02-20 reason=move to=bo",
                "HandoverRejected 2025-02-25 to=ge",
            ),
            False,
        ),
        (
            (
                "HandoverOffered 2025-02-20 reason=move to=bo",
                f"AddressChanged 2025-02-25 {HERNE}",
            ),
            True,
        ),
    ],
)
def test_f13_a_handover_offered_for_the_move_beforehand_is_enough(
    given: Given, before: tuple[str, ...], open_: bool
) -> None:
    assert bool(given(*CASE, *before, MOVE).rows("F13")) is open_


@pytest.mark.parametrize("rest", ["CaseSuspended 2025-02-01", "CaseClosed 2025-02-01"])
def test_f13_without_an_active_case_no_move_matters(given: Given, rest: str) -> None:
    assert given(*CASE, rest, MOVE).rows("F13") == []
    assert given(CASE[0], MOVE).rows("F13") == []


def test_f13_without_an_address_before_the_case_the_first_one_is_the_cases(given: Given) -> None:
    past = given(CASE[1], f"AddressRegistered 2024-03-01 {HERNE}", MOVE)
    assert past.rows("F13") == ["f3 2025-03-03..2025-03-24"]


@pytest.mark.parametrize(
    "facts",
    [
        (*CASE, "AddressChanged 2025-03-03"),
        (CASE[1], "JourneyStarted 2024-02-02", MOVE),
        (CASE[1], "AddressRegistered 2024-03-01", MOVE),
    ],
)
def test_d17_a_move_of_which_the_towns_are_not_told_is_a_data_row(
    given: Given, facts: tuple[str, ...]
) -> None:
    past = given(*facts)
    assert past.rows("F13") == ["data f3 2025-03-03..2025-03-24"]
    assert past.only("F13").severity is Severity.LOW


def test_d17_a_data_row_takes_no_gaps_place(given: Given) -> None:
    past = given(*CASE, MOVE, "AddressChanged 2025-03-10")
    assert past.rows("F13") == ["f3 2025-03-03..2025-03-24", "data f4 2025-03-10..2025-03-31"]
    other = given(*CASE, "AddressChanged 2025-03-03", f"AddressChanged 2025-03-10 {BOCHUM}")
    assert other.rows("F13")[0].endswith("superseded 2025-03-10 f4")


def test_d17_an_address_registered_without_a_town_is_no_row(given: Given) -> None:
    assert given(*CASE, "AddressRegistered 2025-03-03").rows("F13") == []


# F19

OPENED = "CaseOpened 2025-04-01"
JOBCENTER = "OtherSteeringStarted 2025-05-01 body=jobcenter_bfm"


def test_d5_f19_two_steerings_are_due_on_their_first_thirty_common_days(given: Given) -> None:
    past = given(OPENED, JOBCENTER)
    assert past.rows("F19") == ["f1+f2 2025-05-01..2025-05-30"]
    assert past.state("F19", "2025-04-30") is State.NOT_APPLICABLE
    assert past.state("F19", "2025-05-30") is State.DUE
    assert past.state("F19", "2025-05-31") is State.OPEN
    one = past.only("F19")
    assert (one.severity, one.evidence) == (Severity.MEDIUM, ("f2", "f1"))
    assert one.responsible == ("case_manager", "jobcenter")
    said = explain(one, read(past.told), date(2025, 6, 1))
    assert "KIM und Fallmanagement des Jobcenters" in said.de


def test_f19_the_later_beginning_is_the_trigger_whichever_it_is(given: Given) -> None:
    past = given("OtherSteeringStarted 2025-03-01 body=mbe", OPENED)
    assert past.rows("F19") == ["f1+f2 2025-04-01..2025-04-30"]
    assert past.only("F19").responsible == ("case_manager", "provider")


@pytest.mark.parametrize(
    ("after", "closing"),
    [
        ("OtherSteeringEnded 2025-05-30", "in_time 2025-05-30 f3"),
        ("OtherSteeringEnded 2025-05-31 body=jobcenter_bfm", "late 2025-05-31 f3"),
        ("OtherSteeringEnded 2025-05-20 body=mbe", ""),
        ("CaseConferenceHeld 2025-05-20 lead=kim", "cancelled 2025-05-20 f3"),
        (
            'CaseConferenceHeld 2025-05-20 decisions=["FEDERFÜHRUNG:KIM"]',
            "cancelled 2025-05-20 f3",
        ),
        ('CaseConferenceHeld 2025-05-20 decisions=["Kurs"]', ""),
        ("CaseConferenceHeld 2025-05-20", ""),
        ("CaseClosed 2025-05-20", "cancelled 2025-05-20 f3"),
        ("CaseSuspended 2025-05-20", "cancelled 2025-05-20 f3"),
        ("CaseClosed 2025-05-20 case_id=c9", "cancelled 2025-05-20 f3"),
    ],
)
def test_f19_ends_with_either_steering_or_a_conference_that_says_who_leads(
    given: Given, after: str, closing: str
) -> None:
    assert given(OPENED, JOBCENTER, after).rows("F19") == [
        f"f1+f2 2025-05-01..2025-05-30 {closing}".strip()
    ]


@pytest.mark.parametrize(
    "facts",
    [
        (OPENED, "CaseClosed 2025-04-30", JOBCENTER),
        (OPENED, "CaseSuspended 2025-05-01", JOBCENTER),
        (OPENED, JOBCENTER, "OtherSteeringEnded 2025-05-01"),
        (OPENED, JOBCENTER, "CaseConferenceHeld 2025-05-01 lead=kim"),
        (JOBCENTER,),
        ("OtherSteeringStarted 2025-03-01", "OtherSteeringEnded 2025-03-31", OPENED),
    ],
)
def test_f19_without_a_common_day_left_there_is_no_conflict(
    given: Given, facts: tuple[str, ...]
) -> None:
    assert given(*facts).rows("F19") == []


def test_f19_every_pair_counts_also_of_two_others(given: Given) -> None:
    past = given(OPENED, JOBCENTER, "OtherSteeringStarted 2025-05-10 body=jugendamt")
    assert past.rows("F19") == [
        "f1+f2 2025-05-01..2025-05-30",
        "f1+f3 2025-05-10..2025-06-08",
        "f2+f3 2025-05-10..2025-06-08",
    ]
    closed = given(
        OPENED, JOBCENTER, "OtherSteeringStarted 2025-05-10 body=jugendamt", "CaseClosed 2025-05-20"
    )
    assert [row.split()[2] for row in closed.rows("F19")] == ["cancelled"] * 3


def test_f19_the_same_steering_told_twice_is_one(given: Given) -> None:
    past = given(OPENED, JOBCENTER, "OtherSteeringStarted 2025-05-10")
    assert past.rows("F19") == ["f1+f2 2025-05-01..2025-05-30"]
    ended = given(
        OPENED, JOBCENTER, "OtherSteeringEnded 2025-05-05", "OtherSteeringStarted 2025-05-10"
    )
    assert [row.split()[0] for row in ended.rows("F19")] == ["f1+f2", "f1+f4"]


def test_f19_two_cases_of_kim_are_one_steering_and_a_resumption_begins_it_again(
    given: Given,
) -> None:
    past = given(
        f"{OPENED} case_id=c1",
        "CaseOpened 2025-04-10 case_id=c2",
        JOBCENTER,
        "CaseClosed 2025-05-10 case_id=c1",
        "CaseSuspended 2025-05-12 case_id=c2",
        "CaseResumed 2025-06-01 case_id=c2",
    )
    assert past.rows("F19") == [
        "f1+f3 2025-05-01..2025-05-30 cancelled 2025-05-12 f5",
        "f3+f6 2025-06-01..2025-06-30",
    ]


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        ("F12", ("HandoverRejected 2025-03",)),
        ("F13", (*CASE, f"AddressChanged 2025-03 {BOCHUM}")),
        ("F19", (OPENED, "OtherSteeringStarted 2025-05 body=mbe")),
    ],
)
def test_g6_a_window_of_a_partial_day_is_possible_only(
    given: Given, rule: str, facts: tuple[str, ...]
) -> None:
    assert given(*facts).only(rule).certainty is Certainty.POSSIBLY
    exact = (*facts[:-1], facts[-1].replace("2025-03", "2025-03-31").replace("-05 ", "-05-31 "))
    assert given(*exact).only(rule).certainty is Certainty.CERTAINLY


@pytest.mark.parametrize(
    ("rule", "facts", "reasons"),
    [
        ("F12", ("CaseManagerAssigned 2025-01-01", "HandoverRejected 2025-03-03"), ["f2 jemand"]),
        ("F13", (CASE[0], MOVE), ["f1 kein Fall", "f2 kein Fall"]),
        ("F13", (*CASE, f"AddressChanged 2025-03-03 {HERNE}"), ["f1 kein Fall", "f3 kein Wechsel"]),
        ("F19", (JOBCENTER,), ["f1 niemand steuert"]),
        ("F19", (OPENED, JOBCENTER, "OtherSteeringStarted 2025-05-10"), ["f3 dasselbe"]),
        ("F19", (OPENED, JOBCENTER), []),
    ],
)
def test_d21_why_no_gap_is_answered_with_the_condition_that_fails(
    given: Given, rule: str, facts: tuple[str, ...], reasons: list[str]
) -> None:
    found = turned(Derived(read(given(*facts).told)), RULES[rule])
    assert len(found) == len(reasons)
    for one, reason in zip(found, reasons, strict=True):
        assert f"{one.trigger} {one.reason.de}".startswith(reason)


# F20


@pytest.mark.parametrize(
    ("report", "decision", "decides"),
    [
        ("", "report=f1", True),
        ("", "report=f9", False),
        ("code=kita", "report=f1 code=arzt", True),
        ("code=kita", "code=kita outcome=rejected", True),
        ("code=kita", "code=arzt", False),
        ("code=kita", "", True),
        ("", "code=kita case_id=c9", True),
    ],
)
def test_f20_a_report_is_decided_by_its_number_else_by_its_code(
    given: Given, report: str, decision: str, decides: bool
) -> None:
    past = given(
        f"StructuralGapReported 2025-03-03 {report}", f"StructuralGapDecided 2025-07-01 {decision}"
    )
    closing = " in_time 2025-07-01 f2" if decides else ""
    assert past.rows("F20") == [f"f1 2025-03-03..2025-07-01{closing}"]


def test_f20_weighs_low_and_is_a_gap_all_the_same(given: Given) -> None:
    past = given("StructuralGapReported 2025-03-03", "StructuralGapDecided 2025-07-02")
    assert past.rows("F20")[0].endswith("late 2025-07-02 f2")
    assert (past.only("F20").severity, past.only("F20").kind) == (Severity.LOW, Kind.GAP)
    assert past.state("F20", "2025-07-01") is State.DUE


def test_d14_f20_ends_with_its_case(given: Given) -> None:
    report = "StructuralGapReported 2025-03 case_id=c1"
    past = given(report, "CaseClosed 2025-05-01")
    assert past.rows("F20") == ["f1 2025-03-31..2025-07-29 cancelled 2025-05-01 f2"]
    assert past.only("F20").certainty is Certainty.POSSIBLY
    assert given(report, "CaseClosed 2025-05-01 case_id=c2").only("F20").closes_on is None
    assert given(report, "CaseSuspended 2025-05-01").only("F20").closes_on is None
