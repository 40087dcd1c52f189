"""Both readings of A17 agree where the child's own journey is known."""

from dataclasses import replace
from datetime import date

from domain.chain.catalogue import RULES
from tests.chain.journeys import Drawn
from tests.second_reading.along_directions import Directions, directed
from tests.second_reading.directed import Household
from tests.second_reading.directions import DIRECTIONS
from tests.second_reading.test_agreement import differences_in, tell

CHILD = "a"
OF_THE_CHILD = Directions(
    ("JourneyStarted",),
    (
        *("TitleApplied", "TitleGranted", "ToleranceIssued", "AsylumApplicationFiled"),
        *("RightOfFreeMovementRecorded", "LeftGermany", "PersonDied", "JourneyStarted"),
    ),
    {"JourneyStarted.nationality": (["DEU", "SYR"], ["SYR"], None)},
    most=3,
)
JOURNEYS = 150


def drawn_with_child(seed: int) -> tuple[Drawn, Drawn]:
    """A parent and a child of about the same years."""
    parent = directed(seed, DIRECTIONS["A17"])
    begin = parent.told[0].recorded_at
    first = date(2010, 1, 1) if begin is None else begin.date()
    child = directed(seed, [replace(OF_THE_CHILD, begin=(first, first))])
    return parent, child


def test_both_readings_agree_on_a_child_with_a_journey() -> None:
    for seed in range(JOURNEYS):
        parent, child = drawn_with_child(seed)
        both = Household(parent.told, {CHILD: child.told}, parent.known_at)
        assert not list(differences_in(RULES["A17"], both)), tell(RULES["A17"], both)
