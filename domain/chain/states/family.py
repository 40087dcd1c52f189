"""Children and household: who belongs to whom, and what is known of a child in either journey.

A fact about two people is one fact in each journey. What a child does may stand in its own journey, or in
the parent's with ``child_ref``; both are read, and the parent's is enough where the child has none.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from domain.chain.counting import Range, counting, counting_between, range_of
from domain.chain.reading import Seen, View
from domain.chain.states.person import birth, birthdays

_ADULT = 18
FAMILY_FACTS = frozenset({"ChildBorn", "HouseholdFormed", "MemberJoined", "MemberLeft"})
"""The facts that tell who belongs to whom."""
ARRIVALS = (
    "AssignedToMunicipality",
    "AddressRegistered",
    "AddressChanged",
    "AsylumApplicationFiled",
)
"""The facts by which somebody comes to live here."""
_NAMING = (
    "SchoolPlacementRequested",
    "SchoolStarted",
    "SchoolChanged",
    "SchoolLeft",
    "SchoolExemptionGranted",
    "ChildcareRequested",
    "ChildcareRequestWithdrawn",
    "ChildcarePlaceOffered",
    "ChildcareStarted",
    "ChildcareEnded",
)
_GUARDIANS = frozenset({"parent", "adult"})


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the person, or the person itself where its own school or care is looked at.

    Attributes:
        fact: What first tells of the child in the person's journey; None: the person itself.
        name: How facts of this journey refer to it: the journey of the child, else the id of the fact, else
            the name itself; empty for the person itself.
        born: The possible days of birth; None if nothing is known.
        view: The child's own journey, if it is known.
        names: Every way in which facts of this journey may refer to it.
        told: The births and joinings that tell of it, in order.
        leavings: The facts by which it leaves the household, in order.
        only: Whether it is the only child known.
    """

    fact: Seen | None
    name: str
    born: Range | None
    view: View | None
    names: frozenset[str]
    told: tuple[Seen, ...] = ()
    leavings: tuple[Seen, ...] = ()
    only: bool = False

    @property
    def deaths(self) -> list[Seen]:
        """Return the facts of its own journey that tell of its death."""
        return [] if self.view is None else self.view.of("PersonDied")

    def reaches(self, age: int) -> Range | None:
        """Return the possible days on which the child reaches an age."""
        return None if self.born is None else birthdays(self.born, age)

    def minor_on(self, day: date) -> bool | None:
        """Say whether the child is certainly under age on a day; None if that is not known."""
        adult = self.reaches(_ADULT)
        if adult is None:
            return None
        if day < adult.earliest:
            return True
        return False if day >= adult.latest else None


def the_person(born: Range | None) -> Child:
    """Return the person itself as somebody whose school or care is looked at."""
    return Child(None, "", born, None, frozenset())


def children(view: View, household: Mapping[str, View]) -> list[Child]:
    """Return the children of a person, each once.

    They are told by a birth, by joining the household as a child, or by a fact about school or care that
    names a child of whom nothing else is told.
    """
    found = [_child(view, told, household) for told in _paired(_told(view), household)]
    for one in view.of(*_NAMING):
        named = one.get("child_ref")
        if named is not None and not any(named in child.names for child in found):
            names = frozenset({named})
            found.append(Child(one, named, None, None, names, (), _leavings(view, names)))
    return [replace(found[0], only=True)] if len(found) == 1 else found


def _told(view: View) -> list[list[Seen]]:
    """Return the births and joinings that tell of each child; one journey is one child."""
    told: dict[str, list[Seen]] = {}
    for one in view.of("ChildBorn", "MemberJoined"):
        if one.type == "ChildBorn" or one.get("role") == "child":
            told.setdefault(_journey(one) or one.id, []).append(one)
    return list(told.values())


def _journey(one: Seen) -> str | None:
    """Return the journey of the child of whom a fact tells."""
    journey: str | None = one.get("child_journey_id") or one.get("member_journey_id")
    return journey


def _paired(told: list[list[Seen]], household: Mapping[str, View]) -> list[list[Seen]]:
    """Join a birth told without a journey to the first member who may be born then and has no birth told."""
    found: list[list[Seen]] = []
    members = [facts for facts in told if not _births(facts)]
    for facts in told:
        lone = len(facts) == 1 and _births(facts) and _journey(facts[0]) is None
        pair = next((one for one in members if lone and _may_be_one(facts, one, household)), None)
        if pair is None:
            found.append(facts)
        else:
            members.remove(pair)
            pair.extend(facts)
            pair.sort(key=lambda one: one.rank)
    return found


def _births(told: list[Seen]) -> list[Seen]:
    return [one for one in told if one.type == "ChildBorn"]


def _may_be_one(birth_: list[Seen], member: list[Seen], household: Mapping[str, View]) -> bool:
    """Say whether a birth and a member share a possible day of birth."""
    one, other = _born(birth_, None), _born(member, household.get(_journey(member[0]) or ""))
    if one is None or other is None:
        return False
    return one.earliest <= other.latest and other.earliest <= one.latest


def _child(view: View, told: list[Seen], household: Mapping[str, View]) -> Child:
    """Return the child of whom these births and joinings tell."""
    journey = next((name for name in map(_journey, told) if name is not None), None)
    own = household.get(journey or "")
    names = frozenset({*(one.id for one in told), *([] if journey is None else [journey])})
    name, leavings = journey or told[0].id, _leavings(view, names)
    return Child(told[0], name, _born(told, own), own, names, tuple(told), leavings)


def _born(told: list[Seen], own: View | None) -> Range | None:
    """Return the days of birth as the last birth tells them, else as the child's own journey does."""
    for one in reversed(_births(told)):
        if one.dated:
            return range_of(one.day("birth_date")) or Range(one.earliest, one.latest)
    return None if own is None else birth(own)


