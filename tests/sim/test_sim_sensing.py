"""Scans against geometry: measured where the object is, within the stated noise, only while it is seen."""

import numpy as np
import pytest
import short_case

from tocsin.sim.build import sensor_of
from tocsin.sim.scenario import truths
from tocsin.sim.sensing import Flown, Watching, scans
from tocsin.world import sensor as geometry
from tocsin.world.observation import Infrared
from tocsin.world.time import parse_utc

NS = 10**9
LAUNCH = parse_utc("2020-01-01T12:00:00Z")


@pytest.fixture(scope="module")
def truth():
    return truths(short_case.case())[0].truth


def watch(**changes):
    party = short_case.case().party[0]
    made = sensor_of(party.sensor[0])
    fields = {name: getattr(made.sensor, name) for name in made.sensor.__slots__} | changes
    return type(made.sensor)(**fields)


def taken(truth, sensor, end_s=700, **how):
    flown = [Flown(truth=truth, launch_tai_ns=LAUNCH, **how)]
    return scans(flown, [Watching(sensor=sensor)], LAUNCH, LAUNCH + end_s * NS, np.random.default_rng(3))


def test_detections_scatter_about_truth_as_the_sensor_says(truth):
    sensor = watch(period_s=2.0, detection_probability=1.0)
    found = [scan for scan in taken(truth, sensor) if len(scan.measurements)]
    assert len(found) > 200
    z = []
    for scan in found:
        state = truth.state_ecef(np.array([(scan.t_tai_ns - LAUNCH) / NS]))
        assert geometry.visible(sensor, state)[0]
        z.append((scan.measurements - geometry.measure(sensor, state)) / geometry.noise(sensor))
    z = np.concatenate(z)
    assert np.abs(z.mean(axis=0)).max() < 4.0 / np.sqrt(len(z))
    assert z.std(axis=0) == pytest.approx(np.ones(3), abs=0.15)


def test_misses_are_as_frequent_as_stated(truth):
    sensor = watch(period_s=1.0, detection_probability=0.7)
    seen = [
        len(scan.measurements)
        for scan in taken(truth, sensor)
        if geometry.visible(sensor, truth.state_ecef(np.array([(scan.t_tai_ns - LAUNCH) / NS])))[0]
    ]
    assert np.mean(seen) == pytest.approx(0.7, abs=0.08)


def test_nothing_is_seen_below_the_fan_or_before_the_launch(truth):
    sensor = watch(elevation_min_rad=1.4, elevation_max_rad=1.5)
    assert all(len(scan.measurements) == 0 for scan in taken(truth, sensor))
    flown = [Flown(truth=truth, launch_tai_ns=LAUNCH)]
    early = scans(flown, [Watching(sensor=watch())], LAUNCH - 100 * NS, LAUNCH, np.random.default_rng(1))
    assert len(early) == 10
    assert all(len(scan.measurements) == 0 for scan in early)


def test_infrared_sees_only_what_burns(truth):
    sensor = Infrared(
        id="ir", position_ecef_m=(42_164e3, 0.0, 0.0), sigma_angle_rad=1e-5, plume_height_min_m=5e3, period_s=1.0,
        detection_probability=1.0,
    )  # fmt: skip
    times = [(scan.t_tai_ns - LAUNCH) / NS for scan in taken(truth, sensor) if len(scan.measurements)]
    assert times
    assert max(times) <= truth.burnout_s


def test_a_clock_that_is_off_is_off_in_every_stamp(truth):
    right, late = (
        scans([Flown(truth=truth, launch_tai_ns=LAUNCH)], [Watching(sensor=watch(), clock_offset_ns=offset)], LAUNCH,
              LAUNCH + 100 * NS, np.random.default_rng(3))
        for offset in (0, 250_000_000)
    )  # fmt: skip
    assert [b.t_tai_ns - a.t_tai_ns for a, b in zip(right, late, strict=True)] == [250_000_000] * len(right)


def test_a_tape_shows_on_its_own_lines_alone(truth):
    assert any(len(scan.measurements) for scan in taken(truth, watch(), tape_on=("radar-a",)))
    assert not any(len(scan.measurements) for scan in taken(truth, watch(), tape_on=("radar-b",)))


def test_clutter_comes_as_often_as_stated(truth):
    sensor = watch(clutter_per_scan=3.0, period_s=1.0)
    flown = [Flown(truth=truth, launch_tai_ns=LAUNCH)]
    empty = scans(flown, [Watching(sensor=sensor)], LAUNCH - 300 * NS, LAUNCH, np.random.default_rng(5))
    counts = [len(scan.measurements) for scan in empty]
    assert np.mean(counts) == pytest.approx(3.0, abs=0.4)
