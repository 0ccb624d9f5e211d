"""The gate lets in what is signed, consistent and whole, and nothing else."""

import ast
import dataclasses
from pathlib import Path
from unicodedata import normalize

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.log.cosignature import sign_checkpoint
from tocsin.log.errors import CheckpointError, LogError, ProofError, SignatureError, TileError
from tocsin.log.memory import ManualClock, MemoryCells, MemoryStore
from tocsin.log.merkle import MAX_PROOF_HASHES, leaf_hash
from tocsin.log.note import Note, parse_note
from tocsin.log.signers import derived_seed, mirror_signers, signer_from_seed
from tocsin.mirror import Mirror, Quota, Verified
from tocsin.mirror.errors import EntriesDoNotFit, Inconsistent, OutOfStep, OverQuota
from tocsin.mirror.memory import MemoryMirrorStore, mirrored

from .gates import MIRROR, ORIGIN, SEED, cosigners, gate, grow, log, log_keys_of, push, signers, some_entries

SOURCE = Path(__file__).parents[2] / "src" / "tocsin"


@given(st.lists(st.integers(0, 300), min_size=1, max_size=6), st.booleans())
def test_any_honest_history_passes_and_survives_a_restart(batches, restart):
    store, cells = MemoryMirrorStore(), MemoryCells()
    writer, mirror = log([]), gate(store=store, cells=cells)
    for batch in batches:
        grow(writer, some_entries(batch, writer.size))
        receipt = push(writer, mirror)
        assert (receipt.size, receipt.root) == (writer.size, writer.head.root)
        if restart:
            mirror = gate(store=store, cells=cells)
        assert mirror.head == writer.head
    assert [entry.data for entry in mirror.entries(0, 10**9)] == some_entries(sum(batches))


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65_535, 65_536, 65_537])
def test_sizes_at_the_edges_of_tiles(size):
    writer, mirror = log(some_entries(size)), gate(quota=Quota(max_entries=70_000))
    assert push(writer, mirror).size == size
    grow(writer, some_entries(2, size))
    assert push(writer, mirror).size == size + 2
    (last,) = mirror.entries(size + 1, size + 2)
    assert (last.index, last.data) == (size + 1, b"entry %d" % (size + 1))
    assert last.sha256 == mirror.entries(0, size + 2)[-1].sha256


def test_only_this_package_makes_verified_entries():
    (entry,) = mirrored(ORIGIN, [b"a"]).entries(0, 1)
    assert dataclasses.is_dataclass(entry)
    with pytest.raises(AssertionError, match="only tocsin"):
        Verified(ORIGIN, 0, b"forged")
    with pytest.raises((AssertionError, ValueError)):
        dataclasses.replace(entry, data=b"forged")
    with pytest.raises(dataclasses.FrozenInstanceError):
        entry.data = b"forged"


