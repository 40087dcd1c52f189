"""What an import would append to one journey."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from uuid import UUID, uuid5

import orjson
from pydantic import JsonValue

from domain.commands import Command, RecordFacts, StartJourney
from domain.days import PartialDate
from domain.errors import CommandRefusedError
from domain.events.journey import FileNumberRecorded, JourneyStarted
from domain.events.record import EventCorrected, EventRetracted
from domain.events.registry import FACTS
from domain.fields import SourceKind
from domain.journal import Actor, Entry, Recorded
from domain.journey import Journey, decide, evolve, fold
from infra.importing.held import (
    BEGINNING_ID,
    FILE_NUMBER_ID,
    Held,
    content,
    correction_id,
    held,
    unnumbered_id,
)
from infra.importing.matching import Match, Refused, match
from infra.spreadsheets.cells import Place
from infra.spreadsheets.rows import FactRow, Sourced

_LATE = (EventCorrected, EventRetracted)
NO_DAYS: Mapping[Place, date] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Step:
    """One entry to append, and the row that tells it; None for what no row tells."""

    entry: Entry
    one: Sourced | None
    day: date


@dataclass(slots=True)
class JourneyPlan:
    """What an import would append to one journey: nothing of it if a row is refused.

    Attributes:
        version: The version that the journey has.
        steps: The entries in their order.
        corrections: How many of them correct a fact because its row changed.
    """

    journey: UUID
    version: int
    match: Match
    steps: list[Step] = field(default_factory=list)
    corrections: int = 0
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)

    @property
    def started(self) -> bool:
        """Say whether the journey exists already."""
        return self.version > 0

    @property
    def new_steps(self) -> Sequence[Step]:
        """Return the steps that are new facts; corrections of changed rows come behind them."""
        return self.steps[: len(self.steps) - self.corrections]


@dataclass(frozen=True, slots=True)
class Import:
    """What all rows of an import have in common.

    Attributes:
        list_id: The list that the rows stand in.
        actor: Who imports; a row may name somebody else.
        today: The day of the import in Berlin.
    """

    list_id: UUID
    actor: Actor
    today: date


def plan(
    this: Import,
    journey: UUID,
    rows: Sequence[Sourced],
    records: Sequence[Recorded],
    days: Mapping[Place, date] = NO_DAYS,
) -> JourneyPlan:
    """Plan what the rows of one person change.

    Args:
        this: The import.
        journey: The person's journey.
        rows: The rows of the person in the order in which they are to be recorded.
        records: What the journal holds of the journey.
        days: On which day each row counts as recorded; the day of the import unless given.
    """
    state = fold(journey, records)
    facts = held(records, state, this.list_id)
    found = match(rows, facts)
    made = JourneyPlan(journey, state.version, found, refused=list(found.refused))
    place = {id(one): at for at, one in enumerate(rows)}
    new = sorted(found.new, key=lambda one: (rank(one) > 0, place[id(one)]))
    taken = set(facts)
    for one in new:
        entry = _entry(this, journey, one, taken)
        taken.add(entry.id)
        made.steps.append(Step(entry, one, days.get(one.place, this.today)))
    if not state.started and new:
        told = rank(new[0]) == 0
        made.steps[told:told] = _beginning(this, new, days)
    for one, fact in found.pairs:
        _compare(this, one, fact, made)
    _check(state, made)
    return made


def rank(one: Sourced) -> int:
    """Order rows: the beginning comes first, what refers to other rows last."""
    fact = FACTS[one.row.type]
    return 0 if fact is JourneyStarted else 2 if issubclass(fact, _LATE) else 1


def _beginning(this: Import, rows: Sequence[Sourced], days: Mapping[Place, date]) -> list[Step]:
    """Return what a new person's journey lacks: its beginning, and the number to find it by."""
    told = {one.row.type for one in rows}
    day = min(days.get(one.place, this.today) for one in rows)
    number = FileNumberRecorded(number=rows[0].row.person)
    return [
        Step(_own(this, fact_id, fact), None, day)
        for fact_id, fact in ((BEGINNING_ID, JourneyStarted()), (FILE_NUMBER_ID, number))
        if fact.type_name() not in told
    ]


