"""Passports: A08 watches the one there is, A26 that there is one at all (cases W21, C17, C40, C46)."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.chain.intervals import ClosedBy, Kind, Severity, State

Given = Callable[..., Any]

PASSPORT = "PassportIssued 2015-05-01 valid_until=2025-04-30"
DULDUNG = "ToleranceIssued 2002-07-30 basis=AUFENTHG_60A"


# A08


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2024-10-31", State.NOT_APPLICABLE),
        ("2024-11-01", State.DUE),
        ("2025-04-30", State.DUE),
        ("2025-05-01", State.OPEN),
    ],
)
def test_a_passport_is_watched_from_180_days_before_its_last_day(
    given: Given, day: str, state: State
) -> None:
    assert given(PASSPORT).state("A08", day) is state


def test_c46_an_undated_passport_is_watched_by_its_printed_end_and_closed_by_the_next(
    given: Given,
) -> None:
    past = given(
        "PassportIssued - valid_until=1987-04-13 kind=nationalpass",
        "PassportExpired 1987-04-13",
        "PassportIssued 1987-06-15",
    )
    assert past.rows("A08") == [
        "f1 1986-10-15..1987-04-13 late 1987-06-15 f3",
        "data f3 1987-06-15..",
    ]


@pytest.mark.parametrize("newer", ["PassportIssued", "TravelDocumentIssued"])
def test_a_newer_passport_of_either_kind_closes_and_is_watched_itself(
    given: Given, newer: str
) -> None:
    past = given(PASSPORT, f"{newer} 2025-03-01 valid_until=2035-02-28")
    first, second = past.intervals("A08")
    assert (first.closed_by, first.closing) == (ClosedBy.IN_TIME, "f2")
    assert second.key == "f2"


def test_a_passport_renewed_before_the_window_leaves_no_instance(given: Given) -> None:
    past = given(PASSPORT, "PassportIssued 2024-10-31 valid_until=2034-10-30")
    assert past.states("A08", "2025-04-01") == {}


def test_a_travel_document_is_watched_like_a_passport(given: Given) -> None:
    past = given("TravelDocumentIssued 2022-06-01 valid_until=2025-05-31 kind=RA_fluechtling")
    assert past.rows("A08") == ["f1 2024-12-02..2025-05-31"]


def test_w08_a_partial_end_warns_by_the_earliest_and_falls_due_on_the_latest_day(
    given: Given,
) -> None:
    past = given("PassportIssued 2015-05-01 valid_until=2025-04")
    assert past.rows("A08") == ["f1 2024-10-03..2025-04-30"]
    assert past.only("A08").certainty == "possibly"


def test_d17_a_passport_without_an_end_is_a_data_row_until_the_next(given: Given) -> None:
    (row,) = given("PassportIssued 2015-05-01").data_rows("A08")
    assert row.severity is Severity.LOW
    past = given("PassportIssued 2015-05-01", "PassportIssued 2024-01-01 valid_until=2034-01-01")
    assert past.rows("A08")[0] == "data f1 2015-05-01.. in_time 2024-01-01 f2"


def test_an_expiry_tells_the_end_where_the_passport_does_not_or_comes_earlier(
    given: Given,
) -> None:
    untold = given("PassportIssued 2015-05-01", "PassportExpired 2025-04-30")
    assert untold.rows("A08") == ["f1 2024-11-01..2025-04-30"]
    earlier = given(PASSPORT, "PassportExpired 2020-01-31")
    assert earlier.rows("A08") == ["f1 2019-08-04..2020-01-31"]
    later = given(PASSPORT, "PassportExpired 2025-05-02")
    assert later.rows("A08") == ["f1 2024-11-01..2025-04-30"]
    assert earlier.only("A08").evidence == ("f1", "f2")


def test_an_expiry_of_a_passport_that_was_replaced_tells_nothing_of_the_first(
    given: Given,
) -> None:
    past = given(
        PASSPORT, "PassportIssued 2024-10-01 valid_until=2034-10-01", "PassportExpired 2024-12-01"
    )
    assert past.rows("A08") == ["f2 2024-10-01..2024-12-01"]


def test_an_expiry_alone_is_due_on_its_day_and_open_from_the_next(given: Given) -> None:
    past = given("PassportExpired 2025-04-30")
    assert past.rows("A08") == ["f1 2025-04-30..2025-04-30"]
    assert past.state("A08", "2025-05-01") is State.OPEN
    twice = given(
        "PassportExpired 2025-04-30",
        "PassportExpired 2025-08-01",
        "PassportIssued 2025-09-01 valid_until=2035-01-01",
    )
    assert twice.rows("A08")[-2:] == [
        "f1 2025-04-30..2025-04-30 superseded 2025-08-01 f2",
        "f2 2025-08-01..2025-08-01 late 2025-09-01 f3",
    ]


def test_d15_naturalisation_and_leaving_end_it(given: Given) -> None:
    for ending in ("NaturalisationCertificateHandedOver", "LeftGermany"):
        assert given(PASSPORT, f"{ending} 2025-03-01").only("A08").closed_by is ClosedBy.CANCELLED


# A26


@pytest.mark.parametrize(
    ("day", "kind", "state"),
    [
        ("2002-07-30", Kind.DATA, State.OPEN),
        ("2003-01-26", Kind.DATA, State.OPEN),
        ("2003-01-27", Kind.GAP, State.OPEN),
    ],
)
def test_w21_without_a_passport_known_the_row_is_data_for_180_days_and_then_open(
    given: Given, day: str, kind: Kind, state: State
) -> None:
    past = given(DULDUNG)
    keys = {one.key: one for one in past.intervals("A26")}
    standing = past.states("A26", day)
    assert {keys[key].kind for key, one in standing.items() if one is state} == {kind}


def test_w21_the_data_row_gives_way_to_the_gap(given: Given) -> None:
    assert given(DULDUNG).rows("A26") == [
        "data f1+unknown 2002-07-30.. superseded 2003-01-27",
        "f1 2003-01-27..2003-01-26",
    ]


def test_c40_a_ban_on_deportation_and_an_application_leave_it_open(given: Given) -> None:
    past = given(
        DULDUNG,
        "AsylumDecisionIssued 2003-06-11 outcome=abschiebungsverbot",
        "TitleApplied 2004-12-30 basis=AUFENTHG_25_3",
    )
    assert past.rows("A26")[-1] == "f1 2003-01-27..2003-01-26"


def test_c17_a_duldung_renewed_does_not_begin_anew(given: Given) -> None:
    past = given(DULDUNG, "ToleranceIssued 2003-01-10 basis=AUFENTHG_60B")
    assert [one.key for one in past.intervals("A26")] == ["f1+unknown", "f1"]


@pytest.mark.parametrize(
    "passport", ["PassportIssued {}", "TravelDocumentIssued {}", "IdentityClarified {} means=pass"]
)
def test_a_passport_made_known_closes_it(given: Given, passport: str) -> None:
    in_time = given(DULDUNG, passport.format("2003-01-26"))
    assert in_time.rows("A26") == ["data f1+unknown 2002-07-30.. in_time 2003-01-26 f2"]
    late = given(DULDUNG, passport.format("2003-01-28"))
    assert late.rows("A26") == [
        "data f1+unknown 2002-07-30.. superseded 2003-01-27",
        "f1 2003-01-27..2003-01-26 late 2003-01-28 f2",
    ]


def test_w36_a_birth_certificate_is_no_passport(given: Given) -> None:
    past = given(DULDUNG, "IdentityClarified 2002-09-01 means=birth_cert accepted_on=2002-09-01")
    assert past.intervals("A26")[-1].closed_by is None


@pytest.mark.parametrize(
    "known",
    [
        "PassportIssued 2002-01-01",
        "PassportExpired 2002-01-01",
        "IdentityClarified 2002-01-01 means=pass",
    ],
)
def test_a_passport_known_before_is_left_to_a08(given: Given, known: str) -> None:
    assert given(known, DULDUNG).intervals("A26") == ()


def test_a_title_wanted_calls_for_a_passport_until_it_is_granted(given: Given) -> None:
    past = given(
        "TitleApplied 2025-01-10 basis=AUFENTHG_18A", "TitleGranted 2025-03-01 basis=AUFENTHG_18A"
    )
    assert past.rows("A26") == ["data f1+unknown 2025-01-10.. cancelled 2025-03-01 f2"]
    again = given(
        "TitleApplied 2025-01-10",
        "TitleGranted 2025-03-01",
        "TitleApplied 2025-03-01",
        "TitleApplied 2025-06-01",
    )
    assert [one.key for one in again.intervals("A26") if one.kind is Kind.DATA] == [
        "f1+unknown",
        "f4+unknown",
    ]


def test_refugees_need_not_turn_to_their_state(given: Given) -> None:
    assert given("TitleApplied 2025-01-10 basis=AUFENTHG_25_2_FL").intervals("A26") == ()
    refuge = "AsylumDecisionIssued 2024-05-02 outcome=fluechtling"
    assert given(refuge, "TitleApplied 2025-01-10").intervals("A26") == ()
    later = given("TitleApplied 2024-01-10", refuge)
    assert later.rows("A26") == ["data f1+unknown 2024-01-10.. cancelled 2024-05-02 f2"]
    revoked = given(
        refuge, "TitleGranted 2024-06-01", "ProtectionRevoked 2024-09-01", "TitleApplied 2025-01-10"
    )
    assert [one.key for one in revoked.intervals("A26")] == ["f4+unknown", "f4"]


def test_w07_the_obligation_to_leave_calls_for_a_passport_as_a_duldung_does(given: Given) -> None:
    past = given("AsylumDecisionIssued 2024-05-02 outcome=abgelehnt final_on=2024-06-01")
    assert past.rows("A26") == [
        "data f1+unknown 2024-06-01.. superseded 2024-11-29",
        "f1 2024-11-29..2024-11-28",
    ]


def test_a_title_granted_before_the_obligation_arose_does_not_count(given: Given) -> None:
    past = given(
        "AsylumDecisionIssued 2024-05-02 outcome=abgelehnt final_on=2024-06-01",
        "TitleGranted 2024-05-10 basis=AUFENTHG_25_4 valid_until=2024-05-20",
        "TitleRevoked 2024-05-15",
        "DepartureObligationArisen 2024-07-01",
    )
    assert past.rows("A26") == [
        "data f1+unknown 2024-06-01.. superseded 2024-11-29",
        "f1 2024-11-29..2024-11-28",
    ]


def test_a_partial_application_is_possible_only(given: Given) -> None:
    past = given("TitleApplied 2025-03")
    assert past.rows("A26")[1] == "f1 2025-09-28..2025-09-27"
    assert past.intervals("A26")[1].certainty == "possibly"
    assert past.intervals("A26")[1].severity is Severity.HIGH
