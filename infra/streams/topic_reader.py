"""Reading a topic without a group: all its partitions, from the beginning or from now, nothing left behind."""

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from kafka import KafkaConsumer, TopicPartition, errors

from domain.arrived import Arrived
from infra.streams.errors import KafkaAwayError, TopicLostError
from infra.streams.subscription import brokers_explained, client, missing

_POLL_SECONDS = 0.2
_LOOK_SECONDS = 2.0
_REST = 50  # polls between two looks at how far the end lies ahead


class TopicReader:
    """Follows a topic; for one thread."""

    def __init__(self, bootstrap: str, topic: str, *, earliest: bool) -> None:
        """Stand at the beginning or at the end of every partition.

        Raises:
            KafkaAwayError: If no broker answers.
            TopicMissingError: If there is no such topic.
        """
        self._bootstrap = bootstrap
        self._topic = topic
        with brokers_explained(bootstrap):
            self._consumer: Any = KafkaConsumer(**client(bootstrap), client_id="kette-subscribe")
        try:
            self._stand(earliest)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back."""
        self._consumer.close(timeout_ms=1_000)

    def arrivals(self) -> Iterator[Sequence[Arrived]]:
        """Yield what arrives, for as long as one wants; empty when nothing came for a moment.

        Raises:
            TopicLostError: If the topic is no longer there, or must not be read.
        """
        quiet = 0
        while True:
            found = self._poll()
            quiet = 0 if found else quiet + 1
            if quiet and quiet % _REST == 0:
                found = self._look()
            yield found

    def _poll(self, seconds: float = _POLL_SECONDS) -> Sequence[Arrived]:
        try:
            with brokers_explained(self._bootstrap):
                polled = self._consumer.poll(int(seconds * 1_000))
        except (errors.OffsetOutOfRangeError, errors.LogTruncationError) as error:
            raise TopicLostError(
                f"topic {self._topic} no longer holds what comes next: its retention was faster, or it was "
                "made anew; begin again with --from earliest"
            ) from error
        return [one for raws in polled.values() for one in raws]

    def _look(self) -> Sequence[Arrived]:
        """Make sure that silence means that nothing is there: a forbidden read raises nothing.

        Returns:
            What came meanwhile.
        """
        before = self._ahead()
        found = self._poll(_LOOK_SECONDS) if before else ()
        if before and not found and self._ahead() >= before:
            raise KafkaAwayError(
                f"{before} offsets of topic {self._topic} lie ahead and none arrives: perhaps reading it is "
                "forbidden here; see the ACL lines of `kette topics plan`"
            )
        return found

    def _ahead(self) -> int:
        """Return how many offsets lie between what was read and the ends."""
        with brokers_explained(self._bootstrap):
            ends = self._consumer.end_offsets(list(self._consumer.assignment()))
            return int(sum(end - self._consumer.position(one) for one, end in ends.items()))

    def _stand(self, earliest: bool) -> None:
        with brokers_explained(self._bootstrap):
            partitions = self._consumer.partitions_for_topic(self._topic)
            if not partitions:
                raise missing(self._topic, self._bootstrap)
            places = [TopicPartition(self._topic, one) for one in sorted(partitions)]
            self._consumer.assign(places)
            ask = self._consumer.beginning_offsets if earliest else self._consumer.end_offsets
            for place, offset in ask(places).items():
                self._consumer.seek(place, offset)
