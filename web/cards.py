"""The cards "Warum ist die Kette unterbrochen?": rule, source, evidence, what is missing, who acts next."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from domain.chain.catalogue import RULES
from domain.chain.explanation import sentence
from domain.chain.intervals import Interval, Kind, Responsible, Severity, State
from domain.chain.reading import View
from domain.chain.rule import Rule
from domain.competence import offices
from domain.events.registry import FACTS
from domain.fact import python_name
from domain.journal import Recorded
from domain.organisations import Municipality, Unit
from domain.vocabulary.gaps import GapReason
from projections.history import History
from web.fact_words import fact_details, fact_label
from web.texts import Texts

_ORDER = tuple(Severity)
_TIES = ("case_id", "to", "consent_id", "link_id", "employment", "title")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A record that a gap rests on."""

    number: int
    label: str
    day: str
    details: str


@dataclass(frozen=True, slots=True)
class Card:
    """One gap, explained.

    Attributes:
        tone: How it looks: ``open``, ``due``, ``chance`` or ``data``.
        form: Query and path end of the form that records the next step; empty if there is none.
        rests: Until when it waits, and why; empty: it does not.
        explain: Query and path end of the form that says why it waits.
    """

    anchor: str
    tone: str
    title: str
    since: str
    field: str
    severity: str
    rule: str
    sentence: str
    source: str
    evidence: tuple[Evidence, ...]
    missing: str
    responsible: str
    next_step: str
    form: str
    uncertain: bool
    consequence: str
    rests: str
    explain: str


def anchors(intervals: Iterable[Interval], day: date) -> dict[tuple[str, tuple[str, ...]], str]:
    """Return the address of every card within the page, by rule and evidence."""
    shown = _shown(intervals, day)
    return {(one.rule, one.evidence): f"luecke-{n}" for n, one in enumerate(shown, start=1)}


Acting = Callable[[Interval], str]
"""Who has to act, in words."""


def acting(place: Municipality, town: str | None, texts: Texts) -> Acting:
    """Return how to say who has to act: the office of the person's town where it is known, else in general."""

    def words(one: Interval) -> str:
        known = offices(place, one.responsible, town)
        return ", ".join(acting_words(one.responsible, known, texts))

    return words


def acting_words(
    responsible: Sequence[Responsible], known: Mapping[Responsible, Unit], texts: Texts
) -> list[str]:
    """Return who has to act: the offices that are known by their names, others by the general word."""
    return [known[one].name if one in known else texts.label(one.label) for one in responsible]


def cards(
    known: History, records: Sequence[Recorded], day: date, texts: Texts, who: Acting
) -> tuple[Card, ...]:
    """Return the cards of a day, the worst first."""
    by_id = {one.entry.id: one for one in records}
    return tuple(
        _card(one, f"luecke-{number}", known.view, by_id, day, texts, who(one))
        for number, one in enumerate(_shown(known.intervals, day), start=1)
    )


def _shown(intervals: Iterable[Interval], day: date) -> list[Interval]:
    standing = [one for one in intervals if one.state(day) in {State.OPEN, State.DUE}]
    return sorted(standing, key=lambda one: _weight(one, day))


def _weight(one: Interval, day: date) -> tuple[bool, int, bool, date, str, str]:
    severity = _ORDER.index(one.severity_on(day))
    is_due = one.state(day) is State.DUE
    return one.kind is Kind.DATA, severity, is_due, one.opens_on, one.rule, one.key


def _card(
    one: Interval,
    anchor: str,
    view: View,
    by_id: Mapping[str, Recorded],
    day: date,
    texts: Texts,
    responsible: str,
) -> Card:
    rule, tone = RULES[one.rule], _tone(one, day)
    data = one.kind is Kind.DATA
    return Card(
        anchor=anchor,
        tone=tone,
        title=texts.label(rule.label),
        since=since(one, day, texts),
        field=texts.label(rule.field.label),
        severity=texts.label(one.severity_on(day).label),
        rule=one.rule,
        sentence=sentence(one, view, texts.language),
        source=rule.source,
        evidence=tuple(_evidence(by_id[ref], texts) for ref in one.evidence if ref in by_id),
        missing=missing(one, texts),
        responsible=responsible,
        next_step=texts.say("Angabe nachtragen") if data else texts.label(rule.next_step),
        form=_form(one, by_id),
        uncertain=one.certainty == "possibly",
        consequence=_consequence(one, rule, day, texts),
        rests=_rests(one, day, texts),
        explain=f"erfassen/GapExplained?{urlencode({'rule': one.rule, 'key': one.key})}",
    )


def _rests(one: Interval, day: date, texts: Texts) -> str:
    told = one.resting(day)
    if told is None or told.reason is None:
        return ""
    reason = next(one for one in GapReason if one == told.reason)
    return rests(reason, told.until, texts)


def _tone(one: Interval, day: date) -> str:
    if one.kind is not Kind.GAP:
        return "chance" if one.kind is Kind.CHANCE else "data"
    return "open" if one.state(day) is State.OPEN else "due"


def since(one: Interval, day: date, texts: Texts) -> str:
    """Return how long a gap has been open, or how long there is until it opens."""
    if one.state(day) is State.DUE:
        until = one.due_on or one.opens_on
        return texts.say("Frist läuft ab %s") % texts.left((until - day).days)
    return texts.say("offen %s") % texts.since((day - one.opens_on).days + 1)


def rests(reason: GapReason | None, until: date | None, texts: Texts) -> str:
    """Return until when a gap waits and why, in words; empty: it does not wait."""
    if reason is None or until is None:
        return ""
    words = texts.label(reason.label)
    return texts.say("ruht bis %s: %s") % (texts.day(until), words)


def missing(one: Interval, texts: Texts) -> str:
    """Return what would close a gap."""
    names = [texts.say("„%s“") % fact_label(name, texts) for name in one.missing]
    return texts.say(" oder ").join(names)


def _evidence(record: Recorded, texts: Texts) -> Evidence:
    entry = record.entry
    return Evidence(
        record.position,
        texts.label(entry.fact.about.label),
        texts.partial(entry.occurred_on),
        fact_details(entry.fact, texts),
    )


def _consequence(one: Interval, rule: Rule, day: date, texts: Texts) -> str:
    if one.consequence is None or one.consequence.since > day or rule.consequence is None:
        return ""
    return texts.label(rule.consequence).format(since=texts.day(one.consequence.since))


def _form(one: Interval, by_id: Mapping[str, Recorded]) -> str:
    """Return the form that records what is missing, with the ties of the trigger filled in."""
    if one.kind is Kind.DATA:
        trigger = by_id.get(one.evidence[0]) if one.evidence else None
        return f"berichtigen/{trigger.version}" if trigger is not None else ""
    wanted = next((name for name in one.missing if name in FACTS), "")
    if not wanted:
        return ""
    ties = {name: value for name, value in _ties(one, by_id) if name in FACTS[wanted].model_fields}
    return f"erfassen/{wanted}" + (f"?{urlencode(ties)}" if ties else "")


def _ties(one: Interval, by_id: Mapping[str, Recorded]) -> Iterable[tuple[str, str]]:
    trigger = by_id.get(one.evidence[0]) if one.evidence else None
    for name in _TIES if trigger is not None else ():
        value = getattr(trigger.entry.fact, python_name(name), None) if trigger else None
        if isinstance(value, str) and value:
            yield name, value
