"""The relay: the journal speaks on a topic, each record once and in order, by one leader at a time.

It is made to be killed: progress goes out with what it speaks of, and after any failure everything is
thrown away and begun again from where the topic stands. Nothing is ever skipped.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn, Protocol
from uuid import UUID

from consumers.relay_batch import Places, Step, advanced, steps
from domain.crossings import Crossing
from domain.errors import KetteError
from domain.outgoing import Outgoing
from domain.publishing import (
    DivergedError,
    FencedError,
    Progress,
    PublishingFailedError,
    RecordRefusedError,
    Standing,
)
from schemas.wire import Message, Origin

_AWAY = frozenset({"journal-unavailable", "journal-busy"})
_RING_SECONDS = 0.5
_STANDBY_SECONDS = 0.5
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0
_DOUBLINGS = 6


class Outbox(Protocol):
    """The journal and its second outbox, as the one who leads reads them."""

    def lead(self) -> bool:
        """Become the one who publishes; False if another is."""
        ...

    def resign(self) -> None:
        """Give up the lead."""
        ...

    def ends(self) -> Standing:
        """Return where both outboxes stand, also for who does not lead."""
        ...

    def standing(self) -> Standing:
        """Return where both outboxes stand; up to there it is known which journeys are erased."""
        ...

    def leaf(self, position: int) -> bytes | None:
        """Return the digest of the record at a position; None if nothing stands there."""
        ...

    def facts(self, after: int, limit: int) -> Sequence[Outgoing]:
        """Return what follows a position, no further than the last standing."""
        ...

    def crossings(self, after: int, upto: int, limit: int) -> Sequence[Crossing]:
        """Return the crossings after a number, up to the first whose basis lies beyond a position."""
        ...

    def erased_at(self, journey: UUID) -> int | None:
        """Return the position that erased a journey; None if none did, as far as is known."""
        ...

    def wait(self, seconds: float) -> None:
        """Wait until something may have been recorded, at most for a while."""
        ...


class Publisher(Protocol):
    """A topic that takes batches whole or not at all."""

    def begin(self) -> Progress | None:
        """Take the place of whoever published before, and return how far it came."""
        ...

    def seen(self) -> Progress | None:
        """Return how far the topic came, and take nobody's place; None if nothing was published."""
        ...

    def start(self, messages: Sequence[Message], progress: Progress) -> None:
        """Begin to publish messages and the progress after them."""
        ...

    def finish(self) -> None:
        """Wait until what was begun is published."""
        ...

    def abandon(self) -> None:
        """Throw away what was begun."""
        ...


class Report(Protocol):
    """Who is told how it goes."""

    def standby(self, seen: Progress | None) -> None:
        """Another relay leads; this one waits. The topic stands here, where that was looked up."""
        ...

    def reached(self, progress: Progress, done: Sequence[Step]) -> None:
        """The topic stands here now, after these steps (none when the lead was taken)."""
        ...

    def failed(self, error: KetteError, reason: str, pause: float) -> None:
        """Everything is thrown away and begun again after a pause."""
        ...

    def refused(self, step: Step, error: RecordRefusedError) -> None:
        """The broker refuses this step, and nothing goes out before it passes."""
        ...

    def fenced(self) -> None:
        """Another relay took the place."""
        ...


@dataclass(frozen=True, slots=True)
class Orders:
    """How to publish.

    Attributes:
        run: Which run of the program this is.
        batch: At most so many facts, and so many crossings, in one batch.
        until_caught_up: End when the topic stands where the journal does.
        patience: Give up after so many seconds without success; None never does.
        anew: The topic is a new one that is being filled: refuse one that stood complete before.
    """

    run: UUID
    batch: int = 500
    until_caught_up: bool = False
    patience: float | None = None
    anew: bool = False


class CompleteError(KetteError):
    """The topic that was to be filled has stood where the journal did already."""

    code = "complete"


