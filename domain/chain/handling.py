"""What people did about a gap without closing it: acknowledged it, or explained why it waits.

A fact of either kind names the rule, and the instance where a rule has several. It changes nothing about
the instance's days: an explanation lets it rest until its day and never closes it (design 4, line 5).
"""

from domain.chain.intervals import Handling
from domain.chain.reading import Seen, View

_TYPES = ("GapAcknowledged", "GapExplained")


def handled_by(view: View, rule: str, key: str) -> tuple[Handling, ...]:
    """Return what was done about an instance, in order."""
    facts = view.of(*_TYPES)
    if not facts:
        return ()
    return tuple(
        _handling(one) for one in facts if one.get("rule") == rule and one.get("key") in (None, key)
    )


def _handling(one: Seen) -> Handling:
    return Handling(one.id, one.latest, one.get("reason"), one.latest_of("until"))
