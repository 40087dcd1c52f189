"""Children (terms of the rules): who they are, when born, when they left, what is about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tests.second_reading.basis import (
    Days,
    Told,
    View,
    before,
    counts_from,
    of,
    plus_days,
    plus_years,
)
from tests.second_reading.language import days_of_birth
from tests.second_reading.view import stands

Others = Mapping[str, View]
ALONE: Others = {}

SCHOOL = (
    *("SchoolPlacementRequested", "SchoolStarted", "SchoolChanged", "SchoolLeft"),
    *("SchoolExemptionGranted", "SchoolCertificateObtained"),
)
ARRIVALS = (
    *("AssignedToMunicipality", "AddressRegistered", "AddressChanged"),
    "AsylumApplicationFiled",
)
DAY_CARE = (
    *("ChildcareRequested", "ChildcareRequestWithdrawn", "ChildcarePlaceOffered"),
    *("ChildcareStarted", "ChildcareEnded"),
)


@dataclass(frozen=True)
class Away:
    """What a child leaves by, and what it is back by."""

    left: Told
    back: Told | None

    def is_back_by(self, fact: Told) -> bool:
        return self.back is not None and (self.back is fact or before(self.back, fact))


@dataclass
class Child:
    """A child: what tells of it, its journey, and how it is named."""

    told_by: list[Told] = field(default_factory=list)
    journey: str | None = None
    names: set[str] = field(default_factory=set)
    own: View = field(default_factory=list)
    born: Days | None = None
    away: list[Away] = field(default_factory=list)
    abroad: View = field(default_factory=list)
    about: View = field(default_factory=list)

    def leaves(self, trigger: Told) -> View:
        """What it leaves by, unless it is back by the trigger."""
        return [one.left for one in self.away if not one.is_back_by(trigger)]

    def leaves_between(self, first: Told, then: Told) -> bool:
        """It leaves from the first on, and before the other or so that it is back by that."""
        return any(
            counts_from(one.left, first)
            and not one.is_back_by(first)
            and (before(one.left, then) or one.is_back_by(then))
            for one in self.away
        )

    @property
    def name(self) -> str:
        """Its journey, else the id of the fact that tells of it, else its ``child_ref``."""
        if self.journey is not None:
            return self.journey
        return self.told_by[0].id if self.told_by else next(iter(self.names))


def birthday(born: date, age: int) -> date:
    day = plus_years(born, age)
    return plus_days(day, 1) if (born.month, born.day) == (2, 29) and day.day == 28 else day


def in_order(facts: View) -> View:
    """G3; where two journeys meet, by the day of G3, the child's own first."""
    return sorted(facts, key=stands)


def children_of(view: View, others: Others = ALONE) -> list[Child]:
    children = _joined(_told(view), others)
    for fact in of(view, *SCHOOL, *DAY_CARE):
        ref = fact.get("child_ref")
        if ref is not None and not any(ref in child.names for child in children):
            children.append(Child(names={ref}))
    for child in children:
        child.own = others.get(child.journey, []) if child.journey is not None else []
        child.born = _birth(child)
        child.away = _away(view, child)
        child.abroad = of(child.own if child.journey in others else view, "LeftGermany")
        child.about = in_order(_about(view, child, only=len(children) == 1))
    return children


def _told(view: View) -> list[Child]:
    children: list[Child] = []
    for fact in of(view, "ChildBorn", "MemberJoined"):
        if fact.type == "MemberJoined" and fact.get("role") != "child":
            continue
        journey = fact.get("child_journey_id") or fact.get("member_journey_id")
        same = [one for one in children if journey is not None and one.journey == journey]
        child = same[0] if same else Child(journey=journey)
        if not same:
            children.append(child)
        child.told_by.append(fact)
        child.names |= {fact.id} if journey is None else {fact.id, journey}
    return children


def _joined(children: list[Child], others: Others) -> list[Child]:
    """A ``ChildBorn`` without a journey and a member of whom no other tells, maybe born on one day."""
    joined: list[Child] = []
    members = [one for one in children if all(told.type == "MemberJoined" for told in one.told_by)]
    for child in children:
        same = [one for one in members if _may_be_one(child, one, others)]
        if same:
            members = [one for one in members if one is not same[0]]
            same[0].told_by = in_order([*same[0].told_by, *child.told_by])
            same[0].names |= child.names
        else:
            joined.append(child)
    return joined


def _may_be_one(child: Child, member: Child, others: Others) -> bool:
    if child.journey is not None or child.told_by[0].type != "ChildBorn":
        return False
    born = _birth(child)
    own = days_of_birth(others.get(member.journey or "", []))
    if born is None or own is None:
        return False
    return born.earliest <= own.latest and own.earliest <= born.latest


def _birth(child: Child) -> Days | None:
    """As the last ``ChildBorn`` tells that tells it, else as the child's own journey."""
    for one in reversed(child.told_by):
        if one.type == "ChildBorn" and one.get("birth_date") is not None:
            return one.days("birth_date")
        if one.type == "ChildBorn" and one.dated:
            return one.own
    return days_of_birth(child.own)


def _away(view: View, child: Child) -> list[Away]:
    """From leaving the household or Germany until the child is told of again or, from abroad, arrives."""
    ways = [
        (one, child.told_by)
        for one in of(view, "MemberLeft")
        if one.get("member_journey_id") in child.names
    ]
    here = [*child.told_by, *of(child.own, "EntryRegistered", *ARRIVALS)]
    ways += [(one, here) for one in of(child.own, "LeftGermany")]
    found = []
    for left, ends in ways:
        backs = [one for one in in_order(ends) if is_after(left, one)]
        found.append(Away(left, backs[0] if backs else None))
    return found


def is_after(left: Told, one: Told) -> bool:
    """After a leaving, or told later in the same file of a day within it."""
    if before(left, one):
        return True
    is_later = left.journey == one.journey and left.place < one.place
    return is_later and one.dated and left.earliest <= one.latest <= left.latest


def _about(view: View, child: Child, *, only: bool) -> View:
    in_view = [
        fact
        for fact in of(view, *SCHOOL, *DAY_CARE)
        if fact.get("child_ref") in child.names
        or (only and fact.get("child_ref") is None and fact.type in DAY_CARE)
    ]
    of_child = [
        fact
        for fact in of(child.own, *SCHOOL, *DAY_CARE)
        if fact.get("child_ref") is None or fact.get("child_ref") in child.names
    ]
    return in_view + of_child
