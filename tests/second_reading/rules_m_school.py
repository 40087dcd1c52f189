"""Children of school age without a school: M01."""

from dataclasses import dataclass

from tests.second_reading.basis import (
    Days,
    Row,
    Told,
    View,
    before,
    bound,
    counts_from,
    in_force,
    later,
    of,
    settle,
    since,
)
from tests.second_reading.family import (
    ALONE,
    ARRIVALS,
    SCHOOL,
    Child,
    Others,
    birthday,
    children_of,
    in_order,
    is_after,
)
from tests.second_reading.language import days_of_birth

AT_SCHOOL = ("SchoolStarted", "SchoolChanged")


@dataclass(frozen=True)
class Asked:
    """A trigger that has an instance: a gap, or a data row."""

    trigger: Told
    kind: str


def m01(view: View, others: Others = ALONE) -> list[Row]:
    rows: list[Row] = []
    for child in children_of(view, others):
        rows += _rows_of(view, child)
    born = days_of_birth(view)
    if born is not None:
        own = [one for one in of(view, *SCHOOL) if one.get("child_ref") is None]
        itself = Child(born=born, about=own, abroad=of(view, "LeftGermany"))
        rows += _rows_of(view, itself)
    return rows


def _rows_of(view: View, child: Child) -> list[Row]:
    asked: list[Asked] = []
    for trigger in _triggers(view, child):
        kind = _kind(child, trigger)
        if kind is None or _is_placed(child, trigger):
            continue
        if asked and _runs_already(view, child, asked[-1], trigger, kind):
            continue
        asked.append(Asked(trigger, kind))
    rows: list[Row] = []
    for place, one in enumerate(asked):
        rows += _row(view, child, one, [two.trigger for two in asked[place + 1 :]])
    return rows


def _triggers(view: View, child: Child) -> View:
    """In the order of G3, the child's own first on one day."""
    arrived = of(view, *ARRIVALS)
    of_person = arrived
    first = in_order(child.told_by)[:1]
    for joined in of(first, "MemberJoined"):
        earlier = [one for one in of_person if before(one, joined)]
        of_person = [one for one in of_person if before(joined, one)]
        of_person += [joined] if earlier else []
    for away in child.away:
        again = [
            one for one in in_order(of(child.told_by, "MemberJoined")) if is_after(away.left, one)
        ][:1]
        of_person += [
            one
            for one in again
            if one not in of_person and any(before(two, one) for two in arrived)
        ]
    found = [
        one
        for one in (*of_person, *of(child.own, *ARRIVALS))
        if one.type != "AsylumApplicationFiled"
        or (in_force("M01.target", one.latest) and one.get("procedure") != "folge")
    ]
    found += of(child.about, "SchoolPlacementRequested")
    return in_order(found)


def _kind(child: Child, trigger: Told) -> str | None:
    """``gap``, or ``data`` where school age is not certain; None: not of school age."""
    if child.born is None:
        proofs = [
            one
            for one in of(child.about, "SchoolPlacementRequested", *AT_SCHOOL)
            if one is trigger or before(one, trigger)
        ]
        return "gap" if proofs else "data"
    six: int = bound("M01.from_age", trigger.latest)
    eighteen: int = bound("M01.to_age", trigger.latest)
    from_day = Days(birthday(child.born.earliest, six), birthday(child.born.latest, six))
    if not from_day.earliest <= trigger.latest < birthday(child.born.latest, eighteen):
        return None
    return "gap" if trigger.latest >= from_day.latest else "data"


def _is_placed(child: Child, trigger: Told) -> bool:
    """At school, exempted, or no longer in the household."""
    if any(before(one, trigger) for one in child.leaves(trigger)):
        return True
    begun = [one for one in of(child.about, *AT_SCHOOL) if before(one, trigger)]
    if begun and not any(
        before(begun[-1], one) and before(one, trigger)
        for one in (*of(child.about, "SchoolLeft"), *child.abroad)
    ):
        return True
    exempted = [one for one in of(child.about, "SchoolExemptionGranted") if before(one, trigger)]
    if not exempted:
        return False
    until = exempted[-1].day("until")
    return until is None or until >= trigger.latest


def _runs_already(view: View, child: Child, earlier: Asked, trigger: Told, kind: str) -> bool:
    """The time of the earlier trigger still runs, and this one begins no other."""
    if any(
        counts_from(one, earlier.trigger) and before(one, trigger)
        for one in (
            *of(child.about, *AT_SCHOOL, "SchoolExemptionGranted"),
            *of(view, "LeftGermany"),
        )
    ):
        return False
    if child.leaves_between(earlier.trigger, trigger):
        return False
    towns = {_town(view, earlier.trigger), _town(view, trigger)}
    if None not in towns and len(towns) == 2:
        return False
    return not (earlier.kind == "data" and kind == "gap")


def _town(view: View, fact: Told) -> str | None:
    if fact.type == "MemberJoined":
        arrived = [one for one in of(view, *ARRIVALS) if before(one, fact)]
        return _town(view, arrived[-1]) if arrived else None
    town: str | None = fact.get("municipality") or fact.get("ags")
    return town


def _row(view: View, child: Child, asked: Asked, following: View) -> list[Row]:
    trigger = asked.trigger
    name = "M01.target" if trigger.type == "AsylumApplicationFiled" else "M01.response"
    due = later(trigger.latest, name)
    itself = not child.names
    ends = [*of(child.own, "TrainingStarted"), *child.leaves(trigger)]
    cancelled = [*since(ends, trigger), *of(child.own, "PersonDied")]
    cancelled += since(of(child.about, "SchoolExemptionGranted"), trigger)
    if itself:
        cancelled += since(view, trigger, "TrainingStarted")
    adult = []
    if child.born is not None:
        adult = [birthday(child.born.latest, bound("M01.to_age", trigger.latest))]
    return settle(
        "M01",
        view,
        trigger,
        trigger.latest,
        due,
        key=trigger.id if itself else f"{trigger.id}+{child.name}",
        kind=asked.kind,
        followed=since(in_order(child.about), trigger, *AT_SCHOOL),
        cancelled=[*cancelled, *adult],
        superseded=following,
    )


READERS = {"M01": m01}
