"""What a fact asks of the work on a case: the days on which it is asked, as the case runs and rests (design 4, line 14).

A suspended or closed case asks for nothing; a resumption asks anew, with the full bound, for what is still unanswered.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from domain.chain.bounds import Bound
from domain.chain.counting import same
from domain.chain.derived import Derived
from domain.chain.intervals import Kind, Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import Draft, Found, Refused
from domain.chain.states.cases import CaseId, Moment
from domain.chain.windows import after
from domain.labels import Label

RESTS = Label("der Fall ruht oder ist abgeschlossen", "the case rests or is closed")
_ENDS = ("CaseSuspended", "CaseClosed")
_OFFICES = ("CaseManagerAssigned", "CaseManagerReleased")


@dataclass(frozen=True, slots=True)
class Turn:
    """Days on which a duty runs: from its trigger, or anew from a resumption, until the case rests."""

    trigger: Seen
    begin: Seen
    rest: Seen | None

    @property
    def anew(self) -> bool:
        """Say whether a resumption begins it."""
        return self.begin is not self.trigger

    @property
    def first(self) -> date:
        """Return the day from which its bound is counted."""
        return max(self.begin.latest, self.trigger.latest)

    def later(self, facts: Sequence[Seen]) -> Sequence[Seen]:
        """Return the facts that may close it: those after the resumption that begins it."""
        return [one for one in facts if one.rank > self.begin.rank] if self.anew else facts


class Rests(dict[CaseId, list[tuple[Seen, bool]]]):
    """The facts with which each case begins to rest (true) and those that end its rest (false)."""

    def __init__(self, journey: Derived) -> None:
        self._moments = journey.moments

    def __missing__(self, case_id: CaseId) -> list[tuple[Seen, bool]]:
        found = self[case_id] = list(_changes(self._moments, case_id))
        return found


def turns(rests: Rests, trigger: Seen, answers: Sequence[Seen]) -> list[Turn]:
    """Return the days on which a duty runs; none begins anew after an answer or a new opening."""
    answered = min((one.rank for one in answers), default=None)
    found: list[Turn] = []
    begin: Seen | None = trigger
    for fact, resting in rests[trigger.get("case_id")]:
        if fact.rank <= trigger.rank:
            begin = None if resting else trigger
        elif resting:
            if begin is not None:
                found.append(Turn(trigger, begin, fact))
            begin = None
        elif fact.type == "CaseOpened" or (answered is not None and answered < fact.rank):
            return found
        else:
            begin = fact
    if begin is not None:
        found.append(Turn(trigger, begin, None))
    return found


def _changes(moments: Sequence[Moment], case_id: CaseId) -> Iterator[tuple[Seen, bool]]:
    """Yield the facts with which a case begins to rest (true) and those that end its rest (false)."""
    resting = False
    for moment in moments:
        fact = moment.fact
        if fact.type in _OFFICES:
            continue
        active = any(same(one, case_id) for one in moment.active)
        if resting and active:
            resting = False
            yield fact, False
        elif not (resting or active) and fact.type in _ENDS:
            resting = same(fact.get("case_id"), case_id)
            if resting:
                yield fact, True


@dataclass(frozen=True, slots=True)
class Duty:
    """What a fact asks of the work on its case.

    Attributes:
        trigger: The fact.
        followed: What fulfils it.
        cancelled: What ends it otherwise, besides a rest of the case.
        superseded: The next triggers of its series.
        name: Which of several duties of the same trigger.
        evidence: Facts that it rests on besides the trigger.
        kind: A gap, or a value that is missing.
        severity: Its severity, where that is not the rule's own.
        responsible: Who has to act, where that is not the rule's own.
        details: Words that the rule's sentence names.
    """

    trigger: Seen
    followed: Sequence[Seen]
    cancelled: Sequence[Seen] = ()
    superseded: Sequence[Seen] = ()
    name: str = ""
    evidence: tuple[Seen, ...] = ()
    kind: Kind = Kind.GAP
    severity: Severity | None = None
    responsible: tuple[Responsible, ...] = ()
    details: tuple[tuple[str, Label], ...] = ()


class Window(NamedTuple):
    """The first day, the last day in time if there is one, and whether a day behind them is partial."""

    first: date
    due_on: date | None
    partial: bool


def response(bound: Bound, *evidence: Seen) -> Callable[[Turn], Window]:
    """Return what gives the window of a response within a bound."""
    exact = all(one.exact for one in evidence)
    return lambda turn: Window(
        turn.first, after(turn.first, bound), not (turn.begin.exact and (exact or turn.anew))
    )


def drafts(journey: Derived, duty: Duty, window: Callable[[Turn], Window]) -> Found:
    """Yield a draft for every turn of a duty."""
    answers = [*duty.followed, *duty.cancelled, *duty.superseded]
    found = turns(journey.once(Rests), duty.trigger, answers)
    if not found:
        yield Refused(duty.trigger, RESTS)
    for turn in found:
        yield _draft(duty, turn, window(turn))


def _draft(duty: Duty, turn: Turn, window: Window) -> Draft:
    rest = () if turn.rest is None else (turn.rest,)
    return Draft(
        duty.trigger,
        window.first,
        window.due_on,
        key="+".join([duty.trigger.id, *([duty.name] if duty.name else []), *_resumption(turn)]),
        followed=turn.later(duty.followed),
        cancelled=[*turn.later(duty.cancelled), *rest],
        superseded=turn.later(duty.superseded),
        kind=duty.kind,
        partial=window.partial,
        evidence=(*duty.evidence, *((turn.begin,) if turn.anew else ())),
        severity=duty.severity,
        responsible=duty.responsible,
        details=duty.details,
    )


def _resumption(turn: Turn) -> list[str]:
    return [turn.begin.id] if turn.anew else []


def of_case(facts: Sequence[Seen], one: Seen) -> list[Seen]:
    """Return the facts with the same ``case_id`` as another, or where either has none."""
    case_id = one.get("case_id")
    return [fact for fact in facts if same(fact.get("case_id"), case_id)]
