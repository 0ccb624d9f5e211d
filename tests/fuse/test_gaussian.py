"""Small matrices, logarithm, sums and intersections against NumPy and brute force."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.fuse import small
from tocsin.fuse.combine import existence
from tocsin.fuse.gaussian import Estimate, added, carried, carried_all, gained, intersected
from tocsin.world import motion
from tocsin.world.exact import natural_log

MEAN = np.array([6.6e6, 1e5, 2e5, 1e3, 6e3, 2e3])
seeds = st.integers(0, 10**6)


def covariance(seed: int) -> np.ndarray:
    """Metres and metres a second, condition up to 1e10."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(6, 6)) * 10.0 ** rng.uniform(-1, 1, (6, 1)) * np.array([1e3] * 3 + [10.0] * 3)[:, None]
    return root @ root.T


@given(seeds)
def test_inverse_and_form(seed):
    p = covariance(seed)
    inverse = small.inverse(p)
    assert inverse is not None
    scale = np.sqrt(np.outer(p.diagonal(), p.diagonal()))
    assert (inverse @ p) == pytest.approx(np.eye(6), abs=1e-6 * np.max(np.abs(inverse * scale)))
    assert np.array_equal(inverse, inverse.T)
    x = np.random.default_rng(seed + 1).normal(size=6) * np.sqrt(p.diagonal())
    form, pivots = small.form_and_determinant(p, x.tolist())
    assert form == pytest.approx(x @ np.linalg.solve(p, x), rel=1e-6)
    assert sum(natural_log(v) for v in pivots) == pytest.approx(np.linalg.slogdet(p)[1], rel=1e-9)


@pytest.mark.parametrize("bad", [np.zeros((6, 6)), -np.eye(6), np.full((6, 6), np.nan), np.eye(6) * 1e300 * 1e8])
def test_what_is_not_positive_definite_is_none(bad):
    assert small.inverse(bad) is None
    assert not small.positive(bad)
    assert small.form_and_determinant(bad, [1.0] * 6) is None


@given(st.floats(1e-300, 1e300))
def test_natural_log(x):
    assert natural_log(x) == pytest.approx(math.log(x), rel=1e-14, abs=1e-14)


@given(seeds)
def test_intersection_is_the_best_of_a_fine_grid_and_sound(seed):
    a = Estimate(0, MEAN, covariance(seed))
    b = Estimate(0, MEAN + 1.0, covariance(seed + 1))
    fused = intersected(a, b)
    assert fused is not None
    ya, yb = np.linalg.inv(a.covariance), np.linalg.inv(b.covariance)
    grid = [np.linalg.slogdet(w * ya + (1 - w) * yb)[1] for w in np.linspace(0, 1, 2001)]
    assert -np.linalg.slogdet(fused.covariance)[1] >= max(grid) - 1e-4
    # sound for fully correlated errors: no direction is claimed better than the better of the two
    ratio = np.linalg.eigvals(np.linalg.inv(fused.covariance) @ np.linalg.inv(ya + yb)).real
    assert np.all(ratio <= 1 + 1e-6)


@given(seeds)
def test_intersection_of_equals_gains_nothing(seed):
    a = Estimate(0, MEAN, covariance(seed))
    fused = intersected(a, a)
    assert fused is not None
    assert fused.covariance == pytest.approx(a.covariance, rel=1e-6)


@given(seeds)
def test_what_was_gained_added_again_gives_the_posterior(seed):
    prior = Estimate(0, MEAN, covariance(seed) * 4 + np.diag([1e4] * 3 + [1.0] * 3))
    after = np.linalg.inv(np.linalg.inv(prior.covariance) + np.linalg.inv(covariance(seed + 1)))
    posterior = Estimate(0, MEAN + np.sqrt(after.diagonal()), 0.5 * (after + after.T))
    part = gained(prior, posterior)
    assert part is not None
    again = added(prior, *part)
    assert again is not None
    assert again.mean == pytest.approx(posterior.mean, rel=1e-9)
    assert again.covariance == pytest.approx(posterior.covariance, rel=1e-5, abs=1e-9)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(-60, 60), st.sampled_from([0.0, 1e-3, 1.0])), min_size=1, max_size=12))
def test_batches_have_the_bits_of_single_calls(steps):
    estimate = Estimate(0, MEAN, covariance(1))
    requests = [(estimate, seconds * 10**9, noise) for seconds, noise in steps]
    for batched, request in zip(carried_all(requests), requests, strict=True):
        alone = carried(*request)
        assert batched.mean.tobytes() == alone.mean.tobytes()
        assert batched.covariance.tobytes() == alone.covariance.tobytes()
        if request[1]:
            mean, p = motion.propagate(MEAN, covariance(1), request[1] / 1e9, request[2])
            assert alone.mean.tobytes() == mean.tobytes()
            assert alone.covariance.tobytes() == p.tobytes()


@given(st.lists(st.floats(0, 1), max_size=5))
def test_existence_is_bayes_and_never_certain(stated):
    held = [min(max(p, 1e-6), 1 - 1e-6) for p in stated]
    odds = math.prod(p / (1 - p) for p in held)
    assert existence(stated) == pytest.approx(odds / (1 + odds), abs=3e-9)
    assert 0.0 < existence([*stated, 0.5]) < 1.0
