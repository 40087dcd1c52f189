"""The chain alone: 100 facts against all rules, and `kette evaluate` over a whole population.

Both take the invented people of the demo. The 100 facts are those of its longest journey, filled up from
the next longest ones, so that every rule has something to look at.
"""

import gc
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import chain, islice
from pathlib import Path

from bench.compiled import compiled
from bench.figures import Figure
from domain.chain.catalogue import RULES
from domain.chain.evaluation import evaluate
from domain.chain.reading import Told
from infra.factfiles import read_facts
from infra.municipalities import municipality
from infra.population.generation import DEMO_DAY, generate
from infra.population.writing import write_population
from kette.memory import keep_what_is_there

_PEOPLE, _SEED = 500, 1
_FACTS, _RUNS = 100, 300
_STARTS = 7
_MILLISECONDS = 1_000


def figures() -> list[Figure]:
    """Measure both on the same people."""
    with tempfile.TemporaryDirectory(prefix="kette-bench-") as folder, compiled():
        path = Path(folder) / "population.jsonl"
        population = generate(municipality("herne"), _PEOPLE, _SEED)
        write_population(population, path)
        return [_hundred_facts(path), _population(path, len(population.rows))]


def _hundred_facts(path: Path) -> Figure:
    journeys = sorted(read_facts(path).values(), key=len, reverse=True)
    told: list[Told] = list(islice(chain.from_iterable(journeys), _FACTS))
    found = len(evaluate(told))
    gc.collect()
    keep_what_is_there()  # as every command does
    took = [_once(told) for _ in range(_RUNS)]
    return Figure(
        f"evaluate {_FACTS} facts against {len(RULES)} rules",
        statistics.median(took),
        "ms",
        at_most=5.0,
        beside=f"median of {_RUNS}; best {min(took):.2f} ms; {found} intervals",
    )


def _once(told: list[Told]) -> float:
    begun = time.perf_counter()
    evaluate(told)
    return (time.perf_counter() - begun) * _MILLISECONDS


def _population(path: Path, facts: int) -> Figure:
    took = [_run(path) for _ in range(_STARTS)]
    return Figure(
        f"kette evaluate, {_PEOPLE} people, with start-up",
        statistics.median(took),
        "s",
        at_most=3.0,
        beside=f"median of {_STARTS}; best {min(took):.2f} s; {facts:,} facts",
    )


def _run(path: Path) -> float:
    command = [sys.executable, "-m", "kette", "evaluate", str(path), "--as-of", str(DEMO_DAY)]
    begun = time.perf_counter()
    subprocess.run([*command, "--json"], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begun
