"""Whether somebody may work on a day: by permit, by title, by the note in the paper, by the status of the stay.

True and False answer; None says that the log does not tell it (T01, T03, B09).
"""

from collections.abc import Iterable
from datetime import date

from domain.chain.counting import same
from domain.chain.derived import Derived
from domain.chain.reading import Seen
from domain.chain.states.residence import Status, Stay, status_on

TRAINING_TITLES = frozenset({"AUFENTHG_16A", "AUFENTHG_16G"})
TRAINING_TOLERANCES = frozenset({"AUFENTHG_60C", "AUFENTHG_60A_2_4"})
EMPLOYMENT_TOLERANCE = "AUFENTHG_60D"
WORK_TOLERANCES = TRAINING_TOLERANCES | {EMPLOYMENT_TOLERANCE}
IDENTITY_UNCLEAR = "AUFENTHG_60B"
ALLOWED, FORBIDDEN = "gestattet", "verboten"
UNRESTRICTED, CERTAIN, NO_WORK = "unbeschränkt", "bestimmte", "keine"
ALWAYS_FREE = frozenset({Status.PROTECTED, Status.FREE_MOVEMENT, Status.GERMAN})
_PAPER_OF = {
    Status.GESTATTUNG: "TemporaryPermissionIssued",
    Status.DULDUNG: "ToleranceIssued",
}

_PERMITS = ("WorkPermitRequested", "WorkPermitRefused", "WorkPermitGranted")


def free_title(journey: Derived, grant: Seen) -> bool | None:
    """Say whether a title allows any work: as it tells, else by its basis; None where neither says so."""
    work = grant.get("work")
    if work is not None:
        return bool(work == UNRESTRICTED)
    basis = grant.get("basis")
    if basis is None:
        return None
    title = next((one for one in journey.titles.all if one.grant is grant), None)
    permanent = title is not None and title.permanent
    free = journey.bounds.in_force("B09.free_titles", grant.latest).codes
    return True if permanent or basis in free else None


def title_of(journey: Derived, stay: Stay) -> Seen | None:
    """Return the grant of the title that a stay rests on, also in the Fiktion after it."""
    if stay.fact.type == "TitleGranted":
        return stay.fact
    earlier = journey.view.before(stay.fact, "TitleGranted")
    return earlier[-1] if earlier else None


def paper_of(journey: Derived, stay: Stay, day: date, name: str) -> Seen | None:
    """Return the latest Gestattung or Duldung of a stretch of that status, by a day, that tells an attribute."""
    paper = _PAPER_OF.get(stay.status)
    if paper is None:
        return None
    issued = [one for one in journey.view.of(paper) if stay.first <= one.latest <= day]
    if not issued and stay.fact.type == paper:
        issued = [stay.fact]
    return next((one for one in reversed(issued) if one.get(name) is not None), None)


def permits_for(journey: Derived, at: Seen) -> list[Seen]:
    """Return the permits that cover a job or a training on its day: for this or any employer, not run out."""
    return [
        one
        for one in journey.view.of("WorkPermitGranted")
        if _granted_by(one, at)
        and same(one.get("employer"), at.get("employer"))
        and _lasts(one, at)
    ]


def _granted_by(one: Seen, at: Seen) -> bool:
    if one.dated and at.dated:
        return one.earliest <= at.latest
    return one.rank < at.rank


def _lasts(permit: Seen, at: Seen) -> bool:
    until = permit.latest_of("valid_until")
    return until is None or until >= at.earliest


def may_work(journey: Derived, at: Seen, *, training: bool) -> bool | None:
    """Say whether a job or a training that begins with a fact is permitted on that day."""
    if permits_for(journey, at):
        return True
    stay = status_on(journey.stays, at.latest)
    if stay is None or stay.status is Status.GONE:
        return None
    if stay.status in ALWAYS_FREE:
        return True
    if stay.status in (Status.TITLE, Status.FIKTION):
        return _by_title(journey, stay, at, training=training)
    return _by_paper(journey, stay, at, training=training)


def _by_title(journey: Derived, stay: Stay, at: Seen, *, training: bool) -> bool | None:
    grant = title_of(journey, stay)
    if stay.status is Status.FIKTION:
        allowed = _certified(journey, grant, at.latest)
        if allowed is not None:
            return allowed
    if grant is None:
        return None
    work, free = grant.get("work"), free_title(journey, grant)
    if free or work == NO_WORK:
        return free
    if training:
        return True if for_training(journey, grant, at) else None
    limited = journey.bounds.in_force("B09.limited_titles", at.latest).codes
    return True if work == CERTAIN or grant.get("basis") in limited else None


def for_training(journey: Derived, paper: Seen, at: Seen) -> bool:
    """Say whether a title or a Duldung is one for training, and no training was aborted since."""
    if paper.get("basis") not in TRAINING_TITLES | TRAINING_TOLERANCES:
        return False
    return not any(one.rank < at.rank for one in journey.view.after(paper, "TrainingAborted"))


def _certified(journey: Derived, grant: Seen | None, day: date) -> bool | None:
    """Return what the latest Fiktionsbescheinigung after a title says of work."""
    papers = [
        one
        for one in journey.view.of("FictionCertificateIssued")
        if one.latest <= day and (grant is None or one.rank > grant.rank)
    ]
    allowed: bool | None = papers[-1].get("work_allowed") if papers else None
    return allowed


def _by_paper(journey: Derived, stay: Stay, at: Seen, *, training: bool) -> bool | None:
    """Answer for a Gestattung, a Duldung, or somebody without either: work only with leave."""
    paper = paper_of(journey, stay, at.latest, "work_note")
    note = None if paper is None else paper.get("work_note")
    if note == ALLOWED:
        return True
    if note == FORBIDDEN or stay.basis == IDENTITY_UNCLEAR:
        return False
    if _for_work(journey, stay, at, training=training):
        return True
    return False if _asked_before(journey, at) else None


def _for_work(journey: Derived, stay: Stay, at: Seen, *, training: bool) -> bool:
    """Say whether the stay is a Duldung for this training, or for work."""
    paper = paper_of(journey, stay, at.latest, "basis")
    if paper is None:
        return False
    if training:
        return for_training(journey, paper, at)
    return bool(paper.get("basis") == EMPLOYMENT_TOLERANCE)


def _asked_before(journey: Derived, at: Seen) -> bool:
    """Say whether the log speaks of a permit for this employer before the day: then it would tell one granted."""
    asked: Iterable[Seen] = journey.view.before(at, *_PERMITS)
    return any(same(one.get("employer"), at.get("employer")) for one in asked)


def allows(paper: Seen) -> bool:
    """Say whether a Gestattung or Duldung allows work: its note does, or it is made for work or training."""
    return paper.get("work_note") == ALLOWED or paper.get("basis") in WORK_TOLERANCES
