"""The way to work: permits, plans, practice, and what is said of the livelihood."""

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
from domain.vocabulary.education import InternshipKind
from domain.vocabulary.person import LivelihoodDegree
from domain.vocabulary.work import AgencyConsent


class WorkPermit(PersonalFact):
    """For which work a permit is asked."""

    employer: Code = attribute("Arbeitgeber", "employer")
    ba_consent: AgencyConsent | None = attribute("Zustimmung der Agentur", "consent of the agency")
    for_training: Flag = attribute(
        "für eine Ausbildung oder Einstiegsqualifizierung", "for training"
    )


class WorkPermitDecision(Decision):
    """What is decided on a permit to work."""

    employer: Code = attribute("Arbeitgeber", "employer")
    ba_consent: AgencyConsent | None = attribute("Zustimmung der Agentur", "consent of the agency")


class Internship(PersonalFact):
    """A practical training."""

    employer: Code = attribute("Betrieb", "employer")
    kind: InternshipKind | None = attribute("Art", "kind")
    weeks: Count = attribute("Wochen", "weeks")


class WorkPermitRequested(WorkPermit):
    """A permit to work is asked for."""

    about = About(
        label=Label("Beschäftigungserlaubnis beantragt", "work permit requested", "Erlaubnisantr."),
        field=Handlungsfeld.ARBEIT,
        recorders=recorded_by(Recorder.CLIENT, Recorder.EMPLOYER, Recorder.ABH),
        source="integrationskette.md 2.5 G",
        publish=PSEUDONYMOUS_ONLY,
    )


class WorkPermitGranted(WorkPermitDecision):
    """A permit to work is granted."""

    about = About(
        label=Label("Beschäftigungserlaubnis erteilt", "work permit granted", "Erlaubnis"),
        field=Handlungsfeld.ARBEIT,
        recorders=recorded_by(Recorder.ABH),
        source="integrationskette.md 2.5 G",
        publish=PSEUDONYMOUS_ONLY,
    )
    valid_until: Deadline = attribute("gültig bis", "valid until", "Letzter gültiger Tag.")


class WorkPermitRefused(WorkPermitDecision):
    """A permit to work is refused."""

    about = About(
        label=Label("Beschäftigungserlaubnis abgelehnt", "work permit refused", "Erl. abgel."),
        field=Handlungsfeld.ARBEIT,
        recorders=recorded_by(Recorder.ABH),
        source="integrationskette.md 2.5 G",
        publish=PSEUDONYMOUS_ONLY,
    )
    reason: Code = attribute("Grund", "reason")


class CareerCounsellingHeld(PersonalFact):
    """The agency advises on careers."""

    about = About(
        label=Label("Berufsberatung", "career counselling held", "Berufsberat."),
        field=Handlungsfeld.AUSBILDUNG,
        recorders=recorded_by(Recorder.EMPLOYMENT_AGENCY),
        source="integrationskette.md 2.5 F",
        publish=PSEUDONYMOUS_ONLY,
    )


class InternshipStarted(Internship):
    """A practical training begins."""

    about = About(
        label=Label("Praktikum begonnen", "internship started", "Praktikum"),
        field=Handlungsfeld.AUSBILDUNG,
        recorders=recorded_by(Recorder.EMPLOYER, Recorder.SCHOOL),
        source="integrationskette.md 2.5 F",
        publish=PSEUDONYMOUS_ONLY,
    )


class InternshipEnded(Internship):
    """A practical training is over."""

    about = About(
        label=Label("Praktikum beendet", "internship ended", "Prakt. endet"),
        field=Handlungsfeld.AUSBILDUNG,
        recorders=recorded_by(Recorder.EMPLOYER, Recorder.SCHOOL),
        source="integrationskette.md 2.5 F",
        publish=PSEUDONYMOUS_ONLY,
    )
    offer: Flag = attribute("mit Angebot", "with an offer")


class InterimExamPassed(PersonalFact):
    """The interim exam of a training is passed."""

    about = About(
        label=Label("Zwischenprüfung bestanden", "interim exam passed", "Zwischenprüf."),
        field=Handlungsfeld.AUSBILDUNG,
        recorders=recorded_by(Recorder.CHAMBER),
        source="integrationskette.md 2.5 F",
        publish=PSEUDONYMOUS_ONLY,
    )
    grade: Code = attribute("Note", "grade")


class CooperationPlanAgreed(PersonalFact):
    """The Jobcenter and the person agree a plan."""

    about = About(
        label=Label("Kooperationsplan vereinbart", "cooperation plan agreed", "Koop.-Plan"),
        field=Handlungsfeld.ARBEIT,
        recorders=recorded_by(Recorder.JOBCENTER),
        source="integrationskette.md 2.5 G; § 15 SGB II",
        publish=PSEUDONYMOUS_ONLY,
    )
    course_included: Flag = attribute("mit Sprachkurs", "course included")


class LivelihoodLost(PersonalFact):
    """The person can no longer live on means of their own."""

    about = About(
        label=Label("Lebensunterhalt nicht mehr gesichert", "livelihood lost", "Unterhalt weg"),
        field=Handlungsfeld.ARBEIT,
        recorders=recorded_by(Recorder.SYSTEM, Recorder.JOBCENTER, Recorder.SOZIALAMT),
        source="integrationskette.md 2.5 G",
        publish=PSEUDONYMOUS_ONLY,
    )
    degree: LivelihoodDegree | None = attribute("Umfang", "degree")


class InsolvencyOpened(PersonalFact):
    """Insolvency proceedings are opened."""

    about = About(
        label=Label("Insolvenz eröffnet", "insolvency opened", "Insolvenz"),
        field=Handlungsfeld.SOZIALE_BERATUNG,
        recorders=recorded_by(Recorder.COURT, Recorder.COUNSELLING),
        source="cases/README.md 2",
        publish=PSEUDONYMOUS_ONLY,
    )
