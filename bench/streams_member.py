"""One member of a consumer group, held until all are dealt their share: ``python -m bench.streams_member``.

Takes its orders as JSON, says ``ready`` when it holds its share of the partitions, reads on a line of
input to the end of the topic, and says as JSON what it did and when it wrote the last batch.
"""

import json
import os
import random
import sys
import time
from collections.abc import Collection, Mapping, Sequence

from typing_extensions import override

from bench.store import keys_by
from consumers.handling import handler_of
from consumers.streaming import Member, Timing
from domain.arrived import Arrived
from infra.streams.consumer_build import GroupTables
from infra.streams.consumer_store import ConsumerStore
from infra.streams.dead_letters import DeadLetterTopic
from infra.streams.subscription import GroupSubscription
from projections.catalogue import KEPT, STREAMED

_STEP_SECONDS = 0.1
_JOIN_SECONDS = 2.0


class Gathered(GroupSubscription):
    """A subscription whose group is complete before anything is read."""

    share: Collection[int] | None = None

    def gather(self, size: int) -> None:
        """Join, and wait until so many partitions are dealt."""
        topic_id, _ = self.identity()
        self.join(topic_id)
        while self.share is None or len(self.share) != size:
            _, dealt = super().poll(_JOIN_SECONDS, 1)
            self.share = self.share if dealt is None else dealt

    @override
    def poll(
        self, seconds: float, most: int
    ) -> tuple[Mapping[int, Sequence[Arrived]], Collection[int] | None]:
        """Return at first what was dealt, then what arrives."""
        if self.share is None:
            return super().poll(seconds, most)
        dealt, self.share = self.share, None
        return {}, dealt


def _read(member: Member) -> tuple[float, float]:
    """Read to the end; return when the last batch was written, and the CPU seconds until then."""
    at = used = 0.0
    while True:
        if member.step(_STEP_SECONDS):
            at, used = time.monotonic(), time.process_time()
        elif member.caught_up():
            return at, used


def main() -> None:
    """Join, wait for the others, read to the end, tell."""
    orders = json.loads(sys.argv[1])
    settings, group = orders["settings"], orders["group"]
    dsn = settings["KETTE_DSN"]
    projections = STREAMED if orders["projections"] == "stations" else KEPT
    with (
        Gathered(orders["bootstrap"], orders["topic"], group, member=str(os.getpid())) as source,
        keys_by(settings) as keys,
        ConsumerStore(dsn, keys, group, projections) as store,
    ):
        member = Member(
            source,
            store,
            DeadLetterTopic(orders["bootstrap"], f"{orders['topic']}.dlq"),
            handler_of(projections),
            str(GroupTables(dsn, keys, group, projections).epoch()).encode(),
            Timing(time.monotonic, random.random),
            lambda text: print(text, file=sys.stderr),
        )
        source.gather(orders["share"])
        print("ready", flush=True)
        sys.stdin.readline()
        began = time.process_time()
        at, used = _read(member)
        did = member.counted
    told = {"at": at, "cpu": used - began, "read": did.read, "aside": did.parked + did.dead}
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
