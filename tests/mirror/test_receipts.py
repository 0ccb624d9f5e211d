"""Receipts: what they say, when they are given, that their time never goes back (V5), and lies about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import Outage
from tocsin.log.cosignature import open_checkpoint, sign_checkpoint
from tocsin.log.errors import LogError, SignatureError
from tocsin.log.memory import ManualClock, MemoryCells
from tocsin.log.note import Note, parse_note, parse_signature_lines
from tocsin.log.signers import mirror_signers
from tocsin.mirror import find_time_lie, verify_receipt, verify_time_lie
from tocsin.mirror.errors import BundleError, OutOfStep, ReceiptError, StateConflict
from tocsin.mirror.evidence import TimeLie, parse_time_lie
from tocsin.mirror.memory import MemoryMirrorStore
from tocsin.mirror.receipt import attach
from tocsin.mirror.thinning import in_short

from .gates import MIRROR, cosigners, gate, grow, log, log_keys_of, mirror_keys, push, some_entries

KEYS = log_keys_of()


def test_a_receipt_is_two_cosignatures_with_one_time():
    writer, mirror = log(some_entries(3), hybrid=True), gate(hybrid=True)
    receipt = push(writer, mirror)
    lines = parse_signature_lines(receipt.lines)
    assert {line.name for line in lines} == {MIRROR}
    assert [len(line.signature) for line in lines] == [72, 2428]
    assert receipt.note == attach(writer.checkpoint, receipt.lines)
    assert verify_receipt(receipt.note, writer.keys, mirror_keys(True)) == receipt.time_s == 1000


@pytest.mark.parametrize("kept", [0, 1])
def test_a_receipt_with_one_of_its_two_lines_is_none(kept):
    writer, mirror = log(some_entries(3), hybrid=True), gate(hybrid=True)
    lines = push(writer, mirror).lines.splitlines(keepends=True)
    with pytest.raises(ReceiptError, match=r"no 0x0[46]"):
        verify_receipt(attach(writer.checkpoint, lines[kept]), writer.keys, mirror_keys(True))


def test_a_receipt_needs_the_logs_signature_too():
    writer, mirror = log(some_entries(3)), gate()
    note = parse_note(push(writer, mirror).note)
    with pytest.raises(SignatureError, match="log signature"):
        verify_receipt(Note(note.text, note.signatures[1:]).encode(), KEYS, mirror_keys())
    with pytest.raises(ReceiptError):
        verify_receipt(writer.checkpoint, KEYS, mirror_keys())
    other = [signer.key for signer in mirror_signers("other.example/mirror", b"", hybrid=False)]
    with pytest.raises(ReceiptError, match="cosignature of other"):
        verify_receipt(note.encode(), KEYS, other)


@given(
    st.lists(
        st.tuples(st.integers(0, 10**10), st.integers(0, 3), st.sampled_from(["", "restart", "floor"])), max_size=12
    )
)
def test_times_never_go_back_whatever_the_clock_does(steps):
    clock, store, cells = ManualClock(), MemoryMirrorStore(), MemoryCells()
    writer, mirror = log(some_entries(1)), gate(clock=clock, store=store, cells=cells)
    times, notes = [0], []
    for now_s, more, then in steps:
        clock.now_s = now_s
        grow(writer, some_entries(more, writer.size))
        receipt = push(writer, mirror)
        assert receipt.time_s == max(now_s, times[-1])
        assert verify_receipt(receipt.note, KEYS, mirror_keys()) == receipt.time_s == mirror.floor_s
        times.append(receipt.time_s)
        notes.append(receipt.note)
        if then == "restart":
            mirror = gate(clock=clock, store=store, cells=cells)
        elif then == "floor":
            clock.now_s += 50
            times.append(mirror.raise_floor())
    assert times == sorted(times)
    assert find_time_lie(notes, KEYS, mirror_keys()[0]) is None


def test_the_floor_is_persisted_while_the_log_is_silent():
    clock, store, cells = ManualClock(500), MemoryMirrorStore(), MemoryCells()
    mirror = gate(clock=clock, store=store, cells=cells)
    assert mirror.raise_floor() == 500
    clock.now_s = 100
    again = gate(clock=clock, store=store, cells=cells)
    assert (again.floor_s, again.raise_floor(), again.size) == (500, 500, 0)
    assert push(log(some_entries(2)), again).time_s == 500


def test_the_same_size_refreshes_the_time_and_the_first_receipt_stays():
    clock = ManualClock(1000)
    writer, mirror = log(some_entries(2)), gate(clock=clock)
    first = push(writer, mirror)
    clock.now_s = 2000
    again = mirror.offer(writer.checkpoint, 2, [])
    assert (first.time_s, again.time_s) == (1000, 2000)
    assert verify_receipt(again.note, KEYS, mirror_keys()) == 2000
    assert mirror.held.covering(1) == first.note
    assert [entry.t_receipt_s for entry in mirror.entries(0, 2)] == [1000, 1000]


def test_each_entry_carries_the_time_of_its_first_receipt_also_after_a_restart():
    clock, store, cells = ManualClock(1), MemoryMirrorStore(), MemoryCells()
    writer, mirror = log([]), gate(clock=clock, store=store, cells=cells)
    for size, now_s in ((3, 10), (3, 20), (1, 30)):
        clock.now_s = now_s
        grow(writer, some_entries(size, writer.size))
        push(writer, mirror)
    for reader in (mirror, gate(store=store, cells=cells)):
        assert [entry.t_receipt_s for entry in reader.entries(0, 9)] == [10] * 3 + [20] * 3 + [30]
        assert [entry.t_receipt_s for entry in reader.entries(2, 4)] == [10, 20]
    store.put_receipt(3, store.receipts[6])
    with pytest.raises(AssertionError):
        assert [entry.t_receipt_s for entry in gate(store=store, cells=cells).entries(0, 1)] == [10]


def test_two_processes_on_one_mirror_do_not_contradict_each_other():
    store, cells = MemoryMirrorStore(), MemoryCells()
    early, late = (gate(store=store, cells=cells, clock=ManualClock(t)) for t in (100, 900))
    writer = log(some_entries(4))
    push(writer, late)
    with pytest.raises(StateConflict):
        push(writer, early)
    assert push(writer, early).time_s == 900
    assert isinstance(StateConflict("x"), Outage)


def cosigned(writer, time_s, signer=None):
    note = parse_note(writer.checkpoint)
    line = sign_checkpoint(writer.head, signer or cosigners()[0], time_s)
    return Note(note.text, (*note.signatures, line)).encode()


@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 1000), st.integers(0, 1000))
def test_contradictory_times_are_signed_proof_of_misconduct(size, more, first_s, second_s):
    writer, key = log(some_entries(size)), mirror_keys()[0]
    smaller = cosigned(writer, first_s)
    grow(writer, some_entries(more, size))
    larger = cosigned(writer, second_s)
    found = find_time_lie([larger, b"garbage", smaller, writer.checkpoint], KEYS, key)
    if first_s <= second_s:
        assert found is None
        with pytest.raises(BundleError, match="do not contradict"):
            verify_time_lie(TimeLie(smaller, larger), KEYS, key)
        return
    assert found == TimeLie(smaller, larger)
    assert verify_time_lie(parse_time_lie(found.encode()), KEYS, key) == (first_s, second_s)
    with pytest.raises(BundleError):
        verify_time_lie(TimeLie(larger, smaller), KEYS, key)


def test_nobody_is_convicted_without_their_signature():
    writer, key = log(some_entries(2)), mirror_keys()[0]
    smaller = cosigned(writer, 100)
    grow(writer, some_entries(2, 2))
    by_another = cosigned(writer, 50, mirror_signers("other.example/mirror", b"", hybrid=False)[0])
    forged = cosigned(writer, 50).replace(b"\n4\n", b"\n3\n")
    for larger in (by_another, writer.checkpoint, forged):
        assert find_time_lie([smaller, larger], KEYS, key) is None
        with pytest.raises((BundleError, LogError)):
            verify_time_lie(TimeLie(smaller, larger), KEYS, key)


def test_receipts_of_partners_for_the_own_log_are_kept_together():
    writer = log(some_entries(3))
    own = gate(cosigning=False)
    push(writer, own)
    east, north = (mirror_signers(f"{name}.example/m", b"", hybrid=False)[0] for name in ("east", "north"))
    for signer, time_s in ((east, 5), (north, 7), (east, 9)):
        line = sign_checkpoint(writer.head, signer, time_s).encode()
        assert own.accept_receipt(writer.checkpoint, line, [signer.key]) == time_s
    note = own.held.covering(2)
    assert open_checkpoint(note, KEYS, [east.key, north.key]).cosigned == ((east.key, 5), (north.key, 7))
    grow(writer, some_entries(1))
    with pytest.raises(ReceiptError, match="as held"):
        own.accept_receipt(writer.checkpoint, sign_checkpoint(writer.head, east, 5).encode(), [east.key])


@pytest.mark.parametrize("lines", [b"", b"garbage\n", b"no newline"])
def test_what_is_no_receipt_is_refused(lines):
    writer, own = log(some_entries(3)), gate(cosigning=False)
    push(writer, own)
    with pytest.raises(LogError):
        own.accept_receipt(writer.checkpoint, lines, mirror_keys())
    stranger = sign_checkpoint(writer.head, mirror_signers("x", b"", hybrid=False)[0], 1).encode()
    with pytest.raises(ReceiptError):
        own.accept_receipt(writer.checkpoint, stranger, mirror_keys())
    assert own.held.covering(0) is None


def test_an_offer_that_fails_gives_no_receipt():
    store = MemoryMirrorStore()
    mirror = gate(store=store)
    with pytest.raises(OutOfStep):
        push(log(some_entries(3)), mirror, start=3)
    assert store.receipts == {}


def test_a_note_in_short():
    mirror = gate(hybrid=True)
    push(log([b"one"], hybrid=True), mirror)
    _, note = mirror._held._store.first_receipt(0)
    names = {(one.name, one.key_id) for one in mirror_keys(hybrid=True)}
    assert in_short(1, note, mirror.origin).times_s == dict.fromkeys(names, (1000,))
    assert in_short(1, note.replace(b"\xe2\x80\x94 east", b"east"), mirror.origin).times_s == {}
    assert in_short(1, b"no note at all", mirror.origin).times_s == {}
