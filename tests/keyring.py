"""The keys of a test's journal: a database beside it on the same server, and a folder beside its socket.

Each municipality has a key store of its own.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from domain.organisations import Municipality
from infra.kek import KekFiles
from infra.keys import KeyRing, open_keys
from infra.municipalities import municipality
from kette.settings import DEFAULT_MUNICIPALITY

_DEFAULT = municipality(DEFAULT_MUNICIPALITY)
TENANT = _DEFAULT.tenant
_NAME = "kette_keys"


def keys_of(dsn: str, whose: Municipality = _DEFAULT) -> KeyRing:
    """Return the key ring of a journal; all journals of a server and a municipality share one key store."""
    return _opened(os.getpid(), *_place(dsn, whose), whose.tenant)


def with_keys(settings: Mapping[str, object]) -> dict[str, str]:
    """Return an environment; where it names the database of a test's server, with the keys of that server."""
    given = {name: str(value) for name, value in settings.items()}
    dsn = given.get("KETTE_DSN", "")
    if "host=%2F" not in dsn or "KETTE_KEYS_DSN" in given or not _is_there(dsn):
        return given
    whose = municipality(given.get("KETTE_MUNICIPALITY", DEFAULT_MUNICIPALITY))
    keys_of(dsn, whose)
    keys_dsn, folder = _place(dsn, whose)
    return {**given, "KETTE_KEYS_DSN": keys_dsn, "KETTE_KEK_DIR": folder}


def _is_there(dsn: str) -> bool:
    return Path(str(conninfo_to_dict(dsn)["host"])).is_dir()


def _place(dsn: str, whose: Municipality) -> tuple[str, str]:
    host = Path(str(conninfo_to_dict(dsn)["host"]))
    beside = "" if whose == _DEFAULT else f"_{whose.ags}"
    folder = host.with_name(f"{host.name}-kek{beside}")
    return make_conninfo(dsn, dbname=f"{_NAME}{beside}"), str(folder)


@cache
def _opened(_process: int, keys_dsn: str, folder: str, tenant: UUID) -> KeyRing:
    server = make_conninfo(keys_dsn, dbname="postgres")
    with (
        suppress(errors.DuplicateDatabase, errors.UniqueViolation),
        psycopg.connect(server, autocommit=True) as connection,
    ):
        connection.execute(f"CREATE DATABASE {conninfo_to_dict(keys_dsn)['dbname']}")
    return open_keys(keys_dsn, KekFiles(Path(folder)), tenant)
