"""Checklists: items that answer for every day, spans of days, and what is proven since when."""

from collections.abc import Callable
from datetime import date
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies

from domain.chain.checklists.checklist import Checklist, Days, Exclusion, Item, Verdict
from domain.chain.checklists.lawful_stay import lawful_on, lawful_spans
from domain.chain.checklists.permanent import NE_9, NE_AFTER_TRAINING, PERMANENT
from domain.chain.checklists.presence import presence
from domain.chain.checklists.proofs import (
    ALWAYS,
    civics_days,
    housing_days,
    language_days,
    livelihood_days,
    pension_days,
)
from domain.chain.checklists.stay_chances import STAY_25A, STAY_25B, STAY_104C
from domain.chain.derived import Derived
from domain.chain.reading import read
from domain.chain.spans import (
    Span,
    apart,
    common,
    intersection,
    total_days,
    unbroken,
    union,
    without,
)
from domain.labels import Label

Given = Callable[..., Any]

ALL = (*PERMANENT, NE_AFTER_TRAINING, STAY_25A, STAY_25B, STAY_104C)
FIRST = date(2024, 1, 1)


def span(first: str, last: str = "") -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last) if last else None)


def days(spans: Any) -> list[str]:
    """Return spans as text: ``2024-01-01..2024-01-31``."""
    return [f"{'' if one.first == date.min else one.first}..{one.last or ''}" for one in spans]


def journey(past: Any) -> Derived:
    return Derived(read(past.told))


# spans


def test_spans_that_overlap_are_set_apart_and_the_earlier_keeps_the_days() -> None:
    rows = [span("2024-03-01", "2024-03-31"), span("2024-01-01", "2024-03-10"), span("2024-03-05")]
    assert days(apart(rows)) == [
        "2024-01-01..2024-03-10",
        "2024-03-11..2024-03-31",
        "2024-04-01..",
    ]
    assert days(apart([span("2024-01-01"), span("2024-02-01", "2024-02-10")])) == ["2024-01-01.."]
    assert apart([]) == []


def test_spans_that_touch_are_one_unbroken_stretch() -> None:
    rows = [span("2024-02-01", "2024-02-10"), span("2024-01-01", "2024-01-31"), span("2024-02-12")]
    assert days(unbroken(rows)) == ["2024-01-01..2024-02-10", "2024-02-12.."]
    assert days(union(rows, bridge=1)) == ["2024-01-01.."]


def test_an_unbroken_stretch_stands_on_the_facts_of_its_beginning(given: Given) -> None:
    one, other = read(given("ContactHeld 2024-01-01", "ContactHeld 2024-02-01").told).facts
    first = Span(date(2024, 1, 1), date(2024, 1, 31), (one,), exact=False)
    second = Span(date(2024, 2, 1), None, (other,))
    (joined,) = unbroken([first, second])
    assert (joined.facts, joined.exact, joined.last) == ((one,), False, None)
    (everything,) = union([first, second])
    assert everything.facts == (one, other)
    assert everything.exact is False


def test_what_two_stretches_share_has_the_facts_of_both_once(given: Given) -> None:
    one, other = read(given("ContactHeld 2024-01-01", "ContactHeld 2024-01-01").told).facts
    shared = common(
        Span(date(2024, 1, 1), None, (one,)), Span(date(2024, 1, 5), None, (one, other))
    )
    assert shared is not None
    assert [fact.id for fact in shared.facts] == ["f1", "f2"]
    assert common(span("2024-01-01", "2024-01-02"), span("2024-01-03")) is None


def test_rows_hold_together_only_where_every_row_holds() -> None:
    rows = [
        [span("2024-01-01", "2024-06-30")],
        [span("2024-02-01", "2024-03-01"), span("2024-06-15")],
    ]
    assert days(intersection(rows)) == ["2024-02-01..2024-03-01", "2024-06-15..2024-06-30"]
    assert intersection([]) == []


