"""Counselling: cases, who led them, and when they rested."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.counting import same
from domain.chain.derived import Derived
from domain.chain.reading import Seen
from domain.chain.states.cases import CaseId, Moment
from domain.labels import Label
from projections.field_states import CounsellingState
from projections.strands import StrandName
from projections.stretches.stretch import Stretch, stretch

_LABELS = {
    CounsellingState.ACTIVE: Label("KIM Case Management", "KIM case management", "KIM"),
    CounsellingState.UNMANNED: Label(
        "Fall ohne Case Management", "case without case manager", "unbesetzt"
    ),
    CounsellingState.SUSPENDED: Label("Fall ruht", "case suspended", "ruht"),
}


@dataclass(frozen=True, slots=True)
class Tenure:
    """A time in which one case stood in one way under one case manager.

    Attributes:
        case_id: The case; empty for a nameless one.
        until: Last day; None: it goes on.
    """

    case_id: str
    unit: str
    carrier: str
    case_manager: str
    state: CounsellingState
    since: Seen
    until: date | None


def tenures(derived: Derived) -> tuple[Tenure, ...]:
    """Return the tenures of a journey, case by case, each in the order of its days."""
    cases = dict.fromkeys(
        case for moment in derived.moments for case in (*moment.active, *moment.suspended)
    )
    return tuple(one for case in cases for one in _tenures(derived, case))


def counselling(derived: Derived) -> tuple[Stretch, ...]:
    """Return the tenures as stretches."""
    return tuple(
        stretch(
            StrandName.BERATUNG,
            one.since,
            one.until,
            _LABELS[one.state],
            state=one.state,
            detail=" · ".join(part for part in (one.carrier or one.unit, one.case_manager) if part),
        )
        for one in tenures(derived)
    )


def _tenures(derived: Derived, case: CaseId) -> Iterator[Tenure]:
    """Yield the tenures of a case; facts of one day and of the same standing make one."""
    unit, carrier = "", ""
    begun: Tenure | None = None
    for moment in derived.moments:
        if moment.fact.type == "CaseOpened" and moment.fact.get("case_id") == case:
            unit = moment.fact.get("org_unit") or unit
            carrier = moment.fact.get("carrier") or carrier
        standing = _standing(moment, case)
        if begun is not None and standing == (begun.state, begun.case_manager):
            continue
        if begun is not None and moment.fact.latest > begun.since.latest:
            yield _ended(begun, plus_days(moment.fact.latest, -1))
        begun = (
            None
            if standing is None
            else Tenure(case or "", unit, carrier, standing[1], standing[0], moment.fact, None)
        )
    if begun is not None:
        yield begun


def _standing(moment: Moment, case: CaseId) -> tuple[CounsellingState, str] | None:
    """Return how a case stands after a fact, and under whom; None if it is neither active nor resting."""
    office = next((one for one in reversed(moment.offices) if same(one.case_id, case)), None)
    manager = "" if office is None else office.cm or ""
    if case in moment.active:
        manned = CounsellingState.UNMANNED if office is None else CounsellingState.ACTIVE
        return manned, manager
    return (CounsellingState.SUSPENDED, manager) if case in moment.suspended else None


def _ended(one: Tenure, until: date) -> Tenure:
    return Tenure(one.case_id, one.unit, one.carrier, one.case_manager, one.state, one.since, until)
