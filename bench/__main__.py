"""Every figure of the project against its target, in one table: ``python -m bench``.

The streams need Kafka and are measured only where they are asked for: ``--only streams``.
Ends with 1 if a target is missed. What each figure means stands in docs/reference/figures.md.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bench import (
    append,
    evaluation,
    exported,
    opening,
    population,
    rebuild,
    sealing,
    site,
    streams,
    verify,
)
from bench.figures import Figure

_MEASURES: Mapping[str, Callable[[], Sequence[Figure]]] = {
    "evaluate": evaluation.figures,
    "population": population.figures,
    "site": site.figures,
    "append": append.ratios,
    "rebuild": rebuild.ratios,
    "sealing": sealing.figures,
    "opening": opening.figures,
    "verify": verify.figures,
    "export": exported.figures,
    "streams": streams.figures,
}
_ASKED_FOR = frozenset({"streams"})
_SIGNS = {True: "[green]ok[/green]", False: "[bold red]not ok[/bold red]", None: ""}
_MISSED, _UNREADABLE = 1, 2


def main(
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help=f"Only one of {', '.join(_MEASURES)}; may be repeated."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Measure, print one table, and end with 1 if a target is missed."""
    unknown = set(only or ()) - set(_MEASURES)
    if unknown:
        _say(f"nothing is called {', '.join(sorted(unknown))}; choose from {', '.join(_MEASURES)}")
        raise typer.Exit(_UNREADABLE)
    measured = [one for name in only or _usual() for one in _measured(name)]
    if as_json:
        for one in measured:
            typer.echo(json.dumps(one.row()))
    else:
        Console(highlight=False).print(_table(measured))
    if any(one.ok is False for one in measured):
        raise typer.Exit(_MISSED)


def _usual() -> list[str]:
    return [name for name in _MEASURES if name not in _ASKED_FOR]


def _measured(name: str) -> Sequence[Figure]:
    begun = time.perf_counter()
    _say(f"{name} … (load of the machine {os.getloadavg()[0]:.1f})")
    found = _MEASURES[name]()
    _say(f"{name}: {time.perf_counter() - begun:.0f} s")
    return found


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _table(figures: Sequence[Figure]) -> Table:
    made = Table("Figure", "Measured", "Target", "", "Beside", box=None, pad_edge=False)
    for one in figures:
        made.add_row(
            one.name, f"{one.measured:.2f} {one.unit}", one.target, _SIGNS[one.ok], one.beside
        )
    return made


if __name__ == "__main__":
    typer.run(main)
