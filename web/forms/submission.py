"""From a form that was sent to the entry that is recorded: a new fact, a correction, a retraction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from domain.chain.reading import read, told
from domain.days import PartialDate
from domain.errors import CommandRefusedError, UnreadableDateError
from domain.events.record import EventCorrected, EventRetracted
from domain.fact import Fact
from domain.fields import SourceKind
from domain.journal import Actor, Entry, Recorded
from domain.labels import Vocabulary
from web.days import typed_day, written_day
from web.forms.values import Typed, read_form, written
from web.texts import marked

_NO_DAY = marked("Bitte als TT.MM.JJJJ, MM.JJJJ oder JJJJ schreiben, zum Beispiel 15.03.2024.")
_NOTHING_CHANGED = marked("Es wurde nichts geändert.")
_NO_SOURCE = marked("Bitte einen Eintrag der Liste wählen.")


class Purpose(Vocabulary):
    """What a form is for."""

    RECORD = "erfassen", "Ereignis erfassen", "record an event"
    CORRECT = "berichtigen", "Ereignis berichtigen", "correct an event"
    RETRACT = "zuruecknehmen", "Ereignis zurücknehmen", "retract an event"


@dataclass(frozen=True, slots=True)
class Target:
    """A fact as it stands, corrections applied."""

    id: str
    fact: Fact
    occurred_on: PartialDate

    def typed(self) -> dict[str, tuple[str, ...]]:
        """Return what stands, as it is typed."""
        values = written(type(self.fact), self.fact.known_attributes())
        return values | {"occurred_on": (written_day(self.occurred_on),)}


@dataclass(frozen=True, slots=True)
class Intent:
    """What is asked for: a fact of a class, or something about a fact that stands."""

    purpose: Purpose
    fact: type[Fact]
    target: Target | None = None


@dataclass(slots=True)
class Sent:
    """A form as it was sent, and what is wrong with it: by field, and on the whole."""

    typed: Typed
    errors: dict[str, str] = field(default_factory=dict)
    general: str = ""

    def text(self, name: str) -> str:
        """Return what was typed into a field."""
        return next(iter(self.typed.get(name, ())), "").strip()


def standing(records: Sequence[Recorded], version: int) -> Target:
    """Return a record's fact as it stands.

    Raises:
        CommandRefusedError: If it is unknown or retracted, or is itself about another fact.
    """
    record = next((one for one in records if one.version == version), None)
    if record is None or isinstance(record.entry.fact, EventCorrected | EventRetracted):
        raise CommandRefusedError("unknown-target", f"no fact {version} to correct")
    seen = read(told(records)).by_id(record.entry.id)
    if seen is None:
        raise CommandRefusedError("already-retracted", f"fact {version} is retracted")
    return Target(seen.id, seen.fact, _day_of(records, record))


def _day_of(records: Sequence[Recorded], record: Recorded) -> PartialDate:
    """Return the day of a fact after the corrections that stand."""
    retracted = {
        one.entry.fact.target for one in records if isinstance(one.entry.fact, EventRetracted)
    }
    day = record.entry.occurred_on
    for one in records:
        fact = one.entry.fact
        if not isinstance(fact, EventCorrected) or one.entry.id in retracted:
            continue
        if fact.target == record.entry.id and "occurred_on" in fact.model_fields_set:
            day = fact.occurred_on or PartialDate()
    return day


def entry_of(
    intent: Intent, sent: Sent, command_id: UUID, actor: Actor, today: date
) -> Entry | None:
    """Return the entry that a form asks for; None if something is wrong, which ``sent`` then says."""
    fact = _asked(intent, sent)
    day = _typed_day(sent) if intent.purpose is Purpose.RECORD else PartialDate.of(today)
    source = _source(sent)
    if fact is None or day is None or source is None or sent.errors:
        return None
    return Entry(str(command_id), fact, day, actor, source=source)


def _asked(intent: Intent, sent: Sent) -> Fact | None:
    if intent.purpose is Purpose.CORRECT:
        return _correction(intent, sent)
    if intent.purpose is Purpose.RETRACT:
        return _retraction(intent, sent)
    return _read(intent.fact, sent)


def _read(fact: type[Fact], sent: Sent) -> Fact | None:
    """Read the attributes of a fact off a form."""
    reading = read_form(fact, sent.typed)
    sent.errors |= reading.errors
    return reading.fact


def _typed_day(sent: Sent) -> PartialDate | None:
    try:
        return typed_day(sent.text("occurred_on"))
    except UnreadableDateError:
        sent.errors["occurred_on"] = _NO_DAY
        return None


def _source(sent: Sent) -> SourceKind | None:
    wanted = sent.text("source") or SourceKind.SELF_REPORT
    found = next((one for one in SourceKind if one == wanted), None)
    if found is None:
        sent.errors["source"] = _NO_SOURCE
    return found


def _correction(intent: Intent, sent: Sent) -> Fact | None:
    """Return what differs from what stands as a correction."""
    day, fact = _typed_day(sent), _read(intent.fact, sent)
    if intent.target is None or day is None or fact is None:
        return None
    old, new = intent.target.fact.known_attributes(), fact.known_attributes()
    changed = {
        name: new.get(name) for name in sorted({*old, *new}) if new.get(name) != old.get(name)
    }
    given: dict[str, Any] = {"target": intent.target.id}
    if changed:
        given["attributes"] = changed
    if day != intent.target.occurred_on:
        given["occurred_on"] = str(day) or None
    if len(given) == 1:
        sent.general = _NOTHING_CHANGED
        return None
    return EventCorrected.model_validate(given | _reason(sent))


def _retraction(intent: Intent, sent: Sent) -> Fact | None:
    if intent.target is None:
        return None
    return EventRetracted.model_validate({"target": intent.target.id} | _reason(sent))


def _reason(sent: Sent) -> dict[str, str]:
    reason = sent.text("berichtigungsgrund")[:200]
    return {"reason": reason} if reason else {}
