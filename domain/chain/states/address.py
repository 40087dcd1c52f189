"""Where a person lives: the town, from one registration or assignment to the next."""

from dataclasses import dataclass, replace
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.reading import Seen, View

_TOWN = {
    "AddressRegistered": "ags",
    "AddressChanged": "ags",
    "AssignedToMunicipality": "municipality",
}
"""The facts that tell an address, and the attribute that names the town."""


@dataclass(frozen=True, slots=True)
class Address:
    """A time in which a person lived in a town.

    Attributes:
        ags: The town.
        fact: The fact that tells it.
        since: Its first day.
        until: The last day before the next address; None: it is the latest.
    """

    ags: str
    fact: Seen
    since: date
    until: date | None


def addresses(view: View) -> list[Address]:
    """Return the addresses in the order of G3; of several facts of one day the last counts.

    A fact that does not name its town changes nothing.
    """
    found: list[Address] = []
    for one in view.of(*_TOWN):
        ags = one.get(_TOWN[one.type])
        if not ags:
            continue
        while found and found[-1].since >= one.latest:
            found.pop()
        if found:
            found[-1] = replace(found[-1], until=plus_days(one.latest, -1))
        found.append(Address(ags, one, one.latest, None))
    return found


def town_on(all_addresses: list[Address], day: date) -> str | None:
    """Return the town, by AGS, in which a person lived on a day; None: it is not known."""
    return next((one.ags for one in reversed(all_addresses) if one.since <= day), None)
