"""Status of the stay (terms of the rules): one for every day, or none where nothing is known."""

from dataclasses import dataclass, field
from datetime import date

from tests.second_reading.basis import (
    Told,
    View,
    before,
    facts_before,
    of,
    plus_days,
    plus_months,
)
from tests.second_reading.titles import (
    Title,
    appeals,
    by_end,
    concerns,
    counting_applications,
    final_day,
    first_day_without,
    is_positive,
    is_void,
    protection_begins,
    title_of,
)

PROTECTED_BY = {
    "asyl": "25_1",
    "fluechtling": "25_2_FL",
    "subsidiaer": "25_2_SUB",
    "abschiebungsverbot": "25_3",
}
PROOFS_OF_PROCEDURE = ("AsylumHearingHeld", "AsylumDecisionIssued")
WEAK = (None, "gestattung", "duldung", "obliged", "without_title", "gone")


EVERY = (
    *(None, "gestattung", "protected", "title", "fiktion", "without_title"),
    *("duldung", "obliged", "free_movement", "german", "gone"),
)
# What a fact makes of the status, except from these.
SIMPLE = {
    "DepartureObligationArisen": ("obliged", ("duldung", "german", "gone")),
    "ProtectionRevoked": ("obliged", tuple(one for one in EVERY if one != "protected")),
    "FictionCertificateIssued": (
        "fiktion",
        tuple(one for one in EVERY if one not in (None, "gone")),
    ),
    "RightOfFreeMovementRecorded": ("free_movement", ("german",)),
    "NaturalisationCertificateHandedOver": ("german", ()),
    "LeftGermany": ("gone", ()),
    "PersonDied": ("gone", ()),
    "EntryRegistered": (None, tuple(one for one in EVERY if one != "gone")),
}


@dataclass(frozen=True)
class Stretch:
    """A status from a day on: its basis, the fact that made it and the fact on which it rests."""

    first: date
    status: str | None
    basis: str | None
    made_by: Told
    rests_on: Told | None


# Void facts


def _annulments(view: View) -> dict[str, Told]:
    """The last annulment of each target."""
    return {
        one.get("target"): one
        for one in of(view, "DecisionAnnulledRetroactively")
        if one.get("target") is not None
    }


def not_void(view: View) -> View:
    return [fact for fact in view if not is_void(view, fact)]


# Days


def first_day_of_title(title: Title) -> date:
    grant = title.grant
    told = grant.day("valid_from")
    if told is not None:
        return told
    if not grant.dated and title.end is not None and not title.permanent:
        return min(grant.latest, title.end.latest)
    return grant.latest


def end_of_title(title: Title) -> date | None:
    """The day after its last day."""
    if title.permanent or title.end is None:
        return None
    return first_day_without(title)


def refusals_for_good(view: View) -> list[tuple[date, Told, Told]]:
    """The day, the decision, and the fact that tells that it is refused for good."""
    found: list[tuple[date, Told, Told]] = []
    used: set[str] = set()
    for decision in of(view, "AsylumDecisionIssued"):
        if is_positive(decision):
            continue
        day = final_day(view, decision)
        if day is not None:
            found.append((day, decision, decision))
            continue
        decided = [
            one
            for one in appeals(view, decision, "AppealDecided")
            if one.get("outcome") in ("dismissed", "withdrawn")
            and one.get("final_on") is not None
            and one.id not in used
        ][:1]
        for appeal in decided:
            used.add(appeal.id)
            found.append((appeal.day("final_on") or appeal.latest, decision, appeal))
    return found


# The reading, event by event


