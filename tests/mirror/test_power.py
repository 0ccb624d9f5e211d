"""The mirror under power cuts at every call: nothing is receipted that is not held, no time is taken back."""

from dataclasses import dataclass, field

import pytest

from tocsin.errors import Outage
from tocsin.log.errors import TileError
from tocsin.log.fsck import fsck
from tocsin.log.memory import ManualClock, MemoryCells
from tocsin.mirror import Mirror, find_time_lie, verify_receipt
from tocsin.mirror.memory import MemoryMirrorStore
from tocsin.mirror.state import parse_state, state_cell

from .gates import ORIGIN, cosigners, gate, grow, log, log_keys_of, mirror_keys, push, some_entries

STEPS = ("put_entries", "put_tiles", "sync", "swap", "swap after the write", "sign", "put_receipt", "answer")
BATCHES = (3, 254, 300)


def copy(store):
    return MemoryMirrorStore(list(store.held), dict(store.tiles), dict(store.receipts), list(store.sizes))


@dataclass
class Machine:
    """Store, cells and signer that lose power at call `fail_at`; only what was synced is left."""

    fail_at: int = -1
    calls: list[str] = field(default_factory=list)
    durable: MemoryMirrorStore = field(default_factory=MemoryMirrorStore)
    store: MemoryMirrorStore = field(default_factory=MemoryMirrorStore)
    cells: MemoryCells = field(default_factory=MemoryCells)
    signed: list[bytes] = field(default_factory=list)

    @property
    def key(self):
        return cosigners()[0].key

    def call(self, name):
        self.calls.append(name)
        if len(self.calls) - 1 == self.fail_at:
            raise Outage(f"the power went at {name}")

    def entries(self, start, end):
        return self.store.entries(start, end)

    def tile(self, level, index):
        return self.store.tile(level, index)

    def first_receipt(self, above):
        return self.store.first_receipt(above)

    def load(self, name):
        return self.cells.load(name)

    def put_entries(self, start, entries):
        self.call("put_entries")
        self.store.put_entries(start, entries)

    def put_tiles(self, tiles):
        self.call("put_tiles")
        self.store.put_tiles(tiles)

    def sync(self):
        self.call("sync")
        self.durable = copy(self.store)

    def swap(self, name, old, new):
        self.call("swap")
        done = self.cells.swap(name, old, new)
        self.call("swap after the write")
        return done

    def sign(self, message):
        self.call("sign")
        return cosigners()[0].sign(message)

    def put_receipt(self, size, note):
        self.call("put_receipt")
        self.store.put_receipt(size, note)
        self.durable.put_receipt(size, note)

    def mirror(self, clock):
        return Mirror(ORIGIN, log_keys_of(), self, self, clock, [self])


def feed(machine, mirror, writer, clock, answers, batches):
    for batch in batches:
        grow(writer, some_entries(batch, writer.size))
        clock.now_s += 10
        answers.append(push(writer, mirror))
        machine.call("answer")


def assert_promises(machine, answers):
    """What was answered is held whole and its time is a floor."""
    data = machine.cells.load(state_cell(ORIGIN))
    if data is None:
        assert not answers
        return
    state = parse_state(data)
    assert fsck(machine.durable, state.note, log_keys_of()).ok
    for answer in answers:
        assert state.floor_s >= answer.time_s
        size, note = machine.durable.first_receipt(answer.size - 1)
        assert (size, verify_receipt(note, log_keys_of(), mirror_keys())) == (answer.size, answer.time_s)


def cut_at(fail_at, machine_class=Machine):
    machine, clock, writer, answers = machine_class(fail_at=fail_at), ManualClock(1000), log([]), []
    try:
        feed(machine, machine.mirror(clock), writer, clock, answers, BATCHES)
        reached = False
    except Outage:
        reached = True
    machine.fail_at, machine.store = -1, copy(machine.durable)
    assert_promises(machine, answers)
    clock.now_s = 0  # and the clock was lost too
    again = machine.mirror(clock)
    answers.append(push(writer, again))
    feed(machine, again, writer, clock, answers, (5,))
    assert_promises(machine, answers)
    assert find_time_lie([answer.note for answer in answers], log_keys_of(), mirror_keys()[0]) is None
    assert [entry.data for entry in again.entries(0, 10**6)] == some_entries(writer.size)
    return reached


