"""Consents: for whom and what each holds, and from which day through which (F14)."""

from dataclasses import dataclass
from datetime import date

from domain.chain.bounds import Bounds
from domain.chain.calendar import plus_days
from domain.chain.counting import Range, range_of
from domain.chain.reading import Seen, View
from domain.chain.windows import after

_KINDS = frozenset({None, "einwilligung_datenweitergabe", "schweigepflichtentbindung"})
_DIRECTIONS = frozenset({None, "send", "mutual"})


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent and the days on which it is valid, both inclusive; ``until`` before ``since``: never."""

    fact: Seen
    since: date
    until: date

    def valid_on(self, day: date) -> bool:
        """Say whether it is valid on a day."""
        return self.since <= day <= self.until

    def covers(self, disclosure: Seen) -> bool:
        """Say whether it covers a disclosure on every count."""
        recipient = recipient_of(disclosure)
        recipients = self.fact.get("recipients")
        return (
            recipient is not None
            and bool(recipients)
            and recipient in recipients
            and self._covers_the_rest(disclosure)
        )

    def might_cover(self, disclosure: Seen) -> bool:
        """Say whether it would cover a disclosure if recipients were not missing on one side."""
        missing = recipient_of(disclosure) is None or self.fact.get("recipients") is None
        return missing and self._covers_the_rest(disclosure)

    def _covers_the_rest(self, disclosure: Seen) -> bool:
        return (
            self.fact.get("kind") in _KINDS
            and self.fact.get("direction") in _DIRECTIONS
            and _within(_one(disclosure.get("field")), self.fact.get("scope_fields"))
            and _within(disclosure.get("data_categories"), self.fact.get("data_categories"))
        )


def recipient_of(disclosure: Seen) -> str | None:
    """Return who received, or the provider where no recipient is told."""
    recipient: str | None = disclosure.get("recipient") or disclosure.get("provider")
    return recipient


def consents(view: View, bounds: Bounds) -> list[Consent]:
    """Return the consents in order, each with its days."""
    return [_consent(view, bounds, one) for one in view.of("ConsentGranted")]


def _consent(view: View, bounds: Bounds, granted: Seen) -> Consent:
    until = printed_end(granted, bounds).latest
    ends = [one.latest for one in ends_of(view, granted)]
    withdrawn = granted.latest_of("withdrawn_on")
    ends += [] if withdrawn is None else [withdrawn]
    return Consent(granted, granted.earliest, min([until, *(plus_days(day, -1) for day in ends)]))


def printed_end(granted: Seen, bounds: Bounds) -> Range:
    """Return the possible last days of a consent that nothing ends before: as told, else by practice."""
    told = range_of(granted.day("valid_until"))
    if told is not None:
        return told
    validity = bounds.in_force("F14.default_validity", granted.latest)
    return Range(after(granted.earliest, validity), after(granted.latest, validity))


def ends_of(view: View, granted: Seen) -> list[Seen]:
    """Return the withdrawals and expiries after a consent that end it."""
    return [
        one
        for one in view.after(granted, "ConsentWithdrawn", "ConsentExpired")
        if _concerns(one, granted)
    ]


def _concerns(end: Seen, granted: Seen) -> bool:
    named = end.get("consent_id")
    if named is not None:
        return named in (granted.id, granted.get("consent_id"))
    ended, given = end.get("recipients"), granted.get("recipients")
    return not ended or not given or not set(ended).isdisjoint(given)


def _one(value: str | None) -> tuple[str, ...] | None:
    return None if value is None else (value,)


def _within(part: tuple[str, ...] | None, whole: tuple[str, ...] | None) -> bool:
    """Say whether a part lies within a whole, where both are told."""
    return not part or not whole or set(part) <= set(whole)
