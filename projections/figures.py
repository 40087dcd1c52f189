"""What is counted of a municipality's case management: plain shapes, no storage."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Counted(StrEnum):
    """What a row of the consultations is."""

    CONSULTATION = "consultation"
    ENQUIRY = "enquiry"


@dataclass(frozen=True, slots=True)
class FiguresQuery:
    """Which figures are asked for.

    Attributes:
        as_of: The day up to which is counted, and on which cases stand.
        posts: The post of a case manager and the unit that it belongs to; a case counts there.
        relieved: The offices whose enquiries are counted, by key or by word; one that names no office counts.
        known_at: Only what was recorded by this day counts; None: everything.
    """

    as_of: date
    posts: tuple[tuple[str, str], ...] = ()
    relieved: frozenset[str] = frozenset()
    known_at: date | None = None


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """The figures of a unit.

    Attributes:
        unit: Its key, as the facts name it.
        active: Cases that run on the day, with a case manager or without.
        suspended: Cases that rest on the day.
        participants: People who had a case there by the day.
        consultations: Consultations held by the day; missed ones do not count.
        enquiries: Enquiries answered instead of the immigration office by the day.
    """

    unit: str
    active: int = 0
    suspended: int = 0
    participants: int = 0
    consultations: int = 0
    enquiries: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of all units, and of all together; a person counts once in each."""

    units: tuple[UnitFigures, ...]
    total: UnitFigures
