"""A temporary file for personal data: without a name, and sealed by a key that only this process ever has.

What the disk still holds of it when the file is gone cannot be read by anybody.
"""

import os
import struct
import tempfile

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = struct.Struct(">IQ")
_HEAD = struct.Struct(">I")


class SealedFile:
    """Pieces of bytes, written one after another and read by where they begin; for one thread."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  closed by close
        self._cipher = AESGCM(AESGCM.generate_key(256))
        self._count = 0
        self.end = 0

    def close(self) -> None:
        """Forget everything."""
        self._file.close()

    def write(self, piece: bytes) -> int:
        """Add a piece; return where it begins."""
        begin = self.end
        nonce = _NONCE.pack(0, self._count)  # the key is this file's alone
        self._count += 1
        sealed = self._cipher.encrypt(nonce, piece, None)
        self._file.write(_HEAD.pack(len(sealed)) + nonce + sealed)
        self.end += _HEAD.size + _NONCE.size + len(sealed)
        return begin

    def flush(self) -> None:
        """Hand what was written to the system; what was not cannot be read."""
        self._file.flush()

    def read(self, begin: int) -> tuple[bytes, int]:
        """Return the piece that begins at a place, and where the next one does."""
        handle = self._file.fileno()
        (size,) = _HEAD.unpack(os.pread(handle, _HEAD.size, begin))
        told = os.pread(handle, _NONCE.size + size, begin + _HEAD.size)
        piece = self._cipher.decrypt(told[: _NONCE.size], told[_NONCE.size :], None)
        return piece, begin + _HEAD.size + len(told)
