"""How far the read models have come: the library's tracking table, and when that was."""

from psycopg import Connection
from psycopg.rows import TupleRow

from infra.header import unpack

NAME = "views"


def position(connection: Connection[TupleRow]) -> int:
    """Return the position up to which the tables hold the journal; 0 after a crash emptied some."""
    row = connection.execute(
        "SELECT notification_id FROM kette.tracking, views.standing WHERE application_name = %s",
        [NAME],
    ).fetchone()
    return 0 if row is None else int(row[0])


def lock_position(connection: Connection[TupleRow]) -> int:
    """Return the position and keep everybody else from moving it until the transaction ends."""
    connection.execute("INSERT INTO kette.tracking VALUES (%s, 0) ON CONFLICT DO NOTHING", [NAME])
    connection.execute("SELECT FROM kette.tracking WHERE application_name = %s FOR UPDATE", [NAME])
    return position(connection)


def move_position(connection: Connection[TupleRow], shape: str, reached: int) -> None:
    """Write down how far the tables have come, within the transaction that brought them there."""
    connection.execute(
        "UPDATE kette.tracking SET notification_id = %s WHERE application_name = %s",
        [reached, NAME],
    )
    connection.execute("INSERT INTO views.standing DEFAULT VALUES ON CONFLICT DO NOTHING")
    row = connection.execute(
        "SELECT header FROM kette.events WHERE position = %s", [reached], binary=True
    ).fetchone()
    recorded_at = None if row is None else unpack(row[0]).recorded_at
    connection.execute(
        "INSERT INTO views.freshness AS kept (name, shape, recorded_at, updated_at)"
        " VALUES (%s, %s, %s, clock_timestamp()) ON CONFLICT (name) DO UPDATE"
        " SET shape = excluded.shape, recorded_at = excluded.recorded_at,"
        " updated_at = excluded.updated_at",
        [NAME, shape, recorded_at],
    )


def kept_shape(connection: Connection[TupleRow]) -> str | None:
    """Return the shape in which the tables stand; None if there are none, or a crash emptied some."""
    row = connection.execute(
        "SELECT shape FROM views.freshness, views.standing WHERE name = %s", [NAME]
    ).fetchone()
    return None if row is None else str(row[0])
