"""The progress record of a topic: how it is written, and how it is read back to the very end."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import orjson
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition, errors

from domain.publishing import DivergedError, Progress, PublishingFailedError

_POLL_MS = 100


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
        """Return the newest committed value of a key in a partition; None if it has none."""
        newest: bytes | None = None
        place = TopicPartition(topic, partition)
        with _committed(self._client) as consumer:
            consumer.assign([place])
            end = consumer.end_offsets([place])[place]
            deadline = time.monotonic() + self._seconds
            while consumer.position(place) < end:
                for records in consumer.poll(_POLL_MS).values():
                    found = [one.value for one in records if one.key == key]
                    newest = found[-1] if found else newest
                if time.monotonic() > deadline:
                    raise errors.KafkaTimeoutError("the progress was not read in time")
        return newest

    def is_empty(self, topic: str, partitions: int) -> bool:
        """Say whether a topic holds no committed record."""
        places = [TopicPartition(topic, one) for one in range(partitions)]
        with _committed(self._client) as consumer:
            consumer.assign(places)
            ends = consumer.end_offsets(places)
            deadline = time.monotonic() + self._seconds
            while any(consumer.position(place) < ends[place] for place in places):
                if consumer.poll(_POLL_MS):
                    return False
                if time.monotonic() > deadline:
                    raise errors.KafkaTimeoutError("the topic was not read in time")
        return True


@contextmanager
def _committed(client: Mapping[str, Any]) -> Iterator[Any]:
    """Yield a consumer of committed records from the beginning."""
    consumer = KafkaConsumer(
        **client,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        metrics_enabled=False,
    )
    try:
        yield consumer
    finally:
        consumer.close()
