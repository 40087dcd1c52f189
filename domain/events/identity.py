"""Identity papers, absence and address."""

from domain.events.common import PSEUDONYMOUS_ONLY, Code, PersonalFact, recorded_by
from domain.fact import About, Deadline, Happened, attribute
from domain.fields import Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.person import HousingKind
from domain.vocabulary.residence import IdentityMeans, PassportKind


class Address(PersonalFact):
    """Where the person is registered, without the street."""

    move_in: Happened = attribute("Einzug am", "moved in on")
    registered_on: Happened = attribute("gemeldet am", "registered on")
    ags: Code = attribute("Gemeinde", "municipality", "Amtlicher Gemeindeschlüssel (AGS).")
    housing_kind: HousingKind | None = attribute("Wohnform", "kind of housing")


class IdentityDocumentsRequested(PersonalFact):
    """The office asks for proof of identity."""

    about = About(
        label=Label(
            "Identitätsnachweise angefordert", "identity documents requested", "Nachweis verl."
        ),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH),
        source="cases/README.md 2",
        publish=PSEUDONYMOUS_ONLY,
    )

    items: tuple[str, ...] | None = attribute("Unterlagen", "items")
    due: Deadline = attribute("Frist bis", "due")


class IdentityClarified(PersonalFact):
    """The identity is proven, or a proof is handed in."""

    about = About(
        label=Label("Identität geklärt", "identity clarified", "Identität"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH),
        source="integrationskette.md 2.5 B; cases/README.md 2",
        publish=PSEUDONYMOUS_ONLY,
    )

    means: IdentityMeans | None = attribute("Nachweis", "means")
    date: Happened = attribute("geklärt am", "clarified on")
    submitted_on: Happened = attribute("eingereicht am", "submitted on")
    accepted_by: Code = attribute("anerkannt von", "accepted by")
    accepted_on: Happened = attribute("anerkannt am", "accepted on")
    purposes: tuple[str, ...] | None = attribute(
        "Zwecke", "purposes", "Wofür der Nachweis gilt, etwa 60b, 16g, StAG."
    )


class PassportIssued(PersonalFact):
    """A passport or travel document is issued."""

    about = About(
        label=Label("Pass ausgestellt", "passport issued", "Pass"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH, Recorder.CLIENT),
        source="integrationskette.md 2.5 B",
        publish=PSEUDONYMOUS_ONLY,
    )

    valid_until: Deadline = attribute("gültig bis", "valid until", "Letzter gültiger Tag.")
    kind: PassportKind | None = attribute("Art", "kind")


class AbsenceAbroadRecorded(PersonalFact):
    """The person is abroad for a while."""

    about = About(
        label=Label("Auslandsaufenthalt", "absence abroad recorded", "Im Ausland"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH, Recorder.CLIENT),
        source="cases/README.md 2",
        publish=PSEUDONYMOUS_ONLY,
        span=("from", "until"),
    )

    from_: Deadline = attribute("von", "from", alias="from")
    until: Deadline = attribute("bis", "until", "Letzter Tag der Abwesenheit.")
    allowed_until: Deadline = attribute(
        "Frist der Ausländerbehörde",
        "period set by the immigration office",
        "Letzter Tag, bis zu dem die Wiedereinreise den Aufenthalt wahrt.",
    )
    reason: Code = attribute("Grund", "reason")


class AddressRegistered(Address):
    """The person registers an address."""

    about = About(
        label=Label("Anmeldung", "address registered", "Anmeldung"),
        field=Handlungsfeld.ERSTORIENTIERUNG,
        recorders=recorded_by(Recorder.REGISTRATION),
        source="integrationskette.md 2.5 C",
        publish=PSEUDONYMOUS_ONLY,
    )


class AddressChanged(Address):
    """The person registers a new address."""

    about = About(
        label=Label("Ummeldung", "address changed", "Ummeldung"),
        field=Handlungsfeld.ERSTORIENTIERUNG,
        recorders=recorded_by(Recorder.REGISTRATION),
        source="integrationskette.md 2.5 C",
        publish=PSEUDONYMOUS_ONLY,
    )
