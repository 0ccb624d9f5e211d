"""Evidence that the tracks of a picture fly together, against the densities of all their velocities at once."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.track.together import LIKE, evidence, together

FREE, SPREAD = 700.0**2, 10.0**2


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
    return log_density(v[flock].ravel(), common) - log_density(v[flock].ravel(), apart + FREE * np.eye(3 * n))


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
    evidence(v, packed, sets, FREE, SPREAD, out)
    assert np.allclose(out, [said(v, cov, one) for one in sets.tolist()], rtol=1e-9, atol=1e-9)


def test_a_stranger_takes_nothing_from_a_flock():
    v = np.array([[500.0, 0.0, 0.0], [501.0, 0.0, 0.0], [499.0, 0.0, 0.0], [-500.0, 200.0, 0.0]])
    cov = np.tile([100.0, 0.0, 0.0, 100.0, 0.0, 100.0], (4, 1))
    out = np.empty(2)
    evidence(v, cov, np.array([[0, 1, 2, -1], [3, 0, 1, 2]]), FREE, SPREAD, out)
    assert out[0] == out[1] > 15.0


def tracks(v):
    """Velocities (n, 3) over the Earth as the pool's means, 10 m/s of spread, at its centre."""
    mean = np.zeros((1, 27, 16))
    mean[0, 3:6, : len(v)] = np.transpose(v)
    mean[0, [21, 24, 26]] = 100.0
    return mean


def test_one_spread_is_as_likely_as_another_and_flying_apart_costs_the_chance_alone():
    mean = tracks([[500.0, 0.0, 0.0], [510.0, 0.0, 0.0], [-500.0, 0.0, 0.0], [0.0, 700.0, 0.0]])
    sets = np.array([[0, 1], [2, 3]])
    near, far = (together(mean, sets, 700.0, (one,), 1.0) for one in (10.0, 40.0))
    both = together(mean, sets, 700.0, (10.0, 40.0), 0.3)
    assert np.isclose(both[0], np.log(0.7 + 0.3 * 0.5 * (np.exp(near[0]) + np.exp(far[0]))))
    assert both[0] > 5.0
    assert both[1] == 0.0  # no flock, nothing said
    assert (together(mean, np.array([[0, 2], [1, 3]]), 700.0, (1000.0,), 0.3) >= np.log(0.7)).all()


def test_without_a_spread_nothing_is_said():
    assert together(tracks([[1.0, 0.0, 0.0]] * 2), np.array([[0, 1]]), 700.0, (), 0.5).tolist() == [0.0]
    assert together(tracks([]), np.empty((2, 0), np.int64), 700.0, (10.0,), 0.5).tolist() == [0.0, 0.0]
