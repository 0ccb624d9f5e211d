"""States that are hardly known yet, at lift-off or on one satellite's line of sight, linearised where it is right."""

import numpy as np
import pytest
import twins
from flights import flight

from tocsin.sim import scenario
from tocsin.sim.play import scans_of
from tocsin.track import Tracker
from tocsin.track.mixing import predict_tiles
from tocsin.track.settings import BOOST, MODES
from tocsin.track.updating import update_tiles
from tocsin.world.time import parse_utc

RANGES = {"plain": None, "rate": 3.0}


def wide(view, rng, long_m):
    """A state, and a covariance that is long in one direction across the line of sight; truth drawn from it."""
    state = twins.states_near(view, rng, 1)[0]
    line = state[:3] - np.array(view.site)
    across = np.cross(line, rng.normal(size=3))
    across /= np.linalg.norm(across)
    p = np.diag([300.0**2] * 3 + [100.0**2] * 3)
    p[:3, :3] += long_m**2 * np.outer(across, across)
    return state, p, state + np.linalg.cholesky(p) @ rng.normal(size=6)


def iterated(view, state, p, z):
    """Two Gauss-Newton steps: Bell & Cathey 1993, eq. 12, with the second-order filter's terms in each."""
    x, spread = state, p
    for _ in range(2):
        _, s, h = twins.second_order(view, x, spread)
        noise = s - h @ spread @ h.T
        predicted = twins.second_order(view, x, spread)[0]
        gain = p @ h.T @ np.linalg.inv(h @ p @ h.T + noise)
        x = state + gain @ (z - predicted - h @ (state - x))
        spread = p - gain @ h @ p
    return x, spread


def updated(view, state, p, z):
    bank = twins.to_bank(np.repeat(state[None, None], MODES, axis=1), np.repeat(p[None, None], MODES, axis=1))
    rate = z[3] if view.has_rate else 0.0
    row = np.array([[z[2], np.cos(z[0]), np.sin(z[0]), np.cos(z[1]), np.sin(z[1]), rate, 1.0]])
    update_tiles(bank, 1, view, twins.to_lanes(row), np.empty((1, MODES, 2, 16)), view.rated, None)
    x, after = twins.from_bank(bank, 1)
    return x[0, 0], after[0, 0]


def test_a_wide_prior_is_linearised_at_its_first_posterior():
    view, rng = twins.sensor_view(twins.radar(sigma_range_m=100.0)), np.random.default_rng(5)
    for _ in range(20):
        state, p, truth = wide(view, rng, 30e3)
        z = twins.measure(view, truth)
        x, after = updated(view, state, p, z)
        want, spread = iterated(view, state, p, z)
        sigma = np.sqrt(np.diagonal(spread))
        assert (np.abs(x - want) / sigma).max() < 1e-2
        assert np.abs(after - spread).max() < 1e-2 * np.abs(spread).max()


@pytest.mark.parametrize("rate", RANGES.values(), ids=RANGES)
def test_its_stated_error_is_the_true_one(rate):
    """One linearisation at the prediction is wrong by its square over twice the range: 1.5 km here."""
    view, rng = twins.sensor_view(twins.radar(rate=rate, sigma_range_m=100.0)), np.random.default_rng(6)
    nees = []
    for _ in range(200):
        state, p, truth = wide(view, rng, 30e3)
        noise = [view.variance_azimuth, view.variance_elevation, view.variance_range, view.variance_rate]
        z = twins.measure(view, truth)
        x, after = updated(view, state, p, z + rng.normal(size=len(z)) * np.sqrt(noise[: len(z)]))
        nees.append((x - truth) @ np.linalg.solve(after, x - truth) / 6.0)
    assert 0.8 < np.mean(nees) < 1.2


@pytest.mark.parametrize("speed_sigma_m_s", [30.0, 300.0, 2000.0])
def test_a_boost_spreads_a_velocity_as_far_as_samples_of_it(speed_sigma_m_s):
    """From rest on the Earth for six seconds. A plain gradient of the thrust's direction spreads 2 km/s three times."""
    rng = np.random.default_rng(7)
    mean = flight(total_s=1.0)[0] * np.repeat([1.001, 1.0], 3)
    p = np.diag([200.0**2] * 3 + [speed_sigma_m_s**2] * 3)
    bank = twins.to_bank(np.repeat(mean[None, None], MODES, axis=1), np.repeat(p[None, None], MODES, axis=1))
    predict_tiles(bank, 1, np.array([BOOST.row()] * MODES), 2.0, 3)
    _, got = twins.from_bank(bank, 1)
    flown = [twins.flow(x, BOOST, 6.0, 60) for x in rng.multivariate_normal(mean, p, 400)]
    noise = 6.0 * (2 * BOOST.noise_across_m2_s3 + BOOST.noise_along_m2_s3)
    want = np.trace(np.cov(np.array(flown).T)[3:, 3:]) + noise
    assert 0.8 < np.sqrt(np.trace(got[0, 0, 3:, 3:]) / want) < 1.4


def test_one_slow_radar_keeps_a_boost():
    """Chollima-1 as east's radar sees it, every six seconds. The plain gradient lost it three times on its way up."""
    case = scenario.load(scenario.shipped_bytes("chollima-2023"), "chollima-2023")
    launch_ns = parse_utc(case.launch)
    for seed in (1995, 1996, 1997):
        scans = scans_of(case, "east", scenario.truths(case), seed, launch_ns, launch_ns + 150 * 10**9)
        tracker = Tracker("east", [scans[0].sensor])
        assert {number for one in scans for number in tracker.step(one).id} == {1}
