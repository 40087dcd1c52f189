"""Permits to work: B08."""

from datetime import date

from tests.second_reading.basis import (
    Row,
    Told,
    View,
    before,
    facts_after,
    of,
    row_of_missing_end,
    settle,
    since,
    window_of_lead,
)
from tests.second_reading.titles import is_positive
from tests.second_reading.work_terms import fits_employer, is_free_title

NEW_WAYS = ("60C", "60D", "60A_2_4", None)


def _asks_again(fact: Told, permit: Told) -> bool:
    if fact.type == "WorkPermitRequested":
        return fits_employer(fact, permit)
    return fact.type == "ToleranceApplied" and fact.basis in NEW_WAYS


def _followed(view: View, permit: Told, begins: date) -> View:
    newer = [
        one for one in facts_after(view, permit, "WorkPermitGranted") if fits_employer(one, permit)
    ]
    asked = [one for one in view if _asks_again(one, permit)]
    return newer + [
        one for one in asked if (one.latest >= begins if one.dated else before(permit, one))
    ]


def _cancels(fact: Told, permit: Told) -> bool:
    if fact.type == "EmploymentEnded":
        told = permit.get("employer")
        return told is not None and fact.get("employer") == told
    return is_free_title(fact) or is_positive(fact) or fact.type == "RightOfFreeMovementRecorded"


def b08(view: View) -> list[Row]:
    rows: list[Row] = []
    for permit in of(view, "WorkPermitGranted"):
        end = permit.days("valid_until")
        cancelled = [one for one in since(view, permit) if _cancels(one, permit)]
        if end is None:
            followed = _followed(view, permit, permit.latest)
            rows += row_of_missing_end("B08", view, permit, followed=followed, cancelled=cancelled)
            continue
        begins = window_of_lead(permit, end, "B08.lead", own_end=True)
        rows += settle(
            "B08",
            view,
            permit,
            begins,
            end.latest,
            followed=_followed(view, permit, begins),
            cancelled=cancelled,
        )
    return rows


READERS = {"B08": b08}
