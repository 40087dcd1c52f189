"""One journey as decisions need it: what was recorded, what of it stands, and what may follow.

``evolve`` moves, ``decide`` answers. Facts are accepted in any order and a missing predecessor is a gap,
never an error; refused is only what cannot be true.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import assert_never
from uuid import UUID

from domain.commands import Command, RecordFacts, StartJourney
from domain.days import PartialDate
from domain.errors import CommandRefusedError, InvalidFactError
from domain.events.journey import JourneyStarted, PersonIdentified
from domain.events.record import EventCorrected, EventRetracted, JourneyErased
from domain.events.registry import read_fact
from domain.fact import Fact, python_name
from domain.journal import Entry, Recorded


@dataclass(frozen=True, slots=True)
class Known:
    """A fact that the journey holds, as it was told."""

    fact: Fact
    occurred_on: PartialDate


@dataclass(frozen=True, slots=True)
class Journey:
    """State of one journey: immutable, so it may be cached and shared.

    Attributes:
        id: The journey.
        version: How many facts it holds.
        erased: Whether the person's data are erased.
        facts: What was told, by id.
        retractions: The retractions of each fact.
        births: The facts that tell when the person was born, in order.
    """

    id: UUID
    version: int = 0
    erased: bool = False
    facts: Mapping[str, Known] = field(default_factory=lambda: MappingProxyType({}))
    retractions: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    births: tuple[str, ...] = ()

    @property
    def started(self) -> bool:
        """Say whether the journey exists."""
        return self.version > 0

    def stands(self, fact_id: str, path: frozenset[str] = frozenset()) -> bool:
        """Say whether a fact is held and not undone by a retraction that itself stands."""
        return fact_id in self.facts and not any(
            self.stands(retraction, path | {fact_id})
            for retraction in self.retractions.get(fact_id, ())
            if retraction not in path
        )


def fold(journey: UUID, records: Iterable[Recorded], state: Journey | None = None) -> Journey:
    """Return the journey after these records, from a state already folded or from nothing."""
    now = state or Journey(journey)
    facts, retractions = dict(now.facts), dict(now.retractions)
    version, erased, births = now.version, now.erased, list(now.births)
    for one in records:
        version = one.version
        fact = one.entry.fact
        if isinstance(fact, PersonIdentified | JourneyStarted):
            births.append(one.entry.id)
        facts[one.entry.id] = Known(fact, one.entry.occurred_on)
        erased = erased or isinstance(fact, JourneyErased)
        if isinstance(fact, EventRetracted) and fact.target:
            retractions[fact.target] = (*retractions.get(fact.target, ()), one.entry.id)
    return Journey(
        journey,
        version,
        erased,
        MappingProxyType(facts),
        MappingProxyType(retractions),
        tuple(births),
    )


def evolve(state: Journey, entry: Entry) -> Journey:
    """Return the journey after one more entry that is not in the journal yet."""
    facts = MappingProxyType({**state.facts, entry.id: Known(entry.fact, entry.occurred_on)})
    retractions = state.retractions
    if isinstance(entry.fact, EventRetracted) and entry.fact.target:
        told = (*retractions.get(entry.fact.target, ()), entry.id)
        retractions = MappingProxyType({**retractions, entry.fact.target: told})
    births = state.births
    if isinstance(entry.fact, PersonIdentified | JourneyStarted):
        births = (*births, entry.id)
    return Journey(
        state.id,
        state.version + 1,
        state.erased or isinstance(entry.fact, JourneyErased),
        facts,
        retractions,
        births,
    )


def decide(state: Journey, command: Command) -> tuple[Entry, ...]:
    """Return what is to be appended.

    Raises:
        CommandRefusedError: If a rule of the journal forbids it; the code names the rule.
    """
    match command:
        case StartJourney():
            if state.started:
                raise CommandRefusedError("journey-exists", "a journey with this id exists already")
            if not command.entries or not isinstance(command.entries[0].fact, JourneyStarted):
                raise CommandRefusedError(
                    "no-beginning", "a new journey begins with the fact JourneyStarted"
                )
        case RecordFacts():
            if not state.started:
                raise CommandRefusedError(
                    "unknown-journey", f"no journey {state.id}; start it first"
                )
        case _:
            assert_never(command)
    decided = []
    for entry in command.entries:
        _refuse(state, entry, command.recorded_on)
        decided.append(_sealed(state, entry))
        state = evolve(state, entry)
    return tuple(decided)


def _sealed(state: Journey, entry: Entry) -> Entry:
    """Return the entry as it is to be sealed: a correction in the class of what it corrects."""
    fact = entry.fact
    while isinstance(fact, EventCorrected) and (fact.target or "") in state.facts:
        fact = state.facts[fact.target or ""].fact
    own = fact.about.data_class is entry.fact.about.data_class
    sealed_as = None if own else fact.about.data_class
    if entry.corrected_class is sealed_as:
        return entry
    return replace(entry, corrected_class=sealed_as)


def _refuse(state: Journey, entry: Entry, recorded_on: date) -> None:
    """Refuse an entry that cannot be true."""
    if state.erased:
        raise CommandRefusedError("journey-erased", f"journey {state.id} was erased")
    if entry.id in state.facts:
        raise CommandRefusedError("fact-exists", f"the journey holds a fact {entry.id!r} already")
    fact, day = entry.fact, entry.occurred_on
    if isinstance(fact, EventCorrected):
        fact, day = _refuse_correction(state, fact)
        _refuse_ahead(entry.fact, entry.occurred_on, recorded_on)
    elif isinstance(fact, EventRetracted):
        _refuse_target(state, fact.target)
    _refuse_ahead(fact, day, recorded_on)
    _refuse_before_birth(state, fact, day)
    _refuse_backward_span(fact)
    _refuse_end_before_start(state, fact, day)


def _refuse_target(state: Journey, target: str | None) -> str:
    """Return the target of a correction or retraction if it is there and not undone."""
    if not target or target not in state.facts:
        raise CommandRefusedError(
            "unknown-target", f"the journey holds no fact {target or '(no target given)'}"
        )
    if not state.stands(target):
        raise CommandRefusedError("already-retracted", f"fact {target} is already retracted")
    return target


def _refuse_correction(state: Journey, correction: EventCorrected) -> tuple[Fact, PartialDate]:
    """Return the fact and the day that a correction would leave, if it may be made."""
    target = _refuse_target(state, correction.target)
    path = {target}
    while isinstance(earlier := state.facts[target].fact, EventCorrected):
        target = _refuse_target(state, earlier.target)
        if target in path:
            break
        path.add(target)
    fact, day = _as_corrected(state, target)
    if isinstance(fact, EventRetracted):
        raise CommandRefusedError(
            "unknown-target", "a retraction cannot be corrected; retract it instead"
        )
    return _applied(fact, day, correction)


def _as_corrected(state: Journey, target: str) -> tuple[Fact, PartialDate]:
    """Return a fact with the standing corrections told so far, those of corrections among them."""
    fact, day = state.facts[target].fact, state.facts[target].occurred_on
    corrections = {target}
    for fact_id, known in state.facts.items():
        if isinstance(known.fact, EventCorrected) and known.fact.target in corrections:
            corrections.add(fact_id)
            if state.stands(fact_id):
                fact, day = _applied(fact, day, known.fact)
    return fact, day


def _applied(fact: Fact, day: PartialDate, correction: EventCorrected) -> tuple[Fact, PartialDate]:
    """Lay one correction over a fact."""
    if "occurred_on" in correction.model_fields_set:
        day = correction.occurred_on or PartialDate()
    if correction.attributes_:
        try:
            told = read_fact(fact.type_name(), correction.attributes_)
            fact = read_fact(fact.type_name(), fact.known_attributes() | told.known_attributes())
        except InvalidFactError as error:
            raise CommandRefusedError("invalid-correction", str(error)) from None
    return fact, day


def _refuse_ahead(fact: Fact, day: PartialDate, recorded_on: date) -> None:
    """Refuse what lies after the day of recording; deadlines may."""
    if day.certainly_after(recorded_on):
        raise CommandRefusedError(
            "after-recording",
            f"{fact.type_name()} lies after the day of recording ({recorded_on}); "
            "what is announced is a fact of its own",
        )
    for attribute, value in fact.days():
        if attribute.happened and value.certainly_after(recorded_on):
            raise CommandRefusedError(
                "after-recording",
                f"{fact.type_name()}.{attribute.name} lies after the day of recording ({recorded_on})",
            )


def _refuse_before_birth(state: Journey, fact: Fact, day: PartialDate) -> None:
    """Refuse what certainly happened before the person was born."""
    if isinstance(fact, PersonIdentified | JourneyStarted):
        return
    born = _birth(state)
    if born is not None and day.certainly_before(born):
        raise CommandRefusedError(
            "before-birth", f"{fact.type_name()} lies before the person's birth"
        )


def _birth(state: Journey) -> PartialDate | None:
    """Return the birth date as last told, else the birth year."""
    year = None
    for fact_id in reversed(state.births):
        if not state.stands(fact_id):
            continue
        fact, _ = _as_corrected(state, fact_id)
        if isinstance(fact, PersonIdentified) and fact.birth_date is not None:
            return fact.birth_date
        if isinstance(fact, JourneyStarted) and fact.birth_year is not None:
            year = PartialDate(fact.birth_year)
    return year


def _refuse_backward_span(fact: Fact) -> None:
    """Refuse a period that ends before it begins."""
    if fact.about.span is None:
        return
    start, end = (getattr(fact, python_name(name)) for name in fact.about.span)
    if start is not None and end is not None and end.certainly_before(start):
        raise CommandRefusedError(
            "end-before-start",
            f"{fact.type_name()}.{fact.about.span[1]} lies before {fact.about.span[0]}",
        )


def _refuse_end_before_start(state: Journey, fact: Fact, day: PartialDate) -> None:
    """Refuse an end that certainly lies before every start that it names."""
    starts = list(_starts_named_by(state, fact))
    if starts and all(day.certainly_before(start) for start in starts):
        raise CommandRefusedError(
            "end-before-start", f"{fact.type_name()} lies before the start of what it ends"
        )


def _starts_named_by(state: Journey, fact: Fact) -> Iterator[PartialDate]:
    """Yield the days, as corrected, of the standing starts that an end names."""
    ends = fact.about.ends
    tie = getattr(fact, python_name(ends.by), None) if ends else None
    if ends is None or not tie:
        return
    for fact_id, begun in state.facts.items():
        if begun.fact.type_name() not in ends.begun_by or not state.stands(fact_id):
            continue
        if tie in (fact_id, getattr(begun.fact, python_name(ends.by), None)):
            yield _as_corrected(state, fact_id)[1]