def _own(this: Import, fact_id: str, fact: JourneyStarted | FileNumberRecorded) -> Entry:
    return Entry(
        fact_id,
        fact,
        recorded_by=this.actor,
        source=SourceKind.IMPORT,
        correlation_id=this.list_id,
    )


def _entry(this: Import, journey: UUID, one: Sourced, taken: set[str]) -> Entry:
    row = one.row
    return Entry(
        id=row.number or _free_id(journey, row, taken),
        fact=FACTS[row.type].model_validate(row.attributes),
        occurred_on=row.occurred_on,
        recorded_by=row.recorded_by or this.actor,
        controller=row.controller,
        source=row.source,
        confidence=row.confidence,
        legal_basis=row.legal_basis,
        consent_id=row.consent_id,
        household=row.household,
        correlation_id=this.list_id,
    )


def _free_id(journey: UUID, row: FactRow, taken: set[str]) -> str:
    repeat = 0
    while (found := unnumbered_id(journey, row.type, row.occurred_on, repeat)) in taken:
        repeat += 1
    return found


def _compare(this: Import, one: Sourced, fact: Held, made: JourneyPlan) -> None:
    """Plan the correction of a fact whose row changed."""
    changes = _changes(one.row, fact)
    if not changes:
        made.unchanged += 1
        return
    correction = EventCorrected.model_validate({"target": fact.id, **changes})
    entry = Entry(
        id=correction_id(this.list_id, fact.id, fact.corrections),
        fact=correction,
        occurred_on=PartialDate.of(this.today),
        recorded_by=this.actor,
        source=SourceKind.IMPORT,
        correlation_id=this.list_id,
    )
    made.steps.append(Step(entry, one, this.today))
    made.corrections += 1


def _changes(row: FactRow, fact: Held) -> dict[str, JsonValue]:
    """Return what a correction must say: the new day, changed attributes, emptied ones as null."""
    now = content(row.type, FACTS[row.type].model_validate(row.attributes).known_attributes())
    changed: dict[str, JsonValue] = {
        name: value for name, value in now.items() if fact.attributes.get(name) != value
    }
    changed |= dict.fromkeys(fact.attributes.keys() - now.keys())
    changes: dict[str, JsonValue] = {"attributes": changed} if changed else {}
    if row.occurred_on != fact.occurred_on:
        changes["occurred_on"] = str(row.occurred_on) or None
    return changes


def _check(state: Journey, made: JourneyPlan) -> None:
    """Refuse the rows that the journal would refuse."""
    for step in made.steps:
        try:
            decide(state, _command(UUID(int=0), state, (step.entry,), step.day))
        except CommandRefusedError as error:
            if step.one is not None:
                made.refused.append(Refused(step.one, error.code))
        state = evolve(state, step.entry)


def _command(command_id: UUID, state: Journey, entries: tuple[Entry, ...], day: date) -> Command:
    kind = RecordFacts if state.started else StartJourney
    return kind(command_id, state.id, entries, day)


def command(this: Import, made: JourneyPlan) -> Command:
    """Return the one command that does what is planned."""
    entries = tuple(step.entry for step in made.steps)
    told = [_words(step.entry) for step in made.steps if step.one is not None]
    command_id = uuid5(this.list_id, f"{made.journey}\0" + "\0".join(told))
    kind = RecordFacts if made.started else StartJourney
    return kind(command_id, made.journey, entries, this.today)


def history_command(this: Import, journey: UUID, step: Step) -> Command:
    """Return the command of a single fact that keeps the day of its recording."""
    command_id = uuid5(this.list_id, f"{journey}\0{_words(step.entry)}")
    return RecordFacts(command_id, journey, (step.entry,), step.day)


def _words(entry: Entry) -> str:
    """Return a row's key and content in words that are equal exactly if they are."""
    said = [entry.id, entry.fact.type_name(), str(entry.occurred_on), entry.fact.known_attributes()]
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()
