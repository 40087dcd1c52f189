"""What is known: corrections and retractions (G11), days (G1, G2), order (G3), counting (G4, G5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tests.second_reading.days import Days, berlin_day, days_of

DATED_BY = {
    "JobSeekerRegistered": "on",
    "UnemploymentRegistered": "on",
    "BenefitApplied": "on",
    "CourseEntitlementIssued": "issued_on",
    "VocationalLanguageEntitlementIssued": "issued_on",
    "ConsentGranted": "granted_on",
    "ConsentWithdrawn": "withdrawn_on",
    "IntegrationCourseCertificateIssued": "date",
    "NaturalisationCertificateHandedOver": "date",
    "ChildBorn": "birth_date",
}

PROOFS = {
    "TitleApplied": ("FictionCertificateIssued", "TitleRefused", "TitleGranted"),
    "HandoverOffered": ("HandoverAccepted", "HandoverRejected"),
    "CourseRegistered": ("CourseStarted", "CourseNotRealised"),
    "CourseStarted": ("CourseCompleted", "CourseAborted", "CourseInterrupted"),
    "VocationalCourseRegistered": ("VocationalCourseStarted",),
    "TrainingContractSigned": ("TrainingStarted",),
    "TrainingStarted": (
        "TrainingAborted",
        "TrainingInterrupted",
        "TrainingCompleted",
        "TrainingFinallyFailed",
    ),
    "EmploymentStarted": ("EmploymentEnded",),
    "AsylumDecisionIssued": ("AppealFiled", "AppealDecided"),
    "WorkPermitRequested": ("WorkPermitGranted", "WorkPermitRefused"),
    "ToleranceApplied": ("ToleranceRefused",),
    "RecognitionApplied": ("ReceiptConfirmed", "DocumentsRequested", "RecognitionDecided"),
    "CompensationStarted": ("CompensationCompleted",),
    "BridgingMeasureStarted": ("BridgingMeasureEnded",),
    "CaseManagerAssigned": ("CaseManagerReleased",),
    "ConsentGranted": ("ConsentWithdrawn", "ConsentExpired"),
}


@dataclass(frozen=True)
class Fact:
    """A fact as it stands in the file."""

    id: str
    type: str
    occurred_on: str | None
    recorded_at: str | None
    attributes: dict[str, Any]


@dataclass(frozen=True)
class Told:
    """A fact that counts, with its days and its place in the order of G3."""

    id: str
    type: str
    attributes: dict[str, Any]
    earliest: date
    latest: date
    dated: bool
    recorded: date
    place: int
    narrowed: bool = False
    rank: tuple[date, int, int] = (date.min, 0, 0)
    journey: str = ""  # of another member of the household

    def get(self, name: str) -> Any:
        """The value of an attribute; None where it is missing."""
        return self.attributes.get(name)

    def days(self, name: str) -> Days | None:
        """Both days of a date in an attribute."""
        value = self.get(name)
        return None if value is None else days_of(value)

    def day(self, name: str) -> date | None:
        """The latest day of a date in an attribute (what counts unless the text says otherwise)."""
        days = self.days(name)
        return None if days is None else days.latest

    @property
    def own(self) -> Days:
        return Days(self.earliest, self.latest)

    @property
    def basis(self) -> str | None:
        """The residence basis as the text writes it: without ``AUFENTHG_``."""
        value = self.get("basis")
        return None if value is None else value.removeprefix("AUFENTHG_")


View = list[Told]


# Known-at, retractions, corrections (G11, D 23)


def _dates_told(fact: Fact) -> str | None:
    if fact.occurred_on is not None:
        return fact.occurred_on
    by = DATED_BY.get(fact.type)
    return None if by is None else fact.attributes.get(by)


def _recorded_if_dated(fact: Fact) -> date | None:
    told = _dates_told(fact)
    if told is None:
        return None
    return berlin_day(fact.recorded_at) if fact.recorded_at else days_of(told).latest


def recorded_day(facts: Sequence[Fact], place: int) -> date | None:
    """D 23: the explicit day, else the fact's own, else that of a dated one."""
    fact = facts[place]
    if fact.recorded_at:
        return berlin_day(fact.recorded_at)
    following = [_recorded_if_dated(other) for other in facts[place:]]
    for day in following:
        if day is not None:
            return day
    days = [day for day in map(_recorded_if_dated, facts) if day is not None]
    return max(days, default=None)


def _stands(fact: Fact, known: Sequence[Fact], asked: tuple[str, ...] = ()) -> bool:
    """Not undone by a retraction that stands itself."""
    return not any(
        other.type == "EventRetracted"
        and other.attributes.get("target") == fact.id
        and other.id not in asked
        and _stands(other, known, (*asked, fact.id))
        for other in known
    )


def _first_corrected(target: str | None, by_id: dict[str, Fact]) -> str | None:
    seen: set[str] = set()
    while target in by_id and by_id[target].type == "EventCorrected" and target not in seen:
        seen.add(target)
        target = by_id[target].attributes.get("target")
    return target


