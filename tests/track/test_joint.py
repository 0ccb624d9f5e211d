"""Joint association against the list of all joint events, and moments against plain mixtures."""

import itertools

import numpy as np
import pytest
import twins
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.track.joint import bring_together
from tocsin.track.life import COUNTS
from tocsin.track.sharing import marginals
from tocsin.track.tiles import MODES


def listed(mask, cost, miss):
    """Marginals (n, m) and (n,) by listing every joint event: Fortmann, Bar-Shalom & Scheffe 1983, eqs. 3.7-3.9."""
    n, m = mask.shape
    out, none, total = np.zeros((n, m)), np.zeros(n), 0.0
    for event in itertools.product(range(-1, m), repeat=n):
        taken = [j for j in event if j >= 0]
        if len(set(taken)) < len(taken) or any(j >= 0 and not mask[i, j] for i, j in enumerate(event)):
            continue
        weight = np.exp(-sum(miss[i] if j < 0 else cost[i, j] for i, j in enumerate(event)))
        total += weight
        for i, j in enumerate(event):
            if j < 0:
                none[i] += weight
            else:
                out[i, j] += weight
    return out / total, none / total


def likeliest(mask, cost, miss):
    """As `listed`, of the permutations of the same detections among the same tracks only the likeliest."""
    n, m = mask.shape
    best = {}
    for event in itertools.product(range(-1, m), repeat=n):
        taken = [j for j in event if j >= 0]
        if len(set(taken)) < len(taken) or any(j >= 0 and not mask[i, j] for i, j in enumerate(event)):
            continue
        paid = sum(miss[i] if j < 0 else cost[i, j] for i, j in enumerate(event))
        key = frozenset(taken), tuple(j >= 0 for j in event)
        best[key] = min(best.get(key, (np.inf, event)), (paid, event))
    out, none, total = np.zeros((n, m)), np.zeros(n), sum(np.exp(-paid) for paid, _ in best.values())
    for paid, event in best.values():
        for i, j in enumerate(event):
            out[i, j] += np.exp(-paid) / total * (j >= 0)
            none[i] += np.exp(-paid) / total * (j < 0)
    return out, none


def shared(mask, cost, miss, most, star=False):
    start = np.concatenate([[0], np.cumsum(mask.sum(axis=1))]).astype(np.int64)
    pair, none = marginals(start, np.nonzero(mask)[1].astype(np.int64), cost[mask], miss, mask.shape[1], most, star)
    out = np.zeros(mask.shape)
    out[mask] = pair
    return out, none


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 5), st.floats(0.1, 1.0))
def test_marginals_are_those_of_all_joint_events(seed, n, m, filled):
    rng = np.random.default_rng(seed)
    mask = rng.random((n, m)) < filled
    cost, miss = rng.normal(size=(n, m)) * 3.0, rng.normal(size=n) + 1.0
    want, none = listed(mask, cost, miss)
    got, missed = shared(mask, cost, miss, 10)
    assert got == pytest.approx(want, abs=1e-9)
    assert missed == pytest.approx(none, abs=1e-9)
    want, none = likeliest(mask, cost, miss)
    got, missed = shared(mask, cost, miss, 10, star=True)
    together = ((mask[:, None] & mask[None]).any(axis=2) & ~np.eye(n, dtype=bool)).any(axis=1)
    assert got[together] == pytest.approx(want[together], abs=1e-9)
    assert missed[together] == pytest.approx(none[together], abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
def test_beyond_the_limit_belief_is_near_and_a_chain_is_exact(seed, n):
    rng = np.random.default_rng(seed)
    chain = np.eye(n, n + 1, dtype=bool) | np.eye(n, n + 1, 1, dtype=bool)
    cost, miss = rng.normal(size=(n, n + 1)) * 2.0, rng.normal(size=n) + 1.0
    got, missed = shared(chain, cost, miss, 0)
    want, none = listed(chain, cost, miss)
    assert got == pytest.approx(want, abs=1e-6)
    assert missed == pytest.approx(none, abs=1e-6)
    full = np.ones((n, n), bool)
    got, missed = shared(full, cost[:, :n], miss, 0)
    assert got.sum(axis=1) + missed == pytest.approx(np.ones(n))
    assert np.abs(got - listed(full, cost[:, :n], miss)[0]).mean() < 0.1


@pytest.mark.parametrize("star", [False, True])
def test_weights_far_apart_stay_finite(star):
    cost, miss = np.array([[-900.0, 800.0], [-900.0, -700.0], [-850.0, 0.0]]), np.array([0.0, 5.0, 900.0])
    got, missed = shared(np.ones((3, 2), bool), cost, miss, 10, star)
    assert got.sum(axis=1) + missed == pytest.approx(np.ones(3))


def test_clusters_of_hundreds_end():
    rng = np.random.default_rng(2)
    got, missed = shared(rng.random((300, 200)) < 0.2, rng.normal(size=(300, 200)), np.ones(300), 10)
    assert np.isfinite(got).all()
    assert got.sum(axis=1) + missed == pytest.approx(np.ones(300))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 4))
