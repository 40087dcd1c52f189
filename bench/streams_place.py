"""Where the streams are measured: a journal with its key store, one broker, a journal of invented people, fresh topics.

The people are those of the demo, several times over under other journey ids, in the order of recording.
"""

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import UUID, uuid5

from bench.store import Store, fresh_store
from consumers.relay_batch import Places, steps
from domain.events.registry import read_fact
from domain.journal import Append, Entry
from infra.broker.cluster import Cluster
from infra.broker.jars import fetch
from infra.broker.java import provided_java
from infra.history import HistoryLoad
from infra.municipalities import municipality
from infra.population.generation import generate
from infra.spreadsheets.rows import FactRow
from infra.streams.outbox import JournalOutbox
from infra.streams.topics import ClusterTopics
from schemas.topics import JOURNEY, PROGRESS, SUBJECTS, Topic, dead_letters
from schemas.wire import Message, Origin

SOURCE = "/kette/bench"
BATCH = 1_000
_SEED = 1
_NAMES = UUID(int=0x6B65747465)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_IN_A_CALL = 500


@dataclass(frozen=True, slots=True)
class Bench:
    """What everything is measured on.

    Attributes:
        records: How many records the journal holds.
        journeys: Of how many journeys they are.
    """

    store: Store
    kafka: Cluster
    records: int
    journeys: int
    numbers: Iterator[int]

    @property
    def dsn(self) -> str:
        """Return the database of the journal."""
        return self.store.dsn

    @property
    def client(self) -> dict[str, str]:
        """Return what every client of Kafka needs."""
        return {"bootstrap_servers": self.kafka.bootstrap}

    def fresh_topics(self) -> tuple[Topic, Topic]:
        """Make new topics of events and of subjects, and where dead letters and progress go."""
        name = f"bench-{next(self.numbers)}"
        events, subjects = replace(JOURNEY, name=name), replace(SUBJECTS, name=f"{name}.subjects")
        ClusterTopics(self.client).apply([events, subjects, dead_letters(events), PROGRESS])
        return events, subjects

    def stored_bytes(self, prefix: str = "") -> int:
        """Return the bytes of all segments of the topics whose names begin so, as the broker keeps them."""
        return sum(
            segment.stat().st_size
            for folder in self.kafka.folder.glob("node*/data/*")
            if folder.name.startswith(prefix)
            for segment in folder.glob("*.log")
        )


@contextmanager
def bench(people: int, copies: int) -> Iterator[Bench]:
    """Start both servers and load the journal; all is gone afterwards."""
    fetch()
    provided_java()
    with (
        tempfile.TemporaryDirectory(prefix="kette-bench-") as folder,
        fresh_store() as store,
        Cluster(Path(folder, "kafka")) as kafka,
    ):
        yield Bench(store, kafka, _load(store, people, copies), people * copies, count(1))


def _load(store: Store, people: int, copies: int) -> int:
    rows = generate(municipality("herne"), people, _SEED).rows
    ordered = sorted(rows, key=lambda row: row.recorded_at or _LONG_AGO)
    versions: dict[UUID, int] = defaultdict(int)
    with HistoryLoad(store.dsn, store.keys) as journal:
        for begin in range(0, len(ordered), _IN_A_CALL):
            part = ordered[begin : begin + _IN_A_CALL]
            journal.append([_append(row, copy, versions) for row in part for copy in range(copies)])
        journal.finish()
    return len(rows) * copies


def _append(row: FactRow, copy: int, versions: dict[UUID, int]) -> Append:
    journey = uuid5(_NAMES, f"{copy}/{row.person}")
    version = versions[journey]
    versions[journey] += 1
    fact_id = row.number or f"{row.person}-{version}"
    entry = Entry(fact_id, read_fact(row.type, row.attributes), row.occurred_on)
    command = uuid5(journey, str(version))
    return Append(command, b"", journey, version, (entry,), row.recorded_at)


def batches(made: Bench) -> list[Sequence[Message]]:
    """Return all messages of the journal as the relay sends them, batch by batch, ready and encoded."""
    outbox = JournalOutbox(made.dsn, made.store.keys, "bench")
    outbox.lead()
    try:
        origin = Origin(SOURCE, outbox.standing().epoch)
        places = Places(JOURNEY, SUBJECTS, SOURCE)
        found: list[Sequence[Message]] = []
        after = 0
        while facts := outbox.facts(after, BATCH):
            after = facts[-1].position
            done = steps(places, origin, facts, (), outbox.erased_at)
            found.append([message for step in done for message in step.messages])
        return found
    finally:
        outbox.resign()


def onto(ready: Sequence[Sequence[Message]], topics: tuple[Topic, Topic]) -> list[list[Message]]:
    """Return the same messages for other topics of the same kind."""
    events, subjects = (topic.name for topic in topics)
    names = {JOURNEY.name: events, SUBJECTS.name: subjects}
    return [[replace(one, topic=names[one.topic]) for one in messages] for messages in ready]
