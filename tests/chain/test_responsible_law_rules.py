"""L09: a benefit that does not fit the stay, or nobody responsible. L07: the cut-off day for Ukraine."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest

from domain.chain.bounds import STANDARD, Bounds, Status
from domain.chain.catalogue import RULES
from domain.chain.evaluation import evaluate
from domain.chain.explanation import explain
from domain.chain.intervals import Certainty, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]

IMPOSSIBLE = "TitleGranted 2009-05-12 basis=AUFENTHG_25_5"
JOBSEEKER = "BenefitGranted 2010-03-01 rechtskreis=SGB_II"
REFUGEE = "TitleGranted 2025-01-10 basis=AUFENTHG_25_2_FL valid_until=2028-01-09"
DULDUNG = "ToleranceIssued 2024-01-10"


def test_w18_l09_c31_sgb_ii_with_a_title_under_25_5_is_open_after_thirty_days(
    given: Given,
) -> None:
    past = given(IMPOSSIBLE, JOBSEEKER)
    assert past.states("L09", "2010-02-28") == {}
    assert past.states("L09", "2010-03-30") == {"f1+f2": State.DUE}
    assert past.states("L09", "2010-03-31") == {"f1+f2": State.OPEN}
    assert past.only("L09").severity is Severity.HIGH


def test_l09_other_benefits_before_or_beside_it_change_nothing(given: Given) -> None:
    housing = "BenefitGranted 2009-01-01 rechtskreis=WOGG_KIZ until=2009-12-31"
    assert [one.key for one in given(housing, IMPOSSIBLE, JOBSEEKER).intervals("L09")] == ["f2+f3"]


def test_l09_four_years_of_renewed_grants_are_one_conflict(given: Given) -> None:
    past = given(
        IMPOSSIBLE,
        "BenefitGranted 2010-03-01 rechtskreis=SGB_II until=2010-08-31",
        "BenefitGranted 2010-09-01 rechtskreis=SGB_II until=2012-08-31",
        "BenefitExtended 2012-08-20 rechtskreis=SGB_II until=2014-02-28",
    )
    assert past.rows("L09") == ["f1+f2 2010-03-01..2010-03-30 late 2014-03-01 f4"]


def test_d16_l09_since_march_2015_sgb_ii_fits_18_months_after_the_duldung(given: Given) -> None:
    past = given("ToleranceIssued 2008-01-01", IMPOSSIBLE, JOBSEEKER)
    assert past.states("L09", "2015-02-28") == {"f2+f3": State.OPEN}
    assert past.states("L09", "2015-03-01") == {"f2+f3": State.CLOSED}


@pytest.mark.parametrize(
    ("kind", "day", "fits"),
    [
        ("ASYLBLG_3", "2022-11-30", True),
        ("ASYLBLG_3", "2023-01-31", False),
        ("SGB_II", "2022-05-31", False),
        ("SGB_II", "2022-11-01", True),
    ],
)
def test_l09_25_5_is_under_the_asylblg_for_18_months_after_the_first_duldung(
    given: Given, kind: str, day: str, fits: bool
) -> None:
    """The first Duldung of 10 May 2021: the AsylbLG through 10 November 2022, then SGB II."""
    past = given(
        "ToleranceIssued 2021-05-10",
        "ToleranceIssued 2021-11-10",
        "TitleGranted 2022-03-01 basis=AUFENTHG_25_5",
        f"BenefitGranted 2022-04-01 rechtskreis={kind}",
    )
    assert (set(past.states("L09", day).values()) <= {State.CLOSED}) is fits


def test_l09_without_a_duldung_either_fits_for_18_months_after_the_title(given: Given) -> None:
    title = "TitleGranted 2022-03-10 basis=AUFENTHG_25_5"
    for kind, end in (("ASYLBLG_3", "2023-09-30"), ("SGB_II", "2030-01-01")):
        past = given(title, f"BenefitGranted 2022-04-01 rechtskreis={kind}")
        assert past.states("L09", end) == {}
    past = given(title, "BenefitGranted 2022-04-01 rechtskreis=ASYLBLG_3")
    assert past.states("L09", "2023-10-01") == {"f1+f2": State.DUE}


def test_l09_example_the_month_of_the_change_fits_as_a_whole(given: Given) -> None:
    past = given("BenefitGranted 2024-01-15 rechtskreis=ASYLBLG_3", DULDUNG, REFUGEE)
    assert past.states("L09", "2025-01-31") == {}
    assert past.rows("L09") == ["f3+f1 2025-02-01..2025-03-02 cancelled 2028-01-10 f3"]


def test_l09_sgb_ii_from_the_first_of_the_month_of_the_title_fits(given: Given) -> None:
    past = given(DULDUNG, "BenefitGranted 2025-01-20 rechtskreis=SGB_II from=2025-01-01", REFUGEE)
    assert past.rows("L09") == []
    past = given(DULDUNG, "BenefitGranted 2025-01-20 rechtskreis=SGB_II from=2024-12-01", REFUGEE)
    assert past.rows("L09") == ["f1+f2 2024-12-01..2024-12-30 cancelled 2025-01-01 f3"]


FITTING = {
    "AsylumApplicationFiled 2024-01-10": "ASYLBLG_2 ASYLBLG_3",
    "ToleranceIssued 2024-01-10": "ASYLBLG_2 ASYLBLG_3",
    "DepartureObligationArisen 2024-01-10": "ASYLBLG_2 ASYLBLG_3",
    "AsylumDecisionIssued 2024-01-10 outcome=subsidiaer": "SGB_II SGB_XII_3 SGB_XII_4 SGB_XII_23_1",
    "TitleGranted 2024-01-10 basis=AUFENTHG_18A": "SGB_II SGB_XII_3 SGB_XII_4 SGB_XII_23_1",
    "TitleGranted 2024-01-10 basis=AUFENTHG_16B work=keine": "SGB_XII_3 SGB_XII_4 SGB_XII_23_1",
    "TitleGranted 2024-01-10 basis=AUFENTHG_24": "SGB_II SGB_XII_3 SGB_XII_4 SGB_XII_23_1",
    "TitleGranted 2024-01-10 basis=AUFENTHG_23_1": (
        "ASYLBLG_2 ASYLBLG_3 SGB_II SGB_XII_3 SGB_XII_4 SGB_XII_23_1"
    ),
    "TitleGranted 2024-01-10 basis=AUFENTHG_25_4": "ASYLBLG_2 ASYLBLG_3",
    "TitleGranted 2024-01-10 basis=AUFENTHG_25_4_2": "SGB_II SGB_XII_3 SGB_XII_4 SGB_XII_23_1",
    "RightOfFreeMovementRecorded 2024-01-10": (
        "SGB_II SGB_XII_3 SGB_XII_4 SGB_XII_23_1 SGB_XII_23_3_BRIDGE"
    ),
    "NaturalisationCertificateHandedOver 2024-01-10": "SGB_II SGB_XII_3 SGB_XII_4",
    "FictionCertificateIssued 2024-01-10 work_allowed=false": "SGB_XII_3 SGB_XII_4 SGB_XII_23_1",
    "FictionCertificateIssued 2024-01-10": "SGB_II SGB_XII_3 SGB_XII_4 SGB_XII_23_1",
}
SILENT = (
    "AsylumDecisionIssued 2024-01-10 outcome=abschiebungsverbot",
    "TitleGranted 2024-01-10 basis=VISA_D",
    "TitleGranted 2024-01-10 basis=AUSLG_BEFUGNIS",
    "NoteTaken 2024-01-10",
)
LIVELIHOOD = (
    "ASYLBLG_2",
    "ASYLBLG_3",
    "SGB_II",
    "SGB_XII_3",
    "SGB_XII_4",
    "SGB_XII_23_1",
    "SGB_XII_23_3_BRIDGE",
)


@pytest.mark.parametrize("stay", FITTING)
def test_l09_the_table_says_what_fits_which_stay(given: Given, stay: str) -> None:
    fitting = [
        kind
        for kind in LIVELIHOOD
        if not given(stay, f"BenefitGranted 2024-03-01 rechtskreis={kind}").intervals("L09")
    ]
    assert fitting == FITTING[stay].split()


@pytest.mark.parametrize("stay", SILENT)
@pytest.mark.parametrize("kind", LIVELIHOOD)
def test_l09_says_nothing_where_the_stay_says_nothing(given: Given, stay: str, kind: str) -> None:
    past = given(stay, f"BenefitGranted 2024-03-01 rechtskreis={kind}")
    assert past.intervals("L09") == ()


@pytest.mark.parametrize("kind", ["SGB_III", "SGB_VIII", "BAB", "WOGG_KIZ", "OWN_INCOME"])
def test_l09_other_benefits_do_not_ask_for_the_stay(given: Given, kind: str) -> None:
    past = given(DULDUNG, f"BenefitGranted 2024-03-01 rechtskreis={kind}")
    assert past.intervals("L09") == ()


@pytest.mark.parametrize(
    ("day", "kind", "fits"),
    [
        ("2022-05-31", "ASYLBLG_3", True),
        ("2022-08-31", "ASYLBLG_3", True),
        ("2022-09-01", "ASYLBLG_3", False),
        ("2022-05-31", "SGB_II", False),
        ("2022-06-01", "SGB_II", True),
    ],
)
def test_d16_l09_temporary_protection_changed_its_law_in_2022(
    given: Given, day: str, kind: str, fits: bool
) -> None:
    past = given(
        "TitleGranted 2022-04-01 basis=AUFENTHG_24 valid_until=2024-03-04",
        f"BenefitGranted 2022-04-01 rechtskreis={kind}",
    )
    assert (set(past.states("L09", day).values()) <= {State.CLOSED}) is fits


def test_l09_nothing_before_sgb_ii_began(given: Given) -> None:
    past = given("TitleGranted 2003-01-10 basis=AUFENTHG_25_5", JOBSEEKER.replace("2010", "2004"))
    assert past.rows("L09") == ["f1+f2 2005-01-01..2005-01-30 cancelled 2015-03-01 f1"]


def test_d17_l09_a_title_without_a_basis_is_a_data_row(given: Given) -> None:
    past = given("TitleGranted 2024-01-10", "BenefitGranted 2024-03-01 rechtskreis=ASYLBLG_3")
    assert past.rows("L09") == ["data f1+f2 2024-03-01..2024-03-30"]
    past = given("TitleGranted 2024-01-10", "BenefitGranted 2024-03-01 rechtskreis=BAB")
    assert past.rows("L09") == []


def test_l09_the_basis_is_asked_for_only_while_the_stay_rests_on_the_title(given: Given) -> None:
    """After the title the procedure goes on (Gestattung); without one nothing is known."""
    past = given(
        "AsylumApplicationFiled 2019-01-10",
        "TitleGranted 2020-01-10 basis=AUFENTHG_18A valid_until=2021-01-09",
        "BenefitGranted 2021-06-01 rechtskreis=ASYLBLG_3",
    )
    assert past.rows("L09") == []
    past = given(
        "TitleGranted 2020-01-10 valid_until=2021-01-09",
        "BenefitGranted 2021-06-01 rechtskreis=SGB_II",
    )
    assert past.rows("L09") == []


def test_d17_l09_the_fiktion_after_a_title_without_a_basis_is_a_data_row(given: Given) -> None:
    past = given(
        "TitleGranted 2020-01-10 valid_until=2021-01-09",
        "TitleApplied 2021-01-04 kind=verlaengerung",
        "BenefitGranted 2021-06-01 rechtskreis=ASYLBLG_3",
    )
    assert past.rows("L09") == ["data f1+f3 2021-06-01..2021-06-30"]


def test_l09_a_fiktion_ordered_after_no_known_title_says_nothing(given: Given) -> None:
    """The order lets the old title go on, whatever it was (§ 81(4) s. 3)."""
    past = given(
        "DepartureObligationArisen 2024-01-10",
        "ContinuationOrdered 2024-03-01",
        "BenefitGranted 2024-06-01 rechtskreis=ASYLBLG_3",
    )
    assert past.rows("L09") == []


def test_l09_the_key_names_what_the_status_rests_on(given: Given) -> None:
    """The Fiktion rests on the grant, also where the order made it."""
    past = given(
        "TitleGranted 2020-01-10 basis=AUFENTHG_18A valid_until=2021-01-09",
        "ContinuationOrdered 2021-03-01",
        "BenefitGranted 2021-06-01 rechtskreis=ASYLBLG_3",
    )
    assert past.rows("L09") == ["f1+f3 2021-06-01..2021-06-30"]


def test_w18_l09_c32_nobody_is_responsible_from_the_day_on_which_nothing_fits(
    given: Given,
) -> None:
    past = given(
        "JourneyStarted 2022-03-04 entry_channel=ukraine",
        "EntryRegistered 2022-03-04",
        "BenefitApplied 2022-06 rechtskreis=ASYLBLG_3",
        "FictionCertificateIssued 2022-08 kind=81_3 work_allowed=false",
    )
    assert past.states("L09", "2022-08-30") == {}
    assert past.states("L09", "2022-08-31") == {"none+f3": State.OPEN}
    one = past.only("L09")
    assert (one.severity, one.certainty) == (Severity.CRITICAL, Certainty.POSSIBLY)
    said = explain(one, read(past.told), date(2022, 9, 10))
    assert "keine Stelle ist zuständig" in said.de
    assert "no office is responsible" in said.en


REFUSED = "BenefitRefused 2024-05-06 rechtskreis=SGB_II"


@pytest.mark.parametrize(
    ("fact", "row"),
    [
        ("BenefitGranted 2024-06-01 rechtskreis=SGB_XII_3", "late 2024-06-01 f2"),
        ("BenefitApplied 2024-05-20 rechtskreis=SGB_XII_3", "late 2024-05-20 f2"),
        ("BenefitApplied 2024-05-20", "late 2024-05-20 f2"),
        ("BenefitApplied 2024-05-20 rechtskreis=BAFOEG", "late 2024-05-20 f2"),
        ("EmploymentStarted 2024-05-20", "cancelled 2024-05-20 f2"),
        ("LeftGermany 2024-05-20", "cancelled 2024-05-20 f2"),
        ("BenefitRefused 2024-05-20 rechtskreis=ASYLBLG_3", "superseded 2024-05-20 f2"),
    ],
)
def test_l09_a_refusal_leaves_nobody_responsible_until_somebody_pays_or_is_asked(
    given: Given, fact: str, row: str
) -> None:
    assert given(REFUSED, fact).rows("L09")[0] == f"none+f1 2024-05-06..2024-05-05 {row}"


def test_g6_l09_a_business_that_begins_on_an_exact_day_ends_it_for_certain(given: Given) -> None:
    begun = given(REFUSED, "SelfEmploymentStarted 2024-05-20").only("L09")
    assert (begun.closing, begun.certainty) == ("f2", Certainty.CERTAINLY)
    some_day = given(REFUSED, "SelfEmploymentStarted 2024-06").only("L09")
    assert (some_day.closing, some_day.certainty) == ("f2", Certainty.POSSIBLY)


def test_l09_asking_again_where_it_cannot_fit_asks_nobody(given: Given) -> None:
    past = given(DULDUNG, REFUSED, "BenefitApplied 2024-05-20 rechtskreis=SGB_II")
    assert past.rows("L09") == [
        "none+f2 2024-05-06..2024-05-05 superseded 2024-05-20 f3",
        "none+f3 2024-05-20..2024-05-19",
    ]


@pytest.mark.parametrize(
    "fact",
    [
        "BenefitGranted 2024-01-01 rechtskreis=ASYLBLG_3",
        "EmploymentStarted 2024-01-01",
        "BenefitApplied 2024-05-01 rechtskreis=SGB_XII_3",
        "BenefitApplied 2024-05-06 rechtskreis=SGB_XII_3",
    ],
)
def test_l09_somebody_pays_or_is_still_asked(given: Given, fact: str) -> None:
    assert [row for row in given(fact, REFUSED).rows("L09") if row.startswith("none")] == []


def test_l09_an_office_that_could_pay_is_still_asked_until_it_has_decided(given: Given) -> None:
    asked = "BenefitApplied 2024-04-01 rechtskreis=ASYLBLG_3"
    assert given(DULDUNG, asked, REFUSED.replace("ASYLBLG_3", "SGB_II")).rows("L09") == []


def test_l09_an_application_that_was_decided_is_no_longer_asked(given: Given) -> None:
    past = given(
        "BenefitApplied 2024-04-01 rechtskreis=SGB_XII_3",
        "BenefitRefused 2024-05-01 rechtskreis=SGB_XII_3",
        REFUSED,
    )
    assert set(past.states("L09", "2024-05-06")) == {"none+f2", "none+f3"}


def _in_force() -> Bounds:
    """Return the standard bounds as if the change for Ukraine were in force."""
    rows = dict(STANDARD.rows)
    rows["law.24_to_asylblg"] = tuple(
        replace(one, status=Status.IN_FORCE) for one in rows["law.24_to_asylblg"]
    )
    return Bounds(MappingProxyType(rows))


PROTECTED = "TitleGranted 2025-04-01 basis=AUFENTHG_24 valid_until=2026-03-04"
LONG = "BenefitGranted 2026-01-01 rechtskreis=SGB_II until=2027-06-30"


def l07(past: Any) -> list[str]:
    return [
        f"{one.key} {one.begins_on}..{one.closes_on or ''} {one.closed_by or ''}".strip()
        for one in evaluate(past.told, None, [RULES["L07"]], _in_force())
    ]


def test_c32_l07_is_off_while_the_law_is_not_verified(given: Given) -> None:
    assert given(PROTECTED, LONG).rows("L07") == []
    assert given("FictionCertificateIssued 2022-08 kind=81_3").rows("L07") == []


@pytest.mark.parametrize(
    ("title", "grant", "found"),
    [
        (PROTECTED, LONG, ["f2 2026-10-01..2027-03-05 cancelled"]),
        (PROTECTED, LONG.replace("2027-06-30", "2026-09-15"), []),
        (PROTECTED, f"{LONG}|BenefitEnded 2026-12-31", ["f2 2026-10-01..2027-01-01 late"]),
        (
            PROTECTED,
            "BenefitGranted 2026-07-01 rechtskreis=SGB_II",
            ["f2 2026-07-01..2027-03-05 cancelled"],
        ),
        (
            PROTECTED,
            "BenefitGranted 2026-01-01 rechtskreis=SGB_II until=2026-08-31"
            "|BenefitGranted 2026-09-01 rechtskreis=SGB_II",
            ["f2 2026-09-01..2027-03-05 cancelled"],
        ),
        (PROTECTED.replace("2025-04-01", "2025-03-31"), LONG, []),
        (PROTECTED.replace("_24", "_18A"), LONG, []),
        (PROTECTED, LONG.replace("SGB_II", "ASYLBLG_3"), []),
    ],
)
def test_l07_in_force_it_would_open_after_the_transition(
    given: Given, title: str, grant: str, found: list[str]
) -> None:
    assert l07(given(title, *grant.split("|"))) == found


def test_l07_a_certificate_of_an_application_counts_as_the_first_protection(given: Given) -> None:
    past = given(
        "TitleApplied 2025-03-10 basis=AUFENTHG_24",
        "FictionCertificateIssued 2025-03-20",
        PROTECTED,
        LONG,
    )
    assert l07(past) == []


def test_l07_and_l09_do_not_contradict_each_other(given: Given) -> None:
    past = given(PROTECTED, "BenefitGranted 2026-10-01 rechtskreis=ASYLBLG_3")
    assert past.rows("L09") != []
    assert evaluate(past.told, None, [RULES["L09"]], _in_force()) == ()
