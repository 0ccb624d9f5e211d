"""The window smoother against a dense batch solution, lens moments against samples, a lens through the tracker."""

import dataclasses
import math

import numpy as np
import pytest
import twins
from flights import T0_NS, flight, scan

from tocsin.track import Tracker, TrackerSettings
from tocsin.track.lens import bend
from tocsin.track.settings import Mode
from tocsin.track.smoother import SEEN, sweep_once
from tocsin.track.windows import _row
from tocsin.world.motion import process_noise, step, transition

DENSITY = 0.01


def window(n, seed=2):
    """A view, truth (n, 6), rows of a window and a first trajectory, one detection each 2 s."""
    rng = np.random.default_rng(seed)
    view = twins.sensor_view(twins.radar(sigma_azimuth_rad=3e-3, sigma_elevation_rad=3e-3, sigma_range_m=10.0))
    truth = [twins.states_near(view, rng, 1)[0]]
    for _ in range(n - 1):
        truth.append(step(truth[-1], 2.0))
    seen = np.empty((n, SEEN))
    for k, x in enumerate(truth):
        z = twins.measure(view, x)[[2, 0, 1]] + rng.normal(size=3) * [10.0, 3e-3, 3e-3]
        seen[k] = _row(view, np.append(z, 0.0))
        seen[k, 22] = 2.0 if k else 0.0
    start = truth[0] + rng.normal(size=6) * [500.0, 500.0, 500.0, 50.0, 50.0, 50.0]
    line = [start]
    for _ in range(n - 1):
        line.append(step(line[-1], 2.0))
    prior = np.zeros((7, 6))
    prior[0], prior[1:] = start, np.diag([4e6] * 3 + [1e4] * 3)
    return view, np.array(truth), seen, np.array(line), prior


def batch(view, seen, line, prior):
    """One Gauss-Newton step on all states at once, by the normal equations of the whole trajectory (6n unknowns).

    Cost: |x0 - prior|^2 + sum |x(j) - f(x(j-1))|^2 / Q + sum |z - h(x)|^2 / R, everything linear about `line`.
    """
    n = len(line)
    a, b = np.zeros((6 * n, 6 * n)), np.zeros(6 * n)

    def add(jacobian, residual, weight):
        a[:] += jacobian.T @ weight @ jacobian
        b[:] += jacobian.T @ weight @ residual

    first = np.eye(6, 6 * n)
    add(first, prior[0] - line[0], np.linalg.inv(prior[1:]))
    noise = np.linalg.inv(process_noise(2.0, DENSITY))
    weight = np.diag(1.0 / np.array([view.variance_azimuth, view.variance_elevation, view.variance_range]))
    for j in range(n):
        if j:
            end, phi = transition(line[j - 1], 2.0)
            jacobian = np.zeros((6, 6 * n))
            jacobian[:, 6 * j : 6 * j + 6], jacobian[:, 6 * j - 6 : 6 * j] = np.eye(6), -phi
            add(jacobian, end - line[j], noise)
        h = twins.jacobian(lambda x: twins.measure(view, x), line[j], np.array([1.0] * 3 + [0.1] * 3))
        jacobian = np.zeros((3, 6 * n))
        jacobian[:, 6 * j : 6 * j + 6] = h
        add(jacobian, seen[j, [24, 25, 23]] - twins.measure(view, line[j]), weight)
    covariance = np.linalg.inv(a)
    return line + (covariance @ b).reshape(n, 6), covariance[-6:, -6:]


def test_one_pass_is_one_gauss_newton_step_on_the_whole_trajectory():
    view, _, seen, line, prior = window(8)
    want, want_p = batch(view, seen, line, prior)
    m, p, later = np.empty(6), np.empty((6, 6)), np.empty((7, 6))
    got = line.copy()
    sweep_once(seen, got, len(seen), prior, DENSITY, m, p, later)
    assert np.abs(got - want)[:, :3].max() < 0.5
    assert np.abs(got - want)[:, 3:].max() < 0.05
    assert m == pytest.approx(got[-1], rel=1e-12)
    scale = np.sqrt(np.outer(np.diagonal(want_p), np.diagonal(want_p)))
    assert (np.abs(p - want_p) / scale).max() < 1e-2


