"""The independent reader: confluent-kafka and an own decoder, and what the topic should have held.

Nothing of ``schemas``, ``consumers`` or ``infra.streams`` is used here: headers, framing and the
expected types are worked out anew, so that a fault of the publishing side does not cancel out.
"""

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import confluent_kafka
import fastavro
import psycopg

from domain.fact import Published
from domain.fields import DataClass
from domain.journal import Recorded
from infra.journal import JournalRecorder

_SCHEMAS = Path(__file__).parents[2] / "schemas"
_PATIENCE_SECONDS = 60.0
_AT_ONCE = 5_000
_GATHER_SECONDS = 0.2
_CORRECTIONS = ("EventCorrected", "EventRetracted")


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message as a subscriber sees it; ``version`` is None for a derived event."""

    partition: int
    offset: int
    key: str
    id: str
    type: str
    version: int | None
    prevversion: int | None
    position: int
    value: Mapping[str, Any]


@cache
def _schema(schema_id: int) -> Any:
    for name, versions in json.loads((_SCHEMAS / "lock.json").read_text()).items():
        for one in versions:
            if one["id"] == schema_id:
                suffix = "" if one["version"] == 1 else f".{one['version']}"
                return fastavro.parse_schema(
                    json.loads((_SCHEMAS / f"{name}{suffix}.avsc").read_text())
                )
    raise LookupError(schema_id)


def _decode(value: bytes) -> Mapping[str, Any]:
    assert value[0] == 0, "no Confluent framing"
    body = BytesIO(value[5:])
    decoded: Any = fastavro.schemaless_reader(
        body, _schema(int.from_bytes(value[1:5], "big")), None
    )
    assert not body.read(1), "bytes behind the value"
    return dict(decoded)


def _arrived(message: confluent_kafka.Message) -> Arrived:
    headers = {name: value.decode() for name, value in message.headers() or ()}
    previous = headers.get("ce_prevversion")
    parts = headers["ce_id"].split("/")
    key, value = message.key(), message.value()
    assert key
    assert value
    return Arrived(
        partition=message.partition() or 0,
        offset=message.offset() or 0,
        key=key.decode(),
        id=headers["ce_id"],
        type=headers["ce_type"].removeprefix("de.kette.journey."),
        version=int(parts[1]) if len(parts) == 2 else None,
        prevversion=None if previous is None else int(previous),
        position=int(headers["ce_position"]),
        value=_decode(value),
    )


def arrivals(bootstrap: str, topic: str, *, committed: bool = True) -> list[Arrived]:
    """Return all that stands in a topic, partition by partition in the order of the offsets."""
    read = [_arrived(message) for message in _messages(bootstrap, topic, committed=committed)]
    return sorted(read, key=lambda one: (one.partition, one.offset))


def states(bootstrap: str, topic: str) -> dict[str, str]:
    """Return the newest state of each journey on a topic of subjects."""
    newest: dict[str, str] = {}
    for message in _messages(bootstrap, topic, committed=True):
        key, value = message.key(), message.value()
        assert key
        assert value
        newest[key.decode()] = str(_decode(value)["state"])
    return newest


def _messages(bootstrap: str, topic: str, *, committed: bool) -> Iterator[confluent_kafka.Message]:
    consumer = confluent_kafka.Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": f"reading-{uuid4()}",
            "isolation.level": "read_committed" if committed else "read_uncommitted",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "error",
            "fetch.wait.max.ms": 20,
            "log_level": 0,
        }
    )
    try:
        metadata = consumer.list_topics(topic, _PATIENCE_SECONDS).topics[topic]
        open_partitions = set(metadata.partitions)
        consumer.assign(
            [
                confluent_kafka.TopicPartition(topic, one, confluent_kafka.OFFSET_BEGINNING)
                for one in open_partitions
            ]
        )
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while open_partitions:
            assert time.monotonic() < deadline, "the topic could not be read to its end"
            for message in consumer.consume(_AT_ONCE, _GATHER_SECONDS):
                error = message.error()
                if error is None:
                    yield message
                elif error.code() == confluent_kafka.KafkaError._PARTITION_EOF:
                    open_partitions.discard(message.partition())
                else:
                    raise confluent_kafka.KafkaException(error)
    finally:
        consumer.close()


@dataclass(frozen=True, slots=True)
class Expected:
    """What the journal says that a message must be."""

    id: str
    type: str
    journey: str
    version: int
    position: int


def expected(journal: JournalRecorder, names: Mapping[str, str] | None = None) -> list[Expected]:
    """Return what the topic must hold of the journal, in the order of the journal.

    Args:
        journal: The journal.
        names: What some journeys are called on the topic instead of their ids.
    """
    records: list[Recorded] = []
    while page := journal.page(len(records), _AT_ONCE):
        records += page
    erased = {one.journey for one in records if one.entry.fact.type_name() == "JourneyErased"}
    published = _published(one for one in records if one.journey not in erased)
    return [
        Expected(
            f"{name}/{one.version}",
            published.get(one.position, "JourneyAdvanced"),
            name,
            one.version,
            one.position,
        )
        for one in records
        for name in [(names or {}).get(str(one.journey), str(one.journey))]
    ]


def _published(records: Iterable[Recorded]) -> Mapping[int, str]:
    """Return the public type of what is published, by position."""
    named: dict[tuple[UUID, str], Recorded] = {}
    types: dict[int, str] = {}
    for one in records:
        named.setdefault((one.journey, one.entry.id), one)
        about, fact = one.entry.fact.about, one.entry.fact
        if one.entry.data_class is not DataClass.BASE or not isinstance(about.publish, Published):
            continue
        if fact.type_name() in _CORRECTIONS:
            target = named.get((one.journey, str(getattr(fact, "target", None))))
            if target is None or target.position not in types:
                continue
        types[one.position] = about.publish.event
    return types


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a topic differs from what it must hold; all zero if it does not.

    Attributes:
        lost: Expected events that are not there.
        doubled: Arrivals beyond the first of the same id.
        disordered: Arrivals of a journey that stand behind a later one of it, or in another partition.
        wrong: Arrivals that are not what the journal says: foreign, or of another type or position.
    """

    read: int
    lost: int
    doubled: int
    disordered: int
    wrong: int

    @property
    def clean(self) -> bool:
        """Say whether each event is there exactly once, as it was, in its order."""
        return not (self.lost or self.doubled or self.disordered or self.wrong)


