"""The stay beside titles: arrival, hearings, residence duties, decisions annulled and orders of courts."""

from domain.events.common import (
    PSEUDONYMOUS_ONLY,
    Code,
    Decision,
    Flag,
    PersonalFact,
    Reference,
    recorded_by,
)
from domain.fact import About, Deadline, Happened, attribute
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.residence import DecidingBody, PassportKind, ResidenceBasis, ResidenceScope


class ResidenceDuty(Decision):
    """To which area somebody is bound, and until when."""

    scope: ResidenceScope | None = attribute("Bereich", "scope")
    area: Code = attribute("Gebiet", "area", "Amtlicher Gemeindeschlüssel, Land oder Einrichtung.")
    until: Deadline = attribute("bis", "until", "Letzter Tag der Bindung.")


class ArrivalCertificateIssued(PersonalFact):
    """The arrival is certified."""

    about = About(
        label=Label("Ankunftsnachweis ausgestellt", "arrival certificate issued", "Ankunft"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.BAMF, Recorder.DISTRICT),
        source="integrationskette.md 2.5 B; § 63a AsylG",
        publish=PSEUDONYMOUS_ONLY,
    )
    valid_until: Deadline = attribute("gültig bis", "valid until", "Letzter gültiger Tag.")


class AsylumSought(PersonalFact):
    """The person asks for asylum, before the formal application."""

    about = About(
        label=Label("Asylgesuch", "asylum sought", "Asylgesuch"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.BAMF, Recorder.DISTRICT),
        source="cases/README.md 2 (C69)",
        publish=PSEUDONYMOUS_ONLY,
    )


class AsylumHearingHeld(PersonalFact):
    """The person is heard in the asylum procedure."""

    about = About(
        label=Label("Anhörung", "asylum hearing held", "Anhörung"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.BAMF),
        source="integrationskette.md 2.5 B",
        publish=PSEUDONYMOUS_ONLY,
    )


class VisaIssued(PersonalFact):
    """A visa is issued."""

    about = About(
        label=Label("Visum erteilt", "visa issued", "Visum"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH),
        source="cases/README.md 2 (C09)",
        publish=PSEUDONYMOUS_ONLY,
    )
    kind: Code = attribute("Art", "kind", "C: kurzer Aufenthalt; D: national.")
    purpose: Code = attribute("Zweck", "purpose")
    valid_until: Deadline = attribute("gültig bis", "valid until", "Letzter gültiger Tag.")


class TitleCardHandedOver(PersonalFact):
    """The card of a title is handed over."""

    about = About(
        label=Label("Aufenthaltskarte ausgehändigt", "title card handed over", "eAT"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH),
        source="integrationskette.md 2.5 B",
        publish=PSEUDONYMOUS_ONLY,
    )
    title: Reference = attribute("Titel", "title", "Kennung der Erteilung.")
    card_valid_until: Deadline = attribute("Karte gültig bis", "card valid until")


class ToleranceApplied(PersonalFact):
    """A Duldung is applied for."""

    about = About(
        label=Label("Duldung beantragt", "toleration applied for", "Duld.-Antrag"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.CLIENT, Recorder.ABH),
        source="cases/README.md 2; 3.2 T01",
        publish=PSEUDONYMOUS_ONLY,
    )
    basis: ResidenceBasis | None = attribute("Rechtsgrundlage", "legal basis")


class ToleranceRefused(Decision):
    """A Duldung is refused."""

    about = About(
        label=Label("Duldung abgelehnt", "toleration refused", "Duld. abgel."),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH),
        source="cases/README.md 2",
        publish=PSEUDONYMOUS_ONLY,
    )
    basis: ResidenceBasis | None = attribute("Rechtsgrundlage", "legal basis")
    reason: Code = attribute("Grund", "reason")


class PassportExpired(PersonalFact):
    """The passport has expired."""

    about = About(
        label=Label("Pass abgelaufen", "passport expired", "Pass abgel."),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH, Recorder.CLIENT),
        source="integrationskette.md 2.5 B",
        publish=PSEUDONYMOUS_ONLY,
    )
    kind: PassportKind | None = attribute("Art", "kind")