def test_a_window_that_forgets_its_oldest_row_keeps_its_information():
    _, _, seen, line, prior = window(8)
    m, p, later = np.empty(6), np.empty((6, 6)), np.empty((7, 6))
    for _ in range(4):
        sweep_once(seen, line, len(seen), prior, DENSITY, m, p, later)
    m2, p2, unused = np.empty(6), np.empty((6, 6)), np.empty((7, 6))
    sweep_once(seen[1:], line[1:].copy(), len(seen) - 1, later, DENSITY, m2, p2, unused)
    assert m2 == pytest.approx(m, rel=1e-6, abs=1e-3)
    assert np.trace(p2) == pytest.approx(np.trace(p), rel=1e-6)


def test_lens_moments_are_those_of_samples():
    """Tolerance: sampling error of 200,000 points, and the fourth-order error of the transform."""
    rng = np.random.default_rng(0)
    view, truth, seen, _, _ = window(1)
    polar = np.diag([1.0, 5e-3, 5e-3, 1.0, 50.0, 50.0]) ** 2
    x = truth[0]
    axes = np.array(view.axes).reshape(3, 3)

    def place(y):
        sa, ca, se, ce = np.sin(y[1]), np.cos(y[1]), np.sin(y[2]), np.cos(y[2])
        basis = np.array([[ce * sa, ce * ca, se], [ca, -sa, 0 * sa], [-se * sa, -se * ca, ce]], dtype=object)
        enu = [y[0] * basis[0, i] for i in range(3)] + [sum(y[3 + k] * basis[k, i] for k in range(3)) for i in range(3)]
        enu = np.stack(np.broadcast_arrays(*enu), axis=-1).astype(float)
        shift = np.concatenate([view.site, view.site_velocity])
        return np.concatenate([enu[..., :3] @ axes, enu[..., 3:] @ axes], axis=-1) + shift

    z = twins.measure(view, x)
    basis = np.array(
        [
            (place(np.array([1.0, z[0], z[1], *row])) - place(np.array([1.0, z[0], z[1], 0, 0, 0])))[3:]
            for row in np.eye(3)
        ]
    )
    centre = np.array([z[2], z[0], z[1], *(basis @ (x[3:] - np.array(view.site_velocity)))])
    jacobian = twins.jacobian(place, centre, np.array([1.0, 1e-6, 1e-6, 0.1, 0.1, 0.1]))
    mean, covariance = np.empty(6), np.empty((6, 6))
    sag = bend(seen[0], x, jacobian @ polar @ jacobian.T, mean, covariance)
    drawn = place((centre + rng.normal(size=(200_000, 6)) @ np.sqrt(polar)).T)
    want = np.cov(drawn.T)
    scale = np.sqrt(np.diagonal(want))
    assert (np.abs(mean - drawn.mean(axis=0)) / scale).max() < 0.02
    assert (np.abs(covariance - want) / np.outer(scale, scale)).max() < 0.02
    assert sag == pytest.approx(math.sqrt(0.5) * 25e-6 * (1.0 + math.cos(z[1]) ** 2) * z[2], rel=0.05)


def test_a_sharp_lens_is_followed_consistently():
    truth = flight(total_s=300.0)
    coarse = twins.radar(
        latitude_deg=68.0, longitude_deg=33.0, sigma_range_m=2.0, sigma_azimuth_rad=5e-3, sigma_elevation_rad=5e-3,
        azimuth_centre_rad=math.radians(200), azimuth_halfwidth_rad=math.radians(170),
    )  # fmt: skip
    modes = (Mode(name="coast"), *TrackerSettings().modes[1:])
    tracker = Tracker("west", [coarse], dataclasses.replace(TrackerSettings(), modes=modes))
    rng = np.random.default_rng(1)
    nees = []
    for t in range(150, 290):
        picture = tracker.step(scan(coarse, float(t), truth[t * 10], [False], rng))
        if t == 170:
            assert len(tracker._engine._windows)
        if t > 200:
            error = picture.state_eci[0] - truth[t * 10]
            nees.append(error @ np.linalg.solve(picture.covariance_eci[0], error) / 6.0)
    assert picture.t_tai_ns == T0_NS + 289 * 10**9
    assert picture.id == (1,)
    assert 0.2 < np.mean(nees) < 2.5
