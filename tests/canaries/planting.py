"""Canaries: values that stand nowhere else, one for each attribute of identity, sensitive and notes.

Texts, days and numbers with a fraction can be told apart from everything else; words of a vocabulary, truth
values and whole numbers cannot, and are filled in without being looked for.
"""

import random
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from domain.events.registry import FACTS
from domain.fact import Fact
from domain.fields import DataClass
from domain.form import Kind, form

MARK = "qzvkxwj"
"""What every text begins with: in no word of any language, and in lower case, as texts are searched."""

FRACTION = "739153"

HIDDEN = frozenset({DataClass.IDENTITY, DataClass.SENSITIVE, DataClass.NOTES})
HIDDEN_FACTS = tuple(one for one in FACTS.values() if one.about.data_class in HIDDEN)
UNTRACEABLE = frozenset({"words", "flag", "whole"})

_FIRST_BIRTH, _FIRST_DAY = date(1901, 1, 2), date(1921, 1, 2)
LAST_DAY = date(1979, 12, 31)
_LONG = 12_000


@dataclass
class Planted:
    """What was planted, by the value that is looked for: where, and of which person.

    Attributes:
        traceable: The attributes that a canary was planted in.
        filled: The attributes that hold what cannot be told apart.
    """

    seed: int = 1
    texts: dict[str, str] = field(default_factory=dict)
    days: dict[date, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    traceable: set[str] = field(default_factory=set)
    filled: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def only(self, by: tuple[str, ...]) -> "Planted":
        """Return what was planted in these ways."""
        return Planted(
            texts={one: place for one, place in self.texts.items() if place.endswith(by)},
            days={one: place for one, place in self.days.items() if place.endswith(by)},
            numbers={one: place for one, place in self.numbers.items() if place.endswith(by)},
        )

    def text(self, place: str) -> str:
        """Return a text that stands nowhere else."""
        tail = "".join(self._random.choices(string.ascii_lowercase, k=6))
        made = f"{MARK}{len(self.texts):04d}{tail}"
        self.texts[made] = place
        return made

    def long_text(self, place: str, *, repeated: bool) -> str:
        """Return more than a page of the database holds, easily packed or not at all."""
        one = self.text(place)
        if repeated:
            return f"{one} " * (_LONG // len(one))
        letters = string.ascii_letters + string.digits
        return one + "".join(self._random.choices(letters, k=_LONG)) + one

    def day(self, place: str, *, birth: bool = False) -> date:
        """Return a day long ago that is told nowhere else, later than the one before."""
        first = _FIRST_BIRTH if birth else _FIRST_DAY
        made = first + timedelta(days=len(self.days) * 7 % 17_000)
        if made in self.days:
            made += timedelta(days=1)
        self.days[made] = place
        return made

    def number(self, place: str) -> float:
        """Return a number that stands nowhere else: the fraction of all of them does not."""
        text = f"{100 + len(self.numbers)}.{FRACTION}"
        self.numbers[text] = place
        return float(text)

    def attributes_of(self, name: str, by: str) -> dict[str, Any]:
        """Return a value for every attribute of the fact of this name."""
        return self.attributes(FACTS[name], by)

    def attributes(self, fact: type[Fact], by: str) -> dict[str, Any]:
        """Return a value for every attribute of a fact."""
        found = {}
        for name, kind in form(fact).items():
            place = f"{fact.type_name()}.{name}"
            found[name] = self._value(kind, f"{place}, {by}")
            (word,) = kind
            (self.filled if word in UNTRACEABLE else self.traceable).add(place)
        return found

    def _value(self, kind: Kind, place: str) -> Any:
        ((word, of),) = kind.items()
        match word:
            case "list":
                return [self._value(of, place)]
            case "map":
                return {self._value(of[0], place): self._value(of[1], place)}
            case "words":
                return of[0]
            case _:
                return self._plain(word, place)

    def _plain(self, word: str, place: str) -> Any:
        match word:
            case "text":
                return self.text(place)
            case "day":
                birth = place.startswith("PersonIdentified.birth_date")
                return self.day(place, birth=birth).isoformat()
            case "number":
                return self.number(place)
            case "flag":
                return True
            case "whole":
                return 7
        raise AssertionError(f"plant something in {place}: {word}")


def typed(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return attributes as they are typed into a form."""
    return {name: _typed(value) for name, value in attributes.items()}


def _typed(value: Any) -> Any:
    match value:
        case bool():
            return "ja" if value else "nein"
        case float():
            return str(value).replace(".", ",")
        case dict():
            return "\n".join(f"{name}: {one}" for name, one in value.items())
        case str() if value[:4].isdigit() and value[4:5] == "-":
            return date.fromisoformat(value).strftime("%d.%m.%Y")
        case _:
            return value


def words(attributes: Mapping[str, Any]) -> list[str]:
    """Return attributes as they are written on the command line."""
    return [f"{name}={_word(value)}" for name, value in attributes.items()]


def _word(value: Any) -> str:
    match value:
        case dict():
            pairs = ",".join(f'"{name}":"{one}"' for name, one in value.items())
            return f"{{{pairs}}}"
        case list():
            return ",".join(map(str, value))
        case bool():
            return str(value).lower()
        case _:
            return str(value)
