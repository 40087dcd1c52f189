"""A private signing key in a file that nobody but its owner can read."""

import os
import stat
import tempfile
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infra.errors import NotaryKeyError
from infra.notes import SigningKey

_WIDER = 0o377
_SIZE = 32


def read_key(path: Path, name: str, kind: Literal[1, 4]) -> SigningKey | None:
    """Return the key of a file; None if there is no such file.

    Raises:
        NotaryKeyError: If others may read it, somebody else owns it, or it is none.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NotaryKeyError(f"{path} cannot be read: {error.strerror}") from error
    with os.fdopen(handle, "rb") as file:
        _check_rights(path, os.fstat(file.fileno()))
        raw = file.read(_SIZE + 1)
    if len(raw) != _SIZE:
        raise NotaryKeyError(f"{path} holds no key of {_SIZE} bytes: bring the right file back")
    return SigningKey(name, kind, Ed25519PrivateKey.from_private_bytes(raw))


def make_key(path: Path, name: str, kind: Literal[1, 4]) -> SigningKey:
    """Write a new key into a file that does not exist yet, with rights 0400, and return it.

    Raises:
        NotaryKeyError: If the file exists or cannot be written.
    """
    private = Ed25519PrivateKey.generate()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(prefix=".", dir=path.parent) as file:
            file.write(private.private_bytes_raw())
            os.fchmod(file.fileno(), 0o400)
            file.flush()
            os.fsync(file.fileno())
            os.link(file.name, path)
    except OSError as error:
        raise NotaryKeyError(f"{path} cannot be written: {error.strerror}") from error
    return SigningKey(name, kind, private)


def _check_rights(path: Path, found: os.stat_result) -> None:
    if found.st_uid != os.geteuid():
        raise NotaryKeyError(f"{path} belongs to another user: it must be owned by who signs")
    if stat.S_IMODE(found.st_mode) & _WIDER:
        raise NotaryKeyError(f"{path} has rights wider than 0400: chmod 400 {path.name}")
