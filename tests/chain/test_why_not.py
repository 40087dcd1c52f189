"""Why a rule is not open: the first condition that fails has an answer (design 4, line 21)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.derived import Derived
from domain.chain.evaluation import turned, why
from domain.chain.intervals import State
from domain.chain.reading import read

Given = Callable[..., Any]

TITLE = "TitleGranted 2024-06-15 basis=AUFENTHG_18A valid_until=2025-06-15"
CHANCE = "TitleGranted 2024-01-15 basis=AUFENTHG_104C valid_until=2025-06-15"


@pytest.mark.parametrize(
    ("rule", "lines", "reason"),
    [
        ("F02", ["CaseManagerAssigned 2025-03-03", "CaseOpened 2025-03-03"], "in office"),
        ("F02", ["CaseManagerReleased 2025-03-03"], "no case is active"),
        ("F11", ["HandoverOffered 2025-03-03", "HandoverOffered 2025-03-04"], "reminder"),
        ("F14", ["ServiceLinked 2025-03-03 warm_handover=false"], "no data were handed over"),
        ("F14", ["DataDisclosed 2025-03-03 legal_basis=sgb"], "another legal basis"),
        ("A01", ["TitleGranted 2024-06-15 basis=AUFENTHG_9"], "permanent"),
        ("A01", ["TitleGranted 2024-06-15 basis=AUFENTHG_24 valid_until=2025-03-04"], "decree"),
        ("A01", ["TitleGranted 2025-06-16 valid_until=2025-06-15"], "no day"),
        ("A01", [TITLE, "TitleApplied 2025-01-10"], "before the window"),
        ("A01", [TITLE, "PersonDied 2025-01-10"], "has died"),
        ("A02", ["TitleGranted 2024-06-15"], "end of the title is not known"),
        ("A02", [TITLE, "TitleApplied 2025-06-15"], "applied for in time"),
        ("A02", [TITLE, "TitleRevoked 2025-05-02"], "lost before its end"),
        ("A03", ["TitleApplied 2025-05-02"], "no temporary title"),
        ("A03", ["TitleGranted 2024-06-15", "TitleApplied 2025-05-02"], "end of the title"),
        ("A03", [TITLE, "TitleApplied 2025-06-16"], "after the title's end"),
        ("A03", [CHANCE, "TitleApplied 2025-05-02 basis=AUFENTHG_18A"], "25a or § 25b"),
        (
            "A04",
            [TITLE, "TitleApplied 2025-06-16", "FictionCertificateIssued 2025-07-01"],
            "no effect",
        ),
        ("A06", ["AsylumDecisionIssued 2025-03-03 outcome=ou"], "grants no protection"),
        ("A10", [TITLE], "104c"),
    ],
)
def test_d21_a_trigger_without_an_instance_names_the_condition_that_fails(
    given: Given, rule: str, lines: list[str], reason: str
) -> None:
    found = turned(Derived(read(given(*lines).told)), RULES[rule])
    assert [one.reason.en for one in found if reason in one.reason.en]


def test_d21_the_state_of_a_rule_is_that_of_its_most_pressing_instance(given: Given) -> None:
    past = given(
        "HandoverOffered 2025-03-03 to=a",
        "HandoverAccepted 2025-03-04 to=a",
        "HandoverOffered 2025-03-05 to=b",
        "HandoverOffered 2025-03-20 to=c",
    )
    view = read(past.told)
    states = {
        day: why(view, RULES["F11"], date.fromisoformat(day)).state
        for day in ("2025-03-02", "2025-03-03", "2025-03-04", "2025-03-19", "2025-03-20")
    }
    assert list(states.values()) == [
        State.NOT_APPLICABLE,
        State.DUE,
        State.CLOSED,
        State.DUE,
        State.OPEN,
    ]


@pytest.mark.parametrize(
    ("line", "triggered"), [("TitleGranted 2025-03-03", True), ("NoteTaken 2025-03-03", False)]
)
def test_d21_a_rule_says_whether_any_fact_could_set_it_off(
    given: Given, line: str, triggered: bool
) -> None:
    assert why(read(given(line).told), RULES["A10"], date(2025, 4, 1)).triggered is triggered
