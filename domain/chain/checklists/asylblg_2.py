"""§ 2 AsylbLG: benefits as under SGB XII after a time, by the law of each day (L06).

Until 2015 the months were those in which basic benefits were received, since then those of the stay. Every
law counts only on its own days: what was full under one may have to wait again under the next.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from domain.chain.bounds import Bound
from domain.chain.calendar import (
    end_of_running_period,
    first_of_month,
    plus_days,
    plus_months,
)
from domain.chain.checklists.checklist import Checklist, Days, Item
from domain.chain.counting import Range, range_of
from domain.chain.derived import Derived
from domain.chain.reading import Seen
from domain.chain.spans import Span, without
from domain.chain.states.regimes import Basic, basic_stretches
from domain.chain.windows import after
from domain.labels import Label

MONTHS = "L06.months"
CLOCK = "L06.clock"
KEPT = "L06.kept"
RECEIPT = "receipt"
_TELLING_ENTRY = frozenset({"EntryRegistered", "JourneyStarted"})
_PRESENT = ("AsylumSought", "ArrivalCertificateIssued", "AsylumApplicationFiled")


@dataclass(frozen=True, slots=True)
class Law:
    """One law of the clock: its days, and the clock's last day under it for a stretch of basic benefits.

    Attributes:
        first: Its first day; None: it has always been so.
        last: Its last day; None: it is in force.
        full: The possible days that are the clock's last.
        exact: Whether that day is known exactly.
        fact: The fact from which the clock runs.
    """

    first: date | None
    last: date | None
    full: Range
    exact: bool
    fact: Seen

    @property
    def warns(self) -> date:
        """Return the first day of the month before the one in which the clock ends (design 4, line 19)."""
        return plus_months(first_of_month(self.full.earliest), -1)


def laws_for(journey: Derived, stretch: Basic) -> Iterator[Law]:
    """Yield the laws under which the clock ends for a stretch, oldest first."""
    kept: Law | None = None
    for one in journey.bounds.rows[MONTHS]:
        law = _law(journey, stretch, one)
        if law is not None and kept is not None and _keeps(journey, kept, law):
            law = Law(law.first, law.last, kept.full, kept.exact, kept.fact)
        if law is not None:
            yield law
            kept = law


def _keeps(journey: Derived, before: Law, law: Law) -> bool:
    """Say whether who had the right under the law before keeps it under the next."""
    return (
        law.first is not None
        and before.full.latest < plus_days(law.first, -1)
        and journey.bounds.is_on(KEPT, law.first)
    )


def _law(journey: Derived, stretch: Basic, one: Bound) -> Law | None:
    day = one.valid_from or one.valid_until or date.max
    if RECEIPT in journey.bounds.in_force(CLOCK, day).codes:
        return _by_receipt(journey, stretch, one)
    fact, since = stay_since(journey, stretch)
    full = Range(after(since.earliest, one), after(since.latest, one))
    exact = since.exact and fact.type in _TELLING_ENTRY
    return Law(one.valid_from, one.valid_until, full, exact, fact)


def _by_receipt(journey: Derived, stretch: Basic, one: Bound) -> Law | None:
    """Return the law by receipt: the months paid, the first day counted, days between left out."""
    begun = (each for each in basic_stretches(journey.regimes) if _by(each, stretch))
    paid = sorted(begun, key=lambda each: each.first)
    full = _full(paid, one.number)
    if full is None:
        return None
    days = Range(full, full)
    return Law(one.valid_from, one.valid_until, days, paid[0].exact, paid[0].grant)


def _by(one: Basic, stretch: Basic) -> bool:
    """Say whether a stretch has days and begins by the first day of another."""
    return one.first <= stretch.first and (one.last is None or one.last >= one.first)


def _full(paid: Sequence[Basic], months: int) -> date | None:
    """Return the last day of so many months of receipt; None if they are not reached."""
    if not paid:
        return None
    full = end_of_running_period(paid[0].first, months)
    for place, one in enumerate(paid):
        if one.last is None or full <= one.last:
            return full
        if place + 1 < len(paid):
            full = plus_days(full, max((paid[place + 1].first - one.last).days - 1, 0))
    return None


def stay_since(journey: Derived, stretch: Basic) -> tuple[Seen, Range]:
    """Return the entry from which the stay counts, else what first proves that the person was here."""
    view = journey.view
    left = [one.latest for one in view.of("LeftGermany") if one.latest < stretch.first]
    since = max(left, default=date.min)
    for one in view.of("EntryRegistered"):
        days = range_of(one.day("entry_date")) or Range(one.earliest, one.latest)
        if days.latest >= since:
            return one, days
    for one in view.of("JourneyStarted"):
        told = range_of(one.day("entry_date"))
        if told is not None and told.latest >= since:
            return one, told
    for one in view.of(*_PRESENT):
        if since <= one.latest <= stretch.first:
            return one, Range(one.latest, one.latest)
    return stretch.grant, Range(stretch.first, stretch.first)


def _on_basic(journey: Derived) -> Days:
    return Days(
        tuple(
            Span(one.first, one.last, (one.grant,))
            for one in basic_stretches(journey.regimes)
            if one.last is None or one.last >= one.first
        )
    )


def _clock(journey: Derived) -> Days:
    """Return the days after the clock's last day, each under its own law."""
    found = []
    for stretch in basic_stretches(journey.regimes):
        for law in laws_for(journey, stretch):
            first = max(plus_days(law.full.latest, 1), law.first or date.min)
            if law.last is None or first <= law.last:
                found.append(Span(first, law.last, (law.fact,)))
    return Days(tuple(found))


def _no_abuse(journey: Derived) -> Days:
    """Return the days before abuse is found; it bars for good."""
    abuse = [Span(one.latest, None, (one,)) for one in journey.view.of("AbuseFound")]
    return Days(tuple(without(Span(date.min, None), abuse)))


ASYLBLG_2 = Checklist(
    id="ASYLBLG_2",
    label=Label("Analogleistungen (§ 2 AsylbLG)", "benefits as under SGB XII (§ 2 AsylbLG)"),
    source="§ 2 Abs. 1 AsylbLG",
    rule="L06",
    items=(
        Item(
            "basic_benefits",
            Label("Grundleistungen nach § 3 AsylbLG", "basic benefits under § 3 AsylbLG"),
            "§ 2 Abs. 1 AsylbLG",
            _on_basic,
            for_whom=True,
        ),
        Item(
            "clock",
            Label("Wartezeit erfüllt", "time served"),
            "§ 2 Abs. 1 AsylbLG",
            _clock,
        ),
        Item(
            "no_abuse",
            Label("kein Rechtsmissbrauch festgestellt", "no abuse found"),
            "§ 2 Abs. 1 AsylbLG",
            _no_abuse,
        ),
    ),
)
