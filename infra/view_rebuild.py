"""Rebuild of the read models: beside the ones that serve, then swapped in one transaction."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from itertools import islice
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier

from infra import view_tables
from infra.keys import KeyRing
from infra.session import PROJECTOR, connect
from infra.tail import place, read_after
from infra.view_tables import LIVE, NEXT, SPOT, Journey, Kept
from infra.view_tracking import lock_position, move_position
from projections.household import HOUSEHOLD

Progress = Callable[[int, int], None]
_LOCK = 0x7669657773  # "views"
_JOURNEYS = 50
_BLOCK = 2_000
_PATIENT = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '30s'"


def rebuild(dsn: str, keys: KeyRing, projections: Kept, shape: str, progress: Progress) -> int:
    """Rebuild every table from the first record on and return the position reached.

    The journal is read once, journey by journey, while the old tables serve and appends go on; what
    came meanwhile is folded afterwards. A rebuild that was killed leaves nothing that the next
    would not sweep away.

    Args:
        dsn: The database.
        keys: Open what is recorded.
        projections: What to keep.
        shape: The digest of what they look like.
        progress: Is told how many of how many records are folded.
    """
    with connect(dsn, PROJECTOR) as connection:
        connection.execute(_PATIENT)
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        destroyed = keys.destroyed_after(0)
        view_tables.drop(connection, NEXT)
        view_tables.create(connection, NEXT, projections)
        reached = _fill(dsn, connection, keys, projections, progress)
        view_tables.index(connection, NEXT, projections)
        reached = _catch_up(connection, keys, projections, reached, upto=None)
        seq = destroyed[-1].seq if destroyed else 0
        reached, erased = _swap(connection, keys, projections, shape, reached, seq)
        if erased:
            view_tables.rewrite(connection, LIVE, projections)
        return reached


def leave_nothing(dsn: str, projections: Kept) -> None:
    """Take deleted rows out of the files of the tables in clear, and what a broken-off rebuild left behind."""
    with connect(dsn, PROJECTOR) as connection:
        connection.execute(_PATIENT)
        view_tables.rewrite(connection, LIVE, projections)
        free = connection.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone()
        if free is not None and free[0]:
            view_tables.drop(connection, NEXT)


def wipe(dsn: str, schema: str, in_clear: Kept, journeys: Collection[UUID]) -> None:
    """Take journeys out of tables that somebody else keeps, and out of their files."""
    with connect(dsn, PROJECTOR) as connection:
        connection.execute(_PATIENT)
        for one in in_clear:
            statement = SQL("DELETE FROM {} WHERE journey = ANY(%s)")
            table = Identifier(schema, one.name)
            connection.execute(statement.format(table), [list(journeys)])
        view_tables.rewrite(connection, schema, in_clear)


def fill_on_the_spot(connection: Connection[TupleRow], keys: KeyRing, projections: Kept) -> None:
    """Fill tables of the connection's own, which hide the kept ones until its transaction ends."""
    view_tables.create(connection, SPOT, projections)
    upto = _head(connection)
    for journeys in _batches(view_tables.all_journeys(connection, keys, upto), _JOURNEYS):
        change = view_tables.folded(connection, keys, projections, journeys, upto)
        for one in projections:
            view_tables.fill(connection, Identifier(SPOT, one.name), one, change)


def _fill(
    dsn: str,
    connection: Connection[TupleRow],
    keys: KeyRing,
    projections: Kept,
    progress: Progress,
) -> int:
    """Fold every journey up to the head and return the head's position."""
    with connect(dsn, PROJECTOR) as reading:
        reading.execute(_PATIENT)
        upto = _head(reading)
        done = 0
        with reading.transaction(), closing(view_tables.all_journeys(reading, keys, upto)) as found:
            for journeys in _batches(found, _JOURNEYS):
                change = view_tables.folded(reading, keys, projections, journeys, upto)
                with connection.transaction():
                    for one in projections:
                        table = Identifier(NEXT, one.name)
                        view_tables.fill(connection, table, one, change)
                done += sum(len(records) for _, records in journeys)
                progress(done, upto)
    return upto


def _catch_up(
    connection: Connection[TupleRow],
    keys: KeyRing,
    projections: Kept,
    reached: int,
    upto: int | None,
) -> int:
    """Fold what came meanwhile until nothing is left, or up to a position."""
    while upto is None or reached < upto:
        rows = read_after(connection, reached, _BLOCK)
        if not rows:
            break
        places = [place(stored) for stored, _ in rows]
        reached = places[-1].position
        _read_anew(connection, keys, projections, {one.journey for one in places}, reached)
    return reached


def _read_anew(
    connection: Connection[TupleRow],
    keys: KeyRing,
    projections: Kept,
    touched: Iterable[UUID],
    reached: int,
) -> None:
    """Replace the rows of journeys, and of those whose household they belong to, in the tables beside."""
    every = {*touched, *_related(connection, projections, touched)}
    journeys = view_tables.journeys_of(connection, keys, every, reached)
    change = view_tables.folded(connection, keys, projections, journeys, reached)
    with connection.transaction():
        view_tables.replace(connection, NEXT, projections, change)


def _related(connection: Connection[TupleRow], projections: Kept, ids: Iterable[UUID]) -> set[UUID]:
    """Return whose household some journeys belong to, where the tables beside keep it."""
    return view_tables.related(connection, NEXT, ids) if HOUSEHOLD in projections else set()


def _swap(
    connection: Connection[TupleRow],
    keys: KeyRing,
    projections: Kept,
    shape: str,
    reached: int,
    seq: int,
) -> tuple[int, bool]:
    """Put the new tables in the place of the old ones, no further back than these.

    Returns:
        The position reached, and whether journeys were read anew because their keys were destroyed since the
        rebuild began: whoever destroys a key purges the tables that stand then.
    """
    with connection.transaction():
        lock_position(connection)
        reached = _catch_up(connection, keys, projections, reached, upto=_head(connection))
        erased = {one.journey for one in keys.destroyed_after(seq)}
        _read_anew(connection, keys, projections, erased, reached)
        view_tables.drop(connection, LIVE)
        for one in projections:
            statement = SQL("ALTER TABLE {} SET SCHEMA {}")
            connection.execute(statement.format(Identifier(NEXT, one.name), Identifier(LIVE)))
        move_position(connection, shape, reached)
    return reached, bool(erased)


def _head(connection: Connection[TupleRow]) -> int:
    row = connection.execute("SELECT position FROM kette.log_head").fetchone()
    return 0 if row is None else int(row[0])


def _batches(journeys: Iterable[Journey], size: int) -> Iterator[list[Journey]]:
    following = iter(journeys)
    while batch := list(islice(following, size)):
        yield batch
