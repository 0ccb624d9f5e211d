"""fsck: clean logs are clean, every kind of damage is found, placed and (tiles) repaired."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.log.fsck import fsck, repair
from tocsin.log.memory import MemoryStore
from tocsin.log.merkle import leaf_hash

from .logs import flipped, keys, some_entries, written

KEYS = keys(hybrid=False)


def log_of(count):
    store = MemoryStore()
    return store, written(count, store=store).checkpoint


def change_entry(store, index):
    store.held[index] = b"not what was signed"


def change_leaf(store, index):
    """The leaf hash of the entry as it is now: entry and tile agree."""
    tile = store.tiles[0, index // 256]
    at = index % 256 * 32
    store.tiles[0, index // 256] = tile[:at] + leaf_hash(store.held[index]) + tile[at + 32 :]


@pytest.mark.parametrize("count", [0, 1, 2, 255, 256, 257, 1024, 1025, 65_536, 65_537])
def test_a_clean_log_is_clean(count):
    store, note = log_of(count)
    report = fsck(store, note, KEYS)
    assert report.ok
    assert (report.origin, report.size) == ("west.example/log", count)
    assert report.words == f"west.example/log: {count} entries, all as signed."


@pytest.mark.parametrize(("count", "index"), [(1, 0), (300, 299), (300, 3), (3000, 1500), (65_537, 65_536)])
def test_a_damaged_entry_is_named(count, index):
    store, note = log_of(count)
    change_entry(store, index)
    report = fsck(store, note, KEYS)
    assert [(damage.kind, damage.first, damage.end) for damage in report.damages] == [("entry", index, index + 1)]
    assert f"entry {index} is not what was signed" in report.words
    assert not report.repair


@settings(max_examples=30)
@given(st.integers(1, 700), st.data())
def test_any_damaged_tile_is_named_and_repaired(count, data):
    store, note = log_of(count)
    clean = dict(store.tiles)
    key = data.draw(st.sampled_from(sorted(clean)))
    store.tiles[key] = flipped(clean[key], data.draw(st.integers(0, 8 * len(clean[key]) - 1)))
    report = fsck(store, note, KEYS)
    assert [damage.kind for damage in report.damages] == ["tile"]
    assert f"tile {key[0]}/{key[1]} " in report.words
    assert repair(store, report) == 1
    assert store.tiles == clean
    assert repair(store, fsck(store, note, KEYS)) == 0


def test_lost_tiles_and_a_damaged_entry_together():
    store, note = log_of(1500)
    clean = dict(store.tiles)
    del store.tiles[1, 0], store.tiles[0, 2]
    change_entry(store, 1000)
    report = fsck(store, note, KEYS)
    assert {(damage.kind, damage.first) for damage in report.damages} == {("tile", 0), ("tile", 512), ("entry", 1000)}
    repair(store, report)
    assert store.tiles == clean


@pytest.mark.parametrize(("count", "index"), [(700, 300), (66_000, 300)])
def test_entry_and_tile_changed_together_are_placed_to_the_tile(count, index):
    store, note = log_of(count)
    change_entry(store, index)
    change_leaf(store, index)
    (damage,) = fsck(store, note, KEYS).damages
    assert (damage.kind, damage.first, damage.end) == ("bundle", 256, 512)
    assert "changed together" in damage.words


def test_everything_changed_together_is_noticed_and_said_as_it_is():
    store, note = log_of(200)
    change_entry(store, 7)
    change_leaf(store, 7)
    (damage,) = fsck(store, note, KEYS).damages
    assert "agree with each other but not with the signed root" in damage.words


def test_the_right_edge_lost_and_an_entry_changed():
    store, note = log_of(300)
    change_entry(store, 299)
    del store.tiles[0, 1]
    (damage,) = fsck(store, note, KEYS).damages
    assert (damage.kind, damage.first, damage.end) == ("bundle", 256, 300)


@pytest.mark.parametrize("missing", [1, 5, 256, 300])
def test_missing_entries_are_named(missing):
    store, note = log_of(600)
    del store.held[600 - missing :]
    report = fsck(store, note, KEYS)
    assert [damage.first for damage in report.damages] == list(range(600 - missing, 600))
    assert "is missing; fetch it from a mirror" in report.words


def test_entries_past_the_checkpoint_are_no_damage():
    store, note = log_of(300)
    later = written(0, store=MemoryStore())
    later.append(some_entries(600))
    later.commit()
    store.put_entries(300, some_entries(300, 300))
    assert fsck(store, note, KEYS).ok


def test_a_checkpoint_that_cannot_be_trusted():
    store, note = log_of(3)
    for wrong in (b"", flipped(note, 200), note.replace(b"\n3\n", b"\n2\n")):
        (damage,) = fsck(store, wrong, KEYS).damages
        assert damage.kind == "checkpoint"
