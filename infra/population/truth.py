"""The truth about ten rules on one day, read off the ledger of a life and never off the chain.

Written from the text of the rules for lives that are exactly dated; what the writers add afterwards
(late recording, months instead of days, doubles, corrections) leaves it as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

from domain.vocabulary.residence import ResidenceBasis
from infra.population.ledger import Ledger, Registration, Seed, Title
from infra.population.months import (
    fifth_working_day_after,
    month_end,
    months_later,
)

DAY = timedelta(days=1)
_TITLE_LEAD = timedelta(days=90)
_CLAIM_LEAD = timedelta(days=270)
_COURSE_WAIT = timedelta(days=42)
_NEXT_STEP = timedelta(days=90)
_HANDOVER = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One instance of a rule on the day: due or open with its days, or why it is neither."""

    rule: str
    key: str
    state: str
    opens_on: date | None = None
    due_on: date | None = None
    why: str = ""


def verdicts(life: Ledger, today: date) -> Iterator[Verdict]:
    """Yield what every rule with a known truth finds in a life on a day."""
    yield from _case_without_manager(life, today)
    yield from _no_contact(life, today)
    yield from _handovers(life, today)
    yield from _places_in_day_care(life, today)
    if life.left is not None:
        return
    if life.naturalised is None:
        yield from _titles(life, today)
        yield from _course_claim(life, today)
    yield from _change_of_rechtskreis(life, today)
    yield from _course_starts(life, today)
    yield from _next_steps(life, today)


def _standing(rule: Seed, key: str, today: date, first: date, due_on: date) -> Verdict:
    """Return the verdict on an instance that nothing has closed."""
    opens = max(due_on + DAY, first)
    if today < first:
        return Verdict(rule, key, "none", why="the window has not begun")
    return Verdict(rule, key, "due" if today < opens else "open", opens, due_on)


def _none(rule: Seed, key: str, why: str) -> Verdict:
    return Verdict(rule, key, "none", why=why)


def _titles(life: Ledger, today: date) -> Iterator[Verdict]:
    """A01: the title runs out. A02: it has run out, and nobody applied."""
    for title, following in zip_longest(life.titles, life.titles[1:]):
        if title.ends is None:
            yield _none(Seed.A01, title.id, "the title is permanent")
            yield _none(Seed.A02, title.id, "the title is permanent")
            continue
        reason = _settled(title, following)
        if title.basis is ResidenceBasis.AUFENTHG_24:
            yield _none(Seed.A01, title.id, "temporary protection runs on by law")
        elif reason:
            yield _none(Seed.A01, title.id, reason)
        elif today <= title.ends:
            first = max(title.ends - _TITLE_LEAD, title.granted)
            yield _standing(Seed.A01, title.id, today, first, title.ends)
        if reason:
            yield _none(Seed.A02, title.id, reason)
        elif today > title.ends:
            yield Verdict(Seed.A02, title.id, "open", title.ends + DAY, title.ends)
        else:
            yield _none(Seed.A02, title.id, "the title is still valid")


def _settled(title: Title, following: Title | None) -> str:
    """Say what settled the end of a title, or nothing."""
    if following is not None:
        return "a newer title was granted"
    ends = title.ends
    if title.applied is None or ends is None or title.applied > ends:
        return ""
    if title.refused is not None and title.refused <= ends:
        return ""
    return "applied on the last day" if title.applied == ends else "applied by the end"


def _course_claim(life: Ledger, today: date) -> Iterator[Verdict]:
    """S01: the claim to a course lapses unused."""
    title = next((one for one in life.titles if one.claim), None)
    if title is None:
        return
    granted = title.granted
    reason = _claim_settled(life, granted)
    if reason:
        yield _none(Seed.S01, title.id, reason)
        return
    yield _standing(Seed.S01, title.id, today, granted + _CLAIM_LEAD, months_later(granted, 12))


def _claim_settled(life: Ledger, granted: date) -> str:
    """Say what used or ended the claim, or nothing."""
    if life.proven_b1:
        return "B1 was proven"
    if any(one >= granted for one in life.excused):
        return "admission refused for low need"
    if any(one.end is None or one.end > granted for one in life.schools):
        return "goes to school"
    for one in life.registrations:
        if one.day >= granted or (one.started is not None and one.started >= granted):
            return "registered for a course"
        if not any(one.day <= end <= granted for end in life.ended_courses):
            return "the course was running already"
    return ""


def _course_starts(life: Ledger, today: date) -> Iterator[Verdict]:
    """S05: registered, and the course does not start."""
    for one, following in zip_longest(life.registrations, life.registrations[1:]):
        reason = _started(one) or ("registered again" if following is not None else "")
        if reason:
            yield _none(Seed.S05, one.id, reason)
        else:
            yield _standing(Seed.S05, one.id, today, one.day, one.day + _COURSE_WAIT)


