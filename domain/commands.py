"""What people ask for: closed requests, in the imperative, with everything in them that was said."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.journal import Entry


@dataclass(frozen=True, slots=True)
class StartJourney:
    """Begin a new journey with these facts, the first of them a ``JourneyStarted``.

    Attributes:
        command_id: The same id with the same body is answered the same way, and done once.
        journey: The pseudonymous id of the new journey.
        entries: The first facts.
        recorded_on: The day of recording in Berlin; no fact may lie after it.
    """

    command_id: UUID
    journey: UUID
    entries: tuple[Entry, ...]
    recorded_on: date


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """Append facts to a journey, all or none; corrections and retractions are facts as well."""

    command_id: UUID
    journey: UUID
    entries: tuple[Entry, ...]
    recorded_on: date


Command = StartJourney | RecordFacts
