"""Decisions annulled with effect for the past: what is void counts for nothing."""

from collections.abc import Mapping
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.counting import Range, range_of
from domain.chain.reading import Seen, View

_ANNULMENT = "DecisionAnnulledRetroactively"


def annulled(view: View) -> Mapping[str, Seen]:
    """Return the last annulment of each fact annulled, by its id."""
    return {one.get("target"): one for one in view.of(_ANNULMENT) if one.get("target") is not None}


def annulled_by(annulments: Mapping[str, Seen], one: Seen, day: date) -> bool:
    """Say whether a fact was annulled from this day on or from an earlier one; an annulment never is."""
    if one.id not in annulments or one.type == _ANNULMENT:
        return False
    since = annulments[one.id].latest_of("effective_from")
    return since is None or since <= day


def perhaps_annulled(annulments: Mapping[str, Seen], one: Seen, days: Range) -> bool:
    """Say whether days told by month or year leave open if a fact was annulled by a day, of which these are possible."""
    if one.id not in annulments or one.type == _ANNULMENT:
        return False
    since = range_of(annulments[one.id].day("effective_from"))
    return since is not None and since.earliest <= days.latest and days.earliest < since.latest


def is_void(annulments: Mapping[str, Seen], one: Seen) -> bool:
    """Say whether a fact was annulled by the day on which it takes effect."""
    return annulled_by(annulments, one, _takes_effect(one))


def _takes_effect(one: Seen) -> date:
    """Return the day of a fact; of a shortening the first day on which it leaves no title."""
    new_end = one.latest_of("new_valid_until") if one.type == "TitleShortened" else None
    return one.latest if new_end is None else plus_days(max(new_end, one.latest), 1)


def perhaps_void(annulments: Mapping[str, Seen], one: Seen) -> bool:
    """Say whether days told by month or year, or not at all, leave open if a fact is void."""
    if one.id not in annulments:
        return False
    latest = _takes_effect(one)
    earliest = one.unsure_from or one.earliest
    new_end = range_of(one.day("new_valid_until")) if one.type == "TitleShortened" else None
    if new_end is not None:
        earliest = plus_days(max(new_end.earliest, earliest), 1)
    return perhaps_annulled(annulments, one, Range(earliest, latest))


def standing(view: View) -> View:
    """Return the facts that are not void."""
    annulments = annulled(view)
    if not annulments:
        return view
    return View([one for one in view.facts if not is_void(annulments, one)])
