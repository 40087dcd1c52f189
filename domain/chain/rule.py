"""A gap rule as a record, the drafts that its pattern makes, and how a draft becomes an interval.

A rule says what to look for; :func:`settle` alone knows how windows, closings and endings work
(lines G4 to G10, design 4, lines 2 to 7, 15, 16).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from domain.chain.calendar import plus_days
from domain.chain.counting import counted_day, counting, counting_between
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.handling import handled_by
from domain.chain.intervals import (
    Certainty,
    ClosedBy,
    Consequence,
    Interval,
    Kind,
    Responsible,
    Severity,
    Step,
    Turned,
)
from domain.chain.reading import Seen, View
from domain.fields import Handlungsfeld
from domain.labels import Label, Vocabulary
from domain.vocabulary.gaps import GapReason

NATURALISED = "NaturalisationCertificateHandedOver"
LEFT = "LeftGermany"
DIED = "PersonDied"


class Pattern(Vocabulary):
    """The seven patterns; there is no eighth."""

    RESPONSE_WITHIN = "response_within", "Antwort binnen Frist", "response within"
    PRECEDENCE = "precedence", "Voraussetzung", "precedence"
    ABSENCE = "absence", "Ausbleiben", "absence"
    LEAD_TIME = "lead_time", "Vorlauf", "lead time"
    OPPORTUNITY = "opportunity", "Chance", "opportunity"
    CONFLICT = "conflict", "Konflikt", "conflict"
    HANDOVER = "handover", "Übergabe", "handover"


class Audience(Vocabulary):
    """Who may see a rule's gaps; an immigration office never sees them unasked."""

    CASE_MANAGER = "case_manager", "Case Management", "case manager"
    TEAM_LEAD = "team_lead", "Teamleitung", "team lead"
    COORDINATION = "coordination", "KIM-Koordination, nur als Zahl", "coordination, as a figure"
    DPO = "dpo", "Datenschutzbeauftragte", "data protection officer"
    CLIENT = "client", "Ratsuchende Person", "client"


CASE_WORK = (Audience.CASE_MANAGER, Audience.TEAM_LEAD, Audience.COORDINATION, Audience.CLIENT)
"""Who sees what the case management works on: all but the data protection officer."""

PROTECTED = (Audience.CASE_MANAGER, Audience.CLIENT)
"""Who sees what rests on health or family: nobody beside the one who leads the case."""

RECORD_KEEPING = (Audience.CASE_MANAGER, Audience.TEAM_LEAD, Audience.DPO)
"""Who sees what concerns the keeping and passing on of data."""


@dataclass(slots=True)
class Closing:
    """Something that closes an instance on a day of its own.

    Attributes:
        day: The day.
        by: How it closes.
        fact: The fact that closes.
        earliest: The first possible day, where the day is told by month or year or not at all; None: it is exact.
        first_of_day: Whether it stands before all else of its day.
    """

    day: date
    by: ClosedBy
    fact: Seen | None = None
    earliest: date | None = None
    first_of_day: bool = False

    @property
    def partial(self) -> bool:
        """Say whether the day is not known exactly."""
        return self.earliest is not None


@dataclass(slots=True)
class Draft:
    """What a rule found, before it is known what closes it.

    Attributes:
        trigger: The fact that sets it off.
        first: First day of the window.
        due_on: Last day in time; None where there is none.
        opens_on: First day of the gap, if it is not the day after ``due_on``.
        followed: The facts that fulfil it.
        cancelled: The facts that end it otherwise.
        superseded: The next triggers of its series.
        closings: Closings on days of their own.
        key: Which instance; the trigger's id unless the rule names another.
        kind: A gap, or a value that is missing.
        partial: Whether a date behind the window is partial or missing.
        evidence: Facts that it rests on besides the trigger.
        steps: Days from which it weighs more.
        consequence: What stays once it has been open.
        undated: On which day undated facts count, where that is not line G5.
        since: The day from which endings count, where that is not the trigger's earliest day (B03).
        strict: Whether a closing on the first day leaves no instance (B07).
        severity: How bad this instance is, where that is not the rule's own.
        responsible: Who has to act in this situation, where that is not the rule's own.
        missing: What would close this instance, where that is not the rule's own.
        details: Words of this instance that the rule's sentence names in braces; ``unknown`` names the value that a data
            row misses, where that is not the rule's own.
    """

    trigger: Seen
    first: date
    due_on: date | None
    key: str = ""
    opens_on: date | None = None
    followed: Iterable[Seen] = ()
    cancelled: Iterable[Seen] = ()
    superseded: Iterable[Seen] = ()
    closings: Iterable[Closing] = ()
    kind: Kind = Kind.GAP
    partial: bool = False
    evidence: tuple[Seen, ...] = ()
    steps: tuple[Step, ...] = ()
    consequence: Consequence | None = None
    undated: Callable[[Seen], date] | None = None
    since: date | None = None
    strict: bool = False
    severity: Severity | None = None
    responsible: tuple[Responsible, ...] = ()
    missing: tuple[str, ...] = ()
    details: tuple[tuple[str, Label], ...] = ()

    def counted(self, one: Seen) -> date:
        """Return the day on which a follow-up or cancellation counts."""
        if self.undated is not None and not one.dated:
            return self.undated(one)
        return counted_day(one, self.due_on)


