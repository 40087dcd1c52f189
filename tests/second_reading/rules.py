"""All rules of the second reading, collected from the modules ``rules_<letter>*.py``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path

from tests.second_reading.basis import Fact, Row, read_view

Reader = Callable[..., list[Row]]


def _collected() -> dict[str, Reader]:
    found: dict[str, Reader] = {}
    for path in sorted(Path(__file__).parent.glob("rules_*.py")):
        readers: dict[str, Reader] = import_module(f"tests.second_reading.{path.stem}").READERS
        twice = found.keys() & readers.keys()
        if twice:
            raise ValueError(f"{path.stem} reads what another module reads: {sorted(twice)}")
        found |= readers
    return found


READERS = _collected()


def read_rule(
    rule_id: str,
    facts: Sequence[Fact],
    known_at: date | None,
    others: Mapping[str, Sequence[Fact]] | None = None,
) -> list[Row]:
    """The rows of one rule for one journey, known at a day (None: everything).

    ``others``: the journeys of the household, by their ids; for rules that read them.
    """
    view = read_view(facts, known_at)
    if not others:
        return READERS[rule_id](view)
    return READERS[rule_id](
        view,
        {
            journey: [replace(one, journey=journey) for one in read_view(told, known_at)]
            for journey, told in others.items()
        },
    )
