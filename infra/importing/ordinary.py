"""The ordinary import: what a list tells is recorded now, all or nothing for each journey."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from domain.commands import Command
from domain.errors import CommandIdReusedError, CommandRefusedError, StreamMovedError
from domain.handling import canonical, handle
from domain.journal import Append, Journal, Outcome
from domain.journey import fold
from infra.importing.held import SYNTHETIC, held
from infra.importing.ledger import Ledger
from infra.importing.matching import Refused
from infra.importing.planning import Import, JourneyPlan, command, plan, rank
from infra.importing.reading import Progress, Waiting, by_journey
from infra.importing.refusals import refuse
from infra.importing.report import Tally, Vanished
from infra.importing.spool import Spool

_BATCH = 100
_BATCH_FACTS = 2_000


class Store(NamedTuple):
    """Where an import goes: nowhere if it is only tried."""

    journal: Journal
    ledger: Ledger
    dry_run: bool


def import_now(
    this: Import, spool: Spool[Waiting], store: Store, tally: Tally, progress: Progress
) -> None:
    """Record what the spooled rows tell."""

    def told(done: int) -> None:
        progress("write", done, spool.count)

    journeys = _with_missing(by_journey(spool), store.ledger.journeys(this.list_id))
    for batch in _batches(_plans(this, journeys, store.journal, tally, told)):
        if store.dry_run:
            for made in batch:
                count(made, tally)
        else:
            store.ledger.remember(this.list_id, [made.journey for made in batch])
            _append(this, batch, store.journal, tally)


def _batches(plans: Iterator[JourneyPlan]) -> Iterator[list[JourneyPlan]]:
    """Gather what is appended in one call: some journeys, but never too many facts."""
    batch: list[JourneyPlan] = []
    facts = 0
    for made in plans:
        batch.append(made)
        facts += len(made.steps)
        if len(batch) >= _BATCH or facts >= _BATCH_FACTS:
            yield batch
            batch, facts = [], 0
    if batch:
        yield batch


def _with_missing(
    groups: Iterator[tuple[UUID, list[Waiting]]], known: Iterator[UUID]
) -> Iterator[tuple[UUID, list[Waiting]]]:
    """Yield the rows of each person, and no rows for those whom the list no longer has.

    Both come in the order of their ids; ``known`` may meanwhile gain journeys that were yielded.
    """
    last = UUID(int=0)
    pending = next(known, None)
    for journey, rows in groups:
        while pending is not None and pending < journey:
            if pending > last:
                yield pending, []
            pending = next(known, None)
        yield journey, rows
        last = journey
    while pending is not None:
        if pending > last:
            yield pending, []
        pending = next(known, None)


def _plans(
    this: Import,
    journeys: Iterable[tuple[UUID, list[Waiting]]],
    journal: Journal,
    tally: Tally,
    told: Callable[[int], None],
) -> Iterator[JourneyPlan]:
    """Plan journey by journey; yield what may be appended."""
    done = 0
    for journey, waiting in journeys:
        done += len(waiting)
        told(done)
        rows = [one.one for one in waiting if one.one is not None]
        if not waiting:
            _note_vanished(this, journey, journal, tally)
            continue
        rows.sort(key=rank)
        made = plan(this, journey, rows, journal.read(journey))
        if accepted(made, waiting, tally):
            for moved in made.match.moved:
                tally.findings.warn("taken-as-change", moved.place)
            for one in made.match.vanished:
                tally.note_vanished(Vanished(journey, one.type, one.id))
            _warn_of_recording(made, tally)
            if made.steps:
                yield made


def accepted(made: JourneyPlan, waiting: Iterable[Waiting], tally: Tally) -> bool:
    """Say whether all rows of a person are taken; note the refused ones."""
    for refused in sorted(made.refused, key=lambda one: (one.place.sheet, one.place.row)):
        refuse(tally, refused)
    for one in made.match.twice:
        tally.findings.warn("row-twice", one.place)
    left_out = [one.place for one in waiting if one.one is None]
    left_out += [refused.place for refused in made.refused]
    if left_out:
        tally.findings.warn("person-left-out", replace(left_out[0], column="", header=""))
    else:
        tally.unchanged += made.unchanged + len(made.match.twice)
    return not left_out


def _warn_of_recording(made: JourneyPlan, tally: Tally) -> None:
    for step in made.new_steps:
        if step.one is not None and step.one.row.recorded_at is not None:
            tally.findings.warn("recording-not-kept", step.one.place)


def _note_vanished(this: Import, journey: UUID, journal: Journal, tally: Tally) -> None:
    records = journal.read(journey)
    for fact in held(records, fold(journey, records), this.list_id).values():
        if fact.ours and fact.stands and fact.id not in SYNTHETIC:
            tally.note_vanished(Vanished(journey, fact.type, fact.id))


def _append(this: Import, batch: Sequence[JourneyPlan], journal: Journal, tally: Tally) -> None:
    """Append each plan on its own, all in one call; who was overtaken goes the way of one command."""
    asked = [(made, command(this, made)) for made in batch]
    requests = [
        Append(one.command_id, canonical(one), made.journey, made.version, one.entries)
        for made, one in asked
    ]
    for (made, one), answer in zip(asked, journal.append(requests), strict=True):
        if answer.outcome is Outcome.APPENDED:
            count(made, tally)
        elif answer.outcome is Outcome.DUPLICATE:
            tally.unchanged += len(made.steps)
        else:
            _append_alone(made, one, journal, tally)


def _append_alone(made: JourneyPlan, one: Command, journal: Journal, tally: Tally) -> None:
    try:
        handle(journal, one)
    except (CommandRefusedError, CommandIdReusedError, StreamMovedError) as error:
        first = next(step.one for step in made.steps if step.one is not None)
        refuse(tally, Refused(first, error.code))
    else:
        count(made, tally)


def count(made: JourneyPlan, tally: Tally) -> None:
    """Count what a plan appends."""
    tally.corrections += made.corrections
    tally.journeys_started += not made.started
    tally.appended += len(made.new_steps)
    tally.by_type.update(step.entry.fact.type_name() for step in made.new_steps)
