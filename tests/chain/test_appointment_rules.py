"""L08: a missed appointment at the Jobcenter or the agency."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.explanation import explain
from domain.chain.intervals import Responsible, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]

MISSED = "JobcenterAppointmentMissed 2026-04-16"
SINCE_JULY = "JobcenterAppointmentMissed 2026-07-0"


def test_l08_is_due_through_the_third_working_day(given: Given) -> None:
    past = given(MISSED)
    assert past.rows("L08") == ["f1 2026-04-16..2026-04-21"]
    assert past.state("L08", "2026-04-21") is State.DUE
    assert past.state("L08", "2026-04-22") is State.OPEN


def test_l08_holidays_of_the_land_are_no_working_days(given: Given) -> None:
    assert given("JobcenterAppointmentMissed 2025-04-17").rows("L08") == [
        "f1 2025-04-17..2025-04-24"
    ]


def test_w19_c36_an_appointment_made_is_none_missed(given: Given) -> None:
    past = given("JobcenterAppointmentScheduled 2010-09-09 on=2010-12-01")
    assert past.rows("L08") == []


def test_w19_l08_the_agency_counts_as_well_and_costs_a_week(given: Given) -> None:
    past = given(f"{MISSED} issuer=BA")
    one = past.only("L08")
    assert Responsible.EMPLOYMENT_AGENCY in one.responsible
    assert Responsible.JOBCENTER not in one.responsible
    said = explain(one, read(past.told), date(2026, 4, 17))
    assert "eine Sperrzeit von einer Woche" in said.de
    assert "a week without benefit" in said.en


def test_l08_a_talk_settles_it_a_missed_one_does_not(given: Given) -> None:
    assert given(MISSED, "ContactHeld 2026-04-21").rows("L08") == [
        "f1 2026-04-16..2026-04-21 in_time 2026-04-21 f2"
    ]
    assert given(MISSED, "ContactHeld 2026-04-22").rows("L08") == [
        "f1 2026-04-16..2026-04-21 late 2026-04-22 f2"
    ]
    assert given(MISSED, "ContactHeld 2026-04-17 no_show=true").rows("L08") == [
        "f1 2026-04-16..2026-04-21"
    ]


@pytest.mark.parametrize(("told", "rows"), [("true", 0), ("false", 1), ("null", 1)])
def test_l08_an_excused_appointment_makes_none(given: Given, told: str, rows: int) -> None:
    assert len(given(f"{MISSED} excused={told}").rows("L08")) == rows


def severities(past: Any) -> list[Severity]:
    return [one.severity for one in past.intervals("L08")]


def test_l08_before_july_2026_the_second_miss_weighs_as_the_first(given: Given) -> None:
    past = given("JobcenterAppointmentMissed 2026-06-01", "JobcenterAppointmentMissed 2026-06-30")
    assert severities(past) == [Severity.HIGH, Severity.HIGH]
    said = explain(past.intervals("L08")[1], read(past.told), date(2026, 7, 1))
    assert "eine Minderung der Leistung" in said.de


def test_d16_l08_since_july_2026_the_second_costs_a_third_and_the_third_all(
    given: Given,
) -> None:
    past = given(f"{SINCE_JULY}1", f"{SINCE_JULY}6", f"{SINCE_JULY}8")
    assert severities(past) == [Severity.HIGH, Severity.CRITICAL, Severity.CRITICAL]
    words = [explain(one, read(past.told), date(2026, 7, 9)).en for one in past.intervals("L08")]
    assert "a cut of the benefit" in words[0]
    assert "a cut of 30 % for a month" in words[1]
    assert "the loss of the benefit" in words[2]


def test_l08_the_number_told_stands_above_the_count(given: Given) -> None:
    assert severities(given(f"{SINCE_JULY}1 count_in_row=3")) == [Severity.CRITICAL]
    past = given(f"{SINCE_JULY}1 count_in_row=2", f"{SINCE_JULY}6")
    assert "the loss" in explain(past.intervals("L08")[1], read(past.told), date(2026, 7, 9)).en
    past = given(f"{SINCE_JULY}1", f"{SINCE_JULY}6 count_in_row=1")
    assert severities(past)[1] is Severity.HIGH


def test_l08_excused_and_other_offices_do_not_count_in_the_row(given: Given) -> None:
    past = given(f"{SINCE_JULY}1 excused=true", f"{SINCE_JULY}6")
    assert severities(past) == [Severity.HIGH]
    past = given(f"{SINCE_JULY}1 issuer=BA", f"{SINCE_JULY}6 issuer=JC")
    assert severities(past) == [Severity.HIGH, Severity.HIGH]
    past = given(f"{SINCE_JULY}1", f"{SINCE_JULY}6 issuer=JC")
    assert severities(past) == [Severity.HIGH, Severity.CRITICAL]
    past = given(f"{SINCE_JULY}1 issuer=BA", f"{SINCE_JULY}6 issuer=BA")
    assert severities(past) == [Severity.HIGH, Severity.HIGH]


@pytest.mark.parametrize(
    ("first", "severity"),
    [("2025-07-06", Severity.CRITICAL), ("2025-07-05", Severity.HIGH)],
)
def test_l08_a_miss_more_than_a_year_ago_does_not_count_in_the_row(
    given: Given, first: str, severity: Severity
) -> None:
    past = given(f"JobcenterAppointmentMissed {first}", f"{SINCE_JULY}6")
    assert severities(past)[1] is severity


def test_d6_l08_the_next_miss_supersedes(given: Given) -> None:
    past = given(MISSED, "JobcenterAppointmentMissed 2026-04-20")
    assert past.rows("L08")[0] == "f1 2026-04-16..2026-04-21 superseded 2026-04-20 f2"
