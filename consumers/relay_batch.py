"""What goes onto a topic in one batch: facts in their order, each crossing after what it rests on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from domain.crossings import Crossing
from domain.outgoing import Outgoing, Withheld
from domain.publishing import Progress, Standing
from schemas.derived import crossing_event
from schemas.public import Subject, public_event, subject_event
from schemas.topics import Topic
from schemas.wire import Message, Origin, crossing_message, fact_message, subject_message

ErasedAt = Callable[[UUID], int | None]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the journal is published, and in whose name.

    Attributes:
        events: The topic of the events.
        subjects: The topic that says of each journey whether it is led or was erased.
        source: A URI reference of the house.
    """

    events: Topic
    subjects: Topic
    source: str


@dataclass(frozen=True, slots=True)
class Step:
    """A fact or a crossing with its messages, if it has any: published together or not at all.

    Attributes:
        position: The fact's place in the journal; of a crossing, the place it rests on.
        leaf: The fact's digest; None for a crossing.
        crossing: The crossing's number; None for a fact.
        withheld: Why subscribers learn only that the journey advanced, or of a crossing nothing.
    """

    messages: tuple[Message, ...]
    journey: UUID
    position: int
    leaf: bytes | None = None
    crossing: int | None = None
    withheld: Withheld | None = None


def steps(
    places: Places,
    origin: Origin,
    facts: Sequence[Outgoing],
    crossings: Sequence[Crossing],
    erased_at: ErasedAt,
) -> list[Step]:
    """Return the steps of a batch; a crossing goes before the first fact that it did not know of."""
    waiting = iter(crossings)
    crossing = next(waiting, None)
    made = []
    for fact in facts:
        while crossing is not None and crossing.basis_position < fact.position:
            made.append(_crossing_step(places, origin, crossing, erased_at))
            crossing = next(waiting, None)
        made.append(_fact_step(places, origin, fact, erased_at))
    if crossing is not None:
        made += [_crossing_step(places, origin, one, erased_at) for one in (crossing, *waiting)]
    return made


def advanced(progress: Progress, done: Iterable[Step], standing: Standing) -> Progress:
    """Return the progress after some steps."""
    position, leaf, crossing = progress.position, progress.leaf, progress.crossing
    for step in done:
        if step.leaf is not None:
            position, leaf = step.position, step.leaf
        if step.crossing is not None:
            crossing = step.crossing
    complete = progress.complete or (
        position >= standing.position and crossing >= standing.crossing
    )
    return replace(progress, position=position, leaf=leaf, crossing=crossing, complete=complete)


def _fact_step(places: Places, origin: Origin, fact: Outgoing, erased_at: ErasedAt) -> Step:
    event = public_event(fact, places.events)
    message = fact_message(places.events, origin, fact, event)
    state = _new_state(fact, erased_at)
    messages = (message,) if state is None else (message, _subject(places, origin, fact, state))
    return Step(messages, fact.journey, fact.position, fact.leaf, withheld=event.withheld)


def _new_state(fact: Outgoing, erased_at: ErasedAt) -> Subject | None:
    """Return what becomes of a journey's keys here; an erased one is never told to be led."""
    if fact.withheld is Withheld.ERASED:
        return Subject.ERASED if erased_at(fact.journey) == fact.position else None
    return Subject.ACTIVE if fact.version == 1 else None


def _subject(places: Places, origin: Origin, fact: Outgoing, state: Subject) -> Message:
    event = subject_event(fact.journey, state, fact.position, places.subjects)
    return subject_message(places.subjects, origin, fact.journey, fact.recorded_at, event)


def _crossing_step(places: Places, origin: Origin, crossing: Crossing, erased_at: ErasedAt) -> Step:
    """Return the step of a crossing; what was noticed before its journey was erased says nothing any more."""
    place = crossing.journey, crossing.basis_position
    erased = erased_at(crossing.journey)
    if erased is not None and crossing.basis_position < erased:
        return Step((), *place, crossing=crossing.seq, withheld=Withheld.ERASED)
    event = crossing_event(crossing, places.events)
    message = crossing_message(places.events, origin, crossing, event)
    return Step((message,), *place, crossing=crossing.seq)
