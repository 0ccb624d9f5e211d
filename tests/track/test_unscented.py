"""The unscented update against the textbook's transform of all six dimensions, and against the linear filter."""

import numpy as np
import pytest
import twins
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit
from test_lanes import packed_instructions

from tocsin.track import Tracker, TrackerSettings, engine, updating
from tocsin.track.jit import FAST
from tocsin.track.tiles import MODES
from tocsin.world.observation import Scan

SENSORS = {"radar": twins.radar(), "infrared": twins.infrared(), "bad clock": twins.radar(clock_sigma_ns=100_000_000)}


@pytest.fixture(scope="module")
def update_tiles():
    """The kernel with points, compiled here once: from the cache it would bring no text to look at."""
    return njit(fastmath=FAST, error_model="numpy", boundscheck=False)(updating.update_tiles.py_func)


def textbook(view, x, p):
    """(prediction, innovation covariance, cross covariance) with 13 points and kappa = -3 (Julier & Uhlmann 2004)."""
    root = np.linalg.cholesky(p) * np.sqrt(3.0)
    points = np.concatenate([x[None], x + root.T, x - root.T])
    weights = np.concatenate([[-1.0], np.full(12, 1.0 / 6.0)])
    z = np.array([twins.measure(view, y) for y in points])
    mean = weights @ z
    _, s, _gradient = twins.second_order(view, x, p * 1e-12)  # what is left is noise
    spread = (weights[:, None] * (z - mean)).T @ (z - mean)
    return mean, s + spread, (weights[:, None] * (points - x)).T @ (z - mean)


def one(view, seed, n=5, **size):
    rng = np.random.default_rng(seed)
    states = np.repeat(twins.states_near(view, rng, n)[:, None], MODES, axis=1)
    covariance = twins.covariances(rng, n * MODES, **size).reshape(n, MODES, 6, 6)
    z, measured = np.zeros((n, 7)), []
    for k in range(n):
        m = twins.measure(view, states[k, 0]) + rng.normal(size=2 + int(view.has_range)) * 1e-3
        measured.append(m)
        r = m[2] if view.has_range else 1.0
        z[k] = [r, np.cos(m[0]), np.sin(m[0]), np.cos(m[1]), np.sin(m[1]), 0.0, float(rng.random() < 0.7)]
    return states, covariance, z, measured


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(sorted(SENSORS)))
def test_six_points_are_the_textbooks_thirteen(update_tiles, seed, name):
    view = twins.sensor_view(SENSORS[name])
    states, covariance, z, measured = one(view, seed)
    bank, fit = twins.to_bank(states, covariance), np.empty((1, MODES, 2, 16))
    update_tiles(bank, 1, view, twins.to_lanes(z), fit, view.rated, True)
    got, got_p = twins.from_bank(bank, len(states))
    for k, j in np.ndindex(len(states), MODES):
        x, p = states[k, j], covariance[k, j]
        if not z[k, 6]:
            assert got[k, j] == pytest.approx(x, rel=1e-12)
            assert got_p[k, j] == pytest.approx(p, rel=1e-12)
            continue
        predicted, s, cross = textbook(view, x, p)
        gain, y = cross @ np.linalg.inv(s), measured[k] - predicted
        assert (np.abs(got[k, j] - (x + gain @ y)) / np.sqrt(np.diagonal(p))).max() < 1e-5
        want = p - gain @ s @ gain.T
        scale = np.sqrt(np.outer(np.diagonal(want), np.diagonal(want)))
        assert (np.abs(got_p[k, j] - want) / scale).max() < 1e-4
        assert fit[0, j, 0, k] == pytest.approx(y @ np.linalg.solve(s, y), rel=1e-4, abs=1e-6)
        assert fit[0, j, 1, k] == pytest.approx(np.linalg.det(s), rel=1e-4)


def test_the_loop_over_lanes_is_vectorised(update_tiles):
    """727 packed instructions when this was written. [C]"""
    view = twins.sensor_view(SENSORS["radar"])
    states, covariance, z, _ = one(view, 1)
    bank, fit = twins.to_bank(states, covariance), np.empty((1, MODES, 2, 16))
    update_tiles(bank, 1, view, twins.to_lanes(z), fit, view.rated, True)
    assert packed_instructions(update_tiles) >= 400


def test_a_tracker_with_the_unscented_update_follows_the_same_flight(update_tiles, monkeypatch):
    """Where a flight is known well the two updates are one: the tracks agree to a twentieth of a sigma."""
    sensor, rng = twins.radar(), np.random.default_rng(3)
    z = np.array([[6e5, 0.1, 0.6]]) + np.arange(20)[:, None] * np.array([[-900.0, 2e-4, 3e-4]])
    z += rng.normal(size=z.shape) * [sensor.sigma_range_m, sensor.sigma_azimuth_rad, sensor.sigma_elevation_rad]
    last, plain = [], engine.update_tiles
    for unscented in (False, True):
        monkeypatch.setattr(engine, "update_tiles", update_tiles if unscented else plain)
        tracker = Tracker("west", [sensor], TrackerSettings(capacity=16, unscented=unscented))
        for k, row in enumerate(z):
            picture = tracker.step(Scan(sensor=sensor, t_tai_ns=(1_500_000_000 + k) * 10**9, measurements=row[None]))
        assert len(picture.id) == 1
        last.append((picture.state_eci[0], np.sqrt(np.diagonal(picture.covariance_eci[0]))))
    (linear, sigma), (points, _) = last
    assert (np.abs(points - linear) / sigma).max() < 0.05
