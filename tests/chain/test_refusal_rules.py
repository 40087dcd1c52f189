"""Too late, refused, won in court: A24 (W01), A25 (W03), A27 (W24)."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.chain.intervals import ClosedBy, Responsible, Severity, State

Given = Callable[..., Any]

TITLE = "TitleGranted 2019-03-15 basis=AUFENTHG_18A valid_until=2020-03-31"
LATE = "TitleApplied 2020-04-03"
REFUSED = "TitleRefused 2021-08-17 served_on=2021-08-20"
ORDER = "CourtOrderIssued 2025-03-03 addressee=ebh"


# A24


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2020-04-02", State.NOT_APPLICABLE),
        ("2020-04-03", State.DUE),
        ("2020-04-17", State.DUE),
        ("2020-04-18", State.OPEN),
    ],
)
def test_w01_c04_a_late_application_needs_an_order_of_continuation_or_a_title(
    given: Given, day: str, state: State
) -> None:
    past = given(TITLE, LATE)
    assert past.state("A24", day) is state
    assert past.only("A24").severity is Severity.CRITICAL
    assert past.state("A02", "2020-04-03") is State.OPEN


@pytest.mark.parametrize("applied", ["2020-03-31", "2020-03", "2019-12-01"])
def test_w01_an_application_in_time_is_not_late(given: Given, applied: str) -> None:
    assert given(TITLE, f"TitleApplied {applied}").intervals("A24") == ()
    assert given(TITLE, "TitleApplied 2020-04-01").rows("A24") == ["f2 2020-04-01..2020-04-15"]


@pytest.mark.parametrize(
    ("fact", "row"),
    [
        ("ContinuationOrdered 2020-04-17", "in_time 2020-04-17 f3"),
        ("TitleGranted 2020-04-18", "late 2020-04-18 f3"),
        ("RightOfFreeMovementRecorded 2020-04-10", "in_time 2020-04-10 f3"),
        ("AsylumDecisionIssued 2020-04-10 outcome=asyl", "in_time 2020-04-10 f3"),
        ("AsylumDecisionIssued 2020-04-10 outcome=abgelehnt", ""),
        ("TitleRefused 2020-04-10", "cancelled 2020-04-10 f3"),
        ("ToleranceIssued 2020-04-10", "cancelled 2020-04-10 f3"),
        ("TemporaryPermissionIssued 2020-04-10", "cancelled 2020-04-10 f3"),
        ("TitleApplied 2020-04-10", "superseded 2020-04-10 f3"),
        ("FictionCertificateIssued 2020-04-10", ""),
    ],
)
def test_w01_what_answers_a_late_application(given: Given, fact: str, row: str) -> None:
    assert given(TITLE, LATE, fact).rows("A24")[0] == f"f2 2020-04-03..2020-04-17 {row}".strip()


def test_w01_whoever_is_tolerated_or_has_no_title_applies_in_no_wait(given: Given) -> None:
    assert given(TITLE, "ToleranceIssued 2020-04-01", LATE).intervals("A24") == ()
    assert given(LATE).intervals("A24") == ()
    assert given("TitleGranted 2019-03-15 basis=AUFENTHG_9", LATE).intervals("A24") == ()
    assert given("TitleGranted 2019-03-15", LATE).intervals("A24") == ()
    lost = given(TITLE, "TitleRevoked 2020-01-10", LATE)
    assert lost.intervals("A24") == ()


def test_w01_an_application_refused_before_the_end_counts_as_none(given: Given) -> None:
    past = given(TITLE, "TitleApplied 2020-01-10", "TitleRefused 2020-03-01", LATE)
    assert [one.key for one in past.intervals("A24")] == ["f4"]


# A25


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2021-08-16", State.NOT_APPLICABLE),
        ("2021-08-17", State.DUE),
        ("2021-09-20", State.DUE),
        ("2021-09-21", State.OPEN),
    ],
)
def test_w03_c07_a_refusal_is_to_be_fought_within_a_month_of_service(
    given: Given, day: str, state: State
) -> None:
    past = given(REFUSED)
    assert past.state("A25", day) is state
    assert past.only("A25").severity is Severity.CRITICAL
    assert [str(step.on) for step in past.only("A25").steps] == ["2021-09-13"]


@pytest.mark.parametrize(
    ("refused", "due"),
    [
        ("TitleRefused 2021-08-17", "2021-09-20"),
        ("TitleRefused 2025-01-31", "2025-03-04"),
        ("TitleRefused 2024-12-31", "2025-02-03"),
        ("TitleRefused 2025-01-01 served_on=2025-01-31", "2025-02-28"),
        ("TitleRefused 2024-01-01 served_on=2024-01-31", "2024-02-29"),
        ("TitleRefused 2025-03-10 served_on=2025-03-18", "2025-04-22"),
        ("TitleRefused 2025-03-10 served_on=2025-03", "2025-04-30"),
    ],
)
def test_d11_service_is_told_or_some_days_after_and_the_last_day_is_a_working_day(
    given: Given, refused: str, due: str
) -> None:
    assert str(given(refused).only("A25").due_on) == due


@pytest.mark.parametrize(
    ("fact", "row"),
    [
        ("AppealFiled 2021-09-20", "in_time 2021-09-20 f2"),
        ("AppealFiled 2021-09-21", "late 2021-09-21 f2"),
        ("AppealFiled 2021-09-01 against=TitleRefused kind=eil", "in_time 2021-09-01 f2"),
        ("AppealFiled 2021-09-01 against=f1", "in_time 2021-09-01 f2"),
        ("AppealFiled 2021-09-01 against=AsylumDecisionIssued", ""),
        ("AppealFiled 2021-09-01 kind=untaetigkeit", ""),
        ("AppealFiled 2021-09", "in_time 2021-09-20 f2"),
        ("AppealDecided 2023-02-01 outcome=dismissed", "in_time 2021-09-20 f2"),
        ("AppealDecided 2021-09-01 outcome=granted", "in_time 2021-09-01 f2"),
        ("AppealDecided 2023-02-01 against=AsylumDecisionIssued", ""),
        ("ToleranceIssued 2021-09-01", "in_time 2021-09-01 f2"),
        ("TitleGranted 2021-09-01", "cancelled 2021-09-01 f2"),
        ("RightOfFreeMovementRecorded 2021-09-01", "cancelled 2021-09-01 f2"),
        ("DecisionAnnulledRetroactively 2021-09-01 target=f1", "cancelled 2021-09-01 f2"),
        ("DecisionAnnulledRetroactively 2021-09-01 target=f9", ""),
        ("TitleRefused 2021-09-01", "superseded 2021-09-01 f2"),
    ],
)
def test_w03_what_answers_a_refusal(given: Given, fact: str, row: str) -> None:
    assert given(REFUSED, fact).rows("A25")[0] == f"f1 2021-08-17..2021-09-20 {row}".strip()


def test_w03_an_appeal_before_the_refusal_is_against_something_else(given: Given) -> None:
    assert given("AppealFiled 2021-08-01", REFUSED).only("A25").closed_by is None


# A27


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2025-03-02", State.NOT_APPLICABLE),
        ("2025-03-03", State.DUE),
        ("2025-05-02", State.DUE),
        ("2025-05-03", State.OPEN),
    ],
)
def test_w24_a_court_order_is_to_be_carried_out_within_60_days(
    given: Given, day: str, state: State
) -> None:
    assert given(ORDER).state("A27", day) is state


def test_w24_the_day_that_the_court_sets_and_that_of_service_come_first(given: Given) -> None:
    assert given(f"{ORDER} due=2025-03-31").rows("A27") == ["f1 2025-03-03..2025-03-31"]
    assert given(f"{ORDER} served_on=2025-03-10").rows("A27") == ["f1 2025-03-03..2025-05-09"]
    past_day = given(f"{ORDER} due=2025-02-28")
    assert past_day.state("A27", "2025-03-03") is State.OPEN


@pytest.mark.parametrize(
    ("addressee", "fact", "closes"),
    [
        ("addressee=ebh", "NaturalisationApproved 2025-04-01", True),
        ("addressee=ebh", "TitleGranted 2025-04-01", False),
        ("addressee=abh", "TitleGranted 2025-04-01", True),
        ("addressee=abh", "ToleranceIssued 2025-04-01", True),
        ("addressee=abh", "BenefitGranted 2025-04-01", False),
        ("addressee=bamf", "AsylumDecisionIssued 2025-04-01", True),
        ("addressee=sozialamt", "BenefitGranted 2025-04-01", True),
        ("addressee=chamber", "RecognitionDecided 2025-04-01", True),
        ("addressee=school", "SchoolStarted 2025-04-01", True),
        ("addressee=jugendamt", "ChildcareStarted 2025-04-01", True),
        ("addressee=Stadt", "TitleGranted 2025-04-01", True),
        ("", "BenefitGranted 2025-04-01", True),
        ("", "ContactHeld 2025-04-01", False),
    ],
)
def test_w24_c50_an_act_of_the_obliged_office_closes_it(
    given: Given, addressee: str, fact: str, *, closes: bool
) -> None:
    found = given(f"CourtOrderIssued 2025-03-03 {addressee}", fact).only("A27")
    assert (found.closed_by is ClosedBy.IN_TIME) is closes


def test_w24_the_office_is_responsible_if_the_chain_knows_it(given: Given) -> None:
    named = given("CourtOrderIssued 2025-03-03 addressee=abh").only("A27")
    assert named.responsible == (Responsible.ABH, Responsible.CASE_MANAGER)
    unnamed = given("CourtOrderIssued 2025-03-03").only("A27")
    assert unnamed.responsible == (Responsible.CASE_MANAGER,)


def test_w24_an_order_undone_on_appeal_is_cancelled_and_orders_run_side_by_side(
    given: Given,
) -> None:
    undone = given(ORDER, "AppealDecided 2025-04-01 outcome=reversed against=f1")
    assert undone.only("A27").closed_by is ClosedBy.CANCELLED
    upheld = given(ORDER, "AppealDecided 2025-04-01 outcome=dismissed against=f1")
    assert upheld.only("A27").closed_by is None
    two = given(ORDER, "CourtOrderIssued 2025-04-01 addressee=ebh")
    assert set(two.states("A27", "2025-04-02")) == {"f1", "f2"}
