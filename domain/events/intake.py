"""Before and beside the case: intake, short advice, evaluation, aftercare, what the programme learns."""

from domain.events.common import (
    PSEUDONYMOUS_ONLY,
    CaseFact,
    Code,
    Count,
    Flag,
    PersonalFact,
    Reference,
    recorded_by,
)
from domain.fact import About, attribute
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.case import ContactChannel, GoalDegree, SteeringBody, StructuralOutcome


class IntakeHeld(CaseFact):
    """The first talk clarifies whether case management fits."""

    about = About(
        label=Label("Aufnahmegespräch geführt", "intake held", "Intake"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.COUNSELLING),
        source="integrationskette.md 1.5; 2.5 A",
        publish=PSEUDONYMOUS_ONLY,
    )
    indicated: Flag = attribute("Case Management angezeigt", "indicated")


class ReferralElsewhere(CaseFact):
    """The person is referred to another service instead of a case."""

    about = About(
        label=Label("Weiterverwiesen", "referred elsewhere", "Verweis"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.COUNSELLING),
        source="integrationskette.md 1.5; 3.2 F01",
        publish=PSEUDONYMOUS_ONLY,
    )
    provider: Code = attribute("Stelle", "provider")
    field: Handlungsfeld | None = attribute("Handlungsfeld", "field of action")


class ShortAdviceEnded(CaseFact):
    """A short advice is over; it is counted and no case."""

    about = About(
        label=Label("Kurzberatung beendet", "short advice ended", "Kurzberatung"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.COUNSELLING),
        source="integrationskette.md 1.5; 3.2 F01",
        publish=PSEUDONYMOUS_ONLY,
    )
    fields: tuple[Handlungsfeld, ...] | None = attribute("Handlungsfelder", "fields of action")


class GoalReached(CaseFact):
    """A goal of the plan is reached."""

    about = About(
        label=Label("Ziel erreicht", "goal reached", "Ziel erreicht"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(),
        source="integrationskette.md 2.5 A",
        publish=PSEUDONYMOUS_ONLY,
    )
    goal_id: Code = attribute("Kennung des Ziels", "goal id")
    degree: GoalDegree | None = attribute("Umfang", "degree")


class GoalAbandoned(CaseFact):
    """A goal of the plan is given up."""

    about = About(
        label=Label("Ziel aufgegeben", "goal abandoned", "Ziel auf"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(),
        source="integrationskette.md 2.5 A",
        publish=PSEUDONYMOUS_ONLY,
    )
    goal_id: Code = attribute("Kennung des Ziels", "goal id")
    reason: Code = attribute("Grund", "reason")


class CaseConferenceHeld(CaseFact):
    """Several bodies talk about the case."""

    about = About(
        label=Label("Fallkonferenz", "case conference held", "Fallkonferenz"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.COORDINATION),
        source="integrationskette.md 2.5 A",
        publish=PSEUDONYMOUS_ONLY,
    )
    participants: tuple[str, ...] | None = attribute("Teilnehmende Stellen", "participants")
    fields: tuple[Handlungsfeld, ...] | None = attribute("Handlungsfelder", "fields of action")
    decisions: tuple[str, ...] | None = attribute(
        "Beschlüsse", "decisions", "Kurzcodes, etwa „Federführung KIM“."
    )
    lead: Code = attribute("Federführung", "lead", "Die Stelle, die den Fall führt.")


class CaseEvaluated(CaseFact):
    """What the case reached is looked at before it is closed."""

    about = About(
        label=Label("Fall ausgewertet", "case evaluated", "Auswertung"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(),
        source="integrationskette.md 1.5",
        publish=PSEUDONYMOUS_ONLY,
    )
    goals_reached: Count = attribute("erreichte Ziele", "goals reached")
    goals_total: Count = attribute("Ziele insgesamt", "goals in all")


class AftercareContactHeld(CaseFact):
    """A contact after the case was closed."""

    about = About(
        label=Label("Nachsorge", "aftercare contact held", "Nachsorge"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.COUNSELLING),
        source="integrationskette.md 2.5 A; 1.5",
        publish=PSEUDONYMOUS_ONLY,
    )
    channel: ContactChannel | None = attribute("Form des Kontakts", "channel")


class StructuralGapReported(CaseFact):
    """A weakness of the structures is reported, without personal data."""

    about = About(
        label=Label("Strukturelle Lücke gemeldet", "structural gap reported", "Strukturlücke"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.COORDINATION),
        source="integrationskette.md 2.5 A; 1.5",
        publish=PSEUDONYMOUS_ONLY,
    )
    field: Handlungsfeld | None = attribute("Handlungsfeld", "field of action")
    code: Code = attribute("Kurzcode", "code")
    affected_count: Count = attribute("Betroffene", "people affected")
    proposed_addressee: Code = attribute("vorgeschlagener Adressat", "proposed addressee")


class StructuralGapDecided(CaseFact):
    """The steering group decides on a structural gap."""

    about = About(
        label=Label("Strukturelle Lücke entschieden", "structural gap decided", "Lücke entsch."),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.COORDINATION),
        source="integrationskette.md 1.5; 3.2 F20",
        publish=PSEUDONYMOUS_ONLY,
    )
    report: Reference = attribute("Meldung", "report", "Kennung der Meldung.")
    code: Code = attribute("Kurzcode", "code")
    outcome: StructuralOutcome | None = attribute("Ergebnis", "outcome")


class OtherSteeringStarted(CaseFact):
    """Another body begins to steer the same case."""

    about = About(
        label=Label(
            "Anderes Fallmanagement begonnen", "other case steering started", "Fallm. anderer"
        ),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.JOBCENTER, Recorder.JUGENDAMT, Recorder.COUNSELLING),
        source="integrationskette.md 3.2 F19",
        publish=PSEUDONYMOUS_ONLY,
    )
    body: SteeringBody | None = attribute("Stelle", "body")
    provider: Code = attribute("Träger", "provider")


class OtherSteeringEnded(CaseFact):
    """Another body no longer steers the case."""

    about = About(
        label=Label("Anderes Fallmanagement beendet", "other case steering ended", "Fallm. endet"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.JOBCENTER, Recorder.JUGENDAMT, Recorder.COUNSELLING),
        source="integrationskette.md 3.2 F19",
        publish=PSEUDONYMOUS_ONLY,
    )
    body: SteeringBody | None = attribute("Stelle", "body")
    provider: Code = attribute("Träger", "provider")


class EnquiryAnswered(PersonalFact):
    """The case management answers what would have been asked at the immigration office."""

    about = About(
        label=Label(
            "Anfrage statt der Behörde beantwortet",
            "enquiry answered instead of the office",
            "Anfrage",
        ),
        field=Handlungsfeld.SOZIALE_BERATUNG,
        recorders=recorded_by(Recorder.ABH),
        source="integrationskette.md 1.4 (Mülheim)",
        publish=PSEUDONYMOUS_ONLY,
    )
    instead_of: Code = attribute(
        "statt", "instead of", "Die Stelle, die sonst gefragt worden wäre; etwa abh."
    )
    field: Handlungsfeld | None = attribute("Handlungsfeld", "field of action")


class OfferDeclined(PersonalFact):
    """The person does not want what is offered."""

    about = About(
        label=Label("Angebot nicht gewünscht", "offer declined", "Abgelehnt"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.CLIENT),
        source="integrationskette.md 3.2 E01, N01, H01",
        publish=PSEUDONYMOUS_ONLY,
    )
    field: Handlungsfeld | None = attribute("Handlungsfeld", "field of action")
    offer: Code = attribute("Angebot", "offer")
