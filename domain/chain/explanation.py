"""Why an interval stands as it stands on a day, in a sentence with its source; and why there is none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from domain.chain.catalogue import RULES
from domain.chain.evaluation import Standing
from domain.chain.intervals import Interval, Kind, State, Turned
from domain.chain.reading import Seen, View
from domain.chain.rule import Rule
from domain.events.registry import FACTS
from domain.fact import Attribute
from domain.labels import Label, Language

_MONTHS = {
    language: text.split()
    for language, text in {
        "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "en": "January February March April May June July August September October November December",
    }.items()
}


def day_text(day: date, language: Language) -> str:
    """Return a day as people write it."""
    if language == "de":
        return f"{day.day:02d}.{day.month:02d}.{day.year:04d}"
    return f"{day.day} {_MONTHS['en'][day.month - 1]} {day.year}"


def told_day(one: Seen, language: Language) -> str:
    """Return when a fact happened, as exactly as it is known: "am 15.03.2024", "im März 2024"."""
    german = language == "de"
    if not one.dated:
        return "an unbekanntem Tag" if german else "on an unknown day"
    if one.exact or one.narrowed:
        return f"{'am' if german else 'on'} {day_text(one.latest, language)}"
    if one.earliest.month == one.latest.month:
        month = _MONTHS[language][one.latest.month - 1]
        return f"{'im' if german else 'in'} {month} {one.latest.year}"
    return f"{'im Jahr' if german else 'in'} {one.latest.year}"


def type_label(type_name: str, language: Language) -> str:
    """Return the label of a fact type."""
    return FACTS[type_name].about.label.in_language(language)


def explain(interval: Interval, view: View, day: date) -> Label:
    """Return the sentences that explain an instance on a day, with its source."""
    return Label(
        " ".join(_sentences(interval, view, day, "de")),
        " ".join(_sentences(interval, view, day, "en")),
    )


def _sentences(interval: Interval, view: View, day: date, language: Language) -> list[str]:
    rule = RULES[interval.rule]
    said = [sentence(interval, view, language), _state(interval, view, day, language)]
    if interval.consequence is not None and rule.consequence is not None and _lasts(interval, day):
        since = day_text(interval.consequence.since, language)
        said.append(rule.consequence.in_language(language).format(since=since) + ".")
    said.append(f"({rule.source})")
    return said


def _lasts(interval: Interval, day: date) -> bool:
    return interval.was_open and day >= interval.opens_on


def sentence(interval: Interval, view: View, language: Language) -> str:
    """Return what the rule says of an instance; for a missing value, which one is missing."""
    rule = RULES[interval.rule]
    trigger = view.by_id(interval.evidence[0])
    if interval.kind is Kind.DATA and rule.kind is not Kind.DATA:
        return _unknown(rule, trigger, interval, language)
    return rule.sentence.in_language(language).format(
        day="" if trigger is None else told_day(trigger, language),
        first=day_text(interval.begins_on, language),
        due="–" if interval.due_on is None else day_text(interval.due_on, language),
        **{name: word.in_language(language) for name, word in interval.details},
    )


def _unknown(rule: Rule, trigger: Seen | None, interval: Interval, language: Language) -> str:
    """Say which value is missing: the one that the instance names, else the rule's; unknown is not missing."""
    name = rule.label.in_language(language)
    named = dict(interval.details).get("unknown")
    if named is not None:
        attribute = named.in_language(language)
    else:
        attribute = _attribute_label(rule, trigger, language)
    if language == "de":
        return f"Stand unbekannt: Ob „{name}“ zutrifft, ist offen, weil die Angabe „{attribute}“ fehlt."
    return f"Status unknown: whether “{name}” applies is open because “{attribute}” is not told."


def _attribute_label(rule: Rule, trigger: Seen | None, language: Language) -> str:
    """Return the words for the missing value: those of the trigger, else of the first type that has it."""
    own = () if trigger is None else trigger.fact.attributes()
    label = _first_label(rule.unknown, own) or _label_anywhere(rule.unknown)
    return rule.unknown if label is None else label.in_language(language)


@cache
def _label_anywhere(name: str) -> Label | None:
    """Return the label of an attribute as the first type that has it names it."""
    return _first_label(name, (one for fact in FACTS.values() for one in fact.attributes()))


def _first_label(name: str, attributes: Iterable[Attribute]) -> Label | None:
    return next((one.label for one in attributes if one.name == name), None)


def _state(interval: Interval, view: View, day: date, language: Language) -> str:
    german = language == "de"
    possibly = " möglicherweise" if german else " possibly"
    maybe = possibly if interval.certainty == "possibly" else ""
    match interval.state(day):
        case State.DUE:
            due = interval.due_on or interval.opens_on
            text = day_text(due, language)
            return f"Fällig{maybe} bis zum {text}." if german else f"Due{maybe} by {text}."
        case State.OPEN:
            text = day_text(interval.opens_on, language)
            return f"Offen{maybe} seit dem {text}." if german else f"Open{maybe} since {text}."
        case State.CLOSED:
            return _closed(interval, view, language)
        case State.NOT_APPLICABLE:
            text = day_text(interval.begins_on, language)
            return f"Beginnt{maybe} am {text}." if german else f"Begins{maybe} on {text}."


def _closed(interval: Interval, view: View, language: Language) -> str:
    on = day_text(interval.closes_on or interval.opens_on, language)
    how = interval.closed_by.label.in_language(language) if interval.closed_by else ""
    fact = view.by_id(interval.closing) if interval.closing else None
    by = (
        ""
        if fact is None
        else f": {type_label(fact.type, language)}{_known(fact, interval, language)}"
    )
    if language == "de":
        return f"Geschlossen am {on} ({how}{by})."
    return f"Closed on {on} ({how}{by})."


def _known(fact: Seen, interval: Interval, language: Language) -> str:
    """Say since when a closing is known, where that is later than the closing (design 4, line 7)."""
    if interval.closes_on is None or fact.recorded <= interval.closes_on:
        return ""
    day = day_text(fact.recorded, language)
    return f", bekannt seit {day}" if language == "de" else f", known since {day}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the answer to "why": the fact concerned, if there is one, and the sentence."""

    fact: str | None
    text: Label


def findings(standing: Standing, view: View, day: date) -> tuple[Finding, ...]:
    """Return why a rule stands as it does on a day: its instances, else the first condition that fails."""
    rule = standing.rule
    found = [Finding(one.evidence[0], explain(one, view, day)) for one in standing.instances]
    found += [Finding(one.trigger, _turned(one, view)) for one in standing.turned]
    if not standing.triggered:
        found.append(Finding(None, _no_trigger(rule)))
    return tuple(found)


def _no_trigger(rule: Rule) -> Label:
    types = {
        language: ", ".join(type_label(name, language) for name in rule.triggers)
        for language in ("de", "en")
    }
    return Label(
        f"Kein auslösendes Ereignis im Verlauf ({types['de']}).",
        f"No event in the journey sets it off ({types['en']}).",
    )


def _turned(one: Turned, view: View) -> Label:
    trigger = view.by_id(one.trigger)
    if trigger is None:
        return one.reason
    return Label(
        f"{type_label(trigger.type, 'de')} ({told_day(trigger, 'de')}): {one.reason.de}.",
        f"{type_label(trigger.type, 'en')} ({told_day(trigger, 'en')}): {one.reason.en}.",
    )
