"""Says of a refused row what is wrong with it, and under which header that stands."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from domain.events.record import EventCorrected
from domain.events.registry import FACTS
from infra.importing.matching import Refused
from infra.importing.report import Tally
from infra.spreadsheets.cells import Place
from infra.spreadsheets.columns import Column, attributes_by_header, normal

_DAY = normal(Column.DATE.label.de)
_NUMBER = normal(Column.NUMBER.label.de)
_TARGET = next(
    name for name, one in attributes_by_header(EventCorrected).items() if one.name == "target"
)
_HEADERS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(
        ("after-recording", "before-birth", "end-before-start", "ambiguous", "same-day"), _DAY
    )
    | dict.fromkeys(
        ("same-number", "renumbered", "type-changed", "fact-exists", "command-id-reused"), _NUMBER
    )
    | dict.fromkeys(("unknown-target", "already-retracted", "invalid-correction"), _TARGET)
    | {"recorded-ahead": normal(Column.RECORDED_AT.label.de)}
)


def refuse(tally: Tally, refused: Refused) -> None:
    """Note a row that is not taken, at the cell that says why."""
    tally.findings.refuse(
        refused.code,
        _place(tally, refused),
        fact=FACTS[refused.one.row.type].about.label,
        others=", ".join(str(row) for row in refused.others),
    )


def _place(tally: Tally, refused: Refused) -> Place:
    place = refused.place
    columns = tally.columns.get(place.sheet, {})
    column = columns.get(_HEADERS.get(refused.code, ""))
    return place if place.column or column is None else replace(column, row=place.row)
