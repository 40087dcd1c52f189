"""Consent, and what went to others on its ground."""

from domain.events.common import PSEUDONYMOUS_ONLY, CaseFact, Code, Disclosure, Flag, recorded_by
from domain.fact import About, Deadline, Ends, Happened, attribute
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.case import ConsentForm, ConsentKind, DataCategory, Direction


class ConsentGranted(CaseFact):
    """The person allows named bodies to receive or give named data."""

    about = About(
        label=Label("Einwilligung erteilt", "consent granted", "Einwilligung"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.CLIENT),
        source="integrationskette.md 1.6; Art. 7 DSGVO; § 67b (2) SGB X",
        publish=PSEUDONYMOUS_ONLY,
        span=("granted_on", "valid_until"),
    )

    consent_id: Code = attribute("Kennung der Einwilligung", "consent id")
    kind: ConsentKind | None = attribute("Art", "kind")
    scope_fields: tuple[Handlungsfeld, ...] | None = attribute(
        "Handlungsfelder", "fields of action"
    )
    data_categories: tuple[DataCategory, ...] | None = attribute(
        "Datenkategorien", "data categories"
    )
    recipients: tuple[str, ...] | None = attribute(
        "Empfänger", "recipients", "Benannte Stellen, nie „alle Behörden“."
    )
    direction: Direction | None = attribute("Richtung", "direction")
    language_of_form: Code = attribute(
        "Sprache des Formulars", "language of the form", "Sprachcode nach BCP 47."
    )
    interpreter_present: Flag = attribute("Sprachmittlung dabei", "interpreter present")
    form: ConsentForm | None = attribute("Form", "form")
    granted_on: Happened = attribute("erteilt am", "granted on")
    valid_until: Deadline = attribute("gültig bis", "valid until", "Letzter gültiger Tag.")
    guardian_party_id: Code = attribute(
        "Personensorge", "guardian", "Kennung der sorgeberechtigten Person oder des Vormunds."
    )
    withdrawn_on: Happened = attribute("widerrufen am", "withdrawn on")
    document_ref: Code = attribute("Ablage des Dokuments", "document reference")


class ConsentWithdrawn(CaseFact):
    """The person takes a consent back."""

    about = About(
        label=Label("Einwilligung widerrufen", "consent withdrawn", "Widerruf"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.CLIENT, Recorder.DPO),
        source="integrationskette.md 1.6; Art. 7 (3) DSGVO",
        publish=PSEUDONYMOUS_ONLY,
        ends=Ends(begun_by=("ConsentGranted",), by="consent_id"),
    )

    consent_id: Code = attribute("Kennung der Einwilligung", "consent id")
    recipients: tuple[str, ...] | None = attribute("Empfänger", "recipients")
    withdrawn_on: Happened = attribute("widerrufen am", "withdrawn on")


class ConsentExpired(CaseFact):
    """A consent came to its end."""

    about = About(
        label=Label("Einwilligung abgelaufen", "consent expired", "Ablauf Einw."),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.SYSTEM),
        source="integrationskette.md 1.6",
        publish=PSEUDONYMOUS_ONLY,
        ends=Ends(begun_by=("ConsentGranted",), by="consent_id"),
    )

    consent_id: Code = attribute("Kennung der Einwilligung", "consent id")
    recipients: tuple[str, ...] | None = attribute("Empfänger", "recipients")


class DataDisclosed(Disclosure):
    """Data of the person went to another body."""

    about = About(
        label=Label("Daten übermittelt", "data disclosed", "Übermittlung"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.SYSTEM, Recorder.DPO),
        source="integrationskette.md 2.5 A; 1.6; § 67d SGB X",
        publish=PSEUDONYMOUS_ONLY,
    )

    target: Code = attribute("übermittelte Tatsache", "disclosed fact", "Kennung der Tatsache.")
    reason: Code = attribute("Grund", "reason")
