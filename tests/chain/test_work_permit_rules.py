"""Leave to work: possible (B01), asked for (B02), running out (B08), missing where work begins (B09)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.bounds import STANDARD
from domain.chain.catalogue import RULES
from domain.chain.evaluation import why
from domain.chain.explanation import explain
from domain.chain.intervals import Certainty, ClosedBy, Kind, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]

ASYLUM = "AsylumApplicationFiled 2025-01-10"
CHANCE = "2025-04-10..2025-06-09"
REQUEST = "WorkPermitRequested 2015-07-16"
PERMIT = "WorkPermitGranted 2016-01-15 valid_until=2016-12-31"
PERMIT_WINDOW = "2016-11-01..2016-12-31"
JOB = "EmploymentStarted 2025-05-05"
TRAINING = "TrainingStarted 2025-09-01"


# B01


def test_b01_three_months_then_sixty_days_to_act(given: Given) -> None:
    past = given(ASYLUM)
    assert past.rows("B01") == [f"f1 {CHANCE}"]
    assert past.state("B01", "2025-04-09") is State.NOT_APPLICABLE
    assert past.state("B01", "2025-06-09") is State.DUE
    assert past.state("B01", "2025-06-10") is State.OPEN
    one = past.only("B01")
    assert (one.kind, one.severity) == (Kind.CHANCE, Severity.CHANCE)


@pytest.mark.parametrize(
    ("applied", "first"),
    [
        ("2012-09-04", "2013-06-04"),
        ("2014-02-05", "2014-11-05"),
        ("2014-02-06", "2014-11-06"),
        ("2014-08-10", "2014-11-10"),
        ("2014-08-01", "2014-11-06"),
        ("2024-11-30", "2025-02-28"),
    ],
)
def test_d16_b01_the_months_are_those_of_the_day_on_which_they_are_full(
    given: Given, applied: str, first: str
) -> None:
    past = given(f"AsylumApplicationFiled {applied}")
    assert past.only("B01").begins_on == date.fromisoformat(first)


def test_b01_in_a_facility_the_time_is_longer_until_somebody_moves_out(given: Given) -> None:
    housed = "HousingAssigned 2025-01-11 kind=land_facility"
    assert given(ASYLUM, housed).only("B01").begins_on == date(2025, 7, 10)
    moved = given(ASYLUM, housed, "AssignedToMunicipality 2025-05-20")
    assert moved.only("B01").begins_on == date(2025, 5, 20)
    early = given(ASYLUM, housed, "AddressRegistered 2025-02-20 housing_kind=communal")
    assert early.only("B01").begins_on == date(2025, 4, 10)
    later = given(ASYLUM, housed, "HousingChanged 2025-08-20 kind=communal")
    assert later.only("B01").begins_on == date(2025, 7, 10)
    unknown = given(ASYLUM, "HousingAssigned 2025-01-11")
    assert unknown.only("B01").begins_on == date(2025, 4, 10)


@pytest.mark.parametrize(
    ("applied", "procedure", "first"),
    [
        ("2026-02-01", "", "2026-06-12"),
        ("2026-03-20", "", "2026-06-20"),
        ("2025-12-01", "", "2026-06-01"),
        ("2026-02-01", "procedure=dublin", "2026-08-01"),
    ],
)
def test_d16_b01_from_12_june_2026_three_months_hold_in_facilities_too(
    given: Given, applied: str, procedure: str, first: str
) -> None:
    past = given(
        f"AsylumApplicationFiled {applied} {procedure}".strip(),
        f"HousingAssigned {applied} kind=land_facility",
    )
    assert past.only("B01").begins_on == date.fromisoformat(first)


def test_b01_the_wait_goes_on_through_another_paper(given: Given) -> None:
    past = given(
        "AsylumApplicationFiled 2024-01-10",
        "WorkPermitRequested 2024-03-01",
        "WorkPermitRefused 2024-03-20",
        "AsylumDecisionIssued 2024-05-06 outcome=abgelehnt final_on=2024-06-03",
        "ToleranceIssued 2024-07-01 basis=AUFENTHG_60A",
    )
    assert past.rows("B01") == ["f5 2024-07-01..2024-08-30"]


def test_b01_after_another_status_the_wait_begins_anew(given: Given) -> None:
    past = given(
        "ToleranceIssued 2022-01-10 basis=AUFENTHG_60A",
        "TitleGranted 2023-02-01 basis=AUFENTHG_25_5 valid_until=2024-01-31",
        "ToleranceIssued 2024-07-01 basis=AUFENTHG_60A",
    )
    assert past.rows("B01")[-1] == "f3 2024-10-01..2024-11-30"


@pytest.mark.parametrize(
    ("line", "by"),
    [
        ("WorkPermitRequested 2025-05-05", ClosedBy.IN_TIME),
        ("WorkPermitGranted 2025-05-05", ClosedBy.IN_TIME),
        ("EmploymentStarted 2025-06-10", ClosedBy.LATE),
        ("TrainingStarted 2025-05-05", ClosedBy.IN_TIME),
        ("TemporaryPermissionIssued 2025-05-05 work_note=gestattet", ClosedBy.IN_TIME),
        ("TemporaryPermissionIssued 2025-05-05 work_note=verboten", None),
        ("ToleranceIssued 2025-05-05 basis=AUFENTHG_60B", ClosedBy.CANCELLED),
        ("AsylumDecisionIssued 2025-05-05 outcome=asyl", ClosedBy.CANCELLED),
        ("NaturalisationCertificateHandedOver 2025-05-05", ClosedBy.CANCELLED),
        ("LeftGermany 2025-05-05", ClosedBy.CANCELLED),
    ],
)
def test_b01_what_takes_the_chance_or_ends_it(given: Given, line: str, by: ClosedBy | None) -> None:
    assert given(ASYLUM, line).intervals("B01")[0].closed_by is by


def test_d4_b01_asked_before_the_time_is_full_there_is_no_chance_to_tell(given: Given) -> None:
    assert given(ASYLUM, "WorkPermitRequested 2025-03-03").rows("B01") == []
    assert given(ASYLUM, "AsylumDecisionIssued 2025-03-03 outcome=asyl").rows("B01") == []


@pytest.mark.parametrize(
    ("paper", "rows"),
    [
        ("basis=AUFENTHG_60A", 1),
        ("", 1),
        ("work_note=mit_erlaubnis", 1),
        ("basis=AUFENTHG_60B", 0),
        ("basis=AUFENTHG_60C", 0),
        ("basis=AUFENTHG_60D", 0),
        ("work_note=verboten", 0),
        ("work_note=gestattet", 0),
    ],
)
def test_b01_a_duldung_that_excludes_work_or_allows_it_gives_no_chance(
    given: Given, paper: str, rows: int
) -> None:
    assert len(given(f"ToleranceIssued 2025-01-10 {paper}".strip()).rows("B01")) == rows


def test_b01_leave_asked_for_or_given_before_the_duldung_counts(given: Given) -> None:
    duldung = "ToleranceIssued 2025-01-10 basis=AUFENTHG_60A"
    assert given("WorkPermitRequested 2024-12-02", duldung).rows("B01") == []
    assert given("WorkPermitGranted 2024-12-02", duldung).rows("B01") == []
    over = "WorkPermitGranted 2024-12-02 valid_until=2025-04-09"
    assert len(given(over, duldung).rows("B01")) == 1
    runs = "WorkPermitGranted 2024-12-02 valid_until=2025-04-10"
    assert given(runs, duldung).rows("B01") == []


@pytest.mark.parametrize(
    ("nationality", "lines", "chance"),
    [
        ("XKX", ["AsylumApplicationFiled 2016-02-01"], False),
        ("XKX", ["AsylumSought 2015-08-31", "AsylumApplicationFiled 2016-02-01"], True),
        ("XKX", ["AsylumSought 2015-09-01", "AsylumApplicationFiled 2016-02-01"], False),
        ("XKX", ["AsylumSought 2015-08", "AsylumApplicationFiled 2016-02-01"], True),
        ("SEN", ["AsylumApplicationFiled 2012-09-04"], True),
        ("SEN", ["AsylumApplicationFiled 2015-09-01"], False),
        ("GEO", ["AsylumApplicationFiled 2023-01-10"], True),
        ("GEO", ["AsylumApplicationFiled 2023-09-23"], False),
        ("AFG", ["AsylumApplicationFiled 2016-02-01"], True),
        ("XKX", ["ToleranceIssued 2016-02-01 basis=AUFENTHG_60A"], True),
    ],
)
def test_w34_b01_a_safe_country_bars_work_for_whoever_asked_for_asylum_since_september_2015(
    given: Given, nationality: str, lines: list[str], chance: bool
) -> None:
    person = f'JourneyStarted 2012-01-02 nationality=["{nationality}"]'
    assert bool(given(person, *lines).rows("B01")) is chance


def test_b01_the_nationality_is_that_of_the_latest_telling_that_names_any(given: Given) -> None:
    told = 'JourneyStarted 2012-01-02 nationality=["XKX"]'
    anew = "JourneyStarted 2016-01-10 nationality=[]"
    assert given(told, anew, "AsylumApplicationFiled 2016-02-01").rows("B01") == []


def test_b01_what_a_title_told_of_work_bars_no_gestattung_after_it(given: Given) -> None:
    """A Gestattung that goes on beneath a title has no basis of its own."""
    past = given(
        "AsylumApplicationFiled 2024-01-10",
        "TitleGranted 2024-03-01 basis=AUFENTHG_60A_2_4 valid_until=2025-02-28",
    )
    assert past.rows("B01")[-1].startswith("f2 2025-06-01..")


def test_c65_b01_five_months_were_not_enough_in_2013(given: Given) -> None:
    past = given("AsylumApplicationFiled 2012-09-04", "WorkPermitGranted 2014-05-15")
    assert past.state("B01", "2013-02-03") is State.NOT_APPLICABLE
    assert past.rows("B01") == ["f1 2013-06-04..2013-08-03 late 2014-05-15 f2"]


# B02


def test_w08_c65_b02_a_refusal_in_august_counts_on_its_latest_day(given: Given) -> None:
    past = given(REQUEST, "WorkPermitRefused 2015-08")
    assert past.rows("B02") == ["f1 2015-07-16..2015-08-13 late 2015-08-31 f2"]
    assert past.state("B02", "2015-08-13") is State.DUE
    assert past.state("B02", "2015-08-14") is State.OPEN
    assert past.only("B02").certainty is Certainty.POSSIBLY


def test_w08_c66_b02_a_refusal_narrows_a_request_known_by_month(given: Given) -> None:
    past = given("WorkPermitRequested 2016-09", "WorkPermitRefused 2016-09-20")
    assert past.rows("B02") == ["f1 2016-09-20..2016-10-18 in_time 2016-09-20 f2"]


@pytest.mark.parametrize(
    ("line", "by"),
    [
        ("WorkPermitGranted 2015-08-13", ClosedBy.IN_TIME),
        ("WorkPermitGranted 2015-08-14", ClosedBy.LATE),
        ("WorkPermitGranted - @2016-01-04", ClosedBy.IN_TIME),
        ("WorkPermitRefused 2015-08-03 employer=b", ClosedBy.IN_TIME),
        ("ToleranceIssued 2015-08-03 work_note=gestattet", ClosedBy.IN_TIME),
        ("ToleranceIssued 2015-08-03 basis=AUFENTHG_60C", ClosedBy.IN_TIME),
        ("ToleranceIssued 2015-08-03 work_note=mit_erlaubnis", None),
        ("TitleGranted 2015-08-03 work=unbeschränkt", ClosedBy.CANCELLED),
        ("TitleGranted 2015-08-03 basis=AUFENTHG_28", ClosedBy.CANCELLED),
        ("TitleGranted 2015-08-03 basis=AUFENTHG_16B", None),
        ("AsylumDecisionIssued 2015-08-03 outcome=subsidiaer", ClosedBy.CANCELLED),
        ("RightOfFreeMovementRecorded 2015-08-03", ClosedBy.CANCELLED),
        ("WorkPermitRequested 2015-08-03", ClosedBy.SUPERSEDED),
    ],
)
def test_b02_what_closes_it(given: Given, line: str, by: ClosedBy | None) -> None:
    assert given(REQUEST, line).intervals("B02")[0].closed_by is by


def test_b02_requests_for_different_employers_run_side_by_side(given: Given) -> None:
    past = given(
        "WorkPermitRequested 2025-05-05 employer=a",
        "WorkPermitRequested 2025-05-12 employer=b",
        "WorkPermitGranted 2025-05-19 employer=b",
    )
    assert past.rows("B02") == [
        "f1 2025-05-05..2025-06-02",
        "f2 2025-05-12..2025-06-09 in_time 2025-05-19 f3",
    ]


# B08


def test_w13_c13_b08_a_permit_to_the_end_of_the_year_asked_again_on_8_january(
    given: Given,
) -> None:
    past = given(PERMIT, "WorkPermitRequested 2017-01-08")
    assert past.rows("B08") == [f"f1 {PERMIT_WINDOW} late 2017-01-08 f2"]
    assert past.state("B08", "2016-10-31") is State.NOT_APPLICABLE
    assert past.state("B08", "2016-12-31") is State.DUE
    assert past.state("B08", "2017-01-07") is State.OPEN
    assert past.state("B08", "2017-01-08") is State.CLOSED


@pytest.mark.parametrize(
    ("line", "by"),
    [
        ("WorkPermitRequested 2016-11-01", ClosedBy.IN_TIME),
        ("WorkPermitRequested 2016-10-31", None),
        ("WorkPermitRequested - @2016-12-01", ClosedBy.IN_TIME),
        ("ToleranceApplied 2016-12-01", ClosedBy.IN_TIME),
        ("ToleranceApplied 2016-12-01 basis=AUFENTHG_60C", ClosedBy.IN_TIME),
        ("ToleranceApplied 2016-12-01 basis=AUFENTHG_60A", None),
        ("WorkPermitGranted 2016-12-01", ClosedBy.IN_TIME),
        ("TitleGranted 2016-12-01 basis=AUFENTHG_28", ClosedBy.CANCELLED),
        ("EmploymentEnded 2016-12-01", None),
        ("LeftGermany 2016-12-01", ClosedBy.CANCELLED),
    ],
)
def test_b08_what_closes_it(given: Given, line: str, by: ClosedBy | None) -> None:
    assert given(PERMIT, line).intervals("B08")[0].closed_by is by


def test_b08_the_employer_tells_permits_requests_and_ends_apart(given: Given) -> None:
    permit = f"{PERMIT} employer=a"
    for line, by in (
        ("WorkPermitGranted 2016-12-01 employer=b", None),
        ("WorkPermitRequested 2016-12-01 employer=b", None),
        ("WorkPermitRequested 2016-12-01 employer=a", ClosedBy.IN_TIME),
        ("EmploymentEnded 2016-12-01 employer=a", ClosedBy.CANCELLED),
        ("EmploymentEnded 2016-12-01 employer=b", None),
    ):
        assert given(permit, line).intervals("B08")[0].closed_by is by


def test_b08_a_prolongation_before_the_window_leaves_nothing_to_ask_for(given: Given) -> None:
    past = given(PERMIT, "WorkPermitGranted 2016-06-01 valid_until=2017-12-31")
    assert past.rows("B08") == ["f2 2017-11-01..2017-12-31"]


def test_d17_b08_a_permit_without_end_is_a_data_row(given: Given) -> None:
    past = given("WorkPermitGranted 2014-05-15", "WorkPermitGranted 2015-02-09")
    assert past.rows("B08") == [
        "data f1 2014-05-15.. in_time 2015-02-09 f2",
        "data f2 2015-02-09..",
    ]


# B09


def test_w12_b09_work_that_was_refused_is_open_from_its_first_day(given: Given) -> None:
    past = given(ASYLUM, "WorkPermitRefused 2025-04-14", JOB)
    assert past.rows("B09") == ["f3 2025-05-05..2025-05-04"]
    assert past.state("B09", "2025-05-04") is State.NOT_APPLICABLE
    assert past.state("B09", "2025-05-05") is State.OPEN
    assert past.only("B09").severity is Severity.HIGH
    assert past.only("B09").consequence is None


def test_w12_c66_b09_training_begun_without_leave_stays(given: Given) -> None:
    past = given(ASYLUM, "WorkPermitRefused 2025-08-20", TRAINING, "WorkPermitGranted 2025-10-06")
    assert past.rows("B09") == ["f3 2025-09-01..2025-08-31 late 2025-10-06 f4"]
    one = past.only("B09")
    assert one.severity is Severity.CRITICAL
    assert one.consequence is not None
    assert one.consequence.code == "training_begun_without_leave"
    assert "Ausbildungsduldung" in explain(one, read(past.told), date(2026, 1, 5)).de


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ([], Kind.DATA),
        ([ASYLUM], Kind.DATA),
        (["TemporaryPermissionIssued 2025-01-10 work_note=mit_erlaubnis"], Kind.DATA),
        (["TemporaryPermissionIssued 2025-01-10 work_note=verboten"], Kind.GAP),
        (["TemporaryPermissionIssued 2025-01-10 work_note=gestattet"], None),
        ([ASYLUM, "WorkPermitRequested 2025-04-14"], Kind.GAP),
        ([ASYLUM, "WorkPermitRequested 2025-04-14 employer=b"], Kind.GAP),
        ([ASYLUM, "WorkPermitGranted 2025-04-14"], None),
        ([ASYLUM, "WorkPermitGranted 2025-04-14 valid_until=2025-05-04"], Kind.GAP),
        ([ASYLUM, "WorkPermitGranted 2025-04-14 valid_until=2025-05-05"], None),
        ([ASYLUM, "WorkPermitGranted 2025-05"], None),
        (["ToleranceIssued 2025-01-10"], Kind.DATA),
        (["ToleranceIssued 2025-01-10 basis=AUFENTHG_60B"], Kind.GAP),
        (["ToleranceIssued 2025-01-10 basis=AUFENTHG_60D"], None),
        (["ToleranceIssued 2025-01-10 basis=AUFENTHG_60C"], Kind.DATA),
        (["DepartureObligationArisen 2025-01-10"], Kind.DATA),
        (["TitleGranted 2025-01-10"], Kind.DATA),
        (["TitleGranted 2025-01-10 work=keine"], Kind.GAP),
        (["TitleGranted 2025-01-10 work=bestimmte"], None),
        (["TitleGranted 2025-01-10 work=unbeschränkt"], None),
        (["TitleGranted 2025-01-10 basis=AUFENTHG_25_5"], None),
        (["TitleGranted 2025-01-10 basis=AUFENTHG_18A"], None),
        (["TitleGranted 2025-01-10 basis=AUFENTHG_24"], Kind.DATA),
        (["TitleGranted 2025-01-10 basis=AUFENTHG_9"], None),
        (["TitleGranted 2024-01-10 basis=AUFENTHG_25_5 valid_until=2025-01-09"], Kind.DATA),
        (["AsylumDecisionIssued 2025-01-10 outcome=asyl"], None),
        (["RightOfFreeMovementRecorded 2025-01-10"], None),
        (["NaturalisationCertificateHandedOver 2025-01-10"], None),
    ],
)
def test_b09_leave_for_a_job_there_lacking_or_unknown(
    given: Given, lines: list[str], kind: Kind | None
) -> None:
    found = given(*lines, JOB).intervals("B09")
    assert [one.kind for one in found] == ([] if kind is None else [kind])


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["ToleranceIssued 2025-01-10 basis=AUFENTHG_60C"], None),
        (["ToleranceIssued 2025-01-10 basis=AUFENTHG_60C work_note=mit_erlaubnis"], None),
        (["ToleranceIssued 2025-01-10 basis=AUFENTHG_60C work_note=verboten"], Kind.GAP),
        (["ToleranceIssued 2025-01-10 basis=AUFENTHG_60D"], Kind.DATA),
        (["TitleGranted 2025-01-10 basis=AUFENTHG_16A"], None),
        (["TitleGranted 2025-01-10 basis=AUFENTHG_16G work=bestimmte"], None),
        (["TitleGranted 2025-01-10 basis=AUFENTHG_18A"], Kind.DATA),
        (["TitleGranted 2025-01-10 basis=AUFENTHG_25B"], None),
        (["TitleGranted 2025-01-10 basis=AUFENTHG_16B work=keine"], Kind.GAP),
    ],
)
def test_b09_leave_for_a_training(given: Given, lines: list[str], kind: Kind | None) -> None:
    found = given(*lines, TRAINING).intervals("B09")
    assert [one.kind for one in found] == ([] if kind is None else [kind])


@pytest.mark.parametrize(
    ("allowed", "kind"), [("true", None), ("false", Kind.GAP), ("null", Kind.DATA)]
)
def test_b09_in_the_fiktion_its_paper_speaks_first(
    given: Given, allowed: str, kind: Kind | None
) -> None:
    found = given(
        "TitleGranted 2024-01-10 basis=AUFENTHG_38A valid_until=2025-01-31",
        "TitleApplied 2025-01-13",
        f"FictionCertificateIssued 2025-02-03 work_allowed={allowed}",
        JOB,
    ).intervals("B09")
    assert [one.kind for one in found] == ([] if kind is None else [kind])


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        ("TrainingStarted 2025-09-01 training_kind=SCHULISCH", 0),
        ("TrainingStarted 2025-09-01 training_kind=STUDIUM", 0),
        ("TrainingStarted 2025-09-01 training_kind=EQ", 1),
        ("TrainingStarted 2025-09-01", 1),
        ("EmploymentStarted 2025-09-01 employment_kind=AGH_5_ASYLBLG", 0),
        ("EmploymentStarted 2025-09-01 employment_kind=FFIM_5A", 0),
        ("EmploymentStarted 2025-09-01 employment_kind=MINIJOB", 1),
    ],
)
def test_w12_b09_only_work_and_training_in_a_firm_need_leave(
    given: Given, line: str, rows: int
) -> None:
    assert len(given(ASYLUM, "WorkPermitRefused 2025-04-14", line).rows("B09")) == rows


def test_w12_b09_the_contract_tells_the_kind_of_training_too(given: Given) -> None:
    contract = "TrainingContractSigned 2025-05-05 training_kind=SCHULISCH"
    assert given(ASYLUM, "WorkPermitRefused 2025-04-14", contract, TRAINING).rows("B09") == []


@pytest.mark.parametrize(
    ("line", "by", "day"),
    [
        ("WorkPermitGranted 2025-06-02", ClosedBy.LATE, "2025-06-02"),
        ("WorkPermitGranted 2025-06-02 employer=b", None, None),
        ("WorkPermitGranted - @2025-06-02", ClosedBy.LATE, "2025-06-02"),
        ("TitleGranted 2025-06-02 basis=AUFENTHG_25B", ClosedBy.LATE, "2025-06-02"),
        ("TitleGranted 2025-06-02 basis=AUFENTHG_16B", None, None),
        ("ToleranceIssued 2025-06-02 basis=AUFENTHG_60D", ClosedBy.LATE, "2025-06-02"),
        ("FictionCertificateIssued 2025-06-02 work_allowed=true", ClosedBy.LATE, "2025-06-02"),
        ("FictionCertificateIssued 2025-06-02 work_allowed=false", None, None),
        ("AsylumDecisionIssued 2025-06-02 outcome=asyl", ClosedBy.LATE, "2025-06-02"),
        ("EmploymentEnded 2025-06-02 employer=a", ClosedBy.CANCELLED, "2025-06-02"),
        ("LeftGermany 2025-06-02", ClosedBy.CANCELLED, "2025-06-02"),
        ("NaturalisationCertificateHandedOver 2025-06-02", ClosedBy.CANCELLED, "2025-06-02"),
    ],
)
def test_b09_what_closes_it(given: Given, line: str, by: ClosedBy | None, day: str | None) -> None:
    past = given(ASYLUM, "WorkPermitRefused 2025-04-14", f"{JOB} employer=a", line)
    one = past.intervals("B09")[0]
    assert (one.closed_by, one.closes_on and one.closes_on.isoformat()) == (by, day)


def test_b09_a_fixed_term_and_the_end_of_a_training_leave_nothing_to_permit(given: Given) -> None:
    refused = "WorkPermitRefused 2025-04-14"
    job = given(ASYLUM, refused, f"{JOB} fixed_term_until=2025-07-31")
    assert job.rows("B09") == ["f3 2025-05-05..2025-05-04 cancelled 2025-08-01 f3"]
    training = given(ASYLUM, refused, TRAINING, "TrainingAborted 2025-10-06")
    assert training.rows("B09") == ["f3 2025-09-01..2025-08-31 cancelled 2025-10-06 f4"]


def test_d3_b09_a_permit_of_the_same_month_may_have_come_first(given: Given) -> None:
    past = given(ASYLUM, "WorkPermitRequested 2025-04-14", "WorkPermitGranted 2025-05", JOB)
    assert past.rows("B09") == []


# all


@pytest.mark.parametrize(
    ("rule", "lines", "reason"),
    [
        ("B01", [ASYLUM, "AsylumDecisionIssued 2025-02-03 outcome=asyl"], "waiting time"),
        ("B01", ["ToleranceIssued 2025-01-10 basis=AUFENTHG_60B"], "excludes work"),
        ("B01", ["WorkPermitGranted 2024-01-10", ASYLUM], "asked for or given"),
        ("B09", [ASYLUM, "WorkPermitGranted 2025-04-14", JOB], "is permitted"),
        ("B09", ["TrainingStarted 2025-05-05 training_kind=SCHULISCH"], "needs leave"),
    ],
)
def test_d21_where_there_is_no_instance_the_first_failing_condition_is_named(
    given: Given, rule: str, lines: list[str], reason: str
) -> None:
    past = given(*lines)
    assert past.rows(rule) == []
    standing = why(read(past.told), RULES[rule], date(2025, 6, 1))
    assert any(reason in one.reason.en for one in standing.turned)


@pytest.mark.parametrize(
    ("name", "day", "value"),
    [
        ("B01.months", "2014-11-05", 9),
        ("B01.months", "2014-11-06", 3),
        ("B01.facility", "2025-01-01", 6),
        ("B01.action", "2025-01-01", 60),
        ("B02.response", "2025-01-01", 28),
        ("B04.contact", "2025-01-01", 3),
        ("B04.notice", "2025-01-01", 2),
        ("B05.lead", "2025-01-01", 120),
        ("B06.after", "2025-01-01", 365),
        ("B08.lead", "2025-01-01", 60),
        ("E01.response", "2025-01-01", 90),
        ("E02.months", "2012-04-01", 1),
        ("E03.months", "2012-04-01", 3),
        ("E03.receipt", "2025-01-01", 1),
        ("E04.response", "2025-01-01", 180),
        ("T01.warning", "2025-01-01", 90),
        ("T01.urgent", "2025-01-01", 30),
        ("T01.window", "2020-01-01", 7),
        ("T03.search", "2025-01-01", 6),
        ("T03.warning", "2025-01-01", 60),
        ("T04.lead", "2025-01-01", 60),
        ("T04.eq_months", "2025-01-01", 12),
    ],
)
def test_d16_the_bounds_of_recognition_training_and_work(name: str, day: str, value: int) -> None:
    found = STANDARD.on(name, date.fromisoformat(day))
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("E02.months", "2012-03-31"),
        ("E03.months", "2012-03-31"),
        ("T01.basis", "2016-08-05"),
        ("T01.window", "2019-12-31"),
    ],
)
def test_d16_before_its_law_a_bound_is_not_there(name: str, day: str) -> None:
    assert STANDARD.on(name, date.fromisoformat(day)) is None


def test_d16_the_basis_of_a_duldung_for_training_changed_its_paragraph() -> None:
    sources = [one.source for one in STANDARD.rows["T01.basis"]]
    assert ["60a Abs. 2 S. 4" in sources[0], "16g" in sources[1], "16g" in sources[2]] == [
        True,
        False,
        True,
    ]
