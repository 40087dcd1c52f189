"""Permanent residence possible: A14 with its eleven ways, and T05 after training here."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.evaluation import why
from domain.chain.explanation import explain, findings
from domain.chain.intervals import Certainty, Kind, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]

B1 = "LanguageTestTaken 2020-01-10 result=B1"
CIVICS = "CivicsTestTaken 2020-01-11 points=20"
OWN = "LivelihoodSecured 2020-01-12 degree=full"


def months(n: int, day: str = "2020-01-13") -> str:
    return f"PensionMonthsConfirmed {day} months={n}"


def title(basis: str, day: str) -> str:
    return f"TitleGranted {day} basis=AUFENTHG_{basis}"


def chances(past: Any, rule: str = "A14") -> list[str]:
    """Return the keys of the chances, data rows left out."""
    return [one.key for one in past.intervals(rule) if one.kind is Kind.CHANCE]


def rows(past: Any, rule: str = "A14") -> list[str]:
    """Return the keys of the data rows."""
    return [one.key for one in past.intervals(rule) if one.kind is Kind.DATA]


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2026-02-27", State.NOT_APPLICABLE),
        ("2026-02-28", State.DUE),
        ("2026-05-29", State.DUE),
        ("2026-05-30", State.OPEN),
    ],
)
def test_d4_a14_section_9_after_five_years_with_everything_proven(
    given: Given, day: str, state: State
) -> None:
    past = given(title("31", "2021-02-28"), B1, CIVICS, OWN, months(60))
    found = past.states("A14", day)
    assert found.get("9:2026-02-28", State.NOT_APPLICABLE) is state
    one = next(one for one in past.intervals("A14") if one.key == "9:2026-02-28")
    assert (one.kind, one.severity, one.certainty) == (
        Kind.CHANCE,
        Severity.CHANCE,
        Certainty.CERTAINLY,
    )
    said = explain(one, read(past.told), date(2026, 3, 1))
    assert "§ 9 AufenthG" in said.de
    assert "28.02.2026" in said.de


@pytest.mark.parametrize(
    ("basis", "facts", "key"),
    [
        ("18A", (B1, months(36)), "18C_1:2024-03-15"),
        ("18D", (B1, months(36)), "18C_1:2024-03-15"),
        ("18A", (B1, months(24), "TrainingCompleted 2021-01-10"), "18C_1_2:2023-03-15"),
        ("18B", (B1, months(24), "StudyCompleted 2021-01-10"), "18C_1_2:2023-03-15"),
        ("18G", ("LanguageTestTaken 2020-01-10 result=A1",), "18C_2:2023-06-15"),
        ("18G", (B1,), "18C_2_B1:2022-12-15"),
        ("28", (B1,), "28_2:2024-03-15"),
        ("30", (B1, CIVICS, OWN, months(60)), "9:2026-03-15"),
        ("30", (B1, CIVICS), "9A:2026-03-15"),
        ("25_2_SUB", (B1, CIVICS, OWN, months(60)), "26_4:2026-03-15"),
        ("25_3", (B1, CIVICS, OWN, months(60)), "26_4:2026-03-15"),
        ("25B", (B1, CIVICS, OWN, months(60)), "26_4:2026-03-15"),
        (
            "25_1",
            (
                "LanguageTestTaken 2020-01-10 result=A2",
                "LivelihoodSecured 2020-01-12 degree=predominantly",
            ),
            "26_3:2026-03-15",
        ),
        ("25_2_FL", ("LanguageTestTaken 2020-01-10 result=C1", OWN), "26_3_3:2024-03-15"),
    ],
)
def test_a14_every_way_has_its_own_clock_and_proofs(
    given: Given, basis: str, facts: tuple[str, ...], key: str
) -> None:
    past = given(title(basis, "2021-03-15"), *facts)
    assert key in chances(past)
    way = key.split(":")[0]
    assert [one for one in chances(past) if one.split(":")[0] == way] == [key]


@pytest.mark.parametrize(
    ("basis", "facts", "way"),
    [
        ("18A", (B1, months(10, "2024-03-10")), "18C_1"),
        ("18A", ("LanguageTestTaken 2020-01-10 result=A2", months(36)), "18C_1"),
        ("18A", (B1, months(36), "LivelihoodLost 2020-02-01"), "18C_1"),
        ("18A", (B1, months(36), "BenefitGranted 2020-02-01 rechtskreis=SGB_II"), "18C_1"),
        ("18A", (B1, months(36), "HousingAssigned 2020-02-01 kind=communal"), "18C_1"),
        ("18A", (B1, months(24)), "18C_1_2"),
        ("18G", ("LanguageTestTaken 2020-01-10 result=A2",), "18C_2_B1"),
        ("16B", (B1, CIVICS, OWN, months(60)), "9"),
        ("25_5", (B1, CIVICS, OWN, months(60)), "9"),
        ("25_5", (B1, CIVICS), "9A"),
        ("24", (B1, CIVICS, OWN, months(60)), "26_4"),
        ("104C", (B1, CIVICS, OWN, months(60)), "26_4"),
        ("9", (B1, CIVICS, OWN, months(60)), "9A"),
        ("25_2_SUB", (B1, OWN), "26_3"),
        ("25_2_FL", (B1, OWN), "26_3_3"),
    ],
)
def test_a14_where_something_is_known_to_be_unmet_the_way_tells_nothing(
    given: Given, basis: str, facts: tuple[str, ...], way: str
) -> None:
    past = given(title(basis, "2021-03-15"), *facts)
    told = [one for one in (*chances(past), *rows(past)) if one.split(":")[0] == way]
    assert [one for one in told if one < f"{way}:2024-06-01"] == []


def test_a14_a_benefit_under_sgb_iii_is_no_livelihood_benefit(given: Given) -> None:
    lines = (title("18A", "2021-03-15"), B1, months(36))
    assert "18C_1:2024-03-15" in chances(
        given(*lines, "BenefitGranted 2020-02-01 rechtskreis=SGB_III")
    )


def test_d17_a14_what_is_not_told_makes_a_data_row_that_names_it(given: Given) -> None:
    past = given(title("28", "2021-03-15"))
    assert chances(past) == []
    assert rows(past) == ["9:2026-03-15", "28_2:2024-03-15", "9A:2026-03-15"]
    one = next(one for one in past.intervals("A14") if one.key.startswith("28_2"))
    said = explain(one, read(past.told), date(2024, 4, 1))
    assert "Deutsch B1" in said.de
    assert "Rentenbeiträge" not in said.de
    general = next(one for one in past.intervals("A14") if one.key.startswith("9:"))
    assert (
        "Rentenbeiträge, Lebensunterhalt" in explain(general, read(past.told), date(2026, 4, 1)).de
    )


def test_d17_a14_a_title_without_basis_makes_only_the_row_of_section_9(given: Given) -> None:
    past = given("TitleGranted 2021-03-15", B1, CIVICS, OWN, months(60))
    assert (chances(past), rows(past)) == ([], ["9:2026-03-15"])
    known = given(
        "TitleGranted 2021-03-15", title("18A", "2022-03-15"), B1, CIVICS, OWN, months(60)
    )
    assert "9:2026-03-15" in chances(known)


def test_a14_pension_months_may_have_become_enough_by_waiting(given: Given) -> None:
    past = given(
        title("18A", "2021-03-15"),
        B1,
        "PensionMonthsConfirmed 2024-04-10 months=30 as_of=2024-03-31",
    )
    ways = [one for one in past.intervals("A14") if one.key.startswith("18C_1:")]
    assert [(one.kind, one.key) for one in ways] == [
        (Kind.DATA, "18C_1:2024-03-15"),
        (Kind.DATA, "18C_1:2024-09-30"),
    ]
    assert ways[0].closes_on == date(2024, 4, 10)
    more = given(
        title("18A", "2021-03-15"),
        B1,
        "PensionMonthsConfirmed 2024-04-10 months=30 as_of=2024-03-31",
        months(36, "2024-11-05"),
    )
    assert "18C_1:2024-11-05" in chances(more)


def test_a14_the_asylum_procedure_and_protection_count_for_section_26(given: Given) -> None:
    past = given(
        "AsylumApplicationFiled 2019-05-03",
        "AsylumDecisionIssued 2020-01-10 outcome=fluechtling",
        title("25_2_FL", "2020-03-01"),
        "LanguageTestTaken 2020-01-10 result=A2",
        "LivelihoodSecured 2020-01-12 degree=predominantly",
    )
    assert chances(past) == ["26_3:2024-05-03"]


def test_a14_a_procedure_that_ended_before_moves_the_clock_by_its_days(given: Given) -> None:
    past = given(
        "AsylumApplicationFiled 2017-01-01",
        "AsylumDecisionIssued 2017-03-01 outcome=abgelehnt final_on=2017-04-11",
        "ToleranceIssued 2017-04-11",
        title("25B", "2020-04-11"),
        B1,
        CIVICS,
        OWN,
        months(60),
    )
    assert chances(past) == ["26_4:2025-01-02"]


def test_a14_section_18c_counts_only_titles_of_skilled_workers(given: Given) -> None:
    past = given(title("30", "2018-01-01"), title("18A", "2021-03-15"), B1, months(36))
    assert "18C_1:2024-03-15" in chances(past)
    both = given(title("18B", "2019-03-15"), title("18A", "2021-03-15"), B1, months(36))
    assert "18C_1:2022-03-15" in chances(both)


def test_a14_section_9_counts_humanitarian_time_before(given: Given) -> None:
    past = given(
        title("25_5", "2019-03-15"), title("18A", "2021-03-15"), B1, CIVICS, OWN, months(60)
    )
    assert "9:2024-03-15" in chances(past)
    study = given(
        title("16B", "2019-03-15"), title("18A", "2021-03-15"), B1, CIVICS, OWN, months(60)
    )
    assert "9:2026-03-15" in chances(study)


def test_a14_the_clock_goes_on_during_the_fiktion_and_stops_where_the_title_lapses(
    given: Given,
) -> None:
    first = "TitleGranted 2021-03-15 basis=AUFENTHG_28 valid_until=2023-03-14"
    applied = "TitleApplied 2023-02-01 basis=AUFENTHG_28 kind=verlaengerung"
    again = title("28", "2023-06-01")
    assert chances(given(first, applied, again, B1)) == ["28_2:2024-03-15"]
    assert chances(given(first, again, B1)) == ["28_2:2026-06-01"]


@pytest.mark.parametrize(
    ("until", "key"), [("2022-07-10", "28_2:2024-03-15"), ("2022-07-11", "28_2:2025-07-12")]
)
def test_a14_only_an_absence_of_more_than_six_months_breaks_the_clock(
    given: Given, until: str, key: str
) -> None:
    away = f"AbsenceAbroadRecorded 2022-01-10 until={until}"
    assert chances(given(title("28", "2021-03-15"), B1, away)) == [key]


def test_a14_after_a_long_absence_the_procedure_does_not_count_again(given: Given) -> None:
    past = given(
        "AsylumApplicationFiled 2018-05-03",
        "AsylumDecisionIssued 2019-05-03 outcome=fluechtling",
        title("25_2_FL", "2019-05-03"),
        "AbsenceAbroadRecorded 2020-01-10 until=2020-08-01",
        "LanguageTestTaken 2020-01-10 result=A2",
        "LivelihoodSecured 2020-01-12 degree=predominantly",
    )
    assert chances(past) == ["26_3:2025-08-02"]


def test_a14_section_35_is_there_from_the_16th_birthday_whatever_else(given: Given) -> None:
    born = "PersonIdentified 2016-01-01 birth_date=2007-03-10"
    one = next(
        one
        for one in given(born, title("32", "2016-01-01")).intervals("A14")
        if one.key.startswith("35")
    )
    assert (one.kind, one.key) == (Kind.CHANCE, "35:2023-03-10")
    assert [one for one in chances(given(title("32", "2016-01-01"))) if one.startswith("35")] == []


def test_a14_section_35_needs_five_years_full_on_the_birthday(given: Given) -> None:
    born = "PersonIdentified 2019-01-01 birth_date=2008-02-29"
    in_time = given(born, title("32", "2019-02-28"))
    assert [one for one in chances(in_time) if one.startswith("35")] == ["35:2024-02-29"]
    late = given(born, title("32", "2019-03-01"))
    assert [one for one in chances(late) if one.startswith("35")] == []


def test_d3_a14_section_35_by_a_year_of_birth_is_possible_from_the_latest_birthday(
    given: Given,
) -> None:
    past = given("JourneyStarted 2016-01-01 birth_year=2008", title("32", "2016-01-01"))
    one = next(one for one in past.intervals("A14") if one.key.startswith("35"))
    assert one.begins_on == date(2024, 12, 31)
    assert one.certainty is Certainty.POSSIBLY


FAMILY = (title("28", "2021-03-15"), B1)


@pytest.mark.parametrize(
    ("answer", "row"),
    [
        ("TitleApplied 2024-04-01 basis=AUFENTHG_28_2", "in_time 2024-04-01 f3"),
        ("TitleApplied 2024-04-01 basis=AUFENTHG_9", "in_time 2024-04-01 f3"),
        ("TitleApplied 2024-04-01", "in_time 2024-04-01 f3"),
        ("TitleApplied 2024-07-01 kind=wechsel", "late 2024-07-01 f3"),
        ("TitleGranted 2024-04-01 basis=AUFENTHG_28_2", "in_time 2024-04-01 f3"),
        ("TitleGranted 2024-04-01 basis=AUFENTHG_31", "cancelled 2024-04-01"),
        ("TitleRevoked 2024-04-01", "cancelled 2024-04-01"),
        ("TitleApplied 2024-04-01 kind=verlaengerung", ""),
        ("TitleApplied 2024-04-01 basis=AUFENTHG_28", ""),
    ],
)
def test_a14_what_takes_or_ends_the_chance(given: Given, answer: str, row: str) -> None:
    past = given(*FAMILY, answer)
    found = [one for one in past.rows("A14") if one.startswith("28_2:")]
    assert found == [f"28_2:2024-03-15 2024-03-15..2024-06-13 {row}".rstrip()]


def test_a14_an_application_before_the_day_leaves_no_chance_unless_refused(given: Given) -> None:
    applied = "TitleApplied 2024-01-01 basis=AUFENTHG_28_2"
    assert chances(given(*FAMILY, applied)) == []
    assert chances(given(*FAMILY, applied, "TitleRefused 2024-03-15")) == ["28_2:2024-03-15"]
    assert chances(given(*FAMILY, applied, "TitleRefused 2024-03-16")) == []


def test_d15_a14_naturalisation_ends_it(given: Given) -> None:
    past = given(*FAMILY, "NaturalisationCertificateHandedOver 2024-04-01")
    found = [one for one in past.rows("A14") if one.startswith("28_2:")]
    assert found == ["28_2:2024-03-15 2024-03-15..2024-06-13 cancelled 2024-04-01"]


def test_d21_a14_says_what_is_unmet(given: Given) -> None:
    view = read(given(title("28", "2021-03-15"), "LanguageTestTaken 2020-01-10 result=A2").told)
    standing = why(view, RULES["A14"], date(2026, 5, 1))
    said = [one.text.de for one in findings(standing, view, date(2026, 5, 1))]
    assert any("§ 28 Abs. 2" in one and "Deutsch B1" in one for one in said)


# T05

SKILLED = (
    "TrainingCompleted 2022-07-15",
    title("18A", "2022-08-01"),
    months(24, "2024-09-03"),
    B1,
    CIVICS,
)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2024-09-02", State.NOT_APPLICABLE),
        ("2024-09-03", State.DUE),
        ("2024-12-02", State.DUE),
        ("2024-12-03", State.OPEN),
    ],
)
def test_t05_two_years_of_skilled_work_after_training_here(
    given: Given, day: str, state: State
) -> None:
    past = given(*SKILLED)
    found = [
        one.state(date.fromisoformat(day))
        for one in past.intervals("T05")
        if one.kind is Kind.CHANCE
    ]
    assert found == [state]
    assert chances(past, "T05") == ["2024-09-03"]


@pytest.mark.parametrize(
    "missing",
    [SKILLED[0], SKILLED[1]],
)
def test_t05_without_training_or_title_there_is_neither_chance_nor_row(
    given: Given, missing: str
) -> None:
    assert given(*(one for one in SKILLED if one != missing)).rows("T05") == []


@pytest.mark.parametrize("missing", [SKILLED[2], SKILLED[3], SKILLED[4]])
def test_d17_t05_a_proof_that_is_not_told_makes_a_data_row(given: Given, missing: str) -> None:
    past = given(*(one for one in SKILLED if one != missing))
    assert chances(past, "T05") == []
    assert rows(past, "T05")[0] == "2024-08-01"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("StudyCompleted 2022-07-15", []),
        ("TrainingCompleted 2025-01-10", ["2025-01-10"]),
    ],
)
def test_t05_only_training_counts_and_from_its_end_on(
    given: Given, change: str, told: list[str]
) -> None:
    assert chances(given(change, *SKILLED[1:]), "T05") == told


def test_t05_a_title_under_18b_is_not_enough(given: Given) -> None:
    past = given(SKILLED[0], title("18B", "2022-08-01"), *SKILLED[2:])
    assert past.rows("T05") == []


def test_t05_civics_failed_is_unmet(given: Given) -> None:
    past = given(*SKILLED[:4], "CivicsTestTaken 2020-01-11 points=14")
    assert past.rows("T05") == []


@pytest.mark.parametrize(
    ("answer", "row"),
    [
        ("TitleApplied 2024-10-01 basis=AUFENTHG_18C", "in_time 2024-10-01 f6"),
        ("TitleGranted 2025-01-01 basis=AUFENTHG_18C", "late 2025-01-01 f6"),
        ("NaturalisationCertificateHandedOver 2024-10-01", "cancelled 2024-10-01"),
        ("LeftGermany 2024-10-01", "cancelled 2024-10-01"),
    ],
)
def test_t05_what_closes_it(given: Given, answer: str, row: str) -> None:
    past = given(*SKILLED, answer)
    assert past.rows("T05")[0] == f"2024-09-03 2024-09-03..2024-12-02 {row}"
