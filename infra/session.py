"""Connections with Kette's time limits and roles, and what their errors mean."""

import shutil
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from eventsourcing import persistence
from eventsourcing.persistence import PersistenceError
from eventsourcing.postgres import PostgresDatastore
from psycopg import Connection, errors
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, RowFactory, TupleRow, dict_row, tuple_row
from psycopg.sql import SQL, Composed, Identifier
from typing_extensions import override

from domain.errors import KetteError
from infra.errors import (
    JournalBusyError,
    JournalUnavailableError,
    MigrationError,
    UnsafeServerError,
)

WRITER = "kette_writer"
LOADER = "kette_loader"
READER = "kette_reader"
PROJECTOR = "kette_projector"
NOTARY = "kette_notary"

CONNECT_SECONDS = 5
DATA_LINK = "data"
MAKE_ROOM = (
    "make room there, then it goes on by itself; what was not answered can be sent again and is "
    "written once"
)
_LOG_SEGMENT_BYTES = 16 * 2**20
_LOST = frozenset({None, "", "57P01", "57P02", "57P03", "08000", "08003", "08006"})


def settings(role: str) -> Composed:
    """Return the statement by which a connection takes on a role and the limits of a request."""
    return SQL(
        "SET lock_timeout = '2s'; SET statement_timeout = '5s'; SET timezone = 'UTC';"
        "SET idle_in_transaction_session_timeout = '5s'; SET ROLE {}"
    ).format(Identifier(role))


def connect(dsn: str, role: str) -> Connection[TupleRow]:
    """Open a connection in autocommit mode with a role and the limits of a request."""
    return _open(dsn, role, tuple_row)


def _open(dsn: str, role: str, row_factory: RowFactory[Any]) -> Connection[Any]:
    connection = psycopg.connect(
        dsn, autocommit=True, connect_timeout=CONNECT_SECONDS, row_factory=row_factory
    )
    try:
        connection.execute(settings(role))
    except BaseException:
        connection.close()
        raise
    return connection


def check_address(dsn: str) -> None:
    """Refuse what is no connection string without repeating it: it may hold a password.

    Raises:
        JournalUnavailableError: If it is none.
    """
    try:
        conninfo_to_dict(dsn)
    except psycopg.ProgrammingError:
        raise JournalUnavailableError(
            "the database's address cannot be read; write postgresql://user@host:port/name"
        ) from None


def lost(error: psycopg.Error) -> bool:
    """Say whether the error means that the server or the way to it went away."""
    timeouts = (errors.QueryCanceled, errors.LockNotAvailable)
    return (
        isinstance(error, psycopg.OperationalError)
        and not isinstance(error, timeouts)
        and error.sqlstate in _LOST
    ) or isinstance(error, psycopg.InterfaceError)


def disk_full(dsn: str) -> bool:
    """Say whether a server on this machine has no room for its log: it then ends and cannot come back.

    Its disk is known by the folder of its socket, and by the way from there to its data, if there is one.
    """
    host = str(conninfo_to_dict(dsn).get("host") or "") if dsn else ""
    if not host.startswith("/"):
        return False
    data = Path(host, DATA_LINK)
    try:
        return shutil.disk_usage(data if data.exists() else host).free < _LOG_SEGMENT_BYTES
    except OSError:
        return False


def no_room(error: psycopg.Error, dsn: str) -> bool:
    """Say whether an error comes of a full disk: told by the server, or found where it went away."""
    return isinstance(error, errors.DiskFull) or (lost(error) and disk_full(dsn))


def explained(error: psycopg.Error, dsn: str = "") -> KetteError:
    """Return what a database error means to a caller; never a value, never a password.

    Args:
        error: What went wrong.
        dsn: The database, to find out why a server went away.
    """
    if no_room(error, dsn):
        return JournalUnavailableError(f"no space left on the database's disk: {MAKE_ROOM}")
    if isinstance(error, errors.QueryCanceled | errors.LockNotAvailable):
        return JournalBusyError("the database did not answer in time; nothing was written")
    if isinstance(
        error, errors.UndefinedTable | errors.UndefinedFunction | errors.InvalidSchemaName
    ):
        return MigrationError("the database holds no journal of this program's version")
    reason = error.diag.message_primary or str(error).strip().split("\n", 1)[0]
    return JournalUnavailableError(f"the database cannot be used: {reason}")


@contextmanager
def translated() -> Iterator[None]:
    """Let a caller see what a database error means instead of the error."""
    try:
        yield
    except psycopg.Error as error:
        raise explained(error) from error


