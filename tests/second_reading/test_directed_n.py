"""The chain and the second reading agree on journeys directed at naturalisation."""

import pytest

from domain.chain.catalogue import RULES
from tests.second_reading.directed_n import PALETTES, directed
from tests.second_reading.test_agreement import differences_of, report

JOURNEYS = 25


@pytest.mark.parametrize("rule", sorted(PALETTES))
def test_both_readings_agree_on_directed_journeys(rule: str) -> None:
    for seed in range(JOURNEYS):
        journey = directed(seed, RULES[rule])
        found = list(differences_of(RULES[rule], journey.told, journey.known_at))
        assert not found, report(journey, found)
