"""Case management: how people come, how cases are led, passed on and closed, and consent."""

from domain.labels import Vocabulary


class AccessPath(Vocabulary):
    """Who sent a person to the case management."""

    SELF = "self", "Eigener Weg", "self-referral"
    ABH = "abh", "Ausländerbehörde", "immigration office"
    EBH = "ebh", "Einbürgerungsbehörde", "naturalisation office"
    SOZIALAMT = "sozialamt", "Sozialamt", "social welfare office"
    JOBCENTER = "jobcenter", "Jobcenter", "Jobcenter"
    BA = "ba", "Agentur für Arbeit", "employment agency"
    SCHOOL = "schule", "Schule", "school"
    KITA = "kita", "Kita", "daycare centre"
    MBE = "mbe", "Migrationsberatung (MBE)", "migration counselling (MBE)"
    JMD = "jmd", "Jugendmigrationsdienst", "youth migration service"
    VOLUNTEERS = "ehrenamt", "Ehrenamt", "volunteers"
    DOCTOR = "arzt", "Arztpraxis", "doctor"
    ACCOMMODATION = "unterkunft", "Unterkunft", "accommodation"
    EMPLOYER = "arbeitgeber", "Arbeitgeber", "employer"


class ContactChannel(Vocabulary):
    """How a contact is held."""

    OFFICE = "office", "im Büro", "at the office"
    HOME = "home", "Hausbesuch", "home visit"
    OUTREACH = "outreach", "aufsuchend", "outreach"
    PHONE = "phone", "Telefon", "phone"
    VIDEO = "video", "Video", "video"
    MESSENGER = "messenger", "Messenger", "messenger"


class Interpreter(Vocabulary):
    """Who interpreted."""

    NONE = "none", "keine Sprachmittlung", "none"
    PERSON = "person", "Sprachmittler:in vor Ort", "interpreter present"
    PHONE = "phone", "Telefondolmetschen", "by phone"
    APP = "app", "Übersetzungs-App", "app"


class Intensity(Vocabulary):
    """How closely a case is accompanied."""

    ADVICE = "kurzberatung", "Kurzberatung", "short advice"
    ACCOMPANIED = "begleitung", "Begleitung", "accompaniment"
    INTENSIVE = "intensiv", "Intensiv", "intensive"


class AssignmentReason(Vocabulary):
    """Why a case manager takes over or leaves a case."""

    NEW = "new", "neuer Fall", "new case"
    HANDOVER = "handover", "Übergabe", "handover"
    ABSENCE = "absence", "Abwesenheit", "absence"
    STAFF_LEFT = "staff_left", "Personalwechsel", "staff left"


class FailReason(Vocabulary):
    """Why a link to a service failed."""

    NO_CAPACITY = "no_capacity", "keine Kapazität", "no capacity"
    NOT_ELIGIBLE = "not_eligible", "nicht förderfähig", "not eligible"
    NO_SHOW = "no_show", "nicht erschienen", "no show"
    DECLINED = "declined", "abgelehnt", "declined"
    NO_ANSWER = "no_answer", "keine Antwort", "no answer"
    FUNDING_STOP = "funding_stop", "Förderstopp", "funding stop"


class HandoverReason(Vocabulary):
    """Why a case is handed over."""

    MOVE = "move", "Umzug", "move"
    RECHTSKREIS = "rechtskreis", "Wechsel des Rechtskreises", "change of Rechtskreis"
    AGE_18 = "age18", "Volljährigkeit", "coming of age"
    STAFF = "staff", "Personal", "staff"
    SPECIALIST = "specialist", "Fachdienst", "specialist service"


class RestReason(Vocabulary):
    """Why a case rests; illness is told by facts of class sensitive, not here."""

    ABSENCE = "absence", "vorübergehend abwesend", "away for a while"
    NO_CONTACT = "no_contact", "kein Kontakt", "no contact"
    OWN_WISH = "own_wish", "auf eigenen Wunsch", "client's wish"
    WAITING = "waiting", "wartet auf eine Entscheidung", "waiting for a decision"
    PLACED = "placed", "in Kurs, Ausbildung oder Arbeit", "in a course, training or work"
    OTHER_STEERING = "other_steering", "andere Stelle steuert", "steered by another body"