class Refused(NamedTuple):
    """A trigger that makes no instance, with the first condition that fails.

    Attributes:
        trigger: The fact.
        why: The condition, or what names it once it is asked for: an evaluation asks for none.
    """

    trigger: Seen
    why: Label | Callable[[], Label]

    @property
    def reason(self) -> Label:
        """Return the condition that fails."""
        return self.why if isinstance(self.why, Label) else self.why()


Found = Iterator[Draft | Refused]


@dataclass(frozen=True, slots=True)
class Rule:
    """One gap rule: everything that is said about it in one place.

    Attributes:
        id: Letter of the field and number, as in the catalogue.
        label: Its name.
        watches: What it is about, in a sentence.
        sentence: What is said of an instance; ``{day}`` is when the trigger happened ("am 15.03.2024"), ``{first}`` the
            window's first day, ``{due}`` the last day in time; other names are details of the draft.
        next_step: What to do, as a verb phrase.
        source: The law or practice.
        bounds: Names of its dated bounds; the first one carries the rule: without it there is no instance.
        triggers: The fact types that set it off.
        missing: The fact types of which one closes it.
        find: Yields the drafts of one journey.
        entry: Its normative text.
        ended_by: The endings that cancel it besides PersonDied.
        knot: Whether its gap may stand in one journey because of another of the household.
        outlives_death: Whether not even PersonDied cancels it: retention (design 4, line 15).
        visible_to: Who may see it.
        reasons: The reason codes offered for an explanation.
        unknown: The attribute whose absence makes a data row.
        consequence: What stays once it has been open; ``{since}`` is its first day.
    """

    id: str
    pattern: Pattern
    field: Handlungsfeld
    label: Label
    watches: Label
    sentence: Label
    next_step: Label
    source: str
    severity: Severity
    responsible: tuple[Responsible, ...]
    bounds: tuple[str, ...]
    triggers: tuple[str, ...]
    missing: tuple[str, ...]
    find: Callable[[Derived], Found]
    entry: Entry
    kind: Kind = Kind.GAP
    ended_by: tuple[str, ...] = (LEFT,)
    reasons: tuple[GapReason, ...] = (GapReason.DATA_MISSING, GapReason.OTHER)
    consequence: Label | None = None
    unknown: str = ""
    visible_to: tuple[Audience, ...] = CASE_WORK
    outlives_death: bool = False
    knot: bool = False

    @property
    def endings(self) -> tuple[str, ...]:
        """Return every ending that cancels it."""
        return self.ended_by if self.outlives_death else (*self.ended_by, DIED)


_FOLLOWED, _CANCELLED, _SUPERSEDED = 1, 2, 3
_NEVER = Label(
    "erledigt oder entfallen, bevor das Fenster begann", "done or cancelled before the window began"
)
_DEAD = Label("die Person ist verstorben", "the person has died")


def settle(rule: Rule, draft: Draft, journey: Derived) -> Interval | Turned:
    """Return the interval that a draft becomes, or why it never comes into being."""
    deaths = () if rule.outlives_death else journey.view.of(DIED)
    if deaths and any(one.latest < draft.first for one in deaths):
        return Turned(rule.id, draft.trigger.id, _DEAD)
    closing = _first_closing(rule, draft, journey, deaths)
    if closing is not None and (
        closing.day < draft.first or (draft.strict and closing.day == draft.first)
    ):
        return Turned(rule.id, draft.trigger.id, _NEVER)
    return _interval(rule, draft, closing, journey.view)


_Weight = tuple[date, int, int]
"""What decides which closing stands: its day, its word, the place of its fact (G7)."""