@pytest.mark.parametrize("fail_at", range(len(STEPS) * len(BATCHES)))
def test_power_cut_at_every_call(fail_at):
    assert cut_at(fail_at)


def test_the_cuts_above_cover_every_call_in_its_order():
    machine, clock = Machine(), ManualClock(1000)
    feed(machine, machine.mirror(clock), log([]), clock, [], BATCHES)
    assert machine.calls == list(STEPS) * len(BATCHES)


class ReceiptsFirst(Machine):
    """Canary: what a store sees of a mirror that stores its entries only after the receipt was given."""

    def put_entries(self, start, entries):
        self.store.put_entries(start, entries)

    def put_tiles(self, tiles):
        self.store.put_tiles(tiles)

    def sync(self):
        pass

    def put_receipt(self, size, note):
        super().put_receipt(size, note)
        super().sync()


def test_the_canary_that_stores_after_the_receipt_is_caught():
    assert not cut_at(999, ReceiptsFirst)
    caught = 0
    for fail_at in range(len(STEPS) * len(BATCHES)):
        try:
            cut_at(fail_at, ReceiptsFirst)
        except (AssertionError, TileError):
            caught += 1
    assert caught


@pytest.mark.parametrize("fail_at", range(len(STEPS) * 2))
def test_after_an_outage_the_same_mirror_goes_on(fail_at):
    machine, clock, writer, answers = Machine(fail_at=fail_at), ManualClock(1000), log([]), []
    mirror = machine.mirror(clock)
    for batch in (3, 254, 300):
        grow(writer, some_entries(batch, writer.size))
        try:
            answers.append(push(writer, mirror))
            machine.call("answer")
        except Outage:
            answers.append(push(writer, mirror))
    assert_promises(machine, [answer for answer in answers if answer.size == writer.size])
    assert mirror.head == writer.head


@pytest.mark.parametrize("restarted", [False, True])
def test_what_was_lost_before_it_was_ever_receipted_is_taken_in_and_not_receipted(restarted):
    store, cells, writer = MemoryMirrorStore(), MemoryCells(), log(some_entries(3))
    for batch in (2, 2):
        push(writer, gate(store=store, cells=cells))
        grow(writer, some_entries(batch, writer.size))
    push(writer, gate(cosigning=False, store=store, cells=cells))  # mute, or the power went before the receipt
    mirror = gate(store=store, cells=cells)
    store.held[6] = b"rotten"
    for size in (8, 9):
        grow(writer, some_entries(1, writer.size))
        with pytest.raises(Outage, match="entry 6"):
            push(writer, mirror)
        assert mirror.size == size and store.first_receipt(5) is None
        mirror = gate(store=store, cells=cells) if restarted else mirror
    store.held[6] = b"entry 6"
    assert push(writer, mirror).size == 9


@pytest.mark.parametrize(("index", "found"), [(4, True), (2, False)])
def test_after_a_start_the_last_receipt_stored_need_not_have_left(index, found):
    """What rots under a receipt that was surely given is for fsck to find."""
    store, cells, writer = MemoryMirrorStore(), MemoryCells(), log(some_entries(3))
    mirror = gate(store=store, cells=cells)
    push(writer, mirror)
    grow(writer, some_entries(2, 3))
    push(writer, mirror)
    store.held[index] = b"rotten"
    mirror = gate(store=store, cells=cells)
    assert mirror.held.given() == 3
    if found:
        with pytest.raises(Outage, match=f"entry {index}"):
            push(writer, mirror)
    else:
        assert push(writer, mirror).size == 5
