"""M04 coming of age in care; M05 three months for the reunification of the family."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest

from domain.chain.bounds import STANDARD, Bounds, Status
from domain.chain.catalogue import RULES
from domain.chain.derived import Derived
from domain.chain.evaluation import evaluate, turned
from domain.chain.explanation import explain
from domain.chain.intervals import Certainty, State, StepName
from domain.chain.reading import read
from domain.chain.rule import LEFT, NATURALISED, PROTECTED

Given = Callable[..., Any]

LEAP = "PersonIdentified 2023-01-01 birth_date=2008-02-29"
CARE = "BenefitGranted 2023-05-01 id=c rechtskreis=SGB_VIII"
WINDOW = "c 2025-09-02..2026-02-28"


def test_m04_example_born_on_29_february(given: Given) -> None:
    past = given(LEAP, CARE)
    assert past.rows("M04") == [WINDOW]
    assert past.state("M04", "2025-09-01") is State.NOT_APPLICABLE
    assert past.state("M04", "2026-02-28") is State.DUE
    assert past.state("M04", "2026-03-01") is State.OPEN
    assert [(str(step.on), step.name) for step in past.only("M04").steps] == [
        ("2025-12-01", StepName.WARNING)
    ]
    assert RULES["M04"].visible_to == PROTECTED


@pytest.mark.parametrize("mark", ["GuardianAppointed", "BenefitExtended"])
def test_m04_a_guardian_or_an_extension_shows_the_care_as_well(given: Given, mark: str) -> None:
    kind = "rechtskreis=SGB_VIII" if mark == "BenefitExtended" else ""
    assert given(LEAP, f"{mark} 2023-05-01 id=c {kind}").rows("M04") == [WINDOW]


def test_m04_nobody_in_care_no_rule(given: Given) -> None:
    assert given(LEAP, "BenefitGranted 2023-05-01 rechtskreis=ASYLBLG_3").rows("M04") == []


def test_m04_whoever_came_into_care_as_an_adult_does_not_come_of_age(given: Given) -> None:
    assert given(LEAP, CARE.replace("2023", "2027")).rows("M04") == []
    late = given(LEAP, CARE.replace("2023-05-01", "2026-02-28"))
    assert late.rows("M04") == ["c 2026-02-28..2026-02-28"]


def test_w29_m04_c60_help_past_every_possible_birthday_leaves_no_instance(given: Given) -> None:
    past = given(
        "JourneyStarted 2012-12-04 birth_year=1996",
        "BenefitGranted 2012-12-05 rechtskreis=SGB_VIII from=2012-12-05",
        "BenefitGranted 2013-02-04 rechtskreis=SGB_VIII from=2013-02-04 until=2015-10-31",
    )
    assert past.rows("M04") == []
    assert past.rows("M04", "2013-02-03") == ["f2 2013-07-05..2014-12-30"]


@pytest.mark.parametrize(
    ("until", "settled"), [("2026-02-28", False), ("2026-03-01", True), ("2026-12-31", True)]
)
def test_w29_m04_only_help_past_the_birthday_settles_it(
    given: Given, until: str, settled: bool
) -> None:
    past = given(LEAP, CARE, f"BenefitExtended 2026-01-10 id=x rechtskreis=SGB_VIII until={until}")
    assert past.rows("M04") == [f"{WINDOW} in_time 2026-01-10 x" if settled else WINDOW]


def test_w29_m04_the_grant_itself_may_run_past_the_birthday(given: Given) -> None:
    assert given(LEAP, f"{CARE} until=2026-03-01").rows("M04") == []


@pytest.mark.parametrize(("until", "settled"), [("", True), ("until=2026-02-28", False)])
def test_w29_m04_help_continued_settles_it_unless_it_ends_before(
    given: Given, until: str, settled: bool
) -> None:
    past = given(LEAP, CARE, f"HelpContinued 2026-03-05 id=x {until}")
    assert past.rows("M04") == [f"{WINDOW} late 2026-03-05 x" if settled else WINDOW]


@pytest.mark.parametrize(
    ("fact", "rows"),
    [
        ("BenefitGranted 2026-03-01 id=x rechtskreis=SGB_VIII", [f"{WINDOW} late 2026-03-01 x"]),
        (
            "BenefitGranted 2026-02-10 id=x rechtskreis=SGB_VIII from=2026-03-01",
            [f"{WINDOW} in_time 2026-02-10 x"],
        ),
        ("BenefitGranted 2026-02-10 id=x rechtskreis=SGB_VIII", [WINDOW]),
        ("BenefitEnded 2026-02-28 rechtskreis=SGB_VIII", [WINDOW]),
        ("BenefitEnded 2026-03-01 rechtskreis=SGB_VIII", []),
    ],
)
def test_w29_m04_help_that_turned_out_to_go_on_settles_it(
    given: Given, fact: str, rows: list[str]
) -> None:
    assert given(LEAP, CARE, fact).rows("M04") == rows


@pytest.mark.parametrize(
    "begun",
    [
        "RechtskreisChangeCompleted 2024-06-04 from=SGB_II to=SGB_VIII",
        "BenefitGranted 2024-06-04 rechtskreis=SGB_VIII",
    ],
)
def test_w29_m04_help_that_another_benefit_takes_over_from_was_not_ended(
    given: Given, begun: str
) -> None:
    past = given(
        "MinorTurnedAdult 2024-10-29 id=m",
        begun,
        "BenefitGranted 2025-02-01 rechtskreis=SGB_II from=2025-03-16 until=2025-12-27",
    )
    assert [(one.due_on, one.closes_on) for one in past.intervals("M04")] == [
        (date(2024, 10, 28), None)
    ]


@pytest.mark.parametrize(
    "fact",
    [
        "BenefitExtended 2025-10-01 rechtskreis=SGB_VIII until=2026-12-31",
        "HelpContinued 2025-10-01",
    ],
)
def test_w29_m04_help_granted_past_the_birthday_but_ended_before_it_settles_nothing(
    given: Given, fact: str
) -> None:
    assert given(LEAP, CARE, fact).rows("M04") == [f"{WINDOW} in_time 2025-10-01 f3"]
    for end, rows in (("2026-02-28", [WINDOW]), ("2026-03-01", [])):
        past = given(LEAP, CARE, fact, f"BenefitEnded {end} rechtskreis=SGB_VIII")
        assert past.rows("M04") == rows


def test_m04_care_that_ended_half_a_year_before_the_birthday_opens_nothing(given: Given) -> None:
    past = given(LEAP, CARE, "BenefitEnded 2025-09-01 rechtskreis=SGB_VIII")
    assert past.rows("M04") == []
    reason = next(iter(turned(Derived(read(past.told)), RULES["M04"]))).reason
    assert reason.en == "the help ended long before"
    within = given(LEAP, CARE, "BenefitEnded 2025-09-02 rechtskreis=SGB_VIII")
    assert within.rows("M04") == [WINDOW]
    again = given(
        LEAP,
        CARE.replace("id=c", ""),
        "BenefitEnded 2024-09-01 rechtskreis=SGB_VIII",
        CARE.replace("2023", "2025"),
    )
    assert again.rows("M04") == [WINDOW]


def test_m04_that_a_grant_ran_out_does_not_say_that_care_ended(given: Given) -> None:
    assert given(LEAP, f"{CARE} until=2024-04-30").rows("M04") == [WINDOW]


def test_m04_a_guardian_still_there_is_care_after_help_has_ended(given: Given) -> None:
    past = given(
        LEAP,
        CARE.replace("id=c", ""),
        "GuardianAppointed 2023-05-02 id=c",
        "BenefitEnded 2024-09-01 rechtskreis=SGB_VIII",
    )
    assert past.rows("M04") == [WINDOW]


HANDOVER = "HandoverAccepted 2026-01-10 id=h reason=age18"
APPLIED = "BenefitApplied 2026-02-10 id=b rechtskreis=SGB_II"


def test_m04_handover_and_livelihood_settle_it_together(given: Given) -> None:
    assert given(LEAP, CARE, HANDOVER, APPLIED).rows("M04") == [f"{WINDOW} in_time 2026-02-10 b"]
    assert given(LEAP, CARE, HANDOVER).rows("M04") == [WINDOW]
    assert given(LEAP, CARE, APPLIED).rows("M04") == [WINDOW]
    late = given(LEAP, CARE, APPLIED, HANDOVER.replace("01-10", "03-10"))
    assert late.rows("M04") == [f"{WINDOW} late 2026-03-10 h"]


@pytest.mark.parametrize(
    ("handover", "livelihood", "settled"),
    [
        (HANDOVER.replace("age18", "rechtskreis"), APPLIED, True),
        (HANDOVER.replace("reason=age18", ""), APPLIED, True),
        (HANDOVER.replace("age18", "move"), APPLIED, False),
        (HANDOVER.replace("2026-01-10", "2025-09-01"), APPLIED, False),
        (HANDOVER, APPLIED.replace("2026-02-10", "2025-09-01"), False),
        (HANDOVER, APPLIED.replace("SGB_II", "SGB_VIII"), False),
        (HANDOVER, "BenefitGranted 2026-02-10 id=b rechtskreis=BAB", True),
        (HANDOVER, "LivelihoodSecured 2026-02-10 id=b degree=full", True),
        (HANDOVER, "LivelihoodSecured 2026-02-10 id=b degree=partial", False),
    ],
)
def test_m04_which_handover_and_which_livelihood(
    given: Given, handover: str, livelihood: str, settled: bool
) -> None:
    past = given(LEAP, CARE, handover, livelihood)
    assert (past.state("M04", "2026-02-20") is State.CLOSED) is settled


def test_m04_a_birthday_told_stands_above_the_birth(given: Given) -> None:
    past = given(LEAP, CARE, "MinorTurnedAdult 2026-01-15")
    assert past.rows("M04") == ["c 2025-07-19..2026-01-14"]
    past = given(CARE, "MinorTurnedAdult 2026-01-20 on=2026-01-15")
    assert past.rows("M04") == ["c 2025-07-19..2026-01-14"]
    past = given("MinorTurnedAdult 2026-01-15 id=t")
    assert past.rows("M04") == ["t 2026-01-15..2026-01-14"]


def test_d17_m04_without_any_birthday_it_is_a_data_row(given: Given) -> None:
    past = given(CARE)
    assert past.rows("M04") == ["data c 2023-05-01.."]
    assert given(CARE, "HelpContinued 2024-01-01").rows("M04") == [
        "data c 2023-05-01.. in_time 2024-01-01 f2"
    ]


def test_d3_m04_a_year_of_birth_warns_from_its_first_day(given: Given) -> None:
    one = given("JourneyStarted 2023-01-01 birth_year=2008", CARE).only("M04")
    assert (str(one.begins_on), str(one.due_on)) == ("2025-07-05", "2026-12-30")
    assert one.certainty is Certainty.POSSIBLY


SERVED = "AsylumDecisionIssued 2016-05-24 outcome=fluechtling served_on=2016-06-16"


def test_w28_m05_c57_three_months_from_service_warned_60_days_before(given: Given) -> None:
    past = given(SERVED)
    assert past.rows("M05") == ["f1 2016-07-18..2016-09-16"]
    assert past.state("M05", "2016-07-17") is State.NOT_APPLICABLE
    assert past.state("M05", "2016-09-16") is State.DUE
    assert past.state("M05", "2016-09-17") is State.OPEN
    assert set(RULES["M05"].ended_by) == {NATURALISED, LEFT}


@pytest.mark.parametrize(
    ("told", "due"),
    [
        ("final_on=2016-07-02", "2016-10-02"),
        ("", "2016-09-16"),
        ("final_on=2016-11-30", "2017-02-28"),
    ],
)
def test_w28_m05_final_before_served_before_decided(given: Given, told: str, due: str) -> None:
    assert str(given(f"{SERVED} {told}").only("M05").due_on) == due
    plain = given("AsylumDecisionIssued 2016-05-24 outcome=asyl").only("M05")
    assert str(plain.due_on) == "2016-08-24"


@pytest.mark.parametrize(
    ("outcome", "rows"),
    [
        ("asyl", 1),
        ("fluechtling", 1),
        ("subsidiaer", 1),
        ("abschiebungsverbot", 0),
        ("abgelehnt", 0),
    ],
)
def test_m05_only_a_recognition_begins_the_time(given: Given, outcome: str, rows: int) -> None:
    past = given(f"AsylumDecisionIssued 2016-05-24 outcome={outcome}")
    assert len(past.intervals("M05")) == rows


@pytest.mark.parametrize(
    "fact",
    ["FamilyReunificationApplied", "FamilyReunificationNotified", "FamilyReunificationDecided"],
)
def test_w28_m05_application_notice_or_decision_settle_it(given: Given, fact: str) -> None:
    assert given(SERVED, f"{fact} 2016-09-16").rows("M05") == [
        "f1 2016-07-18..2016-09-16 in_time 2016-09-16 f2"
    ]
    late = given(SERVED, f"{fact} 2018-09-25")
    assert late.rows("M05") == ["f1 2016-07-18..2016-09-16 late 2018-09-25 f2"]
    said = explain(late.only("M05"), read(late.told), date(2020, 1, 1))
    assert "erleichterter Familiennachzug entfallen seit 17.09.2016" in said.de
    assert given(SERVED, f"{fact} 2016-07-17").rows("M05") == []


def test_m05_an_application_before_the_decision_stands_until_decided(given: Given) -> None:
    applied = "FamilyReunificationApplied 2016-01-10"
    assert given(applied, SERVED).rows("M05") == []
    decided = given(applied, "FamilyReunificationDecided 2016-03-10 outcome=refused", SERVED)
    assert decided.rows("M05") == ["f3 2016-07-18..2016-09-16"]


@pytest.mark.parametrize(
    ("fact", "row"),
    [
        ("ProtectionRevoked 2016-08-01", "cancelled 2016-08-01 f2"),
        ("OfferDeclined 2016-08-01 field=familie", "cancelled 2016-08-01 f2"),
        ("NaturalisationCertificateHandedOver 2016-08-01", "cancelled 2016-08-01 f2"),
        ("LeftGermany 2016-08-01", "cancelled 2016-08-01 f2"),
        ("OfferDeclined 2016-08-01", ""),
    ],
)
def test_m05_what_ends_it(given: Given, fact: str, row: str) -> None:
    assert given(SERVED, fact).rows("M05") == [f"f1 2016-07-18..2016-09-16 {row}".strip()]


def test_m05_reads_the_switch_of_the_suspension_which_is_unverified_and_off(given: Given) -> None:
    past = given("AsylumDecisionIssued 2025-08-01 outcome=subsidiaer")
    assert len(past.intervals("M05")) == 1
    rows = dict(STANDARD.rows)
    rows["law.36a_suspended"] = tuple(
        replace(one, status=Status.IN_FORCE) for one in rows["law.36a_suspended"]
    )
    verified = Bounds(MappingProxyType(rows))
    assert evaluate(past.told, None, [RULES["M05"]], verified) == ()
    refugee = given("AsylumDecisionIssued 2025-08-01 outcome=fluechtling")
    assert len(evaluate(refugee.told, None, [RULES["M05"]], verified)) == 1
