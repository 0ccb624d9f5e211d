"""Tile names, bundles, the right edge and the authenticated tree."""

import struct

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tocsin.log.edge import Edge, load_edge
from tocsin.log.errors import EntryRefused, ProofError, TileError
from tocsin.log.files import FileReader, export, file_of
from tocsin.log.memory import MemoryStore
from tocsin.log.merkle import leaf_hashes, root_of_leaves, verify_consistency, verify_inclusion
from tocsin.log.tiles import (
    MAX_ENTRY_BYTES,
    TILE_BYTES,
    TileName,
    bundles_of,
    encode_bundle,
    parse_bundle,
    parse_path,
    split_hashes,
    tiles_of,
)
from tocsin.log.tree import Tree

from .logs import flipped, some_entries, written

EDGES = (0, 1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        # Origin: the examples in C2SP tlog-tiles, "Merkle Tree" (commit 5ba5ee8).
        (TileName(0, 1234067), "tile/0/x001/x234/067"),
        (TileName(0, 273, 112), "tile/0/273.p/112"),
        (TileName(2, 0, 1), "tile/2/000.p/1"),
        (TileName(None, 999), "tile/entries/999"),
        (TileName(None, 1000, 255), "tile/entries/x001/000.p/255"),
    ],
)
def test_paths(name, path):
    assert name.path == path
    assert parse_path(path) == name


@pytest.mark.parametrize(
    "path",
    [
        *("", "tile/0/0", "tile/0/0000", "tile/8/000", "tile/00/000", "tile/0/x000/000", "tile/0/001/000"),
        *("tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/1/", "/tile/0/000", "tile/0/../000"),
        *("tile/0/000\n", "tile/entries/٠٠٠", "tile/-1/000", "tile/0/" + "x999/" * 40 + "000"),
    ],
)
def test_other_spellings_of_paths_are_refused(path):
    with pytest.raises(TileError):
        parse_path(path)


@given(st.one_of(st.none(), st.integers(0, 7)), st.integers(0, 10**15), st.integers(1, 256))
def test_paths_round_trip(level, index, width):
    name = TileName(level, index, width)
    assert parse_path(name.path) == name


def test_tiles_of_the_published_example():
    # Origin: C2SP tlog-tiles, "Partial Tiles": a tree of 70,000 entries, and one of 256.
    names = list(tiles_of(70_000))
    assert len(names) == 273 + 1 + 1 + 1 + 1
    assert names[273:] == [TileName(0, 273, 112), TileName(1, 0), TileName(1, 1, 17), TileName(2, 0, 1)]
    assert list(tiles_of(256)) == [TileName(0, 0), TileName(1, 0, 1)]
    assert list(bundles_of(257)) == [TileName(None, 0), TileName(None, 1, 1)]
    assert list(tiles_of(0)) == list(bundles_of(0)) == []


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_bundles_round_trip(entries):
    assert parse_bundle(encode_bundle(entries), len(entries)) == entries


def test_bundles_are_strict():
    data = encode_bundle([b"one", b"", b"x" * MAX_ENTRY_BYTES])
    assert data[:7] == struct.pack(">H", 3) + b"one" + b"\x00\x00"[:2]
    assert parse_bundle(data, 3)[2] == b"x" * MAX_ENTRY_BYTES
    for wrong, width in [(data[:-1], 3), (data + b"\0", 3), (data, 2), (data, 4), (b"", 1), (b"\0", 1)]:
        with pytest.raises(TileError):
            parse_bundle(wrong, width)
    with pytest.raises(EntryRefused, match="65535"):
        encode_bundle([b"x" * (MAX_ENTRY_BYTES + 1)])
    for wrong in (b"x" * 31, b"x" * (TILE_BYTES + 32)):
        with pytest.raises(TileError):
            split_hashes(wrong)


def stored(count, batches=None):
    """(edge, tiles) of `count` entries, appended in the given batches."""
    edge, tiles, leaves, at = Edge(), {}, leaf_hashes(some_entries(count)), 0
    for size in batches or [count]:
        edge, grown = edge.extend(leaves[at : at + size])
        tiles.update(grown)
        at += size
    return edge, tiles, leaves


@pytest.mark.parametrize("count", EDGES)
def test_root_tiles_and_edge_at_the_edges_of_tiles(count):
    edge, tiles, leaves = stored(count)
    assert edge.root == root_of_leaves(leaves)
    assert load_edge(count, lambda level, index: tiles.get((level, index), b"")) == edge
    assert {(name.level, name.index): name.width * 32 for name in tiles_of(count)} == {
        key: len(data) for key, data in tiles.items()
    }


