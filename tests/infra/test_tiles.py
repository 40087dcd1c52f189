"""Tiles: where they lie, that they are never changed, and that every node and proof is read out of them."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.errors import LogFolderError, TileError
from infra.merkle import Frontier, consistency, continues, includes, inclusion, leaf_hash, root
from infra.tiles import Tile, TileFolder, TileReader, TileWriter

LEAVES = [leaf_hash(b"%d" % number) for number in range(70_000)]


def grown(folder: Path, *sizes: int) -> TileFolder:
    """Return the folder of a tree that was written up to one size after the other."""
    files, before = TileFolder(folder), 0
    for size in sizes:
        writer = TileWriter(files, before, TileReader(files.fetch, before))
        for leaf in LEAVES[before:size]:
            writer.append(leaf)
        writer.finish()
        before = size
    return files


def root_of(size: int) -> bytes:
    edge = Frontier()
    for leaf in LEAVES[:size]:
        edge.append(leaf)
    return edge.root()


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1_234_067), "tile/0/x001/x234/067"),
        (Tile(2, 1_000, 17), "tile/2/x001/000.p/17"),
    ],
)
def test_the_paths_are_those_of_the_specification(tile: Tile, path: str) -> None:
    assert tile.path == path


def test_a_tree_of_70000_has_the_tiles_that_the_specification_names(tmp_path: Path) -> None:
    grown(tmp_path, 70_000)
    found = sorted(str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*") if one.is_file())
    full = [Tile(0, number).path for number in range(273)]
    assert found == sorted(
        [*full, "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]
    )
    assert (tmp_path / "tile/0/000").read_bytes() == b"".join(LEAVES[:256])


def test_every_growth_gives_the_same_tree_and_every_proof_is_read_from_tiles(
    tmp_path: Path,
) -> None:
    sizes = (1, 2, 255, 256, 257, 511, 65_535, 65_536, 65_537, 70_000)
    files = grown(tmp_path, *sizes)
    roots = {size: root_of(size) for size in sizes}
    for size in sizes:
        reader = TileReader(files.fetch, size)
        assert root(reader.nodes, size) == roots[size]
        for index in {0, size // 3, size // 2, size - 1}:
            path = inclusion(reader.nodes, index, size)
            assert includes(roots[size], size, LEAVES[index], index, path)
        for old in (one for one in sizes if one <= size):
            path = consistency(reader.nodes, old, size)
            assert continues(old, roots[old], size, roots[size], path)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 1_500), min_size=1, max_size=6, unique=True).map(sorted))
def test_a_tree_may_grow_in_any_steps(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int]
) -> None:
    files = grown(tmp_path_factory.mktemp("tree"), *sizes)
    assert root(TileReader(files.fetch, sizes[-1]).nodes, sizes[-1]) == root_of(sizes[-1])


def test_narrow_tiles_go_once_the_full_one_is_there_and_are_read_out_of_it(tmp_path: Path) -> None:
    files = grown(tmp_path, 3, 200, 300)
    assert not (tmp_path / "tile/0/000.p").exists()
    assert TileReader(files.fetch, 200).hashes(Tile(0, 0, 200)) == b"".join(LEAVES[:200])


def test_files_are_never_changed(tmp_path: Path) -> None:
    files = grown(tmp_path, 300)
    before = (tmp_path / "tile/0/000").stat()
    files.write(Tile(0, 0), b"".join(LEAVES[:256]))
    assert (tmp_path / "tile/0/000").stat() == before
    assert before.st_mode & 0o777 == 0o444
    other = b"".join([*LEAVES[:100], LEAVES[0], *LEAVES[101:256]])
    with pytest.raises(TileError, match="other hashes") as caught:
        files.write(Tile(0, 0), other)
    assert caught.value.position == 101
    assert (tmp_path / "tile/0/000").read_bytes() != other


def test_a_missing_or_cut_tile_is_said(tmp_path: Path) -> None:
    files = grown(tmp_path, 300)
    (tmp_path / "tile/1/000.p/1").unlink()
    with pytest.raises(TileError, match=r"tile/1/000\.p/1 is missing"):
        root(TileReader(files.fetch, 300).nodes, 300)
    (tmp_path / "tile/0/001.p/44").chmod(0o644)
    (tmp_path / "tile/0/001.p/44").write_bytes(bytes(33))
    with pytest.raises(TileError, match="33 bytes instead of 44 hashes"):
        TileReader(files.fetch, 300).hashes(Tile(0, 1, 44))


def test_nothing_half_written_stays_where_there_is_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = grown(tmp_path, 3)
    monkeypatch.setattr("infra.tiles.os.fsync", _full)
    with pytest.raises(LogFolderError, match="No space left"):
        files.write(Tile(0, 0, 4), b"".join(LEAVES[:4]))
    monkeypatch.undo()
    assert [one.name for one in (tmp_path / "tile/0/000.p").iterdir()] == ["3"]
    files.write(Tile(0, 0, 4), b"".join(LEAVES[:4]))


def _full(_handle: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_tree_has_no_node_beyond_its_size(tmp_path: Path) -> None:
    reader = TileReader(grown(tmp_path, 300).fetch, 300)
    for height, index in ((0, 300), (0, 512), (1, 150), (8, 1)):
        with pytest.raises(ValueError, match="a tree of 300 leaves has no"):
            reader.nodes(height, index)
