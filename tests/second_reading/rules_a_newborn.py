"""A child born here without an application: A17."""

from collections.abc import Mapping

from tests.second_reading.basis import (
    Days,
    Row,
    Told,
    View,
    bound,
    facts_before,
    of,
    plus_months,
    plus_years,
    row_of_missing_end,
    settle,
)
from tests.second_reading.identity import first_known_entry
from tests.second_reading.lawful_stretch import lawful_stretches
from tests.second_reading.residence import status_on, stay_of
from tests.second_reading.titles import PERMANENT

Household = Mapping[str, View]

FOLLOWING = ("TitleApplied", "TitleGranted")
CANCELLING = (
    *("AsylumApplicationFiled", "TemporaryPermissionIssued", "ToleranceIssued"),
    *("RightOfFreeMovementRecorded", "NaturalisationCertificateHandedOver"),
)


def births(view: View) -> View:
    """The first ``ChildBorn`` of each child."""
    found: list[Told] = []
    for fact in of(view, "ChildBorn"):
        journey = fact.get("child_journey_id")
        if journey is None or journey not in [one.get("child_journey_id") for one in found]:
            found.append(fact)
    return found


def born(birth: Told) -> Days:
    return birth.days("birth_date") or birth.own


def _is_married_to_german(view: View, birth: Told) -> bool:
    day = born(birth).latest
    told = [one for one in of(view, "MarriageRecorded", "PartnershipEnded") if one.latest <= day]
    return bool(told) and told[-1].get("spouse_german") is True


def _is_german_by_birth(view: View, birth: Told) -> bool:
    """§ 4 (3) StAG."""
    day, stay = born(birth).latest, stay_of(view)
    status, years = status_on(stay, day), bound("A17.german_years", day)
    if status.status != "title" or status.basis not in PERMANENT or years is None:
        return False
    return any(
        one.has(day) and plus_years(one.first, years) <= day for one in lawful_stretches(view, stay)
    )


def _needs_no_title(view: View, birth: Told, own: View) -> bool:
    entry, day = first_known_entry(view), born(birth).latest
    if entry is not None and day < entry[1].earliest:
        return True
    if status_on(stay_of(view), day).status in ("free_movement", "german"):
        return True
    told = [one.get("nationality") for one in of(own, "JourneyStarted") if one.get("nationality")]
    if told and "DEU" in told[-1]:
        return True
    return _is_married_to_german(view, birth) or _is_german_by_birth(view, birth)


def _concerned(view: View, acknowledged: Told) -> Told | None:
    """The child whose paternity is acknowledged."""
    earlier = facts_before(view, acknowledged, "ChildBorn")
    birth = earlier[-1] if earlier else of(view, "ChildBorn")[0]
    journey = birth.get("child_journey_id")
    for one in births(view):
        if one is birth or (journey is not None and one.get("child_journey_id") == journey):
            return one
    return None


def a17(view: View, household: Household | None = None) -> list[Row]:
    rows: list[Row] = []
    for birth in births(view):
        own = (household or {}).get(birth.get("child_journey_id") or "", [])
        if not _needs_no_title(view, birth, own):
            rows += _row(view, birth, own)
    return rows


def _row(view: View, birth: Told, own: View) -> list[Row]:
    names = (birth.id, birth.get("child_journey_id"))
    about = [one for one in view if one.get("person") in names and one.get("person") is not None]
    about += own
    cancelled = of(about, *CANCELLING) + of(own, "LeftGermany", "PersonDied")
    cancelled += [
        one
        for one in of(view, "PaternityAcknowledged")
        if one.get("child_german") is True and _concerned(view, one) is birth
    ]
    followed = of(about, *FOLLOWING)
    if not birth.dated:
        return row_of_missing_end("A17", view, birth, followed=followed, cancelled=cancelled)
    due = plus_months(born(birth).latest, bound("A17.response", born(birth).latest))
    return settle("A17", view, birth, birth.latest, due, followed=followed, cancelled=cancelled)


READERS = {"A17": a17}
