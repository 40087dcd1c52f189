"""The clock: what crosses a day in the lives of people is told once, in the journal's second outbox.

It looks at a journey again when a fact came, and on the first day on which something crosses by itself.
It is made to be killed: what is told, and that it is told, are written in one transaction.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from threading import Event
from typing import Protocol

from domain.chain.crossing_days import (
    Courses,
    courses,
    differences,
    in_order,
    in_rounds,
    openly,
    sources,
    undone_by,
)
from domain.chain.reading import told as told_by
from domain.crossings import CrossingKind, Due, Notice, Noticed
from domain.errors import KetteError
from projections.history import history
from projections.status import phases
from projections.status_days import Statuses, status_differences, statuses

_AWAY = frozenset({"journal-unavailable", "journal-busy"})
_JOURNEYS = 32
_RING_SECONDS = 0.5
_PAUSE_SECONDS = 0.5


class Outbox(Protocol):
    """The second outbox, as the one clock that leads writes it."""

    def lead(self) -> bool:
        """Become the clock that writes, or go on being it; False if another one is."""
        ...

    def resign(self) -> None:
        """Let another clock lead."""
        ...

    def take_in(self, today: date) -> date:
        """Note the facts that came and a day that began; return the day to tell up to, which never falls back."""
        ...

    def due(self, limit: int) -> Sequence[Due]:
        """Return the next journeys that have to be looked at; empty if none has."""
        ...

    def tell(self, notices: Sequence[Notice]) -> None:
        """Write what is told of journeys, and that they were looked at, in one transaction."""
        ...

    def told_all(self, today: date) -> bool:
        """Say whether whoever leads has told all that was recorded, and all up to a day."""
        ...

    def wait(self, seconds: float) -> None:
        """Wait for the doorbell, at most for a while."""
        ...


Observer = Callable[[Notice], None]


def _unobserved(_: Notice) -> None:
    """Watch nothing."""


def follow(
    outbox: Outbox, today: Callable[[], date], stop: Event, observe: Observer = _unobserved
) -> None:
    """Tell what crosses until stopped; a database that is away is waited for, a clock that leads as well.

    Args:
        outbox: Where it is told.
        today: Tells the day in Berlin.
        stop: Ends it.
        observe: Is shown what was told of each journey.

    Raises:
        UnreadableRecordError: If a record cannot be read; nothing is skipped.
    """
    while not stop.is_set():
        try:
            if not outbox.lead():
                stop.wait(_PAUSE_SECONDS)
            elif not _tell_some(outbox, outbox.take_in(today()), observe):
                outbox.wait(_RING_SECONDS)
        except KetteError as error:
            if error.code not in _AWAY:
                raise
            outbox.resign()
            stop.wait(_PAUSE_SECONDS)


def catch_up(
    outbox: Outbox, today: date, stop: Event | None = None, observe: Observer = _unobserved
) -> None:
    """Tell all that crossed by a day and was recorded by now; wait where another clock does it."""
    pause = stop or Event()
    while not pause.is_set():
        if outbox.lead():
            day = outbox.take_in(today)
            while _tell_some(outbox, day, observe) and not pause.is_set():
                pass
            return
        if outbox.told_all(today):
            return
        pause.wait(_PAUSE_SECONDS)


def _tell_some(outbox: Outbox, day: date, observe: Observer) -> int:
    """Look at the next journeys; return how many there were."""
    notices = [_noticed(one, day) for one in outbox.due(_JOURNEYS)]
    if notices:
        outbox.tell(notices)
    for one in notices:
        observe(one)
    return len(notices)


def _noticed(due: Due, day: date) -> Notice:
    """Return the notice of a journey; whatever stops the clock says of which one."""
    try:
        return notice(due, day)
    except Exception as error:
        error.add_note(f"while looking at journey {due.journey}")
        raise


def notice(due: Due, day: date) -> Notice:
    """Return what is to be told of a journey so that subscribers know how it stands on a day."""
    known = sources(due.records)
    read = history(told_by(due.records))
    gaps = courses(read.intervals, known, openly(due.records, read.intervals, known))
    fields = statuses(phases(read.derived), known)
    of_fields = [one for one in due.told if one.kind is CrossingKind.STATUS]
    of_gaps = [one for one in due.told if one.kind is not CrossingKind.STATUS]
    undone = undone_by(due.records, due.considered, day)
    revoked, opened = _parted(differences(of_gaps, gaps, day, undone))
    fresh = sorted((*opened, *status_differences(of_fields, fields, day)), key=in_order)
    return Notice(
        due.journey,
        due.version,
        tuple(in_rounds(due.told, (*revoked, *fresh))),
        min((one for one in _days(gaps, fields) if one > day), default=None),
        gaps.withheld,
    )


def _parted(found: Sequence[Noticed]) -> tuple[list[Noticed], list[Noticed]]:
    revoked = [one for one in found if one.kind is CrossingKind.REVOKED]
    return revoked, [one for one in found if one.kind is not CrossingKind.REVOKED]


def _days(gaps: Courses, fields: Statuses) -> Iterator[date]:
    """Yield every day on which something crosses."""
    yield from (one.day for course in gaps.turns.values() for one in course)
    yield from (one.day for course in fields.values() for one in course)
