"""The form of a fact class: what its attributes may hold, as plain data that can be stored and compared.

Forms are stored (`infra/released/`) and part of the fingerprint that stands in every header.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import NoneType
from typing import Any, get_args, get_origin

from pydantic import BaseModel, JsonValue
from pydantic.fields import FieldInfo

from domain.days import PartialDate

Kind = dict[str, Any]
"""One word that names the kind, with its limits or parts; every value may be unknown beside it."""


def form(model: type[BaseModel]) -> dict[str, Kind]:
    """Return what each attribute may hold, by public name."""
    return {
        info.alias or name: _kind(info.annotation, _limits(info))
        for name, info in model.model_fields.items()
    }


def form_line(type_name: str, version: int, attributes: Mapping[str, Kind]) -> str:
    """Return the one way to write the form of a version of a type."""
    told = {"type": type_name, "schema_version": version, "attributes": attributes}
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def accepts(now: Kind, before: Kind) -> bool:
    """Say whether everything that fitted one kind fits the other as well."""
    ((name, limit),), ((name_before, limit_before),) = now.items(), before.items()
    if name != name_before:
        return False
    match name:
        case "words":
            return set(limit) >= set(limit_before)
        case "list":
            return accepts(limit, limit_before)
        case "map":
            return all(accepts(*pair) for pair in zip(limit, limit_before, strict=True))
        case "parts":
            return form_accepts(limit, limit_before)
        case _:
            return all(_as_wide(*pair) for pair in zip(limit, limit_before, strict=True))


def form_accepts(now: Mapping[str, Kind], before: Mapping[str, Kind]) -> bool:
    """Say whether every set of attributes that fitted one form fits the other as well."""
    return before.keys() <= now.keys() and all(
        accepts(now[name], kind) for name, kind in before.items()
    )


def _as_wide(now: float | None, before: float | None) -> bool:
    """Compare two limits: lower ones are written as negative numbers, None is no limit."""
    return now is None or (before is not None and now >= before)


def _limits(info: FieldInfo) -> dict[str, Any]:
    """Return what narrows the values of an attribute, by pydantic's names."""
    found = {}
    for name in ("max_length", "ge", "le", "max_digits", "decimal_places"):
        values = [getattr(mark, name) for mark in info.metadata if hasattr(mark, name)]
        found[name] = values[0] if values else None
    return found


def _kind(annotation: Any, limits: Mapping[str, Any]) -> Kind:
    """Return the kind of a type, which may be unknown (``| None``)."""
    match get_origin(annotation), get_args(annotation):
        case (None, ()):
            return _plain(annotation, limits)
        case (origin, (item, _)) if origin is tuple:
            return {"list": _kind(item, {})}
        case (origin, (key, value)) if origin is dict:
            return {"map": [_kind(key, {}), _kind(value, {})]}
        case (_, alternatives) if NoneType in alternatives and len(alternatives) == 2:
            (told,) = (one for one in alternatives if one is not NoneType)
            return _kind(told, limits)
        case _:
            raise TypeError(f"a fact cannot hold {annotation}: teach it to domain/form.py")


def _plain(kind: Any, limits: Mapping[str, Any]) -> Kind:
    if kind is JsonValue:
        return {"json": []}
    if issubclass(kind, StrEnum):
        return {"words": sorted(one.value for one in kind)}
    if issubclass(kind, BaseModel):
        return {"parts": form(kind)}
    low, high = limits.get("ge"), limits.get("le")
    span = [None if low is None else -low, high]
    known: dict[Any, Kind] = {
        str: {"text": [limits.get("max_length")]},
        bool: {"flag": []},
        int: {"whole": span},
        float: {"number": span},
        Decimal: {"decimal": [*span, limits.get("max_digits"), limits.get("decimal_places")]},
        PartialDate: {"day": []},
    }
    return known[kind]
