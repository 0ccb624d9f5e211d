"""What a page draws, as plain numbers: tracks in columns, coverage fans, circles and corridors. Never for a digest.

Rings are (longitude, latitude) degrees on a sphere, closed, clockwise seen from above, so that a page that clips on
the sphere draws them right over the poles; a sphere is at most 21 km off, which is less than a drawn line is wide.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tocsin.fuse import CommonTrack
from tocsin.world.frames import ecef_to_eci, ecef_to_geodetic, eci_to_ecef, enu_axes
from tocsin.world.motion import Impact, Launch, ellipse95, step
from tocsin.world.observation import Infrared, Sensor
from tocsin.world.time import from_posix_s, utc_text

__all__ = [
    "Array", "Columns", "CommonTrack", "Impact", "Infrared", "Launch", "LonLat", "Sensor", "apart_km", "away",
    "carried", "circle", "clockwise", "columns", "corridor", "fan", "middle", "place_ellipse", "tai_us_of_posix",
    "utc",
]  # fmt: skip

Array = NDArray[np.float64]
LonLat = tuple[float, float]
EARTH_KM = 6371.0
RING_POINTS = 48
CARRY_MAX_S = 60.0  # a track is carried on for a page this long past the picture, then it stands
US = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Tracks at `t_tai_ns`: degrees, km, m/s; heading clockwise from north; `ellipse_km_deg` (n, 3) as `ellipse95`."""

    t_tai_ns: int
    latitude_deg: Array
    longitude_deg: Array
    height_km: Array
    speed_m_s: Array
    heading_deg: Array
    climb_m_s: Array
    sigma_km: Array
    ellipse_km_deg: Array


def columns(tracks: Sequence[CommonTrack], t_tai_ns: int) -> Columns:
    """Where tracks are at a time: live ones carried there by gravity, those that ended or went stale as they were."""
    if not tracks:
        none = np.zeros(0)
        return Columns(t_tai_ns, none, none, none, none, none, none, none, np.zeros((0, 3)))
    states = carried(tracks, t_tai_ns)
    latitude, longitude, height = ecef_to_geodetic(states[:, :3])
    axes = enu_axes(latitude, longitude)
    moving = np.einsum("nij,nj->ni", axes, states[:, 3:])
    covariance = np.array([track.covariance_ecef[:3, :3] for track in tracks])
    ground = np.einsum("nij,njk,nlk->nil", axes[:, :2], covariance, axes[:, :2])
    return Columns(
        t_tai_ns=t_tai_ns,
        latitude_deg=np.degrees(latitude),
        longitude_deg=np.degrees(longitude),
        height_km=height / 1e3,
        speed_m_s=np.sqrt((states[:, 3:] ** 2).sum(axis=1)),
        heading_deg=np.degrees(np.arctan2(moving[:, 0], moving[:, 1])) % 360.0,
        climb_m_s=moving[:, 2],
        sigma_km=np.sqrt(np.trace(covariance, axis1=1, axis2=2)) / 1e3,
        ellipse_km_deg=_ellipses(ground),
    )


def carried(tracks: Sequence[CommonTrack], t_tai_ns: int) -> Array:
    """States (n, 6) at a time, Earth-fixed. Tracks that ended or are stale stand still."""
    states = np.array([track.state_ecef for track in tracks])
    times = np.array([track.t_tai_ns for track in tracks])
    standing = np.array([track.ended or track.stale or track.phase == "air" for track in tracks])
    for was_ns in np.unique(times[~standing]):
        rows = np.flatnonzero(~standing & (times == was_ns))
        dt_s = min(max((t_tai_ns - int(was_ns)) / 1e9, 0.0), CARRY_MAX_S)
        if dt_s:
            moved = step(ecef_to_eci(states[rows], int(was_ns)), dt_s)
            states[rows] = eci_to_ecef(moved, int(was_ns) + round(dt_s * 1e9))
    return states


def place_ellipse(covariance_en_m2: Array) -> tuple[float, float, float]:
    """(semi-major km, semi-minor km, bearing of the major axis in degrees) that holds a ground place with 95 %."""
    major, minor, bearing = ellipse95(covariance_en_m2)
    return major / 1e3, minor / 1e3, bearing


def _ellipses(covariance_en_m2: Array) -> Array:
    """`place_ellipse` of many (n, 2, 2)."""
    east, north, mixed = covariance_en_m2[:, 0, 0], covariance_en_m2[:, 1, 1], covariance_en_m2[:, 0, 1]
    mean, half = 0.5 * (north + east), 0.5 * (north - east)
    spread = np.hypot(half, mixed)
    scale = -2.0 * math.log(0.05)  # 95 % of a chi-square with two degrees of freedom
    major, minor = np.sqrt(scale * (mean + spread)), np.sqrt(scale * np.maximum(mean - spread, 0.0))
    return np.stack([major / 1e3, minor / 1e3, np.degrees(0.5 * np.arctan2(mixed, half)) % 180.0], axis=-1)


def away(latitude_deg: float, longitude_deg: float, azimuth_deg: float, distance_km: float) -> LonLat:
    """(longitude, latitude) reached on the sphere."""
    lat, angle, azimuth = math.radians(latitude_deg), distance_km / EARTH_KM, math.radians(azimuth_deg)
    sine = math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(azimuth)
    east = math.sin(azimuth) * math.sin(angle) * math.cos(lat)
    turn = math.degrees(math.atan2(east, math.cos(angle) - math.sin(lat) * sine))
    longitude = (longitude_deg + turn + 540.0) % 360.0 - 180.0
    return round(longitude, 4), round(math.degrees(math.asin(min(1.0, max(-1.0, sine)))), 4)


