"""The naturalisation procedure between application and certificate, and what follows it."""

from domain.events.common import (
    PSEUDONYMOUS_ONLY,
    SENSITIVE,
    Code,
    Count,
    Decision,
    PersonalFact,
    recorded_by,
)
from domain.fact import About, Deadline, Happened, attribute
from domain.fields import DataClass, Handlungsfeld, Recorder
from domain.labels import Label


class NaturalisationDecision(Decision):
    """What the naturalisation office decides, and why."""

    reason: Code = attribute("Grund", "reason")


class NaturalisationTestTaken(PersonalFact):
    """The naturalisation test is taken."""

    about = About(
        label=Label("Einbürgerungstest", "naturalisation test taken", "EB-Test"),
        field=Handlungsfeld.EINBUERGERUNG,
        recorders=recorded_by(Recorder.COURSE_PROVIDER, Recorder.BAMF),
        source="integrationskette.md 2.5 J; EinbTestV",
        publish=PSEUDONYMOUS_ONLY,
    )
    points: Count = attribute("Punkte", "points", "Richtige Antworten von 33; 17 genügen.")


class NaturalisationHearingLetter(NaturalisationDecision):
    """The office tells what it intends to decide."""

    about = About(
        label=Label("Anhörung zur Einbürgerung", "naturalisation hearing letter", "EB-Anhörung"),
        field=Handlungsfeld.EINBUERGERUNG,
        recorders=recorded_by(Recorder.EBH),
        source="cases/README.md 2 (C47)",
        publish=PSEUDONYMOUS_ONLY,
    )


class NaturalisationDocumentsRequested(PersonalFact):
    """The naturalisation office asks for documents."""

    about = About(
        label=Label(
            "Unterlagen zur Einbürgerung verlangt",
            "naturalisation documents requested",
            "Nachgefordert",
        ),
        field=Handlungsfeld.EINBUERGERUNG,
        recorders=recorded_by(Recorder.EBH),
        source="integrationskette.md 2.5 J",
        publish=PSEUDONYMOUS_ONLY,
    )
    items: tuple[str, ...] | None = attribute("Unterlagen", "items")
    due: Deadline = attribute("Frist bis", "due")


class NaturalisationDocumentsProvided(PersonalFact):
    """The documents asked for are handed in."""

    about = About(
        label=Label(
            "Unterlagen zur Einbürgerung eingereicht",
            "naturalisation documents provided",
            "Eingereicht",
        ),
        field=Handlungsfeld.EINBUERGERUNG,
        recorders=recorded_by(Recorder.EBH, Recorder.CLIENT),
        source="integrationskette.md 2.5 J",
        publish=PSEUDONYMOUS_ONLY,
    )
    items: tuple[str, ...] | None = attribute("Unterlagen", "items")


class SecurityCheckCompleted(PersonalFact):
    """The security enquiry is answered."""

    about = About(
        label=Label("Sicherheitsabfrage abgeschlossen", "security check completed", "Sicherheit"),
        field=Handlungsfeld.EINBUERGERUNG,
        recorders=recorded_by(Recorder.EBH),
        source="integrationskette.md 2.5 J; § 37 StAG",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )
    result: Code = attribute("Ergebnis", "result")


class LoyaltyDeclarationMade(PersonalFact):
    """The person declares loyalty to the free democratic order."""

    about = About(
        label=Label("Bekenntnis abgegeben", "loyalty declaration made", "Bekenntnis"),
        field=Handlungsfeld.EINBUERGERUNG,
        recorders=recorded_by(Recorder.EBH),
        source="integrationskette.md 2.5 J; § 10 (1) Nr. 1, 1a StAG",
        publish=PSEUDONYMOUS_ONLY,
    )
    date: Happened = attribute("am", "on")


class NaturalisationSuspended(NaturalisationDecision):
    """The procedure rests, such as for an investigation."""

    about = About(
        label=Label("Einbürgerung ausgesetzt", "naturalisation suspended", "Ausgesetzt"),
        field=Handlungsfeld.EINBUERGERUNG,
        recorders=recorded_by(Recorder.EBH),
        source="integrationskette.md 2.5 J; § 12a (3) StAG",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )


class NaturalisationWithdrawn(NaturalisationDecision):
    """The application is withdrawn."""

    about = About(
        label=Label(
            "Einbürgerungsantrag zurückgenommen", "naturalisation withdrawn", "Zurückgenomm."
        ),
        field=Handlungsfeld.EINBUERGERUNG,
        recorders=recorded_by(Recorder.EBH, Recorder.CLIENT),
        source="integrationskette.md 2.5 J",
        publish=PSEUDONYMOUS_ONLY,
    )


class NaturalisationReversed(NaturalisationDecision):
    """A naturalisation is taken back."""

    about = About(
        label=Label("Einbürgerung zurückgenommen", "naturalisation reversed", "Rücknahme"),
        field=Handlungsfeld.EINBUERGERUNG,
        recorders=recorded_by(Recorder.EBH),
        source="integrationskette.md 2.5 J; § 35 StAG",
        publish=PSEUDONYMOUS_ONLY,
    )
