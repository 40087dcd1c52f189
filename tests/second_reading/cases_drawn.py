"""What both readings are compared on: journeys of any facts, and directed ones where those leave a rule silent."""

from domain.chain.catalogue import RULES
from domain.chain.rule import Rule
from tests.chain.journeys import drawn
from tests.second_reading.along_directions import directed as along
from tests.second_reading.directed import Household, household
from tests.second_reading.directed_menus import MENUS
from tests.second_reading.directed_n import PALETTES
from tests.second_reading.directed_n import directed as at_naturalisation
from tests.second_reading.directions import DIRECTIONS

DIRECTED = sorted({*DIRECTIONS, *MENUS, *PALETTES})
"""The rules for which there are directed journeys."""


def undirected(seed: int, rule: Rule) -> Household:
    """The journey of a seed, a third of them in the company of another rule."""
    others = list(RULES.values())
    company = [rule, others[seed % len(others)]] if seed % 3 == 0 else [rule]
    journey = drawn(seed * 7919 + 13, company)
    return Household(journey.told, {}, journey.known_at)


def directed(seed: int, rule: Rule) -> Household:
    """The directed journey of a seed; for the rules about families with the other journeys of the household."""
    if rule.id in MENUS:
        return household(seed, MENUS[rule.id])
    journey = (
        at_naturalisation(seed, rule) if rule.id in PALETTES else along(seed, DIRECTIONS[rule.id])
    )
    return Household(journey.told, {}, journey.known_at)
