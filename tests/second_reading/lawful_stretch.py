"""Lawful stretches (terms of naturalisation)."""

from datetime import date

from tests.second_reading.basis import View, of, plus_days
from tests.second_reading.residence import Stretch, standing
from tests.second_reading.rules_a4 import Period

REFUGEE_TITLES = ("25_1", "25_2_FL", "25_2_SUB")


def _is_protected(one: Stretch) -> bool:
    return one.status == "protected" and one.basis != "25_3"


def is_lawful(stay: list[Stretch], place: int) -> bool:
    one = stay[place]
    if one.status in ("title", "fiktion", "free_movement") or _is_protected(one):
        return True
    if one.status != "gestattung":
        return False
    following = [two for two in stay[place:] if two.status != "gestattung"][:1]
    return any(
        _is_protected(two) or (two.status == "title" and two.basis in REFUGEE_TITLES)
        for two in following
    )


def _is_harmless(view: View, stay: list[Stretch], place: int, begun: date) -> bool:
    """Is this gap harmless after a lawful stretch begun on this day?"""
    one = stay[place]
    if one.status != "without_title" or place + 1 == len(stay):
        return False
    if one.fact is None or one.fact.type != "TitleGranted":
        return False
    if stay[place + 1].status not in ("title", "fiktion", "free_movement"):
        return False
    if any(one.has(fact.latest) for fact in of(standing(view), "TitleRefused")):
        return False
    return (one.last - one.first).days + 1 <= (one.first - begun).days


def lawful_stretches(view: View, stay: list[Stretch]) -> list[Period]:
    found: list[Period] = []
    for place, one in enumerate(stay):
        goes_on = bool(found) and found[-1].last < date.max
        goes_on = goes_on and plus_days(found[-1].last, 1) == one.first
        if is_lawful(stay, place):
            begun = found.pop().first if goes_on else one.first
            found.append(Period(begun, one.last))
        elif goes_on and _is_harmless(view, stay, place, found[-1].first):
            found.append(Period(found.pop().first, one.last))
    return found