def test_a_stretch_without_others_keeps_its_ends_and_its_certainty() -> None:
    whole = Span(date(2024, 1, 1), None, (), exact=False)
    left = without(whole, [span("2024-02-01", "2024-02-29"), span("2024-05-01")])
    assert days(left) == ["2024-01-01..2024-01-31", "2024-03-01..2024-04-30"]
    assert {one.exact for one in left} == {False}
    assert total_days([span("2024-01-30"), span("2024-02-01", "2024-02-02")], date(2024, 2, 3)) == 5


# the engine


def item(name: str, met: list[Span], unknown: list[Span] = (), *, spared: bool = False) -> Item:
    found = Days(tuple(met), tuple(unknown))
    return Item(name, Label(name, name), "§ 1", lambda journey: found, only_missing=spared)


def checklist(*items: Item, exceptions: tuple[Exclusion, ...] = ()) -> Checklist:
    return Checklist("X", Label("x", "x"), "§ 1", "A11", items, exceptions)


def test_an_item_answers_met_before_unknown_and_else_not_met(given: Given) -> None:
    here = journey(given("ContactHeld 2024-01-01"))
    one = item("a", [span("2024-02-01", "2024-02-10")], [span("2024-01-01", "2024-02-05")])
    assert one.answer(here, date(2024, 1, 31)).verdict is Verdict.UNKNOWN
    assert one.answer(here, date(2024, 2, 3)).verdict is Verdict.MET
    assert one.answer(here, date(2024, 2, 11)).verdict is Verdict.NOT_MET
    assert days(one.met_or_unknown(here)) == ["2024-01-01..2024-01-31", "2024-02-01..2024-02-10"]


def test_a_checklist_is_full_where_all_is_met_and_unsure_where_nothing_is_unmet(
    given: Given,
) -> None:
    here = journey(given("ContactHeld 2024-01-01"))
    both = checklist(
        item("a", [span("2024-01-01", "2024-06-30")]),
        item("b", [span("2024-03-01")], [span("2024-02-01", "2024-02-29")]),
    )
    assert days(both.full(here)) == ["2024-03-01..2024-06-30"]
    assert days(both.unsure(here)) == ["2024-02-01..2024-02-29"]
    assert [one.name for one in both.unknown_on(here, date(2024, 2, 1))] == ["b"]
    unmet = both.first_unmet_on(here, date(2024, 7, 1))
    assert unmet is not None
    assert unmet.name == "a"
    assert both.first_unmet_on(here, date(2024, 3, 1)) is None


def test_one_spared_item_may_be_missing_two_may_not(given: Given) -> None:
    here = journey(given("ContactHeld 2024-01-01"))
    base = item("a", [span("2024-01-01", "2024-12-31")])
    early = item("b", [span("2024-02-01", "2024-03-31")], spared=True)
    late = item("c", [span("2024-03-01", "2024-04-30")], spared=True)
    assert days(checklist(base, early).full(here)) == ["2024-01-01..2024-12-31"]
    assert days(checklist(base, early, late).full(here)) == ["2024-02-01..2024-04-30"]


def test_what_is_presumed_stands_in_the_way_only_where_it_is_unmet(given: Given) -> None:
    here = journey(given("ContactHeld 2024-01-01"))
    found = Days((span("2024-03-01", "2024-03-31"),), (span("2024-01-01", "2024-02-29"),))
    presumed = Item("b", Label("b", "b"), "§ 1", lambda journey: found, presumed=True)
    listed = checklist(item("a", [span("2024-02-01")]), presumed)
    assert days(listed.full(here)) == ["2024-02-01..2024-03-31"]
    assert listed.unsure(here) == []
    assert listed.unknown_on(here, date(2024, 2, 1)) == ()


def test_what_is_unmet_names_the_facts_that_say_so(given: Given) -> None:
    here = journey(given("LanguageTestTaken 2024-02-01 result=A1", "LivelihoodLost 2024-02-02"))
    language, lost = here.view.facts
    said = {one.name: one.answer(here, date(2024, 3, 1)) for one in NE_9.items}
    assert (said["language"].verdict, said["language"].facts) == (Verdict.NOT_MET, (language,))
    assert (said["livelihood"].verdict, said["livelihood"].facts) == (Verdict.NOT_MET, (lost,))


