"""Language: levels, courses and tests."""

from domain.labels import Vocabulary


class Cefr(Vocabulary):
    """Levels of the Common European Framework of Reference."""

    PRE_A1 = "PRE_A1", "unter A1", "below A1"
    A1 = "A1", "A1", "A1"
    A2 = "A2", "A2", "A2"
    B1 = "B1", "B1", "B1"
    B2 = "B2", "B2", "B2"
    C1 = "C1", "C1", "C1"
    C2 = "C2", "C2", "C2"


class Skill(Vocabulary):
    """What a language test measures."""

    LISTENING = "listening", "Hören", "listening"
    READING = "reading", "Lesen", "reading"
    WRITING = "writing", "Schreiben", "writing"
    SPEAKING = "speaking", "Sprechen", "speaking"


class CourseKind(Vocabulary):
    """Kinds of language courses (reference 2.4); ``IK_*`` and ``OK_ONLY`` are integration courses."""

    IK_ALLGEMEIN = "IK_ALLGEMEIN", "Allgemeiner Integrationskurs", "general integration course"
    IK_ALPHA = "IK_ALPHA", "Alphabetisierungskurs", "literacy course"
    IK_ZWEITSCHRIFT = "IK_ZWEITSCHRIFT", "Kurs für Zweitschriftlernende", "second-script course"
    IK_FOERDER = "IK_FOERDER", "Förderkurs", "remedial course"
    IK_INTENSIV = "IK_INTENSIV", "Intensivkurs", "intensive course"
    IK_JUGEND = "IK_JUGEND", "Jugendintegrationskurs (bis 2025)", "youth course (until 2025)"
    IK_ELTERN_FRAUEN = (
        "IK_ELTERN_FRAUEN",
        "Eltern- und Frauenkurs (bis 2025)",
        "parents' and women's course (until 2025)",
    )
    OK_ONLY = "OK_ONLY", "Orientierungskurs", "orientation course"
    EOK = "EOK", "Erstorientierungskurs", "first orientation course"
    MIA = "MIA", "MiA-Kurs für Frauen", "MiA course for women"
    BSK_B2 = "BSK_B2", "Berufssprachkurs B2", "vocational course B2"
    BSK_B2_BRIDGE = (
        "BSK_B2_BRIDGE",
        "Berufssprachkurs B2 mit Brücke",
        "vocational course B2, bridge",
    )
    BSK_C1 = "BSK_C1", "Berufssprachkurs C1", "vocational course C1"
    BSK_C2 = "BSK_C2", "Berufssprachkurs C2", "vocational course C2"
    BSK_B1 = "BSK_B1", "Berufssprachkurs B1", "vocational course B1"
    BSK_A2 = "BSK_A2", "Berufssprachkurs A2", "vocational course A2"
    BSK_ANERKENNUNG = (
        "BSK_ANERKENNUNG",
        "Berufssprachkurs Anerkennung",
        "vocational course for recognition",
    )
    BSK_FACH = "BSK_FACH", "Berufssprachkurs, fachspezifisch", "vocational course, subject"
    JOB_BSK = "JOB_BSK", "Job-Berufssprachkurs", "vocational course at work"
    LAND_BASIS = "LAND_BASIS", "Basissprachkurs des Landes", "basic course of the Land"
    EHRENAMT = "EHRENAMT", "Ehrenamtlicher Kurs", "course by volunteers"
    VHS_SELF = "VHS_SELF", "Selbst bezahlter Kurs", "self-paid course"


class CourseMode(Vocabulary):
    """How a course is held."""

    FULL = "full", "Vollzeit", "full-time"
    PART = "part", "Teilzeit", "part-time"
    ONLINE = "online", "online", "online"