def _leavings(view: View, names: frozenset[str]) -> tuple[Seen, ...]:
    """Return the facts by which somebody of these names leaves the household."""
    return tuple(one for one in view.of("MemberLeft") if one.get("member_journey_id") in names)


class Absence(NamedTuple):
    """By what a child leaves the household or the country, and by what it is back."""

    left: Seen
    back: Seen | None


def absences(view: View, child: Child) -> Iterator[Absence]:
    """Yield the absences of a child; from abroad its own arrival brings it back as well."""
    for left in child.leavings:
        yield Absence(left, _next(view, left, child.told))
    if child.view is not None:
        for left in child.view.of("LeftGermany"):
            back = [*child.told, *child.view.of("EntryRegistered", *ARRIVALS)]
            yield Absence(left, _next(view, left, back))


def joinings_again(view: View, child: Child) -> Iterator[Seen]:
    """Yield the first joining after each leaving, whatever brought the child back before."""
    joined = [one for one in child.told if one.type == "MemberJoined"]
    for absence in absences(view, child):
        again = _next(view, absence.left, joined)
        if again is not None:
            yield again


def _next(view: View, left: Seen, facts: Iterable[Seen]) -> Seen | None:
    """Return the first of these facts after a leaving, or within it."""
    return next(
        (
            one
            for one in in_order(view, facts)
            if before(view, left, one) or _within(view, left, one)
        ),
        None,
    )


def _within(view: View, left: Seen, one: Seen) -> bool:
    """Say whether a fact lies within the month or year of a leaving and is told after it in its journey."""
    if view.holds(left) is not view.holds(one) or left.place >= one.place:
        return False
    return one.dated and left.earliest <= one.latest <= left.latest


def _back_by(view: View, absence: Absence, one: Seen) -> bool:
    return absence.back is not None and not before(view, one, absence.back)


def leaving(view: View, child: Child, trigger: Seen) -> list[Seen]:
    """Return by what a child leaves, but for those absences from which it is back by a trigger."""
    return [one.left for one in absences(view, child) if not _back_by(view, one, trigger)]


def left_between(view: View, child: Child, first: Seen, then: Seen) -> bool:
    """Say whether a child leaves from one fact on and before another, by which it may be back."""
    return any(
        before(view, one.left, then) or _back_by(view, one, then)
        for one in absences(view, child)
        if not _back_by(view, one, first) and any(counting_anywhere(view, first, [one.left]))
    )


def going_abroad(view: View, child: Child) -> list[Seen]:
    """Return by what a child leaves Germany; one whose journey is not known leaves with the person."""
    return (view if child.view is None else child.view).of("LeftGermany")


def of_child(view: View, child: Child, *types: str, unnamed: bool = True) -> list[Seen]:
    """Return the facts of these types about a child, those of its own journey last.

    In the person's journey a fact is about the child whom ``child_ref`` names. One without a name is about
    the only child there is, or about the person itself.

    Args:
        view: The person's journey.
        child: The child, or the person itself.
        types: The fact types.
        unnamed: Whether facts without a name may be about an only child; those about school are not.
    """
    own = [one for one in view.of(*types) if _about(one, child, unnamed=unnamed)]
    if child.view is None:
        return own
    return own + [
        one for one in child.view.of(*types) if one.get("child_ref") in (None, *child.names)
    ]


def _about(one: Seen, child: Child, *, unnamed: bool) -> bool:
    named = one.get("child_ref")
    if child.fact is None:
        return named is None
    return child.only and unnamed if named is None else named in child.names


def in_order(view: View, facts: Iterable[Seen]) -> list[Seen]:
    """Return facts of the person's journey and of a child's in one order.

    Each stands on the day that it has in its own journey (G3); on one day the child's own come first.
    """
    return sorted(facts, key=lambda one: _place(view, one))


def before(view: View, one: Seen, other: Seen) -> bool:
    """Say whether a fact stands before another, whichever of the two journeys tells them."""
    return _place(view, one) < _place(view, other)


def _place(view: View, one: Seen) -> tuple[date, bool, int]:
    return one.stands_on, view.holds(one), one.rank


def counting_anywhere(view: View, trigger: Seen, facts: Iterable[Seen]) -> Iterator[Seen]:
    """Yield the facts that count from a trigger on, whichever journey of the household tells them.

    Within one journey G4 decides, between two the days of the facts.
    """
    here = view.holds(trigger)
    for one in facts:
        counted = counting if view.holds(one) is here else counting_between
        yield from counted(trigger, (one,))


def parents(view: View, household: Mapping[str, View]) -> list[View]:
    """Return the journeys of the parents that are known: who joined the household as a parent or an adult."""
    told = (
        one.get("member_journey_id")
        for one in view.of("MemberJoined")
        if one.get("role") in _GUARDIANS
    )
    return [household[name] for name in dict.fromkeys(told) if name in household]


def members(view: View) -> Iterator[str]:
    """Yield the journeys of the other members of the household, those who left it left out.

    Whoever leaves a household leaves its members behind, but for the children.
    """
    joined: dict[str, bool] = {}
    for one in view.of("ChildBorn", "MemberJoined", "MemberLeft"):
        journey = one.get("child_journey_id") or one.get("member_journey_id")
        if one.type != "MemberLeft":
            if journey is not None:
                is_child = one.type == "ChildBorn" or one.get("role") == "child"
                joined[journey] = is_child or joined.get(journey, False)
        elif journey is not None:
            joined.pop(journey, None)
        else:
            joined = {name: True for name, is_child in joined.items() if is_child}
    yield from joined