def _corrected(fact: Fact, correction: Fact) -> Fact:
    said = correction.attributes
    return replace(
        fact,
        occurred_on=said.get("occurred_on", fact.occurred_on),
        attributes={**fact.attributes, **(said.get("attributes") or {})},
    )


# The days of a fact (G1, G2) and the order (G3)


def _told(fact: Fact, recorded: date, place: int) -> Told:
    told = _dates_told(fact)
    days = Days(recorded, recorded) if told is None else days_of(told)
    latest = days.latest
    if days.partial and fact.recorded_at and days.earliest <= recorded <= days.latest:
        latest = recorded
    return Told(
        id=fact.id,
        type=fact.type,
        attributes=fact.attributes,
        earliest=days.earliest,
        latest=latest,
        dated=told is not None,
        recorded=recorded,
        place=place,
    )


def _narrowed(fact: Told, facts: Iterable[Told]) -> Told:
    """G2: the earliest proof inside the range is the latest day of a partial fact."""
    if not fact.dated or fact.earliest == fact.latest:
        return fact
    proofs = [
        other.latest
        for other in facts
        if other.type in PROOFS.get(fact.type, ())
        and other.dated
        and fact.earliest <= other.latest <= fact.latest
    ]
    if not proofs or min(proofs) == fact.latest:
        return fact
    return replace(fact, latest=min(proofs), narrowed=True)


def _ranked(fact: Told, facts: Sequence[Told]) -> Told:
    day = fact.latest
    if not fact.dated:
        dated = [other.latest for other in facts if other.dated]
        following = [other.latest for other in facts if other.dated and other.place > fact.place]
        day = following[0] if following else max(dated, default=fact.latest)
    return replace(fact, rank=(day, 0 if fact.narrowed else 1, fact.place))


def read_view(facts: Sequence[Fact], known_at: date | None) -> View:
    """The facts that count, in the order of G3; nothing after an erasure (G10)."""
    if any(fact.type == "JourneyErased" for fact in facts):
        return []
    recorded = {place: recorded_day(facts, place) for place in range(len(facts))}
    places = [
        place
        for place, day in recorded.items()
        if day is not None and (known_at is None or day <= known_at)
    ]
    known = [facts[place] for place in places]
    by_id = {fact.id: fact for fact in facts}
    standing = [place for place in places if _stands(facts[place], known)]
    now = {place: facts[place] for place in standing}
    corrections = [place for place in standing if facts[place].type == "EventCorrected"]
    for correction in sorted(corrections, key=lambda place: (recorded[place], place)):
        target = _first_corrected(facts[correction].attributes.get("target"), by_id)
        for place in standing:
            if facts[place].id == target:
                now[place] = _corrected(now[place], facts[correction])
    plain = [_told(fact, recorded[place], place) for place, fact in now.items()]
    narrowed = [_narrowed(fact, plain) for fact in plain]
    ranked = [
        _ranked(fact, narrowed)
        for fact in narrowed
        if fact.type not in ("EventCorrected", "EventRetracted")
    ]
    return sorted(ranked, key=lambda fact: fact.rank)


# Asking the view


def of(view: View, *types: str) -> View:
    """The facts of these types (all, if none is named), in the order of G3."""
    return [fact for fact in view if not types or fact.type in types]


def before(one: Told, other: Told) -> bool:
    """G3: does the one stand before the other? Of two journeys: by the day on which each stands."""
    return stands(one) < stands(other)


def stands(fact: Told) -> tuple[date, bool, tuple[date, int, int]]:
    """Where a fact stands: on its day of G3, the other member's own journey first."""
    return fact.rank[0], fact.journey == "", fact.rank


def facts_before(view: View, fact: Told, *types: str) -> View:
    """The facts of these types (all, if none is named) that stand before it in the order of G3."""
    return [other for other in view if before(other, fact) and (not types or other.type in types)]


def facts_after(view: View, fact: Told, *types: str) -> View:
    """The facts of these types (all, if none is named) that stand after it in the order of G3."""
    return [other for other in view if before(fact, other) and (not types or other.type in types)]


def counts_from(other: Told, trigger: Told) -> bool:
    """G4: does the other fact count from the trigger on? Of two journeys: by days."""
    if other.journey != trigger.journey:
        return other.latest >= trigger.earliest
    if other is trigger or other.id == trigger.id:
        return False
    if other.dated and trigger.dated:
        return other.latest >= trigger.earliest
    return before(trigger, other)


def since(view: View, trigger: Told, *types: str) -> View:
    """The facts of these types (all, if none is named) that count from the trigger on (G4)."""
    named = of(view, *types) if types else view
    return [other for other in named if counts_from(other, trigger)]


def counts_on(fact: Told, due_on: date | None) -> date:
    """G5: the day on which a follow-up or cancellation counts."""
    if due_on is None:
        return fact.latest
    if not fact.dated:
        return due_on
    return min(fact.latest, due_on) if fact.earliest <= due_on else fact.latest


def same_or_missing(one: Told, other: Told, name: str) -> bool:
    """The attribute is equal, or missing on either side."""
    return None in (one.get(name), other.get(name)) or one.get(name) == other.get(name)