@dataclass
class _Stay:
    view: View
    titles: dict[str, Title]
    status: str | None = None
    basis: str | None = None
    rests_on: Told | None = None
    over: bool = False
    pending: bool = False
    lost: Told | None = None
    lost_by: Told | None = None
    duldung: Told | None = None
    stretches: list[Stretch] = field(default_factory=list)

    def become(
        self,
        day: date,
        status: str | None,
        made_by: Told,
        rests_on: Told | None = None,
        basis: str | None = None,
    ) -> None:
        goes_on = self.status == status and basis in (None, self.basis)
        if self.status == "german" and status not in ("german", "gone"):
            return
        if goes_on and status != "title":
            return
        self.status, self.basis, self.rests_on = status, basis, rests_on
        while self.stretches and self.stretches[-1].first == day:
            self.stretches.pop()
        self.stretches.append(Stretch(day, status, basis, made_by, rests_on))

    @property
    def title(self) -> Title | None:
        """The title on which the status rests."""
        return None if self.rests_on is None else self.titles.get(self.rests_on.id)

    def gives_way(self) -> bool:
        if self.status in WEAK:
            return True
        if self.status not in ("title", "fiktion"):
            return False
        title = self.title
        if title is None:
            return self.status == "fiktion"
        if title.permanent or title.end is None:
            return False
        first = first_day_of_title(title)
        six = plus_months(first, 6)
        return title.end.latest <= (plus_days(six, -1) if six.day == first.day else six)

    def title_ends(self, day: date, grant: Told) -> None:
        if self.status != "title" or self.rests_on is not grant:
            return
        title = self.titles[grant.id]
        end = title.end.latest if title.end else day
        if any(by_end(one, end) for one in counting_applications(self.view, title)):
            self.become(day, "fiktion", grant, grant, grant.basis)
        else:
            self.without(day, grant, grant)

    def without(self, day: date, grant: Told, made_by: Told) -> None:
        paper = self.duldung
        end = paper.day("valid_until") if paper else None
        if paper is not None and before(grant, paper) and (end is None or end >= day):
            self.become(day, "duldung", paper, paper, paper.basis)
        elif self.pending:
            self.become(day, "gestattung", made_by, made_by)
        else:
            self.become(day, "without_title", made_by, grant, grant.basis)

    def loses(self, day: date, grant_id: str | None, by: Told) -> None:
        if (
            self.status in ("title", "fiktion", "free_movement")
            and self.rests_on is not None
            and self.rests_on.id == grant_id
            and self.title is not None
        ):
            self.lost, self.lost_by = self.rests_on, by
            self.without(day, self.rests_on, by)

    def refused_for_good(self, day: date, decision: Told, told_by: Told) -> None:
        self.over, self.pending = True, False
        if decision.get("outcome") is None and told_by is decision:
            if self.status == "gestattung":
                self.become(day, None, told_by)
        elif self.status in (None, "gestattung"):
            self.become(day, "obliged", told_by, told_by)

    def proof_of_procedure(self, day: date, fact: Told) -> None:
        if self.status in (None, "gone") and not self.over:
            self.become(day, "gestattung", fact, fact)
            self.pending = True

    def title_granted(self, day: date, grant: Told) -> None:
        self.lost = self.lost_by = None
        basis = grant.basis or ""
        status = "title"
        if basis == "DEUTSCH":
            status = "german"
        elif basis.startswith("FREIZUEGG_EU"):
            status = "free_movement"
        self.become(day, status, grant, grant, grant.basis)

    def applied_for_asylum(self, day: date, fact: Told) -> None:
        self.over = False
        if fact.get("procedure") == "folge":
            return
        self.pending = True
        if self.gives_way():
            self.become(day, "gestattung", fact, fact)

    def arrived(self, day: date, fact: Told) -> None:
        self.over, self.pending = False, True
        if self.status in WEAK:
            self.become(day, "gestattung", fact, fact)

    def permitted(self, day: date, fact: Told) -> None:
        if self.over:
            return
        self.pending = True
        if self.gives_way():
            self.become(day, "gestattung", fact, fact)

    def tolerated(self, day: date, fact: Told) -> None:
        self.duldung = fact
        title = self.title
        if self.status == "title" and title and (title.permanent or title.end is not None):
            return
        if self.status == "protected" and self.basis != "25_3":
            return
        self.become(day, "duldung", fact, fact, fact.basis)

    def decided_positively(self, day: date, fact: Told) -> None:
        self.over = self.pending = False
        if self.status not in ("title", "free_movement"):
            self.become(day, "protected", fact, fact, PROTECTED_BY[fact.get("outcome")])

    def appeal_decided(self, day: date, fact: Told) -> None:
        if fact.get("outcome") not in ("granted", "reversed") or self.lost_by is None:
            return
        if fact.get("against") not in (self.lost_by.id, self.lost_by.type) or self.lost is None:
            return
        if self.status in ("protected", "title", "fiktion", "free_movement", "german"):
            return
        title = self.titles[self.lost.id]
        if not title.permanent and title.end is not None and title.end.latest < day:
            return
        free = (self.lost.basis or "").startswith("FREIZUEGG_EU")
        status = "free_movement" if free else "title"
        self.become(day, status, fact, self.lost, self.lost.basis)

    def other(self, day: date, fact: Told) -> None:
        if fact.type == "TitleRefused" and self.status == "fiktion":
            grants = facts_before(self.view, fact, "TitleGranted")
            rests = self.rests_on if self.title else (grants[-1] if grants else fact)
            self.become(day, "without_title", fact, rests, self.basis)
        elif fact.type == "ContinuationOrdered" and self.status in ("without_title", "obliged"):
            title = self.title
            basis = title.grant.basis if title else None
            self.become(day, "fiktion", fact, title.grant if title else fact, basis)
        elif fact.type in SIMPLE and self.status not in SIMPLE[fact.type][1]:
            status = SIMPLE[fact.type][0]
            self.become(day, status, fact, None if status is None else fact)

    def read(self, day: date, fact: Told) -> None:
        readers = {
            "AsylumApplicationFiled": self.applied_for_asylum,
            "ArrivalCertificateIssued": self.arrived,
            "TemporaryPermissionIssued": self.permitted,
            "ToleranceIssued": self.tolerated,
            "TitleGranted": self.title_granted,
            "AppealDecided": self.appeal_decided,
        }
        if is_positive(fact):
            self.decided_positively(day, fact)
        elif fact.type in ("TitleRevoked", "TitleExpired"):
            self.loses(day, concerns(self.view, fact), fact)
        else:
            readers.get(fact.type, self.other)(day, fact)


