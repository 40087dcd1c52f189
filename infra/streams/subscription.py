"""A consumer group's subscription on kafka-python: partitions dealt by the broker, offsets kept elsewhere.

The protocol is the classic one with eager range assignment: nothing is kept in memory between batches,
so that a partition that moves costs a seek, and what is simplest moves best. No offset is ever reset.
"""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition, errors
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.structs import OffsetAndMetadata

from domain.arrived import Arrived
from infra.streams.errors import KafkaAwayError, TopicLostError, TopicMissingError

_NOTE_SECONDS = 1.0
_REBUILD = "stop every member and run `kette consume --rebuild`"


def client(bootstrap: str, seconds: float = 5.0) -> dict[str, Any]:
    """Return the settings that every reader shares."""
    return {
        "bootstrap_servers": bootstrap.split(","),
        "isolation_level": "read_committed",
        "enable_auto_commit": False,
        "auto_offset_reset": "none",
        "metrics_enabled": False,
        "reconnect_backoff_max_ms": 1_000,
        "metadata_max_age_ms": 10_000,
        "fetch_max_bytes": 4_000_000,
        "max_partition_fetch_bytes": 1_000_000,
        "bootstrap_timeout_ms": int(seconds * 1_000),
    }


@contextmanager
def brokers_explained(bootstrap: str) -> Iterator[None]:
    """Let a caller see what an error of the client means."""
    try:
        yield
    except errors.AuthorizationError as error:
        raise TopicMissingError(
            f"the brokers at {bootstrap} do not allow it ({type(error).__name__}): grant it by the ACL "
            "lines of `kette topics plan`"
        ) from error
    except errors.RetriableError as error:
        raise KafkaAwayError(
            f"no Kafka broker answers at {bootstrap}: start one with `make kafka-up`, or name yours in "
            "KETTE_KAFKA"
        ) from error


