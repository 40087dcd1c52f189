"""The questions that the page of the organisation asks of the tables, and their answers."""

from dataclasses import fields, replace
from typing import Any

from psycopg import Cursor
from psycopg.rows import TupleRow

from projections.figures import Figures, FiguresQuery, UnitFigures

_CASES = """
SELECT c.journey, c.case_id, c.state, c.since, c.until, coalesce(p.unit, c.unit) AS unit
  FROM caseload c
  LEFT JOIN unnest(%(posts)s::text[], %(units)s::text[]) AS p (post, unit) ON p.post = c.case_manager
 WHERE c.since <= %(day)s
"""

STANDING = f"""
SELECT unit, count(*) FILTER (WHERE state IN ('active', 'unmanned')) AS active,
       count(*) FILTER (WHERE state = 'suspended') AS suspended
  FROM (SELECT DISTINCT ON (journey, case_id) * FROM ({_CASES}) AS c
         WHERE until IS NULL OR until >= %(day)s
         ORDER BY journey, case_id, since DESC) AS s
 GROUP BY GROUPING SETS ((unit), ())
"""

PARTICIPANTS = f"""
SELECT unit, count(DISTINCT journey) AS participants FROM ({_CASES}) AS c
 GROUP BY GROUPING SETS ((unit), ())
"""

HELD = """
SELECT coalesce(p.unit, c.unit) AS unit,
       count(*) FILTER (WHERE what = 'consultation') AS consultations,
       count(*) FILTER (WHERE what = 'enquiry'
                          AND (instead_of = '' OR instead_of = ANY (%(relieved)s))) AS enquiries
  FROM consultations c
  LEFT JOIN unnest(%(posts)s::text[], %(units)s::text[]) AS p (post, unit) ON p.post = c.case_manager
 WHERE c.held_on <= %(day)s
 GROUP BY GROUPING SETS ((coalesce(p.unit, c.unit)), ())
"""

_COUNTED = tuple(one.name for one in fields(UnitFigures) if one.name != "unit")


def figures(cursor: Cursor[TupleRow], query: FiguresQuery) -> Figures:
    """Return the figures of every unit that the facts name, and of all together."""
    values = {
        "day": query.as_of,
        "posts": [post for post, _ in query.posts],
        "units": [unit for _, unit in query.posts],
        "relieved": sorted(query.relieved),
    }
    found: dict[str | None, UnitFigures] = {None: UnitFigures("")}
    for statement in (STANDING, PARTICIPANTS, HELD):
        _count(cursor.execute(statement, values), found)
    total = found.pop(None)
    units = (one for _, one in sorted(found.items(), key=lambda pair: pair[0] or ""))
    return Figures(tuple(one for one in units if any(_numbers(one))), total)


def _count(answered: Cursor[TupleRow], found: dict[str | None, UnitFigures]) -> None:
    """Put the numbers of a statement beside those already found; its row without a unit is of all."""
    names = [column.name for column in answered.description or ()][1:]
    for unit, *numbers in answered:
        before = found.get(unit, UnitFigures(unit or ""))
        found[unit] = replace(before, **dict(zip(names, numbers, strict=True)))


def _numbers(one: UnitFigures) -> tuple[Any, ...]:
    return tuple(getattr(one, name) for name in _COUNTED)
