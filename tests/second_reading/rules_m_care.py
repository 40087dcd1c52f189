"""Children without day care: M02, M03 (terms "Day care", "Children")."""

from dataclasses import dataclass, field

from tests.second_reading.basis import (
    Row,
    Told,
    View,
    before,
    bound,
    counts_from,
    facts_after,
    later,
    of,
    plus_days,
    settle,
    since,
)
from tests.second_reading.courses import course_runs, integration_courses
from tests.second_reading.family import (
    ALONE,
    DAY_CARE,
    Child,
    Others,
    birthday,
    children_of,
    in_order,
)
from tests.second_reading.language import days_of_birth, surely_under

OFFERS = ("ChildcarePlaceOffered", "ChildcareStarted")
ANSWERS = (*OFFERS, "ChildcareRequestWithdrawn")


@dataclass(frozen=True)
class Request:
    """A request for a place, and the last first request of the child then."""

    fact: Told
    child: Child
    first: Told
    told: bool = True
    newer: View = field(default_factory=list)


def requests_of(view: View, others: Others) -> list[Request]:
    children = children_of(view, others)
    found: list[Request] = []
    for child in children:
        found += _chain(child, of(child.about, "ChildcareRequested"))
    if len(children) != 1:
        found += _untold(view, is_parent=bool(children))
    return found


def _untold(view: View, *, is_parent: bool) -> list[Request]:
    """Requests about a child that is not told: the person itself, or somebody."""
    care = [one for one in of(view, *DAY_CARE) if one.get("child_ref") is None]
    school = [one for one in of(view, "SchoolStarted") if one.get("child_ref") is None]
    born = days_of_birth(view)
    abroad = of(view, "LeftGermany")
    itself = Child(born=born, about=in_order([*care, *school]), abroad=abroad)
    found = []
    for one in _chain(Child(about=care, abroad=abroad), of(care, "ChildcareRequested")):
        is_itself = not is_parent and surely_under(born, 18, one.fact.latest)
        child = itself if is_itself else one.child
        found.append(Request(one.fact, child, one.first, told=False, newer=one.newer))
    return found


def _chain(child: Child, requested: View) -> list[Request]:
    asked = [one for one in in_order(requested) if not _is_in_care(child, one)]
    found: list[Request] = []
    for place, fact in enumerate(asked):
        first = fact
        gone = bool(found) and child.leaves_between(found[-1].first, fact)
        if (
            found
            and not gone
            and not any(
                counts_from(one, found[-1].first) and before(one, fact)
                for one in (*of(child.about, *ANSWERS), *_end_by_leaving(child, found[-1].first))
            )
        ):
            first = found[-1].first
        found.append(Request(fact, child, first, newer=asked[place + 1 :]))
    return found


def _end_by_leaving(child: Child, request: Told) -> View:
    """By what the child leaves, unless it is back by the request; unknown it goes abroad with the person."""
    abroad = [one for one in child.abroad if one.journey == ""]
    return [*child.leaves(request), *abroad]


def _is_in_care(child: Child, request: Told) -> bool:
    care = of(child.about, "ChildcareStarted", "ChildcareEnded")
    told = [one for one in in_order([*care, *child.abroad]) if before(one, request)]
    return bool(told) and told[-1].type == "ChildcareStarted"


def _cancels(child: Child, request: Told) -> View:
    ends = _end_by_leaving(child, request)
    ends += of(child.about, "ChildcareRequestWithdrawn", "SchoolStarted")
    return [*since(ends, request), *of(child.own, "PersonDied")]


def m02(view: View, others: Others = ALONE) -> list[Row]:
    rows: list[Row] = []
    for one in requests_of(view, others):
        request, child = one.fact, one.child
        ends = [later(one.first.latest, "M02.notice")]
        wished = request.day("from")
        if wished is not None:
            ends.append(wished)
        if child.born is not None:
            ends.append(birthday(child.born.latest, bound("M02.age", request.latest)))
        rows += settle(
            "M02",
            view,
            request,
            request.latest,
            max(ends),
            followed=since(of(child.about, *OFFERS), request),
            cancelled=_cancels(child, request),
            superseded=one.newer,
        )
    return rows


# M03


def m03(view: View, others: Others = ALONE) -> list[Row]:
    rows: list[Row] = []
    for one in requests_of(view, others):
        if one.first is not one.fact:
            continue
        journeys = [view] if one.told else [view, *_parents(view, others)]
        for journey in journeys:
            for entitlement in of(journey, "CourseEntitlementIssued"):
                if not course_runs(journey, entitlement):
                    rows += _knot(view, journey, entitlement, one)
    return rows


def _parents(view: View, others: Others) -> list[View]:
    """The journeys of members of the household who are a parent or an adult."""
    names = {
        one.get("member_journey_id")
        for one in of(view, "MemberJoined")
        if one.get("role") in ("parent", "adult")
    }
    return [others[name] for name in others if name in names]


def _knot(view: View, journey: View, entitlement: Told, request: Request) -> list[Row]:
    child, asked = request.child, request.fact
    first = max(entitlement.latest, asked.latest)
    lapses = entitlement.day("lapses_on")
    courses = [
        one
        for one in integration_courses(since(journey, entitlement))
        if one.type == "CourseStarted"
    ]
    trigger = entitlement if entitlement.journey == "" else asked
    return settle(
        "M03",
        view,
        trigger,
        first,
        plus_days(first, bound("M03.tolerance", first) - 1),
        key=f"{entitlement.id}+{asked.id}",
        followed=[*courses, *since(of(child.about, *OFFERS), asked)],
        cancelled=[
            *_cancels(child, asked),
            *([] if lapses is None else [plus_days(lapses, 1)]),
            *since(journey, entitlement, "LeftGermany"),
            *of(journey, "PersonDied"),
        ],
        superseded=facts_after(journey, entitlement, "CourseEntitlementIssued"),
    )


READERS = {"M02": m02, "M03": m03}
