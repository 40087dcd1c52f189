"""The days of lawful stay, as permanent residence and naturalisation count them.

Titles, the Fiktion, international protection, free movement. The asylum procedure counts only where that
protection was granted (§ 55 (3) AsylG); a Duldung does not. A gap is passed over where a title ran out and
another followed, none refused between, after a time at least as long (§ 12b (3) StAG).
"""

from datetime import date

from domain.chain.derived import Derived
from domain.chain.reading import Seen
from domain.chain.spans import Span
from domain.chain.states.lawful import Stretch


def lawful_spans(journey: Derived) -> list[Span]:
    """Return the stretches of lawful stay in order, with the facts of their statuses."""
    return [Span(one.first, one.last, _facts(one)) for one in journey.lawful.stretches]


def _facts(one: Stretch) -> tuple[Seen, ...]:
    """Return the facts of the statuses in order; the Fiktion stands on the grant of its title once more."""
    return tuple({stay.fact.id: stay.fact for stay in one.stays}.values())


def lawful_on(journey: Derived, day: date) -> Span | None:
    """Return the stretch of lawful stay that a day lies in; None if there is none."""
    return next((one for one in lawful_spans(journey) if one.holds_on(day)), None)