def compare(wanted: Sequence[Expected], found: Sequence[Arrived]) -> Comparison:
    """Compare the facts among the arrivals with the journal; derived events are left aside."""
    facts = [one for one in found if one.version is not None]
    counts = Counter(one.id for one in facts)
    places = {one.id: one for one in wanted}
    return Comparison(
        read=len(facts),
        lost=sum(one.id not in counts for one in wanted),
        doubled=counts.total() - len(counts),
        disordered=_disordered(facts),
        wrong=sum(not _is(one, places.get(one.id)) for one in facts),
    )


def _is(one: Arrived, place: Expected | None) -> bool:
    if place is None or one.version is None:
        return False
    told = (one.value["journey"], one.value["version"], one.value["position"])
    return (
        (one.type, one.position, one.key) == (place.type, place.position, place.journey)
        and told == (place.journey, place.version, place.position)
        and one.prevversion == place.version - 1
    )


def _disordered(facts: Iterable[Arrived]) -> int:
    last: dict[str, tuple[int, int]] = {}
    disordered = 0
    for one in facts:
        assert one.version is not None
        partition, version = last.get(one.key, (one.partition, 0))
        disordered += one.partition != partition or one.version < version
        last[one.key] = (one.partition, max(version, one.version))
    return disordered


def compare_crossings(dsn: str, found: Sequence[Arrived]) -> Comparison:
    """Compare the derived events with the second outbox: each once, after its basis, in order."""
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "SELECT seq, journey_id, kind, basis_position FROM kette.crossings ORDER BY seq"
        ).fetchall()
    wanted = {
        f"{journey}/{'status' if kind == 'status' else 'gap'}/{seq}": basis
        for seq, journey, kind, basis in rows
    }
    derived = [one for one in found if one.version is None]
    counts = Counter(one.id for one in derived)
    return Comparison(
        read=len(derived),
        lost=sum(one not in counts for one in wanted),
        doubled=counts.total() - len(counts),
        disordered=_early(found),
        wrong=sum(one.position != wanted.get(one.id) for one in derived),
    )


def _early(found: Sequence[Arrived]) -> int:
    """Count the derived events that stand before a fact that they rest on, or before their elders."""
    last_seq: dict[int, int] = {}
    ahead: dict[str, int] = {}
    early = 0
    for one in found:
        if one.version is not None:
            early += ahead.get(one.key, 0) >= one.position
            continue
        seq = int(one.id.rsplit("/", 1)[1])
        early += seq < last_seq.get(one.partition, 0)
        last_seq[one.partition] = max(seq, last_seq.get(one.partition, 0))
        ahead[one.key] = max(one.position, ahead.get(one.key, 0))
    return early