def test_what_leaves_it_unknown_is_named_as_well(given: Given) -> None:
    here = journey(given("ContactHeld 2024-01-01"))
    found = Days((), (Span(date(2024, 1, 1), None, tuple(here.view.facts)),))
    one = Item("a", Label("a", "a"), "§ 1", lambda journey: found)
    answer = one.answer(here, date(2024, 1, 1))
    assert (answer.verdict, answer.facts) == (Verdict.UNKNOWN, tuple(here.view.facts))


def test_a_title_without_basis_is_the_title_of_no_way_but_section_9_may_be(given: Given) -> None:
    here = journey(given("TitleGranted 2019-01-10 valid_until=2026-01-10"))
    answers = {
        way.id: one.answer(here, date(2025, 1, 1)).verdict
        for way in PERMANENT
        for one in way.items
        if one.name == "status"
    }
    assert answers == {
        way.id: Verdict.UNKNOWN if way is NE_9 else Verdict.NOT_MET for way in PERMANENT
    }


def test_an_exception_takes_the_days_away(given: Given) -> None:
    here = journey(given("ContactHeld 2024-01-01"))
    barred = Exclusion("x", Label("x", "x"), "§ 2", lambda journey: (span("2024-02-01"),))
    listed = checklist(item("a", [span("2024-01-01")]), exceptions=(barred,))
    assert days(listed.full(here)) == ["2024-01-01..2024-01-31"]
    assert barred.answer(here, date(2024, 1, 31)).verdict is Verdict.MET
    assert barred.answer(here, date(2024, 2, 1)).verdict is Verdict.NOT_MET


def test_a_finder_looks_only_once_in_a_journey(given: Given) -> None:
    here, looked = journey(given("ContactHeld 2024-01-01")), []

    def find(one: Derived) -> Days:
        looked.append(one)
        return Days((span("2024-01-01"),))

    listed = checklist(Item("a", Label("a", "a"), "§ 1", find))
    listed.full(here)
    listed.answers(here, date(2024, 1, 2))
    listed.unsure(here)
    assert looked == [here]


@pytest.mark.parametrize("listed", ALL, ids=lambda one: one.id)
def test_every_checklist_names_its_paragraph_its_rule_and_each_item_once(
    listed: Checklist,
) -> None:
    assert "§" in listed.source
    names = [one.name for one in (*listed.items, *listed.exceptions)]
    assert len(set(names)) == len(names)
    assert listed.items[0].name == "status"
    for one in (*listed.items, *listed.exceptions):
        assert "§" in one.source
        assert one.label.de.strip()
        assert one.label.en.strip()


FACTS = (
    "EntryRegistered {} entry_date=2017-05",
    "ToleranceIssued {} basis=AUFENTHG_60A",
    "ToleranceIssued {} basis=AUFENTHG_60B",
    "DepartureObligationArisen {}",
    "TitleGranted {} basis=AUFENTHG_104C valid_until=2026-05-01",
    "TitleGranted {} basis=AUFENTHG_18A",
    "TitleGranted {} basis=AUFENTHG_25_2_FL",
    "TitleGranted {} basis=AUFENTHG_30 valid_until=2025-03-01",
    "TitleGranted {}",
    "AsylumApplicationFiled {}",
    "LanguageTestTaken {} result=B1",
    "LanguageTestTaken {} result=A1",
    "CivicsTestTaken {} points=16",
    "LivelihoodSecured {} degree=full",
    "LivelihoodLost {}",
    "BenefitGranted {} rechtskreis=SGB_II",
    "PensionMonthsConfirmed {} months=60",
    "IdentityClarified {} means=pass",
    "IdentityClarified {}",
    "HousingAssigned {} kind=communal",
    "ConvictionRecorded {} months=7",
    "AbsenceAbroadRecorded {} until=2025-01-10",
    "LeftGermany {}",
    "SchoolStarted {}",
    "SchoolCertificateObtained {}",
    "ChildBorn {}",
)
MOMENTS = strategies.integers(2016 * 12, 2026 * 12).map(
    lambda month: f"{month // 12}-{month % 12 + 1:02d}-10"
)
LINES = strategies.lists(
    strategies.builds(lambda text, day: text.format(day), strategies.sampled_from(FACTS), MOMENTS),
    max_size=6,
)
LONG_AGO = strategies.lists(
    strategies.sampled_from(
        [
            "TitleGranted 2017-01-10 basis=AUFENTHG_18A",
            "TitleGranted 2017-01-10 basis=AUFENTHG_25_2_FL",
            "ToleranceIssued 2016-02-10",
            "LanguageTestTaken 2016-01-10 result=C1",
            "CivicsTestTaken 2016-01-11 points=20",
            "LivelihoodSecured 2016-01-12 degree=full",
            "PensionMonthsConfirmed 2016-01-13 months=60",
            "IdentityClarified 2016-01-14 means=pass",
            "SchoolCertificateObtained 2016-01-15",
            "TrainingCompleted 2016-01-15",
        ]
    ),
    min_size=4,
    max_size=10,
)


