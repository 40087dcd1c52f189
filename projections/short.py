"""Short forms of at most 14 characters for words that have none: pictures have little room."""

import re

from domain.labels import Label, Vocabulary
from domain.vocabulary.language import CourseKind
from domain.vocabulary.person import HousingKind

_MOST = 14
_PARAGRAPH = re.compile(r"\((§[^)]*)\)")
_WORDS: dict[Vocabulary, str] = {
    HousingKind.LAND_FACILITY: "Landeseinr.",
    HousingKind.COMMUNAL: "GU",
    HousingKind.PRIVATE_SUBLET: "Untermiete",
    HousingKind.PRIVATE_LEASE: "Wohnung",
    HousingKind.HOMELESS: "Notunterkunft",
    CourseKind.IK_ALPHA: "Alpha-Kurs",
    CourseKind.OK_ONLY: "O-Kurs",
    CourseKind.EOK: "EOK",
    CourseKind.MIA: "MiA",
}


def shortened(word: Vocabulary) -> Label:
    """Return the label of a word with a short form, if one can be had."""
    label = word.label
    return Label(label.de, label.en, label.short or _short(word))


def _short(word: Vocabulary) -> str:
    if word in _WORDS:
        return _WORDS[word]
    if isinstance(word, CourseKind):
        return (
            "Int.-Kurs" if word.value.startswith("IK_") else _fitting(word.value.replace("_", " "))
        )
    paragraph = _PARAGRAPH.search(word.label.de)
    head = _fitting(word.label.de.split(" (")[0])
    return head or (_fitting(paragraph[1]) if paragraph else "")


def _fitting(text: str) -> str:
    return text if len(text) <= _MOST else ""