def test_a_track_becomes_the_mixture_of_its_pairs_and_its_miss(seed, pairs):
    rng = np.random.default_rng(seed)
    x, p = rng.normal(size=(1, MODES, 6)) * 100.0, twins.covariances(rng, MODES).reshape(1, MODES, 6, 6)
    y, q = rng.normal(size=(pairs, MODES, 6)) * 100.0, twins.covariances(rng, pairs * MODES).reshape(pairs, MODES, 6, 6)
    bank, other = twins.to_bank(x, p), twins.to_bank(np.concatenate([y, x]), np.concatenate([q, p]))
    odds, seen, r, due = rng.dirichlet(np.ones(MODES)), np.array([0.9, 0.5, 0.2]), 0.7, 0.8
    fit = np.zeros((1, MODES, 2, 16))
    fit[0, :, 0], fit[0, :, 1] = rng.uniform(0, 9, (MODES, 16)), rng.uniform(1, 9, (MODES, 16))
    beta = rng.dirichlet(np.ones(pairs + 1))
    lanes, existence, score = twins.to_lanes(odds[None]), np.full(16, r), np.zeros(16)
    count = np.zeros((COUNTS, 16), np.int64)
    sight, chosen, index = np.full((1, 21, 16), due), np.array([-1]), np.arange(pairs) + 5
    bring_together(
        bank, lanes, existence, score, count, sight, np.array([0]), np.array([0, pairs]), other, fit, beta[:pairs],
        beta[pairs:], seen, 0.999, chosen, index, 77,
    )  # fmt: skip
    missed = odds * (1.0 - seen * due)
    there = beta[pairs] * r * missed.sum() / (1.0 - r + r * missed.sum())
    weights = [there * missed / missed.sum()]
    for k in range(pairs):
        like = odds * seen * np.exp(-0.5 * fit[0, :, 0, k]) / np.sqrt(fit[0, :, 1, k])
        weights.insert(k, beta[k] * like / like.sum())
    w = np.array(weights)
    states, covariances = np.concatenate([y, x]), np.concatenate([q, p])
    got, got_p = twins.from_bank(bank, 1)
    assert existence[0] == pytest.approx(min(w.sum(), 0.999))
    assert chosen[0] == (-1 if beta.argmax() == pairs else 5 + beta.argmax())
    for m in range(MODES):
        share = w[:, m] / w[:, m].sum()
        mean = share @ states[:, m]
        gap = states[:, m] - mean
        want = np.einsum("k,kij->ij", share, covariances[:, m] + gap[:, :, None] * gap[:, None, :])
        assert lanes[0, m, 0] == pytest.approx(w[:, m].sum() / w.sum())
        assert got[0, m] == pytest.approx(mean, rel=1e-9, abs=1e-9)
        assert got_p[0, m] == pytest.approx(want, rel=1e-9, abs=1e-6)
