"""L01: the AsylbLG no longer applies, and SGB II is not applied for."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.intervals import Certainty, Severity, State

Given = Callable[..., Any]

CHANGE = "RechtskreisChangeTriggered 2025-01-30 from=ASYLBLG_3 to=SGB_II"
ON_ASYLBLG = "BenefitGranted 2024-06-01 rechtskreis=ASYLBLG_2"
POSITIVE = ("asyl", "fluechtling", "subsidiaer")


def test_l01_example_trigger_on_30_january_is_due_through_28_february(given: Given) -> None:
    assert given(CHANGE).rows("L01") == ["f1 2025-01-30..2025-02-28"]


def test_l01_example_effective_in_february_has_the_same_due_day(given: Given) -> None:
    past = given(f"{CHANGE} effective_month=2025-02")
    assert past.rows("L01") == ["f1 2025-01-30..2025-02-28"]


def test_l01_example_effective_in_march_is_due_through_31_march(given: Given) -> None:
    past = given(f"{CHANGE} effective_month=2025-03")
    assert past.rows("L01") == ["f1 2025-01-30..2025-03-31"]


def test_l01_the_trigger_month_is_the_month_before_the_effective_day_too(given: Given) -> None:
    past = given(f"{CHANGE} effective_month=2025-03-01")
    assert past.rows("L01") == ["f1 2025-01-30..2025-03-31"]


@pytest.mark.parametrize(
    ("trigger", "due"),
    [
        ("2024-01-31", "2024-02-29"),
        ("2023-01-31", "2023-02-28"),
        ("2024-02-29", "2024-03-31"),
        ("2025-12-01", "2026-01-31"),
        ("2025-11-30", "2025-12-31"),
        ("2025-04-01", "2025-05-31"),
    ],
)
def test_l01_is_due_through_the_last_day_of_the_month_after(
    given: Given, trigger: str, due: str
) -> None:
    past = given(f"RechtskreisChangeTriggered {trigger} from=ASYLBLG_2 to=SGB_II")
    assert past.rows("L01") == [f"f1 {trigger}..{due}"]


def test_l01_knows_no_193_bgb_so_a_saturday_stays_the_last_day(given: Given) -> None:
    past = given("RechtskreisChangeTriggered 2025-04-10 from=ASYLBLG_3 to=SGB_II")
    assert date(2025, 5, 31).weekday() == 5
    assert past.state("L01", "2025-05-31") is State.DUE
    assert past.state("L01", "2025-06-01") is State.OPEN


def test_d5_l01_is_due_from_the_trigger_through_the_due_day_and_open_after(given: Given) -> None:
    past = given(CHANGE)
    assert past.state("L01", "2025-01-29") is State.NOT_APPLICABLE
    assert past.state("L01", "2025-01-30") is State.DUE
    assert past.state("L01", "2025-02-28") is State.DUE
    assert past.state("L01", "2025-03-01") is State.OPEN


@pytest.mark.parametrize("way", ["BenefitApplied", "BenefitGranted"])
@pytest.mark.parametrize(
    ("day", "closed"),
    [
        ("2025-01-30", "in_time 2025-01-30 f2"),
        ("2025-02-28", "in_time 2025-02-28 f2"),
        ("2025-03-01", "late 2025-03-01 f2"),
        ("2026-05-05", "late 2026-05-05 f2"),
    ],
)
def test_l01_is_followed_up_by_an_application_or_grant_of_sgb_ii(
    given: Given, way: str, day: str, closed: str
) -> None:
    past = given(CHANGE, f"{way} {day} rechtskreis=SGB_II")
    assert past.rows("L01") == [f"f1 2025-01-30..2025-02-28 {closed}"]


@pytest.mark.parametrize("circle", ["SGB_III", "SGB_XII_3", "ASYLBLG_2"])
def test_l01_is_not_followed_up_by_another_rechtskreis(given: Given, circle: str) -> None:
    past = given(
        CHANGE, f"BenefitApplied 2025-02-10 rechtskreis={circle}", "BenefitApplied 2025-02-11"
    )
    assert past.rows("L01") == ["f1 2025-01-30..2025-02-28"]


def test_l01_an_application_since_the_first_of_the_trigger_month_prevents_it(given: Given) -> None:
    past = given("BenefitApplied 2025-01-01 rechtskreis=SGB_II", CHANGE)
    assert past.rows("L01") == []


def test_l01_an_application_of_the_month_before_the_trigger_month_does_not_count(
    given: Given,
) -> None:
    past = given("BenefitApplied 2024-12-31 rechtskreis=SGB_II", CHANGE)
    assert past.rows("L01") == ["f2 2025-01-30..2025-02-28"]


def test_l01_an_application_counts_from_the_earlier_of_trigger_month_and_month_of_its_day(
    given: Given,
) -> None:
    """Effective in May, so the trigger month is April; the trigger itself is of January."""
    late = f"{CHANGE} effective_month=2025-05"
    assert given("BenefitApplied 2025-01-02 rechtskreis=SGB_II", late).rows("L01") == []
    early = "RechtskreisChangeTriggered 2025-04-20 from=ASYLBLG_3 to=SGB_II effective_month=2025-03"
    assert given("BenefitApplied 2025-02-01 rechtskreis=SGB_II", early).rows("L01") == []
    assert given("BenefitApplied 2025-01-31 rechtskreis=SGB_II", early).rows("L01") != []


def test_g6_l01_the_window_begins_on_the_trigger_even_after_the_due_day(given: Given) -> None:
    past = given(
        "RechtskreisChangeTriggered 2025-05-20 from=ASYLBLG_3 to=SGB_II effective_month=2025-03"
    )
    (one,) = past.intervals("L01")
    assert (one.begins_on, one.due_on) == (date(2025, 5, 20), date(2025, 3, 31))
    assert one.opens_on == date(2025, 5, 20)
    assert past.state("L01", "2025-05-19") is State.NOT_APPLICABLE
    assert past.state("L01", "2025-05-20") is State.OPEN


def test_g4_l01_an_undated_application_counts_only_after_the_trigger(given: Given) -> None:
    undated = "BenefitApplied - rechtskreis=SGB_II"
    assert given(CHANGE, undated).rows("L01") == ["f1 2025-01-30..2025-02-28 in_time 2025-02-28 f2"]
    assert given(undated, CHANGE).rows("L01") == ["f2 2025-01-30..2025-02-28"]


def test_g1_l01_an_application_dated_by_its_attribute_counts_on_that_day(given: Given) -> None:
    past = given(CHANGE, "BenefitApplied - rechtskreis=SGB_II on=2025-03-04")
    assert past.rows("L01") == ["f1 2025-01-30..2025-02-28 late 2025-03-04 f2"]


def test_g5_l01_an_application_some_time_in_february_is_in_time(given: Given) -> None:
    past = given(CHANGE, "BenefitApplied 2025 rechtskreis=SGB_II")
    assert past.rows("L01") == ["f1 2025-01-30..2025-02-28 in_time 2025-02-28 f2"]
    assert past.only("L01").certainty is Certainty.POSSIBLY


def test_d3_l01_a_trigger_known_by_month_counts_on_its_last_day(given: Given) -> None:
    past = given("RechtskreisChangeTriggered 2025-01 from=ASYLBLG_3 to=SGB_II")
    assert past.rows("L01") == ["f1 2025-01-31..2025-02-28"]
    assert past.only("L01").certainty is Certainty.POSSIBLY


def test_g1_l01_a_month_never_reaches_past_its_recording(given: Given) -> None:
    past = given("RechtskreisChangeTriggered 2025-01 from=ASYLBLG_3 to=SGB_II @2025-01-20")
    assert past.rows("L01") == ["f1 2025-01-20..2025-02-28"]


def test_l01_is_cancelled_by_a_full_livelihood_of_their_own(given: Given) -> None:
    past = given(CHANGE, "LivelihoodSecured 2025-02-15 degree=full")
    assert past.rows("L01") == ["f1 2025-01-30..2025-02-28 cancelled 2025-02-15 f2"]


@pytest.mark.parametrize("degree", ["degree=partial", "degree=predominantly", ""])
def test_l01_is_not_cancelled_by_less_than_a_full_livelihood(given: Given, degree: str) -> None:
    past = given(CHANGE, f"LivelihoodSecured 2025-02-15 {degree}")
    assert past.rows("L01") == ["f1 2025-01-30..2025-02-28"]


def test_g4_l01_an_earlier_livelihood_does_not_cancel(given: Given) -> None:
    past = given("LivelihoodSecured 2025-01-29 degree=full", CHANGE)
    assert past.rows("L01") == ["f2 2025-01-30..2025-02-28"]


def test_g7_l01_the_follow_up_stands_before_a_cancellation_of_the_same_day(given: Given) -> None:
    past = given(
        CHANGE,
        "LivelihoodSecured 2025-02-15 degree=full",
        "BenefitApplied 2025-02-15 rechtskreis=SGB_II",
    )
    assert past.rows("L01") == ["f1 2025-01-30..2025-02-28 in_time 2025-02-15 f3"]


def test_d6_l01_the_next_change_supersedes_the_one_before(given: Given) -> None:
    past = given(CHANGE, "RechtskreisChangeTriggered 2025-02-20 from=ASYLBLG_2 to=SGB_II")
    assert past.rows("L01") == [
        "f1 2025-01-30..2025-02-28 superseded 2025-02-20 f2",
        "f2 2025-02-20..2025-03-31",
    ]


def test_g8_l01_a_change_to_another_rechtskreis_neither_triggers_nor_supersedes(
    given: Given,
) -> None:
    past = given(
        CHANGE,
        "RechtskreisChangeTriggered 2025-02-20 from=SGB_II to=SGB_XII_3",
        "RechtskreisChangeTriggered 2025-02-21 from=ASYLBLG_2 to=SGB_XII_4",
        "RechtskreisChangeTriggered 2025-02-22 to=SGB_II",
    )
    assert past.rows("L01") == ["f1 2025-01-30..2025-02-28"]


@pytest.mark.parametrize("outcome", POSITIVE)
def test_l01_is_inferred_from_a_positive_decision_for_somebody_on_asylblg(
    given: Given, outcome: str
) -> None:
    past = given(ON_ASYLBLG, f"AsylumDecisionIssued 2025-01-30 outcome={outcome}")
    assert past.rows("L01") == ["f2 2025-01-30..2025-02-28"]


@pytest.mark.parametrize("outcome", ["abschiebungsverbot", "abgelehnt", "ou", "unzulaessig"])
def test_l01_is_not_inferred_from_other_decisions(given: Given, outcome: str) -> None:
    past = given(ON_ASYLBLG, f"AsylumDecisionIssued 2025-01-30 outcome={outcome}")
    assert past.rows("L01") == []


@pytest.mark.parametrize("basis", ["25_1", "25_2_SUB", "104C", "25_3", "30"])
def test_l01_is_inferred_from_a_title_that_ends_the_asylblg(given: Given, basis: str) -> None:
    past = given(ON_ASYLBLG, f"TitleGranted 2025-01-30 basis=AUFENTHG_{basis}")
    assert past.rows("L01") == ["f2 2025-01-30..2025-02-28"]


@pytest.mark.parametrize("basis", ["23_1", "24", "25_4", "25_5"])
def test_l01_is_not_inferred_from_a_title_under_which_the_asylblg_may_go_on(
    given: Given, basis: str
) -> None:
    past = given(ON_ASYLBLG, f"TitleGranted 2025-01-30 basis=AUFENTHG_{basis}")
    assert past.rows("L01") == []


def test_l01_is_not_inferred_from_a_title_of_unknown_basis(given: Given) -> None:
    assert given(ON_ASYLBLG, "TitleGranted 2025-01-30").rows("L01") == []


def test_l01_is_not_inferred_without_a_benefit_under_the_asylblg(given: Given) -> None:
    title = "TitleGranted 2025-01-30 basis=AUFENTHG_25_1"
    assert given(title).rows("L01") == []
    assert given(title, "BenefitGranted 2025-01-31 rechtskreis=ASYLBLG_3").rows("L01") == []


def test_l01_asks_the_latest_benefit_before_the_title_only(given: Given) -> None:
    title = "TitleGranted 2025-01-30 basis=AUFENTHG_25_1"
    own = "BenefitGranted 2024-12-01 rechtskreis=SGB_III"
    assert given(ON_ASYLBLG, own, title).rows("L01") == []
    assert given(own, "BenefitGranted 2025-01-01 rechtskreis=ASYLBLG_3", title).rows("L01") == [
        "f3 2025-01-30..2025-02-28"
    ]
    unknown = "BenefitGranted 2025-01-01"
    assert given(ON_ASYLBLG, unknown, title).rows("L01") == []


def test_l01_infers_the_first_title_or_decision_only(given: Given) -> None:
    past = given(
        ON_ASYLBLG,
        "AsylumDecisionIssued 2025-01-30 outcome=fluechtling",
        "TitleGranted 2025-04-01 basis=AUFENTHG_25_2_FL",
    )
    assert past.rows("L01") == ["f2 2025-01-30..2025-02-28"]


def test_l01_infers_a_later_title_where_the_first_one_changes_nothing(given: Given) -> None:
    past = given(
        ON_ASYLBLG,
        "TitleGranted 2025-01-30 basis=AUFENTHG_25_5",
        "TitleGranted 2025-04-01 basis=AUFENTHG_25B",
    )
    assert past.rows("L01") == ["f3 2025-04-01..2025-05-31"]


def test_l01_infers_nothing_where_the_journey_has_the_change_itself(given: Given) -> None:
    past = given(
        ON_ASYLBLG,
        "TitleGranted 2025-01-10 basis=AUFENTHG_25_1",
        "RechtskreisChangeTriggered 2025-02-03 from=ASYLBLG_2 to=SGB_II",
    )
    assert past.rows("L01") == ["f3 2025-02-03..2025-03-31"]


def test_g12_l01_has_no_instance_before_2005(given: Given) -> None:
    before = "RechtskreisChangeTriggered 2004-12-31 from=ASYLBLG_3 to=SGB_II"
    first = "RechtskreisChangeTriggered 2005-01-01 from=ASYLBLG_3 to=SGB_II"
    assert given(before).rows("L01") == []
    assert given(first).rows("L01") == ["f1 2005-01-01..2005-02-28"]


def test_l01_is_critical_and_urgent_from_14_days_before_the_due_day(given: Given) -> None:
    one = given(CHANGE).only("L01")
    assert one.severity is Severity.CRITICAL
    assert not one.urgent(date(2025, 2, 13))
    assert one.urgent(date(2025, 2, 14))


def test_g11_l01_a_correction_moves_the_change_and_a_retraction_undoes_it(given: Given) -> None:
    corrected = given(CHANGE, "EventCorrected 2025-04-01 target=f1 occurred_on=2025-02-03")
    assert corrected.rows("L01") == ["f1 2025-02-03..2025-03-31"]
    assert corrected.rows("L01", known_at="2025-03-31") == ["f1 2025-01-30..2025-02-28"]
    retracted = given(CHANGE, "EventRetracted 2025-04-01 target=f1")
    assert retracted.rows("L01") == []
    assert retracted.rows("L01", known_at="2025-03-31") == ["f1 2025-01-30..2025-02-28"]


def test_d8_l01_a_retracted_application_leaves_the_gap_open(given: Given) -> None:
    past = given(
        CHANGE,
        "BenefitApplied 2025-02-10 rechtskreis=SGB_II",
        "EventRetracted 2025-04-01 target=f2",
    )
    assert past.rows("L01") == ["f1 2025-01-30..2025-02-28"]


def test_d7_l01_a_follow_up_recorded_late_closes_on_its_own_day(given: Given) -> None:
    past = given(CHANGE, "BenefitApplied 2025-03-10 rechtskreis=SGB_II @2025-06-01")
    assert past.rows("L01") == ["f1 2025-01-30..2025-02-28 late 2025-03-10 f2"]
    assert past.state("L01", "2025-04-01", known_at="2025-05-31") is State.OPEN
    assert past.state("L01", "2025-03-09") is State.OPEN
    assert past.state("L01", "2025-03-10") is State.CLOSED
