"""The key store in PostgreSQL: wrapped data keys, epochs, and what was destroyed; no key in clear.

It is a database of its own, on a server of its own.
"""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import psycopg
from psycopg import Connection, errors
from psycopg.rows import TupleRow
from typing_extensions import override

from infra.errors import KeyStoreError, KeyStoreUnavailableError, MigrationError
from infra.migrations import migrate as migrate_database
from infra.migrations import shipped
from infra.session import MAKE_ROOM, Session, check_durable, disk_full, lost, no_room

KEEPER = "kette_keeper"
Answer = TypeVar("Answer")
_PATIENCE_SECONDS = 15.0
_PAUSE_SECONDS = 0.1
_BLOCK = 20_000
_RETIRED = "KT010"
_COLUMNS = "id, journey_id, class, epoch, wrapped"
_TAKE = "SELECT * FROM kette.take(%b, %b, %b, %b, %b)"
_FIND = (
    f"SELECT {_COLUMNS} FROM kette.data_keys WHERE id = ANY(%b) UNION ALL"
    " SELECT key_id, journey_id, class, 0, NULL FROM kette.destroyed WHERE key_id = ANY(%b)"
)
_OUTDATED = (
    f"SELECT {_COLUMNS} FROM kette.data_keys WHERE epoch <> %b AND id > %b ORDER BY id LIMIT %b"
)
_REWRAP = (
    "UPDATE kette.data_keys AS kept SET epoch = %b, wrapped = told.wrapped"
    " FROM unnest(%b::uuid[], %b::bytea[]) AS told (id, wrapped) WHERE kept.id = told.id"
)
_STILL = "SELECT FROM kette.epochs WHERE number = %s AND retired_at IS NULL FOR SHARE"
_EPOCHS = (
    "SELECT e.number, e.fingerprint, e.made_at, e.retired_at, e.destroyed_at,"
    " (SELECT count(*) FROM kette.data_keys k WHERE k.epoch = e.number)"
    " + (SELECT count(*) FROM kette.store s WHERE s.epoch = e.number)"
    " FROM kette.epochs e ORDER BY e.number"
)


class Stored(NamedTuple):
    """A data key as it is kept; ``wrapped`` is None if it was destroyed."""

    id: UUID
    journey: UUID
    data_class: str
    epoch: int
    wrapped: bytes | None


class Epoch(NamedTuple):
    """An epoch of the keys that wrap, and how many keys it wraps."""

    number: int
    fingerprint: bytes
    made_at: datetime
    retired_at: datetime | None
    destroyed_at: datetime | None
    keys: int


class Destroyed(NamedTuple):
    """A key that was destroyed."""

    seq: int
    journey: UUID
    data_class: str
    at: datetime


class EpochRetiredError(KeyStoreError):
    """Another process has begun a new epoch."""


def _keep_current(connection: Connection[TupleRow], epoch: int) -> None:
    """Keep an epoch from being retired until the transaction ends.

    Raises:
        EpochRetiredError: If it was retired already.
    """
    if connection.execute(_STILL, [epoch]).fetchone() is None:
        raise EpochRetiredError(
            f"epoch {epoch} was retired meanwhile: run `kette keys rotate` again"
        )


def migrate(dsn: str) -> None:
    """Bring the key store's database up to this program.

    Raises:
        KeyStoreError: If the database holds a journal, or anything else under the same names.
        KeyStoreUnavailableError: If it cannot be reached.
        UnsafeServerError: If its server may lose a key that it has taken.
    """
    try:
        with psycopg.connect(dsn, connect_timeout=10) as connection:
            check_durable(connection)
            ((found,),) = connection.execute(
                "SELECT to_regclass('kette.events') IS NOT NULL"
            ).fetchall()
    except psycopg.Error as error:
        raise _unavailable(error, dsn) from error
    if found:
        raise KeyStoreError(
            "the key store is the journal's own database: name another server in KETTE_KEYS_DSN"
        )
    try:
        migrate_database(dsn, migrations=shipped("key_sql"))
    except MigrationError as error:
        raise KeyStoreError(f"the key store: {error}") from error


