"""What regimes share of one case changes nothing of what they play; signatures noted are the real ones."""

import pytest
import short_case

from tocsin import regime as regimes
from tocsin.log.keys import VerifierKey
from tocsin.log.signers import log_signers
from tocsin.sim.notary import noting
from tocsin.sim.play import play
from tocsin.sim.rehearsal import Rehearsal


def load(name):
    return regimes.load(regimes.shipped(name), name)


def roots(played):
    return {
        (name, group): book.writer.head.root.hex()
        for name, centre in played.centres.items()
        for group, book in centre.books.items()
    }


def test_every_regime_plays_the_same_with_what_another_computed():
    case = short_case.case(ends_s=150.0)
    shared = Rehearsal.of(case, 7)
    play(case, load("separate"), 7, hybrid=False, rehearsal=shared)
    kept = {party: len(pictures) for party, pictures in shared.pictures.items()}
    again = play(case, load("connected"), 7, hybrid=False, rehearsal=shared)
    alone = play(case, load("connected"), 7, hybrid=False)
    assert kept == {party: len(pictures) for party, pictures in shared.pictures.items()}
    assert all(kept.values())
    assert roots(again) == roots(alone)


def test_a_rehearsal_serves_its_own_case_and_seed_only():
    case = short_case.case(ends_s=20.0)
    with pytest.raises(AssertionError, match="for another run"):
        play(case, load("separate"), 8, hybrid=False, rehearsal=Rehearsal.of(case, 7))


class Counting:
    """A tracker that shows what it was given so far."""

    def __init__(self):
        self.taken = []

    def step(self, scan):
        self.taken.append(scan)
        return tuple(self.taken)


def test_another_order_of_scans_is_computed_anew_from_where_it_parts():
    shared = Rehearsal.of(short_case.case(ends_s=20.0), 7)
    a, b, c, d = (object() for _ in range(4))
    first = shared.around("west", Counting())
    assert [first.step(one) for one in (a, b, c)] == [(a,), (a, b), (a, b, c)]
    second = shared.around("west", Counting())
    assert [second.step(one) for one in (a, b, d)] == [(a,), (a, b), (a, b, d)]
    third = shared.around("west", Counting())
    assert [third.step(one) for one in (a, b, d, c)] == [(a,), (a, b), (a, b, d), (a, b, d, c)]


def test_a_noted_key_believes_what_was_signed_here_and_verifies_the_rest():
    made = log_signers("tocsin.exercise/case/west", b"seed", hybrid=True)
    for plain, noted in zip(made, noting(made), strict=True):
        signature = noted.sign(b"message")
        assert noted.key.verifies(b"message", signature)
        assert plain.key.verifies(b"message", signature), "the bytes are the real signature"
        assert not noted.key.verifies(b"massage", signature)
        assert not noted.key.verifies(b"message", bytes(len(signature)))
        assert noted.key.verifies(b"other", plain.sign(b"other")), "made elsewhere: verified as anywhere"
        assert noted.key == plain.key
        assert plain.key == noted.key
        assert len({noted.key, plain.key, VerifierKey(plain.key.name, plain.key.algorithm, plain.key.public)}) == 1
