"""What may have been meant by a word that is not known."""

from collections.abc import Iterable
from difflib import get_close_matches

from domain.labels import Label
from infra.spreadsheets.columns import normal

_ALIKE = 0.6
_NOTHING = Label("", "")


def meant(word: str, offered: Iterable[str]) -> Label:
    """Return a question that names what resembles the word most, or begins with it; else nothing."""
    known = {normal(one): one for one in offered}
    sought = normal(word)
    found = get_close_matches(sought, known, 1, _ALIKE)
    found = found or [one for one in known if sought and one.startswith(sought)]
    if not found:
        return _NOTHING
    name = known[found[0]]
    return Label(f" Gemeint: „{name}“?", f" Is “{name}” meant?")
