"""Messages as they go over the wire: CloudEvents 1.0 in headers, the journey as key, Avro as value.

Everything is deterministic: the same record makes the same message, whoever publishes it again.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from uuid import UUID

from domain.crossings import Crossing, CrossingKind
from domain.outgoing import Outgoing
from schemas.catalogue import latest
from schemas.codec import UndecodableError, encode
from schemas.files import NAMESPACE
from schemas.murmur import murmur2
from schemas.public import PublicEvent
from schemas.topics import Topic

CONTENT_TYPE = "application/avro"
Header = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Origin:
    """Which journal speaks: a URI reference of the house, and the epoch of its log."""

    source: str
    epoch: UUID


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the broker takes it."""

    topic: str
    partition: int
    key: bytes
    value: bytes
    headers: tuple[Header, ...]


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the headers of a message say.

    Attributes:
        id: Unique within the source; the same for a message published again.
        type: Full name of the event.
        time: When it was recorded or noticed.
        journey: The journey's name on this topic.
        version: Its version in the journey; None for what is derived.
        prevversion: The version before it on this topic, 0 before the first; None for what is derived.
        position: Place in the whole journal; of what is derived, the place it was known up to.
        epoch: The epoch of the log.
        traceparent: The trace that it belongs to (W3C).
    """

    id: str
    type: str
    time: datetime
    journey: str
    version: int | None
    prevversion: int | None
    position: int | None
    epoch: UUID
    traceparent: str

    @property
    def name(self) -> str:
        """Return the name of the event without its namespace."""
        return self.type.removeprefix(f"{NAMESPACE}.")


def fact_message(topic: Topic, origin: Origin, outgoing: Outgoing, event: PublicEvent) -> Message:
    """Return the message of a record's public event."""
    journey = topic.name_of(outgoing.journey)
    version = b"%d" % outgoing.version
    headers = _headers(
        origin,
        event.name,
        journey,
        f"{journey}/{outgoing.version}",
        outgoing.recorded_at,
        outgoing.position,
        _trace(origin, outgoing),
    )
    return _message(
        topic,
        journey,
        event,
        (
            *headers,
            ("ce_journeyversion", version),
            ("ce_prevversion", b"%d" % (outgoing.version - 1)),
        ),
    )


def crossing_message(
    topic: Topic, origin: Origin, crossing: Crossing, event: PublicEvent
) -> Message:
    """Return the message of a crossing's public event."""
    journey = topic.name_of(crossing.journey)
    kind = "status" if crossing.kind is CrossingKind.STATUS else "gap"
    headers = _headers(
        origin,
        event.name,
        journey,
        f"{journey}/{kind}/{crossing.seq}",
        crossing.noticed_at,
        crossing.basis_position,
        _derived_trace(origin, f"{kind}/{crossing.seq}"),
    )
    return _message(topic, journey, event, headers)


def subject_message(
    topic: Topic, origin: Origin, journey: UUID, at: datetime, event: PublicEvent
) -> Message:
    """Return the message that tells the state of a journey's keys."""
    name = topic.name_of(journey)
    position = int(event.value["position"])
    headers = _headers(
        origin,
        event.name,
        name,
        f"{name}/subject/{position}",
        at,
        position,
        _derived_trace(origin, f"subject/{position}"),
    )
    return _message(topic, name, event, headers)


@lru_cache(131_072)
def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition that the Java client gives a key."""
    return (murmur2(key) & 0x7FFF_FFFF) % partitions


def read_headers(headers: Iterable[Header]) -> Envelope:
    """Return what the headers of a message say.

    Raises:
        UndecodableError: If one that every message has is missing or cannot be read.
    """
    try:
        told = {name: value.decode() for name, value in headers if name.startswith("ce_")}
        return Envelope(
            told["ce_id"],
            told["ce_type"],
            datetime.fromisoformat(told["ce_time"]),
            told["ce_subject"],
            _number(told.get("ce_journeyversion")),
            _number(told.get("ce_prevversion")),
            _number(told.get("ce_position")),
            _uuid(told["ce_logepoch"]),
            told.get("ce_traceparent", ""),
        )
    except (AttributeError, KeyError, ValueError) as error:
        raise UndecodableError(
            "headers", f"the headers are none of a CloudEvent: {type(error).__name__}"
        ) from None


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


@lru_cache(64)
def _uuid(text: str) -> UUID:
    return UUID(text)


def _message(
    topic: Topic, journey: str, event: PublicEvent, headers: tuple[Header, ...]
) -> Message:
    key = journey.encode()
    value = encode(event.name, event.value)
    return Message(topic.name, partition_of(key, topic.partitions), key, value, headers)


def _headers(
    origin: Origin,
    event: str,
    journey: str,
    event_id: str,
    at: datetime,
    position: int,
    trace: str,
) -> tuple[Header, ...]:
    key = journey.encode()
    return (
        *_constant(origin, event),
        ("ce_id", event_id.encode()),
        ("ce_subject", key),
        ("ce_partitionkey", key),
        ("ce_time", _time(at)),
        ("ce_position", b"%d" % position),
        ("ce_traceparent", trace.encode()),
    )


@cache
def _constant(origin: Origin, event: str) -> tuple[Header, ...]:
    """Return the headers that all messages of an event share."""
    schema = latest(event)
    return (
        ("ce_specversion", b"1.0"),
        ("content-type", CONTENT_TYPE.encode()),
        ("ce_type", schema.full_name.encode()),
        ("ce_source", origin.source.encode()),
        ("ce_dataschema", f"urn:kette:avro:{schema.full_name}:{schema.fingerprint}".encode()),
        ("ce_logepoch", str(origin.epoch).encode()),
    )


@lru_cache(4_096)
def _time(moment: datetime) -> bytes:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z").encode()


def _trace(origin: Origin, outgoing: Outgoing) -> str:
    """Return the trace of a command without its id, from which ids of facts and journeys are made."""
    digest = hashlib.sha256(origin.epoch.bytes + outgoing.command_id.bytes).hexdigest()
    return f"00-{digest[:32]}-{outgoing.position:016x}-01"


def _derived_trace(origin: Origin, name: str) -> str:
    digest = hashlib.sha256(f"{origin.epoch}/{name}".encode()).hexdigest()
    return f"00-{digest[:32]}-{digest[32:48]}-01"
