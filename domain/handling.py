"""The command path: read, fold, decide, append. There is no other way into the journal."""

import json
import re
from collections import OrderedDict
from functools import reduce
from threading import Lock
from uuid import UUID

from domain.commands import Command
from domain.errors import CommandIdReusedError, CommandRefusedError, StreamMovedError
from domain.journal import Answer, Append, Journal, Outcome
from domain.journey import Journey, decide, evolve, fold

_ATTEMPTS = 3
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class HotJourneys:
    """The journeys folded last, shared by all callers of one process: a state never changes."""

    def __init__(self, size: int = 4096) -> None:
        self._size = size
        self._states: OrderedDict[UUID, Journey] = OrderedDict()
        self._lock = Lock()

    def get(self, journey: UUID) -> Journey | None:
        """Return the state folded last, if it is still kept."""
        with self._lock:
            state = self._states.get(journey)
            if state is not None:
                self._states.move_to_end(journey)
            return state

    def keep(self, state: Journey) -> None:
        """Keep a state unless a later one is kept already."""
        with self._lock:
            held = self._states.get(state.id)
            if held is None or held.version <= state.version:
                self._states[state.id] = state
                self._states.move_to_end(state.id)
            if len(self._states) > self._size:
                self._states.popitem(last=False)

    def drop(self, journey: UUID) -> bool:
        """Forget a journey; say whether it was kept."""
        with self._lock:
            return self._states.pop(journey, None) is not None


def handle(journal: Journal, command: Command, hot: HotJourneys | None = None) -> Answer:
    """Do what a command asks for, once, however often it is sent.

    Raises:
        CommandRefusedError: If a rule of the journal forbids it.
        CommandIdReusedError: If the command's id was used for something else before.
        StreamMovedError: If others kept appending to the journey first.
    """
    body = canonical(command)
    for attempt in range(_ATTEMPTS):
        state = _current(journal, command.journey, hot if attempt == 0 else None)
        try:
            entries = decide(state, command)
        except CommandRefusedError:
            earlier = journal.answered(command.command_id, body)
            if earlier is not None:
                return _accepted(earlier, command)
            if attempt == 0 and hot is not None and hot.drop(command.journey):
                continue
            raise
        answer = journal.append(
            [Append(command.command_id, body, command.journey, state.version, entries)]
        )[0]
        if answer.outcome is not Outcome.CONFLICT:
            if hot is not None and answer.outcome is Outcome.APPENDED:
                hot.keep(reduce(evolve, entries, state))
            return _accepted(answer, command)
        if hot is not None:
            hot.drop(command.journey)
    raise StreamMovedError(
        f"journey {command.journey} was written to by others {_ATTEMPTS} times in a row; try again"
    )


def canonical(command: Command) -> bytes:
    """Return what a command asks for as bytes that are equal exactly if the requests are.

    Raises:
        CommandRefusedError: If a text holds what no table and no list could ever show.
    """
    entries = [
        {
            "id": entry.id,
            "type": entry.fact.type_name(),
            "occurred_on": str(entry.occurred_on),
            "attributes": entry.fact.known_attributes(),
            "by": [entry.recorded_by.party, entry.recorded_by.role, entry.recorded_by.unit],
            "source": entry.source,
            "confidence": entry.confidence,
            "legal_basis": entry.legal_basis,
            "controller": entry.controller,
            "consent_id": entry.consent_id,
            "household": None if entry.household is None else str(entry.household),
        }
        for entry in command.entries
    ]
    asked = {"command": type(command).__name__, "journey": str(command.journey), "facts": entries}
    body = json.dumps(asked, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if _NUL.search(body):
        raise CommandRefusedError(
            "unwritable-text", "a text holds the character NUL; leave it out and send it again"
        )
    try:
        return body.encode()
    except UnicodeEncodeError:
        raise CommandRefusedError(
            "unwritable-text", "a text holds bytes that are no UTF-8; write it again"
        ) from None


def _current(journal: Journal, journey: UUID, hot: HotJourneys | None) -> Journey:
    state = hot.get(journey) if hot is not None else None
    return state if state is not None else fold(journey, journal.read(journey))


def _accepted(answer: Answer, command: Command) -> Answer:
    if answer.outcome is Outcome.REFUSED:
        raise CommandIdReusedError(
            f"command {command.command_id} was already used for another request; take a new id"
        )
    return answer
