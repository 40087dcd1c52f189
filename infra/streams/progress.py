"""The progress record of a topic: how it is written, and how it is read back to the very end."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import orjson
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition, errors

from domain.publishing import DivergedError, Progress, PublishingFailedError

_POLL_MS = 100
_BACKOFF_MS = 10


def encoded(progress: Progress, topic_id: str) -> bytes:
    """Return the record: the progress, and which topic it speaks of."""
    return orjson.dumps(
        {
            "position": progress.position,
            "leaf": progress.leaf.hex(),
            "crossing": progress.crossing,
            "epoch": str(progress.epoch),
            "run": str(progress.run),
            "complete": progress.complete,
            "topic_id": topic_id,
        }
    )


def decoded(record: bytes) -> tuple[Progress, str]:
    """Read a record.

    Raises:
        DivergedError: If it is none: something else wrote onto the progress topic.
    """
    try:
        told = orjson.loads(record)
        progress = Progress(
            told["position"],
            bytes.fromhex(told["leaf"]),
            told["crossing"],
            UUID(told["epoch"]),
            UUID(told["run"]),
            told["complete"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DivergedError(
            "the stored progress cannot be read: something else wrote it; publish a new generation"
            " with `kette republish`"
        ) from error
    return progress, str(told.get("topic_id", ""))


class Reader:
    """Reads committed records and the identity of topics, each time within a time limit."""

    def __init__(self, client: Mapping[str, Any], seconds: float) -> None:
        self._client = client
        self._seconds = seconds

    def topic_id(self, topic: str) -> str:
        """Return the broker's own id of a topic.

        Raises:
            PublishingFailedError: If the topic is not there.
        """
        admin = KafkaAdminClient(**self._client)
        try:
            (found,) = admin.describe_topics([topic])
        finally:
            admin.close()
        if found["error_code"]:
            raise PublishingFailedError(
                f"topic {topic} is not there; `kette topics apply` makes it", "no-topic"
            )
        return str(found["topic_id"])

    def last(self, topic: str, partition: int, key: bytes) -> bytes | None:
        """Return the newest committed value of a key in a partition; None if it has none.

        Transactions of others that are open in the partition are waited for: what was committed behind
        their beginning cannot be seen before they end.
        """
        newest: bytes | None = None
        for records in self._committed(topic, [partition]):
            found = [one.value for one in records if one.key == key]
            newest = found[-1] if found else newest
        return newest

    def is_empty(self, topic: str, partitions: int) -> bool:
        """Say whether a topic holds no committed record."""
        return not any(self._committed(topic, range(partitions)))

    def _committed(self, topic: str, partitions: Iterable[int]) -> Iterator[Sequence[Any]]:
        """Yield the committed records of partitions up to their ends as they are now.

        Raises:
            KafkaTimeoutError: If the ends are not reached in time.
        """
        places = [TopicPartition(topic, one) for one in partitions]
        with _consumer(self._client, "read_uncommitted") as consumer:
            ends = consumer.end_offsets(places)
        deadline = time.monotonic() + self._seconds
        with _consumer(self._client, "read_committed") as consumer:
            consumer.assign(places)
            while any(consumer.position(place) < ends[place] for place in places):
                yield from consumer.poll(_POLL_MS).values()
                if time.monotonic() > deadline:
                    raise errors.KafkaTimeoutError(f"the end of {topic} was not reached in time")


@contextmanager
def _consumer(client: Mapping[str, Any], isolation: str) -> Iterator[Any]:
    """Yield a consumer without a group, from the beginning of what it is assigned."""
    consumer = KafkaConsumer(
        **client,
        isolation_level=isolation,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        retry_backoff_ms=_BACKOFF_MS,
        metrics_enabled=False,
    )
    try:
        yield consumer
    finally:
        consumer.close()
