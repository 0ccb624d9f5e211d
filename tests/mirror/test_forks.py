"""Forked logs: every fork that can be proven is, the proof stands alone, and nobody honest can be framed."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import Outage
from tocsin.log.checkpoint import Checkpoint
from tocsin.log.cosignature import sign_checkpoint
from tocsin.log.errors import LogError, ProofError
from tocsin.log.memory import MemoryCells
from tocsin.log.note import Note
from tocsin.mirror import Fork, parse_fork, verify_cosigned_fork, verify_fork
from tocsin.mirror.errors import BundleError, Inconsistent, OutOfStep
from tocsin.mirror.evidence import Equivocation

from .gates import gate, grow, log, log_keys_of, mirror_keys, push, signers, some_entries

KEYS = log_keys_of()


def two_histories(common, first, second):
    """Two logs of one key with `common` entries in common, then different ones."""
    start = [some_entries(common)] if common else [[]]
    return (
        log(*start, some_entries(first, common, b"told to us")),
        log(*start, some_entries(second, common, b"told to others")),
    )


def proven(caught, mirror):
    fork = caught.value.fork
    first, second = verify_fork(parse_fork(fork.encode()), KEYS)
    assert first.origin == second.origin == "west.example/log"
    assert mirror.fork == fork
    return first, second


@given(st.integers(0, 40), st.integers(1, 40))
def test_the_same_size_with_another_root(common, more):
    ours, other = two_histories(common, more, more)
    mirror = gate()
    push(ours, mirror)
    with pytest.raises(Equivocation) as caught:
        mirror.offer(other.checkpoint, common + more, [])
    first, second = proven(caught, mirror)
    assert first.size == second.size == common + more
    assert mirror.head == ours.head


@given(st.integers(0, 40), st.integers(1, 40), st.integers(1, 40))
def test_an_older_checkpoint_of_another_history(common, second, further):
    ours, other = two_histories(common, second + further, second)
    mirror = gate()
    push(ours, mirror)
    with pytest.raises(Equivocation) as caught:
        mirror.offer(other.checkpoint, common, [])
    proven(caught, mirror)


@given(st.integers(1, 40), st.integers(1, 30), st.integers(1, 30))
def test_a_longer_history_with_its_own_true_proof(common, first, further):
    ours, other = two_histories(common, first, first + further)
    mirror, held = gate(), common + first
    push(ours, mirror)
    try:
        push(other, mirror)
    except Equivocation as caught:
        proven(type("Caught", (), {"value": caught}), mirror)
    except Inconsistent as caught:
        # RFC 6962 leaves the old root out of the proof where the old size is a power of two: ask from earlier.
        assert held & (held - 1) == 0
        assert (caught.held, caught.offered) == (mirror.checkpoint_note, other.checkpoint)
        with pytest.raises(Equivocation) as later:
            push(other, mirror, start=common)
        proven(later, mirror)
    else:
        raise AssertionError("a fork passed the gate")
    assert mirror.head == ours.head


@given(st.integers(0, 40), st.integers(1, 30), st.integers(1, 30), st.data())
def test_other_entries_sent_over_ours_prove_the_fork(common, first, further, data):
    ours, other = two_histories(common, first, first + further)
    mirror = gate()
    push(ours, mirror)
    with pytest.raises(Equivocation) as caught:
        push(other, mirror, start=data.draw(st.integers(0, common)))
    proven(caught, mirror)


def test_the_held_history_goes_on_after_a_fork_was_shown():
    ours, other = two_histories(5, 5, 5)
    mirror = gate()
    push(ours, mirror)
    with pytest.raises(Equivocation):
        mirror.offer(other.checkpoint, 10, [])
    grow(ours, some_entries(3))
    assert push(ours, mirror).size == 13
    first = mirror.fork
    grow(other, some_entries(3))
    with pytest.raises(Equivocation):
        mirror.offer(other.checkpoint, 13, [])
    assert mirror.fork == first


def test_a_fork_is_reported_also_when_it_cannot_be_kept():
    class Full(MemoryCells):
        def swap(self, name, old, new):
            if name.startswith("fork"):
                raise Outage("the disk is full")
            return super().swap(name, old, new)

    ours, other = two_histories(5, 5, 5)
    mirror = gate(cells=Full())
    push(ours, mirror)
    with pytest.raises(Equivocation):
        mirror.offer(other.checkpoint, 10, [])


@given(st.integers(2, 60), st.integers(1, 60), st.binary(min_size=32, max_size=32))
def test_an_honest_log_cannot_be_framed_by_a_wrong_proof(held, more, noise):
    writer = log(some_entries(held))
    mirror = gate()
    push(writer, mirror)
    grow(writer, some_entries(more, held))
    right = writer.consistency(held)
    for proof in ([noise] * len(right), [noise, *right[1:]], [noise, *right], [*right[:-1], noise], []):
        for entries in (writer.entries(held, held + more), [noise] * more):
            with pytest.raises((ProofError, Inconsistent)):
                mirror.offer(writer.checkpoint, held, entries, proof)
    assert mirror.fork is None


def evidence():
    ours, other = two_histories(5, 6, 9)
    mirror = gate()
    push(ours, mirror)
    with pytest.raises(Equivocation) as caught:
        push(other, mirror)
    return ours, other, caught.value.fork


def test_evidence_that_proves_nothing_is_refused():
    ours, other, fork = evidence()
    verify_fork(fork, KEYS)
    stranger = log_keys_of_a_stranger()
    with pytest.raises(LogError):
        verify_fork(fork, stranger)
    grow(ours, some_entries(3))
    honest = ours.tree.prefix_nodes(11, 14)
    wrong = [
        dataclasses.replace(fork, second=ours.checkpoint, second_nodes=tuple(honest)),
        dataclasses.replace(fork, second=fork.first, second_nodes=()),
        dataclasses.replace(fork, second_nodes=fork.second_nodes[1:]),
        dataclasses.replace(fork, second_nodes=(bytes(32), *fork.second_nodes[1:])),
        dataclasses.replace(fork, first_nodes=(bytes(32),)),
        dataclasses.replace(fork, at=0),
        dataclasses.replace(fork, at=12),
        dataclasses.replace(fork, at=5, first_nodes=(), second_nodes=()),
    ]
    for claim in wrong:
        with pytest.raises((LogError, BundleError)):
            verify_fork(claim, KEYS)
    assert other.size == 14


def test_a_mirror_that_cosigned_both_histories_is_convicted_too():
    ours, other = two_histories(5, 5, 5)
    key = mirror_keys()[0]
    notes = [push(writer, gate()).note for writer in (ours, other)]
    fork = Fork(10, *notes)
    assert verify_cosigned_fork(fork, KEYS, key) == (1000, 1000)
    with pytest.raises(BundleError, match="on both"):
        verify_cosigned_fork(Fork(10, notes[0], other.checkpoint), KEYS, key)
    with pytest.raises(BundleError, match="same history"):
        verify_cosigned_fork(Fork(10, notes[0], notes[0]), KEYS, key)


def log_keys_of_a_stranger():
    return log([b"x"], seed=b"stranger").keys


@given(st.data())
def test_evidence_with_a_turned_byte_is_refused_or_the_same(data):
    _, _, fork = evidence()
    raw = bytearray(fork.encode())
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        verify_fork(parse_fork(bytes(raw)), KEYS)
    except (LogError, BundleError):
        return
    raise AssertionError("changed evidence still convicts")


def test_a_tree_of_nothing_with_a_root_is_no_checkpoint():
    writer = log(some_entries(3))
    mirror = gate()
    push(writer, mirror)
    head = Checkpoint(writer.origin, 0, bytes(32))
    note = Note(head.body, tuple(sign_checkpoint(head, signer, 0) for signer in signers())).encode()
    with pytest.raises(ProofError, match="size 0"):
        mirror.offer(note, 0, [])
    with pytest.raises(OutOfStep):
        mirror.offer(log([]).checkpoint, 0, [])


def test_a_fork_of_a_fork_file_is_read_back_whole():
    _, _, fork = evidence()
    assert parse_fork(fork.encode()) == fork
    assert isinstance(fork, Fork)
