"""Status and papers apart: A21 (cases W05, C10, C41, C44; design 4, line 13)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from domain.chain.calendar import plus_days
from domain.chain.counting import counted_day, possible_from
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import ClosedBy, Kind, Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import LEFT, NATURALISED, Closing, Draft, Found, Pattern, Rule
from domain.chain.spans import Span, common
from domain.chain.states.residence import BAN_ON_DEPORTATION, Status, Stay
from domain.chain.states.status_marks import begins
from domain.chain.states.titles import Title
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_GESTATTUNG, _DULDUNG = "TemporaryPermissionIssued", "ToleranceIssued"
_FIKTION = "FictionCertificateIssued"

_WRONG = {
    Status.WITHOUT_TITLE: frozenset({_GESTATTUNG, _FIKTION}),
    Status.DULDUNG: frozenset({_GESTATTUNG, _FIKTION}),
    Status.GESTATTUNG: frozenset({_FIKTION}),
    Status.FIKTION: frozenset({_GESTATTUNG}),
    Status.TITLE: frozenset({_GESTATTUNG, _DULDUNG}),
    Status.PROTECTED: frozenset({_DULDUNG}),
}
"""Which papers say something else than the status."""


@dataclass(frozen=True, slots=True)
class _Apart:
    """Days on which status and papers contradict each other.

    Attributes:
        span: The days, with the facts of both sides.
        trigger: The fact by which the first of them begins.
        key: The ids of the facts of both sides on that day.
        ended_by: The fact that ends them, if one does.
        exact: Whether their first day is known exactly.
    """

    span: Span
    trigger: Seen
    key: str
    ended_by: Seen | None
    exact: bool


def _a21(journey: Derived) -> Found:
    for apart in _joined(_contradictions(journey)):
        yield _a21_of(journey, apart)
    for before, stay in pairwise(journey.stays):
        if _title_of_unknown_end(journey, before, stay):
            span = Span(stay.first, stay.last, (stay.since, before.fact))
            unknown = _Apart(span, stay.since, stay.since.id, stay.by, exact=False)
            yield replace(_a21_of(journey, unknown), kind=Kind.DATA)
    for apart in _two_titles(journey):
        yield _a21_of(journey, apart)


def _a21_of(journey: Derived, apart: _Apart) -> Draft:
    first, last = apart.span.first, apart.span.last
    tolerance = journey.bounds.in_force("A21.tolerance", first)
    due_on = plus_days(first, tolerance.number - 1)
    return Draft(
        apart.trigger,
        first,
        due_on,
        key=apart.key,
        closings=[] if last is None else [_together(apart.ended_by, plus_days(last, 1), due_on)],
        strict=True,
        partial=not apart.exact,
        evidence=apart.span.facts,
    )


def _together(one: Seen | None, day: date, due_on: date) -> Closing:
    """Close on the day after the last common day; by its fact, which may have been in time (G5) or an ending."""
    earliest = possible_from(one, day)
    if one is not None and one.latest == day:
        day = counted_day(one, due_on)
    by = ClosedBy.IN_TIME if day <= due_on else ClosedBy.LATE
    if one is not None and one.type in A21.endings:
        by = ClosedBy.CANCELLED
    return Closing(day, by, one, earliest)


def _joined(found: Iterable[_Apart]) -> Iterator[_Apart]:
    """Yield the contradictions in order; those without a gap between them as one, which ends with the last of them."""
    now: _Apart | None = None
    for one in sorted(found, key=lambda apart: apart.span.first):
        if now is None or not _touch(now.span, one.span):
            if now is not None:
                yield now
            now = one
            continue
        ending = one if _outlasts(one.span, now.span) else now
        known = {fact.id for fact in now.span.facts}
        facts = (*now.span.facts, *(fact for fact in one.span.facts if fact.id not in known))
        span = Span(now.span.first, ending.span.last, facts)
        now = replace(now, span=span, ended_by=ending.ended_by)
    if now is not None:
        yield now


def _outlasts(one: Span, other: Span) -> bool:
    return one.last is None or (other.last is not None and one.last >= other.last)


def _touch(before: Span, one: Span) -> bool:
    return before.last is None or one.first <= plus_days(before.last, 1)


def _contradictions(journey: Derived) -> Iterator[_Apart]:
    """Yield the days on which the status is over and calls for a Duldung, or a paper says something else."""
    for stay in journey.stays:
        if _is_over(stay):
            span = Span(stay.first, stay.last, (stay.since,))
            yield _Apart(span, stay.since, stay.since.id, stay.by, stay.exact)
            continue
        for span in _contradicting(journey, stay):
            paper = span.facts[0]
            newer = paper.latest >= stay.first
            yield _Apart(
                Span(span.first, span.last, (stay.since, paper)),
                paper if newer else stay.since,
                f"{stay.since.id}+{paper.id}",
                _what_ends(journey, stay, span),
                paper.exact if newer else stay.exact,
            )


def _is_over(stay: Stay) -> bool:
    """Say whether a stay was ended by more than the end of its title, of which A02 speaks."""
    if stay.status is Status.OBLIGED:
        return True
    return stay.status is Status.WITHOUT_TITLE and stay.since.type != "TitleGranted"


def _title_of_unknown_end(journey: Derived, before: Stay, stay: Stay) -> bool:
    """Say whether a Duldung was issued beside a title of which nobody knows whether it still ran."""
    issued = stay.status is Status.DULDUNG and stay.since.type == _DULDUNG
    return issued and any(
        one.grant is before.fact and one.end is None and not one.permanent
        for one in journey.standing.titles.all
        if before.status is Status.TITLE
    )


def _contradicting(journey: Derived, stay: Stay) -> Iterator[Span]:
    """Yield the days of a stretch of status on which a paper says something else."""
    if stay.status is Status.PROTECTED and stay.basis == BAN_ON_DEPORTATION:
        return
    whole = Span(stay.first, stay.last)
    wrong = _WRONG.get(stay.status, frozenset())
    for paper in journey.papers:
        old = paper.fact.latest < stay.first and stay.status is not Status.WITHOUT_TITLE
        last = paper.last()
        if paper.fact.type not in wrong or old or (last or date.max) < paper.fact.latest:
            continue
        shared = common(Span(paper.fact.latest, last, (paper.fact,)), whole)
        if shared is not None:
            yield shared


def _what_ends(journey: Derived, stay: Stay, span: Span) -> Seen | None:
    """Return the fact by which the contradiction ends: the next status, or a newer paper."""
    if span.last is None or span.last == stay.last:
        return stay.by
    day = plus_days(span.last, 1)
    newer = [one.newer for one in journey.papers if one.fact is span.facts[0]]
    return next((one for one in newer if one is not None and one.latest == day), None)


def _two_titles(journey: Derived) -> Iterator[_Apart]:
    """Yield the days on which a title is valid beside one that it cannot have replaced."""
    titles = journey.titles.all
    for place in range(1, len(titles)):
        older, newer = titles[place - 1], titles[place]
        first = max(begins(newer).latest, begins(older).latest)
        if not _beside(older, newer) or any(one.latest <= first for one in older.losses):
            continue
        ends = sorted(_ends_of_two(titles, place, first), key=lambda pair: pair[0])
        last, by = ends[0] if ends else (None, None)
        if last is None or last >= first:
            span = Span(first, last, (newer.grant, older.grant))
            key = f"{older.grant.id}+{newer.grant.id}"
            exact = begins(older).exact and begins(newer).exact
            yield _Apart(span, newer.grant, key, by, exact)


def _beside(older: Title, newer: Title) -> bool:
    """Say whether the newer title cannot have replaced the older: less than a permanent one, or at once."""
    if newer.permanent or newer.basis is None:
        return False
    if older.permanent:
        return not (older.basis or "").startswith(("FREIZUEGG_EU", "DEUTSCH"))
    same_day = begins(older).latest == begins(newer).latest
    return same_day and older.basis not in (None, newer.basis)


def _ends_of_two(
    titles: list[Title], place: int, first: date
) -> Iterator[tuple[date, Seen | None]]:
    """Yield the last days on which both titles are valid, each with the fact that ends it."""
    older, newer = titles[place - 1], titles[place]
    for title in (older, newer):
        if not title.permanent and title.end is not None:
            yield title.end.latest, None
        for one in title.losses:
            if one.latest > first:
                yield plus_days(one.latest, -1), one
    if place + 1 < len(titles):
        yield plus_days(begins(titles[place + 1]).latest, -1), titles[place + 1].grant


A21 = Rule(
    id="A21",
    pattern=Pattern.CONFLICT,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Widersprüchlicher Status", "Contradictory status", "Widerspruch"),
    watches=Label(
        "Status und Papiere des Aufenthalts passen seit mehr als sieben Tagen nicht zusammen.",
        "The status of the stay and its papers have contradicted each other for more than seven days.",
    ),
    sentence=Label(
        "Seit dem {first} passen Status und Papiere des Aufenthalts nicht zusammen (Anlass {day}).",
        "Since {first} the status of the stay and its papers contradict each other (occasion: {day}).",
    ),
    next_step=Label("Status mit der Ausländerbehörde klären", "Clarify the status with the office"),
    source="Praxisvorgabe, sieben Tage; §§ 60a Abs. 4, 81 AufenthG, §§ 55, 67 AsylG",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("A21.tolerance", "A21.short_title"),
    triggers=(
        "TitleGranted",
        "TemporaryPermissionIssued",
        "ToleranceIssued",
        "FictionCertificateIssued",
        "AsylumDecisionIssued",
        "DepartureObligationArisen",
        "ProtectionRevoked",
    ),
    missing=("ToleranceIssued", "TitleGranted", "TemporaryPermissionIssued"),
    find=_a21,
    entry=Entry(
        trigger="Days on which status and papers (terms of the status of the stay) contradict each other. (a) The status is obliged, or without_title begun by another fact than a `TitleGranted` (a refusal or a loss, not the mere end of the title). (b) On other days the newest paper, from its day through its printed end (none told: on), says something else: on a day of without_title a Gestattung or Fiktion paper; and, only if the paper's day is not before the first day of the stretch of status, on a day of duldung a Gestattung or Fiktion paper, of gestattung a Fiktion paper, of fiktion a Gestattung paper, of title a Gestattung paper or a Duldung, of protected (unless by abschiebungsverbot) a Duldung. Days of (a) and (b) that follow each other without a gap are one stretch. (c) Two titles that follow each other (G3), where the newer is not permanent and has a known basis, the older is not `FREIZUEGG_EU*` or `DEUTSCH`, and either the older is permanent, or both begin on the same day with two different known bases: from the later of their first days, unless the older was lost by then, through the earliest of the older's end, the day before its loss, the newer's end, the day before its loss, the day before the first day of the next title (ends only of titles that are not permanent, losses only after the first day). The trigger is the fact by which the first day begins: in (a) the fact that began the status; in (b) the paper, if its day is not before the first day of the status, else the fact that began the status; in (c) the newer grant.",
        window="The first such day f. Due from f through f + 6, open from f + 7. None if a closing counts on or before f.",
        followed_by="On the day after the last day of the stretch: by the fact that begins the next status if that day begins one, else by the newer paper, in (c) by the loss or the next title; by no fact where a printed end or the end of a title is the last day. If the latest day of that fact is that day, G5 holds for it. Where that fact is an ending, it cancels.",
        data_row="`valid_until` of a title that is not permanent and has no known end, if a `ToleranceIssued` ends that status: the days of the gap, until the status ends.",
        series="No series. Key: (a) the id of the fact that began the status; (b) that id, `+`, the id of the paper; of a joined stretch the key of its first part; (c) `older+newer`, the ids of the grants; data row: the id of the Duldung.",
        severity="medium.",
        example="Gestattung printed until 29 July 2017, asylum refused for good on 24 February 2017: due from 24 February, open from 3 March, also after 29 July while nothing follows.",
        decided="Seven days (cases W05) hold for every kind, also for title beside Duldung. Where a title has merely ended, A02 says it all: without a paper nothing contradicts anything. Where the status was ended otherwise, a Duldung is due, whether an older paper is still printed as valid (C07, C10, C44) or none is at hand (C41). An older paper that lingers while a better status begins is none. Renewals overlap by nature: a newer title replaces the older one from its first day on. Of several changes of status on one day, also undated ones, the last alone ends the stretch before: a status that lasts no day never was one.",
    ),
    ended_by=(NATURALISED, LEFT),
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.DATA_MISSING, GapReason.OTHER),
    unknown="valid_until",
)
