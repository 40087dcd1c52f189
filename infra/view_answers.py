"""Rows of the tables as the shapes that the gap list is answered with."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import TupleRow

from domain.chain.catalogue import RULES
from domain.chain.intervals import Certainty, ClosedBy, Kind, Responsible, Severity, State
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason
from infra import view_queries as sql
from infra.header import unpack
from infra.view_tracking import NAME
from projections.strands import Span, StrandName
from projections.timeline import hole_days, in_order, stored_span
from projections.worklist import (
    Caseload,
    Choices,
    Freshness,
    GapPage,
    GapQuery,
    GapRow,
    Group,
    Header,
    StatusCount,
    Tiles,
    Upcoming,
)

Code = TypeVar("Code", bound=Enum)
Reading = Cursor[TupleRow]
_Strips = Mapping[tuple[UUID, str], Sequence[Span]]


def gap_list(cursor: Reading, query: GapQuery) -> GapPage:
    """Return one page of the gap list with its strips."""
    values = sql.parameters(query)
    counted = {row[0]: row[1:] for row in cursor.execute(sql.counts(query), values)}
    total, people = counted.pop(None, (0, 0))
    rows = cursor.execute(sql.page(query), values).fetchall()
    journeys = {row[0] for row in rows}
    strips = _strips(cursor, journeys, query.as_of)
    towns = _towns(cursor, journeys, query.as_of)
    return GapPage(
        tuple(_gap_row(row, strips, towns.get(row[0], "")) for row in rows),
        total,
        people,
        query.page,
        1 if query.per_group else max(1, -(-total // query.page_size)),
        tuple((group, counted[group.value][0]) for group in Group if group.value in counted),
    )


def tiles(cursor: Reading, query: GapQuery) -> Tiles:
    """Return the figures above the gap list."""
    row = cursor.execute(sql.tiles(query), sql.parameters(query)).fetchone()
    assert row is not None  # noqa: S101  an aggregate has one row
    return Tiles(*row)


def upcoming(cursor: Reading, day: date, days: int, unit: str) -> tuple[Upcoming, ...]:
    """Return the gaps that open after a day and within a number of days, by unit and day."""
    values = {"day": day, "days": days, "unit": unit}
    return tuple(
        Upcoming(Header(*row[:7]), row[7], row[8], row[9], row[10], _coded(Severity, row[11]))
        for row in cursor.execute(sql.UPCOMING, values)
    )


def choices(cursor: Reading) -> Choices:
    """Return what the filters can be set to."""
    row = cursor.execute(sql.CHOICES).fetchone()
    assert row is not None  # noqa: S101  a SELECT without FROM has one row
    units, managers, rules, responsible = row
    who = tuple(one for one in Responsible if one.value in responsible)
    return Choices(tuple(units), tuple(managers), tuple(rules), who)


def header(cursor: Reading, journey: UUID) -> Header | None:
    """Return who a journey is about."""
    row = cursor.execute(sql.HEADER, {"journey": journey}).fetchone()
    return None if row is None else Header(*row)


def search(cursor: Reading, text: str, limit: int) -> tuple[Header, ...]:
    """Return the journeys whose name or case number has a word that begins with a text."""
    values = {"text": sql.word_prefix(text), "limit": limit}
    return tuple(Header(*row) for row in cursor.execute(sql.SEARCH, values))


def caseload(cursor: Reading, day: date) -> tuple[Caseload, ...]:
    """Return what each case manager of each unit carries on a day."""
    return tuple(
        Caseload(unit, manager, active, suspended, int(gaps), active + int(gaps))
        for unit, manager, active, suspended, gaps in cursor.execute(sql.CASELOAD, {"day": day})
    )


def status_counts(cursor: Reading, day: date) -> tuple[StatusCount, ...]:
    """Return how many people stand in which state of which field on a day."""
    return tuple(
        StatusCount(_coded(Handlungsfeld, field), state, Label(de, en), people)
        for field, state, de, en, people in cursor.execute(sql.STATUS_COUNTS, {"day": day})
    )


def open_by_rule(cursor: Reading, day: date) -> dict[str, int]:
    """Return how many gaps of each rule are open on a day."""
    return {str(rule): int(count) for rule, count in cursor.execute(sql.OPEN_BY_RULE, {"day": day})}


def freshness(cursor: Reading) -> Freshness:
    """Return how far the tables have read, and how long the oldest unread record waits."""
    row = cursor.execute(sql.FRESHNESS, {"name": NAME}).fetchone()
    assert row is not None  # noqa: S101  the journal has a head row
    position, head, recorded_at, updated_at, unread, now = row
    waited = 0.0 if unread is None else (now - unpack(bytes(unread)).recorded_at).total_seconds()
    return Freshness(position, head - position, recorded_at, updated_at, max(0.0, waited))


def _towns(cursor: Reading, journeys: Iterable[UUID], day: date) -> dict[UUID, str]:
    """Return where some people live on a day, those of whom it is known."""
    return dict(cursor.execute(sql.TOWNS, {"journeys": list(journeys), "day": day}).fetchall())


def _strips(cursor: Reading, journeys: Iterable[UUID], day: date) -> _Strips:
    """Return the spans of each strand of some journeys, holes included."""
    values = {"journeys": list(journeys), "day": day}
    found: dict[tuple[UUID, str], list[Span]] = defaultdict(list)
    for journey, strand, *row in cursor.execute(sql.SPANS, values).fetchall():
        found[journey, strand].append(stored_span(tuple(row), day))
    for journey, strand, *row in cursor.execute(sql.HOLES, values).fetchall():
        found[journey, strand] += _hole(row, day)
    return {place: in_order(spans) for place, spans in found.items()}


def _hole(row: Sequence[Any], day: date) -> Iterable[Span]:
    rule, evidence, certainty, opens_on, due_on, closes_on, state = row
    days = hole_days(rule, _coded(State, state), opens_on, due_on, closes_on, day)
    if days is not None:
        start, end, kind = days
        label = RULES[rule].label
        sure = _coded(Certainty, certainty)
        yield Span(start, end, label, kind, "", tuple(evidence), sure, rule)


def _gap_row(row: TupleRow, strips: _Strips, town: str) -> GapRow:
    header_values, values = row[:7], row[7:]
    (rule, key, kind, state, group, severity, urgent, strand, begins_on, opens_on) = values[:10]
    (due_on, closes_on, closed_by, certainty, evidence, missing, who, days) = values[10:18]
    nobody, rest_reason, rests_until = values[18:]
    return GapRow(
        Header(*header_values),
        rule,
        key,
        _coded(Kind, kind),
        _coded(State, state),
        _coded(Group, group),
        _coded(Severity, severity),
        urgent,
        _coded(StrandName, strand),
        begins_on,
        opens_on,
        due_on,
        closes_on,
        None if closed_by is None else _coded(ClosedBy, closed_by),
        _coded(Certainty, certainty),
        tuple(evidence),
        tuple(missing),
        tuple(_coded(Responsible, one) for one in who),
        days,
        bool(nobody),
        None if rests_until is None else _coded(GapReason, rest_reason),
        rests_until,
        tuple(strips.get((row[0], strand), ())),
        town,
    )


def _coded(kind: type[Code], code: str) -> Code:
    """Return the member of a vocabulary by its code."""
    members: Any = kind
    member: Code = members(code)
    return member