def _first_closing(
    rule: Rule, draft: Draft, journey: Derived, deaths: Sequence[Seen]
) -> Closing | None:
    """Return what closes a draft, the least of all that does (G7)."""
    counted = draft.counted
    found: list[tuple[_Weight, Seen | Closing]] = [
        ((counted(one), _FOLLOWED, one.rank), one) for one in draft.followed
    ]
    if cancelling := _cancelling(rule, draft, journey.view, deaths):
        found += [((counted(one), _CANCELLED, one.rank), one) for one in cancelling]
    if draft.superseded:
        found += [((one.latest, _SUPERSEDED, one.rank), one) for one in draft.superseded]
    if draft.closings:
        found += [(_weight_of_own(own), own) for own in draft.closings]
    law_ends = journey.bounds.ended_after(rule.bounds[0], draft.trigger.latest)
    if law_ends is not None:
        found.append(((law_ends, _SUPERSEDED, -1), Closing(law_ends, ClosedBy.RULE_CHANGE)))
    if not found:
        return None
    weight, first = min(found, key=_by_weight)
    closing = first if isinstance(first, Closing) else _closing(weight, first, draft.due_on)
    if closing.partial or len(found) == 1:
        return closing
    unsure = _first_possible(closing.day, found)
    return closing if unsure is None else replace(closing, earliest=unsure)


_by_weight = itemgetter(0)


def _first_possible(day: date, found: list[tuple[_Weight, Seen | Closing]]) -> date | None:
    """Return the first day before the closing's on which something else may have closed (D 3); None: nothing may."""
    first = None
    for _, one in found:
        own = one.earliest if isinstance(one, Closing) else one.unsure_from
        if own is not None and own < day:
            day = first = own
    return first


def _cancelling(rule: Rule, draft: Draft, view: View, deaths: Sequence[Seen]) -> Iterable[Seen]:
    """Return what cancels a draft: facts of its own, and the endings; few journeys have any."""
    endings = view.of(*rule.ended_by)
    if not endings and not deaths:
        return draft.cancelled
    if view.holds(draft.trigger):
        ended = counting(draft.trigger, endings, draft.since)
    else:
        ended = counting_between(draft.trigger, endings)
    return chain(draft.cancelled, ended, deaths)


def _closing(weight: _Weight, fact: Seen, due_on: date | None) -> Closing:
    """Return the closing that a fact is by its weight."""
    day, order, _ = weight
    by = _BY.get(order, ClosedBy.IN_TIME if due_on is None or day <= due_on else ClosedBy.LATE)
    return Closing(day, by, fact, fact.unsure_from)


_BY = {_CANCELLED: ClosedBy.CANCELLED, _SUPERSEDED: ClosedBy.SUPERSEDED}
_ORDER = {
    ClosedBy.IN_TIME: _FOLLOWED,
    ClosedBy.LATE: _FOLLOWED,
    ClosedBy.CANCELLED: _CANCELLED,
    ClosedBy.SUPERSEDED: _SUPERSEDED,
    ClosedBy.RULE_CHANGE: _SUPERSEDED,
    ClosedBy.CORRECTED: _SUPERSEDED,
}


def _weight_of_own(own: Closing) -> _Weight:
    order = 0 if own.first_of_day else _ORDER[own.by]
    return own.day, order, -1 if own.fact is None else own.fact.rank


def _interval(rule: Rule, draft: Draft, closing: Closing | None, view: View) -> Interval:
    opens_on = draft.opens_on
    if opens_on is None:
        opens_on = draft.first if draft.due_on is None else plus_days(draft.due_on, 1)
    opens_on = max(opens_on, draft.first)
    data = draft.kind is Kind.DATA
    partial = draft.partial or data or (closing is not None and closing.partial)
    opened = closing is None or closing.day > opens_on
    key = draft.key or draft.trigger.id
    return Interval(
        rule.id,
        key,
        rule.kind if draft.kind is Kind.GAP else draft.kind,
        draft.first,
        opens_on,
        draft.due_on,
        None if closing is None else closing.day,
        None if closing is None else closing.by,
        None if closing is None or closing.fact is None else closing.fact.id,
        Severity.LOW if data else draft.severity or rule.severity,
        () if data else draft.steps,
        Certainty.POSSIBLY if partial else Certainty.CERTAINLY,
        (draft.trigger.id, *[one.id for one in draft.evidence if one is not draft.trigger]),
        draft.missing or rule.missing,
        draft.responsible or rule.responsible,
        draft.consequence if opened and not data else None,
        handled_by(view, rule.id, key),
        draft.details,
    )
