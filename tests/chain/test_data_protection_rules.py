"""Consents that end (F15) or are withdrawn (F16), access asked for (F17), retention (F18)."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.chain.bounds import STANDARD, BoundRefusedError, Change, Unit
from domain.chain.catalogue import RULES
from domain.chain.derived import Derived
from domain.chain.evaluation import turned
from domain.chain.intervals import Certainty, Severity, State
from domain.chain.reading import read
from domain.chain.rule import RECORD_KEEPING

Given = Callable[..., Any]


@pytest.mark.parametrize("rule", ["F15", "F16", "F17", "F18"])
def test_who_keeps_the_record_sees_what_concerns_the_record(rule: str) -> None:
    assert RULES[rule].visible_to == RECORD_KEEPING


# F15


@pytest.mark.parametrize(
    ("consent", "window", "certainty"),
    [
        (
            "ConsentGranted 2024-03-10 valid_until=2025-03-31",
            "2025-03-01..2025-03-31",
            "certainly",
        ),
        ("ConsentGranted 2024-03-10", "2026-02-08..2026-03-10", "certainly"),
        ("ConsentGranted 2024-02-29", "2026-01-29..2026-02-28", "certainly"),
        (
            "ConsentGranted 2025-03-20 valid_until=2025-03-31",
            "2025-03-20..2025-03-31",
            "certainly",
        ),
        ("ConsentGranted 2024-03-10 valid_until=2025-03", "2025-01-30..2025-03-31", "possibly"),
        ("ConsentGranted 2023-03", "2025-01-30..2025-03-31", "possibly"),
        ("ConsentGranted - granted_on=2024-03-10", "2026-02-08..2026-03-10", "certainly"),
    ],
)
def test_f15_a_consent_is_renewed_within_the_thirty_days_before_its_end(
    given: Given, consent: str, window: str, certainty: str
) -> None:
    past = given(consent)
    assert past.rows("F15") == [f"f1 {window}"]
    assert past.only("F15").certainty == certainty


def test_f15_weighs_medium_and_opens_after_the_end(given: Given) -> None:
    past = given("ConsentGranted 2024-03-10 valid_until=2025-03-31")
    assert past.only("F15").severity is Severity.MEDIUM
    assert past.state("F15", "2025-02-28") is State.NOT_APPLICABLE
    assert past.state("F15", "2025-03-31") is State.DUE
    assert past.state("F15", "2025-04-01") is State.OPEN


OLD = "ConsentGranted 2024-03-10 valid_until=2025-03-31"
WIDE = f'{OLD} kind=einwilligung_datenweitergabe recipients=["jc","school"] case_id=c1'


@pytest.mark.parametrize(
    ("after", "closing"),
    [
        ("ConsentGranted 2025-03-10", "in_time 2025-03-10 f2"),
        ('ConsentGranted 2025-04-02 recipients=["school","jc","vhs"]', "late 2025-04-02 f2"),
        ('ConsentGranted 2025-03-10 recipients=["school","jc"]', "in_time 2025-03-10 f2"),
        ('ConsentGranted 2025-03-10 recipients=["jc"]', ""),
        ("ConsentGranted 2025-03-10 kind=einwilligung_foto", ""),
        ("ConsentWithdrawn 2025-03-10", "cancelled 2025-03-10 f2"),
        ('ConsentWithdrawn 2025-03-10 recipients=["jc"]', "cancelled 2025-03-10 f2"),
        ('ConsentWithdrawn 2025-03-10 recipients=["vhs"]', ""),
        ("ConsentExpired 2025-03-31", ""),
        ("CaseClosed 2025-03-10", "cancelled 2025-03-10 f2"),
        ("CaseClosed 2025-03-10 case_id=c2", ""),
        ("CaseSuspended 2025-03-10", ""),
    ],
)
def test_f15_only_a_consent_as_wide_renews_and_with_the_case_the_need_ends(
    given: Given, after: str, closing: str
) -> None:
    assert given(WIDE, after).rows("F15")[0] == f"f1 2025-03-01..2025-03-31 {closing}".strip()


@pytest.mark.parametrize(
    "before", ["ConsentGranted 2024-09-01", "ConsentWithdrawn 2024-09-01", "CaseClosed 2024-09-01"]
)
def test_f15_what_happens_before_the_last_thirty_days_leaves_nothing_to_remind_of(
    given: Given, before: str
) -> None:
    assert not any(row.startswith("f1 ") for row in given(WIDE, before).rows("F15"))


def test_f15_the_day_of_withdrawal_within_the_consent_ends_it(given: Given) -> None:
    assert given(f"{OLD} withdrawn_on=2025-03-10").rows("F15") == [
        "f1 2025-03-01..2025-03-31 cancelled 2025-03-10 f1"
    ]
    assert given(f"{OLD} withdrawn_on=2024-12-10").rows("F15") == []
    partial = given(f"{OLD} withdrawn_on=2025-03").only("F15")
    assert partial.certainty is Certainty.POSSIBLY


# F16


@pytest.mark.parametrize(
    ("carried_out", "closing"),
    [
        ("2025-02-20", "in_time 2025-02-20 f2"),
        ("2025-02-21", "in_time 2025-02-21 f2"),
        ("2025-02-22", "late 2025-02-22 f2"),
    ],
)
def test_f16_a_withdrawal_is_carried_out_by_the_next_day(
    given: Given, carried_out: str, closing: str
) -> None:
    past = given("ConsentWithdrawn 2025-02-20", f"WithdrawalCarriedOut {carried_out}")
    assert past.rows("F16") == [f"f1 2025-02-20..2025-02-21 {closing}"]
    assert past.only("F16").severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("carried_out", "closing"),
    [
        (("consent_id=c2",), ""),
        (("consent_id=c1",), "in_time 2025-02-21 f2"),
        (("consent_id=f1",), "in_time 2025-02-21 f2"),
        (("",), "in_time 2025-02-21 f2"),
        (('recipients=["jc"]',), ""),
        (('recipients=["jc"]', 'recipients=["vhs","school"]'), "in_time 2025-02-21 f3"),
        (('recipients=["jc"]', ""), "in_time 2025-02-21 f3"),
        (('consent_id=c2 recipients=["jc"]', 'recipients=["school"]'), ""),
    ],
)
def test_f16_every_recipient_has_to_know(
    given: Given, carried_out: tuple[str, ...], closing: str
) -> None:
    past = given(
        'ConsentWithdrawn 2025-02-20 consent_id=c1 recipients=["jc","school"]',
        *(f"WithdrawalCarriedOut 2025-02-21 {one}" for one in carried_out),
    )
    assert past.rows("F16") == [f"f1 2025-02-20..2025-02-21 {closing}".strip()]


def test_f16_without_named_recipients_the_first_word_is_enough(given: Given) -> None:
    past = given("ConsentWithdrawn 2025-02-20", 'WithdrawalCarriedOut 2025-02-21 recipients=["x"]')
    assert past.rows("F16")[0].endswith("in_time 2025-02-21 f2")


def test_f16_a_withdrawal_told_within_the_consent_counts_once(given: Given) -> None:
    consent = "ConsentGranted 2024-03-10 consent_id=c1 withdrawn_on=2025-02-20"
    past = given(consent, "WithdrawalCarriedOut 2025-02-21 consent_id=c1")
    assert past.rows("F16") == ["f1 2025-02-20..2025-02-21 in_time 2025-02-21 f2"]
    early = given(consent, "WithdrawalCarriedOut 2025-02-19 consent_id=c1")
    assert early.rows("F16") == ["f1 2025-02-20..2025-02-21"]
    both = given(consent, "ConsentWithdrawn 2025-02-20 consent_id=c1")
    assert both.rows("F16") == ["f2 2025-02-20..2025-02-21"]
    month = given("ConsentGranted 2024-03-10 withdrawn_on=2025-02")
    assert month.rows("F16") == ["f1 2025-02-28..2025-03-01"]
    assert month.only("F16").certainty is Certainty.POSSIBLY
    assert given("ConsentGranted 2024-03-10").rows("F16") == []


@pytest.mark.parametrize("end", ["CaseClosed", "CaseSuspended"])
def test_d14_f16_the_duty_to_stop_outlives_the_case(given: Given, end: str) -> None:
    past = given("ConsentWithdrawn 2025-02-20", f"{end} 2025-02-21")
    assert past.only("F16").closes_on is None


# F17


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2025-01-31", "2025-02-28"),
        ("2024-01-31", "2024-02-29"),
        ("2025-03-03", "2025-04-03"),
        ("2025-03-18", "2025-04-22"),  # 18 April is Good Friday
        ("2025-05-15", "2025-06-16"),  # a Sunday
        ("2025-03", "2025-04-30"),
    ],
)
def test_d1_f17_an_answer_is_due_within_a_month_and_on_a_working_day(
    given: Given, received: str, due: str
) -> None:
    past = given(f"AccessRequestReceived {received}")
    assert str(past.only("F17").due_on) == due
    assert past.only("F17").severity is Severity.HIGH


REQUEST = "AccessRequestReceived 2025-01-31 request_id=r1"


@pytest.mark.parametrize(
    ("extension", "due"),
    [
        ("AccessExtended 2025-02-20", "2025-04-30"),
        ("AccessExtended 2025-02-28 request_id=r1", "2025-04-30"),
        ("AccessExtended 2025-03-01", "2025-02-28"),
        ("AccessExtended 2025-02-20 request_id=r2", "2025-02-28"),
        ("AccessExtended 2025-02-20 until=2025-03-31", "2025-03-31"),
        ("AccessExtended 2025-02-20 until=2025-03", "2025-03-31"),
        ("AccessExtended 2025-02-20 until=2025-12-31", "2025-04-30"),
        ("AccessExtended 2025-02-20 until=2025-02-10", "2025-02-28"),
        ("AccessExtended 2025-02", "2025-04-30"),
        ("AccessExtended 2025-01-30", "2025-02-28"),
        ("AccessExtended - @2025-06-01", "2025-04-30"),
    ],
)
def test_f17_an_extension_told_within_the_month_holds_to_three_months_at_most(
    given: Given, extension: str, due: str
) -> None:
    assert str(given(REQUEST, extension).only("F17").due_on) == due


def test_f17_of_two_extensions_the_last_holds(given: Given) -> None:
    past = given(REQUEST, "AccessExtended 2025-02-10", "AccessExtended 2025-02-20 until=2025-03-31")
    assert str(past.only("F17").due_on) == "2025-03-31"
    assert past.only("F17").evidence == ("f1", "f3")


def test_f17_warns_fourteen_days_before(given: Given) -> None:
    (step,) = given(REQUEST).only("F17").steps
    assert (str(step.on), step.name, step.severity) == ("2025-02-14", "warning", None)
    (later,) = given(REQUEST, "AccessExtended 2025-02-20").only("F17").steps
    assert str(later.on) == "2025-04-16"


@pytest.mark.parametrize(
    ("after", "closing"),
    [
        ("AccessAnswered 2025-02-28", "in_time 2025-02-28 f2"),
        ("AccessAnswered 2025-03-01 request_id=r1", "late 2025-03-01 f2"),
        ("AccessAnswered 2025-02-10 request_id=r2", ""),
        ("CaseClosed 2025-02-10", ""),
        ("CaseSuspended 2025-02-10", ""),
        ("LeftGermany 2025-02-10", ""),
        ("PersonDied 2025-02-10", "cancelled 2025-02-10 f2"),
    ],
)
def test_f17_the_answer_closes_it_and_no_end_of_the_case(
    given: Given, after: str, closing: str
) -> None:
    assert given(REQUEST, after).rows("F17") == [f"f1 2025-01-31..2025-02-28 {closing}".strip()]


def test_f17_requests_run_side_by_side(given: Given) -> None:
    past = given(REQUEST, "AccessRequestReceived 2025-02-05")
    assert set(past.states("F17", "2025-02-10")) == {"f1", "f2"}


@pytest.mark.parametrize(
    ("rule", "fact"), [("F16", "ConsentWithdrawn"), ("F17", "AccessRequestReceived")]
)
def test_d16_before_the_regulation_applied_there_is_no_duty(
    given: Given, rule: str, fact: str
) -> None:
    assert given(f"{fact} 2018-05-24").rows(rule) == []
    assert given(f"{fact} 2018-05-25").rows(rule) != []


def test_d12_the_month_may_be_made_shorter_and_not_longer() -> None:
    shorter = STANDARD.adapted([Change("F17.response", 21, Unit.DAYS)])
    assert shorter.rows["F17.response"][0].number == 21
    with pytest.raises(BoundRefusedError, match=r"Art\. 12 Abs\. 3"):
        STANDARD.adapted([Change("F17.response", 2, Unit.MONTHS)])


# F18

CLOSED = "CaseClosed 2021-05-10"


@pytest.mark.parametrize(
    ("closed", "end"),
    [("2021-05-10", "2024-12-31"), ("2021-12-31", "2024-12-31"), ("2022-01-01", "2025-12-31")],
)
def test_f18_data_are_kept_three_years_after_the_year_of_closing(
    given: Given, closed: str, end: str
) -> None:
    past = given(f"CaseClosed {closed}")
    assert past.rows("F18") == [f"f1 {closed}..{end}"]
    assert past.state("F18", end) is State.DUE
    assert past.state("F18", f"{int(end[:4]) + 1}-01-01") is State.OPEN
    assert past.only("F18").severity is Severity.MEDIUM


def test_d3_f18_a_closing_known_by_year_is_possible_only(given: Given) -> None:
    past = given("CaseClosed 2021")
    assert past.rows("F18") == ["f1 2021-12-31..2024-12-31"]
    assert past.only("F18").certainty is Certainty.POSSIBLY


@pytest.mark.parametrize(
    "facts",
    [
        ("CaseOpened 2020-01-01 case_id=c1", f"{CLOSED} case_id=c2"),
        (
            "CaseOpened 2020-01-01 case_id=c1",
            "CaseSuspended 2020-06-01 case_id=c1",
            f"{CLOSED} case_id=c2",
        ),
    ],
)
def test_f18_while_a_case_runs_or_rests_nothing_is_erased(
    given: Given, facts: tuple[str, ...]
) -> None:
    assert given(*facts).rows("F18") == []


def test_f18_the_last_case_decides_and_a_new_one_needs_the_data(given: Given) -> None:
    past = given(CLOSED, "CaseClosed 2022-03-01", "CaseOpened 2023-01-01", "CaseClosed 2023-06-01")
    assert past.rows("F18") == [
        "f1 2021-05-10..2024-12-31 superseded 2022-03-01 f2",
        "f2 2022-03-01..2025-12-31 cancelled 2023-01-01 f3",
        "f4 2023-06-01..2026-12-31",
    ]


@pytest.mark.parametrize("died", ["2021-05-01", "2021-05-10", "2023-01-01", "2025-06-01"])
def test_d15_retention_outlives_the_person(given: Given, died: str) -> None:
    past = given(CLOSED, f"PersonDied {died}")
    assert past.rows("F18") == ["f1 2021-05-10..2024-12-31"]
    assert "PersonDied" not in RULES["F18"].endings
    assert all("PersonDied" in rule.endings for rule in RULES.values() if rule.id != "F18")


@pytest.mark.parametrize("end", ["LeftGermany 2022-01-01", "CaseManagerReleased 2022-01-01"])
def test_d15_leaving_does_not_end_retention(given: Given, end: str) -> None:
    assert given(CLOSED, end).only("F18").closes_on is None


def test_d15_after_erasure_nothing_is_shown(given: Given) -> None:
    assert given(CLOSED, "JourneyErased 2025-01-02").rows("F18", known_at="2024-06-01") == []


@pytest.mark.parametrize(
    ("holds", "rows"),
    [
        (
            ("2024-11-01 until=2026-06-30",),
            [
                "f1 2021-05-10..2024-12-31 cancelled 2024-11-01 f2",
                "f1+f2 2026-07-01..2026-06-30",
            ],
        ),
        (
            ("2022-01-01 until=2022-12-31",),
            [
                "f1 2021-05-10..2024-12-31 cancelled 2022-01-01 f2",
                "f1+f2 2023-01-01..2024-12-31",
            ],
        ),
        (("2025-03-01",), ["f1 2021-05-10..2024-12-31 cancelled 2025-03-01 f2"]),
        (("2021-05-10 until=2022-12-31",), ["f1+f2 2023-01-01..2024-12-31"]),
        (("2020-01-01 until=2022-12-31",), ["f1+f2 2023-01-01..2024-12-31"]),
        (("2020-01-01 until=2020-12-31",), ["f1 2021-05-10..2024-12-31"]),
        (("2022-01-01 until=2021-12-31",), ["f1 2021-05-10..2024-12-31"]),
        (("2020-01-01",), []),
        (
            ("2022-01-01 until=2022-12-31", "2022-06-01 until=2023-12-31"),
            [
                "f1 2021-05-10..2024-12-31 cancelled 2022-01-01 f2",
                "f1+f3 2024-01-01..2024-12-31",
            ],
        ),
        (
            ("2022-01-01 until=2022-12-31", "2023-01-01 until=2023-12-31"),
            [
                "f1 2021-05-10..2024-12-31 cancelled 2022-01-01 f2",
                "f1+f3 2024-01-01..2024-12-31",
            ],
        ),
        (
            ("2022-01-01 until=2024-12-31", "2022-06-01 until=2023-12-31"),
            [
                "f1 2021-05-10..2024-12-31 cancelled 2022-01-01 f2",
                "f1+f2 2025-01-01..2024-12-31",
            ],
        ),
    ],
)
def test_f18_a_hold_stops_the_erasure_and_after_it_the_end_comes_again(
    given: Given, holds: tuple[str, ...], rows: list[str]
) -> None:
    past = given(CLOSED, *(f"RetentionHoldPlaced {one}" for one in holds))
    assert past.rows("F18") == rows


def test_g6_f18_a_hold_known_by_month_closes_possibly(given: Given) -> None:
    past = given(CLOSED, "RetentionHoldPlaced 2024-11")
    assert past.rows("F18") == ["f1 2021-05-10..2024-12-31 cancelled 2024-11-30 f2"]
    assert past.only("F18").certainty is Certainty.POSSIBLY
    exact = given(CLOSED, "RetentionHoldPlaced 2024-11-30")
    assert exact.only("F18").certainty is Certainty.CERTAINLY


@pytest.mark.parametrize(
    ("facts", "certainty"),
    [
        ((REQUEST,), "certainly"),
        (("AccessRequestReceived 2025-01",), "possibly"),
        ((REQUEST, "AccessExtended 2025-02-20 until=2025-03-31"), "certainly"),
        ((REQUEST, "AccessExtended 2025-02-20 until=2025-03"), "possibly"),
        ((REQUEST, "AccessExtended 2025-02-20"), "certainly"),
    ],
)
def test_g6_f17_is_possible_only_where_a_day_behind_it_is_partial(
    given: Given, facts: tuple[str, ...], certainty: str
) -> None:
    assert given(*facts).only("F17").certainty == certainty


def test_g6_f15_an_undated_consent_with_an_end_of_its_own_has_its_full_lead(given: Given) -> None:
    own_end = given("ConsentGranted - @2025-03-20 valid_until=2025-03-31")
    assert own_end.rows("F15") == ["f1 2025-03-01..2025-03-31"]


@pytest.mark.parametrize(
    ("rule", "facts", "reasons"),
    [
        ("F16", ("ConsentGranted 2025-01-01",), ["f1 nicht widerrufen"]),
        (
            "F16",
            ("ConsentGranted 2025-01-01 withdrawn_on=2025-02-01", "ConsentWithdrawn 2025-02-01"),
            ["f1 der Widerruf ist eigens"],
        ),
        ("F17", ("AccessRequestReceived 2018-05-24",), ["f1 vor dem Beginn"]),
        ("F18", ("CaseOpened 2020-01-01 case_id=c1", f"{CLOSED} case_id=c2"), ["f2 ein Fall"]),
        ("F18", ("RetentionHoldPlaced 2020-01-01", CLOSED), ["f2 Aufbewahrung"]),
        ("F18", (CLOSED,), []),
    ],
)
def test_d21_why_no_gap_is_answered_with_the_condition_that_fails(
    given: Given, rule: str, facts: tuple[str, ...], reasons: list[str]
) -> None:
    found = turned(Derived(read(given(*facts).told)), RULES[rule])
    assert len(found) == len(reasons)
    for one, reason in zip(found, reasons, strict=True):
        assert f"{one.trigger} {one.reason.de}".startswith(reason)


def test_f18_after_a_hold_the_gap_is_open_at_once(given: Given) -> None:
    past = given(CLOSED, "RetentionHoldPlaced 2024-11-01 until=2026-06")
    assert past.states("F18", "2026-06-30") == {"f1": State.CLOSED}
    assert past.states("F18", "2026-07-01")["f1+f2"] is State.OPEN
    assert past.intervals("F18")[1].certainty is Certainty.POSSIBLY
    assert past.intervals("F18")[1].evidence == ("f1", "f2")
