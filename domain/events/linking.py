"""Links to other services, and handovers of the case."""

from domain.events.common import PSEUDONYMOUS_ONLY, CaseFact, Code, Disclosure, Flag, recorded_by
from domain.fact import About, Ends, Published, attribute
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.case import FailReason, HandoverReason


class Link(CaseFact):
    """Which link to a service is meant."""

    link_id: Code = attribute("Kennung der Vermittlung", "link id")
    provider: Code = attribute("Träger", "provider")
    offer: Code = attribute("Angebot", "offer")


class Handover(CaseFact):
    """Who hands a case to whom."""

    from_: Code = attribute("von", "from", alias="from")
    to: Code = attribute("an", "to")
    reason: HandoverReason | None = attribute("Grund", "reason")
    transfer_scope: Code = attribute("Umfang der Übergabe", "scope of the transfer")
    consent_id: Code = attribute("Kennung der Einwilligung", "consent id")


class ServiceLinked(Disclosure):
    """The person is linked to an offer of another service."""

    about = About(
        label=Label("Vermittlung", "service linked", "Vermittlung"),
        field=Handlungsfeld.SOZIALE_BERATUNG,
        recorders=recorded_by(Recorder.COUNSELLING),
        source="integrationskette.md 2.5 A; 1.5",
        publish=PSEUDONYMOUS_ONLY,
    )

    link_id: Code = attribute("Kennung der Vermittlung", "link id")
    offer: Code = attribute("Angebot", "offer")
    warm_handover: Flag = attribute(
        "persönlich übergeben", "warm handover", "Ja: Daten gingen mit."
    )


class LinkConfirmed(Link):
    """The service confirms that the person arrived."""

    about = About(
        label=Label("Anbindung bestätigt", "link confirmed", "Angebunden"),
        field=Handlungsfeld.SOZIALE_BERATUNG,
        recorders=recorded_by(Recorder.COUNSELLING, Recorder.COURSE_PROVIDER),
        source="integrationskette.md 2.5 A; 1.5",
        publish=PSEUDONYMOUS_ONLY,
        ends=Ends(begun_by=("ServiceLinked",), by="link_id"),
    )


class LinkFailed(Link):
    """The link did not come about."""

    about = About(
        label=Label("Anbindung gescheitert", "link failed", "Gescheitert"),
        field=Handlungsfeld.SOZIALE_BERATUNG,
        recorders=recorded_by(Recorder.COUNSELLING, Recorder.COURSE_PROVIDER),
        source="integrationskette.md 2.5 A; 1.5",
        publish=PSEUDONYMOUS_ONLY,
        ends=Ends(begun_by=("ServiceLinked",), by="link_id"),
    )

    fail_reason: FailReason | None = attribute("Grund", "reason")


class HandoverOffered(Handover):
    """A case is offered to another body."""

    about = About(
        label=Label("Übergabe angeboten", "handover offered", "Übergabe"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.TEAM_LEAD),
        source="integrationskette.md 2.5 A; 1.4",
        publish=Published("HandoverOffered"),
    )


class HandoverAccepted(Handover):
    """The other body takes the case."""

    about = About(
        label=Label("Übergabe angenommen", "handover accepted", "Übernommen"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.TEAM_LEAD, Recorder.COUNSELLING),
        source="integrationskette.md 2.5 A; 1.4",
        publish=Published("HandoverAccepted"),
    )


class HandoverRejected(Handover):
    """The other body does not take the case."""

    about = About(
        label=Label("Übergabe abgelehnt", "handover rejected", "Abgelehnt"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.TEAM_LEAD, Recorder.COUNSELLING),
        source="integrationskette.md 2.5 A; 1.4",
        publish=PSEUDONYMOUS_ONLY,
    )
