"""Integration courses, language tests and civics tests."""

from typing import Annotated

from pydantic import Field

from domain.events.common import (
    PSEUDONYMOUS_ONLY,
    Code,
    Count,
    Decision,
    Flag,
    PersonalFact,
    recorded_by,
)
from domain.fact import About, Deadline, Happened, Published, attribute
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.language import (
    AdmissionRefusal,
    Cefr,
    CivicsTest,
    CourseKind,
    CourseMode,
    EntitlementBasis,
    InterruptionReason,
    LanguageTest,
    Skill,
)

Points = Annotated[int | None, Field(ge=0, le=33)]


class CourseStartNotice(PersonalFact):
    """What the provider says about the start of a course."""

    new_start: Deadline = attribute("neuer Beginn", "new start")
    reassignment: Flag = attribute("anderer Kursträger", "reassigned")


class CourseBreak(PersonalFact):
    """Why attendance stops or goes on."""

    reason: InterruptionReason | None = attribute("Grund", "reason")


class CourseEntitlementIssued(Decision):
    """The person may, or must, attend an integration course."""

    about = About(
        label=Label("Teilnahmeberechtigung erteilt", "course entitlement issued", "Berechtigung"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.ABH, Recorder.BAMF, Recorder.JOBCENTER, Recorder.SOZIALAMT),
        source="integrationskette.md 2.5 D; §§ 44, 44a AufenthG",
        publish=PSEUDONYMOUS_ONLY,
        span=("issued_on", "lapses_on"),
    )

    basis: EntitlementBasis | None = attribute("Rechtsgrundlage", "legal basis")
    obligated: Flag = attribute("verpflichtet", "obligated")
    issued_on: Happened = attribute("ausgestellt am", "issued on")
    lapses_on: Deadline = attribute("erlischt nach", "lapses on", "Letzter gültiger Tag.")


class CourseAdmissionRefused(Decision):
    """An admission to a course is refused."""

    about = About(
        label=Label("Zulassung abgelehnt", "course admission refused", "Nicht zugel."),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.BAMF),
        source="integrationskette.md 2.5 D; cases/README.md 2; § 44 (4) AufenthG",
        publish=PSEUDONYMOUS_ONLY,
    )

    reason: AdmissionRefusal | None = attribute("Grund", "reason")
    applied_on: Happened = attribute("beantragt am", "applied on")


class PlacementTestTaken(PersonalFact):
    """The person is placed at a level."""

    about = About(
        label=Label("Einstufungstest", "placement test taken", "Einstufung"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.COURSE_PROVIDER),
        source="integrationskette.md 2.5 D; § 11 (2) IntV",
        publish=PSEUDONYMOUS_ONLY,
    )

    level: Cefr | None = attribute("Niveau", "level")
    recommended_kind: CourseKind | None = attribute("empfohlener Kurs", "recommended course")


class CourseRegistered(PersonalFact):
    """The person is registered with a course provider."""

    about = About(
        label=Label("Kurs angemeldet", "course registered", "Kursanmeldung"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.COURSE_PROVIDER, Recorder.CLIENT),
        source="integrationskette.md 2.5 D",
        publish=Published("CourseRegistered"),
    )

    provider: Code = attribute("Kursträger", "provider")
    kind: CourseKind | None = attribute("Kursart", "kind of course")
    expected_start: Deadline = attribute("voraussichtlicher Beginn", "expected start")


class CourseStartAnnounced(CourseStartNotice):
    """The provider names the day on which the course will begin."""

    about = About(
        label=Label("Kursbeginn mitgeteilt", "course start announced", "Startmeldung"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.COURSE_PROVIDER, Recorder.BAMF),
        source="integrationskette.md 2.5 D",
        publish=PSEUDONYMOUS_ONLY,
    )


class CourseNotRealised(CourseStartNotice):
    """The course will not take place."""

    about = About(
        label=Label("Kurs kommt nicht zustande", "course not realised", "Kurs entfällt"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.COURSE_PROVIDER, Recorder.BAMF),
        source="integrationskette.md 2.5 D",
        publish=PSEUDONYMOUS_ONLY,
    )


