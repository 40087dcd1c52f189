"""The keys that wrap data keys: one for each epoch, kept where no database is.

``KekFiles`` keeps them as files of the data folder. Another keeper, such as the transit engine of a vault,
stands behind the same port.
"""

import hashlib
import os
import re
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from typing_extensions import override

from infra.errors import KekError
from infra.keyfile import BYTES, flush_folder, make_secret, read_secret

_FILE = re.compile(r"epoch-(\d{4,})\.key", re.ASCII)
_NONCE = 12


class Kek(Protocol):
    """Wraps and unwraps under the key of an epoch."""

    def epochs(self) -> tuple[int, ...]:
        """Return the epochs whose key is there, in their order."""
        ...

    def make(self, epoch: int) -> None:
        """Make the key of a new epoch, durably."""
        ...

    def destroy(self, epoch: int) -> None:
        """Destroy the key of an epoch: what only it wraps can never be read again."""
        ...

    def fingerprint(self, epoch: int) -> bytes:
        """Return 16 bytes by which the key of an epoch is recognised."""
        ...

    def wrap(self, epoch: int, key: bytes, place: bytes) -> bytes:
        """Wrap a key, bound to its place."""
        ...

    def unwrap(self, epoch: int, wrapped: bytes, place: bytes) -> bytes | None:
        """Return a key; None if it was not wrapped under this epoch for this place."""
        ...


class KekFiles:
    """The keys of the epochs as files that only their owner reads (``epoch-0001.key``, 32 bytes)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._loaded: dict[int, tuple[AESGCM, bytes]] = {}

    @override
    def __reduce__(self) -> tuple[type["KekFiles"], tuple[Path]]:
        """Go to another process as the folder alone."""
        return KekFiles, (self.folder,)

    def epochs(self) -> tuple[int, ...]:
        """Return the epochs whose file is there."""
        if not self.folder.is_dir():
            return ()
        found = (_FILE.fullmatch(path.name) for path in self.folder.iterdir())
        return tuple(sorted(int(match[1]) for match in found if match))

    def make(self, epoch: int) -> None:
        """Write the file of a new epoch and flush it to the disk; whoever is first makes it."""
        try:
            make_secret(self._path(epoch), os.urandom(BYTES))
        except FileExistsError:
            flush_folder(self.folder)  # whoever made it may have died before that

    def destroy(self, epoch: int) -> None:
        """Overwrite the file of an epoch and remove it."""
        path = self._path(epoch)
        self._loaded.pop(epoch, None)
        try:
            path.chmod(0o600)
            with path.open("r+b") as file:
                file.write(os.urandom(BYTES))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            flush_folder(self.folder)
        except OSError as error:
            raise KekError(f"cannot destroy {path}: {error.strerror}") from error

    def fingerprint(self, epoch: int) -> bytes:
        """Return the first half of a digest of the key."""
        return self._key(epoch)[1]

    def wrap(self, epoch: int, key: bytes, place: bytes) -> bytes:
        """Return nonce, wrapped key and tag."""
        nonce = os.urandom(_NONCE)
        return nonce + self._key(epoch)[0].encrypt(nonce, key, _bound(epoch, place))

    def unwrap(self, epoch: int, wrapped: bytes, place: bytes) -> bytes | None:
        """Return a key; None if this is not what :meth:`wrap` made of it."""
        cipher = self._key(epoch)[0]
        try:
            return cipher.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _bound(epoch, place))
        except (InvalidTag, ValueError):
            return None

    def _key(self, epoch: int) -> tuple[AESGCM, bytes]:
        if epoch not in self._loaded:
            raw = read_secret(self._path(epoch))
            if raw is None:
                raise KekError(
                    f"{self._path(epoch)} is missing: bring it back, or nothing it wraps can be read"
                )
            digest = hashlib.sha256(b"kette kek\0" + raw).digest()
            self._loaded[epoch] = (AESGCM(raw), digest[:16])
        return self._loaded[epoch]

    def _path(self, epoch: int) -> Path:
        return self.folder / f"epoch-{epoch:04d}.key"


def _bound(epoch: int, place: bytes) -> bytes:
    return place + epoch.to_bytes(4, "big")
