"""What a rule finds: intervals of days, each with its evidence.

"Open today" is a question asked of an interval, never a job that runs at night.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from domain.labels import Label, Vocabulary


class Kind(Vocabulary):
    """What a row is: a gap, a chance, or a value that the log does not hold."""

    GAP = "gap", "Lücke", "gap"
    CHANCE = "chance", "Chance", "chance"
    DATA = "data", "Stand unbekannt", "status unknown"


class State(Vocabulary):
    """Where an instance stands on a day."""

    NOT_APPLICABLE = "not_applicable", "nicht anwendbar", "not applicable"
    DUE = "due", "fällig", "due"
    OPEN = "open", "offen", "open"
    CLOSED = "closed", "geschlossen", "closed"


class ClosedBy(Vocabulary):
    """What closed an instance (design 4, line 7)."""

    IN_TIME = "in_time", "rechtzeitig erledigt", "done in time"
    LATE = "late", "verspätet erledigt", "done late"
    SUPERSEDED = "superseded", "abgelöst", "superseded"
    CANCELLED = "cancelled", "entfallen", "cancelled"
    CORRECTED = "corrected", "berichtigt", "corrected"
    RULE_CHANGE = "rule_change", "Regel außer Kraft", "rule ended"


class Severity(Vocabulary):
    """How bad it is: critical is the loss of a right or of livelihood within days."""

    CRITICAL = "critical", "kritisch", "critical"
    HIGH = "high", "hoch", "high"
    MEDIUM = "medium", "mittel", "medium"
    LOW = "low", "niedrig", "low"
    CHANCE = "chance", "Chance", "chance"


class Certainty(Vocabulary):
    """Whether every date behind an interval is known to the day."""

    CERTAINLY = "certainly", "sicher", "certainly"
    POSSIBLY = "possibly", "möglicherweise", "possibly"


class Responsible(Vocabulary):
    """Who has to act (reference 1.3 and 3.2)."""

    CLIENT = "client", "Ratsuchende Person", "client"
    CASE_MANAGER = "case_manager", "Case Management", "case manager"
    TEAM_LEAD = "team_lead", "Teamleitung", "team lead"
    COORDINATION = "coordination", "KIM-Koordination", "KIM coordination"
    RECEIVING_UNIT = "receiving_unit", "Empfangende Stelle", "receiving unit"
    DPO = "dpo", "Datenschutzbeauftragte", "data protection officer"
    ABH = "abh", "Ausländerbehörde", "immigration office"
    EBH = "ebh", "Einbürgerungsbehörde", "naturalisation office"
    BAMF = "bamf", "BAMF", "BAMF"
    SOZIALAMT = "sozialamt", "Sozialamt", "social welfare office"
    JOBCENTER = "jobcenter", "Jobcenter", "Jobcenter"
    EMPLOYMENT_AGENCY = "employment_agency", "Agentur für Arbeit", "employment agency"
    PROVIDER = "provider", "Träger des Angebots", "provider"
    COURSE_PROVIDER = "course_provider", "Sprachkursträger", "course provider"
    EMPLOYER = "employer", "Betrieb", "employer"
    RECOGNITION_BODY = "recognition_body", "Anerkennende Stelle", "recognising body"
    JUGENDAMT = "jugendamt", "Jugendamt", "youth welfare office"
    SCHOOL = "school", "Schulamt und Seiteneinsteigerberatung", "school office"
    INSURER = "insurer", "Krankenkasse", "health insurer"
    HOUSING = "housing", "Wohnungsamt", "housing office"


class StepName(StrEnum):
    """Why a step is a step."""

    URGENT = "urgent"
    WARNING = "warning"
    WORSE = "worse"


class Step(NamedTuple):
    """A day within an interval from which it weighs more.

    Attributes:
        on: The first day of the step.
        name: What the day is.
        severity: The severity from that day on; None leaves it as it was.
    """

    on: date
    name: StepName
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Consequence:
    """What stays even when the gap is closed."""

    code: str
    since: date


@dataclass(frozen=True, slots=True)
class Handling:
    """What somebody did about an instance without closing it: saw it, or explained why it waits.

    Attributes:
        fact: Id of the fact that tells it.
        on: The day.
        reason: Why it waits; None where it was only seen.
        until: The last day through which it rests; None where it does not rest.
    """

    fact: str
    on: date
    reason: str | None = None
    until: date | None = None


class Interval(NamedTuple):
    """One instance of a rule on one journey.

    Attributes:
        rule: Id of the rule.
        key: Which instance; the id of the triggering fact unless the rule names another.
        kind: Gap, chance, or a value that is missing.
        begins_on: First day of the window: from here on the instance exists.
        opens_on: First day of the gap.
        due_on: Last day in time; None where an unknown end leaves no such day.
        closes_on: First day on which it is closed; None while nothing closes it.
        closed_by: What closed it.
        closing: Id of the fact that closed it, if one did.
        severity: Severity before any step.
        steps: Days from which it weighs more, in order.
        certainty: Whether every day behind it is known exactly.
        evidence: Ids of the facts that it rests on, the trigger first.
        missing: The fact types of which one would close it.
        responsible: Who has to act, most pressing first.
        consequence: What stays when it has once been open.
        handled: What people did about it, in order: seen it, or explained why it waits.
        details: Words of this instance that the rule's sentence names, by their names; ``unknown`` names the value
            that a data row misses, where that is not the rule's own.
    """

    rule: str
    key: str
    kind: Kind
    begins_on: date
    opens_on: date
    due_on: date | None
    closes_on: date | None
    closed_by: ClosedBy | None
    closing: str | None
    severity: Severity
    steps: tuple[Step, ...]
    certainty: Certainty
    evidence: tuple[str, ...]
    missing: tuple[str, ...]
    responsible: tuple[Responsible, ...]
    consequence: Consequence | None
    handled: tuple[Handling, ...] = ()
    details: tuple[tuple[str, Label], ...] = ()

    def state(self, day: date) -> State:
        """Return where the instance stands on a day."""
        if day < self.begins_on:
            return State.NOT_APPLICABLE
        if self.closes_on is not None and day >= self.closes_on:
            return State.CLOSED
        return State.OPEN if day >= self.opens_on else State.DUE

    def severity_on(self, day: date) -> Severity:
        """Return the severity on a day, after the steps reached by then."""
        severity = self.severity
        for step in self.steps:
            if step.on <= day and step.severity is not None:
                severity = step.severity
        return severity

    def urgent(self, day: date) -> bool:
        """Say whether the instance's urgent step is reached."""
        return any(step.name is StepName.URGENT and step.on <= day for step in self.steps)

    def resting(self, day: date) -> Handling | None:
        """Return the explanation through whose day the instance rests; it never closes it."""
        for one in reversed(self.handled):
            if one.on <= day and one.reason is not None:
                return one if one.until is not None and day <= one.until else None
        return None

    def acknowledged(self, day: date) -> bool:
        """Say whether somebody has seen the instance by a day."""
        return any(one.on <= day for one in self.handled)

    @property
    def was_open(self) -> bool:
        """Say whether the gap opens at all, or is closed before it does."""
        return self.closes_on is None or self.closes_on > self.opens_on


@dataclass(frozen=True, slots=True)
class Turned:
    """A trigger that makes no instance, and the first condition that fails."""

    rule: str
    trigger: str
    reason: Label
