"""The folder of an export: written beside and renamed when it is whole, verified when it is read.

Every file is one Zstandard frame with a checksum and without the size of its content, at a fixed level:
the same lines give the same bytes.
"""

import hashlib
import io
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import BinaryIO

import zstandard

from infra.errors import ExportError
from infra.export_form import (
    CROSSINGS,
    EVENTS,
    SUFFIX,
    TRAILER,
    Listed,
    Trailer,
    not_whole,
    read_note,
    read_trailer,
    segment_name,
)
from infra.merkle import continues
from infra.notes import TreeHead

_LEVEL = 3
_BLOCK = 1_000
_LONGEST_LINE = 1 << 24


@dataclass(frozen=True, slots=True)
class Export:
    """An export in its folder."""

    folder: Path
    trailer: Trailer


@contextmanager
def half_made(folder: Path) -> Iterator[Path]:
    """Lend a folder to write into; it gets its name when nothing went wrong, and is gone otherwise.

    Raises:
        ExportError: If the folder is taken, or cannot be written.
    """
    place = folder.with_name(f"{folder.name}.partial")
    try:
        _check_free(folder)
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True, mode=0o700)
        yield place
        _keep(place)
        if folder.exists():
            folder.rmdir()
        place.replace(folder)
        _keep(folder.parent)
    except OSError as error:
        raise ExportError(f"cannot write {folder}: {error.strerror}") from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _check_free(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportError(f"{folder} exists already: name a new folder")


def _keep(folder: Path) -> None:
    """Have the disk keep what was done to a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_file(folder: Path, name: str, lines: Iterable[bytes]) -> Listed:
    """Write lines into a new file and return how it is listed."""
    count = 0
    lines = iter(lines)
    digest = hashlib.sha256()
    compressor = zstandard.ZstdCompressor(_LEVEL, write_checksum=True).compressobj()
    with (folder / name).open("xb") as file:
        while block := list(islice(lines, _BLOCK)):
            _write(file, digest, compressor.compress(b"".join(block)))
            count += len(block)
        _write(file, digest, compressor.flush())
        file.flush()
        os.fsync(file.fileno())
    return Listed(name, count, digest.hexdigest())


def _write(file: BinaryIO, digest: "hashlib._Hash", compressed: bytes) -> None:
    digest.update(compressed)
    file.write(compressed)


def write_segments(
    folder: Path, kind: str, first: int, lines: Iterable[bytes], size: int
) -> Iterator[Listed]:
    """Write lines into as many files as it takes and yield how they are listed."""
    lines = iter(lines)
    for start in lines:
        rest = islice(lines, size - 1)
        listed = write_file(folder, segment_name(kind, first), _joined(start, rest))
        first += listed.lines
        yield listed


def _joined(first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def write_trailer(folder: Path, trailer: Trailer) -> None:
    """Write the trailer; it is the last that is written."""
    with (folder / TRAILER).open("xb") as file:
        file.write(bytes(trailer))
        file.flush()
        os.fsync(file.fileno())


def is_export(folder: Path) -> bool:
    """Say whether a folder says of itself that it is an export."""
    return (folder / TRAILER).is_file()


def read_export(folder: Path) -> Export:
    """Return an export after verifying its trailer, and that every file is there as it was written.

    Raises:
        ExportError: If it is no export, or not whole.
    """
    try:
        trailer = read_trailer((folder / TRAILER).read_bytes())
        _check_trailer(trailer)
    except OSError:
        raise ExportError(f"{folder} is no export: it has no readable {TRAILER}") from None
    except ValueError as error:
        raise not_whole(folder, f"its {TRAILER} cannot be read, {error}") from None
    for one in trailer.files:
        _check_file(folder, one)
    known = {one.name for one in trailer.files}
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        if path.name not in known:
            raise not_whole(folder, f"{path.name} was added to it")
    return Export(folder, trailer)


def read_chain(folders: Sequence[Path]) -> tuple[Export, ...]:
    """Return exports that follow each other, from the first position on.

    Raises:
        ExportError: If one is not whole, or does not go on where the one before ends.
    """
    exports = tuple(read_export(folder) for folder in folders)
    first = exports[0]
    if first.trailer.previous is not None:
        raise ExportError(
            f"{first.folder} continues position {first.trailer.after}: name the exports before it first"
        )
    for before, one in pairwise(exports):
        if not _goes_on(before.trailer, one.trailer):
            raise ExportError(
                f"{one.folder} does not go on where {before.folder} ends (position"
                f" {before.trailer.size}): name all exports of one log in their order"
            )
    return exports


def lines(export: Export, listed: Listed) -> Iterator[bytes]:
    """Yield the lines of a file of an export.

    Raises:
        ExportError: If it cannot be read, or holds another number of lines than it is listed with.
    """
    count = 0
    try:
        with (
            (export.folder / listed.name).open("rb") as file,
            zstandard.ZstdDecompressor().stream_reader(file) as raw,
            io.BufferedReader(raw, 1 << 20) as reader,
        ):
            while found := reader.readline(_LONGEST_LINE):
                yield found
                count += 1
    except (OSError, zstandard.ZstdError):
        raise not_whole(export.folder, f"{listed.name} cannot be read") from None
    if count != listed.lines:
        raise not_whole(export.folder, f"{listed.name} has {count} lines instead of {listed.lines}")


def _goes_on(before: Trailer, after: Trailer) -> bool:
    return (
        after.origin == before.origin
        and (after.after, after.crossings_after) == (before.size, before.crossings)
        and after.previous == before.checkpoint
    )


def _check_trailer(trailer: Trailer) -> None:
    """Check that what a trailer says fits together.

    Raises:
        ValueError: If it does not.
    """
    head = read_note(trailer.checkpoint)
    if (head.origin, head.size) != (trailer.origin, trailer.size):
        raise ValueError("the checkpoint is of another log or size")
    if not _proven(trailer, head):
        raise ValueError("the checkpoint that it continues does not fit")
    names = [one.name for one in trailer.files]
    if names != sorted(set(names)):
        raise ValueError("the list of its files is not in order")
    _check_segments(trailer.segments(EVENTS), trailer.after, trailer.size)
    _check_segments(trailer.segments(CROSSINGS), trailer.crossings_after, trailer.crossings)


def _proven(trailer: Trailer, head: TreeHead) -> bool:
    """Say whether the tree of the export goes on from the one before."""
    if trailer.previous is None:
        return (trailer.after, trailer.crossings_after, trailer.consistency) == (0, 0, ())
    before = read_note(trailer.previous)
    return (before.origin, before.size) == (trailer.origin, trailer.after) and continues(
        before.size, before.root, head.size, head.root, trailer.consistency
    )


def _check_segments(listed: Sequence[Listed], after: int, last: int) -> None:
    for one in listed:
        if one.first != after + 1 or one.lines < 1:
            raise ValueError(f"{one.name} does not go on where the file before ends")
        after += one.lines
    if after != last:
        raise ValueError(f"its files end at {after} instead of {last}")


def _check_file(folder: Path, listed: Listed) -> None:
    try:
        with (folder / listed.name).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise not_whole(folder, f"{listed.name} is missing") from None
    except OSError as error:
        raise not_whole(folder, f"{listed.name} cannot be read ({error.strerror})") from error
    if found != listed.sha256:
        raise not_whole(folder, f"{listed.name} was altered")
