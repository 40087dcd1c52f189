"""The asylum procedure: what was decided, and on which day a decision is final (A05, A06)."""

from dataclasses import dataclass
from datetime import date

from domain.chain.bounds import Bounds
from domain.chain.calendar import plus_days, working_day_from
from domain.chain.counting import Range, counts_from, range_of
from domain.chain.reading import Seen, View
from domain.chain.windows import after

POSITIVE = frozenset({"asyl", "fluechtling", "subsidiaer", "abschiebungsverbot"})
_DISMISSED = frozenset({"dismissed", "withdrawn"})
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
        final: The possible days on which it is final; None if that is not known or an appeal holds it up.
        effective: The possible days from which it works: final, else served, else decided.
    """

    fact: Seen
    positive: bool
    final: Range | None
    effective: Range

    @property
    def protects_from(self) -> date:
        """Return the day from which the title is to be applied for: no window begins before its trigger."""
        return max(self.effective.latest, self.fact.latest)

    @property
    def exact(self) -> bool:
        """Say whether that day is known exactly."""
        if not self.effective.exact:
            return False
        return self.fact.exact or self.protects_from != self.fact.latest

    @property
    def unsure_from(self) -> date | None:
        """Return the first day that this may be; None if it is known exactly."""
        if self.exact:
            return None
        return max(self.effective.earliest, self.fact.earliest) if self.fact.dated else date.min


@dataclass(frozen=True, slots=True)
class Refusal:
    """An asylum application refused for good.

    Attributes:
        decision: The decision, which is not positive.
        days: The possible days on which it is final.
        by: The fact that tells them: the decision, or the dismissal of the appeal with its ``final_on``.
    """

    decision: Decision
    days: Range
    by: Seen


def positive(one: Seen) -> bool:
    """Say whether a decision grants protection."""
    return one.get("outcome") in POSITIVE


def decisions(view: View, bounds: Bounds) -> list[Decision]:
    """Return the asylum decisions in order."""
    facts = view.of("AsylumDecisionIssued")
    return [
        Decision(
            one,
            positive(one),
            _final(view, bounds, one, facts[place + 1] if place + 1 < len(facts) else None),
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


def _final(view: View, bounds: Bounds, one: Seen, following: Seen | None) -> Range | None:
    """Return the days of finality: as told, else when the time for appeal has passed with none."""
    told = range_of(one.day("final_on"))
    if told is not None:
        return told
    term = _APPEAL.get(one.get("outcome") or "")
    if term is None or _appealed(view, one, following):
        return None
    served = range_of(one.day("served_on")) or Range(
        _served(bounds, one.earliest), _served(bounds, one.latest)
    )
    return Range(
        _final_after(bounds, served.earliest, term), _final_after(bounds, served.latest, term)
    )


def _served(bounds: Bounds, decided: date) -> date:
    """Return the day on which a decision counts as served when no day of service is told."""
    return after(decided, bounds.in_force("A05.service", decided))


def _final_after(bounds: Bounds, served: date, term: str) -> date:
    return plus_days(working_day_from(after(served, bounds.in_force(term, served))), 1)


def _appealed(view: View, one: Seen, following: Seen | None) -> bool:
    """Say whether an appeal against the decision is recorded: from it on and not after the next."""
    return any(
        _against(appeal, one, following) for appeal in view.of("AppealFiled", "AppealDecided")
    )


def _against(appeal: Seen, one: Seen, following: Seen | None) -> bool:
    return (
        counts_from(one, appeal)
        and (following is None or appeal.rank < following.rank)
        and appeal.get("against") in (None, "AsylumDecisionIssued", one.id)
    )


def refusals(view: View, decided: list[Decision]) -> list[Refusal]:
    """Return the decisions that are not positive and final: by themselves, or by the end of the appeal."""
    found: list[Refusal] = []
    for place, one in enumerate(decided):
        following = decided[place + 1].fact if place + 1 < len(decided) else None
        if one.positive:
            continue
        if one.final is not None:
            found.append(Refusal(one, one.final, one.fact))
            continue
        told = [refusal.by for refusal in found]
        for appeal in view.of("AppealDecided"):
            days = range_of(appeal.day("final_on"))
            dismissed = appeal.get("outcome") in _DISMISSED and appeal not in told
            if days is not None and dismissed and _against(appeal, one.fact, following):
                found.append(Refusal(one, days, appeal))
                break
    return found
