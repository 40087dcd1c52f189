"""The fields of a fact's form, read off the types of its attributes."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from domain.days import PartialDate
from domain.fact import Fact
from domain.labels import Label, Vocabulary

_LONG_TEXT = 1000
_ROWS = 3


class FieldKind(Enum):
    """How a value is typed in."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DAY = "day"
    WHOLE = "whole"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXTS = "texts"
    PAIRS = "pairs"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Field:
    """One field; a group holds others, under dotted names.

    Attributes:
        name: The attribute's public name, with the names of the groups before it.
        key: Under which name the value stands in its group.
        options: The words to choose from.
        many: A group whose filled members make a list.
    """

    name: str
    key: str
    label: Label
    kind: FieldKind
    meaning: str = ""
    options: tuple[Vocabulary, ...] = ()
    members: tuple["Field", ...] = ()
    least: float | None = None
    most: float | None = None
    many: bool = False


@cache
def fields_of(fact: type[Fact]) -> tuple[Field, ...]:
    """Return the fields of a fact's form: its own attributes first, those that all facts share last."""
    own = [
        _field(one.name, one.name, one.label, one.meaning, one.info) for one in fact.attributes()
    ]
    return tuple(sorted(own, key=lambda field: field.key in SHARED))


SHARED = ("case_id", "person", "conflict", "confidence")
"""Attributes that many facts carry and few people fill in: the form folds them."""


def _field(name: str, key: str, label: Label, meaning: str, info: FieldInfo) -> Field:
    inner = _without_none(info.annotation)
    marks = (*info.metadata, *_marks(inner))
    plain = _plain(inner)
    if plain is str and (_limit(marks, "max_length") or 0) > _LONG_TEXT:
        return Field(name, key, label, FieldKind.LONG_TEXT, meaning)
    field = _field_of(name, key, label, meaning, plain)
    return replace(field, least=_limit(marks, "ge"), most=_limit(marks, "le"))


def _field_of(name: str, key: str, label: Label, meaning: str, kind: Any) -> Field:
    origin = get_origin(kind)
    if origin is tuple:
        return _list_field(name, key, label, meaning, _plain(get_args(kind)[0]))
    if origin is dict:
        return _table_field(name, key, label, meaning, *map(_plain, get_args(kind)))
    if isinstance(kind, type) and issubclass(kind, Vocabulary):
        return Field(name, key, label, FieldKind.CHOICE, meaning, tuple(kind))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return Field(name, key, label, FieldKind.GROUP, meaning, members=_members(name, kind))
    return Field(name, key, label, _KINDS.get(kind, FieldKind.TEXT), meaning)


_KINDS: dict[Any, FieldKind] = {
    PartialDate: FieldKind.DAY,
    bool: FieldKind.YES_NO,
    int: FieldKind.WHOLE,
    float: FieldKind.NUMBER,
    Decimal: FieldKind.NUMBER,
}


def _list_field(name: str, key: str, label: Label, meaning: str, item: Any) -> Field:
    if isinstance(item, type) and issubclass(item, Vocabulary):
        return Field(name, key, label, FieldKind.CHOICES, meaning, tuple(item))
    if isinstance(item, type) and issubclass(item, BaseModel):
        rows = tuple(
            Field(
                f"{name}.{index}",
                str(index),
                Label(f"{label.de} {index}", f"{label.en} {index}"),
                FieldKind.GROUP,
                members=_members(f"{name}.{index}", item),
            )
            for index in range(1, _ROWS + 1)
        )
        return Field(name, key, label, FieldKind.GROUP, meaning, members=rows, many=True)
    return Field(name, key, label, FieldKind.TEXTS, meaning)


def _table_field(name: str, key: str, label: Label, meaning: str, over: Any, value: Any) -> Field:
    if not (isinstance(over, type) and issubclass(over, Vocabulary)):
        return Field(name, key, label, FieldKind.PAIRS, meaning)
    members = tuple(
        _field_of(f"{name}.{one}", str(one), one.label, "", value) for one in tuple(over)
    )
    return Field(name, key, label, FieldKind.GROUP, meaning, members=members)


def _members(name: str, model: type[BaseModel]) -> tuple[Field, ...]:
    return tuple(_member(name, key, info) for key, info in model.model_fields.items())


def _member(name: str, key: str, info: FieldInfo) -> Field:
    public = info.alias or key
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    label = Label(info.title or public, str(extra.get("en", public)))
    return _field(f"{name}.{public}", public, label, info.description or "", info)


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in {Union, UnionType}:
        kept = [one for one in get_args(annotation) if one is not NoneType]
        return kept[0] if len(kept) == 1 else annotation
    return annotation


def _limit(marks: tuple[Any, ...], name: str) -> float | None:
    return next((float(getattr(mark, name)) for mark in marks if hasattr(mark, name)), None)


def _marks(annotation: Any) -> tuple[Any, ...]:
    return tuple(getattr(annotation, "__metadata__", ()))


def _plain(annotation: Any) -> Any:
    """Return a type without the marks and the ``None`` around it."""
    inner = _without_none(
        getattr(annotation, "__origin__", annotation) if _marks(annotation) else annotation
    )
    return _plain(inner) if _marks(inner) else inner