class _Dealt(ConsumerRebalanceListener):  # type: ignore[misc]  # kafka-python says no types
    """Notes what was dealt; it yields nothing until it is started from a known place."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer
        self.partitions: list[int] | None = None

    def on_partitions_revoked(self, revoked: Sequence[Any]) -> None:
        """Nothing is kept of a partition, so there is nothing to give up."""

    def on_partitions_assigned(self, assigned: Sequence[Any]) -> None:
        """Hold what was dealt, with a position so that none is looked up."""
        for place in assigned:
            self._consumer.seek(place, 0)
        self._consumer.pause(*assigned)
        self.partitions = sorted(place.partition for place in assigned)


class GroupSubscription:
    """One member's subscription to one topic; for one thread."""

    def __init__(
        self,
        bootstrap: str,
        topic: str,
        group: str,
        *,
        member: str = "",
        session_seconds: float = 10.0,
        poll_seconds: float = 300.0,
    ) -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self._topic_id: UUID | None = None
        self._noted: dict[int, int] = {}
        self._noted_at = 0.0
        with brokers_explained(bootstrap):
            self._consumer = KafkaConsumer(
                **client(bootstrap),
                client_id=f"{group}-{member}" if member else group,
                group_id=group,
                session_timeout_ms=int(session_seconds * 1_000),
                heartbeat_interval_ms=int(session_seconds * 1_000 / 4),
                max_poll_interval_ms=int(poll_seconds * 1_000),
                partition_assignment_strategy=[RangePartitionAssignor],
            )
        self._listener = _Dealt(self._consumer)

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
        """Leave the group."""
        with suppress(errors.KafkaError):
            self._commit()
        self._consumer.close(timeout_ms=3_000)

    def identity(self) -> tuple[UUID, Mapping[int, int]]:
        """Return the topic's own id, and the end of what is committed in each of its partitions.

        Raises:
            TopicMissingError: If there is no such topic.
            KafkaAwayError: If no broker answers.
        """
        with brokers_explained(self._bootstrap):
            partitions = self._consumer.partitions_for_topic(self._topic)
            found = self._id()
            if not partitions or found is None:
                raise missing(self._topic, self._bootstrap)
            places = [TopicPartition(self._topic, one) for one in sorted(partitions)]
            ends = self._consumer.end_offsets(places)
        return found, {place.partition: end for place, end in ends.items()}

    def join(self, topic_id: UUID) -> None:
        """Join the group, to read just the topic of this id."""
        self._topic_id = topic_id
        self._listener.partitions = None
        self._consumer.subscribe([self._topic], listener=self._listener)

    def poll(
        self, seconds: float, most: int
    ) -> tuple[Mapping[int, Sequence[Arrived]], Collection[int] | None]:
        """Return what arrived by partition, and the partitions held if they were dealt anew.

        Raises:
            TopicLostError: If an offset is out of range, or the topic was made anew.
        """
        try:
            self._end_join()
            with brokers_explained(self._bootstrap):
                found = self._consumer.poll(int(seconds * 1_000), max_records=most)
        except errors.OffsetOutOfRangeError as error:
            self._check_identity()
            raise self._out_of_range(error) from error
        except (errors.LogTruncationError, errors.CorruptRecordError) as error:
            self._check_identity()
            raise TopicLostError(
                f"topic {self._topic} lost or damaged what stood there ({type(error).__name__}): see to "
                f"the brokers, then {_REBUILD}"
            ) from error
        self._check_identity()
        dealt, self._listener.partitions = self._listener.partitions, None
        return {place.partition: raws for place, raws in found.items()}, dealt

    def start(self, places: Mapping[int, int]) -> None:
        """Go on reading partitions from these offsets."""
        held = self._consumer.assignment()
        for place in (TopicPartition(self._topic, one) for one in places):
            if place in held:
                self._consumer.seek(place, places[place.partition])
                self._consumer.resume(place)

    def hold(self) -> None:
        """Read nothing until started again, and stay in the group."""
        self._consumer.pause(*self._consumer.assignment())

    def rejoin(self) -> None:
        """Leave the group and join it anew."""
        self._consumer.unsubscribe()
        self._listener.partitions = None
        self._consumer.subscribe([self._topic], listener=self._listener)

    def behind(self) -> Mapping[int, int]:
        """Return how many offsets lie between what was read and the end, by partition held."""
        with brokers_explained(self._bootstrap):
            held = list(self._consumer.assignment())
            ends = self._consumer.end_offsets(held) if held else {}
            return {one.partition: end - self._consumer.position(one) for one, end in ends.items()}

    def positions(self) -> Mapping[int, int]:
        """Return from which offset each partition held goes on, past the markers of transactions."""
        with brokers_explained(self._bootstrap):
            held = self._consumer.assignment()
            return {one.partition: self._consumer.position(one) for one in held}

    def note(self, offsets: Mapping[int, int]) -> None:
        """Tell the broker how far one has come, about once a second: dashboards need no more."""
        self._noted.update(offsets)
        now = time.monotonic()
        if now - self._noted_at >= _NOTE_SECONDS:
            self._noted_at = now
            with suppress(errors.KafkaError):
                self._consumer.commit_async(self._offsets())

    def _commit(self) -> None:
        if self._noted:
            self._consumer.commit(self._offsets(), timeout_ms=1_000)

    def _offsets(self) -> dict[Any, Any]:
        held = self._consumer.assignment()
        noted, self._noted = self._noted, {}
        return {
            TopicPartition(self._topic, one): OffsetAndMetadata(offset, "", -1)
            for one, offset in noted.items()
            if TopicPartition(self._topic, one) in held
        }

    def _end_join(self) -> None:
        """Let a join end that outlasted a poll: kafka-python forgets it where the leader learnt of partitions."""
        coordinator = self._consumer._coordinator  # noqa: SLF001  there is no public way
        if coordinator.rejoining and not coordinator.need_rejoin():
            coordinator.request_rejoin()

    def _id(self) -> UUID | None:
        cluster = self._consumer._cluster  # noqa: SLF001  the public way asks by another client
        found = cluster.topic_id(self._topic)
        return None if found is None else UUID(str(found))

    def _check_identity(self) -> None:
        found = self._id()
        if found is not None and found != self._topic_id:
            raise TopicLostError(
                f"topic {self._topic} was deleted and made anew: its offsets mean other records now; "
                f"{_REBUILD}"
            )

    def _out_of_range(self, error: errors.OffsetOutOfRangeError) -> TopicLostError:
        told = ", ".join(
            f"offset {offset} of partition {place.partition}"
            for place, offset in sorted(dict(error.args[0]).items())
        )
        return TopicLostError(
            f"topic {self._topic} no longer holds {told}: it was deleted by its retention or by hand; "
            f"nothing is skipped; {_REBUILD}"
        )


def missing(topic: str, bootstrap: str) -> TopicMissingError:
    """Return the sentence for a topic that cannot be seen."""
    return TopicMissingError(
        f"there is no topic {topic} at {bootstrap}, or it must not be seen; `kette topics apply` makes it"
    )
