"""The root of a growing RFC 9162 tree, kept by the roots of its full subtrees alone."""

import hashlib
from functools import reduce


class Frontier:
    """A tree that leaves are added to; about 20 digests are kept for a million leaves."""

    def __init__(self) -> None:
        self.size = 0
        self._full: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add the next leaf."""
        full, size = self._full, self.size
        while size & 1:
            leaf = _node(full.pop(), leaf)
            size >>= 1
        full.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of all leaves so far."""
        if not self._full:
            return hashlib.sha256().digest()
        return reduce(lambda right, left: _node(left, right), reversed(self._full))


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()
