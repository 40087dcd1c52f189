"""The states of the fields of action (reference 2.2): where somebody stands in each of them."""

from domain.labels import Vocabulary


class Residence(Vocabulary):
    """States of the field Aufenthalt."""

    GESTATTUNG = "gestattung", "Aufenthaltsgestattung", "permission pending asylum", "Gestattung"
    DULDUNG = "duldung", "Duldung", "toleration", "Duldung"
    DULDUNG_60B = "duldung_60b", "Duldung (§ 60b)", "toleration (§ 60b)", "Duldung 60b"
    PROTECTED = "schutz_zuerkannt", "Schutz zuerkannt", "protection granted", "Schutz"
    FIKTION = "fiktion", "Fiktion", "fictional permit", "Fiktion"
    LIMITED = "befristet", "befristeter Titel", "limited title", "befristet"
    PERMANENT = "unbefristet", "unbefristeter Titel", "permanent title", "unbefristet"
    FREE_MOVEMENT = "eu_freizuegigkeit", "Freizügigkeit EU", "EU free movement", "EU"
    GERMAN = "deutsch", "deutsche Staatsangehörigkeit", "German citizenship", "deutsch"
    OBLIGED_TO_LEAVE = "ausreisepflichtig", "ausreisepflichtig", "obliged to leave", "Ausreise"
    EXPIRED = "expired", "abgelaufen", "expired", "abgelaufen"


class Orientation(Vocabulary):
    """States of the field Erstorientierung."""

    OPEN = "open", "offen", "open"
    ADVISED = "advised", "beraten", "advised"
    RUNNING = "eok_running", "Erstorientierungskurs läuft", "first orientation course running"
    DONE = "done", "abgeschlossen", "done"


class LanguageState(Vocabulary):
    """States of the field Sprache."""

    NO_ACCESS = "no_access", "kein Zugang", "no access"
    ENTITLED = "entitled", "berechtigt", "entitled"
    REGISTERED = "registered", "angemeldet", "registered"
    WAITING = "waiting", "wartet auf Kursbeginn", "waiting"
    RUNNING = "running", "Kurs läuft", "course running"
    INTERRUPTED = "interrupted", "Kurs unterbrochen", "course interrupted"
    COURSE_DONE = "course_done", "Kurs beendet, ohne Nachweis", "course done, no proof"
    TESTED_BELOW = "tested_below", "Prüfung unter A2", "tested below A2"
    A2 = "A2", "A2 erreicht", "A2 reached"
    B1 = "B1_no_LiD", "B1 erreicht", "B1 reached"
    SUCCESSFUL = (
        "integrationskurs_successful",
        "Integrationskurs bestanden",
        "integration course passed",
    )
    VOCATIONAL_RUNNING = "bsk_running", "Berufssprachkurs läuft", "vocational course running"
    B2 = "B2", "B2 erreicht", "B2 reached"
    C1 = "C1+", "C1 erreicht", "C1 reached"


class EducationState(Vocabulary):
    """States of the field Bildung."""

    SCHOOL = "school", "Schule", "school"
    LEFT = "left", "Schule verlassen", "left school"
    STUDY = "study", "Studium", "study"
    HIGHER = "higher", "Studium abgeschlossen", "degree"


class RecognitionState(Vocabulary):
    """States of the field Anerkennung."""

    QUALIFIED = "not_advised", "Abschluss angegeben", "qualification reported"
    APPLIED = "applied", "Anerkennung beantragt", "recognition applied"
    PARTIAL = "partial", "teilweise anerkannt", "partly recognised"
    FULL = "full", "voll anerkannt", "fully recognised"
    REJECTED = "rejected", "Anerkennung abgelehnt", "rejected"
    COMPENSATING = "compensating", "Ausgleich nötig", "compensating"
    ASSESSED = "assessed", "Abschluss bewertet", "qualification assessed"


class TrainingState(Vocabulary):
    """States of the field Ausbildung."""

    SEARCHING = "searching", "sucht Ausbildung", "searching training"
    BRIDGING = "bridging", "Brückenmaßnahme", "bridging"
    CONTRACTED = "contracted", "Ausbildungsvertrag geschlossen", "contracted"
    RUNNING = "running", "Ausbildung läuft", "training running"
    INTERRUPTED = "interrupted", "Ausbildung unterbrochen", "training interrupted"
    ABORTED = "aborted", "Ausbildung abgebrochen", "training aborted"
    COMPLETED = "completed", "Ausbildung abgeschlossen", "training completed"
    FAILED = "failed", "endgültig nicht bestanden", "finally failed"


class WorkState(Vocabulary):
    """States of the field Arbeit."""

    NOT_ALLOWED = "not_allowed", "nicht erlaubt", "not allowed"
    PERMIT_POSSIBLE = "permit_possible", "mit Erlaubnis möglich", "possible by permit"
    PERMITTED = "permitted", "erlaubt", "permitted"
    SEARCHING = "searching", "arbeitsuchend", "searching"
    MARGINAL = "marginal", "geringfügig", "marginal"
    PART = "part", "Teilzeit", "part-time"
    FULL = "full", "Vollzeit", "full-time"
    EMPLOYED = "employed", "beschäftigt", "employed"
    SELF_EMPLOYED = "self-employed", "selbständig", "self-employed"
    UNEMPLOYED = "unemployed", "ohne Arbeit", "without work"


class FamilyState(Vocabulary):
    """States of the fields Gesundheit and Familie that a status may show."""

    INSURED = "insured", "krankenversichert", "insured"
    ASYLBLG_SCOPE = "asylblg_scope", "Versorgung nach AsylbLG", "care under the AsylbLG"


class CounsellingState(Vocabulary):
    """States of the field Fallsteuerung."""

    CONTACT = "contact", "erster Kontakt", "first contact"
    ACTIVE = "active", "betreut", "accompanied"
    UNMANNED = "unmanned", "ohne Case Management", "without case manager"
    SUSPENDED = "suspended", "ruhend", "suspended"
    CLOSED = "closed", "abgeschlossen", "closed"


class NaturalisationState(Vocabulary):
    """States of the field Einbürgerung."""

    ADVISED = "advised", "beraten", "advised"
    APPLIED = "applied", "beantragt", "applied"
    DOCUMENTS_MISSING = "documents_missing", "Unterlagen fehlen", "documents missing"
    ASSURANCE = "assurance", "Zusicherung erteilt", "assurance granted"
    GRANTED = "granted", "bewilligt", "granted"
    HANDED_OVER = "handed_over", "eingebürgert", "naturalised"
    REJECTED = "rejected", "abgelehnt", "rejected"
