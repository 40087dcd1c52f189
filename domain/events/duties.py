"""What offices ask and impose: appointments, cuts, cards, changes of Rechtskreis carried out."""

from domain.events.common import (
    PSEUDONYMOUS_ONLY,
    SENSITIVE,
    Count,
    Decision,
    Flag,
    PersonalFact,
    recorded_by,
)
from domain.fact import About, Deadline, attribute
from domain.fields import DataClass, Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.benefits import Rechtskreis
from domain.vocabulary.language import EntitlementIssuer


class Appointment(PersonalFact):
    """An appointment of the Jobcenter or the agency."""

    on: Deadline = attribute("am", "on", "Tag des Termins.")
    issuer: EntitlementIssuer | None = attribute("einladende Stelle", "issuer")


class RechtskreisChangeCompleted(PersonalFact):
    """Another Rechtskreis pays."""

    about = About(
        label=Label(
            "Rechtskreiswechsel vollzogen", "change of Rechtskreis completed", "Kreis gewechs."
        ),
        field=Handlungsfeld.LEISTUNGEN,
        recorders=recorded_by(Recorder.SYSTEM, Recorder.SOZIALAMT, Recorder.JOBCENTER),
        source="integrationskette.md 2.5 H; 2.6",
        publish=PSEUDONYMOUS_ONLY,
    )
    from_: Rechtskreis | None = attribute("bisher", "from", alias="from")
    to: Rechtskreis | None = attribute("künftig", "to")
    gap_days: Count = attribute("Tage ohne Leistung", "days without benefit")


class JobcenterAppointmentScheduled(Appointment):
    """An appointment is made."""

    about = About(
        label=Label("Meldetermin", "appointment scheduled", "Meldetermin"),
        field=Handlungsfeld.LEISTUNGEN,
        recorders=recorded_by(Recorder.JOBCENTER, Recorder.EMPLOYMENT_AGENCY, Recorder.CLIENT),
        source="integrationskette.md 2.5 H; § 32 SGB II, § 309 SGB III",
        publish=PSEUDONYMOUS_ONLY,
    )


class JobcenterAppointmentMissed(Appointment):
    """An appointment is missed."""

    about = About(
        label=Label("Termin versäumt", "appointment missed", "Versäumt"),
        field=Handlungsfeld.LEISTUNGEN,
        recorders=recorded_by(Recorder.JOBCENTER, Recorder.EMPLOYMENT_AGENCY, Recorder.CLIENT),
        source="integrationskette.md 2.5 H; § 32 SGB II, § 159 SGB III",
        publish=PSEUDONYMOUS_ONLY,
    )
    excused: Flag = attribute("entschuldigt", "excused")
    count_in_row: Count = attribute("in Folge", "count in a row")


class SanctionImposed(Decision):
    """A benefit is cut."""

    about = About(
        label=Label("Leistung gemindert", "sanction imposed", "Minderung"),
        field=Handlungsfeld.LEISTUNGEN,
        recorders=recorded_by(Recorder.JOBCENTER, Recorder.SOZIALAMT, Recorder.EMPLOYMENT_AGENCY),
        source="integrationskette.md 2.5 H",
        publish=PSEUDONYMOUS_ONLY,
    )
    percent: Count = attribute("Minderung in Prozent", "percent")
    months: Count = attribute("Monate", "months")


class PaymentCardIssued(PersonalFact):
    """A payment card is issued."""

    about = About(
        label=Label("Bezahlkarte ausgegeben", "payment card issued", "Bezahlkarte"),
        field=Handlungsfeld.LEISTUNGEN,
        recorders=recorded_by(Recorder.SOZIALAMT),
        source="integrationskette.md 2.5 H",
        publish=PSEUDONYMOUS_ONLY,
    )


class AbuseFound(Decision):
    """The office finds that the stay was prolonged by abuse."""

    about = About(
        label=Label("Rechtsmissbrauch festgestellt", "abuse found", "Missbrauch"),
        field=Handlungsfeld.LEISTUNGEN,
        recorders=recorded_by(Recorder.SOZIALAMT),
        source="integrationskette.md 3.2 L06; § 2 (1) AsylbLG",
        publish=PSEUDONYMOUS_ONLY,
    )


class HelpContinued(Decision):
    """Help for young people goes on beyond the age of eighteen."""

    about = About(
        label=Label("Hilfe für junge Volljährige", "help continued beyond eighteen", "Hilfe § 41"),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.JUGENDAMT),
        source="cases/README.md 2 (C60, C61); § 41 SGB VIII",
        publish=PSEUDONYMOUS_ONLY,
    )
    until: Deadline = attribute("bis", "until")


class ConvictionRecorded(Decision):
    """A criminal conviction is recorded."""

    about = About(
        label=Label("Verurteilung", "conviction recorded", "Verurteilung"),
        field=Handlungsfeld.EINBUERGERUNG,
        recorders=recorded_by(Recorder.COURT, Recorder.ABH, Recorder.EBH),
        source="cases/README.md 2 (C11, C49, C50); § 12a StAG",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )
    daily_rates: Count = attribute("Tagessätze", "daily rates")
    months: Count = attribute("Monate Freiheitsstrafe", "months of imprisonment")
    suspended: Flag = attribute("zur Bewährung", "suspended")
    hate_motive: Flag = attribute(
        "antisemitischer oder rassistischer Beweggrund", "antisemitic or racist motive"
    )
