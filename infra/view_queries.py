"""The questions that the gap list, the tiles and the caseload ask of the tables.

Every statement reads unqualified table names: the same text answers from the kept tables and from
those of another day of knowledge, made on the spot.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.chain.intervals import Severity, State
from projections.worklist import DUE_SOON, LONG_OPEN, GapQuery, Group, Sort

_SEVERITIES = [one.value for one in Severity]
_GROUPS = [one.value for one in Group]

_STANDING = """
SELECT g.*,
       coalesce(r.name, '') AS name, coalesce(r.case_number, '') AS case_number,
       coalesce(r.unit, '') AS unit, coalesce(r.case_manager, '') AS case_manager,
       r.arrived_on, r.consent_until, coalesce(r.search, '') AS search,
       g.responsible[1] = 'case_manager' AND coalesce(r.case_manager, '') = '' AS nobody,
       CASE WHEN g.closes_on <= %(day)s THEN 'closed'
            WHEN g.opens_on <= %(day)s THEN 'open'
            ELSE 'due' END AS state,
       coalesce((SELECT step ->> 'severity'
                   FROM jsonb_array_elements(g.steps) WITH ORDINALITY AS reached (step, place)
                  WHERE (step ->> 'on')::date <= %(day)s AND step ->> 'severity' IS NOT NULL
                  ORDER BY place DESC LIMIT 1), g.severity) AS severity_now,
       EXISTS (SELECT 1 FROM jsonb_array_elements(g.steps) AS step
                WHERE step ->> 'name' = 'urgent' AND (step ->> 'on')::date <= %(day)s) AS urgent,
       rest.reason AS rest_reason, rest.until AS rests_until
  FROM gaps g LEFT JOIN register r USING (journey)
  LEFT JOIN LATERAL (
       SELECT told ->> 'reason' AS reason, (told ->> 'until')::date AS until
         FROM jsonb_array_elements(g.handled) WITH ORDINALITY AS handled (told, place)
        WHERE (told ->> 'on')::date <= %(day)s AND told ->> 'reason' IS NOT NULL
        ORDER BY place DESC LIMIT 1) AS rest ON rest.until >= %(day)s
 WHERE g.begins_on <= %(day)s
"""

_GROUPED = f"""
SELECT s.*,
       CASE WHEN state = 'closed' THEN 'closed'
            WHEN rests_until IS NOT NULL THEN 'resting'
            WHEN kind = 'data' THEN 'unknown'
            WHEN kind = 'chance' THEN 'chance'
            WHEN state = 'due' AND coalesce(due_on, opens_on) <= %(day)s + %(due_soon)s THEN 'due_soon'
            WHEN state = 'due' THEN 'due_later'
            WHEN strand = 'rechtskreis' THEN 'seam'
            WHEN %(day)s - opens_on > %(long_open)s THEN 'long_open'
            ELSE 'open' END AS group_now,
       CASE state WHEN 'due' THEN coalesce(due_on, opens_on) - %(day)s
                  ELSE %(day)s - opens_on + 1 END AS days
  FROM ({_STANDING}{{closed}}) AS s
"""

_NOT_CLOSED = "   AND (g.closes_on IS NULL OR g.closes_on > %(day)s)"
"""Closed rows are most of the table: where none is asked for, they are left out before anything is looked up for them."""

_FILTERS: Mapping[str, str] = {
    "text": "search LIKE %(text)s",
    "strand": "strand = %(strand)s",
    "responsible": "%(responsible)s = ANY (responsible)",
    "unit": "unit = %(unit)s",
    "case_manager": "case_manager = %(case_manager)s",
    "rule": "rule = %(rule)s",
    "severity": "severity_now = %(severity)s",
    "group": "group_now = %(group)s",
    "journey": "journey = %(journey)s",
    "town": (
        "journey IN (SELECT journey FROM addresses WHERE ags = %(town)s AND since <= %(day)s"
        " AND (until IS NULL OR until >= %(day)s))"
    ),
}
_STATES = "state = ANY (%(states)s)"
_UNASSIGNED = "nobody"
_DUE_WITHIN = "(state <> 'due' OR coalesce(due_on, opens_on) <= %(day)s + %(due_within)s)"
_ORDERS: Mapping[Sort, str] = {
    Sort.URGENCY: (
        "array_position(%(severities)s, severity_now), urgent DESC,"
        " CASE WHEN state = 'due' THEN days ELSE -days END"
    ),
    Sort.AGE: "opens_on",
    Sort.NAME: "lower(name), case_number",
    Sort.RULE: "rule, opens_on",
}
COLUMNS = (
    "journey, name, case_number, unit, case_manager, arrived_on, consent_until, rule, key, kind,"
    " state, group_now, severity_now, urgent, strand, begins_on, opens_on, due_on, closes_on,"
    " closed_by, certainty, evidence, missing, responsible, days, nobody, rest_reason, rests_until"
)

CHOICES = """
SELECT ARRAY(SELECT DISTINCT unit FROM register WHERE unit <> '' ORDER BY unit),
       ARRAY(SELECT DISTINCT case_manager FROM register WHERE case_manager <> '' ORDER BY 1),
       ARRAY(SELECT DISTINCT rule FROM gaps ORDER BY rule),
       ARRAY(SELECT DISTINCT who FROM gaps, unnest(responsible) AS who ORDER BY who)
