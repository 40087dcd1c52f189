"""From a checklist to what a rule tells: a chance where every item is met, a data row where one is unknown.

Neither is ever told as a fault: a chance opens on the day on which its conditions are full (design 4, line 4).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from domain.chain.bounds import Bound, Status
from domain.chain.calendar import plus_days
from domain.chain.checklists.checklist import Checklist, Item
from domain.chain.counting import counting
from domain.chain.derived import Derived
from domain.chain.intervals import ClosedBy, Kind
from domain.chain.reading import Seen
from domain.chain.rule import Closing, Draft, Refused
from domain.chain.spans import Span, common
from domain.chain.windows import after
from domain.labels import Label

Wanted = Callable[[Seen], bool]
_AT_ONCE = Label("alles zugleich an einem Tag", "everything at once on a day")


@dataclass(frozen=True, slots=True)
class Telling:
    """How a rule tells the chances of a checklist.

    Attributes:
        checklist: What has to be full.
        action: The bound that gives the time to act.
        wanted: Which applications for a title, and which titles granted, take the chance.
        prefix: What the key of an instance begins with; the first day of the chance follows.
        switch: The bound that says on which days the law grants it; none: always.
    """

    checklist: Checklist
    action: str
    wanted: Wanted
    prefix: str = ""
    switch: str = ""


def told(journey: Derived, telling: Telling) -> Iterator[Draft]:
    """Yield the chances of a checklist, then the rows where it is unknown whether there is one."""
    if not telling.checklist.items[0].met_or_unknown(journey):
        return
    for span in telling.checklist.full(journey):
        yield from _under_law(journey, telling, span, Kind.GAP)
    for span in telling.checklist.unsure(journey):
        yield from _under_law(journey, telling, span, Kind.DATA)


def _under_law(journey: Derived, telling: Telling, span: Span, kind: Kind) -> Iterator[Draft]:
    """Yield a draft for each period of law in which a chance exists."""
    if not telling.switch:
        yield _draft(journey, telling, span, kind, None)
        return
    for law in journey.bounds.rows[telling.switch]:
        held = common(span, Span(law.valid_from or date.min, law.valid_until))
        if held is not None and law.status is not Status.UNVERIFIED and law.number:
            yield _draft(journey, telling, held, kind, law)


def _draft(journey: Derived, telling: Telling, span: Span, kind: Kind, law: Bound | None) -> Draft:
    trigger = begun_by(journey, telling.checklist, span.first)
    action = journey.bounds.in_force(telling.action, span.first)
    return Draft(
        trigger,
        span.first,
        after(span.first, action),
        key=f"{telling.prefix}{span.first.isoformat()}",
        followed=taken(journey, trigger, span.first, telling.wanted),
        closings=[] if span.last is None else [_over(span.last, law)],
        kind=kind,
        partial=not span.exact,
        evidence=span.facts,
        details=details(journey, telling.checklist, span.first, kind),
    )


def _over(last: date, law: Bound | None) -> Closing:
    by_law = law is not None and law.valid_until == last
    return Closing(plus_days(last, 1), ClosedBy.RULE_CHANGE if by_law else ClosedBy.CANCELLED)


def begun_by(journey: Derived, checklist: Checklist, day: date) -> Seen:
    """Return the fact that began the status of a day: the one that the first item stands on."""
    spans = checklist.items[0].met_or_unknown(journey)
    return next(one.facts[0] for one in spans if one.holds_on(day))


def taken(journey: Derived, trigger: Seen, first: date, wanted: Wanted) -> list[Seen]:
    """Return what takes a chance: applications not refused by its first day, and titles newer than its trigger."""
    refusals = journey.view.of("TitleRefused")
    applications = [
        one
        for one in counting(trigger, journey.view.of("TitleApplied"))
        if not any(no.rank > one.rank and no.latest <= first for no in refusals)
    ]
    granted = journey.view.after(trigger, "TitleGranted")
    return [one for one in (*applications, *granted) if wanted(one)]


def details(
    journey: Derived, checklist: Checklist, first: date, kind: Kind
) -> tuple[tuple[str, Label], ...]:
    """Return the words of an instance: what it leads to, and for a data row what is unknown."""
    named = [("chance", checklist.label)]
    if kind is Kind.DATA:
        named.append(("unknown", listed(checklist.unknown_on(journey, first))))
    return tuple(named)


def listed(items: tuple[Item, ...]) -> Label:
    """Return the labels of items as one."""
    return Label(", ".join(one.label.de for one in items), ", ".join(one.label.en for one in items))


def refusal(journey: Derived, telling: Telling, triggers: tuple[str, ...]) -> Refused | None:
    """Return why a checklist tells no chance, at the last fact of a status from which it could."""
    checklist = telling.checklist
    base = checklist.items[0].met_or_unknown(journey)
    if base:
        return Refused(base[-1].facts[0], partial(_why_not, journey, checklist, base[-1]))
    facts = journey.view.of(*triggers)
    if not facts:
        return None
    return Refused(facts[-1], partial(_not, checklist, checklist.items[0].label))


def _why_not(journey: Derived, checklist: Checklist, base: Span) -> Label:
    """Name the first item that is unmet on the last day looked at, else that no day has them all."""
    unmet = checklist.first_unmet_on(journey, base.last or date.max)
    if unmet is not None:
        return _not(checklist, unmet.label)
    return _not(checklist, _AT_ONCE)


def _not(checklist: Checklist, label: Label) -> Label:
    return Label(
        f"{checklist.label.de}: nicht erfüllt ist „{label.de}“",
        f"{checklist.label.en}: “{label.en}” is not met",
    )
