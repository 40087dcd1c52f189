"""How a tolerated stay becomes a lawful one: A11, A12, A13, A31."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.evaluation import why
from domain.chain.explanation import explain, findings
from domain.chain.intervals import Certainty, ClosedBy, Kind, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]

ENTRY = "EntryRegistered 2017-11-10"
DULDUNG = "ToleranceIssued 2020-02-05 basis=AUFENTHG_60A"
PASSPORT = "IdentityClarified 2021-05-01 means=pass"
A2 = "LanguageTestTaken 2021-06-01 result=A2"
INCOME = "LivelihoodSecured 2023-03-01 degree=predominantly"
FULL = (ENTRY, DULDUNG, PASSPORT, A2, INCOME)


def without(*lines: str) -> list[str]:
    """Return the facts of a full checklist without some of them."""
    return [line for line in FULL if line not in lines]


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2023-11-09", State.NOT_APPLICABLE),
        ("2023-11-10", State.DUE),
        ("2024-01-09", State.DUE),
        ("2024-01-10", State.OPEN),
    ],
)
def test_d4_a11_is_a_chance_from_the_day_on_which_all_is_full_at_once(
    given: Given, day: str, state: State
) -> None:
    past = given(*FULL)
    assert past.state("A11", day) is state
    one = past.only("A11")
    assert (one.kind, one.severity) == (Kind.CHANCE, Severity.CHANCE)
    assert one.certainty is Certainty.CERTAINLY
    assert one.evidence[0] == "f2"
    assert set(one.evidence) == {"f1", "f2", "f3", "f4", "f5"}


@pytest.mark.parametrize(
    ("late", "first"),
    [
        ("IdentityClarified 2024-02-29 means=id", "2024-02-29"),
        ("IdentityClarified 2021-05-01 means=birth_cert accepted_on=2024-03-07", "2024-03-07"),
        ("IdentityClarified - means=pass date=2024-04-02", "2024-04-02"),
        ("IdentityClarified - means=pass @2024-04-05", "2024-04-05"),
    ],
)
def test_a11_the_last_condition_gives_the_first_day(given: Given, late: str, first: str) -> None:
    past = given(*without(PASSPORT), late)
    assert [one.begins_on.isoformat() for one in past.intervals("A11")] == [first]
    assert past.only("A11").key == first


@pytest.mark.parametrize(
    ("line", "without_it"),
    [
        (PASSPORT, "IdentityClarified 2021-05-01 means=birth_cert"),
        (PASSPORT, "PassportIssued 2021-05-01 kind=nationalpass"),
        (A2, "LanguageTestTaken 2021-06-01 result=A1"),
        (A2, 'LanguageTestTaken 2021-06-01 result=B1 per_skill={"reading":"B1","speaking":"A1"}'),
        (INCOME, "LivelihoodSecured 2023-03-01 degree=partial"),
        (INCOME, "BenefitGranted 2020-03-01 rechtskreis=ASYLBLG_3"),
        (INCOME, "BenefitGranted 2020-03-01 rechtskreis=SGB_II"),
        (DULDUNG, "TitleGranted 2020-02-05 basis=AUFENTHG_25_5"),
        (ENTRY, "EntryRegistered 2024-11-10"),
    ],
)
def test_a11_where_a_condition_is_known_to_be_unmet_there_is_neither_chance_nor_row(
    given: Given, line: str, without_it: str
) -> None:
    past = given(*without(line), without_it)
    assert [one for one in past.intervals("A11") if one.begins_on <= date(2024, 1, 1)] == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (A2, "Deutsch mündlich (A2)"),
        (INCOME, "überwiegend gesicherter Lebensunterhalt"),
    ],
)
def test_d17_a11_what_is_not_told_at_all_makes_a_data_row_with_the_days_of_the_gap(
    given: Given, line: str, words: str
) -> None:
    past = given(*without(line))
    one = past.only("A11")
    assert past.rows("A11") == ["data 2023-11-10 2023-11-10..2024-01-09"]
    assert one.severity is Severity.LOW
    said = explain(one, read(past.told), date(2023, 12, 1))
    assert words in said.de
    assert "Stand unbekannt" in said.de


def test_d17_a11_a_data_row_gives_way_to_the_chance_when_the_value_is_told(given: Given) -> None:
    past = given(*without(A2), "LanguageTestTaken 2024-02-01 result=B1")
    assert past.rows("A11") == [
        "2024-02-01 2024-02-01..2024-04-01",
        "data 2023-11-10 2023-11-10..2024-01-09 cancelled 2024-02-01",
    ]


def test_d17_a11_an_identity_told_without_its_means_is_unknown_not_missing(given: Given) -> None:
    past = given(*without(PASSPORT), "IdentityClarified 2021-05-01")
    assert past.rows("A11") == ["data 2023-11-10 2023-11-10..2024-01-09"]


def test_w25_a11_the_spoken_level_counts_where_it_is_told(given: Given) -> None:
    spoken = 'LanguageTestTaken 2021-06-01 result=A1 per_skill={"speaking":"A2","writing":"A1"}'
    assert given(*without(A2), spoken).only("A11").kind is Kind.CHANCE


@pytest.mark.parametrize("told", ["accredited=false", "test_kind=EINSTUFUNG"])
def test_a11_a_test_that_is_not_accredited_or_only_places_proves_nothing(
    given: Given, told: str
) -> None:
    past = given(*without(A2), f"LanguageTestTaken 2021-06-01 result=B1 {told}")
    assert past.only("A11").kind is Kind.DATA


def test_a11_the_course_certificate_proves_the_language(given: Given) -> None:
    past = given(*without(A2), "IntegrationCourseCertificateIssued 2021-06-01")
    assert past.only("A11").kind is Kind.CHANCE


def test_a11_with_a_minor_child_four_years_are_enough(given: Given) -> None:
    entry = "EntryRegistered 2020-01-15"
    lines = (*without(ENTRY), entry)
    assert given(*lines).only("A11").begins_on == date(2026, 1, 15)
    child = given(*lines, "ChildBorn 2021-08-01")
    assert child.only("A11").begins_on == date(2024, 1, 15)
    grown = given(*lines, "ChildBorn 2006-02-01")
    assert grown.rows("A11") == [
        "2024-01-15 2024-01-15..2024-03-15 cancelled 2024-02-01",
        "2026-01-15 2026-01-15..2026-03-16",
    ]


def test_a11_a_child_whose_birth_is_not_known_does_not_shorten_the_time(given: Given) -> None:
    past = given(*without(ENTRY), "EntryRegistered 2020-01-15", "ChildBorn - @2021-08-01")
    assert past.only("A11").begins_on == date(2026, 1, 15)


@pytest.mark.parametrize(
    ("entry", "first"),
    [
        ("2014-12-30", "2022-12-30"),
        ("2014-12-31", "2022-12-31"),
        ("2016-12-30", "2022-12-31"),
        ("2016-12-31", "2022-12-31"),
        ("2017-01-01", "2023-01-01"),
        ("2016-02-29", "2022-12-31"),
        ("2010-03-01", "2021-06-01"),
    ],
)
def test_d16_a11_the_years_are_those_of_the_law_of_each_day(
    given: Given, entry: str, first: str
) -> None:
    income = "LivelihoodSecured 2021-03-01 degree=full"
    past = given(f"EntryRegistered {entry}", DULDUNG, PASSPORT, A2, income)
    (one,) = (one for one in past.intervals("A11") if one.kind is Kind.CHANCE)
    assert one.begins_on == date.fromisoformat(first)


def test_d16_a11_there_is_no_chance_before_the_paragraph(given: Given) -> None:
    past = given(
        "EntryRegistered 2004-03-01",
        "ToleranceIssued 2006-01-01",
        "IdentityClarified 2006-01-01 means=pass",
        "LanguageTestTaken 2006-01-01 result=B1",
        "LivelihoodSecured 2006-01-01 degree=full",
    )
    assert past.only("A11").begins_on == date(2015, 8, 1)


def test_a11_29_february_is_clipped(given: Given) -> None:
    past = given(
        *without(ENTRY, DULDUNG), "EntryRegistered 2020-02-29", "ToleranceIssued 2021-01-01"
    )
    assert past.only("A11").begins_on == date(2026, 2, 28)


def test_d3_a11_a_partial_entry_counts_on_its_latest_day_and_says_possibly(given: Given) -> None:
    one = given(*without(ENTRY), "EntryRegistered 2017-11").only("A11")
    assert one.begins_on == date(2023, 11, 30)
    assert one.certainty is Certainty.POSSIBLY


def test_a11_an_earlier_sign_than_the_entry_begins_the_stay(given: Given) -> None:
    past = given("JourneyStarted 2019-01-01 entry_date=2017-09-15", *FULL)
    assert past.only("A11").begins_on == date(2023, 9, 15)
    signs = given("EntryRegistered 2018", "AsylumApplicationFiled 2017-12-01", *FULL[1:])
    assert signs.only("A11").begins_on == date(2023, 12, 1)


def test_a11_time_under_60b_does_not_count(given: Given) -> None:
    paper = "ToleranceIssued 2021-01-01 basis=AUFENTHG_60B"
    healed = "ToleranceIssued 2021-02-10 basis=AUFENTHG_60A"
    past = given(*FULL, paper, healed)
    assert past.only("A11").begins_on == date(2023, 12, 20)


def test_a11_a_running_duldung_under_60b_never_lets_the_clock_run_out(given: Given) -> None:
    past = given(*FULL, "ToleranceIssued 2021-01-01 basis=AUFENTHG_60B")
    assert past.rows("A11") == []


def test_a11_with_the_chance_title_time_under_60b_counts_and_the_chance_weighs_high(
    given: Given,
) -> None:
    past = given(
        *FULL,
        "ToleranceIssued 2021-01-01 basis=AUFENTHG_60B",
        "TitleGranted 2023-02-01 basis=AUFENTHG_104C valid_until=2024-07-31",
    )
    one = past.only("A11")
    assert one.begins_on == date(2023, 11, 10)
    assert one.severity is Severity.HIGH
    assert one.evidence[0] == "f7"


@pytest.mark.parametrize(
    ("status", "first"),
    [
        (("DepartureObligationArisen 2020-02-05",), "2023-11-10"),
        (("AsylumDecisionIssued 2020-01-10 outcome=abgelehnt",), "2023-11-10"),
    ],
)
def test_w07_a11_who_is_obliged_to_leave_counts_as_tolerated(
    given: Given, status: tuple[str, ...], first: str
) -> None:
    past = given(*without(DULDUNG), *status)
    assert past.only("A11").begins_on == date.fromisoformat(first)


def test_a11_who_left_begins_anew(given: Given) -> None:
    past = given(
        "EntryRegistered 2010-05-01",
        "LeftGermany 2016-04-01",
        *FULL,
    )
    assert past.only("A11").begins_on == date(2023, 11, 10)


@pytest.mark.parametrize(
    ("absence", "first"),
    [
        ("AbsenceAbroadRecorded 2021-01-10 until=2021-07-10", "2023-11-10"),
        ("AbsenceAbroadRecorded 2021-01-10 until=2021-07-11", None),
        ("AbsenceAbroadRecorded 2021-03-01 from=2021-01-10 until=2021-07-11", None),
        ("AbsenceAbroadRecorded 2021-01-10", "2023-11-10"),
    ],
)
def test_a11_only_an_absence_of_more_than_six_months_breaks_the_stay(
    given: Given, absence: str, first: str | None
) -> None:
    past = given(*FULL, absence)
    expected = date.fromisoformat(first) if first else date(2027, 7, 12)
    assert past.only("A11").begins_on == expected


@pytest.mark.parametrize(
    ("answer", "row"),
    [
        ("TitleApplied 2023-12-01 basis=AUFENTHG_25B", "in_time 2023-12-01 f6"),
        ("TitleApplied 2023-12-01", "in_time 2023-12-01 f6"),
        ("TitleApplied 2024-02-01 basis=AUFENTHG_25A", "late 2024-02-01 f6"),
        ("TitleGranted 2023-12-01 basis=AUFENTHG_25B", "in_time 2023-12-01 f6"),
        ("TitleGranted 2023-12-01 basis=AUFENTHG_25_5", "cancelled 2023-12-01"),
        ("LivelihoodLost 2023-12-01", "cancelled 2023-12-01"),
        ("LivelihoodSecured 2023-12-01 degree=partial", "cancelled 2023-12-01"),
        ("ConvictionRecorded 2023-12-01 months=6", "cancelled 2023-12-01"),
        ("LeftGermany 2023-12-01", "cancelled 2023-12-01"),
        ("PersonDied 2023-12-01", "cancelled 2023-12-01"),
        ("NaturalisationCertificateHandedOver 2023-12-01", "cancelled 2023-12-01"),
    ],
)
def test_a11_what_takes_or_ends_the_chance(given: Given, answer: str, row: str) -> None:
    assert given(*FULL, answer).rows("A11") == [f"2023-11-10 2023-11-10..2024-01-09 {row}"]


@pytest.mark.parametrize(
    "answer",
    [
        "TitleApplied 2023-12-01 basis=AUFENTHG_18A",
        "TitleApplied 2020-01-01 basis=AUFENTHG_25B",
        "ConvictionRecorded 2023-12-01 months=5",
        "ConvictionRecorded 2023-12-01 daily_rates=10",
        "BenefitGranted 2023-12-01 rechtskreis=SGB_II",
        "ToleranceIssued 2023-12-01 basis=AUFENTHG_60A",
    ],
)
def test_a11_what_leaves_the_chance_as_it_is(given: Given, answer: str) -> None:
    assert given(*FULL, answer).rows("A11") == ["2023-11-10 2023-11-10..2024-01-09"]


def test_a11_a_pending_application_leaves_no_chance_a_refused_one_does(given: Given) -> None:
    applied = "TitleApplied 2022-06-01 basis=AUFENTHG_25B"
    assert given(*FULL, applied).rows("A11") == []
    assert given(*FULL, applied, "TitleRefused 2023-11-11").rows("A11") == []
    refused = given(*FULL, applied, "TitleRefused 2023-11-10")
    assert refused.rows("A11") == ["2023-11-10 2023-11-10..2024-01-09"]


def test_a11_a_livelihood_told_as_full_ends_with_a_benefit_a_lesser_one_does_not(
    given: Given,
) -> None:
    benefit = "BenefitGranted 2023-12-01 rechtskreis=SGB_II"
    full = given(*without(INCOME), "LivelihoodSecured 2023-03-01 degree=full", benefit)
    assert full.rows("A11") == ["2023-11-10 2023-11-10..2024-01-09 cancelled 2023-12-01"]
    training = given(*FULL, "BenefitGranted 2023-12-01 rechtskreis=SGB_III")
    assert training.only("A11").closes_on is None


def test_d8_a11_a_correction_recomputes_everything(given: Given) -> None:
    correction = 'EventCorrected 2024-03-01 target=f1 attributes={"entry_date":"2018-03-05"}'
    past = given(*FULL, correction)
    assert past.only("A11").begins_on == date(2024, 3, 5)
    assert past.only("A11", known_at="2024-02-29").begins_on == date(2023, 11, 10)
    retracted = given(*FULL, "EventRetracted 2024-03-01 target=f4")
    assert retracted.only("A11").kind is Kind.DATA


def test_d7_a11_a_proof_recorded_late_opens_the_chance_from_its_own_day(given: Given) -> None:
    past = given(*without(A2), "LanguageTestTaken 2021-06-01 result=A2 @2024-05-02")
    assert past.only("A11", known_at="2024-05-01").kind is Kind.DATA
    assert past.only("A11").begins_on == date(2023, 11, 10)


def test_d21_a11_says_which_item_is_unmet(given: Given) -> None:
    view = read(given(*without(A2), "LanguageTestTaken 2021-06-01 result=A1").told)
    standing = why(view, RULES["A11"], date(2024, 2, 1))
    assert any("A2" in one.text.de for one in findings(standing, view, date(2024, 2, 1)))


# A12

YOUNG = (
    "JourneyStarted 2018-03-01",
    "PersonIdentified 2018-03-01 birth_date=2000-02-29",
    "EntryRegistered 2018-03-01",
    "ToleranceIssued 2021-02-05 basis=AUFENTHG_60A",
    "SchoolCertificateObtained 2021-07-01 kind=HSA10",
)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2026-02-27", State.NOT_APPLICABLE),
        ("2026-02-28", State.DUE),
        ("2027-02-28", State.DUE),
        ("2027-03-01", State.OPEN),
    ],
)
def test_a12_warns_a_year_before_the_27th_birthday_also_of_a_leapling(
    given: Given, day: str, state: State
) -> None:
    past = given(*YOUNG)
    assert past.state("A12", day) is state
    one = past.only("A12")
    assert one.severity is Severity.HIGH
    assert one.consequence.code == "chance_lapsed"
    assert one.consequence.since == date(2027, 3, 1)


def test_d3_a12_a_year_of_birth_gives_the_earliest_warning_and_the_latest_end(given: Given) -> None:
    lines = ("JourneyStarted 2018-03-01 birth_year=2000", *YOUNG[2:])
    one = given(*lines).only("A12")
    assert (one.begins_on, one.due_on) == (date(2025, 12, 31), date(2027, 12, 30))
    assert one.certainty is Certainty.POSSIBLY


def test_d16_a12_until_2022_the_age_limit_was_21_and_four_years_were_asked_for(
    given: Given,
) -> None:
    past = given(
        "PersonIdentified 2016-01-01 birth_date=2001-05-10",
        "EntryRegistered 2016-06-01",
        "ToleranceIssued 2018-01-01",
        "SchoolCertificateObtained 2019-07-01 kind=HSA9",
    )
    assert past.rows("A12") == [
        "2021-05-09 2021-05-09..2022-05-09 rule_change 2022-12-31",
        "2027-05-10 2027-05-10..2028-05-09",
    ]


def test_d16_a12_the_new_age_limit_opens_what_was_lapsed(given: Given) -> None:
    past = given(
        "PersonIdentified 2016-01-01 birth_date=1996-05-10",
        "EntryRegistered 2012-06-01",
        "ToleranceIssued 2013-01-01",
        "SchoolCertificateObtained 2013-07-01 kind=HSA9",
    )
    first, second = past.intervals("A12")
    assert first.closed_by is ClosedBy.RULE_CHANGE
    assert first.consequence is None
    assert (second.begins_on, second.due_on) == (date(2022, 12, 31), date(2023, 5, 9))


@pytest.mark.parametrize(
    ("duldung", "first"),
    [
        ("ToleranceIssued 2026-04-01", "2027-02-28"),
        ("ToleranceIssued 2025-06-10", "2026-06-10"),
        ("TitleGranted 2026-06-10 basis=AUFENTHG_104C", "2026-06-10"),
        ("AsylumDecisionIssued 2025-06-10 outcome=abgelehnt final_on=2025-06-10", "2026-06-10"),
    ],
)
def test_a12_asks_for_twelve_months_of_toleration_or_the_chance_title(
    given: Given, duldung: str, first: str
) -> None:
    past = given(*YOUNG[:3], duldung, YOUNG[4])
    found = past.intervals("A12")
    if duldung.endswith("2026-04-01"):
        assert found == ()
    else:
        assert found[0].begins_on == date.fromisoformat(first)


@pytest.mark.parametrize(
    ("school", "kinds"),
    [
        (("SchoolCertificateObtained 2021-07-01 kind=HSA10 origin=de",), [Kind.GAP]),
        (("TrainingCompleted 2021-07-01",), [Kind.GAP]),
        (("SchoolStarted 2023-02-28 form=BK",), [Kind.GAP]),
        (("SchoolChanged 2023-02-28 form=BK",), [Kind.GAP]),
        (("SchoolStarted 2023-02-28 form=BK", "SchoolLeft 2025-12-01"), []),
        (("SchoolStarted 2023-02-28 form=BK", "SchoolLeft 2026-04-01"), [Kind.GAP]),
        (("SchoolLeft -",), []),
        (("SchoolStarted 2018-02-28 form=GS child_ref=x",), [Kind.DATA]),
        (("SchoolCertificateObtained 2021-07-01 origin=foreign_equivalent",), [Kind.DATA]),
        ((), [Kind.DATA]),
    ],
)
def test_a12_a_certificate_or_three_years_of_a_school_that_still_goes_on(
    given: Given, school: tuple[str, ...], kinds: list[Kind]
) -> None:
    past = given(*YOUNG[:4], *school)
    assert [one.kind for one in past.intervals("A12")] == kinds


def test_a12_leaving_school_without_a_certificate_ends_the_chance(given: Given) -> None:
    past = given(*YOUNG[:4], "SchoolStarted 2023-02-28 form=BK", "SchoolLeft 2026-04-01")
    assert past.rows("A12") == ["2026-02-28 2026-02-28..2027-02-28 cancelled 2026-04-01"]


def test_d17_a12_without_a_birth_date_there_is_a_row_without_a_day(given: Given) -> None:
    past = given(*YOUNG[2:])
    assert past.rows("A12") == ["data 2022-03-01 2022-03-01.."]
    said = explain(past.only("A12"), read(past.told), date(2025, 1, 1))
    assert "die Angabe „Geburtsdatum“ fehlt" in said.de


@pytest.mark.parametrize(
    ("answer", "by"),
    [
        ("TitleApplied 2026-03-01 basis=AUFENTHG_25A", ClosedBy.IN_TIME),
        ("TitleApplied 2027-02-28 basis=AUFENTHG_25B", ClosedBy.IN_TIME),
        ("TitleApplied 2027-03-01", ClosedBy.LATE),
        ("TitleGranted 2026-03-01 basis=AUFENTHG_25_5", ClosedBy.CANCELLED),
        ("LeftGermany 2026-03-01", ClosedBy.CANCELLED),
    ],
)
def test_a12_what_closes_it(given: Given, answer: str, by: ClosedBy) -> None:
    assert given(*YOUNG, answer).only("A12").closed_by is by


def test_a12_applied_for_before_the_warning_there_is_never_an_instance(given: Given) -> None:
    assert given(*YOUNG, "TitleApplied 2025-03-01 basis=AUFENTHG_25A").rows("A12") == []


def test_a12_conditions_full_only_after_the_birthday_make_none(given: Given) -> None:
    school = ("SchoolLeft 2020-01-01", "SchoolCertificateObtained 2027-03-01")
    view = read(given(*YOUNG[:4], *school).told)
    standing = why(view, RULES["A12"], date(2027, 5, 1))
    assert standing.instances == ()
    assert any("Altersgrenze" in one.text.de for one in findings(standing, view, date(2027, 5, 1)))


def test_a12_time_under_60b_delays_the_twelve_months(given: Given) -> None:
    past = given(
        *YOUNG[:3],
        "ToleranceIssued 2025-05-01 basis=AUFENTHG_60A",
        "ToleranceIssued 2025-07-01 basis=AUFENTHG_60B",
        "ToleranceIssued 2025-07-11 basis=AUFENTHG_60A",
        YOUNG[4],
    )
    assert past.only("A12").begins_on == date(2026, 5, 11)


# A13

WORK = "ToleranceIssued 2023-08-31 basis=AUFENTHG_60D"


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2025-10-30", State.NOT_APPLICABLE),
        ("2025-10-31", State.DUE),
        ("2026-02-28", State.DUE),
        ("2026-03-01", State.OPEN),
    ],
)
def test_a13_warns_120_days_before_the_thirty_months_are_full(
    given: Given, day: str, state: State
) -> None:
    past = given(WORK)
    assert past.state("A13", day) is state
    assert past.only("A13").severity is Severity.HIGH


@pytest.mark.parametrize(
    ("answer", "row"),
    [
        ("TitleApplied 2026-01-10 basis=AUFENTHG_25B", "in_time 2026-01-10 f2"),
        ("TitleApplied 2026-01-10", "in_time 2026-01-10 f2"),
        ("TitleGranted 2026-03-10 basis=AUFENTHG_25B", "late 2026-03-10 f2"),
        ("TitleGranted 2026-01-10 basis=AUFENTHG_18A", "cancelled 2026-01-10 f2"),
        ("TitleGranted 2026-01-10", "cancelled 2026-01-10 f2"),
        ("ToleranceIssued 2026-01-10 basis=AUFENTHG_60A", "cancelled 2026-01-10 f2"),
        ("EmploymentEnded 2026-01-10", "cancelled 2026-01-10 f2"),
        ("NaturalisationCertificateHandedOver 2026-01-10", "cancelled 2026-01-10 f2"),
    ],
)
def test_a13_what_closes_it(given: Given, answer: str, row: str) -> None:
    assert given(WORK, answer).rows("A13") == [f"f1 2025-10-31..2026-02-28 {row}"]


@pytest.mark.parametrize(
    "lines",
    [
        ("ToleranceIssued 2024-08-31 basis=AUFENTHG_60D",),
        ("ToleranceIssued 2024-08-31",),
        ("TitleApplied 2026-01-10 basis=AUFENTHG_18A",),
        ("EmploymentEnded 2024-05-31", "EmploymentStarted 2024-07-01"),
        ("EmploymentStarted 2023-01-01 employer=b", "EmploymentEnded 2026-01-10 employer=a"),
    ],
)
def test_a13_a_renewal_and_a_change_of_job_leave_it(given: Given, lines: tuple[str, ...]) -> None:
    rows = given(WORK, *lines).rows("A13")
    assert rows == ["f1 2025-10-31..2026-02-28"]


def test_a13_a_new_run_of_such_a_duldung_begins_anew(given: Given) -> None:
    past = given(
        WORK,
        "ToleranceIssued 2024-01-10 basis=AUFENTHG_60A",
        "ToleranceIssued 2024-03-10 basis=AUFENTHG_60D",
    )
    assert past.rows("A13") == ["f3 2026-05-13..2026-09-10"]


def test_d16_a13_before_2020_there_is_none(given: Given) -> None:
    assert given("ToleranceIssued 2019-12-31 basis=AUFENTHG_60D").rows("A13") == []
    assert given("ToleranceIssued 2020-01-01 basis=AUFENTHG_60D").rows("A13") != []


def test_g6_a13_a_month_gives_the_earliest_warning_and_the_latest_end(given: Given) -> None:
    one = given("ToleranceIssued 2023-08 basis=AUFENTHG_60D").only("A13")
    assert (one.begins_on, one.due_on) == (date(2025, 10, 4), date(2026, 2, 28))
    assert one.certainty is Certainty.POSSIBLY


# A31

LONG = ("EntryRegistered 2017-10-31", "ToleranceIssued 2020-02-05")


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2022-12-30", State.NOT_APPLICABLE),
        ("2022-12-31", State.DUE),
        ("2023-03-01", State.DUE),
        ("2023-03-02", State.OPEN),
        ("2025-12-31", State.OPEN),
        ("2026-01-01", State.CLOSED),
    ],
)
def test_w38_a31_is_a_chance_while_the_law_grants_it(given: Given, day: str, state: State) -> None:
    past = given(*LONG)
    assert past.state("A31", day) is state
    one = past.only("A31")
    assert one.kind is Kind.CHANCE
    assert one.closed_by is ClosedBy.RULE_CHANGE


@pytest.mark.parametrize(
    ("entry", "applies"), [("2017-10-31", True), ("2017-11-01", False), ("2012", True)]
)
def test_w38_a31_asks_for_five_years_on_the_key_date(
    given: Given, entry: str, applies: bool
) -> None:
    assert bool(given(f"EntryRegistered {entry}", LONG[1]).rows("A31")) is applies


def test_w38_a31_who_becomes_tolerated_later_has_the_chance_from_then(given: Given) -> None:
    past = given(LONG[0], "ToleranceIssued 2025-11-20")
    assert past.rows("A31") == ["2025-11-20 2025-11-20..2026-01-19 rule_change 2026-01-01"]
    assert given(LONG[0], "ToleranceIssued 2026-01-01").rows("A31") == []


@pytest.mark.parametrize(
    ("lines", "row"),
    [
        (("TitleApplied 2023-02-01 basis=AUFENTHG_104C",), "in_time 2023-02-01 f3"),
        (("TitleApplied 2023-02-01",), "in_time 2023-02-01 f3"),
        (("TitleGranted 2023-04-01 basis=AUFENTHG_104C",), "late 2023-04-01 f3"),
        (("TitleGranted 2023-02-01 basis=AUFENTHG_18A",), "cancelled 2023-02-01"),
        (("ConvictionRecorded 2023-02-01 daily_rates=91",), "cancelled 2023-02-01"),
        (("ConvictionRecorded 2023-02-01 months=1",), "cancelled 2023-02-01"),
        (
            (
                "ConvictionRecorded 2022-11-01 daily_rates=50",
                "ConvictionRecorded 2023-02-01 daily_rates=41",
            ),
            "cancelled 2023-02-01",
        ),
        (("ConvictionRecorded 2022-11-01 daily_rates=90",), "rule_change 2026-01-01"),
    ],
)
def test_w38_a31_what_takes_excludes_or_ends_it(
    given: Given, lines: tuple[str, ...], row: str
) -> None:
    assert given(*LONG, *lines).rows("A31") == [f"2022-12-31 2022-12-31..2023-03-01 {row}"]


def test_w38_a31_convicted_before_there_is_none(given: Given) -> None:
    assert given(*LONG, "ConvictionRecorded 2022-11-01 daily_rates=91").rows("A31") == []


def test_w38_a31_who_was_not_here_on_the_key_date_has_none(given: Given) -> None:
    lines = ("LeftGermany 2021-05-01", "ToleranceIssued 2023-05-01")
    assert given(*LONG, *lines).rows("A31") == []


def test_g3_a13_only_a_newer_paper_takes_its_place(given: Given) -> None:
    past = given(
        "ToleranceIssued 2023-08-20 basis=AUFENTHG_60A",
        "ToleranceIssued 2023-08 basis=AUFENTHG_60D",
    )
    assert past.only("A13").closes_on is None


def test_g3_a11_a_title_from_before_the_status_takes_nothing(given: Given) -> None:
    earlier = "TitleGranted 2018-01-10 basis=AUFENTHG_25B valid_until=2020-01-09"
    assert given(ENTRY, earlier, *FULL[1:]).only("A11").closes_on is None
