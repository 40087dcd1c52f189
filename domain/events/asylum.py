"""Arrival and asylum: from entry to the final decision, and the papers meanwhile."""

from domain.events.common import (
    PSEUDONYMOUS_ONLY,
    Code,
    Count,
    Decision,
    Flag,
    PersonalFact,
    recorded_by,
)
from domain.fact import About, Deadline, Happened, attribute
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.residence import (
    AppealKind,
    AppealOutcome,
    AsylumOutcome,
    AsylumProcedure,
    ResidenceBasis,
    WorkNote,
)


class Appeal(PersonalFact):
    """What is fought, where and by which remedy."""

    against: Code = attribute("gegen", "against", "Kennung oder Art der angefochtenen Tatsache.")
    kind: AppealKind | None = attribute("Rechtsbehelf", "remedy")
    court: Code = attribute("Gericht", "court")
    suspensive: Flag = attribute("aufschiebende Wirkung", "suspensive effect")


class AppealDecision(Appeal, Decision):
    """A decision about a remedy."""


class EntryRegistered(PersonalFact):
    """The person entered Germany and was registered."""

    about = About(
        label=Label("Einreise registriert", "entry registered", "Einreise"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH, Recorder.DISTRICT, Recorder.BAMF),
        source="integrationskette.md 2.5 B",
        publish=PSEUDONYMOUS_ONLY,
    )

    entry_date: Happened = attribute("Einreise am", "entered on")
    place: Code = attribute("Ort", "place")
    azr_registered: Flag = attribute("im AZR erfasst", "in the central register")


class AssignedToMunicipality(Decision):
    """The person is assigned to a municipality."""

    about = About(
        label=Label("Zuweisung", "assigned to municipality", "Zuweisung"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.DISTRICT),
        source="integrationskette.md 2.5 B",
        publish=PSEUDONYMOUS_ONLY,
    )

    municipality: Code = attribute("Kommune", "municipality", "Amtlicher Gemeindeschlüssel (AGS).")
    from_facility: Flag = attribute("aus einer Landeseinrichtung", "from a facility of the Land")


class AsylumApplicationFiled(PersonalFact):
    """The person applied for asylum."""

    about = About(
        label=Label("Asylantrag", "asylum application filed", "Asylantrag"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.BAMF),
        source="integrationskette.md 2.5 B",
        publish=PSEUDONYMOUS_ONLY,
    )

    procedure: AsylumProcedure | None = attribute("Verfahren", "procedure")


class AsylumDecisionIssued(Decision):
    """The asylum application is decided."""

    about = About(
        label=Label("Asylbescheid", "asylum decision issued", "Asylbescheid"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.BAMF),
        source="integrationskette.md 2.5 B; cases/README.md 2",
        publish=PSEUDONYMOUS_ONLY,
    )

    outcome: AsylumOutcome | None = attribute("Ergebnis", "outcome")
    reason: Code = attribute(
        "Grund", "reason", "Bei „unzulässig“: Dublin, anderswo geschützt, Zweitantrag."
    )


class AppealFiled(Appeal):
    """A decision, or the lack of one, is fought."""

    about = About(
        label=Label("Rechtsbehelf eingelegt", "appeal filed", "Rechtsbehelf"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.COURT, Recorder.CLIENT),
        source="integrationskette.md 2.5 B; cases/README.md 2",
        publish=PSEUDONYMOUS_ONLY,
    )


class AppealDecided(AppealDecision):
    """A remedy is decided."""

    about = About(
        label=Label("Rechtsbehelf entschieden", "appeal decided", "Urteil"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.COURT),
        source="integrationskette.md 2.5 B; cases/README.md 2",
        publish=PSEUDONYMOUS_ONLY,
    )

    outcome: AppealOutcome | None = attribute("Ergebnis", "outcome")


class DepartureObligationArisen(PersonalFact):
    """The person is obliged to leave."""

    about = About(
        label=Label("Ausreisepflicht", "departure obligation arisen", "Ausreisepfl."),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH, Recorder.BAMF),
        source="integrationskette.md 2.5 B",
        publish=PSEUDONYMOUS_ONLY,
    )

    enforceable: Flag = attribute("vollziehbar", "enforceable")


class TemporaryPermissionIssued(PersonalFact):
    """The certificate of the stay during the asylum procedure is issued or extended."""

    about = About(
        label=Label("Aufenthaltsgestattung erteilt", "temporary permission issued", "Gestattung"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.BAMF, Recorder.ABH),
        source="integrationskette.md 2.5 B; § 63 AsylG",
        publish=PSEUDONYMOUS_ONLY,
    )

    kind: Code = attribute("Art", "kind", "„extended“: Verlängerung.")
    valid_until: Deadline = attribute("gültig bis", "valid until", "Letzter gültiger Tag.")
    work_note: WorkNote | None = attribute("Nebenbestimmung zur Arbeit", "note on work")
    residence_condition: Code = attribute("Wohnsitzauflage", "residence condition")


class ToleranceIssued(PersonalFact):
    """A Duldung is issued or extended."""

    about = About(
        label=Label("Duldung erteilt", "toleration issued", "Duldung"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH),
        source="integrationskette.md 2.5 B; §§ 60a bis 60d AufenthG",
        publish=PSEUDONYMOUS_ONLY,
    )

    basis: ResidenceBasis | None = attribute("Rechtsgrundlage", "legal basis")
    reason: Code = attribute("Grund", "reason")
    valid_until: Deadline = attribute("gültig bis", "valid until", "Letzter gültiger Tag.")
    work_note: WorkNote | None = attribute("Nebenbestimmung zur Arbeit", "note on work")
    instance: Count = attribute(
        "die wievielte", "instance", "Laufende Nummer in der Reihe der Duldungen."
    )


class ProtectionRevoked(Decision):
    """A protection granted before is revoked or withdrawn."""

    about = About(
        label=Label("Schutz widerrufen", "protection revoked", "Schutz weg"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.BAMF),
        source="cases/README.md 2",
        publish=PSEUDONYMOUS_ONLY,
    )

    reason: Code = attribute("Grund", "reason")
