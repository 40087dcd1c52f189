"""Consultations held, and enquiries answered instead of an office: by whom, and on which day."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from domain.chain.counting import same
from domain.chain.reading import Seen
from projections.figures import Counted
from projections.history import NOTHING, History, remember
from projections.projection import Column, ColumnType, Projection, Row
from projections.stretches.counselling import Tenure, tenures


def _rows(_: UUID, state: History) -> Iterator[Row]:
    """Yield one row for each; a missed appointment is no consultation."""
    counted = [
        one
        for one in state.view.of("ContactHeld", "EnquiryAnswered")
        if one.get("no_show") is not True
    ]
    led = tenures(state.derived) if counted else ()
    for one in counted:
        what = Counted.ENQUIRY if one.type == "EnquiryAnswered" else Counted.CONSULTATION
        by = _by(led, one)
        unit, manager = ("", "") if by is None else (by.unit, by.case_manager)
        yield what.value, unit, manager, one.get("instead_of") or "", one.latest


def _by(led: Sequence[Tenure], fact: Seen) -> Tenure | None:
    """Return the tenure in which it happened: of its case, else of any; None outside of all."""
    case, day = fact.get("case_id"), fact.latest
    fitting = [one for one in led if _holds(one, day) and same(one.case_id or None, case)]
    return max(fitting, key=lambda one: one.since.rank, default=None)


def _holds(one: Tenure, day: date) -> bool:
    return one.since.latest <= day and (one.until is None or day <= one.until)


CONSULTATIONS: Projection[History] = Projection(
    "consultations",
    (
        Column("what", ColumnType.TEXT),
        Column("unit", ColumnType.TEXT),
        Column("case_manager", ColumnType.TEXT),
        Column("instead_of", ColumnType.TEXT),
        Column("held_on", ColumnType.DATE),
    ),
    NOTHING,
    remember,
    _rows,
)
