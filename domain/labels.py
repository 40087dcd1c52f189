"""Words for people: a label in German and English, and enums whose members carry them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self

Language = Literal["de", "en"]


@dataclass(frozen=True, slots=True)
class Label:
    """A word in German and English, and a German short form of at most 14 characters."""

    de: str
    en: str
    short: str = ""

    def in_language(self, language: Language) -> str:
        """Return the word in the language asked for."""
        return self.de if language == "de" else self.en

    @property
    def opening(self) -> "Label":
        """Return it as it opens a sentence."""
        return Label(self.de[:1].upper() + self.de[1:], self.en[:1].upper() + self.en[1:])


class Vocabulary(StrEnum):
    """A closed list of codes; each member is written ``CODE = "CODE", "deutsch", "english"``."""

    label: Label

    def __new__(cls, code: str, de: str, en: str, short: str = "") -> Self:
        """Make a member out of its code and its words."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = Label(de, en, short)
        return member
