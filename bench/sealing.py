"""What sealing, chain and leaf take of an append: the whole append against the same without them.

Three journals on one server take the same facts in turn: the journal as it is; the same leaving payloads unsealed;
and one whose function neither seals nor chains (``plain.sql``: no header, no digest of the ciphertext, no leaf before,
no leaf). ``python -m bench.sealing`` prints the shares; :func:`figures` returns them.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

import psycopg

from bench import cpu
from bench.figures import Figure
from bench.store import Store, fresh_store
from domain.events.registry import read_fact
from domain.journal import Actor, Append, Entry, Outcome
from infra.group import GroupAppender
from infra.journal import JournalRecorder, open_journal
from infra.migrations import migrate
from infra.municipalities import municipality
from infra.population.generation import generate
from infra.request import PlainPacker, Sealer

_PLAIN_SQL = Path(__file__).with_name("plain.sql")
_ACTOR = Actor("anna", "case_manager", "ki")
_PEOPLE = 40
_CALLERS = 8
_AT_MOST = 25.0
_MICRO = 1e6
_FULL, _UNSEALED, _PLAIN = "whole", "unsealed", "plain"


class Took(NamedTuple):
    """Seconds of a run: by the clock, of this process, and of the servers."""

    elapsed: float
    client: float
    servers: float

    @property
    def used(self) -> float:
        """Return the processor time of all that took part."""
        return self.client + self.servers


Round = Mapping[str, Took]
Appends = Sequence[Append]


class Shape(NamedTuple):
    """How appends are handed in.

    Attributes:
        name: The figure's name.
        requests: How many go in one call.
        calls: How many calls a round makes.
        together: Whether many threads hand them to the group appender.
        new: Whether each is the first of its journey, so that its keys have to be made.
    """

    name: str
    requests: int
    calls: int
    together: bool = False
    new: bool = False


SHAPES = (
    Shape("one event a call", 1, 60),
    Shape("10 a call", 10, 20),
    Shape("100 a call", 100, 5),
    Shape(f"{_CALLERS} callers, gathered", 1, 240, together=True),
    Shape("new journeys, one a call", 1, 40, new=True),
    Shape("new journeys, 100 a call", 100, 3, new=True),
)


class Journeys:
    """Journeys of one journal, and the appends that go on with them."""

    def __init__(self, facts: Sequence[Entry], count: int = 200) -> None:
        self._facts = cycle(facts)
        self._versions = {uuid4(): 0 for _ in range(count)}
        self._turn = cycle(self._versions)

    def appends(self, count: int, *, new: bool = False) -> list[Append]:
        """Return appends of one fact each, every one to another journey."""
        journeys = [uuid4() for _ in range(count)] if new else list(islice(self._turn, count))
        return [self._append(one) for one in journeys]

    def _append(self, journey: UUID) -> Append:
        version = self._versions.get(journey, 0)
        if journey in self._versions:
            self._versions[journey] += 1
        return Append(uuid4(), b"body", journey, version, (next(self._facts),))


class Side(NamedTuple):
    """One of the journals, its group appender, and its journeys."""

    journal: JournalRecorder
    group: GroupAppender
    journeys: Journeys


@contextmanager
def _sides(store: Store) -> Iterator[Mapping[str, Side]]:
    """Open the three journals; each in a database of its own on the same server."""
    facts = _facts()
    with ExitStack() as stack:
        found = {}
        for name in (_FULL, _UNSEALED, _PLAIN):
            journal = stack.enter_context(open_journal(_database(store, name), store.keys))
            if name != _FULL:
                journal.sealer = Sealer(store.keys.secret, PlainPacker())
            group = stack.enter_context(GroupAppender(journal))
            found[name] = Side(journal, group, Journeys(facts))
        yield found


def _database(store: Store, name: str) -> str:
    with psycopg.connect(store.server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    dsn = store.server.dsn(name)
    migrate(dsn, municipality("herne").tenant)
    if name == _PLAIN:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(_PLAIN_SQL.read_bytes())
    return dsn


def _facts() -> list[Entry]:
    """Return the facts of some people of the demo, in the order in which they were told."""
    rows = generate(municipality("herne"), _PEOPLE, 1).rows
    return [
        Entry(
            row.number or f"f{place}", read_fact(row.type, row.attributes), row.occurred_on, _ACTOR
        )
        for place, row in enumerate(rows)
        if not row.type.startswith("Event")
    ]


def _run(side: Side, shape: Shape, store: Store) -> Took:
    """Hand in one round's appends and return what that took; they are made before."""
    calls = [side.journeys.appends(shape.requests, new=shape.new) for _ in range(shape.calls)]
    servers = (store.server, store.key_server)
    before, client, began = cpu.servers(servers), cpu.client(), time.perf_counter()
    (_together if shape.together else _alone)(side, calls)
    elapsed = time.perf_counter() - began
    return Took(elapsed, cpu.client() - client, cpu.servers(servers) - before)


