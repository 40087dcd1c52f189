"""A member of a consumer group: poll, read, sift, fold, and write rows and offsets in one transaction.

The truth about how far a partition is read stands beside the rows, never at the broker; whoever takes a
partition over raises its generation, so that a member that lost it without knowing can write nothing.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from consumers.arrivals import Arrival, arrival
from consumers.handling import Handler, changed, without
from domain.arrived import Arrived, Place, Span
from domain.errors import KetteError
from projections.change import Change, Standing
from schemas.codec import UndecodableError

_AWAY = frozenset({"journal-unavailable", "journal-busy", "kafka-away"})
_WATCH_SECONDS = 5.0
_SETTLE_SECONDS = 60.0

Records = Mapping[int, Sequence[Arrived]]
Tell = Callable[[str], None]


class Source(Protocol):
    """The group's subscription, as one member has it."""

    def poll(self, seconds: float, most: int) -> tuple[Records, Collection[int] | None]:
        """Return what arrived by partition, and the partitions held if they were dealt anew.

        Partitions that were dealt anew yield nothing until :meth:`start` says from where.
        """
        ...

    def start(self, places: Mapping[int, int]) -> None:
        """Go on reading partitions from these offsets."""
        ...

    def hold(self) -> None:
        """Read nothing until started again, and stay in the group."""
        ...

    def rejoin(self) -> None:
        """Leave the group and join it anew."""
        ...

    def behind(self) -> Mapping[int, int]:
        """Return how many offsets lie between what was read and the end, by partition held."""
        ...

    def positions(self) -> Mapping[int, int]:
        """Return from which offset each partition held goes on, past the markers of transactions."""
        ...

    def note(self, offsets: Mapping[int, int]) -> None:
        """Tell the broker how far one has come, for whoever watches the group."""
        ...


class Store(Protocol):
    """The tables of the group, and how far they have come."""

    def claim(self, partitions: Collection[int]) -> Mapping[int, Place]:
        """Take partitions over: raise their generation and return where they stand."""
        ...

    def places(self, partitions: Collection[int]) -> Mapping[int, Place]:
        """Return where partitions stand."""
        ...

    def standing(self, journeys: Collection[UUID]) -> Standing:
        """Return what stands of some journeys."""
        ...

    def write(self, spans: Sequence[Span], change: Change) -> bool:
        """Write a change and move the offsets in one transaction.

        Returns:
            False, and nothing is written, if a partition stands elsewhere or somebody took it over.
        """
        ...

    def refused(self, change: Change) -> frozenset[UUID]:
        """Return the journeys whose rows the database does not take; nothing is written."""
        ...


class DeadLetters(Protocol):
    """Where records go that cannot be read."""

    def put(self, raw: Arrived, reason: str) -> None:
        """Put a record aside for good, with its coordinates; returns when it is safe."""
        ...


@dataclass(slots=True)
class Counted:
    """What a member did so far."""

    read: int = 0
    written: int = 0
    known: int = 0
    parked: int = 0
    dead: int = 0
    rejoined: int = 0


@dataclass(frozen=True, slots=True)
class Timing:
    """Clock, dice and patience of a member.

    Attributes:
        clock: Seconds that only go forward.
        dice: A number from 0 to 1, anew each time.
        slowest: Longest pause between attempts, in seconds.
        patience: How long an assigned partition may yield nothing although its end lies ahead.
        most: How many records are taken at once.
    """

    clock: Callable[[], float]
    dice: Callable[[], float]
    slowest: float = 10.0
    patience: float = 30.0
    most: int = 2_000


