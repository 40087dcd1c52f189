"""A whole population read from the journal: evaluated under all rules, and simulated under a changed bound.

``python -m bench.population`` prints the figures. Journeys of 100 facts are made of the invented people of the
demo, laid into an empty journal as history; two processes read half of the journeys each.
"""

import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain, cycle, islice
from uuid import UUID, uuid5

from bench.compiled import compiled
from bench.figures import Figure
from bench.store import Store, fresh_store
from domain.chain.bounds import Change, Unit
from domain.events.registry import read_fact
from domain.journal import Append, Entry
from infra.history import HistoryLoad
from infra.municipalities import municipality
from infra.population.generation import DEMO_DAY, generate
from infra.spreadsheets.rows import FactRow
from kette.question_commands import simulated

_NAMES = UUID(int=0x706F70)
_FACTS, _PROCESSES = 100, 2
_SMALL, _LARGE = 1_000, 10_000
_BATCH = 50
_EVE = datetime(2026, 11, 22, 12, tzinfo=UTC)
_NOTHING: list[Change] = []
_LONGER = [Change("S05.weeks", 8, Unit.WEEKS)]
_MIB = 1024


def figures() -> list[Figure]:
    """Measure a small and a large population, each in a journal of its own."""
    with compiled():
        small, large = _measured(_SMALL), _measured(_LARGE)
    growth = (large["evaluate"] / _LARGE) / (small["evaluate"] / _SMALL)
    return [
        Figure(
            f"evaluate {_LARGE:,} journeys of {_FACTS} facts from the journal",
            large["evaluate"],
            "s",
            at_most=60.0,
            beside=f"{_LARGE * _FACTS / large['evaluate']:,.0f} facts/s, {_PROCESSES} processes",
        ),
        Figure(
            f"simulate over {_LARGE:,} journeys",
            large["simulate"],
            "s",
            at_most=60.0,
            beside="--set S05.weeks=P8W",
        ),
        Figure(
            f"a journey's time, {_LARGE:,} journeys / {_SMALL:,} journeys",
            growth,
            "x",
            at_most=1.3,
            beside=f"{1000 * small['evaluate'] / _SMALL:.2f} ms to "
            f"{1000 * large['evaluate'] / _LARGE:.2f} ms a journey",
        ),
        Figure("memory of the largest process", large["memory"], "MiB", at_most=500.0),
    ]


def _measured(journeys: int) -> dict[str, float]:
    with fresh_store() as store:
        upto = fill(store, journeys)
        return {
            "evaluate": _seconds(store, upto, _NOTHING),
            "simulate": _seconds(store, upto, _LONGER),
            "memory": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / _MIB,
        }


def _seconds(store: Store, upto: int, changes: list[Change]) -> float:
    begun = time.perf_counter()
    simulated((store.dsn, store.keys), upto, changes, DEMO_DAY, _PROCESSES)
    return time.perf_counter() - begun


def fill(store: Store, journeys: int) -> int:
    """Lay journeys into an empty journal and return its head."""
    facts = _facts()
    with HistoryLoad(store.dsn, store.keys) as journal:
        for begin in range(0, journeys, _BATCH):
            some = range(begin, min(begin + _BATCH, journeys))
            journal.append([_append(number, list(islice(facts, _FACTS))) for number in some])
        journal.finish()
    return journeys * _FACTS


def _facts() -> Iterator[FactRow]:
    """Yield the facts of the demo's people, person by person, over and over."""
    people: dict[str, list[FactRow]] = {}
    for row in generate(municipality("herne"), 500, 1).rows:
        if not row.type.startswith("Event"):
            people.setdefault(row.person, []).append(row)
    return cycle(chain.from_iterable(people.values()))


_READ: dict[int, Entry] = {}


def _append(number: int, rows: list[FactRow]) -> Append:
    entries = tuple(_entry(row, place) for place, row in enumerate(rows))
    journey = uuid5(_NAMES, str(number))
    return Append(uuid5(_NAMES, f"command {number}"), b"", journey, 0, entries, _EVE)


def _entry(row: FactRow, place: int) -> Entry:
    known = _READ.get(id(row))
    if known is None:
        fact = read_fact(row.type, row.attributes)
        known = _READ[id(row)] = Entry(row.number or "", fact, row.occurred_on)
    return Entry(f"{known.id}-{place}", known.fact, known.occurred_on)


def main() -> None:
    """Print the figures."""
    for one in figures():
        print(f"{one.name:64} {one.measured:8.2f} {one.unit}  {one.target}  {one.beside}")


if __name__ == "__main__":
    main()
