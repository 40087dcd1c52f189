"""Loading an empty store with history: every fact keeps the day of its recording.

Facts are sorted by that day over the whole file, so one person's facts are appended one by one
between those of others; a load that was broken off goes on by command id.
"""

import struct
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from domain.events.journey import JourneyStarted
from domain.handling import canonical
from domain.journal import Answer, Append, Outcome
from infra.errors import HistoryLoadError
from infra.history import HistoryLoad
from infra.importing.ledger import Ledger
from infra.importing.matching import Refused
from infra.importing.ordinary import accepted, count
from infra.importing.planning import Import, JourneyPlan, Step, history_command, plan, rank
from infra.importing.reading import Progress, Waiting, by_journey
from infra.importing.report import Tally
from infra.importing.spool import Spool
from infra.keys import KeyRing
from infra.spreadsheets.cells import Place
from infra.spreadsheets.days import BERLIN
from infra.spreadsheets.rows import Sourced

_BATCH = 500
_MICROSECONDS = 1_000_000


class _Load(NamedTuple):
    """One fact in its place: the version that its journey has before it, and its moment."""

    journey: UUID
    after_version: int
    step: Step
    moment: datetime


class HistoryStore(NamedTuple):
    """The empty store that history is loaded into, or only tried on."""

    dsn: str
    keys: KeyRing
    ledger: Ledger
    dry_run: bool


def import_history(
    this: Import,
    spool: Spool[Waiting],
    store: HistoryStore,
    now: datetime,
    tally: Tally,
    progress: Progress,
) -> None:
    """Load what the spooled rows tell, sorted by the day of its recording.

    Raises:
        HistoryLoadError: If a broken-off load is not gone on with by the same file.
    """
    with Spool[_Load]() as ordered:
        plans = _plans(this, spool, now, tally, progress)
        while batch := list(islice(plans, _BATCH)):
            if not store.dry_run:
                store.ledger.remember(this.list_id, [made.journey for made, _moments in batch])
            for made, moments in batch:
                for version, (step, moment) in enumerate(zip(made.steps, moments, strict=True)):
                    ordered.add(_key(moment), _Load(made.journey, version, step, moment))
        if not store.dry_run and ordered.count:
            _load(this, ordered, store, progress)


def _key(moment: datetime) -> bytes:
    return struct.pack(">Q", round(moment.timestamp() * _MICROSECONDS) + (1 << 62))


def _load(this: Import, ordered: Spool[_Load], store: HistoryStore, progress: Progress) -> None:
    done = 0
    facts = ordered.sorted()
    with HistoryLoad(store.dsn, store.keys) as load:
        while batch := list(islice(facts, _BATCH)):
            _check(load.append([_append(this, one) for one in batch]))
            done += len(batch)
            progress("write", done, ordered.count)
        load.finish()


def _append(this: Import, one: _Load) -> Append:
    command = history_command(this, one.journey, one.step)
    return Append(
        command.command_id,
        canonical(command),
        one.journey,
        one.after_version,
        command.entries,
        one.moment,
    )


def _check(answers: Sequence[Answer]) -> None:
    if any(one.outcome in {Outcome.CONFLICT, Outcome.REFUSED} for one in answers):
        raise HistoryLoadError(
            "this is not the file whose load was broken off: go on with that file, unchanged and "
            "as the same actor, or begin anew with an empty data folder"
        )


def _plans(
    this: Import, spool: Spool[Waiting], now: datetime, tally: Tally, progress: Progress
) -> Iterator[tuple[JourneyPlan, list[datetime]]]:
    """Plan every journey from its beginning; yield each plan with the moments of its steps."""
    done = 0
    for journey, waiting in by_journey(spool):
        done += len(waiting)
        progress("check", done, spool.count)
        rows = [one.one for one in waiting if one.one is not None]
        moments = _moments(rows, now)
        rows.sort(key=lambda one: (moments[one.place], rank(one)))
        days = {place: moment.astimezone(BERLIN).date() for place, moment in moments.items()}
        made = plan(this, journey, rows, (), days)
        made.refused += [Refused(one, "recorded-ahead") for one in rows if _moment(one, now) > now]
        if accepted(made, waiting, tally) and made.steps:
            count(made, tally)
            first = min(moments.values())
            yield made, [moments[s.one.place] if s.one else first for s in made.steps]


def _moment(one: Sourced, now: datetime) -> datetime:
    return one.row.recorded_at or now


def _moments(rows: Sequence[Sourced], now: datetime) -> dict[Place, datetime]:
    """Return when each row was recorded; a journey's beginning is recorded before all else."""
    moments = {one.place: _moment(one, now) for one in rows}
    for one in rows:
        if one.row.type == JourneyStarted.type_name():
            moments[one.place] = min(moments.values())
    return moments
