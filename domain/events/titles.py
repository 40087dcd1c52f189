"""Residence titles: applied for, certified meanwhile, granted, shortened, ended."""

from domain.events.common import (
    PSEUDONYMOUS_ONLY,
    Code,
    Decision,
    Flag,
    PersonalFact,
    Reference,
    recorded_by,
)
from domain.fact import About, Deadline, Ends, Published, attribute
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.residence import ApplicationKind, FictionKind, ResidenceBasis, TitleWork


class TitleDecision(Decision):
    """A decision about a title granted before."""

    title: Reference = attribute("Titel", "title", "Kennung der Erteilung.")
    reason: Code = attribute("Grund", "reason")


class TitleApplied(PersonalFact):
    """A title or its renewal is applied for."""

    about = About(
        label=Label("Titel beantragt", "title applied for", "Titelantrag"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.CLIENT, Recorder.ABH),
        source="integrationskette.md 2.5 B; § 81 AufenthG",
        publish=PSEUDONYMOUS_ONLY,
    )

    basis: ResidenceBasis | None = attribute("Rechtsgrundlage", "legal basis")
    kind: ApplicationKind | None = attribute("Art des Antrags", "kind of application")
    channel: Code = attribute("Weg der Antragstellung", "channel")


class FictionCertificateIssued(PersonalFact):
    """The wait for a title is certified."""

    about = About(
        label=Label("Fiktionsbescheinigung", "certificate of fiction issued", "Fiktion"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH),
        source="integrationskette.md 2.5 B; § 81 AufenthG",
        publish=PSEUDONYMOUS_ONLY,
    )

    kind: FictionKind | None = attribute("Art", "kind")
    valid_until: Deadline = attribute("gültig bis", "valid until", "Letzter gültiger Tag.")
    work_allowed: Flag = attribute("Beschäftigung erlaubt", "work allowed")


class TitleGranted(Decision):
    """A residence title is granted or renewed."""

    about = About(
        label=Label("Aufenthaltstitel erteilt", "residence title granted", "Titel"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH),
        source="integrationskette.md 2.5 B; cases/README.md 2",
        publish=Published("TitleGranted"),
        span=("valid_from", "valid_until"),
    )

    basis: ResidenceBasis | None = attribute("Rechtsgrundlage", "legal basis")
    valid_from: Deadline = attribute("gültig ab", "valid from")
    valid_until: Deadline = attribute(
        "gültig bis", "valid until", "Letzter gültiger Tag; leer bei unbefristeten Titeln."
    )
    work: TitleWork | None = attribute("Erwerbstätigkeit", "work")
    conditions: tuple[str, ...] | None = attribute("Nebenbestimmungen", "conditions")
    course_claim: Flag = attribute(
        "Anspruch auf Integrationskurs", "claim to an integration course"
    )
    course_obligation: Flag = attribute(
        "Pflicht zum Integrationskurs", "obligation to attend a course"
    )
    purpose_bound_to: Code = attribute(
        "Zweckbindung", "bound to a purpose", "Ehe, ein bestimmter Kurs oder ein Arbeitgeber."
    )
    extinguishing_condition: Code = attribute("auflösende Bedingung", "extinguishing condition")
    replaces: Code = attribute(
        "ersetzt den Titel", "replaces the title", "Kennung des verlängerten Titels."
    )


class TitleRefused(Decision):
    """An application for a title is refused."""

    about = About(
        label=Label("Titel abgelehnt", "title refused", "Ablehnung"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH),
        source="integrationskette.md 2.5 B; cases/README.md 2",
        publish=PSEUDONYMOUS_ONLY,
    )

    reason: Code = attribute("Grund", "reason")


class TitleShortened(TitleDecision):
    """The end of a title is moved forward."""

    about = About(
        label=Label("Titel nachträglich befristet", "title shortened", "Verkürzt"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH),
        source="cases/README.md 2",
        publish=PSEUDONYMOUS_ONLY,
        ends=Ends(begun_by=("TitleGranted",), by="title"),
    )

    new_valid_until: Deadline = attribute(
        "neu gültig bis", "new valid until", "Letzter gültiger Tag."
    )


class TitleRevoked(TitleDecision):
    """A title is revoked."""

    about = About(
        label=Label("Titel widerrufen", "title revoked", "Widerruf"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH),
        source="integrationskette.md 2.5 B; cases/README.md 2",
        publish=PSEUDONYMOUS_ONLY,
        ends=Ends(begun_by=("TitleGranted",), by="title"),
    )


class TitleExpired(PersonalFact):
    """A title lapsed by law."""

    about = About(
        label=Label("Titel erloschen", "title expired", "Erloschen"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH),
        source="integrationskette.md 2.5 B",
        publish=PSEUDONYMOUS_ONLY,
        ends=Ends(begun_by=("TitleGranted",), by="title"),
    )

    title: Reference = attribute("Titel", "title", "Kennung der Erteilung.")
    reason: Code = attribute("Grund", "reason")


class RightOfFreeMovementRecorded(PersonalFact):
    """The person may stay under the law of free movement."""

    about = About(
        label=Label(
            "Freizügigkeit festgestellt", "right of free movement recorded", "Freizügigkeit"
        ),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH, Recorder.REGISTRATION),
        source="integrationskette.md 2.5 B",
        publish=PSEUDONYMOUS_ONLY,
    )

    kind: Code = attribute("Art", "kind")
    permanent: Flag = attribute("auf Dauer", "permanent")


class ContinuationOrdered(Decision):
    """The office lets a title continue although the application came late."""

    about = About(
        label=Label("Fortgeltung angeordnet", "continuation ordered", "Fortgeltung"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH),
        source="cases/README.md 2; § 81 (4) S. 3 AufenthG",
        publish=PSEUDONYMOUS_ONLY,
    )
