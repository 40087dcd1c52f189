"""U01 long in communal accommodation, U02 the home in danger."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.derived import Derived
from domain.chain.evaluation import turned
from domain.chain.explanation import explain
from domain.chain.intervals import Certainty, State, StepName
from domain.chain.reading import read

Given = Callable[..., Any]

CENTRE = "HousingAssigned 2016-02-08 kind=communal"
ASYLUM = "AsylumApplicationFiled 2016-03-14"
REFUGEE = "AsylumDecisionIssued 2017-04-04 outcome=fluechtling final_on=2017-04-06"


def test_w16_u01_c24_counts_from_the_decision_not_from_the_title(given: Given) -> None:
    past = given(
        CENTRE,
        ASYLUM,
        REFUGEE,
        "ResidenceObligationImposed 2017-07-14 scope=gemeinde until=2017-10-05",
    )
    assert past.rows("U01") == ["f1 2017-04-04..2018-04-04"]
    assert past.state("U01", "2017-04-03") is State.NOT_APPLICABLE
    assert past.state("U01", "2018-02-27") is State.DUE
    assert past.state("U01", "2018-04-04") is State.DUE
    assert past.state("U01", "2018-04-05") is State.OPEN


@pytest.mark.parametrize(
    "right",
    [
        "TitleGranted 2017-04-04 basis=AUFENTHG_25_3",
        "FictionCertificateIssued 2017-04-04",
        "RightOfFreeMovementRecorded 2017-04-04",
        "ResidenceObligationEnded 2017-04-04 scope=einrichtung",
        "ResidenceObligationLifted 2017-04-04 scope=einrichtung",
    ],
)
def test_w16_u01_any_right_to_move_out_begins_the_time(given: Given, right: str) -> None:
    assert given(CENTRE, right).rows("U01") == ["f1 2017-04-04..2018-04-04"]


@pytest.mark.parametrize(
    "fact",
    [
        "ResidenceObligationEnded 2017-04-04 scope=gemeinde",
        "AsylumDecisionIssued 2017-04-04 outcome=abgelehnt",
        "ToleranceIssued 2017-04-04",
    ],
)
def test_u01_without_the_right_there_is_none(given: Given, fact: str) -> None:
    past = given(CENTRE, ASYLUM, fact)
    assert past.rows("U01") == []
    reasons = {one.reason.en for one in turned(Derived(read(past.told)), RULES["U01"])}
    assert reasons == {"during this time there is no right to move out"}


def test_u01_where_nothing_of_the_stay_is_known_the_right_is_possible(given: Given) -> None:
    one = given("AssignedToMunicipality 2022-12-15", CENTRE).only("U01")
    assert (str(one.begins_on), str(one.due_on)) == ("2016-02-08", "2017-02-07")
    assert one.certainty is Certainty.POSSIBLY


def test_u01_the_time_begins_with_the_later_of_right_and_accommodation(given: Given) -> None:
    past = given(REFUGEE, "HousingAssigned 2017-06-01 kind=land_facility")
    assert past.rows("U01") == ["f2 2017-06-01..2018-06-01"]


def test_u01_another_centre_does_not_begin_it_anew(given: Given) -> None:
    past = given(CENTRE, ASYLUM, REFUGEE, "HousingChanged 2017-06-01 kind=land_facility")
    assert past.rows("U01") == ["f1 2017-04-04..2018-04-04"]


@pytest.mark.parametrize(
    "move",
    [
        "LeaseSigned {}",
        "HousingChanged {} kind=private_sublet",
        "HousingAssigned {} kind=homeless",
        "AddressChanged {} housing_kind=private_lease",
    ],
)
def test_u01_a_home_of_another_kind_settles_it(given: Given, move: str) -> None:
    past = given(CENTRE, ASYLUM, REFUGEE, move.format("2018-04-04"))
    assert past.rows("U01") == ["f1 2017-04-04..2018-04-04 in_time 2018-04-04 f4"]
    past = given(CENTRE, ASYLUM, REFUGEE, move.format("2018-04-05"))
    assert past.rows("U01") == ["f1 2017-04-04..2018-04-04 late 2018-04-05 f4"]
    past = given(CENTRE, ASYLUM, move.format("2017-04-01"), REFUGEE)
    assert past.rows("U01") == []


def test_u01_an_address_without_a_kind_of_housing_tells_nothing(given: Given) -> None:
    past = given(CENTRE, ASYLUM, REFUGEE, "AddressChanged 2017-08-01")
    assert past.rows("U01") == ["f1 2017-04-04..2018-04-04"]


def test_d17_u01_a_move_to_an_unknown_kind_of_housing_is_a_data_row(given: Given) -> None:
    past = given(CENTRE, ASYLUM, REFUGEE, "HousingChanged 2017-08-01")
    assert past.rows("U01") == [
        "f1 2017-04-04..2018-04-04 cancelled 2017-08-01 f4",
        "data f4 2017-08-01..2018-08-01",
    ]
    said = explain(past.data_rows("U01")[0], read(past.told), date(2018, 9, 1))
    assert "„Wohnform“ fehlt" in said.de


def test_d17_u01_protection_without_any_housing_told_is_a_data_row(given: Given) -> None:
    past = given(REFUGEE)
    assert past.rows("U01") == ["data f1 2017-04-04..2018-04-04"]
    assert given("TitleGranted 2017-04-04 basis=AUFENTHG_18G").rows("U01") == []


def test_u01_without_any_housing_told_an_undated_title_does_not_move_the_decision(
    given: Given,
) -> None:
    past = given("TitleGranted - basis=AUFENTHG_25A @2017-06-02", REFUGEE)
    assert past.rows("U01") == ["data f2 2017-04-04..2018-04-04"]


def test_u01_the_loss_of_the_right_ends_it(given: Given) -> None:
    past = given(CENTRE, ASYLUM, REFUGEE, "ProtectionRevoked 2017-09-01")
    assert past.rows("U01") == ["f1 2017-04-04..2018-04-04 cancelled 2017-09-01 f4"]


def test_u01_an_old_title_gives_no_right_once_it_is_lost(given: Given) -> None:
    past = given(
        "TitleGranted 2010-01-01 basis=AUFENTHG_16B valid_until=2012-01-01",
        "ToleranceIssued 2013-01-01",
        CENTRE,
    )
    assert past.rows("U01") == []


def test_u01_a_step_reminds_of_the_housing_certificate(given: Given) -> None:
    one = given(CENTRE, ASYLUM, REFUGEE).only("U01")
    assert [(str(step.on), step.name) for step in one.steps] == [("2017-07-03", StepName.WARNING)]
    certified = "HousingCertificateIssued 2017-07-0"
    assert given(CENTRE, ASYLUM, REFUGEE, f"{certified}3").only("U01").steps == ()
    assert given(CENTRE, ASYLUM, REFUGEE, f"{certified}4").only("U01").steps != ()


def test_u02_is_due_through_the_fifth_working_day(given: Given) -> None:
    past = given("EvictionThreatened 2025-04-16 stage=action")
    assert past.rows("U02") == ["f1 2025-04-16..2025-04-25"]
    assert past.state("U02", "2025-04-26") is State.OPEN


@pytest.mark.parametrize(
    ("fact", "row"),
    [
        ("LinkConfirmed 2025-04-25", "in_time 2025-04-25 f2"),
        ("LinkConfirmed 2025-04-26", "late 2025-04-26 f2"),
        ("LeaseSigned 2025-04-20", "cancelled 2025-04-20 f2"),
        ("HousingChanged 2025-04-20", "cancelled 2025-04-20 f2"),
        ("HousingAssigned 2025-04-20", "cancelled 2025-04-20 f2"),
        ("EvictionThreatened 2025-04-20", "superseded 2025-04-20 f2"),
        ("LeftGermany 2025-04-20", "cancelled 2025-04-20 f2"),
    ],
)
def test_u02_what_settles_it_and_what_ends_it(given: Given, fact: str, row: str) -> None:
    past = given("EvictionThreatened 2025-04-16", fact)
    assert past.rows("U02")[0] == f"f1 2025-04-16..2025-04-25 {row}"


def test_u02_a_link_of_another_field_does_not_help(given: Given) -> None:
    past = given(
        "ServiceLinked 2025-04-10 link_id=a field=arbeit",
        "EvictionThreatened 2025-04-16",
        "LinkConfirmed 2025-04-17 link_id=a",
    )
    assert past.state("U02", "2025-04-26") is State.OPEN