def test_nobody_else_uses_the_seal():
    """House rule; the second assertion is its canary."""

    def takes_the_seal(text):
        if not any(word in normalize("NFKC", text) for word in ("seal_entry", "_SEAL")):  # as Python reads names
            return False
        nodes = list(ast.walk(ast.parse(text)))
        names = {getattr(node, "id", getattr(node, "attr", "")) for node in nodes}
        imported = {alias.name for n in nodes if isinstance(n, ast.ImportFrom) for alias in n.names}
        return bool({"seal_entry", "_SEAL"} & (names | imported))

    users = {str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*.py") if takes_the_seal(path.read_text())}
    assert users == {"mirror/verified.py", "mirror/holdings.py", "mirror/bundle.py"}
    assert takes_the_seal("from tocsin.mirror.verified import seal_entry")


def test_the_own_log_passes_the_same_gate():
    store, cells = MemoryMirrorStore(), MemoryCells()
    writer = log(some_entries(5))
    own = Mirror.own(ORIGIN, writer.keys, store, cells, ManualClock(1))
    store.held, store.tiles = writer.entries(0, 5), {(0, 0): writer.tree.edge.partial[0]}
    assert push(writer, own).lines == b""
    assert [entry.data for entry in own.entries(0, 5)] == some_entries(5)
    assert own.entries(0, 5)[0].t_receipt_s is None
    store.held[2] = b"changed behind the gate"
    with pytest.raises(TileError, match="entry 2"):
        own.entries(0, 5)


@pytest.mark.parametrize("stripped", [0, 1])
def test_both_log_signatures_are_required(stripped):
    writer, mirror = log(some_entries(3), hybrid=True), gate(hybrid=True)
    note = parse_note(writer.checkpoint)
    less = Note(note.text, tuple(line for at, line in enumerate(note.signatures) if at != stripped)).encode()
    with pytest.raises(SignatureError, match=r"no 0x0[16]"):
        mirror.offer(less, 0, some_entries(3))
    assert mirror.size == 0
    assert push(writer, mirror).size == 3


def test_a_stranger_and_a_mirror_cannot_sign_for_the_log():
    mirror = gate()
    with pytest.raises(SignatureError):
        push(log(some_entries(3), seed=b"stranger"), mirror)
    head = log(some_entries(3)).head
    note = Note(head.body, (sign_checkpoint(head, cosigners()[0], 5),)).encode()
    with pytest.raises(SignatureError, match="no 0x01"):
        mirror.offer(note, 0, some_entries(3))


def test_another_log_with_the_same_key_material_is_another_log():
    other = "west.example/other"
    writer = mirrored(other, some_entries(3))
    with pytest.raises(SignatureError, match="origin"):
        gate().offer(writer.checkpoint_note, 0, some_entries(3))


def test_extension_lines_are_refused_because_0x06_does_not_bind_them():
    writer, mirror = log(some_entries(1)), gate()
    head = msgspec.structs.replace(writer.head, extensions=("and more",))
    note = Note(head.body, tuple(sign_checkpoint(head, signer, 1) for signer in signers())).encode()
    with pytest.raises(CheckpointError, match="extension"):
        mirror.offer(note, 0, some_entries(1))


def changed(entries, at, how):
    if how == "flip":
        return [*entries[:at], entries[at] + b"!", *entries[at + 1 :]]
    if how == "drop":
        return [*entries[:at], *entries[at + 1 :]]
    if how == "swap":
        return [*entries[:at], *entries[at : at + 2][::-1], *entries[at + 2 :]]
    return [*entries, b"one more"]


@given(st.integers(0, 18), st.sampled_from(["flip", "drop", "swap", "add"]))
def test_withheld_changed_moved_and_added_entries_do_not_fit(at, how):
    writer, mirror = log(some_entries(10), some_entries(20, 10)), gate()
    mirror.offer(log(some_entries(10)).checkpoint, 0, some_entries(10))
    with pytest.raises(EntriesDoNotFit):
        mirror.offer(writer.checkpoint, 10, changed(some_entries(20, 10), at, how), writer.consistency(10))
    assert mirror.size == 10
    assert push(writer, mirror).size == 30


@given(st.data())
def test_a_wrong_consistency_proof_changes_nothing(data):
    writer, mirror = log(some_entries(11), some_entries(20, 11)), gate()
    mirror.offer(log(some_entries(11)).checkpoint, 0, some_entries(11))
    proof = writer.consistency(11)
    at = data.draw(st.integers(0, len(proof) - 1))
    wrong = data.draw(
        st.sampled_from([[], proof[1:], [*proof, proof[0]], [*proof[:at], leaf_hash(b"?"), *proof[at + 1 :]]])
    )
    entries = data.draw(st.sampled_from([some_entries(20, 11), some_entries(20, 99)]))
    with pytest.raises((ProofError, Inconsistent)):
        mirror.offer(writer.checkpoint, 11, entries, wrong)
    assert (mirror.size, mirror.fork) == (11, None)
    assert push(writer, mirror).size == 31


def test_an_older_checkpoint_replayed_is_out_of_step_and_changes_nothing():
    writer = log(some_entries(5))
    old, mirror = writer.checkpoint, gate()
    push(writer, mirror)
    grow(writer, some_entries(5, 5))
    push(writer, mirror)
    with pytest.raises(OutOfStep) as caught:
        mirror.offer(old, 0, some_entries(5))
    assert caught.value.held_size == 10
    assert mirror.size == 10
    assert mirror.fork is None


def test_a_gap_is_out_of_step():
    writer, mirror = log(some_entries(5), some_entries(5, 5)), gate()
    with pytest.raises(OutOfStep) as caught:
        push(writer, mirror, start=5)
    assert caught.value.held_size == 0


@pytest.mark.parametrize("start", [0, 1, 7, 255, 256, 299, 300])
def test_an_overlap_with_the_same_entries_is_taken(start):
    writer, mirror = log(some_entries(300)), gate()
    push(writer, mirror)
    grow(writer, some_entries(300, 300))
    assert push(writer, mirror, start=start).size == 600
    assert [entry.data for entry in mirror.entries(0, 600)] == some_entries(600)


def test_bounds_come_before_cryptography():
    writer, mirror = log(some_entries(3)), gate(quota=Quota(max_entries=2, max_bytes=20))
    garbage, huge = b"no note at all", [bytes(32)] * (MAX_PROOF_HASHES + 1)
    with pytest.raises(ProofError, match="at most 63"):
        mirror.offer(garbage, 0, [], huge)
    with pytest.raises(ProofError, match="32 bytes"):
        mirror.offer(garbage, 0, [], [b"short"])
    with pytest.raises(ProofError, match="start -1"):
        mirror.offer(garbage, -1, [])
    with pytest.raises(OverQuota, match="3 entries"):
        mirror.offer(garbage, 0, some_entries(3))
    with pytest.raises(OverQuota, match="more than 20 bytes"):
        mirror.offer(garbage, 0, [b"x" * 21])
    with pytest.raises(EntriesDoNotFit, match="longer than 65535"):
        gate().offer(garbage, 0, [b"x" * 65_536])
    with pytest.raises(LogError, match="checkpoint of"):
        gate().offer(writer.checkpoint * 2000, 0, [])


def test_an_entry_of_the_largest_size_passes():
    writer, mirror = log([b"x" * 65_535]), gate()
    assert push(writer, mirror).size == 1


def test_control_characters_in_a_note_are_refused():
    writer, mirror = log(some_entries(3)), gate()
    for control in (b"\0", b"\t", b"\r"):
        with pytest.raises(LogError, match="control"):
            mirror.offer(writer.checkpoint.replace(b"west", b"we" + control + b"st", 1), 0, some_entries(3))


def test_a_mirror_with_the_logs_name_or_key_is_our_bug():
    for cosigner in (
        *mirror_signers(ORIGIN, b"x", hybrid=False),
        signer_from_seed(MIRROR, 0x01, bytes(32)),
        signer_from_seed(MIRROR, 0x04, derived_seed(SEED, "log", ORIGIN, "1")),
    ):
        with pytest.raises(AssertionError):
            Mirror(ORIGIN, log_keys_of(), MemoryMirrorStore(), MemoryCells(), ManualClock(), [cosigner])
    with pytest.raises(AssertionError):
        Mirror("other.example/log", log_keys_of(), MemoryMirrorStore(), MemoryCells(), ManualClock())


def test_a_store_changed_behind_the_gate_is_noticed():
    store, cells = MemoryMirrorStore(), MemoryCells()
    mirror = gate(store=store, cells=cells)
    push(log(some_entries(600)), mirror)
    both = leaf_hash(b"forged")
    store.held[3] = b"forged"
    store.tiles[0, 0] = store.tiles[0, 0][:96] + both + store.tiles[0, 0][128:]
    again = gate(store=store, cells=cells)
    with pytest.raises(TileError, match="tile 0/0"):
        again.entries(0, 5)
    assert len(again.entries(256, 600)) == 344
    del store.held[500:]
    with pytest.raises(TileError, match="entries stored"):
        again.entries(256, 600)
    store.tiles[0, 2] = both + store.tiles[0, 2][32:]
    with pytest.raises(TileError, match="do not lead"):
        gate(store=store, cells=cells)


def test_memory_store_refuses_a_gap():
    with pytest.raises(AssertionError, match="gap"):
        MemoryStore().put_entries(1, [b"x"])
