"""Bounds as a municipality may set them, and as somebody may ask "what if": law is never loosened."""

from collections.abc import Callable
from datetime import date

import pytest

from domain.chain.bounds import STANDARD, BoundRefusedError, Change, Status, Unit
from domain.chain.evaluation import evaluate
from domain.chain.law_changes import law_changes
from tests.chain.conftest import Past

TODAY = date(2026, 11, 23)


def days(name: str, value: int, unit: Unit = Unit.DAYS) -> list[Change]:
    return [Change(name, value, unit)]


@pytest.mark.parametrize(
    "change",
    [
        days("F06.other", 120),
        days("F06.other", 2, Unit.MONTHS),
        days("S05.weeks", 5, Unit.WEEKS),
        days("S05.weeks", 42),
        days("A01.lead", 120),
        days("S03.response", 14),
    ],
    ids=str,
)
def test_practice_may_be_set_freely_and_law_may_be_tightened(change: list[Change]) -> None:
    adapted = STANDARD.adapted(change)
    for one in change:
        found = adapted.in_force(one.id, TODAY)
        assert (found.value, found.unit) == (one.value, one.unit)


@pytest.mark.parametrize(
    ("change", "because"),
    [
        (days("S05.weeks", 8, Unit.WEEKS), "§ 7 Abs. 4 IntV.*shorter, not longer"),
        (days("S05.weeks", 43), "§ 7 Abs. 4 IntV"),
        (days("A01.lead", 60), "§ 81 Abs. 4 AufenthG.*longer, not shorter"),
        (days("S01.claim", 2, Unit.YEARS), "§ 44 Abs. 2 AufenthG.*cannot be changed"),
        (days("S01.claim", 6, Unit.MONTHS), "§ 44 Abs. 2 AufenthG.*cannot be changed"),
        (days("X99.nothing", 1), "no bound 'X99.nothing'"),
        (days("F06.other", 1, Unit.HOURS), "F06.other counts days, not hours"),
        (days("law.stag_10_3", 0, Unit.SWITCH), "counts switch"),
        (days("F06.other", -1), "less than nothing"),
    ],
)
def test_law_is_never_loosened_and_the_paragraph_is_named(
    change: list[Change], because: str
) -> None:
    with pytest.raises(BoundRefusedError, match=because):
        STANDARD.adapted(change)


def test_a_question_may_loosen_law_and_changes_every_period() -> None:
    asked = STANDARD.changed(days("A05.service", 10))
    assert {one.value for one in asked.rows["A05.service"]} == {10}
    assert STANDARD.in_force("A05.service", TODAY).value == 4


def test_intervals_follow_the_bounds_that_are_asked_with(
    given: Callable[..., Past],
) -> None:
    told = given("CourseRegistered 2025-03-03").told
    (usual,) = [one for one in evaluate(told) if one.rule == "S05"]
    asked = STANDARD.changed(days("S05.weeks", 8, Unit.WEEKS))
    (later,) = [one for one in evaluate(told, bounds=asked) if one.rule == "S05"]
    assert (usual.due_on, later.due_on) == (date(2025, 4, 14), date(2025, 4, 28))


def test_a_switch_that_is_not_verified_is_off() -> None:
    assert not STANDARD.is_on("law.24_to_asylblg", TODAY)
    assert STANDARD.in_force("law.24_to_asylblg", TODAY).status is Status.UNVERIFIED
    assert STANDARD.is_on("law.geas", TODAY)


@pytest.mark.parametrize(
    ("switch", "last"),
    [
        ("law.stag_10_3", date(2025, 10, 29)),
        ("law.104c_grants", date(2025, 12, 31)),
        ("law.44_4_admissions", date(2026, 2, 8)),
    ],
)
def test_the_law_that_ended_held_through_its_last_day(switch: str, last: date) -> None:
    assert STANDARD.is_on(switch, last)
    assert not STANDARD.is_on(switch, date.fromordinal(last.toordinal() + 1))


def test_between_two_days_only_what_changed_is_named() -> None:
    found = law_changes(STANDARD, date(2025, 10, 1), date(2026, 3, 1))
    ended = {one.id for one in found if one.after is None and one.counts}
    assert ended >= {"law.stag_10_3", "law.104c_grants", "law.44_4_admissions"}
    assert all(date(2025, 10, 1) < one.on <= date(2026, 3, 1) for one in found)
    assert [one.on for one in found] == sorted(one.on for one in found)


def test_a_change_belongs_to_the_span_that_contains_its_first_day() -> None:
    since, through = date(2024, 12, 31), date(2025, 1, 1)
    (one,) = [one for one in law_changes(STANDARD, since, through) if one.id == "A05.service"]
    assert one.before is not None
    assert one.after is not None
    assert (one.before.value, one.after.value) == (3, 4)
    assert law_changes(STANDARD, through, through) == ()
