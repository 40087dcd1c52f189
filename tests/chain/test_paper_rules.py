"""The papers of those who wait: A03, A04, A05, and the way from protection to a title: A06."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.intervals import Certainty, Severity, State

Given = Callable[..., Any]

TITLE = "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2025-06-15"
APPLIED = "TitleApplied 2025-05-02"
WAIT = "f2 2025-05-02..2025-06-15"


def test_a03_who_applied_in_time_needs_a_paper_by_the_end_of_the_title(given: Given) -> None:
    past = given(TITLE, APPLIED)
    assert past.rows("A03") == [WAIT]
    assert past.state("A03", "2025-05-01") is State.NOT_APPLICABLE
    assert past.state("A03", "2025-05-02") is State.DUE
    assert past.state("A03", "2025-06-15") is State.DUE
    assert past.state("A03", "2025-06-16") is State.OPEN


def test_a03_weighs_high_and_has_a_step_fourteen_days_before_the_end(given: Given) -> None:
    one = given(TITLE, APPLIED).only("A03")
    assert one.severity is Severity.HIGH
    assert [step.on for step in one.steps] == [date(2025, 6, 1)]
    late = given(TITLE, "TitleApplied 2025-06-10").only("A03")
    assert [step.on for step in late.steps] == [date(2025, 6, 10)]


@pytest.mark.parametrize(
    ("applied", "row"),
    [
        ("2024-06-15", "f2 2024-06-15..2025-06-15"),
        ("2025-06-15", "f2 2025-06-15..2025-06-15"),
        ("2025-06-16", None),
        ("2025-06", "f2 2025-06-15..2025-06-15"),
        ("2025-05", "f2 2025-05-31..2025-06-15"),
        ("2025-07", None),
        ("- @2025-05-10", "f2 2025-05-10..2025-06-15"),
        ("- @2025-08-01", "f2 2025-06-15..2025-06-15"),
    ],
)
def test_a03_an_application_by_the_end_begins_the_wait_at_the_latest_at_the_end(
    given: Given, applied: str, row: str | None
) -> None:
    assert given(TITLE, f"TitleApplied {applied}").rows("A03") == ([] if row is None else [row])


@pytest.mark.parametrize(
    "lines",
    [
        [APPLIED],
        [APPLIED, "TitleGranted 2025-05-03 basis=AUFENTHG_18A valid_until=2025-06-15"],
        ["TitleGranted 2024-06-15 basis=AUFENTHG_18A", APPLIED],
        ["TitleGranted 2024-06-15 basis=AUFENTHG_9 valid_until=2025-06-15", APPLIED],
        [TITLE, "TitleGranted 2025-01-10 basis=AUFENTHG_18A valid_until=2025-04-30", APPLIED],
        [TITLE, "TitleGranted 2025-01-10 basis=AUFENTHG_9", APPLIED],
    ],
)
def test_a03_without_a_running_title_that_ends_there_is_no_wait(
    given: Given, lines: list[str]
) -> None:
    assert given(*lines).rows("A03") == []


def test_a03_the_latest_title_before_the_application_gives_the_end(given: Given) -> None:
    past = given(
        "TitleGranted 2023-06-15 basis=AUFENTHG_18A valid_until=2024-06-15",
        TITLE,
        "TitleApplied 2025-05-02",
    )
    assert past.rows("A03") == ["f3 2025-05-02..2025-06-15"]


@pytest.mark.parametrize(
    ("basis", "waits"),
    [
        ("basis=AUFENTHG_25A", True),
        ("basis=AUFENTHG_25B", True),
        ("", True),
        ("basis=AUFENTHG_18A", False),
    ],
)
def test_a03_after_a_chance_title_only_25a_25b_or_an_unknown_basis_begins_a_wait(
    given: Given, basis: str, waits: bool
) -> None:
    past = given(
        "TitleGranted 2024-01-15 basis=AUFENTHG_104C valid_until=2025-06-15",
        f"TitleApplied 2025-05-02 {basis}",
    )
    assert bool(past.rows("A03")) is waits


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        ("FictionCertificateIssued 2025-05-02", "in_time 2025-05-02"),
        ("FictionCertificateIssued 2025-06-15", "in_time 2025-06-15"),
        ("FictionCertificateIssued 2025-06-16", "late 2025-06-16"),
        ("FictionCertificateIssued 2025-06", "in_time 2025-06-15"),
        ("TitleGranted 2025-05-20", "in_time 2025-05-20"),
        ("TitleGranted 2025-07-01", "late 2025-07-01"),
        ("TitleRefused 2025-05-20", "cancelled 2025-05-20"),
        ("TitleRefused 2025-07-01", "cancelled 2025-07-01"),
        ("LeftGermany 2025-05-20", "cancelled 2025-05-20"),
    ],
)
def test_a03_a_paper_or_a_title_closes_the_wait_and_a_refusal_cancels_it(
    given: Given, closing: str, expected: str
) -> None:
    assert given(TITLE, APPLIED, closing).rows("A03") == [f"{WAIT} {expected} f3"]


def test_a03_a_paper_before_the_application_does_not_count(given: Given) -> None:
    past = given(TITLE, "FictionCertificateIssued 2025-05-01", "TitleApplied 2025-05-02")
    assert past.rows("A03") == ["f3 2025-05-02..2025-06-15"]


def test_a03_a_title_granted_before_the_application_on_its_day_is_the_title_waited_under(
    given: Given,
) -> None:
    past = given(
        TITLE,
        "TitleGranted 2025-05-02 basis=AUFENTHG_18A valid_until=2025-08-31",
        "TitleApplied 2025-05-02",
    )
    assert past.rows("A03") == ["f3 2025-05-02..2025-08-31"]


def test_a03_the_next_application_supersedes(given: Given) -> None:
    past = given(TITLE, APPLIED, "TitleApplied 2025-05-20")
    assert past.rows("A03") == [
        f"{WAIT} superseded 2025-05-20 f3",
        "f3 2025-05-20..2025-06-15",
    ]
    late = given(TITLE, APPLIED, "TitleApplied 2025-07-01")
    assert late.rows("A03") == [WAIT]


def test_d10_a_shortening_moves_the_end_of_the_wait(given: Given) -> None:
    past = given(TITLE, APPLIED, "TitleShortened 2025-05-10 new_valid_until=2025-05-31")
    assert past.rows("A03") == ["f2 2025-05-02..2025-05-31"]


PAPER = "FictionCertificateIssued 2025-06-01 valid_until=2025-09-30"


def test_a04_the_paper_for_the_wait_is_renewed_within_its_last_thirty_days(given: Given) -> None:
    past = given(PAPER)
    assert past.rows("A04") == ["f1 2025-08-31..2025-09-30"]
    assert past.state("A04", "2025-08-30") is State.NOT_APPLICABLE
    assert past.state("A04", "2025-09-30") is State.DUE
    assert past.state("A04", "2025-10-01") is State.OPEN
    assert past.only("A04").severity is Severity.HIGH


@pytest.mark.parametrize(
    ("end", "first"),
    [("2024-03-30", "2024-02-29"), ("2025-03-30", "2025-02-28"), ("2026-01-30", "2025-12-31")],
)
def test_a04_thirty_days_are_days_across_months_years_and_leap_days(
    given: Given, end: str, first: str
) -> None:
    past = given(f"FictionCertificateIssued 2024-01-02 valid_until={end}")
    assert past.rows("A04") == [f"f1 {first}..{end}"]


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        ("FictionCertificateIssued 2025-09-30", "in_time 2025-09-30 f2"),
        ("FictionCertificateIssued 2025-10-01", "late 2025-10-01 f2"),
        ("TitleGranted 2025-09-10", "cancelled 2025-09-10 f2"),
        ("TitleRefused 2025-09-10", "cancelled 2025-09-10 f2"),
        ("TitleRefused 2025-10-10", "cancelled 2025-10-10 f2"),
    ],
)
def test_a04_a_newer_paper_closes_it_and_title_or_refusal_cancel_it(
    given: Given, closing: str, expected: str
) -> None:
    assert given(PAPER, closing).rows("A04")[0] == f"f1 2025-08-31..2025-09-30 {expected}"


@pytest.mark.parametrize("closing", ["FictionCertificateIssued", "TitleGranted", "TitleRefused"])
def test_a04_closed_before_its_last_thirty_days_it_never_comes_into_being(
    given: Given, closing: str
) -> None:
    past = given(PAPER, f"{closing} 2025-08-30")
    assert "f1" not in {one.key for one in past.intervals("A04")}


def test_a04_a_newer_paper_of_the_same_day_closes_it_before_a_title_cancels_it(
    given: Given,
) -> None:
    past = given(PAPER, "TitleGranted 2025-09-10", "FictionCertificateIssued 2025-09-10")
    assert past.rows("A04")[0] == "f1 2025-08-31..2025-09-30 in_time 2025-09-10 f3"


LATE = [
    TITLE,
    "TitleApplied 2025-06-20",
    "FictionCertificateIssued 2025-07-01 valid_until=2025-09-30",
]


def test_a04_a_paper_on_a_late_application_has_no_effect_and_is_not_watched(given: Given) -> None:
    assert given(*LATE).rows("A04") == []


def test_d13_a_paper_on_an_application_in_time_is_watched(given: Given) -> None:
    past = given(TITLE, "TitleApplied 2025-06-15", LATE[2])
    assert past.rows("A04") == ["f3 2025-08-31..2025-09-30"]


def test_a04_an_order_of_continuation_after_a_late_application_gives_the_paper_effect(
    given: Given,
) -> None:
    watched = ["f3 2025-08-31..2025-09-30"]
    assert given(*LATE, "ContinuationOrdered 2025-06-25").rows("A04") == watched
    assert given(*LATE, "ContinuationOrdered 2025-08-25").rows("A04") == watched
    before = given(*LATE, "ContinuationOrdered 2025-06-19")
    assert before.rows("A04") == []


@pytest.mark.parametrize(
    ("basis", "watched"), [("basis=AUFENTHG_18A", False), ("basis=AUFENTHG_25B", True), ("", True)]
)
def test_a04_a_paper_on_an_application_that_cannot_follow_a_chance_title_has_no_effect(
    given: Given, basis: str, watched: bool
) -> None:
    past = given(
        "TitleGranted 2024-01-15 basis=AUFENTHG_104C valid_until=2025-06-15",
        f"TitleApplied 2025-05-02 {basis}",
        "FictionCertificateIssued 2025-05-10 valid_until=2025-09-30",
    )
    assert bool(past.rows("A04")) is watched


@pytest.mark.parametrize(
    "before",
    [
        [],
        ["TitleApplied 2025-05-02"],
        ["TitleGranted 2024-06-15 basis=AUFENTHG_9", "TitleApplied 2025-06-20"],
        ["TitleGranted 2024-06-15 basis=AUFENTHG_18A", "TitleApplied 2025-06-20"],
        [TITLE],
        [TITLE, "TitleApplied 2025-07-02"],
        [TITLE, "TitleApplied 2025-06-20", "TitleRefused 2025-06-25"],
    ],
)
def test_a04_where_the_effect_cannot_be_judged_the_paper_is_watched(
    given: Given, before: list[str]
) -> None:
    past = given(*before, "FictionCertificateIssued 2025-07-01 valid_until=2025-09-30 id=paper")
    assert past.rows("A04") == ["paper 2025-08-31..2025-09-30"]


def test_a04_without_its_end_a_paper_is_a_row_of_missing_data(given: Given) -> None:
    past = given("FictionCertificateIssued 2025-03-03")
    assert past.rows("A04") == ["data f1 2025-03-03.."]
    no_effect = given(TITLE, "TitleApplied 2025-06-20", "FictionCertificateIssued 2025-07-01")
    assert no_effect.rows("A04") == []


@pytest.mark.parametrize("paper", ["TemporaryPermissionIssued", "ToleranceIssued"])
@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        ("TemporaryPermissionIssued 2025-09-09", "in_time 2025-09-09"),
        ("TemporaryPermissionIssued 2025-09-10", "in_time 2025-09-10"),
        ("ToleranceIssued 2025-09-30", "in_time 2025-09-30"),
        ("ToleranceIssued 2025-10-01", "late 2025-10-01"),
        ("TitleGranted 2025-09-12", "cancelled 2025-09-12"),
        ("TitleGranted 2025-10-12", "cancelled 2025-10-12"),
        ("LeftGermany 2025-09-12", "cancelled 2025-09-12"),
    ],
)
def test_a05_a_permission_or_toleration_is_renewed_within_its_last_twenty_one_days(
    given: Given, paper: str, closing: str, expected: str
) -> None:
    past = given(f"{paper} 2025-03-03 valid_until=2025-09-30", closing)
    assert past.rows("A05")[0] == f"f1 2025-09-09..2025-09-30 {expected} f2"


def test_a05_begins_twenty_one_days_before_the_end_and_weighs_high(given: Given) -> None:
    past = given("ToleranceIssued 2024-01-03 valid_until=2024-03-21")
    assert past.rows("A05") == ["f1 2024-02-29..2024-03-21"]
    assert past.state("A05", "2024-02-28") is State.NOT_APPLICABLE
    assert past.state("A05", "2024-03-21") is State.DUE
    assert past.state("A05", "2024-03-22") is State.OPEN
    assert past.only("A05").severity is Severity.HIGH


def test_a05_a_newer_paper_before_the_last_days_leaves_no_instance(given: Given) -> None:
    past = given(
        "ToleranceIssued 2025-03-03 valid_until=2025-09-30",
        "TemporaryPermissionIssued 2025-09-08 valid_until=2026-03-30",
    )
    assert past.rows("A05") == ["f2 2026-03-09..2026-03-30"]


def test_a05_without_its_end_a_paper_is_a_row_of_missing_data(given: Given) -> None:
    past = given("ToleranceIssued 2025-03-03", "ToleranceIssued 2025-06-03 valid_until=2025-12-03")
    assert past.rows("A05")[0] == "data f1 2025-03-03.. in_time 2025-06-03 f2"


SHORT = "TemporaryPermissionIssued 2024-11-10 valid_until={}"


def final(given: Given, decision: str, *others: str) -> date | None:
    """Return the day on which a decision is final: it then cancels a Gestattung without an end of its own."""
    past = given("TemporaryPermissionIssued 2020-01-10", decision, *others)
    one: date | None = past.only("A05").closes_on
    return one


@pytest.mark.parametrize(
    ("decision", "day"),
    [
        ("2025-04-01 outcome=abgelehnt served_on=2025-04-04", "2025-04-23"),
        ("2025-03-03 outcome=abgelehnt served_on=2025-03-05", "2025-03-20"),
        ("2025-03-03 outcome=abgelehnt served_on=2025-03-08", "2025-03-25"),
        ("2025-03-03 outcome=eingestellt served_on=2025-03-05", "2025-03-20"),
        ("2025-03-03 outcome=ou served_on=2025-03-05", "2025-03-13"),
        ("2025-03-03 outcome=unzulaessig served_on=2025-03-05", "2025-03-13"),
        ("2024-11-04 outcome=abgelehnt", "2024-11-22"),
        ("2024-12-31 outcome=ou", "2025-01-11"),
        ("2025-01-01 outcome=ou", "2025-01-14"),
        ("2025-03-03 outcome=abgelehnt", "2025-03-22"),
        ("2025-03-03 outcome=abgelehnt final_on=2025-03-10 served_on=2025-03-05", "2025-03-10"),
        ("2025-03-03 final_on=2025-03-10", "2025-03-10"),
        ("2025-03-03 outcome=ou served_on=2025-03", "2025-04-08"),
    ],
)
def test_d11_a_refusal_is_final_as_told_or_when_the_time_for_appeal_has_passed(
    given: Given, decision: str, day: str
) -> None:
    assert final(given, f"AsylumDecisionIssued {decision}") == date.fromisoformat(day)


def test_a05_without_an_outcome_only_the_told_day_of_finality_counts(given: Given) -> None:
    assert final(given, "AsylumDecisionIssued 2025-03-03 served_on=2025-03-05") is None


@pytest.mark.parametrize("appeal", ["AppealFiled", "AppealDecided"])
@pytest.mark.parametrize(
    ("told", "stops"),
    [
        ("2025-03-10", True),
        ("2025-03-03", True),
        ("2025-03-02", False),
        ("2025-08-10", True),
        ("2025-03-10 against=AsylumDecisionIssued", True),
        ("2025-03-10 against=f2", True),
        ("2025-03-10 against=f9", False),
        ("2025-03-10 against=TitleRefused", False),
    ],
)
def test_d11_an_appeal_against_the_decision_keeps_it_from_being_final(
    given: Given, appeal: str, told: str, stops: bool
) -> None:
    decision = "AsylumDecisionIssued 2025-03-03 outcome=abgelehnt served_on=2025-03-05"
    assert (final(given, decision, f"{appeal} {told}") is None) is stops


def test_d11_a_dismissed_appeal_alone_is_not_final(given: Given) -> None:
    decision = "AsylumDecisionIssued 2025-03-03 outcome=abgelehnt"
    dismissed = "AppealDecided 2025-06-03 outcome=dismissed"
    assert final(given, decision, "AppealFiled 2025-03-10", dismissed) is None


def test_a05_an_appeal_after_the_next_decision_is_not_against_the_first(given: Given) -> None:
    first = "AsylumDecisionIssued 2025-03-03 outcome=abgelehnt served_on=2025-03-05"
    second = "AsylumDecisionIssued 2025-08-04 outcome=unzulaessig served_on=2025-08-06"
    assert final(given, first, second, "AppealFiled 2025-08-08") == date(2025, 3, 20)


def test_a05_an_appeal_does_not_move_a_told_day_of_finality(given: Given) -> None:
    decision = "AsylumDecisionIssued 2025-03-03 outcome=abgelehnt final_on=2025-09-01"
    assert final(given, decision, "AppealFiled 2025-03-10") == date(2025, 9, 1)


def test_a05_a_refusal_cancels_a_permission_on_the_day_it_is_final(given: Given) -> None:
    decision = "AsylumDecisionIssued 2025-04-01 outcome=abgelehnt served_on=2025-04-04"
    within = given(SHORT.format("2025-04-30"), decision)
    assert within.rows("A05") == ["f1 2025-04-09..2025-04-30 cancelled 2025-04-23 f2"]
    before = given(SHORT.format("2025-12-31"), decision)
    assert before.rows("A05") == []


def test_a05_a_refusal_does_not_cancel_a_toleration(given: Given) -> None:
    past = given(
        "ToleranceIssued 2024-11-10 valid_until=2025-04-30",
        "AsylumDecisionIssued 2025-04-01 outcome=abgelehnt final_on=2025-04-15",
    )
    assert past.rows("A05") == ["f1 2025-04-09..2025-04-30"]


@pytest.mark.parametrize("paper", ["ToleranceIssued", "TemporaryPermissionIssued"])
@pytest.mark.parametrize(
    ("decision", "day"),
    [
        ("2025-04-10 outcome=fluechtling", "2025-04-10"),
        ("2025-04-10 outcome=subsidiaer served_on=2025-04-14", "2025-04-14"),
        (
            "2025-04-10 outcome=abschiebungsverbot served_on=2025-04-14 final_on=2025-04-28",
            "2025-04-28",
        ),
        ("2025-04 outcome=asyl", "2025-04-30"),
    ],
)
def test_a05_protection_cancels_every_paper_on_the_day_a06_begins(
    given: Given, paper: str, decision: str, day: str
) -> None:
    past = given(f"{paper} 2024-11-10 valid_until=2025-04-30", f"AsylumDecisionIssued {decision}")
    assert past.rows("A05") == [f"f1 2025-04-09..2025-04-30 cancelled {day} f2"]
    assert past.only("A06").begins_on == date.fromisoformat(day)


def test_a05_a_permission_issued_after_the_asylum_procedure_ended_is_not_watched(
    given: Given,
) -> None:
    refused = "AsylumDecisionIssued 2024-03-04 outcome=abgelehnt final_on=2024-06-03"
    paper = "TemporaryPermissionIssued 2024-09-02 valid_until=2025-03-03"
    assert given(refused, paper).rows("A05") == []
    again = given(refused, "AsylumApplicationFiled 2024-08-05", paper)
    assert again.rows("A05") == ["f3 2025-02-10..2025-03-03"]
    earlier = given("AsylumApplicationFiled 2023-08-05", refused, paper)
    assert earlier.rows("A05") == []
    tolerated = given(refused, "ToleranceIssued 2024-09-02 valid_until=2025-03-03")
    assert tolerated.rows("A05") == ["f2 2025-02-10..2025-03-03"]


def test_a05_a_permission_issued_before_the_refusal_was_final_is_watched(given: Given) -> None:
    refused = "AsylumDecisionIssued 2024-03-04 outcome=abgelehnt final_on=2025-06-03"
    paper = "TemporaryPermissionIssued 2024-09-02 valid_until=2025-03-03"
    window = "f2 2025-02-10..2025-03-03"
    assert given(refused, paper).rows("A05") == [f"{window} cancelled 2025-06-03 f1"]


def test_a05_a_permission_issued_after_protection_was_granted_is_watched(given: Given) -> None:
    granted = "AsylumDecisionIssued 2024-03-04 outcome=subsidiaer final_on=2024-06-03"
    paper = "TemporaryPermissionIssued 2024-09-02 valid_until=2025-03-03"
    assert given(granted, paper).rows("A05") == ["f2 2025-02-10..2025-03-03"]


@pytest.mark.parametrize(
    ("decision", "certainty"),
    [
        ("2025-03-03", Certainty.CERTAINLY),
        ("2025-03", Certainty.POSSIBLY),
        ("2025-03-03 served_on=2025-03", Certainty.POSSIBLY),
    ],
)
def test_g6_after_protection_the_days_are_as_certain_as_the_day_they_count_from(
    given: Given, decision: str, certainty: Certainty
) -> None:
    past = given(f"AsylumDecisionIssued {decision} outcome=asyl")
    assert past.only("A06").certainty is certainty


@pytest.mark.parametrize("outcome", ["asyl", "fluechtling", "subsidiaer", "abschiebungsverbot"])
@pytest.mark.parametrize("closing", ["TitleApplied", "TitleGranted"])
@pytest.mark.parametrize(
    ("day", "by"), [("2024-02-15", "in_time"), ("2024-02-29", "in_time"), ("2024-03-01", "late")]
)
def test_a06_after_protection_a_title_is_applied_for_within_fourteen_days(
    given: Given, outcome: str, closing: str, day: str, by: str
) -> None:
    past = given(f"AsylumDecisionIssued 2024-02-15 outcome={outcome}", f"{closing} {day}")
    assert past.rows("A06") == [f"f1 2024-02-15..2024-02-29 {by} {day} f2"]


@pytest.mark.parametrize(
    ("attributes", "window"),
    [
        ("", "2025-03-03..2025-03-17"),
        ("served_on=2025-03-10", "2025-03-10..2025-03-24"),
        ("final_on=2025-03-20", "2025-03-20..2025-04-03"),
        ("served_on=2025-03-10 final_on=2025-03-20", "2025-03-20..2025-04-03"),
        ("served_on=2025-03", "2025-03-31..2025-04-14"),
        ("served_on=null final_on=null", "2025-03-03..2025-03-17"),
    ],
)
def test_a06_the_days_count_from_finality_else_service_else_the_decision(
    given: Given, attributes: str, window: str
) -> None:
    past = given(f"AsylumDecisionIssued 2025-03-03 outcome=fluechtling {attributes}")
    assert past.rows("A06") == [f"f1 {window}"]
    assert past.only("A06").severity is Severity.HIGH


def test_a06_an_application_before_the_decision_is_final_leaves_no_instance(given: Given) -> None:
    past = given(
        "AsylumDecisionIssued 2025-03-03 outcome=fluechtling final_on=2025-03-20",
        "TitleApplied 2025-03-10",
    )
    assert past.rows("A06") == []


def test_a06_an_application_before_the_decision_does_not_count(given: Given) -> None:
    past = given("TitleApplied 2025-03-02", "AsylumDecisionIssued 2025-03-03 outcome=fluechtling")
    assert past.rows("A06") == ["f2 2025-03-03..2025-03-17"]


@pytest.mark.parametrize("outcome", ["abgelehnt", "ou", "unzulaessig", "eingestellt", "null"])
def test_a06_a_decision_that_grants_nothing_begins_nothing(given: Given, outcome: str) -> None:
    assert given(f"AsylumDecisionIssued 2025-03-03 outcome={outcome}").rows("A06") == []


def test_a06_a_revocation_of_protection_cancels_it_and_a_new_decision_supersedes(
    given: Given,
) -> None:
    decided = "AsylumDecisionIssued 2025-03-03 outcome=subsidiaer"
    revoked = given(decided, "ProtectionRevoked 2025-03-10")
    assert revoked.rows("A06") == ["f1 2025-03-03..2025-03-17 cancelled 2025-03-10 f2"]
    again = given(decided, "AsylumDecisionIssued 2025-06-02 outcome=fluechtling")
    assert again.rows("A06") == [
        "f1 2025-03-03..2025-03-17 superseded 2025-06-02 f2",
        "f2 2025-06-02..2025-06-16",
    ]


def test_d11_a_title_closes_a01_a02_a03_and_a06_at_once(given: Given) -> None:
    past = given(
        TITLE,
        "TitleApplied 2025-06-10",
        "AsylumDecisionIssued 2025-06-12 outcome=fluechtling",
        "TitleGranted 2025-06-14 basis=AUFENTHG_25_2_FL valid_until=2028-06-14",
    )
    closed = {
        rule: {one.closes_on for one in past.intervals(rule)} for rule in ("A01", "A03", "A06")
    }
    assert closed["A01"] == {date(2025, 6, 10), date(2028, 6, 15)}
    assert closed["A03"] == {date(2025, 6, 14)}
    assert closed["A06"] == {date(2025, 6, 14)}
    assert past.rows("A02") == ["f4 2028-06-15..2028-06-14"]
