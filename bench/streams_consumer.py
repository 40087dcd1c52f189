"""Consumers: folding into PostgreSQL with the offsets in the same transaction, by one member and by two.

The tables are built from the journal once; before every run they are emptied and the offsets set back,
so that each run folds the whole topic, and afterwards they must hold what was built, row for row.
"""

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import psycopg
from fastavro import schemaless_reader
from kafka import KafkaConsumer, TopicPartition

from bench.figures import Figure, ratio
from bench.streams_place import Bench
from bench.streams_processes import Meter, program, say, told, until
from infra.streams.consumer_build import Begin, GroupTables
from infra.streams.subscription import GroupSubscription, client
from projections.catalogue import KEPT, STREAMED
from projections.projection import Projection
from schemas.catalogue import SCHEMAS
from schemas.topics import JOURNEY

GROUPS: Mapping[str, Sequence[Projection[Any]]] = {"stations": STREAMED, "all": KEPT}
_HEAD = 5
_AT_LEAST, _TWICE, _OF_ALLOWED = 0.30, 1.6, 0.9
_SCHEMAS = {one.id: one.parsed for one in SCHEMAS}


@dataclass(frozen=True, slots=True)
class Group:
    """A group whose tables are built, and the digests of their rows."""

    made: Bench
    topic: str
    name: str
    digests: Sequence[str]

    def reset(self) -> None:
        """Empty the tables and set the offsets back to the beginning."""
        with psycopg.connect(self.made.dsn) as connection:
            for one in GROUPS[self.name]:
                connection.execute(f"TRUNCATE streamed.{one.name}")
            connection.execute(
                "DELETE FROM kette.streamed_journeys WHERE group_name = %s", [self.group]
            )
            connection.execute(
                "UPDATE kette.streamed_places SET next_offset = 0 WHERE group_name = %s",
                [self.group],
            )

    def check(self) -> None:
        """Make sure that the tables hold what was built from the journal.

        Raises:
            RuntimeError: If they do not.
        """
        if _digests(self.made.dsn, self.name) != self.digests:
            raise RuntimeError(f"group {self.group} holds other rows than a rebuild")

    @property
    def group(self) -> str:
        """Return the name of the group, as the command has it."""
        return f"kette-{self.name}"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run of some members took; idle is the share of the cores that nobody used."""

    records: int
    wall: float
    used: dict[str, float]
    idle: float

    @property
    def rate(self) -> float:
        """Return the records a second."""
        return self.records / self.wall


def built(made: Bench, topic: str, name: str) -> Group:
    """Build the tables of a group from the journal."""
    tables = GroupTables(made.dsn, made.store.keys, f"kette-{name}", GROUPS[name])
    with GroupSubscription(made.kafka.bootstrap, topic, f"kette-{name}") as source:
        tables.ensure(lambda: Begin(topic, *source.identity()), lambda _: None, anew=True)
    return Group(made, topic, name, _digests(made.dsn, name))


def _digests(dsn: str, name: str) -> list[str]:
    with psycopg.connect(dsn) as connection:
        return [
            str(row)
            for one in GROUPS[name]
            for row in connection.execute(
                "SELECT md5(string_agg(md5(kept::text), '' ORDER BY md5(kept::text)))"
                f" FROM streamed.{one.name} AS kept"
            )
        ]


def run(group: Group, members: int) -> Ran:
    """Let members read the whole topic, and check what they wrote.

    Raises:
        RuntimeError: If a record was put aside, or the rows are wrong.
    """
    group.reset()
    orders = {
        "settings": dict(group.made.store.settings),
        "bootstrap": group.made.kafka.bootstrap,
        "topic": group.topic,
        "group": group.group,
        "projections": group.name,
        "share": JOURNEY.partitions // members,
    }
    with ExitStack() as stack:
        started = [
            stack.enter_context(program("-m", "bench.streams_member", json.dumps(orders)))
            for _ in range(members)
        ]
        for one in started:
            until(one, "ready")
        meter = Meter(group.made)
        began = time.monotonic()
        for one in started:
            say(one, "go")
        did = [json.loads(until(one, "{")) for one in started]
        used = dict(meter.used())
        busy, idle = meter.machine()
    if any(one["aside"] for one in did):
        raise RuntimeError("records were put aside")
    group.check()
    used |= {f"member {place}": one["cpu"] for place, one in enumerate(did, start=1)}
    used |= {"others": max(0.0, busy - sum(used.values())), "idle": idle}
    records, wall = sum(one["read"] for one in did), max(one["at"] for one in did) - began
    return Ran(records, wall, used, idle / (busy + idle))


def figures(group: Group, rounds: int) -> list[Figure]:
    """Run all sides in turn over the same topic."""
    one: list[Ran] = []
    two: list[Ran] = []
    loops: list[tuple[float, float]] = []
    for place in range(rounds):
        for members in (1, 2) if place % 2 else (2, 1):
            (one if members == 1 else two).append(run(group, members))
        loops.append(_loops(group))
    names = (
        ("consumer, stations / raw kafka-python read and fastavro decode", _AT_LEAST),
        ("consumer, stations / fastavro decode alone, nothing read", None),
    )
    return [
        *(
            ratio(name, [(ran.rate, loop[which]) for ran, loop in zip(one, loops, strict=True)], at)
            for which, (name, at) in enumerate(names)
        ),
        _two_to_one(one, two),
    ]


def _two_to_one(one: Sequence[Ran], two: Sequence[Ran]) -> Figure:
    """Compare round by round; where the cores are taken, what they allow is the target."""
    pairs = sorted(zip(one, two, strict=True), key=lambda pair: pair[0].wall / pair[1].wall)
    single, double = pairs[len(pairs) // 2]
    times = single.wall / double.wall
    allowed = times / (1 - double.idle)
    return Figure(
        "two members / one",
        times,
        "x",
        at_least=round(min(_TWICE, _OF_ALLOWED * allowed), 2),
        beside=f"the idle share of the cores would allow {allowed:.2f}x."
        f" One: {told(single.used, single.wall)}. Two: {told(double.used, double.wall)}",
    )


def _loops(group: Group) -> tuple[float, float]:
    """Return the records a second of reading and decoding, and of decoding alone."""
    consumer = KafkaConsumer(**client(group.made.kafka.bootstrap), group_id=None)
    places = [TopicPartition(group.topic, one) for one in range(JOURNEY.partitions)]
    consumer.assign(places)
    ends = consumer.end_offsets(places)
    consumer.seek_to_beginning()
    values: list[bytes] = []
    begun = time.perf_counter()
    while any(consumer.position(place) < ends[place] for place in places):
        for raws in consumer.poll(500, max_records=2_000).values():
            for raw in raws:
                _decode(raw.value)
                values.append(raw.value)
    read = len(values) / (time.perf_counter() - begun)
    consumer.close()
    begun = time.perf_counter()
    for value in values:
        _decode(value)
    return read, len(values) / (time.perf_counter() - begun)


def _decode(value: bytes) -> Any:
    source = BytesIO(value)
    source.seek(_HEAD)
    return schemaless_reader(source, _SCHEMAS[int.from_bytes(value[1:_HEAD], "big")], None)
