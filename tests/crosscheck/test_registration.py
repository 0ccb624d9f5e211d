"""Biases and the clock of a sensor from objects that others follow: found, consistent, honest about the rest."""

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from test_innovations import RADAR

from tocsin.crosscheck import corrected, registration
from tocsin.crosscheck.registration import _told, _words
from tocsin.world import frames, motion
from tocsin.world import sensor as geometry
from tocsin.world.exact import Array
from tocsin.world.observation import Scan
from tocsin.world.time import parse_utc

pytestmark = pytest.mark.slow

NS = 10**9
AS_OF = parse_utc("2026-03-20T12:00:00Z")
SENSOR = replace(RADAR, sigma_range_rate_m_s=None)
SIGMA = np.array([100.0] * 3 + [0.5] * 3)
SCALE = np.array([500.0, 4e-3, 4e-3, 0.1])


@dataclass(frozen=True, eq=False)
class Known:
    """A satellite as a catalogue has it."""

    id: str
    t_tai_ns: int
    state_ecef: Array
    covariance_ecef: Array


def passes(rng, count):
    """(true states (count, 6) Earth-fixed at AS_OF, what is stated of them)."""
    truth = []
    for _ in range(count):
        where = math.radians(SENSOR.latitude_deg), math.radians(SENSOR.longitude_deg)
        axes = frames.enu_axes(*where)
        place = frames.geodetic_to_ecef(*where, 800e3) + axes.T @ np.array([*rng.uniform(-900e3, 900e3, 2), 0.0])
        course = rng.uniform(0.0, 2.0 * math.pi)
        truth.append(np.concatenate([place, axes.T @ np.array([7e3 * math.sin(course), 7e3 * math.cos(course), 0.0])]))
    stated = [Known(f"{k}", AS_OF, x + SIGMA * rng.normal(size=6), np.diag(SIGMA**2)) for k, x in enumerate(truth)]
    return np.array(truth), stated


def looks(truth, bias, rng):
    """Scans every ten seconds for two minutes; the last of `bias` is the clock: time stamps late by so many seconds."""
    found = []
    inertial = frames.ecef_to_eci(truth, AS_OF)
    for k in range(-6, 7):
        t = AS_OF + k * 10 * NS
        states = frames.eci_to_ecef(motion.step(inertial, k * 10.0), t)
        states = states[geometry.visible(SENSOR, states)]
        clean = geometry.measure(SENSOR, states)
        rows = clean + bias[:3] + rng.normal(size=clean.shape) * geometry.noise(SENSOR)
        found.append(Scan(sensor=SENSOR, t_tai_ns=t + round(bias[3] * NS), measurements=rows))
    return found


def one_of(seed, count=5):
    rng = np.random.default_rng(seed)
    bias = SCALE * rng.normal(size=4)
    truth, stated = passes(rng, count)
    scans = looks(truth, bias, rng)
    (found,) = registration(scans, stated)
    return bias, found, scans


def test_seeded_biases_are_found_and_consistent():
    nees, fit, errors = [], [], []
    for seed in range(40):
        bias, found, _ = one_of(seed)
        error = found.bias - bias
        errors.append(error / SCALE)
        nees.append(error @ np.linalg.solve(found.covariance, error) / 4.0)
        fit.append(found.squared / found.numbers)
        assert found.columns == ("range_m", "azimuth_rad", "elevation_rad", "clock_s")
    assert abs(np.mean(nees) - 1.0) < 4.0 * math.sqrt(2.0 / 4.0 / 40)
    assert 0.9 < np.mean(fit) < 1.1
    assert np.all(np.sqrt(np.mean(np.square(errors), axis=0)) < [0.3, 0.3, 0.3, 0.5])


def test_a_short_look_at_a_vague_object_tells_no_clock_and_says_so():
    """Nobody can say whether our clock is late or its stated place is behind; many courses tell."""
    rng = np.random.default_rng(3)
    truth, stated = passes(rng, 1)
    vague = [replace(one, covariance_ecef=np.diag([3e3**2] * 3 + [9.0] * 3)) for one in stated]
    (few,) = registration(looks(truth, np.zeros(4), rng)[5:9], vague)
    many = one_of(3, count=12)[1]
    assert "clock_s" not in few.told and "range_m" not in few.told and "azimuth_rad" in few.told
    assert "clock not told" in few.words
    assert "clock_s" in many.told and not many.together and "+/-" in many.words


def test_components_whose_errors_go_together_are_named():
    names, prior = ("range_m", "clock_s"), np.diag([9e6, 0.25])
    sigma = np.array([50.0, 0.01])
    alike = np.outer(sigma, sigma) * [[1.0, -0.99], [-0.99, 1.0]]
    assert _told(names, alike, prior) == (names, (names,))
    assert "range and clock cannot be told apart" in _words(names, sigma, alike, names, (names,), 1)
    assert _told(names, np.diag(sigma**2), prior)[1] == ()


def test_a_corrected_scan_is_near_the_truth_and_says_what_is_left():
    bias, found, scans = one_of(7, count=8)
    mended = corrected(scans[4], found)
    assert abs(mended.t_tai_ns - (AS_OF - 20 * NS)) < 4.0 * math.sqrt(found.covariance[3, 3]) * NS
    assert mended.sensor.sigma_range_m > SENSOR.sigma_range_m and mended.sensor.clock_sigma_ns > 0
    assert mended.measurements[:, 0] + found.bias[0] == pytest.approx(scans[4].measurements[:, 0])
    assert np.all((mended.measurements[:, 1] >= 0.0) & (mended.measurements[:, 1] < 2.0 * math.pi))
    assert abs(found.bias[0] - bias[0]) < 4.0 * math.sqrt(found.covariance[0, 0])


def test_nothing_seen_says_nothing():
    assert registration([], []) == ()
    rng = np.random.default_rng(1)
    assert registration(looks(np.empty((0, 6)), np.zeros(4), rng), passes(rng, 2)[1]) == ()
