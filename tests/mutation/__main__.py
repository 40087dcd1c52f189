"""Run a sample and write its page: ``python -m tests.mutation``; ends with 1 below 90 %."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from tests.mutation.page import page
from tests.mutation.sample import Fate, again, draw, read, run

PAGE = Path("docs/reference/mutation.md")
WANTED = 0.9


def main(
    sample: Annotated[int, typer.Option(help="How many mutants to draw; 0 takes all.")] = 600,
    seed: Annotated[int, typer.Option(help="What to draw with.")] = 1,
    *,
    go_on: Annotated[bool, typer.Option(help="The last sample: what is left or survived.")] = False,
) -> None:
    """Draw mutants of the chain, run the tests on each, and write the page."""
    if go_on:
        again()
    else:
        draw(seed, sample or None)
    run()
    result = read()
    if sum(one.fate is Fate.UNLOADABLE for one in result.mutants) > len(result.mutants) / 20:
        sys.exit("too many mutants could not be loaded; does pytest run without a fault?")
    PAGE.write_text(page(result), encoding="utf-8")
    print(f"{result.found} of {len(result.mutants)} mutants found, {result.score:.1%}; see {PAGE}")
    sys.exit(result.score < WANTED)


if __name__ == "__main__":
    typer.run(main)
