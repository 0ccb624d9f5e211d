"""Sensors as data, and scans: what one sensor measured at one instant. Never leaves the centre.

Every stated parameter of a real sensor carries its source where it is declared (scenario files).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Radar:
    """Monostatic radar at a geodetic site. Measurement columns: range_m, azimuth_rad (from north, eastwards),
    elevation_rad (apparent, as bent by refraction), and range_rate_m_s if its sigma is not None."""

    id: str
    latitude_deg: float
    longitude_deg: float
    height_m: float
    sigma_range_m: float
    sigma_azimuth_rad: float
    sigma_elevation_rad: float
    sigma_range_rate_m_s: float | None = None
    range_min_m: float = 10e3
    range_max_m: float
    elevation_min_rad: float
    elevation_max_rad: float
    azimuth_centre_rad: float
    azimuth_halfwidth_rad: float
    period_s: float
    detection_probability: float
    clutter_per_scan: float = 0.0
    clock_sigma_ns: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Positions(Radar):
    """Receiver of positions that aircraft report of themselves (ADS-B): as a radar in the middle of the Earth.

    Range is the distance from the Earth's centre, and the angles are seen from there, nought towards the receiver: so a
    reported place has its own error model, vertical and horizontal, and filters, gates and clutter maps need nothing
    new. Nothing is bent on the way. Made by `world.sensor.positions`; `world.sensor.reported` makes its measurements.
    How good a report is, is the word of who sends it; its age belongs to `clock_sigma_ns`.
    """


@dataclass(frozen=True, kw_only=True, slots=True)
class Infrared:
    """Satellite that stands still over the rotating Earth and sees a plume above the cloud tops.

    Measurement columns: the unit line of sight from the sensor, Earth-fixed axes (n, 3).
    """

    id: str
    position_ecef_m: tuple[float, float, float]
    sigma_angle_rad: float
    plume_height_min_m: float
    period_s: float
    detection_probability: float
    clutter_per_scan: float = 0.0
    clock_sigma_ns: int = 0


Sensor = Radar | Infrared


@dataclass(frozen=True, kw_only=True, slots=True)
class Scan:
    """All detections of one sensor at one instant: `measurements` (n, columns of that sensor type)."""

    sensor: Sensor
    t_tai_ns: int
    measurements: Array
