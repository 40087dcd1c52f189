"""The tables of the read models: made as the projections declare them, and written by COPY."""

import hashlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection, ServerCursor
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed, Identifier
from psycopg.types.json import Jsonb

from domain.journal import Recorded
from infra import header
from infra.keys import KeyRing
from infra.sealing import Row as StoredRow
from infra.sealing import journey_records, with_keys_at_hand
from projections.folding import Rows, rows_of
from projections.history import Beside
from projections.household import HOUSEHOLD
from projections.household import beside as beside_of
from projections.practice import own
from projections.projection import Column, ColumnType, Projection, Row

LIVE = "views"
NEXT = "views_next"
SPOT = "pg_temp"
_SELECT_JOURNEYS = (
    "SELECT header, ciphertext FROM kette.events"
    " WHERE journey_id = ANY(%b) AND position <= %b ORDER BY journey_id, version"
)
_SELECT_ALL = (
    "SELECT header, ciphertext FROM kette.events WHERE position <= %b"
    " AND get_byte(uuid_send(journey_id), 15) %% %b = %b ORDER BY journey_id, version"
)
_BLOCK = 1_000

Kept = Sequence[Projection[Any]]
Journey = tuple[UUID, Sequence[Recorded]]
Known = tuple[UUID, Sequence[Recorded], Beside]
Change = Sequence[tuple[UUID, Rows]]


def shape(projections: Kept) -> str:
    """Return the digest of the tables, the program and the bounds that fill them; another needs a rebuild."""
    lines = [
        f"{one.name}({','.join(f'{column.name} {column.type}' for column in one.columns)})"
        for one in projections
    ]
    return hashlib.sha256("\n".join([_program(), *own(), *sorted(lines)]).encode()).hexdigest()


@cache
def _program() -> str:
    """Return the digest of everything that a reading depends on: facts, rules, bounds, projections."""
    digest = hashlib.sha256()
    for package in ("domain", "projections"):
        root = Path(str(files(package)))
        for file in sorted(root.rglob("*")):
            if file.suffix in {".py", ".toml"}:
                digest.update(file.relative_to(root).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()


def create(connection: Connection[TupleRow], schema: str, projections: Kept) -> None:
    """Make the tables in a schema and let readers read them."""
    for one in projections:
        columns = [SQL("journey uuid NOT NULL"), *(_declared(column) for column in one.columns)]
        table = Identifier(schema, one.name)
        kind = SQL("UNLOGGED" if one.in_clear and schema != SPOT else "")
        statement = SQL("CREATE {} TABLE {} ({})").format(kind, table, SQL(", ").join(columns))
        connection.execute(statement)
        if one.in_clear and schema != SPOT:
            _keep_no_statistics(connection, table, one)
        connection.execute(SQL("GRANT SELECT ON {} TO kette_reader").format(table))


def _keep_no_statistics(
    connection: Connection[TupleRow], table: Identifier, projection: Projection[Any]
) -> None:
    """Let no value of a table in clear become a frequent one of the catalogue, which is in every backup."""
    names = [one.name for one in projection.columns if not one.coded]
    actions = [SQL("ALTER {} SET STATISTICS 0").format(Identifier(name)) for name in names]
    connection.execute(SQL("ALTER TABLE {} {}").format(table, SQL(", ").join(actions)))


def index(connection: Connection[TupleRow], schema: str, projections: Kept) -> None:
    """Make the indexes of the tables in a schema."""
    for one in projections:
        table = Identifier(schema, one.name)
        for name in ("journey", *one.indexed):
            connection.execute(SQL("CREATE INDEX ON {} ({})").format(table, Identifier(name)))
        connection.execute(SQL("ANALYZE {}").format(table))


def drop(connection: Connection[TupleRow], schema: str) -> None:
    """Drop every table of a projection in a schema, also of one that is kept no longer."""
    rows = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r'"
        " AND relowner = 'kette_projector'::regrole",
        [schema],
    ).fetchall()
    for (name,) in rows:
        connection.execute(SQL("DROP TABLE {}").format(Identifier(schema, name)))


def replace(
    connection: Connection[TupleRow], schema: str, projections: Kept, change: Change
) -> None:
    """Replace the rows of journeys, within the transaction of the connection."""
    journeys = [journey for journey, _ in change]
    for one in projections:
        table = Identifier(schema, one.name)
        connection.execute(SQL("DELETE FROM {} WHERE journey = ANY(%s)").format(table), [journeys])
        fill(connection, table, one, change)


