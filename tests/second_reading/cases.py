"""Cases (G13): which are active or suspended after each fact, in the order of G3."""

from tests.second_reading.view import Told, View

CASE_FACTS = ("CaseOpened", "CaseResumed", "CaseSuspended", "CaseClosed")

Cases = dict[str | None, str]


def cases_after(cases: Cases, fact: Told) -> Cases:
    """The state of every case (``active``, ``suspended``, ``closed``) after the fact.

    The key of a case opened without ``case_id`` is None; every fact concerns it.
    """
    after = dict(cases)
    named = fact.get("case_id")
    if fact.type in ("CaseOpened", "CaseResumed"):
        _begin(after, fact.type, named)
    if fact.type in ("CaseSuspended", "CaseClosed"):
        state = "suspended" if fact.type == "CaseSuspended" else "closed"
        for case in _concerned(after, named):
            if after[case] != "closed":
                after[case] = state
    return after


def _begin(after: Cases, kind: str, named: str | None) -> None:
    if kind == "CaseOpened":
        after[named] = "active"
        return
    if named is None:
        if kind == "CaseResumed" and not _living(after):
            after[None] = "active"
    else:
        after[named] = "active"
    for case in _concerned(after, named):
        if after[case] == "suspended":
            after[case] = "active"


def _concerned(cases: Cases, named: str | None) -> list[str | None]:
    return [case for case in cases if named is None or case in (named, None)]


def _living(cases: Cases) -> list[str | None]:
    return [case for case, state in cases.items() if state != "closed"]


def case_history(view: View) -> list[tuple[Told, Cases, Cases]]:
    """Every fact with the cases before it and after it."""
    cases: Cases = {}
    history = []
    for fact in view:
        after = cases_after(cases, fact)
        history.append((fact, cases, after))
        cases = after
    return history


def active(cases: Cases) -> list[str | None]:
    return [case for case, state in cases.items() if state == "active"]


def living(cases: Cases) -> list[str | None]:
    """The cases that are active or suspended."""
    return _living(cases)
