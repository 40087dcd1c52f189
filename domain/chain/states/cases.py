"""Cases and their managers: when a case is active, and who is in office for it (G13, F02)."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.chain.counting import same
from domain.chain.reading import Seen, View

STEPS = (
    "CaseOpened",
    "CaseResumed",
    "CaseSuspended",
    "CaseClosed",
    "CaseManagerAssigned",
    "CaseManagerReleased",
)

CaseId = str | None


@dataclass(frozen=True, slots=True)
class Office:
    """A case manager in office, for one case or (``case_id`` None) for all."""

    case_id: CaseId
    cm: str | None
    since: Seen


@dataclass(frozen=True, slots=True)
class Moment:
    """The cases and offices right after a fact.

    Attributes:
        fact: The fact.
        began: The cases that the fact made active.
        was_active: Whether any case was active before.
        active: The active cases; a nameless case is None.
        suspended: The suspended cases.
        offices: Who is in office.
    """

    fact: Seen
    began: tuple[CaseId, ...]
    was_active: bool
    active: tuple[CaseId, ...]
    suspended: tuple[CaseId, ...]
    offices: tuple[Office, ...]

    def manned(self, case_id: CaseId) -> bool:
        """Say whether somebody is in office for a case."""
        return any(same(office.case_id, case_id) for office in self.offices)


def moments(view: View) -> list[Moment]:
    """Return what stands after each fact about cases and their managers, in order."""
    return list(_moments(view))


def moment_at(all_moments: list[Moment], place: Seen) -> Moment | None:
    """Return what stands at the place of a fact; None before the first fact about a case."""
    found = None
    for moment in all_moments:
        if moment.fact.rank > place.rank:
            break
        found = moment
    return found


def _moments(view: View) -> Iterator[Moment]:
    active: dict[CaseId, None] = {}
    suspended: dict[CaseId, None] = {}
    offices: list[Office] = []
    for fact in view.of(*STEPS):
        was_active = bool(active)
        began = _step(fact, active, suspended)
        offices = _in_office(fact, offices, anything=bool(active or suspended))
        yield Moment(fact, began, was_active, tuple(active), tuple(suspended), tuple(offices))


def _step(
    fact: Seen, active: dict[CaseId, None], suspended: dict[CaseId, None]
) -> tuple[CaseId, ...]:
    """Move the cases by one fact; return those that it made active."""
    case_id: CaseId = fact.get("case_id")
    begun: tuple[CaseId, ...]
    match fact.type:
        case "CaseOpened":
            begun = () if case_id in active else (case_id,)
        case "CaseResumed":
            begun = _resumed(case_id, active, suspended)
        case "CaseSuspended":
            moved = [one for one in active if same(one, case_id)]
            _remove(active, moved)
            suspended.update(dict.fromkeys(moved))
            return ()
        case "CaseClosed":
            _remove(active, [one for one in active if same(one, case_id)])
            _remove(suspended, [one for one in suspended if same(one, case_id)])
            return ()
        case _:
            return ()
    _remove(suspended, begun)
    active.update(dict.fromkeys(begun))
    return begun


def _resumed(
    case_id: CaseId, active: dict[CaseId, None], suspended: dict[CaseId, None]
) -> tuple[CaseId, ...]:
    """Return the cases that a resumption concerns and that are not active."""
    concerned = tuple(one for one in suspended if same(one, case_id))
    if case_id is None:
        return concerned or (() if active else (None,))
    return concerned if case_id in active or case_id in concerned else (*concerned, case_id)


def _remove(cases: dict[CaseId, None], gone: tuple[CaseId, ...] | list[CaseId]) -> None:
    for one in gone:
        cases.pop(one, None)


def _in_office(fact: Seen, offices: list[Office], *, anything: bool) -> list[Office]:
    """Return the offices after a fact; ``anything``: whether a case is active or suspended."""
    case_id, cm = fact.get("case_id"), fact.get("cm")
    match fact.type:
        case "CaseManagerAssigned":
            return [*offices, Office(case_id, cm, fact)]
        case "CaseManagerReleased":
            return _released(offices, case_id, cm)
        case "CaseClosed":
            kept = [one for one in offices if one.case_id is None or one.case_id != case_id]
            return kept if anything else []
        case _:
            return offices


def _released(offices: list[Office], case_id: CaseId, cm: str | None) -> list[Office]:
    """Return the offices left: without a name, the last assigned goes."""
    concerned = [one for one in offices if same(one.case_id, case_id)]
    gone = concerned[-1:] if cm is None else [one for one in concerned if one.cm == cm]
    return [one for one in offices if one not in gone]
