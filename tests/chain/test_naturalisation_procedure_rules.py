"""The naturalisation procedure: N04 to N08 and N10, from the receipt of the request to the certificate."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.explanation import explain, sentence
from domain.chain.intervals import Certainty, ClosedBy, Consequence, Kind, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]

APPLIED = "NaturalisationApplied 2024-03-01"
THREE, SILENCE = "+three_months", "+no_sign_of_life"


def rows_of(past: Any, clock: str) -> list[str]:
    return [row for row in past.rows("N04") if clock in row]


# N04


def test_d19_n04_has_two_keys_three_months_and_180_days(given: Given) -> None:
    past = given("NaturalisationApplied 2011-08-11")
    assert past.rows("N04") == [
        "f1+three_months 2011-08-11..2011-11-11",
        "f1+no_sign_of_life 2011-08-11..2012-02-07",
    ]
    assert past.states("N04", "2011-08-10") == {}
    assert past.states("N04", "2011-11-11") == {
        f"f1{THREE}": State.DUE,
        f"f1{SILENCE}": State.DUE,
    }
    assert past.states("N04", "2011-11-12") == {
        f"f1{THREE}": State.OPEN,
        f"f1{SILENCE}": State.DUE,
    }
    assert past.states("N04", "2012-02-08") == {
        f"f1{THREE}": State.OPEN,
        f"f1{SILENCE}": State.OPEN,
    }


@pytest.mark.parametrize(
    ("applied", "three_months", "silence"),
    [
        ("2023-11-30", "2024-02-29", "2024-05-28"),
        ("2022-11-30", "2023-02-28", "2023-05-29"),
        ("2024-02-29", "2024-05-29", "2024-08-27"),
        ("2024-05-31", "2024-08-31", "2024-11-27"),
    ],
)
def test_w26_n04_three_months_are_months_of_the_calendar_and_180_days_are_days(
    given: Given, applied: str, three_months: str, silence: str
) -> None:
    assert given(f"NaturalisationApplied {applied}").rows("N04") == [
        f"f1{THREE} {applied}..{three_months}",
        f"f1{SILENCE} {applied}..{silence}",
    ]


def test_w08_n04_an_application_of_a_year_counts_on_its_last_day(given: Given) -> None:
    past = given("NaturalisationApplied 2020")
    assert past.rows("N04") == [
        f"f1{THREE} 2020-12-31..2021-03-31",
        f"f1{SILENCE} 2020-12-31..2021-06-29",
    ]
    assert {one.certainty for one in past.intervals("N04")} == {Certainty.POSSIBLY}


@pytest.mark.parametrize(
    "decision",
    ["NaturalisationApproved", "NaturalisationRefused", "NaturalisationAssuranceGranted"],
)
def test_n04_a_decision_closes_both_keys(given: Given, decision: str) -> None:
    late = given(APPLIED, f"{decision} 2025-03-01")
    assert late.rows("N04") == [
        f"f1{THREE} 2024-03-01..2024-06-01 late 2025-03-01 f2",
        f"f1{SILENCE} 2024-03-01..2024-08-28 late 2025-03-01 f2",
    ]
    assert set(late.states("N04", "2025-03-01").values()) == {State.CLOSED}
    assert given(APPLIED, f"{decision} 2024-06-01").rows("N04") == [
        f"f1{THREE} 2024-03-01..2024-06-01 in_time 2024-06-01 f2",
        f"f1{SILENCE} 2024-03-01..2024-08-28 in_time 2024-06-01 f2",
    ]


def test_n04_the_certificate_answers_as_well(given: Given) -> None:
    past = given(APPLIED, "NaturalisationCertificateHandedOver 2024-05-01")
    assert {one.closed_by for one in past.intervals("N04")} == {ClosedBy.IN_TIME}


@pytest.mark.parametrize(
    "sign",
    [
        "NaturalisationDocumentsRequested",
        "NaturalisationHearingLetter",
        "SecurityCheckCompleted",
    ],
)
def test_n04_a_step_of_the_office_is_a_sign_of_life_and_no_decision(
    given: Given, sign: str
) -> None:
    past = given(APPLIED, f"{sign} 2024-08-28")
    assert rows_of(past, THREE) == [f"f1{THREE} 2024-03-01..2024-06-01"]
    assert rows_of(past, f"f1{SILENCE}") == [
        f"f1{SILENCE} 2024-03-01..2024-08-28 in_time 2024-08-28 f2"
    ]
    late = given(APPLIED, f"{sign} 2024-08-29")
    assert rows_of(late, f"f1{SILENCE}") == [
        f"f1{SILENCE} 2024-03-01..2024-08-28 late 2024-08-29 f2"
    ]


def test_n04_a_suspension_is_a_sign_of_life_and_a_reason_not_to_decide(given: Given) -> None:
    past = given(APPLIED, "NaturalisationSuspended 2024-07-01")
    assert past.rows("N04") == [
        f"f1{THREE} 2024-03-01..2024-06-01 cancelled 2024-07-01 f2",
        f"f1{SILENCE} 2024-03-01..2024-08-28 in_time 2024-07-01 f2",
    ]


def test_n04_a_withdrawal_cancels_both_keys(given: Given) -> None:
    past = given(APPLIED, "NaturalisationWithdrawn 2024-07-01")
    assert {one.closed_by for one in past.intervals("N04")} == {ClosedBy.CANCELLED}


@pytest.mark.parametrize(
    "fact",
    [
        "TravelDocumentIssued 2024-04-01 kind=RA_fluechtling",
        "NaturalisationDocumentsProvided 2024-04-01",
        "LoyaltyDeclarationMade 2024-04-01",
        "ContactHeld 2024-04-01",
        "TitleGranted 2024-04-01 basis=AUFENTHG_9",
        "AppealFiled 2024-04-01 kind=klage",
    ],
)
def test_n04_what_another_office_or_the_client_does_is_no_sign_of_life(
    given: Given, fact: str
) -> None:
    assert given(APPLIED, fact).rows("N04") == [
        f"f1{THREE} 2024-03-01..2024-06-01",
        f"f1{SILENCE} 2024-03-01..2024-08-28",
    ]


@pytest.mark.parametrize("against", ["", "against=NaturalisationApplied", "against=f1"])
def test_n04_an_action_for_failure_to_act_answers_the_three_months_alone(
    given: Given, against: str
) -> None:
    past = given(APPLIED, f"AppealFiled 2024-09-01 kind=untaetigkeit {against}")
    assert past.rows("N04") == [
        f"f1{THREE} 2024-03-01..2024-06-01 late 2024-09-01 f2",
        f"f1{SILENCE} 2024-03-01..2024-08-28",
    ]


@pytest.mark.parametrize(
    "other", ["kind=untaetigkeit against=AsylumDecisionIssued", "kind=eil", ""]
)
def test_n04_another_action_answers_nothing(given: Given, other: str) -> None:
    past = given(APPLIED, f"AppealFiled 2024-09-01 {other}")
    assert rows_of(past, THREE) == [f"f1{THREE} 2024-03-01..2024-06-01"]


def test_w26_n04_a_later_appointment_is_no_new_application(given: Given) -> None:
    past = given(APPLIED, "NaturalisationApplied 2024-05-20 complete=true")
    assert past.rows("N04") == [
        f"f1{THREE} 2024-03-01..2024-06-01",
        f"f1{SILENCE} 2024-03-01..2024-08-28",
    ]


def test_n04_after_a_refusal_a_new_application_begins_anew(given: Given) -> None:
    past = given(APPLIED, "NaturalisationRefused 2024-05-01", "NaturalisationApplied 2025-01-10")
    assert [row.split()[0] for row in past.rows("N04")] == [
        f"f1{THREE}",
        f"f1{SILENCE}",
        f"f3{THREE}",
        f"f3{SILENCE}",
    ]


def test_n04_documents_handed_in_when_asked_begin_the_silence_anew(given: Given) -> None:
    past = given(
        APPLIED,
        "NaturalisationDocumentsRequested 2024-05-01",
        "NaturalisationDocumentsProvided 2024-05-20",
        "NaturalisationDocumentsProvided 2024-06-20",
    )
    assert rows_of(past, SILENCE) == [
        f"f1{SILENCE} 2024-03-01..2024-08-28 in_time 2024-05-01 f2",
        f"f3{SILENCE} 2024-05-20..2024-11-16",
    ]


def test_n04_while_documents_are_awaited_the_office_is_not_silent(given: Given) -> None:
    past = given(APPLIED, "NaturalisationDocumentsRequested 2024-05-01")
    assert rows_of(past, SILENCE) == [f"f1{SILENCE} 2024-03-01..2024-08-28 in_time 2024-05-01 f2"]


def test_n04_each_step_of_the_office_begins_another_silence_until_the_approval(
    given: Given,
) -> None:
    past = given(
        APPLIED,
        "SecurityCheckCompleted 2024-05-01",
        "NaturalisationHearingLetter 2024-06-01",
        "NaturalisationApproved 2025-02-01",
        "SecurityCheckCompleted 2025-03-01",
    )
    assert rows_of(past, SILENCE) == [
        f"f1{SILENCE} 2024-03-01..2024-08-28 in_time 2024-05-01 f2",
        f"f2{SILENCE} 2024-05-01..2024-10-28 in_time 2024-06-01 f3",
        f"f3{SILENCE} 2024-06-01..2024-11-28 late 2025-02-01 f4",
    ]


def test_n04_two_steps_of_one_day_leave_one_silence(given: Given) -> None:
    past = given(
        APPLIED, "NaturalisationHearingLetter 2024-05-01", "SecurityCheckCompleted 2024-05-01"
    )
    assert rows_of(past, SILENCE) == [
        f"f1{SILENCE} 2024-03-01..2024-08-28 in_time 2024-05-01 f2",
        f"f2{SILENCE} 2024-05-01..2024-10-28 in_time 2024-05-01 f3",
        f"f3{SILENCE} 2024-05-01..2024-10-28",
    ]


def test_g4_n04_a_sign_of_the_day_of_the_application_counts_wherever_it_stands(
    given: Given,
) -> None:
    past = given("NaturalisationDocumentsRequested 2024-03-01", APPLIED)
    assert rows_of(past, SILENCE) == [f"f2{SILENCE} 2024-03-01..2024-08-28 in_time 2024-03-01 f1"]


def test_n04_a_sign_before_the_application_is_none(given: Given) -> None:
    past = given("NaturalisationHearingLetter 2024-02-28", APPLIED)
    assert rows_of(past, SILENCE) == [f"f2{SILENCE} 2024-03-01..2024-08-28"]


def test_d10_n04_a_decision_known_late_closes_on_its_own_day(given: Given) -> None:
    past = given(APPLIED, "NaturalisationApproved 2024-09-10 @2025-01-15")
    assert past.states("N04", "2024-12-01", known_at="2024-12-01")[f"f1{SILENCE}"] is State.OPEN
    assert past.states("N04", "2024-12-01")[f"f1{SILENCE}"] is State.CLOSED


def test_d8_n04_a_retracted_decision_opens_it_again(given: Given) -> None:
    past = given(
        APPLIED, "NaturalisationApproved 2024-09-10", "EventRetracted 2024-10-01 target=f2"
    )
    assert set(past.states("N04", "2024-12-01").values()) == {State.OPEN}


def test_n04_says_which_clock_runs_and_who_has_to_act(given: Given) -> None:
    past = given(APPLIED)
    view = read(past.told)
    said = [sentence(one, view, "de") for one in past.intervals("N04")]
    assert "Untätigkeitsklage" in said[0]
    assert "180 Tage" in said[1]
    assert all(one.severity is Severity.MEDIUM for one in past.intervals("N04"))
    assert past.intervals("N04")[0].responsible[0] == "ebh"
    assert "AppealFiled" in past.intervals("N04")[0].missing
    assert "AppealFiled" not in past.intervals("N04")[1].missing


# N05


def test_n05_is_due_through_the_day_that_the_office_set(given: Given) -> None:
    past = given("NaturalisationDocumentsRequested 2024-05-02 due=2024-06-30")
    assert past.rows("N05") == ["f1 2024-05-02..2024-06-30"]
    assert past.state("N05", "2024-06-30") is State.DUE
    assert past.state("N05", "2024-07-01") is State.OPEN
    assert past.only("N05").severity is Severity.HIGH


def test_n05_without_a_day_it_is_28_days(given: Given) -> None:
    past = given("NaturalisationDocumentsRequested 2024-02-01")
    assert past.rows("N05") == ["f1 2024-02-01..2024-02-29"]


def test_n05_a_month_set_counts_through_its_last_day(given: Given) -> None:
    one = given("NaturalisationDocumentsRequested 2024-05-02 due=2024-06").only("N05")
    assert (one.due_on, one.certainty) == (date(2024, 6, 30), Certainty.POSSIBLY)


def test_n05_a_day_set_in_the_past_opens_at_once(given: Given) -> None:
    past = given("NaturalisationDocumentsRequested 2024-05-02 due=2024-04-30")
    assert past.state("N05", "2024-05-02") is State.OPEN


@pytest.mark.parametrize(
    ("provided", "row"),
    [
        ("2024-05-30", "in_time 2024-05-30 f2"),
        ("2024-05-31", "late 2024-05-31 f2"),
        ("2024-05", "in_time 2024-05-30 f2"),
    ],
)
def test_n05_documents_close_it(given: Given, provided: str, row: str) -> None:
    past = given(
        "NaturalisationDocumentsRequested 2024-05-02",
        f"NaturalisationDocumentsProvided {provided}",
    )
    assert past.rows("N05") == [f"f1 2024-05-02..2024-05-30 {row}"]


@pytest.mark.parametrize(
    ("wanted", "provided", "closes"),
    [
        ('items=["passport"]', 'items=["passport"]', True),
        ('items=["passport","payslips"]', 'items=["payslips"]', True),
        ('items=["passport"]', 'items=["payslips"]', False),
        ('items=["passport"]', "", True),
        ('items=["passport"]', "items=[]", True),
        ("", 'items=["payslips"]', True),
    ],
)
def test_n05_documents_fit_where_one_is_in_common_or_either_side_names_none(
    given: Given, wanted: str, provided: str, closes: bool
) -> None:
    past = given(
        f"NaturalisationDocumentsRequested 2024-05-02 {wanted}",
        f"NaturalisationDocumentsProvided 2024-05-10 {provided}",
    )
    assert (past.only("N05").closed_by is ClosedBy.IN_TIME) is closes


def test_d6_n05_a_reminder_supersedes_and_another_request_runs_beside(given: Given) -> None:
    past = given(
        'NaturalisationDocumentsRequested 2024-05-02 items=["passport"]',
        'NaturalisationDocumentsRequested 2024-05-20 items=["payslips"]',
        'NaturalisationDocumentsRequested 2024-06-10 items=["passport"] due=2024-07-31',
    )
    assert past.rows("N05") == [
        "f1 2024-05-02..2024-05-30 superseded 2024-06-10 f3",
        "f2 2024-05-20..2024-06-17",
        "f3 2024-06-10..2024-07-31",
    ]


@pytest.mark.parametrize(
    "ending",
    [
        "NaturalisationApproved",
        "NaturalisationRefused",
        "NaturalisationAssuranceGranted",
        "NaturalisationWithdrawn",
        "NaturalisationCertificateHandedOver",
        "LeftGermany",
    ],
)
def test_n05_a_decision_or_the_end_of_the_procedure_cancels_it(given: Given, ending: str) -> None:
    past = given("NaturalisationDocumentsRequested 2024-05-02", f"{ending} 2024-05-10")
    assert past.only("N05").closed_by is ClosedBy.CANCELLED


# N06


def test_n06_a_certificate_is_awaited_for_90_days(given: Given) -> None:
    past = given("NaturalisationApproved 2024-12-01")
    assert past.rows("N06") == ["f1 2024-12-01..2025-03-01"]
    assert past.state("N06", "2025-03-01") is State.DUE
    assert past.state("N06", "2025-03-02") is State.OPEN


def test_d15_n06_the_certificate_closes_it_and_does_not_cancel_it(given: Given) -> None:
    in_time = given(
        "NaturalisationApproved 2024-12-01", "NaturalisationCertificateHandedOver 2025-03-01"
    )
    late = given(
        "NaturalisationApproved 2024-12-01", "NaturalisationCertificateHandedOver 2025-03-02"
    )
    assert in_time.rows("N06") == ["f1 2024-12-01..2025-03-01 in_time 2025-03-01 f2"]
    assert late.rows("N06") == ["f1 2024-12-01..2025-03-01 late 2025-03-02 f2"]


@pytest.mark.parametrize(
    "ending", ["NaturalisationRefused", "NaturalisationWithdrawn", "NaturalisationReversed"]
)
def test_n06_an_approval_taken_back_cancels_it(given: Given, ending: str) -> None:
    past = given("NaturalisationApproved 2024-12-01", f"{ending} 2025-01-10")
    assert past.only("N06").closed_by is ClosedBy.CANCELLED


def test_w24_n06_a_judgment_is_no_approval(given: Given) -> None:
    past = given(
        APPLIED, "NaturalisationRefused 2024-05-01", "AppealDecided 2025-01-10 outcome=granted"
    )
    assert past.intervals("N06") == ()


def test_d6_n06_another_approval_supersedes(given: Given) -> None:
    past = given("NaturalisationApproved 2024-12-01", "NaturalisationApproved 2025-01-10")
    assert past.rows("N06") == [
        "f1 2024-12-01..2025-03-01 superseded 2025-01-10 f2",
        "f2 2025-01-10..2025-04-10",
    ]


# N07

TITLE = "TitleGranted 2023-06-16 basis=AUFENTHG_18A valid_until=2025-06-15"


@pytest.mark.parametrize(
    ("applied", "first"),
    [("2025-04-01", "2025-04-01"), ("2025-02-01", "2025-03-17"), ("2025-06-15", "2025-06-15")],
)
def test_n07_watches_the_window_of_a01_as_far_as_an_application_is_pending(
    given: Given, applied: str, first: str
) -> None:
    past = given(TITLE, f"NaturalisationApplied {applied}")
    assert past.rows("N07") == [f"f1+f2 {first}..2025-06-15 superseded 2025-06-16"]
    assert past.only("N07").severity is Severity.HIGH


def test_n07_rests_on_the_title_the_application_and_what_shortened_the_title(given: Given) -> None:
    applied = "NaturalisationApplied 2025-02-01"
    assert given(TITLE, applied).only("N07").evidence == ("f1", "f2")
    shortened = "TitleShortened 2025-02-10 new_valid_until=2025-04-30"
    assert given(TITLE, applied, shortened).only("N07").evidence == ("f1", "f2", "f3")


def test_n07_is_urgent_30_days_before_the_end(given: Given) -> None:
    one = given(TITLE, "NaturalisationApplied 2025-02-01").only("N07")
    assert [str(step.on) for step in one.steps] == ["2025-05-16"]
    assert not one.urgent(date(2025, 5, 15))
    assert one.urgent(date(2025, 5, 16))


def test_n07_no_application_no_window_and_none_after_the_end(given: Given) -> None:
    assert given(TITLE).intervals("N07") == ()
    assert given(TITLE, "NaturalisationApplied 2025-06-16").intervals("N07") == ()


@pytest.mark.parametrize(
    "title",
    [
        "TitleGranted 2023-06-16 basis=AUFENTHG_9 valid_until=2025-06-15",
        "TitleGranted 2023-06-16 basis=AUFENTHG_24 valid_until=2025-06-15",
        "TitleGranted 2023-06-16 basis=AUFENTHG_18A",
    ],
)
def test_n07_watches_only_what_a01_watches(given: Given, title: str) -> None:
    assert given(title, "NaturalisationApplied 2025-02-01").intervals("N07") == ()


@pytest.mark.parametrize(
    ("closing", "row"),
    [
        ("TitleApplied 2025-05-02", "in_time 2025-05-02 f3"),
        ("TitleGranted 2025-05-02 basis=AUFENTHG_9", "in_time 2025-05-02 f3"),
        ("TitleRevoked 2025-05-02", "cancelled 2025-05-02 f3"),
        ("NaturalisationRefused 2025-05-02", "cancelled 2025-05-02 f3"),
        ("NaturalisationWithdrawn 2025-05-02", "cancelled 2025-05-02 f3"),
        ("NaturalisationCertificateHandedOver 2025-05-02", "cancelled 2025-05-02 f3"),
        ("NaturalisationApproved 2025-05-02", "superseded 2025-06-16"),
        ("TitleApplied 2025-06-16", "superseded 2025-06-16"),
    ],
)
def test_n07_closes_as_a01_and_with_the_procedure(given: Given, closing: str, row: str) -> None:
    past = given(TITLE, "NaturalisationApplied 2025-02-01", closing)
    assert past.rows("N07") == [f"f1+f2 2025-03-17..2025-06-15 {row}"]


def test_d4_n07_applied_for_before_naturalisation_there_is_none(given: Given) -> None:
    past = given(TITLE, "TitleApplied 2025-03-20", "NaturalisationApplied 2025-04-01")
    assert past.intervals("N07") == ()


def test_n07_two_procedures_in_one_window_have_a_key_each(given: Given) -> None:
    past = given(
        TITLE,
        "NaturalisationApplied 2025-02-01",
        "NaturalisationWithdrawn 2025-04-01",
        "NaturalisationApplied 2025-05-01",
    )
    assert past.rows("N07") == [
        "f1+f2 2025-03-17..2025-06-15 cancelled 2025-04-01 f3",
        "f1+f4 2025-05-01..2025-06-15 superseded 2025-06-16",
    ]


def test_w31_n07_reads_the_end_after_a_shortening(given: Given) -> None:
    past = given(
        TITLE,
        "NaturalisationApplied 2024-02-01",
        "TitleShortened 2024-03-01 new_valid_until=2024-06-30",
    )
    assert past.rows("N07") == ["f1+f2 2024-04-01..2024-06-30 superseded 2024-07-01"]


def test_n07_reads_the_end_without_a_shortening_that_was_annulled(given: Given) -> None:
    shortened = (
        TITLE,
        "NaturalisationApplied 2024-02-01",
        "TitleShortened 2024-03-01 new_valid_until=2024-06-30",
    )
    annulled = "DecisionAnnulledRetroactively 2024-09-01 target=f3"
    past = given(*shortened, annulled)
    assert past.rows("N07") == ["f1+f2 2025-03-17..2025-06-15 superseded 2025-06-16"]
    assert past.only("N07").evidence == ("f1", "f2")
    stands = ["f1+f2 2024-04-01..2024-06-30 superseded 2024-07-01"]
    assert past.rows("N07", known_at="2024-08-31") == stands
    assert given(*shortened, f"{annulled} effective_from=2024-07-02").rows("N07") == stands


def test_n07_an_application_counts_whose_refusal_was_annulled(given: Given) -> None:
    refused = (TITLE, "NaturalisationApplied 2025-02-01", "TitleApplied 2025-04-01")
    refused = (*refused, "TitleRefused 2025-05-02")
    window = "f1+f2 2025-03-17..2025-06-15"
    assert given(*refused).rows("N07") == [f"{window} superseded 2025-06-16"]
    annulled = given(*refused, "DecisionAnnulledRetroactively 2025-09-01 target=f4")
    assert annulled.rows("N07") == [f"{window} in_time 2025-04-01 f3"]


# N08


def test_n08_a_loss_in_the_procedure_is_talked_about_within_14_days(given: Given) -> None:
    past = given("NaturalisationApplied 2002-10-30", "LivelihoodLost 2008-11-21 degree=partial")
    assert past.rows("N08") == ["f2 2008-11-21..2008-12-05"]
    assert past.state("N08", "2008-12-05") is State.DUE
    assert past.state("N08", "2008-12-06") is State.OPEN


@pytest.mark.parametrize(
    ("loss", "begins"),
    [
        ("BenefitGranted 2024-05-10 rechtskreis=SGB_II", True),
        ("BenefitGranted 2024-05-10 rechtskreis=SGB_XII_3", True),
        ("BenefitGranted 2024-05-10 rechtskreis=ASYLBLG_2", True),
        ("BenefitGranted 2024-05-10 rechtskreis=SGB_III", False),
        ("BenefitGranted 2024-05-10 rechtskreis=WOGG_KIZ", False),
        ("BenefitGranted 2024-05-10", False),
        ("LivelihoodLost 2024-05-10", True),
    ],
)
def test_w07_n08_a_benefit_that_means_need_tells_the_loss_as_well(
    given: Given, loss: str, begins: bool
) -> None:
    assert bool(given(APPLIED, loss).intervals("N08")) is begins


@pytest.mark.parametrize(
    "before",
    [
        (),
        ("NaturalisationApplied 2024-05-11",),
        (APPLIED, "NaturalisationRefused 2024-05-10"),
        (APPLIED, "NaturalisationWithdrawn 2024-04-01"),
    ],
)
def test_n08_without_a_pending_application_there_is_none(
    given: Given, before: tuple[str, ...]
) -> None:
    assert given(*before, "LivelihoodLost 2024-05-10").intervals("N08") == ()


def test_n08_an_assurance_that_lapsed_does_not_end_the_procedure(given: Given) -> None:
    past = given(
        APPLIED,
        "NaturalisationAssuranceGranted 2024-04-01 valid_until=2024-05-01",
        "LivelihoodLost 2024-07-10",
    )
    assert past.rows("N08") == ["f3 2024-07-10..2024-07-24"]


def test_n08_on_the_day_of_the_application_it_is_pending(given: Given) -> None:
    assert given("LivelihoodLost 2024-03-01", APPLIED).rows("N08") == ["f1 2024-03-01..2024-03-15"]


def test_n08_a_loss_known_already_begins_nothing_more(given: Given) -> None:
    past = given(
        APPLIED,
        "LivelihoodLost 2024-05-10",
        "BenefitGranted 2024-05-10 rechtskreis=SGB_II",
        "BenefitGranted 2025-05-10 rechtskreis=SGB_II",
    )
    assert past.rows("N08") == ["f2 2024-05-10..2024-05-24"]


@pytest.mark.parametrize(
    ("between", "again"),
    [
        ("LivelihoodSecured 2024-08-01 degree=full", True),
        ("LivelihoodSecured 2024-08-01", True),
        ("LivelihoodSecured 2024-08-01 degree=partial", False),
        ("BenefitEnded 2024-08-01 rechtskreis=SGB_II", True),
        ("BenefitEnded 2024-08-01", True),
        ("BenefitEnded 2024-08-01 rechtskreis=SGB_III", False),
    ],
)
def test_n08_a_second_loss_counts_once_the_first_was_over(
    given: Given, between: str, again: bool
) -> None:
    past = given(APPLIED, "LivelihoodLost 2024-05-10", between, "LivelihoodLost 2025-01-10")
    assert [one.key for one in past.intervals("N08")] == ["f2", "f4"][: 1 + again]


def test_d6_n08_a_second_loss_supersedes_the_first(given: Given) -> None:
    past = given(
        APPLIED,
        "LivelihoodLost 2024-05-10",
        "BenefitEnded 2024-05-12",
        "LivelihoodLost 2024-05-20",
    )
    assert past.rows("N08") == [
        "f2 2024-05-10..2024-05-24 superseded 2024-05-20 f4",
        "f4 2024-05-20..2024-06-03",
    ]


@pytest.mark.parametrize(
    ("closing", "row"),
    [
        ("ContactHeld 2024-05-24", "in_time 2024-05-24 f3"),
        ("ContactHeld 2024-05-25 no_show=false", "late 2024-05-25 f3"),
        ("ContactHeld 2024-05-24 no_show=true", ""),
        ("LivelihoodSecured 2024-05-20 degree=full", "cancelled 2024-05-20 f3"),
        ("LivelihoodSecured 2024-05-20 degree=predominantly", ""),
        ("NaturalisationRefused 2024-05-20", "cancelled 2024-05-20 f3"),
        ("NaturalisationApproved 2024-05-20", ""),
    ],
)
def test_n08_a_contact_closes_it_and_the_end_of_loss_or_procedure_cancels_it(
    given: Given, closing: str, row: str
) -> None:
    past = given(APPLIED, "LivelihoodLost 2024-05-10", closing)
    assert past.rows("N08") == [f"f2 2024-05-10..2024-05-24 {row}".strip()]


@pytest.mark.parametrize(
    ("job", "words"),
    [
        ("EmploymentStarted 2022-01-01 employment_kind=SV_VOLLZEIT", "genügt"),
        ("EmploymentStarted 2024-01-01 employment_kind=SV_VOLLZEIT", "zu prüfen"),
        ("EmploymentStarted 2022-01-01 employment_kind=SV_TEILZEIT", "zu prüfen"),
    ],
)
def test_n08_says_whether_20_of_24_months_of_full_time_work_are_recorded(
    given: Given, job: str, words: str
) -> None:
    past = given(job, APPLIED, "EmploymentEnded 2024-08-30", "LivelihoodLost 2024-09-01")
    assert words in explain(past.only("N08"), read(past.told), date(2024, 9, 2)).de


# N10


def test_w23_n10_an_assurance_is_watched_90_days_before_its_end(given: Given) -> None:
    past = given("NaturalisationAssuranceGranted 2003-09-16 valid_until=2005-09-16")
    assert past.rows("N10") == ["f1 2005-06-18..2005-09-16"]
    assert past.state("N10", "2005-06-17") is State.NOT_APPLICABLE
    assert past.state("N10", "2005-06-18") is State.DUE
    assert past.state("N10", "2005-09-16") is State.DUE
    assert past.state("N10", "2005-09-17") is State.OPEN
    assert past.only("N10").consequence == Consequence("assurance_lapsed", date(2005, 9, 17))


def test_g6_n10_no_window_begins_before_the_assurance(given: Given) -> None:
    past = given("NaturalisationAssuranceGranted 2005-09-01 valid_until=2005-09-16")
    assert past.rows("N10") == ["f1 2005-09-01..2005-09-16"]


def test_g6_n10_a_lead_begins_from_the_earliest_possible_end(given: Given) -> None:
    one = given("NaturalisationAssuranceGranted 2023-09-01 valid_until=2025-09").only("N10")
    assert (str(one.begins_on), str(one.due_on)) == ("2025-06-03", "2025-09-30")
    assert one.certainty is Certainty.POSSIBLY


@pytest.mark.parametrize(
    ("closing", "row"),
    [
        ("NaturalisationApproved 2025-09-16", "in_time 2025-09-16 f2"),
        ("NaturalisationCertificateHandedOver 2025-09-17", "late 2025-09-17 f2"),
        ("NaturalisationRefused 2025-08-01", "cancelled 2025-08-01 f2"),
        ("NaturalisationWithdrawn 2025-08-01", "cancelled 2025-08-01 f2"),
    ],
)
def test_n10_is_closed_by_what_follows_the_assurance(given: Given, closing: str, row: str) -> None:
    past = given("NaturalisationAssuranceGranted 2023-09-16 valid_until=2025-09-16", closing)
    assert past.rows("N10") == [f"f1 2025-06-18..2025-09-16 {row}"]


def test_n10_a_newer_assurance_extends_the_old_one(given: Given) -> None:
    past = given(
        "NaturalisationAssuranceGranted 2023-09-16 valid_until=2025-09-16",
        "NaturalisationAssuranceGranted 2025-08-01 valid_until=2026-09-16",
    )
    assert past.rows("N10") == [
        "f1 2025-06-18..2025-09-16 in_time 2025-08-01 f2",
        "f2 2026-06-18..2026-09-16",
    ]
    assert past.intervals("N10")[0].consequence is None


def test_d17_n10_without_an_end_there_is_a_data_row(given: Given) -> None:
    past = given("NaturalisationAssuranceGranted 2023-09-16")
    (row,) = past.data_rows("N10")
    assert (row.begins_on, row.due_on, row.kind) == (date(2023, 9, 16), None, Kind.DATA)
    assert past.state("N10", "2023-09-16") is State.OPEN
    closed = given("NaturalisationAssuranceGranted 2023-09-16", "NaturalisationApproved 2024-01-10")
    assert closed.only("N10").closes_on == date(2024, 1, 10)


@pytest.mark.parametrize("rule", [f"N{n:02d}" for n in range(1, 12)])
def test_d15_naturalisation_and_leaving_end_every_rule_of_naturalisation(rule: str) -> None:
    assert set(RULES[rule].ended_by) == {"NaturalisationCertificateHandedOver", "LeftGermany"}