class TravelDocumentIssued(PersonalFact):
    """A travel document is issued by a German office."""

    about = About(
        label=Label("Reiseausweis ausgestellt", "travel document issued", "Reiseausweis"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH),
        source="integrationskette.md 2.5 B",
        publish=PSEUDONYMOUS_ONLY,
    )
    valid_until: Deadline = attribute("gültig bis", "valid until", "Letzter gültiger Tag.")
    kind: PassportKind | None = attribute("Art", "kind")


class ResidenceObligationImposed(ResidenceDuty):
    """The person is bound to live in an area."""

    about = About(
        label=Label("Wohnsitzregelung auferlegt", "residence obligation imposed", "Wohnsitzpfl."),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.DISTRICT, Recorder.ABH),
        source="integrationskette.md 2.5 B; § 12a AufenthG",
        publish=PSEUDONYMOUS_ONLY,
    )


class ResidenceObligationLifted(ResidenceDuty):
    """The bond to an area is lifted."""

    about = About(
        label=Label("Wohnsitzregelung aufgehoben", "residence obligation lifted", "Pflicht auf"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.DISTRICT, Recorder.ABH, Recorder.COURT),
        source="integrationskette.md 2.5 B; § 12a (5) AufenthG",
        publish=PSEUDONYMOUS_ONLY,
    )
    lift_reason: Code = attribute("Grund", "reason")
    by: DecidingBody | None = attribute("durch", "by")
    obligation: Reference = attribute("Wohnsitzregelung", "obligation", "Kennung der Auferlegung.")


class ResidenceObligationEnded(ResidenceDuty):
    """The bond to an area has run out."""

    about = About(
        label=Label("Wohnsitzregelung beendet", "residence obligation ended", "Pflicht endet"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.DISTRICT, Recorder.ABH),
        source="integrationskette.md 2.5 B; § 12a AufenthG",
        publish=PSEUDONYMOUS_ONLY,
    )
    obligation: Reference = attribute("Wohnsitzregelung", "obligation", "Kennung der Auferlegung.")


class ResidenceDutyBreached(PersonalFact):
    """The person lives outside the area to which they are bound."""

    about = About(
        label=Label("Wohnsitzregelung verletzt", "residence duty breached", "Außerhalb"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH, Recorder.SOZIALAMT),
        source="cases/README.md 2 (C81)",
        publish=PSEUDONYMOUS_ONLY,
    )
    area: Code = attribute("Gebiet", "area")


class VoluntaryReturnAdvised(PersonalFact):
    """The person is advised on returning."""

    about = About(
        label=Label("Rückkehrberatung", "voluntary return advised", "Rückkehrber."),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.COUNSELLING, Recorder.ABH),
        source="integrationskette.md 2.5 B",
        publish=PSEUDONYMOUS_ONLY,
    )


class DecisionAnnulledRetroactively(Decision):
    """A decision is annulled, with effect from a day that may lie before."""

    about = About(
        label=Label("Entscheidung aufgehoben", "decision annulled retroactively", "Aufgehoben"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.COURT, Recorder.ABH, Recorder.BAMF),
        source="cases/README.md 2 (C25, C71)",
        publish=PSEUDONYMOUS_ONLY,
    )
    target: Reference = attribute("aufgehobene Tatsache", "annulled fact", "Kennung der Tatsache.")
    effective_from: Happened = attribute("mit Wirkung vom", "effective from")
    reason: Code = attribute("Grund", "reason")


class CourtOrderIssued(Decision):
    """A court obliges an office to act."""

    about = About(
        label=Label("Gerichtliche Anordnung", "court order issued", "Anordnung"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.COURT),
        source="cases/README.md 2 (C50)",
        publish=PSEUDONYMOUS_ONLY,
    )
    addressee: Code = attribute("verpflichtete Stelle", "addressee")
    duty: Code = attribute("Pflicht", "duty")
    due: Deadline = attribute("bis", "due")
    interim: Flag = attribute("vorläufig", "interim")
