"""What one municipality, one Land and one country would need, computed from measured costs per event.

Reads the figures as ``python -m bench --only streams --json`` prints them and writes the table of
``docs/scale.md``: ``python -m bench.streams_scale < figures.jsonl``.
"""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

_WORKING_SECONDS = 250 * 8 * 3600
_PEAK = 10
_FACTS = 47
_REPLICAS = 3
_GROUPS = 2
_PARTITIONS = 12 + 12 + 16 + 1
_SERVE_MEBIBYTES = 115
_WEEKS = 52
_MICRO, _MEBI, _GIGA = 1e-6, 1 / 1024, 1e-9


@dataclass(frozen=True, slots=True)
class Size:
    """An area: its installations, its events in all and its events a year."""

    name: str
    installations: int
    events: float
    a_year: float

    @property
    def peak(self) -> float:
        """Return the events a second in the busiest hours."""
        return self.a_year / _WORKING_SECONDS * _PEAK

    @property
    def journeys(self) -> float:
        """Return how many journeys the events are of."""
        return self.events / _FACTS


SIZES = (
    Size("one municipality", 1, 1e6, 1e5),
    Size("one Land", 54, 1e8, 1e7),
    Size("one country", 252, 4.7e8, 4.7e7),
)
_LIVE = ("broker", "PostgreSQL", "relay and clock", "stations", "all others")
_MEMORY = ("kette relay with its clock", "kette consume, stations", "kette consume, all")


@dataclass(frozen=True, slots=True)
class Costs:
    """The measured figures by name, and what they come to together."""

    of: Mapping[str, float]

    @property
    def live(self) -> float:
        """Return the CPU seconds of an event on its whole way, one at a time."""
        shares = [self.of[f"live, {name}, CPU"] for name in _LIVE]
        return (sum(shares) + self.of["append, CPU of the caller"]) * _MICRO

    @property
    def memory(self) -> float:
        """Return the GiB of an installation without the broker."""
        peaks = [self.of[f"{name}, peak memory"] for name in _MEMORY]
        return (sum(peaks) + self.of["PostgreSQL, memory"] + _SERVE_MEBIBYTES) * _MEBI

    @property
    def wire(self) -> float:
        """Return the bytes of an event between machines: produced, replicated, read, and the standby."""
        topic = self.of["topic one at a time, stored"]
        row = self.of["journal, a row as it is read"]
        copies = topic * (_REPLICAS + _GROUPS)
        return copies + self.of["journal, written ahead"] + row * (1 + 2 * _FACTS)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: what, by which formula, and its value for a size."""

    what: str
    formula: str
    value: Callable[[Costs, Size], float]
    form: str = ",.1f"


LINES: Sequence[Line] = (
    Line("installations, journals, databases", "given", lambda _, size: size.installations, ",.0f"),
    Line("events in all, million", "given", lambda _, size: size.events / 1e6, ",.0f"),
    Line("events a year, million", "given", lambda _, size: size.a_year / 1e6),
    Line(
        "events a second at the peak",
        "a year / 7,200,000 s x 10",
        lambda _, size: size.peak,
        ",.2f",
    ),
    Line(
        "cores for events at the peak",
        "peak x live",
        lambda cost, size: size.peak * cost.live,
        ",.3f",
    ),
    Line(
        "cores at rest",
        "installations x at rest",
        lambda cost, size: size.installations * cost.of["at rest, all but the broker"] / 100,
        ",.2f",
    ),
    Line(
        "clock, core minutes a day",
        "events / 47 x a day going by / 60",
        lambda cost, size: size.journeys * cost.of["clock, a day going by"] * _MICRO / 60,
        ",.2f",
    ),
    Line(
        "new rules: every journey looked at, core hours",
        "events / 47 x looked at / 3600",
        lambda cost, size: size.journeys * cost.of["clock, a journey looked at"] * _MICRO / 3600,
        ",.2f",
    ),
    Line(
        "a new topic generation, core hours",
        "events x relay in bulk / 3600",
        lambda cost, size: size.events * cost.of["relay in bulk, CPU"] * _MICRO / 3600,
        ",.2f",
    ),
    Line(
        "stations from the journal anew, core hours",
        "events x consumer in bulk / 3600",
        lambda cost, size: size.events * cost.of["consumer in bulk, stations, CPU"] * _MICRO / 3600,
        ",.2f",
    ),
    Line(
        "journal, GB",
        "events x journal stored",
        lambda cost, size: size.events * cost.of["journal, stored"] * _GIGA,
    ),
    Line(
        "read models, GB (twice that while rebuilt)",
        "events x read models stored",
        lambda cost, size: size.events * cost.of["read models, stored"] * _GIGA,
    ),
    Line(
        "written ahead, GB a year",
        "a year x written ahead",
        lambda cost, size: size.a_year * cost.of["journal, written ahead"] * _GIGA,
    ),
    Line(
        "topics, GB for 7 days on 3 brokers",
        "a year / 52 x topic stored x 3",
        lambda cost, size: (
            size.a_year / _WEEKS * cost.of["topic one at a time, stored"] * _REPLICAS * _GIGA
        ),
        ",.3f",
    ),
    Line(
        "partitions with their replicas",
        "installations x 41 x 3",
        lambda _, size: size.installations * _PARTITIONS * _REPLICAS,
        ",.0f",
    ),
    Line(
        "memory without brokers, GiB",
        "installations x memory",
        lambda cost, size: size.installations * cost.memory,
    ),
    Line(
        "network at the peak, kB/s",
        "peak x wire",
        lambda cost, size: size.peak * cost.wire / 1000,
    ),
)


def table(costs: Costs) -> str:
    """Return the table in Markdown."""
    names = " | ".join(size.name for size in SIZES)
    rows = [f"| what | formula | {names} |", "|---|---|" + "--:|" * len(SIZES)]
    for line in LINES:
        values = " | ".join(format(line.value(costs, size), line.form) for size in SIZES)
        rows.append(f"| {line.what} | {line.formula} | {values} |")
    return "\n".join(rows)


def main() -> None:
    """Read figures, print the costs that are sums, and the table."""
    told = (json.loads(line) for line in sys.stdin if line.startswith("{"))
    costs = Costs({one["figure"]: float(one["measured"]) for one in told})
    print(
        f"live {costs.live * 1e3:.1f} ms CPU an event, memory {costs.memory:.2f} GiB an installation,"
        f" wire {costs.wire / 1e3:.1f} kB an event\n"
    )
    print(table(costs))


if __name__ == "__main__":
    main()
