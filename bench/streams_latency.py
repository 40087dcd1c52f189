"""From the commit in the journal to an independent subscriber, at an even pace, by the real relay.

The clock is CLOCK_MONOTONIC, one for all processes of the machine. A commit counts from the moment at
which the caller has its answer; beside it stands the way from the caller's request on.
"""

import json
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from uuid import UUID, uuid4

from bench.figures import Figure, percentile
from bench.store import Store
from bench.streams_place import Bench
from bench.streams_processes import Meter, program, started, told, until
from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.journal import Actor, Append, Entry, Outcome
from infra.group import GroupAppender
from infra.journal import open_journal
from schemas.topics import JOURNEY

_DAY = PartialDate.of(date(2026, 1, 5))
_ACTOR = Actor("anna", "case_manager", "kim.herne")
_KINDS: Sequence[tuple[str, Mapping[str, object]]] = (
    ("ContactHeld", {"channel": "phone"}),
    ("CourseStarted", {"kind": "IK_ALLGEMEIN"}),
)
_P50, _P99 = 30.0, 250.0
_NANOSECONDS = 1e6
Moments = Mapping[str, tuple[int, int]]


def appended(store: Store, rate: int, seconds: float, versions: dict[UUID, int]) -> Moments:
    """Append at an even pace to journeys in turn; return when each was asked for and answered, by id.

    Args:
        store: The journal and its keys.
        rate: Events a second.
        seconds: For so long.
        versions: The journeys and their versions; they are kept up to date.
    """
    moments: dict[str, tuple[int, int]] = {}
    journeys = list(versions)
    with (
        open_journal(store.dsn, store.keys) as journal,
        GroupAppender(journal) as appender,
    ):
        begun = time.monotonic()
        for number in range(int(rate * seconds)):
            time.sleep(max(0.0, begun + number / rate - time.monotonic()))
            journey = journeys[number % len(journeys)]
            append = _append(journey, versions[journey], number)
            asked = time.monotonic_ns()
            (answer,) = appender.append([append])
            answered = time.monotonic_ns()
            if answer.outcome is not Outcome.APPENDED:
                raise RuntimeError(f"the journal refused: {answer}")
            versions[journey] += 1
            moments[f"{journey}/{versions[journey]}"] = asked, answered
    return moments


def _append(journey: UUID, version: int, number: int) -> Append:
    name, attributes = _KINDS[number % len(_KINDS)]
    entry = Entry(f"bench-{version + 1}", read_fact(name, attributes), _DAY, _ACTOR)
    return Append(uuid4(), b"", journey, version, (entry,))


def figures(made: Bench, versions: dict[UUID, int], rate: int, seconds: float) -> list[Figure]:
    """Measure on journeys that are there; their versions are kept up to date."""
    with started(made, "relay", "--no-clock") as relay:
        until(relay, "publishes")
        with _subscribed(made, int(rate * seconds)) as subscriber:
            meter = Meter(made, relay=relay.pid, subscriber=subscriber.pid)
            begun, own = time.monotonic(), time.process_time()
            moments = appended(made.store, rate, seconds, versions)
            seen: Mapping[str, int] = json.loads(until(subscriber, "{"))
            used = {**meter.used(), "appending": time.process_time() - own}
            wall = time.monotonic() - begun
    if set(moments) != set(seen):
        raise RuntimeError(f"{len(set(moments) ^ set(seen))} events did not arrive")
    return _figures(moments, seen, f"{len(seen)} events at {rate}/s; {told(used, wall)}")


@contextmanager
def _subscribed(made: Bench, records: int) -> Iterator["subprocess.Popen[str]"]:
    orders = {
        "bootstrap": made.kafka.bootstrap,
        "topic": JOURNEY.name,
        "partitions": list(range(JOURNEY.partitions)),
        "records": records,
    }
    with program("-m", "bench.streams_subscriber", json.dumps(orders)) as subscriber:
        until(subscriber, "ready")
        yield subscriber


def _figures(moments: Moments, seen: Mapping[str, int], beside: str) -> list[Figure]:
    after = [(seen[one] - answered) / _NANOSECONDS for one, (_, answered) in moments.items()]
    asked = [(seen[one] - asked) / _NANOSECONDS for one, (asked, _) in moments.items()]
    whole = f"from the request on p50 {percentile(asked, 50):.1f}, p99 {percentile(asked, 99):.1f}"
    return [
        Figure(
            "commit to subscriber, p50", percentile(after, 50), "ms", at_most=_P50, beside=beside
        ),
        Figure(
            "commit to subscriber, p99",
            percentile(after, 99),
            "ms",
            at_most=_P99,
            beside=f"slowest {max(after):.0f}; {whole}",
        ),
    ]
