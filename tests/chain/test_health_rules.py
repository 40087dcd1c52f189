"""L05 insurance after a change or a job, H01 a severe barrier without support."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.intervals import Severity, State
from domain.chain.rule import PROTECTED

Given = Callable[..., Any]

CHANGE = "RechtskreisChangeCompleted 2025-03-01 from=ASYLBLG_3 to=SGB_II"
JOB = "EmploymentStarted 2025-03-01 employment_kind=SV_VOLLZEIT employer=x"
SEVERE = "HealthBarrierReported 2025-01-31 severity=severe"


@pytest.mark.parametrize("trigger", [CHANGE, JOB, "EmploymentStarted 2025-03-01"])
def test_l05_is_due_through_the_14th_day(given: Given, trigger: str) -> None:
    past = given(trigger)
    assert past.rows("L05") == ["f1 2025-03-01..2025-03-15"]
    assert past.state("L05", "2025-03-15") is State.DUE
    assert past.state("L05", "2025-03-16") is State.OPEN


@pytest.mark.parametrize("fact", ["HealthInsuranceRegistered", "HealthCardReceived"])
def test_l05_a_registration_or_the_card_settles_it(given: Given, fact: str) -> None:
    assert given(JOB, f"{fact} 2025-03-15").rows("L05") == [
        "f1 2025-03-01..2025-03-15 in_time 2025-03-15 f2"
    ]
    assert given(JOB, f"{fact} 2025-03-16").rows("L05") == [
        "f1 2025-03-01..2025-03-15 late 2025-03-16 f2"
    ]


def test_l05_a_minijob_does_not_insure(given: Given) -> None:
    assert given("EmploymentStarted 2025-03-01 employment_kind=MINIJOB").rows("L05") == []


@pytest.mark.parametrize(
    ("kind", "trigger", "there"),
    [
        ("kind=gkv", JOB, True),
        ("kind=pkv", JOB, True),
        ("", JOB, True),
        ("kind=asylblg_schein", JOB, False),
        ("kind=aok_auftrag_264", CHANGE, False),
        ("kind=gkv", CHANGE.replace("to=SGB_II", "to=ASYLBLG_3"), False),
        ("kind=aok_auftrag_264", CHANGE.replace("to=SGB_II", "to=ASYLBLG_2"), True),
    ],
)
def test_l05_an_insurance_that_goes_on_is_there_already(
    given: Given, kind: str, trigger: str, there: bool
) -> None:
    past = given(f"HealthInsuranceRegistered 2024-01-01 {kind}", trigger)
    assert (past.rows("L05") == []) is there


def test_l05_only_the_latest_insurance_counts(given: Given) -> None:
    past = given(
        "HealthInsuranceRegistered 2023-01-01 kind=gkv",
        "HealthInsuranceRegistered 2024-01-01 kind=asylblg_schein",
        JOB,
    )
    assert past.state("L05", "2025-03-16") is State.OPEN


def test_l05_the_end_of_the_job_ends_it_and_the_next_trigger_supersedes(given: Given) -> None:
    past = given(JOB, "EmploymentEnded 2025-03-10 employer=x")
    assert past.rows("L05") == ["f1 2025-03-01..2025-03-15 cancelled 2025-03-10 f2"]
    past = given(JOB, "EmploymentStarted 2025-03-08 employer=y")
    assert past.rows("L05") == [
        "f1 2025-03-01..2025-03-15 superseded 2025-03-08 f2",
        "f2 2025-03-08..2025-03-22",
    ]


def test_h01_is_due_through_the_30th_day(given: Given) -> None:
    past = given(SEVERE)
    assert past.rows("H01") == ["f1 2025-01-31..2025-03-02"]
    assert past.state("H01", "2025-03-02") is State.DUE
    assert past.state("H01", "2025-03-03") is State.OPEN
    assert RULES["H01"].visible_to == PROTECTED


@pytest.mark.parametrize("severity", ["none", "moderate"])
def test_h01_a_lesser_barrier_makes_none(given: Given, severity: str) -> None:
    assert given(f"HealthBarrierReported 2025-01-31 severity={severity}").rows("H01") == []


@pytest.mark.parametrize("told", ["", "severity=unknown"])
def test_d17_h01_an_unknown_severity_is_a_data_row_with_the_days_of_the_gap(
    given: Given, told: str
) -> None:
    past = given(f"HealthBarrierReported 2025-01-31 {told}")
    assert past.rows("H01") == ["data f1 2025-01-31..2025-03-02"]
    assert past.only("H01").severity is Severity.LOW


LINK = "ServiceLinked 2025-02-01 link_id=l1"


@pytest.mark.parametrize(
    ("linked", "confirmed", "counts"),
    [
        (f"{LINK} field=gesundheit", "link_id=l1", True),
        (f"{LINK} field=sprache", "link_id=l1", False),
        (f"{LINK} field=sprache", "link_id=l2", True),
        (f"{LINK} field=sprache", "", True),
        (LINK, "link_id=l1", True),
    ],
)
def test_h01_a_confirmed_link_of_another_field_does_not_count(
    given: Given, linked: str, confirmed: str, counts: bool
) -> None:
    past = given(SEVERE, linked, f"LinkConfirmed 2025-02-20 {confirmed}")
    assert (past.state("H01", "2025-02-20") is State.CLOSED) is counts


def test_h01_the_latest_link_of_the_number_tells_the_field(given: Given) -> None:
    past = given(
        SEVERE,
        f"{LINK} field=sprache",
        "ServiceLinked 2025-02-10 link_id=l1 field=gesundheit",
        "LinkConfirmed 2025-02-20 link_id=l1",
    )
    assert past.state("H01", "2025-02-20") is State.CLOSED


@pytest.mark.parametrize(
    ("fact", "cancels"),
    [
        ("HealthBarrierResolved 2025-02-20", True),
        ("OfferDeclined 2025-02-20 field=gesundheit", True),
        ("OfferDeclined 2025-02-20", True),
        ("OfferDeclined 2025-02-20 field=sprache", False),
    ],
)
def test_h01_ends_when_it_is_resolved_or_declined(given: Given, fact: str, cancels: bool) -> None:
    assert (given(SEVERE, fact).state("H01", "2025-02-20") is State.CLOSED) is cancels


def test_d6_h01_the_next_severe_report_supersedes_a_lesser_one_does_not(given: Given) -> None:
    past = given(SEVERE, "HealthBarrierReported 2025-02-10 severity=moderate")
    assert past.rows("H01") == ["f1 2025-01-31..2025-03-02"]
    past = given(SEVERE, "HealthBarrierReported 2025-02-10 severity=severe")
    assert past.rows("H01")[0] == "f1 2025-01-31..2025-03-02 superseded 2025-02-10 f2"