@hypothesis.settings(
    max_examples=150, deadline=None, suppress_health_check=list(hypothesis.HealthCheck)
)
@hypothesis.given(
    before=LONG_AGO,
    lines=LINES,
    month=strategies.integers(2015 * 12, 2030 * 12),
    listed=strategies.sampled_from(ALL),
)
def test_a_checklist_is_full_or_unsure_exactly_where_its_answers_say_so(
    given: Given, before: list[str], lines: list[str], month: int, listed: Checklist
) -> None:
    here, day = journey(given(*before, *lines)), date(month // 12, month % 12 + 1, 17)
    needed = [
        Verdict.MET if one.presumed and answer.verdict is Verdict.UNKNOWN else answer.verdict
        for one, answer in listed.answers(here, day)
        if not one.only_missing
    ]
    barred = any(one.answer(here, day).verdict is Verdict.NOT_MET for one in listed.exceptions)
    full = not barred and set(needed) == {Verdict.MET}
    unsure = not barred and not full and Verdict.NOT_MET not in needed
    assert any(one.holds_on(day) for one in listed.full(here)) is full
    assert any(one.holds_on(day) for one in listed.unsure(here)) is unsure


# what is proven


def test_language_is_unknown_before_anything_is_told_and_unmet_below_the_level(
    given: Given,
) -> None:
    view = read(
        given(
            "LanguageTestTaken 2024-02-01 result=A2", "LanguageTestTaken 2024-06-01 result=B2"
        ).told
    )
    found = language_days(view, "B1")
    assert days(found.met) == ["2024-06-01.."]
    assert days(found.unknown) == ["..2024-01-31"]
    nothing = language_days(read(given("ContactHeld 2024-01-01").told), "B1")
    assert nothing == Days((), (ALWAYS,))
    untold = language_days(read(given("LanguageTestTaken 2024-02-01").told), "B1")
    assert untold == Days((), (ALWAYS,))


@pytest.mark.parametrize(
    ("fact", "met"),
    [
        ("CivicsTestTaken 2024-02-01 points=15", True),
        ("CivicsTestTaken 2024-02-01 points=14", False),
        ("CivicsTestTaken 2024-02-01 passed_ok=true", True),
        ("CivicsTestTaken 2024-02-01 passed_natural=true", True),
        ("CivicsTestTaken 2024-02-01 passed_ok=false", False),
        ("NaturalisationTestTaken 2024-02-01 points=17", True),
        ("NaturalisationTestTaken 2024-02-01 points=16", False),
        ("IntegrationCourseCertificateIssued 2024-02-01", True),
    ],
)
def test_civics_by_points_or_as_told(given: Given, fact: str, met: bool) -> None:
    found = civics_days(read(given(fact).told))
    assert bool(found.met) is met
    assert days(found.unknown) == ["..2024-01-31"]


def test_civics_without_a_result_tells_nothing(given: Given) -> None:
    assert civics_days(read(given("CivicsTestTaken 2024-02-01").told)) == Days((), (ALWAYS,))


@pytest.mark.parametrize(
    ("facts", "met", "unknown"),
    [
        ((), [], [".."]),
        (("LivelihoodSecured 2024-02-01 degree=full",), ["2024-02-01.."], ["..2024-01-31"]),
        (("LivelihoodSecured 2024-02-01 degree=partial",), [], ["..2024-01-31"]),
        (("LivelihoodSecured 2024-02-01",), [], [".."]),
        (("LivelihoodLost 2024-02-01",), [], ["..2024-01-31"]),
        (
            (
                "LivelihoodSecured 2024-02-01 degree=full",
                "BenefitGranted 2024-05-01 rechtskreis=SGB_II",
            ),
            ["2024-02-01..2024-04-30"],
            ["..2024-01-31"],
        ),
        (
            (
                "BenefitGranted 2024-01-01 rechtskreis=SGB_XII_3",
                "LivelihoodSecured 2024-02-01 degree=full",
            ),
            ["2024-02-01.."],
            ["..2023-12-31"],
        ),
        (
            ("BenefitGranted 2024-01-01 rechtskreis=ASYLBLG_3 until=2024-03-31",),
            [],
            ["..2023-12-31", "2024-04-01.."],
        ),
        (("BenefitGranted 2024-01-01 rechtskreis=SGB_III",), [], [".."]),
        (
            (
                "EmploymentStarted 2024-02-01 employment_kind=SV_VOLLZEIT",
                "EmploymentEnded 2024-06-30",
            ),
            ["2024-02-01..2024-06-30"],
            ["..2024-01-31", "2024-07-01.."],
        ),
        (
            (
                "EmploymentStarted 2024-02-01 employment_kind=SV_VOLLZEIT",
                "BenefitGranted 2024-03-01 rechtskreis=SGB_II until=2024-03-31",
            ),
            ["2024-02-01..2024-02-29", "2024-04-01.."],
            ["..2024-01-31"],
        ),
        (
            (
                "LivelihoodLost 2024-01-10",
                "EmploymentStarted 2024-02-01 employment_kind=SV_VOLLZEIT fixed_term_until=2024-12-31",
            ),
            ["2024-02-01..2024-12-31"],
            ["..2024-01-09", "2025-01-01.."],
        ),
        (
            (
                "EmploymentStarted 2024-02-01 employment_kind=SV_VOLLZEIT",
                "LivelihoodSecured 2024-03-01 degree=partial",
            ),
            ["2024-02-01..2024-02-29"],
            ["..2024-01-31"],
        ),
        (
            (
                "EmploymentStarted 2024-02-01 employment_kind=SV_VOLLZEIT",
                "EmploymentChanged 2024-05-01 employment_kind=SV_TEILZEIT",
            ),
            ["2024-02-01..2024-04-30"],
            ["..2024-01-31", "2024-05-01.."],
        ),
        (("TrainingStarted 2024-02-01",), [], [".."]),
    ],
)
def test_livelihood_as_last_told_and_against_benefits(
    given: Given, facts: tuple[str, ...], met: list[str], unknown: list[str]
) -> None:
    found = livelihood_days(journey(given("ContactHeld 2024-01-01", *facts)), "full")
    assert (days(found.met), days(found.unknown)) == (met, unknown)


@pytest.mark.parametrize(
    ("facts", "met", "unknown"),
    [
        ((), [], [".."]),
        (("PensionMonthsConfirmed 2024-02-01 months=24",), ["2024-02-01.."], ["..2024-01-31"]),
        (("PensionMonthsConfirmed 2024-02-01 months=20",), [], ["..2024-01-31", "2024-06-01.."]),
        (("PensionMonthsConfirmed 2024-02-01",), [], ["..2024-01-31", "2024-02-01.."]),
        (
            ("PensionMonthsConfirmed 2024-02-01 months=20 as_of=2023-06-30",),
            [],
            ["..2024-01-31", "2024-02-01.."],
        ),
        (
            (
                "PensionMonthsConfirmed 2024-02-01 months=20",
                "PensionMonthsConfirmed 2024-04-01 months=24",
            ),
            ["2024-04-01.."],
            ["..2024-01-31"],
        ),
    ],
)
def test_pension_months_confirmed_or_perhaps_reached_since(
    given: Given, facts: tuple[str, ...], met: list[str], unknown: list[str]
) -> None:
    found = pension_days(read(given("ContactHeld 2024-01-01", *facts).told), 24)
    assert (days(found.met), days(found.unknown)) == (met, unknown)


def test_housing_is_what_was_last_told(given: Given) -> None:
    view = read(
        given(
            "HousingAssigned 2024-02-01 kind=communal",
            "AddressChanged 2024-04-01 housing_kind=homeless",
            "HousingChanged 2024-06-01",
            "AddressRegistered 2024-08-01 housing_kind=land_facility",
            "LeaseSigned 2024-08-01 kind=private_lease",
        ).told
    )
    found = housing_days(view)
    assert days(found.met) == ["2024-08-01.."]
    assert days(found.unknown) == ["..2024-01-31", "2024-06-01..2024-07-31"]
    assert days(found.against) == ["2024-02-01..2024-03-31", "2024-04-01..2024-05-31"]


# here, and lawfully


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (("EntryRegistered 2024-02",), ["2024-02-29.."]),
        (("EntryRegistered 2024-02-10 entry_date=2023-11-01",), ["2023-11-01.."]),
        (("JourneyStarted 2024-02-10",), []),
        (("JourneyStarted 2024-02-10 entry_date=2023",), ["2023-12-31.."]),
        (("EntryRegistered 2024-02-10", "LeftGermany 2024-02-10"), []),
        (
            ("EntryRegistered 2020-02-10", "LeftGermany 2022-03-01", "TitleGranted 2024-01-01"),
            ["2020-02-10..2022-02-28", "2024-01-01.."],
        ),
        (
            (
                "ToleranceIssued 2020-02-10",
                "LeftGermany 2022-03-01",
                "JourneyStarted 2024-05-01 entry_date=2019-01-01",
                "ToleranceIssued 2024-06-01",
            ),
            ["2020-02-10..2022-02-28", "2024-06-01.."],
        ),
        (
            ("EntryRegistered 2020-02-10", "AbsenceAbroadRecorded 2021-01-31 until=2021-08-01"),
            ["2020-02-10..2021-01-30", "2021-08-02.."],
        ),
        (
            ("EntryRegistered 2020-02-10", "AbsenceAbroadRecorded 2021-01-31 until=2021-07-31"),
            ["2020-02-10.."],
        ),
    ],
)
def test_somebody_is_here_from_the_first_sign_to_the_leaving(
    given: Given, facts: tuple[str, ...], found: list[str]
) -> None:
    assert days(presence(journey(given(*facts)))) == found


