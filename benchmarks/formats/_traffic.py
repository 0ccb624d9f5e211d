"""Made-up air traffic as one turning radar reports it in category 048: seeded, straight flights with a few turns.

No record is marked SIM, because what is measured is the way of real reports; so it stays here and in the tests.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tocsin.formats.asterix.records import encode_block, encode_record
from tocsin.formats.scans import SIGMA_AZIMUTH_RAD, SIGMA_RANGE_M, Site
from tocsin.world.constants import DEGREE_RAD, TWO_PI
from tocsin.world.frames import enu_axes, geodetic_to_ecef
from tocsin.world.sensor import line_of_sight

SITE = Site(source=(25, 12), latitude_deg=45.0, longitude_deg=15.0, height_m=500.0, period_s=5.0)
NM_M, LEVEL_M = 1852.0, 30.48
MIDNIGHT_S = 36_000.0  # ten o'clock


@dataclass(frozen=True, slots=True)
class Traffic:
    """Flights as arrays: place over ground at time 0, speed, course, turn rate, height."""

    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    speed_m_s: np.ndarray
    course_rad: np.ndarray
    turn_rad_s: np.ndarray
    height_m: np.ndarray

    def at(self, t_s: float | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Latitude and longitude, degrees, on a sphere cut flat around the site: good to decimetres a second."""
        w = np.where(self.turn_rad_s == 0.0, 1e-9, self.turn_rad_s)
        north = self.speed_m_s / w * (np.sin(self.course_rad + w * t_s) - np.sin(self.course_rad))
        east = self.speed_m_s / w * (np.cos(self.course_rad) - np.cos(self.course_rad + w * t_s))
        latitude = self.latitude_deg + north / 111_132.0
        return latitude, self.longitude_deg + east / (111_320.0 * np.cos(self.latitude_deg * DEGREE_RAD))


def traffic(aircraft: int, seed: int) -> Traffic:
    """So many flights within 330 km of the site; every tenth in a turn of half the standard rate."""
    rng = np.random.default_rng(seed)
    angle, reach = rng.uniform(0.0, TWO_PI, aircraft), 330e3 * np.sqrt(rng.uniform(0.01, 1.0, aircraft))
    latitude = SITE.latitude_deg + reach * np.cos(angle) / 111_132.0
    longitude = SITE.longitude_deg + reach * np.sin(angle) / (111_320.0 * np.cos(latitude * DEGREE_RAD))
    turn = np.where(rng.uniform(size=aircraft) < 0.1, rng.choice([-1.0, 1.0], aircraft) * 0.026, 0.0)
    height = np.round(rng.uniform(60, 410, aircraft) / 5.0) * 5.0 * LEVEL_M
    return Traffic(
        latitude, longitude, rng.uniform(120, 260, aircraft), rng.uniform(0.0, TWO_PI, aircraft), turn, height
    )


def recording(flights: Traffic, seconds: float, seed: int, detection: float = 0.97) -> bytes:
    """Blocks of category 048 as the radar sweeps over the flights, in the order of time."""
    rng = np.random.default_rng([seed, 1])
    found: list[tuple[float, bytes]] = []
    for turn in range(int(seconds / SITE.period_s)):
        found += _turn(flights, turn * SITE.period_s, rng, detection)
    found.sort(key=lambda one: one[0])
    return b"".join(_blocks([body for _, body in found]))


def _turn(flights: Traffic, begin_s: float, rng: np.random.Generator, detection: float) -> list[tuple[float, bytes]]:
    azimuth, _ = measured(flights, begin_s)
    when = begin_s + azimuth / TWO_PI * SITE.period_s
    for _ in range(3):  # the time of the sweep and the azimuth at that time
        azimuth = measured(flights, when)[0]
        when = begin_s + azimuth / TWO_PI * SITE.period_s
    distance = measured(flights, when)[1]
    seen = rng.uniform(size=len(when)) < detection
    distance = distance + SIGMA_RANGE_M * rng.standard_normal(len(when))
    azimuth = azimuth + SIGMA_AZIMUTH_RAD * rng.standard_normal(len(when))
    return [
        (float(when[k]), _record(k, float(when[k]), float(distance[k]), float(azimuth[k]), float(flights.height_m[k])))
        for k in np.flatnonzero(seen)
    ]


def measured(flights: Traffic, t_s: float | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Azimuth (rad, from north) and slant range (m) of every flight."""
    latitude, longitude = flights.at(t_s)
    spots = geodetic_to_ecef(latitude * DEGREE_RAD, longitude * DEGREE_RAD, flights.height_m)
    home = np.array([SITE.latitude_deg * DEGREE_RAD, SITE.longitude_deg * DEGREE_RAD])
    unit, distance = line_of_sight(geodetic_to_ecef(home[0], home[1], np.array(SITE.height_m)), spots)
    east, north, _ = enu_axes(home[0], home[1]) @ unit.T
    return np.arctan2(east, north) % TWO_PI, distance


def _record(number: int, t_s: float, distance_m: float, azimuth_rad: float, height_m: float) -> bytes:
    return encode_record(
        48,
        {
            "010": {"SAC": SITE.source[0], "SIC": SITE.source[1]},
            "140": {"T": MIDNIGHT_S + t_s},
            "020": {"TYP": 5, "SIM": 0, "RDP": 0, "SPI": 0, "RAB": 0},
            "040": {"RHO": distance_m / NM_M, "THETA": azimuth_rad / DEGREE_RAD % 359.99},
            "070": {"V": 0, "G": 0, "L": 0, "MODE3A": f"{number % 4096:04o}"},
            "090": {"V": 0, "G": 0, "FL": height_m / LEVEL_M},
            "220": {"ADR": 0x400000 + number},
            "240": {"ID": f"TOC{number:05}"},
            "161": {"TRN": number % 4096},
        },
    )


def _blocks(bodies: list[bytes]) -> Iterator[bytes]:
    for start in range(0, len(bodies), 32):
        yield encode_block(48, bodies[start : start + 32])
