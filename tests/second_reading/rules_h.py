"""Health and housing: H01, U02."""

from tests.second_reading.basis import (
    Row,
    Told,
    View,
    facts_after,
    facts_before,
    later,
    of,
    settle,
    since,
)


def is_confirmed_for(view: View, link: Told, field: str) -> bool:
    """A ``LinkConfirmed`` whose link is not known to be of another field."""
    if link.get("link_id") is None:
        return True
    linked = [
        one
        for one in facts_before(view, link, "ServiceLinked")
        if one.get("link_id") == link.get("link_id")
    ]
    return not linked or linked[-1].get("field") in (None, field)


def links_confirmed(view: View, trigger: Told, field: str) -> View:
    return [
        one for one in since(view, trigger, "LinkConfirmed") if is_confirmed_for(view, one, field)
    ]


def h01(view: View) -> list[Row]:
    triggers = [
        one
        for one in of(view, "HealthBarrierReported")
        if one.get("severity") in ("severe", "unknown", None)
    ]
    rows: list[Row] = []
    for trigger in triggers:
        declined = [
            one
            for one in since(view, trigger, "OfferDeclined")
            if one.get("field") in ("gesundheit", None)
        ]
        rows += settle(
            "H01",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "H01.response"),
            kind="gap" if trigger.get("severity") == "severe" else "data",
            followed=links_confirmed(view, trigger, "gesundheit"),
            cancelled=[*since(view, trigger, "HealthBarrierResolved"), *declined],
            superseded=facts_after(triggers, trigger),
        )
    return rows


def u02(view: View) -> list[Row]:
    triggers = of(view, "EvictionThreatened")
    rows: list[Row] = []
    for trigger in triggers:
        rows += settle(
            "U02",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "U02.response"),
            followed=links_confirmed(view, trigger, "wohnen"),
            cancelled=since(view, trigger, "LeaseSigned", "HousingChanged", "HousingAssigned"),
            superseded=facts_after(triggers, trigger),
        )
    return rows


READERS = {"H01": h01, "U02": u02}
