"""What a fact says, in a line of words: its label and what is known of it."""

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from pydantic import BaseModel

from domain.days import PartialDate
from domain.events.registry import FACTS, NAMES_JOURNEY
from domain.fact import Fact, python_name
from domain.fields import DataClass
from domain.labels import Vocabulary
from web.forms.fields import SHARED
from web.texts import Texts

_HIDDEN = frozenset(
    {*SHARED, "target", "attributes", "consent_id", "link_id", "trigger_event", "household_id"}
)


def fact_label(type_name: str, texts: Texts) -> str:
    """Return the label of a fact type."""
    fact = FACTS.get(type_name)
    return texts.label(fact.about.label) if fact is not None else type_name


def fact_details(fact: Fact, texts: Texts) -> str:
    """Return what is known of a fact in a line; notes and identity keep their words to their own page."""
    if fact.about.data_class is DataClass.NOTES:
        return ""
    return ", ".join(_details(fact, texts))


def _details(fact: Fact, texts: Texts) -> Iterable[str]:
    for one in fact.attributes():
        value = getattr(fact, python_name(one.name))
        if value is None or one.name in _HIDDEN:
            continue
        if isinstance(value, bool):
            yield f"{texts.label(one.label)}: {texts.say('ja') if value else texts.say('nein')}"
        elif isinstance(value, Vocabulary):
            yield texts.label(value.label)
        else:
            words = _WORDS.get(one.name, value_words)(value, texts)
            yield f"{texts.label(one.label)}: {words}"


def language_words(value: Any, texts: Texts) -> str:
    """Return languages by their names; a code that nobody knows stays as it is."""
    codes = value if isinstance(value, tuple | list) else (value,)
    return ", ".join(texts.language_name(str(code)) for code in codes)


def journey_words(value: Any, texts: Texts) -> str:
    """Return a person by the name, where it is known; else a part of the journey's id."""
    key = str(value)
    if key in texts.names or not _JOURNEY.fullmatch(key):
        return texts.name(key)
    return texts.say("Verlauf %s") % key[:8]


_JOURNEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


_WORDS = {
    "languages": language_words,
    "language_of_form": language_words,
    **dict.fromkeys(NAMES_JOURNEY, journey_words),
}


def value_words(value: Any, texts: Texts) -> str:
    """Return any value of an attribute in words."""
    if isinstance(value, PartialDate):
        return texts.partial(value)
    if isinstance(value, Vocabulary):
        return texts.label(value.label)
    if isinstance(value, Mapping):
        return ", ".join(
            f"{value_words(k, texts)} {value_words(v, texts)}" for k, v in value.items()
        )
    if isinstance(value, tuple | list):
        return ", ".join(value_words(one, texts) for one in value)
    if isinstance(value, BaseModel):
        return " ".join(value_words(v, texts) for _, v in value if v is not None)
    if isinstance(value, Enum):
        return str(value.value)
    return texts.name(str(value))
