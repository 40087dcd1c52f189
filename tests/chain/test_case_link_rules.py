"""Appointments that did not take place (F07), links to services that wait (F09) or failed (F10)."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.chain.intervals import Certainty, Severity, State

Given = Callable[..., Any]


def missed(*days: str) -> list[str]:
    """Return missed appointments on these days."""
    return [f"ContactHeld {day} no_show=true" for day in days]


@pytest.mark.parametrize(
    ("third", "rows"),
    [
        ("2025-04-29", ["f3 2025-04-29..2025-05-13"]),
        ("2025-04-30", ["f3 2025-04-30..2025-05-14"]),
        ("2025-05-01", []),
    ],
)
def test_f07_three_missed_appointments_within_sixty_days_ask_for_outreach(
    given: Given, third: str, rows: list[str]
) -> None:
    assert given(*missed("2025-03-01", "2025-03-20", third)).rows("F07") == rows


def test_f07_sixty_days_across_a_leap_day(given: Given) -> None:
    assert given(*missed("2024-01-31", "2024-02-10", "2024-03-31")).rows("F07")
    assert not given(*missed("2024-01-31", "2024-02-10", "2024-04-01")).rows("F07")


ROW = missed("2025-03-01", "2025-03-10", "2025-03-20")


@pytest.mark.parametrize(
    ("contact", "closing"),
    [
        ("ContactHeld 2025-03-25 channel=outreach", "in_time 2025-03-25 f4"),
        ("ContactHeld 2025-04-03 channel=home no_show=false", "in_time 2025-04-03 f4"),
        ("ContactHeld 2025-04-04 channel=outreach", "late 2025-04-04 f4"),
        ("ContactHeld 2025-03-25 channel=office", "cancelled 2025-03-25 f4"),
        ("ContactHeld 2025-03-25", "cancelled 2025-03-25 f4"),
        ("CaseSuspended 2025-03-25", "cancelled 2025-03-25 f4"),
        ("ContactHeld 2025-03-25 channel=outreach no_show=true", ""),
    ],
)
def test_f07_outreach_answers_and_any_meeting_makes_it_needless(
    given: Given, contact: str, closing: str
) -> None:
    assert given(*ROW, contact).rows("F07") == [f"f3 2025-03-20..2025-04-03 {closing}".strip()]


def test_f07_weighs_medium_and_rests_on_all_three(given: Given) -> None:
    one = given(*ROW).only("F07")
    assert one.severity is Severity.MEDIUM
    assert one.evidence == ("f3", "f1", "f2")
    assert one.certainty is Certainty.CERTAINLY
    unsure = given(*missed("2025-02", "2025-03-10", "2025-03-20")).only("F07")
    assert unsure.certainty is Certainty.POSSIBLY


def test_f07_a_meeting_between_breaks_no_row(given: Given) -> None:
    past = given(*ROW[:2], "ContactHeld 2025-03-15", ROW[2])
    assert past.rows("F07") == ["f4 2025-03-20..2025-04-03"]


def test_f07_further_missed_appointments_do_not_start_the_days_anew(given: Given) -> None:
    past = given(*ROW, *missed("2025-03-25", "2025-03-28"))
    assert past.rows("F07") == ["f3 2025-03-20..2025-04-03"]


def test_f07_after_a_meeting_that_answered_only_later_ones_count(given: Given) -> None:
    answer = "ContactHeld 2025-03-24 channel=outreach"
    two_more = missed("2025-03-25", "2025-03-28")
    assert len(given(*ROW, answer, *two_more).rows("F07")) == 1
    past = given(*ROW, answer, *two_more, *missed("2025-04-02"))
    assert past.rows("F07")[1] == "f7 2025-04-02..2025-04-16"


def test_f07_a_new_opening_counts_anew(given: Given) -> None:
    past = given(*ROW, "CaseClosed 2025-03-30", "CaseOpened 2025-04-01", *missed("2025-04-02"))
    assert past.rows("F07") == ["f3 2025-03-20..2025-04-03 cancelled 2025-03-30 f4"]
    again = given(
        *ROW,
        "CaseOpened 2025-04-01",
        *missed("2025-04-02", "2025-04-03", "2025-04-04"),
    )
    assert again.rows("F07") == [
        "f3 2025-03-20..2025-04-03 superseded 2025-04-04 f7",
        "f7 2025-04-04..2025-04-18",
    ]


def test_d14_a_resumption_gives_the_full_days_for_outreach_again(given: Given) -> None:
    past = given(*ROW, "CaseSuspended 2025-03-25", "CaseResumed 2025-06-01")
    assert past.rows("F07")[1] == "f3+f5 2025-06-01..2025-06-15"
    assert past.intervals("F07")[1].evidence == ("f3", "f1", "f2", "f5")
    met = given(
        *ROW, "CaseSuspended 2025-03-25", "ContactHeld 2025-05-01", "CaseResumed 2025-06-01"
    )
    assert len(met.rows("F07")) == 1


def test_f07_an_appointment_is_kept_unless_it_is_told_otherwise(given: Given) -> None:
    assert given(*ROW[:2], "ContactHeld 2025-03-20").rows("F07") == []


# F09

LINK = "ServiceLinked 2025-03-03"


@pytest.mark.parametrize(
    ("link", "answer", "answers"),
    [
        ("link_id=l1", "LinkConfirmed 2025-03-10 link_id=l1", True),
        ("link_id=l1", "LinkFailed 2025-03-10 link_id=l1", True),
        ("link_id=l1", "LinkConfirmed 2025-03-10 link_id=l2", False),
        ("link_id=l1 provider=vhs", "LinkConfirmed 2025-03-10 link_id=l1 provider=awo", True),
        ("link_id=l1 provider=vhs", "LinkConfirmed 2025-03-10 provider=vhs", True),
        ("link_id=l1 provider=vhs", "LinkConfirmed 2025-03-10 provider=awo", False),
        ("provider=vhs offer=a", "LinkConfirmed 2025-03-10 provider=vhs offer=b", False),
        ("provider=vhs offer=a", "LinkConfirmed 2025-03-10 offer=a", True),
        ("", "LinkConfirmed 2025-03-10 case_id=c9", True),
        ("", "LinkConfirmed 2025-03-02", False),
    ],
)
def test_f09_a_link_is_confirmed_or_failed_by_its_number_else_by_what_is_told(
    given: Given, link: str, answer: str, answers: bool
) -> None:
    (row,) = given(f"{LINK} {link}", answer).rows("F09")
    assert row == "f1 2025-03-03..2025-03-17" + (" in_time 2025-03-10 f2" if answers else "")


def test_f09_is_open_on_the_fifteenth_day(given: Given) -> None:
    past = given(LINK)
    assert past.state("F09", "2025-03-17") is State.DUE
    assert past.state("F09", "2025-03-18") is State.OPEN
    assert past.only("F09").responsible == ("case_manager", "provider")
    assert given(LINK, "LinkConfirmed 2025-03-18").rows("F09")[0].endswith("late 2025-03-18 f2")


def test_f09_links_run_side_by_side_and_the_same_one_told_again_takes_its_place(
    given: Given,
) -> None:
    assert len(given(LINK, "ServiceLinked 2025-03-05").states("F09", "2025-03-06")) == 2
    again = given(f"{LINK} link_id=l1", "ServiceLinked 2025-03-05 link_id=l1")
    assert again.rows("F09") == [
        "f1 2025-03-03..2025-03-17 superseded 2025-03-05 f2",
        "f2 2025-03-05..2025-03-19",
    ]


# F10


@pytest.mark.parametrize(
    ("reason", "severity"),
    [
        ("fail_reason=no_capacity", Severity.HIGH),
        ("fail_reason=funding_stop", Severity.HIGH),
        ("fail_reason=declined", Severity.MEDIUM),
        ("", Severity.MEDIUM),
    ],
)
def test_f10_weighs_high_where_the_structures_fail(
    given: Given, reason: str, severity: Severity
) -> None:
    past = given(f"LinkFailed 2025-03-03 {reason}")
    assert past.rows("F10") == ["f1 2025-03-03..2025-03-24"]
    assert past.only("F10").severity is severity


FAILED = (
    "ServiceLinked 2025-02-01 link_id=l1 provider=vhs offer=b1 field=sprache",
    "LinkFailed 2025-03-03 link_id=l1 provider=vhs",
)


@pytest.mark.parametrize(
    ("after", "closing"),
    [
        ("ServiceLinked 2025-03-24 link_id=l2", "in_time 2025-03-24 f3"),
        ("ServiceLinked 2025-03-25 link_id=l2 field=sprache", "late 2025-03-25 f3"),
        ("ServiceLinked 2025-03-10 link_id=l2 field=arbeit", ""),
        ("ServiceLinked 2025-03-10 link_id=l1", ""),
        ("ServiceLinked 2025-03-10 provider=vhs", ""),
        ("ServiceLinked 2025-03-10 provider=awo", "in_time 2025-03-10 f3"),
        ("ServiceLinked 2025-03-10", "in_time 2025-03-10 f3"),
        ("GoalAbandoned 2025-03-10", "in_time 2025-03-10 f3"),
        ("LinkConfirmed 2025-03-10 link_id=l1", "cancelled 2025-03-10 f3"),
        ("LinkConfirmed 2025-03-10 provider=vhs", "cancelled 2025-03-10 f3"),
        ("LinkConfirmed 2025-03-10", ""),
        ("LinkFailed 2025-03-10 link_id=l1", "superseded 2025-03-10 f3"),
    ],
)
def test_f10_only_another_link_in_the_same_field_is_an_alternative(
    given: Given, after: str, closing: str
) -> None:
    assert given(*FAILED, after).rows("F10")[0] == f"f2 2025-03-03..2025-03-24 {closing}".strip()


def test_f10_offers_differ_and_the_link_that_failed_is_no_alternative_on_the_same_day(
    given: Given,
) -> None:
    other_offer = given(
        "LinkFailed 2025-03-03 provider=vhs offer=b1",
        "ServiceLinked 2025-03-10 provider=vhs offer=b2",
    )
    assert other_offer.rows("F10")[0].endswith("in_time 2025-03-10 f2")
    same_day = given("ServiceLinked 2025-03-03", "LinkFailed 2025-03-03")
    assert same_day.rows("F10") == ["f2 2025-03-03..2025-03-24"]


def test_f10_a_goal_of_another_case_is_not_given_up_for_it(given: Given) -> None:
    past = given("LinkFailed 2025-03-03 case_id=c1", "GoalAbandoned 2025-03-10 case_id=c2")
    assert past.rows("F10") == ["f1 2025-03-03..2025-03-24"]


def test_d8_a_retracted_failure_leaves_the_link_unconfirmed(given: Given) -> None:
    past = given(
        LINK, "LinkFailed 2025-03-10", "EventRetracted 2025-04-01 target=f2 reason=wrong_person"
    )
    assert past.rows("F10") == []
    assert past.rows("F09") == ["f1 2025-03-03..2025-03-17"]
    assert past.rows("F09", known_at="2025-03-31")[0].endswith("in_time 2025-03-10 f2")
