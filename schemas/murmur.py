"""Murmur2 with 32 bits as the Java client of Kafka computes it."""

from struct import iter_unpack

_M = 0x5BD1_E995
_MASK = 0xFFFF_FFFF
_SEED = 0x9747_B28C


def murmur2(data: bytes) -> int:
    """Return the hash as an unsigned number of 32 bits."""
    length = len(data)
    whole = length & ~3
    h = _SEED ^ length
    for (word,) in iter_unpack("<I", data[:whole]):
        k = (word * _M) & _MASK
        k = ((k ^ (k >> 24)) * _M) & _MASK
        h = ((h * _M) & _MASK) ^ k
    if length > whole:
        h = ((h ^ int.from_bytes(data[whole:], "little")) * _M) & _MASK
    h = ((h ^ (h >> 13)) * _M) & _MASK
    return h ^ (h >> 15)
