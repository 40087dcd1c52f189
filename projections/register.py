"""The register: who a journey is about. The only table that holds identity in clear."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from domain.chain.reading import View
from projections.history import NOTHING, History, remember
from projections.projection import Column, ColumnType, Projection, Row
from projections.stretches.counselling import Tenure, tenures
from projections.worklist import Header


def header_of(journey: UUID, known: History) -> Header | None:
    """Return who a journey is about, as last told; None if nothing is known of it or it was erased."""
    view = known.view
    if not view.facts:
        return None
    led = _led(known)
    return Header(
        journey,
        _name(view),
        _case_number(view),
        "" if led is None else led.unit,
        "" if led is None else led.case_manager,
        _arrived_on(view),
        _consent_until(known),
    )


def search_key(text: str) -> str:
    """Return text as it is searched: case and spacing do not matter."""
    return " ".join(text.casefold().split())


def _name(view: View) -> str:
    for one in reversed(view.of("PersonIdentified")):
        parts = (one.get("given_names"), one.get("family_name"))
        name = " ".join(part for part in parts if part)
        if name:
            return name
    return ""


def _case_number(view: View) -> str:
    """Return the number of the file that a case's own office keeps, else of the latest case or first file."""
    opened = view.of("CaseOpened")
    offices = {one.get(name) for one in opened for name in ("org_unit", "carrier")} - {None}
    files = [one for one in view.of("FileNumberRecorded") if one.get("number")]
    own = [one.get("number") for one in files if one.get("authority") in offices]
    cases = [one.get("case_id") for one in reversed(opened) if one.get("case_id")]
    numbers = (*own, *cases, *(one.get("number") for one in files))
    return str(next(iter(numbers), ""))


def _led(known: History) -> Tenure | None:
    """Return the tenure that stands, of several the latest begun."""
    standing = [one for one in tenures(known.derived) if one.until is None]
    return max(standing, key=lambda one: one.since.rank, default=None)


def _arrived_on(view: View) -> date | None:
    days = [
        one.latest_of("entry_date") or (one.latest if one.type == "EntryRegistered" else None)
        for one in view.of("EntryRegistered", "JourneyStarted")
    ]
    return min((day for day in days if day is not None), default=None)


def _consent_until(known: History) -> date | None:
    """Return the last day of the consent that lasts longest."""
    return max((one.until for one in known.derived.consents), default=None)


def _rows(journey: UUID, state: History) -> Iterator[Row]:
    one = header_of(journey, state)
    if one is None:
        return
    yield (
        one.name,
        one.case_number,
        f" {search_key(one.name)} {search_key(one.case_number)}",
        one.unit,
        one.case_manager,
        one.arrived_on,
        one.consent_until,
    )


REGISTER: Projection[History] = Projection(
    "register",
    (
        Column("name", ColumnType.TEXT),
        Column("case_number", ColumnType.TEXT),
        Column("search", ColumnType.TEXT),
        Column("unit", ColumnType.TEXT),
        Column("case_manager", ColumnType.TEXT),
        Column("arrived_on", ColumnType.DATE),
        Column("consent_until", ColumnType.DATE),
    ),
    NOTHING,
    remember,
    _rows,
    in_clear=True,
)
