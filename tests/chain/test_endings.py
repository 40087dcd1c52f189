"""G10: naturalisation, leaving, death and erasure end rules from the trigger on (design 4, lines 14, 15)."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.evaluation import evaluate
from domain.chain.intervals import Certainty, State

Given = Callable[..., Any]

# For every rule the facts of one instance whose window begins on 1 May 2025 at the latest and which
# is neither closed by then nor later.
PASTS: dict[str, tuple[str, ...]] = {
    "F02": ("CaseOpened 2025-05-01",),
    "F06": ("CaseOpened 2025-05-01",),
    "F11": ("HandoverOffered 2025-05-01 to=bamf",),
    "F14": ("DataDisclosed 2025-05-01 recipient=school",),
    "A01": ("TitleGranted 2024-01-01 basis=AUFENTHG_25_1 valid_until=2025-06-15",),
    "A02": ("TitleGranted 2024-01-01 basis=AUFENTHG_25_1 valid_until=2025-04-30",),
    "A03": (
        "TitleGranted 2024-01-01 basis=AUFENTHG_25_1 valid_until=2025-06-15",
        "TitleApplied 2025-04-01 kind=verlaengerung",
    ),
    "A04": ("FictionCertificateIssued 2025-04-01 valid_until=2025-05-25",),
    "A05": ("ToleranceIssued 2025-04-01 valid_until=2025-05-15",),
    "A06": ("AsylumDecisionIssued 2025-05-01 outcome=fluechtling",),
    "A10": ("TitleGranted 2024-07-01 basis=AUFENTHG_104C valid_until=2025-12-31",),
    "L01": ("RechtskreisChangeTriggered 2025-05-01 from=ASYLBLG_3 to=SGB_II",),
    "S01": ("TitleGranted 2024-07-01 course_claim=true basis=AUFENTHG_25_1",),
    "S03": ("CourseEntitlementIssued 2025-05-01 obligated=true",),
    "S05": ("CourseRegistered 2025-05-01 kind=IK_ALLGEMEIN",),
    "S15": ("CourseCompleted 2025-05-01",),
    "S16": ("VocationalLanguageEntitlementIssued 2025-02-20",),
    "T02": ("ToleranceIssued 2024-01-01 basis=AUFENTHG_60C", "TrainingAborted 2025-05-01"),
    "B03": ("EmploymentStarted 2024-01-01 fixed_term_until=2025-08-31",),
    "B07": ("CourseStarted 2025-04-01 mode=full", "TrainingStarted 2025-05-01"),
}
CASE_RULES = {"F02", "F06", "F11", "F14"}
WHILE_ACTIVE = {"S19"}
ENDED_BY_NATURALISATION = {"A01", "A02", "A03", "A04", "A05", "A06", "A10", "S01", "S03", "T02"}
WITHOUT_DUE_WINDOW = {"A02", "F14"}

every_rule = pytest.mark.parametrize("rule", sorted(PASTS))


def instance(past: Any, rule: str) -> Any:
    """Return the first instance of the rule: titles of A02 leave A01 closed beside it."""
    found = past.intervals(rule)
    return found[0] if found else None


def test_the_pasts_of_this_book_cover_the_start_rules() -> None:
    assert set(PASTS) <= set(RULES)
    assert len(PASTS) == 20


@every_rule
def test_every_instance_of_this_book_runs_from_may_on(given: Given, rule: str) -> None:
    states = given(*PASTS[rule]).states(rule, "2025-05-01")
    assert set(states.values()) <= {State.DUE, State.OPEN}
    assert states


@every_rule
def test_d15_naturalisation_ends_the_rules_of_stay_and_course_and_t02_and_no_other(
    given: Given, rule: str
) -> None:
    past = given(*PASTS[rule], "NaturalisationCertificateHandedOver 2025-05-02 id=end")
    one = instance(past, rule)
    if rule in ENDED_BY_NATURALISATION:
        assert (one.closed_by, str(one.closes_on), one.closing) == (
            "cancelled",
            "2025-05-02",
            "end",
        )
    else:
        assert one.closes_on is None


@every_rule
def test_d15_leaving_ends_every_rule_but_those_of_the_case(given: Given, rule: str) -> None:
    one = instance(given(*PASTS[rule], "LeftGermany 2025-05-02 id=end"), rule)
    if rule in CASE_RULES:
        assert one.closes_on is None
    else:
        assert (one.closed_by, str(one.closes_on), one.closing) == (
            "cancelled",
            "2025-05-02",
            "end",
        )


@every_rule
def test_d15_death_ends_every_rule(given: Given, rule: str) -> None:
    one = instance(given(*PASTS[rule], "PersonDied 2025-05-02 id=end"), rule)
    assert (one.closed_by, str(one.closes_on), one.closing) == ("cancelled", "2025-05-02", "end")


@every_rule
@pytest.mark.parametrize("day", ["2025-05-02", "2025-04-01", "2020-01-01"])
def test_g10_nothing_begins_after_the_day_of_death_wherever_the_fact_stands(
    given: Given, rule: str, day: str
) -> None:
    death = f"PersonDied {day} id=end"
    past = given(*PASTS[rule])
    first_of_all, last_of_all = given(death, *PASTS[rule]), given(*PASTS[rule], death)
    begins_on = str(instance(past, rule).begins_on)
    for dead in (first_of_all, last_of_all):
        found = dead.intervals(rule)
        assert bool(found) == (begins_on <= day)
        assert all(str(one.closes_on) == day for one in found)


@every_rule
def test_g10_death_on_the_windows_first_day_closes_from_then_on(given: Given, rule: str) -> None:
    first = instance(given(*PASTS[rule]), rule).begins_on
    past = given(*PASTS[rule], f"PersonDied {first}")
    if rule == "B07":  # "None if a closing counts on or before f."
        assert past.intervals(rule) == ()
        return
    assert instance(past, rule).closes_on == first
    assert past.state(rule, str(first)) is State.CLOSED


@every_rule
def test_g10_an_undated_death_lets_nothing_begin_after_its_recorded_day(
    given: Given, rule: str
) -> None:
    past = given(*PASTS[rule], "PersonDied - @2024-12-31")
    begun = [one for one in past.intervals(rule) if str(one.begins_on) > "2024-12-31"]
    assert begun == []


@every_rule
@pytest.mark.parametrize("ending", ["LeftGermany", "NaturalisationCertificateHandedOver"])
def test_g4_leaving_or_naturalisation_before_the_trigger_ends_nothing(
    given: Given, rule: str, ending: str
) -> None:
    named = [f"{fact} id=f{place}" for place, fact in enumerate(PASTS[rule], 1)]
    past = given(f"{ending} 2023-12-31 id=end", *named)
    assert past.intervals(rule) == given(*PASTS[rule]).intervals(rule)


@every_rule
def test_g10_an_ending_before_the_window_prevents_the_instance(given: Given, rule: str) -> None:
    past = given(*PASTS[rule])
    one = instance(past, rule)
    trigger = next(fact for fact in past.told if fact.id == one.evidence[0])
    between = trigger.occurred_on.latest
    if rule != "B07" and (rule in CASE_RULES or between >= one.begins_on):
        assert given(*PASTS[rule], f"LeftGermany {one.begins_on}").intervals(rule)
    else:
        assert given(*PASTS[rule], f"LeftGermany {between}").intervals(rule) == ()


@every_rule
def test_g10_nothing_is_read_of_an_erased_journey_for_any_known_at(given: Given, rule: str) -> None:
    past = given(*PASTS[rule], "JourneyErased 2025-12-01")
    for known_at in (None, "2025-05-01", "2025-12-02"):
        assert past.intervals(rule, known_at) == ()


@every_rule
def test_g11_a_retracted_ending_ends_nothing(given: Given, rule: str) -> None:
    past = given(
        *PASTS[rule], "PersonDied 2025-05-02 id=end", "EventRetracted 2025-06-01 target=end"
    )
    assert past.intervals(rule) == given(*PASTS[rule]).intervals(rule)
    dead = past.intervals(rule, known_at="2025-05-31")
    assert [str(one.closes_on) for one in dead] == ["2025-05-02"]


@pytest.mark.parametrize("rule", sorted(set(PASTS) - CASE_RULES - WITHOUT_DUE_WINDOW))
def test_g5_an_undated_leaving_counts_on_the_due_day(given: Given, rule: str) -> None:
    past = given(*PASTS[rule], "LeftGermany - @2027-01-01")
    one = instance(past, rule)
    assert (one.closed_by, one.closes_on) == ("cancelled", one.due_on)
    assert one.certainty is Certainty.POSSIBLY


def test_g10_naturalisation_dated_by_its_attribute_counts_on_that_day(given: Given) -> None:
    past = given(*PASTS["S03"], "NaturalisationCertificateHandedOver - date=2025-05-03")
    assert past.rows("S03") == ["f1 2025-05-01..2025-05-29 cancelled 2025-05-03 f2"]


def test_d14_closing_the_case_cancels_rules_of_the_case_and_nothing_else(given: Given) -> None:
    facts = [fact for rule in PASTS if rule not in CASE_RULES for fact in PASTS[rule]]
    open_case = given(*facts, "CaseOpened 2025-05-01 case_id=c1 id=case").told
    closed_case = given(
        *facts,
        "CaseOpened 2025-05-01 case_id=c1 id=case",
        "CaseClosed 2025-05-05 case_id=c1 id=closing",
    ).told
    others = [
        rule
        for name, rule in RULES.items()
        if not name.startswith("F") and name not in WHILE_ACTIVE
    ]
    assert evaluate(open_case, None, others) == evaluate(closed_case, None, others)
    for rule in ("F02", "F06"):
        (one,) = evaluate(closed_case, None, [RULES[rule]])
        assert (one.closed_by, one.closing) == ("cancelled", "closing")


def test_g5_f14_an_undated_death_closes_the_disclosure_on_its_recorded_day(given: Given) -> None:
    """G5: "Undated, it counts on `due_on`; without a `due_on`, and in F14, on its recorded day."."""
    past = given("DataDisclosed 2025-05-01 recipient=school", "PersonDied - @2025-06-01")
    assert past.rows("F14") == ["f1 2025-05-01..2025-04-30 cancelled 2025-06-01 f2"]


def test_g5_an_undated_death_counts_on_the_due_day(given: Given) -> None:
    """G5 again; G10's "(undated: the recorded day)" says only after which day nothing begins."""
    past = given("CourseRegistered 2025-05-01", "PersonDied - @2025-05-20")
    assert past.rows("S05") == ["f1 2025-05-01..2025-06-12 cancelled 2025-06-12 f2"]