@given(st.lists(st.integers(0, 300), min_size=1, max_size=8))
@example([255, 1, 1])
@example([1, 254, 2])
def test_appending_in_any_batches_gives_the_same_tiles(batches):
    count = sum(batches)
    assert stored(count, batches)[:2] == stored(count)[:2]


@settings(max_examples=40)
@given(st.integers(1, 1200), st.data())
def test_the_tree_proves_what_it_holds(count, data):
    edge, tiles, leaves = stored(count)
    tree = Tree(edge, lambda level, index: tiles.get((level, index), b""))
    size = data.draw(st.integers(1, count))
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(0, size))
    assert tree.root_at(size) == root_of_leaves(leaves[:size])
    verify_inclusion(index, size, leaves[index], tree.inclusion(index, size), tree.root_at(size))
    verify_consistency(old, size, tree.root_at(old), tree.root_at(size), tree.consistency(old, size))
    with pytest.raises(ProofError):
        tree.inclusion(index, count + 1)
    with pytest.raises(ProofError):
        tree.tile(0, count // 256 + 1)


@pytest.mark.parametrize("level", [0, 1])
def test_a_turned_bit_in_any_full_tile_is_noticed(level):
    count = 65_536 * 2 + 5
    edge, tiles, _ = stored(count)
    damaged = dict(tiles)
    damaged[level, 1] = flipped(tiles[level, 1], 77)
    tree = Tree(edge, lambda level, index: damaged.get((level, index), b""))
    inside = 300 if level == 0 else 65_536 + 300
    with pytest.raises(TileError, match=f"tile {level}/1"):
        tree.inclusion(inside, count)
    tree.inclusion(3, count)


def test_a_missing_tile_is_noticed():
    edge, tiles, _ = stored(600)
    tree = Tree(edge, lambda level, index: b"" if (level, index) == (0, 1) else tiles.get((level, index), b""))
    with pytest.raises(TileError, match="tile 0/1"):
        tree.inclusion(256, 600)
    with pytest.raises(TileError, match="tile 0/0"):
        load_edge(5, lambda level, index: b"")


def test_a_tree_grows_and_never_shrinks():
    edge, tiles, _ = stored(600)
    tree = Tree(Edge(), lambda level, index: tiles.get((level, index), b""))
    tree.grow(edge)
    tree.check_entries(250, some_entries(20, 250))
    with pytest.raises(TileError, match="entry 255"):
        tree.check_entries(250, [*some_entries(5, 250), b"x"])
    with pytest.raises(TileError, match="the tree has 600"):
        tree.check_entries(599, some_entries(2, 599))
    with pytest.raises(AssertionError):
        tree.grow(Edge())


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 700])
def test_a_log_as_files_reads_back(count):
    writer = written(count, store=(store := MemoryStore()))
    files = dict(export(store, count))
    assert set(files) == {name.path for name in (*tiles_of(count), *bundles_of(count))}
    reader = FileReader(files.get, count)
    assert list(reader.entries(0, count + 5)) == writer.entries(0, count)
    assert load_edge(count, reader.tile) == writer.tree.edge


def test_files_of_earlier_sizes_and_the_way_back_from_partial_to_full():
    store = MemoryStore()
    written(700, store=store)
    full = {path: data for path, data in export(store, 700) if ".p/" not in path}
    reader = FileReader(full.get, 500)
    assert list(reader.entries(250, 500)) == some_entries(250, 250)
    assert load_edge(500, FileReader({**full, "tile/1/000": file_of(store, 700, "tile/1/000.p/2")}.get, 500).tile)
    assert file_of(store, 700, "tile/0/001.p/3") == store.tile(0, 1)[:96]
    assert parse_bundle(file_of(store, 700, "tile/entries/001.p/3"), 3) == some_entries(3, 256)
    for beyond in ("tile/0/002", "tile/entries/002", "tile/1/000.p/3", "tile/0/003.p/1"):
        with pytest.raises(TileError, match="beyond"):
            file_of(store, 700, beyond)


def test_files_that_are_missing_or_broken_read_as_less():
    store = MemoryStore()
    written(700, store=store)
    files = dict(export(store, 700))
    files["tile/entries/001"] = files["tile/entries/001"][:-1]
    reader = FileReader(files.get, 700)
    assert len(reader.entries(0, 700)) == 256
    assert FileReader({}.get, 700).entries(0, 700) == []
    assert FileReader({}.get, 700).tile(0, 5) == b""
