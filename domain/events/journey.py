"""The beginning of a journey: who the person is, how they came, what is noted about them."""

from typing import Annotated

from pydantic import Field

from domain.events.common import (
    FREE_TEXT,
    IDENTIFIES,
    PSEUDONYMOUS_ONLY,
    CaseFact,
    Code,
    Count,
    PersonalFact,
    Text,
    recorded_by,
)
from domain.fact import About, Happened, attribute
from domain.fields import DataClass, Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.case import AccessPath, ContactChannel
from domain.vocabulary.countries import Country
from domain.vocabulary.person import EntryChannel, Literacy, Sex

BirthYear = Annotated[int | None, Field(ge=1880, le=2100)]


class JourneyStarted(PersonalFact):
    """The journey of a person begins: what is known about them without naming them."""

    about = About(
        label=Label("Integrationsverlauf angelegt", "journey started", "Beginn"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.SYSTEM),
        source="integrationskette.md 2.5 A",
        publish=PSEUDONYMOUS_ONLY,
    )

    birth_year: BirthYear = attribute("Geburtsjahr", "year of birth")
    sex: Sex | None = attribute("Geschlecht", "sex")
    nationality: tuple[Country, ...] | None = attribute(
        "Staatsangehörigkeiten",
        "nationalities",
        "Ländercodes nach ISO 3166-1 alpha-3, dazu XKX, staatenlos, ungeklaert.",
    )
    entry_date: Happened = attribute("Einreise am", "entered on")
    entry_channel: EntryChannel | None = attribute("Zugangsweg nach Deutschland", "way of entry")
    languages: tuple[str, ...] | None = attribute(
        "Sprachen", "languages", "Sprachcodes nach BCP 47."
    )
    literacy: Literacy | None = attribute("Schriftkenntnis", "literacy")
    schooling_years: Count = attribute("Schuljahre", "years of schooling")


class PersonIdentified(PersonalFact):
    """The name and birth date of the person."""

    about = About(
        label=Label("Personalien erfasst", "person identified", "Personalien"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.SYSTEM, Recorder.ABH, Recorder.REGISTRATION),
        source="integrationskette.md 2.5 A; 1.6",
        publish=IDENTIFIES,
        data_class=DataClass.IDENTITY,
    )

    given_names: Code = attribute("Vornamen", "given names")
    family_name: Code = attribute("Familienname", "family name")
    birth_date: Happened = attribute("Geburtsdatum", "date of birth")


class ContactDetailsRecorded(PersonalFact):
    """How the person can be reached."""

    about = About(
        label=Label("Kontaktdaten erfasst", "contact details recorded", "Kontaktdaten"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.CLIENT),
        source="integrationskette.md 2.5 A; 1.6",
        publish=IDENTIFIES,
        data_class=DataClass.IDENTITY,
    )

    phone: Code = attribute("Telefon", "phone")
    email: Code = attribute("E-Mail", "e-mail")
    address: Code = attribute("Anschrift", "address")


class FileNumberRecorded(PersonalFact):
    """A number under which an office keeps the person's file."""

    about = About(
        label=Label("Aktenzeichen erfasst", "file number recorded", "Aktenzeichen"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.ABH, Recorder.EBH, Recorder.SOZIALAMT, Recorder.JOBCENTER),
        source="integrationskette.md 2.5 A; 1.6",
        publish=IDENTIFIES,
        data_class=DataClass.IDENTITY,
    )

    number: Code = attribute("Aktenzeichen", "file number")
    authority: Code = attribute("Behörde", "authority")


class NoteTaken(CaseFact):
    """A free note, sealed with a key of its own."""

    about = About(
        label=Label("Notiz", "note taken", "Notiz"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(),
        source="integrationskette.md 2.5 A; 1.6",
        publish=FREE_TEXT,
        data_class=DataClass.NOTES,
    )

    text: Text = attribute("Text", "text")
    field: Handlungsfeld | None = attribute("Handlungsfeld", "field of action")


class FirstContactRecorded(CaseFact):
    """The person came to the case management for the first time."""

    about = About(
        label=Label("Erstkontakt", "first contact recorded", "Erstkontakt"),
        field=Handlungsfeld.FALLSTEUERUNG,
        recorders=recorded_by(Recorder.COUNSELLING),
        source="integrationskette.md 2.5 A; 1.5",
        publish=PSEUDONYMOUS_ONLY,
    )

    access_path: AccessPath | None = attribute("Zugang über", "came through")
    channel: ContactChannel | None = attribute("Form des Kontakts", "channel")
    reason_fields: tuple[Handlungsfeld, ...] | None = attribute("Anliegen", "concerns")
