"""Children in day care, school places, and what stands in their way."""

from domain.events.common import (
    PSEUDONYMOUS_ONLY,
    SENSITIVE,
    Code,
    Hours,
    PersonalFact,
    recorded_by,
)
from domain.fact import About, Deadline, attribute
from domain.fields import DataClass, Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.education import CertificateOrigin, SchoolCertificate, SchoolForm


class Childcare(PersonalFact):
    """Care for which child, how much, and from when."""

    child_ref: Code = attribute(
        "Kind", "child", "Kennung des Kindes oder seines Verlaufs; leer: das einzige Kind."
    )
    hours_per_week: Hours = attribute("Stunden je Woche", "hours per week")
    from_: Deadline = attribute("ab", "from", alias="from")
    provider: Code = attribute("Träger", "provider")


class SchoolPlace(PersonalFact):
    """A school place for whom, and in which kind of school."""

    child_ref: Code = attribute("Kind", "child", "Kennung des Kindes; leer: die Person selbst.")
    form: SchoolForm | None = attribute("Schulform", "kind of school")


class ChildcareRequested(Childcare):
    """A place in day care is asked for."""

    about = About(
        label=Label("Kita-Platz beantragt", "childcare requested", "Kita-Wunsch"),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.JUGENDAMT, Recorder.CLIENT),
        source="integrationskette.md 2.5 I; § 24 SGB VIII",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )


class ChildcareRequestWithdrawn(Childcare):
    """The request for day care is taken back."""

    about = About(
        label=Label("Kita-Antrag zurückgezogen", "childcare request withdrawn", "Kita zurück"),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.JUGENDAMT, Recorder.CLIENT),
        source="integrationskette.md 3.2 M02",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )


class ChildcarePlaceOffered(Childcare):
    """A place in day care is offered."""

    about = About(
        label=Label("Kita-Platz angeboten", "childcare place offered", "Kita-Angebot"),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.JUGENDAMT),
        source="integrationskette.md 2.5 I",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )


class ChildcareStarted(Childcare):
    """The child goes to day care."""

    about = About(
        label=Label("Kita begonnen", "childcare started", "Kita"),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.JUGENDAMT),
        source="integrationskette.md 2.5 I",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )


class ChildcareEnded(Childcare):
    """The child leaves day care."""

    about = About(
        label=Label("Kita beendet", "childcare ended", "Kita endet"),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.JUGENDAMT),
        source="integrationskette.md 2.5 I; cases/README.md 3 W30",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )


class SchoolPlacementRequested(SchoolPlace):
    """A school place is asked for."""

    about = About(
        label=Label("Schulplatz beantragt", "school placement requested", "Schulplatz"),
        field=Handlungsfeld.BILDUNG,
        recorders=recorded_by(Recorder.SCHOOL, Recorder.CLIENT),
        source="integrationskette.md 2.5 E",
        publish=PSEUDONYMOUS_ONLY,
    )


class SchoolChanged(SchoolPlace):
    """The school changes."""

    about = About(
        label=Label("Schulwechsel", "school changed", "Schulwechsel"),
        field=Handlungsfeld.BILDUNG,
        recorders=recorded_by(Recorder.SCHOOL),
        source="integrationskette.md 2.5 E",
        publish=PSEUDONYMOUS_ONLY,
    )


class SchoolExemptionGranted(SchoolPlace):
    """The duty to attend school is lifted for a while."""

    about = About(
        label=Label("Befreiung von der Schulpflicht", "school exemption granted", "Befreiung"),
        field=Handlungsfeld.BILDUNG,
        recorders=recorded_by(Recorder.SCHOOL),
        source="integrationskette.md 3.2 M01",
        publish=PSEUDONYMOUS_ONLY,
    )
    until: Deadline = attribute("bis", "until")


class SchoolCertificateObtained(SchoolPlace):
    """A school certificate is obtained or recognised."""

    about = About(
        label=Label("Schulabschluss", "school certificate obtained", "Abschluss"),
        field=Handlungsfeld.BILDUNG,
        recorders=recorded_by(Recorder.SCHOOL, Recorder.DISTRICT),
        source="integrationskette.md 2.5 E",
        publish=PSEUDONYMOUS_ONLY,
    )
    kind: SchoolCertificate | None = attribute("Abschluss", "certificate")
    origin: CertificateOrigin | None = attribute("Herkunft", "origin")