def _started(one: Registration) -> str:
    """Say what became of a registration, or nothing."""
    if one.not_realised is not None:
        return "the course did not come about"
    if one.announced is not None:
        return "the start was announced"
    if one.started is None:
        return ""
    if one.started - one.day == _COURSE_WAIT:
        return "the course started on the last day"
    return "the course started"


def _next_steps(life: Ledger, today: date) -> Iterator[Verdict]:
    """S15: a course is finished and nothing follows."""
    for one in life.completions:
        reason = _followed(life, one.day)
        if reason:
            yield _none(Seed.S15, one.id, reason)
        else:
            yield _standing(Seed.S15, one.id, today, one.day, one.day + _NEXT_STEP)


def _followed(life: Ledger, day: date) -> str:
    """Say what followed a finished course, or ran beside it, or hindered the next step."""
    for step in life.steps:
        if step.start >= day:
            late = step.start - day > _NEXT_STEP
            return "a step followed, late" if late else "a step followed in time"
        if step.counts_as_running and (step.end is None or step.end > day):
            return "a step was running already"
    if any(one >= day for one in life.hindrances):
        return "a birth or illness came between"
    return ""


def _change_of_rechtskreis(life: Ledger, today: date) -> Iterator[Verdict]:
    """L01: the AsylbLG no longer applies and SGB II is not applied for."""
    change = life.change
    if change is None:
        return
    due_on = month_end(months_later(change.condition_fell, 1))
    if change.applied is not None:
        last = change.applied == due_on
        yield _none(Seed.L01, change.id, "applied on the last day" if last else "applied")
    elif change.secured is not None:
        yield _none(Seed.L01, change.id, "the livelihood is secured")
    else:
        yield _standing(Seed.L01, change.id, today, change.day, due_on)


def _case_without_manager(life: Ledger, today: date) -> Iterator[Verdict]:
    """F02: an active case has no manager."""
    case = life.case
    if case is None:
        return
    if not case.active_on(today):
        yield _none(Seed.F02, case.id, "the case is not active")
        return
    if any(one.ended is None or one.ended > today for one in case.offices):
        yield _none(Seed.F02, case.id, "somebody leads the case")
        return
    last = max(
        (one for one in case.offices if one.ended is not None),
        key=lambda one: one.ended or case.opened,
        default=None,
    )
    since, key = case.opened, case.id
    if last is not None and last.ended is not None and last.ended_by is not None:
        since, key = last.ended, last.ended_by
    yield _standing(Seed.F02, key, today, since, fifth_working_day_after(since))


def _no_contact(life: Ledger, today: date) -> Iterator[Verdict]:
    """F06: an active case is without contact for too long."""
    case = life.case
    if case is None:
        return
    begun, key = case.opened, case.id
    if case.resumed is not None:
        begun, key = case.resumed, case.resumed_id
    if case.contacts:
        yield _none(Seed.F06, case.id, "a contact followed")
    for day, fact in sorted(case.contacts):
        if day > begun:
            begun, key = day, fact
    if case.active_on(today):
        yield _standing(Seed.F06, key, today, begun, begun + timedelta(days=case.bound))
    else:
        yield _none(Seed.F06, key, "the case is not active")


def _handovers(life: Ledger, today: date) -> Iterator[Verdict]:
    """F11: a handover is offered and not answered."""
    closed = life.case.closed if life.case is not None else None
    for place, one in enumerate(life.offers):
        earlier = life.offers[:place]
        if any(
            it.to == one.to and (it.answered is None or it.answered > one.day) for it in earlier
        ):
            yield _none(Seed.F11, one.id, "a reminder of an offer that waits already")
        elif one.answered is not None:
            last = one.answered - one.day == _HANDOVER
            yield _none(Seed.F11, one.id, "answered on the last day" if last else "answered")
        elif closed is not None and closed >= one.day:
            yield _none(Seed.F11, one.id, "the case was closed")
        else:
            yield _standing(Seed.F11, one.id, today, one.day, one.day + _HANDOVER)


def _places_in_day_care(life: Ledger, today: date) -> Iterator[Verdict]:
    """M02: a place in day care is asked for and there is none."""
    for one in life.requests:
        if one.withdrawn is not None:
            yield _none(Seed.M02, one.id, "the request was withdrawn")
        elif one.answered is not None:
            last = one.answered == one.due_on
            why = "the child began on the last day" if last else "the child began in day care"
            yield _none(Seed.M02, one.id, why)
        else:
            yield _standing(Seed.M02, one.id, today, one.day, one.due_on)
