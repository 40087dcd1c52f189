"""The residence rules explain themselves: every open gap in words, every trigger without an instance by its reason."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.derived import Derived
from domain.chain.evaluation import turned
from domain.chain.explanation import explain
from domain.chain.intervals import State
from domain.chain.reading import read

Given = Callable[..., Any]

REFUSED = "AsylumDecisionIssued 2017-02-07 outcome=abgelehnt final_on=2017-02-24"
RECOGNISED = "AsylumDecisionIssued 2017-03-20 outcome=subsidiaer"
BOUND = "ResidenceObligationImposed 2017-04-03 scope=gemeinde area=05117000 until=2020-03-20"
TITLE = "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2025-06-15"


@pytest.mark.parametrize(
    ("rule", "lines", "reason"),
    [
        ("A07", ["TitleGranted 2025-01-10 basis=DEUTSCH"], "no card"),
        ("A08", ["PassportIssued 2015-01-10", "PassportExpired 2025-01-10"], "watched already"),
        ("A09", [TITLE], "no title under § 24"),
        ("A16", ["ToleranceIssued 2025-01-10 basis=AUFENTHG_60A"], "no Duldung under § 60b"),
        ("A18", ["HousingChanged 2025-01-10 kind=communal"], "the office registers"),
        ("A19", ["AddressChanged 2025-01-10 ags=05117000"], "no residence duty is known"),
        ("A19", [RECOGNISED, BOUND, "AddressChanged 2021-01-10 ags=11000000"], "binds on no day"),
        ("A19", [RECOGNISED, BOUND, "AddressChanged 2018-01-10 ags=05117000"], "within the area"),
        ("A19", [RECOGNISED, BOUND, "AddressRegistered 2018-01-10"], "is not known"),
        (
            "A19",
            [
                RECOGNISED,
                BOUND,
                "TrainingStarted 2017-08-01",
                "AddressChanged 2018-01-10 ags=11000000",
            ],
            "lifts the bond",
        ),
        (
            "A19",
            [
                RECOGNISED,
                BOUND,
                "AddressChanged 2018-01-10 ags=11000000",
                "ResidenceDutyBreached 2018-02-10",
            ],
            "the place tells it already",
        ),
        ("A20", ["AssignedToMunicipality 2016-08-31", RECOGNISED], "Land of assignment"),
        ("A22", ["ToleranceIssued 2017-01-10", REFUSED], "rests on something else"),
        ("A22", ["DepartureObligationArisen 2025-01-10 enforceable=false"], "not enforceable"),
        ("A23", ["AbsenceAbroadRecorded 2025-01-10"], "no title when"),
        ("A24", [TITLE, "TitleApplied 2025-05-10"], "no title had run out"),
        ("A26", ["PassportIssued 2015-01-10", "TitleApplied 2025-01-10"], "passport is known"),
        ("A26", ["ToleranceIssued 2025-01-10", "TitleApplied 2025-02-10"], "runs already"),
        ("A26", ["TitleApplied 2025-02-10 basis=AUFENTHG_25_1"], "as a refugee"),
    ],
)
def test_d21_a_trigger_without_an_instance_names_the_condition_that_fails(
    given: Given, rule: str, lines: list[str], reason: str
) -> None:
    found = turned(Derived(read(given(*lines).told)), RULES[rule])
    assert [one.reason.en for one in found if reason in one.reason.en]


OPEN = {
    "A07": ["TitleGranted 2024-06-15 basis=AUFENTHG_9"],
    "A08": ["PassportIssued 2015-05-01 valid_until=2024-04-30"],
    "A09": ["TitleGranted 2022-06-01 basis=AUFENTHG_24"],
    "A16": ["ToleranceIssued 2024-01-10 basis=AUFENTHG_60B"],
    "A18": ["HousingChanged 2024-01-10"],
    "A19": [RECOGNISED, BOUND.replace("2020-", "2030-"), "AddressChanged 2018-05-01 ags=11000000"],
    "A20": ["ResidenceObligationImposed 2023-01-10 until=2027-04-30"],
    "A21": [REFUSED],
    "A22": [REFUSED],
    "A23": [TITLE, "AbsenceAbroadRecorded 2024-07-10"],
    "A24": [TITLE, "TitleApplied 2025-06-20"],
    "A25": ["TitleRefused 2024-01-10"],
    "A26": ["ToleranceIssued 2024-01-10"],
    "A27": ["CourtOrderIssued 2024-01-10 addressee=abh"],
}


@pytest.mark.parametrize("rule", OPEN)
def test_d21_a_gap_explains_itself_in_both_languages_with_its_source(
    given: Given, rule: str
) -> None:
    past = given(*OPEN[rule])
    day = date(2027, 4, 1)
    standing = [one for one in past.intervals(rule) if one.state(day) is not State.CLOSED]
    said = explain(standing[-1], read(past.told), day)
    for language in ("de", "en"):
        text = said.in_language(language)
        assert RULES[rule].source in text
        assert "{" not in text
    assert ("title lapsed" in said.en) is (rule == "A23")


def test_d7_a_duldung_recorded_late_closes_for_the_past_and_the_gap_was_open_till_then(
    given: Given,
) -> None:
    past = given(REFUSED, "ToleranceIssued 2017-03-20 @2017-06-01")
    for rule in ("A21", "A22"):
        assert past.state(rule, "2017-05-31", known_at="2017-05-31") is State.OPEN
        assert past.state(rule, "2017-05-31") is State.CLOSED


def test_d8_a_paper_retracted_or_corrected_is_reckoned_anew(given: Given) -> None:
    retracted = given(REFUSED, "ToleranceIssued 2017-03-01", "EventRetracted 2017-08-01 target=f2")
    assert retracted.rows("A22") == ["f1 2017-02-24..2017-03-10"]
    assert retracted.state("A22", "2017-04-01", known_at="2017-07-31") is State.CLOSED
    corrected = given(
        "PassportIssued 2015-05-01 valid_until=2025-04-30",
        'EventCorrected 2025-05-10 target=f1 attributes={"valid_until":"2026-04-30"}',
    )
    assert corrected.rows("A08") == ["f1 2025-11-01..2026-04-30"]
