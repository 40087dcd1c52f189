"""The legal status of the stay, day by day: derived from what happened, never from a paper alone.

A paper refines the status, it does not make it: the Gestattung runs from the application to the final
decision, the Fiktion from the old title's end to the decision on the application, whatever is printed
(design 4, lines 11 and 13; cases W02 to W05, W07). The certificates are kept apart in :func:`papers`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.chain.calendar import plus_days
from domain.chain.counting import Range, range_of
from domain.chain.reading import Seen, View
from domain.chain.states.asylum import Decision
from domain.chain.states.titles import Title, Titles, first_day_without_title

_SUBSEQUENT = "folge"


class Status(StrEnum):
    """What the stay rests on."""

    GESTATTUNG = "gestattung"
    PROTECTED = "protected"
    TITLE = "title"
    FIKTION = "fiktion"
    DULDUNG = "duldung"
    OBLIGED = "obliged"
    WITHOUT_TITLE = "without_title"
    FREE_MOVEMENT = "free_movement"
    GERMAN = "german"
    GONE = "gone"


LAWFUL = frozenset(
    {Status.PROTECTED, Status.TITLE, Status.FIKTION, Status.FREE_MOVEMENT, Status.GERMAN}
)
"""The statuses of a lawful stay; a Gestattung joins them once protection is granted (§ 55 (3) AsylG)."""

_LASTING = frozenset({Status.GERMAN, Status.FREE_MOVEMENT})


@dataclass(frozen=True, slots=True)
class Stay:
    """A stretch of one status.

    Attributes:
        status: What the stay rests on.
        fact: The fact by which it began; for a Fiktion or a lapsed title the grant of that title.
        basis: The residence basis, where title or Duldung tells one.
        first: Its first day.
        last: Its last day; None: as far as is known.
        exact: Whether the first day is known exactly.
        by: The fact that began the next stretch.
    """

    status: Status
    fact: Seen
    basis: str | None
    first: date
    last: date | None
    exact: bool
    by: Seen | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether it is the status on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class _Mark:
    """Something that may change the status, on its day."""

    day: date
    order: int
    fact: Seen
    what: str
    title: Title | None = None
    exact: bool = True


@dataclass(slots=True)
class _Now:
    """The status while the marks are walked through."""

    status: Status
    fact: Seen
    basis: str | None
    first: date
    exact: bool


def stays(view: View, titles: Titles, decided: list[Decision]) -> list[Stay]:
    """Return the stretches of status in order, each to the day before the next; what is unknown is left out."""
    marks = sorted(
        _marks(view, titles, decided), key=lambda one: (one.day, one.order, one.fact.rank)
    )
    found: list[Stay] = []
    now: _Now | None = None
    for mark in marks:
        following = _next(mark, now, titles)
        if following is None or (now is not None and _same(following, now)):
            continue
        if now is not None and now.first < following.first:
            found.append(_stay(now, plus_days(following.first, -1), mark.fact))
        now = following
    if now is not None:
        found.append(_stay(now, None, None))
    return found


def _stay(now: _Now, last: date | None, by: Seen | None) -> Stay:
    return Stay(now.status, now.fact, now.basis, now.first, last, now.exact, by)


def _same(following: _Now, now: _Now) -> bool:
    """Say whether nothing changes: the same status on the same basis; a title granted anew is another."""
    return (
        following.status is now.status
        and following.basis == now.basis
        and following.status is not Status.TITLE
    )


_BY_TYPE = {
    "AsylumApplicationFiled": "applied_for_asylum",
    "TemporaryPermissionIssued": "permission",
    "ToleranceIssued": "duldung",
    "DepartureObligationArisen": "obliged",
    "TitleRefused": "refused",
    "ContinuationOrdered": "continued",
    "FictionCertificateIssued": "certified",
    "RightOfFreeMovementRecorded": "free",
    "NaturalisationCertificateHandedOver": "german",
    "LeftGermany": "gone",
    "PersonDied": "gone",
    "ProtectionRevoked": "revoked",
}


def _marks(view: View, titles: Titles, decided: list[Decision]) -> Iterator[_Mark]:
    for one in view.of(*_BY_TYPE):
        yield _Mark(one.latest, 1, one, _BY_TYPE[one.type], exact=one.exact)
    for decision in decided:
        if decision.positive:
            yield _Mark(decision.protects_from, 1, decision.fact, "protected", exact=decision.exact)
        elif decision.final is not None:
            yield _Mark(
                decision.final.latest, 0, decision.fact, "final", exact=decision.final.exact
            )
    for title in titles.all:
        yield from _marks_of(title)


def _marks_of(title: Title) -> Iterator[_Mark]:
    begins = title.grant.latest_of("valid_from") or title.grant.latest
    yield _Mark(begins, 2, title.grant, "title", title, exact=title.grant.exact)
    for loss in title.losses:
        yield _Mark(loss.latest, 1, loss, "lost", title, exact=loss.exact)
    if title.end is not None and not title.permanent:
        day = first_day_without_title(title)
        yield _Mark(day, 0, title.grant, "ended", title, exact=title.end.exact)


def _next(mark: _Mark, now: _Now | None, titles: Titles) -> _Now | None:
    """Return the status after a mark; None if it changes nothing."""
    status = None if now is None else now.status
    if status is Status.GERMAN and mark.what != "gone":
        return None
    basis = mark.fact.get("basis")
    match mark.what:
        case "title":
            return _title_begins(mark)
        case "ended" | "lost":
            return _title_over(mark, now, titles)
        case "duldung" if status is not Status.TITLE or _title_is_over(now, mark.day):
            return _now(Status.DULDUNG, mark, basis)
        case "german":
            return _now(Status.GERMAN, mark)
        case "free":
            return _now(Status.FREE_MOVEMENT, mark)
        case "gone":
            return _now(Status.GONE, mark)
        case _:
            return _by_procedure(mark, status)


_SETTLED = frozenset({Status.TITLE, *_LASTING})
_NOT_PENDING = _SETTLED | {Status.FIKTION, Status.PROTECTED}
_ANY: frozenset[Status | None] = frozenset({None, *Status})
_STEPS: Mapping[str, tuple[frozenset[Status | None], Status]] = {
    "applied_for_asylum": (_ANY - _NOT_PENDING, Status.GESTATTUNG),
    "permission": (_ANY - _NOT_PENDING - {Status.OBLIGED}, Status.GESTATTUNG),
    "protected": (_ANY - _SETTLED, Status.PROTECTED),
    "final": (frozenset({None, Status.GESTATTUNG, Status.PROTECTED}), Status.OBLIGED),
    "obliged": (_ANY - _LASTING, Status.OBLIGED),
    "revoked": (frozenset({Status.PROTECTED}), Status.OBLIGED),
    "refused": (frozenset({Status.FIKTION}), Status.WITHOUT_TITLE),
    "continued": (frozenset({Status.WITHOUT_TITLE}), Status.FIKTION),
    "certified": (frozenset({None, Status.OBLIGED}), Status.FIKTION),
}
"""What a step does: from which statuses it leads to which."""


def _by_procedure(mark: _Mark, status: Status | None) -> _Now | None:
    """Return the status after a step of the asylum procedure or of an application for a title."""
    if mark.what not in _STEPS:
        return None
    if mark.what == "applied_for_asylum" and mark.fact.get("procedure") == _SUBSEQUENT:
        return None
    allowed, following = _STEPS[mark.what]
    return _now(following, mark) if status in allowed else None


def _now(status: Status, mark: _Mark, basis: str | None = None) -> _Now:
    return _Now(status, mark.fact, basis, mark.day, mark.exact)


def _title_begins(mark: _Mark) -> _Now:
    title = mark.title
    basis = None if title is None else title.basis
    if basis == "DEUTSCH":
        return _now(Status.GERMAN, mark, basis)
    if basis is not None and basis.startswith("FREIZUEGG_EU"):
        return _now(Status.FREE_MOVEMENT, mark, basis)
    return _now(Status.TITLE, mark, basis)


def _title_over(mark: _Mark, now: _Now | None, titles: Titles) -> _Now | None:
    """Return the status after the end or loss of the title that holds: Fiktion, or without a title."""
    title = mark.title
    if title is None or now is None or now.fact is not title.grant:
        return None
    if now.status not in {Status.TITLE, Status.FIKTION}:
        return None
    waits = mark.what == "ended" and any(
        title.by_the_end(one) for one in titles.counting_applications(title)
    )
    status = Status.FIKTION if waits else Status.WITHOUT_TITLE
    return _Now(status, mark.fact, title.basis, mark.day, mark.exact)


def _title_is_over(now: _Now | None, day: date) -> bool:
    """Say whether the title that holds has a told end before a day."""
    if now is None:
        return True
    end = now.fact.latest_of("valid_until")
    return end is not None and end < day


_PAPERS = ("TemporaryPermissionIssued", "ToleranceIssued", "FictionCertificateIssued")


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate of a status: the fact that issues it, and its possible last days as printed."""

    fact: Seen
    until: Range | None
    newer: Seen | None

    def last(self) -> date | None:
        """Return the last day on which it is the newest paper and printed as valid; None: no end is known."""
        told = None if self.until is None else self.until.latest
        if self.newer is None:
            return told
        day = plus_days(self.newer.latest, -1)
        return day if told is None else min(told, day)


def papers(view: View) -> list[Paper]:
    """Return the certificates of Gestattung, Duldung and Fiktion, each until a newer one or a title."""
    found = view.of(*_PAPERS, "TitleGranted")
    return [
        Paper(
            one,
            range_of(one.day("valid_until")),
            found[place + 1] if place + 1 < len(found) else None,
        )
        for place, one in enumerate(found)
        if one.type in _PAPERS
    ]


def status_on(all_stays: list[Stay], day: date) -> Stay | None:
    """Return the stretch of status on a day; None if nothing is known."""
    return next((one for one in reversed(all_stays) if one.holds_on(day)), None)
