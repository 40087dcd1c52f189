"""What subscribers are told of a crossing: a gap opened, escalated, closed or revoked, a status changed.

The schema names the fields. ``journey``, ``seq``, ``basis_position``, ``day`` and ``noticed_at`` come from
the crossing, ``rule`` (for a status ``field``) is its name, and ``instance`` is computed from its key,
which never leaves. All others stand in ``told`` under the schema's names, as JSON values:

``GapOpened``       kind, field, severity, certainty, due_on, responsible, evidence, missing
``GapEscalated``    kind, severity, step
``GapClosed``       kind, closed_by, by_version
``GapRevoked``      kind, undoes, undone, by_version
``StatusChanged``   state, since, versions

``kind``, ``field`` and ``undone`` are told as their codes (``gap``, ``sprache``, ``opened``), days as
``YYYY-MM-DD``, facts by their version in the journey.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid5

from domain.crossings import Crossing, CrossingKind
from schemas.catalogue import latest
from schemas.public import PublicEvent, microseconds
from schemas.topics import JOURNEY, Topic

EVENTS: Mapping[CrossingKind, str] = MappingProxyType(
    {
        CrossingKind.OPENED: "GapOpened",
        CrossingKind.ESCALATED: "GapEscalated",
        CrossingKind.CLOSED: "GapClosed",
        CrossingKind.REVOKED: "GapRevoked",
        CrossingKind.STATUS: "StatusChanged",
    }
)
_INSTANCES = UUID("6f1f0a7e-2f5e-5c0e-9d0b-3a1c5f4e8b21")
_ENVELOPE = frozenset({"journey", "seq", "basis_position", "day", "noticed_at", "rule", "instance"})


def crossing_event(crossing: Crossing, topic: Topic = JOURNEY) -> PublicEvent:
    """Return what the subscribers of a topic are told of a crossing."""
    journey = topic.name_of(crossing.journey)
    event = EVENTS[crossing.kind]
    value: dict[str, Any] = {
        "journey": journey,
        "seq": crossing.seq,
        "basis_position": crossing.basis_position,
        "day": _iso(crossing.day),
        "noticed_at": microseconds(crossing.noticed_at),
    }
    told: Mapping[str, Any] = crossing.told
    if crossing.kind is CrossingKind.STATUS:
        told = {**told, "field": crossing.name}
    else:
        value["rule"] = crossing.name
        value["instance"] = instance(journey, crossing.name, crossing.key)
    for name, form in _fields(event):
        value[name] = form(told.get(name))
    return PublicEvent(event, value)


@lru_cache(65_536)
def instance(journey: str, rule: str, key: str) -> str:
    """Return the public id of an instance of a rule on a journey; its key cannot be read from it."""
    return str(uuid5(_INSTANCES, f"{journey}/{rule}/{key}"))


@lru_cache(4_096)
def _iso(day: date) -> str:
    return day.isoformat()


@cache
def _fields(event: str) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """Return the fields that ``told`` fills, and how its values are written."""
    return tuple(
        (one["name"], _form(one["type"]))
        for one in latest(event).parsed["fields"]
        if one["name"] not in _ENVELOPE
    )


def _form(kind: Any) -> Callable[[Any], Any]:
    if isinstance(kind, dict) and kind["type"] == "enum":
        return _symbols(frozenset(kind["symbols"]), kind["default"])
    if isinstance(kind, dict) and kind["type"] == "array":
        return _items
    return _as_it_is


def _symbols(known: frozenset[str], default: str) -> Callable[[Any], str]:
    """Return how a code becomes a symbol; the default where the schema does not know it."""

    def symbol(code: Any) -> str:
        written = str(code).upper()
        return written if written in known else default

    return symbol


def _items(value: Any) -> list[Any]:
    return list(value or ())


def _as_it_is(value: Any) -> Any:
    return value
