"""Both readings of A17 agree where the child's own journey is known."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from domain.chain.catalogue import RULES
from domain.chain.evaluation import evaluate
from domain.chain.reading import Told, read
from tests.chain.journeys import Drawn
from tests.second_reading.along_directions import Directions, directed
from tests.second_reading.basis import Row, read_view
from tests.second_reading.directions import DIRECTIONS
from tests.second_reading.rules_a_newborn import a17
from tests.second_reading.test_agreement import plain, report, row_of_chain

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


def rows_of_chain(told: Sequence[Told], child: Sequence[Told], known_at: date | None) -> set[Row]:
    household = {CHILD: read(child, known_at)}
    found = evaluate(told, known_at, (RULES["A17"],), household=household)
    return {row_of_chain(one) for one in found}


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
        household = {CHILD: read_view([plain(one) for one in child.told], parent.known_at)}
        second = set(
            a17(read_view([plain(one) for one in parent.told], parent.known_at), household)
        )
        chain = rows_of_chain(parent.told, child.told, parent.known_at)
        differing = [("only the chain", row) for row in chain - second]
        differing += [("only the second reading", row) for row in second - chain]
        assert not differing, report(parent, []) + report(child, differing)
