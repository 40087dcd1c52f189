"""Housing: U01."""

from dataclasses import dataclass
from datetime import date

from tests.second_reading.basis import Row, Told, View, before, later, of, plus_days, settle
from tests.second_reading.stay import Stretch, statuses
from tests.second_reading.titles import is_positive, positive_decisions

RIGHTS = ("TitleGranted", "FictionCertificateIssued", "RightOfFreeMovementRecorded")
LIFTED = ("ResidenceObligationLifted", "ResidenceObligationEnded")
LOSSES = ("gestattung", "duldung", "obliged")


@dataclass
class Living:
    """A way of living: communal, other or unknown (None), from a fact to the day before another."""

    begun: Told
    sort: str | None
    next: Told | None = None
    next_sort: str | None = None

    @property
    def last(self) -> date:
        return date.max if self.next is None else plus_days(self.next.latest, -1)


def _sort_told(fact: Told) -> list[str | None]:
    """The sort that the fact tells; empty: it tells nothing."""
    kind = fact.get("kind")
    if fact.type in ("AddressRegistered", "AddressChanged"):
        kind = fact.get("housing_kind")
        if kind is None:
            return []
    elif fact.type == "LeaseSigned" and kind is None:
        return ["other"]
    elif fact.type not in ("HousingAssigned", "HousingChanged", "LeaseSigned"):
        return []
    if kind is None:
        return [None]
    return ["communal" if kind in ("communal", "land_facility") else "other"]


def ways_of_living(view: View) -> list[Living]:
    ways: list[Living] = []
    for fact in view:
        for sort in _sort_told(fact):
            if ways and ways[-1].sort == sort:
                continue
            if ways:
                ways[-1].next, ways[-1].next_sort = fact, sort
            ways.append(Living(fact, sort))
    return ways


def _gives_right(fact: Told) -> bool:
    if fact.type in LIFTED:
        return fact.get("scope") == "einrichtung"
    return is_positive(fact) or fact.type in RIGHTS


def _losses(stretches: list[Stretch]) -> list[date]:
    """The days on which the status becomes Gestattung, Duldung or obliged."""
    return [
        stretch.first
        for place, stretch in enumerate(stretches)
        if stretch.status in LOSSES
        and (place == 0 or stretches[place - 1].status != stretch.status)
    ]


def _right(view: View, first: date, last: date, lost: list[date]) -> tuple[Told, date] | None:
    """The first right that is not lost through f, with f."""
    for fact in view:
        day = max(first, fact.latest)
        if (
            _gives_right(fact)
            and day <= last
            and not any(fact.latest < loss <= day for loss in lost)
        ):
            return fact, day
    return None


def u01(view: View) -> list[Row]:
    stretches = statuses(view)
    lost = _losses(stretches)
    ways = ways_of_living(view)
    rows: list[Row] = []
    for way in ways:
        if way.sort != "other":
            rows += _u01_of(view, way, stretches, lost)
    for decision in positive_decisions(view)[:1]:
        if not ways:
            rows += _row(view, decision, decision, decision.latest, lost, None)
    return rows


def _u01_of(view: View, way: Living, stretches: list[Stretch], lost: list[date]) -> list[Row]:
    right = _right(view, way.begun.latest, way.last, lost)
    if right is not None:
        fact, day = right
        trigger = way.begun if before(fact, way.begun) else fact
        return _row(view, trigger, way.begun, day, lost, way)
    known = [one for one in view if _gives_right(one)] or of(view, "AsylumApplicationFiled")
    if known or any(stretch.status for stretch in stretches):
        return []
    return _row(view, way.begun, way.begun, way.begun.latest, lost, way)


def _row(
    view: View, trigger: Told, named: Told, day: date, lost: list[date], way: Living | None
) -> list[Row]:
    kind = "gap" if way is not None and way.sort == "communal" else "data"
    cancelled: list[date] = [loss for loss in lost if loss > day][:1]
    followed: list[date] = []
    if way is not None and way.next is not None:
        is_moved_out = kind == "gap" and way.next_sort == "other"
        (followed if is_moved_out else cancelled).append(way.next.latest)
    return settle(
        "U01",
        view,
        trigger,
        day,
        later(day, "U01.limit"),
        key=named.id,
        kind=kind,
        followed=followed,
        cancelled=cancelled,
    )


READERS = {"U01": u01}
