"""The ordinary import: what a list tells is recorded now, all or nothing for each journey."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from domain.errors import CommandIdReusedError, CommandRefusedError, StreamMovedError
from domain.events.registry import FACTS
from domain.handling import handle
from domain.journal import Journal, Outcome
from domain.journey import fold
from infra.importing.held import SYNTHETIC, held
from infra.importing.ledger import Ledger
from infra.importing.matching import Sourced
from infra.importing.planning import Import, JourneyPlan, command, plan, rank
from infra.importing.reading import Progress, Waiting, by_journey
from infra.importing.report import Tally, Vanished
from infra.importing.spool import Spool

_BATCH = 100


class Store(NamedTuple):
    """Where an import goes: nowhere if it is only tried."""

    journal: Journal
    ledger: Ledger
    dry_run: bool


def import_now(
    this: Import, spool: Spool[Waiting], store: Store, tally: Tally, progress: Progress
) -> None:
    """Record what the spooled rows tell."""
    journeys = _with_missing(by_journey(spool), store.ledger.journeys(this.list_id))
    plans = _plans(this, journeys, store.journal, tally, progress)
    while batch := list(islice(plans, _BATCH)):
        if not store.dry_run:
            store.ledger.remember(this.list_id, [made.journey for made in batch])
        for made in batch:
            if made.steps:
                _append(this, made, store, tally)


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
    progress: Progress,
) -> Iterator[JourneyPlan]:
    """Plan journey by journey; yield what may be appended."""
    done = 0
    for journey, waiting in journeys:
        done += len(waiting)
        progress("write", done, None)
        rows = [one.one for one in waiting if one.one is not None]
        if not waiting:
            _note_vanished(this, journey, journal, tally)
            continue
        rows.sort(key=rank)
        made = plan(this, journey, rows, journal.read(journey))
        if accepted(made, waiting, tally):
            for one in made.match.vanished:
                tally.note_vanished(Vanished(journey, one.type, one.id))
            _warn_of_recording(made, tally)
            yield made


def accepted(made: JourneyPlan, waiting: Iterable[Waiting], tally: Tally) -> bool:
    """Say whether all rows of a person are taken; note the refused ones."""
    for refused in made.refused:
        others = ", ".join(str(row) for row in refused.others)
        fact = _label(refused.one)
        tally.findings.refuse(refused.code, refused.one.place, fact=fact, others=others)
    for one in made.match.twice:
        tally.findings.warn("row-twice", one.place)
    left_out = [one.place for one in waiting if one.one is None]
    left_out += [refused.one.place for refused in made.refused]
    if left_out:
        tally.findings.warn("person-left-out", left_out[0])
    else:
        tally.unchanged += made.unchanged + len(made.match.twice)
    return not left_out


def _label(one: Sourced) -> str:
    return FACTS[one.row.type].about.label.de


def _warn_of_recording(made: JourneyPlan, tally: Tally) -> None:
    for step in made.steps:
        if step.one is not None and step.one.row.recorded_at is not None:
            tally.findings.warn("recording-not-kept", step.one.place)


def _note_vanished(this: Import, journey: UUID, journal: Journal, tally: Tally) -> None:
    records = journal.read(journey)
    for fact in held(records, fold(journey, records), this.list_id).values():
        if fact.ours and fact.stands and fact.id not in SYNTHETIC:
            tally.note_vanished(Vanished(journey, fact.type, fact.id))


def _append(this: Import, made: JourneyPlan, store: Store, tally: Tally) -> None:
    if not store.dry_run:
        first = next(step.one for step in made.steps if step.one is not None)
        try:
            answer = handle(store.journal, command(this, made))
        except (CommandRefusedError, CommandIdReusedError, StreamMovedError) as error:
            tally.findings.refuse(error.code, first.place, fact=_label(first), others="")
            return
        if answer.outcome is Outcome.DUPLICATE:
            tally.unchanged += len(made.steps)
            return
    count(made, tally)


def count(made: JourneyPlan, tally: Tally) -> None:
    """Count what a plan appends."""
    tally.corrections += made.corrections
    tally.journeys_started += not made.started
    new = made.steps[: len(made.steps) - made.corrections]
    tally.appended += len(new)
    tally.by_type.update(step.entry.fact.type_name() for step in new)