def check_server(connection: Connection[TupleRow]) -> tuple[str, ...]:
    """Refuse a server that may lose what it acknowledged; return what is only worth a warning.

    Raises:
        UnsafeServerError: If fsync, full_page_writes or synchronous_commit is off.
        MigrationError: If the database holds no journal.
    """
    warnings = check_durable(connection)
    ((found,),) = connection.execute("SELECT to_regclass('kette.events') IS NOT NULL").fetchall()
    if not found:
        raise MigrationError("the database holds no journal yet: apply the migrations first")
    return warnings


def check_durable(connection: Connection[TupleRow]) -> tuple[str, ...]:
    """Refuse a server that may lose what it acknowledged; return what is only worth a warning.

    Raises:
        UnsafeServerError: If fsync, full_page_writes or synchronous_commit is off.
    """
    names = ["fsync", "full_page_writes", "synchronous_commit", "data_checksums"]
    rows = connection.execute(
        "SELECT name FROM unnest(%s::text[]) AS name WHERE current_setting(name) = 'off'", [names]
    )
    off = [name for (name,) in rows]
    unsafe = [name for name in off if name != "data_checksums"]
    if unsafe:
        raise UnsafeServerError(f"the server runs with {', '.join(unsafe)} off: switch it on")
    return tuple(f"{name} is off: damage on the disk would go unnoticed" for name in off)


class Session:
    """One connection with a role, opened when it is needed and again after it was lost.

    It is used by one thread at a time; :attr:`lock` is for the callers to hold.
    """

    def __init__(self, dsn: str, role: str) -> None:
        self._dsn = dsn
        self._role = role
        self._connection: Connection[TupleRow] | None = None
        self.lock = threading.Lock()

    def connection(self) -> Connection[TupleRow]:
        """Return the connection, opened if need be."""
        if self._connection is None:
            self._connection = connect(self._dsn, self._role)
        return self._connection

    def drop(self) -> None:
        """Close the connection; the next use opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class JournalDatastore(PostgresDatastore):
    """The library's datastore, opened by DSN, with Kette's role and time limits.

    Connections wait in a stack instead of a pool with threads: a lost one is replaced at once, and
    taking one costs next to nothing.
    """

    def __init__(self, dsn: str, role: str = READER) -> None:
        self._role = role
        self._idle: deque[Connection[DictRow]] = deque()
        self._conninfo = dsn
        parts = conninfo_to_dict(dsn)
        super().__init__(
            dbname=str(parts.get("dbname") or ""),
            host=str(parts.get("host") or ""),
            port=str(parts.get("port") or ""),
            user=str(parts.get("user") or ""),
            password=str(parts.get("password") or ""),
            connect_timeout=CONNECT_SECONDS,
            schema="kette",
        )

    @override
    @contextmanager
    def get_connection(self) -> Iterator[Connection[DictRow]]:
        """Lend a connection; its errors are the library's."""
        connection: Connection[DictRow] | None = None
        try:
            connection = self._take()
            yield connection
        except psycopg.Error as error:
            raise _library_error(error) from error
        finally:
            if connection is not None:
                self._give_back(connection)

    def _take(self) -> Connection[DictRow]:
        try:
            return self._idle.pop()
        except IndexError:
            return _open(self._conninfo, self._role, dict_row)

    def _give_back(self, connection: Connection[DictRow]) -> None:
        if connection.info.transaction_status is TransactionStatus.IDLE:
            self._idle.append(connection)
            return
        connection.close()
        self.forget_idle()

    def forget_idle(self) -> None:
        """Close the waiting connections: after a loss they are lost as well."""
        try:
            while True:
                self._idle.pop().close()
        except IndexError:  # somebody else may be taking them as well
            return

    @override
    def close(self) -> None:
        """Close every waiting connection."""
        self.forget_idle()
        super().close()


def _library_error(error: psycopg.Error) -> PersistenceError:
    kind = next(_LIBRARY_ERRORS[one] for one in type(error).__mro__ if one in _LIBRARY_ERRORS)
    return kind(str(error))


_LIBRARY_ERRORS: dict[type, type[PersistenceError]] = {
    psycopg.InterfaceError: persistence.InterfaceError,
    psycopg.OperationalError: persistence.OperationalError,
    psycopg.DataError: persistence.DataError,
    psycopg.IntegrityError: persistence.IntegrityError,
    psycopg.InternalError: persistence.InternalError,
    psycopg.ProgrammingError: persistence.ProgrammingError,
    psycopg.NotSupportedError: persistence.NotSupportedError,
    psycopg.DatabaseError: persistence.DatabaseError,
    psycopg.Error: persistence.PersistenceError,
}
