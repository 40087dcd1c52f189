"""The gaps of one journey as rows: every interval, those ahead included, without a day "today".

Many rest on facts of class sensitive or on a birth date, and tell their days.
"""

from collections.abc import Iterator, Mapping
from uuid import UUID

from domain.chain.catalogue import RULES
from domain.chain.intervals import Handling, Interval, Step
from projections.history import NOTHING, History, remember
from projections.places import strand_of_gap
from projections.projection import Column, ColumnType, Projection, Row


def gap_rows(_: UUID, state: History) -> Iterator[Row]:
    """Yield the rows of a journey in the order of rule, first day and key."""
    for one in sorted(state.intervals, key=lambda one: (one.rule, one.begins_on, one.key)):
        yield (
            one.rule,
            one.key,
            one.kind.value,
            RULES[one.rule].field.value,
            strand_of_gap(one, state.view).value,
            *_days(one),
            one.severity.value,
            [_step(step) for step in one.steps],
            one.certainty.value,
            one.evidence,
            one.missing,
            tuple(who.value for who in one.responsible),
            None if one.consequence is None else one.consequence.code,
            None if one.consequence is None else one.consequence.since,
            [_handled(it) for it in one.handled],
        )


def _days(one: Interval) -> Row:
    return (
        one.begins_on,
        one.opens_on,
        one.due_on,
        one.closes_on,
        None if one.closed_by is None else one.closed_by.value,
        one.closing,
    )


def _step(one: Step) -> Mapping[str, str | None]:
    return {
        "on": one.on.isoformat(),
        "name": one.name.value,
        "severity": None if one.severity is None else one.severity.value,
    }


def _handled(one: Handling) -> Mapping[str, str | None]:
    return {
        "on": one.on.isoformat(),
        "reason": one.reason,
        "until": None if one.until is None else one.until.isoformat(),
    }


GAPS: Projection[History] = Projection(
    "gaps",
    (
        Column("rule", ColumnType.TEXT, coded=True),
        Column("key", ColumnType.TEXT),
        Column("kind", ColumnType.TEXT, coded=True),
        Column("field", ColumnType.TEXT, coded=True),
        Column("strand", ColumnType.TEXT, coded=True),
        Column("begins_on", ColumnType.DATE),
        Column("opens_on", ColumnType.DATE),
        Column("due_on", ColumnType.DATE),
        Column("closes_on", ColumnType.DATE),
        Column("closed_by", ColumnType.TEXT, coded=True),
        Column("closing", ColumnType.TEXT),
        Column("severity", ColumnType.TEXT, coded=True),
        Column("steps", ColumnType.JSON),
        Column("certainty", ColumnType.TEXT, coded=True),
        Column("evidence", ColumnType.TEXTS),
        Column("missing", ColumnType.TEXTS),
        Column("responsible", ColumnType.TEXTS),
        Column("consequence", ColumnType.TEXT, coded=True),
        Column("consequence_since", ColumnType.DATE),
        Column("handled", ColumnType.JSON),
    ),
    NOTHING,
    remember,
    gap_rows,
    indexed=("begins_on", "opens_on", "closes_on"),
    in_clear=True,
)
