"""Facts about the record itself: corrections, retractions, erasure."""

from pydantic import JsonValue

from domain.events.common import PSEUDONYMOUS_ONLY, Code, Reference, recorded_by
from domain.fact import About, Fact, Happened, Published, attribute
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Label


class EventCorrected(Fact):
    """A fact was recorded wrongly: what is given here stands instead."""

    about = About(
        label=Label("Berichtigung", "event corrected", "Berichtigung"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.TEAM_LEAD, Recorder.SYSTEM, Recorder.DPO),
        source="integrationskette.md 2.5 A; 1.6; Art. 16 DSGVO",
        publish=Published("EventCorrected"),
    )

    target: Reference = attribute("berichtigte Tatsache", "corrected fact", "Kennung der Tatsache.")
    occurred_on: Happened = attribute(
        "geschah am",
        "occurred on",
        "Nur angeben, wenn der Tag falsch war; null: geschehen, Tag unbekannt.",
    )
    attributes_: dict[str, JsonValue] | None = attribute(
        "berichtigte Angaben",
        "corrected attributes",
        "Nur die falschen Angaben; null löscht eine Angabe.",
        alias="attributes",
    )
    reason: Code = attribute("Grund", "reason")


class EventRetracted(Fact):
    """A fact was recorded that never was."""

    about = About(
        label=Label("Zurücknahme", "event retracted", "Zurücknahme"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.TEAM_LEAD, Recorder.SYSTEM, Recorder.DPO),
        source="integrationskette.md 2.5 A; 1.6",
        publish=Published("EventRetracted"),
    )

    target: Reference = attribute(
        "zurückgenommene Tatsache", "retracted fact", "Kennung der Tatsache."
    )
    reason: Code = attribute("Grund", "reason")


class JourneyErased(Fact):
    """The person's data are erased; readings show nothing of this journey."""

    about = About(
        label=Label("Löschung", "journey erased", "Löschung"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.SYSTEM, Recorder.DPO),
        source="integrationskette.md 2.5 A; 1.6; Art. 17 DSGVO",
        publish=PSEUDONYMOUS_ONLY,
    )

    reason: Code = attribute("Grund", "reason")
