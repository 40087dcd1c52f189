"""The columns of a fact list: one definition for its template, its writer and its reader.

A fact list has one row for each fact. What every fact has stands in the columns of :class:`Column`;
what a type of fact has of its own stands in a column headed by the attribute's German label.
Attributes of different types that share a label share a column.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from domain.events.registry import FACTS
from domain.fact import Attribute, Fact
from domain.labels import Label, Vocabulary

FACT_SHEET = "Fakten"
"""The sheet of the template that holds the rows."""

EXPLANATION_SHEET = "Erläuterung"
"""The sheet of the template that explains facts and attributes; it is never read."""

CHOICES_SHEET = "Auswahl"
"""The sheet of the template that its drop-downs choose from; it is never read."""


class Column(Vocabulary):
    """What every row says, whatever the fact; the German label is the header."""

    PERSON = "person", "Person", "person"
    NUMBER = "number", "Vorgangsnummer", "number"
    EVENT = "event", "Ereignis", "event"
    DATE = "date", "Datum", "date"
    RECORDED_AT = "recorded_at", "erfasst am", "recorded at"
    RECORDED_BY = "recorded_by", "erfasst von", "recorded by"
    ROLE = "role", "Funktion", "role"
    UNIT = "unit", "für Stelle", "for unit"
    CONTROLLER = "controller", "verantwortliche Stelle", "controller"
    SOURCE = "source", "Quelle", "source"
    CONFIDENCE = "confidence", "Sicherheit", "confidence"
    LEGAL_BASIS = "legal_basis", "Grundlage der Verarbeitung", "ground of processing"
    CONSENT = "consent_id", "aufgrund der Einwilligung", "on the ground of consent"
    HOUSEHOLD = "household", "Haushalt", "household"


EXPLANATIONS: Mapping[Column, Label] = MappingProxyType(
    {
        Column.PERSON: Label(
            "Aktenzeichen, unter dem die Akte der Person geführt wird. Pflicht.",
            "The number under which the person's file is kept. Required.",
        ),
        Column.NUMBER: Label(
            "Eigene, bleibende Nummer der Zeile. Andere Zeilen derselben Person verweisen mit ihr "
            "auf diese Tatsache; eine spätere Änderung der Zeile wird zur Berichtigung.",
            "A lasting number of the row; other rows of the person refer to the fact by it.",
        ),
        Column.EVENT: Label(
            "Was geschehen ist, aus der Auswahl. Pflicht.", "What happened. Required."
        ),
        Column.DATE: Label(
            "Wann es geschah: Tag (15.03.2024), Monat (03.2024), Jahr (2024); leer: unbekannt.",
            "When it happened: a day, a month or a year; empty: unknown.",
        ),
        Column.RECORDED_AT: Label(
            "Wann es erfasst wurde. Gilt nur beim ersten Laden in einen leeren Bestand.",
            "When it was recorded; counts only when history is loaded into an empty store.",
        ),
        Column.RECORDED_BY: Label("Wer es erfasst hat.", "Who recorded it."),
        Column.ROLE: Label("In welcher Funktion.", "In which role."),
        Column.UNIT: Label("Für welche Stelle.", "For which unit."),
        Column.CONTROLLER: Label(
            "Verantwortliche Stelle nach Art. 4 Nr. 7 DSGVO.", "The controller, Art. 4(7) GDPR."
        ),
        Column.SOURCE: Label("Woher die Angabe stammt.", "How the fact came to be known."),
        Column.CONFIDENCE: Label("Wie sicher die Angabe ist.", "How sure the recorder was."),
        Column.LEGAL_BASIS: Label(
            "Auf welcher Grundlage die Angabe verarbeitet wird.", "On what ground it is kept."
        ),
        Column.CONSENT: Label(
            "Kennung der Einwilligung, auf der die Angabe beruht.", "The consent it rests on."
        ),
        Column.HOUSEHOLD: Label(
            "Gemeinsame Kennung aller Personen eines Haushalts.", "Shared by a household's people."
        ),
    }
)

_SPACE = re.compile(r"[\s\u00ad\u200b]+")


@lru_cache(8_192)
def normal(text: str) -> str:
    """Return a header or label as it is compared: case, spacing and soft hyphens do not count."""
    return (
        _SPACE.sub(" ", unicodedata.normalize("NFKC", text).replace("\u00ad", ""))
        .strip()
        .casefold()
    )


_COLUMNS: Mapping[str, Column] = MappingProxyType({normal(one.label.de): one for one in Column})


def column(header: str) -> Column | None:
    """Return the column that every fact has under this header."""
    return _COLUMNS.get(normal(header))


def header(attribute: Attribute) -> str:
    """Return the header of an attribute: its German label, set apart from the common columns."""
    label = attribute.label.de
    return f"{label} (Angabe)" if normal(label) in _COLUMNS else label


@cache
def attributes_by_header(fact: type[Fact]) -> Mapping[str, Attribute]:
    """Return the attributes of a fact class by their compared header."""
    return MappingProxyType({normal(header(one)): one for one in fact.attributes()})


@cache
def attribute_headers() -> tuple[str, ...]:
    """Return the headers of all attributes, each once: what many types have comes last."""
    uses: dict[str, int] = {}
    for one in _all_attributes():
        uses[header(one)] = uses.get(header(one), 0) + 1
    everywhere = len(FACTS) // 2
    return tuple(sorted(uses, key=lambda one: uses[one] > everywhere))


@cache
def known_headers() -> frozenset[str]:
    """Return every header that a fact list may have, as compared."""
    return frozenset(_COLUMNS) | {normal(one) for one in attribute_headers()}


def _all_attributes() -> Iterator[Attribute]:
    return (one for fact in FACTS.values() for one in fact.attributes())


@cache
def _types() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for name, fact in FACTS.items():
        names |= {normal(one): name for one in (fact.about.label.en, fact.about.label.de, name)}
    return MappingProxyType(names)


def fact_type(text: str) -> str | None:
    """Return the type of fact that a label or a code means."""
    return _types().get(normal(text))
