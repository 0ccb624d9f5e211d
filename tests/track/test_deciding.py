"""The choice among hypotheses against exhaustive search."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.track.deciding import SWEEPS, bargain, best_set, decide, outclassed, strongest, users
from tocsin.track.pool import TRAIL


def exhaustive(weight, against):
    """Weight of the best set of nodes that do not exclude each other, over all sets."""
    best = 0.0
    for k in range(1, len(weight) + 1):
        for some in itertools.combinations(range(len(weight)), k):
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
    taken = np.zeros(n, bool)
    got = best_set(weight, against, n, order, taken)
    assert got == pytest.approx(exhaustive(weight, against))
    assert got == pytest.approx(weight[taken].sum())
    assert not against[np.ix_(taken, taken)].any()


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
@given(st.integers(0, 2**32 - 1), st.integers(1, 9))
def test_winners_are_the_best_compatible_set(seed, n):
    rng = np.random.default_rng(seed)
    trail, score = drawn(rng, n)
    slots = np.argsort(-score)
    low, size = 90, 60
    head, after = lists(trail, slots, low, size)
    win, closed = np.zeros(n, bool), np.zeros(size, bool)
    decide(trail, score, slots, np.ones(n, bool), low, head, after, closed, win)
    against = sharing(trail)
    winners = slots[win]
    assert score[winners].sum() == pytest.approx(exhaustive(score, against))
    assert not against[np.ix_(winners, winners)].any()
    taken = trail[winners]
    assert set((np.flatnonzero(closed) + low).tolist()) == set(taken[taken >= 0].tolist())


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
