"""The writer: order of store calls under every failure, a canary with the wrong order, restart, L1."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import Outage
from tocsin.log.cosignature import open_checkpoint
from tocsin.log.edge import load_edge
from tocsin.log.errors import BehindPartner, EntryRefused, SignatureError, StoreConflict, TileError
from tocsin.log.fsck import fsck
from tocsin.log.memory import ManualClock, MemoryCells, MemoryStore
from tocsin.log.merkle import EMPTY_ROOT, verify_consistency, verify_inclusion
from tocsin.log.merkle import leaf_hash as leaf
from tocsin.log.signers import log_signers
from tocsin.log.writer import LogWriter, refuse_if_behind

from .logs import ORIGIN, flipped, keys, signers, some_entries, written

CALLS = ("put_entries", "put_tiles", "sync", "sign", "swap", "swap after the write")


@dataclass
class Disk:
    """Store, cells and signer in one machine that can lose power before or after any call.

    What was put but not synced is lost in the power cut, wholly or torn. After it, only `durable` is left.
    """

    fail_at: int = -1
    torn: bool = False
    calls: list[str] = field(default_factory=list)
    durable: MemoryStore = field(default_factory=MemoryStore)
    store: MemoryStore = field(default_factory=MemoryStore)
    cells: MemoryCells = field(default_factory=MemoryCells)

    def _call(self, name):
        self.calls.append(name)
        if len(self.calls) - 1 == self.fail_at:
            raise Outage(f"the power went at {name}")

    def entries(self, start, end):
        return self.store.entries(start, end)

    def tile(self, level, index):
        return self.store.tile(level, index)

    def put_entries(self, start, entries):
        self._call("put_entries")
        self.store.put_entries(start, entries)

    def put_tiles(self, tiles):
        self._call("put_tiles")
        self.store.put_tiles(tiles)

    def sync(self):
        self._call("sync")
        self.durable = MemoryStore(list(self.store.held), dict(self.store.tiles))

    def load(self, name):
        return self.cells.load(name)

    def swap(self, name, old, new):
        self._call("swap")
        done = self.cells.swap(name, old, new)
        self._call("swap after the write")
        return done

    def signer(self, inner):
        disk = self

        class Watched:
            key = inner.key

            def sign(self, message):
                disk._call("sign")
                return inner.sign(message)

        return Watched()

    def power_cut(self):
        """The machine comes back with what was durable, plus a torn half of what was not."""
        self.fail_at = -1
        if self.torn:
            half = MemoryStore(list(self.durable.held), dict(self.durable.tiles))
            half.held += self.store.held[len(half.held) :][::2]
            half.tiles.update(dict(sorted(self.store.tiles.items())[::2]))
            self.durable = half
        self.store = MemoryStore(list(self.durable.held), dict(self.durable.tiles))


def open_on(disk, writer_class=LogWriter):
    return writer_class.open(ORIGIN, disk, disk, [disk.signer(signers(hybrid=False)[0])], ManualClock(1000))


def assert_in_force_is_whole(disk):
    """L1: whatever checkpoint is in force, its entries and tiles survived."""
    note = disk.cells.load(ORIGIN)
    if note is not None:
        assert fsck(disk.durable, note, keys(hybrid=False)).words.endswith("all as signed.")


def crash_at(fail_at, torn, writer_class=LogWriter):
    """Three commits, a power cut at call `fail_at`, restart; checks the promises. True if the cut was reached."""
    disk, left = Disk(fail_at=fail_at, torn=torn), []
    try:
        writer = open_on(disk, writer_class)
        for batch in (3, 254, 300):
            writer.append(some_entries(batch, writer.next_index))
            left.append(writer.commit())
        reached = False
    except Outage:
        reached = True
    disk.power_cut()
    assert_in_force_is_whole(disk)
    again = open_on(disk)
    for note in left:  # nothing that left is taken back
        head = open_checkpoint(note, keys(hybrid=False)).checkpoint
        assert again.size >= head.size
        assert again.tree.root_at(head.size) == head.root
    again.append(some_entries(5, again.size))
    again.commit()
    assert_in_force_is_whole(disk)
    assert again.entries(0, again.size) == some_entries(again.size)
    return reached


@pytest.mark.parametrize("torn", [False, True])
@pytest.mark.parametrize("fail_at", range(18))
def test_power_cut_at_every_call(fail_at, torn):
    assert crash_at(fail_at, torn)


def test_the_cuts_above_cover_every_call_in_its_order():
    disk = Disk()
    writer = open_on(disk)
    for batch in (3, 254, 300):
        writer.append(some_entries(batch))
        writer.commit()
    assert disk.calls == list(CALLS) * 3


class SignsBeforeSync(LogWriter):
    """Canary: moves the checkpoint before the entries are durable."""

    def commit(self):
        store, self._store = self._store, MemoryStore(list(self._store.store.held), dict(self._store.store.tiles))
        kept, pending = self._store, list(self._pending)
        note = super().commit()
        self._store = store
        store.put_entries(self.size - len(pending), pending)
        store.put_tiles(kept.tiles)
        store.sync()
        return note


def test_the_canary_that_signs_too_early_is_caught():
    assert not crash_at(99, False, SignsBeforeSync)  # without a power cut it is a writer like any other
    caught = 0
    for fail_at in range(18):
        try:
            crash_at(fail_at, False, SignsBeforeSync)
        except (AssertionError, TileError):
            caught += 1
    assert caught


@pytest.mark.parametrize("fail_at", range(12))
def test_after_an_outage_the_same_writer_goes_on(fail_at):
    disk = Disk(fail_at=fail_at)
    writer = open_on(disk)
    for batch in (3, 254):
        writer.append(some_entries(batch, writer.next_index))
        try:
            writer.commit()
        except Outage:
            writer.append(some_entries(2, writer.next_index))
            writer.commit()
    assert writer.entries(0, 300) == some_entries(259)
    assert writer.commit() == writer.checkpoint == disk.cells.load(ORIGIN)
    assert_in_force_is_whole(disk)


def test_two_writers_on_one_log_stop_each_other():
    store, cells = MemoryStore(), MemoryCells()
    first, second = (LogWriter.open(ORIGIN, store, cells, signers(hybrid=False), ManualClock()) for _ in range(2))
    first.append([b"a"])
    first.commit()
    second.append([b"b"])
    for _ in range(2):
        with pytest.raises(StoreConflict):
            second.commit()
    assert open_checkpoint(cells.load(ORIGIN), first.keys).checkpoint == first.head


@given(st.lists(st.integers(0, 200), max_size=6), st.booleans())
def test_restart_takes_up_where_it_left(batches, between):
    store, cells = MemoryStore(), MemoryCells()
    writer = written(0, store=store, cells=cells)
    for batch in batches:
        first = writer.next_index
        assert writer.append(some_entries(batch, first)) == range(first, first + batch)
        note = writer.commit()
        if between:
            writer = LogWriter.open(ORIGIN, store, cells, signers(hybrid=False), ManualClock(1000))
        assert writer.checkpoint == note
    assert load_edge(writer.size, store.tile) == writer.tree.edge
    assert writer.entries(0, sum(batches)) == some_entries(sum(batches))


def test_an_empty_log_has_a_checkpoint_too():
    writer = written(0)
    assert writer.head.root == EMPTY_ROOT
    assert open_checkpoint(writer.checkpoint, writer.keys).checkpoint.size == 0
    assert writer.commit() == writer.checkpoint


def test_hybrid_signatures_and_their_time_never_go_back():
    store, cells, clock = MemoryStore(), MemoryCells(), ManualClock(5000)
    writer = LogWriter.open(ORIGIN, store, cells, signers(), clock)
    writer.append([b"a"])
    assert open_checkpoint(writer.commit(), keys()).log_time_s == 5000
    clock.now_s = 10
    writer = LogWriter.open(ORIGIN, store, cells, signers(), clock)
    writer.append([b"b"])
    assert open_checkpoint(writer.commit(), keys()).log_time_s == 5000


def test_an_entry_too_long_is_refused_and_costs_nothing():
    writer = written(1)
    with pytest.raises(EntryRefused):
        writer.append([b"good", b"x" * 65_536])
    assert writer.next_index == 1
    writer.append([b"x" * 65_535, b""])
    writer.commit()
    assert writer.size == 3


def test_proofs_for_partners():
    writer = written(700)
    entry = some_entries(1, 123)[0]
    verify_inclusion(123, 700, leaf(entry), writer.inclusion(123), writer.head.root)
    verify_inclusion(123, 300, leaf(entry), writer.inclusion(123, 300), writer.tree.root_at(300))
    verify_consistency(300, 700, writer.tree.root_at(300), writer.head.root, writer.consistency(300))


def test_damage_is_not_signed_over():
    store, cells = MemoryStore(), MemoryCells()
    written(300, store=store, cells=cells)
    store.tiles[0, 1] = flipped(store.tiles[0, 1], 3)
    with pytest.raises(TileError, match="do not lead"):
        LogWriter.open(ORIGIN, store, cells, signers(hybrid=False), ManualClock())
    with pytest.raises(SignatureError):
        LogWriter.open(ORIGIN, store, cells, log_signers(ORIGIN, b"other"), ManualClock())


def test_a_damaged_entry_is_not_read():
    store = MemoryStore()
    writer = written(300, store=store)
    store.held[7] = b"other"
    with pytest.raises(TileError, match="entry 7"):
        writer.entries(0, 300)
    del store.held[200:]
    with pytest.raises(TileError, match="expected more"):
        writer.entries(0, 300)


def test_a_partner_ahead_of_a_restored_backup_stops_the_start():
    ahead, behind = written(20), written(10)
    refuse_if_behind(ahead, [behind.checkpoint, ahead.checkpoint])
    with pytest.raises(BehindPartner, match="of 20"):
        refuse_if_behind(behind, [behind.checkpoint, ahead.checkpoint])


def test_a_partner_with_another_history_stops_the_start():
    ours, other = written(10), written(0)
    other.append([b"other"] * 5)
    other.commit()
    with pytest.raises(BehindPartner, match="another root"):
        refuse_if_behind(ours, [other.checkpoint])


def test_what_we_did_not_sign_cannot_stop_the_start():
    store, cells = MemoryStore(), MemoryCells()
    stranger = LogWriter.open(ORIGIN, store, cells, log_signers(ORIGIN, b"stranger", hybrid=False), ManualClock())
    stranger.append([b"x"] * 100)
    refuse_if_behind(written(10), [stranger.commit(), b"", b"garbage"])


def test_a_partner_gives_back_what_a_restored_backup_lost():
    store, cells = MemoryStore(), MemoryCells()
    backup = written(10, store=store, cells=cells)
    lost = written(10)
    lost.append(some_entries(290, 10))
    lost.commit()
    with pytest.raises(TileError, match="do not lead"):
        backup.recover(lost.checkpoint, some_entries(289, 10))
    with pytest.raises(SignatureError):
        backup.recover(lost.checkpoint.replace(b"\n300\n", b"\n301\n"), some_entries(291, 10))
    backup.recover(lost.checkpoint, lost.entries(10, 300))
    refuse_if_behind(backup, [lost.checkpoint])
    again = LogWriter.open(ORIGIN, store, cells, signers(hybrid=False), ManualClock())
    assert (again.head, again.entries(0, 300)) == (lost.head, some_entries(300))
    again.append([b"new"])
    with pytest.raises(BehindPartner, match="before the first append"):
        again.recover(lost.checkpoint, [])
    verify_consistency(
        300, 301, lost.head.root, open_checkpoint(again.commit(), again.keys).checkpoint.root, again.consistency(300)
    )


def test_another_signed_history_cannot_be_recovered():
    other = written(0)
    other.append([b"other"] * 20)
    other.commit()
    ours = written(10)
    with pytest.raises(TileError):
        ours.recover(other.checkpoint, other.entries(10, 20))
    assert ours.entries(0, 10) == some_entries(10)
