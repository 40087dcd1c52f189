"""The table of a journey's records: what holds since when, when it was recorded, and what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import berlin_day
from domain.days import PartialDate
from domain.events.record import EventCorrected, EventRetracted
from domain.journal import Recorded
from web.fact_words import fact_details
from web.texts import Texts


@dataclass(frozen=True, slots=True)
class EventRow:
    """One record as a line of the table.

    Attributes:
        late: Whether it was recorded on a later day than it happened.
        undone: Whether it was retracted.
        remarks: What corrects or retracts it, or what it corrects or retracts: words and number.
        editable: Whether it may be corrected.
    """

    number: int
    version: int
    occurred: str
    recorded: str
    late: bool
    strand: str
    label: str
    details: str
    source: str
    undone: bool
    editable: bool
    remarks: tuple[tuple[str, int], ...] = ()


def event_rows(
    records: Sequence[Recorded], known_until: date, texts: Texts
) -> tuple[EventRow, ...]:
    """Return the records known by a day, the newest in life first."""
    known = [one for one in records if berlin_day(one.recorded_at) <= known_until]
    numbers = {one.entry.id: one.position for one in known}
    remarks = _remarks(known, numbers, texts)
    undone = _retracted(known)
    ordered = sorted(known, key=_in_life, reverse=True)
    return tuple(
        _row(one, texts, tuple(remarks.get(one.entry.id, ())), one.entry.id in undone)
        for one in ordered
    )


def _in_life(record: Recorded) -> tuple[date, int]:
    day = record.entry.occurred_on.latest or berlin_day(record.recorded_at)
    return day, record.position


def _row(
    record: Recorded, texts: Texts, remarks: tuple[tuple[str, int], ...], undone: bool
) -> EventRow:
    entry, about = record.entry, record.entry.fact.about
    recorder = texts.name(entry.recorded_by.unit or entry.recorded_by.party)
    return EventRow(
        number=record.position,
        version=record.version,
        occurred=texts.partial(entry.occurred_on),
        recorded=texts.recorded(record.recorded_at),
        late=_is_late(entry.occurred_on, record),
        strand=texts.label(about.field.label),
        label=texts.label(about.label),
        details=fact_details(entry.fact, texts),
        source=", ".join(part for part in (texts.label(entry.source.label), recorder) if part),
        undone=undone,
        editable=not undone and not isinstance(entry.fact, EventCorrected | EventRetracted),
        remarks=remarks,
    )


def _is_late(occurred_on: PartialDate, record: Recorded) -> bool:
    return occurred_on.known and occurred_on.certainly_before(berlin_day(record.recorded_at))


def _remarks(
    records: Iterable[Recorded], numbers: Mapping[str, int], texts: Texts
) -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for one in records:
        fact = one.entry.fact
        if not isinstance(fact, EventCorrected | EventRetracted) or not fact.target:
            continue
        if fact.target not in numbers:
            continue
        corrects = isinstance(fact, EventCorrected)
        passive = texts.say("berichtigt durch") if corrects else texts.say("zurückgenommen durch")
        active = texts.say("berichtigt") if corrects else texts.say("nimmt zurück")
        found.setdefault(fact.target, []).append((passive, one.position))
        found.setdefault(one.entry.id, []).append((active, numbers[fact.target]))
    return found


def _retracted(records: Sequence[Recorded]) -> frozenset[str]:
    """Return the facts that a standing retraction undoes; a retraction can be retracted itself."""
    undone: set[str] = set()
    for one in reversed(records):
        fact = one.entry.fact
        if isinstance(fact, EventRetracted) and fact.target and one.entry.id not in undone:
            undone.add(fact.target)
    return frozenset(undone)


def recorded_days(records: Iterable[Recorded]) -> tuple[date, ...]:
    """Return the days on which something was recorded, the steps of the Wissensstand."""
    return tuple(sorted({berlin_day(one.recorded_at) for one in records}))
