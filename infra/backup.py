"""Backup and restore of both clusters, by the tools that PostgreSQL brings along.

A backup is a folder: ``postgres/``, the journal, and ``keys/``, the key store, both as pg_basebackup writes
them with its own manifest of digests, and ``kette-backup.json``, which says what it holds. The journal is
copied first: a key is durable before the event that uses it, so the copy of the keys holds all of them. The
keys that wrap them are in no backup.
"""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from infra import cluster
from infra.errors import BackupError, DataFolderError
from infra.journal import head_of
from infra.manifest import verify
from infra.session import translated

_MANIFEST, _JOURNAL, _KEYS = "kette-backup.json", "postgres", "keys"
_ENVIRONMENT = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "sslmode": "PGSSLMODE",
}


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds at least: everything up to the position at which it was begun."""

    folder: Path
    position: int
    epoch: str
    recorded_at: str | None


def back_up(dsn: str, keys_dsn: str, folder: Path) -> Backup:
    """Write a backup of journal and key store into a new folder while both go on, and verify it.

    Raises:
        BackupError: If the folder is taken, the server is of another version than the tools here,
            or the backup fails or does not verify.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder} exists already: name a new folder")
    head = head_of(dsn)
    moment = None if head.recorded_at is None else head.recorded_at.isoformat()
    backup = Backup(folder, head.position, str(head.epoch), moment)
    half_made = folder.with_name(f"{folder.name}.partial")
    try:
        shutil.rmtree(half_made, ignore_errors=True)
        half_made.mkdir(parents=True, mode=0o700)
        copy_cluster(dsn, half_made / _JOURNAL)
        copy_cluster(keys_dsn, half_made / _KEYS)
        _write_manifest(half_made / _MANIFEST, backup)
        if folder.exists():
            folder.rmdir()
        half_made.replace(folder)
    except OSError as error:
        raise BackupError(f"cannot write {folder}: {error.strerror}") from error
    finally:
        shutil.rmtree(half_made, ignore_errors=True)
    return backup


def read_backup(folder: Path) -> Backup:
    """Return what a backup holds after verifying every file of its journal.

    Raises:
        BackupError: If it is no backup, or not whole.
    """
    backup = read_manifest(folder)
    verify(folder / _JOURNAL)
    return backup


def read_manifest(folder: Path) -> Backup:
    """Return what a backup says that it holds.

    Raises:
        BackupError: If it is none.
    """
    try:
        said: dict[str, Any] = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        return Backup(folder, said["position"], said["epoch"], said["recorded_at"])
    except (OSError, ValueError, KeyError) as error:
        raise BackupError(f"{folder} is no backup: it has no readable {_MANIFEST}") from error


def restore(folder: Path, data_dir: Path, key_dir: Path | None, keys: Path | None = None) -> Backup:
    """Restore a backup into folders without a cluster; nothing is brought before all was verified.

    Args:
        folder: The backup.
        data_dir: The data folder.
        key_dir: The folder of the key store; None leaves that one alone.
        keys: The backup whose key store is taken; that of ``folder`` unless given.

    Raises:
        BackupError: If a backup is not whole, or its key store was removed.
        DataFolderError: If a folder holds a cluster already, or cannot be written to.
    """
    _check_free(data_dir)
    backup = read_backup(folder)
    if key_dir is not None:
        restore_keys(keys or folder, key_dir)
    _bring(folder / _JOURNAL, data_dir)
    return backup


def restore_keys(folder: Path, key_dir: Path) -> None:
    """Restore the key store of a backup into a folder without one.

    Raises:
        BackupError: If the backup is not whole, or its key store was removed.
        DataFolderError: If there is a key store already, or it cannot be written to.
    """
    _check_free(key_dir)
    read_manifest(folder)
    if not (folder / _KEYS).is_dir():
        raise BackupError(f"{folder} holds no key store any more: name a newer one with --keys")
    verify(folder / _KEYS)
    _bring(folder / _KEYS, key_dir)


def _check_free(data_dir: Path) -> None:
    if (data_dir / _JOURNAL).exists():
        raise DataFolderError(f"{data_dir} holds a database already: restore into an empty folder")


def _bring(cluster_copy: Path, data_dir: Path) -> None:
    """Copy a cluster to where the embedded server expects it, whole or not at all."""
    half_made = data_dir / "postgres.partial"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(half_made, ignore_errors=True)
        shutil.copytree(cluster_copy, half_made)
        _hand_over(half_made)
        half_made.replace(data_dir / _JOURNAL)
    except OSError as error:
        raise DataFolderError(f"cannot restore into {data_dir}: {error.strerror}") from error


def _check_version(dsn: str) -> None:
    """Refuse a server whose log the tools here cannot read: its backup could not be verified."""
    with translated(), psycopg.connect(dsn) as connection:
        found = connection.info.server_version // 10_000
    if str(found) != cluster.MAJOR_VERSION:
        raise BackupError(
            f"the server is PostgreSQL {found}, the tools here are of {cluster.MAJOR_VERSION}: "
            "back it up with the pg_basebackup of its own version"
        )


def copy_cluster(dsn: str, folder: Path) -> None:
    """Copy a running cluster into a new folder, and verify the copy."""
    _check_version(dsn)
    arguments = [
        f"--pgdata={folder}",
        "--format=plain",
        "--wal-method=stream",
        "--checkpoint=fast",
        "--manifest-checksums=SHA256",
        "--no-password",
    ]
    done = cluster.run_as_caller("pg_basebackup", arguments, _connection(dsn))
    if done.returncode != 0:
        words = done.stderr.strip().splitlines() or ["no reason given"]
        raise BackupError(f"pg_basebackup failed: {words[-1]}")
    verify(folder)


def _connection(dsn: str) -> dict[str, str]:
    """Return the environment that carries a DSN: a password does not belong on a command line."""
    try:
        parts = conninfo_to_dict(dsn)
    except psycopg.ProgrammingError as error:
        raise BackupError("the database's address cannot be read") from error
    return {_ENVIRONMENT[name]: str(value) for name, value in parts.items() if name in _ENVIRONMENT}


def _write_manifest(path: Path, backup: Backup) -> None:
    said = {name: value for name, value in asdict(backup).items() if name != "folder"}
    path.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


def _hand_over(folder: Path) -> None:
    """Give the files to the server's user."""
    folder.chmod(0o700)
    if os.geteuid() != 0:
        return
    user = cluster.system_user()
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
