"""What the generator knows of a life beside the facts that it tells: the ground for the truth.

The strands write here what they did, exactly dated; :mod:`infra.population.truth` reads only this.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.vocabulary.residence import ResidenceBasis


class Seed(StrEnum):
    """A gap that a life is made to have on the day of the demonstration."""

    A01 = "A01"
    A02 = "A02"
    F02 = "F02"
    F06 = "F06"
    F11 = "F11"
    L01 = "L01"
    M02 = "M02"
    S01 = "S01"
    S05 = "S05"
    S15 = "S15"


@dataclass(slots=True)
class Title:
    """A title: granted, its end by law (none: permanent), the application for the next.

    ``runs_out`` marks the title that a seeded life is to lose without an application.
    """

    id: str
    basis: ResidenceBasis
    granted: date
    ends: date | None
    claim: bool = False
    applied: date | None = None
    refused: date | None = None
    runs_out: bool = False


@dataclass(slots=True)
class Registration:
    """A registration for an integration course and what became of it."""

    id: str
    day: date
    started: date | None = None
    announced: date | None = None
    not_realised: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Something that may follow a course: from a day to a last day (none: it still runs)."""

    start: date
    end: date | None
    counts_as_running: bool = True


@dataclass(frozen=True, slots=True)
class Completion:
    """The end of a course that was finished."""

    id: str
    day: date


@dataclass(slots=True)
class Change:
    """A change of Rechtskreis from the AsylbLG to the SGB II."""

    id: str
    day: date
    condition_fell: date
    applied: date | None = None
    secured: date | None = None


@dataclass(slots=True)
class Office:
    """A case manager's time in office for the case."""

    post: str
    begun: date
    ended: date | None = None
    ended_by: str | None = None


@dataclass(slots=True)
class Case:
    """A case: when it was active, who led it, and the contacts held in it."""

    id: str
    opened: date
    bound: int
    closed: date | None = None
    suspended: date | None = None
    resumed: date | None = None
    resumed_id: str = ""
    offices: list[Office] = field(default_factory=list)
    contacts: list[tuple[date, str]] = field(default_factory=list)

    def active_on(self, day: date) -> bool:
        """Say whether the case is active on a day."""
        if day < self.opened or (self.closed is not None and day >= self.closed):
            return False
        resting = self.suspended is not None and day >= self.suspended
        return not resting or (self.resumed is not None and day >= self.resumed)


@dataclass(slots=True)
class Offer:
    """A handover that was offered."""

    id: str
    day: date
    to: str
    answered: date | None = None


@dataclass(slots=True)
class PlaceRequest:
    """A place in day care asked for, the last day in time, and what became of it."""

    id: str
    day: date
    due_on: date
    answered: date | None = None
    withdrawn: date | None = None


@dataclass(slots=True)
class Ledger:
    """Everything about one life that a rule with a known truth may ask for."""

    titles: list[Title] = field(default_factory=list)
    registrations: list[Registration] = field(default_factory=list)
    ended_courses: list[date] = field(default_factory=list)
    completions: list[Completion] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    hindrances: list[date] = field(default_factory=list)
    schools: list[Step] = field(default_factory=list)
    proven_b1: list[date] = field(default_factory=list)
    excused: list[date] = field(default_factory=list)
    change: Change | None = None
    case: Case | None = None
    offers: list[Offer] = field(default_factory=list)
    requests: list[PlaceRequest] = field(default_factory=list)
    naturalised: date | None = None
    left: date | None = None
