"""Naturalisation, from advice to the certificate."""

from domain.events.common import PSEUDONYMOUS_ONLY, Code, Decision, Flag, PersonalFact, recorded_by
from domain.fact import About, Deadline, Happened, Published, attribute
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.naturalisation import ApplicationChannel, NaturalisationBasis


class Advice(PersonalFact):
    """What is still missing for naturalisation."""

    missing: tuple[str, ...] | None = attribute("fehlt noch", "missing")


class NaturalisationAdvised(Advice):
    """The person is advised about naturalisation."""

    about = About(
        label=Label("Einbürgerungsberatung", "naturalisation advised", "EB-Beratung"),
        field=Handlungsfeld.EINBUERGERUNG,
        recorders=recorded_by(Recorder.EBH, Recorder.COUNSELLING),
        source="integrationskette.md 2.5 J",
        publish=PSEUDONYMOUS_ONLY,
    )


class PrecheckCompleted(Advice):
    """It is checked what is still missing for an application."""

    about = About(
        label=Label("Vorprüfung Einbürgerung", "precheck completed", "Vorprüfung"),
        field=Handlungsfeld.EINBUERGERUNG,
        recorders=recorded_by(Recorder.EBH),
        source="integrationskette.md 2.5 J",
        publish=PSEUDONYMOUS_ONLY,
    )


class NaturalisationApplied(PersonalFact):
    """Naturalisation is applied for: the receipt of any written request."""

    about = About(
        label=Label("Einbürgerung beantragt", "naturalisation applied for", "EB-Antrag"),
        field=Handlungsfeld.EINBUERGERUNG,
        recorders=recorded_by(Recorder.CLIENT, Recorder.EBH),
        source="integrationskette.md 2.5 J; 2.7",
        publish=Published("NaturalisationApplied"),
    )

    basis: NaturalisationBasis | None = attribute("Rechtsgrundlage", "legal basis")
    complete: Flag = attribute("vollständig", "complete")
    channel: ApplicationChannel | None = attribute("Weg der Antragstellung", "channel")


class NaturalisationAssuranceGranted(Decision):
    """The office assures naturalisation until a day."""

    about = About(
        label=Label("Einbürgerungszusicherung", "naturalisation assurance granted", "Zusicherung"),
        field=Handlungsfeld.EINBUERGERUNG,
        recorders=recorded_by(Recorder.EBH),
        source="cases/README.md 2",
        publish=PSEUDONYMOUS_ONLY,
    )

    valid_until: Deadline = attribute("gültig bis", "valid until", "Letzter gültiger Tag.")


class NaturalisationRefused(Decision):
    """The application is refused."""

    about = About(
        label=Label("Einbürgerung abgelehnt", "naturalisation refused", "EB abgelehnt"),
        field=Handlungsfeld.EINBUERGERUNG,
        recorders=recorded_by(Recorder.EBH),
        source="integrationskette.md 2.5 J",
        publish=PSEUDONYMOUS_ONLY,
    )

    reason: Code = attribute("Grund", "reason")


class NaturalisationApproved(Decision):
    """The application is approved."""

    about = About(
        label=Label("Einbürgerung bewilligt", "naturalisation approved", "EB bewilligt"),
        field=Handlungsfeld.EINBUERGERUNG,
        recorders=recorded_by(Recorder.EBH),
        source="integrationskette.md 2.5 J",
        publish=PSEUDONYMOUS_ONLY,
    )


class NaturalisationCertificateHandedOver(PersonalFact):
    """The person becomes German."""

    about = About(
        label=Label(
            "Einbürgerungsurkunde ausgehändigt",
            "naturalisation certificate handed over",
            "Eingebürgert",
        ),
        field=Handlungsfeld.EINBUERGERUNG,
        recorders=recorded_by(Recorder.EBH),
        source="integrationskette.md 2.5 J",
        publish=Published("NaturalisationCertificateHandedOver"),
    )

    date: Happened = attribute("ausgehändigt am", "handed over on")
