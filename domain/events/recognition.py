"""Recognition of qualifications beside application and decision."""

from domain.events.common import (
    PSEUDONYMOUS_ONLY,
    Code,
    Decision,
    Flag,
    PersonalFact,
    Reference,
    recorded_by,
)
from domain.fact import About, Deadline, attribute
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.education import CompensationKind


class ToTheApplication(PersonalFact):
    """To which application it belongs."""

    application: Reference = attribute(
        "Antrag", "application", "Kennung des Antrags; leer: der letzte davor."
    )
    body: Code = attribute("anerkennende Stelle", "recognising body")


class RecognitionAdvised(PersonalFact):
    """The person is advised on recognition."""

    about = About(
        label=Label("Anerkennungsberatung", "recognition advised", "Anerk.-Berat."),
        field=Handlungsfeld.ANERKENNUNG,
        recorders=recorded_by(Recorder.COUNSELLING, Recorder.CHAMBER),
        source="integrationskette.md 2.5 E",
        publish=PSEUDONYMOUS_ONLY,
    )
    by: Code = attribute("durch", "by")


class ReceiptConfirmed(ToTheApplication):
    """The body confirms the application and says what is missing."""

    about = About(
        label=Label("Empfang bestätigt", "receipt confirmed", "Bestätigung"),
        field=Handlungsfeld.ANERKENNUNG,
        recorders=recorded_by(Recorder.CHAMBER),
        source="integrationskette.md 2.5 E; § 6 (2) BQFG",
        publish=PSEUDONYMOUS_ONLY,
    )
    complete: Flag = attribute("vollständig", "complete")


class DocumentsRequested(ToTheApplication):
    """The body asks for documents."""

    about = About(
        label=Label("Unterlagen nachgefordert", "documents requested", "Nachforderung"),
        field=Handlungsfeld.ANERKENNUNG,
        recorders=recorded_by(Recorder.CHAMBER),
        source="integrationskette.md 2.5 E",
        publish=PSEUDONYMOUS_ONLY,
    )
    items: tuple[str, ...] | None = attribute("Unterlagen", "items")
    due: Deadline = attribute("Frist bis", "due")


class RecognitionPeriodExtended(ToTheApplication):
    """The time to decide is extended once."""

    about = About(
        label=Label("Entscheidungsfrist verlängert", "recognition period extended", "Verlängert"),
        field=Handlungsfeld.ANERKENNUNG,
        recorders=recorded_by(Recorder.CHAMBER),
        source="integrationskette.md 3.2 E03; § 6 (3) BQFG",
        publish=PSEUDONYMOUS_ONLY,
    )
    until: Deadline = attribute("bis", "until")


class QualificationAnalysisStarted(ToTheApplication):
    """The qualification is found out by other means."""

    about = About(
        label=Label("Qualifikationsanalyse begonnen", "qualification analysis started", "Analyse"),
        field=Handlungsfeld.ANERKENNUNG,
        recorders=recorded_by(Recorder.CHAMBER),
        source="integrationskette.md 3.2 E03; § 14 BQFG",
        publish=PSEUDONYMOUS_ONLY,
    )


class CompensationStarted(PersonalFact):
    """An adaptation course or exam begins."""

    about = About(
        label=Label("Ausgleichsmaßnahme begonnen", "compensation started", "Ausgleich"),
        field=Handlungsfeld.ANERKENNUNG,
        recorders=recorded_by(Recorder.CHAMBER, Recorder.COURSE_PROVIDER),
        source="integrationskette.md 2.5 E; § 11 BQFG",
        publish=PSEUDONYMOUS_ONLY,
    )
    kind: CompensationKind | None = attribute("Art", "kind")


class CompensationCompleted(PersonalFact):
    """An adaptation course or exam is over."""

    about = About(
        label=Label("Ausgleichsmaßnahme beendet", "compensation completed", "Ausgl.-Ende"),
        field=Handlungsfeld.ANERKENNUNG,
        recorders=recorded_by(Recorder.CHAMBER, Recorder.COURSE_PROVIDER),
        source="integrationskette.md 2.5 E; § 11 BQFG",
        publish=PSEUDONYMOUS_ONLY,
    )
    kind: CompensationKind | None = attribute("Art", "kind")
    result: Code = attribute("Ergebnis", "result")


class ProfessionalLicenceGranted(Decision):
    """The licence for a profession is granted."""

    about = About(
        label=Label("Berufszulassung erteilt", "professional licence granted", "Approbation"),
        field=Handlungsfeld.ANERKENNUNG,
        recorders=recorded_by(Recorder.CHAMBER, Recorder.DISTRICT),
        source="cases/README.md 2 (C73)",
        publish=PSEUDONYMOUS_ONLY,
    )
    kind: Code = attribute("Art", "kind", "Approbation oder Berufserlaubnis.")
    valid_until: Deadline = attribute("gültig bis", "valid until")
