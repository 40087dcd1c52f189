"""Children and household: who belongs to whom, and what is known of a child in either journey.

A fact about two people is one fact in each journey. What a child does may stand in its own journey, or in
the parent's with ``child_ref``; both are read, and the parent's is enough where the child has none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from domain.chain.counting import Range, range_of
from domain.chain.reading import Seen, View
from domain.chain.states.person import birth, birthdays

_ADULT = 18
FAMILY_FACTS = frozenset({"ChildBorn", "HouseholdFormed", "MemberJoined", "MemberLeft"})
"""The facts that tell who belongs to whom."""


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the person.

    Attributes:
        fact: The birth, or the joining of the household, in the person's own journey.
        name: How facts of this journey refer to it: the journey of the child, else the id of the fact.
        born: The possible days of birth; None if nothing is known.
        view: The child's own journey, if it is known.
    """

    fact: Seen
    name: str
    born: Range | None
    view: View | None

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


def children(view: View, household: Mapping[str, View]) -> list[Child]:
    """Return the children of a person in the order of what tells of them; each once."""
    found: dict[str, Child] = {}
    for one in view.of("ChildBorn", "MemberJoined"):
        child = _born(one, household) if one.type == "ChildBorn" else _joined(one, household)
        if child is not None and child.name not in found:
            found[child.name] = child
    return list(found.values())


def _born(one: Seen, household: Mapping[str, View]) -> Child:
    journey = one.get("child_journey_id")
    told = range_of(one.day("birth_date")) or Range(one.earliest, one.latest)
    view = household.get(journey or "")
    return Child(one, journey or one.id, told if one.dated else None, view)


def _joined(one: Seen, household: Mapping[str, View]) -> Child | None:
    """Return the child that joined the household, if it is a child of this person."""
    journey = one.get("member_journey_id")
    if one.get("role") != "child":
        return None
    view = household.get(journey or "")
    return Child(one, journey or one.id, None if view is None else birth(view), view)


def of_child(view: View, child: Child, every: list[Child], *types: str) -> list[Seen]:
    """Return the facts of these types about a child, those of its own journey last.

    In the person's journey a fact is about the child whom ``child_ref`` names; without a name it is about
    the only child there is.
    """
    own = [one for one in view.of(*types) if _about(one, child, every)]
    return own + ([] if child.view is None else list(child.view.of(*types)))


def _about(one: Seen, child: Child, every: list[Child]) -> bool:
    named = one.get("child_ref")
    if named is None:
        return len(every) == 1
    return named in (child.name, child.fact.id)


def household_of(view: View) -> str | None:
    """Return the household that the person belongs to now; None if there is none."""
    current: str | None = None
    for one in view.of("HouseholdFormed", "MemberJoined", "MemberLeft"):
        told = one.get("household_id")
        if one.type == "MemberLeft":
            if one.get("member_journey_id") is None and told in (None, current):
                current = None
        elif told is not None:
            current = told
    return current


def members(view: View) -> Iterator[str]:
    """Yield the journeys of the other members of the household, those who left it left out."""
    joined: dict[str, None] = {}
    for one in view.of("ChildBorn", "MemberJoined", "MemberLeft"):
        journey = one.get("child_journey_id") or one.get("member_journey_id")
        if journey is None:
            continue
        if one.type == "MemberLeft":
            joined.pop(journey, None)
        else:
            joined[journey] = None
    yield from joined
