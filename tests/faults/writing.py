"""Many writers in a process of its own, told what to write; each acknowledged append is noted at once.

Its file holds a line ``<command> <first position> <count>`` each, or ``! <error>`` where a writer gave up.
Processes are forked from one that has imported everything: many are killed, and each starts at once.
"""

import multiprocessing
import os
import random
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from uuid import UUID

from consumers.views import follow
from domain.days import PartialDate
from domain.errors import KetteError
from domain.events.registry import read_fact
from domain.journal import Actor, Append, Entry, Outcome
from infra.journal import JournalRecorder
from infra.keys import KeyRing
from infra.tail import Tail
from infra.views import ViewStore
from projections.catalogue import KEPT
from tests.faults.journals import patiently_opened

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])
FACTS = ("CaseOpened", "ContactHeld", "NoteTaken", "TitleGranted", "CourseRegistered")


@dataclass(frozen=True)
class Orders:
    """What a process is to write.

    Attributes:
        dsn: Where to.
        keys: What seals; every process opens a connection of its own to it.
        seed: What everything random is drawn from.
        threads: How many writers, each with connections of its own.
        events: How many each of them writes.
        sizes: Of how many events an append may be.
        conflicts: The share of appends that expect a wrong version.
        shared: How many journeys all writers of all processes write to.
        pause: Seconds between two appends of a writer.
        views: Whether the process also keeps the read models, as ``kette serve`` does.
    """

    dsn: str
    keys: KeyRing
    seed: int
    threads: int
    events: int
    sizes: tuple[int, ...] = (1, 1, 5, 20)
    conflicts: float = 0.05
    shared: int = 8
    pause: float = 0.0
    views: bool = False


@dataclass(frozen=True)
class Acknowledged:
    """What a writer was told of an append."""

    command: UUID
    first: int
    count: int


def acknowledged(path: Path) -> tuple[list[Acknowledged], list[str]]:
    """Return what a file says was appended, and why writers gave up.

    The last line of a writer that was killed may be cut off.
    """
    lines = path.read_text().split("\n")[:-1]
    done = [line.split() for line in lines if not line.startswith("!")]
    given_up = [line[2:] for line in lines if line.startswith("!")]
    return [Acknowledged(UUID(c), int(p), int(n)) for c, p, n in done], given_up


def entries(chance: random.Random, count: int) -> tuple[Entry, ...]:
    """Draw some facts."""
    return tuple(
        Entry(
            f"f{chance.getrandbits(64):x}",
            read_fact(chance.choice(FACTS), {}),
            PartialDate(2024, chance.randint(1, 12), chance.randint(1, 28)),
            Actor("anna"),
        )
        for _ in range(count)
    )


class Writer:
    """Appends to journeys of its own and to those that everybody writes to."""

    def __init__(self, orders: Orders, number: int, journal: JournalRecorder) -> None:
        self._orders = orders
        self._journal = journal
        self._chance = random.Random(f"{orders.seed}/{number}")
        self._own: list[tuple[UUID, int]] = []

    def lines(self) -> Iterator[str]:
        """Write what was ordered and yield what was acknowledged."""
        written = 0
        while written < self._orders.events:
            count = min(self._chance.choice(self._orders.sizes), self._orders.events - written)
            request, first = self._appended(count)
            yield f"{request.command_id} {first} {count}\n"
            written += count
            time.sleep(self._orders.pause)

    def _appended(self, count: int) -> tuple[Append, int]:
        """Append to a journey; where somebody else was first, expect what stands there and go on."""
        journey, version = self._drawn()
        facts = entries(self._chance, count)
        while True:
            wrong = self._chance.random() < self._orders.conflicts
            requests = [self._asked(journey, version + 7 * wrong, facts)]
            answer = self._journal.append(requests)[0]
            if answer.first_position is not None:
                break
            assert answer.outcome is Outcome.CONFLICT
            if not wrong:
                version = self._version(journey)
        if journey.int >= self._orders.shared:
            self._own.append((journey, version + count))
        return requests[0], answer.first_position

    def _asked(self, journey: UUID, version: int, facts: Sequence[Entry]) -> Append:
        command = UUID(int=self._chance.getrandbits(128))
        return Append(command, b"asked", journey, version, tuple(facts))

    def _drawn(self) -> tuple[UUID, int]:
        """Draw a journey and say at which version it stands: a shared one, one begun, or a new one."""
        drawn = self._chance.random()
        if self._orders.shared and drawn < 0.1:
            journey = UUID(int=self._chance.randrange(self._orders.shared))
            return journey, self._version(journey)
        if self._own and drawn < 0.5:
            return self._own.pop(self._chance.randrange(len(self._own)))
        return UUID(int=self._chance.getrandbits(128)), 0

    def _version(self, journey: UUID) -> int:
        last = self._journal.select_events(journey, desc=True, limit=1)
        return last[0].originator_version if last else 0


def keep_views(orders: Orders) -> None:
    """Keep the read models until the process ends."""
    with ViewStore(orders.dsn, orders.keys) as views:
        follow(Tail(orders.dsn), views, KEPT, threading.Event(), time.monotonic)


def started(orders: Orders, path: Path) -> ForkServerProcess:
    """Start a process that carries orders out and notes in a file what was acknowledged."""
    process = _FORKS.Process(target=carry_out, args=(orders, path))
    process.start()
    return process


def carry_out(orders: Orders, path: Path) -> None:
    """Let every writer write, and note what was acknowledged the moment it is."""
    notes = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def write(number: int) -> None:
        try:
            with patiently_opened(orders.dsn, orders.keys) as journal:
                for line in Writer(orders, number, journal).lines():
                    os.write(notes, line.encode())
        except KetteError as error:
            os.write(notes, f"! {error.code}: {error}\n".encode())

    if orders.views:
        threading.Thread(target=keep_views, args=(orders,), daemon=True).start()
    with ThreadPoolExecutor(orders.threads) as pool:
        list(pool.map(write, range(orders.threads)))
