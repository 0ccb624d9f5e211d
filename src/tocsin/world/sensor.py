"""What sensors see: noiseless measurements, visibility and noise, for states in the Earth-fixed frame.

Columns are those of `world.observation`. Vectorised over targets; right over the poles and across the date line,
because every angle comes from vectors at the site. Angles use the platform's trigonometry: for a centre's own
tracks and for simulation, never for what enters a digest.
"""

from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from tocsin.world.constants import DEGREE_RAD, PI, TWO_PI, WGS84_A_M, WGS84_B_M
from tocsin.world.exact import Array, matvec
from tocsin.world.frames import ecef_to_geodetic, enu_axes, geodetic_to_ecef
from tocsin.world.observation import Infrared, Positions, Radar, Sensor
from tocsin.world.refraction import apparent_elevation, true_elevation

Flags = NDArray[np.bool_]
_CENTRE = np.zeros(3)
_CENTRE.setflags(write=False)
_ABOVE_AIR_M = 1e6  # of `Positions`: nothing is bent
_ADSB_TOP_M = 40e3


def site_ecef(radar: Radar) -> Array:
    """Position (3,) of a radar, ECEF metres; read-only. Of `Positions`, the Earth's centre."""
    if isinstance(radar, Positions):
        return _CENTRE
    return _site(radar.latitude_deg, radar.longitude_deg, radar.height_m)[0]


def site_axes(radar: Radar) -> Array:
    """(3, 3) rows east, north, up at a radar; read-only. Of `Positions`: east, towards the receiver, north."""
    if isinstance(radar, Positions):
        return _centred(radar.latitude_deg, radar.longitude_deg)
    return _site(radar.latitude_deg, radar.longitude_deg, radar.height_m)[1]


def positions(
    name: str, latitude_deg: float, longitude_deg: float, range_max_m: float, *, sigma_horizontal_m: float,
    sigma_vertical_m: float, period_s: float, detection_probability: float, clutter_per_scan: float = 0.0,
    clock_sigma_ns: int = 0,
) -> Positions:  # fmt: skip
    """A receiver of reported positions up to `range_max_m` over the ground; sigmas are one axis's."""
    reach = range_max_m / WGS84_B_M
    return Positions(
        id=name, latitude_deg=latitude_deg, longitude_deg=longitude_deg, height_m=_ABOVE_AIR_M,
        sigma_range_m=sigma_vertical_m, sigma_azimuth_rad=sigma_horizontal_m / WGS84_B_M,
        sigma_elevation_rad=sigma_horizontal_m / WGS84_B_M, range_min_m=WGS84_B_M - 1e3,
        range_max_m=WGS84_A_M + _ADSB_TOP_M, elevation_min_rad=-reach, elevation_max_rad=reach,
        azimuth_centre_rad=0.0, azimuth_halfwidth_rad=reach, period_s=period_s,
        detection_probability=detection_probability, clutter_per_scan=clutter_per_scan, clock_sigma_ns=clock_sigma_ns,
    )  # fmt: skip


def reported(receiver: Positions, position_ecef_m: Array) -> Array:
    """Measurements (n, 3) of a receiver for reported positions (n, 3), ECEF metres."""
    return measure(receiver, np.concatenate([position_ecef_m, np.zeros_like(position_ecef_m)], axis=1))


@lru_cache(maxsize=256)
def _centred(latitude_deg: float, longitude_deg: float) -> Array:
    """Axes at the Earth's centre: the middle one towards the receiver."""
    towards = geodetic_to_ecef(latitude_deg * DEGREE_RAD, longitude_deg * DEGREE_RAD, 0.0)
    towards = towards / np.sqrt(np.sum(towards * towards))
    east = enu_axes(latitude_deg * DEGREE_RAD, longitude_deg * DEGREE_RAD)[0]
    axes = np.stack([east, towards, np.cross(east, towards)])
    axes.setflags(write=False)
    return axes


@lru_cache(maxsize=256)
def _site(latitude_deg: float, longitude_deg: float, height_m: float) -> tuple[Array, Array]:
    latitude, longitude = latitude_deg * DEGREE_RAD, longitude_deg * DEGREE_RAD
    position, axes = geodetic_to_ecef(latitude, longitude, height_m), enu_axes(latitude, longitude)
    position.setflags(write=False)
    axes.setflags(write=False)
    return position, axes


def line_of_sight(from_ecef_m: Array, to_ecef_m: Array) -> tuple[Array, Array]:
    """(unit vectors (n, 3), ranges (n,) in metres) from one point (3,) to points (n, 3)."""
    d = to_ecef_m - from_ecef_m
    distance = np.sqrt(d[..., 0] * d[..., 0] + d[..., 1] * d[..., 1] + d[..., 2] * d[..., 2])
    return d / distance[..., None], distance


