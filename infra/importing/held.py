"""What earlier imports told about a person, read back from the journal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from pydantic import JsonValue

from domain.days import UNKNOWN_DAY, PartialDate
from domain.events.record import EventCorrected
from domain.events.registry import brought_up
from domain.journal import Recorded
from domain.journey import Journey

_UNNUMBERED = "ohne-nr-"
_BEGINNING = "import-beginn"
_FILE_NUMBER = "import-akte"
SYNTHETIC = frozenset({_BEGINNING, _FILE_NUMBER})
"""The ids of the facts that a new person gets although no row tells them."""

BEGINNING_ID, FILE_NUMBER_ID = _BEGINNING, _FILE_NUMBER

Attributes = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Held:
    """A fact of the journal as the list told it last, whatever others corrected since.

    Attributes:
        id: The fact's id.
        ours: Whether this list told it.
        corrections: How often a change of its row was recorded.
        stands: Whether it was not retracted since.
    """

    id: str
    type: str
    occurred_on: PartialDate
    attributes: Attributes
    ours: bool
    corrections: int = 0
    stands: bool = True

    @property
    def numbered(self) -> bool:
        """Say whether its row had a number of its own."""
        return not self.id.startswith(_UNNUMBERED)


@dataclass(slots=True)
class _Telling:
    """A fact while its later changes are still to come."""

    type: str
    occurred_on: PartialDate
    attributes: dict[str, JsonValue]
    ours: bool
    corrections: int = field(default=0)


def unnumbered_id(journey: UUID, type_name: str, day: PartialDate, repeat: int) -> str:
    """Return the id of a fact whose row has no number."""
    return _UNNUMBERED + uuid5(journey, f"{type_name}\0{day}\0{repeat}").hex[:16]


def correction_id(list_id: UUID, target: str, number: int) -> str:
    """Return the id of the correction that a changed row becomes."""
    return str(uuid5(list_id, f"{target}\0{number}"))


def held(records: Iterable[Recorded], state: Journey, list_id: UUID) -> dict[str, Held]:
    """Return the facts of a journey by id, each as this list told it last."""
    told: dict[str, _Telling] = {}
    for one in records:
        entry = one.entry
        ours = entry.correlation_id == list_id
        if (
            ours
            and isinstance(entry.fact, EventCorrected)
            and _change(told, entry.id, entry.fact, list_id)
        ):
            continue
        attributes = content(entry.fact.type_name(), entry.fact.known_attributes())
        told[entry.id] = _Telling(entry.fact.type_name(), entry.occurred_on, attributes, ours)
    return {
        fact_id: Held(
            fact_id,
            one.type,
            one.occurred_on,
            one.attributes,
            one.ours,
            one.corrections,
            state.stands(fact_id),
        )
        for fact_id, one in told.items()
    }


def content(type_name: str, attributes: Attributes) -> dict[str, JsonValue]:
    """Return what counts when a row is compared: what is unknown is left out."""
    if type_name == EventCorrected.type_name():
        return dict(attributes)
    return {name: value for name, value in attributes.items() if value is not None}


def _change(
    told: Mapping[str, _Telling], entry_id: str, fact: EventCorrected, list_id: UUID
) -> bool:
    """Apply a correction that a changed row became; False if it is a row of its own."""
    target = told.get(fact.target or "")
    if target is None or entry_id != correction_id(list_id, fact.target or "", target.corrections):
        return False
    if "occurred_on" in fact.model_fields_set:
        target.occurred_on = fact.occurred_on or UNKNOWN_DAY
    _, corrected = brought_up(target.type, fact.attributes_ or {})
    target.attributes = content(target.type, {**target.attributes, **corrected})
    target.corrections += 1
    return True