def test_lawful_stay_joins_titles_and_a_procedure_that_was_granted(given: Given) -> None:
    granted = journey(
        given(
            "AsylumApplicationFiled 2020-02-01",
            "AsylumDecisionIssued 2021-03-01 outcome=fluechtling",
            "TitleGranted 2021-05-01 basis=AUFENTHG_25_2_FL valid_until=2024-04-30",
        )
    )
    assert days(lawful_spans(granted)) == ["2020-02-01..2024-04-30"]
    assert lawful_on(granted, date(2024, 5, 1)) is None
    refused = journey(
        given(
            "AsylumApplicationFiled 2020-02-01",
            "AsylumDecisionIssued 2021-03-01 outcome=abgelehnt final_on=2021-04-01",
            "ToleranceIssued 2021-04-01",
            "TitleGranted 2022-05-01 basis=AUFENTHG_25B",
        )
    )
    assert days(lawful_spans(refused)) == ["2022-05-01.."]


def test_d21_the_answers_of_a_checklist_name_the_facts_that_say_so(given: Given) -> None:
    here = journey(
        given(
            "TitleGranted 2024-01-01 basis=AUFENTHG_18A", "LanguageTestTaken 2023-02-01 result=B1"
        )
    )
    said = {one.name: answer for one, answer in NE_9.answers(here, date(2024, 2, 1))}
    assert [one.id for one in said["status"].facts] == ["f1"]
    assert [one.id for one in said["language"].facts] == ["f2"]
    assert said["clock"].verdict is Verdict.NOT_MET
    assert said["pension"].verdict is Verdict.UNKNOWN
