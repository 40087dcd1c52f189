"""Keeping the record: gaps seen and explained, withdrawals carried out, access asked for, retention."""

from domain.events.common import PSEUDONYMOUS_ONLY, CaseFact, Code, Reference, recorded_by
from domain.fact import About, Deadline, attribute
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.gaps import GapReason


class GapFact(CaseFact):
    """Which gap is meant: a rule, and the instance where it has several."""

    rule: Code = attribute("Regel", "rule", "Kennung der Regel, etwa S05.")
    key: Code = attribute(
        "Instanz", "instance", "Kennung der auslösenden Tatsache; leer: jede Instanz der Regel."
    )


class GapAcknowledged(GapFact):
    """Somebody has seen a gap."""

    about = About(
        label=Label("Lücke gesehen", "gap acknowledged", "Gesehen"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.TEAM_LEAD, Recorder.COORDINATION),
        source="integrationskette.md 3.1",
        publish=PSEUDONYMOUS_ONLY,
    )


class GapExplained(GapFact):
    """Somebody explains why a gap waits, and until when it rests."""

    about = About(
        label=Label("Lücke erklärt", "gap explained", "Erklärt"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.TEAM_LEAD, Recorder.COORDINATION),
        source="integrationskette.md 3.1",
        publish=PSEUDONYMOUS_ONLY,
    )
    reason: GapReason | None = attribute("Grund", "reason")
    until: Deadline = attribute(
        "ruht bis",
        "rests until",
        "Letzter Tag, an dem die Lücke ruht; sie schließt sich dadurch nicht.",
    )


class WithdrawalCarriedOut(CaseFact):
    """The recipients know of a withdrawal and deliveries are stopped."""

    about = About(
        label=Label("Widerruf umgesetzt", "withdrawal carried out", "Widerruf umg."),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.DPO, Recorder.SYSTEM),
        source="integrationskette.md 3.2 F16; Art. 7 (3), 19 DSGVO",
        publish=PSEUDONYMOUS_ONLY,
    )
    consent_id: Code = attribute("Kennung der Einwilligung", "consent id")
    recipients: tuple[str, ...] | None = attribute("Empfänger", "recipients")


class AccessRequestReceived(CaseFact):
    """The person asks which data are kept about them."""

    about = About(
        label=Label("Auskunft verlangt", "access request received", "Auskunft verl."),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.DPO, Recorder.CLIENT),
        source="integrationskette.md 3.2 F17; Art. 12, 15 DSGVO",
        publish=PSEUDONYMOUS_ONLY,
    )
    request_id: Code = attribute("Kennung des Antrags", "request id")


class AccessExtended(CaseFact):
    """The time to answer an access request is extended."""

    about = About(
        label=Label("Auskunftsfrist verlängert", "access period extended", "Ausk. verläng."),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.DPO),
        source="integrationskette.md 3.2 F17; Art. 12 (3) DSGVO",
        publish=PSEUDONYMOUS_ONLY,
    )
    request_id: Code = attribute("Kennung des Antrags", "request id")
    until: Deadline = attribute("bis", "until")


class AccessAnswered(CaseFact):
    """The access request is answered."""

    about = About(
        label=Label("Auskunft erteilt", "access answered", "Auskunft"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.DPO),
        source="integrationskette.md 3.2 F17; Art. 12, 15 DSGVO",
        publish=PSEUDONYMOUS_ONLY,
    )
    request_id: Code = attribute("Kennung des Antrags", "request id")


class RetentionHoldPlaced(CaseFact):
    """The data must be kept longer than the rule says."""

    about = About(
        label=Label("Aufbewahrung angeordnet", "retention hold placed", "Aufbewahrung"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.DPO),
        source="integrationskette.md 3.2 F18",
        publish=PSEUDONYMOUS_ONLY,
    )
    until: Deadline = attribute("bis", "until")
    reason: Code = attribute("Grund", "reason")


class ProcessingRestricted(CaseFact):
    """The data are kept and not used."""

    about = About(
        label=Label("Verarbeitung eingeschränkt", "processing restricted", "Eingeschränkt"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.DPO, Recorder.SYSTEM),
        source="integrationskette.md 2.5 A; Art. 18 DSGVO",
        publish=PSEUDONYMOUS_ONLY,
    )
    target: Reference = attribute(
        "Tatsache", "fact", "Kennung der Tatsache; leer: der ganze Verlauf."
    )
    reason: Code = attribute("Grund", "reason")


class RestrictionLifted(CaseFact):
    """The data may be used again."""

    about = About(
        label=Label("Einschränkung aufgehoben", "restriction lifted", "Aufgehoben"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.DPO, Recorder.SYSTEM),
        source="integrationskette.md 1.6; Art. 18 DSGVO",
        publish=PSEUDONYMOUS_ONLY,
    )
    target: Reference = attribute("Tatsache", "fact")