@lru_cache(maxsize=1024)
def circle(latitude_deg: float, longitude_deg: float, radius_km: float) -> tuple[LonLat, ...]:
    """Ring of a circle."""
    angles = (360.0 * number / RING_POINTS for number in range(RING_POINTS))
    points = [away(latitude_deg, longitude_deg, angle, radius_km) for angle in angles]
    return (*points, points[0])


@lru_cache(maxsize=256)
def fan(sensor: Sensor) -> tuple[float, float, float, tuple[LonLat, ...]]:
    """(latitude_deg, longitude_deg, ground range km, ring) of what a sensor can see at most.

    A radar: out to its range at its least elevation, between its azimuths. A satellite: the disc that it looks upon.
    """
    if isinstance(sensor, Infrared):
        place = np.array(sensor.position_ecef_m)
        lat, lon, _ = (math.degrees(float(one)) for one in ecef_to_geodetic(place))
        reach_km = EARTH_KM * math.acos(min(1.0, EARTH_KM * 1e3 / float(np.sqrt(place @ place))))
        return lat, lon, reach_km, circle(lat, lon, reach_km)
    range_km, elevation = sensor.range_max_m / 1e3, sensor.elevation_min_rad
    from_centre = math.sqrt(EARTH_KM**2 + range_km**2 + 2.0 * EARTH_KM * range_km * math.sin(elevation))
    reach_km = EARTH_KM * math.asin(min(1.0, range_km * math.cos(elevation) / from_centre))
    lat, lon = sensor.latitude_deg, sensor.longitude_deg
    half = math.degrees(sensor.azimuth_halfwidth_rad)
    if half >= 180.0:
        return lat, lon, reach_km, circle(lat, lon, reach_km)
    centre = math.degrees(sensor.azimuth_centre_rad)
    count = max(2, math.ceil(half / 5.0))
    arc = [away(lat, lon, centre + half * number / count, reach_km) for number in range(-count, count + 1)]
    site = (round(lon, 4), round(lat, 4))
    return lat, lon, reach_km, (site, *arc, site)


@lru_cache(maxsize=256)
def corridor(start: LonLat, start_km: float, end: LonLat, end_km: float) -> tuple[LonLat, ...]:
    """Ring of the band from one circle to another along the great circle; empty where they are one."""
    a, b = (_unit(*one) for one in (start, end))
    angle = math.acos(max(-1.0, min(1.0, float(a @ b))))
    if angle < 1e-4 or angle > 3.1:
        return ()
    right, left = [], []
    count = max(2, math.ceil(math.degrees(angle) / 5.0))
    for number in range(count + 1):
        share = number / count
        spot = (math.sin((1.0 - share) * angle) * a + math.sin(share * angle) * b) / math.sin(angle)
        ahead = b * math.cos(share * angle) - a * math.cos((1.0 - share) * angle)
        lon, lat = math.degrees(math.atan2(spot[1], spot[0])), math.degrees(math.asin(max(-1.0, min(1.0, spot[2]))))
        axes = enu_axes(math.radians(lat), math.radians(lon))
        azimuth = math.degrees(math.atan2(float(axes[0] @ ahead), float(axes[1] @ ahead)))
        width = start_km + share * (end_km - start_km)
        right.append(away(lat, lon, azimuth + 90.0, width))
        left.append(away(lat, lon, azimuth - 90.0, width))
    return (*left, *reversed(right), left[0])


def apart_km(one: LonLat, other: LonLat) -> float:
    """Distance on the sphere."""
    return EARTH_KM * math.acos(max(-1.0, min(1.0, float(_unit(*one) @ _unit(*other)))))


def utc(t_tai_us: int | None) -> str:
    """'1995-01-25T06:24:00Z', empty for None."""
    return "" if t_tai_us is None else utc_text(t_tai_us * US)


def tai_us_of_posix(posix: int) -> int:
    """The TAI instant of a POSIX second, microseconds."""
    return from_posix_s(posix) // US


def middle(corners: Sequence[LonLat]) -> LonLat:
    """The middle of corners on the sphere."""
    total = np.sum([_unit(*corner) for corner in corners], axis=0)
    flat = math.hypot(float(total[0]), float(total[1]))
    lon, lat = math.degrees(math.atan2(total[1], total[0])), math.degrees(math.atan2(float(total[2]), flat))
    return round(lon, 4), round(lat, 4)


def clockwise(corners: Sequence[LonLat]) -> tuple[LonLat, ...]:
    """The closed ring that keeps its middle on the right hand."""
    centre = _unit(*middle(corners))
    units = [_unit(*corner) for corner in corners]
    turns = sum(float(np.cross(a, b) @ centre) for a, b in zip(units, [*units[1:], units[0]], strict=True))
    ordered = list(corners) if turns <= 0.0 else list(reversed(corners))
    return (*ordered, ordered[0])


def _unit(longitude_deg: float, latitude_deg: float) -> Array:
    lon, lat = math.radians(longitude_deg), math.radians(latitude_deg)
    return np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])
