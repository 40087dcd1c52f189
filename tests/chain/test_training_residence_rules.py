"""T01: training is agreed or begun, and the stay has to allow it: an application, then a decision."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.evaluation import why
from domain.chain.explanation import explain
from domain.chain.intervals import Certainty, ClosedBy, Kind, Responsible, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]

DULDUNG = "ToleranceIssued 2024-06-03 basis=AUFENTHG_60A"
ASYLUM = "AsylumApplicationFiled 2024-06-03"
CONTRACT = "TrainingContractSigned 2025-01-10 start=2025-09-01"
APPLICATION = "f2+application 2025-02-01..2025-09-01"


def step_needed(past: Any) -> bool:
    """Say whether T01 asks for an application."""
    return any(one.key.endswith("+application") for one in past.intervals("T01"))


# the days


def test_w09_t01_with_a_duldung_one_may_apply_seven_months_before_the_beginning(
    given: Given,
) -> None:
    past = given(DULDUNG, CONTRACT)
    assert past.rows("T01") == [APPLICATION]
    assert past.state("T01", "2025-01-31") is State.NOT_APPLICABLE
    assert past.state("T01", "2025-02-01") is State.DUE
    assert past.state("T01", "2025-09-01") is State.DUE
    assert past.state("T01", "2025-09-02") is State.OPEN


@pytest.mark.parametrize(
    ("start", "first"),
    [
        ("2025-09-01", "2025-02-01"),
        ("2025-09-30", "2025-02-28"),
        ("2025-08-31", "2025-01-31"),
        ("2025-10-01", "2025-03-01"),
        ("2025-11-30", "2025-04-30"),
    ],
)
def test_w09_t01_the_seven_months_are_counted_back_from_the_day_after(
    given: Given, start: str, first: str
) -> None:
    past = given(DULDUNG, f"TrainingContractSigned 2024-12-02 start={start}")
    assert past.rows("T01") == [f"f2+application {first}..{start}"]


def test_t01_a_contract_within_the_seven_months_begins_on_its_own_day(given: Given) -> None:
    past = given(DULDUNG, "TrainingContractSigned 2025-05-05 start=2025-09-01")
    assert past.rows("T01") == ["f2+application 2025-05-05..2025-09-01"]


def test_t01_other_statuses_know_no_earliest_day(given: Given) -> None:
    past = given(ASYLUM, CONTRACT)
    assert past.rows("T01") == ["f2+application 2025-01-10..2025-09-01"]


def test_t01_it_warns_ninety_and_thirty_days_before_the_beginning(given: Given) -> None:
    one = given(DULDUNG, CONTRACT).only("T01")
    assert [step.on.isoformat() for step in one.steps] == ["2025-06-03", "2025-08-02"]
    late = given(DULDUNG, "TrainingContractSigned 2025-08-20 start=2025-09-01").only("T01")
    assert [step.on.isoformat() for step in late.steps] == ["2025-08-20", "2025-08-20"]
    assert one.severity is Severity.CRITICAL


def test_d3_t01_a_beginning_known_by_month_is_taken_at_its_latest_day_and_warned_of_at_its_earliest(
    given: Given,
) -> None:
    past = given(DULDUNG, "TrainingContractSigned 2025-01-10 start=2025-09")
    assert past.rows("T01") == ["f2+application 2025-02-01..2025-09-30"]
    assert past.only("T01").certainty is Certainty.POSSIBLY


def test_g6_t01_an_undated_contract_with_its_start_does_not_bind_the_window(given: Given) -> None:
    past = given(DULDUNG, "TrainingContractSigned - start=2025-09-01", "NoteTaken 2025-06-02")
    assert past.rows("T01") == [APPLICATION]


def test_d17_t01_without_a_beginning_the_row_is_data_and_open(given: Given) -> None:
    past = given(DULDUNG, "TrainingContractSigned 2025-01-10")
    assert past.rows("T01") == ["data f2+application 2025-01-10.."]
    said = explain(past.only("T01"), read(past.told), date(2025, 2, 3))
    assert "Beginn der Ausbildung" in said.de
    assert "start of the training" in said.en
    applied = given(DULDUNG, "TrainingContractSigned 2025-01-10", "ToleranceApplied 2025-02-03")
    assert applied.rows("T01") == [
        "data f2+application 2025-01-10.. in_time 2025-02-03 f3",
        "data f2+decision 2025-02-03..",
    ]


def test_t01_the_start_of_the_training_tells_the_beginning_that_the_contract_does_not(
    given: Given,
) -> None:
    past = given(DULDUNG, "TrainingContractSigned 2025-01-10", "TrainingStarted 2025-09-01")
    assert past.rows("T01") == [APPLICATION]
    assert past.only("T01").evidence == ("f2", "f3")


# two duties


def test_w14_d19_t01_the_client_applies_and_the_office_decides_by_the_beginning(
    given: Given,
) -> None:
    past = given(DULDUNG, CONTRACT, "ToleranceApplied 2025-03-03 basis=AUFENTHG_60C")
    assert past.rows("T01") == [
        f"{APPLICATION} in_time 2025-03-03 f3",
        "f2+decision 2025-03-03..2025-09-01",
    ]
    asked, decided = past.intervals("T01")
    assert asked.responsible == (Responsible.CASE_MANAGER, Responsible.CLIENT)
    assert decided.responsible[0] is Responsible.ABH
    assert "unknown" not in dict(decided.details)
    assert past.states("T01", "2025-09-02") == {
        "f2+application": State.CLOSED,
        "f2+decision": State.OPEN,
    }


@pytest.mark.parametrize(
    "answer",
    [
        "ToleranceIssued 2025-07-10 basis=AUFENTHG_60C",
        "ToleranceIssued 2025-07-10 basis=AUFENTHG_60A work_note=gestattet",
        "TitleGranted 2025-07-10 basis=AUFENTHG_16G",
        "TitleGranted 2025-07-10 basis=AUFENTHG_25_5 work=unbeschränkt",
        "TitleGranted 2025-07-10",
        "WorkPermitGranted 2025-07-10",
        "ToleranceRefused 2025-07-10",
        "TitleRefused 2025-07-10",
        "WorkPermitRefused 2025-07-10",
    ],
)
def test_w14_t01_a_grant_and_a_refusal_both_decide(given: Given, answer: str) -> None:
    past = given(DULDUNG, CONTRACT, "ToleranceApplied 2025-03-03", answer)
    assert past.rows("T01")[1] == "f2+decision 2025-03-03..2025-09-01 in_time 2025-07-10 f4"


@pytest.mark.parametrize(
    "paper",
    [
        "ToleranceIssued 2025-07-10 basis=AUFENTHG_60A",
        "TitleGranted 2025-07-10 basis=AUFENTHG_16B",
        "TitleGranted 2025-07-10 work=keine",
        "ToleranceRefused 2025-07-10 basis=AUFENTHG_60A",
    ],
)
def test_t01_a_paper_for_something_else_decides_nothing(given: Given, paper: str) -> None:
    past = given(DULDUNG, CONTRACT, "ToleranceApplied 2025-03-03", paper)
    assert past.rows("T01")[1] == "f2+decision 2025-03-03..2025-09-01"


def test_w08_t01_a_decision_known_by_month_counts_on_its_latest_day(given: Given) -> None:
    past = given(
        DULDUNG,
        CONTRACT,
        "ToleranceApplied 2025-03-03",
        "ToleranceIssued 2025-09 basis=AUFENTHG_60C",
    )
    assert past.rows("T01")[1] == "f2+decision 2025-03-03..2025-09-01 late 2025-09-30 f4"


def test_t01_a_late_application_is_still_owed_a_decision_at_once(given: Given) -> None:
    past = given(DULDUNG, CONTRACT, "ToleranceApplied 2025-09-15")
    assert past.rows("T01") == [
        f"{APPLICATION} late 2025-09-15 f3",
        "f2+decision 2025-09-15..2025-09-01",
    ]
    assert past.state("T01", "2025-09-14") is State.OPEN
    assert past.states("T01", "2025-09-15")["f2+decision"] is State.OPEN


@pytest.mark.parametrize(
    ("step", "counts"),
    [
        ("WorkPermitRequested 2025-03-03", True),
        ("WorkPermitRequested 2025-03-03 for_training=true", True),
        ("WorkPermitRequested 2025-03-03 for_training=false", False),
        ("ToleranceApplied 2025-03-03", True),
        ("ToleranceApplied 2025-03-03 basis=AUFENTHG_60A_2_4", True),
        ("ToleranceApplied 2025-03-03 basis=AUFENTHG_60A", False),
        ("TitleApplied 2025-03-03", True),
        ("TitleApplied 2025-03-03 basis=AUFENTHG_16G", True),
        ("TitleApplied 2025-03-03 basis=AUFENTHG_16A", True),
        ("TitleApplied 2025-03-03 basis=AUFENTHG_25A", True),
        ("TitleApplied 2025-03-03 basis=AUFENTHG_16B", False),
        ("WorkPermitRefused 2025-03-03", True),
        ("ToleranceRefused 2025-03-03", True),
        ("TitleRefused 2025-03-03", False),
        ("WorkPermitGranted 2025-03-03", True),
        ("ToleranceIssued 2025-03-03 basis=AUFENTHG_60C", True),
        ("ToleranceIssued 2025-03-03 basis=AUFENTHG_60A", False),
    ],
)
def test_t01_which_steps_and_answers_prove_that_somebody_applied(
    given: Given, step: str, counts: bool
) -> None:
    asked = given(DULDUNG, CONTRACT, step).intervals("T01")[0]
    assert (asked.closed_by is ClosedBy.IN_TIME) is counts


def test_d4_t01_an_application_before_the_window_leaves_nothing_to_apply_for(given: Given) -> None:
    past = given(DULDUNG, CONTRACT, "ToleranceApplied 2025-01-20")
    assert past.rows("T01") == ["f2+decision 2025-01-20..2025-09-01"]


# earlier applications


def test_t01_an_earlier_application_for_the_training_waits_for_its_decision(given: Given) -> None:
    past = given(DULDUNG, "ToleranceApplied 2025-01-03 basis=AUFENTHG_60C", CONTRACT)
    assert past.rows("T01") == ["f3+decision 2025-01-10..2025-09-01"]


def test_t01_an_earlier_application_that_does_not_tell_its_purpose_is_for_something_else(
    given: Given,
) -> None:
    for earlier in ("ToleranceApplied 2025-01-03", "WorkPermitRequested 2025-01-03"):
        assert step_needed(given(DULDUNG, earlier, CONTRACT))
    told = "WorkPermitRequested 2025-01-03 for_training=true"
    assert not step_needed(given(DULDUNG, told, CONTRACT))


def test_t01_before_a_start_without_contract_an_application_of_unknown_purpose_counts(
    given: Given,
) -> None:
    past = given(DULDUNG, "WorkPermitRequested 2025-07-01", "TrainingStarted 2025-09-01")
    assert past.rows("T01") == ["f3+decision 2025-09-01..2025-09-01"]


def test_t01_an_earlier_application_granted_permits_and_one_refused_does_not(given: Given) -> None:
    applied = "ToleranceApplied 2024-12-02 basis=AUFENTHG_60C"
    granted = given(DULDUNG, applied, "WorkPermitGranted 2025-01-03", CONTRACT)
    assert granted.rows("T01") == []
    refused = given(DULDUNG, applied, "ToleranceRefused 2025-01-03", CONTRACT)
    assert refused.rows("T01") == ["f4+application 2025-02-01..2025-09-01"]


# the status


@pytest.mark.parametrize(
    ("status", "needed"),
    [
        (ASYLUM, True),
        ("TemporaryPermissionIssued 2024-06-03 work_note=mit_erlaubnis", True),
        ("TemporaryPermissionIssued 2024-06-03 work_note=gestattet", False),
        (DULDUNG, True),
        ("ToleranceIssued 2024-06-03", True),
        ("ToleranceIssued 2024-06-03 basis=AUFENTHG_60B", True),
        ("ToleranceIssued 2024-06-03 basis=AUFENTHG_60C", False),
        ("DepartureObligationArisen 2024-06-03", True),
        ("TitleGranted 2024-06-03 basis=AUFENTHG_24", True),
        ("TitleGranted 2024-06-03 basis=AUFENTHG_24 work=unbeschränkt", False),
        ("TitleGranted 2024-06-03 basis=AUFENTHG_16B", True),
        ("TitleGranted 2024-06-03 basis=AUFENTHG_16A", False),
        ("TitleGranted 2024-06-03 basis=AUFENTHG_16G", False),
        ("TitleGranted 2024-06-03 basis=AUFENTHG_25_2_FL", False),
        ("TitleGranted 2024-06-03 basis=AUFENTHG_25_2_FL work=keine", True),
        ("TitleGranted 2024-06-03 basis=AUFENTHG_18A work=bestimmte", True),
        ("TitleGranted 2024-06-03 basis=AUFENTHG_9", False),
        ("AsylumDecisionIssued 2024-06-03 outcome=fluechtling", False),
        ("RightOfFreeMovementRecorded 2024-06-03", False),
        ("LeftGermany 2024-06-03", False),
    ],
)
def test_w11_t01_every_status_that_does_not_open_training_needs_a_step(
    given: Given, status: str, needed: bool
) -> None:
    past = given(status, CONTRACT)
    assert step_needed(past) is needed
    assert all(one.kind is Kind.GAP for one in past.intervals("T01"))


def test_w11_t01_a_title_that_has_run_out_needs_a_step(given: Given) -> None:
    title = "TitleGranted 2024-06-03 basis=AUFENTHG_16B valid_until=2024-12-31"
    assert given(title, CONTRACT).rows("T01") == ["f2+application 2025-02-01..2025-09-01"]


def test_w11_t01_the_fiktion_continues_what_the_title_allowed(given: Given) -> None:
    applied = "TitleApplied 2024-12-02 kind=verlaengerung"
    for basis, needed in (("AUFENTHG_16B", True), ("AUFENTHG_25_2_FL", False)):
        title = f"TitleGranted 2024-06-03 basis={basis} valid_until=2024-12-31"
        assert step_needed(given(title, applied, CONTRACT)) is needed


@pytest.mark.parametrize("status", [[], ["TitleGranted 2024-06-03"]])
def test_d17_t01_where_no_status_or_title_is_told_the_row_is_data(
    given: Given, status: list[str]
) -> None:
    past = given(*status, CONTRACT)
    assert past.rows("T01") == [
        f"data f{len(status) + 1}+application 2025-01-10..2025-09-01",
    ]
    said = explain(past.only("T01"), read(past.told), date(2025, 2, 3))
    assert "Aufenthaltsstatus und Titel" in said.de


def test_t01_a_paper_for_training_does_not_outlive_an_aborted_one(given: Given) -> None:
    paper = "ToleranceIssued 2023-08-01 basis=AUFENTHG_60C"
    begun, aborted = "TrainingStarted 2023-09-01", "TrainingAborted 2024-12-02"
    past = given(paper, begun, aborted, CONTRACT)
    assert past.rows("T01") == ["f4+application 2025-02-01..2025-09-01"]
    title = "TitleGranted 2023-08-01 basis=AUFENTHG_16A valid_until=2026-08-31"
    assert step_needed(given(title, begun, aborted, CONTRACT))


def test_t01_the_step_that_is_missing_depends_on_the_status(given: Given) -> None:
    assert given(ASYLUM, CONTRACT).only("T01").missing == ("WorkPermitRequested",)
    assert given(DULDUNG, CONTRACT).only("T01").missing == ("ToleranceApplied", "TitleApplied")
    title = "TitleGranted 2024-06-03 basis=AUFENTHG_16B"
    assert given(title, CONTRACT).only("T01").missing == ("TitleApplied",)


# the training


def test_w12_t01_a_start_without_contract_sets_it_off_too(given: Given) -> None:
    past = given(DULDUNG, "TrainingStarted 2025-09-01")
    assert past.rows("T01") == ["f2+application 2025-09-01..2025-09-01"]


def test_t01_contract_and_start_are_one_training(given: Given) -> None:
    past = given(DULDUNG, CONTRACT, "TrainingStarted 2025-09-01")
    assert past.rows("T01") == [APPLICATION]


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("DUAL_3_3.5Y", 1),
        ("DUAL_2Y", 1),
        ("HELFER_ASSISTENZ", 1),
        ("UMSCHULUNG", 1),
        ("SCHULISCH", 1),
        ("EQ", 0),
        ("BVB", 0),
        ("IFK", 0),
        ("STUDIUM", 0),
        ("NACHQUALIFIZIERUNG", 0),
    ],
)
def test_t01_only_a_vocational_training_counts(given: Given, kind: str, rows: int) -> None:
    assert len(given(DULDUNG, f"{CONTRACT} training_kind={kind}").rows("T01")) == rows


def test_w12_t01_with_a_gestattung_school_based_training_needs_no_step(given: Given) -> None:
    assert given(ASYLUM, f"{CONTRACT} training_kind=SCHULISCH").rows("T01") == []
    started = "TrainingStarted 2025-09-01 training_kind=SCHULISCH"
    assert given(ASYLUM, started).rows("T01") == []


def test_w12_t01_somebody_tolerated_at_a_berufskolleg_may_be_in_training(given: Given) -> None:
    past = given(DULDUNG, "SchoolStarted 2025-08-27 form=BK")
    assert past.rows("T01") == ["data f2+application 2025-08-27..2025-08-27"]
    said = explain(past.only("T01"), read(past.told), date(2025, 9, 3))
    assert "Ausbildungsart" in said.de
    left = given(DULDUNG, "SchoolStarted 2025-08-27 form=BK", "SchoolLeft 2025-10-01")
    assert left.only("T01").closed_by is ClosedBy.CANCELLED
    applied = given(DULDUNG, "SchoolStarted 2025-08-27 form=BK", "ToleranceApplied 2025-10-01")
    assert applied.only("T01").closed_by is ClosedBy.LATE


@pytest.mark.parametrize(
    ("status", "school"),
    [
        (DULDUNG, "SchoolStarted 2025-08-27 form=IFK"),
        (DULDUNG, "SchoolStarted 2025-08-27"),
        (DULDUNG, "SchoolStarted 2025-08-27 form=BK child_ref=c"),
        (ASYLUM, "SchoolStarted 2025-08-27 form=BK"),
        ("ToleranceIssued 2024-06-03 basis=AUFENTHG_60C", "SchoolStarted 2025-08-27 form=BK"),
        ("TitleGranted 2024-06-03 basis=AUFENTHG_16B", "SchoolStarted 2025-08-27 form=BK"),
    ],
)
def test_t01_other_schools_and_statuses_tell_of_no_training(
    given: Given, status: str, school: str
) -> None:
    assert given(status, school).rows("T01") == []


def test_t01_a_permit_known_at_the_start_permits_and_one_run_out_does_not(given: Given) -> None:
    started = "TrainingStarted 2025-09-01"
    assert given(DULDUNG, "WorkPermitGranted 2025-08-24", started).rows("T01") == []
    over = "WorkPermitGranted 2025-01-24 valid_until=2025-08-31"
    assert step_needed(given(DULDUNG, over, started))
    assert step_needed(given(DULDUNG, "WorkPermitGranted 2025-01-03", CONTRACT))


def test_g8_t01_the_next_training_supersedes_both_duties(given: Given) -> None:
    past = given(
        DULDUNG,
        CONTRACT,
        "ToleranceApplied 2025-03-03",
        "TrainingContractSigned 2025-05-05 start=2025-10-01",
    )
    rows = past.rows("T01")
    assert rows[1] == "f2+decision 2025-03-03..2025-09-01 superseded 2025-05-05 f4"
    assert rows[2] == "f4+application 2025-05-05..2025-10-01"


@pytest.mark.parametrize(
    "line",
    [
        "TrainingAborted 2025-04-07",
        "AsylumDecisionIssued 2025-04-07 outcome=subsidiaer",
        "RightOfFreeMovementRecorded 2025-04-07",
        "NaturalisationCertificateHandedOver 2025-04-07",
        "LeftGermany 2025-04-07",
    ],
)
def test_t01_what_leaves_nothing_to_apply_for_cancels(given: Given, line: str) -> None:
    assert given(DULDUNG, CONTRACT, line).rows("T01") == [f"{APPLICATION} cancelled 2025-04-07 f3"]


def test_t01_the_end_of_an_older_training_does_not_end_a_newer_one(given: Given) -> None:
    past = given(
        "ToleranceIssued 2023-08-01 basis=AUFENTHG_60A",
        "TrainingStarted 2023-09-01",
        CONTRACT,
        "TrainingAborted 2025-02-10",
    )
    assert past.intervals("T01")[1].closed_by is None


# the law by date


@pytest.mark.parametrize(
    ("status", "before", "since"),
    [("ToleranceIssued 2015-01-05 basis=AUFENTHG_60A", "2016-08-05", "2016-08-06")],
)
def test_d16_t01_with_a_duldung_there_is_none_before_the_law_of_august_2016(
    given: Given, status: str, before: str, since: str
) -> None:
    contract = "TrainingContractSigned {} start=2017-09-01"
    assert given(status, contract.format(before)).rows("T01") == []
    assert given(status, contract.format(since)).rows("T01") == [
        f"f2+application {since}..2017-09-01"
    ]


def test_d16_t01_the_seven_months_are_law_since_2020(given: Given) -> None:
    duldung = "ToleranceIssued 2018-01-08 basis=AUFENTHG_60A"
    for signed, first in (("2019-12-31", "2019-12-31"), ("2020-01-01", "2020-02-01")):
        past = given(duldung, f"TrainingContractSigned {signed} start=2020-09-01")
        assert past.rows("T01") == [f"f2+application {first}..2020-09-01"]


def test_d16_t01_work_needed_a_permit_in_an_asylum_procedure_long_before(given: Given) -> None:
    past = given(
        "AsylumApplicationFiled 2010-02-01", "TrainingContractSigned 2011-05-02 start=2011-09-01"
    )
    assert past.rows("T01") == ["f2+application 2011-05-02..2011-09-01"]


# cases


def test_w08_w11_c66_a_request_in_september_refused_on_the_20th(given: Given) -> None:
    past = given(
        "AsylumApplicationFiled 2014-10-06",
        "TrainingContractSigned 2016-08-22 start=2016-10-01",
        "WorkPermitRequested 2016-09",
        "WorkPermitRefused 2016-09-20",
    )
    assert past.rows("T01") == [
        "f2+application 2016-08-22..2016-10-01 in_time 2016-09-20 f3",
        "f2+decision 2016-09-20..2016-10-01 in_time 2016-09-20 f4",
    ]


def test_d8_t01_a_late_recorded_application_closes_it_retroactively(given: Given) -> None:
    past = given(DULDUNG, CONTRACT, "ToleranceApplied 2025-08-20 @2025-10-01")
    assert past.state("T01", "2025-09-15", known_at="2025-09-15") is State.OPEN
    assert past.states("T01", "2025-09-15")["f2+application"] is State.CLOSED


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([DULDUNG, f"{CONTRACT} training_kind=EQ"], "no vocational training"),
        (["TitleGranted 2024-06-03 basis=AUFENTHG_9", CONTRACT], "allows the training"),
        ([ASYLUM, f"{CONTRACT} training_kind=SCHULISCH"], "needs no permission"),
        (["ToleranceIssued 2024-06-03 basis=AUFENTHG_60C", CONTRACT], "permitted already"),
        (
            ["ToleranceIssued 2015-01-05", "TrainingContractSigned 2015-05-04 start=2015-09-01"],
            "before the law",
        ),
        ([ASYLUM, "SchoolStarted 2025-08-27 form=BK"], "no Duldung"),
    ],
)
def test_d21_t01_where_there_is_no_instance_the_first_failing_condition_is_named(
    given: Given, lines: list[str], reason: str
) -> None:
    standing = why(read(given(*lines).told), RULES["T01"], date(2025, 6, 1))
    assert standing.state is State.NOT_APPLICABLE
    assert any(reason in one.reason.en for one in standing.turned)


def test_t01_the_sentence_names_the_duty_and_its_day(given: Given) -> None:
    past = given(DULDUNG, CONTRACT, "ToleranceApplied 2025-03-03")
    view = read(past.told)
    said = [explain(one, view, date(2025, 5, 5)) for one in past.intervals("T01")]
    assert "Ausbildungsvertrag am 10.01.2025: Bis zum 01.09.2025" in said[0].de
    assert "über den Antrag entschieden" in said[1].de
    assert (
        "Toleration applied for on 3 March 2025: the application is to be decided by" in said[1].en
    )
