"""The legal status of the stay, day by day: derived from what happened, never from a paper alone.

A paper refines the status, it does not make it: the Gestattung runs from the application to the final
decision, the Fiktion from the old title's end to the decision on the application, whatever is printed
(design 4, lines 11 and 13; cases W02 to W05, W07). Only a Duldung is made by its paper. The certificates
are kept apart in :func:`papers`, so that the two can be compared. How the one status becomes the next
stands in ``status_steps``, and in words in the terms of ``rules/status.py``.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.chain.calendar import plus_days
from domain.chain.counting import Range, range_of
from domain.chain.reading import Seen, View

BAN_ON_DEPORTATION = "AUFENTHG_25_3"


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
"""The statuses of a lawful stay, but for a ban on deportation without its title (:attr:`Stay.lawful`);
a Gestattung joins them once protection is granted (§ 55 (3) AsylG)."""


def is_lawful(status: Status | None, basis: str | None) -> bool:
    """Say whether a stay is lawful: a ban on deportation alone permits none."""
    return status in LAWFUL and not (status is Status.PROTECTED and basis == BAN_ON_DEPORTATION)


@dataclass(frozen=True, slots=True)
class Stay:
    """A stretch of one status.

    Attributes:
        status: What the stay rests on.
        fact: What it rests on; for a Fiktion and for a stay without a title the grant of the title before.
        basis: The residence basis, where title or Duldung tells one; for protection that of its title.
        first: Its first day.
        last: Its last day; None: as far as is known.
        unsure_from: The first day that its first may be, where that is not known exactly.
        since: The fact that began it.
        by: The fact that began what follows it.
        unlawful_by: The fact that made the stay not lawful after it: of its day the first after the last lawful status.
        over_unsure_from: The first day that the first of what follows may be, where that is not known exactly.
    """

    status: Status
    fact: Seen
    basis: str | None
    first: date
    last: date | None
    unsure_from: date | None
    since: Seen
    by: Seen | None = None
    unlawful_by: Seen | None = None
    over_unsure_from: date | None = None

    @property
    def exact(self) -> bool:
        """Say whether its first day is known exactly."""
        return self.unsure_from is None

    def holds_on(self, day: date) -> bool:
        """Say whether it is the status on a day."""
        return self.first <= day and (self.last is None or day <= self.last)

    @property
    def lawful(self) -> bool:
        """Say whether the stay is lawful: a ban on deportation alone permits none (§ 25 (3))."""
        return is_lawful(self.status, self.basis)


PAPERS = ("TemporaryPermissionIssued", "ToleranceIssued", "FictionCertificateIssued")
"""The certificates: of a Gestattung, a Duldung, a Fiktion."""


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
    found = view.of(*PAPERS, "TitleGranted")
    return [
        Paper(
            one,
            range_of(one.day("valid_until")),
            found[place + 1] if place + 1 < len(found) else None,
        )
        for place, one in enumerate(found)
        if one.type in PAPERS
    ]


def status_on(all_stays: list[Stay], day: date) -> Stay | None:
    """Return the stretch of status on a day; None if nothing is known."""
    return next((one for one in reversed(all_stays) if one.holds_on(day)), None)
