"""Benefits: who pays the livelihood, and the seams between the Rechtskreise."""

from domain.events.common import PSEUDONYMOUS_ONLY, Code, Decision, Flag, PersonalFact, recorded_by
from domain.fact import About, Deadline, Happened, attribute
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.benefits import InsuranceKind, Rechtskreis


class Benefit(Decision):
    """A decision about a benefit and its period."""

    rechtskreis: Rechtskreis | None = attribute("Rechtskreis", "Rechtskreis")
    from_: Deadline = attribute("von", "from", alias="from")
    until: Deadline = attribute("bis", "until", "Letzter Tag der Leistung.")
    decided_on: Happened = attribute("entschieden am", "decided on")
    by_court: Flag = attribute("durch ein Gericht", "by a court")


class BenefitApplied(PersonalFact):
    """A benefit is applied for."""

    about = About(
        label=Label("Leistung beantragt", "benefit applied for", "Leist.-Antrag"),
        field=Handlungsfeld.LEISTUNGEN,
        recorders=recorded_by(Recorder.CLIENT, Recorder.SOZIALAMT, Recorder.JOBCENTER),
        source="integrationskette.md 2.5 H; § 37 SGB II",
        publish=PSEUDONYMOUS_ONLY,
    )

    rechtskreis: Rechtskreis | None = attribute("Rechtskreis", "Rechtskreis")
    on: Happened = attribute("beantragt am", "applied on")


class BenefitGranted(Benefit):
    """A benefit is granted for a period."""

    about = About(
        label=Label("Leistung bewilligt", "benefit granted", "Leistung"),
        field=Handlungsfeld.LEISTUNGEN,
        recorders=recorded_by(
            Recorder.SOZIALAMT,
            Recorder.JOBCENTER,
            Recorder.EMPLOYMENT_AGENCY,
            Recorder.JUGENDAMT,
            Recorder.COURT,
        ),
        source="integrationskette.md 2.5 H; cases/README.md 2; § 41 (3) SGB II",
        publish=PSEUDONYMOUS_ONLY,
        span=("from", "until"),
    )


class BenefitExtended(Benefit):
    """A benefit goes on for another period."""

    about = About(
        label=Label("Leistung weiterbewilligt", "benefit extended", "Weiterbewill."),
        field=Handlungsfeld.LEISTUNGEN,
        recorders=recorded_by(
            Recorder.SOZIALAMT,
            Recorder.JOBCENTER,
            Recorder.EMPLOYMENT_AGENCY,
            Recorder.JUGENDAMT,
            Recorder.COURT,
        ),
        source="integrationskette.md 2.5 H; cases/README.md 2",
        publish=PSEUDONYMOUS_ONLY,
        span=("from", "until"),
    )


class BenefitEnded(Benefit):
    """A benefit ends; the day is the last day paid."""

    about = About(
        label=Label("Leistung beendet", "benefit ended", "Leist.-Ende"),
        field=Handlungsfeld.LEISTUNGEN,
        recorders=recorded_by(
            Recorder.SOZIALAMT, Recorder.JOBCENTER, Recorder.EMPLOYMENT_AGENCY, Recorder.JUGENDAMT
        ),
        source="integrationskette.md 2.5 H",
        publish=PSEUDONYMOUS_ONLY,
    )

    reason: Code = attribute("Grund", "reason")


class BenefitRefused(Benefit):
    """A benefit is refused."""

    about = About(
        label=Label("Leistung abgelehnt", "benefit refused", "Leist. abgel."),
        field=Handlungsfeld.LEISTUNGEN,
        recorders=recorded_by(
            Recorder.SOZIALAMT, Recorder.JOBCENTER, Recorder.EMPLOYMENT_AGENCY, Recorder.JUGENDAMT
        ),
        source="integrationskette.md 2.5 H",
        publish=PSEUDONYMOUS_ONLY,
    )

    reason: Code = attribute("Grund", "reason")


class RechtskreisChangeTriggered(PersonalFact):
    """Another Rechtskreis becomes responsible."""

    about = About(
        label=Label(
            "Rechtskreiswechsel ausgelöst", "change of Rechtskreis triggered", "Kreiswechsel"
        ),
        field=Handlungsfeld.LEISTUNGEN,
        recorders=recorded_by(Recorder.SYSTEM, Recorder.SOZIALAMT, Recorder.JOBCENTER),
        source="integrationskette.md 2.5 H; 2.6; § 1 (3) AsylbLG",
        publish=PSEUDONYMOUS_ONLY,
    )

    from_: Rechtskreis | None = attribute("bisher", "from", alias="from")
    to: Rechtskreis | None = attribute("künftig", "to")
    trigger_event: Code = attribute("Auslöser", "trigger")
    effective_month: Deadline = attribute(
        "wirksam ab Monat", "effective month", "Der erste Monat im neuen Rechtskreis."
    )


class HealthInsuranceRegistered(PersonalFact):
    """The person is insured against illness."""

    about = About(
        label=Label(
            "Krankenversicherung angemeldet", "health insurance registered", "Krankenvers."
        ),
        field=Handlungsfeld.GESUNDHEIT,
        recorders=recorded_by(Recorder.INSURER),
        source="integrationskette.md 2.5 I",
        publish=PSEUDONYMOUS_ONLY,
    )

    kind: InsuranceKind | None = attribute("Art", "kind")
