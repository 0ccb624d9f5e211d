"""Compile every kernel ahead of time, so that the first scan of a real day does not wait for it."""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tocsin.track import life
from tocsin.track.gating import predict_sight
from tocsin.track.jit import LANES
from tocsin.track.mixing import advance, combine_tiles
from tocsin.track.pool import Pool
from tocsin.track.settings import TrackerSettings
from tocsin.track.tracker import Tracker
from tocsin.track.updating import update_tiles
from tocsin.track.views import mount, view_of
from tocsin.world.observation import Infrared, Radar, Scan, Sensor


def compile() -> Iterator[str]:  # noqa: A001  the package's word for it: track.compile()
    """Play a few tiny scans through a tracker; yields a line of progress after each. Fast once the cache is warm."""
    sharp = replace(_radar(None), sigma_range_m=0.5, sigma_azimuth_rad=5e-3, sigma_elevation_rad=5e-3)
    kinds: dict[str, Sensor] = {
        "radar": _radar(None),
        "infrared": _infrared(),
        "radar with range rate": _radar(5.0),
        "radar with a sharp lens": sharp,
    }
    for name, sensor in kinds.items():
        tracker = Tracker("none", [sensor], TrackerSettings(capacity=16))
        for k, part in enumerate(("births", "filters", "association and life", "pictures"), start=1):
            picture = tracker.step(_scan(sensor, k))
            if part == "pictures":
                tracker.picture(picture.t_tai_ns + 1_000_000_000)
            yield f"{name}: {part}"


def filters() -> None:
    """The same, but the filters first: for a second process meanwhile. What one has made the other loads."""
    settings, sensor = TrackerSettings(), _radar(None)
    pool, view = Pool(LANES), view_of(mount(sensor), _scan(sensor, 1).t_tai_ns)
    life.gather(1, np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, 5)), pool.measured)
    update_tiles(pool.bank, 1, view, pool.measured, pool.fit, view.rated, None)
    advance(pool.bank, pool.odds, 1, np.eye(len(settings.modes)), settings.table(), 1.0, 1)
    combine_tiles(pool.bank, pool.odds, 1, pool.mean)
    predict_sight(pool.mean, 1, view, settings.gate_sigmas, pool.sight, view.rated)
    for _ in compile():
        pass


def _radar(rate: float | None) -> Radar:
    return Radar(
        id="r", latitude_deg=0.0, longitude_deg=0.0, height_m=0.0, sigma_range_m=50.0, sigma_azimuth_rad=1e-3,
        sigma_elevation_rad=1e-3, sigma_range_rate_m_s=rate, range_max_m=2e6, elevation_min_rad=0.0,
        elevation_max_rad=1.5, azimuth_centre_rad=0.0, azimuth_halfwidth_rad=math.pi, period_s=1.0,
        detection_probability=0.9,
    )  # fmt: skip


def _infrared() -> Infrared:
    return Infrared(
        id="i", position_ecef_m=(42164e3, 0.0, 0.0), sigma_angle_rad=1e-4, plume_height_min_m=0.0, period_s=1.0,
        detection_probability=0.9,
    )  # fmt: skip


def _scan(sensor: Sensor, k: int) -> Scan:
    """A scan with an object that stands still and one that moves through its gate."""
    t_tai_ns = 1_500_000_000_000_000_000 + k * 1_000_000_000
    if isinstance(sensor, Infrared):
        lines = np.array([[-1.0, 0.0, 0.05], [-1.0, 1e-4 * k, 0.0502]])
        return Scan(sensor=sensor, t_tai_ns=t_tai_ns, measurements=lines / np.linalg.norm(lines, axis=1)[:, None])
    z = np.array([[5e5, 0.1, 0.5, 0.0], [5e5 + 100.0 * k, 0.1, 0.5, 0.0]])
    return Scan(sensor=sensor, t_tai_ns=t_tai_ns, measurements=z if sensor.sigma_range_rate_m_s else z[:, :3])
