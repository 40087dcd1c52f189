"""Vocational language courses (Berufssprachkurse)."""

from domain.events.common import PSEUDONYMOUS_ONLY, Code, Count, Decision, PersonalFact, recorded_by
from domain.fact import About, Deadline, Happened, attribute
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.language import Cefr, CourseKind, EntitlementIssuer, InterruptionReason


class VocationalCourse(PersonalFact):
    """Which vocational language course, and what came of it."""

    kind: CourseKind | None = attribute("Kursart", "kind of course")
    ue: Count = attribute("Unterrichtseinheiten", "units")
    target: Cefr | None = attribute("Zielniveau", "target level")
    result: Code = attribute("Ergebnis", "result")


class VocationalLanguageEntitlementIssued(Decision):
    """The person may attend a vocational language course."""

    about = About(
        label=Label(
            "Berechtigung Berufssprachkurs",
            "vocational language entitlement issued",
            "BSK-Berecht.",
        ),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.EMPLOYMENT_AGENCY, Recorder.JOBCENTER, Recorder.BAMF),
        source="integrationskette.md 2.5 D; DeuFöV",
        publish=PSEUDONYMOUS_ONLY,
        span=("issued_on", "lapses_on"),
    )

    issuer: EntitlementIssuer | None = attribute("ausgestellt von", "issuer")
    target: Cefr | None = attribute("Zielniveau", "target level")
    issued_on: Happened = attribute("ausgestellt am", "issued on")
    lapses_on: Deadline = attribute(
        "erlischt nach", "lapses on", "Letzter gültiger Tag; sonst drei Monate nach Ausstellung."
    )


class VocationalCourseRegistered(VocationalCourse):
    """The person is registered for a vocational language course."""

    about = About(
        label=Label("Berufssprachkurs angemeldet", "vocational course registered", "BSK-Anmeldung"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.COURSE_PROVIDER, Recorder.CLIENT),
        source="integrationskette.md 2.5 D; DeuFöV",
        publish=PSEUDONYMOUS_ONLY,
    )


class VocationalCourseStarted(VocationalCourse):
    """The vocational language course begins for the person."""

    about = About(
        label=Label("Berufssprachkurs begonnen", "vocational course started", "BSK-Beginn"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.COURSE_PROVIDER),
        source="integrationskette.md 2.5 D; DeuFöV",
        publish=PSEUDONYMOUS_ONLY,
    )


class VocationalCourseCompleted(VocationalCourse):
    """The vocational language course is over for the person."""

    about = About(
        label=Label("Berufssprachkurs beendet", "vocational course completed", "BSK-Ende"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.COURSE_PROVIDER),
        source="integrationskette.md 2.5 D; DeuFöV",
        publish=PSEUDONYMOUS_ONLY,
    )


class VocationalCourseAborted(VocationalCourse):
    """The person leaves the vocational language course before its end."""

    about = About(
        label=Label("Berufssprachkurs abgebrochen", "vocational course aborted", "BSK-Abbruch"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.COURSE_PROVIDER),
        source="integrationskette.md 2.5 D; DeuFöV",
        publish=PSEUDONYMOUS_ONLY,
    )

    reason: InterruptionReason | None = attribute("Grund", "reason")
