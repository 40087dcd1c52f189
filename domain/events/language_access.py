"""What surrounds a language course: admission, fees, absence, repetition."""

from domain.events.common import (
    PSEUDONYMOUS_ONLY,
    Code,
    Count,
    Decision,
    Flag,
    PersonalFact,
    recorded_by,
)
from domain.fact import About, Deadline, attribute
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.language import Cefr, CourseKind


class FeeDecision(Decision):
    """For how long a cost is taken over."""

    until: Deadline = attribute("bis", "until")


class CourseAdmissionApplied(PersonalFact):
    """Admission to a course is applied for."""

    about = About(
        label=Label("Kurszulassung beantragt", "course admission applied for", "Zul.-Antrag"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.CLIENT),
        source="cases/README.md 2 (C21)",
        publish=PSEUDONYMOUS_ONLY,
    )


class CourseObligationLifted(Decision):
    """The obligation to attend a course is lifted, or somebody is exempt."""

    about = About(
        label=Label("Kursverpflichtung aufgehoben", "course obligation lifted", "Pflicht auf"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.ABH, Recorder.JOBCENTER, Recorder.SOZIALAMT),
        source="integrationskette.md 3.2 S03; § 44a (1), (2) AufenthG",
        publish=PSEUDONYMOUS_ONLY,
    )
    reason: Code = attribute("Grund", "reason")


class FeeExemptionGranted(FeeDecision):
    """The fee of the course is waived."""

    about = About(
        label=Label("Kostenbefreiung", "fee exemption granted", "Befreiung"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.BAMF),
        source="integrationskette.md 2.5 D",
        publish=PSEUDONYMOUS_ONLY,
    )


class TravelAllowanceGranted(FeeDecision):
    """Travel to the course is paid."""

    about = About(
        label=Label("Fahrtkostenzuschuss", "travel allowance granted", "Fahrtkosten"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.BAMF),
        source="integrationskette.md 2.5 D",
        publish=PSEUDONYMOUS_ONLY,
    )


class FeeRefundApplied(PersonalFact):
    """Half of the course fee is asked back."""

    about = About(
        label=Label("Kostenerstattung beantragt", "fee refund applied for", "Erstattung"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.CLIENT),
        source="cases/README.md 2 (C20); § 9 (6) IntV",
        publish=PSEUDONYMOUS_ONLY,
    )


class FeeRefundGranted(Decision):
    """Half of the course fee is paid back."""

    about = About(
        label=Label("Kostenerstattung bewilligt", "fee refund granted", "Erstattet"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.BAMF),
        source="integrationskette.md 3.2 S14; § 9 (6) IntV",
        publish=PSEUDONYMOUS_ONLY,
    )


class FeeRefundRefused(Decision):
    """The refund of the course fee is refused."""

    about = About(
        label=Label("Kostenerstattung abgelehnt", "fee refund refused", "Erst. abgel."),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.BAMF),
        source="cases/README.md 2 (C20)",
        publish=PSEUDONYMOUS_ONLY,
    )
    reason: Code = attribute("Grund", "reason")


class ModuleCompleted(PersonalFact):
    """A part of the course is over."""

    about = About(
        label=Label("Kursabschnitt beendet", "module completed", "Abschnitt"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.COURSE_PROVIDER),
        source="integrationskette.md 2.5 D",
        publish=PSEUDONYMOUS_ONLY,
    )
    module_no: Count = attribute("Kursabschnitt", "module")
    ue_attended: Count = attribute("besuchte Unterrichtseinheiten", "units attended")
    ue_total: Count = attribute("Unterrichtseinheiten gesamt", "units in all")
    level_reached: Cefr | None = attribute("erreichtes Niveau", "level reached")


class AttendanceWarningIssued(PersonalFact):
    """The provider reports absence from the course."""

    about = About(
        label=Label("Fehlzeiten gemeldet", "attendance warning issued", "Fehlzeiten"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.COURSE_PROVIDER),
        source="integrationskette.md 2.5 D",
        publish=PSEUDONYMOUS_ONLY,
    )
    ue_missed: Count = attribute("versäumte Unterrichtseinheiten", "units missed")
    excused: Flag = attribute("entschuldigt", "excused")


class RepetitionGranted(Decision):
    """300 units may be repeated."""

    about = About(
        label=Label("Wiederholung bewilligt", "repetition granted", "Wiederholung"),
        field=Handlungsfeld.SPRACHE,
        recorders=recorded_by(Recorder.BAMF),
        source="integrationskette.md 2.5 D; § 5 IntV",
        publish=PSEUDONYMOUS_ONLY,
    )
    kind: CourseKind | None = attribute("Kursart", "kind of course")
