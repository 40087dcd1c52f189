"""The bounds of the language rules: their values, since when they hold, and who may move them."""

from datetime import date

import pytest

from domain.chain.bounds import STANDARD, BoundKind, BoundRefusedError, Change, Unit

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("name", "value", "unit", "kind"),
    [
        ("S02.response", 30, "days", "DEF"),
        ("S04.lead", 60, "days", "LAW+DEF"),
        ("S04.admission", 1, "years", "LAW"),
        ("S06.response", 28, "days", "DEF"),
        ("S07.lead", 60, "days", "LAW+DEF"),
        ("S07.start", 1, "years", "LAW"),
        ("S08.interruption", 1, "years", "LAW"),
        ("S08.warning", 6, "months", "LAW+DEF"),
        ("S08.second_warning", 10, "months", "DEF"),
        ("S09.response", 14, "days", "DEF"),
        ("S10.response", 56, "days", "DEF"),
        ("S11.response", 90, "days", "DEF"),
        ("S11.repetition", 300, "hours", "LAW"),
        ("S12.response", 120, "days", "DEF"),
        ("S13.response", 56, "days", "DEF"),
        ("S14.refund", 2, "years", "LAW"),
        ("S14.special", 3, "years", "LAW"),
        ("S17.weeks", 4, "weeks", "LAW"),
        ("S18.course", 1, "years", "LAW"),
        ("S18.vocational", 6, "months", "LAW"),
        ("S19.response", 180, "days", "DEF"),
        ("S19.youngest", 16, "years", "DEF"),
        ("S19.oldest", 65, "years", "DEF"),
    ],
)
def test_a_bound_of_a_language_rule_has_its_value(
    name: str, value: int, unit: str, kind: str
) -> None:
    found = STANDARD.in_force(name, TODAY)
    assert (found.value, found.unit, found.kind) == (value, Unit(unit), BoundKind(kind))


@pytest.mark.parametrize(
    ("name", "before", "since"),
    [
        ("S14.special", 2, 3),
        ("S11.general_repetition", 300, None),
        ("law.44_4_admissions", 1, None),
    ],
)
def test_d16_what_changed_in_the_law_of_courses_changed_on_its_day(
    name: str, before: int, since: int | None
) -> None:
    first = {
        "S14.special": date(2023, 2, 1),
        "S11.general_repetition": date(2024, 12, 7),
        "law.44_4_admissions": date(2026, 2, 9),
    }[name]
    found = STANDARD.on(name, date.fromordinal(first.toordinal() - 1))
    assert found is not None
    assert found.number == before
    after = STANDARD.on(name, first)
    assert (None if after is None else after.number) == since


@pytest.mark.parametrize(
    ("name", "tighter", "looser"),
    [
        ("S04.lead", 90, 30),
        ("S07.lead", 90, 30),
        ("S08.warning", 5, 7),
        ("S17.weeks", 3, 5),
    ],
)
def test_a_municipality_may_warn_earlier_and_never_later(
    name: str, tighter: int, looser: int
) -> None:
    unit = STANDARD.in_force(name, TODAY).unit
    adapted = STANDARD.adapted([Change(name, tighter, unit)])
    assert adapted.in_force(name, TODAY).number == tighter
    with pytest.raises(BoundRefusedError, match="§"):
        STANDARD.adapted([Change(name, looser, unit)])


@pytest.mark.parametrize(
    "name", ["S04.admission", "S07.start", "S08.interruption", "S14.refund", "S18.course"]
)
def test_nobody_moves_a_term_of_the_law(name: str) -> None:
    for value in (0, 5):
        with pytest.raises(BoundRefusedError, match="cannot be changed"):
            STANDARD.adapted([Change(name, value, Unit.YEARS)])
