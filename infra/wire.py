"""PostgreSQL's binary form of one-dimensional arrays, packed and read without a detour.

The general adaptation costs more than the append itself; an append sends eight arrays of plain values.
"""

from collections.abc import Iterable
from datetime import datetime
from struct import Struct, pack
from uuid import UUID

from infra.header import microseconds

UUIDS, BYTEAS, INT4S, INT8S, TEXTS, MOMENTS = 2951, 1001, 1007, 1016, 1009, 1185
BYTEA = 17
_UUID, _BYTEA, _INT4, _INT8, _TEXT, _MOMENT = 2950, 17, 23, 20, 25, 1184
_ARRAY = Struct(">iiIii")
_LENGTH = Struct(">i")
_PG_EPOCH = 946_684_800_000_000


def _array(oid: int, elements: list[bytes]) -> bytes:
    parts = [_ARRAY.pack(1, 0, oid, len(elements), 1)] if elements else [pack(">iiI", 0, 0, oid)]
    for element in elements:
        parts.append(_LENGTH.pack(len(element)))
        parts.append(element)
    return b"".join(parts)


def uuids(values: Iterable[UUID]) -> bytes:
    """Return a ``uuid[]``."""
    return _array(_UUID, [value.bytes for value in values])


def byteas(values: Iterable[bytes]) -> bytes:
    """Return a ``bytea[]``."""
    return _array(_BYTEA, list(values))


def int4s(values: Iterable[int]) -> bytes:
    """Return an ``int4[]``."""
    return _array(_INT4, [value.to_bytes(4, "big", signed=True) for value in values])


def int8s(values: Iterable[int]) -> bytes:
    """Return an ``int8[]``."""
    return _array(_INT8, [value.to_bytes(8, "big", signed=True) for value in values])


def texts(values: Iterable[str]) -> bytes:
    """Return a ``text[]``."""
    return _array(_TEXT, [value.encode() for value in values])


def moments(values: Iterable[datetime]) -> bytes:
    """Return a ``timestamptz[]``."""
    counted = (microseconds(value) - _PG_EPOCH for value in values)
    return _array(_MOMENT, [value.to_bytes(8, "big", signed=True) for value in counted])


def elements(array: bytes | None) -> list[bytes | None]:
    """Return the elements of an array as it came."""
    if array is None or len(array) < _ARRAY.size:
        return []
    count = _ARRAY.unpack_from(array)[3]
    found: list[bytes | None] = []
    place = _ARRAY.size
    for _ in range(count):
        (length,) = _LENGTH.unpack_from(array, place)
        place += _LENGTH.size
        found.append(None if length < 0 else array[place : place + length])
        place += max(length, 0)
    return found


def integer(element: bytes | None) -> int | None:
    """Return an integer element."""
    return None if element is None else int.from_bytes(element, "big", signed=True)
