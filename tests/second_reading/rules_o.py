"""Orientation: O01."""

from tests.second_reading.basis import (
    Row,
    View,
    active,
    case_history,
    facts_after,
    later,
    settle,
    since,
)

REACHED = ("InitialAdviceGiven", "FirstContactRecorded", "IntakeHeld", "CaseOpened", "ContactHeld")


def o01(view: View) -> list[Row]:
    triggers = [
        fact
        for fact, cases, _ in case_history(view)
        if fact.type == "AssignedToMunicipality" and not active(cases)
    ]
    rows: list[Row] = []
    for trigger in triggers:
        rows += settle(
            "O01",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "O01.response"),
            followed=[
                one for one in since(view, trigger, *REACHED) if one.get("no_show") is not True
            ],
            superseded=facts_after(triggers, trigger),
        )
    return rows


READERS = {"O01": o01}
