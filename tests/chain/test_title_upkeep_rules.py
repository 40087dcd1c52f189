"""What keeps a title in hand: its card (A07), its fixed end (A09), and being here (A23)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.bounds import STANDARD
from domain.chain.intervals import ClosedBy, Severity, State

Given = Callable[..., Any]

TITLE = "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2026-06-15"
PROTECTED = "TitleGranted 2022-06-01 basis=AUFENTHG_24 valid_until=2024-03-04"
ABROAD = "AbsenceAbroadRecorded 2025-08-31"


# A07


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2024-06-14", State.NOT_APPLICABLE),
        ("2024-06-15", State.DUE),
        ("2024-08-10", State.DUE),
        ("2024-08-11", State.OPEN),
    ],
)
def test_a_card_is_due_for_56_days(given: Given, day: str, state: State) -> None:
    assert given(TITLE).state("A07", day) is state
    assert given(TITLE).only("A07").severity is Severity.LOW


def test_a_card_closes_the_title_that_it_names_or_any_if_it_names_none(given: Given) -> None:
    assert given(TITLE, "TitleCardHandedOver 2024-08-10").only("A07").closed_by is ClosedBy.IN_TIME
    assert (
        given(TITLE, "TitleCardHandedOver 2024-08-11 title=f1").only("A07").closed_by
        is ClosedBy.LATE
    )
    over = "f1 2024-06-15..2024-08-10 superseded 2026-06-16"
    assert given(TITLE, "TitleCardHandedOver 2024-08-10 title=f9").rows("A07") == [over]
    assert given("TitleCardHandedOver 2024-06-01", TITLE).rows("A07") == [over.replace("f1", "f2")]


def test_a_newer_title_a_loss_or_the_end_of_the_title_leave_no_card_to_collect(
    given: Given,
) -> None:
    newer = given(TITLE, "TitleGranted 2025-06-01 basis=AUFENTHG_9")
    assert newer.rows("A07")[0] == "f1 2024-06-15..2024-08-10 superseded 2025-06-01 f2"
    german = given(TITLE, "TitleGranted 2025-06-01 basis=DEUTSCH")
    assert german.rows("A07") == ["f1 2024-06-15..2024-08-10 superseded 2026-06-16"]
    lost = given(TITLE, "TitleRevoked 2025-01-10")
    assert lost.rows("A07") == ["f1 2024-06-15..2024-08-10 cancelled 2025-01-10 f2"]
    assert given("TitleGranted - valid_until=2020-03-31", "NoteTaken 2020-04-03").rows("A07") == []


@pytest.mark.parametrize(
    ("basis", "card"),
    [
        ("DEUTSCH", False),
        ("FREIZUEGG_EU", False),
        ("FREIZUEGG_EU_5", True),
        ("BVFG_4", False),
        ("VISA_D", False),
        ("AUFENTHG_9", True),
    ],
)
def test_only_a_title_with_a_card_is_watched(given: Given, basis: str, *, card: bool) -> None:
    found = given(f"TitleGranted 2024-06-15 basis={basis}").intervals("A07")
    assert bool(found) is card


def test_a_title_of_unknown_basis_has_a_card_too(given: Given) -> None:
    assert given("TitleGranted 2024-06-15").rows("A07") == ["f1 2024-06-15..2024-08-10"]


# A09


def test_d16_temporary_protection_is_judged_by_the_fixed_day_of_the_law_of_the_day(
    given: Given,
) -> None:
    assert given(PROTECTED).rows("A09") == [
        "f1 2023-06-08..2024-03-04 rule_change 2023-12-05",
        "f1+2025 2024-06-07..2025-03-04 rule_change 2024-11-28",
        "f1+2026 2025-06-07..2026-03-04 rule_change 2025-10-28",
        "f1+2027 2026-06-07..2027-03-04 superseded 2027-03-05",
    ]


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2023-12-04", {"f1"}),
        ("2023-12-05", set()),
        ("2024-06-06", set()),
        ("2024-06-07", {"f1+2025"}),
        ("2024-11-27", {"f1+2025"}),
        ("2024-11-28", set()),
        ("2027-03-04", {"f1+2027"}),
        ("2027-03-05", set()),
    ],
)
def test_a_new_regulation_ends_the_warning_for_the_old_fixed_day(
    given: Given, day: str, due: set[str]
) -> None:
    standing = given(PROTECTED).states("A09", day)
    assert {key for key, state in standing.items() if state is State.DUE} == due


def test_the_known_fixed_days_stand_in_the_bounds() -> None:
    assert [str(one.day) for one in STANDARD.rows["A09.end"]] == [
        "2024-03-04",
        "2025-03-04",
        "2026-03-04",
        "2027-03-04",
    ]


def test_a_title_granted_after_the_last_key_date_ends_as_it_says(given: Given) -> None:
    past = given("TitleGranted 2026-05-04 basis=AUFENTHG_24 valid_until=2027-03-04")
    assert past.rows("A09") == ["f1 2026-06-07..2027-03-04 superseded 2027-03-05"]
    shorter = given("TitleGranted 2026-05-04 basis=AUFENTHG_24 valid_until=2026-12-31")
    assert shorter.rows("A09") == ["f1 2026-05-04..2026-12-31 superseded 2027-01-01"]


def test_a_regulation_that_prolongs_nothing_is_no_end_in_turn(given: Given) -> None:
    past = given("TitleGranted 2023-06-01 basis=AUFENTHG_24 valid_until=2025-12-31")
    assert past.rows("A09") == [
        "f1+2026 2025-06-07..2026-03-04 rule_change 2025-10-28",
        "f1+2027 2026-06-07..2027-03-04 superseded 2027-03-05",
    ]


def test_without_a_printed_end_the_fixed_day_in_force_at_the_grant_is_the_end(
    given: Given,
) -> None:
    past = given("TitleGranted 2024-06-01 basis=AUFENTHG_24")
    assert past.rows("A09") == [
        "f1 2024-06-07..2025-03-04 rule_change 2024-11-28",
        "f1+2026 2025-06-07..2026-03-04 rule_change 2025-10-28",
        "f1+2027 2026-06-07..2027-03-04",
    ]
    assert past.state("A02", "2027-03-05") is State.NOT_APPLICABLE


def test_the_steps_stand_at_270_180_and_90_days(given: Given) -> None:
    (last,) = given("TitleGranted 2026-05-04 basis=AUFENTHG_24 valid_until=2027-03-04").intervals(
        "A09"
    )
    assert [str(step.on) for step in last.steps] == ["2026-06-07", "2026-09-05", "2026-12-04"]


@pytest.mark.parametrize(
    ("application", "counts"),
    [
        ("basis=AUFENTHG_18A", True),
        ("kind=wechsel", True),
        ("", True),
        ("basis=AUFENTHG_24", False),
        ("kind=verlaengerung", False),
        ("basis=AUFENTHG_18A kind=verlaengerung", True),
    ],
)
def test_an_application_for_another_title_follows_up(
    given: Given, application: str, *, counts: bool
) -> None:
    title = "TitleGranted 2026-05-04 basis=AUFENTHG_24 valid_until=2027-03-04"
    found = given(title, f"TitleApplied 2026-12-01 {application}").only("A09")
    assert (found.closed_by is ClosedBy.IN_TIME) is counts


def test_an_application_before_the_window_prevents_it_unless_it_was_refused(given: Given) -> None:
    title = "TitleGranted 2026-05-04 basis=AUFENTHG_24 valid_until=2027-03-04"
    applied = "TitleApplied 2026-05-20 basis=AUFENTHG_18A"
    assert given(title, applied).intervals("A09") == ()
    refused = given(title, applied, "TitleRefused 2026-06-20")
    assert refused.only("A09").closed_by is ClosedBy.SUPERSEDED


def test_another_title_follows_up_and_the_same_again_supersedes(given: Given) -> None:
    title = "TitleGranted 2026-05-04 basis=AUFENTHG_24 valid_until=2027-03-04"
    other = given(title, "TitleGranted 2026-12-01 basis=AUFENTHG_18A")
    assert other.only("A09").closed_by is ClosedBy.IN_TIME
    again = given(title, "TitleGranted 2026-12-01 basis=AUFENTHG_24 valid_until=2027-03-04")
    assert again.intervals("A09")[0].closed_by is ClosedBy.SUPERSEDED
    lost = given(title, "TitleRevoked 2026-12-01")
    assert lost.only("A09").closed_by is ClosedBy.CANCELLED


def test_c32_no_title_under_24_no_warning(given: Given) -> None:
    assert given("FictionCertificateIssued 2022-08 kind=81_3").intervals("A09") == ()
    assert given(TITLE).intervals("A09") == ()


def test_an_undated_grant_sets_no_bound_to_its_own_window(given: Given) -> None:
    past = given("TitleGranted - basis=AUFENTHG_24 valid_until=2023-12-31", "NoteTaken 2023-11-01")
    assert past.rows("A09") == ["f1 2023-04-05..2023-12-31 superseded 2024-01-01"]


# A23


@pytest.mark.parametrize(
    ("day", "state", "severity"),
    [
        ("2025-12-30", State.NOT_APPLICABLE, Severity.HIGH),
        ("2025-12-31", State.DUE, Severity.HIGH),
        ("2026-02-28", State.DUE, Severity.HIGH),
        ("2026-03-01", State.OPEN, Severity.CRITICAL),
    ],
)
def test_w22_whoever_is_abroad_is_warned_after_four_months_and_loses_the_title_after_six(
    given: Given, day: str, state: State, severity: Severity
) -> None:
    past = given(TITLE, ABROAD)
    assert past.state("A23", day) is state
    found = past.only("A23")
    assert found.severity_on(date.fromisoformat(day)) is severity
    assert [str(step.on) for step in found.steps] == ["2025-12-31", "2026-01-31", "2026-03-01"]
    assert str(found.consequence.since) == "2026-03-01"


def test_w22_with_a_daueraufenthalt_eu_it_takes_twelve_months(given: Given) -> None:
    past = given("TitleGranted 2020-01-10 basis=AUFENTHG_9A", "AbsenceAbroadRecorded 2024-02-29")
    assert past.rows("A23") == ["f2 2024-12-29..2025-02-28"]
    assert [str(step.on) for step in past.only("A23").steps] == [
        "2024-12-29",
        "2025-01-29",
        "2025-03-01",
    ]


def test_w22_a_permanent_title_lapses_as_any_other(given: Given) -> None:
    past = given(
        "TitleGranted 2020-01-10 basis=AUFENTHG_9",
        "AbsenceAbroadRecorded 2024-02-10 from=2024-01-15",
    )
    assert past.rows("A23") == ["f2 2024-05-15..2024-07-15"]


@pytest.mark.parametrize(
    ("until", "row"),
    [
        ("2025-12-30", None),
        ("2026-02-28", "f2 2025-12-31..2026-02-28 in_time 2026-02-28 f2"),
        ("2026-02", "f2 2025-12-31..2026-02-28 in_time 2026-02-28 f2"),
        ("2026-03-01", "f2 2025-12-31..2026-02-28 late 2026-03-01 f2"),
    ],
)
def test_the_return_closes_it(given: Given, until: str, row: str | None) -> None:
    past = given(TITLE, f"{ABROAD} until={until}")
    assert past.rows("A23") == ([] if row is None else [row])


@pytest.mark.parametrize(
    ("fact", "here"),
    [
        ("EntryRegistered 2026-01-15", True),
        ("ContactHeld 2026-01-15 channel=office", True),
        ("ContactHeld 2026-01-15 channel=phone", False),
        ("ContactHeld 2026-01-15", False),
        ("ContactHeld 2026-01-15 channel=home no_show=true", False),
    ],
)
def test_who_is_seen_here_again_is_back(given: Given, fact: str, *, here: bool) -> None:
    found = given(TITLE, ABROAD, fact).only("A23")
    assert (found.closed_by is ClosedBy.IN_TIME) is here


def test_without_a_title_there_is_nothing_to_lose(given: Given) -> None:
    assert given(ABROAD).intervals("A23") == ()
    assert given("ToleranceIssued 2024-01-10", ABROAD).intervals("A23") == ()
    ended = given("TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2025-08-30", ABROAD)
    assert ended.intervals("A23") == ()
    waiting = given(
        "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2025-08-30",
        "TitleApplied 2025-08-01",
        ABROAD,
    )
    assert waiting.rows("A23") == ["f3 2025-12-31..2026-02-28"]


def test_c45_an_undated_title_told_before_the_absence_was_held_when_it_began(
    given: Given,
) -> None:
    absence = "AbsenceAbroadRecorded 2024-03-01 from=2024-01-15"
    past = given("TitleGranted - basis=AUFENTHG_9", absence)
    assert past.rows("A23") == ["f2 2024-05-15..2024-07-15"]
    assert given("TitleGranted - valid_until=2024-01-14", absence).rows("A23") == []
    assert given("TitleGranted - valid_until=2024-01-15", absence).rows("A23") != []
    long_term = given("TitleGranted - basis=AUFENTHG_9A", absence)
    assert long_term.rows("A23") == ["f2 2024-11-15..2025-01-15"]


def test_a_new_title_or_a_revocation_cancels_but_not_the_lapse_itself(given: Given) -> None:
    lapsed = given(TITLE, ABROAD, "TitleExpired 2026-02-28")
    assert lapsed.state("A23", "2026-03-01") is State.OPEN
    for fact in ("TitleRevoked 2026-02-01", "TitleGranted 2026-02-01 basis=AUFENTHG_9"):
        assert given(TITLE, ABROAD, fact).only("A23").closed_by is ClosedBy.CANCELLED


def test_a_later_absence_supersedes(given: Given) -> None:
    past = given(TITLE, ABROAD, "AbsenceAbroadRecorded 2026-02-01")
    assert past.rows("A23")[0] == "f2 2025-12-31..2026-02-28 superseded 2026-02-01 f3"


def test_w08_a_partial_start_warns_early_and_falls_due_late(given: Given) -> None:
    past = given(TITLE, "AbsenceAbroadRecorded 2025-09-20 from=2025-08")
    assert past.rows("A23") == ["f2 2025-12-01..2026-02-28"]
    assert past.only("A23").certainty == "possibly"


def test_an_absence_recorded_late_is_no_warning_before_its_own_day_an_undated_one_is(
    given: Given,
) -> None:
    late = given(TITLE, "AbsenceAbroadRecorded 2026-02-10 from=2025-08-31")
    assert late.rows("A23") == ["f2 2026-02-10..2026-02-28"]
    undated = given(TITLE, "AbsenceAbroadRecorded - from=2025-08-31", "NoteTaken 2026-02-10")
    assert undated.rows("A23") == ["f2 2025-12-31..2026-02-28"]
