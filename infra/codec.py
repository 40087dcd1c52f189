"""Entries to payload bytes and stored rows back to records, by the fact registry alone."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import orjson
from pydantic import ValidationError

from domain.days import PartialDate
from domain.errors import UnreadableRecordError
from domain.events.registry import FACTS
from domain.fields import Confidence, DataClass, LegalBasis, SourceKind
from domain.journal import Actor, Entry, Recorded
from infra.header import Header

_SCHEMA_VERSION = 1
_sources = {one.value: one for one in SourceKind}
_confidences = {one.value: one for one in Confidence}
_legal_bases = {one.value: one for one in LegalBasis}
_classes = {one.value.encode().ljust(32, b"\0"): one for one in DataClass}
_actor = lru_cache(4_096)(Actor)


@cache
def fingerprint() -> bytes:
    """Return the digest of the whole fact registry: its types and their attributes."""
    lines = sorted(
        f"{name}:{','.join(sorted(one.name for one in fact.attributes()))}"
        for name, fact in FACTS.items()
    )
    return hashlib.sha256("\n".join(lines).encode()).digest()[:16]


def encode(entry: Entry) -> bytes:
    """Return the payload of an entry; what is unknown or has its default is left out."""
    actor = entry.recorded_by
    payload: dict[str, Any] = {
        "id": entry.id,
        "type": entry.fact.type_name(),
        "schema_version": _SCHEMA_VERSION,
        "occurred_on": str(entry.occurred_on),
        "recorded_by": [actor.party, actor.role, actor.unit],
        "controller": entry.controller,
        "source": entry.source.value,
        "confidence": entry.confidence.value,
        "legal_basis": entry.legal_basis and entry.legal_basis.value,
        "consent_id": entry.consent_id,
        "household": entry.household,
        "causation_id": entry.causation_id,
        "correlation_id": entry.correlation_id,
    }
    known = {name: value for name, value in payload.items() if value is not None}
    known["attributes"] = entry.fact.known_attributes()
    return orjson.dumps(known)


def decode(payload: bytes) -> Entry:
    """Read a payload.

    Raises:
        UnreadableRecordError: If it does not fit this program's fact registry; values stay unsaid.
    """
    try:
        return _entry(orjson.loads(payload))
    except ValidationError as error:
        raise UnreadableRecordError(f"a stored {error.title} does not fit its class") from None
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableRecordError(
            f"a stored payload cannot be read: {type(error).__name__}"
        ) from None


def _entry(stored: Mapping[str, Any]) -> Entry:
    fact = FACTS.get(stored["type"])
    if fact is None:
        raise UnreadableRecordError(f"this program knows no fact type {stored['type'][:60]!r}")
    basis = stored.get("legal_basis")
    return Entry(
        stored["id"],
        fact.model_validate(stored["attributes"]),
        PartialDate.parse(stored["occurred_on"]),
        _actor(*stored["recorded_by"]),
        stored["controller"],
        _sources[stored["source"]],
        _confidences[stored["confidence"]],
        None if basis is None else _legal_bases[basis],
        stored.get("consent_id"),
        _uuid(stored.get("household")),
        _uuid(stored.get("causation_id")),
        _uuid(stored.get("correlation_id")),
    )


def _uuid(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


def type_of(payload: bytes) -> str:
    """Return the type that a payload names.

    Raises:
        UnreadableRecordError: If it cannot be read.
    """
    try:
        return str(orjson.loads(payload)["type"])
    except (KeyError, TypeError, ValueError):
        raise UnreadableRecordError("a stored payload names no type") from None


def entry(fields: Header, payload: bytes) -> Entry:
    """Read the payload that stands under a header.

    Raises:
        UnreadableRecordError: If it does not fit this program.
    """
    try:
        read = decode(payload)
    except UnreadableRecordError as error:
        place = f"position {fields.position}, journey {fields.journey_id}"
        raise UnreadableRecordError(f"{error} ({place})") from None
    data_class = _classes[fields.data_class]
    if data_class is not read.fact.about.data_class:
        return replace(read, corrected_class=data_class)
    return read


def recorded(fields: Header, read: Entry) -> Recorded:
    """Return an entry in its place in the journal."""
    return Recorded(
        fields.position,
        fields.journey_id,
        fields.version,
        fields.recorded_at,
        UUID(bytes=fields.command_id),
        read,
    )
