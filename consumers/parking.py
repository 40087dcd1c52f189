"""Parked journeys freed: what waits is told again in its order; a gap is cured from the journal."""

from collections.abc import Callable, Sequence
from typing import Protocol
from uuid import UUID

from consumers.arrivals import Arrival, arrival
from consumers.handling import Handler, changed, reason_of
from domain.arrived import Parked
from domain.errors import KetteError
from projections.change import Change, Standing


class Parks(Protocol):
    """The parked journeys of a group."""

    def waiting(self) -> Sequence[UUID]:
        """Return the parked journeys, the longest parked first."""
        ...

    def parked(self, journey: UUID) -> Sequence[Parked]:
        """Return what waits behind the park of a journey, in its order."""
        ...

    def standing(self, journeys: Sequence[UUID]) -> Standing:
        """Return what stands of some journeys."""
        ...

    def free(self, journey: UUID, seen: Sequence[Parked], change: Change) -> bool:
        """Write what a parked journey comes to; False if more waits than was seen."""
        ...


def replay(parks: Parks, handler: Handler, epoch: bytes, tell: Callable[[str], None]) -> int:
    """Free every parked journey that can be freed; return how many stay parked.

    A member may go on meanwhile: what it parks behind a journey is seen, or the journey is tried again.
    """
    return sum(not _freed(parks, journey, handler, epoch, tell) for journey in parks.waiting())


def _freed(
    parks: Parks, journey: UUID, handler: Handler, epoch: bytes, tell: Callable[[str], None]
) -> bool:
    while True:
        waiting = parks.parked(journey)
        arrivals = [
            one for one in (arrival(each.raw, epoch) for each in waiting) if one is not None
        ]
        change = _told_again(parks.standing([journey]), journey, arrivals, handler)
        if parks.free(journey, waiting, change):
            break
    if change.parked:
        tell(f"still parked: journey {journey}: {change.parked[0].reason}")
        return False
    tell(f"freed: journey {journey}, {len(waiting)} events")
    return True


class _Open:
    """What stands of a journey, as if it were not parked."""

    def __init__(self, standing: Standing) -> None:
        self.versions = standing.versions
        self.parked: frozenset[UUID] = frozenset()
        self.rows = standing.rows
        self.told = standing.told
        self.erased = standing.erased


def _told_again(
    standing: Standing, journey: UUID, arrivals: Sequence[Arrival], handler: Handler
) -> Change:
    """Return what the waiting arrivals change; where one is missing, the journal tells the whole journey."""
    held = standing.versions.get(journey, 0)
    for one in arrivals:
        if one.version > held and one.previous != held:
            return _cured(standing, journey, arrivals, handler)
        held = max(held, one.version)
    return changed({journey: arrivals}, _Open(standing), handler)


def _cured(
    standing: Standing, journey: UUID, arrivals: Sequence[Arrival], handler: Handler
) -> Change:
    ((_, records),) = standing.told([journey])
    if isinstance(records, KetteError):
        return _still(arrivals, str(records))
    last = records[-1].version if records else 0
    if last < arrivals[-1].version:
        return _still(arrivals, f"the journal holds it up to version {last} only")
    try:
        rows = handler.anew(records, journey)
    except Exception as error:  # noqa: BLE001  whatever it is, the journey stays parked
        return _still(arrivals, reason_of(error))
    return Change([(journey, rows)], {journey: last})


def _still(arrivals: Sequence[Arrival], reason: str) -> Change:
    return Change(parked=[Parked(one.journey, one.version, reason, one.raw) for one in arrivals])
