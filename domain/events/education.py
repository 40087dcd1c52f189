"""Schools, foreign qualifications, their recognition, and study."""

from domain.events.common import (
    PSEUDONYMOUS_ONLY,
    Code,
    Count,
    Decision,
    Flag,
    PersonalFact,
    recorded_by,
)
from domain.fact import About, Happened, attribute
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.education import Documents, RecognitionOutcome, SchoolForm


class School(PersonalFact):
    """Who attends which kind of school."""

    child_ref: Code = attribute("Kind", "child", "Kennung des Kindes; leer: die Person selbst.")
    form: SchoolForm | None = attribute("Schulform", "kind of school")


class SchoolStarted(School):
    """The person, or a child of theirs, begins to attend a school."""

    about = About(
        label=Label("Schulbesuch begonnen", "school started", "Schulbeginn"),
        field=Handlungsfeld.BILDUNG,
        recorders=recorded_by(Recorder.SCHOOL),
        source="integrationskette.md 2.5 E",
        publish=PSEUDONYMOUS_ONLY,
    )

    erstfoerderung: Flag = attribute(
        "Erstförderung", "initial support", "Deutschförderung im ersten Schulbesuch."
    )


class SchoolLeft(School):
    """The person, or a child of theirs, leaves a school."""

    about = About(
        label=Label("Schule verlassen", "school left", "Schulende"),
        field=Handlungsfeld.BILDUNG,
        recorders=recorded_by(Recorder.SCHOOL),
        source="integrationskette.md 2.5 E",
        publish=PSEUDONYMOUS_ONLY,
    )


class QualificationReported(PersonalFact):
    """A foreign qualification becomes known."""

    about = About(
        label=Label("Qualifikation erfasst", "qualification reported", "Qualifikation"),
        field=Handlungsfeld.ANERKENNUNG,
        recorders=recorded_by(Recorder.CLIENT),
        source="integrationskette.md 2.5 E",
        publish=PSEUDONYMOUS_ONLY,
    )

    isced: Code = attribute("Bildungsstufe", "level of education", "Stufe nach ISCED.")
    occupation_kldb: Code = attribute("Beruf", "occupation", "Schlüssel der KldB 2010.")
    years: Count = attribute("Dauer in Jahren", "years")
    documents: Documents | None = attribute("Nachweise", "documents")


class RecognitionApplied(PersonalFact):
    """The recognition of a qualification is applied for."""

    about = About(
        label=Label("Anerkennung beantragt", "recognition applied for", "Anerk.-Antrag"),
        field=Handlungsfeld.ANERKENNUNG,
        recorders=recorded_by(Recorder.CLIENT, Recorder.CHAMBER),
        source="integrationskette.md 2.5 E; BQFG",
        publish=PSEUDONYMOUS_ONLY,
    )

    body: Code = attribute("anerkennende Stelle", "recognising body")
    occupation: Code = attribute("Beruf", "occupation")
    regulated: Flag = attribute("reglementierter Beruf", "regulated profession")
    complete_on: Happened = attribute("Unterlagen vollständig am", "complete on")


class RecognitionDecided(Decision):
    """The recognition of a qualification is decided."""

    about = About(
        label=Label("Anerkennung entschieden", "recognition decided", "Anerkennung"),
        field=Handlungsfeld.ANERKENNUNG,
        recorders=recorded_by(Recorder.CHAMBER),
        source="integrationskette.md 2.5 E; BQFG",
        publish=PSEUDONYMOUS_ONLY,
    )

    outcome: RecognitionOutcome | None = attribute("Ergebnis", "outcome")
    deficits: tuple[str, ...] | None = attribute("wesentliche Unterschiede", "deficits")


class StudyAdmitted(PersonalFact):
    """The person is admitted to a university."""

    about = About(
        label=Label("Zum Studium zugelassen", "study admitted", "Studienplatz"),
        field=Handlungsfeld.BILDUNG,
        recorders=recorded_by(Recorder.SCHOOL),
        source="integrationskette.md 2.5 E",
        publish=PSEUDONYMOUS_ONLY,
    )


class StudyCompleted(PersonalFact):
    """The person completed a study."""

    about = About(
        label=Label("Studium abgeschlossen", "study completed", "Studienabschl."),
        field=Handlungsfeld.BILDUNG,
        recorders=recorded_by(Recorder.SCHOOL),
        source="integrationskette.md 2.5 E",
        publish=PSEUDONYMOUS_ONLY,
    )


class StudyEnded(PersonalFact):
    """The person ended a study without completing it."""

    about = About(
        label=Label("Studium beendet", "study ended", "Studienende"),
        field=Handlungsfeld.BILDUNG,
        recorders=recorded_by(Recorder.SCHOOL),
        source="cases/README.md 2",
        publish=PSEUDONYMOUS_ONLY,
    )

    reason: Code = attribute("Grund", "reason")
