"""The fields of action and the other words that every room shares."""

from enum import StrEnum

from domain.labels import Vocabulary


class Handlungsfeld(Vocabulary):
    """A field of action of the Integrationskette (reference 2.2)."""

    AUFENTHALT = "aufenthalt", "Aufenthalt", "residence"
    ERSTORIENTIERUNG = "erstorientierung", "Erstorientierung", "first orientation"
    SPRACHE = "sprache", "Sprache", "language"
    BILDUNG = "bildung", "Bildung", "education"
    ANERKENNUNG = "anerkennung", "Anerkennung", "recognition"
    AUSBILDUNG = "ausbildung", "Ausbildung", "training"
    ARBEIT = "arbeit", "Arbeit", "work"
    LEISTUNGEN = "leistungen", "Leistungen", "benefits"
    WOHNEN = "wohnen", "Wohnen", "housing"
    GESUNDHEIT = "gesundheit", "Gesundheit", "health"
    FAMILIE = "familie", "Familie", "family"
    SOZIALE_BERATUNG = "soziale_beratung", "Soziale Beratung", "counselling"
    TEILHABE = "teilhabe", "Teilhabe", "participation"
    EINBUERGERUNG = "einbuergerung", "Einbürgerung", "naturalisation"
    FALLSTEUERUNG = "fallsteuerung", "Fallsteuerung", "case steering"


class DataClass(StrEnum):
    """Which key seals a fact: who may not see a class cannot decrypt it."""

    IDENTITY = "identity"
    BASE = "base"
    SENSITIVE = "sensitive"
    NOTES = "notes"


class Recorder(Vocabulary):
    """Who may record a fact (reference 1.3)."""

    CASE_MANAGER = "case_manager", "Case Management", "case manager"
    TEAM_LEAD = "team_lead", "Teamleitung", "team lead"
    COORDINATION = "coordination", "KIM-Koordination", "KIM coordination"
    ABH = "abh", "Ausländerbehörde", "immigration office"
    EBH = "ebh", "Einbürgerungsbehörde", "naturalisation office"
    BAMF = "bamf", "BAMF", "BAMF"
    REGISTRATION = "registration", "Meldebehörde", "registration office"
    DISTRICT = "district", "Bezirksregierung", "district government"
    SOZIALAMT = "sozialamt", "Sozialamt", "social welfare office"
    JOBCENTER = "jobcenter", "Jobcenter", "Jobcenter"
    EMPLOYMENT_AGENCY = "employment_agency", "Agentur für Arbeit", "employment agency"
    JUGENDAMT = "jugendamt", "Jugendamt", "youth welfare office"
    SCHOOL = "school", "Schule und Schulamt", "school and school office"
    COURSE_PROVIDER = "course_provider", "Sprachkursträger", "course provider"
    CHAMBER = "chamber", "Kammer und anerkennende Stelle", "chamber and recognising body"
    EMPLOYER = "employer", "Arbeitgeber und Betrieb", "employer"
    COUNSELLING = "counselling", "Beratungsstelle", "counselling service"
    INSURER = "insurer", "Krankenkasse und Rentenversicherung", "insurer"
    HOUSING = "housing", "Wohnungsamt und Vermieter", "housing office and landlord"
    COURT = "court", "Gericht", "court"
    CLIENT = "client", "Ratsuchende Person", "client"
    DPO = "dpo", "Datenschutzbeauftragte", "data protection officer"
    SYSTEM = "system", "System", "system"


class SourceKind(Vocabulary):
    """How a fact came to be known (reference 2.3)."""

    SELF_REPORT = "self_report", "Eigene Angabe", "self report"
    DOCUMENT_SEEN = "document_seen", "Dokument gesehen", "document seen"
    DOCUMENT_COPY = "document_copy", "Kopie liegt vor", "document copy"
    AUTHORITY_MESSAGE = "authority_message", "Mitteilung der Behörde", "authority message"
    PROVIDER_MESSAGE = "provider_message", "Mitteilung des Trägers", "provider message"
    IMPORT = "import", "Übernahme aus Liste", "import"
    INFERENCE = "inference", "Abgeleitet", "inference"


class Confidence(Vocabulary):
    """How sure the recorder was."""

    CERTAIN = "certain", "sicher", "certain"
    PROBABLE = "probable", "wahrscheinlich", "probable"
    CLAIMED = "claimed", "angegeben", "claimed"


class LegalBasis(Vocabulary):
    """On what ground data are kept or passed on (reference 2.3)."""

    CONSENT = "consent", "Einwilligung", "consent"
    TINTG9 = "tintg9", "§ 9 TIntG", "§ 9 TIntG"
    SGB = "sgb", "Sozialgesetzbuch", "Social Code"
    AUFENTHG88A = "aufenthg88a", "§ 88a AufenthG", "§ 88a AufenthG"
    ART6_1E = "art6_1e", "Art. 6 (1) e DSGVO", "Art. 6 (1) e GDPR"
    ART9_2A = "art9_2a", "Art. 9 (2) a DSGVO", "Art. 9 (2) a GDPR"