def _alone(side: Side, calls: Sequence[Appends]) -> None:
    for one in calls:
        _check(side.journal.append(one)[0].outcome)


def _together(side: Side, calls: Sequence[Appends]) -> None:
    def share(mine: Sequence[Appends]) -> None:
        for one in mine:
            _check(side.group.append(one)[0].outcome)

    with ThreadPoolExecutor(_CALLERS) as pool:
        list(pool.map(share, [calls[place::_CALLERS] for place in range(_CALLERS)]))


def _check(outcome: Outcome) -> None:
    if outcome is not Outcome.APPENDED:
        raise RuntimeError(f"an append was answered with {outcome}")


def _rounds(store: Store, sides: Mapping[str, Side], shape: Shape, rounds: int) -> list[Round]:
    """Run all in turn; who goes first changes every round. The first one warms up."""
    names = list(sides)
    found = []
    for place in range(rounds + 1):
        first = place % len(names)
        order = names[first:] + names[:first]
        found.append({name: _run(sides[name], shape, store) for name in order})
    return found[1:]


def figures(rounds: int = 31) -> list[Figure]:
    """Measure every shape on one server."""
    with fresh_store() as store, _sides(store) as sides:
        for side in sides.values():
            side.journal.append(side.journeys.appends(200))
        return [_figure(shape, _rounds(store, sides, shape, rounds)) for shape in SHAPES]


def _figure(shape: Shape, rounds: Sequence[Round]) -> Figure:
    events = shape.requests * shape.calls

    def each(
        name: str, of: Callable[[Took], float], one_of: Callable[[Iterator[float]], float]
    ) -> float:
        return one_of(of(one[name]) for one in rounds) / events * _MICRO

    names = (_FULL, _UNSEALED, _PLAIN)
    whole, unsealed, plain = (each(name, _elapsed, statistics.median) for name in names)
    used, used_unsealed, used_plain = (each(name, _used, min) for name in names)
    return Figure(
        f"sealing, chain and leaf: {shape.name}",
        statistics.median(_share(one, _elapsed) for one in rounds),
        "% of the append",
        at_most=None if shape.new else _AT_MOST,
        beside=f"{whole:,.0f} us an event, {unsealed:,.0f} unsealed, {plain:,.0f} plain; CPU at best {used:,.0f} us: "
        f"sealing {used - used_unsealed:,.0f}, chain and leaf {used_unsealed - used_plain:,.0f} "
        f"({100 * (1 - used_plain / used):.0f} %)",
    )


def _share(one: Round, of: Callable[[Took], float]) -> float:
    return 100 * (1 - of(one[_PLAIN]) / of(one[_FULL]))


def _elapsed(took: Took) -> float:
    return took.elapsed


def _used(took: Took) -> float:
    return took.used


def main() -> None:
    """Print the figures."""
    for one in figures():
        print(f"{one.name:52} {one.measured:6.1f} {one.unit}  {one.beside}")


if __name__ == "__main__":
    main()
