"""Chances of naturalisation: N01 and N02, the ways and their items (reference 2.7)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.checklists.checklist import Verdict
from domain.chain.checklists.naturalisation import STAG_9, STAG_10, STAG_10_3, WAYS
from domain.chain.derived import Derived
from domain.chain.evaluation import why
from domain.chain.explanation import explain
from domain.chain.intervals import Certainty, ClosedBy, Kind, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]

TITLE = "TitleGranted 2020-03-15 basis=AUFENTHG_25_1"
IDENTITY = "IdentityClarified 2021-01-01 means=pass"
LIVELIHOOD = "LivelihoodSecured 2022-05-01 degree=full"
B1 = "LanguageTestTaken 2021-05-05 result=B1"
CIVICS = "CivicsTestTaken 2021-05-06 points=20"
ALL = (TITLE, IDENTITY, LIVELIHOOD, B1, CIVICS)
DUE = "f1 2025-03-15..2025-06-13"


def answer(past: Any, item: str, day: str, way: Any = STAG_10) -> Verdict:
    """Return what an item answers on a day."""
    journey = Derived(read(past.told))
    answers = {one.name: got for one, got in way.answers(journey, date.fromisoformat(day))}
    return answers[item].verdict


def facts(past: Any, item: str, day: str) -> list[str]:
    """Return the ids of the facts that an item of § 10 names on a day."""
    journey = Derived(read(past.told))
    answers = {one.name: got for one, got in STAG_10.answers(journey, date.fromisoformat(day))}
    return [one.id for one in answers[item].facts]


def said(past: Any, rule: str) -> str:
    one = past.intervals(rule)[-1]
    return explain(one, read(past.told), one.begins_on).de


# N01: when it opens


def test_n01_opens_on_the_day_on_which_five_years_are_full_with_90_days_to_act(
    given: Given,
) -> None:
    past = given(*ALL)
    assert past.rows("N01") == [DUE]
    assert past.state("N01", "2025-03-14") is State.NOT_APPLICABLE
    assert past.state("N01", "2025-03-15") is State.DUE
    assert past.state("N01", "2025-06-13") is State.DUE
    assert past.state("N01", "2025-06-14") is State.OPEN
    one = past.only("N01")
    assert (one.kind, one.severity, one.certainty) == (
        Kind.CHANCE,
        Severity.CHANCE,
        Certainty.CERTAINLY,
    )
    assert one.evidence == ("f1", "f2", "f3", "f4", "f5")
    assert "Anspruchseinbürgerung (§ 10 StAG)" in said(past, "N01")
    assert "soll beraten oder beantragt sein. " in said(past, "N01")


def test_n01_the_prewarning_is_a_step_twelve_months_before(given: Given) -> None:
    one = given(*ALL).only("N01")
    assert [str(step.on) for step in one.steps] == ["2024-03-15"]


@pytest.mark.parametrize(
    ("granted", "first"),
    [
        ("2019-06-26", "2024-06-27"),
        ("2019-06-28", "2024-06-28"),
        ("2017-01-01", "2024-06-27"),
        ("2016-06-26", "2024-06-26"),
        ("2016-06-27", "2024-06-27"),
        ("2010-05-05", "2018-05-05"),
        ("2020-02-29", "2025-02-28"),
    ],
)
def test_w10_n01_the_years_are_those_of_the_law_of_each_day(
    given: Given, granted: str, first: str
) -> None:
    proven = [line.replace(line.split()[1], "2009-01-01") for line in ALL[1:]]
    past = given(f"TitleGranted {granted} basis=AUFENTHG_25_1", *proven)
    assert str(past.only("N01").begins_on) == first


@pytest.mark.parametrize(
    ("proof", "first"),
    [
        ("IntegrationCourseCertificateIssued 2012-01-10", "2017-05-05"),
        ("LanguageTestTaken 2012-01-10 result=B2", "2016-05-05"),
        ("LanguageTestTaken 2017-01-10 result=B2", "2017-01-10"),
        ("LanguageTestTaken 2012-01-10 result=B2 accredited=false", "2018-05-05"),
        ('LanguageTestTaken 2012-01-10 result=B2 per_skill={"writing":"B1"}', "2018-05-05"),
        ("IntegrationCourseCertificateIssued 2019-01-10", "2018-05-05"),
    ],
)
def test_w10_n01_until_2024_special_integration_made_it_seven_or_six_years(
    given: Given, proof: str, first: str
) -> None:
    proven = [line.replace(line.split()[1], "2009-01-01") for line in ALL[1:]]
    past = given("TitleGranted 2010-05-05 basis=AUFENTHG_25_1", *proven, proof)
    assert str(past.only("N01").begins_on) == first


def test_n01_the_last_item_fills_it_on_its_own_day(given: Given) -> None:
    past = given(TITLE, IDENTITY, B1, CIVICS, "LivelihoodSecured 2025-08-01 degree=full")
    chance = past.intervals("N01")[-1]
    assert (str(chance.begins_on), str(chance.due_on)) == ("2025-08-01", "2025-10-30")
    assert chance.kind is Kind.CHANCE


@pytest.mark.parametrize(
    ("left_out", "words"),
    [(B1, "Deutsch B1 in allen Fertigkeiten"), (CIVICS, "Einbürgerungstest mit 17 Punkten")],
)
def test_n01_one_certificate_may_be_missing(given: Given, left_out: str, words: str) -> None:
    past = given(*(line for line in ALL if line != left_out))
    assert past.rows("N01") == [DUE]
    assert f"Nachzuweisen bleibt: {words}." in said(past, "N01")


@pytest.mark.parametrize(
    ("b1", "civics", "kind"),
    [
        ("LanguageTestTaken 2021-05-05 result=A2", CIVICS, Kind.CHANCE),
        (B1, "CivicsTestTaken 2021-05-06 points=16", Kind.CHANCE),
        ("LanguageTestTaken 2021-05-05 result=A2", "NoteTaken 2021-05-06", Kind.DATA),
        ("NoteTaken 2021-05-05", "CivicsTestTaken 2021-05-06 points=16", Kind.DATA),
        ("NoteTaken 2021-05-05", "NoteTaken 2021-05-06", Kind.DATA),
        (
            "LanguageTestTaken 2021-05-05 result=A2",
            "CivicsTestTaken 2021-05-06 points=16",
            None,
        ),
    ],
)
def test_n01_two_certificates_may_not(
    given: Given, b1: str, civics: str, kind: Kind | None
) -> None:
    found = [one.kind for one in given(TITLE, IDENTITY, LIVELIHOOD, b1, civics).intervals("N01")]
    assert found == ([] if kind is None else [kind])


@pytest.mark.parametrize("left_out", [IDENTITY, LIVELIHOOD])
def test_d17_n01_an_item_of_which_nothing_is_known_makes_a_data_row(
    given: Given, left_out: str
) -> None:
    past = given(*(line for line in ALL if line != left_out))
    (row,) = past.data_rows("N01")
    assert (str(row.begins_on), str(row.due_on), row.steps) == ("2025-03-15", "2025-06-13", ())
    assert ("Identität" if left_out == IDENTITY else "Lebensunterhalt") in said(past, "N01")


def test_d17_n01_a_title_without_a_basis_makes_a_data_row(given: Given) -> None:
    past = given("TitleGranted 2020-03-15", *ALL[1:])
    assert [row.key for row in past.data_rows("N01")] == ["f1"]


def test_n01_what_becomes_known_turns_the_data_row_into_the_chance(given: Given) -> None:
    past = given(TITLE, LIVELIHOOD, B1, CIVICS, "IdentityClarified 2025-07-01 means=pass")
    assert past.rows("N01") == [
        "data f1 2025-03-15..2025-06-13 cancelled 2025-07-01 f5",
        "f1+2 2025-07-01..2025-09-29",
    ]


@pytest.mark.parametrize(
    "against",
    [
        "LivelihoodLost 2023-01-10",
        "BenefitGranted 2023-01-10 rechtskreis=SGB_II",
        "ConvictionRecorded 2023-01-10 daily_rates=91",
        "TitleGranted 2023-01-10 basis=AUFENTHG_25_5",
        "AbsenceAbroadRecorded 2023-01-10 until=2023-10-01",
        "LeftGermany 2023-01-10",
    ],
)
def test_n01_an_item_not_met_leaves_no_chance(given: Given, against: str) -> None:
    past = given(*ALL, against)
    assert past.state("N01", "2025-05-01") is State.NOT_APPLICABLE


# N01: what closes it


@pytest.mark.parametrize(
    ("closing", "row"),
    [
        ("NaturalisationAdvised 2025-06-13", "in_time 2025-06-13 f6"),
        ("NaturalisationAdvised 2025-06-14", "late 2025-06-14 f6"),
        ("PrecheckCompleted 2025-05-01", "in_time 2025-05-01 f6"),
        ("NaturalisationApplied 2025-03-15", "in_time 2025-03-15 f6"),
        ("LivelihoodLost 2025-05-01", "cancelled 2025-05-01 f6"),
        ("ConvictionRecorded 2025-05-01 daily_rates=120", "cancelled 2025-05-01 f6"),
        ("TitleGranted 2025-05-01 basis=AUFENTHG_25_5", "cancelled 2025-05-01 f6"),
        ("TitleRevoked 2025-05-01", "cancelled 2025-05-01 f6"),
        ("AbsenceAbroadRecorded 2025-05-01 until=2025-12-31", "cancelled 2025-11-02 f6"),
        ("NaturalisationCertificateHandedOver 2025-05-01", "cancelled 2025-05-01 f6"),
        ("ServiceLinked 2025-05-01 field=einbuergerung", ""),
        ("CivicsTestTaken 2025-05-01 points=10", ""),
        ("AbsenceAbroadRecorded 2025-05-01 until=2025-07-31", ""),
    ],
)
def test_n01_is_answered_by_advice_or_an_application_and_ends_with_its_items(
    given: Given, closing: str, row: str
) -> None:
    assert given(*ALL, closing).rows("N01")[0] == f"{DUE} {row}".strip()


@pytest.mark.parametrize(
    ("advised", "there"),
    [("2024-03-14", True), ("2024-03-15", False), ("2025-03-14", False)],
)
def test_n01_advice_within_the_prewarning_is_the_answer(
    given: Given, advised: str, there: bool
) -> None:
    assert bool(given(*ALL, f"NaturalisationAdvised {advised}").intervals("N01")) is there


def test_d4_n01_an_application_of_the_first_day_answers_it_and_one_before_leaves_none(
    given: Given,
) -> None:
    assert given(*ALL, "NaturalisationApplied 2024-11-01").intervals("N01") == ()
    refused = given(*ALL, "NaturalisationApplied 2023-11-01", "NaturalisationRefused 2024-11-01")
    assert refused.rows("N01") == [DUE]


@pytest.mark.parametrize("end", ["NaturalisationRefused", "NaturalisationWithdrawn"])
def test_n01_after_a_refusal_or_a_withdrawal_the_chance_is_there_again(
    given: Given, end: str
) -> None:
    past = given(
        *ALL,
        "NaturalisationAdvised 2024-05-10",
        "NaturalisationApplied 2024-11-01",
        f"{end} 2025-09-01",
    )
    assert past.rows("N01") == ["f1+2 2025-09-01..2025-11-30"]
    answered = given(*ALL, "NaturalisationApplied 2025-04-01", f"{end} 2025-09-01")
    assert answered.rows("N01") == [
        f"{DUE} in_time 2025-04-01 f6",
        "f1+2 2025-09-01..2025-11-30",
    ]


def test_n01_lost_and_found_again_it_is_another_chance(given: Given) -> None:
    past = given(*ALL, "LivelihoodLost 2025-05-01", "LivelihoodSecured 2025-09-01 degree=full")
    assert past.rows("N01") == [
        f"{DUE} cancelled 2025-05-01 f6",
        "f1+2 2025-09-01..2025-11-30",
    ]


def test_n01_after_a_long_absence_the_chance_is_of_the_next_clock(given: Given) -> None:
    past = given(*ALL, "AbsenceAbroadRecorded 2023-01-10 until=2023-10-01")
    assert past.rows("N01") == ["f6 2028-10-02..2028-12-31"]


def test_n01_after_a_title_ran_out_and_another_followed_the_clock_ran_on(given: Given) -> None:
    past = given(
        "TitleGranted 2020-03-15 basis=AUFENTHG_18A valid_until=2022-03-14",
        *ALL[1:],
        "TitleGranted 2022-05-01 basis=AUFENTHG_18A",
    )
    assert past.rows("N01") == [DUE]


def test_n01_a_clock_that_ends_too_early_leaves_none_and_says_so(given: Given) -> None:
    past = given("TitleGranted 2020-03-15 basis=AUFENTHG_25_1 valid_until=2023-03-14", *ALL[1:])
    assert past.intervals("N01") == ()
    (turned,) = why(read(past.told), RULES["N01"], date(2025, 5, 1)).turned
    assert "an keinem Tag" in turned.reason.de


def test_n01_a_partial_day_makes_it_possible_only(given: Given) -> None:
    past = given("TitleGranted 2020-03 basis=AUFENTHG_25_1", *ALL[1:])
    one = past.only("N01")
    assert (str(one.begins_on), one.certainty) == ("2025-03-31", Certainty.POSSIBLY)


@pytest.mark.parametrize(
    ("day", "certainty"), [("2025-11-30", "certainly"), ("2025-11", "possibly")]
)
def test_g6_n01_is_as_certain_as_the_day_on_which_it_is_over(
    given: Given, day: str, certainty: str
) -> None:
    one = given(*ALL, f"LivelihoodLost {day}").only("N01")
    assert (one.closed_by, str(one.closes_on)) == (ClosedBy.CANCELLED, "2025-11-30")
    assert one.certainty == certainty


def test_d8_n01_a_retraction_takes_the_chance_away(given: Given) -> None:
    past = given(*ALL, "EventRetracted 2025-04-01 target=f3")
    assert [one.kind for one in past.intervals("N01")] == [Kind.DATA]
    assert past.rows("N01", known_at="2025-03-31") == [DUE]


def test_n01_the_procedure_counts_for_refugees(given: Given) -> None:
    past = given(
        "AsylumApplicationFiled 2020-03-15",
        "AsylumDecisionIssued 2021-02-20 outcome=fluechtling",
        "TitleGranted 2021-04-01 basis=AUFENTHG_25_2_FL",
        *ALL[1:],
    )
    assert past.only("N01").begins_on == date(2025, 3, 15)


def test_n01_protection_without_its_title_is_not_enough(given: Given) -> None:
    past = given("AsylumDecisionIssued 2020-03-15 outcome=fluechtling", *ALL[1:])
    assert past.intervals("N01") == ()
    assert past.rows("N02") == ["f1+title 2025-03-15..2025-05-14"]


# § 10 (3) while it was law

FAST = (
    "TitleGranted 2022-01-15 basis=AUFENTHG_18A",
    IDENTITY,
    LIVELIHOOD,
    "LanguageTestTaken 2021-05-05 result=C1",
    CIVICS,
    "VolunteeringStarted 2023-01-01",
)


def test_d16_n01_the_three_years_of_special_integration_end_with_their_law(given: Given) -> None:
    past = given(*FAST)
    assert past.rows("N01") == [
        "f1 2025-01-15..2025-04-15 rule_change 2025-10-30",
        "f1+2 2027-01-15..2027-04-15",
    ]
    assert "§ 10 Abs. 3" in explain(past.intervals("N01")[0], read(past.told), date(2025, 2, 1)).de


@pytest.mark.parametrize(
    ("granted", "rows"),
    [
        ("2021-06-26", ["f1 2024-06-27..2024-09-25 rule_change 2025-10-30"]),
        ("2022-10-29", ["f1 2025-10-29..2026-01-27 rule_change 2025-10-30"]),
        ("2022-10-30", []),
    ],
)
def test_d16_n01_outside_of_its_law_three_years_are_not_enough(
    given: Given, granted: str, rows: list[str]
) -> None:
    past = given(FAST[0].replace("2022-01-15", granted), *FAST[1:])
    assert past.rows("N01")[:-1] == rows


@pytest.mark.parametrize(
    "instead",
    [
        (3, "LanguageTestTaken 2021-05-05 result=B2"),
        (5, "NoteTaken 2023-01-01"),
        (2, "EmploymentStarted 2020-01-01 employment_kind=SV_VOLLZEIT"),
    ],
)
def test_n01_special_integration_has_to_be_shown_and_livelihood_without_exceptions(
    given: Given, instead: tuple[int, str]
) -> None:
    facts = list(FAST)
    facts[instead[0]] = instead[1]
    chances = [one for one in given(*facts).intervals("N01") if one.kind is Kind.CHANCE]
    assert [str(one.begins_on) for one in chances] == ["2027-01-15"]


def test_n01_the_fast_way_goes_over_into_the_claim_without_a_second_chance(given: Given) -> None:
    past = given(FAST[0].replace("2022-01-15", "2020-03-15"), *FAST[1:])
    assert past.rows("N01") == ["f1 2024-06-27..2024-09-25"]


# § 9

MARRIED = "MarriageRecorded 2021-02-10 spouse_german=true"


def test_n01_a_spouse_of_a_german_needs_three_years_and_two_of_marriage(given: Given) -> None:
    past = given(*ALL, MARRIED)
    assert past.rows("N01") == ["f1 2023-03-15..2023-06-13"]
    assert "Ehegatten Deutscher (§ 9 StAG)" in said(past, "N01")
    later = given(*ALL, MARRIED.replace("2021-02-10", "2022-02-28"))
    assert later.rows("N01") == ["f1 2024-02-28..2024-05-28"]


def test_n01_under_section_9_any_title_will_do(given: Given) -> None:
    past = given(TITLE.replace("25_1", "25_5"), *ALL[1:], MARRIED)
    assert past.rows("N01") == ["f1 2023-03-15..2023-06-13"]


@pytest.mark.parametrize(
    ("marriage", "day", "verdict"),
    [
        (MARRIED, "2023-02-09", Verdict.NOT_MET),
        (MARRIED, "2023-02-10", Verdict.MET),
        ("MarriageRecorded 2021-02-10", "2023-02-10", Verdict.UNKNOWN),
        ("MarriageRecorded 2021-02-10 spouse_german=false", "2023-02-10", Verdict.NOT_MET),
        (f"{MARRIED} recognised=false", "2023-02-10", Verdict.NOT_MET),
        ("NoteTaken 2021-02-10", "2023-02-10", Verdict.NOT_MET),
    ],
)
def test_section_9_asks_for_a_marriage_with_a_german(
    given: Given, marriage: str, day: str, verdict: Verdict
) -> None:
    assert answer(given(TITLE, marriage), "marriage", day, STAG_9) is verdict


def test_section_9_ends_with_the_partnership(given: Given) -> None:
    past = given(*ALL, MARRIED, "PartnershipEnded 2023-05-01")
    assert past.rows("N01") == [
        "f1 2023-03-15..2023-06-13 cancelled 2023-05-01 f7",
        DUE.replace("f1", "f1+2"),
    ]


# the items


def test_the_ways_have_the_items_of_the_text() -> None:
    assert [one.name for one in STAG_10.items] == [
        "stay",
        "identity",
        "loyalty",
        "title",
        "livelihood",
        "conviction",
        "language",
        "civics",
        "exclusion",
    ]
    assert {one.id: one.rule for one in WAYS} == dict.fromkeys(
        ["STAG_10", "STAG_9", "STAG_10_3"], "N01"
    )
    assert [one.name for one in STAG_10.items if one.only_missing] == ["language", "civics"]
    for way in WAYS:
        assert [one.name for one in way.items if one.presumed] == ["loyalty", "exclusion"]
        assert all("§" in one.source for one in way.items)
    assert [one.name for one in STAG_10_3.items if one.only_missing] == ["civics"]


@pytest.mark.parametrize(
    ("facts", "day", "verdict"),
    [
        ((), "2024-01-01", Verdict.UNKNOWN),
        (("IdentityClarified 2023-05-01 means=id",), "2023-05-01", Verdict.MET),
        (("IdentityClarified 2023-05-01 means=id",), "2023-04-30", Verdict.UNKNOWN),
        (("IdentityClarified 2023-05-01 means=other",), "2024-01-01", Verdict.NOT_MET),
        (
            ("IdentityClarified 2023-05-01 means=other accepted_on=2023-09-01",),
            "2023-08-31",
            Verdict.UNKNOWN,
        ),
        (
            ("IdentityClarified 2023-05-01 means=other accepted_on=2023-09-01",),
            "2023-09-01",
            Verdict.MET,
        ),
        (
            ('IdentityClarified 2023-05-01 means=pass purposes=["60b"]',),
            "2024-01-01",
            Verdict.NOT_MET,
        ),
        (
            ('IdentityClarified 2023-05-01 means=pass purposes=["60b","StAG"]',),
            "2024-01-01",
            Verdict.MET,
        ),
        (
            ('IdentityClarified 2023-05-01 means=pass purposes=["§StAG§10"]',),
            "2024-01-01",
            Verdict.MET,
        ),
        (("IdentityClarified 2023-05-01 means=pass purposes=[]",), "2024-01-01", Verdict.MET),
        (("PassportIssued 2023-05-01 kind=nationalpass",), "2023-05-01", Verdict.MET),
        (("PassportIssued 2023-05-01 kind=RA_fluechtling",), "2024-01-01", Verdict.UNKNOWN),
        (("TravelDocumentIssued 2023-05-01",), "2024-01-01", Verdict.UNKNOWN),
        (("IdentityDocumentsRequested 2023-05-01",), "2023-05-01", Verdict.NOT_MET),
        (("ToleranceIssued 2023-05-01 basis=AUFENTHG_60B",), "2024-01-01", Verdict.NOT_MET),
        (("ToleranceIssued 2023-05-01 basis=AUFENTHG_60A",), "2024-01-01", Verdict.UNKNOWN),
        (
            ("IdentityDocumentsRequested 2023-05-01", "IdentityClarified 2023-08-01 means=pass"),
            "2023-08-01",
            Verdict.MET,
        ),
    ],
)
def test_d12_w36_identity(given: Given, facts: tuple[str, ...], day: str, verdict: Verdict) -> None:
    assert answer(given(TITLE, *facts), "identity", day) is verdict


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        (("TitleGranted 2018-01-01 basis=AUFENTHG_9",), Verdict.MET),
        (("TitleGranted 2018-01-01 basis=AUFENTHG_16G",), Verdict.MET),
        (("TitleGranted 2018-01-01 basis=AUFENTHG_23_1",), Verdict.MET),
        (("TitleGranted 2018-01-01 basis=AUFENTHG_16B",), Verdict.NOT_MET),
        (("TitleGranted 2018-01-01 basis=AUFENTHG_104C",), Verdict.NOT_MET),
        (("TitleGranted 2018-01-01",), Verdict.UNKNOWN),
        (("RightOfFreeMovementRecorded 2018-01-01",), Verdict.MET),
        (("ToleranceIssued 2018-01-01",), Verdict.NOT_MET),
        (("AsylumDecisionIssued 2018-01-01 outcome=asyl",), Verdict.NOT_MET),
        (("FictionCertificateIssued 2018-01-01",), Verdict.UNKNOWN),
        (
            (
                "TitleGranted 2018-01-01 basis=AUFENTHG_18A valid_until=2024-12-31",
                "TitleApplied 2024-12-01",
            ),
            Verdict.MET,
        ),
        (
            (
                "TitleGranted 2018-01-01 basis=AUFENTHG_25_5 valid_until=2024-12-31",
                "TitleApplied 2024-12-01",
            ),
            Verdict.NOT_MET,
        ),
        (
            (
                "TitleGranted 2018-01-01 basis=AUFENTHG_18A valid_until=2024-12-31",
                "ContinuationOrdered 2025-01-10",
            ),
            Verdict.MET,
        ),
    ],
)
def test_the_title_has_to_be_one_that_leads_to_naturalisation(
    given: Given, facts: tuple[str, ...], verdict: Verdict
) -> None:
    assert answer(given(*facts), "title", "2025-02-01") is verdict


def test_d16_the_list_of_titles_is_that_of_the_day(given: Given) -> None:
    past = given("TitleGranted 2018-01-01 basis=AUFENTHG_23_1")
    assert answer(past, "title", "2024-06-26") is Verdict.NOT_MET
    assert answer(past, "title", "2024-06-27") is Verdict.MET


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ((), Verdict.UNKNOWN),
        (("LivelihoodSecured 2024-01-01 degree=full",), Verdict.MET),
        (("LivelihoodSecured 2024-01-01 degree=predominantly",), Verdict.NOT_MET),
        (("LivelihoodSecured 2024-01-01",), Verdict.UNKNOWN),
        (
            ("LivelihoodSecured 2024-01-01 degree=full", "LivelihoodSecured 2024-02-01"),
            Verdict.MET,
        ),
        (
            ("LivelihoodSecured 2024-01-01 degree=full", "LivelihoodLost 2024-02-01"),
            Verdict.NOT_MET,
        ),
        (
            (
                "LivelihoodSecured 2024-01-01 degree=full",
                "BenefitGranted 2024-02-01 rechtskreis=SGB_II",
            ),
            Verdict.NOT_MET,
        ),
        (
            (
                "BenefitGranted 2023-02-01 rechtskreis=SGB_II",
                "LivelihoodSecured 2024-01-01 degree=full",
            ),
            Verdict.MET,
        ),
        (
            (
                "LivelihoodSecured 2024-01-01 degree=full",
                "BenefitGranted 2024-02-01 rechtskreis=SGB_III",
            ),
            Verdict.MET,
        ),
        (
            (
                "LivelihoodSecured 2024-01-01 degree=full",
                "BenefitGranted 2024-02-01 rechtskreis=SGB_II until=2024-05-31",
            ),
            Verdict.UNKNOWN,
        ),
        (("BenefitGranted 2024-02-01 rechtskreis=SGB_XII_4",), Verdict.NOT_MET),
        (
            (
                "BenefitGranted 2024-02-01 rechtskreis=SGB_II",
                "EmploymentStarted 2022-12-01 employment_kind=SV_VOLLZEIT",
            ),
            Verdict.MET,
        ),
    ],
)
def test_the_livelihood_is_as_told_until_lost_or_a_benefit_begins(
    given: Given, facts: tuple[str, ...], verdict: Verdict
) -> None:
    assert answer(given(TITLE, *facts), "livelihood", "2024-09-01") is verdict


def test_what_was_told_last_of_the_livelihood_speaks_against_it(given: Given) -> None:
    past = given(TITLE, "LivelihoodLost 2022-01-10", "LivelihoodSecured 2023-01-10 degree=partial")
    assert facts(past, "livelihood", "2023-01-09") == ["f2"]
    assert facts(past, "livelihood", "2023-01-10") == ["f3"]


def test_the_certificate_that_shortened_the_years_is_named_with_the_clock(given: Given) -> None:
    past = given(
        "TitleGranted 2016-03-15 basis=AUFENTHG_25_1", "LanguageTestTaken 2021-05-05 result=B2"
    )
    assert facts(past, "stay", "2022-03-15") == ["f1", "f2"]


def met_days(past: Any, first: str, days: int) -> list[str]:
    """Return the first day of every stretch of days on which the livelihood is met, and of every other."""
    journey = Derived(read(past.told))
    begin = date.fromisoformat(first)
    item = next(one for one in STAG_10.items if one.name == "livelihood")
    found: list[str] = []
    before = None
    for n in range(days):
        day = begin + timedelta(days=n)
        met = item.answer(journey, day).verdict is Verdict.MET
        if met is not before:
            found.append(f"{day} {met}")
            before = met
    return found


def test_twenty_of_24_months_are_600_of_730_days(given: Given) -> None:
    # the 600th day of work is 22 August 2026; the work ends on 31 December 2026 with its 731st day
    past = given(
        TITLE,
        "EmploymentStarted 2025-01-01 employment_kind=SV_VOLLZEIT",
        "EmploymentEnded 2026-12-31",
    )
    assert met_days(past, "2026-01-01", 800) == [
        "2026-01-01 False",
        "2026-08-23 True",
        "2027-05-11 False",
    ]


def test_twenty_months_may_have_holes(given: Given) -> None:
    jobs = [
        "EmploymentStarted 2024-07-01 employment_kind=SV_VOLLZEIT employer=a",
        "EmploymentEnded 2025-03-31 employer=a",
        "EmploymentStarted 2025-06-01 employment_kind=SV_VOLLZEIT employer=b",
        "EmploymentChanged 2026-06-01 employment_kind=SV_TEILZEIT employer=b",
    ]
    past = given(TITLE, *jobs)
    counted = [
        (date(2024, 7, 1), date(2025, 3, 31)),
        (date(2025, 6, 1), date(2026, 5, 31)),
    ]

    def enough(day: date) -> bool:
        begin = day - timedelta(days=729)
        worked = (
            sum(
                1
                for n in range((last - first).days + 1)
                if begin <= first + timedelta(days=n) <= day
            )
            for first, last in counted
        )
        return sum(worked) >= 600

    days = [date(2025, 11, 1) + timedelta(days=n) for n in range(400)]
    turns = [
        f"{day} {enough(day)}"
        for place, day in enumerate(days)
        if place == 0 or enough(day) is not enough(days[place - 1])
    ]
    assert len(turns) >= 3
    assert met_days(past, "2025-11-01", 400) == turns


def test_d16_before_june_2024_full_time_work_was_no_exception(given: Given) -> None:
    past = given(TITLE, "EmploymentStarted 2020-01-01 employment_kind=SV_VOLLZEIT")
    assert met_days(past, "2024-06-20", 20) == ["2024-06-20 False", "2024-06-27 True"]


@pytest.mark.parametrize(
    ("job", "met"),
    [
        ("EmploymentStarted 2020-01-01 employment_kind=SV_VOLLZEIT", True),
        ("EmploymentStarted 2020-01-01 employment_kind=SV_TEILZEIT", False),
        ("EmploymentStarted 2020-01-01", False),
        ("TrainingStarted 2020-01-01", False),
        (
            "EmploymentStarted 2020-01-01 employment_kind=SV_VOLLZEIT fixed_term_until=2022-12-31",
            False,
        ),
    ],
)
def test_only_full_time_work_counts_for_the_exception(given: Given, job: str, met: bool) -> None:
    assert (answer(given(TITLE, job), "livelihood", "2025-02-01") is Verdict.MET) is met


def test_a_partner_who_works_full_time_and_a_minor_child_are_an_exception(given: Given) -> None:
    own = (
        TITLE,
        "ChildBorn 2019-04-01 birth_date=2019-04-01",
        "MemberJoined 2019-01-01 household_id=h member_journey_id=p role=partner",
    )
    partner = read(given("EmploymentStarted 2020-01-01 employment_kind=SV_VOLLZEIT").told)
    item = next(one for one in STAG_10.items if one.name == "livelihood")

    def verdict(*facts: str, household: dict[str, Any], day: date = date(2025, 2, 1)) -> Verdict:
        journey = Derived(read(given(*facts).told), household=household)
        return item.answer(journey, day).verdict

    assert verdict(*own, household={"p": partner}) is Verdict.MET
    assert verdict(*own, household={}) is Verdict.UNKNOWN
    assert verdict(*own[::2], household={"p": partner}) is Verdict.UNKNOWN
    left = "MemberLeft 2025-01-31 household_id=h member_journey_id=p"
    assert verdict(*own, left, household={"p": partner}) is Verdict.UNKNOWN
    grown = date(2037, 4, 1)
    assert verdict(*own, household={"p": partner}, day=grown) is Verdict.UNKNOWN
    assert verdict(*own, household={"p": partner}, day=grown - timedelta(1)) is Verdict.MET


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ((), Verdict.MET),
        (("ConvictionRecorded 2024-01-01 daily_rates=90",), Verdict.MET),
        (("ConvictionRecorded 2024-01-01 daily_rates=91",), Verdict.NOT_MET),
        (
            (
                "ConvictionRecorded 2012-07-30 daily_rates=30",
                "ConvictionRecorded 2014-06-16 daily_rates=60",
            ),
            Verdict.MET,
        ),
        (
            (
                "ConvictionRecorded 2012-07-30 daily_rates=31",
                "ConvictionRecorded 2014-06-16 daily_rates=60",
            ),
            Verdict.NOT_MET,
        ),
        (("ConvictionRecorded 2024-01-01 months=3 suspended=true",), Verdict.MET),
        (("ConvictionRecorded 2024-01-01 months=4 suspended=true",), Verdict.NOT_MET),
        (("ConvictionRecorded 2024-01-01 months=1 suspended=false",), Verdict.NOT_MET),
        (("ConvictionRecorded 2024-01-01 months=1",), Verdict.UNKNOWN),
        (("ConvictionRecorded 2024-01-01",), Verdict.UNKNOWN),
        (("ConvictionRecorded 2024-01-01 daily_rates=10 hate_motive=true",), Verdict.NOT_MET),
        (
            (
                "ConvictionRecorded 2023-01-01",
                "ConvictionRecorded 2024-01-01 daily_rates=100",
            ),
            Verdict.NOT_MET,
        ),
        (
            (
                "ConvictionRecorded 2023-01-01 months=2 suspended=true",
                "ConvictionRecorded 2024-01-01 daily_rates=31",
            ),
            Verdict.NOT_MET,
        ),
    ],
)
def test_convictions_are_taken_together(
    given: Given, facts: tuple[str, ...], verdict: Verdict
) -> None:
    past = given(TITLE, *facts)
    assert answer(past, "conviction", "2024-01-01") is verdict
    assert answer(past, "conviction", "2010-01-01") is Verdict.MET


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ((), Verdict.UNKNOWN),
        (("LanguageTestTaken 2024-01-01 result=B1",), Verdict.MET),
        (("LanguageTestTaken 2024-01-01 result=B2",), Verdict.MET),
        (("LanguageTestTaken 2024-01-01 result=A2",), Verdict.NOT_MET),
        (("LanguageTestTaken 2024-01-01",), Verdict.UNKNOWN),
        (
            ('LanguageTestTaken 2024-01-01 result=B1 per_skill={"reading":"B1","writing":"A2"}',),
            Verdict.NOT_MET,
        ),
        (
            ('LanguageTestTaken 2024-01-01 result=A2 per_skill={"reading":"B1","writing":"B1"}',),
            Verdict.MET,
        ),
        (("LanguageTestTaken 2024-01-01 result=B1 accredited=false",), Verdict.UNKNOWN),
        (("LanguageTestTaken 2024-01-01 result=B1 test_kind=EINSTUFUNG",), Verdict.UNKNOWN),
        (("LanguageTestTaken 2024-01-01 result=A2 test_kind=EINSTUFUNG",), Verdict.UNKNOWN),
        (("IntegrationCourseCertificateIssued 2024-01-01",), Verdict.MET),
        (
            ("LanguageTestTaken 2023-01-01 result=A2", "LanguageTestTaken 2024-01-02 result=B1"),
            Verdict.NOT_MET,
        ),
        (
            (
                "PersonIdentified 2020-01-01 birth_date=2008-01-02",
                "LanguageTestTaken 2023-01-01 result=A2",
            ),
            Verdict.UNKNOWN,
        ),
        (
            (
                "PersonIdentified 2020-01-01 birth_date=2008-01-01",
                "LanguageTestTaken 2023-01-01 result=A2",
            ),
            Verdict.NOT_MET,
        ),
    ],
)
def test_w25_german_has_to_be_b1_in_every_skill(
    given: Given, facts: tuple[str, ...], verdict: Verdict
) -> None:
    assert answer(given(TITLE, *facts), "language", "2024-01-01") is verdict


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ((), Verdict.UNKNOWN),
        (("CivicsTestTaken 2024-01-01 points=17",), Verdict.MET),
        (("CivicsTestTaken 2024-01-01 points=16",), Verdict.NOT_MET),
        (("CivicsTestTaken 2024-01-01 passed_natural=true",), Verdict.MET),
        (("CivicsTestTaken 2024-01-01 passed_natural=false",), Verdict.NOT_MET),
        (("CivicsTestTaken 2024-01-01 passed_ok=true",), Verdict.UNKNOWN),
        (("NaturalisationTestTaken 2024-01-01 points=17",), Verdict.MET),
        (("NaturalisationTestTaken 2024-01-01 points=16",), Verdict.NOT_MET),
        (("NaturalisationTestTaken 2024-01-01",), Verdict.UNKNOWN),
        (("IntegrationCourseCertificateIssued 2024-01-01",), Verdict.UNKNOWN),
    ],
)
def test_civics_are_passed_with_17_of_33(
    given: Given, facts: tuple[str, ...], verdict: Verdict
) -> None:
    assert answer(given(TITLE, *facts), "civics", "2024-01-01") is verdict


def test_loyalty_is_asked_for_in_the_procedure(given: Given) -> None:
    past = given(TITLE, "LoyaltyDeclarationMade 2024-01-01 date=2023-12-01")
    assert answer(past, "loyalty", "2023-11-30") is Verdict.UNKNOWN
    assert answer(past, "loyalty", "2023-12-01") is Verdict.MET
    assert answer(past, "exclusion", "2023-12-01") is Verdict.UNKNOWN


# N02


def test_n02_names_the_one_item_that_is_missing(given: Given) -> None:
    past = given(TITLE, IDENTITY, LIVELIHOOD, B1, "CivicsTestTaken 2021-05-06 points=16")
    assert past.rows("N02") == ["f1+civics 2025-03-15..2025-05-14"]
    assert past.state("N02", "2025-03-14") is State.NOT_APPLICABLE
    assert past.state("N02", "2025-05-14") is State.DUE
    assert past.state("N02", "2025-05-15") is State.OPEN
    assert "nur noch: Einbürgerungstest mit 17 Punkten" in said(past, "N02")
    assert past.only("N02").severity is Severity.CHANCE
    assert past.only("N02").evidence == ("f1", "f2", "f3", "f4", "f5")


@pytest.mark.parametrize(
    ("place", "instead", "item"),
    [
        (0, TITLE.replace("25_1", "25_5"), "title"),
        (1, "IdentityDocumentsRequested 2021-01-01", "identity"),
        (2, "LivelihoodSecured 2022-05-01 degree=partial", "livelihood"),
        (3, "LanguageTestTaken 2021-05-05 result=A2", "language"),
        (4, "CivicsTestTaken 2021-05-06 points=3", "civics"),
    ],
)
def test_n02_every_item_but_the_stay_may_be_the_missing_one(
    given: Given, place: int, instead: str, item: str
) -> None:
    facts = list(ALL)
    facts[place] = instead
    assert [one.key for one in given(*facts).intervals("N02")] == [f"f1+{item}"]


def test_n02_a_conviction_may_be_the_missing_one(given: Given) -> None:
    past = given(*ALL, "ConvictionRecorded 2023-01-10 daily_rates=120")
    assert past.rows("N02") == ["f1+conviction 2025-03-15..2025-05-14"]


def test_n02_neither_all_nor_two_are_missing(given: Given) -> None:
    assert given(*ALL).intervals("N02") == ()
    two = given(
        TITLE,
        IDENTITY,
        LIVELIHOOD,
        "LanguageTestTaken 2021-05-05 result=A2",
        "CivicsTestTaken 2021-05-06 points=3",
    )
    assert two.intervals("N02") == ()


def test_d17_n02_with_another_item_unknown_it_is_a_data_row(given: Given) -> None:
    past = given(TITLE, LIVELIHOOD, B1, "CivicsTestTaken 2021-05-06 points=16")
    (row,) = past.data_rows("N02")
    assert (row.key, str(row.begins_on), str(row.due_on)) == (
        "f1+civics",
        "2025-03-15",
        "2025-05-14",
    )
    assert "Identität" in said(past, "N02")


@pytest.mark.parametrize(
    ("linked", "row"),
    [
        ("ServiceLinked 2025-05-14 field=sprache", "in_time 2025-05-14 f6"),
        ("ServiceLinked 2025-05-15", "late 2025-05-15 f6"),
        ("ServiceLinked 2025-05-01 field=einbuergerung", "in_time 2025-05-01 f6"),
        ("ServiceLinked 2025-05-01 field=wohnen", ""),
        ("ServiceLinked 2025-03-14 field=sprache", ""),
        ("CivicsTestTaken 2025-05-14 points=17", "in_time 2025-05-14 f6"),
        ("CivicsTestTaken 2025-05-15 points=17", "late 2025-05-15 f6"),
        ("NaturalisationApplied 2025-04-01", "cancelled 2025-04-01 f6"),
        ("LivelihoodLost 2025-04-01", "cancelled 2025-04-01 f6"),
        ("NaturalisationAdvised 2025-04-01", ""),
    ],
)
def test_n02_is_answered_by_an_offer_or_by_the_item_itself(
    given: Given, linked: str, row: str
) -> None:
    past = given(TITLE, IDENTITY, LIVELIHOOD, B1, "CivicsTestTaken 2021-05-06 points=16", linked)
    assert past.rows("N02")[0] == f"f1+civics 2025-03-15..2025-05-14 {row}".strip()


@pytest.mark.parametrize(
    ("place", "instead", "field"),
    [
        (0, TITLE.replace("25_1", "25_5"), "aufenthalt"),
        (1, "IdentityDocumentsRequested 2021-01-01", "aufenthalt"),
        (2, "LivelihoodSecured 2022-05-01 degree=partial", "arbeit"),
        (2, "LivelihoodSecured 2022-05-01 degree=partial", "anerkennung"),
        (3, "LanguageTestTaken 2021-05-05 result=A2", "sprache"),
    ],
)
def test_n02_an_offer_helps_in_the_field_of_the_item(
    given: Given, place: int, instead: str, field: str
) -> None:
    facts = list(ALL)
    facts[place] = instead
    past = given(*facts, f"ServiceLinked 2025-04-01 field={field}")
    assert past.only("N02").closed_by is ClosedBy.IN_TIME


def test_n02_while_an_application_is_pending_there_is_none(given: Given) -> None:
    past = given(
        TITLE,
        IDENTITY,
        LIVELIHOOD,
        B1,
        "CivicsTestTaken 2021-05-06 points=16",
        "NaturalisationApplied 2025-01-10",
    )
    assert past.intervals("N02") == ()


def test_n02_the_same_item_missing_again_is_another_instance(given: Given) -> None:
    past = given(
        TITLE,
        IDENTITY,
        B1,
        CIVICS,
        "LivelihoodSecured 2022-05-01 degree=partial",
        "LivelihoodSecured 2025-04-01 degree=full",
        "LivelihoodLost 2025-09-01",
    )
    assert past.rows("N02") == [
        "f1+livelihood 2025-03-15..2025-05-14 in_time 2025-04-01 f6",
        "f1+livelihood+2 2025-09-01..2025-10-31",
    ]


@pytest.mark.parametrize(
    ("rule", "fact", "reason"),
    [
        (
            "N01",
            "AsylumDecisionIssued 2020-01-01 outcome=abgelehnt",
            "kein rechtmäßiger Aufenthalt",
        ),
        (
            "N02",
            "AsylumDecisionIssued 2020-01-01 outcome=abgelehnt",
            "kein rechtmäßiger Aufenthalt",
        ),
        ("N02", TITLE, "genau ein Baustein"),
        ("N03", TITLE, "der Titel führt zur Einbürgerung"),
        ("N09", "AbsenceAbroadRecorded 2021-02-01 until=2021-01-01", "vor dem Anfang"),
        ("N11", TITLE, "keine Lücke"),
    ],
)
def test_d21_the_first_condition_that_fails_is_named(
    given: Given, rule: str, fact: str, reason: str
) -> None:
    standing = why(read(given(fact).told), RULES[rule], date(2025, 5, 1))
    assert standing.state is State.NOT_APPLICABLE
    assert [one.trigger for one in standing.turned] == ["f1"]
    assert reason in standing.turned[0].reason.de


def test_d21_an_application_made_before_is_named(given: Given) -> None:
    past = given(*ALL, "NaturalisationApplied 2024-11-01")
    (turned,) = why(read(past.told), RULES["N01"], date(2025, 5, 1)).turned
    assert "schon beantragt" in turned.reason.de
