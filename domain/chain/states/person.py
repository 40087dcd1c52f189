"""The person: when born, of which nationality, and since when in Germany."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from domain.chain.calendar import plus_days, plus_months
from domain.chain.counting import Range, range_of
from domain.chain.reading import Seen, View

_MONTHS_OF_YEAR = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """The first known entry into Germany: the fact that tells it, and its possible days."""

    fact: Seen
    days: Range


def birth(view: View) -> Range | None:
    """Return the possible days of birth: the birth date as last told, else the year of birth."""
    for one in reversed(view.of("PersonIdentified")):
        told = range_of(one.day("birth_date"))
        if told is not None:
            return told
    for one in reversed(view.of("JourneyStarted")):
        year = one.get("birth_year")
        if year is not None:
            return Range(date(year, 1, 1), date(year, 12, 31))
    return None


def birthday(born: date, age: int) -> date:
    """Return the day on which somebody reaches an age: their birthday (§ 187 (2) S. 2 BGB).

    Whoever was born on 29 February reaches it on 1 March of a year without that day: the year of life ends
    with the end of 28 February.
    """
    reached = plus_months(born, age * _MONTHS_OF_YEAR)
    return reached if reached.day == born.day else plus_days(reached, 1)


@lru_cache(maxsize=4096)
def birthdays(born: Range, age: int) -> Range:
    """Return the possible days on which somebody reaches an age."""
    return Range(birthday(born.earliest, age), birthday(born.latest, age))


def nationalities(view: View) -> frozenset[str] | None:
    """Return the nationalities as last told; None if they are not."""
    for one in reversed(view.of("JourneyStarted")):
        told = one.get("nationality")
        if told:
            return frozenset(told)
    return None


def first_entry(view: View) -> Entry | None:
    """Return the first entry: as registered, else as told at the beginning of the journey."""
    for one in view.of("EntryRegistered"):
        return Entry(one, range_of(one.day("entry_date")) or Range(one.earliest, one.latest))
    for one in view.of("JourneyStarted"):
        told = range_of(one.day("entry_date"))
        if told is not None:
            return Entry(one, told)
    return None
