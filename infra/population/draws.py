"""Draws that a seed decides and nothing else."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import exp, log
from random import Random
from typing import TypeVar

Thing = TypeVar("Thing")

_NINETIETH = 1.2816  # quantile of the standard normal distribution
_FRIDAY = 4


class Draw:
    """A source of draws; the same seed gives the same draws in the same order."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)  # noqa: S311  reproducible, not secret

    def chance(self, probability: float) -> bool:
        """Return true with this probability."""
        return self._random.random() < probability

    def between(self, low: int, high: int) -> int:
        """Return a whole number of this range, both ends included; the low end if it is empty."""
        return self._random.randint(low, max(low, high))

    def one(self, things: Sequence[Thing]) -> Thing:
        """Return one of these."""
        return things[self._random.randrange(len(things))]

    def weighted(self, weights: Mapping[Thing, float]) -> Thing:
        """Return one of these by its weight."""
        return self._random.choices(list(weights), list(weights.values()))[0]

    def some(self, things: Sequence[Thing], count: int) -> list[Thing]:
        """Return so many different ones of these, or all of them in another order."""
        return self._random.sample(things, min(count, len(things)))

    def day(self, first: date, last: date) -> date:
        """Return a day of this range, both ends included; the first if it is empty."""
        return first + timedelta(days=self.between(0, (last - first).days))

    def wait(self, median: float, ninetieth: float) -> int:
        """Return a number of days, lognormal by its median and its 90th percentile."""
        spread = log(ninetieth / median) / _NINETIETH
        return max(1, round(exp(self._random.gauss(log(median), spread))))

    def places(self, weights: Sequence[float], count: int) -> list[int]:
        """Return so many places by their weight, with repetition."""
        return self._random.choices(range(len(weights)), weights, k=count)

    def gamma(self, shape: float) -> float:
        """Return a gamma variate of mean 1."""
        return self._random.gammavariate(shape, 1 / shape)

    def token(self) -> str:
        """Return eight characters that tell nothing."""
        return f"{self._random.getrandbits(32):08x}"


def after(day: date, days: int) -> date:
    """Return the day so many days later."""
    return day + timedelta(days=days)


def weekday(day: date) -> date:
    """Return the day itself or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - _FRIDAY))
