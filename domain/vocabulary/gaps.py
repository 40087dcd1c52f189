"""Gaps: why one is still open, as people explain it."""

from domain.labels import Vocabulary


class GapReason(Vocabulary):
    """Why a gap is still open (reference 3.1; cases W20)."""

    NO_CAPACITY = "no_capacity", "keine Kapazität", "no capacity"
    ADMISSION_STOP = "admission_stop", "Zulassungsstopp", "admission stop"
    NO_CHILDCARE = "no_childcare", "keine Kinderbetreuung", "no childcare"
    ILLNESS = "illness", "Krankheit", "illness"
    WORKS = "works", "arbeitet", "works"
    WAITING_FOR_AUTHORITY = "waiting_for_authority", "wartet auf Behörde", "waiting for authority"
    WAITING_FOR_DOCUMENTS = (
        "waiting_for_documents",
        "wartet auf Unterlagen",
        "waiting for documents",
    )
    CLIENT_DECLINED = "client_declined", "nicht gewünscht", "client declined"
    MOVED = "moved", "umgezogen", "moved"
    NOT_INFORMED = "not_informed", "nicht belehrt", "not informed"
    DATA_MISSING = "data_missing", "Angabe fehlt", "data missing"
    OTHER = "other", "anderes", "other"
