"""Verifying a base backup against the manifest that PostgreSQL wrote into it.

``pg_verifybackup`` would do the same, but the one in the wheel does not run; the manifest's format is
documented by PostgreSQL and stable.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from infra import cluster
from infra.errors import BackupError

_NAME = "backup_manifest"
# Never part of the manifest, by PostgreSQL's documentation.
_UNLISTED = ("pg_wal", "postgresql.auto.conf", "standby.signal", "recovery.signal", _NAME)


def verify(folder: Path) -> None:
    """Check every file, that none is missing or extra, and that the write-ahead log is whole.

    Raises:
        BackupError: If anything differs from what was backed up.
    """
    try:
        manifest = _manifest(folder / _NAME)
        listed = {_path(one): one for one in manifest["Files"]}
        ranges = [
            (str(one["Timeline"]), one["Start-LSN"], one["End-LSN"])
            for one in manifest["WAL-Ranges"]
        ]
        for path, one in listed.items():
            _verify_file(folder, path, one)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"the backup {folder} has no readable manifest") from error
    extra = sorted(set(_present(folder)) - set(listed))
    if extra:
        raise BackupError(f"the backup is not whole: {extra[0]} was added to it")
    for timeline, start, end in ranges:
        _verify_log(folder, timeline, start, end)


def _manifest(path: Path) -> Mapping[str, Any]:
    """Read the manifest; its last line is the digest of all lines before."""
    raw = path.read_bytes()
    manifest: Mapping[str, Any] = json.loads(raw)
    body = raw[: raw.rindex(b'"Manifest-Checksum"')]
    if hashlib.sha256(body).hexdigest() != manifest["Manifest-Checksum"]:
        raise BackupError("the backup is not whole: its manifest was altered")
    return manifest


def _path(listed: Mapping[str, Any]) -> str:
    if "Encoded-Path" in listed:
        return bytes.fromhex(listed["Encoded-Path"]).decode(errors="surrogateescape")
    return str(listed["Path"])


def _verify_file(folder: Path, path: str, listed: Mapping[str, Any]) -> None:
    try:
        with (folder / path).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise BackupError(f"the backup is not whole: {path} is missing") from None
    if listed["Checksum-Algorithm"] != "SHA256" or found != listed["Checksum"]:
        raise BackupError(f"the backup is not whole: {path} was altered")


def _present(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        if path.is_file() and relative.parts[0] not in _UNLISTED:
            yield relative.as_posix()


def _verify_log(folder: Path, timeline: str, start: str, end: str) -> None:
    arguments = [f"--timeline={timeline}", f"--start={start}", f"--end={end}"]
    done = cluster.run_as_caller(
        "pg_waldump", ["--quiet", f"--path={folder / 'pg_wal'}", *arguments], {}
    )
    if done.returncode != 0:
        raise BackupError("the backup is not whole: its write-ahead log is damaged or missing")
