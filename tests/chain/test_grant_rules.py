"""L02 days without livelihood, L03 two laws at once, L04 a grant that ends."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.explanation import explain
from domain.chain.intervals import Certainty, Responsible, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]

ENDS_IN_MARCH = "BenefitGranted 2025-01-05 rechtskreis=SGB_II from=2025-01-01 until=2025-03-31"
ASYLBLG = "BenefitGranted 2024-06-01 rechtskreis=ASYLBLG_3 until=2025-03-31"
YEAR = "BenefitGranted 2025-02-10 rechtskreis=SGB_II from=2025-02-01 until=2026-01-31"


def test_l02_opens_on_the_first_day_without_means(given: Given) -> None:
    past = given(ENDS_IN_MARCH)
    assert past.rows("L02") == ["f1 2025-04-01..2025-03-31"]
    assert past.state("L02", "2025-03-31") is State.NOT_APPLICABLE
    assert past.state("L02", "2025-04-01") is State.OPEN
    assert past.only("L02").severity is Severity.CRITICAL


def test_l02_example_a_job_ends_the_days_without_livelihood(given: Given) -> None:
    past = given(ENDS_IN_MARCH, "EmploymentStarted 2025-04-15")
    assert past.rows("L02") == ["f1 2025-04-01..2025-03-31 cancelled 2025-04-15 f2"]


def test_l02_a_benefit_of_an_office_is_late(given: Given) -> None:
    past = given(ENDS_IN_MARCH, "BenefitGranted 2025-05-20 rechtskreis=SGB_XII_3 from=2025-05-01")
    assert past.rows("L02") == ["f1 2025-04-01..2025-03-31 late 2025-05-01 f2"]


def test_l02_a_benefit_granted_backwards_leaves_no_day_but_was_missing_as_known_then(
    given: Given,
) -> None:
    past = given(ENDS_IN_MARCH, "BenefitGranted 2025-05-20 rechtskreis=SGB_XII_3 from=2025-04-01")
    assert past.rows("L02") == []
    assert past.rows("L02", "2025-05-19") == ["f1 2025-04-01..2025-03-31"]


@pytest.mark.parametrize("kind", ["FAMILY", "OWN_INCOME"])
def test_l02_own_means_recorded_cancel_it(given: Given, kind: str) -> None:
    past = given(ENDS_IN_MARCH, f"BenefitGranted 2025-04-10 rechtskreis={kind}")
    assert past.rows("L02") == ["f1 2025-04-01..2025-03-31 cancelled 2025-04-10 f2"]


def test_l02_an_application_alone_pays_nothing(given: Given) -> None:
    past = given(ENDS_IN_MARCH, "BenefitApplied 2025-04-02 rechtskreis=SGB_II")
    assert past.state("L02", "2025-06-01") is State.OPEN


def test_l02_a_job_that_ends_leaves_days_without_as_well(given: Given) -> None:
    past = given("EmploymentStarted 2024-01-01 employer=x", "EmploymentEnded 2025-04-30 employer=x")
    assert past.rows("L02") == ["f2 2025-05-01..2025-04-30"]


def test_l02_nothing_is_missing_where_nothing_is_known(given: Given) -> None:
    assert given("BenefitApplied 2025-04-02 rechtskreis=SGB_II").rows("L02") == []
    assert given("BenefitGranted 2025-04-02 rechtskreis=SGB_II").rows("L02") == []


def test_l02_every_hole_is_an_instance(given: Given) -> None:
    past = given(
        ENDS_IN_MARCH,
        "EmploymentStarted 2025-04-15 employer=x",
        "EmploymentEnded 2025-05-31 employer=x",
        "BenefitGranted 2025-06-03 rechtskreis=SGB_II",
    )
    assert past.rows("L02") == [
        "f1 2025-04-01..2025-03-31 cancelled 2025-04-15 f2",
        "f3 2025-06-01..2025-05-31 late 2025-06-03 f4",
    ]


def test_d3_l02_a_partial_end_takes_its_latest_day(given: Given) -> None:
    past = given("BenefitGranted 2025-01-05 rechtskreis=SGB_II until=2025-03")
    one = past.only("L02")
    assert (one.begins_on, one.certainty) == (date(2025, 4, 1), Certainty.POSSIBLY)


def test_d15_l02_leaving_before_the_first_day_without_prevents_it(given: Given) -> None:
    assert given(ENDS_IN_MARCH, "LeftGermany 2025-03-20").rows("L02") == []
    assert given(ENDS_IN_MARCH, "LeftGermany 2025-04-20").rows("L02") == [
        "f1 2025-04-01..2025-03-31 cancelled 2025-04-20 f2"
    ]


def test_l03_example_asylblg_through_march_and_sgb_ii_from_the_first(given: Given) -> None:
    past = given(ASYLBLG, "BenefitGranted 2025-03-20 rechtskreis=SGB_II from=2025-03-01")
    assert past.rows("L03") == ["f1+f2 2025-03-01..2025-02-28 late 2025-04-01 f1"]
    assert past.state("L03", "2025-02-28") is State.NOT_APPLICABLE
    assert past.state("L03", "2025-03-31") is State.OPEN
    assert past.state("L03", "2025-04-01") is State.CLOSED
    said = explain(past.only("L03"), read(past.told), date(2025, 3, 5))
    assert "AsylbLG § 3 und SGB II" in said.de
    assert "AsylbLG § 3 and SGB II" in said.en


def test_l03_a_benefit_without_an_end_gives_way(given: Given) -> None:
    past = given(
        "BenefitGranted 2024-06-01 rechtskreis=ASYLBLG_3",
        "BenefitGranted 2025-03-20 rechtskreis=SGB_II from=2025-03-01",
    )
    assert past.rows("L03") == []


@pytest.mark.parametrize(
    ("one", "other", "double"),
    [
        ("ASYLBLG_2", "SGB_XII_3", True),
        ("SGB_II", "SGB_XII_4", True),
        ("SGB_II", "SGB_XII_23_3_BRIDGE", True),
        ("SGB_II", "SGB_III", False),
        ("SGB_II", "SGB_VIII", False),
        ("ASYLBLG_3", "ASYLBLG_2", False),
        ("SGB_XII_3", "SGB_XII_4", False),
        ("SGB_III", "WOGG_KIZ", False),
    ],
)
def test_l03_two_of_the_three_laws_exclude_each_other(
    given: Given, one: str, other: str, double: bool
) -> None:
    past = given(
        f"BenefitGranted 2025-01-01 rechtskreis={one} until=2025-12-31",
        f"BenefitGranted 2025-02-01 rechtskreis={other} until=2025-12-31",
    )
    assert bool(past.rows("L03")) is double


def test_l03_runs_of_renewed_benefits_are_one_conflict(given: Given) -> None:
    past = given(
        "BenefitGranted 2025-01-01 rechtskreis=ASYLBLG_3 until=2025-01-31",
        "BenefitGranted 2025-02-01 rechtskreis=ASYLBLG_3 until=2025-02-28",
        "BenefitGranted 2025-03-01 rechtskreis=ASYLBLG_3 until=2025-03-31",
        "BenefitGranted 2025-01-15 rechtskreis=SGB_II until=2025-12-31",
    )
    assert past.rows("L03") == ["f1+f4 2025-01-15..2025-01-14 late 2025-04-01 f3"]


def test_l03_an_overlap_without_an_end_stays_open(given: Given) -> None:
    past = given(
        "BenefitGranted 2025-01-01 rechtskreis=SGB_II",
        "BenefitGranted 2025-02-01 rechtskreis=SGB_XII_4",
        "BenefitExtended 2025-03-01 rechtskreis=SGB_II",
    )
    assert past.rows("L03") == ["f1+f2 2025-02-01..2025-01-31"]


def test_l04_c29_is_due_from_35_days_before_the_end(given: Given) -> None:
    past = given("BenefitGranted 2021-09-09 rechtskreis=ASYLBLG_2 from=2021-07-14 until=2022-01-31")
    assert past.rows("L04") == ["f1 2021-12-27..2022-01-31"]
    assert past.state("L04", "2021-12-26") is State.NOT_APPLICABLE
    assert past.state("L04", "2021-12-27") is State.DUE
    assert past.state("L04", "2022-01-31") is State.DUE
    assert past.state("L04", "2022-02-01") is State.OPEN


@pytest.mark.parametrize("named", ["rechtskreis=SGB_II", ""])
@pytest.mark.parametrize("fact", ["BenefitApplied", "BenefitGranted", "BenefitExtended"])
def test_l04_the_same_law_goes_on(given: Given, fact: str, named: str) -> None:
    past = given(YEAR, f"{fact} 2026-01-20 {named}")
    assert past.rows("L04")[0] == "f1 2025-12-27..2026-01-31 in_time 2026-01-20 f2"
    past = given(YEAR, f"{fact} 2026-02-03 {named}")
    assert past.rows("L04")[0] == "f1 2025-12-27..2026-01-31 late 2026-02-03 f2"
    early = given(YEAR, f"{fact} 2025-06-01 {named}")
    assert [row for row in early.rows("L04") if row.startswith("f1")] == []


def test_l04_the_application_for_the_grant_itself_does_not_count(given: Given) -> None:
    past = given("BenefitApplied 2025-02-10 rechtskreis=SGB_II", YEAR)
    assert past.state("L04", "2026-01-01") is State.DUE


@pytest.mark.parametrize(("day", "closed"), [("2025-12-26", False), ("2025-12-27", True)])
def test_l04_an_application_under_another_law_counts_within_the_window(
    given: Given, day: str, closed: bool
) -> None:
    past = given(YEAR, f"BenefitApplied {day} rechtskreis=WOGG_KIZ")
    assert (past.state("L04", "2026-01-10") is State.CLOSED) is closed


@pytest.mark.parametrize(
    "fact",
    [
        "BenefitEnded 2025-08-31 rechtskreis=SGB_II",
        "BenefitEnded 2025-08-31",
        "BenefitGranted 2025-09-01 rechtskreis=OWN_INCOME",
        "BenefitGranted 2025-09-01 rechtskreis=SGB_XII_4",
        "RechtskreisChangeCompleted 2025-09-01 to=SGB_XII_4",
        "LivelihoodSecured 2025-09-01 degree=full",
    ],
)
def test_l04_the_end_of_the_need_prevents_it(given: Given, fact: str) -> None:
    past = given(YEAR, fact)
    assert [row for row in past.rows("L04") if row.startswith("f1")] == []


def test_l04_an_end_of_another_law_changes_nothing(given: Given) -> None:
    past = given(YEAR, "BenefitEnded 2025-08-31 rechtskreis=BAB")
    assert past.state("L04", "2026-01-01") is State.DUE


@pytest.mark.parametrize("kind", ["OWN_INCOME", "FAMILY", "NONE", "DONATIONS"])
def test_l04_what_no_office_pays_has_no_end_to_watch(given: Given, kind: str) -> None:
    past = given(f"BenefitGranted 2025-02-10 rechtskreis={kind} until=2026-01-31")
    assert past.intervals("L04") == ()


def test_d17_l04_a_grant_without_an_end_is_a_data_row_where_the_law_sets_one(given: Given) -> None:
    past = given("BenefitGranted 2025-02-10 rechtskreis=SGB_II")
    assert past.rows("L04") == ["data f1 2025-02-10.."]
    assert past.state("L04", "2025-02-10") is State.OPEN
    for kind in ("ASYLBLG_3", "SGB_VIII"):
        assert given(f"BenefitGranted 2025-02-10 rechtskreis={kind}").intervals("L04") == ()
    closed = given("BenefitGranted 2025-02-10 rechtskreis=SGB_II", "BenefitEnded 2025-05-31")
    assert closed.rows("L04") == ["data f1 2025-02-10.. cancelled 2025-05-31 f2"]


def test_w29_l04_watches_the_end_of_the_help_for_young_adults(given: Given) -> None:
    past = given("HelpContinued 2025-02-10 until=2026-01-31")
    assert past.rows("L04") == ["f1 2025-12-27..2026-01-31"]
    assert past.only("L04").responsible[0] is Responsible.JUGENDAMT


@pytest.mark.parametrize(
    ("kind", "who"),
    [
        ("SGB_II", Responsible.JOBCENTER),
        ("SGB_III", Responsible.EMPLOYMENT_AGENCY),
        ("SGB_XII_3", Responsible.SOZIALAMT),
        ("ASYLBLG_2", Responsible.SOZIALAMT),
    ],
)
def test_l04_names_the_office_of_the_law(given: Given, kind: str, who: Responsible) -> None:
    past = given(f"BenefitGranted 2025-02-10 rechtskreis={kind} until=2026-01-31")
    assert who in past.only("L04").responsible


def test_g6_l04_no_window_begins_before_the_grant(given: Given) -> None:
    past = given("BenefitGranted 2026-01-20 rechtskreis=SGB_II until=2026-01-31")
    assert past.rows("L04") == ["f1 2026-01-20..2026-01-31"]


def test_d3_l04_a_partial_end_warns_from_the_earliest_and_is_due_on_the_latest(
    given: Given,
) -> None:
    one = given("BenefitGranted 2025-02-10 rechtskreis=SGB_II until=2026-01").only("L04")
    assert (one.begins_on, one.due_on) == (date(2025, 11, 27), date(2026, 1, 31))
    assert one.certainty is Certainty.POSSIBLY