class KeyStore:
    """Reads and writes wrapped keys; one call at a time, from any thread."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self._session = Session(dsn, KEEPER)

    @override
    def __reduce__(self) -> tuple[type["KeyStore"], tuple[str]]:
        """Go to another process as the address alone."""
        return KeyStore, (self.dsn,)

    def close(self) -> None:
        """Give the connection back."""
        with self._session.lock:
            self._session.drop()

    def take(self, epoch: int, offered: Sequence[Stored]) -> list[Stored]:
        """Keep offered keys of journeys that have none; return what the journeys have, durably.

        Raises:
            EpochRetiredError: If the epoch wraps nothing more.
        """
        columns = [
            [one.id for one in offered],
            [one.journey for one in offered],
            [one.data_class for one in offered],
            epoch,
            [one.wrapped for one in offered],
        ]
        return self._stored(_TAKE, columns)

    def find(self, ids: Collection[UUID]) -> list[Stored]:
        """Return keys by their ids; those that were never there are missing."""
        wanted = list(ids)
        return self._stored(_FIND, [wanted, wanted])

    def of(self, journeys: Collection[UUID]) -> list[Stored]:
        """Return the keys of journeys."""
        return self._stored(
            f"SELECT {_COLUMNS} FROM kette.data_keys WHERE journey_id = ANY(%b) ORDER BY journey_id, class",
            [list(journeys)],
        )

    def destroyed_after(self, seq: int) -> list[Destroyed]:
        """Return what was destroyed after a number, in order."""
        rows = self._rows(
            "SELECT seq, journey_id, class, destroyed_at FROM kette.destroyed WHERE seq > %b ORDER BY seq",
            [seq],
        )
        return [Destroyed(*row) for row in rows]

    def epochs(self) -> list[Epoch]:
        """Return every epoch that there ever was."""
        return [Epoch(*row) for row in self._rows(_EPOCHS, [])]

    def secret(self) -> tuple[UUID, int, bytes] | None:
        """Return whose store it is, and epoch and wrapped form of the secret; None if it is new."""
        rows = self._rows("SELECT tenant, epoch, secret FROM kette.store", [])
        return rows[0] if rows else None

    # What only the owner of the database does

    def begin(self, tenant: UUID, epoch: int, fingerprint: bytes, secret: bytes) -> None:
        """Begin a new store with its first epoch; somebody else may have been first."""
        with self._owner() as connection, connection.transaction():
            connection.execute("LOCK TABLE kette.epochs IN EXCLUSIVE MODE")
            if connection.execute("SELECT 1 FROM kette.epochs").fetchone() is None:
                self._add_epoch(connection, epoch, fingerprint)
                connection.execute(
                    "INSERT INTO kette.store (tenant, epoch, secret) VALUES (%s, %s, %s)",
                    [tenant, epoch, secret],
                )

    def begin_epoch(self, epoch: int, fingerprint: bytes) -> None:
        """Begin an epoch and retire those before: from now on they wrap nothing more."""
        with self._owner() as connection, connection.transaction():
            connection.execute(
                "UPDATE kette.epochs SET retired_at = clock_timestamp() WHERE retired_at IS NULL"
            )
            self._add_epoch(connection, epoch, fingerprint)

    def rewrap(self, epoch: int, wrap: Callable[[Stored], bytes]) -> int:
        """Wrap every key anew under an epoch, block by block; return how many were."""
        done, last = 0, UUID(int=0)
        with self._owner() as connection:
            while True:
                rows = connection.execute(_OUTDATED, [epoch, last, _BLOCK], binary=True).fetchall()
                if not rows:
                    return done
                found = [Stored(*row) for row in rows]
                wrapped = [wrap(one) for one in found]
                with connection.transaction():
                    _keep_current(connection, epoch)
                    connection.execute(_REWRAP, [epoch, [one.id for one in found], wrapped])
                done += len(found)
                last = found[-1].id

    def rewrap_secret(self, epoch: int, secret: bytes) -> None:
        """Keep the secret as it is wrapped under an epoch."""
        with self._owner() as connection, connection.transaction():
            _keep_current(connection, epoch)
            connection.execute("UPDATE kette.store SET epoch = %s, secret = %s", [epoch, secret])

    def note_destroyed(self, epoch: int) -> None:
        """Write down that the key of an epoch is destroyed."""
        with self._owner() as connection:
            connection.execute(
                "UPDATE kette.epochs SET destroyed_at = clock_timestamp() WHERE number = %s",
                [epoch],
            )

    def destroy(self, journey: UUID) -> int:
        """Destroy the keys of a journey; return how many there were."""
        with self._owner() as connection:
            return connection.execute(
                "DELETE FROM kette.data_keys WHERE journey_id = %s", [journey]
            ).rowcount

    def _add_epoch(self, connection: Connection[TupleRow], epoch: int, fingerprint: bytes) -> None:
        connection.execute(
            "INSERT INTO kette.epochs (number, fingerprint) VALUES (%s, %s)", [epoch, fingerprint]
        )

    @contextmanager
    def _owner(self) -> Iterator[Connection[TupleRow]]:
        try:
            with psycopg.connect(self.dsn, autocommit=True, connect_timeout=10) as connection:
                yield connection
        except psycopg.Error as error:
            raise _unavailable(error, self.dsn) from error

    def _stored(self, statement: str, arguments: Sequence[object]) -> list[Stored]:
        return [Stored(*row) for row in self._rows(statement, arguments)]

    def _rows(self, statement: str, arguments: Sequence[object]) -> list[Any]:
        """Ask; a lost connection is replaced by another for a while."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            with self._session.lock:
                try:
                    return (
                        self._session.connection()
                        .execute(statement, arguments, binary=True, prepare=True)
                        .fetchall()
                    )
                except psycopg.Error as error:
                    if error.sqlstate == _RETIRED:
                        raise EpochRetiredError from error
                    self._session.drop()
                    if self._is_final(error, deadline):
                        raise _unavailable(error, self.dsn) from error
            time.sleep(_PAUSE_SECONDS)

    def _is_final(self, error: psycopg.Error, deadline: float) -> bool:
        return not lost(error) or time.monotonic() > deadline or disk_full(self.dsn)


def _unavailable(error: psycopg.Error, dsn: str) -> Exception:
    if no_room(error, dsn):
        return KeyStoreUnavailableError(f"no space left on the key store's disk: {MAKE_ROOM}")
    if isinstance(
        error, errors.UndefinedTable | errors.UndefinedFunction | errors.InvalidSchemaName
    ):
        return KeyStoreError(
            "the key store's database holds no key store of this program's version"
        )
    reason = error.diag.message_primary or str(error).strip().split("\n", 1)[0]
    return KeyStoreUnavailableError(f"the key store cannot be used: {reason}")
