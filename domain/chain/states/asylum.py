"""The asylum procedure: what was decided, and on which day a decision is final (A05, A06)."""

from dataclasses import dataclass
from datetime import date

from domain.chain.bounds import bound
from domain.chain.calendar import plus_days, working_day_from
from domain.chain.counting import Range, counts_from, range_of
from domain.chain.reading import Seen, View

POSITIVE = frozenset({"asyl", "fluechtling", "subsidiaer", "abschiebungsverbot"})
_APPEAL = {
    "abgelehnt": "A05.appeal",
    "eingestellt": "A05.appeal",
    "ou": "A05.appeal_short",
    "unzulaessig": "A05.appeal_short",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One asylum decision.

    Attributes:
        fact: The fact that tells it.
        positive: Whether it grants protection.
        final_on: The day on which it is final; None if that is not known or an appeal holds it up.
        effective: The possible days from which it works: final, else served, else decided.
    """

    fact: Seen
    positive: bool
    final_on: date | None
    effective: Range


def positive(one: Seen) -> bool:
    """Say whether a decision grants protection."""
    return one.get("outcome") in POSITIVE


def decisions(view: View) -> list[Decision]:
    """Return the asylum decisions in order."""
    facts = view.of("AsylumDecisionIssued")
    return [
        Decision(
            one,
            positive(one),
            _final_on(view, one, facts[place + 1] if place + 1 < len(facts) else None),
            _effective(one),
        )
        for place, one in enumerate(facts)
    ]


def _effective(one: Seen) -> Range:
    return (
        range_of(one.day("final_on"))
        or range_of(one.day("served_on"))
        or Range(one.earliest, one.latest)
    )


def _final_on(view: View, one: Seen, following: Seen | None) -> date | None:
    """Return the day of finality: as told, else when the time for appeal has passed with none."""
    told = one.latest_of("final_on")
    if told is not None:
        return told
    term = _APPEAL.get(one.get("outcome") or "")
    if term is None or _appealed(view, one, following):
        return None
    return plus_days(working_day_from(_last_day_for_appeal(one, term)), 1)


def _last_day_for_appeal(one: Seen, term: str) -> date:
    served = one.latest_of("served_on")
    if served is None:
        service = bound("A05.service", one.latest)
        served = plus_days(one.latest, service.value if service else 0)
    days = bound(term, one.latest)
    return plus_days(served, days.value if days else 0)


def _appealed(view: View, one: Seen, following: Seen | None) -> bool:
    """Say whether an appeal against the decision is recorded: from it on and not after the next."""
    return any(
        counts_from(one, appeal)
        and (following is None or appeal.rank < following.rank)
        and appeal.get("against") in (None, "AsylumDecisionIssued", one.id)
        for appeal in view.of("AppealFiled", "AppealDecided")
    )
