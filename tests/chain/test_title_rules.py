"""Residence titles and their ends: A01, A02, A10 and what they share (design 4, lines 9 to 11)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.intervals import Certainty, Consequence, Severity, State

Given = Callable[..., Any]

TITLE = "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2025-06-15"
LEAD = "f1 2025-03-17..2025-06-15"
RUN_OUT = "f1 2025-06-16..2025-06-15"
SUPERSEDED = f"{LEAD} superseded 2025-06-16"


def test_a01_a_title_is_applied_for_within_the_last_ninety_days(given: Given) -> None:
    past = given(TITLE)
    assert past.rows("A01") == [SUPERSEDED]
    assert past.state("A01", "2025-03-16") is State.NOT_APPLICABLE
    assert past.state("A01", "2025-03-17") is State.DUE
    assert past.state("A01", "2025-06-15") is State.DUE
    assert past.state("A01", "2025-06-16") is State.CLOSED
    assert not past.only("A01").was_open


@pytest.mark.parametrize(
    ("end", "first"),
    [
        ("2024-05-29", "2024-02-29"),
        ("2025-05-29", "2025-02-28"),
        ("2025-03-31", "2024-12-31"),
        ("2026-01-01", "2025-10-03"),
    ],
)
def test_a01_ninety_days_are_days_across_months_years_and_leap_days(
    given: Given, end: str, first: str
) -> None:
    past = given(f"TitleGranted 2023-01-02 basis=AUFENTHG_18A valid_until={end}")
    one = past.only("A01")
    assert (str(one.begins_on), str(one.due_on)) == (first, end)


@pytest.mark.parametrize(
    ("applied", "a01", "a02"),
    [
        ("2025-03-03", [], []),
        ("2025-03-16", [], []),
        ("2025-03-17", [f"{LEAD} in_time 2025-03-17 f2"], []),
        ("2025-06-15", [f"{LEAD} in_time 2025-06-15 f2"], []),
        ("2025-06-16", [SUPERSEDED], [RUN_OUT]),
        ("2025-06-20", [SUPERSEDED], [RUN_OUT]),
        ("2025-06", [f"{LEAD} in_time 2025-06-15 f2"], []),
        ("2025-07", [SUPERSEDED], [RUN_OUT]),
        ("- @2025-08-01", [f"{LEAD} in_time 2025-06-15 f2"], []),
    ],
)
def test_d9_an_application_by_the_end_closes_a01_and_prevents_a02(
    given: Given, applied: str, a01: list[str], a02: list[str]
) -> None:
    past = given(TITLE, f"TitleApplied {applied}")
    assert (past.rows("A01"), past.rows("A02")) == (a01, a02)


@pytest.mark.parametrize(
    "kind", ["kind=erst", "kind=verlaengerung", "kind=wechsel", "basis=AUFENTHG_9"]
)
def test_d9_an_application_of_any_kind_counts(given: Given, kind: str) -> None:
    past = given(TITLE, f"TitleApplied 2025-06-15 {kind}")
    assert past.rows("A01") == [f"{LEAD} in_time 2025-06-15 f2"]


@pytest.mark.parametrize(
    ("refused", "counts"),
    [
        ("2025-04-10", False),
        ("2025-06-15", False),
        ("2025-06-16", True),
        ("2025-06", True),
        ("2025-05", False),
        ("2025-03-02", True),
    ],
)
def test_d9_an_application_refused_by_the_end_is_as_if_never_made(
    given: Given, refused: str, counts: bool
) -> None:
    past = given(TITLE, "TitleApplied 2025-03-03", f"TitleRefused {refused}")
    assert past.rows("A01") == ([] if counts else [SUPERSEDED])
    assert past.rows("A02") == ([] if counts else [RUN_OUT])


def test_d9_a_second_application_counts_after_the_refusal_of_the_first(given: Given) -> None:
    past = given(
        TITLE, "TitleApplied 2025-03-03", "TitleRefused 2025-04-10", "TitleApplied 2025-05-02"
    )
    assert past.rows("A01") == [f"{LEAD} in_time 2025-05-02 f4"]
    assert past.rows("A02") == []


def test_a01_an_application_before_the_grant_does_not_count(given: Given) -> None:
    past = given("TitleApplied 2024-06-14", TITLE)
    assert past.rows("A01") == ["f2 2025-03-17..2025-06-15 superseded 2025-06-16"]
    same_day = given("TitleApplied 2024-06-15", TITLE)
    assert len(same_day.rows("A02")) == 1


@pytest.mark.parametrize(
    ("newer", "a01", "a02"),
    [
        ("2025-03-01", [], []),
        ("2025-05-02", [f"{LEAD} in_time 2025-05-02 f2"], []),
        ("2025-06-15", [f"{LEAD} in_time 2025-06-15 f2"], []),
        ("2025-06-16", [SUPERSEDED], [f"{RUN_OUT} late 2025-06-16 f2"]),
        ("2025-08-01", [SUPERSEDED], [f"{RUN_OUT} late 2025-08-01 f2"]),
    ],
)
def test_d11_a_newer_title_closes_a01_and_a02_of_the_older(
    given: Given, newer: str, a01: list[str], a02: list[str]
) -> None:
    past = given(TITLE, f"TitleGranted {newer} basis=AUFENTHG_9")
    assert (past.rows("A01"), past.rows("A02")) == (a01, a02)


def test_a01_weighs_high_and_is_urgent_from_thirty_days_before_the_end(given: Given) -> None:
    one = given(TITLE).only("A01")
    assert one.severity is Severity.HIGH
    assert not one.urgent(date(2025, 5, 15))
    assert one.urgent(date(2025, 5, 16))


@pytest.mark.parametrize("basis", ["9", "9A", "18C", "26_3", "26_4", "28_2", "35"])
def test_titles_permanent_by_basis_have_no_end_whatever_their_paper_says(
    given: Given, basis: str
) -> None:
    past = given(f"TitleGranted 2024-06-15 basis=AUFENTHG_{basis} valid_until=2025-06-15")
    assert (past.rows("A01"), past.rows("A02")) == ([], [])
    no_end = given(f"TitleGranted 2024-06-15 basis=AUFENTHG_{basis}")
    assert no_end.rows("A01") == []


@pytest.mark.parametrize("basis", ["FREIZUEGG_EU", "FREIZUEGG_EU_5", "FREIZUEGG_EU_4A", "DEUTSCH"])
def test_titles_free_movement_and_citizenship_are_permanent(given: Given, basis: str) -> None:
    past = given(
        f"TitleGranted 2024-06-15 basis={basis} valid_until=2025-06-15", "TitleApplied 2025-05-01"
    )
    assert (past.rows("A01"), past.rows("A02"), past.rows("A03")) == ([], [], [])


@pytest.mark.parametrize("basis", ["basis=AUFENTHG_28", "basis=AUFENTHG_26_3", "basis=VISA_D", ""])
def test_titles_other_bases_end(given: Given, basis: str) -> None:
    permanent = basis == "basis=AUFENTHG_26_3"
    past = given(f"TitleGranted 2024-06-15 {basis} valid_until=2025-06-15")
    assert len(past.rows("A01")) == (0 if permanent else 1)


def test_a01_a_missing_end_is_a_row_of_missing_data(given: Given) -> None:
    past = given("TitleGranted 2024-06-15 basis=AUFENTHG_18A")
    assert past.rows("A01") == ["data f1 2024-06-15.."]
    assert past.rows("A02") == past.rows("A10") == []
    applied = given("TitleGranted 2024-06-15", "TitleApplied 2025-05-02")
    assert applied.rows("A01") == ["data f1 2024-06-15.. in_time 2025-05-02 f2"]
    assert applied.rows("A03") == []


@pytest.mark.parametrize("loss", ["TitleRevoked", "TitleExpired"])
@pytest.mark.parametrize(
    ("lost", "a01", "a02"),
    [
        ("2025-02-01", [], []),
        ("2025-05-02", [f"{LEAD} cancelled 2025-05-02 f2"], []),
        ("2025-06-15", [f"{LEAD} cancelled 2025-06-15 f2"], []),
        ("2025-06", [f"{LEAD} cancelled 2025-06-15 f2"], []),
        ("2025-06-16", [SUPERSEDED], [RUN_OUT]),
    ],
)
def test_titles_loss_by_the_end_cancels_a01_and_leaves_no_a02(
    given: Given, loss: str, lost: str, a01: list[str], a02: list[str]
) -> None:
    past = given(TITLE, f"{loss} {lost}")
    assert (past.rows("A01"), past.rows("A02")) == (a01, a02)


def test_titles_a_loss_concerns_the_title_it_names_else_the_latest_before_it(given: Given) -> None:
    titles = [
        "TitleGranted 2024-01-15 basis=AUFENTHG_18A valid_until=2026-01-15",
        "TitleGranted 2024-06-15 basis=AUFENTHG_28 valid_until=2026-06-15",
    ]
    unnamed = given(*titles, "TitleRevoked 2026-05-02")
    assert unnamed.rows("A01") == ["f2 2026-03-17..2026-06-15 cancelled 2026-05-02 f3"]
    named = given(*titles, "TitleRevoked 2026-05-02 title=f1")
    assert named.rows("A01") == ["f2 2026-03-17..2026-06-15 superseded 2026-06-16"]
    before_any = given("TitleRevoked 2023-01-01", titles[0])
    assert before_any.rows("A01") == ["f2 2025-10-17..2026-01-15 superseded 2026-01-16"]


def test_a01_a_title_granted_within_the_lead_is_due_from_its_grant(given: Given) -> None:
    past = given("TitleGranted 2025-05-20 basis=AUFENTHG_18A valid_until=2025-06-15")
    assert past.rows("A01") == ["f1 2025-05-20..2025-06-15 superseded 2025-06-16"]
    undated = given("TitleGranted - basis=AUFENTHG_18A valid_until=2025-06-15 @2025-05-20")
    assert undated.rows("A01") == [SUPERSEDED]


def test_a01_a_title_granted_after_its_end_has_no_window(given: Given) -> None:
    past = given("TitleGranted 2025-07-01 basis=AUFENTHG_18A valid_until=2025-06-15")
    assert past.rows("A01") == []
    assert past.rows("A02") == ["f1 2025-07-01..2025-06-15"]


def test_d3_a_partial_end_warns_from_its_earliest_day_and_ends_on_its_latest(given: Given) -> None:
    past = given("TitleGranted 2024-01-15 basis=AUFENTHG_18A valid_until=2025-06")
    assert past.rows("A01") == ["f1 2025-03-03..2025-06-30 superseded 2025-07-01"]
    assert past.rows("A02") == ["f1 2025-07-01..2025-06-30"]
    assert past.only("A02").certainty is Certainty.POSSIBLY


@pytest.mark.parametrize(
    ("grant", "s", "new_end", "window"),
    [
        ("2026-06-15", "2025-04-10", "2025-06-15", "2025-04-10..2025-06-15"),
        ("2026-06-15", "2025-04-10", "2026-01-31", "2025-11-02..2026-01-31"),
        ("2025-06-15", "2025-04-10", "2025-05-31", "2025-03-17..2025-05-31"),
        ("2026-06-15", "2025-06-15", "2025-06-15", "2025-06-15..2025-06-15"),
        ("2026-06-15", "2025-04", "2025-06-15", "2025-04-30..2025-06-15"),
    ],
)
def test_titles_a_shortening_moves_the_end_and_the_warning_begins_not_before_it_was_known(
    given: Given, grant: str, s: str, new_end: str, window: str
) -> None:
    past = given(
        f"TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until={grant}",
        f"TitleShortened {s} new_valid_until={new_end}",
    )
    (row,) = past.rows("A01")
    assert row.startswith(f"f1 {window} superseded")
    assert past.only("A02").due_on == date.fromisoformat(new_end)


def test_titles_a_shortening_of_a_title_without_an_end_warns_from_its_own_day(given: Given) -> None:
    past = given(
        "TitleGranted 2024-06-15 basis=AUFENTHG_18A",
        "TitleShortened 2025-05-02 new_valid_until=2025-06-15",
    )
    assert past.rows("A01") == ["f1 2025-05-02..2025-06-15 superseded 2025-06-16"]


def test_d9_shortened_into_the_past_a_title_has_no_a01_and_a02_opens_the_day_after(
    given: Given,
) -> None:
    past = given(
        "TitleGranted 2014-10-01 basis=AUFENTHG_28 valid_until=2016-10-01",
        "TitleShortened 2015-09-10 new_valid_until=2015-08-17",
    )
    assert past.rows("A01") == []
    one = past.only("A02")
    assert past.rows("A02") == ["f1 2015-09-11..2015-08-17"]
    assert one.opens_on == date(2015, 9, 11)
    assert one.consequence == Consequence("stay_not_lawful", date(2015, 8, 18))
    assert one.evidence == ("f1", "f2")


def test_titles_the_last_shortening_counts_and_one_without_a_day_changes_nothing(
    given: Given,
) -> None:
    title = "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2026-06-15"
    twice = given(
        title,
        "TitleShortened 2025-02-01 new_valid_until=2025-10-31",
        "TitleShortened 2025-03-01 new_valid_until=2025-08-31",
    )
    assert twice.only("A02").due_on == date(2025, 8, 31)
    unknown = given(title, "TitleShortened 2025-02-01")
    assert unknown.only("A02").due_on == date(2026, 6, 15)


def test_titles_an_application_is_measured_by_the_shortened_end(given: Given) -> None:
    past = given(
        "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2026-06-15",
        "TitleShortened 2025-02-01 new_valid_until=2025-06-15",
        "TitleApplied 2025-06-16",
    )
    assert past.rows("A02") == [RUN_OUT]


# annulled decisions

LONG_TITLE = "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2026-06-15"
SHORTENED = "TitleShortened 2025-02-01 new_valid_until=2025-06-15"
ANNULLED = "DecisionAnnulledRetroactively 2025-09-01"
UNTOUCHED = (
    ["f1 2026-03-17..2026-06-15 superseded 2026-06-16"],
    ["f1 2026-06-16..2026-06-15"],
)


@pytest.mark.parametrize(
    "effective",
    ["", "effective_from=2025-02-01", "effective_from=2025-04", "effective_from=2025-06-16"],
)
def test_titles_a_shortening_annulled_by_the_day_on_which_it_takes_effect_moves_no_end(
    given: Given, effective: str
) -> None:
    past = given(LONG_TITLE, SHORTENED, f"{ANNULLED} target=f2 {effective}".rstrip())
    assert (past.rows("A01"), past.rows("A02")) == UNTOUCHED
    assert past.only("A01").evidence == ("f1",)


@pytest.mark.parametrize(
    "annulment",
    ["target=f2 effective_from=2025-06-17", "target=f9", "target=f1 effective_from=2025-07-01"],
)
def test_titles_a_shortening_annulled_only_after_it_took_effect_or_not_at_all_counts(
    given: Given, annulment: str
) -> None:
    past = given(LONG_TITLE, SHORTENED, f"{ANNULLED} {annulment}")
    assert (past.rows("A01"), past.rows("A02")) == ([SUPERSEDED], [RUN_OUT])


def test_titles_a_shortening_into_the_past_takes_effect_on_the_day_after_its_own(
    given: Given,
) -> None:
    shortened = "TitleShortened 2025-08-10 new_valid_until=2025-06-15"
    annulled = f"{ANNULLED} target=f2 effective_from="
    past = given(LONG_TITLE, shortened, f"{annulled}2025-08-11")
    assert (past.rows("A01"), past.rows("A02")) == UNTOUCHED
    later = given(LONG_TITLE, shortened, f"{annulled}2025-08-12")
    assert later.rows("A02") == ["f1 2025-08-11..2025-06-15"]


def test_titles_with_the_last_shortening_annulled_the_one_before_counts(given: Given) -> None:
    past = given(
        LONG_TITLE,
        "TitleShortened 2025-01-10 new_valid_until=2025-12-31",
        SHORTENED,
        f"{ANNULLED} target=f3",
    )
    assert past.only("A02").due_on == date(2025, 12, 31)


def test_g11_an_annulment_counts_from_the_day_on_which_it_is_known(given: Given) -> None:
    past = given(LONG_TITLE, SHORTENED, f"{ANNULLED} target=f2 @2025-10-05")
    assert past.rows("A02", known_at="2025-10-04") == [RUN_OUT]
    assert past.rows("A02", known_at="2025-10-05") == UNTOUCHED[1]


def test_g11_a_retracted_annulment_annuls_nothing(given: Given) -> None:
    past = given(
        LONG_TITLE, SHORTENED, f"{ANNULLED} target=f2", "EventRetracted 2025-10-05 target=f3"
    )
    assert past.rows("A02", known_at="2025-10-04") == UNTOUCHED[1]
    assert past.rows("A02") == [RUN_OUT]


def test_titles_the_last_annulment_of_a_decision_counts_and_none_annuls_another(
    given: Given,
) -> None:
    past = given(
        LONG_TITLE,
        SHORTENED,
        f"{ANNULLED} target=f2",
        "DecisionAnnulledRetroactively 2025-10-01 target=f3",
    )
    assert past.rows("A02") == UNTOUCHED[1]
    again = given(
        LONG_TITLE,
        SHORTENED,
        f"{ANNULLED} target=f2",
        "DecisionAnnulledRetroactively 2025-10-01 target=f2 effective_from=2025-10-01",
    )
    assert again.rows("A02") == [RUN_OUT]


@pytest.mark.parametrize(
    ("effective", "counts"),
    [
        ("", True),
        ("effective_from=2025-04-10", True),
        ("effective_from=2025-05-20", True),
        ("effective_from=2025-06-16", True),
        ("effective_from=2025-06-17", False),
    ],
)
def test_titles_an_application_counts_whose_refusal_is_annulled_by_the_day_after_the_end(
    given: Given, effective: str, counts: bool
) -> None:
    past = given(
        TITLE,
        "TitleApplied 2025-04-01",
        "TitleRefused 2025-04-10",
        f"{ANNULLED} target=f3 {effective}".rstrip(),
    )
    a01 = f"{LEAD} in_time 2025-04-01 f2" if counts else SUPERSEDED
    assert (past.rows("A01"), past.rows("A02")) == ([a01], [] if counts else [RUN_OUT])


@pytest.mark.parametrize(("effective", "counts"), [("2025-08-11", True), ("2025-08-12", False)])
def test_titles_an_application_counts_whose_refusal_is_annulled_by_the_first_day_without_the_title(
    given: Given, effective: str, counts: bool
) -> None:
    past = given(
        LONG_TITLE,
        "TitleApplied 2025-05-01",
        "TitleRefused 2025-06-01",
        "TitleShortened 2025-08-10 new_valid_until=2025-06-15",
        f"{ANNULLED} target=f3 effective_from={effective}",
    )
    assert past.rows("A02") == ([] if counts else ["f1 2025-08-11..2025-06-15"])


def test_titles_a_second_refusal_that_stands_still_defeats_the_application(given: Given) -> None:
    past = given(
        TITLE,
        "TitleApplied 2025-04-01",
        "TitleRefused 2025-04-10",
        "TitleRefused 2025-05-10",
        f"{ANNULLED} target=f3",
    )
    assert past.rows("A02") == [RUN_OUT]


@pytest.mark.parametrize("loss", ["TitleRevoked", "TitleExpired"])
def test_titles_a_loss_annulled_from_its_day_on_is_none(given: Given, loss: str) -> None:
    lost = f"{loss} 2025-04-10"
    annulled = given(TITLE, lost, f"{ANNULLED} target=f2 effective_from=2025-04-10")
    assert (annulled.rows("A01"), annulled.rows("A02")) == ([SUPERSEDED], [RUN_OUT])
    later = given(TITLE, lost, f"{ANNULLED} target=f2 effective_from=2025-04-11")
    assert (later.rows("A01"), later.rows("A02")) == ([f"{LEAD} cancelled 2025-04-10 f2"], [])


def test_a10_the_end_by_law_is_the_old_end_of_a_shortening_and_stands_if_that_is_annulled(
    given: Given,
) -> None:
    title = "TitleGranted 2023-03-01 basis=AUFENTHG_104C"
    shortened = "TitleShortened 2023-10-10 new_valid_until=2024-03-31"
    assert given(title).rows("A10") == ["f1 2023-08-31..2024-08-31"]
    assert given(title, shortened).only("A10").begins_on == date(2023, 8, 31)
    past = given(title, shortened, f"{ANNULLED} target=f2")
    assert past.rows("A10") == ["f1 2023-08-31..2024-08-31"]


def test_a01_asks_for_the_end_of_a_104c_until_an_application_though_it_is_refused_as_a10_sees(
    given: Given,
) -> None:
    past = given(
        "TitleGranted 2023-03-01 basis=AUFENTHG_104C",
        "TitleApplied 2024-03-01 basis=AUFENTHG_25B",
        "TitleRefused 2024-06-03",
    )
    assert past.rows("A01") == ["data f1 2023-03-01.. in_time 2024-03-01 f2"]
    assert past.rows("A10") == ["f1 2023-08-31..2024-08-31"]


@pytest.mark.parametrize(
    ("granted", "until", "end"),
    [
        ("2022-05-01", "2024-03-04", "2027-03-04"),
        ("2022-05-01", "2024-02-01", "2027-03-04"),
        ("2022-05-01", "2024-01-31", "2024-01-31"),
        ("2024-02-01", "2024-02-01", "2027-03-04"),
        ("2024-02-02", "2024-12-31", "2024-12-31"),
        ("2024-02-02", "2025-02-01", "2027-03-04"),
        ("2025-02-02", "2026-01-31", "2026-01-31"),
        ("2025-02-02", "2026-02-01", "2027-03-04"),
        ("2022-05-01", "2028-06-30", "2028-06-30"),
    ],
)
def test_titles_temporary_protection_valid_on_1_february_is_prolonged_to_4_march_of_the_next_year(
    given: Given, granted: str, until: str, end: str
) -> None:
    past = given(f"TitleGranted {granted} basis=AUFENTHG_24 valid_until={until}")
    assert past.only("A02").due_on == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("shortened", "new_end", "end"),
    [
        ("2024-06-01", "2024-07-31", "2024-07-31"),
        ("2024-02-01", "2024-07-31", "2027-03-04"),
        ("2024-02-02", "2024-07-31", "2024-07-31"),
        ("2024-06-01", "2025-12-31", "2027-03-04"),
    ],
)
def test_titles_a_shortening_after_that_1_february_overrides_the_prolongation(
    given: Given, shortened: str, new_end: str, end: str
) -> None:
    past = given(
        "TitleGranted 2022-05-01 basis=AUFENTHG_24 valid_until=2026-12-31",
        f"TitleShortened {shortened} new_valid_until={new_end}",
    )
    assert past.only("A02").due_on == date.fromisoformat(end)


def test_a01_temporary_protection_has_no_a01_and_no_row_of_missing_data(given: Given) -> None:
    with_end = given("TitleGranted 2022-05-01 basis=AUFENTHG_24 valid_until=2024-03-04")
    assert with_end.rows("A01") == []
    without = given("TitleGranted 2022-05-01 basis=AUFENTHG_24")
    assert (without.rows("A01"), without.rows("A02")) == ([], [])


def test_a02_a_title_run_out_is_open_from_the_day_after_its_end(given: Given) -> None:
    past = given(TITLE)
    one = past.only("A02")
    assert past.rows("A02") == [RUN_OUT]
    assert past.state("A02", "2025-06-15") is State.NOT_APPLICABLE
    assert past.state("A02", "2025-06-16") is State.OPEN
    assert one.severity is Severity.CRITICAL
    assert one.consequence == Consequence("stay_not_lawful", date(2025, 6, 16))


def test_d10_a_late_application_does_not_close_it(given: Given) -> None:
    past = given(TITLE, "TitleApplied 2025-06-20", "TitleGranted 2025-09-01 basis=AUFENTHG_18A")
    one = past.intervals("A02")[0]
    assert past.rows("A02")[0] == f"{RUN_OUT} late 2025-09-01 f3"
    assert one.consequence == Consequence("stay_not_lawful", date(2025, 6, 16))


@pytest.mark.parametrize(
    "follow_up",
    [
        "TitleGranted",
        "ContinuationOrdered",
        "RightOfFreeMovementRecorded",
        "AsylumDecisionIssued outcome=fluechtling",
        "AsylumDecisionIssued outcome=abschiebungsverbot",
    ],
)
def test_d10_title_order_free_movement_or_protection_close_it(given: Given, follow_up: str) -> None:
    name, _, attributes = follow_up.partition(" ")
    late = given(TITLE, f"{name} 2025-08-01 {attributes}")
    assert late.rows("A02") == [f"{RUN_OUT} late 2025-08-01 f2"]
    first_day = given(TITLE, f"{name} 2025-06-16 {attributes}")
    assert first_day.rows("A02") == [f"{RUN_OUT} late 2025-06-16 f2"]
    before = given(TITLE, f"{name} 2025-05-02 {attributes}")
    assert before.rows("A02") == []


def test_d10_a_negative_decision_or_a_paper_for_the_wait_closes_nothing(given: Given) -> None:
    past = given(
        TITLE,
        "AsylumDecisionIssued 2025-08-01 outcome=abgelehnt",
        "FictionCertificateIssued 2025-08-02",
    )
    assert past.rows("A02") == [RUN_OUT]


def test_a02_a_follow_up_before_the_grant_prevents_nothing(given: Given) -> None:
    past = given(
        "ContinuationOrdered 2024-06-01", "AsylumDecisionIssued 2024-06-02 outcome=asyl", TITLE
    )
    assert past.rows("A02") == ["f3 2025-06-16..2025-06-15"]


@pytest.mark.parametrize("paper", ["ToleranceIssued", "TemporaryPermissionIssued"])
@pytest.mark.parametrize(
    ("day", "closing"),
    [
        ("2025-05-02", ""),
        ("2025-06-15", ""),
        ("2025-06-16", " cancelled 2025-06-16 f2"),
        ("2025-08-01", " cancelled 2025-08-01 f2"),
    ],
)
def test_d10_a_toleration_or_permission_from_its_first_day_on_cancels_it(
    given: Given, paper: str, day: str, closing: str
) -> None:
    assert given(TITLE, f"{paper} {day}").rows("A02") == [f"{RUN_OUT}{closing}"]


@pytest.mark.parametrize(
    "ending", ["LeftGermany", "NaturalisationCertificateHandedOver", "PersonDied"]
)
def test_d15_leaving_naturalisation_or_death_cancels_a02_and_before_it_prevents_it(
    given: Given, ending: str
) -> None:
    assert given(TITLE, f"{ending} 2025-08-01").rows("A02") == [
        f"{RUN_OUT} cancelled 2025-08-01 f2"
    ]
    before = given(TITLE, f"{ending} 2025-05-02")
    assert before.rows("A02") == []
    assert before.rows("A01") == [f"{LEAD} cancelled 2025-05-02 f2"]


CHANCE = "TitleGranted 2023-03-15 basis=AUFENTHG_104C"


def test_a10_without_a_known_end_the_chance_runs_eighteen_months_from_the_grant(
    given: Given,
) -> None:
    past = given(CHANCE)
    assert past.rows("A10") == ["f1 2023-09-14..2024-09-14"]
    assert past.rows("A01") == ["data f1 2023-03-15.."]
    assert past.rows("A02") == []
    assert past.state("A10", "2024-09-15") is State.OPEN


@pytest.mark.parametrize(
    ("start", "window"),
    [
        ("2023-03-01", "2023-08-31..2024-08-31"),
        ("2023-08-31", "2024-02-29..2025-02-28"),
        ("2022-12-31", "2023-06-30..2024-06-30"),
        ("2023-02", "2023-07-31..2024-08-27"),
    ],
)
def test_a10_the_months_count_from_valid_from_whose_day_counts(
    given: Given, start: str, window: str
) -> None:
    past = given(f"TitleGranted 2022-11-01 basis=AUFENTHG_104C valid_from={start}")
    assert past.rows("A10") == [f"f1 {window}"]


def test_a10_a_known_end_counts_instead(given: Given) -> None:
    past = given(f"{CHANCE} valid_until=2024-12-31")
    assert past.rows("A10") == ["f1 2023-12-31..2024-12-31 superseded 2025-01-01"]
    assert past.rows("A01") == ["f1 2024-10-02..2024-12-31 superseded 2025-01-01"]
    assert past.rows("A02") == ["f1 2025-01-01..2024-12-31"]


@pytest.mark.parametrize(
    ("application", "a01", "a02", "a10"),
    [
        ("basis=AUFENTHG_25B", "in_time 2024-12-01 f2", 0, "in_time 2024-12-01 f2"),
        ("basis=AUFENTHG_25A", "in_time 2024-12-01 f2", 0, "in_time 2024-12-01 f2"),
        ("", "in_time 2024-12-01 f2", 0, ""),
        ("basis=AUFENTHG_18A", "superseded 2025-01-01", 1, "superseded 2025-01-01"),
    ],
)
def test_d9_after_a_chance_only_25a_25b_or_an_unknown_basis_counts_and_for_a10_no_unknown_one(
    given: Given, application: str, a01: str, a02: int, a10: str
) -> None:
    past = given(f"{CHANCE} valid_until=2024-12-31", f"TitleApplied 2024-12-01 {application}")
    assert past.rows("A01") == [f"f1 2024-10-02..2024-12-31 {a01}"]
    assert len(past.rows("A02")) == a02
    assert past.rows("A10") == [f"f1 2023-12-31..2024-12-31 {a10}".strip()]


def test_a10_an_application_refused_by_the_end_does_not_follow_it_up(given: Given) -> None:
    past = given(
        f"{CHANCE} valid_until=2024-12-31",
        "TitleApplied 2024-03-01 basis=AUFENTHG_25B",
        "TitleRefused 2024-12-31",
    )
    assert past.rows("A10") == ["f1 2023-12-31..2024-12-31 superseded 2025-01-01"]


@pytest.mark.parametrize(
    ("basis", "closing"),
    [
        ("AUFENTHG_25B", "in_time 2024-06-01 f2"),
        ("AUFENTHG_25A", "in_time 2024-06-01 f2"),
        ("AUFENTHG_18A", "cancelled 2024-06-01 f2"),
    ],
)
def test_d11_a_newer_title_closes_a10_and_cancels_it_unless_25a_or_25b(
    given: Given, basis: str, closing: str
) -> None:
    past = given(CHANCE, f"TitleGranted 2024-06-01 basis={basis} valid_until=2027-06-01")
    assert past.rows("A10") == [f"f1 2023-09-14..2024-09-14 {closing}"]


def test_a10_a_late_application_without_a_known_end_closes_it_late(given: Given) -> None:
    past = given(CHANCE, "TitleApplied 2024-10-01 basis=AUFENTHG_25B")
    assert past.rows("A10") == ["f1 2023-09-14..2024-09-14 late 2024-10-01 f2"]


def test_a10_an_application_before_the_lead_leaves_no_instance(given: Given) -> None:
    past = given(CHANCE, "TitleApplied 2023-09-13 basis=AUFENTHG_25B")
    assert past.rows("A10") == []


def test_a10_loss_by_the_end_cancels_it(given: Given) -> None:
    past = given(CHANCE, "TitleRevoked 2024-05-02")
    assert past.rows("A10") == ["f1 2023-09-14..2024-09-14 cancelled 2024-05-02 f2"]
    assert given(CHANCE, "TitleRevoked 2024-09-15").only("A10").closed_by is None


def test_a10_is_critical_with_steps_at_twelve_six_and_three_months(given: Given) -> None:
    one = given(CHANCE).only("A10")
    assert one.severity is Severity.CRITICAL
    assert [str(step.on) for step in one.steps] == ["2023-09-14", "2024-03-14", "2024-06-14"]


def test_a10_shortened_the_warning_begins_not_before_it_was_known(given: Given) -> None:
    past = given(
        "TitleGranted 2023-03-15 basis=AUFENTHG_104C valid_until=2024-12-31",
        "TitleShortened 2023-06-01 new_valid_until=2024-03-31",
    )
    assert past.rows("A10") == ["f1 2023-06-01..2024-03-31 superseded 2024-04-01"]
    into_the_past = given(
        "TitleGranted 2023-03-15 basis=AUFENTHG_104C valid_until=2024-12-31",
        "TitleShortened 2024-06-01 new_valid_until=2024-03-31",
    )
    assert into_the_past.rows("A10") == []
    assert into_the_past.rows("A02") == ["f1 2024-06-02..2024-03-31"]


@pytest.mark.parametrize("basis", ["basis=AUFENTHG_25B", "basis=AUFENTHG_24", ""])
def test_a10_concerns_no_other_title(given: Given, basis: str) -> None:
    assert given(f"TitleGranted 2023-03-15 {basis} valid_until=2024-12-31").rows("A10") == []
