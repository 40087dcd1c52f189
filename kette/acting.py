"""Who has to act, as commands tell it: the office by the person's address, else the general word."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from domain.chain.intervals import Responsible
from domain.chain.reading import View
from domain.chain.states.address import addresses, town_on
from domain.competence import offices
from domain.labels import Language
from domain.organisations import Municipality


def office_rows(
    place: Municipality, responsible: Sequence[Responsible], view: View, day: date
) -> list[dict[str, str]]:
    """Return the offices that have to act, those that the address tells."""
    found = offices(place, responsible, town_on(addresses(view), day))
    return [
        {"responsible": one.value, "unit": unit.key, "name": unit.name}
        for one, unit in found.items()
    ]


def acting_words(
    responsible: Iterable[Responsible], known: Sequence[Mapping[str, Any]], lang: Language
) -> str:
    """Return who has to act in words."""
    names = {str(one["responsible"]): str(one["name"]) for one in known}
    return ", ".join(names.get(one.value, one.label.in_language(lang)) for one in responsible)