def measure(sensor: Sensor, state_ecef: Array) -> Array:
    """Noiseless measurements (n, columns) of states (n, 6): position and velocity relative to the Earth."""
    if isinstance(sensor, Infrared):
        return line_of_sight(np.array(sensor.position_ecef_m), state_ecef[:, :3])[0]
    unit, distance = line_of_sight(site_ecef(sensor), state_ecef[:, :3])
    azimuth, elevation = _angles(matvec(site_axes(sensor), unit))
    columns = [distance, azimuth, apparent_elevation(elevation, distance, sensor.height_m)]
    if sensor.sigma_range_rate_m_s is not None:
        v = state_ecef[:, 3:]
        columns.append(unit[:, 0] * v[:, 0] + unit[:, 1] * v[:, 1] + unit[:, 2] * v[:, 2])
    return np.stack(columns, axis=-1)


def radar_position(radar: Radar, measurements: Array) -> Array:
    """Positions (n, 3) in ECEF of measurements (n, >= 3): the inverse of `measure`, refraction taken out."""
    distance, azimuth = measurements[:, 0], measurements[:, 1]
    elevation = true_elevation(measurements[:, 2], distance, radar.height_m)
    flat = np.cos(elevation)
    enu = np.stack([flat * np.sin(azimuth), flat * np.cos(azimuth), np.sin(elevation)], axis=-1)
    return site_ecef(radar) + distance[:, None] * matvec(site_axes(radar).T, enu)


def visible(sensor: Sensor, state_ecef: Array) -> Flags:
    """(n,) True where a state (n, 6) lies in the sensor's coverage. Says nothing of detection or brightness.

    Radar: range, apparent elevation and azimuth fan. Infrared: height above `plume_height_min_m`, and the Earth
    not between.
    """
    if isinstance(sensor, Infrared):
        _, _, height = ecef_to_geodetic(state_ecef[:, :3])
        clear = ~behind_earth(np.array(sensor.position_ecef_m), state_ecef[:, :3])
        return clear & (height >= sensor.plume_height_min_m)
    distance, azimuth, elevation = measure(sensor, state_ecef)[:, :3].T
    off_centre = np.abs(wrap_rad(azimuth - sensor.azimuth_centre_rad))
    seen: Flags = (
        (distance >= sensor.range_min_m)
        & (distance <= sensor.range_max_m)
        & (elevation >= sensor.elevation_min_rad)
        & (elevation <= sensor.elevation_max_rad)
        & (off_centre <= sensor.azimuth_halfwidth_rad)
    )
    return seen


def behind_earth(from_ecef_m: Array, to_ecef_m: Array) -> Flags:
    """(n,) True where the ellipsoid blocks the straight line from a point (3,) to points (n, 3)."""
    squash = np.array([1.0 / WGS84_A_M, 1.0 / WGS84_A_M, 1.0 / WGS84_B_M])  # the ellipsoid becomes the unit sphere
    start, end = from_ecef_m * squash, to_ecef_m * squash
    way = end - start
    length2 = np.sum(way * way, axis=-1)
    # nearest point of the segment to the centre
    along = np.clip(-np.sum(start * way, axis=-1) / np.where(length2 > 0.0, length2, 1.0), 0.0, 1.0)
    nearest = start + along[..., None] * way
    return cast(Flags, np.sum(nearest * nearest, axis=-1) < 1.0)


def noise(sensor: Sensor) -> Array:
    """(columns,) standard deviations of a measurement's columns.

    Infrared: of each component of the line of sight; to first order only the two across it are noise.
    """
    if isinstance(sensor, Infrared):
        return np.full(3, sensor.sigma_angle_rad)
    sigmas = [sensor.sigma_range_m, sensor.sigma_azimuth_rad, sensor.sigma_elevation_rad]
    if sensor.sigma_range_rate_m_s is not None:
        sigmas.append(sensor.sigma_range_rate_m_s)
    return np.array(sigmas)


def wrap_rad(angle: Array) -> Array:
    """Angles brought into [-pi, pi)."""
    return (angle + PI) % TWO_PI - PI


def _angles(enu: Array) -> tuple[Array, Array]:
    """(azimuth in [0, 2 pi) from north eastwards, true elevation) of unit vectors (n, 3) along east, north, up."""
    east, north, up = enu[:, 0], enu[:, 1], enu[:, 2]
    azimuth = np.arctan2(east, north)
    azimuth = np.where(azimuth < 0.0, azimuth + TWO_PI, azimuth)
    azimuth = np.where(azimuth < TWO_PI, azimuth, 0.0)  # a negative too small to matter rounds up to 2 pi
    return azimuth, np.arctan2(up, np.sqrt(east * east + north * north))
