"""Vocabularies: every code has its words, and the codes are those that are stored for ever."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

import domain.fields
import domain.vocabulary
from domain.labels import Vocabulary
from domain.vocabulary.benefits import Rechtskreis
from domain.vocabulary.countries import Country
from domain.vocabulary.education import TrainingKind
from domain.vocabulary.language import CourseKind, EntitlementBasis, LanguageTest
from domain.vocabulary.residence import AppealKind, AppealOutcome, FictionKind, ResidenceBasis
from domain.vocabulary.work import EmploymentKind

MODULES = [domain.fields] + [
    import_module(f"domain.vocabulary.{one.name}")
    for one in iter_modules(domain.vocabulary.__path__)
]
VOCABULARIES = [
    value
    for module in MODULES
    for value in vars(module).values()
    if isinstance(value, type)
    and issubclass(value, Vocabulary)
    and value.__module__ == module.__name__
]


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda one: one.__name__)
def test_every_code_has_words_in_both_languages_and_a_short_form_that_fits(
    vocabulary: type[Vocabulary],
) -> None:
    assert vocabulary.__doc__
    for member in vocabulary:
        assert member.label.de.strip()
        assert member.label.en.strip()
        assert len(member.label.short) <= 14
        assert vocabulary(str(member)) is member


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda one: one.__name__)
def test_no_code_stands_for_two_things(vocabulary: type[Vocabulary]) -> None:
    assert len(vocabulary.__members__) == len(set(vocabulary))
    assert len({member.label.de for member in vocabulary}) == len(vocabulary)


def test_countries_are_the_249_of_the_standard_and_three_more() -> None:
    codes = {str(country) for country in Country}
    assert {"XKX", "staatenlos", "ungeklaert"} < codes
    standard = codes - {"XKX", "staatenlos", "ungeklaert"}
    assert len(standard) == 249
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in standard)
    assert {"DEU", "SYR", "UKR", "AFG", "IRQ", "TUR", "ERI", "SOM", "IRN"} < standard


def test_countries_carry_their_german_and_english_names() -> None:
    assert Country.SYR.label.de == "Syrien"
    assert Country.TUR.label.en == "Türkiye"
    assert Country("staatenlos").label.en == "stateless"


@pytest.mark.parametrize(
    ("vocabulary", "codes"),
    [
        (FictionKind, "81_3 81_4 81_5 81_5a"),
        (AppealKind, "klage widerspruch eil untaetigkeit"),
        (AppealOutcome, "granted dismissed partial reversed withdrawn"),
        (EntitlementBasis, "44_1 44_4_zulassung 5a_IntV 44a_nr1 44a_nr2 44a_nr3 44a_nr4 BVFG"),
        (
            Rechtskreis,
            "ASYLBLG_3 ASYLBLG_2 SGB_II SGB_III SGB_XII_3 SGB_XII_4 SGB_VIII BAB BAFOEG WOGG_KIZ"
            " SGB_V_KRANKENGELD OWN_INCOME FAMILY NONE SGB_XII_23_1 SGB_XII_23_3_BRIDGE BSHG"
            " ALG_AGENTUR DONATIONS",
        ),
        (
            CourseKind,
            "IK_ALLGEMEIN IK_ALPHA IK_ZWEITSCHRIFT IK_FOERDER IK_INTENSIV IK_JUGEND"
            " IK_ELTERN_FRAUEN OK_ONLY EOK MIA BSK_B2 BSK_B2_BRIDGE BSK_C1 BSK_C2 BSK_B1 BSK_A2"
            " BSK_ANERKENNUNG BSK_FACH JOB_BSK LAND_BASIS EHRENAMT VHS_SELF",
        ),
        (
            LanguageTest,
            "EINSTUFUNG DTZ LID EBT TELC_B1 GOETHE_B1 TELC_B2 B1_B2_BERUF C1_BERUF"
            " TELC_C1_HOCHSCHULE TESTDAF DSH DSD FSP SCHOOL_B1_EQUIVALENT",
        ),
        (
            TrainingKind,
            "EQ BVB AV_BK IFK DUAL_3_3.5Y DUAL_2Y SCHULISCH HELFER_ASSISTENZ TEILQUALIFIKATION"
            " UMSCHULUNG NACHQUALIFIZIERUNG STUDIUM",
        ),
        (
            EmploymentKind,
            "MINIJOB MIDIJOB SV_TEILZEIT SV_VOLLZEIT LEIHARBEIT AUSHILFE_KURZFRISTIG SELBSTAENDIG"
            " AGH_16D_SGBII AGH_5_ASYLBLG FFIM_5A FSJ_BFD PRAKTIKUM EGZ_GEFOERDERT 16I_TEILHABE",
        ),
    ],
    ids=lambda one: one.__name__ if isinstance(one, type) else "",
)
def test_codes_are_those_of_the_reference(vocabulary: type[Vocabulary], codes: str) -> None:
    assert [str(member) for member in vocabulary] == codes.split()


def test_every_residence_basis_that_rules_name_exists() -> None:
    permanent = "9 9A 18C 26_3 26_4 28_2 35"
    course_claim = (
        "18A 18B 18D 18G 19C 21 23_2 23_4 25_1 25_2_FL 25_2_SUB 25_4A 25B 28 29 30 32 36 36A 38A"
    )
    others = "24 104C 25A 16G 60C 23_1 25_4 25_5 31 15A"
    for code in f"{permanent} {course_claim} {others}".split():
        assert ResidenceBasis(f"AUFENTHG_{code}").label.de
    assert {"DEUTSCH", "FREIZUEGG_EU", "FREIZUEGG_EU_5", "FREIZUEGG_EU_4A"} < set(ResidenceBasis)
