"""What a record of a topic says: read from its headers and, with the writer's schema, from its value."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from domain.arrived import Arrived, told_id
from domain.days import PartialDate
from domain.errors import KetteError
from domain.events.record import JourneyErased
from domain.events.registry import read_fact_leniently
from domain.fact import Fact
from domain.journal import Entry, Recorded
from schemas.codec import UndecodableError, decode
from schemas.wire import read_headers

ADVANCED = "JourneyAdvanced"
_TYPE = "de.kette.journey."
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOBODY = UUID(int=0)
_journey = lru_cache(16_384)(UUID)
_day = lru_cache(4_096)(PartialDate.parse)


class ForeignTopicError(KetteError):
    """The topic tells of another journal than the one that the tables are built from."""

    code = "foreign-topic"


class Arrival(NamedTuple):
    """A fact that arrived: which journey and version, what stood before it here, and what it tells."""

    raw: Arrived
    journey: UUID
    version: int
    previous: int
    name: str
    value: Mapping[str, Any]


def arrival(raw: Arrived, epoch: bytes) -> Arrival | None:
    """Read a record; None if it tells of something derived, which is no fact of a journey.

    Args:
        raw: The record.
        epoch: The log epoch of the journal, as the headers write it.

    Raises:
        UndecodableError: If key, headers or value are not what the contract says; the text has no value.
        ForeignTopicError: If it comes from another journal.
    """
    if raw.key is None or raw.value is None:
        raise UndecodableError("empty", "the record has no key or no value")
    told = dict(raw.headers)
    name = _name(told)
    if told.get("ce_logepoch", epoch) != epoch:
        raise ForeignTopicError(
            f"{raw.topic} tells of another journal than this one; name the right brokers or database, "
            "or republish a new generation and rebuild"
        )
    value = decode(raw.value, name).value
    if "ce_journeyversion" not in told:
        return None
    journey, version, previous = _coordinates(told)
    if value.get("journey", "").encode() != raw.key or value.get("version") != version:
        raise UndecodableError("contradiction", "key, headers and value do not tell the same")
    return Arrival(raw, journey, version, previous, name, value)


def _name(told: Mapping[str, bytes | None]) -> str:
    try:
        return _text(told["ce_type"]).removeprefix(_TYPE)
    except (KeyError, ValueError):
        raise UndecodableError("headers", "the headers name no type") from None


@lru_cache(1_024)
def _text(value: bytes | None) -> str:
    if value is None:
        raise ValueError
    return value.decode()


def _coordinates(told: Mapping[str, bytes | None]) -> tuple[UUID, int, int]:
    try:
        journey = _journey((told["ce_subject"] or b"").decode())
        return journey, int(told["ce_journeyversion"] or ""), int(told["ce_prevversion"] or "")
    except (KeyError, ValueError):
        raise UndecodableError(
            "headers", "the headers name no journey, version or previous version"
        ) from None


_SAID = frozenset({"journey", "version", "position", "recorded_at", "noticed_at"})


def event_of(raw: Arrived) -> dict[str, Any]:
    """Return a record as a subscriber is shown it: time, type, journey, id, and the coded fields.

    Raises:
        UndecodableError: If it cannot be read.
    """
    if raw.value is None:
        raise UndecodableError("empty", "the record has no value")
    told = read_headers((name, value or b"") for name, value in raw.headers)
    value = decode(raw.value, told.name).value
    return {
        "time": told.time.isoformat(timespec="seconds"),
        "type": told.name,
        "journey": told.journey,
        "id": told.id,
        "version": told.version,
        "position": told.position,
        "data": {name: said for name, said in value.items() if name not in _SAID},
    }


def recorded(one: Arrival) -> Recorded:
    """Return a published fact as a record: of the attributes only those that were published.

    Raises:
        KetteError: If this program knows no such fact.
    """
    value = one.value
    fact = _fact_of(one)
    entry = Entry(told_id(one.journey, one.version), fact, _day(value["occurred_on"] or ""))
    at = _EPOCH + timedelta(microseconds=value["recorded_at"])
    return Recorded(value["position"], one.journey, one.version, at, _NOBODY, entry)


def erasure(one: Arrival) -> Recorded:
    """Return the erasure of a journey, which the topic tells only as an advance."""
    entry = Entry(told_id(one.journey, one.version), JourneyErased())
    return Recorded(one.value["position"], one.journey, one.version, _EPOCH, _NOBODY, entry)


def _fact_of(one: Arrival) -> Fact:
    """Read a fact; coded values come again and again, so that most facts are known already."""
    attributes = _attributes(one)
    try:
        return _known_fact(one.name, tuple(attributes.items()))
    except TypeError:  # a map among the values
        return read_fact_leniently(one.name, attributes)[0]


@lru_cache(4_096)
def _known_fact(name: str, attributes: tuple[tuple[str, Any], ...]) -> Fact:
    return read_fact_leniently(name, dict(attributes))[0]


_ENVELOPE = frozenset(
    {"journey", "version", "position", "occurred_on", "precision", "recorded_at", "unit", "field"}
)


def _attributes(one: Arrival) -> dict[str, Any]:
    value = one.value
    if "target_version" not in value:
        return {
            name: told for name, told in value.items() if told is not None and name not in _ENVELOPE
        }
    attributes: dict[str, Any] = {"target": told_id(one.journey, value["target_version"])}
    if value.get("corrected"):
        attributes["attributes"] = value["corrected"]
    if value.get("corrected_precision") is not None:
        attributes["occurred_on"] = value["corrected_occurred_on"]
    return attributes
