"""The page of a sample that has been run: docs/reference/mutation.md."""

from collections import Counter
from collections.abc import Iterator
from math import sqrt

from tests.mutation.sample import Fate, Mutant, Sample, difference

_HEAD = """# What the tests of the chain notice

`make mutation` puts one small fault at a time into a function of `domain/chain` (mutmut: another comparison or operator, another
number, an argument or an assignment taken out, a key or code misspelt) and runs the tests of the chain that reach this function:
`tests/chain`, `tests/second_reading` and the vignettes. *killed*: a test failed. *timeout*: the tests did not come to an end;
*unloadable*: the chain could not be imported; a test run shows both. *untested*: no test reaches the function. The score is the
share of killed, timeout and unloadable.

Left out: texts for people (a line with words in quotation marks), docstrings, what stands outside of functions (the entries of the
rules, their records, sets of codes), and functions under a decorator. The laws on random histories (`hypothesis`, and
`test_metamorphic_laws.py`) do not run here: each runs every rule, a minute for each mutant. They can only make the score better.

`make mutation SAMPLE=2000` draws more, `SEED=2` others, `ALL=1` takes every mutant (a day or two); `AGAIN=1` runs those of the last
sample once more that survived. `make soak` draws 600.
"""


def page(sample: Sample) -> str:
    """Return the page."""
    low, high = interval(sample.found, len(sample.mutants))
    score = (
        f"{sample.found} of {len(sample.mutants)} found, drawn with seed {sample.seed} from {sample.total}: **{sample.score:.1%}** "
        f"(95 % of such samples: {low:.1%} to {high:.1%}).\n"
    )
    return "\n".join(
        [_HEAD, score, *_table(sample), "\n## What no test noticed\n", *_left(sample), ""]
    )


def interval(found: int, of: int) -> tuple[float, float]:
    """Return between what the share in all lies (Wilson, 95 %)."""
    z = 1.96
    share, spread = found / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / of + spread / (4 * of))
    return middle - half, middle + half


def _table(sample: Sample) -> Iterator[str]:
    yield "| module | mutants | killed | survived | untested | timeout | unloadable | score |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    counted = Counter((one.module, one.fate) for one in sample.mutants)
    for module in sorted({one.module for one in sample.mutants}):
        yield _row(module.removeprefix("domain/chain/"), [counted[module, fate] for fate in _ORDER])
    totals = Counter(one.fate for one in sample.mutants)
    yield _row("all", [totals[fate] for fate in _ORDER])


_ORDER = (Fate.KILLED, Fate.SURVIVED, Fate.UNTESTED, Fate.TIMEOUT, Fate.UNLOADABLE)


def _row(name: str, counts: list[int]) -> str:
    score = (sum(counts) - counts[1] - counts[2]) / sum(counts)
    return f"| {name} | {' | '.join(map(str, [sum(counts), *counts]))} | {score:.0%} |"


def _left(sample: Sample) -> Iterator[str]:
    for one in sample.mutants:
        if one.fate in (Fate.SURVIVED, Fate.UNTESTED):
            yield _line(one)


def _line(one: Mutant) -> str:
    line, change = difference(one)
    return f"* {one.module.removeprefix('domain/chain/')}:{line} ({one.fate}) ``{change}``"