class CloseReason(Vocabulary):
    """Why a case was closed (reference 1.5)."""

    GOALS_REACHED = "goals_reached", "Ziele erreicht", "goals reached"
    REGULAR_SYSTEM = (
        "handed_over_regular_system",
        "an Regelsystem übergeben",
        "handed over to the regular system",
    )
    OTHER_MUNICIPALITY = (
        "handed_over_other_municipality",
        "an andere Kommune übergeben",
        "handed over to another municipality",
    )
    CLIENT_WITHDREW = "client_withdrew", "auf eigenen Wunsch", "client withdrew"
    CONTACT_LOST = "contact_lost", "Kontakt verloren", "contact lost"
    MOVED_AWAY = "moved_away", "weggezogen", "moved away"
    LEFT_GERMANY = "left_germany", "ausgereist", "left Germany"
    NATURALISED = "naturalised", "eingebürgert", "naturalised"
    DECEASED = "deceased", "verstorben", "deceased"
    NOT_INDICATED = "not_indicated", "nicht angezeigt", "not indicated"
    CONSENT_WITHDRAWN = "consent_withdrawn", "Einwilligung widerrufen", "consent withdrawn"


class ConsentKind(Vocabulary):
    """What a consent allows."""

    DOCUMENTATION = (
        "einwilligung_falldokumentation",
        "Einwilligung in die Falldokumentation",
        "consent to case documentation",
    )
    DISCLOSURE = (
        "einwilligung_datenweitergabe",
        "Einwilligung in die Datenweitergabe",
        "consent to disclosure",
    )
    CONFIDENTIALITY_WAIVER = (
        "schweigepflichtentbindung",
        "Schweigepflichtentbindung",
        "release from confidentiality",
    )
    PHOTO = "einwilligung_foto", "Einwilligung in Fotos", "consent to photos"
    MESSENGER = (
        "einwilligung_kontakt_messenger",
        "Einwilligung in Kontakt per Messenger",
        "consent to messenger contact",
    )


class ConsentForm(Vocabulary):
    """In which form a consent was given."""

    WRITTEN = "written", "schriftlich", "written"
    ELECTRONIC = "electronic", "elektronisch", "electronic"
    ORAL = "oral_documented", "mündlich, dokumentiert", "oral, documented"


class DataCategory(Vocabulary):
    """Kinds of data that a consent or a disclosure covers."""

    MASTER = "stammdaten", "Stammdaten", "master data"
    RESIDENCE = "aufenthalt", "Aufenthalt", "residence"
    BENEFITS = "leistungen", "Leistungen", "benefits"
    HEALTH = "gesundheit", "Gesundheit", "health"
    FAMILY = "familie", "Familie", "family"
    EDUCATION = "bildung", "Bildung", "education"
    WORK = "arbeit", "Arbeit", "work"


class Direction(Vocabulary):
    """Which way data may flow."""

    SEND = "send", "weitergeben", "send"
    RECEIVE = "receive", "einholen", "receive"
    MUTUAL = "mutual", "gegenseitig", "mutual"


class GoalDegree(Vocabulary):
    """How far a goal is reached."""

    FULL = "full", "ganz", "fully"
    PARTIAL = "partial", "teilweise", "partly"


class StructuralOutcome(Vocabulary):
    """What became of a structural gap (reference 1.5)."""

    ACCEPTED = "accepted", "angenommen", "accepted"
    MEASURE = "measure", "Maßnahme beschlossen", "measure decided"
    RESOLVED = "resolved", "gelöst", "resolved"
    REJECTED = "rejected", "nicht verfolgt", "rejected"


class SteeringBody(Vocabulary):
    """Who else may steer a case (reference 3.2, F19)."""

    JOBCENTER = "jobcenter_bfm", "Fallmanagement des Jobcenters", "case management of the Jobcenter"
    MBE = "mbe", "Migrationsberatung (MBE)", "migration counselling (MBE)"
    JMD = "jmd", "Jugendmigrationsdienst", "youth migration service"
    JUGENDAMT = "jugendamt", "Jugendamt", "youth welfare office"
    OTHER_KIM = "other_kim", "KIM einer anderen Kommune", "KIM of another municipality"
    OTHER = "other", "andere Stelle", "other body"


class AdvisingBody(Vocabulary):
    """Who gave a first advice."""

    KIM = "KIM", "KIM", "KIM"
    MBE = "MBE", "Migrationsberatung (MBE)", "migration counselling (MBE)"
    JMD = "JMD", "Jugendmigrationsdienst", "youth migration service"
    RFB = "RFB", "Regionale Flüchtlingsberatung", "regional refugee counselling"


class CounsellingKind(Vocabulary):
    """Which counselling was used."""

    MBE = "MBE", "Migrationsberatung (MBE)", "migration counselling (MBE)"
    JMD = "JMD", "Jugendmigrationsdienst", "youth migration service"
    DEBT = "schulden", "Schuldnerberatung", "debt counselling"
    ADDICTION = "sucht", "Suchtberatung", "addiction counselling"
    WOMEN = "frauen", "Frauenberatung", "women's counselling"
    HOUSING = "wohnen", "Wohnraumsicherung", "prevention of homelessness"
    OTHER = "other", "andere", "other"
