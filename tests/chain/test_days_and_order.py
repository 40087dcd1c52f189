"""Which days a fact has, in which order facts stand, what counts and when: lines G1 to G7, design 4, lines 2 to 7."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.intervals import Certainty, State
from domain.chain.reading import Seen, read

Given = Callable[..., Any]


def facts(past: Any) -> dict[str, Seen]:
    return {one.id: one for one in read(past.told).facts}


def days(past: Any, fact_id: str = "f1") -> str:
    one = facts(past)[fact_id]
    return f"{one.earliest}..{one.latest}"


def order(past: Any) -> str:
    return " ".join(one.id for one in read(past.told).facts)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("2025-03-15", "2025-03-15..2025-03-15"),
        ("2025-03", "2025-03-01..2025-03-31"),
        ("2024-02", "2024-02-01..2024-02-29"),
        ("2025-02", "2025-02-01..2025-02-28"),
        ("2025", "2025-01-01..2025-12-31"),
        ("2025-03 @2025-03-20", "2025-03-01..2025-03-20"),
        ("2025-03 @2025-03-01", "2025-03-01..2025-03-01"),
        ("2025-03 @2025-03-31", "2025-03-01..2025-03-31"),
        ("2025-03 @2025-04-01", "2025-03-01..2025-03-31"),
        ("2025-03 @2025-02-28", "2025-03-01..2025-03-31"),
        ("2025 @2025-07-14", "2025-01-01..2025-07-14"),
        ("2025-03-15 @2025-05-01", "2025-03-15..2025-03-15"),
        ("- @2025-05-01", "2025-05-01..2025-05-01"),
    ],
)
def test_g1_a_fact_has_an_earliest_and_a_latest_day(given: Given, told: str, expected: str) -> None:
    assert days(given(f"HandoverOffered {told}")) == expected


def test_g1_a_trigger_takes_its_latest_day_never_after_an_explicit_recording(given: Given) -> None:
    assert given("HandoverOffered 2025-03").rows("F11") == ["f1 2025-03-31..2025-04-14"]
    recorded = given("HandoverOffered 2025-03 @2025-03-20")
    assert recorded.rows("F11") == ["f1 2025-03-20..2025-04-03"]


def test_d23_an_undated_fact_takes_the_recorded_day_of_the_next_dated_fact_in_the_file(
    given: Given,
) -> None:
    followed = given(
        "NoteTaken 2025-06-01", "HandoverOffered -", "NoteTaken 2025-04-01", "NoteTaken 2025-05-01"
    )
    assert days(followed, "f2") == "2025-04-01..2025-04-01"
    recorded_late = given("HandoverOffered -", "NoteTaken 2025-04-01 @2025-04-09")
    assert days(recorded_late) == "2025-04-09..2025-04-09"
    month = given("HandoverOffered -", "NoteTaken 2025-04")
    assert days(month) == "2025-04-30..2025-04-30"


def test_d23_an_undated_fact_at_the_end_takes_the_latest_recorded_day_of_any_dated_one(
    given: Given,
) -> None:
    past = given("NoteTaken 2025-06-01", "NoteTaken 2025-04-01 @2025-07-01", "HandoverOffered -")
    assert days(past, "f3") == "2025-07-01..2025-07-01"


def test_g1_an_undated_fact_without_any_recorded_day_is_ignored(given: Given) -> None:
    assert given("HandoverOffered -").rows("F11") == []
    assert given("HandoverOffered -", "HandoverAccepted -").rows("F11") == []


@pytest.mark.parametrize(
    ("line", "attribute"),
    [
        ("JobSeekerRegistered", "on"),
        ("UnemploymentRegistered", "on"),
        ("BenefitApplied", "on"),
        ("CourseEntitlementIssued", "issued_on"),
        ("VocationalLanguageEntitlementIssued", "issued_on"),
        ("ConsentGranted", "granted_on"),
        ("ConsentWithdrawn", "withdrawn_on"),
        ("IntegrationCourseCertificateIssued", "date"),
        ("NaturalisationCertificateHandedOver", "date"),
        ("ChildBorn", "birth_date"),
    ],
)
def test_g1_a_fact_without_a_day_is_dated_by_its_attribute(
    given: Given, line: str, attribute: str
) -> None:
    alone = given(f"{line} - {attribute}=2025-03-10", "NoteTaken 2025-06-01")
    assert days(alone) == "2025-03-10..2025-03-10"
    assert facts(alone)["f1"].dated
    month = given(f"{line} - {attribute}=2025-03", "NoteTaken 2025-06-01")
    assert days(month) == "2025-03-01..2025-03-31"
    own_day = given(f"{line} 2025-03-12 {attribute}=2025-03-10")
    assert days(own_day) == "2025-03-12..2025-03-12"
    missing = given(f"{line} - {attribute}=null", "NoteTaken 2025-06-01")
    assert not facts(missing)["f1"].dated
    assert days(missing) == "2025-06-01..2025-06-01"


def test_g1_an_attribute_that_is_not_named_dates_nothing(given: Given) -> None:
    past = given("TitleGranted - valid_from=2025-03-10", "NoteTaken 2025-06-01")
    assert days(past) == "2025-06-01..2025-06-01"


def test_g1_a_fact_dated_by_an_attribute_is_recorded_on_its_latest_day(given: Given) -> None:
    past = given("CourseEntitlementIssued - issued_on=2025-03 obligated=true")
    assert past.rows("S03", known_at="2025-03-30") == []
    assert past.rows("S03", known_at="2025-03-31") == ["f1 2025-03-31..2025-04-28"]


def test_g2_a_refusal_proves_an_earlier_application(given: Given) -> None:
    title = "TitleGranted 2022-01-10 valid_until=2024-12-31"
    unproven = given(title, "TitleApplied 2024-09")
    assert unproven.rows("A03") == ["f2 2024-09-30..2024-12-31"]
    proven = given(title, "TitleApplied 2024-09", "TitleRefused 2024-09-20")
    assert days(proven, "f2") == "2024-09-01..2024-09-20"
    assert proven.rows("A03") == ["f2 2024-09-20..2024-12-31 cancelled 2024-09-20 f3"]


PROOFS = [
    ("TitleApplied", "FictionCertificateIssued TitleRefused TitleGranted"),
    ("HandoverOffered", "HandoverAccepted HandoverRejected"),
    ("CourseRegistered", "CourseStarted CourseNotRealised"),
    ("CourseStarted", "CourseCompleted CourseAborted CourseInterrupted"),
    ("VocationalCourseRegistered", "VocationalCourseStarted"),
    ("TrainingContractSigned", "TrainingStarted"),
    (
        "TrainingStarted",
        "TrainingAborted TrainingInterrupted TrainingCompleted TrainingFinallyFailed",
    ),
    ("EmploymentStarted", "EmploymentEnded"),
    ("AsylumDecisionIssued", "AppealFiled AppealDecided"),
    ("CaseManagerAssigned", "CaseManagerReleased"),
    ("ConsentGranted", "ConsentWithdrawn ConsentExpired"),
]


@pytest.mark.parametrize(
    ("partial", "proof"), [(one, proof) for one, proofs in PROOFS for proof in proofs.split()]
)
def test_g2_a_dated_proof_within_the_range_becomes_the_latest_day(
    given: Given, partial: str, proof: str
) -> None:
    assert days(given(f"{partial} 2024-09", f"{proof} 2024-09-20")) == "2024-09-01..2024-09-20"
    assert days(given(f"{proof} 2024-09-20", f"{partial} 2024"), "f2") == "2024-01-01..2024-09-20"


@pytest.mark.parametrize(
    ("partial", "other"),
    [
        ("TitleApplied", "TitleShortened"),
        ("CourseRegistered", "CourseCompleted"),
        ("EmploymentStarted", "EmploymentChanged"),
        ("TitleGranted", "TitleRevoked"),
        ("CaseOpened", "CaseClosed"),
        ("HandoverAccepted", "HandoverOffered"),
    ],
)
def test_g2_other_facts_prove_nothing(given: Given, partial: str, other: str) -> None:
    assert days(given(f"{partial} 2024-09", f"{other} 2024-09-20")) == "2024-09-01..2024-09-30"


@pytest.mark.parametrize(
    ("proofs", "expected"),
    [
        (["TitleRefused 2024-09-25", "FictionCertificateIssued 2024-09-20"], "2024-09-20"),
        (["TitleRefused 2024-09-01"], "2024-09-01"),
        (["TitleRefused 2024-09-30"], "2024-09-30"),
        (["TitleRefused 2024-08-31"], "2024-09-30"),
        (["TitleRefused 2024-10-01"], "2024-09-30"),
        (["TitleRefused 2024-08-31", "TitleRefused 2024-09-21"], "2024-09-21"),
        (["TitleRefused -", "NoteTaken 2024-09-20"], "2024-09-30"),
        (["TitleRefused 2024-09 @2024-09-18"], "2024-09-18"),
        (["TitleRefused 2024-09"], "2024-09-30"),
        (["TitleRefused 2024"], "2024-09-30"),
    ],
)
def test_g2_the_earliest_dated_proof_within_the_range_decides(
    given: Given, proofs: list[str], expected: str
) -> None:
    assert days(given("TitleApplied 2024-09", *proofs)) == f"2024-09-01..{expected}"


def test_g2_a_proof_counts_with_its_day_before_any_narrowing_of_its_own(given: Given) -> None:
    past = given("CourseRegistered 2025-03", "CourseStarted 2025-03", "CourseCompleted 2025-03-20")
    assert days(past, "f2") == "2025-03-01..2025-03-20"
    assert days(past, "f1") == "2025-03-01..2025-03-31"


def test_g2_an_exact_or_undated_fact_is_never_narrowed(given: Given) -> None:
    past = given("TitleApplied 2024-09-25", "TitleRefused 2024-09-20", "TitleApplied - @2024-09-28")
    assert days(past) == "2024-09-25..2024-09-25"
    assert days(past, "f3") == "2024-09-28..2024-09-28"


def test_g3_facts_stand_by_their_latest_day_then_as_in_the_file(given: Given) -> None:
    past = given(
        "NoteTaken 2025-03", "NoteTaken 2025-03-31", "NoteTaken 2025-03-01", "NoteTaken 2025"
    )
    assert order(past) == "f3 f1 f2 f4"


def test_g3_a_narrowed_fact_stands_first_on_its_day(given: Given) -> None:
    narrowed = given("TitleRefused 2024-09-20", "TitleApplied 2024-09")
    assert order(narrowed) == "f2 f1"
    not_really = given("TitleRefused 2024-09-30", "TitleApplied 2024-09")
    assert order(not_really) == "f1 f2"


def test_g3_an_undated_fact_stands_on_the_day_of_the_next_dated_fact_in_the_file(
    given: Given,
) -> None:
    assert order(given("NoteTaken 2025-03-01", "NoteTaken -", "NoteTaken 2025-05-10")) == "f1 f2 f3"
    same_day = given("NoteTaken 2025-05-10", "NoteTaken -", "NoteTaken 2025-05-10")
    assert order(same_day) == "f1 f2 f3"
    earlier = given("NoteTaken 2025-05-10", "NoteTaken -", "NoteTaken 2025-03-01")
    assert order(earlier) == "f2 f3 f1"
    by_attribute = given(
        "NoteTaken 2025-05-10", "NoteTaken -", "ChildBorn - birth_date=2025-03-01", "NoteTaken -"
    )
    assert order(by_attribute) == "f2 f3 f1 f4"


def test_g3_an_undated_fact_followed_by_none_stands_on_the_greatest_day(given: Given) -> None:
    past = given("NoteTaken 2025-05-10", "NoteTaken 2025-03-01", "NoteTaken - @2025-01-01")
    assert order(past) == "f2 f1 f3"


def test_g3_the_recorded_day_of_an_undated_fact_does_not_order_it(given: Given) -> None:
    past = given("NoteTaken 2025-03-01", "NoteTaken - @2025-01-05", "NoteTaken 2025-05-10")
    assert order(past) == "f1 f2 f3"


def test_g4_a_follow_up_on_the_day_of_the_trigger_counts_in_any_order(given: Given) -> None:
    expected = "2025-03-10..2025-03-24 in_time 2025-03-10"
    after = given("HandoverOffered 2025-03-10", "HandoverAccepted 2025-03-10")
    assert after.rows("F11") == [f"f1 {expected} f2"]
    before = given("HandoverAccepted 2025-03-10", "HandoverOffered 2025-03-10")
    assert before.rows("F11") == [f"f2 {expected} f1"]


def test_g4_a_follow_up_on_the_day_before_the_trigger_does_not_count(given: Given) -> None:
    past = given("HandoverAccepted 2025-03-09", "HandoverOffered 2025-03-10")
    assert past.rows("F11") == ["f2 2025-03-10..2025-03-24"]


def test_g4_a_follow_up_in_the_month_of_the_trigger_counts(given: Given) -> None:
    past = given("HandoverAccepted 2025-03", "HandoverOffered 2025-03-10")
    assert past.rows("F11") == ["f2 2025-03-10..2025-03-24 in_time 2025-03-24 f1"]


def test_g4_a_follow_up_counts_from_the_earliest_day_of_the_trigger_on(given: Given) -> None:
    on_it = given("AsylumDecisionIssued 2025-03 outcome=fluechtling", "TitleApplied 2025-03-01")
    assert on_it.rows("A06") == []
    before = given("AsylumDecisionIssued 2025-03 outcome=fluechtling", "TitleApplied 2025-02-28")
    assert before.rows("A06") == ["f1 2025-03-31..2025-04-14"]


def test_g4_an_undated_follow_up_counts_only_after_the_trigger(given: Given) -> None:
    after = given("HandoverOffered 2025-03-10", "HandoverAccepted -", "NoteTaken 2025-03-12")
    assert after.rows("F11") == ["f1 2025-03-10..2025-03-24 in_time 2025-03-24 f2"]
    before = given("HandoverAccepted -", "HandoverOffered 2025-03-10")
    assert before.rows("F11") == ["f2 2025-03-10..2025-03-24"]


def test_g4_a_follow_up_of_an_undated_trigger_must_stand_after_it(given: Given) -> None:
    before = given("HandoverAccepted 2025-03-10", "HandoverOffered -", "NoteTaken 2025-03-10")
    assert before.rows("F11") == ["f2 2025-03-10..2025-03-24"]
    after = given("HandoverOffered -", "HandoverAccepted 2025-03-10")
    assert after.rows("F11") == ["f1 2025-03-10..2025-03-24 in_time 2025-03-10 f2"]


@pytest.mark.parametrize(
    ("answer", "closing"),
    [
        ("2025-06-14", "in_time 2025-06-14"),
        ("2025-06-15", "in_time 2025-06-15"),
        ("2025-06-16", "late 2025-06-16"),
        ("2025-06", "in_time 2025-06-15"),
        ("2025-06 @2025-06-10", "in_time 2025-06-10"),
        ("2025-07", "late 2025-07-31"),
        ("2025", "in_time 2025-06-15"),
        ("- @2025-08-01", "in_time 2025-06-15"),
    ],
)
def test_g5_a_follow_up_counts_on_its_latest_day_but_in_time_if_any_day_is(
    given: Given, answer: str, closing: str
) -> None:
    past = given("HandoverOffered 2025-06-01", f"HandoverAccepted {answer}")
    assert past.rows("F11") == [f"f1 2025-06-01..2025-06-15 {closing} f2"]


@pytest.mark.parametrize(
    ("closed", "day"),
    [
        ("2025-06", "2025-06-15"),
        ("2025-07", "2025-07-31"),
        ("2025-06-20", "2025-06-20"),
        ("- @2025-08-01", "2025-06-15"),
    ],
)
def test_g5_a_cancellation_counts_on_the_same_days(given: Given, closed: str, day: str) -> None:
    past = given("HandoverOffered 2025-06-01", f"CaseClosed {closed}")
    assert past.rows("F11") == [f"f1 2025-06-01..2025-06-15 cancelled {day} f2"]


def test_g5_undated_without_a_due_day_it_counts_on_its_recorded_day(given: Given) -> None:
    past = given("TitleGranted 2025-03-03 basis=AUFENTHG_25_1", "TitleApplied - @2025-05-05")
    assert past.rows("A01") == ["data f1 2025-03-03.. in_time 2025-05-05 f2"]


def test_g5_the_next_trigger_supersedes_on_its_latest_day(given: Given) -> None:
    past = given("CourseRegistered 2025-03-01", "CourseRegistered 2025-04")
    assert past.rows("S05") == [
        "f1 2025-03-01..2025-04-12 superseded 2025-04-30 f2",
        "f2 2025-04-30..2025-06-11",
    ]


def test_g5_the_earliest_of_several_later_triggers_supersedes(given: Given) -> None:
    past = given(
        "CourseRegistered 2025-03-01", "CourseRegistered 2025-04", "CourseRegistered 2025-04-10"
    )
    assert past.rows("S05")[0] == "f1 2025-03-01..2025-04-12 superseded 2025-04-10 f3"


def test_g5_the_earliest_closing_stands(given: Given) -> None:
    past = given(
        "HandoverOffered 2025-06-01", "HandoverRejected 2025-06-12", "HandoverAccepted 2025-06-08"
    )
    assert past.rows("F11") == ["f1 2025-06-01..2025-06-15 in_time 2025-06-08 f3"]


def test_g5_closed_before_the_windows_first_day_an_instance_never_comes_into_being(
    given: Given,
) -> None:
    title = "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2025-06-15"
    assert given(title, "TitleApplied 2025-03-16").rows("A01") == []
    assert given(title, "TitleApplied 2025-03-17").rows("A01") == [
        "f1 2025-03-17..2025-06-15 in_time 2025-03-17 f2"
    ]


def test_d4_before_the_first_day_of_its_window_an_instance_is_not_applicable(given: Given) -> None:
    past = given("TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2025-06-15")
    assert past.state("A01", "2025-03-16") is State.NOT_APPLICABLE
    assert past.state("A01", "2025-03-17") is State.DUE


def test_d5_closed_on_its_first_day_an_instance_is_closed_from_then_on(given: Given) -> None:
    past = given("HandoverOffered 2025-03-10", "HandoverAccepted 2025-03-10")
    assert past.state("F11", "2025-03-09") is State.NOT_APPLICABLE
    assert past.state("F11", "2025-03-10") is State.CLOSED


def test_d2_a_gap_is_due_through_its_last_day_and_open_from_the_next(given: Given) -> None:
    past = given("HandoverOffered 2025-03-10", "HandoverAccepted 2025-04-02")
    states = [
        past.state("F11", day)
        for day in (
            "2025-03-09",
            "2025-03-10",
            "2025-03-24",
            "2025-03-25",
            "2025-04-01",
            "2025-04-02",
        )
    ]
    assert states == [
        State.NOT_APPLICABLE,
        State.DUE,
        State.DUE,
        State.OPEN,
        State.OPEN,
        State.CLOSED,
    ]


def test_d2_a_follow_up_on_the_last_day_is_in_time_and_the_gap_never_opens(given: Given) -> None:
    past = given("HandoverOffered 2025-03-10", "HandoverAccepted 2025-03-24")
    assert not past.only("F11").was_open
    assert past.state("F11", "2025-03-25") is State.CLOSED


def test_d2_a_gap_opens_never_before_the_first_day_of_its_window(given: Given) -> None:
    past = given("TitleGranted 2025-03-10 valid_until=2025-02-01 basis=AUFENTHG_18A")
    one = past.only("A02")
    assert (one.due_on, one.begins_on, one.opens_on) == (
        date(2025, 2, 1),
        date(2025, 3, 10),
        date(2025, 3, 10),
    )


def test_g6_a_lead_begins_from_the_earliest_possible_end_and_ends_with_the_latest(
    given: Given,
) -> None:
    past = given("FictionCertificateIssued 2025-01-10 valid_until=2025-06")
    assert past.rows("A04") == ["f1 2025-05-02..2025-06-30"]


def test_g6_no_window_begins_before_the_triggers_day(given: Given) -> None:
    past = given("FictionCertificateIssued 2025-06-10 valid_until=2025-06-30")
    assert past.rows("A04") == ["f1 2025-06-10..2025-06-30"]
    month = given("FictionCertificateIssued 2025-06 valid_until=2025-06-30")
    assert month.rows("A04") == ["f1 2025-06-30..2025-06-30"]


def test_g6_an_undated_trigger_with_an_end_of_its_own_sets_no_such_bound(given: Given) -> None:
    paper = given("FictionCertificateIssued - valid_until=2025-06-30 @2025-06-20")
    assert paper.rows("A04") == ["f1 2025-05-31..2025-06-30"]
    shortened = given(
        "TitleGranted - basis=AUFENTHG_18A @2025-05-20",
        "TitleShortened 2025-04-01 new_valid_until=2025-06-15 title=f1",
    )
    assert shortened.rows("A01") == ["f1 2025-05-20..2025-06-15 superseded 2025-06-16"]


@pytest.mark.parametrize(
    ("lines", "certainty"),
    [
        (["HandoverOffered 2025-03-10"], Certainty.CERTAINLY),
        (["HandoverOffered 2025-03"], Certainty.POSSIBLY),
        (["HandoverOffered - @2025-03-10"], Certainty.POSSIBLY),
        (["HandoverOffered 2025-03-10", "HandoverAccepted 2025-03-12"], Certainty.CERTAINLY),
        (["HandoverOffered 2025-03-10", "HandoverAccepted 2025-04"], Certainty.POSSIBLY),
        (["HandoverOffered 2025-03-10", "HandoverAccepted - @2025-03-11"], Certainty.POSSIBLY),
    ],
)
def test_g6_a_partial_or_missing_date_makes_an_interval_possible_only(
    given: Given, lines: list[str], certainty: Certainty
) -> None:
    assert given(*lines).only("F11").certainty is certainty


def test_g6_an_instance_superseded_on_a_partial_day_is_possible_only(given: Given) -> None:
    registered = "CourseRegistered 2025-03-01"
    month = given(registered, "CourseRegistered 2025-04").intervals("S05")
    assert month[0].certainty is Certainty.POSSIBLY
    day = given(registered, "CourseRegistered 2025-04-30").intervals("S05")
    assert day[0].certainty is Certainty.CERTAINLY


def test_g6_a_partial_end_makes_the_interval_possible_only(given: Given) -> None:
    title = "TitleGranted 2024-01-10 basis=AUFENTHG_18A valid_until="
    assert given(f"{title}2025-06").only("A01").certainty is Certainty.POSSIBLY
    assert given(f"{title}2025-06-30").only("A01").certainty is Certainty.CERTAINLY
    assert given("TitleGranted 2024-01-10").only("A01").certainty is Certainty.POSSIBLY


@pytest.mark.parametrize(
    ("rule", "lines", "closing"),
    [
        (
            "F11",
            ["HandoverOffered 2025-03-10", "CaseClosed 2025-03-12", "HandoverAccepted 2025-03-12"],
            "in_time 2025-03-12 f3",
        ),
        (
            "F11",
            ["HandoverOffered 2025-03-10", "CaseClosed 2025-03-30", "HandoverAccepted 2025-03-30"],
            "late 2025-03-30 f3",
        ),
        (
            "A03",
            [
                "TitleGranted 2024-01-10 valid_until=2025-06-15",
                "TitleApplied 2025-04-01",
                "TitleApplied 2025-05-01",
                "TitleRefused 2025-05-01",
            ],
            "cancelled 2025-05-01 f4",
        ),
    ],
)
def test_g7_on_one_day_a_follow_up_stands_before_a_cancellation_and_this_before_the_next_trigger(
    given: Given, rule: str, lines: list[str], closing: str
) -> None:
    assert given(*lines).rows(rule)[0].endswith(closing)


def test_g8_the_key_is_the_id_of_the_trigger(given: Given) -> None:
    past = given("HandoverOffered 2025-03-10 id=offer-7")
    assert past.only("F11").key == "offer-7"
    assert past.only("F11").evidence[0] == "offer-7"


def test_g8_only_a_trigger_that_meets_the_conditions_supersedes(given: Given) -> None:
    past = given(
        "AsylumDecisionIssued 2025-03-01 outcome=fluechtling",
        "AsylumDecisionIssued 2025-03-05 outcome=abgelehnt",
        "AsylumDecisionIssued 2025-03-08 outcome=subsidiaer",
    )
    assert past.rows("A06") == [
        "f1 2025-03-01..2025-03-15 superseded 2025-03-08 f3",
        "f3 2025-03-08..2025-03-22",
    ]


def test_g9_a_paper_without_its_end_is_a_row_of_missing_data_open_from_its_day(
    given: Given,
) -> None:
    past = given("FictionCertificateIssued 2025-03-03")
    assert past.rows("A04") == ["data f1 2025-03-03.."]
    assert past.state("A04", "2025-03-02") is State.NOT_APPLICABLE
    assert past.state("A04", "2025-03-03") is State.OPEN
    assert past.only("A04").severity == "low"


def test_d17_a_value_told_as_null_is_missing_like_one_not_told(given: Given) -> None:
    past = given("FictionCertificateIssued 2025-03-03 valid_until=null")
    assert past.rows("A04") == ["data f1 2025-03-03.."]


def test_g9_the_same_facts_close_a_row_of_missing_data(given: Given) -> None:
    papers = given("FictionCertificateIssued 2025-03-03", "FictionCertificateIssued 2025-05-05")
    assert papers.rows("A04")[0] == "data f1 2025-03-03.. in_time 2025-05-05 f2"
    refused = given("FictionCertificateIssued 2025-03-03", "TitleRefused 2025-05-05")
    assert refused.rows("A04") == ["data f1 2025-03-03.. cancelled 2025-05-05 f2"]
