"""Schools, foreign qualifications, recognition and training."""

from domain.labels import Vocabulary


class SchoolForm(Vocabulary):
    """Kinds of schools in NRW."""

    GS = "GS", "Grundschule", "primary school"
    HS = "HS", "Hauptschule", "Hauptschule"
    RS = "RS", "Realschule", "Realschule"
    GE = "GE", "Gesamtschule", "comprehensive school"
    GY = "GY", "Gymnasium", "Gymnasium"
    BK = "BK", "Berufskolleg", "vocational college"
    IFK = "IFK", "Internationale Förderklasse", "international class"


class Documents(Vocabulary):
    """How well a qualification is documented."""

    FULL = "full", "vollständig", "full"
    PARTIAL = "partial", "teilweise", "partial"
    NONE = "none", "keine", "none"


class RecognitionOutcome(Vocabulary):
    """What a decision on recognition says."""

    FULL = "FULL", "volle Anerkennung", "full recognition"
    PARTIAL = "PARTIAL", "teilweise Anerkennung", "partial recognition"
    COMPENSATION_REQUIRED = (
        "COMPENSATION_REQUIRED",
        "Ausgleich nötig",
        "compensation required",
    )
    REJECTED = "REJECTED", "abgelehnt", "rejected"
    ZAB_STATEMENT = "ZAB_STATEMENT", "Zeugnisbewertung der ZAB", "statement by the ZAB"
    DIGITAL_INFO_18G = (
        "DIGITAL_INFO_18G",
        "Digitale Auskunft (§ 18g)",
        "digital information (§ 18g)",
    )


class TrainingKind(Vocabulary):
    """Kinds of training and of measures that lead to it."""

    EQ = "EQ", "Einstiegsqualifizierung", "introductory training"
    BVB = "BVB", "Berufsvorbereitung (BvB)", "pre-vocational measure"
    AV_BK = "AV_BK", "Ausbildungsvorbereitung am Berufskolleg", "preparation at college"
    IFK = "IFK", "Internationale Förderklasse", "international class"
    DUAL_LONG = "DUAL_3_3.5Y", "Duale Ausbildung, 3 bis 3,5 Jahre", "dual training, 3 to 3.5 years"
    DUAL_2Y = "DUAL_2Y", "Duale Ausbildung, 2 Jahre", "dual training, 2 years"
    SCHULISCH = "SCHULISCH", "Schulische Ausbildung", "school-based training"
    HELFER_ASSISTENZ = "HELFER_ASSISTENZ", "Helfer- und Assistenzausbildung", "assistant training"
    TEILQUALIFIKATION = "TEILQUALIFIKATION", "Teilqualifikation", "partial qualification"
    UMSCHULUNG = "UMSCHULUNG", "Umschulung", "retraining"
    NACHQUALIFIZIERUNG = "NACHQUALIFIZIERUNG", "Nachqualifizierung", "later qualification"
    STUDIUM = "STUDIUM", "Studium", "study"


class SchoolCertificate(Vocabulary):
    """School certificates in NRW."""

    HSA9 = "HSA9", "Hauptschulabschluss nach Klasse 9", "certificate after grade 9"
    HSA10 = "HSA10", "Hauptschulabschluss nach Klasse 10", "certificate after grade 10"
    MSA = "MSA", "Mittlerer Schulabschluss", "intermediate certificate"
    FHR = "FHR", "Fachhochschulreife", "entrance to universities of applied sciences"
    AHR = "AHR", "Allgemeine Hochschulreife", "general university entrance"


class CertificateOrigin(Vocabulary):
    """Where a certificate comes from."""

    GERMAN = "de", "in Deutschland erworben", "obtained in Germany"
    FOREIGN = "foreign_equivalent", "ausländisch, gleichgestellt", "foreign, equivalent"


class CompensationKind(Vocabulary):
    """How a difference of qualification is made up (§ 11 BQFG)."""

    COURSE = "anpassungslehrgang", "Anpassungslehrgang", "adaptation course"
    KNOWLEDGE_EXAM = "kenntnispruefung", "Kenntnisprüfung", "knowledge exam"
    APTITUDE_EXAM = "eignungspruefung", "Eignungsprüfung", "aptitude exam"


class InternshipKind(Vocabulary):
    """Kinds of practical training."""

    OBSERVING = "hosp", "Hospitation", "job shadowing"
    ORIENTING = "orient", "Orientierungspraktikum", "orientation internship"
