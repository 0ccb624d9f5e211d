"""Bundles: what votes and auditors get. They open offline, in one way only, and not at all when touched."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.errors import BadEvidence
from tocsin.log.errors import PolicyError, ProofError, SignatureError
from tocsin.log.memory import ManualClock
from tocsin.log.policy import parse_policy, trust
from tocsin.log.proof import open_proof
from tocsin.log.signers import mirror_signers
from tocsin.mirror import Bundle, join, open_bundle, parse_bundle
from tocsin.mirror.bundle import BundleEntry
from tocsin.mirror.errors import BundleError
from tocsin.mirror.evidence import parse_fork, parse_time_lie
from tocsin.mirror.memory import mirrored
from tocsin.mirror.state import parse_state

from .gates import MIRROR, gate, grow, log, log_keys_of, mirror_keys, push, some_entries

POLICY = trust(log_keys_of(), mirror_keys())


def receipted_in_steps():
    """A mirror with three receipts, at 10, 20 and 30 seconds."""
    clock = ManualClock()
    writer, mirror = log([]), gate(clock=clock)
    for now_s in (10, 20, 30):
        clock.now_s = now_s
        grow(writer, some_entries(4, writer.size))
        push(writer, mirror)
    return mirror


STEPS = receipted_in_steps()


@given(st.sets(st.integers(0, 11), min_size=1))
def test_every_entry_comes_with_its_first_receipt(indexes):
    bundle = STEPS.held.bundle(indexes)
    shown = open_bundle(bundle.encode(), POLICY)
    assert [item.entry.index for item in shown] == sorted(indexes)
    for item in shown:
        assert item.entry.data == some_entries(12)[item.entry.index]
        assert item.receipts == {MIRROR: 10 * (item.entry.index // 4 + 1)}
        assert item.head.size == 4 * (item.entry.index // 4 + 1)


def test_a_bundle_without_receipts_shows_none():
    mirror = mirrored("west.example/log", some_entries(300), seed=b"other")
    (item,) = open_bundle(mirror.held.bundle([299]).encode(), trust(mirror.log_keys))
    assert (item.receipts, item.head.size) == ({}, 300)
    with pytest.raises(PolicyError, match="no log named"):
        open_bundle(mirror.held.bundle([299]).encode(), trust(mirrored("north.example/log", []).log_keys))
    with pytest.raises(SignatureError):
        open_bundle(mirror.held.bundle([299]).encode(), POLICY)


def test_a_mirror_counts_only_with_all_its_keys():
    writer, mirror = log(some_entries(3), hybrid=True), gate(hybrid=True)
    push(writer, mirror)
    data = mirror.held.bundle([1]).encode()
    both, first = mirror_keys(True), mirror_keys(True)[:1]
    assert open_bundle(data, trust(writer.keys, both))[0].receipts == {MIRROR: 1000}
    assert open_bundle(data, trust(writer.keys, first))[0].receipts == {MIRROR: 1000}
    stripped = parse_bundle(data)
    note = stripped.checkpoints[0]
    short = dataclasses.replace(stripped, checkpoints=(note[: note.rstrip(b"\n").rfind(b"\n") + 1],))
    assert open_bundle(short.encode(), trust(writer.keys, both))[0].receipts == {}


def test_the_quorum_of_the_policy_is_required():
    text = f"log {log_keys_of()[0].text}\nwitness east {mirror_keys()[0].text}\nquorum east\n"
    assert open_bundle(STEPS.held.bundle([0]).encode(), parse_policy(text.encode()))
    bare = mirrored("west.example/log", [b"x"], seed=b"tests of the mirror").held.bundle([0]).encode()
    with pytest.raises(SignatureError, match="quorum"):
        open_bundle(bare, parse_policy(text.encode()))


def test_one_entry_under_the_receipts_of_several_mirrors():
    writer = log(some_entries(3))
    own = gate(cosigning=False)
    push(writer, own)
    partners = {name: gate_of(name, now_s) for name, now_s in (("east", 50), ("north", 70))}
    own.accept_receipt(writer.checkpoint, push(writer, partners["east"]).lines, partners["east"].cosigner_keys)
    grow(writer, some_entries(2, 3))
    push(writer, own)
    own.accept_receipt(writer.checkpoint, push(writer, partners["north"]).lines, partners["north"].cosigner_keys)
    keys = [key for partner in partners.values() for key in partner.cosigner_keys]
    bundle = own.held.bundle([1], mirrors=["east.example/mirror", "north.example/mirror", "south.example/mirror"])
    shown = open_bundle(bundle.encode(), trust(log_keys_of(), keys))
    assert [(item.entry.index, item.head.size, dict(item.receipts)) for item in shown] == [
        (1, 3, {"east.example/mirror": 50}),
        (1, 5, {"north.example/mirror": 70}),
    ]
    (latest,) = own.held.bundle([1], mirrors=["south.example/mirror"]).checkpoints
    assert latest == own.checkpoint_note


def gate_of(name, now_s):
    from tocsin.log.memory import MemoryCells
    from tocsin.mirror import Mirror
    from tocsin.mirror.memory import MemoryMirrorStore

    made = mirror_signers(f"{name}.example/mirror", b"", hybrid=False)
    return Mirror("west.example/log", log_keys_of(), MemoryMirrorStore(), MemoryCells(), ManualClock(now_s), made)


def test_bundles_of_several_logs_join_into_one():
    other = mirrored("east.example/log", some_entries(3, word=b"answer"), mirror="west.example/mirror", time_s=5)
    both = join([STEPS.held.bundle([0, 5]), other.held.bundle([2]), STEPS.held.bundle([0, 7])])
    shown = open_bundle(both.encode(), trust((*log_keys_of(), *other.log_keys), (*mirror_keys(), *other.cosigner_keys)))
    assert [(item.entry.origin[0], item.entry.index) for item in shown] == [("w", 0), ("w", 5), ("w", 7), ("e", 2)]
    assert join([both, both]) == both
    changed = dataclasses.replace(both, entries=(dataclasses.replace(both.entries[0], data=b"?"), *both.entries[1:]))
    with pytest.raises(BundleError, match="disagree"):
        join([both, changed])


def test_each_entry_is_a_proof_file_for_other_verifiers():
    bundle = STEPS.held.bundle([2, 9])
    for number, entry in enumerate(bundle.entries):
        signed = open_proof(bundle.tlog_proof(number).encode(), entry.data, log_keys_of(), mirror_keys())
        assert signed.cosigned[0][1] == 10 * (entry.index // 4 + 1)


@settings(max_examples=200)
@given(st.data())
def test_a_touched_bundle_does_not_open_or_shows_the_same(data):
    raw = STEPS.held.bundle([1, 6]).encode()
    honest = [(item.entry.index, item.entry.data) for item in open_bundle(raw, POLICY)]
    touched = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(touched) - 1))
        touched[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    try:
        shown = open_bundle(bytes(touched), POLICY)
    except BadEvidence:
        return
    assert [(item.entry.index, item.entry.data) for item in shown] == honest


def variants():
    whole = STEPS.held.bundle([1, 6])
    first, second = whole.entries
    note = whole.checkpoints[0]
    yield dataclasses.replace(whole, entries=(second, first))
    yield dataclasses.replace(whole, entries=(first, first))
    yield dataclasses.replace(whole, entries=(first,))
    yield dataclasses.replace(whole, checkpoints=(note, note))
    yield dataclasses.replace(whole, checkpoints=(note,))
    yield Bundle((), (first,))
    yield Bundle((note,), (dataclasses.replace(first, proof=(bytes(32),) * 64),))
    yield Bundle((note,), (dataclasses.replace(first, data=b"x" * 65_536),))
    yield Bundle((b"x" * 300_000,), (first,))


@pytest.mark.parametrize("number", range(9))
def test_what_is_no_bundle_is_refused(number):
    with pytest.raises(BundleError):
        parse_bundle(list(variants())[number].encode())


@pytest.mark.parametrize(
    "data", [b"", b"tocsin-bundle v2\nend\n", b"tocsin-bundle v1\n", b"tocsin-bundle v1\nend", b"\xff"]
)
def test_other_files_are_no_bundles(data):
    with pytest.raises(BundleError):
        parse_bundle(data)


def test_the_empty_bundle_is_a_bundle():
    assert open_bundle(Bundle((), ()).encode(), POLICY) == ()
    with pytest.raises(BundleError, match="after its end"):
        parse_bundle(Bundle((), ()).encode() + b"\n")


@pytest.mark.parametrize("change", [{"index": 2}, {"data": b"other"}, {"proof": ()}])
def test_an_entry_that_does_not_lead_to_the_root_refuses_the_bundle(change):
    bundle = STEPS.held.bundle([1])
    wrong = dataclasses.replace(bundle, entries=(dataclasses.replace(bundle.entries[0], **change),))
    with pytest.raises(ProofError):
        open_bundle(wrong.encode(), POLICY)


entries = st.builds(
    BundleEntry,
    st.just(0),
    st.integers(0, 2**62),
    st.lists(st.binary(min_size=32, max_size=32), max_size=5).map(tuple),
    st.binary(max_size=60),
)


@given(
    st.binary(min_size=1, max_size=60), st.lists(entries, min_size=1, max_size=5, unique_by=lambda entry: entry.index)
)
def test_bundles_round_trip(note, some):
    bundle = Bundle((note,), tuple(sorted(some, key=lambda entry: entry.order)))
    assert parse_bundle(bundle.encode()) == bundle


@settings(max_examples=200)
@given(st.sampled_from([parse_bundle, parse_fork, parse_time_lie, parse_state]), st.data())
def test_parsers_raise_only_what_they_declare(parse, data):
    starts = (
        b"tocsin-bundle v1\n",
        b"tocsin-fork v1\nat 1\n",
        b"tocsin-time-lie v1\n",
        b"tocsin-mirror-state v1\nfloor 1\n",
    )
    words = st.sampled_from(
        [b"checkpoint ", b"entry ", b"end\n", b"first ", b"note ", b"nodes ", b"1", b" ", b"\n", b"0"]
    )
    middle = data.draw(st.lists(st.one_of(words, st.binary(max_size=4)), max_size=12))
    raw = data.draw(st.sampled_from(starts)) + b"".join(middle)
    try:
        found = parse(raw)
    except BundleError:
        return
    assert found.encode() == raw
