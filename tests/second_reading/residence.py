"""The status of the stay (terms of that name): one for every day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from tests.second_reading.basis import (
    Told,
    View,
    before,
    bound,
    of,
    plus_days,
    plus_months,
)
from tests.second_reading.titles import (
    appeals,
    by_end,
    concerns,
    counting_applications,
    final_day,
    is_permanent,
    is_positive,
    is_void,
    last_annulment,
    protection_begins,
    title_of,
)

PAPERS = {
    "TemporaryPermissionIssued": "gestattung",
    "ToleranceIssued": "duldung",
    "FictionCertificateIssued": "fiktion",
}
BASIS_OF_OUTCOME = {
    "asyl": "25_1",
    "fluechtling": "25_2_FL",
    "subsidiaer": "25_2_SUB",
    "abschiebungsverbot": "25_3",
}
GIVING_WAY = (None, "gestattung", "duldung", "obliged", "without_title", "gone")


@dataclass(frozen=True)
class Stretch:
    """Days of one status; ``fact`` makes it, and it rests on ``rests_on``."""

    status: str | None
    basis: str | None
    fact: Told | None
    rests_on: Told | None
    first: date
    last: date = date.max

    def has(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Refusal:
    """An asylum application refused for good: the day, the decision, the fact that tells it."""

    day: date
    decision: Told
    fact: Told

    @property
    def known(self) -> bool:
        return self.decision.get("outcome") is not None or self.fact is not self.decision


@dataclass
class Stay:
    """What the facts told so far make of the status."""

    view: View
    stretches: list[Stretch] = field(default_factory=list)
    over: bool = False
    pending: bool = False
    lost: tuple[Told, Told] | None = None
    duldung: Told | None = None

    @property
    def now(self) -> Stretch:
        return self.stretches[-1]

    def becomes(
        self, day: date, status: str | None, basis: str | None, fact: Told, rests_on: Told
    ) -> None:
        now = self.now
        same = now.status == status and basis in (None, now.basis)
        if now.status == "german" and status != "gone":
            return
        if same and status != "title":
            return
        self.stretches.append(Stretch(status, basis, fact, rests_on, day))


# Void facts, first days and ends


def standing(view: View) -> View:
    return [fact for fact in view if not is_void(view, fact)]


def first_day(view: View, grant: Told) -> date:
    if grant.get("valid_from") is not None:
        return grant.day("valid_from") or grant.latest
    title = title_of(view, grant)
    if not grant.dated and not title.permanent and title.end is not None:
        return min(grant.latest, title.end.latest)
    return grant.latest


def refusals(view: View) -> list[Refusal]:
    """Each decision refused for good."""
    found: list[Refusal] = []
    for decision in of(view, "AsylumDecisionIssued"):
        if is_positive(decision):
            continue
        day = final_day(view, decision)
        if day is not None:
            found.append(Refusal(day, decision, decision))
            continue
        tellers = [
            one
            for one in appeals(view, decision, "AppealDecided")
            if one.get("outcome") in ("dismissed", "withdrawn")
            and one.get("final_on") is not None
            and one not in [other.fact for other in found]
        ]
        if tellers:
            final = tellers[0].day("final_on")
            assert final is not None
            found.append(Refusal(final, decision, tellers[0]))
    return found


# The changes, each with its day and its place on that day

Change = tuple[tuple[date, int, tuple[date, int, int]], Callable[[Stay, date], None]]


def changes_of(view: View) -> list[Change]:
    changes: list[Change] = [
        ((refusal.day, 0, refusal.decision.rank), _refused(refusal)) for refusal in refusals(view)
    ]
    for fact in view:
        if fact.type in ("AsylumHearingHeld", "AsylumDecisionIssued"):
            changes.append(((fact.latest, 1, fact.rank), _procedure_proven(fact)))
        if fact.type == "TitleGranted":
            changes += _changes_of_title(view, fact)
        elif is_positive(fact):
            changes.append(((protection_begins(fact), 2, fact.rank), _protected(fact)))
        elif fact.type == "ProtectionRevoked":
            day = fact.day("final_on") or fact.latest
            changes.append(((day, 2, fact.rank), _changed(fact)))
        elif fact.type != "AsylumDecisionIssued":
            changes.append(((fact.latest, 2, fact.rank), _changed(fact)))
    return sorted(changes, key=lambda change: change[0])


def _changes_of_title(view: View, grant: Told) -> list[Change]:
    title, first = title_of(view, grant), first_day(view, grant)
    changes: list[Change] = [((first, 2, grant.rank), _granted(grant))]
    if title.end is not None and not title.permanent:
        day = plus_days(title.end.latest, 1)
        if title.shortened is not None and title.shortened.latest > title.end.latest:
            day = plus_days(title.shortened.latest, 1)
        place = 0 if day > first else 3
        changes.append(((max(day, first), place, grant.rank), _title_ended(grant)))
    annulment = last_annulment(view, grant)
    if annulment is not None:
        since = annulment.day("effective_from") or date.min
        changes.append(((since, 2, annulment.rank), _lost(grant, annulment)))
    return changes


def begun(view: View) -> list[Stretch]:
    """Every status begun, in order, also those that are over on the same day; none has an end yet."""
    valid = standing(view)
    stay = Stay(valid, [Stretch(None, None, None, None, date.min)])
    for (day, _, _), change in changes_of(valid):
        change(stay, day)
    return stay.stretches


def stay_of(view: View) -> list[Stretch]:
    """The stretches of the status in order, the first one of nothing known."""
    stretches = begun(view)
    ended = [
        Stretch(one.status, one.basis, one.fact, one.rests_on, one.first, plus_days(two.first, -1))
        for one, two in pairwise(stretches)
        if two.first > date.min
    ]
    found = [*ended, stretches[-1]]
    return [one for one in found if one.first <= one.last]


def status_on(stretches: list[Stretch], day: date) -> Stretch:
    return next(one for one in stretches if one.has(day))


# What each fact does


def _refused(refusal: Refusal) -> Callable[[Stay, date], None]:
    def change(stay: Stay, day: date) -> None:
        stay.over, stay.pending = True, False
        if stay.now.status not in (None, "gestattung"):
            return
        status = "obliged" if refusal.known else None
        stay.becomes(day, status, None, refusal.fact, refusal.fact)

    return change


def _procedure_proven(fact: Told) -> Callable[[Stay, date], None]:
    def change(stay: Stay, day: date) -> None:
        if stay.now.status in (None, "gone") and not stay.over:
            stay.pending = True
            stay.becomes(day, "gestattung", None, fact, fact)

    return change


def _protected(decision: Told) -> Callable[[Stay, date], None]:
    def change(stay: Stay, day: date) -> None:
        stay.over = stay.pending = False
        if stay.now.status not in ("title", "free_movement"):
            basis = BASIS_OF_OUTCOME[decision.get("outcome")]
            stay.becomes(day, "protected", basis, decision, decision)

    return change


def _granted(grant: Told) -> Callable[[Stay, date], None]:
    def change(stay: Stay, day: date) -> None:
        stay.lost = None
        stay.becomes(day, _status_by(grant), grant.basis, grant, grant)

    return change


def _status_by(grant: Told) -> str:
    basis = grant.basis or ""
    if basis == "DEUTSCH":
        return "german"
    return "free_movement" if basis.startswith("FREIZUEGG_EU") else "title"


def _title_ended(grant: Told) -> Callable[[Stay, date], None]:
    def change(stay: Stay, day: date) -> None:
        if stay.now.status != "title" or stay.now.rests_on is not grant:
            return
        title = title_of(stay.view, grant)
        assert title.end is not None
        if any(by_end(o, title.end.latest) for o in counting_applications(stay.view, title)):
            stay.becomes(day, "fiktion", grant.basis, grant, grant)
        else:
            _without(stay, day, grant, grant)

    return change


def _without(stay: Stay, day: date, grant: Told, fact: Told) -> None:
    paper = stay.duldung
    if paper is not None and before(grant, paper):
        until = paper.day("valid_until")
        if until is None or until >= day:
            stay.becomes(day, "duldung", paper.basis, fact, paper)
            return
    if stay.pending:
        stay.becomes(day, "gestattung", None, fact, fact)
    else:
        stay.becomes(day, "without_title", grant.basis, fact, grant)


def _lost(grant: Told, loss: Told) -> Callable[[Stay, date], None]:
    def change(stay: Stay, day: date) -> None:
        held = stay.now.status in ("title", "fiktion", "free_movement")
        if held and stay.now.rests_on is grant:
            stay.lost = (grant, loss)
            _without(stay, day, grant, loss)

    return change


def _gives_way(stay: Stay) -> bool:
    now = stay.now
    if now.status in GIVING_WAY:
        return True
    if now.status not in ("title", "fiktion") or now.rests_on is None:
        return False
    if now.rests_on.type != "TitleGranted":
        return now.status == "fiktion"
    title = title_of(stay.view, now.rests_on)
    if title.permanent or title.end is None:
        return False
    start = first_day(stay.view, now.rests_on)
    end = plus_months(start, bound("A21.short_title", start))
    return title.end.latest <= (plus_days(end, -1) if end.day == start.day else end)


def _changed(fact: Told) -> Callable[[Stay, date], None]:
    def change(stay: Stay, day: date) -> None:
        if fact.type in ("TitleRevoked", "TitleExpired"):
            concerned = [
                o for o in of(stay.view, "TitleGranted") if o.id == concerns_of(stay, fact)
            ]
            if concerned:
                _lost(concerned[0], fact)(stay, day)
        elif fact.type in ASYLUM:
            _asylum(stay, day, fact)
        elif fact.type in OTHERS:
            OTHERS[fact.type](stay, day, fact)

    return change


def concerns_of(stay: Stay, fact: Told) -> str | None:
    return concerns(stay.view, fact)


ASYLUM = ("AsylumApplicationFiled", "ArrivalCertificateIssued", "TemporaryPermissionIssued")


def _asylum(stay: Stay, day: date, fact: Told) -> None:
    begins = _gives_way(stay)
    if fact.type == "ArrivalCertificateIssued":
        begins = stay.now.status in GIVING_WAY
    if fact.type == "TemporaryPermissionIssued":
        if stay.over:
            return
    else:
        stay.over = False
    if fact.type == "AsylumApplicationFiled" and fact.get("procedure") == "folge":
        return
    stay.pending = True
    if begins:
        stay.becomes(day, "gestattung", None, fact, fact)


def _tolerated(stay: Stay, day: date, fact: Told) -> None:
    stay.duldung = fact
    now = stay.now
    if now.status == "title":
        grant = now.rests_on
        assert grant is not None
        if is_permanent(grant) or title_of(stay.view, grant).end is not None:
            return
    if now.status != "protected" or now.basis == "25_3":
        stay.becomes(day, "duldung", fact.basis, fact, fact)


def _obliged(stay: Stay, day: date, fact: Told) -> None:
    if stay.now.status not in ("duldung", "gone"):
        stay.becomes(day, "obliged", None, fact, fact)


def _revoked(stay: Stay, day: date, fact: Told) -> None:
    if stay.now.status == "protected":
        stay.becomes(day, "obliged", None, fact, fact)


def _title_refused(stay: Stay, day: date, fact: Told) -> None:
    if stay.now.status == "fiktion":
        assert stay.now.rests_on is not None
        stay.becomes(day, "without_title", stay.now.basis, fact, stay.now.rests_on)


def _continued(stay: Stay, day: date, fact: Told) -> None:
    if stay.now.status in ("without_title", "obliged"):
        grant = stay.now.rests_on
        if grant is not None and grant.type == "TitleGranted":
            stay.becomes(day, "fiktion", grant.basis, fact, grant)
        else:
            stay.becomes(day, "fiktion", None, fact, fact)


def _certified(stay: Stay, day: date, fact: Told) -> None:
    if stay.now.status in (None, "gone"):
        stay.becomes(day, "fiktion", None, fact, fact)


def _appeal_decided(stay: Stay, day: date, fact: Told) -> None:
    if stay.lost is None or fact.get("outcome") not in ("granted", "reversed"):
        return
    grant, loss = stay.lost
    if fact.get("against") not in (loss.id, loss.type):
        return
    if stay.now.status in ("protected", "title", "fiktion", "free_movement", "german"):
        return
    title = title_of(stay.view, grant)
    if title.permanent or title.end is None or title.end.latest >= day:
        stay.becomes(day, _status_by(grant), grant.basis, fact, grant)


def _free(stay: Stay, day: date, fact: Told) -> None:
    stay.becomes(day, "free_movement", None, fact, fact)


def _german(stay: Stay, day: date, fact: Told) -> None:
    stay.becomes(day, "german", None, fact, fact)


def _gone(stay: Stay, day: date, fact: Told) -> None:
    stay.becomes(day, "gone", None, fact, fact)


def _entered(stay: Stay, day: date, fact: Told) -> None:
    if stay.now.status == "gone":
        stay.becomes(day, None, None, fact, fact)


OTHERS: dict[str, Callable[[Stay, date, Told], None]] = {
    "ToleranceIssued": _tolerated,
    "DepartureObligationArisen": _obliged,
    "ProtectionRevoked": _revoked,
    "TitleRefused": _title_refused,
    "ContinuationOrdered": _continued,
    "FictionCertificateIssued": _certified,
    "AppealDecided": _appeal_decided,
    "RightOfFreeMovementRecorded": _free,
    "NaturalisationCertificateHandedOver": _german,
    "LeftGermany": _gone,
    "PersonDied": _gone,
    "EntryRegistered": _entered,
}
