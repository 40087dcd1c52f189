"""The registry: every fact class by its name, and reading a fact from plain values of any version."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from textwrap import shorten
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

import domain.events
from domain.errors import InvalidFactError, UnknownFactTypeError
from domain.fact import Fact, Upcast


def _facts() -> dict[str, type[Fact]]:
    """Collect the fact classes in the order of their modules and of their lines."""
    found: dict[str, type[Fact]] = {}
    for module_info in sorted(iter_modules(domain.events.__path__), key=lambda one: one.name):
        name = f"{domain.events.__name__}.{module_info.name}"
        if name == __name__:
            continue
        found |= {
            value.type_name(): value
            for value in vars(import_module(name)).values()
            if isinstance(value, type)
            and issubclass(value, Fact)
            and value.__module__ == name
            and "about" in vars(value)
        }
    return found


FACTS: Mapping[str, type[Fact]] = MappingProxyType(_facts())

_UPCASTS: Mapping[str, tuple[type[Fact], tuple[Upcast, ...]]] = MappingProxyType(
    {
        former.name: (fact, former.upcasts + fact.about.upcasts)
        for fact in FACTS.values()
        for former in fact.about.formerly
    }
    | {name: (fact, fact.about.upcasts) for name, fact in FACTS.items()}
)

_FOREIGN = "…"
_ATTRIBUTES = frozenset(one.name for fact in FACTS.values() for one in fact.attributes()) | {
    "attributes"
}
NAMES_JOURNEY = frozenset(
    one.name for fact in FACTS.values() for one in fact.attributes() if one.names_journey
)
"""The attributes that name somebody else's journey."""


def fact_class(type_name: str) -> type[Fact]:
    """Return the class of a fact type.

    Raises:
        UnknownFactTypeError: If there is none of this name.
    """
    return read_as(type_name)[0]


def brought_up(
    type_name: str, attributes: Mapping[str, Any], version: int = 1
) -> tuple[type[Fact], Mapping[str, Any]]:
    """Return the class of a type and attributes of a version of it in the form of today.

    Where the version is not known, as in a correction or a list, the first one will do: an upcast leaves
    later forms as they are.

    Raises:
        UnknownFactTypeError: If there is no such type.
    """
    cls, upcasts = read_as(type_name)
    for upcast in upcasts[version - 1 :]:
        attributes = upcast(attributes)
    return cls, attributes


def read_as(type_name: str) -> tuple[type[Fact], tuple[Upcast, ...]]:
    """Return the class that a type is read as, with the upcasts from the type's version 1 on.

    Raises:
        UnknownFactTypeError: If there is no such type.
    """
    try:
        return _UPCASTS[type_name]
    except KeyError:
        raise UnknownFactTypeError(
            f"unknown fact type {type_name[:60]!r}; `kette template` lists every type"
        ) from None


def read_fact(type_name: str, attributes: Mapping[str, Any]) -> Fact:
    """Read a fact from plain values.

    Raises:
        UnknownFactTypeError: If there is no such type.
        InvalidFactError: If an attribute or a value does not fit; the message names each, never its value.
    """
    cls, told = brought_up(type_name, attributes)
    try:
        return cls.model_validate(told)
    except ValidationError as error:
        raise InvalidFactError(_complaint(type_name, error)) from None


def read_fact_leniently(
    type_name: str, attributes: Mapping[str, Any]
) -> tuple[Fact, tuple[str, ...]]:
    """Read a fact and drop just the attributes that do not fit; return it with the dropped names."""
    cls, attributes = brought_up(type_name, attributes)
    try:
        return cls.model_validate(attributes), ()
    except ValidationError as error:
        bad = {str(one["loc"][0]) for one in error.errors() if one["loc"]}
        kept = {name: value for name, value in attributes.items() if name not in bad}
        return cls.model_validate(kept), tuple(sorted(bad))


def _complaint(type_name: str, error: ValidationError) -> str:
    """Say which attributes do not fit and why, without their values."""
    parts = []
    for one in error.errors(include_input=False, include_url=False):
        place = _place(one["loc"])
        if one["type"] != "extra_forbidden":
            parts.append(f"{type_name}.{place}: {_reason(one['msg'])}")
        elif _FOREIGN in place:
            parts.append(
                f"{type_name} has no attribute of the name that was given; `kette template` lists its own"
            )
        else:
            parts.append(f"{type_name} has no attribute {place!r}")
    return "; ".join(parts)


def _place(steps: Iterable[str | int]) -> str:
    """Return where a value stands, by the names of attributes alone: another key was told by somebody."""
    named = [str(one) if isinstance(one, int) or one in _ATTRIBUTES else _FOREIGN for one in steps]
    return ".".join(named) or "attributes"


def _reason(message: str) -> str:
    """Cut long lists of codes; the reference names them all."""
    return shorten(message.removeprefix("Value error, "), width=200, placeholder=" …")
