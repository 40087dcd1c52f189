"""Places where a second, independent reading of the rules first differed from the chain."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.derived import Derived
from domain.chain.intervals import ClosedBy, State
from domain.chain.reading import read
from domain.chain.states.regimes import basic_stretches

Given = Callable[..., Any]


def test_b07_an_undated_abort_before_the_course_leaves_no_common_days(given: Given) -> None:
    past = given(
        "TrainingStarted 2025-03-01", "TrainingAborted -", "CourseStarted 2025-03-20 mode=full"
    )
    assert past.intervals("B07") == ()


def test_a_loss_told_before_its_title_was_granted_is_no_loss_of_it(given: Given) -> None:
    past = given(
        "TitleRevoked 2025-01-10 title=f2",
        "TitleGranted 2025-02-01 basis=AUFENTHG_25_1 valid_until=2025-12-31 course_claim=true",
    )
    assert past.state("A01", "2025-12-01") is State.DUE
    assert past.state("A02", "2026-01-01") is State.OPEN
    assert past.state("S01", "2025-11-15") is State.DUE


def test_b03_leaving_counts_from_the_day_on_which_the_end_was_known(given: Given) -> None:
    past = given(
        "LeftGermany 2025-06-21",
        "EmploymentChanged 2025-07-19 known_since=2025-05-28 fixed_term_until=2025-09-30",
    )
    assert past.rows("B03") == ["f2 2025-05-31..2025-06-30 cancelled 2025-06-21 f1"]


def test_f11_a_reminder_is_an_earlier_offer_as_well(given: Given) -> None:
    past = given(
        "HandoverOffered 2025-03-01 to=x",
        "HandoverOffered 2025-03-03",
        "HandoverOffered 2025-03-05 to=y",
    )
    assert set(past.states("F11", "2025-03-10")) == {"f1"}


def test_g13_a_resumed_case_is_told_apart_by_its_number(given: Given) -> None:
    past = given(
        "CaseOpened 2025-03-03",
        "CaseManagerAssigned 2025-03-03 case_id=c2",
        "CaseResumed 2025-03-10 case_id=c1",
    )
    assert "f3" in past.states("F02", "2025-03-11")


def test_a02_an_undated_duldung_before_the_grant_does_not_matter(given: Given) -> None:
    past = given("ToleranceIssued -", "TitleGranted 2025-07-05 valid_until=2025-05-27")
    assert past.state("A02", "2025-08-01") is State.OPEN


def test_a10_an_application_refused_within_the_term_by_law_does_not_count(given: Given) -> None:
    past = given(
        "TitleGranted 2023-03-15 basis=AUFENTHG_104C",
        "TitleApplied 2024-03-01 basis=AUFENTHG_25B",
        "TitleRefused 2024-04-01",
    )
    assert past.state("A10", "2024-05-01") is State.DUE
    assert past.state("A10", "2024-09-15") is State.OPEN


def test_f14_an_empty_list_of_recipients_is_told_and_covers_nobody(given: Given) -> None:
    past = given(
        "ConsentGranted 2025-01-01 recipients=[]", "DataDisclosed 2025-05-01 recipient=school"
    )
    assert past.data_rows("F14") == ()
    assert past.state("F14", "2025-05-01") is State.OPEN


def test_d25_a_misfit_in_a_correction_changes_nothing(given: Given) -> None:
    past = given(
        "TitleGranted 2024-06-01 basis=AUFENTHG_18A valid_until=2025-06-15",
        'EventCorrected 2024-07-01 target=f1 attributes={"valid_until":"nonsense"}',
    )
    assert past.data_rows("A01") == ()
    assert past.state("A01", "2025-06-01") is State.DUE


def test_l06_a_change_that_begins_basic_benefits_does_not_end_them(given: Given) -> None:
    past = given(
        "RechtskreisChangeCompleted 2021-06-20 to=ASYLBLG_3",
        "BenefitGranted 2021-07-03 until=2021-12-31",
    )
    assert past.rows("L06") == [
        "f1 2022-11-01..2022-12-20 rule_change 2024-02-27",
        "f1@2024-02-27 2024-05-01..2024-06-20",
    ]


def test_a21_of_two_changes_on_one_day_the_last_ends_the_status_before(given: Given) -> None:
    past = given(
        "DepartureObligationArisen 2023-02-19",
        "ToleranceIssued -",
        "LeftGermany 2023-02-22",
    )
    assert past.rows("A21") == ["f1 2023-02-19..2023-02-25 cancelled 2023-02-22 f3"]


def test_a21_leaving_cancels_a_contradiction_and_fulfils_nothing(given: Given) -> None:
    past = given("DepartureObligationArisen 2023-02-19", "LeftGermany 2023-02-22")
    assert past.rows("A21") == ["f1 2023-02-19..2023-02-25 cancelled 2023-02-22 f2"]
    assert past.rows("A22") == ["f1 2023-02-19..2023-03-05 in_time 2023-02-22 f2"]


def test_a21_the_contradiction_lasts_as_long_as_the_last_of_its_papers(given: Given) -> None:
    past = given(
        "TitleGranted 2024-06-05 valid_until=2026-11-11",
        "ToleranceIssued - @2024-10-03 valid_until=2024-12-20",
        "ToleranceIssued 2025-03-17 valid_until=2025-03-31",
        "FictionCertificateIssued 2025-02-28",
        "TemporaryPermissionIssued 2024-07-06",
    )
    assert past.rows("A21") == [
        "f1+f5 2024-07-06..2024-07-12 late 2025-02-28 f4",
        "f1+f3 2025-03-17..2025-03-23 late 2025-04-01",
    ]


def test_a21_a_duldung_on_the_day_after_a_known_end_needs_no_value(given: Given) -> None:
    past = given(
        "TitleGranted 2004-03-12 basis=AUFENTHG_25_5 valid_until=2004-04-13",
        "ToleranceIssued 2004-04-14",
    )
    assert past.intervals("A21") == ()


def test_a28_a_fiktion_on_a_certificate_alone_does_not_tell_on_what_it_hangs(given: Given) -> None:
    past = given("FictionCertificateIssued 2022-05-19 kind=81_3", "StudyEnded 2022-06-05")
    assert past.rows("A28") == ["data f2 2022-06-05..2022-06-19"]


def test_a16_an_undated_identity_counts_from_its_date_wherever_it_stands(given: Given) -> None:
    past = given(
        "IdentityClarified - means=pass date=2020-04-10",
        "ToleranceIssued 2020-03-20 basis=AUFENTHG_60B",
    )
    assert past.rows("A16") == ["f2 2020-03-20..2020-04-18 in_time 2020-04-10 f1"]


def test_a30_a_later_request_supersedes_also_when_it_makes_no_instance(given: Given) -> None:
    past = given(
        "IdentityClarified 2013-01-10 means=other accepted_on=2013-06-01",
        "IdentityDocumentsRequested 2013-02-04",
        "IdentityDocumentsRequested 2013-08-01",
    )
    assert past.rows("A30") == ["f2 2013-02-04..2013-05-05 superseded 2013-08-01 f3"]


def test_f16_an_undated_consent_tells_the_day_of_its_withdrawal(given: Given) -> None:
    past = given(
        "ConsentGranted - withdrawn_on=2025-03-10",
        "ContactHeld 2025-03-01",
        "WithdrawalCarriedOut 2025-03-11",
    )
    assert past.rows("F16") == ["f1 2025-03-10..2025-03-11 in_time 2025-03-11 f3"]
    before = given(
        "WithdrawalCarriedOut 2025-03-11",
        "ConsentGranted - withdrawn_on=2025-03-10",
        "ContactHeld 2025-03-12",
    )
    assert before.rows("F16") == []


@pytest.mark.parametrize("rule", ["F06", "S19"])
def test_f06_s19_an_undated_death_counts_on_its_recorded_day(given: Given, rule: str) -> None:
    past = given("CaseOpened 2025-03-03", "PersonDied - @2025-03-20")
    (one,) = past.intervals(rule)
    assert (one.closed_by, one.closes_on) == (ClosedBy.CANCELLED, date(2025, 3, 20))


def test_l02_g10_leaving_counts_by_its_day_also_for_an_undated_trigger(given: Given) -> None:
    past = given("LeftGermany 2023-06-10", "HelpContinued - @2023-05-30 until=2024-07-06")
    assert past.intervals("L02") == ()


def test_b03_g10_leaving_before_the_end_was_known_cancels_nothing(given: Given) -> None:
    past = given(
        "LeftGermany 2009-06-01",
        "EmploymentEndAnnounced - @2009-08-15 known_since=2009-06-18 end=2012-02-02",
    )
    assert past.rows("B03") == ["f2 2011-10-02..2011-11-02"]


def test_u01_a_duldung_anew_takes_no_right_to_move_out(given: Given) -> None:
    past = given(
        "ToleranceIssued 2024-01-10 basis=AUFENTHG_60A",
        "HousingAssigned 2024-01-10 kind=communal",
        "ResidenceObligationEnded 2024-02-01 scope=einrichtung",
        "ToleranceIssued 2024-07-10 basis=AUFENTHG_60A_2_3",
    )
    assert past.rows("U01") == ["f2 2024-02-01..2025-01-31"]


def test_o02_a_fiktion_by_order_begins_a_stay_of_its_own(given: Given) -> None:
    past = given(
        "TitleGranted 2024-07-01 basis=AUFENTHG_24 valid_until=2025-01-31",
        "ContinuationOrdered 2025-03-10",
    )
    assert past.rows("O02") == [
        "f1 2024-07-01..2024-09-29 cancelled 2025-02-01 f1",
        "f2 2025-03-10..2025-06-08",
    ]


def test_a08_the_first_end_told_before_the_printed_one_counts(given: Given) -> None:
    past = given(
        "TravelDocumentIssued 2014-04-01 valid_until=2014-09-30",
        "PassportExpired - @2014-11-25",
        "PassportExpired 2014-05-09 @2014-11-25",
    )
    assert past.rows("A08") == ["f1 2014-04-01..2014-05-09"]


def test_l06_leaving_before_the_stretch_is_told_by_day(given: Given) -> None:
    past = given(
        "BenefitGranted - rechtskreis=ASYLBLG_3 from=2006-04-05",
        "EntryRegistered 2006-08-23 entry_date=2006-02-11",
        "LeftGermany 2006-06-16",
    )
    assert past.rows("L06")[-1] == "f1@2024-02-27 2024-02-27..2009-02-11"


def test_b09_an_undated_ending_counts_on_its_recorded_day(given: Given) -> None:
    past = given("EmploymentStarted 2020-03-21", "LeftGermany - @2020-04-04")
    (row,) = past.rows("B09")
    assert row.endswith("cancelled 2020-04-04 f2")


def test_t01_a_title_told_with_the_basis_of_a_duldung_is_made_for_training(given: Given) -> None:
    past = given("TitleGranted 2018-06-16 basis=AUFENTHG_60C", "TrainingStarted 2018-11-20")
    assert past.intervals("T01") == ()


def test_a26_a_title_after_the_obligation_arose_cancels_wherever_it_stands(given: Given) -> None:
    past = given(
        "TitleGranted 2013-03-23 valid_from=2015-09-10 valid_until=2013-03-23",
        "AsylumDecisionIssued 2013-04-04 served_on=2012-09-30 outcome=abgelehnt",
    )
    assert past.rows("A26") == ["data f2+unknown 2012-10-16.. cancelled 2013-03-23 f1"]


def test_a_title_that_ends_leaves_the_newest_duldung_by_day(given: Given) -> None:
    past = given(
        "TitleGranted 2008-01-10",
        "ToleranceIssued 2008-08-13 basis=AUFENTHG_60B",
        "TitleRevoked 2008-12-14",
        "ToleranceIssued - @2008-06-15 basis=AUFENTHG_60A",
    )
    assert [one.fact.id for one in Derived(read(past.told)).stays][-1] == "f2"


def test_l04_an_undated_application_under_another_law_counts(given: Given) -> None:
    past = given(
        "BenefitGranted 2009-05-27 rechtskreis=SGB_XII_3 until=2009-06-26",
        "BenefitApplied - rechtskreis=SGB_II @2009-06-10",
    )
    assert past.rows("L04") == ["f1 2009-05-27..2009-06-26 in_time 2009-06-26 f2"]


def stretches(past: Any) -> list[str]:
    found = basic_stretches(Derived(read(past.told)).regimes)
    return [f"{one.grant.id} {one.first}..{one.last or ''}" for one in found]


def test_the_change_that_begins_a_stretch_does_not_end_it(given: Given) -> None:
    past = given("RechtskreisChangeCompleted 2015-01-06 to=ASYLBLG_3", "BenefitGranted 2015-02-22")
    assert stretches(past) == ["f1 2015-01-06.."]


def test_a_benefit_without_its_law_that_is_ended_ends_the_stretch(given: Given) -> None:
    past = given(
        "BenefitGranted 2018-01-01 rechtskreis=ASYLBLG_3 until=2018-12-31",
        "BenefitGranted 2019-01-01",
        "BenefitEnded 2019-06-30",
    )
    assert stretches(past) == ["f1 2018-01-01..2019-06-30"]


def test_a_change_from_one_rechtskreis_to_the_same_ends_nothing(given: Given) -> None:
    past = given(
        "BenefitGranted 2024-01-01 rechtskreis=SGB_II",
        "RechtskreisChangeCompleted 2024-06-01 from=SGB_II to=SGB_II",
    )
    assert [(one.grant.id, one.last) for one in Derived(read(past.told)).regimes] == [("f1", None)]


def test_a02_an_undated_duldung_before_the_grant_does_not_matter_when_recorded_late(
    given: Given,
) -> None:
    past = given(
        "ToleranceIssued - @2018-04-23",
        "AsylumApplicationFiled 2018-03-14",
        "TitleGranted 2018-03-24 valid_until=2018-04-07",
    )
    assert past.rows("A02") == ["f3 2018-04-08..2018-04-07"]


def test_a19_an_area_told_in_words_leaves_it_unknown(given: Given) -> None:
    past = given(
        "ResidenceObligationImposed 2020-09-12 area=Unna",
        "HousingChanged 2021-10-27 kind=private_sublet ags=05978020",
    )
    assert past.rows("A19") == ["data f1+f2 2021-10-27..2021-10-26"]


def test_t01_no_window_begins_before_the_day_of_an_undated_start(given: Given) -> None:
    past = given("ToleranceIssued 2021-01-26", "TrainingStarted - @2021-08-22")
    assert past.rows("T01")[0] == "f2+application 2021-08-22..2021-08-22"


def test_a_duldung_of_the_day_after_the_end_of_a_title_goes_on_what_was_there(given: Given) -> None:
    past = given(
        "TitleGranted 2009-04-11 valid_until=2009-07-11",
        "ToleranceIssued 2009-04-19 basis=AUFENTHG_60B",
        "ToleranceIssued 2009-07-12",
    )
    last = Derived(read(past.told)).stays[-1]
    assert (last.fact.id, last.basis) == ("f2", "AUFENTHG_60B")
