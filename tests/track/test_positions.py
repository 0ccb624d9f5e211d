"""Reported positions (ADS-B) as a kind of sensor: their error model, their field, and aircraft followed by them."""

import math

import numpy as np
import pytest

from tocsin.track import Tracker
from tocsin.track.settings import aircraft
from tocsin.world import frames, geodesy
from tocsin.world import sensor as geometry
from tocsin.world.observation import Scan

T0 = 1_500_000_000 * 10**9
RECEIVER = geometry.positions(
    "adsb", 60.0, 11.0, 400e3, sigma_horizontal_m=50.0, sigma_vertical_m=30.0, period_s=2.0, detection_probability=0.9,
    clutter_per_scan=0.5,
)  # fmt: skip


def place(distance_m, bearing_deg, height_m=10e3):
    latitude, longitude = geodesy.direct(60.0, 11.0, bearing_deg, distance_m)[:2]
    return frames.geodetic_to_ecef(math.radians(latitude), math.radians(longitude), height_m), latitude, longitude


@pytest.mark.parametrize(("distance_m", "bearing_deg"), [(1e3, 0.0), (380e3, 45.0), (380e3, 180.0), (200e3, 270.0)])
def test_the_errors_are_those_stated_along_and_across(distance_m, bearing_deg):
    rng = np.random.default_rng(1)
    exact, latitude, longitude = place(distance_m, bearing_deg)
    rows = geometry.reported(RECEIVER, np.repeat(exact[None], 4_000, 0))
    assert geometry.radar_position(RECEIVER, rows[:1])[0] == pytest.approx(exact, abs=1e-3)
    noisy = geometry.radar_position(RECEIVER, rows + geometry.noise(RECEIVER) * rng.normal(size=rows.shape))
    spread = (noisy - exact) @ frames.enu_axes(math.radians(latitude), math.radians(longitude)).T
    assert spread.std(axis=0) == pytest.approx([50.0, 50.0, 30.0], rel=0.05)


def test_the_field_is_the_receivers():
    states = np.array([[*place(d, 90.0, h)[0], 0, 0, 0] for d, h in ((390e3, 10e3), (450e3, 10e3), (10e3, 90e3))])
    assert geometry.visible(RECEIVER, states).tolist() == [True, False, False]


def test_aircraft_are_followed_by_what_they_report():
    rng, tracker = np.random.default_rng(3), Tracker("own", (RECEIVER,), aircraft())
    exact, latitude, longitude = place(150e3, 30.0)
    velocity = frames.enu_axes(math.radians(latitude), math.radians(longitude)).T @ np.array([180.0, -140.0, 0.0])
    nees = []
    for k in range(60):
        truth = np.concatenate([exact + velocity * 2.0 * k, velocity])
        truth[:3] *= (np.linalg.norm(exact)) / np.linalg.norm(truth[:3])  # level flight
        clean = geometry.reported(RECEIVER, truth[None, :3])
        rows = clean + geometry.noise(RECEIVER) * rng.normal(size=clean.shape) if rng.random() < 0.9 else clean[:0]
        clutter = clean + rng.uniform(-1.0, 1.0, (rng.poisson(0.5), 3)) * [3e3, 0.02, 0.02]
        t = T0 + 2 * k * 10**9
        picture = tracker.step(Scan(sensor=RECEIVER, t_tai_ns=t, measurements=np.concatenate([rows, clutter])))
        if k > 20:
            away = frames.ecef_to_eci(truth, t) - picture.state_eci
            best = int(np.argmin(np.linalg.norm(away[:, :3], axis=1)))
            nees.append(away[best] @ np.linalg.solve(picture.covariance_eci[best], away[best]) / 6.0)
            assert np.linalg.norm(away[best, :3]) < 200.0
    assert len(picture) == 1 and 0.2 < np.mean(nees) < 1.5
