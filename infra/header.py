"""The header of a stored event: a fixed binary layout, written by the append function alone.

What is hashed is what is stored; this module reads it, and builds it for the memory twin. The layout
is described in ``docs/reference/journal-format.md``.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from struct import Struct
from typing import NamedTuple
from uuid import UUID

FORMAT = 1
ZERO_LEAF = bytes(32)
_LAYOUT = Struct(">B16s16sq16sq32s16sq32s32s16s16s16s")
SIZE = _LAYOUT.size
KEY_ID = slice(185, 201)
_TENANT, _PLACE = slice(1, 17), slice(41, 113)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@lru_cache(maxsize=1024)
def _uuid(stored: bytes) -> UUID:
    """Return an id; many records in a row have the same journey, or the same command."""
    return UUID(bytes=stored)


class Header(NamedTuple):
    """The fields of a header in their stored order and form."""

    format: int
    tenant: bytes
    epoch: bytes
    position: int
    journey: bytes
    version: int
    data_class: bytes
    fingerprint: bytes
    recorded_us: int
    previous_leaf: bytes
    payload_digest: bytes
    key_id: bytes
    command_id: bytes
    actor: bytes

    @property
    def class_name(self) -> str:
        """Return the data class."""
        return self.data_class.rstrip(b"\0").decode()

    @property
    def journey_id(self) -> UUID:
        """Return the journey."""
        return _uuid(self.journey)

    @property
    def command(self) -> UUID:
        """Return the command that wrote it."""
        return _uuid(self.command_id)

    @property
    def recorded_at(self) -> datetime:
        """Return the moment of recording."""
        return _EPOCH + timedelta(microseconds=self.recorded_us)


def unpack(stored: bytes) -> Header:
    """Read a stored header.

    Raises:
        ValueError: If it has not the size of this format.
    """
    if len(stored) != SIZE or stored[0] != FORMAT:
        raise ValueError("no header of this format")
    return Header._make(_LAYOUT.unpack(stored))


def pack(header: Header) -> bytes:
    """Return the bytes of a header as the append function writes them."""
    return _LAYOUT.pack(*header)


def leaf(stored: bytes) -> bytes:
    """Return the leaf digest of a stored header."""
    return hashlib.sha256(b"\0" + stored).digest()


def bound(stored: bytes) -> bytes:
    """Return what a payload is bound to: tenant, journey, version, class and fingerprint of its header."""
    return stored[_TENANT] + stored[_PLACE]


def bound_to(
    tenant: bytes, journey: bytes, version: int, data_class: str, fingerprint: bytes
) -> bytes:
    """Return the same before the header exists."""
    place = journey + version.to_bytes(8, "big", signed=True)
    return tenant + place + data_class.encode().ljust(32, b"\0") + fingerprint


def microseconds(moment: datetime) -> int:
    """Return a moment as microseconds since 1970 in UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def position(stored: bytes) -> int:
    """Return the position of a stored header without reading the rest."""
    return int.from_bytes(stored[33:41], "big")


def journey(stored: bytes) -> bytes:
    """Return the journey of a stored header without reading the rest."""
    return stored[41:57]
