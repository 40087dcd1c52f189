"""Where somebody has to live, and where they live: residence duties and places, each with its days.

Two kinds of duty stand side by side (cases W17): to a Land by law, three years from recognition (§ 12a (1)),
and to an area by decision, mostly a municipality. The words stand in the terms of ``rules/residence_duty.py``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from domain.chain.bounds import Bounds
from domain.chain.calendar import plus_days
from domain.chain.counting import Range, counting, range_of, same
from domain.chain.reading import Seen, View
from domain.chain.states.annulment import standing
from domain.chain.states.asylum import Decision
from domain.chain.windows import after

LAND, FACILITY = "land", "einrichtung"
_DIGITS_OF_LAND = 2
_INTERNATIONAL = frozenset({"asyl", "fluechtling", "subsidiaer"})
_BY_TITLE = frozenset(
    f"AUFENTHG_{code}"
    for code in ("22", "23_1", "23_2", "23_4", "24", "25_1", "25_2_FL", "25_2_SUB", "25_3")
)
_PRIVATE = frozenset({"private_sublet", "private_lease"})
_PLACES = ("AddressRegistered", "AddressChanged", "HousingAssigned", "HousingChanged")


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty to live in an area.

    Attributes:
        fact: The fact that imposes it; for the duty by law the recognition, or the first title.
        by_law: Whether it follows from the law alone.
        scope: To what kind of area.
        area: Which area; None: not told.
        until: The possible last days; None: not known.
        own_end: Whether the last day stands in the fact itself.
        lifts: The facts that lift or end it.
        newer: The next decision of the same scope.
    """

    fact: Seen
    by_law: bool
    scope: str | None
    area: str | None
    until: Range | None
    own_end: bool
    lifts: tuple[Seen, ...]
    newer: Seen | None

    @property
    def last(self) -> date | None:
        """Return the last day on which it binds; None: as far as is known."""
        days = [plus_days(one.latest, -1) for one in self.lifts]
        if self.newer is not None:
            days.append(plus_days(self.newer.latest, -1))
        if self.until is not None:
            days.append(self.until.latest)
        return min(days, default=None)

    def binds_on(self, day: date) -> bool:
        """Say whether it binds on a day."""
        return self.fact.latest <= day and (self.last is None or day <= self.last)

    def breached_by(self, place: "Place") -> bool | None:
        """Say whether living at a place breaches it; None if that cannot be judged."""
        if self.scope == FACILITY and place.kind in _PRIVATE:
            return True
        if place.ags is None or self.area is None or not self.area.isdigit():
            return None
        area = self.area[:_DIGITS_OF_LAND] if self.scope == LAND else self.area
        return not place.ags.startswith(area)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody lives, until the next fact that tells a place.

    Attributes:
        fact: The fact that tells it.
        ags: The municipality; None: not told.
        kind: How they live there; None: not told.
        first: First day.
        next: The fact that tells the next place.
        last: Last day; None: as far as is known.
    """

    fact: Seen
    ags: str | None
    kind: str | None
    first: date
    next: Seen | None
    last: date | None


def places(view: View) -> list[Place]:
    """Return the places in order."""
    facts = view.of(*_PLACES)
    found = []
    for number, one in enumerate(facts):
        following = facts[number + 1] if number + 1 < len(facts) else None
        last = None if following is None else plus_days(_moved_in(following), -1)
        kind = one.get("housing_kind") or one.get("kind")
        found.append(Place(one, one.get("ags"), kind, _moved_in(one), following, last))
    return found


def _moved_in(one: Seen) -> date:
    return one.latest_of("move_in") or one.latest


def duties(view: View, decided: list[Decision], bounds: Bounds) -> list[Duty]:
    """Return the duties: the one by law, then those by decision, in order."""
    begin = _begin(view, decided)
    law = None if begin is None else _by_law(view, begin, bounds)
    return [*([] if law is None else [law]), *_by_decision(view, begin, bounds)]


def _begin(view: View, decided: list[Decision]) -> Seen | None:
    """Return the first recognition or title from which the three years of § 12a run; None if there is none."""
    recognised = [one.fact for one in decided if one.fact.get("outcome") in _INTERNATIONAL]
    titles = [one for one in view.of("TitleGranted") if one.get("basis") in _BY_TITLE]
    return min([*recognised[:1], *titles[:1]], key=lambda one: one.rank, default=None)


def _by_law(view: View, begin: Seen, bounds: Bounds) -> Duty | None:
    """Return the duty to the Land of assignment, if there was one."""
    assigned = view.before(begin, "AssignedToMunicipality")
    years = bounds.on("A19.land", begin.latest)
    if not assigned or years is None:
        return None
    municipality = assigned[-1].get("municipality")
    area = None if municipality is None else municipality[:_DIGITS_OF_LAND]
    until = Range(after(begin.earliest, years), after(begin.latest, years))
    return _with_lifts(view, Duty(begin, True, LAND, area, until, False, (), None))


def _by_decision(view: View, begin: Seen | None, bounds: Bounds) -> Iterator[Duty]:
    imposed = standing(view).of("ResidenceObligationImposed")
    for place, one in enumerate(imposed):
        scope = one.get("scope")
        newer = next((two for two in imposed[place + 1 :] if same(scope, two.get("scope"))), None)
        told = range_of(one.day("until"))
        until = told or _from_recognition(one, begin, bounds)
        duty = Duty(one, False, scope, one.get("area"), until, told is not None, (), newer)
        yield _with_lifts(view, duty)


def _from_recognition(one: Seen, begin: Seen | None, bounds: Bounds) -> Range | None:
    """Return three years from the recognition, if that was by the day of the decision (cases W17)."""
    if begin is None or begin.latest > one.latest:
        return None
    years = bounds.in_force("A19.years", one.latest)
    return Range(after(begin.earliest, years), after(begin.latest, years))


_LIFTING = (
    "ResidenceObligationLifted",
    "ResidenceObligationEnded",
    "DecisionAnnulledRetroactively",
    "AppealDecided",
)


def _with_lifts(view: View, duty: Duty) -> Duty:
    lifts = tuple(one for one in counting(duty.fact, view.of(*_LIFTING)) if _lifts(one, duty))
    return replace(duty, lifts=lifts)


def _lifts(one: Seen, duty: Duty) -> bool:
    """Say whether a fact lifts or ends a duty: the named one, else those of its scope, else all it can reach."""
    if one.type == "DecisionAnnulledRetroactively":
        return bool(one.get("target") == duty.fact.id)
    if one.type == "AppealDecided":
        named = one.get("against") in (duty.fact.id, duty.fact.type)
        undone = one.get("outcome") in ("granted", "reversed")
        return named and undone and not duty.by_law
    if one.get("obligation") is not None:
        return bool(one.get("obligation") == duty.fact.id)
    if one.get("scope") is not None:
        return same(one.get("scope"), duty.scope)
    return not (duty.by_law and _by_court(one))


def _by_court(one: Seen) -> bool:
    """Say whether a court lifted it: a court annuls a decision, never the law."""
    return "court" in (one.get("by"), one.get("lift_reason"))
