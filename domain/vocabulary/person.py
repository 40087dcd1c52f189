"""The person and daily life: how somebody came, housing, health, livelihood."""

from domain.labels import Vocabulary


class Sex(Vocabulary):
    """Sex as offices keep it."""

    FEMALE = "w", "weiblich", "female"
    MALE = "m", "männlich", "male"
    DIVERSE = "d", "divers", "diverse"
    UNSTATED = "x", "ohne Angabe", "not stated"


class EntryChannel(Vocabulary):
    """By which way a person came to Germany."""

    ASYLUM = "asyl", "Asyl", "asylum"
    QUOTA = "kontingent", "Kontingent", "quota"
    FAMILY = "familie", "Familiennachzug", "family"
    WORK = "arbeit", "Arbeit", "work"
    TRAINING = "ausbildung", "Ausbildung", "training"
    STUDY = "studium", "Studium", "study"
    EU = "eu", "Freizügigkeit EU", "EU free movement"
    UKRAINE = "ukraine", "Vorübergehender Schutz (Ukraine)", "temporary protection (Ukraine)"
    REPATRIATE = "spaetaussiedler", "Spätaussiedler", "late repatriate"
    UNKNOWN = "unknown", "unbekannt", "unknown"


class Literacy(Vocabulary):
    """In which script a person reads and writes."""

    LATIN = "lateinisch", "lateinische Schrift", "Latin script"
    SECOND_SCRIPT = "zweitschrift", "Zweitschriftlernende", "learns a second script"
    NONE = "keine", "keine Schrift", "none"
    UNKNOWN = "unknown", "unbekannt", "unknown"


class HousingKind(Vocabulary):
    """How a person lives (states of reference 2.2)."""

    LAND_FACILITY = "land_facility", "Landeseinrichtung", "facility of the Land"
    COMMUNAL = "communal", "Gemeinschaftsunterkunft", "communal accommodation"
    PRIVATE_SUBLET = "private_sublet", "zur Untermiete", "private sublet"
    PRIVATE_LEASE = "private_lease", "eigene Wohnung", "private lease"
    HOMELESS = "homeless", "ordnungsrechtlich untergebracht", "housed as homeless"


class Severity(Vocabulary):
    """How strongly health stands in the way: a coarse flag, never a diagnosis."""

    NONE = "none", "kein Hemmnis", "none"
    MODERATE = "moderate", "mäßig", "moderate"
    SEVERE = "severe", "schwer", "severe"
    UNKNOWN = "unknown", "unbekannt", "unknown"


class LivelihoodDegree(Vocabulary):
    """How far a livelihood is secured by own means."""

    FULL = "full", "vollständig", "full"
    PREDOMINANTLY = "predominantly", "überwiegend", "predominantly"
    PARTIAL = "partial", "teilweise", "partial"


class HouseholdRole(Vocabulary):
    """What somebody is in a household."""

    ADULT = "adult", "Erwachsene Person", "adult"
    PARTNER = "partner", "Partner:in", "partner"
    CHILD = "child", "Kind", "child"
    PARENT = "parent", "Elternteil", "parent"
    OTHER = "other", "anderes Mitglied", "other member"


class EvictionStage(Vocabulary):
    """How far an eviction has come."""

    WARNING = "warning", "Abmahnung", "warning"
    NOTICE = "notice", "Kündigung", "notice"
    ACTION = "action", "Räumungsklage", "action for eviction"
    DATE = "date", "Räumungstermin", "date of eviction"
