"""Benefits as states: from which day through which each is paid, and what a person lives on."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.derived import Derived
from domain.chain.reading import read
from domain.chain.states.livelihood import holes
from domain.chain.states.regimes import basic_stretches, law_of, runs, same_law

Given = Callable[..., Any]


def paid(past: Any) -> list[str]:
    """Return the benefits as text: ``f1 SGB_II 2025-01-01..2025-06-30 f2``."""
    return [
        f"{one.grant.id} {one.rechtskreis} {one.first}..{one.last or ''}"
        + (f" {one.end.id}" if one.end else "")
        for one in Derived(read(past.told)).regimes
    ]


def test_a_benefit_is_paid_from_its_first_day_through_its_until(given: Given) -> None:
    past = given("BenefitGranted 2025-02-10 rechtskreis=SGB_II from=2025-02-01 until=2026-01-31")
    assert paid(past) == ["f1 SGB_II 2025-02-01..2026-01-31 f1"]


def test_without_from_a_benefit_begins_on_the_day_of_the_grant(given: Given) -> None:
    assert paid(given("BenefitGranted 2025-02-10 rechtskreis=SGB_II")) == ["f1 SGB_II 2025-02-10.."]


def test_d2_the_day_of_the_end_is_the_last_day_paid(given: Given) -> None:
    past = given(
        "BenefitGranted 2025-02-10 rechtskreis=SGB_II until=2026-01-31",
        "BenefitEnded 2025-05-31 rechtskreis=SGB_II",
    )
    assert paid(past) == ["f1 SGB_II 2025-02-10..2025-05-31 f2"]


def test_an_end_without_rechtskreis_is_that_of_the_latest_benefit_unless_it_has_ended(
    given: Given,
) -> None:
    past = given(
        "BenefitGranted 2024-02-10 rechtskreis=ASYLBLG_3 until=2024-12-31",
        "BenefitGranted 2025-02-10 rechtskreis=SGB_II",
        "BenefitEnded 2025-05-31",
        "BenefitEnded 2025-06-30",
    )
    assert paid(past) == [
        "f1 ASYLBLG_3 2024-02-10..2024-12-31 f1",
        "f2 SGB_II 2025-02-10..2025-05-31 f3",
    ]


def test_an_end_of_the_same_law_ends_a_benefit_of_another_number(given: Given) -> None:
    past = given(
        "BenefitGranted 2025-02-10 rechtskreis=ASYLBLG_2",
        "BenefitEnded 2025-05-31 rechtskreis=ASYLBLG_3",
    )
    assert paid(past) == ["f1 ASYLBLG_2 2025-02-10..2025-05-31 f2"]


def test_an_end_of_another_law_ends_nothing(given: Given) -> None:
    past = given(
        "BenefitGranted 2025-02-10 rechtskreis=SGB_II", "BenefitEnded 2025-05-31 rechtskreis=BAB"
    )
    assert paid(past) == ["f1 SGB_II 2025-02-10.."]


def test_a_benefit_without_an_end_lasts_until_another_begins(given: Given) -> None:
    past = given(
        "BenefitGranted 2020-02-10 rechtskreis=ASYLBLG_3",
        "BenefitGranted 2022-03-05 rechtskreis=SGB_II from=2022-03-01",
    )
    assert paid(past) == [
        "f1 ASYLBLG_3 2020-02-10..2022-02-28 f2",
        "f2 SGB_II 2022-03-01..",
    ]


def test_an_end_told_later_stands_above_the_end_that_follows_from_another_benefit(
    given: Given,
) -> None:
    past = given(
        "BenefitGranted 2020-02-10 rechtskreis=ASYLBLG_3",
        "BenefitGranted 2022-03-05 rechtskreis=SGB_II from=2022-03-01",
        "BenefitEnded 2022-03-31 rechtskreis=ASYLBLG_3",
    )
    assert paid(past)[0] == "f1 ASYLBLG_3 2020-02-10..2022-03-31 f3"


def test_a_new_grant_of_the_same_rechtskreis_takes_over_from_its_first_day(given: Given) -> None:
    past = given(
        "BenefitGranted 2025-01-01 rechtskreis=SGB_II until=2025-12-31",
        "BenefitGranted 2025-06-20 rechtskreis=SGB_II from=2025-07-01 until=2026-06-30",
    )
    assert paid(past) == [
        "f1 SGB_II 2025-01-01..2025-06-30 f2",
        "f2 SGB_II 2025-07-01..2026-06-30 f2",
    ]


def test_a_grant_after_another_law_does_not_prolong_an_old_one_of_its_rechtskreis(
    given: Given,
) -> None:
    past = given(
        "BenefitGranted 2020-01-01 rechtskreis=ASYLBLG_3",
        "BenefitGranted 2021-01-01 rechtskreis=SGB_II until=2021-12-31",
        "BenefitGranted 2022-06-01 rechtskreis=ASYLBLG_3",
    )
    assert paid(past)[0] == "f1 ASYLBLG_3 2020-01-01..2020-12-31 f2"


def test_a_grant_takes_over_from_every_earlier_one_of_its_rechtskreis(given: Given) -> None:
    past = given(
        "BenefitGranted 2025-01-01 rechtskreis=SGB_II until=2026-12-31",
        "BenefitGranted 2025-06-01 rechtskreis=SGB_II until=2026-12-31",
        "BenefitGranted 2025-07-01 rechtskreis=SGB_II from=2025-03-01 until=2026-02-28",
    )
    assert paid(past) == [
        "f1 SGB_II 2025-01-01..2025-02-28 f3",
        "f3 SGB_II 2025-03-01..2026-02-28 f3",
    ]


def test_an_extension_after_another_law_paid_is_a_benefit_of_its_own(given: Given) -> None:
    past = given(
        "BenefitGranted 2020-01-01 rechtskreis=ASYLBLG_3",
        "BenefitGranted 2021-01-01 rechtskreis=SGB_II until=2021-12-31",
        "BenefitExtended 2022-06-01 rechtskreis=ASYLBLG_3 from=2022-06-01",
    )
    assert paid(past) == [
        "f1 ASYLBLG_3 2020-01-01..2020-12-31 f2",
        "f2 SGB_II 2021-01-01..2021-12-31 f2",
        "f3 ASYLBLG_3 2022-06-01..",
    ]


def test_a_grant_that_begins_earlier_leaves_nothing_of_the_one_before(given: Given) -> None:
    past = given(
        "BenefitGranted 2025-03-01 rechtskreis=SGB_II until=2025-08-31",
        "BenefitGranted 2025-03-20 rechtskreis=SGB_II from=2025-02-01 until=2026-01-31",
    )
    assert paid(past) == ["f2 SGB_II 2025-02-01..2026-01-31 f2"]


@pytest.mark.parametrize("named", ["rechtskreis=SGB_II", ""])
def test_an_extension_moves_the_last_day(given: Given, named: str) -> None:
    past = given(
        "BenefitGranted 2025-01-01 rechtskreis=SGB_II until=2025-06-30",
        f"BenefitExtended 2025-06-10 {named} until=2025-12-31",
    )
    assert paid(past) == ["f1 SGB_II 2025-01-01..2025-12-31 f2"]


def test_an_extension_without_an_end_leaves_the_end_open(given: Given) -> None:
    past = given(
        "BenefitGranted 2025-01-01 rechtskreis=SGB_II until=2025-06-30",
        "BenefitExtended 2025-06-10 rechtskreis=SGB_II",
    )
    assert paid(past) == ["f1 SGB_II 2025-01-01.."]


@pytest.mark.parametrize(
    ("begins", "found"),
    [
        ("2025-07-01", ["f1 SGB_II 2025-01-01..2025-12-31 f2"]),
        (
            "2025-07-02",
            ["f1 SGB_II 2025-01-01..2025-06-30 f1", "f2 SGB_II 2025-07-02..2025-12-31 f2"],
        ),
    ],
)
def test_an_extension_after_days_unpaid_is_a_benefit_of_its_own(
    given: Given, begins: str, found: list[str]
) -> None:
    past = given(
        "BenefitGranted 2025-01-01 rechtskreis=SGB_II until=2025-06-30",
        f"BenefitExtended 2025-08-10 rechtskreis=SGB_II from={begins} until=2025-12-31",
    )
    assert paid(past) == found


def test_an_extension_after_an_end_begins_anew_on_its_own_day(given: Given) -> None:
    past = given(
        "BenefitGranted 2025-01-01 rechtskreis=SGB_II until=2025-06-30",
        "BenefitEnded 2025-03-31 rechtskreis=SGB_II",
        "BenefitExtended 2025-05-10 rechtskreis=SGB_II until=2025-12-31",
    )
    assert paid(past) == [
        "f1 SGB_II 2025-01-01..2025-03-31 f2",
        "f3 SGB_II 2025-05-10..2025-12-31 f3",
    ]


def test_an_extension_of_what_was_never_granted_begins_a_benefit(given: Given) -> None:
    past = given("BenefitExtended 2025-06-10 rechtskreis=SGB_II until=2025-12-31")
    assert paid(past) == ["f1 SGB_II 2025-06-10..2025-12-31 f1"]


def test_w29_help_continued_prolongs_the_help_for_young_people(given: Given) -> None:
    past = given(
        "BenefitGranted 2024-01-01 rechtskreis=SGB_VIII until=2025-03-31",
        "HelpContinued 2025-03-01 until=2026-03-31",
    )
    assert paid(past) == ["f1 SGB_VIII 2024-01-01..2026-03-31 f2"]


def test_a_change_carried_out_ends_the_old_law_and_begins_the_new(given: Given) -> None:
    past = given(
        "BenefitGranted 2024-01-01 rechtskreis=ASYLBLG_2",
        "RechtskreisChangeCompleted 2025-03-01 from=ASYLBLG_3 to=SGB_II",
    )
    assert paid(past) == [
        "f1 ASYLBLG_2 2024-01-01..2025-02-28 f2",
        "f2 SGB_II 2025-03-01..",
    ]


def test_a_change_to_what_pays_already_begins_nothing(given: Given) -> None:
    past = given(
        "BenefitGranted 2025-02-20 rechtskreis=SGB_II from=2025-03-01 until=2026-02-28",
        "RechtskreisChangeCompleted 2025-03-10 to=SGB_II",
    )
    assert paid(past) == ["f1 SGB_II 2025-03-01..2026-02-28 f1"]


def test_a_change_within_the_asylblg_ends_only_the_old_number(given: Given) -> None:
    past = given(
        "BenefitGranted 2024-01-01 rechtskreis=ASYLBLG_3",
        "RechtskreisChangeCompleted 2025-03-01 from=ASYLBLG_3 to=ASYLBLG_2",
    )
    assert paid(past) == [
        "f1 ASYLBLG_3 2024-01-01..2025-02-28 f2",
        "f2 ASYLBLG_2 2025-03-01..",
    ]


def test_a_change_to_the_same_changes_nothing(given: Given) -> None:
    past = given(
        "BenefitGranted 2024-01-01 rechtskreis=SGB_XII_3 until=2025-12-31",
        "BenefitGranted 2024-01-01 rechtskreis=SGB_XII_4",
        "RechtskreisChangeCompleted 2025-03-01 from=SGB_XII_3 to=SGB_XII_3",
        "RechtskreisChangeCompleted 2026-03-01 from=SGB_XII_3 to=SGB_XII_3",
    )
    assert paid(past) == [
        "f1 SGB_XII_3 2024-01-01..2025-12-31 f1",
        "f2 SGB_XII_4 2024-01-01..",
    ]


def test_a_change_told_after_the_old_benefit_ran_out_does_not_prolong_it(given: Given) -> None:
    past = given(
        "BenefitGranted 2024-01-01 rechtskreis=ASYLBLG_3 until=2024-12-31",
        "RechtskreisChangeCompleted 2025-03-01 from=ASYLBLG_3 to=SGB_II",
    )
    assert paid(past)[0] == "f1 ASYLBLG_3 2024-01-01..2024-12-31 f1"


@pytest.mark.parametrize(
    ("rechtskreis", "law"),
    [
        ("ASYLBLG_2", "ASYLBLG"),
        ("ASYLBLG_3", "ASYLBLG"),
        ("SGB_XII_3", "SGB_XII"),
        ("SGB_XII_23_3_BRIDGE", "SGB_XII"),
        ("BSHG", "SGB_XII"),
        ("ALG_AGENTUR", "SGB_III"),
        ("SGB_III", "SGB_III"),
        ("SGB_II", "SGB_II"),
        (None, None),
    ],
)
def test_each_rechtskreis_is_of_a_law(rechtskreis: str | None, law: str | None) -> None:
    assert law_of(rechtskreis) == law
    assert same_law(rechtskreis, rechtskreis)
    assert same_law(rechtskreis, None)
    assert not same_law(rechtskreis or "BAB", "BAFOEG")


def test_a_run_joins_benefits_without_an_unpaid_day_between(given: Given) -> None:
    past = given(
        "BenefitGranted 2025-01-01 rechtskreis=SGB_II until=2025-06-30",
        "BenefitGranted 2025-07-01 rechtskreis=SGB_II until=2025-12-31",
        "BenefitGranted 2026-01-02 rechtskreis=SGB_II until=2026-06-30",
    )
    found = runs(Derived(read(past.told)).regimes)
    assert [(one.grant.id, str(one.first), str(one.last)) for one in found] == [
        ("f1", "2025-01-01", "2025-12-31"),
        ("f3", "2026-01-02", "2026-06-30"),
    ]
    assert [one.end.id for one in found if one.end] == ["f2", "f3"]


def basic(past: Any) -> list[str]:
    return [
        f"{one.grant.id} {one.first}..{one.last or ''}"
        for one in basic_stretches(Derived(read(past.told)).regimes)
    ]


def test_a_stretch_of_basic_benefits_goes_on_when_until_passes(given: Given) -> None:
    past = given(
        "BenefitGranted 2018-01-01 rechtskreis=ASYLBLG_3 until=2018-01-31",
        "BenefitGranted 2018-06-01 rechtskreis=ASYLBLG_3 until=2018-06-30",
    )
    assert basic(past) == ["f1 2018-01-01.."]


def test_a_stretch_of_basic_benefits_ends_with_another_benefit_and_begins_anew(
    given: Given,
) -> None:
    past = given(
        "BenefitGranted 2018-01-01 rechtskreis=ASYLBLG_3",
        "BenefitGranted 2019-05-01 rechtskreis=ASYLBLG_2",
        "BenefitGranted 2020-01-15",
        "BenefitGranted 2020-03-01 rechtskreis=ASYLBLG_3",
        "BenefitEnded 2020-09-30 rechtskreis=ASYLBLG_3",
    )
    assert basic(past) == ["f1 2018-01-01..2019-04-30", "f4 2020-03-01..2020-09-30"]


def without(past: Any) -> list[str]:
    return [
        f"{one.first} {one.after.end.id if one.after.end else '-'}"
        + (f" {one.until.begin.id}" if one.until else "")
        for one in holes(Derived(read(past.told)).means)
    ]


def test_days_without_means_lie_between_what_ends_and_what_begins(given: Given) -> None:
    past = given(
        "BenefitGranted 2025-01-01 rechtskreis=SGB_II until=2025-03-31",
        "EmploymentStarted 2025-04-15 employment_kind=SV_VOLLZEIT employer=x",
        "EmploymentEnded 2025-08-31 employer=x",
    )
    assert without(past) == ["2025-04-01 f1 f2", "2025-09-01 f3"]


@pytest.mark.parametrize("kind", ["MINIJOB", "AGH_16D_SGBII", "PRAKTIKUM", "FSJ_BFD"])
def test_a_job_from_which_nobody_lives_is_no_means(given: Given, kind: str) -> None:
    past = given(
        "BenefitGranted 2025-01-01 rechtskreis=SGB_II until=2025-03-31",
        f"EmploymentStarted 2025-02-15 employment_kind={kind}",
    )
    assert without(past) == ["2025-04-01 f1"]


@pytest.mark.parametrize(
    "also",
    [
        "EmploymentStarted 2025-02-15",
        "EmploymentStarted 2025-02-15 employment_kind=SV_TEILZEIT",
        "SelfEmploymentStarted 2025-03-01",
        "TrainingStarted 2025-04-01",
        "LivelihoodSecured 2025-02-01",
        "LivelihoodSecured 2025-02-01 degree=predominantly",
        "BenefitGranted 2025-04-01 rechtskreis=FAMILY",
        "BenefitGranted 2025-04-01",
        "RechtskreisChangeCompleted 2025-04-01 to=OWN_INCOME",
    ],
)
def test_other_means_leave_no_day_without(given: Given, also: str) -> None:
    past = given("BenefitGranted 2025-01-01 rechtskreis=SGB_II until=2025-03-31", also)
    assert without(past) == []


@pytest.mark.parametrize(
    ("facts", "first"),
    [
        (("EmploymentStarted 2025-02-01 fixed_term_until=2025-05-31",), "2025-06-01 f1"),
        (("TrainingStarted 2025-02-01", "TrainingAborted 2025-05-10"), "2025-05-11 f2"),
        (
            ("LivelihoodSecured 2025-02-01 degree=full", "LivelihoodLost 2025-05-10"),
            "2025-05-10 f2",
        ),
        (
            (
                "LivelihoodSecured 2025-02-01 degree=full",
                "LivelihoodSecured 2025-05-10 degree=partial",
            ),
            "2025-05-10 f2",
        ),
        (
            (
                "BenefitGranted 2025-02-01 rechtskreis=SGB_II",
                "BenefitGranted 2025-05-10 rechtskreis=NONE",
            ),
            "2025-05-10 f2",
        ),
        (("EmploymentEnded 2025-05-10",), "2025-05-11 f1"),
    ],
)
def test_every_kind_of_means_ends_on_its_own_day(
    given: Given, facts: tuple[str, ...], first: str
) -> None:
    assert without(given(*facts)) == [first]


def test_the_states_do_not_break_at_the_end_of_the_calendar(given: Given) -> None:
    past = given("BenefitGranted 2025-02-01 rechtskreis=SGB_II until=9999-12-31")
    assert without(past) == []
    assert Derived(read(past.told)).regimes[0].pays_on(date.max)
