"""The tree's tiles as immutable files, in the layout of C2SP tlog-tiles.

Tile *n* of level *l* holds up to 256 hashes of 32 bytes: those of the nodes at height 8·l from index 256·n on.
A file appears whole or not at all, and is never written again with other bytes.
"""

import hashlib
import os
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from struct import iter_unpack
from typing import NamedTuple

from infra.errors import LogFolderError, TileError
from infra.merkle import HASH_SIZE, Nodes

WIDTH = 256
HEIGHT = 8
_CACHED = 512
_PAIR = 2 * HASH_SIZE


class Tile(NamedTuple):
    """Which hashes: level, number within the level, and how many of them."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Return the path below the log's folder or address."""
        groups = [f"{self.number % 1000:03d}"]
        rest = self.number // 1000
        while rest:
            groups.append(f"x{rest % 1000:03d}")
            rest //= 1000
        suffix = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{self.level}/{'/'.join(reversed(groups))}{suffix}"

    @property
    def full(self) -> "Tile":
        """Return the same tile once it is full."""
        return Tile(self.level, self.number)


Fetch = Callable[[str], bytes | None]
"""Returns the bytes of a path below the log; None if there is nothing."""


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield the tiles that are not full in a tree of a size, one a level at most."""
    level = 0
    while size:
        if width := size % WIDTH:
            yield Tile(level, size // WIDTH, width)
        size //= WIDTH
        level += 1


class TileReader:
    """Reads the nodes of a tree out of its tiles; those that were read last are kept.

    Attributes:
        size: How many leaves the tree has; nodes are complete within them.
    """

    def __init__(self, fetch: Fetch, size: int) -> None:
        self._fetch = fetch
        self.size = size
        self._kept: OrderedDict[Tile, list[bytes]] = OrderedDict()

    @cached_property
    def nodes(self) -> Nodes:
        """Return what reads a node."""
        return self._node

    def _node(self, height: int, index: int) -> bytes:
        level, above = divmod(height, HEIGHT)
        first = index << above
        number, place = divmod(first, WIDTH)
        rows = self._rows(self.tile(level, number))
        at = (place >> above) * HASH_SIZE
        found = rows[above][at : at + HASH_SIZE] if above < len(rows) else b""
        if not found:
            raise ValueError(f"a tree of {self.size} leaves has no node {index} at height {height}")
        return found

    def tile(self, level: int, number: int) -> Tile:
        """Return a tile as wide as it is in this tree."""
        held = (self.size >> HEIGHT * level) - number * WIDTH
        if held <= 0:
            raise ValueError(f"a tree of {self.size} leaves has no tile {number} at level {level}")
        return Tile(level, number, min(held, WIDTH))

    def hashes(self, tile: Tile) -> bytes:
        """Return the hashes of a tile.

        Raises:
            TileError: If it is missing or has another size.
        """
        found = self._fetch(tile.path)
        if found is None and tile.width < WIDTH:
            found = self._fetch(tile.full.path)
            found = None if found is None else found[: tile.width * HASH_SIZE]
        if found is None:
            raise TileError(f"{tile.path} is missing")
        if len(found) != tile.width * HASH_SIZE:
            raise TileError(f"{tile.path} has {len(found)} bytes instead of {tile.width} hashes")
        return found

    def _rows(self, tile: Tile) -> list[bytes]:
        """Return the hashes of a tile and of the complete nodes over them, by height."""
        rows = self._kept.get(tile)
        if rows is None:
            rows = rows_over(self.hashes(tile))
            self._kept[tile] = rows
            if len(self._kept) > _CACHED:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(tile)
        return rows


def rows_over(hashes: bytes) -> list[bytes]:
    """Return hashes and the complete nodes over them, row by row."""
    rows = [hashes]
    while len(rows) < HEIGHT and len(rows[-1]) >= _PAIR:
        rows.append(_row_over(rows[-1]))
    return rows


def _row_over(row: bytes) -> bytes:
    sha256 = hashlib.sha256  # node_hash, written out: this is most of a proof's time
    pairs = iter_unpack(f"{_PAIR}s", row[: len(row) // _PAIR * _PAIR])
    return b"".join([sha256(b"\x01" + pair).digest() for (pair,) in pairs])


class TileFolder:
    """The folder of a log on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fetch(self, path: str) -> bytes | None:
        """Return the bytes of a file; None if there is none."""
        try:
            return (self.folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, tile: Tile, hashes: bytes) -> None:
        """Write a tile, durably; one that is there already with the same bytes is left as it is.

        Raises:
            TileError: If other bytes stand there.
            LogFolderError: If it cannot be written.
        """
        target = self.folder / tile.path
        try:
            if not target.exists():
                _put(target, hashes)
            kept = target.read_bytes()
        except OSError as error:
            raise LogFolderError(f"{target} cannot be written: {error.strerror}") from error
        if kept != hashes:
            raise TileError(
                f"{target} holds other hashes than the journal", _first_other(tile, kept, hashes)
            )

    def prune(self, tile: Tile) -> None:
        """Remove the narrower forms of a tile that is full."""
        narrow = (self.folder / tile.full.path).with_name(f"{tile.number % 1000:03d}.p")
        if narrow.is_dir():
            for path in narrow.iterdir():
                path.unlink(missing_ok=True)
            narrow.rmdir()

    def replace(self, path: str, content: bytes) -> None:
        """Write a file anew, durably; readers see the old one or the new one."""
        target = self.folder / path
        try:
            _put(target, content, anew=True)
        except OSError as error:
            raise LogFolderError(f"{target} cannot be written: {error.strerror}") from error


def _first_other(tile: Tile, kept: bytes, hashes: bytes) -> int | None:
    """Return the position of the first leaf that differs; None above the leaves."""
    if tile.level:
        return None
    at = next(
        (at for at, pair in enumerate(zip(kept, hashes, strict=False)) if pair[0] != pair[1]), 0
    )
    return tile.number * WIDTH + at // HASH_SIZE + 1


def _put(target: Path, content: bytes, *, anew: bool = False) -> None:
    """Let a file appear whole: under a temporary name first, on the disk before it gets its own."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), 0o644 if anew else 0o444)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync(target.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class TileWriter:
    """Grows a tree from a size on and writes its tiles; what is not full yet waits for :meth:`finish`."""

    def __init__(self, folder: TileFolder, size: int, read: TileReader | None = None) -> None:
        self._folder = folder
        self._size = size
        self._open: list[bytearray] = []
        for tile in tiles_of(size):
            while len(self._open) <= tile.level:
                self._open.append(bytearray())
            if read is not None:
                self._open[tile.level] += read.hashes(tile)

    def append(self, leaf: bytes) -> None:
        """Add the hash of a leaf, and write every tile that it fills."""
        self._size += 1
        rest, level, one = self._size, 0, leaf
        while True:
            if level == len(self._open):
                self._open.append(bytearray())
            hashes = self._open[level]
            hashes += one
            if rest % WIDTH:
                return
            rest //= WIDTH
            full = bytes(hashes)
            tile = Tile(level, rest - 1)
            self._folder.write(tile, full)
            self._folder.prune(tile)
            hashes.clear()
            one = _row_over(rows_over(full)[-1])
            level += 1

    def finish(self) -> None:
        """Write the tiles that are not full."""
        for tile in tiles_of(self._size):
            self._folder.write(tile, bytes(self._open[tile.level]))
