"""The read models as a consumer group keeps them: the same questions, asked of the group's tables."""

from typing import Any

import psycopg
from typing_extensions import override

from domain.errors import KetteError
from infra import view_tables
from infra.header import unpack
from infra.keys import KeyRing
from infra.session import READER, connect, explained
from infra.streams.consumer_store import LIVE
from infra.views import Progress, ViewStore
from projections.catalogue import KEPT
from projections.worklist import Freshness

_UNREAD_AMONG = 10_000
_KEPT_TABLES = "SELECT projection FROM kette.streamed_tables"
_SHAPES = """
SELECT array_agg(t.projection), g.shape
  FROM kette.streamed_tables t JOIN kette.streamed_groups g ON g.name = t.group_name
  JOIN streamed.standing s ON s.group_name = g.name
 WHERE t.projection = ANY(%s) GROUP BY g.name, g.shape
"""
# Versions are dense in each journey, so that their sum is how many records a group holds. What waits
# for longer than is looked back has waited at least since there.
_FRESHNESS = """
WITH groups AS (
    SELECT DISTINCT group_name FROM kette.streamed_tables WHERE projection = ANY(%(kept)s)
), held AS (
    SELECT coalesce(sum(j.version), 0)::bigint AS records
      FROM groups LEFT JOIN kette.streamed_journeys j ON j.group_name = groups.group_name
       AND EXISTS (SELECT FROM streamed.standing s WHERE s.group_name = groups.group_name)
     GROUP BY groups.group_name
)
SELECT coalesce((SELECT min(records) FROM held), 0), h.position, h.last_recorded_at,
       coalesce((SELECT header FROM kette.events e
         WHERE e.position > h.position - %(among)s AND EXISTS (
               SELECT FROM groups LEFT JOIN kette.streamed_journeys j
                   ON j.group_name = groups.group_name AND j.journey_id = e.journey_id
                WHERE e.version > coalesce(j.version, 0))
           AND h.position > (SELECT min(records) FROM held)
         ORDER BY e.position LIMIT 1),
       (SELECT header FROM kette.events e
         WHERE e.position = h.position - %(among)s
           AND h.position > (SELECT min(records) FROM held))),
       clock_timestamp()
  FROM kette.log_head h
"""


class GroupTablesError(KetteError):
    """No consumer group keeps the tables that the pages need, or not as this program reads them."""

    code = "group-tables"


def open_group_views(dsn: str, keys: KeyRing) -> "GroupViews":
    """Open the tables that consumer groups keep.

    Raises:
        GroupTablesError: If there are none, or those of another version of this program.
        JournalUnavailableError: If the database cannot be reached.
    """
    try:
        with connect(dsn, READER) as connection:
            kept = connection.execute(_SHAPES, [_names()]).fetchall()
    except psycopg.Error as error:
        raise explained(error) from error
    missing = sorted(set(_names()) - {name for names, _ in kept for name in names})
    if missing:
        _refuse(f"no consumer group keeps {', '.join(missing)}")
    by_name = {one.name: one for one in KEPT}
    for names, shape in kept:
        if shape != view_tables.shape([by_name[name] for name in by_name if name in names]):
            _refuse(f"the tables {', '.join(sorted(names))} are of another version of this program")
    return GroupViews(dsn, keys)


class GroupViews(ViewStore):
    """The tables of the groups; they are written by `kette consume` alone."""

    def __init__(self, dsn: str, keys: KeyRing) -> None:
        super().__init__(dsn, keys, KEPT, LIVE)

    @override
    def freshness(self) -> Freshness:
        """Return how many records all groups hold, and how long the oldest unread one waits at least."""

        def asked(cursor: Any) -> Freshness:
            row = cursor.execute(_FRESHNESS, {"kept": _names(), "among": _UNREAD_AMONG}).fetchone()
            held, head, recorded_at, unread, now = row
            waited = (
                0.0 if unread is None else (now - unpack(bytes(unread)).recorded_at).total_seconds()
            )
            return Freshness(held, head - held, recorded_at, now, max(0.0, waited))

        return self._ask(asked)

    @override
    def emptied(self) -> bool:
        """Say no: the group's members find out, and stop."""
        return False

    @override
    def rebuild(self, progress: Progress = lambda _done, _of: None) -> int:
        """Refuse: others keep these tables.

        Raises:
            GroupTablesError: Always.
        """
        raise GroupTablesError(
            "a consumer group keeps these tables: `kette consume --projection all --rebuild` builds them anew"
        )


def _names() -> list[str]:
    return [one.name for one in KEPT]


def _refuse(why: str) -> None:
    raise GroupTablesError(
        f"{why}: run `kette consume --projection all`, or unset KETTE_READINGS to keep them in this process"
    )
