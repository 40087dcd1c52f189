"""Household and family: who belongs together, and what changes between people."""

from domain.events.common import (
    PSEUDONYMOUS_ONLY,
    SENSITIVE,
    Code,
    Decision,
    Flag,
    PersonalFact,
    recorded_by,
)
from domain.fact import About, Deadline, Happened, JourneyName, attribute
from domain.fields import DataClass, Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.person import HouseholdRole
from domain.vocabulary.residence import GrantOrRefusal, ResidenceBasis


class Membership(PersonalFact):
    """A household and one of its members; every member's journey tells it with the same id."""

    household_id: Code = attribute("Kennung des Haushalts", "household id")
    member_journey_id: JourneyName = attribute(
        "Verlauf des Mitglieds",
        "journey of the member",
        "In Listen auch sein Aktenzeichen; leer: die Person selbst, bei einem Kind: sein Verlauf ist nicht bekannt.",
    )
    role: HouseholdRole | None = attribute("Rolle", "role")


class HouseholdFormed(Membership):
    """The person forms or joins a household."""

    about = About(
        label=Label("Haushalt gebildet", "household formed", "Haushalt"),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.REGISTRATION, Recorder.SOZIALAMT),
        source="design.md 5; integrationskette.md 2.3",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )


class MemberJoined(Membership):
    """Somebody belongs to the person's household."""

    about = About(
        label=Label("Mitglied des Haushalts", "member joined the household", "Mitglied"),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.REGISTRATION, Recorder.SOZIALAMT),
        source="design.md 5",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )


class MemberLeft(Membership):
    """Somebody leaves the household; without a member, the person does."""

    about = About(
        label=Label("Haushalt verlassen", "member left the household", "Haush. verl."),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.REGISTRATION, Recorder.SOZIALAMT),
        source="design.md 5",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )


class PregnancyReported(PersonalFact):
    """A pregnancy is told, by wish of the person."""

    about = About(
        label=Label("Schwangerschaft", "pregnancy reported", "Schwanger"),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.COUNSELLING, Recorder.CLIENT),
        source="integrationskette.md 2.5 I",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )
    due_month: Deadline = attribute("erwartet im", "expected in")


class MarriageRecorded(PersonalFact):
    """A marriage is recorded."""

    about = About(
        label=Label("Eheschließung", "marriage recorded", "Ehe"),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.REGISTRATION, Recorder.CLIENT),
        source="cases/README.md 2",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )
    recognised: Flag = attribute("in Deutschland anerkannt", "recognised in Germany")
    spouse_german: Flag = attribute("mit Deutscher oder Deutschem", "with a German")


class PartnershipEnded(PersonalFact):
    """The couple no longer lives together."""

    about = About(
        label=Label("Trennung", "partnership ended", "Trennung"),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.REGISTRATION, Recorder.CLIENT, Recorder.ABH),
        source="cases/README.md 2 (C01, C64)",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )
    kind: Code = attribute("Art", "kind", "Trennung, Scheidung oder Tod.")


class PaternityAcknowledged(PersonalFact):
    """Paternity is acknowledged."""

    about = About(
        label=Label("Vaterschaft anerkannt", "paternity acknowledged", "Vaterschaft"),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.REGISTRATION, Recorder.JUGENDAMT),
        source="cases/README.md 2 (C27)",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )
    child_german: Flag = attribute("Kind ist deutsch", "child is German")


class GuardianAppointed(PersonalFact):
    """A guardian is appointed."""

    about = About(
        label=Label("Vormund bestellt", "guardian appointed", "Vormund"),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.JUGENDAMT, Recorder.COURT),
        source="cases/README.md 2 (C61)",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )
    guardian: Code = attribute("Vormund", "guardian")
    until: Deadline = attribute("bis", "until")


class MinorTurnedAdult(PersonalFact):
    """The person comes of age."""

    about = About(
        label=Label("Volljährigkeit", "minor turned adult", "Volljährig"),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.JUGENDAMT, Recorder.SYSTEM),
        source="integrationskette.md 2.5 I",
        publish=PSEUDONYMOUS_ONLY,
    )
    on: Happened = attribute("am", "on")


class FamilyReunificationApplied(PersonalFact):
    """Reunification of the family is applied for."""

    about = About(
        label=Label(
            "Familiennachzug beantragt", "family reunification applied for", "Nachzugsantrag"
        ),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.CLIENT, Recorder.ABH),
        source="integrationskette.md 2.5 I",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )
    basis: ResidenceBasis | None = attribute("Rechtsgrundlage", "legal basis")
    threshold_date: Deadline = attribute("Frist der Privilegierung", "day of the privilege")


class FamilyReunificationNotified(PersonalFact):
    """The wish for reunification is notified in time (§ 29 (2) AufenthG)."""

    about = About(
        label=Label("Familiennachzug angezeigt", "family reunification notified", "Nachzugsanz."),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.CLIENT, Recorder.ABH, Recorder.COUNSELLING),
        source="cases/README.md 3 W28",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )


class FamilyReunificationDecided(Decision):
    """Reunification of the family is decided."""

    about = About(
        label=Label("Familiennachzug entschieden", "family reunification decided", "Nachzug"),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.ABH, Recorder.COURT),
        source="integrationskette.md 2.5 I",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )
    basis: ResidenceBasis | None = attribute("Rechtsgrundlage", "legal basis")
    outcome: GrantOrRefusal | None = attribute("Ergebnis", "outcome")


class FamilyMemberArrived(PersonalFact):
    """A member of the family arrives."""

    about = About(
        label=Label("Familienmitglied angekommen", "family member arrived", "Angekommen"),
        field=Handlungsfeld.FAMILIE,
        recorders=recorded_by(Recorder.ABH, Recorder.REGISTRATION, Recorder.CLIENT),
        source="integrationskette.md 2.5 I",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )
    member_journey_id: JourneyName = attribute(
        "Verlauf des Mitglieds", "journey of the member", "In Listen auch sein Aktenzeichen."
    )
