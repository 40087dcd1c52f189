"""The tree: the roots and proofs of RFC 9162, the same as another implementation's, and no wrong proof accepted."""

import hashlib
from functools import cache

import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra import merkle
from infra.merkle import Frontier, continues, includes, leaf_hash

ENTRIES = [
    bytes.fromhex(one)
    for one in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""The entries and roots of the Certificate Transparency test vectors, sizes 1 to 8."""


class Tree:
    """All nodes of a tree in memory, made level by level: a second way to the same hashes."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.leaves = leaves
        self.rows = [leaves]
        while len(self.rows[-1]) > 1:
            below = self.rows[-1]
            pairs = zip(below[::2], below[1::2], strict=False)
            self.rows.append([hashlib.sha256(b"\1" + a + b).digest() for a, b in pairs])

    def __call__(self, height: int, index: int) -> bytes:
        return self.rows[height][index]


def entry(number: int) -> bytes:
    return b"entry %d" % number


@cache
def tree(size: int) -> Tree:
    return Tree([leaf_hash(entry(number)) for number in range(size)])


def other(one: bytes) -> bytes:
    return bytes([one[0] ^ 1]) + one[1:]


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_of_the_test_vectors(size: int) -> None:
    edge = Frontier()
    for one in ENTRIES[:size]:
        edge.append(leaf_hash(one))
    wanted = bytes.fromhex(ROOTS[size - 1]) if size else hashlib.sha256(b"").digest()
    assert edge.root() == wanted
    assert merkle.root(Tree([leaf_hash(one) for one in ENTRIES[:size]]), size) == wanted


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [
        (0, 1, ()),
        (0, 8, (
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        )),
        (5, 8, (
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        )),
        (2, 3, ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",)),
    ],
)  # fmt: skip
def test_inclusion_proofs_are_those_of_the_test_vectors(
    index: int, size: int, path: tuple[str, ...]
) -> None:
    nodes = Tree([leaf_hash(one) for one in ENTRIES])
    assert [one.hex() for one in merkle.inclusion(nodes, index, size)] == list(path)


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (1, 1, ()),
        (1, 8, (
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        )),
        (6, 8, (
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        )),
        (2, 5, (
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        )),
    ],
)  # fmt: skip
def test_consistency_proofs_are_those_of_the_test_vectors(
    old: int, new: int, path: tuple[str, ...]
) -> None:
    nodes = Tree([leaf_hash(one) for one in ENTRIES])
    assert [one.hex() for one in merkle.consistency(nodes, old, new)] == list(path)


def test_every_small_tree_is_that_of_another_implementation() -> None:
    oracle, edge = pymerkle.InmemoryTree(algorithm="sha256"), Frontier()
    nodes = tree(300)
    for size in range(301):
        wanted = oracle.get_root() if size else merkle.EMPTY_ROOT
        assert edge.root() == merkle.root(nodes, size) == wanted
        assert merkle.frontier(nodes, size).root() == wanted
        oracle.append_entry(entry(size))
        edge.append(leaf_hash(entry(size)))


def test_every_proof_of_every_small_tree_is_that_of_another_implementation_and_verifies() -> None:
    nodes, oracle = tree(300), pymerkle.InmemoryTree(algorithm="sha256")
    for size in range(1, 301):
        oracle.append_entry(entry(size - 1))
        root = merkle.root(nodes, size)
        for number in range(size):
            path = merkle.inclusion(nodes, number, size)
            assert includes(root, size, nodes(0, number), number, path)
            theirs = oracle.prove_inclusion(number + 1, size).path
            assert sorted(theirs) == sorted([nodes(0, number), *path])
        for old in range(size + 1):
            path = merkle.consistency(nodes, old, size)
            assert continues(old, merkle.root(nodes, old), size, root, path)


def defined_root(leaves: list[bytes]) -> bytes:
    """Return the root as RFC 9162, 2.1.1 defines it."""
    if len(leaves) < 2:
        return leaves[0] if leaves else merkle.EMPTY_ROOT
    cut = 1 << (len(leaves) - 1).bit_length() - 1
    return merkle.node_hash(defined_root(leaves[:cut]), defined_root(leaves[cut:]))


def defined_subproof(old: int, leaves: list[bytes], known: bool) -> list[bytes]:
    """Return SUBPROOF as RFC 9162, 2.1.4.1 defines it."""
    if old == len(leaves):
        return [] if known else [defined_root(leaves)]
    cut = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = leaves[:cut], leaves[cut:]
    if old <= cut:
        return [*defined_subproof(old, left, known), defined_root(right)]
    return [*defined_subproof(old - cut, right, False), defined_root(left)]


@pytest.mark.parametrize("size", range(1, 50))
def test_every_small_consistency_proof_is_that_of_the_definition(size: int) -> None:
    nodes = tree(300)
    for old in range(1, size + 1):
        wanted = defined_subproof(old, nodes.leaves[:size], True)
        assert merkle.consistency(nodes, old, size) == wanted


sizes = st.integers(1, 5_000)


@settings(max_examples=60, deadline=None)
@given(st.data(), sizes)
def test_any_proof_of_a_larger_tree_verifies_and_every_bent_one_is_refused(
    data: st.DataObject, size: int
) -> None:
    nodes = tree(5_000)
    root = merkle.root(nodes, size)
    index = data.draw(st.integers(0, size - 1))
    leaf = nodes(0, index)
    path = merkle.inclusion(nodes, index, size)
    assert includes(root, size, leaf, index, path)
    for wrong in bent(path, data):
        assert not includes(root, size, leaf, index, wrong)
    assert not includes(other(root), size, leaf, index, path)
    assert not includes(root, size, other(leaf), index, path)
    for elsewhere in {index - 1, index + 1, size, data.draw(st.integers(0, size))} - {index}:
        assert not includes(root, size, leaf, elsewhere, path)


@settings(max_examples=60, deadline=None)
@given(st.data(), sizes)
def test_any_two_sizes_are_consistent_and_every_bent_proof_is_refused(
    data: st.DataObject, size: int
) -> None:
    nodes = tree(5_000)
    old = data.draw(st.integers(0, size))
    before, after = merkle.root(nodes, old), merkle.root(nodes, size)
    path = merkle.consistency(nodes, old, size)
    assert continues(old, before, size, after, path)
    assert not continues(size + 1, after, size, after, [])
    assert not continues(old, other(before), size, after, path)
    for wrong in bent(path, data):
        assert not continues(old, before, size, after, wrong)
    if old:
        assert not continues(old, before, size, other(after), path)


def bent(path: list[bytes], data: st.DataObject) -> list[list[bytes]]:
    """Return proofs that are nearly right: one hash changed, left out, doubled, cut or in another place."""
    found = [[*path, bytes(32)], [bytes(32), *path]]
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        found += [
            [*path[:at], other(path[at]), *path[at + 1 :]],
            path[:at] + path[at + 1 :],
            [*path[:at], path[at], *path[at:]],
            [*path[:at], path[at][:31], *path[at + 1 :]],
        ]
        turned = path[::-1]
        found += [turned] if turned != path else []
    return found


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (0, 0)])
def test_no_proof_is_made_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion(tree(8), index, size)


def test_a_tree_does_not_grow_into_a_smaller_one() -> None:
    with pytest.raises(ValueError, match="does not grow"):
        merkle.consistency(tree(8), 5, 4)
    with pytest.raises(ValueError, match="another edge"):
        Frontier(3, [bytes(32)])
