"""Prediction, mixing and update kernels against their twins."""

import numpy as np
import pytest
import twins
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.track.gating import SIGHT, predict_sight
from tocsin.track.mixing import SLIGHT, combine_tiles, mix, predict_tiles
from tocsin.track.settings import BOOST, COAST, HARD_BOOST, Mode, Switch, TrackerSettings
from tocsin.track.tiles import MODES
from tocsin.track.updating import update_tiles
from tocsin.world.motion import propagate

SEEDS = st.integers(0, 2**32 - 1)
QUIET = Mode(name="quiet", noise_across_m2_s3=0.01, noise_along_m2_s3=0.01)
SENSORS = {
    "radar": twins.radar(),
    "rate": twins.radar(rate=3.0),
    "infrared": twins.infrared(),
    "bad clock": twins.radar(rate=3.0, clock_sigma_ns=100_000_000),
}


def bank_of(seed, view, n=5, **size):
    rng = np.random.default_rng(seed)
    states = np.repeat(twins.states_near(view, rng, n)[:, None], MODES, axis=1)
    states += rng.normal(size=states.shape) * np.array([200.0] * 3 + [20.0] * 3)
    covariance = twins.covariances(rng, n * MODES, **size).reshape(n, MODES, 6, 6)
    return rng, states, covariance, twins.to_bank(states, covariance)


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.floats(0.1, 2.5), st.integers(1, 3))
def test_coasting_agrees_with_the_shared_motion_model(seed, dt, steps):
    _, states, covariance, bank = bank_of(seed, twins.sensor_view(SENSORS["radar"]))
    predict_tiles(bank, 1, np.array([QUIET.row()] * MODES), dt, steps)
    got, got_p = twins.from_bank(bank, len(states))
    for k in range(len(states)):
        want, want_p = propagate(states[k], covariance[k], dt * steps, 0.01)
        assert np.abs(got[k] - want)[:, :3].max() < 1e-3
        assert np.abs(got[k] - want)[:, 3:].max() < 1e-4
        scale = np.sqrt(np.einsum("mi,mj->mij", *2 * [np.diagonal(want_p, axis1=1, axis2=2)]))
        assert (np.abs(got_p[k] - want_p) / scale).max() < 3e-4


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.sampled_from([COAST, BOOST, HARD_BOOST]), st.floats(0.2, 1.0))
def test_modes_move_by_thrust_and_drag(seed, mode, dt):
    """Mean against small midpoint steps; covariance against differences of that flow plus directed noise."""
    rng, states, covariance, _ = bank_of(seed, twins.sensor_view(SENSORS["radar"]), n=2)
    lift = (6378137.0 + rng.uniform(30e3, 150e3, 2)) / np.linalg.norm(states[:, 0, :3], axis=1)
    states[..., :3] *= lift[:, None, None]
    bank = twins.to_bank(states, covariance)
    predict_tiles(bank, 1, np.array([mode.row()] * MODES), dt, 1)
    got, got_p = twins.from_bank(bank, 2)
    for k in range(2):
        x = states[k, 0]
        assert np.abs(got[k, 0] - twins.flow(x, mode, dt))[:3].max() < 8.0
        assert np.abs(got[k, 0] - twins.flow(x, mode, dt))[3:].max() < 15.0
        phi = twins.jacobian(lambda y: twins.flow(y, mode, dt, 20), x, np.array([50.0] * 3 + [1.0] * 3))
        least = phi @ covariance[k, 0] @ phi.T
        ratio = np.sqrt(np.diagonal(got_p[k, 0]) / np.diagonal(least))
        assert (ratio > 0.9).all()
        noise = np.diagonal(got_p[k, 0] - least)[3:].sum()
        assert noise < 2.0 * dt * (2 * mode.noise_across_m2_s3 + mode.noise_along_m2_s3) + 0.3 * np.trace(least) + 1e5


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_mixing_is_the_interaction_step(seed):
    """Blom & Bar-Shalom 1988, eqs. 9-11: mu(i|j) = p(i,j) mu(i) / c(j), means and covariances with spread.

    A mode with less than `SLIGHT` of a mixture gives it its probability, but no moments.
    """
    rng, states, covariance, bank = bank_of(seed, twins.sensor_view(SENSORS["radar"]), n=20)
    odds = rng.dirichlet(np.ones(MODES), 20)
    switch = Switch.of(TrackerSettings()).over(float(rng.uniform(0.0, 20.0)))
    lanes = twins.to_lanes(odds)
    mix(bank, lanes, 2, switch)
    got, got_p = twins.from_bank(bank, 20)
    for k in range(20):
        c = odds[k] @ switch
        for j in range(MODES):
            w = switch[:, j] * odds[k] / c[j]
            w = np.where(w < SLIGHT, 0.0, w)
            w /= w.sum()
            mean = w @ states[k]
            spread = states[k] - mean
            want = np.einsum("m,mij->ij", w, covariance[k] + spread[:, :, None] * spread[:, None, :])
            assert got[k, j] == pytest.approx(mean, rel=1e-9, abs=1e-6)
            assert got_p[k, j] == pytest.approx(want, rel=1e-7, abs=1e-4)
        assert twins.from_lanes(lanes, 20)[k] == pytest.approx(c, abs=1e-12)


