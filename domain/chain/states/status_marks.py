"""What may change the status of the stay, each on its day and in order: the marks.

On one day first stands what ends by itself, then what only proves a procedure, then what happens.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from domain.chain.counting import Range, range_of
from domain.chain.reading import Seen, View
from domain.chain.states.annulment import annulled
from domain.chain.states.asylum import Decision, Refusal
from domain.chain.states.titles import Title, Titles, first_day_without_title


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that may change the status, on its day.

    Attributes:
        day: The day.
        order: Its place among the marks of one day.
        fact: The fact that tells it; for the end of a title its grant.
        what: What it does.
        title: The title that begins, ends or is lost.
        unsure_from: The first day that it may be, where it is not known exactly.
    """

    day: date
    order: int
    fact: Seen
    what: str
    title: Title | None = None
    unsure_from: date | None = None


_ENDS, _PROOFS, _HAPPENS, _ENDS_AT_ONCE = range(4)
_BY_TYPE = {
    "AsylumApplicationFiled": "applied_for_asylum",
    "ArrivalCertificateIssued": "arrived",
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
    "EntryRegistered": "entered",
    "AppealDecided": "restored",
    "ProtectionRevoked": "revoked",
    "AsylumHearingHeld": "procedure",
    "AsylumDecisionIssued": "procedure",
}
_PROCEDURE = ("AsylumHearingHeld", "AsylumDecisionIssued")


def marks(
    view: View, titles: Titles, decided: list[Decision], refused: list[Refusal]
) -> list[Mark]:
    """Return everything that may change the status, in order; the facts are those that are not void."""
    return sorted(
        _marks(view, titles, decided, refused), key=lambda one: (one.day, one.order, one.fact.rank)
    )


def _marks(
    view: View, titles: Titles, decided: list[Decision], refused: list[Refusal]
) -> Iterator[Mark]:
    yield from _facts(view)
    for decision in decided:
        if decision.positive:
            day, unsure = decision.protects_from, decision.unsure_from
            yield Mark(day, _HAPPENS, decision.fact, "protected", unsure_from=unsure)
    for refusal in refused:
        days = refusal.days
        yield Mark(days.latest, _ENDS, refusal.by, "final", unsure_from=days.unsure_from)
    annulments = annulled(view)
    for title in titles.all:
        yield from _marks_of(title, annulments)


def _facts(view: View) -> Iterator[Mark]:
    for one in view.of(*_BY_TYPE):
        day, unsure = one.latest, one.unsure_from
        final = range_of(one.day("final_on")) if one.type == "ProtectionRevoked" else None
        if final is not None:
            day, unsure = final.latest, final.unsure_from
        order = _PROOFS if one.type in _PROCEDURE else _HAPPENS
        yield Mark(day, order, one, _BY_TYPE[one.type], unsure_from=unsure)


def begins(title: Title) -> Range:
    """Return the possible first days of a title: ``valid_from``, else the grant's, undated at most the end."""
    grant = title.grant
    told = range_of(grant.day("valid_from"))
    if told is not None:
        return told
    over = title.end is not None and not title.permanent and title.end.latest < grant.latest
    if title.end is not None and over and not grant.dated:
        return Range(title.end.latest, title.end.latest)
    return Range(grant.earliest, grant.latest)


def _marks_of(title: Title, annulments: Mapping[str, Seen]) -> Iterator[Mark]:
    grant, first = title.grant, begins(title)
    unsure = first.unsure_from
    if not grant.dated and grant.day("valid_from") is None:
        unsure = date.min
    yield Mark(first.latest, _HAPPENS, grant, "title", title, unsure)
    for loss in title.told_losses:
        yield Mark(loss.latest, _HAPPENS, loss, "lost", title, loss.unsure_from)
    annulment = annulments.get(grant.id)
    since = None if annulment is None else range_of(annulment.day("effective_from"))
    if annulment is not None and since is not None:
        yield Mark(since.latest, _HAPPENS, annulment, "lost", title, since.unsure_from)
    if title.end is not None and not title.permanent:
        day = first_day_without_title(title)
        if day < first.latest:
            yield Mark(first.latest, _ENDS_AT_ONCE, grant, "ended", title, unsure)
        else:
            order = _ENDS if day > first.latest else _ENDS_AT_ONCE
            yield Mark(day, order, grant, "ended", title, title.over_unsure_from)
