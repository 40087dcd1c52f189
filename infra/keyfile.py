"""A secret of 32 bytes in a file that nobody but its owner can read."""

import os
import stat
import tempfile
from pathlib import Path

from infra.errors import KeyFileError

BYTES = 32
_WIDER = 0o377


def read_secret(path: Path) -> bytes | None:
    """Return the bytes of a file; None if there is no such file.

    Raises:
        KeyFileError: If others may read it, somebody else owns it, or it holds something else.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyFileError(f"{path} cannot be read: {error.strerror}") from error
    with os.fdopen(handle, "rb") as file:
        _check_rights(path, os.fstat(file.fileno()))
        raw = file.read(BYTES + 1)
    if len(raw) != BYTES:
        raise KeyFileError(f"{path} holds no key of {BYTES} bytes: bring the right file back")
    return raw


def make_secret(path: Path, raw: bytes) -> None:
    """Write a new file, with rights 0400, whole and durable or not at all.

    Raises:
        FileExistsError: If there is such a file already.
        KeyFileError: If it cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(prefix=".", dir=path.parent) as file:
            file.write(raw)
            os.fchmod(file.fileno(), 0o400)
            file.flush()
            os.fsync(file.fileno())
            os.link(file.name, path)
        flush_folder(path.parent)
    except FileExistsError:
        raise
    except OSError as error:
        raise KeyFileError(f"{path} cannot be written: {error.strerror}") from error


def flush_folder(folder: Path) -> None:
    """Make the entries of a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_rights(path: Path, found: os.stat_result) -> None:
    if found.st_uid != os.geteuid():
        raise KeyFileError(f"{path} belongs to another user: it must be owned by who uses it")
    if stat.S_IMODE(found.st_mode) & _WIDER:
        raise KeyFileError(f"{path} has rights wider than 0400: chmod 400 {path.name}")
