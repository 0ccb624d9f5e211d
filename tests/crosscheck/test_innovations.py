"""A partner's track against own detections: agreement, bias found and removed, what cannot be, what was not seen."""

import math
from dataclasses import replace

import numpy as np
import pytest
from test_crosscheck import AS_OF, LOFTED, SHORT, track

from tocsin.crosscheck.innovations import check_track, quantile_999
from tocsin.world import frames, motion
from tocsin.world import sensor as geometry
from tocsin.world.observation import Infrared, Radar, Scan

NS = 10**9
RADAR = Radar(
    id="own-1", latitude_deg=43.0, longitude_deg=131.9, height_m=50.0, sigma_range_m=50.0, sigma_azimuth_rad=1e-3,
    sigma_elevation_rad=1e-3, sigma_range_rate_m_s=5.0, range_max_m=5e6, elevation_min_rad=0.03, elevation_max_rad=1.55,
    azimuth_centre_rad=0.0, azimuth_halfwidth_rad=math.pi, period_s=10.0, detection_probability=0.9,
)  # fmt: skip


def looks(truth, rng, sensor=RADAR, bias=0.0, clutter=3, seen=True):
    """Scans every ten seconds about AS_OF of what flies through `truth` (6,) then."""
    found = []
    for k in range(-6, 7):
        t = AS_OF + k * 10 * NS
        state = frames.eci_to_ecef(motion.step(frames.ecef_to_eci(truth, AS_OF), k * 10.0), t)
        clean = geometry.measure(sensor, state[None, :])
        rows = [clean + bias + rng.normal(size=clean.shape) * geometry.noise(sensor)] if seen else []
        noise = clean + rng.normal(size=(clutter, clean.shape[1])) * np.array([4e5, 0.4, 0.4, 900.0][: clean.shape[1]])
        found.append(Scan(sensor=sensor, t_tai_ns=t, measurements=np.vstack([*rows, noise])))
    return found


def stated(truth, rng, sigma=(200.0, 3.0)):
    """The partner's estimate: truth with an error as large as it states."""
    made = track("east", truth)
    spread = np.diag([sigma[0] ** 2] * 3 + [sigma[1] ** 2] * 3)
    return replace(made, state_ecef=truth + rng.normal(size=6) * np.sqrt(np.diag(spread)), covariance_ecef=spread)


def test_a_true_track_agrees_as_often_as_it_should():
    """0.999 quantile: of 60 honest cases hardly one may fail."""
    verdicts = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        verdicts += [one.verdict for one in check_track(looks(LOFTED, rng), stated(LOFTED, rng))]
    assert len(verdicts) == 60
    assert verdicts.count("agrees") >= 58
    assert "incompatible" not in verdicts


@pytest.mark.parametrize(
    ("bias", "column", "unit"),
    [((1_500.0, 0.0, 0.0, 0.0), 0, "m in range"), ((0.0, 0.0, 0.015, 0.0), 2, "deg in elevation")],
)
def test_a_constant_bias_is_estimated_and_removed(bias, column, unit):
    rng = np.random.default_rng(5)
    (one,) = check_track(looks(LOFTED, rng, bias=np.array(bias), clutter=0), stated(LOFTED, rng))
    assert one.verdict == "biased"
    assert one.squared > one.limit >= one.squared_biased
    assert abs(one.bias[column] - bias[column]) < 4.0 * one.bias_sigma[column]
    assert unit in one.words


def test_the_bias_sigma_is_honest():
    z = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        shift = np.array([rng.normal() * 1e3, 0.0, 0.0, 0.0])
        (one,) = check_track(looks(LOFTED, rng, bias=shift, clutter=0), stated(LOFTED, rng))
        z.append(float((one.bias[0] - shift[0]) / one.bias_sigma[0]))
    assert 0.6 < np.std(z) < 1.4
    assert abs(np.mean(z)) < 0.5


def test_another_flight_out_of_the_same_launch_was_not_what_our_sensor_saw():
    """4 July 2017: the sensor decides what two self-consistent publications cannot."""
    rng = np.random.default_rng(3)
    (one,) = check_track(looks(LOFTED, rng, clutter=0), stated(SHORT, rng))
    assert one.verdict in ("unseen", "incompatible")
    (other,) = check_track(looks(LOFTED, rng, clutter=0), stated(LOFTED, rng))
    assert other.verdict == "agrees"


def test_a_track_of_nothing_is_unseen():
    rng = np.random.default_rng(4)
    (one,) = check_track(looks(LOFTED, rng, clutter=0, seen=False), stated(LOFTED, rng))
    assert (one.verdict, one.matched) == ("unseen", 0)
    assert "should have seen it 13 times" in one.words


def test_a_drifting_error_is_no_bias():
    rng = np.random.default_rng(6)
    scans = looks(LOFTED, rng, clutter=0)
    moved = [replace(scan, measurements=scan.measurements + np.array([300.0 * (k - 6), 0.0, 0.0, 0.0]))
             for k, scan in enumerate(scans)]  # fmt: skip
    (one,) = check_track(moved, stated(LOFTED, rng, (50.0, 1.0)))
    assert one.verdict == "incompatible"


def test_infrared_and_what_is_left_out():
    rng = np.random.default_rng(7)
    eye = Infrared(id="eye", position_ecef_m=(-2.7e7, 3.2e7, 0.0), sigma_angle_rad=2e-5, plume_height_min_m=1e4,
                   period_s=10.0, detection_probability=0.9)  # fmt: skip
    (one,) = check_track(looks(LOFTED, rng, sensor=eye, clutter=0), stated(LOFTED, rng))
    assert one.verdict == "agrees"
    assert one.columns == ("across_1_rad", "across_2_rad")
    theirs = stated(LOFTED, rng)
    scans = looks(LOFTED, rng)
    for silent in (replace(theirs, phase="boost"), replace(theirs, ended=True), replace(theirs, stale=True)):
        assert check_track(scans, silent) == ()
    assert check_track(scans[:2], theirs) == ()
    assert check_track([], theirs) == ()


@pytest.mark.parametrize(("degrees", "value"), [(6, 22.458), (39, 72.055), (100, 149.449)])
def test_quantile_against_tables(degrees, value):
    assert quantile_999(degrees) == pytest.approx(value, rel=0.012)
