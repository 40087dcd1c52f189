"""Reunification of the family: M05."""

from tests.second_reading.basis import (
    Days,
    Row,
    Told,
    View,
    before,
    facts_after,
    facts_before,
    later,
    of,
    settle,
    since,
    switch,
    window_of_lead,
)

RECOGNISED = ("asyl", "fluechtling", "subsidiaer")
ASKED = ("FamilyReunificationApplied", "FamilyReunificationNotified")


def _is_asked_already(view: View, decision: Told) -> bool:
    decided = facts_before(view, decision, "FamilyReunificationDecided")
    return any(
        not any(before(asked, one) for one in decided)
        for asked in facts_before(view, decision, *ASKED)
    )


def _is_trigger(view: View, decision: Told) -> bool:
    return (
        decision.get("outcome") in RECOGNISED
        and not switch("law.36a_suspended", decision.latest)
        and not _is_asked_already(view, decision)
    )


def m05(view: View) -> list[Row]:
    triggers = [one for one in of(view, "AsylumDecisionIssued") if _is_trigger(view, one)]
    rows: list[Row] = []
    for trigger in triggers:
        start = trigger.days("final_on") or trigger.days("served_on") or trigger.own
        end = Days(
            later(start.earliest, "M05.months", trigger.latest),
            later(start.latest, "M05.months", trigger.latest),
        )
        declined = [
            one for one in since(view, trigger, "OfferDeclined") if one.get("field") == "familie"
        ]
        rows += settle(
            "M05",
            view,
            trigger,
            window_of_lead(trigger, end, "M05.lead", law_of=trigger.latest),
            end.latest,
            followed=since(view, trigger, *ASKED, "FamilyReunificationDecided"),
            cancelled=[*since(view, trigger, "ProtectionRevoked"), *declined],
            superseded=facts_after(triggers, trigger),
        )
    return rows


READERS = {"M05": m05}
