"""The stay on the way to naturalisation: lawful stretches, clocks, absences; N03, N09, N11."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.checklists.lawful_stay import lawful_on, lawful_spans
from domain.chain.derived import Derived
from domain.chain.explanation import explain
from domain.chain.intervals import Certainty, ClosedBy, Consequence, Kind, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]


def lawful(past: Any) -> list[str]:
    return [f"{one.first}..{one.last or ''}" for one in lawful_spans(Derived(read(past.told)))]


def clocks(past: Any) -> list[str]:
    found = Derived(read(past.told)).clocks
    return [f"{one.fact.id} {one.first}..{one.last or ''}" for one in found]


# lawful stay

ASYLUM = ("AsylumApplicationFiled 2015-10-01", "AsylumDecisionIssued 2017-02-20")


@pytest.mark.parametrize("outcome", ["asyl", "fluechtling", "subsidiaer"])
def test_the_asylum_procedure_counts_once_international_protection_is_granted(
    given: Given, outcome: str
) -> None:
    past = given(ASYLUM[0], f"{ASYLUM[1]} outcome={outcome}")
    assert lawful(past) == ["2015-10-01.."]


def test_a_ban_on_deportation_makes_neither_the_procedure_nor_the_wait_lawful(given: Given) -> None:
    past = given(
        ASYLUM[0],
        f"{ASYLUM[1]} outcome=abschiebungsverbot",
        "TitleGranted 2017-06-01 basis=AUFENTHG_25_3",
    )
    assert lawful(past) == ["2017-06-01.."]


@pytest.mark.parametrize(
    ("basis", "first"),
    [
        ("AUFENTHG_25_1", "2015-10-01"),
        ("AUFENTHG_25_2_FL", "2015-10-01"),
        ("AUFENTHG_25_2_SUB", "2015-10-01"),
        ("AUFENTHG_25_3", "2017-06-01"),
        ("AUFENTHG_28", "2017-06-01"),
    ],
)
def test_a_title_that_rests_on_protection_makes_the_procedure_count(
    given: Given, basis: str, first: str
) -> None:
    past = given(ASYLUM[0], f"TitleGranted 2017-06-01 basis={basis}")
    assert lawful(past) == [f"{first}.."]


def test_a_procedure_without_an_outcome_or_refused_does_not_count(given: Given) -> None:
    assert lawful(given(ASYLUM[0])) == []
    refused = given(
        ASYLUM[0],
        f"{ASYLUM[1]} outcome=abgelehnt final_on=2017-03-20",
        "TitleGranted 2019-06-01 basis=AUFENTHG_25B",
    )
    assert lawful(refused) == ["2019-06-01.."]


def test_a_duldung_is_no_lawful_stay(given: Given) -> None:
    assert lawful(given("ToleranceIssued 2017-06-01")) == []


def test_an_application_in_time_keeps_the_stay_lawful_until_the_next_title(given: Given) -> None:
    past = given(
        "TitleGranted 2018-03-15 basis=AUFENTHG_18A valid_until=2020-03-14",
        "TitleApplied 2020-03-01",
        "TitleGranted 2020-09-01 basis=AUFENTHG_18A valid_until=2023-08-31",
    )
    assert lawful(past) == ["2018-03-15..2023-08-31"]


RAN_OUT = "TitleGranted 2018-03-15 basis=AUFENTHG_18A valid_until=2020-03-14"


@pytest.mark.parametrize(
    ("following", "spans"),
    [
        (("TitleGranted 2020-09-01 basis=AUFENTHG_18A",), ["2018-03-15.."]),
        (
            ("TitleApplied 2020-04-01", "TitleGranted 2020-09-01 basis=AUFENTHG_18A"),
            ["2018-03-15.."],
        ),
        (("ContinuationOrdered 2020-05-01",), ["2018-03-15.."]),
        (
            (
                "TitleApplied 2020-04-01",
                "TitleRefused 2020-06-01",
                "TitleGranted 2020-09-01 basis=AUFENTHG_18A",
            ),
            ["2018-03-15..2020-03-14", "2020-09-01.."],
        ),
        (
            ("ToleranceIssued 2020-05-01", "TitleGranted 2020-09-01 basis=AUFENTHG_18A"),
            ["2018-03-15..2020-03-14", "2020-09-01.."],
        ),
        (
            ("AsylumDecisionIssued 2020-09-01 outcome=fluechtling",),
            ["2018-03-15..2020-03-14", "2020-09-01.."],
        ),
        ((), ["2018-03-15..2020-03-14"]),
    ],
)
def test_w27_a_gap_is_harmless_if_only_the_next_title_was_not_applied_for_in_time(
    given: Given, following: tuple[str, ...], spans: list[str]
) -> None:
    assert lawful(given(RAN_OUT, *following)) == spans


def test_w27_a_gap_longer_than_the_stay_before_it_is_not_harmless(given: Given) -> None:
    # 731 days of stay; the gap from 15 March 2020 through 15 March 2022 has as many, a day more has more
    as_long = given(RAN_OUT, "TitleGranted 2022-03-16 basis=AUFENTHG_18A")
    longer = given(RAN_OUT, "TitleGranted 2022-03-17 basis=AUFENTHG_18A")
    assert lawful(as_long) == ["2018-03-15.."]
    assert lawful(longer) == ["2018-03-15..2020-03-14", "2022-03-17.."]


@pytest.mark.parametrize("loss", ["TitleRevoked", "TitleExpired"])
def test_w27_a_title_lost_is_no_harmless_gap(given: Given, loss: str) -> None:
    past = given(RAN_OUT, f"{loss} 2019-05-01", "TitleGranted 2019-06-01 basis=AUFENTHG_18A")
    assert lawful(past) == ["2018-03-15..2019-04-30", "2019-06-01.."]


def test_leaving_ends_the_stay_and_a_new_title_begins_another(given: Given) -> None:
    past = given(
        "TitleGranted 2018-03-15 basis=AUFENTHG_9",
        "LeftGermany 2019-05-01",
        "TitleGranted 2021-06-01 basis=AUFENTHG_18A",
    )
    assert lawful(past) == ["2018-03-15..2019-04-30", "2021-06-01.."]


def test_the_lawful_stretch_of_a_day_names_the_facts_on_which_it_rests(given: Given) -> None:
    journey = Derived(read(given(RAN_OUT, "TitleGranted 2020-09-01 basis=AUFENTHG_18A").told))
    found = lawful_on(journey, date(2020, 5, 1))
    assert found is not None
    assert [one.id for one in found.facts] == ["f1", "f2"]
    assert lawful_on(journey, date(2018, 3, 14)) is None


# N09 and the absences

PERMANENT = "TitleGranted 2015-01-10 basis=AUFENTHG_9"


@pytest.mark.parametrize(
    ("absence", "row"),
    [
        ("2021-02-01", "f1 2021-02-01..2021-08-01"),
        ("2021-02-01 until=2021-07-31", "f1 2021-02-01..2021-08-01 in_time 2021-08-01 f1"),
        ("2021-02-01 until=2021-08-01", "f1 2021-02-01..2021-08-01 in_time 2021-08-01 f1"),
        ("2021-02-01 until=2021-09-01", "f1 2021-02-01..2021-08-01 late 2021-09-02 f1"),
        ("2021-02-01 until=2021-08-02", "f1 2021-02-01..2021-08-01 late 2021-08-03 f1"),
        (
            "2021-02-01 until=2021-12-31 allowed_until=2021-12-31",
            "f1 2021-02-01..2021-12-31 in_time 2021-12-31 f1",
        ),
        ("2021-08-31 until=2022-02-27", "f1 2021-08-31..2022-02-28 in_time 2022-02-28 f1"),
        (
            "2021-12-31 from=2021-02-01 until=2021-09-01",
            "f1 2021-02-01..2021-08-01 late 2021-09-02 f1",
        ),
        ("2021", "f1 2021-12-31..2022-06-30"),
    ],
)
def test_n09_six_months_abroad_are_harmless(given: Given, absence: str, row: str) -> None:
    assert given(f"AbsenceAbroadRecorded {absence}").rows("N09") == [row]


def test_n09_is_due_while_abroad_open_after_six_months_and_leaves_an_interruption(
    given: Given,
) -> None:
    past = given("AbsenceAbroadRecorded 2021-02-01 until=2021-09-01")
    states = {day: past.state("N09", day) for day in ("2021-01-31", "2021-02-01", "2021-08-01")}
    assert list(states.values()) == [State.NOT_APPLICABLE, State.DUE, State.DUE]
    assert past.state("N09", "2021-08-02") is State.OPEN
    assert past.state("N09", "2021-09-01") is State.OPEN
    assert past.state("N09", "2021-09-02") is State.CLOSED
    one = past.only("N09")
    assert one.consequence == Consequence("residence_interrupted", date(2021, 8, 2))
    assert one.severity is Severity.MEDIUM
    assert "unterbrochen seit 02.08.2021" in explain(one, read(past.told), date(2022, 1, 1)).de


def test_n09_back_on_the_first_day_after_six_months_it_was_never_open(given: Given) -> None:
    one = given("AbsenceAbroadRecorded 2021-02-01 until=2021-08-01").only("N09")
    assert not one.was_open
    assert one.consequence is None


@pytest.mark.parametrize(
    ("back", "closes"),
    [
        ("EntryRegistered 2021-06-10", True),
        ("AddressRegistered 2021-06-10", True),
        ("AddressChanged 2021-06-10", True),
        ("ContactHeld 2021-06-10", True),
        ("ContactHeld 2021-06-10 channel=office", True),
        ("ContactHeld 2021-06-10 channel=video", False),
        ("ContactHeld 2021-06-10 no_show=true", False),
        ("ContactHeld 2021-02-01", False),
        ("AbsenceAbroadRecorded 2021-06-10 until=2021-06-20", True),
        ("NoteTaken 2021-06-10", False),
    ],
)
def test_n09_without_an_end_the_next_fact_that_shows_the_person_here_is_the_return(
    given: Given, back: str, closes: bool
) -> None:
    past = given("AbsenceAbroadRecorded 2021-02-01", back)
    first = past.rows("N09")[0]
    expected = "f1 2021-02-01..2021-08-01"
    assert first == (f"{expected} in_time 2021-06-10 f2" if closes else expected)


def test_n09_the_period_of_the_office_takes_the_place_of_the_six_months(given: Given) -> None:
    past = given("AbsenceAbroadRecorded 2021-02-01 until=2021-11-30 allowed_until=2021-12-31")
    assert past.rows("N09") == ["f1 2021-02-01..2021-12-31 in_time 2021-12-01 f1"]
    shorter = given("AbsenceAbroadRecorded 2021-02-01 allowed_until=2021-03-31")
    assert shorter.rows("N09") == ["f1 2021-02-01..2021-08-01"]


def test_g6_n09_a_period_allowed_through_a_month_ends_possibly_on_its_last_day(
    given: Given,
) -> None:
    past = given("AbsenceAbroadRecorded 2021-02-01 allowed_until=2021-12")
    assert past.rows("N09") == ["f1 2021-02-01..2021-12-31"]
    assert past.only("N09").certainty == "possibly"


def test_n09_an_absence_that_ends_before_it_begins_is_none(given: Given) -> None:
    assert given("AbsenceAbroadRecorded 2021-02-01 until=2021-01-20").intervals("N09") == ()


@pytest.mark.parametrize(
    ("absence", "certainty"),
    [
        ("2021-02-01", Certainty.CERTAINLY),
        ("2021-02-01 until=2021-09", Certainty.POSSIBLY),
        ("2021-02", Certainty.POSSIBLY),
        ("2021-02 from=2021-02-03", Certainty.CERTAINLY),
        ("- @2021-03-01", Certainty.POSSIBLY),
    ],
)
def test_d3_n09_a_partial_day_makes_it_possible_only(
    given: Given, absence: str, certainty: Certainty
) -> None:
    assert given(f"AbsenceAbroadRecorded {absence}").only("N09").certainty is certainty


def half_years(*years: int) -> list[str]:
    """Return absences from January through June of some years: 181 days each, 182 in a leap year."""
    return [f"AbsenceAbroadRecorded {year}-01-01 until={year}-06-30" for year in years]


def test_n09_more_than_half_of_the_required_time_abroad_interrupts_as_well(given: Given) -> None:
    # by 1 January 2030: 181 + 181 + 182 + 181 + 181 = 906 of at most 912 days in five years
    past = given(PERMANENT, *half_years(2026, 2027, 2028, 2029, 2030))
    assert past.rows("N09")[-1] == "f6 2030-01-01..2030-07-01 in_time 2030-07-01 f6"
    assert clocks(past) == ["f1 2015-01-10.."]


def test_n09_the_second_key_opens_on_the_first_day_beyond_half(given: Given) -> None:
    # 906 days in the five years that end on 30 June 2030; the 913th is the seventh of another trip
    past = given(
        PERMANENT,
        *half_years(2026, 2027, 2028, 2029, 2030),
        "AbsenceAbroadRecorded 2030-07-10 until=2030-08-31",
    )
    (half,) = [one for one in past.intervals("N09") if one.key == "f7+half"]
    assert (half.begins_on, half.due_on) == (date(2030, 7, 16), date(2030, 7, 15))
    assert (half.closed_by, half.closes_on) == (ClosedBy.LATE, date(2030, 9, 1))
    assert half.consequence == Consequence("residence_interrupted", date(2030, 7, 16))
    assert half.evidence == ("f7", "f2", "f3", "f4", "f5", "f6")
    assert clocks(past) == ["f1 2015-01-10..2030-07-15", "f7 2030-09-01.."]


def test_w10_n09_until_june_2024_half_of_eight_years_was_allowed(given: Given) -> None:
    # 878 days by the end of 2023; the 913th on 4 June 2024 is too many of five years, not of eight
    trips = [
        *half_years(2020, 2021, 2022, 2023),
        "AbsenceAbroadRecorded 2023-08-01 until=2023-12-31",
    ]
    before = given(PERMANENT, *trips, "AbsenceAbroadRecorded 2024-05-01 until=2024-06-26")
    since = given(PERMANENT, *trips, "AbsenceAbroadRecorded 2024-05-01 until=2024-07-31")
    assert not [one for one in before.intervals("N09") if "half" in one.key]
    (half,) = [one for one in since.intervals("N09") if "half" in one.key]
    assert half.begins_on == date(2024, 6, 27)


def test_n09_the_days_abroad_are_counted_in_the_years_that_end_on_the_day(given: Given) -> None:
    # of 2026 only what lies in the five years counts any more
    past = given(PERMANENT, *half_years(2026, 2027, 2028, 2029, 2030, 2031))
    assert not [one for one in past.intervals("N09") if "half" in one.key]


# clocks


def test_an_absence_that_is_too_long_begins_the_clock_anew(given: Given) -> None:
    past = given(PERMANENT, "AbsenceAbroadRecorded 2018-02-01 until=2018-09-01")
    assert clocks(past) == ["f1 2015-01-10..2018-08-01", "f2 2018-09-02.."]


@pytest.mark.parametrize(
    "absence",
    ["2018-02-01 until=2018-08-01", "2018-02-01 until=2018-12-01 allowed_until=2018-12-31"],
)
def test_a_harmless_absence_leaves_the_clock_running(given: Given, absence: str) -> None:
    past = given(PERMANENT, f"AbsenceAbroadRecorded {absence}")
    assert clocks(past) == ["f1 2015-01-10.."]


@pytest.mark.parametrize(
    ("allowed", "last"), [("", "2018-08-01"), (" allowed_until=2018-12-31", "2018-12-31")]
)
def test_an_absence_without_a_known_end_stops_the_clock_after_the_time_allowed(
    given: Given, allowed: str, last: str
) -> None:
    past = given(PERMANENT, f"AbsenceAbroadRecorded 2018-02-01{allowed}")
    assert clocks(past) == [f"f1 2015-01-10..{last}"]


def test_a_gap_that_matters_begins_the_clock_anew(given: Given) -> None:
    past = given(
        RAN_OUT, "ToleranceIssued 2020-05-01", "TitleGranted 2020-09-01 basis=AUFENTHG_25B"
    )
    assert clocks(past) == ["f1 2018-03-15..2020-03-14", "f3 2020-09-01.."]


# N03

EXCLUDED = "TitleGranted 2018-03-15 basis=AUFENTHG_25_5"


def test_n03_is_due_from_48_months_on_and_open_after_54(given: Given) -> None:
    past = given(EXCLUDED)
    assert past.rows("N03") == ["f1 2022-03-15..2022-09-15"]
    assert past.state("N03", "2022-03-14") is State.NOT_APPLICABLE
    assert past.state("N03", "2022-03-15") is State.DUE
    assert past.state("N03", "2022-09-15") is State.DUE
    assert past.state("N03", "2022-09-16") is State.OPEN
    assert past.only("N03").severity is Severity.HIGH


@pytest.mark.parametrize(
    ("granted", "first", "due"),
    [
        ("2020-02-29", "2024-02-29", "2024-08-29"),
        ("2018-08-31", "2022-08-31", "2023-02-28"),
        ("2004-06-01", "2008-06-01", "2008-12-01"),
    ],
)
def test_n03_months_are_months_of_the_calendar_under_older_law_too(
    given: Given, granted: str, first: str, due: str
) -> None:
    past = given(f"TitleGranted {granted} basis=AUFENTHG_25_5")
    assert past.rows("N03") == [f"f1 {first}..{due}"]


@pytest.mark.parametrize(
    ("basis", "told"),
    [
        ("AUFENTHG_24", True),
        ("AUFENTHG_25_3", True),
        ("AUFENTHG_25_4A", True),
        ("AUFENTHG_104C", True),
        ("AUFENTHG_16B", True),
        ("AUFENTHG_20A", True),
        ("AUFENTHG_22", True),
        ("AUFENTHG_16G", False),
        ("AUFENTHG_25A", False),
        ("AUFENTHG_25B", False),
        ("AUFENTHG_25_2_SUB", False),
        ("AUFENTHG_18A", False),
        ("AUFENTHG_23_1", False),
        ("AUFENTHG_28", False),
        ("AUFENTHG_9", False),
        ("FREIZUEGG_EU", False),
    ],
)
def test_n03_knows_the_titles_that_lead_nowhere(given: Given, basis: str, told: bool) -> None:
    past = given(f"TitleGranted 2024-08-01 basis={basis}")
    assert bool(past.intervals("N03")) is told


def test_d16_n03_a_title_of_the_older_list_is_told_until_its_law_ends(given: Given) -> None:
    past = given("TitleGranted 2019-08-01 basis=AUFENTHG_23_1")
    assert past.rows("N03") == ["f1 2023-08-01..2024-02-01 rule_change 2024-06-27"]


def test_n03_extensions_under_the_same_title_are_one_run(given: Given) -> None:
    past = given(
        "TitleGranted 2018-03-15 basis=AUFENTHG_25_5 valid_until=2019-03-14",
        "TitleApplied 2019-03-01",
        "TitleGranted 2019-06-01 basis=AUFENTHG_25_5 valid_until=2022-05-31",
        "TitleGranted 2022-07-01 basis=AUFENTHG_25_5",
    )
    assert past.rows("N03") == ["f1 2022-03-15..2022-09-15"]


@pytest.mark.parametrize(
    ("closing", "row"),
    [
        ("NaturalisationAdvised 2022-09-15", "in_time 2022-09-15 f2"),
        ("PrecheckCompleted 2022-09-16", "late 2022-09-16 f2"),
        ("TitleApplied 2022-05-01 basis=AUFENTHG_25B", "in_time 2022-05-01 f2"),
        ("TitleGranted 2022-05-01 basis=AUFENTHG_25B", "cancelled 2022-05-01 f2"),
        ("ToleranceIssued 2022-05-01", "cancelled 2022-05-01 f2"),
        ("TitleApplied 2022-05-01 basis=AUFENTHG_25_3", ""),
        ("TitleApplied 2022-05-01", ""),
        ("TitleRevoked 2022-05-01", "cancelled 2022-05-01 f2"),
        ("NaturalisationAdvised 2022-03-14", ""),
        ("LeftGermany 2022-05-01", "cancelled 2022-05-01 f2"),
    ],
)
def test_n03_is_answered_by_advice_or_an_application_and_cancelled_by_another_title(
    given: Given, closing: str, row: str
) -> None:
    past = given(EXCLUDED, closing)
    assert past.rows("N03") == [f"f1 2022-03-15..2022-09-15 {row}".strip()]


def test_n03_an_application_for_another_title_that_still_runs_leaves_no_instance(
    given: Given,
) -> None:
    applied = "TitleApplied 2021-05-01 basis=AUFENTHG_25B"
    assert given(EXCLUDED, applied).intervals("N03") == ()
    assert given(EXCLUDED, applied, "TitleRefused 2021-09-01").rows("N03") == [
        "f1 2022-03-15..2022-09-15"
    ]


def test_n03_another_title_before_48_months_leaves_no_instance(given: Given) -> None:
    past = given(EXCLUDED, "TitleGranted 2022-03-15 basis=AUFENTHG_25B")
    assert past.intervals("N03") == ()


def test_n03_a_wrong_title_after_a_long_stay_is_open_at_once(given: Given) -> None:
    past = given(
        "TitleGranted 2015-03-15 basis=AUFENTHG_18A", "TitleGranted 2023-05-01 basis=AUFENTHG_25_5"
    )
    assert past.rows("N03") == ["f2 2023-05-01..2023-04-30"]
    assert past.state("N03", "2023-05-01") is State.OPEN


def test_d17_n03_a_title_without_a_basis_is_a_data_row(given: Given) -> None:
    past = given("TitleGranted 2018-03-15")
    (row,) = past.data_rows("N03")
    assert (str(row.begins_on), str(row.due_on)) == ("2022-03-15", "2022-09-15")


def test_n03_a_fiktion_after_no_title_is_under_none(given: Given) -> None:
    fiction = "FictionCertificateIssued 2016-01-05"
    assert given(fiction, "TitleGranted 2026-01-05 basis=AUFENTHG_9").intervals("N03") == ()


def test_n03_a_title_that_ends_before_its_first_day_is_none_but_its_fiktion_rests_on_it(
    given: Given,
) -> None:
    title = "TitleGranted 2018-03-15 basis=AUFENTHG_25_5 valid_until=2018-03-10"
    assert given(title).intervals("N03") == ()
    past = given(title, "TitleApplied - @2018-03-02")
    assert past.rows("N03") == ["f1 2022-03-15..2022-09-15"]


def test_n03_a_fiktion_keeps_the_basis_of_the_title_before(given: Given) -> None:
    past = given(
        "TitleGranted 2015-11-14 basis=AUFENTHG_25_5 valid_until=2017-07-06",
        "ContinuationOrdered 2025-03-27",
    )
    assert past.rows("N03") == ["f1 2029-03-27..2029-09-27"]


def test_n03_the_procedure_counts_for_refugees_alone(given: Given) -> None:
    ban = given(
        ASYLUM[0],
        f"{ASYLUM[1]} outcome=abschiebungsverbot",
        "TitleGranted 2017-06-01 basis=AUFENTHG_25_3",
    )
    assert ban.rows("N03") == ["f3 2021-06-01..2021-12-01"]


def test_n03_after_a_long_absence_the_months_are_counted_anew(given: Given) -> None:
    past = given(EXCLUDED, "AbsenceAbroadRecorded 2023-02-01 until=2023-09-01")
    assert past.rows("N03") == [
        "f1 2022-03-15..2022-09-15 cancelled 2023-08-02 f2",
        "f1+2 2027-09-02..2028-03-02",
    ]


# N11


def test_n11_a_gap_is_open_as_long_as_it_lasts_and_leaves_an_interruption(given: Given) -> None:
    past = given(RAN_OUT)
    assert past.rows("N11") == ["f1 2020-03-15..2020-03-14"]
    assert past.state("N11", "2020-03-14") is State.NOT_APPLICABLE
    assert past.state("N11", "2020-03-15") is State.OPEN
    one = past.only("N11")
    assert one.consequence == Consequence("clock_interrupted", date(2020, 3, 15))
    assert (one.severity, one.kind) == (Severity.MEDIUM, Kind.GAP)


def test_w27_n11_a_harmless_gap_leaves_nothing(given: Given) -> None:
    past = given(RAN_OUT, "TitleGranted 2020-12-01 basis=AUFENTHG_18A")
    assert past.rows("N11") == ["f1 2020-03-15..2020-03-14 late 2020-12-01 f2"]
    assert past.only("N11").consequence is None
    assert past.state("N11", "2020-11-30") is State.OPEN


@pytest.mark.parametrize(
    ("facts", "row"),
    [
        (("TitleRevoked 2019-05-01",), "f2 2019-05-01..2019-04-30"),
        (
            ("TitleApplied 2020-03-01", "TitleRefused 2020-06-01"),
            "f3 2020-06-01..2020-05-31",
        ),
        (
            ("TitleRevoked 2019-05-01", "TitleGranted 2019-07-01 basis=AUFENTHG_18A"),
            "f2 2019-05-01..2019-04-30 late 2019-07-01 f3",
        ),
        (
            ("DepartureObligationArisen 2019-05-01", "RightOfFreeMovementRecorded 2019-07-01"),
            "f2 2019-05-01..2019-04-30 late 2019-07-01 f3",
        ),
        (("LeftGermany 2020-08-01",), "f1 2020-03-15..2020-03-14 cancelled 2020-08-01 f2"),
    ],
)
def test_n11_begins_with_what_ends_the_lawful_stay(
    given: Given, facts: tuple[str, ...], row: str
) -> None:
    assert given(RAN_OUT, *facts).rows("N11") == [row]


@pytest.mark.parametrize(
    "facts",
    [
        ("ToleranceIssued 2020-01-10",),
        ("TitleGranted 2018-03-15 basis=AUFENTHG_9",),
        ("TitleGranted 2018-03-15 basis=AUFENTHG_9", "LeftGermany 2019-01-01"),
        (RAN_OUT, "TitleApplied 2020-03-14"),
        (RAN_OUT, "TitleGranted 2020-03-15 basis=AUFENTHG_18A"),
        ("AbsenceAbroadRecorded 2018-03-15 until=2019-05-01",),
    ],
)
def test_w27_n11_no_gap_without_an_end_of_lawful_stay(given: Given, facts: tuple[str, ...]) -> None:
    assert given(*facts).intervals("N11") == ()


def test_n11_closes_with_the_next_lawful_status_also_after_days_of_which_nothing_is_known(
    given: Given,
) -> None:
    past = given(
        "FictionCertificateIssued 2010-01-01",
        "AsylumApplicationFiled 2011-01-01",
        "AsylumDecisionIssued 2011-06-01 final_on=2012-01-01",
        "TitleGranted 2013-01-01 basis=AUFENTHG_25_5",
    )
    assert past.rows("N11") == ["f2 2011-01-01..2010-12-31 late 2013-01-01 f4"]


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        (
            (
                "AsylumDecisionIssued 2016-12-22 outcome=fluechtling",
                "TitleGranted 2017-02-02 basis=AUFENTHG_25_2_FL valid_until=2022-06-18",
                "TitleRevoked 2017-02-02",
            ),
            "f3",
        ),
        (
            (
                "RightOfFreeMovementRecorded 2016-02-02",
                "DepartureObligationArisen 2017-02-02",
                "ToleranceIssued 2017-02-02",
            ),
            "f2",
        ),
    ],
)
def test_n11_of_several_facts_of_a_day_the_one_that_ends_the_lawful_stay_counts(
    given: Given, facts: tuple[str, ...], key: str
) -> None:
    assert given(*facts).rows("N11") == [f"{key} 2017-02-02..2017-02-01"]


def test_n11_an_order_that_the_title_continues_alone_makes_a_lawful_stay(given: Given) -> None:
    past = given(
        "DepartureObligationArisen 2021-02-23",
        "ContinuationOrdered 2023-11-24",
        "ToleranceIssued 2024-01-20",
    )
    assert past.rows("N11") == ["f3 2024-01-20..2024-01-19"]


def test_w27_n09_and_n11_are_two_things(given: Given) -> None:
    gap = given(RAN_OUT)
    absence = given(PERMANENT, "AbsenceAbroadRecorded 2018-03-15 until=2019-05-01")
    assert (gap.intervals("N09"), absence.intervals("N11")) == ((), ())


def test_d8_n11_a_title_told_late_closes_the_gap_on_its_own_day(given: Given) -> None:
    past = given(RAN_OUT, "TitleGranted 2020-03-15 basis=AUFENTHG_18A @2020-06-01")
    assert past.state("N11", "2020-05-01", known_at="2020-05-01") is State.OPEN
    assert past.intervals("N11") == ()
