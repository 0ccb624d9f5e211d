"""Gravity and the estimator's dynamics against finite differences, DOP853, invariants and themselves."""

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from world_flights import FLIGHTS, T0, flown

from tocsin.world import ends, gravity, motion
from tocsin.world.constants import EGM96_A_M, J2, MU_M3_S2, OMEGA_RAD_S, WGS84_A_M, WGS84_B_M

seeds = st.integers(0, 2**32)


def random_states(seed: int, n: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    direction = rng.normal(size=(n, 3))
    position = direction / np.linalg.norm(direction, axis=1)[:, None] * rng.uniform(6.4e6, 1.2e7, (n, 1))
    return np.concatenate([position, rng.normal(size=(n, 3)) * 3e3], axis=1)


def test_gravity_against_normal_gravity():
    """NGA.STND.0036 normal gravity at the equator and the poles; J4 is left out: 1.2e-4 m/s^2 at the poles."""
    equator = -gravity.acceleration_eci(np.array([WGS84_A_M, 0.0, 0.0]))[0] - OMEGA_RAD_S**2 * WGS84_A_M
    pole = -gravity.acceleration_eci(np.array([0.0, 0.0, WGS84_B_M]))[2]
    assert abs(equator - 9.7803253359) < 1e-4
    assert abs(pole - 9.8321849378) < 1.3e-4


@given(seeds)
def test_gravity_is_the_gradient_of_its_potential_and_the_gradient_its_derivative(seed):
    position = random_states(seed, 3)[:, :3]

    def potential(p: np.ndarray) -> np.ndarray:
        r = np.linalg.norm(p, axis=1)
        return MU_M3_S2 / r * (1.0 - J2 * (EGM96_A_M / r) ** 2 * (1.5 * (p[:, 2] / r) ** 2 - 0.5))

    slope = np.empty((3, 3))
    gradient = np.empty((3, 3, 3))
    for j, h in enumerate(np.eye(3) * 100.0):
        slope[:, j] = (potential(position + h) - potential(position - h)) / 200.0
        gradient[:, :, j] = (gravity.acceleration_eci(position + h) - gravity.acceleration_eci(position - h)) / 200.0
    # differences over 200 m: rounding of the potential 1e-8 / 200, truncation (h / r)^2 = 2e-10
    np.testing.assert_allclose(gravity.acceleration_eci(position), slope, atol=5e-9)
    np.testing.assert_allclose(gravity.gradient_eci(position), gradient, atol=3e-6 * 1e-8 + 2e-15)


@pytest.mark.parametrize("name", FLIGHTS)
def test_steps_against_an_adaptive_integrator(name):
    state, coarse_m = FLIGHTS[name]
    duration, expected = flown(state)
    assert np.linalg.norm(motion.step(state, duration)[:3] - expected[:3]) < 0.05
    assert np.linalg.norm(motion.step(expected, -duration)[:3] - state[:3]) < 0.05
    coarse = tuple(state.tolist())
    for _ in range(round(duration / ends.STEP_S)):
        coarse = ends.advance(coarse, duration / round(duration / ends.STEP_S))
    assert np.linalg.norm(np.array(coarse[:3]) - expected[:3]) < coarse_m


@given(seeds, st.floats(-300.0, 300.0))
def test_energy_and_axial_angular_momentum_stay(seed, dt):
    before = random_states(seed, 2)
    after = motion.step(before, dt)

    def energy(s: np.ndarray) -> np.ndarray:
        r = np.linalg.norm(s[:, :3], axis=1)
        j2 = J2 * (EGM96_A_M / r) ** 2 * (1.5 * (s[:, 2] / r) ** 2 - 0.5)
        return 0.5 * np.sum(s[:, 3:] ** 2, axis=1) - MU_M3_S2 / r * (1.0 - j2)

    def spin(s: np.ndarray) -> np.ndarray:
        return s[:, 0] * s[:, 4] - s[:, 1] * s[:, 3]

    if np.linalg.norm(after[:, :3], axis=1).min() > 6.0e6:
        np.testing.assert_allclose(energy(after), energy(before), atol=1e-9 * 6e7)
        np.testing.assert_allclose(spin(after), spin(before), atol=1e-9 * 6e10)


@given(seeds, st.floats(-60.0, 60.0))
def test_transition_is_the_derivative_of_the_step(seed, dt):
    state = random_states(seed, 1)[0]
    after, phi = motion.transition(state, dt)
    assert np.array_equal(after, motion.step(state, dt))
    numeric = np.empty((6, 6))
    for j, h in enumerate([10.0] * 3 + [0.1] * 3):
        bump = np.zeros(6)
        bump[j] = h
        numeric[:, j] = (motion.step(state + bump, dt) - motion.step(state - bump, dt)) / (2 * h)
    # rounding of positions 2e-9 m over the bump; rows and columns in units of metres and seconds
    np.testing.assert_allclose(phi[:3, :3], numeric[:3, :3], atol=2e-9)
    np.testing.assert_allclose(phi[:3, 3:], numeric[:3, 3:], atol=1e-7)
    np.testing.assert_allclose(phi[3:], numeric[3:], atol=1e-10)


@given(seeds, st.floats(0.0, 100.0), st.floats(0.0, 100.0))
def test_transition_composes_and_turns_back(seed, first, second):
    state = random_states(seed, 1)[0]
    middle, phi_1 = motion.transition(state, first)
    end, phi_2 = motion.transition(middle, second)
    direct, phi = motion.transition(state, first + second)
    np.testing.assert_allclose(end, direct, rtol=1e-9, atol=1e-3)
    np.testing.assert_allclose(phi_2 @ phi_1, phi, rtol=1e-6, atol=1e-8)
    _, back = motion.transition(end, -(first + second))
    np.testing.assert_allclose(back @ phi, np.eye(6), atol=1e-5)


@given(seeds, st.floats(-40.0, 40.0))
@settings(max_examples=30)
def test_same_bits_alone_and_in_any_batch(seed, dt):
    states = random_states(seed, 40)
    together, phi = motion.transition(states, dt)
    assert np.array_equal(motion.step(states, dt), together)
    for part in (states[:1], states[:5], states[:13], states[::-1][:40]):
        some, some_phi = motion.transition(part, dt)
        index = [int(np.flatnonzero((states == row).all(axis=1))[0]) for row in part]
        assert np.array_equal(some, together[index])
        assert np.array_equal(some_phi, phi[index])
        assert np.array_equal(motion.step(part, dt), together[index])
    one, one_phi = motion.transition(states[7], dt)
    assert np.array_equal(one, together[7])
    assert np.array_equal(one_phi, phi[7])


@given(seeds, st.floats(-30.0, 30.0), st.floats(0.0, 100.0))
def test_propagate_is_the_textbook_prediction(seed, dt, q):
    states = random_states(seed, 3)
    root = np.random.default_rng(seed).normal(size=(3, 6, 6)) * np.array([100.0] * 3 + [1.0] * 3)[:, None]
    p = root @ root.transpose(0, 2, 1)
    after, covariance = motion.propagate(states, p, dt, q)
    moved, phi = motion.transition(states, dt)
    assert np.array_equal(after, moved)
    expected = phi @ p @ phi.transpose(0, 2, 1) + motion.process_noise(dt, q)
    np.testing.assert_allclose(covariance, expected, rtol=1e-10, atol=1e-9 * np.abs(expected).max())
    assert np.array_equal(covariance, covariance.transpose(0, 2, 1))
    one, one_p = motion.propagate(states[1], p[1], dt, q)
    assert np.array_equal(one, after[1])
    assert np.array_equal(one_p, covariance[1])


def test_process_noise_is_that_of_white_acceleration():
    noise = motion.process_noise(4.0, 0.3)
    assert np.allclose(noise[:3, :3], np.eye(3) * 0.3 * 64 / 3)
    assert np.allclose(noise[:3, 3:], np.eye(3) * 0.3 * 8)
    assert np.allclose(noise[3:, 3:], np.eye(3) * 0.3 * 4)
    drift = np.eye(6) + 4.0 * np.eye(6, k=3)
    # noise over 8 s is that of the first 4 s, carried on, and that of the second 4 s
    assert np.allclose(motion.process_noise(8.0, 0.3), drift @ noise @ drift.T + noise)
    back = np.eye(6) - 4.0 * np.eye(6, k=3)
    assert np.allclose(motion.process_noise(-4.0, 0.3), back @ noise @ back.T)
    assert not motion.process_noise(0.0, 0.3).any()


def test_no_time_is_no_motion():
    states = random_states(1, 3)
    after, phi = motion.transition(states, 0.0)
    assert np.array_equal(after, states)
    assert np.array_equal(phi, np.broadcast_to(np.eye(6), (3, 6, 6)))
    assert motion.step(states[:0], 5.0).shape == (0, 6)
    assert motion.transition(states[:0], 5.0)[1].shape == (0, 6, 6)


def test_bits_are_pinned():
    """Generator: this module on x86-64, NumPy 2.4. Two centres must agree to the last bit: no tolerance."""
    digest = hashlib.sha256()
    covariance = np.diag([1e4] * 3 + [25.0] * 3)
    for state, _ in FLIGHTS.values():
        whole = np.round(state)  # metres: the cases come through BLAS, whose last bits are not ours
        after, p = motion.propagate(whole, covariance, 37.0, 0.5)
        digest.update(after.tobytes() + p.tobytes())
        for end in (motion.impact(after, p, T0), motion.launch(after, p, T0)):
            assert end is not None
            digest.update(np.array(end._key(), float).tobytes())
    assert digest.hexdigest() == "86debfb2b80b48a2db4641bb1096ab0f84f1205b6278a548bfe13cbe0f948118"