"""

SPANS = """
SELECT journey, strand, starts_on, ends_on, label_de, label_en, label_short, detail, refs, certainty
  FROM timeline WHERE journey = ANY (%(journeys)s) ORDER BY journey, strand, starts_on
"""

HOLES = """
SELECT journey, strand, rule, evidence, certainty, opens_on, due_on, closes_on,
       CASE WHEN closes_on <= %(day)s THEN 'closed'
            WHEN opens_on <= %(day)s THEN 'open' ELSE 'due' END AS state
  FROM gaps
 WHERE journey = ANY (%(journeys)s) AND kind = 'gap' AND begins_on <= %(day)s
"""

TOWNS = """
SELECT journey, ags FROM addresses
 WHERE journey = ANY (%(journeys)s) AND since <= %(day)s AND (until IS NULL OR until >= %(day)s)
"""

UPCOMING = """
SELECT g.journey, coalesce(r.name, ''), coalesce(r.case_number, ''), coalesce(r.unit, ''),
       coalesce(r.case_manager, ''), r.arrived_on, r.consent_until,
       g.rule, g.key, g.opens_on, g.due_on, g.severity
  FROM gaps g LEFT JOIN register r USING (journey)
 WHERE g.kind = 'gap' AND g.opens_on > %(day)s AND g.opens_on <= %(day)s + %(days)s
   AND (g.closes_on IS NULL OR g.closes_on > g.opens_on)
   AND (%(unit)s = '' OR r.unit = %(unit)s)
 ORDER BY coalesce(r.unit, ''), g.opens_on, lower(coalesce(r.name, '')), g.journey, g.rule, g.key
"""

HEADER = """
SELECT journey, name, case_number, unit, case_manager, arrived_on, consent_until
  FROM register WHERE journey = %(journey)s
"""

SEARCH = """
SELECT journey, name, case_number, unit, case_manager, arrived_on, consent_until
  FROM register WHERE search LIKE %(text)s ORDER BY lower(name), case_number, journey LIMIT %(limit)s
"""

CASELOAD = """
SELECT unit, case_manager,
       count(DISTINCT (journey, case_id)) FILTER (WHERE state IN ('active', 'unmanned')),
       count(DISTINCT (journey, case_id)) FILTER (WHERE state = 'suspended'),
       coalesce(sum(opened) FILTER (WHERE state IN ('active', 'unmanned')), 0)
  FROM (SELECT DISTINCT ON (c.journey, c.case_id) c.*,
               (SELECT count(*) FROM gaps g WHERE g.journey = c.journey AND g.kind = 'gap'
                   AND g.opens_on <= %(day)s AND (g.closes_on IS NULL OR g.closes_on > %(day)s)) AS opened
          FROM caseload c
         WHERE c.since <= %(day)s AND (c.until IS NULL OR c.until >= %(day)s)
         ORDER BY c.journey, c.case_id, c.since DESC) AS standing
 GROUP BY unit, case_manager ORDER BY unit, case_manager
"""

OPEN_BY_RULE = """
SELECT rule, count(*) FROM gaps
 WHERE kind = 'gap' AND begins_on <= %(day)s AND opens_on <= %(day)s
   AND (closes_on IS NULL OR closes_on > %(day)s)
 GROUP BY rule ORDER BY rule
"""

STATUS_COUNTS = """
SELECT field, state, label_de, label_en, count(DISTINCT journey) FROM status
 WHERE since <= %(day)s AND (until IS NULL OR until >= %(day)s)
 GROUP BY field, state, label_de, label_en ORDER BY field, 5 DESC, state
