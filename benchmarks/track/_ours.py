"""Our tracker on a world (`_worlds`), through its public face: the flat axes are those of a radar's site."""

import math
import time
from dataclasses import replace

import numpy as np

from benchmarks.track._peers import Followed
from benchmarks.track._worlds import DETECTED, HIGH, LOW, SIGMA
from tocsin.track import Mode, Tracker, TrackerSettings
from tocsin.track.settings import aircraft
from tocsin.world.frames import eci_to_ecef
from tocsin.world.observation import Radar, Scan
from tocsin.world.refraction import apparent_elevation
from tocsin.world.sensor import site_axes, site_ecef

T0_NS = 1_500_000_000 * 10**9


def radar(clutter):
    return Radar(
        id="r", latitude_deg=45.0, longitude_deg=10.0, height_m=0.0, sigma_range_m=SIGMA[2], sigma_azimuth_rad=SIGMA[1],
        sigma_elevation_rad=SIGMA[0], range_min_m=LOW[2], range_max_m=HIGH[2], elevation_min_rad=LOW[0],
        elevation_max_rad=HIGH[0], azimuth_centre_rad=0.0, azimuth_halfwidth_rad=HIGH[1], period_s=1.0,
        detection_probability=DETECTED, clutter_per_scan=clutter,
    )  # fmt: skip


def line(noise):
    """A mode of nearly straight flight."""
    return Mode(name=f"line {noise}", carried=True, noise_across_m2_s3=noise, noise_along_m2_s3=noise)


# Survival and what is shown: chosen on plain worlds of 200 from seed 1000; the rest is what the world is made with.
PLAIN = aircraft(
    modes=(line(1.0), line(1.0), line(1.0)), birth_speed_sigma_m_s=700.0, birth_odds_radar=(1.0, 0.0, 0.0),
    switch_rates_s=((0.0, 0.0, 0.0),) * 3, survival_s=240.0, picture_existence=0.5,
)  # fmt: skip

CLOSE = replace(PLAIN, groups_max=6)  # close tracks stay undecided for a while

# Chosen on hard worlds from seed 1000.
HARD = aircraft(
    modes=(line(1.0), line(400.0), line(2000.0)), birth_speed_sigma_m_s=500.0, births_per_scan=0.8, survival_s=240.0,
    switch_rates_s=((0.0, 0.02, 0.02), (0.1, 0.0, 0.02), (0.1, 0.02, 0.0)), confirm_hits=2, confirm_existence=0.9,
    picture_existence=0.5,
)  # fmt: skip


def scans(world, sensor):
    """The world's detections as the radar reports them, elevation bent by refraction."""
    out = []
    for k, z in enumerate(world.scans):
        bent = apparent_elevation(z[:, 0], z[:, 2], sensor.height_m)
        out.append(Scan(sensor=sensor, t_tai_ns=T0_NS + k * 10**9, measurements=np.stack([z[:, 2], z[:, 1], bent], 1)))
    return out


def follow(world, settings: TrackerSettings, repeats=1):
    """Run the tracker; of each scan the least processor time of some repeats."""
    sensor = radar(world.clutter)
    todo = scans(world, sensor)
    spent = np.full(len(todo), math.inf)
    for _ in range(repeats):
        tracker, tracks = Tracker("bench", [sensor], settings), []
        for k, scan in enumerate(todo):
            start = time.process_time()
            picture = tracker.step(scan)
            spent[k] = min(spent[k], time.process_time() - start)
            ecef = eci_to_ecef(picture.state_eci, scan.t_tai_ns)
            east, north, up = ((ecef[:, :3] - site_ecef(sensor)) @ site_axes(sensor).T).T
            tracks.append((np.array(picture.id, int), np.stack([north, east, up], axis=1)))
    return Followed(tracks, spent)
