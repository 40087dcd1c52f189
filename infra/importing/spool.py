"""An external sort: rows wait in sealed temporary files, so that memory does not grow with the list."""

import heapq
import pickle
import struct
from collections.abc import Iterable, Iterator
from typing import Generic, Self, TypeVar

from infra.sealed_file import SealedFile

Item = TypeVar("Item")
_RUN_BYTES = 8 << 20
_MOST_RUNS = 48
_HEAD = struct.Struct(">I")


class Spool(Generic[Item]):
    """Items with a key of bytes, read back in the order of their keys."""

    def __init__(self) -> None:
        self._waiting: list[tuple[bytes, bytes]] = []
        self._bytes = 0
        self._runs: list[SealedFile] = []
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for run in self._runs:
            run.close()

    def add(self, key: bytes, item: Item) -> None:
        """Take an item in; items of equal keys keep their order."""
        stored = pickle.dumps(item, pickle.HIGHEST_PROTOCOL)
        self._waiting.append((key + struct.pack(">Q", self.count), stored))
        self.count += 1
        self._bytes += len(stored) + len(key)
        if self._bytes > _RUN_BYTES:
            self._spill()

    def sorted(self) -> Iterator[Item]:
        """Yield the items in the order of their keys."""
        self._waiting.sort()
        for _key, stored in heapq.merge(self._waiting, *(_read(run) for run in self._runs)):
            item: Item = pickle.loads(stored)  # noqa: S301  written by this process just before
            yield item

    def _spill(self) -> None:
        self._waiting.sort()
        self._runs.append(_written(self._waiting))
        self._waiting, self._bytes = [], 0
        if len(self._runs) >= _MOST_RUNS:
            merged = _written(heapq.merge(*(_read(run) for run in self._runs)))
            self.__exit__()
            self._runs = [merged]


def _written(records: Iterable[tuple[bytes, bytes]]) -> SealedFile:
    run = SealedFile()
    for key, stored in records:
        run.write(_HEAD.pack(len(key)) + key + stored)
    run.flush()
    return run


def _read(run: SealedFile) -> Iterator[tuple[bytes, bytes]]:
    begin = 0
    while begin < run.end:
        piece, begin = run.read(begin)
        (size,) = _HEAD.unpack_from(piece)
        yield piece[_HEAD.size : _HEAD.size + size], piece[_HEAD.size + size :]
