"""Decisions annulled with effect for the past: what is void counts for nothing in the status of the stay."""

from collections.abc import Mapping

from domain.chain.reading import Seen, View

_ANNULMENT = "DecisionAnnulledRetroactively"


def annulled(view: View) -> Mapping[str, Seen]:
    """Return the last annulment of each fact annulled, by its id."""
    return {one.get("target"): one for one in view.of(_ANNULMENT) if one.get("target") is not None}


def is_void(annulments: Mapping[str, Seen], one: Seen) -> bool:
    """Say whether a fact was annulled from its own day on; an annulment itself never is."""
    if one.id not in annulments or one.type == _ANNULMENT:
        return False
    since = annulments[one.id].latest_of("effective_from")
    return since is None or since <= one.latest


def standing(view: View) -> View:
    """Return the facts that are not void."""
    annulments = annulled(view)
    if not annulments:
        return view
    return View([one for one in view.facts if not is_void(annulments, one)])
