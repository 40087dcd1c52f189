"""Housing, family, health, and the end of a journey."""

from typing import Annotated

from pydantic import Field

from domain.events.common import (
    PSEUDONYMOUS_ONLY,
    SENSITIVE,
    Code,
    Count,
    PersonalFact,
    recorded_by,
)
from domain.fact import About, Happened, JourneyName, attribute
from domain.fields import DataClass, Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.person import HousingKind, Severity

Rooms = Annotated[float | None, Field(ge=0, le=100, allow_inf_nan=False)]


class Housing(PersonalFact):
    """A place to live."""

    kind: HousingKind | None = attribute("Wohnform", "kind of housing")
    rooms: Rooms = attribute("Zimmer", "rooms")
    persons: Count = attribute("Personen", "persons")
    ags: Code = attribute("Gemeinde", "municipality", "Amtlicher Gemeindeschlüssel (AGS).")


class HousingAssigned(Housing):
    """A place to live is assigned."""

    about = About(
        label=Label("Unterkunft zugewiesen", "housing assigned", "Unterkunft"),
        field=Handlungsfeld.WOHNEN,
        recorders=recorded_by(Recorder.SOZIALAMT, Recorder.HOUSING),
        source="integrationskette.md 2.5 I",
        publish=PSEUDONYMOUS_ONLY,
    )


class LeaseSigned(Housing):
    """A lease is signed."""

    about = About(
        label=Label("Mietvertrag", "lease signed", "Mietvertrag"),
        field=Handlungsfeld.WOHNEN,
        recorders=recorded_by(Recorder.HOUSING, Recorder.CLIENT),
        source="integrationskette.md 2.5 I",
        publish=PSEUDONYMOUS_ONLY,
    )


class ChildBorn(PersonalFact):
    """A child is born."""

    about = About(
        label=Label("Geburt eines Kindes", "child born", "Geburt"),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.CLIENT, Recorder.REGISTRATION),
        source="integrationskette.md 2.5 I",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )

    child_journey_id: JourneyName = attribute(
        "Verlauf des Kindes", "journey of the child", "In Listen auch sein Aktenzeichen."
    )
    birth_date: Happened = attribute("Geburtsdatum", "date of birth")


class HealthBarrierReported(PersonalFact):
    """Health stands in the way: a coarse flag, with consent."""

    about = About(
        label=Label("Gesundheitliches Hemmnis", "health barrier reported", "Gesundheit"),
        field=Handlungsfeld.GESUNDHEIT,
        recorders=recorded_by(Recorder.COUNSELLING),
        source="integrationskette.md 2.5 I; 1.6; Art. 9 DSGVO",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )

    severity: Severity | None = attribute("Ausmaß", "severity")
    field_effect: tuple[Handlungsfeld, ...] | None = attribute("wirkt auf", "affects")


class LeftGermany(PersonalFact):
    """The person left Germany for good."""

    about = About(
        label=Label("Ausgereist", "left Germany", "Ausgereist"),
        field=Handlungsfeld.AUFENTHALT,
        recorders=recorded_by(Recorder.ABH, Recorder.REGISTRATION),
        source="integrationskette.md 1.5; 2.5 B",
        publish=PSEUDONYMOUS_ONLY,
    )


class PersonDied(PersonalFact):
    """The person died."""

    about = About(
        label=Label("Verstorben", "person died", "Verstorben"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.REGISTRATION),
        source="integrationskette.md 1.5",
        publish=PSEUDONYMOUS_ONLY,
    )
