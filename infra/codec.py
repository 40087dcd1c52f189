"""Entries to payload bytes and stored rows back to records, by the fact registry alone."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import orjson
from pydantic import ValidationError

from domain.days import PartialDate
from domain.errors import UnfitRecordError, UnknownFactTypeError, UnreadableRecordError
from domain.events.registry import FACTS, brought_up
from domain.fields import Confidence, DataClass, LegalBasis, SourceKind
from domain.form import form, form_line
from domain.journal import Actor, Entry, Recorded
from infra import corpus
from infra.header import Header

_Read = Callable[[Any], Any]

_TEXT = {"text": [None]}
_ENVELOPE: Mapping[str, Any] = {
    "id": _TEXT,
    "occurred_on": {"day": []},
    "recorded_by": {"list": _TEXT},
    "controller": _TEXT,
    "source": {"words": sorted(SourceKind)},
    "confidence": {"words": sorted(Confidence)},
    "legal_basis": {"words": sorted(LegalBasis)},
    "consent_id": _TEXT,
    "household": _TEXT,
    "causation_id": _TEXT,
    "correlation_id": _TEXT,
}
_current = {name: (fact, fact.schema_version()) for name, fact in FACTS.items()}
_sources = {one.value: one for one in SourceKind}
_confidences = {one.value: one for one in Confidence}
_legal_bases = {one.value: one for one in LegalBasis}
_classes = {one.value.encode().ljust(32, b"\0"): one for one in DataClass}
_actor = lru_cache(4_096)(Actor)
# what model_validate of each class comes to, without the way through it
_readers: Mapping[str, tuple[_Read, int]] = {
    name: (fact.__pydantic_validator__.validate_python, version)
    for name, (fact, version) in _current.items()
}


@cache
def forms() -> Mapping[str, str]:
    """Return what this program stores: the form of each fact type and, as ``entry``, of the envelope."""
    told = {
        name: form_line(name, version, form(fact)) for name, (fact, version) in _current.items()
    }
    return told | {"entry": form_line("entry", 1, _ENVELOPE)}


@cache
def fingerprint() -> bytes:
    """Return the digest of the whole fact registry: its types with their versions and forms."""
    return hashlib.sha256("\n".join(sorted(forms().values())).encode()).digest()[:16]


def encode(entry: Entry) -> bytes:
    """Return the payload of an entry; what is unknown or has its default is left out."""
    actor, name = entry.recorded_by, entry.fact.type_name()
    payload: dict[str, Any] = {
        "id": entry.id,
        "type": name,
        "schema_version": _current[name][1],
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
        UnfitRecordError: If it does not fit this program's fact registry; values stay unsaid.
    """
    try:
        return _entry(orjson.loads(payload))
    except ValidationError:
        raise UnfitRecordError("a stored fact does not fit its class") from None
    except UnknownFactTypeError:
        raise UnfitRecordError("this program does not know the type of a stored fact") from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnfitRecordError(f"a stored payload cannot be read: {type(error).__name__}") from None


def _entry(stored: Mapping[str, Any]) -> Entry:
    known = _readers.get(stored["type"])
    attributes = stored["attributes"]
    if known is None or stored["schema_version"] < known[1]:
        fact, attributes = brought_up(stored["type"], attributes, stored["schema_version"])
        read: _Read = fact.__pydantic_validator__.validate_python
    else:
        read = known[0]
    basis = stored.get("legal_basis")
    return Entry(
        stored["id"],
        read(attributes),
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
    except UnfitRecordError as error:
        place = f"position {fields.position}, journey {fields.journey_id}"
        place += foreign(fields.fingerprint)
        raise UnfitRecordError(f"{error} ({place})") from None
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
        fields.command,
        read,
    )


def foreign(written_by: bytes) -> str:
    """Return what an error says of a record that this program and its forerunners did not write."""
    known = {fingerprint(), *(bytes.fromhex(one.fingerprint) for one in corpus.releases())}
    return "" if written_by in known else "; written by another version of the program"