def fill(
    connection: Connection[TupleRow], table: Identifier, projection: Projection[Any], change: Change
) -> None:
    """Copy the rows of journeys into a table."""
    names = ["journey", *(column.name for column in projection.columns)]
    statement = SQL("COPY {} ({}) FROM STDIN").format(table, _listed(names))
    rows = [(journey, row) for journey, found in change for row in found[projection.name]]
    if not rows:
        return
    with connection.cursor().copy(statement) as copy:
        for journey, row in rows:
            copy.write_row((journey, *_stored(projection.columns, row)))


def rewrite(connection: Connection[TupleRow], schema: str, projections: Kept) -> None:
    """Write the tables that hold values in clear anew: a deleted row stays in its file until then.

    Nobody reads a table meanwhile.
    """
    for one in projections:
        if one.in_clear:
            connection.execute(SQL("VACUUM (FULL) {}").format(Identifier(schema, one.name)))


def journeys_of(
    connection: Connection[TupleRow], keys: KeyRing, ids: Iterable[UUID], upto: int
) -> Iterator[Journey]:
    """Yield the records of journeys up to a position, journey by journey."""
    rows = connection.execute(_SELECT_JOURNEYS, [list(ids), upto], binary=True)
    return _by_journey(rows, keys)


def all_journeys(
    connection: Connection[TupleRow], keys: KeyRing, upto: int, part: int = 0, parts: int = 1
) -> Generator[Journey]:
    """Stream every journey up to a position, or one of several equal parts of them.

    No more than a block and one journey is in memory.

    The connection must be in a transaction.
    """
    cursor = connection.cursor(name="journeys", binary=True)
    try:
        cursor.itersize = _BLOCK
        cursor.execute(_SELECT_ALL, [upto, parts, part])
        yield from _by_journey(cursor, keys)
    finally:
        _close(cursor)


def known(
    connection: Connection[TupleRow], keys: KeyRing, journeys: Iterable[Journey], upto: int
) -> Iterator[Known]:
    """Yield journeys with what was told of the others of their households up to the same position."""
    found = dict(journeys)
    beside = beside_of(found, lambda ids: journeys_of(connection, keys, ids, upto))
    for journey, records in found.items():
        yield journey, records, beside[journey]


def related(connection: Connection[TupleRow], schema: str, ids: Iterable[UUID]) -> set[UUID]:
    """Return the journeys whose household some journeys belong to, as the tables know it."""
    statement = SQL("SELECT DISTINCT journey FROM {} WHERE member = ANY(%s)")
    table = Identifier(schema, HOUSEHOLD.name)
    return {row[0] for row in connection.execute(statement.format(table), [list(ids)])}


def folded(
    connection: Connection[TupleRow],
    keys: KeyRing,
    projections: Kept,
    journeys: Iterable[Journey],
    upto: int,
) -> Change:
    """Return the rows of journeys, each read among the others of its household."""
    return [
        (journey, rows_of(projections, journey, records, beside))
        for journey, records, beside in known(connection, keys, journeys, upto)
    ]


def _close(cursor: ServerCursor[TupleRow]) -> None:
    """Close a cursor; if its connection is lost, the first attempt is what finds out."""
    with suppress(psycopg.Error):
        cursor.close()
    cursor.close()


def _by_journey(rows: Iterable[StoredRow], keys: KeyRing) -> Iterator[Journey]:
    for journey, found in groupby(
        with_keys_at_hand(rows, keys), key=lambda row: header.journey(row[0])
    ):
        one = UUID(bytes=journey)
        yield one, journey_records(list(found), keys, one)


def _declared(column: Column) -> Composed:
    return SQL("{} {}").format(Identifier(column.name), SQL(_TYPES[column.type]))


_TYPES = {one: one.value for one in ColumnType}


def _listed(names: Iterable[str]) -> Composed:
    return SQL(", ").join(Identifier(name) for name in names)


def _stored(columns: Sequence[Column], row: Row) -> Iterator[object]:
    for column, value in zip(columns, row, strict=True):
        match column.type:
            case ColumnType.JSON:
                yield Jsonb(value)
            case ColumnType.TEXTS if isinstance(value, tuple):
                yield list(value)
            case _:
                yield value
