"""Which attributes of a fact may leave the house, and in which form.

Only coded values leave: codes of vocabularies, days, numbers, flags, and keys of organisations where
the value has the shape of one. The schema says which of them; this module refuses all others.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from domain.days import PartialDate
from domain.errors import KetteError
from domain.fact import Attribute, Fact, python_name
from domain.fields import DataClass, Handlungsfeld
from domain.labels import Vocabulary
from schemas.catalogue import latest

ENVELOPE = (
    "journey",
    "version",
    "position",
    "occurred_on",
    "precision",
    "recorded_at",
    "unit",
    "field",
)
ORGANISATIONS = frozenset({"org_unit", "carrier", "provider", "from", "to"})

Form = Callable[[Any], Any]
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)


class UnpublishableFactError(KetteError):
    """A public event would carry what must not leave the house, or what no fact holds."""

    code = "unpublishable-fact"


@dataclass(frozen=True, slots=True)
class Coded:
    """An attribute that leaves: its name in the schema, in Python, and how its value is written."""

    name: str
    python_name: str
    form: Form


@lru_cache(4_096)
def organisation_key(text: str | None) -> str | None:
    """Return the key of an organisation; None for whatever has not the shape of one."""
    return text if text and _KEY.fullmatch(text) else None


@lru_cache(16_384)
def day_text(day: PartialDate) -> str | None:
    """Return a day as exactly as it is known; None where it is not known."""
    return str(day) or None


def field_symbol(event: str, field: Handlungsfeld) -> str:
    """Return a field of action as the event's schema knows it; ``UNKNOWN`` if it does not yet."""
    (known,) = (one["type"] for one in latest(event).parsed["fields"] if one["name"] == "field")
    return field.name if field.name in known["symbols"] else str(known["default"])


def coded_attributes(fact: type[Fact], event: str) -> tuple[Coded, ...]:
    """Return the attributes of a fact that its public event carries.

    Raises:
        UnpublishableFactError: If the fact is not of class base, or a field of the schema is no coded
            attribute of it.
    """
    if fact.about.data_class is not DataClass.BASE:
        raise UnpublishableFactError(
            f"{fact.type_name()} is of class {fact.about.data_class} and cannot be published; "
            "give it NotPublished(...)"
        )
    attributes = {one.name: one for one in fact.attributes()}
    names = [one["name"] for one in latest(event).parsed["fields"] if one["name"] not in ENVELOPE]
    return tuple(_coded(fact, event, name, attributes) for name in names)


def _coded(fact: type[Fact], event: str, name: str, attributes: Mapping[str, Attribute]) -> Coded:
    known = attributes.get(name)
    if known is None:
        raise UnpublishableFactError(
            f"schemas/{event}.avsc has a field {name!r}, which {fact.type_name()} does not have"
        )
    form = form_of(known)
    if form is None:
        raise UnpublishableFactError(
            f"{fact.type_name()}.{name} is no code, day, number, flag or key of an organisation "
            f"and must not stand in schemas/{event}.avsc"
        )
    return Coded(name, python_name(name), form)


def form_of(attribute: Attribute) -> Form | None:
    """Return how the values of an attribute are written outside; None if they must not leave."""
    if attribute.is_day:
        return day_text
    kind = _without_none(attribute.info.annotation)
    if kind is str:
        return organisation_key if attribute.name in ORGANISATIONS else None
    return _form(kind)


@cache
def _form(kind: Any) -> Form | None:
    if kind in {bool, int, float}:
        return _as_it_is
    if _is_vocabulary(kind):
        return _code
    arguments = get_args(kind)
    if not arguments or not all(_is_vocabulary(one) or one is ... for one in arguments):
        return None
    return _codes_by_code if get_origin(kind) is dict else _codes


def _without_none(annotation: Any) -> Any:
    """Return what an optional type is when it is known."""
    if get_origin(annotation) not in {Union, UnionType}:
        return annotation
    known = [one for one in get_args(annotation) if one is not NoneType]
    return known[0] if len(known) == 1 else annotation


def _is_vocabulary(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Vocabulary)


def _as_it_is(value: Any) -> Any:
    return value


def _code(value: Vocabulary) -> str:
    return value.value


def _codes(values: tuple[Vocabulary, ...]) -> list[str]:
    return [one.value for one in values]


def _codes_by_code(values: Mapping[Vocabulary, Vocabulary]) -> dict[str, str]:
    return {one.value: other.value for one, other in values.items()}
