"""Orientation: O01, O02."""

from datetime import date

from tests.second_reading.basis import (
    Row,
    Told,
    View,
    active,
    case_history,
    facts_after,
    facts_before,
    later,
    settle,
    since,
)
from tests.second_reading.courses import (
    course_runs,
    integration_courses,
    is_own_school,
    school_runs,
)
from tests.second_reading.language import days_of_birth, surely_under
from tests.second_reading.stay import Stretch, statuses

REACHED = ("InitialAdviceGiven", "FirstContactRecorded", "IntakeHeld", "CaseOpened", "ContactHeld")


def o01(view: View) -> list[Row]:
    triggers = [
        fact
        for fact, cases, _ in case_history(view)
        if fact.type == "AssignedToMunicipality" and not active(cases)
    ]
    rows: list[Row] = []
    for trigger in triggers:
        rows += settle(
            "O01",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "O01.response"),
            followed=[
                one for one in since(view, trigger, *REACHED) if one.get("no_show") is not True
            ],
            superseded=facts_after(triggers, trigger),
        )
    return rows


# O02

OFFERS = ("OrientationCourseStarted", "CourseStarted", "VocationalCourseStarted")


def _without_claim(stretch: Stretch) -> bool:
    if stretch.status in ("gestattung", "duldung", "obliged"):
        return True
    if stretch.status not in ("title", "fiktion") or stretch.basis != "24":
        return False
    return stretch.rests_on is None or stretch.rests_on.get("course_claim") is not True


def stays_without_claim(view: View) -> list[tuple[Stretch, date | None]]:
    """The first stretch of each stay, and the first day of the other status that ends it."""
    found: list[tuple[Stretch, date | None]] = []
    begun: Stretch | None = None
    for stretch in statuses(view):
        if _without_claim(stretch):
            begun = begun or stretch
        elif begun is not None and stretch.status is not None:
            found.append((begun, stretch.first))
            begun = None
    if begun is not None:
        found.append((begun, None))
    return found


def _has_offer(view: View, trigger: Told) -> bool:
    offered = facts_before(view, trigger, *OFFERS, "CourseEntitlementIssued")
    return bool(offered) or course_runs(view, trigger) or school_runs(view, trigger)


def o02(view: View) -> list[Row]:
    rows: list[Row] = []
    for begun, ends_on in stays_without_claim(view):
        trigger = begun.made_by
        if surely_under(days_of_birth(view), 16, begun.first) or _has_offer(view, trigger):
            continue
        courses = [
            one
            for one in integration_courses(since(view, trigger))
            if one.type == "CourseRegistered"
        ]
        schools = [one for one in since(view, trigger) if is_own_school(one)]
        rows += settle(
            "O02",
            view,
            trigger,
            begun.first,
            later(begun.first, "O02.response"),
            followed=since(view, trigger, *OFFERS),
            cancelled=[
                *since(view, trigger, "CourseEntitlementIssued"),
                *courses,
                *schools,
                *([] if ends_on is None else [ends_on]),
            ],
        )
    return rows


READERS = {"O01": o01, "O02": o02}
