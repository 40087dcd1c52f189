"""The days of lawful stay, as permanent residence and naturalisation count them.

Titles, the Fiktion, protection granted, free movement. The asylum procedure counts only where protection
was granted (§ 55 (3) AsylG); a Duldung does not.
"""

from collections.abc import Iterator
from datetime import date

from domain.chain.derived import Derived
from domain.chain.spans import Span, union
from domain.chain.states.residence import Status, Stay

_ASYLUM_TITLES = frozenset(
    {"AUFENTHG_25_1", "AUFENTHG_25_2_FL", "AUFENTHG_25_2_SUB", "AUFENTHG_25_3"}
)


def lawful_spans(journey: Derived) -> list[Span]:
    """Return the stretches of lawful stay in order, those that touch joined."""
    return union(_spans(journey.stays))


def _spans(stays: list[Stay]) -> Iterator[Span]:
    for place, one in enumerate(stays):
        counts = one.lawful or (
            one.status is Status.GESTATTUNG and _granted_next(stays[place + 1 :])
        )
        if counts:
            yield Span(one.first, one.last, (one.fact,))


def _granted_next(following: list[Stay]) -> bool:
    """Say whether the next status after a procedure is protection, or a title that rests on it."""
    if not following:
        return False
    after = following[0]
    return after.status is Status.PROTECTED or (
        after.status is Status.TITLE and after.basis in _ASYLUM_TITLES
    )


def lawful_on(journey: Derived, day: date) -> Span | None:
    """Return the stretch of lawful stay that a day lies in; None if there is none."""
    return next((one for one in lawful_spans(journey) if one.holds_on(day)), None)
