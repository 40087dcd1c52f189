"""The status of the stay and its papers: A16 (§ 60b), A21 (contradictions), A22 (obliged, no Duldung)."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.chain.intervals import ClosedBy, Kind, Severity, State

Given = Callable[..., Any]

MARK = "ToleranceIssued 2020-03-20 basis=AUFENTHG_60B"
REFUSED = "AsylumDecisionIssued 2017-02-07 outcome=abgelehnt final_on=2017-02-24"
TITLE = "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2025-06-15"


# A16


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2020-03-19", State.NOT_APPLICABLE),
        ("2020-03-20", State.DUE),
        ("2020-04-18", State.DUE),
        ("2020-04-19", State.OPEN),
    ],
)
def test_c72_a_mark_is_to_be_healed_within_its_first_30_days(
    given: Given, day: str, state: State
) -> None:
    assert given(MARK).state("A16", day) is state
    assert given(MARK).only("A16").severity is Severity.HIGH


def test_c72_a_certificate_handed_in_before_heals_nothing(given: Given) -> None:
    past = given(
        "IdentityClarified 2018-07-24 means=birth_cert",
        MARK,
        "ToleranceIssued 2022-03-03 basis=AUFENTHG_60B",
    )
    assert past.rows("A16") == [
        "f2 2020-03-20..2020-04-18 superseded 2022-03-03 f3",
        "f3 2022-03-03..2022-04-01",
    ]


@pytest.mark.parametrize(
    ("fact", "row"),
    [
        ("ToleranceIssued 2020-04-18 basis=AUFENTHG_60A", "in_time 2020-04-18 f2"),
        ("ToleranceIssued 2020-04-19 basis=AUFENTHG_60C", "late 2020-04-19 f2"),
        ("IdentityClarified 2020-04-18 means=pass", "in_time 2020-04-18 f2"),
        ("IdentityClarified 2020-04-01 means=other accepted_on=2020-05-01", "late 2020-05-01 f2"),
        ("TitleGranted 2020-04-10", "cancelled 2020-04-10 f2"),
        ("TemporaryPermissionIssued 2020-04-10", "cancelled 2020-04-10 f2"),
    ],
)
def test_what_ends_the_mark(given: Given, fact: str, row: str) -> None:
    assert given(MARK, fact).rows("A16") == [f"f1 2020-03-20..2020-04-18 {row}"]


def test_w36_an_identity_not_accepted_heals_nothing_one_accepted_in_its_month_does(
    given: Given,
) -> None:
    assert given(MARK, "IdentityClarified 2020-04-01 means=other").only("A16").closed_by is None
    month = given(MARK, "IdentityClarified 2020-04-01 means=other accepted_on=2020-04")
    assert month.rows("A16") == ["f1 2020-03-20..2020-04-18 in_time 2020-04-18 f2"]
    before = given("IdentityClarified 2020-01-01 means=pass", MARK)
    assert before.only("A16").closed_by is None


def test_another_paper_of_the_same_day_leaves_no_conflict(given: Given) -> None:
    assert given(MARK, "ToleranceIssued 2020-03-20 basis=AUFENTHG_60A").intervals("A16") == ()
    assert given(MARK, "TitleGranted 2020-03-20").intervals("A16") == ()


def test_a_duldung_without_basis_keeps_that_of_the_one_before(given: Given) -> None:
    renewed = given(MARK, "ToleranceIssued 2020-09-20")
    assert renewed.rows("A16")[-1] == "f2 2020-09-20..2020-10-19"
    plain = given("ToleranceIssued 2020-01-10 basis=AUFENTHG_60A", "ToleranceIssued 2020-09-20")
    assert plain.intervals("A16") == ()


def test_d17_a_duldung_of_unknown_basis_is_a_data_row(given: Given) -> None:
    past = given("ToleranceIssued 2020-03-20")
    assert past.rows("A16") == ["data f1 2020-03-20..2020-04-18"]
    told = given("ToleranceIssued 2020-03-20", "ToleranceIssued 2020-06-20 basis=AUFENTHG_60A")
    assert told.only("A16").closed_by is ClosedBy.LATE
    after_title = given(MARK, "TitleGranted 2020-09-01", "ToleranceIssued 2021-09-20")
    assert after_title.intervals("A16")[-1].kind is Kind.DATA


# A21


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2017-02-23", State.NOT_APPLICABLE),
        ("2017-02-24", State.DUE),
        ("2017-03-02", State.DUE),
        ("2017-03-03", State.OPEN),
        ("2017-07-10", State.OPEN),
        ("2017-08-01", State.OPEN),
    ],
)
def test_w05_c10_a_paper_printed_beyond_the_final_refusal_is_a_contradiction(
    given: Given, day: str, state: State
) -> None:
    past = given(
        "AsylumApplicationFiled 2013-08-15",
        "TemporaryPermissionIssued 2017-01-30 valid_until=2017-07-29",
        REFUSED,
        "TemporaryPermissionIssued - valid_until=2017-09-29",
        "AppealDecided 2018-11-26 outcome=dismissed",
    )
    assert past.state("A21", day) is state


def test_w05_c41_two_weeks_without_any_paper_are_one_too(given: Given) -> None:
    past = given(REFUSED, "ToleranceIssued 2017-03-10")
    assert past.rows("A21") == ["f1 2017-02-24..2017-03-02 late 2017-03-10 f2"]
    in_time = given(REFUSED, "ToleranceIssued 2017-03-02")
    assert in_time.rows("A21") == ["f1 2017-02-24..2017-03-02 in_time 2017-03-02 f2"]
    at_once = given(REFUSED, "ToleranceIssued 2017-02-24")
    assert at_once.rows("A21") == []


@pytest.mark.parametrize("loss", ["TitleExpired", "TitleRevoked"])
def test_w05_c44_a_title_and_its_declared_lapse_stand_side_by_side(given: Given, loss: str) -> None:
    past = given(
        "TitleGranted 2000-05-01 basis=AUFENTHG_9",
        f"{loss} 2006-03-01",
        "AppealDecided 2007-02-01 outcome=granted against=f2",
    )
    assert past.rows("A21") == ["f2 2006-03-01..2006-03-07 late 2007-02-01 f3"]


def test_w02_c03_a_certificate_without_a_fiktion_is_a_contradiction_also_over_its_renewals(
    given: Given,
) -> None:
    past = given(
        TITLE,
        "TitleApplied 2025-06-20",
        "FictionCertificateIssued 2025-06-25 valid_until=2025-08-24",
        "FictionCertificateIssued 2025-08-25",
        "TitleGranted 2025-12-01 basis=AUFENTHG_18A",
    )
    assert past.rows("A21") == ["f1+f3 2025-06-25..2025-07-01 late 2025-12-01 f5"]


def test_w02_a_certificate_runs_out_by_itself(given: Given) -> None:
    past = given(TITLE, "FictionCertificateIssued 2025-06-25 valid_until=2025-08-24")
    assert past.rows("A21") == ["f1+f2 2025-06-25..2025-07-01 late 2025-08-25"]
    broken = given(
        TITLE,
        "FictionCertificateIssued 2025-06-25 valid_until=2025-08-24",
        "FictionCertificateIssued 2025-08-26",
    )
    assert [one.key for one in broken.intervals("A21")] == ["f1+f2", "f1+f3"]


def test_w03_c07_a_refusal_leaves_a_certificate_without_effect(given: Given) -> None:
    past = given(
        TITLE,
        "TitleApplied 2025-05-01",
        "FictionCertificateIssued 2025-06-10 valid_until=2025-10-09",
        "TitleRefused 2025-08-17",
        "ToleranceIssued 2025-10-20",
    )
    assert past.rows("A21") == ["f4 2025-08-17..2025-08-23 late 2025-10-20 f5"]


def test_a_title_that_merely_ended_is_left_to_a02(given: Given) -> None:
    assert given(TITLE).intervals("A21") == ()
    assert (
        given(TITLE, "TitleApplied 2025-05-01", "FictionCertificateIssued 2025-06-01").intervals(
            "A21"
        )
        == ()
    )


def test_c21_a_gestattung_after_a_duldung_contradicts_nothing(given: Given) -> None:
    past = given(
        "ToleranceIssued 2016-04-07 basis=AUFENTHG_60A", "TemporaryPermissionIssued 2016-07-05"
    )
    assert past.intervals("A21") == ()


@pytest.mark.parametrize(
    ("facts", "row"),
    [
        ([TITLE, "ToleranceIssued 2025-01-10"], "f1+f2 2025-01-10..2025-01-16 late 2025-06-16 f1"),
        (
            [TITLE, "TemporaryPermissionIssued 2025-01-10 valid_until=2025-03-10"],
            "f1+f2 2025-01-10..2025-01-16 late 2025-03-11",
        ),
        (["ToleranceIssued 2025-01-10", TITLE.replace("2024-06-15", "2025-01-10")], None),
        (["ToleranceIssued 2024-01-10", "AsylumDecisionIssued 2025-01-10 outcome=asyl"], None),
        (
            ["AsylumDecisionIssued 2025-01-10 outcome=asyl", "ToleranceIssued 2025-02-10"],
            "f1+f2 2025-02-10..2025-02-16",
        ),
        (
            [
                "AsylumDecisionIssued 2025-01-10 outcome=abschiebungsverbot",
                "ToleranceIssued 2025-02-10",
            ],
            None,
        ),
        (
            ["AsylumApplicationFiled 2025-01-10", "FictionCertificateIssued 2025-02-10"],
            "f1+f2 2025-02-10..2025-02-16",
        ),
        (["FictionCertificateIssued 2025-01-05", "AsylumApplicationFiled 2025-01-10"], None),
        (
            [REFUSED, "ToleranceIssued 2017-02-24", "TemporaryPermissionIssued 2017-05-10"],
            "f2+f3 2017-05-10..2017-05-16",
        ),
        (
            ["ToleranceIssued 2025-01-10", "FictionCertificateIssued 2025-02-10"],
            "f1+f2 2025-02-10..2025-02-16",
        ),
    ],
)
def test_which_paper_contradicts_which_status(
    given: Given, facts: list[str], row: str | None
) -> None:
    assert given(*facts).rows("A21") == ([] if row is None else [row])


def test_a_gestattung_beside_a_fiktion_for_a_long_title_contradicts_it(given: Given) -> None:
    past = given(TITLE, "TitleApplied 2025-05-01", "TemporaryPermissionIssued 2025-07-10")
    assert past.rows("A21") == ["f1+f3 2025-07-10..2025-07-16"]


def test_stretches_that_follow_each_other_are_one(given: Given) -> None:
    past = given(
        TITLE,
        "FictionCertificateIssued 2025-06-25",
        "DepartureObligationArisen 2025-06-29",
        "ToleranceIssued 2025-07-05",
    )
    assert past.rows("A21") == ["f1+f2 2025-06-25..2025-07-01 late 2025-07-05 f4"]


def test_d17_a_duldung_beside_a_title_of_unknown_end_is_a_data_row(given: Given) -> None:
    past = given("TitleGranted 2024-06-15 basis=AUFENTHG_25_3", "ToleranceIssued 2025-01-10")
    assert past.rows("A21") == ["data f2 2025-01-10..2025-01-16"]


@pytest.mark.parametrize(
    ("title", "facts"),
    [
        ("basis=AUFENTHG_18A valid_until=2025-06-14", ""),
        ("basis=AUFENTHG_18A valid_until=2026-06-14", "TitleRevoked 2025-06-15"),
        ("basis=AUFENTHG_18A valid_until=2026-06-14", "TitleExpired 2025-06-15"),
        ("basis=AUFENTHG_9", "TitleRevoked 2025-06-15"),
        (
            "basis=AUFENTHG_18A valid_until=2025-06-14",
            "TitleApplied 2025-06-01|TitleRefused 2025-06-15",
        ),
    ],
    ids=("ended", "revoked", "lapsed", "permanent and revoked", "Fiktion refused"),
)
def test_d17_a_duldung_on_the_day_on_which_a_title_ends_asks_for_no_end(
    given: Given, title: str, facts: str
) -> None:
    told = [f"TitleGranted 2024-06-15 {title}", *facts.split("|"), "ToleranceIssued 2025-06-15"]
    assert given(*(one for one in told if one)).rows("A21") == []


@pytest.mark.parametrize(
    ("older", "newer", "row"),
    [
        (
            "basis=AUFENTHG_9",
            "basis=AUFENTHG_18A valid_until=2026-12-31",
            "f1+f2 2025-01-10..2025-01-16 late 2027-01-01",
        ),
        ("basis=AUFENTHG_9", "basis=AUFENTHG_9A", None),
        ("basis=AUFENTHG_9", "valid_until=2026-12-31", None),
        (
            "basis=AUFENTHG_18A valid_until=2025-12-31",
            "basis=AUFENTHG_28 valid_until=2026-12-31",
            None,
        ),
        ("basis=FREIZUEGG_EU_5", "basis=AUFENTHG_28 valid_until=2026-12-31", None),
        (
            "basis=AUFENTHG_18A valid_from=2025-01-10 valid_until=2025-06-30",
            "basis=AUFENTHG_28 valid_until=2026-12-31",
            "f1+f2 2025-01-10..2025-01-16 late 2025-07-01",
        ),
        ("valid_from=2025-01-10 valid_until=2025-06-30", "basis=AUFENTHG_28", None),
    ],
)
def test_two_titles_contradict_each_other_where_the_newer_cannot_have_replaced_the_older(
    given: Given, older: str, newer: str, row: str | None
) -> None:
    past = given(f"TitleGranted 2024-01-10 {older}", f"TitleGranted 2025-01-10 {newer}")
    assert past.rows("A21") == ([] if row is None else [row])


@pytest.mark.parametrize(
    ("fact", "row"),
    [
        ("TitleRevoked 2025-03-10 title=f1", "late 2025-03-10 f3"),
        ("TitleRevoked 2025-01-05 title=f1", None),
        ("TitleRevoked 2025-01-10 title=f1", None),
        ("TitleRevoked 2025-01-11 title=f1", "in_time 2025-01-11 f3"),
        ("TitleRevoked 2025-01-12 title=f2", "in_time 2025-01-12 f3"),
        ("TitleRevoked 2025-03 title=f1", "late 2025-03-31 f3"),
        ("TitleGranted 2025-03-10 valid_from=2025-03 basis=AUFENTHG_9", "late 2025-03-31 f3"),
        ("TitleGranted 2025-03-10 basis=AUFENTHG_9", "late 2025-03-10 f3"),
        ('EventCorrected 2025-03-10 target=f2 attributes={"basis":"AUFENTHG_9A"}', None),
    ],
)
def test_what_ends_two_titles(given: Given, fact: str, row: str | None) -> None:
    past = given(
        "TitleGranted 2024-01-10 basis=AUFENTHG_9",
        "TitleGranted 2025-01-10 basis=AUFENTHG_18A",
        fact,
    )
    found = [one for one in past.rows("A21") if one.startswith("f1+f2")]
    assert found == ([] if row is None else [f"f1+f2 2025-01-10..2025-01-16 {row}"])


def test_two_titles_of_partial_days_count_on_their_latest_days(given: Given) -> None:
    past = given(
        "TitleGranted 2024-06 basis=AUFENTHG_18A valid_until=2024-12",
        "TitleGranted 2024-06-30 basis=AUFENTHG_28 valid_until=2025-12-31",
    )
    assert past.rows("A21") == ["f1+f2 2024-06-30..2024-07-06 late 2025-01-01"]
    assert past.only("A21").certainty == "possibly"
    assert past.only("A21").evidence == ("f2", "f1")
    lost = given(
        "TitleGranted 2024-01-10 basis=AUFENTHG_9",
        "TitleGranted 2025-01-10 basis=AUFENTHG_18A",
        "TitleRevoked 2025-01 title=f1",
    )
    assert lost.rows("A21")[0] == "f1+f2 2025-01-10..2025-01-16 in_time 2025-01-16 f3"


def test_a_contradiction_names_the_fact_that_began_it_first(given: Given) -> None:
    late = given(TITLE, "TitleApplied 2025-06-20", "FictionCertificateIssued 2025-06-25")
    assert late.only("A21").evidence == ("f3", "f1")
    waiting = given(
        "ToleranceIssued 2025-01-10 basis=AUFENTHG_60A",
        "FictionCertificateIssued 2025-01-10",
    )
    assert waiting.only("A21").evidence == ("f2", "f1")
    older = given("FictionCertificateIssued 2025-06-10 valid_until=2025-12-31", TITLE)
    assert older.rows("A21") == ["f2+f1 2025-06-16..2025-06-22 late 2026-01-01"]
    assert older.only("A21").evidence == ("f2", "f1")


def test_a_joined_stretch_rests_on_the_facts_of_all_its_parts(given: Given) -> None:
    past = given(
        TITLE,
        "FictionCertificateIssued 2025-06-25 valid_until=2025-07-24",
        "FictionCertificateIssued 2025-07-25 valid_until=2025-08-24",
    )
    assert past.rows("A21") == ["f1+f2 2025-06-25..2025-07-01 late 2025-08-25"]
    assert past.only("A21").evidence == ("f2", "f1", "f3")


def test_a_paper_of_a_month_counts_from_its_latest_day(given: Given) -> None:
    past = given(TITLE, "FictionCertificateIssued 2025-07 valid_until=2025-09")
    assert past.rows("A21") == ["f1+f2 2025-07-31..2025-08-06 late 2025-10-01"]
    assert past.only("A21").certainty == "possibly"
    newer = given(
        TITLE, "FictionCertificateIssued 2025-07-10", "TitleGranted 2025-08 basis=AUFENTHG_18A"
    )
    assert newer.rows("A21") == ["f1+f2 2025-07-10..2025-07-16 late 2025-08-31 f3"]


def test_a_partial_day_of_the_status_makes_it_possible_only(given: Given) -> None:
    past = given("DepartureObligationArisen 2025-01")
    assert past.rows("A21") == ["f1 2025-01-31..2025-02-06"]
    assert past.only("A21").certainty == "possibly"
    known = given("DepartureObligationArisen 2025-01-10", "ToleranceIssued 2025-01")
    assert known.rows("A21") == ["f1 2025-01-10..2025-01-16 in_time 2025-01-16 f2"]


# A22


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2017-02-23", State.NOT_APPLICABLE),
        ("2017-02-24", State.DUE),
        ("2017-03-10", State.DUE),
        ("2017-03-11", State.OPEN),
    ],
)
def test_w05_who_is_refused_for_good_has_a_duldung_or_leaves_within_14_days(
    given: Given, day: str, state: State
) -> None:
    assert given(REFUSED).state("A22", day) is state
    assert given(REFUSED).only("A22").severity is Severity.HIGH


@pytest.mark.parametrize(
    ("fact", "row"),
    [
        ("ToleranceIssued 2017-03-10", "in_time 2017-03-10 f2"),
        ("ToleranceIssued 2017-03-11", "late 2017-03-11 f2"),
        ("LeftGermany 2017-03-01", "in_time 2017-03-01 f2"),
        ("TitleGranted 2017-03-01", "cancelled 2017-03-01 f2"),
        ("RightOfFreeMovementRecorded 2017-03-01", "cancelled 2017-03-01 f2"),
        ("AsylumApplicationFiled 2017-03-01", "cancelled 2017-03-01 f2"),
        ("ArrivalCertificateIssued 2017-03-01", "cancelled 2017-03-01 f2"),
        ("AsylumDecisionIssued 2017-03-01 outcome=asyl", "cancelled 2017-03-01 f2"),
        ("AsylumApplicationFiled 2017-03-01 procedure=folge", ""),
        ("DepartureObligationArisen 2017-03-01", "superseded 2017-03-01 f2"),
        ("ToleranceIssued 2017-03", "in_time 2017-03-10 f2"),
    ],
)
def test_what_answers_the_obligation_to_leave(given: Given, fact: str, row: str) -> None:
    expected = f"f1 2017-02-24..2017-03-10 {row}".strip()
    assert given(REFUSED, fact).rows("A22")[0] == expected


def test_the_obligation_to_leave_is_a_trigger_unless_it_is_not_enforceable(given: Given) -> None:
    assert given("DepartureObligationArisen 2025-01-10").rows("A22") == [
        "f1 2025-01-10..2025-01-24"
    ]
    assert given("DepartureObligationArisen 2025-01-10 enforceable=true").rows("A22") != []
    assert given("DepartureObligationArisen 2025-01-10 enforceable=false").rows("A22") == []


def test_a_stay_that_rests_on_something_else_calls_for_no_duldung(given: Given) -> None:
    assert given("ToleranceIssued 2017-01-10", REFUSED).rows("A22") == []
    assert given("TitleGranted 2017-01-10 basis=AUFENTHG_9", REFUSED).rows("A22") == []
    assert given(REFUSED, "ToleranceIssued 2017-02-20").rows("A22") == []
    annulled = given(REFUSED, "DecisionAnnulledRetroactively 2018-01-10 target=f1")
    assert annulled.rows("A22") == []


def test_a_refusal_beneath_a_title_that_has_ended_calls_for_a_duldung(given: Given) -> None:
    past = given(
        "TitleGranted 2016-01-10 basis=AUFENTHG_25_4 valid_until=2017-01-31",
        "AsylumApplicationFiled 2017-02-01",
        REFUSED,
    )
    assert past.rows("A22") == ["f3 2017-02-24..2017-03-10"]
    ended = given(
        "TitleGranted 2016-01-10 basis=AUFENTHG_25_4 valid_until=2017-01-31",
        "DepartureObligationArisen 2017-01-31",
    )
    assert ended.rows("A22") == ["f2 2017-01-31..2017-02-14"]


def test_d11_the_end_of_an_appeal_tells_the_obligation_and_a_dismissal_alone_does_not(
    given: Given,
) -> None:
    refused = "AsylumDecisionIssued 2024-05-02 outcome=abgelehnt"
    assert given(refused, "AppealDecided 2025-02-01 outcome=dismissed").rows("A22") == []
    final = given(refused, "AppealDecided 2025-02-01 outcome=dismissed final_on=2025-03-05")
    assert final.rows("A22") == ["f2 2025-03-05..2025-03-19"]


def test_d11_a_service_in_a_month_makes_it_possible_only(given: Given) -> None:
    past = given("AsylumDecisionIssued 2025-03-03 outcome=abgelehnt served_on=2025-03")
    assert past.rows("A22") == ["f1 2025-04-15..2025-04-29"]
    assert past.only("A22").certainty == "possibly"


def test_d17_a_final_decision_of_unknown_outcome_is_a_data_row(given: Given) -> None:
    past = given(
        "AsylumApplicationFiled 2024-01-10", "AsylumDecisionIssued 2024-05-02 final_on=2024-06-01"
    )
    assert past.rows("A22") == ["data f2 2024-06-01..2024-06-15"]
    titled = given(
        "TitleGranted 2024-01-10 basis=AUFENTHG_9",
        "AsylumDecisionIssued 2024-05-02 final_on=2024-06-01",
    )
    assert titled.rows("A22") == []
