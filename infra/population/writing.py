"""Writes a population as a fact list or as lines of JSON, and the truth about it beside."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from infra.population.generation import Judged, Population
from infra.spreadsheets.rows import FactRow
from infra.spreadsheets.writer import write_fact_list


def write_population(population: Population, path: Path) -> Path:
    """Write the facts to an ``.xlsx`` or ``.jsonl`` file and return the path of the truth beside it.

    Raises:
        ValueError: If the file is to be of another kind.
        OSError: If a file cannot be written.
    """
    match path.suffix.lower():
        case ".xlsx":
            write_fact_list(path, population.rows)
        case ".jsonl":
            _write_lines(path, (_line(row) for row in population.rows))
        case _:
            raise ValueError(f"cannot write {path.name}: name a file that ends in .xlsx or .jsonl")
    truth = path.with_suffix(".truth.jsonl")
    _write_lines(truth, truth_lines(population))
    return truth


def truth_lines(population: Population) -> Iterator[dict[str, Any]]:
    """Yield every instance that is due or open, and why a rule has none where it might have.

    A line without ``key`` is a negative: the rule had its trigger there, and this is why nothing of it
    is due or open. Lines hold on the day ``on`` and on all that is recorded.
    """
    for one in population.judged:
        yield _truth(population, one)


def _truth(population: Population, one: Judged) -> dict[str, Any]:
    verdict = one.verdict
    line: dict[str, Any] = {
        "journey": one.journey,
        "rule": verdict.rule,
        "on": population.today.isoformat(),
    }
    if verdict.why:
        return line | {"trigger": verdict.key, "why": verdict.why}
    return line | {
        "key": verdict.key,
        "state": verdict.state,
        "opens_on": None if verdict.opens_on is None else verdict.opens_on.isoformat(),
        "due_on": None if verdict.due_on is None else verdict.due_on.isoformat(),
    }


def _line(row: FactRow) -> dict[str, Any]:
    """Return a fact as `kette evaluate` reads it, with its envelope."""
    by = row.recorded_by
    recorded = row.recorded_at
    return {
        "journey": row.person,
        "id": row.number,
        "type": row.type,
        "occurred_on": str(row.occurred_on) or None,
        "recorded_at": None if recorded is None else f"{recorded:%Y-%m-%dT%H:%M:%SZ}",
        "attributes": dict(row.attributes),
        "recorded_by": None if by is None else by.party,
        "unit": None if by is None else by.unit,
        "source": row.source.value,
    }


def _write_lines(path: Path, lines: Iterator[dict[str, Any]]) -> None:
    with path.open("wb") as file:
        for line in lines:
            file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
