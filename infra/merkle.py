"""The Merkle tree of RFC 9162 over the leaves of the journal: roots, proofs and their verification.

A tree is read by a function that returns the hash of a complete node: height 0 are the leaves, node *i* of
height *h* stands over the leaves from *i* · 2^h on. Whoever has such a function need not hold the leaves.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()
HASH_SIZE = 32

Nodes = Callable[[int, int], bytes]
"""Returns the hash of a complete node by its height and its index among those of the same height."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: one hash for each set bit of its size.

    Attributes:
        size: How many leaves the tree has.
    """

    def __init__(self, size: int = 0, edge: Iterable[bytes] = ()) -> None:
        self.size = size
        self._edge = list(edge)
        if len(self._edge) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has another edge")

    def append(self, leaf: bytes) -> None:
        """Add the hash of a leaf."""
        edge, rest = self._edge, self.size
        while rest & 1:
            leaf = node_hash(edge.pop(), leaf)
            rest >>= 1
        edge.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of the tree as it is now."""
        return _joined(self._edge) if self._edge else EMPTY_ROOT


def frontier(nodes: Nodes, size: int) -> Frontier:
    """Return the right edge of a tree."""
    return Frontier(size, (nodes(*node) for node in _cover(0, size)))


def root(nodes: Nodes, size: int) -> bytes:
    """Return the root of a tree."""
    return range_hash(nodes, 0, size) if size else EMPTY_ROOT


def range_hash(nodes: Nodes, begin: int, end: int) -> bytes:
    """Return the hash over the leaves from ``begin`` to before ``end``, a subtree of some tree."""
    return _joined([nodes(*node) for node in _cover(begin, end)])


def inclusion(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """Return the proof that the leaf ``index`` belongs to the tree of ``size`` leaves.

    Raises:
        ValueError: If the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(range_hash(nodes, middle, end))
            end = middle
        else:
            path.append(range_hash(nodes, begin, middle))
            begin = middle
    return path[::-1]


def consistency(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of ``old`` leaves is the beginning of that of ``new`` leaves.

    Raises:
        ValueError: If the old tree is the larger one.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {old} leaves does not grow into one of {new}")
    if old in {0, new}:
        return []
    path: list[bytes] = []
    begin, end, known = 0, new, True
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(range_hash(nodes, middle, end))
            end = middle
        else:
            path.append(range_hash(nodes, begin, middle))
            begin, known = middle, False
    return path[::-1] if known else [range_hash(nodes, begin, end), *path[::-1]]


def includes(root_hash: bytes, size: int, leaf: bytes, index: int, proof: Sequence[bytes]) -> bool:
    """Say whether a proof shows that the leaf ``index`` of a tree is this one."""
    if not 0 <= index < size or not _hashes(proof):
        return False
    place, last, found = index, size - 1, leaf
    for one in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(one, found)
            place, last = _right_edge(place, last)
        else:
            found = node_hash(found, one)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root_hash


def continues(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether a proof shows that one tree is the beginning of another."""
    if not 0 <= old <= new or not _hashes(proof):
        return False
    if old in {0, new}:
        return not proof and old_root == (new_root if old else EMPTY_ROOT)
    path = [old_root, *proof] if old.bit_count() == 1 else list(proof)
    if not path:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(one, before), node_hash(one, after)
            place, last = _right_edge(place, last)
        else:
            after = node_hash(after, one)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _right_edge(place: int, last: int) -> tuple[int, int]:
    """Climb past the levels on which a node has no sibling to its right."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _hashes(proof: Sequence[bytes]) -> bool:
    return all(len(one) == HASH_SIZE for one in proof)


def _joined(edge: Sequence[bytes]) -> bytes:
    found = edge[-1]
    for one in edge[-2::-1]:
        found = node_hash(one, found)
    return found


def _split(size: int) -> int:
    """Return the largest power of two below a size."""
    return 1 << (size - 1).bit_length() - 1


def _cover(begin: int, end: int) -> Iterable[tuple[int, int]]:
    """Yield the largest complete nodes over a range of leaves, from the left: height and index."""
    while begin < end:
        height = (end - begin).bit_length() - 1
        yield height, begin >> height
        begin += 1 << height
