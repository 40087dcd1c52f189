"""The bounds that this process judges by: the law, and what its municipality made of practice.

A process serves one municipality. Its bounds are set once, where the process is put together and before it
reads anything; until then the standard of the program holds.
"""

from domain.chain.bounds import STANDARD, Bounds

_judged_by = [STANDARD]


def practice() -> Bounds:
    """Return the bounds to judge by."""
    return _judged_by[-1]


def judge_by(bounds: Bounds) -> None:
    """Judge by these bounds from now on."""
    _judged_by[:] = [bounds]


def own() -> tuple[str, ...]:
    """Return what differs from the standard, such as ``F02.response=2 days``, by id."""
    return tuple(
        f"{name}={rows[-1].value} {rows[-1].unit}"
        for name, rows in sorted(practice().rows.items())
        if rows != STANDARD.rows[name]
    )