class CourseStarted(PersonalFact):
    """The course begins for the person."""

    about = About(
        label=Label("Kursbeginn", "course started", "Kursbeginn"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.COURSE_PROVIDER),
        source="integrationskette.md 2.5 D",
        publish=Published("CourseStarted"),
    )

    provider: Code = attribute("Kursträger", "provider")
    kind: CourseKind | None = attribute("Kursart", "kind of course")
    course_no: Code = attribute("Kursnummer", "course number")
    mode: CourseMode | None = attribute("Kursform", "mode")
    module_no: Count = attribute("Kursabschnitt", "module")
    ue_attended: Count = attribute("besuchte Unterrichtseinheiten", "units attended")
    ue_total: Count = attribute("Unterrichtseinheiten gesamt", "units in all")
    level_reached: Cefr | None = attribute("erreichtes Niveau", "level reached")


class CourseInterrupted(CourseBreak):
    """The person stops attending for a while."""

    about = About(
        label=Label("Kurs unterbrochen", "course interrupted", "Unterbrochen"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.COURSE_PROVIDER),
        source="integrationskette.md 2.5 D",
        publish=PSEUDONYMOUS_ONLY,
    )


class CourseResumed(CourseBreak):
    """The person attends again."""

    about = About(
        label=Label("Kurs fortgesetzt", "course resumed", "Kurs weiter"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.COURSE_PROVIDER),
        source="integrationskette.md 2.5 D",
        publish=PSEUDONYMOUS_ONLY,
    )


class CourseAborted(CourseBreak):
    """The person leaves the course before its end."""

    about = About(
        label=Label("Kurs abgebrochen", "course aborted", "Kursabbruch"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.COURSE_PROVIDER),
        source="integrationskette.md 2.5 D",
        publish=PSEUDONYMOUS_ONLY,
    )


class CourseCompleted(PersonalFact):
    """The course is over for the person."""

    about = About(
        label=Label("Sprachkurs beendet", "course completed", "Kursende"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.COURSE_PROVIDER),
        source="integrationskette.md 2.5 D",
        publish=Published("CourseCompleted"),
    )

    ue_total: Count = attribute("Unterrichtseinheiten gesamt", "units in all")


class LanguageTestTaken(PersonalFact):
    """The person took a language test."""

    about = About(
        label=Label("Sprachtest", "language test taken", "Sprachtest"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.COURSE_PROVIDER, Recorder.BAMF, Recorder.SCHOOL),
        source="integrationskette.md 2.5 D; cases/README.md 2",
        publish=Published("LanguageTestTaken"),
    )

    test_kind: LanguageTest | None = attribute("Test", "test")
    result: Cefr | None = attribute("Ergebnis", "result")
    per_skill: dict[Skill, Cefr] | None = attribute("je Fertigkeit", "per skill")
    certificate_date: Happened = attribute("Zertifikat vom", "certificate of")
    accredited: Flag = attribute("anerkannte Prüfstelle", "accredited body")
    taken_abroad: Flag = attribute("im Ausland abgelegt", "taken abroad")


class CivicsTestTaken(PersonalFact):
    """The person took a test of civics."""

    about = About(
        label=Label("Test Leben in Deutschland", "civics test taken", "LiD/EBT"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.COURSE_PROVIDER, Recorder.BAMF),
        source="integrationskette.md 2.5 D; § 1 EinbTestV",
        publish=PSEUDONYMOUS_ONLY,
    )

    kind: CivicsTest | None = attribute("Test", "test")
    points: Points = attribute("Punkte", "points", "Richtige Antworten von 33.")
    passed_ok: Flag = attribute(
        "Orientierungskurs bestanden", "orientation course passed", "Ab 15 Punkten."
    )
    passed_natural: Flag = attribute(
        "für die Einbürgerung bestanden", "passed for naturalisation", "Ab 17 Punkten."
    )


class IntegrationCourseCertificateIssued(PersonalFact):
    """The integration course was passed: B1 and civics test."""

    about = About(
        label=Label(
            "Zertifikat Integrationskurs", "integration course certificate issued", "Zertifikat IK"
        ),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.BAMF),
        source="integrationskette.md 2.5 D; § 17 (2) IntV",
        publish=PSEUDONYMOUS_ONLY,
    )

    date: Happened = attribute("ausgestellt am", "issued on")
