"""Looks into a broker's data folder: every byte of every file, compressed batches unpacked first.

Reads the record batches of format 2 by itself, so that what a client would not show is seen as
well: aborted transactions, internal topics, progress records. A codec that it cannot unpack is an
error, never silence.
"""

import gzip
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from struct import Struct

import lz4.frame

_FRONT = Struct(">qiibIH")  # base offset, length, leader epoch, magic, checksum, attributes
_LENGTH_FROM = 12  # the length counts from behind itself
_RECORDS_FROM = 61
_MAGIC = 2
_CODEC_BITS = 0b111
_UNPACK = {0: bytes, 1: gzip.decompress, 3: lz4.frame.decompress}


class UnknownCodecError(Exception):
    """A batch is packed in a way that this scan cannot unpack."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One record batch: where it lies, how it was packed, and its records unpacked."""

    file: Path
    codec: int
    records: bytes


def batches(segment: Path) -> Iterator[Batch]:
    """Yield the record batches of a log segment; the preallocated or torn end is left out.

    Raises:
        UnknownCodecError: If a batch is packed otherwise than by gzip or lz4.
    """
    stored, place = segment.read_bytes(), 0
    while place + _RECORDS_FROM <= len(stored):
        _offset, length, _epoch, magic, _checksum, attributes = _FRONT.unpack_from(stored, place)
        end = place + _LENGTH_FROM + length
        if magic != _MAGIC or length <= 0 or end > len(stored):
            return
        codec = attributes & _CODEC_BITS
        if codec not in _UNPACK:
            raise UnknownCodecError(f"{segment}: codec {codec}")
        yield Batch(segment, codec, _UNPACK[codec](stored[place + _RECORDS_FROM : end]))
        place = end


def found(folder: Path, marks: Iterable[bytes]) -> Mapping[bytes, frozenset[int | None]]:
    """Return where each mark stands: in batches of which codec, or None for a file's bare bytes."""
    places: dict[bytes, set[int | None]] = {mark: set() for mark in marks}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        seen: list[tuple[int | None, bytes]] = [(None, file.read_bytes())]
        if file.suffix == ".log":
            seen += [(batch.codec, batch.records) for batch in batches(file)]
        for mark, where in places.items():
            where.update(codec for codec, text in seen if mark in text)
    return {mark: frozenset(where) for mark, where in places.items()}
