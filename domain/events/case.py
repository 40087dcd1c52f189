"""The case: opened, led by case managers, planned, suspended, closed."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field

from domain.events.common import PSEUDONYMOUS_ONLY, CaseFact, Code, Count, Flag, recorded_by
from domain.fact import About, Deadline, Ends, Fact, Published, attribute
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.case import (
    AssignmentReason,
    CloseReason,
    ContactChannel,
    Intensity,
    Interpreter,
    RestReason,
)

Score = Annotated[int | None, Field(ge=0, le=3)]


class Need(BaseModel):
    """What an assessment says about one field of action: each from 0 (none) to 3 (great)."""

    model_config = Fact.model_config

    need: Score = attribute("Bedarf", "need")
    resource: Score = attribute("Ressource", "resource")
    priority: Count = attribute("Priorität", "priority")


class Goal(BaseModel):
    """A goal of a plan: which, in which field, until when, and who sees to it."""

    model_config = Fact.model_config

    goal_id: Code = attribute("Kennung", "goal id")
    field: Handlungsfeld | None = attribute("Handlungsfeld", "field of action")
    text_code: Code = attribute("Ziel", "goal")
    due: Deadline = attribute("bis", "due")
    responsible: Code = attribute("zuständig", "responsible")


class Assignment(CaseFact):
    """Who leads a case, and why that changes."""

    cm: Code = attribute("Case Manager:in", "case manager")
    reason: AssignmentReason | None = attribute("Grund", "reason")
    substitute: Flag = attribute("Vertretung", "substitute")


class Plan(CaseFact):
    """What person and case manager want to reach, and when they look at it again."""

    goals: tuple[Goal, ...] | None = attribute("Ziele", "goals")
    next_review: Deadline = attribute("nächste Prüfung", "next review")


class CaseOpened(CaseFact):
    """The case management takes the person on as a case."""

    about = About(
        label=Label("Fall aufgenommen", "case opened", "Fall auf"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.TEAM_LEAD),
        source="integrationskette.md 2.5 A; 1.5",
        publish=Published("CaseOpened"),
    )

    org_unit: Code = attribute("Stelle", "unit")
    carrier: Code = attribute("Träger", "carrier")
    intensity: Intensity | None = attribute("Intensität", "intensity")
    indication: tuple[str, ...] | None = attribute(
        "Indikation", "indication", "Kurzcodes der erfüllten Kriterien."
    )


class CaseManagerAssigned(Assignment):
    """A case manager takes responsibility for the case."""

    about = About(
        label=Label("Fallzuständigkeit übernommen", "case manager assigned", "Zuständig"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.TEAM_LEAD),
        source="integrationskette.md 2.5 A",
        publish=PSEUDONYMOUS_ONLY,
    )


class CaseManagerReleased(Assignment):
    """A case manager gives responsibility for the case up."""

    about = About(
        label=Label("Fallzuständigkeit beendet", "case manager released", "Zust. endet"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.TEAM_LEAD),
        source="integrationskette.md 2.5 A",
        publish=PSEUDONYMOUS_ONLY,
    )


class AssessmentCompleted(CaseFact):
    """Situation, needs and resources are surveyed for each field of action."""

    about = About(
        label=Label("Assessment abgeschlossen", "assessment completed", "Assessment"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(),
        source="integrationskette.md 2.5 A; 1.5",
        publish=PSEUDONYMOUS_ONLY,
    )

    per_field: dict[Handlungsfeld, Need] | None = attribute(
        "je Handlungsfeld",
        "per field of action",
        "Bedarf und Ressource je 0 bis 3, dazu die Priorität.",
    )


class PlanAgreed(Plan):
    """Person and case manager agree on goals."""

    about = About(
        label=Label("Hilfeplan vereinbart", "plan agreed", "Hilfeplan"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.CLIENT),
        source="integrationskette.md 2.5 A; 1.5",
        publish=PSEUDONYMOUS_ONLY,
    )


class PlanReviewed(Plan):
    """The goals are looked at again and carried forward."""

    about = About(
        label=Label("Hilfeplan fortgeschrieben", "plan reviewed", "Planprüfung"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.CLIENT),
        source="integrationskette.md 2.5 A; 1.5",
        publish=PSEUDONYMOUS_ONLY,
    )


class ContactHeld(CaseFact):
    """A consultation took place, or was missed."""

    about = About(
        label=Label("Beratung durchgeführt", "contact held", "Beratung"),
        field=Handlungsfeld.SOZIALE_BERATUNG,
        recorders=recorded_by(Recorder.COUNSELLING),
        source="integrationskette.md 2.5 A; 1.5",
        publish=PSEUDONYMOUS_ONLY,
    )

    channel: ContactChannel | None = attribute("Form des Kontakts", "channel")
    minutes: Count = attribute("Dauer in Minuten", "minutes")
    fields: tuple[Handlungsfeld, ...] | None = attribute("Handlungsfelder", "fields of action")
    interpreter: Interpreter | None = attribute("Sprachmittlung", "interpreter")
    no_show: Flag = attribute("nicht erschienen", "no show")


def _rest_reason_from_text(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Version 1 told the reason in free text, of which only ``absence`` was ever a word of the program.

    Any other text stays as it was told; which word was meant by it is not known.
    """
    told = dict(attributes)
    if "reason" in told:
        text = told.pop("reason")
        told["rest_reason"] = text if text == "absence" else None
        told["reason_told"] = None if text == "absence" else text
    return told


class CaseSuspended(CaseFact):
    """The case rests for a while."""

    about = About(
        label=Label("Fall ruhend gestellt", "case suspended", "Fall ruht"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.TEAM_LEAD),
        source="integrationskette.md 2.5 A",
        publish=PSEUDONYMOUS_ONLY,
        upcasts=(_rest_reason_from_text,),
    )

    rest_reason: RestReason | None = attribute("Grund", "reason")
    reason_told: Code = attribute(
        "Grund im Wortlaut", "reason as told", "Nur wo kein Wort der Liste passt."
    )
    goals_summary: Code = attribute("Stand der Ziele", "state of the goals")


class CaseResumed(CaseFact):
    """A resting or closed case goes on."""

    about = About(
        label=Label("Fall fortgesetzt", "case resumed", "Fall weiter"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.TEAM_LEAD),
        source="integrationskette.md 2.5 A",
        publish=PSEUDONYMOUS_ONLY,
    )

    reason: Code = attribute("Grund", "reason")
    goals_summary: Code = attribute("Stand der Ziele", "state of the goals")


class CaseClosed(CaseFact):
    """The case ends."""

    about = About(
        label=Label("Fall abgeschlossen", "case closed", "Fall zu"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.TEAM_LEAD),
        source="integrationskette.md 2.5 A; 1.5",
        publish=Published("CaseClosed"),
        ends=Ends(begun_by=("CaseOpened",), by="case_id"),
    )

    reason: CloseReason | None = attribute("Grund", "reason")
    goals_summary: Code = attribute("Stand der Ziele", "state of the goals")
