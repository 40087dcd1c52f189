"""A row of a list after reading: one fact of one person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from domain.days import UNKNOWN_DAY, PartialDate
from domain.fields import Confidence, LegalBasis, SourceKind
from domain.journal import Actor
from infra.spreadsheets.cells import Place


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact of one person, as a fact list says it.

    Attributes:
        person: The number under which the person's file is kept.
        type: The fact's type.
        number: The lasting number of the row (Vorgangsnummer), if it has one: the fact's id.
        occurred_on: When it happened.
        attributes: The attributes that are given, as JSON values under their public names.
        recorded_at: When it was recorded; counts only when history is loaded.
        recorded_by: Who recorded it, where the list says so.
        household: What the people of one household share.
    """

    person: str
    type: str
    number: str | None = None
    occurred_on: PartialDate = UNKNOWN_DAY
    attributes: Mapping[str, JsonValue] = field(default_factory=dict)
    recorded_at: datetime | None = None
    recorded_by: Actor | None = None
    controller: str = ""
    source: SourceKind = SourceKind.IMPORT
    confidence: Confidence = Confidence.CERTAIN
    legal_basis: LegalBasis | None = None
    consent_id: str | None = None
    household: UUID | None = None


@dataclass(frozen=True, slots=True)
class Sourced:
    """A fact row and where it stands; of a row that tells several, where its day stands."""

    place: Place
    row: FactRow
