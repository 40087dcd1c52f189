"""Housing and health as they change."""

from domain.events.common import PSEUDONYMOUS_ONLY, SENSITIVE, Count, PersonalFact, recorded_by
from domain.events.life import Housing
from domain.fact import About, Deadline, attribute
from domain.fields import DataClass, Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.person import EvictionStage


class HousingChanged(Housing):
    """The person moves."""

    about = About(
        label=Label("Umzug", "housing changed", "Umzug"),
        field=Handlungsfeld.WOHNEN,
        recorders=recorded_by(Recorder.SOZIALAMT, Recorder.HOUSING, Recorder.CLIENT),
        source="integrationskette.md 2.5 I",
        publish=PSEUDONYMOUS_ONLY,
    )


class EvictionThreatened(PersonalFact):
    """The home is in danger."""

    about = About(
        label=Label("Räumung droht", "eviction threatened", "Räumung"),
        field=Handlungsfeld.WOHNEN,
        recorders=recorded_by(Recorder.HOUSING, Recorder.CLIENT, Recorder.COURT),
        source="integrationskette.md 2.5 I",
        publish=PSEUDONYMOUS_ONLY,
    )
    stage: EvictionStage | None = attribute("Stand", "stage")


class HousingCertificateIssued(PersonalFact):
    """A certificate for subsidised housing is issued."""

    about = About(
        label=Label("Wohnberechtigungsschein", "housing certificate issued", "WBS"),
        field=Handlungsfeld.WOHNEN,
        recorders=recorded_by(Recorder.HOUSING),
        source="integrationskette.md 2.5 I",
        publish=PSEUDONYMOUS_ONLY,
    )
    valid_until: Deadline = attribute("gültig bis", "valid until", "Letzter gültiger Tag.")
    rooms: Count = attribute("Zimmer", "rooms")
    persons: Count = attribute("Personen", "persons")


class HealthBarrierResolved(PersonalFact):
    """Health no longer stands in the way."""

    about = About(
        label=Label("Gesundheitliches Hemmnis behoben", "health barrier resolved", "Behoben"),
        field=Handlungsfeld.GESUNDHEIT,
        recorders=recorded_by(Recorder.COUNSELLING),
        source="integrationskette.md 2.5 I",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )
    field_effect: tuple[Handlungsfeld, ...] | None = attribute("wirkt auf", "affects")
