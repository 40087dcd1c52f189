"""Vocational training and the measures that lead to it."""

from domain.events.common import (
    PSEUDONYMOUS_ONLY,
    Code,
    Count,
    Decision,
    Flag,
    Money,
    PersonalFact,
    recorded_by,
)
from domain.fact import About, Deadline, Happened, attribute
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.education import TrainingKind


class BridgingMeasure(PersonalFact):
    """A measure on the way to training."""

    kind: TrainingKind | None = attribute("Art", "kind")
    months: Count = attribute("Dauer in Monaten", "months")


class TrainingStep(PersonalFact):
    """A step of a training."""

    training_kind: TrainingKind | None = attribute("Ausbildungsart", "kind of training")
    reason: Code = attribute("Grund", "reason")
    notified_abh_on: Happened = attribute(
        "der Ausländerbehörde gemeldet am", "immigration office notified on"
    )


class TrainingExam(PersonalFact):
    """The outcome of a training's final examination."""

    grade: Code = attribute("Note", "grade")


class BridgingMeasureStarted(BridgingMeasure):
    """A measure on the way to training begins."""

    about = About(
        label=Label("Übergangsmaßnahme begonnen", "bridging measure started", "Übergang"),
        field=Handlungsfeld.AUSBILDUNG,
        recorders=recorded_by(Recorder.EMPLOYER, Recorder.EMPLOYMENT_AGENCY, Recorder.SCHOOL),
        source="integrationskette.md 2.5 F; § 54a SGB III",
        publish=PSEUDONYMOUS_ONLY,
    )


class BridgingMeasureEnded(BridgingMeasure):
    """A measure on the way to training ends."""

    about = About(
        label=Label("Übergangsmaßnahme beendet", "bridging measure ended", "Übergang Ende"),
        field=Handlungsfeld.AUSBILDUNG,
        recorders=recorded_by(Recorder.EMPLOYER, Recorder.EMPLOYMENT_AGENCY, Recorder.SCHOOL),
        source="integrationskette.md 2.5 F; § 54a SGB III",
        publish=PSEUDONYMOUS_ONLY,
    )


class TrainingContractSigned(PersonalFact):
    """A training contract is signed."""

    about = About(
        label=Label("Ausbildungsvertrag", "training contract signed", "Azubi-Vertrag"),
        field=Handlungsfeld.AUSBILDUNG,
        recorders=recorded_by(Recorder.EMPLOYER, Recorder.CHAMBER),
        source="integrationskette.md 2.5 F",
        publish=PSEUDONYMOUS_ONLY,
        span=("start", "end"),
    )

    training_kind: TrainingKind | None = attribute("Ausbildungsart", "kind of training")
    occupation_kldb: Code = attribute("Beruf", "occupation", "Schlüssel der KldB 2010.")
    start: Deadline = attribute("Beginn", "start")
    end: Deadline = attribute("Ende", "end")
    registered_at_chamber: Flag = attribute(
        "bei der Kammer eingetragen", "registered at the chamber"
    )
    wage_eur: Money = attribute("Vergütung in Euro", "wage in euros", "Brutto im Monat.")


class TrainingStarted(TrainingStep):
    """The training begins."""

    about = About(
        label=Label("Ausbildung begonnen", "training started", "Ausbildung"),
        field=Handlungsfeld.AUSBILDUNG,
        recorders=recorded_by(Recorder.EMPLOYER, Recorder.SCHOOL),
        source="integrationskette.md 2.5 F",
        publish=PSEUDONYMOUS_ONLY,
    )


class TrainingInterrupted(TrainingStep):
    """The training rests for a while."""

    about = About(
        label=Label("Ausbildung unterbrochen", "training interrupted", "Ausb. ruht"),
        field=Handlungsfeld.AUSBILDUNG,
        recorders=recorded_by(Recorder.EMPLOYER, Recorder.SCHOOL),
        source="integrationskette.md 2.5 F",
        publish=PSEUDONYMOUS_ONLY,
    )


class TrainingAborted(TrainingStep):
    """The training ends before its time."""

    about = About(
        label=Label("Ausbildung abgebrochen", "training aborted", "Ausb.-Abbruch"),
        field=Handlungsfeld.AUSBILDUNG,
        recorders=recorded_by(Recorder.EMPLOYER, Recorder.SCHOOL),
        source="integrationskette.md 2.5 F; §§ 16g, 60c AufenthG",
        publish=PSEUDONYMOUS_ONLY,
    )


class TrainingCompleted(TrainingExam):
    """The final examination is passed."""

    about = About(
        label=Label("Ausbildung abgeschlossen", "training completed", "Ausb.-Abschl."),
        field=Handlungsfeld.AUSBILDUNG,
        recorders=recorded_by(Recorder.CHAMBER, Recorder.SCHOOL),
        source="integrationskette.md 2.5 F",
        publish=PSEUDONYMOUS_ONLY,
    )


class TrainingFinallyFailed(TrainingExam):
    """The final examination is failed for good."""

    about = About(
        label=Label(
            "Ausbildung endgültig nicht bestanden", "training finally failed", "Nicht best."
        ),
        field=Handlungsfeld.AUSBILDUNG,
        recorders=recorded_by(Recorder.CHAMBER, Recorder.SCHOOL),
        source="integrationskette.md 2.5 F",
        publish=PSEUDONYMOUS_ONLY,
    )


class SearchPeriodGranted(Decision):
    """The office grants time to look for another training place."""

    about = About(
        label=Label("Suchzeit erteilt", "search period granted", "Suchzeit"),
        field=Handlungsfeld.AUSBILDUNG,
        recorders=recorded_by(Recorder.ABH),
        source="integrationskette.md 2.5 F; §§ 16g, 60c AufenthG",
        publish=PSEUDONYMOUS_ONLY,
    )

    until: Deadline = attribute("bis", "until", "Letzter Tag der Suche.")
