"""Courses as they are set out: the hours of each kind, and until when the old kinds begin (reference 2.4)."""

from datetime import date, timedelta

import pytest

from domain.vocabulary.course_hours import COURSE_HOURS, hours_of
from domain.vocabulary.language import CourseKind

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def test_every_kind_of_course_has_its_hours() -> None:
    assert {one.kind for one in COURSE_HOURS} == set(CourseKind)
    assert all(one.source for one in COURSE_HOURS)


@pytest.mark.parametrize(
    ("kind", "language", "orientation", "repetition"),
    [
        ("IK_ALLGEMEIN", 600, 100, 0),
        ("IK_ALPHA", 900, 100, 300),
        ("IK_ZWEITSCHRIFT", 900, 100, 0),
        ("IK_FOERDER", 900, 100, 300),
        ("IK_INTENSIV", 400, 100, 0),
        ("OK_ONLY", 0, 100, 0),
        ("EOK", 300, 0, 0),
        ("MIA", 34, 0, 0),
        ("BSK_B2", 400, 0, 0),
        ("BSK_B2_BRIDGE", 500, 0, 0),
        ("BSK_C1", 400, 0, 0),
        ("BSK_C2", 400, 0, 0),
        ("BSK_B1", 400, 0, 0),
        ("BSK_A2", 400, 0, 0),
        ("BSK_ANERKENNUNG", 600, 0, 0),
        ("BSK_FACH", 300, 0, 0),
        ("JOB_BSK", 150, 0, 0),
        ("LAND_BASIS", 300, 0, 0),
        ("EHRENAMT", None, 0, 0),
        ("VHS_SELF", None, 0, 0),
    ],
)
def test_a_course_that_begins_today_has_these_hours(
    kind: str, language: int | None, orientation: int, repetition: int
) -> None:
    found = hours_of(CourseKind(kind), TODAY)
    assert found is not None
    assert (found.language, found.orientation) == (language, orientation)
    assert found.repetition == repetition
    assert found.total == (None if language is None else language + orientation)


@pytest.mark.parametrize("kind", [CourseKind.IK_JUGEND, CourseKind.IK_ELTERN_FRAUEN])
def test_youth_and_parents_courses_begin_until_30_april_2025_and_no_more(kind: CourseKind) -> None:
    last = hours_of(kind, date(2025, 4, 30))
    assert last is not None
    assert (last.language, last.orientation, last.total) == (900, 100, 1000)
    assert hours_of(kind, date(2025, 5, 1)) is None


def test_the_intensive_course_had_430_units_until_it_began_in_may_2024() -> None:
    first = date(2024, 5, 1)
    before, since = (hours_of(CourseKind.IK_INTENSIV, day) for day in (first - DAY, first))
    assert before is not None
    assert since is not None
    assert (before.total, since.total) == (430, 500)


def test_the_language_part_of_an_integration_course_has_modules_of_100_units() -> None:
    modules = {
        kind: found.modules
        for kind in (CourseKind.IK_ALLGEMEIN, CourseKind.IK_ALPHA, CourseKind.EOK)
        if (found := hours_of(kind, TODAY)) is not None
    }
    assert list(modules.values()) == [6, 9, None]


def test_special_courses_are_up_to_their_hours_and_the_general_one_is_exactly_that() -> None:
    most = {one.kind for one in COURSE_HOURS if one.up_to}
    assert {CourseKind.IK_ALPHA, CourseKind.IK_FOERDER, CourseKind.BSK_ANERKENNUNG} < most
    assert CourseKind.IK_ALLGEMEIN not in most
    assert CourseKind.IK_INTENSIV not in most


def test_no_two_rows_of_a_kind_hold_for_one_day() -> None:
    for day in (date(2020, 1, 1), date(2024, 4, 30), date(2024, 5, 1), TODAY):
        rows = [one.kind for one in COURSE_HOURS if one.begins_on(day)]
        assert len(rows) == len(set(rows))
