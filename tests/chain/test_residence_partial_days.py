"""Months for days, and two facts on one day, in the residence rules (lines G1 to G7; cases W08)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.derived import Derived
from domain.chain.reading import read
from domain.chain.states.residence import status_on

Given = Callable[..., Any]

RECOGNISED = "AsylumDecisionIssued 2017-03-20 outcome=subsidiaer"
BOUND = "ResidenceObligationImposed 2017-04-03 scope=gemeinde area=05117000 until=2020-03-20"
TITLE = "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2025-06-15"
MARK = "ToleranceIssued 2020-03-20 basis=AUFENTHG_60B"


@pytest.mark.parametrize(
    ("rule", "fact", "row"),
    [
        ("A07", "TitleGranted 2024-06 basis=AUFENTHG_9", "f1 2024-06-30..2024-08-25"),
        ("A08", "PassportIssued 2015-05", "data f1 2015-05-31.."),
        ("A08", "PassportExpired 2025-04", "f1 2025-04-30..2025-04-30"),
        ("A16", "ToleranceIssued 2024-06 basis=AUFENTHG_60B", "f1 2024-06-30..2024-07-29"),
        ("A18", "HousingChanged 2024-06", "f1 2024-06-30..2024-07-14"),
        ("A20", "ResidenceObligationImposed 2017-04", "data f1 2017-04-30.."),
        ("A22", "DepartureObligationArisen 2025-01", "f1 2025-01-31..2025-02-14"),
        ("A25", "TitleRefused 2021-08", "f1 2021-08-31..2021-10-04"),
        ("A27", "CourtOrderIssued 2025-03", "f1 2025-03-31..2025-05-30"),
    ],
)
def test_w08_a_trigger_of_a_month_has_its_latest_day_and_is_possible_only(
    given: Given, rule: str, fact: str, row: str
) -> None:
    assert given(fact).rows(rule) == [row]
    assert given(fact).only(rule).certainty == "possibly"
    exact = given(fact.replace(fact.split()[1], "2024-06-30", 1))
    if not row.startswith("data"):
        assert exact.only(rule).certainty == "certainly"


def test_w08_a_title_of_partial_days_is_watched_by_its_latest(given: Given) -> None:
    ended = given("TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2024-09")
    assert ended.rows("A07") == ["f1 2024-06-15..2024-08-10 superseded 2024-10-01"]
    assert ended.only("A07").certainty == "possibly"
    protected = given("TitleGranted 2026-05-04 basis=AUFENTHG_24 valid_until=2027-03")
    assert protected.rows("A09") == ["f1 2026-06-04..2027-03-31 superseded 2027-04-01"]
    assert protected.only("A09").certainty == "possibly"
    month = given("TitleGranted 2026-05 basis=AUFENTHG_24 valid_until=2027-03-04")
    assert month.only("A09").certainty == "possibly"
    exact = given("TitleGranted 2026-05-04 basis=AUFENTHG_24 valid_until=2027-03-04")
    assert exact.only("A09").certainty == "certainly"


def test_w08_an_absence_recorded_in_a_month_is_not_warned_of_before_its_latest_day(
    given: Given,
) -> None:
    past = given(TITLE.replace("2025", "2027"), "AbsenceAbroadRecorded 2026-01 from=2025-08-31")
    assert past.rows("A23") == ["f2 2026-01-31..2026-02-28"]


@pytest.mark.parametrize(
    ("accepted", "row"),
    [
        ("2020-03", "f1 2020-03-20..2020-04-18 in_time 2020-03-31 f2"),
        ("2020-05", "f1 2020-03-20..2020-04-18 late 2020-05-31 f2"),
        ("2020-02", "f1 2020-03-20..2020-04-18"),
    ],
)
def test_d12_an_identity_accepted_in_a_month_counts_on_its_latest_day(
    given: Given, accepted: str, row: str
) -> None:
    past = given(MARK, f"IdentityClarified 2020-03-25 means=other accepted_on={accepted}")
    assert past.rows("A16") == [row]
    if "f2" in row:
        assert past.only("A16").certainty == "possibly"


def test_g5_an_identity_accepted_in_the_month_of_the_due_day_is_in_time(given: Given) -> None:
    past = given(
        "ToleranceIssued 2020-05-03 basis=AUFENTHG_60B",
        "IdentityClarified 2020-05-25 means=other accepted_on=2020-06",
    )
    assert past.rows("A16") == ["f1 2020-05-03..2020-06-01 in_time 2020-06-01 f2"]
    exact = given(MARK, "IdentityClarified 2020-04-01 means=other accepted_on=2020-04-01")
    assert exact.only("A16").certainty == "certainly"


def test_a22_protection_within_the_month_of_the_obligation_prevents_it(given: Given) -> None:
    within = given(
        "DepartureObligationArisen 2025-01", "AsylumDecisionIssued 2025-01-15 outcome=asyl"
    )
    assert within.rows("A22") == []
    later = given("DepartureObligationArisen 2025-01-10", "DepartureObligationArisen 2025-01")
    assert later.rows("A22")[0] == "f1 2025-01-10..2025-01-24 superseded 2025-01-31 f2"
    assert later.intervals("A22")[0].certainty == "possibly"
    protected = given(
        "DepartureObligationArisen 2025-01-10", "AsylumDecisionIssued 2025-02 outcome=asyl"
    )
    assert protected.only("A22").certainty == "possibly"


def test_w01_a_month_of_application_is_judged_on_its_latest_day(given: Given) -> None:
    title = TITLE.replace("2025-06-15", "2025-06-30")
    open_still = given(title, "TitleApplied 2025-07")
    assert open_still.rows("A24") == ["f2 2025-07-31..2025-08-14"]
    assert open_still.only("A24").certainty == "possibly"
    exact = given(title, "TitleApplied 2025-07-31")
    assert exact.only("A24").certainty == "certainly"
    tolerated = given(title, "TitleApplied 2025-07", "ToleranceIssued 2025-07-15")
    assert tolerated.rows("A24") == []


def test_a25_a_refusal_or_a_service_of_a_month_makes_it_possible_only(given: Given) -> None:
    served = given("TitleRefused 2021-08-17 served_on=2021-08")
    assert served.rows("A25") == ["f1 2021-08-17..2021-09-30"]
    assert served.only("A25").certainty == "possibly"
    exact = given("TitleRefused 2021-08-17 served_on=2021-08-20")
    assert exact.only("A25").certainty == "certainly"
    month = given("TitleRefused 2021-08 served_on=2021-08-20")
    assert month.only("A25").certainty == "possibly"


def test_a27_a_due_day_of_a_month_is_its_latest(given: Given) -> None:
    past = given("CourtOrderIssued 2025-03-03 due=2025-04")
    assert past.rows("A27") == ["f1 2025-03-03..2025-04-30"]
    assert past.only("A27").certainty == "possibly"
    assert given("CourtOrderIssued 2025-03-03").only("A27").certainty == "certainly"


def test_a26_the_earliest_closing_ends_the_time_without_a_passport(given: Given) -> None:
    past = given(
        "TitleApplied 2025-01-10",
        "TitleGranted 2025-03-01",
        "TitleApplied 2025-05-01",
        "PassportIssued 2025-06-01",
    )
    assert past.rows("A26") == [
        "data f1+unknown 2025-01-10.. cancelled 2025-03-01 f2",
        "data f3+unknown 2025-05-01.. in_time 2025-06-01 f4",
    ]


def test_a26_a_title_granted_on_the_day_or_in_the_month_of_the_application_cancels(
    given: Given,
) -> None:
    same_day = given("TitleApplied 2025-01-10", "TitleGranted 2025-01-10")
    assert same_day.rows("A26") == ["data f1+unknown 2025-01-10.. cancelled 2025-01-10 f2"]
    month = given("TitleApplied 2025-01-10", "TitleGranted 2025-01")
    assert month.rows("A26") == ["data f1+unknown 2025-01-10.. cancelled 2025-01-31 f2"]


# residence duties


def test_a19_the_last_day_of_a_duty_and_the_first_day_at_a_place_count(given: Given) -> None:
    last = given(RECOGNISED, BOUND, "AddressChanged 2020-03-20 ags=05916000")
    assert last.rows("A19") == ["f2+f3 2020-03-20..2020-03-19 superseded 2020-03-21"]
    after = given(RECOGNISED, BOUND, "AddressChanged 2020-03-21 ags=05916000")
    assert after.rows("A19") == []


def test_a19_work_that_begins_with_the_move_frees_it(given: Given) -> None:
    move = "AddressChanged 2018-05-01 ags=05916000"
    same_day = given(RECOGNISED, BOUND, move, "EmploymentStarted 2018-05-01 hours_per_week=20")
    assert same_day.rows("A19") == []
    next_day = given(RECOGNISED, BOUND, move, "EmploymentStarted 2018-05-02 hours_per_week=20")
    assert next_day.rows("A19") == ["f2+f3 2018-05-01..2018-04-30 cancelled 2018-05-02 f4"]


def test_a19_a_breach_told_on_the_day_of_the_move_is_left_to_the_place(given: Given) -> None:
    past = given(
        RECOGNISED,
        BOUND,
        "AddressChanged 2018-05-01 ags=05916000",
        "ResidenceDutyBreached 2018-05-01",
    )
    assert [one.key for one in past.intervals("A19")] == ["f2+f3"]


def test_a19_a_move_in_the_month_of_the_decision_says_nothing(given: Given) -> None:
    past = given("ResidenceObligationImposed 2017-04 scope=gemeinde", "AddressChanged 2017-04-15")
    assert past.rows("A19") == []


@pytest.mark.parametrize(
    ("duty", "move", "certainty"),
    [
        (BOUND, "2018-05-01", "certainly"),
        (BOUND, "2018-05", "possibly"),
        (BOUND.replace("2017-04-03", "2017-04"), "2018-05-01", "possibly"),
        (BOUND.replace("2020-03-20", "2020-03"), "2018-05-01", "possibly"),
    ],
)
def test_a19_is_as_certain_as_its_days(given: Given, duty: str, move: str, certainty: str) -> None:
    past = given(RECOGNISED, duty, f"AddressChanged {move} ags=05916000")
    assert past.only("A19").certainty == certainty


def test_a20_a_recognition_of_a_month_warns_early_and_ends_late(given: Given) -> None:
    past = given(
        "AsylumDecisionIssued 2017-03 outcome=subsidiaer",
        "ResidenceObligationImposed 2017-04-03 scope=gemeinde",
    )
    assert past.rows("A20") == ["f2 2020-01-01..2020-03-31 superseded 2020-04-01"]
    assert past.only("A20").certainty == "possibly"
    by_law = given(
        "AssignedToMunicipality 2016-08-31 municipality=05117000",
        "AsylumDecisionIssued 2017-03 outcome=subsidiaer",
    )
    assert by_law.rows("A20") == ["f2 2020-01-01..2020-03-31 superseded 2020-04-01"]


def test_a20_an_undated_decision_sets_no_bound_to_the_window_of_its_own_end(given: Given) -> None:
    past = given("ResidenceObligationImposed - until=2017-10-05", "NoteTaken 2017-09-01")
    assert past.rows("A20") == ["f1 2017-08-06..2017-10-05 superseded 2017-10-06"]
    reckoned = given(
        "AsylumDecisionIssued 2014-10-05 outcome=asyl",
        "ResidenceObligationImposed -",
        "NoteTaken 2017-09-01",
    )
    assert reckoned.rows("A20") == ["f2 2017-09-01..2017-10-05 superseded 2017-10-06"]


# the status of the stay


def statuses(past: Any) -> list[str]:
    found = Derived(read(past.told)).stays
    return [f"{one.status} {one.first}..{one.last or ''} {one.exact}" for one in found]


def test_a_hearing_on_the_day_of_leaving_proves_what_was_before(given: Given) -> None:
    past = given("LeftGermany 2025-01-10", "AsylumHearingHeld 2025-01-10")
    assert statuses(past) == ["gone 2025-01-10.. True"]


def test_a_proof_of_arrival_begins_a_new_procedure_after_a_refusal(given: Given) -> None:
    refused = "AsylumDecisionIssued 2024-05-02 outcome=abgelehnt final_on=2024-06-01"
    arrived = "ArrivalCertificateIssued 2024-09-01"
    paper = "TemporaryPermissionIssued 2024-10-01"
    tolerated = given(refused, arrived, "ToleranceIssued 2024-09-15", paper)
    assert statuses(tolerated)[-1] == "gestattung 2024-10-01.. True"
    titled = given(TITLE, "ArrivalCertificateIssued 2024-09-01")
    assert statuses(titled)[-1] == "gestattung 2025-06-16.. True"


def test_the_first_day_of_a_title_is_as_exact_as_the_fact_that_tells_it(given: Given) -> None:
    told = given("TitleGranted - valid_from=2025-01-10", "NoteTaken 2025-02-01")
    assert statuses(told) == ["title 2025-01-10.. True"]
    undated = given("TitleGranted -", "NoteTaken 2025-02-01")
    assert statuses(undated) == ["title 2025-02-01.. False"]
    month = given("TitleGranted 2025-01-10 valid_from=2025-02 valid_until=2025-02-10")
    assert statuses(month) == ["without_title 2025-02-28.. False"]


def test_a_loss_in_a_month_is_annulled_with_effect_from_within_it(given: Given) -> None:
    past = given(
        "TitleGranted 2024-06-15 basis=AUFENTHG_9",
        "TitleRevoked 2025-01",
        "DecisionAnnulledRetroactively 2025-09-01 target=f2 effective_from=2025-01-15",
    )
    assert statuses(past) == ["title 2024-06-15.. True"]


def test_a_title_that_may_still_run_is_restored_by_the_court(given: Given) -> None:
    past = given(
        "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2025-09",
        "TitleRevoked 2025-01-10",
        "AppealDecided 2025-09-15 outcome=granted against=f2",
    )
    found = Derived(read(past.told)).stays
    assert status_on(found, date(2025, 9, 30)).status == "title"
    assert status_on(found, date(2025, 10, 1)).status == "without_title"
