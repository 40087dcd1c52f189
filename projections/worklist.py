"""What the gap list asks for and what it is answered with: plain shapes, no storage.

"Open today" is a question of days asked of the kept intervals, never a state that is kept.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from domain.chain.intervals import (
    Certainty,
    ClosedBy,
    Kind,
    Responsible,
    Severity,
    State,
)
from domain.fields import Handlungsfeld
from domain.labels import Label, Vocabulary
from domain.vocabulary.gaps import GapReason
from projections.strands import Span, StrandName

DUE_SOON = timedelta(days=14)
LONG_OPEN = timedelta(days=90)


class Group(Vocabulary):
    """The groups of the gap list, in the order in which they are shown."""

    DUE_SOON = "due_soon", "Diese Woche und nächste Woche fällig", "due this week or next"
    SEAM = "seam", "Beim Wechsel des Rechtskreises verloren", "lost at the change of Rechtskreis"
    LONG_OPEN = "long_open", "Länger als 90 Tage offen", "open for more than 90 days"
    OPEN = "open", "Weitere offene Lücken", "other open gaps"
    DUE_LATER = "due_later", "Später fällig", "due later"
    RESTING = "resting", "Ruht mit Grund", "resting for a reason"
    CHANCE = "chance", "Chancen", "chances"
    UNKNOWN = "unknown", "Stand unbekannt", "status unknown"
    CLOSED = "closed", "Geschlossen", "closed"


class Sort(Vocabulary):
    """The orders of the gap list; within a group where groups are shown."""

    URGENCY = "urgency", "Dringlichkeit", "urgency"
    AGE = "age", "Dauer", "age"
    NAME = "name", "Name", "name"
    RULE = "rule", "Regel", "rule"


@dataclass(frozen=True, slots=True)
class GapQuery:
    """Which gaps to list.

    Attributes:
        as_of: The day on which states are told.
        known_at: Only what was recorded by this day counts; None: everything.
        text: Beginning of a word of the name, or of the case number.
        states: Which states to list.
        unassigned: True: only where the case manager has to act and nobody is in office.
        due_within: Rows that are due count only if due within this time; None: all of them.
        page: From 1.
        town: Only people who live in this town, by AGS.
        per_group: Not 0: instead of a page, at most so many rows of each group.
    """

    as_of: date
    known_at: date | None = None
    text: str = ""
    strand: StrandName | None = None
    responsible: Responsible | None = None
    unit: str = ""
    case_manager: str = ""
    rule: str = ""
    severity: Severity | None = None
    group: Group | None = None
    states: frozenset[State] = frozenset({State.DUE, State.OPEN})
    unassigned: bool = False
    due_within: timedelta | None = DUE_SOON
    journey: UUID | None = None
    town: str = ""
    sort: Sort = Sort.URGENCY
    page: int = 1
    page_size: int = 50
    per_group: int = 0


@dataclass(frozen=True, slots=True)
class Header:
    """Who a journey is about and who leads the case."""

    journey: UUID
    name: str = ""
    case_number: str = ""
    unit: str = ""
    case_manager: str = ""
    arrived_on: date | None = None
    consent_until: date | None = None


@dataclass(frozen=True, slots=True)
class GapRow:
    """One row of the gap list.

    Attributes:
        days: Days open for an open gap, days left through ``due_on`` for one that is due.
        nobody: The case manager has to act and nobody is in office.
        rest_reason: Why it rests, where somebody explained it; it stays as open as it is.
        rests_until: The last day on which it rests.
        strip: The spans of the row's strand, holes included, oldest first.
        town: Where the person lives on the day, by AGS; empty: it is not known.
    """

    header: Header
    rule: str
    key: str
    kind: Kind
    state: State
    group: Group
    severity: Severity
    urgent: bool
    strand: StrandName
    begins_on: date
    opens_on: date
    due_on: date | None
    closes_on: date | None
    closed_by: ClosedBy | None
    certainty: Certainty
    evidence: tuple[str, ...]
    missing: tuple[str, ...]
    responsible: tuple[Responsible, ...]
    days: int
    nobody: bool
    rest_reason: GapReason | None = None
    rests_until: date | None = None
    strip: tuple[Span, ...] = ()
    town: str = ""


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A gap that will open on a coming day, as far as is known today."""

    header: Header
    rule: str
    key: str
    opens_on: date
    due_on: date | None
    severity: Severity


@dataclass(frozen=True, slots=True)
class GapPage:
    """One page of the gap list, and how many rows and people the whole list has.

    Attributes:
        groups: Rows per group over all pages, in the order of the groups; empty groups left out.
    """

    rows: tuple[GapRow, ...]
    total: int
    people: int
    page: int
    pages: int
    groups: tuple[tuple[Group, int], ...]


@dataclass(frozen=True, slots=True)
class Tiles:
    """The figures above the gap list, over everything that the filters leave.

    Attributes:
        long_open: Rows of the group; what was lost at the change of Rechtskreis is counted in ``seam``.
        nobody: Rows of the list where the case manager has to act and nobody is in office.
    """

    open: int
    people: int
    due_soon: int
    seam: int
    long_open: int
    nobody: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters can be set to: the values that occur."""

    units: tuple[str, ...]
    case_managers: tuple[str, ...]
    rules: tuple[str, ...]
    responsible: tuple[Responsible, ...]


@dataclass(frozen=True, slots=True)
class Caseload:
    """What a case manager of a unit carries.

    Attributes:
        weight: One for each active case and one more for each of its open gaps.
    """

    unit: str
    case_manager: str
    active: int
    suspended: int
    open_gaps: int
    weight: int


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many people stand in a state of a field."""

    field: Handlungsfeld
    state: str
    label: Label
    people: int


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far the tables have read; ``behind`` counts the records that they have not.

    Attributes:
        recorded_at: When the last record they hold was written; None before the first.
        updated_at: When the tables were last written; None before the first time.
        lag_seconds: How long the oldest unread record has been waiting; 0 if none is.
    """

    position: int
    behind: int = 0
    recorded_at: datetime | None = None
    updated_at: datetime | None = None
    lag_seconds: float = field(default=0.0)
