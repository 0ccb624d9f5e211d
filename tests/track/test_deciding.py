"""The choice among hypotheses against exhaustive search."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.track.deciding import SWEEPS, bargain, best_set, decide, diverged, outclassed, strongest, users
from tocsin.track.pool import TRAIL


def exhaustive(weight, against, without=-1):
    """Weight of the best set of nodes that do not exclude each other, over all sets."""
    best = 0.0
    nodes = [i for i in range(len(weight)) if i != without]
    for k in range(1, len(nodes) + 1):
        for some in itertools.combinations(nodes, k):
            if not any(against[a, c] for a, c in itertools.combinations(some, 2)):
                best = max(best, sum(weight[i] for i in some))
    return best


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 10), st.floats(0.0, 0.9))
def test_the_best_set_is_the_best_of_all_sets(seed, n, filled):
    rng = np.random.default_rng(seed)
    weight = np.round(rng.uniform(0.1, 9.0, n), 1)
    against = np.triu(rng.random((n, n)) < filled, 1)
    against = against | against.T
    order = np.argsort(-weight, kind="stable")
    for without in (-1, 0):
        taken = np.zeros(n, bool)
        got = best_set(weight, against, n, without, order, taken)
        assert got == pytest.approx(exhaustive(weight, against, without))
        assert got == pytest.approx(weight[taken].sum())
        assert not against[np.ix_(taken, taken)].any()
        assert without < 0 or not taken[without]


def drawn(rng, n, detections=6):
    """Hypotheses with detections 100.. and scores; trails (n, TRAIL), scores (n,)."""
    trail = np.full((n, TRAIL), -1, np.int64)
    for i in range(n):
        for k in range(3):
            if rng.random() < 0.8:
                trail[i, k] = 100 + detections * k + rng.integers(detections)
    return trail, rng.uniform(0.5, 20.0, n)


def sharing(trail):
    n = len(trail)
    sets = [set(row[row >= 0].tolist()) for row in trail]
    return np.array([[i != j and bool(sets[i] & sets[j]) for j in range(n)] for i in range(n)])


def lists(trail, slots, low, size):
    head, after = np.full(size, -1, np.int64), np.full(TRAIL * len(slots), -1, np.int64)
    users(trail, slots, low, head, after)
    return head, after


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.sampled_from([0.0, 2.0]))
def test_winners_are_those_the_best_picture_cannot_spare(seed, n, margin):
    rng = np.random.default_rng(seed)
    trail, score = drawn(rng, n)
    slots = np.argsort(-score)
    low, size = 90, 60
    head, after = lists(trail, slots, low, size)
    win, lead = np.zeros(n, bool), np.zeros(n, bool)
    closed, led = np.zeros(size, bool), np.zeros(size, bool)
    ready, urgent = np.ones(n, bool), np.zeros(n, bool)
    decide(trail, score, slots, ready, urgent, low, head, after, margin, closed, led, win, lead)
    against = sharing(trail)
    whole = exhaustive(score, against)
    assert score[slots[lead]].sum() == pytest.approx(whole)
    for place, slot in enumerate(slots):
        loss = whole - exhaustive(score, against, slot)
        if lead[place] and against[slot].any() and abs(loss - margin) > 1e-9:
            assert win[place] == (loss > margin)
        assert lead[place] or not win[place]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9))
def test_prices_bound_what_a_hypothesis_would_cost(seed, n):
    """Weak duality: prices plus what is spare of all hypotheses are never less than the best picture."""
    rng = np.random.default_rng(seed)
    trail, score = drawn(rng, n)
    slots = np.arange(n)
    head, after = lists(trail, slots, 90, 60)
    spare = np.empty(n)
    bargain(score, slots, head, after, SWEEPS, spare)
    paid = score - spare
    assert (paid >= -1e-9).all()
    alone = ~sharing(trail).any(axis=1)
    assert (spare[alone] >= -1e-9).all()


def test_a_better_user_of_a_detection_outclasses():
    trail = np.full((4, TRAIL), -1, np.int64)
    trail[0, :2], trail[1, :2], trail[2, :2], trail[3, :2] = (7, 3), (7, 4), (8, 4), (-1, -1)
    score, slots = np.array([9.0, 1.0, 0.5, -4.0]), np.arange(4)
    best = np.full(10, -np.inf)
    strongest(trail, score, slots, 0, best)
    assert best[[7, 3, 4, 8]].tolist() == [9.0, 9.0, 1.0, 0.5]
    out = np.zeros(4, bool)
    outclassed(trail, score, slots, 0, best, 5.0, out)
    assert out.tolist() == [False, True, False, False]


def test_old_detections_are_settled_by_the_leader():
    trail = np.full((3, TRAIL), -1, np.int64)
    trail[0] = np.arange(50, 50 - TRAIL, -1)
    trail[1], trail[2] = trail[0], trail[0]
    trail[1, 0] = 60
    trail[2, TRAIL - 1] = 20
    out = np.zeros(3, bool)
    diverged(trail, np.arange(3), np.array([0]), 0, 4, np.full(70, -1, np.int64), out)
    assert out.tolist() == [False, False, True]
