"""The lines of an export as rows for the tables."""

from collections.abc import Iterator
from itertools import chain
from struct import Struct
from typing import Any

import orjson

from infra import header
from infra.export_folder import Export, lines
from infra.export_form import (
    CHECKPOINTS,
    COMMANDS,
    CROSSINGS,
    EVENTS,
    IMPORTED,
    SUFFIX,
    not_whole,
    octets,
    read_event,
    read_line,
    read_note,
)
from infra.export_rows import (
    CHECKPOINT_KEYS,
    COMMAND_KEYS,
    CROSSING_KEYS,
    IMPORTED_KEYS,
)

_COPY_BEGIN, _COPY_END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_LENGTH = Struct(">i")
_NULL = _LENGTH.pack(-1)
_FIELDS = b"\0\7"
_ROWS = 1_000


def event_rows(export: Export) -> Iterator[bytes]:
    """Yield the events in PostgreSQL's binary form of COPY; what is beside the header is taken out of it.

    Raises:
        ExportError: If they do not stand in the order of their positions.
    """
    block = [_COPY_BEGIN]
    for place, line in enumerate(_segments(export, EVENTS), export.trailer.after + 1):
        stored, ciphertext = read_event(line)
        if header.position(stored) != place:
            raise not_whole(export.folder, f"position {place} is missing")
        block.append(_event_row(stored, ciphertext))
        if len(block) == _ROWS:
            yield b"".join(block)
            block.clear()
    yield b"".join((*block, _COPY_END))


def crossing_rows(export: Export) -> Iterator[tuple[Any, ...]]:
    """Yield the crossings.

    Raises:
        ExportError: If one is missing, or rests on events that are not there.
    """
    seq = export.trailer.crossings_after
    for line in _segments(export, CROSSINGS):
        said = dict(zip(CROSSING_KEYS, read_line(line, CROSSING_KEYS), strict=True))
        seq += 1
        if said["seq"] != seq or said["basis_position"] > export.trailer.size:
            raise not_whole(
                export.folder, f"crossing {seq} is missing, or rests on what is not there"
            )
        yield tuple({**said, "told": orjson.dumps(said["told"]).decode()}.values())


def command_rows(export: Export, last: int, *, with_events: bool) -> Iterator[tuple[Any, ...]]:
    """Yield the commands with events of this export, or those without; ``last`` is the last position of all.

    Raises:
        ExportError: If the events of one are not all there.
    """
    trailer = export.trailer
    for line in _file(export, COMMANDS):
        command, body_hash, first, n, answer = read_line(line, COMMAND_KEYS)
        if first is not None and not (
            trailer.after < first <= trailer.size and first <= first + n - 1 <= last
        ):
            raise not_whole(
                export.folder, f"the command of position {first} is not of these events"
            )
        if (first is not None) is with_events:
            digest = None if body_hash is None else octets(body_hash)
            yield (command, digest, first, n, answer)


def imported_rows(export: Export) -> Iterator[tuple[Any, ...]]:
    """Yield what lists told something about."""
    yield from (tuple(read_line(one, IMPORTED_KEYS)) for one in _file(export, IMPORTED))


def checkpoint_rows(export: Export) -> Iterator[tuple[Any, ...]]:
    """Yield the checkpoints, with the roots that their notes say.

    Raises:
        ExportError: If one is of another log or size, or out of place.
    """
    before = 0
    for line in _file(export, CHECKPOINTS):
        size, note, signed_at = read_line(line, CHECKPOINT_KEYS)
        said = read_note(note)
        if (said.origin, said.size) != (export.trailer.origin, size):
            raise not_whole(export.folder, f"its checkpoint of {size} is of another log or size")
        if size <= before:
            raise not_whole(export.folder, f"its checkpoint of {size} is out of place")
        before = size
        yield (size, said.root, note.encode(), signed_at)


def _segments(export: Export, kind: str) -> Iterator[bytes]:
    return chain.from_iterable(lines(export, one) for one in export.trailer.segments(kind))


def _file(export: Export, name: str) -> Iterator[bytes]:
    listed = (one for one in export.trailer.files if one.name == f"{name}{SUFFIX}")
    return chain.from_iterable(lines(export, one) for one in listed)


def _event_row(stored: bytes, ciphertext: bytes | None) -> bytes:
    place, journey, version, data_class = stored[33:41], stored[41:57], stored[57:65], stored[65:97]
    fields = (
        place,
        journey,
        version,
        data_class.rstrip(b"\0"),
        stored,
        ciphertext,
        header.leaf(stored),
    )
    parts = [_FIELDS]
    for one in fields:
        parts += (_NULL,) if one is None else (_LENGTH.pack(len(one)), one)
    return b"".join(parts)
