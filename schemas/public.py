"""What subscribers are told of a record: its public event, or only that the journey advanced.

The mapping is total. The fact class names its event, the schema names the fields, and each field is
filled from the record's envelope or from the attribute of the same name; nothing else leaves.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from domain.days import UNKNOWN_DAY
from domain.events.record import EventCorrected, EventRetracted
from domain.events.registry import FACTS, read_fact_leniently
from domain.fact import Fact, Published
from domain.fields import DataClass
from domain.journal import Entry
from domain.outgoing import Outgoing, Target, Withheld
from schemas.coded import (
    Coded,
    coded_attributes,
    day_text,
    field_symbol,
    organisation_key,
)
from schemas.topics import JOURNEY, SUBJECTS, Topic

ADVANCED = "JourneyAdvanced"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_RECORD_FACTS = (EventCorrected, EventRetracted)


class Subject(StrEnum):
    """Whether a journey is led or was erased."""

    ACTIVE = "ACTIVE"
    ERASED = "ERASED"


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """A public event: its name and its value as the schema has it; why it says no more, if so."""

    name: str
    value: Mapping[str, Any]
    withheld: Withheld | None = None


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the facts of one class go out."""

    event: str
    field: str
    attributes: tuple[Coded, ...]


def public_event(outgoing: Outgoing, topic: Topic = JOURNEY) -> PublicEvent:
    """Return what the subscribers of a topic are told of a record."""
    entry = outgoing.entry
    if entry is None or outgoing.withheld is not None:
        return _advanced(outgoing, topic, outgoing.withheld)
    if entry.data_class is not DataClass.BASE:
        return _advanced(outgoing, topic, Withheld.CLASS)
    plan = plan_of(type(entry.fact))
    told = None if plan is None else _told(entry.fact, plan, outgoing.target)
    if plan is None or told is None:
        return _advanced(outgoing, topic, Withheld.NOT_PUBLISHED)
    return PublicEvent(plan.event, _envelope(outgoing, entry, plan, topic) | told)


def subject_event(
    journey: UUID, state: Subject, position: int, topic: Topic = SUBJECTS
) -> PublicEvent:
    """Return the state of a journey's keys since a position."""
    value = {"journey": topic.name_of(journey), "state": state.value, "position": position}
    return PublicEvent("SubjectState", value)


@cache
def plan_of(fact: type[Fact]) -> _Plan | None:
    """Return how facts of a class go out; None if they are not published.

    Raises:
        UnpublishableFactError: If the class is to be published and its schema asks for what it must not.
    """
    decision = fact.about.publish
    if not isinstance(decision, Published):
        return None
    if issubclass(fact, _RECORD_FACTS):
        attributes: tuple[Coded, ...] = ()
    else:
        attributes = coded_attributes(fact, decision.event)
    return _Plan(decision.event, field_symbol(decision.event, fact.about.field), attributes)


def microseconds(moment: datetime) -> int:
    """Return a moment as microseconds since 1970 in UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def _advanced(outgoing: Outgoing, topic: Topic, why: Withheld | None) -> PublicEvent:
    value = {
        "journey": topic.name_of(outgoing.journey),
        "version": outgoing.version,
        "position": outgoing.position,
    }
    return PublicEvent(ADVANCED, value, why)


def _envelope(outgoing: Outgoing, entry: Entry, plan: _Plan, topic: Topic) -> dict[str, Any]:
    return {
        "journey": topic.name_of(outgoing.journey),
        "version": outgoing.version,
        "position": outgoing.position,
        "occurred_on": day_text(entry.occurred_on),
        "precision": entry.occurred_on.precision.name,
        "recorded_at": microseconds(outgoing.recorded_at),
        "unit": organisation_key(entry.recorded_by.unit),
        "field": plan.field,
    }


def _told(fact: Fact, plan: _Plan, target: Target | None) -> dict[str, Any] | None:
    """Return the fields beyond the envelope; None if the fact is about one that is not published."""
    if isinstance(fact, _RECORD_FACTS):
        return None if target is None else _told_of(fact, target)
    told = {}
    for one in plan.attributes:
        value = getattr(fact, one.python_name)
        told[one.name] = None if value is None else one.form(value)
    return told


def _told_of(fact: EventCorrected | EventRetracted, target: Target) -> dict[str, Any] | None:
    """Return what a correction or retraction tells of its target; None if that was not told itself."""
    root = FACTS.get(target.root or target.type_name)
    if root is None or issubclass(root, _RECORD_FACTS):
        return None
    plan = plan_of(root)
    if plan is None:
        return None
    itself = plan_of(FACTS[target.type_name]) or plan
    told: dict[str, Any] = {"target_version": target.version, "target_event": itself.event}
    if isinstance(fact, EventCorrected):
        told |= _corrected_day(fact)
        told["corrected"] = _corrected(fact, root, plan)
    return told


def _corrected_day(fact: EventCorrected) -> dict[str, str | None]:
    if "occurred_on" not in fact.model_fields_set:
        return {"corrected_occurred_on": None, "corrected_precision": None}
    day = fact.occurred_on or UNKNOWN_DAY
    return {"corrected_occurred_on": day_text(day), "corrected_precision": day.precision.name}


def _corrected(fact: EventCorrected, root: type[Fact], plan: _Plan) -> dict[str, str | None]:
    """Return the corrected values that were published, as text."""
    corrected, _ = read_fact_leniently(root.type_name(), fact.attributes_ or {})
    return {
        one.name: _text(one, getattr(corrected, one.python_name))
        for one in plan.attributes
        if one.python_name in corrected.model_fields_set
    }


def _text(attribute: Coded, value: Any) -> str | None:
    written = None if value is None else attribute.form(value)
    if written is None or isinstance(written, str):
        return written
    return json.dumps(written, sort_keys=True, separators=(",", ":"))
