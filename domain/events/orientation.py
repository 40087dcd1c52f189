"""First orientation: courses, advice, and what daily life needs."""

from domain.events.common import (
    PSEUDONYMOUS_ONLY,
    SENSITIVE,
    Code,
    Count,
    PersonalFact,
    recorded_by,
)
from domain.fact import About, attribute
from domain.fields import DataClass, Handlungsfeld, Recorder
from domain.labels import Label
from domain.vocabulary.case import AdvisingBody, CounsellingKind


class OrientationCourse(PersonalFact):
    """A first orientation course: 300 units in six modules."""

    provider: Code = attribute("Kursträger", "provider")
    ue_total: Count = attribute("Unterrichtseinheiten gesamt", "units in all")
    modules: tuple[str, ...] | None = attribute("Module", "modules")


class OrientationCourseStarted(OrientationCourse):
    """A first orientation course begins."""

    about = About(
        label=Label("Erstorientierungskurs begonnen", "orientation course started", "EOK Beginn"),
        field=Handlungsfeld.ERSTORIENTIERUNG,
        recorders=recorded_by(Recorder.COURSE_PROVIDER, Recorder.BAMF),
        source="integrationskette.md 2.5 C",
        publish=PSEUDONYMOUS_ONLY,
    )


class OrientationCourseCompleted(OrientationCourse):
    """A first orientation course is over."""

    about = About(
        label=Label("Erstorientierungskurs beendet", "orientation course completed", "EOK Ende"),
        field=Handlungsfeld.ERSTORIENTIERUNG,
        recorders=recorded_by(Recorder.COURSE_PROVIDER, Recorder.BAMF),
        source="integrationskette.md 2.5 C",
        publish=PSEUDONYMOUS_ONLY,
    )


class InitialAdviceGiven(PersonalFact):
    """The person is advised for the first time."""

    about = About(
        label=Label("Erstberatung", "initial advice given", "Erstberatung"),
        field=Handlungsfeld.ERSTORIENTIERUNG,
        recorders=recorded_by(Recorder.COUNSELLING),
        source="integrationskette.md 2.5 C",
        publish=PSEUDONYMOUS_ONLY,
    )
    topics: tuple[str, ...] | None = attribute("Themen", "topics")
    by: AdvisingBody | None = attribute("durch", "by")


class BankAccountOpened(PersonalFact):
    """A bank account is opened."""

    about = About(
        label=Label("Bankkonto eröffnet", "bank account opened", "Konto"),
        field=Handlungsfeld.ERSTORIENTIERUNG,
        recorders=recorded_by(Recorder.CLIENT),
        source="integrationskette.md 2.5 C",
        publish=PSEUDONYMOUS_ONLY,
    )


class TaxIdReceived(PersonalFact):
    """The tax number has come."""

    about = About(
        label=Label("Steuer-ID erhalten", "tax id received", "Steuer-ID"),
        field=Handlungsfeld.ERSTORIENTIERUNG,
        recorders=recorded_by(Recorder.CLIENT),
        source="integrationskette.md 2.5 C",
        publish=PSEUDONYMOUS_ONLY,
    )


class HealthCardReceived(PersonalFact):
    """The health card has come."""

    about = About(
        label=Label("Gesundheitskarte erhalten", "health card received", "eGK"),
        field=Handlungsfeld.GESUNDHEIT,
        recorders=recorded_by(Recorder.CLIENT, Recorder.INSURER),
        source="integrationskette.md 2.5 C",
        publish=PSEUDONYMOUS_ONLY,
    )


class CounsellingUsed(PersonalFact):
    """A counselling service is used."""

    about = About(
        label=Label("Beratung genutzt", "counselling used", "Beratung"),
        field=Handlungsfeld.SOZIALE_BERATUNG,
        recorders=recorded_by(Recorder.COUNSELLING),
        source="integrationskette.md 2.5 I",
        publish=SENSITIVE,
        data_class=DataClass.SENSITIVE,
    )
    kind: CounsellingKind | None = attribute("Art", "kind")
    provider: Code = attribute("Träger", "provider")


class VolunteeringStarted(PersonalFact):
    """The person volunteers."""

    about = About(
        label=Label("Ehrenamt begonnen", "volunteering started", "Ehrenamt"),
        field=Handlungsfeld.TEILHABE,
        recorders=recorded_by(Recorder.COUNSELLING, Recorder.CLIENT),
        source="integrationskette.md 2.5 I",
        publish=PSEUDONYMOUS_ONLY,
    )
    provider: Code = attribute("Organisation", "organisation")


class ClubJoined(PersonalFact):
    """The person joins a club."""

    about = About(
        label=Label("Verein beigetreten", "club joined", "Verein"),
        field=Handlungsfeld.TEILHABE,
        recorders=recorded_by(Recorder.COUNSELLING, Recorder.CLIENT),
        source="integrationskette.md 2.5 I",
        publish=PSEUDONYMOUS_ONLY,
    )
    provider: Code = attribute("Verein", "club")


class MentorMatched(PersonalFact):
    """A mentor accompanies the person."""

    about = About(
        label=Label("Patenschaft begonnen", "mentor matched", "Patenschaft"),
        field=Handlungsfeld.TEILHABE,
        recorders=recorded_by(Recorder.COUNSELLING),
        source="integrationskette.md 2.5 I",
        publish=PSEUDONYMOUS_ONLY,
    )
    provider: Code = attribute("Organisation", "organisation")