def test_switch_probabilities_are_a_semigroup():
    switch = Switch.of(TrackerSettings())
    assert switch.over(0.0) == pytest.approx(np.eye(MODES), abs=1e-12)
    assert switch.over(3.0) @ switch.over(4.0) == pytest.approx(switch.over(7.0), abs=1e-9)
    assert switch.over(1e7).sum(axis=1) == pytest.approx(np.ones(MODES))


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.sampled_from(sorted(SENSORS)))
def test_update_is_the_second_order_filter(seed, name):
    view = twins.sensor_view(SENSORS[name])
    rng, states, covariance, bank = bank_of(seed, view)
    n = len(states)
    z, flags = np.zeros((n, 7)), rng.random(n) < 0.7
    measured = []
    for k in range(n):
        m = twins.measure(view, states[k, 0]) + rng.normal(size=2 + int(view.has_range) + int(view.has_rate)) * 1e-3
        measured.append(m)
        r = m[2] if view.has_range else 1.0
        rate = m[3] if view.has_rate else 0.0
        z[k] = [r, np.cos(m[0]), np.sin(m[0]), np.cos(m[1]), np.sin(m[1]), rate, float(flags[k])]
    fit = np.empty((1, MODES, 2, 16))
    update_tiles(bank, 1, view, twins.to_lanes(z), fit, view.rated, None)
    got, got_p = twins.from_bank(bank, n)
    for k in range(n):
        for j in range(MODES):
            x, p = states[k, j], covariance[k, j]
            if not flags[k]:
                assert got[k, j] == pytest.approx(x, rel=1e-12)
                assert got_p[k, j] == pytest.approx(p, rel=1e-12)
                continue
            predicted, s, h = twins.second_order(view, x, p)
            gain = p @ h.T @ np.linalg.inv(s)
            y = measured[k] - predicted
            shift = np.abs(got[k, j] - (x + gain @ y)) / np.sqrt(np.diagonal(p))
            assert shift.max() < 1e-5
            want = p - gain @ s @ gain.T
            scale = np.sqrt(np.outer(np.diagonal(want), np.diagonal(want)))
            assert (np.abs(got_p[k, j] - want) / scale).max() < 1e-4
            assert fit[0, j, 0, k] == pytest.approx(y @ np.linalg.solve(s, y), rel=1e-4, abs=1e-6)
            assert fit[0, j, 1, k] == pytest.approx(np.linalg.det(s), rel=1e-4)


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.sampled_from(sorted(SENSORS)))
def test_predicted_measurement_and_its_factors(seed, name):
    view = twins.sensor_view(SENSORS[name])
    rng, states, _, bank = bank_of(seed, view)
    odds = rng.dirichlet(np.ones(MODES), len(states))
    mean = np.empty((1, 27, 16))
    combine_tiles(bank, twins.to_lanes(odds), 1, mean)
    sight = np.empty((1, SIGHT, 16))
    predict_sight(mean, 1, view, 4.0, sight, view.rated)
    xs, ps = twins.from_bank(mean[:, None], len(states))
    for k in range(len(states)):
        x = odds[k] @ states[k]
        assert xs[k, 0] == pytest.approx(x, rel=1e-9, abs=1e-6)
        z, s, _ = twins.second_order(view, x, ps[k, 0])
        row = sight[0, :, k]
        got = [row[1], row[2], row[0], row[3]]
        assert got[: len(z)] == pytest.approx(z, rel=1e-9, abs=1e-9)
        lower = np.eye(4)
        lower[1, 0], lower[2, 0], lower[2, 1], lower[3, 0], lower[3, 1], lower[3, 2] = row[4:10]
        y = rng.normal(size=len(z)) * np.sqrt(np.diagonal(s))
        w = np.linalg.solve(lower[: len(z), : len(z)], y)
        assert w @ (w * row[10 : 10 + len(z)]) == pytest.approx(y @ np.linalg.solve(s, y), rel=1e-4)
        assert row[14] == pytest.approx(np.linalg.det(s), rel=1e-4)
        assert row[16] == pytest.approx(4.0 * np.sqrt(s[0, 0]), rel=1e-6)
