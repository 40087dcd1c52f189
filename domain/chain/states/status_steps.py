"""From the facts to the status of the stay: what changes it, and from what into what.

Walking through the marks in order, every mark makes of the status before it the status after it, or changes
nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.chain.bounds import Bounds
from domain.chain.calendar import end_of_running_period, plus_days
from domain.chain.reading import Seen, View
from domain.chain.states.asylum import Decision, Refusal
from domain.chain.states.residence import BAN_ON_DEPORTATION, LAWFUL, Status, Stay, is_lawful
from domain.chain.states.status_marks import Mark, begins, marks
from domain.chain.states.titles import Title, Titles

_SUBSEQUENT = "folge"
_UNDONE = frozenset({"granted", "reversed"})
_PROTECTION = {
    "asyl": "AUFENTHG_25_1",
    "fluechtling": "AUFENTHG_25_2_FL",
    "subsidiaer": "AUFENTHG_25_2_SUB",
    "abschiebungsverbot": BAN_ON_DEPORTATION,
}


@dataclass(slots=True)
class _Now:
    """The status while the marks are walked through; without a status nothing is known."""

    status: Status | None
    fact: Seen
    basis: str | None
    first: date
    unsure_from: date | None
    since: Seen
    unlawful_by: Seen | None = None

    @property
    def lawful(self) -> bool:
        """Say whether the stay is lawful with it."""
        return is_lawful(self.status, self.basis)


def stays(
    view: View, titles: Titles, decided: list[Decision], refused: list[Refusal], bounds: Bounds
) -> list[Stay]:
    """Return the stretches of status in order, each to the day before the next; what is unknown is left out.

    Of several changes on one day the last makes the status; one that lasts no day began nothing.
    """
    walk = _Walk(titles, bounds)
    found: list[_Now] = []
    for mark in marks(view, titles, decided, refused):
        following = walk.after(mark)
        if following is None or (walk.now is not None and _same(following, walk.now)):
            continue
        if not following.lawful:
            following.unlawful_by = following.since
        if found and found[-1].first == following.first:
            over = found.pop()
            if not (over.lawful or following.lawful):
                following.unlawful_by = over.unlawful_by
        found.append(following)
        walk.now = following
    return [
        _stay(now, now.status, found[place + 1] if place + 1 < len(found) else None)
        for place, now in enumerate(found)
        if now.status is not None
    ]


def _stay(now: _Now, status: Status, following: _Now | None) -> Stay:
    begun = (now.fact, now.basis, now.first)
    if following is None:
        return Stay(status, *begun, None, now.unsure_from, now.since)
    return Stay(
        status,
        *begun,
        plus_days(following.first, -1),
        now.unsure_from,
        now.since,
        following.since,
        following.unlawful_by,
        following.unsure_from,
    )


def _same(following: _Now, now: _Now) -> bool:
    """Say whether nothing changes: the same status and no other basis told; a title granted anew is another."""
    return (
        following.status is now.status
        and following.basis in (None, now.basis)
        and following.status is not Status.TITLE
    )


_YIELDING = frozenset(
    {
        None,
        Status.GESTATTUNG,
        Status.DULDUNG,
        Status.OBLIGED,
        Status.WITHOUT_TITLE,
        Status.GONE,
    }
)
"""What gives way to an asylum procedure in any case."""


@dataclass(slots=True)
class _Walk:
    """The way through the marks: the status now, and what is remembered beside it.

    Attributes:
        titles: The titles of the journey.
        bounds: The law by which a short title is one.
        now: The status; None before anything is known.
        pending: Whether an asylum procedure runs, also beneath a title.
        over: Whether asylum was refused for good and not applied for again.
        tolerated: The Duldung that was issued last.
        lost: The last title lost, and the fact that took it.
    """

    titles: Titles
    bounds: Bounds
    now: _Now | None = None
    pending: bool = False
    over: bool = False
    tolerated: Seen | None = None
    lost: tuple[Title, Seen] | None = None
    _by_grant: Mapping[str, Title] = field(init=False)

    def __post_init__(self) -> None:
        self._by_grant = {one.grant.id: one for one in self.titles.all}

    @property
    def status(self) -> Status | None:
        """Return the status now."""
        return None if self.now is None else self.now.status

    def after(self, mark: Mark) -> _Now | None:
        """Return the status after a mark; None if it changes nothing."""
        step = _STEPS.get(mark.what)
        following = self._simple(mark) if step is None else step(self, mark)
        return None if self.status is Status.GERMAN and mark.what != "gone" else following

    def _simple(self, mark: Mark) -> _Now | None:
        allowed, following = _SIMPLE[mark.what]
        if allowed is not None and self.status not in allowed:
            return None
        return _now(following, mark)

    def gives_way(self, day: date) -> bool:
        """Say whether an application for asylum makes the stay a Gestattung (§ 55 (2) AsylG)."""
        if self.now is None or self.status in _YIELDING:
            return True
        if self.status not in (Status.TITLE, Status.FIKTION):
            return False
        title = self._by_grant.get(self.now.fact.id)
        return title is None or self._short(title, day)

    def _short(self, title: Title, day: date) -> bool:
        """Say whether a title was granted for six months at most in all."""
        if title.permanent or title.end is None:
            return False
        months = self.bounds.in_force("A21.short_title", day).number
        return title.end.latest <= end_of_running_period(begins(title).latest, months)

    def title_runs(self) -> bool:
        """Say whether the status is a title of which it is known until when, or that it never ends."""
        title = None if self.now is None else self._by_grant.get(self.now.fact.id)
        return (
            self.status is Status.TITLE
            and title is not None
            and (title.permanent or title.end is not None)
        )


_Step = Callable[[_Walk, Mark], _Now | None]


def _now(status: Status | None, mark: Mark, basis: str | None = None) -> _Now:
    return _Now(status, mark.fact, basis, mark.day, mark.unsure_from, mark.fact)


def _on_title(status: Status, mark: Mark, title: Title) -> _Now:
    """Return a status that rests on a title granted before."""
    return _Now(status, title.grant, title.basis, mark.day, mark.unsure_from, mark.fact)


def _applied_for_asylum(walk: _Walk, mark: Mark) -> _Now | None:
    walk.over = False
    if mark.fact.get("procedure") == _SUBSEQUENT:
        return None
    walk.pending = True
    return _now(Status.GESTATTUNG, mark) if walk.gives_way(mark.day) else None


def _arrived(walk: _Walk, mark: Mark) -> _Now | None:
    walk.over, walk.pending = False, True
    return _now(Status.GESTATTUNG, mark) if walk.status in _YIELDING else None


def _procedure(walk: _Walk, mark: Mark) -> _Now | None:
    """A hearing or a decision proves a procedure of which nothing else is known."""
    if walk.status not in (None, Status.GONE) or walk.over:
        return None
    walk.pending = True
    return _now(Status.GESTATTUNG, mark)


def _permission(walk: _Walk, mark: Mark) -> _Now | None:
    if walk.over:
        return None
    walk.pending = True
    return _now(Status.GESTATTUNG, mark) if walk.gives_way(mark.day) else None


def _protected(walk: _Walk, mark: Mark) -> _Now | None:
    walk.over, walk.pending = False, False
    if walk.status in (Status.TITLE, Status.FREE_MOVEMENT):
        return None
    return _now(Status.PROTECTED, mark, _PROTECTION.get(mark.fact.get("outcome")))


def _final(walk: _Walk, mark: Mark) -> _Now | None:
    walk.over, walk.pending = True, False
    told = mark.fact.type == "AppealDecided" or mark.fact.get("outcome") is not None
    if told and walk.status in (None, Status.GESTATTUNG):
        return _now(Status.OBLIGED, mark)
    return _now(None, mark) if walk.status is Status.GESTATTUNG else None


def _duldung(walk: _Walk, mark: Mark) -> _Now | None:
    walk.tolerated = mark.fact
    permitted = (
        walk.now is not None
        and walk.status is Status.PROTECTED
        and walk.now.basis != BAN_ON_DEPORTATION
    )
    if permitted or walk.title_runs():
        return None
    return _now(Status.DULDUNG, mark, mark.fact.get("basis"))


def _refused(walk: _Walk, mark: Mark) -> _Now | None:
    if walk.now is None or walk.status is not Status.FIKTION:
        return None
    now = walk.now
    return _Now(Status.WITHOUT_TITLE, now.fact, now.basis, mark.day, mark.unsure_from, mark.fact)


def _continued(walk: _Walk, mark: Mark) -> _Now | None:
    if walk.now is None or walk.status not in (Status.WITHOUT_TITLE, Status.OBLIGED):
        return None
    now = walk.now
    if now.fact.type != "TitleGranted":
        return _now(Status.FIKTION, mark)
    return _Now(Status.FIKTION, now.fact, now.basis, mark.day, mark.unsure_from, mark.fact)


def _title(walk: _Walk, mark: Mark) -> _Now:
    walk.lost = None
    basis = mark.fact.get("basis")
    if basis == "DEUTSCH":
        return _now(Status.GERMAN, mark, basis)
    if basis is not None and basis.startswith("FREIZUEGG_EU"):
        return _now(Status.FREE_MOVEMENT, mark, basis)
    return _now(Status.TITLE, mark, basis)


def _ended(walk: _Walk, mark: Mark) -> _Now | None:
    """Return what follows a title on the day after its end."""
    title = mark.title
    if title is None or walk.now is None or walk.now.fact is not title.grant:
        return None
    if walk.status is not Status.TITLE:
        return None
    if any(title.by_the_end(one) for one in walk.titles.counting_applications(title)):
        return _on_title(Status.FIKTION, mark, title)
    return _without_title(walk, mark, title)


def _lost(walk: _Walk, mark: Mark) -> _Now | None:
    title = mark.title
    if title is None or walk.now is None or walk.now.fact is not title.grant:
        return None
    if walk.status not in (Status.TITLE, Status.FIKTION, Status.FREE_MOVEMENT):
        return None
    walk.lost = (title, mark.fact)
    return _without_title(walk, mark, title)


def _without_title(walk: _Walk, mark: Mark, title: Title) -> _Now:
    """Return what the stay rests on without a title: a Duldung at hand, a procedure that runs, or nothing."""
    paper = walk.tolerated
    until = None if paper is None else paper.latest_of("valid_until")
    newer = paper is not None and paper.rank > title.grant.rank
    if paper is not None and newer and (until is None or until >= mark.day):
        basis = paper.get("basis")
        return _Now(Status.DULDUNG, paper, basis, mark.day, mark.unsure_from, mark.fact)
    if walk.pending:
        return _now(Status.GESTATTUNG, mark)
    return _on_title(Status.WITHOUT_TITLE, mark, title)


def _restored(walk: _Walk, mark: Mark) -> _Now | None:
    """A court undoes the loss of a title, from its decision on."""
    if walk.lost is None or mark.fact.get("outcome") not in _UNDONE:
        return None
    title, loss = walk.lost
    if mark.fact.get("against") not in (loss.id, loss.type) or walk.status in LAWFUL:
        return None
    if not title.permanent and title.end is not None and title.end.latest < mark.day:
        return None
    walk.lost = None
    return _on_title(Status.TITLE, mark, title)


def _entered(walk: _Walk, mark: Mark) -> _Now | None:
    return _now(None, mark) if walk.status is Status.GONE else None


_STEPS: Mapping[str, _Step] = {
    "applied_for_asylum": _applied_for_asylum,
    "arrived": _arrived,
    "procedure": _procedure,
    "permission": _permission,
    "protected": _protected,
    "final": _final,
    "duldung": _duldung,
    "refused": _refused,
    "continued": _continued,
    "title": _title,
    "ended": _ended,
    "lost": _lost,
    "restored": _restored,
    "entered": _entered,
}
_SIMPLE: Mapping[str, tuple[frozenset[Status | None] | None, Status]] = {
    "obliged": (
        frozenset({None, *Status}) - {Status.DULDUNG, Status.GERMAN, Status.GONE},
        Status.OBLIGED,
    ),
    "revoked": (frozenset({Status.PROTECTED}), Status.OBLIGED),
    "certified": (frozenset({None, Status.GONE}), Status.FIKTION),
    "free": (None, Status.FREE_MOVEMENT),
    "german": (None, Status.GERMAN),
    "gone": (None, Status.GONE),
}
"""The plain steps: from which statuses (None: from any) they lead to which."""