@dataclass(frozen=True, slots=True)
class World:
    """What is not decided here: time, chance and when to end."""

    stopped: Callable[[], bool]
    pause: Callable[[float], object]
    chance: Callable[[], float]
    clock: Callable[[], float]


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """A batch that was begun, and the progress after it."""

    part: Sequence[Step]
    after: Progress


@dataclass(frozen=True, slots=True)
class _Narrowed:
    """A record up to some progress was refused: go on in small steps until it stands alone."""

    width: int
    until: Progress
    alone: bool


class Relay:
    """Publishes the outbox until it is stopped; one thread."""

    def __init__(
        self,
        outbox: Outbox,
        publisher: Publisher,
        report: Report,
        places: Places,
        orders: Orders,
        world: World,
    ) -> None:
        self._outbox = outbox
        self._publisher = publisher
        self._report = report
        self._places = places
        self._orders = orders
        self._world = world
        self._under_way: _UnderWay | None = None
        self._narrowed: _Narrowed | None = None
        self._failures = 0
        self._good_at = world.clock()

    def run(self) -> None:
        """Publish until stopped, or until the topic stands where the journal does.

        Raises:
            DivergedError: If the topic does not hold the beginning of this journal.
            FencedError: If another relay took the place.
            PublishingFailedError: If patience is at its end; so the other errors of a failure.
            CompleteError: If the topic was to be filled anew and stood complete before.
        """
        try:
            while not self._world.stopped():
                if self._attempt():
                    return
        except FencedError:
            self._report.fenced()
            raise
        finally:
            self._let_go()

    def _attempt(self) -> bool:
        """Lead and publish until something fails; say whether all is done."""
        try:
            if self._outbox.lead():
                return self._publish_all(self._begun())
            return self._stand_by()
        except (PublishingFailedError, RecordRefusedError) as error:
            self._recover(error, getattr(error, "reason", error.code))
        except KetteError as error:
            if error.code not in _AWAY:
                raise
            self._recover(error, error.code)
        return False

    def _begun(self) -> Progress:
        """Take the place on the topic and return from where to go on."""
        stored = self._publisher.begin()
        standing = self._outbox.standing()
        if stored is None:
            begun = Progress(0, b"", 0, standing.epoch, self._orders.run)
        else:
            check(stored, standing, self._outbox.leaf(stored.position))
            self._refuse_complete(stored)
            begun = replace(stored, run=self._orders.run)
        self._report.reached(begun, ())
        return begun

    def _refuse_complete(self, stored: Progress) -> None:
        orders = self._orders
        if orders.anew and stored.complete and stored.run != orders.run:
            raise CompleteError(f"the topic stands complete at position {stored.position}")

    def _publish_all(self, progress: Progress) -> bool:
        """Publish batch after batch; while one is under way, the next is read and encoded."""
        while not self._world.stopped():
            standing = self._outbox.standing()
            waiting = self._steps(progress, standing)
            self._finish()
            if waiting:
                progress = self._start(waiting, progress, standing)
            elif self._orders.until_caught_up:
                return True
            else:
                self._outbox.wait(_RING_SECONDS)
        self._finish()
        return False

    def _steps(self, progress: Progress, standing: Standing) -> list[Step]:
        """Return what is to be published next."""
        limit = self._orders.batch
        facts = self._outbox.facts(progress.position, limit)
        upto = facts[-1].position if facts else progress.position
        crossings: Sequence[Crossing] = ()
        if standing.crossing > progress.crossing:
            crossings = self._outbox.crossings(progress.crossing, upto, limit)
        origin = Origin(self._places.source, progress.epoch)
        return steps(self._places, origin, facts, crossings, self._outbox.erased_at)

    def _start(self, waiting: Sequence[Step], progress: Progress, standing: Standing) -> Progress:
        """Begin a batch, or as much of it as is taken at once; return the progress after it."""
        part = waiting if self._narrowed is None else waiting[: self._narrowed.width]
        after = advanced(progress, part, standing)
        self._under_way = _UnderWay(part, after)
        self._publisher.start([one for step in part for one in step.messages], after)
        return after

    def _finish(self) -> None:
        """Wait until the batch that is under way is published."""
        if self._under_way is None:
            return
        part, after = self._under_way.part, self._under_way.after
        self._under_way = None
        try:
            self._publisher.finish()
        except RecordRefusedError as error:
            self._narrow(part, after, error)
            raise
        if self._narrowed is not None and _reaches(after, self._narrowed.until):
            self._narrowed = None
        self._failures = 0
        self._good_at = self._world.clock()
        self._report.reached(after, part)

    def _narrow(self, part: Sequence[Step], after: Progress, error: RecordRefusedError) -> None:
        """Take half as much next time; what stands alone and is refused is reported."""
        alone = len(part) == 1
        if alone:
            self._report.refused(part[0], error)
        until = after if self._narrowed is None else self._narrowed.until
        self._narrowed = _Narrowed(max(1, len(part) // 2), until, alone)

    def _stand_by(self) -> bool:
        """Wait while another publishes; say whether it has done all that was asked for."""
        seen = self._publisher.seen() if self._orders.until_caught_up else None
        self._report.standby(seen)
        if seen is not None and _holds(seen, self._outbox.ends()):
            return True
        self._give_up_late(
            PublishingFailedError("another relay publishes this topic already", "standby")
        )
        self._world.pause(_STANDBY_SECONDS)
        return False

    def _recover(self, error: KetteError, reason: str) -> None:
        """Throw everything away and wait; full jitter keeps twins from meeting again and again."""
        self._let_go()
        self._give_up_late(error)
        pause = self._world.chance() * self._longest_pause(error)
        self._report.failed(error, reason, pause)
        self._world.pause(pause)

    def _longest_pause(self, error: KetteError) -> float:
        """Return no time while a refused record is being found, else more after every failure."""
        if isinstance(error, RecordRefusedError) and not (self._narrowed and self._narrowed.alone):
            return 0.0
        self._failures = min(self._failures + 1, _DOUBLINGS)
        return min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0**self._failures)

    def _give_up_late(self, error: KetteError) -> None:
        patience = self._orders.patience
        if patience is not None and self._world.clock() - self._good_at > patience:
            raise error

    def _let_go(self) -> None:
        self._under_way = None
        self._publisher.abandon()
        self._outbox.resign()


def check(stored: Progress, standing: Standing, leaf: bytes | None) -> None:
    """Make sure that a topic holds the beginning of this journal.

    Args:
        stored: How far the topic came.
        standing: Where the journal stands.
        leaf: Digest of the record that stands in the journal where the topic stands.

    Raises:
        DivergedError: If it does not.
    """
    if stored.epoch != standing.epoch:
        _diverged(
            f"the topic holds another journal (log epoch {stored.epoch}, this one is {standing.epoch})"
        )
    if stored.position > standing.position:
        _diverged(
            f"the topic stands at position {stored.position}, the journal ends at {standing.position}:"
            " it lost its end, perhaps it was restored from an older backup"
        )
    if stored.crossing > standing.crossing:
        _diverged(
            f"the topic stands at crossing {stored.crossing}, the second outbox ends at"
            f" {standing.crossing}: it lost its end, perhaps it was restored from an older backup"
        )
    if stored.position and stored.leaf != leaf:
        _diverged(f"at position {stored.position} the topic holds another record than the journal")


def _diverged(what: str) -> NoReturn:
    raise DivergedError(
        f"{what}; publish a new generation of the topic with `kette republish --generation N`"
    )


def _holds(progress: Progress, standing: Standing) -> bool:
    return (
        progress.epoch == standing.epoch
        and progress.position == standing.position
        and progress.crossing == standing.crossing
    )


def _reaches(progress: Progress, other: Progress) -> bool:
    return progress.position >= other.position and progress.crossing >= other.crossing
