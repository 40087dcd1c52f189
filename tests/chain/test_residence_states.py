"""The status of the stay, day by day, and the papers beside it (design 4, lines 9 to 13; cases W02 to W05, W07)."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies

from domain.chain.checklists.lawful_stay import lawful_spans
from domain.chain.derived import Derived
from domain.chain.reading import Told, read
from domain.chain.states.residence import Status, Stay, status_on
from domain.days import PartialDate
from domain.events.registry import read_fact

Given = Callable[..., Any]

TITLE = "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2025-06-15"


def derived(past: Any) -> Derived:
    return Derived(read(past.told))


def row(one: Stay) -> str:
    basis = "" if one.basis is None else f" {one.basis.removeprefix('AUFENTHG_')}"
    return f"{one.status}{basis} {one.first}..{one.last or ''} {one.since.id}"


def rows(past: Any) -> list[str]:
    """Return the stretches as text: ``title 18A 2024-06-15..2025-06-15 f1``."""
    return [row(one) for one in derived(past).stays]


# the asylum procedure


def test_d11_a_gestattung_runs_from_the_application_to_the_day_before_the_refusal_is_final(
    given: Given,
) -> None:
    past = given(
        "AsylumApplicationFiled 2013-08-15",
        "TemporaryPermissionIssued 2017-01-30 valid_until=2017-07-29",
        "AsylumDecisionIssued 2017-02-07 outcome=abgelehnt final_on=2017-02-24",
    )
    assert rows(past) == ["gestattung 2013-08-15..2017-02-23 f1", "obliged 2017-02-24.. f3"]


def test_w04_a_refusal_under_appeal_leaves_the_gestattung_and_a_dismissal_alone_too(
    given: Given,
) -> None:
    past = given(
        "AsylumApplicationFiled 2024-01-10",
        "AsylumDecisionIssued 2024-05-02 outcome=abgelehnt",
        "AppealFiled 2024-05-10",
        "AppealDecided 2025-02-01 outcome=dismissed",
    )
    assert rows(past) == ["gestattung 2024-01-10.. f1"]


@pytest.mark.parametrize(
    ("outcome", "ends"), [("dismissed", True), ("withdrawn", True), ("granted", False)]
)
def test_d11_a_refusal_is_final_on_the_day_that_the_end_of_its_appeal_tells(
    given: Given, outcome: str, *, ends: bool
) -> None:
    past = given(
        "AsylumApplicationFiled 2024-01-10",
        "AsylumDecisionIssued 2024-05-02 outcome=abgelehnt",
        "AppealFiled 2024-05-10",
        f"AppealDecided 2025-02-01 outcome={outcome} final_on=2025-03-05",
    )
    obliged = ["gestattung 2024-01-10..2025-03-04 f1", "obliged 2025-03-05.. f4"]
    assert rows(past) == (obliged if ends else ["gestattung 2024-01-10.. f1"])


def test_an_appeal_against_something_else_tells_no_finality_and_one_appeal_tells_it_once(
    given: Given,
) -> None:
    past = given(
        "AsylumApplicationFiled 2024-01-10",
        "AsylumDecisionIssued 2024-05-02 outcome=abgelehnt",
        "AppealFiled 2024-05-10",
        "AppealDecided 2025-02-01 outcome=dismissed final_on=2025-03-05 against=TitleRefused",
    )
    assert rows(past) == ["gestattung 2024-01-10.. f1"]
    twice = given(
        "AsylumDecisionIssued 2024-05-02 outcome=abgelehnt",
        "AppealDecided 2024-10 outcome=dismissed final_on=2024-10-01",
        "AsylumDecisionIssued 2024-10",
    )
    assert [one.by.id for one in derived(twice).refusals] == ["f2"]


def test_d11_with_no_appeal_the_refusal_is_final_when_the_time_for_it_has_passed(
    given: Given,
) -> None:
    past = given(
        "AsylumApplicationFiled 2018-06-15",
        "AsylumDecisionIssued 2019-07-05 outcome=unzulaessig served_on=2019-07-08",
    )
    assert rows(past) == ["gestattung 2018-06-15..2019-07-15 f1", "obliged 2019-07-16.. f2"]


def test_w07_a_decision_or_a_hearing_proves_a_procedure_of_which_nothing_else_is_known(
    given: Given,
) -> None:
    refused = given("AsylumDecisionIssued 2024-05-02 outcome=abgelehnt final_on=2024-06-01")
    assert rows(refused) == ["gestattung 2024-05-02..2024-05-31 f1", "obliged 2024-06-01.. f1"]
    assert rows(given("AsylumHearingHeld 2024-05-02")) == ["gestattung 2024-05-02.. f1"]
    assert rows(given("ToleranceIssued 2024-01-02", "AsylumHearingHeld 2024-05-02")) == [
        "duldung 2024-01-02.. f1"
    ]


def test_the_proof_of_arrival_begins_the_gestattung(given: Given) -> None:
    past = given("ArrivalCertificateIssued 2024-01-02", "AsylumApplicationFiled 2024-02-02")
    assert rows(past) == ["gestattung 2024-01-02.. f1"]
    titled = given(TITLE, "ArrivalCertificateIssued 2024-09-02")
    assert rows(titled)[0] == "title 18A 2024-06-15..2025-06-15 f1"


def test_a_final_decision_of_unknown_outcome_ends_the_gestattung_and_nothing_is_known(
    given: Given,
) -> None:
    past = given(
        "AsylumApplicationFiled 2024-01-10", "AsylumDecisionIssued 2024-05-02 final_on=2024-06-01"
    )
    assert rows(past) == ["gestattung 2024-01-10..2024-05-31 f1"]
    assert status_on(derived(past).stays, date(2024, 6, 1)) is None


def test_w05_a_gestattung_issued_after_the_final_refusal_makes_nothing(given: Given) -> None:
    refused = "AsylumDecisionIssued 2024-05-02 outcome=abgelehnt final_on=2024-06-01"
    paper = "TemporaryPermissionIssued 2024-07-01"
    assert rows(given(refused, paper))[-1] == "obliged 2024-06-01.. f1"
    assert (
        rows(given(refused, "ToleranceIssued 2024-06-10", paper))[-1] == "duldung 2024-06-10.. f2"
    )
    again = given(refused, "AsylumApplicationFiled 2024-06-20 procedure=folge", paper)
    assert rows(again)[-1] == "gestattung 2024-07-01.. f3"


def test_a_subsequent_application_alone_changes_nothing_a_first_one_does(given: Given) -> None:
    duldung = "ToleranceIssued 2024-01-02"
    folge = given(duldung, "AsylumApplicationFiled 2024-03-01 procedure=folge")
    assert rows(folge) == ["duldung 2024-01-02.. f1"]
    first = given(duldung, "AsylumApplicationFiled 2024-03-01")
    assert rows(first) == ["duldung 2024-01-02..2024-02-29 f1", "gestattung 2024-03-01.. f2"]


def test_c21_a_gestattung_takes_over_from_a_duldung(given: Given) -> None:
    past = given("ToleranceIssued 2016-04-07", "TemporaryPermissionIssued 2016-07-05")
    assert rows(past) == ["duldung 2016-04-07..2016-07-04 f1", "gestattung 2016-07-05.. f2"]


def test_asylum_ends_a_title_of_six_months_and_a_fiktion_without_title_but_no_longer_one(
    given: Given,
) -> None:
    asylum = "AsylumApplicationFiled 2024-03-01"
    short = given("TitleGranted 2024-01-15 basis=AUFENTHG_25_4 valid_until=2024-07-14", asylum)
    assert rows(short)[-1] == "gestattung 2024-03-01.. f2"
    longer = given("TitleGranted 2024-01-15 basis=AUFENTHG_25_4 valid_until=2024-07-15", asylum)
    assert rows(longer) == [
        "title 25_4 2024-01-15..2024-07-15 f1",
        "gestattung 2024-07-16.. f1",
    ]
    unknown = given("TitleGranted 2024-01-15 basis=AUFENTHG_25_4", asylum)
    assert rows(unknown) == ["title 25_4 2024-01-15.. f1"]
    paper = given("FictionCertificateIssued 2024-01-15 kind=81_3", asylum)
    assert rows(paper)[-1] == "gestattung 2024-03-01.. f2"
    renewal = given(
        "TitleGranted 2023-01-15 basis=AUFENTHG_18A valid_until=2024-01-14",
        "TitleApplied 2024-01-02",
        asylum,
    )
    assert rows(renewal)[-1] == "fiktion 18A 2024-01-15.. f1"


# protection


@pytest.mark.parametrize(
    ("outcome", "basis", "lawful"),
    [
        ("asyl", "25_1", True),
        ("fluechtling", "25_2_FL", True),
        ("subsidiaer", "25_2_SUB", True),
        ("abschiebungsverbot", "25_3", False),
    ],
)
def test_protection_permits_the_stay_but_a_ban_on_deportation_does_not(
    given: Given, outcome: str, basis: str, *, lawful: bool
) -> None:
    past = given(
        "AsylumApplicationFiled 2024-01-10", f"AsylumDecisionIssued 2024-05-02 outcome={outcome}"
    )
    assert rows(past)[-1] == f"protected {basis} 2024-05-02.. f2"
    assert derived(past).stays[-1].lawful is lawful


def test_protection_begins_on_the_day_on_which_a06_begins(given: Given) -> None:
    past = given(
        "AsylumApplicationFiled 2016-05-24",
        "AsylumDecisionIssued 2016-06-01 outcome=fluechtling final_on=2016-06-16",
        "TitleGranted 2016-07-11 basis=AUFENTHG_25_2_FL",
    )
    assert rows(past) == [
        "gestattung 2016-05-24..2016-06-15 f1",
        "protected 25_2_FL 2016-06-16..2016-07-10 f2",
        "title 25_2_FL 2016-07-11.. f3",
    ]


def test_protection_revoked_obliges_on_the_day_on_which_that_is_final(given: Given) -> None:
    protected = "AsylumDecisionIssued 2024-05-02 outcome=fluechtling"
    assert rows(given(protected, "ProtectionRevoked 2025-01-10"))[-1] == "obliged 2025-01-10.. f2"
    final = given(protected, "ProtectionRevoked 2025-01-10 final_on=2025-02-20")
    assert rows(final)[-1] == "obliged 2025-02-20.. f2"
    titled = given(protected, TITLE, "ProtectionRevoked 2025-01-10")
    assert rows(titled)[-1] == "without_title 18A 2025-06-16.. f2"


def test_a_duldung_after_protection_changes_it_only_where_a_ban_alone_was_found(
    given: Given,
) -> None:
    refugee = given("AsylumDecisionIssued 2024-05-02 outcome=asyl", "ToleranceIssued 2024-06-02")
    assert rows(refugee) == ["protected 25_1 2024-05-02.. f1"]
    ban = given(
        "AsylumDecisionIssued 2024-05-02 outcome=abschiebungsverbot", "ToleranceIssued 2024-06-02"
    )
    assert rows(ban)[-1] == "duldung 2024-06-02.. f2"


# titles and the Fiktion


def test_d9_a_title_ends_on_its_last_day_and_nothing_follows_without_an_application(
    given: Given,
) -> None:
    assert rows(given(TITLE)) == [
        "title 18A 2024-06-15..2025-06-15 f1",
        "without_title 18A 2025-06-16.. f1",
    ]


@pytest.mark.parametrize(
    ("applied", "status"),
    [("2025-06-15", "fiktion"), ("2025-06-16", "without_title"), ("2025-06", "fiktion")],
)
def test_w02_d13_the_fiktion_follows_from_the_dates(
    given: Given, applied: str, status: str
) -> None:
    past = given(TITLE, f"TitleApplied {applied}")
    assert rows(past)[1] == f"{status} 18A 2025-06-16.. f1"
    assert derived(past).stays[1].fact.id == "f1"


def test_w02_c03_a_certificate_after_a_late_application_makes_no_fiktion(given: Given) -> None:
    past = given(
        TITLE,
        "TitleApplied 2025-06-20",
        "FictionCertificateIssued 2025-06-25 valid_until=2025-12-25",
    )
    assert rows(past)[-1] == "without_title 18A 2025-06-16.. f1"


def test_w03_c07_a_refusal_ends_the_fiktion_at_once(given: Given) -> None:
    past = given(
        TITLE,
        "TitleApplied 2025-05-01",
        "FictionCertificateIssued 2025-06-10 valid_until=2025-12-09",
        "TitleRefused 2025-08-17",
    )
    assert rows(past)[1:] == [
        "fiktion 18A 2025-06-16..2025-08-16 f1",
        "without_title 18A 2025-08-17.. f4",
    ]
    assert derived(past).stays[-1].fact.id == "f1"


def test_d10_a_continuation_ordered_brings_the_fiktion_after_a_late_application(
    given: Given,
) -> None:
    past = given(TITLE, "TitleApplied 2025-06-20", "ContinuationOrdered 2025-07-10")
    assert rows(past)[-1] == "fiktion 18A 2025-07-10.. f3"
    obliged = given("DepartureObligationArisen 2025-01-10", "ContinuationOrdered 2025-07-10")
    assert rows(obliged)[-1] == "fiktion 2025-07-10.. f2"
    assert rows(given("ContinuationOrdered 2025-07-10")) == []


def test_a_certificate_alone_makes_a_fiktion_only_where_nothing_else_is_known(
    given: Given,
) -> None:
    paper = "FictionCertificateIssued 2025-02-01 kind=81_3"
    assert rows(given(paper)) == ["fiktion 2025-02-01.. f1"]
    obliged = given("DepartureObligationArisen 2025-01-10", paper)
    assert rows(obliged) == ["obliged 2025-01-10.. f1"]


def test_a_title_begins_on_valid_from_and_one_that_is_over_by_then_leaves_none(
    given: Given,
) -> None:
    later = given("TitleGranted 2025-01-10 valid_from=2025-02-01 valid_until=2025-12-31")
    assert rows(later)[0] == "title 2025-02-01..2025-12-31 f1"
    over = given("TitleGranted 2025-06-16 basis=AUFENTHG_18A valid_until=2025-06-15")
    assert rows(over) == ["without_title 18A 2025-06-16.. f1"]


def test_c04_an_undated_title_is_known_for_its_last_day_at_least(given: Given) -> None:
    past = given("TitleGranted - valid_until=2020-03-31", "TitleApplied 2020-04-03")
    assert rows(past) == ["title 2020-03-31..2020-03-31 f1", "without_title 2020-04-01.. f1"]


def test_w31_c64_a_shortened_title_ends_on_the_new_day_at_the_earliest_when_it_was_shortened(
    given: Given,
) -> None:
    past = given(TITLE, "TitleShortened 2025-02-10 new_valid_until=2024-12-31")
    assert rows(past)[1] == "without_title 18A 2025-02-11.. f1"


def test_a_title_granted_anew_is_a_stretch_of_its_own(given: Given) -> None:
    past = given(TITLE, "TitleGranted 2025-06-01 basis=AUFENTHG_18A valid_until=2027-06-01")
    assert rows(past)[:2] == [
        "title 18A 2024-06-15..2025-05-31 f1",
        "title 18A 2025-06-01..2027-06-01 f2",
    ]


@pytest.mark.parametrize("loss", ["TitleRevoked", "TitleExpired"])
def test_a_title_lost_leaves_no_title_from_that_day_on(given: Given, loss: str) -> None:
    assert rows(given(TITLE, f"{loss} 2025-01-10"))[1] == "without_title 18A 2025-01-10.. f2"
    waiting = given(TITLE, "TitleApplied 2025-05-01", f"{loss} 2025-07-10")
    assert rows(waiting)[-1] == "without_title 18A 2025-07-10.. f3"


@pytest.mark.parametrize(
    ("against", "outcome", "restored"),
    [
        ("f2", "granted", True),
        ("TitleRevoked", "reversed", True),
        ("TitleRefused", "granted", False),
        ("f2", "dismissed", False),
    ],
)
def test_c44_a_court_that_undoes_the_loss_restores_the_title_from_its_day(
    given: Given, against: str, outcome: str, *, restored: bool
) -> None:
    past = given(
        "TitleGranted 2024-06-15 basis=AUFENTHG_9",
        "TitleRevoked 2025-01-10",
        f"AppealDecided 2025-09-01 outcome={outcome} against={against}",
    )
    last = "title 9 2025-09-01.. f3" if restored else "without_title 9 2025-01-10.. f2"
    assert rows(past)[-1] == last


def test_a_title_that_has_ended_meanwhile_is_not_restored(given: Given) -> None:
    past = given(
        TITLE, "TitleRevoked 2025-01-10", "AppealDecided 2025-09-01 outcome=granted against=f2"
    )
    assert rows(past)[-1] == "without_title 18A 2025-01-10.. f2"


def test_titles_of_free_movement_and_citizenship_are_those_statuses(given: Given) -> None:
    assert rows(given("TitleGranted 2025-01-10 basis=FREIZUEGG_EU_5")) == [
        "free_movement FREIZUEGG_EU_5 2025-01-10.. f1"
    ]
    lost = given("TitleGranted 2025-01-10 basis=FREIZUEGG_EU_5", "TitleRevoked 2025-03-10")
    assert rows(lost)[-1] == "without_title FREIZUEGG_EU_5 2025-03-10.. f2"
    german = given("TitleGranted 2025-01-10 basis=DEUTSCH", "ToleranceIssued 2025-02-10")
    assert rows(german) == ["german DEUTSCH 2025-01-10.. f1"]


# Duldung and the obligation to leave


def test_a_duldung_is_made_by_its_paper_and_does_not_end_with_the_printed_day(
    given: Given,
) -> None:
    past = given(
        "ToleranceIssued 2005-06-03 basis=AUFENTHG_60A valid_until=2005-09-02",
        "ToleranceIssued 2006-01-10",
    )
    assert rows(past) == ["duldung 60A 2005-06-03.. f1"]


def test_another_basis_of_the_duldung_is_another_stretch(given: Given) -> None:
    past = given(
        "ToleranceIssued 2024-01-10 basis=AUFENTHG_60A",
        "ToleranceIssued 2024-07-10 basis=AUFENTHG_60B",
    )
    assert rows(past) == ["duldung 60A 2024-01-10..2024-07-09 f1", "duldung 60B 2024-07-10.. f2"]


def test_d10_a_duldung_never_replaces_a_title_that_is_known_to_run(given: Given) -> None:
    assert (
        rows(given(TITLE, "ToleranceIssued 2025-01-10"))[0] == "title 18A 2024-06-15..2025-06-15 f1"
    )
    permanent = given(
        "TitleGranted 2024-06-15 basis=AUFENTHG_9 valid_until=2024-12-31",
        "ToleranceIssued 2025-01-10",
    )
    assert rows(permanent) == ["title 9 2024-06-15.. f1"]
    unknown = given("TitleGranted 2024-06-15 basis=AUFENTHG_25_3", "ToleranceIssued 2025-01-10")
    assert rows(unknown)[-1] == "duldung 2025-01-10.. f2"


@pytest.mark.parametrize(
    ("valid_until", "status"),
    [("2025-06-16", "duldung"), ("2025-06-15", "without_title")],
)
def test_a_duldung_issued_beside_a_title_holds_after_its_end_while_it_is_valid(
    given: Given, valid_until: str, status: str
) -> None:
    past = given(TITLE, f"ToleranceIssued 2025-05-01 valid_until={valid_until}")
    assert derived(past).stays[1].status == status
    older = given(f"ToleranceIssued 2024-05-01 valid_until={valid_until}", TITLE)
    assert derived(older).stays[-1].status is Status.WITHOUT_TITLE


def test_a_duldung_ends_a_fiktion_and_a_stay_without_title(given: Given) -> None:
    waiting = given(TITLE, "TitleApplied 2025-05-01", "ToleranceIssued 2025-09-01")
    assert rows(waiting)[-1] == "duldung 2025-09-01.. f3"
    assert rows(given(TITLE, "ToleranceIssued 2025-09-01"))[-1] == "duldung 2025-09-01.. f2"


def test_w07_the_obligation_to_leave_is_a_status_but_changes_no_duldung(given: Given) -> None:
    assert rows(given("DepartureObligationArisen 2025-01-10")) == ["obliged 2025-01-10.. f1"]
    tolerated = given("ToleranceIssued 2024-06-01", "DepartureObligationArisen 2025-01-10")
    assert rows(tolerated) == ["duldung 2024-06-01.. f1"]
    titled = given(TITLE, "DepartureObligationArisen 2025-01-10")
    assert rows(titled)[-1] == "obliged 2025-01-10.. f2"


# the rest of a life


def test_a_loss_may_be_told_of_a_day_before_the_grant_if_the_title_had_begun(given: Given) -> None:
    past = given(
        "TitleGranted 2024-07-18 basis=AUFENTHG_18A valid_from=2024-06-28 valid_until=2025-06-27",
        "TitleRevoked 2024-07-07 title=f1",
    )
    assert rows(past) == [
        "title 18A 2024-06-28..2024-07-06 f1",
        "without_title 18A 2024-07-07.. f2",
    ]


def test_asylum_refused_for_good_stays_refused_also_if_told_of_a_german(given: Given) -> None:
    past = given(
        "AsylumApplicationFiled 2024-01-10",
        "NaturalisationCertificateHandedOver 2025-01-10",
        "AsylumDecisionIssued 2025-02-01 outcome=abgelehnt final_on=2025-02-20",
        "LeftGermany 2025-04-10",
        "TemporaryPermissionIssued 2025-06-10",
    )
    assert rows(past)[-1] == "gone 2025-04-10.. f4"


def test_whoever_is_german_stays_so_until_leaving_or_death(given: Given) -> None:
    past = given(
        "NaturalisationCertificateHandedOver 2025-01-10",
        "TitleGranted 2025-02-10",
        "ToleranceIssued 2025-03-10",
        "LeftGermany 2025-04-10",
    )
    assert rows(past) == ["german 2025-01-10..2025-04-09 f1", "gone 2025-04-10.. f4"]


def test_an_entry_after_leaving_leaves_the_status_unknown(given: Given) -> None:
    past = given(
        "LeftGermany 2025-04-10", "EntryRegistered 2025-06-01", "AsylumApplicationFiled 2025-06-20"
    )
    assert rows(past) == ["gone 2025-04-10..2025-05-31 f1", "gestattung 2025-06-20.. f3"]
    assert rows(given("EntryRegistered 2025-06-01")) == []


def test_free_movement_recorded_ends_everything_but_citizenship(given: Given) -> None:
    past = given("ToleranceIssued 2025-01-10", "RightOfFreeMovementRecorded 2025-03-01")
    assert rows(past)[-1] == "free_movement 2025-03-01.. f2"


# annulments


def test_c71_an_annulment_with_effect_for_the_past_undoes_a_decision_once_it_is_known(
    given: Given,
) -> None:
    past = given(
        "TitleGranted 2024-06-15 basis=AUFENTHG_9",
        "TitleRevoked 2025-01-10",
        "DecisionAnnulledRetroactively 2025-09-01 target=f2 effective_from=2025-01-10",
    )
    assert rows(past) == ["title 9 2024-06-15.. f1"]
    before = Derived(read(past.told, date(2025, 8, 31)))
    assert [row(one) for one in before.stays][-1] == "without_title 9 2025-01-10.. f2"


def test_c71_a_title_annulled_never_was_or_is_lost_on_the_day_from_which_it_is_annulled(
    given: Given,
) -> None:
    never = given(TITLE, "DecisionAnnulledRetroactively 2025-02-01 target=f1")
    assert rows(never) == []
    later = given(
        TITLE, "DecisionAnnulledRetroactively 2025-02-01 target=f1 effective_from=2024-12-01"
    )
    assert rows(later)[1] == "without_title 18A 2024-12-01.. f2"


def test_an_annulled_refusal_or_dismissal_obliges_nobody(given: Given) -> None:
    refused = "AsylumDecisionIssued 2024-05-02 outcome=abgelehnt final_on=2024-06-01"
    asylum = "AsylumApplicationFiled 2024-01-10"
    annulled = given(asylum, refused, "DecisionAnnulledRetroactively 2025-02-01 target=f2")
    assert rows(annulled) == ["gestattung 2024-01-10.. f1"]
    dismissed = given(
        asylum,
        "AsylumDecisionIssued 2024-05-02 outcome=abgelehnt",
        "AppealFiled 2024-05-10",
        "AppealDecided 2024-09-01 outcome=dismissed final_on=2024-10-01",
        "DecisionAnnulledRetroactively 2025-02-01 target=f4",
    )
    assert rows(dismissed) == ["gestattung 2024-01-10.. f1"]


def test_an_annulled_refusal_revives_the_application(given: Given) -> None:
    refused = (
        "TitleGranted 2018-02-02 basis=AUFENTHG_28 valid_until=2022-06-18",
        "TitleApplied 2022-01-02",
        "TitleRefused 2022-03-02",
    )
    assert rows(given(*refused))[-1] == "without_title 28 2022-06-19.. f1"
    annulled = given(*refused, "DecisionAnnulledRetroactively 2022-10-01 target=f3")
    assert rows(annulled)[-1] == "fiktion 28 2022-06-19.. f1"


def test_an_annulled_shortening_moves_no_end(given: Given) -> None:
    past = given(
        "TitleGranted 2018-02-02 basis=AUFENTHG_28 valid_until=2022-06-18",
        "TitleShortened 2020-03-02 new_valid_until=2020-04-01",
        "DecisionAnnulledRetroactively 2020-10-01 target=f2",
    )
    assert rows(past) == [
        "title 28 2018-02-02..2022-06-18 f1",
        "without_title 28 2022-06-19.. f1",
    ]


def test_a_shortening_annulled_before_the_end_it_sets_leaves_no_gap(given: Given) -> None:
    title = "TitleGranted 2018-02-02 basis=AUFENTHG_28 valid_until=2022-06-18"
    shortened = "TitleShortened 2020-03-02 new_valid_until=2020-04-01"
    annulled = "DecisionAnnulledRetroactively 2020-10-01 target=f2 effective_from"
    lasting = given(title, shortened, f"{annulled}=2020-04-02")
    assert rows(lasting)[0] == "title 28 2018-02-02..2022-06-18 f1"
    ended = given(title, shortened, f"{annulled}=2020-04-03")
    assert rows(ended)[0] == "title 28 2018-02-02..2020-04-01 f1"


# one day, partial days, the order of the file


def test_g3_on_one_day_what_ends_by_itself_comes_first_and_the_later_fact_stands(
    given: Given,
) -> None:
    renewed = given(TITLE, "TitleGranted 2025-06-16 basis=AUFENTHG_18A valid_until=2026-06-15")
    assert [one.status for one in derived(renewed).stays][:2] == [Status.TITLE, Status.TITLE]
    both = given("TitleGranted 2025-01-10 basis=AUFENTHG_9", "TitleRevoked 2025-01-10")
    assert rows(both) == ["without_title 9 2025-01-10.. f2"]
    again = given(
        "AsylumDecisionIssued 2024-05-02 outcome=abgelehnt final_on=2024-06-01",
        "AsylumApplicationFiled 2024-06-01",
    )
    assert rows(again)[-1] == "gestattung 2024-06-01.. f2"


def test_a_partial_day_counts_on_its_latest_and_is_not_exact(given: Given) -> None:
    past = given("ToleranceIssued 2025-03")
    assert rows(past) == ["duldung 2025-03-31.. f1"]
    assert not derived(past).stays[0].exact


def test_d13_a_paper_lasts_to_its_printed_day_or_the_day_before_the_next(given: Given) -> None:
    past = given(
        "TemporaryPermissionIssued 2024-01-10 valid_until=2024-07-09",
        "TemporaryPermissionIssued 2024-06-01",
        "ToleranceIssued 2024-09-01 valid_until=2024-12",
        "TitleGranted 2025-02-01",
    )
    assert [one.last() for one in derived(past).papers] == [
        date(2024, 5, 31),
        date(2024, 8, 31),
        date(2024, 12, 31),
    ]


def test_the_procedure_counts_as_lawful_stay_once_protection_is_granted(given: Given) -> None:
    past = given(
        "AsylumApplicationFiled 2024-01-10",
        "AsylumDecisionIssued 2024-05-02 outcome=fluechtling",
        "TitleGranted 2024-07-01 basis=AUFENTHG_25_2_FL valid_until=2027-07-01",
    )
    (span,) = lawful_spans(derived(past))
    assert (span.first, span.last) == (date(2024, 1, 10), date(2027, 7, 1))


SHAPES: tuple[tuple[str, dict[str, object]], ...] = (
    ("TitleGranted", {"basis": "AUFENTHG_18A", "valid_until": "2024-09-30"}),
    ("TitleGranted", {"basis": "AUFENTHG_9"}),
    ("TitleGranted", {"basis": "AUFENTHG_25_3"}),
    ("TitleApplied", {}),
    ("TitleRefused", {}),
    ("TitleRevoked", {}),
    ("TitleShortened", {"new_valid_until": "2024-05-31"}),
    ("ContinuationOrdered", {}),
    ("FictionCertificateIssued", {}),
    ("ToleranceIssued", {"valid_until": "2024-12-31"}),
    ("ToleranceIssued", {"basis": "AUFENTHG_60B"}),
    ("TemporaryPermissionIssued", {}),
    ("AsylumApplicationFiled", {}),
    ("AsylumDecisionIssued", {"outcome": "fluechtling"}),
    ("AsylumDecisionIssued", {"outcome": "abgelehnt"}),
    ("AsylumDecisionIssued", {"final_on": "2024-10-01"}),
    ("AppealDecided", {"outcome": "granted", "against": "TitleRevoked"}),
    ("DepartureObligationArisen", {}),
    ("ProtectionRevoked", {}),
    ("RightOfFreeMovementRecorded", {}),
    ("EntryRegistered", {}),
    ("LeftGermany", {}),
    ("DecisionAnnulledRetroactively", {"target": "f1"}),
)


@strategies.composite
def facts(draw: strategies.DrawFn) -> list[Told]:
    """Draw a short life of one year."""
    found = []
    for place in range(draw(strategies.integers(1, 8))):
        name, attributes = draw(strategies.sampled_from(SHAPES))
        day = date(2024, 1, 1) + timedelta(days=draw(strategies.integers(0, 330)))
        when = draw(
            strategies.sampled_from([PartialDate.of(day), PartialDate(day.year, day.month)])
        )
        found.append(Told(f"f{place + 1}", read_fact(name, attributes), when))
    return found


@hypothesis.settings(max_examples=150, deadline=None)
@hypothesis.given(facts())
def test_every_day_has_one_status_at_most_and_each_stretch_says_what_follows_it(
    told: list[Told],
) -> None:
    found = Derived(read(told)).stays
    for one, following in pairwise(found):
        assert one.first <= (one.last or date.max) < following.first
        assert one.by is not None
    assert all(one.last is not None for one in found[:-1])
    assert all(one.since.latest <= one.first or not one.exact for one in found)
