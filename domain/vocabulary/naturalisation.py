"""Naturalisation: legal bases and ways to apply."""

from domain.labels import Vocabulary


class NaturalisationBasis(Vocabulary):
    """On what ground somebody is naturalised (reference 2.4)."""

    STAG_10_1 = "STAG_10_1", "Anspruch (§ 10 Abs. 1 StAG)", "claim (§ 10(1) StAG)"
    STAG_10_2 = "STAG_10_2", "Miteinbürgerung (§ 10 Abs. 2 StAG)", "with family (§ 10(2) StAG)"
    STAG_9 = "STAG_9", "Ehegatten Deutscher (§ 9 StAG)", "spouses of Germans (§ 9 StAG)"
    STAG_8 = "STAG_8", "Ermessen (§ 8 StAG)", "discretion (§ 8 StAG)"
    STAG_4_3 = "STAG_4_3", "Geburt im Inland (§ 4 Abs. 3 StAG)", "birth (§ 4(3) StAG)"
    STAG_5 = "STAG_5", "Erklärung (§ 5 StAG)", "declaration (§ 5 StAG)"
    STAG_15 = "STAG_15", "Wiedergutmachung (§ 15 StAG)", "restitution (§ 15 StAG)"
    ART116 = "ART116", "Art. 116 Abs. 2 GG", "Art. 116(2) Basic Law"
    STAG_10_3_TURBO = (
        "STAG_10_3_TURBO",
        "Verkürzung (§ 10 Abs. 3 StAG, bis Oktober 2025)",
        "shortened (§ 10(3) StAG, until October 2025)",
    )


class ApplicationChannel(Vocabulary):
    """How the application was made."""

    ONLINE = "online", "online", "online"
    PAPER = "paper", "auf Papier", "on paper"
