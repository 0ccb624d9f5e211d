"""Evidence that the tracks of a picture fly together, against the densities of all their velocities at once."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.track.together import LIKE, evidence, together

FREE, SPREAD, CHANCE = 700.0**2, 10.0**2, 0.3


def log_density(x, cov):
    return -0.5 * (x @ np.linalg.solve(cov, x) + np.linalg.slogdet(2.0 * np.pi * cov)[1])


def alike(v, cov, a, b):
    gap = v[a] - v[b]
    return a == b or gap @ np.linalg.solve(cov[a] + cov[b] + 2.0 * SPREAD * np.eye(3), gap) < LIKE


def said(v, cov, picture):
    """The twin: one Gaussian over the stacked velocities of the largest flock, with and without the common part."""
    there = [a for a in picture if a >= 0]
    flocks = [[b for b in there if alike(v, cov, a, b)] for a in there]
    flock = max(flocks, key=len)
    if len(flock) < 2:
        return 0.0
    n = len(flock)
    apart = np.zeros((n, 3, n, 3))
    for k, a in enumerate(flock):
        apart[k, :, k] = cov[a]
    apart = apart.reshape(3 * n, 3 * n)
    common = apart + np.kron(np.ones((n, n)), FREE * np.eye(3)) + SPREAD * np.eye(3 * n)
    ratio = log_density(v[flock].ravel(), common) - log_density(v[flock].ravel(), apart + FREE * np.eye(3 * n))
    return np.logaddexp(np.log(1.0 - CHANCE), np.log(CHANCE) + ratio)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_evidence_is_that_of_all_velocities_at_once(seed):
    rng = np.random.default_rng(seed)
    root = rng.normal(0.0, 20.0, (7, 3, 3))
    cov = root @ root.transpose(0, 2, 1) + 25.0 * np.eye(3)
    v = rng.normal(0.0, 300.0, 3) + rng.normal(0.0, 15.0, (7, 3))
    v[rng.random(7) < 0.3] += 400.0
    sets = np.where(rng.random((5, 4)) < 0.2, -1, np.array([rng.permutation(7)[:4] for _ in range(5)]))
    out = np.empty(5)
    packed = cov.reshape(7, 9)[:, [0, 1, 2, 4, 5, 8]].copy()
    evidence(v, packed, sets, FREE, SPREAD, CHANCE, out)
    assert np.allclose(out, [said(v, cov, one) for one in sets.tolist()], rtol=1e-9, atol=1e-9)
    assert (out >= np.log(1.0 - CHANCE) - 1e-9).all()  # what flies apart loses no more than this


def test_a_stranger_takes_nothing_from_a_flock():
    v = np.array([[500.0, 0.0, 0.0], [501.0, 0.0, 0.0], [499.0, 0.0, 0.0], [-500.0, 200.0, 0.0]])
    cov = np.tile([100.0, 0.0, 0.0, 100.0, 0.0, 100.0], (4, 1))
    out = np.empty(2)
    evidence(v, cov, np.array([[0, 1, 2, -1], [3, 0, 1, 2]]), FREE, SPREAD, CHANCE, out)
    assert out[0] == out[1] > 15.0


def test_without_a_spread_nothing_is_said():
    assert together(np.zeros((1, 27, 16)), np.array([[0, 1]]), 700.0, 0.0, 0.5).tolist() == [0.0]
    assert together(np.zeros((1, 27, 16)), np.empty((2, 0), np.int64), 700.0, 10.0, 0.5).tolist() == [0.0, 0.0]
