"""The picture of one journey: parallel strands with spans, milestones and holes, and the chain above them.

These are the shapes that :mod:`projections.timeline` fills and the pages draw.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.chain.intervals import Certainty, Interval
from domain.labels import Label, Vocabulary


class StrandName(Vocabulary):
    """The strands, in the order in which they are drawn."""

    RECHTSKREIS = "rechtskreis", "Rechtskreis", "legal circle"
    AUFENTHALT = "aufenthalt", "Aufenthalt", "residence"
    SPRACHE = "sprache", "Sprache", "language"
    BILDUNG = "bildung", "Bildung und Ausbildung", "education and training"
    ARBEIT = "arbeit", "Arbeit", "work"
    WOHNEN = "wohnen", "Wohnen", "housing"
    FAMILIE = "familie", "Familie und Gesundheit", "family and health"
    BERATUNG = "beratung", "Beratung", "counselling"
    EINBUERGERUNG = "einbuergerung", "Einbürgerung", "naturalisation"


class SpanKind(Vocabulary):
    """How a span is drawn; shape and word, never colour alone."""

    DONE = "done", "abgeschlossen", "done"
    RUNNING = "running", "läuft", "running"
    PLANNED = "planned", "geplant", "planned"
    GAP_OPEN = "gap_open", "offene Lücke", "open gap"
    GAP_DUE = "gap_due", "drohende Lücke", "gap ahead"
    GAP_CLOSED = "gap_closed", "geschlossene Lücke", "closed gap"


class MarkKind(Vocabulary):
    """What a milestone tells."""

    REACHED = "reached", "erreicht", "reached"
    FAILED = "failed", "nicht erreicht", "failed"
    HANDOVER = "handover", "Übergabe", "handover"
    BROKEN = "broken", "Übergabe ohne Bestätigung", "handover unanswered"
    DEADLINE = "deadline", "Frist", "deadline"
    PLANNED = "planned", "angekündigt", "announced"


class LinkState(Vocabulary):
    """Where a link of the chain stands."""

    DONE = "done", "erreicht", "done"
    DUE = "due", "Frist läuft", "deadline running"
    BROKEN = "broken", "unterbrochen", "broken"
    AHEAD = "ahead", "noch nicht", "not yet"
    UNKNOWN = "unknown", "Stand unbekannt", "status unknown"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time on a strand, both days inclusive; ``end`` None: still running."""

    start: date
    end: date | None
    label: Label
    kind: SpanKind
    detail: str = ""
    refs: tuple[str, ...] = ()
    certainty: Certainty = Certainty.CERTAINLY
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A milestone; ``late_days`` tells how many days after the day itself it was recorded."""

    on: date
    label: Label
    kind: MarkKind
    ref: str
    late_days: int = 0


@dataclass(frozen=True, slots=True)
class Strand:
    """One strand: spans, milestones, consultations as dots, and its state in one line."""

    name: StrandName
    spans: tuple[Span, ...]
    marks: tuple[Mark, ...]
    dots: tuple[date, ...]
    note: Label
    state: LinkState


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain above the picture."""

    name: Label
    state: LinkState
    note: Label


@dataclass(frozen=True, slots=True)
class Timeline:
    """One journey as of a day, as it was known at a day."""

    journey: UUID
    as_of: date
    known_at: date | None
    strands: tuple[Strand, ...]
    chain: tuple[Link, ...]
    intervals: tuple[Interval, ...]