"""

FRESHNESS = """
SELECT coalesce(t.notification_id, 0), h.position, f.recorded_at, f.updated_at,
       (SELECT header FROM kette.events WHERE position = coalesce(t.notification_id, 0) + 1),
       clock_timestamp()
  FROM kette.log_head h
  LEFT JOIN kette.tracking t ON t.application_name = %(name)s AND EXISTS (SELECT FROM views.standing)
  LEFT JOIN views.freshness f ON f.name = %(name)s
"""


def parameters(query: GapQuery) -> dict[str, Any]:
    """Return the values of a query's statement."""
    return {
        **standing(query.as_of),
        "text": word_prefix(query.text),
        "strand": query.strand and query.strand.value,
        "responsible": query.responsible and query.responsible.value,
        "unit": query.unit,
        "case_manager": query.case_manager,
        "rule": query.rule,
        "severity": query.severity and query.severity.value,
        "group": query.group and query.group.value,
        "journey": query.journey,
        "town": query.town,
        "states": [one.value for one in query.states],
        "due_within": None if query.due_within is None else query.due_within.days,
        "limit": query.page_size,
        "offset": (query.page - 1) * query.page_size,
        "per_group": query.per_group,
    }


def standing(day: date) -> dict[str, Any]:
    """Return the values that every statement about a day needs."""
    return {
        "day": day,
        "due_soon": DUE_SOON.days,
        "long_open": LONG_OPEN.days,
        "severities": _SEVERITIES,
        "groups": _GROUPS,
    }


def word_prefix(text: str) -> str:
    """Return the pattern of a word that begins with a text."""
    key = " ".join(text.casefold().split())
    escaped = key.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"% {escaped}%"


def page(query: GapQuery) -> str:
    """Return the statement of one page of the list, or of the first rows of each group."""
    order = f"{_ORDERS[query.sort]}, journey, rule, key"
    cut = "WHERE place <= %(per_group)s" if query.per_group else ""
    part = "" if query.per_group else "LIMIT %(limit)s OFFSET %(offset)s"
    return (
        f"SELECT {COLUMNS} FROM ("
        f"SELECT *, row_number() OVER (PARTITION BY group_now ORDER BY {order}) AS place"
        f" FROM ({_grouped(query)}) AS g WHERE {_where(query)}) AS t {cut}"
        f" ORDER BY array_position(%(groups)s, group_now), place {part}"
    )


def counts(query: GapQuery) -> str:
    """Return the statement that counts the rows of each group, and the people of all."""
    return (
        f"SELECT group_now, count(*), count(DISTINCT journey) FROM ({_grouped(query)}) AS t"
        f" WHERE {_where(query)} GROUP BY GROUPING SETS ((group_now), ())"
    )


def tiles(query: GapQuery) -> str:
    """Return the statement of the tiles: every filter but the group; a tile counts what its list shows."""
    return (
        "SELECT count(*) FILTER (WHERE gap AND state = 'open'),"
        " count(DISTINCT journey) FILTER (WHERE gap AND state = 'open'),"
        " count(*) FILTER (WHERE group_now = 'due_soon'), count(*) FILTER (WHERE group_now = 'seam'),"
        " count(*) FILTER (WHERE group_now = 'long_open'),"
        f" count(*) FILTER (WHERE nobody AND {_listed(query)}),"
        " count(*) FILTER (WHERE group_now = 'unknown')"
        f" FROM (SELECT *, kind = 'gap' AS gap FROM ({_grouped(query)}) AS g) AS t"
        f" WHERE {_common(query)}"
    )


def _grouped(query: GapQuery) -> str:
    """Return the rows in their groups; no tile counts a closed one unless the list shows it."""
    return _GROUPED.format(closed="" if State.CLOSED in query.states else _NOT_CLOSED)


def _where(query: GapQuery) -> str:
    conditions = [_common(query), _listed(query)]
    if query.group is not None:
        conditions.append(_FILTERS["group"])
    return " AND ".join(conditions)


def _listed(query: GapQuery) -> str:
    """Return which rows stand in the list at all: their state, and how near they are due."""
    return _STATES if query.due_within is None else f"{_STATES} AND {_DUE_WITHIN}"


def _common(query: GapQuery) -> str:
    asked = [
        condition
        for name, condition in _FILTERS.items()
        if name != "group" and getattr(query, name)
    ]
    if query.unassigned:
        asked.append(_UNASSIGNED)
    return " AND ".join(asked) or "true"
