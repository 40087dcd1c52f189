"""Forms made from the fact classes: what is typed is read, what is read is written back the same."""

from typing import Any

import pytest

from domain.events.registry import FACTS
from domain.fact import Fact
from web.forms.fields import Field, FieldKind, fields_of
from web.forms.values import read_form, written

EXAMPLES: dict[FieldKind, tuple[str, ...]] = {
    FieldKind.TEXT: ("Jobcenter Herne",),
    FieldKind.LONG_TEXT: ("Erste Zeile\nzweite Zeile",),
    FieldKind.DAY: ("15.03.2024",),
    FieldKind.WHOLE: ("7",),
    FieldKind.NUMBER: ("12,5",),
    FieldKind.YES_NO: ("nein",),
    FieldKind.TEXTS: ("eins, zwei",),
}


def typed_into(one: Field) -> dict[str, tuple[str, ...]]:
    """Return something that fits into a field."""
    if one.kind is FieldKind.GROUP:
        found: dict[str, tuple[str, ...]] = {}
        for member in one.members[:2]:
            found |= typed_into(member)
        return found
    if one.kind is FieldKind.PAIRS:
        return {one.name: ("channel: certain",)} if one.key == "confidence" else {}
    if one.kind in {FieldKind.CHOICE, FieldKind.CHOICES}:
        return {one.name: (str(one.options[0]),)}
    if one.kind is FieldKind.WHOLE and one.least is not None:
        return {one.name: (str(int(one.least)),)}
    return {one.name: EXAMPLES[one.kind]}


@pytest.mark.parametrize("fact", FACTS.values(), ids=list(FACTS))
def test_every_field_of_every_fact_can_be_filled_in_and_is_written_back(fact: type[Fact]) -> None:
    typed: dict[str, tuple[str, ...]] = {}
    for one in fields_of(fact):
        typed |= typed_into(one)
    reading = read_form(fact, typed)
    assert reading.errors == {}
    assert reading.fact is not None
    again = read_form(fact, written(fact, reading.fact.known_attributes()))
    assert again.fact == reading.fact


@pytest.mark.parametrize("fact", FACTS.values(), ids=list(FACTS))
def test_every_form_may_stay_empty(fact: type[Fact]) -> None:
    assert read_form(fact, {}).fact == fact()


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"minutes": ("viele",)}, "minutes"),
        ({"minutes": ("-3",)}, "minutes"),
        ({"minutes": ("999999",)}, "minutes"),
        ({"channel": ("fax",)}, "channel"),
        ({"no_show": ("vielleicht",)}, "no_show"),
        ({"fields": ("sprache", "quatsch")}, "fields"),
        ({"conflict": ("31.02.2024",)}, "conflict"),
        ({"confidence": ("ohne Doppelpunkt",)}, "confidence"),
        ({"confidence": ("channel: vielleicht",)}, "confidence"),
        ({"case_id": ("x" * 300,)}, "case_id"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(typed: dict[str, Any], wrong: str) -> None:
    reading = read_form(FACTS["ContactHeld"], typed)
    assert reading.fact is None
    assert list(reading.errors) == [wrong]
