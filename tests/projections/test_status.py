"""Where somebody stands in every field of action, and since when."""

from collections.abc import Callable
from datetime import date

import pytest

from domain.chain.reading import Told
from domain.fields import Handlungsfeld
from projections.status import FieldStatus, status

Tell = Callable[..., tuple[Told, ...]]
DAY = date(2026, 11, 22)


def of(field: str, found: tuple[FieldStatus, ...]) -> tuple[str, str]:
    one = next(one for one in found if one.field is Handlungsfeld[field])
    return ("" if one.state is None else one.state.value, str(one.since or ""))


@pytest.mark.parametrize(
    ("field", "facts", "expected"),
    [
        ("AUFENTHALT", ["TemporaryPermissionIssued 2024-01-05"], ("gestattung", "2024-01-05")),
        (
            "AUFENTHALT",
            ["ToleranceIssued 2024-01-05 basis=AUFENTHG_60B"],
            ("duldung_60b", "2024-01-05"),
        ),
        (
            "AUFENTHALT",
            ["TitleGranted 2024-01-05 basis=AUFENTHG_25_3 valid_until=2027-01-04"],
            ("befristet", "2024-01-05"),
        ),
        (
            "AUFENTHALT",
            ["TitleGranted 2024-01-05 basis=AUFENTHG_25_3 valid_until=2026-01-04"],
            ("expired", "2026-01-05"),
        ),
        ("AUFENTHALT", ["TitleGranted 2024-01-05 basis=AUFENTHG_9"], ("unbefristet", "2024-01-05")),
        (
            "AUFENTHALT",
            [
                "TitleGranted 2024-01-05 basis=AUFENTHG_9",
                "NaturalisationCertificateHandedOver 2026-01-01",
            ],
            ("deutsch", "2026-01-01"),
        ),
        ("SPRACHE", ["CourseEntitlementIssued 2024-01-05"], ("entitled", "2024-01-05")),
        (
            "SPRACHE",
            ["CourseStarted 2024-01-05", "CourseCompleted 2024-09-01"],
            ("course_done", "2024-09-01"),
        ),
        (
            "SPRACHE",
            [
                "CourseStarted 2024-01-05",
                "LanguageTestTaken 2024-08-01 result=B1",
                "CourseCompleted 2024-09-01",
            ],
            ("B1_no_LiD", "2024-08-01"),
        ),
        (
            "SPRACHE",
            ["LanguageTestTaken 2024-02-01 result=B2", "LanguageTestTaken 2024-08-01 result=A2"],
            ("B2", "2024-02-01"),
        ),
        (
            "ANERKENNUNG",
            ["RecognitionDecided 2024-01-05 outcome=PARTIAL"],
            ("partial", "2024-01-05"),
        ),
        (
            "AUSBILDUNG",
            ["TrainingStarted 2024-01-05", "TrainingAborted 2024-09-01"],
            ("aborted", "2024-09-01"),
        ),
        ("BILDUNG", ["SchoolStarted 2024-01-05 child_ref=k1"], ("", "")),
        (
            "ARBEIT",
            [
                "EmploymentStarted 2024-01-05 employment_kind=MINIJOB",
                "UnemploymentRegistered 2024-03-01",
            ],
            ("marginal", "2024-01-05"),
        ),
        (
            "ARBEIT",
            ["EmploymentStarted 2024-01-05", "EmploymentEnded 2024-09-01"],
            ("unemployed", "2024-09-02"),
        ),
        (
            "LEISTUNGEN",
            [
                "BenefitGranted 2024-01-05 rechtskreis=SGB_II",
                "BenefitEnded 2024-09-30 rechtskreis=SGB_II",
            ],
            ("", ""),
        ),
        (
            "LEISTUNGEN",
            ["BenefitGranted 2024-01-05 rechtskreis=SGB_II from=2024-02-01"],
            ("SGB_II", "2024-02-01"),
        ),
        ("WOHNEN", ["HousingAssigned 2024-01 kind=communal"], ("communal", "2024-01-31")),
        (
            "EINBUERGERUNG",
            ["NaturalisationApplied 2024-01-05 complete=false"],
            ("documents_missing", "2024-01-05"),
        ),
        (
            "FALLSTEUERUNG",
            ["CaseOpened 2024-01-05", "CaseClosed 2024-09-01"],
            ("closed", "2024-09-01"),
        ),
        ("TEILHABE", [], ("", "")),
    ],
)
def test_the_last_that_happened_counts(
    told: Tell, field: str, facts: list[str], expected: tuple[str, str]
) -> None:
    assert of(field, status(told(*facts), DAY)) == expected


def test_every_field_has_a_line(told: Tell) -> None:
    assert [one.field for one in status(told(), DAY)] == list(Handlungsfeld)


def test_the_day_and_the_knowledge_are_two_things(told: Tell) -> None:
    facts = told(
        "EmploymentStarted 2024-03-01 employment_kind=SV_VOLLZEIT recorded=2024-06-01",
        "EmploymentEnded 2024-09-30 recorded=2024-12-01",
    )

    assert of("ARBEIT", status(facts, date(2024, 4, 1))) == ("full", "2024-03-01")
    assert of("ARBEIT", status(facts, date(2024, 4, 1), date(2024, 4, 1))) == ("", "")
    assert of("ARBEIT", status(facts, date(2024, 11, 1))) == ("unemployed", "2024-10-01")
    assert of("ARBEIT", status(facts, date(2024, 11, 1), date(2024, 11, 1))) == (
        "full",
        "2024-03-01",
    )


def test_nothing_is_said_of_an_erased_journey(told: Tell) -> None:
    found = status(told("LeaseSigned 2024-07-01", "JourneyErased -"), DAY)

    assert all(one.state is None for one in found)
