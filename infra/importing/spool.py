"""An external sort: rows wait in temporary files, so that memory does not grow with the list."""

import heapq
import pickle
import struct
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Generic, Self, TypeVar

Item = TypeVar("Item")
_RUN_BYTES = 8 << 20
_MOST_RUNS = 48
_HEAD = struct.Struct(">II")


class Spool(Generic[Item]):
    """Items with a key of bytes, read back in the order of their keys.

    The temporary files have no name: they hold personal data and vanish with the process.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[bytes, bytes]] = []
        self._bytes = 0
        self._runs: list[IO[bytes]] = []
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


def _written(records: Iterable[tuple[bytes, bytes]]) -> IO[bytes]:
    run = tempfile.TemporaryFile()  # noqa: SIM115  closed by the spool
    for key, stored in records:
        run.write(_HEAD.pack(len(key), len(stored)))
        run.write(key)
        run.write(stored)
    return run


def _read(run: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    run.seek(0)
    while head := run.read(_HEAD.size):
        key, stored = _HEAD.unpack(head)
        yield run.read(key), run.read(stored)
