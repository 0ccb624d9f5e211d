"""Sensor faults with real geometry: the Moon in a radar's beam, sunlight off high clouds in an infrared satellite."""

from dataclasses import dataclass
from math import radians

import numpy as np

from tocsin.sim.parts import GhostFile
from tocsin.sim.scenario import Scenario
from tocsin.world import sensor as geometry
from tocsin.world.ephemeris import moon_ecef_m, sun_ecef_m
from tocsin.world.frames import geodetic_to_ecef
from tocsin.world.geodesy import direct
from tocsin.world.observation import Array, Infrared, Radar, Sensor
from tocsin.world.sensor import behind_earth
from tocsin.world.time import parse_utc

NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Ghost:
    """One fault of a scenario; asked at every scan of its sensor."""

    file: GhostFile
    sensor: str
    launch_tai_ns: int

    def rows(self, one: Sensor, t_tai_ns: int) -> Array | None:
        """Clean measurements (1, 3), or None while geometry or the scenario does not let it be seen."""
        t_s = (t_tai_ns - self.launch_tai_ns) / NS
        if not self.file.from_s <= t_s <= self.file.to_s:
            return None
        if isinstance(one, Radar):
            return moon_echo(one, t_tai_ns, self.file.ambiguity_km * 1e3)
        return self._glint(one, t_tai_ns, t_s - self.file.from_s)

    def _glint(self, one: Infrared, t_tai_ns: int, since_s: float) -> Array | None:
        file = self.file
        lat, lon = direct(file.latitude_deg, file.longitude_deg, file.azimuth_deg, file.speed_m_s * since_s)
        height_m = file.height_km * 1e3 + file.climb_m_s * since_s
        spot = np.asarray(geodetic_to_ecef(np.array(radians(lat)), np.array(radians(lon)), np.array(height_m)))
        eye = np.array(one.position_ecef_m)
        if bool(behind_earth(eye, spot[None, :])[0]) or scattering_deg(spot, eye, t_tai_ns) > file.scatter_max_deg:
            return None
        line = spot - eye
        return np.asarray((line / np.linalg.norm(line))[None, :])


def moon_echo(radar: Radar, t_tai_ns: int, ambiguity_m: float) -> Array | None:
    """The Moon as a radar with this unambiguous range would place it, if it stands in the radar's fan."""
    way = moon_ecef_m(t_tai_ns) - geometry.site_ecef(radar)
    distance = float(np.linalg.norm(way))
    apparent = distance % ambiguity_m
    if not radar.range_min_m <= apparent <= radar.range_max_m:
        return None
    near = np.concatenate([geometry.site_ecef(radar) + way / distance * max(apparent, 1.0), np.zeros(3)])[None, :]
    return geometry.measure(radar, near)[:, :3] if bool(geometry.visible(radar, near)[0]) else None


def scattering_deg(spot_ecef_m: Array, eye_ecef_m: Array, t_tai_ns: int) -> float:
    """Angle by which sunlight must be turned at a spot to reach an eye; 180 where the Sun is below the horizon."""
    sun = sun_ecef_m(t_tai_ns)
    incoming = spot_ecef_m - sun
    outgoing = eye_ecef_m - spot_ecef_m
    if float(spot_ecef_m @ sun) <= 0.0:
        return 180.0
    cosine = float(incoming @ outgoing) / float(np.linalg.norm(incoming) * np.linalg.norm(outgoing))
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def ghosts_of(scenario: Scenario) -> tuple[Ghost, ...]:
    """The faults of a scenario."""
    return tuple(Ghost(file, file.sensor, parse_utc(scenario.launch)) for file in scenario.ghost)
