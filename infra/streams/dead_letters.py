"""Dead letters: what cannot be read goes aside for good, with the place where it lay."""

from contextlib import suppress
from typing import Any

from kafka import KafkaProducer, errors

from domain.arrived import Arrived
from infra.streams.errors import KafkaAwayError

_SECONDS = 10.0


class DeadLetterTopic:
    """A topic of dead letters; a record is safe there when :meth:`put` returns."""

    def __init__(self, bootstrap: str, topic: str) -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self._producer: Any = None

    def put(self, raw: Arrived, reason: str) -> None:
        """Write a record with its coordinates; raw bytes stay as they are.

        Raises:
            KafkaAwayError: If the topic does not take it.
        """
        try:
            self._send_what_fits(raw, reason)
        except errors.KafkaError as error:
            self.close()
            raise KafkaAwayError(
                f"topic {self._topic} takes no dead letter ({type(error).__name__}); `kette topics "
                f"verify` says whether it is there"
            ) from error

    def close(self) -> None:
        """Give the connection back; the next record opens another."""
        if self._producer is not None:
            with suppress(errors.KafkaError):
                self._producer.close(timeout=1)
            self._producer = None

    def _send_what_fits(self, raw: Arrived, reason: str) -> None:
        try:
            self._send(raw, reason)
        except (errors.MessageSizeTooLargeError, errors.RecordListTooLargeError):
            self.close()
            self._send_coordinates(raw, f"{reason}; too large to be kept here")

    def _send(self, raw: Arrived, reason: str) -> None:
        headers = [*raw.headers, *_coordinates(raw, reason)]
        self._written(raw.key, raw.value, headers)

    def _send_coordinates(self, raw: Arrived, reason: str) -> None:
        self._written(raw.key, None, _coordinates(raw, reason))

    def _written(self, key: bytes | None, value: bytes | None, headers: list[Any]) -> None:
        if self._producer is None:
            self._producer = KafkaProducer(
                bootstrap_servers=self._bootstrap.split(","),
                acks="all",
                metrics_enabled=False,
                max_block_ms=int(_SECONDS * 1_000),
                delivery_timeout_ms=int(_SECONDS * 1_000),
                request_timeout_ms=5_000,
                reconnect_backoff_max_ms=1_000,
            )
        sent = self._producer.send(self._topic, key=key, value=value, headers=headers)
        self._producer.flush(_SECONDS)
        sent.get(_SECONDS)


def _coordinates(raw: Arrived, reason: str) -> list[tuple[str, bytes]]:
    return [
        ("kette_dlq_topic", raw.topic.encode()),
        ("kette_dlq_partition", b"%d" % raw.partition),
        ("kette_dlq_offset", b"%d" % raw.offset),
        ("kette_dlq_reason", reason.encode()),
    ]
