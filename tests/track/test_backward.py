"""The backward smoother against the normal equations of the whole history, its consistency, and a flight."""

import numpy as np
import pytest
from flights import BURNOUT_S, INFRARED, RADAR, STEP_S, T0_NS, burning, flight, scan

from tocsin.track import Tracker
from tocsin.track.backward import Carrier, History, launch_of, reconstructed_launches, rts, smooth
from tocsin.track.settings import COAST
from tocsin.world.motion import process_noise, step, transition

DT, Q = 2.0, 5.0


def linear(rng, tracks, k):
    """(truth, filtered means, covariances, predictions, Phi, noise): straight flights, seen in position."""
    phi = np.eye(6) + DT * np.eye(6, k=3)
    noise, h, r = process_noise(DT, Q), np.eye(3, 6), 50.0**2 * np.eye(3)
    first = np.diag([1e3] * 3 + [1e2] * 3) ** 2
    truth = [rng.multivariate_normal(np.zeros(6), first, tracks)]
    mean, covariance = np.zeros((tracks, 6)), first
    means, covariances, ahead, seen = [], [], [], []
    for j in range(k):
        if j:
            truth.append(truth[-1] @ phi.T + rng.multivariate_normal(np.zeros(6), noise, tracks))
            mean, covariance = mean @ phi.T, phi @ covariance @ phi.T + noise
            ahead.append(mean)
        z = truth[-1] @ h.T + 50.0 * rng.standard_normal((tracks, 3))
        gain = covariance @ h.T @ np.linalg.inv(h @ covariance @ h.T + r)
        mean, covariance = mean + (z - mean @ h.T) @ gain.T, covariance - gain @ h @ covariance
        means.append(mean)
        covariances.append(np.repeat(covariance[None], tracks, 0))
        seen.append(z)
    return (np.array(truth), np.array(means), np.array(covariances), np.array(ahead),
            np.tile(phi, (k - 1, tracks, 1, 1)), np.tile(noise, (k - 1, tracks, 1, 1)), np.array(seen))  # fmt: skip


def test_smoothing_solves_the_normal_equations_of_the_whole_history():
    _, means, covariances, ahead, phi, noise, seen = linear(np.random.default_rng(3), 2, 7)
    got, got_p = rts(means, covariances, ahead, phi, noise)
    n, a, b = 7, np.zeros((42, 42)), np.zeros((42, 2))
    a[:6, :6] += np.linalg.inv(np.diag([1e3] * 3 + [1e2] * 3) ** 2)
    for j in range(n):
        rows = slice(6 * j, 6 * j + 6)
        a[rows, rows] += np.diag([50.0**-2] * 3 + [0.0] * 3)
        b[6 * j : 6 * j + 3] += seen[j].T / 50.0**2
        if j:
            link = np.zeros((6, 42))
            link[:, rows], link[:, 6 * j - 6 : 6 * j] = np.eye(6), -phi[0, 0]
            a += link.T @ np.linalg.inv(noise[0, 0]) @ link
    want, want_p = np.linalg.solve(a, b), np.linalg.inv(a)
    for j in range(n):
        assert got[j] == pytest.approx(want[6 * j : 6 * j + 6].T, rel=1e-6, abs=1e-6)
        assert got_p[j, 0] == pytest.approx(want_p[6 * j : 6 * j + 6, 6 * j : 6 * j + 6], rel=1e-6, abs=1e-6)


def test_smoothed_states_are_as_good_as_they_say_and_better_than_filtered_ones():
    truth, means, covariances, *rest = linear(np.random.default_rng(5), 400, 12)
    got, got_p = rts(means, covariances, *rest[:3])
    error = got - truth
    nees = np.einsum("kni,knij,knj->kn", error, np.linalg.inv(got_p), error).mean(axis=1) / 6.0
    assert np.all(np.abs(nees - 1.0) < 4.0 * np.sqrt(2.0 / 6.0 / 400))
    assert np.linalg.norm(error[0, :, 3:]) < 0.2 * np.linalg.norm((means - truth)[0, :, 3:])


def test_the_carrier_is_the_shared_motion_model_where_nothing_burns():
    state = np.array([6_800e3, 0.0, 0.0, 500.0, 6_000.0, 1_000.0])
    got, phi, noise = Carrier()(COAST, state, 5.0)
    assert got == pytest.approx(step(state, 5.0), abs=0.05)
    assert np.abs(phi - transition(state, 5.0)[1]).max() < 1e-4
    assert noise == pytest.approx(process_noise(5.0, COAST.noise_along_m2_s3), rel=0.01, abs=1e-6)


def test_a_flight_seen_to_its_apogee_tells_more_of_its_beginning():
    truth, rng = flight(total_s=200.0), np.random.default_rng(2)
    tracker, pictures = Tracker("west", (RADAR, INFRARED)), []
    for t in np.arange(20.0, 200.0, 2.0):
        state = truth[round(t / STEP_S)]
        seen = (scan(one, t + 0.1 * (one is INFRARED), state, [burning(t)], rng) for one in (RADAR, INFRARED))
        pictures.extend(tracker.step(one) for one in seen)
    number = next(one for one in pictures[-1].id)
    history = History(number)
    list(map(history.add, pictures))
    smoothed = smooth(history)
    errors, nees = [], []
    for k, t_ns in enumerate(smoothed.t_tai_ns):
        t = (t_ns - T0_NS) / 1e9
        exact = truth[int(t / STEP_S)]
        exact = np.concatenate([exact[:3] + exact[3:] * (t - int(t / STEP_S) * STEP_S), exact[3:]])
        if t < BURNOUT_S:
            d = smoothed.state_eci[k] - exact
            errors.append((np.linalg.norm(history.rows[k][1][3:] - exact[3:]), np.linalg.norm(d[3:])))
            nees.append(d @ np.linalg.solve(smoothed.covariance_eci[k], d) / 6.0)
    filtered, better = np.sqrt(np.mean(np.square(errors), axis=0))
    assert better < 0.7 * filtered
    assert 0.1 < np.mean(nees) < 3.0
    launch = launch_of(smoothed)
    assert launch is not None and abs(launch.t_tai_ns - T0_NS) < 30e9
    assert reconstructed_launches(pictures)[number] == launch
    assert smooth(History(number)) is None and launch_of(None) is None
