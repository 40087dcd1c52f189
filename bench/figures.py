"""One measured figure against its target, and how two sides are compared."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, and what it has to reach.

    Attributes:
        name: What was measured.
        measured: The figure.
        unit: Its unit; ``x`` is a ratio.
        at_least: The target, where more is better.
        at_most: The target, where less is better.
        beside: What else is worth knowing about it.
    """

    name: str
    measured: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    beside: str = ""

    @property
    def ok(self) -> bool | None:
        """Say whether the target is reached; None if there is none."""
        if self.at_least is not None:
            return self.measured >= self.at_least
        if self.at_most is not None:
            return self.measured <= self.at_most
        return None

    @property
    def target(self) -> str:
        """Return the target in words."""
        if self.at_least is not None:
            return f">= {self.at_least:g} {self.unit}"
        return "reported" if self.at_most is None else f"<= {self.at_most:g} {self.unit}"

    def row(self) -> dict[str, Any]:
        """Return the figure as one JSON object."""
        return {
            "figure": self.name,
            "measured": round(self.measured, 3),
            "unit": self.unit,
            "target": self.target,
            "ok": self.ok,
            "beside": self.beside,
        }


def interleaved(
    ours: Callable[[], float], stock: Callable[[], float], rounds: int
) -> list[tuple[float, float]]:
    """Return the rates of both sides round by round; the one that goes first changes every round."""
    pairs = []
    for place in range(rounds):
        if place % 2:
            other = stock()
            pairs.append((ours(), other))
        else:
            one = ours()
            pairs.append((one, stock()))
    return pairs


def ratio(name: str, pairs: Sequence[tuple[float, float]], at_least: float | None) -> Figure:
    """Return the median of the rounds' ratios as a figure, with both median rates beside it."""
    ours = statistics.median(one for one, _ in pairs)
    stock = statistics.median(other for _, other in pairs)
    return Figure(
        name,
        statistics.median(one / other for one, other in pairs),
        "x",
        at_least=at_least,
        beside=f"{ours:,.0f}/s against {stock:,.0f}/s",
    )


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that so many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // _PERCENT)]
