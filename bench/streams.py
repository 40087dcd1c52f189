"""The streams on a real broker: relay, consumers, latency, memory, and what an event costs.

``python -m bench --only streams`` prints the figures; :func:`figures` returns them. All of it runs on one
machine, clients, broker and PostgreSQL side by side.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence

from bench import streams_consumer, streams_cost, streams_latency, streams_relay
from bench.figures import Figure
from bench.streams_place import Bench, bench
from schemas.topics import JOURNEY

_PEOPLE, _COPIES, _ROUNDS = 500, 2, 5
_RATE, _SECONDS = 100, 15.0
_APPEND_SECONDS = 5.0


def figures() -> list[Figure]:
    """Measure everything on one journal."""
    loads = [os.getloadavg()[0]]
    found: list[Figure] = []
    with bench(_PEOPLE, _COPIES) as made:
        for name, part in _parts(made):
            loads.append(os.getloadavg()[0])
            begun = time.monotonic()
            found += part()
            _say(f"  {name}: {time.monotonic() - begun:.0f} s (load before it {loads[-1]:.1f})")
    return [
        *found,
        Figure(
            "load of the machine before the parts, highest",
            max(loads),
            "",
            beside=f"before all {loads[0]:.1f}; the parts themselves make about 2",
        ),
    ]


def _parts(made: Bench) -> Iterator[tuple[str, Callable[[], Sequence[Figure]]]]:
    known = streams_cost.versions(made)
    yield "relay", lambda: streams_relay.figures(made, _ROUNDS)
    yield "append", lambda: streams_cost.appending(made, known, _RATE, _APPEND_SECONDS)
    yield "publishing", lambda: streams_cost.publishing(made)
    group = streams_consumer.built(made, JOURNEY.name, "stations")
    yield "consumers", lambda: streams_consumer.figures(group, _ROUNDS)
    yield "consuming", lambda: streams_cost.consuming(group)
    yield "latency", lambda: streams_latency.figures(made, known, _RATE, _SECONDS)
    yield "clock", lambda: streams_cost.telling(made)
    yield "all at work", lambda: streams_cost.living(made, known)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
