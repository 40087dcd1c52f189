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
from domain.errors import JournalCorruptError, UnreadableRecordError
from domain.events.registry import FACTS
from domain.fields import Confidence, DataClass, LegalBasis, SourceKind
from domain.journal import Actor, Entry, Recorded
from infra import header

_SCHEMA_VERSION = 1
_sources = {one.value: one for one in SourceKind}
_confidences = {one.value: one for one in Confidence}
_legal_bases = {one.value: one for one in LegalBasis}
_actor = lru_cache(4_096)(Actor)
# what model_validate of each class comes to, without the way through it
_read = {name: fact.__pydantic_validator__.validate_python for name, fact in FACTS.items()}


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
    read = _read.get(stored["type"])
    if read is None:
        raise UnreadableRecordError(f"this program knows no fact type {stored['type'][:60]!r}")
    basis = stored.get("legal_basis")
    return Entry(
        stored["id"],
        read(stored["attributes"]),
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


def recorded(stored_header: bytes, payload: bytes | None) -> Recorded:
    """Read a stored row and check the payload against its digest.

    Raises:
        JournalCorruptError: If header or payload are not as they were written.
        UnreadableRecordError: If the payload is gone or does not fit this program.
    """
    try:
        fields = header.unpack(stored_header)
    except ValueError as error:
        raise JournalCorruptError("a stored header has not the layout of this format") from error
    if payload is None:
        raise UnreadableRecordError(f"the payload at position {fields.position} was erased")
    if hashlib.sha256(payload).digest() != fields.payload_digest:
        raise JournalCorruptError(f"the payload at position {fields.position} was altered")
    try:
        entry = decode(payload)
    except UnreadableRecordError as error:
        place = f"position {fields.position}, journey {UUID(bytes=fields.journey)}"
        raise UnreadableRecordError(f"{error} ({place})") from None
    data_class = DataClass(fields.class_name)
    if data_class is not entry.fact.about.data_class:
        entry = replace(entry, corrected_class=data_class)
    return Recorded(
        fields.position,
        UUID(bytes=fields.journey),
        fields.version,
        fields.recorded_at,
        UUID(bytes=fields.command_id),
        entry,
    )
