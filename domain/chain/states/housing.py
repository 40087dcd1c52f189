"""Where the person lives: each place from the fact that tells it to the next (U01)."""

from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from domain.chain.calendar import plus_days
from domain.chain.reading import Seen, View

COMMUNAL = frozenset({"communal", "land_facility"})
_MOVES = ("HousingAssigned", "HousingChanged", "LeaseSigned", "AddressRegistered", "AddressChanged")


@dataclass(frozen=True, slots=True)
class Home:
    """A way of living, in one place or several.

    Attributes:
        fact: The fact by which it begins.
        communal: Whether it is communal accommodation; None: not told.
        first: Its first day.
        last: Its last day; None: it goes on.
        by: The fact that tells the next.
    """

    fact: Seen
    communal: bool | None
    first: date
    last: date | None
    by: Seen | None


def homes(view: View) -> list[Home]:
    """Return the ways of living in order: communal, not communal, or not told.

    An address without a kind of housing tells nothing; a lease without one is a home of one's own.
    """
    found: list[tuple[Seen, bool | None]] = []
    for one in view.of(*_MOVES):
        address = one.type.startswith("Address")
        kind = one.get("housing_kind" if address else "kind")
        if address and kind is None:
            continue
        communal = kind in COMMUNAL if kind is not None or one.type == "LeaseSigned" else None
        if not found or found[-1][1] != communal:
            found.append((one, communal))
    ends = [one for one, _ in found[1:]]
    return [
        Home(
            one,
            communal,
            one.latest,
            None if end is None else plus_days(end.latest, -1),
            end,
        )
        for (one, communal), end in zip_longest(found, ends)
    ]