@dataclass(slots=True)
class Member:
    """One member of the group, driven step by step by whoever runs it."""

    source: Source
    store: Store
    letters: DeadLetters
    handler: Handler
    epoch: bytes
    timing: Timing
    tell: Tell
    counted: Counted = field(default_factory=Counted)
    _places: dict[int, Place] = field(default_factory=dict)
    _held: frozenset[int] = frozenset()
    _dealt: bool = False
    _waits: bool = True
    _not_before: float = 0.0
    _attempts: int = 0
    _moved: dict[int, float] = field(default_factory=dict)
    _watched: float = 0.0
    _settle_at: float = 0.0

    @property
    def held(self) -> frozenset[int]:
        """Return the partitions that this member was dealt."""
        return self._held

    def step(self, seconds: float = 0.5) -> int:
        """Poll once and write what came; return how many records that were.

        What is away is waited for: the member reads nothing meanwhile and stays in the group.

        Raises:
            KetteError: If going on would be wrong: another journal, a lost stretch of the topic.
        """
        try:
            records, dealt = self.source.poll(seconds, self.timing.most)
            if dealt is not None:
                self._take(frozenset(dealt))
            return self._go_on(records)
        except KetteError as error:
            if error.code not in _AWAY:
                raise
            self._back_off(error)
            return 0

    def caught_up(self) -> bool:
        """Say whether all that was dealt is read to its end."""
        return self._dealt and not self._waits and not any(self.source.behind().values())

    def _take(self, partitions: frozenset[int]) -> None:
        """Forget what was held; what was dealt is claimed before it is read."""
        self._held = partitions
        self._dealt = True
        self._places.clear()
        self._waits = True
        self._not_before = 0.0

    def _go_on(self, records: Records) -> int:
        if self._waits:
            self._start()
            return 0
        self._watch(records)
        if records:
            return self._write(records)
        self._settle()
        return 0

    def _settle(self) -> None:
        """Move past the markers behind the last record: retention may take them while nothing comes."""
        now = self.timing.clock()
        if self._waits or now < self._settle_at:
            return
        self._settle_at = now + _SETTLE_SECONDS
        ahead = {
            one: at
            for one, at in sorted(self.source.positions().items())
            if one in self._places and at > self._places[one].next_offset
        }
        spans = [
            Span(one, self._places[one].next_offset, at, self._places[one].generation)
            for one, at in ahead.items()
        ]
        if spans and not self.store.write(spans, Change()):
            self._pause()
            return
        for one, at in ahead.items():
            self._places[one] = Place(at, self._places[one].generation)

    def _start(self) -> None:
        """Claim what was dealt, or after a pause find again where one stood."""
        now = self.timing.clock()
        if not self._dealt or now < self._not_before:
            return
        if not self._places:
            self._places = dict(self.store.claim(self._held))
            self._tell_claim()
        elif not self._stands():
            return
        self.source.start({one: place.next_offset for one, place in self._places.items()})
        self._moved = dict.fromkeys(self._places, now)
        self._waits = False
        self._attempts = 0
        self._settle_at = now

    def _tell_claim(self) -> None:
        stands = ", ".join(
            f"{one}@{place.next_offset} (generation {place.generation})"
            for one, place in sorted(self._places.items())
        )
        self.tell(f"claimed: {stands or 'nothing'}")

    def _stands(self) -> bool:
        """Say whether everything held is still one's own, and learn where it stands; else join anew."""
        places = self.store.places(self._held)
        if any(place.generation != self._places[one].generation for one, place in places.items()):
            self.tell("fenced: another member took over; joining the group anew")
            self._join_anew()
            return False
        self._places = dict(places)
        return True

    def _join_anew(self) -> None:
        self._take(frozenset())
        self._dealt = False
        self.counted.rejoined += 1
        self.source.rejoin()

    def _write(self, records: Records) -> int:
        spans = [
            Span(
                one,
                self._places[one].next_offset,
                raws[-1].offset + 1,
                self._places[one].generation,
            )
            for one, raws in sorted(records.items())
        ]
        arrivals = self._read(records)
        standing = self.store.standing(arrivals.keys())
        change = changed(arrivals, standing, self.handler)
        if not self._written(spans, change, arrivals):
            self._pause()
            return 0
        self._count(spans, change)
        read = sum(map(len, records.values()))
        self.counted.read += read
        return read

    def _read(self, records: Records) -> dict[UUID, list[Arrival]]:
        """Read records; what cannot be read is put aside before anything moves past it."""
        found: dict[UUID, list[Arrival]] = {}
        for raws in records.values():
            for raw in raws:
                try:
                    one = arrival(raw, self.epoch)
                except UndecodableError as error:
                    self.letters.put(raw, f"{error.reason}: {error}")
                    self.counted.dead += 1
                    continue
                if one is not None:
                    found.setdefault(one.journey, []).append(one)
        return found

    def _written(
        self, spans: Sequence[Span], change: Change, arrivals: Mapping[UUID, Sequence[Arrival]]
    ) -> bool:
        """Write; rows that the database does not take park their journeys, and the rest is written."""
        try:
            return self.store.write(spans, change)
        except KetteError as error:
            if error.code != "rows-refused":
                raise
            refused = self.store.refused(change)
            return self.store.write(spans, without(change, refused, arrivals, str(error)))

    def _count(self, spans: Sequence[Span], change: Change) -> None:
        now = self.timing.clock()
        for one in spans:
            self._places[one.partition] = Place(one.beyond, one.generation)
            self._moved[one.partition] = now
        self.counted.written += len(change.rows)
        self.counted.known += change.known
        self.counted.parked += len(change.parked)
        for aside in change.parked:
            self.tell(f"parked: journey {aside.journey}, version {aside.version}: {aside.reason}")
        self.source.note({one.partition: one.beyond for one in spans})

    def _back_off(self, error: KetteError) -> None:
        """Wait for what is away, each time longer and by chance, so that not all come back at once."""
        self._pause()
        self._attempts += 1
        longest = min(self.timing.slowest, 0.1 * 2 ** min(self._attempts, 10))
        self._not_before = self.timing.clock() + self.timing.dice() * longest
        self.tell(f"waiting: {error}")

    def _pause(self) -> None:
        self._waits = True
        self.source.hold()

    def _watch(self, records: Records) -> None:
        """Leave and join anew where a partition yields nothing although its end lies ahead."""
        now = self.timing.clock()
        for one in records:
            self._moved[one] = now
        patience = self.timing.patience
        if now - self._watched < min(_WATCH_SECONDS, patience) or not self._silent(now, patience):
            return
        self._watched = now
        behind = self.source.behind()
        stuck = [one for one in self._silent(now, patience) if behind.get(one, 0) > 0]
        if stuck:
            self.tell(
                f"stuck: nothing comes from partitions {stuck}; joining the group anew (if that does not "
                "help, reading may be forbidden: see the ACL lines of `kette topics plan`)"
            )
            self._join_anew()

    def _silent(self, now: float, patience: float) -> list[int]:
        return [one for one, moved in sorted(self._moved.items()) if now - moved > patience]
