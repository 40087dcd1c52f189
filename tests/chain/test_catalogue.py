"""The catalogue of rules and the bounds: every record says all that is asked of it, in both languages."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from string import Formatter
from typing import Any

import pytest

from domain.chain.bounds import STANDARD, BoundKind
from domain.chain.catalogue import RULES, rules
from domain.chain.evaluation import why
from domain.chain.explanation import explain, findings
from domain.chain.intervals import Kind, Responsible, Severity, State
from domain.chain.reading import read
from domain.chain.rule import LEFT, NATURALISED, Pattern, Rule
from domain.errors import UnknownRuleError
from domain.events.registry import FACTS
from domain.fields import Handlungsfeld
from domain.vocabulary.gaps import GapReason

Given = Callable[..., Any]

bound, ended_after = STANDARD.on, STANDARD.ended_after
START = "F02 F06 F11 F14 A01 A02 A03 A04 A05 A06 A10 L01 S01 S03 S05 S15 S16 T02 B03 B07"
START_RULES = {name: RULES[name] for name in START.split()}
ENDED_BY_NATURALISATION = "A01 A02 A03 A04 A05 A06 A10 S01 S03 T02"
SEVERITY = {
    "critical": "F14 A02 A10 L01 T02",
    "high": "F02 F11 A01 A03 A04 A05 A06 S01 S03 S15 S16 B03",
    "medium": "F06 S05 B07",
}
CONSEQUENCES = {
    "A02": "stay_not_lawful",
    "F14": "disclosed_without_basis",
    "S01": "claim_lapsed",
    "S16": "claim_lapsed",
}
UNKNOWN = {
    "F14": "recipient",
    "A01": "valid_until",
    "A04": "valid_until",
    "A05": "valid_until",
    "S01": "course_claim",
    "T02": "basis",
    "B07": "mode",
}
FIELDS_OF_LETTER = {
    "F": {Handlungsfeld.FALLSTEUERUNG},
    "A": {Handlungsfeld.AUFENTHALT},
    "O": {Handlungsfeld.ERSTORIENTIERUNG},
    "L": {Handlungsfeld.LEISTUNGEN, Handlungsfeld.GESUNDHEIT},
    "H": {Handlungsfeld.GESUNDHEIT},
    "U": {Handlungsfeld.WOHNEN},
    "M": {Handlungsfeld.FAMILIE, Handlungsfeld.BILDUNG},
    "S": {Handlungsfeld.SPRACHE},
    "E": {Handlungsfeld.ANERKENNUNG},
    "T": {Handlungsfeld.AUSBILDUNG},
    "B": {Handlungsfeld.ARBEIT},
    "N": {Handlungsfeld.EINBUERGERUNG},
}

every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)


def placeholders(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_catalogue_holds_the_start_rules_in_their_order() -> None:
    assert [name for name in RULES if name in START_RULES] == list(START_RULES)
    assert all(name == rule.id for name, rule in RULES.items())


def test_rules_are_found_by_id_and_an_unknown_id_is_named() -> None:
    assert rules(["S05", "A01"]) == (RULES["S05"], RULES["A01"])
    assert rules([]) == tuple(RULES.values())
    with pytest.raises(UnknownRuleError, match="'S99'"):
        rules(["A01", "S99"])


def test_d20_every_pattern_of_the_start_rules_is_one_of_the_seven() -> None:
    assert len(Pattern) == 7
    used = {rule.pattern for rule in RULES.values()}
    assert set(Pattern) - used <= {Pattern.OPPORTUNITY}


@every_rule
def test_every_rule_speaks_german_and_english(rule: Rule) -> None:
    for label in (rule.label, rule.watches, rule.sentence, rule.next_step):
        assert label.de.strip()
        assert label.en.strip()
        assert label.de != label.en
    assert rule.watches.de.endswith(".")
    assert rule.watches.en.endswith(".")
    assert not rule.next_step.de.endswith(".")


@every_rule
def test_a_sentence_names_the_same_days_in_both_languages(rule: Rule) -> None:
    german, english = placeholders(rule.sentence.de), placeholders(rule.sentence.en)
    assert german == english
    assert german


@every_rule
def test_every_rule_carries_its_normative_entry(rule: Rule) -> None:
    for name in ("trigger", "window", "severity"):
        assert getattr(rule.entry, name).strip().endswith("."), name
    assert bool(rule.entry.data_row) == bool(rule.unknown)
    assert bool(rule.entry.consequence) == (rule.consequence is not None)


@every_rule
def test_every_rule_names_its_field_source_and_who_has_to_act(rule: Rule) -> None:
    assert rule.field in FIELDS_OF_LETTER[rule.id[0]]
    assert "§" in rule.source or "Praxisvorgabe" in rule.source or "DSGVO" in rule.source
    assert rule.responsible
    assert set(rule.responsible) <= set(Responsible)
    assert len(set(rule.responsible)) == len(rule.responsible)


@every_rule
def test_every_rule_offers_reasons_and_always_another_one(rule: Rule) -> None:
    assert rule.reasons[-1] is GapReason.OTHER
    assert len(rule.reasons) >= 2
    assert len(set(rule.reasons)) == len(rule.reasons)


@every_rule
def test_every_rule_names_facts_of_the_registry(rule: Rule) -> None:
    assert rule.triggers
    assert rule.missing
    assert set(rule.triggers) | set(rule.missing) | set(rule.ended_by) <= set(FACTS)


@every_rule
def test_every_rule_stands_on_bounds_that_exist_and_bear_its_name(rule: Rule) -> None:
    assert rule.bounds
    for name in rule.bounds:
        assert STANDARD.rows[name]
        assert name.split(".")[0] in {rule.id, "law"}


def test_every_bound_stands_in_the_record_of_its_rule() -> None:
    named = {name for rule in RULES.values() for name in rule.bounds}
    own = {name for name in STANDARD.rows if not name.startswith("law.")}
    assert own - named == set()


@pytest.mark.parametrize(("severity", "ids"), SEVERITY.items())
def test_every_start_rule_weighs_what_the_text_says(severity: str, ids: str) -> None:
    assert {RULES[one].severity for one in ids.split()} == {Severity(severity)}


def test_every_start_rule_has_its_severity_in_this_book() -> None:
    assert {one for ids in SEVERITY.values() for one in ids.split()} == set(START_RULES)


def test_g10_the_endings_stand_in_the_records() -> None:
    naturalised = {name for name, rule in START_RULES.items() if NATURALISED in rule.ended_by}
    assert naturalised == set(ENDED_BY_NATURALISATION.split())
    assert {name for name, rule in RULES.items() if LEFT not in rule.ended_by} == {
        name for name in RULES if name.startswith("F")
    }


def test_the_lasting_consequences_are_those_of_the_text() -> None:
    said = {name: one.consequence for name, one in START_RULES.items() if one.consequence}
    assert set(said) == set(CONSEQUENCES)
    for label in said.values():
        assert placeholders(label.de) == placeholders(label.en) == {"since"}


def test_the_rules_with_a_data_row_name_the_value_that_is_missing() -> None:
    named = {name: rule.unknown for name, rule in RULES.items() if rule.unknown}
    assert {name: named[name] for name in START_RULES if name in named} == UNKNOWN
    attributes = {one.name for fact in FACTS.values() for one in fact.attributes()}
    assert set(named.values()) <= attributes


CASES: dict[str, tuple[str, ...]] = {
    "A02": ("TitleGranted 2024-01-01 basis=AUFENTHG_25_1 valid_until=2025-04-30",),
    "S16": ("VocationalLanguageEntitlementIssued 2025-01-20",),
    "S01": ("TitleGranted 2024-04-01 course_claim=true basis=AUFENTHG_25_1",),
    "F14": ("DataDisclosed 2025-05-01 recipient=school",),
}


@pytest.mark.parametrize("rule", CASES)
def test_d21_an_open_gap_explains_itself_with_its_source_and_what_stays(
    given: Given, rule: str
) -> None:
    past = given(*CASES[rule])
    one = past.only(rule)
    said = explain(one, read(past.told), date(2025, 5, 10))
    assert one.consequence.code == CONSEQUENCES[rule]
    for language in ("de", "en"):
        text = said.in_language(language)
        assert RULES[rule].source in text
        assert "{" not in text
        kept = RULES[rule].consequence.in_language(language).split("{since}")[0]
        assert kept in text


def test_d21_an_explanation_speaks_of_the_day_it_is_asked_for(given: Given) -> None:
    past = given("CourseRegistered 2025-03-03", "CourseStarted 2025-04-20")
    one, view = past.only("S05"), read(past.told)
    assert "Beginnt am 03.03.2025" in explain(one, view, date(2025, 3, 2)).de
    assert "Fällig bis zum 14.04.2025" in explain(one, view, date(2025, 4, 14)).de
    assert "Offen seit dem 15.04.2025" in explain(one, view, date(2025, 4, 15)).de
    closed = explain(one, view, date(2025, 4, 20))
    assert "Geschlossen am 20.04.2025 (verspätet erledigt: Kursbeginn)" in closed.de
    assert "Closed on 20 April 2025 (done late" in closed.en


def test_d7_a_closing_that_became_known_later_says_since_when(given: Given) -> None:
    past = given("CourseRegistered 2025-03-03", "CourseStarted 2025-04-20 @2025-05-06")
    one, view = past.only("S05"), read(past.told)
    closed = explain(one, view, date(2025, 6, 1))
    assert "Geschlossen am 20.04.2025 (verspätet erledigt: Kursbeginn, bekannt seit" in closed.de
    assert "06.05.2025" in closed.de
    assert past.state("S05", "2025-05-05", known_at="2025-05-05") is State.OPEN


DATA_ROWS = {
    "A01": ("TitleGranted 2024-04-01 basis=AUFENTHG_25_1",),
    "A04": ("FictionCertificateIssued 2025-05-01",),
    "A05": ("ToleranceIssued 2025-05-01",),
    "F14": ("ConsentGranted 2025-01-01", "DataDisclosed 2025-05-01 recipient=school"),
    "S01": ("TitleGranted 2024-04-01 basis=AUFENTHG_25_1",),
    "T02": ("TrainingAborted 2025-05-01",),
    "B07": ("CourseStarted 2025-04-01", "TrainingStarted 2025-05-01"),
}
WORDS = {
    "valid_until": ("gültig bis", "valid until"),
    "recipient": ("Empfänger", "recipient"),
    "course_claim": ("Kursanspruch", "claim"),
    "basis": ("Rechtsgrundlage", "legal basis"),
    "mode": ("Kursform", "“mode”"),
}


@pytest.mark.parametrize("rule", DATA_ROWS)
def test_d17_a_data_row_says_in_words_that_the_status_is_unknown_and_what_is_missing(
    given: Given, rule: str
) -> None:
    past = given(*DATA_ROWS[rule])
    (one,) = past.data_rows(rule)
    said = explain(one, read(past.told), date(2025, 5, 10))
    german, english = WORDS[RULES[rule].unknown]
    assert one.kind is Kind.DATA
    assert "Stand unbekannt" in said.de
    assert german in said.de
    assert RULES[rule].unknown not in said.de
    assert "Status unknown" in said.en
    assert english in said.en


def test_d21_b03_never_gives_the_day_of_the_entry_for_the_day_on_which_the_end_was_known(
    given: Given,
) -> None:
    past = given("EmploymentEndAnnounced 2025-10-20 end=2025-11-30 known_since=2025-10-01")
    said = explain(past.only("B03"), read(past.told), date(2025, 10, 10))
    assert "seit 20.10.2025 bekannt" not in said.de
    assert "known since 20 October 2025" not in said.en


@every_rule
def test_d21_without_any_trigger_the_answer_names_the_facts_that_would_set_a_rule_off(
    given: Given, rule: Rule
) -> None:
    view = read(given("NoteTaken 2025-01-01").told)
    standing = why(view, rule, date(2025, 5, 1))
    (only,) = findings(standing, view, date(2025, 5, 1))
    assert standing.state is State.NOT_APPLICABLE
    assert only.fact is None
    for name in rule.triggers:
        assert FACTS[name].about.label.de in only.text.de
        assert FACTS[name].about.label.en in only.text.en


@pytest.mark.parametrize(
    ("rule", "facts", "reason"),
    [
        (
            "L01",
            ("RechtskreisChangeTriggered 2025-05-01 from=SGB_II to=SGB_XII_3",),
            "kein Wechsel",
        ),
        ("L01", ("TitleGranted 2025-05-01 basis=AUFENTHG_25_1",), "nach dem AsylbLG"),
        ("S01", ("TitleGranted 2025-05-01 course_claim=false",), "kein Kursanspruch"),
        ("S03", ("CourseEntitlementIssued 2025-05-01 obligated=false",), "keine Verpflichtung"),
        ("S05", ("CourseRegistered 2025-05-01 kind=EOK",), "kein Integrationskurs"),
        ("S16", ("VocationalLanguageEntitlementIssued 2015-05-01",), "vor dem Beginn"),
        ("B03", ("EmploymentEnded 2004-05-01",), "vor dem Beginn"),
        (
            "T02",
            ("ToleranceIssued 2025-01-01 basis=AUFENTHG_60A", "TrainingAborted 2025-05-01"),
            "kein Papier nach § 16g oder § 60c",
        ),
        ("S15", ("StudyAdmitted 2025-01-01", "CourseCompleted 2025-05-01"), "läuft schon"),
        ("S05", ("CourseRegistered 2025-05-01", "PersonDied 2025-04-01"), "verstorben"),
        (
            "S16",
            (
                "VocationalLanguageEntitlementIssued 2025-05-01",
                "VocationalCourseStarted 2025-05-02",
            ),
            "bevor das Fenster begann",
        ),
    ],
)
def test_d21_where_a_rule_is_not_open_the_first_condition_that_fails_is_named(
    given: Given, rule: str, facts: tuple[str, ...], reason: str
) -> None:
    view = read(given(*facts).told)
    standing = why(view, RULES[rule], date(2025, 8, 1))
    assert standing.state is State.NOT_APPLICABLE
    assert any(reason in one.text.de for one in findings(standing, view, date(2025, 8, 1)))


# bounds.toml


def every_bound() -> list[Any]:
    """Return every dated bound."""
    return [one for dated in STANDARD.rows.values() for one in dated]


def test_every_bound_belongs_to_a_rule_and_says_where_it_comes_from() -> None:
    for one in every_bound():
        assert one.id.split(".")[0] in {*RULES, "law"}
        assert one.source.strip()


def test_a_bound_of_law_cites_its_paragraph() -> None:
    lawful = [one for one in every_bound() if one.kind is not BoundKind.DEF]
    assert lawful
    cited = [one.id for one in lawful if "§" in one.source or "Art. " in one.source]
    assert [one.id for one in lawful if one.status == "in_force" and one.id not in cited] == []


def test_a_bound_of_practice_says_so() -> None:
    practice = [one for one in every_bound() if one.kind is BoundKind.DEF]
    assert [one.id for one in practice if "Praxisvorgabe" not in one.source] == []


def test_d12_the_periods_of_a_bound_never_overlap() -> None:
    for dated in STANDARD.rows.values():
        for earlier, later in pairwise(dated):
            assert earlier.valid_until is not None
            assert later.valid_from is not None
            assert earlier.valid_until < later.valid_from
        for one in dated:
            assert (
                one.valid_from is None
                or one.valid_until is None
                or (one.valid_from <= one.valid_until)
            )


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("L01.months", date(2005, 1, 1)),
        ("S03.response", date(2005, 1, 1)),
        ("S05.weeks", date(2005, 1, 1)),
        ("S16.lead", date(2016, 7, 1)),
        ("T02.search_16g", date(2024, 3, 1)),
        ("T02.search", date(2020, 1, 1)),
        ("B03.notice", date(2006, 1, 1)),
    ],
)
def test_g12_the_law_begins_on_the_day_that_the_text_names(name: str, first: date) -> None:
    assert bound(name, first) is not None
    assert bound(name, first - timedelta(days=1)) is None
    assert ended_after(name, first) is None


def test_d11_service_takes_three_days_and_from_2025_on_four() -> None:
    values = [bound("A05.service", day).value for day in (date(2024, 12, 31), date(2025, 1, 1))]
    assert values == [3, 4]
    assert ended_after("A05.service", date(2024, 12, 31)) is None


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("F02.response", 5, "working_days"),
        ("F06.intensive", 30, "days"),
        ("F06.accompanied", 60, "days"),
        ("F06.other", 90, "days"),
        ("F11.response", 14, "days"),
        ("F14.default_validity", 24, "months"),
        ("A01.lead", 90, "days"),
        ("A01.urgent", 30, "days"),
        ("A03.check", 14, "days"),
        ("A04.lead", 30, "days"),
        ("A05.lead", 21, "days"),
        ("A05.appeal", 14, "days"),
        ("A05.appeal_short", 7, "days"),
        ("A06.response", 14, "days"),
        ("A10.term", 18, "months"),
        ("A10.lead", 12, "months"),
        ("A10.step_second", 6, "months"),
        ("A10.step_third", 3, "months"),
        ("L01.months", 1, "months"),
        ("L01.urgent", 14, "days"),
        ("S01.warning", 270, "days"),
        ("S01.second_warning", 330, "days"),
        ("S01.claim", 1, "years"),
        ("S03.response", 28, "days"),
        ("S05.weeks", 6, "weeks"),
        ("S15.response", 90, "days"),
        ("S15.same_course", 180, "days"),
        ("S16.lead", 30, "days"),
        ("S16.entitlement", 3, "months"),
        ("T02.search", 6, "months"),
        ("T02.search_16g", 6, "months"),
        ("B03.notice", 3, "months"),
        ("B03.after_knowledge", 3, "days"),
        ("B03.window", 4, "months"),
        ("B07.tolerance", 14, "days"),
    ],
)
def test_a_bound_holds_the_value_of_the_text(name: str, value: int, unit: str) -> None:
    today = bound(name, date(2025, 6, 1))
    assert (today.value, today.unit) == (value, unit)
