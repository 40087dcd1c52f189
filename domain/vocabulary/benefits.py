"""Benefits: the Rechtskreise and the kinds of health insurance."""

from domain.labels import Vocabulary


class Rechtskreis(Vocabulary):
    """Under which law a person lives (reference 2.4; at the end what real files needed besides)."""

    ASYLBLG_3 = "ASYLBLG_3", "AsylbLG § 3", "AsylbLG § 3", "AsylbLG § 3"
    ASYLBLG_2 = "ASYLBLG_2", "AsylbLG § 2", "AsylbLG § 2", "AsylbLG § 2"
    SGB_II = "SGB_II", "SGB II", "SGB II", "SGB II"
    SGB_III = "SGB_III", "SGB III", "SGB III", "SGB III"
    SGB_XII_3 = "SGB_XII_3", "SGB XII, 3. Kapitel", "SGB XII, ch. 3", "SGB XII/3"
    SGB_XII_4 = "SGB_XII_4", "SGB XII, 4. Kapitel", "SGB XII, ch. 4", "SGB XII/4"
    SGB_VIII = "SGB_VIII", "SGB VIII", "SGB VIII", "SGB VIII"
    BAB = "BAB", "Berufsausbildungsbeihilfe", "vocational training grant", "BAB"
    BAFOEG = "BAFOEG", "BAföG", "student grant (BAföG)", "BAföG"
    WOGG_KIZ = (
        "WOGG_KIZ",
        "Wohngeld und Kinderzuschlag",
        "housing benefit and child supplement",
        "Wohngeld/KiZ",
    )
    SGB_V_KRANKENGELD = (
        "SGB_V_KRANKENGELD",
        "Krankengeld (SGB V)",
        "sick pay (SGB V)",
        "Krankengeld",
    )
    OWN_INCOME = "OWN_INCOME", "Eigenes Einkommen", "own income", "Einkommen"
    FAMILY = "FAMILY", "Unterhalt durch Familie", "supported by family", "Familie"
    NONE = "NONE", "keine Leistung", "none", "keine"
    SGB_XII_23_1 = "SGB_XII_23_1", "SGB XII § 23 Abs. 1", "SGB XII § 23(1)", "SGB XII § 23"
    SGB_XII_23_3_BRIDGE = (
        "SGB_XII_23_3_BRIDGE",
        "Überbrückungsleistungen (SGB XII § 23 Abs. 3)",
        "bridging benefits (SGB XII § 23(3))",
        "Überbrückung",
    )
    BSHG = "BSHG", "Sozialhilfe nach BSHG (bis 2004)", "BSHG (until 2004)", "BSHG"
    ALG_AGENTUR = (
        "ALG_AGENTUR",
        "Arbeitslosengeld der Agentur",
        "unemployment benefit of the agency",
        "ALG",
    )
    DONATIONS = "DONATIONS", "Spenden", "donations", "Spenden"


class InsuranceKind(Vocabulary):
    """How a person is insured against illness."""

    STATUTORY = "gkv", "Gesetzliche Krankenversicherung", "statutory insurance"
    PRIVATE = "pkv", "Private Krankenversicherung", "private insurance"
    MANDATED = "aok_auftrag_264", "Betreuung nach § 264 SGB V", "care under § 264 SGB V"
    VOUCHER = "asylblg_schein", "Behandlungsschein AsylbLG", "AsylbLG treatment voucher"