class EntitlementBasis(Vocabulary):
    """On what ground somebody may or must attend an integration course."""

    CLAIM = "44_1", "Anspruch (§ 44 Abs. 1 AufenthG)", "claim (§ 44(1) AufenthG)"
    ADMISSION = (
        "44_4_zulassung",
        "Zulassung (§ 44 Abs. 4 AufenthG)",
        "admission (§ 44(4) AufenthG)",
    )
    ASYLBLG = "5a_IntV", "§ 5a IntV", "§ 5a IntV"
    OBLIGED_1 = "44a_nr1", "Verpflichtung (§ 44a Abs. 1 Nr. 1)", "obligation (§ 44a(1) no. 1)"
    OBLIGED_2 = "44a_nr2", "Verpflichtung (§ 44a Abs. 1 Nr. 2)", "obligation (§ 44a(1) no. 2)"
    OBLIGED_3 = "44a_nr3", "Verpflichtung (§ 44a Abs. 1 Nr. 3)", "obligation (§ 44a(1) no. 3)"
    OBLIGED_4 = "44a_nr4", "Verpflichtung (§ 44a Abs. 1 Nr. 4)", "obligation (§ 44a(1) no. 4)"
    BVFG = "BVFG", "Anspruch nach BVFG", "claim under the BVFG"


class AdmissionRefusal(Vocabulary):
    """Why an admission to a course was refused."""

    QUOTA_STOP_2026 = "quota_stop_2026", "Zulassungsstopp 2026", "admission stop 2026"
    LOW_NEED = "low_need", "geringer Integrationsbedarf", "low need"
    B1_PRESENT = "b1_present", "B1 liegt vor", "B1 present"
    SCHOOL = "school", "Schulbesuch", "school"
    NO_PROSPECT = "no_prospect", "keine Bleibeperspektive", "no prospect of staying"
    STATUS = "status", "Aufenthaltsstatus", "residence status"
    REPETITION_USED_UP = "repetition_used_up", "Wiederholung verbraucht", "repetition used up"
    OTHER = "other", "anderer Grund", "other"


class InterruptionReason(Vocabulary):
    """Why a course was interrupted, resumed or aborted."""

    WORK = "work", "Arbeit", "work"
    TRAINING = "training", "Ausbildung", "training"
    ILLNESS = "illness", "Krankheit", "illness"
    PREGNANCY = "pregnancy", "Schwangerschaft", "pregnancy"
    CHILDCARE = "childcare", "Kinderbetreuung", "childcare"
    MOVE = "move", "Umzug", "move"
    MOTIVATION = "motivation", "Motivation", "motivation"
    PSYCH = "psych", "seelische Belastung", "mental strain"
    TRANSPORT = "transport", "Fahrtweg", "transport"
    PROVIDER = "provider", "Kursträger", "provider"


class LanguageTest(Vocabulary):
    """Tests of language and civics (reference 2.4)."""

    EINSTUFUNG = "EINSTUFUNG", "Einstufungstest", "placement test"
    DTZ = "DTZ", "Deutsch-Test für Zuwanderer", "German test for immigrants"
    LID = "LID", "Leben in Deutschland", "Life in Germany"
    EBT = "EBT", "Einbürgerungstest", "naturalisation test"
    TELC_B1 = "TELC_B1", "telc B1", "telc B1"
    GOETHE_B1 = "GOETHE_B1", "Goethe B1", "Goethe B1"
    TELC_B2 = "TELC_B2", "telc B2", "telc B2"
    B1_B2_BERUF = "B1_B2_BERUF", "B1-B2 Beruf", "B1-B2 vocational"
    C1_BERUF = "C1_BERUF", "C1 Beruf", "C1 vocational"
    TELC_C1_HOCHSCHULE = "TELC_C1_HOCHSCHULE", "telc C1 Hochschule", "telc C1 university"
    TESTDAF = "TESTDAF", "TestDaF", "TestDaF"
    DSH = "DSH", "DSH", "DSH"
    DSD = "DSD", "DSD", "DSD"
    FSP = "FSP", "Fachsprachprüfung", "professional language exam"
    SCHOOL_B1_EQUIVALENT = (
        "SCHOOL_B1_EQUIVALENT",
        "Schulischer Nachweis B1",
        "school certificate equal to B1",
    )


class CivicsTest(Vocabulary):
    """Tests of civics: 33 questions."""

    LID = "LID", "Leben in Deutschland", "Life in Germany"
    EBT = "EBT", "Einbürgerungstest", "naturalisation test"


class EntitlementIssuer(Vocabulary):
    """Who entitles to a vocational language course."""

    BA = "BA", "Agentur für Arbeit", "employment agency"
    JC = "JC", "Jobcenter", "Jobcenter"
    BAMF = "BAMF", "BAMF", "BAMF"
