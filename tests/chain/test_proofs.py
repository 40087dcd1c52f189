"""What a fact proves of language and civics: every skill counts, and a test of 33 questions has two limits."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.chain.checklists.proofs import (
    LEVELS,
    language_proofs,
    passed_civics,
    proven_level,
    reaches,
    spoken_level,
)
from domain.chain.reading import Seen, View, read

Given = Callable[..., Any]


def view_of(given: Given, *lines: str) -> View:
    """Return the view of a past."""
    return read(given(*lines).told)


def only(given: Given, line: str) -> Seen:
    """Return the one fact of a past."""
    return view_of(given, line).facts[0]


def test_levels_are_ordered_from_below_a1_to_c2() -> None:
    assert LEVELS == ("PRE_A1", "A1", "A2", "B1", "B2", "C1", "C2")


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_reaches_itself_and_everything_below(level: str) -> None:
    reached = [wanted for wanted in LEVELS if reaches(level, wanted)]
    assert reached == list(LEVELS[: LEVELS.index(level) + 1])


def test_an_unknown_level_reaches_nothing() -> None:
    assert not any(reaches(None, wanted) for wanted in LEVELS)


@pytest.mark.parametrize(
    ("test", "level"),
    [
        ("LanguageTestTaken 2025-01-10 result=B1", "B1"),
        ("LanguageTestTaken 2025-01-10", None),
        ("IntegrationCourseCertificateIssued 2025-01-10", "B1"),
        ('LanguageTestTaken 2025-01-10 result=B1 per_skill={"reading":"B1","writing":"A2"}', "A2"),
        ('LanguageTestTaken 2025-01-10 result=A2 per_skill={"reading":"B1","writing":"C1"}', "B1"),
        ('LanguageTestTaken 2025-01-10 per_skill={"speaking":"PRE_A1","writing":"A1"}', "PRE_A1"),
        ("LanguageTestTaken 2025-01-10 result=A2 per_skill={}", "A2"),
    ],
)
def test_w25_a_test_proves_the_level_of_its_weakest_skill(
    given: Given, test: str, level: str | None
) -> None:
    assert proven_level(only(given, test)) == level


@pytest.mark.parametrize(
    ("test", "level"),
    [
        ('LanguageTestTaken 2025-01-10 per_skill={"speaking":"B1","writing":"A1"}', "B1"),
        ('LanguageTestTaken 2025-01-10 result=B1 per_skill={"writing":"B1"}', None),
        ("LanguageTestTaken 2025-01-10 result=A2", "A2"),
        ("IntegrationCourseCertificateIssued 2025-01-10", "B1"),
    ],
)
def test_w25_what_is_spoken_is_the_skill_of_speaking_else_the_whole(
    given: Given, test: str, level: str | None
) -> None:
    assert spoken_level(only(given, test)) == level


def test_w25_proofs_of_a_level_are_those_that_reach_it_in_every_skill(given: Given) -> None:
    view = view_of(
        given,
        "LanguageTestTaken 2025-01-10 result=A2",
        'LanguageTestTaken 2025-02-10 result=B1 per_skill={"writing":"A2"}',
        "LanguageTestTaken 2025-03-10 result=B2",
        "IntegrationCourseCertificateIssued 2025-04-10",
    )
    assert [one.id for one in language_proofs(view, "B1")] == ["f3", "f4"]
    assert [one.id for one in language_proofs(view, "A2")] == ["f1", "f2", "f3", "f4"]
    assert [one.id for one in language_proofs(view, "B2")] == ["f3"]


@pytest.mark.parametrize(
    ("outcome", "course", "naturalisation"),
    [
        ("points=14", False, False),
        ("points=15", True, False),
        ("points=16", True, False),
        ("points=17", True, True),
        ("points=33", True, True),
        ("points=0", False, False),
        ("points=14 passed_ok=true passed_natural=true", False, False),
        ("points=17 passed_ok=false", True, True),
        ("passed_ok=true", True, None),
        ("passed_ok=false", False, False),
        ("passed_natural=true", True, True),
        ("passed_natural=false", None, False),
        ("passed_ok=true passed_natural=false", True, False),
        ("passed_ok=false passed_natural=true", False, True),
        ("", None, None),
    ],
)
def test_civics_are_passed_by_15_points_for_the_course_and_by_17_for_naturalisation(
    given: Given, outcome: str, course: bool | None, naturalisation: bool | None
) -> None:
    test = only(given, f"CivicsTestTaken 2025-01-10 {outcome}")
    assert passed_civics(test, for_naturalisation=False) is course
    assert passed_civics(test, for_naturalisation=True) is naturalisation
