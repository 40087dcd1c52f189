"""Work: kinds of employment and levels of qualification."""

from domain.labels import Vocabulary


class EmploymentKind(Vocabulary):
    """Kinds of employment (reference 2.4)."""

    MINIJOB = "MINIJOB", "Minijob", "marginal employment"
    MIDIJOB = "MIDIJOB", "Midijob", "midi-job"
    SV_TEILZEIT = "SV_TEILZEIT", "Teilzeit, sozialversichert", "part-time, insured"
    SV_VOLLZEIT = "SV_VOLLZEIT", "Vollzeit, sozialversichert", "full-time, insured"
    LEIHARBEIT = "LEIHARBEIT", "Leiharbeit", "agency work"
    AUSHILFE_KURZFRISTIG = "AUSHILFE_KURZFRISTIG", "Kurzfristige Aushilfe", "short-term job"
    SELBSTAENDIG = "SELBSTAENDIG", "Selbständigkeit", "self-employment"
    AGH_16D_SGBII = (
        "AGH_16D_SGBII",
        "Arbeitsgelegenheit (§ 16d SGB II)",
        "work opportunity (§ 16d SGB II)",
    )
    AGH_5_ASYLBLG = (
        "AGH_5_ASYLBLG",
        "Arbeitsgelegenheit (§ 5 AsylbLG)",
        "work opportunity (§ 5 AsylbLG)",
    )
    FFIM_5A = "FFIM_5A", "Flüchtlingsmaßnahme (§ 5a AsylbLG)", "refugee measure (§ 5a AsylbLG)"
    FSJ_BFD = "FSJ_BFD", "Freiwilligendienst", "voluntary service"
    PRAKTIKUM = "PRAKTIKUM", "Praktikum", "internship"
    EGZ_GEFOERDERT = (
        "EGZ_GEFOERDERT",
        "Beschäftigung mit Eingliederungszuschuss",
        "subsidised employment",
    )
    TEILHABE_16I = (
        "16I_TEILHABE",
        "Teilhabe am Arbeitsmarkt (§ 16i SGB II)",
        "labour market participation (§ 16i SGB II)",
    )


class QualificationLevel(Vocabulary):
    """Level of a job (fifth digit of the KldB 2010)."""

    HELFER = "HELFER", "Helfer", "unskilled"
    FACHKRAFT = "FACHKRAFT", "Fachkraft", "skilled"
    SPEZIALIST = "SPEZIALIST", "Spezialist", "specialist"
    EXPERTE = "EXPERTE", "Experte", "expert"


class AgencyConsent(Vocabulary):
    """Whether the employment agency has to consent, and did."""

    NEEDED = "needed", "nötig", "needed"
    NOT_NEEDED = "not_needed", "nicht nötig", "not needed"
    GIVEN = "given", "erteilt", "given"
    REFUSED = "refused", "versagt", "refused"
