"""The consistency proof of an export that continues another, made of the leaves as they go by."""

from infra.merkle import Frontier, consistency


class GrowingProof:
    """Collects the nodes that prove the tree of ``old`` leaves to be the beginning of that of ``new``."""

    def __init__(self, old: int, new: int) -> None:
        self._old, self._new = old, new
        self._wanted: list[tuple[int, int]] = []
        self._found: dict[tuple[int, int], bytes] = {}
        consistency(self._want, old, new)
        self._wanted.sort(key=_begin, reverse=True)
        self._node = Frontier()
        self._size = 0

    def _want(self, height: int, index: int) -> bytes:
        self._wanted.append((height, index))
        return bytes(32)

    def append(self, leaf: bytes) -> None:
        """Take the next leaf of the log."""
        if self._wanted and self._size >= _begin(self._wanted[-1]):
            self._node.append(leaf)
            if self._node.size == 1 << self._wanted[-1][0]:
                self._found[self._wanted.pop()] = self._node.root()
                self._node = Frontier()
        self._size += 1

    def hashes(self) -> tuple[bytes, ...]:
        """Return the proof once all leaves were taken."""
        return tuple(
            consistency(lambda height, index: self._found[height, index], self._old, self._new)
        )


def _begin(node: tuple[int, int]) -> int:
    height, index = node
    return index << height
