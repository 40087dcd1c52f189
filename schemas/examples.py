"""An example of every public event, for readers of the documentation; invented, and valid in every field."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from domain.crossings import Crossing, CrossingKind
from domain.events.registry import FACTS
from domain.outgoing import Outgoing
from schemas.catalogue import Schema
from schemas.public import PublicEvent
from schemas.topics import JOURNEY, SUBJECTS
from schemas.wire import Message, Origin, crossing_message, fact_message, subject_message

_JOURNEY = UUID("0b8f3c1e-5a57-4f0e-9c39-6a7d6b1f2a10")
JOURNEY_NAME = str(_JOURNEY)
_EPOCH = UUID("6a1c1f0e-7d0b-4b7e-8f0a-2b8f5f0d9c11")
_COMMAND = UUID("4bf92f35-77b3-4da6-a3ce-929d0e0e4736")
_AT = datetime(2026, 3, 9, 11, 30, 0, 123456, tzinfo=UTC)
_INSTANCE = "8f0b7a52-3f5e-5d6c-9b0a-5a6f1d2c3e4f"
_MOMENT = 1_773_055_800_123_456
_DAY = "2026-03-09"

_VALUES: Mapping[str, Any] = MappingProxyType(
    {
        "journey": JOURNEY_NAME,
        "version": 7,
        "position": 48_210,
        "occurred_on": _DAY,
        "precision": "DAY",
        "recorded_at": _MOMENT,
        "unit": "ki-mitte",
        "seq": 311,
        "basis_position": 48_210,
        "day": _DAY,
        "noticed_at": _MOMENT,
        "rule": "F11",
        "instance": _INSTANCE,
        "kind": "GAP",
        "severity": "high",
        "certainty": "certainly",
        "due_on": "2026-03-08",
        "responsible": ["receiving_unit", "case_manager"],
        "evidence": [6],
        "missing": ["HandoverAccepted", "HandoverRejected"],
        "step": "worse",
        "closed_by": "late",
        "by_version": 7,
        "undoes": 298,
        "undone": "OPENED",
        "state": "ACTIVE",
        "since": _DAY,
        "versions": [5, 7],
        "target_version": 5,
        "target_event": "CourseStarted",
        "corrected_occurred_on": "2026-03-02",
        "corrected_precision": "DAY",
        "corrected": {"mode": "part"},
        "org_unit": "ki-mitte",
        "carrier": "awo",
        "intensity": "begleitung",
        "provider": "vhs",
        "mode": "full",
        "module_no": 3,
        "ue_attended": 200,
        "ue_total": 600,
        "level_reached": "A2",
        "expected_start": "2026-04",
        "employment_kind": "SV_TEILZEIT",
        "hours_per_week": 30.0,
        "qualification_level": "FACHKRAFT",
        "known_since": _DAY,
        "from": "ki-mitte",
        "to": "jobcenter",
        "test_kind": "DTZ",
        "result": "B1",
        "per_skill": {"speaking": "B1"},
        "certificate_date": "2026-03-20",
        "accredited": True,
        "taken_abroad": False,
        "complete": True,
        "channel": "online",
        "date": _DAY,
        "valid_from": _DAY,
        "valid_until": "2029-03-08",
        "work": "unbeschränkt",
        "course_claim": True,
    }
)
_OF_ONE: Mapping[tuple[str, str], Any] = MappingProxyType(
    {
        ("CaseClosed", "reason"): "goals_reached",
        ("CourseRegistered", "kind"): "IK_ALLGEMEIN",
        ("CourseStarted", "kind"): "IK_ALLGEMEIN",
        ("HandoverAccepted", "reason"): "rechtskreis",
        ("HandoverOffered", "reason"): "rechtskreis",
        ("NaturalisationApplied", "basis"): "STAG_10_1",
        ("TitleGranted", "basis"): "AUFENTHG_25_2_FL",
        ("StatusChanged", "field"): "SPRACHE",
        ("StatusChanged", "state"): "course_running",
        ("GapOpened", "field"): "FALLSTEUERUNG",
    }
)


def example(schema: Schema) -> dict[str, Any]:
    """Return an example of an event; what may be null and has no example is null.

    Raises:
        KeyError: If a field that is never null has no example yet: give it one here.
    """
    return {one["name"]: _value(schema.name, one) for one in schema.parsed["fields"]}


def example_headers(schema: Schema) -> dict[str, str]:
    """Return the headers of the same example, as text."""
    value = example(schema)
    origin = Origin("/kette/05916000", _EPOCH)
    event = PublicEvent(schema.name, value)
    told = _message(origin, event, value).headers
    return {name: text.decode() for name, text in told}


def _message(origin: Origin, event: PublicEvent, value: Mapping[str, Any]) -> Message:
    position = value.get("position", value.get("basis_position", 0))
    if "version" in value:
        outgoing = Outgoing(
            position, _JOURNEY, value["version"], _AT, _COMMAND, _COMMAND.bytes * 2, None
        )
        return fact_message(JOURNEY, origin, outgoing, event)
    if "seq" in value:
        kind = CrossingKind.STATUS if event.name == "StatusChanged" else CrossingKind.OPENED
        crossing = Crossing(value["seq"], position, _JOURNEY, kind, "", "", _AT.date(), _AT, {})
        return crossing_message(JOURNEY, origin, crossing, event)
    return subject_message(SUBJECTS, origin, _JOURNEY, _AT, event)


def _value(event: str, field: Mapping[str, Any]) -> Any:
    name = field["name"]
    if (event, name) in _OF_ONE:
        return _OF_ONE[event, name]
    if name == "field":
        return FACTS[event].about.field.name
    return _VALUES.get(name) if "default" in field else _VALUES[name]