def _day_of(fact: Told, titles: dict[str, Title]) -> date:
    if fact.type == "TitleGranted":
        return first_day_of_title(titles[fact.id])
    if fact.type == "ProtectionRevoked":
        return fact.day("final_on") or fact.latest
    return protection_begins(fact) if is_positive(fact) else fact.latest


def statuses(everything: View) -> list[Stretch]:
    """The stretches of the status of the stay, each to the day before the next."""
    view = not_void(everything)
    titles = {grant.id: title_of(view, grant) for grant in of(view, "TitleGranted")}
    stay = _Stay(view, titles)
    events = []
    for title in titles.values():
        day, first = end_of_title(title), first_day_of_title(title)
        if day is not None:
            phase = 3 if day <= first else 0
            events.append((max(day, first), phase, title.grant, stay.title_ends, [title.grant]))
    for day, decision, told_by in refusals_for_good(view):
        events.append((day, 0, decision, stay.refused_for_good, [decision, told_by]))
    events += [
        (fact.latest, 1, fact, stay.proof_of_procedure, [fact])
        for fact in of(view, *PROOFS_OF_PROCEDURE)
    ]
    events += [(_day_of(fact, titles), 2, fact, stay.read, [fact]) for fact in view]
    for target, annulment in _annulments(everything).items():
        day = annulment.day("effective_from")
        if target in titles and day is not None:
            events.append((day, 2, annulment, stay.loses, [target, annulment]))
    for day, _, _, act, told in sorted(events, key=lambda one: (one[0], one[1], one[2].rank)):
        act(day, *told)
    return stay.stretches


def status_on(stretches: list[Stretch], day: date) -> Stretch | None:
    begun = [one for one in stretches if one.first <= day]
    return begun[-1] if begun and begun[-1].status is not None else None
