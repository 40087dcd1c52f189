"""Work: looking for it, having it, losing it, and living on it."""

from domain.events.common import (
    PSEUDONYMOUS_ONLY,
    Code,
    Count,
    Flag,
    Hours,
    Money,
    PersonalFact,
    Reference,
    recorded_by,
)
from domain.fact import About, Deadline, Ends, Happened, Published, attribute
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.person import LivelihoodDegree
from domain.vocabulary.work import EmploymentKind, QualificationLevel


class Measure(PersonalFact):
    """A measure of the Jobcenter or the agency."""

    kind: Code = attribute("Art", "kind", "Etwa MAT, AVGS, Weiterbildung, AGH.")


class Job(PersonalFact):
    """Which job is meant, and since when its end is known."""

    employer: Code = attribute("Arbeitgeber", "employer")
    known_since: Happened = attribute("Ende bekannt seit", "end known since")


class JobTerms(Job):
    """The terms of a job."""

    employment_kind: EmploymentKind | None = attribute(
        "Art der Beschäftigung", "kind of employment"
    )
    hours_per_week: Hours = attribute("Stunden je Woche", "hours per week", also="hours")
    hours_per_month: Hours = attribute("Stunden je Monat", "hours per month")
    qualification_level: QualificationLevel | None = attribute(
        "Anforderungsniveau", "level", also="level"
    )
    fixed_term_until: Deadline = attribute(
        "befristet bis", "fixed term until", "Letzter Tag der Beschäftigung."
    )
    gross_month_eur: Money = attribute("Brutto im Monat in Euro", "gross per month in euros")
    collective: Flag = attribute("tarifgebunden", "collective agreement")


class JobEnd(Job):
    """Which job ends, and why."""

    employment: Reference = attribute("Beschäftigung", "employment", "Kennung des Beginns.")
    end_reason: Code = attribute("Grund des Endes", "reason of the end")


class JobSeekerRegistered(PersonalFact):
    """The person is registered as seeking work."""

    about = About(
        label=Label("Arbeitsuchend gemeldet", "registered as seeking work", "Arbeitsuchend"),
        field=Handlungsfeld.ARBEIT,
        recorders=recorded_by(Recorder.EMPLOYMENT_AGENCY, Recorder.JOBCENTER),
        source="integrationskette.md 2.5 G; § 38 SGB III",
        publish=PSEUDONYMOUS_ONLY,
    )

    on: Happened = attribute("gemeldet am", "registered on")


class UnemploymentRegistered(PersonalFact):
    """The person is registered as unemployed."""

    about = About(
        label=Label("Arbeitslos gemeldet", "registered as unemployed", "Arbeitslos"),
        field=Handlungsfeld.ARBEIT,
        recorders=recorded_by(Recorder.EMPLOYMENT_AGENCY, Recorder.JOBCENTER),
        source="integrationskette.md 2.5 G",
        publish=PSEUDONYMOUS_ONLY,
    )

    on: Happened = attribute("gemeldet am", "registered on")


class MeasureStarted(Measure):
    """A measure of the Jobcenter or the agency begins."""

    about = About(
        label=Label("Maßnahme begonnen", "measure started", "Maßnahme"),
        field=Handlungsfeld.ARBEIT,
        recorders=recorded_by(Recorder.JOBCENTER, Recorder.EMPLOYMENT_AGENCY),
        source="integrationskette.md 2.5 G",
        publish=PSEUDONYMOUS_ONLY,
    )


class MeasureEnded(Measure):
    """A measure of the Jobcenter or the agency ends."""

    about = About(
        label=Label("Maßnahme beendet", "measure ended", "Maßn.-Ende"),
        field=Handlungsfeld.ARBEIT,
        recorders=recorded_by(Recorder.JOBCENTER, Recorder.EMPLOYMENT_AGENCY),
        source="integrationskette.md 2.5 G",
        publish=PSEUDONYMOUS_ONLY,
    )


class EmploymentStarted(JobTerms):
    """A job begins."""

    about = About(
        label=Label("Beschäftigung begonnen", "employment started", "Arbeit"),
        field=Handlungsfeld.ARBEIT,
        recorders=recorded_by(Recorder.EMPLOYER, Recorder.CLIENT),
        source="integrationskette.md 2.5 G; 2.4",
        publish=Published("EmploymentStarted"),
    )


class EmploymentChanged(JobTerms):
    """The terms of a job change."""

    about = About(
        label=Label("Beschäftigung geändert", "employment changed", "Arbeit neu"),
        field=Handlungsfeld.ARBEIT,
        recorders=recorded_by(Recorder.EMPLOYER, Recorder.CLIENT),
        source="integrationskette.md 2.5 G; 2.4",
        publish=PSEUDONYMOUS_ONLY,
    )

    employment: Reference = attribute("Beschäftigung", "employment", "Kennung des Beginns.")


class EmploymentEndAnnounced(JobEnd):
    """The end of a job becomes known."""

    about = About(
        label=Label("Beschäftigungsende angekündigt", "end of employment announced", "Kündigung"),
        field=Handlungsfeld.ARBEIT,
        recorders=recorded_by(Recorder.EMPLOYER, Recorder.CLIENT),
        source="cases/README.md 2; § 38 SGB III",
        publish=PSEUDONYMOUS_ONLY,
    )

    end: Deadline = attribute("Ende", "end", "Letzter Tag der Beschäftigung.")


class EmploymentEnded(JobEnd):
    """A job ends."""

    about = About(
        label=Label("Beschäftigung beendet", "employment ended", "Arbeitsende"),
        field=Handlungsfeld.ARBEIT,
        recorders=recorded_by(Recorder.EMPLOYER, Recorder.CLIENT),
        source="integrationskette.md 2.5 G",
        publish=Published("EmploymentEnded"),
        ends=Ends(begun_by=("EmploymentStarted",), by="employment"),
    )


class SelfEmploymentStarted(PersonalFact):
    """The person starts to work on their own account."""

    about = About(
        label=Label("Selbständigkeit begonnen", "self-employment started", "Selbständig"),
        field=Handlungsfeld.ARBEIT,
        recorders=recorded_by(Recorder.CLIENT),
        source="integrationskette.md 2.5 G",
        publish=PSEUDONYMOUS_ONLY,
    )


class LivelihoodSecured(PersonalFact):
    """The person lives on means of their own."""

    about = About(
        label=Label("Lebensunterhalt gesichert", "livelihood secured", "Unterhalt"),
        field=Handlungsfeld.ARBEIT,
        recorders=recorded_by(Recorder.SYSTEM),
        source="integrationskette.md 2.5 G",
        publish=PSEUDONYMOUS_ONLY,
    )

    degree: LivelihoodDegree | None = attribute("Umfang", "degree")
    basis_months: Count = attribute("betrachtete Monate", "months looked at")


class PensionMonthsConfirmed(PersonalFact):
    """The pension insurance confirms paid months."""

    about = About(
        label=Label("Rentenmonate bestätigt", "pension months confirmed", "Rentenmonate"),
        field=Handlungsfeld.ARBEIT,
        recorders=recorded_by(Recorder.INSURER),
        source="integrationskette.md 2.5 G",
        publish=PSEUDONYMOUS_ONLY,
    )

    months: Count = attribute("Monate", "months")
    as_of: Happened = attribute("Stand vom", "as of")
